//! Every exit code, on the real thing.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime};

use crate::place::{Place, edit};
use crate::skip;

/// How long anything may take on a machine that has much else to do.
pub const PATIENCE: Duration = Duration::from_secs(100);
pub const STEP: Duration = Duration::from_millis(20);

#[test]
fn what_is_fulfilled_exits_with_0() {
    Place::with(&[1]).run("day1 --seed 7").matches_golden(0, "passed");
}

#[test]
fn what_is_not_fulfilled_exits_with_1_and_every_reason_is_said() {
    let place = Place::with(&[5]);
    place.write(
        "week1/day1/greeting.py",
        "def greet(name):\n    return 'Hi'\n\n\ndef shout(text):\n    return text.nope\n",
    );
    place.write("day5/answer.py", "import nowhere\n");
    place.run("day1 day3 day5 --seed 7").matches_golden(1, "failed");
}

#[test]
fn a_fault_of_ours_exits_with_3_and_is_not_held_against_the_learner() {
    let place = Place::with(&[1]);
    let pack = place.own_pack();
    edit(&pack.join("day01-greeting/hidden/expected.toml"), "test_the_name_is_greeted", "test_that_is_gone");
    place.finish(place.bare("day1 --seed 7 --pack").arg(&pack)).matches_golden(3, "broken");
}

#[test]
fn nothing_to_grade_exits_with_4() {
    let place = Place::new();
    place.run("day3 --seed 7").matches_golden(4, "not-started");
    let said = place.run("").exits_with(4).stderr;
    let begins = "error: no day has been started in `[PLACE]/repo`\n\nhint: to begin:\n      grade init ";
    assert!(said.starts_with(begins), "{said}");
    assert!(said.contains("\n      grade start day1 "), "{said}");
    place.write("grade.toml", "");
    let said = place.run("").exits_with(4).stderr;
    assert!(!said.contains("init") && said.contains("\n      grade start day1 "), "{said}");
}

#[test]
fn interrupted_it_exits_with_130_says_what_is_known_and_leaves_nothing_behind() {
    let place = Place::with(&[1]);
    let hanging = Hanging::start(&place, "day1 day3");
    signal(&hanging.child, "INT");
    let processes = hanging.processes.clone();
    let ran = hanging.end(&place);
    let ran = ran.reports(
        130,
        &["── day1  Greetings", "cancelled    slow", "Cancelled. What was known by then stands above."],
    );
    assert!(ran.stdout.contains("passed       greet"), "{}", ran.stdout);
    assert_gone(&processes);
}

#[test]
fn interrupted_twice_it_ends_at_once_and_leaves_nothing_behind() {
    let place = Place::new();
    let hanging = Hanging::start(&place, "day3");
    signal(&hanging.child, "INT");
    sleep(Duration::from_millis(5));
    signal(&hanging.child, "INT");
    let processes = hanging.processes.clone();
    hanging.end(&place).exits_with(130);
    assert_gone(&processes);
}

#[test]
fn sigterm_is_heeded_like_an_interruption() {
    let place = Place::new();
    let hanging = Hanging::start(&place, "day3");
    signal(&hanging.child, "TERM");
    hanging.end(&place).reports(130, &["cancelled    slow"]);
}

#[test]
fn killed_it_leaves_nothing_behind_and_the_next_run_works() {
    let place = Place::with(&[1]);
    let hanging = Hanging::start(&place, "day3");
    signal(&hanging.child, "KILL");
    let processes = hanging.processes.clone();
    hanging.end(&place).exits_with(128 + 9);
    assert_gone(&processes);
    place.run("day1").reports(0, &["passed       greet"]);
}

#[test]
fn killed_at_any_level_it_leaves_no_mount_and_no_half_file_and_the_next_run_tidies_up() {
    for level in ["full", "restricted", "none"] {
        let place = Place::with(&[1]);
        let temporary = place.path("temporary");
        fs::create_dir(&temporary).unwrap();
        let grade = |args: &str| {
            let mut command = place.grade(&format!("{args} --sandbox {level}"));
            command.env("TMPDIR", &temporary);
            command
        };
        let probed = place.finish(&mut grade("day1"));
        if probed.code == 5 {
            skip!("no sandbox of the level {level} can be had: {}", probed.stderr);
        }
        let mounts = || fs::read_to_string("/proc/self/mounts").unwrap();
        let before = mounts();
        let mut hanging = Hanging::started(&place, grade("day1 day3 --no-cache"));
        signal(&hanging.child, "KILL");
        let processes = hanging.processes.clone();
        if level == "none" {
            // Nothing ends at once what no sandbox holds; a probe ends with its time, which is too long for a test.
            processes.iter().for_each(|pid| signal_pid(*pid, "KILL"));
            hanging.child.wait().unwrap();
        } else {
            hanging.end(&place).exits_with(128 + 9);
            assert_gone(&processes);
        }
        assert_eq!(mounts(), before);
        // A run that was killed a minute ago is told by its age.
        for entry in fs::read_dir(&temporary).unwrap() {
            let past = SystemTime::now() - Duration::from_secs(3600);
            File::open(entry.unwrap().path()).unwrap().set_modified(past).unwrap();
        }
        place.finish(&mut grade("day1 --no-cache")).reports(0, &["passed       greet"]);
        assert_eq!(files_below(&temporary), Vec::<PathBuf>::new(), "{level}");
        assert_whole(&place);
    }
}

