//! Proves a pack with the real engine: every solution passes, the starter fails, and every wrong solution fails exactly the
//! requirements that it names. What is shown for it is the kill matrix: which requirement catches which wrong solution.
//!
//! ```text
//! submissions ─► gradings ─► side by side, in one workshop ─► judge ─► complaints, kill matrix
//! of all days       └ the last of each, where there are repetitions: beside busy processors
//! ```
//!
//! Solutions are repeated with other seeds and in shuffled order, so a suite that wavers is found out. Each submission is a
//! repository of its own in a temporary folder; as many are graded side by side as there are cores. docs/AUTHORING.md says what is
//! left out of a repetition, and that `Thorough::Whole` leaves nothing out.

mod feedback;
mod judge;
mod pool;
mod repository;
mod survivors;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::config::settings::{Recall, Settings, Until};
use crate::day::Slug;
use crate::event::RequirementReport;
use crate::outcome::{Fault, Outcome};
use crate::pack::{
    Check, Course, Day, ExpectedTests, GitState, PackError, PackPath, PackTree, Wrong, WrongGit,
};
use crate::repository as learner;
use crate::runner::plan::{self, PlanError, PlannedDay};
use crate::runner::target::Wanted;
use crate::runner::{Events, Grading, GradingError, Workshop};

use pool::Company;
pub use survivors::{Mutants, Survivor};

/// How a pack is proved.
#[derive(Debug)]
pub struct Prover<'a> {
    /// The course.
    pub course: &'a Course,
    /// How submissions are graded; the seed, the order and the jobs of a grading are the prover's. With the cache, what an earlier proof has
    /// found with the same seed is not found again, unless it is something to complain about.
    pub settings: &'a Settings,
    /// What they are graded with.
    pub workshop: &'a Workshop,
    /// A folder for what is recalled of solutions, so that what a wrong one has in common with its base is not observed again; or nothing is recalled.
    pub memories: Option<&'a Path>,
    /// How often each solution is graded; a wrong one half as often.
    pub repeats: u16,
    /// The first seed.
    pub seed: u64,
    /// What is done again in a repetition.
    pub thorough: Thorough,
}

/// How much of a proof is done again and again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thorough {
    /// What can come out otherwise: hidden suites. Of what must fail, these and own tests are run until the verdicts are certain, and own tests are tried
    /// on mutants where that decides.
    Decisive,
    /// Everything.
    Whole,
}

/// What the proof of a day came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proof {
    /// What is wrong with the day, each a sentence for its author.
    pub complaints: Vec<String>,
    /// Every verifiable requirement, in the pack's order, with the wrong solutions that it caught.
    pub kills: Vec<(Slug, BTreeSet<Slug>)>,
    /// How many solutions there are.
    pub solutions: usize,
    /// How many wrong solutions there are.
    pub wrong: usize,
    /// How many gradings there were.
    pub graded: usize,
    /// How many of them were known from an earlier proof.
    pub known: usize,
    /// The seeds with which solutions were graded.
    pub seeds: Vec<u64>,
    /// What became of the mutants of the solutions, where that was asked for.
    pub mutants: Option<Mutants>,
    /// How long it took, from where the day before was proved.
    pub elapsed: Duration,
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
    /// Ctrl-C.
    #[error("the proof was interrupted")]
    Interrupted,
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

/// A submission of the pack.
struct Submission {
    claim: Claim,
    tree: PackTree,
    git: WrongGit,
    /// The solution that a wrong one spoils.
    base: Option<Slug>,
    tries: Tries,
}

impl Submission {
    fn is_wrong(&self) -> bool {
        matches!(self.claim, Claim::Wrong(..))
    }
}

/// When a submission's own tests must be tried on mutants for its verdict to be certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tries {
    Always,
    /// Where they pass as they are. Mostly they do not, and then there is nothing to try.
    Passing,
    Never,
}

/// One grading of a submission.
#[derive(Clone, Copy)]
struct Round<'a> {
    submission: &'a Submission,
    seed: u64,
    /// What is asked of the submission.
    part: Part,
    /// Whether other processes keep the processors busy.
    loaded: bool,
}

/// A part of a day's requirements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Every requirement.
    Whole,
    /// Those that the hidden suite answers for.
    Hidden,
    /// Those of them that a wrong solution must fail.
    Named,
}

