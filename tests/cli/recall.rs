//! `grade pack check` does not observe again what a wrong solution has in common with its base, and all else anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::place::Place;

const PLAIN: &str = "def greet(name):
    return f\"Hello, {name}!\"


def loudly(text):
    return text.upper()


def shout(text):
    return loudly(text)
";

/// A suite whose probes draw what nobody draws twice, and which notes it beside the submission that brought it.
const SUITE: &str = r##"
from pathlib import Path

from grade_kit.suite import probe, requirement


@probe
def drawn(day):
    """shout"""
    import os

    return [day.greeting.shout("hear me"), os.urandom(8).hex()]


@probe
def drawn_while_reading(day):
    """shout, and look into the file"""
    import os

    with open("greeting.py", encoding="utf-8") as file:
        file.read()
    return [day.greeting.shout("hear me"), os.urandom(8).hex()]


@probe
def drawn_in_a_thread(day):
    """shout from elsewhere"""
    import os
    import threading

    said = []
    thread = threading.Thread(target=lambda: said.append(day.greeting.shout("hear me")))
    thread.start()
    thread.join()
    return [said[0], os.urandom(8).hex()]


@probe
def drawn_beside_a_file(day):
    """shout, and read what one has written"""
    import os

    with open("mine.txt", "w", encoding="utf-8") as file:
        file.write("mine")
    with open("mine.txt", encoding="utf-8") as file:
        file.read()
    return [day.greeting.shout("hear me"), os.urandom(8).hex()]


@probe
def drawn_from_a_list(day):
    """shout, and look which files there are"""
    import os

    os.listdir(".")
    return [day.greeting.shout("hear me"), os.urandom(8).hex()]


@probe
def drawn_and_raised(day):
    """shout in anger"""
    import os

    raise ValueError(day.greeting.shout("hear me") + " " + os.urandom(8).hex())


def note(candidate, source, function):
    seen = candidate.observe(function)
    said, number = seen.value or seen.message.rsplit(" ", 1)
    assert said == "HEAR ME"
    marks = [line[2:] for line in source.text("greeting.py").splitlines() if line.startswith("# ")]
    with Path("LOG").open("a") as log:
        log.write(f"{function.__name__} {marks[0] if marks else 'base'} {number}\n")


@requirement("greet")
def test_greet(candidate):
    """`greet` is asked"""


@requirement("shout")
def test_shout(candidate, source):
    """`shout` is asked"""
    note(candidate, source, drawn)


@requirement("shout")
def test_shout_while_reading(candidate, source):
    """`shout` is asked by one who reads"""
    note(candidate, source, drawn_while_reading)


@requirement("shout")
def test_shout_in_a_thread(candidate, source):
    """`shout` is asked from a thread"""
    note(candidate, source, drawn_in_a_thread)


@requirement("shout")
def test_shout_beside_a_file(candidate, source):
    """`shout` is asked by one who writes"""
    note(candidate, source, drawn_beside_a_file)


@requirement("shout")
def test_shout_from_a_list(candidate, source):
    """`shout` is asked by one who looks around"""
    note(candidate, source, drawn_from_a_list)


@requirement("shout")
def test_shout_unseen(candidate):
    """`shout` is asked by a test that does not look at the source"""
    said, number = candidate.run(drawn)
    assert said == "HEAR ME"
    with Path("LOG").open("a") as log:
        log.write(f"unseen anybody {number}\n")


@requirement("shout")
def test_shout_in_anger(candidate, source):
    """`shout` is asked, and nothing comes back"""
    note(candidate, source, drawn_and_raised)
"##;

/// What a submission is given in the place of what, and whether what its base answered still holds.
const SPOILT: [(&str, &str, &str, bool); 12] = [
    ("another-greeting", "Hello", "Goodbye", true),
    ("another-line", "\n\ndef loudly", "\n\n\n\n\ndef loudly", true),
    ("another-shout", "return loudly(text)", "return loudly(text).upper()", false),
    ("another-helper", "return text.upper()", "return text.upper().upper()", false),
    ("a-default", "def greet(name)", "def greet(name='you')", false),
    ("a-docstring", "(name):\n", "(name):\n    \"\"\"Greets.\"\"\"\n", false),
    ("a-decorator", "def greet", "@staticmethod\ndef greet", false),
    ("an-annotation", "greet(name)", "greet(name: str)", false),
    ("a-constant", "def greet", "LOUD = True\n\n\ndef greet", false),
    ("an-import", "def greet", "import os\n\n\ndef greet", false),
    ("another-function", "def loudly", "def softly(text):\n    return text\n\n\ndef loudly", false),
    ("a-generator", "return f\"Hello", "yield f\"Hello", false),
];

