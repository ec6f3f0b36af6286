//! Hands a day to a fork of the zygote, hears its records, and what candidates it asks for.

use std::io::{self, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::FdFlags;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, recvmsg};
use tokio::io::unix::AsyncFd;
use tokio::io::{AsyncReadExt, Interest};
use tokio::net::unix::pipe;

use super::Records;
use super::job::ExamJob;
use crate::config::settings::Until;
use crate::outcome::Fault;
use crate::sandbox::passing::message_sockets;
use crate::zygote::{Message, Zygote};

/// Bytes of records that one day may bring: a thousand findings of the largest size have room.
const MAX_RECORDS: u64 = 64 << 20;

/// Has a descriptor arrive as one that no program inherits, where the system can do that at a stroke.
#[cfg(target_os = "linux")]
const NOT_INHERITED: RecvFlags = RecvFlags::CMSG_CLOEXEC;
#[cfg(not(target_os = "linux"))]
const NOT_INHERITED: RecvFlags = RecvFlags::empty();

/// Has a day examined. `candidates` are the examiner's ends of the candidates' sockets: among so many the tests are split.
/// Returns where the day's records come from, and where more candidates are asked for. To be called within a tokio runtime.
///
/// # Errors
///
/// When the zygote does not take it, which is ours.
pub fn examine(
    zygote: &Zygote,
    job: &ExamJob,
    candidates: &[OwnedFd],
) -> Result<(RecordStream, Requests), Fault> {
    let submit = || {
        let (sender, receiver) = pipe::pipe()?;
        let records = sender.into_blocking_fd()?;
        let (ours, theirs) = message_sockets()?;
        let brings: Vec<BorrowedFd<'_>> =
            [records.as_fd(), theirs.as_fd()].into_iter().chain(candidates.iter().map(AsFd::as_fd)).collect();
        zygote.send(&Message::Examine(job), &brings)?;
        rustix::io::ioctl_fionbio(&ours, true)?;
        // SAFETY: the descriptor is this function's own and stays open for as long as it is registered.
        let requests = unsafe { AsyncFd::register_with_interest(ours, Interest::READABLE)? };
        Ok((RecordStream(receiver), Requests(requests)))
    };
    submit().map_err(|error: io::Error| Fault::from_error("failed to hand a day to the examiner", &error))
}

/// Where the examiners of one day ask for candidates in the place of those that are gone.
#[derive(Debug)]
pub struct Requests(AsyncFd<OwnedFd>);

impl Requests {
    /// Waits for a request. Returns whose candidate is gone, by its place among all, and the other one's end of its socket. When nobody can
    /// ask any more, it waits for ever.
    ///
    /// # Errors
    ///
    /// When the socket cannot be read.
    pub async fn next(&self) -> io::Result<(usize, OwnedFd)> {
        loop {
            let mut ready = self.0.readable().await?;
            match ready.try_io(|socket| Ok(receive(socket.get_ref())?)) {
                Ok(Ok(Some(request))) => return Ok(request),
                Ok(Ok(None)) => std::future::pending().await,
                Ok(Err(error)) => return Err(error),
                Err(_not_yet) => {}
            }
        }
    }
}

/// Receives one request: a byte and a descriptor. Returns nothing at the end.
fn receive(socket: &OwnedFd) -> rustix::io::Result<Option<(usize, OwnedFd)>> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    let mut number = [0];
    let mut into = [IoSliceMut::new(&mut number)];
    recvmsg(socket, &mut into, &mut ancillary, NOT_INHERITED)?;
    let mut descriptors = ancillary.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut descriptors) => descriptors.next(),
        _ => None,
    });
    let descriptor = descriptors.next();
    drop(descriptors);
    if let Some(descriptor) = &descriptor {
        rustix::io::fcntl_setfd(descriptor, FdFlags::CLOEXEC)?;
    }
    Ok(descriptor.map(|descriptor| (number[0].into(), descriptor)))
}

/// Where the records of one day come from.
#[derive(Debug)]
pub struct RecordStream(pipe::Receiver);

impl RecordStream {
    /// Reads on until the examiner is done with the day, or a test has failed and that is all that is asked, adding to `report`. What was
    /// read stays in `report` when this is cancelled.
    ///
    /// # Errors
    ///
    /// When the pipe cannot be read.
    pub async fn read(&mut self, report: &mut Vec<u8>, until: Until) -> io::Result<()> {
        let mut chunk = vec![0; 64 << 10];
        loop {
            let count = self.0.read(&mut chunk).await?;
            if count == 0 || report.len() as u64 > MAX_RECORDS {
                return Ok(());
            }
            let last = last_line(report);
            report.extend_from_slice(&chunk[..count]);
            // The others among whom the tests are split would go on.
            if until == Until::FirstFailure
                && Records::parse(&report[last..last_line(report)], 0).has_failure()
            {
                return Ok(());
            }
        }
    }
}

/// Returns where the last line begins, which is not whole yet.
fn last_line(report: &[u8]) -> usize {
    report.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1)
}
