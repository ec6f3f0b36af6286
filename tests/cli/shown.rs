//! What learners write cannot act where it is shown: neither on a terminal nor in a log of GitHub Actions, wherever it comes from.
//!
//! Every source that a report quotes holds the same hostile text with a tag of its own. That the tag arrives shows that
//! the source is a source; that nothing of the text acts is what is proved. The properties of the cleaning functions are in
//! tests/properties.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::place::{Place, Ran, copy};
use crate::skip;

/// What acts, as it stands in a Python or TOML text in quotes: colour, a title, a link, C1 controls, writing from right to left,
/// what is not seen, and commands of GitHub's runner.
const NASTY: &str = concat!(
    r"\u001b[34mblue\u001b[5m\u001b[2J\u001b]0;title\u0007\u001b]8;;https://example\u001b\\link\u001b]8;;\u001b\\",
    r"\u009b31m\u0085\u202eright\u202c\u2066\u2069\u200b\u2060\ufeff\u00ad\u2028\u2029\U000e0041\u0008\u0008\u007f",
    r"\r::error::carried\n::error file=a,line=1::command\n  ::add-mask::secret\n\t::stop-commands::token\n",
    r"##[error]old\nin ##[group]the middle",
);

/// Colours that reports use themselves; the hostile text has others.
const OWN_COLOURS: &[&str] = &["0m", "1m", "2m", "31m", "32m", "33m", "35m", "36m"];

/// What a report shows of `hostile()`: tags by source.
pub const TAGS: &[&str] = &[
    "tag-stdout",
    "tag-stderr",
    "tag-message",
    "tag-type",
    "tag-value",
    "tag-repr",
    "tag-function",
    "tag-path",
    "tag-name-of-a-file",
    "tag-own-message",
    "tag-own-type",
    "tag-own-compared",
    "tag-ruff",
    "tag-mypy",
];

fn nasty(python: &str) -> String {
    python.replace("NASTY", NASTY)
}

const GREETING: &str = r#"
import os
import sys


def greet(name):
    print("tag-stdout NASTY")
    print("tag-stderr NASTY", file=sys.stderr)
    sys.stdout.buffer.write(b"\xff\xfe\x9b31m\r\n::error::bytes\n")
    raise type("tag-type NASTY", (ValueError,), {})("tag-message NASTY")


class Strange:
    def __repr__(self):
        return "tag-repr NASTY"


def shout(text):
    return ["tag-value NASTY"]
"#;

const ANSWER: &str = r#"
import os


def fail():
    raise ValueError


def quick():
    code = fail.__code__.replace(co_name="tag-function NASTY", co_filename=os.getcwd() + "/tag-path NASTY.py")
    exec(code)


class Strange:
    def __repr__(self):
        return "tag-repr NASTY"


def slow():
    return Strange()
"#;

const TIDY: &str = r#"
from typing import Literal, TypedDict

__all__ = ["tag-ruff NASTY"]
Kept = TypedDict("Kept", {"a": int})
kept: Kept = {"a": 1, "tag-mypy NASTY": 2}
other: Literal["tag-mypy NASTY"] = 1


def add(one: int, other: int) -> int:
    return one + other
"#;

const TEST_TIDY: &str = r#"
import pytest
from tidy import add


def test_message():
    """tag-docstring NASTY"""
    raise type("tag-own-type NASTY", (ValueError,), {})("tag-own-message NASTY")


@pytest.mark.parametrize("text", ["tag-parameter NASTY"])
def test_compared(text):
    assert add(1, 2) == "tag-own-compared NASTY"
"#;

/// Gives tests another name.
const CONFTEST: &str = r#"
def pytest_make_parametrize_id(config, val, argname):
    return "tag-id NASTY"
"#;

/// Prints past what pytest captures, and ends it before it has reported anything.
const EXITING_CONFTEST: &str = r#"
import contextlib
import os

for number in range(4, 32):
    with contextlib.suppress(OSError):
        os.write(number, "tag-output-of-pytest NASTY\n".encode())
os._exit(3)
"#;

pub fn hostile() -> Place {
    let place = Place::with(&[2]);
    for (path, text) in [
        ("week1/day1/greeting.py", GREETING),
        ("day5/answer.py", ANSWER),
        ("week1/day2/tidy.py", TIDY),
        ("week1/day2/test_tidy.py", TEST_TIDY),
        ("week1/day2/conftest.py", CONFTEST),
    ] {
        place.write(path, nasty(text));
    }
    place.write(&format!("week1/day2/tag-name-of-a-file {}.py", raw()), "import os\n");
    place
}

/// Returns the hostile text itself, without what a file's name cannot hold.
fn raw() -> String {
    let text: String = format!("text = \"{NASTY}\"").replace(r"\U000e0041", "\u{e0041}");
    let table: toml::Table = text.parse().unwrap();
    let raw = table["text"].as_str().unwrap().replace('/', "|");
    // 255 bytes: https://man7.org/linux/man-pages/man7/path_resolution.7.html
    let mut end = 200;
    while !raw.is_char_boundary(end) {
        end -= 1;
    }
    raw[..end].to_owned()
}

/// Returns what of a text would act, hide or command.
fn what_acts(text: &str, colour: bool, in_actions: bool) -> Vec<String> {
    let mut plain = text.to_owned();
    if colour {
        for code in OWN_COLOURS {
            plain = plain.replace(&format!("\u{1b}[{code}"), "");
        }
    }
    let hides = |character: char| {
        (character.is_control() && character != '\n')
            || "\u{ad}\u{200b}\u{200e}\u{200f}\u{2028}\u{2029}\u{2060}\u{feff}\u{e0041}".contains(character)
            || ('\u{202a}'..='\u{202e}').contains(&character)
            || ('\u{2066}'..='\u{2069}').contains(&character)
    };
    let commands =
        |line: &&str| (line.trim_start().starts_with("::") || line.contains("##[")) && !is_our_command(line);
    let acting = plain.lines().filter(|line| line.chars().any(hides));
    let commanding = plain.lines().filter(commands).filter(|_| in_actions);
    acting.chain(commanding).map(ToOwned::to_owned).collect()
}

