//! A page of text under construction: wrapped paragraphs, lines kept as they are, rules, never wider than the style allows.
//!
//! Texts that arrive here are clean already (`Style::own`, `Style::theirs`). Widths are columns of a terminal, counted
//! by unicode-width, and the escape sequences of our own colours count nothing.

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthChar;

use super::sanitize;
use super::style::{Ink, Style};

/// Lines that one text of a stranger gets where it is a paragraph among others.
const SHORT: usize = 12;
/// What opens a line of advice that is a command.
const COMMAND: &str = "    ";
/// The least room that a paragraph gets, however deep it is indented, in columns.
const LEAST_ROOM: usize = 10;

/// Lines of text, one after the other.
pub(super) struct Page<'a> {
    pub(super) style: &'a Style,
    text: String,
}

impl<'a> Page<'a> {
    /// Returns an empty page.
    pub(super) fn new(style: &'a Style) -> Self {
        Self { style, text: String::new() }
    }

    /// Returns the text, fit for the place that the style names.
    pub(super) fn finish(self) -> String {
        if self.style.in_actions { sanitize::for_github_log(&self.text) } else { self.text }
    }

    /// Returns the columns that a paragraph with this indentation may fill.
    pub(super) fn room(&self, indent: &str) -> usize {
        self.style.room().saturating_sub(display_width(indent)).max(LEAST_ROOM)
    }

    /// Adds one empty line, unless there is one already.
    pub(super) fn blank(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
    }

    /// Adds a line as it is, without white space at its end.
    pub(super) fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }

    /// Adds a paragraph, wrapped, in one ink. `first` opens its first line and `rest` all others.
    pub(super) fn paragraph(&mut self, first: &str, rest: &str, text: &str, ink: Ink) {
        self.lines_of(first, rest, text, usize::MAX, ink);
    }

    /// Adds a paragraph like `paragraph`, but breaks no word, however long: a path in an error is there to be copied.
    pub(super) fn whole_words(&mut self, first: &str, rest: &str, text: &str, ink: Ink) {
        let options = wrapping(self.room(first).min(self.room(rest))).break_words(false);
        for (index, line) in textwrap::wrap(text, options).iter().enumerate() {
            let prefix = if index == 0 { first } else { rest };
            self.line(&format!("{prefix}{}", self.style.paint(ink, line)));
        }
    }

    /// Adds what to do next: paragraphs, and commands that are indented by four spaces and are never broken.
    pub(super) fn advice(&mut self, first: &str, rest: &str, text: &str, ink: Ink) {
        for (index, line) in text.lines().enumerate() {
            let prefix = if index == 0 { first } else { rest };
            match line.strip_prefix(COMMAND) {
                Some(command) => self.line(&format!("{prefix}{COMMAND}{}", self.style.paint(ink, command))),
                None => self.whole_words(prefix, rest, line, ink),
            }
        }
    }

    fn lines_of(&mut self, first: &str, rest: &str, text: &str, limit: usize, ink: Ink) {
        let lines = wrap(text, self.room(first).min(self.room(rest)));
        for (index, line) in lines.iter().take(limit).enumerate() {
            let prefix = if index == 0 { first } else { rest };
            self.line(&format!("{prefix}{}", self.style.paint(ink, line)));
        }
        if lines.len() > limit {
            self.more(rest, &sanitize::more_lines(lines.len() - limit));
        }
    }

    /// Adds a paragraph that stands below the end of its own first word or words: `label:    the text`.
    pub(super) fn hanging(&mut self, first: &str, text: &str, ink: Ink) {
        self.paragraph(first, &" ".repeat(display_width(first)), text, ink);
    }

    /// Adds a stranger's text like `hanging`, cut where it becomes long.
    pub(super) fn short(&mut self, first: &str, text: &str, ink: Ink) {
        let rest = " ".repeat(display_width(first));
        self.lines_of(first, &rest, text, SHORT, ink);
    }

    /// Adds a stranger's text whose further lines are indented by two columns, cut where it becomes long.
    pub(super) fn short_entry(&mut self, indent: &str, text: &str, ink: Ink) {
        self.lines_of(indent, &format!("{indent}  "), text, SHORT, ink);
    }

    /// Adds lines as they are, cut into pieces where they are too long, and after `limit` pieces says how many lines
    /// are missing, in whole or in part.
    pub(super) fn verbatim(&mut self, prefix: &str, text: &str, limit: usize, ink: Ink) {
        let room = self.room(prefix);
        let lines: Vec<&str> = text.lines().collect();
        let (mut printed, mut done) = (0, 0);
        for line in &lines {
            let pieces = chop(line, room);
            let shown = pieces.len().min(limit - printed);
            for piece in &pieces[..shown] {
                self.line(&format!("{prefix}{}", self.style.paint(ink, piece)));
            }
            if shown < pieces.len() {
                break;
            }
            (printed, done) = (printed + shown, done + 1);
        }
        if done < lines.len() {
            self.more(prefix, &sanitize::more_lines(lines.len() - done));
        }
    }

    /// Adds a sentence about what is not shown.
    pub(super) fn more(&mut self, prefix: &str, sentence: &str) {
        let sentence = self.style.own(sentence);
        self.paragraph(prefix, prefix, &sentence, Ink::Dim);
    }

    /// Adds a heading in a rule: the name on the left, the state on the right.
    pub(super) fn heading(&mut self, left: &str, right: &str, ink: Ink) {
        let dash = self.style.symbol("─", "-");
        let taken = display_width(left) + display_width(right) + 8 + usize::from(!right.is_empty()) * 2;
        let fill = dash.repeat(self.style.room().saturating_sub(taken).max(1) + 2);
        let edge = dash.repeat(2);
        let (left, edge) = (self.style.paint(Ink::Strong, left), self.style.paint(Ink::Dim, &edge));
        let fill = self.style.paint(Ink::Dim, &fill);
        if right.is_empty() {
            self.line(&format!("{edge} {left} {fill}{edge}"));
        } else {
            self.line(&format!("{edge} {left} {fill} {} {edge}", self.style.paint(ink, right)));
        }
    }
}

