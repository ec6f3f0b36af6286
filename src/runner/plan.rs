//! From targets to planned days: where each day lives, and the snapshot of what is graded of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::file::FILE_NAME;
use crate::day::DayId;
use crate::finding::Captured;
use crate::pack::{Check, Course, Day, PackError, Requirement};
use crate::rel_path::RelPath;
use crate::repository::folder_name::is_day_or_week;
use crate::repository::{DayLocation, DayQuery, Notice, Repository};
use crate::snapshot::{self, Reason, Snapshot, SnapshotError, SnapshotRequest, pytest_settings};

use super::target::{Selection, Wanted};

/// Notices about files that were left out which one day shows at the most.
const MOST_NOTICES: usize = 8;

/// A day that will be graded.
#[derive(Debug)]
pub struct PlannedDay {
    /// The day, as the pack has it.
    pub day: Day,
    /// Which of its requirements.
    pub wanted: Wanted,
    /// What there is of it, or `None` where nothing is.
    pub work: Option<Work>,
    /// The days of which its work has a project, where it is about the work of others: as the learner has it for that day, or as a
    /// copy in this day's folder.
    pub reviewed: Vec<Arc<PlannedDay>>,
    /// The names that are accepted, by the pack's own; the learner's own first.
    pub names: BTreeMap<String, Vec<String>>,
    /// What the learner should know.
    pub notices: Vec<Captured>,
}

impl PlannedDay {
    /// Returns the requirements that are wanted, in the pack's order.
    pub fn wanted_requirements(&self) -> impl Iterator<Item = &Requirement> {
        self.day.requirements().iter().filter(|requirement| self.wanted.includes(&requirement.id.slug))
    }

    /// Returns whether a verdict on the day may be another one when these files are: those in its folder, those that it uses, and, where it
    /// asks for files or for something of git, those at the top of the repository.
    pub fn is_touched_by(&self, changed: &[RelPath]) -> bool {
        let Some(work) = &self.work else { return false };
        let looks =
            |requirement: &Requirement| matches!(requirement.check, Check::Files { .. } | Check::Git(_));
        let looks_around = self.day.requirements().iter().any(looks);
        changed.iter().any(|path| {
            work.is_touched_by(path) || is_everybodys(path) || (looks_around && path.depth() == 1)
        }) || self.reviewed.iter().any(|day| day.is_touched_by(changed))
    }
}

/// Returns whether any day may depend on a file: one of Python that is no day's, which may be gone by now, or settings.
fn is_everybodys(path: &RelPath) -> bool {
    let is_setting = |name: &str| name == FILE_NAME || pytest_settings::files().any(|file| file == name);
    !path.parts().next().is_some_and(is_day_or_week)
        && (path.has_extension("py") || path.file_name().is_some_and(is_setting))
}

/// What a learner has of a day.
#[derive(Debug)]
pub struct Work {
    /// The day's folder.
    pub folder: RelPath,
    /// The files that are graded.
    pub snapshot: Snapshot,
}

impl Work {
    fn is_touched_by(&self, path: &RelPath) -> bool {
        path.is_within(&self.folder) || self.snapshot.file(path).is_some()
    }

    /// Returns the Python files that are this day's: those in its folder, and its own tests elsewhere.
    pub fn python_files(&self) -> impl Iterator<Item = &RelPath> {
        let own_tests = self.snapshot.own_test_files();
        let paths = self.snapshot.files().iter().map(|file| &file.path);
        paths.filter(|path| {
            path.has_extension("py") && (path.is_within(&self.folder) || own_tests.contains(path))
        })
    }

    /// Returns the Python files that are no tests, other days' included.
    pub fn untested_files(&self) -> impl Iterator<Item = &RelPath> {
        let tests = self.snapshot.own_test_files();
        let paths = self.snapshot.files().iter().map(|file| &file.path);
        paths.filter(move |path| {
            path.has_extension("py") && !tests.contains(path) && path.file_name() != Some("conftest.py")
        })
    }

