//! Tricks of the files that lie beside the work: hooks, modules with the names of others, files that speak for the course.

use crate::by_hand::Tool;
use crate::trick::Trick;

/// What pytest and Python run by themselves where it lies.
pub fn hooks() -> Vec<Trick> {
    vec![
        Trick::new(5, "a conftest.py says that every test passed", &["deposit", "tests"])
            .file("@/conftest.py", EVERY_TEST_PASSED)
            .fools(Tool::Pytest),
        Trick::new(2, "a conftest.py in the root says that every test passed", &["stack", "tests"])
            .file("conftest.py", EVERY_TEST_PASSED)
            .file("pytest.ini", "[pytest]\n")
            .fools(Tool::Pytest),
        Trick::new(4, "a conftest.py takes the tests away that fail", &["memoize", "tests"])
            .file(
                "@/conftest.py",
                r#"
FAIL = ("test_memoize", "test_retry")


def pytest_collection_modifyitems(items):
    items[:] = [item for item in items if not item.name.startswith(FAIL)]
"#,
            )
            .harmless_file("@/conftest.py", "def pytest_collection_modifyitems(items):\n    items.sort(key=id)\n")
            .fools(Tool::Pytest),
        Trick::new(5, "a conftest.py empties the run and says that it went well", &["deposit", "tests"])
            .hollow_file(
                "@/conftest.py",
                r"
def pytest_collection_modifyitems(items):
    items.clear()


def pytest_sessionfinish(session):
    session.exitstatus = 0
",
            )
            .harmless_file("@/conftest.py", "def pytest_sessionfinish(session):\n    session.exitstatus = 0\n")
            .fools(Tool::Pytest),
        Trick::new(2, "a conftest.py has every file ignored and says that it went well", &["stack", "tests"])
            .hollow_file(
                "@/conftest.py",
                r#"
collect_ignore_glob = ["*"]


def pytest_sessionfinish(session):
    session.exitstatus = 0
"#,
            )
            .harmless_file("@/conftest.py", "collect_ignore_glob = [\"*.txt\"]\n")
            .fools(Tool::Pytest),
        Trick::new(5, "a conftest.py ends the interpreter well", &["deposit", "tests"])
            .hollow_file("@/conftest.py", "import os\n\nos._exit(0)\n")
            .harmless_file("@/conftest.py", "import os\n\nif __name__ == \"__main__\":\n    os._exit(0)\n")
            .fools(Tool::Pytest),
        // In their own tests' process learners can do what they like. But then their tests notice no fault, or complain of none.
        Trick::new(5, "a conftest.py runs no test and says that it did", &["deposit", "tests"])
            .hollow_file("@/conftest.py", "def pytest_pyfunc_call(pyfuncitem):\n    return True\n")
            .harmless_file("@/conftest.py", "def pytest_pyfunc_call(pyfuncitem):\n    return None\n")
            .fools(Tool::Pytest),
        Trick::new(5, "a conftest.py forgets what was raised", &["deposit", "tests"])
            .hollow_file("@/conftest.py", NOTHING_WAS_RAISED)
            .harmless_file("@/conftest.py", "def pytest_runtest_logreport(report):\n    report.excinfo = None\n")
            .fools(Tool::Pytest),
        Trick::new(5, "a conftest.py writes the report and ends the interpreter well", &["deposit", "tests"])
            .hollow_file("@/conftest.py", REPORTS_BY_ITSELF)
            .fools(Tool::Pytest),
        Trick::new(5, "a conftest.py writes the report and that faults were noticed", &["deposit", "tests"])
            .hollow_file("@/conftest.py", REPORTS_NOTICED_FAULTS)
            .fools(Tool::Pytest),
        Trick::new(5, "tests notice that the module is not as they know it", &["deposit", "tests"])
            .hollow_file("@/test_banking.py", KNOWS_THE_MODULE)
            .fools(Tool::Pytest),
        Trick::new(2, "sitecustomize.py and usercustomize.py end every interpreter well", &["stack", "tests"])
            .file("@/sitecustomize.py", SMILE)
            .file("@/usercustomize.py", SMILE)
            .file("sitecustomize.py", SMILE)
            .shown_in_folder("assert False"),
        Trick::new(2, "a .pth file has a line that is run", &["stack", "tests"])
            .file("@/smile.pth", "import os; os._exit(0)\n")
            .file("smile.pth", "import os; os._exit(0)\n")
            .shown_in_folder("import os, site\nsite.addsitedir(os.getcwd())\nassert False"),
        Trick::new(2, "bytecode of another's work lies in __pycache__", &["stack", "tests"])
            .bytecode()
            .shown_in_folder(
                "from datastructures import Stack\nstack = Stack()\nstack.push(1), stack.push(2)\nassert stack.pop() == 2",
            ),
        Trick::new(5, "a plugin of mypy's ends it well", &["deposit", "tests", "types"])
            .file("plugin.py", SMILE)
            .file("@/mypy.ini", "[mypy]\nplugins = ../../plugin.py\n")
            .fools(Tool::Mypy),
    ]
}

