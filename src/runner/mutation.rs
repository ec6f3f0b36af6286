//! Mutants of a submission's modules, and which of them its day's hidden suite notices: for whoever writes the suite.
//!
//! They are made as those on which a learner's own tests are tried, but all of them that a requirement can ask about: no changes of wording.

use std::collections::BTreeMap;
use std::sync::Arc;

use tempfile::TempDir;

use super::check::{Bench, PreparedDay};
use super::plan::PlannedDay;
use super::{Events, Grading, GradingError, Track, Workshop, interrupt, runtime, trial};
use crate::config::settings::Settings;
use crate::outcome::Fault;
use crate::process::Cancel;
use crate::tool::mutants::{self, Change, Version, Versions};

/// All mutants of one submission.
#[derive(Debug)]
pub struct Mutation {
    workshop: Workshop,
    settings: Settings,
    day: Arc<PreparedDay>,
    made: BTreeMap<String, Versions>,
    _files: TempDir,
}

impl Grading<'_> {
    /// Makes the mutants of the first of these days.
    ///
    /// # Errors
    ///
    /// When nothing can be run, or there is nothing of the day.
    pub fn mutate(&self, workshop: &Workshop, planned: Vec<PlannedDay>) -> Result<Mutation, GradingError> {
        let tracks: Vec<Track> =
            planned.into_iter().map(|day| self.track(day, None)).collect::<Result<_, Fault>>()?;
        let files = workshop.folder()?;
        let batch = self.prepare(&tracks, files.path())?;
        let nothing = || Fault::new("there is nothing to make mutants of");
        let day = Arc::clone(batch.days.first().ok_or_else(nothing)?);
        let wanted = trial::of_modules(&day, usize::MAX).ok_or_else(nothing)?;
        let id = day.planned.day.id;
        let facts = runtime()?.block_on(async {
            let bench = Bench::new(workshop, self.settings, 0, never());
            bench.facts(&day.root, &[], &[(id, wanted)].into()).await
        })?;
        let made = facts.mutants_of(id).cloned().unwrap_or_default();
        Ok(Mutation { workshop: workshop.clone(), settings: self.settings.clone(), day, made, _files: files })
    }
}

impl Mutation {
    /// Returns what each mutant changes.
    pub fn changes(&self) -> Vec<Change> {
        self.versions().filter_map(|version| version.change()).collect()
    }

    /// Those that count. What is worded for people is free, so a change of it is no fault.
    fn versions(&self) -> impl Iterator<Item = Version<'_>> {
        mutants::all(&self.made).filter(|version| !version.is_for_people())
    }

    /// Returns whether the hidden suite notices a mutant, by its place among the changes, or nothing where that was interrupted.
    ///
    /// # Errors
    ///
    /// When the suite cannot be run.
    pub fn is_noticed(&self, index: usize) -> Result<Option<bool>, GradingError> {
        let version = self.versions().nth(index);
        let version = version.ok_or_else(|| Fault::new("there is no such mutant"))?;
        let work = self.day.work().ok_or_else(|| Fault::new("there is nothing of the day"))?;
        runtime()?.block_on(async {
            let (events, _) = Events::channel();
            let cancel = interrupt::watch(events);
            let seed = self.settings.seed.unwrap_or_default();
            let bench = Bench::new(&self.workshop, &self.settings, seed, cancel.clone());
            let noticed = bench.fails(&self.day, work, Some(&version)).await;
            if *cancel.borrow() { Ok(None) } else { Ok(Some(noticed?)) }
        })
    }
}

fn never() -> Cancel {
    tokio::sync::watch::channel(false).1
}
