//! `grade pack`: work on a course. `record` is here, the other commands are in files of their own.

mod check;
mod feedback;
mod new;
mod table;

use crate::config::settings::Sandbox;
use crate::config::settings::{Limits, Recall, Settings, Until};
use crate::day::DayId;
use crate::outcome::Status;
use crate::pack::{Check, Course, Day};
use crate::prover::{ProofError, Prover, Thorough};
use crate::runner::target::{Target, select};
use crate::runner::{GradingError, Workshop};

use super::Context;
use super::args::{PackArgs, PackCommand, PackDaysArgs};
use super::error::CliError;
use super::setup;

/// Runs the command.
pub fn run(context: &Context, args: &PackArgs) -> Result<Status, CliError> {
    match &args.command {
        PackCommand::Check(args) => check::run(context, args),
        PackCommand::New(new) => new::run(context, new),
        PackCommand::Record(days) => run_record(context, days),
        PackCommand::Table(days) => table::run(context, days),
        PackCommand::Feedback(feedback) => feedback::run(context, feedback),
    }
}

fn run_record(context: &Context, args: &PackDaysArgs) -> Result<Status, CliError> {
    let Some(folder) = &context.global.pack else {
        return Err(CliError {
            status: Status::Usage,
            headline: "a built-in pack cannot be recorded".to_owned(),
            causes: Vec::new(),
            hint: Some(
                "name the folder of the course: `grade pack record --pack exercises/python-23`".to_owned(),
            ),
        });
    };
    let course = context.course(None)?;
    let (settings, workshop) = tools(context, false)?;
    let thorough = Thorough::Decisive;
    let (course, settings, workshop) = (&course, &settings, &workshop);
    let prover = Prover { course, settings, workshop, memories: None, repeats: 1, seed: 1, thorough };
    for day in days(course, args)? {
        if !day.requirements().iter().any(|requirement| requirement.check == Check::Hidden) {
            context.output.print(&format!("{}  has no hidden tests to record\n", day.id));
            continue;
        }
        let expected = prover.record(&day).map_err(proof_error)?;
        let path = folder.join(day.folder()).join("hidden").join("expected.toml");
        crate::lay_out::replace(&path, expected.to_toml().as_bytes()).map_err(|error| {
            CliError::new(Status::Broken, &error, Some(format!("`{}` must be writable", path.display())))
        })?;
        let tests: usize = expected.iter().map(|(_, tests)| tests.len()).sum();
        context.output.print(&format!("{}  {tests} hidden tests recorded\n", day.id));
    }
    Ok(Status::Passed)
}

/// Returns the days that are named, or all of the course.
pub(super) fn days(course: &Course, args: &PackDaysArgs) -> Result<Vec<Day>, CliError> {
    let named: Result<Vec<Target>, _> = args.words().map(|word| word.parse()).collect();
    let mut targets = named.map_err(|error| CliError::target(&error, course))?;
    if targets.is_empty() {
        targets.push(Target::All);
    }
    let selection = select(course, &targets).map_err(|error| CliError::target(&error, course))?;
    let ids: Vec<DayId> = selection.into_keys().collect();
    ids.into_iter().map(|day| course.day(day).map_err(CliError::from)).collect()
}

/// Returns how submissions of a pack are graded, with what is known already or not, and with what.
pub(super) fn tools(context: &Context, cache: bool) -> Result<(Settings, Workshop), CliError> {
    let no_home = |error| CliError::new(Status::Usage, &error, None);
    let settings = Settings {
        seed: None,
        shuffle: true,
        trials: true,
        recall: Recall::Nothing,
        until: Until::End,
        cache,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        sandbox: Sandbox::default(),
        limits: Limits::default(),
        data_dir: context.environment.data_dir().map_err(no_home)?,
        cache_dir: context.environment.cache_dir().map_err(no_home)?,
    };
    let toolchain = setup::set_up(context, &settings.data_dir)?;
    let workshop = Workshop::of_many(toolchain, settings.sandbox).map_err(grading_error)?;
    Ok((settings, workshop))
}

/// Returns what a user is told where there is no proof.
pub(super) fn proof_error(error: ProofError) -> CliError {
    match error {
        ProofError::Pack(error) => error.into(),
        ProofError::Plan(error) => error.into(),
        ProofError::Grading(error) => grading_error(error),
        ProofError::Fault(fault) => fault.into(),
        ProofError::Interrupted => CliError::new(Status::Interrupted, &error, None),
    }
}

fn grading_error(error: GradingError) -> CliError {
    match error {
        GradingError::Fault(fault) => fault.into(),
        error @ GradingError::NoSandbox(_) => error.into(),
    }
}
