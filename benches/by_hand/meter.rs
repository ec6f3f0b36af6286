//! Measures wall and processor time of a piece of work and of every process that it starts.
//!
//! `getrusage(RUSAGE_CHILDREN)` knows only processes that their parents have waited for. `grade` kills candidates, and the end of a
//! pid namespace reaps what is in it unseen (`pid_namespaces(7)`, `zap_pid_ns_processes` in the kernel), so that would flatter it.
//! The kernel's task clock is counted where a task runs, and inherited by whatever it starts:
//! <https://man7.org/linux/man-pages/man2/perf_event_open.2.html>. Where that is refused, the usage of children has to do,
//! and the report says so.

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::FromRawFd;
use std::time::{Duration, Instant};

use crate::statistics::Cost;

const TYPE_SOFTWARE: u32 = 1;
const COUNT_TASK_CLOCK: u64 = 1;
/// `inherit`, `exclude_kernel` and `exclude_hv`. The task clock counts the kernel's part nevertheless; without the
/// flag it is for administrators alone.
const FLAGS: u64 = 1 << 1 | 1 << 5 | 1 << 6;

/// `struct perf_event_attr` in its first published size, `PERF_ATTR_SIZE_VER0`.
#[repr(C)]
#[derive(Default)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    breakpoint_type: u32,
    config1: u64,
}

/// Measures the thread that opened it, and what that starts.
#[derive(Debug)]
pub struct Meter {
    task_clock: Option<File>,
}

impl Meter {
    /// Returns a meter for this thread, which must have started nothing yet that is to be measured.
    pub fn open() -> Self {
        Self { task_clock: open_task_clock().ok() }
    }

    /// Returns what processor time is measured by, for the report.
    pub fn method(&self) -> &'static str {
        match self.task_clock {
            Some(_) => "the kernel's task clock of all processes",
            None => {
                "getrusage of children, which misses processes that were killed in a sandbox: too low for grade"
            }
        }
    }

    /// Does the work and returns what it took.
    ///
    /// # Errors
    ///
    /// The work's own.
    pub fn measure(&self, work: impl FnOnce() -> io::Result<()>) -> io::Result<Cost> {
        let (begun, before) = (Instant::now(), self.processor_time()?);
        work()?;
        Ok(Cost { wall: begun.elapsed(), cpu: self.processor_time()?.saturating_sub(before) })
    }

    fn processor_time(&self) -> io::Result<Duration> {
        let Some(mut task_clock) = self.task_clock.as_ref() else { return usage_of_children() };
        let mut nanos = [0; 8];
        task_clock.read_exact(&mut nanos)?;
        Ok(Duration::from_nanos(u64::from_ne_bytes(nanos)))
    }
}

fn open_task_clock() -> io::Result<File> {
    let size = size_of::<Attributes>() as u32;
    let attributes = Attributes {
        kind: TYPE_SOFTWARE,
        size,
        config: COUNT_TASK_CLOCK,
        flags: FLAGS,
        ..Attributes::default()
    };
    let (this_thread, any_processor, no_group, close_on_exec) = (0, -1, -1, 8);
    // SAFETY: the kernel reads `size` bytes of a live, initialised struct, and touches no other memory of ours.
    let opened = unsafe {
        let attributes = &raw const attributes;
        libc::syscall(
            libc::SYS_perf_event_open,
            attributes,
            this_thread,
            any_processor,
            no_group,
            close_on_exec,
        )
    };
    match i32::try_from(opened) {
        // SAFETY: a descriptor that was just opened and that nobody else owns.
        Ok(descriptor @ 0..) => Ok(unsafe { File::from_raw_fd(descriptor) }),
        _ => Err(io::Error::last_os_error()),
    }
}

fn usage_of_children() -> io::Result<Duration> {
    // SAFETY: all zeroes is a value of this struct of integers, which the kernel fills.
    let usage = unsafe {
        let mut usage: libc::rusage = std::mem::zeroed();
        match libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut usage) {
            0 => usage,
            _ => return Err(io::Error::last_os_error()),
        }
    };
    let time = |time: libc::timeval| {
        Duration::from_secs(time.tv_sec.unsigned_abs()) + Duration::from_micros(time.tv_usec.unsigned_abs())
    };
    Ok(time(usage.ru_utime) + time(usage.ru_stime))
}
