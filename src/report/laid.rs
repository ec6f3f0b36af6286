//! What `grade init` and `grade start` did in a learner's repository: one line for each file, and what to do next.

use similar::{ChangeTag, TextDiff};

use super::page::Page;
use super::style::{Ink, Style};
use crate::finding::Captured;

/// Equal lines shown around lines that are added.
const AROUND: usize = 2;
/// Lines that one line of a file may fill.
const PIECES: usize = 4;
/// Columns of the longest word for a deed.
const DEED: usize = 14;

/// What was done about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// It is new.
    Made,
    /// Lines were added.
    Completed,
    /// It was left as it is.
    Left,
    /// It would be new.
    WouldMake,
    /// Lines would be added.
    WouldComplete,
    /// Somebody would be asked whether to make it.
    WouldAsk,
}

/// What was done about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    deed: Deed,
    path: Captured,
    detail: Captured,
}

impl Line {
    /// Returns the line of a file; `detail` says what it is for, or why it was left.
    pub fn new(deed: Deed, path: impl Into<Captured>, detail: impl Into<Captured>) -> Self {
        Self { deed, path: path.into(), detail: detail.into() }
    }

    /// Returns whether anything was changed.
    pub fn is_done(&self) -> bool {
        matches!(self.deed, Deed::Made | Deed::Completed)
    }
}

/// Returns a heading, the lines below it, and what to do next, with commands that are indented by four spaces.
pub fn render(heading: &str, lines: &[Line], advice: &str, style: &Style) -> String {
    let mut page = Page::new(style);
    page.whole_words("", "  ", &style.own_line(heading), Ink::Strong);
    if !lines.is_empty() {
        page.blank();
    }
    for line in lines {
        let (word, ink) = match line.deed {
            Deed::Made => ("made", Ink::Good),
            Deed::Completed => ("completed", Ink::Good),
            Deed::Left => ("left", Ink::Warn),
            Deed::WouldMake => ("would make", Ink::Plain),
            Deed::WouldComplete => ("would complete", Ink::Plain),
            Deed::WouldAsk => ("would ask", Ink::Plain),
        };
        let first = format!("  {}{}  ", style.paint(ink, word), " ".repeat(DEED - word.len()));
        let detail = style.one_line(&line.detail);
        let separator = if detail.is_empty() { "" } else { ": " };
        page.hanging(&first, &format!("{}{separator}{detail}", style.one_line(&line.path)), Ink::Plain);
    }
    if !advice.is_empty() {
        page.blank();
        page.advice("", "", &style.own(advice), Ink::Plain);
    }
    page.finish()
}

/// Returns what would become of a file, line by line.
pub fn change(path: &str, before: &str, after: &str, style: &Style) -> String {
    let mut page = Page::new(style);
    page.line(&style.paint(Ink::Strong, &style.one_line(&Captured::new(path))));
    // A last line without an end is no other line because more follow it.
    let before =
        if before.is_empty() || before.ends_with('\n') { before.to_owned() } else { format!("{before}\n") };
    let diff = TextDiff::from_lines(&before, after);
    for change in diff.grouped_ops(AROUND).iter().flatten().flat_map(|op| diff.iter_changes(op)) {
        let (mark, ink) = match change.tag() {
            ChangeTag::Equal => (" ", Ink::Plain),
            ChangeTag::Delete => ("-", Ink::Bad),
            ChangeTag::Insert => ("+", Ink::Good),
        };
        let line = style.one_line(&Captured::new(change.value().trim_end_matches(['\r', '\n'])));
        page.verbatim(
            &format!("  {} ", style.paint(ink, mark)),
            if line.is_empty() { " " } else { &line },
            PIECES,
            ink,
        );
    }
    page.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_shows_what_is_added_and_where_and_nothing_of_it_acts() {
        let text =
            change(".gitignore", "a\nb\nc\n\u{1b}[2J", "a\nb\nc\n\u{1b}[2J\n\nnew/\n", &Style::plain());
        assert_eq!(text, ".gitignore\n    c\n    \\u{1b}[2J\n  +\n  + new/\n");
    }
}
