//! Decides what runs when: from targets to a finished run.
//!
//! ```text
//! target ─► plan ─► cache ──────────────────────────────────────────────► outcomes ─► DayReport ─► RunReport
//!             │       └─(not there)─► prepare ─► dispatch ─► checks ────────┘
//!             └─► looks (files, git, ticks) ────────────────────────────────┘
//! ```
//!
//! When every verdict is in the cache, nothing is started: no interpreter, no sandbox, no runtime. `check` does one check,
//! `dispatch` all of them side by side; reports hear of everything through `Event`s and through nothing else.

pub mod cache;
pub mod check;
pub mod dispatch;
pub mod interrupt;
pub mod last_run;
pub mod looks;
mod mutation;
pub mod plan;
mod scratch;
pub mod target;
mod trial;
mod workshop;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::config::settings::{Sandbox, Settings};
use crate::day::Slug;
use crate::event::{CheckKind, Containment, DayReport, Event, Level, RequirementReport, RunInfo, RunReport};
use crate::examiner::Records;
use crate::finding::Captured;
use crate::outcome::{Fault, Outcome, Verdict};
use crate::pack::{Course, Requirement};
use crate::process::Cancel;
use crate::repository::Repository;
use crate::sandbox::{self, Confinement, Launcher};
use crate::snapshot::Snapshot;
use crate::toolchain::Toolchain;
use crate::zygote::MOST_CANDIDATES;

use cache::{Cache, Key, Memory};
use check::{Bench, PreparedDay, kind_of, pack_fault};
use dispatch::{Batch, DayChecks};
use looks::Looks;
pub use mutation::Mutation;
use plan::PlannedDay;
pub use workshop::Workshop;

/// What a run grades, and with what.
#[derive(Debug)]
pub struct Grading<'a> {
    /// The course.
    pub course: &'a Course,
    /// The learner's repository.
    pub repository: &'a Repository,
    /// How.
    pub settings: &'a Settings,
    /// The Python environment, if it is there already.
    pub toolchain: Option<Toolchain>,
}

/// Why a run could not begin.
#[derive(Debug, thiserror::Error)]
pub enum GradingError {
    /// No sandbox of the level that is asked for can be had.
    #[error("refusing to run submissions in a sandbox below `{}`", .0.floor.name())]
    NoSandbox(#[source] TooWeak),
    /// Something of ours.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// Why no level that will do can be had.
#[derive(Debug, thiserror::Error)]
#[error("{}", .failed.iter().map(|(level, why)| format!("{}: {why}", level.name())).collect::<Vec<_>>().join("; "))]
pub struct TooWeak {
    /// The weakest level that will do.
    pub floor: Level,
    /// What failed, best level first.
    pub failed: Vec<(Level, sandbox::Unavailable)>,
}

impl TooWeak {
    /// Returns what to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        self.failed.iter().find_map(|(level, why)| why.hint(*level))
    }
}

/// What ends a run before its time.
#[derive(Debug)]
enum Ending {
    /// Ctrl-C, or SIGTERM.
    Signal,
    /// Whoever holds the other end.
    Asked(Cancel),
}

/// In what a run is done, how it ends, and what of it is known.
struct Terms<O> {
    open: O,
    ending: Ending,
    lookup: Lookup,
    memory: Option<Memory>,
}

impl<O> Terms<O> {
    /// Returns the terms of a run that is the only one.
    fn of_one(open: O) -> Self {
        Self { open, ending: Ending::Signal, lookup: Lookup::Cached, memory: None }
    }
}

/// Whether verdicts that are known count. New ones are kept either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lookup {
    /// What is in the cache is not graded again.
    Cached,
    /// Everything is.
    Anew,
}

/// One day on its way through a run.
#[derive(Debug)]
struct Track {
    planned: Arc<PlannedDay>,
    cached: Option<cache::Entry>,
}

impl Track {
    /// Returns whether anything has to be run for this day.
    fn needs_checks(&self) -> bool {
        let sandboxed = |kind: CheckKind| dispatch::SANDBOXED.contains(&kind);
        self.cached.is_none() && self.planned.work.is_some() && self.kinds().any(sandboxed)
    }

