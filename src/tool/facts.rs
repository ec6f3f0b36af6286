//! What is in a learner's files, read as syntax by `grade_kit.facts`: tests, excuses, and files that are not Python.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::mutants::Versions;
use super::{SUBMISSION, kit_command};
use crate::command::CommandSpec;
use crate::day::DayId;
use crate::finding::{Captured, Finding, Place};
use crate::kit::{Entry, Kit};
use crate::outcome::Fault;
use crate::toolchain::Toolchain;

/// The facts of every file that was asked for, by its path below the root.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Facts {
    files: BTreeMap<String, FileFacts>,
    /// By day, and then by the path of the module.
    #[serde(default)]
    mutants: BTreeMap<String, BTreeMap<String, Versions>>,
}

/// Which mutants are wanted of a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct WantedMutants {
    /// The day's modules, as paths below the root.
    pub modules: Vec<String>,
    /// Its files, of which those count too that the modules import.
    pub files: Vec<String>,
    /// Test files, where only that counts which they import.
    pub tests: Vec<String>,
    /// How many at the most.
    pub count: usize,
    /// Whether the modules' statements are wanted as well.
    pub statements: bool,
}

/// The facts of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct FileFacts {
    /// Why it cannot be read as Python; there are no other facts then.
    pub error: Option<Unreadable>,
    /// Its tests, in the order of the file.
    pub tests: Vec<TestFact>,
    /// Its functions.
    pub functions: Vec<FunctionFact>,
    /// Comments that excuse too much.
    pub excuses: Excuses,
    /// The names of the arguments of tests and fixtures: what they ask of pytest.
    pub fixtures: BTreeSet<String>,
    /// What it offers others to build with: its public classes but for exceptions, or where it has none its public functions.
    pub components: BTreeSet<String>,
}

/// Why a file cannot be read as Python.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Unreadable {
    message: String,
    line: Option<u32>,
}

/// One test of the learner's own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TestFact {
    /// Its name within the file, as pytest writes it: `TestStack::test_pop`.
    pub name: String,
    /// Its line.
    pub line: u32,
    /// How many assertions about anything but literals it makes, itself or through helpers and fixtures.
    pub assertions: usize,
    /// Every name that it uses, directly or through helpers and fixtures of the same file.
    pub uses: BTreeSet<String>,
    /// The means of testing that it makes use of: `fixtures`, `parametrize`, `mocks`.
    #[serde(default)]
    pub means: BTreeSet<String>,
}

impl TestFact {
    /// Returns whether it asserts anything.
    pub fn is_real(&self) -> bool {
        self.assertions > 0
    }
}

/// One function.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct FunctionFact {
    /// Its name with its classes: `Account.deposit`.
    pub name: String,
    /// Its line.
    pub line: u32,
    /// Whether it is marked so that no type checker looks at it.
    pub unchecked: bool,
    /// Whether every parameter and what it returns have a hint.
    pub annotated: bool,
    /// Every name that its body uses.
    #[serde(default)]
    pub uses: BTreeSet<String>,
}

/// The lines of comments that excuse a file, or a line without saying from what.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct Excuses {
    /// From type checking.
    pub types: Vec<u32>,
    /// From linting.
    pub lint: Vec<u32>,
}

/// Returns the command that reads these files (paths below the root), and makes mutants of the modules of days.
pub fn command<'a>(
    toolchain: &Toolchain,
    kit: &Kit,
    files: impl IntoIterator<Item = &'a str>,
    mutants: &BTreeMap<DayId, WantedMutants>,
) -> CommandSpec {
    let files: Vec<&str> = files.into_iter().collect();
    let mutants: BTreeMap<String, &WantedMutants> =
        mutants.iter().map(|(day, wanted)| (day.to_string(), wanted)).collect();
    let request = serde_json::json!({ "files": files, "mutants": mutants });
    kit_command(toolchain, kit, Entry::Facts, SUBMISSION).stdin(request.to_string().into_bytes())
}

impl Facts {
    /// Reads the reader's answer.
    ///
    /// # Errors
    ///
    /// When it is no answer: the reader runs no learner's code, so that is ours.
    pub fn parse(stdout: &[u8]) -> Result<Self, Fault> {
        serde_json::from_slice(stdout)
            .map_err(|error| Fault::from_error("failed to read the files' syntax", &error))
    }

    /// Returns the facts of one file, if it was asked for.
    pub fn of(&self, path: &str) -> Option<&FileFacts> {
        self.files.get(path)
    }

    /// Returns what was made of a day's modules, by path.
    pub fn mutants_of(&self, day: DayId) -> Option<&BTreeMap<String, Versions>> {
        self.mutants.get(&day.to_string())
    }

    /// Returns whether the file was read and is Python.
    pub fn is_python(&self, path: &str) -> bool {
        self.of(path).is_some_and(|facts| facts.error.is_none())
    }

    /// Returns a finding for each of these files that is not Python.
    pub fn unreadable<'a>(&self, paths: impl IntoIterator<Item = &'a str>) -> Vec<Finding> {
        let error = |path| Some((path, self.of(path)?.error.as_ref()?));
        paths.into_iter().filter_map(error).map(|(path, error)| error.finding(path)).collect()
    }
}

impl Unreadable {
    fn finding(&self, path: &str) -> Finding {
        let place = Place { path: path.into(), line: self.line, column: None };
        Finding::new("the file is valid Python").because(Captured::new(self.message.clone())).at(place)
    }
}
