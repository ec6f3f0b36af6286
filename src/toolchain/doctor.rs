//! Says what is there and what is missing. Changes nothing.

use std::fs;
use std::path::Path;

use super::manifest::{self, Found};
use super::{Request, Toolchain, install, permissions, python, root};

/// How one thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It is there and will do.
    Ok,
    /// It is not there.
    Missing,
    /// It is there, or not, and somebody should know.
    Warning,
}

/// One line of `grade doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoctorLine {
    /// What it is about, as in `environment`.
    pub label: &'static str,
    /// How it stands.
    pub state: State,
    /// What was found.
    pub detail: String,
    /// What the user can do about it.
    pub hint: Option<String>,
}

impl DoctorLine {
    fn new(label: &'static str, state: State, detail: impl Into<String>) -> Self {
        Self { label, state, detail: detail.into(), hint: None }
    }

    fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Looks at the interpreter, uv, the environment and its tools. Starts the first two to ask for their versions.
pub fn doctor(data_dir: &Path, request: &Request) -> Vec<DoctorLine> {
    let mut lines = vec![python_line(request), uv_line(request)];
    let root = root(data_dir, request);
    let found = manifest::look(&root);
    lines.push(environment_line(&root, &found));
    if let Found::Complete(toolchain) = &found {
        lines.push(tools_line(toolchain));
    }
    lines.extend(others_line(&root));
    lines
}

fn python_line(request: &Request) -> DoctorLine {
    match python::find(request.python.as_deref(), &request.environment) {
        Ok(found) => {
            let detail = format!("{} at `{}`", found.version_text(), found.executable.display());
            DoctorLine::new("python", State::Ok, detail)
        }
        Err(error) => {
            let line = DoctorLine::new("python", State::Missing, error.to_string());
            DoctorLine { hint: error.hint().map(str::to_owned), ..line }
        }
    }
}

fn uv_line(request: &Request) -> DoctorLine {
    match install::uv(request) {
        Some((path, version)) => {
            DoctorLine::new("uv", State::Ok, format!("{version} at `{}`", path.display()))
        }
        None => DoctorLine::new("uv", State::Warning, "not found; pip does its work, slower")
            .hint("uv makes set-up several times quicker: https://docs.astral.sh/uv"),
    }
}

fn environment_line(root: &Path, found: &Found) -> DoctorLine {
    let line = |state, detail| DoctorLine::new("environment", state, detail);
    match found {
        Found::Complete(toolchain) => {
            let (size, place) = (megabytes(root), root.display());
            line(State::Ok, format!("Python {}, {size} at `{place}`", toolchain.python_version))
        }
        Found::Nothing => line(State::Missing, "not made yet".to_owned()).hint("`grade setup` makes it"),
        Found::Unusable(why) => {
            line(State::Warning, format!("{} at `{}` are of no use: {why}", megabytes(root), root.display()))
                .hint("`grade setup` makes it again")
        }
    }
}

fn tools_line(toolchain: &Toolchain) -> DoctorLine {
    let names = ["pytest", "mypy", "ruff", "coverage"];
    let tool = |name: &&str| toolchain.tools.get(*name).map(|version| format!("{name} {version}"));
    DoctorLine::new("tools", State::Ok, names.iter().filter_map(tool).collect::<Vec<_>>().join(", "))
}

// Of earlier locks, or of other interpreters that were asked for. Nothing removes them by itself: another version of
// grade may still use them.
fn others_line(root: &Path) -> Option<DoctorLine> {
    let folder = root.parent()?;
    let entries = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path());
    let others: Vec<_> = entries.filter(|path| path.is_dir() && path != root).collect();
    let size: u64 = others.iter().map(|other| permissions::size(other)).sum();
    let detail = format!("{} more, {} at `{}`", others.len(), in_megabytes(size), folder.display());
    let line = DoctorLine::new("environments", State::Warning, detail);
    (!others.is_empty()).then(|| line.hint("those of earlier versions may be deleted"))
}

fn megabytes(folder: &Path) -> String {
    in_megabytes(permissions::size(folder))
}

fn in_megabytes(bytes: u64) -> String {
    format!("{} MB", bytes.div_ceil(1_000_000))
}
