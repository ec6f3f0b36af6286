//! Which processes there are in a sandbox, and how much memory they use, as `/proc` says.

use std::collections::BTreeMap;
use std::fs;
use std::iter::{once, once_with};

use rustix::process::Pid;

/// Which processes are meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All that there are in this pid namespace, but its init.
    Namespace,
    /// All that descend from this process, which adopts those whose parents are gone.
    Descendants,
}

impl Scope {
    /// Returns the ids of the processes, of those too that have ended and whose parents have not asked yet.
    pub(super) fn processes(self) -> Vec<i32> {
        match self {
            Self::Namespace => all().filter(|pid| *pid > 1).collect(),
            Self::Descendants => descendants(std::process::id().cast_signed()),
        }
    }
}

fn all() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// Returns whoever descends from a process. Kernels may lack the lists of children, and then all processes are asked for their parents.
///
/// A list may miss somebody whose sibling ends meanwhile: proc_pid_task(5). Who must find everybody looks until there is no child.
fn descendants(root: i32) -> Vec<i32> {
    let Some(mut next) = children(root) else { return descendants_by_parent(root) };
    let mut found = Vec::new();
    while let Some(pid) = next.pop() {
        found.push(pid);
        next.extend(children(pid).unwrap_or_default());
    }
    found
}

/// Returns the children of all threads of a process, or nothing where the kernel does not list them.
fn children(pid: i32) -> Option<Vec<i32>> {
    let list = |thread| fs::read_to_string(format!("/proc/{pid}/task/{thread}/children")).ok();
    let lists: Vec<String> = threads(pid).into_iter().filter_map(list).collect();
    let numbers =
        || lists.iter().flat_map(|list| list.split_whitespace()).filter_map(|word| word.parse().ok());
    (!lists.is_empty()).then(|| numbers().collect())
}

fn descendants_by_parent(root: i32) -> Vec<i32> {
    let mut children: BTreeMap<i32, Vec<i32>> = BTreeMap::new();
    for pid in all() {
        if let Some(parent) = field_of(pid, PARENT) {
            children.entry(parent).or_default().push(pid);
        }
    }
    let (mut found, mut next) = (Vec::new(), vec![root]);
    while let Some(parent) = next.pop() {
        let born = children.remove(&parent).unwrap_or_default();
        found.extend(&born);
        next.extend(born);
    }
    found
}

/// Which field of proc_pid_stat(5) is meant, counted after the name in brackets, which may hold anything.
type Field = usize;
const STATE: Field = 0;
const PARENT: Field = 1;
const GROUP: Field = 2;

/// Returns a file of a process. Its name stands in some, and may hold anything, also what is not text.
fn about(pid: i32, file: &str) -> Option<String> {
    Some(String::from_utf8_lossy(&fs::read(format!("/proc/{pid}/{file}")).ok()?).into_owned())
}

fn fields_of(pid: i32) -> Option<Vec<String>> {
    let stat = about(pid, "stat")?;
    let (_, fields) = stat.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn field_of(pid: i32, field: Field) -> Option<i32> {
    fields_of(pid)?.get(field)?.parse().ok()
}

/// Returns whether somebody has stopped a process.
pub(super) fn is_stopped(pid: i32) -> bool {
    fields_of(pid).is_some_and(|fields| fields.get(STATE).is_some_and(|state| state == "T"))
}

/// Returns the process group of a process.
pub(super) fn group_of(pid: i32) -> Option<Pid> {
    Pid::from_raw(field_of(pid, GROUP)?)
}

/// Returns a thread that shows the memory of a process, and how much it is. The first thread shows nothing once it has ended, while others
/// go on with the memory. In /proc, threads have names as processes have: proc(5).
pub(super) fn size(pid: i32) -> Option<(i32, u64)> {
    once(pid).chain(once_with(|| threads(pid)).flatten()).find_map(|thread| Some((thread, resident(thread)?)))
}

/// Returns the memory of a thread's process with what is shared divided by how many share it. A process that is not dumpable
/// may be closed to the init; whoever hides it is counted in full.
pub(super) fn exact_size(thread: i32) -> Option<u64> {
    proportional(thread).or_else(|| resident(thread))
}

fn threads(pid: i32) -> Vec<i32> {
    let entries = fs::read_dir(format!("/proc/{pid}/task")).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// Returns the bytes of own and shared memory that are in use, without files: proc_pid_status(5).
fn resident(pid: i32) -> Option<u64> {
    let status = about(pid, "status")?;
    Some(kilobytes(&status, "RssAnon:")?.saturating_add(kilobytes(&status, "RssShmem:")?))
}

/// Returns the same with what is shared divided by how many share it: proc_pid_smaps(5).
fn proportional(pid: i32) -> Option<u64> {
    let rollup = about(pid, "smaps_rollup")?;
    Some(total(["Pss_Anon:", "Pss_Shmem:"].into_iter().filter_map(|name| kilobytes(&rollup, name))))
}

/// Adds sizes up, as far as numbers go.
pub(super) fn total(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.fold(0, u64::saturating_add)
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let field = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(field.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_real_process_are_found() {
        let own = std::process::id().cast_signed();
        assert!(resident(own).unwrap() > 100 << 10);
        assert!(proportional(own).unwrap() > 100 << 10);
        assert_eq!(size(own).map(|(thread, _)| thread), Some(own));
        assert!(exact_size(own).unwrap() > 100 << 10);
        assert_eq!(group_of(own), Some(rustix::process::getpgrp()));
        assert!(Scope::Namespace.processes().contains(&own));
    }

    #[test]
    fn children_of_children_are_found_and_strangers_are_not() {
        let mut child =
            std::process::Command::new("/bin/sh").args(["-c", "sleep 60 & wait"]).spawn().unwrap();
        let pid = child.id().cast_signed();
        let deadline = std::time::Instant::now() + std::time::Duration::from_secs(5);
        while descendants(pid).is_empty() && std::time::Instant::now() < deadline {
            std::thread::yield_now();
        }
        let found = Scope::Descendants.processes();
        let below = descendants(pid);
        assert_eq!(descendants_by_parent(pid), below);
        assert!(found.contains(&pid) && !found.contains(&1), "{found:?}");
        assert!(!below.is_empty() && below.iter().all(|each| found.contains(each)), "{below:?}");
        for pid in below {
            let _ = rustix::process::kill_process(Pid::from_raw(pid).unwrap(), rustix::process::Signal::KILL);
        }
        child.kill().unwrap();
        child.wait().unwrap();
    }
}
