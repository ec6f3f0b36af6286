//! Probes that are marked as shared run in one process, and what is said of the learner's code is as if each had one to itself.

use std::fs;

use serde_json::Value;

use crate::place::{Place, Ran};

const SUITE: &str = r#"
from pathlib import Path

import pytest
from grade_kit.suite import probe, requirement


@probe(shared=True)
def greeted(day, name):
    """greet({name})"""
    import os

    return [day.greeting.greet(name), os.getpid()]


@probe
def greeted_alone(day, name):
    """greet({name}) by itself"""
    import os

    return [day.greeting.greet(name), os.getpid()]


@probe(shared=True)
def shouted(day, text):
    """shout({text})"""
    import os

    return [day.greeting.shout(text), os.getpid()]


def note(*words):
    with Path("LOG").open("a") as log:
        log.write(" ".join(map(str, words)) + "\n")


@requirement("greet")
@pytest.mark.parametrize("name", ["Ada", "Bob", "Cyd"])
def test_greet(candidate, rng_for, name):
    """{name} is greeted"""
    greeting, process = candidate.run(greeted, name)
    note(name, process, rng_for("number").randrange(1000), repr(candidate.log[-1].stdout))
    assert greeting == f"Hello, {name}!"


@requirement("shout")
def test_shout(candidate):
    """`shout` gives capitals"""
    for text in ("hear", "me", "now"):
        seen, process = candidate.run(shouted, text)
        note(text, process)
        assert seen == text.upper()
"#;

/// A test that asks about what has been asked about before, then by itself, and then anew.
const MORE: &str = r#"

@requirement("greet")
def test_greet_more(candidate):
    """they are greeted again"""
    for probe, name in ((greeted, "Ada"), (greeted_alone, "Ada"), (greeted, "Dan")):
        greeting, process = candidate.run(probe, name)
        note(name, process, repr(greeting))
"#;

/// A learner's module whose `greet` and `shout` have these bodies.
fn module(greet: &str, shout: &str) -> String {
    format!(
        "import os\nimport itertools\n\nNUMBERS = itertools.count(1)\n\n\ndef greet(name):\n    {greet}\n\n\ndef shout(text):\n    {shout}\n"
    )
}

const GREET: &str = "print('to', name)\n    return f'Hello, {name}!'";
const SHOUT: &str = "return text.upper()";

/// Grades a module with this suite. Returns the run and the words of each line that the suite has noted.
fn graded_by(suite: &str, module: &str) -> (Ran, Vec<Vec<String>>) {
    let place = Place::with(&[1]);
    let (pack, log) = (place.own_pack(), place.path("log"));
    let suite = suite.replace("LOG", log.to_str().unwrap());
    fs::write(pack.join("day01-greeting/hidden/test_greeting.py"), suite).unwrap();
    place.finish(place.bare("pack record day1 --pack").arg(&pack)).exits_with(0);
    fs::remove_file(&log).unwrap();
    place.write("week1/day1/greeting.py", module);
    place.write("week1/day1/more.py", "TOLD = []\n");
    let ran = place.finish(place.bare("day1 --format json --jobs 1 --seed 7 --pack").arg(&pack));
    let noted = fs::read_to_string(&log).unwrap();
    (ran, noted.lines().map(|line| line.splitn(4, ' ').map(ToOwned::to_owned).collect()).collect())
}

fn graded(greet: &str, shout: &str) -> (Ran, Vec<Vec<String>>) {
    graded_by(SUITE, &module(greet, shout))
}

/// The first words of these lines.
fn firsts(noted: &[Vec<String>]) -> Vec<&str> {
    noted.iter().map(|line| line[0].as_str()).collect()
}

fn requirement<'a>(report: &'a Value, slug: &str) -> &'a Value {
    let all = report["days"][0]["requirements"].as_array().unwrap();
    all.iter().find(|each| each["id"] == format!("day1.{slug}")).unwrap()
}

fn findings(report: &Value, slug: &str) -> Vec<Value> {
    requirement(report, slug)["outcome"]["findings"].as_array().unwrap().clone()
}

