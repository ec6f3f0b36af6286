//! What the examiner reports of a hidden suite, and what that means for each requirement.
//!
//! A record is one line of JSON from a process that no learner's code runs in. A requirement passes when exactly the tests that
//! the reference solution recorded were heard of and all of them passed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::day::{DayId, Slug};
use crate::finding::{Captured, Definition, Finding, Findings, Place, TIME_OUT};
use crate::outcome::{Exit, Fault, Outcome};
use crate::pack::{ExpectedTests, TestId};
use crate::tool::own_tests::RawFrame;

/// Findings that one requirement shows at the most: a class that does not work fails every test of it.
const MOST_FINDINGS: usize = 12;

/// One line of the examiner's report.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Record {
    Test(Box<TestRecord>),
    Collection { collection: String, fault: String },
    Fault { fault: String },
    Done { done: i32, output: String },
}

#[derive(Debug, Clone, Deserialize)]
struct TestRecord {
    test: String,
    /// Which test of the suite it is.
    #[serde(default)]
    number: usize,
    requirement: String,
    outcome: Said,
    finding: Option<RawFinding>,
    fault: Option<String>,
}

impl TestRecord {
    /// Returns the name for want of which it failed.
    fn missing(&self) -> Option<String> {
        Some(self.finding.as_ref()?.missing.as_ref()?.full())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    Passed,
    Failed,
    Blocked,
    Broken,
}

#[derive(Debug, Clone, Deserialize)]
struct RawFinding {
    title: String,
    did: Option<String>,
    expected: Option<String>,
    actual: Option<String>,
    message: Option<String>,
    #[serde(default)]
    reached: Vec<RawDefinition>,
    trace: Vec<RawFrame>,
    output: String,
    missing: Option<MissingName>,
    rule: Option<String>,
}

/// What a probe came by, as the examiner has found it in the files.
#[derive(Debug, Clone, Deserialize)]
struct RawDefinition {
    path: String,
    line: Option<u32>,
    name: Option<String>,
}

impl From<RawDefinition> for Definition {
    fn from(RawDefinition { path, line, name }: RawDefinition) -> Self {
        let place = Place { line, ..Place::file(path) };
        Self { place, name: name.map(Captured::new) }
    }
}

/// A name that the suite looked for and did not find.
#[derive(Debug, Clone, Deserialize)]
struct MissingName {
    owner: String,
    name: String,
}

impl RawFinding {
    fn into_finding(self, day: DayId) -> Finding {
        let about = self.reached.into_iter().map(Definition::from).collect();
        if let Some(missing) = self.missing {
            return missing.into_finding(day, self.message.as_deref().unwrap_or_default()).about(about);
        }
        let message = self.message.filter(|message| !message.is_empty());
        let trace: Vec<_> = self.trace.into_iter().map(crate::finding::Frame::from).collect();
        Finding {
            title: self.title,
            did: self.did.map(Captured::new),
            expected: self.expected.map(Captured::new),
            actual: self.actual.map(Captured::new),
            message: message.map(Captured::new),
            place: trace.last().map(|frame| frame.place.clone()),
            trace,
            rule: self.rule,
            ..Finding::default()
        }
        .about(about)
        .printing(Captured::new(self.output))
    }
}

impl MissingName {
    /// Returns a finding that is about the name alone: whatever the test is about, nothing can be said of it yet.
    fn into_finding(self, day: DayId, looked_for: &str) -> Finding {
        let full = self.full();
        let why = format!(
            "{looked_for}; if yours has another name, say so in grade.toml under [days.{day}.names]: \
             \"{full}\" = \"your_name\""
        );
        Finding::new(format!("`{full}` is there, under this name or another that is accepted")).because(why)
    }

