//! A finding says where in the learner's files to look.

use std::fs;

use serde_json::{Value, json};

use crate::place::{Place, Ran};

/// Asks for one thing after another and finds that it is not right.
const SUITE: &str = r#"
import pytest
from grade_kit.suite import probe, requirement


@probe(shared=True)
def seen(day, what):
    """look at the {what}"""
    greeting = day.greeting
    match what:
        case "function":
            return greeting.greet("Ada")
        case "function that was searched for":
            return next(found for name, found in vars(raw(greeting)).items() if name.startswith("gr"))("Ada")
        case "method that was searched for":
            return raw(greeting).Greeter(word="x").greet("Ada")
        case "decorated function":
            return greeting.shout("hear")
        case "function with a name":
            return greeting.whisper("hear")
        case "method":
            return greeting.Greeter().greet("Ada")
        case "methods":
            greeter = greeting.Greeter()
            greeter.leave()
            return greeter.greet("Ada")
        case "inherited method":
            return greeting.Greeter().leave()
        case "property":
            return greeting.Greeter().last
        case "operator":
            return "right" if len(greeting.Greeter()) == 5 else "wrong"
        case "field":
            return greeting.Greeter().word
        case "constant":
            return greeting.WORD


@probe
def waited(day):
    """wait()"""
    return day.greeting.wait()


@requirement("greet")
@pytest.mark.parametrize("what", ["function", "function that was searched for", "method that was searched for", "decorated function", "function with a name", "method", "methods", "inherited method",
                                  "property", "operator", "field", "constant"])
def test_what_is_there(candidate, what):
    """the {what} is right"""
    assert candidate.run(seen, what) == "right"


@requirement("shout")
def test_it_ends(candidate):
    """`wait` comes to its end"""
    assert candidate.run(waited, timeout=1) == "right"
"#;

/// The module that all of that is in.
const MODULE: &str = r#"import functools
from dataclasses import dataclass


def loud(function):
    @functools.wraps(function)
    def wrapper(*args):
        return function(*args)

    return wrapper


WORD = "right"


def greet(name):
    return WORD


@functools.lru_cache
@loud
def shout(text):
    return WORD


whisper = lambda text: WORD


class Polite:
    def leave(self):
        return WORD


@dataclass
class Greeter(Polite):
    word: str = WORD

    @property
    def last(self):
        return WORD

    @loud
    def greet(self, name):
        return WORD

    def __len__(self):
        return len(WORD)


def wait():
    while WORD != "right":
        pass
    return WORD
"#;

const PATH: &str = "week1/day1/greeting.py";

fn graded(module: &str) -> Ran {
    let place = Place::with(&[1]);
    let pack = place.own_pack();
    fs::write(pack.join("day01-greeting/hidden/test_greeting.py"), SUITE).unwrap();
    fs::write(pack.join("day01-greeting/solutions/plain").join(PATH), MODULE).unwrap();
    place.finish(place.bare("pack record day1 --pack").arg(&pack)).exits_with(0);
    place.write(PATH, module);
    place.finish(place.bare("day1 --format json --pack").arg(&pack))
}

fn findings(report: &Value, requirement: usize) -> Vec<Value> {
    report["days"][0]["requirements"][requirement]["outcome"]["findings"].as_array().unwrap().clone()
}

/// Where a line that begins with this text is, as a report says it.
fn at(text: &str, name: &str) -> Value {
    let line = MODULE.lines().position(|line| line.trim_start().starts_with(text)).unwrap() + 1;
    json!({"place": {"path": PATH, "line": line}, "name": name})
}

#[test]
fn a_finding_names_what_was_asked_and_where_that_is_defined() {
    let report = graded(&MODULE.replacen("\"right\"", "\"not right\"", 1)).exits_with(1).json();
    let expected = [
        ("the function is right", vec![at("def greet(name)", "greet")]),
        ("the function that was searched for is right", vec![at("def greet(name)", "greet")]),
        ("the method that was searched for is right", vec![at("def greet(self", "Greeter.greet")]),
        ("the decorated function is right", vec![at("def shout", "shout")]),
        ("the function with a name is right", vec![at("whisper =", "whisper")]),
        ("the method is right", vec![at("def greet(self", "Greeter.greet")]),
        (
            "the methods is right",
            vec![at("def leave", "Polite.leave"), at("def greet(self", "Greeter.greet")],
        ),
        (
            "the inherited method is right",
            vec![at("class Greeter", "Greeter"), at("def leave", "Polite.leave")],
        ),
        ("the property is right", vec![at("def last", "Greeter.last")]),
        ("the operator is right", vec![at("def __len__", "Greeter.__len__")]),
        ("the field is right", vec![at("class Greeter", "Greeter")]),
        ("the constant is right", vec![at("WORD =", "WORD")]),
    ];
    let found = findings(&report, 0);
    assert_eq!(found.len(), expected.len());
    for (finding, (title, about)) in found.iter().zip(expected) {
        assert_eq!(finding["title"], title);
        assert_eq!(finding["about"], Value::from(about.clone()), "{title}");
        assert_eq!(finding["place"], about.last().unwrap()["place"]);
    }
}

#[test]
fn what_never_ends_is_in_the_file_that_was_asked() {
    let report = graded(&MODULE.replacen("\"right\"", "\"not right\"", 1)).exits_with(1).json();
    let found = findings(&report, 1);
    assert_eq!(found[0]["rule"], "time-out");
    assert_eq!(found[0]["about"], json!([{"place": {"path": PATH}}]));
}

#[test]
fn a_submission_cannot_invent_where_to_look() {
    // What is noted of a probe is in its own process, where a learner's code finds it.
    let inventing = r#"def greet(name):
    import sys
    frame = sys._getframe()
    while "self" not in frame.f_locals or not hasattr(frame.f_locals["self"], "reached"):
        frame = frame.f_back
    parts = frame.f_locals["self"].reached._parts
    parts.clear()
    for part in [
        ("../../../../etc/secret.py", "x"), ("/etc/passwd", ""), ("/usr/lib/python3/dist-packages/six.py", "u"), ("week1/day1/none.py", ""),
        ("week1/day1/greeting.py", "invented"), ("week1/../week1/day1/greeting.py", "greet"),
        ("\0.py", ""), ("x" * 100_000 + ".py", ""), ("week1/day1", ""), (1, 2), ("a", "b", "c"), 7,
    ]:
        parts[part] = None
    return WORD
"#;
    let module = MODULE.replacen("\"right\"", "\"not right\"", 1);
    let module = module.replace("def greet(name):\n    return WORD\n", inventing);
    let report = graded(&module).exits_with(1).json();
    let found = findings(&report, 0);
    assert_eq!(
        (&found[0]["title"], &found[0]["actual"]),
        (&"the function is right".into(), &"'not right'".into())
    );
    assert_eq!(found[0]["about"], json!([{"place": {"path": PATH}}]));
}
