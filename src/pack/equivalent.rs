//! Mutants of a day's solutions that its author has declared to be as good as the solution: `equivalent.toml`.
//!
//! A hidden suite cannot notice a change after which the code still does what the day asks for. Such a mutant is named here with what it
//! changes and why that is no fault, and does not count against the suite.

use super::day::Day;
use super::document::{Table, Value};
use super::error::PackError;
use super::path::PackPath;
use super::source::joined;
use crate::day::Slug;

/// A mutant that is no fault, or all mutants of what the day does not ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Equivalent {
    /// The solution that it is a mutant of.
    pub solution: Slug,
    /// The file that it changes.
    pub file: PackPath,
    /// What it changes there.
    pub what: What,
    /// The function or class, named with its classes (`Bank.transfer`); nothing where it may be any.
    pub function: Option<String>,
    /// Why the day's requirements are still fulfilled.
    pub why: String,
}

/// Which mutants of a file are declared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// The one that makes this of these lines.
    Change {
        /// The lines as they are.
        before: String,
        /// What they are in the mutant.
        after: String,
    },
    /// All of these lines, as they are.
    Lines(String),
    /// All of a function or class.
    All,
}

impl Day {
    /// Reads which mutants of the solutions are declared to be no fault; where there is no `equivalent.toml`, none is.
    ///
    /// # Errors
    ///
    /// When it cannot be read, or names a solution that the day does not have.
    pub fn equivalent(&self) -> Result<Vec<Equivalent>, PackError> {
        let source = self.source();
        let listed = source.list(self.folder())?;
        if !listed.iter().any(|entry| !entry.is_folder && entry.name == EQUIVALENT_TOML) {
            return Ok(Vec::new());
        }
        let path = joined(self.folder(), EQUIVALENT_TOML);
        let (file, text) = (source.shown(&path), source.read_text(&path)?);
        let mut table = Table::parse(&file, &text)?;
        let found = table.required("mutant", |value| value.filled_list(|value| equivalent(value, self)))?;
        table.finish()?;
        Ok(found)
    }
}

fn equivalent(value: Value<'_>, day: &Day) -> Result<Equivalent, PackError> {
    let mut table = value.table("`[[mutant]]`")?;
    let function = table.optional("function", Value::text)?;
    let before = match function {
        Some(_) => table.optional("before", Value::text)?,
        None => Some(table.required("before", Value::text)?),
    };
    let what = match before {
        Some(before) => match table.optional("after", Value::text)? {
            Some(after) => What::Change { before, after },
            None => What::Lines(before),
        },
        None => What::All,
    };
    let equivalent = Equivalent {
        solution: table.required("solution", |value| day.solution_name(value))?,
        file: table.required("file", Value::parsed)?,
        what,
        function,
        why: table.required("why", Value::text)?,
    };
    table.finish()?;
    Ok(equivalent)
}

/// The file's name in the day's folder.
pub(super) const EQUIVALENT_TOML: &str = "equivalent.toml";
