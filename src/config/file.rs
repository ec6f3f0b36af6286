//! `grade.toml` in the root of a learner's repository: which course, what is ticked, where a day lives.
//!
//! The file is optional and every key in it too. What is there must be understood in full: an unknown key is an error
//! that names the file, the line and the key, and the nearest key that exists. It is read as data from a stranger's
//! repository, so every path in it is a `RelPath` and nothing in it can name a program.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::day::{DayId, Slug};
use crate::rel_path::RelPath;

/// The file's name, in the root of a repository.
pub const FILE_NAME: &str = "grade.toml";

/// Bytes that it may have: a page of text has 3,000.
pub const MAX_SIZE: u64 = 256 * 1024;

const KEYS: [&str; 3] = ["course", "by-hand", "days"];
const DAY_KEYS: [&str; 3] = ["folder", "tests", "names"];

/// What a learner's `grade.toml` says. An absent file says nothing, which is `default()`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RepositoryConfig {
    /// The course that is followed: `course = "python-23"`.
    pub course: Option<Slug>,
    /// What the learner ticked as done by hand: `[by-hand] day0 = ["github-repository"]`.
    pub by_hand: BTreeMap<DayId, BTreeSet<Slug>>,
    /// What is said of single days: `[days.day4]`.
    pub days: BTreeMap<DayId, DayConfig>,
}

/// What `grade.toml` says of one day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayConfig {
    /// Where the day lives: `folder = "somewhere"`, or `"."` for the root.
    pub folder: Option<RelPath>,
    /// Where else its tests are: `tests = ["tests/day4"]`.
    pub tests: Vec<RelPath>,
    /// The pack's name to the learner's: `[days.day2.names] "LRUCache.put" = "store"`.
    pub names: BTreeMap<String, String>,
}

/// Something in `grade.toml` that cannot be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{FILE_NAME}` line {line}: {problem}")]
pub struct ConfigError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong there.
    pub problem: Problem,
    hint: Option<String>,
}

/// What can be wrong in `grade.toml`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is no TOML.
    #[error("{0}")]
    Syntax(String),
    /// A key that does not exist.
    #[error("unknown key `{key}` {place}")]
    UnknownKey {
        /// The key.
        key: String,
        /// Where, as in "in `[days.day4]`" or "at the top level".
        place: String,
    },
    /// A value of the wrong type.
    #[error("`{key}` must be {wanted}, not {found}")]
    WrongType {
        /// The key, with the tables that it lies in.
        key: String,
        /// What it must be: "a list of texts".
        wanted: &'static str,
        /// What it is: "integer".
        found: &'static str,
    },
    /// A text that is not of the form that its key wants.
    #[error("`{key}`: {reason}")]
    Malformed {
        /// The key, with the tables that it lies in.
        key: String,
        /// Why.
        reason: String,
    },
}

impl ConfigError {
    /// Returns what to do next.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }
}

impl RepositoryConfig {
    /// Reads the text of a `grade.toml`.
    ///
    /// # Errors
    ///
    /// Names the line and the key of the first thing that it does not understand.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let table = DeTable::parse(text).map_err(|error| syntax(text, &error))?;
        let reader = Reader { text };
        reader.known_keys("", table.get_ref(), &KEYS)?;
        Ok(Self {
            course: reader.get(table.get_ref(), "course", "", Reader::parsed)?,
            by_hand: reader.get(table.get_ref(), "by-hand", "", Reader::by_hand)?.unwrap_or_default(),
            days: reader.get(table.get_ref(), "days", "", Reader::days)?.unwrap_or_default(),
        })
    }

    /// Returns whether the learner ticked this requirement.
    pub fn is_ticked(&self, day: DayId, requirement: &Slug) -> bool {
        self.by_hand.get(&day).is_some_and(|ticked| ticked.contains(requirement))
    }
}

type Value<'a> = Spanned<DeValue<'a>>;
type Table<'a> = DeTable<'a>;

