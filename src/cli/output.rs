//! Where commands write: standard output for what was asked for, standard error for what went wrong.
//!
//! A reader who leaves early (`grade | head`) is no error.

use std::io::{self, IsTerminal, Write};

use crate::config::env::Environment;
use crate::outcome::Status;
use crate::report::{Style, error};

use super::args::Color;
use super::error::CliError;

/// Standard output and error, and how each is written to.
#[derive(Debug, Clone)]
pub struct Output {
    /// The style of standard output.
    pub style: Style,
    /// Whether standard error is a terminal, so that progress may be shown there.
    pub shows_progress: bool,
    /// Whether somebody is there who can be asked.
    pub asks: bool,
    error_style: Style,
}

impl Output {
    /// Decides how to write.
    pub fn new(color: Color, environment: &Environment) -> Self {
        let style = |is_terminal: bool, columns: Option<usize>| {
            let plain = color == Color::Never || (color == Color::Auto && environment.no_color());
            let in_actions = environment.is_github_actions();
            let coloured = color == Color::Always || is_terminal;
            Style::resolve(coloured, plain, columns, in_actions)
        };
        let columns = environment.columns().or_else(terminal_columns);
        let (out, err) = (io::stdout().is_terminal(), io::stderr().is_terminal());
        Self {
            style: style(out, columns.filter(|_| out || environment.columns().is_some())),
            asks: out && io::stdin().is_terminal(),
            shows_progress: err && !environment.is_ci(),
            error_style: style(err, columns),
        }
    }

    /// Writes what was asked for.
    pub fn print(&self, text: &str) {
        let mut out = io::stdout().lock();
        // Nobody is left to be told that nobody reads.
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Asks a question that is answered with yes or no. Where nobody can be asked, the answer is no.
    pub fn ask(&self, question: &str, usual: bool) -> bool {
        if !self.asks {
            return false;
        }
        self.print(&format!("{question} [{}] ", if usual { "Y/n" } else { "y/N" }));
        let mut answer = String::new();
        // An end of the input is no answer, and none is given for anybody.
        let read = io::stdin().read_line(&mut answer).unwrap_or(0);
        match answer.trim().to_lowercase().as_str() {
            "" => usual && read > 0,
            answer => matches!(answer, "y" | "yes"),
        }
    }

    /// Writes an error, and returns its exit code.
    pub fn error(&self, error: &CliError) -> Status {
        let text = error::render(&error.headline, &error.causes, error.hint.as_deref(), &self.error_style);
        let _ = io::stderr().lock().write_all(text.as_bytes());
        error.status
    }

    /// Says something on standard error that changes no verdict.
    pub fn note(&self, text: &str) {
        let _ = io::stderr().lock().write_all(error::note(text, &self.error_style).as_bytes());
    }

    /// Returns the style of standard error.
    pub fn error_style(&self) -> Style {
        self.error_style
    }
}

/// Returns the lines that the terminal has on which standard output is shown, if it is one.
pub fn terminal_lines() -> Option<usize> {
    let out = io::stdout();
    let size = out.is_terminal().then(|| rustix::termios::tcgetwinsize(out).ok()).flatten();
    size.map(|size| usize::from(size.ws_row)).filter(|lines| *lines > 0)
}

fn terminal_columns() -> Option<usize> {
    let size =
        rustix::termios::tcgetwinsize(io::stdout()).or_else(|_| rustix::termios::tcgetwinsize(io::stderr()));
    size.ok().map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0)
}

/// Writes what clap has to say: help and version are answers, anything else is a usage error.
pub fn clap(error: &clap::Error) -> Status {
    let _ = error.print();
    if error.use_stderr() { Status::Usage } else { Status::Passed }
}
