//! Chooses and reads the files of a snapshot: the day's folder, and what it reaches.
//!
//! Two queues and no recursion: `folders` still to be copied whole, `sources` whose imports are still to be followed.
//! Both hold a path at most once, every listing and read is bounded by `tree`, and nothing is opened any more once
//! `MAX_FILES` are there, so a hostile tree costs what a large one costs. Folders are walked level by level in the
//! order of their names: when a bound is reached, the files nearest to the day are in, and always the same ones.

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};

use crate::finding::Captured;
use crate::rel_path::RelPath;
use crate::repository::folder_name::day_number;
use crate::tree::{Contents, Kind, Listing, Tree};

use super::imports::{self, Import, Scan};
use super::{
    LeftOut, MAX_BYTES, MAX_DEPTH, MAX_FILE_BYTES, MAX_FILES, MAX_LEFT_OUT, MAX_PYTHON_BYTES, Reason,
    SnapshotFile, SnapshotRequest, pytest_settings,
};

/// Entries that are looked at in all; every one costs a name in memory, even when it is left out.
const MAX_VISITED: usize = 50_000;
/// Tests outside the day's folder that are read to see whether they are the day's.
const MAX_CANDIDATES: usize = 500;

/// What a snapshot is made of.
pub struct Collected {
    pub files: Vec<SnapshotFile>,
    pub left_out: Vec<LeftOut>,
    pub more_left_out: usize,
    pub own_test_files: Vec<RelPath>,
    pub python_path: Vec<RelPath>,
}

/// Collects the files of a day.
pub fn collect(tree: &Tree, request: &SnapshotRequest) -> Collected {
    let mut collector = Collector::new(tree, request);
    collector.copy_named_modules();
    collector.copy_folder(&request.day_folder);
    collector.copy_settings_of(&request.day_folder);
    collector.copy_extra_roots();
    collector.find_tests_elsewhere();
    collector.follow_imports();
    collector.finish()
}

struct Collector<'a> {
    tree: &'a Tree,
    request: &'a SnapshotRequest,
    /// Folders of the learner's pytest `pythonpath`.
    settings_path: Vec<RelPath>,
    files: BTreeMap<RelPath, Contents>,
    bytes: u64,
    left_out: Vec<LeftOut>,
    more_left_out: usize,
    own_test_files: BTreeSet<RelPath>,
    /// Files and folders that were dealt with, one way or the other.
    seen: HashSet<RelPath>,
    visited: usize,
    folders: VecDeque<RelPath>,
    sources: VecDeque<RelPath>,
    /// Modules that were looked for, by the folder they were looked for from.
    looked_for: HashSet<(RelPath, Import)>,
}

impl<'a> Collector<'a> {
    fn new(tree: &'a Tree, request: &'a SnapshotRequest) -> Self {
        Self {
            tree,
            request,
            settings_path: pytest_settings::python_path(tree, &request.day_folder),
            files: BTreeMap::new(),
            bytes: 0,
            left_out: Vec::new(),
            more_left_out: 0,
            own_test_files: BTreeSet::new(),
            seen: HashSet::new(),
            visited: 0,
            folders: VecDeque::new(),
            sources: VecDeque::new(),
            looked_for: HashSet::new(),
        }
    }

    fn finish(mut self) -> Collected {
        let day = &self.request.day_folder;
        let is_own_test = |path: &&RelPath| path.is_within(day) && is_test_file(path);
        self.own_test_files.extend(self.files.keys().filter(is_own_test).cloned());
        self.own_test_files.retain(|path| self.files.contains_key(path));
        self.left_out.sort_by(|a, b| a.path.raw().cmp(b.path.raw()));
        let python_path = self.python_path();
        let file = |(path, contents): (RelPath, Contents)| SnapshotFile {
            path,
            contents: contents.bytes,
            executable: contents.executable,
        };
        Collected {
            files: self.files.into_iter().map(file).collect(),
            left_out: self.left_out,
            more_left_out: self.more_left_out,
            own_test_files: self.own_test_files.into_iter().collect(),
            python_path,
        }
    }

