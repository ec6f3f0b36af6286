//! Wrong solutions: what makes them wrong, and which requirements must notice.
//!
//! A wrong solution is a solution with a few files put over it, taken away or written. It is the proof that a
//! requirement can fail, so it says exactly which ones it must fail; all others must still pass.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::day::Day;
use super::document::{Table, Value};
use super::error::{MistakeKind, PackError};
use super::expected::requirement;
use super::path::PackPath;
use super::source::{Contents, joined};
use super::tree::PackTree;
use crate::day::Slug;

/// A correct solution: a tree over the repository's root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Solution {
    /// The name of its folder.
    pub name: Slug,
    /// Its files.
    pub tree: PackTree,
}

/// A wrong solution, as an overlay on a correct one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The name of its folder.
    pub name: Slug,
    /// The solution that it spoils.
    pub base: Slug,
    /// What is wrong with it.
    pub why: String,
    /// The requirements that fail or are blocked; all others pass. Never empty, each once.
    pub fails: Vec<Slug>,
    /// Files or folders of the base that are taken away.
    pub remove: Vec<PackPath>,
    /// The state of its repository.
    pub git: WrongGit,
    /// Files that cannot lie in the pack as they are.
    pub write: BTreeMap<PackPath, String>,
    /// Files put over the base.
    pub overlay: PackTree,
    file: String,
}

/// What has been committed of a wrong solution.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WrongGit {
    /// Whether there is a repository, and a commit.
    pub state: GitState,
    /// Files left out of the commit.
    pub uncommitted: Vec<PackPath>,
    /// Files committed although they are ignored.
    pub forced: Vec<PackPath>,
}

/// How far a wrong solution's repository has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum GitState {
    /// The whole tree is committed, as far as `.gitignore` lets it.
    #[default]
    Committed,
    /// There is no repository.
    None,
    /// There is a repository without a commit.
    Empty,
}

impl Wrong {
    /// Returns the whole tree: the base without what is removed, the overlay, and what is written.
    ///
    /// # Errors
    ///
    /// When the base cannot be read, when something is to be removed that is not there, when one file is both
    /// put there and taken away, or when `[git]` names a file that the tree does not have.
    pub fn assemble(&self, day: &Day) -> Result<PackTree, PackError> {
        let mut tree = day.solution(&self.base)?.tree;
        for path in &self.remove {
            if !tree.remove(path) {
                return Err(self.refuse("remove", format!("`{path}` is not in the base `{}`", self.base)));
            }
        }
        self.refuse_contradictions()?;
        tree.overlay(&self.overlay);
        tree.overlay(&self.written());
        let missing = self.git.uncommitted.iter().chain(&self.git.forced).find(|path| !tree.contains(path));
        match missing {
            Some(path) => Err(self.refuse("git", format!("`{path}` is not in the tree"))),
            None => Ok(tree),
        }
    }

    fn refuse_contradictions(&self) -> Result<(), PackError> {
        if let Some(path) = self.write.keys().find(|path| self.overlay.contains(path)) {
            return Err(
                self.refuse("write", format!("`{path}` also lies in the folder; one of the two must go"))
            );
        }
        let mut put = self.overlay.files().map(|(path, _)| path).chain(self.write.keys());
        match put.find(|path| self.remove.iter().any(|removed| path == &removed)) {
            Some(path) => Err(self.refuse("remove", format!("`{path}` is both removed and put there"))),
            None => Ok(()),
        }
    }

    fn written(&self) -> PackTree {
        let contents = |text: &String| -> Contents { Cow::Owned(text.clone().into_bytes()) };
        self.write.iter().map(|(path, text)| (path.clone(), contents(text))).collect()
    }

    fn refuse(&self, key: &str, why: String) -> PackError {
        PackError::about(self.file.clone(), MistakeKind::BadValue { key: key.to_owned(), why })
    }

    /// Reads `wrong/<name>/`.
    pub(super) fn read(day: &Day, name: Slug) -> Result<Self, PackError> {
        let source = day.source();
        let folder = joined(day.folder(), &format!("wrong/{name}"));
        let path = joined(&folder, WRONG_TOML);
        let (file, text) = (source.shown(&path), source.read_text(&path)?);
        let mut overlay = source.tree(&folder)?;
        overlay.remove(&WRONG_TOML.parse().expect("a plain name is a path"));
        let mut table = Table::parse(&file, &text)?;
        let wrong = Self {
            name,
            base: table.required("base", |value| day.solution_name(value))?,
            why: table.required("why", Value::text)?,
            fails: table.required("fails", |value| fails(value, day))?,
            remove: paths(&mut table, "remove")?,
            git: table.optional("git", git)?.unwrap_or_default(),
            write: table.optional("write", write)?.unwrap_or_default(),
            overlay,
            file: file.clone(),
        };
        table.finish()?;
        Ok(wrong)
    }
}

fn fails(value: Value<'_>, day: &Day) -> Result<Vec<Slug>, PackError> {
    let known: Vec<&str> =
        day.requirements().iter().map(|requirement| requirement.id.slug.as_str()).collect();
    let place = value.place();
    let mut fails = value.filled_list(|name| {
        let place = name.place();
        let slug = requirement(name, "requirement", &known)?;
        match day.requirement(&slug) {
            Some(requirement) if requirement.check.is_verifiable() => Ok(slug),
            _ => Err(place.refuse(format!("`{slug}` is by hand, so no run can fail it"))),
        }
    })?;
    fails.sort();
    match fails.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(place.refuse(format!("`{}` is there twice", pair[0]))),
        None => Ok(fails),
    }
}

fn git(value: Value<'_>) -> Result<WrongGit, PackError> {
    let mut table = value.table("`[git]`")?;
    let git = WrongGit {
        state: table.optional("state", |value| value.choice(&STATES))?.unwrap_or_default(),
        uncommitted: paths(&mut table, "uncommitted")?,
        forced: paths(&mut table, "forced")?,
    };
    if git.state != GitState::Committed && !(git.uncommitted.is_empty() && git.forced.is_empty()) {
        return Err(table.refuse("state", "without a commit, `uncommitted` and `forced` mean nothing"));
    }
    table.finish()?;
    Ok(git)
}

fn write(value: Value<'_>) -> Result<BTreeMap<PackPath, String>, PackError> {
    let entry = |(path, text): (Value<'_>, Value<'_>)| Ok((path.parsed()?, text.raw_text()?));
    value.table("`[write]`")?.into_entries().map(entry).collect()
}

fn paths(table: &mut Table<'_>, key: &'static str) -> Result<Vec<PackPath>, PackError> {
    Ok(table.optional(key, |value| value.list(Value::parsed))?.unwrap_or_default())
}

const STATES: [(&str, GitState); 3] =
    [("committed", GitState::Committed), ("none", GitState::None), ("empty", GitState::Empty)];

/// The file that says what is wrong; it is no part of the overlay.
const WRONG_TOML: &str = "wrong.toml";
