//! The files of a new repository, as texts.
//!
//! What they say of ruff and mypy is what the grader itself tells them (`tool::ruff`, `tool::mypy`), so that a learner's editor and
//! terminal say what `grade` says. The grader never reads them.

use std::fmt::Write as _;

use crate::pack::{Catalogue, Check, Course, PackError};
use crate::tool::ruff;

/// What the texts say of a course.
#[derive(Debug)]
pub struct Facts {
    title: String,
    name: String,
    /// Whether its name is enough to find it.
    is_known: bool,
    first_day: String,
    /// Where the second day lives: the first may be one of its own kind.
    example: Option<String>,
    /// What is ticked by hand: the day, and the names.
    by_hand: Vec<(String, Vec<String>)>,
    /// Modules that must be annotated throughout.
    annotated: Vec<String>,
    /// The day that asks for settings of pytest.
    asks_for_pytest: Option<String>,
}

impl Facts {
    /// Looks through a course.
    ///
    /// # Errors
    ///
    /// When a day cannot be read.
    pub fn of(course: &Course) -> Result<Self, PackError> {
        let mut facts = Self {
            title: course.title.clone(),
            name: course.name.to_string(),
            is_known: Catalogue::embedded().names().contains(&course.name.as_str()),
            first_day: course.days().next().map_or_else(|| "day1".to_owned(), |day| day.to_string()),
            example: example(course),
            by_hand: Vec::new(),
            annotated: Vec::new(),
            asks_for_pytest: None,
        };
        for id in course.days() {
            let day = course.day(id)?;
            let mut by_hand = Vec::new();
            for requirement in day.requirements() {
                match &requirement.check {
                    Check::ByHand => by_hand.push(requirement.id.slug.to_string()),
                    Check::PytestSettings => {
                        let _ = facts.asks_for_pytest.get_or_insert_with(|| id.to_string());
                    }
                    Check::Types { annotated } => {
                        facts.annotated.extend(annotated.iter().map(|file| module(file.as_str())));
                    }
                    _ => {}
                }
            }
            if !by_hand.is_empty() {
                facts.by_hand.push((id.to_string(), by_hand));
            }
        }
        Ok(facts)
    }
}

fn example(course: &Course) -> Option<String> {
    let day = course.days().nth(1).or_else(|| course.days().next())?;
    course.layout.folders(course.week_of(day)?.number, day).next()
}

fn module(file: &str) -> String {
    let stem = file.strip_suffix(".py").unwrap_or(file);
    stem.strip_suffix("/__init__").unwrap_or(stem).replace('/', ".")
}

/// What git ignores, with an example of each.
pub const IGNORED: [(&str, &str); 11] = [
    ("__pycache__/", "week1/day1/__pycache__/module.cpython-311.pyc"),
    ("*.py[cod]", "week1/day1/module.pyc"),
    (".venv/", ".venv/pyvenv.cfg"),
    ("venv/", "venv/pyvenv.cfg"),
    (".env", ".env"),
    (".pytest_cache/", ".pytest_cache/README.md"),
    (".mypy_cache/", ".mypy_cache/3.11/module.data.json"),
    (".ruff_cache/", ".ruff_cache/content"),
    (".coverage", ".coverage"),
    ("htmlcov/", "htmlcov/index.html"),
    ("*.egg-info/", "module.egg-info/PKG-INFO"),
];

/// What stands above patterns that are added.
pub const IGNORED_HEADING: &str = "# What Python and its tools leave behind\n";

/// Returns a new `.gitignore`.
pub fn gitignore() -> String {
    let pattern = |index: usize| IGNORED[index].0;
    format!(
        "# What Python leaves behind when it imports a module\n{}\n{}\n{}\n\n\
         # Environments: everybody makes their own\n{}\n{}\n\n\
         # Secrets\n{}\n\n\
         # What pytest, mypy, ruff and coverage remember\n{}\n{}\n{}\n{}\n{}\n",
        pattern(0),
        pattern(1),
        pattern(10),
        pattern(2),
        pattern(3),
        pattern(4),
        pattern(5),
        pattern(6),
        pattern(7),
        pattern(8),
        pattern(9),
    )
}

/// Returns a new `README.md`.
pub fn readme(facts: &Facts) -> String {
    let day = &facts.first_day;
    let place = facts.example.as_ref().map_or_else(String::new, |folder| format!(", such as `{folder}`"));
    format!(
        "# {}\n\n\
         My way through the course, day by day. Each day has a folder of its own{place}.\n\n\
         ```sh\n\
         grade list          # the days, and which of them I have started\n\
         grade start {day}    # lay out what a day begins with\n\
         grade show {day}     # what it asks for\n\
         grade {day}          # grade it\n\
         grade               # grade every day that I have started\n\
         grade hint {day}     # help with what is not fulfilled yet\n\
         ```\n",
        facts.title
    )
}

/// A tool with settings in `pyproject.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// ruff.
    Ruff,
    /// mypy.
    Mypy,
    /// pytest.
    Pytest,
}

/// The tools, in the order in which they stand in the file.
pub const TOOLS: [Tool; 3] = [Tool::Ruff, Tool::Mypy, Tool::Pytest];

