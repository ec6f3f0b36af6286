//! `grade` in a job of GitHub Actions, where nobody has said how to report: annotations, the summary, the outputs.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::place::{Place, Ran};
use crate::runner::{Step, obeyed};
use crate::shown::{TAGS, hostile};

/// Two days, of which one fails in one requirement of two.
fn one_fails() -> Place {
    let place = Place::with(&[1, 5]);
    place.write("week1/day1/greeting.py", "def greet(name):\n    return 'Hi'\n\n\nshout = str.upper\n");
    place
}

fn run(place: &Place, step: &Step, args: &str) -> Ran {
    place.finish(step.tell(&mut place.grade(args)))
}

#[test]
fn a_job_gets_the_text_annotations_a_summary_and_outputs() {
    let place = one_fails();
    let step = Step::new(&place);
    let ran = run(&place, &step, "day1 day5 --seed 7").exits_with(1);
    assert_eq!(ran.stderr, "");
    assert!(ran.raw.contains("FAILED") && ran.raw.contains("Start with day1.greet."), "{}", ran.raw);
    let commands = obeyed(&ran.raw);
    assert!(!commands.is_empty() && commands.iter().all(|command| command.starts_with("error ")));
    assert!(commands[0].contains("title=day1.greet%3A"), "{commands:?}");
    let summary = step.summary();
    assert!(summary.starts_with("## ❌ grade: FAILED\n"), "{summary}");
    assert!(summary.contains("| day1 | Greetings | ❌ FAILED | 1 passed, 1 FAILED |"), "{summary}");
    let outputs = step.outputs();
    assert_eq!((&*outputs["passed"], &*outputs["failed"]), ("3", "1"));
    let report = fs::read_to_string(&outputs["report"]).unwrap();
    assert!(outputs["report"].starts_with(&*step.path("temp").to_string_lossy()));
    assert_eq!(serde_json::from_str::<serde_json::Value>(&report).unwrap()["verdict"], "failed");
}

#[test]
fn a_job_in_which_all_passes_has_no_annotation_and_exits_with_0() {
    let place = Place::with(&[1]);
    let step = Step::new(&place);
    let ran = run(&place, &step, "day1 --format json=report.json").exits_with(0);
    assert_eq!(obeyed(&ran.raw), [""; 0]);
    assert!(step.summary().starts_with("## ✅ grade: passed\n"));
    let report = place.repo().canonicalize().unwrap().join("report.json");
    assert_eq!(step.outputs()["report"], report.to_string_lossy(), "the one that was asked for");
    assert_eq!(step.outputs()["failed"], "0");
    assert_eq!(fs::read_dir(step.path("temp")).unwrap().count(), 0);
}

#[test]
fn whoever_says_what_to_print_gets_that_and_no_more() {
    let place = one_fails();
    let step = Step::new(&place);
    let text = run(&place, &step, "day1 --format text").exits_with(1);
    assert!(!text.raw.contains("::"), "{}", text.raw);
    assert_eq!(run(&place, &step, "day1 --format json").exits_with(1).json()["verdict"], "failed");
    assert_eq!((step.summary(), step.outputs().len()), (String::new(), 0));
}

#[test]
fn elsewhere_nothing_of_a_job_is_touched() {
    let place = one_fails();
    let step = Step::new(&place);
    let ran = place.finish(step.tell(&mut place.grade("day1")).env("GITHUB_ACTIONS", "false"));
    assert!(!ran.exits_with(1).raw.contains("::"));
    assert_eq!((step.summary(), step.outputs().len()), (String::new(), 0));
}

