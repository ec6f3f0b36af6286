//! What a trick is made of, and how it is tried.
//!
//! Paths are below the repository's root; `@/` stands for the day's folder, and `@@` for the day's module. Nothing is laid over the
//! reference solution but what the trick holds: where the tampering itself would break any honest program, it is there
//! defined and not called, or another text stands in its place.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::by_hand::{self, Tool};
use crate::place::{Place, copy};

/// A way to get a pass without the work.
pub struct Trick {
    /// What it does, as a sentence.
    pub name: &'static str,
    day: u16,
    /// The requirements that the hollow submission does not fulfil and that the trick is after.
    at_stake: &'static [&'static str],
    /// What is laid over both submissions.
    both: Vec<Piece>,
    /// What is laid over the hollow one only.
    hollow: Vec<Piece>,
    /// What is laid over the reference solution only.
    harmless: Vec<Piece>,
    /// Python that the module begins to hold, for `shown_by`.
    definitions: &'static str,
    proof: Proof,
}

/// Something that is laid over a submission.
enum Piece {
    File(&'static str, &'static str),
    Append(String),
    Replace(&'static str, &'static str, &'static str),
    Link(&'static str, &'static str),
    /// The reference solution's module as bytecode that Python does not compare with its source.
    Bytecode,
}

/// What shows that a trick is real.
enum Proof {
    /// Python that ends with 0 when the lie works in its own process, after the trick's definitions.
    Lie(&'static str),
    /// The same in the hollow day's folder, with that folder on the path from the start.
    InFolder(&'static str),
    /// A tool that, run by hand in the hollow day's folder, sees nothing wrong.
    Fools(Tool),
    /// No program but `grade` reads what is forged.
    OnlyGradeReadsIt,
}

impl Trick {
    /// Returns a trick that is not shown to be real yet.
    pub fn new(day: u16, name: &'static str, at_stake: &'static [&'static str]) -> Self {
        let (both, hollow, harmless) = (Vec::new(), Vec::new(), Vec::new());
        Self { name, day, at_stake, both, hollow, harmless, definitions: "", proof: Proof::OnlyGradeReadsIt }
    }

    /// Puts definitions at the end of the module of both submissions.
    pub fn defines(mut self, python: &'static str) -> Self {
        self.both.push(Piece::Append(python.to_owned()));
        self.definitions = python;
        self
    }

    /// Puts at the end of the hollow module what uses the definitions.
    pub fn arms(mut self, python: &'static str) -> Self {
        self.hollow.push(Piece::Append(python.to_owned()));
        self
    }

    /// Puts at the end of both modules what uses the definitions: honest work is not hurt by it.
    pub fn arms_both(mut self, python: impl Into<String>) -> Self {
        self.both.push(Piece::Append(python.into()));
        self
    }

    /// Writes a file into both submissions.
    pub fn file(mut self, path: &'static str, text: &'static str) -> Self {
        self.both.push(Piece::File(path, text));
        self
    }

    /// Writes a file into the hollow submission.
    pub fn hollow_file(mut self, path: &'static str, text: &'static str) -> Self {
        self.hollow.push(Piece::File(path, text));
        self
    }

    /// Writes a file into the reference solution.
    pub fn harmless_file(mut self, path: &'static str, text: &'static str) -> Self {
        self.harmless.push(Piece::File(path, text));
        self
    }

    /// Replaces a text in a file of the hollow submission.
    pub fn replaces(mut self, path: &'static str, old: &'static str, new: &'static str) -> Self {
        self.hollow.push(Piece::Replace(path, old, new));
        self
    }

    /// Puts something at the end of the reference solution's module.
    pub fn harmless(mut self, python: &'static str) -> Self {
        self.harmless.push(Piece::Append(python.to_owned()));
        self
    }

    /// Puts a link into both submissions.
    pub fn link(mut self, path: &'static str, to: &'static str) -> Self {
        self.both.push(Piece::Link(path, to));
        self
    }

    /// Puts a link in place of a file of the hollow submission.
    pub fn hollow_link(mut self, path: &'static str, to: &'static str) -> Self {
        self.hollow.push(Piece::Link(path, to));
        self
    }

    /// Plants bytecode of the reference solution in both submissions.
    pub fn bytecode(mut self) -> Self {
        self.both.push(Piece::Bytecode);
        self
    }

    /// Says which Python ends well, after the definitions, because the lie works.
    pub fn shown_by(mut self, python: &'static str) -> Self {
        self.proof = Proof::Lie(python);
        self
    }

    /// Says which Python ends well in the day's folder because the trick works.
    pub fn shown_in_folder(mut self, python: &'static str) -> Self {
        self.proof = Proof::InFolder(python);
        self
    }

    /// Says which tool is fooled when it is run by hand.
    pub fn fools(mut self, tool: Tool) -> Self {
        self.proof = Proof::Fools(tool);
        self
    }

    /// Tries the trick. Returns a text for everything that is not as it must be.
    pub fn what_is_wrong(&self) -> Vec<String> {
        let hollow = self.lay(hollow(self.day), &self.hollow);
        let harmless = self.lay(reference(self.day), &self.harmless);
        // The proof comes last: what it leaves behind in the folder is not what is graded.
        let wrong = [self.graded(&hollow, false), self.graded(&harmless, true), self.is_no_trick(&hollow)];
        wrong.into_iter().flatten().map(|why| format!("day {}, {}: {why}", self.day, self.name)).collect()
    }

    fn lay(&self, place: Place, own: &[Piece]) -> Place {
        self.both.iter().chain(own).for_each(|piece| piece.lay(&place, self.day));
        place
    }

    /// Grades what is at stake. Returns what is wrong about the report.
    fn graded(&self, place: &Place, is_correct: bool) -> Option<String> {
        let targets: Vec<String> =
            self.at_stake.iter().map(|slug| format!("day{}.{slug}", self.day)).collect();
        let ran = place.finish(&mut place.bare(&format!("{} --format json --no-cache", targets.join(" "))));
        let seen: Vec<(String, String)> = statuses(&ran.raw);
        let fits = |status: &str| {
            if is_correct { status == "passed" } else { status == "failed" || status == "blocked" }
        };
        let right = seen.len() == targets.len()
            && seen.iter().all(|(_, status)| fits(status))
            && ran.code == i32::from(!is_correct);
        let which = if is_correct { "the correct solution" } else { "the hollow submission" };
        (!right).then(|| {
            format!("{which}: exit code {}, {seen:?}\n{}{}", ran.code, details(&ran.raw), ran.stderr)
        })
    }

    /// Returns why this is no trick at all.
    fn is_no_trick(&self, hollow: &Place) -> Option<String> {
        let ran = match &self.proof {
            Proof::OnlyGradeReadsIt => return None,
            Proof::Lie(python) => by_hand::python(&format!("{}\n{python}", self.definitions)),
            Proof::InFolder(python) => by_hand::in_folder(hollow, self.day, python),
            Proof::Fools(tool) => by_hand::run(hollow, self.day, *tool),
        };
        (!ran.status.success()).then(|| format!("it fools nobody\n{}", by_hand::said(&ran)))
    }
}

impl Piece {
    fn lay(&self, place: &Place, day: u16) {
        let full = |path: &str| place.repo().join(below(day, path));
        match self {
            Self::File(path, text) => place.write(&below(day, path), text),
            Self::Append(python) => {
                let path = full("@@");
                fs::write(&path, fs::read_to_string(&path).unwrap() + "\n\n" + python).unwrap();
            }
            Self::Replace(path, old, new) => crate::place::edit(&full(path), old, new),
            Self::Link(path, to) => {
                let path = full(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                // There is nothing to remove where the link takes nobody's place.
                let _ = fs::remove_file(&path);
                symlink(to.replace("REFERENCE", solution(day).to_str().unwrap()), path).unwrap();
            }
            Self::Bytecode => {
                let ran = by_hand::compile(&solution(day).join(below(day, "@@")), &full("@@"));
                assert!(ran.status.success(), "{}", by_hand::said(&ran));
            }
        }
    }
}

/// Returns a path below the repository's root.
fn below(day: u16, path: &str) -> String {
    match path.strip_prefix("@/") {
        Some(rest) => format!("week1/day{day}/{rest}"),
        None if path == "@@" => format!("week1/day{day}/{}", module(day)),
        None => path.to_owned(),
    }
}

/// Returns the file that the day is about.
pub fn module(day: u16) -> &'static str {
    match day {
        2 => "datastructures.py",
        4 => "decorators.py",
        _ => "banking.py",
    }
}

fn solution(day: u16) -> PathBuf {
    let folder = match day {
        2 => "day02-data-structures",
        4 => "day04-decorators",
        _ => "day05-banking",
    };
    let exercises = Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises/python-23");
    exercises.join(folder).join("solutions/conventional")
}

/// Returns a place with the reference solution of a day.
fn reference(day: u16) -> Place {
    let place = Place::new();
    copy(&solution(day), &place.repo());
    place
}

/// Returns a place with a submission that fails a hidden suite, its own tests, mypy and ruff.
pub fn hollow(day: u16) -> Place {
    let place = reference(day);
    let module = place.repo().join(below(day, "@@"));
    let faults: &[(&str, &str)] = match day {
        2 => &[("return self._items.pop()", "return self._items.pop(0)")],
        4 => &[("if key not in cache:", "if key:"), ("time.sleep(delay)", "pass")],
        _ => &[("self._balance += amount", "self._balance += 2 * amount")],
    };
    for (old, new) in faults {
        crate::place::edit(&module, old, new);
    }
    fs::write(&module, fs::read_to_string(&module).unwrap() + MISTAKES).unwrap();
    place
}

/// A mistake for ruff and one for mypy.
const MISTAKES: &str = r#"

def limit() -> int:
    import os
    return "many"
"#;

/// Returns what became of each requirement of a report; nothing where there is no report.
fn statuses(json: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    requirements(json).iter().map(|one| (text(&one["id"]), text(&one["outcome"]["status"]))).collect()
}

fn requirements(json: &str) -> Vec<Value> {
    let report: Value = serde_json::from_str(json).unwrap_or_default();
    let days = report["days"].as_array().cloned().unwrap_or_default();
    days.iter().flat_map(|day| day["requirements"].as_array().cloned().unwrap_or_default()).collect()
}

/// Returns the outcomes of a report, for whoever reads why a test failed.
fn details(json: &str) -> String {
    requirements(json).iter().map(|one| format!("{} {}\n", one["id"], shortened(&one["outcome"]))).collect()
}

/// Cuts the middle out: what is wrong stands at the end of a traceback.
fn shortened(outcome: &Value) -> String {
    let text: Vec<char> = outcome.to_string().chars().collect();
    let (first, last) = (text.len().min(200), text.len().saturating_sub(800).max(text.len().min(200)));
    format!("{}…{}", text[..first].iter().collect::<String>(), text[last..].iter().collect::<String>())
}
