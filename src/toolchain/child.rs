//! The child processes of set-up: interpreters that are asked who they are, and installers.
//!
//! They run trusted programs with the user's own environment, so that proxies, indexes and certificates apply;
//! what is taken out would make Python or an installer look, or install, somewhere else. Output is read by two
//! threads and kept bounded. Nothing here is for a learner's code: that runs in `sandbox`.

use std::collections::VecDeque;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use wait_timeout::ChildExt;

use super::error::SetupError;
use crate::config::env::Environment;

/// Bytes kept of standard output: the probes' answers are a few hundred.
const STDOUT_LIMIT: usize = 256 * 1024;
/// Bytes of one line that are looked at; a longer line is taken in pieces.
const LINE_LIMIT: u64 = 4096;
/// Lines kept for an error message.
const TAIL_LINES: usize = 12;
/// How long pipes may stay open after the process has ended: a grandchild may hold them.
const PIPE_GRACE: Duration = Duration::from_millis(500);

/// What is taken out of the environment, by prefix: settings of Python and mypy, and an activated environment.
const REMOVED_PREFIXES: [&str; 4] = ["PYTHON", "MYPY", "VIRTUAL_ENV", "COVERAGE_"];
/// What is taken out by name: it says *where* to install or *what else* must hold. Which index, proxy or
/// certificate to use is the user's business and stays.
const REMOVED: [&str; 19] = [
    "__PYVENV_LAUNCHER__",
    "PIP_CONSTRAINT",
    "PIP_NO_BINARY",
    "PIP_PREFIX",
    "PIP_REQUIREMENT",
    "PIP_REQUIRE_VIRTUALENV",
    "PIP_ROOT",
    "PIP_TARGET",
    "PIP_USER",
    "UV_CONSTRAINT",
    "UV_MANAGED_PYTHON",
    "UV_NO_BINARY",
    "UV_NO_MANAGED_PYTHON",
    "UV_OVERRIDE",
    "UV_PYTHON",
    "UV_PYTHON_PREFERENCE",
    "UV_SYSTEM_PYTHON",
    "UV_VENV_SEED",
    "UV_WORKING_DIR",
];

/// How a process ended and what it wrote.
pub(super) struct Output {
    pub(super) status: ExitStatus,
    /// The beginning of its standard output.
    pub(super) stdout: String,
    /// The last lines of its standard error, or of its standard output if that is all it wrote; without control
    /// characters.
    pub(super) tail: String,
}

/// A process that is about to be started.
pub(super) struct Process {
    command: Command,
    deadline: Option<Duration>,
}

impl Process {
    /// Returns a process with the environment that set-up's children get, started in `/`: what a version
    /// manager's shim picks must not depend on a `.python-version` file where the user stands.
    pub(super) fn new(program: &Path, environment: &Environment) -> Self {
        let mut command = Command::new(program);
        command.current_dir("/").env_clear().envs(environment.vars().filter(|(name, _)| is_kept(name)));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self { command, deadline: None }
    }

    pub(super) fn args<I: IntoIterator<Item = S>, S: AsRef<OsStr>>(mut self, args: I) -> Self {
        self.command.args(args);
        self
    }

