//! A command on systems other than Linux: a process group, with the limits that every process can set, and no sandbox.

use std::fs::File;
use std::io::{self, Seek, Write};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::process::{
    Pid, Resource, Rlimit, Signal, WaitId, WaitIdOptions, getrlimit, kill_process_group, setrlimit, waitid,
};

use super::stage::Stage;
use super::watch::{Pipes, limit_or_signal};
use super::{AnyError, Job, REPORT};
use crate::outcome::{Exit, Fault};
use crate::sandbox::Limits;
use crate::sandbox::unix::{SAFE_NUMBER, Waited, wait4};

/// How often it is asked whether a command has ended.
const PACE: Duration = Duration::from_millis(5);

/// A command and everything that has stayed in its process group.
#[derive(Debug)]
pub(super) struct Child {
    /// Of the command and of its group.
    pid: Pid,
    waited: Mutex<Option<Waited>>,
    cpu_limit: Duration,
}

impl Child {
    /// Starts a command that writes to these pipes, and returns what stands in for the sandbox's folders too.
    pub(super) fn start(job: Job<'_>, pipes: Pipes) -> Result<(Self, Stage), AnyError> {
        let stage = Stage::copies(job.policy, None)?;
        let spec = stage.translate(job.command);
        let mut command = Command::new(spec.program);
        command.args(spec.args).env_clear().envs(spec.env).current_dir(spec.cwd).process_group(0);
        command.stdin(input(job.command.stdin.as_deref())?).stdout(pipes.output).stderr(pipes.error);
        let report = pipes.report.map(|fd| (fd, REPORT));
        let passed = report.into_iter().chain(job.fds).map(out_of_the_way).collect::<io::Result<Vec<_>>>()?;
        let limits = limits(&job.policy.limits);
        let prepare = move || {
            passed.iter().try_for_each(|(descriptor, number)| install(descriptor, *number))?;
            limits.iter().try_for_each(|(resource, limit)| Ok(setrlimit(*resource, *limit)?))
        };
        // SAFETY: the forked process makes only system calls on values that were there before; it neither allocates nor locks.
        unsafe { command.pre_exec(prepare) };
        let pid = Pid::from_child(&command.spawn()?);
        // What was passed is dropped here, with `command`: now only the command holds it, and its end closes it.
        Ok((Self { pid, waited: Mutex::new(None), cpu_limit: job.policy.limits.cpu }, stage))
    }

    /// Returns what tells of its end.
    pub(super) fn end(&self) -> io::Result<End> {
        Ok(End(self.pid))
    }

    /// Asks it to end. Returns whether it is one that is asked before it is killed.
    pub(super) fn ask_to_end(&self) -> bool {
        self.signal(Signal::TERM);
        true
    }

    /// Kills all of its group.
    pub(super) fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Kills all of its group, because its owner has no more use for it.
    pub(super) fn stop(&self) {
        self.kill();
    }

    fn signal(&self, signal: Signal) {
        // Not reaped yet, so the group cannot be anybody else's. An error says that it is gone.
        if self.waited.lock().unwrap_or_else(PoisonError::into_inner).is_none() {
            let _ = kill_process_group(self.pid, signal);
        }
    }

    /// Waits for its end, sweeps what is left of its group, and says how it ended.
    pub(super) fn reap(&self) -> io::Result<Waited> {
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = *waited {
            return Ok(known);
        }
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        rustix::io::retry_on_intr(|| waitid(WaitId::Pid(self.pid), options))?;
        let _ = kill_process_group(self.pid, Signal::KILL);
        Ok(*waited.insert(wait4(self.pid.as_raw_nonzero().get())?.1))
    }

    /// Says how the command ended. `reason` is why it was killed, if it was.
    pub(super) fn exit(&self, reason: Option<Exit>, waited: Waited, what: &str) -> Result<Exit, Fault> {
        match (reason, waited.code, waited.signal) {
            (Some(reason), ..) => Ok(reason),
            (None, Some(code), _) => Ok(Exit::Code(code)),
            (None, None, Some(signal)) => Ok(limit_or_signal(signal, waited.cpu, self.cpu_limit)),
            (None, None, None) => Err(Fault::new(what).because("it ended without saying how")),
        }
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
        let _ = self.reap();
    }
}

/// Tells of the end of a child.
pub(super) struct End(Pid);

impl End {
    /// Waits until the child has ended. Can be repeated until it is reaped.
    pub(super) async fn comes(&self) -> io::Result<()> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG;
        while waitid(WaitId::Pid(self.0), options)?.is_none() {
            tokio::time::sleep(PACE).await;
        }
        Ok(())
    }
}

fn input(bytes: Option<&[u8]>) -> io::Result<File> {
    let Some(bytes) = bytes else { return File::open("/dev/null") };
    let mut file = tempfile::tempfile()?;
    file.write_all(bytes)?;
    file.rewind()?;
    Ok(file)
}

