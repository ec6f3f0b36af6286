//! Names that cannot be malformed: days, requirements, and the slugs they are made of.
//!
//! A `DayId` is a number and prints as `day4`; a `Slug` is lower-case words joined by hyphens; a `RequirementId`
//! is the two joined by a dot, `day4.rate-limit`, and is what reports, caches and command lines use.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The number of a day within its course. Prints as `day4`; reads `day4`, `day04`, `Day-4` and `4`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayId(u16);

impl DayId {
    /// Returns the day with this number.
    pub const fn new(number: u16) -> Self {
        Self(number)
    }

    /// Returns the number alone, as in `4`.
    pub const fn number(self) -> u16 {
        self.0
    }
}

impl fmt::Display for DayId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "day{}", self.0)
    }
}

impl FromStr for DayId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let lower = text.to_ascii_lowercase();
        let named = lower.strip_prefix("day").map(|rest| rest.trim_start_matches(['-', '_', ' ']));
        let digits = named.unwrap_or(&lower);
        let all_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match digits.parse() {
            Ok(number) if all_digits => Ok(Self(number)),
            _ => Err(NameError::Day(text.to_owned())),
        }
    }
}

/// Lower-case words of letters and digits joined by single hyphens: `rate-limit`, `python-23`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(String);

impl Slug {
    /// Returns the slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for Slug {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let word = |word: &str| {
            !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        };
        if text.len() <= 64 && text.split('-').all(word) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NameError::Slug(text.to_owned()))
        }
    }
}

/// A requirement of a day: `day4.rate-limit`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequirementId {
    /// The day that it belongs to.
    pub day: DayId,
    /// Its name within the day.
    pub slug: Slug,
}

impl fmt::Display for RequirementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.day, self.slug)
    }
}

impl FromStr for RequirementId {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let (day, slug) = text.split_once('.').ok_or_else(|| NameError::Requirement(text.to_owned()))?;
        Ok(Self { day: day.parse()?, slug: slug.parse()? })
    }
}

/// A name that is not of the form that its kind wants.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Not the name of a day.
    #[error("`{0}` is not a day; days are written like `day4`")]
    Day(String),
    /// Not a slug.
    #[error("`{0}` is not a name; names are lower-case words joined by hyphens, like `rate-limit`")]
    Slug(String),
    /// Not a requirement.
    #[error("`{0}` is not a requirement; requirements are written like `day4.rate-limit`")]
    Requirement(String),
}

/// Writes and reads the given types as their text, so that files hold `day4` and not a structure.
macro_rules! serde_as_text {
    ($($name:ty),+) => {$(
        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

serde_as_text!(DayId, Slug, RequirementId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_every_usual_spelling_and_printed_in_one() {
        for spelling in ["day4", "Day4", "day04", "day-4", "day_4", "4", "04"] {
            assert_eq!(spelling.parse::<DayId>().unwrap().to_string(), "day4", "{spelling}");
        }
    }

    #[test]
    fn what_is_not_a_day_is_refused() {
        for text in ["", "day", "day4x", "week1", "-4", "+4", "day4.retry", "99999"] {
            assert!(text.parse::<DayId>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_requirement_reads_back_as_it_prints() {
        let requirement: RequirementId = "day4.rate-limit".parse().unwrap();
        assert_eq!(requirement.to_string(), "day4.rate-limit");
        assert!("day4.Rate".parse::<RequirementId>().is_err());
        assert!("day4".parse::<RequirementId>().is_err());
    }
}
