//! The few system calls that neither `std` nor `rustix` offers, each in a small safe wrapper.
//!
//! All `unsafe` of the sandbox is in this file, in `unix`, and in `execute`, whose child runs between clone and exec.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;

use rustix::fs::CWD;

use super::unix::SAFE_NUMBER;

/// `CLONE_INTO_CGROUP` of linux/sched.h; libc's overflows.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// Forks. The caller has one thread only, so the child may run ordinary code.
pub(crate) fn fork_single_threaded() -> io::Result<Option<i32>> {
    // SAFETY: the init has not started a thread yet, so no lock of another thread can be held in the child.
    match unsafe { libc::fork() } {
        -1 => Err(io::Error::last_os_error()),
        0 => Ok(None),
        pid => Ok(Some(pid)),
    }
}

/// Clones this process with these flags, in a cgroup from its first moment where one is given: to move it later would wait for the whole
/// machine. Stores the clone's pidfd where that is asked for. Returns the clone's pid, and nothing in the clone.
///
/// By `clone` where that will do, as containers' filters answer ENOSYS to `clone3`, also where they have nothing against its flags. Only
/// `clone3` knows cgroups: clone(2).
///
/// # Safety
///
/// Where the caller has other threads, which may hold locks, the clone must make system calls only and not return.
pub(crate) unsafe fn clone_process(
    flags: libc::c_int,
    group: Option<BorrowedFd<'_>>,
    pidfd: Option<&mut RawFd>,
) -> io::Result<Option<i32>> {
    let flags = flags | if pidfd.is_some() { libc::CLONE_PIDFD } else { 0 };
    let pidfd = pidfd.map_or(std::ptr::null_mut(), |pidfd| pidfd as *mut RawFd);
    // A sibling ends with the signal that this process ends with.
    let signal = if flags & libc::CLONE_PARENT == 0 { libc::SIGCHLD } else { 0 };
    let pid = match group {
        // SAFETY: without CLONE_VM this is a fork, in which the clone has its own copy of everything, its stack too. The kernel stores the
        // pidfd through the third argument, which is a live local of the caller's where the flags say so.
        None => unsafe { libc::syscall(libc::SYS_clone, libc::c_long::from(flags | signal), 0, pidfd, 0, 0) },
        Some(group) => {
            // SAFETY: an all-zero `clone_args` is a valid value of that plain C struct.
            let mut wanted: libc::clone_args = unsafe { std::mem::zeroed() };
            wanted.flags = flags as u64 | CLONE_INTO_CGROUP;
            wanted.pidfd = pidfd as u64;
            wanted.exit_signal = signal as u64;
            wanted.cgroup = group.as_raw_fd() as u64;
            // SAFETY: as above; the struct lives until the call returns, and its size is passed along.
            unsafe { libc::syscall(libc::SYS_clone3, &raw mut wanted, size_of::<libc::clone_args>()) }
        }
    };
    match pid {
        0 => Ok(None),
        1.. => Ok(Some(pid as i32)),
        _ => Err(io::Error::last_os_error()),
    }
}

/// Clones this process as a child of its own parent's, into namespaces and a cgroup. Returns nothing in the clone. The caller has one thread
/// only, so the clone may run ordinary code.
///
/// `CLONE_PARENT` goes with a pid namespace since Linux 3.13 ("fork: Allow CLONE_PARENT after setns(CLONE_NEWPID)"); clone(2) still says that
/// it does not.
pub(crate) fn clone_sibling(
    namespaces: libc::c_int,
    group: Option<BorrowedFd<'_>>,
) -> io::Result<Option<i32>> {
    // SAFETY: the nursery has one thread. What the C library remembers of it is its thread's number, which only locks use, to tell threads
    // of one process apart.
    unsafe { clone_process(libc::CLONE_PARENT | namespaces, group, None) }
}

/// Gives every signal its default effect again: an exec keeps what is ignored, and background jobs ignore Ctrl-C.
pub(crate) fn default_signals() {
    for signal in 1..=31 {
        // SAFETY: `SIG_DFL` is no function of ours, so nothing runs on a signal. The two signals that cannot be changed are refused,
        // which needs no answer.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

/// Makes a mount, and with `recursive` all mounts below it, read-only, without setuid and (with `nodev`) without devices.
///
/// `mount_setattr` is there since Linux 5.12: <https://man7.org/linux/man-pages/man2/mount_setattr.2.html>.
pub(crate) fn restrict_mount(mount: impl AsFd, recursive: bool, attributes: u64) -> io::Result<()> {
    let attr = libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation: 0, userns_fd: 0 };
    let flags = libc::AT_EMPTY_PATH | if recursive { libc::AT_RECURSIVE } else { 0 };
    // SAFETY: the path is a C string, `attr` a live struct whose size is passed along; the kernel only reads both.
    let result = unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            mount.as_fd().as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw const attr,
            size_of::<libc::mount_attr>(),
        )
    };
    check(result).map(drop)
}

