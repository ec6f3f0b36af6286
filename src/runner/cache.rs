//! Verdicts that are known already: one small file for each, named by everything that the verdict depends on.
//!
//! Only what a sandboxed check found is kept; what costs nothing to look at (files, git, ticks) is looked at every time. A verdict
//! that holds something of ours, an interruption or a time-out is not kept: it may be another one in a quieter hour. Whoever goes on grading the
//! same files has a `Memory`, in which a time-out stays for as long as that lasts. A cache that cannot be read or written costs time and never a verdict.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::plan::{PlannedDay, Work};
use crate::config::settings::{Recall, Settings};
use crate::day::Slug;
use crate::event::Containment;
use crate::finding::TIME_OUT;
use crate::kit;
use crate::lay_out;
use crate::outcome::Outcome;
use crate::pack::PackError;
use crate::toolchain::Toolchain;

/// Raised when what is kept, or what it depends on, changes.
const FORMAT: u32 = 1;

/// Verdicts in a memory: more than a course has days, and few enough for an hour of saves.
const MOST_REMEMBERED: usize = 200;

/// What is kept of a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Entry {
    /// What became of the requirements that sandboxed checks answer for.
    pub outcomes: BTreeMap<Slug, Outcome>,
    /// The seed from which inputs were drawn.
    pub seed: u64,
    /// How long it took.
    pub elapsed: Duration,
    /// What was in force then.
    pub containment: Containment,
}

/// Everything that a verdict depends on, as one digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(blake3::Hash);

impl Key {
    /// Returns the key of a day.
    ///
    /// # Errors
    ///
    /// When the hidden suite cannot be read.
    pub fn of(
        planned: &PlannedDay,
        work: &Work,
        toolchain: &Toolchain,
        settings: &Settings,
    ) -> Result<Self, PackError> {
        let mut hasher = blake3::Hasher::new();
        let mut add = |part: &dyn std::fmt::Debug| {
            let text = format!("{part:?}");
            hasher.update(&(text.len() as u64).to_le_bytes()).update(text.as_bytes());
        };
        add(&(FORMAT, program(), kit::digest(), planned.day.digest()?));
        add(&(&toolchain.lock_digest, &toolchain.python, &toolchain.python_version));
        add(&(work.snapshot.digest(), &work.folder, &planned.names, &planned.wanted));
        for reviewed in &planned.reviewed {
            let work = reviewed.work.as_ref().map(|work| (work.snapshot.digest(), &work.folder));
            add(&(reviewed.day.digest()?, work, &reviewed.names));
        }
        add(&(settings.sandbox, settings.limits, settings.seed, settings.shuffle, settings.trials));
        add(&(matches!(settings.recall, Recall::Use(_)), settings.until));
        Ok(Self(hasher.finalize()))
    }
}

/// Returns what tells this build of the program from another: the rules of judging are in it.
fn program() -> (&'static str, Option<(u64, std::time::SystemTime)>) {
    let file = std::env::current_exe().and_then(fs::metadata).ok();
    (env!("CARGO_PKG_VERSION"), file.and_then(|file| Some((file.len(), file.modified().ok()?))))
}

/// Verdicts that are not kept on disk, for as long as they may be asked for again and again.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<HashMap<blake3::Hash, Entry>>>);

/// The folder of verdicts.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    memory: Option<Memory>,
}

impl Cache {
    /// Returns the cache below this folder, which need not be there.
    pub fn new(cache_dir: &Path) -> Self {
        Self { folder: cache_dir.join("verdicts"), memory: None }
    }

    /// Returns this cache with a memory of what is not kept in it.
    #[must_use]
    pub fn with(self, memory: Option<Memory>) -> Self {
        Self { memory, ..self }
    }

    /// Returns what is kept under this key; a file that cannot be understood is not there.
    pub fn get(&self, key: &Key) -> Option<Entry> {
        let kept = fs::read(self.path(key)).ok().and_then(|text| serde_json::from_slice(&text).ok());
        kept.or_else(|| self.memory.as_ref()?.get(key))
    }

