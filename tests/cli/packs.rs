//! `grade pack`: a pack is proved, and one that is spoilt in any way is not.

use std::fs;
use std::path::Path;

use crate::place::{Place, Ran, copy, edit};

const DAY: &str = "day01-greeting";

fn check(place: &Place, pack: &Path) -> Ran {
    place.finish(place.bare("pack check day1 --repeat 1 --seed 7 --pack").arg(pack))
}

/// Returns what the check says of a pack that was spoilt.
fn complaints(spoil: impl FnOnce(&Path)) -> String {
    let place = Place::new();
    let pack = place.own_pack();
    spoil(&pack.join(DAY));
    let ran = check(&place, &pack).exits_with(1);
    assert_eq!(ran.stderr, "");
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_said(complaints: &str, parts: &[&str]) {
    for part in parts {
        assert!(complaints.contains(part), "no `{part}` in {complaints}");
    }
}

#[test]
fn a_whole_pack_is_proved() {
    let place = Place::new();
    check(&place, &place.own_pack()).matches_golden(0, "pack-check");
}

#[test]
fn a_hidden_test_that_is_gone_is_noticed() {
    let said = complaints(|day| {
        let suite = day.join("hidden/test_greeting.py");
        let text = fs::read_to_string(&suite).unwrap();
        let cut = text.find("@requirement(\"shout\")").unwrap();
        fs::write(suite, &text[..cut]).unwrap();
    });
    assert_said(&said, &["solutions/plain: day1.shout is broken", "test_the_text_is_in_capitals"]);
}

#[test]
fn a_wrong_solution_that_is_right_is_noticed() {
    let said = complaints(|day| copy(&day.join("solutions/plain"), &day.join("wrong/whispers")));
    assert_said(
        &said,
        &["it is the same as its base `plain`", "wrong/whispers: day1.shout passes and should not"],
    );
}

#[test]
fn a_wrong_solution_that_fails_more_than_it_says_is_noticed() {
    let said = complaints(|day| {
        edit(&day.join("wrong/does-not-import/wrong.toml"), "\"greet\", \"shout\"", "\"greet\"");
    });
    assert_said(&said, &["wrong/does-not-import: day1.shout fails and should not"]);
}

#[test]
fn a_requirement_that_nothing_fails_is_noticed() {
    let said = complaints(|day| {
        for wrong in ["whispers", "first-letter-only", "does-not-import"] {
            fs::remove_dir_all(day.join("wrong").join(wrong)).unwrap();
        }
    });
    assert_said(&said, &["no wrong solution fails `shout`", "day1.shout: no wrong solution is caught by it"]);
}

#[test]
fn a_broken_solution_and_a_starter_that_passes_are_noticed() {
    let said = complaints(|day| {
        edit(&day.join("solutions/joined/week1/day1/greeting.py"), "letter.upper()", "letter");
        copy(&day.join("solutions/plain"), &day.join("starter"));
    });
    assert_said(
        &said,
        &[
            "solutions/joined: day1.shout fails and should not: `shout` returns capitals",
            "starter: day1.greet passes and should not",
            "starter: day1.shout passes and should not",
        ],
    );
}

#[test]
fn recording_writes_which_tests_ran_and_passes_by_days_without_any() {
    let place = Place::new();
    let pack = place.own_pack();
    let expected = pack.join(DAY).join("hidden/expected.toml");
    let before = fs::read_to_string(&expected).unwrap();
    fs::remove_file(&expected).unwrap();
    let ran = place.finish(place.bare("pack record --pack").arg(&pack)).exits_with(0);
    let said = "day1  2 hidden tests recorded\nday2  has no hidden tests to record\nday3  2 hidden tests recorded\nday5  2 hidden tests recorded\n";
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (said, ""));
    assert_eq!(fs::read_to_string(&expected).unwrap(), before);
    assert!(!pack.join("day02-tidy/hidden/expected.toml").exists());
    place.finish(&mut place.bare("pack record")).says(
        2,
        "error: a built-in pack cannot be recorded\n\nhint: name the folder of the course: `grade pack record --pack\n  exercises/python-23`\n",
    );
}
