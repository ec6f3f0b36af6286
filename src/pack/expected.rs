//! Which hidden tests must run, as the reference solution's run recorded it: `hidden/expected.toml`.
//!
//! A pass needs every test that is named here. Without this list, a suite that collects nothing would pass
//! everybody.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use super::document::{Table, Value};
use super::error::PackError;
use crate::day::Slug;

/// The name of one hidden test: `test_timer.py::test_the_result_is_returned[2-3]`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TestId(String);

impl TestId {
    /// Returns the name as pytest writes it, with the file relative to the hidden suite.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for TestId {
    type Err = TestIdError;

    fn from_str(text: &str) -> Result<Self, TestIdError> {
        let named = text.split_once(".py::").is_some_and(|(file, test)| !file.is_empty() && !test.is_empty());
        if named && text.len() <= 1024 && !text.contains(char::is_control) {
            Ok(Self(text.to_owned()))
        } else {
            Err(TestIdError(text.to_owned()))
        }
    }
}

/// A text that cannot be the name of a test.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a test; tests are written like `test_timer.py::test_the_result_is_returned`")]
pub struct TestIdError(String);

/// The tests that must run and pass, for every requirement that has any.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExpectedTests(BTreeMap<Slug, BTreeSet<TestId>>);

impl ExpectedTests {
    /// Returns the tests of one requirement; `None` when none were recorded.
    pub fn of(&self, requirement: &Slug) -> Option<&BTreeSet<TestId>> {
        self.0.get(requirement)
    }

    /// Returns every requirement with its tests, in the order of their names.
    pub fn iter(&self) -> impl Iterator<Item = (&Slug, &BTreeSet<TestId>)> {
        self.0.iter()
    }

    /// Returns the file that records these tests: the same tests give the same bytes.
    pub fn to_toml(&self) -> String {
        let mut text = HEADER.to_owned();
        for (requirement, tests) in &self.0 {
            text.push_str(&format!("{requirement} = [\n"));
            for test in tests {
                text.push_str(&format!("    {},\n", toml::Value::from(test.as_str())));
            }
            text.push_str("]\n");
        }
        text
    }

    /// Reads the file; whether the requirements exist is for the day to say.
    pub(super) fn parse(file: &str, text: &str, known: &[&str]) -> Result<Self, PackError> {
        let mut table = Table::parse(file, text)?;
        let requirements = table.required("requirements", |value| value.table("`[requirements]`"))?;
        table.finish()?;
        let entry = |(name, tests)| Ok((requirement(name, "hidden requirement", known)?, test_set(tests)?));
        Ok(Self(requirements.into_entries().map(entry).collect::<Result<_, PackError>>()?))
    }
}

impl FromIterator<(Slug, TestId)> for ExpectedTests {
    fn from_iter<I: IntoIterator<Item = (Slug, TestId)>>(tests: I) -> Self {
        let mut expected = Self::default();
        for (requirement, test) in tests {
            expected.0.entry(requirement).or_default().insert(test);
        }
        expected
    }
}

/// Reads the name of one of the day's known requirements; `noun` is what errors call these.
pub(super) fn requirement(value: Value<'_>, noun: &str, known: &[&str]) -> Result<Slug, PackError> {
    let place = value.place();
    let slug: Slug = value.parsed()?;
    if known.contains(&slug.as_str()) {
        return Ok(slug);
    }
    Err(place.refuse_near(format!("the day has no {noun} `{slug}`"), noun, slug.as_str(), known))
}

fn test_set(value: Value<'_>) -> Result<BTreeSet<TestId>, PackError> {
    let tests = value.filled_list(|test| {
        let place = test.place();
        Ok((test.parsed::<TestId>()?, place))
    })?;
    let mut set = BTreeSet::new();
    for (test, place) in tests {
        if !set.insert(test.clone()) {
            return Err(place.refuse(format!("`{test}` is there twice")));
        }
    }
    Ok(set)
}

const HEADER: &str = "\
# The tests that must run and pass for each requirement, as the reference solution ran them.
# Written by `grade pack record`; do not edit it by hand.

[requirements]
";
