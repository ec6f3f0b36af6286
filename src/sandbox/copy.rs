//! Copies a folder of a learner's files without ever following what is in it.
//!
//! Regular files and folders are copied, symbolic links are made again as they are, and everything else (a FIFO,
//! a device, a socket) is left out: opening one could block or act.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// Copies what is in `source` into the folder `target`, which exists, and gives every entry to `owner`, if any.
///
/// # Errors
///
/// The first entry that cannot be read or written.
pub(crate) fn copy_tree(source: &Path, target: &Path, owner: Option<(u32, u32)>) -> io::Result<()> {
    for entry in fs::read_dir(source)? {
        let entry = entry?;
        let (from, to) = (entry.path(), target.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_dir() {
            fs::create_dir(&to)?;
            copy_tree(&from, &to, owner)?;
        } else if kind.is_file() {
            copy_file(&from, &to)?;
        } else if kind.is_symlink() {
            std::os::unix::fs::symlink(fs::read_link(&from)?, &to)?;
        } else {
            continue;
        }
        if let Some((uid, gid)) = owner {
            std::os::unix::fs::lchown(&to, Some(uid), Some(gid))?;
        }
        if kind.is_dir() {
            // The owner's rights are added, so that a copy can always be worked in and removed.
            fs::set_permissions(&to, fs::Permissions::from_mode(entry.metadata()?.mode() & 0o777 | 0o700))?;
        }
    }
    Ok(())
}

fn copy_file(from: &Path, to: &Path) -> io::Result<()> {
    // The entry may have become a link or a FIFO since it was listed.
    let flags = libc::O_NOFOLLOW | libc::O_NONBLOCK;
    let mut reader = OpenOptions::new().read(true).custom_flags(flags).open(from)?;
    let metadata = reader.metadata()?;
    if !metadata.is_file() {
        return Ok(());
    }
    let mut writer =
        File::options().write(true).create_new(true).mode(metadata.mode() & 0o777 | 0o600).open(to)?;
    io::copy(&mut reader, &mut writer).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_copied_as_links_and_fifos_are_left_out() {
        let (source, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::create_dir(source.path().join("folder")).unwrap();
        fs::write(source.path().join("folder/file"), "text").unwrap();
        std::os::unix::fs::symlink("/etc/shadow", source.path().join("link")).unwrap();
        rustix::fs::mknodat(
            rustix::fs::CWD,
            source.path().join("fifo"),
            rustix::fs::FileType::Fifo,
            0o600.into(),
            0,
        )
        .unwrap();
        copy_tree(source.path(), target.path(), None).unwrap();
        assert_eq!(fs::read_to_string(target.path().join("folder/file")).unwrap(), "text");
        assert_eq!(fs::read_link(target.path().join("link")).unwrap(), Path::new("/etc/shadow"));
        assert!(!target.path().join("fifo").exists());
    }
}
