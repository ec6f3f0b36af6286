//! Reads a stranger's directory tree: folders and files below one root, never anything else.
//!
//! Every part of a path is opened relative to its folder's descriptor with `O_NOFOLLOW`, so no link is ever followed
//! and no race leads out of the root. Only regular files are opened, without blocking, and what was opened is looked
//! at again: a FIFO cannot make us wait, a device is never touched. Folders are listed once and remembered, in order.
//! What of it is wanted is for `snapshot`, `repository` and `git`.

use std::collections::{BTreeMap, HashMap};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rustix::fs::{AtFlags, CWD, Dir, FileType, Mode, OFlags, fstat, openat, readlinkat, statat};

use crate::finding::Captured;
use crate::rel_path::RelPath;

/// Entries that one folder may have; a folder with more is not read, so that no listing costs more than a few MiB.
pub const MAX_ENTRIES: usize = 20_000;

const FOLDER: OFlags = OFlags::RDONLY
    .union(OFlags::DIRECTORY)
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK);
const FILE: OFlags = OFlags::RDONLY
    .union(OFlags::NOFOLLOW)
    .union(OFlags::CLOEXEC)
    .union(OFlags::NONBLOCK)
    .union(OFlags::NOCTTY);

/// What an entry of a folder is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, to whatever.
    Link,
    /// A FIFO.
    Fifo,
    /// A socket.
    Socket,
    /// A character or block device.
    Device,
}

/// The entries of one folder.
#[derive(Debug, Default)]
pub struct Listing {
    /// Entries by name, in order.
    pub entries: BTreeMap<String, Kind>,
    /// Entries whose names cannot be part of a `RelPath`: not UTF-8, or with a control character or a backslash.
    pub unnameable: Vec<Captured>,
}

impl Listing {
    /// Returns what the entry of this name is, if there is one.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.entries.get(name).copied()
    }

    /// Returns whether it holds a regular file of this name.
    pub fn has_file(&self, name: &str) -> bool {
        self.kind(name) == Some(Kind::File)
    }

    /// Returns whether it holds a folder of this name.
    pub fn has_folder(&self, name: &str) -> bool {
        self.kind(name) == Some(Kind::Folder)
    }

    /// Returns the names of the entries of one kind, in order.
    pub fn names(&self, wanted: Kind) -> impl Iterator<Item = &str> {
        self.entries.iter().filter(move |(_, kind)| **kind == wanted).map(|(name, _)| name.as_str())
    }
}

/// A regular file's contents and whether its owner may execute it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// All of its bytes.
    pub bytes: Vec<u8>,
    /// Whether its owner may execute it.
    pub executable: bool,
}

/// Why an entry could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// It is larger than was asked for; nothing of it was read.
    #[error("it has more than {0} bytes")]
    TooLarge(u64),
    /// It is no regular file.
    #[error("it is not a regular file")]
    NotRegular,
    /// It is a folder with more than `MAX_ENTRIES` entries.
    #[error("it has more than {MAX_ENTRIES} entries")]
    TooMany,
    /// The system said no.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<rustix::io::Errno> for ReadError {
    fn from(errno: rustix::io::Errno) -> Self {
        Self::Io(errno.into())
    }
}

impl ReadError {
    /// Returns whether it says that there is no such entry.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory))
    }
}

/// A root folder, opened.
#[derive(Debug)]
pub struct Tree {
    root: OwnedFd,
    path: PathBuf,
    listings: Mutex<HashMap<RelPath, Arc<Listing>>>,
    /// The folder that was opened last: most reads are of its neighbours.
    last: Mutex<Option<(RelPath, Arc<OwnedFd>)>>,
}

impl Tree {
    /// Opens a root. Links on the way to it are followed: it is the caller's choice, not the stranger's.
    pub fn open(root: &Path) -> io::Result<Self> {
        let path = root.canonicalize()?;
        let root = openat(CWD, &path, FOLDER, Mode::empty())?;
        Ok(Self { root, path, listings: Mutex::default(), last: Mutex::default() })
    }

