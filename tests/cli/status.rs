//! `grade status`, and the history behind it: what is kept of runs, and what it never costs.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use serde_json::Value;

use crate::common::data_dir;
use crate::place::{Place, Ran};

const WRONG: &str =
    "def greet(name):\n    return 'Hi'\n\n\ndef shout(text):\n    return text.upper() + '!'\n";

/// Returns `grade` with these arguments and a history of this place's own. The tools are those of all tests.
fn command(place: &Place, args: &str) -> Command {
    let data = place.path("data");
    if !data.exists() {
        fs::create_dir(&data).unwrap();
        for entry in fs::read_dir(data_dir()).unwrap().map(Result::unwrap) {
            let name = entry.file_name().into_string().unwrap();
            if !name.starts_with("history") {
                std::os::unix::fs::symlink(entry.path(), data.join(name)).unwrap();
            }
        }
    }
    let mut command = place.grade(args);
    command.env("GRADE_DATA_DIR", data).env("TZ", "UTC");
    command
}

fn grade(place: &Place, args: &str) -> Ran {
    place.finish(&mut command(place, args))
}

fn status(place: &Place) -> Value {
    let ran = grade(place, "status --json").exits_with(0);
    assert_eq!(ran.stderr, "");
    let schema = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/status.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    let status = ran.json();
    if let Err(error) = jsonschema::draft202012::new(&schema).unwrap().validate(&status) {
        panic!("{}: {error}\n{status:#}", error.instance_path());
    }
    status
}

fn history(place: &Place) -> std::path::PathBuf {
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
            "A tiny course",
            "  day1   not started  2 requirements",
            "  day4   cannot be graded yet",
            "0 of 5 passed",
        ],
    );
    assert!(ran.stdout.ends_with("Next: day1 is not started.\n    grade start day1\n"), "{}", ran.stdout);
    assert!(!history(&place).exists(), "to look is not to write");
    let status = status(&place);
    assert_eq!((&status["runs"], &status["streak"]["days"]), (&0.into(), &0.into()));
    assert_eq!(status["days"].as_array().unwrap().len(), 5);
}

#[test]
fn a_first_pass_keeps_its_date_when_the_day_later_fails() {
    let place = Place::with(&[1]);
    grade(&place, "status").reports(0, &["day1   never graded", "Next: day1 is started and not passed."]);
    grade(&place, "day1").exits_with(0);
    assert_eq!(status(&place)["streak"], serde_json::json!({"days": 1, "includes_today": true}));
    long_ago(&place);
    place.write("week1/day1/greeting.py", WRONG);
    grade(&place, "status").reports(0, &["day1   passed", "changed since it was graded"]);
    grade(&place, "day1").exits_with(1);
    let ran = grade(&place, "status").reports(0, &["day1   FAILED       0 of 2; first passed 3 Nov 2020"]);
    assert!(!ran.stdout.contains("changed since"), "{}", ran.stdout);
    let all = status(&place);
    assert_eq!(all["streak"]["days"], 0, "what passed once passes newly no more");
    let day = &all["days"][0];
    assert_eq!((&day["first_passed"], &day["standing"]), (&LONG_AGO.into(), &"failed".into()));
    for requirement in day["requirements"].as_array().unwrap() {
        assert_eq!(
            (&requirement["last"], &requirement["first_passed"]),
            (&"failed".into(), &LONG_AGO.into())
        );
    }
    grade(&place, "status day1")
        .reports(0, &["FAILED       greet", "first passed 3 Nov 2020", "To grade it:\n    grade day1\n"]);
    let one = grade(&place, "status day1 --json").exits_with(0).json();
    assert_eq!(one["days"].as_array().unwrap().len(), 1);
}

#[test]
fn requirements_that_pass_one_by_one_are_a_day_in_parts() {
    let place = Place::with(&[1]);
    grade(&place, "day1.greet").exits_with(0);
    grade(&place, "status").reports(0, &["day1   FAILED       1 of 2"]);
    grade(&place, "day1.shout").exits_with(0);
    grade(&place, "status")
        .reports(0, &["day1   in parts     2 of 2, never all in one run", "\n    grade day1\n"]);
    grade(&place, "day1").exits_with(0);
    grade(&place, "status").reports(0, &["day1   passed       2 of 2; first passed", "(today)"]);
}

#[test]
fn what_is_ticked_is_shown_as_ticked_and_as_nothing_more() {
    let place = Place::with(&[2]);
    grade(&place, "status").reports(0, &["by hand: 0 of 1 ticked"]);
    place.write("grade.toml", "[by-hand]\nday2 = [\"review\"]\n");
    grade(&place, "status").reports(0, &["day2   never graded", "by hand: 1 of 1 ticked"]);
    grade(&place, "status day2").reports(0, &["ticked       review"]);
}

