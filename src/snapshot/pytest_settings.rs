//! The learner's own pytest `pythonpath`, read as data from the files in which pytest looks for it.
//!
//! pytest itself never sees these files: they could name plugins and options. Files and sections are those of
//! <https://docs.pytest.org/en/stable/reference/customize.html>; what cannot be understood says nothing.

use toml::de::{DeTable, DeValue};

use crate::rel_path::RelPath;
use crate::tree::Tree;

/// Bytes of a settings file.
const MAX_SIZE: u64 = 256 * 1024;
/// Folders that are taken from one file.
const MAX_ENTRIES: usize = 20;

/// Reads a file's text.
type Format = fn(&str) -> Vec<String>;

/// The files in the order in which pytest looks for them.
const FILES: [(&str, Format); 7] = [
    ("pytest.toml", |text| from_toml(text, &["pytest"])),
    (".pytest.toml", |text| from_toml(text, &["pytest"])),
    ("pytest.ini", |text| from_ini(text, "pytest")),
    (".pytest.ini", |text| from_ini(text, "pytest")),
    ("pyproject.toml", from_pyproject),
    ("tox.ini", |text| from_ini(text, "pytest")),
    ("setup.cfg", |text| from_ini(text, "tool:pytest")),
];

/// Returns the folders that the settings in one of these folders, or above them, put on the Python path, nearest first.
pub fn python_path(tree: &Tree, day_folder: &RelPath) -> Vec<RelPath> {
    let folders = std::iter::once(day_folder.clone()).chain(day_folder.ancestors());
    let mut found = Vec::new();
    for path in folders.flat_map(|folder| of_folder(tree, &folder)) {
        if !found.contains(&path) {
            found.push(path);
        }
    }
    found
}

fn of_folder(tree: &Tree, folder: &RelPath) -> Vec<RelPath> {
    let entries = FILES.iter().map(|(name, format)| entries(tree, folder, name, *format));
    let first = entries.into_iter().find(|entries| !entries.is_empty()).unwrap_or_default();
    let inside = first.iter().take(MAX_ENTRIES).filter_map(|entry| folder.follow(entry));
    inside.filter(|path| tree.is_folder(path)).collect()
}

fn entries(tree: &Tree, folder: &RelPath, name: &str, format: Format) -> Vec<String> {
    let path = folder.child(name).filter(|path| tree.is_file(path));
    let contents = path.and_then(|path| tree.read(&path, MAX_SIZE).ok());
    contents
        .and_then(|contents| String::from_utf8(contents.bytes).ok())
        .map_or_else(Vec::new, |text| format(&text))
}

fn from_pyproject(text: &str) -> Vec<String> {
    let native = from_toml(text, &["tool", "pytest"]);
    if native.is_empty() { from_toml(text, &["tool", "pytest", "ini_options"]) } else { native }
}

fn from_toml(text: &str, tables: &[&str]) -> Vec<String> {
    let Ok(document) = DeTable::parse(text) else { return Vec::new() };
    let mut table = document.get_ref();
    for name in tables {
        let Some(inner) = table.get(*name).and_then(|value| value.get_ref().as_table()) else {
            return Vec::new();
        };
        table = inner;
    }
    match table.get("pythonpath").map(toml::Spanned::get_ref) {
        Some(DeValue::String(text)) => words(text),
        Some(DeValue::Array(items)) => {
            items.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

/// Reads `pythonpath` from a section of an INI file; the value may go on in indented lines.
fn from_ini(text: &str, section: &str) -> Vec<String> {
    let (mut in_section, mut in_value) = (false, false);
    let mut found = Vec::new();
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        let is_indented = line.starts_with([' ', '\t']);
        if in_value && is_indented {
            found.extend(words(line));
        } else if let Some(name) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            (in_section, in_value) = (name == section, false);
        } else if let Some((key, value)) = line.split_once(['=', ':']) {
            in_value = in_section && key.trim() == "pythonpath";
            found.extend(in_value.then(|| words(value)).into_iter().flatten());
        }
    }
    found
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(|word| word.trim_matches(['"', '\'']).to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn python_path_with(file: &str, text: &str) -> Vec<String> {
        let dir = tempfile::tempdir().unwrap();
        for folder in ["src", "lib", "week1/day4"] {
            fs::create_dir_all(dir.path().join(folder)).unwrap();
        }
        fs::write(dir.path().join(file), text).unwrap();
        let tree = Tree::open(dir.path()).unwrap();
        python_path(&tree, &"week1/day4".parse().unwrap()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_file_in_which_pytest_looks_is_read() {
        for (file, text) in [
            ("pytest.ini", "[pytest]\npythonpath = src lib\n"),
            (
                "pytest.ini",
                "[pytest]\naddopts = -q\npythonpath =\n    src\n    # why\n    lib\ntestpaths = x\n",
            ),
            ("tox.ini", "[tox]\npythonpath = week1\n[pytest]\npythonpath: src lib\n"),
            ("setup.cfg", "[tool:pytest]\npythonpath = src \"lib\"\n"),
            ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = [\"src\", \"lib\"]\n"),
            ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = \"src lib\"\n"),
            ("pyproject.toml", "[tool.pytest]\npythonpath = [\"src\", \"lib\"]\n"),
            ("pytest.toml", "[pytest]\npythonpath = [\"src\", \"lib\"]\n"),
            ("week1/pytest.ini", "[pytest]\npythonpath = ../src ../lib\n"),
        ] {
            assert_eq!(python_path_with(file, text), ["src", "lib"], "{file}: {text}");
        }
    }

    #[test]
    fn what_leads_out_is_missing_or_is_not_understood_says_nothing() {
        for (file, text) in [
            ("pytest.ini", "[pytest]\npythonpath = /etc ../.. missing\n"),
            ("pytest.ini", "pythonpath = src\n[other]\npythonpath = src\n"),
            ("pyproject.toml", "[tool.pytest.ini_options\npythonpath = 3"),
            ("pyproject.toml", "[tool.pytest.ini_options]\npythonpath = 3"),
        ] {
            assert_eq!(python_path_with(file, text), Vec::<String>::new(), "{file}: {text}");
        }
    }
}
