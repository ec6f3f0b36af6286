//! Which folders of a repository are watched, and which changes in them may matter.
//!
//! Those that a snapshot may copy from, and of `.git` the few files that change with what is staged and committed.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::rel_path::RelPath;
use crate::snapshot::{MAX_DEPTH, is_hidden_or_made};
use crate::tree::{Kind, Tree};

/// Folders that are watched at the most: a repository of a course has a hundred.
const MAX_FOLDERS: usize = 10_000;
/// The folders of git in which something changes whenever something is staged or committed.
const OF_GIT: [&str; 2] = [".git", ".git/logs"];
/// What changes in them then.
const FILES_OF_GIT: [&str; 3] = [".git/index", ".git/HEAD", ".git/logs/HEAD"];

/// Tells of every folder, each before what is below it is looked for. A folder that cannot be listed has nothing below it.
///
/// # Errors
///
/// What `visit` fails with.
pub(super) fn walk<E>(root: &Path, mut visit: impl FnMut(PathBuf) -> Result<(), E>) -> Result<(), E> {
    let Ok(tree) = Tree::open(root) else { return Ok(()) };
    let mut folders = VecDeque::from([RelPath::root()]);
    let mut seen = 0;
    while let Some(folder) = folders.pop_front() {
        seen += 1;
        visit(folder.below(root))?;
        let Ok(listing) = tree.list(&folder) else { continue };
        if folder.depth() >= MAX_DEPTH || listing.has_file("pyvenv.cfg") {
            continue;
        }
        let below = listing.names(Kind::Folder).filter(|name| !is_hidden_or_made(name));
        let room = MAX_FOLDERS.saturating_sub(seen + folders.len());
        folders.extend(below.filter_map(|name| folder.child(name)).take(room));
    }
    for folder in OF_GIT.iter().filter_map(|name| RelPath::root().follow(name)) {
        if tree.is_folder(&folder) {
            visit(folder.below(root))?;
        }
    }
    Ok(())
}

/// Returns whether a verdict may depend on what is at this path.
pub(super) fn may_matter(path: &RelPath) -> bool {
    if path.parts().next() == Some(".git") {
        return FILES_OF_GIT.contains(&path.as_str());
    }
    let is_bytecode = path.has_extension("pyc") || path.has_extension("pyo");
    let above = path.parent();
    let is_left_out = above.as_ref().is_some_and(|above| above.parts().any(is_hidden_or_made));
    !is_bytecode && !is_left_out && path.file_name() != Some("__pycache__")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_leave_behind_does_not_matter_and_what_git_notes_does() {
        let matters = |path: &str| may_matter(&path.parse().unwrap());
        for path in
            ["week1/day4/decorators.py", "grade.toml", ".gitignore", ".git/index", "day4", ".git/logs/HEAD"]
        {
            assert!(matters(path), "{path}");
        }
        for path in [
            ".git/index.lock",
            ".git/objects/aa",
            "day4/__pycache__",
            "day4/__pycache__/x.cpython-311.pyc",
            ".venv/lib/x.py",
            "x.pyc",
        ] {
            assert!(!matters(path), "{path}");
        }
    }

    #[test]
    fn environments_and_hidden_folders_are_not_watched() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path().canonicalize().unwrap();
        for folder in
            ["week1/day4/tests", "env/lib", ".venv/lib", ".git/logs", ".git/objects", "day1/__pycache__"]
        {
            std::fs::create_dir_all(root.join(folder)).unwrap();
        }
        std::fs::write(root.join("env/pyvenv.cfg"), "").unwrap();
        let mut seen = Vec::new();
        let walked = walk(&root, |folder| {
            seen.push(folder.strip_prefix(&root).unwrap().display().to_string());
            Ok::<(), ()>(())
        });
        assert_eq!(walked, Ok(()));
        let expected = ["", "day1", "env", "week1", "week1/day4", "week1/day4/tests", ".git", ".git/logs"];
        assert_eq!(seen, expected);
    }
}
