//! Tries the learner's own tests on faulty versions of the learner's modules, and asks the hidden suite which of the faults count.
//!
//! The modules are the day's own, or those of the earlier days that it reviews; then their suites know what is a fault.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::config::settings::{Recall, Until};
use crate::day::{DayId, Slug};
use crate::event::CheckKind;
use crate::finding::{Finding, Findings};
use crate::outcome::{Exit, Fault, Outcome};
use crate::pack::{Check, Clock};
use crate::process::Finished;
use crate::tool::facts::{Facts, WantedMutants};
use crate::tool::mutants::{self, MOST_MUTANTS, Trial, Tried, Version};

use super::check::{Bench, Extent, Outcomes, PreparedDay};
use super::plan::Work;

/// What a requirement asks of tests besides that they pass.
#[derive(Debug, Clone)]
struct Asked {
    slug: Slug,
    /// How many per cent of the faults they must notice.
    catches: u16,
    /// Of how many per cent of the statements they must reach more.
    covers: Option<u16>,
}

/// The requirements of a day that ask for tests that notice faults, or reach enough of the code.
fn asking(day: &PreparedDay) -> impl Iterator<Item = Asked> {
    day.requirements(CheckKind::OwnTests).filter_map(|requirement| match requirement.check {
        Check::OwnTests { catches, covers, .. } if requirement.check.tries_tests() => {
            Some(Asked { slug: requirement.id.slug.clone(), catches, covers })
        }
        _ => None,
    })
}

fn covers(day: &PreparedDay) -> Option<u16> {
    asking(day).filter_map(|asked| asked.covers).max()
}

/// Returns which mutants the reader of facts is to make for a day. A day that is about others always has a subject.
pub fn wanted(day: &PreparedDay) -> Option<WantedMutants> {
    if asking(day).next().is_none() && !has_subject_of_others(day) {
        return None;
    }
    of_modules(day, MOST_MUTANTS)
}

/// Returns whether a day is about the work of others.
pub fn has_subject_of_others(day: &PreparedDay) -> bool {
    !day.planned.day.reviews.is_empty()
}

/// Returns what says to the reader of facts: at the most so many mutants of a day's modules and of what they import.
pub fn of_modules(day: &PreparedDay, count: usize) -> Option<WantedMutants> {
    let work = day.work()?;
    let (files, tests): (Vec<String>, Vec<String>) = if has_subject_of_others(day) {
        let tests = work.snapshot.own_test_files().iter();
        (work.untested_files().map(ToString::to_string).collect(), tests.map(ToString::to_string).collect())
    } else {
        (work.typed_files().map(ToString::to_string).collect(), Vec::new())
    };
    let modules: BTreeSet<String> = subjects(day)
        .filter_map(|subject| Some((subject, subject.work()?)))
        .flat_map(|(subject, work)| {
            let found = subject.modules(work).into_values().flatten();
            found.filter_map(|file| Some(work.folder.follow(&file)?.to_string())).collect::<Vec<_>>()
        })
        .filter(|module| files.contains(module))
        // The modules of a package may be loaded without being imported by name.
        .flat_map(|module| {
            let package = module.strip_suffix("__init__.py").map(ToOwned::to_owned);
            let inside =
                package.map(|package| files.iter().filter(move |file| file.starts_with(&package)).cloned());
            inside.into_iter().flatten().chain([module]).collect::<Vec<_>>()
        })
        .collect();
    let statements = covers(day).is_some();
    Some(WantedMutants { modules: modules.into_iter().collect(), files, tests, count, statements })
}

/// Returns the days whose modules a day's tests are about.
fn subjects(day: &PreparedDay) -> impl Iterator<Item = &PreparedDay> {
    let itself = (!has_subject_of_others(day)).then_some(day);
    itself.into_iter().chain(&day.reviewed)
}

/// Returns the day whose hidden suite knows what is wrong with a version.
fn judge_of<'a>(day: &'a PreparedDay, version: &Version<'_>) -> Option<&'a PreparedDay> {
    let has = |judge: &&PreparedDay| {
        let files = judge.work().map(|work| work.snapshot.files());
        files.is_some_and(|files| files.iter().any(|file| file.path.as_str() == version.path))
    };
    subjects(day).find(has)
}

/// Returns the files of a day's modules, below its folder: the learner's, or the first of those that would do.
fn modules_of(day: &PreparedDay) -> impl Iterator<Item = String> {
    let mut found = day.work().map(|work| day.modules(work)).unwrap_or_default();
    day.planned.day.modules.iter().filter_map(move |(name, files)| {
        let file = found.remove(name).flatten();
        file.or_else(|| files.first().map(|file| file.as_str().to_owned()))
    })
}

/// Returns what to say where a day is about the work of others and its tests are about none of them.
pub fn without_subject(day: &PreparedDay, facts: &Facts) -> Option<Finding> {
    let has_subject = || facts.mutants_of(day.planned.day.id).is_some_and(|made| !made.is_empty());
    if !has_subject_of_others(day) || has_subject() {
        return None;
    }
    let of_day = |subject: &PreparedDay| {
        let day = subject.planned.day.id;
        modules_of(subject).map(move |file| format!("`{file}` of {day}")).collect::<Vec<_>>()
    };
    let projects: Vec<String> = day.reviewed.iter().flat_map(of_day).collect();
    let (of, which) = if projects.is_empty() {
        let days: Vec<String> = day.planned.day.reviews.iter().map(ToString::to_string).collect();
        (format!("of {}", days.join(", ")), String::new())
    } else {
        ("of your projects".to_owned(), format!(" ({})", projects.join(", ")))
    };
    let why = format!(
        "they import no module {of}{which}; import it from its folder (with `pythonpath` in your settings of pytest) or copy it beside the tests, under the name that it had"
    );
    Some(Finding::new("your tests are about one of your projects").because(why))
}

