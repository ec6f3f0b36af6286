//! The learner's own tests: which must run is known from their syntax, whether they pass is what pytest reports.
//!
//! They run in the learner's process, so the report is the learner's word; it is held against the facts: every test that
//! stands in the files must be reported, and at least the real ones must pass.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use serde::Deserialize;

use super::facts::{Facts, FileFacts, TestFact};
use super::mutants::Trial;
use super::{SUBMISSION, kit_command};
use crate::command::CommandSpec;
use crate::config::settings::Until;
use crate::finding::{Captured, Definition, Finding, Findings, Frame, Place};
use crate::kit::{Entry, Kit};
use crate::outcome::{Exit, Outcome};
use crate::pack::Means;
use crate::toolchain::Toolchain;

/// Components that a finding names at the most.
const MOST_NAMED: usize = 8;
/// Files of tests that a finding about all of them names.
const MOST_FILES: usize = 3;
/// Findings that one requirement shows at the most; a module that does not work fails every test.
const MOST_FINDINGS: usize = 10;

/// pytest's plugins by the fixture that asks for them. Loading all of them doubles the time of a light day.
const PLUGINS: [(&str, &str); 3] = [
    ("benchmark", "pytest_benchmark.plugin"),
    ("mocker", "pytest_mock"),
    ("event_loop", "pytest_asyncio.plugin"),
];

/// What a day asks of the learner's own tests.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Names that at least one passing real test must use, each with the others that are accepted for it.
    pub exercises: Vec<Vec<String>>,
    /// How many things the tests must check: see `checked_by`.
    pub minimum: usize,
    /// The means of which they must make use.
    pub shows: Vec<Means>,
    /// The components of what they are about, for tests of several of them.
    pub components: Components,
}

/// What a project is built of.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Components {
    names: BTreeSet<String>,
    /// Functions and methods by name, with the components that they use themselves: `open_account` makes accounts.
    used_by: BTreeMap<String, BTreeSet<String>>,
}

impl Components {
    /// Returns the components of a project of these files.
    pub fn of(files: &[&FileFacts]) -> Self {
        let names: BTreeSet<String> = files.iter().flat_map(|file| file.components.iter().cloned()).collect();
        let mut used_by: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for function in files.iter().flat_map(|file| &file.functions) {
            let name = function.name.rsplit('.').next().unwrap_or(&function.name);
            used_by.entry(name.to_owned()).or_default().extend(function.uses.intersection(&names).cloned());
        }
        Self { names, used_by }
    }

    /// Returns those that come into play where these names are used.
    fn behind<'a>(&'a self, uses: &'a BTreeSet<String>) -> BTreeSet<&'a String> {
        let behind = uses.iter().filter_map(|name| self.used_by.get(name)).flatten();
        self.names.intersection(uses).chain(behind).collect()
    }
}

/// How tests are run.
#[derive(Debug, Clone, Copy)]
pub struct How<'a> {
    /// The test files, as paths below the root.
    pub files: &'a [&'a str],
    /// The folders to import from, as paths below the root.
    pub path: &'a [&'a str],
    /// The folder to start in.
    pub start: &'a str,
    /// Whether tests that are tried on versions of the modules may have a clock that is not waited for.
    pub virtual_clock: bool,
    /// How long they may be tried on versions.
    pub patience: Duration,
    /// How far they are run as they are.
    pub until: Until,
    /// The versions that they are tried on.
    pub trial: Option<&'a Trial<'a>>,
}

