//! Shows a long text page by page, with the program that the user has chosen for it. What is shown is a course's and not a learner's.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::config::env::Environment;

use super::Context;
use super::output;

/// What is taken where `PAGER` says nothing.
const USUAL: &str = "less";
/// What `less` does where `LESS` says nothing: it ends at once with what fits, shows colours, and leaves the text on the screen.
const LESS: &str = "FRX";

/// Shows a text: in a pager where it is longer than the terminal, and otherwise as it is.
pub fn show(context: &Context, text: &str, no_pager: bool) {
    let is_long = output::terminal_lines().is_some_and(|lines| text.lines().count() >= lines);
    if !(is_long && !no_pager && page(&context.environment, text)) {
        context.output.print(text);
    }
}

/// Lets the user's pager show a text, and returns whether there is one.
fn page(environment: &Environment, text: &str) -> bool {
    let wanted = environment.get("PAGER").map_or(USUAL.into(), |pager| pager.to_string_lossy());
    let mut words = wanted.split_whitespace();
    let Some(program) = words.next().and_then(|name| find(environment, name)) else { return false };
    let mut command = Command::new(program);
    command.args(words).stdin(Stdio::piped());
    if environment.get("LESS").is_none() {
        command.env("LESS", LESS);
    }
    let Ok(mut child) = command.spawn() else { return false };
    // Ctrl-C is for the pager, which would be left without a reader of its keys if this process ended before it.
    // SAFETY: to ignore a signal needs no handler, and the process ends when the pager has.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_IGN) };
    if let Some(mut stdin) = child.stdin.take() {
        // Whoever leaves the pager early has read enough.
        let _ = stdin.write_all(text.as_bytes());
    }
    let _ = child.wait();
    true
}

/// Returns the program of this name, which is never one of the current folder: that may be a stranger's.
fn find(environment: &Environment, name: &str) -> Option<PathBuf> {
    let named = PathBuf::from(name);
    if name.contains('/') {
        return named.is_absolute().then_some(named);
    }
    environment.path().into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}
