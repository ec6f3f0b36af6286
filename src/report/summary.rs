//! The end of a report: what every day came to, what that means, and under which conditions it was found out.

use super::counts::{Counts, counted};
use super::page::Page;
use super::style::Ink;
use super::terminal::{in_seconds, verdict};
use crate::event::{Containment, DayReport, Level, RequirementReport, RunReport};
use crate::outcome::{Outcome, Verdict};

const INDENT: &str = "   ";

/// Writes the summary of a run.
pub(super) fn write(page: &mut Page<'_>, run: &RunReport) {
    page.heading("summary", "", Ink::Plain);
    page.blank();
    if run.days.len() > 1 {
        table(page, run);
        page.blank();
    }
    write_conclusion(page, run);
    conditions(page, run);
    containment(page, run);
}

fn table(page: &mut Page<'_>, run: &RunReport) {
    for day in &run.days {
        table_row(page, &day.day.to_string(), day.verdict, &Counts::of(&day.requirements).in_words());
    }
    table_row(page, "total", run.verdict, &Counts::of(requirements(run)).in_words());
}

fn table_row(page: &mut Page<'_>, name: &str, of: Verdict, words: &str) {
    let (word, ink) = verdict(of);
    let status = page.style.paint(ink, word) + &" ".repeat(11usize.saturating_sub(word.len()));
    page.hanging(&format!("{INDENT}{name:<6} {status}  "), words, Ink::Plain);
}

/// Says in a sentence what the run came to and, where something is to be done, what to do first.
pub(super) fn write_conclusion(page: &mut Page<'_>, run: &RunReport) {
    let (_, ink) = verdict(run.verdict);
    for (index, sentence) in sentences(run).iter().enumerate() {
        page.paragraph(INDENT, INDENT, sentence, if index == 0 { ink } else { Ink::Plain });
    }
}

/// Returns what the run came to, what no program judged, and what to do first: a sentence each.
pub(super) fn sentences(run: &RunReport) -> Vec<String> {
    let counts = Counts::of(requirements(run));
    let mut sentences = vec![sentence(run, counts)];
    sentences.extend(without_verdict(run, counts));
    sentences.extend(run.days.iter().find_map(first_to_fix));
    sentences
}

fn sentence(run: &RunReport, counts: Counts) -> String {
    let open = counts.failed + counts.blocked + counts.not_started;
    let of_judged = format!("{open} of {}", counted(counts.passed + open, "requirement"));
    match run.verdict {
        Verdict::Passed => {
            let (passed, all) =
                (counts.passed, if counts.passed == 1 { "requirement is" } else { "requirements are" });
            let the = if passed == 1 { "The".to_owned() } else { format!("All {passed}") };
            format!("{the} {all} fulfilled, in {}. Well done!", in_seconds(run.elapsed))
        }
        Verdict::Failed => {
            format!("FAILED: {of_judged} {} not fulfilled yet.", if open == 1 { "is" } else { "are" })
        }
        Verdict::NotStarted => NOT_STARTED.to_owned(),
        Verdict::Broken => BROKEN.to_owned(),
        Verdict::Cancelled => CANCELLED.to_owned(),
        Verdict::Undecided if run.days.is_empty() => NOTHING.to_owned(),
        Verdict::Undecided => UNDECIDED.to_owned(),
    }
}

/// Returns what there is to say of requirements that no program judged, in sentences.
fn without_verdict(run: &RunReport, counts: Counts) -> Vec<String> {
    let mut sentences = Vec::new();
    if counts.broken > 0 {
        let broken = counted(counts.broken, "requirement");
        sentences
            .push(format!("{broken} could not be verified; that is ours and does not count against you."));
    }
    if counts.cancelled > 0 {
        let cancelled = counted(counts.cancelled, "requirement");
        sentences.push(format!("{cancelled} got no answer, because the run was interrupted."));
    }
    let left = counts.by_hand - counts.ticked;
    if left > 0 && matches!(run.verdict, Verdict::Passed | Verdict::Undecided) {
        sentences.push(format!("{left} more to do by hand, and to tick when done."));
    }
    sentences
}

