//! Stands in for the sandbox's own folders where the command sees the host's: `/submission` and the home folder do not exist
//! there, so the command gets private copies of them, and a command line that names the copies.
//!
//! With a root of one's own, a stage is empty and every path stays as it is.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::TempDir;

use crate::command::CommandSpec;
use crate::sandbox::{HOME, Policy, copy};

/// What programs are told by where to put temporary files, and where they put them otherwise.
const TMPDIR: &str = "TMPDIR";
const TMP: &str = "/tmp";
/// How the name of every host folder begins; a number and a dash follow.
const PREFIX: &str = "grade-";
/// A folder that is younger may not have its lock yet.
const SETTLED: Duration = Duration::from_secs(60);

/// Which host folder stands for which folder inside. The host folders are removed with it, and when `grade` was killed, by a later run.
#[derive(Debug, Default)]
pub(super) struct Stage {
    pub(super) folders: Vec<(PathBuf, TempDir)>,
    /// What `/tmp` itself, and nothing in it, stands for, where the host's may not be written to.
    pub(super) temporary: Option<TempDir>,
    /// Every host folder, locked: the kernel lets go of the locks however `grade` ends.
    locks: Vec<File>,
}

impl Stage {
    /// Copies every overlay's source, and makes an empty home folder. All of it belongs to `owner`, if any.
    pub(super) fn copies(policy: &Policy, owner: Option<u32>) -> io::Result<Self> {
        let mut stage = Self::default();
        let home = stage.folder(owner)?;
        stage.folders.push((PathBuf::from(HOME), home));
        for overlay in &policy.overlays {
            let copied = stage.folder(owner)?;
            copy::copy_tree(&overlay.source, copied.path(), owner.map(|owner| (owner, owner)))?;
            stage.folders.push((overlay.inside.clone(), copied));
        }
        Ok(stage)
    }

    /// Makes an empty folder that belongs to `owner`, if any.
    pub(super) fn folder(&mut self, owner: Option<u32>) -> io::Result<TempDir> {
        // Programs say by its real name where they are, and the usual one is a link on macOS.
        let parent = std::env::temp_dir().canonicalize()?;
        let prefix = format!("{PREFIX}{}-", std::process::id());
        let folder = tempfile::Builder::new().prefix(&prefix).tempdir_in(parent)?;
        let lock = File::open(folder.path())?;
        // Where folders cannot be locked, nobody takes one to be left behind.
        let _ = lock.lock_shared();
        self.locks.push(lock);
        std::os::unix::fs::chown(folder.path(), owner, owner)?;
        Ok(folder)
    }

    /// Returns the host's path for a path inside.
    pub(super) fn host_path(&self, inside: &Path) -> PathBuf {
        if let Some(temporary) = &self.temporary
            && inside == Path::new(TMP)
        {
            return temporary.path().to_owned();
        }
        let mapped =
            self.folders.iter().find_map(|(from, to)| Some(to.path().join(inside.strip_prefix(from).ok()?)));
        // Joining an empty rest leaves a slash at the end.
        mapped.map_or_else(|| inside.to_owned(), |path| path.components().collect())
    }

    /// Returns the map as pairs, for whoever outlives the stage.
    pub(super) fn map(&self) -> Vec<(PathBuf, PathBuf)> {
        self.folders.iter().map(|(inside, host)| (inside.clone(), host.path().to_owned())).collect()
    }

    /// Returns the command, but for its standard input, with every path inside replaced by the host's.
    pub(super) fn translate(&self, command: &CommandSpec) -> CommandSpec {
        CommandSpec {
            program: self.host_path(&command.program),
            args: command.args.iter().map(|word| self.translate_word(word)).collect(),
            env: command
                .env
                .iter()
                .map(|(name, value)| (name.clone(), self.translate_word(value)))
                .chain(self.temporary.iter().map(|folder| (TMPDIR.into(), folder.path().into())))
                .collect(),
            cwd: self.host_path(&command.cwd),
            stdin: None,
        }
    }

    /// Replaces the paths in a word like `--config=/submission/setup.cfg` or `/submission:/submission/src`.
    fn translate_word(&self, word: &OsStr) -> OsString {
        let word = word.as_bytes();
        let replaced: Vec<Vec<u8>> = word
            .split_inclusive(|byte| matches!(byte, b':' | b'=' | b','))
            .map(|piece| {
                let (path, end) = match piece.split_last() {
                    Some((last @ (b':' | b'=' | b','), path)) => (path, std::slice::from_ref(last)),
                    _ => (piece, &[][..]),
                };
                let mapped = self.host_path(Path::new(OsStr::from_bytes(path)));
                let known = mapped != Path::new(OsStr::from_bytes(path));
                [if known { mapped.as_os_str().as_bytes() } else { path }, end].concat()
            })
            .collect();
        OsString::from_vec(replaced.concat())
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for folder in self.folders.drain(..).map(|(_, folder)| folder).chain(self.temporary.take()) {
            let path = folder.path().to_owned();
            // A learner's program may have locked its folders, or made more of them in each other than can be open at a time.
            if folder.close().is_err() {
                let _ = remove_layer_by_layer(&path);
            }
        }
    }
}

/// Removes a folder whatever its depth, and follows no link: what is in its folders is moved up into it until there is nothing left.
fn remove_layer_by_layer(top: &Path) -> io::Result<()> {
    let mut names = (0_u64..).map(|number| top.join(format!("grade-removes-{number}")));
    loop {
        let layer = fs::read_dir(top)?.collect::<io::Result<Vec<_>>>()?;
        if layer.is_empty() {
            return fs::remove_dir(top);
        }
        for entry in layer {
            if entry.file_type()?.is_dir() {
                move_up(&entry.path(), &mut names)?;
                fs::remove_dir(entry.path())?;
            } else {
                fs::remove_file(entry.path())?;
            }
        }
    }
}

