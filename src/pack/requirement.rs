//! A requirement of a day and how it is checked: `[[requirement]]` in day.toml.
//!
//! Every kind of check brings its own keys and no others: `minimum` under `check = "lint"` is a mistake and
//! is refused, with a word on where it belongs.

use std::fmt;
use std::str::FromStr;

use super::document::{Table, Value, ValuePlace};
use super::error::PackError;
use super::path::PackPath;
use crate::day::{DayId, RequirementId, Slug};

/// One thing that a day asks for: the unit of pass and fail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub id: RequirementId,
    /// What it asks for, in a sentence that a learner reads.
    pub text: String,
    /// How it is verified.
    pub check: Check,
    /// Which bullets of the plan's CODE section it covers, counted from 1; ascending.
    pub bullets: Vec<u16>,
    /// What to tell somebody who is stuck, one stage after the other, from vague to concrete.
    pub hints: Vec<String>,
}

/// How a requirement is verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Check {
    /// By the tests of the hidden suite that name it.
    Hidden,
    /// By the learner's own tests, which must exist and pass.
    OwnTests {
        /// Names that at least one real test must use.
        exercises: Vec<DottedName>,
        /// How many real tests there must be; at least 1.
        minimum: u16,
        /// Per cent of the faults put into the learner's own modules that they must notice; 0 puts none in.
        catches: u16,
        /// Per cent of the statements of the learner's own modules of which they must reach more; `None` counts none.
        covers: Option<u16>,
        /// Means of testing of which a real test must make use.
        shows: Vec<Means>,
    },
    /// By mypy, over the day's files.
    Types {
        /// Files below the day's folder in which every function must be fully annotated.
        annotated: Vec<PackPath>,
    },
    /// By ruff, with our rules.
    Lint,
    /// By looking whether something is there; at least one of the three is not empty.
    Files {
        /// Folders below the root, found in any usual spelling.
        folders: Vec<PackPath>,
        /// Files below the root that are not blank.
        files: Vec<PackPath>,
        /// Files below the day's folder that are not blank.
        day_files: Vec<PackPath>,
    },
    /// By looking for settings of pytest in one of the files that it reads.
    PytestSettings,
    /// By asking git.
    Git(GitRule),
    /// By the learner, who ticks it: no program can see it.
    ByHand,
}

/// What is asked of tests on an ordinary day: some faults, by no means all.
const CATCHES: u16 = 30;

/// A means of testing that is recognised in the tests' syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Means {
    /// A fixture of the learner's own.
    Fixtures,
    /// One test with a table of cases.
    Parametrize,
    /// A test of several components together.
    Integration,
    /// A stand-in for what the code depends on.
    Mocks,
}

/// The means by their names in packs.
const MEANS: [(&str, Means); 4] = [
    ("fixtures", Means::Fixtures),
    ("parametrize", Means::Parametrize),
    ("integration", Means::Integration),
    ("mocks", Means::Mocks),
];

impl Check {
    /// Returns the check's name as packs write it: `own-tests`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Hidden => "hidden",
            Self::OwnTests { .. } => "own-tests",
            Self::Types { .. } => "types",
            Self::Lint => "lint",
            Self::Files { .. } => "files",
            Self::PytestSettings => "pytest-settings",
            Self::Git(_) => "git",
            Self::ByHand => "by-hand",
        }
    }

    /// Returns whether a run can fail it.
    pub fn is_verifiable(&self) -> bool {
        *self != Self::ByHand
    }

    /// Returns whether it asks for tests that notice faults, or reach enough of the code: those are tried on mutants.
    pub fn tries_tests(&self) -> bool {
        matches!(self, Self::OwnTests { catches, covers, .. } if *catches > 0 || covers.is_some())
    }

    /// Returns what it asks for, where the pack has no words of its own.
    pub(super) fn usual_text(&self, slug: &Slug) -> Option<String> {
        let text = match self {
            Self::Hidden => return None,
            Self::OwnTests { shows, .. } if !shows.is_empty() => return None,
            Self::OwnTests { covers: Some(covers), .. } => {
                format!("your own tests reach more than {covers} % of your code")
            }
            Self::OwnTests { minimum: 1, .. } => "your own tests exist and pass".to_owned(),
            Self::OwnTests { minimum, .. } => {
                format!("your own tests make at least {minimum} assertions, and all pass")
            }
            Self::Types { .. } => "mypy finds no errors in the day's files".to_owned(),
            Self::Lint => "ruff finds nothing to complain about in the day's files".to_owned(),
            Self::Files { folders, files, day_files } => {
                let paths: Vec<String> = [folders, files, day_files]
                    .into_iter()
                    .flatten()
                    .map(|path| format!("`{path}`"))
                    .collect();
                format!("{} must be there", paths.join(", "))
            }
            Self::PytestSettings => {
                "your settings of pytest are in `pytest.ini` or another file that it reads".to_owned()
            }
            Self::Git(GitRule::Ignores(_)) => "git ignores what Python leaves behind".to_owned(),
            Self::Git(GitRule::NothingGenerated(_)) => "nothing that Python generates is in git".to_owned(),
            Self::Git(GitRule::Committed) => "everything is committed".to_owned(),
            Self::ByHand => format!("{} (tick it yourself)", slug.as_str().replace('-', " ")),
        };
        Some(text)
    }
}