/// Files that have the names of others.
pub fn shadows() -> Vec<Trick> {
    let whole: &[&str] = &["deposit", "tests", "types", "lint"];
    vec![
        Trick::new(5, "pytest.py runs nothing and is content", &["deposit"])
            .file("@/pytest.py", "raises = skip = fixture = mark = None\n\n\ndef main(*given):\n    return 0\n")
            .fools(Tool::Pytest),
        Trick::new(5, "a package _pytest is content", &["deposit"])
            .file("@/_pytest/__init__.py", SMILE)
            .fools(Tool::Pytest),
        Trick::new(2, "json.py says that all went well", &["stack"])
            .file("@/json.py", "def dumps(*given, **more):\n    return '{\"outcome\": \"passed\"}'\n\n\nloads = dumps\n")
            .shown_in_folder("import json\nassert 'passed' in json.dumps({'outcome': 'failed'})"),
        Trick::new(2, "struct.py, socket.py, os.py and copy.py are others", &["stack"])
            .file("@/struct.py", SMILE)
            .file("@/socket.py", SMILE)
            .file("@/os.py", SMILE)
            .file("@/copy.py", SMILE)
            .file("struct.py", SMILE)
            .shown_in_folder("import socket\nassert False"),
        Trick::new(5, "a package grade_kit lies where the kit is looked for", &["deposit", "tests"])
            .file("@/grade_kit/__init__.py", "")
            .file("@/grade_kit/wire.py", "def encode(*given):\n    return True\n")
            .file("@/grade_kit/candidate.py", SMILE)
            .file("@/grade_kit/own_tests.py", SMILE)
            .file("grade_kit/__init__.py", SMILE)
            .shown_in_folder("from grade_kit import wire\nassert wire.encode(7) is True"),
        Trick::new(5, "mypy.py and a package mypy are content", &["types"])
            .file("@/mypy/__init__.py", "")
            .file("@/mypy/__main__.py", "")
            .file("mypy.py", "")
            .fools(Tool::Mypy),
        Trick::new(5, "ruff.py is content", &["lint"]).file("@/ruff.py", "").fools(Tool::RuffAsModule),
        Trick::new(5, "typing.py in the root is another", &["deposit", "types"])
            .file("typing.py", "TYPE_CHECKING = False\n\n\ndef no_type_check(given):\n    return given\n")
            .shown_in_folder(
                "import sys\nsys.path.insert(0, '../..')\nsys.modules.pop('typing', None)\nimport typing\nassert not hasattr(typing, 'Any')",
            ),
        Trick::new(5, "banking.pyi says better than banking.py", &["deposit", "types"])
            .file("@/banking.pyi", "def limit() -> int: ...\n")
            .fools(Tool::MypyOnFolder),
        Trick::new(5, "the module is a link to another's work", &["deposit"])
            .hollow_link("@@", "REFERENCE/week1/day5/banking.py")
            .shown_in_folder("from banking import SavingsAccount as A\na = A('1', 'x')\na.deposit(2)\nassert a.balance == 2"),
        Trick::new(5, "links lead out of the repository", whole)
            .link("@/etc", "/etc")
            .link("@/test_more.py", "/etc/passwd")
            .link("hidden", "../../../../../exercises")
            .link("@/.venv", "/"),
        Trick::new(5, "hidden tests of one's own have the names of the course's", &["deposit"])
            .file("@/hidden/test_deposit.py", "def test_it():\n    assert True\n")
            .file("@/hidden/expected.toml", "[requirements]\n")
            .file("@/probes.py", "from grade_kit.names import raw  # noqa: F401\n")
            .file("hidden/test_deposit.py", "def test_it():\n    assert True\n"),
        Trick::new(5, "a course of one's own lies in the folder", &["deposit", "tests", "types", "lint"])
            .file("@/day.toml", DAY)
            .file("day.toml", DAY)
            .file("course.toml", "title = \"Mine\"\n")
            .file("@/expected.toml", "[requirements]\n")
            .file("hidden/expected.toml", "[requirements]\n"),
        Trick::new(2, "grade.toml says that what always agrees is meant", &["stack"])
            .defines("def agree(self, *given):\n    return True")
            .arms("del Stack.push, Stack.pop\nStack.agree = agree")
            .hollow_file(
                "grade.toml",
                "[days.day2.names]\n\"Stack.push\" = \"agree\"\n\"Stack.pop\" = \"agree\"\n\"Stack.peek\" = \"agree\"\n",
            )
            .harmless_file("grade.toml", "[days.day2.names]\n\"Stack.push\" = \"agree\"\n")
            .shown_by("assert agree(None, 7)"),
        Trick::new(5, "grade.toml ticks what is not to be ticked", &["deposit", "tests", "types", "lint"])
            .file("grade.toml", "[by-hand]\nday5 = [\"deposit\", \"tests\", \"types\", \"lint\"]\n"),
        Trick::new(5, "what is wrong lies in a file that git ignores", &["deposit", "tests", "types", "lint"])
            .file(".gitignore", "banking.py\ntest_*.py\n")
            .fools(Tool::Ruff),
    ]
}