/// Returns the text in lines of at most `room` columns, broken at spaces, or inside of a word that is longer.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    textwrap::wrap(text, wrapping(room)).into_iter().map(std::borrow::Cow::into_owned).collect()
}

fn wrapping(room: usize) -> Options<'static> {
    Options::new(room)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .break_words(true)
}

/// Returns a line in pieces of at most `room` columns, with every space where it was.
pub(super) fn chop(line: &str, room: usize) -> Vec<&str> {
    let (mut pieces, mut start, mut width) = (Vec::new(), 0, 0);
    for (at, character) in line.char_indices() {
        let columns = character.width().unwrap_or(0);
        if width + columns > room && at > start {
            pieces.push(&line[start..at]);
            (start, width) = (at, 0);
        }
        width += columns;
    }
    pieces.push(&line[start..]);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_by_columns_and_loses_nothing() {
        assert_eq!(chop("日本語abc", 4), ["日本", "語ab", "c"]);
        assert_eq!(chop("", 4), [""]);
    }

    #[test]
    fn a_heading_fills_the_width_exactly() {
        for right in ["", "FAILED  1.8 s"] {
            let style = Style::plain();
            let mut page = Page::new(&style);
            page.heading("day4  Decorators", right, Ink::Bad);
            assert_eq!(display_width(page.finish().trim_end()), 80, "{right}");
        }
    }

    #[test]
    fn a_cut_text_says_how_many_lines_are_missing() {
        let style = Style::plain();
        let mut page = Page::new(&style);
        page.verbatim("| ", "1\n2\n3\n4\n5", 2, Ink::Plain);
        assert_eq!(page.finish(), "| 1\n| 2\n| … (3 more lines)\n");
        let mut page = Page::new(&style);
        page.verbatim("| ", &"x".repeat(500), 1, Ink::Plain);
        assert!(page.finish().ends_with("x\n| … (1 more line)\n"), "a line shown in part is missing too");
        let mut page = Page::new(&style);
        page.short("got: ", &"x".repeat(75 * SHORT + 1), Ink::Plain);
        assert!(page.finish().ends_with("x\n     … (1 more line)\n"));
    }
}
