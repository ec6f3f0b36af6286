//! What happens in a run, in the order in which it happens. The runner sends events; reports read them.
//!
//! The last event carries the finished run, and every file format is a pure function of that.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::day::{DayId, RequirementId, Slug};
use crate::finding::Captured;
use crate::outcome::{Outcome, Status, Verdict};

/// How a requirement is verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CheckKind {
    /// The hidden suite, run by the examiner.
    Hidden,
    /// The learner's own tests.
    OwnTests,
    /// mypy.
    Types,
    /// ruff.
    Lint,
    /// Files that must be there.
    Files,
    /// The state of the git repository.
    Git,
    /// Nothing a program can see.
    ByHand,
}

impl CheckKind {
    /// Returns the kind as reports name it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Hidden => "hidden tests",
            Self::OwnTests => "own tests",
            Self::Types => "types",
            Self::Lint => "lint",
            Self::Files => "files",
            Self::Git => "git",
            Self::ByHand => "by hand",
        }
    }
}

/// One check of one day: the unit of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CheckId {
    /// Whose requirements it answers for.
    pub day: DayId,
    /// How.
    pub kind: CheckKind,
}

/// What the sandbox enforces here and now, as reports state it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Containment {
    /// The named level.
    pub level: Level,
    /// What is in force, in a few words: `namespaces`, `landlock 7`, `seccomp`.
    pub layers: Vec<String>,
    /// What the level leaves open on this machine: `the memory of all processes is watched, not capped (no cgroup)`.
    pub missing: Vec<String>,
    /// Why it is not `full`, where it is not.
    pub reason: Option<String>,
}

/// The named levels of containment, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// The learner's code runs with the user's own rights; only limits that every process can set apply.
    None,
    /// Limits, seccomp, and somebody who ends whatever is left; files and network are open.
    Limits,
    /// Landlock and seccomp: no file but those that are granted, no network but its own loopback.
    Restricted,
    /// The same as `Full` where only bubblewrap may make namespaces; the number of files is not limited.
    FullBwrap,
    /// Own user, mount, pid, network, ipc, uts and cgroup namespaces, Landlock, seccomp and limits.
    Full,
}

impl Level {
    /// Returns the level as reports and the command line name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Limits => "limits",
            Self::Restricted => "restricted",
            Self::FullBwrap => "full-bwrap",
            Self::Full => "full",
        }
    }
}

/// What is known when a run starts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunInfo {
    /// The course's name: `python-23`.
    pub course: Slug,
    /// The root of the learner's repository, as the user would write it.
    pub root: String,
    /// The seed from which every input is drawn; `--seed` repeats it.
    pub seed: u64,
    /// What the sandbox enforces.
    pub containment: Containment,
    /// The days that will be graded, in order, with how many requirements each has.
    pub days: Vec<(DayId, usize)>,
}

/// One requirement in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequirementReport {
    /// Its name: `day4.retry`.
    pub id: RequirementId,
    /// What the plan asks for, in our words.
    pub text: String,
    /// How it was verified.
    pub check: CheckKind,
    /// What became of it.
    pub outcome: Outcome,
}

/// One day in a report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayReport {
    /// Which day.
    pub day: DayId,
    /// Its title: `Functions & Functional Programming`.
    pub title: String,
    /// Where it was found in the repository, if anywhere.
    pub folder: Option<Captured>,
    /// What it comes to.
    pub verdict: Verdict,
    /// Whether the verdict was found in the cache.
    pub cached: bool,
    /// The seed from which this day's inputs were drawn (of the first run, when cached).
    pub seed: u64,
    /// How long grading it took (of the first run, when cached).
    pub elapsed: Duration,
    /// Every requirement of the day that was asked for, in the plan's order.
    pub requirements: Vec<RequirementReport>,
    /// What the reader should know: files that were left out of the snapshot, say.
    pub notices: Vec<Captured>,
}

/// A finished run: all that a report can say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunReport {
    /// What was known when it started.
    pub info: RunInfo,
    /// The days, in order.
    pub days: Vec<DayReport>,
    /// How long the run took.
    pub elapsed: Duration,
    /// What the run comes to.
    pub verdict: Verdict,
}

impl RunReport {
    /// Returns the exit code that says what the run came to.
    pub fn status(&self) -> Status {
        self.verdict.into()
    }
}

/// One thing that happens in a run.
#[derive(Debug, Clone)]
pub enum Event {
    /// The plan is made and grading begins.
    RunStarted(RunInfo),
    /// A check has begun.
    CheckStarted(CheckId),
    /// A check has ended.
    CheckFinished {
        /// Which.
        check: CheckId,
        /// How long it took.
        elapsed: Duration,
    },
    /// A check has answered for requirements of a day; what the day comes to is still open.
    Answered {
        /// Which day.
        day: DayId,
        /// What became of each, by name.
        outcomes: BTreeMap<Slug, Outcome>,
    },
    /// All checks of a day are done and its verdict stands.
    DayFinished(DayReport),
    /// Ctrl-C: what is known will be reported.
    Cancelling,
    /// The run is over. Always the last event.
    RunFinished(RunReport),
}
