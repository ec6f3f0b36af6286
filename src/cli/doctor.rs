//! `grade doctor`: what is there and what is missing, without changing anything.

use crate::event::Level;
use crate::outcome::{Fault, Status};
use crate::report::listing::{self, Health, Standing};
use crate::runner::{self, GradingError};
use crate::toolchain::{self, DoctorLine, Request, State};

use super::Context;
use super::error::CliError;

/// Runs the command. Exits with 3 when something that grading needs is missing.
pub fn run(context: &Context) -> Result<Status, CliError> {
    let data_dir =
        context.environment.data_dir().map_err(|error| CliError::new(Status::Usage, &error, None))?;
    let request = Request::new(context.environment.clone());
    let mut lines: Vec<Health> = toolchain::doctor(&data_dir, &request).into_iter().map(tools).collect();
    lines.push(sandbox());
    let missing = lines.iter().any(|line| line.standing == Standing::Missing);
    context.output.print(&listing::health(&lines, &context.output.style));
    Ok(if missing { Status::Broken } else { Status::Passed })
}

fn tools(line: DoctorLine) -> Health {
    let standing = match line.state {
        State::Ok => Standing::Ok,
        State::Missing => Standing::Missing,
        State::Warning => Standing::Warning,
    };
    Health { label: line.label.to_owned(), standing, detail: line.detail, hint: line.hint }
}

fn sandbox() -> Health {
    let label = "sandbox".to_owned();
    match runner::confinement(Level::Full) {
        Ok(confinement) => {
            let report = confinement.report();
            let mut detail = format!("{} ({})", report.level.name(), report.layers.join(", "));
            if !report.missing.is_empty() {
                detail.push_str(&format!("; {}", report.missing.join("; ")));
            }
            Health { label, standing: Standing::Ok, detail, hint: None }
        }
        Err(GradingError::NoSandbox(error)) => {
            let hint = error.hint();
            let detail = Fault::from_error("cannot be had", &error).to_string();
            Health { label, standing: Standing::Missing, detail, hint }
        }
        Err(error @ GradingError::Fault(_)) => {
            Health { label, standing: Standing::Missing, detail: error.to_string(), hint: None }
        }
    }
}