    /// Returns the Python files of the day that mypy looks at: all but tests. Tests misuse on purpose what they test, and what they
    /// import takes mypy longer than everything else of a day.
    pub fn typed_files(&self) -> impl Iterator<Item = &RelPath> {
        self.untested_files().filter(|path| path.is_within(&self.folder))
    }
}

/// Why a day could not be planned.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// The pack is at fault.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// The day's files cannot be read.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
}

/// Plans the days of a selection or, without one, the days that have been started.
///
/// # Errors
///
/// When the pack or the repository cannot be read.
pub fn plan(
    course: &Course,
    repository: &Repository,
    selection: Option<Selection>,
) -> Result<Vec<PlannedDay>, PlanError> {
    let (selection, only_started) = match selection {
        Some(selection) => (selection, false),
        None => (course.days().map(|day| (day, Wanted::Whole)).collect(), true),
    };
    let mut planned = Vec::new();
    for (id, wanted) in selection {
        let day = plan_day(course, repository, id, wanted)?;
        if day.work.is_some() || !only_started {
            planned.push(day);
        }
    }
    Ok(planned)
}

fn plan_day(
    course: &Course,
    repository: &Repository,
    id: DayId,
    wanted: Wanted,
) -> Result<PlannedDay, PlanError> {
    let day = course.day(id)?;
    let location = locate(course, repository, &day);
    let mut notices: Vec<Captured> = location.notice.iter().map(notice_in_words).collect();
    let earlier: Vec<Day> = day.reviews.iter().map(|id| course.day(*id)).collect::<Result<_, _>>()?;
    let mut work = match location.folder {
        Some(folder) => look(course, repository, &day, &earlier, folder)?,
        None => None,
    };
    if let Some(own) =
        work.as_ref().filter(|work| !earlier.is_empty() && work.snapshot.own_test_files().is_empty())
        && let Some((day, elsewhere)) = most_tests(course, repository, &earlier)?
    {
        notices.push(Captured::new(format!(
            "there are no tests in `{}`, so those of {day} in `{}` are graded; `grade.toml` can name another folder",
            own.folder, elsewhere.folder
        )));
        work = Some(elsewhere);
    }
    let reviewed = match &work {
        Some(work) => reviewed(course, repository, work, earlier)?,
        None => Vec::new(),
    };
    if let Some(work) = &work {
        notices.extend(left_out(&work.snapshot));
    }
    let names = names(repository, &day);
    Ok(PlannedDay { day, wanted, work, reviewed, names, notices })
}

/// Returns the names that a day accepts, the learner's own before the pack's.
fn names(repository: &Repository, day: &Day) -> BTreeMap<String, Vec<String>> {
    let pack = day.names.iter();
    let mut names: BTreeMap<String, Vec<String>> = pack
        .map(|(name, others)| (name.to_string(), others.iter().map(ToString::to_string).collect()))
        .collect();
    let own = repository.config().days.get(&day.id).map(|day| &day.names);
    for (name, other) in own.into_iter().flatten() {
        names.entry(name.clone()).or_default().insert(0, other.clone());
    }
    names
}

/// Returns the day among these of whose work there are most tests, in bytes: some write them beside the project.
fn most_tests(
    course: &Course,
    repository: &Repository,
    days: &[Day],
) -> Result<Option<(DayId, Work)>, PlanError> {
    let mut best: Option<(usize, DayId, Work)> = None;
    for day in days {
        let Some(folder) = locate(course, repository, day).folder else { continue };
        let Some(work) = look(course, repository, day, &[], folder)? else { continue };
        let tests = work.snapshot.own_test_files();
        let files = tests.iter().filter_map(|path| work.snapshot.file(path));
        let bytes = files.map(|file| file.contents.len()).sum();
        if bytes > best.as_ref().map_or(0, |(most, ..)| *most) {
            best = Some((bytes, day.id, work));
        }
    }
    Ok(best.map(|(_, day, work)| (day, work)))
}

