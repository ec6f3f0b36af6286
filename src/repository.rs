//! The learner's repository: where its root is, what its `grade.toml` says, and in which folder a day lives.
//!
//! Only names are looked at, in listings, and no link is followed. A folder's name is matched as people write it
//! (`Week1/Day_04`, `day-4`, `day04-decorators`); `grade.toml` has the last word. What of it is graded is for `snapshot`.

use std::io;
use std::path::{Path, PathBuf};

use crate::config::file::{self, ConfigError, RepositoryConfig};
use crate::day::DayId;
use crate::finding::Captured;
use crate::git::{self, GitError, GitFacts, Staged};
use crate::rel_path::RelPath;
use crate::tree::{Kind, ReadError, Tree};

pub(crate) mod folder_name;

use folder_name::{Fit, Template};

/// A learner's repository, found and opened.
#[derive(Debug)]
pub struct Repository {
    tree: Tree,
    config: RepositoryConfig,
    staged: Option<StagedCopy>,
}

/// Where the files of a repository come from that shows what is staged.
#[derive(Debug)]
struct StagedCopy {
    /// The repository itself.
    root: PathBuf,
    /// The index, where it is not the repository's own.
    index: Option<PathBuf>,
    /// The top of the copy, in which the repository's root may be further down.
    folder: PathBuf,
}

/// Which day is looked for.
#[derive(Debug, Clone)]
pub struct DayQuery<'a> {
    /// The day.
    pub day: DayId,
    /// The week that the course puts it in.
    pub week: u16,
    /// The course's folders, like `week{week}/day{day}`, most usual first.
    pub templates: &'a [String],
    /// The day's named files, below its folder: they tell its folder from a namesake.
    pub named_files: &'a [String],
}

/// Where a day lives, if anywhere.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DayLocation {
    /// Its folder; the root itself is possible.
    pub folder: Option<RelPath>,
    /// What the learner should know about the choice.
    pub notice: Option<Notice>,
}

/// Something about a day's folder that is no error and that the learner should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// Several folders look like the day's; the others were not looked into.
    Ambiguous {
        /// The folder that was taken.
        taken: Captured,
        /// The others.
        others: Vec<Captured>,
    },
    /// `grade.toml` names a folder that is not there.
    NoSuchFolder {
        /// The folder.
        folder: Captured,
    },
}

