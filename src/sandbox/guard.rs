//! What the init's second thread looks after while the payload runs: that `grade` is still there, and the memory of all processes together.
//!
//! The kernel limits the memory of one process at a time; a hundred of them may have a hundred times as much, and cgroups are not
//! everybody's to use. So the memory is added up from outside. What is shared after a fork counts once: the cheap sum counts
//! it for each process, and only when that is too much the exact one is taken, which costs some milliseconds.

use std::fs::{self, File};
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Signal, kill_process_group};

use super::init::{exit, say};
use super::wire::Record;
use crate::outcome::Limit;

/// How often the memory is added up. A process can take some hundred megabytes meanwhile.
const PACE: Duration = Duration::from_millis(50);

/// Starts the thread. It ends the init, and with it everything inside, when the other end of the lifeline is closed, or when all
/// processes have more than `memory` bytes and the largest belongs to the process group of `payload`. Any other group is killed by itself.
/// The payload may become known later.
pub(super) fn start(
    lifeline: OwnedFd,
    payload: Arc<AtomicI32>,
    memory: u64,
    mut records: File,
) -> io::Result<()> {
    let watcher = std::thread::Builder::new().stack_size(128 << 10);
    watcher.spawn(move || {
        let mut lifeline = File::from(lifeline);
        loop {
            match is_readable(&lifeline) {
                Ok(true) if matches!(lifeline.read(&mut [0]), Ok(1)) => {}
                Ok(false) => {
                    if let Some(group) = culprit(memory) {
                        end(group, payload.load(Ordering::Acquire), &mut records);
                    }
                }
                Ok(true) | Err(_) => exit(1),
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

/// Kills a process group, or, where that is the payload's own, everything.
fn end(group: Pid, payload: i32, records: &mut File) {
    if group.as_raw_nonzero().get() == payload {
        let _ = say(records, &Record::Limit(Limit::Memory));
        exit(1);
    }
    let _ = kill_process_group(group, Signal::KILL);
}

/// Returns the process group of the largest process, if all processes together have more than `memory` bytes.
fn culprit(memory: u64) -> Option<Pid> {
    let sizes: Vec<(i32, u64)> = processes().filter_map(|pid| Some((pid, resident(pid)?))).collect();
    if total(sizes.iter().map(|(_, size)| *size)) <= memory {
        return None;
    }
    if total(sizes.iter().filter_map(|(pid, _)| proportional(*pid))) <= memory {
        return None;
    }
    let (largest, _) = sizes.into_iter().max_by_key(|(_, size)| *size)?;
    group_of(largest)
}

fn total(sizes: impl Iterator<Item = u64>) -> u64 {
    sizes.fold(0, u64::saturating_add)
}

/// Returns every process but the init.
fn processes() -> impl Iterator<Item = i32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(|pid| *pid > 1)
}

/// Returns the bytes of a process's own and shared memory that are in use, without files: proc_pid_status(5).
fn resident(pid: i32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    Some(total(["RssAnon:", "RssShmem:"].into_iter().filter_map(|name| kilobytes(&status, name))))
}

/// Returns the same with what is shared divided by how many share it: proc_pid_smaps(5).
fn proportional(pid: i32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    Some(total(["Pss_Anon:", "Pss_Shmem:"].into_iter().filter_map(|name| kilobytes(&rollup, name))))
}

fn kilobytes(text: &str, name: &str) -> Option<u64> {
    let field = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(field.split_whitespace().next()?.parse::<u64>().ok()? << 10)
}

/// Returns the process group: field 5 of proc_pid_stat(5), counted after the name in brackets, which may hold anything.
fn group_of(pid: i32) -> Option<Pid> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = stat.rsplit_once(')')?;
    Pid::from_raw(fields.split_whitespace().nth(2)?.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_fields_of_a_real_process_are_found() {
        let own = std::process::id().cast_signed();
        assert!(resident(own).unwrap() > 100 << 10);
        assert!(proportional(own).unwrap() > 100 << 10);
        assert_eq!(group_of(own), Some(rustix::process::getpgrp()));
        assert!(processes().any(|pid| pid == own));
    }
}
