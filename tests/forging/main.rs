//! No way to get a pass without the work works, and a correct solution that holds the same trick harmlessly is still
//! judged right.
//!
//! Each trick is laid over two submissions. One is hollow: what the trick is about is not fulfilled, and it must fail, as
//! the learner's failure and not as a fault of ours. The other is a reference solution, and it must pass. A third witness
//! shows that the trick is real: by itself it does fool a program that judges in the learner's process, or with the
//! learner's settings. The tricks stand in one table for each family; what a trick is made of is in `trick.rs`.
#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;
#[path = "../cli/place.rs"]
#[allow(dead_code, reason = "the tests of the command line use more of it")]
mod place;

mod by_hand;
mod in_process;
mod repository;
mod settings;
mod trick;

use std::path::Path;

use grade::event::Level;
use grade::sandbox::{Launcher, probe};
use trick::Trick;

#[test]
fn what_lies_about_itself_in_day_2_forges_no_pass() {
    none_works(&in_process::day_2_lies());
}

#[test]
fn what_tampers_with_python_in_day_2_forges_no_pass() {
    none_works(&in_process::day_2_tampers());
}

#[test]
fn what_forges_the_kits_own_words_in_day_2_forges_no_pass() {
    none_works(&in_process::day_2_speaks_for_the_kit());
}

#[test]
fn what_lies_or_tampers_in_day_4_forges_no_pass() {
    none_works(&in_process::day_4());
}

#[test]
fn what_lies_or_tampers_in_day_5_forges_no_pass() {
    none_works(&in_process::day_5());
}

#[test]
fn hooks_in_the_repository_forge_no_pass() {
    none_works(&repository::hooks());
}

#[test]
fn names_that_belong_to_others_forge_no_pass() {
    none_works(&repository::shadows());
}

#[test]
fn settings_of_pytest_and_tests_that_test_nothing_forge_no_pass() {
    none_works(&settings::of_pytest());
}

#[test]
fn settings_and_comments_for_ruff_forge_no_pass() {
    none_works(&settings::of_ruff());
}

#[test]
fn settings_and_comments_for_mypy_forge_no_pass() {
    none_works(&settings::of_mypy());
}

#[test]
fn there_are_at_least_forty_tricks_and_each_has_a_name_of_its_own() {
    let mut names: Vec<&str> = every_trick().iter().map(|trick| trick.name).collect();
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count, "two tricks have the same name");
    assert!(count >= 40, "{count} tricks");
}

/// Without this, a tool that sees nothing would pass for one that was fooled.
#[test]
fn without_a_trick_every_tool_sees_that_the_hollow_submissions_are_hollow() {
    for day in [2, 4, 5] {
        for tool in by_hand::Tool::ALL {
            let ran = by_hand::run(&trick::hollow(day), day, tool);
            assert!(!ran.status.success(), "day {day}: {tool:?} sees nothing\n{}", by_hand::said(&ran));
        }
    }
}

fn every_trick() -> Vec<Trick> {
    let families = [
        in_process::day_2_lies(),
        in_process::day_2_tampers(),
        in_process::day_2_speaks_for_the_kit(),
        in_process::day_4(),
        in_process::day_5(),
        repository::hooks(),
        repository::shadows(),
        settings::of_pytest(),
        settings::of_ruff(),
        settings::of_mypy(),
    ];
    families.into_iter().flatten().collect()
}

/// Tries every trick, and then tells of all that went wrong.
fn none_works(tricks: &[Trick]) {
    let launcher = Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap();
    if let Err(why) = probe(launcher, Level::Full) {
        skip!("{why}");
    }
    let wrong: Vec<String> = tricks.iter().flat_map(Trick::what_is_wrong).collect();
    assert!(wrong.is_empty(), "{} things are wrong\n\n{}", wrong.len(), wrong.join("\n\n"));
}
