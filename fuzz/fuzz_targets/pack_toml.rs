//! A pack's files, split at NUL: course.toml, day.toml, expected.toml. Each is read, or refused with its name and a line that it has.
#![no_main]

use std::cell::LazyCell;
use std::fs;
use std::path::{Path, PathBuf};

use grade::day::DayId;
use grade::pack::{Course, PackError, PackSource};
use libfuzzer_sys::fuzz_target;

thread_local! {
    /// A pack in a folder; its files are written anew for every input.
    static PACK: LazyCell<tempfile::TempDir> = LazyCell::new(|| {
        let pack = tempfile::tempdir().unwrap();
        fs::create_dir_all(pack.path().join("tiny/day02-greeting/solutions/plain")).unwrap();
        fs::create_dir_all(pack.path().join("tiny/day02-greeting/hidden")).unwrap();
        pack
    });
}

const FILES: [&str; 3] = ["course.toml", "day02-greeting/day.toml", "day02-greeting/hidden/expected.toml"];

fn read(root: &Path) -> Result<(), PackError> {
    let day = Course::open(PackSource::Folder(root.to_owned()))?.day(DayId::new(2))?;
    assert!(!day.requirements().is_empty());
    day.recorded().map(drop)
}

/// Fails unless an error about a file of the pack names a line that it has.
fn has_its_place(error: &PackError, root: &Path) {
    let PackError::Read { file, source } = error else { return };
    let path = PathBuf::from(file);
    assert!(path.starts_with(root), "{error}");
    if let Some(position) = source.position {
        let lines = fs::read_to_string(path).unwrap().split('\n').count();
        assert!((1..=lines).contains(&(position.line as usize)), "{source}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let root = PACK.with(|pack| pack.path().join("tiny"));
    let mut parts = bytes.splitn(FILES.len(), |byte| *byte == 0);
    for file in FILES {
        fs::write(root.join(file), parts.next().unwrap_or_default()).unwrap();
    }
    if let Err(error) = read(&root) {
        has_its_place(&error, &root);
    }
});
