//! Snapshots of real folders, ordinary and hostile.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::time::{Duration, Instant};

use super::*;
use crate::repository;

/// A repository on disk whose day 4 is graded.
struct Learner {
    dir: tempfile::TempDir,
    request: SnapshotRequest,
}

impl Learner {
    fn new(files: &[(&str, &str)]) -> Self {
        let request = SnapshotRequest {
            day_folder: path("week1/day4"),
            modules: vec!["decorators.py".to_owned()],
            ..SnapshotRequest::default()
        };
        let learner = Self { dir: tempfile::tempdir().unwrap(), request };
        fs::create_dir_all(learner.root().join("week1/day4")).unwrap();
        files.iter().for_each(|(path, text)| learner.write(path, text));
        learner
    }

    fn root(&self) -> &Path {
        self.dir.path()
    }

    fn write(&self, path: &str, text: &str) {
        let full = self.root().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }

    fn take(&self) -> Snapshot {
        take(&repository::at(self.root()).unwrap(), &self.request).unwrap()
    }

    fn paths(&self) -> Vec<String> {
        self.take().files().iter().map(|file| file.path.to_string()).collect()
    }

    fn reason(&self, path: &str) -> Reason {
        let snapshot = self.take();
        assert!(snapshot.files().iter().all(|file| file.path.as_str() != path), "{path} is there");
        let reasons: Vec<_> = snapshot.left_out().iter().filter(|left| left.path.raw() == path).collect();
        assert_eq!(reasons.len(), 1, "{path} is said once: {:?}", snapshot.left_out());
        reasons[0].reason.clone()
    }
}

fn path(text: &str) -> RelPath {
    text.parse().unwrap()
}

fn names(paths: &[RelPath]) -> Vec<&str> {
    paths.iter().map(RelPath::as_str).collect()
}

const DAY: (&str, &str) = ("week1/day4/decorators.py", "");

// ---- what is in it ----

#[test]
fn the_days_folder_is_copied_whole_and_other_days_are_not() {
    let learner = Learner::new(&[
        DAY,
        ("week1/day4/data/words.txt", "a"),
        ("week1/day4/deep/er/x.py", ""),
        ("week1/day5/banking.py", ""),
        ("README.md", ""),
    ]);
    assert_eq!(
        learner.paths(),
        ["week1/day4/data/words.txt", "week1/day4/decorators.py", "week1/day4/deep/er/x.py"]
    );
}

#[test]
fn contents_and_modes_are_kept() {
    let learner = Learner::new(&[DAY, ("week1/day4/run.sh", "#!/bin/sh\n")]);
    let script = learner.root().join("week1/day4/run.sh");
    fs::set_permissions(script, fs::Permissions::from_mode(0o755)).unwrap();
    let snapshot = learner.take();
    let script = snapshot.file(&path("week1/day4/run.sh")).unwrap();
    assert_eq!((script.contents.as_slice(), script.executable), (&b"#!/bin/sh\n"[..], true));
    assert!(!snapshot.file(&path("week1/day4/decorators.py")).unwrap().executable);
}

#[test]
fn settings_of_the_folders_above_are_brought() {
    let learner = Learner::new(&[
        DAY,
        ("conftest.py", "import helpers"),
        ("__init__.py", ""),
        ("week1/__init__.py", ""),
        ("week1/conftest.py", ""),
        ("week2/conftest.py", ""),
        ("helpers.py", ""),
    ]);
    assert_eq!(
        learner.paths(),
        [
            "__init__.py",
            "conftest.py",
            "helpers.py",
            "week1/__init__.py",
            "week1/conftest.py",
            "week1/day4/decorators.py"
        ]
    );
}

