//! Holds what a pack keeps for its readers to the pack: README.md is what `grade pack table` prints, and a day's FEEDBACK.md is about
//! the wrong solutions that the day has, and says of each what it fails.
//!
//! `GRADE_BLESS=1` writes README.md anew. FEEDBACK.md takes minutes to write; `grade pack feedback --write` does.

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use grade::day::{DayId, Slug};
use grade::pack::{Catalogue, Course, DEFAULT_COURSE, FEEDBACK};

use common::golden::golden;

/// How many bullets the CODE section of each day has in the plan, graded or not, from day 0 on: 205 together.
const BULLETS: [usize; 23] = [11, 9, 7, 8, 8, 9, 8, 8, 10, 9, 10, 8, 9, 8, 8, 8, 8, 8, 8, 9, 9, 8, 17];

fn course() -> Course {
    Catalogue::embedded().course(DEFAULT_COURSE).unwrap()
}

/// Returns what `grade pack table` prints of the course as it lies in the repository.
fn table(days: &[&str]) -> String {
    let home = tempfile::tempdir().unwrap();
    let pack = Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises").join(DEFAULT_COURSE);
    let output = Command::new(env!("CARGO_BIN_EXE_grade"))
        .args(["pack", "table"])
        .args(days)
        .arg("--pack")
        .arg(pack)
        .env_clear()
        .env("HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_readme_of_the_course_is_what_the_program_prints() {
    golden(&format!("exercises/{DEFAULT_COURSE}/README.md"), &table(&[]));
}

#[test]
fn the_table_of_one_day_is_a_section_of_the_whole() {
    let (whole, section) = (table(&[]), table(&["day5"]));
    assert!(section.starts_with("## day5: ") && whole.contains(&section), "{section}");
    assert!(section.contains("| 7 | A list of what happened | `history` |"), "{section}");
}

#[test]
fn every_bullet_of_a_graded_day_has_words_and_a_requirement() {
    let course = course();
    assert_eq!(BULLETS.iter().sum::<usize>(), 205);
    for day in course.days().map(|id| course.day(id).unwrap()) {
        assert_eq!(
            day.bullets.len(),
            BULLETS[usize::from(day.id.number())],
            "{}: day.toml and the plan",
            day.id
        );
        for (bullet, words) in (1..).zip(&day.bullets) {
            let covers = day.requirements().iter().any(|requirement| requirement.bullets.contains(&bullet));
            assert!(covers, "{}: no requirement covers bullet {bullet}, {words}", day.id);
        }
    }
}

#[test]
fn the_days_that_are_not_graded_are_listed() {
    let table = table(&[]);
    let listed = table.split("Not graded yet:").nth(1).and_then(|rest| rest.split('.').next()).unwrap();
    let listed: Vec<DayId> = listed.split(',').map(|day| day.trim().parse().unwrap()).collect();
    assert_eq!(listed, course().days_not_graded_yet().collect::<Vec<_>>());
}

/// Returns the requirements of which a section says that they fail or wait: `**stack**: …`, `Blocked: stack, queue`.
fn failed(section: &str) -> Vec<&str> {
    let blocked = section.lines().filter_map(|line| line.strip_prefix("Blocked: "));
    let failed =
        section.lines().filter_map(|line| line.strip_prefix("**")?.split_once("**").map(|parts| parts.0));
    failed.chain(blocked.flat_map(|names| names.split(", "))).collect()
}

#[test]
fn the_feedback_of_a_day_is_about_the_wrong_solutions_that_it_has() {
    let course = course();
    let mut read = 0;
    for day in course.days().map(|id| course.day(id).unwrap()) {
        let path = format!("exercises/{DEFAULT_COURSE}/{}/{FEEDBACK}", day.folder());
        let Ok(page) = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(&path)) else {
            continue;
        };
        let sections = page.split("\n## ").skip(1);
        let told: BTreeMap<&str, &str> = sections.map(|section| section.split_once('\n').unwrap()).collect();
        let wrong = day.wrong().unwrap();
        let names: Vec<&str> = wrong.iter().map(|wrong| wrong.name.as_str()).collect();
        assert_eq!(
            told.keys().copied().collect::<Vec<_>>(),
            names,
            "{path}: `grade pack feedback {} --write`",
            day.id
        );
        for wrong in &wrong {
            let mut failed = failed(told[wrong.name.as_str()]);
            failed.sort_unstable();
            let fails: Vec<&str> = wrong.fails.iter().map(Slug::as_str).collect();
            assert_eq!(failed, fails, "{path}: left what is told of {}, right what it fails", wrong.name);
        }
        read += 1;
    }
    assert!(read > 0, "no day has a {FEEDBACK}");
}