impl Part {
    fn of(self, day: &Day, claim: &Claim) -> Wanted {
        match (self, claim) {
            (Self::Whole, _) => Wanted::Whole,
            (Self::Named, Claim::Wrong(_, fails)) => {
                Wanted::Only(hidden_of(day).filter(|slug| fails.contains(slug)).cloned().collect())
            }
            _ => Wanted::Only(hidden_of(day).cloned().collect()),
        }
    }
}

/// A round, and what it came to.
struct Graded<'a> {
    round: Round<'a>,
    came_to: CameTo,
}

/// What a grading came to.
struct CameTo {
    reports: Vec<RequirementReport>,
    /// Whether all that takes time was known from an earlier proof.
    known: bool,
}

impl Prover<'_> {
    /// Proves days. `progress` hears of every submission that has been graded: how many, and of how many; `proved` hears of every day, in their
    /// order: its place among them, and what came of it.
    ///
    /// # Errors
    ///
    /// When a day cannot be read, or nothing can be graded on this machine.
    pub fn prove(
        &self,
        days: &[Day],
        progress: &dyn Fn(usize, usize),
        mut proved: impl FnMut(usize, Proof),
    ) -> Result<(), ProofError> {
        let mut begun = Instant::now();
        let submissions: Vec<Vec<Submission>> = days.iter().map(submissions).collect::<Result<_, _>>()?;
        let rounds: Vec<(usize, Round<'_>)> = (0..)
            .zip(days.iter().zip(&submissions))
            .flat_map(|(number, (day, submissions))| {
                self.rounds_of(day, submissions).into_iter().map(move |round| (number, round))
            })
            .collect();
        let mut came_to: Vec<Option<CameTo>> = rounds.iter().map(|_| None).collect();
        let (mut done, mut next) = (0, 0);
        let act = |(number, round): &(usize, Round<'_>)| self.grade(&days[*number], round);
        pool::side_by_side(
            self.settings.jobs,
            &rounds,
            |(_, round)| self.company(round),
            act,
            |index, result| {
                came_to[index] = Some(result);
                done += 1;
                progress(done, rounds.len());
                while let Some(graded) = days.get(next).and_then(|_| graded(next, &rounds, &mut came_to)) {
                    let proof = judge::judge(&days[next], &submissions[next], &graded);
                    proved(next, Proof { elapsed: begun.elapsed(), ..proof });
                    (begun, next) = (Instant::now(), next + 1);
                }
            },
        )
    }

    /// Returns every grading of a day in the order in which they are begun: those in calm, then those under load, of which wrong solutions, the load
    /// of the others, come last, all of them with one seed before any with the next. One that waits for a time-out does so with each seed, and workers
    /// that wait at the same time leave processors idle.
    fn rounds_of<'a>(&self, day: &Day, submissions: &'a [Submission]) -> Vec<Round<'a>> {
        let rounds = submissions.iter().flat_map(|submission| self.rounds(day, submission));
        let (calm, mut loaded): (Vec<_>, Vec<_>) = rounds.partition(|round| !round.loaded);
        loaded.sort_by_key(|round| (round.submission.is_wrong(), round.seed));
        calm.into_iter().chain(loaded).collect()
    }

    /// Wrong solutions are many, and load enough for each other but where nothing is left out.
    fn company(&self, round: &Round<'_>) -> Company {
        let is_wrong = round.submission.is_wrong();
        match round.loaded {
            false => Company::Calm,
            true if is_wrong && self.thorough == Thorough::Decisive => Company::Crowd,
            true => Company::Busy,
        }
    }

    /// Returns how often, and how, a submission is graded.
    fn rounds<'a>(&self, day: &Day, submission: &'a Submission) -> Vec<Round<'a>> {
        let whole = self.thorough == Thorough::Whole;
        let has_suite = hidden_of(day).next().is_some();
        let repeats = match &submission.claim {
            Claim::Solution(_) if has_suite || whole => self.repeats,
            // No seed and no order makes a difference: once when it is calm and once under load says all.
            Claim::Solution(_) => self.repeats.min(2),
            Claim::Wrong(_, fails) if whole || hidden_of(day).any(|slug| fails.contains(slug)) => {
                self.repeats.div_ceil(2)
            }
            Claim::Wrong(..) | Claim::Starter => 1,
        };
        let is_wrong = submission.is_wrong();
        let again = match is_wrong {
            // Where nothing is hidden, the learner's own tests are all that could waver.
            _ if whole || !has_suite => Part::Whole,
            true => Part::Named,
            false => Part::Hidden,
        };
        let round = |repeat: u16| Round {
            submission,
            seed: self.seed + u64::from(repeat),
            part: if repeat == 0 { Part::Whole } else { again },
            // Wrong solutions are the load of the others.
            loaded: self.repeats > 1 && (repeat + 1 == repeats || is_wrong && !whole),
        };
        (0..repeats).map(round).collect()
    }

    fn grade(&self, day: &Day, round: &Round<'_>) -> Result<CameTo, ProofError> {
        let tries = if self.thorough == Thorough::Whole { Tries::Always } else { round.submission.tries };
        let until = match round.submission.claim {
            Claim::Starter | Claim::Wrong(..) if self.thorough == Thorough::Decisive => Until::Verdicts,
            _ => Until::End,
        };
        let recall = self.recall(day, round);
        let trials = tries == Tries::Always;
        let mut settings = Settings { trials, recall, until, ..self.settings_of(round.seed) };
        let mut came_to = self.grade_with(day, round, &settings)?;
        if tries == Tries::Passing && came_to.reports.iter().any(|report| is_open(day, report)) {
            settings.trials = true;
            came_to = self.grade_with(day, round, &settings)?;
        }
        if came_to.known && !judge::is_as_claimed(&round.submission.claim, &came_to.reports) {
            return self.grade_with(day, round, &Settings { cache: false, ..settings });
        }
        Ok(came_to)
    }

    fn grade_with(&self, day: &Day, round: &Round<'_>, settings: &Settings) -> Result<CameTo, ProofError> {
        let Submission { tree, git, .. } = round.submission;
        let wanted = round.part.of(day, &round.submission.claim);
        self.at(day, tree, git, wanted, settings, |grading, planned| {
            let (events, _) = Events::channel();
            let report = grading.run_in(self.workshop, planned, &events)?;
            let known = report.days.iter().all(|day| day.cached);
            let reports: Vec<_> = report.days.into_iter().flat_map(|day| day.requirements).collect();
            let interrupted = reports.iter().any(|report| report.outcome == Outcome::Cancelled);
            if interrupted { Err(ProofError::Interrupted) } else { Ok(CameTo { reports, known }) }
        })
    }

    /// Returns what a grading recalls: a wrong solution what its base has kept, when that was graded with the same seed.
    fn recall(&self, day: &Day, round: &Round<'_>) -> Recall {
        let memory = |solution: &Slug| self.memory(day, solution).filter(|_| round.seed == self.seed);
        let recall = match (&round.submission.claim, &round.submission.base) {
            (Claim::Solution(name), _) => memory(name).map(Recall::Keep),
            (_, Some(base)) => memory(base).map(Recall::Use),
            (_, None) => None,
        };
        recall.unwrap_or_default()
    }

    /// Returns where it is kept what probes observed with a solution.
    fn memory(&self, day: &Day, solution: &Slug) -> Option<PathBuf> {
        Some(self.memories?.join(format!("{}-{solution}.json", day.id)))
    }

    fn settings_of(&self, seed: u64) -> Settings {
        // Side by side are the gradings themselves.
        Settings { seed: Some(seed), shuffle: true, jobs: 1, ..self.settings.clone() }
    }

    /// Makes a repository of a tree and does something with it, planned for a day.
    fn at<R>(
        &self,
        day: &Day,
        tree: &PackTree,
        git: &WrongGit,
        wanted: Wanted,
        settings: &Settings,
        act: impl FnOnce(&Grading<'_>, Vec<PlannedDay>) -> Result<R, ProofError>,
    ) -> Result<R, ProofError> {
        let mut asked = day.requirements().iter().filter(|requirement| wanted.includes(&requirement.id.slug));
        let asks_git = asked.any(|requirement| matches!(requirement.check, Check::Git(_)));
        let place = repository::make(tree, asks_git.then_some(git))?;
        let repository = learner::at(place.path())
            .map_err(|error| Fault::from_error("failed to open a submission", &error))?;
        let planned = plan::plan(self.course, &repository, Some([(day.id, wanted)].into()))?;
        let toolchain = Some(self.workshop.tools.toolchain.clone());
        let grading = Grading { course: self.course, repository: &repository, settings, toolchain };
        act(&grading, planned)
    }

    /// Runs the reference solution and returns the hidden tests that ran.
    ///
    /// # Errors
    ///
    /// When the day cannot be read, or the suite does not run to its end.
    pub fn record(&self, day: &Day) -> Result<ExpectedTests, ProofError> {
        let reference = day.solution(&day.reference)?;
        let settings = Settings { shuffle: self.settings.shuffle, ..self.settings_of(self.seed) };
        let examine = |grading: &Grading<'_>, planned| Ok(grading.examine(planned, self.workshop)?);
        let records = self.at(day, &reference.tree, &committed(), Wanted::Whole, &settings, examine)?;
        if let Some(fault) = records.fault() {
            return Err(fault.into());
        }
        let parse = |(slug, test): (&Slug, &str)| Ok((slug.clone(), test.parse()?));
        let tests: Result<ExpectedTests, crate::pack::TestIdError> = records.tests().map(parse).collect();
        tests.map_err(|error| Fault::from_error("failed to record the hidden tests", &error).into())
    }
}

