//! `grade pack new`: lays out a day that passes its own check, and a course around it where there is none.
//!
//! What is laid out is `template/`, a pack of one day, with other names. A folder appears whole or not at all, and nothing that
//! is there is touched: course.toml is written for a new course only.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use include_dir::{Dir, DirEntry, include_dir};

use crate::day::{DayId, Slug};
use crate::lay_out;
use crate::outcome::Status;
use crate::pack::{Course, PackSource};

use super::super::Context;
use super::super::args::PackNewArgs;
use super::super::error::CliError;

/// A pack of one day; build.rs sees to it that this is never stale.
static TEMPLATE: Dir<'static> = include_dir!("$CARGO_MANIFEST_DIR/src/cli/pack/template");

/// Files to write, below one folder.
type Files = Vec<(String, Vec<u8>)>;

/// Where a new day belongs.
struct Place {
    day: DayId,
    /// The learner's folder: `week1/day1`.
    work: String,
    /// Whether there is a course already.
    in_course: bool,
}

/// Runs the command.
pub fn run(context: &Context, args: &PackNewArgs) -> Result<Status, CliError> {
    if context.global.pack.is_some() {
        return Err(usage("`pack new` takes the folder of the course as it is, without `--pack`", EXAMPLE));
    }
    let place = place(&args.dir, args.day)?;
    let title = args.title.as_deref().unwrap_or(TITLE);
    let name = format!("day{:02}-{}", place.day.number(), slug(args.title.as_deref())?);
    write(&args.dir, &name, &place, title).map_err(|error| {
        let hint = format!("`{}` must be a folder that you may write to", args.dir.display());
        CliError::new(Status::Broken, &error, Some(hint))
    })?;
    let (folder, day) = (args.dir.display(), place.day);
    context.output.print(&format!(
        "made {folder}/{name}, a whole little day. Make it yours piece by piece, and then:\n\n  \
        grade pack record --pack {folder} {day}     whenever the hidden tests have changed\n  \
        grade pack check --pack {folder} {day}      until it has no complaint\n  \
        grade pack table --pack {folder} {day}      which requirement stands for which bullet of the plan\n  \
        grade pack feedback --pack {folder} {day}   what learners would read\n"
    ));
    Ok(Status::Passed)
}

fn place(folder: &Path, day: Option<DayId>) -> Result<Place, CliError> {
    if folder.join(COURSE).exists() {
        let course = Course::open(PackSource::Folder(folder.to_owned()))?;
        return place_in(&course, folder, day);
    }
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries.collect::<io::Result<Vec<_>>>().map_err(|error| unreadable(folder, &error))?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
        Err(error) => return Err(unreadable(folder, &error)),
    };
    // A repository of its own is welcome: `.git`, `.gitignore`.
    if let Some(entry) = entries.iter().find(|entry| !entry.file_name().to_string_lossy().starts_with('.')) {
        let name = entry.file_name().to_string_lossy().into_owned();
        let headline = format!("`{}` holds `{name}` and no `{COURSE}`, so it is no course", folder.display());
        return Err(usage(&headline, "name the folder of a course, or one that is empty or not there yet"));
    }
    let name = course_name(folder)?;
    if name.parse::<Slug>().is_err() {
        let headline = format!("a course cannot be called `{name}`, as its folder is");
        return Err(usage(&headline, "names are lower-case words joined by hyphens, like `my-course`"));
    }
    let day = day.unwrap_or(DayId::new(1));
    Ok(Place { day, work: day.to_string(), in_course: false })
}

fn place_in(course: &Course, folder: &Path, day: Option<DayId>) -> Result<Place, CliError> {
    let list = |what: &str| {
        let course = folder.join(COURSE);
        format!("add {what} to `days` of a week in `{}`, and try again", course.display())
    };
    let Some(day) = day.or_else(|| course.days_not_graded_yet().next()) else {
        let headline = format!("every day that `{}` lists is there already", course.name);
        return Err(usage(&headline, &list("the next one")));
    };
    let Some(week) = course.week_of(day) else {
        return Err(usage(
            &format!("no week of `{}` lists {day}", course.name),
            &list(&day.number().to_string()),
        ));
    };
    if let Some(there) = course.folder_of(day) {
        let headline = format!("{day} is there already: `{}`", folder.join(there).display());
        return Err(usage(&headline, "nothing was changed; `--day` takes the number of another day"));
    }
    let work = course.layout.folders(week.number, day).next().unwrap_or_else(|| day.to_string());
    Ok(Place { day, work, in_course: true })
}

