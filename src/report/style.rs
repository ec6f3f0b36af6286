//! How a report looks in one place: its width, whether colour and Unicode are understood, whether it is a GitHub log.
//!
//! Everything that reports print passes through `Style::own`, `Style::theirs` or `Style::one_line`, so that there is
//! one road from a text to a reader and `sanitize` stands on it. Colour repeats what the words say and adds nothing.

use anstyle::{AnsiColor, Effects};

use super::sanitize;
use crate::finding::Captured;

/// The narrowest text that is still readable, in columns. A narrower terminal wraps by itself.
const NARROWEST: usize = 40;
/// The widest text that is still pleasant to read, in columns.
const WIDEST: usize = 100;
/// The width where nobody knows it: files, pipes, logs.
const USUAL: usize = 80;

/// How a text for people is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Style {
    /// Whether escape sequences for colour are written.
    pub colour: bool,
    /// The width that no line exceeds, in columns.
    pub width: usize,
    /// Whether anything beyond ASCII is written; a learner's other characters are shown escaped where it is not.
    pub unicode: bool,
    /// Whether the text goes to a GitHub Actions log, where lines like `::error::` are commands.
    pub in_actions: bool,
}

impl Style {
    /// Decides how to write, from what is known of the place: whether it is a terminal, whether `NO_COLOR` is set,
    /// how many columns it has, and whether it is the log of GitHub Actions, which shows colour without being a terminal.
    pub fn resolve(is_terminal: bool, no_color: bool, columns: Option<usize>, in_actions: bool) -> Self {
        Self {
            colour: !no_color && (is_terminal || in_actions),
            width: columns.map_or(USUAL, |columns| columns.clamp(NARROWEST, WIDEST)),
            unicode: true,
            in_actions,
        }
    }

    /// Returns the style of a file: 80 columns without colour.
    pub fn plain() -> Self {
        Self::resolve(false, true, None, false)
    }

    /// Returns the columns that text may fill. One is kept back where `for_github_log` may add a space to a line.
    pub(super) fn room(&self) -> usize {
        self.width - usize::from(self.in_actions)
    }

    /// Returns a text of ours. A pack may be a stranger's too, so it is cleaned all the same.
    pub(super) fn own(&self, text: &str) -> String {
        self.suit(sanitize::visible(text))
    }

    /// Returns a text of ours as one line.
    pub(super) fn own_line(&self, text: &str) -> String {
        self.own(text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Returns a learner's text, bounded.
    pub(super) fn theirs(&self, text: &Captured) -> String {
        self.suit(sanitize::for_terminal(text))
    }

    /// Returns a learner's text that belongs on one line, such as a path; line breaks are shown as `\n`.
    pub(super) fn one_line(&self, text: &Captured) -> String {
        self.suit(sanitize::one_line(text))
    }

    /// Returns a symbol, or what stands for it where only ASCII is understood.
    pub(super) fn symbol(&self, symbol: &'static str, ascii: &'static str) -> &'static str {
        if self.unicode { symbol } else { ascii }
    }

    /// Returns the text in this ink, where colours are written.
    pub(super) fn paint(&self, ink: Ink, text: &str) -> String {
        if !self.colour || ink == Ink::Plain || text.trim().is_empty() {
            return text.to_owned();
        }
        let style = ink.style();
        format!("{style}{text}{style:#}")
    }

    /// Suits a clean text to the place. What widens it is done here, before lines are measured and broken.
    fn suit(&self, clean: String) -> String {
        let clean = if self.unicode { clean } else { to_ascii(&clean) };
        if self.in_actions { sanitize::without_old_commands(&clean) } else { clean }
    }
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ink {
    /// As it is.
    Plain,
    /// Names and headings.
    Strong,
    /// What can be left out at a first reading.
    Dim,
    /// What is fulfilled, and what was expected.
    Good,
    /// What is not fulfilled, and what came back.
    Bad,
    /// What waits or was interrupted.
    Warn,
    /// What is to be done or read.
    Info,
    /// What is ours.
    Ours,
}

impl Ink {
    fn style(self) -> anstyle::Style {
        match self {
            Self::Plain => anstyle::Style::new(),
            Self::Strong => anstyle::Style::new().bold(),
            Self::Dim => anstyle::Style::new().effects(Effects::DIMMED),
            Self::Good => AnsiColor::Green.on_default(),
            Self::Bad => AnsiColor::Red.on_default(),
            Self::Warn => AnsiColor::Yellow.on_default(),
            Self::Info => AnsiColor::Cyan.on_default(),
            Self::Ours => AnsiColor::Magenta.on_default(),
        }
    }
}

/// Returns the text in ASCII: the usual typography in its typewriter form, everything else escaped.
///
/// A terminal that is not UTF-8 would read single bytes of it, and the bytes 0x80 to 0x9f are control characters there.
fn to_ascii(text: &str) -> String {
    let mut ascii = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '…' => ascii.push_str("..."),
            '–' | '—' => ascii.push('-'),
            '‘' | '’' => ascii.push('\''),
            '“' | '”' => ascii.push('"'),
            '→' => ascii.push_str("->"),
            '·' | '•' => ascii.push('*'),
            _ if character.is_ascii() => ascii.push(character),
            _ => ascii.extend(character.escape_default()),
        }
    }
    ascii
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colour_needs_a_place_that_shows_it_and_a_user_who_wants_it() {
        assert!(Style::resolve(true, false, None, false).colour);
        assert!(Style::resolve(false, false, None, true).colour);
        assert!(!Style::resolve(false, false, None, false).colour);
        assert!(!Style::resolve(true, true, None, true).colour);
    }

    #[test]
    fn the_width_is_the_terminals_within_reason() {
        let width = |columns| Style::resolve(true, false, columns, false).width;
        assert_eq!([width(None), width(Some(0)), width(Some(72)), width(Some(400))], [80, 40, 72, 100]);
    }

    #[test]
    fn without_unicode_nothing_but_ascii_is_written() {
        let style = Style { unicode: false, ..Style::plain() };
        assert_eq!(style.theirs(&"“naïve”… Û".into()), r#""na\u{ef}ve"... \u{db}"#);
    }
}