    fn full(&self) -> String {
        let Self { owner, name } = self;
        if owner.ends_with(".py") { name.clone() } else { format!("{owner}.{name}") }
    }
}

/// The examiner's whole report on one day.
#[derive(Debug, Default)]
pub struct Records {
    tests: BTreeMap<Slug, Vec<TestRecord>>,
    faults: Vec<String>,
    /// Whether a part of the report cannot be read: it may have been what nobody wants to hear.
    unreadable: bool,
    /// Whether the last record is cut off, as it may be where the examination was ended.
    cut_off: bool,
    /// How many examiners are still out.
    missing: usize,
}

impl Records {
    /// Reads the report of so many examiners. A line that is none is a fault of ours, because only our processes write there.
    pub fn parse(report: &[u8], examiners: usize) -> Self {
        let mut records = Self { missing: examiners, ..Self::default() };
        for line in report.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
            match serde_json::from_slice(line) {
                Ok(record) => records.take(record),
                Err(_) if report.ends_with(line) => records.cut_off = true,
                Err(error) => records.cannot_read(format!("a record cannot be read: {error}")),
            }
        }
        // Several examiners write at once, and each in an order that may have been drawn.
        records.tests.values_mut().for_each(|tests| tests.sort_by_key(|test| test.number));
        records
    }

    fn take(&mut self, record: Record) {
        match record {
            Record::Test(test) => match test.requirement.parse() {
                Ok(slug) => self.tests.entry(slug).or_default().push(*test),
                Err(error) => self.cannot_read(format!("{}: {error}", test.test)),
            },
            Record::Collection { collection, fault } => self.faults.push(format!("{collection}: {fault}")),
            Record::Fault { fault } => self.faults.push(fault),
            // pytest's exit codes: 0 all passed, 1 some failed; anything else is not about the learner.
            Record::Done { done: 0 | 1, .. } => self.missing = self.missing.saturating_sub(1),
            Record::Done { done, output } => {
                self.faults.push(format!("pytest ended with code {done}: {output}"));
            }
        }
    }

    fn cannot_read(&mut self, why: String) {
        self.unreadable = true;
        self.faults.push(why);
    }

    /// Returns every test that ran, by requirement: what `expected.toml` records of the reference solution.
    pub fn tests(&self) -> impl Iterator<Item = (&Slug, &str)> {
        self.tests.iter().flat_map(|(slug, tests)| tests.iter().map(move |test| (slug, test.test.as_str())))
    }

    /// Returns what the suite itself did wrong, if anything.
    pub fn fault(&self) -> Option<Fault> {
        let fault = Fault::new("the hidden suite did not run to its end");
        match &self.faults[..] {
            [] if self.cut_off => Some(fault.because("its last record is cut off")),
            [] if self.missing == 0 => None,
            [] => Some(fault.because("an examiner ended without a last word")),
            faults => Some(Fault { caused_by: faults.to_vec(), ..fault }),
        }
    }

    /// Returns whether a test did not pass.
    pub fn has_failure(&self) -> bool {
        self.tests.values().flatten().any(|test| test.outcome != Said::Passed)
    }

    /// Judges one requirement. `exit` is how the examination ended where it did not end by itself: out of time, or interrupted.
    pub fn judge(&self, day: DayId, slug: &Slug, expected: &ExpectedTests, exit: Option<Exit>) -> Outcome {
        let heard = self.tests.get(slug).map_or(&[][..], Vec::as_slice);
        let of = |said| heard.iter().filter(move |test: &&TestRecord| test.outcome == said);
        let finding = |test: &TestRecord| test.finding.clone().map(|finding| finding.into_finding(day));
        let mut named = BTreeSet::new();
        // A name that is missing fails every test that uses it, and is worth saying once.
        let news = |test: &&TestRecord| test.missing().is_none_or(|missing| named.insert(missing));
        let failed = of(Said::Failed).filter(news).filter_map(finding);
        if let Some(findings) = Findings::from_vec(failed.take(MOST_FINDINGS).collect()) {
            return Outcome::Failed(findings);
        }
        if let Some(finding) = of(Said::Blocked).find_map(finding) {
            return Outcome::Blocked(finding);
        }
        // What failed or was blocked and got here says no reason: it is no pass, and it is not the learner's.
        if let Some(broken) = heard.iter().find(|test| test.outcome != Said::Passed) {
            let fault = Fault::new(format!("the hidden test `{}` is broken", broken.test));
            return Outcome::Broken(fault.because(broken.fault.clone().unwrap_or_default()));
        }
        self.judge_completeness(slug, heard, expected, exit)
    }

    fn broken(&self) -> Outcome {
        Outcome::Broken(self.fault().unwrap_or_else(|| Fault::new("the hidden suite is broken")))
    }

