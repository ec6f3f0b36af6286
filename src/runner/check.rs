//! Does one check: starts what it needs in the sandbox and hands what comes back to whoever knows what it means.
//!
//! What a check is done with (`Bench`) is made once for a run and shared; what is checked is one `PreparedDay`, whose files lie
//! in a folder of their own. A check never fails: what goes wrong on our side is an outcome too, `Broken`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::command::CommandSpec;
use crate::config::settings::{Recall, Settings, Until};
use crate::day::{DayId, Slug};
use crate::event::CheckKind;
use crate::examiner::{self, CandidateConfig, ExamJob, Memory, Records};
use crate::finding::{Captured, Finding};
use crate::kit::{Entry, Kit};
use crate::outcome::{Exit, Fault, Outcome};
use crate::pack::{Check, Clock, ExpectedTests, PackPath, Requirement};
use crate::process::{self, Cancel, Finished, Job};
use crate::rel_path::RelPath;
use crate::sandbox::{Confinement, Limits, Overlay, Policy};
use crate::tool::facts::{self, Facts, WantedMutants};
use crate::tool::mutants::Trial;
use crate::tool::own_tests::{self, Components};
use crate::tool::{self, SUBMISSION, mypy, ruff};
use crate::toolchain::Toolchain;
use crate::zygote::{Expected, Zygote};

use super::Workshop;
use super::plan::{PlannedDay, Work};
use super::trial;

/// Where mypy finds its private copy of the primed cache.
const MYPY_CACHE: &str = "/mypy-cache";

/// Candidates that a day may have in the place of others. A test has two at the most, so this is more than any suite asks for.
const MOST_SUCCESSORS: usize = 2_000;

/// How much of the time for own tests is for trying them on versions.
const TRIALS: f64 = 0.6;

/// What every check of a run is done with.
#[derive(Debug)]
pub struct Bench {
    /// The Python environment and what runs in it.
    pub tools: Arc<Tools>,
    /// What the sandbox is.
    pub confinement: Arc<Confinement>,
    /// How the run is done.
    pub settings: Settings,
    /// The seed from which inputs are drawn.
    pub seed: u64,
    /// When the run must be over.
    pub deadline: Instant,
    /// Says when to stop.
    pub cancel: Cancel,
}

/// The Python half of a run: the environment, held so that nobody makes it anew, and what was started in it.
#[derive(Debug)]
pub struct Tools {
    /// The Python environment.
    pub toolchain: Toolchain,
    /// The Python half of this program.
    pub kit: Kit,
    /// The process whose forks run hidden suites, and what else would import the same again. Where no kind of check needs
    /// it there is none: it takes longer to start than ruff to run.
    pub zygote: Option<Zygote>,
    _held: io::Result<File>,
}

impl Tools {
    /// Starts what these kinds of check need.
    ///
    /// # Errors
    ///
    /// When a process cannot be started, or the kit not be laid out, which is ours.
    pub fn start(
        toolchain: Toolchain,
        kinds: &BTreeSet<CheckKind>,
        expected: Expected,
    ) -> Result<Self, Fault> {
        let held = toolchain.hold();
        let kit = Kit::lay_out(&toolchain)?;
        let needed = kinds.contains(&CheckKind::Hidden) || kinds.contains(&CheckKind::OwnTests);
        let zygote = needed.then(|| Zygote::start(&toolchain, &kit, expected)).transpose()?;
        Ok(Self { toolchain, kit, zygote, _held: held })
    }
}

/// A day whose files lie ready.
#[derive(Debug)]
pub struct PreparedDay {
    /// The day and what is wanted of it.
    pub planned: Arc<PlannedDay>,
    /// Where its files are on the host: the root of the submission.
    pub root: PathBuf,
    /// Where its hidden suite is.
    pub suite: PathBuf,
    /// Among how many candidates the hidden suite is split.
    pub shards: usize,
    /// The days of whose projects its work has one; their suites know what is wrong with them.
    pub reviewed: Vec<PreparedDay>,
}

impl PreparedDay {
    /// Returns what there is of the day; a day that is prepared has something.
    pub fn work(&self) -> Option<&Work> {
        self.planned.work.as_ref()
    }

