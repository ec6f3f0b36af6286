//! Makes cargo compile the crate anew when anything below `exercises/` changes.
//!
//! `include_dir!` lets the compiler track the files that it found, but not ones that are added or removed later
//! (that needs nightly's `track_path`). Cargo scans a named folder whole, so a new day is never left out.
//! <https://doc.rust-lang.org/cargo/reference/build-scripts.html#rerun-if-changed>

fn main() {
    #[expect(clippy::disallowed_macros, reason = "a build script speaks to cargo on its standard output")]
    {
        println!("cargo:rerun-if-changed=build.rs");
        println!("cargo:rerun-if-changed=exercises");
    }
}
