//! Starts an init by executing it, in a clone of `grade` itself.
//!
//! ```text
//! grade ── clone ──► child: arranges descriptors, waits for one byte ── execveat ──► init (`grade __sandbox-init`)
//! ```
//!
//! The child closes all descriptors but its own at once, so that two children cannot keep each other's lifeline open.

use std::ffi::CString;
use std::fs::File;
use std::io;
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use super::launch::{Given, LIFELINE, ORDER, RECORDS};
use super::sys;

/// Starts an init from a program with its command line. Returns its pid and pidfd.
pub(super) fn execute_init(
    given: &Given<'_>,
    program: BorrowedFd<'_>,
    command_line: &[CString],
) -> io::Result<(i32, OwnedFd)> {
    let null = File::options().read(true).write(true).open("/dev/null")?;
    Plan::new(null.as_fd(), given, program, command_line).clone_child(given.group)
}

/// What the cloned child does before it executes the init; made beforehand, as the child may not allocate.
struct Plan<'a> {
    /// The descriptors that become 0, 1, 2, …; the last one is the program.
    descriptors: Vec<RawFd>,
    /// Its command line; a null pointer ends it.
    command_line: Vec<*const libc::c_char>,
    /// The namespaces that it gets, in which it keeps its capabilities.
    namespaces: libc::c_int,
    /// The words of the command line live as long as the plan.
    _words: PhantomData<&'a [CString]>,
}

impl<'a> Plan<'a> {
    fn new(
        null: BorrowedFd<'_>,
        given: &Given<'_>,
        program: BorrowedFd<'_>,
        command_line: &'a [CString],
    ) -> Self {
        let streams = [null.as_raw_fd(); ORDER as usize];
        let descriptors = given.descriptors.iter().chain([&program]).map(AsRawFd::as_raw_fd);
        let words = command_line.iter().map(|word| word.as_ptr()).chain([std::ptr::null()]);
        Self {
            descriptors: streams.into_iter().chain(descriptors).collect(),
            command_line: words.collect(),
            namespaces: given.namespaces,
            _words: PhantomData,
        }
    }

    /// Clones, and returns the child's pid and pidfd. The child never returns.
    fn clone_child(&mut self, group: Option<BorrowedFd<'_>>) -> io::Result<(i32, OwnedFd)> {
        let mut pidfd: RawFd = -1;
        // SAFETY: other threads may hold locks at this moment, so the child only makes system calls (see `child::run`) and never returns.
        match unsafe { sys::clone_process(self.namespaces, group, Some(&mut pidfd)) }? {
            // SAFETY: this is the child of the clone, and the plan was made before it.
            None => unsafe { child::run(&mut self.descriptors, &self.command_line, self.namespaces != 0) },
            // SAFETY: the kernel stored a new descriptor in `pidfd`, which nobody else owns.
            Some(pid) => Ok((pid, unsafe { OwnedFd::from_raw_fd(pidfd) })),
        }
    }
}

/// The cloned child between clone and exec: system calls on memory that was prepared, and nothing else.
mod child {
    use super::{LIFELINE, RECORDS};
    use std::os::fd::RawFd;

    const CAPABILITY_VERSION_3: u32 = 0x2008_0522;

    /// Arranges the descriptors, waits for the go-ahead, keeps its capabilities, executes the init.
    ///
    /// # Safety
    ///
    /// To be called in a freshly cloned child only, with descriptors that were open in the parent, and a command line of C strings that a
    /// null pointer ends.
    pub(super) unsafe fn run(
        descriptors: &mut [RawFd],
        command_line: &[*const libc::c_char],
        namespaces: bool,
    ) -> ! {
        // SAFETY: (the whole body) only async-signal-safe system calls; pointers are to statics, to locals, or to the
        // slice, all of which outlive the calls; no allocation, no lock, no unwinding.
        unsafe {
            let count = descriptors.len() as RawFd;
            // First out of the way of 0, 1, 2, …, then there; a complaint goes to wherever the record pipe is by then.
            let mut records = descriptors[RECORDS as usize];
            for descriptor in descriptors.iter_mut() {
                *descriptor =
                    ok(libc::fcntl(*descriptor, libc::F_DUPFD, count), records, b"arrange descriptors");
            }
            records = descriptors[RECORDS as usize];
            for (number, descriptor) in (0..).zip(descriptors.iter()) {
                ok(libc::dup2(*descriptor, number), records, b"arrange descriptors");
            }
            let closed = libc::syscall(libc::SYS_close_range, count, u32::MAX, 0);
            ok(closed as libc::c_int, RECORDS, b"close inherited descriptors");
            let program = count - 1;
            ok(libc::fcntl(program, libc::F_SETFD, libc::FD_CLOEXEC), RECORDS, b"arrange descriptors");
            let mut go = 0_u8;
            if libc::read(LIFELINE, (&raw mut go).cast(), 1) != 1 {
                libc::_exit(0);
            }
            if namespaces {
                keep_capabilities();
            }
            let argv = command_line;
            let envp = [std::ptr::null::<libc::c_char>()];
            let flags = libc::AT_EMPTY_PATH;
            libc::syscall(libc::SYS_execveat, program, c"".as_ptr(), argv.as_ptr(), envp.as_ptr(), flags);
            fail(RECORDS, b"execute the init");
        }
    }

    /// Makes all capabilities ambient, so that they outlive the exec of a user who is not root inside.
    unsafe fn keep_capabilities() {
        // SAFETY: as in `run`; the capability structs are locals of the size that version 3 prescribes.
        unsafe {
            let mut header = [CAPABILITY_VERSION_3, 0];
            let mut data = [0_u32; 6]; // twice (effective, permitted, inheritable): low, then high words
            let pointer = header.as_mut_ptr();
            ok(
                libc::syscall(libc::SYS_capget, pointer, data.as_mut_ptr()) as libc::c_int,
                RECORDS,
                b"read capabilities",
            );
            (data[2], data[5]) = (data[1], data[4]);
            ok(
                libc::syscall(libc::SYS_capset, pointer, data.as_ptr()) as libc::c_int,
                RECORDS,
                b"keep capabilities",
            );
            for capability in 0..64 {
                let word = data[if capability < 32 { 1 } else { 4 }];
                if word & (1 << (capability % 32)) != 0 {
                    let raise = libc::PR_CAP_AMBIENT_RAISE;
                    ok(
                        libc::prctl(libc::PR_CAP_AMBIENT, raise, capability, 0, 0),
                        RECORDS,
                        b"keep capabilities",
                    );
                }
            }
        }
    }

    unsafe fn ok(result: libc::c_int, records: RawFd, step: &[u8]) -> libc::c_int {
        if result < 0 {
            // SAFETY: as in `run`.
            unsafe { fail(records, step) }
        }
        result
    }

    /// Writes a `Record::Failed` by hand and ends.
    unsafe fn fail(records: RawFd, step: &[u8]) -> ! {
        // SAFETY: as in `run`.
        unsafe {
            let errno = *libc::__errno_location();
            let digits =
                [b'0' + (errno / 100 % 10) as u8, b'0' + (errno / 10 % 10) as u8, b'0' + (errno % 10) as u8];
            let significant = &digits[usize::from(errno < 10) + usize::from(errno < 100)..];
            for part in [&b"{\"Failed\":{\"step\":\""[..], step, b"\",\"errno\":", significant, b"}}\n"] {
                libc::write(records, part.as_ptr().cast(), part.len());
            }
            libc::_exit(127);
        }
    }
}
