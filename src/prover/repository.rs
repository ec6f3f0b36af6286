//! Makes a repository of a tree of the pack, in a temporary folder, with git in the state that the tree asks for.
//!
//! Everything here is the pack author's own, so the `git` program is used as it is, away from the author's own settings.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::outcome::Fault;
use crate::pack::{GitState, PackTree, WrongGit};

/// How the name of the temporary folder begins.
pub const PREFIX: &str = "grade-pack-";

/// Makes the repository, or only the tree where nobody asks git; it is gone when the folder is dropped.
pub fn make(tree: &PackTree, git: Option<&WrongGit>) -> Result<TempDir, Fault> {
    let place = tempfile::Builder::new().prefix(PREFIX).tempdir();
    let place = place.map_err(|error| Fault::from_error("failed to make a temporary folder", &error))?;
    tree.lay_over(place.path())
        .map_err(|error| Fault::from_error("failed to lay out a submission", &error))?;
    let Some(git) = git.filter(|git| git.state != GitState::None) else { return Ok(place) };
    // Without a template there are no dozen examples of hooks to write.
    run(place.path(), &["init", "--quiet", "--template=", "--initial-branch=main"])?;
    if git.state == GitState::Committed {
        commit(place.path(), git)?;
    }
    Ok(place)
}

fn commit(root: &Path, git: &WrongGit) -> Result<(), Fault> {
    run(root, &["add", "--all"])?;
    for path in &git.forced {
        run(root, &["add", "--force", "--", path.as_str()])?;
    }
    for path in &git.uncommitted {
        run(root, &["rm", "--quiet", "--cached", "--", path.as_str()])?;
    }
    run(root, &["commit", "--quiet", "--allow-empty", "--message", "work of the day"])
}

fn run(root: &Path, args: &[&str]) -> Result<(), Fault> {
    let fault = || Fault::new(format!("failed to run `git {}`", args.join(" ")));
    let identity =
        ["-c", "user.name=Learner", "-c", "user.email=learner@example.invalid", "-c", "commit.gpgsign=false"];
    let output = Command::new("git")
        .current_dir(root)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env_remove("GIT_DIR")
        .env_remove("GIT_INDEX_FILE")
        .env_remove("GIT_WORK_TREE")
        .args(identity)
        .args(args)
        .output();
    let output = output.map_err(|error| {
        fault()
            .because(error.to_string())
            .hint("checking a pack with git requirements needs the `git` program")
    })?;
    if output.status.success() {
        return Ok(());
    }
    Err(fault().because(String::from_utf8_lossy(&output.stderr).trim().to_owned()))
}
