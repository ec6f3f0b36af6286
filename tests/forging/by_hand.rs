//! What learners, and graders that trust them, run by hand: Python and the tools, in the learner's folder and with the
//! learner's settings.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::common::toolchain;
use crate::place::Place;
use crate::trick::module;

/// A tool that is run in the day's folder.
#[derive(Debug, Clone, Copy)]
pub enum Tool {
    Pytest,
    Mypy,
    /// The same on all that is in the folder.
    MypyOnFolder,
    Ruff,
    /// `python -m ruff`, as in a makefile.
    RuffAsModule,
}

impl Tool {
    /// Every tool that sees something in a hollow submission; ruff is a program and no module in our environment.
    pub const ALL: [Self; 3] = [Self::Pytest, Self::Mypy, Self::Ruff];
}

/// Runs a tool in the day's folder.
pub fn run(place: &Place, day: u16, tool: Tool) -> Output {
    let cache = format!("--cache-dir={}", mypy_cache().display());
    let mut command = match tool {
        Tool::Ruff => Command::new(&toolchain().ruff),
        _ => Command::new(&toolchain().python),
    };
    match tool {
        Tool::Pytest => command.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]),
        Tool::Mypy => command.args(["-m", "mypy", &cache, module(day)]),
        Tool::MypyOnFolder => command.args(["-m", "mypy", &cache, "--exclude", "test_", "."]),
        Tool::Ruff => command.args(["check", "--no-cache", "--config", RULES, "."]),
        Tool::RuffAsModule => command.args(["-m", "ruff", "check", "."]),
    };
    finish(place, day, &mut command)
}

/// Runs Python by itself.
pub fn python(code: &str) -> Output {
    Command::new(&toolchain().python).args(["-I", "-c", code]).output().unwrap()
}

/// Runs Python in the day's folder, with that folder on its path from the start.
pub fn in_folder(place: &Place, day: u16, code: &str) -> Output {
    let mut command = Command::new(&toolchain().python);
    command.args(["-c", code]);
    place.settle(&mut command);
    command.env("PYTHONPATH", folder(place, day));
    command.current_dir(folder(place, day)).output().unwrap()
}

/// Compiles a file to bytecode that Python takes for another's, without a look at the source.
pub fn compile(source: &Path, pretended: &Path) -> Output {
    let mut command = Command::new(&toolchain().python);
    command.args(["-I", "-c", COMPILE]).arg(source).arg(pretended).output().unwrap()
}

const COMPILE: &str = "
import importlib.util, py_compile, sys
source, pretended = sys.argv[1:]
mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
py_compile.compile(source, importlib.util.cache_from_source(pretended), pretended, True, invalidation_mode=mode)
";

/// The rules that the course asks for, which are fewer than ruff's own.
const RULES: &str = "lint.select = ['E4', 'E7', 'E9', 'F']";

/// Returns what a program said.
pub fn said(ran: &Output) -> String {
    [&ran.stdout, &ran.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

fn finish(place: &Place, day: u16, command: &mut Command) -> Output {
    place.settle(command);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1");
    command.current_dir(folder(place, day)).output().unwrap()
}

fn folder(place: &Place, day: u16) -> PathBuf {
    place.repo().join(format!("week1/day{day}"))
}

/// Returns a folder that all tests share: the standard library is looked at once.
fn mypy_cache() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("forging-mypy-cache")
}