#[test]
fn imports_are_followed_across_days_and_onwards() {
    let learner = Learner::new(&[
        ("week1/day4/decorators.py", "from week1.day5.banking import Account\nimport json, os\n"),
        ("week1/day5/banking.py", "from models import Base\n"),
        ("week1/day5/models.py", "from common import money\n"),
        ("week1/day5/unrelated.py", ""),
        ("common/__init__.py", ""),
        ("common/money.py", ""),
        ("common/rates.csv", ""),
    ]);
    assert_eq!(
        learner.paths(),
        [
            "common/__init__.py",
            "common/money.py",
            "week1/day4/decorators.py",
            "week1/day5/banking.py",
            "week1/day5/models.py"
        ]
    );
}

#[test]
fn importing_a_package_brings_its_folder() {
    let learner = Learner::new(&[
        ("week1/day4/decorators.py", "import common\n"),
        ("common/__init__.py", ""),
        ("common/inner/rates.csv", ""),
    ]);
    assert_eq!(learner.paths(), ["common/__init__.py", "common/inner/rates.csv", "week1/day4/decorators.py"]);
}

#[test]
fn relative_imports_are_followed() {
    let learner = Learner::new(&[
        ("week1/day4/decorators.py", "from ..shared import tools\nfrom ..day3.grades import mean\n"),
        ("week1/shared/tools.py", ""),
        ("week1/shared/others.py", ""),
        ("week1/day3/grades.py", ""),
    ]);
    assert_eq!(
        learner.paths(),
        ["week1/day3/grades.py", "week1/day4/decorators.py", "week1/shared/tools.py"]
    );
}

#[test]
fn importing_the_folder_above_does_not_bring_every_other_day() {
    let learner = Learner::new(&[
        ("week1/day4/decorators.py", "import week1\nfrom .. import version\n"),
        ("week1/__init__.py", ""),
        ("week1/tools.py", ""),
        ("week1/day5/banking.py", ""),
    ]);
    assert_eq!(learner.paths(), ["week1/__init__.py", "week1/day4/decorators.py", "week1/tools.py"]);
}

#[test]
fn modules_in_src_and_on_the_learners_own_python_path_are_found() {
    let learner = Learner::new(&[
        ("week1/day4/decorators.py", "import in_src, in_lib\n"),
        ("src/in_src.py", ""),
        ("lib/in_lib.py", ""),
        ("pytest.ini", "[pytest]\npythonpath = lib empty week1\n"),
        ("empty/.keep", ""),
    ]);
    assert_eq!(learner.paths(), ["lib/in_lib.py", "src/in_src.py", "week1/day4/decorators.py"]);
    assert_eq!(
        learner.take().python_path(),
        [path("week1/day4"), RelPath::root(), path("lib"), path("week1")]
    );
}

#[test]
fn a_file_that_changes_sys_path_may_import_from_another_days_folder() {
    let mut learner = Learner::new(&[
        ("week1/day4/decorators.py", "import sys\nsys.path.append('../../week2/day9')\nimport cache\n"),
        ("week2/day9/cache.py", ""),
    ]);
    learner.request.other_days = vec![path("week2/day9")];
    assert_eq!(learner.paths(), ["week1/day4/decorators.py", "week2/day9/cache.py"]);
    learner.write("week1/day4/decorators.py", "import cache\n");
    assert_eq!(learner.paths(), ["week1/day4/decorators.py"]);
}

#[test]
fn the_root_itself_can_be_the_days_folder() {
    let mut learner = Learner::new(&[("decorators.py", ""), (".env", ""), ("tests/test_it.py", "")]);
    learner.request.day_folder = RelPath::root();
    assert_eq!(learner.paths(), ["decorators.py", "tests/test_it.py"]);
    assert_eq!(learner.take().python_path(), [RelPath::root()]);
}

// ---- own tests ----

#[test]
fn tests_in_the_days_folder_are_its_own() {
    let learner = Learner::new(&[
        DAY,
        ("week1/day4/test_a.py", ""),
        ("week1/day4/tests/deep/b_test.py", ""),
        ("week1/day4/testing.py", ""),
        ("week1/day4/test_notes.txt", ""),
    ]);
    assert_eq!(
        names(learner.take().own_test_files()),
        ["week1/day4/test_a.py", "week1/day4/tests/deep/b_test.py"]
    );
}