fn course_name(folder: &Path) -> Result<String, CliError> {
    let whole = fs::canonicalize(folder).or_else(|_| std::path::absolute(folder));
    let whole: PathBuf = whole.map_err(|error| unreadable(folder, &error))?;
    Ok(whole.file_name().unwrap_or_default().to_string_lossy().into_owned())
}

/// Returns the name of a day with this title: `text-statistics`.
fn slug(title: Option<&str>) -> Result<Slug, CliError> {
    let Some(title) = title else { return Ok(SLUG.parse().expect("a plain word is a name")) };
    let lower = title.to_lowercase().replace(['\'', '’'], "");
    let words = lower.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    name.parse().map_err(|_| {
        let headline = format!("`{title}` makes no name for the day's folder");
        usage(
            &headline,
            "a title has letters or digits, and not too many; it can be changed in day.toml later",
        )
    })
}

fn write(folder: &Path, name: &str, place: &Place, title: &str) -> io::Result<()> {
    let day = day_files(place, title);
    let folder = std::path::absolute(folder)?;
    if !place.in_course && !folder.exists() {
        let mut files: Files = day.into_iter().map(|(path, text)| (format!("{name}/{path}"), text)).collect();
        files.push((COURSE.to_owned(), course_file(place)));
        return lay_out::once(&folder, &files);
    }
    lay_out::once(&folder.join(name), &day)?;
    if place.in_course {
        return Ok(());
    }
    write_new(&folder.join(COURSE), &course_file(place)).inspect_err(|_| {
        // Ours, and of no use alone. What went wrong before matters more than what goes wrong here.
        let _ = fs::remove_dir_all(folder.join(name));
    })
}

/// Writes a file that is not there yet.
fn write_new(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create_new(path)?;
    io::Write::write_all(&mut file, contents)
}

fn course_file(place: &Place) -> Vec<u8> {
    let text = text_of(&TEMPLATE, COURSE);
    text.replace("days = [1]", &format!("days = [{}]", place.day.number())).into_bytes()
}

/// Returns the files of the day, with its own title and number and the learner's folder.
fn day_files(place: &Place, title: &str) -> Files {
    let mut files = Vec::new();
    let day = TEMPLATE.get_dir(DAY).expect("the template has a day");
    collect(day, &mut files);
    files
        .into_iter()
        .map(|(path, text)| (renamed(&path, place), adapted(&text, place, title).into_bytes()))
        .collect()
}

fn collect(folder: &Dir<'static>, files: &mut Vec<(String, String)>) {
    for entry in folder.entries() {
        match entry {
            DirEntry::Dir(folder) => collect(folder, files),
            DirEntry::File(file) => {
                let path =
                    file.path().strip_prefix(DAY).unwrap_or(file.path()).to_string_lossy().into_owned();
                files.push((path, String::from_utf8_lossy(file.contents()).into_owned()));
            }
        }
    }
}

fn text_of(folder: &Dir<'static>, path: &str) -> String {
    let contents = folder.get_file(path).map(include_dir::File::contents).unwrap_or_default();
    String::from_utf8_lossy(contents).into_owned()
}

/// Puts the learner's folder for `day1`.
fn renamed(path: &str, place: &Place) -> String {
    let parts: Vec<&str> =
        path.split('/').map(|part| if part == "day1" { &place.work } else { part }).collect();
    parts.join("/")
}

fn adapted(text: &str, place: &Place, title: &str) -> String {
    let quoted = |title: &str| toml::Value::String(title.to_owned()).to_string();
    text.replace(&format!("title = {}", quoted(TITLE)), &format!("title = {}", quoted(title)))
        .replace("# Day 1: the middle of a list", &format!("# Day {}: {title}", place.day.number()))
        .replace("day1/", &format!("{}/", place.work))
        .replace("day1.", &format!("{}.", place.day))
}

fn usage(headline: &str, hint: &str) -> CliError {
    CliError {
        status: Status::Usage,
        headline: headline.to_owned(),
        causes: Vec::new(),
        hint: Some(hint.to_owned()),
    }
}

fn unreadable(folder: &Path, error: &io::Error) -> CliError {
    let headline = format!("failed to read `{}`", folder.display());
    CliError {
        causes: vec![error.to_string()],
        ..usage(&headline, "name a folder, one that is not there yet for a new course")
    }
}

const COURSE: &str = "course.toml";
/// The template's day, its title, and the name that this title stands for.
const DAY: &str = "day01-median";
const TITLE: &str = "The middle of a list";
const SLUG: &str = "median";
const EXAMPLE: &str =
    "for example `grade pack new my-course`, and `grade pack new my-course \"Text statistics\" --day 2`";
