//! What can be seen of the files of a repository without reading them, so that two looks tell what has changed.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::rel_path::RelPath;

use super::folders;

/// What each file and folder looks like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Marks(BTreeMap<RelPath, Mark>);

/// What changes when a file is written, replaced or made executable. Times have nanoseconds where the file system has them, and a
/// replaced file is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Mark {
    inode: u64,
    mode: u32,
    size: u64,
    written: (i64, i64),
    changed: (i64, i64),
}

impl Marks {
    /// Looks at every file that may matter. What cannot be looked at is not there.
    pub(super) fn of(root: &Path) -> Self {
        let mut marks = BTreeMap::new();
        let walked: Result<(), Infallible> = folders::walk(root, |folder| {
            let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
            for entry in entries {
                let path = entry.path();
                let below = path.strip_prefix(root).ok().and_then(RelPath::from_path);
                let Some(below) = below.filter(folders::may_matter) else { continue };
                // Of the entry itself, whatever a link leads to.
                let Ok(metadata) = entry.metadata() else { continue };
                marks.insert(below, Mark::of(&metadata));
            }
            Ok(())
        });
        let Ok(()) = walked;
        Self(marks)
    }

    /// Returns what is new, gone or another one.
    pub(super) fn changes_since(&self, before: &Self) -> BTreeSet<RelPath> {
        let differs = |path: &&RelPath| self.0.get(*path) != before.0.get(*path);
        self.0.keys().chain(before.0.keys()).filter(differs).cloned().collect()
    }
}

impl Mark {
    fn of(metadata: &fs::Metadata) -> Self {
        if metadata.is_dir() {
            // What is in it is looked at by itself.
            return Self {
                inode: metadata.ino(),
                mode: metadata.mode(),
                size: 0,
                written: (0, 0),
                changed: (0, 0),
            };
        }
        Self {
            inode: metadata.ino(),
            mode: metadata.mode(),
            size: metadata.size(),
            written: (metadata.mtime(), metadata.mtime_nsec()),
            changed: (metadata.ctime(), metadata.ctime_nsec()),
        }
    }
}
