//! Workflow commands of GitHub Actions, which become annotations beside the code of a pull request
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).
//!
//! GitHub shows ten annotations of each kind for one step and drops all others
//! (<https://github.com/orgs/community/discussions/26680>), so the ten most useful ones are written: first what blocks a day and
//! the first finding of every failed requirement, then second findings, and so on; a notice says how many are left. What is
//! ours is a warning and no error.

use crate::event::{DayReport, RunReport};
use crate::finding::{Finding, Place};
use crate::outcome::{Outcome, Verdict};
use crate::rel_path::RelPath;
use crate::report::counts::{Counts, counted};
use crate::report::reasons::{self, STYLE};
use crate::report::sanitize::{clipped, for_command, for_property};
use crate::report::terminal;

/// Annotations of one kind that GitHub shows of one step.
const SHOWN: usize = 10;
/// Characters of a title; GitHub takes 255 (<https://docs.github.com/en/rest/checks/runs>).
const TITLE: usize = 160;
/// Characters of a message: more than this is not read in the margin of a diff.
const MESSAGE: usize = 2000;

/// Returns the commands, one on each line; nothing at all where there is nothing to say. Files stand below the learner's root.
pub fn render(run: &RunReport) -> String {
    render_in(run, Some(&RelPath::root()))
}

/// Does the same for a repository in which the learner's root is this folder, or in which it is not at all: then no file is named,
/// since GitHub would show another one.
pub fn render_in(run: &RunReport, folder: Option<&RelPath>) -> String {
    let sources: Vec<Source> = run.days.iter().flat_map(|day| sources(day, run.verdict)).collect();
    let rounds = sources.iter().map(|source| source.findings.len()).max().unwrap_or(0);
    let mut errors: Vec<String> = (0..rounds)
        .flat_map(|round| {
            sources.iter().filter_map(move |source| Some((source, source.findings.get(round)?)))
        })
        .take(SHOWN)
        .map(|(source, finding)| error(source, finding, folder))
        .collect();
    let left = sources.iter().map(|source| source.findings.len()).sum::<usize>() - errors.len();
    let faults: Vec<String> = run.days.iter().flat_map(broken).collect();
    let hidden = left + faults.len().saturating_sub(SHOWN);
    errors.extend(faults.into_iter().take(SHOWN));
    if hidden > 0 {
        let verb = if hidden == 1 { "is" } else { "are" };
        let said = format!("{} {verb} in the report and not shown here.", counted(hidden, "more finding"));
        errors.push(command("notice", None, "grade", &said));
    }
    errors.concat()
}

/// Returns the command that says why nothing was graded.
pub fn refusal(headline: &str, causes: &[String], hint: Option<&str>) -> String {
    let causes = causes.iter().map(|cause| format!("caused by: {cause}"));
    let hint = hint.map(|hint| format!("hint: {hint}"));
    let said: Vec<String> = causes.chain(hint).map(|line| STYLE.own(&line)).collect();
    let message = if said.is_empty() { STYLE.own(headline) } else { said.join("\n") };
    command("error", None, &format!("grade: {}", STYLE.own_line(headline)), &message)
}

/// Returns a text in which the runner obeys nothing until it reads the token again, which whoever wrote the text does not know.
pub fn without_commands(text: &str, token: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let end = if text.ends_with('\n') { "" } else { "\n" };
    format!("::stop-commands::{token}\n{text}{end}::{token}::\n")
}

