//! `grade pack`: a pack is proved, and one that is spoilt in any way is not.

use std::fs;
use std::path::Path;

use crate::place::{Place, Ran, copy, edit};

const DAY: &str = "day01-greeting";

fn check(place: &Place, pack: &Path) -> Ran {
    place.finish(place.bare("pack check day1 --repeat 1 --seed 7 --pack").arg(pack))
}

/// Returns what the check says of a pack that was spoilt.
fn complaints(spoil: impl FnOnce(&Path)) -> String {
    let place = Place::new();
    let pack = place.own_pack();
    spoil(&pack.join(DAY));
    let ran = check(&place, &pack).exits_with(1);
    assert_eq!(ran.stderr, "");
    ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn assert_said(complaints: &str, parts: &[&str]) {
    for part in parts {
        assert!(complaints.contains(part), "no `{part}` in {complaints}");
    }
}

#[test]
fn a_whole_pack_is_proved() {
    let place = Place::new();
    check(&place, &place.own_pack()).matches_golden(0, "pack-check");
}

#[test]
fn a_hidden_test_that_is_gone_is_noticed() {
    let said = complaints(|day| {
        let suite = day.join("hidden/test_greeting.py");
        let text = fs::read_to_string(&suite).unwrap();
        let cut = text.find("@requirement(\"shout\")").unwrap();
        fs::write(suite, &text[..cut]).unwrap();
    });
    assert_said(&said, &["solutions/plain: day1.shout is broken", "test_the_text_is_in_capitals"]);
}

#[test]
fn a_wrong_solution_that_is_right_is_noticed() {
    let said = complaints(|day| copy(&day.join("solutions/plain"), &day.join("wrong/whispers")));
    assert_said(
        &said,
        &["it is the same as its base `plain`", "wrong/whispers: day1.shout passes and should not"],
    );
}

#[test]
fn a_wrong_solution_that_fails_more_than_it_says_is_noticed() {
    let said = complaints(|day| {
        edit(&day.join("wrong/does-not-import/wrong.toml"), "\"greet\", \"shout\"", "\"greet\"");
    });
    assert_said(&said, &["wrong/does-not-import: day1.shout fails and should not"]);
}

#[test]
fn a_requirement_that_nothing_fails_is_noticed() {
    let said = complaints(|day| {
        for wrong in ["whispers", "first-letter-only", "does-not-import"] {
            fs::remove_dir_all(day.join("wrong").join(wrong)).unwrap();
        }
    });
    assert_said(&said, &["no wrong solution fails `shout`", "day1.shout: no wrong solution is caught by it"]);
}

#[test]
fn a_broken_solution_and_a_starter_that_passes_are_noticed() {
    let said = complaints(|day| {
        edit(&day.join("solutions/joined/week1/day1/greeting.py"), "letter.upper()", "letter");
        copy(&day.join("solutions/plain"), &day.join("starter"));
    });
    assert_said(
        &said,
        &[
            "solutions/joined: day1.shout fails and should not: `shout` returns capitals",
            "starter: day1.greet passes and should not",
            "starter: day1.shout passes and should not",
        ],
    );
}

#[test]
fn recording_writes_which_tests_ran_and_passes_by_days_without_any() {
    let place = Place::new();
    let pack = place.own_pack();
    let expected = pack.join(DAY).join("hidden/expected.toml");
    let before = fs::read_to_string(&expected).unwrap();
    fs::remove_file(&expected).unwrap();
    let ran = place.finish(place.bare("pack record --pack").arg(&pack)).exits_with(0);
    let said = "day1  2 hidden tests recorded\nday2  has no hidden tests to record\nday3  2 hidden tests recorded\nday5  2 hidden tests recorded\n";
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (said, ""));
    assert_eq!(fs::read_to_string(&expected).unwrap(), before);
    assert!(!pack.join("day02-tidy/hidden/expected.toml").exists());
    place.finish(&mut place.bare("pack record")).says(
        2,
        "error: a built-in pack cannot be recorded\n\nhint: name the folder of the course: `grade pack record --pack\n  exercises/python-23`\n",
    );
}

/// Puts this in the place of the assertion that shouting returns capitals.
fn assert_instead(day: &Path, assertion: &str) {
    edit(
        &day.join("hidden/test_greeting.py"),
        "assert candidate.run(shouted, text) == text.upper()",
        assertion,
    );
}