/// Brings the loopback interface up.
pub(crate) fn loopback_up() -> io::Result<()> {
    let socket = rustix::net::socket(rustix::net::AddressFamily::INET, rustix::net::SocketType::DGRAM, None)?;
    // SAFETY: an all-zero `ifreq` is a valid value of that plain C struct.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = from.cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: SIOCSIFFLAGS reads one `ifreq`, which lives until the call returns.
    check(unsafe { libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, &raw const request) }.into()).map(drop)
}

/// Closes every descriptor but the standard streams and one. The caller has just been executed and owns no other.
pub(crate) fn close_all_but(kept: &OwnedFd) -> io::Result<()> {
    let kept = kept.as_raw_fd().cast_unsigned();
    for (first, last) in [(3, kept - 1), (kept + 1, u32::MAX)] {
        // SAFETY: no pointers; nobody owns what is closed, as the caller says.
        check(unsafe { libc::syscall(libc::SYS_close_range, first, last, 0) })?;
    }
    Ok(())
}

/// Marks every descriptor from `first` on as to be closed on exec.
pub(crate) fn close_on_exec_from(first: u32) -> io::Result<()> {
    // SAFETY: no pointers; only the flag of descriptors changes, no descriptor is closed.
    let result = unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, libc::CLOSE_RANGE_CLOEXEC) };
    match check(result) {
        // The flag is there since Linux 5.11, the call since 5.9: close_range(2).
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => close_each_on_exec_from(first),
        result => result.map(drop),
    }
}

fn close_each_on_exec_from(first: u32) -> io::Result<()> {
    let open: Vec<RawFd> = std::fs::read_dir("/proc/self/fd")?
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|number| i64::from(*number) >= i64::from(first))
        .collect();
    for number in open {
        // SAFETY: only the flag of a descriptor changes. The one that the folder was read by is closed by now, and that is no harm.
        unsafe { libc::fcntl(number, libc::F_SETFD, libc::FD_CLOEXEC) };
    }
    Ok(())
}

/// Gives a copy of a descriptor a number of the caller's choice, to be kept over an exec.
pub(crate) fn install(descriptor: impl AsFd, number: RawFd) -> io::Result<()> {
    // SAFETY: nobody owns `number`: it is below `SAFE_NUMBER`, and everything that the init owns was raised above.
    check(unsafe { libc::dup2(descriptor.as_fd().as_raw_fd(), number) }.into()).map(drop)
}

/// Moves a descriptor out of the way of every number that a payload may ask for.
pub(crate) fn raise(descriptor: impl AsFd) -> io::Result<OwnedFd> {
    Ok(rustix::io::fcntl_dupfd_cloexec(descriptor, SAFE_NUMBER)?)
}

/// Takes over a descriptor that the launcher left at a fixed number, and moves it out of the payload's way.
pub(crate) fn adopt(number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: F_GETFD has no effect but to say whether `number` is open.
    check(unsafe { libc::fcntl(number, libc::F_GETFD) }.into())?;
    // SAFETY: it is open, the launcher put it there for the init, and the init adopts each number once, at its start.
    raise(unsafe { OwnedFd::from_raw_fd(number) })
}

/// Opens a path as a place: no right to read or write comes with it.
pub(crate) fn open_place(path: &Path) -> io::Result<OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    Ok(rustix::fs::openat(CWD, path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?)
}

/// Returns bytes as an open file without a name, positioned at its start, that nobody can change.
///
/// Where there are no memfds (some containers) it is an unlinked temporary file, which its holder can change.
pub(crate) fn sealed_file(name: &str, bytes: &[u8]) -> io::Result<OwnedFd> {
    use rustix::fs::{MemfdFlags, SealFlags, fcntl_add_seals, memfd_create};
    use std::io::{Seek, Write};
    let memory = memfd_create(name, MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING).ok();
    let sealable = memory.is_some();
    let mut file = memory.map_or_else(tempfile::tempfile, |memory| Ok(memory.into()))?;
    file.write_all(bytes)?;
    file.rewind()?;
    if sealable {
        fcntl_add_seals(&file, SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL)?;
    }
    Ok(file.into())
}

