//! Facts about the learner's git repository, found by reading it: nothing of it is ever run.
//!
//! There is no `git` process and no configuration is obeyed, so hooks, `core.fsmonitor`, filters, textconv, includes and
//! aliases of a hostile `.git/config` have nothing to act on: the index, the references and the objects are files, and
//! they are read as such, with gitoxide's plumbing crates. Of the configuration only the object format is looked at.
//! Finding and opening the store is for `store`, what is ignored for `ignore`.
//!
//! A file counts as committed when the index and the commit agree on it and the file on disk has the same contents.
//! Line endings do not count (`core.autocrlf` changes them), and where contents differ (filters such as Git LFS, an
//! encoding, a very large file) the index's own record of time, size and inode decides, as it does for `git status`.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::io;
use std::path::{Path, PathBuf};

use gix_hash::ObjectId;
use gix_index::entry::{Flags, Mode, Stage};

use crate::finding::Captured;
use crate::rel_path::RelPath;
use crate::tree::{Kind, Tree};

mod ignore;
mod staged;
mod store;
#[cfg(test)]
mod tests;

use ignore::Ignores;
use store::HeadEntries;

pub use staged::Staged;

/// Paths that `uncommitted` and `tracked` name at most.
pub const MAX_LISTED: usize = 1_000;

/// Bytes of a file whose contents are compared.
const MAX_COMPARED: u64 = 32 << 20;
/// Bytes that are compared in all; what lies beyond is judged by the index's record.
const MAX_COMPARED_IN_ALL: u64 = 256 << 20;
/// Entries of the work tree that are looked at in search of untracked files.
const MAX_VISITED: usize = 50_000;

/// What operating systems leave in every folder; people ignore it in their own settings, which are not ours to read.
const LITTER: [&str; 3] = [".DS_Store", "Thumbs.db", "desktop.ini"];

/// What is known about a repository. It shows the moment in which it was examined.
pub struct GitFacts {
    work_tree: Tree,
    /// The learner's root, below the work tree.
    root: RelPath,
    index: gix_index::File,
    /// The files of the commit; `None` before the first one.
    head: Option<HeadEntries>,
    ignores: Ignores,
    hash: gix_hash::Kind,
    /// Entries of the work tree that are looked at in search of untracked files.
    max_visited: usize,
    /// How many bytes may still be read to compare contents.
    budget: Cell<u64>,
}

/// Why nothing can be said about a repository.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// There is no `.git` in the folder or above it.
    #[error("`{}` is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// A file of the repository could not be read.
    #[error("failed to read `{}`", .0.display())]
    Io(PathBuf, #[source] io::Error),
    /// The repository is damaged.
    #[error("the git repository is damaged: {what}")]
    Damaged {
        /// What could not be read: "the index".
        what: &'static str,
        /// Why, in the words of the library; it may quote the repository.
        detail: Captured,
    },
    /// The repository holds something that no git writes, such as a FIFO.
    #[error("refusing to read the git repository: `{}` is {what}", .path.raw().escape_debug())]
    Refused {
        /// Where.
        path: Captured,
        /// What it is: "a FIFO".
        what: &'static str,
    },
    /// The repository is of a kind that is not understood.
    #[error("the git repository uses {0}, which is not supported")]
    Unsupported(&'static str),
    /// The commit has more files than are looked at.
    #[error("the commit has more than {} files and folders", store::MAX_COMMITTED)]
    CommitTooLarge,
    /// There is more in the work tree, neither committed nor ignored, than is looked at.
    #[error("there are more than {MAX_VISITED} files and folders that are neither committed nor ignored")]
    WorkTreeTooLarge,
}

impl GitError {
    /// Returns what to do next.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotARepository(_) => Some("make one with `git init`"),
            Self::Damaged { .. } => Some("`git fsck` says what is wrong; `git reset` writes a new index"),
            Self::WorkTreeTooLarge => {
                Some("name what need not be committed in `.gitignore`, for example `.venv/`")
            }
            Self::Io(..) | Self::Refused { .. } | Self::Unsupported(_) | Self::CommitTooLarge => None,
        }
    }
}

/// Reads the repository that a folder belongs to: the folder itself, or one above it, is the top of its work tree.
///
/// # Errors
///
/// There is none (`NotARepository`), or it cannot be read.
pub fn examine(root: &Path) -> Result<GitFacts, GitError> {
    let root = root.canonicalize().map_err(|error| GitError::Io(root.to_owned(), error))?;
    let place = store::locate(&root)?;
    let work_tree =
        Tree::open(&place.work_tree).map_err(|error| GitError::Io(place.work_tree.clone(), error))?;
    let below = root.strip_prefix(work_tree.path()).ok().and_then(RelPath::from_path);
    let root = below.ok_or_else(|| GitError::NotARepository(root.clone()))?;
    place.check()?;
    let hash = place.object_format()?;
    let index = place.index(hash)?;
    let head = place.head(hash)?;
    let ignores = Ignores::new(place.exclude_file());
    Ok(GitFacts {
        work_tree,
        root,
        index,
        head,
        ignores,
        hash,
        max_visited: MAX_VISITED,
        budget: Cell::new(MAX_COMPARED_IN_ALL),
    })
}

