//! Nobody's secrets: learner code that searches its environment, its processes and all files finds none, at every level of
//! the sandbox that contains files.
//!
//! Every secret here begins with the same mark and has a name of its own. The search reports what it finds by every way out
//! that there is; without a sandbox it does find them, which shows that it looks in the right places.

use std::fs;
use std::process::Command;

use crate::place::{Place, Ran};
use crate::skip;

const MARK: &str = "s3cr3t-";

/// Variables that builds, agents and desktops set.
const VARIABLES: &[&str] = &[
    "GITHUB_TOKEN",
    "ACTIONS_RUNTIME_TOKEN",
    "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "SSH_AUTH_SOCK",
    "DBUS_SESSION_BUS_ADDRESS",
    "DOCKER_HOST",
    "PIP_INDEX_URL",
    "HTTPS_PROXY",
    "PYTEST_ADDOPTS",
    "XDG_RUNTIME_DIR",
];

/// Files below the place, and what they hold.
const FILES: &[(&str, &str)] = &[
    ("home/.ssh/id_ed25519", "ssh"),
    ("home/.netrc", "netrc"),
    ("home/.config/gh/hosts.yml", "config"),
    ("home/.aws/credentials", "aws"),
    ("home/.bash_history", "history"),
    ("repo/.git/config", "git-config"),
    ("repo/.git/logs/HEAD", "git-log"),
    ("repo/.env", "env-file"),
    ("repo/week1/.env.local", "env-file-of-the-week"),
    ("repo/week1/day1/.env", "env-file-of-the-day"),
    ("repo/week1/day2/.env", "env-file-of-the-other-day"),
    ("repo/notes/diary.txt", "diary"),
    ("outside.txt", "outside"),
    ("cache/verdicts/ab/cd.json", "verdict"),
];

/// What of a course is not for learners' code.
const SUITE: &str = "packs/tiny/day01-greeting/hidden/test_greeting.py";
const SOLUTION: &str = "packs/tiny/day01-greeting/solutions/plain/week1/day1/greeting.py";

/// Looks everywhere, but in Python itself and in what the system has for everybody.
const SEARCH: &str = r#"
import os
import re
import sys
import time

MARK = re.compile(b"s3cr" + b"3t-[a-zA-Z0-9_-]+")
PUBLIC = ("/sys", "/dev", "/usr", "/lib", "/lib64", "/bin", "/sbin", "/nix", "/opt", sys.prefix, sys.base_prefix)
OWN = os.path.realpath(__file__)


def search():
    found = set()

    def look(text):
        found.update(each.decode() for each in MARK.findall(text))

    def read(path):
        try:
            # A pipe would be waited for.
            number = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
        except (OSError, ValueError):
            return
        try:
            look(os.read(number, 100_000))
        except OSError:
            pass
        finally:
            os.close(number)

    look(repr(os.environ).encode())
    look(repr(sys.argv + sys.path + sys.orig_argv).encode())
    for number in [name for name in os.listdir("/proc") if name.isdigit()] if os.path.isdir("/proc") else []:
        for name in ("environ", "cmdline", "mountinfo", "maps", "stack", "cgroup"):
            read(f"/proc/{number}/{name}")
    for number in range(256):
        try:
            look(os.readlink(f"/proc/self/fd/{number}").encode("utf-8", "replace"))
        except OSError:
            pass
    starts = [".", "..", "../..", "/.", "/proc/1/root", "/proc/1/cwd", f"/proc/{os.getppid()}/cwd", *PLACES]
    for start in starts:
        # Without a sandbox there is a whole machine to look at.
        end = time.monotonic() + 0.7
        for folder, folders, files in os.walk(start):
            real = os.path.realpath(folder)
            if time.monotonic() > end or real == "/proc" or real.startswith(("/proc/", *(each.rstrip("/") + "/" for each in PUBLIC))) or real in PUBLIC:
                folders.clear()
                continue
            for name in files:
                look(os.fsencode(name))
                read(os.path.join(folder, name))
    for path in PLACES:
        read(path)
    return sorted(found)
"#;

fn secretive() -> Place {
    let place = Place::with(&[1, 2]);
    for (path, name) in FILES {
        let path = place.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, format!("{MARK}{name}\n")).unwrap();
    }
    // What is known of a place without looking: the paths of the files themselves.
    let paths = FILES.iter().map(|(path, _)| *path).chain([SUITE, SOLUTION]);
    let places: Vec<String> = paths.map(|path| place.path(path).display().to_string()).collect();
    let search = format!("{SEARCH}\n\nPLACES = {places:?}\n");
    let reporting = "\n\ndef greet(name):\n    found = search()\n    print(found)\n    raise ValueError(found)\n\n\ndef shout(text):\n    return search()\n";
    place.write("week1/day1/greeting.py", format!("{search}{reporting}"));
    let at_import =
        "\n\nFOUND = search()\n\n\ndef pytest_runtest_setup(item):\n    raise ValueError(FOUND)\n";
    place.write("week1/day2/conftest.py", format!("{search}{at_import}"));
    place.own_pack();
    for (path, name) in [(SUITE, "suite"), (SOLUTION, "solution")] {
        let text = fs::read_to_string(place.path(path)).unwrap();
        fs::write(place.path(path), format!("{text}\n# {MARK}{name}\n")).unwrap();
    }
    place
}

fn searched(place: &Place, args: &str) -> Ran {
    let mut command: Command = place.bare(&format!("day1 day2.tests --no-cache --format json {args} --pack"));
    command.arg(place.path("packs/tiny"));
    for name in VARIABLES {
        command.env(name, format!("{MARK}{name}"));
    }
    place.finish(&mut command)
}

/// Returns the secrets that stand in a report.
fn told(ran: &Ran) -> Vec<&str> {
    let is_end = |character: char| !character.is_ascii_alphanumeric() && !"_-".contains(character);
    let mut told: Vec<&str> =
        ran.raw.match_indices(MARK).map(|(at, _)| ran.raw[at..].split(is_end).next().unwrap()).collect();
    told.sort_unstable();
    told.dedup();
    told
}

#[test]
fn learner_code_finds_no_secret_at_any_level_that_contains_files() {
    let place = secretive();
    for level in ["full", "restricted"] {
        let ran = searched(&place, &format!("--sandbox {level}"));
        if ran.code == 5 {
            skip!("no sandbox of the level {level} can be had: {}", ran.stderr);
        }
        let ran = ran.exits_with(1);
        assert_eq!(ran.json()["counts"]["failed"], 3, "{}", ran.raw);
        assert!(!ran.raw.contains("time-out"), "{}", ran.raw);
        assert_eq!(told(&ran), [""; 0], "{level}: {}", ran.raw);
    }
    let without = searched(&place, "--sandbox none").exits_with(1);
    let told = told(&without);
    let names = FILES.iter().map(|(_, name)| name).chain(VARIABLES).chain(&["suite", "solution"]);
    let overlooked: Vec<&&str> = names.filter(|name| !told.contains(&&*format!("{MARK}{name}"))).collect();
    assert!(overlooked.is_empty(), "the search overlooks {overlooked:?}: {}", without.raw);
}
