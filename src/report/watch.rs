//! What `grade watch` shows: a screen that is drawn anew with every piece of news, or lines for whoever reads a log.
//!
//! ```text
//! ── watching day4  Decorators ────────────── FAILED  14:05:33 ──
//!    FAILED: 1 of 9 requirements is not fulfilled yet.
//!
//! day4  Decorators  FAILED
//!    FAILED       retry         ┐
//!    passed       cache         │ as much of it as fits, from `top` on
//!                               │
//!    FAILED  day4.retry         │
//!    • it tries again …         ┘
//!  h hint · n next (1 of 1) · a all · r again · ? help · q quit
//! ```
//!
//! `frame` is a pure function of the view, the style and the number of lines. Everything passes through `Style` as in other reports.

use std::collections::BTreeSet;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use textwrap::core::display_width;

use super::counts::{Counts, counted};
use super::hints::{self, Section};
use super::page::{Page, chop};
use super::style::{Ink, Style};
use super::{error, reasons, summary, terminal};
use crate::day::{DayId, RequirementId};
use crate::event::{CheckKind, DayReport, RequirementReport, RunReport};
use crate::finding::{Captured, Finding};
use crate::outcome::{Fault, Outcome, Verdict};
use crate::rel_path::RelPath;

/// Lines of the least body that is worth a footer.
const LEAST_BODY: usize = 3;
/// Columns of the longest status word.
const STATUS: usize = 11;
/// Columns of the longest name that is aligned.
const NAME: usize = 22;
/// Days that a heading names.
const DAYS: usize = 4;
/// Changed files that a line names.
const FILES: usize = 3;

/// What part of the report is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Pane {
    /// All requirements, and one that is not fulfilled.
    #[default]
    One,
    /// Everything that is not fulfilled.
    All,
    /// What the keys do.
    Help,
}

/// What is known and wanted when a screen is drawn.
#[derive(Debug, Default)]
pub struct View<'a> {
    /// What is known of every day. What a run that is under way has found out is in it already.
    pub run: Option<&'a RunReport>,
    /// When the last run was over.
    pub at: Option<SystemTime>,
    /// The checks that are under way; `None` where nothing is.
    pub grading: Option<&'a BTreeSet<CheckKind>>,
    /// Why there is nothing to grade, or no run.
    pub fault: Option<&'a Fault>,
    /// What else there is to say.
    pub notes: &'a [String],
    /// The days that were changed last. They come first.
    pub touched: &'a [DayId],
    /// Which of the troubles is shown.
    pub chosen: usize,
    /// What part of the report is wanted.
    pub pane: Pane,
    /// Hints that are shown with it.
    pub hint: Option<Section<'a>>,
    /// The first line of the body that is shown.
    pub top: usize,
}

/// A screen.
#[derive(Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its lines: at most as many as there is room for.
    pub lines: Vec<String>,
    /// The first line of the body that is really shown.
    pub top: usize,
    /// Lines of the body that are shown at once.
    pub height: usize,
}

/// Something that is not fulfilled, and that is shown by itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble<'a> {
    /// Requirements of a day wait for something.
    Blocked(&'a DayReport, Finding, Vec<String>),
    /// A requirement failed.
    Failed(&'a RequirementReport, &'a [Finding]),
    /// Something of ours.
    Broken(&'a DayReport, Fault, Vec<String>),
}

impl Trouble<'_> {
    /// Returns the requirement that it is about, or the first of them.
    pub fn requirement(&self) -> Option<RequirementId> {
        match self {
            Self::Failed(requirement, _) => Some(requirement.id.clone()),
            Self::Blocked(day, _, names) | Self::Broken(day, _, names) => {
                let slug = names.first()?;
                day.requirements.iter().map(|each| &each.id).find(|id| id.slug.as_str() == slug).cloned()
            }
        }
    }

    fn write(&self, page: &mut Page<'_>) {
        match self {
            Self::Blocked(_, finding, names) => terminal::block(page, finding, names),
            Self::Failed(requirement, findings) => terminal::failure(page, &requirement.id, findings),
            Self::Broken(_, fault, names) => terminal::breakage(page, fault, names),
        }
    }
}

