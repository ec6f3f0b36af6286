//! `grade hint day4.retry`: help in stages, one more each time it is asked for. `grade hint day4` helps with what failed.

pub mod seen;

use crate::day::{DayId, RequirementId};
use crate::outcome::{Outcome, Status};
use crate::pack::{Course, Day, Requirement};
use crate::report::hints::{self, Section};
use crate::repository::Repository;
use crate::runner::Grading;
use crate::runner::plan;
use crate::runner::target::{Selection, Target, TargetError, Wanted, select};
use crate::toolchain::{Request, Toolchain};

use super::Context;
use super::args::{GradeArgs, HintArgs};
use super::error::CliError;
use super::grade;

use seen::Seen;

/// Runs the command. A repository is welcome, and needed to know what failed.
pub fn run(context: &Context, args: &HintArgs) -> Result<Status, CliError> {
    let repository = context.repository_if_any()?;
    let course = context.course(repository.as_ref())?;
    let wrong = |error: TargetError| CliError::target(&error, &course);
    let target: Target = args.target.parse().map_err(wrong)?;
    select(&course, std::slice::from_ref(&target)).map_err(wrong)?;
    let seen = Seen::of(context, repository.as_ref(), &course)?;
    match target {
        Target::Requirement(id) => of_requirement(context, args, &course, &id, &seen),
        Target::Day(day) => of_day(context, args, &course, repository.as_ref(), day, &seen),
        Target::Week(_) | Target::Range(..) | Target::All => {
            Err(CliError::not_one_day(&args.target, "hint", "is more than one day"))
        }
    }
}

fn of_requirement(
    context: &Context,
    args: &HintArgs,
    course: &Course,
    id: &RequirementId,
    seen: &Seen,
) -> Result<Status, CliError> {
    let day = course.day(id.day)?;
    let Some(requirement) = day.requirement(&id.slug) else { return Ok(Status::Passed) };
    let (before, count) = (seen.of_requirement(id).min(requirement.hints.len()), requirement.hints.len());
    let (first, last) = match (args.all, args.again) {
        (true, _) => (0, count),
        (false, true) => (0, before),
        (false, false) => (before, (before + 1).min(count)),
    };
    let is_kept = last <= before || seen.keep(id, last).is_ok();
    let section = Section { id, text: &requirement.text, hints: &requirement.hints, shown: first..last };
    let advice = advice(id, args, first == last, last.max(before), count, is_kept);
    context.output.print(&hints::render(&[section], &advice, &context.output.style));
    Ok(Status::Passed)
}

/// Says what else there is.
fn advice(
    id: &RequirementId,
    args: &HintArgs,
    is_none: bool,
    seen: usize,
    count: usize,
    is_kept: bool,
) -> String {
    let day = id.day;
    let mut text = match (seen, count) {
        (_, 0) => format!("There are no hints for it. What exactly is asked for:\n    grade show {day}\n"),
        (0, _) => format!("You have seen none of its {count} yet. The first one:\n    grade hint {id}\n"),
        (seen, count) if seen < count => format!("The next one:\n    grade hint {id}\n"),
        _ if is_none => format!(
            "You have seen all {count}. To read them again, and what exactly is asked for:\n    grade hint {id} --again\n    grade show {day}\n"
        ),
        _ if args.again || args.all => {
            format!("These are all. What exactly is asked for:\n    grade show {day}\n")
        }
        _ => format!("That was the last one. What exactly is asked for:\n    grade show {day}\n"),
    };
    if !is_kept {
        text.push_str("That you have seen it could not be kept; `GRADE_DATA_DIR` can name a folder that you may write to.\n");
    }
    text
}

/// Shows one hint for each requirement that is not fulfilled: the last that was seen, or the first. None is used up but that.
fn of_day(
    context: &Context,
    args: &HintArgs,
    course: &Course,
    repository: Option<&Repository>,
    id: DayId,
    seen: &Seen,
) -> Result<Status, CliError> {
    let day = course.day(id)?;
    let failed = match failed(context, course, repository, id)? {
        Known::Failed(failed) => failed,
        known => {
            context.output.print(&hints::render(&[], &what_next(&known, &day), &context.output.style));
            return Ok(Status::Passed);
        }
    };
    let mut sections = Vec::new();
    for requirement in failed.iter().filter_map(|id| day.requirement(&id.slug)) {
        sections.push(section(requirement, args, seen));
    }
    let first = failed.first().map_or_else(|| format!("{id}.name"), ToString::to_string);
    let advice = format!("The next one of any of them, for example:\n    grade hint {first}\n");
    context.output.print(&hints::render(&sections, &advice, &context.output.style));
    Ok(Status::Passed)
}

fn section<'a>(requirement: &'a Requirement, args: &HintArgs, seen: &Seen) -> Section<'a> {
    let (id, count) = (&requirement.id, requirement.hints.len());
    let before = seen.of_requirement(id).min(count);
    let last = if args.all { count } else { before.max(1).min(count) };
    let first = if args.all || args.again { 0 } else { last.saturating_sub(1) };
    if last > before {
        // A hint that is shown once more does no harm.
        let _ = seen.keep(id, last);
    }
    Section { id, text: &requirement.text, hints: &requirement.hints, shown: first..last }
}

/// What is known of a day.
enum Known {
    /// It is not there.
    NotStarted,
    /// It was not graded as it stands.
    NotGraded,
    /// Nothing of it failed.
    Nothing,
    /// These failed.
    Failed(Vec<RequirementId>),
}

/// Returns what the last run found of the day, if nothing has changed since.
fn failed(
    context: &Context,
    course: &Course,
    repository: Option<&Repository>,
    id: DayId,
) -> Result<Known, CliError> {
    let Some(repository) = repository else { return Ok(Known::NotStarted) };
    let settings = grade::settings(context, &GradeArgs::default())?;
    let toolchain = Toolchain::locate(&settings.data_dir, &Request::new(context.environment.clone()));
    let selection = Selection::from([(id, Wanted::Whole)]);
    let Some(planned) = plan::plan(course, repository, Some(selection))?.pop() else {
        return Ok(Known::NotStarted);
    };
    if planned.work.is_none() {
        return Ok(Known::NotStarted);
    }
    let Some(report) = Grading { course, repository, settings: &settings, toolchain }.known(planned)? else {
        return Ok(Known::NotGraded);
    };
    let is_open = |outcome: &Outcome| matches!(outcome, Outcome::Failed(_) | Outcome::Blocked(_));
    let failed = report.requirements.into_iter().filter(|requirement| is_open(&requirement.outcome));
    let failed: Vec<RequirementId> = failed.map(|requirement| requirement.id).collect();
    Ok(if failed.is_empty() { Known::Nothing } else { Known::Failed(failed) })
}

fn what_next(known: &Known, day: &Day) -> String {
    let id = day.id;
    let example = day.requirements().iter().find(|requirement| !requirement.hints.is_empty());
    let example = example.map_or_else(|| format!("{id}.name"), |requirement| requirement.id.to_string());
    let named = format!(
        "Or name what you want help with; `grade show {id}` lists it all:\n    grade hint {example}\n"
    );
    match known {
        Known::NotStarted => format!("{id} has not been started. To begin:\n    grade start {id}\n{named}"),
        Known::NotGraded => {
            format!(
                "{id} has not been graded as it stands. Then there is a hint for each requirement that fails:\n    grade {id}\n{named}"
            )
        }
        Known::Nothing | Known::Failed(_) => {
            format!("Nothing of {id} failed.\n{named}")
        }
    }
}
