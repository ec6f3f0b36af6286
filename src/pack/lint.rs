//! Finds what is allowed but unfinished in a pack, without running anything: what `grade pack check` says
//! first.
//!
//! A pack with complaints can be read and graded with; it is only not yet proven. One day that cannot be read
//! is a complaint too, and the other days are still looked at.

use super::FEEDBACK;
use super::course::Course;
use super::day::Day;
use super::equivalent::EQUIVALENT_TOML;
use super::error::PackError;
use super::expected::ExpectedTests;
use super::requirement::Check;
use super::source::{Entry, joined};
use super::wrong::{Wrong, WrongGit};

/// One thing that is unfinished in a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackComplaint {
    /// The file or folder, as it is to be shown.
    pub file: String,
    /// The line, counted from 1, where there is one.
    pub line: Option<u32>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// What to do about it, where that is not plain.
    pub hint: Option<String>,
}

impl From<&PackError> for PackComplaint {
    fn from(error: &PackError) -> Self {
        let hint = error.hint().map(ToOwned::to_owned);
        match error {
            PackError::Read { file, source } => Self {
                file: file.clone(),
                line: source.position.map(|position| position.line),
                message: source.kind.to_string(),
                hint,
            },
            other => Self { file: String::new(), line: None, message: other.to_string(), hint },
        }
    }
}

/// Returns everything that is unfinished in a course, day by day.
pub fn lint(course: &Course) -> Vec<PackComplaint> {
    let mut complaints = Vec::new();
    stray_in_course(course, &mut complaints);
    for id in course.days() {
        match course.day(id) {
            Ok(day) => complaints.extend(lint_day(&day)),
            Err(error) => complaints.push((&error).into()),
        }
    }
    complaints
}

/// Returns everything that is unfinished in one day.
pub fn lint_day(day: &Day) -> Vec<PackComplaint> {
    let mut lint = DayLint { day, complaints: Vec::new() };
    lint.stray_files();
    lint.requirements();
    lint.bullets();
    lint.expected_tests();
    lint.probes();
    lint.starter();
    lint.guide();
    lint.solutions();
    lint.wrong_solutions();
    lint.equivalent();
    lint.complaints
}

fn stray_in_course(course: &Course, complaints: &mut Vec<PackComplaint>) {
    let source = course.source();
    let entries = source.list("").unwrap_or_else(|error| {
        complaints.push((&error).into());
        Vec::new()
    });
    let is_known = |entry: &Entry| match entry.is_folder {
        true => entry.name.starts_with("day"),
        false => matches!(entry.name.as_str(), "course.toml" | "README.md"),
    };
    complaints.extend(entries.iter().filter(|entry| !is_known(entry)).map(|entry| PackComplaint {
        file: source.shown(&entry.name),
        line: None,
        message: "it is stray".to_owned(),
        hint: Some("a course holds `course.toml`, `README.md` and the folders of its days".to_owned()),
    }));
}

/// The complaints about one day, as they come in.
struct DayLint<'a> {
    day: &'a Day,
    complaints: Vec<PackComplaint>,
}

