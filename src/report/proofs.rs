//! What `grade pack check` came to, for people and as one JSON document, which docs/pack-check.schema.json describes.
//!
//! Both are written from the same values. In JSON, keys are in snake case, durations are seconds, and what is absent is left out.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::Serialize;

use super::json::{escaped, seconds};
use super::matrix;
use super::page::Page;
use super::style::{Ink, Style};
use crate::day::{DayId, Slug};
use crate::outcome::Status;

/// The version of the JSON format. It is raised when a reader of the old one could misunderstand the new one.
const VERSION: u32 = 1;

/// The proof of some days.
#[derive(Debug, Clone)]
pub struct Proofs {
    /// The course.
    pub course: String,
    /// The first seed.
    pub seed: u64,
    /// How often solutions were graded.
    pub repeats: u16,
    /// Whether every check was repeated.
    pub whole: bool,
    /// How long it took.
    pub elapsed: Duration,
    /// The days.
    pub days: Vec<DayProof>,
}

/// The proof of a day.
#[derive(Debug, Clone)]
pub struct DayProof {
    /// The day.
    pub day: DayId,
    /// Its title.
    pub title: String,
    /// What is wrong with it.
    pub complaints: Vec<String>,
    /// Every verifiable requirement, with the wrong solutions that it caught.
    pub kills: Vec<(Slug, BTreeSet<Slug>)>,
    /// How much was looked at.
    pub counts: Counts,
    /// The seeds of the gradings.
    pub seeds: Vec<u64>,
    /// How long it took.
    pub elapsed: Duration,
    /// What became of the mutants, where any were tried.
    pub mutants: Option<MutantCounts>,
}

/// How much of a day was looked at.
#[derive(Debug, Clone, Copy)]
pub struct Counts {
    /// Solutions.
    pub solutions: usize,
    /// Wrong solutions.
    pub wrong: usize,
    /// Gradings.
    pub graded: usize,
    /// Those of them that were known from an earlier proof.
    pub known: usize,
}

/// What became of the mutants of a day's solutions.
#[derive(Debug, Clone, Serialize)]
pub struct MutantCounts {
    /// How many can be made.
    pub made: usize,
    /// How many of them are declared to be no fault.
    pub declared: usize,
    /// How many of the others were tried.
    pub tried: usize,
    /// How many of those were noticed.
    pub caught: usize,
    /// The same as per cent, rounded down.
    pub percent: usize,
    /// Those that were not.
    pub survivors: Vec<SurvivingMutant>,
}

/// A mutant that was not noticed.
#[derive(Debug, Clone, Serialize)]
pub struct SurvivingMutant {
    /// The solution.
    pub solution: String,
    /// The file below its root.
    pub file: String,
    /// The function, with its classes; nothing outside of all.
    pub function: String,
    /// The first line that is changed.
    pub line: u32,
    /// The lines as they are.
    pub before: String,
    /// The lines as they are in the mutant.
    pub after: String,
}

impl Proofs {
    /// Returns how many complaints there are.
    fn complaints(&self) -> usize {
        self.days.iter().map(|day| day.complaints.len()).sum()
    }

    /// Returns what the program ends with.
    pub fn status(&self) -> Status {
        if self.complaints() == 0 { Status::Passed } else { Status::Failed }
    }
}

/// Returns the proof of a day for people.
pub fn text_of_day(proof: &DayProof, style: &Style) -> String {
    let mut page = Page::new(style);
    matrix::write(proof.day, &proof.title, &proof.kills, proof.counts.wrong, &mut page);
    if let Some(mutants) = &proof.mutants {
        write_mutants(mutants, &mut page);
    }
    for complaint in &proof.complaints {
        let text = style.own(complaint).replace('\n', " ");
        page.paragraph("  COMPLAINT  ", "             ", &text, Ink::Bad);
    }
    page.blank();
    page.finish()
}

