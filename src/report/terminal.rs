//! The report that a learner reads when a run is over: every day with all its requirements, then what is not fulfilled
//! and why, then a summary.
//!
//! `render` is a pure function of the run and the style. Each line's meaning is in its words (passed, FAILED, blocked,
//! not started, by hand, BROKEN, cancelled); colour repeats it. Whatever is a stranger's is cleaned on its way here.

use std::time::Duration;

use super::counts::counted;
use super::details;
use super::page::Page;
use super::reasons;
use super::style::{Ink, Style};
use super::summary;
use crate::day::RequirementId;
use crate::event::{DayReport, RequirementReport, RunReport};
use crate::finding::Finding;
use crate::outcome::{Fault, Outcome, Verdict};

/// Columns of the longest status word.
const STATUS: usize = 11;
/// Columns of the longest name that is aligned; the text after a longer one begins on the next line.
const NAME: usize = 22;
/// Columns below which a text beside the names is not readable; it goes under them instead.
const NARROW: usize = 24;
/// Notices shown of one day. A thousand files that were left out need not be named one by one.
const NOTICES: usize = 6;
/// Different reasons shown for which a day's requirements are blocked. There is hardly ever more than one.
const REASONS: usize = 3;

/// Returns the whole report as text, with no line wider than the style allows and a line break at the end.
pub fn render(run: &RunReport, style: &Style) -> String {
    let mut page = Page::new(style);
    for report in &run.days {
        day(&mut page, report, run.info.seed);
        page.blank();
    }
    summary::write(&mut page, run);
    page.finish()
}

/// Returns what is not fulfilled and why, and nothing else: for whoever wants to be disturbed by no more than that.
pub fn render_failures(run: &RunReport, style: &Style) -> String {
    let mut page = Page::new(style);
    for report in run.days.iter().filter(|day| !matches!(day.verdict, Verdict::Passed | Verdict::Undecided)) {
        title(&mut page, report, run.info.seed);
        failures(&mut page, report);
        blocked(&mut page, report);
        broken(&mut page, report);
        page.blank();
    }
    summary::write_conclusion(&mut page, run);
    page.finish()
}

fn day(page: &mut Page<'_>, day: &DayReport, seed: u64) {
    title(page, day, seed);
    rows(page, day);
    failures(page, day);
    blocked(page, day);
    broken(page, day);
    notices(page, day);
}

fn title(page: &mut Page<'_>, day: &DayReport, seed: u64) {
    let (word, ink) = verdict(day.verdict);
    let right =
        if day.cached { format!("{word}  cached") } else { format!("{word}  {}", in_seconds(day.elapsed)) };
    let title = page.style.own_line(&day.title);
    let left = format!("{}  {title}", day.day);
    let fits = textwrap::core::display_width(&left) + right.len() + 12 <= page.style.room();
    page.heading(if fits { &left } else { &left[..left.len() - title.len()] }.trim_end(), &right, ink);
    if !fits {
        page.paragraph("   ", "   ", &title, Ink::Strong);
    }
    if let Some(origin) = origin(page.style, day, seed) {
        page.paragraph("   ", "   ", &origin, Ink::Dim);
    }
    page.blank();
}

/// Returns where the day was found and where its verdict comes from, as far as there is something to say.
fn origin(style: &Style, day: &DayReport, seed: u64) -> Option<String> {
    let folder = match &day.folder {
        Some(folder) => Some(format!("in {}", style.one_line(folder))),
        None if day.verdict == Verdict::NotStarted => Some("no folder of this day was found".to_owned()),
        None => None,
    };
    let parts: Vec<String> = folder.into_iter().chain(day.cached.then(|| first_run(day, seed))).collect();
    (!parts.is_empty()).then(|| parts.join(style.symbol(" · ", " - ")))
}

fn first_run(day: &DayReport, seed: u64) -> String {
    let other_seed = if day.seed == seed { String::new() } else { format!(", with seed {}", day.seed) };
    format!("nothing has changed since it was graded in {}{other_seed}", in_seconds(day.elapsed))
}

pub(super) fn rows(page: &mut Page<'_>, day: &DayReport) {
    let names = day.requirements.iter().map(|requirement| requirement.id.slug.as_str().len());
    let name_width = names.filter(|&width| width <= NAME).max().unwrap_or(0);
    for requirement in &day.requirements {
        row(page, requirement, name_width);
    }
}

fn row(page: &mut Page<'_>, requirement: &RequirementReport, name_width: usize) {
    let (word, ink) = status(&requirement.outcome);
    let name = requirement.id.slug.as_str();
    let text = page.style.own_line(&requirement.text);
    let status = format!("   {}{}  ", page.style.paint(ink, word), " ".repeat(STATUS - word.len()));
    let column = " ".repeat(3 + STATUS + 2 + name_width + 2);
    let narrow = page.room(&column) < NARROW;
    if narrow || name.len() > name_width {
        let indent = if narrow { "     " } else { &column };
        page.hanging(&status, name, Ink::Plain);
        page.paragraph(indent, indent, &text, Ink::Plain);
    } else {
        page.paragraph(&format!("{status}{name:<name_width$}  "), &column, &text, Ink::Plain);
    }
}

fn failures(page: &mut Page<'_>, day: &DayReport) {
    for requirement in &day.requirements {
        let Outcome::Failed(findings) = &requirement.outcome else { continue };
        failure(page, &requirement.id, findings.as_slice());
        let more = format!("{} grade hint {}", page.style.paint(Ink::Info, "more:"), requirement.id);
        page.line(&format!("     {more}"));
    }
}

