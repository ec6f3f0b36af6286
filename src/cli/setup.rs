//! `grade setup`: makes the Python environment ahead of time.

use std::path::Path;

use crate::outcome::Status;
use crate::report::set_up::SetUpProgress;
use crate::toolchain::{Request, Toolchain};

use super::Context;
use super::error::CliError;

/// Runs the command.
pub fn run(context: &Context) -> Result<Status, CliError> {
    let data_dir = context.environment.data_dir().map_err(|error| CliError::new(Status::Usage, &error, None))?;
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
    let mut progress = SetUpProgress::new(context.output.shows_progress, context.output.error_style());
    Toolchain::set_up(data_dir, &request, &mut progress).map_err(CliError::from)
}
