//! `grade pack feedback`: what the learner would be told for every wrong solution, for an author to read in one go.

use std::path::Path;

use crate::event::RequirementReport;
use crate::outcome::{Outcome, Status};
use crate::pack::{Day, FEEDBACK, Wrong};
use crate::prover::{Prover, Thorough};
use crate::report::feedback::{self, Judged, Told};
use crate::report::set_up::Bar;

use super::super::Context;
use super::super::args::PackFeedbackArgs;
use super::super::error::CliError;
use super::{days, proof_error, tools};

/// Runs the command.
pub fn run(context: &Context, args: &PackFeedbackArgs) -> Result<Status, CliError> {
    let folder = folder_to_write(context, args)?;
    let course = context.course(None)?;
    let days = days(&course, &args.days)?;
    let wrong = chosen(&days, &args.wrong)?;
    let (settings, workshop) = tools(context, false)?;
    let prover = Prover {
        course: &course,
        settings: &settings,
        workshop: &workshop,
        memories: None,
        repeats: 1,
        seed: args.seed,
        // A learner is told of every test that fails, and not only of the first.
        thorough: Thorough::Whole,
    };
    let mut status = Status::Passed;
    for (index, (day, wrong)) in days.iter().zip(&wrong).filter(|(_, wrong)| !wrong.is_empty()).enumerate() {
        let bar = Bar::new(context.output.shows_progress, context.output.error_style(), &day.id.to_string());
        let progress = |done, total| bar.set(done as u64, total as u64);
        let graded = prover.feedback(day, wrong, &progress).map_err(proof_error)?;
        drop(bar);
        if graded.iter().flatten().any(|report| matches!(report.outcome, Outcome::Broken(_))) {
            status = Status::Broken;
        }
        let page = page(day, args.seed, wrong, &graded);
        match folder {
            Some(folder) => write(context, &folder.join(day.folder()).join(FEEDBACK), &page)?,
            None => context.output.print(&format!("{}{page}", if index > 0 { "\n" } else { "" })),
        }
    }
    Ok(status)
}

fn folder_to_write<'a>(context: &'a Context, args: &PackFeedbackArgs) -> Result<Option<&'a Path>, CliError> {
    match (&context.global.pack, args.write) {
        (_, false) => Ok(None),
        (Some(folder), true) => Ok(Some(folder)),
        (None, true) => Err(CliError {
            status: Status::Usage,
            headline: "nothing can be written into a built-in pack".to_owned(),
            causes: Vec::new(),
            hint: Some(
                "name the folder of the course: `grade pack feedback --write --pack exercises/python-23`"
                    .to_owned(),
            ),
        }),
    }
}

/// Returns the wrong solutions of each day that are asked for: all, or those of these names.
fn chosen(days: &[Day], names: &[String]) -> Result<Vec<Vec<Wrong>>, CliError> {
    let mut all: Vec<Vec<Wrong>> = days.iter().map(Day::wrong).collect::<Result<_, _>>()?;
    let known = |name: &String| all.iter().flatten().any(|wrong| wrong.name.as_str() == name);
    if let Some(unknown) = names.iter().find(|name| !known(name)) {
        let days: Vec<String> = days.iter().map(|day| day.id.to_string()).collect();
        return Err(CliError {
            status: Status::Usage,
            headline: format!("there is no wrong solution `{unknown}` in {}", days.join(", ")),
            causes: Vec::new(),
            hint: Some(
                "wrong solutions are the folders in `wrong` of a day; `--wrong` takes the name of one"
                    .to_owned(),
            ),
        });
    }
    if !names.is_empty() {
        all.iter_mut()
            .for_each(|wrong| wrong.retain(|wrong| names.iter().any(|name| wrong.name.as_str() == name)));
    }
    Ok(all)
}

fn page(day: &Day, seed: u64, wrong: &[Wrong], graded: &[Vec<RequirementReport>]) -> String {
    let told: Vec<Told<'_>> =
        wrong.iter().zip(graded).map(|(wrong, reports)| told(day, wrong, reports)).collect();
    feedback::page(day.id, &day.title, seed, &told)
}

fn told<'a>(day: &'a Day, wrong: &'a Wrong, reports: &'a [RequirementReport]) -> Told<'a> {
    let judged = |report: &'a RequirementReport| Judged {
        slug: &report.id.slug,
        text: &report.text,
        hint: day
            .requirement(&report.id.slug)
            .and_then(|requirement| requirement.hints.first())
            .map(String::as_str),
        outcome: &report.outcome,
    };
    Told { name: &wrong.name, why: &wrong.why, requirements: reports.iter().map(judged).collect() }
}

fn write(context: &Context, path: &Path, page: &str) -> Result<(), CliError> {
    crate::lay_out::replace(path, page.as_bytes()).map_err(|error| {
        CliError::new(Status::Broken, &error, Some(format!("`{}` must be writable", path.display())))
    })?;
    context.output.print(&format!("{}\n", path.display()));
    Ok(())
}