    /// Nothing failed; whether that is a pass depends on whether everything was heard, and understood.
    fn judge_completeness(
        &self,
        slug: &Slug,
        heard: &[TestRecord],
        expected: &ExpectedTests,
        exit: Option<Exit>,
    ) -> Outcome {
        let Some(wanted) = expected.of(slug) else {
            return Outcome::Broken(Fault::new(format!("no test is recorded for `{slug}`")).hint(RECORD));
        };
        let missing: Vec<&str> = wanted
            .iter()
            .map(TestId::as_str)
            .filter(|id| heard.iter().all(|test| test.test != *id))
            .collect();
        match (missing.first(), exit) {
            (Some(_), Some(Exit::Cancelled)) => Outcome::Cancelled,
            _ if self.unreadable || self.cut_off && exit.is_none() => self.broken(),
            (None, _) if heard.len() == wanted.len() => Outcome::Passed,
            (Some(_), Some(exit)) => Outcome::Failed(out_of_time(exit).into()),
            (Some(_), None) if self.fault().is_some() => self.broken(),
            (Some(first), None) => {
                let what =
                    format!("{} of {} hidden tests of `{slug}` did not run", missing.len(), wanted.len());
                Outcome::Broken(Fault::new(what).because(format!("the first is `{first}`")).hint(RECORD))
            }
            (None, _) => {
                let what =
                    format!("{} hidden tests of `{slug}` ran and {} are recorded", heard.len(), wanted.len());
                Outcome::Broken(Fault::new(what).hint(RECORD))
            }
        }
    }
}

fn out_of_time(exit: Exit) -> Finding {
    let finding = Finding::new("the day's checks come to an end in time");
    Finding { rule: Some(TIME_OUT.to_owned()), ..finding.because(format!("your code {}", exit.in_words())) }
}

const RECORD: &str = "`grade pack record` records the tests that the reference solution runs";

#[cfg(test)]
mod tests {
    use super::*;

    const DONE: &str = r#"{"done": 0, "output": ""}"#;

