//! `grade list`: the days of the course, which of them can be graded, and where they are in the repository.

use crate::outcome::Status;
use crate::pack::Course;
use crate::report::listing::{self, Line};
use crate::runner::plan;

use super::Context;
use super::error::CliError;

/// Runs the command. A repository is welcome and not needed.
pub fn run(context: &Context) -> Result<Status, CliError> {
    let repository = context.repository_if_any()?;
    let course = context.course(repository.as_ref())?;
    let mut lines = Vec::new();
    for week in course.weeks() {
        lines.push(Line::Week { number: week.number, title: week.title.clone() });
        for day in &week.days {
            lines.push(day_line(&course, repository.as_ref(), *day)?);
        }
    }
    context.output.print(&listing::render(&course.title, &lines, &context.output.style));
    Ok(Status::Passed)
}

fn day_line(
    course: &Course,
    repository: Option<&crate::repository::Repository>,
    id: crate::day::DayId,
) -> Result<Line, CliError> {
    if !course.days().any(|day| day == id) {
        return Ok(Line::NotGraded { day: id });
    }
    let day = course.day(id)?;
    let folder = repository.and_then(|repository| plan::locate(course, repository, &day).folder);
    Ok(Line::Day {
        day: id,
        title: day.title.clone(),
        requirements: day.requirements().len(),
        folder: folder.map(|folder| folder.to_string().into()),
    })
}
