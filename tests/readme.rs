//! Holds the commands in README.md and of the pages in docs/ that have any to the program: every one is read by the real binary, and
//! those of README.md are run.
//!
//! A command is a line of a `sh` or `console` block that begins with `grade` or `cargo run … --`, a `$ ` before it or not.

mod common;

use std::path::Path;
use std::process::{Command, Output};
use std::str::FromStr;

use grade::config::env::Environment;
use grade::outcome::Status;
use grade::runner::target::Target;

const README: &str = include_str!("../README.md");
const AUTHORING: &str = include_str!("../docs/AUTHORING.md");
const LEARNERS: &str = include_str!("../docs/LEARNERS.md");
const INSTALL: &str = include_str!("../docs/INSTALL.md");

/// Options of `grade` that take a value.
const WITH_VALUE: [&str; 8] =
    ["--seed", "--jobs", "--format", "--sandbox", "--require-sandbox", "--repo", "--pack", "--color"];

/// Returns the arguments of every command that README.md shows.
fn commands() -> Vec<Vec<String>> {
    commands_in(README)
}

/// Returns the arguments of every command that a document shows.
fn commands_in(document: &str) -> Vec<Vec<String>> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in document.lines() {
        if let Some(language) = line.strip_prefix("```") {
            inside = matches!(language, "sh" | "console");
            continue;
        }
        let line = line.strip_prefix("$ ").unwrap_or(line);
        let arguments = line
            .strip_prefix("grade")
            .or_else(|| Some(line.strip_prefix("cargo run")?.split_once(" -- ")?.1));
        if let (true, Some(arguments)) = (inside, arguments) {
            // What stands behind `#` is a remark, and behind `>` a file.
            let arguments = arguments.split(['#', '>']).next().unwrap();
            commands.push(arguments_in(arguments));
        }
    }
    commands
}

/// Returns the words of a line; what stands between quotes is one.
fn arguments_in(line: &str) -> Vec<String> {
    let pieces = line.split('"').enumerate();
    let words = pieces.flat_map(|(index, piece)| match index % 2 {
        0 => piece.split_whitespace().map(ToOwned::to_owned).collect(),
        _ => vec![piece.to_owned()],
    });
    words.collect()
}