    fn python_path(&self) -> Vec<RelPath> {
        let mut path = vec![self.request.day_folder.clone()];
        let settings =
            self.settings_path.iter().filter(|folder| self.files.keys().any(|file| file.is_within(folder)));
        for folder in std::iter::once(&RelPath::root()).chain(settings) {
            if !path.contains(folder) {
                path.push(folder.clone());
            }
        }
        path
    }

    // ---- folders and files ----

    /// Copies what the day is about before anything else: files beside it, however many, must not crowd it out.
    fn copy_named_modules(&mut self) {
        for module in &self.request.modules {
            self.copy_if_there(self.request.day_folder.follow(module));
        }
    }

    /// Copies a folder and all that is below it.
    fn copy_folder(&mut self, folder: &RelPath) {
        if self.seen.insert(folder.clone()) {
            self.folders.push_back(folder.clone());
        }
        while let Some(folder) = self.folders.pop_front() {
            self.copy_level(&folder);
        }
    }

    fn copy_level(&mut self, folder: &RelPath) {
        let listing = match self.tree.list(folder) {
            Ok(listing) => listing,
            Err(error) => return self.leave_out(folder, error.into()),
        };
        if listing.has_file("pyvenv.cfg") {
            return self.leave_out(folder, Reason::Environment);
        }
        if folder.depth() >= MAX_DEPTH {
            return self.leave_out(folder, Reason::TooDeep);
        }
        self.leave_out_unnameable(folder, &listing);
        for (name, kind) in &listing.entries {
            if self.visited >= MAX_VISITED {
                return self.leave_out(folder, Reason::TooManyFiles);
            }
            self.visited += 1;
            // Files and links wait for nothing; folders go to the end of the queue.
            match folder.child(name) {
                Some(path) => self.copy_entry(&path, *kind),
                None => self.leave_out_named(Captured::new(format!("{folder}/{name}")), Reason::TooLong),
            }
        }
    }

    fn copy_entry(&mut self, path: &RelPath, kind: Kind) {
        if !self.seen.insert(path.clone()) {
            return;
        }
        if let Some(reason) = never_copied(path.file_name().unwrap_or_default(), kind) {
            return self.leave_out(path, reason);
        }
        match kind {
            Kind::Folder => self.folders.push_back(path.clone()),
            Kind::File => self.copy_contents(path, path),
            Kind::Link => self.copy_linked(path),
            Kind::Fifo => self.leave_out(path, Reason::Special("FIFO")),
            Kind::Socket => self.leave_out(path, Reason::Special("socket")),
            Kind::Device => self.leave_out(path, Reason::Special("device")),
        }
    }

    /// Copies a file that may be there already or may not exist, and says whether it exists.
    fn copy_if_there(&mut self, path: Option<RelPath>) -> bool {
        let Some((path, kind)) = path.and_then(|path| self.tree.kind(&path).map(|kind| (path, kind))) else {
            return false;
        };
        let is_there = matches!(kind, Kind::File | Kind::Link);
        if is_there && !path.parts().any(is_hidden_or_made) {
            self.copy_entry(&path, kind);
        }
        is_there
    }

    /// Copies what a link leads to, when that is a regular file of the repository that would itself be copied.
    fn copy_linked(&mut self, link: &RelPath) {
        let Ok(real) = link.below(self.tree.path()).canonicalize() else {
            return self.leave_out(link, Reason::Link);
        };
        let Ok(inside) = real.strip_prefix(self.tree.path()) else {
            return self.leave_out(link, Reason::LinkOutside);
        };
        match RelPath::from_path(inside) {
            Some(target) if self.is_copyable(&target) => self.copy_contents(link, &target),
            _ => self.leave_out(link, Reason::Link),
        }
    }

