//! A job of GitHub Actions, and what it is told of a run beside the text: annotations in its log, its summary, and the outputs of
//! the step (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>).
//!
//! The runner obeys lines of the log, and a report quotes strangers. So the text stands between `::stop-commands::` and a token that
//! nobody can guess, on top of what `sanitize` does to every line. What goes into the runner's files is ours alone: numbers, a path
//! without line breaks, and Markdown in which a stranger's text is code. A file that cannot be written costs a line and no verdict.

use std::fs::OpenOptions;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::config::env::Environment;
use crate::event::RunReport;
use crate::outcome::Status;
use crate::rel_path::RelPath;
use crate::report::format::github;
use crate::report::{Format, Style};

use super::Context;
use super::deliver::{Delivery, Told};
use super::error::CliError;
use super::output::Output;

/// The file whose text becomes the summary of the step.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// The file that takes the outputs of the step.
const OUTPUT: &str = "GITHUB_OUTPUT";
/// The folder that is emptied after the job.
const TEMP: &str = "RUNNER_TEMP";
/// The folder that the repository is checked out into.
const WORKSPACE: &str = "GITHUB_WORKSPACE";
/// Bytes of a step's summary, whoever wrote them. GitHub takes 1 MiB and shows nothing of what is longer.
const LONGEST_SUMMARY: u64 = 960 << 10;

/// The job that this process is part of.
pub struct Job<'a> {
    environment: &'a Environment,
    output: &'a Output,
}

impl<'a> Job<'a> {
    /// Returns the job, if this is one.
    pub fn around(context: &'a Context) -> Option<Self> {
        let Context { environment, output, .. } = context;
        environment.is_github_actions().then_some(Self { environment, output })
    }

    /// Writes every report, tells the job what the run came to, and returns the exit code.
    pub fn deliver(&self, delivery: &Delivery, told: &Told<'_>) -> Status {
        let token = format!("{:032x}", rand::random::<u128>());
        let annotations = github::render_in(told.run, told.folder.as_ref());
        let around = |text: String| github::without_commands(&text, &token) + &annotations;
        let status = delivery.deliver(told, around, self.output);
        self.note(SUMMARY, self.summarise(told.run));
        let report = match delivery.file_of(Format::Json) {
            Some(path) => path.canonicalize(),
            None => self.keep_report(told.run),
        };
        let report = report
            .map_err(|error| self.output.note(&format!("there is no JSON report for the job: {error}")))
            .ok();
        self.note(OUTPUT, self.put_out(told.run, report.as_deref()));
        status
    }

    /// Tells the job why nothing was graded.
    pub fn refuse(&self, error: &CliError) {
        self.output.print(&github::refusal(&error.headline, &error.causes, error.hint.as_deref()));
    }

    fn summarise(&self, run: &RunReport) -> io::Result<()> {
        let path = self.file(SUMMARY)?;
        let text = Format::Markdown.render(run, &Style::plain());
        let there = path.metadata().map_or(0, |file| file.len());
        if there + text.len() as u64 > LONGEST_SUMMARY {
            return Err(io::Error::other("it would be longer than GitHub shows"));
        }
        append(&path, &text)
    }

    fn put_out(&self, run: &RunReport, report: Option<&Path>) -> io::Result<()> {
        let mut text: String =
            github::outputs(run).iter().map(|(name, count)| format!("{name}={count}\n")).collect();
        let shown = report.map(|path| path.to_str().filter(|path| !path.contains(['\n', '\r'])));
        if let Some(Some(path)) = shown {
            text += &format!("report={path}\n");
        }
        append(&self.file(OUTPUT)?, &text)?;
        match shown {
            Some(None) => Err(io::Error::other("the path of the report does not fit on a line")),
            _ => Ok(()),
        }
    }

    /// Writes the report for programs where nobody has asked for it, and returns where it is.
    fn keep_report(&self, run: &RunReport) -> io::Result<PathBuf> {
        let folder = self.file(TEMP)?;
        let mut file = tempfile::Builder::new().prefix("grade-").suffix(".json").tempfile_in(folder)?;
        file.write_all(Format::Json.render(run, &Style::plain()).as_bytes())?;
        Ok(file.into_temp_path().keep()?)
    }

    /// Returns what a variable of the runner names.
    fn file(&self, variable: &str) -> io::Result<PathBuf> {
        let named = self.environment.get(variable).map(PathBuf::from);
        named.ok_or_else(|| io::Error::other(format!("the variable `{variable}` is not set")))
    }

    fn note(&self, variable: &str, told: io::Result<()>) {
        if let Err(error) = told {
            self.output.note(&format!("`{variable}` was not written: {error}"));
        }
    }
}

/// Returns where a learner's root is in what GitHub shows: below the top of the git repository that was checked out or, where
/// that cannot be found, below the workspace. `None` if it is in neither.
pub fn folder(environment: &Environment, root: &Path) -> Option<RelPath> {
    let Some(workspace) = environment.get(WORKSPACE) else { return Some(RelPath::root()) };
    let workspace = Path::new(workspace).canonicalize().ok()?;
    let root = root.canonicalize().ok()?;
    let mut folders = root.ancestors().take_while(|folder| folder.starts_with(&workspace)).peekable();
    folders.peek()?;
    let top = folders.find(|folder| folder.join(".git").symlink_metadata().is_ok());
    RelPath::from_path(root.strip_prefix(top.unwrap_or(&workspace)).ok()?)
}

/// Appends lines to a file, and never to a line that is there already.
fn append(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let mut last = [b'\n'];
    if file.metadata()?.len() > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    let begin = if last == *b"\n" { "" } else { "\n" };
    file.write_all(format!("{begin}{text}").as_bytes())
}
