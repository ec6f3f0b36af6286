//! The version that a build calls itself: with its commit where it is built to be kept, from a clone.
//!
//! Tried with a crate of one line that has the build.rs of this one.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

const MANIFEST: &str = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n[workspace]\n";
const MAIN: &str = "fn main() { print!(\"{}\", env!(\"GRADE_VERSION\")); }\n";

/// What a build came to.
#[derive(Debug, PartialEq, Eq)]
struct Built {
    version: String,
    /// Whether anything had to be compiled.
    anew: bool,
}

fn place() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}

/// Lays out the small crate.
fn lay_out(root: &Path) {
    let build = fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("build.rs")).unwrap();
    let files: [(&str, &[u8]); 6] = [
        ("Cargo.toml", MANIFEST.as_bytes()),
        ("src/main.rs", MAIN.as_bytes()),
        (".gitignore", b"/target/\n/Cargo.lock\n"),
        ("build.rs", &build),
        ("exercises/course/course.toml", b""),
        ("src/cli/pack/template/day.toml", b""),
    ];
    for (name, text) in files {
        fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
        fs::write(root.join(name), text).unwrap();
    }
}

/// Lays out the small crate as a repository with one commit.
fn lay_out_clone(root: &Path) {
    lay_out(root);
    git(root, &["init", "--quiet", "--initial-branch=main"]);
    git(root, &["add", "."]);
    commit(root);
}

fn git(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .arg("-C")
        .arg(root)
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env("GIT_COMMITTER_DATE", "2026-11-22T12:00:00+00:00")
        .output()
        .unwrap();
    answer(&output).trim().to_owned()
}

fn commit(root: &Path) {
    git(root, &["commit", "--quiet", "--allow-empty", "--message=more"]);
}

/// Returns the version of a build of what is checked out.
fn with_commit(root: &Path) -> String {
    format!("0.1.0 ({} 2026-11-22)", git(root, &["rev-parse", "--short=7", "HEAD"]))
}

fn answer(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn cargo(root: &Path) -> Command {
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--offline"]).current_dir(root).env("CARGO_TARGET_DIR", root.join("target"));
    command
}

fn build(command: &mut Command, profile: &str) -> Built {
    let output = command.output().unwrap();
    answer(&output);
    let program = command.get_current_dir().unwrap().join("target").join(profile).join("small");
    let anew = String::from_utf8_lossy(&output.stderr).contains("Compiling");
    Built { version: answer(&Command::new(program).output().unwrap()), anew }
}

fn release(root: &Path) -> Built {
    build(cargo(root).arg("--release"), "release")
}

/// Returns a folder with all programs of the path but git.
fn path_without_git(folder: &Path) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "the programs of this machine")]
    let path = std::env::var_os("PATH").unwrap();
    let there = std::env::split_paths(&path).filter_map(|folder| fs::read_dir(folder).ok());
    for entry in there.flatten().flatten().filter(|entry| entry.file_name() != "git") {
        // The first of a name counts.
        let _ = symlink(entry.path(), folder.join(entry.file_name()));
    }
    folder.to_owned()
}

#[test]
fn a_release_from_a_clone_names_its_commit_and_is_made_anew_for_another_one_only() {
    let place = place();
    let root = place.path();
    lay_out_clone(root);
    let version = with_commit(root);
    assert_eq!(release(root), Built { version: version.clone(), anew: true });
    assert_eq!(release(root), Built { version, anew: false });
    commit(root);
    assert_eq!(release(root), Built { version: with_commit(root), anew: true });

    // From here on the branch has no file of its own until its next commit.
    git(root, &["pack-refs", "--all"]);
    assert_eq!(release(root).version, with_commit(root));
    assert!(!release(root).anew);
    commit(root);
    assert_eq!(release(root), Built { version: with_commit(root), anew: true });

    git(root, &["checkout", "--quiet", "--detach", "HEAD~1"]);
    assert_eq!(release(root), Built { version: with_commit(root), anew: true });
    assert!(!release(root).anew);
}

#[test]
fn a_worktree_and_a_shallow_clone_name_their_commit() {
    let place = place();
    let root = place.path().join("clone");
    fs::create_dir(&root).unwrap();
    lay_out_clone(&root);
    commit(&root);
    let (tree, shallow) = (place.path().join("tree"), place.path().join("shallow"));
    git(&root, &["worktree", "add", "--quiet", "-b", "feature/other", tree.to_str().unwrap()]);
    let from = format!("file://{}", root.display());
    git(place.path(), &["clone", "--quiet", "--depth=1", &from, shallow.to_str().unwrap()]);

    for root in [&tree, &shallow] {
        commit(root);
        assert_eq!(release(root), Built { version: with_commit(root), anew: true }, "{}", root.display());
        assert!(!release(root).anew, "{}", root.display());
        commit(root);
        assert_eq!(release(root), Built { version: with_commit(root), anew: true }, "{}", root.display());
    }
}

#[test]
fn any_other_build_is_the_plain_number() {
    let plain = |anew| Built { version: "0.1.0".to_owned(), anew };
    let place = place();
    let root = place.path().join("clone");
    fs::create_dir(&root).unwrap();
    lay_out_clone(&root);
    assert_eq!(build(&mut cargo(&root), "debug"), plain(true), "a build to work with");
    commit(&root);
    assert_eq!(build(&mut cargo(&root), "debug"), plain(false), "a build to work with, after a commit");

    let programs = place.path().join("programs");
    fs::create_dir(&programs).unwrap();
    let path = path_without_git(&programs);
    assert_eq!(build(cargo(&root).arg("--release").env("PATH", path), "release"), plain(true), "without git");

    let unpacked = root.join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    lay_out(&unpacked);
    assert_eq!(release(&unpacked), plain(true), "unpacked in somebody's repository");
    assert_eq!(release(&unpacked), plain(false), "unpacked in somebody's repository");
}

#[test]
fn a_repository_that_the_environment_names_is_not_taken_for_this_one() {
    let place = place();
    let (here, other) = (place.path().join("here"), place.path().join("other"));
    for root in [&here, &other] {
        fs::create_dir(root).unwrap();
        lay_out_clone(root);
    }
    commit(&other);
    let mut command = cargo(&here);
    let built = build(command.arg("--release").env("GIT_DIR", other.join(".git")), "release");
    assert_eq!(built.version, with_commit(&here));
}