    fn is_copyable(&self, target: &RelPath) -> bool {
        let is_refused = |part: &str| {
            never_copied(part, Kind::Folder).or_else(|| never_copied(part, Kind::File)).is_some()
        };
        self.tree.is_file(target) && !target.parts().any(is_refused)
    }

    /// Reads `source` and keeps it as `path`.
    fn copy_contents(&mut self, path: &RelPath, source: &RelPath) {
        if self.files.len() >= MAX_FILES {
            return self.leave_out(path, Reason::TooManyFiles);
        }
        let limit = if is_python(path) { MAX_PYTHON_BYTES } else { MAX_FILE_BYTES };
        let left = MAX_BYTES - self.bytes;
        match self.tree.read(source, limit.min(left)) {
            Ok(contents) => self.keep(path, contents),
            Err(crate::tree::ReadError::TooLarge(_)) if left < limit => {
                self.leave_out(path, Reason::TooManyBytes);
            }
            Err(error) => self.leave_out(path, error.into()),
        }
    }

    fn keep(&mut self, path: &RelPath, contents: Contents) {
        self.bytes += contents.bytes.len() as u64;
        self.files.insert(path.clone(), contents);
        if is_python(path) {
            self.sources.push_back(path.clone());
            self.copy_from_ancestors(path, "__init__.py");
        }
    }

    fn leave_out(&mut self, path: &RelPath, reason: Reason) {
        self.leave_out_named(Captured::new(path.to_string()), reason);
    }

    fn leave_out_named(&mut self, path: Captured, reason: Reason) {
        // Counted apart, so that a thousand `__pycache__` neither hide the one that matters nor change the digest.
        let is_alike = |other: &&LeftOut| other.reason.is_routine() == reason.is_routine();
        if self.left_out.iter().filter(is_alike).count() < MAX_LEFT_OUT {
            self.left_out.push(LeftOut { path, reason });
        } else if !reason.is_routine() {
            self.more_left_out += 1;
        }
    }

    fn leave_out_unnameable(&mut self, folder: &RelPath, listing: &Listing) {
        for name in &listing.unnameable {
            self.leave_out_named(Captured::new(format!("{folder}/{}", name.raw())), Reason::Name);
        }
    }

    // ---- what the day reaches ----

    /// Copies the `conftest.py` and `__init__.py` of the folders above a folder or a file.
    fn copy_settings_of(&mut self, path: &RelPath) {
        self.copy_from_ancestors(path, "conftest.py");
        self.copy_from_ancestors(path, "__init__.py");
    }

    fn copy_from_ancestors(&mut self, path: &RelPath, name: &str) {
        for folder in path.ancestors() {
            self.copy_if_there(folder.child(name));
        }
    }

    fn copy_extra_roots(&mut self) {
        let roots = &self.request.extra_roots;
        for root in roots {
            match self.tree.kind(root) {
                Some(Kind::Folder) => self.copy_folder(root),
                Some(kind) => self.copy_entry(root, kind),
                None => {}
            }
            self.copy_settings_of(root);
        }
        let files = self.files.keys().filter(|path| is_test_file(path));
        let named = files.filter(|path| roots.iter().any(|root| path.is_within(root))).cloned();
        self.own_test_files.extend(named.collect::<Vec<_>>());
    }

    /// Copies the tests in the folders above the day's, and in the `tests` folders there, that import the day's modules.
    fn find_tests_elsewhere(&mut self) {
        let day = TestsOfDay::new(self);
        let candidates = self.candidates();
        for path in candidates {
            let Ok(contents) = self.tree.read(&path, MAX_PYTHON_BYTES) else { continue };
            if !day.owns(self, &path, &imports::scan(&contents.bytes)) {
                continue;
            }
            if self.seen.insert(path.clone()) {
                self.copy_contents(&path, &path);
            }
            self.copy_settings_of(&path);
            self.own_test_files.insert(path);
        }
    }

