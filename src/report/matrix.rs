//! The kill matrix of a day: which requirement catches which wrong solution.

use std::collections::BTreeSet;

use super::page::Page;
use super::style::Ink;
use crate::day::{DayId, Slug};

/// Writes for every requirement of a day the wrong solutions that it catches.
pub(super) fn write(
    day: DayId,
    title: &str,
    kills: &[(Slug, BTreeSet<Slug>)],
    wrong: usize,
    page: &mut Page<'_>,
) {
    let title = page.style.own_line(title);
    let heading = format!("{day}  {title}  ({} requirements, {wrong} wrong solutions)", kills.len());
    page.paragraph("", "  ", &heading, Ink::Strong);
    let widest = kills.iter().map(|(slug, _)| slug.as_str().len()).max().unwrap_or(0);
    for (slug, wrong) in kills {
        let names: Vec<&str> = wrong.iter().map(Slug::as_str).collect();
        let text = if names.is_empty() { "nothing".to_owned() } else { names.join(", ") };
        let ink = if names.is_empty() { Ink::Bad } else { Ink::Plain };
        let first = format!("  {:widest$}  catches {:>2}: ", slug.as_str(), names.len());
        page.paragraph(&first, &" ".repeat(widest + 6), &text, ink);
    }
}
