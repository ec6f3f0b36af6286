//! `grade hook`: what is staged is graded, with the real git.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::common::toolchain;
use crate::place::{Place, Ran, edit};

const GREETING: &str = "repo/week1/day1/greeting.py";

/// A learner's repository with the first day, committed, and git's own settings.
struct Learner {
    place: Place,
}

impl Learner {
    fn new() -> Self {
        let learner = Self { place: Place::with(&[1]) };
        fs::remove_dir_all(learner.place.path("repo/.git")).unwrap();
        learner.git(&["init", "--quiet"]);
        learner.git(&["add", "."]);
        learner.git(&["commit", "--quiet", "--message=first"]);
        learner
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        self.place.settle(command.args(args));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command
                .env(format!("GIT_{who}_NAME"), "Learner")
                .env(format!("GIT_{who}_EMAIL"), "l@example.org");
        }
        command
    }

    #[track_caller]
    fn git(&self, args: &[&str]) {
        let output = self.command(args).output().unwrap();
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// Tries to commit what is staged. The hook runs `grade` as this test does.
    fn commit(&self, args: &[&str]) -> Ran {
        let mut words = vec!["commit", "--quiet", "--message=next"];
        words.extend(args);
        self.place.finish(&mut self.command(&words))
    }

    fn hook(&self, word: &str) -> Ran {
        self.place.finish(&mut self.place.grade(&format!("hook {word}")))
    }

    fn commits(&self) -> usize {
        let output = self.command(&["rev-list", "--count", "HEAD"]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
    }

    fn hook_file(&self, name: &str) -> std::path::PathBuf {
        self.place.path(&format!("repo/.git/hooks/{name}"))
    }

    fn write_hook(&self, name: &str, script: &str) {
        let path = self.hook_file(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, script).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Makes the day fail, or pass again.
    fn spoil(&self) {
        edit(&self.place.path(GREETING), "Hello", "Hallo");
    }

    fn mend(&self) {
        edit(&self.place.path(GREETING), "Hallo", "Hello");
    }
}

#[test]
fn a_commit_whose_staged_day_fails_is_refused_and_one_whose_staged_day_passes_is_made() {
    let learner = Learner::new();
    learner.hook("install").exits_with(0);
    learner.spoil();
    learner.git(&["add", "."]);
    let refused = learner.commit(&[]).exits_with(1);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains("FAILED  day1.greet"), "{said}");
    assert_eq!(learner.commits(), 1);

    // The files are wrong, and what is staged is right.
    learner.mend();
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "done").unwrap();
    learner.git(&["add", "."]);
    learner.spoil();
    let made = learner.commit(&[]).exits_with(0);
    assert_eq!((made.stdout.as_str(), made.stderr.as_str()), ("", ""), "nothing is said where nothing fails");
    assert_eq!(learner.commits(), 2);

    // The files are right, and what is staged is wrong.
    learner.git(&["add", "."]);
    learner.mend();
    learner.commit(&[]).exits_with(1);
    // `git commit --all` stages them by an index of its own.
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "done again").unwrap();
    learner.commit(&["--all"]).exits_with(0);
    assert_eq!(learner.commits(), 3);
}

#[test]
fn what_the_hook_found_can_be_reported_again_and_is_in_the_status() {
    let learner = Learner::new();
    learner.hook("install").exits_with(0);
    learner.spoil();
    learner.git(&["add", "."]);
    learner.commit(&[]).exits_with(1);
    learner.place.run("report").reports(1, &["FAILED  day1.greet"]);
    learner.place.run("status day1").reports(0, &["FAILED       greet"]);
    learner.mend();
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "done").unwrap();
    learner.git(&["add", "."]);
    learner.commit(&[]).exits_with(0);
    learner.place.run("report").reports(0, &["requirements are fulfilled"]);
    learner.place.run("status day1").reports(0, &["passed       greet"]);
}

#[test]
fn only_days_that_the_commit_changes_are_graded() {
    let learner = Learner::new();
    learner.spoil();
    learner.git(&["commit", "--quiet", "--all", "--message=spoilt"]);
    fs::write(learner.place.path("repo/notes.txt"), "of no day").unwrap();
    learner.git(&["add", "."]);
    learner.hook("run").exits_with(0);
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "of the day").unwrap();
    learner.git(&["add", "."]);
    learner.hook("run").exits_with(1);
    learner.git(&["reset", "--quiet", "--", "week1/day1/notes.txt"]);
    fs::write(learner.place.path("repo/helpers.py"), "used = 'perhaps'\n").unwrap();
    learner.git(&["add", "helpers.py"]);
    learner.hook("run").exits_with(1);
}

/// Renames entries of an index, as no git does: a name becomes one of the same length, and the checksum is made to fit.
const RENAME: &str = r#"
import hashlib, sys
path, *names = sys.argv[1:]
content = open(path, "rb").read()[:-20]
for old, new in zip(names[::2], names[1::2]):
    assert content.count(old.encode()) == 1 and len(old) == len(new)
    content = content.replace(old.encode(), new.encode())
open(path, "wb").write(content + hashlib.sha1(content).digest())
"#;