/// Returns whether `grade` itself gives a job this command: an annotation of a day, or a token before and after the text.
fn is_our_command(line: &str) -> bool {
    let is_token = |word: &str| word.len() == 32 && word.chars().all(|c| c.is_ascii_hexdigit());
    let Some(rest) = line.strip_prefix("::") else { return false };
    let (name, end) = rest.split_once("::").unwrap_or_default();
    let title = name.split_once("title=").map_or("", |(_, title)| title);
    let is_annotation = ["error ", "warning ", "notice "].iter().any(|kind| name.starts_with(kind));
    (is_annotation && (title.starts_with("day") || title.starts_with("grade")) && !end.contains("##["))
        || (name == "stop-commands" && is_token(end))
        || (is_token(name) && end.is_empty())
}

#[track_caller]
fn assert_nothing_acts(ran: &Ran, what: &str, colour: bool, in_actions: bool) {
    for text in [&ran.raw, &ran.stderr] {
        let acts = what_acts(text, colour, in_actions);
        assert!(acts.is_empty(), "{what}: {acts:#?}");
    }
}

#[test]
fn nothing_that_a_report_quotes_acts_where_it_is_shown() {
    let place = hostile();
    let run = |args: &str, actions: &str| {
        place
            .finish(place.grade(&format!("all --seed 7 {args}")).env("GITHUB_ACTIONS", actions))
            .exits_with(1)
    };
    // Once for all formats: the rest comes from the cache.
    let json = run("--format json", "true");
    assert_nothing_acts(&json, "json", false, true);
    let told = json.json().to_string();
    let silent: Vec<&&str> = TAGS.iter().filter(|tag| !told.contains(**tag)).collect();
    assert!(silent.is_empty(), "{silent:?} are no sources: {told}");
    for (args, actions, colour) in [
        ("--color never", "", false),
        ("--color always", "", true),
        ("", "true", true),
        ("--color never", "true", false),
        ("--color always", "true", true),
    ] {
        let ran = run(args, actions);
        assert!(ran.raw.contains("tag-message") && ran.raw.contains("tag-ruff"), "{}", ran.raw);
        assert_nothing_acts(&ran, &format!("{args} {actions}"), colour, actions == "true");
    }
}

#[test]
fn nothing_that_own_tests_print_acts_where_it_is_shown() {
    let place = Place::with(&[2]);
    place.write("week1/day2/conftest.py", nasty(EXITING_CONFTEST));
    for (args, actions) in [("", ""), ("--color always", ""), ("", "true"), ("--format json", "true")] {
        let ran = place
            .finish(place.grade(&format!("day2.tests {args}")).env("GITHUB_ACTIONS", actions))
            .exits_with(1);
        assert!(ran.raw.contains("tag-output-of-pytest"), "{}", ran.raw);
        assert_nothing_acts(&ran, args, true, actions == "true");
    }
}

#[test]
fn nothing_of_a_grade_toml_acts_where_it_is_shown() {
    let place = Place::with(&[1]);
    for text in [
        "\"tag NASTY\" = 1\n",
        "course = \"tag NASTY\"\n",
        "[by-hand]\n\"tag NASTY\" = []\n",
        "[by-hand]\nday2 = [\"tag NASTY\"]\n",
        "[days.day1]\nfolder = \"tag NASTY\"\n",
        "[days.day1]\n\"tag NASTY\" = \"\"\n",
        "[days.day1]\ntests = [\"../tag NASTY\"]\n",
        "[days.day1.names]\n\"tag NASTY\" = \"1x\"\n",
        "[days.day1.names]\ngreet = \"tag NASTY\"\n",
    ] {
        place.write("grade.toml", nasty(text));
        for (args, actions) in [("day1", ""), ("day1", "true"), ("list", "true"), ("day1 --color always", "")]
        {
            let ran = place.finish(place.grade(args).env("GITHUB_ACTIONS", actions));
            let shown = format!("{}{}", ran.raw, ran.stderr);
            assert!(shown.contains("tag"), "{text}: {shown}");
            assert_nothing_acts(&ran, text, true, actions == "true");
        }
    }
}

#[test]
fn no_name_of_a_file_in_git_acts_where_it_is_shown() {
    let place = Place::new();
    let solution = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/strong/submission");
    copy(&solution, &place.repo());
    place.write(&format!("__pycache__/tag-git {}.pyc", raw()), "");
    fs::remove_dir(place.repo().join(".git")).unwrap();
    for args in [&["init", "-q"][..], &["add", "-f", "."]] {
        let mut git = Command::new("git");
        place.settle(&mut git);
        match git.args(args.iter().map(OsStr::new)).output() {
            Ok(ran) => assert!(ran.status.success(), "{ran:?}"),
            Err(error) => skip!("git cannot be run: {error}"),
        }
    }
    for (args, actions) in
        [("day0", ""), ("day0 --color always", ""), ("day0", "true"), ("day0 --format json", "true")]
    {
        let ran = place.finish(place.bare(args).env("GITHUB_ACTIONS", actions)).exits_with(1);
        assert!(ran.raw.contains("tag-git"), "{}", ran.raw);
        assert_nothing_acts(&ran, args, true, actions == "true");
    }
}