/// What git must say about the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GitRule {
    /// All of these would be ignored. Patterns as they stand: a closing `/` means a folder.
    Ignores(Vec<String>),
    /// No tracked path matches any of these.
    NothingGenerated(Vec<String>),
    /// There is a commit, and nothing is left uncommitted.
    Committed,
}

/// A name of Python, with or without dots: `timer`, `LRUCache.put`; or of any class's attribute: `*.deposit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DottedName(String);

impl DottedName {
    /// Returns the name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for DottedName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for DottedName {
    type Err = DottedNameError;

    fn from_str(text: &str) -> Result<Self, DottedNameError> {
        // `*.deposit` is the method of whatever class has it.
        let named = text.strip_prefix("*.").unwrap_or(text);
        if named.split('.').all(is_identifier) {
            Ok(Self(text.to_owned()))
        } else {
            Err(DottedNameError(text.to_owned()))
        }
    }
}

/// A text that is not a name of Python.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a Python name; names are written like `timer` or `LRUCache.put`")]
pub struct DottedNameError(String);

fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Reads one `[[requirement]]`; also returns where its name stands, since names must differ.
pub(super) fn read<'a>(value: Value<'a>, day: DayId) -> Result<(Requirement, ValuePlace<'a>), PackError> {
    let mut table = value.table("`[[requirement]]`")?;
    let (slug, place) = table.required("id", |value| {
        let place = value.place();
        Ok((value.parsed::<Slug>()?, place))
    })?;
    let check = check(&mut table)?;
    let text = table.optional("text", Value::text)?.or_else(|| check.usual_text(&slug));
    let text = text.ok_or_else(|| table.missing("text"))?;
    let bullets = table.optional("bullets", bullets)?.unwrap_or_default();
    let hints = table.optional("hints", hints)?.unwrap_or_default();
    let name = check.name();
    table.finish_with(|key| belongs_elsewhere(key, name))?;
    Ok((Requirement { id: RequirementId { day, slug }, text, check, bullets, hints }, place))
}

fn check(table: &mut Table<'_>) -> Result<Check, PackError> {
    match table.required("check", |value| value.choice(&KINDS))? {
        Kind::Hidden => Ok(Check::Hidden),
        Kind::OwnTests => own_tests(table),
        Kind::Types => Ok(Check::Types { annotated: paths(table, "annotated")? }),
        Kind::Lint => Ok(Check::Lint),
        Kind::Files => files(table),
        Kind::PytestSettings => Ok(Check::PytestSettings),
        Kind::Git => git(table),
        Kind::ByHand => Ok(Check::ByHand),
    }
}

