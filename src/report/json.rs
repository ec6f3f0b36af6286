//! The report for programs: one JSON document, described by `docs/report.schema.json`.
//!
//! Its structures are its own, so a rename inside the program changes no published file. Keys are in snake case, the
//! words that stand for a choice in kebab case, durations are seconds, and what is absent is left out. Strings hold
//! what the learner's program wrote, uncleaned: whoever shows them must clean them. The document itself is safe to
//! show, because all that would act on a terminal or hide is written as a JSON escape.

use std::fmt::Write as _;
use std::time::Duration;

use serde::Serialize;

use super::counts::Counts;
use super::sanitize;
use crate::day::{DayId, RequirementId};
use crate::event::{CheckKind, DayReport, RequirementReport, RunReport};
use crate::finding::{Captured, Definition, Finding, Frame, Place};
use crate::outcome::{Fault, Outcome, Verdict};

/// The version of the format. It is raised when a reader of the old one could misunderstand the new one.
const VERSION: u32 = 1;

/// Returns the whole report as one JSON document, indented, with a line break at the end.
pub fn render(run: &RunReport) -> String {
    let json = serde_json::to_string_pretty(&Document::of(run))
        .expect("plain data with text keys always serialises");
    escaped(&json) + "\n"
}

/// Returns the same document with every hidden character as an escape, and the bracket of what a GitHub log takes for a
/// command wherever it stands, `##[error]`. Outside of strings JSON is ASCII without `#`, so all of that is inside of one.
pub(super) fn escaped(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for character in json.chars() {
        if sanitize::is_hidden(character) && character != '\n' {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(text, "\\u{unit:04x}").expect("a string takes everything");
            }
        } else {
            text.push(character);
        }
    }
    text.replace("##[", "##\\u005b")
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    verdict: &'static str,
    exit_code: u8,
    course: &'a str,
    root: &'a str,
    /// 64 bits, which not every reader of JSON numbers keeps: <https://www.rfc-editor.org/rfc/rfc8259#section-6>.
    seed: String,
    elapsed_seconds: f64,
    containment: WireContainment<'a>,
    counts: WireCounts,
    planned: Vec<WirePlanned>,
    days: Vec<WireDay<'a>>,
}

impl<'a> Document<'a> {
    fn of(run: &'a RunReport) -> Self {
        Self {
            version: VERSION,
            verdict: verdict(run.verdict),
            exit_code: run.status() as u8,
            course: run.info.course.as_str(),
            root: &run.info.root,
            seed: run.info.seed.to_string(),
            elapsed_seconds: seconds(run.elapsed),
            containment: WireContainment::of(run),
            counts: WireCounts::of(run.days.iter().flat_map(|day| &day.requirements)),
            planned: run
                .info
                .days
                .iter()
                .map(|&(day, requirements)| WirePlanned { day, requirements })
                .collect(),
            days: run.days.iter().map(WireDay::of).collect(),
        }
    }
}

#[derive(Serialize)]
struct WireContainment<'a> {
    level: &'static str,
    layers: &'a [String],
    missing: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
}

impl<'a> WireContainment<'a> {
    fn of(run: &'a RunReport) -> Self {
        let containment = &run.info.containment;
        Self {
            level: containment.level.name(),
            layers: &containment.layers,
            missing: &containment.missing,
            reason: containment.reason.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct WireCounts {
    passed: usize,
    failed: usize,
    blocked: usize,
    not_started: usize,
    by_hand: usize,
    by_hand_ticked: usize,
    cancelled: usize,
    broken: usize,
}

impl WireCounts {
    fn of<'a>(requirements: impl IntoIterator<Item = &'a RequirementReport>) -> Self {
        let Counts { passed, failed, blocked, not_started, by_hand, ticked, cancelled, broken } =
            Counts::of(requirements);
        Self { passed, failed, blocked, not_started, by_hand, by_hand_ticked: ticked, cancelled, broken }
    }
}

#[derive(Serialize)]
struct WirePlanned {
    day: DayId,
    requirements: usize,
}

#[derive(Serialize)]
struct WireDay<'a> {
    day: DayId,
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<&'a str>,
    verdict: &'static str,
    cached: bool,
    seed: String,
    elapsed_seconds: f64,
    counts: WireCounts,
    requirements: Vec<WireRequirement<'a>>,
    notices: Vec<&'a str>,
}

impl<'a> WireDay<'a> {
    fn of(day: &'a DayReport) -> Self {
        Self {
            day: day.day,
            title: &day.title,
            folder: day.folder.as_ref().map(Captured::raw),
            verdict: verdict(day.verdict),
            cached: day.cached,
            seed: day.seed.to_string(),
            elapsed_seconds: seconds(day.elapsed),
            counts: WireCounts::of(&day.requirements),
            requirements: day.requirements.iter().map(WireRequirement::of).collect(),
            notices: day.notices.iter().map(Captured::raw).collect(),
        }
    }
}

#[derive(Serialize)]
struct WireRequirement<'a> {
    id: &'a RequirementId,
    text: &'a str,
    check: &'static str,
    outcome: WireOutcome<'a>,
}

