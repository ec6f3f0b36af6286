//! Packs written into scratch folders and read back: what is understood, what is refused, and in which words.

use std::error::Error as _;
use std::fs;

use super::*;
use crate::day::{DayId, Slug};

/// A course in a scratch folder, which is gone when this is dropped.
struct Pack {
    scratch: tempfile::TempDir,
}

impl Pack {
    /// Writes a course of one day that nobody can complain about, except that it has too few solutions.
    fn new() -> Self {
        let pack = Self { scratch: tempfile::tempdir().unwrap() };
        pack.write("course.toml", COURSE)
            .write_day("day.toml", DAY)
            .write_day("guide.md", "# Decorators\n\n`LRUCache.put` may have other names.\n")
            .write_day("hidden/test_timer.py", "@probe\ndef timed(day):\n    \"\"\"Times a call.\"\"\"\n")
            .write_day("hidden/expected.toml", "[requirements]\ntimer = [\"test_timer.py::test_it\"]\n")
            .write_day("starter/week1/day4/decorators.py", "")
            .write_day("solutions/conventional/week1/day4/decorators.py", "timer = 1\n")
            .write_day("solutions/conventional/week1/day4/main.py", "import decorators\n")
            .write_day("solutions/conventional/.gitignore", "__pycache__/\n");
        pack
    }

    fn write(&self, path: &str, contents: &str) -> &Self {
        let path = self.folder().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, contents).unwrap();
        self
    }

    fn write_day(&self, path: &str, contents: &str) -> &Self {
        self.write(&format!("day04-decorators/{path}"), contents)
    }

    fn folder(&self) -> std::path::PathBuf {
        self.scratch.path().join("python-test")
    }

    fn open(&self) -> Result<Course, PackError> {
        Course::open(PackSource::Folder(self.folder()))
    }

    fn day(&self) -> Day {
        self.open().unwrap().day(DAY4).unwrap()
    }

    /// Returns an error as its reader sees it: what, why, and the hint, with the scratch folder left out.
    fn said(&self, error: &PackError) -> String {
        let mut said = error.to_string();
        let causes = std::iter::successors(error.source(), |&error| error.source());
        causes.for_each(|cause| said.push_str(&format!("\n{cause}")));
        if let Some(hint) = error.hint() {
            said.push_str(&format!("\nhint: {hint}"));
        }
        said.replace(&self.folder().display().to_string(), "PACK")
    }

    /// Returns what is said when day.toml holds this text.
    fn day_says(&self, toml: &str) -> String {
        self.write_day("day.toml", toml);
        self.said(&self.open().unwrap().day(DAY4).unwrap_err())
    }
}

const DAY4: DayId = DayId::new(4);

fn slug(text: &str) -> Slug {
    text.parse().unwrap()
}

#[test]
fn the_embedded_catalogue_reads_entirely() {
    let catalogue = Catalogue::embedded();
    assert!(catalogue.names().contains(&DEFAULT_COURSE));
    for name in catalogue.names() {
        let course = catalogue.course(name).unwrap();
        for day in course.days().map(|id| course.day(id).unwrap()) {
            (day.digest().unwrap(), day.guide().unwrap(), day.starter().unwrap());
            (day.solutions().unwrap(), day.wrong().unwrap(), day.recorded().unwrap());
        }
    }
}

#[test]
fn the_default_course_has_the_plan_s_three_weeks_and_23_days() {
    let course = Catalogue::embedded().course(DEFAULT_COURSE).unwrap();
    let days: Vec<u16> = course.weeks().iter().flat_map(|week| &week.days).map(|day| day.number()).collect();
    assert_eq!(days, (0..=22).collect::<Vec<_>>());
    assert_eq!(course.weeks().iter().map(|week| week.number).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(course.layout.folders(1, DayId::new(0)).collect::<Vec<_>>(), ["week1/day0", "day0"]);
}

const COURSE: &str = "\
title = \"A course\"
[layout]
folders = [\"week{week}/day{day}\"]
[[week]]
number = 1
title = \"One\"
days = [4, 5]
";

const DAY: &str = r#"
title = "Functions"
build = "Create a decorator library"
reference = "conventional"

[modules]
decorators = ["decorators.py"]

[names]
"LRUCache.put" = ["set", "__setitem__"]

[[requirement]]
id = "timer"
text = "`@timer` measures"
check = "hidden"
bullets = [2]
"#;