impl Bench {
    /// Plans what a day's tests are tried on, if anything.
    pub fn plan_trial<'a>(&self, day: &PreparedDay, facts: &'a Facts) -> Option<Trial<'a>> {
        let percent = asking(day).map(|asked| asked.catches).max()?;
        Trial::new(facts.mutants_of(day.planned.day.id)?, percent, covers(day).is_some(), rand::random())
    }

    /// Returns whether tests that are tried may have a clock that is not waited for.
    pub fn tries_by_virtual_clock(day: &PreparedDay) -> bool {
        subjects(day).all(|subject| subject.planned.day.clock == Clock::Virtual)
    }

    /// Judges what came of a trial, for the requirements that have passed so far.
    pub async fn judge_trial(
        &self,
        day: &PreparedDay,
        trial: &Trial<'_>,
        finished: &Finished,
        outcomes: &mut Outcomes,
    ) {
        let passed = |slug: &Slug| outcomes.get(slug) == Some(&Outcome::Passed);
        let open: Vec<Asked> = asking(day).filter(|asked| passed(&asked.slug)).collect();
        if open.is_empty() {
            return;
        }
        let tried = trial.tried(&finished.report);
        for asked in open {
            let mut outcome = asked.covers.map_or(Outcome::Passed, |covers| coverage(&tried, covers));
            if outcome == Outcome::Passed && asked.catches > 0 {
                outcome = self.outcome_of(day, &tried, asked.catches).await;
            }
            outcomes.insert(asked.slug, outcome);
        }
    }

    async fn outcome_of(&self, day: &PreparedDay, tried: &Tried<'_>, percent: u16) -> Outcome {
        if let Some(objection) = tried.objection() {
            return Outcome::Failed(objection.into());
        }
        let tried_in_all = tried.noticed + tried.unnoticed.len();
        if tried.noticed >= mutants::enough(percent, tried_in_all) {
            return Outcome::Passed;
        }
        match self.counting(day, tried, percent).await {
            Ok(counting) => {
                let counted = tried.noticed + counting.len();
                let enough = mutants::enough(percent, counted);
                let findings = (tried.noticed < enough)
                    .then(|| mutants::too_few(percent, tried.noticed, counted, &counting));
                findings.and_then(Findings::from_vec).map_or(Outcome::Passed, Outcome::Failed)
            }
            Err(_) if *self.cancel.borrow() => Outcome::Cancelled,
            Err(fault) => Outcome::Broken(fault),
        }
    }

    /// Returns those of the unnoticed mutants that the hidden suite notices; no more are asked about when the verdict is certain.
    async fn counting<'a>(
        &self,
        day: &PreparedDay,
        tried: &Tried<'a>,
        percent: u16,
    ) -> Result<Vec<Version<'a>>, Fault> {
        let mut counting = Vec::new();
        let mut broken: BTreeMap<DayId, bool> = BTreeMap::new();
        for (asked, version) in tried.unnoticed.iter().enumerate() {
            let open = tried.unnoticed.len() - asked;
            if mutants::is_decided(percent, tried.noticed, counting.len(), open) {
                break;
            }
            let Some((judge, work)) = judge_of(day, version).and_then(|judge| Some((judge, judge.work()?)))
            else {
                continue;
            };
            // A module that fails the suite as it is cannot be told from its mutants so easily: then all count.
            let id = judge.planned.day.id;
            let is_broken = match broken.get(&id) {
                Some(known) => *known,
                None => self.fails(judge, work, None).await?,
            };
            broken.insert(id, is_broken);
            if is_broken || self.fails(judge, work, Some(version)).await? {
                counting.push(*version);
            }
        }
        Ok(counting)
    }

    /// Returns whether a hidden test fails on a day's work, with a version in the place of one of its modules.
    pub(super) async fn fails(
        &self,
        day: &PreparedDay,
        work: &Work,
        version: Option<&Version<'_>>,
    ) -> Result<bool, Fault> {
        let copy = |place: &Path| -> Result<_, Fault> {
            let root = work
                .snapshot
                .materialise(place)
                .map_err(|error| Fault::from_error("failed to copy a day's files", &error))?;
            if let Some(version) = version {
                std::fs::write(root.join(version.path), version.text)
                    .map_err(|error| Fault::from_error("failed to write a mutant", &error))?;
            }
            Ok(root)
        };
        let beside = day.root.parent().unwrap_or(&day.root);
        let place = tempfile::tempdir_in(beside)
            .map_err(|error| Fault::from_error("failed to make a temporary folder", &error))?;
        let version = PreparedDay {
            planned: day.planned.clone(),
            root: copy(&place.path().join("version"))?,
            suite: day.suite.clone(),
            shards: day.shards,
            reviewed: Vec::new(),
        };
        // A version differs from the work in one function.
        let recall = match &self.settings.recall {
            Recall::Keep(file) => &Recall::Use(file.clone()),
            other => other,
        };
        let to_the_first = Extent { only: None, until: Until::FirstFailure };
        let (records, exit) = self.examine_by(&version, work, to_the_first, recall).await?;
        match exit {
            Some(Exit::Cancelled) => Err(Fault::new("the run was interrupted")),
            // It does not come to its end with this version.
            Some(_) => Ok(true),
            None => Ok(records.has_failure()),
        }
    }
}

fn coverage(tried: &Tried<'_>, covers: u16) -> Outcome {
    let Some(reached) = &tried.reached else {
        return Outcome::Broken(Fault::new("how much of the code the tests reach was not counted"));
    };
    Findings::from_vec(reached.findings(covers)).map_or(Outcome::Passed, Outcome::Failed)
}
