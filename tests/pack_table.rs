//! Holds the table in exercises/python-23/README.md to the pack: which requirement covers which bullet of the plan.
//!
//! The table is for people who ask "is this graded?"; day.toml's `bullets` are what the program knows. The two say the same,
//! row by row, or this fails.

use std::collections::{BTreeMap, BTreeSet};

use grade::day::DayId;
use grade::pack::{Catalogue, Course, DEFAULT_COURSE};

/// How many bullets the CODE section of a day has in the plan.
const BULLETS: [(u16, u16); 7] = [(0, 11), (1, 9), (2, 7), (3, 8), (4, 8), (5, 9), (6, 8)];

const TABLE: &str = include_str!("../exercises/python-23/README.md");

/// The requirements of each bullet; 0 stands for what is asked of every day without a bullet of its own.
type Rows = BTreeMap<u16, BTreeSet<String>>;

fn course() -> Course {
    Catalogue::embedded().course(DEFAULT_COURSE).unwrap()
}

/// Reads the sections `## day4: …` and the rows `| 3 | in our words | `retry`, `retry-delay` |` below each.
fn table() -> BTreeMap<DayId, Rows> {
    let mut days: BTreeMap<DayId, Rows> = BTreeMap::new();
    let mut section = None;
    for line in TABLE.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split(':').next().unwrap().parse().ok();
        }
        let (Some(day), Some(row)) = (section, line.strip_prefix("| ")) else { continue };
        let cells: Vec<&str> = row.trim_end_matches('|').split('|').map(str::trim).collect();
        let [bullet, words, requirements] = cells[..] else { panic!("a row has three cells: {line}") };
        let bullet = match bullet {
            "bullet" | "---" => continue,
            "–" => 0,
            number => number.parse().unwrap(),
        };
        assert!(!words.is_empty(), "{line}");
        // Names stand between backticks: every second piece.
        let names = requirements.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
        let twice = days.entry(day).or_default().insert(bullet, names);
        assert!(twice.is_none(), "{day} has two rows for bullet {bullet}");
    }
    days
}

/// Returns what the table must say of a day.
fn rows_of_the_pack(course: &Course, day: DayId) -> Rows {
    let mut rows = Rows::new();
    for requirement in course.day(day).unwrap().requirements() {
        let bullets = if requirement.bullets.is_empty() { &[0][..] } else { &requirement.bullets };
        for bullet in bullets {
            rows.entry(*bullet).or_default().insert(requirement.id.slug.to_string());
        }
    }
    rows
}

#[test]
fn the_table_names_every_requirement_of_the_pack_at_its_bullets_and_no_others() {
    let (course, mut table) = (course(), table());
    for day in course.days() {
        assert_eq!(
            table.remove(&day),
            Some(rows_of_the_pack(&course, day)),
            "{day}: left the table, right the pack"
        );
    }
    assert!(table.is_empty(), "not graded, and in the table: {:?}", table.keys());
}

#[test]
fn every_bullet_of_a_graded_day_is_covered() {
    let (course, table, bullets) = (course(), table(), BTreeMap::from(BULLETS));
    for day in course.days() {
        let wanted = bullets.get(&day.number()).unwrap_or_else(|| panic!("how many bullets has {day}?"));
        let rows: Vec<u16> = table[&day].keys().copied().filter(|bullet| *bullet > 0).collect();
        assert_eq!(rows, (1..=*wanted).collect::<Vec<_>>(), "{day}");
        assert!(
            table[&day].values().all(|names| !names.is_empty()),
            "{day} has a bullet without a requirement"
        );
    }
}

#[test]
fn the_days_that_are_not_graded_are_listed() {
    let listed = TABLE.split("Not graded yet:").nth(1).and_then(|rest| rest.split('.').next()).unwrap();
    let listed: Vec<DayId> = listed.split(',').map(|day| day.trim().parse().unwrap()).collect();
    assert_eq!(listed, course().days_not_graded_yet().collect::<Vec<_>>());
}
