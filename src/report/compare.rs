//! Shows what was wanted and what came back: on two aligned lines, or as a diff where they are long.
//!
//! Lists and dicts written on one line are broken onto several first, so that the diff points at the element. White
//! space at the end of a differing line is shown, and two texts that look the same are said to.

use similar::{ChangeTag, TextDiff};

use super::page::{Page, wrap};
use super::sanitize::more_lines;
use super::structure;
use super::style::Ink;
use crate::finding::Captured;

/// Lines shown of a diff, or of either side.
const LINES: usize = 20;
/// Pieces shown of one line of a diff that is wider than the page.
const PIECES: usize = 4;
/// Equal lines shown around a difference.
const AROUND: usize = 2;

/// Writes both sides, or the one that there is. `indent` is where labels begin, and labels are as wide as each other.
pub(super) fn write(
    page: &mut Page<'_>,
    indent: &str,
    expected: Option<&Captured>,
    actual: Option<&Captured>,
) {
    match (expected, actual) {
        (Some(expected), Some(actual)) => both(page, indent, expected, actual),
        (Some(expected), None) => side(page, indent, "expected:", &page.style.theirs(expected), Ink::Good),
        (None, Some(actual)) => side(page, indent, "got:", &page.style.theirs(actual), Ink::Bad),
        (None, None) => {}
    }
}

fn both(page: &mut Page<'_>, indent: &str, expected: &Captured, actual: &Captured) {
    let (short_expected, short_actual) = (page.style.theirs(expected), page.style.theirs(actual));
    let fits = |text: &str| !text.contains('\n') && wrap(text, page.room(&label(indent, ""))).len() == 1;
    if !(fits(&short_expected) && fits(&short_actual)) && diff(page, indent, expected, actual) {
        return;
    }
    side(page, indent, "expected:", &short_expected, Ink::Good);
    side(page, indent, "got:", &short_actual, Ink::Bad);
    if short_expected == short_actual {
        page.paragraph(&label(indent, ""), &label(indent, ""), LOOK_THE_SAME, Ink::Plain);
    }
}

fn side(page: &mut Page<'_>, indent: &str, name: &str, text: &str, ink: Ink) {
    let first = label(indent, name);
    if text.is_empty() {
        page.hanging(&first, NOTHING, Ink::Dim);
    } else if text.contains('\n') {
        page.line(&first);
        page.verbatim(&format!("{indent}  "), text, LINES, ink);
    } else {
        page.short(&first, text, ink);
    }
}

/// Writes the difference of both and returns whether it did. Where they have no line in common, the two of them say
/// more than their difference.
fn diff(page: &mut Page<'_>, indent: &str, expected: &Captured, actual: &Captured) -> bool {
    let (expected, actual) = (in_lines(page, expected), in_lines(page, actual));
    let diff = TextDiff::from_lines(&expected, &actual);
    let telling = |line: &str| line.chars().any(char::is_alphanumeric);
    let common =
        diff.iter_all_changes().any(|change| change.tag() == ChangeTag::Equal && telling(change.value()));
    if expected == actual || !common {
        return false;
    }
    page.line(&format!("{indent}{}", page.style.paint(Ink::Good, "- expected")));
    page.line(&format!("{indent}{}", page.style.paint(Ink::Bad, "+ got")));
    changes(page, indent, &diff);
    true
}

fn changes(page: &mut Page<'_>, indent: &str, diff: &TextDiff<'_, '_, str>) {
    let mut shown = 0;
    let mut left = 0;
    for (index, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if index > 0 && shown < LINES {
            page.line(&format!("{indent}  {}", page.style.symbol("⋮", ":")));
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            if shown == LINES {
                left += 1;
                continue;
            }
            changed_line(page, indent, change.tag(), change.value());
            shown += 1;
        }
    }
    if left > 0 {
        page.more(&format!("{indent}  "), &more_lines(left));
    }
}

fn changed_line(page: &mut Page<'_>, indent: &str, tag: ChangeTag, line: &str) {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let (mark, ink) = match tag {
        ChangeTag::Equal => (" ", Ink::Plain),
        ChangeTag::Delete => ("-", Ink::Good),
        ChangeTag::Insert => ("+", Ink::Bad),
    };
    let text = if tag == ChangeTag::Equal { line.to_owned() } else { with_visible_end(page, line) };
    let mark = page.style.paint(ink, mark);
    page.verbatim(&format!("{indent}{mark} "), if text.is_empty() { " " } else { &text }, PIECES, ink);
}

/// Returns a line with the white space at its end shown, which is what a difference may be about.
fn with_visible_end(page: &Page<'_>, line: &str) -> String {
    let kept = line.trim_end_matches(' ');
    kept.to_owned() + &page.style.symbol("·", ".").repeat(line.len() - kept.len())
}

fn in_lines(page: &Page<'_>, text: &Captured) -> String {
    let broken = structure::broken_up(text.raw()).map(Captured::new);
    page.style.theirs(broken.as_ref().unwrap_or(text))
}

/// Returns a label and the space after it, all of one width.
pub(super) fn label(indent: &str, name: &str) -> String {
    format!("{indent}{name:<11}")
}

const NOTHING: &str = "(an empty text)";
const LOOK_THE_SAME: &str =
    "The two look the same here: they differ in white space at an end, or far down, or in their types.";
