//! What the init's second thread looks after while the payload runs: that `grade` is still there, and what all processes use up together.
//!
//! The kernel limits the memory of one process at a time; a hundred of them may have a hundred times as much, and cgroups are not
//! everybody's to use. So the memory is added up from outside. What is shared after a fork counts once: the cheap sum counts
//! it for each process, and only when that is too much the exact one is taken, which costs some milliseconds. Where the payload
//! writes to folders of the host, what is in them is added up too, and what was removed from them and is still open. A payload that was
//! stopped goes on.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use super::init::{exit, say};
use super::layer::Layer;
use super::policy::Limits;
use super::tree::{Scope, exact_size, group_of, is_stopped, size, total};
use super::warden;
use super::wire::{Order, Record};
use crate::outcome::Limit;

/// How often the memory is added up. A process can take some hundred megabytes meanwhile.
const PACE: Duration = Duration::from_millis(50);
/// Bytes that a socket may hold which belong to no process: twice the usual `net.core.wmem_max`, socket(7). The kernel's exact count is not
/// for everybody to see.
const SOCKET: u64 = 2 * 212_992;
/// In which of these rounds files are counted.
const ROUNDS_OF_FILES: u32 = 10;

/// What a guard looks after.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    /// Whose processes are meant.
    pub scope: Scope,
    /// What they may use up together.
    pub limits: Limits,
    /// The host's folders that they may write to.
    pub writable: Vec<PathBuf>,
}

impl Watch {
    /// Returns what an order asks for, but for what a test leaves out. Without a pid namespace, the host's processes are in sight, which
    /// are nobody's to count or to end.
    pub(super) fn new(scope: Scope, order: &Order, writable: &[PathBuf]) -> Self {
        let mut watch = Self { scope, limits: order.policy.limits.clone(), writable: writable.to_vec() };
        for layer in order.omitted.layers() {
            match layer {
                // Without the root, its processes are in sight too, with numbers that mean others here.
                Layer::MemoryWatch | Layer::Root => watch.limits.memory = u64::MAX,
                Layer::DiskWatch => watch.writable.clear(),
                Layer::Processes => watch.scope = Scope::Descendants,
                _ => {}
            }
        }
        watch
    }

    /// Returns whether the folders, and what these processes have open of what was in them, hold more than they may.
    pub(super) fn is_too_full(&self, processes: &[i32]) -> bool {
        let mut found = Use::of(&self.writable, &self.limits);
        found.add_removed(processes);
        !found.is_within(&self.limits)
    }
}

/// Starts the thread. It ends the init, and with it everything inside, when the other end of the lifeline is closed, or when a limit
/// is passed and the largest process belongs to the process group of `payload`. Any other group is killed by itself.
/// The payload may become known later.
pub(super) fn start(
    lifeline: OwnedFd,
    payload: Arc<AtomicI32>,
    watch: Watch,
    mut records: File,
) -> io::Result<()> {
    let watcher = std::thread::Builder::new().stack_size(256 << 10);
    watcher.spawn(move || {
        let mut lifeline = File::from(lifeline);
        for round in 0_u32.. {
            match is_readable(&lifeline) {
                Ok(true) if matches!(lifeline.read(&mut [0]), Ok(1)) => {}
                Ok(false) => watch.look(round, payload.load(Ordering::Acquire), &mut records),
                Ok(true) | Err(_) => watch.end(),
            }
        }
    })?;
    Ok(())
}

