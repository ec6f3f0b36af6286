//! The levels of containment: which one is taken, how it is named, and what is said where it cannot be had.
//!
//! A kernel that refuses namespaces is made by hand: a user namespace in which no further one is allowed. Whoever runs the tests
//! is an ordinary user in it, so what is asserted holds for root too.

use std::process::Command;

use crate::place::{Place, Ran};
use crate::skip;
use crate::surroundings::after;

/// Makes whoever runs the tests an ordinary user, who may still change the settings of the namespace.
const ORDINARY: [&str; 4] = ["--user", "--map-user=1000", "--map-group=1000", "--keep-caps"];
const NO_NAMESPACES: &str = "echo 0 > /proc/sys/user/max_user_namespaces";

/// Returns `grade` where the kernel refuses namespaces to everybody.
fn without_namespaces(place: &Place, args: &str) -> Option<Command> {
    after(place, &ORDINARY, NO_NAMESPACES, args)
}

/// Returns `grade` where the kernel refuses namespaces and has no Landlock, as far as a program can see.
fn without_landlock(place: &Place, args: &str) -> Option<Command> {
    let wrapped = place.wrapper_without_landlock().join(" ");
    let mut command = after(place, &ORDINARY, NO_NAMESPACES, args)?;
    let line = command.get_args().last()?.to_str()?.replace("exec ", &format!("exec {wrapped} "));
    command = Command::new(command.get_program());
    command.args(ORDINARY).args(["sh", "-c", &line]);
    place.settle(&mut command);
    Some(command)
}

/// Returns what a report for programs says of the sandbox.
fn containment(ran: &Ran) -> serde_json::Value {
    ran.json()["containment"].clone()
}

fn has(list: &serde_json::Value, text: &str) -> bool {
    list.as_array().unwrap().iter().any(|entry| entry.as_str().unwrap().contains(text))
}

#[test]
fn where_namespaces_are_refused_the_next_level_is_taken_and_named() {
    let place = Place::with(&[1]);
    let Some(mut command) = without_namespaces(&place, "day1 --no-cache") else {
        skip!("user namespaces cannot be limited here")
    };
    let ran = place.finish(&mut command).reports(0, &["passed       greet"]);
    let text = ran.raw.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "sandbox: restricted (landlock ",
        "but what is written to the disk is watched, not capped",
        "because full cannot be had: failed to create namespaces: No space left on device (os error 28)",
    ] {
        assert!(text.contains(said), "no `{said}` in\n{text}");
    }
    let ran =
        place.finish(&mut without_namespaces(&place, "day1 --no-cache --format json").unwrap()).exits_with(0);
    let containment = containment(&ran);
    assert_eq!(containment["level"], "restricted");
    assert!(has(&containment["missing"], "written to the disk"), "{containment}");
    assert!(
        containment["reason"]
            .as_str()
            .unwrap()
            .starts_with("full cannot be had: failed to create namespaces"),
        "{containment}"
    );
}

#[test]
fn a_level_that_cannot_be_had_exits_with_5_and_says_what_would_raise_it() {
    let place = Place::with(&[1]);
    for option in ["--require-sandbox full", "--sandbox full", "--require-sandbox full-bwrap"] {
        let Some(mut command) = without_namespaces(&place, &format!("day1 --no-cache {option}")) else {
            skip!("user namespaces cannot be limited here")
        };
        let ran = place.finish(&mut command).exits_with(5);
        assert_eq!(ran.stdout, "");
        let said = ran.error();
        assert!(said.starts_with("error: refusing to run submissions in a sandbox below `full"), "{said}");
        assert!(said.contains("full: failed to create namespaces: No space left on device"), "{said}");
        assert!(
            ran.stderr.contains("\n      sudo sysctl -w user.max_user_namespaces=10000\n"),
            "{}",
            ran.stderr
        );
    }
    for option in ["--require-sandbox restricted", "--require-sandbox limits", "--sandbox restricted"] {
        let mut command = without_namespaces(&place, &format!("day1 --no-cache {option}")).unwrap();
        place.finish(&mut command).exits_with(0).names("sandbox: restricted (");
    }
}

#[test]
fn the_level_that_is_asked_for_is_taken_although_a_better_one_could_be_had() {
    let place = Place::with(&[1]);
    let ran = place.run("day1 --no-cache --sandbox restricted --format json").exits_with(0);
    let containment = containment(&ran);
    assert_eq!((&containment["level"], &containment["reason"]), (&"restricted".into(), &().into()));
    place.run("day1 --no-cache --sandbox restricted").exits_with(0).names("sandbox: restricted (landlock ");
}