/// Returns the command that runs tests.
pub fn command(toolchain: &Toolchain, kit: &Kit, facts: &Facts, how: How<'_>) -> CommandSpec {
    let job = serde_json::json!({
        "files": how.files,
        "path": how.path,
        "plugins": plugins(facts, how.files),
        "start": how.start,
        "clock": if how.virtual_clock { "virtual" } else { "real" },
        "seconds": how.patience.as_secs_f64(),
        "until": how.until,
        "versions": how.trial.map_or_else(Vec::new, Trial::announced),
        "enough": how.trial.map_or(0, Trial::enough),
        "reach": how.trial.and_then(Trial::reach),
    });
    let job = job.to_string();
    let secrets = how.trial.into_iter().flat_map(Trial::secrets);
    let stdin = std::iter::once(format!("{:016}{job}", job.len())).chain(secrets.map(ToOwned::to_owned));
    kit_command(toolchain, kit, Entry::OwnTests, SUBMISSION).stdin(stdin.collect::<String>().into_bytes())
}

fn plugins(facts: &Facts, files: &[&str]) -> Vec<&'static str> {
    let facts: Vec<_> = files.iter().filter_map(|path| facts.of(path)).collect();
    let asks = |fixture: &str| facts.iter().any(|facts| facts.fixtures.contains(fixture));
    let marks_async =
        || facts.iter().flat_map(|facts| &facts.tests).any(|test| test.uses.contains("asyncio"));
    let wanted = |fixture: &str| asks(fixture) || (fixture == "event_loop" && marks_async());
    PLUGINS.into_iter().filter(|(fixture, _)| wanted(fixture)).map(|(_, plugin)| plugin).collect()
}

/// What became of every test, by its id: one outcome for each case.
type Outcomes<'a> = BTreeMap<&'a str, Vec<&'a str>>;

/// One line of what `grade_kit.own_tests` reports.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum Record {
    Test {
        id: String,
        outcome: String,
        path: String,
        line: u32,
        #[serde(default)]
        message: String,
        #[serde(default)]
        frames: Vec<RawFrame>,
    },
    Collection {
        path: String,
        message: String,
        frames: Vec<RawFrame>,
    },
    Done {
        code: i32,
    },
}

/// A frame of a traceback as the kit writes it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct RawFrame {
    path: String,
    line: u32,
    function: String,
    code: String,
}

impl From<RawFrame> for Frame {
    fn from(raw: RawFrame) -> Self {
        let line = (raw.line > 0).then_some(raw.line);
        Self {
            place: Place { path: raw.path.into(), line, column: None },
            function: raw.function.into(),
            code: raw.code.trim().into(),
        }
    }
}

/// What came back from a run of the learner's own tests.
#[derive(Debug, Clone)]
pub struct Ran<'a> {
    /// How the process ended.
    pub exit: Exit,
    /// What the reporter wrote on its own descriptor.
    pub report: &'a [u8],
    /// What was printed.
    pub output: Captured,
}

/// Judges one requirement. `files` are the test files that were run, `folder` is where they were looked for.
pub fn judge(wanted: &Wanted, facts: &Facts, files: &[&str], folder: &str, ran: Option<&Ran<'_>>) -> Outcome {
    let mut findings = facts.unreadable(files.iter().copied());
    let tests: Vec<Known<'_>> = known(facts, files).collect();
    match ran {
        _ if tests.is_empty() && findings.is_empty() => findings.push(no_tests(folder, files)),
        Some(ran) => findings.extend(judge_run(wanted, &tests, ran)),
        None => {}
    }
    findings.truncate(MOST_FINDINGS);
    Findings::from_vec(findings).map_or(Outcome::Passed, Outcome::Failed)
}

/// A test that stands in a file.
struct Known<'a> {
    path: &'a str,
    id: String,
    fact: &'a TestFact,
}