/// Why there is no repository to grade.
#[derive(Debug, thiserror::Error)]
pub enum RepositoryError {
    /// Nothing around the starting point looks like a learner's repository.
    #[error("found no repository in `{}` or above it", .0.display())]
    NotFound(PathBuf),
    /// The folder that was named is not one.
    #[error("failed to open the folder `{}`", .0.display())]
    Open(PathBuf, #[source] io::Error),
    /// `grade.toml` could not be read.
    #[error("failed to read `{}`", .0.display())]
    ReadConfig(PathBuf, #[source] ReadError),
    /// `grade.toml` is not UTF-8.
    #[error("failed to read `{}`: it is not UTF-8", .0.display())]
    ConfigNotText(PathBuf),
    /// `grade.toml` could not be understood.
    #[error("failed to read `{}`", .0.display())]
    Config(PathBuf, #[source] ConfigError),
    /// What is staged could not be laid out.
    #[error("failed to read what is staged in `{}`", .0.display())]
    Staged(PathBuf, #[source] GitError),
}

impl RepositoryError {
    /// Returns what to do next.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::NotFound(_) => Some(NOT_FOUND_HINT),
            Self::Open(..) => Some("`--repo` takes the folder that your day folders are in"),
            Self::ReadConfig(..) | Self::ConfigNotText(_) => {
                Some("`grade.toml` is a small text file; see `grade help`")
            }
            Self::Config(_, error) => error.hint(),
            Self::Staged(_, error) => error.hint(),
        }
    }
}

/// Finds the repository that a folder belongs to and reads its `grade.toml`.
///
/// That is the nearest folder from `start` upwards that holds a `grade.toml` or a `.git`; without any, `start`
/// itself when it holds the folder of a day or a week.
///
/// # Errors
///
/// There is no such folder, or its `grade.toml` cannot be read or understood.
pub fn find(start: &Path) -> Result<Repository, RepositoryError> {
    let start = start.canonicalize().map_err(|error| RepositoryError::Open(start.to_owned(), error))?;
    let marked = start.ancestors().find(|folder| is_marked(folder));
    match marked {
        Some(root) => at(root),
        None if holds_days(&start) => at(&start),
        None => Err(RepositoryError::NotFound(start)),
    }
}

/// Opens the repository whose root is named, and reads its `grade.toml`.
///
/// # Errors
///
/// The root is not a folder that can be opened, or its `grade.toml` cannot be read or understood.
pub fn at(root: &Path) -> Result<Repository, RepositoryError> {
    let tree = Tree::open(root).map_err(|error| RepositoryError::Open(root.to_owned(), error))?;
    let config = read_config(&tree)?.unwrap_or_default();
    Ok(Repository { tree, config, staged: None })
}

impl Repository {
    /// Returns the root's path, without links.
    pub fn root(&self) -> &Path {
        self.tree.path()
    }

    /// Returns the path that a learner knows the root by: what is staged is a copy.
    pub fn shown_root(&self) -> &Path {
        self.staged.as_ref().map_or(self.root(), |copy| &copy.root)
    }

    /// Lays out what is staged in this repository in an empty folder, and opens that in its place. `grade.toml` counts as it is staged, or
    /// as it is here where git does not track it. `index` is the one that `staged` was read from, where it is not the repository's own.
    ///
    /// # Errors
    ///
    /// A staged file cannot be laid out, or `grade.toml` cannot be understood.
    pub fn staged(
        &self,
        staged: &Staged,
        index: Option<&Path>,
        folder: &Path,
    ) -> Result<Self, RepositoryError> {
        let root =
            staged.lay_out(folder).map_err(|error| RepositoryError::Staged(self.root().to_owned(), error))?;
        let tree = Tree::open(&root).map_err(|error| RepositoryError::Open(root.clone(), error))?;
        let config = read_config(&tree)?.unwrap_or_else(|| self.config.clone());
        let copy = StagedCopy {
            root: self.root().to_owned(),
            index: index.map(Path::to_owned),
            folder: folder.to_owned(),
        };
        Ok(Self { tree, config, staged: Some(copy) })
    }

    /// Reads what git knows: of the work tree as it is, or of what is staged as if it were committed.
    ///
    /// # Errors
    ///
    /// It is in no git repository, or that cannot be read.
    pub fn examine_git(&self) -> Result<GitFacts, GitError> {
        match &self.staged {
            None => git::examine(self.root()),
            Some(copy) => Staged::read(&copy.root, copy.index.as_deref())?.once_committed(&copy.folder),
        }
    }

    /// Returns what `grade.toml` says.
    pub fn config(&self) -> &RepositoryConfig {
        &self.config
    }

    /// Returns the root, opened for reading. Listings are remembered in it, so it shows the folders as they were.
    pub fn tree(&self) -> &Tree {
        &self.tree
    }

    /// Finds the folder of a day.
    ///
    /// A `folder` in `grade.toml` decides. Otherwise every folder that fits one of the templates is a candidate, and
    /// a day that no template finds may lie in any week's folder (`week1/day0`). Among several, the one that holds a
    /// file of the day wins, then the plain name (`day4` before `day4-old`), then the earlier template.
    pub fn day_folder(&self, query: &DayQuery<'_>) -> DayLocation {
        match self.config.days.get(&query.day).and_then(|day| day.folder.as_ref()) {
            Some(folder) => self.named_folder(folder),
            None => choose(self.candidates(query)),
        }
    }

    /// Finds the folders below the root, at most two deep, that fit a template with no day or week in it, such as
    /// `week1`: the same spellings as for days.
    pub fn folder_like(&self, template: &str) -> Option<RelPath> {
        let found = self.walk(&Template::fixed(template));
        found.into_iter().min_by_key(|(_, fit)| *fit).map(|(folder, _)| folder)
    }

    fn named_folder(&self, folder: &RelPath) -> DayLocation {
        if self.tree.is_folder(folder) {
            return DayLocation { folder: Some(folder.clone()), notice: None };
        }
        let folder = Captured::new(folder.to_string());
        DayLocation { folder: None, notice: Some(Notice::NoSuchFolder { folder }) }
    }

    /// Returns every folder that may be the day's, best first.
    fn candidates(&self, query: &DayQuery<'_>) -> Vec<RelPath> {
        let templates = query.templates.iter().map(|text| Template::of_day(text, query.day, query.week));
        let mut found: Vec<_> = templates
            .enumerate()
            .flat_map(|(order, template)| {
                self.walk(&template).into_iter().map(move |(f, fit)| (f, fit, order))
            })
            .collect();
        if found.is_empty() {
            let anywhere = self.walk(&Template::in_any_week(query.day));
            found.extend(anywhere.into_iter().map(|(folder, fit)| (folder, fit, 0)));
        }
        let holds_file = |folder: &RelPath| query.named_files.iter().any(|file| self.holds(folder, file));
        found.sort_by_cached_key(|(folder, fit, order)| (!holds_file(folder), *fit, *order, folder.clone()));
        found.dedup_by(|a, b| a.0 == b.0);
        found.into_iter().map(|(folder, ..)| folder).collect()
    }

    fn holds(&self, folder: &RelPath, file: &str) -> bool {
        folder.follow(file).is_some_and(|path| self.tree.is_file(&path))
    }

    /// Returns the folders that fit a template, with how well.
    fn walk(&self, template: &Template) -> Vec<(RelPath, Fit)> {
        let mut found = vec![(RelPath::root(), Fit::default())];
        for part in template.parts() {
            found = found.iter().flat_map(|(folder, fit)| self.step(folder, *fit, part)).collect();
        }
        found
    }

    fn step(&self, folder: &RelPath, so_far: Fit, part: &folder_name::Part) -> Vec<(RelPath, Fit)> {
        let Ok(listing) = self.tree.list(folder) else { return Vec::new() };
        let fits =
            listing.names(Kind::Folder).filter_map(|name| Some((folder.child(name)?, part.fit(name)?)));
        fits.map(|(path, fit)| (path, so_far.worse(fit))).collect()
    }
}

fn choose(mut candidates: Vec<RelPath>) -> DayLocation {
    if candidates.is_empty() {
        return DayLocation::default();
    }
    let taken = candidates.remove(0);
    let captured = |path: &RelPath| Captured::new(path.to_string());
    let notice = (!candidates.is_empty()).then(|| Notice::Ambiguous {
        taken: captured(&taken),
        others: candidates.iter().take(MAX_OTHERS).map(captured).collect(),
    });
    DayLocation { folder: Some(taken), notice }
}

fn is_marked(folder: &Path) -> bool {
    let has = |name: &str| folder.join(name).symlink_metadata().is_ok();
    has(file::FILE_NAME) || has(".git")
}

fn holds_days(folder: &Path) -> bool {
    let Ok(listing) =
        Tree::open(folder).map_err(ReadError::from).and_then(|tree| tree.list(&RelPath::root()))
    else {
        return false;
    };
    listing.names(Kind::Folder).any(folder_name::is_day_or_week)
}

/// Returns what `grade.toml` says, if there is one.
fn read_config(tree: &Tree) -> Result<Option<RepositoryConfig>, RepositoryError> {
    let path = || tree.path().join(file::FILE_NAME);
    let Some(name) = RelPath::root().child(file::FILE_NAME) else { return Ok(None) };
    let contents = match tree.read(&name, file::MAX_SIZE) {
        Ok(contents) => contents,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(RepositoryError::ReadConfig(path(), error)),
    };
    let text = String::from_utf8(contents.bytes).map_err(|_| RepositoryError::ConfigNotText(path()))?;
    RepositoryConfig::parse(&text).map(Some).map_err(|error| RepositoryError::Config(path(), error))
}

/// Folders that a notice names: a learner reads three, a hostile repository has thousands.
const MAX_OTHERS: usize = 5;

const NOT_FOUND_HINT: &str = "go to the folder that your day folders are in, name it with `--repo DIR`, or \
                              make one with `grade init`";

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn repository(paths: &[&str]) -> (tempfile::TempDir, Repository) {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), paths);
        let repository = at(dir.path()).unwrap();
        (dir, repository)
    }

    /// Makes folders (`a/`) and files (`a/b.py`).
    fn lay(root: &Path, paths: &[&str]) {
        for path in paths {
            let full = root.join(path);
            if path.ends_with('/') {
                fs::create_dir_all(full).unwrap();
            } else {
                fs::create_dir_all(full.parent().unwrap()).unwrap();
                fs::write(full, "").unwrap();
            }
        }
    }

    fn templates() -> Vec<String> {
        vec!["week{week}/day{day}".to_owned(), "day{day}".to_owned()]
    }

    fn locate(repository: &Repository, day: u16, week: u16, files: &[&str]) -> DayLocation {
        let named_files: Vec<String> = files.iter().map(ToString::to_string).collect();
        let templates = templates();
        let query = DayQuery { day: DayId::new(day), week, templates: &templates, named_files: &named_files };
        repository.day_folder(&query)
    }

    fn folder_of_day4(paths: &[&str]) -> Option<String> {
        let (_dir, repository) = repository(paths);
        locate(&repository, 4, 1, &["decorators.py"]).folder.map(|folder| folder.to_string())
    }

    #[test]
    fn the_root_is_the_nearest_folder_with_a_mark() {
        let dir = tempfile::tempdir().unwrap();
        lay(
            dir.path(),
            &["outer/.git/", "outer/inner/grade.toml", "outer/inner/week1/day4/", "outer/plain/x/"],
        );
        let outer = dir.path().canonicalize().unwrap().join("outer");
        assert_eq!(find(&outer.join("inner/week1/day4")).unwrap().root(), outer.join("inner"));
        assert_eq!(find(&outer.join("plain/x")).unwrap().root(), outer);
    }

    #[test]
    fn a_git_file_marks_a_root_as_a_git_folder_does() {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &["tree/.git", "tree/day1/"]);
        let root = dir.path().canonicalize().unwrap().join("tree");
        assert_eq!(find(&root.join("day1")).unwrap().root(), root);
    }

    #[test]
    fn without_a_mark_the_folder_must_hold_a_day_or_a_week() {
        for name in ["day0/", "Week_1/", "day04-decorators/"] {
            let dir = tempfile::tempdir().unwrap();
            lay(dir.path(), &[name]);
            assert_eq!(find(dir.path()).unwrap().root(), dir.path().canonicalize().unwrap(), "{name}");
        }
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &["daydreams/", "days/", "day4", "src/"]);
        let error = find(dir.path()).unwrap_err();
        assert!(error.to_string().starts_with("found no repository in `"), "{error}");
        assert!(error.hint().unwrap().contains("--repo DIR"));
    }

    #[test]
    fn a_named_root_must_be_a_folder_that_exists() {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &["file", "empty/"]);
        assert!(matches!(at(&dir.path().join("missing")), Err(RepositoryError::Open(..))));
        assert!(matches!(at(&dir.path().join("file")), Err(RepositoryError::Open(..))));
        assert!(at(&dir.path().join("empty")).is_ok());
    }

    #[test]
    fn a_broken_grade_toml_is_an_error_and_an_absent_one_is_not() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(at(dir.path()).unwrap().config(), &RepositoryConfig::default());
        fs::write(dir.path().join("grade.toml"), "curse = 1").unwrap();
        let error = at(dir.path()).unwrap_err();
        assert_eq!(error.hint(), Some("the key is `course`"));
        fs::write(dir.path().join("grade.toml"), b"\xff").unwrap();
        assert!(matches!(at(dir.path()), Err(RepositoryError::ConfigNotText(_))));
        fs::remove_file(dir.path().join("grade.toml")).unwrap();
        fs::create_dir(dir.path().join("grade.toml")).unwrap();
        assert!(matches!(at(dir.path()), Err(RepositoryError::ReadConfig(..))));
    }

    #[test]
    fn a_day_is_found_in_every_usual_spelling() {
        for folder in [
            "week1/day4",
            "day4",
            "Week1/Day_04",
            "week_1/day-4",
            "day04",
            "WEEK 01/DAY 4",
            "day04-decorators",
            "day4_functions",
            "week1-basics/day4 decorators",
            "Day004",
            "week-1/Day4",
        ] {
            assert_eq!(folder_of_day4(&[&format!("{folder}/")]).as_deref(), Some(folder));
        }
    }

    #[test]
    fn a_folder_of_another_day_is_not_taken() {
        for folder in
            ["day40", "day14", "day4x", "week1/day5", "my-day4", "day", "today4", "src/day4", "day4.5x/no"]
        {
            let found = folder_of_day4(&[&format!("{folder}/")]);
            assert!(found.is_none() || folder.starts_with("day4.5"), "{folder}: {found:?}");
        }
    }

    #[test]
    fn a_day_that_the_plan_puts_elsewhere_is_found_in_any_week() {
        let (_dir, repository) = repository(&["week1/day0/"]);
        assert_eq!(locate(&repository, 0, 9, &[]).folder, Some("week1/day0".parse().unwrap()));
    }

    #[test]
    fn of_two_folders_the_one_with_the_days_files_is_taken_and_the_other_is_said() {
        let (_dir, repository) = repository(&["day4/notes.md", "week1/day4-mine/decorators.py"]);
        let location = locate(&repository, 4, 1, &["decorators.py"]);
        assert_eq!(location.folder, Some("week1/day4-mine".parse().unwrap()));
        let notice = Notice::Ambiguous { taken: "week1/day4-mine".into(), others: vec!["day4".into()] };
        assert_eq!(location.notice, Some(notice));
    }

    #[test]
    fn of_two_folders_alike_the_plain_one_is_taken() {
        assert_eq!(folder_of_day4(&["day4-backup/", "day4/"]).as_deref(), Some("day4"));
        assert_eq!(folder_of_day4(&["day4/", "week1/day4/"]).as_deref(), Some("week1/day4"));
    }

    #[test]
    fn grade_toml_has_the_last_word() {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &["day4/decorators.py", "somewhere/"]);
        fs::write(dir.path().join("grade.toml"), "[days.day4]\nfolder = \"somewhere\"").unwrap();
        let location = locate(&at(dir.path()).unwrap(), 4, 1, &["decorators.py"]);
        assert_eq!(location, DayLocation { folder: Some("somewhere".parse().unwrap()), notice: None });
        fs::write(dir.path().join("grade.toml"), "[days.day4]\nfolder = \"nowhere\"").unwrap();
        let location = locate(&at(dir.path()).unwrap(), 4, 1, &["decorators.py"]);
        assert_eq!(location.folder, None);
        assert_eq!(location.notice, Some(Notice::NoSuchFolder { folder: "nowhere".into() }));
    }

    #[test]
    fn a_link_to_a_folder_is_not_a_day() {
        let dir = tempfile::tempdir().unwrap();
        lay(dir.path(), &["elsewhere/"]);
        std::os::unix::fs::symlink("elsewhere", dir.path().join("day4")).unwrap();
        std::os::unix::fs::symlink("/", dir.path().join("week1")).unwrap();
        assert_eq!(locate(&at(dir.path()).unwrap(), 4, 1, &[]), DayLocation::default());
    }

    #[test]
    fn folders_that_a_pack_asks_for_are_matched_like_days() {
        let (_dir, repository) = repository(&["Week_01/", "week2-oop/"]);
        assert_eq!(repository.folder_like("week1"), Some("Week_01".parse().unwrap()));
        assert_eq!(repository.folder_like("week2"), Some("week2-oop".parse().unwrap()));
        assert_eq!(repository.folder_like("week3"), None);
    }
}
