//! What the user asks to be graded: `day4`, `4`, `day4.retry`, `week1`, `day1..day5`, `all`.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use crate::day::{DayId, RequirementId, Slug};
use crate::pack::{Course, PackError};

/// One word of the command line that names something to grade.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// One day.
    Day(DayId),
    /// One requirement of a day.
    Requirement(RequirementId),
    /// The days of a week that can be graded.
    Week(u16),
    /// The days from the first to the last, both included, that can be graded.
    Range(DayId, DayId),
    /// Every day that can be graded.
    All,
}

/// A word that names nothing to grade.
#[derive(Debug, thiserror::Error)]
pub enum TargetError {
    /// Not of any form that a target has.
    #[error("`{0}` is not something to grade")]
    Malformed(String),
    /// A range whose end comes before its start.
    #[error("`{0}` ends before it begins")]
    Backwards(String),
    /// A range or a week of which no day can be graded.
    #[error("no day of `{0}` can be graded yet")]
    NothingIn(String),
    /// The course has no such week.
    #[error("the course has no week {0}")]
    NoSuchWeek(u16),
    /// The day has no such requirement.
    #[error("{day} has no requirement `{slug}`")]
    NoSuchRequirement {
        /// The day.
        day: DayId,
        /// What was asked for.
        slug: Slug,
        /// What there is.
        known: Vec<String>,
    },
    /// The day cannot be graded.
    #[error(transparent)]
    Pack(#[from] PackError),
}

impl TargetError {
    /// Returns what to do next.
    pub fn hint(&self, course: &Course) -> Option<String> {
        Some(match self {
            Self::Malformed(word) => malformed_hint(word, course),
            Self::Backwards(_) => "write the earlier day first, as in `day1..day5`".to_owned(),
            Self::NothingIn(_) => "`grade list` shows what can be graded".to_owned(),
            Self::NoSuchWeek(_) => {
                let weeks: Vec<String> =
                    course.weeks().iter().map(|week| format!("`week{}`", week.number)).collect();
                format!("there are {}", weeks.join(", "))
            }
            Self::NoSuchRequirement { day, slug, known } => match nearest(slug.as_str(), known) {
                Some(near) => format!("did you mean `{day}.{near}`?"),
                None => format!("`grade show {day}` lists them"),
            },
            Self::Pack(error) => return error.hint().map(ToOwned::to_owned),
        })
    }
}

fn malformed_hint(word: &str, course: &Course) -> String {
    if COMMANDS.contains(&word) {
        return format!("`{word}` is a command and comes before all targets: `grade {word}`");
    }
    let mut known: Vec<String> = course.days().map(|day| day.to_string()).collect();
    known.extend(course.weeks().iter().map(|week| format!("week{}", week.number)));
    known.extend(COMMANDS.into_iter().chain(["all"]).map(ToOwned::to_owned));
    match nearest(&word.to_lowercase(), &known) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "targets are written like `day4`, `day4.retry`, `week1`, `day1..day5` or `all`".to_owned(),
    }
}

/// What may have been meant to be a command.
const COMMANDS: [&str; 14] = [
    "init",
    "start",
    "list",
    "show",
    "hint",
    "watch",
    "status",
    "report",
    "hook",
    "setup",
    "doctor",
    "pack",
    "completions",
    "man",
];

/// Returns the nearest of `known`, where one is near enough to be meant.
fn nearest<'a>(word: &str, known: &'a [String]) -> Option<&'a String> {
    let scored = known.iter().map(|name| (strsim::jaro_winkler(word, name), name));
    scored.filter(|(score, _)| *score > 0.8).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, name)| name)
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let malformed = || TargetError::Malformed(text.to_owned());
        if text.eq_ignore_ascii_case("all") {
            return Ok(Self::All);
        }
        if let Some((first, last)) = text.split_once("..") {
            let (first, last): (DayId, DayId) =
                (first.parse().map_err(|_| malformed())?, last.parse().map_err(|_| malformed())?);
            return if first <= last {
                Ok(Self::Range(first, last))
            } else {
                Err(TargetError::Backwards(text.to_owned()))
            };
        }
        if text.contains('.') {
            return text.parse().map(Self::Requirement).map_err(|_| malformed());
        }
        if let Some(week) = text.to_ascii_lowercase().strip_prefix("week") {
            return week.trim_start_matches(['-', '_']).parse().map(Self::Week).map_err(|_| malformed());
        }
        text.parse().map(Self::Day).map_err(|_| malformed())
    }
}

