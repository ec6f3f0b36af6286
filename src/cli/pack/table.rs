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

/// Requirements that stand for something, and whether each is ticked by hand.
type Standing<'a> = Vec<(&'a Slug, bool)>;

fn section(day: &Day) -> String {
    let mut covering: BTreeMap<u16, Standing<'_>> =
        (1..).zip(&day.bullets).map(|(bullet, _)| (bullet, Vec::new())).collect();
    let mut without: Standing<'_> = Vec::new();
    for requirement in day.requirements() {
        let entry = (&requirement.id.slug, requirement.check == Check::ByHand);
        for bullet in &requirement.bullets {
            covering.entry(*bullet).or_default().push(entry);
        }
        if requirement.bullets.is_empty() {
            without.push(entry);
        }
    }
    let words = |bullet: u16| day.bullets.get(usize::from(bullet) - 1).map_or("", String::as_str);
    let mut rows: Vec<Row<'_>> = covering
        .into_iter()
        .map(|(bullet, requirements)| Row { bullet: Some(bullet), words: words(bullet), requirements })
        .collect();
    if !without.is_empty() {
        rows.push(Row { bullet: None, words: NO_BULLET, requirements: without });
    }
    bullets::day(day.id, &day.title, &rows)
}

const NO_BULLET: &str = "No bullet of its own";
