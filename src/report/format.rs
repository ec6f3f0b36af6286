//! The formats in which a finished run is reported: for people, for build servers, for other graders.
//!
//! Each is a pure function of the run, so several can be written of one run and each has its own file below. What is said
//! of a requirement is the same in all of them (`reasons`); what cannot stand in a format is escaped by `sanitize`.

pub mod exercism;
pub mod github;
pub mod gradescope;
pub mod html;
pub mod junit;
pub mod markdown;
pub mod sarif;

use super::counts::counted;
use super::style::Style;
use super::{json, terminal};
use crate::event::RunReport;

/// A document that does not become too long: whole pieces are added while there is room, and the others are counted.
#[derive(Debug, Clone)]
struct Bounded {
    text: String,
    limit: usize,
    left_out: usize,
}

impl Bounded {
    /// Returns an empty document for which there are so many bytes.
    fn new(limit: usize) -> Self {
        Self { text: String::new(), limit, left_out: 0 }
    }

    /// Adds a piece, if there is room for it; after the first for which there is none, nothing is added any more.
    fn add(&mut self, piece: &str) {
        if self.left_out > 0 || self.text.len() + piece.len() > self.limit {
            self.left_out += 1;
        } else {
            self.text.push_str(piece);
        }
    }

    /// Returns what stands for the pieces that were left out.
    fn missing(&self) -> Option<String> {
        (self.left_out > 0)
            .then(|| format!("… and {}: this page would be too long.", counted(self.left_out, "more piece")))
    }
}

/// A form in which a run is reported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// For people, on a terminal or in a log.
    Text,
    /// For programs: all that is known.
    Json,
    /// For build servers.
    Junit,
    /// For the log of a GitHub Actions job: annotations.
    Github,
    /// For the summary of a GitHub Actions job.
    Markdown,
    /// For people, in a browser.
    Html,
    /// For tools that show findings beside code.
    Sarif,
    /// For the autograder of Gradescope.
    Gradescope,
    /// For a test runner of Exercism.
    Exercism,
}

impl Format {
    /// All of them, in the order in which help lists them.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Json,
        Self::Junit,
        Self::Github,
        Self::Markdown,
        Self::Html,
        Self::Sarif,
        Self::Gradescope,
        Self::Exercism,
    ];

    /// Returns the name as the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Github => "github",
            Self::Markdown => "markdown",
            Self::Html => "html",
            Self::Sarif => "sarif",
            Self::Gradescope => "gradescope",
            Self::Exercism => "exercism",
        }
    }

    /// Returns what it is for, in a line.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Text => "For people",
            Self::Json => "For programs; docs/report.schema.json describes it",
            Self::Junit => "For build servers: JUnit XML, a suite for each day",
            Self::Github => "For GitHub Actions: annotations beside the code, the ten most useful",
            Self::Markdown => "For GitHub: the summary of a job, or a comment",
            Self::Html => "For people: one file that needs nothing else, for any browser",
            Self::Sarif => "For editors and code scanning: SARIF 2.1.0",
            Self::Gradescope => "For Gradescope: the results.json of an autograder",
            Self::Exercism => "For Exercism: the results.json of a test runner, version 3",
        }
    }

    /// Returns the whole report, with a line break at the end. Only `Text` has a style; all others are the same everywhere.
    pub fn render(self, run: &RunReport, style: &Style) -> String {
        match self {
            Self::Text => terminal::render(run, style),
            Self::Json => json::render(run),
            Self::Junit => junit::render(run),
            Self::Github => github::render(run),
            Self::Markdown => markdown::render(run),
            Self::Html => html::render(run),
            Self::Sarif => sarif::render(run),
            Self::Gradescope => gradescope::render(run),
            Self::Exercism => exercism::render(run),
        }
    }
}
