//! `grade hook`: grades what is about to be committed, as a hook of git.
//!
//! A hook that is in the way teaches people `--no-verify`. So only days are graded that the commit changes, nothing is said where nothing
//! fails, and what is ours never refuses a commit.

use std::path::Path;

use crate::event::RunReport;
use crate::git::{GitError, Staged};
use crate::history::Graded;
use crate::outcome::{Fault, Status, Verdict};
use crate::report::terminal;
use crate::runner::plan;

use super::Context;
use super::args::{GradeArgs, HookCommand};
use super::error::CliError;
use super::grade;

mod install;

pub use install::{install_at, is_installed, path_of};

/// Runs the command.
pub fn run(context: &Context, command: &HookCommand) -> Result<Status, CliError> {
    match command {
        HookCommand::Install => install::install(context),
        HookCommand::Uninstall => install::uninstall(context),
        HookCommand::Run => match check_commit(context) {
            Err(error) if matches!(error.status, Status::Broken | Status::NoSandbox) => {
                context.output.error(&error);
                Ok(let_through(context))
            }
            told => told,
        },
    }
}

/// Grades the days that the commit changes.
fn check_commit(context: &Context) -> Result<Status, CliError> {
    let repository = context.repository()?;
    // Of `git commit FILE`, and of `--all`: githooks(5).
    let index = context.environment.get("GIT_INDEX_FILE").map(Path::new);
    let staged = match Staged::read(repository.root(), index) {
        Ok(staged) => staged,
        Err(error @ GitError::NotARepository(_)) => {
            return Err(CliError::new(Status::Usage, &error, error.hint().map(ToOwned::to_owned)));
        }
        Err(error) => return Err(CliError::new(Status::Broken, &error, error.hint().map(ToOwned::to_owned))),
    };
    let changed = staged.changed();
    if changed.is_empty() {
        return Ok(Status::Passed);
    }
    let folder = tempfile::tempdir()
        .map_err(|error| Fault::from_error("failed to make a folder for what is staged", &error))?;
    let course = context.course(Some(&repository))?;
    let repository = repository.staged(&staged, index, folder.path())?;
    let mut planned = plan::plan(&course, &repository, None)?;
    planned.retain(|day| day.is_touched_by(&changed));
    if planned.is_empty() {
        return Ok(Status::Passed);
    }
    let settings = grade::settings(context, &GradeArgs::default())?;
    let days: Vec<Graded> = planned.iter().map(grade::graded_day).collect();
    let report = grade::graded(context, &course, &repository, &settings, planned)?;
    let run = grade::keep(&settings, &repository, report);
    let status = told(context, &run);
    if let Some(note) = grade::remember(&settings, &repository, &run, &days) {
        context.output.note(&note);
    }
    Ok(status)
}

/// Says what fails, and returns whether the commit may be made.
fn told(context: &Context, run: &RunReport) -> Status {
    match run.verdict {
        Verdict::Passed | Verdict::NotStarted | Verdict::Undecided => Status::Passed,
        Verdict::Failed | Verdict::Cancelled => {
            context.output.print(&terminal::render_failures(run, &context.output.style));
            run.status()
        }
        Verdict::Broken => {
            context.output.print(&terminal::render_failures(run, &context.output.style));
            let_through(context)
        }
    }
}

fn let_through(context: &Context) -> Status {
    context.output.note("the commit was not verified; that is grade's fault and does not stop it");
    Status::Passed
}
