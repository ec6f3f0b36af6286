//! Packs written into scratch folders and read back: what is understood, what is refused, and in which words.

use std::error::Error as _;
use std::fs;
use std::time::Duration;

use include_dir::{Dir, DirEntry, File};

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

    /// Returns what the lint says, a line each: `day04-decorators/day.toml:1: …`.
    fn complaints(&self) -> Vec<String> {
        let root = format!("{}/", self.folder().display());
        let said = |complaint: PackComplaint| {
            let line = complaint.line.map(|line| format!(":{line}")).unwrap_or_default();
            format!("{}{line}: {}", complaint.file.replace(&root, ""), complaint.message)
        };
        lint(&self.open().unwrap()).into_iter().map(said).collect()
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
            let is_hidden = |requirement: &Requirement| requirement.check == Check::Hidden;
            let has_suite = day.requirements().iter().any(is_hidden);
            assert_eq!(has_suite, !day.hidden().unwrap().is_empty(), "{}", day.id);
            assert!(!day.guide().unwrap().is_empty(), "{}", day.id);
            assert!(!day.starter().unwrap().is_empty() && !day.solutions().unwrap().is_empty(), "{}", day.id);
            day.wrong().unwrap().iter().for_each(|wrong| drop(wrong.assemble(&day).unwrap()));
            day.recorded().unwrap();
        }
    }
}

#[test]
fn the_default_course_has_the_plan_s_three_weeks_and_23_days() {
    let course = Catalogue::embedded().course(DEFAULT_COURSE).unwrap();
    let days: Vec<u16> = course.weeks().iter().flat_map(|week| &week.days).map(|day| day.number()).collect();
    assert_eq!(days, (0..=22).collect::<Vec<_>>());
    assert_eq!(course.weeks().iter().map(|week| week.number).collect::<Vec<_>>(), [1, 2, 3]);
    let folders: Vec<_> = course.layout.folders(1, DayId::new(0)).collect();
    assert_eq!(folders, ["week1/day0", "day0", "src/week1/day0", "src/day0"]);
}

#[test]
fn what_is_compiled_in_is_what_lies_on_the_disk() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("exercises");
    for name in Catalogue::embedded().names() {
        let mut on_disk = PackSource::Folder(root.join(name)).tree("").unwrap();
        let course = Catalogue::embedded().course(name).unwrap();
        for day in course.days().map(|id| course.day(id).unwrap()) {
            // For authors, and no part of the program.
            on_disk.remove(&source::joined(day.folder(), FEEDBACK).parse().unwrap());
        }
        assert!(course.source().tree("").unwrap() == on_disk, "{name}");
    }
}

#[test]
fn every_key_of_a_day_is_understood() {
    let pack = Pack::new();
    pack.write_day("day.toml", EVERYTHING);
    let day = pack.day();
    assert_eq!((day.id, day.slug.as_str(), day.folder()), (DAY4, "decorators", "day04-decorators"));
    assert_eq!((day.title.as_str(), day.build.as_str()), ("Functions", "Create a decorator library"));
    assert_eq!(day.needs, [DayId::new(1), DayId::new(2)]);
    assert_eq!(day.reviews, [DayId::new(2)]);
    assert_eq!(day.clock, Clock::Virtual);
    let (probe, import) = (Some(Duration::from_millis(500)), Some(Duration::from_secs(10)));
    let limits = DayLimits { probe, import, wall: Some(Duration::from_secs(120)), memory: Some(64 << 20) };
    assert_eq!(day.limits, limits);
    let files: Vec<&str> = day.modules.files("decorators").unwrap().iter().map(PackPath::as_str).collect();
    assert_eq!(files, ["decorators.py", "decorators/__init__.py"]);
    let (name, others) = day.names.iter().next().unwrap();
    assert_eq!((name.as_str(), others.len()), ("LRUCache.put", 2));
}

#[test]
fn every_kind_of_check_is_understood() {
    let pack = Pack::new();
    pack.write_day("day.toml", EVERYTHING);
    let day = pack.day();
    let checks: Vec<Check> = day.requirements().iter().map(|requirement| requirement.check.clone()).collect();
    let one = |text: &str| vec![text.parse::<PackPath>().unwrap()];
    let exercises = ["timer", "retry"].map(|name| name.parse().unwrap()).to_vec();
    let paths = vec!["__pycache__/".to_owned(), "x.pyc".to_owned()];
    let other_tests = |covers, shows: &[Means]| {
        let (exercises, shows) = (Vec::new(), shows.to_vec());
        Check::OwnTests { exercises, minimum: 1, catches: 0, covers, shows }
    };
    let expected = [
        Check::Hidden,
        Check::OwnTests { exercises, minimum: 5, catches: 30, covers: None, shows: Vec::new() },
        other_tests(Some(85), &[]),
        other_tests(None, &[Means::Mocks, Means::Fixtures]),
        Check::PytestSettings,
        Check::Types { annotated: one("banking.py") },
        Check::Lint,
        Check::Files { folders: one("week1"), files: one("README.md"), day_files: one("main.py") },
        Check::Git(GitRule::Ignores(paths.clone())),
        Check::Git(GitRule::NothingGenerated(paths)),
        Check::Git(GitRule::Committed),
        Check::ByHand,
    ];
    assert_eq!(checks, expected);
    let timer = &day.requirements()[0];
    assert_eq!((timer.id.to_string().as_str(), timer.bullets.as_slice()), ("day4.timer", &[2, 3][..]));
    assert_eq!(timer.hints, ["first", "second"]);
    assert_eq!(day.requirements()[1].hints, ["a single one"]);
}