    /// Returns whether a verdict says what became of all that sandboxed checks answer for.
    fn is_answered_by(&self, entry: &cache::Entry) -> bool {
        let sandboxed =
            |requirement: &&Requirement| dispatch::SANDBOXED.contains(&kind_of(&requirement.check));
        let mut wanted = self.planned.wanted_requirements().filter(sandboxed);
        wanted.all(|requirement| entry.outcomes.contains_key(&requirement.id.slug))
    }

    /// Returns which checks answer for what is wanted of this day.
    fn kinds(&self) -> impl Iterator<Item = CheckKind> {
        self.planned.wanted_requirements().map(|requirement| kind_of(&requirement.check))
    }
}

/// Where a run says what happens; nobody listening is no reason to stop.
#[derive(Debug, Clone)]
pub struct Events(mpsc::UnboundedSender<Event>);

impl Events {
    /// Returns a teller and the end at which it is heard.
    pub fn channel() -> (Self, mpsc::UnboundedReceiver<Event>) {
        let (sender, receiver) = mpsc::unbounded_channel();
        (Self(sender), receiver)
    }

    /// Says that something happened.
    pub fn tell(&self, event: Event) {
        let _ = self.0.send(event);
    }
}

impl Grading<'_> {
    /// Grades these days. `set_up` is asked for the Python environment when it is needed and not there.
    /// Ctrl-C ends the checks, once, and the report says what is known; twice, and the program is over.
    ///
    /// # Errors
    ///
    /// When nothing could be run at all, which is ours.
    pub fn run(
        &self,
        planned: Vec<PlannedDay>,
        set_up: impl FnOnce() -> Result<Toolchain, Fault>,
        events: &Events,
    ) -> Result<RunReport, GradingError> {
        let open = |kinds: &_| Workshop::of_run(self.toolchain.clone(), set_up, kinds, self.settings.sandbox);
        self.run_with(planned, Terms::of_one(open), events)
    }

    /// Grades these days in a workshop that is there already, and may be in use by others. Otherwise as `run`.
    ///
    /// # Errors
    ///
    /// When nothing could be run at all, which is ours.
    pub fn run_in(
        &self,
        workshop: &Workshop,
        planned: Vec<PlannedDay>,
        events: &Events,
    ) -> Result<RunReport, GradingError> {
        let open = |_: &_| Ok(workshop.clone());
        self.run_with(planned, Terms::of_one(open), events)
    }

    /// Grades these days until it is cancelled, and remembers what is not kept. What is known by then is reported; a day that was not done is
    /// kept nowhere. The workshop is asked for only where something has to be run. Signals are left to the caller.
    ///
    /// # Errors
    ///
    /// When nothing could be run at all, which is ours.
    pub fn run_until(
        &self,
        cancel: Cancel,
        planned: Vec<PlannedDay>,
        (lookup, memory): (Lookup, Memory),
        open: impl FnOnce() -> Result<Workshop, GradingError>,
        events: &Events,
    ) -> Result<RunReport, GradingError> {
        let open = |_: &_| open();
        self.run_with(
            planned,
            Terms { open, ending: Ending::Asked(cancel), lookup, memory: Some(memory) },
            events,
        )
    }

    fn run_with(
        &self,
        planned: Vec<PlannedDay>,
        terms: Terms<impl FnOnce(&BTreeSet<CheckKind>) -> Result<Workshop, GradingError>>,
        events: &Events,
    ) -> Result<RunReport, GradingError> {
        let begun = Instant::now();
        let memory = terms.memory.clone();
        let cache = self.settings.cache.then(|| Cache::new(&self.settings.cache_dir).with(memory));
        let known = cache.as_ref().filter(|_| terms.lookup == Lookup::Cached);
        let tracks: Vec<Track> =
            planned.into_iter().map(|day| self.track(day, known)).collect::<Result<_, Fault>>()?;
        let looks = Looks::new(self.repository);
        let needs_checks = tracks.iter().any(Track::needs_checks);
        let seed = self.seed(&tracks);
        let mut reports = BTreeMap::new();
        let mut finish = |report: DayReport| {
            events.tell(Event::DayFinished(report.clone()));
            reports.insert(report.day, report);
        };
        let info = if needs_checks {
            self.check(&tracks, seed, terms, events, cache.as_ref(), |track, checks| {
                finish(day_report(track, &looks, Source::Checked(checks), seed));
            })?
        } else {
            let info = self.remembered(seed, &tracks);
            events.tell(Event::RunStarted(info.clone()));
            info
        };
        for track in tracks.iter().filter(|track| !track.needs_checks()) {
            finish(day_report(track, &looks, Source::Known(track.cached.as_ref()), seed));
        }
        let days: Vec<DayReport> = reports.into_values().collect();
        let verdict = Verdict::of_run(days.iter().map(|day| day.verdict));
        let report = RunReport { info, days, elapsed: begun.elapsed(), verdict };
        events.tell(Event::RunFinished(report.clone()));
        Ok(report)
    }

    /// Returns what is known of a day as it stands, without running anything; `None` where it has not been graded like that.
    ///
    /// # Errors
    ///
    /// When the pack cannot be read, which is ours.
    pub fn known(&self, planned: PlannedDay) -> Result<Option<DayReport>, Fault> {
        let track = self.track(planned, Some(&Cache::new(&self.settings.cache_dir)))?;
        let source = Source::Known(track.cached.as_ref());
        let is_known = !track.needs_checks();
        Ok(is_known.then(|| day_report(&track, &Looks::new(self.repository), source, 0)))
    }

    /// Returns the seed that is asked for, or that of the first cached verdict where nothing is run, or a fresh one.
    fn seed(&self, tracks: &[Track]) -> u64 {
        let remembered = || {
            let entry = tracks.iter().find_map(|track| track.cached.as_ref())?;
            (!tracks.iter().any(Track::needs_checks)).then_some(entry.seed)
        };
        self.settings.seed.or_else(remembered).unwrap_or_else(|| u64::from(rand::random::<u32>()))
    }

    /// Looks a day up in the cache.
    fn track(&self, planned: PlannedDay, cache: Option<&Cache>) -> Result<Track, Fault> {
        let mut track = Track { planned: Arc::new(planned), cached: None };
        if let (Some(toolchain), Some(cache)) = (&self.toolchain, cache) {
            let entry = self.key(&track, toolchain)?.and_then(|key| cache.get(&key));
            track.cached = entry.filter(|entry| track.is_answered_by(entry));
        }
        Ok(track)
    }

    /// Returns the cache key of a day of which there is something.
    fn key(&self, track: &Track, toolchain: &Toolchain) -> Result<Option<Key>, Fault> {
        let Some(work) = &track.planned.work else { return Ok(None) };
        let key = Key::of(&track.planned, work, toolchain, self.settings);
        key.map(Some).map_err(|error| pack_fault(&error))
    }

    /// Returns what is known of a run in which nothing has to be run: the weakest containment under which a cached verdict was
    /// reached, and its seed.
    fn remembered(&self, seed: u64, tracks: &[Track]) -> RunInfo {
        let entries = tracks.iter().filter_map(|track| track.cached.as_ref());
        match entries.min_by_key(|entry| entry.containment.level) {
            Some(entry) => self.info(entry.containment.clone(), entry.seed, tracks),
            None => {
                let reason = Some("nothing had to be run".to_owned());
                let level = self.settings.sandbox.floor();
                self.info(
                    Containment { level, layers: Vec::new(), missing: Vec::new(), reason },
                    seed,
                    tracks,
                )
            }
        }
    }

    fn info(&self, containment: Containment, seed: u64, tracks: &[Track]) -> RunInfo {
        let days =
            tracks.iter().map(|track| (track.planned.day.id, track.planned.wanted_requirements().count()));
        RunInfo {
            course: self.course.name.clone(),
            root: self.repository.shown_root().display().to_string(),
            seed,
            containment,
            days: days.collect(),
        }
    }

    /// Runs the checks of the days that need any; `finished` hears of each.
    fn check(
        &self,
        tracks: &[Track],
        seed: u64,
        terms: Terms<impl FnOnce(&BTreeSet<CheckKind>) -> Result<Workshop, GradingError>>,
        events: &Events,
        cache: Option<&Cache>,
        mut finished: impl FnMut(&Track, &DayChecks),
    ) -> Result<RunInfo, GradingError> {
        let kinds: BTreeSet<CheckKind> =
            tracks.iter().filter(|track| track.needs_checks()).flat_map(Track::kinds).collect();
        let workshop = (terms.open)(&kinds)?;
        let toolchain = workshop.tools.toolchain.clone();
        let info = self.info(workshop.confinement.report(), seed, tracks);
        events.tell(Event::RunStarted(info.clone()));
        let scratch = workshop.folder()?;
        let batch = self.prepare(tracks, scratch.path())?;
        runtime()?.block_on(async {
            let cancel = match terms.ending {
                Ending::Signal => interrupt::watch(events.clone()),
                Ending::Asked(cancel) => cancel,
            };
            let bench = Bench::new(&workshop, self.settings, seed, cancel.clone());
            let keep = |day, checks: DayChecks| {
                if let Some(track) = tracks.iter().find(|track| track.planned.day.id == day) {
                    // What ends while everything is being ended is no verdict for ever.
                    let cache = cache.filter(|_| !*cancel.borrow());
                    self.keep(cache, track, &toolchain, &info, &checks);
                    finished(track, &checks);
                }
            };
            dispatch::run(bench, batch, events.clone(), keep).await;
        });
        Ok(info)
    }

    /// Runs the hidden suite of the first of these days, and returns its records as they are: for whoever writes the suite.
    ///
    /// # Errors
    ///
    /// When nothing can be run, or there is nothing of the day.
    pub fn examine(&self, planned: Vec<PlannedDay>, workshop: &Workshop) -> Result<Records, GradingError> {
        let tracks: Vec<Track> =
            planned.into_iter().map(|day| self.track(day, None)).collect::<Result<_, Fault>>()?;
        let scratch = workshop.folder()?;
        let batch = self.prepare(&tracks, scratch.path())?;
        let nothing = || Fault::new("there is nothing to examine");
        let day = batch.days.first().ok_or_else(nothing)?;
        let work = day.work().ok_or_else(nothing)?;
        let seed = self.settings.seed.unwrap_or_default();
        let (records, _) = runtime()?.block_on(async {
            let (_, never) = tokio::sync::watch::channel(false);
            let bench = Bench::new(workshop, self.settings, seed, never);
            bench.examine(day, work).await
        })?;
        Ok(records)
    }

    /// Lays out the files of the days that need checks, and their hidden suites.
    fn prepare(&self, tracks: &[Track], scratch: &Path) -> Result<Batch, Fault> {
        let mut days = Vec::new();
        for track in tracks.iter().filter(|track| track.needs_checks()) {
            let Some(work) = &track.planned.work else { continue };
            let place = scratch.join(track.planned.day.id.to_string());
            let root = work.snapshot.materialise(&place).map_err(|error| copy_fault(&error))?;
            // Of what is reviewed, only versions are laid out.
            let reviewed = track.planned.reviewed.iter().map(|day| self.prepared(day, &root, Vec::new()));
            let reviewed = reviewed.collect::<Result<_, Fault>>()?;
            days.push(self.prepared(&track.planned, &root, reviewed)?);
        }
        let days = self.split(days);
        let root = match &days[..] {
            [only] => only.root.clone(),
            _ => {
                let snapshots = days.iter().filter_map(|day| Some(&day.work()?.snapshot));
                Snapshot::materialise_all(snapshots, &scratch.join("all"))
                    .map_err(|error| copy_fault(&error))?
            }
        };
        Ok(Batch { days, root, scratch: scratch.to_owned() })
    }

    fn prepared(
        &self,
        planned: &Arc<PlannedDay>,
        root: &Path,
        reviewed: Vec<PreparedDay>,
    ) -> Result<PreparedDay, Fault> {
        let suites = self.settings.data_dir.join("suites");
        let suite = planned.day.materialise_hidden(&suites).map_err(|error| pack_fault(&error))?;
        Ok(PreparedDay { planned: Arc::clone(planned), root: root.to_owned(), suite, shards: 1, reviewed })
    }

    /// Splits hidden suites where there are more processors than days: a suite and its candidate wait for each other, so they keep
    /// one busy.
    fn split(&self, mut days: Vec<PreparedDay>) -> Vec<Arc<PreparedDay>> {
        let hidden = |day: &&mut PreparedDay| day.requirements(CheckKind::Hidden).next().is_some();
        let examined = days.iter_mut().filter(hidden).count();
        // Jobs may be more: some wait.
        let processors = std::thread::available_parallelism().map_or(1, usize::from).min(self.settings.jobs);
        for day in days.iter_mut().filter(hidden) {
            let tests = day.planned.day.expected().map_or(0, |expected| day.tests(&expected));
            let share = processors / examined;
            day.shards = share.min(tests / TESTS_OF_A_SHARD).clamp(1, MOST_CANDIDATES);
        }
        days.into_iter().map(Arc::new).collect()
    }

    fn keep(
        &self,
        cache: Option<&Cache>,
        track: &Track,
        toolchain: &Toolchain,
        info: &RunInfo,
        checks: &DayChecks,
    ) {
        let Some(cache) = cache else { return };
        // The key was found once already, or the day would not have been planned; without one there is nothing to keep.
        let Ok(Some(key)) = self.key(track, toolchain) else { return };
        let (outcomes, containment) = (checks.outcomes.clone(), info.containment.clone());
        cache.put(&key, &cache::Entry { outcomes, seed: info.seed, elapsed: checks.elapsed, containment });
    }
}

