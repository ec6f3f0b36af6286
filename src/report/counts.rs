//! Counts the outcomes of a day or a run, for the summaries of every format.

use crate::event::RequirementReport;
use crate::outcome::Outcome;

/// How many requirements came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Counts {
    pub(super) passed: usize,
    pub(super) failed: usize,
    pub(super) blocked: usize,
    pub(super) not_started: usize,
    pub(super) by_hand: usize,
    /// How many of `by_hand` the learner ticked.
    pub(super) ticked: usize,
    pub(super) cancelled: usize,
    pub(super) broken: usize,
}

impl Counts {
    /// Counts these requirements.
    pub(super) fn of<'a>(requirements: impl IntoIterator<Item = &'a RequirementReport>) -> Self {
        let mut counts = Self::default();
        for requirement in requirements {
            match requirement.outcome {
                Outcome::Passed => counts.passed += 1,
                Outcome::Failed(_) => counts.failed += 1,
                Outcome::Blocked(_) => counts.blocked += 1,
                Outcome::NotStarted => counts.not_started += 1,
                Outcome::ByHand { ticked } => {
                    counts.by_hand += 1;
                    counts.ticked += usize::from(ticked);
                }
                Outcome::Cancelled => counts.cancelled += 1,
                Outcome::Broken(_) => counts.broken += 1,
            }
        }
        counts
    }

    /// Returns the counts in words, without what is zero: `3 passed, 2 FAILED, 1 by hand (0 ticked)`.
    pub(super) fn in_words(self) -> String {
        let counts = [
            (self.passed, "passed"),
            (self.failed, "FAILED"),
            (self.blocked, "blocked"),
            (self.not_started, "not started"),
            (self.cancelled, "cancelled"),
            (self.broken, "BROKEN"),
        ];
        let mut words: Vec<String> = counts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        if self.by_hand > 0 {
            words.push(format!("{} by hand ({} ticked)", self.by_hand, self.ticked));
        }
        if words.is_empty() { "no requirements".to_owned() } else { words.join(", ") }
    }
}

/// Returns a number with its noun: `1 requirement`, `2 requirements`.
pub(super) fn counted(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
