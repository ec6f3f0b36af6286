//! The `results.json` of a Gradescope autograder: a test for each requirement, worth one point.
//!
//! Only fields that Gradescope documents are written: <https://gradescope-autograders.readthedocs.io/en/latest/specs/#output-format>.
//! What no program judged has no points to win or lose, because there is no word for it: what is done by hand, what was
//! interrupted, and what is ours. The text above the tests says so, and to run the autograder again where it would help.

use serde::Serialize;

use crate::event::{RequirementReport, RunReport};
use crate::outcome::Outcome;
use crate::report::json::escaped;
use crate::report::reasons::{self, STYLE};
use crate::report::sanitize::clipped;
use crate::report::{summary, terminal};

/// Characters of a name.
const NAME: usize = 300;

/// Returns the whole document.
pub fn render(run: &RunReport) -> String {
    let requirements = || run.days.iter().flat_map(|day| &day.requirements);
    let results = Results {
        execution_time: run.elapsed.as_secs_f64().ceil(),
        output: output(run),
        output_format: "text",
        visibility: "visible",
        tests: requirements().map(Test::of).collect(),
    };
    let json = serde_json::to_string_pretty(&results).expect("plain data with text keys always serialises");
    escaped(&json) + "\n"
}

#[derive(Serialize)]
struct Results {
    /// Seconds, as a whole number in the documentation's example.
    execution_time: f64,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
    tests: Vec<Test>,
}

#[derive(Serialize)]
struct Test {
    name: String,
    name_format: &'static str,
    score: f64,
    max_score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    output: String,
    output_format: &'static str,
    visibility: &'static str,
}

impl Test {
    fn of(requirement: &RequirementReport) -> Self {
        let (score, max_score, status) = match &requirement.outcome {
            Outcome::Passed => (1.0, 1.0, Some("passed")),
            Outcome::Failed(_) | Outcome::Blocked(_) | Outcome::NotStarted => (0.0, 1.0, Some("failed")),
            Outcome::Cancelled | Outcome::Broken(_) => (0.0, 0.0, Some("failed")),
            Outcome::ByHand { .. } => (0.0, 0.0, None),
        };
        let (word, _) = terminal::status(&requirement.outcome);
        let text = STYLE.own_line(&requirement.text);
        Self {
            name: clipped(&format!("{}: {text}", requirement.id), NAME),
            name_format: "text",
            score,
            max_score,
            status,
            output: reasons::of(&requirement.outcome).map_or_else(|| word.to_owned(), |reason| reason.body),
            output_format: "text",
            visibility: "visible",
        }
    }
}

fn output(run: &RunReport) -> String {
    let mut lines = summary::sentences(run);
    let any = |wanted: fn(&Outcome) -> bool| {
        run.days.iter().flat_map(|day| &day.requirements).any(|requirement| wanted(&requirement.outcome))
    };
    if any(|outcome| matches!(outcome, Outcome::Broken(_) | Outcome::Cancelled)) {
        lines.push(AGAIN.to_owned());
    }
    if any(|outcome| matches!(outcome, Outcome::ByHand { .. })) {
        lines.push(BY_HAND.to_owned());
    }
    lines.extend(summary::danger(run.info.containment.level).map(|danger| format!("WARNING: {danger}")));
    lines.push(format!("Seed {}, sandbox {}.", run.info.seed, run.info.containment.level.name()));
    lines.join("\n")
}

const AGAIN: &str = "Run the autograder again: what has no verdict has no points yet.";
const BY_HAND: &str = "What is done by hand has no points.";

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::report::{canned, hostile};

    /// What the documentation says of the fields that are used, as a schema.
    const SCHEMA: &str = include_str!("../../../tests/schemas/gradescope.json");

    fn schema() -> jsonschema::Validator {
        jsonschema::draft202012::new(&serde_json::from_str(SCHEMA).unwrap()).unwrap()
    }

    #[test]
    fn only_documented_fields_are_written_with_documented_values() {
        let schema = schema();
        for run in hostile::runs().chain(canned::all().into_iter().map(|(_, run)| run)) {
            let document: Value = serde_json::from_str(&render(&run)).unwrap();
            let errors: Vec<String> = schema.iter_errors(&document).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn a_learner_loses_points_only_for_what_is_judged() {
        let document: Value = serde_json::from_str(&render(&canned::everything())).unwrap();
        let sum = |field: &str| -> f64 {
            document["tests"].as_array().unwrap().iter().map(|test| test[field].as_f64().unwrap()).sum()
        };
        // 6 passed; 4 failed, 3 blocked and 2 not started have a point to win; 3 broken and 2 by hand have none.
        assert_eq!((sum("score"), sum("max_score")), (6.0, 15.0));
    }
}