/// Finds out what sandbox there is.
///
/// # Errors
///
/// When there is none and one is asked for.
pub fn confinement(wanted: Sandbox) -> Result<Confinement, GradingError> {
    let launcher =
        Launcher::this_program().map_err(|error| Fault::from_error("failed to find this program", &error))?;
    let too_weak = |failed| GradingError::NoSandbox(TooWeak { floor: wanted.floor(), failed });
    match wanted {
        Sandbox::Exactly(Level::None) => Ok(Confinement::none(launcher)),
        Sandbox::Exactly(level) => {
            sandbox::probe(launcher, level).map_err(|why| too_weak(vec![(level, why)]))
        }
        Sandbox::Best(floor) => sandbox::choose(&launcher, floor).map_err(too_weak),
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Fault> {
    // One thread is enough: everything that takes time is another process.
    let built = tokio::runtime::Builder::new_current_thread().enable_all().build();
    built.map_err(|error| Fault::from_error("failed to start the runtime", &error))
}

fn copy_fault(error: &std::io::Error) -> Fault {
    Fault::from_error("failed to copy the submission", error).hint(DISK)
}

/// Where the outcomes of a day's sandboxed checks come from.
#[derive(Clone, Copy)]
enum Source<'a> {
    /// They were done in this run.
    Checked(&'a DayChecks),
    /// They are in the cache, or there was nothing to run.
    Known(Option<&'a cache::Entry>),
}

impl Source<'_> {
    fn outcome(&self, slug: &Slug) -> Option<&Outcome> {
        match self {
            Self::Checked(checks) => checks.outcomes.get(slug),
            Self::Known(entry) => entry.and_then(|entry| entry.outcomes.get(slug)),
        }
    }

    fn entry(&self) -> Option<&cache::Entry> {
        match self {
            Self::Checked(_) => None,
            Self::Known(entry) => *entry,
        }
    }
}

fn day_report(track: &Track, looks: &Looks<'_>, source: Source<'_>, seed: u64) -> DayReport {
    let planned = &track.planned;
    let requirement = |requirement: &Requirement| {
        let looked = looks.judge(planned, requirement);
        let checked = || source.outcome(&requirement.id.slug).cloned();
        let unheard = || Outcome::Broken(Fault::new(format!("nothing was heard of `{}`", requirement.id)));
        RequirementReport {
            id: requirement.id.clone(),
            text: requirement.text.clone(),
            check: kind_of(&requirement.check),
            outcome: looked.or_else(checked).unwrap_or_else(unheard),
        }
    };
    let requirements: Vec<RequirementReport> = planned.wanted_requirements().map(requirement).collect();
    let elapsed = match &source {
        Source::Checked(checks) => checks.elapsed,
        Source::Known(entry) => entry.map_or(Duration::ZERO, |entry| entry.elapsed),
    };
    DayReport {
        day: planned.day.id,
        title: planned.day.title.clone(),
        folder: planned.work.as_ref().map(|work| Captured::new(work.folder.to_string())),
        verdict: Verdict::of_day(requirements.iter().map(|report| &report.outcome)),
        cached: source.entry().is_some(),
        seed: source.entry().map_or(seed, |entry| entry.seed),
        elapsed,
        requirements,
        notices: planned.notices.clone(),
    }
}

/// Tests for which it pays to start a candidate of their own.
const TESTS_OF_A_SHARD: usize = 16;

const DISK: &str = "is the disk full or read-only? `TMPDIR` names another folder for temporary files";
