//! Starts a command and watches it to its end.
//!
//! One task per command. It owns the pipes and the stage; the child it shares with the `Running`, so that dropping
//! that kills at once and the task does the rest. The order at the end matters: the end (or kill), the sweep of what is
//! left, the reaping, and only then a bounded wait for the pipes, which nobody but a daemon can still hold open.

use std::future::{Future, pending};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use super::child::Child;
use super::stage::Stage;
use super::{AnyError, Cancel, Finished, Job, REPORT};
use crate::outcome::{Exit, Fault, Limit};
use crate::sandbox::unix::{SAFE_NUMBER, Waited};

/// How long an unconfined command may take to end after SIGTERM.
const GRACE: Duration = Duration::from_millis(200);
/// How long pipes are read after the end: everything in them was written before.
const DRAIN: Duration = Duration::from_millis(250);

/// A running command. Dropping it kills the command and everything that it started.
#[derive(Debug)]
pub struct Running {
    child: Arc<Child>,
    watcher: JoinHandle<Result<Finished, Fault>>,
    map: Vec<(PathBuf, PathBuf)>,
}

impl Running {
    /// Waits for the end.
    ///
    /// # Errors
    ///
    /// The sandbox could not be built or the program not be executed: ours.
    pub async fn wait(mut self) -> Result<Finished, Fault> {
        let finished = (&mut self.watcher).await;
        finished.unwrap_or_else(|error| Err(Fault::from_error("failed to watch a command", &error)))
    }

    /// Kills the command, and returns what it had said.
    ///
    /// # Errors
    ///
    /// As `wait`.
    pub async fn stop(self) -> Result<Finished, Fault> {
        self.child.stop();
        self.wait().await
    }

    /// Returns where a path inside is for the command: the path itself in a sandbox, and a path in a private copy
    /// without one. Arguments, environment and working directory are translated by `spawn`; whoever tells a
    /// running command about a path asks here first.
    pub fn host_path(&self, inside: &Path) -> PathBuf {
        let mapped = self.map.iter().find_map(|(from, to)| Some(to.join(inside.strip_prefix(from).ok()?)));
        mapped.map_or_else(|| inside.to_owned(), |path| path.components().collect())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.stop();
    }
}

/// Starts a command. To be called within a tokio runtime.
///
/// # Errors
///
/// The kernel refuses to make its pipes, copies or namespaces. What fails later, inside, is told by `Running::wait`.
pub fn spawn(job: Job<'_>, cancel: Cancel) -> Result<Running, Fault> {
    let what = format!("failed to start `{}`", job.command.program.display());
    let started = Started::new(job).map_err(|error| Fault::from_error(&what, &*error))?;
    let map = started.stage.map();
    let child = Arc::clone(&started.child);
    let watcher = tokio::spawn(started.watch(what, cancel));
    Ok(Running { child, watcher, map })
}

/// The ends of pipes that a command writes to.
pub(super) struct Pipes {
    pub output: OwnedFd,
    pub error: OwnedFd,
    /// Where it finds `REPORT`, if it does.
    pub report: Option<OwnedFd>,
}

/// A command that has just been started, and what is needed to see it through.
struct Started {
    child: Arc<Child>,
    streams: [Stream; 3],
    stage: Stage,
    begun: Instant,
    wall: Duration,
}

impl Started {
    fn new(job: Job<'_>) -> Result<Self, AnyError> {
        check(&job)?;
        let begun = Instant::now();
        let (stdout, output) = Stream::open(job.output_cap)?;
        let (stderr, error) = Stream::open(job.output_cap)?;
        let (report, report_in) = Stream::open(job.output_cap)?;
        let pipes = Pipes { output, error, report: job.report_fd.then_some(report_in) };
        let wall = job.wall;
        let (child, stage) = Child::start(job, pipes)?;
        Ok(Self { child: Arc::new(child), streams: [stdout, stderr, report], stage, begun, wall })
    }

    async fn watch(mut self, what: String, cancel: Cancel) -> Result<Finished, Fault> {
        let ending = self.see_through(cancel).await;
        let (reason, waited) =
            ending.map_err(|error| Fault::from_error("failed to watch a command", &error))?;
        let exit = self.child.exit(reason, waited, &what)?;
        let truncated = self.streams.iter().any(|stream| !stream.complete);
        let elapsed = self.begun.elapsed();
        let [stdout, stderr, report] = self.streams.map(|stream| stream.bytes);
        drop(self.stage);
        Ok(Finished { exit, stdout, stderr, report, truncated, elapsed, cpu: waited.cpu })
    }

