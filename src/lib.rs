//! The map of the crate. (Filled in as the layers land.)

pub mod command;
pub mod day;
pub mod event;
pub mod finding;
pub mod outcome;
pub mod process;
pub mod sandbox;

use std::process::ExitCode;

/// Runs the program.
pub fn run() -> ExitCode {
    if std::env::args_os().nth(1).is_some_and(|word| word == sandbox::INIT_WORD) {
        sandbox::init_main();
    }
    outcome::Status::Usage.into()
}