impl<'a> WireRequirement<'a> {
    fn of(requirement: &'a RequirementReport) -> Self {
        Self {
            id: &requirement.id,
            text: &requirement.text,
            check: check(requirement.check),
            outcome: WireOutcome::of(&requirement.outcome),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "status", rename_all = "kebab-case")]
enum WireOutcome<'a> {
    Passed,
    Failed { findings: Vec<WireFinding<'a>> },
    Blocked { findings: Vec<WireFinding<'a>> },
    NotStarted,
    ByHand { ticked: bool },
    Cancelled,
    Broken { fault: WireFault<'a> },
}

impl<'a> WireOutcome<'a> {
    fn of(outcome: &'a Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed(findings) => {
                Self::Failed { findings: findings.as_slice().iter().map(WireFinding::of).collect() }
            }
            Outcome::Blocked(finding) => Self::Blocked { findings: vec![WireFinding::of(finding)] },
            Outcome::NotStarted => Self::NotStarted,
            Outcome::ByHand { ticked } => Self::ByHand { ticked: *ticked },
            Outcome::Cancelled => Self::Cancelled,
            Outcome::Broken(fault) => Self::Broken { fault: WireFault::of(fault) },
        }
    }
}

#[derive(Serialize)]
struct WireFinding<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    did: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expected: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    actual: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    place: Option<WirePlace<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    about: Vec<WireDefinition<'a>>,
    trace: Vec<WireFrame<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'a str>,
}

impl<'a> WireFinding<'a> {
    fn of(finding: &'a Finding) -> Self {
        let Finding { title, did, expected, actual, message, place, about, trace, output, rule } = finding;
        Self {
            title,
            did: did.as_ref().map(Captured::raw),
            expected: expected.as_ref().map(Captured::raw),
            actual: actual.as_ref().map(Captured::raw),
            message: message.as_ref().map(Captured::raw),
            place: place.as_ref().map(WirePlace::of),
            about: about.iter().map(WireDefinition::of).collect(),
            trace: trace.iter().map(WireFrame::of).collect(),
            output: output.as_ref().map(Captured::raw),
            rule: rule.as_deref(),
        }
    }
}

#[derive(Serialize)]
struct WirePlace<'a> {
    path: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

impl<'a> WirePlace<'a> {
    fn of(place: &'a Place) -> Self {
        Self { path: place.path.raw(), line: place.line, column: place.column }
    }
}

#[derive(Serialize)]
struct WireDefinition<'a> {
    place: WirePlace<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
}

impl<'a> WireDefinition<'a> {
    fn of(definition: &'a Definition) -> Self {
        let Definition { place, name } = definition;
        Self { place: WirePlace::of(place), name: name.as_ref().map(Captured::raw) }
    }
}

#[derive(Serialize)]
struct WireFrame<'a> {
    place: WirePlace<'a>,
    function: &'a str,
    code: &'a str,
}

impl<'a> WireFrame<'a> {
    fn of(frame: &'a Frame) -> Self {
        Self { place: WirePlace::of(&frame.place), function: frame.function.raw(), code: frame.code.raw() }
    }
}

#[derive(Serialize)]
struct WireFault<'a> {
    what: &'a str,
    caused_by: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<&'a str>,
}

impl<'a> WireFault<'a> {
    fn of(fault: &'a Fault) -> Self {
        Self { what: &fault.what, caused_by: &fault.caused_by, hint: fault.hint.as_deref() }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::NotStarted => "not-started",
        Verdict::Broken => "broken",
        Verdict::Cancelled => "cancelled",
        Verdict::Undecided => "undecided",
    }
}

fn check(kind: CheckKind) -> &'static str {
    match kind {
        CheckKind::Hidden => "hidden",
        CheckKind::OwnTests => "own-tests",
        CheckKind::Types => "types",
        CheckKind::Lint => "lint",
        CheckKind::Files => "files",
        CheckKind::Git => "git",
        CheckKind::ByHand => "by-hand",
    }
}

