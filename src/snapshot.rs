//! The copy of a day's files that is graded: bounded, without links, in memory, with its digest.
//!
//! It holds the day's folder and what that reaches in the rest of the repository, each file in its place below the
//! root. Nothing is run and nothing is written; `materialise` lays the copy out elsewhere, for a sandbox. What was
//! left out is part of the answer, because a learner must hear why a file did not count. How files are chosen is for
//! `collector`, what a file imports for `imports`, the learner's own pytest settings for `pytest_settings`.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::finding::Captured;
use crate::rel_path::RelPath;
use crate::repository::Repository;
use crate::tree::{ReadError, Tree};

mod collector;
mod imports;
mod left_out;
pub mod pytest_settings;
#[cfg(test)]
mod tests;

pub(crate) use collector::is_hidden_or_made;
pub use left_out::{LeftOut, Reason};

/// Files in a snapshot: a day has ten, a careless repository with its data has hundreds.
pub const MAX_FILES: usize = 2_000;
/// Bytes of a snapshot.
pub const MAX_BYTES: u64 = 64 << 20;
/// Bytes of one Python file: the tools read it whole, and nobody writes a MiB of Python by hand.
pub const MAX_PYTHON_BYTES: u64 = 1 << 20;
/// Bytes of any other file.
pub const MAX_FILE_BYTES: u64 = 16 << 20;
/// Folders within folders.
pub const MAX_DEPTH: usize = 32;
/// Things left out that are named, and as many that are left out of every snapshot; of others only the number is kept.
pub const MAX_LEFT_OUT: usize = 100;

/// What is to be copied.
#[derive(Debug, Clone, Default)]
pub struct SnapshotRequest {
    /// The day's folder; it is copied whole.
    pub day_folder: RelPath,
    /// The day's named files below its folder, such as `decorators.py`: a test elsewhere that imports one is the day's.
    pub modules: Vec<String>,
    /// Further folders or files with tests of this day, as `grade.toml` names them; they are copied whole.
    pub extra_roots: Vec<RelPath>,
    /// The other days' folders, in which a file that changes `sys.path` may find what it imports.
    pub other_days: Vec<RelPath>,
    /// Whether every file may: the day is about the work of others.
    pub is_about_others: bool,
}

/// One file of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SnapshotFile {
    /// Where it lies below the root.
    pub path: RelPath,
    /// Its bytes.
    pub contents: Vec<u8>,
    /// Whether its owner may execute it.
    pub executable: bool,
}

/// The files that are graded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    files: Vec<SnapshotFile>,
    left_out: Vec<LeftOut>,
    more_left_out: usize,
    own_test_files: Vec<RelPath>,
    python_path: Vec<RelPath>,
    digest: blake3::Hash,
}

