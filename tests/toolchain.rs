//! The environment, made for real: by the installer that this machine has, from the index that it uses.
//!
//! One environment is shared by every test that does not harm it; the others build on copies of parts of it, on
//! false Pythons, or on nothing.

mod common;

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use common::{data_dir, request, toolchain};
use grade::config::env::Environment;
use grade::toolchain::{
    BASE_CONFIG, DoctorLine, Progress, Request, SetupError, State, Toolchain, doctor, mypy_options,
};
use tempfile::TempDir;

fn scratch() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

fn program(folder: &Path, name: &str, script: &str) -> PathBuf {
    fs::create_dir_all(folder).unwrap();
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn fake_python(folder: &Path, name: &str, version: [u16; 3]) -> PathBuf {
    let [major, minor, patch] = version;
    let answer = format!(
        r#"{{"implementation": "cpython", "version": [{major}, {minor}, {patch}], "executable": "{}/{name}"}}"#,
        folder.display()
    );
    program(folder, name, &format!("echo '{answer}'"))
}

// A user on whose `PATH` is only this folder.
fn user(path: &Path) -> Request {
    Request::new([("PATH", path)].into_iter().collect::<Environment>())
}

#[derive(Default)]
struct Heard(Vec<(String, u64, u64)>);

impl Progress for Heard {
    fn step(&mut self, text: &str, done: u64, total: u64) {
        self.0.push((text.to_owned(), done, total));
    }
}

fn root_of(toolchain: &Toolchain) -> PathBuf {
    toolchain.prefix.parent().unwrap().to_owned()
}

#[test]
fn the_tools_run_in_the_versions_of_the_lock() {
    let toolchain = toolchain();
    for tool in ["pytest", "mypy", "coverage"] {
        let output = Command::new(&toolchain.python).args(["-I", "-m", tool, "--version"]).output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && said.contains(&toolchain.tools[tool]), "{tool}: {said}");
    }
    let output = Command::new(&toolchain.ruff).arg("--version").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), format!("ruff {}", toolchain.tools["ruff"]));
}

#[test]
fn neither_pip_nor_setuptools_is_left_in_it() {
    assert!(!toolchain().tools.contains_key("pip") && !toolchain().tools.contains_key("setuptools"));
    let import = Command::new(&toolchain().python).args(["-I", "-c", "import pip"]).output().unwrap();
    assert!(!import.status.success());
}

#[test]
fn whatever_the_interpreter_loads_is_within_the_mounts() {
    let toolchain = toolchain();
    let code = "import sys, pytest, yaml, coverage, ssl, sqlite3, asyncio, mypy.build
print(sys.executable)
print('\\n'.join(m.__file__ for m in sys.modules.values() if getattr(m, '__file__', None)))";
    let output = Command::new(&toolchain.python).args(["-I", "-c", code]).output().unwrap();
    assert!(output.status.success());
    let files = String::from_utf8(output.stdout).unwrap();
    assert!(files.lines().count() > 200);
    for file in files.lines() {
        assert!(toolchain.mounts.iter().any(|mount| Path::new(file).starts_with(mount)), "{file}");
    }
    let real = toolchain.python.canonicalize().unwrap();
    assert!(toolchain.mounts.iter().any(|mount| real.starts_with(mount)), "{}", real.display());
}

#[test]
fn everybody_can_read_it_and_only_its_owner_can_write() {
    fn walk(folder: &Path, seen: &mut usize) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap();
            let file = entry.metadata().unwrap();
            if file.is_symlink() {
                continue;
            }
            *seen += 1;
            let (mode, needed) =
                (file.permissions().mode() & 0o777, if file.is_dir() { 0o755 } else { 0o644 });
            assert!(mode & needed == needed && mode & 0o022 == 0, "{:o} {}", mode, entry.path().display());
            if file.is_dir() {
                walk(&entry.path(), seen);
            }
        }
    }
    let mut seen = 0;
    walk(&root_of(toolchain()), &mut seen);
    assert!(seen > 500);
}

