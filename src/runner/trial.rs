//! Tries the learner's own tests on faulty versions of the learner's modules, and asks the hidden suite which of the faults count.

use std::collections::BTreeSet;
use std::path::Path;

use crate::day::Slug;
use crate::event::CheckKind;
use crate::finding::Findings;
use crate::outcome::{Exit, Fault, Outcome};
use crate::pack::{Check, Clock};
use crate::process::Finished;
use crate::tool::facts::{Facts, WantedMutants};
use crate::tool::mutants::{self, MOST_MUTANTS, Trial, Tried, Version};

use super::check::{Bench, Outcomes, PreparedDay};
use super::plan::Work;

/// The requirements of a day that ask for tests that notice faults, and how many per cent each.
fn asking(day: &PreparedDay) -> impl Iterator<Item = (&Slug, u16)> {
    day.requirements(CheckKind::OwnTests).filter_map(|requirement| match requirement.check {
        Check::OwnTests { catches, .. } if catches > 0 => Some((&requirement.id.slug, catches)),
        _ => None,
    })
}

/// Returns which mutants the reader of facts is to make for a day.
pub fn wanted(day: &PreparedDay) -> Option<WantedMutants> {
    asking(day).next()?;
    let work = day.work()?;
    let files: Vec<String> = work.typed_files().map(ToString::to_string).collect();
    let modules = day.modules(work).into_values().flatten();
    let modules: BTreeSet<String> = modules
        .filter_map(|file| Some(work.folder.follow(&file)?.to_string()))
        // The modules of a package may be loaded without being imported by name.
        .flat_map(|module| {
            let package = module.strip_suffix("__init__.py").map(ToOwned::to_owned);
            let inside =
                package.map(|package| files.iter().filter(move |file| file.starts_with(&package)).cloned());
            inside.into_iter().flatten().chain([module]).collect::<Vec<_>>()
        })
        .collect();
    Some(WantedMutants { modules: modules.into_iter().collect(), files, count: MOST_MUTANTS })
}

impl Bench {
    /// Plans what a day's tests are tried on, if anything.
    pub fn plan_trial<'a>(&self, day: &PreparedDay, facts: &'a Facts) -> Option<Trial<'a>> {
        let percent = asking(day).map(|(_, percent)| percent).max()?;
        Trial::new(facts.mutants_of(day.planned.day.id)?, percent, rand::random())
    }

    /// Returns whether tests that are tried may have a clock that is not waited for.
    pub fn tries_by_virtual_clock(day: &PreparedDay) -> bool {
        day.planned.day.clock == Clock::Virtual
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
        let open: Vec<(Slug, u16)> = asking(day)
            .filter(|(slug, _)| passed(slug))
            .map(|(slug, percent)| (slug.clone(), percent))
            .collect();
        if open.is_empty() {
            return;
        }
        let tried = trial.tried(&finished.report);
        for (slug, percent) in open {
            let outcome = self.outcome_of(day, &tried, percent).await;
            outcomes.insert(slug, outcome);
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

    /// Returns those of the unnoticed mutants that the hidden suite notices; not all of them where some are enough for a verdict.
    async fn counting<'a>(
        &self,
        day: &PreparedDay,
        tried: &Tried<'a>,
        percent: u16,
    ) -> Result<Vec<Version<'a>>, Fault> {
        let Some(work) = day.work() else { return Ok(Vec::new()) };
        // A module that fails the suite as it is cannot be told from its mutants so easily: then all count.
        if self.fails(day, work, None).await? {
            return Ok(tried.unnoticed.clone());
        }
        let mut counting = Vec::new();
        for version in &tried.unnoticed {
            if self.fails(day, work, Some(version)).await? {
                counting.push(*version);
            }
            let certain = tried.noticed < mutants::enough(percent, tried.noticed + counting.len());
            if certain && counting.len() >= mutants::MOST_SHOWN {
                break;
            }
        }
        Ok(counting)
    }

    /// Returns whether a hidden test fails on a day's work, with a version in the place of one of its modules.
    async fn fails(
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
            names: day.names.clone(),
            root: copy(&place.path().join("version"))?,
            suite: day.suite.clone(),
            shards: day.shards,
        };
        let (records, exit) = self.examine_by(&version, work, None, true).await?;
        match exit {
            Some(Exit::Cancelled) => Err(Fault::new("the run was interrupted")),
            // It does not come to its end with this version.
            Some(_) => Ok(true),
            None => Ok(records.has_failure()),
        }
    }
}