#[test]
fn two_runs_at_once_are_both_written_down() {
    let place = Place::with(&[1, 5]);
    let start = |args: &str| {
        let mut command = command(&place, args);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [start("day1 --no-cache"), start("day5 --no-cache")];
    for child in both {
        let ran = place.ran(&child.wait_with_output().unwrap()).exits_with(0);
        assert_eq!(ran.stderr, "");
    }
    let status = status(&place);
    assert_eq!((&status["runs"], &status["counts"]["days_passed"]), (&2.into(), &2.into()));
}

#[test]
fn a_damaged_history_is_put_aside_and_costs_no_verdict() {
    let place = Place::with(&[1]);
    grade(&place, "day1").reports(0, &[]);
    fs::write(history(&place), "garbage ".repeat(1000)).unwrap();
    grade(&place, "status").reports(0, &["note: the history cannot be read", "day1   never graded"]);
    let ran = grade(&place, "day1 --no-cache").exits_with(0);
    assert_eq!(
        ran.stderr,
        "note: the history was damaged and begins anew; the old one is `[PLACE]/data/history-damaged-1.sqlite`\n"
    );
    assert!(fs::read(place.path("data/history-damaged-1.sqlite")).unwrap().starts_with(b"garbage"));
    grade(&place, "day1").reports(0, &[]);
    assert_eq!(status(&place)["counts"]["days_passed"], 1);
}

#[test]
fn a_history_that_cannot_be_written_costs_a_line_and_no_verdict() {
    let place = Place::with(&[1]);
    grade(&place, "status").exits_with(0);
    // A folder where the file should be: not even root can write to it.
    fs::create_dir(history(&place)).unwrap();
    let ran = grade(&place, "day1").exits_with(0);
    let said = "note: this run is not in the history: `[PLACE]/data/history.sqlite`: ";
    assert!(ran.stderr.starts_with(said) && ran.stderr.lines().count() == 1, "{}", ran.stderr);
    assert!(ran.stdout.contains("Well done!"), "{}", ran.stdout);
    grade(&place, "status").reports(0, &["note: the history cannot be read"]);
    fs::remove_dir(history(&place)).unwrap();
    grade(&place, "day1 --no-cache").reports(0, &[]);

    let newer = Connection::open(history(&place)).unwrap();
    newer.pragma_update(None, "user_version", 99).unwrap();
    drop(newer);
    place.write("week1/day1/greeting.py", WRONG);
    let ran = grade(&place, "day1").exits_with(1);
    assert!(ran.stderr.contains("written by a newer grade"), "{}", ran.stderr);
    let ran = grade(&place, "status").reports(0, &["written by a newer grade"]);
    assert!(ran.stdout.contains("update grade"), "{}", ran.stdout);
}

#[test]
fn what_is_known_already_adds_nothing_and_what_only_reads_writes_nothing() {
    let place = Place::with(&[1]);
    grade(&place, "day1 --seed 7").exits_with(0);
    for args in ["day1 --seed 7", "day1 --seed 7", "list", "show day1", "status", "hint day1"] {
        grade(&place, args).exits_with(0);
    }
    assert_eq!(status(&place)["runs"], 1);
    grade(&place, "day1 --seed 7 --no-cache").exits_with(0);
    assert_eq!(status(&place)["runs"], 2);
}

#[test]
fn folders_with_hostile_names_cannot_act_on_the_terminal() {
    let place = Place::with(&[1]);
    let root = place.path("home").join(OsStr::from_bytes(b"\x1b[2J\xff\n::error::x"));
    fs::create_dir_all(&root).unwrap();
    fs::rename(place.repo().join("week1"), root.join("week1")).unwrap();
    let odd = "w\u{1b}]0;title\u{7}\u{202e}";
    fs::create_dir(root.join(odd)).unwrap();
    fs::rename(root.join("week1/day1"), root.join(odd).join("day1")).unwrap();
    fs::write(root.join("grade.toml"), "[days.day1]\nfolder = \"w\\u001b]0;title\\u0007\\u202e/day1\"\n")
        .unwrap();
    let run = |args: &str| place.finish(command(&place, args).current_dir(&root));
    run("day1").exits_with(0);
    for args in ["status", "status day1", "status --json", "status day1 --color always"] {
        let ran = run(args).exits_with(0);
        let own = ["0m", "1m", "2m", "31m", "32m", "33m", "36m"];
        let is_own = |rest: &str| own.iter().any(|code| rest.starts_with(&format!("[{code}")));
        assert!(ran.raw.split('\u{1b}').skip(1).all(is_own), "{:?}", ran.raw);
        assert!(!ran.raw.contains(['\u{7}', '\u{202e}']), "{:?}", ran.raw);
        assert!(!ran.raw.lines().any(|line| line.trim_start().starts_with("::")), "{:?}", ran.raw);
    }
    run("status day1").reports(0, &["passed", r"in w\u{1b}]0;title\u{7}\u{202e}/day1"]);
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
