//! Lays a set of files out in a folder, once and whole: either the folder is there with all of them, or it is not there.
//!
//! Files are written into a temporary sibling, which is renamed; of two processes that do so at once one wins and the
//! other finds the folder there. Everything is readable by everybody, because a sandbox may run under another uid.

use std::fs;
use std::io;
use std::path::Path;

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

/// Puts `contents` in the place of a file, whole or not at all.
///
/// # Errors
///
/// When the file cannot be written; it is then as it was.
pub fn replace(path: &Path, contents: &[u8]) -> io::Result<()> {
    let parent = path.parent().ok_or_else(|| io::Error::other("a file needs a folder"))?;
    fs::create_dir_all(parent)?;
    let mut file = tempfile::NamedTempFile::new_in(parent)?;
    io::Write::write_all(&mut file, contents)?;
    file.persist(path)?;
    Ok(())
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
    fn a_byte_that_moves_from_name_to_contents_changes_the_digest() {
        assert_ne!(digest(&[("ab", "c")]), digest(&[("a", "bc")]));
    }
}