/// Which requirements of a day are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of them.
    Whole,
    /// These.
    Only(BTreeSet<Slug>),
}

impl Wanted {
    /// Returns whether this requirement is wanted.
    pub fn includes(&self, slug: &Slug) -> bool {
        match self {
            Self::Whole => true,
            Self::Only(slugs) => slugs.contains(slug),
        }
    }

    /// Returns the names of the wanted requirements, or `None` for all.
    pub fn names(&self) -> Option<Vec<String>> {
        match self {
            Self::Whole => None,
            Self::Only(slugs) => Some(slugs.iter().map(ToString::to_string).collect()),
        }
    }
}

/// The days that a list of targets comes to, in order.
pub type Selection = BTreeMap<DayId, Wanted>;

/// Returns the days that these targets name.
///
/// # Errors
///
/// When a target names a week, a day or a requirement that the course does not have.
pub fn select(course: &Course, targets: &[Target]) -> Result<Selection, TargetError> {
    let mut selection = Selection::new();
    for target in targets {
        match target {
            Target::Day(day) => {
                course.day(*day)?;
                selection.insert(*day, Wanted::Whole);
            }
            Target::Requirement(requirement) => add_requirement(course, requirement, &mut selection)?,
            Target::Week(number) => {
                let week = course.weeks().iter().find(|week| week.number == *number);
                let week = week.ok_or(TargetError::NoSuchWeek(*number))?;
                let days = course.days().filter(|day| week.days.contains(day));
                add_days(days, || format!("week{number}"), &mut selection)?;
            }
            Target::Range(first, last) => {
                let days = course.days().filter(|day| (first..=last).contains(&day));
                add_days(days, || format!("{first}..{last}"), &mut selection)?;
            }
            Target::All => selection.extend(course.days().map(|day| (day, Wanted::Whole))),
        }
    }
    Ok(selection)
}

fn add_days(
    days: impl Iterator<Item = DayId>,
    target: impl FnOnce() -> String,
    selection: &mut Selection,
) -> Result<(), TargetError> {
    let mut days = days.map(|day| (day, Wanted::Whole)).peekable();
    if days.peek().is_none() {
        return Err(TargetError::NothingIn(target()));
    }
    selection.extend(days);
    Ok(())
}

fn add_requirement(
    course: &Course,
    id: &RequirementId,
    selection: &mut Selection,
) -> Result<(), TargetError> {
    let day = course.day(id.day)?;
    if day.requirement(&id.slug).is_none() {
        let known = day.requirements().iter().map(|requirement| requirement.id.slug.to_string()).collect();
        return Err(TargetError::NoSuchRequirement { day: id.day, slug: id.slug.clone(), known });
    }
    match selection.entry(id.day).or_insert_with(|| Wanted::Only(BTreeSet::new())) {
        Wanted::Whole => {}
        Wanted::Only(slugs) => {
            slugs.insert(id.slug.clone());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_target_is_read() {
        let read = |text: &str| text.parse::<Target>().unwrap();
        assert_eq!(read("4"), Target::Day(DayId::new(4)));
        assert_eq!(read("Day04"), Target::Day(DayId::new(4)));
        assert_eq!(read("day4.retry"), Target::Requirement("day4.retry".parse().unwrap()));
        assert_eq!(read("week1"), Target::Week(1));
        assert_eq!(read("day1..5"), Target::Range(DayId::new(1), DayId::new(5)));
        assert_eq!(read("ALL"), Target::All);
    }

    #[test]
    fn what_names_nothing_is_refused() {
        for word in ["dya4", "week", "day4.", "..", "day5..day1", "", "day4.Retry"] {
            assert!(word.parse::<Target>().is_err(), "{word}");
        }
    }
}
