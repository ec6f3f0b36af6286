//! Tries a day's hidden suite on mutants of its solutions: which of them does it not notice?
//!
//! A wrong solution is a fault that its author thought of; a mutant is one that nobody did. What the suite does not notice is listed, unless
//! the author has declared in `equivalent.toml` that it is no fault.

use std::collections::BTreeSet;

use rand::SeedableRng;
use rand::rngs::StdRng;
use rand::seq::index::sample;

use super::pool::calmly;
use super::{Proof, ProofError, Prover, committed};
use crate::config::settings::{Limits, Recall, Settings};
use crate::day::Slug;
use crate::pack::{Check, Day, Equivalent, What};
use crate::runner::Mutation;
use crate::runner::target::Wanted;
use crate::tool::mutants::Change;

/// The per cent of mutants that a suite must notice.
const ENOUGH: usize = 90;
/// Bytes of all mutants of a solution together: each is a whole module.
const MAX_TEXTS: u64 = 256 << 20;

/// What became of the mutants of a day's solutions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mutants {
    /// How many can be made.
    pub made: usize,
    /// How many of them are declared to be no fault.
    pub declared: usize,
    /// How many of the others were tried.
    pub tried: usize,
    /// How many of those the hidden suite noticed.
    pub caught: usize,
    /// Those that it did not.
    pub survivors: Vec<Survivor>,
}

/// A mutant that the hidden suite does not notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survivor {
    /// The solution.
    pub solution: Slug,
    /// What is changed in it.
    pub change: Change,
}

impl Mutants {
    /// Returns how many per cent were noticed, rounded down.
    pub fn percent(&self) -> usize {
        (100 * self.caught).checked_div(self.tried).unwrap_or(100)
    }
}

/// The mutants of one solution, and which of them are tried.
struct Plan {
    solution: Slug,
    mutation: Mutation,
    changes: Vec<Change>,
    declared: BTreeSet<usize>,
    tried: BTreeSet<usize>,
}

impl Prover<'_> {
    /// Tries the hidden suite on mutants of every solution: on all of them, or on so many of each solution, drawn by the seed. Adds what
    /// came of it to the proof. `progress` is as in `prove`.
    ///
    /// # Errors
    ///
    /// When the day cannot be read, or nothing can be run on this machine.
    pub fn try_mutants(
        &self,
        day: &Day,
        most: Option<usize>,
        progress: &dyn Fn(usize, usize),
        proof: &mut Proof,
    ) -> Result<(), ProofError> {
        let equivalent = day.equivalent()?;
        if !day.requirements().iter().any(|requirement| requirement.check == Check::Hidden) {
            proof.mutants = Some(Mutants::default());
            return Ok(());
        }
        let plan = |solution: &Slug| self.plan_mutants(day, solution, &equivalent, most);
        let plans = calmly(self.settings.jobs, day.solution_names(), plan, &|_| {})?;
        let wanted: Vec<(&Plan, usize)> = plans
            .iter()
            .flat_map(|plan| plan.declared.union(&plan.tried).map(move |index| (plan, *index)))
            .collect();
        let total = wanted.len();
        let notices = |(plan, index): &(&Plan, usize)| is_noticed(plan, *index);
        let noticed = calmly(self.settings.jobs, &wanted, notices, &|done| progress(done, total))?;
        let mut mutants =
            Mutants { made: plans.iter().map(|plan| plan.changes.len()).sum(), ..Mutants::default() };
        let mut noticed_of = BTreeSet::new();
        for ((plan, index), noticed) in wanted.into_iter().zip(noticed) {
            if noticed {
                noticed_of.insert((plan.solution.clone(), index));
            }
            if plan.declared.contains(&index) {
                mutants.declared += 1;
                continue;
            }
            mutants.tried += 1;
            mutants.caught += usize::from(noticed);
            let survivor =
                || Survivor { solution: plan.solution.clone(), change: plan.changes[index].clone() };
            mutants.survivors.extend((!noticed).then(survivor));
        }
        let needless = equivalent.iter().filter_map(|each| needless(day, each, &plans, &noticed_of));
        proof.complaints.extend(needless);
        proof.complaints.extend(too_few(day, &mutants));
        proof.mutants = Some(mutants);
        Ok(())
    }

    fn plan_mutants(
        &self,
        day: &Day,
        solution: &Slug,
        equivalent: &[Equivalent],
        most: Option<usize>,
    ) -> Result<Plan, ProofError> {
        let tree = day.solution(solution)?.tree;
        let recall = self.memory(day, solution).map_or(Recall::Nothing, Recall::Use);
        let settings = Settings { recall, ..self.settings_of(self.seed) };
        let settings = Settings { limits: Limits { output: MAX_TEXTS, ..settings.limits }, ..settings };
        let mutation = self.at(day, &tree, &committed(), Wanted::Whole, &settings, |grading, planned| {
            Ok(grading.mutate(self.workshop, planned)?)
        })?;
        let changes = mutation.changes();
        let is_declared =
            |change: &Change| equivalent.iter().any(|each| each.solution == *solution && is_of(each, change));
        let (declared, open): (BTreeSet<usize>, Vec<usize>) = {
            let (declared, open): (Vec<_>, Vec<_>) =
                (0..changes.len()).partition(|index| is_declared(&changes[*index]));
            (declared.into_iter().collect(), open)
        };
        let count = most.unwrap_or(open.len()).min(open.len());
        let drawn = sample(&mut StdRng::seed_from_u64(self.seed), open.len(), count);
        let tried = drawn.into_iter().map(|place| open[place]).collect();
        Ok(Plan { solution: solution.clone(), mutation, changes, declared, tried })
    }
}

