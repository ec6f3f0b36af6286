//! `grade pack new`: what is laid out is proved as it stands, nothing that is there is touched, and docs/AUTHORING.md shows it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::place::{Place, edit};

const AUTHORING: &str = include_str!("../../docs/AUTHORING.md");

/// Returns every file below a folder with its text.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        let name = entry.file_name().unwrap().to_string_lossy().into_owned();
        if entry.is_dir() {
            found.extend(files(&entry).into_iter().map(|(path, text)| (format!("{name}/{path}"), text)));
        } else {
            found.insert(name, fs::read_to_string(&entry).unwrap());
        }
    }
    found
}

/// Returns the names in a folder.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_new_course_is_proved_as_it_stands_and_the_document_shows_how() {
    let place = Place::new();
    let ran = |args: &str| place.finish(place.bare(args).current_dir(place.path("home"))).exits_with(0);
    assert!(ran("pack new mini").stdout.starts_with("made mini/day01-median, "));
    let laid_out = files(&place.path("home/mini"));
    let console = AUTHORING.split("```console\n").nth(1).unwrap().split("```").next().unwrap();
    let mut commands = 0;
    for session in console.split("$ grade ").skip(1) {
        let (command, output) = session.split_once('\n').unwrap();
        assert_eq!(ran(command).stdout.trim_end(), output.trim_end(), "{command}");
        commands += 1;
    }
    assert_eq!(commands, 2, "docs/AUTHORING.md records and checks");
    assert_eq!(files(&place.path("home/mini")), laid_out, "expected.toml was recorded before");
}

#[test]
fn what_the_document_shows_of_the_new_day_is_what_is_laid_out() {
    let place = Place::new();
    place.finish(place.bare("pack new mini").current_dir(place.path("home"))).exits_with(0);
    let laid_out = files(&place.path("home/mini"));
    let mut shown = 0;
    for (index, _) in AUTHORING.match_indices("`:\n\n```") {
        let path = AUTHORING[..index].rsplit('`').next().unwrap();
        let block = AUTHORING[index + "`:\n\n```".len()..].split("```").next().unwrap();
        let (_, block) = block.split_once('\n').unwrap();
        assert_eq!(laid_out.get(path).map(String::as_str), Some(block), "{path}");
        shown += 1;
    }
    assert!(shown >= 5, "docs/AUTHORING.md is no longer read rightly: {shown}");
}

#[test]
fn another_day_of_a_course_has_its_own_title_and_number_and_lies_where_the_course_says() {
    let place = Place::new();
    let pack = place.path("home/mini");
    let new =
        |args: &[&str]| place.finish(place.bare("pack new mini").args(args).current_dir(place.path("home")));
    new(&[]).exits_with(0);
    edit(&pack.join("course.toml"), "days = [1]", "days = [1, 2, 3]");
    edit(&pack.join("course.toml"), "\"day{day}\"", "\"week{week}/day{day}\"");
    let course = fs::read_to_string(pack.join("course.toml")).unwrap();
    new(&["Text \"statistics\"", "--day", "3"]).exits_with(0);
    assert_eq!(names(&pack), ["course.toml", "day01-median", "day03-text-statistics"]);
    assert_eq!(fs::read_to_string(pack.join("course.toml")).unwrap(), course);
    let day = pack.join("day03-text-statistics");
    assert!(day.join("solutions/sorting/week1/day3/stats.py").is_file());
    assert!(fs::read_to_string(day.join("guide.md")).unwrap().contains("You write `week1/day3/stats.py`"));
    let check = place.bare("pack check day3 --repeat 1 --pack mini").current_dir(place.path("home")).output();
    place.ran(&check.unwrap()).reports(0, &["day3  Text \"statistics\"  (4 requirements", "1 day proved"]);
    // Without a number it is the first that is not there yet.
    new(&[]).exits_with(0);
    assert_eq!(names(&pack)[2], "day02-median");
}

#[test]
fn nothing_that_is_there_is_touched_and_nothing_half_made_is_left() {
    let place = Place::new();
    let home = place.path("home");
    let new = |args: &str| {
        let ran = place.finish(place.bare(&format!("pack new {args}")).current_dir(&home)).exits_with(2);
        assert_eq!(ran.stdout, "");
        ran.error()
    };
    place.finish(place.bare("pack new mini").current_dir(&home)).exits_with(0);
    fs::create_dir(home.join("work")).unwrap();
    fs::write(home.join("work/notes.txt"), "mine").unwrap();
    let before = files(&home);
    let cases = [
        ("mini --day 1", "error: day1 is there already: `mini/day01-median` hint: nothing was changed"),
        ("mini", "error: every day that `mini` lists is there already hint: add the next one to `days`"),
        (
            "mini --day 2",
            "error: no week of `mini` lists day2 hint: add 2 to `days` of a week in `mini/course.toml`",
        ),
        (
            "work",
            "error: `work` holds `notes.txt` and no `course.toml`, so it is no course hint: name the folder",
        ),
        ("work/notes.txt", "error: failed to read `work/notes.txt`"),
        (
            "My_Course",
            "error: a course cannot be called `My_Course`, as its folder is hint: names are lower-case",
        ),
        ("fresh ???", "error: `???` makes no name for the day's folder hint: a title has letters"),
        ("fresh --pack mini", "error: `pack new` takes the folder of the course as it is, without `--pack`"),
    ];
    for (args, expected) in cases {
        let said = new(args);
        assert!(said.starts_with(expected), "{args}: {said}");
    }
    assert_eq!(files(&home), before);
    assert_eq!(names(&home), ["mini", "work"]);
}

#[test]
fn an_empty_folder_becomes_a_course_and_a_repository_of_ones_own_is_welcome() {
    let place = Place::new();
    let course = place.path("home/my-course");
    fs::create_dir_all(course.join(".git")).unwrap();
    place.finish(place.bare("pack new . --day 7").current_dir(&course)).exits_with(0);
    assert_eq!(names(&course), [".git", "course.toml", "day07-median"]);
    let table = place.finish(place.bare("pack table --pack .").current_dir(&course));
    table.reports(0, &["## day7: The middle of a list", "| 2 | What has no middle is refused | `empty` |"]);
}
