//! Compares what every grading of a day's submissions came to with what is claimed of them.
//!
//! Each complaint is a sentence for the author. Where the gradings of one submission differ, that is the complaint: the suite wavers, and
//! whatever else could be said of it is true only now and then.

use std::collections::{BTreeMap, BTreeSet};

use super::{Claim, Graded, Proof, Submission};
use crate::day::{RequirementId, Slug};
use crate::event::RequirementReport;
use crate::outcome::Outcome;
use crate::pack::Day;

/// Judges a day.
pub(super) fn judge(day: &Day, submissions: &[Submission], graded: &[Graded<'_>]) -> Proof {
    let verifiable = day.requirements().iter().filter(|each| each.check.is_verifiable());
    let verifiable: Vec<&Slug> = verifiable.map(|each| &each.id.slug).collect();
    let mut complaints = Vec::new();
    for submission in submissions {
        complaints.extend(complaints_about(day, submission, graded));
    }
    let kills: Vec<(Slug, BTreeSet<Slug>)> =
        verifiable.iter().map(|slug| ((*slug).clone(), caught_by(slug, graded))).collect();
    let unkilled = kills.iter().filter(|(_, wrong)| wrong.is_empty());
    complaints
        .extend(unkilled.map(|(slug, _)| format!("{}.{slug}: no wrong solution is caught by it", day.id)));
    let count =
        |is: fn(&Claim) -> bool| submissions.iter().filter(|submission| is(&submission.claim)).count();
    let seeds: BTreeSet<u64> = graded.iter().map(|graded| graded.round.seed).collect();
    Proof {
        complaints,
        kills,
        solutions: count(|claim| matches!(claim, Claim::Solution(_))),
        wrong: count(|claim| matches!(claim, Claim::Wrong(..))),
        graded: graded.len(),
        known: graded.iter().filter(|graded| graded.came_to.known).count(),
        seeds: seeds.into_iter().collect(),
        ..Proof::default()
    }
}

/// Returns the wrong solutions that a requirement caught.
fn caught_by(slug: &Slug, graded: &[Graded<'_>]) -> BTreeSet<Slug> {
    let caught = |graded: &&Graded<'_>| {
        graded.came_to.reports.iter().any(|report| report.id.slug == *slug && fails(&report.outcome))
    };
    let name = |graded: &Graded<'_>| match &graded.round.submission.claim {
        Claim::Wrong(name, _) => Some(name.clone()),
        Claim::Solution(_) | Claim::Starter => None,
    };
    graded.iter().filter(caught).filter_map(name).collect()
}

fn fails(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Failed(_) | Outcome::Blocked(_) | Outcome::NotStarted => true,
        Outcome::Passed | Outcome::ByHand { .. } | Outcome::Cancelled | Outcome::Broken(_) => false,
    }
}

/// What one requirement came to in every grading of a submission.
type Seen<'a> = Vec<(&'a Graded<'a>, &'a RequirementReport)>;

fn complaints_about(day: &Day, submission: &Submission, graded: &[Graded<'_>]) -> Vec<String> {
    let own = graded.iter().filter(|graded| std::ptr::eq(graded.round.submission, submission));
    let mut seen: BTreeMap<&RequirementId, Seen<'_>> = BTreeMap::new();
    for (graded, report) in
        own.flat_map(|graded| graded.came_to.reports.iter().map(move |report| (graded, report)))
    {
        seen.entry(&report.id).or_default().push((graded, report));
    }
    let in_order = day.requirements().iter().filter_map(|requirement| seen.get(&requirement.id));
    let said = in_order.filter_map(|seen| Some((&seen.first()?.1.id, complaint(&submission.claim, seen)?)));
    said.map(|(id, said)| format!("{}/{}: {id} {said}", day.folder(), submission.claim.name())).collect()
}

/// Returns what is wrong with what a requirement came to.
fn complaint(claim: &Claim, seen: &Seen<'_>) -> Option<String> {
    let broken = seen.iter().find_map(|(graded, report)| match &report.outcome {
        Outcome::Broken(fault) => Some((graded, fault)),
        _ => None,
    });
    if let Some((graded, fault)) = broken {
        return Some(format!("is broken: {fault} ({})", circumstances(graded)));
    }
    let (first, report) = seen.first()?;
    if matches!(report.outcome, Outcome::ByHand { .. }) {
        return None;
    }
    let failing = seen.iter().find(|(_, report)| fails(&report.outcome));
    let passing = seen.iter().find(|(_, report)| !fails(&report.outcome));
    let should_fail = should_fail(claim, report);
    match (failing, passing) {
        (Some((failed, report)), Some((passed, _))) => Some(format!(
            "wavers: the same submission passes it ({}) and fails it ({}){}",
            circumstances(passed),
            circumstances(failed),
            because(&report.outcome)
        )),
        (None, _) if should_fail => Some(format!("passes and should not ({})", circumstances(first))),
        (Some(_), None) if !should_fail => {
            Some(format!("fails and should not{} ({})", because(&report.outcome), circumstances(first)))
        }
        _ => None,
    }
}

/// Returns whether there is nothing to complain about in what a grading of a submission came to.
pub(super) fn is_as_claimed(claim: &Claim, reports: &[RequirementReport]) -> bool {
    reports.iter().all(|report| match &report.outcome {
        Outcome::ByHand { .. } => true,
        Outcome::Broken(_) => false,
        outcome => fails(outcome) == should_fail(claim, report),
    })
}

fn should_fail(claim: &Claim, report: &RequirementReport) -> bool {
    match claim {
        Claim::Solution(_) => false,
        Claim::Starter => true,
        Claim::Wrong(_, fails) => fails.contains(&report.id.slug),
    }
}

/// Returns what could have made a difference in a grading.
fn circumstances(graded: &Graded<'_>) -> String {
    let load = if graded.round.loaded { ", beside busy processors" } else { "" };
    format!("seed {}{load}", graded.round.seed)
}

/// Returns why something failed, in a line.
fn because(outcome: &Outcome) -> String {
    let finding = match outcome {
        Outcome::Failed(findings) => findings.first(),
        Outcome::Blocked(finding) => finding,
        _ => return String::new(),
    };
    let parts = [finding.did.as_ref(), finding.message.as_ref(), finding.actual.as_ref()];
    let parts: Vec<String> = parts.into_iter().flatten().map(|text| text.raw().replace('\n', " ")).collect();
    format!(": {}: {}", finding.title, parts.join("; "))
}