#[test]
fn killed_at_any_moment_it_leaves_a_cache_that_the_next_run_can_use() {
    let place = Place::with(&[1, 2, 5]);
    for delay in [0, 30, 100, 200, 300, 400, 500, 700, 1000] {
        let mut child = place.grade("--seed 7").stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        sleep(Duration::from_millis(delay));
        signal(&child, "KILL");
        child.wait().unwrap();
        assert_whole(&place);
    }
    place.run("--seed 7").reports(0, &["All 8"]);
}

/// Checks that every file in the cache is a whole verdict, or a whole run. A folder may be there before the first of them.
#[track_caller]
fn assert_whole(place: &Place) {
    for path in files_below(&place.path("cache")).iter().filter(|path| !path.is_dir()) {
        let read: Result<serde_json::Value, _> = serde_json::from_slice(&fs::read(path).unwrap());
        assert!(read.is_ok(), "{} is no verdict", path.display());
    }
}

/// Returns every file below a folder, and every empty folder, sorted.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten() {
        let path = entry.unwrap().path();
        let below = if path.is_dir() { files_below(&path) } else { Vec::new() };
        if below.is_empty() { found.push(path) } else { found.extend(below) }
    }
    found.sort();
    found
}

/// A `grade` that waits for a probe that hangs.
struct Hanging {
    child: Child,
    processes: BTreeSet<u32>,
}

impl Hanging {
    /// Starts `grade` on a day 3 that hangs, and returns when it does: the probe then holds more memory than anything else.
    fn start(place: &Place, args: &str) -> Self {
        Self::started(place, place.grade(args))
    }

    fn started(place: &Place, mut command: Command) -> Self {
        place.write("day3/answer.py", HANGS);
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let processes = once_it_hangs(child.id());
        Self { child, processes }
    }

    /// Waits for the end, which must come long before the probe's own.
    fn end(self, place: &Place) -> crate::place::Ran {
        let begun = Instant::now();
        let output = self.child.wait_with_output().unwrap();
        assert!(begun.elapsed() < Duration::from_secs(30), "it took {:?}", begun.elapsed());
        place.ran(&output)
    }
}

/// A day 3 of which a probe hangs for a long time, and holds more memory than anything else.
pub const HANGS: &str = "import time\n\n\ndef quick():\n    return 1\n\n\ndef slow():\n    held = b'x' * 300_000_000\n    time.sleep(50)\n    return len(held)\n";

/// Waits until the probe hangs, and returns the processes below this one.
pub fn once_it_hangs(grade: u32) -> BTreeSet<u32> {
    let begun = Instant::now();
    loop {
        let processes = descendants(grade);
        if processes.iter().any(|pid| resident(*pid) > 250_000_000) {
            return processes;
        }
        assert!(begun.elapsed() < PATIENCE, "no probe hangs");
        sleep(STEP);
    }
}

pub fn signal(child: &Child, name: &str) {
    signal_pid(child.id(), name);
}

fn signal_pid(pid: u32, name: &str) {
    // A process that has ended already is not told, which is fine.
    let _ = Command::new("kill").args(["-s", name, &pid.to_string()]).output().unwrap();
}

/// Returns the processes below this one, and their names for the kernel.
pub fn descendants(root: u32) -> BTreeSet<u32> {
    let parents: Vec<(u32, u32)> = fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter_map(|pid| Some((pid, stat(pid)?.1)))
        .collect();
    let mut found = BTreeSet::from([root]);
    loop {
        let more: Vec<u32> = parents
            .iter()
            .filter(|(pid, parent)| found.contains(parent) && !found.contains(pid))
            .map(|(pid, _)| *pid)
            .collect();
        if more.is_empty() {
            found.remove(&root);
            return found;
        }
        found.extend(more);
    }
}

/// Returns the state and the parent of a process.
fn stat(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Returns how many bytes of memory a process holds.
pub fn resident(pid: u32) -> u64 {
    let pages = fs::read_to_string(format!("/proc/{pid}/statm")).ok();
    pages.and_then(|pages| pages.split(' ').nth(1)?.parse::<u64>().ok()).unwrap_or(0) * 4096
}

/// Checks that these processes have ended, or do within a moment.
#[track_caller]
pub fn assert_gone(processes: &BTreeSet<u32>) {
    assert!(!processes.is_empty());
    let begun = Instant::now();
    // A zombie has ended, whoever is to collect it.
    while let Some(pid) = processes.iter().find(|pid| stat(**pid).is_some_and(|(state, _)| state != 'Z')) {
        assert!(begun.elapsed() < Duration::from_secs(10), "process {pid} is still there");
        sleep(STEP);
    }
}
