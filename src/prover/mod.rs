//! Proves a pack with the real engine: every solution passes, the starter fails, and every wrong solution fails exactly the
//! requirements that it names. What is shown for it is the kill matrix: which requirement catches which wrong solution.
//!
//! Solutions are repeated with other seeds and in shuffled order, so a suite that wavers is found out. Each submission is a
//! repository of its own in a temporary folder; as many are graded side by side as there are cores.

mod repository;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::config::settings::Settings;
use crate::day::{DayId, Slug};
use crate::event::RequirementReport;
use crate::outcome::{Fault, Outcome};
use crate::pack::{Course, Day, ExpectedTests, GitState, PackError, PackTree, WrongGit};
use crate::repository as learner;
use crate::runner::plan::{self, PlanError};
use crate::runner::target::{Selection, Wanted};
use crate::runner::{Events, Grading, GradingError};
use crate::toolchain::Toolchain;

/// How a pack is proved.
#[derive(Debug)]
pub struct Prover<'a> {
    /// The course.
    pub course: &'a Course,
    /// How submissions are graded; the seed and the order are the prover's.
    pub settings: &'a Settings,
    /// The Python environment.
    pub toolchain: &'a Toolchain,
    /// How often each solution is graded.
    pub repeats: u16,
    /// The first seed.
    pub seed: u64,
}

/// What the proof of a day came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// What is wrong with the day, each a sentence for its author.
    pub complaints: Vec<String>,
    /// Every verifiable requirement, in the pack's order, with the wrong solutions that it caught.
    pub kills: Vec<(Slug, BTreeSet<Slug>)>,
    /// How many wrong solutions there are.
    pub wrong: usize,
    /// How many submissions were graded.
    pub graded: usize,
}

/// Why a proof could not be made at all.
#[derive(Debug, thiserror::Error)]
pub enum ProofError {
    /// The pack cannot be read.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A submission could not be laid out or read.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Nothing could be graded.
    #[error(transparent)]
    Grading(#[from] GradingError),
    /// Something else of ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// What a submission of the pack must come to.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Claim {
    /// Every requirement passes.
    Solution(Slug),
    /// No requirement passes.
    Starter,
    /// These requirements fail, and no others.
    Wrong(Slug, BTreeSet<Slug>),
}

impl Claim {
    fn name(&self) -> String {
        match self {
            Self::Solution(name) => format!("solutions/{name}"),
            Self::Starter => "starter".to_owned(),
            Self::Wrong(name, _) => format!("wrong/{name}"),
        }
    }
}

/// One submission that is graded once.
struct Trial<'a> {
    claim: &'a Claim,
    tree: &'a PackTree,
    git: &'a WrongGit,
    seed: u64,
}

impl Prover<'_> {
    /// Proves one day. `progress` hears of every submission that has been graded: how many, and of how many.
    ///
    /// # Errors
    ///
    /// When the day cannot be read, or nothing can be graded on this machine.
    pub fn prove(&self, day: &Day, progress: &(dyn Fn(usize, usize) + Sync)) -> Result<Proof, ProofError> {
        let committed = WrongGit { state: GitState::Committed, ..WrongGit::default() };
        // A starter is what has not been worked on: nothing is committed, so that git's requirements fail on it too.
        let untracked = WrongGit { state: GitState::None, ..WrongGit::default() };
        let mut submissions = vec![(Claim::Starter, day.starter()?, untracked)];
        for solution in day.solutions()? {
            submissions.push((Claim::Solution(solution.name), solution.tree, committed.clone()));
        }
        for wrong in day.wrong()? {
            let fails = wrong.fails.iter().cloned().collect();
            submissions.push((
                Claim::Wrong(wrong.name.clone(), fails),
                wrong.assemble(day)?,
                wrong.git.clone(),
            ));
        }
        let trials: Vec<Trial<'_>> = submissions
            .iter()
            .flat_map(|(claim, tree, git)| {
                let seeds = (0..self.repeats_of(claim)).map(|repeat| self.seed + u64::from(repeat));
                seeds.map(move |seed| Trial { claim, tree, git, seed })
            })
            .collect();
        let graded = self.grade_all(day, &trials, progress)?;
        Ok(judge(day, &trials, &graded))
    }

    fn repeats_of(&self, claim: &Claim) -> u16 {
        match claim {
            Claim::Solution(_) => self.repeats,
            Claim::Starter => 1,
            // There are many more of them, and each seed of a solution is another chance for the suite to waver.
            Claim::Wrong(..) => self.repeats.div_ceil(2),
        }
    }

    /// Grades every trial, as many side by side as there are jobs.
    fn grade_all(
        &self,
        day: &Day,
        trials: &[Trial<'_>],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Vec<Vec<RequirementReport>>, ProofError> {
        let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let results: Mutex<BTreeMap<usize, Result<Vec<RequirementReport>, ProofError>>> = Mutex::default();
        let work = || {
            while let Some((index, trial)) = take(&next, trials) {
                let graded = self.grade(day.id, trial);
                results.lock().unwrap_or_else(std::sync::PoisonError::into_inner).insert(index, graded);
                progress(done.fetch_add(1, Ordering::Relaxed) + 1, trials.len());
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.settings.jobs {
                scope.spawn(work);
            }
        });
        results.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner).into_values().collect()
    }

    fn grade(&self, day: DayId, trial: &Trial<'_>) -> Result<Vec<RequirementReport>, ProofError> {
        let place = repository::make(trial.tree, trial.git)?;
        let opened = learner::at(place.path())
            .map_err(|error| Fault::from_error("failed to open a submission", &error))?;
        let selection: Selection = [(day, Wanted::Whole)].into();
        let planned = plan::plan(self.course, &opened, Some(selection))?;
        let settings = Settings {
            seed: Some(trial.seed),
            shuffle: true,
            cache: false,
            // Side by side are the trials themselves.
            jobs: 1,
            ..self.settings.clone()
        };
        let toolchain = Some(self.toolchain.clone());
        let grading = Grading { course: self.course, repository: &opened, settings: &settings, toolchain };
        let (events, _) = Events::channel();
        let report = grading.run(planned, || Ok(self.toolchain.clone()), &events)?;
        Ok(report.days.into_iter().flat_map(|day| day.requirements).collect())
    }

    /// Runs the reference solution and returns the hidden tests that ran.
    ///
    /// # Errors
    ///
    /// When the day cannot be read, or the suite does not run to its end.
    pub fn record(&self, day: &Day) -> Result<ExpectedTests, ProofError> {
        let reference = day.solution(&day.reference)?;
        let git = WrongGit { state: GitState::Committed, ..WrongGit::default() };
        let place = repository::make(&reference.tree, &git)?;
        let opened = learner::at(place.path())
            .map_err(|error| Fault::from_error("failed to open a submission", &error))?;
        let planned = plan::plan(self.course, &opened, Some([(day.id, Wanted::Whole)].into()))?;
        let settings = Settings { seed: Some(self.seed), cache: false, ..self.settings.clone() };
        let toolchain = Some(self.toolchain.clone());
        let grading = Grading { course: self.course, repository: &opened, settings: &settings, toolchain };
        let records = grading.examine(planned, self.toolchain)?;
        if let Some(fault) = records.fault() {
            return Err(fault.into());
        }
        let parse = |(slug, test): (&Slug, &str)| Ok((slug.clone(), test.parse()?));
        let tests: Result<ExpectedTests, crate::pack::TestIdError> = records.tests().map(parse).collect();
        tests.map_err(|error| Fault::from_error("failed to record the hidden tests", &error).into())
    }
}

