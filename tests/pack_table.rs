//! Holds exercises/python-23/README.md to the pack: it is what `grade pack table` prints, and `GRADE_BLESS=1` writes it anew.

mod common;

use std::path::Path;
use std::process::Command;

use grade::day::DayId;
use grade::pack::{Catalogue, Course, DEFAULT_COURSE};

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