#[test]
fn a_suite_that_wavers_is_told_so_in_these_words() {
    let place = Place::new();
    let pack = place.own_pack();
    assert_instead(
        &pack.join(DAY),
        "assert candidate.run(shouted, text) == (text.upper() if rng.random() < 0.5 else \"\")",
    );
    let ran = place.finish(place.bare("pack check day1 --repeat 5 --seed 7 --pack").arg(&pack)).exits_with(1);
    let said = ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_said(
        &said,
        &["solutions/plain: day1.shout wavers: the same submission passes it (seed", "and fails it (seed"],
    );
}

#[test]
fn a_fault_that_is_found_with_one_seed_and_not_with_another_is_a_complaint() {
    let place = Place::new();
    let pack = place.own_pack();
    assert_instead(
        &pack.join(DAY),
        "assert candidate.run(shouted, text) == text.upper() or rng.random() < 0.5",
    );
    let check = |repeat: &str| {
        let words = format!("pack check day1 --seed 7 --repeat {repeat} --pack");
        place.finish(place.bare(&words).arg(&pack))
    };
    check("1").exits_with(0);
    let said = check("3").exits_with(1).stdout;
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_said(&said, &["wrong/whispers: day1.shout wavers: the same submission passes it (seed 8"]);
}

/// Returns what the check says of a wrong solution whose module and tests differ from those of its base, and whose tests it says to notice nothing.
fn said_of_tests(assertion: &str) -> String {
    complaints(|day| {
        let about = fs::read_to_string(day.join("day.toml")).unwrap();
        let tests = "[[requirement]]\nid = \"tests\"\ntext = \"Your tests notice faults\"\ncheck = \"own-tests\"\nbullets = [2]\nhints = [\"Compare.\"]\n";
        fs::write(day.join("day.toml"), about.replace("[bullets]", &format!("{tests}\n[bullets]"))).unwrap();
        let wrong = day.join("wrong/says-more");
        copy(&day.join("solutions/plain"), &wrong);
        fs::write(
            wrong.join("wrong.toml"),
            "base = \"plain\"\nwhy = \"its tests notice nothing\"\nfails = [\"tests\"]\n",
        )
        .unwrap();
        edit(
            &wrong.join("week1/day1/greeting.py"),
            "def shout(text):",
            "def shout(text):\n    \"\"\"Says it in capitals.\"\"\"",
        );
        let test = format!("from greeting import shout\n\n\ndef test_shout():\n    assert {assertion}\n");
        fs::write(wrong.join("week1/day1/test_greeting.py"), test).unwrap();
    })
}

#[test]
fn tests_that_pass_in_a_wrong_solution_must_notice_nothing_where_it_says_so() {
    let said = said_of_tests("shout(\"a\") == \"A\"");
    assert_said(&said, &["wrong/says-more: day1.tests passes and should not"]);
    let said = said_of_tests("callable(shout)");
    assert!(!said.contains("wrong/says-more: day1"), "{said}");
}

#[test]
fn the_last_repeat_of_a_solution_is_graded_beside_busy_processors() {
    let place = Place::new();
    let pack = place.own_pack();
    // The program is somewhere above the examiner.
    let busy = r#"import pathlib
    above, threads = "self", []
    while above != "0":
        threads += [path.read_text().strip() for path in pathlib.Path(f"/proc/{above}/task").glob("*/comm")]
        above = pathlib.Path(f"/proc/{above}/stat").read_text().rpartition(")")[2].split()[1]
    assert "busy" not in threads, "the program is busy"
    assert candidate.run(shouted, text) == text.upper()"#;
    assert_instead(&pack.join(DAY), busy);
    let check = |repeat: &str| {
        let words = format!("pack check day1 --seed 7 --json --repeat {repeat} --pack");
        place.finish(place.bare(&words).arg(&pack))
    };
    check("1").exits_with(0);
    let report = check("2").exits_with(1).json();
    let complaints = report["days"][0]["complaints"].as_array().unwrap();
    let of_solutions = complaints.iter().map(|complaint| complaint.as_str().unwrap());
    let of_solutions: Vec<&str> = of_solutions.filter(|text| text.contains("/solutions/")).collect();
    assert_eq!(of_solutions.len(), 3, "{complaints:?}");
    for complaint in of_solutions {
        assert_said(
            complaint,
            &["day1.shout wavers", "passes it (seed 7)", "fails it (seed 8, beside busy processors)"],
        );
    }
}

