//! Markdown as GitHub reads it, for the summary of a job
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>) or a comment.
//!
//! GitHub takes a summary of 1 MiB at the most and drops it whole where it is longer. So this stops at a quarter of it: the tables first,
//! then the reasons while there is room, and then how many were left out. Whatever is not ours stands in code spans and fenced blocks.

use super::Bounded;
use crate::event::{DayReport, RunReport};
use crate::outcome::{Outcome, Verdict};
use crate::report::counts::Counts;
use crate::report::reasons::{self, STYLE};
use crate::report::sanitize::{clipped, for_cell, for_code_span, for_fence, for_prose};
use crate::report::{summary, terminal};

/// Bytes of the whole.
pub(in crate::report) const LONGEST: usize = 256 << 10;
/// Bytes kept for what is said at the end.
const END: usize = 4 << 10;
/// Characters of a text that belongs in a cell or on a line.
const LINE: usize = 400;
/// Notices shown of one day.
const NOTICES: usize = 6;

/// Returns the whole document.
pub fn render(run: &RunReport) -> String {
    let mut page = Bounded::new(LONGEST - END);
    let (word, _) = terminal::verdict(run.verdict);
    page.add(&format!("## {} grade: {word}\n\n", symbol(run.verdict)));
    for sentence in summary::sentences(run) {
        page.add(&format!("{}\n\n", line(&sentence)));
    }
    if let Some(danger) = summary::danger(run.info.containment.level) {
        page.add(&format!("⚠ **WARNING:** {}\n\n", line(danger)));
    }
    days(&mut page, run);
    for day in &run.days {
        requirements(&mut page, day);
    }
    for day in &run.days {
        self::reasons(&mut page, day);
    }
    let missing = page.missing().map(|missing| format!("\n{missing}\n\n")).unwrap_or_default();
    let info = &run.info;
    page.text + &missing + &format!("Seed {}, sandbox `{}`.\n", info.seed, info.containment.level.name())
}

fn days(page: &mut Bounded, run: &RunReport) {
    if run.days.is_empty() {
        return;
    }
    page.add("| day | title | verdict | requirements |\n| --- | --- | --- | --- |\n");
    for day in &run.days {
        let (word, _) = terminal::verdict(day.verdict);
        let (counts, title) = (Counts::of(&day.requirements).in_words(), cell(&day.title));
        page.add(&format!("| {} | {title} | {} {word} | {counts} |\n", day.day, symbol(day.verdict)));
    }
    page.add("\n");
}

fn requirements(page: &mut Bounded, day: &DayReport) {
    let mut text = format!("### {}: {}\n\n", day.day, line(&day.title));
    let folder = day.folder.as_ref().map(|folder| for_code_span(&clipped(&STYLE.one_line(folder), LINE)));
    let cached = day.cached.then(|| "nothing has changed since it was graded".to_owned());
    let origin: Vec<String> = folder.map(|folder| format!("in {folder}")).into_iter().chain(cached).collect();
    if !origin.is_empty() {
        text.push_str(&format!("{}\n\n", origin.join("; ")));
    }
    text.push_str("| | requirement | what is asked for |\n| --- | --- | --- |\n");
    page.add(&text);
    for requirement in &day.requirements {
        let word = terminal::status(&requirement.outcome).0;
        let (slug, asked) = (&requirement.id.slug, cell(&requirement.text));
        page.add(&format!("| {} | `{slug}` | {asked} |\n", status(&requirement.outcome, word)));
    }
    page.add("\n");
    for notice in day.notices.iter().take(NOTICES) {
        page.add(&format!("note: {}\n\n", line(&STYLE.one_line(notice))));
    }
}

/// Says why, folded up, one below the other.
fn reasons(page: &mut Bounded, day: &DayReport) {
    for requirement in &day.requirements {
        if let Outcome::Failed(_) = &requirement.outcome
            && let Some(reason) = reasons::of(&requirement.outcome)
        {
            fold(page, &format!("FAILED <code>{}</code>", requirement.id), &reason.body);
        }
    }
    for (finding, names) in reasons::blocking(day) {
        let waiting = terminal::waiting(&names);
        fold(
            page,
            &format!("blocked <code>{}</code>: {waiting}", day.day),
            &reasons::of_finding(&finding).body,
        );
    }
    for (fault, names) in reasons::breaking(day) {
        let summary = format!("BROKEN <code>{}</code>: {}", day.day, names.join(", "));
        fold(page, &summary, &reasons::of_fault(&fault).body);
    }
}

