//! The examiner of a day: the fork of the zygote that runs its hidden suite, and what goes to it and comes from it.
//!
//! ```text
//! grade ──job, descriptors────► zygote ──fork──► examiner
//!   ▲                                             │   ▲
//!   └──records (a pipe), requests (a socket)──────┘   │ probes, observations (a socket)
//!                                                  candidate, in the sandbox
//! ```
//!
//! It runs none of the learner's code, so it needs no sandbox. For a candidate that is gone it asks `grade` for another one; when nobody
//! is there to start one, it comes to its end, which happens however `grade` ends.

mod host;
mod job;
mod records;

pub use host::{RecordStream, Requests, examine};
pub use job::{CandidateConfig, ExamJob, Memory};
pub use records::Records;
