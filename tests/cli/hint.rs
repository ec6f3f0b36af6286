//! `grade hint`: one more each time, and what of that is kept.

use std::fs;
use std::process::{Command, Stdio};

use crate::place::{Place, Ran};

/// A place with a data folder of its own for what is kept of hints.
fn hint(place: &Place, args: &str) -> Ran {
    place.finish(&mut command(place, args))
}

fn command(place: &Place, args: &str) -> Command {
    let mut command = place.bare(&format!("hint {args}"));
    command.env("GRADE_DATA_DIR", place.path("data"));
    command
}

#[test]
fn each_time_there_is_one_more_until_there_is_none() {
    let place = Place::new();
    let ran = hint(&place, "day2.stack")
        .reports(0, &["Hint 1 of 3: ", "The next one:\n    grade hint day2.stack\n"]);
    assert!(!ran.stdout.contains("Hint 2"), "{}", ran.stdout);
    let ran = hint(&place, "day2.stack").reports(0, &["Hint 2 of 3: "]);
    assert!(!ran.stdout.contains("Hint 1"), "{}", ran.stdout);
    hint(&place, "day2.stack").reports(0, &["Hint 3 of 3: ", "That was the last one.", "grade show day2"]);
    let ran = hint(&place, "day2.stack").reports(0, &["You have seen all 3.", "--again", "grade show day2"]);
    assert!(!ran.stdout.contains("Hint"), "{}", ran.stdout);
    // Each requirement is counted by itself, and so is each repository.
    hint(&place, "day2.queue").reports(0, &["Hint 1 of 3: "]);
    let other = place.path("home/other");
    fs::create_dir_all(other.join(".git")).unwrap();
    place.finish(command(&place, "day2.stack").current_dir(&other)).reports(0, &["Hint 1 of 3: "]);
}

#[test]
fn what_was_seen_can_be_seen_again_and_all_at_once() {
    let place = Place::new();
    hint(&place, "day2.stack --again").reports(0, &["You have seen none of its 3 yet."]);
    hint(&place, "day2.stack").exits_with(0);
    let ran = hint(&place, "day2.stack --again").reports(0, &["Hint 1 of 3", "The next one:"]);
    assert!(!ran.stdout.contains("Hint 2"), "{}", ran.stdout);
    hint(&place, "day2.stack --all")
        .reports(0, &["Hint 1 of 3", "Hint 2 of 3", "Hint 3 of 3", "These are all."]);
    hint(&place, "day2.stack").reports(0, &["You have seen all 3."]);
    hint(&place, "day2.stack --again").reports(0, &["Hint 1 of 3", "Hint 3 of 3"]);
}

#[test]
fn what_is_kept_and_cannot_be_read_counts_as_nothing_and_two_at_once_do_no_harm() {
    let place = Place::new();
    let mut running: Vec<_> = (0..8)
        .map(|_| command(&place, "day2.stack").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap())
        .collect();
    for child in running.drain(..) {
        place.ran(&child.wait_with_output().unwrap()).reports(0, &["day2.stack"]);
    }
    let folder = fs::read_dir(place.path("data/hints")).unwrap().next().unwrap().unwrap().path();
    let names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["day2.stack"]);
    let kept = folder.join("day2.stack");
    assert!((1..=3).contains(&fs::read_to_string(&kept).unwrap().trim().parse::<usize>().unwrap()));
    for nonsense in ["", "-1", "many\u{1b}[2J", "99999999999999999999999999"] {
        fs::write(&kept, nonsense).unwrap();
        hint(&place, "day2.stack").reports(0, &["Hint 1 of 3"]);
    }
    fs::remove_file(&kept).unwrap();
    fs::create_dir(&kept).unwrap();
    let ran = hint(&place, "day2.stack").reports(0, &["Hint 1 of 3"]);
    assert!(ran.stdout.contains("could not be kept"), "{}", ran.stdout);
}

#[test]
fn for_a_day_there_is_one_for_each_requirement_that_failed_and_none_is_used_up() {
    let place = Place::new();
    place
        .run("hint day1")
        .reports(0, &["day1 has not been started.", "grade start day1", "grade hint day1.greet"]);
    place.write(
        "week1/day1/greeting.py",
        "def greet(name):\n    return 'Hi'\n\n\ndef shout(text):\n    return text.upper()\n",
    );
    place.run("hint day1").reports(0, &["day1 has not been graded as it stands.", "    grade day1\n"]);
    place.run("day1").reports(1, &["more: grade hint day1.greet"]);
    for _ in 0..2 {
        let ran = place.run("hint day1").reports(0, &["day1.greet", "Hint 1 of 2: Which words"]);
        assert!(!ran.stdout.contains("day1.shout"), "{}", ran.stdout);
    }
    place.run("hint day1.greet").reports(0, &["Hint 2 of 2: `greet(\"Ada\")`"]);
    place.run("hint day1").reports(0, &["Hint 2 of 2"]);
    place.solve(1);
    place.run("day1").exits_with(0);
    place.run("hint day1").reports(0, &["Nothing of day1 failed."]);
}

#[test]
fn what_has_no_hints_or_is_no_requirement_says_what_to_do() {
    let place = Place::new();
    for (args, expected) in [
        ("hint day1.gret", "error: day1 has no requirement `gret` hint: did you mean `day1.greet`?"),
        ("hint week1", "error: `week1` is more than one day, and `hint` takes one day"),
        ("hint day4", "error: day4 of `tiny` is not graded yet"),
    ] {
        let said = place.run(args).exits_with(2).error();
        assert!(said.starts_with(expected), "{args}: {said}");
    }
    place.run("show day1.greet").reports(0, &["grade hint day1.greet", "in 2 steps"]);
}
