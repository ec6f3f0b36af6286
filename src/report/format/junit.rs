//! JUnit XML, which build servers read: a suite for each day, a case for each requirement.
//!
//! The elements and attributes are those of the schema that Jenkins publishes
//! (<https://github.com/jenkinsci/xunit-plugin/blob/master/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd>);
//! <https://github.com/testmoapp/junitxml> tells who reads what of them.
//!
//! Failed and blocked is a failure. What is ours is an error, and so is what was interrupted: neither may be taken for a pass. What is done by
//! hand is skipped. What is not started is a failure where the run failed, so that this file says the same as the exit code, and skipped
//! where there was nothing to grade.

use std::fmt::Write as _;
use std::time::Duration;

use crate::event::{DayReport, RequirementReport, RunReport};
use crate::outcome::{Outcome, Verdict};
use crate::report::reasons::{self, Reason, STYLE};
use crate::report::sanitize::for_markup;

/// Returns the whole document.
pub fn render(run: &RunReport) -> String {
    let cases: Vec<Vec<Case<'_>>> = run
        .days
        .iter()
        .map(|day| day.requirements.iter().map(|of| Case::of(of, run.verdict)).collect())
        .collect();
    let all = Counts::of(cases.iter().flatten());
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    line(&mut xml, format_args!("<testsuites name=\"grade\" {all} time=\"{}\">", seconds(run.elapsed)));
    for (day, cases) in run.days.iter().zip(&cases) {
        suite(&mut xml, day, cases);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn suite(xml: &mut String, day: &DayReport, cases: &[Case<'_>]) {
    let counts = Counts::of(cases);
    let name = for_markup(&format!("{} {}", day.day, STYLE.own_line(&day.title)));
    let (skipped, time) = (counts.skipped, seconds(day.elapsed));
    line(xml, format_args!("  <testsuite name=\"{name}\" {counts} skipped=\"{skipped}\" time=\"{time}\">"));
    let properties = [("seed", day.seed.to_string()), ("cached", day.cached.to_string())];
    xml.push_str("    <properties>\n");
    for (name, value) in properties {
        line(xml, format_args!("      <property name=\"{name}\" value=\"{value}\"/>"));
    }
    xml.push_str("    </properties>\n");
    for case in cases {
        self::case(xml, case);
    }
    xml.push_str("  </testsuite>\n");
}

fn case(xml: &mut String, case: &Case<'_>) {
    let id = &case.requirement.id;
    let open = format!("    <testcase classname=\"{}\" name=\"{}\"", id.day, id.slug);
    let Some((kind, reason)) = &case.said else { return line(xml, format_args!("{open}/>")) };
    line(xml, format_args!("{open}>"));
    let message = for_markup(&reason.headline);
    match kind {
        Kind::Skipped => line(xml, format_args!("      <skipped message=\"{message}\"/>")),
        Kind::Failure | Kind::Error => {
            let tag = if *kind == Kind::Failure { "failure" } else { "error" };
            let asked = for_markup(&STYLE.own_line(&case.requirement.text));
            let body = for_markup(&reason.body);
            line(
                xml,
                format_args!(
                    "      <{tag} message=\"{message}\" type=\"{}\">{asked}\n\n{body}</{tag}>",
                    case.word
                ),
            );
        }
    }
    xml.push_str("    </testcase>\n");
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Failure,
    Error,
    Skipped,
}

/// A requirement, and what is said of it where it did not pass.
struct Case<'a> {
    requirement: &'a RequirementReport,
    word: &'static str,
    said: Option<(Kind, Reason)>,
}

impl<'a> Case<'a> {
    fn of(requirement: &'a RequirementReport, run: Verdict) -> Self {
        let reason = reasons::of(&requirement.outcome);
        let (word, kind) = match &requirement.outcome {
            Outcome::Passed => ("passed", None),
            Outcome::Failed(_) => ("failed", Some(Kind::Failure)),
            Outcome::Blocked(_) => ("blocked", Some(Kind::Failure)),
            Outcome::NotStarted if run == Verdict::Failed => ("not-started", Some(Kind::Failure)),
            Outcome::NotStarted => ("not-started", Some(Kind::Skipped)),
            Outcome::ByHand { .. } => ("by-hand", Some(Kind::Skipped)),
            Outcome::Cancelled => ("cancelled", Some(Kind::Error)),
            Outcome::Broken(_) => ("broken", Some(Kind::Error)),
        };
        let by_hand = |ticked| if ticked { TICKED } else { NOT_TICKED };
        let reason = reason.or_else(|| match requirement.outcome {
            Outcome::ByHand { ticked } => {
                Some(Reason { headline: by_hand(ticked).to_owned(), body: String::new() })
            }
            _ => None,
        });
        Self { requirement, word, said: kind.zip(reason) }
    }
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'a, 'b: 'a>(cases: impl IntoIterator<Item = &'a Case<'b>>) -> Self {
        let mut counts = Self::default();
        for case in cases {
            counts.tests += 1;
            match case.said.as_ref().map(|(kind, _)| kind) {
                Some(Kind::Failure) => counts.failures += 1,
                Some(Kind::Error) => counts.errors += 1,
                Some(Kind::Skipped) => counts.skipped += 1,
                None => {}
            }
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tests, failures, errors, skipped: _ } = self;
        write!(f, "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"")
    }
}

fn seconds(elapsed: Duration) -> String {
    format!("{:.3}", elapsed.as_secs_f64())
}

fn line(xml: &mut String, line: std::fmt::Arguments<'_>) {
    // A string takes everything.
    let _ = writeln!(xml, "{line}");
}

const TICKED: &str = "by hand: ticked by the learner, and not verified";
const NOT_TICKED: &str = "by hand: not ticked yet";

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::report::{canned, hostile};

    /// Reads a document to its end, and returns how many elements of each name there are. Whatever is not well-formed panics.
    fn elements(xml: &str) -> BTreeMap<String, usize> {
        let mut reader = Reader::from_str(xml);
        reader.config_mut().enable_all_checks(true);
        let mut found = BTreeMap::new();
        loop {
            match reader.read_event().unwrap() {
                Event::Start(tag) | Event::Empty(tag) => {
                    for attribute in tag.attributes() {
                        attribute.unwrap();
                    }
                    *found.entry(tag.name().as_ref().to_owned()).or_default() += 1;
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    #[test]
    fn every_outcome_has_its_element_and_the_counts_agree() {
        let run = canned::everything();
        let found = elements(&render(&run));
        assert_eq!(found["testcase"], 20);
        // 4 failed, 3 blocked, 2 not started in a run that failed; 3 broken; 2 by hand.
        assert_eq!((found["failure"], found["error"], found["skipped"]), (9, 3, 2));
        assert!(render(&run).contains("<testsuites name=\"grade\" tests=\"20\" failures=\"9\" errors=\"3\""));
    }

    #[test]
    fn whatever_a_stranger_wrote_is_text_in_a_well_formed_document() {
        const KNOWN: &[&str] =
            &["testsuites", "testsuite", "properties", "property", "testcase", "failure", "error", "skipped"];
        for run in hostile::runs() {
            let found = elements(&render(&run));
            assert!(found.keys().all(|name| KNOWN.contains(&name.as_str())), "{found:?}");
            let cases: usize = run.days.iter().map(|day| day.requirements.len()).sum();
            assert_eq!(found["testcase"], cases);
        }
    }

    #[test]
    fn the_file_says_the_same_as_the_exit_code() {
        for (name, run) in canned::all() {
            let found = elements(&render(&run));
            let red = found.contains_key("failure") || found.contains_key("error");
            let wanted = !matches!(run.verdict, Verdict::Passed | Verdict::NotStarted | Verdict::Undecided);
            assert_eq!(red, wanted, "{name}");
        }
    }
}
