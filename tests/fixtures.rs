//! Whole submissions, graded by the real program: honest ones, wrong ones, and ones that attack.
//!
//! `fixtures/<name>/` is a repository (`submission/`) and what must come of it (`expected.toml`): the exit code and
//! every requirement that does not pass, and no other. Each is graded twice, for programs and for people, so the
//! second report is made from kept verdicts. Afterwards the repository is what it was, and no process is left.
//! A machine that cannot confine skips them aloud; with `GRADE_FORBID_SKIP=1` that is a failure.
//!
//! `tests/strangers/dayNN/<name>/` is a day's work of people who had the plan, and neither suites nor guides: names, exceptions, return
//! conventions, layouts and tests in styles of their own. Where one of them fails, the suite is wrong.
#![cfg(target_os = "linux")]

#[path = "fixtures/expected.rs"]
mod expected;
#[path = "fixtures/formats.rs"]
mod formats;
#[path = "fixtures/laid_out.rs"]
mod laid_out;
#[path = "fixtures/watched.rs"]
mod watched;

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use expected::Expected;
use grade::event::Level;
use grade::sandbox::{Launcher, probe};
use laid_out::LaidOut;
use watched::Watched;

/// Every fixture; each is a test of that name.
macro_rules! fixtures {
    ($($test:ident = $name:literal,)*) => {
        const NAMES: &[&str] = &[$($name),*];
        $(#[test]
        fn $test() {
            check($name);
        })*
    };
}

fixtures! {
    strong = "strong",
    idiosyncratic = "idiosyncratic",
    weak = "weak",
    empty = "empty",
    always_equal = "always-equal",
    escapes = "escapes",
    exits_at_import = "exits-at-import",
    floods = "floods",
    forged_frames = "forged-frames",
    hangs_at_import = "hangs-at-import",
    hard_coded = "hard-coded",
    kills_parent = "kills-parent",
    not_python = "not-python",
    planted_settings = "planted-settings",
    shadow_json = "shadow-json",
    strange_files = "strange-files",
    threads_at_import = "threads-at-import",
}

#[test]
fn every_folder_of_fixtures_is_a_test() {
    assert_eq!(names_in(&folder_of_all()), NAMES.iter().map(ToString::to_string).collect());
}

/// Every day for which there is work of strangers.
macro_rules! strangers {
    ($($test:ident = $day:literal,)*) => {
        const DAYS_OF_STRANGERS: &[u16] = &[$($day),*];
        $(#[test]
        fn $test() {
            what_strangers_wrote_passes($day);
        })*
    };
}

strangers! {
    what_strangers_wrote_for_day_0_passes = 0,
    what_strangers_wrote_for_day_1_passes = 1,
    what_strangers_wrote_for_day_2_passes = 2,
    what_strangers_wrote_for_day_3_passes = 3,
    what_strangers_wrote_for_day_4_passes = 4,
    what_strangers_wrote_for_day_5_passes = 5,
    what_strangers_wrote_for_day_6_passes = 6,
    what_strangers_wrote_for_day_7_passes = 7,
}

fn strangers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/strangers")
}

/// Returns the names of what is in a folder, in order.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn every_day_of_strangers_is_a_test() {
    let tested: BTreeSet<String> = DAYS_OF_STRANGERS.iter().map(|day| format!("day{day:02}")).collect();
    assert_eq!(names_in(&strangers()), tested);
}

fn what_strangers_wrote_passes(day: u16) {
    let launcher = Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap();
    if let Err(why) = probe(launcher, Level::Full) {
        return skip("what strangers wrote", &why.to_string());
    }
    common::toolchain();
    let folder = strangers().join(format!("day{day:02}"));
    let expected = Expected::of_a_pass(format!("day{day}"));
    for name in names_in(&folder) {
        let submission = LaidOut::new(&folder.join(&name), &expected);
        let cache = tempfile::tempdir().unwrap();
        let Watched { code, stdout, stderr, .. } =
            watched::grade(&submission, &expected.targets[0], "text", cache.path());
        assert_eq!(code, Some(expected.exit), "{name}\n{stdout}{stderr}");
    }
}

#[test]
fn every_kind_of_outcome_is_expected_somewhere() {
    let expected = NAMES.iter().map(|name| Expected::read(&folder_of_all().join(name)));
    let kinds: BTreeSet<String> = expected.flat_map(|expected| expected.requirements.into_values()).collect();
    assert_eq!(kinds, ["blocked", "by-hand", "failed", "not-started"].map(str::to_owned).into());
}

#[test]
fn a_verdict_is_the_same_at_every_level_that_keeps_files_and_network_away() {
    let launcher = Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap();
    let levels = [Level::Full, Level::FullBwrap, Level::Restricted];
    let offered: Vec<Level> =
        levels.into_iter().filter(|level| probe(launcher.clone(), *level).is_ok()).collect();
    // bubblewrap is not for root, and is not everywhere.
    for level in levels.iter().filter(|level| !offered.contains(level) && **level != Level::FullBwrap) {
        skip("a_verdict_is_the_same", &format!("this machine has no `{}`", level.name()));
    }
    common::toolchain();
    for name in ["strong", "weak"] {
        let folder = folder_of_all().join(name);
        let expected = Expected::read(&folder);
        let submission = LaidOut::new(&folder.join("submission"), &expected);
        for level in &offered {
            let outcomes = outcomes_at(*level, &submission, &expected);
            assert_eq!(
                outcomes,
                expected.requirements_of(&expected.targets[0]),
                "{name} at {}",
                level.name()
            );
        }
    }
}

