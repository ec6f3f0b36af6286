//! Machines on which something is missing: disk space, the network, Python, a sandbox, the right to write.

use std::collections::BTreeMap;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::toolchain;
use crate::place::{Place, Ran};
use crate::skip;

/// Returns every path below a folder with what could be changed of it.
fn listing(folder: &Path) -> BTreeMap<PathBuf, (u32, i64, i64, Vec<u8>)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let metadata = path.symlink_metadata().unwrap();
        let contents = if metadata.is_file() { fs::read(&path).unwrap() } else { Vec::new() };
        if metadata.is_dir() {
            found.extend(listing(&path));
        }
        found.insert(path, (metadata.mode(), metadata.mtime(), metadata.mtime_nsec(), contents));
    }
    found
}

/// Returns `grade` in namespaces of its own, after a line of shell has changed something there: `None` where that is not allowed.
pub fn after(place: &Place, unshare: &[&str], line: &str, args: &str) -> Option<Command> {
    let shell = |command: &str| {
        let mut unshared = Command::new("unshare");
        unshared.args(unshare).args(["sh", "-c", command]);
        place.settle(&mut unshared);
        unshared
    };
    let allowed = shell(line).output().is_ok_and(|output| output.status.success());
    let pack = crate::place::tiny_pack();
    let grade = format!("{line} && exec {} {args} --pack {}", env!("CARGO_BIN_EXE_grade"), pack.display());
    allowed.then(|| shell(&grade))
}

#[test]
fn the_repository_is_never_written_to() {
    let place = Place::with(&[1, 2]);
    place.write("week1/day2/test_tidy.py", "from tidy import add\n\n\ndef test_add():\n    open('left-behind', 'w').close()\n    assert add(1, 2) == 3\n");
    let before = listing(&place.repo());
    place.run("").exits_with(0);
    place.run("--no-cache --sandbox none day1").exits_with(0);
    assert_eq!(listing(&place.repo()), before);
    for path in before.keys().filter(|path| path.is_dir()) {
        fs::set_permissions(path, Permissions::from_mode(0o555)).unwrap();
    }
    place.run("--no-cache").exits_with(0);
    for path in before.keys().filter(|path| path.is_dir()) {
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }
}

#[test]
fn a_repository_on_a_read_only_disk_is_graded() {
    let place = Place::with(&[1]);
    let line =
        "mount --bind . . && mount -o remount,bind,ro . && cd . && cd \"$PWD\" && ! touch probe 2>/dev/null";
    match after(&place, &["--mount"], line, "day1") {
        Some(mut command) => place.finish(&mut command).reports(0, &["passed       greet"]),
        None => skip!("nothing can be mounted here"),
    };
}

#[test]
fn a_full_disk_is_said_and_one_for_the_cache_costs_only_the_cache() {
    let place = Place::with(&[1]);
    let full = |folder: &str| {
        format!(
            "mkdir -p {folder} && mount -t tmpfs -o size=64k none {folder} && {{ cat /dev/zero > {folder}/filler; true; }} 2>/dev/null"
        )
    };
    let (temporary, cache) = (place.path("full"), place.path("cache"));
    let line = format!("{} && export TMPDIR={}", full(&temporary.display().to_string()), temporary.display());
    let Some(mut command) = after(&place, &["--mount"], &line, "day1") else {
        skip!("nothing can be mounted here")
    };
    let ran = place.finish(&mut command).exits_with(3);
    assert!(ran.error().contains("No space left on device"), "{ran:?}");
    assert!(
        ran.error().contains("hint: is the disk full or read-only? `TMPDIR` names another folder"),
        "{ran:?}"
    );
    let mut command = after(&place, &["--mount"], &full(&cache.display().to_string()), "day1").unwrap();
    place.finish(&mut command).reports(0, &["passed       greet"]);
}

/// Runs `grade day1` where nothing is set up, with these programs on the `PATH` alone.
fn first_run(place: &Place, programs: &Path) -> Ran {
    let mut command = place.grade("day1");
    command.env("PATH", programs).env("GRADE_DATA_DIR", place.path("data")).env_remove("GRADE_PYTHON");
    command.env("PIP_INDEX_URL", "http://127.0.0.1:9/simple").env("PIP_RETRIES", "0");
    let ran = place.finish(&mut command).exits_with(3);
    assert_eq!(ran.stdout, "");
    Ran { stderr: ran.error(), ..ran }
}

