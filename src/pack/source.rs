//! Where a course's files come from: compiled into the program, or a folder that somebody wrote.
//!
//! A folder is read with bounds (bytes of a file, files of a tree, depth) and links are refused, so that a
//! mistaken or unkind pack cannot drag `/` or a FIFO into a run. That guards against what lies in the folder,
//! not against somebody who swaps files while they are read: whoever writes a pack writes the hidden suite,
//! which is trusted with the verdict anyway.
//!
//! What Python and its tools leave behind (`__pycache__`, caches, `.pyc`) is invisible here, so that running
//! a solution by hand changes neither a digest nor a tree. A pack that needs such a file writes it in
//! `[write]` of a wrong.toml.

use std::borrow::Cow;
use std::fs::{self, File, FileType};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry};

use super::error::{MistakeKind, PackError};
use super::path::{PackPath, PackPathError};
use super::tree::PackTree;

/// Bytes of a file of a pack: borrowed from the program, or read.
pub type Contents = Cow<'static, [u8]>;

/// Where the files of one course are.
#[derive(Debug, Clone)]
pub enum PackSource {
    /// Compiled into the program.
    Embedded(&'static Dir<'static>),
    /// A course's folder on this machine: what `--pack` names.
    Folder(PathBuf),
}

/// Something in a folder of a pack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// Its name, without the folders above it.
    pub name: String,
    /// Whether it is itself a folder; otherwise it is a file.
    pub is_folder: bool,
}

impl PackSource {
    /// Returns the name of the course's folder, which is the course's name.
    pub(super) fn name(&self) -> Result<String, PackError> {
        let path = match self {
            Self::Embedded(dir) => dir.path().to_owned(),
            // `--pack .` has no name of its own.
            Self::Folder(path) => fs::canonicalize(path)
                .map_err(|error| PackError::about(self.shown(""), io_mistake(error, "folder")))?,
        };
        Ok(path.file_name().unwrap_or_default().to_string_lossy().into_owned())
    }

    /// Returns a path of the course as errors show it.
    pub(super) fn shown(&self, path: &str) -> String {
        let root = match self {
            Self::Embedded(dir) => Path::new("exercises").join(dir.path()),
            Self::Folder(root) => root.clone(),
        };
        let root = root.to_string_lossy();
        if path.is_empty() { root.into_owned() } else { format!("{}/{path}", root.trim_end_matches('/')) }
    }

    /// Reads a file.
    pub(super) fn read(&self, path: &str) -> Result<Contents, PackError> {
        self.read_file(path).map_err(|mistake| PackError::about(self.shown(path), mistake))
    }

    /// Reads a file that holds text.
    pub(super) fn read_text(&self, path: &str) -> Result<Cow<'static, str>, PackError> {
        let text = match self.read(path)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).map(Cow::Borrowed).ok(),
            Cow::Owned(bytes) => String::from_utf8(bytes).map(Cow::Owned).ok(),
        };
        text.ok_or_else(|| PackError::about(self.shown(path), MistakeKind::NotText))
    }

    /// Lists a folder by name, without what Python's tools leave behind; a folder that is not there is empty.
    pub(super) fn list(&self, path: &str) -> Result<Vec<Entry>, PackError> {
        let mut entries = match self.list_folder(path) {
            Err(MistakeKind::Missing(_)) => Vec::new(),
            listed => listed.map_err(|mistake| PackError::about(self.shown(path), mistake))?,
        };
        entries.retain(|entry| !is_left_behind(&entry.name));
        entries.sort();
        Ok(entries)
    }

    /// Reads all files below a folder; a folder that is not there is an empty tree.
    pub(super) fn tree(&self, folder: &str) -> Result<PackTree, PackError> {
        let mut tree = PackTree::default();
        self.grow(&mut tree, folder, "", 0)?;
        Ok(tree)
    }

    fn grow(&self, tree: &mut PackTree, folder: &str, below: &str, depth: usize) -> Result<(), PackError> {
        let too_large = |what: String| PackError::about(self.shown(folder), MistakeKind::TooLarge(what));
        if depth > MAX_DEPTH {
            return Err(too_large(format!("is more than {MAX_DEPTH} folders deep")));
        }
        for entry in self.list(&joined(folder, below))? {
            let path = joined(below, &entry.name);
            if entry.is_folder {
                self.grow(tree, folder, &path, depth + 1)?;
                continue;
            }
            let name: PackPath = path.parse().map_err(|error: PackPathError| {
                PackError::about(self.shown(folder), MistakeKind::BadName(error.to_string()))
            })?;
            tree.insert(name, self.read(&joined(folder, &path))?);
            if tree.len() > MAX_FILES || tree.bytes() > MAX_TREE_BYTES {
                let mebibytes = MAX_TREE_BYTES >> 20;
                return Err(too_large(format!("holds more than {MAX_FILES} files or {mebibytes} MiB")));
            }
        }
        Ok(())
    }

    fn read_file(&self, path: &str) -> Result<Contents, MistakeKind> {
        match self {
            Self::Embedded(dir) => match embedded(dir, path) {
                Some(DirEntry::File(file)) => Ok(Cow::Borrowed(file.contents())),
                Some(DirEntry::Dir(_)) => Err(MistakeKind::WrongSort { found: "a folder", wanted: "a file" }),
                None => Err(MistakeKind::Missing("file")),
            },
            Self::Folder(root) => read_bounded(&without_links(root, path, "file")?).map(Cow::Owned),
        }
    }

    fn list_folder(&self, path: &str) -> Result<Vec<Entry>, MistakeKind> {
        match self {
            Self::Embedded(dir) if path.is_empty() => Ok(embedded_entries(dir)),
            Self::Embedded(dir) => match embedded(dir, path) {
                Some(DirEntry::Dir(dir)) => Ok(embedded_entries(dir)),
                Some(DirEntry::File(_)) => {
                    Err(MistakeKind::WrongSort { found: "a file", wanted: "a folder" })
                }
                None => Err(MistakeKind::Missing("folder")),
            },
            Self::Folder(root) => list_bounded(&without_links(root, path, "folder")?),
        }
    }
}

