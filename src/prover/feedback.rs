//! Grades wrong solutions once, to be read and not to be proved: what a learner would be told.
//!
//! It is meant to be kept beside the pack, so that what differs from run to run without anybody's doing is left out: where
//! objects lie in memory, the temporary folder in which the submission lay, and the times that a learner's program prints.

use super::pool::calmly;
use super::{Part, ProofError, Prover, Round, Submission, Tries, repository, wrong_submission};
use crate::event::RequirementReport;
use crate::finding::{Captured, Finding, Findings};
use crate::outcome::Outcome;
use crate::pack::{Day, Wrong};

impl Prover<'_> {
    /// Grades each of these wrong solutions of a day once, with the first seed, and returns what became of its requirements.
    ///
    /// # Errors
    ///
    /// When one cannot be assembled, or nothing can be graded on this machine.
    pub fn feedback(
        &self,
        day: &Day,
        wrong: &[Wrong],
        progress: &dyn Fn(usize, usize),
    ) -> Result<Vec<Vec<RequirementReport>>, ProofError> {
        let submission = |wrong| Ok(Submission { tries: Tries::Always, ..wrong_submission(day, wrong)? });
        let submissions = wrong.iter().map(submission).collect::<Result<Vec<_>, ProofError>>()?;
        let round = |submission| Round { submission, seed: self.seed, part: Part::Whole, loaded: false };
        let total = submissions.len();
        let rounds: Vec<Round<'_>> = submissions.iter().map(round).collect();
        let graded = calmly(self.settings.jobs, &rounds, |round| self.grade(day, round), &|done| {
            progress(done, total);
        })?;
        let settled = |mut report: RequirementReport| {
            report.outcome = settled(&report.outcome);
            report
        };
        Ok(graded.into_iter().map(|came_to| came_to.reports.into_iter().map(settled).collect()).collect())
    }
}

/// Returns the outcome without what differs from run to run.
fn settled(outcome: &Outcome) -> Outcome {
    match outcome {
        Outcome::Failed(findings) => {
            let findings = findings.as_slice().iter().map(settled_finding).collect();
            Findings::from_vec(findings).map_or_else(|| outcome.clone(), Outcome::Failed)
        }
        Outcome::Blocked(finding) => Outcome::Blocked(settled_finding(finding)),
        Outcome::Passed
        | Outcome::NotStarted
        | Outcome::ByHand { .. }
        | Outcome::Cancelled
        | Outcome::Broken(_) => outcome.clone(),
    }
}

fn settled_finding(finding: &Finding) -> Finding {
    let mut finding = finding.clone();
    let Finding { title: _, did, expected, actual, message, place: _, about: _, trace, output, rule: _ } =
        &mut finding;
    let texts = [did, expected, actual, message, output].into_iter().flatten();
    for text in texts.chain(trace.iter_mut().map(|frame| &mut frame.code)) {
        *text = Captured::new(without_places(&without_addresses(text.raw())));
    }
    if let Some(output) = &mut finding.output {
        *output = Captured::new(without_times(output.raw()));
    }
    finding
}

/// Puts `…` for every number that a unit of time follows: `200.03 ms`, `1498057 ns`, `0.2s`.
fn without_times(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let is_within = |c: char| c.is_ascii_digit() || c == '.' || c == ',';
        let end = rest[start..].find(|c| !is_within(c)).map_or(rest.len(), |length| start + length);
        let unit: String =
            rest[end..].trim_start_matches(' ').chars().take_while(|c| c.is_alphanumeric()).collect();
        shown.push_str(&rest[..start]);
        shown.push_str(if UNITS.contains(&unit.as_str()) { "…" } else { &rest[start..end] });
        rest = &rest[end..];
    }
    shown + rest
}

/// Puts `…` for every number that looks like an address: many digits after `0x`, or as many as an `id()` has.
fn without_addresses(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_hexdigit();
    let mut shown = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_digit) {
        shown.push_str(&rest[..start]);
        let end = rest[start..].find(|c| !is_digit(c)).map_or(rest.len(), |length| start + length);
        let digits = &rest[start..end];
        let is_hexadecimal = shown.ends_with("0x") || shown.ends_with("0X");
        let is_decimal = digits.bytes().all(|digit| digit.is_ascii_digit());
        let is_address = match is_hexadecimal {
            true => digits.len() >= HEXADECIMAL,
            false => is_decimal && DECIMAL.contains(&digits.len()),
        };
        shown.push_str(if is_address { "…" } else { digits });
        rest = &rest[end..];
    }
    shown + rest
}

/// Puts `…` for what is made up anew in the path of a temporary folder: that of the submission, and Python's own.
fn without_places(text: &str) -> String {
    without_made_up(&without_made_up(text, repository::PREFIX, 6), PYTHON_PREFIX, 8)
}

/// Puts `…` for the name and what stands before it in its path, wherever `prefix` is followed by so many made-up characters.
fn without_made_up(text: &str, prefix: &str, made_up: usize) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(prefix) {
        let after = &rest[at + prefix.len()..];
        let is_made_up = |c: &char| c.is_ascii_alphanumeric() || *c == '_';
        if after.chars().take_while(is_made_up).count() == made_up {
            let is_within = |c: char| !c.is_whitespace() && !QUOTES.contains(c);
            shown.push_str(&rest[..at]);
            shown.truncate(shown.trim_end_matches(is_within).len());
            shown.push('…');
            rest = &after[made_up..];
        } else {
            shown.push_str(&rest[..at + prefix.len()]);
            rest = after;
        }
    }
    shown + rest
}

/// Units of time, as programs print them.
const UNITS: [&str; 9] = ["ns", "us", "µs", "ms", "s", "sec", "secs", "second", "seconds"];
/// Digits of an address after `0x`, at the least.
const HEXADECIMAL: usize = 8;
/// Digits of the address of an object in decimal, on machines of 64 bits.
const DECIMAL: std::ops::RangeInclusive<usize> = 14..=15;
/// How the names of Python's `tempfile` begin: eight letters, digits or `_` follow.
const PYTHON_PREFIX: &str = "/tmp";
/// What may stand before a path.
const QUOTES: &str = "`'\"(";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_an_object_lies_is_left_out_and_other_numbers_stay() {
        let text = "<S at 0x7f00aa11bb22> id 139863808206832, 0X7F2A8E4EF5F0, 0x1f, 2432902008176640000, 1.5";
        let expected = "<S at 0x…> id …, 0X…, 0x1f, 2432902008176640000, 1.5";
        assert_eq!(without_addresses(text), expected);
        assert_eq!(without_addresses("a deed of 7 café"), "a deed of 7 café");
    }

    #[test]
    fn times_are_left_out_of_what_is_printed_and_other_numbers_stay() {
        let text = "ran in 200.03 ms, -20,000.01ms, 1498057 ns. 3 sheep, Python 3.11.7, 2 s";
        let expected = "ran in … ms, -…ms, … ns. 3 sheep, Python 3.11.7, … s";
        assert_eq!(without_times(text), expected);
    }

    #[test]
    fn temporary_folders_are_left_out_and_other_paths_stay() {
        let text = "`/tmp/grade-pack-98Y1vz` and /var/x/grade-pack-abcdef/day1/a.py:3, '/tmp/tmp838x56y_/settings.json' /tmp/other";
        let expected = "`…` and …/day1/a.py:3, '…/settings.json' /tmp/other";
        assert_eq!(without_places(text), expected);
    }
}