fn own_tests(table: &mut Table<'_>) -> Result<Check, PackError> {
    let exercises = table.optional("exercises", |value| value.list(Value::parsed))?.unwrap_or_default();
    let minimum = table.optional("minimum", |value| value.integer(1..=1000))?.unwrap_or(1);
    let catches = table.optional("catches", |value| value.integer(0..=100))?;
    let covers = table.optional("covers", |value| value.integer(1..=99))?;
    let shows = table.optional("shows", |value| value.list(|word| word.choice(&MEANS)))?.unwrap_or_default();
    // Who asks for something else leaves this to another requirement.
    let usual = if covers.is_none() && shows.is_empty() { CATCHES } else { 0 };
    Ok(Check::OwnTests { exercises, minimum, catches: catches.unwrap_or(usual), covers, shows })
}

fn files(table: &mut Table<'_>) -> Result<Check, PackError> {
    let (folders, files, day_files) =
        (paths(table, "folders")?, paths(table, "files")?, paths(table, "day_files")?);
    if folders.is_empty() && files.is_empty() && day_files.is_empty() {
        return Err(table.refuse("check", "`files` wants at least one of `folders`, `files`, `day_files`"));
    }
    Ok(Check::Files { folders, files, day_files })
}

fn git(table: &mut Table<'_>) -> Result<Check, PackError> {
    let patterns = |value: Value<'_>| value.filled_list(Value::text);
    let rule = match table.required("rule", |value| value.choice(&RULES))? {
        Rule::Ignores => GitRule::Ignores(table.required("paths", patterns)?),
        Rule::NothingGenerated => GitRule::NothingGenerated(table.required("paths", patterns)?),
        Rule::Committed => GitRule::Committed,
    };
    Ok(Check::Git(rule))
}

fn paths(table: &mut Table<'_>, key: &'static str) -> Result<Vec<PackPath>, PackError> {
    Ok(table.optional(key, |value| value.list(Value::parsed))?.unwrap_or_default())
}

/// Reads the stages of a hint; a single one need not be in a list.
fn hints(value: Value<'_>) -> Result<Vec<String>, PackError> {
    if value.is_text() {
        return Ok(vec![value.text()?]);
    }
    let place = value.place();
    let hints = value.list(Value::text)?;
    match hints.iter().enumerate().find(|(index, hint)| hints[..*index].contains(hint)) {
        Some((index, _)) => {
            Err(place.refuse(format!("hint {} has been said already; each helps a step further", index + 1)))
        }
        None => Ok(hints),
    }
}

fn bullets(value: Value<'_>) -> Result<Vec<u16>, PackError> {
    let place = value.place();
    let bullets = value.list(|bullet| bullet.integer(1..=100))?;
    match bullets.windows(2).find(|pair| pair[0] >= pair[1]) {
        Some(pair) => {
            Err(place.refuse(format!("{} comes after {}; bullets ascend, each once", pair[1], pair[0])))
        }
        None => Ok(bullets),
    }
}

/// Returns which check a key belongs to that this check does not have.
fn belongs_elsewhere(key: &str, check: &str) -> Option<String> {
    let (_, owner) = KEYS_OF_CHECKS.iter().find(|(name, owner)| *name == key && *owner != check)?;
    Some(format!("`{key}` belongs to `check = \"{owner}\"`"))
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Hidden,
    OwnTests,
    Types,
    Lint,
    Files,
    PytestSettings,
    Git,
    ByHand,
}

const KINDS: [(&str, Kind); 8] = [
    ("hidden", Kind::Hidden),
    ("own-tests", Kind::OwnTests),
    ("types", Kind::Types),
    ("lint", Kind::Lint),
    ("files", Kind::Files),
    ("pytest-settings", Kind::PytestSettings),
    ("git", Kind::Git),
    ("by-hand", Kind::ByHand),
];

#[derive(Debug, Clone, Copy)]
enum Rule {
    Ignores,
    NothingGenerated,
    Committed,
}

const RULES: [(&str, Rule); 3] = [
    ("ignores", Rule::Ignores),
    ("nothing-generated", Rule::NothingGenerated),
    ("committed", Rule::Committed),
];

const KEYS_OF_CHECKS: [(&str, &str); 11] = [
    ("exercises", "own-tests"),
    ("minimum", "own-tests"),
    ("catches", "own-tests"),
    ("covers", "own-tests"),
    ("shows", "own-tests"),
    ("annotated", "types"),
    ("folders", "files"),
    ("files", "files"),
    ("day_files", "files"),
    ("rule", "git"),
    ("paths", "git"),
];
