//! Facts about real repositories, made by the `git` command with nobody's settings.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::*;

/// A repository on disk.
struct Repo {
    dir: tempfile::TempDir,
}

impl Repo {
    /// Makes a folder that is no repository yet.
    fn bare_folder() -> Self {
        Self { dir: tempfile::tempdir().unwrap() }
    }

    /// Makes a repository without a commit.
    fn unborn() -> Self {
        let repo = Self::bare_folder();
        fs::create_dir(repo.path("work")).unwrap();
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    /// Makes a repository in which these files are committed.
    fn committed(files: &[(&str, &str)]) -> Self {
        let repo = Self::unborn();
        files.iter().for_each(|(path, text)| repo.write(path, text));
        repo.commit();
        repo
    }

    fn path(&self, path: &str) -> PathBuf {
        self.dir.path().join(path)
    }

    fn work(&self) -> PathBuf {
        self.path("work")
    }

    fn write(&self, path: &str, text: &str) {
        let full = self.work().join(path);
        fs::create_dir_all(full.parent().unwrap()).unwrap();
        fs::write(full, text).unwrap();
    }

    fn commit(&self) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", "work", "--allow-empty"]);
    }

    fn git(&self, args: &[&str]) {
        run_git(&self.work(), args);
    }

    fn examine(&self) -> Result<GitFacts, GitError> {
        examine(&self.work())
    }

    fn uncommitted(&self) -> Vec<String> {
        texts(self.examine().unwrap().uncommitted(&[RelPath::root()]).unwrap())
    }
}

