//! What a hidden suite asks about ahead is asked about in one process, and what is said of the learner's code is as if each case had one to itself.

use std::fs;

use serde_json::Value;

use crate::place::{Place, Ran};

const SUITE: &str = r#"
from pathlib import Path

import pytest
from grade_kit.suite import probe, requirement


@probe
def greeted(day, name):
    """greet({name})"""
    import os

    return [day.greeting.greet(name), os.getpid()]


@probe
def shouted(day, text):
    """shout({text})"""
    return day.greeting.shout(text)


def note(line):
    with Path("LOG").open("a") as log:
        log.write(f"{line}\n")


@requirement("greet")
@pytest.mark.parametrize("name", ["Ada", "Bob", "Cyd"])
def test_greet(candidate, rng_for, name):
    """{name} is greeted"""
    number = rng_for("number").randrange(1000)
    candidate.ahead(greeted, [[each] for each in ("Ada", "Bob", "Cyd")])
    greeting, process = candidate.run(greeted, name)
    note(f"{name} {process} {number} {candidate.log[-1].stdout!r}")
    assert greeting == f"Hello, {name}!"


@requirement("shout")
def test_shout(candidate):
    """`shout` gives capitals"""
    words = ["hear", "me", "now"]
    for text, seen in zip(words, candidate.run_each(shouted, [[text] for text in words]), strict=True):
        note(text)
        assert seen == text.upper()
"#;

/// A learner's module whose `greet` and `shout` have these bodies.
fn module(greet: &str, shout: &str) -> String {
    format!("import os\n\nTOLD = []\n\n\ndef greet(name):\n    {greet}\n\n\ndef shout(text):\n    {shout}\n")
}

const GREET: &str = "print('to', name)\n    return f'Hello, {name}!'";
const SHOUT: &str = "return text.upper()";

/// Grades such a module. Returns the run and what the suite has noted.
fn graded(greet: &str, shout: &str) -> (Ran, Vec<String>) {
    let place = Place::with(&[1]);
    let (pack, log) = (place.own_pack(), place.path("log"));
    let suite = SUITE.replace("LOG", log.to_str().unwrap());
    fs::write(pack.join("day01-greeting/hidden/test_greeting.py"), suite).unwrap();
    place.finish(place.bare("pack record day1 --pack").arg(&pack)).exits_with(0);
    fs::remove_file(&log).unwrap();
    place.write("week1/day1/greeting.py", module(greet, shout));
    let ran = place.finish(place.bare("day1 --format json --jobs 1 --seed 7 --pack").arg(&pack));
    (ran, fs::read_to_string(&log).unwrap().lines().map(ToOwned::to_owned).collect())
}

fn requirement<'a>(report: &'a Value, slug: &str) -> &'a Value {
    let all = report["days"][0]["requirements"].as_array().unwrap();
    all.iter().find(|each| each["id"] == format!("day1.{slug}")).unwrap()
}

fn findings(report: &Value, slug: &str) -> Vec<Value> {
    requirement(report, slug)["outcome"]["findings"].as_array().unwrap().clone()
}

#[test]
fn cases_that_are_asked_about_ahead_share_a_process_and_what_is_drawn_by_name_and_each_has_its_output() {
    let (ran, noted) = graded(GREET, SHOUT);
    ran.exits_with(0);
    let of_greet: Vec<Vec<&str>> =
        noted[..3].iter().map(|line| line.splitn(4, ' ').collect::<Vec<_>>()).collect();
    for (line, name) in of_greet.iter().zip(["Ada", "Bob", "Cyd"]) {
        assert_eq!(line[0], name);
        assert_eq!(line[1..3], of_greet[0][1..3], "the process, and what was drawn");
        assert_eq!(line[3], format!("'to {name}\\n'"));
    }
    assert_eq!(noted[3..], ["hear", "me", "now"]);
}

#[test]
fn nobody_fails_because_of_what_one_case_leaves_behind_for_another() {
    // Each is told once for each process.
    let shout = "TOLD.append(text)\n    return text.upper() if len(TOLD) == 1 else 'enough'";
    let (ran, noted) = graded(GREET, shout);
    ran.exits_with(0);
    assert_eq!(noted[3..], ["hear", "me", "hear", "me", "now"]);
}

#[test]
fn a_finding_is_about_the_case_that_went_wrong() {
    let (ran, noted) = graded(GREET, "return text if text == 'me' else text.upper()");
    let report = ran.exits_with(1).json();
    assert_eq!(requirement(&report, "greet")["outcome"]["status"], "passed");
    let findings = findings(&report, "shout");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["did"], "shout('me')");
    assert_eq!((&findings[0]["expected"], &findings[0]["actual"]), (&"'ME'".into(), &"'me'".into()));
    assert_eq!(noted[3..], ["hear", "me", "hear", "me"]);
}

#[test]
fn where_one_case_brings_nothing_back_the_others_are_asked_about_by_themselves() {
    for (greet, said) in [
        (
            "if name == 'Bob':\n        raise LookupError('no Bob')\n    return f'Hello, {name}!'",
            "it raised LookupError: no Bob",
        ),
        (
            "if name == 'Bob':\n        os._exit(3)\n    return f'Hello, {name}!'",
            "it ended the interpreter (exit code 3)",
        ),
        (
            "if name == 'Bob':\n        print('Bob' * 10**6)\n    return f'Hello, {name}!'",
            "it printed without end",
        ),
    ] {
        let (ran, noted) = graded(greet, SHOUT);
        let report = ran.exits_with(1).json();
        let findings = findings(&report, "greet");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!((&findings[0]["did"], &findings[0]["message"]), (&"greet('Bob')".into(), &said.into()));
        let processes: Vec<&str> = noted[..2].iter().map(|line| line.split(' ').nth(1).unwrap()).collect();
        assert_ne!(processes[0], processes[1], "{noted:?}");
        assert_eq!(noted[2..], ["hear", "me", "now"]);
    }
}

#[test]
fn a_test_that_asks_nobody_and_fails_runs_once() {
    let place = Place::with(&[1]);
    let (pack, log) = (place.own_pack(), place.path("log"));
    let suite = format!(
        "{SUITE}\n\n@requirement(\"shout\")\ndef test_without_asking(source):\n    \"\"\"there is a file\"\"\"\n    note('once')\n    assert source.exists('tests.py'), 'there is none'\n"
    );
    let hidden = pack.join("day01-greeting/hidden/test_greeting.py");
    fs::write(hidden, suite.replace("LOG", log.to_str().unwrap())).unwrap();
    fs::write(pack.join("day01-greeting/solutions/plain/week1/day1/tests.py"), "").unwrap();
    place.finish(place.bare("pack record day1 --pack").arg(&pack)).exits_with(0);
    fs::remove_file(&log).unwrap();
    place.finish(place.bare("day1 --jobs 1 --pack").arg(&pack)).exits_with(1);
    let noted = fs::read_to_string(&log).unwrap();
    assert_eq!(noted.lines().filter(|line| *line == "once").count(), 1, "{noted}");
}
