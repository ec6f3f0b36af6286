//! `grade hook install` and `uninstall`: the hook of plain git. The folder of hooks is asked of git, which alone knows `core.hooksPath`
//! with all the files that it may stand in.

use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::outcome::Status;

use super::super::error::CliError;
use super::super::{Context, setup};

/// The hook that git runs before a commit.
const NAME: &str = "pre-commit";
/// Where the hook is kept that was there before. Git runs nothing of that name.
const BEFORE: &str = "pre-commit.before-grade";
/// What tells our hook from any other.
const MARK: &str = "# Written by `grade hook install`";

/// Runs `grade hook install`.
pub fn install(context: &Context) -> Result<Status, CliError> {
    let said = install_at(context, context.repository()?.root())?;
    context.output.print(&said);
    Ok(Status::Passed)
}

/// Returns where the hook of a repository is, or would be; nothing where git knows nothing of the repository.
pub fn path_of(context: &Context, root: &Path) -> Option<PathBuf> {
    Place::find(context, root).ok().map(|place| place.hook())
}

/// Returns whether a repository has the hook already; one that git knows nothing of has none.
pub fn is_installed(context: &Context, root: &Path) -> bool {
    Place::find(context, root).is_ok_and(|place| place.is_ours())
}

/// Installs the hook, and sets up the tools, so that no commit has to wait for that. Returns what there is to say of it.
pub fn install_at(context: &Context, root: &Path) -> Result<String, CliError> {
    let place = Place::find(context, root)?;
    setup::set_up(context, &context.environment.data_dir().map_err(|error| no_home(&error))?)?;
    let kept = place.make_room()?;
    let script = place.script(context)?;
    place.write(&script).map_err(|error| place.refused("write", &error))?;
    let hook = place.hook();
    let mut said =
        format!("Before every commit, the days that it changes are graded: `{}`\n", hook.display());
    if kept {
        said += &format!("The hook that was there runs first: `{BEFORE}`\n");
    }
    if place.is_shared() {
        said += "This folder of hooks (`core.hooksPath`) serves other repositories too; where there is nothing of the course, the hook says nothing.\n";
    }
    Ok(said + "`grade hook uninstall` takes it away again.\n")
}

/// Removes the hook, and puts back what was there before.
pub fn uninstall(context: &Context) -> Result<Status, CliError> {
    let place = Place::find(context, context.repository()?.root())?;
    if !place.is_ours() {
        context.output.print("There is no hook of grade's here; nothing was changed.\n");
        return Ok(Status::Passed);
    }
    let (hook, before) = (place.hook(), place.folder.join(BEFORE));
    let is_kept = before.symlink_metadata().is_ok();
    let done = if is_kept { fs::rename(&before, &hook) } else { fs::remove_file(&hook) };
    done.map_err(|error| place.refused("remove", &error))?;
    let again = if is_kept { "; the hook that was there before is back" } else { "" };
    context.output.print(&format!("Commits are no longer graded{again}.\n"));
    Ok(Status::Passed)
}

/// Where git looks for hooks.
struct Place {
    folder: PathBuf,
    /// The top of the work tree.
    top: PathBuf,
    /// The learner's repository, which may be a folder in it.
    root: PathBuf,
}

impl Place {
    fn find(context: &Context, root: &Path) -> Result<Self, CliError> {
        // Git answers with paths from where it was asked.
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let git = context.environment.program("git").ok_or_else(|| CliError {
            status: Status::Usage,
            headline: "there is no program `git` here".to_owned(),
            causes: Vec::new(),
            hint: Some("install git, or put the folder that it is in into `PATH`".to_owned()),
        })?;
        let ask = |question: &[&str]| ask(&git, &root, question);
        let folder = root.join(ask(&["rev-parse", "--git-path", "hooks"])?);
        let top = PathBuf::from(ask(&["rev-parse", "--show-toplevel"])?);
        Ok(Self { folder, top, root })
    }

    fn hook(&self) -> PathBuf {
        self.folder.join(NAME)
    }

    fn is_ours(&self) -> bool {
        fs::read_to_string(self.hook()).is_ok_and(|text| text.contains(MARK))
    }

