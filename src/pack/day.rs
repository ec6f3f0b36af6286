//! One day of a course: day.toml as typed values, and the files beside it, read when they are asked for.
//!
//! Reading a day parses day.toml and looks at the names of its solutions, no more, so that a run whose
//! verdicts are cached costs little. A `Day` has at least one requirement and no two of one name; it cannot
//! be built otherwise.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use super::course::Course;
use super::document::{Table, Value};
use super::error::{Mistake, MistakeKind, PackError};
use super::expected::ExpectedTests;
use super::path::PackPath;
use super::requirement::{self, Check, DottedName, Requirement};
use super::source::{Entry, PackSource, joined};
use super::tree::PackTree;
use super::wrong::{Solution, Wrong};
use crate::day::{DayId, NameError, Slug};

/// One exercise of a course.
#[derive(Debug, Clone)]
pub struct Day {
    /// Its number within the course.
    pub id: DayId,
    /// Its name without the number: `decorators`.
    pub slug: Slug,
    /// Its title.
    pub title: String,
    /// What the learner builds.
    pub build: String,
    /// The solution whose run records which tests there are.
    pub reference: Slug,
    /// The earlier days that this one builds on.
    pub needs: Vec<DayId>,
    /// The earlier days on one of whose projects this one goes on: it is about the learner's tests of that project.
    pub reviews: Vec<DayId>,
    /// The modules that probes reach as `day.<name>`.
    pub modules: Modules,
    /// The clock in the candidate.
    pub clock: Clock,
    /// The limits that differ from the program's own.
    pub limits: DayLimits,
    /// Other names that are accepted where the plan is silent.
    pub names: Names,
    /// What each bullet of the plan asks for, in our words: the first is bullet 1.
    pub bullets: Vec<String>,
    requirements: Vec<Requirement>,
    solution_names: Vec<Slug>,
    source: PackSource,
    folder: String,
    toml: Cow<'static, str>,
    hidden: OnceLock<PackTree>,
}

/// The clock that a candidate sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's.
    #[default]
    Real,
    /// One that jumps over every wait.
    Virtual,
}

/// Limits of a day; what is `None` is as the program has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DayLimits {
    /// How long one probe may run.
    pub probe: Option<Duration>,
    /// How long the import of the day's modules may take.
    pub import: Option<Duration>,
    /// How long the whole suite may run.
    pub wall: Option<Duration>,
    /// Bytes of memory.
    pub memory: Option<u64>,
}

/// The modules of a day by the name that probes use, each with the files below the day's folder that it may
/// be; the first that exists is it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Modules(BTreeMap<String, Vec<PackPath>>);

impl Modules {
    /// Returns every module with its possible files, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[PackPath])> {
        self.0.iter().map(|(name, files)| (name.as_str(), files.as_slice()))
    }

    /// Returns the possible files of one module.
    pub fn files(&self, name: &str) -> Option<&[PackPath]> {
        self.0.get(name).map(Vec::as_slice)
    }
}

/// The plan's names with the other names that are accepted for each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names(BTreeMap<DottedName, Vec<DottedName>>);

impl Names {
    /// Returns every name with its other names, which stand in the pack's order.
    pub fn iter(&self) -> impl Iterator<Item = (&DottedName, &[DottedName])> {
        self.0.iter().map(|(name, others)| (name, others.as_slice()))
    }
}

impl Day {
    /// Returns the requirements in the pack's order; there is at least one.
    pub fn requirements(&self) -> &[Requirement] {
        &self.requirements
    }