    /// Returns the test files outside the day's folder that may be the day's.
    fn candidates(&self) -> Vec<RelPath> {
        let mut folders: VecDeque<(RelPath, bool)> = VecDeque::new();
        for above in self.request.day_folder.ancestors() {
            folders.extend(["tests", "test"].iter().filter_map(|name| Some((above.child(name)?, true))));
            folders.push_back((above, false));
        }
        let (mut found, mut visited) = (Vec::new(), 0);
        while let Some((folder, is_deep)) = folders.pop_front() {
            let Ok(listing) = self.tree.list(&folder) else { continue };
            visited += listing.entries.len();
            if visited > MAX_VISITED || found.len() >= MAX_CANDIDATES || folder.depth() >= MAX_DEPTH {
                continue;
            }
            let files = listing.names(Kind::File).filter_map(|name| folder.child(name)).filter(is_test_file);
            found.extend(files.filter(|path| !path.is_within(&self.request.day_folder)));
            if is_deep && !listing.has_file("pyvenv.cfg") {
                let below = listing.names(Kind::Folder).filter(|name| !is_hidden_or_made(name));
                folders.extend(below.filter_map(|name| Some((folder.child(name)?, true))));
            }
        }
        found.truncate(MAX_CANDIDATES);
        found
    }

    // ---- imports ----

    fn follow_imports(&mut self) {
        while let Some(source) = self.sources.pop_front() {
            let scan =
                self.files.get(&source).map(|contents| imports::scan(&contents.bytes)).unwrap_or_default();
            for import in &scan.imports {
                self.follow(&source, import, scan.mentions_sys_path);
            }
        }
    }

    fn follow(&mut self, source: &RelPath, import: &Import, mentions_sys_path: bool) {
        let here = source.parent().unwrap_or_default();
        if !self.looked_for.insert((here.clone(), import.clone())) && !mentions_sys_path {
            return;
        }
        let mut found = false;
        for base in self.bases(&here, import.level) {
            found |= self.bring(&base, import);
        }
        if !found && (mentions_sys_path || self.request.is_about_others) && import.level == 0 {
            let others = &self.request.other_days;
            others.iter().for_each(|folder| _ = self.bring(folder, import));
        }
    }

    /// Returns the folders in which an import of a file in `here` may find its module.
    fn bases(&self, here: &RelPath, level: usize) -> Vec<RelPath> {
        if level > 0 {
            return std::iter::once(here.clone())
                .chain(here.ancestors())
                .nth(level - 1)
                .into_iter()
                .collect();
        }
        let source_folder = RelPath::root().child("src").filter(|folder| self.tree.is_folder(folder));
        let fixed = [here.clone(), self.request.day_folder.clone(), RelPath::root()];
        let mut bases = Vec::new();
        for base in fixed.into_iter().chain(source_folder).chain(self.settings_path.iter().cloned()) {
            if !bases.contains(&base) {
                bases.push(base);
            }
        }
        bases
    }

    /// Brings the module that an import names from one folder, and says whether there is something of that name.
    fn bring(&mut self, base: &RelPath, import: &Import) -> bool {
        let mut here = base.clone();
        for (index, part) in import.module.iter().enumerate() {
            let is_module = self.copy_if_there(here.child(&format!("{part}.py")));
            let folder =
                here.child(part).filter(|folder| self.tree.is_folder(folder) && !is_hidden_or_made(part));
            let Some(folder) = folder else { return is_module || index > 0 };
            self.copy_if_there(folder.child("__init__.py"));
            here = folder;
        }
        self.bring_from_package(&here, import);
        true
    }

    /// Brings the modules that are imported from a package; when a name is not a module, the whole package.
    fn bring_from_package(&mut self, package: &RelPath, import: &Import) {
        let mut is_complete = !import.names.is_empty();
        for name in &import.names {
            let folder = package.child(name).filter(|folder| self.tree.is_folder(folder));
            let is_folder = folder.is_some();
            if let Some(folder) = folder {
                self.bring_package(&folder);
            }
            is_complete &= self.copy_if_there(package.child(&format!("{name}.py"))) || is_folder;
        }
        if !is_complete {
            self.bring_package(package);
        }
    }

