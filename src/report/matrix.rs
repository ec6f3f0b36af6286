//! What `grade pack check` prints of a day: the kill matrix, and what is wrong.

use std::collections::BTreeSet;

use super::page::Page;
use super::style::{Ink, Style};
use crate::day::{DayId, Slug};

/// Returns the proof of a day: for every requirement the wrong solutions that it catches, then the complaints.
pub fn render(
    day: DayId,
    title: &str,
    kills: &[(Slug, BTreeSet<Slug>)],
    wrong: usize,
    complaints: &[String],
    style: &Style,
) -> String {
    let mut page = Page::new(style);
    let heading =
        format!("{day}  {}  ({} requirements, {wrong} wrong solutions)", style.own_line(title), kills.len());
    page.paragraph("", "  ", &heading, Ink::Strong);
    let widest = kills.iter().map(|(slug, _)| slug.as_str().len()).max().unwrap_or(0);
    for (slug, wrong) in kills {
        let names: Vec<&str> = wrong.iter().map(Slug::as_str).collect();
        let text = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        let ink = if names.is_empty() { Ink::Bad } else { Ink::Plain };
        let first = format!("  {:widest$}  catches {:>2}: ", slug.as_str(), names.len());
        page.paragraph(&first, &" ".repeat(widest + 6), &text, ink);
    }
    for complaint in complaints {
        page.paragraph("  COMPLAINT  ", "             ", &style.own(complaint).replace('\n', " "), Ink::Bad);
    }
    page.blank();
    page.finish()
}
