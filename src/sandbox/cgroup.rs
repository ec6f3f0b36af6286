//! A cgroup for each sandbox, where a part of the tree is this user's to divide: the memory and the number of all processes together are
//! capped by the kernel then, and whatever is left can be killed at one stroke.
//!
//! ```text
//! app.slice                       ours, with `memory pids` in its cgroup.subtree_control
//!   ├─ vte-spawn-….scope          here `grade` was started; it stays there
//!   └─ grade-<pid>-<number>       one sandbox: its init, and whatever comes after it
//! ```
//!
//! Only version 2: <https://docs.kernel.org/admin-guide/cgroup-v2.html>. No group is made where processes are, which that forbids, and
//! nothing of `grade`'s own is moved. The watches within the sandbox stay: they know which processes belong together, and
//! see to it that a hog costs its own test, where the kernel's killer takes the largest process.

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rustix::fs::{Access, Mode, OFlags};

use super::policy::Policy;
use super::wire::{SetUpError, Step};

/// Where systemd, and everyone else, mounts the tree: file-hierarchy(7).
const MOUNT: &str = "/sys/fs/cgroup";
/// What the name of a sandbox's group begins with; the pid of its `grade` follows.
const PREFIX: &str = "grade-";
/// The controllers that are needed.
const CONTROLLERS: [&str; 2] = ["memory", "pids"];
/// Bytes for what is no payload: the init, its guard, bubblewrap.
const INIT_MEMORY: u64 = 64 << 20;
/// Threads of the same.
const INIT_THREADS: u64 = 16;
/// Writable folders in memory besides the overlays: `/tmp`, the home folder, `/dev/shm`.
const SCRATCH_FOLDERS: u64 = 3;
/// How often it is looked whether killed processes are gone, and how often that is tried.
const PACE: Duration = Duration::from_millis(1);
const TRIES: u32 = 500;

/// A part of the tree in which groups may be made.
#[derive(Debug, Clone)]
pub(super) struct Delegated {
    folder: Arc<Path>,
}

impl Delegated {
    /// Finds the nearest group above this process that is the user's own and hands the controllers on. Removes what earlier runs
    /// could not.
    ///
    /// # Errors
    ///
    /// There is none, or no cgroup of version 2 at all.
    pub(super) fn find() -> Result<Self, SetUpError> {
        let groups = fs::read_to_string("/proc/self/cgroup").step("read /proc/self/cgroup")?;
        let nothing = || io::Error::from_raw_os_error(libc::ENOENT);
        let own = own_group(&groups).ok_or_else(nothing).step("find a cgroup of version 2")?;
        Self::above(Path::new(MOUNT), own)
    }

    fn above(mount: &Path, own: &str) -> Result<Self, SetUpError> {
        let own = mount.join(own.trim_start_matches('/'));
        let folders = own.ancestors().take_while(|folder| folder.starts_with(mount));
        let mut usable = folders.filter(|folder| hands_on(folder) && is_ours(folder));
        let refused = || io::Error::from_raw_os_error(libc::EACCES);
        let found = usable.next().ok_or_else(refused).step("find a cgroup that this user may divide")?;
        let found = Self { folder: found.into() };
        found.remove_leftovers();
        Ok(found)
    }

    /// Makes a group that holds what a policy allows.
    pub(super) fn group(&self, policy: &Policy) -> Result<Group, SetUpError> {
        static NUMBER: AtomicU64 = AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("{PREFIX}{}-{number}", std::process::id()));
        fs::create_dir(&path).step("make a cgroup")?;
        let group = Group { path };
        group.cap(policy)?;
        Ok(group)
    }

    /// Ends and removes the groups of runs that are no more.
    fn remove_leftovers(&self) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            if maker_of(&entry.file_name().to_string_lossy()).is_some_and(|pid| !is_running(pid)) {
                drop(Group { path: entry.path() });
            }
        }
    }
}

/// Returns the group of version 2 in what `/proc/self/cgroup` says: cgroups(7). One above the root that can be seen is nobody's here.
fn own_group(groups: &str) -> Option<&str> {
    groups.lines().find_map(|line| line.strip_prefix("0::")).filter(|path| !path.starts_with("/.."))
}

fn hands_on(folder: &Path) -> bool {
    let handed_on = fs::read_to_string(folder.join("cgroup.subtree_control")).unwrap_or_default();
    CONTROLLERS.iter().all(|controller| handed_on.split_whitespace().any(|word| word == *controller))
}

/// Returns whether groups can be made here, and processes moved into them.
fn is_ours(folder: &Path) -> bool {
    let may_write = |path: &Path| rustix::fs::access(path, Access::WRITE_OK).is_ok();
    may_write(folder) && may_write(&folder.join("cgroup.procs"))
}

/// Returns the pid in the name of a sandbox's group.
fn maker_of(name: &str) -> Option<u32> {
    name.strip_prefix(PREFIX)?.split_once('-')?.0.parse().ok()
}

fn is_running(pid: u32) -> bool {
    Path::new(&format!("/proc/{pid}")).exists()
}

/// The group of one sandbox. Dropping it kills whatever is in it, and removes it.
#[derive(Debug)]
pub(super) struct Group {
    path: PathBuf,
}

