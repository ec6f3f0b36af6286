//! Answers the calls that a sandbox in the host's namespaces may not make itself: seccomp_unotify(2).
//!
//! A filter cannot look behind a pointer, and what it would see there could change before the kernel reads it. So these calls
//! never happen. The supervisor reads their arguments once, looks at them, and does what is asked on a copy of the caller's
//! descriptor, or on a file that it has opened itself:
//!
//! - **connections**: a socket may be bound to the loopback and to no other address, and may connect to a port that somebody in the
//!   sandbox has bound, and to no other;
//! - **modes and times of files**: below the folders that the payload may write to. Landlock does not look after them.

use std::collections::BTreeSet;
use std::ffi::{CString, OsStr};
use std::fs::{self, File};
use std::io;
use std::mem::size_of;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::{AsRawFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use libc::c_long;
use rustix::event::{PollFd, PollFlags, poll};
use rustix::fs::{AtFlags, CWD, Mode, OFlags, ResolveFlags, Timespec, Timestamps, openat2, utimensat};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::sys::{self, Notification};

/// The calls that come here.
pub(super) const CALLS: &[c_long] = &[
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    SYS_FCHMODAT2,
    libc::SYS_utimensat,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utimes,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_futimesat,
];
const SYS_FCHMODAT2: c_long = 452;

/// The ports below are root's: ip(7).
const FIRST_FREE_PORT: u16 = 1024;
/// Connections at a time that wait for their listener.
const MOST_CONNECTING: usize = 64;
/// Bytes of a path, with the one that ends it.
const MAX_PATH: usize = libc::PATH_MAX as usize;

/// Starts the thread that answers. It ends with the last process under the filter.
pub(super) fn start(listener: OwnedFd, writable: Vec<PathBuf>) -> io::Result<()> {
    let writable = writable.into_iter().map(fs::canonicalize).collect::<io::Result<_>>()?;
    let supervisor =
        Arc::new(Supervisor { listener, writable, ports: Mutex::default(), connecting: AtomicUsize::new(0) });
    std::thread::Builder::new().stack_size(256 << 10).spawn(move || supervisor.serve())?;
    Ok(())
}

struct Supervisor {
    listener: OwnedFd,
    /// Folders of the host, without links.
    writable: Vec<PathBuf>,
    /// Ports that somebody in the sandbox has bound.
    ports: Mutex<BTreeSet<u16>>,
    connecting: AtomicUsize,
}

impl Supervisor {
    fn serve(self: Arc<Self>) {
        loop {
            let mut ready = [PollFd::new(&self.listener, PollFlags::IN)];
            match poll(&mut ready, None) {
                Ok(_) if ready[0].revents().contains(PollFlags::IN) => {}
                Err(rustix::io::Errno::INTR) => continue,
                _ => return,
            }
            match sys::receive_notification(&self.listener) {
                Ok(Some(call)) => Self::take(&self, call),
                Ok(None) => {}
                Err(_) => return,
            }
        }
    }

    /// Answers a call. A connection may have to wait for its listener, so each has a thread.
    fn take(this: &Arc<Self>, call: Notification) {
        if c_long::from(call.data.nr) != libc::SYS_connect {
            return sys::answer_notification(&this.listener, call.id, this.answer(&call));
        }
        if this.connecting.fetch_add(1, Ordering::AcqRel) >= MOST_CONNECTING {
            this.connecting.fetch_sub(1, Ordering::AcqRel);
            return sys::answer_notification(&this.listener, call.id, Err(errno(libc::EAGAIN)));
        }
        let supervisor = Arc::clone(this);
        let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(move || {
            sys::answer_notification(&supervisor.listener, call.id, supervisor.answer(&call));
            supervisor.connecting.fetch_sub(1, Ordering::AcqRel);
        });
        if thread.is_err() {
            this.connecting.fetch_sub(1, Ordering::AcqRel);
            sys::answer_notification(&this.listener, call.id, Err(errno(libc::EAGAIN)));
        }
    }

    fn answer(&self, call: &Notification) -> io::Result<i64> {
        let caller = Caller { supervisor: self, call, process: process_of(call.pid)? };
        let [first, second, third, fourth, ..] = call.data.args;
        #[cfg(target_arch = "x86_64")]
        let at_folder = libc::AT_FDCWD as u64;
        match c_long::from(call.data.nr) {
            libc::SYS_connect => self.connect(&caller.descriptor(first)?, caller.address(second, third)?),
            libc::SYS_bind => self.bind(&caller.descriptor(first)?, caller.address(second, third)?),
            libc::SYS_listen => self.listen(&caller.descriptor(first)?, second as i32),
            libc::SYS_fchmod => self.change_mode(&caller.descriptor(first)?, second),
            libc::SYS_fchmodat => self.change_mode(&caller.place(first, second, 0)?, third),
            SYS_FCHMODAT2 => self.change_mode(&caller.place(first, second, fourth)?, third),
            libc::SYS_utimensat => {
                let times = caller.times(third, Unit::Nanoseconds)?;
                let target = if second == 0 {
                    caller.descriptor(first)?
                } else {
                    caller.place(first, second, fourth)?
                };
                self.change_times(&target, &times)
            }
            #[cfg(target_arch = "x86_64")]
            libc::SYS_chmod => self.change_mode(&caller.place(at_folder, first, 0)?, second),
            #[cfg(target_arch = "x86_64")]
            libc::SYS_utime => {
                self.change_times(&caller.place(at_folder, first, 0)?, &caller.times(second, Unit::Seconds)?)
            }
            #[cfg(target_arch = "x86_64")]
            libc::SYS_utimes => self.change_times(
                &caller.place(at_folder, first, 0)?,
                &caller.times(second, Unit::Microseconds)?,
            ),
            #[cfg(target_arch = "x86_64")]
            libc::SYS_futimesat => {
                let times = caller.times(third, Unit::Microseconds)?;
                let target =
                    if second == 0 { caller.descriptor(first)? } else { caller.place(first, second, 0)? };
                self.change_times(&target, &times)
            }
            _ => Err(errno(libc::ENOSYS)),
        }?;
        Ok(0)
    }

    /// Binds a socket to the loopback, also where all addresses were asked for: there is no other.
    fn bind(&self, socket: &OwnedFd, address: SocketAddr) -> io::Result<()> {
        let address = on_loopback(address).ok_or_else(|| errno(libc::EADDRNOTAVAIL))?;
        // The supervisor may be root's; whoever asks has no rights.
        if (1..FIRST_FREE_PORT).contains(&address.port()) {
            return Err(errno(libc::EACCES));
        }
        rustix::net::bind(socket, &address)?;
        self.ports().insert(port_of(socket)?);
        Ok(())
    }

    /// Listens. A socket that was not bound would get a port at every address.
    fn listen(&self, socket: &OwnedFd, backlog: i32) -> io::Result<()> {
        let own =
            SocketAddr::try_from(rustix::net::getsockname(socket)?).map_err(|_| errno(libc::EOPNOTSUPP))?;
        if own.port() == 0 {
            self.bind(socket, own)?;
        }
        Ok(rustix::net::listen(socket, backlog)?)
    }

    fn connect(&self, socket: &OwnedFd, address: SocketAddr) -> io::Result<()> {
        let address = on_loopback(address).ok_or_else(|| errno(libc::ENETUNREACH))?;
        if !self.ports().contains(&address.port()) {
            return Err(errno(libc::ECONNREFUSED));
        }
        Ok(rustix::net::connect(socket, &address)?)
    }

    fn ports(&self) -> std::sync::MutexGuard<'_, BTreeSet<u16>> {
        self.ports.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change_mode(&self, file: &OwnedFd, mode: u64) -> io::Result<()> {
        let name = self.own_name(file)?;
        let mode = u32::try_from(mode).map_err(|_| errno(libc::EINVAL))?;
        if mode & 0o6000 != 0 {
            return Err(errno(libc::EPERM));
        }
        fs::set_permissions(name, fs::Permissions::from_mode(mode & 0o1777))
    }

    fn change_times(&self, file: &OwnedFd, times: &Timestamps) -> io::Result<()> {
        Ok(utimensat(CWD, self.own_name(file)?, times, AtFlags::empty())?)
    }

    /// Returns a name that leads to this very file and to no other, if it lies where the payload may write.
    fn own_name(&self, file: &OwnedFd) -> io::Result<PathBuf> {
        let name = PathBuf::from(format!("/proc/self/fd/{}", file.as_raw_fd()));
        let place = fs::read_link(&name)?;
        match self.writable.iter().any(|folder| place.starts_with(folder)) {
            true => Ok(name),
            false => Err(errno(libc::EPERM)),
        }
    }
}

/// Returns the process that a thread belongs to.
fn process_of(thread: u32) -> io::Result<OwnedFd> {
    let status = fs::read_to_string(format!("/proc/{thread}/status"))?;
    let group = status.lines().find_map(|line| line.strip_prefix("Tgid:")?.trim().parse().ok());
    let process = group.and_then(Pid::from_raw).ok_or_else(|| errno(libc::ESRCH))?;
    Ok(pidfd_open(process, PidfdFlags::empty())?)
}

/// Whoever waits for an answer.
struct Caller<'a> {
    supervisor: &'a Supervisor,
    call: &'a Notification,
    process: OwnedFd,
}