    /// Brings a package whole, or only its own modules when the day's folder is in it: `week1` holds the other days too.
    fn bring_package(&mut self, package: &RelPath) {
        if package.parts().any(is_hidden_or_made) {
            return;
        }
        if !self.request.day_folder.is_within(package) {
            return self.copy_folder(package);
        }
        let Ok(listing) = self.tree.list(package) else { return };
        for name in listing.names(Kind::File).filter(|name| name.ends_with(".py")) {
            let path = package.child(name);
            if !path.as_ref().is_some_and(is_test_file) {
                self.copy_if_there(path);
            }
        }
    }
}

/// Tells the tests of a day from those of other days.
struct TestsOfDay {
    /// What a test of the day imports by its bare name.
    names: BTreeSet<String>,
    number: Option<u64>,
}

impl TestsOfDay {
    fn new(collector: &Collector<'_>) -> Self {
        let day = &collector.request.day_folder;
        let stem = |file: &str| file.strip_suffix(".py").map(|stem| stem.replace('/', "."));
        let wanted = collector.request.modules.iter().filter_map(|file| stem(file));
        let present =
            collector.files.keys().filter_map(|path| path.within(day)).filter(|path| path.depth() == 1);
        let names = wanted.chain(present.filter_map(|path| stem(path.as_str()))).collect();
        Self { names, number: day.file_name().and_then(day_number) }
    }

    /// Returns whether a test file imports one of the day's modules: by a path into the day's folder, or by a bare name
    /// when nothing in the file's own path speaks of another day.
    fn owns(&self, collector: &Collector<'_>, path: &RelPath, scan: &Scan) -> bool {
        let here = path.parent().unwrap_or_default();
        let leads_in = |import: &Import| {
            collector
                .bases(&here, import.level)
                .iter()
                .any(|base| leads_into(base, import, &collector.request.day_folder))
        };
        let is_named = |import: &Import| import.level == 0 && self.names.contains(&import.module.join("."));
        scan.imports.iter().any(leads_in)
            || (!self.is_of_another_day(path) && scan.imports.iter().any(is_named))
    }

    fn is_of_another_day(&self, path: &RelPath) -> bool {
        let numbers: Vec<u64> =
            path.parts().filter_map(|part| day_number(part.strip_prefix("test_").unwrap_or(part))).collect();
        !numbers.is_empty() && !self.number.is_some_and(|number| numbers.contains(&number))
    }
}

/// Returns whether an import, looked for in `base`, names the day's folder or something in it by way of that folder.
fn leads_into(base: &RelPath, import: &Import, day: &RelPath) -> bool {
    let module = import.module.iter().try_fold(base.clone(), |here, part| here.child(part));
    let Some(module) = module.filter(|_| !day.is_root() && base != day) else { return false };
    module.is_within(day) || import.names.iter().any(|name| module.child(name).as_ref() == Some(day))
}

/// Returns why something of this name is never copied, whatever it holds.
fn never_copied(name: &str, kind: Kind) -> Option<Reason> {
    if name == ".env" || name.starts_with(".env.") || name == ".envrc" {
        return Some(Reason::Secret);
    }
    let is_made = match kind {
        Kind::Folder => is_hidden_or_made(name),
        _ => name == ".git" || name.ends_with(".pyc") || name.ends_with(".pyo"),
    };
    is_made.then_some(Reason::Generated)
}

/// Returns whether a folder of this name is hidden, or made by tools: nothing in it is ever copied.
pub(crate) fn is_hidden_or_made(name: &str) -> bool {
    name.starts_with('.') || matches!(name, "__pycache__" | "node_modules") || name.ends_with(".egg-info")
}

fn is_python(path: &RelPath) -> bool {
    path.has_extension("py")
}

fn is_test_file(path: &RelPath) -> bool {
    let stem = path.file_name().and_then(|name| name.strip_suffix(".py"));
    stem.is_some_and(|stem| stem.starts_with("test_") || stem.ends_with("_test"))
}
