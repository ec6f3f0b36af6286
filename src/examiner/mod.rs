//! The examiner of a day: the fork of the zygote that runs its hidden suite, and what goes to it and comes from it.
//!
//! ```text
//! grade ──job, 2 descriptors──► zygote ──fork──► examiner
//!   ▲                                             │   ▲
//!   └───────────records (a pipe)──────────────────┘   │ probes, observations (a socket)
//!                                                  candidate, in the sandbox
//! ```
//!
//! It runs none of the learner's code, so it needs no sandbox; it ends when its candidate does, which happens however `grade` ends.

mod host;
mod job;
mod records;

pub use host::{RecordStream, examine};
pub use job::{CandidateConfig, ExamJob};
pub use records::Records;
