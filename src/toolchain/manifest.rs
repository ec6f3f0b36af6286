//! The record of a finished environment: what `locate` reads and `set_up` writes last.
//!
//! It exists only if everything before it succeeded, and it is believed only while what it names is still there
//! and the interpreter is the file that it was. Anything else is "not there", and is made again.

use std::fs::{self, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::Toolchain;

/// The manifest's name in an environment's folder.
pub(super) const NAME: &str = "manifest.json";
/// Raised when the layout of an environment's folder changes.
pub(super) const FORMAT: u32 = 1;
/// Bytes of a manifest that are read; a real one has about 2 000.
const LIMIT: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
pub(super) struct Manifest {
    pub(super) format: u32,
    pub(super) lock_digest: String,
    pub(super) interpreter: Stamp,
    pub(super) toolchain: Toolchain,
}

/// Which file the interpreter was: an upgrade in place changes its size or time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Stamp {
    size: u64,
    modified_ns: u128,
}

impl Stamp {
    /// Returns the stamp of a file, following links.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        path.metadata().map(|file| Self { size: file.len(), modified_ns: modified_ns(&file) })
    }
}

fn modified_ns(file: &Metadata) -> u128 {
    let modified = file.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    modified.map_or(0, |since| since.as_nanos())
}

/// What is in an environment's folder.
pub(super) enum Found {
    /// A finished environment.
    Complete(Box<Toolchain>),
    /// Nothing, not even the folder.
    Nothing,
    /// Something that is no finished environment, and why not.
    Unusable(&'static str),
}

/// Looks into an environment's folder. Reads files and starts nothing.
pub(super) fn look(root: &Path) -> Found {
    let Some(bytes) = read(&root.join(NAME)) else {
        return if root.exists() { Found::Unusable("it was never finished") } else { Found::Nothing };
    };
    match serde_json::from_slice(&bytes) {
        Ok(manifest) => judge(manifest, root),
        Err(_) => Found::Unusable("its manifest cannot be read"),
    }
}

fn read(path: &Path) -> Option<Vec<u8>> {
    use std::io::Read;
    let mut bytes = Vec::new();
    fs::File::open(path).ok()?.take(LIMIT).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn judge(manifest: Manifest, root: &Path) -> Found {
    let Manifest { format, lock_digest, interpreter, toolchain } = manifest;
    if format != FORMAT || lock_digest != super::lock::digest() {
        return Found::Unusable("it was made from another lock");
    }
    if !toolchain.prefix.starts_with(root) {
        return Found::Unusable("it was moved here from another folder");
    }
    match Stamp::of(&toolchain.python) {
        Err(_) => Found::Unusable("the Python that it was made with is gone"),
        Ok(stamp) if stamp != interpreter => Found::Unusable("the Python that it was made with was replaced"),
        Ok(_) if !toolchain.is_there() => Found::Unusable("parts of it are gone"),
        Ok(_) => Found::Complete(Box::new(toolchain)),
    }
}

/// Writes the manifest of an environment's folder, so that it is there whole or not at all.
pub(super) fn write(root: &Path, manifest: &Manifest) -> io::Result<()> {
    let mut file = tempfile::Builder::new().prefix("manifest-").tempfile_in(root)?;
    serde_json::to_writer_pretty(&mut file, manifest)?;
    file.flush()?;
    // Its text reaches the disk before its name does, or a power cut could leave an empty file of that name.
    file.as_file().sync_all()?;
    super::permissions::open_file(file.path())?;
    file.persist(root.join(NAME))?;
    Ok(())
}

/// Takes the manifest away, before anything that it vouches for is touched.
pub(super) fn remove(root: &Path) -> io::Result<()> {
    match fs::remove_file(root.join(NAME)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Returns the manifest's place, for messages.
pub(super) fn place(root: &Path) -> PathBuf {
    root.join(NAME)
}
