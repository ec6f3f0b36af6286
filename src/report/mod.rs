//! What people and machines read of a run.
//!
//! A `Reporter` is told every event. `progress` shows what is going on, `terminal` and `json` write when the run is
//! over, and are pure functions of the finished run. `error` and `markdown` are for everything else that is said on
//! a terminal. Every stranger's text passes through `sanitize` on its way out.

pub mod bullets;
mod compare;
mod counts;
mod details;
pub mod error;
pub mod feedback;
pub mod json;
pub mod listing;
pub mod markdown;
mod matrix;
mod page;
pub mod progress;
pub mod proofs;
pub mod sanitize;
pub mod set_up;
mod structure;
pub mod style;
mod summary;
pub mod terminal;

#[cfg(test)]
mod canned;
#[cfg(test)]
mod golden;

use std::io;

use crate::event::Event;

pub use style::Style;

/// Somebody who is told what happens in a run.
pub trait Reporter {
    /// Takes note of an event. An implementation names every kind of event, so that a new one is not forgotten.
    ///
    /// # Errors
    ///
    /// Fails when what is to be said cannot be written.
    fn event(&mut self, event: &Event) -> io::Result<()>;
}