#[test]
fn tests_elsewhere_that_import_the_days_modules_are_its_own() {
    let learner = Learner::new(&[
        DAY,
        ("tests/conftest.py", ""),
        ("tests/test_plain.py", "from decorators import timer"),
        ("tests/deep/test_dotted.py", "from week1.day4.decorators import timer"),
        ("tests/test_day5.py", "from decorators import timer"),
        ("tests/day5/test_dotted.py", "from week1.day4 import decorators"),
        ("tests/test_other.py", "import json"),
        ("test_root.py", "import decorators"),
    ]);
    let wanted =
        ["test_root.py", "tests/day5/test_dotted.py", "tests/deep/test_dotted.py", "tests/test_plain.py"];
    let snapshot = learner.take();
    assert_eq!(names(snapshot.own_test_files()), wanted);
    assert!(snapshot.file(&path("tests/conftest.py")).is_some());
    assert!(snapshot.file(&path("tests/test_other.py")).is_none());
}

#[test]
fn tests_that_grade_toml_names_are_its_own_whatever_they_import() {
    let mut learner = Learner::new(&[DAY, ("checks/d4/test_x.py", ""), ("checks/d4/data.json", "")]);
    learner.request.extra_roots = vec![path("checks/d4"), path("missing")];
    assert_eq!(learner.paths(), ["checks/d4/data.json", "checks/d4/test_x.py", "week1/day4/decorators.py"]);
    assert_eq!(names(learner.take().own_test_files()), ["checks/d4/test_x.py"]);
}

// ---- what is left out ----

#[test]
fn what_tools_make_and_what_may_be_secret_is_left_out() {
    let learner = Learner::new(&[
        DAY,
        ("week1/day4/.git/config", ""),
        ("week1/day4/.env", ""),
        ("week1/day4/.env.local", ""),
        ("week1/day4/node_modules/x.js", ""),
        ("week1/day4/__pycache__/x.pyc", ""),
        ("week1/day4/x.pyc", ""),
        ("week1/day4/.mypy_cache/x", ""),
        ("week1/day4/.hidden/x.py", ""),
        ("week1/day4/myenv/pyvenv.cfg", ""),
        ("week1/day4/myenv/lib/x.py", ""),
    ]);
    assert_eq!(learner.paths(), ["week1/day4/decorators.py"]);
    for secret in [".env", ".env.local"] {
        assert_eq!(learner.reason(&format!("week1/day4/{secret}")), Reason::Secret);
    }
    for made in [".git", "node_modules", "__pycache__", "x.pyc", ".mypy_cache", ".hidden"] {
        assert_eq!(learner.reason(&format!("week1/day4/{made}")), Reason::Generated);
    }
    assert_eq!(learner.reason("week1/day4/myenv"), Reason::Environment);
}

#[test]
fn an_import_does_not_bring_what_is_left_out() {
    let learner = Learner::new(&[
        ("week1/day4/decorators.py", "import node_modules.x\nfrom __pycache__ import y\nimport venv\n"),
        ("node_modules/x.py", ""),
        ("__pycache__/y.py", ""),
        ("venv/pyvenv.cfg", ""),
        ("venv/lib/z.py", ""),
    ]);
    assert_eq!(learner.paths(), ["week1/day4/decorators.py"]);
}

#[test]
fn a_link_inside_is_copied_as_a_file_and_a_link_out_is_not() {
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret"), "secret").unwrap();
    let learner = Learner::new(&[DAY, ("data/words.txt", "words"), (".env", "KEY=1"), (".git/config", "")]);
    let day = learner.root().join("week1/day4");
    symlink("../../data/words.txt", day.join("words.txt")).unwrap();
    symlink(outside.path().join("secret"), day.join("out")).unwrap();
    symlink("/dev/zero", day.join("zero")).unwrap();
    symlink("/proc/self/environ", day.join("environ")).unwrap();
    symlink("../../data", day.join("folder")).unwrap();
    symlink("nowhere", day.join("broken")).unwrap();
    symlink("loop", day.join("loop")).unwrap();
    symlink("../../.env", day.join("env.txt")).unwrap();
    symlink("../../.git/config", day.join("config.txt")).unwrap();
    symlink(".", day.join("self")).unwrap();
    let snapshot = learner.take();
    assert_eq!(snapshot.file(&path("week1/day4/words.txt")).unwrap().contents, b"words");
    for out in ["out", "zero", "environ"] {
        assert_eq!(learner.reason(&format!("week1/day4/{out}")), Reason::LinkOutside, "{out}");
    }
    for link in ["folder", "broken", "loop", "env.txt", "config.txt", "self"] {
        assert_eq!(learner.reason(&format!("week1/day4/{link}")), Reason::Link, "{link}");
    }
}

