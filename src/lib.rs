//! The map of the crate. (Filled in as the layers land.)

pub mod command;
pub mod config;
pub mod day;
pub mod event;
pub mod finding;
pub mod git;
pub mod outcome;
pub mod rel_path;
pub mod repository;
pub mod snapshot;
pub mod tree;

use std::process::ExitCode;

/// Runs the program.
pub fn run() -> ExitCode {
    outcome::Status::Usage.into()
}
