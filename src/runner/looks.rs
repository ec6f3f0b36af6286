//! Checks that only look: files that must be there, what git says, what the learner ticked. They run nothing and cost
//! microseconds, so they are done anew in every run, cached verdicts or not.

use crate::config::file::RepositoryConfig;
use crate::finding::{Captured, Finding, Findings, Place};
use crate::git::{GitError, GitFacts};
use crate::outcome::{Fault, Outcome};
use crate::pack::{Check, GitRule, Requirement};
use crate::rel_path::RelPath;
use crate::repository::Repository;
use crate::repository::folder_name::is_day_or_week;
use crate::snapshot::pytest_settings;
use crate::tree::{Kind, Tree};

use super::plan::PlannedDay;

/// Paths that one finding names at the most.
const MOST_PATHS: usize = 6;
/// Bytes of a file that are read to see whether it is blank.
const PEEK: u64 = 1 << 20;

/// Looks at repositories; what git says is asked once.
pub struct Looks<'a> {
    repository: &'a Repository,
    git: std::cell::OnceCell<Result<GitFacts, GitError>>,
}

impl<'a> Looks<'a> {
    /// Returns looks at this repository.
    pub fn new(repository: &'a Repository) -> Self {
        Self { repository, git: std::cell::OnceCell::new() }
    }

    /// Judges a requirement that needs no more than a look, or returns `None` for any other.
    pub fn judge(&self, planned: &PlannedDay, requirement: &Requirement) -> Option<Outcome> {
        match &requirement.check {
            Check::ByHand => Some(by_hand(self.repository.config(), requirement)),
            _ if planned.work.is_none() => Some(Outcome::NotStarted),
            Check::Files { folders, files, day_files } => {
                let folder = planned.work.as_ref().map(|work| &work.folder)?;
                let missing_folders = folders.iter().filter_map(|path| self.missing_folder(path.as_str()));
                let at_root =
                    files.iter().filter_map(|path| self.missing_file(&RelPath::root(), path.as_str()));
                let of_day = day_files.iter().filter_map(|path| self.missing_file(folder, path.as_str()));
                Some(verdict(missing_folders.chain(at_root).chain(of_day).collect()))
            }
            Check::Git(rule) => {
                let folder = planned.work.as_ref().map(|work| &work.folder)?;
                Some(self.judge_git(rule, folder))
            }
            Check::PytestSettings => {
                let work = planned.work.as_ref()?;
                let finding = self.missing_settings(&work.folder, work.snapshot.own_test_files());
                Some(verdict(finding.into_iter().collect()))
            }
            Check::Hidden | Check::OwnTests { .. } | Check::Types { .. } | Check::Lint => None,
        }
    }

    fn missing_folder(&self, path: &str) -> Option<Finding> {
        let missing = self.repository.folder_like(path).is_none();
        let why = format!(
            "there is no folder `{path}`; git keeps a folder only if there is a file in it, such as an empty `.gitkeep`"
        );
        missing.then(|| Finding::new(format!("the folder `{path}` is there")).because(why))
    }

    fn missing_file(&self, folder: &RelPath, path: &str) -> Option<Finding> {
        let tree = self.repository.tree();
        let full = folder.follow(path)?;
        let finding = Finding::new(format!("`{full}` is there"));
        if !tree.is_file(&full) {
            return Some(finding.because(format!("there is no file `{full}`")));
        }
        is_blank(tree, &full).then(|| finding.because("the file is empty").at(Place::file(full.to_string())))
    }

    /// Looks for settings of pytest where it would find them: in the day's folder, beside the tests, and above.
    fn missing_settings(&self, folder: &RelPath, tests: &[RelPath]) -> Option<Finding> {
        let parents: Vec<RelPath> = tests.iter().filter_map(RelPath::parent).collect();
        let folders = std::iter::once(folder).chain(&parents);
        if pytest_settings::file(self.repository.tree(), folders).is_some() {
            return None;
        }
        let files: Vec<String> = pytest_settings::files().map(|name| format!("`{name}`")).collect();
        let why = format!(
            "none of {} says anything of pytest, neither in `{folder}` nor in a folder above it; the section in `pytest.ini` is `[pytest]`, and it has at least one setting",
            files.join(", ")
        );
        Some(Finding::new("pytest has settings of your own").because(why))
    }

