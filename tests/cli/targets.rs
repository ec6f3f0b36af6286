//! What a target selects.

use crate::place::{Place, Ran};

/// Returns the requirements that a run reported.
fn graded(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let days = report["days"].as_array().unwrap().iter();
    let requirements = days.flat_map(|day| day["requirements"].as_array().unwrap());
    requirements.map(|requirement| requirement["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn every_form_of_target_selects_what_it_says() {
    let place = Place::with(&[1]);
    let (day1, day3, day5) =
        (["day1.greet", "day1.shout"], ["day3.quick", "day3.slow"], ["day5.quick", "day5.slow"]);
    let day2 = ["day2.tests", "day2.types", "day2.lint", "day2.readme", "day2.review"];
    let week1 = [&day1[..], &day2, &day3].concat();
    let cases = [
        ("day1", day1.to_vec()),
        ("1", day1.to_vec()),
        ("Day01", day1.to_vec()),
        ("day1.shout", vec!["day1.shout"]),
        ("day1.shout day1.greet", day1.to_vec()),
        ("week1", week1.clone()),
        ("day3..day5", [day3, day5].concat()),
        ("day5 1", [day1, day5].concat()),
        ("all", [&week1[..], &day5].concat()),
        ("", day1.to_vec()),
    ];
    for (target, expected) in cases {
        assert_eq!(graded(&place.run(&format!("{target} --format json"))), expected, "{target}");
    }
}

#[test]
fn a_day_is_graded_from_anywhere_in_the_repository_and_from_outside() {
    let place = Place::with(&[1]);
    let below = place.repo().join("week1/day1");
    place.finish(place.grade("day1").current_dir(below)).reports(0, &["in week1/day1"]);
    let outside = tempfile::tempdir().unwrap();
    place
        .finish(place.grade("day1").arg("--repo").arg(place.repo()).current_dir(outside.path()))
        .reports(0, &["in week1/day1"]);
}

#[test]
fn a_named_day_must_be_there_and_without_a_name_only_what_is_started_counts() {
    let place = Place::with(&[1]);
    place.run("").exits_with(0);
    place.run("day1 day5").exits_with(1);
}

#[test]
fn names_and_folders_that_grade_toml_gives_are_taken() {
    let place = Place::new();
    place.write(
        "somewhere/greeting.py",
        "def salute(name):\n    return f'Hello, {name}!'\n\n\ndef shout(text):\n    return text.upper()\n",
    );
    place.write("grade.toml", "[days.day1]\nfolder = \"somewhere\"\n");
    place.run("day1").reports(1, &["FAILED       greet", "passed       shout"]);
    place.write(
        "grade.toml",
        "[days.day1]\nfolder = \"somewhere\"\n\n[days.day1.names]\ngreet = \"salute\"\n",
    );
    place.run("day1").reports(0, &["in somewhere", "passed       greet"]);
}