    pub(super) fn cwd(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Gives up after this long, killing it.
    pub(super) fn deadline(mut self, deadline: Duration) -> Self {
        self.deadline = Some(deadline);
        self
    }

    /// Gives it the lock file for its standard input. The file is empty, so it reads as `/dev/null` would; and
    /// since the lock belongs to the open file and not to the process, it is held until the last process that
    /// has it is gone: should grade be killed, an installer that lives on still keeps others out.
    pub(super) fn holding(mut self, lock: &File) -> io::Result<Self> {
        self.command.stdin(lock.try_clone()?);
        Ok(self)
    }

    /// Starts it and waits for its end.
    ///
    /// # Errors
    ///
    /// When it cannot be started, and `TimedOut` when the deadline is over.
    pub(super) fn run(self) -> io::Result<Output> {
        self.run_and_hear(&mut |_| ())
    }

    /// Runs it as a step of set-up, which must succeed.
    pub(super) fn run_step(self, step: &'static str) -> Result<Output, SetupError> {
        self.run_step_and_hear(step, &mut |_| ())
    }

    /// Runs it as a step of set-up and calls `on_line` with every line that it writes, as it is written.
    pub(super) fn run_step_and_hear(
        self,
        step: &'static str,
        on_line: &mut dyn FnMut(&str),
    ) -> Result<Output, SetupError> {
        let program = Path::new(self.command.get_program()).to_owned();
        let started = self.run_and_hear(on_line);
        let output = started.map_err(|source| SetupError::Run { step, program: program.clone(), source })?;
        if output.status.success() {
            return Ok(output);
        }
        let program = program.display().to_string();
        let ending = format!("ended with {}", output.status);
        Err(SetupError::Step { step, program, ending, tail: output.tail })
    }

    fn run_and_hear(mut self, on_line: &mut dyn FnMut(&str)) -> io::Result<Output> {
        let mut child = self.command.spawn()?;
        let lines = read_lines(&mut child);
        let mut heard = Heard::default();
        let end = self.deadline.map(|deadline| Instant::now() + deadline);
        let status = listen(&mut child, &lines, end, |line| {
            heard.take(&line);
            on_line(&line.text);
        })?;
        Ok(Output { status, stdout: std::mem::take(&mut heard.stdout), tail: heard.tail() })
    }
}

fn is_kept(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    !REMOVED.contains(&&*name) && !REMOVED_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

struct Line {
    is_stdout: bool,
    text: String,
}

#[derive(Default)]
struct Heard {
    stdout: String,
    stdout_tail: VecDeque<String>,
    stderr_tail: VecDeque<String>,
}

impl Heard {
    fn take(&mut self, line: &Line) {
        if line.is_stdout && self.stdout.len() + line.text.len() < STDOUT_LIMIT {
            self.stdout.push_str(&line.text);
            self.stdout.push('\n');
        }
        let tail = if line.is_stdout { &mut self.stdout_tail } else { &mut self.stderr_tail };
        if !line.text.trim().is_empty() {
            tail.push_back(line.text.clone());
        }
        if tail.len() > TAIL_LINES {
            tail.pop_front();
        }
    }

    // pip reports its progress on standard output and what went wrong on standard error.
    fn tail(self) -> String {
        let tail = if self.stderr_tail.is_empty() { self.stdout_tail } else { self.stderr_tail };
        Vec::from(tail).join("\n")
    }
}

fn read_lines(child: &mut Child) -> Receiver<Line> {
    let (sender, receiver) = sync_channel(64);
    let stdout = child.stdout.take().expect("stdout is piped");
    let stderr = child.stderr.take().expect("stderr is piped");
    let copy = sender.clone();
    thread::spawn(move || send_lines(stdout, true, &copy));
    thread::spawn(move || send_lines(stderr, false, &sender));
    receiver
}

fn send_lines(pipe: impl Read, is_stdout: bool, sender: &SyncSender<Line>) {
    let mut pipe = BufReader::new(pipe);
    loop {
        let mut bytes = Vec::new();
        let read = pipe.by_ref().take(LINE_LIMIT).read_until(b'\n', &mut bytes);
        let text = plain(&String::from_utf8_lossy(&bytes));
        if !matches!(read, Ok(1..)) || sender.send(Line { is_stdout, text }).is_err() {
            return;
        }
    }
}

fn plain(line: &str) -> String {
    line.trim_end().chars().filter(|character| !character.is_control() || *character == '\t').collect()
}

// Ends when both pipes are closed and the process has ended, or a moment after the process has ended.
fn listen(
    child: &mut Child,
    lines: &Receiver<Line>,
    end: Option<Instant>,
    mut on_line: impl FnMut(Line),
) -> io::Result<ExitStatus> {
    loop {
        match lines.recv_timeout(PIPE_GRACE) {
            Ok(line) => on_line(line),
            Err(RecvTimeoutError::Timeout) => {
                if let Some(status) = child.try_wait()? {
                    return Ok(status);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return wait_until(child, end),
        }
        if end.is_some_and(|end| Instant::now() > end) {
            return give_up(child);
        }
    }
}

fn wait_until(child: &mut Child, end: Option<Instant>) -> io::Result<ExitStatus> {
    let Some(end) = end else { return child.wait() };
    match child.wait_timeout(end.saturating_duration_since(Instant::now()))? {
        Some(status) => Ok(status),
        None => give_up(child),
    }
}

fn give_up(child: &mut Child) -> io::Result<ExitStatus> {
    child.kill()?;
    child.wait()?;
    Err(io::Error::new(io::ErrorKind::TimedOut, "it did not answer in time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shell(script: &str, vars: &[(&str, &str)]) -> Process {
        Process::new(Path::new("/bin/sh"), &vars.iter().copied().collect()).args(["-c", script])
    }

    #[test]
    fn settings_of_the_network_stay_and_settings_of_the_place_go() {
        let vars = [
            ("HTTPS_PROXY", "http://proxy"),
            ("PIP_INDEX_URL", "https://mirror"),
            ("UV_INDEX_URL", "https://mirror"),
            ("PYTHONPATH", "/evil"),
            ("PYTHONDONTWRITEBYTECODE", "1"),
            ("VIRTUAL_ENV", "/venv"),
            ("PIP_TARGET", "/elsewhere"),
        ];
        let output = shell("/usr/bin/env", &vars).run().unwrap();
        let kept: Vec<_> =
            vars.iter().filter(|(name, _)| output.stdout.contains(&format!("{name}="))).collect();
        assert_eq!(kept, [&vars[0], &vars[1], &vars[2]], "{}", output.stdout);
    }

    #[test]
    fn the_tail_is_the_last_lines_without_escape_codes() {
        let tail = shell("seq 1 100; printf 'last \\033[31mred\\033[0m\\n'", &[]).run().unwrap().tail;
        assert_eq!(tail.lines().count(), TAIL_LINES);
        assert!(tail.ends_with("100\nlast [31mred[0m"), "{tail:?}");
    }

    #[test]
    fn what_is_on_standard_error_is_the_tail_if_there_is_anything() {
        let output = shell("echo oops >&2; seq 1 100", &[]).run().unwrap();
        assert_eq!(output.tail, "oops");
        assert!(output.stdout.starts_with("1\n2\n"));
    }

    #[test]
    fn endless_output_costs_bounded_memory_and_ends_with_the_deadline() {
        let script = "while :; do echo 0123456789012345678901234567890123456789; done";
        let started = Instant::now();
        let error = shell(script, &[]).deadline(Duration::from_millis(300)).run().err().unwrap();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert!(started.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn the_lock_is_held_until_the_last_process_that_was_given_it_ends() {
        let lock = tempfile::NamedTempFile::new().unwrap();
        let held = File::open(lock.path()).unwrap();
        held.lock().unwrap();
        // By way of 3, as a shell gives `/dev/null` to what it starts with `&`.
        let script = "exec 3<&0; sleep 20 <&3 3<&- >/dev/null 2>&1 & echo $!; cat";
        let output = shell(script, &[]).holding(&held).unwrap().run().unwrap();
        drop(held);
        let other = File::open(lock.path()).unwrap();
        assert!(other.try_lock().is_err(), "the process that lives on holds it");
        let pid = output.stdout.trim();
        assert!(
            Command::new("/bin/kill").arg(pid).status().unwrap().success(),
            "the lock file reads as empty: {pid}"
        );
        other.lock().unwrap();
    }

    #[test]
    fn a_grandchild_that_holds_the_pipe_does_not_hold_us() {
        let started = Instant::now();
        let output = shell("sleep 20 & echo $!", &[]).deadline(Duration::from_secs(10)).run().unwrap();
        assert!(output.status.success() && started.elapsed() < Duration::from_secs(5));
        let pid = output.stdout.trim().to_owned();
        assert!(Command::new("/bin/kill").arg(pid).status().unwrap().success());
    }
}
