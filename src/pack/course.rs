//! A course: course.toml, and which of its days have a folder.
//!
//! Opening a course reads that one file and one list of names; days are read one by one, when they are asked
//! for. A day that a week lists but that has no folder is known and cannot be graded yet; a folder that no
//! week lists is a mistake.

use std::collections::BTreeMap;

use super::day::{Day, day_id};
use super::document::{Table, Value, ValuePlace};
use super::error::{MistakeKind, PackError, listed, nearest};
use super::path::PackPath;
use super::source::PackSource;
use crate::day::{DayId, NameError, Slug};

/// An ordered set of days, shipped as a pack.
#[derive(Debug, Clone)]
pub struct Course {
    /// The name of its folder: `python-23`.
    pub name: Slug,
    /// Its title.
    pub title: String,
    /// Where the work of a day is looked for.
    pub layout: Layout,
    weeks: Vec<Week>,
    folders: BTreeMap<DayId, DayFolder>,
    source: PackSource,
}

/// A week and its days, graded or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its number, from 1.
    pub number: u16,
    /// Its title.
    pub title: String,
    /// Its days in order; at least one.
    pub days: Vec<DayId>,
}

/// Where the work of a day is looked for below a repository's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout {
    folders: Vec<String>,
}

impl Layout {
    /// Returns the templates as the pack writes them, first match first: `week{week}/day{day}`.
    pub fn templates(&self) -> &[String] {
        &self.folders
    }

    /// Returns the folder that all days of a week may share, where there is such a thing: `week1`.
    pub fn week_folder(&self, week: u16) -> Option<String> {
        let is_whole = |part: &&str| !part.contains("{day}");
        self.folders.iter().find_map(|template| {
            let parts: Vec<&str> = template.split('/').take_while(is_whole).collect();
            let last = parts.iter().rposition(|part| part.contains("{week}"))?;
            Some(parts[..=last].join("/").replace("{week}", &week.to_string()))
        })
    }

    /// Returns the folders in which a day's work may lie, first match first: `week1/day4`, `day4`.
    pub fn folders(&self, week: u16, day: DayId) -> impl Iterator<Item = String> {
        let (week, day) = (week.to_string(), day.number().to_string());
        self.folders.iter().map(move |template| template.replace("{week}", &week).replace("{day}", &day))
    }
}

/// The folder of a day in the pack.
#[derive(Debug, Clone, PartialEq, Eq)]
struct DayFolder {
    name: String,
    slug: Slug,
}

impl Course {
    /// Reads course.toml and which days there are.
    ///
    /// # Errors
    ///
    /// When course.toml is wrong, when a folder is named like a day but not quite, or when a day's folder
    /// belongs to no week.
    pub fn open(source: PackSource) -> Result<Self, PackError> {
        Self::read(source).map_err(|error| error.hinted_if_missing(COURSE_TOML_HINT))
    }

    fn read(source: PackSource) -> Result<Self, PackError> {
        let name = source.name()?.parse().map_err(|error: NameError| {
            PackError::about(source.shown(""), MistakeKind::BadName(error.to_string()))
        })?;
        let (file, text) = (source.shown(COURSE_TOML), source.read_text(COURSE_TOML)?);
        let mut table = Table::parse(&file, &text)?;
        let title = table.required("title", Value::text)?;
        let layout = table.required("layout", layout)?;
        let weeks = table.required("week", weeks)?;
        table.finish()?;
        let folders = day_folders(&source, &weeks)?;
        Ok(Self { name, title, layout, weeks, folders, source })
    }

    /// Returns the weeks in order, with all of their days.
    pub fn weeks(&self) -> &[Week] {
        &self.weeks
    }

    /// Returns the week that a day belongs to.
    pub fn week_of(&self, day: DayId) -> Option<&Week> {
        self.weeks.iter().find(|week| week.days.contains(&day))
    }

    /// Returns the days that can be graded, in order.
    pub fn days(&self) -> impl Iterator<Item = DayId> {
        self.folders.keys().copied()
    }

    /// Returns the days that the course lists but that cannot be graded yet, in order.
    pub fn days_not_graded_yet(&self) -> impl Iterator<Item = DayId> {
        let listed = self.weeks.iter().flat_map(|week| week.days.iter().copied());
        listed.filter(|day| !self.folders.contains_key(day))
    }

    /// Returns the name of a day's folder in the pack, `day04-decorators`, where it has one.
    pub fn folder_of(&self, day: DayId) -> Option<&str> {
        self.folders.get(&day).map(|folder| folder.name.as_str())
    }

    /// Reads one day.
    ///
    /// # Errors
    ///
    /// When there is no such day, or its day.toml is wrong.
    pub fn day(&self, id: DayId) -> Result<Day, PackError> {
        let folder = self.folders.get(&id).ok_or_else(|| self.no_such_day(id))?;
        Day::read(self, id, folder.slug.clone(), &folder.name)
    }