/// Returns those of these days of which a module is part of a later day's work, in their own folder or in that of the later day.
fn reviewed(
    course: &Course,
    repository: &Repository,
    work: &Work,
    days: Vec<Day>,
) -> Result<Vec<Arc<PlannedDay>>, PlanError> {
    let mut reviewed = Vec::new();
    for day in days {
        let own = locate(course, repository, &day).folder;
        let mut folders = own.into_iter().chain([work.folder.clone()]);
        let Some(folder) = folders.find(|folder| has_module(&day, folder, &work.snapshot)) else { continue };
        let work = look(course, repository, &day, &[], folder)?;
        let names = names(repository, &day);
        let (wanted, none, notices) = (Wanted::Whole, Vec::new(), Vec::new());
        reviewed.push(Arc::new(PlannedDay { day, wanted, work, reviewed: none, names, notices }));
    }
    Ok(reviewed)
}

fn has_module(day: &Day, folder: &RelPath, snapshot: &Snapshot) -> bool {
    let mut files = day.modules.iter().flat_map(|(_, files)| files);
    files.any(|file| folder.follow(file.as_str()).is_some_and(|path| snapshot.file(&path).is_some()))
}

/// Finds where a day lives in a repository.
pub fn locate(course: &Course, repository: &Repository, day: &Day) -> DayLocation {
    let named_files = named_files(day).collect::<Vec<_>>();
    let week = course.week_of(day.id).map_or(1, |week| week.number);
    let templates = course.layout.templates();
    repository.day_folder(&DayQuery { day: day.id, week, templates, named_files: &named_files })
}

fn named_files(day: &Day) -> impl Iterator<Item = String> {
    day.modules.iter().flat_map(|(_, files)| files).map(|file| file.as_str().to_owned())
}

/// Takes the snapshot of a day in this folder; `about` are the days whose work it is about.
fn look(
    course: &Course,
    repository: &Repository,
    day: &Day,
    about: &[Day],
    folder: RelPath,
) -> Result<Option<Work>, PlanError> {
    let config = repository.config().days.get(&day.id);
    let request = SnapshotRequest {
        day_folder: folder.clone(),
        modules: std::iter::once(day).chain(about).flat_map(named_files).collect(),
        extra_roots: config.map(|config| config.tests.clone()).unwrap_or_default(),
        other_days: other_days(course, repository, day.id),
        is_about_others: !about.is_empty(),
    };
    let snapshot = snapshot::take(repository, &request)?;
    let started =
        snapshot.files().iter().any(|file| file.path.is_within(&folder)) || !snapshot.left_out().is_empty();
    Ok(started.then_some(Work { folder, snapshot }))
}

fn other_days(course: &Course, repository: &Repository, day: DayId) -> Vec<RelPath> {
    let templates = course.layout.templates();
    let days = course.weeks().iter().flat_map(|week| week.days.iter().map(|day| (week.number, *day)));
    let others = days.filter(|(_, other)| *other != day);
    others
        .filter_map(|(week, day)| {
            repository.day_folder(&DayQuery { day, week, templates, named_files: &[] }).folder
        })
        .collect()
}

fn notice_in_words(notice: &Notice) -> Captured {
    Captured::new(match notice {
        Notice::Ambiguous { taken, others } => {
            let others: Vec<&str> = others.iter().map(Captured::raw).collect();
            format!("graded `{}`; not looked at: {}", taken.raw(), others.join(", "))
        }
        Notice::NoSuchFolder { folder } => {
            format!("grade.toml says that the day is in `{}`, but there is no such folder", folder.raw())
        }
    })
}

fn left_out(snapshot: &Snapshot) -> Vec<Captured> {
    let mut told: Vec<_> =
        snapshot.left_out().iter().filter(|left_out| !left_out.reason.is_routine()).collect();
    // Thousands of files too many must not hide the one link that explains why a test cannot be imported.
    told.sort_by_key(|left_out| matches!(left_out.reason, Reason::TooManyFiles | Reason::TooManyBytes));
    let mut notices: Vec<Captured> = told
        .iter()
        .take(MOST_NOTICES)
        .map(|left_out| {
            Captured::new(format!("left out `{}`: {}", left_out.path.raw(), left_out.reason.in_words()))
        })
        .collect();
    let more = told.len().saturating_sub(MOST_NOTICES) + snapshot.more_left_out();
    if more > 0 {
        notices.push(Captured::new(format!("left out {more} more")));
    }
    notices
}
