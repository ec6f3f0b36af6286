//! grade's own Python environment: locked with hashes, made once, found again in microseconds, offline afterwards.
//!
//! ```text
//! <data>/toolchains/<key>.lock       held while somebody makes the environment; always empty
//! <data>/toolchains/<key>/           key: of the lock, the recipe and the interpreter that was asked for
//!     env/                           the virtual environment
//!     mypy-cache/                    primed; every run of mypy gets a copy
//!     kit/                           for grade's own Python modules
//!     manifest.json                  written last: what is not named here does not exist
//! ```
//!
//! [`Toolchain::locate`] reads the manifest and starts no process. [`Toolchain::set_up`] makes what is missing, one
//! process at a time: others wait at the lock and then find it done.

mod child;
mod doctor;
mod error;
mod install;
mod lock;
mod manifest;
mod mypy_cache;
mod permissions;
mod python;

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub use doctor::{DoctorLine, State, doctor};
pub use error::SetupError;
pub use mypy_cache::{BASE_CONFIG, mypy_options};
pub use python::{Interpreter, NEWEST, OLDEST, Rejected};

use crate::config::env::Environment;
use manifest::Found;

/// Which environment is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// The interpreter to build on; the best on the `PATH` otherwise.
    pub python: Option<PathBuf>,
    /// The user's environment: where programs are looked for, and what installers inherit.
    pub environment: Environment,
}

impl Request {
    /// Returns the request of a user with this environment, who may name an interpreter in `GRADE_PYTHON`.
    pub fn new(environment: Environment) -> Self {
        Self { python: environment.python(), environment }
    }
}

/// Hears how set-up comes along.
pub trait Progress {
    /// Says what begins now, and that `done` of `total` steps are over.
    fn step(&mut self, text: &str, done: u64, total: u64);
}

/// Keeps quiet.
impl Progress for () {
    fn step(&mut self, _text: &str, _done: u64, _total: u64) {}
}

/// A finished environment. All paths are absolute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Toolchain {
    /// The environment's interpreter; start tools with `-I -m`.
    pub python: PathBuf,
    /// The interpreter's version, as in `3.12.1`.
    pub python_version: String,
    /// The environment's folder, Python's `sys.prefix`.
    pub prefix: PathBuf,
    /// The folder of the interpreter that it was made from, Python's `sys.base_prefix`.
    pub base_prefix: PathBuf,
    /// The folder of the installed packages.
    pub site_packages: PathBuf,
    /// Folders that must be readable in a sandbox, under these names, for the interpreter and the tools to run.
    /// None is within another.
    pub mounts: Vec<PathBuf>,
    /// Every installed package's version by its name, as in `pytest` and `types-pyyaml`.
    pub tools: BTreeMap<String, String>,
    /// The ruff binary.
    pub ruff: PathBuf,
    /// The primed mypy cache, to be copied: see [`mypy_options`].
    pub mypy_cache: PathBuf,
    /// A folder for grade's own Python modules, empty at first and among the mounts.
    pub kit: PathBuf,
    /// The digest of the lock that it was made from.
    pub lock_digest: String,
}

impl Toolchain {
    /// Finds a finished environment. Reads two or three files and starts nothing; whatever is not whole, or was
    /// made with an interpreter that is gone or was replaced, is not there.
    pub fn locate(data_dir: &Path, request: &Request) -> Option<Self> {
        match manifest::look(&root(data_dir, request)) {
            Found::Complete(toolchain) => Some(*toolchain),
            Found::Nothing | Found::Unusable(_) => None,
        }
    }

    /// Finds the environment or makes it, which needs the network. If another process is making it, waits.
    ///
    /// An interrupted set-up leaves no manifest, and the next one begins by removing what it left.
    ///
    /// # Errors
    ///
    /// When there is no fitting Python, when a step's program fails, or when files cannot be written.
    pub fn set_up(
        data_dir: &Path,
        request: &Request,
        progress: &mut dyn Progress,
    ) -> Result<Self, SetupError> {
        // Before the lock: a finished environment may be on a disk that is read-only, and needs no turn.
        if let Some(toolchain) = Self::locate(data_dir, request) {
            return Ok(toolchain);
        }
        let root = root(data_dir, request);
        if root.to_str().is_none() {
            return Err(SetupError::NotUnicode(data_dir.to_owned()));
        }
        let lock_file = lock(&root, progress)?;
        match Self::locate(data_dir, request) {
            Some(toolchain) => Ok(toolchain),
            None => install::Build::new(&root, &lock_file, request, progress).run(),
        }
    }

    /// Holds on to the environment: as long as the returned file is open, nobody makes it anew.
    ///
    /// # Errors
    ///
    /// When the data folder is read-only, in which case nobody can make it anew either.
    pub fn hold(&self) -> std::io::Result<File> {
        let root = self.prefix.parent().unwrap_or(&self.prefix);
        let file = File::options().read(true).append(true).create(true).open(root.with_extension("lock"))?;
        file.lock_shared()?;
        Ok(file)
    }

    fn is_there(&self) -> bool {
        let files = [&self.python, &self.ruff].into_iter().all(|path| path.is_file());
        files && [&self.site_packages, &self.mypy_cache, &self.kit].into_iter().all(|path| path.is_dir())
    }
}

fn root(data_dir: &Path, request: &Request) -> PathBuf {
    let data_dir = std::path::absolute(data_dir).unwrap_or_else(|_| data_dir.to_owned());
    data_dir.join("toolchains").join(key(request))
}

// Whatever an environment is made from. Fields are set apart by a byte that none of them holds.
fn key(request: &Request) -> String {
    let python =
        request.python.as_deref().map_or("auto".as_bytes(), |path| path.as_os_str().as_encoded_bytes());
    let mut hasher = blake3::Hasher::new();
    for field in [lock::digest(), mypy_cache::PRIMER, BASE_CONFIG].into_iter().chain(mypy_cache::OPTIONS) {
        hasher.update(field.as_bytes()).update(&[0]);
    }
    hasher.update(&manifest::FORMAT.to_le_bytes()).update(python);
    hasher.finalize().to_hex()[..16].to_owned()
}

fn lock(root: &Path, progress: &mut dyn Progress) -> Result<File, SetupError> {
    let path = root.with_extension("lock");
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).map_err(SetupError::files("create", folder))?;
    let open = File::options().read(true).append(true).create(true).open(&path);
    let file = open.map_err(SetupError::files("open", &path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => progress.step(WAITING, 0, 0),
        Err(TryLockError::Error(source)) => return Err(SetupError::files("lock", &path)(source)),
    }
    file.lock().map_err(SetupError::files("lock", &path))?;
    Ok(file)
}

const WAITING: &str = "waiting for another `grade` that is making the environment";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_interpreter_that_is_asked_for_has_an_environment_of_its_own() {
        let asked =
            |python: Option<&str>| key(&Request { python: python.map(PathBuf::from), ..Request::default() });
        assert_ne!(asked(None), asked(Some("/usr/bin/python3.11")));
        assert_ne!(asked(Some("/usr/bin/python3.12")), asked(Some("/usr/bin/python3.11")));
        assert_eq!(asked(None), asked(None));
        assert_eq!(asked(None).len(), 16);
    }
}
