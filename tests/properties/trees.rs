//! Strange trees in a learner's repository: a snapshot of them ends, is the same each time, holds nothing from outside and can be
//! laid out again; what it leaves out is named.

use std::ffi::OsString;
use std::fs::{self, File, Permissions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use grade::lay_out;
use grade::repository;
use grade::snapshot::{self, MAX_FILES, MAX_LEFT_OUT, Snapshot, SnapshotRequest};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use rustix::fs::{CWD, Mode, mkfifoat};

use crate::config;

const DAY: &str = "week1/day4";
/// What lies beside the repository and must never be in a snapshot.
const SECRET: &[u8] = b"outside the repository";

/// Something in a tree.
#[derive(Debug, Clone)]
enum Node {
    File(Vec<u8>),
    Folder(Vec<(OsString, Node)>),
    /// So many folders, one in the other.
    Deep(usize),
    Link(PathBuf),
    Fifo,
    Socket,
    /// A file or folder that nobody may read.
    Closed(bool),
}

impl Node {
    /// Makes it. What the file system refuses (a name that is there already, a path that is too long) is not there then.
    ///
    /// Nothing is ever opened that is there already: it may be a FIFO, which waits, or a link, which leads out of the folder.
    fn make(&self, path: &Path) {
        let _ = match self {
            Self::File(contents) => create(path, contents),
            Self::Folder(entries) => fs::create_dir(path).map(|()| make_all(entries, path)),
            Self::Deep(depth) => dig(path, *depth),
            Self::Link(target) => symlink(target, path),
            Self::Fifo => mkfifoat(CWD, path, Mode::from_raw_mode(0o600)).map_err(Into::into),
            Self::Socket => UnixListener::bind(path).map(drop),
            Self::Closed(is_folder) => {
                let made = if *is_folder { fs::create_dir(path) } else { create(path, b"x") };
                made.and_then(|()| fs::set_permissions(path, Permissions::from_mode(0o000)))
            }
        };
    }
}

/// Makes a file that was not there.
fn create(path: &Path, contents: &[u8]) -> io::Result<()> {
    File::create_new(path)?.write_all(contents)
}

/// Makes folders within folders, and a file in the innermost.
fn dig(path: &Path, depth: usize) -> io::Result<()> {
    fs::create_dir(path)?;
    if depth == 0 {
        create(&path.join("x.py"), b"import decorators")
    } else {
        dig(&path.join("d"), depth - 1)
    }
}

fn make_all(entries: &[(OsString, Node)], folder: &Path) {
    entries.iter().for_each(|(name, node)| node.make(&folder.join(name)));
}

const NAMES: &[&[u8]] = &[
    b"decorators.py",
    b"Decorators.py",
    b"test_decorators.py",
    b"__init__.py",
    b"conftest.py",
    b"pyproject.toml",
    b"pytest.ini",
    b"pyvenv.cfg",
    b"__pycache__",
    b".env",
    b".git",
    b"tests",
    b"src",
    b"a b.py",
    b"new\nline.py",
    b"\x1b[2J.py",
    b"\xff\xfe.py",
    b"back\\slash.py",
    "caf\u{e9}\u{202e}.py".as_bytes(),
    b"-rf",
    b"day4",
];

fn name() -> impl Strategy<Value = OsString> {
    let any =
        prop::collection::vec(any::<u8>().prop_filter("no name", |byte| !matches!(byte, 0 | b'/')), 1..20);
    let long = (200..255_usize).prop_map(|length| vec![b'n'; length]);
    let listed = select(NAMES).prop_map(<[u8]>::to_vec);
    prop_oneof![12 => listed, 2 => any, 1 => long]
        .prop_map(OsString::from_vec)
        .prop_filter("no entry", |name| name != "." && name != "..")
}

fn contents() -> impl Strategy<Value = Vec<u8>> {
    let text = select(
        &[
            "",
            "from week1.day4 import decorators\nfrom . import *\nfrom .... import x\nimport sys; sys.path.append('..')\n",
            "from decorators import (\n a,\n b\nimport tests.helpers, src\n",
            "[pytest]\npythonpath = .. ../.. /etc tests src a\\b\n  more\n",
            "[tool.pytest.ini_options]\npythonpath = [\"..\", \"src\", \"../../../..\", 1]\n",
        ][..],
    );
    prop_oneof![
        4 => text.prop_map(|text| text.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..200),
        1 => (0..1_200_000_usize).prop_map(|length| vec![b'x'; length]),
    ]
}

fn link() -> impl Strategy<Value = PathBuf> {
    let targets = [
        ".",
        "..",
        "decorators.py",
        "../../week1",
        "../../../outside/secret.py",
        "../../../outside",
        "/dev/zero",
        "/proc/self/fd/0",
        "nothing",
        "day4",
        "tests",
    ];
    prop_oneof![
        9 => select(targets.to_vec()).prop_map(PathBuf::from),
        1 => name().prop_map(PathBuf::from),
    ]
}

fn node() -> impl Strategy<Value = Node> {
    let leaf = prop_oneof![
        6 => contents().prop_map(Node::File),
        3 => link().prop_map(Node::Link),
        1 => (1..60_usize).prop_map(Node::Deep),
        1 => Just(Node::Fifo),
        1 => Just(Node::Socket),
        1 => any::<bool>().prop_map(Node::Closed),
    ];
    leaf.prop_recursive(3, 16, 5, |inner| prop::collection::vec((name(), inner), 0..5).prop_map(Node::Folder))
}

fn entries() -> impl Strategy<Value = Vec<(OsString, Node)>> {
    prop::collection::vec((name(), node()), 0..8)
}

/// A learner's repository with something beside it that is not the learner's to show.
struct Repository {
    folder: tempfile::TempDir,
}

impl Repository {
    fn new(at_root: &[(OsString, Node)], in_day: &[(OsString, Node)]) -> Self {
        let repository = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(repository.root().join(DAY)).unwrap();
        fs::create_dir(repository.folder.path().join("outside")).unwrap();
        fs::write(repository.folder.path().join("outside/secret.py"), SECRET).unwrap();
        make_all(in_day, &repository.root().join(DAY));
        make_all(at_root, &repository.root());
        repository
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("repository")
    }

    /// Takes a snapshot, unless the tree has got another day's folder or a `grade.toml` by now.
    fn take(&self) -> Snapshot {
        let request = SnapshotRequest {
            day_folder: DAY.parse().unwrap(),
            modules: vec!["decorators.py".to_owned()],
            extra_roots: vec!["tests".parse().unwrap()],
            other_days: vec!["week1/day5".parse().unwrap()],
            ..SnapshotRequest::default()
        };
        snapshot::take(&repository::at(&self.root()).unwrap(), &request).unwrap()
    }

    /// Returns the files that the snapshot makes when it is laid out, with their bytes.
    fn laid_out(&self, snapshot: &Snapshot) -> Vec<(String, Vec<u8>)> {
        let root = snapshot.materialise(&self.folder.path().join("laid-out")).unwrap();
        let read = |file: &snapshot::SnapshotFile| {
            (file.path.to_string(), fs::read(file.path.below(&root)).unwrap())
        };
        snapshot.files().iter().map(read).collect()
    }
}

impl Drop for Repository {
    /// Opens what was closed, so that the folder can be removed.
    fn drop(&mut self) {
        open_all(&self.root());
    }
}

fn open_all(path: &Path) {
    let is_folder = fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
    if is_folder {
        let _ = fs::set_permissions(path, Permissions::from_mode(0o700));
        fs::read_dir(path).into_iter().flatten().flatten().for_each(|entry| open_all(&entry.path()));
    }
}

proptest! {
    #![proptest_config(config(25))]

    #[test]
    fn a_snapshot_holds_what_is_inside_and_can_be_laid_out(at_root in entries(), in_day in entries()) {
        let repository = Repository::new(&at_root, &in_day);
        let snapshot = repository.take();
        for file in snapshot.files() {
            prop_assert_ne!(&file.contents, SECRET, "{}", file.path);
        }
        let files: Vec<_> = snapshot.files().iter().map(|file| (file.path.to_string(), file.contents.clone())).collect();
        prop_assert_eq!(repository.laid_out(&snapshot), files);
    }

    #[test]
    fn a_snapshot_is_bounded_and_names_what_it_leaves_out(at_root in entries(), in_day in entries()) {
        let snapshot = Repository::new(&at_root, &in_day).take();
        prop_assert!(snapshot.files().len() <= MAX_FILES);
        prop_assert!(snapshot.left_out().len() <= 2 * MAX_LEFT_OUT);
        for left_out in snapshot.left_out() {
            prop_assert!(!left_out.path.is_blank() && !left_out.reason.in_words().is_empty(), "{left_out:?}");
        }
    }

    #[test]
    fn the_same_tree_gives_the_same_snapshot(at_root in entries(), in_day in entries()) {
        let repository = Repository::new(&at_root, &in_day);
        let (one, other) = (repository.take(), repository.take());
        prop_assert_eq!(one.digest(), other.digest());
        prop_assert_eq!(one, other);
    }

    #[test]
    fn files_are_laid_out_whole_or_not_at_all(
        files in prop::collection::btree_map("[a-z]{1,3}(/[a-z]{1,3}){0,2}", prop::collection::vec(any::<u8>(), 0..40), 0..8),
        at in any::<Index>(),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join(["kit", "a/b/kit"][at.index(2)]);
        let files: Vec<(String, Vec<u8>)> = files.into_iter().collect();
        match lay_out::once(&target, &files) {
            Ok(()) => for (path, contents) in &files {
                prop_assert_eq!(&fs::read(target.join(path)).unwrap(), contents);
            },
            // One file's name is another's folder.
            Err(_) => prop_assert!(!target.exists()),
        }
    }
}
