//! A process that is executed once and cloned for every init: an execution takes longer than all namespaces together.
//!
//! ```text
//! grade ──namespaces, descriptors──► nursery (`grade __sandbox-nursery`) ── clone ──► init, a child of grade's
//!   ◄──────────────pid────────────────┘
//! ```
//!
//! It has one thread, no environment and no descriptor but its socket, so a clone of it is as clean as an init that was executed. It ends
//! when the socket does, however `grade` ends. It runs nobody's code; where it cannot be had, inits are executed.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rustix::io::retry_on_intr;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{RecvFlags, SendFlags, recv, send};
use rustix::process::{Pid, PidfdFlags, pidfd_open};

use super::init::{exit, init_main};
use super::launch::{Given, LIFELINE, ORDER};
use super::passing::{message_sockets, receive_with, send_with};
use super::sys;

/// The word that makes `grade` a nursery: `grade __sandbox-nursery`.
pub(super) const NURSERY_WORD: &str = "__sandbox-nursery";

/// How long a clone may take; it takes less than a millisecond.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running nursery. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Nursery {
    /// Locked from a question to its answer. Gone when one has failed, as what comes then may be the answer to another.
    control: Mutex<Option<OwnedFd>>,
    process: std::process::Child,
}

impl Nursery {
    /// Starts one from a build of `grade`.
    pub(super) fn start(program: BorrowedFd<'_>) -> io::Result<Self> {
        let (control, theirs) = message_sockets()?;
        set_socket_timeout(&control, Timeout::Recv, Some(PATIENCE))?;
        let mut command = Command::new(format!("/proc/self/fd/{}", program.as_raw_fd()));
        command.arg0("grade").arg(NURSERY_WORD).env_clear();
        command.stdin(theirs).stdout(Stdio::null()).stderr(Stdio::null());
        // What a Ctrl-C means is for `grade` to say.
        let process = command.process_group(0).spawn()?;
        Ok(Self { control: Mutex::new(Some(control)), process })
    }

    /// Has an init cloned. Returns its pid and pidfd, or nothing where there is no nursery any more, or no such clone to be had.
    pub(super) fn clone_init(&self, given: &Given<'_>) -> io::Result<Option<(i32, OwnedFd)>> {
        let mut control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(socket) = control.as_ref() else { return Ok(None) };
        let question = Question { namespaces: given.namespaces, grouped: given.group.is_some() };
        let descriptors: Vec<BorrowedFd<'_>> = given.descriptors.iter().copied().chain(given.group).collect();
        if send_with(socket, &question.bytes(), &descriptors).is_err() {
            *control = None;
            return Ok(None);
        }
        match hear(socket) {
            Ok(raw) if raw > 0 => {
                // It is a child of this process, so its number is its own until it has been waited for.
                let pid = Pid::from_raw(raw).ok_or(io::ErrorKind::InvalidData)?;
                Ok(Some((raw, pidfd_open(pid, PidfdFlags::empty())?)))
            }
            // Not every kernel makes siblings with namespaces of their own.
            Ok(refused) if -refused == libc::EINVAL => Ok(None),
            Ok(refused) => Err(io::Error::from_raw_os_error(-refused)),
            Err(error) => {
                // Nobody is started instead: an init that was cloned nevertheless would take its byte.
                *control = None;
                Err(error)
            }
        }
    }
}

impl Drop for Nursery {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What comes with an init's descriptors.
#[derive(Debug, Clone, Copy)]
struct Question {
    namespaces: libc::c_int,
    /// Whether the last descriptor is the cgroup that it is to be in.
    grouped: bool,
}

impl Question {
    const LENGTH: usize = 5;

    fn bytes(self) -> [u8; Self::LENGTH] {
        let [a, b, c, d] = self.namespaces.to_le_bytes();
        [a, b, c, d, u8::from(self.grouped)]
    }

