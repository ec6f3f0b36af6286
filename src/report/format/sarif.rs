//! SARIF 2.1.0 (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>), for editors and for GitHub's code scanning
//! (<https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>).
//!
//! A rule is a requirement, a result is a finding, and its level is `error`. There is no result for what passed: GitHub would show it as
//! an alert. What blocks a day is one result, of the first requirement that it blocks. What is ours is a notification of the
//! invocation, and so is a day of which nothing is there, since there is no line to point at.

use serde_json::{Value, json};

use crate::day::RequirementId;
use crate::event::{DayReport, RequirementReport, RunReport};
use crate::finding::Finding;
use crate::outcome::{Outcome, Verdict};
use crate::report::counts::counted;
use crate::report::json::escaped;
use crate::report::reasons::{self, STYLE};
use crate::report::sanitize::{clipped, for_uri};
use crate::report::terminal;

/// Results of one requirement. Nobody mends ten thousand at once.
const RESULTS: usize = 100;
/// Results of the run. GitHub shows 5,000 at the most.
const ALL_RESULTS: usize = 2000;
/// Characters of a message.
const MESSAGE: usize = 1000;

/// Returns the whole log.
pub fn render(run: &RunReport) -> String {
    let requirements: Vec<&RequirementReport> = run.days.iter().flat_map(|day| &day.requirements).collect();
    let found: Vec<(usize, Value)> = run.days.iter().flat_map(|day| results(day, &requirements)).collect();
    let kept = found.len().min(ALL_RESULTS);
    let left = found.iter().map(|(left, _)| left).sum::<usize>() + found.len() - kept;
    let results: Vec<Value> = found.into_iter().take(kept).map(|(_, result)| result).collect();
    let log = json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "grade",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": requirements.iter().map(|requirement| rule(requirement)).collect::<Vec<_>>(),
            } },
            "originalUriBaseIds": { ROOT: { "description": { "text": "The root of the repository." } } },
            "columnKind": "unicodeCodePoints",
            "invocations": [{
                "executionSuccessful": !matches!(run.verdict, Verdict::Broken | Verdict::Cancelled),
                "exitCode": run.status() as u8,
                "toolExecutionNotifications": notifications(run, left),
            }],
            "results": results,
        }],
    });
    let json = serde_json::to_string_pretty(&log).expect("plain data with text keys always serialises");
    escaped(&json) + "\n"
}

fn rule(requirement: &RequirementReport) -> Value {
    let id = requirement.id.to_string();
    json!({
        "id": id,
        "shortDescription": { "text": text(&STYLE.own_line(&requirement.text)) },
        "help": { "text": format!("grade show {id}") },
        "defaultConfiguration": { "level": "error" },
        "properties": { "tags": [requirement.check.label()] },
    })
}

/// Returns the results of a day, each with how many more of its requirement are left out after it.
fn results(day: &DayReport, requirements: &[&RequirementReport]) -> Vec<(usize, Value)> {
    let mut results = Vec::new();
    for requirement in &day.requirements {
        let Outcome::Failed(findings) = &requirement.outcome else { continue };
        let findings = findings.as_slice();
        let mut left = findings.len().saturating_sub(RESULTS);
        for finding in findings.iter().take(RESULTS) {
            results
                .push((std::mem::take(&mut left), result(day, &requirement.id, "", finding, requirements)));
        }
    }
    for (finding, names) in reasons::blocking(day) {
        let blocked = day.requirements.iter().find(|requirement| requirement.id.slug.as_str() == names[0]);
        let waiting = terminal::waiting(&names) + "\n";
        results
            .extend(blocked.map(|blocked| (0, result(day, &blocked.id, &waiting, &finding, requirements))));
    }
    results
}

fn result(
    day: &DayReport,
    id: &RequirementId,
    before: &str,
    finding: &Finding,
    requirements: &[&RequirementReport],
) -> Value {
    let mut result = json!({
        "ruleId": id.to_string(),
        "level": "error",
        "message": { "text": text(&format!("{before}{}", reasons::of_finding(finding).body)) },
        "locations": location(day, finding).into_iter().collect::<Vec<_>>(),
    });
    if let Some(index) = requirements.iter().position(|requirement| requirement.id == *id) {
        result["ruleIndex"] = index.into();
    }
    result
}

