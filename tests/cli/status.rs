//! `grade status`, and the history behind it: what is kept of runs, and what it never costs.

//!
//! The course is made of files that must be there, which needs no tools, so every place has a data folder of its own.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::Value;

use crate::place::{Place, Ran};

/// Returns `grade` with these arguments on the course of files, with a history of this place's own.
fn command(place: &Place, args: &str) -> Command {
    let mut command = place.bare(args);
    command.arg("--pack").arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/pack/paper"));
    command.env("GRADE_DATA_DIR", place.path("data")).env("TZ", "UTC");
    command
}

fn grade(place: &Place, args: &str) -> Ran {
    place.finish(&mut command(place, args))
}

/// Returns a place with these files.
fn with(files: &[&str]) -> Place {
    let place = Place::new();
    files.iter().for_each(|file| place.write(file, "dear all"));
    place
}

fn remove(place: &Place, file: &str) {
    fs::remove_file(place.repo().join(file)).unwrap();
}

const DAY_1: [&str; 2] = ["day1/letter.txt", "day1/stamp.txt"];

fn status(place: &Place) -> Value {
    let ran = grade(place, "status --json").exits_with(0);
    assert_eq!(ran.stderr, "");
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/status.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let status = ran.json();
    if let Err(error) = jsonschema::draft202012::new(&schema).unwrap().validate(&status) {
        panic!("{}: {error}\n{status:#}", error.instance_path());
    }
    status
}

fn history(place: &Place) -> PathBuf {
    place.path("data/history.sqlite")
}

/// Moves all that was so far to a day long ago.
fn long_ago(place: &Place) {
    let history = Connection::open(history(place)).unwrap();
    history.execute("UPDATE run SET ended = 1604404800 WHERE ended > 1700000000", ()).unwrap();
}

const LONG_AGO: &str = "2020-11-03T12:00:00+00:00";

#[test]
fn without_a_history_everything_is_still_to_come_and_nothing_is_written() {
    let place = Place::new();
    let ran = grade(&place, "status").reports(
        0,
        &[
            "A paper course",
            "  day1   not started  2 requirements",
            "  day3   cannot be graded yet",
            "0 of 3 passed; 2 can be graded yet",
        ],
    );
    assert!(ran.stdout.ends_with("Next: day1 is not started.\n    grade start day1\n"), "{}", ran.stdout);
    assert!(!place.path("data").exists(), "to look is not to write");
    let status = status(&place);
    assert_eq!((&status["runs"], &status["streak"]["days"]), (&0.into(), &0.into()));
    assert_eq!(status["days"].as_array().unwrap().len(), 3);
}

#[test]
fn a_first_pass_keeps_its_date_when_the_day_later_fails() {
    let place = with(&DAY_1);
    grade(&place, "status").reports(0, &["day1   never graded", "Next: day1 is started and not passed."]);
    grade(&place, "day1").exits_with(0);
    assert_eq!(status(&place)["streak"], serde_json::json!({"days": 1, "includes_today": true}));
    grade(&place, "status").reports(0, &["day1   passed       2 of 2; first passed", "(today)"]);
    long_ago(&place);
    remove(&place, "day1/stamp.txt");
    let ran = grade(&place, "status").reports(0, &["day1   passed "]);
    assert!(
        ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains("changed since it was graded")
    );
    grade(&place, "day1").exits_with(1);
    let ran = grade(&place, "status").reports(0, &["day1   FAILED       1 of 2; first passed 3 Nov 2020"]);
    assert!(!ran.stdout.contains("changed"), "{}", ran.stdout);
    let all = status(&place);
    assert_eq!(all["streak"]["days"], 0, "what passed once passes newly no more");
    let day = &all["days"][0];
    assert_eq!((&day["first_passed"], &day["standing"]), (&LONG_AGO.into(), &"failed".into()));
    let stamp = &day["requirements"][1];
    assert_eq!((&stamp["last"], &stamp["first_passed"]), (&"failed".into(), &LONG_AGO.into()));
    grade(&place, "status day1")
        .reports(0, &["FAILED       stamp", "first passed 3 Nov 2020", "To grade it:\n    grade day1\n"]);
    let one = grade(&place, "status day1 --json").exits_with(0).json();
    assert_eq!(one["days"].as_array().unwrap().len(), 1);
}

#[test]
fn requirements_that_pass_one_by_one_are_a_day_in_parts() {
    let place = with(&DAY_1);
    grade(&place, "day1.letter").exits_with(0);
    grade(&place, "status").reports(0, &["day1   FAILED       1 of 2"]);
    grade(&place, "day1.stamp").exits_with(0);
    grade(&place, "status")
        .reports(0, &["day1   in parts     2 of 2, never all in one run", "\n    grade day1\n"]);
    grade(&place, "day1").exits_with(0);
    grade(&place, "status").reports(0, &["day1   passed ", "Next: day2 is not started."]);
}

#[test]
fn what_is_ticked_is_shown_as_ticked_and_as_nothing_more() {
    let place = with(&["day1/letter.txt"]);
    grade(&place, "status").reports(0, &["by hand: 0 of 1 ticked"]);
    place.write("grade.toml", "[by-hand]\nday1 = [\"post\"]\n");
    grade(&place, "status").reports(0, &["day1   never graded", "by hand: 1 of 1 ticked"]);
    grade(&place, "status day1").reports(0, &["ticked       post", "never graded letter"]);
}

