//! Reads TOML key by key, so that every complaint names the line, the key, what was wanted and what was
//! nearest.
//!
//! serde would do the reading in fewer lines, but its errors are texts of its own, without the keys that
//! would have been right. Here a table hands out its values by name and remembers which names it was asked
//! for: `finish` refuses whatever nobody asked for, and knows what could have been meant.

use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;
use std::time::Duration;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::{Mistake, MistakeKind, PackError, Position, hint_for, listed, nearest};
use super::units;

/// A file's name, as shown, and its text: enough to say where something stands.
#[derive(Debug, Clone, Copy)]
struct Origin<'a> {
    file: &'a str,
    text: &'a str,
}

impl Origin<'_> {
    fn error(self, offset: Option<usize>, kind: MistakeKind, hint: Option<String>) -> PackError {
        let position = offset.map(|offset| Position::of(self.text, offset));
        PackError::about(self.file, Mistake { position, kind, hint })
    }
}

/// A table whose keys are taken one by one.
#[derive(Debug)]
pub(super) struct Table<'a> {
    origin: Origin<'a>,
    label: String,
    offset: Option<usize>,
    entries: Vec<(Spanned<DeString<'a>>, Spanned<DeValue<'a>>)>,
    known: Vec<&'static str>,
}

impl<'a> Table<'a> {
    /// Reads a whole file; `file` is the name under which errors show it.
    pub(super) fn parse(file: &'a str, text: &'a str) -> Result<Self, PackError> {
        let origin = Origin { file, text };
        let table = DeTable::parse(text).map_err(|error| {
            let kind = MistakeKind::Syntax(error.message().to_owned());
            origin.error(error.span().map(|span| span.start), kind, None)
        })?;
        Ok(Self::new(origin, "the file".to_owned(), None, table.into_inner()))
    }

    fn new(origin: Origin<'a>, label: String, offset: Option<usize>, table: DeTable<'a>) -> Self {
        Self { origin, label, offset, entries: table.into_iter().collect(), known: Vec::new() }
    }

    /// Takes a key that need not be there.
    pub(super) fn optional<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'a>) -> Result<T, PackError>,
    ) -> Result<Option<T>, PackError> {
        self.known.push(key);
        let found = self.entries.iter().position(|(name, _)| name.get_ref() == key);
        found.map(|index| read(self.value(index))).transpose()
    }

    /// Takes a key that must be there.
    pub(super) fn required<T>(
        &mut self,
        key: &'static str,
        read: impl FnOnce(Value<'a>) -> Result<T, PackError>,
    ) -> Result<T, PackError> {
        self.optional(key, read)?.ok_or_else(|| self.missing(key))
    }

    /// Returns the error for a key that is not there: where one stands that was probably meant for it, the error is about that.
    pub(super) fn missing(&self, key: &'static str) -> PackError {
        let meant = |name: &&Spanned<DeString<'a>>| nearest(name.get_ref(), [key]).is_some();
        if let Some(name) = self.entries.iter().map(|(name, _)| name).find(meant) {
            let kind = MistakeKind::UnknownKey { key: name.get_ref().to_string(), table: self.label.clone() };
            let hint = format!("the key is `{key}`, which must be there");
            return self.origin.error(Some(name.span().start), kind, Some(hint));
        }
        self.origin.error(self.offset, MistakeKind::MissingKey { key, table: self.label.clone() }, None)
    }

    /// Takes everything, for tables whose keys are the author's own; in the order of their names.
    pub(super) fn into_entries(self) -> impl Iterator<Item = (Value<'a>, Value<'a>)> {
        let origin = self.origin;
        self.entries.into_iter().map(move |(name, node)| {
            let key = name.get_ref().to_string();
            let name = Value {
                origin,
                key: self.label.trim_matches('`').to_owned(),
                offset: name.span().start,
                node: DeValue::String(name.into_inner()),
            };
            (name, Value { origin, key, offset: node.span().start, node: node.into_inner() })
        })
    }

    /// Returns an error about this table as a whole.
    pub(super) fn refuse(&self, key: &str, why: impl Display) -> PackError {
        let kind = MistakeKind::BadValue { key: key.to_owned(), why: why.to_string() };
        self.origin.error(self.offset, kind, None)
    }

    /// Refuses the first key that was never asked for.
    pub(super) fn finish(self) -> Result<(), PackError> {
        self.finish_with(|_| None)
    }

    /// Refuses the first key that was never asked for; `advise` may know what was meant by it.
    pub(super) fn finish_with(self, advise: impl FnOnce(&str) -> Option<String>) -> Result<(), PackError> {
        let Some((name, _)) = self.entries.iter().min_by_key(|(name, _)| name.span().start) else {
            return Ok(());
        };
        let key = name.get_ref().to_string();
        let near = || nearest(&key, self.known.iter().copied()).map(|known| format!("the key is `{known}`"));
        let hint = advise(&key).or_else(near);
        let hint =
            hint.unwrap_or_else(|| format!("the keys here are {}", listed(self.known.iter().copied())));
        let kind = MistakeKind::UnknownKey { key, table: self.label };
        Err(self.origin.error(Some(name.span().start), kind, Some(hint)))
    }

    fn value(&mut self, index: usize) -> Value<'a> {
        let (name, node) = self.entries.swap_remove(index);
        let key = name.get_ref().to_string();
        // A table has no value of its own to point at: its header is its key.
        let offset = if node.get_ref().is_table() { name.span().start } else { node.span().start };
        Value { origin: self.origin, key, offset, node: node.into_inner() }
    }
}

/// A value that has not been read yet, with its key and place.
#[derive(Debug)]
pub(super) struct Value<'a> {
    origin: Origin<'a>,
    key: String,
    offset: usize,
    node: DeValue<'a>,
}

