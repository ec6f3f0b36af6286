//! Where a repository keeps its index, references and objects, and how they are read without trusting them.
//!
//! Before the libraries open anything, every file below the git folder is looked at: a FIFO would make them wait for
//! ever, a device would do worse. Sizes are bounded, and so are the trees of a commit, which can be made so that a few
//! kilobytes of objects stand for billions of files.

use std::collections::{BTreeMap, VecDeque};
use std::path::{Path, PathBuf};

use gix_hash::{Kind as Hash, ObjectId};
use gix_object::FindObjectOrHeader as Objects;

use crate::finding::Captured;
use crate::rel_path::RelPath;
use crate::tree::{Kind, Tree};

use super::GitError;

/// The files of a commit: path to contents.
pub type HeadEntries = BTreeMap<Vec<u8>, ObjectId>;

/// Entries below `.git` that are looked at.
const MAX_STORED: usize = 200_000;
/// Bytes of the index and of `packed-refs`.
const MAX_INDEX: u64 = 64 << 20;
/// Bytes of small files: `HEAD`, `.git`, `commondir`, `config`, `info/exclude`.
const MAX_SMALL: u64 = 1 << 20;
/// Bytes of one tree or commit.
const MAX_OBJECT: u64 = 8 << 20;
/// Files and folders of a commit.
pub const MAX_COMMITTED: usize = 100_000;
/// Object stores that one may borrow from.
const MAX_ALTERNATES: usize = 8;
/// Symbolic references that may lead to a commit; git allows five.
const MAX_SYMBOLIC: usize = 5;

/// Folders of a git folder in which nothing is read; people link some of them to elsewhere.
const NEVER_READ: [&str; 7] = ["hooks", "logs", "lfs", "modules", "worktrees", "rr-cache", "annex"];

/// Where a repository is.
pub struct Place {
    /// The top of its work tree.
    pub work_tree: PathBuf,
    /// What belongs to this work tree: `HEAD` and the index.
    git_dir: PathBuf,
    /// What all its work trees share: references and objects.
    common_dir: PathBuf,
}

/// Finds the repository that a folder lies in.
pub fn locate(folder: &Path) -> Result<Place, GitError> {
    for work_tree in folder.ancestors() {
        let Some(git_dir) = git_dir_of(work_tree) else { continue };
        let common_dir = match read_small(&git_dir, "commondir") {
            Some(text) => git_dir.join(first_line(&text)),
            None => git_dir.clone(),
        };
        return Ok(Place { work_tree: work_tree.to_owned(), git_dir, common_dir });
    }
    Err(GitError::NotARepository(folder.to_owned()))
}

/// Returns the git folder of a work tree: `.git`, or what the file of that name says.
fn git_dir_of(work_tree: &Path) -> Option<PathBuf> {
    let dot_git = work_tree.join(".git");
    let git_dir = if dot_git.is_dir() {
        dot_git
    } else {
        let text = read_small(work_tree, ".git")?;
        work_tree.join(first_line(text.strip_prefix("gitdir:")?))
    };
    // An empty folder called `.git` is no repository for git either.
    git_dir.join("HEAD").symlink_metadata().is_ok().then_some(git_dir)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or("").trim()
}

fn read_small(folder: &Path, name: &str) -> Option<String> {
    String::from_utf8(read_bytes(folder, name)?).ok()
}

fn read_bytes(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let tree = Tree::open(folder).ok()?;
    Some(tree.read(&RelPath::root().follow(name)?, MAX_SMALL).ok()?.bytes)
}

impl Place {
    /// Refuses a store in which reading could hang or cost without bound.
    pub fn check(&self) -> Result<(), GitError> {
        check_folder(&self.git_dir)?;
        if self.common_dir != self.git_dir {
            check_folder(&self.common_dir)?;
        }
        check_alternates(&self.common_dir.join("objects"))?;
        check_size(&self.git_dir.join("index"), MAX_INDEX)?;
        check_size(&self.git_dir.join("HEAD"), MAX_SMALL)?;
        check_size(&self.common_dir.join("packed-refs"), MAX_INDEX)
    }

    /// Returns the hash that objects are named by. It and the kind of reference store are all that is ever taken from
    /// the configuration: <https://git-scm.com/docs/git-config#Documentation/git-config.txt-extensionsobjectFormat>.
    pub fn object_format(&self) -> Result<Hash, GitError> {
        let config = read_small(&self.common_dir, "config").unwrap_or_default().to_ascii_lowercase();
        let value = |wanted: &str| {
            let pairs = config.lines().filter_map(|line| line.split_once('='));
            pairs.rev().find(|(key, _)| key.trim() == wanted).map(|(_, value)| value.trim().to_owned())
        };
        if value("refstorage").is_some_and(|storage| storage != "files") {
            return Err(GitError::Unsupported("another store for its branches than files"));
        }
        match value("objectformat").as_deref() {
            None | Some("sha1") => Ok(Hash::Sha1),
            Some("sha256") => Ok(Hash::Sha256),
            Some(_) => Err(GitError::Unsupported("an unknown kind of object names")),
        }
    }

