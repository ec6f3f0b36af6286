//! Lays a set of files out in a folder, once and whole: either the folder is there with all of them, or it is not there.
//!
//! Files are written into a temporary sibling, which is renamed; of two processes that do so at once one wins and the
//! other finds the folder there. Everything is readable by everybody, because a sandbox may run under another uid.
//!
//! Single files, too, are put in their place whole: `add` and `change` do so in a folder that is not ours, such as a learner's
//! repository. They follow no link, so that nothing outside of it is touched, and take nothing away that they have not been shown.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::rel_path::RelPath;

/// Returns a digest of paths and contents.
pub fn digest<P: AsRef<str>, C: AsRef<[u8]>>(files: &[(P, C)]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    for (path, contents) in files {
        // Lengths go first: otherwise a byte could move from a name to its contents unnoticed.
        for field in [path.as_ref().as_bytes(), contents.as_ref()] {
            hasher.update(&(field.len() as u64).to_le_bytes()).update(field);
        }
    }
    hasher.finalize()
}

/// Writes `files` (paths below `folder`, with `/`) unless `folder` is there already.
///
/// # Errors
///
/// When a file cannot be written; `folder` is then not there.
pub fn once<P: AsRef<str>, C: AsRef<[u8]>>(folder: &Path, files: &[(P, C)]) -> io::Result<()> {
    once_and(folder, files, |_| Ok(()))
}

/// Does the same, and lets `finish` add to the files before they appear.
///
/// # Errors
///
/// When a file cannot be written or `finish` fails; `folder` is then not there.
pub fn once_and<P: AsRef<str>, C: AsRef<[u8]>>(
    folder: &Path,
    files: &[(P, C)],
    finish: impl FnOnce(&Path) -> io::Result<()>,
) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let parent = folder.parent().ok_or_else(|| io::Error::other("a folder needs a parent"))?;
    fs::create_dir_all(parent)?;
    let fresh = tempfile::Builder::new().prefix(".laying-out-").tempdir_in(parent)?;
    for (path, contents) in files {
        write(&fresh.path().join(path.as_ref()), contents.as_ref())?;
    }
    finish(fresh.path())?;
    readable_by_all(fresh.path())?;
    match fs::rename(fresh.path(), folder) {
        Ok(()) => {
            // The temporary folder is gone from its old place; there is nothing left to remove.
            let _ = fresh.keep();
            Ok(())
        }
        Err(_) if folder.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Puts `contents` in the place of a file, whole or not at all. Where the file system knows files without a name, even whoever is
/// killed on the way leaves none that is half-written.
///
/// # Errors
///
/// When the file cannot be written; it is then as it was.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let parent = path.parent().ok_or_else(|| io::Error::other("a file needs a folder"))?;
    fs::create_dir_all(parent)?;
    if let Some(mut file) = nameless(parent) {
        io::Write::write_all(&mut file, contents)?;
        if name(&file, path).is_ok() {
            return Ok(());
        }
        if let Ok(draft) = tempfile::Builder::new().make_in(parent, |draft| name(&file, draft)) {
            draft.persist(path)?;
            return Ok(());
        }
    }
    let mut file = NamedTempFile::new_in(parent)?;
    io::Write::write_all(&mut file, contents)?;
    file.persist(path)?;
    Ok(())
}

/// Returns a new file in the folder that has no name, and is gone with whoever opened it; nothing where the file system or the
/// kernel does not know such files.
#[cfg(target_os = "linux")]
fn nameless(folder: &Path) -> Option<fs::File> {
    use rustix::fs::{Mode, OFlags};

    let flags = OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC;
    rustix::fs::open(folder, flags, Mode::RUSR | Mode::WUSR).ok().map(fs::File::from)
}

/// Gives a nameless file a name that nothing has yet.
#[cfg(target_os = "linux")]
fn name(file: &fs::File, path: &Path) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use rustix::fs::{AtFlags, CWD};

    let file = format!("/proc/self/fd/{}", file.as_raw_fd());
    Ok(rustix::fs::linkat(CWD, file, CWD, path, AtFlags::SYMLINK_FOLLOW)?)
}

#[cfg(not(target_os = "linux"))]
fn nameless(_folder: &Path) -> Option<fs::File> {
    None
}