/// Joins two paths of a pack, either of which may be empty.
pub(super) fn joined(folder: &str, path: &str) -> String {
    match (folder, path) {
        ("", path) => path.to_owned(),
        (folder, "") => folder.to_owned(),
        (folder, path) => format!("{folder}/{path}"),
    }
}

/// Finds a file or folder part by part; `Dir::get_entry` would search the whole tree for it.
fn embedded(dir: &'static Dir<'static>, path: &str) -> Option<&'static DirEntry<'static>> {
    let (name, rest) = path.split_once('/').unwrap_or((path, ""));
    let entry = dir.entries().iter().find(|entry| entry_name(entry) == name)?;
    match entry {
        entry if rest.is_empty() => Some(entry),
        DirEntry::Dir(dir) => embedded(dir, rest),
        DirEntry::File(_) => None,
    }
}

fn embedded_entries(dir: &Dir<'static>) -> Vec<Entry> {
    let entry = |entry| Entry { name: entry_name(entry).to_owned(), is_folder: entry.as_dir().is_some() };
    dir.entries().iter().map(entry).collect()
}

fn entry_name(entry: &DirEntry<'static>) -> &'static str {
    entry.path().file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// Returns the path on this machine, having seen that nothing below `root` on the way is a link.
fn without_links(root: &Path, path: &str, wanted: &'static str) -> Result<PathBuf, MistakeKind> {
    let mut whole = root.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        whole.push(part);
        let metadata = fs::symlink_metadata(&whole).map_err(|error| io_mistake(error, wanted))?;
        if metadata.is_symlink() {
            return Err(MistakeKind::WrongSort { found: "a link", wanted: article(wanted) });
        }
    }
    Ok(whole)
}

fn read_bounded(path: &Path) -> Result<Vec<u8>, MistakeKind> {
    let sort = fs::symlink_metadata(path).map_err(|error| io_mistake(error, "file"))?.file_type();
    // Asked before it is opened: opening a FIFO waits for somebody to write into it.
    if !sort.is_file() {
        return Err(MistakeKind::WrongSort { found: sort_of(sort), wanted: "a file" });
    }
    let mut contents = Vec::new();
    File::open(path)?.take(MAX_FILE_BYTES + 1).read_to_end(&mut contents)?;
    if contents.len() as u64 > MAX_FILE_BYTES {
        return Err(MistakeKind::TooLarge(format!("is larger than {} MiB", MAX_FILE_BYTES >> 20)));
    }
    Ok(contents)
}

fn list_bounded(path: &Path) -> Result<Vec<Entry>, MistakeKind> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(path).map_err(|error| io_mistake(error, "folder"))? {
        let entry = entry?;
        let name = entry.file_name().into_string().map_err(|name| {
            MistakeKind::BadName(format!("the name `{}` in it is not UTF-8", name.to_string_lossy()))
        })?;
        entries.push(Entry { is_folder: is_folder(&name, entry.file_type()?)?, name });
        if entries.len() > MAX_FILES {
            return Err(MistakeKind::TooLarge(format!("holds more than {MAX_FILES} files or folders")));
        }
    }
    Ok(entries)
}

fn is_folder(name: &str, sort: FileType) -> Result<bool, MistakeKind> {
    if sort.is_file() || sort.is_dir() {
        return Ok(sort.is_dir());
    }
    Err(MistakeKind::BadName(format!(
        "`{name}` in it is {}; packs hold files and folders only",
        sort_of(sort)
    )))
}

fn sort_of(sort: FileType) -> &'static str {
    match sort {
        sort if sort.is_dir() => "a folder",
        sort if sort.is_file() => "a file",
        sort if sort.is_symlink() => "a link",
        _ => "a device, pipe or socket",
    }
}

fn article(wanted: &'static str) -> &'static str {
    if wanted == "file" { "a file" } else { "a folder" }
}

fn io_mistake(error: io::Error, wanted: &'static str) -> MistakeKind {
    match error.kind() {
        io::ErrorKind::NotFound => MistakeKind::Missing(wanted),
        io::ErrorKind::NotADirectory => MistakeKind::WrongSort { found: "a file", wanted: "a folder" },
        _ => MistakeKind::Io(error),
    }
}

fn is_left_behind(name: &str) -> bool {
    const NAMES: [&str; 6] =
        ["__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".DS_Store"];
    NAMES.contains(&name) || name.ends_with(".pyc")
}

/// Bytes of one file. The largest thing a pack has reason to hold is a CSV for a learner's pipeline.
const MAX_FILE_BYTES: u64 = 4 << 20;
/// Bytes of one tree, such as a solution.
const MAX_TREE_BYTES: usize = 32 << 20;
/// Files of one tree, and entries of one folder.
const MAX_FILES: usize = 2_000;
/// Folders within folders of one tree.
const MAX_DEPTH: usize = 16;
