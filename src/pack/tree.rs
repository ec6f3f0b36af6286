//! A tree of files in memory, and how it gets onto a disk.
//!
//! Starters, solutions and hidden suites are trees. `lay_over` writes one over a folder that may already hold
//! something (a learner's repository, a scratch copy); it never goes through a link, so nothing outside of
//! that folder is touched.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::error::PackError;
use super::path::PackPath;
use super::source::Contents;

/// Files by path, in the order of their paths.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PackTree {
    files: BTreeMap<PackPath, Contents>,
}

/// What `PackTree::lay_new` did with each of the tree's files.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Laid {
    /// Files that were not there and now are.
    pub written: Vec<PackPath>,
    /// Files that were there already and were left as they were.
    pub kept: Vec<PackPath>,
}

impl PackTree {
    /// Returns the files with their contents, in the order of their paths.
    pub fn files(&self) -> impl Iterator<Item = (&PackPath, &[u8])> {
        self.files.iter().map(|(path, contents)| (path, contents.as_ref()))
    }

    /// Returns the contents of a file.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(AsRef::as_ref)
    }

    /// Returns the number of files.
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Returns whether there is no file.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns the bytes of all files together.
    pub fn bytes(&self) -> usize {
        self.files.values().map(|contents| contents.len()).sum()
    }

    /// Writes all files below `folder`, over whatever files of these names are there.
    ///
    /// # Errors
    ///
    /// When a folder on the way is a link, or the machine refuses. What was written before that stays.
    pub fn lay_over(&self, folder: &Path) -> Result<(), PackError> {
        for (path, contents) in &self.files {
            let target = path.below(folder);
            let write = || make_way(folder, path).and_then(|()| replace(&target, contents));
            write().map_err(|source| PackError::Write { path: target.clone(), source })?;
        }
        Ok(())
    }

    /// Writes those files below `folder` that are not there yet, and leaves all others alone.
    ///
    /// # Errors
    ///
    /// As `lay_over`.
    pub fn lay_new(&self, folder: &Path) -> Result<Laid, PackError> {
        let mut laid = Laid::default();
        for (path, contents) in &self.files {
            let target = path.below(folder);
            let write = || make_way(folder, path).and_then(|()| create(&target, contents));
            match write() {
                Ok(()) => laid.written.push(path.clone()),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => laid.kept.push(path.clone()),
                Err(source) => return Err(PackError::Write { path: target, source }),
            }
        }
        Ok(laid)
    }

    pub(super) fn insert(&mut self, path: PackPath, contents: Contents) {
        self.files.insert(path, contents);
    }

    pub(super) fn contains(&self, path: &PackPath) -> bool {
        self.files.contains_key(path)
    }

    /// Takes a file, or all files below a folder, out; returns whether there was any.
    pub(super) fn remove(&mut self, path: &PackPath) -> bool {
        let before = self.files.len();
        self.files.retain(|file, _| !file.is_within(path));
        self.files.len() < before
    }

    /// Puts all files of `other` over these.
    pub(super) fn overlay(&mut self, other: &Self) {
        self.files.extend(other.files.iter().map(|(path, contents)| (path.clone(), contents.clone())));
    }
}

impl FromIterator<(PackPath, Contents)> for PackTree {
    fn from_iter<I: IntoIterator<Item = (PackPath, Contents)>>(files: I) -> Self {
        Self { files: files.into_iter().collect() }
    }
}

/// Makes the folders above `path` below `root`, none of which may be a link.
fn make_way(root: &Path, path: &PackPath) -> io::Result<()> {
    fs::create_dir_all(root)?;
    let mut folder: PathBuf = root.to_owned();
    for part in path.parts().take(path.parts().count() - 1) {
        folder.push(part);
        match fs::symlink_metadata(&folder) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(not_a_folder(&folder)),
            Err(_) => create_dir(&folder)?,
        }
    }
    Ok(())
}

/// Makes a folder; somebody else may be making the same one.
fn create_dir(folder: &Path) -> io::Result<()> {
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && !folder.is_symlink() => Ok(()),
        made => made,
    }
}

fn not_a_folder(path: &Path) -> io::Error {
    io::Error::new(
        io::ErrorKind::NotADirectory,
        format!("`{}` is in the way: it is not a folder", path.display()),
    )
}

/// Writes a file that may be there. It is taken away first, so that a link in its place is replaced and not
/// followed.
fn replace(target: &Path, contents: &[u8]) -> io::Result<()> {
    match fs::remove_file(target) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => create(target, contents),
    }
}

fn create(target: &Path, contents: &[u8]) -> io::Result<()> {
    File::create_new(target)?.write_all(contents)
}