/// Says what of one requirement is not fulfilled.
pub(super) fn failure(page: &mut Page<'_>, id: &RequirementId, findings: &[Finding]) {
    section(page, "FAILED", Ink::Bad, &id.to_string());
    details::write(page, findings);
}

/// Says once for the whole day why some requirements could not be tried.
fn blocked(page: &mut Page<'_>, day: &DayReport) {
    let groups = reasons::blocking(day);
    let more = groups.len().saturating_sub(REASONS);
    for (finding, names) in groups.into_iter().take(REASONS) {
        block(page, &finding, &names);
    }
    if more > 0 {
        page.more("   ", &format!("… and {}", counted(more, "more reason")));
    }
}

/// Says for what these requirements wait.
pub(super) fn block(page: &mut Page<'_>, finding: &Finding, names: &[String]) {
    section(page, "blocked", Ink::Warn, &waiting(names));
    details::write(page, std::slice::from_ref(finding));
}

/// Says which requirements wait for something.
pub(super) fn waiting(names: &[String]) -> String {
    let wait = if names.len() == 1 { "requirement waits" } else { "requirements wait" };
    format!("{} {wait} for this: {}", names.len(), names.join(", "))
}

/// Says what of ours went wrong, once for all requirements that it hit.
fn broken(page: &mut Page<'_>, day: &DayReport) {
    for (fault, names) in reasons::breaking(day) {
        self::breakage(page, &fault, &names);
    }
}

/// Says what of ours went wrong for these requirements.
pub(super) fn breakage(page: &mut Page<'_>, fault: &Fault, names: &[String]) {
    section(page, "BROKEN", Ink::Ours, &names.join(", "));
    page.paragraph("     ", "     ", NOT_YOURS, Ink::Plain);
    self::fault(page, fault);
}

/// Says what of ours went wrong, and what to do next.
pub(super) fn fault(page: &mut Page<'_>, fault: &Fault) {
    let what = page.style.own(&fault.what);
    page.paragraph("     ", "     ", &what, Ink::Strong);
    for cause in &fault.caused_by {
        let cause = page.style.own(cause);
        page.paragraph("       caused by: ", "         ", &cause, Ink::Plain);
    }
    if let Some(hint) = &fault.hint {
        let hint = page.style.own(hint);
        page.hanging(&format!("     {} ", page.style.paint(Ink::Info, "hint:")), &hint, Ink::Plain);
    }
}

pub(super) fn notices(page: &mut Page<'_>, day: &DayReport) {
    if !day.notices.is_empty() {
        page.blank();
    }
    for notice in day.notices.iter().take(NOTICES) {
        let notice = page.style.theirs(notice);
        page.short(&format!("   {} ", page.style.paint(Ink::Info, "note:")), &notice, Ink::Plain);
    }
    let more = day.notices.len().saturating_sub(NOTICES);
    if more > 0 {
        page.more("   ", &format!("… and {}", counted(more, "more note")));
    }
}

fn section(page: &mut Page<'_>, word: &str, ink: Ink, what: &str) {
    page.blank();
    page.hanging(&format!("   {}  ", page.style.paint(ink, word)), what, Ink::Strong);
}

/// Returns the different reasons with the names of the requirements that they hit, in the plan's order.
pub(super) fn grouped<T: PartialEq>(
    requirements: &[RequirementReport],
    reason: impl Fn(&RequirementReport) -> Option<T>,
) -> Vec<(T, Vec<String>)> {
    let mut groups: Vec<(T, Vec<String>)> = Vec::new();
    for requirement in requirements {
        let Some(reason) = reason(requirement) else { continue };
        let name = requirement.id.slug.to_string();
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(name),
            None => groups.push((reason, vec![name])),
        }
    }
    groups
}

/// Returns what a requirement comes to, in a word.
pub(super) fn status(outcome: &Outcome) -> (&'static str, Ink) {
    match outcome {
        Outcome::Passed => ("passed", Ink::Good),
        Outcome::Failed(_) => ("FAILED", Ink::Bad),
        Outcome::Blocked(_) => ("blocked", Ink::Warn),
        Outcome::NotStarted => ("not started", Ink::Dim),
        Outcome::ByHand { ticked: true } => ("by hand [x]", Ink::Info),
        Outcome::ByHand { ticked: false } => ("by hand [ ]", Ink::Info),
        Outcome::Cancelled => ("cancelled", Ink::Warn),
        Outcome::Broken(_) => ("BROKEN", Ink::Ours),
    }
}

/// Returns what a day comes to, in a word.
pub(super) fn verdict(verdict: Verdict) -> (&'static str, Ink) {
    match verdict {
        Verdict::Passed => ("passed", Ink::Good),
        Verdict::Failed => ("FAILED", Ink::Bad),
        Verdict::NotStarted => ("not started", Ink::Dim),
        Verdict::Broken => ("BROKEN", Ink::Ours),
        Verdict::Cancelled => ("cancelled", Ink::Warn),
        Verdict::Undecided => ("undecided", Ink::Dim),
    }
}

/// Returns a duration as people say it: `0.04 s`, `12.3 s`, `2 min 5 s`.
pub(super) fn in_seconds(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs_f64();
    match elapsed.as_secs() {
        0..10 => format!("{seconds:.2} s"),
        10..60 => format!("{seconds:.1} s"),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}

/// What is said of every fault of ours.
pub(super) const NOT_YOURS: &str = "This is a fault of grade and not yours; it does not count against you.";
