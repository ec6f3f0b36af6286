//! Starts the examiner and hands it jobs, each with the two descriptors that belong to it.

use std::io::{self, IoSlice};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::process::{Child, Command, Stdio};

use rustix::net::{
    AddressFamily, SendAncillaryBuffer, SendAncillaryMessage, SendFlags, SocketFlags, SocketType, sendmsg,
    socketpair,
};
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;

use super::job::ExamJob;
use crate::kit::{Entry, Kit};
use crate::outcome::Fault;
use crate::toolchain::Toolchain;

/// Bytes of records that one day may bring: a thousand findings of the largest size have room.
const MAX_RECORDS: u64 = 64 << 20;

/// The running examiner. It ends when this is dropped.
#[derive(Debug)]
pub struct Examiner {
    control: Option<OwnedFd>,
    process: Child,
}

impl Examiner {
    /// Starts the examiner.
    ///
    /// # Errors
    ///
    /// When the process cannot be started, which is ours.
    pub fn start(toolchain: &Toolchain, kit: &Kit) -> Result<Self, Fault> {
        let fault = |error: io::Error| Fault::from_error("failed to start the examiner", &error);
        let (ours, theirs) =
            socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
                .map_err(|error| fault(error.into()))?;
        let mut command = Command::new(&toolchain.python);
        command.arg("-I").arg(kit.entry()).arg(Entry::Examiner.name());
        command.env_clear().env("PATH", "/usr/bin:/bin").env("LANG", "C.UTF-8").env("TZ", "UTC");
        command.env("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1");
        // Its standard input is the control socket; `grade` may print on its own output while it runs.
        command.stdin(Stdio::from(theirs)).stdout(Stdio::null()).stderr(Stdio::null());
        let process = command.spawn().map_err(fault)?;
        Ok(Self { control: Some(ours), process })
    }

    /// Sends a job. `candidate` is the examiner's end of the candidate's socket. Returns where the day's records come from.
    ///
    /// # Errors
    ///
    /// When the examiner does not take it, which is ours.
    pub fn submit(&self, job: &ExamJob, candidate: &OwnedFd) -> Result<RecordStream, Fault> {
        let fault = |error: io::Error| Fault::from_error("failed to hand a day to the examiner", &error);
        let (sender, receiver) = pipe::pipe().map_err(fault)?;
        let text = serde_json::to_vec(job).map_err(|error| fault(error.into()))?;
        let records = sender.into_blocking_fd().map_err(fault)?;
        let control = self.control.as_ref().ok_or_else(|| fault(io::ErrorKind::NotConnected.into()))?;
        let descriptors = [candidate.as_fd(), records.as_fd()];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(2))];
        let mut ancillary = SendAncillaryBuffer::new(&mut space);
        ancillary.push(SendAncillaryMessage::ScmRights(&descriptors));
        sendmsg(control, &[IoSlice::new(&text)], &mut ancillary, SendFlags::NOSIGNAL)
            .map_err(|error| fault(error.into()))?;
        Ok(RecordStream(receiver))
    }
}

impl Drop for Examiner {
    fn drop(&mut self) {
        // Closing the control socket is how the examiner is told that there is no more to do; what it still runs is of no use
        // to anybody by now.
        self.control = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Where the records of one day come from.
#[derive(Debug)]
pub struct RecordStream(pipe::Receiver);

impl RecordStream {
    /// Reads on until the examiner is done with the day, adding to `report`. What was read stays in `report` when this is cancelled.
    ///
    /// # Errors
    ///
    /// When the pipe cannot be read.
    pub async fn read_to_end(&mut self, report: &mut Vec<u8>) -> io::Result<()> {
        let mut chunk = vec![0; 64 << 10];
        loop {
            let count = self.0.read(&mut chunk).await?;
            if count == 0 || report.len() as u64 > MAX_RECORDS {
                return Ok(());
            }
            report.extend_from_slice(&chunk[..count]);
        }
    }
}
