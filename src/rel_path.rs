//! A path below the root of a repository, as every part of the program names files: UTF-8, `/` between its parts.
//!
//! It cannot be malformed: no part is empty, `.` or `..`, none holds a control character, a backslash or a NUL, so
//! joining it to a folder never leads out of that folder (links aside, which are for `tree`). The empty path is the root.

use std::borrow::Borrow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes that a path may have: half of the 4096 that Linux takes in one system call. The other half is for the folder that it
/// lies below, which is another one where it is laid out.
pub const MAX_LENGTH: usize = 2048;

/// A path below a root. Prints as it is written in Python projects: `week1/day4/decorators.py`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct RelPath(String);

/// A text that is not a path below a root.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a path below the repository's root; paths are written like `week1/day4`", .0.escape_debug())]
pub struct RelPathError(String);

impl RelPath {
    /// Returns the root itself, the empty path.
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// Returns whether this is the root itself.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the path as text; the root is the empty text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns its parts from the top down.
    pub fn parts(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('/').filter(|part| !part.is_empty())
    }

    /// Returns how many parts it has.
    pub fn depth(&self) -> usize {
        self.parts().count()
    }

    /// Returns its last part, which the root has not.
    pub fn file_name(&self) -> Option<&str> {
        self.parts().next_back()
    }

    /// Returns whether its name ends with a dot and this extension.
    pub fn has_extension(&self, extension: &str) -> bool {
        self.file_name().and_then(|name| name.rsplit_once('.')).is_some_and(|(_, found)| found == extension)
    }

    /// Returns the folder that it lies in, which the root has not.
    pub fn parent(&self) -> Option<Self> {
        if self.is_root() {
            return None;
        }
        Some(Self(self.0.rsplit_once('/').map_or_else(String::new, |(parent, _)| parent.to_owned())))
    }

    /// Returns the folders that it lies in, nearest first, the root last.
    pub fn ancestors(&self) -> impl Iterator<Item = Self> {
        std::iter::successors(self.parent(), Self::parent)
    }

    /// Returns the path of an entry of this folder, or `None` when that name cannot be part of a path.
    pub fn child(&self, name: &str) -> Option<Self> {
        if !is_part(name) || self.0.len() + 1 + name.len() > MAX_LENGTH {
            return None;
        }
        Some(if self.is_root() { Self(name.to_owned()) } else { Self(format!("{}/{name}", self.0)) })
    }

    /// Follows a relative text from here, `.` and `..` included, or returns `None` when it leads out of the root.
    pub fn follow(&self, text: &str) -> Option<Self> {
        if text.starts_with('/') {
            return None;
        }
        text.split('/').try_fold(self.clone(), |here, part| match part {
            "" | "." => Some(here),
            ".." => here.parent(),
            name => here.child(name),
        })
    }

    /// Returns whether this is `folder` or lies below it.
    pub fn is_within(&self, folder: &Self) -> bool {
        folder.is_root()
            || self == folder
            || self.0.strip_prefix(&folder.0).is_some_and(|rest| rest.starts_with('/'))
    }

    /// Returns the path from `folder` to here, or `None` when this does not lie within it.
    pub fn within(&self, folder: &Self) -> Option<Self> {
        self.is_within(folder).then(|| Self(self.0[folder.0.len()..].trim_start_matches('/').to_owned()))
    }

    /// Returns the path on disk, below this root.
    pub fn below(&self, root: &Path) -> PathBuf {
        if self.is_root() { root.to_owned() } else { root.join(&self.0) }
    }

    /// Reads a path of the operating system that is already relative.
    pub fn from_path(path: &Path) -> Option<Self> {
        Self::root().follow(path.to_str()?)
    }
}

/// Returns whether this can be one part of a path.
fn is_part(name: &str) -> bool {
    !matches!(name, "" | "." | "..") && !name.contains(|c: char| c == '/' || c == '\\' || c.is_control())
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if self.is_root() { "." } else { &self.0 })
    }
}

impl FromStr for RelPath {
    type Err = RelPathError;

    fn from_str(text: &str) -> Result<Self, RelPathError> {
        let climbs = text.split('/').any(|part| part == "..");
        let path = (!climbs && !text.is_empty()).then(|| Self::root().follow(text)).flatten();
        path.ok_or_else(|| RelPathError(text.to_owned()))
    }
}

impl Borrow<str> for RelPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl Serialize for RelPath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RelPath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> RelPath {
        text.parse().unwrap()
    }

    #[test]
    fn a_path_that_leads_out_or_hides_something_is_refused() {
        for text in ["", "/etc", "..", "a/../b", "a\\b", "a\nb", "a\u{1b}[2J", "a\0b", &"a/".repeat(5000)] {
            assert!(text.parse::<RelPath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_path_is_printed_in_one_spelling() {
        assert_eq!(path("week1//day4/./x.py").to_string(), "week1/day4/x.py");
        assert_eq!(path(".").to_string(), ".");
        assert_eq!(path("./day4/").to_string(), "day4");
    }

    #[test]
    fn following_dots_stops_at_the_root() {
        assert_eq!(path("a/b").follow("../c"), Some(path("a/c")));
        assert_eq!(path("a").follow(".."), Some(RelPath::root()));
        assert_eq!(path("a").follow("../.."), None);
        assert_eq!(path("a").follow("/etc"), None);
    }

    #[test]
    fn a_folder_holds_itself_and_what_is_below_and_no_namesake() {
        assert!(path("day1/x").is_within(&path("day1")));
        assert!(path("day1").is_within(&path("day1")));
        assert!(!path("day10/x").is_within(&path("day1")));
        assert!(path("day10").is_within(&RelPath::root()));
        assert_eq!(path("a/b/c").within(&path("a")), Some(path("b/c")));
        assert_eq!(path("a").within(&path("a")), Some(RelPath::root()));
    }

    #[test]
    fn the_ancestors_end_at_the_root() {
        assert_eq!(path("a/b/c").ancestors().collect::<Vec<_>>(), [path("a/b"), path("a"), RelPath::root()]);
        assert_eq!(RelPath::root().ancestors().count(), 0);
    }
}