    /// Returns a requirement by its name within the day.
    pub fn requirement(&self, slug: &Slug) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id.slug == *slug)
    }

    /// Returns the name of the day's folder in the pack: `day04-decorators`.
    pub fn folder(&self) -> &str {
        &self.folder
    }

    /// Returns a digest of everything in the pack that can change a verdict on this day: day.toml and the
    /// hidden suite. A guide or a solution may change without a learner being graded again.
    ///
    /// # Errors
    ///
    /// When the hidden suite cannot be read.
    pub fn digest(&self) -> Result<blake3::Hash, PackError> {
        let mut hasher = blake3::Hasher::new();
        // Lengths go first: otherwise a byte could move from a name to its contents unnoticed.
        let mut feed = |bytes: &[u8]| {
            hasher.update(&(bytes.len() as u64).to_le_bytes()).update(bytes);
        };
        feed(self.folder.as_bytes());
        feed(self.toml.as_bytes());
        for (path, contents) in self.hidden()?.files() {
            feed(path.as_str().as_bytes());
            feed(contents);
        }
        Ok(hasher.finalize())
    }

    /// Returns the hidden suite.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn hidden(&self) -> Result<&PackTree, PackError> {
        if let Some(tree) = self.hidden.get() {
            return Ok(tree);
        }
        let tree = self.source.tree(&joined(&self.folder, "hidden"))?;
        Ok(self.hidden.get_or_init(|| tree))
    }

    /// Writes the hidden suite into `<below>/<digest>/<day's folder>/`, readable for everybody, and returns
    /// that folder.
    ///
    /// It appears there whole or not at all, so that runs side by side may share it; one that is there
    /// already is used.
    ///
    /// # Errors
    ///
    /// When the suite cannot be read, or the machine refuses to write it.
    pub fn materialise_hidden(&self, below: &Path) -> Result<PathBuf, PackError> {
        let home = below.join(self.digest()?.to_hex().as_str());
        let suite = home.join(&self.folder);
        if suite.is_dir() {
            return Ok(suite);
        }
        match self.write_suite(below, &home) {
            // Somebody else was quicker, with the same bytes.
            Err(PackError::Write { .. }) if suite.is_dir() => Ok(suite),
            written => written.map(|()| suite),
        }
    }

    /// Writes the hidden suite aside and moves it to `home` in one step.
    fn write_suite(&self, below: &Path, home: &Path) -> Result<(), PackError> {
        let refused = |source| PackError::Write { path: home.to_owned(), source };
        fs::create_dir_all(below).map_err(refused)?;
        let scratch = tempfile::Builder::new().prefix(".suite-").tempdir_in(below).map_err(refused)?;
        let draft = scratch.path().join("suite");
        fs::create_dir_all(draft.join(&self.folder)).map_err(refused)?;
        self.hidden()?.lay_over(&draft.join(&self.folder))?;
        open_to_everybody(&draft).and_then(|()| fs::rename(&draft, home)).map_err(refused)
    }

    /// Returns the tests that must run. Every requirement that hidden tests verify has at least one.
    ///
    /// # Errors
    ///
    /// When they were not recorded, or not for every such requirement.
    pub fn expected(&self) -> Result<ExpectedTests, PackError> {
        let expected = self.recorded()?;
        let unrecorded = self.unrecorded(&expected).next().map(|requirement| requirement.id.slug.to_string());
        let Some(key) = unrecorded else { return Ok(expected) };
        let kind = MistakeKind::BadValue { key, why: "it has hidden tests, but none is recorded".to_owned() };
        let file = self.source.shown(&joined(&self.folder, EXPECTED_TOML));
        Err(PackError::about(file, Mistake::from(kind).hinted(RECORD_HINT)))
    }

    /// Returns the tests that were recorded, which may be none yet.
    ///
    /// # Errors
    ///
    /// When the record cannot be read, or names a requirement that the day does not have.
    pub fn recorded(&self) -> Result<ExpectedTests, PackError> {
        let Some(bytes) = self.hidden()?.get("expected.toml") else { return Ok(ExpectedTests::default()) };
        let file = self.source.shown(&joined(&self.folder, EXPECTED_TOML));
        let text =
            std::str::from_utf8(bytes).map_err(|_| PackError::about(file.clone(), MistakeKind::NotText))?;
        let hidden = self.requirements.iter().filter(|requirement| requirement.check == Check::Hidden);
        let known: Vec<&str> = hidden.map(|requirement| requirement.id.slug.as_str()).collect();
        ExpectedTests::parse(&file, text, &known)
    }

    /// Returns the requirements that hidden tests verify and for which none is recorded.
    pub(super) fn unrecorded<'a>(
        &'a self,
        expected: &'a ExpectedTests,
    ) -> impl Iterator<Item = &'a Requirement> {
        let hidden = self.requirements.iter().filter(|requirement| requirement.check == Check::Hidden);
        hidden.filter(|requirement| expected.of(&requirement.id.slug).is_none())
    }

    /// Reads the day's contract in prose.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub fn guide(&self) -> Result<Cow<'static, str>, PackError> {
        self.source.read_text(&joined(&self.folder, "guide.md"))
    }

    /// Reads what a learner starts from: a tree over the repository's root.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn starter(&self) -> Result<PackTree, PackError> {
        self.source.tree(&joined(&self.folder, "starter"))
    }

    /// Returns the names of the correct solutions, sorted.
    pub fn solution_names(&self) -> &[Slug] {
        &self.solution_names
    }

    /// Reads one correct solution.
    ///
    /// # Errors
    ///
    /// When it cannot be read.
    pub fn solution(&self, name: &Slug) -> Result<Solution, PackError> {
        let path = joined(&self.folder, &format!("solutions/{name}"));
        if !self.solution_names.contains(name) {
            return Err(PackError::about(self.source.shown(&path), MistakeKind::Missing("folder")));
        }
        Ok(Solution { name: name.clone(), tree: self.source.tree(&path)? })
    }

    /// Reads all correct solutions, by name.
    ///
    /// # Errors
    ///
    /// When one cannot be read.
    pub fn solutions(&self) -> Result<Vec<Solution>, PackError> {
        self.solution_names.iter().map(|name| self.solution(name)).collect()
    }

    /// Reads all wrong solutions, by name.
    ///
    /// # Errors
    ///
    /// When one cannot be read, or names a solution or a requirement that the day does not have.
    pub fn wrong(&self) -> Result<Vec<Wrong>, PackError> {
        self.wrong_names()?.into_iter().map(|name| Wrong::read(self, name)).collect()
    }

    /// Returns the names of the wrong solutions, sorted.
    pub(super) fn wrong_names(&self) -> Result<Vec<Slug>, PackError> {
        folder_names(&self.source, &joined(&self.folder, "wrong"))
    }

    pub(super) fn source(&self) -> &PackSource {
        &self.source
    }

    /// Reads the name of one of the solutions.
    pub(super) fn solution_name(&self, value: Value<'_>) -> Result<Slug, PackError> {
        one_of(value, &self.solution_names)
    }

    /// Reads a day from its folder.
    pub(super) fn read(course: &Course, id: DayId, slug: Slug, folder: &str) -> Result<Self, PackError> {
        let source = course.source();
        let path = joined(folder, "day.toml");
        let (file, text) = (source.shown(&path), source.read_text(&path)?);
        let solution_names = folder_names(source, &joined(folder, "solutions"))?;
        let mut table = Table::parse(&file, &text)?;
        let day = Self {
            id,
            slug,
            title: table.required("title", Value::text)?,
            build: table.required("build", Value::text)?,
            reference: table.required("reference", |value| one_of(value, &solution_names))?,
            needs: table.optional("needs", |value| earlier_days(value, id, course))?.unwrap_or_default(),
            reviews: table.optional("reviews", |value| earlier_days(value, id, course))?.unwrap_or_default(),
            modules: table.optional("modules", modules)?.unwrap_or_default(),
            clock: table.optional("candidate", candidate)?.unwrap_or_default(),
            limits: table.optional("limits", limits)?.unwrap_or_default(),
            names: table.optional("names", names)?.unwrap_or_default(),
            bullets: table.optional("bullets", bullets)?.unwrap_or_default(),
            requirements: table.required("requirement", |value| requirements(value, id))?,
            solution_names,
            source: source.clone(),
            folder: folder.to_owned(),
            toml: text.clone(),
            hidden: OnceLock::new(),
        };
        table.finish()?;
        Ok(day)
    }
}

