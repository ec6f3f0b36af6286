//! What the kit does on systems that are not Linux, as far as it can be tried on one that is: elsewhere.py beside this file tells it
//! that it is on another system, and fails when a call of Linux's is made.

use std::path::Path;
use std::process::Command;

#[test]
fn the_kit_does_without_what_only_linux_has() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        // Nothing of the user's environment, and nothing compiled into the kit's folder.
        .args(["-I", "-B"])
        .arg(folder.join("tests/elsewhere.py"))
        .arg(folder.join("src/kit"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
