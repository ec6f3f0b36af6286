//! What `grade hint` prints: for each requirement the hints that are due, each with its number among all of them.

use std::ops::Range;

use super::markdown;
use super::page::Page;
use super::style::{Ink, Style};
use crate::day::RequirementId;

/// The hints of one requirement.
#[derive(Debug)]
pub struct Section<'a> {
    /// The requirement.
    pub id: &'a RequirementId,
    /// What it asks for.
    pub text: &'a str,
    /// All of its hints.
    pub hints: &'a [String],
    /// Which of them are shown.
    pub shown: Range<usize>,
}

/// Returns the hints, and what to do next.
pub fn render(sections: &[Section<'_>], advice: &str, style: &Style) -> String {
    let mut text = String::new();
    for section in sections {
        let mut page = Page::new(style);
        let heading = format!("{}  ", style.paint(Ink::Strong, &section.id.to_string()));
        page.hanging(&heading, &style.own_line(section.text), Ink::Plain);
        page.blank();
        text.push_str(&page.finish());
        let count = section.hints.len();
        for (number, hint) in
            section.hints.iter().enumerate().take(section.shown.end).skip(section.shown.start)
        {
            text.push_str(&markdown::render(&format!("Hint {} of {count}: {hint}", number + 1), style));
            text.push('\n');
        }
    }
    let mut page = Page::new(style);
    page.advice("", "", &style.own(advice), Ink::Plain);
    text + &page.finish()
}
