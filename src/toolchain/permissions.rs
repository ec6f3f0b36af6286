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
