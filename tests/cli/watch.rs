//! `grade watch`: what a save does, at a terminal and in a pipe.
//!
//! Nothing is proved by waiting: what must come is waited for with a bound, and what must not come is looked for after something
//! that comes later has come.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::{self, sleep};
use std::time::{Duration, Instant};

use crate::exit_codes::{HANGS, PATIENCE, STEP, assert_gone, once_it_hangs, resident, signal};
use crate::place::{Place, Ran};
use crate::terminal::Sitting;

const SIZE: (u16, u16) = (30, 90);

const RIGHT: &str =
    "def greet(name):\n    return f'Hello, {name}!'\n\n\ndef shout(text):\n    return text.upper()\n";
const WRONG: &str = "def greet(name):\n    return 'Hi'\n\n\ndef shout(text):\n    return text.upper()\n";
const BOTH_WRONG: &str = "def greet(name):\n    return 'Hi'\n\n\ndef shout(text):\n    return text\n";
const GREETING: &str = "week1/day1/greeting.py";

/// Starts a watch at a terminal.
fn sit(place: &Place, args: &str) -> Sitting {
    Sitting::start(&mut place.grade(&format!("watch {args}")), SIZE)
}

/// A watch whose reports go through a pipe.
struct Piped {
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Piped {
    fn start(place: &Place, args: &str) -> Self {
        Self::of(&mut place.grade(&format!("watch {args}")))
    }

    fn of(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (stdout, stderr) = (reader(child.stdout.take().unwrap()), reader(child.stderr.take().unwrap()));
        Self { child, stdout, stderr }
    }

    /// Waits until this was written so many times, and returns all that was.
    #[track_caller]
    fn writes(&self, part: &str, times: usize) -> String {
        self.comes(&self.stdout, part, times)
    }

    /// Waits until this was complained about so many times.
    #[track_caller]
    fn complains(&self, part: &str, times: usize) -> String {
        self.comes(&self.stderr, part, times)
    }

    #[track_caller]
    fn comes(&self, from: &Mutex<String>, part: &str, times: usize) -> String {
        let begun = Instant::now();
        loop {
            let text = from.lock().unwrap().clone();
            if text.matches(part).count() >= times {
                return text;
            }
            let (stdout, stderr) = (self.stdout.lock().unwrap(), self.stderr.lock().unwrap());
            assert!(begun.elapsed() < PATIENCE, "no `{part}`, {times} times, in\n{stdout}\n---\n{stderr}");
            drop((stdout, stderr));
            sleep(STEP);
        }
    }

    /// Ends it, and returns what it came to.
    fn end(mut self, place: &Place) -> Ran {
        signal(&self.child, "TERM");
        let begun = Instant::now();
        while self.child.try_wait().unwrap().is_none() {
            assert!(begun.elapsed() < PATIENCE, "it does not end");
            sleep(STEP);
        }
        let mut output = self.child.wait_with_output().unwrap();
        output.stdout = self.stdout.lock().unwrap().clone().into_bytes();
        output.stderr = self.stderr.lock().unwrap().clone().into_bytes();
        place.ran(&output)
    }
}

fn reader(mut pipe: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let seen = Arc::clone(&text);
    thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(count @ 1..) = pipe.read(&mut bytes) {
            seen.lock().unwrap().push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    });
    text
}

#[test]
fn a_save_turns_the_requirement_green_and_q_gives_the_terminal_back() {
    let place = Place::new();
    place.write(GREETING, WRONG);
    let mut sitting = sit(&place, "day1");
    let parts = ["watching day1  Greetings", "FAILED: 1 of 2", "FAILED       greet", "passed       shout"];
    sitting.shows(&parts);
    sitting.shows(&["FAILED  day1.greet", "n next (1 of 1)"]);
    assert!(sitting.terminal().screen().alternate_screen());
    place.write(GREETING, RIGHT);
    sitting.shows(&["passed       greet", "All 2 requirements are fulfilled"]);
    sitting.types("q");
    let left = sitting.leaves_with(0);
    assert!(left.contains("All 2 requirements are fulfilled") && !left.contains("quit"), "{left}");
    // It is remembered as other runs are.
    place.run("report").reports(0, &["passed       greet"]);
    place.run("status day1").reports(0, &["day1   passed       2 of 2"]);
}

