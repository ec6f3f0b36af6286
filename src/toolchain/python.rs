//! Finds an interpreter to build on: the one asked for, or the best on the `PATH`.
//!
//! Every candidate is asked who it is, because names lie: `python3` may be a version manager's shim, an
//! activated environment, or Python 3.8. The answer holds the real executable, so that no shim (some 100 ms at
//! every start) is ever run again.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::child::Process;
use super::error::SetupError;
use crate::config::env::Environment;

/// The oldest Python that will do.
pub const OLDEST: (u16, u16) = (3, 11);
/// The newest Python for which the lock is known to have ready-made files.
pub const NEWEST: (u16, u16) = (3, 14);

/// Names to look for. `python3` first: where it will do, it is the one that the learner knows.
const NAMES: [&str; 6] = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python"];
/// How long an interpreter may take to say who it is. A shim on a cold disk takes a second or two.
const PATIENCE: Duration = Duration::from_secs(15);
const WHO_ARE_YOU: &str = r#"
import json, os, sys
base = getattr(sys, "_base_executable", None) or sys.executable
print(json.dumps({
    "implementation": sys.implementation.name,
    "version": list(sys.version_info[:3]),
    "executable": os.path.realpath(base if os.path.exists(base) else sys.executable),
}))
"#;

/// An interpreter that will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreter {
    /// The real executable: neither a shim nor a link nor an environment's.
    pub executable: PathBuf,
    /// Its version.
    pub version: (u16, u16, u16),
}

impl Interpreter {
    /// Returns the version as Python writes it, as in `3.12.1`.
    pub fn version_text(&self) -> String {
        let (major, minor, patch) = self.version;
        format!("{major}.{minor}.{patch}")
    }

    fn is_known(&self) -> bool {
        (self.version.0, self.version.1) <= NEWEST
    }
}

/// A candidate that will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// As it was found.
    pub path: PathBuf,
    /// Why, as in `is Python 3.9.2`.
    pub reason: String,
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` {}", self.path.display(), self.reason)
    }
}

/// Finds the interpreter that was asked for, or else the best one on the `PATH`.
///
/// # Errors
///
/// When the one asked for will not do, or none will.
pub fn find(asked: Option<&Path>, environment: &Environment) -> Result<Interpreter, SetupError> {
    match asked {
        Some(path) => examine(&locate(path, environment), environment).map_err(SetupError::AskedFor),
        None => find_on_path(environment),
    }
}

// A bare name is looked up like a command's; anything else is a path.
fn locate(asked: &Path, environment: &Environment) -> PathBuf {
    let is_bare = asked.components().count() == 1 && !asked.has_root();
    let found = is_bare.then(|| programs(asked, environment).next()).flatten();
    found.or_else(|| std::path::absolute(asked).ok()).unwrap_or_else(|| asked.to_owned())
}

fn find_on_path(environment: &Environment) -> Result<Interpreter, SetupError> {
    let mut rejected = Vec::new();
    let mut newer = None;
    for path in NAMES.iter().flat_map(|name| programs(Path::new(name), environment)) {
        match examine(&path, environment) {
            Ok(interpreter) if interpreter.is_known() => return Ok(interpreter),
            // Better than none, but the lock may have no ready-made files for it.
            Ok(interpreter) => newer = newer.or(Some(interpreter)),
            Err(reason) => rejected.push(reason),
        }
    }
    match newer {
        Some(interpreter) => Ok(interpreter),
        None if rejected.is_empty() => Err(SetupError::NoPython),
        None => Err(SetupError::NoGoodPython(rejected)),
    }
}

/// Returns the programs of this name on the `PATH`, in its order.
pub(super) fn programs(name: &Path, environment: &Environment) -> impl Iterator<Item = PathBuf> {
    environment.path().into_iter().map(move |folder| folder.join(name)).filter(|path| is_executable(path))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[derive(Deserialize)]
struct Answer {
    implementation: String,
    version: (u16, u16, u16),
    executable: PathBuf,
}

fn examine(path: &Path, environment: &Environment) -> Result<Interpreter, Rejected> {
    let rejected = |reason: String| Rejected { path: path.to_owned(), reason };
    let answer = ask(path, environment).map_err(rejected)?;
    let (major, minor, patch) = answer.version;
    if (major, minor) < OLDEST {
        return Err(rejected(format!("is Python {major}.{minor}.{patch}")));
    }
    if answer.implementation != "cpython" {
        return Err(rejected(format!("is {} and not CPython", answer.implementation)));
    }
    Ok(Interpreter { executable: answer.executable, version: answer.version })
}

fn ask(path: &Path, environment: &Environment) -> Result<Answer, String> {
    let process = Process::new(path, environment).args(["-I", "-c", WHO_ARE_YOU]).deadline(PATIENCE);
    let output = process.run().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "does not exist".to_owned(),
        _ => format!("cannot be run: {error}"),
    })?;
    let answer = output.stdout.lines().last().and_then(|line| serde_json::from_str(line).ok());
    answer.ok_or_else(|| match output.tail.lines().last() {
        Some(line) => format!("does not answer like a Python: {line}"),
        None => "does not answer like a Python".to_owned(),
    })
}