    /// Returns the root's own path, without links.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Lists a folder, from memory when it was listed before.
    pub fn list(&self, folder: &RelPath) -> Result<Arc<Listing>, ReadError> {
        if let Some(listing) = locked(&self.listings).get(folder.as_str()) {
            return Ok(Arc::clone(listing));
        }
        let listing = Arc::new(read_listing(&*self.folder(folder)?, MAX_ENTRIES)?);
        locked(&self.listings).insert(folder.clone(), Arc::clone(&listing));
        Ok(listing)
    }

    /// Returns what an entry is, or `None` when it is not there or not to be reached without following a link.
    pub fn kind(&self, path: &RelPath) -> Option<Kind> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else { return Some(Kind::Folder) };
        let mut here = RelPath::root();
        for part in parent.parts() {
            if !self.list(&here).ok()?.has_folder(part) {
                return None;
            }
            here = here.child(part)?;
        }
        self.list(&here).ok()?.kind(name)
    }

    /// Returns whether this is a folder, reached without following a link.
    pub fn is_folder(&self, path: &RelPath) -> bool {
        self.kind(path) == Some(Kind::Folder)
    }

    /// Returns whether this is a regular file, reached without following a link.
    pub fn is_file(&self, path: &RelPath) -> bool {
        self.kind(path) == Some(Kind::File)
    }

    /// Reads a regular file of at most `limit` bytes. A larger one, however sparse, costs two system calls.
    pub fn read(&self, path: &RelPath, limit: u64) -> Result<Contents, ReadError> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(ReadError::NotRegular);
        };
        let folder = self.folder(&parent)?;
        // Looked at before it is opened, because opening a device can have effects of its own.
        let before = statat(&*folder, name, AtFlags::SYMLINK_NOFOLLOW)?;
        if FileType::from_raw_mode(before.st_mode) != FileType::RegularFile {
            return Err(ReadError::NotRegular);
        }
        read_regular(openat(&*folder, name, FILE, Mode::empty())?, limit)
    }

    /// Returns the text of a link.
    pub fn read_link(&self, path: &RelPath) -> Result<Vec<u8>, ReadError> {
        let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(ReadError::NotRegular);
        };
        Ok(readlinkat(&*self.folder(&parent)?, name, Vec::new())?.into_bytes())
    }

    /// Opens a folder part by part.
    fn folder(&self, path: &RelPath) -> Result<Arc<OwnedFd>, ReadError> {
        if let Some((_, folder)) = locked(&self.last).as_ref().filter(|(last, _)| last == path) {
            return Ok(Arc::clone(folder));
        }
        let mut folder = openat(&self.root, ".", FOLDER, Mode::empty())?;
        for part in path.parts() {
            folder = openat(&folder, part, FOLDER, Mode::empty())?;
        }
        let folder = Arc::new(folder);
        *locked(&self.last) = Some((path.clone(), Arc::clone(&folder)));
        Ok(folder)
    }
}

/// Locks what is only a memory: whoever panicked while holding it left it whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn read_regular(fd: OwnedFd, limit: u64) -> Result<Contents, ReadError> {
    let stat = fstat(&fd)?;
    if FileType::from_raw_mode(stat.st_mode) != FileType::RegularFile {
        return Err(ReadError::NotRegular);
    }
    let size = u64::try_from(stat.st_size).unwrap_or(u64::MAX);
    if size > limit {
        return Err(ReadError::TooLarge(limit));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0) + 1);
    // It may be growing while it is read.
    File::from(fd).take(limit + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > limit {
        return Err(ReadError::TooLarge(limit));
    }
    Ok(Contents { bytes, executable: stat.st_mode & 0o100 != 0 })
}

fn read_listing(folder: &OwnedFd, limit: usize) -> Result<Listing, ReadError> {
    let mut listing = Listing::default();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        if listing.entries.len() + listing.unnameable.len() >= limit {
            return Err(ReadError::TooMany);
        }
        match name.to_str().ok().filter(|name| RelPath::root().child(name).is_some()) {
            Some(text) => {
                if let Some(kind) = kind_of(folder, name, entry.file_type()) {
                    listing.entries.insert(text.to_owned(), kind);
                }
            }
            None => listing.unnameable.push(Captured::from_bytes(name.to_bytes())),
        }
    }
    listing.unnameable.sort_by(|a, b| a.raw().cmp(b.raw()));
    Ok(listing)
}