/// Returns where to begin: what blocks others first, then the first failure in the plan's order.
fn first_to_fix(day: &DayReport) -> Option<String> {
    let find = |wanted: fn(&Outcome) -> bool| {
        day.requirements.iter().find(|requirement| wanted(&requirement.outcome))
    };
    if find(|outcome| matches!(outcome, Outcome::Blocked(_))).is_some() {
        return Some(format!("Start with what blocks {}: the rest waits for it.", day.day));
    }
    let failed = find(|outcome| matches!(outcome, Outcome::Failed(_)))?;
    Some(format!("Start with {}.", failed.id))
}

/// Says how to repeat the run, where something was run.
fn conditions(page: &mut Page<'_>, run: &RunReport) {
    page.blank();
    if matches!(run.verdict, Verdict::NotStarted | Verdict::Undecided) {
        return;
    }
    let seed = run.info.seed;
    page.hanging(&label("seed:"), &format!("{seed} (repeat with --seed {seed})"), Ink::Dim);
    if run.verdict != Verdict::Passed {
        page.hanging(&label("took:"), &in_seconds(run.elapsed), Ink::Dim);
    }
}

fn containment(page: &mut Page<'_>, run: &RunReport) {
    let containment = &run.info.containment;
    // Nothing had to be run.
    if containment.layers.is_empty() {
        return;
    }
    let layers: Vec<String> = containment.layers.iter().map(|layer| page.style.own_line(layer)).collect();
    let level = format!("{} ({})", containment.level.name(), layers.join(", "));
    page.hanging(&label("sandbox:"), &level, Ink::Dim);
    for missing in &containment.missing {
        page.hanging(&label(""), &format!("but {}", page.style.own_line(missing)), Ink::Warn);
    }
    match containment.level {
        Level::None | Level::Limits => warning(page, containment),
        Level::Restricted | Level::FullBwrap | Level::Full => {
            if let Some(reason) = &containment.reason {
                page.hanging(&label(""), &format!("because {}", page.style.own_line(reason)), Ink::Dim);
            }
        }
    }
}

fn warning(page: &mut Page<'_>, containment: &Containment) {
    let Some(said) = danger(containment.level) else { return };
    page.blank();
    page.hanging(&format!("{INDENT}{} ", page.style.paint(Ink::Bad, "WARNING:")), said, Ink::Bad);
    if let Some(reason) = &containment.reason {
        let reason = page.style.own_line(reason);
        page.hanging(&format!("{INDENT}         why: "), &reason, Ink::Plain);
    }
}

/// Returns what a reader must know of a weak sandbox.
pub(super) fn danger(level: Level) -> Option<&'static str> {
    match level {
        Level::None => Some(NO_SANDBOX),
        Level::Limits => Some(WEAK_SANDBOX),
        Level::Restricted | Level::FullBwrap | Level::Full => None,
    }
}

fn label(name: &str) -> String {
    format!("{INDENT}{name:<9}")
}

fn requirements(run: &RunReport) -> impl Iterator<Item = &RequirementReport> {
    run.days.iter().flat_map(|day| &day.requirements)
}

const BROKEN: &str = "BROKEN: a fault of grade kept it from finishing. Nothing of yours failed.";
const CANCELLED: &str = "Cancelled. What was known by then stands above.";
const NOT_STARTED: &str = "Not started yet: there is nothing to grade.";
const NOTHING: &str = "Nothing was graded: no day has been started yet.";
const UNDECIDED: &str = "Undecided: there was nothing that a program can judge.";
const WEAK_SANDBOX: &str =
    "the sandbox was WEAK. The code that was graded could read your files and use the network.";
const NO_SANDBOX: &str = "there was NO SANDBOX. The code that was graded ran with your own rights: it could read and change \
    your files and use the network.";