#[test]
fn however_it_ends_the_terminal_is_given_back() {
    let place = Place::new();
    place.write(GREETING, WRONG);
    for (ends, code) in [("q", 1), ("\u{3}", 130), ("TERM", 130), ("HUP", 130)] {
        let mut sitting = sit(&place, "day1");
        sitting.shows(&["FAILED: 1 of 2", "FAILED  day1.greet"]);
        match ends {
            "TERM" | "HUP" => signal(&sitting.child, ends),
            keys => sitting.types(keys),
        }
        sitting.leaves_with(code);
    }
}

#[test]
fn keys_show_hints_the_next_failure_all_of_them_and_what_keys_do() {
    let place = Place::new();
    place.write(GREETING, BOTH_WRONG);
    let mut sitting = sit(&place, "day1");
    sitting.shows(&["FAILED: 2 of 2", "FAILED  day1.greet", "h hint", "n next (1 of 2)"]);
    sitting.types("h");
    let shown = sitting.shows(&["Hint 1 of 2: "]);
    assert!(!shown.contains("Hint 2"), "{shown}");
    sitting.types("h");
    sitting.shows(&["Hint 2 of 2: "]);
    // They count, and there `h` goes on where `grade hint` has stopped.
    place.run("hint day1.greet").reports(0, &["You have seen all 2."]);
    sitting.types("h");
    sitting.shows(&["Hint 1 of 2: ", "Hint 2 of 2: "]);
    sitting.types("n");
    let shown = sitting.shows(&["FAILED  day1.shout", "n next (2 of 2)"]);
    assert!(!shown.contains("FAILED  day1.greet") && !shown.contains("Hint"), "{shown}");
    sitting.types("?");
    sitting.shows(&["one more hint", "this help"]);
    sitting.types("a");
    sitting.shows(&["FAILED  day1.greet", "FAILED  day1.shout"]);
    sitting.types("a");
    let shown = sitting.shows(&["n next (2 of 2)"]);
    assert!(!shown.contains("FAILED  day1.greet"), "{shown}");
    // The one that was chosen stays until it is fulfilled.
    place.write(GREETING, WRONG);
    sitting.shows(&["FAILED: 1 of 2", "FAILED  day1.greet", "n next (1 of 1)"]);
    sitting.types("q");
    sitting.leaves_with(1);
}

#[test]
fn what_is_longer_than_the_screen_is_cut_and_a_larger_screen_shows_more() {
    let place = Place::new();
    place.write(GREETING, BOTH_WRONG);
    let mut sitting = Sitting::start(&mut place.grade("watch day1"), (10, 50));
    let shown = sitting.shows(&["FAILED: 2 of 2", "more lines (down, space; a: all)", "h hint"]);
    assert!(!shown.contains("expected:"), "{shown}");
    sitting.types("    ");
    sitting.shows(&["got: "]);
    sitting.resize((40, 90));
    let shown = sitting.shows(&["FAILED       greet", "expected:", "got: ", "q quit"]);
    assert!(!shown.contains("more line"), "{shown}");
    sitting.types("q");
    sitting.leaves_with(1);
}

#[test]
fn a_line_that_is_as_wide_as_the_screen_is_there_to_its_last_letter() {
    let place = Place::new();
    place.write(GREETING, WRONG);
    let sitting = sit(&place, "day1");
    sitting.shows(&["FAILED: 1 of 2", "n next (1 of 1)"]);
    let terminal = sitting.terminal();
    let heading = terminal.screen().rows(0, SIZE.1).next().unwrap();
    assert_eq!(heading.chars().count(), usize::from(SIZE.1), "{heading}");
    assert!(heading.ends_with(" ──"), "{heading}");
    // At the edge a terminal keeps the cursor on the last letter, which the emulator here does not: to erase the rest of the line would
    // erase it.
    assert!(!String::from_utf8_lossy(&sitting.written()).contains("\x1b[K"));
}

#[test]
fn what_a_learners_program_prints_does_nothing_to_the_terminal() {
    let place = Place::new();
    let code = "print('\\x1b[2J\\x1b]0;owned\\x07 mine')\n";
    place.write(
        GREETING,
        WRONG.replace("return 'Hi'", &format!("{}    return '\\x1b[31mHi\\x9b'", code.trim_start())),
    );
    let mut sitting = sit(&place, "day1");
    sitting.shows(&["FAILED: 1 of 2", "\\x1b[31mHi", "printed:", "\\u{1b}[2J\\u{1b}]0;owned"]);
    let written = String::from_utf8(sitting.written()).unwrap();
    assert!(!written.contains("\u{1b}]") && !written.contains("\u{1b}[2J"), "{written:?}");
    sitting.types("q");
    sitting.leaves_with(1);
}

