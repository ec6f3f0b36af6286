//! `grade man`: the manual pages, which say what `--help` says. One on standard output, or all of them as files.

use std::fs;
use std::io;
use std::path::Path;

use clap::CommandFactory;
use clap_mangen::Man;

use crate::lay_out;
use crate::outcome::{Fault, Status};

use super::Context;
use super::args::{Args, ManArgs};
use super::error::CliError;

/// A manual page: the name of its file, and what is in it.
struct Page {
    name: String,
    text: String,
}

/// Runs the command.
pub fn run(context: &Context, args: &ManArgs) -> Result<Status, CliError> {
    // `grade help init` says what grade-init(1) says.
    let mut command = Args::command().disable_help_subcommand(true);
    command.build();
    match &args.dir {
        None => context.output.print(&page(&command).text),
        Some(folder) => {
            let what = || format!("failed to write the manual pages to `{}`", folder.display());
            write(&command, folder).map_err(|error| Fault::from_error(what(), &error))?;
            context.output.print(&format!("The manual pages are in {}.\n", folder.display()));
        }
    }
    Ok(Status::Passed)
}

/// Writes the page of a command, and those of its commands.
fn write(command: &clap::Command, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let page = page(command);
    lay_out::publish(&folder.join(page.name), page.text.as_bytes())?;
    command.get_subcommands().try_for_each(|command| write(command, folder))
}

fn page(command: &clap::Command) -> Page {
    let man = Man::new(command.clone()).source(concat!("grade ", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    man.render(&mut text).expect("memory takes all of it");
    Page { name: man.get_filename(), text: with_lines_kept(&String::from_utf8_lossy(&text)) }
}

/// Keeps the lines of the examples as they are, which would be filled like sentences.
fn with_lines_kept(page: &str) -> String {
    let Some((before, extra)) = page.split_once(EXTRA) else { return page.to_owned() };
    let (examples, after) = extra.find(".SH ").map_or((extra, ""), |end| extra.split_at(end));
    format!("{before}{EXAMPLES}{examples}{LINES_END}{after}")
}

const EXTRA: &str = ".SH EXTRA\n";
const EXAMPLES: &str = ".SH EXAMPLES\n.nf\n";
const LINES_END: &str = ".fi\n";