#[cfg(not(target_os = "linux"))]
fn name(_file: &fs::File, _path: &Path) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Puts `contents` where a user asked for a file, whole or not at all. Links are followed and permissions kept; what is no
/// file (a pipe, a terminal) is written to, and never replaced.
///
/// # Errors
///
/// When it cannot be written; a file is then as it was.
pub fn publish(path: &Path, contents: &[u8]) -> io::Result<()> {
    let there = fs::metadata(path);
    if there.as_ref().is_ok_and(|there| !there.is_file()) {
        return io::Write::write_all(&mut fs::OpenOptions::new().write(true).open(path)?, contents);
    }
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = readable(tempfile::Builder::new().prefix(".writing-")).tempfile_in(folder)?;
    io::Write::write_all(&mut file, contents)?;
    if let Ok(there) = there {
        file.as_file().set_permissions(there.permissions())?;
    }
    file.persist(&path)?;
    Ok(())
}

/// Lets a temporary file have the permissions of any other new file; by itself it would be its owner's alone.
#[cfg(unix)]
fn readable<'a, 'b>(
    builder: &'a mut tempfile::Builder<'b, 'static>,
) -> &'a mut tempfile::Builder<'b, 'static> {
    use std::os::unix::fs::PermissionsExt;

    builder.permissions(fs::Permissions::from_mode(0o666))
}

#[cfg(not(unix))]
fn readable<'a, 'b>(
    builder: &'a mut tempfile::Builder<'b, 'static>,
) -> &'a mut tempfile::Builder<'b, 'static> {
    builder
}

/// Writes a file below `root` that is not there yet, and says whether it did: whatever is there already is left as it is.
///
/// # Errors
///
/// When a folder on the way is none, a link included, or the machine refuses. Nothing half-written is left.
pub fn add(root: &Path, path: &RelPath, contents: &[u8]) -> io::Result<bool> {
    let folder = make_way(root, path)?;
    let target = path.below(root);
    if target.symlink_metadata().is_ok() {
        return Ok(false);
    }
    match draft(&folder, contents)?.persist_noclobber(&target) {
        Ok(_) => Ok(true),
        Err(refused) if refused.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(refused) => Err(refused.error),
    }
}

/// Puts `after` in the place of a file below `root` that says `before`, with the permissions that it has.
///
/// # Errors
///
/// When the file is another one by now, a folder on the way is none, a link included, or the machine refuses. The file is then as
/// it was.
pub fn change(root: &Path, path: &RelPath, before: &[u8], after: &[u8]) -> io::Result<()> {
    let folder = make_way(root, path)?;
    let target = path.below(root);
    let metadata = target.symlink_metadata()?;
    if !metadata.is_file() || fs::read(&target)? != before {
        return Err(io::Error::other(format!("`{}` has been changed meanwhile", target.display())));
    }
    let draft = draft(&folder, after)?;
    fs::set_permissions(draft.path(), metadata.permissions())?;
    draft.persist(&target)?;
    Ok(())
}

/// Makes the folders below `root` in which a file is to lie, and returns the last one.
///
/// # Errors
///
/// When one of them is no folder, a link included, or cannot be made.
pub fn make_way(root: &Path, path: &RelPath) -> io::Result<PathBuf> {
    fs::create_dir_all(root)?;
    let mut folder = root.to_owned();
    for part in path.parent().iter().flat_map(RelPath::parts) {
        folder.push(part);
        match fs::create_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => made?,
        }
        if !folder.symlink_metadata()?.is_dir() {
            let why = format!("`{}` is in the way: it is not a folder", folder.display());
            return Err(io::Error::new(io::ErrorKind::NotADirectory, why));
        }
    }
    Ok(folder)
}

/// Returns a temporary file in the folder, with the permissions that the user's new files have.
fn draft(folder: &Path, contents: &[u8]) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".grade-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    io::Write::write_all(&mut file, contents)?;
    Ok(file)
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(path, contents)
}

