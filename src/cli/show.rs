//! `grade show day4`: what a day asks for.

use crate::outcome::Status;
use crate::pack::{Course, Requirement};
use crate::report::listing;
use crate::report::markdown;
use crate::runner::check::kind_of;
use crate::runner::target::{Target, TargetError, select};

use super::Context;
use super::args::ShowArgs;
use super::error::CliError;
use super::pager;

/// Runs the command. A repository is welcome and not needed.
pub fn run(context: &Context, args: &ShowArgs) -> Result<Status, CliError> {
    let repository = context.repository_if_any()?;
    let course = context.course(repository.as_ref())?;
    let wrong = |error: TargetError| CliError::target(&error, &course);
    let target: Target = args.target.parse().map_err(wrong)?;
    select(&course, std::slice::from_ref(&target)).map_err(wrong)?;
    let text = match &target {
        Target::Day(day) => show_day(context, &course, *day)?,
        Target::Requirement(id) => {
            let day = course.day(id.day)?;
            let requirement = day.requirement(&id.slug);
            requirement.map(|requirement| show_requirement(context, requirement)).unwrap_or_default()
        }
        Target::Week(_) | Target::Range(..) | Target::All => {
            return Err(several(&args.target));
        }
    };
    pager::show(context, &text, args.no_pager);
    Ok(Status::Passed)
}

fn several(target: &str) -> CliError {
    CliError {
        status: Status::Usage,
        headline: format!("`{target}` is more than one day, and `show` shows one"),
        causes: Vec::new(),
        hint: Some("`grade list` shows all days; name one of them, as in `grade show day4`".to_owned()),
    }
}

fn show_day(context: &Context, course: &Course, day: crate::day::DayId) -> Result<String, CliError> {
    let style = &context.output.style;
    let day = course.day(day)?;
    let lines: Vec<listing::Requirement<'_>> = day
        .requirements()
        .iter()
        .map(|requirement| listing::Requirement {
            id: &requirement.id,
            text: &requirement.text,
            check: kind_of(&requirement.check),
        })
        .collect();
    let heading = format!("{}  {}", day.id, day.title);
    Ok(listing::requirements(&heading, &lines, style) + "\n" + &markdown::render(&day.guide()?, style))
}

fn show_requirement(context: &Context, requirement: &Requirement) -> String {
    let style = &context.output.style;
    let (id, check) = (&requirement.id, kind_of(&requirement.check).label());
    let hints = match requirement.hints.len() {
        0 => String::new(),
        count => {
            format!("- `grade hint {id}`: help, in {count} {}\n", if count == 1 { "step" } else { "steps" })
        }
    };
    let text = format!(
        "# {id}\n\n{} ({check})\n\n- `grade show {}`: what exactly is asked for\n{hints}",
        requirement.text, id.day
    );
    markdown::render(&text, style)
}
