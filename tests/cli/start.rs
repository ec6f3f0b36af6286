//! `grade start`: where a day begins, and what is left alone.

use std::fs;
use std::os::unix::fs::symlink;

use crate::place::{Place, edit};

#[test]
fn a_day_is_laid_out_and_a_second_time_its_files_are_left_alone() {
    let place = Place::new();
    place.run("start day1").reports(
        0,
        &[
            "day1: Greetings, in `week1/day1`",
            "made            week1/day1/greeting.py\n",
            "Open `week1/day1/greeting.py` first",
            "grade show day1 ",
        ],
    );
    let file = place.repo().join("week1/day1/greeting.py");
    assert!(file.is_file());
    place.run("day1").exits_with(1);
    fs::write(&file, "mine = 1\n").unwrap();
    place
        .run("start 1")
        .reports(0, &["left            week1/day1/greeting.py: it is there already", "Nothing was changed"]);
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine = 1\n");
    let names: Vec<_> = fs::read_dir(file.parent().unwrap()).unwrap().collect();
    assert_eq!(names.len(), 1, "nothing temporary is left");
}

#[test]
fn a_day_begins_where_the_learner_has_the_others_or_where_grade_toml_says() {
    let cases: [(&[&str], &str, &str); 8] = [
        (&["Week_1/x"], "", "Week_1/day2/tidy.py"),
        (&["Week1/Day_01/x"], "", "Week1/Day_02/tidy.py"),
        (&["week1-basics/day1-hello/x"], "", "week1-basics/day2/tidy.py"),
        (&["day3/x"], "", "day2/tidy.py"),
        (&["week2/day05/x"], "", "week1/day02/tidy.py"),
        (&["week2/day05/x", "Week-1/x"], "", "Week-1/day02/tidy.py"),
        (&["week1/day2-mine/notes.txt"], "", "week1/day2-mine/tidy.py"),
        (&["week1/day1/x"], "[days.day2]\nfolder = \"homework/two\"\n", "homework/two/tidy.py"),
    ];
    for (there, toml, expected) in cases {
        let place = Place::new();
        there.iter().for_each(|path| place.write(path, ""));
        place.write("grade.toml", toml);
        place.run("start day2").reports(0, &[&format!("made            {expected}")]);
        assert!(place.repo().join(expected).is_file(), "{there:?}");
        let folder = expected.rsplit_once('/').unwrap().0;
        place.run("list").reports(0, &[folder]);
    }
}

#[test]
fn nothing_is_written_through_a_link_or_over_something_else() {
    let (place, outside) = (Place::new(), tempfile::tempdir().unwrap());
    symlink(outside.path(), place.repo().join("week1")).unwrap();
    let ran = place.run("start day1").exits_with(2);
    assert!(
        ran.error().contains("caused by: `week1` is in the way hint: nothing was written"),
        "{}",
        ran.stderr
    );
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    fs::remove_file(place.repo().join("week1")).unwrap();
    fs::create_dir_all(place.repo().join("week1/day1/greeting.py")).unwrap();
    let ran = place.run("start day1").exits_with(2);
    assert!(ran.error().contains("`week1/day1/greeting.py` is in the way"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_started_is_an_error_with_a_next_step() {
    let place = Place::new();
    for (args, expected) in [
        ("start day4", "error: day4 of `tiny` is not graded yet hint: graded are"),
        ("start day9", "error: `tiny` has no day9 hint: graded are"),
        ("start week1", "error: `week1` is more than one day, and `start` takes one day hint: `grade list`"),
        ("start day1.greet", "error: `day1.greet` is a requirement, and `start` takes one day"),
        ("start dya1", "error: `dya1` is not something to grade hint: did you mean `day1`?"),
    ] {
        let said = place.run(args).exits_with(2).error();
        assert!(said.starts_with(expected), "{args}: {said}");
    }
    let pack = place.own_pack();
    fs::remove_dir_all(pack.join("day01-greeting/starter")).unwrap();
    let ran = place.finish(place.bare("start day1 --pack").arg(&pack)).exits_with(2);
    assert!(
        ran.error().starts_with("error: day1 has nothing to begin with hint: `grade show day1`"),
        "{}",
        ran.stderr
    );
    let outside = tempfile::tempdir().unwrap();
    let ran = place.finish(place.grade("start day1").current_dir(outside.path())).exits_with(2);
    assert!(ran.error().contains("make one with `grade init`"), "{}", ran.stderr);
}

#[test]
fn a_title_of_a_strangers_pack_cannot_act_where_it_is_shown() {
    let place = Place::new();
    let pack = place.own_pack();
    edit(&pack.join("day01-greeting/day.toml"), "title = \"Greetings\"", "title = \"\\u001b[2JGreetings\"");
    let ran = place.finish(place.bare("start day1 --pack").arg(&pack)).exits_with(0);
    assert!(ran.raw.contains("\\u{1b}[2JGreetings"), "{}", ran.raw);
}