/// Returns where to look, or else the day's folder. GitHub wants a line for every place, so a whole file is its first.
fn location(day: &DayReport, finding: &Finding) -> Option<Value> {
    let place = reasons::place(finding);
    let file = place.and_then(reasons::file);
    let folder = || day.folder.as_ref()?.raw().parse().ok();
    let path = file.clone().or_else(folder).filter(|path: &crate::rel_path::RelPath| !path.is_root())?;
    let place = place.filter(|_| file.is_some());
    let line = place.and_then(|place| place.line).unwrap_or(1).max(1);
    let mut region = json!({ "startLine": line });
    if let Some(column) = place.and_then(|place| place.line.and(place.column)) {
        region["startColumn"] = column.max(1).into();
    }
    Some(json!({ "physicalLocation": {
        "artifactLocation": { "uri": for_uri(path.as_str()), "uriBaseId": ROOT },
        "region": region,
    } }))
}

fn notifications(run: &RunReport, left: usize) -> Vec<Value> {
    let said = |level: &str, said: &str| json!({ "level": level, "message": { "text": text(said) } });
    let mut notifications = Vec::new();
    for day in &run.days {
        for (fault, names) in reasons::breaking(day) {
            let body = reasons::of_fault(&fault).body;
            notifications.push(said("error", &format!("{}: {}\n{body}", day.day, names.join(", "))));
        }
        if !reasons::not_started(day).is_empty() {
            notifications.push(said("note", &format!("{}: nothing of this day is there yet", day.day)));
        }
    }
    if left > 0 {
        notifications.push(said("note", &format!("{} left out of this log", counted(left, "more finding"))));
    }
    notifications
}

/// Returns a clean text as a message, in which `[…](…)` would be a link (section 3.11.6).
fn text(clean: &str) -> String {
    clipped(clean, MESSAGE).replace("](", "] (")
}

const ROOT: &str = "%SRCROOT%";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{canned, hostile};

    /// The schema that OASIS publishes; tests/schemas/README.md says where it is from.
    const SCHEMA: &str = include_str!("../../../tests/schemas/sarif-schema-2.1.0.json");

    fn document(run: &RunReport) -> Value {
        serde_json::from_str(&render(run)).unwrap()
    }

    #[test]
    fn every_run_is_as_the_published_schema_says() {
        // The pattern of a language has a stray bracket, which only lenient readers of patterns take for itself.
        let schema = SCHEMA.replace("{2}]?$", "{2}$");
        assert_ne!(schema, SCHEMA);
        let schema = jsonschema::draft7::new(&serde_json::from_str(&schema).unwrap()).unwrap();
        assert!(
            !schema.is_valid(&json!({ "version": "2.1.0", "runs": [{}] })),
            "the schema refuses something"
        );
        for run in hostile::runs().chain(canned::all().into_iter().map(|(_, run)| run)) {
            let errors: Vec<String> =
                schema.iter_errors(&document(&run)).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{errors:#?}");
        }
    }

    #[test]
    fn a_result_names_its_requirement_and_the_line() {
        let document = document(&canned::everything());
        let run = &document["runs"][0];
        let results = run["results"].as_array().unwrap();
        for result in results {
            let rule = &run["tool"]["driver"]["rules"][result["ruleIndex"].as_u64().unwrap() as usize];
            assert_eq!(rule["id"], result["ruleId"]);
        }
        // 5 + 1 + 2 + 12 findings, and what blocks day 5, once.
        assert_eq!(results.len(), 21);
        assert_eq!(
            results[0]["locations"][0]["physicalLocation"],
            json!({
                "artifactLocation": { "uri": "week1/day4/decorators.py", "uriBaseId": "%SRCROOT%" },
                "region": { "startLine": 31, "startColumn": 5 },
            })
        );
        assert_eq!(run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap().len(), 3);
    }

    #[test]
    fn of_ten_thousand_findings_the_first_are_there_and_the_rest_is_counted() {
        let document = document(&canned::without_end());
        let results = document["runs"][0]["results"].as_array().unwrap();
        assert!(results.len() > RESULTS && results.len() <= ALL_RESULTS);
        let notes = &document["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        let last = notes.as_array().unwrap().last().unwrap()["message"]["text"].as_str().unwrap();
        assert_eq!(last, "9900 more findings left out of this log");
    }

    #[test]
    fn no_message_has_a_link_and_no_place_leads_out_of_the_repository() {
        for run in hostile::runs() {
            for result in document(&run)["runs"][0]["results"].as_array().unwrap() {
                assert!(!result["message"]["text"].as_str().unwrap().contains("]("));
                for location in result["locations"].as_array().unwrap() {
                    let uri = location["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
                    assert!(
                        !uri.starts_with('/')
                            && !uri.contains(':')
                            && uri.split('/').all(|part| part != "..")
                    );
                }
            }
        }
    }
}
