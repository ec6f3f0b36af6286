//! What a command fails with: a headline, its causes, what to do next, and the exit code.

use std::error::Error;

use crate::event::Level;
use crate::outcome::{Fault, Status};
use crate::pack::{Course, PackError};
use crate::repository::RepositoryError;
use crate::runner::GradingError;
use crate::runner::plan::PlanError;
use crate::runner::target::TargetError;
use crate::snapshot::SnapshotError;
use crate::toolchain::SetupError;

/// An error on its way to the user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CliError {
    /// The exit code.
    pub status: Status,
    /// What was wanted and not had.
    pub headline: String,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
}

impl CliError {
    /// Returns an error with all of its sources.
    pub fn new(status: Status, error: &(dyn Error + 'static), hint: Option<String>) -> Self {
        let fault = Fault::from_error(error.to_string(), error);
        Self { status, headline: fault.what, causes: fault.caused_by.into_iter().skip(1).collect(), hint }
    }

    /// Returns what is wrong with a target.
    pub fn target(error: &TargetError, course: &Course) -> Self {
        Self::new(Status::Usage, error, error.hint(course))
    }

    /// Returns what is wrong with a target that is no single day, for a command that takes one.
    pub fn not_one_day(target: &str, command: &str, what_it_is: &str) -> Self {
        Self {
            status: Status::Usage,
            headline: format!("`{target}` {what_it_is}, and `{command}` takes one day"),
            causes: Vec::new(),
            hint: Some(format!(
                "`grade list` shows all days; name one of them, as in `grade {command} day4`"
            )),
        }
    }
}

impl From<RepositoryError> for CliError {
    fn from(error: RepositoryError) -> Self {
        Self::new(Status::Usage, &error, error.hint().map(ToOwned::to_owned))
    }
}

impl From<PackError> for CliError {
    fn from(error: PackError) -> Self {
        Self::new(Status::Usage, &error, error.hint().map(ToOwned::to_owned))
    }
}

impl From<SnapshotError> for CliError {
    fn from(error: SnapshotError) -> Self {
        Self::new(Status::Usage, &error, None)
    }
}

impl From<PlanError> for CliError {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Pack(error) => error.into(),
            PlanError::Snapshot(error) => error.into(),
        }
    }
}

impl From<SetupError> for CliError {
    fn from(error: SetupError) -> Self {
        Self::new(Status::Broken, &error, error.hint().map(ToOwned::to_owned))
    }
}

impl From<Fault> for CliError {
    fn from(fault: Fault) -> Self {
        Self { status: Status::Broken, headline: fault.what, causes: fault.caused_by, hint: fault.hint }
    }
}

impl From<GradingError> for CliError {
    fn from(error: GradingError) -> Self {
        match error {
            GradingError::Fault(fault) => fault.into(),
            GradingError::NoSandbox(ref weak) => {
                let cure = weak.hint().map(|hint| format!("{hint}\n")).unwrap_or_default();
                // Where there is no sandbox at all, nothing is to be had with less either.
                let weaker =
                    if cfg!(target_os = "linux") && weak.floor > Level::Limits { WEAKER } else { "" };
                Self::new(
                    Status::NoSandbox,
                    &error,
                    Some(format!("{cure}`grade doctor` says more; {weaker}{NONE}")),
                )
            }
        }
    }
}

const WEAKER: &str = "`--allow-weak-sandbox` makes do with less, and ";
const NONE: &str = "`--sandbox none` runs submissions with your own rights: keep it for code that you trust";
