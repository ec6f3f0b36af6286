//! What a run is done with: the defaults of defaults.toml, under what the command line says.

use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::event::Level;
use crate::pack::DayLimits;

/// The limits of a run; a day's own go before them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long importing the day's modules may take.
    pub import: Duration,
    /// How long one probe may take.
    pub probe: Duration,
    /// How long one check of a day may take.
    pub wall: Duration,
    /// How long a whole run may take: no check goes on beyond it.
    pub run: Duration,
    /// How long mypy, ruff and the reader of facts may take.
    pub tools: Duration,
    /// Bytes of memory of one process.
    pub memory: u64,
    /// Bytes that are kept of what a process prints.
    pub output: u64,
}

/// defaults.toml as it is written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Defaults {
    import: u64,
    probe: u64,
    wall: u64,
    run: u64,
    tools: u64,
    memory: u64,
    output: u64,
}

#[expect(clippy::expect_used, reason = "a file that is compiled in, and read by a test")]
static DEFAULTS: LazyLock<Limits> = LazyLock::new(|| {
    let read: Defaults = toml::from_str(include_str!("defaults.toml")).expect("defaults.toml is well-formed");
    Limits {
        import: Duration::from_secs(read.import),
        probe: Duration::from_secs(read.probe),
        wall: Duration::from_secs(read.wall),
        run: Duration::from_secs(read.run),
        tools: Duration::from_secs(read.tools),
        memory: read.memory << 20,
        output: read.output << 10,
    }
});

impl Default for Limits {
    fn default() -> Self {
        *DEFAULTS
    }
}

impl Limits {
    /// Returns these limits with a day's own before them.
    #[must_use]
    pub fn of_day(self, own: &DayLimits) -> Self {
        Self {
            import: own.import.unwrap_or(self.import),
            probe: own.probe.unwrap_or(self.probe),
            wall: own.wall.unwrap_or(self.wall),
            memory: own.memory.unwrap_or(self.memory),
            ..self
        }
    }
}

/// The sandbox that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Sandbox {
    /// The best that can be had, and none below this level.
    Best(Level),
    /// This one and no other.
    Exactly(Level),
}

impl Default for Sandbox {
    fn default() -> Self {
        Self::Best(Level::Restricted)
    }
}

impl Sandbox {
    /// Returns the weakest level that will do.
    pub fn floor(self) -> Level {
        match self {
            Self::Best(level) | Self::Exactly(level) => level,
        }
    }
}

/// What becomes of what the probes of a hidden suite observe, for submissions that are nearly the same. Only the proof of a pack recalls anything: a learner's
/// code could lie about what it ran.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Recall {
    /// It is forgotten.
    #[default]
    Nothing,
    /// It is kept in this file.
    Keep(PathBuf),
    /// What is kept there, if it is, is not observed again where the submissions do not differ.
    Use(PathBuf),
}

/// How far tests are run: a hidden suite, and the learner's own as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// To its end: a learner hears of everything that fails.
    End,
    /// Until the verdict of each requirement is certain: its first failure decides it. One of the learner's own tests decides about all that ask for them.
    Verdicts,
    /// To the first failure of all. Each candidate's share of hidden tests has its own.
    FirstFailure,
}

/// Everything that decides how a run is done.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The seed that the user asks for; a fresh one otherwise.
    pub seed: Option<u64>,
    /// Whether the hidden tests run in a shuffled order, drawn from the seed.
    pub shuffle: bool,
    /// Whether a learner's own tests are tried on mutants. Only the proof of a pack goes without, where it says so.
    pub trials: bool,
    /// What is recalled of another submission.
    pub recall: Recall,
    /// How far tests are run. Only the proof of a pack, which shows no findings, does less than all.
    pub until: Until,
    /// Whether verdicts are looked up and kept.
    pub cache: bool,
    /// How many checks run side by side.
    pub jobs: usize,
    /// The sandbox that is asked for.
    pub sandbox: Sandbox,
    /// The limits.
    pub limits: Limits,
    /// Where the Python environment, the kit and hidden suites are kept.
    pub data_dir: PathBuf,
    /// Where verdicts are kept.
    pub cache_dir: PathBuf,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_read_and_a_days_own_limits_go_before_them() {
        let defaults = Limits::default();
        assert!(defaults.probe < defaults.wall);
        let own = DayLimits { probe: Some(Duration::from_secs(1)), ..DayLimits::default() };
        assert_eq!(defaults.of_day(&own).probe, Duration::from_secs(1));
        assert_eq!(defaults.of_day(&own).wall, defaults.wall);
    }
}
