//! What is shown of a learner's text: nothing in it acts, hides or runs on for ever, on a terminal or in a log of GitHub Actions.

use std::time::Duration;

use grade::day::DayId;
use grade::event::{CheckKind, Containment, DayReport, Level, RequirementReport, RunInfo, RunReport};
use grade::finding::{Captured, Definition, Finding, Findings, Frame, Place};
use grade::outcome::{Fault, Outcome, Verdict};
use grade::report::{Style, error, json, markdown, sanitize, terminal};
use proptest::prelude::*;

use crate::{config, documents};

/// Lines and characters that a text may have when it has been cleaned: those that are kept, widened to escapes, and a remark.
const MOST_LINES: usize = 201;
const MOST_CHARACTERS: usize = 2_000 * "\\u{10ffff}".len() + 40;

/// Characters that change what is read around them: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters
const BIDIRECTIONAL: &[char] = &[
    '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}',
    '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}',
];

fn acts(character: char) -> bool {
    (character.is_control() && character != '\n') || BIDIRECTIONAL.contains(&character)
}

fn does_nothing(text: &str) -> Result<(), TestCaseError> {
    let acting = text.chars().find(|character| acts(*character));
    prop_assert!(acting.is_none(), "{acting:?} in {text:?}");
    Ok(())
}

/// Fails if a runner of GitHub Actions would obey a line: one that starts with `::`, or holds `##[`.
/// <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs>
fn is_no_command(text: &str) -> Result<(), TestCaseError> {
    // .NET ends a line at either of the two: https://learn.microsoft.com/dotnet/api/system.io.streamreader.readline
    for line in text.split(['\n', '\r']) {
        prop_assert!(!line.trim_start().starts_with("::") && !line.contains("##["), "{line:?}");
    }
    Ok(())
}

fn without_colour(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn captured() -> impl Strategy<Value = Captured> {
    documents::hostile_text().prop_map(Captured::new)
}

fn place() -> impl Strategy<Value = Place> {
    (captured(), prop::option::of(any::<u32>()), prop::option::of(any::<u32>()))
        .prop_map(|(path, line, column)| Place { path, line, column })
}

fn frame() -> impl Strategy<Value = Frame> {
    (place(), captured(), captured()).prop_map(|(place, function, code)| Frame { place, function, code })
}

fn definition() -> impl Strategy<Value = Definition> {
    (place(), prop::option::of(captured())).prop_map(|(place, name)| Definition { place, name })
}

fn finding() -> impl Strategy<Value = Finding> {
    let texts = prop::collection::vec(prop::option::of(captured()), 5);
    let parts = (
        documents::hostile_text(),
        texts,
        prop::option::of(place()),
        prop::collection::vec(definition(), 0..4),
        prop::collection::vec(frame(), 0..6),
        prop::option::of(documents::hostile_text()),
    );
    parts.prop_map(|(title, texts, place, about, trace, rule)| {
        let [did, expected, actual, message, output] = <[_; 5]>::try_from(texts).unwrap();
        Finding { title, did, expected, actual, message, place, about, trace, output, rule }
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let findings = prop::collection::vec(finding(), 1..4);
    let fault = (documents::hostile_text(), documents::hostile_text(), documents::hostile_text());
    prop_oneof![
        4 => findings.prop_map(|findings| Outcome::Failed(Findings::from_vec(findings).unwrap())),
        1 => finding().prop_map(Outcome::Blocked),
        1 => fault.prop_map(|(what, cause, hint)| Outcome::Broken(Fault::new(what).because(cause).hint(hint))),
        1 => Just(Outcome::Passed),
    ]
}

fn run() -> impl Strategy<Value = RunReport> {
    let parts = (
        prop::collection::vec(outcome(), 1..4),
        prop::option::of(captured()),
        prop::collection::vec(captured(), 0..3),
        documents::hostile_text(),
    );
    parts.prop_map(|(outcomes, folder, notices, root)| {
        let requirement = |(index, outcome)| RequirementReport {
            id: format!("day4.requirement-{index}").parse().unwrap(),
            text: "`@retry` calls again".to_owned(),
            check: CheckKind::Hidden,
            outcome,
        };
        let day = DayReport {
            day: DayId::new(4),
            title: "Decorators".to_owned(),
            folder,
            verdict: Verdict::Failed,
            cached: false,
            seed: 1,
            elapsed: Duration::from_millis(1),
            requirements: outcomes.into_iter().enumerate().map(requirement).collect(),
            notices,
        };
        RunReport {
            info: info(root),
            days: vec![day],
            elapsed: Duration::from_millis(1),
            verdict: Verdict::Failed,
        }
    })
}

fn info(root: String) -> RunInfo {
    let layers = vec!["seccomp".to_owned()];
    let containment = Containment { level: Level::Full, layers, missing: Vec::new(), reason: None };
    let days = vec![(DayId::new(4), 1)];
    RunInfo { course: "python-23".parse().unwrap(), root, seed: 1, containment, days }
}

fn style() -> impl Strategy<Value = Style> {
    (any::<bool>(), 40..101_usize, any::<bool>(), any::<bool>())
        .prop_map(|(colour, width, unicode, in_actions)| Style { colour, width, unicode, in_actions })
}

/// Fails unless a text that is finished does nothing in its place.
fn is_fit(text: &str, style: &Style) -> Result<(), TestCaseError> {
    let plain = without_colour(text);
    does_nothing(&plain)?;
    prop_assert!(style.colour || plain == text);
    if style.in_actions {
        is_no_command(text)?;
        is_no_command(&plain)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(config(80))]

    #[test]
    fn a_text_for_a_terminal_does_nothing_and_is_bounded(text in captured()) {
        let shown = sanitize::for_terminal(&text);
        does_nothing(&shown)?;
        prop_assert!(shown.split('\n').count() <= MOST_LINES);
        prop_assert!(shown.split('\n').all(|line| line.chars().count() <= MOST_CHARACTERS));
    }

    #[test]
    fn a_text_on_one_line_stays_on_it(text in captured()) {
        let shown = sanitize::one_line(&text);
        does_nothing(&shown)?;
        prop_assert!(!shown.contains('\n') && shown.chars().count() <= MOST_CHARACTERS);
    }

    #[test]
    fn a_text_in_a_log_of_github_is_no_command(text in captured()) {
        let shown = sanitize::for_github_log(&sanitize::for_terminal(&text));
        is_no_command(&shown)?;
        prop_assert_eq!(sanitize::for_github_log(&shown), shown);
    }

    #[test]
    fn an_error_does_nothing(headline in documents::hostile_text(), cause in documents::hostile_text(), style in style()) {
        is_fit(&error::render(&headline, &[cause], Some(&headline), &style), &style)?;
    }

    #[test]
    fn a_guide_does_nothing(text in documents::text_like("# A\n\n- `b` *c* [d](e)\n\n> f\n\n| g | h |\n| - | - |\n| 1 | 2 |\n"), style in style()) {
        is_fit(&markdown::render(&text, &style), &style)?;
    }
}

proptest! {
    #![proptest_config(config(25))]

    #[test]
    fn a_report_does_nothing_wherever_it_is_shown(run in run(), style in style()) {
        is_fit(&terminal::render(&run, &style), &style)?;
    }

    #[test]
    fn a_report_for_programs_does_nothing_when_it_is_shown(run in run()) {
        let text = json::render(&run);
        does_nothing(&text)?;
        is_no_command(&text)?;
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read["root"], &run.info.root);
    }
}
