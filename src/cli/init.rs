//! `grade init`: makes a learner's repository for a course, or completes one.
//!
//! What belongs into it is found out first (`plan`), without touching anything. What is missing is then made; a file that is there is
//! changed only by adding lines to it, and only when somebody has agreed. So a second `init` finds nothing to do.

mod plan;
mod texts;

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config::file;
use crate::lay_out;
use crate::outcome::Status;
use crate::pack::Course;
use crate::report::laid::{self, Deed, Line};
use crate::repository::{self, Repository};

use super::Context;
use super::args::{ActionName, InitArgs as Args};
use super::error::CliError;
use super::hook;

use plan::{Step, What};

/// What the environment may say of git that is about another repository.
const OF_ANOTHER: [&str; 5] =
    ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR"];

/// Runs the command.
pub fn run(context: &Context, args: &Args) -> Result<Status, CliError> {
    let init = Init { context, args, root: root(context, args)? };
    let there = init.root.symlink_metadata().is_ok();
    let repository = if there { Some(repository::at(&init.root)?) } else { None };
    let course = context.course(repository.as_ref())?;
    let steps = plan::plan(&course, repository.as_ref())?;
    let mut lines = Vec::new();
    for step in &steps {
        lines.extend(init.take(step)?);
    }
    lines.extend(init.git()?);
    lines.extend(init.workflow(&course, repository.as_ref())?);
    // All else is done by then, whatever becomes of the hook.
    let hook = init.hook();
    lines.extend(hook.as_ref().ok().cloned().flatten());
    init.report(&lines, &course, repository.as_ref());
    hook.map(|_| Status::Passed)
}

/// Returns the folder that is named, or the current one unless that is inside a learner's repository already.
fn root(context: &Context, args: &Args) -> Result<PathBuf, CliError> {
    if let Some(named) = args.dir.as_ref().or(context.global.repo.as_ref()) {
        return Ok(named.clone());
    }
    let here = Path::new(".").canonicalize().map_err(|error| refused("find the current folder", &error))?;
    let is_one = |folder: &&Path| folder.join(file::FILE_NAME).symlink_metadata().is_ok();
    match here.ancestors().find(is_one) {
        Some(outer) if outer != here => Err(CliError {
            status: Status::Usage,
            headline: format!("this folder is inside the repository `{}`", outer.display()),
            causes: Vec::new(),
            hint: Some(format!(
                "to complete that one:\n    grade init {}\nto make another one here:\n    grade init .",
                outer.display()
            )),
        }),
        _ => Ok(here),
    }
}

/// Whether something is to be made that nobody needs.
enum Wanted {
    Yes,
    No,
    WouldAsk,
}

/// An `init` under way.
struct Init<'a> {
    context: &'a Context,
    args: &'a Args,
    root: PathBuf,
}