fn write_mutants(mutants: &MutantCounts, page: &mut Page<'_>) {
    let MutantCounts { made, declared, tried, caught, percent, .. } = mutants;
    if *made == 0 {
        let why = "none: the day has no hidden suite, or its solutions have nothing to change";
        page.paragraph("  mutants  ", "           ", why, Ink::Plain);
        return;
    }
    let declared =
        if *declared == 0 { String::new() } else { format!(", {declared} are declared to be no fault") };
    let text = format!("{caught} of {tried} noticed, {percent} % ({made} can be made{declared})");
    page.paragraph("  mutants  ", "           ", &text, Ink::Plain);
    for SurvivingMutant { solution, file, function, line, before, after } in &mutants.survivors {
        let place = page.style.own_line(&format!("solutions/{solution} {file}:{line} {function}"));
        page.paragraph("  SURVIVED  ", "            ", &place, Ink::Bad);
        for (mark, text) in [("-", before), ("+", after)] {
            for line in text.lines() {
                let line = page.style.own(line);
                page.paragraph(&format!("            {mark} "), "              ", &line, Ink::Plain);
            }
        }
    }
}

/// Returns the last line for people.
pub fn text_of_end(proofs: &Proofs) -> String {
    let days =
        if proofs.days.len() == 1 { "1 day".to_owned() } else { format!("{} days", proofs.days.len()) };
    let seed = format!("(seed {}{})", proofs.seed, known(proofs));
    match proofs.complaints() {
        0 => format!("{days} proved {seed}\n"),
        1 => format!("1 complaint about {days} {seed}\n"),
        many => format!("{many} complaints about {days} {seed}\n"),
    }
}

/// Says how much was known already, where anything was.
fn known(proofs: &Proofs) -> String {
    let sum = |count: fn(&Counts) -> usize| proofs.days.iter().map(|day| count(&day.counts)).sum::<usize>();
    match sum(|counts| counts.known) {
        0 => String::new(),
        known => {
            format!("; {known} of {} gradings were known, --fresh repeats them", sum(|counts| counts.graded))
        }
    }
}

/// Returns the whole as one JSON document, indented, with a line break at the end.
pub fn json(proofs: &Proofs) -> String {
    let json = serde_json::to_string_pretty(&Document::of(proofs))
        .expect("plain data with text keys always serialises");
    escaped(&json) + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    verdict: &'static str,
    exit_code: u8,
    course: &'a str,
    /// 64 bits, which not every reader of JSON numbers keeps: <https://www.rfc-editor.org/rfc/rfc8259#section-6>.
    seed: String,
    repeats: u16,
    whole: bool,
    elapsed_seconds: f64,
    days: Vec<WireDay<'a>>,
}

impl<'a> Document<'a> {
    fn of(proofs: &'a Proofs) -> Self {
        Self {
            version: VERSION,
            verdict: verdict(proofs.complaints()),
            exit_code: proofs.status() as u8,
            course: &proofs.course,
            seed: proofs.seed.to_string(),
            repeats: proofs.repeats,
            whole: proofs.whole,
            elapsed_seconds: seconds(proofs.elapsed),
            days: proofs.days.iter().map(WireDay::of).collect(),
        }
    }
}

fn verdict(complaints: usize) -> &'static str {
    if complaints == 0 { "passed" } else { "failed" }
}

#[derive(Serialize)]
struct WireDay<'a> {
    day: DayId,
    title: &'a str,
    verdict: &'static str,
    complaints: &'a [String],
    counts: WireCounts,
    seeds: Vec<String>,
    elapsed_seconds: f64,
    requirements: Vec<WireRequirement<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mutants: Option<&'a MutantCounts>,
}

#[derive(Serialize)]
struct WireCounts {
    requirements: usize,
    solutions: usize,
    wrong: usize,
    graded: usize,
    known: usize,
}

#[derive(Serialize)]
struct WireRequirement<'a> {
    id: String,
    catches: Vec<&'a str>,
}

impl<'a> WireDay<'a> {
    fn of(proof: &'a DayProof) -> Self {
        let Counts { solutions, wrong, graded, known } = proof.counts;
        let requirement = |(slug, wrong): &'a (Slug, BTreeSet<Slug>)| WireRequirement {
            id: format!("{}.{slug}", proof.day),
            catches: wrong.iter().map(Slug::as_str).collect(),
        };
        Self {
            day: proof.day,
            title: &proof.title,
            verdict: verdict(proof.complaints.len()),
            complaints: &proof.complaints,
            counts: WireCounts { requirements: proof.kills.len(), solutions, wrong, graded, known },
            seeds: proof.seeds.iter().map(u64::to_string).collect(),
            elapsed_seconds: seconds(proof.elapsed),
            requirements: proof.kills.iter().map(requirement).collect(),
            mutants: proof.mutants.as_ref(),
        }
    }
}
