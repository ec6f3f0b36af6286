//! `grade status`: how far a learner is, from the history and from what is there now. Nothing is run, and nothing is written.

use crate::day::DayId;
use crate::event::CheckKind;
use crate::finding::Captured;
use crate::history::{History, HistoryError, Past, PastDay};
use crate::outcome::{OutcomeKind, Status};
use crate::pack::{Course, Requirement};
use crate::report::calendar::Calendar;
use crate::report::status::{self, Day, GradedDay, Overview, Week};
use crate::repository::Repository;
use crate::runner::check::kind_of;
use crate::runner::plan::{self, PlannedDay};
use crate::runner::target::Wanted;

use super::Context;
use super::args::StatusArgs;
use super::error::CliError;

/// Runs the command.
pub fn run(context: &Context, args: &StatusArgs) -> Result<Status, CliError> {
    let repository = context.repository()?;
    let course = context.course(Some(&repository))?;
    let only = args.day.as_ref().map(|word| super::day_named(word, "status", &course)).transpose()?;
    if let Some(day) = only {
        course.day(day)?;
    }
    let overview = overview(context, &course, &repository)?;
    let (calendar, style) = (Calendar::of_this_machine(), &context.output.style);
    let text = match only {
        _ if args.json => status::json(&overview, only, &calendar),
        Some(day) => status::render_day(&overview, day, &calendar, style),
        None => status::render(&overview, &calendar, style),
    };
    context.output.print(&text);
    Ok(Status::Passed)
}

fn overview(context: &Context, course: &Course, repository: &Repository) -> Result<Overview, CliError> {
    let no_home = |error| CliError::new(Status::Usage, &error, None);
    let history = History::new(&context.environment.data_dir().map_err(no_home)?);
    let (past, notice) = match history.past(repository.shown_root(), &course.name) {
        Ok(past) => (past, None),
        Err(error) => (Past::default(), Some(in_words(&error))),
    };
    let all = course.days().map(|day| (day, Wanted::Whole)).collect();
    let planned = plan::plan(course, repository, Some(all))?;
    let day = |id: &DayId| match planned.iter().find(|planned| planned.day.id == *id) {
        Some(planned) => Day::Graded(graded(planned, repository, &past)),
        None => Day::NotYet(*id),
    };
    let weeks = course.weeks().iter().map(|week| Week {
        number: week.number,
        title: week.title.clone(),
        days: week.days.iter().map(day).collect(),
    });
    Ok(Overview {
        course: course.name.to_string(),
        title: course.title.clone(),
        root: Captured::new(repository.shown_root().display().to_string()),
        weeks: weeks.collect(),
        runs: past.runs,
        first_run: past.first_run,
        notice,
    })
}

/// Says why nothing is known of what was, and what comes of that.
fn in_words(error: &HistoryError) -> String {
    let next = match error {
        HistoryError::Newer { .. } => "it is left alone, so runs of this grade are not kept; update grade",
        HistoryError::Damaged { .. } => "the next run puts it aside and begins a new one",
        HistoryError::Sqlite { .. } | HistoryError::Io { .. } => {
            "what runs came to is not known as long as that is so"
        }
    };
    format!("the history cannot be read: {error}; {next}")
}

fn graded(planned: &PlannedDay, repository: &Repository, past: &Past) -> GradedDay {
    let day = &planned.day;
    let PastDay { first_passed, last_graded, digest } = past.days.get(&day.id).cloned().unwrap_or_default();
    let now = planned.work.as_ref().map(|work| work.snapshot.digest());
    GradedDay {
        id: day.id,
        title: day.title.clone(),
        folder: planned.work.as_ref().map(|work| Captured::new(work.folder.to_string())),
        requirements: day.requirements().iter().map(|each| requirement(each, repository, past)).collect(),
        first_passed,
        last_graded,
        is_changed: digest.zip(now).map(|(then, now)| then != now),
    }
}

fn requirement(requirement: &Requirement, repository: &Repository, past: &Past) -> status::Requirement {
    let (id, check) = (requirement.id.clone(), kind_of(&requirement.check));
    let known = past.requirements.get(&id).cloned().unwrap_or_default();
    // What is ticked is known without a run.
    let last = match (check, repository.config().is_ticked(id.day, &id.slug)) {
        (CheckKind::ByHand, true) => Some(OutcomeKind::Ticked),
        (CheckKind::ByHand, false) => Some(OutcomeKind::ByHand),
        _ => known.last,
    };
    status::Requirement { id, text: requirement.text.clone(), check, last, first_passed: known.first_passed }
}
