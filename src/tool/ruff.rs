//! ruff: our rules, no configuration but ours, all days in one call.

use std::path::Path;

use serde::Deserialize;

use super::facts::Facts;
use super::{SUBMISSION, below, plain};
use crate::command::CommandSpec;
use crate::finding::{Captured, Finding, Findings, Place};
use crate::outcome::{Exit, Fault, Outcome};
use crate::toolchain::Toolchain;

/// The rules: what was ruff's default set when the plan was written (E4, E7, E9 and F find mistakes, not matters of taste), and
/// blanket excuses. Named one by one because newer versions of ruff have other defaults.
/// <https://docs.astral.sh/ruff/rules/>
pub const RULES: &str = "E4,E7,E9,F,PGH004";

/// Returns the call for these files (paths below the root).
pub fn command<'a>(toolchain: &Toolchain, files: impl IntoIterator<Item = &'a str>) -> CommandSpec {
    plain(&toolchain.ruff, SUBMISSION)
        .args(["check", "--isolated", "--no-cache", "--quiet", "--output-format", "json", "--select", RULES])
        .arg("--")
        .args(files)
}

/// One complaint as ruff writes it: <https://docs.astral.sh/ruff/settings/#output-format>.
#[derive(Debug, Deserialize)]
struct Complaint {
    code: Option<String>,
    message: String,
    filename: String,
    location: Location,
}

#[derive(Debug, Deserialize)]
struct Location {
    row: u32,
    column: u32,
}

/// Reads ruff's report. `root` is where the submission was for ruff.
///
/// # Errors
///
/// When ruff did not come to an end of its own or contradicts itself, which is ours.
pub fn parse(exit: Exit, stdout: &[u8], stderr: &[u8], root: &Path) -> Result<Vec<Finding>, Fault> {
    let fault = || {
        let said = String::from_utf8_lossy(stderr).trim().to_owned();
        Fault::new(format!("ruff {}", exit.in_words())).because(said)
    };
    if !matches!(exit, Exit::Code(0 | 1)) {
        return Err(fault());
    }
    let complaints: Vec<Complaint> = serde_json::from_slice(stdout)
        .map_err(|error| Fault::from_error("failed to read ruff's report", &error))?;
    // <https://docs.astral.sh/ruff/linter/#exit-codes>: 1 says that there are complaints.
    if complaints.is_empty() && !exit.is_success() {
        return Err(fault().because("it names no complaint"));
    }
    Ok(complaints.into_iter().map(|complaint| complaint.into_finding(root)).collect())
}

impl Complaint {
    fn into_finding(self, root: &Path) -> Finding {
        let place = Place {
            path: Captured::new(below(root, &self.filename)),
            line: Some(self.location.row),
            column: Some(self.location.column),
        };
        let finding = Finding::new("ruff has no complaints").because(Captured::new(self.message)).at(place);
        Finding { rule: self.code, ..finding }
    }
}

/// Judges one day: its files are `files`, ruff's findings may be of other days too.
pub fn judge<'a>(findings: &[Finding], facts: &Facts, files: impl IntoIterator<Item = &'a str>) -> Outcome {
    let mut own = Vec::new();
    for path in files {
        let here = |finding: &&Finding| finding.place.as_ref().is_some_and(|place| place.path.raw() == path);
        own.extend(findings.iter().filter(here).cloned());
        own.extend(excuses(facts, path));
    }
    Findings::from_vec(own).map_or(Outcome::Passed, Outcome::Failed)
}

fn excuses<'a>(facts: &'a Facts, path: &'a str) -> impl Iterator<Item = Finding> + 'a {
    let lines = facts.of(path).into_iter().flat_map(|facts| facts.excuses.lint.iter());
    lines.map(move |line| {
        Finding::new("no comment excuses code from every rule").because(BLANKET).at(Place::line(path, *line))
    })
}

const BLANKET: &str =
    "a blanket `noqa` hides every complaint; name the rule, as in `# noqa: F401`, or mend the line";

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = r#"[{"code":"F401","message":"`os` imported but unused",
        "filename":"/submission/week1/day4/main.py","location":{"row":3,"column":8}}]"#;

    #[test]
    fn a_complaint_belongs_to_the_day_whose_file_it_is_about() {
        let findings = parse(Exit::Code(1), REPORT.as_bytes(), b"", Path::new(SUBMISSION)).unwrap();
        let judged = |path| judge(&findings, &Facts::default(), [path]);
        assert!(matches!(judged("week1/day4/main.py"), Outcome::Failed(_)));
        assert_eq!(judged("week1/day5/main.py"), Outcome::Passed);
    }

    #[test]
    fn a_ruff_that_dies_is_ours() {
        assert!(parse(Exit::Signal(11), b"[]", b"", Path::new(SUBMISSION)).is_err());
        assert!(parse(Exit::Code(2), b"", b"error: bad option", Path::new(SUBMISSION)).is_err());
        assert!(parse(Exit::Code(0), b"not json", b"", Path::new(SUBMISSION)).is_err());
    }

    #[test]
    fn a_ruff_that_says_there_are_complaints_and_names_none_is_ours() {
        assert!(parse(Exit::Code(1), b"[]", b"", Path::new(SUBMISSION)).is_err());
        assert!(
            parse(Exit::Code(0), b"[]", b"", Path::new(SUBMISSION)).is_ok_and(|findings| findings.is_empty())
        );
    }
}
