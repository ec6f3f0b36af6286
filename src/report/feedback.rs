//! What `grade pack feedback` prints: what the learner would be told for each wrong solution of a day, as Markdown.
//!
//! The findings stand in blocks of text, word for word as the terminal shows them: bounded and made harmless on the same road.

use super::details;
use super::page::Page;
use super::style::Style;
use crate::day::{DayId, Slug};
use crate::finding::Finding;
use crate::outcome::Outcome;

/// Columns of the findings: the widest that a terminal is given.
const WIDTH: usize = 100;

/// A wrong solution, and what the learner would be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told<'a> {
    /// Its name.
    pub name: &'a Slug,
    /// What is wrong with it.
    pub why: &'a str,
    /// What became of every requirement, in the pack's order.
    pub requirements: Vec<Judged<'a>>,
}

/// A requirement, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged<'a> {
    /// Its name.
    pub slug: &'a Slug,
    /// What it asks for.
    pub text: &'a str,
    /// The first hint.
    pub hint: Option<&'a str>,
    /// What became of it.
    pub outcome: &'a Outcome,
}

/// Returns the page of a day.
pub fn page(day: DayId, title: &str, seed: u64, wrong: &[Told<'_>]) -> String {
    let sections: Vec<String> = wrong.iter().map(section).collect();
    let title = escaped(title);
    let written = format!("`grade pack feedback {day} --write` writes this page (seed {seed}).");
    format!(
        "# {day}, {title}: what wrong solutions are told\n\n{INTRODUCTION}\n{written}\n\n{}",
        sections.join("\n")
    )
}

/// Returns the heading under which a wrong solution stands.
pub fn heading(name: &Slug) -> String {
    format!("## {name}")
}

fn section(told: &Told<'_>) -> String {
    let mut text = format!("{}\n\nWhat is wrong: {}.\n", heading(told.name), escaped(told.why));
    let mut blocked: Vec<(&Finding, Vec<&Slug>)> = Vec::new();
    for judged in &told.requirements {
        match judged.outcome {
            Outcome::Passed | Outcome::ByHand { .. } => {}
            Outcome::Failed(findings) => {
                text.push_str(&format!("\n**{}**: {}\n\n", judged.slug, escaped(judged.text)));
                text.push_str(&block(findings.as_slice()));
                if let Some(hint) = judged.hint {
                    text.push_str(&format!("\nHint: {}\n", escaped(hint)));
                }
            }
            Outcome::Blocked(finding) => match blocked.iter_mut().find(|(known, _)| *known == finding) {
                Some((_, names)) => names.push(judged.slug),
                None => blocked.push((finding, vec![judged.slug])),
            },
            Outcome::NotStarted => text.push_str(&format!("\n**{}** is not started.\n", judged.slug)),
            Outcome::Cancelled => text.push_str(&format!("\n**{}** was interrupted.\n", judged.slug)),
            Outcome::Broken(fault) => {
                text.push_str(&format!("\n**{}** is BROKEN: {}\n", judged.slug, escaped(&fault.to_string())));
            }
        }
    }
    for (finding, names) in blocked {
        let names: Vec<&str> = names.into_iter().map(Slug::as_str).collect();
        text.push_str(&format!(
            "\nBlocked: {}\n\n{}",
            names.join(", "),
            block(std::slice::from_ref(finding))
        ));
    }
    text
}

/// Returns findings as a block of text, inside a fence that nothing in them can close.
fn block(findings: &[Finding]) -> String {
    let style = Style { width: WIDTH, ..Style::plain() };
    let mut page = Page::new(&style);
    details::write(&mut page, findings);
    let text = textwrap::dedent(&page.finish());
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}text\n{}\n{fence}\n", text.trim_end())
}

/// Returns an author's text with nothing in it that Markdown would take for markup, code between backticks aside.
fn escaped(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd number of backticks opens code that nothing closes.
    let is_paired = pieces.len() % 2 == 1;
    let piece = |(index, piece): (usize, &&str)| match is_paired && index % 2 == 1 {
        true => (*piece).to_owned(),
        false => {
            piece.chars().flat_map(|c| MARKUP.contains(c).then_some('\\').into_iter().chain([c])).collect()
        }
    };
    let pieces: Vec<String> = pieces.iter().enumerate().map(piece).collect();
    pieces.join(if is_paired { "`" } else { "\\`" })
}

/// What Markdown takes for markup within a line.
const MARKUP: &str = "\\*_<";

const INTRODUCTION: &str = "\
For authors: every wrong solution of the day, why it is wrong, and word for word what its author would read of each requirement that
fails, with the first hint.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Findings, Place};

    fn told(finding: Finding) -> String {
        let slug: Slug = "stack".parse().unwrap();
        let outcome = Outcome::Failed(Findings::from(finding));
        let judged = Judged {
            slug: &slug,
            text: "last in, first out",
            hint: Some("Look at `pop`."),
            outcome: &outcome,
        };
        let name: Slug = "a-queue".parse().unwrap();
        let told = Told { name: &name, why: "calls __getitem__ of `a_list_`", requirements: vec![judged] };
        page(DayId::new(2), "Structures", 1, &[told])
    }

    #[test]
    fn a_section_says_what_is_wrong_what_is_said_and_the_first_hint() {
        let finding =
            Finding::new("the last comes first").because("it was 1").at(Place::line("day2/s.py", 7));
        let text = told(finding);
        let expected = "## a-queue\n\nWhat is wrong: calls \\_\\_getitem\\_\\_ of `a_list_`.\n\n**stack**: last in, first out\n\n\
            ```text\n• the last comes first\n  day2/s.py:7  it was 1\n```\n\nHint: Look at `pop`.\n";
        assert!(text.ends_with(expected), "{text}");
    }

    #[test]
    fn what_a_learner_prints_stays_in_its_block() {
        let text = told(Finding::new("a title").because("```\n# a heading\n````"));
        assert!(text.contains("\n`````text\n") && text.contains("\n`````\n"), "{text}");
    }
}