impl DayLint<'_> {
    fn complain(&mut self, path: &str, line: Option<u32>, message: impl Into<String>, hint: Option<&str>) {
        let file = self.day.source().shown(&joined(self.day.folder(), path));
        let hint = hint.map(ToOwned::to_owned);
        self.complaints.push(PackComplaint { file, line, message: message.into(), hint });
    }

    /// Returns the value, or complains about why there is none.
    fn had<T>(&mut self, result: Result<T, PackError>) -> Option<T> {
        result.map_err(|error| self.complaints.push((&error).into())).ok()
    }

    fn stray_files(&mut self) {
        self.stray_in("", is_part_of_a_day, STRAY_IN_DAY);
        self.stray_in("hidden", is_part_of_a_suite, STRAY_IN_HIDDEN);
        self.stray_in("solutions", |entry| entry.is_folder, STRAY_IN_SOLUTIONS);
        self.stray_in("wrong", |entry| entry.is_folder, STRAY_IN_SOLUTIONS);
    }

    fn stray_in(&mut self, folder: &str, belongs: impl Fn(&Entry) -> bool, hint: &str) {
        let listed = self.day.source().list(&joined(self.day.folder(), folder));
        for entry in self.had(listed).unwrap_or_default().iter().filter(|entry| !belongs(entry)) {
            self.complain(&joined(folder, &entry.name), None, "it is stray", Some(hint));
        }
    }

    /// Whether each is a mutant at all is found out when mutants are made.
    fn equivalent(&mut self) {
        let read = self.day.equivalent().map(drop);
        self.had(read);
    }

    fn requirements(&mut self) {
        let is_silent = |check: &Check, text: &str, slug| check.usual_text(slug).as_deref() == Some(text);
        for requirement in self.day.requirements() {
            let slug = &requirement.id.slug;
            if requirement.check == Check::ByHand && is_silent(&requirement.check, &requirement.text, slug) {
                let message = format!("`{slug}` is by hand and has no `text` that says what to do");
                self.complain("day.toml", None, message, None);
            }
            if requirement.hints.is_empty() {
                let message = format!("`{slug}` has no hint for whoever is stuck");
                self.complain("day.toml", None, message, Some(HINTS_HINT));
            }
        }
    }

    fn bullets(&mut self) {
        let day = self.day;
        let known = day.bullets.len();
        for requirement in day.requirements() {
            for bullet in requirement.bullets.iter().filter(|bullet| usize::from(**bullet) > known) {
                let slug = &requirement.id.slug;
                let message =
                    format!("`{slug}` covers bullet {bullet}, and `[bullets]` does not say what that is");
                self.complain("day.toml", None, message, Some(BULLETS_HINT));
            }
        }
        for bullet in 1..=known {
            let covers = |covered: &u16| usize::from(*covered) == bullet;
            if !day.requirements().iter().any(|requirement| requirement.bullets.iter().any(covers)) {
                let message =
                    format!("no requirement covers bullet {bullet}, \"{}\"", day.bullets[bullet - 1]);
                self.complain("day.toml", None, message, None);
            }
        }
    }

    fn expected_tests(&mut self) {
        let recorded = self.day.recorded();
        let expected: ExpectedTests = self.had(recorded).unwrap_or_default();
        for requirement in self.day.unrecorded(&expected) {
            let message = format!("no hidden test is recorded for `{}`", requirement.id.slug);
            self.complain("hidden/expected.toml", None, message, Some(super::day::RECORD_HINT));
        }
    }

    fn probes(&mut self) {
        let hidden = self.day.hidden();
        let Some(tree) = self.had(hidden) else { return };
        for (path, contents) in tree.files().filter(|(path, _)| path.as_str().ends_with(".py")) {
            for (line, name) in probes_without_docstring(&String::from_utf8_lossy(contents)) {
                let message = format!("the probe `{name}` has no docstring");
                self.complain(&format!("hidden/{path}"), Some(line), message, Some(PROBE_HINT));
            }
        }
    }

    fn starter(&mut self) {
        let starter = self.day.starter();
        if self.had(starter).is_some_and(|tree| tree.is_empty()) {
            self.complain("starter", None, "there is no starter", None);
        }
    }

    fn guide(&mut self) {
        let guide = self.day.guide();
        let Some(guide) = self.had(guide) else { return };
        let unmentioned = self.day.names.iter().filter(|(name, _)| {
            // A guide says `put` where the pack says `LRUCache.put` or `*.put`.
            !guide.contains(name.as_str().rsplit('.').next().unwrap_or_default())
        });
        for (name, _) in unmentioned {
            let message = format!("`{name}`, for which other names are accepted, is not mentioned");
            self.complain("guide.md", None, message, None);
        }
    }

    fn solutions(&mut self) {
        let found = self.day.solution_names().len();
        if found < FEWEST_SOLUTIONS {
            let message = format!("there are {found} solutions, and at least {FEWEST_SOLUTIONS} are wanted");
            self.complain("solutions", None, message, None);
        }
        let solutions = self.day.solutions();
        for solution in self.had(solutions).unwrap_or_default() {
            if solution.tree.is_empty() {
                self.complain(&format!("solutions/{}", solution.name), None, "it is empty", None);
            }
        }
    }

    fn wrong_solutions(&mut self) {
        let names = self.day.wrong_names();
        let names = self.had(names).unwrap_or_default();
        if names.len() < FEWEST_WRONG {
            let message =
                format!("there are {} wrong solutions, and at least {FEWEST_WRONG} are wanted", names.len());
            self.complain("wrong", None, message, None);
        }
        let read: Vec<_> = names.into_iter().map(|name| Wrong::read(self.day, name)).collect();
        let wrong: Vec<Wrong> = read.into_iter().filter_map(|wrong| self.had(wrong)).collect();
        wrong.iter().for_each(|wrong| self.wrong_solution(wrong));
        self.uncaught(&wrong);
    }

    fn wrong_solution(&mut self, wrong: &Wrong) {
        let (assembled, base) = (wrong.assemble(self.day), self.day.solution(&wrong.base));
        let Some(tree) = self.had(assembled) else { return };
        let is_base = base.is_ok_and(|base| base.tree == tree) && wrong.git == WrongGit::default();
        if is_base {
            let message = format!("it is the same as its base `{}`", wrong.base);
            self.complain(&format!("wrong/{}", wrong.name), None, message, None);
        }
    }

    fn uncaught(&mut self, wrong: &[Wrong]) {
        for requirement in
            self.day.requirements().iter().filter(|requirement| requirement.check.is_verifiable())
        {
            let slug = &requirement.id.slug;
            if !wrong.iter().any(|wrong| wrong.fails.contains(slug)) {
                let message = format!("no wrong solution fails `{slug}`, so nothing proves that it can fail");
                self.complain("wrong", None, message, None);
            }
        }
    }
}

