//! What git ignores: the `.gitignore` files on the way to a path, nearest first, then `.git/info/exclude`.
//!
//! The files are read through `tree`, bounded and without following a link; a pattern is gitoxide's. In a folder that
//! is ignored nothing can be taken out again, as <https://git-scm.com/docs/gitignore> has it.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use crate::rel_path::RelPath;
use crate::tree::Tree;

/// Bytes of a file of patterns; more of it is not read, and then it ignores nothing.
const MAX_SIZE: u64 = 1 << 20;

/// The patterns of one file.
#[derive(Default)]
pub struct Patterns(gix_ignore::Search);

impl Patterns {
    /// Reads the lines of a `.gitignore`.
    pub fn new(lines: &[u8]) -> Self {
        let mut search = gix_ignore::Search::default();
        // It fails only for a source outside its root, and there is no root.
        let added = search.add_patterns_buffer(lines, Path::new(".gitignore"), None, Default::default());
        Self(if added.is_ok() { search } else { gix_ignore::Search::default() })
    }

    /// Returns what they say of a path below their own folder: ignored, not ignored, or nothing.
    fn say(&self, path: &[u8], is_dir: bool) -> Option<bool> {
        let case = gix_ignore::glob::pattern::Case::Sensitive;
        let found = self.0.pattern_matching_relative_path(path.into(), Some(is_dir), case)?;
        Some(!found.pattern.is_negative())
    }

    /// Returns whether they ignore a file, or a folder that it lies in.
    pub fn ignore_at_any_level(&self, path: &[u8]) -> bool {
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        let folders = ends.map(|end| (&path[..end], true));
        folders.chain([(path, false)]).any(|(path, is_dir)| self.say(path, is_dir) == Some(true))
    }
}

/// All the patterns of a repository, read when they are first needed.
pub struct Ignores {
    exclude: Patterns,
    by_folder: RefCell<HashMap<RelPath, Arc<Patterns>>>,
    folders: RefCell<HashMap<RelPath, bool>>,
}

impl Ignores {
    /// Starts with the text of `.git/info/exclude`.
    pub fn new(exclude: Option<Vec<u8>>) -> Self {
        let exclude = exclude.map(|lines| Patterns::new(&lines)).unwrap_or_default();
        Self { exclude, by_folder: RefCell::default(), folders: RefCell::default() }
    }

    /// Returns whether a path is ignored, by itself or because a folder that it lies in is.
    pub fn ignore(&self, tree: &Tree, path: &RelPath, is_dir: bool) -> bool {
        let mut above: Vec<RelPath> = path.ancestors().filter(|folder| !folder.is_root()).collect();
        above.reverse();
        above.iter().any(|folder| self.ignore_folder(tree, folder)) || self.ignore_itself(tree, path, is_dir)
    }

    fn ignore_folder(&self, tree: &Tree, folder: &RelPath) -> bool {
        if let Some(known) = self.folders.borrow().get(folder.as_str()) {
            return *known;
        }
        let ignored = self.ignore_itself(tree, folder, true);
        self.folders.borrow_mut().insert(folder.clone(), ignored);
        ignored
    }

    fn ignore_itself(&self, tree: &Tree, path: &RelPath, is_dir: bool) -> bool {
        let nearest = path.ancestors().find_map(|folder| {
            let inside = path.within(&folder)?;
            self.patterns(tree, &folder).say(inside.as_str().as_bytes(), is_dir)
        });
        nearest.or_else(|| self.exclude.say(path.as_str().as_bytes(), is_dir)).unwrap_or(false)
    }

    fn patterns(&self, tree: &Tree, folder: &RelPath) -> Arc<Patterns> {
        if let Some(known) = self.by_folder.borrow().get(folder.as_str()) {
            return Arc::clone(known);
        }
        let file = folder.child(".gitignore").filter(|file| tree.is_file(file));
        let contents = file.and_then(|file| tree.read(&file, MAX_SIZE).ok());
        let patterns = Arc::new(contents.map(|contents| Patterns::new(&contents.bytes)).unwrap_or_default());
        self.by_folder.borrow_mut().insert(folder.clone(), Arc::clone(&patterns));
        patterns
    }
}
