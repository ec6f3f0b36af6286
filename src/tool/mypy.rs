//! mypy: one call for all days whose module names do not collide, against a copy of the primed cache.
//!
//! Files are named one by one, so a module is called as it is for the learner who runs mypy in the day's folder.
//! A layout in which one file goes by two names (`decorators` and `week1.day4.decorators`) makes mypy stop; such days are
//! tried again with every module named from the root. A file that is not Python stops mypy too, and is left out, because
//! the facts have already found it.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;

use super::facts::Facts;
use super::{SUBMISSION, kit_command};
use crate::command::CommandSpec;
use crate::finding::{Captured, Finding, Findings, Place};
use crate::kit::{Entry, Kit};
use crate::outcome::{Exit, Fault, Outcome};
use crate::toolchain::{BASE_CONFIG, Toolchain, mypy_options};

/// How files become modules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// As mypy does by itself: from the nearest folder that is no package.
    Nearest,
    /// From the root of the submission.
    FromRoot,
}

/// Returns the call for these files (paths below the root).
pub fn command<'a>(
    toolchain: &Toolchain,
    kit: &Kit,
    config: &Path,
    cache: &Path,
    naming: Naming,
    files: impl IntoIterator<Item = &'a str>,
) -> CommandSpec {
    let naming: &[&str] = match naming {
        Naming::Nearest => &[],
        Naming::FromRoot => &["--explicit-package-bases", "--namespace-packages"],
    };
    kit_command(toolchain, kit, Entry::Mypy, SUBMISSION)
        .args(mypy_options(config, cache))
        .args(naming)
        .arg("--")
        .args(files)
}

/// Returns the configuration in which these files (paths below a day's folder) may have no untyped function.
pub fn config<'a>(annotated: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = BASE_CONFIG.to_owned();
    for path in annotated {
        let stem = path.strip_suffix(".py").unwrap_or(path);
        let module = stem.strip_suffix("/__init__").unwrap_or(stem).replace('/', ".");
        // With and without the folders above, whichever way the module comes to be named.
        let _ = write!(text, "[mypy-{module},*.{module}]\n{ANNOTATED}");
    }
    text
}

const ANNOTATED: &str = "disallow_untyped_defs = True\ndisallow_incomplete_defs = True\n";

/// One message as mypy writes it with `--output json`.
#[derive(Debug, Deserialize)]
struct Message {
    file: String,
    line: i64,
    column: i64,
    message: String,
    #[serde(default)]
    hint: Option<String>,
    code: Option<String>,
    severity: String,
}

/// What a call of mypy came to.
#[derive(Debug)]
pub enum Checked {
    /// It looked at every file.
    Whole(Vec<Finding>),
    /// It stopped before that, for this reason.
    Stopped(String),
}

/// Reads mypy's report.
///
/// # Errors
///
/// When mypy did not come to an end of its own or talks nonsense, which is ours.
pub fn parse(exit: Exit, stdout: &[u8], stderr: &[u8]) -> Result<Checked, Fault> {
    let text = String::from_utf8_lossy(stdout);
    let fault = || {
        Fault::new(format!("mypy {}", exit.in_words()))
            .because(tail(&text))
            .because(tail(&String::from_utf8_lossy(stderr)))
    };
    match exit {
        Exit::Code(code @ (0 | 1)) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let messages: Result<Vec<Message>, _> = lines.map(serde_json::from_str).collect();
            // Python's own code for a program that it cannot start or that raises is 1 too; mypy's comes with a message.
            let messages = messages.ok().filter(|messages| code == 0 || !messages.is_empty());
            let messages = messages.ok_or_else(fault)?;
            Ok(Checked::Whole(messages.into_iter().filter_map(Message::into_finding).collect()))
        }
        Exit::Code(2) => Ok(Checked::Stopped(tail(&format!("{text}{}", String::from_utf8_lossy(stderr))))),
        _ => Err(fault()),
    }
}