impl Init<'_> {
    /// Does what a step asks for, as far as it may, and says what it did.
    fn take(&self, step: &Step) -> Result<Option<Line>, CliError> {
        let path = step.path.to_string();
        let line = |deed, detail: &str| Ok(Some(Line::new(deed, path.as_str(), detail)));
        let failed = |error| refused(&format!("write `{path}`"), &error);
        match &step.what {
            What::There => Ok(None),
            What::Leave(why) => line(Deed::Left, why),
            What::Make(_) if self.args.dry_run => line(Deed::WouldMake, step.purpose),
            What::Make(text) => match lay_out::add(&self.root, &step.path, text.as_bytes()) {
                Ok(true) => line(Deed::Made, step.purpose),
                Ok(false) => Ok(None),
                Err(error) => Err(failed(error)),
            },
            What::Complete { before, after } if self.may_complete(&path, before, after) => {
                let written = lay_out::change(&self.root, &step.path, before.as_bytes(), after.as_bytes());
                written.map_err(failed)?;
                line(Deed::Completed, step.purpose)
            }
            What::Complete { .. } if self.args.dry_run => line(Deed::WouldComplete, step.purpose),
            What::Complete { .. } if self.context.output.asks => line(Deed::Left, "as you said"),
            What::Complete { .. } => {
                line(Deed::Left, "lines are missing: `--dry-run` shows them, `--yes` adds them")
            }
        }
    }

    /// Returns whether a file that is there may be completed. Whoever is asked, or asks what would be done, sees the change.
    fn may_complete(&self, path: &str, before: &str, after: &str) -> bool {
        let output = &self.context.output;
        if self.args.dry_run || (output.asks && !self.args.yes) {
            output.print(&laid::change(path, before, after, &output.style));
        }
        if self.args.dry_run {
            return false;
        }
        self.args.yes || output.ask(&format!("Add these lines to `{path}`?"), false)
    }

    /// Returns whether something is wanted that acts by itself later on: on every push, on every commit. Nobody gets it who has not said
    /// so, by its own option or when asked; a script's `--yes` was perhaps written when there was no such thing.
    fn wanted(&self, is_wanted: bool, is_refused: bool, question: &str) -> Wanted {
        match (self.args.dry_run, self.context.output.asks) {
            _ if is_wanted => Wanted::Yes,
            _ if is_refused || self.args.yes => Wanted::No,
            (true, true) => Wanted::WouldAsk,
            (false, true) if self.context.output.ask(question, false) => Wanted::Yes,
            _ => Wanted::No,
        }
    }

    /// Writes the workflow, if that is wanted and GitHub would find it.
    fn workflow(&self, course: &Course, repository: Option<&Repository>) -> Result<Option<Line>, CliError> {
        let action = self.args.action.as_ref().map(ActionName::as_str);
        let mut step = plan::workflow(course, repository, action);
        if step.what == What::There {
            return Ok(None);
        }
        let root = self.whole_root()?;
        let top = self.git_top()?.filter(|top| *top != root);
        if let Some(top) = &top {
            let why =
                format!("GitHub looks for workflows at the top of the git repository: `{}`", top.display());
            step.what = What::Leave(why);
        }
        let cannot_be = matches!(step.what, What::Leave(_));
        let Args { workflow, no_workflow, .. } = *self.args;
        match self.wanted(workflow, no_workflow || cannot_be, WORKFLOW_QUESTION) {
            Wanted::Yes => self.take(&step),
            Wanted::No => Ok(None),
            Wanted::WouldAsk => Ok(Some(Line::new(Deed::WouldAsk, step.path.as_str(), step.purpose))),
        }
    }

    /// Installs the hook, if that is wanted.
    fn hook(&self) -> Result<Option<Line>, CliError> {
        let Args { hook, no_hook, dry_run, .. } = *self.args;
        let whole = self.whole_root()?;
        let path = hook::path_of(self.context, &self.root).unwrap_or_else(|| whole.join(HOOK));
        let path = path.strip_prefix(&whole).unwrap_or(&path).display().to_string();
        let line = |deed| Ok(Some(Line::new(deed, path.as_str(), HOOK_PURPOSE)));
        let has_git = dry_run || self.git_top()?.is_some();
        if hook::is_installed(self.context, &self.root) {
            return Ok(None);
        }
        match self.wanted(hook, no_hook || !has_git, HOOK_QUESTION) {
            Wanted::No => Ok(None),
            Wanted::WouldAsk => line(Deed::WouldAsk),
            Wanted::Yes if dry_run => line(Deed::WouldMake),
            Wanted::Yes => {
                hook::install_at(self.context, &self.root)?;
                line(Deed::Made)
            }
        }
    }

    fn whole_root(&self) -> Result<PathBuf, CliError> {
        let whole = self.root.canonicalize().or_else(|_| std::path::absolute(&self.root));
        whole.map_err(|error| refused("find the folder", &error))
    }

    /// Returns the top of the git repository that the folder is in.
    fn git_top(&self) -> Result<Option<PathBuf>, CliError> {
        let whole = self.whole_root()?;
        let is_top = |folder: &&Path| folder.join(".git").symlink_metadata().is_ok();
        Ok(whole.ancestors().find(is_top).map(Path::to_owned))
    }

    /// Makes a git repository where there is none, if that is wanted.
    fn git(&self) -> Result<Option<Line>, CliError> {
        if self.git_top()?.is_some() {
            return Ok(None);
        }
        let line = |deed, detail: &str| Ok(Some(Line::new(deed, ".git", detail)));
        if self.args.dry_run {
            return line(Deed::WouldMake, GIT_PURPOSE);
        }
        if !self.args.yes && !self.context.output.asks {
            return line(Deed::Left, "it is no git repository yet: `git init` makes it one");
        }
        if !self.args.yes && !self.context.output.ask("It is no git repository yet. Run `git init`?", true) {
            return line(Deed::Left, "as you said: `git init` makes it a git repository");
        }
        let Some(git) = self.context.environment.program("git") else {
            return line(Deed::Left, "there is no program `git` here: install git, then run `git init`");
        };
        match self.run_git(&git) {
            Ok(()) => line(Deed::Made, GIT_PURPOSE),
            Err(why) => line(Deed::Left, &format!("`git init` failed: {why}")),
        }
    }

    /// The folder is not a repository yet, so there is nothing in it that git would run.
    fn run_git(&self, git: &Path) -> Result<(), String> {
        let mut command = Command::new(git);
        command.args([OsStr::new("init"), OsStr::new("--quiet"), OsStr::new("--")]).arg(&self.root);
        for name in OF_ANOTHER {
            command.env_remove(name);
        }
        let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(());
        }
        let said = String::from_utf8_lossy(&output.stderr);
        Err(said.lines().last().unwrap_or("it did not say why").to_owned())
    }

    fn report(&self, lines: &[Line], course: &Course, repository: Option<&Repository>) {
        let style = &self.context.output.style;
        let shown = repository.map_or(self.root.as_path(), Repository::root).display().to_string();
        let heading = format!("{} in `{shown}`", course.title);
        let advice = self.advice(lines, course);
        self.context.output.print(&laid::render(&heading, lines, &advice, style));
    }

    fn advice(&self, lines: &[Line], course: &Course) -> String {
        let first = course.days().next().map_or_else(|| "day1".to_owned(), |day| day.to_string());
        if self.args.dry_run && !lines.is_empty() {
            return "Nothing was changed; without `--dry-run` it is.\n".to_owned();
        }
        let nothing = if lines.is_empty() { "All is there already; nothing was changed. " } else { "" };
        let commit =
            if lines.iter().any(Line::is_done) { "    git add . && git commit -m \"Begin\"\n" } else { "" };
        let place = if self.is_here() { "" } else { ", in that folder" };
        format!(
            "{nothing}Next{place}:\n{commit}    grade start {first}\n    grade show {first}\n    grade list\n"
        )
    }

    fn is_here(&self) -> bool {
        let here = Path::new(".").canonicalize();
        here.is_ok_and(|here| self.root.canonicalize().is_ok_and(|root| root == here))
    }
}

fn refused(what: &str, error: &io::Error) -> CliError {
    CliError {
        status: Status::Broken,
        headline: format!("failed to {what}"),
        causes: vec![error.to_string()],
        hint: Some("what was written before that is whole; mend this and run `grade init` again".to_owned()),
    }
}

const GIT_PURPOSE: &str = "a git repository";
const WORKFLOW_QUESTION: &str = "Write a workflow, so that GitHub grades what you push?";
/// Where the hook will be in a repository that is not there yet.
const HOOK: &str = ".git/hooks/pre-commit";
const HOOK_PURPOSE: &str = "grades before every commit; `grade hook uninstall` takes it away again";
const HOOK_QUESTION: &str = "Install a hook, so that every commit is graded before it is made?";
