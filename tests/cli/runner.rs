//! What a runner of GitHub Actions gives a step, and what it makes of what the step leaves: its log, its summary, its outputs.
//!
//! It reads logs and files as the real one does:
//! <https://github.com/actions/runner/blob/main/src/Runner.Common/ActionCommand.cs> and
//! <https://github.com/actions/runner/blob/main/src/Runner.Worker/FileCommandManager.cs>.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::place::Place;

/// The files of one step, and the job's temporary folder.
pub struct Step {
    folder: PathBuf,
}

impl Step {
    /// Makes them.
    pub fn new(place: &Place) -> Self {
        let folder = place.path("runner");
        fs::create_dir_all(folder.join("temp")).unwrap();
        for file in ["summary", "output"] {
            fs::write(folder.join(file), "").unwrap();
        }
        Self { folder }
    }

    /// Names them to a command, as the runner does.
    pub fn tell<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.env("GITHUB_ACTIONS", "true").env("CI", "true");
        command.env("GITHUB_STEP_SUMMARY", self.path("summary")).env("GITHUB_OUTPUT", self.path("output"));
        command.env("RUNNER_TEMP", self.path("temp"))
    }

    /// Returns one of them.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Returns the summary of the step.
    pub fn summary(&self) -> String {
        fs::read_to_string(self.path("summary")).unwrap()
    }

    /// Returns the outputs of the step.
    pub fn outputs(&self) -> BTreeMap<String, String> {
        let text = fs::read_to_string(self.path("output")).unwrap();
        let pairs = text.lines().map(|line| line.split_once('=').unwrap_or_else(|| panic!("{line:?}")));
        pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
    }
}

/// Returns the commands of a log that the runner obeys; at the end it must obey commands again.
pub fn obeyed(log: &str) -> Vec<String> {
    let (mut token, mut obeyed) = (None, Vec::new());
    for line in log.lines() {
        let Some(command) = command(line) else { continue };
        match &token {
            Some(end) if *end == command => token = None,
            Some(_) => {}
            None => match command.strip_prefix("stop-commands::") {
                Some(end) => {
                    assert!(end.len() >= 32, "a token that can be guessed: {end}");
                    token = Some(format!("{end}::"));
                }
                None => obeyed.push(command),
            },
        }
    }
    assert_eq!(token, None, "commands are still stopped");
    obeyed
}

/// Returns what a line commands, if it is a command.
fn command(line: &str) -> Option<String> {
    let new = line.trim().strip_prefix("::").filter(|rest| rest.contains("::"));
    new.or_else(|| Some(line.split_once("##[")?.1)).map(ToOwned::to_owned)
}
