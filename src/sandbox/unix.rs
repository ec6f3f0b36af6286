//! What running a command takes on every Unix, with a sandbox or without one.

use std::io;
use std::os::fd::RawFd;
use std::time::Duration;

/// The lowest number of what the init owns; payloads get their descriptors below it.
pub(crate) const SAFE_NUMBER: RawFd = 200;

/// How a child ended and what it used, with everything it had waited for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waited {
    /// Its exit code, unless a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Processor time, user and system.
    pub cpu: Duration,
}

impl std::fmt::Display for Waited {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code, self.signal) {
            (Some(code), _) => write!(f, "code {code}"),
            (_, Some(signal)) => write!(f, "signal {signal}"),
            _ => f.write_str("unknown"),
        }
    }
}

/// Waits for a child (-1: any) and takes it off the process table. Returns which one it was, too.
pub(crate) fn wait4(pid: i32) -> io::Result<(i32, Waited)> {
    let mut status = 0;
    // SAFETY: an all-zero `rusage` is a valid value of that plain C struct.
    let mut usage: libc::rusage = unsafe { std::mem::zeroed() };
    loop {
        // SAFETY: both pointers are to live, writable locals of the right type.
        let waited = unsafe { libc::wait4(pid, &raw mut status, 0, &raw mut usage) };
        if waited >= 0 {
            let code = libc::WIFEXITED(status).then(|| libc::WEXITSTATUS(status));
            let signal = libc::WIFSIGNALED(status).then(|| libc::WTERMSIG(status));
            let cpu = time_of(usage.ru_utime) + time_of(usage.ru_stime);
            return Ok((waited, Waited { code, signal, cpu }));
        }
        let error = io::Error::last_os_error();
        if error.kind() != io::ErrorKind::Interrupted {
            return Err(error);
        }
    }
}

fn time_of(time: libc::timeval) -> Duration {
    Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000)
}