/// Takes what all gradings of a day have come to, if they are all done.
fn graded<'a>(
    day: usize,
    rounds: &[(usize, Round<'a>)],
    came_to: &mut [Option<CameTo>],
) -> Option<Vec<Graded<'a>>> {
    let own = || (0..).zip(rounds).filter(|(_, (number, _))| *number == day);
    if own().any(|(index, _): (usize, _)| came_to[index].is_none()) {
        return None;
    }
    own().map(|(index, (_, round))| Some(Graded { round: *round, came_to: came_to[index].take()? })).collect()
}

/// Returns everything in a day's folder that can be graded.
fn submissions(day: &Day) -> Result<Vec<Submission>, PackError> {
    // A starter is what has not been worked on: nothing is committed, so that git's requirements fail on it too.
    let untracked = WrongGit { state: GitState::None, ..WrongGit::default() };
    let mut submissions = vec![Submission {
        claim: Claim::Starter,
        tree: day.starter()?,
        git: untracked,
        base: None,
        tries: Tries::Passing,
    }];
    for solution in day.solutions()? {
        let claim = Claim::Solution(solution.name);
        submissions.push(Submission {
            claim,
            tree: solution.tree,
            git: committed(),
            base: None,
            tries: Tries::Always,
        });
    }
    for wrong in day.wrong()? {
        submissions.push(wrong_submission(day, &wrong)?);
    }
    Ok(submissions)
}

