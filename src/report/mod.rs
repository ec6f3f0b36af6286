//! What people and machines read of a run.
//!
//! `progress` is told every event and shows what is going on. A `Format` is a pure function of the finished run; each has
//! a file of its own (`terminal` and `json` here, all others in `format`). `error` and `markdown` are for everything else
//! that is said on a terminal. Every stranger's text passes through `sanitize` on its way out.

pub mod age;
pub mod bullets;
pub mod calendar;
mod compare;
mod counts;
mod details;
pub mod error;
pub mod feedback;
pub mod format;
pub mod hints;
pub mod json;
pub mod laid;
pub mod listing;
pub mod markdown;
mod matrix;
mod page;
pub mod progress;
pub mod proofs;
mod reasons;
pub mod sanitize;
pub mod set_up;
pub mod status;
mod structure;
pub mod style;
mod summary;
pub mod terminal;
pub mod watch;

#[cfg(test)]
mod canned;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod hostile;

pub use format::Format;
pub use style::Style;
