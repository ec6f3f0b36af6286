//! Tests that check nothing fail the requirement for tests, on every day; the same tests as they were written pass.
//!
//! For each day the reference solution is taken, and its own tests are hollowed out in three ways: an empty file, tests without a body, and
//! tests that call everything as before and compare nothing.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use grade::event::Level;
use grade::pack::{Catalogue, Check, Course, DEFAULT_COURSE, Day};
use grade::sandbox::{Launcher, probe};

const GRADE: &str = env!("CARGO_BIN_EXE_grade");

/// Hollows out the test files that it is told, in the way that it is told first.
const HOLLOW: &str = r#"
import ast, pathlib, sys

class Calls(ast.NodeTransformer):
    """Leaves what is called, and compares nothing."""
    def visit_Assert(self, node):
        return ast.Expr(node.test)
    def visit_With(self, node):
        self.generic_visit(node)
        for item in node.items:
            if isinstance(item.context_expr, ast.Call) and "raises" in ast.unparse(item.context_expr.func).lower():
                item.context_expr = ast.parse("__import__('contextlib').suppress(Exception)", mode="eval").body
                if item.optional_vars is not None:
                    node.body.insert(0, ast.parse(ast.unparse(item.optional_vars) + " = __import__('unittest.mock').mock.MagicMock()").body[0])
                    item.optional_vars = None
        return node
    def visit_Call(self, node):
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr.startswith("assert"):
            return ast.Tuple([node.func.value, *node.args], ast.Load())
        return node

class Bodies(ast.NodeTransformer):
    """Leaves the names of tests."""
    def visit_FunctionDef(self, node):
        if node.name.startswith("test"):
            node.body = [ast.Pass()]
        return node

for name in sys.argv[2:]:
    path = pathlib.Path(name)
    how = {"calls": Calls, "bodies": Bodies}.get(sys.argv[1])
    tree = ast.parse(path.read_text())
    path.write_text(ast.unparse(ast.fix_missing_locations(how().visit(tree))) + "\n" if how else "")
"#;

fn course() -> Course {
    Catalogue::embedded().course(DEFAULT_COURSE).unwrap()
}

/// Returns the files of tests below a folder.
fn test_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            found.extend(test_files(&path));
        } else if name.ends_with("_test.py") || (name.starts_with("test_") && name.ends_with(".py")) {
            found.push(path);
        }
    }
    found
}

/// Grades what a day asks of tests as such, and returns the outcome of each requirement.
fn outcomes(day: &Day, root: &Path) -> Vec<String> {
    let about_tests =
        |check: &Check| matches!(check, Check::OwnTests { shows, covers: None, .. } if shows.is_empty());
    let asked = day.requirements().iter().filter(|requirement| about_tests(&requirement.check));
    let asked: Vec<String> = asked.map(|requirement| requirement.id.to_string()).collect();
    assert!(!asked.is_empty(), "{} asks for no tests", day.id);
    let output = Command::new(GRADE)
        .args(&asked)
        .args(["--no-cache", "--format", "json"])
        .current_dir(root)
        .env("GRADE_DATA_DIR", common::data_dir())
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)));
    let requirements = report["days"][0]["requirements"].as_array().unwrap();
    requirements.iter().map(|one| one["outcome"]["status"].as_str().unwrap().to_owned()).collect()
}

fn check(day: u16) {
    let launcher = Launcher::new(Path::new(GRADE)).unwrap();
    if let Err(why) = probe(launcher, Level::Full) {
        skip!("{why}");
    }
    let python = &common::toolchain().python;
    let day = course().day(grade::day::DayId::new(day)).unwrap();
    for how in ["as they are", "empty", "bodies", "calls"] {
        let root = tempfile::tempdir().unwrap();
        day.solution(&day.reference).unwrap().tree.lay_over(root.path()).unwrap();
        fs::write(root.path().join("grade.toml"), "").unwrap();
        let files = test_files(root.path());
        assert!(!files.is_empty(), "{}", day.id);
        if how != "as they are" {
            let hollowed =
                Command::new(python).args(["-I", "-c", HOLLOW, how]).args(&files).status().unwrap();
            assert!(hollowed.success(), "{}: {how}", day.id);
        }
        let expected = if how == "as they are" { "passed" } else { "failed" };
        let outcomes = outcomes(&day, root.path());
        assert!(outcomes.iter().all(|outcome| outcome == expected), "{}, tests {how}: {outcomes:?}", day.id);
    }
}

/// Every day; each is a test.
macro_rules! days {
    ($($test:ident = $day:literal,)*) => {
        const DAYS: &[u16] = &[$($day),*];
        $(#[test]
        fn $test() {
            check($day);
        })*
    };
}

days! {
    hollow_tests_fail_on_day_0 = 0,
    hollow_tests_fail_on_day_1 = 1,
    hollow_tests_fail_on_day_2 = 2,
    hollow_tests_fail_on_day_3 = 3,
    hollow_tests_fail_on_day_4 = 4,
    hollow_tests_fail_on_day_5 = 5,
    hollow_tests_fail_on_day_6 = 6,
    hollow_tests_fail_on_day_7 = 7,
}

#[test]
fn every_day_that_can_be_graded_is_tried() {
    let days: Vec<u16> = course().days().map(grade::day::DayId::number).collect();
    assert_eq!(days, DAYS);
}