impl Group {
    fn cap(&self, policy: &Policy) -> Result<(), SetUpError> {
        let limits = &policy.limits;
        let folders = SCRATCH_FOLDERS + policy.overlays.len() as u64;
        // What is written to a file system in memory counts as memory; it has limits of its own.
        let memory =
            limits.memory.saturating_add(limits.scratch.saturating_mul(folders)).saturating_add(INIT_MEMORY);
        self.write("memory.max", &memory.to_string())?;
        self.write("pids.max", &(u64::from(limits.processes) + INIT_THREADS).to_string())?;
        // A kernel may count no swap, and then there is no such file.
        let swap = self.path.join("memory.swap.max");
        if swap.exists() { self.write("memory.swap.max", "0") } else { Ok(()) }
    }

    fn write(&self, file: &str, text: &str) -> Result<(), SetUpError> {
        // An existing file only: where it is not, this is no cgroup.
        let mut options = File::options();
        let written = options
            .write(true)
            .open(self.path.join(file))
            .and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()));
        written.step(format!("write the cgroup's {file}"))
    }

    /// Returns the group's folder, for a process to be born in it.
    pub(super) fn open(&self) -> Result<OwnedFd, SetUpError> {
        let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
        rustix::fs::open(&self.path, flags, Mode::empty()).map_err(io::Error::from).step("open the cgroup")
    }

    /// Returns the file through which a process enters: it writes `0` to it.
    pub(super) fn door(&self) -> Result<OwnedFd, SetUpError> {
        File::options()
            .write(true)
            .open(self.path.join("cgroup.procs"))
            .map(OwnedFd::from)
            .step("open the cgroup's cgroup.procs")
    }

    /// Returns whether a process is in it.
    pub(super) fn holds(&self, pid: i32) -> bool {
        let processes = fs::read_to_string(self.path.join("cgroup.procs")).unwrap_or_default();
        processes.lines().any(|line| line.parse() == Ok(pid))
    }

    /// Returns whether the kernel has killed somebody in it because its memory was used up.
    pub(super) fn ran_out_of_memory(&self) -> bool {
        let events = fs::read_to_string(self.path.join("memory.events")).unwrap_or_default();
        let mut kills = events.lines().filter_map(|line| line.strip_prefix("oom_kill "));
        kills.any(|count| count.trim() != "0")
    }

    /// Kills everybody in it, since Linux 5.14.
    pub(super) fn kill(&self) {
        let _ = self.write("cgroup.kill", "1");
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.kill();
        for _ in 0..TRIES {
            match fs::remove_dir(&self.path) {
                // Killed processes are in it until somebody has asked how they ended.
                Err(error) if error.kind() == io::ErrorKind::ResourceBusy => std::thread::sleep(PACE),
                // Gone, or for the next run to remove.
                _ => return,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lays folders as a mounted tree has them, each with the controllers that it hands on.
    fn tree(groups: &[(&str, &str)]) -> tempfile::TempDir {
        let mount = tempfile::tempdir().unwrap();
        for (path, handed_on) in groups {
            let folder = mount.path().join(path);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("cgroup.subtree_control"), handed_on).unwrap();
            fs::write(folder.join("cgroup.procs"), "").unwrap();
        }
        mount
    }

    #[test]
    fn the_nearest_group_that_hands_both_controllers_on_is_divided() {
        let mount = tree(&[
            ("", "cpu memory pids\n"),
            ("user", "cpu memory pids\n"),
            ("user/app", "memory pids\n"),
            ("user/app/only", "memory\n"),
            ("user/app/only/shell", ""),
        ]);
        let found = Delegated::above(mount.path(), "/user/app/only/shell").unwrap();
        assert_eq!(&*found.folder, mount.path().join("user/app"));
    }

    #[test]
    fn nothing_is_divided_where_controllers_are_not_handed_on() {
        let mount = tree(&[("", "cpu pids\n"), ("shell", "")]);
        assert_eq!(Delegated::above(mount.path(), "/shell").unwrap_err().errno, libc::EACCES);
        let hybrid = tempfile::tempdir().unwrap();
        assert!(Delegated::above(hybrid.path(), "/").is_err());
    }

    #[test]
    fn a_folder_that_is_no_cgroup_is_not_taken_for_one() {
        let mount = tree(&[("", "memory pids\n")]);
        let found = Delegated::above(mount.path(), "/").unwrap();
        let error = found.group(&Policy::default()).unwrap_err();
        assert_eq!((error.step.as_str(), error.errno), ("write the cgroup's memory.max", libc::ENOENT));
        assert_eq!(fs::read_dir(mount.path()).unwrap().count(), 2, "the folder is gone again");
    }

    #[test]
    fn what_an_earlier_run_left_is_removed_and_what_a_running_one_has_is_not() {
        let mount = tree(&[("", "memory pids\n")]);
        // Above the largest pid that there can be: proc_sys_kernel(5).
        let (gone, running) = ("grade-4194305-0", format!("grade-{}-0", std::process::id()));
        for name in [gone, &running, "grade-notes", "user@1000.service"] {
            fs::create_dir(mount.path().join(name)).unwrap();
        }
        Delegated::above(mount.path(), "/").unwrap();
        assert!(!mount.path().join(gone).exists());
        for name in [&running, "grade-notes", "user@1000.service"] {
            assert!(mount.path().join(name).exists(), "{name}");
        }
    }

    #[test]
    fn a_group_above_the_root_that_can_be_seen_is_nobodys_to_divide() {
        assert_eq!(own_group("1:cpu:/x\n0::/user.slice/a b.scope\n"), Some("/user.slice/a b.scope"));
        assert_eq!(own_group("0::/../other\n"), None);
        assert_eq!(own_group("4:memory:/x\n"), None);
    }
}
