use std::time::{Duration, UNIX_EPOCH};

use textwrap::core::display_width;

use super::*;
use crate::report::golden::golden;

/// 2026-11-22, 12:00 in UTC.
const NOW: u64 = 1_795_348_800;

fn days_ago(days: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(NOW - days * 86_400)
}

fn calendar() -> Calendar {
    Calendar::at(days_ago(0), 1)
}

fn requirement(id: &str, last: Option<OutcomeKind>, first_passed: Option<u64>) -> Requirement {
    let by_hand = matches!(last, Some(OutcomeKind::ByHand | OutcomeKind::Ticked));
    Requirement {
        id: id.parse().unwrap(),
        text: format!("what `{id}` asks for"),
        check: if by_hand { CheckKind::ByHand } else { CheckKind::Hidden },
        last,
        first_passed: first_passed.map(days_ago),
    }
}

fn day(number: u16, folder: Option<&str>, requirements: Vec<Requirement>) -> GradedDay {
    GradedDay {
        id: DayId::new(number),
        title: "Functions".to_owned(),
        folder: folder.map(Into::into),
        first_passed: None,
        last_graded: requirements
            .iter()
            .any(|each| each.last.is_some() && each.check != CheckKind::ByHand)
            .then(|| days_ago(0)),
        requirements,
        is_changed: None,
    }
}

fn overview(days: Vec<Day>) -> Overview {
    Overview {
        course: "tiny".to_owned(),
        title: "A tiny course".to_owned(),
        root: "/home/kim/\u{1b}[2J".into(),
        weeks: vec![Week { number: 1, title: "Basics".to_owned(), days }],
        runs: 12,
        first_run: Some(days_ago(20)),
        notice: None,
    }
}

/// One day for each way to stand.
fn everything() -> Overview {
    use OutcomeKind::{Blocked, ByHand, Failed, Passed, Ticked};
    let one = day(
        1,
        Some("week1/day1"),
        vec![requirement("day1.greet", Some(Passed), Some(20)), requirement("day1.push", Some(Ticked), None)],
    );
    let two = day(2, Some("day2"), vec![requirement("day2.stack", Some(Passed), Some(1))]);
    let three = day(
        3,
        Some("day3/\u{1b}[2J\u{202e}\n::error::x"),
        vec![
            requirement("day3.retry", Some(Failed), Some(2)),
            requirement("day3.cache", Some(Blocked), None),
            requirement("day3.a-name-that-is-longer-than-most", Some(Passed), Some(0)),
            requirement("day3.new", None, None),
            requirement("day3.review", Some(ByHand), None),
        ],
    );
    let four = day(4, Some("day4"), vec![requirement("day4.tidy", None, None)]);
    let five = day(5, None, vec![requirement("day5.tidy", None, None), requirement("day5.lint", None, None)]);
    let six = day(6, Some("day6"), vec![requirement("day6.push", Some(ByHand), None)]);
    let one = GradedDay { first_passed: Some(days_ago(20)), is_changed: Some(false), ..one };
    let three = GradedDay { first_passed: Some(days_ago(2)), is_changed: Some(true), ..three };
    let graded = [one, two, three, four, five, six].map(Day::Graded);
    overview(graded.into_iter().chain([Day::NotYet(DayId::new(7))]).collect())
}

#[test]
fn the_status_reads_as_it_did_before() {
    let (overview, style) = (everything(), Style::plain());
    let day = render_day(&overview, DayId::new(3), &calendar(), &style);
    golden("status.txt", &render(&overview, &calendar(), &style));
    golden("status-day.txt", &day);
    golden("status.json", &json(&overview, None, &calendar()));
}

#[test]
fn colour_adds_nothing_every_width_is_kept_and_nothing_acts() {
    for width in [40, 60, 80, 100] {
        let plain = Style { width, ..Style::plain() };
        let coloured = Style { colour: true, ..plain };
        for make in
            [&|style: &Style| render(&everything(), &calendar(), style) as String, &|style: &Style| {
                render_day(&everything(), DayId::new(3), &calendar(), style)
            }] as [&dyn Fn(&Style) -> String; 2]
        {
            let text = make(&plain);
            assert_eq!(anstream::adapter::strip_str(&make(&coloured)).to_string(), text);
            assert!(text.lines().all(|line| display_width(line) <= width), "{width}:\n{text}");
            assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        }
    }
}

#[test]
fn the_json_fits_its_schema() {
    let schema = serde_json::from_str(include_str!("../../../docs/status.schema.json")).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let failing = Overview { notice: Some("the history cannot be read".to_owned()), ..everything() };
    for text in [
        json(&everything(), None, &calendar()),
        json(&failing, Some(DayId::new(3)), &calendar()),
        json(&overview(vec![]), None, &calendar()),
    ] {
        let document = serde_json::from_str(&text).unwrap();
        if let Err(error) = schema.validate(&document) {
            panic!("{}: {error}\n{text}", error.instance_path());
        }
    }
}

/// The streak where something first passed so many days ago.
fn streak(days: &[u64]) -> (usize, bool) {
    let requirements =
        days.iter().map(|days| requirement("day1.greet", Some(OutcomeKind::Passed), Some(*days)));
    let overview = overview(vec![Day::Graded(day(1, Some("day1"), requirements.collect()))]);
    let Streak { days, includes_today } = overview.streak(&calendar());
    (days, includes_today)
}

#[test]
fn a_streak_is_days_of_the_calendar_that_follow_each_other_up_to_today_or_yesterday() {
    assert_eq!(streak(&[]), (0, false));
    assert_eq!(streak(&[0]), (1, true));
    assert_eq!(streak(&[0, 0, 1, 2, 4, 5]), (3, true), "twice on a day is one day, and a gap ends it");
    assert_eq!(streak(&[1, 2]), (2, false), "today is not over yet");
    assert_eq!(streak(&[2, 3]), (0, false));
}

/// The command that is next where these days stand like that.
fn next(days: Vec<GradedDay>) -> Option<String> {
    overview(days.into_iter().map(Day::Graded).collect()).next().map(|next| next.command)
}

#[test]
fn next_is_the_first_day_that_is_started_and_not_passed_else_the_first_that_is_not_started() {
    let passed = |number| {
        let requirement = requirement("day1.greet", Some(OutcomeKind::Passed), Some(3));
        GradedDay { first_passed: Some(days_ago(3)), ..day(number, Some("day"), vec![requirement]) }
    };
    let missing = |number| day(number, None, vec![requirement("day1.greet", None, None)]);
    let started = |number| day(number, Some("day"), vec![requirement("day1.greet", None, None)]);
    assert_eq!(next(vec![passed(1), missing(2), started(3)]).as_deref(), Some("grade day3"));
    assert_eq!(next(vec![passed(1), missing(2), missing(3)]).as_deref(), Some("grade start day2"));
    assert_eq!(next(vec![passed(1), passed(2)]), None);
}

#[test]
fn requirements_that_passed_one_by_one_are_no_passed_day() {
    let requirement = requirement("day1.greet", Some(OutcomeKind::Passed), Some(3));
    let parts = day(1, Some("day1"), vec![requirement]);
    assert_eq!(parts.standing(), Standing::InParts);
    assert_eq!(GradedDay { first_passed: Some(days_ago(3)), ..parts }.standing(), Standing::Passed);
}