fn known<'a>(facts: &'a Facts, files: &[&'a str]) -> impl Iterator<Item = Known<'a>> {
    files.iter().copied().flat_map(|path| {
        let tests = facts.of(path).into_iter().flat_map(|facts| facts.tests.iter());
        tests.map(move |fact| Known { path, id: format!("{path}::{}", fact.name), fact })
    })
}

fn no_tests(folder: &str, files: &[&str]) -> Finding {
    let why = if files.is_empty() {
        format!("there is no `test_….py` in `{folder}` or below it")
    } else {
        format!("no function called `test_…` stands in {}", backticked(files))
    };
    Finding::new("you have tests of your own").because(why).about(whole_files(files.iter().copied()))
}

/// Returns whether every test that stands in the files ran and passed, and nothing else came of the run. What is missing then is missing
/// in the files, wherever they are run from.
pub fn all_passed(facts: &Facts, files: &[&str], ran: &Ran<'_>) -> bool {
    let records = records(ran);
    let outcomes = outcomes(&records);
    let is_well = |record: &Record| match record {
        Record::Test { outcome, .. } => outcome == "passed",
        Record::Collection { .. } => false,
        Record::Done { code } => *code == 0,
    };
    ran.exit.is_success()
        && records.iter().any(|record| matches!(record, Record::Done { .. }))
        && records.iter().all(is_well)
        && known(facts, files).all(|test| outcomes.contains_key(test.id.as_str()))
}

fn records(ran: &Ran<'_>) -> Vec<Record> {
    let lines = ran.report.split(|byte| *byte == b'\n');
    lines.filter_map(|line| serde_json::from_slice(line).ok()).collect()
}

fn outcomes(records: &[Record]) -> Outcomes<'_> {
    let mut outcomes = Outcomes::new();
    for record in records {
        if let Record::Test { id, outcome, .. } = record {
            // Every case of a parametrized test counts for the function that stands in the file.
            outcomes.entry(id.split('[').next().unwrap_or(id)).or_default().push(outcome);
        }
    }
    outcomes
}