#[test]
fn json_fits_its_schema_and_says_what_the_text_says() {
    let place = Place::new();
    let pack = place.own_pack();
    edit(&pack.join(DAY).join("wrong/does-not-import/wrong.toml"), "\"greet\", \"shout\"", "\"greet\"");
    let words = "pack check --day day1 --repeat 2 --seed 7 --mutants --pack";
    let text = place.finish(place.bare(words).arg(&pack)).exits_with(1);
    let json = place.finish(place.bare(words).arg(&pack).args(["--json", "--fresh"])).exits_with(1);
    assert_eq!(json.stderr, "");
    let report = json.json();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/pack-check.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(schema).unwrap()).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    if let Err(error) = jsonschema::draft202012::new(&schema).unwrap().validate(&report) {
        panic!("{}: {error}\n{report:#}", error.instance_path());
    }
    let said = text.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    let day = &report["days"][0];
    assert_eq!(
        (&report["verdict"], &report["exit_code"], &report["seed"]),
        (&"failed".into(), &1.into(), &"7".into())
    );
    assert_eq!(
        day["counts"],
        serde_json::json!({"requirements": 2, "solutions": 3, "wrong": 6, "graded": 13, "known": 0})
    );
    assert_eq!(day["seeds"], serde_json::json!(["7", "8"]));
    for complaint in day["complaints"].as_array().unwrap() {
        assert_said(&said, &[&format!("COMPLAINT {}", complaint.as_str().unwrap())]);
    }
    for requirement in day["requirements"].as_array().unwrap() {
        let caught: Vec<&str> =
            requirement["catches"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        assert_said(&said, &[&format!("{}: {}", caught.len(), caught.join(", "))]);
    }
    let mutants = &day["mutants"];
    assert_said(&said, &[&format!("{} of {} noticed", mutants["caught"], mutants["tried"])]);
    assert_said(&said, &[&format!("1 complaint about 1 day (seed {})", report["seed"].as_str().unwrap())]);
}

#[test]
fn what_was_proved_is_graded_again_only_where_it_has_changed_or_there_was_a_complaint() {
    let place = Place::new();
    let pack = place.own_pack();
    let known = |option: Option<&str>| {
        let mut command = place.bare("pack check day1 --repeat 1 --json --pack");
        let counts = &place.finish(command.arg(&pack).args(option)).json()["days"][0]["counts"];
        (counts["graded"].as_u64().unwrap(), counts["known"].as_u64().unwrap())
    };
    assert_eq!(known(None), (10, 0));
    assert_eq!(known(None), (10, 10));
    assert_eq!(known(Some("--fresh")), (10, 0));
    let wrong = pack.join(DAY).join("wrong/does-not-import");
    edit(&wrong.join("wrong.toml"), "\"greet\", \"shout\"", "\"greet\"");
    assert_eq!((known(None), known(None)), ((10, 9), (10, 9)), "the complaint may have been chance");
    edit(&pack.join(DAY).join("solutions/plain/week1/day1/greeting.py"), "def greet", "\n\ndef greet");
    assert!(known(None).1 < 9, "a solution and what is laid over it have changed");
    edit(&pack.join(DAY).join("hidden/test_greeting.py"), "assert ", "assert  ");
    assert_eq!(known(None), (10, 0), "the hidden suite has changed");
}

