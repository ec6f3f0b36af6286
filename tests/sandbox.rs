//! What a sandbox keeps in and keeps out, tried on the real thing: every test runs real programs in it.
//!
//! Where an attack is refused, a control run without the sandbox shows that the attack works otherwise. The tests run as
//! whoever runs them: as root and as an ordinary user they take different paths through the code, so CI runs both.
//! A machine without user namespaces skips them aloud; `GRADE_FORBID_SKIP=1` makes that a failure.
#![cfg(target_os = "linux")]

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use grade::command::CommandSpec;
use grade::event::Level;
use grade::outcome::{Exit, Fault, Limit};
use grade::process::{Cancel, Finished, Job, run, spawn};
use grade::sandbox::{Confinement, Launcher, Limits, Overlay, Policy, probe};
use tokio::sync::watch;

fn launcher() -> Launcher {
    Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap()
}

fn full() -> Confinement {
    probe(launcher()).unwrap()
}

fn none() -> Confinement {
    Confinement::none(launcher())
}

/// The prefix of a real Python interpreter, and its program.
fn python() -> &'static (PathBuf, PathBuf) {
    static FOUND: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    FOUND.get_or_init(|| {
        let ask = "import sys; print(sys.base_prefix); print(sys.executable)";
        let output = std::process::Command::new("python3").args(["-I", "-c", ask]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let (prefix, program) = text.trim().split_once('\n').unwrap();
        (prefix.into(), fs::canonicalize(program).unwrap())
    })
}

fn policy() -> Policy {
    Policy { read_only: vec![python().0.clone()], ..Policy::default() }
}

fn never() -> Cancel {
    watch::channel(false).1
}

fn script(code: &str) -> CommandSpec {
    CommandSpec::new(&python().1, "/tmp").args(["-I", "-c", code]).env("HOME", "/home/learner")
}

fn shell(code: &str) -> CommandSpec {
    CommandSpec::new("/bin/sh", "/tmp").args(["-c", code]).env("PATH", "/usr/bin:/bin")
}

struct Try {
    confinement: Confinement,
    policy: Policy,
    wall: Duration,
    cap: u64,
}

impl Try {
    fn full() -> Self {
        Self { confinement: full(), policy: policy(), wall: Duration::from_secs(20), cap: 1 << 20 }
    }

    fn none() -> Self {
        Self { confinement: none(), ..Self::full() }
    }

    fn job<'a>(&'a self, command: &'a CommandSpec) -> Job<'a> {
        Job {
            command,
            confinement: &self.confinement,
            policy: &self.policy,
            wall: self.wall,
            output_cap: self.cap,
            fds: Vec::new(),
            report_fd: false,
        }
    }

    async fn run(&self, command: &CommandSpec) -> Result<Finished, Fault> {
        run(self.job(command), never()).await
    }

    /// Runs Python code and returns what it printed; anything on standard error fails the test.
    async fn prints(&self, code: &str) -> String {
        let finished = self.run(&script(code)).await.unwrap();
        let stderr = String::from_utf8_lossy(&finished.stderr);
        assert_eq!((finished.exit, &*stderr), (Exit::Code(0), ""), "{code}");
        String::from_utf8(finished.stdout).unwrap().trim().to_owned()
    }
}

#[tokio::test]
async fn exit_codes_signals_and_output_come_through() {
    for all in [Try::full(), Try::none()] {
        let finished = all.run(&shell("echo out; echo err >&2; exit 7")).await.unwrap();
        assert_eq!(finished.exit, Exit::Code(7));
        assert_eq!((&*finished.stdout, &*finished.stderr), (&b"out\n"[..], &b"err\n"[..]));
        assert!(!finished.truncated);
        let finished = all.run(&shell("kill -15 $$")).await.unwrap();
        assert_eq!(finished.exit, Exit::Signal(15));
    }
}

#[test]
fn a_probe_names_every_layer() {
    let report = full().report();
    assert_eq!(report.level, Level::Full);
    for layer in ["namespaces", "seccomp", "limits"] {
        assert!(report.layers.iter().any(|name| name == layer), "{report:?}");
    }
}
