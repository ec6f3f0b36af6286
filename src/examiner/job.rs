//! What the examiner is told of a day, and what the candidate is told: plain data, sent as JSON.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;

use crate::config::settings::Until;

/// One day's examination.
#[derive(Debug, Clone, Serialize)]
pub struct ExamJob {
    /// The folder of the hidden suite, on the host.
    pub suite: PathBuf,
    /// The seed from which inputs are drawn.
    pub seed: u64,
    /// The seed of the order of the tests, or the order of the files.
    pub shuffle: Option<u64>,
    /// The requirements that are wanted, or all.
    pub only: Option<Vec<String>>,
    /// How far it goes.
    pub until: Until,
    /// The day's folder on the host, for tests that look at the source.
    pub folder: PathBuf,
    /// Every module's file below the root, as findings name it.
    pub files: BTreeMap<String, String>,
    /// What is recalled of another submission, if anything.
    pub recall: Option<Memory>,
    /// What the candidate is told; the examiner passes it on.
    pub candidate: CandidateConfig,
}

/// A file of what probes observed (`grade_kit.recall`): one that is to be made, or one that is there.
#[derive(Debug, Clone, Serialize)]
pub struct Memory {
    /// The submission's root on the host.
    pub root: PathBuf,
    /// Where it is kept.
    pub keep: Option<PathBuf>,
    /// From where it is taken.
    #[serde(rename = "use")]
    pub taken: Option<PathBuf>,
}

/// What a candidate must know of a day.
#[derive(Debug, Clone, Serialize)]
pub struct CandidateConfig {
    /// The day's folder below the root.
    pub folder: String,
    /// Folders below the root from which the learner's imports work, first to last; `.` is the root.
    pub path: Vec<String>,
    /// The dotted name of the package that the day's folder is, or nothing where it is none.
    pub package: String,
    /// Every module's file below the day's folder, or `None` where there is no such file.
    pub modules: BTreeMap<String, Option<String>>,
    /// The names that the day accepts, by the pack's own.
    pub names: BTreeMap<String, Vec<String>>,
    /// `real` or `virtual`.
    pub clock: &'static str,
    /// Whether it says by which functions its probes come.
    pub watched: bool,
    /// Seconds that importing the modules may take.
    pub import_timeout: f64,
    /// Seconds that a probe may take where its test says nothing.
    pub probe_timeout: f64,
}
