//! The protocol between examiner and candidate, whose both ends are Python: wire.py beside this file tries it with real Python.

use std::path::Path;
use std::process::Command;

#[test]
fn whatever_a_candidate_sends_is_plain_data_or_an_error_of_the_protocol() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Command::new("python3")
        // Nothing of the user's environment, and nothing compiled into the kit's folder.
        .args(["-I", "-B"])
        .arg(folder.join("tests/properties/wire.py"))
        .arg(folder.join("src/kit"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