#[cfg(unix)]
fn readable_by_all(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;

    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            readable_by_all(&path)?;
        } else {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn readable_by_all(_folder: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_laid_out_once_and_left_alone_afterwards() {
        let place = tempfile::tempdir().unwrap();
        let folder = place.path().join("kit");
        once(&folder, &[("a/b.py", "x = 1\n")]).unwrap();
        once(&folder, &[("a/b.py", "x = 2\n")]).unwrap();
        assert_eq!(fs::read_to_string(folder.join("a/b.py")).unwrap(), "x = 1\n");
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "nothing temporary is left");
    }

    /// What is killed at some moment leaves what there is to see at that moment.
    #[cfg(target_os = "linux")]
    #[test]
    fn at_no_moment_is_there_a_file_that_is_half_written() {
        let place = tempfile::tempdir().unwrap();
        assert!(
            nameless(place.path()).is_some(),
            "run it where the temporary folder is on another file system"
        );
        let path = place.path().join("runs/last.json");
        let texts = [vec![b'1'; 8 << 20], vec![b'2'; 8 << 20]];
        std::thread::scope(|scope| {
            let writer =
                scope.spawn(|| texts.iter().cycle().take(20).try_for_each(|text| replace(&path, text)));
            let mut seen = 0;
            while !writer.is_finished() {
                for entry in fs::read_dir(place.path().join("runs")).into_iter().flatten() {
                    // A draft that has been renamed since is seen under its other name.
                    let Ok(read) = fs::read(entry.unwrap().path()) else { continue };
                    assert!(texts.contains(&read), "{} bytes", read.len());
                    seen += 1;
                }
            }
            assert!(seen > 0);
            writer.join().unwrap().unwrap();
        });
        assert_eq!(fs::read(&path).unwrap(), texts[1]);
        assert_eq!(fs::read_dir(place.path().join("runs")).unwrap().count(), 1, "nothing temporary is left");
    }

    #[cfg(unix)]
    #[test]
    fn a_file_that_a_user_asked_for_replaces_what_a_link_leads_to_and_nothing_that_is_no_file() {
        use std::os::unix::fs::{PermissionsExt, symlink};

        let place = tempfile::tempdir().unwrap();
        let (file, link) = (place.path().join("report.xml"), place.path().join("link.xml"));
        fs::write(&file, "old and longer").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        symlink("report.xml", &link).unwrap();
        publish(&link, b"new").unwrap();
        assert_eq!(fs::read_to_string(&file).unwrap(), "new");
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
        publish(Path::new("/dev/null"), b"new").unwrap();
        assert!(!Path::new("/dev/null").metadata().unwrap().is_file());
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 2, "nothing temporary is left");
    }

    #[test]
    fn what_is_there_is_left_whatever_it_is_and_nothing_temporary_either() {
        let place = tempfile::tempdir().unwrap();
        let path: RelPath = "week1/day1/x.py".parse().unwrap();
        assert!(add(place.path(), &path, b"one").unwrap());
        assert!(!add(place.path(), &path, b"two").unwrap());
        assert_eq!(fs::read(path.below(place.path())).unwrap(), b"one");
        assert_eq!(fs::read_dir(place.path().join("week1/day1")).unwrap().count(), 1);
    }

    #[test]
    fn a_file_is_changed_only_if_it_is_the_one_that_was_read() {
        let place = tempfile::tempdir().unwrap();
        let path: RelPath = "x.toml".parse().unwrap();
        fs::write(place.path().join("x.toml"), "one").unwrap();
        assert!(change(place.path(), &path, b"another", b"two").is_err());
        change(place.path(), &path, b"one", b"two").unwrap();
        assert_eq!(fs::read(place.path().join("x.toml")).unwrap(), b"two");
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed() {
        let (place, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(outside.path(), place.path().join("week1")).unwrap();
        std::os::unix::fs::symlink(outside.path().join("new"), place.path().join("link")).unwrap();
        assert!(add(place.path(), &"week1/x.py".parse().unwrap(), b"x").is_err());
        assert!(!add(place.path(), &"link".parse().unwrap(), b"x").unwrap());
        assert!(change(place.path(), &"link".parse().unwrap(), b"", b"x").is_err());
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_byte_that_moves_from_name_to_contents_changes_the_digest() {
        assert_ne!(digest(&[("ab", "c")]), digest(&[("a", "bc")]));
    }
}