fn take<'a, T>(next: &AtomicUsize, items: &'a [T]) -> Option<(usize, &'a T)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    Some((index, items.get(index)?))
}

/// Compares what every trial came to with what its claim is.
fn judge(day: &Day, trials: &[Trial<'_>], graded: &[Vec<RequirementReport>]) -> Proof {
    let verifiable: Vec<&Slug> = day
        .requirements()
        .iter()
        .filter(|each| each.check.is_verifiable())
        .map(|each| &each.id.slug)
        .collect();
    let mut complaints = Vec::new();
    let mut kills: BTreeMap<&Slug, BTreeSet<Slug>> = BTreeMap::new();
    for (trial, reports) in trials.iter().zip(graded) {
        complaints.extend(complaints_of(day, trial, reports));
        if let Claim::Wrong(name, _) = trial.claim {
            for report in reports.iter().filter(|report| fails(&report.outcome)) {
                if let Some(slug) = verifiable.iter().find(|slug| ***slug == report.id.slug) {
                    kills.entry(slug).or_default().insert(name.clone());
                }
            }
        }
    }
    let kills: Vec<(Slug, BTreeSet<Slug>)> =
        verifiable.iter().map(|slug| ((*slug).clone(), kills.remove(slug).unwrap_or_default())).collect();
    let unkilled = kills.iter().filter(|(_, wrong)| wrong.is_empty());
    complaints
        .extend(unkilled.map(|(slug, _)| format!("{}.{slug}: no wrong solution is caught by it", day.id)));
    complaints.dedup();
    let wrong: BTreeSet<String> = trials
        .iter()
        .filter(|trial| matches!(trial.claim, Claim::Wrong(..)))
        .map(|trial| trial.claim.name())
        .collect();
    Proof { complaints, kills, wrong: wrong.len(), graded: graded.len() }
}

fn fails(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Failed(_) | Outcome::Blocked(_) | Outcome::NotStarted => true,
        Outcome::Passed | Outcome::ByHand { .. } | Outcome::Cancelled | Outcome::Broken(_) => false,
    }
}

fn complaints_of(day: &Day, trial: &Trial<'_>, reports: &[RequirementReport]) -> Vec<String> {
    let mut complaints = Vec::new();
    for report in reports {
        let should_fail = match trial.claim {
            Claim::Solution(_) => false,
            Claim::Starter => true,
            Claim::Wrong(_, fails) => fails.contains(&report.id.slug),
        };
        let said = match &report.outcome {
            Outcome::ByHand { .. } => continue,
            Outcome::Broken(fault) => format!("is broken: {fault}"),
            Outcome::Cancelled => "was interrupted".to_owned(),
            outcome if should_fail && !fails(outcome) => "passes and should not".to_owned(),
            outcome if !should_fail && fails(outcome) => format!("fails and should not{}", because(outcome)),
            _ => continue,
        };
        complaints.push(format!(
            "{}/{}: {} {said} (seed {})",
            day.folder(),
            trial.claim.name(),
            report.id,
            trial.seed
        ));
    }
    complaints
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