#[test]
fn special_files_are_left_out_without_waiting_for_them() {
    let learner = Learner::new(&[DAY]);
    let day = learner.root().join("week1/day4");
    rustix::fs::mkfifoat(rustix::fs::CWD, day.join("pipe.py"), rustix::fs::Mode::from_raw_mode(0o600))
        .unwrap();
    let _socket = UnixListener::bind(day.join("socket")).unwrap();
    symlink("pipe.py", day.join("link.py")).unwrap();
    fs::create_dir(learner.root().join("tests")).unwrap();
    let fifo = learner.root().join("tests/test_fifo.py");
    rustix::fs::mkfifoat(rustix::fs::CWD, fifo, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
    assert_eq!(learner.reason("week1/day4/pipe.py"), Reason::Special("FIFO"));
    assert_eq!(learner.reason("week1/day4/socket"), Reason::Special("socket"));
    assert_eq!(learner.reason("week1/day4/link.py"), Reason::Link);
}

#[test]
fn large_files_are_left_out_unread() {
    let learner = Learner::new(&[DAY]);
    let sparse = |name: &str, size| {
        File::create(learner.root().join("week1/day4").join(name)).unwrap().set_len(size).unwrap();
    };
    sparse("huge.bin", 10 << 30);
    sparse("big.py", MAX_PYTHON_BYTES + 1);
    sparse("fits.bin", MAX_PYTHON_BYTES + 1);
    let began = Instant::now();
    assert_eq!(learner.reason("week1/day4/huge.bin"), Reason::TooLarge(MAX_FILE_BYTES));
    assert_eq!(learner.reason("week1/day4/big.py"), Reason::TooLarge(MAX_PYTHON_BYTES));
    assert!(learner.take().file(&path("week1/day4/fits.bin")).is_some());
    assert!(began.elapsed() < Duration::from_secs(5));
}

#[test]
fn all_files_together_are_bounded_in_bytes() {
    let learner = Learner::new(&[DAY]);
    for number in 0..5 {
        let file = File::create(learner.root().join(format!("week1/day4/x{number}"))).unwrap();
        file.set_len(MAX_FILE_BYTES - 1).unwrap();
    }
    assert_eq!(learner.reason("week1/day4/x4"), Reason::TooManyBytes);
    assert!(learner.take().files().iter().map(|file| file.contents.len() as u64).sum::<u64>() <= MAX_BYTES);
}

#[test]
fn ten_thousand_files_are_bounded_in_number_and_in_what_is_said_of_them() {
    let learner = Learner::new(&[DAY]);
    let folder = learner.root().join("week1/day4/aaa");
    fs::create_dir(&folder).unwrap();
    (0..10_000).for_each(|number| fs::write(folder.join(format!("{number}.py")), "import os").unwrap());
    let began = Instant::now();
    let snapshot = learner.take();
    assert!(began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    assert_eq!(snapshot.files().len(), MAX_FILES);
    assert!(snapshot.file(&path("week1/day4/decorators.py")).is_some(), "what is nearest to the day is in");
    assert_eq!(snapshot.left_out().len(), MAX_LEFT_OUT);
    assert_eq!(snapshot.more_left_out(), 10_001 - MAX_FILES - MAX_LEFT_OUT);
    assert_eq!(snapshot.digest(), learner.take().digest());
}

#[test]
fn a_folder_five_thousand_deep_ends_at_the_bound() {
    let learner = Learner::new(&[DAY]);
    let mut folder = File::open(learner.root().join("week1/day4")).map(std::os::fd::OwnedFd::from).unwrap();
    for _ in 0..5_000 {
        rustix::fs::mkdirat(&folder, "d", rustix::fs::Mode::from_raw_mode(0o700)).unwrap();
        let flags = rustix::fs::OFlags::RDONLY | rustix::fs::OFlags::DIRECTORY;
        folder = rustix::fs::openat(&folder, "d", flags, rustix::fs::Mode::empty()).unwrap();
    }
    let deepest = format!("week1/day4{}", "/d".repeat(MAX_DEPTH - 2));
    assert_eq!(learner.reason(&deepest), Reason::TooDeep);
}

#[test]
fn names_that_no_file_should_have_are_left_out() {
    let learner = Learner::new(&[DAY]);
    let day = learner.root().join("week1/day4");
    for name in [&b"a\xff.py"[..], b"a\x1b[2J.py", b"a\nb.py", b"a\\b.py"] {
        fs::write(day.join(OsStr::from_bytes(name)), "").unwrap();
    }
    let snapshot = learner.take();
    assert_eq!(snapshot.files().len(), 1);
    assert_eq!(snapshot.left_out().iter().filter(|left| left.reason == Reason::Name).count(), 4);
}

#[test]
fn a_day_without_a_folder_is_an_error() {
    let mut learner = Learner::new(&[DAY]);
    learner.request.day_folder = path("week9");
    let error = take(&repository::at(learner.root()).unwrap(), &learner.request).unwrap_err();
    assert_eq!(error.to_string(), "failed to read the day's folder `week9`");
}

#[test]
fn a_file_that_may_not_be_read_is_left_out() {
    let learner = Learner::new(&[DAY, ("week1/day4/closed.py", ""), ("week1/day4/shut/x.py", "")]);
    set_mode(learner.root(), 0o755);
    set_mode(&learner.root().join("week1/day4/closed.py"), 0o000);
    set_mode(&learner.root().join("week1/day4/shut"), 0o000);
    let snapshot = as_nobody_special(|| learner.take());
    set_mode(&learner.root().join("week1/day4/shut"), 0o700);
    assert_eq!(snapshot.files().len(), 1);
    let left_out: Vec<_> =
        snapshot.left_out().iter().map(|left| (left.path.raw(), left.reason.in_words())).collect();
    let why = "it could not be read: permission denied".to_owned();
    assert_eq!(left_out, [("week1/day4/closed.py", why.clone()), ("week1/day4/shut", why)]);
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Does something without the administrator's rights, whoever runs the tests: this system call is for one thread.
fn as_nobody_special<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| {
        let thread = scope.spawn(|| {
            if rustix::process::geteuid().is_root() {
                rustix::thread::set_thread_uid(rustix::process::Uid::from_raw(65_534)).unwrap();
            }
            work()
        });
        thread.join().unwrap()
    })
}

#[test]
fn a_thousand_caches_do_not_hide_what_matters_and_do_not_change_the_digest() {
    let learner = Learner::new(&[DAY]);
    symlink("/etc/passwd", learner.root().join("week1/day4/zzz.py")).unwrap();
    let before = learner.take().digest();
    (0..300).for_each(|number| learner.write(&format!("week1/day4/{number}.pyc"), ""));
    assert_eq!(learner.reason("week1/day4/zzz.py"), Reason::LinkOutside);
    assert_eq!(learner.take().more_left_out(), 0);
    assert_eq!(learner.take().digest(), before);
}

// ---- the digest ----

#[test]
fn the_digest_changes_with_everything_that_could_change_a_verdict() {
    let learner = Learner::new(&[DAY]);
    let mut digests = vec![learner.take().digest()];
    let mut step = |change: &dyn Fn()| {
        change();
        digests.push(learner.take().digest());
    };
    let day = learner.root().join("week1/day4");
    step(&|| learner.write("week1/day4/decorators.py", "x = 1\n"));
    step(&|| fs::rename(day.join("decorators.py"), day.join("decorator.py")).unwrap());
    step(&|| fs::set_permissions(day.join("decorator.py"), fs::Permissions::from_mode(0o755)).unwrap());
    step(&|| symlink("/etc/passwd", day.join("link.py")).unwrap());
    step(&|| learner.write("week1/conftest.py", ""));
    step(&|| learner.write("pytest.ini", "[pytest]\npythonpath = week1\n"));
    let different: std::collections::HashSet<_> = digests.iter().map(|digest| *digest.as_bytes()).collect();
    assert_eq!(different.len(), digests.len());
}

#[test]
fn the_digest_does_not_change_with_what_every_run_leaves_behind() {
    let learner = Learner::new(&[DAY]);
    let before = learner.take().digest();
    learner.write("week1/day4/__pycache__/decorators.cpython-311.pyc", "");
    learner.write("week1/day4/.mypy_cache/x", "");
    learner.write("week1/day5/banking.py", "");
    assert_eq!(learner.take().digest(), before);
}

// ---- laying it out ----

#[test]
fn a_snapshot_is_laid_out_where_only_we_come_and_writable_below() {
    let learner = Learner::new(&[DAY, ("week1/day4/run.sh", "#!"), ("conftest.py", "x = 1\n")]);
    let script = learner.root().join("week1/day4/run.sh");
    fs::set_permissions(script, fs::Permissions::from_mode(0o700)).unwrap();
    let outer = tempfile::tempdir().unwrap();
    let target = outer.path().join("copy");
    let root = learner.take().materialise(&target).unwrap();
    let mode = |path: &Path| path.metadata().unwrap().mode() & 0o7777;
    assert_eq!(mode(&target), 0o700);
    assert_eq!((mode(&root), mode(&root.join("week1/day4"))), (0o777, 0o777));
    assert_eq!(mode(&root.join("week1/day4/decorators.py")), 0o666);
    assert_eq!(mode(&root.join("week1/day4/run.sh")), 0o777);
    assert_eq!(fs::read(root.join("conftest.py")).unwrap(), b"x = 1\n");
}

#[test]
fn a_snapshot_is_never_laid_over_something() {
    let learner = Learner::new(&[DAY]);
    let existing = tempfile::tempdir().unwrap();
    let error = learner.take().materialise(existing.path()).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AlreadyExists);
}