    pub(super) fn source(&self) -> &PackSource {
        &self.source
    }

    fn no_such_day(&self, day: DayId) -> PackError {
        let course = self.name.to_string();
        let graded: Vec<String> = self.days().map(|day| day.to_string()).collect();
        let hint = match graded.as_slice() {
            [] => "no day of it is graded yet".to_owned(),
            days => format!("graded are {}", listed(days.iter().map(String::as_str))),
        };
        match self.week_of(day) {
            Some(_) => PackError::NotGradedYet { course, day, hint },
            None => PackError::NoSuchDay { course, day, hint },
        }
    }
}

fn layout(value: Value<'_>) -> Result<Layout, PackError> {
    let mut table = value.table("`[layout]`")?;
    let folders = table.required("folders", |value| value.filled_list(template))?;
    table.finish()?;
    Ok(Layout { folders })
}

fn template(value: Value<'_>) -> Result<String, PackError> {
    let place = value.place();
    let path: PackPath = value.parsed()?;
    let left = path.as_str().replace("{week}", "").replace("{day}", "");
    if left.contains(['{', '}']) {
        return Err(place.refuse(format!("`{path}` has a placeholder other than `{{week}}` and `{{day}}`")));
    }
    if !path.as_str().contains("{day}") {
        return Err(place.refuse(format!("`{path}` is the same folder for every day; it needs `{{day}}`")));
    }
    Ok(path.to_string())
}

fn weeks(value: Value<'_>) -> Result<Vec<Week>, PackError> {
    let mut weeks: Vec<Week> = Vec::new();
    for (week, place) in value.filled_list(week)? {
        if let Some(last) = weeks.last().filter(|last| last.number >= week.number) {
            return Err(
                place.refuse(format!("week {} comes after week {}; weeks ascend", week.number, last.number))
            );
        }
        let listed = |day: &&DayId| weeks.iter().any(|earlier| earlier.days.contains(day));
        if let Some(day) = week.days.iter().find(listed) {
            return Err(place.refuse(format!("{day} is in an earlier week already")));
        }
        weeks.push(week);
    }
    Ok(weeks)
}

fn week<'a>(value: Value<'a>) -> Result<(Week, ValuePlace<'a>), PackError> {
    let place = value.place();
    let mut table = value.table("`[[week]]`")?;
    let week = Week {
        number: table.required("number", |value| value.integer(1..=99))?,
        title: table.required("title", Value::text)?,
        days: table.required("days", days)?,
    };
    table.finish()?;
    Ok((week, place))
}

fn days(value: Value<'_>) -> Result<Vec<DayId>, PackError> {
    let place = value.place();
    let days = value.filled_list(day_id)?;
    match days.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => {
            Err(place.refuse(format!("{} comes after {}; days ascend, each once", pair[1], pair[0])))
        }
        None => Ok(days),
    }
}

fn day_folders(source: &PackSource, weeks: &[Week]) -> Result<BTreeMap<DayId, DayFolder>, PackError> {
    let mut folders: BTreeMap<DayId, DayFolder> = BTreeMap::new();
    for entry in source.list("")? {
        if !entry.is_folder || !entry.name.to_ascii_lowercase().starts_with("day") {
            continue;
        }
        let refuse = |why: String| PackError::about(source.shown(&entry.name), MistakeKind::BadName(why));
        let (id, slug) = day_folder(&entry.name).ok_or_else(|| refuse(NOT_A_DAY_FOLDER.to_owned()))?;
        if !weeks.iter().any(|week| week.days.contains(&id)) {
            return Err(refuse(format!("no week of the course lists {id}")));
        }
        if let Some(other) = folders.get(&id) {
            return Err(refuse(format!("`{}` is {id} too", other.name)));
        }
        folders.insert(id, DayFolder { name: entry.name, slug });
    }
    Ok(folders)
}

/// Reads `day04-decorators`: at least two digits, so that folders sort as days do.
fn day_folder(name: &str) -> Option<(DayId, Slug)> {
    let (digits, slug) = name.strip_prefix("day")?.split_once('-')?;
    let id = DayId::new(digits.parse().ok()?);
    let is_canonical = format!("{:02}", id.number()) == digits;
    is_canonical.then_some((id, slug.parse().ok()?))
}

/// Returns the error for a course that is not compiled in.
pub(super) fn no_such_course(name: &str, names: &[&str]) -> PackError {
    let hint = match nearest(name, names.iter().copied()) {
        Some(near) => format!("the nearest is `{near}`"),
        None => format!("courses: {}; `--pack DIR` takes one from a folder", listed(names.iter().copied())),
    };
    PackError::NoSuchCourse { name: name.to_owned(), hint }
}

const COURSE_TOML: &str = "course.toml";
const COURSE_TOML_HINT: &str = "`--pack` takes a course's folder, the one that holds `course.toml`";
const NOT_A_DAY_FOLDER: &str =
    "it is not named like a day; the folder of a day is called like `day04-decorators`";
