//! What is written where: JSON that fits its schema, text that fits its width, colour only where it is wanted.

use std::fs;
use std::path::Path;

use crate::place::{Place, edit};

fn schema() -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// A repository with days that pass, fail, are blocked and are not started.
fn everything() -> Place {
    let place = Place::with(&[2, 5]);
    place.write("day1/greeting.py", "def greet(name):\n    return '\\x1b[31mHi'\n\n\nshout = str.lower\n");
    place.write("day3/answer.py", "import nowhere\n");
    place.write("grade.toml", "[by-hand]\nday2 = [\"review\"]\n");
    place
}

#[test]
fn json_fits_its_schema_and_is_all_that_is_written() {
    let place = everything();
    let pack = place.own_pack();
    edit(&pack.join("day05-counting/hidden/expected.toml"), "test_quick", "test_that_is_gone");
    let broken = place.finish(place.bare("day5.quick --format json --pack").arg(&pack)).exits_with(3);
    let cases = [
        ("passed", place.run("day5 --format json").exits_with(0)),
        ("failed", place.run("day1 --format json").exits_with(1)),
        ("failed", place.run("day3 --format json").exits_with(1)),
        ("failed", place.run("all --format json").exits_with(1)),
        ("passed", place.run("day5.quick --format json --sandbox none").exits_with(0)),
        ("broken", broken),
    ];
    for (verdict, ran) in cases {
        let report = ran.json();
        if let Err(error) = schema().validate(&report) {
            panic!("{}: {error}\n{report:#}", error.instance_path());
        }
        assert_eq!(report["verdict"], verdict);
        assert_eq!(report["exit_code"], ran.code);
        assert_eq!(ran.stderr, "");
    }
    fs::remove_dir_all(place.repo().join("day5")).unwrap();
    let ran = place.run("day5 --format json").exits_with(4);
    assert!(schema().is_valid(&ran.json()));
    assert_eq!(ran.json()["verdict"], "not-started");
}

#[test]
fn in_a_pipe_there_is_no_escape_code_and_no_line_wider_than_asked_for() {
    let place = everything();
    let commands = [
        "all --seed 7",
        "list",
        "show day1",
        "show day2",
        "show day1.greet",
        "doctor",
        "day99",
        "day1.quux",
        "show week1",
    ];
    for args in commands {
        for columns in ["", "80", "60"] {
            let ran = place.finish(place.grade(args).env("COLUMNS", columns).env("TERM", "xterm-256color"));
            let width = columns.parse().unwrap_or(80);
            let both = format!("{}{}", ran.raw, ran.stderr);
            assert!(!both.contains('\u{1b}'), "{args}: {both}");
            let widest =
                ran.raw.lines().max_by_key(|line| textwrap::core::display_width(line)).unwrap_or_default();
            assert!(textwrap::core::display_width(widest) <= width, "{args} at {width}: {widest}");
        }
    }
}

#[test]
fn colour_is_there_when_asked_for_and_changes_no_word() {
    let place = Place::with(&[5]);
    let run = |args: &str, no_color: &str| {
        place.finish(place.grade(args).env("NO_COLOR", no_color)).exits_with(0).raw
    };
    run("day5 --seed 7", "");
    let coloured = run("day5 --seed 7 --color always", "1");
    assert!(coloured.contains("\u{1b}["));
    for plain in [run("day5 --seed 7", ""), run("day5 --seed 7 --color never", ""), run("day5 --seed 7", "1")]
    {
        assert!(!plain.contains('\u{1b}'));
        let stripped = anstream::adapter::strip_str(&coloured).to_string();
        assert_eq!(place.redact(&stripped), place.redact(&plain));
    }
}

#[test]
fn without_a_sandbox_the_report_says_so_aloud() {
    let place = Place::with(&[1]);
    let ran =
        place.run("day1 --sandbox none").reports(0, &["sandbox: none", "WARNING: there was NO SANDBOX"]);
    assert!(!ran.stdout.contains("sandbox: full"));
    let report = place.run("day1 --sandbox none --format json").exits_with(0).json();
    assert_eq!(report["containment"]["level"], "none");
    assert_eq!(report["containment"]["reason"], "no sandbox was asked for");
}