    /// Reads `.git/info/exclude`.
    pub fn exclude_file(&self) -> Option<Vec<u8>> {
        read_bytes(&self.common_dir, "info/exclude")
    }

    /// Reads the index; a repository in which nothing was added yet has none.
    pub fn index(&self, hash: Hash) -> Result<gix_index::File, GitError> {
        index_at(self.git_dir.join("index"), hash)
    }

    /// Opens the objects.
    pub fn objects(&self, hash: Hash) -> Result<gix_odb::Handle, GitError> {
        let options = gix_odb::store::init::Options {
            alloc_limit_bytes: usize::try_from(2 * MAX_OBJECT).ok(),
            ..Default::default()
        };
        gix_odb::at_opts(self.common_dir.join("objects"), hash, None, options)
            .map_err(|error| GitError::Io(self.common_dir.join("objects"), error))
    }

    /// Reads the files of the commit that is checked out; `None` before the first one.
    pub fn head(&self, hash: Hash) -> Result<Option<HeadEntries>, GitError> {
        let Some(commit) = self.head_commit(hash)? else { return Ok(None) };
        let objects = self.objects(hash)?;
        let mut buffer = Vec::new();
        let data = read_object(&objects, &commit, gix_object::Kind::Commit, &mut buffer)?;
        let tree =
            gix_object::CommitRefIter::from_bytes(data, hash).tree_id().map_err(damaged("the commit"))?;
        read_trees(&objects, tree, hash).map(Some)
    }

    fn head_commit(&self, hash: Hash) -> Result<Option<ObjectId>, GitError> {
        let references = if self.common_dir == self.git_dir {
            gix_ref::file::Store::at(self.git_dir.clone(), hash)
        } else {
            gix_ref::file::Store::for_linked_worktree(self.git_dir.clone(), self.common_dir.clone(), hash)
        };
        let mut found = references.try_find("HEAD").map_err(damaged("`HEAD`"))?;
        for _ in 0..MAX_SYMBOLIC {
            match found.map(|reference| reference.target) {
                Some(gix_ref::Target::Object(id)) => return Ok(Some(id)),
                Some(gix_ref::Target::Symbolic(name)) => {
                    found = references.try_find(name.as_ref()).map_err(damaged("the current branch"))?;
                }
                None => return Ok(None),
            }
        }
        Err(GitError::Damaged { what: "`HEAD`", detail: "it leads in circles".into() })
    }
}

/// Turns a library's error into ours.
fn damaged<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> GitError {
    move |error| GitError::Damaged { what, detail: Captured::new(error.to_string()) }
}

/// Reads an index, which need not be there.
pub fn index_at(path: PathBuf, hash: Hash) -> Result<gix_index::File, GitError> {
    check_size(&path, MAX_INDEX)?;
    let options = gix_index::decode::Options {
        thread_limit: Some(1),
        alloc_limit_bytes: usize::try_from(4 * MAX_INDEX).ok(),
        ..Default::default()
    };
    gix_index::File::at_or_default(path, hash, false, options).map_err(damaged("the index"))
}

/// The contents of a file.
#[derive(Debug, Clone, Copy)]
pub enum Blob<'a> {
    /// All of its bytes.
    Whole(&'a [u8]),
    /// It has so many bytes, which are more than are read.
    TooLarge(u64),
}

impl Blob<'_> {
    /// Returns how many bytes of it are held.
    pub fn size(self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::TooLarge(_) => 0,
        }
    }
}

/// Reads the contents of a file.
pub fn read_blob<'b>(
    objects: &impl Objects,
    id: &ObjectId,
    buffer: &'b mut Vec<u8>,
) -> Result<Blob<'b>, GitError> {
    match size_of(objects, id, gix_object::Kind::Blob)? {
        size if size > MAX_OBJECT => Ok(Blob::TooLarge(size)),
        _ => read_object(objects, id, gix_object::Kind::Blob, buffer).map(Blob::Whole),
    }
}