#[test]
fn annotations_name_files_below_the_top_of_what_was_checked_out() {
    let place = Place::with(&[1]);
    place.write("week1/day1/greeting.py", "def greet(name):\n    return nobody\n\n\nshout = str.upper\n");
    fs::remove_dir(place.repo().join(".git")).unwrap();
    let step = Step::new(&place);
    let annotated = |workspace: &str, git: Option<&str>| {
        if let Some(git) = git {
            fs::create_dir_all(place.path(git)).unwrap();
        }
        let mut command = place.grade("day1.greet --seed 7");
        command.arg("--repo").arg(place.repo()).env("GITHUB_WORKSPACE", place.path(workspace));
        let ran = place.finish(step.tell(&mut command)).exits_with(1);
        obeyed(&ran.raw)[0].split(",title=").next().unwrap().to_owned()
    };
    assert_eq!(annotated("repo", None), "error file=week1/day1/greeting.py,line=2");
    assert_eq!(annotated("", None), "error file=repo/week1/day1/greeting.py,line=2");
    let elsewhere = annotated("home", None);
    assert!(elsewhere.starts_with("error title=day1.greet"), "another repository is shown: {elsewhere}");
    // It was checked out into a folder of the workspace.
    assert_eq!(annotated("", Some("repo/.git")), "error file=week1/day1/greeting.py,line=2");
}

#[test]
fn nothing_that_a_learner_wrote_is_obeyed_or_live_in_a_job() {
    let place = hostile();
    let step = Step::new(&place);
    let ran = run(&place, &step, "all --seed 7").exits_with(1);
    for tag in ["tag-message", "tag-ruff"] {
        assert!(ran.raw.contains(tag), "{}", ran.raw);
    }
    for command in obeyed(&ran.raw) {
        let (kind, rest) = command.split_once(' ').unwrap();
        assert!(["error", "warning", "notice"].contains(&kind), "{command}");
        let (properties, _) = rest.split_once("::").unwrap();
        let names = properties.split(',').map(|property| property.split_once('=').unwrap().0);
        assert!(names.into_iter().all(|name| ["file", "line", "col", "title"].contains(&name)), "{command}");
        assert!(properties.contains("title=day") || properties.contains("title=grade"), "{command}");
    }
    assert_eq!(step.outputs().into_keys().collect::<Vec<_>>(), ["failed", "passed", "report"]);
    let summary = step.summary();
    assert!(TAGS.iter().filter(|tag| summary.contains(**tag)).count() > 8, "{summary}");
    for event in Parser::new_ext(&summary, Options::ENABLE_TABLES | Options::ENABLE_GFM) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => {
                let bare = ["details", "summary", "code"].iter().fold(html.to_string(), |html, name| {
                    html.replace(&format!("<{name}>"), "").replace(&format!("</{name}>"), "")
                });
                assert!(!bare.contains(['<', '>', '&']) && !bare.contains("tag-"), "{html}");
            }
            Event::Start(tag) => assert!(!matches!(tag, Tag::Link { .. } | Tag::Image { .. }), "{tag:?}"),
            _ => {}
        }
    }
}

#[test]
fn a_file_of_the_job_that_cannot_be_written_costs_a_line_and_no_verdict() {
    let place = one_fails();
    let step = Step::new(&place);
    let job = |change: &dyn Fn(&mut Command)| {
        let mut command = place.grade("day1");
        change(step.tell(&mut command));
        place.finish(&mut command).exits_with(1)
    };
    let none = job(&|command| {
        command.env_remove("GITHUB_STEP_SUMMARY").env_remove("GITHUB_OUTPUT").env_remove("RUNNER_TEMP");
    });
    assert_eq!(none.stderr.lines().count(), 3, "{}", none.stderr);
    assert!(none.stderr.lines().all(|line| line.contains("note:")), "{}", none.stderr);
    let wrong = job(&|command| {
        command.env("GITHUB_STEP_SUMMARY", "/proc/nowhere").env("GITHUB_OUTPUT", step.path("temp"));
    });
    assert!(wrong.stderr.contains("GITHUB_STEP_SUMMARY") && wrong.stderr.contains("GITHUB_OUTPUT"));
    assert!(wrong.raw.contains("Start with day1.greet."));
    assert!(!obeyed(&wrong.raw).is_empty());
    // GitHub would show nothing of a summary that is too long.
    let full = "x".repeat((960 << 10) - 64);
    fs::write(step.path("summary"), &full).unwrap();
    let long = job(&|_| {});
    assert!(long.error().contains("it would be longer than GitHub shows"), "{}", long.stderr);
    assert_eq!(step.summary(), full);
}