#[test]
fn nothing_that_an_index_names_is_made_outside_of_the_copy() {
    let learner = Learner::new();
    let (outside, day) = (learner.place.path("home/outside"), learner.place.path("repo/week1/day1"));
    fs::create_dir(&outside).unwrap();
    // `+` comes before `/`, so the order stays right. A file leads through a link, a link through another one, and a file out of the folder.
    for folder in ["link+a", "ties+b", "dots"] {
        fs::create_dir_all(day.join(folder)).unwrap();
    }
    for link in ["link", "ties"] {
        std::os::unix::fs::symlink(&outside, day.join(link)).unwrap();
    }
    fs::write(day.join("link+a/file"), "planted").unwrap();
    std::os::unix::fs::symlink("planted", day.join("ties+b/link")).unwrap();
    fs::write(day.join("dots/files"), "planted").unwrap();
    learner.git(&["add", "."]);
    let renamed = ["link+a", "link/a", "ties+b", "ties/b", "day1/dots/files", "day1/../../../d"];
    let mut rename = Command::new(&toolchain().python);
    rename.args(["-I", "-c", RENAME]).arg(learner.place.path("repo/.git/index")).args(renamed);
    assert!(rename.status().unwrap().success());
    learner.hook("run").exits_with(0);
    assert_eq!(fs::read_dir(&outside).unwrap().count(), 0, "nothing is made through a link");
}

#[test]
fn a_hook_that_was_there_runs_first_and_comes_back() {
    let learner = Learner::new();
    let own = "#!/bin/sh\necho 'mine ran' >&2\ntest ! -e refuse\n";
    learner.write_hook("pre-commit", own);
    let said = learner.hook("install").exits_with(0).stdout;
    assert!(said.contains("pre-commit.before-grade"), "{said}");
    learner.hook("install").exits_with(0);
    assert_eq!(fs::read_to_string(learner.hook_file("pre-commit.before-grade")).unwrap(), own);
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "changed").unwrap();
    learner.git(&["add", "."]);
    let made = learner.commit(&[]).exits_with(0);
    assert_eq!(made.stderr.trim(), "mine ran");
    fs::write(learner.place.path("repo/refuse"), "").unwrap();
    assert_eq!(learner.commit(&["--allow-empty"]).code, 1);
    learner.hook("uninstall").exits_with(0);
    assert_eq!(fs::read_to_string(learner.hook_file("pre-commit")).unwrap(), own);
    assert!(!learner.hook_file("pre-commit.before-grade").exists());
    assert!(learner.hook("uninstall").exits_with(0).stdout.contains("nothing was changed"));
    assert_eq!(fs::read_to_string(learner.hook_file("pre-commit")).unwrap(), own);
}

#[test]
fn two_hooks_in_the_way_are_both_left_alone() {
    let learner = Learner::new();
    learner.write_hook("pre-commit", "#!/bin/sh\n# one\n");
    learner.write_hook("pre-commit.before-grade", "#!/bin/sh\n# other\n");
    let error = learner.hook("install").exits_with(2).stderr;
    assert!(error.contains("two hooks are in the way"), "{error}");
    assert!(fs::read_to_string(learner.hook_file("pre-commit")).unwrap().contains("one"));
}

#[test]
fn the_folder_of_hooks_is_the_one_that_git_uses() {
    let learner = Learner::new();
    learner.git(&["config", "core.hooksPath", "my hooks"]);
    learner.hook("install").exits_with(0);
    let hook = learner.place.path("repo/my hooks/pre-commit");
    assert_eq!(fs::metadata(&hook).unwrap().permissions().mode() & 0o777, 0o755);
    learner.spoil();
    learner.git(&["add", "week1"]);
    learner.commit(&[]).exits_with(1);
    learner.hook("uninstall").exits_with(0);
    assert!(!hook.exists());
}

#[test]
fn a_hook_whose_grade_is_gone_says_so_and_lets_the_commit_through() {
    let learner = Learner::new();
    learner.hook("install").exits_with(0);
    let hook = learner.hook_file("pre-commit");
    let script = fs::read_to_string(&hook).unwrap();
    let program = script.lines().last().unwrap().split('\'').nth(1).unwrap();
    assert!(Path::new(program).is_file(), "{script}");
    fs::write(&hook, script.replace(program, "/nowhere/grade")).unwrap();
    learner.spoil();
    learner.git(&["add", "."]);
    let made = learner.commit(&[]).exits_with(0);
    assert!(made.stderr.contains("the commit was not graded"), "{}", made.stderr);
}

#[test]
fn what_is_grades_own_fault_stops_no_commit() {
    let learner = Learner::new();
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "changed").unwrap();
    learner.git(&["add", "."]);
    let mut command = learner.place.grade("hook run");
    let ran = learner.place.finish(command.env("GRADE_DATA_DIR", "/dev/null/nowhere")).exits_with(0);
    assert!(ran.stderr.contains("error: ") && ran.stderr.contains("was not verified"), "{}", ran.stderr);
}

#[test]
fn what_cannot_be_read_of_a_commit_refuses_it() {
    let learner = Learner::new();
    fs::write(learner.place.path("repo/week1/day1/notes.txt"), "changed").unwrap();
    learner.git(&["add", "."]);
    let object = learner.command(&["rev-parse", ":week1/day1/greeting.py"]).output().unwrap().stdout;
    let object = String::from_utf8(object).unwrap();
    let (folder, name) = object.trim().split_at(2);
    fs::remove_file(learner.place.path(&format!("repo/.git/objects/{folder}/{name}"))).unwrap();
    let error = learner.hook("run").exits_with(2).stderr;
    assert!(error.contains("failed to read what is staged"), "{error}");
}