impl<'a> Value<'a> {
    /// Reads text that says something.
    pub(super) fn text(self) -> Result<String, PackError> {
        match self.node {
            DeValue::String(text) if !text.trim().is_empty() => Ok(text.into_owned()),
            DeValue::String(_) => Err(self.place().refuse("it is blank")),
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// Reads text that may be empty: the contents of a file.
    pub(super) fn raw_text(self) -> Result<String, PackError> {
        match self.node {
            DeValue::String(text) => Ok(text.into_owned()),
            _ => Err(self.wrong_type("a string")),
        }
    }

    /// Reads text that means something to `T`.
    pub(super) fn parsed<T: FromStr<Err: Display>>(self) -> Result<T, PackError> {
        let place = self.place();
        self.text()?.parse().map_err(|why: T::Err| place.refuse(why))
    }

    /// Reads a duration.
    pub(super) fn duration(self) -> Result<Duration, PackError> {
        let place = self.place();
        units::duration(&self.text()?).map_err(|why| place.refuse(why))
    }

    /// Reads a number of bytes.
    pub(super) fn bytes(self) -> Result<u64, PackError> {
        let place = self.place();
        units::bytes(&self.text()?).map_err(|why| place.refuse(why))
    }

    /// Reads a whole number within bounds.
    pub(super) fn integer(self, bounds: RangeInclusive<u16>) -> Result<u16, PackError> {
        let DeValue::Integer(integer) = &self.node else { return Err(self.wrong_type("an integer")) };
        let number = u16::from_str_radix(integer.as_str(), integer.radix()).ok();
        number.filter(|number| bounds.contains(number)).ok_or_else(|| {
            let why = format!("`{integer}` is not between {} and {}", bounds.start(), bounds.end());
            self.place().refuse(why)
        })
    }

    /// Reads one of a few words.
    pub(super) fn choice<T: Copy>(self, choices: &[(&str, T)]) -> Result<T, PackError> {
        let place = self.place();
        let text = self.text()?;
        let words: Vec<&str> = choices.iter().map(|(word, _)| *word).collect();
        match choices.iter().find(|(word, _)| *word == text) {
            Some((_, choice)) => Ok(*choice),
            None => Err(place.refuse_near(
                format!("`{text}` is not one of {}", listed(words.iter().copied())),
                "value",
                &text,
                &words,
            )),
        }
    }

    /// Reads every element of an array.
    pub(super) fn list<T>(
        self,
        read: impl Fn(Value<'a>) -> Result<T, PackError>,
    ) -> Result<Vec<T>, PackError> {
        let Self { origin, key, offset, node } = self;
        let DeValue::Array(array) = node else {
            return Err(Self { origin, key, offset, node }.wrong_type("an array"));
        };
        let element = |node: Spanned<DeValue<'a>>| Value {
            origin,
            key: key.clone(),
            offset: node.span().start,
            node: node.into_inner(),
        };
        array.into_iter().map(|node| read(element(node))).collect()
    }

    /// Reads every element of an array that has at least one.
    pub(super) fn filled_list<T>(
        self,
        read: impl Fn(Value<'a>) -> Result<T, PackError>,
    ) -> Result<Vec<T>, PackError> {
        let place = self.place();
        let list = self.list(read)?;
        if list.is_empty() { Err(place.refuse("it is empty, and at least one is wanted")) } else { Ok(list) }
    }

    /// Reads a table, which errors call by its `label`: "`[limits]`".
    pub(super) fn table(self, label: &str) -> Result<Table<'a>, PackError> {
        let Self { origin, key, offset, node } = self;
        match node {
            DeValue::Table(table) => Ok(Table::new(origin, label.to_owned(), Some(offset), table)),
            node => Err(Self { origin, key, offset, node }.wrong_type("a table")),
        }
    }

    /// Returns whether this is a number, for keys that take either a number or text.
    pub(super) fn is_integer(&self) -> bool {
        self.node.is_integer()
    }

    /// Returns whether this is text, for keys that take either text or a list of it.
    pub(super) fn is_text(&self) -> bool {
        self.node.is_str()
    }

    /// Returns the place of this value, to complain about it after it was read.
    pub(super) fn place(&self) -> ValuePlace<'a> {
        ValuePlace { origin: self.origin, key: self.key.clone(), offset: self.offset }
    }

    fn wrong_type(&self, wanted: &'static str) -> PackError {
        let kind = MistakeKind::WrongType { key: self.key.clone(), found: sort(&self.node), wanted };
        self.origin.error(Some(self.offset), kind, None)
    }
}

/// Where a value stood, and under which key.
#[derive(Debug)]
pub(super) struct ValuePlace<'a> {
    origin: Origin<'a>,
    key: String,
    offset: usize,
}

impl ValuePlace<'_> {
    /// Returns an error about the value that stood here.
    pub(super) fn refuse(&self, why: impl Display) -> PackError {
        let kind = MistakeKind::BadValue { key: self.key.clone(), why: why.to_string() };
        self.origin.error(Some(self.offset), kind, None)
    }

    /// Returns an error about a word that should have been one of the candidates, with the nearest of them.
    pub(super) fn refuse_near(
        &self,
        why: impl Display,
        noun: &str,
        text: &str,
        candidates: &[&str],
    ) -> PackError {
        let kind = MistakeKind::BadValue { key: self.key.clone(), why: why.to_string() };
        self.origin.error(Some(self.offset), kind, hint_for(noun, text, candidates))
    }
}

fn sort(node: &DeValue<'_>) -> &'static str {
    match node {
        DeValue::String(_) => "a string",
        DeValue::Integer(_) => "an integer",
        DeValue::Float(_) => "a float",
        DeValue::Boolean(_) => "a boolean",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
