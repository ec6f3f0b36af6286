//! A pack that somebody else wrote: whatever is in course.toml, day.toml and expected.toml, it is read, or refused with the name
//! of a file of the pack and, where there is one, the place in it.

use std::fs;
use std::path::{Path, PathBuf};

use grade::day::{DayId, Slug};
use grade::pack::{Course, Day, ExpectedTests, MistakeKind, PackError, PackSource, TestId};
use proptest::prelude::*;

use crate::{config, documents};

const COURSE: &str = r#"title = "A tiny course"
[layout]
folders = ["week{week}/day{day}", "day{day}"]
[[week]]
number = 1
title = "Small"
days = [1, 2]
"#;

const DAY: &str = r#"title = "Greetings"
build = "Create a module that greets"
reference = "plain"
needs = [1]
[modules]
greeting = ["greeting.py", "greeting/__init__.py"]
[candidate]
clock = "virtual"
[limits]
probe = "500ms"
wall = "2m"
memory = "64 MiB"
[names]
greet = ["hello", "Greeter.greet"]
[[requirement]]
id = "greet"
text = "`greet(name)` greets by name"
check = "hidden"
bullets = [1, 3]
hints = ["Return it."]
[[requirement]]
id = "tests"
check = "own-tests"
exercises = ["greet"]
minimum = 2
[[requirement]]
id = "types"
check = "types"
annotated = ["greeting.py"]
[[requirement]]
id = "readme"
text = "a README says what it is"
check = "files"
files = ["README.md"]
[[requirement]]
id = "clean"
check = "git"
rule = "nothing-generated"
paths = ["*.pyc"]
"#;

const EXPECTED: &str = "[requirements]\ngreet = [\n    \"test_greeting.py::test_one\",\n    \"test_greeting.py::test_two[2-3]\",\n]\n";

const DAY_ID: DayId = DayId::new(2);

/// A pack in a folder of its own, which goes with it.
struct Pack {
    folder: tempfile::TempDir,
}

impl Pack {
    fn new() -> Self {
        let pack = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(pack.path("day02-greeting/solutions/plain/day2")).unwrap();
        fs::create_dir_all(pack.path("day02-greeting/hidden")).unwrap();
        [("course.toml", COURSE), ("day02-greeting/day.toml", DAY)]
            .into_iter()
            .fold(pack, |pack, (path, text)| pack.with(path, text.as_bytes()))
    }

    fn with(self, path: &str, bytes: &[u8]) -> Self {
        fs::write(self.path(path), bytes).unwrap();
        self
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("tiny").join(path)
    }

    fn course(&self) -> Result<Course, PackError> {
        Course::open(PackSource::Folder(self.path("")))
    }

    fn day(&self) -> Result<Day, PackError> {
        self.course()?.day(DAY_ID)
    }
}

/// Fails unless an error about the file at `path`, which holds `bytes`, says so and says where in it.
fn names_its_place(error: &PackError, path: &Path, bytes: &[u8]) -> Result<(), TestCaseError> {
    let PackError::Read { file, source } = error else { return missing_day(error) };
    prop_assert!(error.to_string().contains(file), "{error}");
    if Path::new(file) != path {
        // A week less may leave a folder of a day without a week: the error is about that folder.
        prop_assert!(
            path.ends_with("course.toml")
                && path.parent().is_some_and(|root| Path::new(file).starts_with(root))
        );
        return Ok(());
    }
    let lines = String::from_utf8_lossy(bytes).split('\n').count();
    let shown = source.to_string();
    match source.position {
        Some(position) => {
            prop_assert!((1..=lines).contains(&(position.line as usize)), "{shown}");
            prop_assert!(
                shown.starts_with(&format!("line {}, column {}: ", position.line, position.column)),
                "{shown}"
            );
        }
        // A key of a thousand parts is all that TOML's reader gives no place for.
        None => prop_assert!(
            matches!(source.kind, MistakeKind::NotText | MistakeKind::MissingKey { .. })
                || shown == "recursion limit",
            "{shown}"
        ),
    }
    let key = match &source.kind {
        MistakeKind::UnknownKey { key, .. }
        | MistakeKind::WrongType { key, .. }
        | MistakeKind::BadValue { key, .. } => key,
        MistakeKind::MissingKey { key, .. } => *key,
        _ => "",
    };
    prop_assert!(shown.contains(key), "{shown}");
    Ok(())
}