fn judge_run(wanted: &Wanted, tests: &[Known<'_>], ran: &Ran<'_>) -> Vec<Finding> {
    let records = records(ran);
    let outcomes = outcomes(&records);
    let mut findings: Vec<Finding> = records.iter().filter_map(Record::finding).collect();
    if !ran.exit.is_success() && findings.is_empty() {
        findings.push(stopped(ran));
    }
    if findings.is_empty() {
        findings.extend(never_ran(tests, &outcomes, &records));
        findings.extend(too_few(wanted, tests, &outcomes));
    }
    findings
}

impl Record {
    fn finding(&self) -> Option<Finding> {
        match self {
            Self::Test { outcome, path, line, message, frames, id }
                if outcome == "failed" || outcome == "error" =>
            {
                let name = id.rsplit("::").next().unwrap_or(id);
                let place = frames
                    .last()
                    .map_or_else(|| Place::line(path, *line), |frame| Place::line(&frame.path, frame.line));
                let finding = Finding::new("your own tests pass").because(message.clone()).at(place);
                let did = Some(Captured::new(format!("your test {name}")));
                Some(Finding { did, trace: frames.iter().cloned().map(Frame::from).collect(), ..finding })
            }
            Self::Collection { path, message, frames } => {
                let place = frames
                    .last()
                    .map_or_else(|| Place::file(path), |frame| Place::line(&frame.path, frame.line));
                let finding =
                    Finding::new("your test files can be imported").because(message.clone()).at(place);
                let did = Some(Captured::new(format!("imported {path}")));
                Some(Finding { did, trace: frames.iter().cloned().map(Frame::from).collect(), ..finding })
            }
            Self::Test { .. } | Self::Done { .. } => None,
        }
    }
}

fn stopped(ran: &Ran<'_>) -> Finding {
    let why = match ran.exit {
        // pytest's own code for a run in which nothing was selected: https://docs.pytest.org/en/stable/reference/exit-codes.html
        Exit::Code(5) => "pytest found no test to run".to_owned(),
        exit => format!("the process that ran them {}", exit.in_words()),
    };
    Finding::new("your own tests run to their end").because(why).printing(ran.output.clone())
}

/// Finds tests that stand in the files and were not reported: hidden by another of the same name, deselected, or forgotten by a
/// process that ended early.
fn never_ran(tests: &[Known<'_>], outcomes: &Outcomes<'_>, records: &[Record]) -> Vec<Finding> {
    let done =
        records.iter().any(|record| matches!(record, Record::Done { code } if *code == 0 || *code == 1));
    let missing = tests
        .iter()
        .filter(|test| !done || (test.fact.is_real() && !outcomes.contains_key(test.id.as_str())));
    missing
        .take(MOST_FINDINGS)
        .map(|test| {
            let why = format!("`{}` stands in the file but did not run", test.fact.name);
            Finding::new("every test of yours runs").because(why).at(Place::line(test.path, test.fact.line))
        })
        .collect()
}

fn too_few(wanted: &Wanted, tests: &[Known<'_>], outcomes: &Outcomes<'_>) -> Vec<Finding> {
    let real: Vec<&Known<'_>> = tests.iter().filter(|test| checked_by(test, outcomes) > 0).collect();
    let checked: usize = real.iter().map(|test| checked_by(test, outcomes)).sum();
    let uses = |name: &String| real.iter().any(|test| test.fact.uses.contains(name));
    let unused = wanted.exercises.iter().filter(|names| !names.iter().any(uses));
    let unused: Vec<&str> = unused.filter_map(|names| names.first()).map(String::as_str).collect();
    let mut findings = Vec::new();
    if checked < wanted.minimum {
        let why = count(checked, wanted.minimum, tests);
        findings.push(Finding::new("your tests check something").because(why));
    }
    findings.extend(wanted.shows.iter().filter_map(|means| not_shown(*means, wanted, &real, outcomes)));
    if !unused.is_empty() {
        let why = format!("no passing test with an assertion uses {}", backticked(&unused));
        findings.push(Finding::new("your tests cover everything that the day asks for").because(why));
    }
    let about = whole_files(tests.iter().map(|test| test.path));
    findings.into_iter().map(|finding| finding.about(about.clone())).collect()
}

/// Returns what a finding about all tests is about: the first few of their files.
pub fn whole_files<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<Definition> {
    paths.collect::<BTreeSet<_>>().into_iter().take(MOST_FILES).map(Definition::file).collect()
}

/// Returns what to say where no real test makes use of a means.
fn not_shown(means: Means, wanted: &Wanted, real: &[&Known<'_>], outcomes: &Outcomes<'_>) -> Option<Finding> {
    let uses = |word: &'static str| real.iter().filter(move |test| test.fact.means.contains(word));
    let cases = |test: &Known<'_>| outcomes.get(test.id.as_str()).map_or(0, Vec::len);
    let (is_shown, title, why) = match means {
        // What only one test needs is no common set-up.
        Means::Fixtures => (
            uses("fixtures").map(|test| cases(test)).sum::<usize>() > 1,
            "fixtures set up what several tests need",
            "no function under `@pytest.fixture` is used by two passing tests that assert something",
        ),
        Means::Parametrize => (
            uses("parametrize").any(|test| cases(test) > 1),
            "a test is parametrized",
            "no passing test that asserts something has `@pytest.mark.parametrize` and more than one case",
        ),
        Means::Mocks => (
            uses("mocks").next().is_some(),
            "a mock stands in for what the code depends on",
            "no passing test that asserts something uses `unittest.mock` (or the `mocker` of pytest-mock)",
        ),
        Means::Integration => (
            real.iter().any(|test| wanted.components.behind(&test.fact.uses).len() > 1),
            "a test is about several components together",
            "every passing test is about one of them at a time",
        ),
    };
    let known = wanted.components.names.iter().map(String::as_str).take(MOST_NAMED).collect::<Vec<_>>();
    let why = match means {
        Means::Integration if !known.is_empty() => format!("{why}: {}", backticked(&known)),
        _ => why.to_owned(),
    };
    (!is_shown).then(|| Finding::new(title).because(why))
}

/// Returns how many things a test checks. Some write many short tests, some a few long ones, some one with many cases: what
/// counts is assertions or cases that passed, whichever are more.
fn checked_by(test: &Known<'_>, outcomes: &Outcomes<'_>) -> usize {
    let seen = outcomes.get(test.id.as_str()).map(Vec::as_slice).unwrap_or_default();
    let passed = seen.iter().filter(|outcome| **outcome == "passed").count();
    if passed == 0 || !test.fact.is_real() { 0 } else { passed.max(test.fact.assertions) }
}

fn count(checked: usize, minimum: usize, tests: &[Known<'_>]) -> String {
    let things = match checked {
        0 => "nothing".to_owned(),
        1 => "1 thing".to_owned(),
        _ => format!("{checked} things"),
    };
    let mut text = format!(
        "your passing tests check {things} about your code (assertions, or cases of a parametrized test); at least {minimum} {} wanted",
        if minimum == 1 { "is" } else { "are" }
    );
    if let Some(hollow) = tests.iter().find(|test| !test.fact.is_real()) {
        let _ =
            write!(text, " (`{}` at {}:{} asserts nothing)", hollow.fact.name, hollow.path, hollow.fact.line);
    }
    text
}

fn backticked(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    const FACTS: &str = r#"{"files":{"day4/test_it.py":{"tests":[
        {"name":"test_real","line":3,"assertions":2,"uses":["timer"]},
        {"name":"test_hollow","line":9,"assertions":0,"uses":["retry"]}]}}}"#;
    const FILES: [&str; 1] = ["day4/test_it.py"];

    const PROJECT: &str = r#"{"components":["Account","AccountManager"],"functions":[
        {"name":"Account.deposit","line":2,"unchecked":false,"annotated":true,"uses":["amount"]},
        {"name":"AccountManager.open","line":7,"unchecked":false,"annotated":true,"uses":["Account","self"]},
        {"name":"AccountManager.total","line":9,"unchecked":false,"annotated":true,"uses":["sum","self"]}]}"#;

    #[test]
    fn a_component_comes_into_play_by_its_name_or_by_a_method_that_uses_it() {
        let file: FileFacts = serde_json::from_str(PROJECT).unwrap();
        let components = Components::of(&[&file]);
        let several =
            |uses: &[&str]| components.behind(&uses.iter().map(ToString::to_string).collect()).len() > 1;
        assert!(several(&["Account", "AccountManager"]));
        assert!(several(&["AccountManager", "open"]));
        assert!(!several(&["AccountManager", "total"]));
        assert!(!several(&["Account", "deposit"]));
    }

    fn ran(report: &str, exit: Exit) -> Ran<'_> {
        Ran { exit, report: report.as_bytes(), output: Captured::default() }
    }

    fn judged(report: &str, exit: Exit, exercises: &[&str]) -> Outcome {
        judged_with(1, report, exit, exercises)
    }

    fn judged_with(minimum: usize, report: &str, exit: Exit, exercises: &[&str]) -> Outcome {
        let exercises = exercises.iter().map(|name| vec![(*name).to_owned()]).collect();
        let wanted = Wanted { exercises, minimum, shows: Vec::new(), components: Components::default() };
        judge(&wanted, &facts(), &FILES, "day4", Some(&ran(report, exit)))
    }

    fn facts() -> Facts {
        Facts::parse(FACTS.as_bytes()).unwrap()
    }

    fn line(name: &str, outcome: &str) -> String {
        format!(
            r#"{{"kind":"test","id":"day4/test_it.py::{name}","outcome":"{outcome}","path":"day4/test_it.py","line":3}}"#
        ) + "\n"
    }

    const DONE: &str = r#"{"kind":"done","code":0}"#;

    #[test]
    fn a_passing_real_test_that_uses_what_is_asked_for_is_enough() {
        let report = line("test_real[1]", "passed") + &line("test_hollow", "passed") + DONE;
        assert_eq!(judged(&report, Exit::Code(0), &["timer"]), Outcome::Passed);
    }

    #[test]
    fn a_test_that_asserts_nothing_covers_nothing() {
        let report = line("test_real", "passed") + &line("test_hollow", "passed") + DONE;
        assert!(matches!(judged(&report, Exit::Code(0), &["retry"]), Outcome::Failed(_)));
    }

    #[test]
    fn one_long_test_counts_with_all_its_assertions() {
        let report = line("test_real", "passed") + &line("test_hollow", "passed") + DONE;
        assert_eq!(judged_with(2, &report, Exit::Code(0), &[]), Outcome::Passed);
        let Outcome::Failed(findings) = judged_with(3, &report, Exit::Code(0), &[]) else { panic!() };
        let message = findings.first().message.as_ref().unwrap();
        let wanted = Captured::new(
            "your passing tests check 2 things about your code (assertions, or cases of a parametrized test); \
             at least 3 are wanted (`test_hollow` at day4/test_it.py:9 asserts nothing)",
        );
        assert_eq!(*message, wanted);
    }

    #[test]
    fn every_case_of_a_parametrized_test_counts() {
        let cases = ["1", "2", "3"].map(|case| line(&format!("test_real[{case}]"), "passed"));
        let report = cases.concat() + &line("test_hollow", "passed") + DONE;
        assert_eq!(judged_with(3, &report, Exit::Code(0), &[]), Outcome::Passed);
        assert!(matches!(judged_with(4, &report, Exit::Code(0), &[]), Outcome::Failed(_)));
    }

    #[test]
    fn a_process_that_ends_early_with_code_0_has_not_passed() {
        assert!(matches!(judged("", Exit::Code(0), &[]), Outcome::Failed(_)));
        assert!(matches!(judged(&line("test_hollow", "passed"), Exit::Code(0), &[]), Outcome::Failed(_)));
    }

    #[test]
    fn a_real_test_that_is_skipped_does_not_count() {
        let report = line("test_real", "skipped") + &line("test_hollow", "passed") + DONE;
        assert!(matches!(judged(&report, Exit::Code(0), &[]), Outcome::Failed(_)));
    }

    #[test]
    fn a_failing_test_is_shown_with_its_place() {
        let Outcome::Failed(findings) = judged(&line("test_real", "failed"), Exit::Code(1), &[]) else {
            panic!()
        };
        assert_eq!(findings.first().place, Some(Place::line("day4/test_it.py", 3)));
    }

    fn all_passed_in(report: &str, exit: Exit) -> bool {
        all_passed(&facts(), &FILES, &ran(report, exit))
    }

    #[test]
    fn tests_that_all_pass_and_check_too_little_have_all_passed() {
        let report = line("test_real", "passed") + &line("test_hollow", "passed") + DONE;
        assert!(matches!(judged(&report, Exit::Code(0), &["retry"]), Outcome::Failed(_)));
        assert!(all_passed_in(&report, Exit::Code(0)));
    }

    #[test]
    fn tests_have_not_all_passed_where_anything_else_came_of_one_or_of_the_run() {
        for outcome in ["failed", "error", "skipped", "xfailed", "xpassed"] {
            // One case of many is enough.
            let tests = line("test_real[1]", "passed") + &line("test_real[2]", outcome);
            let report = tests + &line("test_hollow", "passed") + DONE;
            assert!(!all_passed_in(&report, Exit::Code(0)), "{outcome}");
        }
        let (real, hollow) = (line("test_real", "passed"), line("test_hollow", "passed"));
        let unreadable = r#"{"kind":"collection","path":"day4/test_it.py","message":"","frames":[]}"#;
        for (report, exit) in [
            (real.clone() + DONE, Exit::Code(0)),
            (format!("{real}{hollow}"), Exit::Code(0)),
            (format!("{real}{hollow}{DONE}"), Exit::Code(3)),
            (format!("{real}{hollow}{{\"kind\":\"done\",\"code\":1}}"), Exit::Code(0)),
            (format!("{real}{hollow}{unreadable}\n{DONE}"), Exit::Code(0)),
        ] {
            assert!(!all_passed_in(&report, exit), "{report}{exit:?}");
        }
    }
}
