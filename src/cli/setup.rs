//! `grade setup`: makes the Python environment ahead of time.

use std::path::Path;

use crate::outcome::Status;
use crate::report::set_up::Bar;
use crate::toolchain::{Progress, Request, Toolchain};

use super::Context;
use super::error::CliError;

/// Runs the command.
pub fn run(context: &Context) -> Result<Status, CliError> {
    let data_dir =
        context.environment.data_dir().map_err(|error| CliError::new(Status::Usage, &error, None))?;
    let toolchain = set_up(context, &data_dir)?;
    let versions: Vec<String> = ["pytest", "ruff", "mypy"]
        .iter()
        .filter_map(|tool| Some(format!("{tool} {}", toolchain.tools.get(*tool)?)))
        .collect();
    let text = format!("ready: Python {}, {}\n", toolchain.python_version, versions.join(", "));
    context.output.print(&text);
    Ok(Status::Passed)
}

/// Finds the Python environment or makes it, with progress on a terminal.
pub fn set_up(context: &Context, data_dir: &Path) -> Result<Toolchain, CliError> {
    let request = Request::new(context.environment.clone());
    let bar =
        Bar::new(context.output.shows_progress, context.output.error_style(), "setting up Python tools");
    Toolchain::set_up(data_dir, &request, &mut Steps(bar)).map_err(CliError::from)
}

/// Shows the steps of a set-up on a bar.
struct Steps(Bar);

impl Progress for Steps {
    fn step(&mut self, text: &str, done: u64, total: u64) {
        self.0.say(text);
        self.0.set(done, total);
    }
}
