//! Shows one requirement's findings: what should be so, what was run, what came back, and where to look.
//!
//! A finding of a tool (rule, place, message) takes one or two lines; one of the hidden tests gets its comparison, its
//! trace and what the program printed. Of many, the first few are shown and the rest counted.

use super::compare::{self, label};
use super::counts::counted;
use super::page::Page;
use super::style::{Ink, Style};
use crate::finding::{Definition, Finding, Frame, Place};

/// Findings shown of one requirement where each takes a paragraph.
const FULL: usize = 3;
/// Findings shown of one requirement where each takes a line.
const BRIEF: usize = 8;
/// Frames shown of a traceback: the innermost ones.
const FRAMES: usize = 4;
/// Lines shown of what the learner's program printed.
const OUTPUT: usize = 10;
/// Lines shown of any other text.
const TEXT: usize = 12;

/// Where the bullets of findings stand, and what belongs to them.
const BULLET: &str = "   ";
const BODY: &str = "     ";

/// Writes the findings of one requirement.
pub(super) fn write(page: &mut Page<'_>, findings: &[Finding]) {
    let limit = if findings.iter().all(is_brief) { BRIEF } else { FULL };
    let mut said = None;
    for finding in findings.iter().take(limit) {
        if said.is_some() && !is_brief(finding) {
            page.blank();
        }
        if said != Some(&finding.title) {
            let bullet = format!("{BULLET}{} ", page.style.symbol("•", "*"));
            page.hanging(&bullet, &page.style.own_line(&finding.title), Ink::Strong);
            said = Some(&finding.title);
        }
        body(page, finding);
    }
    let more = findings.len().saturating_sub(limit);
    if more > 0 {
        page.more(BODY, &format!("… and {}", counted(more, "more finding")));
    }
}

/// Returns whether a finding is all said by a place, a rule and a message.
fn is_brief(finding: &Finding) -> bool {
    let Finding { title: _, did, expected, actual, message: _, place: _, about: _, trace, output, rule: _ } =
        finding;
    did.is_none() && expected.is_none() && actual.is_none() && trace.is_empty() && output.is_none()
}

fn body(page: &mut Page<'_>, finding: &Finding) {
    if is_brief(finding) {
        return brief(page, finding);
    }
    if let Some(did) = &finding.did {
        text(page, "ran:", &page.style.theirs(did));
    }
    compare::write(page, BODY, finding.expected.as_ref(), finding.actual.as_ref());
    if let Some(message) = message(page.style, finding) {
        text(page, "why:", &message);
    }
    where_to_look(page, finding);
    if let Some(output) = &finding.output {
        page.line(&label(BODY, "printed:"));
        let prefix = format!("{BODY}{} ", page.style.symbol("│", "|"));
        page.verbatim(&prefix, page.style.theirs(output).trim_end(), OUTPUT, Ink::Plain);
    }
}

fn brief(page: &mut Page<'_>, finding: &Finding) {
    let message = message(page.style, finding);
    match (&places(page.style, finding)[..], message) {
        ([place], Some(message)) if !message.contains('\n') => {
            page.short_entry(BODY, &format!("{place}  {message}"), Ink::Plain);
        }
        (places, message) => {
            at(page, places);
            message.iter().for_each(|message| text(page, "why:", message));
        }
    }
}

/// Writes a text after its label, or below it where it has several lines.
fn text(page: &mut Page<'_>, name: &str, text: &str) {
    let text = text.trim_end();
    if text.contains('\n') {
        page.line(&label(BODY, name));
        page.verbatim(&format!("{BODY}  "), text, TEXT, Ink::Plain);
    } else {
        page.short(&label(BODY, name), text, Ink::Plain);
    }
}

/// Returns why it is not so, with the rule that says so.
pub(super) fn message(style: &Style, finding: &Finding) -> Option<String> {
    let rule = finding.rule.as_deref().map(|rule| style.own_line(rule));
    match (&finding.message, rule) {
        (Some(message), Some(rule)) => Some(format!("{} ({rule})", style.theirs(message).trim_end())),
        (Some(message), None) => Some(style.theirs(message)),
        (None, Some(rule)) => Some(format!("rule {rule}")),
        (None, None) => None,
    }
}

/// Returns where to look besides the traceback, a line each.
pub(super) fn places(style: &Style, finding: &Finding) -> Vec<String> {
    let Finding { place, about, trace, .. } = finding;
    match (place, trace.last()) {
        // It says it all.
        (Some(place), Some(last)) if *place == last.place => Vec::new(),
        (_, None) if !about.is_empty() => about.iter().map(|each| definition(style, each)).collect(),
        _ => place.iter().map(|place| self::place(style, place)).collect(),
    }
}

fn definition(style: &Style, definition: &Definition) -> String {
    let place = place(style, &definition.place);
    match &definition.name {
        Some(name) => format!("{place} in {}", style.one_line(name)),
        None => place,
    }
}

fn at(page: &mut Page<'_>, places: &[String]) {
    for (index, place) in places.iter().enumerate() {
        text(page, if index > 0 { "" } else { "at:" }, place);
    }
}

/// Writes where to look, and the traceback.
fn where_to_look(page: &mut Page<'_>, finding: &Finding) {
    at(page, &places(page.style, finding));
    let skipped = finding.trace.len().saturating_sub(FRAMES);
    for (index, frame) in finding.trace[skipped..].iter().enumerate() {
        let name = if index > 0 { "" } else { "trace:" };
        self::frame(page, &label(BODY, name), frame);
    }
    if skipped > 0 {
        page.more(&label(BODY, ""), &format!("(the innermost {FRAMES} of {} calls)", finding.trace.len()));
    }
}

fn frame(page: &mut Page<'_>, first: &str, frame: &Frame) {
    let place = place(page.style, &frame.place);
    page.short(first, &format!("{place} in {}", page.style.one_line(&frame.function)), Ink::Plain);
    if !frame.code.is_blank() {
        let code = page.style.one_line(&frame.code);
        page.verbatim(&label(BODY, ""), &format!("    {code}"), 2, Ink::Dim);
    }
}

/// Returns a place as editors understand it: `week1/day4/decorators.py:31:5`.
pub(super) fn place(style: &Style, place: &Place) -> String {
    let number = |number: Option<u32>| number.map(|number| format!(":{number}")).unwrap_or_default();
    let column = place.line.and(place.column);
    format!("{}{}{}", style.one_line(&place.path), number(place.line), number(column))
}
