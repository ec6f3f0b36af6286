//! Where the reports of a run go: one format to standard output, any others into files.
//!
//! What can be known to fail is refused before anything is graded. What fails afterwards loses neither the other reports
//! nor what was printed.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::event::RunReport;
use crate::lay_out;
use crate::outcome::{Fault, Status};
use crate::rel_path::RelPath;
use crate::report::format::github;
use crate::report::{Format, Style, terminal};

use super::args::FormatArg;
use super::error::CliError;
use super::output::Output;

/// Where each report goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// What is printed, where that was said.
    stdout: Option<Format>,
    files: Vec<(Format, PathBuf)>,
    is_quiet: bool,
}

/// What is reported.
#[derive(Debug)]
pub struct Told<'a> {
    /// The run.
    pub run: &'a RunReport,
    /// What stands above the text; other formats have no place for it.
    pub note: Option<String>,
    /// Where the learner's root is in what GitHub shows, if it is in there.
    pub folder: Option<RelPath>,
}

impl Told<'_> {
    fn render(&self, format: Format, style: &Style) -> String {
        match format {
            Format::Github => github::render_in(self.run, self.folder.as_ref()),
            Format::Text => {
                let note = self.note.as_ref().map(|note| format!("{note}\n\n")).unwrap_or_default();
                note + &format.render(self.run, style)
            }
            _ => format.render(self.run, style),
        }
    }
}

impl Delivery {
    /// Decides where each report goes.
    ///
    /// # Errors
    ///
    /// When two of them would go to the same place, or a file cannot be where it is wanted.
    pub fn of(args: &[FormatArg]) -> Result<Self, CliError> {
        let mut stdout = None;
        let mut files: Vec<(Format, PathBuf)> = Vec::new();
        let mut places: Vec<(PathBuf, Format)> = Vec::new();
        for FormatArg { format, path } in args {
            match path {
                None => match stdout.replace(*format) {
                    Some(other) if other != *format => return Err(both_printed(other, *format)),
                    _ => {}
                },
                Some(path) => {
                    let place = place(*format, path)?;
                    if let Some((_, other)) = places.iter().find(|(known, _)| *known == place) {
                        return Err(same_file(*other, *format, path));
                    }
                    places.push((place, *format));
                    files.push((*format, path.clone()));
                }
            }
        }
        Ok(Self { stdout, files, is_quiet: false })
    }

    /// Lets the text that is printed say what fails and nothing else.
    #[must_use]
    pub fn quiet(mut self, is_quiet: bool) -> Self {
        self.is_quiet = is_quiet;
        self
    }

    /// Returns whether nobody has said what to print.
    pub fn is_left_to_us(&self) -> bool {
        self.stdout.is_none()
    }

    /// Returns the format of what is printed.
    pub fn printed(&self) -> Format {
        self.stdout.unwrap_or(Format::Text)
    }

    /// Returns the file that a format goes to.
    pub fn file_of(&self, format: Format) -> Option<&Path> {
        self.files.iter().find(|(other, _)| *other == format).map(|(_, path)| path.as_path())
    }

    /// Writes every report, and returns the exit code: the run's, unless a report could not be written. `around` may set something
    /// around what is printed.
    pub fn deliver(&self, told: &Told<'_>, around: impl FnOnce(String) -> String, output: &Output) -> Status {
        let printed = print(&around(self.text(told, &output.style)));
        let printed = printed.map_err(|error| Fault::from_error("failed to write the report", &error));
        let faults = printed.err().into_iter().chain(self.publish(told));
        faults.fold(told.run.status(), |_, fault| output.error(&fault.into()))
    }

    /// Writes the reports that go into files, and returns what went wrong.
    pub fn publish(&self, told: &Told<'_>) -> Vec<Fault> {
        let write = |(format, path): &(Format, PathBuf)| {
            let text = told.render(*format, &Style::plain());
            let error = lay_out::publish(path, text.as_bytes()).err()?;
            let what = format!("failed to write the {} report to `{}`", format.name(), path.display());
            Some(Fault::from_error(what, &error))
        };
        self.files.iter().filter_map(write).collect()
    }

    /// Returns what is printed. Whoever wants it quiet reads nothing where all is well.
    pub fn text(&self, told: &Told<'_>, style: &Style) -> String {
        match self.printed() {
            Format::Text if self.is_quiet && told.run.status() == Status::Passed => String::new(),
            Format::Text if self.is_quiet => terminal::render_failures(told.run, style),
            format => told.render(format, style),
        }
    }
}

/// Prints a report. A reader who left early has seen enough.
fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        told => told,
    }
}

/// Returns the one name of a file, whichever way it is written.
fn place(format: Format, path: &Path) -> Result<PathBuf, CliError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if path.is_dir() || path.file_name().is_none() {
        return Err(no_file(format, path, "it is a folder", "name a file in it"));
    }
    let folder = folder.canonicalize().ok().filter(|folder| folder.is_dir()).ok_or_else(|| {
        let why = format!("there is no folder `{}`", folder.display());
        no_file(format, path, &why, "make the folder first, or name another")
    })?;
    Ok(path.canonicalize().unwrap_or_else(|_| folder.join(path.file_name().unwrap_or_default())))
}

fn no_file(format: Format, path: &Path, why: &str, hint: &str) -> CliError {
    CliError {
        status: Status::Usage,
        headline: format!("the {} report cannot be written to `{}`", format.name(), path.display()),
        causes: vec![why.to_owned()],
        hint: Some(hint.to_owned()),
    }
}

fn both_printed(one: Format, other: Format) -> CliError {
    let (one, other) = (one.name(), other.name());
    CliError {
        status: Status::Usage,
        headline: format!("`--format {one}` and `--format {other}` would both be printed"),
        causes: Vec::new(),
        hint: Some(format!("give one of them a file, as in `--format {other}=report`")),
    }
}

fn same_file(one: Format, other: Format, path: &Path) -> CliError {
    CliError {
        status: Status::Usage,
        headline: format!(
            "the {} and the {} report would both be written to `{}`",
            one.name(),
            other.name(),
            path.display()
        ),
        causes: Vec::new(),
        hint: Some("give each a file of its own".to_owned()),
    }
}
