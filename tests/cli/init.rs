//! `grade init`: what it makes, what it leaves, whom it asks.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use grade::config::file::RepositoryConfig;
use tempfile::TempDir;

use crate::common::toolchain;
use crate::place::{Place, Ran};
use crate::skip;
use crate::terminal::at_terminal;

/// A place with a folder that is in no repository.
struct Fresh {
    place: Place,
    folder: TempDir,
}

impl Fresh {
    fn new() -> Self {
        Self { place: Place::new(), folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    fn command(&self, args: &str) -> Command {
        let mut command = self.place.bare(args);
        command.current_dir(self.folder.path());
        command
    }

    fn run(&self, args: &str) -> Ran {
        self.place.finish(&mut self.command(args))
    }

    /// Returns every file but git's with its text, and every link with its target.
    fn files(&self) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        collect(self.folder.path(), "", &mut found);
        found
    }
}

fn collect(folder: &Path, prefix: &str, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let kind = entry.file_type().unwrap();
        if kind.is_symlink() {
            found.insert(name, fs::read_link(entry.path()).unwrap().display().to_string());
        } else if kind.is_dir() && name != ".git" {
            collect(&entry.path(), &format!("{name}/"), found);
        } else if kind.is_file() {
            found.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
}

fn has_git() -> bool {
    Command::new("git").arg("--version").output().is_ok_and(|output| output.status.success())
}

#[test]
fn an_empty_folder_becomes_a_repository_and_a_second_time_nothing_changes() {
    if !has_git() {
        skip!("there is no git");
    }
    let fresh = Fresh::new();
    fresh
        .run("init --yes")
        .reports(0, &["made            .gitignore", "made            .git:", "grade start day0"]);
    let made = fresh.files();
    let names: Vec<&str> = made.keys().map(String::as_str).collect();
    let expected = [
        ".gitignore",
        "README.md",
        "grade.toml",
        "pyproject.toml",
        "week1/.gitkeep",
        "week2/.gitkeep",
        "week3/.gitkeep",
    ];
    assert_eq!(names, expected);
    assert!(fresh.path(".git/HEAD").is_file());
    assert_eq!(fs::metadata(fresh.path("README.md")).unwrap().permissions().mode() & 0o600, 0o600);
    for again in ["init", "init --yes", "init --dry-run"] {
        fresh.run(again).reports(0, &["All is there already; nothing was changed."]);
        assert_eq!(fresh.files(), made, "{again}");
    }
    assert!(RepositoryConfig::parse(&made["grade.toml"]).unwrap().course.is_some());
    fresh.run("list").reports(0, &["day0   Setup"]);
}

#[test]
fn a_folder_that_is_named_is_made() {
    let fresh = Fresh::new();
    fresh.run("init my/python").reports(0, &["made            README.md", "in that folder"]);
    assert!(fresh.path("my/python/grade.toml").is_file());
    fresh.run("init other --dry-run").reports(0, &["would make      README.md", "Nothing was changed"]);
    assert!(!fresh.path("other").exists());
}

#[test]
fn no_line_of_what_is_there_is_lost() {
    let fresh = Fresh::new();
    let own = [
        (".gitignore", "*.log\n__pycache__"),
        ("pyproject.toml", "[project]\nname = \"mine\"\n\n[tool.ruff]\nline-length = 88"),
        ("readme.rst", "Mine\n"),
        ("grade.toml", "# mine\n"),
        ("Week_1/Day_01/typeinspector.py", "x = 1\n"),
        ("mypy.ini", "[mypy]\n"),
    ];
    own.iter().for_each(|(path, text)| fresh.write(path, text));
    let before = fresh.files();
    fresh
        .run("init --dry-run")
        .reports(0, &["  + .venv/", "would complete  .gitignore", "would make      week2"]);
    assert_eq!(fresh.files(), before);
    // Nobody can be asked, so what is there stays.
    let ran = fresh.run("init").reports(0, &["made            week2/.gitkeep", "left            .gitignore"]);
    assert!(ran.stdout.contains("`--yes`"), "{}", ran.stdout);
    let after = fresh.files();
    assert!(before.iter().all(|(path, text)| after.get(path) == Some(text)));
    assert!(!after.contains_key("README.md") && !fresh.path("week1").exists());
    assert_eq!(
        after["pyproject.toml"], before["pyproject.toml"],
        "ruff and mypy have settings, and pytest wants none"
    );
    fresh.run("init --yes").reports(0, &["completed       .gitignore"]);
    let completed = fresh.read(".gitignore");
    assert!(completed.starts_with("*.log\n__pycache__\n"), "{completed}");
    assert!(!completed.contains("__pycache__/"), "{completed}");
    fresh.run("init --yes").reports(0, &["All is there"]);
}

#[test]
fn a_pyproject_is_completed_with_what_it_says_nothing_of() {
    let fresh = Fresh::new();
    fresh.write("pyproject.toml", "[project]\nname = \"mine\"");
    fresh.run("init --yes").reports(0, &["completed       pyproject.toml"]);
    let text = fresh.read("pyproject.toml");
    let table: toml::Table = text.parse().unwrap();
    assert!(text.starts_with("[project]\nname = \"mine\"\n"), "{text}");
    assert_eq!(table["tool"].as_table().unwrap().keys().collect::<Vec<_>>(), ["mypy", "ruff"]);
    fresh.run("init --yes").reports(0, &["All is there"]);
}

#[test]
fn what_cannot_be_completed_is_left_and_said() {
    for (text, why) in
        [("[project\n", "it is no TOML"), ("tool = { black = { line-length = 100 } }\n", "none can be added")]
    {
        let fresh = Fresh::new();
        fresh.write("pyproject.toml", text);
        let ran = fresh.run("init --yes").reports(0, &["left            pyproject.toml"]);
        assert!(ran.stdout.split_whitespace().collect::<Vec<_>>().join(" ").contains(why), "{}", ran.stdout);
        assert_eq!(fresh.read("pyproject.toml"), text);
    }
}

#[test]
fn no_link_is_followed() {
    let (fresh, outside) = (Fresh::new(), tempfile::tempdir().unwrap());
    fs::write(outside.path().join("ignored"), "*.log\n").unwrap();
    symlink(outside.path(), fresh.path("week1")).unwrap();
    symlink(outside.path().join("ignored"), fresh.path(".gitignore")).unwrap();
    symlink(outside.path().join("new"), fresh.path("pyproject.toml")).unwrap();
    fresh.run("init --yes").reports(
        0,
        &[
            "left            week1/.gitkeep",
            "left            .gitignore: it is a link",
            "left            pyproject.toml",
        ],
    );
    let names: Vec<_> =
        fs::read_dir(outside.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["ignored"]);
    assert_eq!(fs::read_to_string(outside.path().join("ignored")).unwrap(), "*.log\n");
}

#[test]
fn at_a_terminal_a_change_is_shown_and_asked_for_and_the_usual_answer_is_no() {
    let fresh = Fresh::new();
    fs::create_dir(fresh.path(".git")).unwrap();
    fresh.write(".gitignore", "*.log\n");
    for (typed, changed) in [("\n", false), ("n\n", false), ("\u{4}", false), ("y\n", true)] {
        let ran =
            at_terminal(&fresh.place, &fresh.command("init --no-workflow --no-hook --color never"), typed)
                .exits_with(0);
        assert!(
            ran.raw.contains("+ .venv/") && ran.raw.contains("Add these lines to `.gitignore`? [y/N]"),
            "{}",
            ran.raw
        );
        assert_eq!(fresh.read(".gitignore") != "*.log\n", changed, "{typed:?}: {}", ran.raw);
    }
}

#[test]
fn at_a_terminal_it_asks_before_it_makes_a_git_repository() {
    if !has_git() {
        skip!("there is no git");
    }
    let fresh = Fresh::new();
    let ran = at_terminal(&fresh.place, &fresh.command("init --no-workflow --no-hook"), "n\n").exits_with(0);
    assert!(ran.raw.contains("Run `git init`? [Y/n]") && !fresh.path(".git").exists(), "{}", ran.raw);
    at_terminal(&fresh.place, &fresh.command("init --no-workflow --no-hook"), "\n").exits_with(0);
    assert!(fresh.path(".git/HEAD").is_file());
}

#[test]
fn without_git_it_says_what_to_install_and_a_git_of_the_repository_is_not_run() {
    let fresh = Fresh::new();
    fresh.write("git", "#!/bin/sh\necho run > was-run\n");
    fs::set_permissions(fresh.path("git"), fs::Permissions::from_mode(0o755)).unwrap();
    let ran = fresh.place.finish(fresh.command("init --yes").env("PATH", ".:"));
    ran.reports(0, &["left            .git: there is no program `git` here: install git"]);
    assert!(!fresh.path("was-run").exists() && fresh.path("README.md").is_file());
}

#[test]
fn inside_of_a_repository_it_says_so_and_makes_nothing() {
    let fresh = Fresh::new();
    fresh.write("grade.toml", "");
    fs::create_dir(fresh.path("week1")).unwrap();
    let ran = fresh.place.finish(fresh.command("init").current_dir(fresh.path("week1"))).exits_with(2);
    assert!(ran.error().starts_with("error: this folder is inside the repository"), "{}", ran.stderr);
    assert_eq!(fresh.files().len(), 1);
}

#[test]
fn a_grade_toml_that_cannot_be_read_is_said_before_anything_is_made() {
    let fresh = Fresh::new();
    fresh.write("grade.toml", "curse = 1\n");
    assert!(fresh.run("init --yes").exits_with(2).error().contains("the key is `course`"));
    assert_eq!(fresh.files().len(), 1);
}

fn git(fresh: &Fresh, args: &[&str]) {
    let mut git = Command::new("git");
    fresh.place.settle(&mut git);
    let names = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
    let output = git.args(names).args(args).current_dir(fresh.folder.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
}

/// Returns the requirements that a run failed, without the day.
fn failed(ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let requirements = report["days"][0]["requirements"].as_array().unwrap().iter();
    let is_open = |requirement: &&serde_json::Value| {
        ["failed", "blocked"].iter().any(|status| requirement["outcome"]["status"] == *status)
    };
    let name = |requirement: &serde_json::Value| {
        requirement["id"].as_str().unwrap().split_once('.').unwrap().1.to_owned()
    };
    requirements.filter(is_open).map(name).collect()
}

#[test]
fn from_nothing_to_graded_days_only_the_learners_own_work_is_missing() {
    if !has_git() {
        skip!("there is no git");
    }
    let fresh = Fresh::new();
    fresh.run("").exits_with(2);
    fresh.run("init --yes").exits_with(0);
    assert!(fresh.run("").exits_with(4).stderr.contains("grade start day0"));
    fresh.run("start day0").reports(0, &["made            day0/hello.py"]);
    git(&fresh, &["add", "."]);
    git(&fresh, &["commit", "--quiet", "--message", "Begin"]);
    // What is asked for beside the program and its tests is there: folders, .gitignore, everything committed.
    let day0 = fresh.run("day0 --format json").exits_with(1);
    assert_eq!(failed(&day0), ["hello", "test-file", "tests", "types", "lint"]);
    fresh.run("start day2").reports(0, &["made            week1/day2/datastructures.py"]);
    let day2 = fresh.run("day2 --format json").exits_with(1);
    assert_eq!(failed(&day2).len(), day2.json()["days"][0]["requirements"].as_array().unwrap().len());
    fresh.run("hint day2").reports(0, &["day2.stack", "Hint 1 of 3"]);
    // The settings of the repository do not do a later day's work.
    fresh.run("start day7").exits_with(0);
    assert!(failed(&fresh.run("day7.settings --format json").exits_with(1)).contains(&"settings".to_owned()));
    let before = fresh.files();
    fresh.run("init").reports(0, &["All is there already; nothing was changed."]);
    fresh.run("init --yes").reports(0, &["All is there already; nothing was changed."]);
    assert_eq!(fresh.files(), before);
}

#[test]
fn ruff_and_mypy_say_with_these_settings_what_the_grader_says() {
    let fresh = Fresh::new();
    fresh.run("init").exits_with(0);
    fresh.write(
        "week1/day5/banking.py",
        "import os\nimport nowhere\n\n\ndef deposit(amount):\n    if amount == None:\n        return 1\n    l = nowhere.x  # noqa\n    return l\n",
    );
    fresh.write(
        "week1/day5/test_banking.py",
        "from banking import deposit\n\nx: int = deposit\ny: int = \"\"\n",
    );
    let day = fresh.path("week1/day5");
    let output = |command: &mut Command| {
        fresh.place.settle(command);
        String::from_utf8(command.current_dir(&day).output().unwrap().stdout).unwrap()
    };
    let ruff = |args: &[&str]| {
        output(
            Command::new(&toolchain().ruff)
                .args(["check", "--no-cache", "--output-format", "concise"])
                .args(args),
        )
    };
    let own = ruff(&["."]);
    assert!(own.contains("F401") && own.contains("PGH004"), "{own}");
    assert_eq!(own, ruff(&["--isolated", "--select", grade::tool::ruff::RULES, "."]));
    let mypy = output(Command::new(&toolchain().python).args(["-m", "mypy", "."]));
    assert!(mypy.contains("banking.py:5: error: Function is missing a type annotation"), "{mypy}");
    assert!(mypy.contains("Found 1 error in 1 file (checked 1 source file)"), "{mypy}");
}

const WORKFLOW: &str = ".github/workflows/grade.yml";
const HOOK: &str = ".git/hooks/pre-commit";

#[test]
fn a_workflow_and_a_hook_are_made_for_whoever_says_so_and_for_nobody_else() {
    if !has_git() {
        skip!("there is no git");
    }
    let fresh = Fresh::new();
    fresh.run("init --yes").exits_with(0);
    assert!(!fresh.path(".github").exists() && !fresh.path(HOOK).exists(), "a script has not said so");
    let would = fresh.run("init --workflow --hook --dry-run");
    would.reports(
        0,
        &["would make      .github/workflows/grade.yml: grades on", "would make      .git/hooks/pre-commit"],
    );
    assert!(!fresh.path(".github").exists() && !fresh.path(HOOK).exists());
    fresh
        .run("init --workflow --hook")
        .reports(0, &["made            .github", "made            .git/hooks/pre-commit"]);
    assert!(fresh.read(HOOK).contains("hook run"));
    let workflow = fresh.read(WORKFLOW);
    assert!(workflow.contains(concat!(
        "pipx install grade-by-day==",
        env!("CARGO_PKG_VERSION"),
        "\n      - run: grade\n"
    )));
    let ours =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows/ci.yml")).unwrap();
    let used = workflow.lines().filter(|line| line.contains("uses: "));
    assert!(used.clone().count() == 2 && used.clone().all(|line| ours.contains(line)), "{workflow}");
    fresh.write(WORKFLOW, "mine\n");
    fresh.run("init --workflow --hook").reports(0, &["All is there already"]);
    assert_eq!(fresh.read(WORKFLOW), "mine\n");
    let both = fresh.run("init --hook --no-hook").exits_with(2);
    assert!(both.error().contains("cannot be used with"), "{}", both.stderr);
}

#[test]
fn at_a_terminal_it_asks_about_the_workflow_and_the_hook() {
    if !has_git() {
        skip!("there is no git");
    }
    let fresh = Fresh::new();
    fresh.run("init --yes").exits_with(0);
    let would = at_terminal(&fresh.place, &fresh.command("init --dry-run"), "").exits_with(0);
    assert!(would.raw.contains(WORKFLOW) && would.raw.matches("would ask").count() == 2, "{}", would.raw);
    at_terminal(&fresh.place, &fresh.command("init"), "\n\n").exits_with(0);
    assert!(!fresh.path(WORKFLOW).exists() && !fresh.path(HOOK).exists(), "the usual answer is no");
    let ran = at_terminal(&fresh.place, &fresh.command("init"), "y\ny\n").exits_with(0);
    assert!(ran.raw.contains("so that GitHub grades what you push? [y/N]"), "{}", ran.raw);
    assert!(fresh.path(WORKFLOW).exists() && fresh.path(HOOK).exists(), "{}", ran.raw);
}

#[test]
fn the_workflow_uses_an_action_that_is_named() {
    let fresh = Fresh::new();
    fresh.run("init --workflow --action kim/grade@v1").exits_with(0);
    assert!(fresh.read(WORKFLOW).ends_with("      - uses: kim/grade@v1\n"));
    fresh.run("init other --workflow --action kim/grade").exits_with(2);
    fresh.run("init other --action kim/grade@v1").exits_with(2);
    assert!(!fresh.path("other").exists());
}

#[test]
fn where_github_would_not_find_a_workflow_it_says_so() {
    let fresh = Fresh::new();
    fs::create_dir(fresh.path(".git")).unwrap();
    let ran = fresh.run("init python --workflow").exits_with(0);
    assert!(
        ran.stdout.contains("left            .github/workflows/grade.yml: GitHub looks for workflows at"),
        "{}",
        ran.stdout
    );
    assert!(!fresh.path("python/.github").exists());
}

#[test]
fn where_a_hook_cannot_be_all_else_is_made_and_the_error_says_why() {
    let fresh = Fresh::new();
    let ran = fresh.place.finish(fresh.command("init --hook").env("PATH", "/nowhere")).exits_with(2);
    assert!(ran.stdout.contains("made            README.md"), "{}", ran.stdout);
    assert!(ran.error().contains("there is no program `git` here"), "{}", ran.stderr);
}

#[test]
fn a_hook_is_shown_where_git_looks_for_it() {
    if !has_git() {
        skip!("there is no git");
    }
    let fresh = Fresh::new();
    fresh.run("init --yes").exits_with(0);
    git(&fresh, &["config", "core.hooksPath", "hooks of mine"]);
    fresh.run("init --hook --dry-run").reports(0, &["would make      hooks of mine/pre-commit: grades"]);
    fresh.run("init --hook").reports(0, &["made            hooks of mine/pre-commit: grades"]);
    assert!(fresh.read("hooks of mine/pre-commit").contains("hook run"));
}