/// Returns whether a `.gitignore` with these lines ignores a file beside it or below.
pub fn is_ignored_by(lines: &[u8], path: &RelPath) -> bool {
    ignore::Patterns::new(lines).ignore_at_any_level(path.as_str().as_bytes())
}

impl GitFacts {
    /// Returns whether anything was ever committed on the branch that is checked out.
    pub fn has_commit(&self) -> bool {
        self.head.is_some()
    }

    /// Returns the tracked files below the root that a `.gitignore` with these lines would ignore, at most `MAX_LISTED`.
    pub fn tracked(&self, patterns: &[&str]) -> Vec<Captured> {
        let patterns = ignore::Patterns::new(patterns.join("\n").as_bytes());
        let below = self.entries().filter_map(|(_, path)| self.below_root(path));
        let found: BTreeSet<&[u8]> = below.filter(|path| patterns.ignore_at_any_level(path)).collect();
        found.into_iter().take(MAX_LISTED).map(Captured::from_bytes).collect()
    }

    /// Returns whether git ignores a path below the root, which need not exist. As for `git check-ignore`, the
    /// `.gitignore` files of all folders on the way and `.git/info/exclude` count; a learner's global settings do not.
    pub fn ignores(&self, path: &RelPath, is_dir: bool) -> bool {
        self.root
            .follow(path.as_str())
            .is_some_and(|path| self.ignores.ignore(&self.work_tree, &path, is_dir))
    }

    /// Returns the files below these folders (or of these names) that differ from the commit, in the index or on disk,
    /// and those that are neither tracked nor ignored; sorted, at most `MAX_LISTED`. Without a commit that is all of them.
    ///
    /// # Errors
    ///
    /// `WorkTreeTooLarge`: there are more untracked files than are looked at, and none of those seen decides.
    pub fn uncommitted(&self, prefixes: &[RelPath]) -> Result<Vec<Captured>, GitError> {
        let prefixes: Vec<RelPath> =
            prefixes.iter().filter_map(|prefix| self.root.follow(prefix.as_str())).collect();
        let mut found = self.changed(&prefixes);
        found.extend(self.removed(&prefixes));
        for prefix in &prefixes {
            self.add_untracked(prefix, &mut found)?;
        }
        let below = found.iter().filter_map(|path| self.below_root(path));
        Ok(below.take(MAX_LISTED).map(Captured::from_bytes).collect())
    }

    /// Returns the entries of the index that are not as committed.
    fn changed(&self, prefixes: &[RelPath]) -> BTreeSet<Vec<u8>> {
        let wanted = self.entries().filter(|(_, path)| is_below_any(path, prefixes));
        let changed = wanted.filter(|(entry, path)| {
            !self.is_staged_as_committed(entry, path) || !self.is_on_disk(entry, path)
        });
        changed.map(|(_, path)| path.to_vec()).collect()
    }

    /// Returns the files of the commit that the index no longer has.
    fn removed(&self, prefixes: &[RelPath]) -> Vec<Vec<u8>> {
        let committed = self.head.iter().flat_map(BTreeMap::keys);
        let wanted = committed.filter(|path| is_below_any(path, prefixes));
        wanted.filter(|path| !self.is_tracked(path) && !self.is_in_sparse_folder(path)).cloned().collect()
    }

    fn entries(&self) -> impl Iterator<Item = (&gix_index::Entry, &[u8])> {
        self.index.entries().iter().map(|entry| (entry, &**entry.path(&self.index)))
    }

    fn is_tracked(&self, path: &[u8]) -> bool {
        self.index.entry_by_path(path.into()).is_some()
    }

