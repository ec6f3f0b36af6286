//! A path below some root that cannot leave it: what packs name files by.
//!
//! It is stricter than `RelPath`, which names what a learner has: a pack's author writes one spelling (no `./a`, no `a//b`, no
//! drive letters), and nothing of a pack may lie in a `.git`, where git would run it. Whether something lies there, and
//! whether it is a link, is for whoever opens it.

use std::borrow::Borrow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A relative path of plain names joined by `/`: `week1/day4/decorators.py`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PackPath(String);

impl PackPath {
    /// Returns the path as text, with `/` between its parts.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the last part: `decorators.py`.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// Returns the parts in order, outermost first.
    pub fn parts(&self) -> impl Iterator<Item = &str> {
        self.0.split('/')
    }

    /// Returns whether this path is `folder` itself or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        self.0.strip_prefix(folder.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Returns where this path lies below `root` on this machine.
    pub fn below(&self, root: &Path) -> PathBuf {
        self.parts().fold(root.to_owned(), |path, part| path.join(part))
    }
}

impl fmt::Display for PackPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl Borrow<str> for PackPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl FromStr for PackPath {
    type Err = PackPathError;

    /// Reads a path; one `/` at the end is dropped, so that folders may be written as such.
    fn from_str(text: &str) -> Result<Self, PackPathError> {
        let path = text.strip_suffix('/').unwrap_or(text);
        if path.len() <= MAX_BYTES && path.split('/').all(is_plain) {
            Ok(Self(path.to_owned()))
        } else {
            Err(PackPathError(text.to_owned()))
        }
    }
}

/// Returns whether this is a name that every file system takes for a name: `:` would be a drive on Windows.
/// Nothing of ours reaches into `.git`: a starter with `.git/hooks/pre-commit` would run in whoever's
/// repository it is laid into.
fn is_plain(part: &str) -> bool {
    let special = |c: char| c.is_control() || matches!(c, '\\' | ':');
    !matches!(part, "" | "." | "..") && !part.eq_ignore_ascii_case(".git") && !part.contains(special)
}

/// A text that is not a path below a root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a path below the root; write it like `week1/day4/main.py`, without `..` or `.git` and without `/` in front"
)]
pub struct PackPathError(String);

/// Bytes of a whole path; half of what Linux takes, since a root comes before it.
const MAX_BYTES: usize = 2048;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_could_leave_its_root_cannot_be_built() {
        for text in [
            "",
            "/",
            "/etc/passwd",
            "..",
            "a/../b",
            "./a",
            "a//b",
            ".git/hooks/x",
            "a/.GIT",
            "a\\..\\b",
            "C:/x",
            "a\0b",
            "a\nb",
        ] {
            assert!(text.parse::<PackPath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn dotfiles_and_a_closing_slash_are_fine() {
        for (text, path) in [
            (".gitignore", ".gitignore"),
            (".github/x", ".github/x"),
            ("__pycache__/", "__pycache__"),
            ("a..b/c", "a..b/c"),
        ] {
            assert_eq!(text.parse::<PackPath>().unwrap().as_str(), path);
        }
    }

    #[test]
    fn a_sibling_with_the_same_beginning_is_not_within() {
        let path: PackPath = "week1/day40/main.py".parse().unwrap();
        assert!(!path.is_within(&"week1/day4".parse().unwrap()));
        assert!(path.is_within(&"week1/day40".parse().unwrap()));
    }
}
