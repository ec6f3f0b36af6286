//! Runs one command, confined or not, and says how it ended.
//!
//! `spawn` starts it and a task that watches it: the task reads the pipes, so that the command never waits for us,
//! caps them, keeps the deadline, kills, sweeps, and reaps, whatever happens to the `Running` meanwhile. Who wins:
//!
//! | what happens | what is done | `Exit` |
//! | --- | --- | --- |
//! | it ends | the rest of its group or sandbox dies with it | `Code`, `Signal`, `LimitHit` |
//! | it writes more than the cap | kill | `Flooded` |
//! | the wall time is up | kill (unconfined: TERM, grace, KILL) | `TimedOut` |
//! | the caller cancels | the same | `Cancelled` |
//! | `Running::stop`, or `Running` is dropped | kill | `Signal(9)` |
//! | the sandbox cannot be built | nothing has run | a `Fault` |
//!
//! `watch` does all that, wherever it runs. What it watches is a `Child`: on Linux an init of the sandbox (linux.rs), elsewhere a
//! process group (elsewhere.rs). What an exit *means* is for `outcome`.

#[cfg_attr(target_os = "linux", path = "linux.rs")]
#[cfg_attr(not(target_os = "linux"), path = "elsewhere.rs")]
mod child;
// What runs elsewhere is tested here.
#[cfg(all(test, target_os = "linux"))]
mod elsewhere;
mod stage;
mod watch;

use std::os::fd::{OwnedFd, RawFd};
use std::time::Duration;

use tokio::sync::watch as channel;

use crate::command::CommandSpec;
use crate::outcome::{Exit, Fault};
use crate::sandbox::{Confinement, Policy};

pub use stage::remove_left_behind;
pub use watch::{Running, spawn};

/// Says "stop" to every command that watches it: `true` cancels. A sender that is gone cancels nothing.
pub type Cancel = channel::Receiver<bool>;

/// The number at which a command finds the pipe for its report.
pub const REPORT: RawFd = 3;

/// A command, and everything that is to be known about running it.
#[derive(Debug)]
pub struct Job<'a> {
    /// What to run.
    pub command: &'a CommandSpec,
    /// How it is confined.
    pub confinement: &'a Confinement,
    /// What it may see and use up. Without a sandbox: its limits and overlays (see `Running::host_path`).
    pub policy: &'a Policy,
    /// How long it may take, building the sandbox included.
    pub wall: Duration,
    /// Bytes kept of each of standard output, standard error and the report. One byte more ends the command as
    /// `Flooded`: a learner's `while True: print()` must cost us this much and not the machine.
    pub output_cap: u64,
    /// Descriptors that it gets, at these numbers: 3 to 199, and not 3 where there is a report.
    pub fds: Vec<(OwnedFd, RawFd)>,
    /// Where a process waits that does what the command would, once it is in the sandbox: the end of `Zygote::offer`. Without a
    /// sandbox it is an error.
    pub adoptee: Option<OwnedFd>,
    /// Whether it finds a pipe at `REPORT` whose bytes are captured apart from its output.
    pub report_fd: bool,
}

/// How a command ended, and what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub exit: Exit,
    /// What it wrote to standard output, at most the cap.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error, at most the cap.
    pub stderr: Vec<u8>,
    /// What it wrote to its report pipe, at most the cap.
    pub report: Vec<u8>,
    /// Whether some of that is missing: it wrote more, or somebody still held a pipe open after its end.
    pub truncated: bool,
    /// How long it took.
    pub elapsed: Duration,
    /// Processor time of the command and of all that ran with it.
    pub cpu: Duration,
}

type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// Runs a command to its end.
///
/// # Errors
///
/// The command could not be started, or the sandbox not be built: ours, whatever the learner's code is like.
pub async fn run(job: Job<'_>, cancel: Cancel) -> Result<Finished, Fault> {
    spawn(job, cancel)?.wait().await
}