    /// Returns the paths of which a day can say that they must be committed: its folder, and what lies in the root and is no
    /// other day's, which may be in the middle of its work.
    fn own_paths(&self, folder: &RelPath) -> Vec<RelPath> {
        let root = RelPath::root();
        let Ok(listing) = self.repository.tree().list(&root) else { return vec![root] };
        let folders = listing.names(Kind::Folder).filter(|name| !is_day_or_week(name));
        let entries = listing.names(Kind::File).chain(folders).filter_map(|name| root.child(name));
        std::iter::once(folder.clone()).chain(entries).collect()
    }

    /// Returns whether there is a `.gitignore` at the top of the repository.
    fn has_gitignore(&self) -> bool {
        RelPath::root().child(".gitignore").is_some_and(|path| self.repository.tree().is_file(&path))
    }

    fn judge_git(&self, rule: &GitRule, folder: &RelPath) -> Outcome {
        let facts = match self.git.get_or_init(|| self.repository.examine_git()) {
            Ok(facts) => facts,
            Err(
                error @ (GitError::NotARepository(_) | GitError::WorkTreeTooLarge | GitError::Damaged { .. }),
            ) => {
                let finding = Finding::new("the repository is in git").because(error.to_string());
                return Outcome::Failed(finding.into());
            }
            Err(error) => {
                return Outcome::Broken(Fault::from_error("failed to read the git repository", error));
            }
        };
        let judged = match rule {
            GitRule::Ignores(patterns) => Ok(not_ignored(patterns, facts, self.has_gitignore())),
            GitRule::NothingGenerated(patterns) => Ok(generated(patterns, facts)),
            GitRule::Committed => uncommitted(facts, &self.own_paths(folder)),
        };
        match judged {
            Ok(findings) => verdict(findings),
            Err(error) => Outcome::Broken(Fault::from_error("failed to read the git repository", &error)),
        }
    }
}

fn by_hand(config: &RepositoryConfig, requirement: &Requirement) -> Outcome {
    Outcome::ByHand { ticked: config.is_ticked(requirement.id.day, &requirement.id.slug) }
}

fn verdict(findings: Vec<Finding>) -> Outcome {
    Findings::from_vec(findings).map_or(Outcome::Passed, Outcome::Failed)
}

fn is_blank(tree: &Tree, path: &RelPath) -> bool {
    tree.read(path, PEEK).is_ok_and(|contents| contents.bytes.iter().all(u8::is_ascii_whitespace))
}

fn not_ignored(patterns: &[String], facts: &GitFacts, has_gitignore: bool) -> Vec<Finding> {
    let lets_through = |pattern: &&String| {
        let path = RelPath::root().follow(pattern.trim_end_matches('/'));
        path.is_some_and(|path| !facts.ignores(&path, pattern.ends_with('/')))
    };
    let open: Vec<String> =
        patterns.iter().filter(lets_through).map(|pattern| format!("`{pattern}`")).collect();
    if open.is_empty() {
        return Vec::new();
    }
    let why = match has_gitignore {
        true => format!("`.gitignore` lets these through: {}", open.join(", ")),
        false => format!(
            "there is no `.gitignore` at the top of the repository, so these would be committed: {}",
            open.join(", ")
        ),
    };
    let finding = Finding::new("git ignores what Python and its tools leave behind").because(why);
    vec![Finding { place: has_gitignore.then(|| Place::file(".gitignore")), ..finding }]
}

fn generated(patterns: &[String], facts: &GitFacts) -> Vec<Finding> {
    let patterns: Vec<&str> = patterns.iter().map(String::as_str).collect();
    let tracked = facts.tracked(&patterns);
    listed(&tracked).map_or_else(Vec::new, |paths| {
        let why = format!("these are in git and should not be: {paths}; `git rm -r --cached` takes them out and leaves the files");
        vec![Finding::new("nothing that Python generates is in git").because(why)]
    })
}

fn uncommitted(facts: &GitFacts, paths: &[RelPath]) -> Result<Vec<Finding>, GitError> {
    let title = "everything is committed";
    if !facts.has_commit() {
        return Ok(vec![Finding::new(title).because("there is no commit yet")]);
    }
    let paths = facts.uncommitted(paths)?;
    Ok(listed(&paths).map_or_else(Vec::new, |paths| {
        vec![Finding::new(title).because(format!("these are new or changed since the last commit: {paths}"))]
    }))
}

fn listed(paths: &[Captured]) -> Option<String> {
    let shown: Vec<String> = paths.iter().take(MOST_PATHS).map(|path| format!("`{}`", path.raw())).collect();
    let more = paths.len().saturating_sub(MOST_PATHS);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    (!shown.is_empty()).then(|| shown.join(", ") + &more)
}
