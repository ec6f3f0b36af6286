//! The picture in README.md is what a learner sees who forgets that `put` is a use of the cache too: made from a real run, and held to one.
//!
//! `GRADE_BLESS=1` makes it anew. How long the run took, and which sandbox it was in, is not compared.

mod common;

use std::path::Path;
use std::process::Command;

use anstyle_svg::{Term, WIN10_CONSOLE};
use grade::day::{DayId, Slug};
use grade::pack::{Catalogue, DEFAULT_COURSE};

use common::golden::golden;

const PICTURE: &str = "docs/day2.svg";
/// The mistake that is shown: a wrong solution of the course.
const MISTAKE: &str = "cache-put-is-no-use";
/// The line with which the part begins that says how and where a run was made.
const SMALL_PRINT: &str = "   seed:";

/// Lays out the mistake, committed, and returns what `grade day2` says of it on a terminal with colour.
fn run() -> String {
    let course = Catalogue::embedded().course(DEFAULT_COURSE).unwrap();
    let day = course.day(DayId::new(2)).unwrap();
    let mistake: Slug = MISTAKE.parse().unwrap();
    let wrong = day.wrong().unwrap().into_iter().find(|wrong| wrong.name == mistake).unwrap();
    let place = tempfile::tempdir().unwrap();
    wrong.assemble(&day).unwrap().lay_over(place.path()).unwrap();
    let git = |args: &[&str]| {
        let identity = ["-c", "user.name=Learner", "-c", "user.email=learner@example.invalid"];
        let status = Command::new("git").current_dir(place.path()).args(identity).args(args).status();
        assert!(status.unwrap().success(), "{args:?}");
    };
    git(&["init", "--quiet"]);
    git(&["add", "--all"]);
    git(&["commit", "--quiet", "--message", "Day 2"]);
    common::toolchain();
    let output = Command::new(env!("CARGO_BIN_EXE_grade"))
        .args(["day2", "--seed", "7", "--color", "always", "--no-cache"])
        .current_dir(place.path())
        .env_remove("GITHUB_ACTIONS")
        .env("GRADE_DATA_DIR", common::data_dir())
        .env("COLUMNS", "92")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Returns a picture without the time of the run in it.
fn timeless(picture: &str) -> String {
    let is_time = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let words = picture.split_inclusive([' ', '<', '>']);
    words.filter(|word| !is_time(word.trim_end_matches([' ', '<', '>']))).collect()
}

#[test]
fn the_picture_in_the_readme_shows_what_a_run_says() {
    let said = run();
    let shown = &said[..said.find(SMALL_PRINT).unwrap()];
    let screen = format!("\x1b[2m$\x1b[0m grade day2\n{}\n", shown.trim_end());
    let picture = Term::new().palette(WIN10_CONSOLE).render_svg(&screen);
    let kept = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PICTURE));
    let is_the_same = kept.is_ok_and(|kept| timeless(&kept) == timeless(&picture));
    assert!(said.contains("key 74 should be gone now"), "{said}");
    assert!(include_str!("../README.md").contains(PICTURE));
    if !is_the_same {
        golden(PICTURE, &picture);
    }
}