#[test]
fn without_colour_nothing_is_coloured() {
    let place = Place::new();
    place.write(GREETING, WRONG);
    for (no_color, coloured) in [("", true), ("1", false)] {
        let mut sitting = Sitting::start(place.grade("watch day1").env("NO_COLOR", no_color), SIZE);
        sitting.shows(&["FAILED: 1 of 2"]);
        let written = String::from_utf8(sitting.written()).unwrap();
        assert_eq!(written.contains("\u{1b}[31m"), coloured, "{written:?}");
        sitting.types("q");
        sitting.leaves_with(1);
    }
}

#[test]
fn half_written_and_vanished_files_do_not_end_it() {
    let place = Place::new();
    place.write(GREETING, RIGHT);
    let piped = Piped::start(&place, "day1");
    piped.writes("All 2 requirements are fulfilled", 1);
    place.write(GREETING, &RIGHT[..10]);
    piped.writes("2 requirements wait for this", 1);
    fs::remove_dir_all(place.repo().join("week1")).unwrap();
    piped.writes("Not started yet", 1);
    place.write("grade.toml", "[days.");
    piped.complains("error: failed to read", 1);
    place.write("grade.toml", "");
    // As editors do it: another file is put in the place of the old one.
    place.write("week1/day1/.greeting.swp", RIGHT);
    fs::rename(place.repo().join("week1/day1/.greeting.swp"), place.repo().join(GREETING)).unwrap();
    piped.writes("All 2 requirements are fulfilled", 2);
    piped.end(&place).exits_with(130);
}

#[test]
fn a_newer_save_ends_the_run_that_it_overtakes() {
    let place = Place::new();
    place.write("day3/answer.py", HANGS);
    let piped = Piped::start(&place, "day3");
    let hanging =
        once_it_hangs(piped.child.id()).into_iter().filter(|pid| resident(*pid) > 250_000_000).collect();
    let begun = Instant::now();
    place.solve(3);
    let written = piped.writes("All 2 requirements are fulfilled", 1);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert_gone(&hanging);
    // Nothing is said of what was overtaken, and nothing kept.
    assert_eq!(written.matches("── day3").count(), 1, "{written}");
    let verdicts = fs::read_dir(place.path("cache/verdicts")).unwrap();
    let kept: usize = verdicts.map(|folder| fs::read_dir(folder.unwrap().path()).unwrap().count()).sum();
    assert_eq!(kept, 1);
    piped.end(&place).exits_with(130);
}

#[test]
fn what_is_known_is_shown_while_the_rest_is_still_graded() {
    let place = Place::with(&[2]);
    let mut sitting = sit(&place, "day2");
    sitting.shows(&["passed       tests", "passed       lint", "requirements are fulfilled"]);
    let tests = files_named(&place.repo(), "test_").pop().unwrap();
    let text = fs::read_to_string(&tests).unwrap();
    fs::write(
        &tests,
        format!(
            "import os\n{text}\n\ndef test_slow():\n    import time\n    time.sleep(15)\n    assert True\n"
        ),
    )
    .unwrap();
    let shown = sitting.shows(&["grading: ", "FAILED       lint"]);
    assert!(shown.contains("grading: own tests"), "{shown}");
    // Keys are heard meanwhile too.
    sitting.types("a");
    sitting.shows(&["FAILED  day2.lint"]);
    sitting.types("q");
    sitting.leaves_with(0);
}

/// Returns the files below a folder whose names begin so.
fn files_named(folder: &Path, start: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_named = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(start);
    entries
        .flat_map(|path| if path.is_dir() { files_named(&path, start) } else { vec![path] })
        .filter(is_named)
        .collect()
}

#[test]
fn what_never_ends_is_graded_once_and_not_with_every_save_elsewhere() {
    let place = Place::with(&[1]);
    place.write(
        "day5/answer.py",
        "def quick():\n    return 1\n\n\ndef slow():\n    while True:\n        pass\n",
    );
    let piped = Piped::start(&place, "day1 day5");
    piped.writes("FAILED  day5.slow", 1);
    place.write(GREETING, WRONG);
    let written = piped.writes("FAILED  day1.greet", 1);
    let second = written.split("changed: ").nth(1).unwrap();
    assert!(second.contains("FAILED  day5.slow"), "{second}");
    let day5 = second.lines().find(|line| line.starts_with("── day5")).unwrap();
    assert!(day5.contains("cached"), "{day5}");
    piped.end(&place).exits_with(130);
}