/// Fails unless the error says that the course has no such day: a list of days may have become another.
fn missing_day(error: &PackError) -> Result<(), TestCaseError> {
    let is_that = matches!(error, PackError::NoSuchDay { .. } | PackError::NotGradedYet { .. });
    prop_assert!(is_that, "{error}");
    Ok(())
}

fn slug() -> impl Strategy<Value = Slug> {
    "[a-z][a-z0-9]{0,8}(-[a-z0-9]{1,8}){0,2}".prop_map(|text| text.parse().unwrap())
}

fn test_id() -> impl Strategy<Value = TestId> {
    r#"[^\x00-\x1f\x7f-\x9f]{1,12}\.py::[^\x00-\x1f\x7f-\x9f]{1,20}"#
        .prop_map(|text: String| text.parse().unwrap())
}

/// Returns a day.toml in which hidden tests verify these requirements.
fn day_with<'a>(requirements: impl IntoIterator<Item = &'a Slug>) -> String {
    let head = "title = \"t\"\nbuild = \"b\"\nreference = \"plain\"\n".to_owned();
    requirements.into_iter().fold(head, |text, slug| {
        format!("{text}[[requirement]]\nid = \"{slug}\"\ntext = \"t\"\ncheck = \"hidden\"\n")
    })
}

proptest! {
    #![proptest_config(config(100))]

    #[test]
    fn a_course_that_is_refused_says_where(bytes in documents::any_or_like(COURSE.as_bytes())) {
        let pack = Pack::new().with("course.toml", &bytes);
        if let Err(error) = pack.course() {
            names_its_place(&error, &pack.path("course.toml"), &bytes)?;
        }
    }

    #[test]
    fn a_day_that_is_refused_says_where(bytes in documents::any_or_like(DAY.as_bytes())) {
        let pack = Pack::new().with("day02-greeting/day.toml", &bytes);
        match pack.day() {
            Ok(day) => prop_assert!(!day.requirements().is_empty()),
            Err(error) => names_its_place(&error, &pack.path("day02-greeting/day.toml"), &bytes)?,
        }
    }

    #[test]
    fn a_record_of_tests_that_is_refused_says_where(bytes in documents::any_or_like(EXPECTED.as_bytes())) {
        let path = "day02-greeting/hidden/expected.toml";
        let pack = Pack::new().with(path, &bytes);
        match pack.day().unwrap().recorded() {
            Ok(expected) => prop_assert!(expected.iter().all(|(_, tests)| !tests.is_empty())),
            Err(error) => names_its_place(&error, &pack.path(path), &bytes)?,
        }
    }

    #[test]
    fn the_tests_that_are_recorded_are_read_again(
        tests in prop::collection::vec((slug(), test_id()), 1..6),
    ) {
        let expected: ExpectedTests = tests.into_iter().collect();
        let day = day_with(expected.iter().map(|(slug, _)| slug));
        let pack = Pack::new()
            .with("day02-greeting/day.toml", day.as_bytes())
            .with("day02-greeting/hidden/expected.toml", expected.to_toml().as_bytes());
        prop_assert_eq!(pack.day().unwrap().expected().unwrap(), expected);
    }
}

#[test]
fn the_documents_that_are_tampered_with_are_right_by_themselves() {
    let pack = Pack::new().with("day02-greeting/hidden/expected.toml", EXPECTED.as_bytes());
    assert_eq!(pack.day().unwrap().expected().unwrap().iter().count(), 1);
}
