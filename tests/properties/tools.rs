//! The reports of ruff, mypy, the reader of facts and the learner's own tests: garbage is ours or the learner's, and never a pass.

use std::path::Path;

use grade::finding::Captured;
use grade::outcome::{Exit, Outcome};
use grade::tool::facts::Facts;
use grade::tool::own_tests::{self, Ran, Wanted};
use grade::tool::{SUBMISSION, mypy, ruff};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use crate::{documents, quick};

const FILE: &str = "day4/main.py";

const RUFF: &str = r#"[{"cell":null,"code":"F401","end_location":{"column":10,"row":3},"filename":"/submission/day4/main.py","fix":null,
"location":{"column":8,"row":3},"message":"`os` imported but unused","noqa_row":3,"url":"https://docs.astral.sh"},
{"code":null,"filename":"/submission/day5/main.py","location":{"row":1,"column":1},"message":"SyntaxError"}]"#;

const MYPY: &str = r#"{"file": "day4/main.py", "line": 4, "column": 0, "message": "Incompatible", "hint": null, "code": "arg-type", "severity": "error"}
{"file": "day4/main.py", "line": -1, "column": -1, "message": "See", "hint": "this", "code": null, "severity": "note"}
"#;

const FACTS: &str = r#"{"files":{"day4/main.py":{"tests":[{"name":"test_real","line":3,"assertions":1,"uses":["timer"]}],
"functions":[{"name":"timer","line":1,"unchecked":false,"annotated":true}],"excuses":{"types":[],"lint":[]},"fixtures":["tmp_path"]},
"day4/broken.py":{"error":{"message":"invalid syntax","line":1}}}}"#;

const OWN_TESTS: &str = r#"{"kind":"test","id":"day4/main.py::test_real","outcome":"passed","path":"day4/main.py","line":3}
{"kind":"test","id":"day4/main.py::test_other[1]","outcome":"failed","path":"day4/main.py","line":9,"message":"m","frames":[{"path":"a.py","line":0,"function":"f","code":" x"}]}
{"kind":"collection","path":"day4/test_b.py","message":"m","frames":[]}
{"kind":"done","code":0}
"#;

fn exit() -> impl Strategy<Value = Exit> {
    let others = [Exit::Code(2), Exit::Code(-1), Exit::Signal(11), Exit::Flooded(9), Exit::Cancelled];
    prop_oneof![Just(Exit::Code(0)), Just(Exit::Code(1)), select(others.to_vec())]
}

fn facts() -> Facts {
    Facts::parse(FACTS.as_bytes()).unwrap()
}

fn parse_ruff(exit: Exit, report: &[u8]) -> Option<Outcome> {
    let findings = ruff::parse(exit, report, b"", Path::new(SUBMISSION)).ok()?;
    Some(ruff::judge(&findings, &facts(), [FILE]))
}

fn parse_mypy(exit: Exit, report: &[u8]) -> Option<Outcome> {
    match mypy::parse(exit, report, b"").ok()? {
        mypy::Checked::Whole(findings) => Some(mypy::judge(&findings, &facts(), [FILE], &[FILE.to_owned()])),
        mypy::Checked::Stopped(_) => None,
    }
}

/// Returns the values of these lines, if every one of them is JSON.
fn values(report: &[u8]) -> Option<Vec<Value>> {
    let text = String::from_utf8_lossy(report);
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.map(|line| serde_json::from_str(line).ok()).collect()
}

/// Returns whether the values hold no complaint about the file that is graded.
fn has_no_complaint(values: &[Value], path_key: &str, path: &str) -> bool {
    let severity = |value: &Value| value.get("severity").is_none_or(|severity| *severity == "error");
    values.iter().all(|value| value[path_key] != path || !severity(value))
}

fn judge_own_tests(report: &[u8], exit: Exit) -> Outcome {
    let wanted = Wanted { exercises: vec![vec!["timer".to_owned()]], minimum: 1, ..Wanted::default() };
    let ran = Ran { exit, report, output: Captured::default() };
    own_tests::judge(&wanted, &facts(), &[FILE], "day4", Some(&ran))
}

fn holds(report: &[u8], wanted: &[(&str, &str)]) -> bool {
    let lines = report.split(|byte| *byte == b'\n');
    let mut values = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    values.any(|value| wanted.iter().all(|(key, text)| value[*key] == *text))
}

proptest! {
    #![proptest_config(quick())]

    #[test]
    fn ruff_passes_only_what_it_looked_at_without_complaint(
        report in prop_oneof![documents::any_or_like(RUFF.as_bytes()), documents::any_or_like(b"[]")],
        exit in exit(),
    ) {
        if parse_ruff(exit, &report) == Some(Outcome::Passed) {
            // A value that is passed over may hold half of a surrogate pair, which the oracle refuses.
            let Ok(values) = serde_json::from_slice::<Vec<Value>>(&report) else { return Ok(()) };
            prop_assert!(has_no_complaint(&values, "filename", "/submission/day4/main.py"));
            prop_assert!(exit == Exit::Code(0) || !values.is_empty());
        }
    }

    #[test]
    fn mypy_passes_only_what_it_looked_at_without_complaint(
        report in prop_oneof![documents::any_or_like(MYPY.as_bytes()), documents::any_or_like(b"\n")],
        exit in exit(),
    ) {
        if parse_mypy(exit, &report) == Some(Outcome::Passed) {
            let Some(values) = values(&report) else { return Ok(()) };
            prop_assert!(has_no_complaint(&values, "file", FILE));
            prop_assert!(exit == Exit::Code(0) || !values.is_empty());
        }
    }

    #[test]
    fn facts_that_are_cut_off_are_ours(kept in any::<Index>()) {
        prop_assert!(Facts::parse(&FACTS.as_bytes()[..kept.index(FACTS.len())]).is_err());
    }

    #[test]
    fn any_facts_can_be_judged_by(report in documents::any_or_like(FACTS.as_bytes())) {
        if let Ok(facts) = Facts::parse(&report) {
            let judged = mypy::judge(&[], &facts, [FILE], &[FILE.to_owned()]);
            prop_assert!(judged != Outcome::Passed || facts.is_python(FILE));
        }
    }

    #[test]
    fn own_tests_pass_only_with_every_witness(
        report in documents::any_or_like(OWN_TESTS.as_bytes()),
        exit in exit(),
    ) {
        match judge_own_tests(&report, exit) {
            Outcome::Passed => {
                prop_assert_eq!(exit, Exit::Code(0));
                prop_assert!(holds(&report, &[("kind", "test"), ("outcome", "passed")]));
                prop_assert!(holds(&report, &[("kind", "done")]));
            }
            Outcome::Failed(_) => {}
            other => prop_assert!(false, "a report of the learner's process is never {other:?}"),
        }
    }
}
