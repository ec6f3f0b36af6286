//! What can go wrong while the environment is made, and what the user can do about each.

use std::fmt::Write as _;
use std::io;
use std::path::{Path, PathBuf};

use super::python::{OLDEST, Rejected};

/// Why there is no environment.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// No program on the `PATH` is a Python at all.
    #[error("found no Python on the `PATH`; grade needs {}.{} or newer", OLDEST.0, OLDEST.1)]
    NoPython,
    /// There are Pythons, and none will do.
    #[error("found no Python that is {}.{} or newer: {}", OLDEST.0, OLDEST.1, list(.0))]
    NoGoodPython(Vec<Rejected>),
    /// The Python that was asked for will not do.
    #[error("the Python that was asked for cannot be used: {0}")]
    AskedFor(Rejected),
    /// Files could not be written, read or removed.
    #[error("failed to {what} `{}`", .path.display())]
    Files {
        /// What was tried, as in `create`.
        what: &'static str,
        /// With what.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The data folder's path cannot be written down.
    #[error("the data folder's path `{}` is not valid UTF-8", .0.display())]
    NotUnicode(PathBuf),
    /// A step's program did not start, or did not end.
    #[error("failed to {step}: `{}` could not be run to its end", .program.display())]
    Run {
        /// What it was for, as in `make a virtual environment`.
        step: &'static str,
        /// The program.
        program: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A step's program failed.
    #[error("failed to {step}: `{program}` {ending}{}", said(.tail))]
    Step {
        /// What it was for, as in `make a virtual environment`.
        step: &'static str,
        /// The program's name.
        program: String,
        /// How it ended, as in `ended with exit status: 1`.
        ending: String,
        /// The last lines that it wrote, without control characters.
        tail: String,
    },
    /// A step's program succeeded and wrote what it should not have.
    #[error("the new environment does not work: {0}")]
    Unusable(String),
}

impl SetupError {
    /// Returns a function that says which file operation failed, for `map_err`.
    pub(super) fn files(what: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Files { what, path, source }
    }

    /// Returns what the user can do about it.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoPython | Self::NoGoodPython(_) => Some(GET_PYTHON),
            Self::AskedFor(_) => Some(ASK_FOR_ANOTHER),
            Self::Files { source, .. } => files_hint(source.kind()),
            Self::NotUnicode(_) => Some("set `GRADE_DATA_DIR` to a folder with a plainer name"),
            Self::Run { .. } => None,
            Self::Step { tail, .. } => step_hint(tail),
            Self::Unusable(_) => Some("try another Python: set `GRADE_PYTHON` to its path"),
        }
    }
}

fn list(rejected: &[Rejected]) -> String {
    rejected.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn said(tail: &str) -> String {
    let mut text = String::new();
    for line in tail.lines() {
        write!(text, "\n    {line}").expect("a string can be written to");
    }
    if text.is_empty() { " and said nothing".to_owned() } else { format!("; its last lines:{text}") }
}

fn files_hint(kind: io::ErrorKind) -> Option<&'static str> {
    match kind {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Some(NO_SPACE),
        io::ErrorKind::ReadOnlyFilesystem
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::NotADirectory => Some("set `GRADE_DATA_DIR` to a folder that you may write to"),
        _ => None,
    }
}

// What the installers are known to write, most telling first: a full disk also breaks downloads.
fn step_hint(tail: &str) -> Option<&'static str> {
    let tail = tail.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| tail.contains(word));
    if says(&["no space left", "disk quota"]) {
        Some(NO_SPACE)
    } else if says(&["ensurepip is not available", "no module named ensurepip", "no module named venv"]) {
        Some(
            "Debian and Ubuntu ship that apart: `sudo apt install python3-venv`; or install uv, which needs no venv",
        )
    } else if says(&["do not match the hashes", "hash mismatch"]) {
        Some("a file was altered on its way: try again, and look at the proxy or mirror if it happens again")
    } else if says(&["certificate", "ssl"]) {
        Some("a proxy may sign with its own certificate: set `PIP_CERT` or `SSL_CERT_FILE` to its bundle")
    } else if says(OFFLINE) {
        Some(
            "are you offline, or behind a proxy? set `HTTPS_PROXY`; set-up needs the network once and never again",
        )
    } else if says(&["from versions: none"]) {
        // pip says no more than this when it is told not to retry, and also where no file fits.
        Some(
            "the index could not be reached (offline? a proxy?), or it has no ready-made files for this Python",
        )
    } else if says(&["no matching distribution", "no wheels", "no solution found"]) {
        Some("no ready-made files for this Python and machine: another Python may do, set `GRADE_PYTHON`")
    } else {
        None
    }
}

const NO_SPACE: &str = "free about 200 MB, or set `GRADE_DATA_DIR` to a folder on another disk";
const GET_PYTHON: &str = "install Python 3.11 or newer (`uv python install 3.13`, your package manager, or \
    python.org), or set `GRADE_PYTHON` to the path of one that you have";
const ASK_FOR_ANOTHER: &str = "name another one, or none: then grade looks on the `PATH`";
const OFFLINE: &[&str] = &[
    "name resolution",
    "name or service not known",
    "dns error",
    "failed to lookup",
    "network is unreachable",
    "connection refused",
    "connection reset",
    "newconnectionerror",
    "connecttimeout",
    "timed out",
    "proxyerror",
    "error sending request",
    "connection error",
    "client error (connect)",
    "network was disabled",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn step(tail: &str) -> SetupError {
        let ending = "ended with exit status: 1".to_owned();
        SetupError::Step {
            step: "install the packages",
            program: "pip".to_owned(),
            ending,
            tail: tail.to_owned(),
        }
    }

    #[test]
    fn each_of_the_installers_usual_complaints_gets_its_own_advice() {
        for (tail, word) in [
            (
                "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device",
                "free",
            ),
            (
                "The virtual environment was not created successfully because ensurepip is not available",
                "python3-venv",
            ),
            ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE", "altered"),
            ("SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", "PIP_CERT"),
            (
                "NewConnectionError: Temporary failure in name resolution\nNo matching distribution found",
                "offline",
            ),
            ("  Caused by: client error (Connect)\n  Caused by: dns error", "offline"),
            (
                "No solution found\nhint: Packages were unavailable because the network was disabled.",
                "offline",
            ),
            ("ERROR: No matching distribution found for librt==0.16.0", "another Python"),
            (
                "satisfies the requirement librt==0.16.0 (from versions: none)\nNo matching",
                "could not be reached",
            ),
        ] {
            let hint = step(tail).hint().unwrap_or_default();
            assert!(hint.contains(word), "{tail}: {hint}");
        }
        assert_eq!(step("Segmentation fault").hint(), None);
    }

    #[test]
    fn a_failed_step_quotes_the_last_lines() {
        let text = step("one\ntwo").to_string();
        assert!(text.ends_with("its last lines:\n    one\n    two"), "{text}");
        assert!(step("").to_string().ends_with("said nothing"));
    }
}
