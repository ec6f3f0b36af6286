//! Says why a requirement is not fulfilled: clean, bounded text that all file formats share.
//!
//! It is what a learner reads on the terminal, without colour and not indented. Each format escapes it for itself.

use super::details;
use super::page::Page;
use super::sanitize::clipped;
use super::style::Style;
use super::terminal;
use crate::event::{DayReport, RequirementReport};
use crate::finding::{Finding, Place};
use crate::outcome::{Fault, Outcome};
use crate::rel_path::RelPath;

/// Characters of a headline: more fits into no list of failures.
const HEADLINE: usize = 200;
/// Characters of a body. A finding has a hundred lines at the most; this holds even where a pack's own words are endless.
const BODY: usize = 20_000;

/// How texts are laid out where nobody knows the width.
pub(super) const STYLE: Style = Style { colour: false, width: 100, unicode: true, in_actions: false };

/// Why a requirement is not fulfilled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reason {
    /// In a line: what should be so.
    pub(super) headline: String,
    /// The whole of it, in lines.
    pub(super) body: String,
}

/// Returns why a requirement is not fulfilled, as far as there is something to say.
pub(super) fn of(outcome: &Outcome) -> Option<Reason> {
    match outcome {
        Outcome::Passed | Outcome::ByHand { .. } => None,
        Outcome::Failed(findings) => Some(of_findings(findings.as_slice())),
        Outcome::Blocked(finding) => Some(of_finding(finding)),
        Outcome::NotStarted => Some(plain(NOT_STARTED)),
        Outcome::Cancelled => Some(plain(CANCELLED)),
        Outcome::Broken(fault) => Some(of_fault(fault)),
    }
}

/// Returns one finding as a reason.
pub(super) fn of_finding(finding: &Finding) -> Reason {
    of_findings(std::slice::from_ref(finding))
}

/// Returns a fault of ours as a reason.
pub(super) fn of_fault(fault: &Fault) -> Reason {
    let mut page = Page::new(&STYLE);
    page.line(&format!("     {}", terminal::NOT_YOURS));
    terminal::fault(&mut page, fault);
    reason(&STYLE.own_line(&fault.what), page)
}

fn of_findings(findings: &[Finding]) -> Reason {
    let mut page = Page::new(&STYLE);
    details::write(&mut page, findings);
    reason(&findings.first().map(|finding| STYLE.own_line(&finding.title)).unwrap_or_default(), page)
}

fn reason(headline: &str, page: Page<'_>) -> Reason {
    let body = textwrap::dedent(&page.finish());
    Reason { headline: clipped(headline, HEADLINE), body: clipped(body.trim_matches('\n'), BODY) }
}

fn plain(text: &str) -> Reason {
    Reason { headline: text.to_owned(), body: text.to_owned() }
}

/// Returns what blocks requirements of a day, with the names of those that it blocks.
pub(super) fn blocking(day: &DayReport) -> Vec<(Finding, Vec<String>)> {
    terminal::grouped(&day.requirements, |requirement| match &requirement.outcome {
        Outcome::Blocked(finding) => Some(finding.clone()),
        _ => None,
    })
}

/// Returns what of ours is broken, with the names of the requirements that it hit.
pub(super) fn breaking(day: &DayReport) -> Vec<(Fault, Vec<String>)> {
    terminal::grouped(&day.requirements, |requirement| match &requirement.outcome {
        Outcome::Broken(fault) => Some(fault.clone()),
        _ => None,
    })
}

/// Returns the requirements of a day of which nothing is there.
pub(super) fn not_started(day: &DayReport) -> Vec<&RequirementReport> {
    day.requirements.iter().filter(|requirement| requirement.outcome == Outcome::NotStarted).collect()
}

/// Returns where to look: the place, or else where the traceback ends.
pub(super) fn place(finding: &Finding) -> Option<&Place> {
    finding.place.as_ref().or_else(|| finding.trace.last().map(|frame| &frame.place))
}

/// Returns the file of a place, unless it is no path below the root: a learner's program can name any.
pub(super) fn file(place: &Place) -> Option<RelPath> {
    place.path.raw().parse().ok().filter(|path: &RelPath| !path.is_root())
}

const NOT_STARTED: &str = "not started: nothing of this day is there yet";
const CANCELLED: &str = "the run was interrupted before there was an answer";
