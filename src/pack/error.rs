//! What can be wrong with a pack, said to its author: which file, which line, which key, what was wanted
//! instead.
//!
//! A `PackError` names the file and is caused by a `Mistake`, which names the place in it; together they read
//! "failed to read `…/day.toml`", "line 7, column 1: unknown key `time_limit` in `[limits]`". What to do
//! about it is the hint, kept apart because the renderer sets it apart.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::day::DayId;

/// A pack that cannot be read, or cannot be laid out on this machine.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file or folder of the pack is not as it should be.
    #[error("failed to read `{file}`")]
    Read {
        /// The file, as it is to be shown: `exercises/python-23/day04-decorators/day.toml`.
        file: String,
        /// What is wrong there.
        source: Box<Mistake>,
    },
    /// Something of the pack could not be written.
    #[error("failed to write `{}`", path.display())]
    Write {
        /// Where to.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// No course of this name is compiled in.
    #[error("there is no course `{name}`")]
    NoSuchCourse {
        /// The name that was asked for.
        name: String,
        /// The nearest name, or all names.
        hint: String,
    },
    /// The course lists this day, but nobody has written it yet.
    #[error("{day} of `{course}` is not graded yet")]
    NotGradedYet {
        /// The course.
        course: String,
        /// The day.
        day: DayId,
        /// The days that are graded.
        hint: String,
    },
    /// The course has no such day.
    #[error("`{course}` has no {day}")]
    NoSuchDay {
        /// The course.
        course: String,
        /// The day.
        day: DayId,
        /// The days that there are.
        hint: String,
    },
}

impl PackError {
    /// Returns an error about a whole file or folder.
    pub(super) fn about(file: impl Into<String>, mistake: impl Into<Mistake>) -> Self {
        Self::Read { file: file.into(), source: Box::new(mistake.into()) }
    }

    /// Adds a hint when something is not there at all.
    pub(super) fn hinted_if_missing(mut self, hint: &str) -> Self {
        if let Self::Read { source, .. } = &mut self
            && matches!(source.kind, MistakeKind::Missing(_))
        {
            source.hint = Some(hint.to_owned());
        }
        self
    }

    /// Returns what to do next, where that is known.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Read { source, .. } => source.hint.as_deref(),
            Self::Write { .. } => None,
            Self::NoSuchCourse { hint, .. }
            | Self::NotGradedYet { hint, .. }
            | Self::NoSuchDay { hint, .. } => Some(hint),
        }
    }
}

/// A place in a file of the pack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// The line, counted from 1.
    pub line: u32,
    /// The column in characters, counted from 1.
    pub column: u32,
}

impl Position {
    /// Returns where the byte at `offset` of `text` stands.
    pub(super) fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            line: count(before.matches('\n').count() + 1),
            column: count(before[line_start..].chars().count() + 1),
        }
    }
}

/// What is wrong in a file of the pack, and where.
#[derive(Debug)]
pub struct Mistake {
    /// Where in the file, unless it is about the whole file.
    pub position: Option<Position>,
    /// What is wrong.
    pub kind: MistakeKind,
    /// What to write instead.
    pub hint: Option<String>,
}

impl Mistake {
    /// Adds what to write instead.
    pub(super) fn hinted(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl From<MistakeKind> for Mistake {
    fn from(kind: MistakeKind) -> Self {
        Self { position: None, kind, hint: None }
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Position { line, column }) = self.position {
            write!(f, "line {line}, column {column}: ")?;
        }
        self.kind.fmt(f)
    }
}

impl std::error::Error for Mistake {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

/// The ways in which a file of a pack can be wrong.
#[derive(Debug, thiserror::Error)]
pub enum MistakeKind {
    /// Nothing lies there.
    #[error("there is no such {0}")]
    Missing(&'static str),
    /// The machine refused.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It is neither file nor folder, or not the one of the two that is wanted.
    #[error("it is {found}, and {wanted} is wanted")]
    WrongSort {
        /// What lies there: "a link".
        found: &'static str,
        /// What should: "a file".
        wanted: &'static str,
    },
    /// It is larger than anything a pack needs.
    #[error("it {0}")]
    TooLarge(String),
    /// The bytes are not text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// The file's or folder's own name is not one that a pack can have.
    #[error("{0}")]
    BadName(String),
    /// It is not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key that this table does not have.
    #[error("unknown key `{key}` in {table}")]
    UnknownKey {
        /// The key.
        key: String,
        /// The table, as it is written: "`[limits]`".
        table: String,
    },
    /// A key that this table must have.
    #[error("{table} has no `{key}`")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// The table, as it is written.
        table: String,
    },
    /// A value of another type than the key wants.
    #[error("`{key}` is {found}, and {wanted} is wanted")]
    WrongType {
        /// The key.
        key: String,
        /// What is written there: "an integer".
        found: &'static str,
        /// What should be: "a string".
        wanted: &'static str,
    },
    /// A value of the right type that means nothing here.
    #[error("`{key}`: {why}")]
    BadValue {
        /// The key.
        key: String,
        /// Why it cannot be.
        why: String,
    },
}

/// Returns the candidate that `text` was most likely meant to be, if any is near enough to be worth saying.
pub(super) fn nearest<'a>(text: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|candidate| (strsim::jaro_winkler(text, candidate), candidate));
    let best = scored.max_by(|(left, _), (right, _)| left.total_cmp(right))?;
    (best.0 >= LIKELY).then_some(best.1)
}

/// Returns the candidates as they stand in a hint: "`a`, `b`".
pub(super) fn listed<'a>(candidates: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = candidates.into_iter().map(|candidate| format!("`{candidate}`")).collect();
    quoted.join(", ")
}

/// Returns a hint for a `text` that should have been one of the candidates: the nearest, or else all of them.
pub(super) fn hint_for(noun: &str, text: &str, candidates: &[&str]) -> Option<String> {
    let all = || (!candidates.is_empty()).then(|| format!("{noun}s: {}", listed(candidates.iter().copied())));
    nearest(text, candidates.iter().copied())
        .map(|name| format!("the nearest {noun} is `{name}`"))
        .or_else(all)
}

/// How alike (Jaro-Winkler, 0 to 1) two words must be before one is offered for the other: `walk` for `wall`
/// (0.88), not `probe` for `prefix` (0.76).
const LIKELY: f64 = 0.8;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_pen_is_offered_its_neighbour_and_a_stranger_is_offered_all() {
        let keys = ["probe", "import", "wall", "memory"];
        assert_eq!(hint_for("key", "walk", &keys).unwrap(), "the nearest key is `wall`");
        assert_eq!(hint_for("key", "prefix", &keys).unwrap(), "keys: `probe`, `import`, `wall`, `memory`");
        assert_eq!(hint_for("key", "walk", &[]), None);
    }

    #[test]
    fn a_position_counts_characters_from_one() {
        let text = "a\n\u{e9}\u{e9}x";
        assert_eq!(Position::of(text, 0), Position { line: 1, column: 1 });
        assert_eq!(Position::of(text, text.find('x').unwrap()), Position { line: 2, column: 3 });
        assert_eq!(Position::of(text, text.len()), Position { line: 2, column: 4 });
    }
}