/// Reads a day's number, written as `4` or as `"day4"`.
pub(super) fn day_id(value: Value<'_>) -> Result<DayId, PackError> {
    if value.is_integer() { value.integer(0..=999).map(DayId::new) } else { value.parsed() }
}

fn earlier_days(value: Value<'_>, id: DayId, course: &Course) -> Result<Vec<DayId>, PackError> {
    value.list(|day| {
        let place = day.place();
        match day_id(day)? {
            day if day >= id => Err(place.refuse(format!("{day} does not come before {id}"))),
            day if course.week_of(day).is_none() => {
                Err(place.refuse(format!("no week of the course lists {day}")))
            }
            day => Ok(day),
        }
    })
}

fn modules(value: Value<'_>) -> Result<Modules, PackError> {
    let entry = |(name, files): (Value<'_>, Value<'_>)| {
        let place = name.place();
        let name: DottedName = name.parsed()?;
        if name.as_str().contains('.') {
            return Err(place.refuse(format!("`{name}` has a dot; probes reach a module as `day.<name>`")));
        }
        Ok((name.to_string(), files.filled_list(Value::parsed)?))
    };
    value.table("`[modules]`")?.into_entries().map(entry).collect::<Result<_, _>>().map(Modules)
}

fn names(value: Value<'_>) -> Result<Names, PackError> {
    let entry =
        |(name, others): (Value<'_>, Value<'_>)| Ok((name.parsed()?, others.filled_list(Value::parsed)?));
    value.table("`[names]`")?.into_entries().map(entry).collect::<Result<_, _>>().map(Names)
}