fn is_part_of_a_day(entry: &Entry) -> bool {
    match entry.is_folder {
        true => matches!(entry.name.as_str(), "hidden" | "starter" | "solutions" | "wrong"),
        false => matches!(entry.name.as_str(), "day.toml" | "guide.md" | EQUIVALENT_TOML | FEEDBACK),
    }
}

fn is_part_of_a_suite(entry: &Entry) -> bool {
    !entry.is_folder && (entry.name.ends_with(".py") || entry.name == "expected.toml")
}

/// Returns the line and name of every function under `@probe` that does not begin with a docstring. It goes
/// by lines and brackets and does not parse Python, which is enough for suites that a formatter has been
/// over.
fn probes_without_docstring(source: &str) -> Vec<(u32, String)> {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let decorated = (0..lines.len()).filter(|&index| is_probe(lines[index]));
    let undocumented = decorated.filter_map(|index| {
        let def = (index + 1..lines.len()).find(|&index| function_name(lines[index]).is_some())?;
        let name = function_name(lines[def])?;
        (!has_docstring(&lines[def..])).then(|| (u32::try_from(def + 1).unwrap_or(u32::MAX), name.to_owned()))
    });
    undocumented.collect()
}

fn is_probe(line: &str) -> bool {
    let rest = line.strip_prefix("@probe");
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
}

fn function_name(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").map_or(line, str::trim_start);
    line.strip_prefix("def ")?.split('(').next().map(str::trim)
}

/// Returns whether the function that begins at the first line has a docstring after its signature.
fn has_docstring(lines: &[&str]) -> bool {
    let mut depth = 0;
    for (index, line) in lines.iter().enumerate() {
        depth += line.matches(['(', '[', '{']).count();
        depth = depth.saturating_sub(line.matches([')', ']', '}']).count());
        if depth == 0 {
            let first = lines[index + 1..].iter().find(|line| !line.is_empty() && !line.starts_with('#'));
            let first = first.map(|line| line.trim_start_matches(['r', 'R']));
            return line.split('#').next().unwrap_or(line).trim_end().ends_with(':')
                && first.is_some_and(|line| line.starts_with(['"', '\'']));
        }
    }
    false
}

/// A day with fewer correct solutions has not shown that it accepts more than its author's style.
const FEWEST_SOLUTIONS: usize = 3;
/// A day with fewer wrong solutions has not shown that it refuses anything.
const FEWEST_WRONG: usize = 6;

const STRAY_IN_DAY: &str = "a day holds `day.toml`, `guide.md`, perhaps `equivalent.toml` and `FEEDBACK.md`, and the folders `hidden`, `starter`, `solutions` and `wrong`";
const STRAY_IN_HIDDEN: &str = "a hidden suite holds Python files and `expected.toml`";
const STRAY_IN_SOLUTIONS: &str = "every solution has a folder of its own";
const BULLETS_HINT: &str = "`grade pack table` prints these words";
const HINTS_HINT: &str = "`hints` lists them, the vaguest first; `grade hint` shows one more each time";
const PROBE_HINT: &str = "its docstring is what a learner reads about what was run";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_probe_without_a_docstring_is_found_whatever_its_signature() {
        let source = "\
@probe
def bare(day):
    return 1

@probe(clock=\"real\")
@other
async def spread(
    day,
    limits=(1, 2),
) -> dict[str, int]:
    # a comment
    return {}

@probe
def one_line(day): return \"text\"
";
        let found = [(2, "bare".to_owned()), (7, "spread".to_owned()), (15, "one_line".to_owned())];
        assert_eq!(probes_without_docstring(source), found);
    }

    #[test]
    fn a_probe_with_a_docstring_and_a_function_that_is_no_probe_are_fine() {
        let source = "\
@probe
def plain(day):
    \"\"\"Puts 1.\"\"\"

@probe
def spread(
    day,
):  # why

    r'''Puts 2.'''

@probed
def other(day):
    return 1

def last(day):
    return 1
";
        assert_eq!(probes_without_docstring(source), []);
    }
}