#[test]
fn shared_probes_of_all_tests_run_in_one_process_and_each_has_its_output() {
    let (ran, noted) = graded(GREET, SHOUT);
    ran.exits_with(0);
    for (line, name) in noted.iter().zip(["Ada", "Bob", "Cyd"]) {
        assert_eq!(line[0], name);
        assert_eq!(line[1..3], noted[0][1..3], "the process, and what was drawn");
        assert_eq!(line[3], format!("'to {name}\\n'"));
    }
    assert_eq!(firsts(&noted[3..]), ["hear", "me", "now"]);
    assert!(noted[3..].iter().all(|line| line[1] == noted[0][1]), "{noted:?}");
}

#[test]
fn a_probe_of_its_own_ends_the_process_that_others_share_and_what_is_known_is_not_asked_again() {
    let (ran, noted) = graded_by(&format!("{SUITE}{MORE}"), &module("return f'Hello, {name}!'", SHOUT));
    ran.exits_with(0);
    let of =
        |name: &str| noted.iter().filter(|line| line[0] == name).map(|line| &line[1]).collect::<Vec<_>>();
    let (ada, dan) = (of("Ada"), of("Dan"));
    assert_eq!(ada[0], ada[1], "asked again, it has the same answer");
    assert_ne!(ada[1], ada[2]);
    assert_ne!(ada[0], dan[0]);
    assert_ne!(ada[2], dan[0]);
}

#[test]
fn what_the_modules_hold_is_put_back_before_each_probe() {
    for (state, change) in [
        ("", "import more; more.TOLD.append(text); seen = len(more.TOLD)"),
        ("TOLD = []", "TOLD.append(text); seen = len(TOLD)"),
        ("TOLD = {'all': {'of': []}}", "TOLD['all']['of'].append(text); seen = len(TOLD['all']['of'])"),
        ("TOLD = set()", "TOLD.add(text); seen = len(TOLD)"),
        ("from collections import Counter\nTOLD = Counter()", "TOLD['told'] += 1; seen = TOLD['told']"),
        ("from collections import deque\nTOLD = deque(maxlen=9)", "TOLD.append(1); seen = len(TOLD)"),
        ("told = 0", "global told; told += 1; seen = told"),
        ("class Told:\n    count = 0", "Told.count += 1; seen = Told.count"),
        ("class Told:\n    pass", "Told.more = seen = getattr(Told, 'more', 0) + 1"),
        ("class Told:\n    pass\nTOLD = Told()", "TOLD.more = seen = getattr(TOLD, 'more', 0) + 1"),
        (
            "class Told:\n    def __init__(self):\n        self.all = []\nTOLD = Told()",
            "TOLD.all.append(1); seen = len(TOLD.all)",
        ),
        ("def told(by=[]):\n    by.append(1)\n    return len(by)", "seen = told()"),
        (
            "def told():\n    told.count = getattr(told, 'count', 0) + 1\n    return told.count",
            "seen = told()",
        ),
        (
            "def made():\n    by = 0\n    def told():\n        nonlocal by\n        by += 1\n        return by\n    return told\ntold = made()",
            "seen = told()",
        ),
        (
            "from functools import lru_cache\n@lru_cache\ndef told(by):\n    return by",
            "told(1); told(1); seen = told.cache_info().hits",
        ),
    ] {
        let shout = format!("{change}\n    return text.upper() if seen == 1 else f'{{seen}} times'");
        let (ran, noted) = graded_by(SUITE, &format!("{state}\n\n\n{}", module(GREET, &shout)));
        ran.exits_with(0);
        assert_eq!(firsts(&noted[3..]), ["hear", "me", "now"], "{state}");
        assert!(noted[3..].iter().all(|line| line[1] == noted[0][1]), "{state} {noted:?}");
    }
}

#[test]
fn a_probe_that_tries_one_thing_after_another_can_put_back_what_the_modules_hold() {
    const TRIES: &str = r#"

@probe
def tried(day, text):
    """shout({text}) three times, each time as if it were the first"""
    seen = []
    for _ in range(3):
        seen.append(day.greeting.shout(text))
        day.put_back()
    return seen


@requirement("shout")
def test_shout_again(candidate):
    """`shout` gives capitals each time"""
    assert candidate.run(tried, "hear") == ["HEAR"] * 3
"#;
    let once = module(GREET, "TOLD.append(text)\n    return text.upper() if len(TOLD) == 1 else 'enough'");
    // With a thread, every probe imports anew.
    let thread =
        "import threading\nimport time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()";
    for start in ["", thread] {
        let (ran, _) = graded_by(&format!("{SUITE}{TRIES}"), &format!("TOLD = []\n{start}\n{once}"));
        ran.exits_with(0);
    }
}