fn bullets(value: Value<'_>) -> Result<Vec<String>, PackError> {
    let place = value.place();
    let entry = |(number, words): (Value<'_>, Value<'_>)| {
        let place = number.place();
        let number: String = number.text()?;
        match number.parse::<u16>() {
            Ok(parsed) if parsed > 0 && parsed.to_string() == number => Ok((parsed, words.text()?)),
            _ => Err(place.refuse(format!("`{number}` is not the number of a bullet, like `1`"))),
        }
    };
    let words: BTreeMap<u16, String> =
        value.table("`[bullets]`")?.into_entries().map(entry).collect::<Result<_, _>>()?;
    match (1..).zip(words.keys()).find(|(wanted, number)| wanted != *number) {
        Some((wanted, _)) => {
            Err(place.refuse(format!("there is no {wanted}; bullets are numbered from 1, without a gap")))
        }
        None => Ok(words.into_values().collect()),
    }
}

fn candidate(value: Value<'_>) -> Result<Clock, PackError> {
    let mut table = value.table("`[candidate]`")?;
    let clock = table
        .optional("clock", |value| value.choice(&[("real", Clock::Real), ("virtual", Clock::Virtual)]))?;
    table.finish()?;
    Ok(clock.unwrap_or_default())
}

fn limits(value: Value<'_>) -> Result<DayLimits, PackError> {
    let mut table = value.table("`[limits]`")?;
    let limits = DayLimits {
        probe: table.optional("probe", Value::duration)?,
        import: table.optional("import", Value::duration)?,
        wall: table.optional("wall", Value::duration)?,
        memory: table.optional("memory", Value::bytes)?,
    };
    table.finish_with(|key| {
        let (_, right) = LIMITS_BY_OTHER_NAMES.iter().find(|(other, _)| *other == key)?;
        Some(format!("the key is `{right}`"))
    })?;
    Ok(limits)
}

fn requirements(value: Value<'_>, day: DayId) -> Result<Vec<Requirement>, PackError> {
    let mut requirements: Vec<Requirement> = Vec::new();
    for (requirement, place) in value.filled_list(|table| requirement::read(table, day))? {
        if requirements.iter().any(|earlier| earlier.id == requirement.id) {
            return Err(place.refuse(format!("another requirement is called `{}` too", requirement.id.slug)));
        }
        requirements.push(requirement);
    }
    Ok(requirements)
}

fn one_of(value: Value<'_>, solutions: &[Slug]) -> Result<Slug, PackError> {
    let place = value.place();
    let name: Slug = value.parsed()?;
    if solutions.contains(&name) {
        return Ok(name);
    }
    let known: Vec<&str> = solutions.iter().map(Slug::as_str).collect();
    Err(place.refuse_near(format!("the day has no solution `{name}`"), "solution", name.as_str(), &known))
}

/// Returns the names of the folders in a folder; stray files are for the lint.
fn folder_names(source: &PackSource, folder: &str) -> Result<Vec<Slug>, PackError> {
    let folders = source.list(folder)?.into_iter().filter(|entry| entry.is_folder);
    let name = |entry: Entry| {
        entry.name.parse().map_err(|error: NameError| {
            let mistake = MistakeKind::BadName(error.to_string());
            PackError::about(source.shown(&joined(folder, &entry.name)), mistake)
        })
    };
    folders.map(name).collect()
}

/// Makes folders and files readable for everybody, whatever the umask: a sandbox may run the examiner as
/// somebody else.
#[cfg(unix)]
fn open_to_everybody(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    let is_folder = path.is_dir();
    fs::set_permissions(path, fs::Permissions::from_mode(if is_folder { 0o755 } else { 0o644 }))?;
    if is_folder {
        fs::read_dir(path)?.try_for_each(|entry| open_to_everybody(&entry?.path()))?;
    }
    Ok(())
}

#[cfg(not(unix))]
fn open_to_everybody(_path: &Path) -> io::Result<()> {
    Ok(())
}

const EXPECTED_TOML: &str = "hidden/expected.toml";

/// Words that people use for a limit, which no measure of likeness would lead to its key.
const LIMITS_BY_OTHER_NAMES: [(&str, &str); 6] = [
    ("time_limit", "wall"),
    ("time", "wall"),
    ("timeout", "wall"),
    ("total", "wall"),
    ("ram", "memory"),
    ("load", "import"),
];

pub(super) const RECORD_HINT: &str = "`grade pack record` writes it from a run of the reference solution";

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn what_a_strict_umask_closed_is_opened_all_the_way_down() {
        let scratch = tempfile::tempdir().unwrap();
        let (folder, file) = (scratch.path().join("suite"), scratch.path().join("suite/test_a.py"));
        fs::create_dir(&folder).unwrap();
        fs::write(&file, "").unwrap();
        for (path, mode) in [(&file, 0o600), (&folder, 0o700)] {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        }
        open_to_everybody(&folder).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!([mode(&folder), mode(&file)], [0o755, 0o644]);
    }
}
