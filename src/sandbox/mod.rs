//! What a process may do to the machine: a `Policy`, and what the kernel really enforces of it.
//!
//! ```text
//! policy      what may be seen and used up: data
//! probe       which level can be had, by doing it once; `advice` says what would raise it
//! launch      the outer end: has an init started, maps ids, kills       ┐
//! spare       ids that root gives to its sandboxes                      │
//! nursery     starts it as a clone of a process that waits for that     │
//! execute     starts it by executing it, where there is no nursery      │
//! cgroup      a group for each sandbox, where they may be made          │ in grade
//! bubblewrap  what is asked of bubblewrap, where only it may clone      ┘
//! init        pid 1 inside: builds, forks, reaps, reports               ┐
//! warden      what stands for it where there are no namespaces          │
//! supervisor  answers the calls that such a payload may not make        │
//! root        the files that are there                                  │ in `grade __sandbox-init`
//! guard       that grade is there, and the memory of all processes      │
//! adopt       how a process from outside becomes the payload            │
//! payload     what is given up before the learner's code, and the check ┘
//! landlock    which files may be opened
//! seccomp     the system calls that are refused
//! passing     messages that bring descriptors
//! unix        what a command without a sandbox takes too
//! layer       the layers by name, and which of them a test leaves out
//! wire        what crosses between the two
//! ```
//!
//! At the level `full`, a confined process has its own user, mount, pid, network, ipc, uts and cgroup namespaces, no capability, no new
//! privileges, Landlock, two seccomp filters and resource limits. It runs as uid 1000 inside; outside that is the user
//! who runs `grade`, or, when that is root, an id that nobody else has. Everything inside dies with its init, and the init
//! dies with `grade`. Whether all this can be had is found out by doing it (`probe`), never by version numbers.

pub(crate) mod copy;
pub(crate) mod passing;
mod policy;
pub(crate) mod unix;
pub use policy::{HOME, Limits, Overlay, Policy};

#[cfg(target_os = "linux")]
mod adopt;
#[cfg(target_os = "linux")]
mod advice;
#[cfg(target_os = "linux")]
mod bubblewrap;
#[cfg(target_os = "linux")]
mod cgroup;
#[cfg(target_os = "linux")]
mod execute;
#[cfg(target_os = "linux")]
mod guard;
#[cfg(target_os = "linux")]
mod init;
#[cfg(target_os = "linux")]
mod landlock;
#[cfg(target_os = "linux")]
mod launch;
#[cfg(target_os = "linux")]
mod layer;
#[cfg(target_os = "linux")]
mod nursery;
#[cfg(target_os = "linux")]
mod payload;
#[cfg(target_os = "linux")]
mod probe;
#[cfg(target_os = "linux")]
mod root;
#[cfg(target_os = "linux")]
mod seccomp;
#[cfg(target_os = "linux")]
mod spare;
#[cfg(target_os = "linux")]
mod supervisor;
#[cfg(target_os = "linux")]
pub(crate) mod sys;
#[cfg(target_os = "linux")]
mod tree;
#[cfg(target_os = "linux")]
mod warden;
#[cfg(target_os = "linux")]
pub(crate) mod wire;

#[cfg(target_os = "linux")]
pub use launch::Launcher;
#[cfg(target_os = "linux")]
pub(crate) use launch::{Child, Stdio};
#[cfg(target_os = "linux")]
#[doc(hidden)]
pub use layer::Layer;
#[cfg(target_os = "linux")]
#[doc(hidden)]
pub use probe::probe_up_to;
#[cfg(target_os = "linux")]
pub use probe::{Confinement, LEVELS, Unavailable, choose, probe};
#[cfg(target_os = "linux")]
pub(crate) use spare::spare_id;

#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(not(target_os = "linux"))]
pub use elsewhere::{Confinement, LEVELS, Launcher, Unavailable, choose, main_of, probe};

/// Returns what the program does that was executed with this word before all others: it is a process of a sandbox.
#[cfg(target_os = "linux")]
pub fn main_of(word: &std::ffi::OsStr) -> Option<fn() -> !> {
    match word.to_str()? {
        launch::INIT_WORD => Some(init::init_main),
        nursery::NURSERY_WORD => Some(nursery::nursery_main),
        _ => None,
    }
}
