//! Lays out what is compiled in of `exercises/`, and makes cargo compile the crate anew when anything below it changes. Says
//! which version this is.
//!
//! `include_dir!` takes a folder whole, and what a pack holds for its authors alone would only make the program larger: every
//! day's FEEDBACK.md. So all else is copied to OUT_DIR, and included from there. `include_dir!` lets the compiler track the
//! files that it found, but not ones that are added or removed later (that needs nightly's `track_path`). Cargo scans a named
//! folder whole, so a new day is never left out. <https://doc.rust-lang.org/cargo/reference/build-scripts.html#rerun-if-changed>
//!
//! A version names its commit where it is built to be kept: in the release profile, from a git clone. Any other build would only be
//! made anew for every commit. Without git, and from a tarball or a crate, it is the plain number.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is left out of the folder of a day.
const FOR_AUTHORS: &str = "FEEDBACK.md";
/// How deep it lies below `exercises/`: course, day, file. A solution may have a file of this name.
const DEPTH: usize = 3;

fn main() -> io::Result<()> {
    for path in ["build.rs", "exercises", "src/cli/pack/template"] {
        tell("rerun-if-changed", path);
    }
    tell("rustc-env", &format!("GRADE_VERSION={}", version()?));
    let place = Path::new(&told("OUT_DIR")?).join("exercises");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    copy(Path::new("exercises"), &place, 1)
}

#[expect(clippy::disallowed_macros, reason = "a build script speaks to cargo on its standard output")]
fn tell(what: &str, value: &str) {
    println!("cargo:{what}={value}");
}

#[expect(clippy::disallowed_methods, reason = "cargo speaks to a build script in the environment")]
fn told(what: &str) -> io::Result<String> {
    std::env::var(what).map_err(io::Error::other)
}

/// Returns `0.1.0 (abc1234 2026-11-22)`, or `0.1.0` where no commit is to be named.
fn version() -> io::Result<String> {
    let number = told("CARGO_PKG_VERSION")?;
    // A `.git` further up is that of a repository which this tarball was unpacked in.
    if told("PROFILE")? != "release" || !Path::new(".git").exists() {
        return Ok(number);
    }
    let Some(commit) = git(&["log", "-1", "--date=short", "--abbrev=7", "--format=%h %cd"]) else {
        return Ok(number);
    };
    for path in what_names_the_commit() {
        tell("rerun-if-changed", &path.display().to_string());
    }
    Ok(format!("{number} ({commit})"))
}

/// Returns the files that change when another commit is checked out, and no others. Each of them is there: cargo takes one that is not
/// for one that has changed.
fn what_names_the_commit() -> Vec<PathBuf> {
    let path_of = |name: &str| git(&["rev-parse", "--git-path", name]).map(PathBuf::from);
    let branch = git(&["rev-parse", "--symbolic-full-name", "HEAD"]).and_then(|name| path_of(&name));
    let branch = branch.into_iter().flat_map(|file| {
        // One that is packed has no file until its next commit, when the folder changes.
        let there = file.ancestors().find(|path| path.exists()).map(Path::to_owned);
        let packed = if file.exists() { None } else { path_of("packed-refs") };
        [there, packed]
    });
    // Where `reftable` is a folder, all of this lies in it.
    let usual = [path_of("HEAD"), path_of("reftable")];
    usual.into_iter().chain(branch).flatten().filter(|path| path.exists()).collect()
}

/// Returns what git answers about this repository, whatever the environment says of others.
fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(["--git-dir", ".git"]).args(arguments).output().ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| answer.trim().to_owned()).filter(|answer| !answer.is_empty())
}

fn copy(from: &Path, to: &Path, depth: usize) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, depth + 1)?;
        } else if depth != DEPTH || entry.file_name() != FOR_AUTHORS {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