impl Caller<'_> {
    /// Returns a copy of one of its descriptors.
    fn descriptor(&self, number: u64) -> io::Result<OwnedFd> {
        sys::descriptor_of(&self.process, number as RawFd)
    }

    /// Reads its memory, and checks that it still waits, so that it was its own.
    fn read(&self, pointer: u64, length: usize) -> io::Result<Vec<u8>> {
        let memory = File::open(format!("/proc/{}/mem", self.call.pid))?;
        let mut bytes = vec![0; length];
        let mut count = 0;
        // A string may end where the memory does.
        while count < length {
            match memory.read_at(&mut bytes[count..], pointer + count as u64) {
                Ok(0) => break,
                Ok(more) => count += more,
                Err(_) if count > 0 => break,
                Err(_) => return Err(errno(libc::EFAULT)),
            }
        }
        bytes.truncate(count);
        match sys::notification_waits(&self.supervisor.listener, self.call.id) {
            true => Ok(bytes),
            false => Err(errno(libc::ESRCH)),
        }
    }

    fn address(&self, pointer: u64, length: u64) -> io::Result<SocketAddr> {
        let length = usize::try_from(length).unwrap_or(0).min(size_of::<libc::sockaddr_in6>());
        parse_address(&self.read(pointer, length)?)
    }

    fn path(&self, pointer: u64) -> io::Result<CString> {
        let bytes = self.read(pointer, MAX_PATH)?;
        let end = bytes.iter().position(|byte| *byte == 0).ok_or_else(|| errno(libc::ENAMETOOLONG))?;
        CString::new(&bytes[..end]).map_err(|_| errno(libc::EINVAL))
    }

    /// Opens what a path means to the caller, as a place. A link of `/proc` is not followed: here it would lead elsewhere.
    fn place(&self, folder: u64, path: u64, flags: u64) -> io::Result<OwnedFd> {
        let path = self.path(path)?;
        if path.is_empty() && flags & libc::AT_EMPTY_PATH as u64 != 0 {
            return self.descriptor(folder);
        }
        let folder = match folder as i32 {
            libc::AT_FDCWD => sys::open_place(&PathBuf::from(format!("/proc/{}/cwd", self.call.pid)))?,
            _ => self.descriptor(folder)?,
        };
        let stay = flags & libc::AT_SYMLINK_NOFOLLOW as u64 != 0;
        let flags = OFlags::PATH | OFlags::CLOEXEC | if stay { OFlags::NOFOLLOW } else { OFlags::empty() };
        Ok(openat2(
            folder,
            Path::new(OsStr::from_bytes(path.as_bytes())),
            flags,
            Mode::empty(),
            ResolveFlags::NO_MAGICLINKS,
        )?)
    }

    /// Reads the two times, of access and of modification; without them it is now.
    fn times(&self, pointer: u64, unit: Unit) -> io::Result<Timestamps> {
        if pointer == 0 {
            let now = Timespec { tv_sec: 0, tv_nsec: libc::UTIME_NOW };
            return Ok(Timestamps { last_access: now, last_modification: now });
        }
        let words = if matches!(unit, Unit::Seconds) { 2 } else { 4 };
        let bytes = self.read(pointer, words * 8)?;
        let words: Vec<i64> = bytes
            .chunks_exact(8)
            .map(|word| i64::from_ne_bytes(word.try_into().unwrap_or_default()))
            .collect();
        let time = |tv_sec, tv_nsec| Timespec { tv_sec, tv_nsec };
        let [last_access, last_modification] = match (unit, &words[..]) {
            (Unit::Seconds, [access, change]) => [time(*access, 0), time(*change, 0)],
            (Unit::Microseconds, [access, a, change, c]) => {
                [time(*access, a.saturating_mul(1000)), time(*change, c.saturating_mul(1000))]
            }
            (Unit::Nanoseconds, [access, a, change, c]) => [time(*access, *a), time(*change, *c)],
            _ => return Err(errno(libc::EFAULT)),
        };
        Ok(Timestamps { last_access, last_modification })
    }
}