fn lay_out(pack: &Path, log: &Path, probe: &str) {
    let day = pack.join("day01-greeting");
    let suite = SUITE.replace("LOG", log.to_str().unwrap()).replace("@probe", probe);
    fs::write(day.join("hidden/test_greeting.py"), suite).unwrap();
    fs::write(day.join("solutions/plain/week1/day1/greeting.py"), PLAIN).unwrap();
    fs::remove_dir_all(day.join("wrong")).unwrap();
    let wrong = |name: &str, text: &str| {
        let folder = day.join("wrong").join(name);
        fs::create_dir_all(folder.join("week1/day1")).unwrap();
        fs::write(folder.join("week1/day1/greeting.py"), format!("{text}\n# {name}\n")).unwrap();
        fs::write(folder.join("wrong.toml"), "base = \"plain\"\nwhy = \"it differs\"\nfails = [\"greet\"]\n")
            .unwrap();
        folder
    };
    for (name, old, new, _) in SPOILT {
        assert!(PLAIN.contains(old), "{name}");
        wrong(name, &PLAIN.replace(old, new));
    }
    fs::write(wrong("a-file-beside-it", PLAIN).join("week1/day1/names.txt"), "Ada\n").unwrap();
    fs::write(wrong("a-test-beside-it", PLAIN).join("week1/day1/test_greeting.py"), "import greeting\n")
        .unwrap();
    fs::write(wrong("a-module-beside-it", PLAIN).join("week1/day1/names.py"), "ADA = 'Ada'\n").unwrap();
}

/// Proves the pack, whose probes are marked so. Returns what each drew with each submission that is marked, and with those that are not.
fn drawn(words: &str, probe: &str) -> BTreeMap<(String, String), Vec<String>> {
    let place = Place::new();
    let (pack, log) = (place.own_pack(), place.path("log"));
    lay_out(&pack, &log, probe);
    place.finish(place.bare("pack record day1 --pack").arg(&pack)).exits_with(0);
    fs::remove_file(&log).unwrap();
    // The first seed of the solutions comes before any wrong one.
    place.finish(place.bare(&format!("pack check day1 --seed 7 {words} --pack")).arg(&pack)).exits_with(1);
    let mut drawn: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for line in fs::read_to_string(&log).unwrap().lines() {
        let [probe, submission, number] = line.split(' ').collect::<Vec<_>>()[..] else { panic!("{line}") };
        drawn.entry((probe.to_owned(), submission.to_owned())).or_default().push(number.to_owned());
    }
    drawn
}

#[test]
fn what_a_wrong_solution_has_in_common_with_its_base_is_not_observed_again_and_all_else_is() {
    for mark in ["@probe", "@probe(shared=True)"] {
        let drawn = drawn("--repeat 2", mark);
        let of = |probe: &str, submission: &str| &drawn[&(probe.to_owned(), submission.to_owned())];
        let is_known =
            |probe, submission| of(probe, submission).iter().any(|number| of(probe, "base").contains(number));
        let beside = [("a-test-beside-it", true), ("a-file-beside-it", false), ("a-module-beside-it", false)];
        for (name, holds) in SPOILT.map(|(name, _, _, holds)| (name, holds)).into_iter().chain(beside) {
            for probe in ["drawn", "drawn_beside_a_file", "drawn_and_raised"] {
                assert_eq!(is_known(probe, name), holds, "{probe} {name}");
            }
            let is_listed = holds && name != "a-test-beside-it";
            assert_eq!(is_known("drawn_from_a_list", name), is_listed, "{name}");
            assert!(
                !is_known("drawn_while_reading", name),
                "{name}: what the probe reads may be what differs"
            );
            assert!(!is_known("drawn_in_a_thread", name), "{name}: who runs the thread is not seen");
        }
    }
}

#[test]
fn a_test_is_run_with_a_wrong_solution_only_where_it_is_not_known_to_pass() {
    let drawn = drawn("--repeat 2", "@probe");
    let count = |probe: &str, submission: &str| drawn[&(probe.to_owned(), submission.to_owned())].len();
    // A file and a module beside it are what else leaves nothing known.
    let unknown = SPOILT.iter().filter(|(_, _, _, holds)| !holds).count() + 2;
    assert_eq!(count("unseen", "anybody"), count("drawn", "base") + unknown);
}

#[test]
fn a_whole_proof_observes_everything_anew() {
    let drawn = drawn("--repeat 2 --whole", "@probe");
    let numbers: Vec<&String> = drawn.values().flatten().collect();
    let distinct: std::collections::BTreeSet<&&String> = numbers.iter().collect();
    assert_eq!(distinct.len(), numbers.len());
    assert!(drawn.keys().any(|(_, submission)| submission == "another-greeting"));
}