    fn passed(test: &str) -> String {
        format!(r#"{{"test":"{test}","requirement":"lru","outcome":"passed"}}"#) + "\n"
    }

    fn judged(report: &str, exit: Option<Exit>) -> Outcome {
        let recorded = ["test_a.py::test_one", "test_a.py::test_two"];
        let expected: ExpectedTests =
            recorded.iter().map(|test| ("lru".parse().unwrap(), test.parse().unwrap())).collect();
        Records::parse(report.as_bytes(), 1).judge(DayId::new(2), &"lru".parse().unwrap(), &expected, exit)
    }

    #[test]
    fn a_pass_needs_every_recorded_test() {
        let both = passed("test_a.py::test_one") + &passed("test_a.py::test_two");
        assert_eq!(judged(&(both + DONE), None), Outcome::Passed);
        assert!(matches!(judged(&(passed("test_a.py::test_one") + DONE), None), Outcome::Broken(_)));
        assert!(matches!(judged(DONE, None), Outcome::Broken(_)));
    }

    #[test]
    fn findings_stand_in_the_order_of_the_suite_whoever_writes_first() {
        let failed = |test: &str, number: usize| {
            format!(
                r#"{{"test":"test_a.py::test_{test}","number":{number},"requirement":"lru","outcome":"failed","finding":{{"title":"{test}","trace":[],"output":""}}}}"#
            ) + "\n"
        };
        let report = failed("two", 1) + &failed("three", 2) + &failed("one", 0) + DONE;
        let Outcome::Failed(findings) = judged(&report, None) else { panic!() };
        let titles: Vec<_> = findings.as_slice().iter().map(|finding| finding.title.as_str()).collect();
        assert_eq!(titles, ["one", "two", "three"]);
    }

    #[test]
    fn a_test_that_nobody_recorded_is_ours() {
        let three =
            passed("test_a.py::test_one") + &passed("test_a.py::test_two") + &passed("test_a.py::test_three");
        assert!(matches!(judged(&(three + DONE), None), Outcome::Broken(_)));
    }

    #[test]
    fn an_examiner_that_dies_is_ours() {
        assert!(matches!(judged(&passed("test_a.py::test_one"), None), Outcome::Broken(_)));
        assert!(matches!(judged("garbage\n", None), Outcome::Broken(_)));
    }

    #[test]
    fn what_cannot_be_read_is_no_pass_and_hides_no_failure() {
        let both = passed("test_a.py::test_one") + &passed("test_a.py::test_two");
        let odd = r#"{"test":"test_a.py::test_one","requirement":"Not A Slug","outcome":"passed"}"#;
        let half = r#"{"test":"test_a.py::test_two","requirement":"lru","outcome":"fai"#;
        for unreadable in ["garbage", "[]", r#"{"done": "0"}"#, odd, half] {
            for report in [
                format!("{both}{unreadable}\n{DONE}"),
                format!("{unreadable}\n{both}{DONE}"),
                format!("{both}{DONE}\n{unreadable}"),
            ] {
                assert!(matches!(judged(&report, None), Outcome::Broken(_)), "{report}");
            }
            let failed = both.replacen(
                "\"passed\"",
                "\"failed\",\"finding\":{\"title\":\"t\",\"trace\":[],\"output\":\"\"}",
                1,
            );
            let report = format!("{failed}{unreadable}\n{DONE}");
            assert!(matches!(judged(&report, None), Outcome::Failed(_)), "{report}");
        }
    }

    #[test]
    fn where_the_examination_was_ended_the_last_record_may_be_cut_off() {
        let timed_out = Some(Exit::TimedOut(std::time::Duration::from_secs(60)));
        let cut = passed("test_a.py::test_one") + r#"{"test":"test_a.py::test_tw"#;
        assert!(matches!(judged(&cut, timed_out), Outcome::Failed(_)));
        assert!(matches!(judged(&cut, None), Outcome::Broken(_)));
        let both = passed("test_a.py::test_one") + &passed("test_a.py::test_two") + r#"{"test":"#;
        assert_eq!(judged(&both, timed_out), Outcome::Passed);
        assert!(matches!(judged(&both, None), Outcome::Broken(_)));
    }

    #[test]
    fn a_name_that_is_missing_is_said_once_and_how_to_give_another() {
        let without = |test: &str| {
            let finding = r#"{"title":"items come back","did":"push(1)","message":"`Stack` has nothing called `push`","trace":[],
                "output":"","missing":{"owner":"Stack","name":"push"}}"#
                .replace('\n', "");
            format!(r#"{{"test":"{test}","requirement":"lru","outcome":"failed","finding":{finding}}}"#)
                + "\n"
        };
        let both = without("test_a.py::test_one") + &without("test_a.py::test_two");
        let Outcome::Failed(findings) = judged(&(both + DONE), None) else { panic!() };
        let only = Finding::new("`Stack.push` is there, under this name or another that is accepted").because(
            "`Stack` has nothing called `push`; if yours has another name, say so in grade.toml under [days.day2.names]: \
             \"Stack.push\" = \"your_name\"",
        );
        assert_eq!(findings, Findings::from(only));
    }

    #[test]
    fn running_out_of_time_is_the_learners_and_an_interruption_is_nobodys() {
        let timed_out = Some(Exit::TimedOut(std::time::Duration::from_secs(60)));
        assert!(matches!(judged(&passed("test_a.py::test_one"), timed_out), Outcome::Failed(_)));
        assert_eq!(judged(&passed("test_a.py::test_one"), Some(Exit::Cancelled)), Outcome::Cancelled);
    }

    #[test]
    fn a_failure_that_gives_no_reason_is_ours_and_not_a_pass() {
        for outcome in ["failed", "blocked", "broken"] {
            let two = passed("test_a.py::test_two").replace("passed", outcome);
            let report = passed("test_a.py::test_one") + &two + DONE;
            assert!(matches!(judged(&report, None), Outcome::Broken(_)), "{outcome}");
        }
    }

    #[test]
    fn one_failure_decides_whatever_else_is_missing() {
        let failed = r#"{"test":"test_a.py::test_one","requirement":"lru","outcome":"failed",
            "finding":{"title":"t","did":null,"message":"m","trace":[],"output":""}}"#
            .replace('\n', "");
        assert!(matches!(judged(&failed, None), Outcome::Failed(_)));
    }
}
