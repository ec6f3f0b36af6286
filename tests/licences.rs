//! Holds the licences and sources of the dependencies to the lists in deny.toml, with nothing but cargo.
//!
//! cargo-deny does more (advisories, duplicates) and takes minutes to build; what must never slip in is checked here. A licence
//! is an SPDX expression (<https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/>); cargo's older `MIT/Apache-2.0`
//! means `OR`.

use std::process::Command;

use serde_json::Value;

fn deny() -> toml::Table {
    include_str!("../deny.toml").parse().unwrap()
}

fn list(table: &str, key: &str) -> Vec<String> {
    let list = deny()[table][key].as_array().unwrap().clone();
    list.into_iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

/// Returns every package that the program is built from on Linux, its tests included.
fn packages() -> Vec<Value> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--filter-platform=x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    metadata["packages"].as_array().unwrap().clone()
}

/// Returns whether an SPDX expression can be satisfied with these licences. `OR` binds weaker than `AND`.
fn is_satisfied(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut words: Vec<&str> = spaced.split_whitespace().rev().collect();
    let satisfied = either(&mut words, allowed);
    assert!(words.is_empty(), "`{expression}` is read only in part");
    satisfied
}

fn either(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut satisfied = both(words, allowed);
    while words.pop_if(|word| *word == "OR").is_some() {
        satisfied |= both(words, allowed);
    }
    satisfied
}

fn both(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    let mut satisfied = one(words, allowed);
    while words.pop_if(|word| *word == "AND").is_some() {
        satisfied &= one(words, allowed);
    }
    satisfied
}

fn one(words: &mut Vec<&str>, allowed: &[String]) -> bool {
    match words.pop() {
        Some("(") => {
            let satisfied = either(words, allowed);
            assert_eq!(words.pop(), Some(")"));
            satisfied
        }
        Some(licence) if words.pop_if(|word| *word == "WITH").is_some() => {
            let exception = words.pop().unwrap();
            allowed.iter().any(|name| *name == format!("{licence} WITH {exception}"))
        }
        Some(licence) => allowed.iter().any(|name| name == licence),
        None => false,
    }
}

#[test]
fn every_dependency_has_a_licence_that_deny_toml_allows() {
    let allowed = list("licenses", "allow");
    let packages = packages();
    let refused: Vec<String> = packages
        .iter()
        .map(|package| (package["name"].as_str().unwrap(), package["license"].as_str().unwrap_or("none")))
        .filter(|(_, licence)| !is_satisfied(licence, &allowed))
        .map(|(name, licence)| format!("{name}: {licence}"))
        .collect();
    assert!(packages.len() > 100, "cargo's answer is no longer read rightly");
    assert_eq!(refused, Vec::<String>::new());
}

#[test]
fn every_dependency_comes_from_a_registry_that_deny_toml_allows() {
    let lock: toml::Table = include_str!("../Cargo.lock").parse().unwrap();
    let registries = list("sources", "allow-registry");
    for package in lock["package"].as_array().unwrap() {
        let source = package.get("source").and_then(toml::Value::as_str);
        let is_allowed =
            |source: &str| registries.iter().any(|registry| source == format!("registry+{registry}"));
        // Without a source it is this crate itself, or a folder beside it.
        let is_fine = source.map_or_else(|| package["name"].as_str() == Some("grade"), is_allowed);
        assert!(is_fine, "{}: {source:?}", package["name"]);
    }
}

#[test]
fn licence_expressions_are_read_as_spdx_means_them() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
    for expression in ["MIT", "GPL-3.0 OR MIT", "Apache-2.0/MIT", "(MIT OR Apache-2.0) AND Unicode-3.0"] {
        assert!(is_satisfied(expression, &allowed), "{expression}");
    }
    for expression in
        ["GPL-3.0", "MIT AND GPL-3.0", "MIT WITH an-exception", "GPL-3.0 OR MIT AND LGPL-3.0", "none"]
    {
        assert!(!is_satisfied(expression, &allowed), "{expression}");
    }
}