fn tail(text: &str) -> String {
    let lines: Vec<&str> = text.trim().lines().rev().take(5).collect();
    lines.into_iter().rev().collect::<Vec<_>>().join("\n")
}

impl Message {
    fn into_finding(self) -> Option<Finding> {
        if self.severity != "error" {
            return None;
        }
        let place = Place {
            path: Captured::new(self.file.as_str()),
            line: u32::try_from(self.line).ok().filter(|line| *line > 0),
            // mypy's JSON counts columns from 0, and writes -1 for none.
            column: u32::try_from(self.column).ok().and_then(|column| column.checked_add(1)),
        };
        let hint =
            self.hint.filter(|hint| !hint.is_empty()).map(|hint| format!(" ({hint})")).unwrap_or_default();
        let finding =
            Finding::new("mypy finds no errors").because(Captured::new(self.message + &hint)).at(place);
        Some(Finding { rule: self.code, ..finding })
    }
}

/// Returns whether mypy stopped because of how the learner's folders are named, which it says and which stops it by hand too.
pub fn is_about_the_layout(reason: &str) -> bool {
    reason.contains("is not a valid Python package name")
}

/// Judges one day: its files are `files`, of which `annotated` must hold functions; mypy's findings may be of other days too.
pub fn judge<'a>(
    findings: &[Finding],
    facts: &Facts,
    files: impl IntoIterator<Item = &'a str>,
    annotated: &[String],
) -> Outcome {
    let files: Vec<&str> = files.into_iter().collect();
    let paths: BTreeSet<&str> = files.iter().copied().collect();
    let here =
        |finding: &&Finding| finding.place.as_ref().is_some_and(|place| paths.contains(place.path.raw()));
    let mut own: Vec<Finding> = facts.unreadable(files.iter().copied());
    own.extend(findings.iter().filter(here).cloned());
    own.extend(files.iter().flat_map(|path| excuses(facts, path)));
    own.extend(annotated.iter().filter_map(|path| without_functions(facts, path)));
    let unseen: Vec<Finding> = annotated
        .iter()
        .flat_map(|path| without_hints(facts, path))
        .filter(|one| !is_known(&own, one))
        .collect();
    own.extend(unseen);
    Findings::from_vec(own).map_or(Outcome::Passed, Outcome::Failed)
}

/// Finds functions without hints that mypy does not see: in code that it takes for unreachable, or with an excuse.
fn without_hints<'a>(facts: &'a Facts, path: &'a str) -> impl Iterator<Item = Finding> + 'a {
    let functions = facts.of(path).into_iter().flat_map(|facts| facts.functions.iter());
    functions.filter(|function| !function.annotated).map(move |function| {
        Finding::new("every function has type hints")
            .because(format!("`{}` has none, or not for everything that it takes and returns", function.name))
            .at(Place::line(path, function.line))
    })
}

/// Returns whether something is known already of the same line.
fn is_known(findings: &[Finding], one: &Finding) -> bool {
    let line =
        |finding: &Finding| finding.place.as_ref().map(|place| (place.path.raw().to_owned(), place.line));
    findings.iter().any(|known| line(known) == line(one))
}

/// Finds a file that is to be annotated and has nothing to annotate: where no function stands, mypy has no complaint.
fn without_functions(facts: &Facts, path: &str) -> Option<Finding> {
    let why = match facts.of(path) {
        None => "there is no such file",
        Some(facts) if facts.error.is_none() && facts.functions.is_empty() => "no function stands in it",
        Some(_) => return None,
    };
    Some(Finding::new("there are functions with type hints").because(why).at(Place::file(path)))
}

