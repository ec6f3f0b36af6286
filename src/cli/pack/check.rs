//! `grade pack check`: proves days of a course and prints what came of each.

use std::time::Instant;

use crate::outcome::Status;
use crate::pack::{self, Day, PackComplaint};
use crate::prover::{Mutants, Proof, Prover, Thorough};
use crate::report::proofs::{self, Counts, DayProof, MutantCounts, Proofs, SurvivingMutant};
use crate::report::set_up::Bar;

use super::super::Context;
use super::super::args::PackCheckArgs;
use super::super::error::CliError;
use super::{days, proof_error, tools};

/// The first seed where none is asked for: always the same, so that what is known from the last time holds.
const FIRST_SEED: u64 = 1;

/// Runs the command.
pub fn run(context: &Context, args: &PackCheckArgs) -> Result<Status, CliError> {
    let begun = Instant::now();
    let course = context.course(None)?;
    let days = days(&course, &args.days)?;
    let (settings, workshop) = tools(context, !args.fresh)?;
    let first_seed = || if args.fresh { u64::from(rand::random::<u32>()) } else { FIRST_SEED };
    let seed = args.seed.unwrap_or_else(first_seed);
    let thorough = if args.whole { Thorough::Whole } else { Thorough::Decisive };
    let (course, settings, workshop, repeats) = (&course, &settings, &workshop, args.repeat);
    let folder = workshop.folder().map_err(|fault| proof_error(fault.into()))?;
    let memories = (thorough == Thorough::Decisive).then(|| folder.path());
    let prover = Prover { course, settings, workshop, memories, repeats, seed, thorough };
    let mut proved = Vec::new();
    // Mutants are tried of a day that is proved, and nothing is done beside.
    let at_once = if args.mutants.is_some() { 1 } else { days.len().max(1) };
    for days in days.chunks(at_once) {
        prove(context, &prover, days, args.mutants, |day, proof| {
            let proof = shown(day, proof);
            if !args.json {
                context.output.print(&proofs::text_of_day(&proof, &context.output.style));
            }
            proved.push(proof);
        })?;
    }
    let proofs = Proofs {
        course: course.name.to_string(),
        seed,
        repeats,
        whole: args.whole,
        elapsed: begun.elapsed(),
        days: proved,
    };
    context.output.print(&if args.json { proofs::json(&proofs) } else { proofs::text_of_end(&proofs) });
    Ok(proofs.status())
}

/// Proves days, and tries mutants of the only one where that is asked for. `proved` hears of each day.
fn prove(
    context: &Context,
    prover: &Prover<'_>,
    days: &[Day],
    mutants: Option<u16>,
    mut proved: impl FnMut(&Day, Proof),
) -> Result<(), CliError> {
    let begun = Instant::now();
    let label = |number: usize| days.get(number).map_or_else(String::new, |day| day.id.to_string());
    let bar = Bar::new(context.output.shows_progress, context.output.error_style(), &label(0));
    let progress = |done, total| bar.set(done as u64, total as u64);
    let mut waits = None;
    let told = |number: usize, proof| match mutants {
        Some(_) => waits = Some(proof),
        None => {
            bar.aside(|| proved(&days[number], linted(&days[number], proof)));
            bar.say(&label(number + 1));
        }
    };
    prover.prove(days, &progress, told).map_err(proof_error)?;
    if let (Some(most), Some(mut proof), [day]) = (mutants, waits, days) {
        bar.say(&format!("{} mutants", day.id));
        let most = (most > 0).then_some(usize::from(most));
        prover.try_mutants(day, most, &progress, &mut proof).map_err(proof_error)?;
        bar.aside(|| proved(day, linted(day, Proof { elapsed: begun.elapsed(), ..proof })));
    }
    Ok(())
}

/// Adds what can be said of a day without grading anything.
fn linted(day: &Day, mut proof: Proof) -> Proof {
    proof.complaints.splice(0..0, pack::lint_day(day).iter().map(complaint));
    proof
}

fn complaint(complaint: &PackComplaint) -> String {
    let line = complaint.line.map(|line| format!(" line {line}")).unwrap_or_default();
    let hint = complaint.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("`{}`{line}: {}{hint}", complaint.file, complaint.message)
}

/// Returns a proof as it is reported.
fn shown(day: &Day, proof: Proof) -> DayProof {
    DayProof {
        day: day.id,
        title: day.title.clone(),
        counts: Counts {
            solutions: proof.solutions,
            wrong: proof.wrong,
            graded: proof.graded,
            known: proof.known,
        },
        kills: proof.kills,
        complaints: proof.complaints,
        seeds: proof.seeds,
        elapsed: proof.elapsed,
        mutants: proof.mutants.as_ref().map(shown_mutants),
    }
}

fn shown_mutants(mutants: &Mutants) -> MutantCounts {
    let survivors = mutants.survivors.iter().map(|survivor| SurvivingMutant {
        solution: survivor.solution.to_string(),
        file: survivor.change.file.clone(),
        function: survivor.change.function.clone(),
        line: survivor.change.line,
        before: survivor.change.before.clone(),
        after: survivor.change.after.clone(),
    });
    let survivors = survivors.collect();
    MutantCounts {
        percent: mutants.percent(),
        made: mutants.made,
        declared: mutants.declared,
        tried: mutants.tried,
        caught: mutants.caught,
        survivors,
    }
}