/// Returns what is not fulfilled, in the order in which it is best looked at: the days that were changed last, then the others; of each
/// what blocks others, then what failed in the plan's order, then what is ours.
pub fn troubles<'a>(run: &'a RunReport, touched: &[DayId]) -> Vec<Trouble<'a>> {
    let mut troubles = Vec::new();
    for day in in_order(run, touched) {
        let blocked = reasons::blocking(day).into_iter();
        troubles.extend(blocked.map(|(finding, names)| Trouble::Blocked(day, finding, names)));
        troubles.extend(day.requirements.iter().filter_map(|requirement| match &requirement.outcome {
            Outcome::Failed(findings) => Some(Trouble::Failed(requirement, findings.as_slice())),
            _ => None,
        }));
        let broken = reasons::breaking(day).into_iter();
        troubles.extend(broken.map(|(fault, names)| Trouble::Broken(day, fault, names)));
    }
    troubles
}

fn in_order<'a>(run: &'a RunReport, touched: &[DayId]) -> Vec<&'a DayReport> {
    let mut days: Vec<&DayReport> = run.days.iter().collect();
    days.sort_by_key(|day| !touched.contains(&day.day));
    days
}

/// Returns the screen: no more than so many lines, of which none is wider than the style allows.
pub fn frame(view: &View<'_>, style: &Style, rows: usize) -> Frame {
    let troubles = view.run.map(|run| troubles(run, view.touched)).unwrap_or_default();
    let mut lines = head(view, style);
    let footer = footer(view, style, troubles.len());
    lines.truncate(rows.saturating_sub(LEAST_BODY + 1).max(1));
    let height = rows.saturating_sub(lines.len() + 1);
    let body = match view.pane {
        Pane::One => one(view, &troubles, style, height),
        Pane::All => all(view, style),
        Pane::Help => HELP.lines().map(|line| cut(&style.own(line), style.room())).collect(),
    };
    let top = view.top.min(body.len().saturating_sub(height));
    let more = body.len().saturating_sub(top + height);
    let shown = if more > 0 { height.saturating_sub(1) } else { height };
    lines.extend(body.into_iter().skip(top).take(shown));
    if more > 0 && height > 0 {
        let all = if view.pane == Pane::One && !troubles.is_empty() { "; a: all" } else { "" };
        let more = format!("   … {} (down, space{all})", counted(more + 1, "more line"));
        lines.push(style.paint(Ink::Dim, &cut(&style.own(&more), style.room())));
    }
    lines.resize(rows.saturating_sub(1), String::new());
    lines.push(footer);
    lines.truncate(rows);
    Frame { lines, top, height }
}

/// Returns the heading, what is going on or what it came to, and what else there is to say.
fn head(view: &View<'_>, style: &Style) -> Vec<String> {
    let mut page = Page::new(style);
    let left = match view.run {
        Some(run) => format!("watching {}", named(run, style)),
        None => "watching".to_owned(),
    };
    let (word, ink) = match (view.fault, view.run) {
        (None, Some(run)) if view.at.is_some() && view.grading.is_none() => terminal::verdict(run.verdict),
        _ => ("", Ink::Plain),
    };
    let at = view.at.map(clock).unwrap_or_default();
    let right = format!("{word}  {at}");
    page.heading(&cut(&left, style.room().saturating_sub(right.len() + 12)), right.trim(), ink);
    match (view.grading, view.run) {
        (Some(checks), _) => {
            let checks: Vec<&str> = checks.iter().map(|check| check.label()).collect();
            let separator = if checks.is_empty() { "" } else { ": " };
            let doing = format!("   grading{separator}{} …", checks.join(", "));
            page.line(&style.paint(Ink::Info, &cut(&style.own(&doing), style.room())));
        }
        (None, Some(run)) if view.at.is_some() => {
            let sentence = summary::sentences(run).into_iter().next().unwrap_or_default();
            let (_, ink) = terminal::verdict(run.verdict);
            page.paragraph("   ", "   ", &style.own_line(&sentence), ink);
        }
        _ => {}
    }
    for note in view.notes {
        page.hanging(&format!("   {} ", style.paint(Ink::Warn, "note:")), &style.own_line(note), Ink::Plain);
    }
    page.blank();
    page.finish().lines().map(ToOwned::to_owned).collect()
}

