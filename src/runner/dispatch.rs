//! Runs the checks of all days side by side and brings their outcomes together.
//!
//! ```text
//! facts ─┬────────────────► own tests, a day each ─┐
//!        ├─(a file is not Python)─► mypy again     │
//! mypy, all days in a call ────────────────────────┼─► outcomes of each day ─► DayFinished
//! ruff, all days in one call ──────────────────────┤
//! hidden suites, a day each ───────────────────────┘
//! ```
//!
//! Everything starts at once and waits for a permit; mypy and the hidden suites come first, because they take longest. Facts are
//! wanted by most and are read before anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinSet;

use crate::day::DayId;
use crate::event::{CheckId, CheckKind, Event};
use crate::finding::{Captured, Finding, Place};
use crate::outcome::{Fault, Outcome};
use crate::pack::Check;
use crate::rel_path::RelPath;
use crate::tool::facts::Facts;
use crate::tool::mypy::{Checked, Naming};
use crate::tool::{mypy, ruff};

use super::Events;
use super::check::{Bench, Outcomes, PreparedDay};
use super::plan::Work;
use super::trial;

/// Days whose files lie in one folder, for the tools that look at all of them in one call.
#[derive(Debug)]
pub struct Batch {
    /// The days, in order.
    pub days: Vec<Arc<PreparedDay>>,
    /// The folder that holds the files of all of them.
    pub root: PathBuf,
    /// A folder for what tools are told.
    pub scratch: PathBuf,
}

/// What the checks of a day came to.
#[derive(Debug, Clone)]
pub struct DayChecks {
    /// By requirement.
    pub outcomes: Outcomes,
    /// From the first check's start to the last one's end.
    pub elapsed: Duration,
}

/// Shared by all checks of a run.
struct Run {
    bench: Bench,
    batch: Batch,
    permits: Semaphore,
    facts: OnceCell<Result<Facts, Fault>>,
    events: Events,
}

/// Runs every check of a batch. Each day's outcomes are given to `finished` as soon as they are complete.
pub async fn run(bench: Bench, batch: Batch, events: Events, mut finished: impl FnMut(DayId, DayChecks)) {
    let begun = Instant::now();
    let permits = Semaphore::new(bench.settings.jobs);
    let mut pending = Pending::new(&batch);
    let run = Arc::new(Run { bench, batch, permits, facts: OnceCell::new(), events });
    let mut checks = run.spawn_all();
    while let Some(done) = checks.join_next().await {
        let parts =
            done.unwrap_or_else(|error| run.all_broken(&Fault::from_error("a check ended early", &error)));
        for (day, kind, outcomes) in parts {
            run.events.tell(Event::Answered { day, outcomes: outcomes.clone() });
            if let Some(outcomes) = pending.add(day, kind, outcomes) {
                finished(day, DayChecks { outcomes, elapsed: begun.elapsed() });
            }
        }
    }
}

/// What a task brings: outcomes of some kinds of check for some days.
type Parts = Vec<(DayId, CheckKind, Outcomes)>;

/// Which checks of each day are still out.
struct Pending {
    waiting: BTreeMap<DayId, BTreeSet<CheckKind>>,
    outcomes: BTreeMap<DayId, Outcomes>,
}

impl Pending {
    fn new(batch: &Batch) -> Self {
        let kinds = |day: &PreparedDay| {
            SANDBOXED.into_iter().filter(|kind| day.requirements(*kind).next().is_some()).collect()
        };
        let waiting = batch.days.iter().map(|day| (day.planned.day.id, kinds(day))).collect();
        Self { waiting, outcomes: BTreeMap::new() }
    }

    /// Takes note of a check's outcomes. Returns all of the day's when this was the last.
    fn add(&mut self, day: DayId, kind: CheckKind, outcomes: Outcomes) -> Option<Outcomes> {
        self.outcomes.entry(day).or_default().extend(outcomes);
        let waiting = self.waiting.get_mut(&day)?;
        (waiting.remove(&kind) && waiting.is_empty()).then(|| self.outcomes.remove(&day).unwrap_or_default())
    }
}

/// The kinds of check that run in the sandbox.
pub const SANDBOXED: [CheckKind; 4] =
    [CheckKind::Hidden, CheckKind::OwnTests, CheckKind::Types, CheckKind::Lint];

impl Run {
    fn spawn_all(self: &Arc<Self>) -> JoinSet<Parts> {
        let mut checks = JoinSet::new();
        if self.any(CheckKind::Types) {
            let run = Arc::clone(self);
            checks.spawn(async move { run.types().await });
        }
        for day in &self.batch.days {
            for kind in [CheckKind::Hidden, CheckKind::OwnTests] {
                if day.requirements(kind).next().is_some() {
                    let (run, day) = (Arc::clone(self), Arc::clone(day));
                    checks.spawn(async move { run.of_day(kind, &day).await });
                }
            }
        }
        if self.any(CheckKind::Lint) {
            let run = Arc::clone(self);
            checks.spawn(async move { run.lint().await });
        }
        checks
    }

