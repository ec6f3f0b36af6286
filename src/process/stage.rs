//! Stands in for the sandbox's own folders where the command sees the host's: `/submission` and the home folder do not exist
//! there, so the command gets private copies of them, and a command line that names the copies.
//!
//! With a root of one's own, a stage is empty and every path stays as it is.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::command::CommandSpec;
use crate::sandbox::wire::{Command, Confine, Shared};
use crate::sandbox::{HOME, Policy, copy};

/// What programs are told by where to put temporary files, and where they put them otherwise.
const TMPDIR: &str = "TMPDIR";
const TMP: &str = "/tmp";

/// Which host folder stands for which folder inside. The host folders are removed with it.
#[derive(Debug, Default)]
pub(super) struct Stage {
    folders: Vec<(PathBuf, TempDir)>,
    /// What `/tmp` itself, and nothing in it, stands for, where the host's may not be written to.
    temporary: Option<TempDir>,
}

impl Stage {
    /// Makes what this kind of sandbox needs, and returns the sandbox as it is for this one command.
    pub(super) fn set(confine: Option<&Confine>, policy: &Policy) -> io::Result<(Self, Option<Confine>)> {
        match confine {
            None => Ok((Self::copies(policy, None)?, None)),
            Some(Confine::Namespaces(_)) => Ok((Self::default(), confine.cloned())),
            Some(Confine::Shared(shared)) => {
                let mut stage = Self::copies(policy, shared.user)?;
                stage.temporary = Some(folder(shared.user)?);
                let writable = stage.folders.iter().map(|(_, folder)| folder).chain(&stage.temporary);
                let writable = writable.map(|folder| folder.path().to_owned()).collect();
                Ok((stage, Some(Confine::Shared(Shared { writable, ..shared.clone() }))))
            }
        }
    }

    /// Copies every overlay's source, and makes an empty home folder. All of it belongs to `owner`, if any.
    fn copies(policy: &Policy, owner: Option<u32>) -> io::Result<Self> {
        let mut folders = vec![(PathBuf::from(HOME), folder(owner)?)];
        for overlay in &policy.overlays {
            let copied = folder(owner)?;
            copy::copy_tree(&overlay.source, copied.path(), owner.map(|owner| (owner, owner)))?;
            folders.push((overlay.inside.clone(), copied));
        }
        Ok(Self { folders, temporary: None })
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

    /// Returns the command for the init, with every path inside replaced by the host's.
    pub(super) fn translate(&self, command: &CommandSpec) -> Command {
        Command {
            program: self.host_path(&command.program).into_os_string(),
            args: command.args.iter().map(|word| self.translate_word(word)).collect(),
            env: command
                .env
                .iter()
                .map(|(name, value)| (name.clone(), self.translate_word(value)))
                .chain(self.temporary.iter().map(|folder| (TMPDIR.into(), folder.path().into())))
                .collect(),
            cwd: self.host_path(&command.cwd),
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

fn folder(owner: Option<u32>) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new().prefix(&format!("grade-{}-", std::process::id())).tempdir()?;
    std::os::unix::fs::chown(folder.path(), owner, owner)?;
    Ok(folder)
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
