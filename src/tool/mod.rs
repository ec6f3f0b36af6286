//! The tools that read a learner's files: how each is called, and what its report means for a requirement.
//!
//! Everything here is pure: a call is a `CommandSpec`, a report is bytes. ruff, mypy and the reader of facts do not run the
//! learner's code, so when one of them dies or talks nonsense it is ours; the learner's own tests do.

pub mod facts;
pub mod mutants;
pub mod mypy;
pub mod own_tests;
pub mod ruff;

use std::path::Path;

use crate::command::CommandSpec;
use crate::kit::{Entry, Kit};
use crate::toolchain::Toolchain;

/// Where the learner's files are inside the sandbox.
pub const SUBMISSION: &str = "/submission";

/// Returns a command that starts one of the kit's processes, with nothing of the user's environment.
pub fn kit_command(toolchain: &Toolchain, kit: &Kit, entry: Entry, cwd: &str) -> CommandSpec {
    python(toolchain, cwd).arg("-I").arg(kit.entry()).arg(entry.name())
}

/// Returns a command that starts the environment's interpreter, with nothing of the user's environment.
pub fn python(toolchain: &Toolchain, cwd: &str) -> CommandSpec {
    plain(&toolchain.python, cwd)
}

/// The little environment that every tool of ours gets.
pub const ENVIRONMENT: [(&str, &str); 5] = [
    ("PATH", "/usr/bin:/bin"),
    ("HOME", crate::sandbox::HOME),
    ("LANG", "C.UTF-8"),
    ("TZ", "UTC"),
    // Plugins are named one by one where they are asked for: loading all of them doubles the time of a light day.
    ("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1"),
];

/// Returns a command with that environment.
fn plain(program: &Path, cwd: &str) -> CommandSpec {
    ENVIRONMENT.iter().fold(CommandSpec::new(program, cwd), |command, (name, value)| command.env(name, value))
}

/// Returns `path` relative to `root`, as findings name files.
fn below<'a>(root: &Path, path: &'a str) -> &'a str {
    Path::new(path).strip_prefix(root).ok().and_then(Path::to_str).unwrap_or(path)
}