#[test]
fn what_is_committed_counts_as_saved() {
    let place = Place::new();
    place.write("README.md", "# Mine\n");
    place.write("week1/day1/greeting.py", RIGHT);
    fs::remove_dir_all(place.repo().join(".git")).unwrap();
    let git = |args: &str| {
        let mut git = Command::new("git");
        place.settle(&mut git);
        let identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
        place.finish(git.args(identity).args(args.split(' '))).exits_with(0);
    };
    git("init -q");
    let pack = place.own_pack();
    let day = pack.join("day01-greeting/day.toml");
    let committed = "\n[[requirement]]\nid = \"commit\"\ntext = \"All is committed\"\ncheck = \"git\"\nrule = \"committed\"\nhints = \"Commit.\"\nbullets = [1]\n\n[bullets]";
    crate::place::edit(&day, "\n[bullets]", committed);
    let mut command = place.bare("watch day1");
    let piped = Piped::of(command.arg("--pack").arg(&pack));
    piped.writes("FAILED       commit", 1);
    git("add .");
    git("commit -q -m day1");
    piped.writes("passed       commit", 1);
    piped.end(&place).exits_with(130);
}

#[test]
fn it_ends_while_it_grades_and_leaves_no_process() {
    let place = Place::new();
    place.write("day3/answer.py", HANGS);
    let piped = Piped::start(&place, "day3");
    let processes = once_it_hangs(piped.child.id());
    let ran = piped.end(&place).exits_with(130);
    assert_eq!(ran.stdout, "");
    assert_gone(&processes);
}

#[test]
fn with_and_without_events_a_save_is_noticed_and_so_is_a_day_that_is_started() {
    for args in ["", "--poll"] {
        let place = Place::new();
        let piped = Piped::start(&place, args);
        piped.complains("no day has been started", 1);
        place.write(GREETING, WRONG);
        piped.writes("FAILED       greet", 1);
        place.write(GREETING, RIGHT);
        let written = piped.writes("passed       greet", 1);
        assert!(written.contains(&format!("changed: `{GREETING}`\n")), "{written}");
        place.solve(5);
        piped.writes("── day5", 1);
        let ran = piped.end(&place).exits_with(130);
        assert_eq!(ran.stderr.contains("looking for changes"), args == "--poll", "{}", ran.stderr);
    }
}

#[test]
fn a_pipe_gets_one_report_for_each_change_and_no_escape_codes() {
    let place = Place::new();
    place.write(GREETING, WRONG);
    let piped = Piped::start(&place, "day1 --format json=../report.json");
    piped.writes("FAILED  day1.greet", 1);
    // The same once more, and what is no part of the day, are no change.
    place.write(GREETING, WRONG);
    place.write("week1/day1/__pycache__/greeting.pyc", "new");
    place.write("notes.txt", "new");
    place.write(GREETING, RIGHT);
    piped.writes("passed       greet", 1);
    let ran = piped.end(&place).exits_with(130);
    assert!(!ran.raw.contains('\u{1b}'), "{}", ran.raw);
    assert_eq!(ran.raw.matches("── day1").count(), 2, "{}", ran.raw);
    assert_eq!(ran.stderr, "");
    let report: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(place.path("report.json")).unwrap()).unwrap();
    assert_eq!(report["verdict"], "passed");
}

#[test]
fn it_ends_when_nobody_reads_any_more() {
    let place = Place::new();
    place.write(GREETING, RIGHT);
    let mut command = place.grade("watch day1");
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut pipe = child.stdout.take().unwrap();
    let mut read = String::new();
    while !read.contains("All 2 requirements are fulfilled") {
        let mut bytes = [0; 4096];
        let count = pipe.read(&mut bytes).unwrap();
        assert_ne!(count, 0, "{read}");
        read.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    drop(pipe);
    place.write(GREETING, WRONG);
    let begun = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        assert!(begun.elapsed() < PATIENCE, "it goes on");
        sleep(STEP);
    };
    assert_eq!(status.code(), Some(1));
}

#[test]
fn what_cannot_be_watched_is_refused_at_once() {
    let place = Place::new();
    for (args, expected) in [
        ("watch dya4", "error: `dya4` is not something to grade"),
        (
            "watch day1 --format json",
            "error: `grade watch` prints text, one report after the other, and no json",
        ),
        ("watch --poll=no", "error: unexpected value"),
        ("day1 watch", "hint: `watch` is a command"),
    ] {
        let said = place.run(args).exits_with(2).error();
        assert!(said.contains(expected), "{args}: {said}");
    }
    let outside = tempfile::tempdir().unwrap();
    let ran = place.finish(place.grade("watch").current_dir(outside.path())).exits_with(2);
    assert!(ran.error().contains("found no repository"), "{}", ran.stderr);
}