#[test]
fn nobody_fails_because_of_what_one_probe_leaves_behind_for_another() {
    // Where an iterator stands is not put back.
    let (ran, noted) = graded(GREET, "return text.upper() if next(NUMBERS) == 1 else 'enough'");
    ran.exits_with(0);
    assert_eq!(firsts(&noted[3..]), ["hear", "me", "hear", "me", "now"]);
    let processes: Vec<&String> = noted[4..].iter().map(|line| &line[1]).collect();
    assert!(processes[1] != processes[2] && processes[2] != processes[3], "{noted:?}");
}

#[test]
fn a_finding_is_about_what_went_wrong() {
    let (ran, noted) = graded(GREET, "return text if text == 'me' else text.upper()");
    let report = ran.exits_with(1).json();
    assert_eq!(requirement(&report, "greet")["outcome"]["status"], "passed");
    let findings = findings(&report, "shout");
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!(findings[0]["did"], "shout('me')");
    assert_eq!((&findings[0]["expected"], &findings[0]["actual"]), (&"'ME'".into(), &"'me'".into()));
    assert_eq!(firsts(&noted[3..]), ["hear", "me", "hear", "me"]);
}

#[test]
fn where_the_process_brings_nothing_back_the_probe_runs_again_by_itself() {
    for (bob, said) in [
        ("raise LookupError('no Bob')", "it raised LookupError: no Bob"),
        ("os._exit(3)", "it ended the interpreter (exit code 3)"),
        (
            "os.kill(os.getpid(), 9)",
            "the interpreter was killed (signal 9), as happens to a program that takes too much memory",
        ),
        ("print('Bob' * 10**6)", "it printed without end"),
    ] {
        let (ran, noted) =
            graded(&format!("if name == 'Bob':\n        {bob}\n    return f'Hello, {{name}}!'"), SHOUT);
        let report = ran.exits_with(1).json();
        let findings = findings(&report, "greet");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(findings[0]["did"], "greet('Bob')");
        assert_eq!(findings[0]["message"], said);
        assert_ne!(noted[0][1], noted[1][1], "{noted:?}");
        assert_eq!(firsts(&noted), ["Ada", "Cyd", "hear", "me", "now"]);
    }
}

#[test]
fn a_process_that_ends_for_one_probe_alone_costs_nobody_anything() {
    // The process ends with the third call in it, whichever that is.
    let (ran, noted) =
        graded("if next(NUMBERS) == 3:\n        os._exit(3)\n    return f'Hello, {name}!'", SHOUT);
    ran.exits_with(0);
    assert_eq!(firsts(&noted), ["Ada", "Bob", "Cyd", "hear", "me", "now"]);
    assert_eq!(noted[0][1], noted[1][1]);
    assert_ne!(noted[1][1], noted[2][1]);
}

#[test]
fn after_a_probe_that_leaves_a_thread_or_a_process_the_next_one_has_another() {
    for leave in [
        "import threading, time\n        threading.Thread(target=time.sleep, args=(60,), daemon=True).start()",
        "import subprocess\n        subprocess.Popen(['sleep', '60'])",
        "import time\n        if os.fork() == 0:\n            os.setsid()\n            os.fork() or time.sleep(60)\n            os._exit(0)",
    ] {
        let greet = format!("if name == 'Bob':\n        {leave}\n    return f'Hello, {{name}}!'");
        let (ran, noted) = graded(&greet, SHOUT);
        ran.exits_with(0);
        assert_eq!(noted[0][1], noted[1][1], "{leave}");
        assert_ne!(noted[1][1], noted[2][1], "{leave}");
        assert!(noted[3..].iter().all(|line| line[1] == noted[3][1]), "{leave} {noted:?}");
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