/// Reads the files of a tree, folder by folder and never by recursion.
fn read_trees(objects: &impl Objects, tree: ObjectId, hash: Hash) -> Result<HeadEntries, GitError> {
    let mut entries = HeadEntries::new();
    let mut trees = VecDeque::from([(Vec::new(), tree)]);
    let (mut seen, mut buffer) = (0, Vec::new());
    while let Some((folder, id)) = trees.pop_front() {
        let data = read_object(objects, &id, gix_object::Kind::Tree, &mut buffer)?;
        for entry in gix_object::TreeRefIter::from_bytes(data, hash) {
            let entry = entry.map_err(damaged("a folder of the commit"))?;
            seen += 1;
            if seen > MAX_COMMITTED {
                return Err(GitError::CommitTooLarge);
            }
            let path = [folder.as_slice(), entry.filename.as_ref()].concat();
            if entry.mode.is_tree() {
                trees.push_back(([path.as_slice(), b"/"].concat(), entry.oid.to_owned()));
            } else {
                entries.insert(path, entry.oid.to_owned());
            }
        }
    }
    Ok(entries)
}

/// Reads an object of the kind that is wanted, after its size was looked at.
fn read_object<'b>(
    objects: &impl Objects,
    id: &ObjectId,
    kind: gix_object::Kind,
    buffer: &'b mut Vec<u8>,
) -> Result<&'b [u8], GitError> {
    if size_of(objects, id, kind)? > MAX_OBJECT {
        return Err(GitError::Refused { path: Captured::new(id.to_string()), what: "too large" });
    }
    let data = objects.try_find(id, buffer).map_err(damaged("an object"))?;
    data.map(|data| data.data).ok_or_else(|| missing(id))
}

/// Returns the bytes of an object, which must be of this kind.
fn size_of(objects: &impl Objects, id: &ObjectId, kind: gix_object::Kind) -> Result<u64, GitError> {
    let header = objects.try_header(id).map_err(damaged("an object"))?.ok_or_else(|| missing(id))?;
    if header.kind == kind {
        return Ok(header.size);
    }
    Err(GitError::Damaged { what: "an object", detail: Captured::new(format!("{id} is no {kind}")) })
}

fn missing(id: &ObjectId) -> GitError {
    GitError::Damaged { what: "an object", detail: Captured::new(format!("{id} is missing")) }
}

/// Refuses a folder of a store that holds something that no git writes.
fn check_folder(folder: &Path) -> Result<(), GitError> {
    let tree = Tree::open(folder).map_err(|error| GitError::Io(folder.to_owned(), error))?;
    let mut folders = VecDeque::from([RelPath::root()]);
    let mut seen = 0;
    while let Some(here) = folders.pop_front() {
        let unreadable = |error| GitError::Io(here.below(folder), std::io::Error::other(error));
        let listing = tree.list(&here).map_err(unreadable)?;
        seen += listing.entries.len();
        if seen > MAX_STORED {
            return Err(refused(folder, "a folder with too many files"));
        }
        for (name, kind) in &listing.entries {
            let is_read = !(here.is_root() && NEVER_READ.contains(&name.as_str()));
            if let Some(path) = here.child(name).filter(|_| is_read) {
                check_entry(&path.below(folder), *kind)?;
                folders.extend((*kind == Kind::Folder).then_some(path));
            }
        }
    }
    Ok(())
}

fn check_entry(path: &Path, kind: Kind) -> Result<(), GitError> {
    match kind {
        // Nobody can open a socket: git's own file system monitor keeps one here.
        Kind::File | Kind::Folder | Kind::Socket => Ok(()),
        Kind::Fifo => Err(refused(path, "a FIFO")),
        Kind::Device => Err(refused(path, "a device")),
        // A link to a file is what very old gits made of `HEAD`; `metadata` opens nothing.
        Kind::Link if path.metadata().is_ok_and(|metadata| metadata.is_file()) => Ok(()),
        Kind::Link => Err(refused(path, "a link to something that is not a file")),
    }
}

fn check_alternates(objects: &Path) -> Result<(), GitError> {
    let mut waiting = VecDeque::from([objects.to_owned()]);
    let mut seen = 0;
    while let Some(store) = waiting.pop_front() {
        let Some(text) = read_small(&store, "info/alternates") else { continue };
        for line in text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            seen += 1;
            if seen > MAX_ALTERNATES {
                return Err(refused(&store, "borrowing from too many others"));
            }
            let other = store.join(line);
            check_folder(&other)?;
            waiting.push_back(other);
        }
    }
    Ok(())
}

fn check_size(path: &Path, limit: u64) -> Result<(), GitError> {
    match path.metadata() {
        Ok(metadata) if metadata.len() > limit => Err(refused(path, "too large")),
        _ => Ok(()),
    }
}

fn refused(path: &Path, what: &'static str) -> GitError {
    GitError::Refused { path: Captured::new(path.to_string_lossy()), what }
}
