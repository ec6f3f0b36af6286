//! The reader of facts: one strange file of a learner's must not cost the others their facts, because that would be ours.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use grade::tool::facts::Facts;

/// What Python's parser takes and `tokenize` does not, what neither takes, and what is deeper than either goes.
const STRANGE: &[&str] = &[
    "def n():\n    x\n \\\n\nif a: b",
    "x = 1 \\\n",
    "x = '''",
    "x = 1\0",
    "\u{feff}\u{feff}x = 1",
    "if x:\n    a\n  b\n",
    "x = \"\\ud800\"\n",
];

const FINE: &str = "def test_fine():\n    assert fine()\n";

/// Returns the strange files' texts, and as the last one a fine one's.
fn texts() -> Vec<String> {
    let strange = STRANGE.iter().map(|text| (*text).to_owned());
    let openings = ["(", "[", "-", "not ", "a."];
    let deep = openings.into_iter().map(|opening| format!("x = {}1", opening.repeat(20_000)));
    strange.chain(deep).chain([FINE.to_owned()]).collect()
}

/// Runs the reader over these files of the folder.
fn read(folder: &Path, files: &[String]) -> Facts {
    let mut reader = Command::new("python3")
        // Nothing of the user's environment, and nothing compiled into the kit's folder.
        .args(["-I", "-B"])
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/kit/run.py"))
        .arg("facts")
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let request = serde_json::json!({ "files": files }).to_string();
    reader.stdin.take().unwrap().write_all(request.as_bytes()).unwrap();
    Facts::parse(&reader.wait_with_output().unwrap().stdout).unwrap()
}

#[test]
fn a_strange_file_costs_no_other_file_its_facts() {
    let folder = tempfile::tempdir().unwrap();
    let texts = texts();
    let files: Vec<String> = (0..texts.len()).map(|number| format!("{number}.py")).collect();
    for (path, text) in files.iter().zip(&texts) {
        fs::write(folder.path().join(path), text).unwrap();
    }
    let facts = read(folder.path(), &files);
    assert!(files.iter().all(|path| facts.of(path).is_some()));
    assert!(files.last().is_some_and(|fine| facts.is_python(fine)));
}