/// Returns what an entry is; some file systems do not say so in the listing and are asked. `None`: it has gone since.
fn kind_of(folder: &OwnedFd, name: &std::ffi::CStr, file_type: FileType) -> Option<Kind> {
    let known = match file_type {
        FileType::Unknown => {
            FileType::from_raw_mode(statat(folder, name, AtFlags::SYMLINK_NOFOLLOW).ok()?.st_mode)
        }
        known => known,
    };
    Some(match known {
        FileType::RegularFile => Kind::File,
        FileType::Directory => Kind::Folder,
        FileType::Symlink => Kind::Link,
        FileType::Fifo => Kind::Fifo,
        FileType::Socket => Kind::Socket,
        _ => Kind::Device,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::symlink;

    fn path(text: &str) -> RelPath {
        text.parse().unwrap()
    }

    #[test]
    fn a_tree_can_be_shared_by_threads() {
        fn is_shared<T: Send + Sync>() {}
        is_shared::<Tree>();
        is_shared::<crate::repository::Repository>();
    }

    #[test]
    fn a_link_on_the_way_is_not_followed() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("real")).unwrap();
        fs::write(dir.path().join("real/x"), "x").unwrap();
        symlink("real", dir.path().join("link")).unwrap();
        symlink("real/x", dir.path().join("y")).unwrap();
        let tree = Tree::open(dir.path()).unwrap();
        assert_eq!(tree.read(&path("real/x"), 10).unwrap().bytes, b"x");
        assert!(tree.read(&path("link/x"), 10).is_err());
        assert!(tree.read(&path("y"), 10).is_err());
        assert_eq!(tree.kind(&path("link/x")), None);
        assert_eq!(tree.kind(&path("y")), Some(Kind::Link));
        assert!(tree.list(&path("link")).is_err());
    }

    #[test]
    fn a_fifo_is_never_waited_for() {
        let dir = tempfile::tempdir().unwrap();
        rustix::fs::mkfifoat(CWD, dir.path().join("pipe"), Mode::from_raw_mode(0o600)).unwrap();
        let tree = Tree::open(dir.path()).unwrap();
        assert_eq!(tree.kind(&path("pipe")), Some(Kind::Fifo));
        assert!(matches!(tree.read(&path("pipe"), 10), Err(ReadError::NotRegular)));
    }

    #[test]
    fn a_file_over_the_limit_is_not_read() {
        let dir = tempfile::tempdir().unwrap();
        File::create(dir.path().join("sparse")).unwrap().set_len(10 << 30).unwrap();
        fs::write(dir.path().join("exact"), "0123456789").unwrap();
        let tree = Tree::open(dir.path()).unwrap();
        assert!(matches!(tree.read(&path("sparse"), 10), Err(ReadError::TooLarge(10))));
        assert_eq!(tree.read(&path("exact"), 10).unwrap().bytes.len(), 10);
        assert!(matches!(tree.read(&path("exact"), 9), Err(ReadError::TooLarge(9))));
    }

    #[test]
    fn a_folder_with_too_many_entries_is_not_listed() {
        let dir = tempfile::tempdir().unwrap();
        (0..11).for_each(|number| fs::write(dir.path().join(number.to_string()), "").unwrap());
        let folder = || OwnedFd::from(File::open(dir.path()).unwrap());
        assert!(matches!(read_listing(&folder(), 10), Err(ReadError::TooMany)));
        assert_eq!(read_listing(&folder(), 11).unwrap().entries.len(), 11);
    }

    #[test]
    fn names_that_no_path_can_hold_are_kept_apart() {
        use std::os::unix::ffi::OsStrExt;
        let dir = tempfile::tempdir().unwrap();
        for name in [&b"a\xff"[..], b"a\nb", b"fine"] {
            fs::write(dir.path().join(std::ffi::OsStr::from_bytes(name)), "").unwrap();
        }
        let listing = Tree::open(dir.path()).unwrap().list(&RelPath::root()).unwrap();
        assert_eq!(listing.entries.keys().collect::<Vec<_>>(), ["fine"]);
        assert_eq!(listing.unnameable.len(), 2);
    }
}
