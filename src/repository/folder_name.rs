//! Matches the names of folders as people write them: `Week1`, `day_04`, `day-4`, `day04-decorators`.
//!
//! Case, leading zeros and `-`, `_` and spaces between a word and its number do not count. After the name anything
//! may follow a separator, which fits less well than the plain name.

use crate::day::DayId;

/// How well a name fits, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Fit {
    /// Nothing follows: `day4`, `Day_04`.
    #[default]
    Plain,
    /// Something follows a separator: `day4-decorators`.
    WithSuffix,
}

impl Fit {
    /// Returns the worse of two: a path fits as well as its worst part.
    pub fn worse(self, other: Self) -> Self {
        self.max(other)
    }
}

/// A piece of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    /// Letters, in lower case.
    Word(String),
    /// A number.
    Number(u64),
    /// Any number.
    AnyNumber,
}

/// One folder of a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part(Vec<Token>);

/// A path of folders to look for, from the root down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

impl Template {
    /// Returns the template of a day: `week{week}/day{day}` with its numbers.
    pub fn of_day(text: &str, day: DayId, week: u16) -> Self {
        let text = text.replace("{day}", &day.number().to_string()).replace("{week}", &week.to_string());
        Self::fixed(&text)
    }

    /// Returns a template without any numbers left to fill in, such as `week1`.
    pub fn fixed(text: &str) -> Self {
        Self(text.split('/').filter(|part| !part.is_empty()).map(|part| Part(tokens(part))).collect())
    }

    /// Returns the template of a day in any week's folder.
    pub fn in_any_week(day: DayId) -> Self {
        let word = |text: &str| Token::Word(text.to_owned());
        let day = vec![word("day"), Token::Number(day.number().into())];
        Self(vec![Part(vec![word("week"), Token::AnyNumber]), Part(day)])
    }

    /// Returns its folders, outermost first.
    pub fn parts(&self) -> &[Part] {
        &self.0
    }
}

impl Part {
    /// Returns how well a folder's name fits, or `None` when it does not.
    pub fn fit(&self, name: &str) -> Option<Fit> {
        let mut rest = name;
        for token in &self.0 {
            rest = token.strip_from(rest.trim_start_matches(is_separator))?;
        }
        if rest.trim_matches(is_separator).is_empty() {
            return Some(Fit::Plain);
        }
        rest.starts_with(|c| is_separator(c) || c == '.').then_some(Fit::WithSuffix)
    }
}

impl Token {
    /// Returns what is left of a text that begins with this token.
    fn strip_from<'a>(&self, text: &'a str) -> Option<&'a str> {
        if let Self::Word(word) = self {
            let head = text.get(..word.len())?;
            return head.eq_ignore_ascii_case(word).then(|| &text[word.len()..]);
        }
        let (digits, rest) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let number = digits.parse().ok()?;
        (*self == Self::AnyNumber || *self == Self::Number(number)).then_some(rest)
    }
}

/// Returns whether a folder of this name is a day's or a week's, whichever.
pub fn is_day_or_week(name: &str) -> bool {
    ["day", "week"]
        .iter()
        .any(|word| Part(vec![Token::Word((*word).to_owned()), Token::AnyNumber]).fit(name).is_some())
}

/// Returns whether a folder of this name is that of a day or a week with this number.
pub fn is_numbered(name: &str, word: &str, number: u16) -> bool {
    Part(vec![Token::Word(word.to_owned()), Token::Number(number.into())]).fit(name).is_some()
}

/// Returns the number of the day that a name speaks of: 4 for `day4`, `Day_04-decorators` and `day4.py`.
pub fn day_number(name: &str) -> Option<u64> {
    let rest = Token::Word("day".to_owned()).strip_from(name)?.trim_start_matches(is_separator);
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    digits.parse().ok()
}

/// Returns a folder's name with another number in it, written as its own is, and without what follows the number: `Day_05` for
/// `Day_04-decorators`.
pub fn renumbered(name: &str, word: &str, number: u16) -> Option<String> {
    let rest = Token::Word(word.to_owned()).strip_from(name)?.trim_start_matches(is_separator);
    let digits = &rest[..rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())];
    let width = if digits.starts_with('0') { digits.len() } else { 1 };
    (!digits.is_empty()).then(|| format!("{}{number:0width$}", &name[..name.len() - rest.len()]))
}

fn is_separator(c: char) -> bool {
    matches!(c, '-' | '_' | ' ')
}

fn tokens(part: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = part.trim_start_matches(is_separator);
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let ends = |c: char| is_separator(c) || c.is_ascii_digit() != is_digit;
        let (token, after) = rest.split_at(rest.find(ends).unwrap_or(rest.len()));
        tokens.push(match token.parse() {
            Ok(number) if is_digit => Token::Number(number),
            _ => Token::Word(token.to_ascii_lowercase()),
        });
        rest = after.trim_start_matches(is_separator);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_folder_is_named_as_the_last_one_is() {
        for (name, next) in [
            ("day4", "day5"),
            ("Day_04-decorators", "Day_05"),
            ("DAY 004", "DAY 005"),
            ("day10", "day5"),
            ("day0", "day5"),
        ] {
            assert_eq!(renumbered(name, "day", 5).as_deref(), Some(next), "{name}");
        }
        assert_eq!(renumbered("week1", "day", 5), None);
        assert_eq!(renumbered("days", "day", 5), None);
    }
}