/// Moves a descriptor to where it is none of the numbers that a command wants.
fn out_of_the_way((descriptor, number): (OwnedFd, RawFd)) -> io::Result<(OwnedFd, RawFd)> {
    Ok((rustix::io::fcntl_dupfd_cloexec(descriptor, SAFE_NUMBER)?, number))
}

/// Gives a descriptor a number that an exec leaves open.
fn install(descriptor: &OwnedFd, number: RawFd) -> io::Result<()> {
    // SAFETY: in a forked process that is about to exec, nobody else has a use for the number.
    match unsafe { libc::dup2(descriptor.as_raw_fd(), number) } {
        -1 => Err(io::Error::last_os_error()),
        _ => Ok(()),
    }
}

/// Returns the limits that every Unix has and keeps to. A host that allows less than is asked for has its way.
fn limits(wanted: &Limits) -> [(Resource, Rlimit); 4] {
    let seconds = wanted.cpu.as_secs() + u64::from(wanted.cpu.subsec_nanos() > 0);
    [
        (Resource::Nofile, wanted.open_files.into(), wanted.open_files.into()),
        (Resource::Fsize, wanted.file_size, wanted.file_size),
        // SIGXCPU can be ignored; the hard limit, a second later, cannot.
        (Resource::Cpu, seconds, seconds + 1),
        (Resource::Core, 0, 0),
    ]
    .map(|(resource, soft, hard)| {
        let ceiling = getrlimit(resource).maximum.unwrap_or(u64::MAX);
        (resource, Rlimit { current: Some(soft.min(ceiling)), maximum: Some(hard.min(ceiling)) })
    })
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;
    use crate::command::CommandSpec;
    use crate::outcome::Limit;
    use crate::sandbox::{Confinement, Launcher, Policy};

    /// A command of the shell, and where what it writes is read.
    struct Started {
        child: Child,
        output: io::PipeReader,
        report: io::PipeReader,
        _stage: Stage,
    }

    impl Started {
        fn new(script: &str, policy: &Policy, fds: Vec<(OwnedFd, RawFd)>) -> Self {
            let confinement = Confinement::none(Launcher::this_program().unwrap());
            let command = CommandSpec::new("/bin/sh", "/").args(["-c", script]).stdin(b"read me".to_vec());
            let job = Job {
                command: &command,
                confinement: &confinement,
                policy,
                wall: Duration::from_secs(10),
                output_cap: 1000,
                fds,
                adoptee: None,
                report_fd: true,
            };
            let (output, output_in) = io::pipe().unwrap();
            let (report, report_in) = io::pipe().unwrap();
            let error = output_in.try_clone().unwrap().into();
            let pipes = Pipes { output: output_in.into(), error, report: Some(report_in.into()) };
            let (child, stage) = Child::start(job, pipes).unwrap();
            Self { child, output, report, _stage: stage }
        }

        /// Waits for the end, and says how it came.
        async fn ended(&self) -> Exit {
            self.child.end().unwrap().comes().await.unwrap();
            self.child.exit(None, self.child.reap().unwrap(), "failed").unwrap()
        }
    }

    fn all_of(mut pipe: &io::PipeReader) -> String {
        let mut text = String::new();
        pipe.read_to_string(&mut text).unwrap();
        text
    }

    #[tokio::test]
    async fn a_command_finds_its_input_its_report_and_what_is_passed_to_it() {
        let (passed, passed_in) = io::pipe().unwrap();
        let script = "cat; echo reported >&3; echo passed >&7; exit 9";
        let started = Started::new(script, &Policy::default(), vec![(passed_in.into(), 7)]);
        assert_eq!(started.ended().await, Exit::Code(9));
        assert_eq!(all_of(&started.output), "read me");
        assert_eq!(all_of(&started.report), "reported\n");
        assert_eq!(all_of(&passed), "passed\n");
    }

    #[tokio::test]
    async fn what_is_left_of_its_group_dies_with_a_command() {
        let started = Started::new("sleep 300 & exit 0", &Policy::default(), Vec::new());
        assert_eq!(started.ended().await, Exit::Code(0));
        // The pipe ends when nobody holds its other end any more.
        assert_eq!(all_of(&started.output), "");
    }

    #[tokio::test]
    async fn a_command_is_asked_to_end_before_it_is_killed() {
        let script = "trap 'exit 5' TERM; echo ready >&3; exec 3>&-; while :; do sleep 0.01; done";
        let started = Started::new(script, &Policy::default(), Vec::new());
        assert_eq!(all_of(&started.report), "ready\n");
        assert!(started.child.ask_to_end());
        assert_eq!(started.ended().await, Exit::Code(5));
        let started = Started::new("exec sleep 300", &Policy::default(), Vec::new());
        started.child.stop();
        assert_eq!(started.ended().await, Exit::Signal(libc::SIGKILL));
    }

    #[tokio::test]
    async fn processor_time_is_limited() {
        let limits = Limits { cpu: Duration::from_secs(1), ..Limits::default() };
        let started =
            Started::new("while :; do :; done", &Policy { limits, ..Policy::default() }, Vec::new());
        assert_eq!(started.ended().await, Exit::LimitHit(Limit::Cpu));
    }
}