fn run_git(folder: &Path, args: &[&str]) {
    let mut command = Command::new("git");
    command.args(["-c", "protocol.file.allow=always"]).args(args).current_dir(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1").env("HOME", folder);
    for who in ["AUTHOR", "COMMITTER"] {
        command
            .env(format!("GIT_{who}_NAME"), "Learner")
            .env(format!("GIT_{who}_EMAIL"), "learner@example.org");
    }
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
        command.env_remove(variable);
    }
    let output = command.stdin(Stdio::null()).output().expect("the tests need `git`");
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn texts(captured: Vec<Captured>) -> Vec<String> {
    captured.into_iter().map(|text| text.raw().to_owned()).collect()
}

fn path(text: &str) -> RelPath {
    text.parse().unwrap()
}

fn fifo(path: &Path) {
    rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
}

const NOTHING: [&str; 0] = [];

// ---- what kind of repository ----

#[test]
fn a_folder_without_git_is_no_repository() {
    let folder = Repo::bare_folder();
    fs::create_dir_all(folder.path("work/.git")).unwrap();
    assert!(matches!(folder.examine(), Err(GitError::NotARepository(_))), "an empty .git is none");
    fs::remove_dir(folder.path("work/.git")).unwrap();
    assert!(matches!(folder.examine(), Err(GitError::NotARepository(_))));
}

#[test]
fn before_the_first_commit_everything_is_uncommitted() {
    let repo = Repo::unborn();
    repo.write("staged.py", "");
    repo.git(&["add", "-A"]);
    repo.write("new.py", "");
    assert!(!repo.examine().unwrap().has_commit());
    assert_eq!(repo.uncommitted(), ["new.py", "staged.py"]);
}

#[test]
fn after_a_commit_nothing_is_uncommitted() {
    let repo = Repo::committed(&[("a.py", "x = 1\n"), ("week1/day0/hello.py", ""), ("data.bin", "\0\r\n")]);
    assert!(repo.examine().unwrap().has_commit());
    assert_eq!(repo.uncommitted(), NOTHING);
}

#[test]
fn packed_objects_and_references_are_read() {
    let repo = Repo::committed(&[("a.py", "x = 1\n"), ("b/c.py", "")]);
    repo.git(&["gc", "-q"]);
    repo.git(&["pack-refs", "--all"]);
    assert!(repo.examine().unwrap().has_commit());
    assert_eq!(repo.uncommitted(), NOTHING);
}

#[test]
fn a_folder_below_the_top_has_facts_of_its_own() {
    let repo = Repo::committed(&[("inner/a.py", ""), ("outer.py", "")]);
    repo.write("inner/new.py", "");
    repo.write("new.py", "");
    repo.write(".gitignore", "*.log\n");
    let facts = examine(&repo.work().join("inner")).unwrap();
    assert_eq!(texts(facts.uncommitted(&[RelPath::root()]).unwrap()), ["new.py"]);
    assert_eq!(texts(facts.tracked(&["*.py"])), ["a.py"]);
    assert!(facts.ignores(&path("x.log"), false));
}

#[test]
fn a_detached_head_is_a_commit() {
    let repo = Repo::committed(&[("a.py", "")]);
    repo.git(&["checkout", "-q", "--detach"]);
    assert!(repo.examine().unwrap().has_commit());
    assert_eq!(repo.uncommitted(), NOTHING);
}

#[test]
fn a_linked_work_tree_is_a_repository() {
    let repo = Repo::committed(&[("a.py", "")]);
    repo.git(&["worktree", "add", "-q", "../linked", "-b", "other"]);
    fs::write(repo.path("linked/new.py"), "").unwrap();
    let facts = examine(&repo.path("linked")).unwrap();
    assert!(facts.has_commit());
    assert_eq!(texts(facts.uncommitted(&[RelPath::root()]).unwrap()), ["new.py"]);
}

#[test]
fn a_shallow_clone_is_a_repository() {
    let repo = Repo::committed(&[("a.py", "")]);
    repo.write("a.py", "x = 2\n");
    repo.commit();
    let source = format!("file://{}", repo.work().display());
    run_git(repo.dir.path(), &["clone", "-q", "--depth=1", &source, "shallow"]);
    let facts = examine(&repo.path("shallow")).unwrap();
    assert!(facts.has_commit());
    assert_eq!(texts(facts.uncommitted(&[RelPath::root()]).unwrap()), NOTHING);
}

#[test]
fn a_clone_that_borrows_objects_is_a_repository() {
    let repo = Repo::committed(&[("a.py", "")]);
    run_git(repo.dir.path(), &["clone", "-q", "--shared", "work", "borrower"]);
    assert_eq!(
        texts(examine(&repo.path("borrower")).unwrap().uncommitted(&[RelPath::root()]).unwrap()),
        NOTHING
    );
}

#[test]
fn a_submodule_is_one_entry_and_a_repository_of_its_own() {
    let library = Repo::committed(&[("lib.py", "")]);
    let repo = Repo::committed(&[("a.py", "")]);
    repo.git(&["submodule", "--quiet", "add", library.work().to_str().unwrap(), "library"]);
    repo.commit();
    repo.write("library/new.py", "");
    assert_eq!(repo.uncommitted(), NOTHING);
    let inner = examine(&repo.work().join("library")).unwrap();
    assert_eq!(texts(inner.uncommitted(&[RelPath::root()]).unwrap()), ["new.py"]);
}

#[test]
fn a_repository_within_that_is_no_submodule_is_uncommitted_as_a_whole() {
    let repo = Repo::committed(&[("a.py", "")]);
    repo.write("week1/day0/x.py", "");
    run_git(&repo.work().join("week1"), &["init", "-q"]);
    assert_eq!(repo.uncommitted(), ["week1/"]);
}

#[test]
fn object_names_may_be_sha256() {
    let repo = Repo::bare_folder();
    fs::create_dir(repo.path("work")).unwrap();
    repo.git(&["init", "-q", "--object-format=sha256"]);
    repo.write("a.py", "x = 1\n");
    repo.commit();
    assert!(repo.examine().unwrap().has_commit());
    assert_eq!(repo.uncommitted(), NOTHING);
}

#[test]
fn an_unknown_store_of_branches_is_said_and_not_guessed() {
    let repo = Repo::bare_folder();
    fs::create_dir(repo.path("work")).unwrap();
    repo.git(&["init", "-q", "--ref-format=reftable"]);
    assert!(matches!(repo.examine(), Err(GitError::Unsupported(_))));
}

#[test]
fn facts_can_be_sent_to_another_thread() {
    fn is_sent<T: Send>() {}
    is_sent::<GitFacts>();
}

// ---- what is uncommitted ----

#[test]
fn every_difference_is_found() {
    let repo = Repo::committed(&[
        ("edited.py", "1"),
        ("staged.py", "1"),
        ("gone.py", ""),
        ("unstaged.py", ""),
        ("same.py", ""),
    ]);
    repo.write("edited.py", "2");
    repo.write("staged.py", "2");
    repo.git(&["add", "staged.py"]);
    fs::remove_file(repo.work().join("gone.py")).unwrap();
    repo.git(&["rm", "-q", "--cached", "unstaged.py"]);
    repo.write("new/deep.py", "");
    assert_eq!(repo.uncommitted(), ["edited.py", "gone.py", "new/deep.py", "staged.py", "unstaged.py"]);
}

#[test]
fn only_the_folders_that_are_asked_for_count() {
    let repo = Repo::committed(&[("day0/a.py", ""), ("day1/a.py", ""), ("day10/a.py", "")]);
    for day in ["day0", "day1", "day10"] {
        repo.write(&format!("{day}/new.py"), "");
        repo.write(&format!("{day}/a.py"), "changed");
    }
    let facts = repo.examine().unwrap();
    assert_eq!(texts(facts.uncommitted(&[path("day1")]).unwrap()), ["day1/a.py", "day1/new.py"]);
    assert_eq!(texts(facts.uncommitted(&[path("day0/new.py")]).unwrap()), ["day0/new.py"]);
    assert_eq!(texts(facts.uncommitted(&[path("missing")]).unwrap()), NOTHING);
}

#[test]
fn telling_git_to_look_away_hides_no_change() {
    let repo = Repo::committed(&[("a.py", "1"), ("b.py", "1")]);
    repo.git(&["update-index", "--assume-unchanged", "a.py"]);
    repo.git(&["update-index", "--skip-worktree", "b.py"]);
    repo.write("a.py", "22");
    repo.write("b.py", "22");
    assert_eq!(repo.uncommitted(), ["a.py", "b.py"]);
}

#[test]
fn ignored_files_and_litter_are_not_uncommitted() {
    let repo = Repo::committed(&[(".gitignore", "__pycache__/\n*.log\n.venv\n")]);
    for ignored in [
        "__pycache__/a.pyc",
        "day1/__pycache__/b.pyc",
        "x.log",
        ".venv/lib/x.py",
        ".DS_Store",
        "day1/Thumbs.db",
    ] {
        repo.write(ignored, "");
    }
    assert_eq!(repo.uncommitted(), NOTHING);
}

#[test]
fn a_file_in_an_ignored_folder_that_is_tracked_all_the_same_can_be_changed() {
    let repo = Repo::committed(&[("build/keep.py", "1")]);
    repo.write(".gitignore", "build/\n");
    repo.commit();
    repo.write("build/keep.py", "2");
    repo.write("build/other.py", "");
    assert_eq!(repo.uncommitted(), ["build/keep.py"]);
}

#[test]
fn a_file_that_was_only_announced_is_uncommitted() {
    let repo = Repo::committed(&[("a.py", "")]);
    repo.write("later.py", "");
    repo.git(&["add", "--intent-to-add", "later.py"]);
    assert_eq!(repo.uncommitted(), ["later.py"]);
}

#[test]
fn a_conflict_is_uncommitted() {
    let repo = Repo::committed(&[("a.py", "1")]);
    repo.git(&["checkout", "-q", "-b", "other"]);
    repo.write("a.py", "2");
    repo.commit();
    repo.git(&["checkout", "-q", "main"]);
    repo.write("a.py", "3");
    repo.commit();
    let work = repo.work();
    let merge = std::panic::catch_unwind(|| run_git(&work, &["merge", "-q", "other"]));
    assert!(merge.is_err(), "there must be a conflict");
    assert_eq!(repo.uncommitted(), ["a.py"]);
}

#[test]
fn line_endings_that_git_changed_on_checkout_are_no_change() {
    let repo = Repo::committed(&[("a.py", "x = 1\ny = 2\n")]);
    repo.git(&["config", "core.autocrlf", "true"]);
    fs::remove_file(repo.work().join("a.py")).unwrap();
    repo.git(&["checkout", "-q", "--", "a.py"]);
    assert_eq!(fs::read(repo.work().join("a.py")).unwrap(), b"x = 1\r\ny = 2\r\n");
    assert_eq!(repo.uncommitted(), NOTHING);
    // Written anew, so that the index has no record of this state.
    repo.write("a.py", "x = 1\r\ny = 2\r\n");
    assert_eq!(repo.uncommitted(), NOTHING);
    repo.write("a.py", "x = 1\r\ny = 3\r\n");
    assert_eq!(repo.uncommitted(), ["a.py"]);
}

#[test]
fn a_file_that_a_filter_changed_on_its_way_in_is_no_change() {
    let repo = Repo::unborn();
    repo.git(&["config", "filter.shout.clean", "tr a-z A-Z"]);
    repo.write(".gitattributes", "*.txt filter=shout\n");
    repo.write("words.txt", "words\n");
    // The index trusts its record only of files that are older than itself.
    let old = fs::File::options().write(true).open(repo.work().join("words.txt")).unwrap();
    old.set_modified(std::time::SystemTime::now() - Duration::from_secs(60)).unwrap();
    repo.commit();
    assert_eq!(repo.uncommitted(), NOTHING);
    repo.write("words.txt", "other\n");
    assert_eq!(repo.uncommitted(), ["words.txt"]);
}

#[test]
fn links_are_compared_by_where_they_lead() {
    let repo = Repo::unborn();
    std::os::unix::fs::symlink("a.py", repo.work().join("link")).unwrap();
    repo.commit();
    assert_eq!(repo.uncommitted(), NOTHING);
    fs::remove_file(repo.work().join("link")).unwrap();
    std::os::unix::fs::symlink("b.py", repo.work().join("link")).unwrap();
    assert_eq!(repo.uncommitted(), ["link"]);
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_not_missing() {
    for sparse_index in ["--no-sparse-index", "--sparse-index"] {
        let repo = Repo::committed(&[("day0/a.py", ""), ("day1/deep/b.py", ""), ("day2/c.py", "")]);
        repo.git(&["sparse-checkout", "set", "--cone", sparse_index, "day0"]);
        assert!(!repo.work().join("day2").exists());
        assert_eq!(repo.uncommitted(), NOTHING, "{sparse_index}");
    }
}

// ---- what is tracked and ignored ----

#[test]
fn tracked_files_are_found_by_the_patterns_of_a_gitignore() {
    let repo = Repo::committed(&[
        ("week1/day0/__pycache__/hello.cpython-311.pyc", ""),
        ("week1/day0/hello.py", ""),
        ("x.pyc", ""),
        (".venv/bin/python", ""),
    ]);
    repo.write("untracked.pyc", "");
    let facts = repo.examine().unwrap();
    assert_eq!(texts(facts.tracked(&["__pycache__/"])), ["week1/day0/__pycache__/hello.cpython-311.pyc"]);
    assert_eq!(texts(facts.tracked(&["*.pyc", ".venv/"])).len(), 3);
    assert_eq!(texts(facts.tracked(&["node_modules/"])), NOTHING);
}

#[test]
fn every_gitignore_on_the_way_counts_and_the_nearest_wins() {
    let repo = Repo::committed(&[
        (".gitignore", "*.log\n/only-here\nout/\n!out/keep.py\n# comment\n\\#real\n"),
        ("week1/.gitignore", "!kept.log\n*.tmp\n"),
    ]);
    fs::write(repo.work().join(".git/info/exclude"), "private\n").unwrap();
    let facts = repo.examine().unwrap();
    for (text, is_dir, wanted) in [
        ("a.log", false, true),
        ("week1/a.log", false, true),
        ("week1/kept.log", false, false),
        ("kept.log", false, true),
        ("week1/deep/a.tmp", false, true),
        ("a.tmp", false, false),
        ("only-here", false, true),
        ("week1/only-here", false, false),
        ("out", true, true),
        ("out", false, false),
        ("out/keep.py", false, true),
        ("week1/private", false, true),
        ("#real", false, true),
        ("plain.py", false, false),
    ] {
        assert_eq!(facts.ignores(&path(text), is_dir), wanted, "{text}");
    }
}

#[test]
fn a_gitignore_that_is_a_link_or_a_fifo_says_nothing() {
    let repo = Repo::committed(&[("a.py", "")]);
    fs::write(repo.path("patterns"), "*\n").unwrap();
    std::os::unix::fs::symlink(repo.path("patterns"), repo.work().join(".gitignore")).unwrap();
    fs::create_dir(repo.work().join("day1")).unwrap();
    fifo(&repo.work().join("day1/.gitignore"));
    let facts = repo.examine().unwrap();
    assert!(!facts.ignores(&path("x"), false));
    assert!(!facts.ignores(&path("day1/x"), false));
}

// ---- hostile and damaged ----

#[test]
fn nothing_that_a_repository_names_is_run() {
    let repo = Repo::committed(&[("a.py", "1"), (".gitattributes", "*.py filter=evil diff=evil\n")]);
    let witness = repo.path("it-ran");
    let touch = format!("touch {}", witness.display());
    for key in [
        "core.fsmonitor",
        "filter.evil.clean",
        "filter.evil.smudge",
        "filter.evil.process",
        "diff.evil.textconv",
        "diff.external",
        "core.sshCommand",
        "core.pager",
        "credential.helper",
        "alias.status",
        "core.gitProxy",
    ] {
        repo.git(&["config", key, &touch]);
    }
    repo.git(&["config", "core.hooksPath", "hooks"]);
    for hook in ["post-index-change", "fsmonitor-watchman", "pre-commit", "reference-transaction"] {
        repo.write(&format!("hooks/{hook}"), &format!("#!/bin/sh\n{touch}\n"));
        let hook = repo.work().join("hooks").join(hook);
        fs::set_permissions(hook, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }
    let include = format!("\n[include]\n\tpath = {}\n[core]\n\tworktree = /\n", repo.path("evil").display());
    let config = repo.work().join(".git/config");
    fs::write(&config, fs::read_to_string(&config).unwrap() + &include).unwrap();
    fifo(&repo.path("evil"));
    repo.write("a.py", "2");
    assert_eq!(repo.uncommitted().len(), 5);
    assert!(!witness.exists());
}

#[test]
fn a_damaged_index_is_an_error_and_no_crash() {
    let repo = Repo::committed(&[("a.py", "x"), ("b/c.py", "y"), ("d.py", "z")]);
    let index = repo.work().join(".git/index");
    let good = fs::read(&index).unwrap();
    for length in [0, 1, 11, 12, 40, good.len() / 2, good.len() - 21, good.len() - 1] {
        fs::write(&index, &good[..length]).unwrap();
        assert!(matches!(repo.examine(), Err(GitError::Damaged { .. })), "{length} bytes");
    }
    for at in (0..good.len()).step_by(3) {
        let mut bad = good.clone();
        bad[at] ^= 0xff;
        fs::write(&index, &bad).unwrap();
        assert!(repo.examine().is_err(), "byte {at}");
    }
    // With a checksum of zeros an index says that it has none, so nothing but the parser stands in the way.
    for at in (0..good.len() - 20).step_by(3) {
        let mut bad = [&good[..good.len() - 20], &[0; 20]].concat();
        bad[at] ^= 0xff;
        fs::write(&index, &bad).unwrap();
        _ = repo.examine().map(|facts| facts.uncommitted(&[RelPath::root()]).is_ok());
    }
}

#[test]
fn a_damaged_commit_is_an_error() {
    let repo = Repo::committed(&[("a.py", "x")]);
    fs::remove_dir_all(repo.work().join(".git/objects")).unwrap();
    fs::create_dir(repo.work().join(".git/objects")).unwrap();
    assert!(matches!(repo.examine(), Err(GitError::Damaged { .. })));
    fs::write(repo.work().join(".git/HEAD"), "nonsense\n").unwrap();
    assert!(matches!(repo.examine(), Err(GitError::Damaged { .. })));
    fs::write(repo.work().join(".git/HEAD"), "ref: HEAD\n").unwrap();
    assert!(matches!(repo.examine(), Err(GitError::Damaged { .. })));
}

#[test]
fn a_branch_name_that_climbs_out_is_not_followed() {
    let repo = Repo::committed(&[("a.py", "x")]);
    fs::write(repo.path("elsewhere"), "0123456789012345678901234567890123456789\n").unwrap();
    fs::write(repo.work().join(".git/HEAD"), "ref: ../../elsewhere\n").unwrap();
    assert!(matches!(repo.examine(), Err(GitError::Damaged { .. })));
}

#[test]
fn a_fifo_in_the_store_is_refused_and_not_waited_for() {
    for place in
        ["index", "HEAD", "packed-refs", "objects/ab", "objects/pack/x.idx", "refs/heads/x", "info/exclude"]
    {
        let repo = Repo::committed(&[("a.py", "x")]);
        let path = repo.work().join(".git").join(place);
        _ = fs::remove_file(&path);
        _ = fs::remove_dir_all(&path);
        fifo(&path);
        assert!(matches!(repo.examine(), Err(GitError::Refused { what: "a FIFO", .. })), "{place}");
    }
}

#[test]
fn a_link_in_the_store_to_a_device_is_refused() {
    let repo = Repo::committed(&[("a.py", "x")]);
    fs::remove_file(repo.work().join(".git/index")).unwrap();
    std::os::unix::fs::symlink("/dev/zero", repo.work().join(".git/index")).unwrap();
    assert!(matches!(repo.examine(), Err(GitError::Refused { .. })));
}

#[test]
fn an_index_of_ten_gigabytes_is_refused_unread() {
    let repo = Repo::committed(&[("a.py", "x")]);
    fs::File::create(repo.work().join(".git/index")).unwrap().set_len(10 << 30).unwrap();
    assert!(matches!(repo.examine(), Err(GitError::Refused { what: "too large", .. })));
}

#[test]
fn a_git_file_that_leads_nowhere_is_no_repository() {
    for text in ["gitdir: /nowhere\n", "gitdir: .\n", "gitdir: .git\n", "nonsense", "", "gitdir:"] {
        let folder = Repo::bare_folder();
        fs::create_dir(folder.path("work")).unwrap();
        fs::write(folder.path("work/.git"), text).unwrap();
        assert!(matches!(folder.examine(), Err(GitError::NotARepository(_))), "{text}");
    }
}

#[test]
fn a_commit_that_unfolds_to_billions_of_files_is_refused() {
    let repo = Repo::unborn();
    let mut tree = write_object(&repo, "blob", b"x");
    let mut mode = "100644";
    for _ in 0..12 {
        let entry = |number: u8| {
            format!("{mode} blob {tree}\t{}", char::from(b'a' + number))
                .replace("blob", if mode == "40000" { "tree" } else { "blob" })
        };
        let listing: Vec<String> = (0..10).map(entry).collect();
        tree = make_tree(&repo, &listing.join("\n"));
        mode = "40000";
    }
    let commit = format!("tree {tree}\nauthor L <l@e.org> 0 +0000\ncommitter L <l@e.org> 0 +0000\n\nbomb\n");
    let commit = write_object(&repo, "commit", commit.as_bytes());
    fs::write(repo.work().join(".git/refs/heads/main"), format!("{commit}\n")).unwrap();
    let began = Instant::now();
    assert!(matches!(repo.examine(), Err(GitError::CommitTooLarge)));
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
}

fn write_object(repo: &Repo, kind: &str, bytes: &[u8]) -> String {
    feed_git(repo, &["hash-object", "-w", "--stdin", "-t", kind], bytes)
}

fn make_tree(repo: &Repo, listing: &str) -> String {
    feed_git(repo, &["mktree"], listing.as_bytes())
}

fn feed_git(repo: &Repo, args: &[&str], bytes: &[u8]) -> String {
    let input = repo.path("input");
    fs::write(&input, bytes).unwrap();
    let stdin = fs::File::open(&input).unwrap();
    let output = Command::new("git").args(args).current_dir(repo.work()).stdin(stdin).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[test]
fn a_flood_of_untracked_files_is_bounded() {
    let repo = Repo::committed(&[("a.py", "x")]);
    (0..200).for_each(|number| fs::create_dir(repo.work().join(format!("d{number}"))).unwrap());
    let mut facts = repo.examine().unwrap();
    assert_eq!(texts(facts.uncommitted(&[RelPath::root()]).unwrap()), NOTHING);
    facts.max_visited = 100;
    assert!(matches!(facts.uncommitted(&[RelPath::root()]), Err(GitError::WorkTreeTooLarge)));
    repo.write("a.py", "changed");
    let mut facts = repo.examine().unwrap();
    facts.max_visited = 100;
    assert_eq!(texts(facts.uncommitted(&[RelPath::root()]).unwrap()), ["a.py"]);
}

#[test]
fn a_name_that_is_no_text_is_compared_with_the_commit() {
    use std::os::unix::ffi::OsStrExt;
    let repo = Repo::unborn();
    fs::write(repo.work().join(std::ffi::OsStr::from_bytes(b"a\xff.py")), "").unwrap();
    repo.git(&["add", "-A"]);
    assert_eq!(repo.uncommitted(), ["a\u{fffd}.py"]);
    repo.commit();
    assert_eq!(repo.uncommitted(), NOTHING);
}
