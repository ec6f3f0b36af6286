//! A command on Linux: the payload of an init, which confines it or, at the level `none`, becomes it.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::time::Duration;

use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

use super::stage::Stage;
use super::watch::{Pipes, limit_or_signal};
use super::{AnyError, Job, REPORT};
use crate::outcome::{Exit, Fault, Limit};
use crate::sandbox::sys::sealed_file;
use crate::sandbox::unix::Waited;
use crate::sandbox::wire::{Confine, Ended, Order, Payload, Record, Shared};
use crate::sandbox::{self, Policy, Stdio, spare_id};

/// A command and everything that it has started.
#[derive(Debug)]
pub(super) struct Child {
    init: sandbox::Child,
    cpu_limit: Duration,
}

impl Child {
    /// Starts a command that writes to these pipes, and returns what stands in for the sandbox's folders too.
    pub(super) fn start(job: Job<'_>, pipes: Pipes) -> Result<(Self, Stage), AnyError> {
        let (stage, confine) = set_stage(job.confinement.confine(), job.policy)?;
        let input = match &job.command.stdin {
            Some(bytes) => sealed_file("stdin", bytes)?,
            None => File::open("/dev/null")?.into(),
        };
        let passed: Vec<(BorrowedFd<'_>, RawFd)> = (pipes.report.iter().map(|fd| (fd.as_fd(), REPORT)))
            .chain(job.fds.iter().map(|(fd, number)| (fd.as_fd(), *number)))
            .collect();
        let command = stage.translate(job.command).into();
        let order = Order {
            payload: if job.adoptee.is_some() { Payload::Adopt(command) } else { Payload::Execute(command) },
            policy: job.policy.clone(),
            confine,
            descriptors: passed.iter().map(|(_, number)| *number).collect(),
            grouped: job.confinement.has_groups(),
            omitted: job.confinement.omitted().clone(),
        };
        let stdio = Stdio { input: input.as_fd(), output: pipes.output.as_fd(), error: pipes.error.as_fd() };
        let passed: Vec<BorrowedFd<'_>> =
            passed.iter().map(|(fd, _)| *fd).chain(job.adoptee.as_ref().map(AsFd::as_fd)).collect();
        let init = job.confinement.launcher.launch(&order, stdio, &passed)?;
        // Now only the command holds them, and its end closes them.
        drop((pipes, job.fds, job.adoptee));
        Ok((Self { init, cpu_limit: job.policy.limits.cpu }, stage))
    }

    /// Returns what tells of its end.
    pub(super) fn end(&self) -> io::Result<End> {
        let pidfd = self.init.pidfd().try_clone_to_owned()?;
        // SAFETY: the descriptor is this function's own and stays open for as long as it is registered.
        Ok(End(unsafe { AsyncFd::register_with_interest(pidfd, Interest::READABLE)? }))
    }

    /// Asks it to end, if it is one that is asked before it is killed. Returns whether it is.
    pub(super) fn ask_to_end(&self) -> bool {
        self.init.ask_to_end()
    }

    /// Kills all of it.
    pub(super) fn kill(&self) {
        self.init.kill();
    }

    /// Kills all of it, because its owner has no more use for it.
    pub(super) fn stop(&self) {
        self.init.stop();
    }

    /// Waits for its end, sweeps what is left of it, and says how it ended.
    pub(super) fn reap(&self) -> io::Result<Waited> {
        self.init.reap()
    }

    /// Says how the command ended, of which the init has more to say than its own end. `reason` is why it was killed, if it was.
    pub(super) fn exit(&self, reason: Option<Exit>, waited: Waited, what: &str) -> Result<Exit, Fault> {
        let records =
            self.init.records().map_err(|error| Fault::from_error("failed to hear the sandbox", &error))?;
        exit(&self.init, reason, waited, &records, self.cpu_limit)
            .map_err(|because| Fault { what: what.to_owned(), ..because })
    }
}

/// Tells of the end of a child.
pub(super) struct End(AsyncFd<OwnedFd>);

impl End {
    /// Waits until the child has ended. Can be repeated.
    pub(super) async fn comes(&self) -> io::Result<()> {
        self.0.readable().await.map(drop)
    }
}

/// Makes what this kind of sandbox needs, and returns the sandbox as it is for this one command.
fn set_stage(confine: Option<&Confine>, policy: &Policy) -> io::Result<(Stage, Option<Confine>)> {
    match confine {
        None => Ok((Stage::copies(policy, None)?, None)),
        Some(Confine::Namespaces(_)) => Ok((Stage::default(), confine.cloned())),
        Some(Confine::Shared(shared)) => {
            // Its own, so that the processes and files of other commands are another's.
            let user = shared.user.is_some().then(spare_id).transpose()?;
            let mut stage = Stage::copies(policy, user)?;
            stage.temporary = Some(stage.folder(user)?);
            let writable = stage.folders.iter().map(|(_, folder)| folder).chain(&stage.temporary);
            let writable = writable.map(|folder| folder.path().to_owned()).collect();
            Ok((stage, Some(Confine::Shared(Shared { user, writable, ..shared.clone() }))))
        }
    }
}

/// Says how a command ended, unless we killed it; the error carries the cause of a fault.
fn exit(
    init: &sandbox::Child,
    reason: Option<Exit>,
    waited: Waited,
    records: &[Record],
    limit: Duration,
) -> Result<Exit, Fault> {
    let mut ended = (!init.is_init()).then_some((waited.code, waited.signal, waited.cpu));
    for record in records {
        match record {
            Record::Failed(error) => return Err(Fault::from_error("", error)),
            // Where signals are not kept in, a payload can kill its warden; that is an end that it has brought about.
            Record::Ready(_) if init.is_warden() && waited.signal.is_some() => {
                ended = Some((None, waited.signal, waited.cpu));
            }
            Record::Ready(_) => {}
            Record::Limit(limit) => return Ok(reason.unwrap_or(Exit::LimitHit(*limit))),
            Record::Ended(Ended { code, signal, cpu_micros }) => {
                ended = Some((*code, *signal, Duration::from_micros(*cpu_micros)));
            }
        }
    }
    match (reason, ended) {
        (Some(reason), _) => Ok(reason),
        (None, Some((Some(code), ..))) => Ok(Exit::Code(code)),
        // Whom the kernel kills then, and whether the init is left to say so, is not ours to choose.
        (None, _) if init.ran_out_of_memory() => Ok(Exit::LimitHit(Limit::Memory)),
        (None, Some((_, Some(signal), cpu))) => Ok(limit_or_signal(signal, cpu, limit)),
        (None, None) if init.is_stopped() => Ok(Exit::Signal(libc::SIGKILL)),
        _ => Err(Fault::new("").because(format!("the sandbox ended without saying how ({waited})"))),
    }
}