#[test]
fn what_a_run_imports_is_compiled_already() {
    let code = "import pytest, _pytest.terminal, pytest_asyncio, pytest_mock, coverage, yaml, importlib.util, os, sys
print('\\n'.join(m.__cached__ for m in sys.modules.values()
    if getattr(m, '__cached__', None) and (m.__file__ or '').endswith('.py') and not os.path.exists(m.__cached__)))";
    // Without writing: importing must not make what is looked for.
    let output = Command::new(&toolchain().python).args(["-I", "-B", "-c", code]).output().unwrap();
    let missing = String::from_utf8(output.stdout).unwrap();
    let site_packages = toolchain().site_packages.to_str().unwrap();
    assert!(output.status.success());
    assert_eq!(missing.lines().filter(|line| line.starts_with(site_packages)).collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn a_second_time_it_is_found_without_network_path_or_home() {
    toolchain();
    let nobody = Request { python: request().python, ..Request::default() };
    assert_eq!(Toolchain::locate(&data_dir(), &nobody).as_ref(), Some(toolchain()));
    let mut heard = Heard::default();
    assert_eq!(&Toolchain::set_up(&data_dir(), &nobody, &mut heard).unwrap(), toolchain());
    assert_eq!(heard.0, [], "nothing is left to do");
}

#[test]
fn a_learners_file_is_checked_from_a_copy_of_the_primed_cache_with_settings_of_its_own() {
    let (toolchain, scratch) = (toolchain(), scratch());
    let cache = scratch.path().join("cache");
    copy_tree(&toolchain.mypy_cache, &cache);
    let config = scratch.path().join("mypy.ini");
    fs::write(&config, format!("{BASE_CONFIG}[mypy-banking]\ndisallow_untyped_defs = true\n")).unwrap();
    fs::write(scratch.path().join("banking.py"), BANKING).unwrap();
    let mut command = Command::new(&toolchain.python);
    command.args(["-I", "-m", "mypy"]).args(mypy_options(&config, &cache)).arg("-v").arg("banking.py");
    let output = command.current_dir(scratch.path()).output().unwrap();
    let found = String::from_utf8(output.stdout).unwrap();
    let log = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{found}{log}");
    for (line, code) in [("13", "no-untyped-def"), ("17", "assignment")] {
        let is_it = |found: &&str| found.contains(&format!("\"line\": {line},")) && found.contains(code);
        assert_eq!(found.lines().filter(is_it).count(), 1, "{found}");
    }
    let not_cached: Vec<_> = log.lines().filter(|line| line.contains("Metadata not found")).collect();
    assert!(matches!(not_cached[..], [only] if only.ends_with("banking")), "{not_cached:#?}");
    let stale = log.lines().filter(|line| line.contains("stale") || line.contains("abandoned"));
    assert_eq!(stale.filter(|line| !line.contains("banking")).collect::<Vec<_>>(), [""; 0]);
}

const BANKING: &str = "import asyncio
import json
import logging
from collections import defaultdict
from dataclasses import dataclass
from unittest import mock

import pytest
import yaml

@dataclass
class Account:
    def deposit(self, amount):
        return amount


balance: int = 'nothing'
";

fn copy_tree(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.file_type().unwrap().is_dir() {
            true => copy_tree(&entry.path(), &to.join(entry.file_name())),
            false => drop(fs::copy(entry.path(), to.join(entry.file_name())).unwrap()),
        }
    }
}

#[test]
fn a_half_made_or_altered_environment_is_not_there() {
    let scratch = scratch();
    let shared = root_of(toolchain());
    let root = scratch.path().join("toolchains").join(shared.file_name().unwrap());
    let locate = || Toolchain::locate(scratch.path(), &request());
    let environment = || state_of(&doctor(scratch.path(), &request()), "environment");
    assert_eq!((locate(), environment()), (None, State::Missing), "nothing");

    fs::create_dir_all(root.join("env/bin")).unwrap();
    assert_eq!((locate(), environment()), (None, State::Warning), "a folder without a manifest");

    let manifest = fs::read_to_string(shared.join("manifest.json")).unwrap();
    fs::write(root.join("manifest.json"), &manifest).unwrap();
    assert_eq!(
        (locate(), environment()),
        (None, State::Warning),
        "a manifest that was copied from elsewhere"
    );

    for name in ["kit", "mypy-cache"] {
        fs::create_dir_all(root.join(name)).unwrap();
    }
    let here = manifest.replace(shared.to_str().unwrap(), root.to_str().unwrap());
    fs::write(root.join("manifest.json"), &here).unwrap();
    assert_eq!((locate(), environment()), (None, State::Warning), "an interpreter that is gone");

    fs::remove_dir_all(root.join("env")).unwrap();
    symlink(shared.join("env"), root.join("env")).unwrap();
    assert!(locate().is_some(), "the same with everything in its place");
    fs::create_dir(root.with_extension("lock")).unwrap();
    assert!(Toolchain::set_up(scratch.path(), &request(), &mut ()).is_ok(), "no lock is needed to find it");

    for cut in [0, 1, here.len() / 2, here.len() - 3] {
        fs::write(root.join("manifest.json"), &here[..cut]).unwrap();
        assert_eq!((locate(), environment()), (None, State::Warning), "cut after {cut} bytes");
    }
    let digest = &toolchain().lock_digest;
    fs::write(root.join("manifest.json"), here.replace(digest, &digest.replace('a', "b"))).unwrap();
    assert_eq!(locate(), None, "another lock");
    fs::write(root.join("manifest.json"), here.replace("\"size\": ", "\"size\": 1")).unwrap();
    assert_eq!(locate(), None, "an interpreter that was replaced");
}

fn state_of(lines: &[DoctorLine], label: &str) -> State {
    lines.iter().find(|line| line.label == label).unwrap().state
}

#[test]
fn doctor_says_what_is_there() {
    toolchain();
    let lines = doctor(&data_dir(), &request());
    for label in ["python", "environment", "tools"] {
        assert_eq!(state_of(&lines, label), State::Ok, "{lines:#?}");
    }
    let tools = &lines.iter().find(|line| line.label == "tools").unwrap().detail;
    assert!(tools.contains(&format!("pytest {}", toolchain().tools["pytest"])), "{tools}");
}

#[test]
fn doctor_counts_environments_of_other_versions() {
    let scratch = scratch();
    fs::create_dir_all(scratch.path().join("toolchains/0123456789abcdef")).unwrap();
    let other = scratch.path().join("toolchains/0123456789abcdef/file");
    fs::write(other, vec![0; 1_500_000]).unwrap();
    let lines = doctor(scratch.path(), &user(scratch.path()));
    let line = lines.iter().find(|line| line.label == "environments").unwrap();
    assert!(line.detail.starts_with("1 more, 2 MB at "), "{line:?}");
}

#[test]
fn doctor_changes_nothing() {
    let scratch = scratch();
    doctor(scratch.path(), &request());
    assert_eq!(fs::read_dir(scratch.path()).unwrap().count(), 0);
}

#[test]
fn a_python_that_is_too_old_is_named_with_its_version() {
    let scratch = scratch();
    let path = fake_python(&scratch.path().join("bin"), "python3", [3, 9, 2]);
    let error = Toolchain::set_up(scratch.path(), &user(path.parent().unwrap()), &mut ()).unwrap_err();
    assert!(matches!(&error, SetupError::NoGoodPython(found) if found.len() == 1), "{error}");
    let expected = format!("found no Python that is 3.11 or newer: `{}` is Python 3.9.2", path.display());
    assert_eq!(error.to_string(), expected);
    assert!(error.hint().unwrap().contains("GRADE_PYTHON"));
}

#[test]
fn without_any_python_the_error_says_so() {
    let scratch = scratch();
    let error = Toolchain::set_up(scratch.path(), &user(scratch.path()), &mut ()).unwrap_err();
    assert!(matches!(error, SetupError::NoPython), "{error}");
    assert_eq!(state_of(&doctor(scratch.path(), &user(scratch.path())), "python"), State::Missing);
}

#[test]
fn a_python_that_was_asked_for_is_the_only_one_that_is_looked_at() {
    let scratch = scratch();
    let old = fake_python(&scratch.path().join("old"), "python3", [3, 10, 0]);
    let asked = |python: &Path| Request { python: Some(python.to_owned()), ..request() };
    let error = Toolchain::set_up(scratch.path(), &asked(&old), &mut ()).unwrap_err();
    assert!(matches!(&error, SetupError::AskedFor(found) if found.reason == "is Python 3.10.0"), "{error}");
    let error = Toolchain::set_up(scratch.path(), &asked(&scratch.path().join("none")), &mut ()).unwrap_err();
    assert!(error.to_string().ends_with("/none` does not exist"), "{error}");
}

#[test]
fn a_shim_that_fails_and_a_python_that_is_too_old_are_passed_over() {
    let scratch = scratch();
    let bin = scratch.path().join("bin");
    program(&bin, "python3.12", "echo 'pyenv: python3.12: command not found' >&2; exit 127");
    fake_python(&bin, "python3", [3, 8, 1]);
    fake_python(&bin, "python3.13", [3, 13, 4]);
    let lines = doctor(scratch.path(), &user(&bin));
    let python = lines.iter().find(|line| line.label == "python").unwrap();
    assert!(python.state == State::Ok && python.detail.starts_with("3.13.4 at "), "{python:?}");
}

#[test]
fn what_an_installer_says_last_is_quoted_with_advice() {
    let scratch = scratch();
    let bin = scratch.path().join("bin");
    let answer = fs::read_to_string(fake_python(&bin, "python3", [3, 12, 0])).unwrap();
    let answer = answer.lines().last().unwrap();
    let complaint =
        "The virtual environment was not created successfully because ensurepip is not available.";
    program(&bin, "python3", &format!("case \"$2\" in -c) {answer};; *) echo '{complaint}'; exit 1;; esac"));
    let error = Toolchain::set_up(scratch.path(), &user(&bin), &mut ()).unwrap_err();
    assert!(error.to_string().contains(complaint), "{error}");
    assert!(error.hint().unwrap().contains("python3-venv"));
}

#[test]
fn a_data_folder_that_cannot_be_written_to_is_an_error_that_names_it() {
    let scratch = scratch();
    let file = scratch.path().join("file");
    fs::write(&file, "in the way").unwrap();
    let error = Toolchain::set_up(&file, &request(), &mut ()).unwrap_err();
    assert!(matches!(&error, SetupError::Files { what: "create", .. }), "{error}");
    assert!(error.hint().unwrap().contains("GRADE_DATA_DIR"));
}

const ELSEWHERE: &str = "GRADE_TEST_DATA_DIR";

#[test]
#[ignore = "runs in a process of its own, for the next test to kill"]
fn set_up_elsewhere() {
    let elsewhere = PathBuf::from(Environment::read().get(ELSEWHERE).unwrap());
    let made = Toolchain::set_up(&elsewhere, &request(), &mut ());
    made.unwrap_or_else(|error| panic!("{error}\nhint: {:?}", error.hint()));
}

#[test]
fn after_a_set_up_that_was_killed_two_at_once_make_it_whole_in_a_folder_with_an_unusual_name() {
    let scratch = scratch();
    let data_dir = scratch.path().join("Zoë's données 数据 (1)");
    kill_midway(&data_dir);
    assert_eq!(Toolchain::locate(&data_dir, &request()), None);
    assert_eq!(state_of(&doctor(&data_dir, &request()), "environment"), State::Warning);

    let set_up = || {
        let mut heard = Heard::default();
        (Toolchain::set_up(&data_dir, &request(), &mut heard).unwrap(), heard.0)
    };
    let (first, second) = std::thread::scope(|scope| {
        let (first, second) = (scope.spawn(set_up), scope.spawn(set_up));
        (first.join().unwrap(), second.join().unwrap())
    });
    assert_eq!(first.0, second.0);
    let made = |heard: &[(String, u64, u64)]| heard.iter().any(|(text, _, _)| text == "ready");
    assert!(made(&first.1) != made(&second.1), "one made it: {first:?} {second:?}");
    let waited =
        |heard: &[(String, u64, u64)]| heard.iter().any(|(text, _, _)| text.starts_with("waiting for"));
    assert!(waited(&first.1) || waited(&second.1));
    let output = Command::new(&first.0.python).args(["-I", "-m", "pytest", "--version"]).output().unwrap();
    assert!(output.status.success());
    progress_only_grows(if made(&first.1) { &first.1 } else { &second.1 });
}

fn progress_only_grows(heard: &[(String, u64, u64)]) {
    let steps: Vec<_> = heard.iter().filter(|(_, _, total)| *total > 0).collect();
    assert!(steps.is_sorted_by_key(|(_, done, _)| done), "{steps:?}");
    let (_, done, total) = steps.last().unwrap();
    assert_eq!(done, total);
}

// Kills it as soon as there is an interpreter, which is long before the tools are there.
fn kill_midway(data_dir: &Path) {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "--ignored", "set_up_elsewhere"]).env(ELSEWHERE, data_dir).stdout(Stdio::null());
    let mut child = command.spawn().unwrap();
    let started = Instant::now();
    while !has_interpreter(data_dir) {
        assert!(started.elapsed() < Duration::from_secs(60) && child.try_wait().unwrap().is_none());
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
}

fn has_interpreter(data_dir: &Path) -> bool {
    let toolchains = fs::read_dir(data_dir.join("toolchains")).into_iter().flatten().flatten();
    toolchains.map(|entry| entry.path().join("env/bin/python")).any(|python| python.exists())
}