fn wrong_submission(day: &Day, wrong: &Wrong) -> Result<Submission, PackError> {
    let claim = Claim::Wrong(wrong.name.clone(), wrong.fails.iter().cloned().collect());
    let (tree, git) = (wrong.assemble(day)?, wrong.git.clone());
    Ok(Submission { claim, tree, git, base: Some(wrong.base.clone()), tries: tries(day, wrong) })
}

fn committed() -> WrongGit {
    WrongGit { state: GitState::Committed, ..WrongGit::default() }
}

/// Returns when trying a wrong solution's own tests on mutants may decide about it: where of all Python files it changes only tests, and where it says that
/// they notice or reach too little. Tests that only follow what a module does otherwise are like those of its base, which are tried.
fn tries(day: &Day, wrong: &Wrong) -> Tries {
    let changed = wrong.overlay.files().map(|(path, _)| path).chain(&wrong.remove).chain(wrong.write.keys());
    let python: Vec<_> = changed.filter(|path| path.as_str().ends_with(".py")).collect();
    if !python.is_empty() && !python.into_iter().any(is_plain_module) {
        Tries::Always
    } else if wrong.fails.iter().any(|slug| tries_tests(day, slug)) {
        Tries::Passing
    } else {
        Tries::Never
    }
}

/// Returns whether a requirement is passed that depends on how tests do on mutants.
fn is_open(day: &Day, report: &RequirementReport) -> bool {
    report.outcome == Outcome::Passed && tries_tests(day, &report.id.slug)
}

fn tries_tests(day: &Day, slug: &Slug) -> bool {
    day.requirement(slug).is_some_and(|requirement| requirement.check.tries_tests())
}

fn is_plain_module(path: &PackPath) -> bool {
    let name = path.as_str().rsplit('/').next().unwrap_or_default();
    name.strip_suffix(".py")
        .is_some_and(|stem| !stem.starts_with("test") && !stem.ends_with("_test") && stem != "conftest")
}

/// Returns the requirements of a day that its hidden suite answers for.
fn hidden_of(day: &Day) -> impl Iterator<Item = &Slug> {
    let hidden = day.requirements().iter().filter(|requirement| requirement.check == Check::Hidden);
    hidden.map(|requirement| &requirement.id.slug)
}