fn is_noticed(plan: &Plan, index: usize) -> Result<bool, ProofError> {
    plan.mutation.is_noticed(index)?.ok_or(ProofError::Interrupted)
}

fn is_of(equivalent: &Equivalent, change: &Change) -> bool {
    let what = match &equivalent.what {
        What::Change { before, after } => {
            before.trim() == change.before.trim() && after.trim() == change.after.trim()
        }
        What::Lines(lines) => lines.trim() == change.before.trim(),
        What::All => true,
    };
    let is_in = |function: &String| {
        let inner = change.function.strip_prefix(&**function);
        inner.is_some_and(|inner| inner.is_empty() || inner.starts_with('.'))
    };
    what && equivalent.function.as_ref().is_none_or(is_in) && equivalent.file.as_str() == change.file
}

/// Complains of a declaration that is about no mutant, or about none that survives: the suite says of each that it is a fault.
fn needless(
    day: &Day,
    each: &Equivalent,
    plans: &[Plan],
    noticed: &BTreeSet<(Slug, usize)>,
) -> Option<String> {
    let plan = plans.iter().find(|plan| plan.solution == each.solution)?;
    let own: Vec<usize> =
        (0..plan.changes.len()).filter(|index| is_of(each, &plan.changes[*index])).collect();
    let is_noticed = |index: &usize| noticed.contains(&(plan.solution.clone(), *index));
    let what = match &each.what {
        What::Change { before, after } => format!("{} → {}", in_a_line(before), in_a_line(after)),
        What::Lines(lines) => in_a_line(lines),
        What::All => format!("the function `{}`", each.function.as_deref().unwrap_or_default()),
    };
    let why = match &own[..] {
        [] => "there is no such mutant",
        own if own.iter().all(is_noticed) => "it is no fault, it says, but the hidden suite notices it",
        _ => return None,
    };
    let Equivalent { solution, file, .. } = each;
    Some(format!("{}/equivalent.toml: solutions/{solution} `{file}`: {what}: {why}", day.folder()))
}

fn in_a_line(text: &str) -> String {
    format!("`{}`", text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn too_few(day: &Day, mutants: &Mutants) -> Option<String> {
    let too_few = 100 * mutants.caught < ENOUGH * mutants.tried;
    too_few.then(|| {
        format!(
            "{}: the hidden suite notices {} of {} mutants of its solutions, {} %; {ENOUGH} % are wanted",
            day.id,
            mutants.caught,
            mutants.tried,
            mutants.percent()
        )
    })
}