    fn any(&self, kind: CheckKind) -> bool {
        self.days(kind).next().is_some()
    }

    fn days(&self, kind: CheckKind) -> impl Iterator<Item = &Arc<PreparedDay>> {
        self.batch.days.iter().filter(move |day| day.requirements(kind).next().is_some())
    }

    fn all_broken(&self, fault: &Fault) -> Parts {
        let broken = |day: &PreparedDay, kind| {
            day.requirements(kind)
                .map(|each| (each.id.slug.clone(), Outcome::Broken(fault.clone())))
                .collect()
        };
        let kinds =
            |day: &Arc<PreparedDay>| SANDBOXED.map(|kind| (day.planned.day.id, kind, broken(day, kind)));
        self.batch.days.iter().flat_map(kinds).collect()
    }

    async fn facts(&self) -> &Result<Facts, Fault> {
        self.facts
            .get_or_init(|| async {
                let days = self.batch.days.iter().filter_map(|day| day.work());
                let mutants = |day: &Arc<PreparedDay>| Some((day.planned.day.id, trial::wanted(day)?));
                let is_tried =
                    |day: &&Arc<PreparedDay>| self.bench.settings.trials || trial::has_subject_of_others(day);
                let tried = self.batch.days.iter().filter(is_tried);
                let mutants: BTreeMap<_, _> = tried.filter_map(mutants).collect();
                let files: BTreeSet<String> = days
                    .flat_map(|work| work.python_files().map(ToString::to_string))
                    .chain(mutants.values().flat_map(|wanted| wanted.files.iter().cloned()))
                    .collect();
                let files: Vec<String> = files.into_iter().collect();
                self.bench.facts(&self.batch.root, &files, &mutants).await
            })
            .await
    }

    /// Runs a check that is a day's own.
    async fn of_day(&self, kind: CheckKind, day: &PreparedDay) -> Parts {
        let facts = if kind == CheckKind::OwnTests { Some(self.facts().await) } else { None };
        let id = day.planned.day.id;
        let outcomes = self
            .timed(&[id], kind, async {
                match facts {
                    None => self.bench.hidden(day).await,
                    Some(Ok(facts)) => self.bench.own_tests(day, facts).await,
                    Some(Err(fault)) => self.judge(day, kind, |_| Outcome::Broken(fault.clone())),
                }
            })
            .await;
        vec![(id, kind, outcomes)]
    }

    fn judge(&self, day: &PreparedDay, kind: CheckKind, judge: impl Fn(&Check) -> Outcome) -> Outcomes {
        day.requirements(kind).map(|each| (each.id.slug.clone(), judge(&each.check))).collect()
    }

    /// Holds a permit for a check and tells when it begins and ends.
    async fn timed<T>(&self, days: &[DayId], kind: CheckKind, check: impl Future<Output = T>) -> T {
        let permit = self.permits.acquire().await;
        let begun = Instant::now();
        let tell = |event: &dyn Fn(CheckId) -> Event| {
            days.iter().for_each(|day| self.events.tell(event(CheckId { day: *day, kind })));
        };
        tell(&Event::CheckStarted);
        let result = check.await;
        tell(&|check| Event::CheckFinished { check, elapsed: begun.elapsed() });
        drop(permit);
        result
    }

    /// Brings what a tool found in all files to the days whose files they are.
    async fn by_day(
        &self,
        kind: CheckKind,
        found: &BTreeMap<DayId, Result<Vec<Finding>, Fault>>,
        judge: impl Fn(&PreparedDay, &[Finding], &Facts, &[&str]) -> Outcome,
    ) -> Parts {
        let facts = self.facts().await;
        let one = |day: &Arc<PreparedDay>| {
            let paths: Vec<&str> =
                day.work().into_iter().flat_map(|work| files(kind, work)).map(RelPath::as_str).collect();
            let outcome = match (found.get(&day.planned.day.id), facts) {
                _ if *self.bench.cancel.borrow() => Outcome::Cancelled,
                (Some(Ok(_)), _) if paths.is_empty() => Outcome::NotStarted,
                (Some(Ok(findings)), Ok(facts)) => judge(day, findings, facts, &paths),
                (Some(Err(fault)), _) | (_, Err(fault)) => Outcome::Broken(fault.clone()),
                (None, _) => Outcome::Broken(Fault::new("a tool has not looked at the day")),
            };
            (day.planned.day.id, kind, self.judge(day, kind, |_| outcome.clone()))
        };
        self.days(kind).map(one).collect()
    }

    async fn lint(&self) -> Parts {
        let ids: Vec<DayId> = self.days(CheckKind::Lint).map(|day| day.planned.day.id).collect();
        let files = files_of(CheckKind::Lint, self.days(CheckKind::Lint));
        let found = self.timed(&ids, CheckKind::Lint, self.bench.lint(&self.batch.root, &files)).await;
        let found = ids.iter().map(|day| (*day, found.clone())).collect();
        self.by_day(CheckKind::Lint, &found, |_, findings, facts, paths| {
            ruff::judge(findings, facts, paths.iter().copied())
        })
        .await
    }