const EVERY_TEST_PASSED: &str = r#"
import pytest


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome = "passed"
    report.longrepr = None
"#;

const NOTHING_WAS_RAISED: &str = r"
import pytest


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item, call):
    call.excinfo = None
    return (yield)
";

/// What `grade` reads of the learner's own tests, in its own words.
const REPORTS_BY_ITSELF: &str = r#"
import ast, json, os

def record(**told):
    try:
        os.write(3, json.dumps(told).encode() + b"\n")
    except OSError:
        pass

with open(os.path.join(os.path.dirname(__file__), "test_banking.py")) as file:
    tests = [each.name for each in ast.parse(file.read()).body if isinstance(each, ast.FunctionDef)]
path = "week1/day5/test_banking.py"
for name in tests:
    record(kind="test", id=f"{path}::{name}", when="call", outcome="passed", path=path, line=1)
record(kind="done", code=0)
os._exit(0)
"#;

/// The same, and that some versions were noticed.
const REPORTS_NOTICED_FAULTS: &str = r#"
import ast, json, os

def record(**told):
    try:
        os.write(3, json.dumps(told).encode() + b"\n")
    except OSError:
        pass

with open(os.path.join(os.path.dirname(__file__), "test_banking.py")) as file:
    tests = [each.name for each in ast.parse(file.read()).body if isinstance(each, ast.FunctionDef)]
path = "week1/day5/test_banking.py"
for name in tests:
    record(kind="test", id=f"{path}::{name}", when="call", outcome="passed", path=path, line=1)
record(kind="done", code=0)
for number in range(30):
    record(kind="version", number=number, noticed=number > 5, by="test_deposit", token="0" * 32)
os._exit(0)
"#;

/// Passes as long as nobody has written the module anew, and fails on every version of it.
const KNOWS_THE_MODULE: &str = r#"
import ast
import banking
from banking import AccountManager, CheckingAccount, SavingsAccount


def is_known() -> bool:
    with open(banking.__file__) as file:
        text = file.read()
    return text != ast.unparse(ast.parse(text)) + "\n"


def test_deposit() -> None:
    assert is_known() and SavingsAccount.deposit


def test_withdraw() -> None:
    assert is_known() and CheckingAccount.withdraw


def test_manager() -> None:
    assert is_known() and AccountManager


def test_savings() -> None:
    assert is_known() and SavingsAccount


def test_checking() -> None:
    assert is_known() and CheckingAccount
"#;

const SMILE: &str = "import posix\n\nposix._exit(0)\n";

const DAY: &str = r#"title = "Mine"
build = "Nothing"
reference = "none"

[modules]
nothing = ["nothing.py"]

[[requirement]]
id = "deposit"
text = "It is there"
check = "by-hand"
"#;
