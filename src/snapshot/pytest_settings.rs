//! The learner's own settings of pytest, read as data from the files in which pytest looks for them: whether there are any, and
//! their `pythonpath`.
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

/// What a file says of pytest: the names of the settings, and the folders of `pythonpath`.
#[derive(Debug, Default)]
struct Settings {
    keys: usize,
    python_path: Vec<String>,
}

/// Reads a file's text.
type Format = fn(&str) -> Settings;

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

/// Returns the first file in one of these folders, or above one of them, that has a setting of pytest.
pub fn file<'a>(tree: &Tree, folders: impl IntoIterator<Item = &'a RelPath>) -> Option<RelPath> {
    let above = |folder: &'a RelPath| std::iter::once(folder.clone()).chain(folder.ancestors());
    folders.into_iter().flat_map(above).find_map(|folder| {
        let has_settings = |(name, format): &(&str, Format)| settings(tree, &folder, name, *format).keys > 0;
        folder.child(FILES.iter().find(|file| has_settings(file))?.0)
    })
}

/// Returns the names of the files that may have settings of pytest.
pub fn files() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name).filter(|name| !name.starts_with('.'))
}

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
    let mut paths = FILES.iter().map(|(name, format)| settings(tree, folder, name, *format).python_path);
    let first = paths.find(|entries| !entries.is_empty()).unwrap_or_default();
    let inside = first.iter().take(MAX_ENTRIES).filter_map(|entry| folder.follow(entry));
    inside.filter(|path| tree.is_folder(path)).collect()
}

fn settings(tree: &Tree, folder: &RelPath, name: &str, format: Format) -> Settings {
    let path = folder.child(name).filter(|path| tree.is_file(path));
    let contents = path.and_then(|path| tree.read(&path, MAX_SIZE).ok());
    contents
        .and_then(|contents| String::from_utf8(contents.bytes).ok())
        .map_or_else(Settings::default, |text| format(&text))
}

fn from_pyproject(text: &str) -> Settings {
    let options = from_toml(text, &["tool", "pytest", "ini_options"]);
    if options.keys > 0 { options } else { from_toml(text, &["tool", "pytest"]) }
}

fn from_toml(text: &str, tables: &[&str]) -> Settings {
    let Ok(document) = DeTable::parse(text) else { return Settings::default() };
    let mut table = document.get_ref();
    for name in tables {
        let Some(inner) = table.get(*name).and_then(|value| value.get_ref().as_table()) else {
            return Settings::default();
        };
        table = inner;
    }
    let python_path = match table.get("pythonpath").map(toml::Spanned::get_ref) {
        Some(DeValue::String(text)) => words(text),
        Some(DeValue::Array(items)) => {
            items.iter().filter_map(|item| item.get_ref().as_str()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    };
    Settings { keys: table.keys().filter(|key| key.get_ref() != "ini_options").count(), python_path }
}

/// Reads a section of an INI file; the value of `pythonpath` may go on in indented lines.
fn from_ini(text: &str, section: &str) -> Settings {
    let (mut in_section, mut in_value) = (false, false);
    let mut found = Vec::new();
    let mut keys = 0;
    for line in text.lines().filter(|line| !line.trim_start().starts_with(['#', ';'])) {
        let is_indented = line.starts_with([' ', '\t']);
        if in_value && is_indented {
            found.extend(words(line));
        } else if let Some(name) = line.trim().strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            (in_section, in_value) = (name == section, false);
        } else if let Some((key, value)) = line.split_once(['=', ':']) {
            keys += usize::from(in_section && !is_indented);
            in_value = in_section && key.trim() == "pythonpath";
            found.extend(in_value.then(|| words(value)).into_iter().flatten());
        }
    }
    Settings { keys, python_path: found }
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
    fn settings_are_found_above_a_folder_and_an_empty_section_is_none() {
        for (file_name, text, is_found) in [
            ("week1/day4/pytest.ini", "[pytest]\naddopts = -q\n", true),
            ("week1/setup.cfg", "[tool:pytest]\naddopts =\n    -q\n", true),
            ("pyproject.toml", "[tool.pytest.ini_options]\naddopts = \"-q\"\n", true),
            ("pytest.ini", "[pytest]\n", false),
            ("pytest.ini", "# [pytest]\n[tox]\nx = 1\n", false),
            ("setup.cfg", "[metadata]\nname = x\n", false),
            ("pyproject.toml", "[project]\nname = \"x\"\n", false),
            ("lib/pytest.ini", "[pytest]\naddopts = -q\n", false),
        ] {
            let dir = tempfile::tempdir().unwrap();
            for folder in ["lib", "week1/day4"] {
                fs::create_dir_all(dir.path().join(folder)).unwrap();
            }
            fs::write(dir.path().join(file_name), text).unwrap();
            let tree = Tree::open(dir.path()).unwrap();
            let found = file(&tree, [&"week1/day4".parse().unwrap()]);
            assert_eq!(found.map(|path| path.to_string()), is_found.then(|| file_name.to_owned()), "{text}");
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