    /// Returns whether a sparse index stands for this path by one of its folders.
    fn is_in_sparse_folder(&self, path: &[u8]) -> bool {
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at + 1);
        self.index.is_sparse() && ends.into_iter().any(|end| self.is_tracked(&path[..end]))
    }

    fn is_staged_as_committed(&self, entry: &gix_index::Entry, path: &[u8]) -> bool {
        if entry.mode == Mode::DIR {
            return true;
        }
        let committed = self.head.as_ref().and_then(|head| head.get(path));
        entry.stage() == Stage::Unconflicted && committed == Some(&entry.id)
    }

    fn is_on_disk(&self, entry: &gix_index::Entry, path: &[u8]) -> bool {
        // A submodule's files are another repository's; what a sparse checkout leaves out is not missing.
        if entry.mode == Mode::COMMIT || entry.mode == Mode::DIR {
            return true;
        }
        // A name that is no text is compared in the index and in the commit only.
        let Some(path) = std::str::from_utf8(path).ok().and_then(|path| RelPath::root().follow(path)) else {
            return true;
        };
        let Some(kind) = self.work_tree.kind(&path) else {
            return entry.flags.contains(Flags::SKIP_WORKTREE);
        };
        match kind {
            Kind::Link => {
                self.work_tree.read_link(&path).is_ok_and(|text| self.blob_id(&text) == Some(entry.id))
            }
            Kind::File => self.has_contents(entry, &path) || self.is_on_record(entry, &path),
            _ => false,
        }
    }

    /// Returns whether a file's contents, line endings aside, are those in the index.
    fn has_contents(&self, entry: &gix_index::Entry, path: &RelPath) -> bool {
        let limit = MAX_COMPARED.min(self.budget.get());
        let Ok(contents) = self.work_tree.read(path, limit) else { return false };
        self.budget.set(self.budget.get() - contents.bytes.len() as u64);
        self.blob_id(&contents.bytes) == Some(entry.id)
            || with_unix_line_endings(&contents.bytes)
                .is_some_and(|bytes| self.blob_id(&bytes) == Some(entry.id))
    }

    /// Returns whether the index has a record of this very state of the file, so that `git status` calls it unchanged.
    fn is_on_record(&self, entry: &gix_index::Entry, path: &RelPath) -> bool {
        let options = gix_index::entry::stat::Options { use_nsec: true, ..Default::default() };
        let metadata = gix_index::fs::Metadata::from_path_no_follow(&path.below(self.work_tree.path()));
        let stat = metadata.ok().and_then(|metadata| gix_index::entry::Stat::from_fs(&metadata).ok());
        let is_racy = entry.stat.is_racy(self.index.timestamp(), options);
        !is_racy && stat.is_some_and(|stat| entry.stat.matches(&stat, options))
    }

    fn blob_id(&self, bytes: &[u8]) -> Option<ObjectId> {
        gix_object::compute_hash(self.hash, gix_object::Kind::Blob, bytes).ok()
    }

    /// Adds the files below a folder that are neither tracked nor ignored.
    fn add_untracked(&self, prefix: &RelPath, found: &mut BTreeSet<Vec<u8>>) -> Result<(), GitError> {
        let (mut folders, mut visited) = (VecDeque::new(), 0);
        match self.work_tree.kind(prefix) {
            Some(Kind::Folder) if prefix.is_root() || !self.is_skipped(prefix) => {
                folders.push_back(prefix.clone());
            }
            Some(kind @ (Kind::File | Kind::Link)) => self.add_if_untracked(prefix, kind, found),
            _ => {}
        }
        while let Some(folder) = folders.pop_front() {
            let Ok(listing) = self.work_tree.list(&folder) else { continue };
            visited += listing.entries.len();
            if visited > self.max_visited {
                return if found.is_empty() { Err(GitError::WorkTreeTooLarge) } else { Ok(()) };
            }
            if !folder.is_root() && listing.kind(".git").is_some() {
                found.extend(
                    (!self.is_tracked(folder.as_str().as_bytes())).then(|| format!("{folder}/").into_bytes()),
                );
                continue;
            }
            for (path, kind) in
                listing.entries.iter().filter_map(|(name, kind)| Some((folder.child(name)?, *kind)))
            {
                match kind {
                    Kind::Folder if !self.is_skipped(&path) => folders.push_back(path),
                    _ => self.add_if_untracked(&path, kind, found),
                }
            }
        }
        Ok(())
    }

    /// Returns whether nothing untracked can be in a folder.
    fn is_skipped(&self, folder: &RelPath) -> bool {
        folder.file_name() == Some(".git") || self.ignores.ignore(&self.work_tree, folder, true)
    }

    fn add_if_untracked(&self, path: &RelPath, kind: Kind, found: &mut BTreeSet<Vec<u8>>) {
        let is_litter = path.file_name().is_some_and(|name| LITTER.contains(&name) || name == ".git");
        let is_file = matches!(kind, Kind::File | Kind::Link);
        let is_untracked = is_file && !is_litter && !self.is_tracked(path.as_str().as_bytes());
        if is_untracked && !self.ignores.ignore(&self.work_tree, path, false) {
            found.insert(path.as_str().as_bytes().to_vec());
        }
    }

    /// Returns a path of the work tree as it is below the root, if it is.
    fn below_root<'p>(&self, path: &'p [u8]) -> Option<&'p [u8]> {
        if self.root.is_root() {
            return Some(path);
        }
        path.strip_prefix(self.root.as_str().as_bytes())?.strip_prefix(b"/")
    }
}

fn is_below_any(path: &[u8], prefixes: &[RelPath]) -> bool {
    prefixes.iter().any(|prefix| {
        prefix.is_root()
            || path
                .strip_prefix(prefix.as_str().as_bytes())
                .is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
    })
}

/// Returns a text with `\r\n` as `\n`, or `None` when there is none or it is no text: git calls a file binary that has
/// a NUL in its first 8,000 bytes.
fn with_unix_line_endings(bytes: &[u8]) -> Option<Vec<u8>> {
    let is_binary = bytes.iter().take(8_000).any(|byte| *byte == 0);
    let is_ending = |pair: &[u8]| pair == b"\r\n";
    if is_binary || !bytes.windows(2).any(is_ending) {
        return None;
    }
    let next = bytes.iter().skip(1).map(Some).chain([None]);
    let kept = bytes.iter().zip(next).filter(|(byte, next)| !(**byte == b'\r' && *next == Some(&b'\n')));
    Some(kept.map(|(byte, _)| *byte).collect())
}