#[test]
fn every_format_of_a_weak_and_of_hostile_submissions_is_valid_and_holds_nothing_that_acts() {
    let launcher = Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap();
    if let Err(why) = probe(launcher, Level::Full) {
        return skip("every_format", &why.to_string());
    }
    common::toolchain();
    for name in ["weak", "escapes", "strange-files", "floods"] {
        let folder = folder_of_all().join(name);
        let expected = Expected::read(&folder);
        let submission = LaidOut::new(&folder.join("submission"), &expected);
        for targets in &expected.targets {
            let reports = formats::reports(&submission, targets, expected.exit);
            reports.are_valid();
            reports.hold_nothing_that_acts(&expected.never);
        }
    }
}

/// Grades at this level and no other, and returns every requirement that did not pass.
fn outcomes_at(level: Level, submission: &LaidOut, expected: &Expected) -> BTreeMap<String, String> {
    let cache = tempfile::tempdir().unwrap();
    let words = ["--sandbox".to_owned(), level.name().to_owned()];
    let args: Vec<String> = expected.targets[0].iter().cloned().chain(words).collect();
    let finished = watched::grade(submission, &args, "json", cache.path());
    assert_eq!(
        finished.code,
        Some(expected.exit),
        "{}\n{}{}",
        level.name(),
        finished.stdout,
        finished.stderr
    );
    assert_eq!(finished.left, Vec::<String>::new(), "these processes outlived the run");
    let report: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(report["containment"]["level"], level.name());
    outcomes(&finished.stdout)
}

fn folder_of_all() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

fn check(name: &str) {
    let launcher = Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap();
    if let Err(why) = probe(launcher, Level::Full) {
        return skip(name, &why.to_string());
    }
    common::toolchain();
    let folder = folder_of_all().join(name);
    let expected = Expected::read(&folder);
    let submission = LaidOut::new(&folder.join("submission"), &expected);
    let before = submission.fingerprint();
    for targets in &expected.targets {
        grades_as_expected(&submission, targets, &expected);
    }
    assert_eq!(submission.fingerprint(), before, "grading changed the repository");
}

/// Grades these targets for programs and then for people.
fn grades_as_expected(submission: &LaidOut, targets: &[String], expected: &Expected) {
    let cache = tempfile::tempdir().unwrap();
    let grade = |format: &str| -> Watched {
        let finished = watched::grade(submission, targets, format, cache.path());
        assert_eq!(finished.left, Vec::<String>::new(), "these processes outlived the run");
        let Watched { code, stdout, stderr, .. } = &finished;
        assert_eq!(*code, Some(expected.exit), "exit code of {targets:?}\n{stdout}{stderr}");
        finished
    };
    let json = grade("json").stdout;
    let text = grade("text").stdout;
    assert_eq!(outcomes(&json), expected.requirements_of(targets), "{targets:?}\n{text}");
    says_what_it_must(&text, expected);
}

/// Returns every requirement that did not pass, with what became of it. Where there is nothing to grade, there is no
/// report either.
fn outcomes(json: &str) -> BTreeMap<String, String> {
    if json.is_empty() {
        return BTreeMap::new();
    }
    let report: serde_json::Value =
        serde_json::from_str(json).unwrap_or_else(|error| panic!("{error}\n{json}"));
    let days = report["days"].as_array().unwrap();
    let requirements = days.iter().flat_map(|day| day["requirements"].as_array().unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    let all = requirements.map(|one| (text(&one["id"]), text(&one["outcome"]["status"])));
    all.filter(|(_, status)| status != "passed").collect()
}

/// Compares without line breaks, since where a line ends depends on what stands before.
fn says_what_it_must(text: &str, expected: &Expected) {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in &expected.says {
        assert!(line.contains(said.as_str()), "nowhere does it say {said:?}\n{text}");
    }
    for unsaid in &expected.never {
        assert!(!text.contains(unsaid.as_str()), "it says {unsaid:?}\n{}", text.escape_debug());
    }
    // Whatever a learner writes, a terminal is not steered and a build server is not told.
    assert!(!text.contains(formats::steers), "a character that steers got through\n{}", text.escape_debug());
    let commands = |line: &str| line.trim_start().starts_with("::") || line.contains("##[");
    assert!(!text.lines().any(commands), "a command for GitHub got through\n{text}");
}

#[expect(clippy::disallowed_macros, reason = "a skipped test has nowhere else to say so")]
fn skip(name: &str, why: &str) {
    let forbidden = common::request().environment.get("GRADE_FORBID_SKIP").is_some();
    assert!(!forbidden, "cannot skip `{name}`: {why}");
    eprintln!("SKIPPED `{name}`: {why}");
}
