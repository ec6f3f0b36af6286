//! The learner's repository that is graded, twice: a copy for each side, so that neither warms or stales the other's caches.
//!
//! It is `fixtures/strong/submission`, or, where a day is not in that, the day's conventional solution. It is a git
//! repository in a temporary folder: below `target/` both ruff and `grade` would find that git ignores all of it.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use grade::config::env::Environment;
use grade::day::DayId;
use grade::pack::{Catalogue, DEFAULT_COURSE, PackError};
use grade::toolchain::Toolchain;

use crate::common;

const COURSE: &str = "exercises/python-23";
const FIXTURE: &str = "fixtures/strong/submission";

/// What would make every run of Python on a build machine compile everything anew; ordinary users have neither.
const UNUSUAL: [&str; 2] = ["PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"];

/// One side's copy of the repository.
#[derive(Debug)]
pub struct Copy {
    folder: tempfile::TempDir,
}

impl Copy {
    /// Makes a copy in which these days have been done.
    ///
    /// # Errors
    ///
    /// When files cannot be copied, there is nothing of a day, or git is missing.
    pub fn new(days: &[u16]) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("by-hand-").tempdir()?;
        let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let fixture = crate_root.join(FIXTURE);
        if fixture.is_dir() {
            copy_tree(&fixture, folder.path())?;
        }
        let copy = Self { folder };
        for day in days {
            if copy.day(*day).is_err() {
                copy_tree(&solution(&crate_root.join(COURSE), *day)?, copy.root())?;
            }
        }
        copy.commit()?;
        Ok(copy)
    }

    /// Returns the repository's root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Returns a day's folder: `day0` or `week1/day4`.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn day(&self, day: u16) -> io::Result<PathBuf> {
        let weeks = fs::read_dir(self.root())?.filter_map(|entry| Some(entry.ok()?.path()));
        let mut folders =
            std::iter::once(self.root().to_owned()).chain(weeks).map(|week| week.join(format!("day{day}")));
        folders.find(|folder| folder.is_dir()).ok_or_else(|| missing(format!("no folder for day {day}")))
    }

    /// Adds a comment to a day's module and commits it, so that nobody can answer from what was remembered of its content.
    ///
    /// # Errors
    ///
    /// When there is no such file, or it cannot be written.
    pub fn edit(&self, day: u16, round: usize) -> io::Result<()> {
        let mut files: Vec<PathBuf> =
            fs::read_dir(self.day(day)?)?.filter_map(|entry| Some(entry.ok()?.path())).collect();
        files.retain(|file| {
            file.extension().is_some_and(|ending| ending == "py") && !name(file).contains("test")
        });
        // The largest one is what the day is about, whatever it is called.
        files.sort_by_key(|file| file.metadata().map_or(0, |metadata| metadata.len()));
        let module = files.last().ok_or_else(|| missing(format!("no module in the folder of day {day}")))?;
        writeln!(File::options().append(true).open(module)?, "# Round {round}.")?;
        self.commit()
    }

    /// Stages a change that is about no day.
    ///
    /// # Errors
    ///
    /// When it cannot be written or staged.
    pub fn stage_a_note(&self, round: usize) -> io::Result<()> {
        let folder = self.root().join("notes");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("plans.md"), format!("Round {round}.\n"))?;
        self.git(&["add", "notes"])
    }

    fn commit(&self) -> io::Result<()> {
        // A second `init` changes nothing.
        self.git(&["init", "--quiet"])?;
        self.git(&["add", "."])?;
        self.git(&["commit", "--quiet", "--message", "Days"])
    }

    fn git(&self, words: &[&str]) -> io::Result<()> {
        let identity =
            ["-c", "user.name=Kim", "-c", "user.email=kim@example.org", "-c", "commit.gpgsign=false"];
        let status = Command::new("git").args(identity).args(words).current_dir(self.root()).status()?;
        if status.success() {
            return Ok(());
        }
        Err(io::Error::other(format!("`git {}` {status}", words.join(" "))))
    }
}

/// Returns a command with the user's environment as an ordinary user has it, and the tools of `grade` before all others.
pub fn command(program: &Path, toolchain: &Toolchain, folder: &Path) -> Command {
    let mut command = Command::new(program);
    for name in UNUSUAL {
        command.env_remove(name);
    }
    let path = std::iter::once(toolchain.prefix.join("bin")).chain(Environment::read().path());
    if let Ok(path) = std::env::join_paths(path) {
        command.env("PATH", path);
    }
    command.env("GRADE_DATA_DIR", common::data_dir()).current_dir(folder);
    command
}

/// Returns the days of `wanted` that the course grades by now: those whose hidden tests are recorded.
///
/// # Errors
///
/// When the course cannot be read.
pub fn days_there_are(wanted: &[u16]) -> Result<Vec<u16>, PackError> {
    let course = Catalogue::embedded().course(DEFAULT_COURSE)?;
    let is_recorded = |day: DayId| course.day(day).and_then(|day| day.expected()).is_ok();
    let is_graded = |day: &u16| format!("day{day}").parse().is_ok_and(is_recorded);
    Ok(wanted.iter().copied().filter(is_graded).collect())
}

fn solution(course: &Path, day: u16) -> io::Result<PathBuf> {
    let prefix = format!("day{day:02}-");
    let mut folders = fs::read_dir(course)?.filter_map(|entry| Some(entry.ok()?.path()));
    let folder = folders.find(|folder| name(folder).starts_with(&prefix));
    let solution =
        folder.map(|folder| folder.join("solutions/conventional")).filter(|folder| folder.is_dir());
    solution.ok_or_else(|| missing(format!("no conventional solution of day {day}")))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn missing(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, text)
}

fn copy_tree(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy_tree(&entry.path(), &target)?,
            false => fs::copy(entry.path(), &target).map(drop)?,
        }
    }
    Ok(())
}
