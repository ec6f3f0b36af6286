//! `grade start day4`: lays out what a day begins with, in the folder where the day is looked for.
//!
//! A file that is there is never touched. Whether all of it can be written is looked at first, so that a link or a file in the way
//! does not leave half a day behind.

mod folder;

use crate::lay_out;
use crate::outcome::Status;
use crate::pack::Day;
use crate::rel_path::RelPath;
use crate::report::laid::{self, Deed, Line};
use crate::repository::Repository;
use crate::tree::Kind;

use super::Context;
use super::args::StartArgs;
use super::error::CliError;

/// Runs the command.
pub fn run(context: &Context, args: &StartArgs) -> Result<Status, CliError> {
    let repository = context.repository()?;
    let course = context.course(Some(&repository))?;
    let day = course.day(super::day_named(&args.day, "start", &course)?)?;
    let starter = day.starter()?;
    if starter.is_empty() {
        return Err(without_starter(&day));
    }
    let folder = folder::of_day(&course, &repository, &day, &starter)?;
    let files = folder::moved(&course, &day, &starter, &folder);
    files.iter().try_for_each(|(path, _)| is_free(&repository, path))?;
    let mut lines = Vec::new();
    for (path, contents) in &files {
        let made = lay_out::add(repository.root(), path, contents).map_err(|error| refused(path, &error))?;
        let (deed, why) = if made { (Deed::Made, "") } else { (Deed::Left, "it is there already") };
        lines.push(Line::new(deed, path.as_str(), why));
    }
    let heading = format!("{}: {}, in `{folder}`", day.id, day.title);
    let advice = advice(&day, first_to_open(&day, &folder, &files), lines.iter().any(Line::is_done));
    context.output.print(&laid::render(&heading, &lines, &advice, &context.output.style));
    Ok(Status::Passed)
}

/// A file to lay out: where, and what is in it.
type File<'a> = (RelPath, &'a [u8]);

/// Refuses what cannot be written without going through something that is no folder.
fn is_free(repository: &Repository, path: &RelPath) -> Result<(), CliError> {
    let tree = repository.tree();
    let in_the_way = |folder: &RelPath| tree.kind(folder).is_some_and(|kind| kind != Kind::Folder);
    let blocked = path.ancestors().find(in_the_way);
    let own = (tree.kind(path) == Some(Kind::Folder)).then(|| path.clone());
    let Some(blocked) = blocked.or(own) else { return Ok(()) };
    Err(CliError {
        status: Status::Usage,
        headline: format!("failed to write `{path}`"),
        causes: vec![format!("`{blocked}` is in the way")],
        hint: Some("nothing was written; give it another name, and try again".to_owned()),
    })
}

/// Returns the day's first module, or its first file that is one, or the first test.
fn first_to_open<'a>(day: &Day, folder: &RelPath, files: &'a [File<'_>]) -> Option<&'a RelPath> {
    let modules = day.modules.iter().flat_map(|(_, files)| files);
    let mut modules = modules.filter_map(|file| folder.follow(file.as_str()));
    let paths = || files.iter().map(|(path, _)| path);
    let of_kind = |wanted: fn(&str) -> bool| paths().find(|path| path.file_name().is_some_and(wanted));
    let is_module = |name: &str| name.ends_with(".py") && name != "conftest.py" && !name.starts_with("test_");
    let module = modules.find_map(|module| paths().find(|path| **path == module));
    module
        .or_else(|| of_kind(is_module))
        .or_else(|| of_kind(|name| name.starts_with("test_")))
        .or_else(|| paths().next())
}

fn advice(day: &Day, first: Option<&RelPath>, is_new: bool) -> String {
    let id = day.id;
    let open = first.map_or_else(String::new, |path| format!("Open `{path}` first. "));
    let nothing = if is_new { "" } else { "Nothing was changed: all that the day begins with is there. " };
    format!(
        "{nothing}{open}Next:\n    grade show {id}     what it asks for\n    grade {id}          what is fulfilled\n    grade hint {id}     \
         help with what is not\n"
    )
}

fn without_starter(day: &Day) -> CliError {
    CliError {
        status: Status::Usage,
        headline: format!("{} has nothing to begin with", day.id),
        causes: Vec::new(),
        hint: Some(format!("`grade show {}` says what to write and where", day.id)),
    }
}

fn refused(path: &RelPath, error: &std::io::Error) -> CliError {
    CliError {
        status: Status::Broken,
        headline: format!("failed to write `{path}`"),
        causes: vec![error.to_string()],
        hint: Some("what was written before is whole; mend this and try again".to_owned()),
    }
}