    /// Returns whether the hooks belong to no single repository.
    fn is_shared(&self) -> bool {
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let is_git = |folder: &Path| folder.join("HEAD").exists() && folder.join("objects").exists();
        !real(&self.folder).starts_with(real(&self.top)) && !self.folder.ancestors().any(is_git)
    }

    /// Puts a hook that is not ours aside. Returns whether one is kept.
    fn make_room(&self) -> Result<bool, CliError> {
        let (hook, before) = (self.hook(), self.folder.join(BEFORE));
        let is_kept = before.symlink_metadata().is_ok();
        if self.is_ours() || hook.symlink_metadata().is_err() {
            return Ok(is_kept);
        }
        if is_kept {
            return Err(CliError {
                status: Status::Usage,
                headline: format!("two hooks are in the way: `{}` and `{BEFORE}` beside it", hook.display()),
                causes: Vec::new(),
                hint: Some("keep one of them, as `pre-commit`, and install grade's again".to_owned()),
            });
        }
        fs::rename(&hook, &before).map_err(|error| self.refused("move", &error))?;
        Ok(true)
    }

    fn script(&self, context: &Context) -> Result<String, CliError> {
        let refused = |what: &'static str| move |error: io::Error| self.refused(what, &error);
        let program = std::env::current_exe().and_then(|program| quoted(&program));
        let mut words = vec![program.map_err(refused("name the program in"))?];
        if let Some(pack) = &context.global.pack {
            let pack = pack.canonicalize().and_then(|pack| quoted(&pack));
            words.extend(["--pack".to_owned(), pack.map_err(refused("name the course in"))?]);
        }
        // Git starts hooks at the top of the work tree.
        let top = self.top.canonicalize().unwrap_or_else(|_| self.top.clone());
        if let Some(below) = self.root.strip_prefix(top).ok().filter(|below| !below.as_os_str().is_empty()) {
            words.extend(["--repo".to_owned(), quoted(below).map_err(refused("name the repository in"))?]);
        }
        let (program, command) = (&words[0], words.join(" "));
        Ok(format!(
            "#!/bin/sh\n{MARK}; `grade hook uninstall` takes it away and puts back what was here before.\n\
             before=\"$(dirname \"$0\")/{BEFORE}\"\n\
             if [ -x \"$before\" ]; then\n    \"$before\" \"$@\" || exit $?\nfi\n\
             if [ ! -x {program} ]; then\n    \
             echo 'grade is no longer where it was when this hook was installed; the commit was not graded.' >&2\n    \
             echo 'Install the hook again with `grade hook install`, or delete it.' >&2\n    exit 0\nfi\n\
             exec {command} hook run\n"
        ))
    }

    fn write(&self, script: &str) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        let mut draft = tempfile::Builder::new().prefix(".hook-").tempfile_in(&self.folder)?;
        draft.write_all(script.as_bytes())?;
        draft.as_file().set_permissions(Permissions::from_mode(0o755))?;
        draft.persist(self.hook())?;
        Ok(())
    }

    fn refused(&self, what: &str, error: &io::Error) -> CliError {
        CliError {
            status: Status::Broken,
            headline: format!("failed to {what} the hook `{}`", self.hook().display()),
            causes: vec![error.to_string()],
            hint: None,
        }
    }
}

/// Asks git something about the repository that a user has named, and takes the one line that it answers.
fn ask(git: &Path, root: &Path, question: &[&str]) -> Result<String, CliError> {
    let output = Command::new(git).arg("-C").arg(root).args(question).stdin(Stdio::null()).output();
    let why = match output {
        Ok(output) if output.status.success() => {
            return Ok(String::from_utf8_lossy(&output.stdout).trim_end_matches('\n').to_owned());
        }
        Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
        Err(error) => error.to_string(),
    };
    Err(CliError {
        status: Status::Usage,
        headline: "failed to ask git where its hooks are".to_owned(),
        causes: vec![why],
        hint: Some("a hook needs a git repository: `git init` makes one".to_owned()),
    })
}

fn no_home(error: &(dyn std::error::Error + 'static)) -> CliError {
    CliError::new(Status::Usage, error, None)
}

/// Returns a path as one word of a shell.
fn quoted(path: &Path) -> io::Result<String> {
    let not_text = || io::Error::other(format!("the path `{}` is not UTF-8", path.display()));
    Ok(format!("'{}'", path.to_str().ok_or_else(not_text)?.replace('\'', "'\\''")))
}