#[test]
fn what_other_programs_left_in_the_files_of_a_step_stays_as_it_is() {
    let place = Place::with(&[1]);
    let step = Step::new(&place);
    fs::write(step.path("output"), "other=1").unwrap();
    fs::write(step.path("summary"), "Before").unwrap();
    run(&place, &step, "day1").exits_with(0);
    assert_eq!(step.outputs()["other"], "1");
    assert_eq!(step.outputs()["passed"], "2");
    assert!(step.summary().starts_with("Before\n## "));
}

#[test]
fn a_report_whose_path_has_a_line_break_is_not_named() {
    let place = Place::with(&[1]);
    let step = Step::new(&place);
    let folder = place.path("a\npassed=99");
    fs::create_dir(&folder).unwrap();
    let mut command = place.grade("day1");
    command.arg("--format").arg(format!("json={}", folder.join("r.json").display()));
    let ran = place.finish(step.tell(&mut command)).exits_with(0);
    assert!(ran.error().contains("the path of the report does not fit on a line"), "{}", ran.stderr);
    assert_eq!(step.outputs().get("report"), None);
    assert_eq!(step.outputs()["passed"], "2");
}

#[test]
fn why_nothing_was_graded_is_an_annotation_too() {
    let place = Place::new();
    let step = Step::new(&place);
    let ran = run(&place, &step, "").exits_with(4);
    let commands = obeyed(&ran.raw);
    assert_eq!(commands.len(), 1);
    assert!(commands[0].starts_with("error title=grade%3A no day has been started in"), "{commands:?}");
    assert!(ran.stderr.contains("no day has been started in"), "{}", ran.stderr);
}

#[test]
fn the_report_for_a_job_can_be_read_by_its_other_steps() {
    let place = Place::with(&[1]);
    let step = Step::new(&place);
    run(&place, &step, "day1").exits_with(0);
    let report = step.outputs()["report"].clone();
    assert_ne!(fs::metadata(report).unwrap().permissions().mode() & 0o400, 0);
}

#[test]
fn quiet_prints_what_fails_and_nothing_where_all_is_fulfilled() {
    let place = one_fails();
    let ran =
        place.run("day1 day5 --quiet --seed 7").reports(1, &["FAILED  day1.greet", "Start with day1.greet."]);
    assert!(!ran.stdout.contains("day5") && !ran.stdout.contains("shout"), "{}", ran.stdout);
    let last = ran.stdout.trim_end().lines().last().unwrap().trim();
    assert_eq!(last, "Start with day1.greet.");
    for quiet in ["day5 -q", "day5 -q --format json=report.json"] {
        let ran = place.run(quiet).exits_with(0);
        assert_eq!((ran.raw.as_str(), ran.stderr.as_str()), ("", ""));
    }
    assert!(
        fs::read_to_string(place.repo().join("report.json")).unwrap().contains("\"verdict\": \"passed\"")
    );
    assert_eq!(place.run("day5 -q --format json").exits_with(0).json()["verdict"], "passed");
    let none = place.run("day2 --quiet").exits_with(4);
    assert!(none.stdout.contains("there is nothing to grade"), "{}", none.stdout);
    assert!(place.run("--quiet list").exits_with(2).error().contains("cannot be used with a command"));
}

#[test]
fn a_quiet_job_is_told_all_but_the_text() {
    let place = one_fails();
    let step = Step::new(&place);
    let passed = run(&place, &step, "day5 --quiet").exits_with(0);
    assert_eq!(passed.raw, "");
    assert!(step.summary().starts_with("## ✅"));
    let failed = run(&place, &step, "day1 --quiet").exits_with(1);
    assert_eq!(obeyed(&failed.raw).len(), 1);
}