    /// Returns how many of these tests are wanted.
    pub fn tests(&self, expected: &ExpectedTests) -> usize {
        self.requirements(CheckKind::Hidden)
            .filter_map(|each| expected.of(&each.id.slug))
            .map(BTreeSet::len)
            .sum()
    }

    /// Returns the file of each module by its name, below the day's folder: the first that is there.
    pub fn modules(&self, work: &Work) -> BTreeMap<String, Option<String>> {
        let exists = |file: &&PackPath| {
            work.folder.follow(file.as_str()).is_some_and(|path| work.snapshot.file(&path).is_some())
        };
        let found = |files: &[PackPath]| files.iter().find(exists).map(|file| file.as_str().to_owned());
        self.planned.day.modules.iter().map(|(name, files)| (name.to_owned(), found(files))).collect()
    }

    /// Returns the wanted requirements that a kind of check answers for.
    pub fn requirements(&self, kind: CheckKind) -> impl Iterator<Item = &Requirement> {
        self.planned.wanted_requirements().filter(move |requirement| kind_of(&requirement.check) == kind)
    }
}

/// Returns which kind of check answers for a requirement.
pub fn kind_of(check: &Check) -> CheckKind {
    match check {
        Check::Hidden => CheckKind::Hidden,
        Check::OwnTests { .. } => CheckKind::OwnTests,
        Check::Types { .. } => CheckKind::Types,
        Check::Lint => CheckKind::Lint,
        Check::Files { .. } | Check::PytestSettings => CheckKind::Files,
        Check::Git(_) => CheckKind::Git,
        Check::ByHand => CheckKind::ByHand,
    }
}

/// How much of a hidden suite is run.
#[derive(Debug, Clone)]
pub struct Extent {
    /// The tests of these requirements, or all.
    pub only: Option<Vec<String>>,
    /// How far.
    pub until: Until,
}

/// The outcomes of a check, by requirement.
pub type Outcomes = BTreeMap<Slug, Outcome>;

impl Bench {
    /// Returns what the checks of a run that begins now are done with.
    pub fn new(workshop: &Workshop, settings: &Settings, seed: u64, cancel: Cancel) -> Self {
        let Workshop { tools, confinement, .. } = workshop.clone();
        let deadline = Instant::now() + settings.limits.run;
        Self { tools, confinement, settings: settings.clone(), seed, deadline, cancel }
    }

    fn policy(&self, root: &Path, memory: u64, wall: Duration) -> Policy {
        // The kit lies in the environment's own folder for it, which is one of these.
        let read_only = self.tools.toolchain.mounts.clone();
        let limits = Limits { cpu: wall, memory, ..Limits::default() };
        Policy {
            read_only,
            overlays: vec![Overlay { source: root.to_owned(), inside: SUBMISSION.into() }],
            limits,
        }
    }

    /// Returns the time that something with this limit may take before the run must be over.
    fn within(&self, limit: Duration) -> Duration {
        limit.min(self.deadline.saturating_duration_since(Instant::now()))
    }

