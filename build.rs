//! Lays out what is compiled in of `exercises/`, and makes cargo compile the crate anew when anything below it changes.
//!
//! `include_dir!` takes a folder whole, and what a pack holds for its authors alone would only make the program larger: every
//! day's FEEDBACK.md. So all else is copied to OUT_DIR, and included from there. `include_dir!` lets the compiler track the
//! files that it found, but not ones that are added or removed later (that needs nightly's `track_path`). Cargo scans a named
//! folder whole, so a new day is never left out. <https://doc.rust-lang.org/cargo/reference/build-scripts.html#rerun-if-changed>

use std::fs;
use std::io;
use std::path::Path;

/// What is left out of the folder of a day.
const FOR_AUTHORS: &str = "FEEDBACK.md";
/// How deep it lies below `exercises/`: course, day, file. A solution may have a file of this name.
const DEPTH: usize = 3;

fn main() -> io::Result<()> {
    #[expect(clippy::disallowed_macros, reason = "a build script speaks to cargo on its standard output")]
    {
        println!("cargo:rerun-if-changed=build.rs");
        println!("cargo:rerun-if-changed=exercises");
        println!("cargo:rerun-if-changed=src/cli/pack/template");
    }
    #[expect(clippy::disallowed_methods, reason = "cargo says in the environment where to write")]
    let out = std::env::var("OUT_DIR").map_err(io::Error::other)?;
    let place = Path::new(&out).join("exercises");
    if place.exists() {
        fs::remove_dir_all(&place)?;
    }
    copy(Path::new("exercises"), &place, 1)
}

fn copy(from: &Path, to: &Path, depth: usize) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target, depth + 1)?;
        } else if depth != DEPTH || entry.file_name() != FOR_AUTHORS {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