/// Asks to be traced by the parent, which a sandbox refuses.
pub(crate) fn trace_me() -> io::Result<()> {
    let nothing = std::ptr::null_mut::<libc::c_void>();
    // SAFETY: PTRACE_TRACEME reads none of its other arguments.
    check(unsafe { libc::ptrace(libc::PTRACE_TRACEME, 0, nothing, nothing) }).map(drop)
}

/// Puts a filter in force whose notifications come to the descriptor that is returned: seccomp(2), `SECCOMP_FILTER_FLAG_NEW_LISTENER`.
pub(crate) fn listening_filter(program: &[seccompiler::sock_filter]) -> io::Result<OwnedFd> {
    let length = program.len().try_into().map_err(|_| io::ErrorKind::InvalidInput)?;
    // The library's instruction has the layout of the kernel's, which it hands its own filters over in.
    let program = libc::sock_fprog { len: length, filter: program.as_ptr().cast_mut().cast() };
    // SAFETY: the kernel reads `len` instructions of the program, which lives until the call returns.
    let listener = check(unsafe {
        libc::syscall(
            libc::SYS_seccomp,
            libc::SECCOMP_SET_MODE_FILTER,
            libc::SECCOMP_FILTER_FLAG_NEW_LISTENER,
            &raw const program,
        )
    })?;
    // SAFETY: the kernel has made this descriptor for us, and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(listener as RawFd) })
}

/// What seccomp_unotify(2) tells of a call that waits for its answer.
pub(crate) use libc::seccomp_notif as Notification;

/// Waits for a call. Returns nothing where the caller has gone meanwhile.
pub(crate) fn receive_notification(listener: impl AsFd) -> io::Result<Option<Notification>> {
    // SAFETY: an all-zero notification is a valid value of that plain C struct, and the one that the kernel asks for.
    let mut notification: Notification = unsafe { std::mem::zeroed() };
    // SAFETY: the kernel writes one notification to a live local.
    let received = unsafe { libc::ioctl(listener.as_fd().as_raw_fd(), NOTIF_RECV, &raw mut notification) };
    match check(received.into()) {
        Ok(_) => Ok(Some(notification)),
        Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Answers a call: the value that it returns, or the error. A caller that has gone needs no answer.
pub(crate) fn answer_notification(listener: impl AsFd, id: u64, answer: io::Result<i64>) {
    let (val, error) = match answer {
        Ok(value) => (value, 0),
        Err(error) => (0, -error.raw_os_error().unwrap_or(libc::EPERM)),
    };
    let response = libc::seccomp_notif_resp { id, val, error, flags: 0 };
    // SAFETY: the kernel reads one response, which lives until the call returns.
    unsafe { libc::ioctl(listener.as_fd().as_raw_fd(), NOTIF_SEND, &raw const response) };
}

/// Returns whether the call still waits, so that what was read of its process was its own.
pub(crate) fn notification_waits(listener: impl AsFd, id: u64) -> bool {
    // SAFETY: the kernel reads one number, which lives until the call returns.
    unsafe { libc::ioctl(listener.as_fd().as_raw_fd(), NOTIF_ID_VALID, &raw const id) == 0 }
}

/// linux/seccomp.h: `SECCOMP_IOCTL_NOTIF_RECV`, `_SEND`, `_ID_VALID`.
const NOTIF_RECV: libc::Ioctl = 0xC050_2100_u32 as libc::Ioctl;
const NOTIF_SEND: libc::Ioctl = 0xC018_2101_u32 as libc::Ioctl;
const NOTIF_ID_VALID: libc::Ioctl = 0x4008_2102_u32 as libc::Ioctl;

/// Returns the version of Landlock that this kernel has: landlock_create_ruleset(2).
pub(crate) fn landlock_version() -> io::Result<u32> {
    const VERSION: libc::c_uint = 1;
    // SAFETY: where the version is asked for, there is no ruleset to be read.
    let version = check(unsafe {
        libc::syscall(libc::SYS_landlock_create_ruleset, std::ptr::null::<u8>(), 0_usize, VERSION)
    })?;
    u32::try_from(version).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Returns a copy of another process's descriptor: pidfd_getfd(2).
pub(crate) fn descriptor_of(process: impl AsFd, number: RawFd) -> io::Result<OwnedFd> {
    // SAFETY: no pointers.
    let copy =
        check(unsafe { libc::syscall(libc::SYS_pidfd_getfd, process.as_fd().as_raw_fd(), number, 0) })?;
    // SAFETY: the kernel has made this descriptor for us, and nobody else owns it.
    Ok(unsafe { OwnedFd::from_raw_fd(copy as RawFd) })
}

fn check(result: libc::c_long) -> io::Result<libc::c_long> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}
