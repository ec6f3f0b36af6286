//! The trusted Python process whose forks do what would otherwise need an interpreter that imports pytest again.
//!
//! ```text
//! grade ──message, descriptors──► large zygote ──fork──► the examiner of one day
//!   │                                  │  └────────fork──► the learner's own tests    ┐ wait for a sandbox,
//!   └─────message, descriptors──► small zygote ──fork──► a candidate, or a reader   ┘ enter it, and run there
//! ```
//!
//! There is one of each for a run; the small one is a fork of the large one from before it imported pytest. Where many runs share them there is a
//! third, which has imported mypy: that takes longer than most files to check. The large one then keeps for each hidden suite a process that has
//! collected it, and the examiners are forks of that (`grade_kit.proctor`). Importing pytest takes longer than most suites; a fork of a process that has imported it takes
//! milliseconds. The zygote runs none of the learner's code, so it needs no sandbox. They end when their control sockets
//! close, which happens however `grade` ends.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::fs::MetadataExt;
use std::process::{Child, Command, Stdio};

use serde::Serialize;

use crate::kit::{Entry, Kit};
use crate::outcome::Fault;
use crate::sandbox::passing::{message_sockets, send_with};
use crate::toolchain::Toolchain;

/// Candidates that a day may have.
pub const MOST_CANDIDATES: usize = 8;
/// What the zygote is started with where many runs are expected of it.
const MANY: &str = "many";
/// Digits of a message's length.
const LENGTH: usize = 16;

/// The running zygote. It ends when this is dropped.
#[derive(Debug)]
pub struct Zygote {
    controls: Option<Controls>,
    process: Child,
    may_enter: bool,
}

#[derive(Debug)]
struct Controls {
    large: OwnedFd,
    small: OwnedFd,
    /// To the one that has imported mypy.
    typed: Option<OwnedFd>,
}

impl Controls {
    /// Returns where whoever does what the message says is told of it.
    fn of<T>(&self, message: &Message<T>) -> &OwnedFd {
        match message {
            Message::Examine(_) => &self.large,
            Message::Enter(entry) if *entry == Entry::OwnTests.name() => &self.large,
            Message::Enter(entry) if *entry == Entry::Mypy.name() => {
                self.typed.as_ref().unwrap_or(&self.small)
            }
            Message::Enter(_) => &self.small,
        }
    }
}

/// For how much a zygote is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expected {
    /// One run, which needs mypy once: it is imported where it is needed.
    One,
    /// Many runs, of the same hidden suites again and again.
    Many,
}

/// What the zygote is told to do with a fork.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Message<T> {
    /// Examine a day: the job. Brings the pipe for the records, the socket on which more candidates are asked for, and the candidates' own.
    Examine(T),
    /// Wait for the init of a sandbox, to do this in it. Brings the channel to it.
    Enter(&'static str),
}

impl Zygote {
    /// Starts the zygote.
    ///
    /// # Errors
    ///
    /// When the process cannot be started, which is ours.
    pub fn start(toolchain: &Toolchain, kit: &Kit, expected: Expected) -> Result<Self, Fault> {
        let fault = |error: io::Error| Fault::from_error("failed to start the zygote", &error);
        let (large, large_control) = message_sockets().map_err(fault)?;
        let (small, small_control) = message_sockets().map_err(fault)?;
        let mut command = Command::new(&toolchain.python);
        command.arg("-I").arg(kit.entry()).arg(Entry::Zygote.name());
        // What an executed process of the kit has: where something is missing, Python looks for it and imports more.
        command.env_clear().envs(crate::tool::ENVIRONMENT);
        command.stdin(large_control).stdout(small_control).stderr(Stdio::null());
        let typed = match expected {
            Expected::One => None,
            Expected::Many => {
                let (typed, typed_control) = message_sockets().map_err(fault)?;
                command.arg(MANY).stderr(typed_control);
                Some(typed)
            }
        };
        let process = command.spawn().map_err(fault)?;
        let owner = std::fs::metadata(&toolchain.python).map_err(fault)?.uid();
        let may_enter = is_somebody_elses(owner, rustix::process::geteuid().as_raw());
        Ok(Self { controls: Some(Controls { large, small, typed }), process, may_enter })
    }

    /// Returns whether its forks may enter sandboxes.
    ///
    /// Their `/proc/self/exe` leads to the interpreter on the host's own mount, where an owner may change a file's mode and times,
    /// whatever Landlock says. So the interpreter must be somebody else's than the payload's.
    pub fn may_enter(&self) -> bool {
        self.may_enter
    }

    /// Has a fork do what the message says. Its length goes before it.
    ///
    /// # Errors
    ///
    /// When the zygote does not take it, which is ours.
    pub fn send<T: Serialize>(&self, message: &Message<T>, brings: &[BorrowedFd<'_>]) -> io::Result<()> {
        let text = serde_json::to_string(message)?;
        let text = format!("{:0LENGTH$}{text}", text.len()).into_bytes();
        let controls = self.controls.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        let control = controls.of(message);
        let sent = send_with(control, &text, brings)?;
        // A socket that keeps messages apart has taken all of it.
        rest(control, &text[sent..])
    }

    /// Returns a channel at whose other end a fork waits for the init of a sandbox, to become its payload and do what `entry` does.
    ///
    /// # Errors
    ///
    /// When the zygote does not take the order, which is ours.
    pub fn offer(&self, entry: Entry) -> Result<OwnedFd, Fault> {
        let offered = message_sockets().and_then(|(ours, theirs)| {
            self.send(&Message::<()>::Enter(entry.name()), &[theirs.as_fd()])?;
            Ok(ours)
        });
        offered.map_err(|error| Fault::from_error("failed to fork the zygote", &error))
    }
}

impl Drop for Zygote {
    fn drop(&mut self) {
        // Closing the control sockets is how it is told that there is no more to do; what it still runs is of no use to
        // anybody by now.
        self.controls = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Returns whether a file of this owner is somebody else's for the payload of a sandbox that this user makes: root's payloads are
/// nobody that there is, and everybody else's are themselves.
fn is_somebody_elses(owner: u32, user: u32) -> bool {
    user == 0 || owner != user
}

fn rest(control: &OwnedFd, mut text: &[u8]) -> io::Result<()> {
    while !text.is_empty() {
        text = &text[rustix::io::write(control, text)?..];
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interpreter_of_the_users_own_does_not_enter_a_sandbox_of_that_user() {
        assert!(!is_somebody_elses(1000, 1000));
        assert!(is_somebody_elses(0, 1000));
        assert!(is_somebody_elses(0, 0));
        assert!(is_somebody_elses(1000, 0));
    }
}
