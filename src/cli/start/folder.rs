//! In which folder a day begins: where `grade.toml` says, where it is already, beside the others, or where the course has it.

use crate::day::DayId;
use crate::pack::{Course, Day, PackError, PackPath, PackTree};
use crate::rel_path::RelPath;
use crate::repository::Repository;
use crate::repository::folder_name::{is_numbered, renumbered};
use crate::runner::plan;
use crate::tree::Kind;

use super::File;

/// Returns the folder in which a day is to begin.
///
/// # Errors
///
/// When another day of the course cannot be read.
pub fn of_day(
    course: &Course,
    repository: &Repository,
    day: &Day,
    starter: &PackTree,
) -> Result<RelPath, PackError> {
    let named = repository.config().days.get(&day.id).and_then(|day| day.folder.clone());
    if let Some(folder) = named.or_else(|| plan::locate(course, repository, day).folder) {
        return Ok(folder);
    }
    let usual = usual(course, day.id, starter);
    let beside = beside_others(course, repository, day.id, &usual)?;
    Ok(beside.unwrap_or_else(|| in_week(course, repository, day.id, usual)))
}

/// Returns a starter's files with the day's folder where it is to be.
pub fn moved<'a>(course: &Course, day: &Day, starter: &'a PackTree, folder: &RelPath) -> Vec<File<'a>> {
    let usual = usual(course, day.id, starter);
    let file = |(path, contents): (&PackPath, &'a [u8])| {
        let path = RelPath::root().follow(path.as_str())?;
        let moved = match path.within(&usual) {
            Some(inside) => folder.follow(inside.as_str())?,
            None => path,
        };
        Some((moved, contents))
    };
    starter.files().filter_map(file).collect()
}

/// Returns where the course's own starter has the day.
fn usual(course: &Course, day: DayId, starter: &PackTree) -> RelPath {
    let folders: Vec<RelPath> =
        course.layout.folders(week_of(course, day), day).filter_map(|folder| folder.parse().ok()).collect();
    let holds = |folder: &&RelPath| {
        let below = format!("{folder}/");
        starter.files().any(|(path, _)| path.as_str().starts_with(&below))
    };
    folders.iter().find(holds).or(folders.first()).cloned().unwrap_or_default()
}

fn week_of(course: &Course, day: DayId) -> u16 {
    course.week_of(day).map_or(1, |week| week.number)
}

/// Returns the folder that goes with those of the days that are there: named as the nearest one is, and beside it.
///
/// A day that the course itself puts elsewhere (day 0 at the root) says nothing of the others.
fn beside_others(
    course: &Course,
    repository: &Repository,
    id: DayId,
    own: &RelPath,
) -> Result<Option<RelPath>, PackError> {
    let mut others: Vec<DayId> = course.days().filter(|other| *other != id).collect();
    others.sort_by_key(|other| (other.number().abs_diff(id.number()), *other > id));
    for other in others {
        let day = course.day(other)?;
        let is_named = repository.config().days.get(&other).is_some_and(|day| day.folder.is_some());
        let Some(there) = plan::locate(course, repository, &day).folder.filter(|_| !is_named) else {
            continue;
        };
        if usual(course, other, &day.starter()?).depth() == own.depth()
            && let Some(folder) = named_like(course, repository, &there, id)
        {
            return Ok(Some(folder));
        }
    }
    Ok(None)
}

/// Returns a day's folder with the numbers of another: `Week_2/Day_08` beside `Week_1/Day_07-testing`.
fn named_like(course: &Course, repository: &Repository, there: &RelPath, id: DayId) -> Option<RelPath> {
    let week = week_of(course, id);
    there.parts().try_fold(RelPath::root(), |folder, part| {
        let day = || renumbered(part, "day", id.number());
        let name = match renumbered(part, "week", week) {
            Some(plain) => week_in(repository, &folder, part, week).unwrap_or(plain),
            None => day().unwrap_or_else(|| part.to_owned()),
        };
        folder.child(&name)
    })
}

/// Returns the folder of a week that is there already, `part` before any other.
fn week_in(repository: &Repository, folder: &RelPath, part: &str, week: u16) -> Option<String> {
    let listing = repository.tree().list(folder).ok()?;
    let names = || listing.names(Kind::Folder).filter(|name| is_numbered(name, "week", week));
    names().find(|name| *name == part).or(names().next()).map(ToOwned::to_owned)
}

/// Puts the day into the folder that its week has in the repository, however that is spelt.
fn in_week(course: &Course, repository: &Repository, day: DayId, usual: RelPath) -> RelPath {
    let moved = || {
        let week: RelPath = course.layout.week_folder(week_of(course, day))?.parse().ok()?;
        repository.folder_like(week.as_str())?.follow(usual.within(&week)?.as_str())
    };
    moved().unwrap_or(usual)
}