/// Gives everything in a folder a new name from `names`. Folders are unlocked, as the kernel moves none that cannot be written to.
fn move_up(folder: &Path, names: &mut impl Iterator<Item = PathBuf>) -> io::Result<()> {
    let unlocked = || fs::Permissions::from_mode(0o700);
    fs::set_permissions(folder, unlocked())?;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            fs::set_permissions(entry.path(), unlocked())?;
        }
        let free = names.find(|name| fs::symlink_metadata(name).is_err());
        fs::rename(entry.path(), free.ok_or(io::ErrorKind::AlreadyExists)?)?;
    }
    Ok(())
}

/// Removes from among the temporary files what stood in for folders of runs that were killed. Whoever cannot remove it leaves it
/// to the next run, or to the system.
pub fn remove_left_behind(parent: &Path) {
    let own = rustix::process::geteuid().as_raw();
    // There may be tens of thousands of others among the temporary files.
    let named = |entry: &fs::DirEntry| is_named(&entry.file_name());
    for entry in fs::read_dir(parent).into_iter().flatten().flatten().filter(named) {
        let Ok(metadata) = entry.metadata() else { continue };
        // What root's runs make may belong to another user.
        let is_ours = metadata.uid() == own || own == 0;
        let age = metadata.modified().ok().and_then(|modified| modified.elapsed().ok());
        // A learner's program may have set any time, also one that is to come.
        let is_settled = age.is_none_or(|age| age > SETTLED);
        let path = entry.path();
        if metadata.is_dir() && is_ours && is_settled && is_over(&path) {
            let removed = fs::remove_dir_all(&path);
            if removed.is_err() && metadata.uid() == own {
                let _ = remove_layer_by_layer(&path);
            }
        }
    }
}

fn is_named(name: &OsStr) -> bool {
    let rest = name.to_str().and_then(|name| name.strip_prefix(PREFIX));
    rest.and_then(|rest| rest.split_once('-')).is_some_and(|(number, _)| number.parse::<u32>().is_ok())
}

fn is_over(folder: &Path) -> bool {
    File::open(folder).is_ok_and(|folder| folder.try_lock().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sandbox::Overlay;

    #[test]
    fn folders_are_removed_that_are_locked_or_too_deep_for_a_path() {
        use rustix::fs::{CWD, Mode, OFlags, mkdirat, openat};
        let (top, kept) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(kept.path().join("file"), "kept").unwrap();
        std::os::unix::fs::symlink(kept.path(), top.path().join("link")).unwrap();
        fs::create_dir_all(top.path().join("locked/inner")).unwrap();
        fs::set_permissions(top.path().join("locked/inner"), fs::Permissions::from_mode(0o000)).unwrap();
        fs::set_permissions(top.path().join("locked"), fs::Permissions::from_mode(0o000)).unwrap();
        let mut deepest = openat(CWD, top.path(), OFlags::DIRECTORY, Mode::empty()).unwrap();
        for _ in 0..2000 {
            mkdirat(&deepest, "deep", Mode::RWXU).unwrap();
            deepest = openat(&deepest, "deep", OFlags::DIRECTORY, Mode::empty()).unwrap();
        }
        remove_layer_by_layer(top.path()).unwrap();
        assert!(!top.path().exists());
        assert_eq!(fs::read_to_string(kept.path().join("file")).unwrap(), "kept");
    }

    #[test]
    fn what_killed_runs_left_is_removed_and_what_is_in_use_or_a_strangers_stays() {
        let parent = tempfile::tempdir().unwrap();
        let make = |name: &str| {
            let folder = parent.path().join(name);
            fs::create_dir_all(folder.join("day4")).unwrap();
            let past = std::time::SystemTime::now() - Duration::from_secs(3600);
            File::open(&folder).unwrap().set_modified(past).unwrap();
            folder
        };
        let left = make("grade-4711-aB3");
        let in_use = make("grade-4712-aB3");
        let lock = File::open(&in_use).unwrap();
        lock.lock_shared().unwrap();
        let others = ["grade-run-x", "grade-", "grade-x-1", "other"].map(make);
        let young = parent.path().join("grade-4713-aB3");
        fs::create_dir(&young).unwrap();
        remove_left_behind(parent.path());
        assert!(!left.exists());
        assert!(others.iter().chain([&in_use, &young]).all(|folder| folder.exists()));
    }

    #[test]
    fn paths_inside_are_replaced_wherever_a_word_has_them() {
        let source = tempfile::tempdir().unwrap();
        fs::write(source.path().join("day.py"), "x = 1").unwrap();
        let overlay = Overlay { source: source.path().to_owned(), inside: "/submission".into() };
        let stage = Stage::copies(&Policy { overlays: vec![overlay], ..Policy::default() }, None).unwrap();
        let copied = stage.host_path(Path::new("/submission"));
        assert!(copied.join("day.py").is_file());
        let copied = copied.display();
        for (word, expected) in [
            ("/submission", format!("{copied}")),
            ("--root=/submission/a", format!("--root={copied}/a")),
            ("/submission:/usr", format!("{copied}:/usr")),
            ("/submissions/a", "/submissions/a".to_owned()),
            ("print('a:b')", "print('a:b')".to_owned()),
        ] {
            assert_eq!(stage.translate_word(OsStr::new(word)), OsString::from(expected));
        }
    }
}