impl Tool {
    /// Returns the name of its table.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ruff => "ruff",
            Self::Mypy => "mypy",
            Self::Pytest => "pytest",
        }
    }
}

/// Returns a new `pyproject.toml`.
pub fn pyproject(facts: &Facts) -> String {
    let mut text = HEAD.to_owned();
    text.extend(TOOLS.into_iter().filter_map(|tool| settings(tool, facts)));
    if let Some(day) = &facts.asks_for_pytest {
        let _ = write!(
            text,
            "\n# pytest needs no settings here. {day} asks for some of your own, in this file\n# or in `pytest.ini`.\n"
        );
    }
    text
}

/// Returns the tables of a tool, with an empty line before them, unless a day asks the learner to write them.
pub fn settings(tool: Tool, facts: &Facts) -> Option<String> {
    match tool {
        Tool::Ruff => {
            let rules: Vec<String> = ruff::RULES.split(',').map(|rule| format!("\"{rule}\"")).collect();
            Some(format!(
                "\n[tool.ruff.lint]\n# The rules of `grade`: they find mistakes, not matters of taste.\nselect = [{}]\n",
                rules.join(", ")
            ))
        }
        Tool::Mypy => Some(MYPY.to_owned() + &overrides(facts)),
        Tool::Pytest => facts.asks_for_pytest.is_none().then(|| PYTEST.to_owned()),
    }
}

/// Returns the table of the modules in which every function needs hints.
fn overrides(facts: &Facts) -> String {
    if facts.annotated.is_empty() {
        return String::new();
    }
    let names =
        facts.annotated.iter().flat_map(|module| [format!("\"{module}\""), format!("\"*.{module}\"")]);
    format!(
        "\n# Where a day asks for type hints on everything.\n[[tool.mypy.overrides]]\nmodule = [{}]\n\
         disallow_untyped_defs = true\ndisallow_incomplete_defs = true\n",
        names.collect::<Vec<_>>().join(", ")
    )
}

/// Returns a new `grade.toml`: everything that can be said, as remarks.
pub fn grade_toml(facts: &Facts) -> String {
    let course = format!("course = \"{}\"\n", facts.name);
    let course = if facts.is_known { course } else { format!("# {course}") };
    let mut ticks = String::new();
    for (day, names) in &facts.by_hand {
        let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
        let _ = writeln!(ticks, "# {day} = [{}]", names.join(", "));
    }
    let ticks = if ticks.is_empty() { "# day1 = [\"name-of-the-requirement\"]\n".to_owned() } else { ticks };
    format!("{GRADE_TOML_HEAD}{course}{GRADE_TOML_TICKS}{ticks}{GRADE_TOML_DAYS}")
}

/// Returns a new workflow. Without an action it installs the release that this program is of.
pub fn workflow(action: Option<&str>) -> String {
    let steps = match action {
        Some(action) => format!("      - uses: {action}\n"),
        None => WORKFLOW_STEPS.replace("VERSION", env!("CARGO_PKG_VERSION")),
    };
    format!("{WORKFLOW}{steps}")
}

/// No more of the history is needed than the newest commit: what is asked of git is what is in it, and in the index.
const WORKFLOW: &str = "\
# Written by `grade init`: grades on GitHub what is pushed. Change it as you like.
name: grade

on:
  push:
  pull_request:
  workflow_dispatch:

permissions:
  contents: read

concurrency:
  group: grade-${{ github.ref }}
  cancel-in-progress: true

jobs:
  grade:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
";

const WORKFLOW_STEPS: &str =
    "      - uses: actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0
        with:
          python-version: \"3.13\"
      # Ubuntu lets nobody make namespaces until it is told to, and the best sandbox needs them.
      - run: sudo sysctl --write kernel.apparmor_restrict_unprivileged_userns=0
      - run: pipx install grade-by-day==VERSION
      - run: grade
";

const HEAD: &str = "\
# Settings of the tools that `grade` uses as well, so that in your editor
# and in your terminal they say what it says. Change them as you like:
# `grade` has its own, and its verdict never rests on these.
";

const MYPY: &str = "
[tool.mypy]
# As `grade` does it: an import of what is not installed is no error, and
# tests, which may misuse things on purpose, are not looked at. Run `mypy .`
# in the folder of a day: two days may have files of the same name.
ignore_missing_imports = true
exclude = ['(^|/)venv/', '(^|/)conftest\\.py$', '(^|/)test_[^/]*\\.py$', '_test\\.py$']
";

const PYTEST: &str = "
[tool.pytest.ini_options]
# `grade` runs your tests without any of them but `pythonpath`.
addopts = [\"-ra\"]
";

const GRADE_TOML_HEAD: &str = "\
# What `grade` should know about this repository. All of it may be left out.

# The course.
";

const GRADE_TOML_TICKS: &str = "
# What no program can see. Take away the `#`, and leave in the list what you
# have done.
[by-hand]
";

const GRADE_TOML_DAYS: &str = "
# Where a day lives, if the name of its folder does not say so, and where else
# its tests are.
# [days.day4]
# folder = \"homework/decorators\"
# tests = [\"tests/day4\"]

# Names of your own where the course gives none.
# [days.day2.names]
# \"LRUCache.put\" = \"remember\"
";
