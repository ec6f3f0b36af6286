//! What a process did (`Exit`), what that means for a requirement (`Outcome`), what a day or a run comes to
//! (`Verdict`), and the exit code that says so (`Status`). Every rule between them is here and nowhere else.
//!
//! `Failed` and `Blocked` are the learner's; `Broken` is ours and never counts against anybody. A failure needs one
//! witness, a pass needs all of them.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Findings};

/// A limit of the sandbox that a process ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Limit {
    /// Seconds of processor time.
    Cpu,
    /// Bytes of memory.
    Memory,
    /// Processes and threads.
    Processes,
    /// Bytes of one file.
    FileSize,
    /// Bytes, or number, of all files together.
    Disk,
}

/// How a process ended, as we saw it. What it means is for `Outcome`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Exit {
    /// It exited with this code.
    Code(i32),
    /// This signal ended it.
    Signal(i32),
    /// It was still running after this long, and was killed.
    TimedOut(Duration),
    /// It had written this many bytes, and was killed.
    Flooded(u64),
    /// It ran into a limit of the sandbox.
    LimitHit(Limit),
    /// The run was interrupted.
    Cancelled,
}

impl Exit {
    /// Returns whether the process exited with code 0.
    pub fn is_success(self) -> bool {
        self == Self::Code(0)
    }

    /// Returns the exit in words that follow "it": `exited with code 1`, `was still running after 20 s`.
    pub fn in_words(self) -> String {
        match self {
            Self::Code(code) => format!("exited with code {code}"),
            Self::Signal(signal) => format!("was ended by signal {signal}"),
            Self::TimedOut(after) => format!("was still running after {} s", after.as_secs_f64()),
            Self::Flooded(bytes) => format!("wrote more than {} KiB of output", bytes / 1024),
            Self::LimitHit(Limit::Cpu) => "used up its processor time".to_owned(),
            Self::LimitHit(Limit::Memory) => "used up its memory".to_owned(),
            Self::LimitHit(Limit::Processes) => "started too many processes".to_owned(),
            Self::LimitHit(Limit::FileSize) => "wrote too large a file".to_owned(),
            Self::LimitHit(Limit::Disk) => "wrote too much to the disk".to_owned(),
            Self::Cancelled => "was interrupted".to_owned(),
        }
    }
}

/// Something of ours that went wrong: never the learner's fault, never a fail, exit code 3.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    /// What was wanted, and that it was not had: "failed to start the examiner".
    pub what: String,
    /// Why, outermost first.
    pub caused_by: Vec<String>,
    /// What to do next.
    pub hint: Option<String>,
}

impl Fault {
    /// Returns a fault without a cause.
    pub fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), caused_by: Vec::new(), hint: None }
    }

    /// Returns a fault caused by an error, with all of that error's sources.
    pub fn from_error(what: impl Into<String>, error: &(dyn std::error::Error + 'static)) -> Self {
        let sources = std::iter::successors(Some(error), |error| error.source());
        Self { what: what.into(), caused_by: sources.map(ToString::to_string).collect(), hint: None }
    }

    /// Adds one more cause; one without words is none.
    #[must_use]
    pub fn because(mut self, cause: impl Into<String>) -> Self {
        let cause = cause.into();
        if !cause.trim().is_empty() {
            self.caused_by.push(cause);
        }
        self
    }

    /// Adds what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        self.caused_by.iter().try_for_each(|cause| write!(f, ": {cause}"))
    }
}

impl std::error::Error for Fault {}

/// What became of one requirement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every witness was heard and all agree.
    Passed,
    /// At least one witness says no.
    Failed(Findings),
    /// It could not be tried, because the day's module does not import or the learner's own tests do not pass; the finding says why, the
    /// same for all.
    Blocked(Finding),
    /// Nothing of the day is there yet.
    NotStarted,
    /// No program can see this; the learner says it is done, or not yet.
    ByHand {
        /// Whether the learner ticked it.
        ticked: bool,
    },
    /// The run was interrupted before there was an answer.
    Cancelled,
    /// Ours.
    Broken(Fault),
}

/// An outcome without its reasons: what is remembered of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OutcomeKind {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It could not be tried.
    Blocked,
    /// Nothing of the day was there.
    NotStarted,
    /// No program can see it, and the learner did not tick it.
    ByHand,
    /// No program can see it, and the learner ticked it.
    Ticked,
    /// The run was interrupted.
    Cancelled,
    /// Ours.
    Broken,
}

impl OutcomeKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Passed,
        Self::Failed,
        Self::Blocked,
        Self::NotStarted,
        Self::ByHand,
        Self::Ticked,
        Self::Cancelled,
        Self::Broken,
    ];

    /// Returns the kind as files name it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Blocked => "blocked",
            Self::NotStarted => "not-started",
            Self::ByHand => "by-hand",
            Self::Ticked => "ticked",
            Self::Cancelled => "cancelled",
            Self::Broken => "broken",
        }
    }

    /// Returns the kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

impl From<&Outcome> for OutcomeKind {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Blocked(_) => Self::Blocked,
            Outcome::NotStarted => Self::NotStarted,
            Outcome::ByHand { ticked: false } => Self::ByHand,
            Outcome::ByHand { ticked: true } => Self::Ticked,
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Broken(_) => Self::Broken,
        }
    }
}