/// What a time's second number counts.
#[derive(Clone, Copy)]
enum Unit {
    /// There is none.
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "a call of x86-64 has it"))]
    Seconds,
    #[cfg_attr(not(target_arch = "x86_64"), expect(dead_code, reason = "a call of x86-64 has it"))]
    Microseconds,
    Nanoseconds,
}

/// Reads a `sockaddr_in` or a `sockaddr_in6`: ip(7), ipv6(7).
fn parse_address(bytes: &[u8]) -> io::Result<SocketAddr> {
    let invalid = || errno(libc::EINVAL);
    let (family, rest) = bytes.split_first_chunk::<2>().ok_or_else(invalid)?;
    let (port, rest) = rest.split_first_chunk::<2>().ok_or_else(invalid)?;
    let port = u16::from_be_bytes(*port);
    let address: IpAddr = match i32::from(u16::from_ne_bytes(*family)) {
        libc::AF_INET => Ipv4Addr::from(*rest.first_chunk::<4>().ok_or_else(invalid)?).into(),
        // The flow comes first.
        libc::AF_INET6 => {
            Ipv6Addr::from(*rest.get(4..).and_then(<[u8]>::first_chunk::<16>).ok_or_else(invalid)?).into()
        }
        _ => return Err(errno(libc::EAFNOSUPPORT)),
    };
    Ok(SocketAddr::new(address, port))
}

