//! `grade pack table`: which requirement stands for which bullet of the plan, as Markdown.

use std::collections::BTreeMap;

use crate::day::{DayId, Slug};
use crate::outcome::Status;
use crate::pack::{Check, Day};
use crate::report::bullets::{self, Row};

use super::super::Context;
use super::super::args::PackDaysArgs;
use super::super::error::CliError;
use super::days;

/// Runs the command. Without days it prints the whole page, and with days their sections.
pub fn run(context: &Context, args: &PackDaysArgs) -> Result<Status, CliError> {
    let course = context.course(None)?;
    let sections: Vec<String> = days(&course, args)?.iter().map(section).collect();
    let not_graded: Vec<DayId> = course.days_not_graded_yet().collect();
    let head = if args.days.is_empty() { bullets::head(&course.title, &not_graded) } else { String::new() };
    context.output.print(&(head + &sections.join("\n")));
    Ok(Status::Passed)
}

fn section(day: &Day) -> String {
    // What has no bullet comes last, as `None`.
    let mut covering: BTreeMap<(bool, Option<u16>), Vec<(&Slug, bool)>> = BTreeMap::new();
    for bullet in (1..).take(day.bullets.len()) {
        covering.insert((false, Some(bullet)), Vec::new());
    }
    for requirement in day.requirements() {
        let entry = (&requirement.id.slug, requirement.check == Check::ByHand);
        for bullet in &requirement.bullets {
            covering.entry((false, Some(*bullet))).or_default().push(entry);
        }
        if requirement.bullets.is_empty() {
            covering.entry((true, None)).or_default().push(entry);
        }
    }
    let words = |bullet: Option<u16>| match bullet {
        Some(bullet) => day.bullets.get(usize::from(bullet) - 1).map_or("", String::as_str),
        None => NO_BULLET,
    };
    let rows: Vec<Row<'_>> = covering
        .into_iter()
        .map(|((_, bullet), requirements)| Row { bullet, words: words(bullet), requirements })
        .collect();
    bullets::day(day.id, &day.title, &rows)
}

const NO_BULLET: &str = "No bullet of its own";
