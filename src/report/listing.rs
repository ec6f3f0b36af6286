//! What `grade list`, `grade show` and `grade doctor` print: names in a column, text beside them.

use super::page::Page;
use super::style::{Ink, Style};
use crate::day::{DayId, RequirementId};
use crate::event::CheckKind;
use crate::finding::Captured;

/// Columns of a day's name and the space after it.
const DAY: usize = 7;
/// Columns of the longest requirement name that is aligned.
const NAME: usize = 26;

/// One line of the list of a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A week begins.
    Week {
        /// Its number.
        number: u16,
        /// Its title.
        title: String,
    },
    /// A day that can be graded.
    Day {
        /// Which.
        day: DayId,
        /// Its title.
        title: String,
        /// How many requirements it has.
        requirements: usize,
        /// Where it is in the repository, if it is.
        folder: Option<Captured>,
    },
    /// A day that cannot be graded yet.
    NotGraded {
        /// Which.
        day: DayId,
    },
}

/// Returns the list of a course.
pub fn render(title: &str, lines: &[Line], style: &Style) -> String {
    let mut page = Page::new(style);
    page.paragraph("", "", &style.own_line(title), Ink::Strong);
    for line in lines {
        match line {
            Line::Week { number, title } => {
                page.blank();
                page.paragraph("", "  ", &style.own_line(&format!("Week {number}: {title}")), Ink::Plain);
            }
            Line::Day { day, title, requirements, folder } => {
                let place =
                    folder.as_ref().map_or_else(|| "not started".to_owned(), |folder| style.one_line(folder));
                let title = style.own_line(title);
                let text = format!("{title} ({requirements} requirements; {place})");
                page.paragraph(
                    &format!("  {:DAY$}", day.to_string()),
                    &" ".repeat(DAY + 2),
                    &text,
                    Ink::Plain,
                );
            }
            Line::NotGraded { day } => {
                page.paragraph(&format!("  {:DAY$}", day.to_string()), "", "not graded yet", Ink::Dim);
            }
        }
    }
    page.finish()
}

/// A requirement as `grade show` lists it.
#[derive(Debug, Clone, Copy)]
pub struct Requirement<'a> {
    /// Its name.
    pub id: &'a RequirementId,
    /// What it asks for.
    pub text: &'a str,
    /// How it is verified.
    pub check: CheckKind,
}

/// Returns a heading and the requirements below it.
pub fn requirements(heading: &str, requirements: &[Requirement<'_>], style: &Style) -> String {
    let mut page = Page::new(style);
    page.paragraph("", "", &style.own_line(heading), Ink::Strong);
    page.blank();
    let widest = requirements.iter().map(|each| each.id.to_string().len()).max().unwrap_or(0).min(NAME);
    for requirement in requirements {
        let text = format!("{} ({})", style.own_line(requirement.text), requirement.check.label());
        let name = format!("  {:widest$}  ", requirement.id.to_string());
        page.paragraph(&name, &" ".repeat(widest + 4), &text, Ink::Plain);
    }
    page.finish()
}

/// How something stands that grading needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is there.
    Ok,
    /// It is missing.
    Missing,
    /// Somebody should know.
    Warning,
}

/// One line of `grade doctor`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Health {
    /// What it is about.
    pub label: String,
    /// How it stands.
    pub standing: Standing,
    /// What was found.
    pub detail: String,
    /// What to do about it.
    pub hint: Option<String>,
}

/// Returns the report of `grade doctor`.
pub fn health(lines: &[Health], style: &Style) -> String {
    let mut page = Page::new(style);
    let widest = lines.iter().map(|line| line.label.len()).max().unwrap_or(0);
    for line in lines {
        let (word, ink) = match line.standing {
            Standing::Ok => ("ok     ", Ink::Good),
            Standing::Missing => ("MISSING", Ink::Bad),
            Standing::Warning => ("note   ", Ink::Warn),
        };
        let first = format!("{}  {:widest$}  ", style.paint(ink, word), line.label);
        let rest = " ".repeat(7 + 2 + widest + 2);
        page.paragraph(&first, &rest, &style.own_line(&line.detail), Ink::Plain);
        if let Some(hint) = &line.hint {
            page.advice(&format!("{rest}hint: "), &rest, &style.own(hint), Ink::Info);
        }
    }
    page.finish()
}
