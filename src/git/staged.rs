//! What is staged: the files as the next commit will have them, whatever the work tree has by now.
//!
//! They are laid out in a folder of their own, read from the index and the objects as everything else of a repository is: no filter of
//! `.git/config` is run. Names are a stranger's: only those that stay below the folder are laid out, links last, and nothing is made
//! through a link.

use std::cell::Cell;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{OpenOptionsExt, symlink};
use std::path::{Path, PathBuf};

use gix_hash::Kind as Hash;
use gix_index::entry::{Flags, Mode, Stage};

use crate::lay_out::make_way;
use crate::rel_path::RelPath;
use crate::tree::Tree;

use super::ignore::Ignores;
use super::store::{self, Blob, HeadEntries, Place};
use super::{GitError, GitFacts, MAX_COMPARED_IN_ALL, MAX_VISITED};

/// Bytes of all staged files together.
const MAX_STAGED: u64 = 256 << 20;

/// The staged files of a repository.
pub struct Staged {
    place: Place,
    hash: Hash,
    index: gix_index::File,
    head: Option<HeadEntries>,
    /// The learner's root, below the work tree.
    root: RelPath,
}

impl Staged {
    /// Reads what is staged in the repository that a folder belongs to. `index` is another index than the repository's own:
    /// `git commit FILE` makes one for the time of the commit.
    ///
    /// # Errors
    ///
    /// As `examine`.
    pub fn read(root: &Path, index: Option<&Path>) -> Result<Self, GitError> {
        let root = root.canonicalize().map_err(|error| GitError::Io(root.to_owned(), error))?;
        let place = store::locate(&root)?;
        place.check()?;
        let below = root.strip_prefix(&place.work_tree).ok().and_then(RelPath::from_path);
        let root = below.ok_or_else(|| GitError::NotARepository(root.clone()))?;
        let hash = place.object_format()?;
        let index = match index {
            Some(path) => store::index_at(path.to_owned(), hash)?,
            None => place.index(hash)?,
        };
        let head = place.head(hash)?;
        Ok(Self { place, hash, index, head, root })
    }

    /// Returns the files below the learner's root that the next commit adds, changes or removes, as paths below it; the names that are no
    /// text are left out.
    pub fn changed(&self) -> Vec<RelPath> {
        let committed = |path: &[u8]| self.head.as_ref().and_then(|head| head.get(path));
        let changed = self.entries().filter(|(entry, path)| committed(path) != Some(&entry.id));
        let is_tracked = |path: &[u8]| self.index.entry_by_path(path.into()).is_some();
        let removed = self.head.iter().flat_map(|head| head.keys()).filter(|path| !is_tracked(path));
        let paths = changed.map(|(_, path)| path).chain(removed.map(Vec::as_slice));
        paths.filter_map(|path| named(path)?.within(&self.root)).collect()
    }

    /// Lays the files below the learner's root out, and every `.gitignore`, and returns where in the folder that root is.
    ///
    /// # Errors
    ///
    /// A staged file cannot be read or written, or there is too much.
    pub fn lay_out(&self, folder: &Path) -> Result<PathBuf, GitError> {
        let objects = self.place.objects(self.hash)?;
        let (mut links, mut buffer, mut left) = (Vec::new(), Vec::new(), MAX_STAGED);
        let root = self.root.below(folder);
        fs::create_dir_all(&root).map_err(|error| GitError::Io(root.clone(), error))?;
        // A submodule, or a folder of a sparse index, is no file.
        let is_file = |entry: &gix_index::Entry| {
            matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE | Mode::SYMLINK)
        };
        for (entry, path) in self.entries().filter(|(entry, _)| is_file(entry)) {
            let Some(path) = named(path).filter(|path| self.is_wanted(path)) else { continue };
            let blob = store::read_blob(&objects, &entry.id, &mut buffer)?;
            let place = path.below(folder);
            let refused = |error| GitError::Io(place.clone(), error);
            left =
                left.checked_sub(blob.size()).ok_or_else(|| refused(io::ErrorKind::FileTooLarge.into()))?;
            match (entry.mode, blob) {
                (Mode::SYMLINK, Blob::Whole(text)) => links.push((path, text.to_vec())),
                (Mode::SYMLINK, Blob::TooLarge(_)) => {}
                (mode, blob) => {
                    let mode = if mode == Mode::FILE { 0o644 } else { 0o755 };
                    make_way(folder, &path).and_then(|_| write(&place, blob, mode)).map_err(refused)?;
                }
            }
        }
        for (path, text) in links {
            let text = OsStr::from_bytes(&text);
            // Where git itself would find something in the way, the index is damaged, and the link is missing.
            let _ = make_way(folder, &path).and_then(|_| symlink(text, path.below(folder)));
        }
        Ok(root)
    }

    /// Returns what there is to say about the repository when the commit is made, whose files are laid out in the folder.
    ///
    /// # Errors
    ///
    /// The folder cannot be opened.
    pub fn once_committed(self, folder: &Path) -> Result<GitFacts, GitError> {
        let work_tree = Tree::open(folder).map_err(|error| GitError::Io(folder.to_owned(), error))?;
        let head: HeadEntries = self.entries().map(|(entry, path)| (path.to_vec(), entry.id)).collect();
        Ok(GitFacts {
            work_tree,
            root: self.root,
            head: Some(head),
            ignores: Ignores::new(self.place.exclude_file()),
            index: self.index,
            hash: self.hash,
            max_visited: MAX_VISITED,
            budget: Cell::new(MAX_COMPARED_IN_ALL),
        })
    }

    fn entries(&self) -> impl Iterator<Item = (&gix_index::Entry, &[u8])> {
        // What is only meant to be added (`git add --intent-to-add`) is no part of the commit.
        let is_staged = |entry: &&gix_index::Entry| {
            entry.stage() == Stage::Unconflicted && !entry.flags.contains(Flags::INTENT_TO_ADD)
        };
        let entries = self.index.entries().iter().filter(is_staged);
        entries.map(|entry| (entry, &**entry.path(&self.index)))
    }

    fn is_wanted(&self, path: &RelPath) -> bool {
        path.is_within(&self.root) || path.file_name() == Some(".gitignore")
    }
}

/// Returns the path that an entry names, if it is text, leads out of no folder and into no `.git`.
fn named(path: &[u8]) -> Option<RelPath> {
    let text = std::str::from_utf8(path).ok()?;
    let path = RelPath::root().follow(text)?;
    let is_plain = path.as_str() == text && !path.parts().any(|part| part.eq_ignore_ascii_case(".git"));
    is_plain.then_some(path)
}

fn write(place: &Path, blob: Blob<'_>, mode: u32) -> io::Result<()> {
    let mut file = File::options().write(true).create_new(true).mode(mode).open(place)?;
    match blob {
        Blob::Whole(bytes) => file.write_all(bytes),
        // Nobody reads so large a file; what is looked at is that it is there, and too large.
        Blob::TooLarge(size) => file.set_len(size),
    }
}