fn named(run: &RunReport, style: &Style) -> String {
    match (&run.days[..], &run.info.days[..]) {
        ([only], [_]) => format!("{}  {}", only.day, style.own_line(&only.title)),
        (_, days) => {
            let names: Vec<String> = days.iter().take(DAYS).map(|(day, _)| day.to_string()).collect();
            let more = days.len().saturating_sub(DAYS);
            let more = if more > 0 { format!(" and {more} more") } else { String::new() };
            names.join(", ") + &more
        }
    }
}

/// Returns all requirements, and one that is not fulfilled.
fn one(view: &View<'_>, troubles: &[Trouble<'_>], style: &Style, height: usize) -> Vec<String> {
    let mut page = Page::new(style);
    if let Some(fault) = view.fault {
        let told = error::render(&fault.what, &fault.caused_by, fault.hint.as_deref(), style);
        told.lines().for_each(|line| page.line(line));
        page.blank();
    }
    if let Some(run) = view.run {
        let days = in_order(run, view.touched);
        // Where something is to be done, it gets half of the screen.
        let room = if troubles.is_empty() { height } else { height / 2 };
        let in_short = days.iter().map(|day| 1 + day.requirements.len()).sum::<usize>() > room;
        days.iter().for_each(|day| self::day(&mut page, day, in_short));
    }
    if let Some(trouble) = troubles.get(view.chosen) {
        if let Some(section) = &view.hint {
            page.blank();
            let told = hints::render(std::slice::from_ref(section), "", style);
            told.trim_end().lines().for_each(|line| page.line(&format!("   {line}")));
        }
        trouble.write(&mut page);
    }
    lines(page)
}

fn all(view: &View<'_>, style: &Style) -> Vec<String> {
    match view.run {
        Some(run) => terminal::render_failures(run, style).lines().map(ToOwned::to_owned).collect(),
        None => Vec::new(),
    }
}

fn lines(page: Page<'_>) -> Vec<String> {
    page.finish().trim_end().lines().map(ToOwned::to_owned).collect()
}

/// Writes a day: a line for each requirement or, in short, one for all that are alike in that nothing is to be done about them.
fn day(page: &mut Page<'_>, day: &DayReport, in_short: bool) {
    let (word, ink) = terminal::verdict(day.verdict);
    let style = page.style;
    let title = cut(&style.own_line(&day.title), style.room().saturating_sub(STATUS + 16));
    let name = style.paint(Ink::Strong, &format!("{:<6}", day.day.to_string()));
    page.line(&format!("{name} {}  {title}", padded(style, word, ink)));
    if day.verdict == Verdict::NotStarted || (in_short && day.verdict == Verdict::Passed) {
        return;
    }
    let width = day.requirements.iter().map(|each| each.id.slug.as_str().len()).max().unwrap_or(0).min(NAME);
    let (mut good, mut rest) = (Vec::new(), Vec::new());
    for requirement in &day.requirements {
        let is_done = matches!(requirement.outcome, Outcome::Passed | Outcome::ByHand { .. });
        if in_short && is_done { good.push(requirement) } else { rest.push(requirement) }
    }
    rest.iter().for_each(|requirement| row(page, requirement, width));
    if !good.is_empty() {
        let counts = Counts::of(good.iter().copied()).in_words();
        let names: Vec<&str> = good.iter().map(|requirement| requirement.id.slug.as_str()).collect();
        let line = format!("   {counts}: {}", names.join(", "));
        page.line(&style.paint(Ink::Dim, &cut(&line, style.room())));
    }
}

fn row(page: &mut Page<'_>, requirement: &RequirementReport, width: usize) {
    let (word, ink) = terminal::status(&requirement.outcome);
    let style = page.style;
    let text = format!("{:<width$}  {}", requirement.id.slug.as_str(), style.own_line(&requirement.text));
    let room = style.room().saturating_sub(3 + STATUS + 2);
    page.line(&format!("   {}  {}", padded(style, word, ink), cut(&text, room)));
}

fn padded(style: &Style, word: &str, ink: Ink) -> String {
    format!("{}{}", style.paint(ink, word), " ".repeat(STATUS.saturating_sub(word.len())))
}

fn footer(view: &View<'_>, style: &Style, troubles: usize) -> String {
    let next = match troubles {
        0 => String::new(),
        count => format!("h hint · n next ({} of {count}) · a all · ", (view.chosen + 1).min(count)),
    };
    let keys = match view.pane {
        Pane::One => format!(" {next}r again · ? help · q quit"),
        Pane::All | Pane::Help => " a, ? or Esc back · r again · q quit".to_owned(),
    };
    style.paint(Ink::Dim, &cut(&style.own(&keys), style.room()))
}

