//! Notices what changes in a learner's repository, and says so in batches: a save of an editor is several events.
//!
//! ```text
//! events of the kernel (notify) ─┐
//!                                ├─► quiet for a moment ─► Noticed::Changed ─► whoever asked
//! a look every so often ─────────┘
//! ```
//!
//! Folders of which nothing is ever graded are left out (`.venv`, `__pycache__`), so their files cost no watch and no run. Events are
//! asked for folder by folder, and anew when the folders themselves change. Where events don't reach (`reach`), or the
//! kernel gives no more of them, it looks instead (`marks`). Nothing is read but names and times, and no link is followed.

mod folders;
mod marks;
mod reach;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use notify::event::ModifyKind;
use notify::{Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use crate::rel_path::RelPath;

use marks::Marks;
pub use reach::Why;

/// How long nothing must happen before a batch is complete: editors write, rename and remove within a few milliseconds.
const QUIET: Duration = Duration::from_millis(50);
/// How long a batch may grow while something goes on happening.
const LONGEST: Duration = Duration::from_millis(300);
/// How long there is between two looks, where a look takes no time.
const BETWEEN_LOOKS: Duration = Duration::from_millis(300);
/// Looks may take this part of the time, on a slow network too.
const SHARE_OF_LOOKS: u32 = 5;

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Noticed {
    /// These files or folders changed, or others whose names are not known; the first time, everything is new.
    Changed(BTreeSet<RelPath>),
    /// There are no events for this reason; from now on it looks every so often.
    Looking(Why),
}

/// Watches the repository with this root in a thread of its own, until `tell` answers that nobody listens any more. Once the first
/// change was told, none is missed.
pub fn begin(root: PathBuf, looks: bool, tell: impl FnMut(Noticed) -> bool + Send + 'static) {
    thread::spawn(move || {
        let why = looks.then_some(Why::Asked).or_else(|| reach::unreached(&root));
        let mut watch = Watch { root, why: None, tell };
        let _ = match why {
            Some(why) => watch.look(why),
            None => watch.listen(),
        };
    });
}

/// Nobody listens any more.
struct NobodyListens;

struct Watch<T> {
    root: PathBuf,
    why: Option<Why>,
    tell: T,
}

impl<T: FnMut(Noticed) -> bool> Watch<T> {
    fn tell(&mut self, told: Noticed) -> Result<(), NobodyListens> {
        if (self.tell)(told) { Ok(()) } else { Err(NobodyListens) }
    }

    /// Hears of changes from the kernel, and falls back to looking where it tells of none.
    fn listen(&mut self) -> Result<(), NobodyListens> {
        let mut changed = BTreeSet::new();
        loop {
            self.wait_for_root()?;
            let (watcher, events, folders) = match ask(&self.root) {
                Ok(asked) => asked,
                Err(error) => return self.look(error),
            };
            // Whatever happened before is seen by whoever looks now.
            self.tell(Noticed::Changed(std::mem::take(&mut changed)))?;
            while let Some(batch) = next_batch(&events, &self.root, &folders) {
                if batch.folders_changed {
                    changed = batch.paths;
                    break;
                }
                self.tell(Noticed::Changed(batch.paths))?;
            }
            drop(watcher);
        }
    }

    /// Looks every so often.
    fn look(&mut self, why: Why) -> Result<(), NobodyListens> {
        self.why = Some(why.clone());
        self.tell(Noticed::Looking(why))?;
        let mut marks = Marks::of(&self.root);
        self.tell(Noticed::Changed(BTreeSet::new()))?;
        loop {
            let begun = Instant::now();
            let now = Marks::of(&self.root);
            let mut changed = now.changes_since(&marks);
            marks = now;
            if !changed.is_empty() {
                let begun = Instant::now();
                while begun.elapsed() < LONGEST {
                    thread::sleep(QUIET);
                    let now = Marks::of(&self.root);
                    let more = now.changes_since(&marks);
                    marks = now;
                    if more.is_empty() {
                        break;
                    }
                    changed.extend(more);
                }
                self.tell(Noticed::Changed(changed))?;
            }
            thread::sleep(BETWEEN_LOOKS.max(begun.elapsed() * SHARE_OF_LOOKS));
        }
    }

    /// Waits until the root is there: it may be renamed for a moment.
    fn wait_for_root(&mut self) -> Result<(), NobodyListens> {
        while !self.root.is_dir() {
            self.tell(Noticed::Changed(BTreeSet::new()))?;
            while !self.root.is_dir() {
                thread::sleep(BETWEEN_LOOKS);
            }
        }
        Ok(())
    }
}

type Events = Receiver<notify::Result<Event>>;

/// Asks the kernel for the events of every folder.
fn ask(root: &Path) -> Result<(RecommendedWatcher, Events, BTreeSet<PathBuf>), Why> {
    let (sender, events) = mpsc::channel();
    let mut watcher = notify::recommended_watcher(sender).map_err(|error| Why::refused(&error))?;
    let mut folders = BTreeSet::new();
    // Each is asked for before what is below it is listed, so that nothing can be made in between unnoticed.
    folders::walk(root, |folder| {
        match watcher.watch(&folder, RecursiveMode::NonRecursive) {
            Ok(()) => {
                folders.insert(folder);
                Ok(())
            }
            // It has gone, or may not be read.
            Err(error) if Why::is_of_one_folder(&error) => Ok(()),
            Err(error) => Err(Why::refused(&error)),
        }
    })?;
    Ok((watcher, events, folders))
}

/// Changes that belong together.
#[derive(Debug, Default)]
struct Batch {
    paths: BTreeSet<RelPath>,
    folders_changed: bool,
}

/// Waits for the next changes that may matter; `None` where events were lost.
fn next_batch(events: &Events, root: &Path, folders: &BTreeSet<PathBuf>) -> Option<Batch> {
    let mut batch = Batch::default();
    let mut ends: Option<Instant> = None;
    loop {
        let event = match ends {
            None => events.recv().ok()?,
            Some(ends) => {
                let left = ends.saturating_duration_since(Instant::now());
                match events.recv_timeout(left.min(QUIET)) {
                    Ok(event) => event,
                    Err(RecvTimeoutError::Timeout) => return Some(batch),
                    Err(RecvTimeoutError::Disconnected) => return None,
                }
            }
        };
        let event = event.ok().filter(|event| !event.need_rescan())?;
        if batch.takes(&event, root, folders) {
            ends.get_or_insert_with(|| Instant::now() + LONGEST);
        }
        if ends.is_some_and(|ends| ends <= Instant::now()) {
            return Some(batch);
        }
    }
}

impl Batch {
    /// Takes note of an event, and returns whether it may matter.
    fn takes(&mut self, event: &Event, root: &Path, folders: &BTreeSet<PathBuf>) -> bool {
        let names = match event.kind {
            // Reading is what we do ourselves.
            EventKind::Access(_) => return false,
            EventKind::Create(_) | EventKind::Remove(_) | EventKind::Modify(ModifyKind::Name(_)) => true,
            EventKind::Modify(_) | EventKind::Any | EventKind::Other => false,
        };
        let mut matters = false;
        for path in &event.paths {
            let Some(path_below) = path.strip_prefix(root).ok() else { continue };
            let below = RelPath::from_path(path_below);
            if below.as_ref().is_some_and(|path| !folders::may_matter(path)) {
                continue;
            }
            matters = true;
            self.folders_changed |= names && (folders.contains(path) || is_folder(path));
            self.paths.extend(below.filter(|path| !path.is_root()));
        }
        matters
    }
}

fn is_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir())
}