fn is_readable(lifeline: &File) -> io::Result<bool> {
    let pace = Timespec { tv_sec: 0, tv_nsec: PACE.subsec_nanos().into() };
    match poll(&mut [PollFd::new(lifeline, PollFlags::IN)], Some(&pace)) {
        Ok(count) => Ok(count > 0),
        Err(rustix::io::Errno::INTR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

impl Watch {
    fn look(&self, round: u32, payload: i32, records: &mut File) {
        // Where signals are not kept in, a probe can stop all that would say so; then everybody waits until the time is up.
        if payload > 0 && is_stopped(payload) {
            let _ = Pid::from_raw(payload).map(|payload| kill_process(payload, Signal::CONT));
        }
        if let Some(group) = self.hog() {
            if group.as_raw_nonzero().get() == payload {
                self.stop_at(Limit::Memory, records);
            }
            let _ = kill_process_group(group, Signal::KILL);
        }
        if self.sockets(round) > self.limits.memory / SOCKET {
            self.stop_at(Limit::Memory, records);
        }
        let counts_files = !self.writable.is_empty() && round.is_multiple_of(ROUNDS_OF_FILES);
        if counts_files && self.is_too_full(&self.scope.processes()) {
            self.stop_at(Limit::Disk, records);
        }
    }

    /// Counts the sockets of the network namespace, also those that are on their way from one process to another, as proc(5) says. Where it
    /// is the host's, those that the processes have open.
    fn sockets(&self, round: u32) -> u64 {
        match self.scope {
            Scope::Namespace => {
                let statistics = fs::read_to_string("/proc/net/sockstat").unwrap_or_default();
                let used = statistics.lines().find_map(|line| line.strip_prefix("sockets: used "));
                used.and_then(|used| used.trim().parse().ok()).unwrap_or(0)
            }
            // That is a file to look at for each, so not in every round.
            Scope::Descendants if !round.is_multiple_of(ROUNDS_OF_FILES) => 0,
            Scope::Descendants => {
                let is_socket = |entry: &fs::DirEntry| {
                    let target = fs::read_link(entry.path());
                    target.is_ok_and(|target| target.as_os_str().as_bytes().starts_with(b"socket:"))
                };
                open_files(&self.scope.processes()).filter(is_socket).count() as u64
            }
        }
    }

    fn stop_at(&self, limit: Limit, records: &mut File) -> ! {
        let _ = say(records, &Record::Limit(limit));
        self.end()
    }

    /// Ends the init. Of a pid namespace nothing is left then; without one, everything is looked for and killed first.
    fn end(&self) -> ! {
        match self.scope {
            Scope::Namespace => exit(1),
            Scope::Descendants => warden::keep_striking(),
        }
    }

    /// Returns the process group of the largest process, if all processes together have more memory than they may.
    fn hog(&self) -> Option<Pid> {
        let sizes: Vec<(i32, u64)> = self.scope.processes().into_iter().filter_map(size).collect();
        if total(sizes.iter().map(|(_, size)| *size)) <= self.limits.memory {
            return None;
        }
        if total(sizes.iter().filter_map(|(thread, _)| exact_size(*thread))) <= self.limits.memory {
            return None;
        }
        let (largest, _) = sizes.into_iter().max_by_key(|(_, size)| *size)?;
        group_of(largest)
    }
}

/// Returns what these processes have open, as links of `/proc`.
fn open_files(processes: &[i32]) -> impl Iterator<Item = fs::DirEntry> {
    let open = |pid: &i32| fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    processes.iter().flat_map(open)
}

/// What is in some folders.
#[derive(Debug, Default, PartialEq, Eq)]
struct Use {
    bytes: u64,
    files: u64,
}

impl Use {
    /// Counts until it is more than the limits allow, and follows no link. What cannot be read counts as nothing: its owner may
    /// have locked it, but can put no more into it either.
    fn of(folders: &[PathBuf], limits: &Limits) -> Self {
        let mut found = Self::default();
        let mut left: Vec<PathBuf> = folders.to_vec();
        while let Some(folder) = left.pop() {
            for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
                let Ok(metadata) = entry.metadata() else { continue };
                found.files += 1;
                // Blocks of 512 bytes, whatever the file system's own are: stat(2). A hole takes none.
                found.bytes += metadata.blocks() * 512;
                if metadata.is_dir() {
                    left.push(entry.path());
                }
                if !found.is_within(limits) {
                    return found;
                }
            }
        }
        found
    }

    /// Adds the files without a name that these processes have open, once each.
    fn add_removed(&mut self, processes: &[i32]) {
        let files = open_files(processes).filter_map(|entry| fs::metadata(entry.path()).ok());
        let nameless = files.filter(|metadata| metadata.is_file() && metadata.nlink() == 0);
        let distinct: BTreeMap<(u64, u64), u64> =
            nameless.map(|metadata| ((metadata.dev(), metadata.ino()), metadata.blocks() * 512)).collect();
        self.files += distinct.len() as u64;
        self.bytes += total(distinct.into_values());
    }

    fn is_within(&self, limits: &Limits) -> bool {
        self.bytes <= limits.scratch && self.files <= limits.inodes
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn is_too_much(folder: &Path, limits: &Limits) -> bool {
        !Use::of(&[folder.to_owned()], limits).is_within(limits)
    }

    #[test]
    fn files_are_counted_by_number_and_by_what_they_take() {
        let folder = tempfile::tempdir().unwrap();
        let limits = Limits { scratch: 1 << 20, inodes: 10, ..Limits::default() };
        assert!(!is_too_much(folder.path(), &limits));
        fs::create_dir(folder.path().join("deep")).unwrap();
        fs::write(folder.path().join("deep/large"), vec![1; 2 << 20]).unwrap();
        assert!(is_too_much(folder.path(), &limits));
        fs::remove_file(folder.path().join("deep/large")).unwrap();
        for number in 0..11 {
            fs::write(folder.path().join(number.to_string()), "").unwrap();
        }
        assert!(is_too_much(folder.path(), &limits));
    }
}