/// Returns as much of a clean line as there is room for.
fn cut(line: &str, room: usize) -> String {
    if display_width(line) <= room {
        return line.to_owned();
    }
    let start = chop(line, room.saturating_sub(1)).into_iter().next().unwrap_or_default();
    format!("{}…", start.trim_end())
}

/// Returns the line that stands above a report where reports follow each other: when, and what has changed.
pub fn changed(paths: &BTreeSet<RelPath>, at: SystemTime, style: &Style) -> String {
    let names: Vec<String> = paths.iter().take(FILES).map(|path| format!("`{path}`")).collect();
    let more = paths.len().saturating_sub(FILES);
    let what = match (names.len(), more) {
        (0, _) => "grading".to_owned(),
        (_, 0) => format!("changed: {}", names.join(", ")),
        (_, more) => format!("changed: {} and {more} more", names.join(", ")),
    };
    let mut page = Page::new(style);
    page.whole_words(
        "",
        "  ",
        &format!("{}  {}", clock(at), style.one_line(&Captured::new(what))),
        Ink::Info,
    );
    page.blank();
    page.finish()
}

/// Returns what a run came to, in a few sentences.
pub fn conclusion(run: &RunReport, style: &Style) -> String {
    let mut page = Page::new(style);
    summary::write_conclusion(&mut page, run);
    page.finish()
}

/// Returns the time of day as clocks here show it.
fn clock(at: SystemTime) -> String {
    let at = Timestamp::try_from(at).map(|at| at.to_zoned(TimeZone::system()));
    at.map(|at| at.strftime("%H:%M:%S").to_string()).unwrap_or_default()
}

const HELP: &str = "   h          one more hint for the requirement that is shown
   n, N       the next one that is not fulfilled, the one before
   a          everything that is not fulfilled
   r, Enter   grade again, and take no verdict from the cache
   down, up   read on; also j, k, space, PgDn, PgUp, Home
   ?          this help
   q, Ctrl-C  quit: with the exit code of the report, or 130

   What you save is graded at once. Hints count as with `grade hint`.";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::canned;

    #[test]
    fn a_screen_is_never_larger_than_the_terminal() {
        let run = canned::everything();
        let notes = vec!["a note that is much longer than a narrow terminal is wide, by far".to_owned()];
        let checks = BTreeSet::from([CheckKind::Hidden, CheckKind::Types]);
        for (width, rows) in [(40, 1), (40, 2), (40, 7), (80, 24), (100, 60), (100, 400)] {
            let style = Style { width, ..Style::plain() };
            for pane in [Pane::One, Pane::All, Pane::Help] {
                for grading in [None, Some(&checks)] {
                    let at = Some(SystemTime::UNIX_EPOCH);
                    let view = View { run: Some(&run), at, grading, notes: &notes, pane, ..View::default() };
                    let frame = frame(&View { top: 5, ..view }, &style, rows);
                    assert_eq!(frame.lines.len(), rows);
                    let too_wide = frame.lines.iter().find(|line| display_width(line) > width);
                    assert_eq!(too_wide, None, "{width} x {rows}, {pane:?}");
                }
            }
        }
    }

    #[test]
    fn the_day_that_was_saved_last_comes_first_and_what_blocks_others_before_what_failed() {
        let run = canned::everything();
        let of = |touched: &[DayId]| {
            let all = troubles(&run, touched);
            all.iter().filter_map(Trouble::requirement).map(|id| id.day).collect::<Vec<_>>()
        };
        let usual = of(&[]);
        let last = *usual.last().unwrap();
        assert!(usual.is_sorted() && usual[0] != last, "{usual:?}");
        let touched = of(&[last]);
        assert_eq!((touched[0], touched.len()), (last, usual.len()));
        let all = troubles(&run, &[]);
        let of_one_day = |trouble: &Trouble<'_>| trouble.requirement().map(|id| id.day);
        for pair in all.windows(2).filter(|pair| of_one_day(&pair[0]) == of_one_day(&pair[1])) {
            let is_late = matches!(pair, [Trouble::Failed(..) | Trouble::Broken(..), Trouble::Blocked(..)]);
            assert!(!is_late, "{pair:?}");
        }
    }
}
