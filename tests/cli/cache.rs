//! The cache: nothing is run for what is known, and nothing is known of what may have changed.

use std::fs::{self, File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::SystemTime;

use serde_json::Value;

use crate::place::{Place, Ran};

/// Returns whether the first day of a report was known already.
fn cached(ran: &Ran) -> bool {
    ran.json()["days"][0]["cached"].as_bool().unwrap()
}

/// Returns a report without what says when and whether it was made anew.
fn timeless(ran: &Ran) -> Value {
    fn strip(value: &mut Value) {
        match value {
            Value::Object(fields) => {
                fields.retain(|key, _| key != "elapsed_seconds" && key != "cached");
                fields.values_mut().for_each(strip);
            }
            Value::Array(items) => items.iter_mut().for_each(strip),
            _ => {}
        }
    }
    let mut report = ran.json();
    strip(&mut report);
    report
}

#[test]
fn a_verdict_is_known_until_something_changes_that_it_depends_on() {
    let place = Place::with(&[1]);
    let json = |more: &str| place.run(&format!("day1 --format json {more}")).exits_with(0);
    let first = json("");
    assert!(!cached(&first));
    let second = json("");
    assert!(cached(&second));
    assert_eq!(timeless(&first), timeless(&second), "the seed included");
    place.run("day1").reports(0, &["cached", "nothing has changed since it was graded"]);

    assert!(!cached(&json("--no-cache")), "--no-cache grades anew");
    assert_eq!(timeless(&json("")), timeless(&first), "and keeps nothing");

    let module = place.repo().join("week1/day1/greeting.py");
    File::options().write(true).open(&module).unwrap().set_modified(SystemTime::UNIX_EPOCH).unwrap();
    assert!(cached(&json("")), "a file that was only touched is the same file");
    assert!(!cached(&json("--seed 5")), "another seed is another run");
    assert!(cached(&json("--seed 5")));

    place.write("grade.toml", "[days.day1.names]\nshout = \"scream\"\n");
    assert!(!cached(&json("")), "other names may find other functions");
    place.write("week1/day1/greeting.py", fs::read_to_string(&module).unwrap() + "\n# edited\n");
    assert!(!cached(&json("")), "an edited file is another file");
    place.run("day1.greet --format json").exits_with(0);
    assert!(
        !cached(&json("--sandbox none")),
        "what was graded in a sandbox says nothing about what is graded outside"
    );
}

#[test]
fn the_same_seed_gives_the_same_report() {
    let place = Place::new();
    place.write(
        "day1/greeting.py",
        "def greet(name):\n    return name\n\n\ndef shout(text):\n    return text\n",
    );
    let run = |seed: u64| {
        timeless(&place.run(&format!("day1 --format json --no-cache --seed {seed}")).exits_with(1))
    };
    assert_eq!(run(11), run(11));
}

#[test]
fn a_time_out_is_tried_again() {
    let place = Place::new();
    place.write(
        "day5/answer.py",
        "def quick():\n    return 1\n\n\ndef slow():\n    while True:\n        pass\n",
    );
    for _ in 0..2 {
        let ran = place.run("day5 --format json --seed 7").exits_with(1);
        assert!(!cached(&ran));
        assert_eq!(ran.json()["days"][0]["requirements"][1]["outcome"]["findings"][0]["rule"], "time-out");
    }
}

#[test]
fn a_cache_that_cannot_be_written_or_read_costs_time_and_not_the_verdict() {
    let place = Place::with(&[1]);
    // A file where the folder should be: not even root can write below it.
    fs::write(place.path("cache"), "").unwrap();
    for _ in 0..2 {
        assert!(!cached(&place.run("day1 --format json").exits_with(0)));
    }
    fs::remove_file(place.path("cache")).unwrap();
    place.run("day1").exits_with(0);
    let entry = only_entry(&place);
    fs::write(&entry, "{").unwrap();
    fs::set_permissions(&entry, Permissions::from_mode(0o644)).unwrap();
    assert!(!cached(&place.run("day1 --format json").exits_with(0)), "half a file is no verdict");
    assert!(cached(&place.run("day1 --format json").exits_with(0)), "and is replaced");
}

#[test]
fn an_entry_that_is_cut_short_or_garbage_is_ignored_and_replaced() {
    let place = Place::with(&[1]);
    place.run("day1 --seed 7").exits_with(0);
    let entry = only_entry(&place);
    let whole = fs::read(&entry).unwrap();
    let mut empty: Value = serde_json::from_slice(&whole).unwrap();
    empty["outcomes"] = serde_json::json!({});
    let mut damaged: Vec<Vec<u8>> =
        [0, 1, whole.len() / 3, whole.len() - 1].map(|end| whole[..end].to_vec()).into();
    damaged.extend([
        b"\xff\0garbage".to_vec(),
        b"null".to_vec(),
        b"[]".to_vec(),
        empty.to_string().into_bytes(),
    ]);
    for text in damaged {
        fs::write(&entry, &text).unwrap();
        let ran = place.run("day1 --seed 7 --format json").exits_with(0);
        assert!(!cached(&ran), "{}", String::from_utf8_lossy(&text));
        assert!(cached(&place.run("day1 --seed 7 --format json").exits_with(0)));
    }
    fs::remove_file(&entry).unwrap();
    fs::create_dir_all(entry.join("in-the-way")).unwrap();
    assert!(!cached(&place.run("day1 --seed 7 --format json").exits_with(0)), "a folder is no entry");
}

/// Returns the file of the only verdict that is kept.
fn only_entry(place: &Place) -> PathBuf {
    let below = |folder: PathBuf| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let entries: Vec<PathBuf> = below(place.path("cache/verdicts")).into_iter().flat_map(below).collect();
    assert_eq!(entries.len(), 1, "{entries:?}");
    entries.into_iter().next().unwrap()
}
