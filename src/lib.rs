//! The map of the crate. (Filled in as the layers land.)

pub mod command;
pub mod day;
pub mod event;
pub mod finding;
pub mod outcome;
pub mod report;

use std::process::ExitCode;

/// Runs the program.
pub fn run() -> ExitCode {
    outcome::Status::Usage.into()
}
