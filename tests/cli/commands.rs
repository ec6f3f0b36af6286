//! The commands besides grading.

use std::time::{Duration, Instant};

use crate::place::Place;

#[test]
fn help_and_version_are_answers() {
    let place = Place::new();
    place.finish(&mut place.bare("--help")).matches_golden(0, "help");
    place.finish(&mut place.bare("pack check --help")).matches_golden(0, "help-pack-check");
    let version = place.finish(&mut place.bare("--version")).exits_with(0).stdout;
    // tests/version.rs has what may follow.
    assert!(version.starts_with(concat!("grade ", env!("CARGO_PKG_VERSION"))), "{version}");
}

#[test]
fn list_shows_every_day_and_where_it_is() {
    let place = Place::with(&[1, 5]);
    place.run("list").matches_golden(0, "list");
    let outside = tempfile::tempdir().unwrap();
    let ran = place.finish(place.grade("list").current_dir(outside.path()));
    ran.reports(0, &["day1   Greetings", "day4   not graded yet"]);
}

#[test]
fn global_options_may_stand_before_a_command() {
    let place = Place::with(&[1]);
    let mut command = place.bare("--color never --repo");
    place.finish(command.arg(place.repo()).args(["list"])).reports(0, &["Week 1"]);
}

#[test]
fn show_shows_a_day_and_a_requirement() {
    let place = Place::new();
    place.run("show day1").matches_golden(0, "show-day");
    place.run("show day1.greet").matches_golden(0, "show-requirement");
    let ran = place.run("show").exits_with(2);
    assert!(ran.stderr.contains("<TARGET>"), "{}", ran.stderr);
}

#[test]
fn every_built_in_day_can_be_shown() {
    let place = Place::new();
    let list = place.finish(&mut place.bare("list")).exits_with(0);
    let days = list
        .stdout
        .lines()
        .filter(|line| line.contains(" requirements"))
        .filter_map(|line| line.split_whitespace().next());
    let days: Vec<&str> = days.collect();
    assert!(!days.is_empty(), "{}", list.stdout);
    for day in days {
        place.finish(&mut place.bare(&format!("show {day}"))).reports(0, &[&format!("{day} ")]);
    }
}

#[test]
fn doctor_finds_what_grading_needs() {
    let place = Place::new();
    let ran = place.run("doctor");
    for label in ["python", "environment", "tools", "sandbox"] {
        let line = ran.stdout.lines().find(|line| line.split_whitespace().nth(1) == Some(label));
        assert!(line.is_some_and(|line| line.starts_with("ok ")), "{label}:\n{}", ran.stdout);
    }
    ran.reports(0, &[]);
}

#[test]
fn a_second_set_up_is_done_at_once() {
    let place = Place::new();
    let begun = Instant::now();
    let ran = place.run("setup").exits_with(0);
    assert!(ran.stdout.starts_with("ready: Python 3."), "{}", ran.stdout);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}
