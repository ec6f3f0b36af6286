//! The trusted Python process that runs hidden suites, and what goes to it and comes from it.
//!
//! ```text
//! grade ──job, 2 descriptors──► examiner ──fork──► one process for each day
//!   ▲                                                │      ▲
//!   └───────────────records (a pipe)─────────────────┘      │ probes, observations (a socket)
//!                                                       candidate, in the sandbox
//! ```
//!
//! There is one examiner for a run: importing pytest costs more than most suites. It runs none of the learner's code, so it
//! needs no sandbox; it ends when the control socket closes, which happens however `grade` ends.

mod host;
mod job;
mod records;

pub use host::Examiner;
pub use job::{CandidateConfig, ExamJob};
pub use records::Records;
