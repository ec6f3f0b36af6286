//! The Python half, compiled in: laid out once in the Python environment's folder for it, below a name that is its digest.
//!
//! It is readable by everybody, because a sandbox may run under another uid, and it is never changed: a new version of `grade`
//! has another digest and another folder.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use include_dir::{Dir, include_dir};

use crate::lay_out;
use crate::outcome::Fault;
use crate::toolchain::Toolchain;

static KIT: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/kit");

/// The file that starts every Python process of grade's own: `python -I run.py <entry>`.
const ENTRY: &str = "run.py";

/// The digest of every file of the kit.
static DIGEST: LazyLock<blake3::Hash> = LazyLock::new(|| lay_out::digest(&files()));

/// What a process of the kit is started as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// The process in which the learner's code runs.
    Candidate,
    /// The trusted process whose forks run hidden suites, and become payloads of sandboxes.
    Zygote,
    /// The process that runs the learner's own tests.
    OwnTests,
    /// The process that reads the learner's files as syntax.
    Facts,
    /// mypy; its arguments follow.
    Mypy,
}

impl Entry {
    /// Returns the entry's name on the command line of `run.py`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Candidate => "candidate",
            Self::Zygote => "zygote",
            Self::OwnTests => "own_tests",
            Self::Facts => "facts",
            Self::Mypy => "mypy_entry",
        }
    }
}

/// The kit, laid out on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    folder: PathBuf,
}

impl Kit {
    /// Lays the kit out in the environment's folder for it, compiled, unless it is there already.
    ///
    /// # Errors
    ///
    /// When the files cannot be written.
    pub fn lay_out(toolchain: &Toolchain) -> Result<Self, Fault> {
        let folder = toolchain.kit.join(&digest().to_hex()[..16]);
        let laid_out = lay_out::once_and(&folder, &files(), |fresh| compile(toolchain, fresh));
        laid_out.map_err(|error| Fault::from_error("failed to lay out the kit", &error))?;
        Ok(Self { folder })
    }

    /// Returns the folder that a sandbox must show.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Returns the file to start.
    pub fn entry(&self) -> PathBuf {
        self.folder.join(ENTRY)
    }
}

/// Returns the digest of the kit, which is part of every cache key.
pub fn digest() -> blake3::Hash {
    *DIGEST
}

/// Compiles the kit: a sandbox cannot keep what it compiles, and would do so in every run.
fn compile(toolchain: &Toolchain, folder: &Path) -> io::Result<()> {
    let mut command = Command::new(&toolchain.python);
    command.args(["-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]).arg(folder);
    let status =
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
    if status.success() { Ok(()) } else { Err(io::Error::other("Python cannot compile it")) }
}

fn files() -> Vec<(String, &'static [u8])> {
    let mut found = Vec::new();
    let mut folders = vec![&KIT];
    while let Some(folder) = folders.pop() {
        folders.extend(folder.dirs());
        let python =
            folder.files().filter(|file| file.path().extension().is_some_and(|ending| ending == "py"));
        found.extend(python.map(|file| (file.path().to_string_lossy().into_owned(), file.contents())));
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_is_a_file_of_the_kit() {
        let paths: Vec<String> = files().into_iter().map(|(path, _)| path).collect();
        for entry in [Entry::Candidate, Entry::Zygote, Entry::OwnTests, Entry::Facts, Entry::Mypy] {
            assert!(paths.contains(&format!("grade_kit/{}.py", entry.name())), "{entry:?} of {paths:?}");
        }
        assert!(paths.contains(&ENTRY.to_owned()));
    }
}