#[test]
fn without_a_network_the_first_run_says_that_it_needs_one() {
    let place = Place::with(&[1]);
    let programs = place.path("programs");
    fs::create_dir(&programs).unwrap();
    let python = toolchain().base_prefix.join("bin/python3");
    symlink(&python, programs.join("python3")).unwrap();
    let ran = first_run(&place, &programs);
    assert!(ran.stderr.starts_with("error: failed to install"), "{}", ran.stderr);
    assert!(ran.stderr.contains("hint:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("offline"), "{}", ran.stderr);
}

#[test]
fn without_a_fitting_python_it_says_which_one_to_get() {
    let place = Place::with(&[1]);
    let programs = place.path("programs");
    fs::create_dir(&programs).unwrap();
    let ran = first_run(&place, &programs);
    assert!(ran.stderr.starts_with("error: found no Python on the `PATH`; grade needs 3.11 or newer hint: install Python 3.11 or newer"), "{}", ran.stderr);
    let python = programs.join("python3");
    let answer = format!(
        "{{\"implementation\": \"cpython\", \"version\": [3, 8, 10], \"executable\": \"{}\"}}",
        python.display()
    );
    fs::write(&python, format!("#!/bin/sh\necho '{answer}'\n")).unwrap();
    fs::set_permissions(&python, Permissions::from_mode(0o755)).unwrap();
    let ran = first_run(&place, &programs);
    assert!(ran.stderr.starts_with("error: found no Python that is 3.11 or newer:"), "{}", ran.stderr);
    assert!(ran.stderr.contains("3.8.10"), "{}", ran.stderr);
    let mut doctor = place.grade("doctor");
    let doctor = place.finish(
        doctor.env("PATH", &programs).env("GRADE_DATA_DIR", place.path("data")).env_remove("GRADE_PYTHON"),
    );
    assert!(doctor.exits_with(3).stdout.contains("MISSING  python"));
}

#[test]
fn without_a_sandbox_nothing_is_run_unless_that_is_asked_for() {
    const NO_NAMESPACES: &str = "echo 0 > /proc/sys/user/max_user_namespaces";
    let place = Place::with(&[1]);
    // A root who has no other id to give to a submission.
    let unshare = ["--user", "--map-root-user"];
    for args in ["day1 --no-cache --sandbox full", "day1 --no-cache --require-sandbox full-bwrap"] {
        let Some(mut command) = after(&place, &unshare, NO_NAMESPACES, args) else {
            skip!("user namespaces cannot be limited here")
        };
        let ran = place.finish(&mut command).exits_with(5);
        assert_eq!(ran.stdout, "");
        assert!(ran.stderr.starts_with("error: refusing to run submissions "), "{}", ran.stderr);
        assert!(ran.stderr.contains("max_user_namespaces"), "{}", ran.stderr);
        assert!(ran.stderr.contains("`--sandbox none`"), "{}", ran.stderr);
    }
    let mut command = after(&place, &unshare, NO_NAMESPACES, "doctor").unwrap();
    place.finish(&mut command).reports(0, &["note     sandbox full ", "ok       sandbox restricted "]);
    let mut command = after(&place, &unshare, NO_NAMESPACES, "day1 --no-cache").unwrap();
    place.finish(&mut command).reports(0, &["sandbox: restricted ("]);
    let mut command = after(&place, &unshare, NO_NAMESPACES, "day1 --sandbox none").unwrap();
    place.finish(&mut command).reports(0, &["WARNING: there was NO SANDBOX"]);
}

#[test]
fn without_a_home_it_says_which_variables_to_set() {
    let place = Place::with(&[1]);
    let mut command = place.grade("day1");
    let ran = place.finish(command.env_remove("HOME").env_remove("GRADE_CACHE_DIR")).exits_with(2);
    assert!(ran.stderr.contains("`GRADE_CACHE_DIR`"), "{}", ran.stderr);
}
