//! `grade.toml`: any bytes are read or refused with the file's name, and with line and key where there are any.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use grade::config::file::{ConfigError, DayConfig, FILE_NAME, MAX_SIZE, Problem, RepositoryConfig};
use grade::day::{DayId, Slug};
use grade::rel_path::RelPath;
use grade::repository::{self, RepositoryError};
use proptest::prelude::*;

use crate::{config, documents, quick};

const VALID: &str = r#"course = "python-23"
[by-hand]
day0 = ["github-repository"]
[days.day4]
folder = "somewhere"
tests = ["tests/day4", "more/tests"]
[days.day2.names]
"LRUCache.put" = "store"
"#;

fn slug() -> impl Strategy<Value = Slug> {
    "[a-z0-9]{1,8}(-[a-z0-9]{1,8}){0,2}".prop_map(|text| text.parse().unwrap())
}

fn path() -> impl Strategy<Value = RelPath> {
    r#"[^/\\\x00-\x1f\x7f-\x9f.]{1,8}(/[^/\\\x00-\x1f\x7f-\x9f.]{1,8}){0,2}"#
        .prop_map(|text: String| text.parse().unwrap())
}

fn day() -> impl Strategy<Value = DayConfig> {
    let names = prop::collection::btree_map(".{0,10}", "[a-z_][a-z0-9_]{0,5}", 0..3);
    (prop::option::of(path()), prop::collection::vec(path(), 0..3), names)
        .prop_map(|(folder, tests, names)| DayConfig { folder, tests, names })
}

fn whole() -> impl Strategy<Value = RepositoryConfig> {
    let day_id = || (0..40_u16).prop_map(DayId::new);
    let by_hand = prop::collection::btree_map(day_id(), prop::collection::btree_set(slug(), 0..3), 0..3);
    let days = prop::collection::btree_map(day_id(), day(), 0..3);
    (prop::option::of(slug()), by_hand, days).prop_map(|(course, by_hand, days)| RepositoryConfig {
        course,
        by_hand,
        days,
    })
}

/// Writes a file that says this: `grade` itself never writes one.
fn written(config: &RepositoryConfig) -> String {
    let quoted = |text: &str| toml::Value::from(text).to_string();
    let list = |texts: Vec<String>| {
        format!("[{}]", texts.iter().map(|text| quoted(text)).collect::<Vec<_>>().join(", "))
    };
    let mut text = String::new();
    let RepositoryConfig { course, by_hand, days } = config;
    course.iter().for_each(|course| writeln!(text, "course = {}", quoted(course.as_str())).unwrap());
    text.push_str("[by-hand]\n");
    for (day, ticked) in by_hand {
        writeln!(text, "{day} = {}", list(ticked.iter().map(Slug::to_string).collect())).unwrap();
    }
    for (day, DayConfig { folder, tests, names }) in days {
        writeln!(text, "[days.{day}]").unwrap();
        folder.iter().for_each(|folder| writeln!(text, "folder = {}", quoted(folder.as_str())).unwrap());
        writeln!(text, "tests = {}", list(tests.iter().map(RelPath::to_string).collect())).unwrap();
        writeln!(text, "[days.{day}.names]").unwrap();
        names.iter().for_each(|(name, own)| writeln!(text, "{} = {}", basic(name), quoted(own)).unwrap());
    }
    text
}

/// Returns a key in quotes. JSON's escapes are TOML's too.
fn basic(key: &str) -> String {
    serde_json::to_string(key).unwrap().replace('\u{7f}', "\\u007f")
}

/// Returns the key that an error is about, unless it is about no key.
fn key(error: &ConfigError) -> Option<&str> {
    match &error.problem {
        Problem::Syntax(_) => None,
        Problem::UnknownKey { key, .. } | Problem::WrongType { key, .. } | Problem::Malformed { key, .. } => {
            Some(key)
        }
    }
}

proptest! {
    #![proptest_config(quick())]

    #[test]
    fn what_is_refused_is_named_with_file_line_and_key(text in documents::text_like(VALID)) {
        if let Err(error) = RepositoryConfig::parse(&text) {
            let shown = error.to_string();
            prop_assert!(shown.starts_with(&format!("`{FILE_NAME}` line {}: ", error.line)), "{shown}");
            prop_assert!((1..=text.split('\n').count()).contains(&error.line), "{shown}");
            prop_assert!(key(&error).is_none_or(|key| shown.contains(key)), "{shown}");
        }
    }

    #[test]
    fn what_is_written_is_what_is_read(config in whole()) {
        let text = written(&config);
        prop_assert_eq!(RepositoryConfig::parse(&text).map_err(|error| error.to_string()), Ok(config), "{}", text);
    }
}

proptest! {
    #![proptest_config(config(60))]

    #[test]
    fn a_repository_whose_file_is_refused_says_which_file(
        bytes in prop_oneof![
            9 => documents::any_or_like(VALID.as_bytes()),
            1 => Just(vec![b'#'; usize::try_from(MAX_SIZE).unwrap() + 1]),
        ],
    ) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE_NAME);
        fs::write(&file, &bytes).unwrap();
        match repository::at(folder.path()) {
            Ok(repository) => {
                let text = std::str::from_utf8(&bytes).unwrap();
                prop_assert_eq!(repository.config(), &RepositoryConfig::parse(text).unwrap());
            }
            Err(error) => {
                prop_assert!(error.to_string().contains(&*file.to_string_lossy()), "{error}");
                let of_the_right_kind = matches!(
                    error,
                    RepositoryError::Config(..) | RepositoryError::ConfigNotText(_) | RepositoryError::ReadConfig(..)
                );
                prop_assert!(of_the_right_kind, "{error:?}");
            }
        }
    }
}

#[test]
fn a_file_that_says_everything_is_read() {
    let config = RepositoryConfig::parse(VALID).unwrap();
    assert_eq!(RepositoryConfig::parse(&written(&config)), Ok(config));
    let nothing = RepositoryConfig { course: None, by_hand: BTreeMap::new(), days: BTreeMap::new() };
    assert_eq!(RepositoryConfig::parse(&written(&nothing)), Ok(nothing));
}