/// Returns the address of the loopback that this one means, if it means one. "Any" does.
fn on_loopback(address: SocketAddr) -> Option<SocketAddr> {
    let loopback = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.to_ipv4_mapped().is_some_and(|ip| ip.is_loopback()) => IpAddr::V6(ip),
        ip => ip,
    };
    let is_own = |ip: IpAddr| ip.to_canonical().is_loopback();
    is_own(loopback).then(|| SocketAddr::new(loopback, address.port()))
}

fn port_of(socket: &OwnedFd) -> io::Result<u16> {
    let address = SocketAddr::try_from(rustix::net::getsockname(socket)?);
    address.map(|address| address.port()).map_err(|_| errno(libc::EAFNOSUPPORT))
}

fn errno(number: i32) -> io::Error {
    io::Error::from_raw_os_error(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_loopback_is_the_loopback() {
        let meant = |text: &str| on_loopback(text.parse().unwrap()).map(|address| address.to_string());
        assert_eq!(meant("127.0.0.1:80").as_deref(), Some("127.0.0.1:80"));
        assert_eq!(meant("0.0.0.0:80").as_deref(), Some("127.0.0.1:80"));
        assert_eq!(meant("[::]:80").as_deref(), Some("[::1]:80"));
        assert_eq!(meant("[::ffff:127.0.0.1]:80").as_deref(), Some("[::ffff:127.0.0.1]:80"));
        for stranger in ["10.0.0.1:80", "[fe80::1]:80", "[::ffff:10.0.0.1]:80", "255.255.255.255:1"] {
            assert_eq!(meant(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn an_address_is_read_or_refused() {
        let v4 = [&2_u16.to_ne_bytes()[..], &[0, 80, 127, 0, 0, 1], &[0; 8]].concat();
        assert_eq!(parse_address(&v4).unwrap().to_string(), "127.0.0.1:80");
        let v6 =
            [&10_u16.to_ne_bytes()[..], &[1, 0], &[0; 4], &Ipv6Addr::LOCALHOST.octets(), &[0; 4]].concat();
        assert_eq!(parse_address(&v6).unwrap().to_string(), "[::1]:256");
        for length in 0..8 {
            assert!(parse_address(&v4[..length]).is_err(), "{length}");
        }
        assert!(parse_address(&[1, 0, b'/', b't']).is_err());
    }
}