    fn job<'a>(&'a self, command: &'a CommandSpec, policy: &'a Policy, wall: Duration) -> Job<'a> {
        Job {
            command,
            confinement: &self.confinement,
            policy,
            wall: self.within(wall),
            output_cap: self.settings.limits.output,
            fds: Vec::new(),
            adoptee: None,
            report_fd: false,
        }
    }

    /// Returns a fork of the zygote that takes the place of a process of the kit, where the sandbox lets it in.
    fn adoptee(&self, entry: Entry) -> Result<Option<OwnedFd>, Fault> {
        let zygote =
            self.tools.zygote.as_ref().filter(|zygote| zygote.may_enter() && self.confinement.adopts());
        zygote.map(|zygote| zygote.offer(entry)).transpose()
    }

    /// Runs a process of the kit that reads the learner's files.
    async fn tool(&self, entry: Entry, command: &CommandSpec, policy: &Policy) -> Result<Finished, Fault> {
        let job = self.job(command, policy, self.settings.limits.tools);
        let job = Job { adoptee: self.adoptee(entry)?, ..job };
        process::run(job, self.cancel.clone()).await
    }

    /// Reads these files (paths below `root`) as syntax, and makes mutants of the modules of days.
    pub async fn facts(
        &self,
        root: &Path,
        files: &[String],
        mutants: &BTreeMap<DayId, WantedMutants>,
    ) -> Result<Facts, Fault> {
        let files = files.iter().map(String::as_str);
        let command = facts::command(&self.tools.toolchain, &self.tools.kit, files, mutants);
        let policy = self.policy(root, self.settings.limits.memory, self.settings.limits.tools);
        let finished = self.tool(Entry::Facts, &command, &policy).await?;
        match finished.exit {
            Exit::Code(0) => Facts::parse(&finished.stdout),
            exit => Err(Fault::new(format!("the reader of Python files {}", exit.in_words()))
                .because(String::from_utf8_lossy(&finished.stderr).trim().to_owned())),
        }
    }

    /// Runs ruff over these files (paths below `root`).
    pub async fn lint(&self, root: &Path, files: &[String]) -> Result<Vec<Finding>, Fault> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let command = ruff::command(&self.tools.toolchain, files.iter().map(String::as_str));
        let mut policy = self.policy(root, self.settings.limits.memory, self.settings.limits.tools);
        policy.read_only.push(self.tools.toolchain.ruff.clone());
        policy.read_only.dedup();
        let job = self.job(&command, &policy, self.settings.limits.tools);
        let running = process::spawn(job, self.cancel.clone())?;
        // ruff names files by where they are for it.
        let root = running.host_path(Path::new(SUBMISSION));
        let finished = running.wait().await?;
        ruff::parse(finished.exit, &finished.stdout, &finished.stderr, &root)
    }

    /// Runs mypy over these files (paths below `root`), of which `annotated` (paths below their day's folder) must be annotated.
    /// `config` is where the configuration may be written.
    pub async fn types(
        &self,
        root: &Path,
        files: &[String],
        annotated: &[String],
        naming: mypy::Naming,
        config: &Path,
    ) -> Result<mypy::Checked, Fault> {
        if files.is_empty() {
            return Ok(mypy::Checked::Whole(Vec::new()));
        }
        tokio::fs::write(config, mypy::config(annotated.iter().map(String::as_str)))
            .await
            .map_err(|error| Fault::from_error("failed to write mypy's configuration", &error))?;
        let command = mypy::command(
            &self.tools.toolchain,
            &self.tools.kit,
            config,
            Path::new(MYPY_CACHE),
            naming,
            files.iter().map(String::as_str),
        );
        let mut policy = self.policy(root, 2 * self.settings.limits.memory, self.settings.limits.tools);
        policy.read_only.push(config.to_owned());
        policy
            .overlays
            .push(Overlay { source: self.tools.toolchain.mypy_cache.clone(), inside: MYPY_CACHE.into() });
        let finished = self.tool(Entry::Mypy, &command, &policy).await?;
        mypy::parse(finished.exit, &finished.stdout, &finished.stderr)
    }

    /// Runs the learner's own tests of a day and judges the requirements that ask for them.
    pub async fn own_tests(&self, day: &PreparedDay, facts: &Facts) -> Outcomes {
        let Some(work) = day.work() else { return Outcomes::new() };
        let files: Vec<&str> = work.snapshot.own_test_files().iter().map(RelPath::as_str).collect();
        let has_tests = files.iter().any(|path| facts.of(path).is_some_and(|facts| !facts.tests.is_empty()));
        if !has_tests {
            return self.judge_own_tests(day, work, facts, &files, None);
        }
        let trial = self.plan_trial(day, facts);
        // People start pytest in the root of the repository or in the day's folder, and either is right.
        let mut finished = self.run_own_tests(day, work, facts, &files, ".", trial.as_ref()).await;
        let mut judged = self.judge_own_tests(day, work, facts, &files, Some(&finished));
        let has_failed = judged.values().any(|outcome| matches!(outcome, Outcome::Failed(_)));
        let all_passed = |finished: &Finished| own_tests::all_passed(facts, &files, &ran_own_tests(finished));
        let may_do_better = finished.as_ref().is_ok_and(|finished| !all_passed(finished));
        if !work.folder.is_root() && has_failed && may_do_better {
            let folder = work.folder.as_str();
            let from_folder = self.run_own_tests(day, work, facts, &files, folder, trial.as_ref()).await;
            let again = self.judge_own_tests(day, work, facts, &files, Some(&from_folder));
            if again.values().all(|outcome| *outcome == Outcome::Passed) {
                (finished, judged) = (from_folder, again);
            }
        }
        if let (Some(trial), Ok(finished)) = (&trial, &finished) {
            self.judge_trial(day, trial, finished, &mut judged).await;
        }
        say_once(day, &mut judged);
        judged
    }

    fn judge_own_tests(
        &self,
        day: &PreparedDay,
        work: &Work,
        facts: &Facts,
        files: &[&str],
        finished: Option<&Result<Finished, Fault>>,
    ) -> Outcomes {
        let subject = subject(day, facts);
        let wanted = |requirement: &Requirement| wanted(&requirement.check, &day.planned.names, &subject);
        let no_subject = trial::without_subject(day, facts)
            .filter(|_| finished.is_some())
            .map(|finding| finding.about(own_tests::whole_files(files.iter().copied())));
        let judge = |requirement: &Requirement| match finished {
            Some(Ok(_)) if let Some(finding) = &no_subject => Outcome::Failed(finding.clone().into()),
            Some(Err(fault)) => Outcome::Broken(fault.clone()),
            Some(Ok(Finished { exit: Exit::Cancelled, .. })) => Outcome::Cancelled,
            Some(Ok(finished)) => {
                let ran = ran_own_tests(finished);
                own_tests::judge(&wanted(requirement), facts, files, &shown(work), Some(&ran))
            }
            None => own_tests::judge(&wanted(requirement), facts, files, &shown(work), None),
        };
        day.requirements(CheckKind::OwnTests).map(|each| (each.id.slug.clone(), judge(each))).collect()
    }

    async fn run_own_tests(
        &self,
        day: &PreparedDay,
        work: &Work,
        facts: &Facts,
        files: &[&str],
        start: &str,
        trial: Option<&Trial<'_>>,
    ) -> Result<Finished, Fault> {
        let limits = self.settings.limits.of_day(&day.planned.day.limits);
        let path: Vec<&str> = work.snapshot.python_path().iter().map(RelPath::as_str).collect();
        let virtual_clock = Self::tries_by_virtual_clock(day);
        // The rest is for the tests as they are.
        let patience = limits.wall.mul_f64(TRIALS);
        let until = self.settings.until;
        let how = own_tests::How { files, path: &path, start, virtual_clock, patience, until, trial };
        let command = own_tests::command(&self.tools.toolchain, &self.tools.kit, facts, how);
        let policy = self.policy(&day.root, limits.memory, limits.wall);
        let job = self.job(&command, &policy, limits.wall);
        let job = Job { report_fd: true, adoptee: self.adoptee(Entry::OwnTests)?, ..job };
        process::run(job, self.cancel.clone()).await
    }

    /// Runs a day's hidden suite and judges the requirements that it answers for.
    pub async fn hidden(&self, day: &PreparedDay) -> Outcomes {
        let all = |outcome: &dyn Fn() -> Outcome| {
            day.requirements(CheckKind::Hidden).map(|each| (each.id.slug.clone(), outcome())).collect()
        };
        let Some(work) = day.work() else { return Outcomes::new() };
        let expected = match day.planned.day.expected() {
            Ok(expected) => expected,
            Err(error) => return all(&|| Outcome::Broken(pack_fault(&error))),
        };
        let (records, exit) = match self.examine(day, work).await {
            Ok(examined) => examined,
            Err(fault) => return all(&|| Outcome::Broken(fault.clone())),
        };
        let judge = |slug: &Slug| records.judge(day.planned.day.id, slug, &expected, exit);
        day.requirements(CheckKind::Hidden).map(|each| (each.id.slug.clone(), judge(&each.id.slug))).collect()
    }

    /// Runs as much of a day's hidden suite as is wanted. Returns its records, and how it ended where it did not end by itself.
    pub async fn examine(&self, day: &PreparedDay, work: &Work) -> Result<(Records, Option<Exit>), Fault> {
        let all = Extent { only: day.planned.wanted.names(), until: self.settings.until };
        self.examine_by(day, work, all, &self.settings.recall).await
    }

    /// Runs as much of a day's hidden suite as is said, and recalls what is said.
    pub async fn examine_by(
        &self,
        day: &PreparedDay,
        work: &Work,
        extent: Extent,
        recall: &Recall,
    ) -> Result<(Records, Option<Exit>), Fault> {
        let limits = self.settings.limits.of_day(&day.planned.day.limits);
        let command = tool::kit_command(&self.tools.toolchain, &self.tools.kit, Entry::Candidate, SUBMISSION);
        let policy = self.policy(&day.root, limits.memory, limits.wall);
        let candidate = |socket: OwnedFd| {
            let job = self.job(&command, &policy, 2 * limits.wall);
            let job = Job { fds: vec![(socket, 3)], adoptee: self.adoptee(Entry::Candidate)?, ..job };
            process::spawn(job, self.cancel.clone())
        };
        let (mut candidates, mut sockets) = (Vec::new(), Vec::new());
        for _ in 0..day.shards {
            let (ours, theirs) = UnixStream::pair()
                .map_err(|error| Fault::from_error("failed to open the candidate's socket", &error))?;
            candidates.push(candidate(theirs.into())?);
            sockets.push(OwnedFd::from(ours));
        }
        let zygote = self.tools.zygote.as_ref().ok_or_else(|| Fault::new("no zygote was started"))?;
        let until = extent.until;
        let job = self.exam_job(day, work, extent, recall);
        let (mut stream, requests) = examiner::examine(zygote, &job, &sockets)?;
        drop(sockets);
        let supply = async {
            for _ in 0..MOST_SUCCESSORS {
                let (number, socket) = requests.next().await.map_err(|error| unheard(&error))?;
                let gone = candidates.get_mut(number).ok_or_else(|| Fault::new("an examiner miscounts"))?;
                std::mem::replace(gone, candidate(socket)?).stop().await?;
            }
            drop(requests);
            std::future::pending().await
        };
        let mut report = Vec::new();
        let exit = tokio::select! {
            read = tokio::time::timeout(self.within(limits.wall), stream.read(&mut report, until)) => match read {
                Ok(read) => {
                    read.map_err(|error| unheard(&error))?;
                    None
                }
                Err(_) => Some(Exit::TimedOut(limits.wall)),
            },
            failed = supply => return failed,
            () = cancelled(self.cancel.clone()) => Some(Exit::Cancelled),
        };
        // A sandbox that could not be built is heard of here: to the examiner it looks like a candidate that died.
        for candidate in candidates {
            candidate.stop().await?;
        }
        Ok((Records::parse(&report, day.shards), exit))
    }

    fn exam_job(&self, day: &PreparedDay, work: &Work, extent: Extent, recall: &Recall) -> ExamJob {
        let (folder, pack_day) = (&work.folder, &day.planned.day);
        let limits = self.settings.limits.of_day(&pack_day.limits);
        let modules = day.modules(work);
        let shown = |(name, files): (&str, &[PackPath])| {
            let file = modules[name].clone().or_else(|| files.first().map(|file| file.as_str().to_owned()));
            let path = file.and_then(|file| folder.follow(&file)).map(|path| path.to_string());
            (name.to_owned(), path.unwrap_or_default())
        };
        ExamJob {
            suite: day.suite.clone(),
            seed: self.seed,
            shuffle: self.settings.shuffle.then_some(self.seed),
            only: extent.only,
            until: extent.until,
            folder: folder.below(&day.root),
            files: pack_day.modules.iter().map(shown).collect(),
            recall: memory(recall, &day.root),
            candidate: CandidateConfig {
                folder: folder.to_string(),
                path: work.snapshot.python_path().iter().map(ToString::to_string).collect(),
                package: package_of(work),
                modules: modules.clone(),
                names: day.planned.names.clone(),
                clock: match pack_day.clock {
                    Clock::Real => "real",
                    Clock::Virtual => "virtual",
                },
                watched: matches!(recall, Recall::Keep(_)),
                import_timeout: limits.import.as_secs_f64(),
                probe_timeout: limits.probe.as_secs_f64(),
            },
        }
    }
}