#[test]
fn only_the_days_that_are_named_are_proved() {
    let place = Place::new();
    let check = |words: &str| {
        let mut command = place.grade(&format!("pack check --repeat 1 --json {words}"));
        let report = place.finish(&mut command).json();
        let days = report["days"].as_array().unwrap().clone();
        days.into_iter().map(|day| day["day"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(check("--day day1 --day 2"), ["day1", "day2"]);
    assert_eq!(check("day2 --day day1"), ["day1", "day2"]);
    place.finish(&mut place.grade("pack check --day day9")).exits_with(2);
}

/// A pack whose suite does not notice one of the mutants of one solution: `shout` that returns nothing at all.
fn unnoticing() -> (Place, std::path::PathBuf) {
    let place = Place::new();
    let pack = place.own_pack();
    let day = pack.join(DAY);
    fs::write(
        day.join("solutions/plain/week1/day1/greeting.py"),
        "def greet(name):\n    return f\"Hello, {name}!\"\n\n\ndef shout(text, loud=1):\n    return text.upper()\n",
    )
    .unwrap();
    (place, pack)
}

fn check_mutants(place: &Place, pack: &Path) -> Ran {
    place.finish(place.bare("pack check day1 --repeat 1 --seed 7 --mutants --json --pack").arg(pack))
}

const DECLARED: &str = r#"[[mutant]]
solution = "plain"
file = "week1/day1/greeting.py"
before = "def shout(text, loud=1):"
after = "def shout(text, loud=2):"
why = "nobody says how loud"
"#;

#[test]
fn a_mutant_that_the_suite_does_not_notice_is_listed_until_it_is_declared_to_be_no_fault() {
    let (place, pack) = unnoticing();
    let before = check_mutants(&place, &pack).json()["days"][0]["mutants"].clone();
    let survivor = serde_json::json!({
        "solution": "plain", "file": "week1/day1/greeting.py", "function": "shout", "line": 5,
        "before": "def shout(text, loud=1):", "after": "def shout(text, loud=2):",
    });
    assert_eq!(before["survivors"], serde_json::json!([survivor]), "{before:#}");
    fs::write(pack.join(DAY).join("equivalent.toml"), DECLARED).unwrap();
    let report = check_mutants(&place, &pack).exits_with(0).json();
    let after = &report["days"][0]["mutants"];
    assert_eq!(after["survivors"], serde_json::json!([]));
    assert_eq!((&after["declared"], &after["percent"]), (&1.into(), &100.into()));
    assert_eq!(after["tried"].as_u64().unwrap() + 1, before["tried"].as_u64().unwrap());
}

#[test]
fn a_function_that_the_day_does_not_ask_for_is_declared_as_a_whole() {
    let (place, pack) = unnoticing();
    let plain = pack.join(DAY).join("solutions/plain/week1/day1/greeting.py");
    let text = fs::read_to_string(&plain).unwrap();
    fs::write(plain, text.replace(", loud=1", "") + "\n\ndef wave(times):\n    return times < 3\n").unwrap();
    let function = "[[mutant]]\nsolution = \"plain\"\nfile = \"week1/day1/greeting.py\"\nfunction = \"wave\"\n\
                    why = \"nobody asks for it\"\n";
    let declare = |text: &str| {
        fs::write(pack.join(DAY).join("equivalent.toml"), text).unwrap();
        check_mutants(&place, &pack)
    };
    let report = declare(function).exits_with(0).json();
    assert_eq!(report["days"][0]["mutants"]["survivors"], serde_json::json!([]), "{report:#}");
    let report = declare(&function.replace("wave", "greet")).json();
    assert_said(
        &report["days"][0]["complaints"].to_string(),
        &["the function `greet`: it is no fault, it says"],
    );
}

#[test]
fn what_is_worded_for_people_is_not_changed_but_what_is_told_apart_by_its_words_is() {
    let (place, pack) = unnoticing();
    let plain = pack.join(DAY).join("solutions/plain/week1/day1/greeting.py");
    let text = fs::read_to_string(&plain).unwrap().replace("loud=1", "mark=\"!\"");
    let people = "\n\nclass Mood:\n    def __repr__(self):\n        return str(1 + 2)\n\n\n\
                  def main():\n    print(1 < 2, \"shown\")\n\n\nKINDS = {\"kind\": 0}\n";
    fs::write(plain, text + people).unwrap();
    let mutants = check_mutants(&place, &pack).json()["days"][0]["mutants"].clone();
    let mut afters: Vec<&str> =
        mutants["survivors"].as_array().unwrap().iter().map(|each| each["after"].as_str().unwrap()).collect();
    afters.sort_unstable();
    assert_eq!(afters, ["KINDS = {\"kind\": 1}", "KINDS = {'another text': 0}"], "{mutants:#}");
}

#[test]
fn all_mutants_of_lines_or_of_a_class_are_declared_at_once() {
    let (place, pack) = unnoticing();
    let plain = pack.join(DAY).join("solutions/plain/week1/day1/greeting.py");
    let text = fs::read_to_string(&plain).unwrap().replace(", loud=1", "");
    let class = |name: &str| format!("\n\nclass {name}:\n    def good(self):\n        return 1 < 2\n");
    let extras = class("Mood") + &class("Day") + "\n\nKINDS = {\"kind\": 0}\n";
    fs::write(plain, text + &extras).unwrap();
    let declared = |what: &str| {
        format!(
            "[[mutant]]\nsolution = \"plain\"\nfile = \"week1/day1/greeting.py\"\n{what}\nwhy = \"an extra\"\n\n"
        )
    };
    let text = declared("function = \"Mood\"")
        + &declared("function = \"Day\"\nbefore = \"return 1 < 2\"")
        + &declared("before = 'KINDS = {\"kind\": 0}'");
    fs::write(pack.join(DAY).join("equivalent.toml"), text).unwrap();
    let report = check_mutants(&place, &pack).exits_with(0).json();
    assert_eq!(report["days"][0]["mutants"]["survivors"], serde_json::json!([]), "{report:#}");
}

#[test]
fn a_day_without_a_hidden_suite_has_no_mutants_and_says_so() {
    let place = Place::new();
    let pack = place.own_pack();
    let day = pack.join(DAY).join("day.toml");
    let text = fs::read_to_string(&day).unwrap();
    fs::write(&day, text.replace("check = \"hidden\"", "check = \"lint\"")).unwrap();
    let words = "pack check day1 --repeat 1 --seed 7 --mutants --pack";
    let said = place.finish(place.bare(words).arg(&pack)).exits_with(1).stdout;
    assert_said(&said, &["mutants  none: the day has no hidden suite"]);
}

#[test]
fn a_suite_that_notices_too_few_mutants_is_no_proof_of_anything() {
    let place = Place::new();
    let pack = place.own_pack();
    assert_instead(&pack.join(DAY), "assert candidate.run(shouted, text) is not rng");
    let report = check_mutants(&place, &pack).exits_with(1).json();
    let complaints = report["days"][0]["complaints"].to_string();
    assert_said(&complaints, &["day1: the hidden suite notices", "90 % are wanted"]);
}

#[test]
fn a_declaration_must_be_about_a_mutant_that_there_is_and_that_nobody_notices() {
    let (place, pack) = unnoticing();
    let declare = |text: &str| {
        fs::write(pack.join(DAY).join("equivalent.toml"), text).unwrap();
        check_mutants(&place, &pack).exits_with(1).json()["days"][0]["complaints"].to_string()
    };
    let gone = declare(&DECLARED.replace("loud=2", "loud=3"));
    assert_said(
        &gone,
        &["equivalent.toml: solutions/plain `week1/day1/greeting.py`: ", "there is no such mutant"],
    );
    let caught = DECLARED.replace("def shout(text, loud=1):", "return text.upper()");
    let caught = declare(&caught.replace("def shout(text, loud=2):", "return None"));
    assert_said(&caught, &["is no fault, it says, but the hidden suite notices it"]);
    fs::write(pack.join(DAY).join("equivalent.toml"), DECLARED.replace("why", "reason")).unwrap();
    let said = check(&place, &pack).exits_with(1).stdout;
    assert_said(&said, &["COMPLAINT", "`[[mutant]]` has no `why`"]);
}

#[test]
fn the_feedback_of_a_pack_has_every_test_that_fails_and_not_only_the_first() {
    let place = Place::new();
    let pack = place.own_pack();
    let suite = pack.join("day01-greeting/hidden/test_greeting.py");
    let louder = "\n\n@requirement(\"shout\")\ndef test_a_short_text_is_in_capitals(candidate):\n    \"\"\"one letter is enough\"\"\"\n    assert candidate.run(shouted, \"a\") == \"A\"\n";
    fs::write(&suite, fs::read_to_string(&suite).unwrap() + louder).unwrap();
    place.finish(place.bare("pack record day1 --pack").arg(&pack)).exits_with(0);
    let said = place
        .finish(place.bare("pack feedback day1 --wrong whispers --pack").arg(&pack))
        .exits_with(0)
        .stdout;
    for title in ["• `shout` returns capitals", "• one letter is enough"] {
        assert_eq!(said.matches(title).count(), 1, "{title}: {said}");
    }
}
