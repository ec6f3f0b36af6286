//! Golden files: what a program writes, kept beside the test. `GRADE_BLESS=1` writes them anew.

use std::path::Path;

/// Compares a text with the golden file at `path`, below the package's root, or writes it.
#[expect(clippy::disallowed_methods, reason = "tests are blessed through the environment")]
pub fn golden(path: &str, text: &str) {
    let full = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("GRADE_BLESS").is_some() {
        std::fs::write(&full, text).unwrap();
    }
    let kept = std::fs::read_to_string(&full).unwrap_or_default();
    assert!(kept == text, "{path} differs; `GRADE_BLESS=1` writes it anew. It is now:\n{text}");
}
