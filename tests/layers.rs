//! Holds the map at the top of src/lib.rs to the code: a module names only modules of its own layer or of a layer above it.
//!
//! The map is read from lib.rs itself, so there is no second copy of it. What counts is every `crate::module` in the
//! code, in `use` lines and elsewhere, the unit tests' included; comments do not count.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Columns of the map that hold a layer's name.
const NAME_COLUMNS: usize = 10;

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

fn lib() -> String {
    fs::read_to_string(source().join("lib.rs")).unwrap()
}

/// Returns the layer of every module, the outermost being the highest number.
fn map() -> BTreeMap<String, usize> {
    let text = lib();
    let lines =
        text.lines().skip_while(|line| *line != "//! ```text").skip(1).take_while(|line| *line != "//! ```");
    let mut layers = BTreeMap::new();
    let mut layer = 0;
    for line in lines {
        let (name, rest) = line.strip_prefix("//! ").unwrap().split_at(NAME_COLUMNS);
        layer += usize::from(!name.trim().is_empty());
        for module in rest.split("  ").next().unwrap().split(' ') {
            let again = layers.insert(module.to_owned(), layer);
            assert!(again.is_none(), "`{module}` is in the map twice");
        }
    }
    layers
}

/// Returns the modules that lib.rs declares.
fn declared() -> Vec<String> {
    let module = |line: &str| {
        let name = line.strip_prefix("pub ").unwrap_or(line).strip_prefix("mod ")?.strip_suffix(';')?;
        Some(name.to_owned())
    };
    lib().lines().filter_map(module).collect()
}

fn rust_files(path: &Path) -> Vec<PathBuf> {
    if path.is_dir() {
        let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.flat_map(|path| rust_files(&path)).collect()
    } else {
        path.extension().is_some_and(|ending| ending == "rs").then(|| path.to_owned()).into_iter().collect()
    }
}

/// Returns every module of the crate that a module names, with the place.
fn named_by(module: &str) -> Vec<(String, String)> {
    let own = [source().join(module), source().join(format!("{module}.rs"))];
    let files = own.iter().filter(|path| path.exists()).flat_map(|path| rust_files(path));
    files.flat_map(|file| named_in(&file)).collect()
}

fn named_in(file: &Path) -> Vec<(String, String)> {
    let text = fs::read_to_string(file).unwrap();
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
        for rest in line.split("crate::").skip(1) {
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let place = format!("{}:{}", file.strip_prefix(source()).unwrap().display(), index + 1);
            assert!(
                !name.is_empty(),
                "{place}: name one module after `crate::`, so that the layers can be told"
            );
            found.push((name, place));
        }
    }
    found
}

#[test]
fn every_module_has_its_place_in_the_map() {
    let (map, mut declared) = (map(), declared());
    declared.sort();
    assert!(declared.len() > 10, "lib.rs is no longer read rightly: {declared:?}");
    assert_eq!(map.into_keys().collect::<Vec<_>>(), declared);
}

#[test]
fn a_module_uses_only_its_own_layer_and_those_above_it() {
    let map = map();
    let mut seen = 0;
    let mut wrong = Vec::new();
    for (module, layer) in &map {
        for (used, place) in named_by(module) {
            seen += 1;
            match map.get(&used) {
                Some(other) if other <= layer => {}
                Some(_) => wrong.push(format!("{place}: `{module}` stands above `{used}`")),
                None => wrong.push(format!("{place}: `{used}` is not in the map")),
            }
        }
    }
    assert!(seen > 100, "the code is no longer read rightly: {seen} uses");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn runner_and_report_never_see_each_other() {
    for (one, other) in [("runner", "report"), ("report", "runner")] {
        let seen: Vec<_> = named_by(one).into_iter().filter(|(used, _)| used == other).collect();
        assert!(seen.is_empty(), "{seen:?}");
    }
}
