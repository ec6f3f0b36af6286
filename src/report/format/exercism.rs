//! The `results.json` of an Exercism test runner, version 3
//! (<https://exercism.org/docs/building/tooling/test-runners/interface>): a test for each requirement, in the plan's order.
//!
//! What is done by hand is no test. `test_code` is left out: nobody is shown a hidden test. A requirement is a task where the run is about one day,
//! numbered as the plan has it. The status is `error` where nothing ran as it should: the module does not import, nothing is there, or it is ours.

use serde::Serialize;

use crate::event::{RequirementReport, RunReport};
use crate::finding::Captured;
use crate::outcome::{Outcome, Verdict};
use crate::report::json::escaped;
use crate::report::reasons::{self, STYLE};
use crate::report::sanitize::clipped;
use crate::report::summary;

/// Characters of what a learner's program printed, at the most.
const OUTPUT: usize = 500;
/// Characters of the message of a whole run, at the most.
const MESSAGE: usize = 60_000;
/// Characters of a name.
const NAME: usize = 300;

/// Returns the whole document.
pub fn render(run: &RunReport) -> String {
    let by_day = run.days.iter().flat_map(|day| (1..).zip(&day.requirements));
    let judged = by_day.filter(|(_, requirement)| !matches!(requirement.outcome, Outcome::ByHand { .. }));
    let tests: Vec<Test> = judged
        .map(|(number, requirement)| Test::of(requirement, (run.days.len() == 1).then_some(number)))
        .collect();
    let status = status(run.verdict, &tests);
    let results = Results { version: 3, status, message: (status == "error").then(|| message(run)), tests };
    let json = serde_json::to_string_pretty(&results).expect("plain data with text keys always serialises");
    escaped(&json) + "\n"
}

#[derive(Serialize)]
struct Results {
    version: u32,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    task_id: Option<u32>,
}

impl Test {
    fn of(requirement: &RequirementReport, task_id: Option<u32>) -> Self {
        let status = match &requirement.outcome {
            Outcome::Passed | Outcome::ByHand { .. } => "pass",
            Outcome::Failed(_) => "fail",
            Outcome::Blocked(_) | Outcome::NotStarted | Outcome::Cancelled | Outcome::Broken(_) => "error",
        };
        let text = STYLE.own_line(&requirement.text);
        Self {
            name: clipped(&format!("{}: {text}", requirement.id), NAME),
            status,
            message: reasons::of(&requirement.outcome).map(|reason| reason.body),
            output: printed(&requirement.outcome).map(output),
            task_id,
        }
    }
}

/// Returns what the learner's program printed in the first test that failed.
fn printed(outcome: &Outcome) -> Option<&Captured> {
    match outcome {
        Outcome::Failed(findings) => findings.as_slice().iter().find_map(|finding| finding.output.as_ref()),
        Outcome::Blocked(finding) => finding.output.as_ref(),
        _ => None,
    }
}

/// Cuts it as the interface asks for.
fn output(printed: &Captured) -> String {
    let clean = STYLE.theirs(printed);
    if clean.chars().count() <= OUTPUT {
        return clean;
    }
    clean.chars().take(OUTPUT - TRUNCATED.len()).collect::<String>() + TRUNCATED
}

/// Returns what the run comes to. A verdict that is open is never a pass.
fn status(verdict: Verdict, tests: &[Test]) -> &'static str {
    match verdict {
        Verdict::Passed => "pass",
        Verdict::Failed if tests.iter().any(|test| test.status != "error") => "fail",
        Verdict::Failed | Verdict::NotStarted | Verdict::Broken | Verdict::Cancelled | Verdict::Undecided => {
            "error"
        }
    }
}

fn message(run: &RunReport) -> String {
    let requirements = run.days.iter().flat_map(|day| &day.requirements);
    let mut bodies: Vec<String> = summary::sentences(run);
    for reason in requirements.filter_map(|requirement| reasons::of(&requirement.outcome)) {
        if !bodies.contains(&reason.body) {
            bodies.push(reason.body);
        }
    }
    clipped(&bodies.join("\n"), MESSAGE)
}

const TRUNCATED: &str = "\nOutput was truncated. Please limit to 500 chars";

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::{canned, hostile};

    /// What the interface says of version 3, as a schema.
    const SCHEMA: &str = include_str!("../../../tests/schemas/exercism-3.json");

    fn schema() -> jsonschema::Validator {
        jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
    }

    fn document(run: &RunReport) -> Value {
        serde_json::from_str(&render(run)).unwrap()
    }

    #[test]
    fn every_run_is_as_the_interface_says() {
        let schema = schema();
        for run in hostile::runs().chain(canned::all().into_iter().map(|(_, run)| run)) {
            let errors: Vec<String> =
                schema.iter_errors(&document(&run)).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn a_pass_is_a_pass_of_every_test_and_nothing_else_is() {
        for (name, run) in canned::all() {
            let document = document(&run);
            let passes = document["tests"].as_array().unwrap().iter().all(|test| test["status"] == "pass");
            assert_eq!(document["status"] == "pass", run.verdict == Verdict::Passed, "{name}");
            assert!(passes || document["status"] != "pass", "{name}");
        }
    }

    #[test]
    fn one_day_has_tasks_and_several_have_none() {
        let passed = canned::all().into_iter().find(|(name, _)| *name == "passed").unwrap().1;
        assert_eq!(document(&passed)["tests"][3]["task_id"], 4);
        assert!(
            render(&canned::everything()).contains("\"tests\"")
                && !render(&canned::everything()).contains("task_id")
        );
    }
}