/// Reads parsed TOML into types, and remembers the text for the line of an error.
struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    /// Reads a key that may be absent; `path` is the table that it lies in, dotted.
    fn get<T>(
        &self,
        table: &Table<'_>,
        key: &str,
        path: &str,
        read: impl Fn(&Self, &Value<'_>, &str) -> Result<T, ConfigError>,
    ) -> Result<Option<T>, ConfigError> {
        table.get(key).map(|value| read(self, value, &dotted(path, key))).transpose()
    }

    fn by_hand(&self, value: &Value<'_>, path: &str) -> Result<BTreeMap<DayId, BTreeSet<Slug>>, ConfigError> {
        self.by_day(value, path, |value, key| Ok(self.list(value, key)?.into_iter().collect()))
    }

    fn days(&self, value: &Value<'_>, path: &str) -> Result<BTreeMap<DayId, DayConfig>, ConfigError> {
        self.by_day(value, path, |value, key| self.day(value, key))
    }

    fn day(&self, value: &Value<'_>, path: &str) -> Result<DayConfig, ConfigError> {
        let table = self.table(value, path)?;
        self.known_keys(path, table, &DAY_KEYS)?;
        Ok(DayConfig {
            folder: self.get(table, "folder", path, Self::parsed)?,
            tests: self.get(table, "tests", path, Self::list)?.unwrap_or_default(),
            names: self.get(table, "names", path, Self::names)?.unwrap_or_default(),
        })
    }

    fn names(&self, value: &Value<'_>, path: &str) -> Result<BTreeMap<String, String>, ConfigError> {
        let entry = |(name, value): (&Spanned<_>, &Value<'_>)| {
            let name: &std::borrow::Cow<'_, str> = name.get_ref();
            let key = format!("{path}.\"{name}\"");
            let own = self.string(value, &key)?;
            if is_python_name(own) {
                Ok((name.to_string(), own.to_owned()))
            } else {
                Err(self.malformed(value, key, format!("`{}` is not a name in Python", own.escape_debug())))
            }
        };
        self.table(value, path)?.iter().map(entry).collect()
    }

    /// Reads a table whose keys are days; one day in two spellings is an error.
    fn by_day<T>(
        &self,
        value: &Value<'_>,
        path: &str,
        read: impl Fn(&Value<'_>, &str) -> Result<T, ConfigError>,
    ) -> Result<BTreeMap<DayId, T>, ConfigError> {
        let mut days = BTreeMap::new();
        for (key, value) in self.table(value, path)? {
            let full = dotted(path, key.get_ref());
            let day = DayId::from_str(key.get_ref()).map_err(|error| ConfigError {
                line: self.line(key.span().start),
                problem: Problem::Malformed { key: full.clone(), reason: error.to_string() },
                hint: Some("name the day by its number, for example `day4`".to_owned()),
            })?;
            if days.insert(day, read(value, &full)?).is_some() {
                let line = self.line(key.span().start);
                let reason = format!("{day} is there twice");
                return Err(ConfigError {
                    line,
                    problem: Problem::Malformed { key: full, reason },
                    hint: None,
                });
            }
        }
        Ok(days)
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(
        &self,
        value: &Value<'_>,
        path: &str,
    ) -> Result<T, ConfigError> {
        let text = self.string(value, path)?;
        text.parse().map_err(|error: T::Err| self.malformed(value, path.to_owned(), error.to_string()))
    }

    fn list<T: FromStr<Err: std::fmt::Display>>(
        &self,
        value: &Value<'_>,
        path: &str,
    ) -> Result<Vec<T>, ConfigError> {
        let wrong = || self.wrong_type(value, path, "a list of texts, like `[\"one\", \"two\"]`");
        let array = value.get_ref().as_array().ok_or_else(wrong)?;
        array.iter().map(|item| self.parsed(item, path)).collect()
    }

    fn string<'v>(&self, value: &'v Value<'_>, path: &str) -> Result<&'v str, ConfigError> {
        value.get_ref().as_str().ok_or_else(|| self.wrong_type(value, path, "a text in quotes"))
    }

    fn table<'v, 'i>(&self, value: &'v Value<'i>, path: &str) -> Result<&'v Table<'i>, ConfigError> {
        value.get_ref().as_table().ok_or_else(|| self.wrong_type(value, path, "a table"))
    }

    fn known_keys(&self, path: &str, table: &Table<'_>, known: &[&str]) -> Result<(), ConfigError> {
        let unknown = table.keys().filter(|key| !known.contains(&key.get_ref().as_ref()));
        let Some(key) = unknown.min_by_key(|key| key.span().start) else { return Ok(()) };
        let name = key.get_ref().to_string();
        let place = if path.is_empty() { "at the top level".to_owned() } else { format!("in `[{path}]`") };
        let hint = advise(&name, known);
        let line = self.line(key.span().start);
        Err(ConfigError { line, problem: Problem::UnknownKey { key: name, place }, hint: Some(hint) })
    }

    fn wrong_type(&self, value: &Value<'_>, path: &str, wanted: &'static str) -> ConfigError {
        let found = value.get_ref().type_str();
        let problem = Problem::WrongType { key: path.to_owned(), wanted, found };
        ConfigError { line: self.line(value.span().start), problem, hint: None }
    }

    fn malformed(&self, value: &Value<'_>, key: String, reason: String) -> ConfigError {
        let line = self.line(value.span().start);
        ConfigError { line, problem: Problem::Malformed { key, reason }, hint: None }
    }

    fn line(&self, offset: usize) -> usize {
        line_at(self.text, offset)
    }
}

fn syntax(text: &str, error: &toml::de::Error) -> ConfigError {
    let line = line_at(text, error.span().map_or(0, |span| span.start));
    ConfigError { line, problem: Problem::Syntax(error.message().to_owned()), hint: Some(TOML.to_owned()) }
}

fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

fn dotted(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// Names the key that was most likely meant, or all of them when none is near.
fn advise(key: &str, known: &[&str]) -> String {
    let likeness = |candidate: &str| strsim::jaro_winkler(&key.to_lowercase().replace('_', "-"), candidate);
    let nearest = known.iter().max_by(|a, b| likeness(a).total_cmp(&likeness(b)));
    match nearest {
        Some(nearest) if likeness(nearest) > 0.75 => format!("the key is `{nearest}`"),
        _ => format!("the keys here are `{}`", known.join("`, `")),
    }
}

/// Returns whether this can be a dotted name in Python; whether it is a keyword is Python's to say.
fn is_python_name(text: &str) -> bool {
    text.len() <= 200
        && text.split('.').all(|part| {
            part.starts_with(|c: char| c.is_alphabetic() || c == '_')
                && part.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
}

const TOML: &str =
    "`grade.toml` is TOML, for example `course = \"python-23\"`; <https://toml.io> explains it";

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        text.parse().unwrap()
    }

    fn error(text: &str) -> (String, Option<String>) {
        let error = RepositoryConfig::parse(text).unwrap_err();
        (error.to_string(), error.hint().map(str::to_owned))
    }

    #[test]
    fn everything_that_can_be_said_is_read() {
        let config = RepositoryConfig::parse(
            "course = \"python-23\"\n[by-hand]\nday0 = [\"github-repository\"]\n[days.day4]\nfolder = \"somewhere\"\n\
             tests = [\"tests/day4\"]\n[days.day2.names]\n\"LRUCache.put\" = \"store\"\n",
        )
        .unwrap();
        assert_eq!(config.course, Some("python-23".parse().unwrap()));
        assert!(config.is_ticked(DayId::new(0), &"github-repository".parse().unwrap()));
        assert!(!config.is_ticked(DayId::new(1), &"github-repository".parse().unwrap()));
        assert_eq!(config.days[&DayId::new(4)].folder, Some(path("somewhere")));
        assert_eq!(config.days[&DayId::new(4)].tests, [path("tests/day4")]);
        assert_eq!(config.days[&DayId::new(2)].names["LRUCache.put"], "store");
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(RepositoryConfig::parse("").unwrap(), RepositoryConfig::default());
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_key() {
        let (text, hint) = error("\n\ncuorse = \"python-23\"\n");
        assert_eq!(text, "`grade.toml` line 3: unknown key `cuorse` at the top level");
        assert_eq!(hint.unwrap(), "the key is `course`");
        let (text, hint) = error("[days.day4]\n\nfolders = \"x\"\n");
        assert_eq!(text, "`grade.toml` line 3: unknown key `folders` in `[days.day4]`");
        assert_eq!(hint.unwrap(), "the key is `folder`");
        assert_eq!(error("by_hand = 1").1.unwrap(), "the key is `by-hand`");
    }

    #[test]
    fn a_key_like_no_other_gets_the_whole_list() {
        let (text, hint) = error("[limits]\nprobe = \"5s\"\n");
        assert_eq!(text, "`grade.toml` line 1: unknown key `limits` at the top level");
        assert_eq!(hint.unwrap(), "the keys here are `course`, `by-hand`, `days`");
    }

    #[test]
    fn a_value_of_the_wrong_type_is_named_with_what_is_wanted() {
        assert_eq!(
            error("[by-hand]\nday0 = \"github\"\n").0,
            "`grade.toml` line 2: `by-hand.day0` must be a list of texts, like `[\"one\", \"two\"]`, not string"
        );
        assert_eq!(
            error("course = 23").0,
            "`grade.toml` line 1: `course` must be a text in quotes, not integer"
        );
    }

    #[test]
    fn a_folder_out_of_the_repository_is_refused() {
        for folder in ["../elsewhere", "/etc", "a/../../b"] {
            let (text, _) = error(&format!("[days.day4]\nfolder = \"{folder}\"\n"));
            assert!(text.starts_with("`grade.toml` line 2: `days.day4.folder`: "), "{text}");
        }
        let root = RepositoryConfig::parse("[days.day4]\nfolder = \".\"\n").unwrap();
        assert_eq!(root.days[&DayId::new(4)].folder, Some(RelPath::root()));
    }

    #[test]
    fn what_is_no_day_and_what_is_there_twice_is_refused() {
        assert!(error("[by-hand]\nmonday = []\n").0.contains("`by-hand.monday`: `monday` is not a day"));
        assert!(error("[by-hand]\nday4 = []\nday04 = []\n").0.contains("day4 is there twice"));
    }

    #[test]
    fn a_name_that_is_no_name_in_python_is_refused() {
        let (text, _) = error("[days.day2.names]\n\"LRUCache.put\" = \"__import__('os')\"\n");
        assert!(
            text.contains("line 2: `days.day2.names.\"LRUCache.put\"`: `__import__(\\'os\\')` is not a name"),
            "{text}"
        );
    }

    #[test]
    fn what_is_no_toml_is_named_with_its_line() {
        let (text, _) = error("course = \"python-23\"\n[by-hand\n");
        assert!(text.starts_with("`grade.toml` line 2: "), "{text}");
    }
}
