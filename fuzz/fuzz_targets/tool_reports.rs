//! The reports of ruff, mypy, the reader of facts and the learner's own tests. The first byte says how the process ended.
#![no_main]

use std::path::Path;

use grade::finding::Captured;
use grade::outcome::{Exit, Outcome};
use grade::tool::facts::Facts;
use grade::tool::own_tests::{self, Ran, Wanted};
use grade::tool::{SUBMISSION, mypy, ruff};
use libfuzzer_sys::fuzz_target;

const FILE: &str = "day4/main.py";
const FACTS: &str =
    r#"{"files":{"day4/main.py":{"tests":[{"name":"test_real","line":3,"real":true,"uses":["timer"]}]}}}"#;

fn exit(byte: u8) -> Exit {
    match byte {
        b'0'..=b'9' => Exit::Code(i32::from(byte - b'0')),
        signal => Exit::Signal(i32::from(signal)),
    }
}

fn own_tests(exit: Exit, report: &[u8]) {
    let facts = Facts::parse(FACTS.as_bytes()).unwrap();
    let wanted = Wanted { minimum: 1, ..Wanted::default() };
    let ran = Ran { exit, report, output: Captured::from_bytes(report) };
    if own_tests::judge(&wanted, &facts, &[FILE], "day4", Some(&ran)) == Outcome::Passed {
        assert!(exit.is_success());
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Some((first, report)) = bytes.split_first() else { return };
    let exit = exit(*first);
    own_tests(exit, report);
    let facts = Facts::parse(report).unwrap_or_default();
    if let Ok(findings) = ruff::parse(exit, report, report, Path::new(SUBMISSION)) {
        assert!(exit.is_success() || !findings.is_empty());
        ruff::judge(&findings, &facts, [FILE]);
    }
    if let Ok(mypy::Checked::Whole(findings)) = mypy::parse(exit, report, report) {
        mypy::judge(&findings, &facts, [FILE], &[FILE.to_owned()]);
    }
});
