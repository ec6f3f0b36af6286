//! The formats in which a finished run is reported: for people, for build servers, for other graders.
//!
//! Each is a pure function of the run, so several can be written of one run and each has its own file below. What is said
//! of a requirement is the same in all of them (`reasons`); what cannot stand in a format is escaped by `sanitize`.

pub mod github;
pub mod junit;

use super::style::Style;
use super::{json, terminal};
use crate::event::RunReport;

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
}

impl Format {
    /// All of them, in the order in which help lists them.
    pub const ALL: &[Self] = &[Self::Text, Self::Json, Self::Junit, Self::Github];

    /// Returns the name as the command line has it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Junit => "junit",
            Self::Github => "github",
        }
    }

    /// Returns what it is for, in a line.
    pub fn purpose(self) -> &'static str {
        match self {
            Self::Text => "For people",
            Self::Json => "For programs; docs/report.schema.json describes it",
            Self::Junit => "For build servers: JUnit XML, a suite for each day",
            Self::Github => "For GitHub Actions: annotations beside the code, the ten most useful",
        }
    }

    /// Returns the whole report, with a line break at the end. Only `Text` has a style; all others are the same everywhere.
    pub fn render(self, run: &RunReport, style: &Style) -> String {
        match self {
            Self::Text => terminal::render(run, style),
            Self::Json => json::render(run),
            Self::Junit => junit::render(run),
            Self::Github => github::render(run),
        }
    }
}