/// Returns the outputs of a step that count: how many requirements are fulfilled, and how many are not (yet). What was done by
/// hand, and what is ours, is in neither.
pub fn outputs(run: &RunReport) -> [(&'static str, usize); 2] {
    let counts = Counts::of(run.days.iter().flat_map(|day| &day.requirements));
    [("passed", counts.passed), ("failed", counts.failed + counts.blocked + counts.not_started)]
}

/// What is complained about under one name.
struct Source {
    name: String,
    findings: Vec<Finding>,
}

fn sources(day: &DayReport, run: Verdict) -> Vec<Source> {
    let blocked = reasons::blocking(day).into_iter().map(|(finding, names)| Source {
        name: format!("{}: {}", day.day, terminal::waiting(&names)),
        findings: vec![finding],
    });
    let failed = day.requirements.iter().filter_map(|requirement| match &requirement.outcome {
        Outcome::Failed(findings) => {
            Some(Source { name: requirement.id.to_string(), findings: findings.as_slice().to_vec() })
        }
        _ => None,
    });
    let mut sources: Vec<Source> = blocked.chain(failed).collect();
    if run == Verdict::Failed && !reasons::not_started(day).is_empty() {
        sources.push(Source { name: day.day.to_string(), findings: vec![Finding::new(NOT_STARTED)] });
    }
    sources
}

fn error(source: &Source, finding: &Finding, folder: Option<&RelPath>) -> String {
    let reason = reasons::of_finding(finding);
    let title = format!("{}: {}", source.name, reason.headline);
    let place = reasons::place(finding).and_then(|place| {
        let file = folder?.follow(reasons::file(place)?.as_str())?;
        Some((file, place))
    });
    command("error", place, &title, &reason.body)
}

fn broken(day: &DayReport) -> Vec<String> {
    let command = |(fault, names): (_, Vec<String>)| {
        let title = format!("{}: {} could not be verified", day.day, names.join(", "));
        command("warning", None, &title, &reasons::of_fault(&fault).body)
    };
    reasons::breaking(day).into_iter().map(command).collect()
}

fn command(kind: &str, place: Option<(RelPath, &Place)>, title: &str, message: &str) -> String {
    let mut properties = Vec::new();
    if let Some((file, place)) = place {
        properties.push(format!("file={}", for_property(&STYLE.own_line(file.as_str()))));
        properties.extend(place.line.map(|line| format!("line={line}")));
        properties.extend(place.line.and(place.column).map(|column| format!("col={column}")));
    }
    properties.push(format!("title={}", for_property(&clipped(title, TITLE))));
    format!("::{kind} {}::{}\n", properties.join(","), for_command(&clipped(message, MESSAGE)))
}

const NOT_STARTED: &str = "nothing of this day is there yet";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{canned, hostile};

    #[test]
    fn the_ten_most_useful_are_shown_and_the_rest_is_counted() {
        let text = render(&canned::everything());
        let kinds = |kind: &str| text.lines().filter(|line| line.starts_with(kind)).count();
        assert_eq!((kinds("::error "), kinds("::warning "), kinds("::notice ")), (10, 2, 1));
        for first in ["day4.retry", "day4.cache", "day4.banner", "day4.lint", "day5", "day6"] {
            let at = text.lines().position(|line| line.contains(&format!("title={first}%3A")));
            assert!(at.is_some_and(|at| at < 6), "{first} comes before any second finding: {text}");
        }
        // 5 + 1 + 2 + 12 findings of failures, one for each of day 5 and day 6.
        assert!(
            text.ends_with("::notice title=grade::12 more findings are in the report and not shown here.\n")
        );
    }

    #[test]
    fn every_line_is_a_command_of_ours() {
        for run in hostile::runs() {
            let text = render(&run);
            for line in text.lines() {
                let (properties, message) = line[2..].split_once("::").unwrap();
                let (kind, properties) = properties.split_once(' ').unwrap();
                assert!(line.starts_with("::") && ["error", "warning", "notice"].contains(&kind), "{line}");
                let names = properties.split(',').map(|property| property.split_once('=').unwrap().0);
                let known = ["file", "line", "col", "title"];
                assert!(names.into_iter().all(|name| known.contains(&name)), "{line}");
                let shown = message.replace("%0A", "\n");
                assert!(shown.lines().all(|line| !line.trim_start().starts_with("::")), "{line}");
                assert!(!line.contains("##["), "{line}");
            }
            assert!(text.lines().count() <= 2 * SHOWN + 1);
        }
    }

    #[test]
    fn a_passed_run_says_nothing() {
        for (name, run) in canned::all().into_iter().filter(|(_, run)| run.verdict == Verdict::Passed) {
            assert_eq!(render(&run), "", "{name}");
        }
    }

    #[test]
    fn a_place_outside_of_the_repository_is_no_place() {
        let of = |path: &str, folder: Option<&RelPath>| {
            let finding = Finding::new("t").at(Place::line(path, 3));
            error(&Source { name: "day1.x".to_owned(), findings: Vec::new() }, &finding, folder)
        };
        let top = RelPath::root();
        for path in ["/etc/passwd", "../x.py", "x\ny.py", ""] {
            assert!(of(path, Some(&top)).starts_with("::error title="), "{path:?}");
        }
        let name = "week 1/a,b:c.py";
        assert!(of(name, Some(&top)).starts_with("::error file=week 1/a%2Cb%3Ac.py,line=3,title="));
        let below: RelPath = "learners/kim".parse().unwrap();
        assert!(of("x.py", Some(&below)).starts_with("::error file=learners/kim/x.py,line=3,title="));
        assert!(of("x.py", None).starts_with("::error title="));
    }
}