#[test]
fn a_stage_of_a_hint_says_something_and_something_else_than_those_before() {
    for (hints, why) in [
        ("[\"one\", \"two\", \"one\"]", "hint 3 has been said already; each helps a step further"),
        ("[\"one\", \" \"]", "it is blank"),
        ("\" \"", "it is blank"),
        ("1", "`hints` is an integer"),
    ] {
        let pack = Pack::new();
        pack.write_day("day.toml", &format!("{DAY}hints = {hints}\n"));
        let said = format!("{:?}", pack.complaints());
        assert!(said.contains(why), "{hints}: {said}");
    }
}

#[test]
fn a_requirement_without_words_of_its_own_gets_the_usual_ones() {
    let pack = Pack::new();
    pack.write_day("day.toml", EVERYTHING);
    let texts: Vec<String> =
        pack.day().requirements().iter().map(|requirement| requirement.text.clone()).collect();
    let expected = [
        "`@timer` measures",
        "your own tests make at least 5 assertions, and all pass",
        "your own tests reach more than 85 % of your code",
        "mocks and fixtures",
        "your settings of pytest are in `pytest.ini` or another file that it reads",
        "mypy finds no errors in the day's files",
        "ruff finds nothing to complain about in the day's files",
        "`week1`, `README.md`, `main.py` must be there",
        "git ignores what Python leaves behind",
        "nothing that Python generates is in git",
        "everything is committed",
        "github repository (tick it yourself)",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn a_mistake_in_a_day_is_said_with_its_place_and_what_was_meant() {
    let instead = |old: &str, new: &str| {
        assert!(DAY.contains(old), "{old}");
        DAY.replacen(old, new, 1)
    };
    let after = |lines: &str| format!("{DAY}{lines}\n");
    let second = |lines: &str| format!("{DAY}[[requirement]]\nid = \"second\"\n{lines}\n");
    let cases = [
        (instead("title = \"Functions\"\n", ""), "the file has no `title`"),
        (
            instead("title =", "titel ="),
            "line 2, column 1: unknown key `titel` in the file\nhint: the key is `title`, which must be there",
        ),
        (
            instead("\n[modules]", "titel = \"x\"\n[modules]"),
            "line 5, column 1: unknown key `titel` in the file\nhint: the key is `title`",
        ),
        (instead("\"Functions\"", "7"), "line 2, column 9: `title` is an integer, and a string is wanted"),
        (instead("\"Functions\"", "\"  \""), "line 2, column 9: `title`: it is blank"),
        (instead("\"Functions\"", "\"Func"), "line 2, column 14: invalid basic string, expected `\"`"),
        (instead("title =", "title = \"a\"\ntitle ="), "line 3, column 1: duplicate key"),
        (
            instead("\"conventional\"", "\"convential\""),
            "line 4, column 13: `reference`: the day has no solution `convential`\nhint: the nearest solution is `conventional`",
        ),
        (
            instead("\n[modules]", "needs = [4]\n[modules]"),
            "line 5, column 10: `needs`: day4 does not come before day4",
        ),
        (
            instead("\n[modules]", "needs = [3]\n[modules]"),
            "line 5, column 10: `needs`: no week of the course lists day3",
        ),
        (
            instead("\n[modules]", "needs = [\"monday\"]\n[modules]"),
            "line 5, column 10: `needs`: `monday` is not a day; days are written like `day4`",
        ),
        (
            instead("[\"decorators.py\"]", "[]"),
            "line 7, column 14: `decorators`: it is empty, and at least one is wanted",
        ),
        (
            instead("[\"decorators.py\"]", "\"decorators.py\""),
            "line 7, column 14: `decorators` is a string, and an array is wanted",
        ),
        (
            instead("\"decorators.py\"", "\"../x.py\""),
            "line 7, column 15: `decorators`: `../x.py` is not a path below the root; write it like `week1/day4/main.py`, without `..` or `.git` and without `/` in front",
        ),
        (
            instead("decorators =", "\"a.b\" ="),
            "line 7, column 1: `[modules]`: `a.b` has a dot; probes reach a module as `day.<name>`",
        ),
        (
            instead("\"LRUCache.put\"", "\"LRUCache put\""),
            "line 10, column 1: `[names]`: `LRUCache put` is not a Python name; names are written like `timer` or `LRUCache.put`",
        ),
        (
            instead("\"timer\"", "\"Timer\""),
            "line 13, column 6: `id`: `Timer` is not a name; names are lower-case words joined by hyphens, like `rate-limit`",
        ),
        (instead("text = \"`@timer` measures\"\n", ""), "line 12, column 1: `[[requirement]]` has no `text`"),
        (
            instead("\"hidden\"", "\"hiden\""),
            "line 15, column 9: `check`: `hiden` is not one of `hidden`, `own-tests`, `types`, `lint`, `files`, `pytest-settings`, `git`, `by-hand`\nhint: the nearest value is `hidden`",
        ),
        (
            instead("[[requirement]]", "[[requirment]]"),
            "line 12, column 3: unknown key `requirment` in the file\nhint: the key is `requirement`, which must be there",
        ),
        (
            instead("check = ", "chek = "),
            "line 15, column 1: unknown key `chek` in `[[requirement]]`\nhint: the key is `check`, which must be there",
        ),
        (
            after("[bullets]\none = \"Start\""),
            "line 18, column 1: `[bullets]`: `one` is not the number of a bullet, like `1`",
        ),
        (
            after("[bullets]\n1 = \"Start\"\n3 = \"End\""),
            "line 17, column 2: `bullets`: there is no 2; bullets are numbered from 1, without a gap",
        ),
        (
            instead("[2]", "[2, 2]"),
            "line 16, column 11: `bullets`: 2 comes after 2; bullets ascend, each once",
        ),
        (
            instead("[2]", "[3, 1]"),
            "line 16, column 11: `bullets`: 1 comes after 3; bullets ascend, each once",
        ),
        (instead("[2]", "[0]"), "line 16, column 12: `bullets`: `0` is not between 1 and 100"),
        (
            instead("bullets", "bulets"),
            "line 16, column 1: unknown key `bulets` in `[[requirement]]`\nhint: the key is `bullets`",
        ),
        (
            instead("bullets = [2]", "minimum = 2"),
            "line 16, column 1: unknown key `minimum` in `[[requirement]]`\nhint: `minimum` belongs to `check = \"own-tests\"`",
        ),
        (
            after("[[requirement]]\nid = \"timer\"\ncheck = \"lint\""),
            "line 18, column 6: `id`: another requirement is called `timer` too",
        ),
        (second(""), "line 17, column 1: `[[requirement]]` has no `check`"),
        (
            second("check = \"own-tests\"\nminimum = 0"),
            "line 20, column 11: `minimum`: `0` is not between 1 and 1000",
        ),
        (
            second("check = \"files\""),
            "line 17, column 1: `check`: `files` wants at least one of `folders`, `files`, `day_files`",
        ),
        (
            second("check = \"git\"\nrule = \"commited\""),
            "line 20, column 8: `rule`: `commited` is not one of `ignores`, `nothing-generated`, `committed`\nhint: the nearest value is `committed`",
        ),
        (
            second("check = \"git\"\nrule = \"ignores\""),
            "line 17, column 1: `[[requirement]]` has no `paths`",
        ),
        (
            second("check = \"git\"\nrule = \"committed\"\npaths = []"),
            "line 21, column 1: unknown key `paths` in `[[requirement]]`\nhint: the keys here are `id`, `check`, `rule`, `text`, `bullets`, `hints`",
        ),
        (
            after("[limits]\ntime_limit = \"20s\""),
            "line 18, column 1: unknown key `time_limit` in `[limits]`\nhint: the key is `wall`",
        ),
        (
            after("[limits]\nprobes = \"20s\""),
            "line 18, column 1: unknown key `probes` in `[limits]`\nhint: the key is `probe`",
        ),
        (
            after("[limits]\nx = 1"),
            "line 18, column 1: unknown key `x` in `[limits]`\nhint: the keys here are `probe`, `import`, `wall`, `memory`",
        ),
        (after("[limits]\nwall = 20"), "line 18, column 8: `wall` is an integer, and a string is wanted"),
        (
            after("[limits]\nwall = \"20\""),
            "line 18, column 8: `wall`: `20` is not a duration; durations are written like `500ms`, `20s` or `2m`",
        ),
        (
            after("[limits]\nmemory = \"1GB\""),
            "line 18, column 10: `memory`: `1GB` is not a size; sizes are written like `512KiB`, `64 MiB` or `1GiB`",
        ),
        (
            after("[candidate]\nclock = \"virtul\""),
            "line 18, column 9: `clock`: `virtul` is not one of `real`, `virtual`\nhint: the nearest value is `virtual`",
        ),
        (
            after("candidate = 1"),
            "line 17, column 1: unknown key `candidate` in `[[requirement]]`\nhint: the keys here are `id`, `check`, `text`, `bullets`, `hints`",
        ),
        (
            instead("\n[modules]", "limits = 1\n[modules]"),
            "line 5, column 10: `limits` is an integer, and a table is wanted",
        ),
        (DAY.split("[[requirement]]").next().unwrap().to_owned(), "the file has no `requirement`"),
        (
            DAY.split("[modules]").next().unwrap().to_owned() + "requirement = []",
            "line 6, column 15: `requirement`: it is empty, and at least one is wanted",
        ),
    ];
    for (toml, expected) in cases {
        let pack = Pack::new();
        let said = pack.day_says(&toml);
        assert_eq!(said, format!("failed to read `PACK/day04-decorators/day.toml`\n{expected}"), "{toml}");
    }
}

#[test]
fn a_mistake_in_a_course_is_said_with_its_place() {
    let cases = [
        ("title = \"A course\"\n", "", "the file has no `title`"),
        (
            "[layout]",
            "[layuot]",
            "line 2, column 2: unknown key `layuot` in the file\nhint: the key is `layout`, which must be there",
        ),
        (
            "{day}",
            "{dya}",
            "line 3, column 12: `folders`: `week{week}/day{dya}` has a placeholder other than `{week}` and `{day}`",
        ),
        (
            "/day{day}",
            "",
            "line 3, column 12: `folders`: `week{week}` is the same folder for every day; it needs `{day}`",
        ),
        ("number = 1", "number = 0", "line 5, column 10: `number`: `0` is not between 1 and 99"),
        ("[1, 2, 4, 5]", "[5, 4]", "line 7, column 8: `days`: day4 comes after day5; days ascend, each once"),
        ("[1, 2, 4, 5]", "[]", "line 7, column 8: `days`: it is empty, and at least one is wanted"),
        (
            "days = [1, 2, 4, 5]",
            "days = [1, 2, 4, 5]\nday = 1",
            "line 8, column 1: unknown key `day` in `[[week]]`\nhint: the key is `days`",
        ),
        (
            "[1, 2, 4, 5]\n",
            "[1, 2, 4, 5]\n[[week]]\nnumber = 2\ntitle = \"Two\"\ndays = [5]\n",
            "line 8, column 1: `week`: day5 is in an earlier week already",
        ),
        (
            "[1, 2, 4, 5]\n",
            "[1, 2, 4, 5]\n[[week]]\nnumber = 1\ntitle = \"Two\"\ndays = [6]\n",
            "line 8, column 1: `week`: week 1 comes after week 1; weeks ascend",
        ),
    ];
    for (old, new, expected) in cases {
        let pack = Pack::new();
        assert!(COURSE.contains(old), "{old}");
        pack.write("course.toml", &COURSE.replacen(old, new, 1));
        let said = pack.said(&pack.open().unwrap_err());
        assert_eq!(said, format!("failed to read `PACK/course.toml`\n{expected}"));
    }
}

#[test]
fn a_folder_that_is_almost_a_day_is_not_passed_over() {
    let misnamed = "it is not named like a day; the folder of a day is called like `day04-decorators`";
    let cases = [
        ("day5-classes", misnamed),
        ("Day05-classes", misnamed),
        ("day05_classes", misnamed),
        ("day06-plugins", "no week of the course lists day6"),
        ("day04-functions", "`day04-decorators` is day4 too"),
    ];
    for (folder, why) in cases {
        let pack = Pack::new();
        pack.write(&format!("{folder}/day.toml"), DAY);
        assert_eq!(pack.said(&pack.open().unwrap_err()), format!("failed to read `PACK/{folder}`\n{why}"));
    }
}

#[test]
fn a_day_or_course_that_is_not_there_is_told_apart_from_one_that_is_not_written() {
    let pack = Pack::new();
    let course = pack.open().unwrap();
    let said = |number| pack.said(&course.day(DayId::new(number)).unwrap_err());
    assert_eq!(said(5), "day5 of `python-test` is not graded yet\nhint: graded are `day4`");
    assert_eq!(said(9), "`python-test` has no day9\nhint: graded are `day4`");
    assert_eq!(course.days_not_graded_yet().collect::<Vec<_>>(), [1, 2, 5].map(DayId::new));
    let said = |name| pack.said(&Catalogue::embedded().course(name).unwrap_err());
    assert_eq!(said("python23"), "there is no course `python23`\nhint: the nearest is `python-23`");
    assert!(said("xyz").ends_with("; `--pack DIR` takes one from a folder"));
}

#[test]
fn a_day_reads_alike_from_the_program_and_from_a_folder() {
    const IGNORE: &[DirEntry<'static>] = &[DirEntry::File(File::new(
        "python-test/day04-decorators/solutions/conventional/.gitignore",
        b"*.pyc\n",
    ))];
    const SOLUTIONS: &[DirEntry<'static>] =
        &[DirEntry::Dir(Dir::new("python-test/day04-decorators/solutions/conventional", IGNORE))];
    const FILES: &[DirEntry<'static>] = &[
        DirEntry::File(File::new("python-test/day04-decorators/day.toml", DAY.as_bytes())),
        DirEntry::Dir(Dir::new("python-test/day04-decorators/solutions", SOLUTIONS)),
    ];
    const DAYS: &[DirEntry<'static>] = &[
        DirEntry::File(File::new("python-test/course.toml", COURSE.as_bytes())),
        DirEntry::Dir(Dir::new("python-test/day04-decorators", FILES)),
    ];
    static EMBEDDED: Dir<'static> = Dir::new("python-test", DAYS);

    let pack = Pack::new();
    fs::remove_dir_all(pack.folder().join("day04-decorators")).unwrap();
    pack.write_day("day.toml", DAY).write_day("solutions/conventional/.gitignore", "*.pyc\n");
    let embedded = Course::open(PackSource::Embedded(&EMBEDDED)).unwrap().day(DAY4).unwrap();
    assert_eq!(embedded.digest().unwrap(), pack.day().digest().unwrap());
    assert_eq!(embedded.solutions().unwrap(), pack.day().solutions().unwrap());
    let missing = embedded.guide().unwrap_err();
    let expected = "failed to read `exercises/python-test/day04-decorators/guide.md`\nthere is no such file";
    assert_eq!(pack.said(&missing), expected);
}

#[test]
fn a_folder_that_holds_no_course_is_said_with_what_is_wanted() {
    let pack = Pack::new();
    fs::remove_file(pack.folder().join("course.toml")).unwrap();
    let hint = "hint: `--pack` takes a course's folder, the one that holds `course.toml`";
    let said = format!("failed to read `PACK/course.toml`\nthere is no such file\n{hint}");
    assert_eq!(pack.said(&pack.open().unwrap_err()), said);
    fs::remove_dir_all(pack.folder()).unwrap();
    let said = format!("failed to read `PACK`\nthere is no such folder\n{hint}");
    assert_eq!(pack.said(&pack.open().unwrap_err()), said);
}

#[test]
fn toml_that_is_nested_without_end_is_refused_and_does_not_end_the_program() {
    let pack = Pack::new();
    let said = pack.day_says(&format!("title = {}", "[".repeat(1_000_000)));
    assert!(said.contains("line 1, column"), "{said}");
}

#[test]
fn a_tree_cannot_reach_into_a_repository_s_git_folder() {
    let pack = Pack::new();
    pack.write_day("starter/.git/hooks/pre-commit", "#!/bin/sh");
    let path = "`.git/hooks/pre-commit` is not a path below the root";
    let form = "write it like `week1/day4/main.py`, without `..` or `.git` and without `/` in front";
    let said = format!("failed to read `PACK/day04-decorators/starter`\n{path}; {form}");
    assert_eq!(pack.said(&pack.day().starter().unwrap_err()), said);
}

#[cfg(unix)]
#[test]
fn a_link_a_pipe_and_too_large_a_file_are_refused() {
    let pack = Pack::new();
    let hidden = pack.folder().join("day04-decorators/hidden");
    let said = || pack.said(&pack.day().digest().unwrap_err());
    std::os::unix::fs::symlink("/etc/passwd", hidden.join("test_link.py")).unwrap();
    let link = "`test_link.py` in it is a link; packs hold files and folders only";
    assert_eq!(said(), format!("failed to read `PACK/day04-decorators/hidden`\n{link}"));
    fs::remove_file(hidden.join("test_link.py")).unwrap();

    make_pipe(&hidden.join("test_pipe.py"));
    let pipe = "`test_pipe.py` in it is a device, pipe or socket; packs hold files and folders only";
    assert_eq!(said(), format!("failed to read `PACK/day04-decorators/hidden`\n{pipe}"));
    fs::remove_file(hidden.join("test_pipe.py")).unwrap();

    fs::File::create(hidden.join("test_huge.py")).unwrap().set_len(1 << 33).unwrap();
    let huge = "failed to read `PACK/day04-decorators/hidden/test_huge.py`\nit is larger than 4 MiB";
    assert_eq!(said(), huge);
}

#[cfg(unix)]
#[test]
fn a_folder_that_is_a_link_is_refused_on_the_way_to_what_lies_in_it() {
    let pack = Pack::new();
    let hidden = pack.folder().join("day04-decorators/hidden");
    fs::rename(&hidden, pack.scratch.path().join("elsewhere")).unwrap();
    std::os::unix::fs::symlink(pack.scratch.path().join("elsewhere"), &hidden).unwrap();
    let said = pack.said(&pack.day().digest().unwrap_err());
    assert_eq!(said, "failed to read `PACK/day04-decorators/hidden`\nit is a link, and a folder is wanted");
}

#[test]
fn a_tree_that_is_too_deep_or_has_too_many_files_is_refused() {
    let pack = Pack::new();
    let said = || pack.said(&pack.day().starter().unwrap_err());
    pack.write_day(&format!("starter/{}x.py", "a/".repeat(17)), "");
    assert_eq!(said(), "failed to read `PACK/day04-decorators/starter`\nit is more than 16 folders deep");
    fs::remove_dir_all(pack.folder().join("day04-decorators/starter")).unwrap();
    for number in 0..=2_000 {
        pack.write_day(&format!("starter/{}/{number}.py", number % 2), "");
    }
    assert_eq!(
        said(),
        "failed to read `PACK/day04-decorators/starter`\nit holds more than 2000 files or 32 MiB"
    );
}

#[cfg(unix)]
#[test]
fn a_day_toml_that_is_no_file_or_no_text_is_refused() {
    let pack = Pack::new();
    let toml = pack.folder().join("day04-decorators/day.toml");
    let says = |why: &str| {
        let said = pack.said(&pack.open().unwrap().day(DAY4).unwrap_err());
        assert_eq!(said, format!("failed to read `PACK/day04-decorators/day.toml`\n{why}"));
    };
    fs::remove_file(&toml).unwrap();
    says("there is no such file");
    std::os::unix::fs::symlink("guide.md", &toml).unwrap();
    // The folder is only listed by name when a tree is read, so this one is met on the way to the file.
    says("it is a link, and a file is wanted");
    fs::remove_file(&toml).unwrap();
    make_pipe(&toml);
    says("it is a device, pipe or socket, and a file is wanted");
    fs::remove_file(&toml).unwrap();
    fs::write(&toml, b"\xff").unwrap();
    says("it is not UTF-8 text");
}

#[cfg(unix)]
fn make_pipe(path: &std::path::Path) {
    assert!(std::process::Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn the_digest_changes_with_what_can_change_a_verdict_and_with_nothing_else() {
    let pack = Pack::new();
    let digest = || pack.day().digest().unwrap();
    let before = digest();
    pack.write_day("guide.md", "other words").write_day("starter/x.py", "");
    pack.write_day("solutions/conventional/x.py", "").write_day("hidden/__pycache__/test_timer.pyc", "");
    assert_eq!(digest(), before);
    pack.write_day("hidden/test_more.py", "");
    let with_another_test = digest();
    pack.write_day("day.toml", &DAY.replace("Functions", "Methods"));
    let with_another_title = digest();
    assert!(before != with_another_test && with_another_test != with_another_title);
}

#[test]
fn a_hidden_suite_appears_whole_and_once() {
    let (pack, below) = (Pack::new(), tempfile::tempdir().unwrap());
    let day = pack.day();
    let suites: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> =
            (0..8).map(|_| scope.spawn(|| day.materialise_hidden(below.path()).unwrap())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let digest = day.digest().unwrap().to_hex();
    assert!(suites.iter().all(|suite| *suite == below.path().join(digest.as_str()).join("day04-decorators")));
    let test = fs::read(suites[0].join("test_timer.py")).unwrap();
    assert_eq!(Some(test.as_slice()), day.hidden().unwrap().get("test_timer.py"));
    let left: Vec<_> = fs::read_dir(below.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "scratch folders are swept: {left:?}");
}

#[cfg(unix)]
#[test]
fn a_hidden_suite_is_readable_for_everybody() {
    use std::os::unix::fs::PermissionsExt;

    let (pack, below) = (Pack::new(), tempfile::tempdir().unwrap());
    let suite = pack.day().materialise_hidden(below.path()).unwrap();
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        [mode(suite.parent().unwrap()), mode(&suite), mode(&suite.join("test_timer.py"))],
        [0o755, 0o755, 0o644]
    );
}

#[test]
fn expected_tests_read_back_as_they_are_written() {
    let pack = Pack::new();
    let test = |text: &str| text.parse::<TestId>().unwrap();
    let tests = [("timer", "test_timer.py::b[\"x\\n]"), ("timer", "test_timer.py::a")];
    let expected: ExpectedTests = tests.into_iter().map(|(name, id)| (slug(name), test(id))).collect();
    pack.write_day("hidden/expected.toml", &expected.to_toml());
    assert_eq!(pack.day().expected().unwrap(), expected);
    let written = "\
# The tests that must run and pass for each requirement, as the reference solution ran them.
# Written by `grade pack record`; do not edit it by hand.

[requirements]
timer = [
    \"test_timer.py::a\",
    'test_timer.py::b[\"x\\n]',
]
";
    assert_eq!(expected.to_toml(), written);
}

#[test]
fn expected_tests_that_could_let_anybody_pass_are_refused() {
    let record = "`timer`: it has hidden tests, but none is recorded\nhint: `grade pack record` writes it from a run of the reference solution";
    let cases = [
        ("", "the file has no `requirements`"),
        ("[requirements]\n", record),
        (
            "[requirements]\ntimer = []\n",
            "line 2, column 9: `timer`: it is empty, and at least one is wanted",
        ),
        (
            "[requirements]\ntimr = [\"test_a.py::b\"]\n",
            "line 2, column 1: `[requirements]`: the day has no hidden requirement `timr`\nhint: the nearest hidden requirement is `timer`",
        ),
        (
            "[requirements]\ntimer = [\"test_a.py::b\", \"test_a.py::b\"]\n",
            "line 2, column 26: `timer`: `test_a.py::b` is there twice",
        ),
        (
            "[requirements]\ntimer = [\"b\"]\n",
            "line 2, column 10: `timer`: `b` is not a test; tests are written like `test_timer.py::test_the_result_is_returned`",
        ),
    ];
    for (toml, expected) in cases {
        let pack = Pack::new();
        pack.write_day("hidden/expected.toml", toml);
        let said = pack.said(&pack.day().expected().unwrap_err());
        assert_eq!(said, format!("failed to read `PACK/day04-decorators/hidden/expected.toml`\n{expected}"));
    }
}

#[test]
fn a_wrong_solution_is_its_base_with_files_taken_away_put_over_and_written() {
    let pack = Pack::new();
    let more = "remove = [\"week1/day4/main.py\"]\n[write]\n\"a/x.pyc\" = \"\"\n";
    pack.write_day("wrong/no-timer/wrong.toml", &format!("{WRONG}{more}"));
    pack.write_day("wrong/no-timer/week1/day4/decorators.py", "timer = 0\n");
    let day = pack.day();
    let wrong = &day.wrong().unwrap()[0];
    assert_eq!((wrong.name.as_str(), wrong.fails.as_slice()), ("no-timer", &[slug("timer")][..]));
    let tree = wrong.assemble(&day).unwrap();
    let files: Vec<(&str, &[u8])> = tree.files().map(|(path, contents)| (path.as_str(), contents)).collect();
    let expected: [(&str, &[u8]); 3] =
        [(".gitignore", b"__pycache__/\n"), ("a/x.pyc", b""), ("week1/day4/decorators.py", b"timer = 0\n")];
    assert_eq!(files, expected);
}

#[test]
fn a_wrong_solution_that_makes_no_sense_is_refused() {
    let cases = [
        (
            "conventional",
            "conventionel",
            "line 1, column 8: `base`: the day has no solution `conventionel`\nhint: the nearest solution is `conventional`",
        ),
        (
            "[\"timer\"]",
            "[\"timr\"]",
            "line 3, column 10: `fails`: the day has no requirement `timr`\nhint: the nearest requirement is `timer`",
        ),
        ("[\"timer\"]", "[]", "line 3, column 9: `fails`: it is empty, and at least one is wanted"),
        ("[\"timer\"]", "[\"timer\", \"timer\"]", "line 3, column 9: `fails`: `timer` is there twice"),
        (
            "[\"timer\"]",
            "[\"github-repository\"]",
            "line 3, column 10: `fails`: `github-repository` is by hand, so no run can fail it",
        ),
        (
            "]\n",
            "]\nremove = [\"week1/day4/mian.py\"]\n",
            "`remove`: `week1/day4/mian.py` is not in the base `conventional`",
        ),
        (
            "]\n",
            "]\nremove = [\"week1/day4/main.py\"]\n[write]\n\"week1/day4/main.py\" = \"\"\n",
            "`remove`: `week1/day4/main.py` is both removed and put there",
        ),
        (
            "]\n",
            "]\n[write]\n\"over.py\" = \"\"\n",
            "`write`: `over.py` also lies in the folder; one of the two must go",
        ),
        (
            "]\n",
            "]\n[write]\n\"/etc/x\" = \"\"\n",
            "line 5, column 1: `[write]`: `/etc/x` is not a path below the root; write it like `week1/day4/main.py`, without `..` or `.git` and without `/` in front",
        ),
        ("]\n", "]\n[git]\nuncommitted = [\"no.py\"]\n", "`git`: `no.py` is not in the tree"),
        (
            "]\n",
            "]\n[git]\nstate = \"empty\"\nforced = [\"over.py\"]\n",
            "line 4, column 2: `state`: without a commit, `uncommitted` and `forced` mean nothing",
        ),
        (
            "]\n",
            "]\n[git]\nstate = \"non\"\n",
            "line 5, column 9: `state`: `non` is not one of `committed`, `none`, `empty`\nhint: the nearest value is `none`",
        ),
        ("why", "because", "the file has no `why`"),
    ];
    for (old, new, expected) in cases {
        let pack = Pack::new();
        pack.write_day("day.toml", EVERYTHING).write_day("wrong/spoiled/over.py", "");
        pack.write_day("wrong/spoiled/wrong.toml", &WRONG.replacen(old, new, 1));
        let day = pack.day();
        let error = day.wrong().and_then(|wrong| wrong[0].assemble(&day)).unwrap_err();
        let file = "failed to read `PACK/day04-decorators/wrong/spoiled/wrong.toml`";
        assert_eq!(pack.said(&error), format!("{file}\n{expected}"));
    }
}

#[test]
fn laying_new_files_keeps_what_a_learner_has_written() {
    let (pack, repository) = (Pack::new(), tempfile::tempdir().unwrap());
    let tree = pack.day().solution(&slug("conventional")).unwrap().tree;
    let gitignore = repository.path().join(".gitignore");
    fs::write(&gitignore, "mine").unwrap();
    let laid = tree.lay_new(repository.path()).unwrap();
    assert_eq!((laid.written.len(), laid.kept.as_slice()), (2, &[".gitignore".parse().unwrap()][..]));
    assert_eq!(fs::read_to_string(&gitignore).unwrap(), "mine");
    tree.lay_over(repository.path()).unwrap();
    assert_eq!(fs::read_to_string(&gitignore).unwrap(), "__pycache__/\n");
}

#[cfg(unix)]
#[test]
fn laying_a_tree_never_writes_through_a_link() {
    use std::os::unix::fs::symlink;

    let (pack, repository, elsewhere) =
        (Pack::new(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let tree = pack.day().solution(&slug("conventional")).unwrap().tree;
    let week1 = repository.path().join("week1");
    fs::write(elsewhere.path().join("precious"), "kept").unwrap();
    symlink(elsewhere.path().join("precious"), repository.path().join(".gitignore")).unwrap();
    symlink(elsewhere.path(), &week1).unwrap();
    for refused in
        [tree.lay_new(repository.path()).unwrap_err(), tree.lay_over(repository.path()).unwrap_err()]
    {
        let cause = refused.source().unwrap().to_string();
        assert_eq!(cause, format!("`{}` is in the way: it is not a folder", week1.display()));
    }
    assert_eq!(fs::read_to_string(elsewhere.path().join("precious")).unwrap(), "kept");
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 1);
}

#[test]
fn the_lint_names_everything_that_is_unfinished() {
    let pack = Pack::new();
    let more = "[[requirement]]\nid = \"retry\"\ntext = \"r\"\ncheck = \"hidden\"\nhints = \"h\"\n[[requirement]]\nid = \"tick\"\ncheck = \"by-hand\"\n";
    pack.write("notes.txt", "")
        .write_day("todo.md", "")
        .write_day("hidden/data.csv", "")
        .write_day("wrong/x.py", "");
    pack.write_day("day.toml", &format!("{DAY}{HINT}{more}")).write_day("guide.md", "nothing");
    pack.write_day("hidden/test_timer.py", "@probe\ndef timed(day):\n    return 1\n");
    pack.write_day("wrong/same/wrong.toml", WRONG).write_day("wrong/spoiled/wrong.toml", "base = 1\n");
    fs::remove_dir_all(pack.folder().join("day04-decorators/starter")).unwrap();
    let expected = [
        "notes.txt: it is stray",
        "day04-decorators/todo.md: it is stray",
        "day04-decorators/hidden/data.csv: it is stray",
        "day04-decorators/wrong/x.py: it is stray",
        "day04-decorators/day.toml: `tick` is by hand and has no `text` that says what to do",
        "day04-decorators/day.toml: `tick` has no hint for whoever is stuck",
        "day04-decorators/day.toml: `timer` covers bullet 2, and `[bullets]` does not say what that is",
        "day04-decorators/hidden/expected.toml: no hidden test is recorded for `retry`",
        "day04-decorators/hidden/test_timer.py:2: the probe `timed` has no docstring",
        "day04-decorators/starter: there is no starter",
        "day04-decorators/guide.md: `LRUCache.put`, for which other names are accepted, is not mentioned",
        "day04-decorators/solutions: there are 1 solutions, and at least 3 are wanted",
        "day04-decorators/wrong: there are 2 wrong solutions, and at least 6 are wanted",
        "day04-decorators/wrong/spoiled/wrong.toml:1: `base` is an integer, and a string is wanted",
        "day04-decorators/wrong/same: it is the same as its base `conventional`",
        "day04-decorators/wrong: no wrong solution fails `retry`, so nothing proves that it can fail",
    ];
    assert_eq!(pack.complaints(), expected);
}

#[test]
fn a_day_that_cannot_be_read_is_one_complaint_among_others() {
    let pack = Pack::new();
    pack.write_day("day.toml", "title = 1\n").write("notes.txt", "");
    let expected = [
        "notes.txt: it is stray",
        "day04-decorators/day.toml:1: `title` is an integer, and a string is wanted",
    ];
    assert_eq!(pack.complaints(), expected);
}

#[test]
fn the_lint_is_content_with_a_finished_day() {
    let pack = Pack::new();
    let bullets = "[bullets]\n1 = \"Start\"\n2 = \"Measure\"\n";
    pack.write_day("day.toml", &format!("{}{HINT}{bullets}", DAY.replace("[2]", "[1, 2]")))
        .write_day(FEEDBACK, "");
    for name in ["second", "third"] {
        pack.write_day(&format!("solutions/{name}/week1/day4/decorators.py"), "timer = 2\n");
    }
    for number in 1..=6 {
        pack.write_day(&format!("wrong/wrong-{number}/wrong.toml"), WRONG);
        pack.write_day(&format!("wrong/wrong-{number}/week1/day4/decorators.py"), "timer = 0\n");
    }
    assert_eq!(pack.complaints(), Vec::<String>::new());
}

#[test]
fn a_bullet_that_no_requirement_covers_is_unfinished() {
    let pack = Pack::new();
    pack.write_day("day.toml", &format!("{DAY}[bullets]\n1 = \"Start\"\n2 = \"Measure\"\n"));
    let expected = "day04-decorators/day.toml: no requirement covers bullet 1, \"Start\"".to_owned();
    assert!(pack.complaints().contains(&expected), "{:?}", pack.complaints());
}

const WRONG: &str = "base = \"conventional\"\nwhy = \"measures nothing\"\nfails = [\"timer\"]\n";

const EVERYTHING: &str = r#"
title = "Functions"
build = "Create a decorator library"
reference = "conventional"
needs = [1, "day2"]
reviews = [2]

[modules]
decorators = ["decorators.py", "decorators/__init__.py"]

[candidate]
clock = "virtual"

[limits]
probe = "500ms"
import = "10s"
wall = "2m"
memory = "64 MiB"

[names]
"LRUCache.put" = ["set", "__setitem__"]

[[requirement]]
id = "timer"
text = "`@timer` measures"
check = "hidden"
bullets = [2, 3]
hints = ["first", "second"]

[[requirement]]
id = "tests"
check = "own-tests"
exercises = ["timer", "retry"]
minimum = 5
hints = "a single one"

[[requirement]]
id = "coverage"
check = "own-tests"
covers = 85

[[requirement]]
id = "means"
text = "mocks and fixtures"
check = "own-tests"
shows = ["mocks", "fixtures"]

[[requirement]]
id = "settings"
check = "pytest-settings"

[[requirement]]
id = "types"
check = "types"
annotated = ["banking.py"]

[[requirement]]
id = "lint"
check = "lint"

[[requirement]]
id = "folders"
check = "files"
folders = ["week1"]
files = ["README.md"]
day_files = ["main.py"]

[[requirement]]
id = "gitignore"
check = "git"
rule = "ignores"
paths = ["__pycache__/", "x.pyc"]

[[requirement]]
id = "clean"
check = "git"
rule = "nothing-generated"
paths = ["__pycache__/", "x.pyc"]

[[requirement]]
id = "committed"
check = "git"
rule = "committed"

[[requirement]]
id = "github-repository"
check = "by-hand"
"#;

const COURSE: &str = "\
title = \"A course\"
[layout]
folders = [\"week{week}/day{day}\"]
[[week]]
number = 1
title = \"One\"
days = [1, 2, 4, 5]
";

/// What goes with `DAY`, for a requirement that is finished.
const HINT: &str = "hints = \"How long did it take?\"\n";

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