/// Why no snapshot could be taken. A single file that cannot be read is no such reason: it is left out.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// The root has gone or cannot be opened.
    #[error("failed to open the repository `{}`", .0.display())]
    Root(PathBuf, #[source] io::Error),
    /// The day's folder has gone, is no folder, or cannot be listed.
    #[error("failed to read the day's folder `{}`", .0.raw().escape_debug())]
    DayFolder(Captured, #[source] ReadError),
}

/// Takes the snapshot of a day as it stands on disk now.
///
/// # Errors
///
/// The root or the day's folder cannot be listed.
pub fn take(repository: &Repository, request: &SnapshotRequest) -> Result<Snapshot, SnapshotError> {
    let root = repository.root();
    // Opened anew: the repository's own tree remembers how its folders were when it was found.
    let tree = Tree::open(root).map_err(|error| SnapshotError::Root(root.to_owned(), error))?;
    let unreadable = |error| SnapshotError::DayFolder(Captured::new(request.day_folder.to_string()), error);
    tree.list(&request.day_folder).map_err(unreadable)?;
    Ok(collector::collect(&tree, request).into())
}

impl Snapshot {
    /// Returns the files, sorted by path.
    pub fn files(&self) -> &[SnapshotFile] {
        &self.files
    }

    /// Returns one file.
    pub fn file(&self, path: &RelPath) -> Option<&SnapshotFile> {
        let index = self.files.binary_search_by(|file| file.path.cmp(path)).ok()?;
        self.files.get(index)
    }

    /// Returns what was left out, sorted by path: at most `MAX_LEFT_OUT`, and as many of the routine kind.
    pub fn left_out(&self) -> &[LeftOut] {
        &self.left_out
    }

    /// Returns how much more was left out than `left_out` names, without what is left out of every snapshot.
    pub fn more_left_out(&self) -> usize {
        self.more_left_out
    }

    /// Returns the learner's own tests of this day, sorted: `test_*.py` and `*_test.py`.
    pub fn own_test_files(&self) -> &[RelPath] {
        &self.own_test_files
    }

    /// Returns the folders from which the learner's modules are imported, in this order: the day's folder, the root,
    /// and those of the learner's own pytest `pythonpath` that exist here.
    pub fn python_path(&self) -> &[RelPath] {
        &self.python_path
    }

    /// Returns the digest of everything in it that a verdict can depend on: paths, modes, contents, own tests, the
    /// Python path, and what was left out, but for what every run leaves behind (`Reason::is_routine`).
    pub fn digest(&self) -> blake3::Hash {
        self.digest
    }

    /// Lays the files out below `dir`, which must not exist yet, and returns the folder that stands for the root.
    ///
    /// `dir` is made with mode 0700, so nobody else on the machine comes near. What is below it is writable for
    /// everybody (folders 0777, files 0666, with x where it was): a sandbox runs the learner's code as another user
    /// over an overlay, and an overlay lets nobody change a file that the mode of the layer below does not.
    ///
    /// # Errors
    ///
    /// `dir` exists already, or the file system is full or read-only.
    pub fn materialise(&self, dir: &Path) -> io::Result<PathBuf> {
        Self::materialise_all([self], dir)
    }

    /// Lays out the files of several snapshots of one repository together; see `materialise`. A file that is in more than
    /// one of them is written once.
    ///
    /// # Errors
    ///
    /// As `materialise`.
    pub fn materialise_all<'a>(
        snapshots: impl IntoIterator<Item = &'a Self>,
        dir: &Path,
    ) -> io::Result<PathBuf> {
        DirBuilder::new().mode(0o700).create(dir)?;
        let root = dir.join("root");
        make_folder(&root)?;
        let (mut files, mut folders) = (BTreeMap::new(), BTreeSet::new());
        for snapshot in snapshots {
            folders.extend(snapshot.python_path.iter().cloned());
            folders.extend(snapshot.files.iter().flat_map(|file| file.path.ancestors()));
            files.extend(snapshot.files.iter().map(|file| (&file.path, file)));
        }
        folders.iter().try_for_each(|folder| make_folder_below(&root, folder))?;
        files.values().try_for_each(|file| write_file(&file.path.below(&root), file))?;
        Ok(root)
    }
}

impl From<collector::Collected> for Snapshot {
    fn from(collected: collector::Collected) -> Self {
        let collector::Collected { files, left_out, more_left_out, own_test_files, python_path } = collected;
        let mut snapshot =
            Self { files, left_out, more_left_out, own_test_files, python_path, digest: blake3::hash(b"") };
        snapshot.digest = digest(&snapshot);
        snapshot
    }
}

fn digest(snapshot: &Snapshot) -> blake3::Hash {
    let mut hasher = Hasher(blake3::Hasher::new());
    hasher.text("grade snapshot 1");
    hasher.number(snapshot.files.len());
    for file in &snapshot.files {
        hasher.text(file.path.as_str());
        hasher.number(usize::from(file.executable));
        hasher.bytes(&file.contents);
    }
    for paths in [&snapshot.own_test_files, &snapshot.python_path] {
        hasher.number(paths.len());
        paths.iter().for_each(|path| hasher.text(path.as_str()));
    }
    for left_out in snapshot.left_out.iter().filter(|left_out| !left_out.reason.is_routine()) {
        hasher.text(left_out.path.raw());
        hasher.text(&left_out.reason.in_words());
    }
    hasher.number(snapshot.more_left_out);
    hasher.0.finalize()
}

/// Writes every item behind its length, so that no two lists of items give the same stream.
struct Hasher(blake3::Hasher);

impl Hasher {
    fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len());
        self.0.update(bytes);
    }

    fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    fn number(&mut self, number: usize) {
        self.0.update(&(number as u64).to_le_bytes());
    }
}

/// Makes a folder and those above it that are missing.
fn make_folder_below(root: &Path, folder: &RelPath) -> io::Result<()> {
    let missing: Vec<RelPath> = std::iter::once(folder.clone())
        .chain(folder.ancestors())
        .take_while(|folder| !folder.is_root() && !folder.below(root).is_dir())
        .collect();
    missing.iter().rev().try_for_each(|folder| make_folder(&folder.below(root)))
}

fn make_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)?;
    // Said again, because the umask took from what `create_dir` was told.
    fs::set_permissions(path, Permissions::from_mode(0o777))
}

fn write_file(path: &Path, file: &SnapshotFile) -> io::Result<()> {
    let mode = if file.executable { 0o777 } else { 0o666 };
    let mut target = OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?;
    target.write_all(&file.contents)?;
    target.set_permissions(Permissions::from_mode(mode))
}