/// Returns seconds to the millisecond: more is noise.
pub(super) fn seconds(elapsed: Duration) -> f64 {
    (elapsed.as_secs_f64() * 1000.0).round() / 1000.0
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::report::canned;

    const SCHEMA: &str = include_str!("../../docs/report.schema.json");

    fn schema() -> jsonschema::Validator {
        let schema: Value = serde_json::from_str(SCHEMA).expect("the schema is JSON");
        jsonschema::meta::validate(&schema).expect("the schema is a schema");
        jsonschema::draft202012::new(&schema).expect("the schema can be used")
    }

    fn document(run: &RunReport) -> Value {
        serde_json::from_str(&render(run)).unwrap()
    }

    #[test]
    fn every_canned_run_is_as_the_schema_says() {
        let schema = schema();
        for (name, run) in canned::all() {
            let errors: Vec<String> =
                schema.iter_errors(&document(&run)).map(|error| error.to_string()).collect();
            assert!(errors.is_empty(), "{name}: {errors:#?}");
        }
    }

    #[test]
    fn the_canned_runs_use_all_that_the_schema_knows() {
        let mut wanted = Vec::new();
        properties(&serde_json::from_str(SCHEMA).unwrap(), &mut wanted);
        let text: String = canned::all().iter().map(|(_, run)| render(run)).collect();
        let missing: Vec<_> = wanted.iter().filter(|name| !text.contains(&format!("\"{name}\""))).collect();
        assert!(wanted.len() > 60 && missing.is_empty(), "{missing:?} of {}", wanted.len());
    }

    /// Collects the names of all properties, and all words of enumerations.
    fn properties(schema: &Value, names: &mut Vec<String>) {
        match schema {
            Value::Object(object) => {
                let keys = object.get("properties").and_then(Value::as_object);
                names.extend(keys.iter().flat_map(|keys| keys.keys().cloned()));
                let words = object
                    .get("enum")
                    .and_then(Value::as_array)
                    .into_iter()
                    .flatten()
                    .chain(object.get("const"));
                names.extend(words.filter_map(Value::as_str).map(str::to_owned));
                object.values().for_each(|value| properties(value, names));
            }
            Value::Array(values) => values.iter().for_each(|value| properties(value, names)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn what_the_schema_does_not_know_is_refused() {
        let schema = schema();
        let good = document(&canned::everything());
        assert!(schema.is_valid(&good));
        let breakages: &[(&str, Value)] = &[
            ("/version", json!(2)),
            ("/verdict", json!("great")),
            ("/exit_code", json!(7)),
            ("/seed", json!(12)),
            ("/elapsed_seconds", json!(-1)),
            ("/days/0/day", json!("4")),
            ("/days/0/requirements/0/outcome", json!({ "status": "passed", "findings": [] })),
            ("/days/0/requirements/0/outcome", json!({ "status": "failed", "findings": [] })),
            ("/days/0/requirements/0/outcome", json!({ "status": "broken" })),
            ("/days/0/requirements/0/check", json!("own_tests")),
            ("/containment", json!({ "level": "full", "layers": [], "missing": [], "extra": 1 })),
        ];
        for (pointer, value) in breakages {
            let mut broken = good.clone();
            *broken.pointer_mut(pointer).unwrap() = value.clone();
            assert!(!schema.is_valid(&broken), "{pointer} = {value}");
        }
        let mut extra = good;
        extra.as_object_mut().unwrap().insert("extra".to_owned(), json!(1));
        assert!(!schema.is_valid(&extra));
    }

    #[test]
    fn the_version_comes_first_and_the_exit_code_is_the_programs() {
        let run = canned::everything();
        assert!(render(&run).starts_with("{\n  \"version\": 1,\n"));
        assert_eq!(document(&run)["exit_code"], json!(run.status() as u8));
    }

    #[test]
    fn text_arrives_as_it_was_and_the_document_does_not_act() {
        let nasty = "\u{1b}[2J \u{9b}x \u{202e}y \u{e0041} \u{7f} ::error:: ##[error] \"\\ é";
        let mut run = canned::everything();
        run.days[0].notices = vec![nasty.into()];
        assert_eq!(document(&run)["days"][0]["notices"][0], json!(nasty));
        let hidden: Vec<char> = render(&run)
            .chars()
            .filter(|&character| sanitize::is_hidden(character) && character != '\n')
            .collect();
        assert!(hidden.is_empty(), "{hidden:?}");
    }
}
