//! What a sandboxed process may see and use: a `Policy`, which is data and crosses to the sandbox's init as JSON.
//!
//! A policy names host paths; it never says how they are enforced. Paths inside are the host's own paths, except
//! for overlays, which have a place of their own (`/submission`).

use std::path::{Component, Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The home folder inside every sandbox: an empty, writable one that is thrown away.
pub const HOME: &str = "/home/learner";

/// What one sandboxed command may use up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Processor time of one process, rounded up to whole seconds. Beyond it the kernel sends SIGXCPU, and SIGKILL a second later.
    pub cpu: Duration,
    /// Bytes of address space, and of data, of one process, and of the memory of all of them together.
    pub memory: u64,
    /// Processes and threads at a time, of the whole sandbox.
    pub processes: u32,
    /// Open files of one process.
    pub open_files: u32,
    /// Bytes of one file.
    pub file_size: u64,
    /// Bytes of all writable folders together: `/tmp`, the home folder, `/dev/shm`, every overlay. Of each, where bubblewrap makes them.
    pub scratch: u64,
    /// Files in all of them together. Not limited where bubblewrap makes them.
    pub inodes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: u64 = 1 << 20;
        Self {
            cpu: Duration::from_secs(60),
            memory: 2048 * MIB,
            processes: 128,
            open_files: 512,
            file_size: 64 * MIB,
            scratch: 128 * MIB,
            inodes: 32 << 10,
        }
    }
}

/// A host folder that is writable inside, and whose changes are thrown away.
///
/// The payload owns all of it inside. Whoever runs `grade` must be able to read all of `source`; when that is root,
/// as its owner: root inside a user namespace has no power over other users' files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overlay {
    /// The folder on the host. It is never written to.
    pub source: PathBuf,
    /// Where it appears inside: `/submission`.
    pub inside: PathBuf,
}

/// What a sandboxed command sees of the host, and what it may use up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Host files and folders that appear inside at their own path, read-only, besides `/usr` and a few files of `/etc`.
    ///
    /// A path through a symbolic link appears under the name given here; where something inside refers to it by its
    /// real name (a virtual environment to its interpreter), name that too.
    pub read_only: Vec<PathBuf>,
    /// Folders that are writable inside.
    pub overlays: Vec<Overlay>,
    /// What may be used up.
    pub limits: Limits,
}

impl Policy {
    /// Returns what is read-only, folders before what is in them: a mount point cannot be made in what is read-only already.
    #[cfg(target_os = "linux")]
    pub(super) fn folders_first(&self) -> Vec<&Path> {
        let mut paths: Vec<&Path> = self.read_only.iter().map(PathBuf::as_path).collect();
        paths.sort_by_key(|path| path.components().count());
        paths
    }

    /// Returns the first path that is not absolute, contains `.` or `..`, or is the root itself.
    pub(crate) fn unusable_path(&self) -> Option<&Path> {
        let overlays = self.overlays.iter().flat_map(|overlay| [&overlay.source, &overlay.inside]);
        self.read_only.iter().chain(overlays).map(PathBuf::as_path).find(|path| !is_plain(path))
    }
}

fn is_plain(path: &Path) -> bool {
    let mut components = path.components();
    let rooted = components.next() == Some(Component::RootDir);
    let mut count = 0;
    rooted
        && components.inspect(|_| count += 1).all(|component| matches!(component, Component::Normal(_)))
        && count > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_absolute_paths_below_the_root_are_usable() {
        assert!(is_plain(Path::new("/usr/lib")));
        for odd in ["/", "usr", "/usr/../etc", "", "../x"] {
            assert!(!is_plain(Path::new(odd)), "{odd}");
        }
    }
}