/// What a day, or a whole run, comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Everything that can be seen is fulfilled.
    Passed,
    /// Something is not.
    Failed,
    /// Nothing of it is there yet.
    NotStarted,
    /// Nothing failed, but something of ours broke.
    Broken,
    /// Nothing failed, but the run was interrupted.
    Cancelled,
    /// Nothing could be judged: there were only requirements done by hand, or none.
    Undecided,
}

impl Verdict {
    /// Judges a day by the outcomes of its requirements.
    ///
    /// One failure decides. Then what is ours or interrupted leaves the day open. A requirement done by hand
    /// changes nothing either way.
    pub fn of_day<'a>(outcomes: impl IntoIterator<Item = &'a Outcome>) -> Self {
        let (mut passed, mut missing, mut broken, mut cancelled) = (false, false, false, false);
        for outcome in outcomes {
            match outcome {
                Outcome::Failed(_) | Outcome::Blocked(_) => return Self::Failed,
                Outcome::Passed => passed = true,
                Outcome::NotStarted => missing = true,
                Outcome::Broken(_) => broken = true,
                Outcome::Cancelled => cancelled = true,
                Outcome::ByHand { .. } => {}
            }
        }
        match (broken, cancelled, missing, passed) {
            (true, ..) => Self::Broken,
            (_, true, ..) => Self::Cancelled,
            (_, _, true, true) => Self::Failed,
            (_, _, true, false) => Self::NotStarted,
            (_, _, _, true) => Self::Passed,
            _ => Self::Undecided,
        }
    }

    /// Judges a run by the verdicts of its days. A run that was interrupted is that, whatever is known by then; a day that
    /// was named and not started fails the run, unless none was started.
    pub fn of_run(days: impl IntoIterator<Item = Verdict>) -> Self {
        let days: Vec<Verdict> = days.into_iter().collect();
        let any = |verdict| days.contains(&verdict);
        if any(Self::Cancelled) {
            Self::Cancelled
        } else if any(Self::Failed) || (any(Self::NotStarted) && any(Self::Passed)) {
            Self::Failed
        } else if any(Self::Broken) {
            Self::Broken
        } else if any(Self::NotStarted) {
            Self::NotStarted
        } else if any(Self::Passed) {
            Self::Passed
        } else {
            Self::Undecided
        }
    }
}

/// The exit codes of `grade`, all of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    /// Everything that was graded is fulfilled.
    Passed = 0,
    /// Something is not.
    Failed = 1,
    /// The command line, `grade.toml` or a pack could not be understood.
    Usage = 2,
    /// Something of ours is broken: the tools, the sandbox, a pack's own tests.
    Broken = 3,
    /// There was nothing to grade.
    NothingGraded = 4,
    /// No sandbox of the level that is asked for can be had.
    NoSandbox = 5,
    /// Ctrl-C.
    Interrupted = 130,
}

impl From<Verdict> for Status {
    fn from(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Passed => Self::Passed,
            Verdict::Failed => Self::Failed,
            Verdict::Broken => Self::Broken,
            Verdict::NotStarted | Verdict::Undecided => Self::NothingGraded,
            Verdict::Cancelled => Self::Interrupted,
        }
    }
}

impl From<Status> for std::process::ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed() -> Outcome {
        Outcome::Failed(Finding::new("it works").into())
    }

    fn broken() -> Outcome {
        Outcome::Broken(Fault::new("the sandbox could not be built"))
    }

    #[test]
    fn a_pass_needs_every_requirement() {
        assert_eq!(Verdict::of_day(&[Outcome::Passed, Outcome::Passed]), Verdict::Passed);
        assert_eq!(Verdict::of_day(&[Outcome::Passed, failed()]), Verdict::Failed);
        assert_eq!(Verdict::of_day(&[Outcome::Passed, Outcome::NotStarted]), Verdict::Failed);
        assert_eq!(Verdict::of_day(&[Outcome::Passed, broken()]), Verdict::Broken);
        assert_eq!(Verdict::of_day(&[Outcome::Passed, Outcome::Cancelled]), Verdict::Cancelled);
    }

    #[test]
    fn what_is_ours_never_hides_a_failure_and_never_makes_one() {
        assert_eq!(Verdict::of_day(&[broken(), failed()]), Verdict::Failed);
        assert_eq!(Verdict::of_day(&[broken(), Outcome::NotStarted]), Verdict::Broken);
    }

    #[test]
    fn a_tick_turns_nothing_into_a_pass() {
        let ticked = Outcome::ByHand { ticked: true };
        assert_eq!(Verdict::of_day(std::slice::from_ref(&ticked)), Verdict::Undecided);
        assert_eq!(Verdict::of_day(&[ticked.clone(), failed()]), Verdict::Failed);
        assert_eq!(Verdict::of_day(&[ticked, Outcome::NotStarted]), Verdict::NotStarted);
    }

    #[test]
    fn a_run_without_any_graded_day_has_its_own_exit_code() {
        assert_eq!(Status::from(Verdict::of_run([])), Status::NothingGraded);
        assert_eq!(Status::from(Verdict::of_run([Verdict::NotStarted])), Status::NothingGraded);
        assert_eq!(Status::from(Verdict::of_run([Verdict::NotStarted, Verdict::Passed])), Status::Failed);
    }
}