fn excuses<'a>(facts: &'a Facts, path: &'a str) -> impl Iterator<Item = Finding> + 'a {
    let facts = facts.of(path);
    let comments =
        facts.into_iter().flat_map(|facts| facts.excuses.types.iter()).map(|line| (*line, BLANKET));
    let functions =
        facts.into_iter().flat_map(|facts| facts.functions.iter().filter(|function| function.unchecked));
    comments.chain(functions.map(|function| (function.line, UNCHECKED))).map(move |(line, why)| {
        Finding::new("nothing is excused from type checking as a whole")
            .because(why)
            .at(Place::line(path, line))
    })
}

const BLANKET: &str =
    "this comment hides every type error; name the error, as in `# type: ignore[arg-type]`, or mend the line";
const UNCHECKED: &str = "`no_type_check` hides every type error of this function";

#[cfg(test)]
mod tests {
    use super::*;

    const ERROR: &str = r#"{"file": "week1/day5/banking.py", "line": 4, "column": 0, "message": "Function is missing a type annotation", "hint": null, "code": "no-untyped-def", "severity": "error"}"#;

    #[test]
    fn an_error_is_placed_where_an_editor_counts_it() {
        let Checked::Whole(findings) = parse(Exit::Code(1), ERROR.as_bytes(), b"").unwrap() else { panic!() };
        let place = findings[0].place.as_ref().unwrap();
        assert_eq!((place.line, place.column), (Some(4), Some(1)));
        assert_eq!(findings[0].rule.as_deref(), Some("no-untyped-def"));
    }

    #[test]
    fn a_file_without_a_function_has_no_annotated_ones() {
        let facts = |functions| {
            let text = format!(r#"{{"files":{{"day5/banking.py":{{"functions":[{functions}]}}}}}}"#);
            Facts::parse(text.as_bytes()).unwrap()
        };
        let judged = |facts: &Facts| judge(&[], facts, ["day5/banking.py"], &["day5/banking.py".to_owned()]);
        let one = r#"{"name":"deposit","line":3,"unchecked":false,"annotated":true}"#;
        assert_eq!(judged(&facts(one)), Outcome::Passed);
        assert!(matches!(judged(&facts("")), Outcome::Failed(_)));
        assert!(matches!(judged(&Facts::default()), Outcome::Failed(_)));
    }

    #[test]
    fn a_stop_is_the_learners_only_where_mypy_names_their_folder() {
        assert!(is_about_the_layout("day-4 contains __init__.py but is not a valid Python package name"));
        assert!(!is_about_the_layout("error: INTERNAL ERROR -- Please try using mypy master on GitHub"));
    }

    #[test]
    fn a_mypy_that_crashes_is_ours() {
        assert!(parse(Exit::Signal(11), b"", b"").is_err());
        assert!(parse(Exit::Code(1), b"Traceback (most recent call last)", b"").is_err());
    }

    #[test]
    fn a_mypy_that_python_cannot_run_is_ours_and_not_a_pass() {
        assert!(parse(Exit::Code(1), b"", b"No module named mypy").is_err());
        let note = ERROR.replace(r#""severity": "error""#, r#""severity": "note""#);
        assert!(
            matches!(parse(Exit::Code(1), note.as_bytes(), b""), Ok(Checked::Whole(findings)) if findings.is_empty())
        );
    }

    #[test]
    fn a_column_beyond_all_columns_is_none() {
        for column in [i64::MAX, i64::from(u32::MAX), -1, i64::MIN] {
            let error = ERROR.replace(r#""column": 0"#, &format!(r#""column": {column}"#));
            let Checked::Whole(findings) = parse(Exit::Code(1), error.as_bytes(), b"").unwrap() else {
                panic!()
            };
            assert_eq!(findings[0].place.as_ref().unwrap().column, None);
        }
    }

    #[test]
    fn the_annotated_module_is_named_with_and_without_its_folders() {
        assert!(config(["banking.py"]).contains("[mypy-banking,*.banking]\ndisallow_untyped_defs"));
        assert!(config(["plugins/__init__.py"]).contains("[mypy-plugins,*.plugins]"));
    }
}