fn grade(arguments: &[String]) -> Output {
    let home = tempfile::tempdir().unwrap();
    Command::new(env!("CARGO_BIN_EXE_grade"))
        .args(arguments)
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/bin:/bin")
        .current_dir(home.path())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Returns the words of a command that are no options and no values of options.
fn words(command: &[String]) -> Vec<&str> {
    let is_value = |index: usize| index > 0 && WITH_VALUE.contains(&command[index - 1].as_str());
    let plain =
        command.iter().enumerate().filter(|(index, word)| !word.starts_with('-') && !is_value(*index));
    plain.map(|(_, word)| word.as_str()).collect()
}

#[test]
fn every_command_is_read_by_the_program() {
    let (commands, for_authors) = (commands(), commands_in(AUTHORING));
    assert!(commands.len() > 10, "README.md is no longer read rightly: {commands:?}");
    assert!(for_authors.len() > 6, "docs/AUTHORING.md is no longer read rightly: {for_authors:?}");
    let for_learners = commands_in(LEARNERS);
    assert!(for_learners.len() > 8, "docs/LEARNERS.md is no longer read rightly: {for_learners:?}");
    let to_install = commands_in(INSTALL);
    assert!(to_install.len() > 2, "docs/INSTALL.md is no longer read rightly: {to_install:?}");
    for mut command in commands.into_iter().chain(for_authors).chain(for_learners).chain(to_install) {
        // Options before `--help` are read first, and a wrong one is refused.
        command.push("--help".to_owned());
        let output = grade(&command);
        assert!(output.status.success(), "{command:?}: {}", said(&output));
    }
}

#[test]
fn a_wrong_option_would_be_noticed() {
    for wrong in [&["day4", "--repeat", "3"][..], &["day4", "--format", "xml"], &["pack", "chekc"]] {
        let mut command: Vec<String> = wrong.iter().map(ToString::to_string).collect();
        command.push("--help".to_owned());
        assert!(!grade(&command).status.success(), "{wrong:?}");
    }
}

#[test]
fn every_target_can_be_graded() {
    const COMMANDS: [&str; 8] = ["init", "list", "report", "status", "hook", "setup", "doctor", "pack"];
    let course = grade::pack::Catalogue::embedded().course(grade::pack::DEFAULT_COURSE).unwrap();
    for command in commands().into_iter().chain(commands_in(LEARNERS)) {
        let words = words(&command);
        let targets = match words.first() {
            Some(&("show" | "start" | "hint" | "status" | "watch")) => &words[1..],
            Some(word) if COMMANDS.contains(word) => continue,
            _ => &words[..],
        };
        let targets: Vec<Target> = targets.iter().map(|word| Target::from_str(word).unwrap()).collect();
        grade::runner::target::select(&course, &targets)
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    }
}

/// Stands for `grade` in the blocks of README.md: does what it does, and notes how each command ended.
const NOTING: &str = r#"#!/bin/bash
# Watching ends when it is told to.
patience=$([ "$1" = watch ] && echo 5 || echo 500)
timeout --signal=INT "$patience" "$REAL_GRADE" "$@" < /dev/null
code=$?
echo "$code grade $*" >> "$NOTES"
exit $code
"#;
/// Stands for `cargo` there: the program has been built, and its tests are running.
const BUILT: &str = r#"#!/bin/bash
[ "$1 $2 $3" = "run --release --" ] && exec grade "${@:4}"
echo "0 cargo $*" >> "$NOTES"
"#;

/// Returns the `sh` blocks of README.md, each with the heading that it stands under.
fn blocks() -> Vec<(&'static str, &'static str)> {
    let sections = README.split("\n## ").map(|section| (section.lines().next().unwrap(), section));
    let blocks = sections.flat_map(|(heading, section)| {
        let blocks = section.split("```sh\n").skip(1).map(|rest| rest.split("\n```").next().unwrap());
        blocks.map(move |block| (heading, block))
    });
    blocks.collect()
}

/// Makes folders for the three people of README.md: a repository, a class of one, and nothing.
fn people(place: &Path) {
    for folder in ["learner", "mentor/class", "author", "bin", "home"] {
        std::fs::create_dir_all(place.join(folder)).unwrap();
    }
    let strong = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/strong/submission");
    let copied = Command::new("cp").arg("-r").arg(strong).arg(place.join("mentor/class/anna")).status();
    assert!(copied.unwrap().success());
    let made = Command::new("git").args(["init", "--quiet"]).arg(place.join("learner")).status();
    assert!(made.unwrap().success());
    for (name, script) in [("grade", NOTING), ("cargo", BUILT)] {
        let path = place.join("bin").join(name);
        std::fs::write(&path, script).unwrap();
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
}

#[test]
fn every_command_of_the_readme_does_what_it_says_in_the_order_in_which_it_stands() {
    let place = tempfile::tempdir().unwrap();
    people(place.path());
    common::toolchain();
    let notes = place.path().join("notes");
    for (heading, block) in blocks() {
        let folder = match heading {
            "# grade" => Path::new(env!("CARGO_MANIFEST_DIR")).to_owned(),
            "If you mentor a class" => place.path().join("mentor"),
            "If you write a course" => place.path().join("author"),
            _ => place.path().join("learner"),
        };
        let ours = Environment::read();
        let mut path = place.path().join("bin").into_os_string();
        path.push(":");
        path.push(ours.get("PATH").unwrap_or("/usr/bin:/bin".as_ref()));
        let mut command = Command::new("bash");
        command.args(["-c", block]).current_dir(&folder).env_clear().env("PATH", path);
        command.env("HOME", place.path().join("home")).env("GRADE_DATA_DIR", common::data_dir());
        command.env("REAL_GRADE", env!("CARGO_BIN_EXE_grade")).env("NOTES", &notes);
        if let Some(python) = ours.python() {
            command.env("GRADE_PYTHON", python);
        }
        let ended = command.output().unwrap();
        assert!(matches!(ended.status.code(), Some(0 | 1 | 5 | 124)), "{block}: {}", said(&ended));
    }
    let notes = std::fs::read_to_string(notes).unwrap();
    let is_right = |line: &str| match line.split_once(' ').unwrap() {
        ("0" | "1", _) => true,
        // There may be no such sandbox here.
        ("5", command) => command.contains("sandbox"),
        ("124", command) => command.starts_with("grade watch"),
        _ => false,
    };
    let wrong: Vec<&str> = notes.lines().filter(|line| !is_right(line)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    // The loop of a mentor is one command that stands further in.
    assert_eq!(notes.lines().count(), commands().len() + 2, "{notes}");
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    use Status::{Broken, Failed, Interrupted, NoSandbox, NothingGraded, Passed, Usage};
    let codes = [Passed, Failed, Usage, Broken, NothingGraded, NoSandbox, Interrupted]
        .map(|status| format!("{}", status as u8));
    let section = README.split("## Exit codes").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<&str> =
        section.lines().filter_map(|line| line.strip_prefix("| ")?.split(' ').next()).collect();
    assert_eq!(rows[2..], codes, "after the head and its rule");
}

#[test]
fn the_example_of_grade_toml_is_understood() {
    let example = README.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let config = grade::config::file::RepositoryConfig::parse(example).unwrap();
    assert!(!config.days.is_empty() && !config.by_hand.is_empty() && config.course.is_some());
}

#[test]
fn every_file_that_the_documents_link_to_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (document, text) in [
        ("README.md", README),
        ("CONTRIBUTING.md", include_str!("../CONTRIBUTING.md")),
        ("docs/ARCHITECTURE.md", include_str!("../docs/ARCHITECTURE.md")),
        ("docs/AUTHORING.md", include_str!("../docs/AUTHORING.md")),
        ("docs/LEARNERS.md", LEARNERS),
        ("docs/INSTALL.md", INSTALL),
        ("docs/SECURITY.md", include_str!("../docs/SECURITY.md")),
        ("docs/FORMATS.md", include_str!("../docs/FORMATS.md")),
        ("docs/GITHUB.md", include_str!("../docs/GITHUB.md")),
    ] {
        let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.starts_with("http") && !link.is_empty()) {
            let path = root.join(document).parent().unwrap().join(link);
            assert!(path.exists(), "{document}: {link}");
        }
    }
}
