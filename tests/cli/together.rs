//! Several at once, and readers who leave.

use std::process::Stdio;

use crate::place::Place;

#[test]
fn two_runs_on_one_repository_do_not_disturb_each_other() {
    let place = Place::with(&[1, 2, 5]);
    let start = || {
        place.grade("--format json --seed 7").stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    };
    let both = [start(), start()].map(|child| place.ran(&child.wait_with_output().unwrap()));
    for ran in both {
        let ran = ran.exits_with(0);
        assert_eq!(ran.stderr, "");
        assert_eq!(ran.json()["counts"]["passed"], 8);
    }
    let after = place.run("--format json --seed 7").exits_with(0).json();
    assert!(after["days"].as_array().unwrap().iter().all(|day| day["cached"] == true));
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let place = Place::with(&[1]);
    place.run("day1 --seed 7").exits_with(0);
    for args in ["day1 --seed 7", "day1 --seed 7 --format json", "list", "show day1", "--help"] {
        let mut child = place.grade(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Nobody reads a word: the pipe is closed before anything is written or while it is.
        drop(child.stdout.take());
        let ran = place.ran(&child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args}");
    }
}