    async fn types(&self) -> Parts {
        let days: Vec<Arc<PreparedDay>> = self.days(CheckKind::Types).cloned().collect();
        let mut found = BTreeMap::new();
        for group in apart(days) {
            let ids: Vec<DayId> = group.iter().map(|day| day.planned.day.id).collect();
            found.extend(self.timed(&ids, CheckKind::Types, self.types_of(&group)).await);
        }
        self.by_day(CheckKind::Types, &found, |day, findings, facts, paths| {
            mypy::judge(findings, facts, paths.iter().copied(), &annotated_paths(day))
        })
        .await
    }

    /// Checks the types of a group of days: in one call, and where mypy stops at one of them, each by itself.
    async fn types_of(&self, group: &[Arc<PreparedDay>]) -> BTreeMap<DayId, Result<Vec<Finding>, Fault>> {
        let ids = group.iter().map(|day| day.planned.day.id);
        let files = files_of(CheckKind::Types, group.iter());
        match self.mypy(group, &files, Naming::Nearest).await {
            Ok(Checked::Whole(findings)) => return ids.map(|day| (day, Ok(findings.clone()))).collect(),
            Err(fault) => return ids.map(|day| (day, Err(fault.clone()))).collect(),
            Ok(Checked::Stopped(_)) => {}
        }
        let mut found = BTreeMap::new();
        for day in group {
            found.insert(day.planned.day.id, self.types_of_one(day).await);
        }
        found
    }

    /// Checks the types of one day, without the files that are not Python: those stop mypy, and the facts tell of them.
    async fn types_of_one(&self, day: &Arc<PreparedDay>) -> Result<Vec<Finding>, Fault> {
        let facts = self.facts().await.as_ref().map_err(Clone::clone)?;
        let files: Vec<String> = files_of(CheckKind::Types, std::iter::once(day))
            .into_iter()
            .filter(|path| facts.is_python(path))
            .collect();
        let mut reason = String::new();
        for naming in [Naming::Nearest, Naming::FromRoot] {
            match self.mypy(std::slice::from_ref(day), &files, naming).await? {
                Checked::Whole(findings) => return Ok(findings),
                Checked::Stopped(why) => reason = why,
            }
        }
        // mypy stops in the same way when it crashes, and that is ours.
        if !mypy::is_about_the_layout(&reason) {
            return Err(Fault::new(format!("mypy cannot look at {}", day.planned.day.id)).because(reason));
        }
        let place = files.first().map(Place::file);
        let finding = Finding::new("mypy can look at the day's files").because(Captured::new(reason));
        Ok(vec![Finding { place, ..finding }])
    }

    async fn mypy(
        &self,
        group: &[Arc<PreparedDay>],
        files: &[String],
        naming: Naming,
    ) -> Result<Checked, Fault> {
        let annotated: BTreeSet<String> = group.iter().flat_map(|day| annotated(day)).collect();
        let annotated: Vec<String> = annotated.into_iter().collect();
        let days: Vec<String> = group.iter().map(|day| day.planned.day.id.to_string()).collect();
        let config = self.batch.scratch.join(format!("mypy-{}-{naming:?}.ini", days.join("-")));
        self.bench.types(&self.batch.root, files, &annotated, naming, &config).await
    }
}

/// Returns the files of a day that a tool looks at.
fn files(kind: CheckKind, work: &Work) -> Vec<&RelPath> {
    if kind == CheckKind::Types { work.typed_files().collect() } else { work.python_files().collect() }
}

fn files_of<'a>(kind: CheckKind, days: impl Iterator<Item = &'a Arc<PreparedDay>>) -> Vec<String> {
    let files = days.filter_map(|day| day.work()).flat_map(|work| files(kind, work)).map(ToString::to_string);
    files.collect::<BTreeSet<String>>().into_iter().collect()
}

fn annotated(day: &PreparedDay) -> impl Iterator<Item = String> {
    day.requirements(CheckKind::Types).flat_map(|requirement| match &requirement.check {
        Check::Types { annotated } => annotated.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    })
}

/// Returns where the files lie that must be annotated, as paths below the root.
fn annotated_paths(day: &PreparedDay) -> Vec<String> {
    let folder = day.work().map(|work| &work.folder);
    let path = |file: String| Some(folder?.follow(&file)?.to_string());
    annotated(day).filter_map(path).collect()
}

/// Sorts days into groups within which no two modules have the same name: mypy stops at the first pair.
fn apart(days: Vec<Arc<PreparedDay>>) -> Vec<Vec<Arc<PreparedDay>>> {
    let mut groups: Vec<(BTreeSet<String>, Vec<Arc<PreparedDay>>)> = Vec::new();
    for day in days {
        let names: BTreeSet<String> = files_of(CheckKind::Types, std::iter::once(&day))
            .iter()
            .map(|path| path.rsplit('/').next().unwrap_or(path).to_owned())
            .collect();
        match groups.iter_mut().find(|(taken, _)| taken.is_disjoint(&names)) {
            Some((taken, group)) => {
                taken.extend(names);
                group.push(day);
            }
            None => groups.push((names, vec![day])),
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}
