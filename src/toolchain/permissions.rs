//! Makes an environment readable by everybody and writable by its owner alone, whatever the umask was: a sandbox
//! may run under another user id.

use std::fs::{self, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Gives every folder below `root`, and `root`, mode 755, and every file 755 or 644. Links are left alone: what
/// they lead to is not ours.
pub(super) fn open_tree(root: &Path) -> io::Result<()> {
    fs::set_permissions(root, Permissions::from_mode(0o755))?;
    for entry in fs::read_dir(root)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_dir() {
            open_tree(&entry.path())?;
        } else if kind.is_file() {
            open_file(&entry.path())?;
        }
    }
    Ok(())
}

/// Gives a file mode 755 if its owner may run it and 644 otherwise.
pub(super) fn open_file(path: &Path) -> io::Result<()> {
    let is_program = path.symlink_metadata()?.permissions().mode() & 0o100 != 0;
    fs::set_permissions(path, Permissions::from_mode(if is_program { 0o755 } else { 0o644 }))
}

/// Returns the bytes of all files below a folder, as far as they can be read.
pub(super) fn size(folder: &Path) -> u64 {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let sizes = entries.map(|entry| match entry.file_type() {
        Ok(kind) if kind.is_dir() => size(&entry.path()),
        Ok(kind) if kind.is_file() => entry.metadata().map_or(0, |file| file.len()),
        _ => 0,
    });
    sizes.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn files_of_every_umask_become_readable_and_what_a_link_leads_to_is_left_alone() {
        let (tree, outside) = (tempfile::tempdir().unwrap(), tempfile::NamedTempFile::new().unwrap());
        let folder = tree.path().join("folder");
        fs::create_dir(&folder).unwrap();
        for (name, mode) in [("private", 0o600), ("program", 0o700), ("open", 0o666)] {
            fs::write(folder.join(name), "x").unwrap();
            fs::set_permissions(folder.join(name), Permissions::from_mode(mode)).unwrap();
        }
        fs::set_permissions(&folder, Permissions::from_mode(0o700)).unwrap();
        fs::set_permissions(outside.path(), Permissions::from_mode(0o600)).unwrap();
        std::os::unix::fs::symlink(outside.path(), folder.join("link")).unwrap();

        open_tree(tree.path()).unwrap();

        let modes = ["", "private", "program", "open"].map(|name| mode(&folder.join(name)));
        assert_eq!(modes, [0o755, 0o644, 0o755, 0o644]);
        assert_eq!(mode(outside.path()), 0o600);
    }
}
