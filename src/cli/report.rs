//! `grade report`: the last run of the repository again, without grading.

use std::time::SystemTime;

use crate::outcome::Status;
use crate::report::age;
use crate::runner::last_run::LastRuns;

use super::Context;
use super::actions;
use super::args::ReportArgs;
use super::deliver::{Delivery, Told};
use super::error::CliError;

/// Runs the command.
pub fn run(context: &Context, args: &ReportArgs) -> Result<Status, CliError> {
    let delivery = Delivery::of(&args.formats)?;
    let repository = context.repository()?;
    let no_home = |error| CliError::new(Status::Usage, &error, None);
    let runs = LastRuns::new(&context.environment.cache_dir().map_err(no_home)?);
    let run = runs.get(repository.root()).map_err(|error| {
        CliError::new(Status::NothingGraded, &error, Some("run `grade` first".to_owned()))
    })?;
    let note = Some(age::of_run(run.at, SystemTime::now()));
    let folder = actions::folder(&context.environment, repository.root());
    Ok(delivery.deliver(&Told { run: &run.report, note, folder }, |text| text, &context.output))
}