    fn from_bytes([a, b, c, d, grouped]: [u8; Self::LENGTH]) -> Self {
        Self { namespaces: libc::c_int::from_le_bytes([a, b, c, d]), grouped: grouped != 0 }
    }
}

/// Returns the pid of the init, or an error number below zero.
fn hear(control: &OwnedFd) -> io::Result<i32> {
    let mut answer = [0; 4];
    let (length, _) = retry_on_intr(|| recv(control, &mut answer, RecvFlags::empty()))?;
    if length == answer.len() {
        Ok(i32::from_le_bytes(answer))
    } else {
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}

/// Runs the nursery; `main` comes here before anything else when its first argument is `NURSERY_WORD`.
pub(super) fn nursery_main() -> ! {
    let _ = rustix::thread::set_name(c"grade-nursery");
    let Ok(control) = take_control() else { exit(2) };
    let mut bytes = [0; Question::LENGTH];
    while let Ok((Question::LENGTH, mut descriptors)) = receive_with(&control, &mut bytes) {
        let question = Question::from_bytes(bytes);
        let group = if question.grouped { descriptors.pop() } else { None };
        let cloned = sys::clone_sibling(question.namespaces, group.as_ref().map(AsFd::as_fd));
        let answer = match cloned {
            Ok(None) => {
                drop((control, group));
                become_init(descriptors)
            }
            Ok(Some(pid)) => pid,
            Err(error) => -error.raw_os_error().unwrap_or(libc::EIO),
        };
        drop(descriptors);
        if retry_on_intr(|| send(&control, &answer.to_le_bytes(), SendFlags::NOSIGNAL)).is_err() {
            break;
        }
    }
    exit(0)
}

/// Takes the socket away from where a standard stream belongs, and closes whatever `grade` was started with besides.
fn take_control() -> io::Result<OwnedFd> {
    // Opened while 0 is taken, or else it would become 0 itself.
    let null = File::options().read(true).write(true).open("/dev/null")?;
    let control = sys::adopt(0)?;
    sys::install(null, 0)?;
    sys::close_all_but(&control)?;
    Ok(control)
}

/// Goes on as an init does that was executed: with its descriptors where it looks for them, when its ids are mapped.
fn become_init(descriptors: Vec<OwnedFd>) -> ! {
    match arrange(descriptors) {
        Ok(true) => init_main(),
        Ok(false) => exit(0),
        Err(_) => exit(2),
    }
}

/// Returns whether the byte has come; otherwise `grade` is gone.
fn arrange(descriptors: Vec<OwnedFd>) -> io::Result<bool> {
    // Out of the way of 3, 4, 5, … first.
    let away = descriptors.into_iter().map(sys::raise).collect::<io::Result<Vec<_>>>()?;
    for (number, descriptor) in (ORDER..).zip(&away) {
        sys::install(descriptor, number)?;
    }
    let lifeline = away.get((LIFELINE - ORDER) as usize).ok_or(io::ErrorKind::InvalidInput)?;
    Ok(retry_on_intr(|| rustix::io::read(lifeline, &mut [0; 1]))? == 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks one that gives these answers, and then none, as often as there are answers and once more.
    fn asked(answers: &'static [i32]) -> Vec<io::Result<Option<i32>>> {
        let (control, theirs) = message_sockets().unwrap();
        let process = Command::new("true").spawn().unwrap();
        let nursery = Nursery { control: Mutex::new(Some(control)), process };
        let other = std::thread::spawn(move || {
            for answer in answers {
                receive_with(&theirs, &mut [0; Question::LENGTH]).unwrap();
                send(&theirs, &answer.to_le_bytes(), SendFlags::NOSIGNAL).unwrap();
            }
            // It is asked once more, and gone before it answers.
            receive_with(&theirs, &mut [0; Question::LENGTH]).unwrap();
        });
        let null = File::open("/dev/null").unwrap();
        let given = Given { namespaces: 0, group: None, descriptors: vec![null.as_fd()] };
        let ask = || nursery.clone_init(&given).map(|cloned| cloned.map(|(pid, _)| pid));
        let heard = (0..answers.len() + 2).map(|_| ask()).collect();
        other.join().unwrap();
        heard
    }

    #[test]
    fn where_the_kernel_makes_no_such_siblings_inits_are_executed() {
        let heard = asked(&[-libc::EINVAL, -libc::EINVAL]);
        assert!(matches!(heard[..2], [Ok(None), Ok(None)]), "{heard:?}");
    }

    #[test]
    fn what_the_kernel_refuses_is_said() {
        let heard = asked(&[-libc::EPERM]);
        let refused = heard[0].as_ref().unwrap_err();
        assert_eq!(refused.raw_os_error(), Some(libc::EPERM));
    }

    #[test]
    fn one_that_may_have_cloned_and_has_not_said_so_is_not_asked_again() {
        let heard = asked(&[]);
        assert!(matches!(heard[..], [Err(_), Ok(None)]), "{heard:?}");
    }
}