fn ran_own_tests(finished: &Finished) -> own_tests::Ran<'_> {
    let output = Captured::from_bytes(&[&finished.stdout[..], &finished.stderr[..]].concat());
    own_tests::Ran { exit: finished.exit, report: &finished.report, output }
}

fn memory(recall: &Recall, root: &Path) -> Option<Memory> {
    let (keep, taken) = match recall {
        Recall::Nothing => return None,
        Recall::Keep(file) => (Some(file.clone()), None),
        Recall::Use(file) => (None, Some(file.clone())),
    };
    Some(Memory { root: root.to_owned(), keep, taken })
}

fn unheard(error: &io::Error) -> Fault {
    Fault::from_error("failed to hear the examiner", error)
}

async fn cancelled(mut cancel: Cancel) {
    if cancel.wait_for(|cancelled| *cancelled).await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Returns the dotted name of the package that a day's folder is, or nothing where it is none.
fn package_of(work: &Work) -> String {
    let is_package = |folder: &RelPath| {
        folder.child("__init__.py").is_some_and(|init| work.snapshot.file(&init).is_some())
    };
    let folders = std::iter::once(work.folder.clone()).chain(work.folder.ancestors());
    let parts: Vec<String> = folders
        .take_while(is_package)
        .filter_map(|folder| folder.file_name().map(ToOwned::to_owned))
        .collect();
    parts.into_iter().rev().collect::<Vec<_>>().join(".")
}

/// Where several requirements ask for tests, what is wrong with the tests themselves is said of the first, and the others wait for it.
fn say_once(day: &PreparedDay, judged: &mut Outcomes) {
    let mut slugs = day.requirements(CheckKind::OwnTests).map(|requirement| &requirement.id.slug);
    let Some(first) = slugs.next() else { return };
    let Some(Outcome::Failed(findings)) = judged.get(first) else { return };
    let (said, Some(finding)) = (Outcome::Failed(findings.clone()), findings.as_slice().first()) else {
        return;
    };
    let waits = Finding::new(finding.title.clone()).because(format!("`{first}` says what is in the way"));
    for slug in slugs {
        if let Some(outcome) = judged.get_mut(slug).filter(|outcome| **outcome == said) {
            *outcome = Outcome::Blocked(waits.clone());
        }
    }
}

/// Returns the components of the modules that a day's tests are about.
fn subject(day: &PreparedDay, facts: &Facts) -> Components {
    let modules = facts.mutants_of(day.planned.day.id).into_iter().flat_map(BTreeMap::keys);
    Components::of(&modules.filter_map(|path| facts.of(path)).collect::<Vec<_>>())
}

fn wanted(
    check: &Check,
    names: &BTreeMap<String, Vec<String>>,
    components: &Components,
) -> own_tests::Wanted {
    let accepted = |name: String| {
        let others = names.get(&name).cloned().unwrap_or_default();
        std::iter::once(name).chain(others).collect()
    };
    match check {
        Check::OwnTests { exercises, minimum, shows, .. } => own_tests::Wanted {
            exercises: exercises.iter().map(|name| accepted(name.to_string())).collect(),
            minimum: usize::from(*minimum),
            shows: shows.clone(),
            components: components.clone(),
        },
        _ => own_tests::Wanted { minimum: 1, ..own_tests::Wanted::default() },
    }
}

fn shown(work: &Work) -> String {
    if work.folder.is_root() { ".".to_owned() } else { work.folder.to_string() }
}

/// Returns the fault that a pack's error is when it is met in a run.
pub fn pack_fault(error: &crate::pack::PackError) -> Fault {
    let fault = Fault::from_error("failed to read the pack", error);
    match error.hint() {
        Some(hint) => fault.hint(hint),
        None => fault,
    }
}
