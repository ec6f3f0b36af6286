//! The command line: words in, exit code out. One file for each command, one renderer for every error.

mod actions;
mod args;
mod completions;
mod deliver;
mod doctor;
mod error;
mod grade;
mod hint;
mod hook;
mod init;
mod list;
mod man;
mod output;
mod pack;
mod pager;
mod report;
mod setup;
mod show;
mod start;
mod status;
mod watch;

use crate::config::env::Environment;
use crate::day::DayId;
use crate::outcome::Status;
use crate::pack::{Catalogue, Course, DEFAULT_COURSE, PackSource};
use crate::repository::{self, Repository, RepositoryError};
use crate::runner::target::Target;

use args::{Args, Command, Global};
use error::CliError;
use output::Output;

/// What every command works with.
struct Context {
    global: Global,
    environment: Environment,
    output: Output,
}

/// Runs the command that the arguments name.
pub fn run() -> Status {
    let environment = Environment::read();
    let args = match Args::read() {
        Ok(args) => args,
        Err(error) => return output::clap(&error),
    };
    let mut output = Output::new(args.global.color, &environment);
    output.shows_progress &= !args.grade.quiet;
    let context = Context { global: args.global, environment, output };
    let status = match args.command {
        None => grade::run(&context, &args.grade),
        Some(Command::Init(init)) => init::run(&context, &init),
        Some(Command::Start(start)) => start::run(&context, &start),
        Some(Command::List) => list::run(&context),
        Some(Command::Show(show)) => show::run(&context, &show),
        Some(Command::Hint(hint)) => hint::run(&context, &hint),
        Some(Command::Hook(hook)) => hook::run(&context, &hook.command),
        Some(Command::Watch(watch)) => watch::run(&context, &watch),
        Some(Command::Report(report)) => report::run(&context, &report),
        Some(Command::Status(status)) => status::run(&context, &status),
        Some(Command::Setup) => setup::run(&context),
        Some(Command::Doctor) => doctor::run(&context),
        Some(Command::Pack(pack)) => pack::run(&context, &pack),
        Some(Command::Completions(completions)) => completions::run(&context, &completions),
        Some(Command::Man(man)) => man::run(&context, &man),
    };
    status.unwrap_or_else(|error| context.output.error(&error))
}

/// Returns the day that a word names; `command` takes one and no more.
fn day_named(word: &str, command: &str, course: &Course) -> Result<DayId, CliError> {
    let target: Target = word.parse().map_err(|error| CliError::target(&error, course))?;
    match target {
        Target::Day(day) => Ok(day),
        Target::Requirement(_) => Err(CliError::not_one_day(word, command, "is a requirement")),
        Target::Week(_) | Target::Range(..) | Target::All => {
            Err(CliError::not_one_day(word, command, "is more than one day"))
        }
    }
}

impl Context {
    /// Opens the learner's repository.
    fn repository(&self) -> Result<Repository, CliError> {
        self.open_repository().map_err(CliError::from)
    }

    /// Opens the learner's repository, if this is one; one that cannot be read is still an error.
    fn repository_if_any(&self) -> Result<Option<Repository>, CliError> {
        match self.open_repository() {
            Ok(repository) => Ok(Some(repository)),
            Err(RepositoryError::NotFound(_)) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn open_repository(&self) -> Result<Repository, RepositoryError> {
        match &self.global.repo {
            Some(root) => repository::at(root),
            None => repository::find(std::path::Path::new(".")),
        }
    }

    /// Opens the course that `--pack` names, or that the repository follows, or the usual one.
    fn course(&self, repository: Option<&Repository>) -> Result<Course, CliError> {
        let opened = match &self.global.pack {
            Some(folder) => Course::open(PackSource::Folder(folder.clone())),
            None => {
                let named = repository.and_then(|repository| repository.config().course.as_ref());
                Catalogue::embedded().course(named.map_or(DEFAULT_COURSE, |name| name.as_str()))
            }
        };
        opened.map_err(CliError::from)
    }
}
