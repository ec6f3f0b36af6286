//! Where reports go: to standard output, into files, several at once; and what is said where they cannot.

use std::fs;
use std::os::unix::fs::symlink;

use crate::place::Place;

#[test]
fn one_run_is_reported_in_several_formats_at_once() {
    let place = Place::with(&[1]);
    let ran = place.run("day1 --seed 7 --format json=report.json --format text=report.txt --color always");
    let ran = ran.exits_with(0);
    assert!(ran.raw.contains("\u{1b}["), "the terminal still shows text: {}", ran.raw);
    let text = fs::read_to_string(place.repo().join("report.txt")).unwrap();
    assert_eq!(text, anstream::adapter::strip_str(&ran.raw).to_string(), "a file has no colour");
    let json: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(place.repo().join("report.json")).unwrap()).unwrap();
    assert_eq!(json["verdict"], "passed");
    assert_eq!(ran.stderr, "");
}

#[test]
fn a_format_without_a_path_takes_the_place_of_the_text() {
    let place = Place::with(&[1]);
    let ran = place.run("day1 --format text=report.txt --format json").exits_with(0);
    assert_eq!(ran.json()["verdict"], "passed");
    assert!(place.repo().join("report.txt").exists());
}

#[test]
fn what_cannot_be_delivered_is_refused_before_anything_is_graded() {
    let place = Place::with(&[1]);
    symlink("report.txt", place.repo().join("link.txt")).unwrap();
    fs::write(place.repo().join("report.txt"), "kept").unwrap();
    let cases = [
        ("--format json --format text", "`--format json` and `--format text` would both be printed"),
        ("--format json=a --format text=./a", "the json and the text report would both be written to `./a`"),
        (
            "--format json=report.txt --format text=link.txt",
            "the json and the text report would both be written to `link.txt`",
        ),
        ("--format json=nowhere/a", "there is no folder `nowhere`"),
        ("--format json=week1", "it is a folder"),
        ("--format json=", "`--format json=` names no file"),
        ("--format jsom=a", "invalid value 'jsom'"),
    ];
    for (args, said) in cases {
        let ran = place.run(&format!("day1 {args}")).exits_with(2);
        assert!(ran.error().contains(said), "{args}: {}", ran.stderr);
        assert_eq!(ran.stdout, "");
        assert!(!place.path("cache").exists(), "nothing was graded");
    }
    assert_eq!(fs::read_to_string(place.repo().join("report.txt")).unwrap(), "kept");
}

#[test]
fn a_report_that_cannot_be_written_loses_neither_the_verdict_nor_the_others() {
    let place = Place::with(&[1]);
    let ran = place.run("day1 --format text=/dev/full --format json=report.json").exits_with(3);
    assert!(ran.stdout.contains("requirements are fulfilled, in"));
    assert!(
        ran.error().contains("failed to write the text report to `/dev/full`"),
        "which one, and why: {}",
        ran.stderr
    );
    assert!(ran.error().contains("No space left on device"), "{}", ran.stderr);
    assert!(place.repo().join("report.json").exists());
}

#[test]
fn the_last_run_is_reported_again_without_grading() {
    let place = Place::with(&[1]);
    place.write("week1/day1/greeting.py", "def greet(name):\n    return 'Hi'\n\n\nshout = str.lower\n");
    let none = place.finish(&mut place.bare("report"));
    let none = none.exits_with(4);
    assert!(none.error().contains("there is no run of `[PLACE]/repo` to report"), "{}", none.stderr);
    let first = place.run("day1 --seed 7 --format text --format junit=one.xml").exits_with(1);
    fs::remove_dir_all(place.repo().join("week1")).unwrap();
    let again = place.finish(&mut place.bare("report --format text --format junit=two.xml")).exits_with(1);
    let (note, text) = again.raw.split_once("\n\n").unwrap();
    assert!(note.starts_with("run of 2") && note.ends_with(" ago"), "{note}");
    assert_eq!(text, first.raw, "as it was, although the files are gone");
    let read = |name: &str| fs::read_to_string(place.repo().join(name)).unwrap();
    assert_eq!(read("one.xml"), read("two.xml"));
    let kept = fs::read_dir(place.path("cache/runs")).unwrap().next().unwrap().unwrap().path();
    fs::write(kept, "{").unwrap();
    let broken = place.finish(&mut place.bare("report"));
    let broken = broken.exits_with(4);
    assert!(broken.error().contains("the last run of `[PLACE]/repo` cannot be read"), "{}", broken.stderr);
}

#[test]
fn a_run_that_cannot_be_kept_is_graded_all_the_same() {
    let place = Place::with(&[1]);
    fs::create_dir_all(place.path("cache")).unwrap();
    fs::write(place.path("cache/runs"), "no folder").unwrap();
    place.run("day1").exits_with(0);
    let ran = place.finish(&mut place.bare("report")).exits_with(4);
    assert!(ran.error().contains("there is no run"), "{}", ran.stderr);
}