#[test]
fn an_ordinary_day_takes_a_few_milliseconds() {
    let learner = Learner::new(&[DAY]);
    for number in 0..60 {
        let text = format!("import os, json, typing\nfrom m{} import x\n", (number + 1) % 60);
        learner.write(&format!("week1/day4/p{}/m{number}.py", number % 5), &text);
    }
    let repository = repository::at(learner.root()).unwrap();
    let times = (0..20).map(|_| {
        let began = Instant::now();
        take(&repository, &learner.request).unwrap();
        began.elapsed()
    });
    let best = times.min().unwrap();
    // Without optimisation and on a busy machine it takes several times as long as in a release.
    assert!(best < Duration::from_millis(50), "{best:?}");
}

#[test]
fn a_path_that_cannot_be_laid_out_elsewhere_is_left_out() {
    let learner = Learner::new(&[DAY]);
    let folders = format!("/{}", "n".repeat(250)).repeat(14);
    learner.write(&format!("week1/day4{folders}/x.py"), "");
    let snapshot = learner.take();
    assert!(snapshot.left_out().iter().any(|left_out| left_out.reason == Reason::TooLong));
    let scratch = tempfile::tempdir().unwrap();
    snapshot.materialise(&(0..4).fold(scratch.path().to_owned(), |path, _| deeper(&path))).unwrap();
}

/// Makes a folder with a name as long as names can be.
fn deeper(folder: &Path) -> PathBuf {
    let path = folder.join("t".repeat(255));
    fs::create_dir_all(folder).unwrap();
    path
}