/// Adds a text that is folded up. `summary` is ours: names, and words without any markup but ours.
fn fold(page: &mut Bounded, summary: &str, text: &str) {
    page.add(&format!("<details><summary>{summary}</summary>\n\n{}\n</details>\n\n", for_fence(text)));
}

fn line(text: &str) -> String {
    for_prose(&clipped(&STYLE.own_line(text), LINE))
}

fn cell(text: &str) -> String {
    for_cell(&clipped(&STYLE.own_line(text), LINE))
}

fn symbol(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "✅",
        Verdict::Failed => "❌",
        Verdict::NotStarted | Verdict::Undecided => "➖",
        Verdict::Broken | Verdict::Cancelled => "⚠",
    }
}

fn status(outcome: &Outcome, word: &str) -> String {
    match outcome {
        Outcome::Passed => format!("✅ {word}"),
        Outcome::Failed(_) => format!("❌ {word}"),
        Outcome::Blocked(_) | Outcome::Broken(_) | Outcome::Cancelled => format!("⚠ {word}"),
        Outcome::NotStarted => format!("➖ {word}"),
        Outcome::ByHand { ticked: true } => "☑ by hand".to_owned(),
        Outcome::ByHand { ticked: false } => "☐ by hand".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;
    use crate::report::{canned, hostile};

    /// What a reader of Markdown makes of the document: nothing may be there but what this module writes.
    fn assert_only_ours(markdown: &str) {
        let mut text = String::new();
        for event in Parser::new_ext(
            markdown,
            Options::ENABLE_TABLES | Options::ENABLE_GFM | Options::ENABLE_FOOTNOTES,
        ) {
            match event {
                Event::Start(tag) => match tag {
                    Tag::Paragraph
                    | Tag::Heading { .. }
                    | Tag::Table(_)
                    | Tag::TableHead
                    | Tag::TableRow
                    | Tag::TableCell
                    | Tag::CodeBlock(_)
                    | Tag::HtmlBlock => {}
                    Tag::Strong => assert!(markdown.contains("**WARNING:**")),
                    other => panic!("{other:?}"),
                },
                Event::Html(html) => {
                    let html =
                        html.replace("<details>", "").replace("</details>", "").replace("<summary>", "");
                    let html = html.replace("</summary>", "").replace("<code>", "").replace("</code>", "");
                    assert!(!html.contains(['<', '>', '&', '@', '#', '`']), "{html}");
                }
                Event::Text(words) => text.push_str(&words),
                Event::Code(_) | Event::End(_) | Event::SoftBreak => {}
                other => panic!("{other:?}"),
            }
        }
        drop(text);
    }

    #[test]
    fn whatever_a_stranger_wrote_is_text() {
        for run in hostile::runs().chain(canned::all().into_iter().map(|(_, run)| run)) {
            assert_only_ours(&render(&run));
        }
    }

    #[test]
    fn outside_of_code_there_is_nothing_of_which_github_makes_a_link() {
        for run in hostile::runs() {
            let (mut in_block, markdown) = (false, render(&run));
            for event in Parser::new_ext(&markdown, Options::ENABLE_TABLES) {
                match event {
                    Event::Start(Tag::CodeBlock(_)) => in_block = true,
                    Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_block = false,
                    Event::Text(text) if !in_block => {
                        let live =
                            ["@", "#", "://", "www.", "GH-1", "0123456789abcdef", "$", ":tada:", "<", "["];
                        assert!(!live.iter().any(|live| text.contains(live)), "{text}");
                    }
                    _ => {}
                }
            }
        }
    }

    #[test]
    fn a_page_that_would_be_too_long_says_how_much_is_missing() {
        let text = render(&canned::without_end());
        assert!(text.len() < LONGEST);
        assert!(text.contains(" more pieces: this page would be too long."));
        assert!(!render(&canned::everything()).contains("too long"));
    }
}
