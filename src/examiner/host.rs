//! Hands a day to a fork of the zygote, and hears its records.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe;

use super::job::ExamJob;
use crate::outcome::Fault;
use crate::zygote::{Message, Zygote};

/// Bytes of records that one day may bring: a thousand findings of the largest size have room.
const MAX_RECORDS: u64 = 64 << 20;

/// Has a day examined. `candidates` are the examiner's ends of the candidates' sockets: among so many the tests are split.
/// Returns where the day's records come from.
///
/// # Errors
///
/// When the zygote does not take it, which is ours.
pub fn examine(zygote: &Zygote, job: &ExamJob, candidates: &[OwnedFd]) -> Result<RecordStream, Fault> {
    let submit = || {
        let (sender, receiver) = pipe::pipe()?;
        let records = sender.into_blocking_fd()?;
        let brings: Vec<BorrowedFd<'_>> =
            [records.as_fd()].into_iter().chain(candidates.iter().map(AsFd::as_fd)).collect();
        zygote.send(&Message::Examine(job), &brings)?;
        Ok(RecordStream(receiver))
    };
    submit().map_err(|error: io::Error| Fault::from_error("failed to hand a day to the examiner", &error))
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