#[test]
fn a_weak_sandbox_is_named_so_in_every_report() {
    let place = Place::with(&[1]);
    let args = "day1 --no-cache --sandbox limits";
    let Some(mut command) = without_namespaces(&place, args) else {
        skip!("user namespaces cannot be limited here")
    };
    let ran = place.finish(&mut command).reports(0, &["passed       greet", "WARNING: the sandbox was WEAK"]);
    ran.names("but files and network are open to the learner's code");
    let ran = place
        .finish(&mut without_namespaces(&place, &format!("{args} --format json")).unwrap())
        .exits_with(0);
    let containment = containment(&ran);
    assert_eq!(containment["level"], "limits");
    assert!(has(&containment["missing"], "files and network are open"), "{containment}");
}

#[test]
fn limits_of_root_work_or_say_what_nobody_else_can_reach() {
    let place = Place::with(&[1]);
    let ran = place.run("day1 --no-cache --sandbox limits");
    assert!(ran.stdout.contains("sandbox: limits (seccomp, limits)"), "{ran:?}");
    let line = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    match ran.code {
        0 => assert!(line.contains("passed greet"), "{line}"),
        code => {
            assert_eq!(code, 3, "{line}");
            assert!(line.contains("let another user than root reach `"), "{line}");
        }
    }
}

#[test]
fn without_landlock_a_weak_sandbox_must_be_allowed() {
    let place = Place::with(&[1]);
    let Some(mut command) = without_landlock(&place, "day1 --no-cache") else {
        skip!("user namespaces cannot be limited here")
    };
    let ran = place.finish(&mut command).exits_with(5);
    let said = ran.error();
    assert!(
        said.contains("restricted: failed to pass the self-check: Landlock is of version 3 or later"),
        "{said}"
    );
    assert!(said.contains("`--allow-weak-sandbox` makes do with less"), "{said}");
    let mut command = without_landlock(&place, "day1 --no-cache --allow-weak-sandbox").unwrap();
    place.finish(&mut command).reports(
        0,
        &["sandbox: limits (seccomp, limits)", "WARNING: the sandbox was WEAK", "why: full cannot be had:"],
    );
    let doctor = place.finish(&mut without_landlock(&place, "doctor").unwrap()).exits_with(3);
    let line = doctor.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(line.contains("Landlock must be allowed from outside"), "{line}");
}

#[test]
fn doctor_has_a_line_for_each_level_and_commands_that_can_be_copied() {
    let place = Place::new();
    let lines = |doctor: &Ran| -> Vec<String> {
        let of_sandbox = doctor.stdout.lines().filter(|line| line.contains("  sandbox "));
        of_sandbox.map(|line| line.split_whitespace().nth(2).unwrap().to_owned()).collect()
    };
    let levels = ["full", "full-bwrap", "restricted", "limits"];
    let doctor = place.run("doctor").exits_with(0);
    assert_eq!(lines(&doctor), levels);
    let Some(mut command) = without_namespaces(&place, "doctor") else {
        skip!("user namespaces cannot be limited here")
    };
    let doctor = place.finish(&mut command).reports(
        0,
        &[
            "note     sandbox full ",
            "note     sandbox full-bwrap ",
            "ok       sandbox restricted ",
            "ok       sandbox limits ",
        ],
    );
    assert_eq!(lines(&doctor), levels);
    let command = doctor.stdout.lines().find(|line| line.trim().starts_with("sudo sysctl"));
    assert_eq!(command.map(str::trim), Some("sudo sysctl -w user.max_user_namespaces=10000"));
}

#[test]
fn options_that_contradict_each_other_are_refused() {
    let place = Place::new();
    for args in [
        "--sandbox full --require-sandbox full",
        "--sandbox limits --allow-weak-sandbox",
        "--require-sandbox limits --allow-weak-sandbox",
        "--sandbox fullest",
        "--require-sandbox",
        "doctor --require-sandbox full",
    ] {
        let ran = place.run(args).exits_with(2);
        assert!(ran.stderr.starts_with("error: "), "{args}: {}", ran.stderr);
        assert_eq!(ran.stdout, "", "{args}");
    }
}
