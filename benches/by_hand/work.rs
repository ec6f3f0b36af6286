//! The pieces of work that are compared: what a learner does by hand, and the same with `grade`.
//!
//! Every piece checks that it came to its good end: a tool that stops at its first mistake is quick and proves nothing.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use grade::command::CommandSpec;
use grade::event::Level;
use grade::outcome::Exit;
use grade::process::{self, Job};
use grade::sandbox::{Confinement, Launcher, Policy, probe};
use grade::toolchain::Toolchain;

use crate::place::{Copy, command};

/// The `grade` that is measured: built by cargo in the profile of the benchmark.
const GRADE: &str = env!("CARGO_BIN_EXE_grade");

/// The rules that `grade` asks for (`tool::ruff`), so that both sides do the same work and find the same: nothing.
const RULES: &str = "E4,E7,E9,F,PGH004";

/// How a learner checks a day by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pytest {
    /// With every plugin that is installed, as pytest does by itself.
    AllPlugins,
    /// With none of them: the best that can be had by hand.
    NoPlugins,
}

/// Runs pytest, ruff and mypy over one day, one after the other.
///
/// # Errors
///
/// When one of them cannot be run or complains.
pub fn by_hand(toolchain: &Toolchain, copy: &Copy, day: u16, pytest: Pytest) -> io::Result<()> {
    let folder = copy.day(day)?;
    let mut tests = command(&toolchain.python, toolchain, &folder);
    if pytest == Pytest::NoPlugins {
        tests.env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1");
    }
    succeed(tests.args(["-m", "pytest", "-q"]))?;
    ruff(toolchain, &folder)?;
    succeed(command(&toolchain.python, toolchain, &folder).args(["-m", "mypy", "."]))
}

/// Runs ruff alone, with its cache.
///
/// # Errors
///
/// When it cannot be run or complains.
pub fn ruff(toolchain: &Toolchain, folder: &Path) -> io::Result<()> {
    succeed(command(&toolchain.ruff, toolchain, folder).args(["check", "--select", RULES]))
}

/// How `grade` goes about it.
#[derive(Debug, Clone)]
pub enum Verdicts {
    /// It reaches every verdict anew.
    Anew,
    /// It reaches every verdict anew, without a sandbox.
    Unconfined,
    /// It may take them from this folder, and leave them there.
    Kept(PathBuf),
}

/// Grades these days.
///
/// # Errors
///
/// When `grade` cannot be run, or does not pass all of them.
pub fn grade(toolchain: &Toolchain, copy: &Copy, days: &[u16], verdicts: &Verdicts) -> io::Result<()> {
    let mut grade = command(Path::new(GRADE), toolchain, copy.root());
    grade.args(days.iter().map(|day| format!("day{day}")));
    match verdicts {
        Verdicts::Anew => grade.arg("--no-cache"),
        Verdicts::Unconfined => grade.args(["--no-cache", "--sandbox", "none"]),
        Verdicts::Kept(folder) => grade.env("GRADE_CACHE_DIR", folder),
    };
    succeed(&mut grade)
}

/// Does what git does before a commit, where `grade` is its hook.
///
/// # Errors
///
/// When `grade` cannot be run, or refuses the commit.
pub fn hook(toolchain: &Toolchain, copy: &Copy) -> io::Result<()> {
    succeed(command(Path::new(GRADE), toolchain, copy.root()).args(["hook", "run"]))
}

/// Asks git for what is staged.
///
/// # Errors
///
/// When it cannot be run.
pub fn git_status(toolchain: &Toolchain, copy: &Copy) -> io::Result<()> {
    succeed(command(Path::new("git"), toolchain, copy.root()).args(["status", "--porcelain"]))
}

fn succeed(command: &mut Command) -> io::Result<()> {
    let output = command.stdin(Stdio::null()).output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    Err(io::Error::other(format!("`{command:?}`: {}\n{said}", output.status)))
}

/// Runs small programs with and without the sandbox.
#[derive(Debug)]
pub struct Sandboxed {
    runtime: tokio::runtime::Runtime,
    policy: Policy,
    levels: BTreeMap<Level, Confinement>,
}

impl Sandboxed {
    /// Finds out what sandbox there is.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn new(toolchain: &Toolchain) -> io::Result<Self> {
        let launcher = Launcher::new(Path::new(GRADE))?;
        let probed = |level| Ok((level, probe(launcher.clone(), level).map_err(io::Error::other)?));
        let mut levels: BTreeMap<Level, Confinement> =
            [Level::Full, Level::Restricted].into_iter().map(probed).collect::<io::Result<_>>()?;
        levels.insert(Level::None, Confinement::none(launcher));
        Ok(Self {
            runtime: tokio::runtime::Builder::new_current_thread().enable_all().build()?,
            policy: Policy { read_only: toolchain.mounts.clone(), ..Policy::default() },
            levels,
        })
    }

    /// Runs a program `times` times at a level.
    ///
    /// # Errors
    ///
    /// When it cannot be run or does not exit with 0.
    pub fn run(&self, program: &CommandSpec, level: Level, times: u32) -> io::Result<()> {
        let confinement = &self.levels[&level];
        (0..times).try_for_each(|_| {
            let job = Job {
                command: program,
                confinement,
                policy: &self.policy,
                wall: Duration::from_secs(60),
                output_cap: 1 << 16,
                fds: Vec::new(),
                adoptee: None,
                report_fd: false,
            };
            let (_sender, never) = tokio::sync::watch::channel(false);
            let finished = self.runtime.block_on(process::run(job, never));
            match finished.map_err(|fault| io::Error::other(fault.to_string()))?.exit {
                Exit::Code(0) => Ok(()),
                exit => Err(io::Error::other(format!("`{}` {}", program.program.display(), exit.in_words()))),
            }
        })
    }
}