#[test]
fn runs_at_once_are_all_written_down() {
    let place = with(&["day1/letter.txt", "day1/stamp.txt", "day2/parcel.txt"]);
    let start =
        |args: &str| command(&place, args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let running: Vec<_> = ["day1", "day2", "day1", "day2"].map(start).into();
    for child in running {
        let ran = place.ran(&child.wait_with_output().unwrap()).exits_with(0);
        assert_eq!(ran.stderr, "");
    }
    let status = status(&place);
    assert_eq!((&status["runs"], &status["counts"]["days_passed"]), (&4.into(), &2.into()));
}

#[test]
fn a_damaged_history_is_put_aside_and_costs_no_verdict() {
    let place = with(&DAY_1);
    grade(&place, "day1").reports(0, &[]);
    fs::write(history(&place), "garbage ".repeat(1000)).unwrap();
    grade(&place, "status").reports(0, &["note: the history cannot be read", "day1   never graded"]);
    let ran = grade(&place, "day1").exits_with(0);
    assert_eq!(
        ran.stderr,
        "note: the history was damaged and begins anew; the old one is `[PLACE]/data/history-damaged-1.sqlite`\n"
    );
    assert!(ran.stdout.contains("Well done!"), "{}", ran.stdout);
    assert!(fs::read(place.path("data/history-damaged-1.sqlite")).unwrap().starts_with(b"garbage"));
    grade(&place, "day1").reports(0, &[]);
    assert_eq!(status(&place)["runs"], 2);
}

#[test]
fn a_history_that_cannot_be_written_costs_a_line_and_no_verdict() {
    let place = with(&DAY_1);
    // A folder where the file should be: not even root can write to it.
    fs::create_dir_all(history(&place)).unwrap();
    let ran = grade(&place, "day1").exits_with(0);
    let said = "note: this run is not in the history: `[PLACE]/data/history.sqlite`: ";
    assert!(ran.stderr.starts_with(said) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("Well done!"), "{}", ran.stdout);
    grade(&place, "status").reports(0, &["note: the history cannot be read"]);
    fs::remove_dir(history(&place)).unwrap();
    grade(&place, "day1").reports(0, &[]);
}

#[test]
fn a_history_of_a_newer_grade_is_left_alone() {
    let place = with(&DAY_1);
    grade(&place, "day1").reports(0, &[]);
    let newer = Connection::open(history(&place)).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    let before = fs::read(history(&place)).unwrap();
    let ran = grade(&place, "day1").exits_with(0);
    assert!(ran.stderr.contains("was written by a newer grade"), "{}", ran.stderr);
    grade(&place, "status").reports(0, &["note: the history cannot be read", "update grade"]);
    assert_eq!(fs::read(history(&place)).unwrap(), before);
}

#[test]
fn only_grading_is_written_down() {
    let place = with(&DAY_1);
    grade(&place, "day1").exits_with(0);
    for args in ["list", "show day1.letter", "status", "status day1", "hint day1.letter"] {
        grade(&place, args).exits_with(0);
    }
    assert_eq!(status(&place)["runs"], 1);
}

#[test]
fn what_was_known_already_is_no_run_and_what_is_graded_anew_is() {
    let place = Place::with(&[1]);
    let runs = || place.run("status --json").exits_with(0).json()["runs"].clone();
    place.run("day1 --seed 7").exits_with(0);
    place.run("day1 --seed 7").exits_with(0);
    assert_eq!(runs(), 1);
    place.run("day1 --seed 7 --no-cache").exits_with(0);
    assert_eq!(runs(), 2);
}

#[test]
fn folders_with_hostile_names_cannot_act_on_the_terminal() {
    let place = Place::new();
    let root = place.path("home").join(OsStr::from_bytes(b"\x1b[2J\xff\n::error::x"));
    fs::create_dir_all(root.join("day1")).unwrap();
    fs::create_dir(root.join(".git")).unwrap();
    DAY_1.iter().for_each(|file| fs::write(root.join(file), "dear all").unwrap());
    let run = |args: &str| place.finish(command(&place, args).current_dir(&root));
    run("day1").exits_with(0);
    fs::write(history(&place), "garbage").unwrap();
    for args in ["status", "status day1", "status --json", "status --color always", "day1"] {
        let ran = run(args).exits_with(0);
        let own = ["0m", "1m", "2m", "31m", "32m", "33m", "36m"];
        let is_own = |rest: &str| own.iter().any(|code| rest.starts_with(&format!("[{code}")));
        let text = ran.raw + &ran.stderr;
        assert!(text.split('\u{1b}').skip(1).all(is_own), "{text:?}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("::")), "{text:?}");
    }
    run("status").reports(0, &["day1   passed "]);
}

#[test]
fn what_is_no_day_says_what_to_do() {
    let place = Place::new();
    for (args, expected) in [
        ("status day4", "error: day4 of `tiny` is not graded yet"),
        ("status week1", "error: `week1` is more than one day, and `status` takes one day"),
        ("status day1.greet", "error: `day1.greet` is a requirement, and `status` takes one day"),
        ("day1 status", "error: `status` is not something to grade hint: `status` is a command"),
    ] {
        let said = place.run(args).exits_with(2).error();
        assert!(said.starts_with(expected), "{args}: {said}");
    }
}
