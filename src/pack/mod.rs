//! Reads packs: courses as typed values, from the program itself or from a folder.
//!
//! `Catalogue` knows the courses that are compiled in, `Course` which days there are, `Day` everything about
//! one of them. Each reads only what it is asked for. Whatever is wrong is said with file, line and the
//! nearest right thing (`PackError`); what is allowed but unfinished is for `lint`. Nothing here runs
//! anything.

mod course;
mod day;
mod document;
mod equivalent;
mod error;
mod expected;
mod lint;
mod path;
mod requirement;
mod source;
#[cfg(test)]
mod tests;
mod tree;
mod units;
mod wrong;

pub use course::{Course, Layout, Week};
pub use day::{Clock, Day, DayLimits, Modules, Names};
pub use equivalent::{Equivalent, What};
pub use error::{Mistake, MistakeKind, PackError, Position};
pub use expected::{ExpectedTests, TestId, TestIdError};
pub use lint::{PackComplaint, lint, lint_day};
pub use path::{PackPath, PackPathError};
pub use requirement::{Check, DottedName, DottedNameError, GitRule, Means, Requirement};
pub use source::{Contents, PackSource};
pub use tree::{Laid, PackTree};
pub use wrong::{GitState, Solution, Wrong, WrongGit};

use include_dir::{Dir, include_dir};

/// The courses that are compiled in; build.rs lays them out and sees to it that this is never stale.
static EXERCISES: Dir<'static> = include_dir!("$OUT_DIR/exercises");

/// The file of a day that `grade pack feedback --write` writes. It is for authors, and is not compiled in.
pub const FEEDBACK: &str = "FEEDBACK.md";

/// The course that is graded when no other is named.
pub const DEFAULT_COURSE: &str = "python-23";

/// The courses that are at hand by name.
#[derive(Debug, Clone, Copy)]
pub struct Catalogue {
    root: &'static Dir<'static>,
}

impl Catalogue {
    /// Returns the courses that are compiled in.
    pub fn embedded() -> Self {
        Self { root: &EXERCISES }
    }

    /// Returns the names of the courses, sorted.
    pub fn names(self) -> Vec<&'static str> {
        let mut names: Vec<&str> = self.folders().map(|(name, _)| name).collect();
        names.sort_unstable();
        names
    }

    /// Opens a course.
    ///
    /// # Errors
    ///
    /// When there is none of this name, or its course.toml is wrong.
    pub fn course(self, name: &str) -> Result<Course, PackError> {
        match self.folders().find(|(folder, _)| *folder == name) {
            Some((_, folder)) => Course::open(PackSource::Embedded(folder)),
            None => Err(course::no_such_course(name, &self.names())),
        }
    }

    fn folders(self) -> impl Iterator<Item = (&'static str, &'static Dir<'static>)> {
        self.root.dirs().filter_map(|dir| Some((dir.path().file_name()?.to_str()?, dir)))
    }
}
