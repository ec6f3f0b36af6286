//! The examiner's report: whatever is in it, a pass is exactly the recorded tests, each heard once, and all passed.

use std::collections::BTreeMap;

use grade::day::DayId;
use grade::examiner::Records;
use grade::outcome::{Exit, Outcome};
use grade::pack::ExpectedTests;
use proptest::prelude::*;
use proptest::sample::select;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{documents, quick};

const TESTS: [&str; 2] = ["test_lru.py::test_one", "test_lru.py::test_two[2-3]"];

const REPORT: &str = r#"{"test":"test_lru.py::test_one","requirement":"lru","outcome":"passed"}
{"test":"test_lru.py::test_two[2-3]","requirement":"lru","outcome":"passed","finding":null,"fault":null}
{"test":"test_lru.py::test_three","requirement":"stack","outcome":"failed","finding":{"title":"t","did":"d","expected":"1","actual":"2","message":"m","trace":[{"path":"a.py","line":3,"function":"f","code":"x"}],"output":"o","missing":{"owner":"Stack","name":"pop"},"rule":"time-out"}}
{"collection":"test_lru.py","fault":"f"}
{"fault":"f"}
{"done":0,"output":""}
"#;

fn judged(report: &[u8], exit: Option<Exit>) -> Outcome {
    let expected: ExpectedTests =
        TESTS.iter().map(|test| ("lru".parse().unwrap(), test.parse().unwrap())).collect();
    Records::parse(report, 1).judge(DayId::new(2), &"lru".parse().unwrap(), &expected, exit)
}

fn exit() -> impl Strategy<Value = Option<Exit>> {
    select(&[None, Some(Exit::Cancelled), Some(Exit::Signal(9)), Some(Exit::Flooded(1))][..])
}

/// A record of a test, as far as a pass depends on it. One with a key twice is none.
#[derive(Deserialize)]
struct Line {
    test: String,
    requirement: String,
    outcome: String,
}

/// Returns what the report says of the requirement, read without the code that is on trial.
fn said(report: &[u8]) -> Vec<(String, String)> {
    let lines =
        report.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice::<Line>(line).ok());
    lines.filter(|line| line.requirement == "lru").map(|line| (line.test, line.outcome)).collect()
}

fn is_a_pass(said: &[(String, String)]) -> bool {
    let mut passed: Vec<&str> = said.iter().map(|(test, _)| test.as_str()).collect();
    passed.sort_unstable();
    passed == TESTS && said.iter().all(|(_, outcome)| outcome == "passed")
}

/// Returns a record of a test with one of the outcomes; what belongs to it may be there or not.
fn record() -> impl Strategy<Value = Value> {
    let finding = json!({"title": "t", "did": null, "message": "m", "trace": [], "output": ""});
    let parts = (
        select(&TESTS[..]),
        select(&["lru", "stack", "No Slug"][..]),
        select(&["passed", "failed", "blocked", "broken", "skipped"][..]),
        prop::option::of(Just(finding)),
        prop::option::of(Just("it is broken")),
    );
    parts.prop_map(|(test, requirement, outcome, finding, fault)| {
        json!({"test": test, "requirement": requirement, "outcome": outcome, "finding": finding, "fault": fault})
    })
}

fn lines(records: &[Value]) -> String {
    records.iter().map(|record| format!("{record}\n")).collect()
}

proptest! {
    #![proptest_config(quick())]

    #[test]
    fn a_report_that_was_tampered_with_is_no_pass_that_it_does_not_say(
        report in documents::any_or_like(REPORT.as_bytes()),
        exit in exit(),
    ) {
        if judged(&report, exit) == Outcome::Passed {
            prop_assert!(is_a_pass(&said(&report)), "{}", String::from_utf8_lossy(&report));
        }
    }

    #[test]
    fn every_test_must_pass_for_a_pass(records in prop::collection::vec(record(), 0..4), exit in exit()) {
        let report = lines(&records);
        if judged(report.as_bytes(), exit) == Outcome::Passed {
            prop_assert!(is_a_pass(&said(report.as_bytes())), "{report}");
        }
    }

    #[test]
    fn a_line_that_is_no_record_is_ours(garbage in "[^\n]{1,80}") {
        prop_assume!(serde_json::from_str::<Value>(&garbage).is_err());
        let report = format!("{}{garbage}\n{}\n", lines(&[]), json!({"done": 0, "output": ""}));
        prop_assert!(Records::parse(report.as_bytes(), 1).fault().is_some());
    }

    #[test]
    fn the_tests_that_were_written_are_the_tests_that_are_read(
        written in prop::collection::btree_map("[a-z]{1,8}", prop::collection::vec("[ -~]{1,30}", 1..4), 0..4),
    ) {
        let of = |(slug, tests): (&String, &Vec<String>)| -> Vec<Value> {
            tests.iter().map(|test| json!({"test": test, "requirement": slug, "outcome": "passed"})).collect()
        };
        let report = lines(&written.iter().flat_map(of).collect::<Vec<_>>());
        let mut read: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (slug, test) in Records::parse(report.as_bytes(), 1).tests() {
            read.entry(slug.to_string()).or_default().push(test.to_owned());
        }
        prop_assert_eq!(read, written);
    }
}