    /// Keeps a verdict, if it is of a kind that is kept. The file appears whole or not at all.
    pub fn put(&self, key: &Key, entry: &Entry) {
        if entry.outcomes.values().all(is_lasting) {
            // A full disk or a read-only folder costs the cache and not the verdict.
            let _ = serde_json::to_vec(entry).map(|text| lay_out::replace(&self.path(key), &text));
        } else if let Some(memory) =
            self.memory.as_ref().filter(|_| !entry.outcomes.values().any(is_no_answer))
        {
            memory.put(key, entry);
        }
    }

    fn path(&self, key: &Key) -> PathBuf {
        let hex = key.0.to_hex();
        self.folder.join(&hex[..2]).join(format!("{}.json", &hex[2..]))
    }
}

impl Memory {
    fn get(&self, key: &Key) -> Option<Entry> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key.0).cloned()
    }

    fn put(&self, key: &Key, entry: &Entry) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_REMEMBERED {
            known.clear();
        }
        known.insert(key.0, entry.clone());
    }
}

/// Returns whether nothing is known of a requirement, though something of it is there.
fn is_no_answer(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Cancelled | Outcome::Broken(_))
}

fn is_lasting(outcome: &Outcome) -> bool {
    let timed_out = |rule: &Option<String>| rule.as_deref() == Some(TIME_OUT);
    match outcome {
        Outcome::Passed => true,
        Outcome::Failed(findings) => !findings.as_slice().iter().any(|finding| timed_out(&finding.rule)),
        Outcome::Blocked(finding) => !timed_out(&finding.rule),
        Outcome::NotStarted | Outcome::ByHand { .. } | Outcome::Cancelled | Outcome::Broken(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Level;
    use crate::finding::Finding;
    use crate::outcome::Fault;

    fn entry(outcome: Outcome) -> Entry {
        let containment = Containment { level: Level::Full, layers: vec![], missing: vec![], reason: None };
        let outcomes = [("retry".parse().unwrap(), outcome)].into();
        Entry { outcomes, seed: 7, elapsed: Duration::from_millis(300), containment }
    }

    fn kept(outcome: Outcome) -> Option<Outcome> {
        let folder = tempfile::tempdir().unwrap();
        let (cache, key) = (Cache::new(folder.path()), Key(blake3::hash(b"a day")));
        cache.put(&key, &entry(outcome));
        cache.get(&key).map(|entry| entry.outcomes.into_values().next().unwrap())
    }

    #[test]
    fn a_verdict_comes_back_as_it_was() {
        let failed = Outcome::Failed(Finding::new("it retries").because("it raised ValueError").into());
        assert_eq!(kept(failed.clone()), Some(failed));
        assert_eq!(kept(Outcome::Passed), Some(Outcome::Passed));
    }

    #[test]
    fn what_may_be_different_next_time_is_not_kept() {
        let timed_out = Finding { rule: Some(TIME_OUT.to_owned()), ..Finding::new("it ends") };
        assert_eq!(kept(Outcome::Failed(timed_out.into())), None);
        assert_eq!(kept(Outcome::Broken(Fault::new("the sandbox"))), None);
        assert_eq!(kept(Outcome::Cancelled), None);
    }

    #[test]
    fn a_time_out_is_remembered_by_whoever_goes_on_and_nothing_of_ours_is() {
        let folder = tempfile::tempdir().unwrap();
        let (disk, key) = (Cache::new(folder.path()), Key(blake3::hash(b"a day")));
        let cache = disk.clone().with(Some(Memory::default()));
        let timed_out = Finding { rule: Some(TIME_OUT.to_owned()), ..Finding::new("it ends") };
        for lost in [Outcome::Broken(Fault::new("the sandbox")), Outcome::Cancelled] {
            cache.put(&key, &entry(lost));
            assert!(cache.get(&key).is_none());
        }
        cache.put(&key, &entry(Outcome::Failed(timed_out.into())));
        assert!(cache.get(&key).is_some());
        assert!(disk.get(&key).is_none());
    }

    #[test]
    fn half_a_file_is_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let (cache, key) = (Cache::new(folder.path()), Key(blake3::hash(b"a day")));
        cache.put(&key, &entry(Outcome::Passed));
        let path = cache.path(&key);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..whole.len() / 2]).unwrap();
        assert!(cache.get(&key).is_none());
    }
}