    /// Reads, waits, kills where needed, and reaps. Returns why it was killed, if it was.
    async fn see_through(&mut self, cancel: Cancel) -> io::Result<(Option<Exit>, Waited)> {
        let child = &*self.child;
        let end = child.end()?;
        let (mut reading, mut cancelled) = (pin!(read_all(&mut self.streams)), pin!(cancelled(cancel)));
        let mut deadline = pin!(tokio::time::sleep_until(self.begun + self.wall));
        let mut all_read = false;
        let reason = loop {
            tokio::select! {
                biased;
                _ = end.comes() => break None,
                read = &mut reading, if !all_read => match read {
                    Ok(()) => all_read = true,
                    Err(cap) => break Some(Exit::Flooded(cap)),
                },
                () = &mut deadline => break Some(Exit::TimedOut(self.wall)),
                () = &mut cancelled => break Some(Exit::Cancelled),
            }
        };
        if reason.is_some() {
            if child.ask_to_end() {
                let _ = timeout(GRACE, end.comes()).await;
            }
            child.kill();
            end.comes().await?;
        }
        let waited = child.reap()?;
        let flooded = matches!(reason, Some(Exit::Flooded(_)));
        let late = if all_read || flooded { None } else { drain(reading).await };
        Ok((reason.or(late.map(Exit::Flooded)), waited))
    }
}

/// Reads what is left in the pipes, for a bounded time. Returns the cap if one is exceeded.
async fn drain(reading: Pin<&mut impl Future<Output = Result<(), u64>>>) -> Option<u64> {
    timeout(DRAIN, reading).await.ok()?.err()
}

async fn cancelled(mut cancel: Cancel) {
    if cancel.wait_for(|cancelled| *cancelled).await.is_err() {
        pending::<()>().await;
    }
}

fn check(job: &Job<'_>) -> Result<(), AnyError> {
    let first = if job.report_fd { REPORT + 1 } else { REPORT };
    if let Some((_, number)) = job.fds.iter().find(|(_, number)| !(first..SAFE_NUMBER).contains(number)) {
        return Err(format!("a descriptor cannot be passed as number {number}").into());
    }
    if job.adoptee.is_some() && !job.confinement.adopts() {
        return Err("there is no sandbox that a process could enter".into());
    }
    match job.policy.unusable_path() {
        Some(path) => {
            Err(format!("the policy names `{}`, which is not a plain absolute path", path.display()).into())
        }
        None => Ok(()),
    }
}

/// Names the limit behind a signal: a process that ignores SIGXCPU is killed a second later.
pub(super) fn limit_or_signal(signal: i32, cpu: Duration, limit: Duration) -> Exit {
    match signal {
        libc::SIGXCPU => Exit::LimitHit(Limit::Cpu),
        libc::SIGKILL if cpu >= limit => Exit::LimitHit(Limit::Cpu),
        libc::SIGXFSZ => Exit::LimitHit(Limit::FileSize),
        _ => Exit::Signal(signal),
    }
}

/// One pipe that a command writes to, and what came through it.
struct Stream {
    pipe: Receiver,
    bytes: Vec<u8>,
    cap: u64,
    complete: bool,
}

impl Stream {
    /// Returns the end that we read, and the end that the command gets.
    fn open(cap: u64) -> io::Result<(Self, OwnedFd)> {
        let (ours, theirs) = io::pipe()?;
        let pipe = Receiver::from_owned_fd(ours.into())?;
        Ok((Self { pipe, bytes: Vec::new(), cap, complete: false }, theirs.into()))
    }

    /// Reads to the end. The error is the cap, when there is more.
    async fn read(&mut self) -> Result<(), u64> {
        let mut buffer = vec![0; 16 << 10];
        loop {
            let count = self.pipe.read(&mut buffer).await.unwrap_or(0);
            let room = usize::try_from(self.cap).unwrap_or(usize::MAX) - self.bytes.len();
            self.bytes.extend_from_slice(&buffer[..count.min(room)]);
            if count > room {
                return Err(self.cap);
            }
            if count == 0 {
                self.complete = true;
                return Ok(());
            }
        }
    }
}

async fn read_all(streams: &mut [Stream; 3]) -> Result<(), u64> {
    let [stdout, stderr, report] = streams;
    tokio::try_join!(stdout.read(), stderr.read(), report.read()).map(drop)
}
