//! The folder in which a run lays out copies. It is removed with the run, and when the run was killed, by a later one.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::process;

/// How the name of every such folder begins.
const PREFIX: &str = "grade-run-";
/// A file in it that is locked for as long as the run lives: the kernel lets go of the lock however the run ends.
const LOCK: &str = ".lock";
/// A folder that is younger may not have its lock yet.
const SETTLED: Duration = Duration::from_secs(60);

/// A folder for one run.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    _lock: File,
}

impl Scratch {
    /// Makes a folder among the temporary files, and removes what killed runs have left there.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn new() -> io::Result<Self> {
        // Programs say by its real name where they are, and the usual one is a link on macOS.
        let parent = std::env::temp_dir().canonicalize()?;
        process::remove_left_behind(&parent);
        Self::new_in(&parent)
    }

    fn new_in(parent: &Path) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix(PREFIX).tempdir_in(parent)?;
        let lock = File::create(folder.path().join(LOCK))?;
        // Where files cannot be locked, nobody takes a folder to be left behind.
        let _ = lock.lock();
        for left in left_behind(parent) {
            // Whoever cannot remove it leaves it to the next run, or to the system.
            let _ = fs::remove_dir_all(left);
        }
        Ok(Self { folder, _lock: lock })
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

/// Returns this user's folders whose runs are over.
fn left_behind(parent: &Path) -> impl Iterator<Item = PathBuf> {
    let own = rustix::process::geteuid().as_raw();
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let named = entries.filter(|entry| entry.file_name().as_encoded_bytes().starts_with(PREFIX.as_bytes()));
    named.filter_map(move |entry| {
        let metadata = entry.metadata().ok()?;
        let settled = metadata.modified().ok()?.elapsed().is_ok_and(|age| age > SETTLED);
        (metadata.is_dir() && metadata.uid() == own && settled && is_over(&entry.path()))
            .then(|| entry.path())
    })
}

fn is_over(folder: &Path) -> bool {
    match File::open(folder.join(LOCK)) {
        Ok(lock) => lock.try_lock().is_ok(),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Makes it look as if the folder had been there for an hour.
    fn age(folder: &Path) {
        let past = std::time::SystemTime::now() - Duration::from_secs(3600);
        File::open(folder).unwrap().set_modified(past).unwrap();
    }

    #[test]
    fn what_a_killed_run_left_is_removed_and_what_is_in_use_stays() {
        let parent = tempfile::tempdir().unwrap();
        let in_use = Scratch::new_in(parent.path()).unwrap();
        let killed = parent.path().join("grade-run-killed");
        fs::create_dir_all(killed.join("day4")).unwrap();
        File::create(killed.join(LOCK)).unwrap();
        let young = parent.path().join("grade-run-young");
        fs::create_dir(&young).unwrap();
        let stranger = parent.path().join("somebody-elses");
        fs::create_dir(&stranger).unwrap();
        for folder in [in_use.path(), &killed, &stranger] {
            age(folder);
        }
        let next = Scratch::new_in(parent.path()).unwrap();
        assert!(!killed.exists());
        assert!([in_use.path(), next.path(), &young, &stranger].into_iter().all(Path::exists));
    }
}
