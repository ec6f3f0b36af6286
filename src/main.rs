//! The `grade` program: parses nothing, decides nothing; it calls the library and returns its exit code.
use std::process::ExitCode;

fn main() -> ExitCode {
    grade::run()
}
