//! `grade doctor`: what is there and what is missing, without changing anything.

use crate::config::settings::Sandbox;
use crate::event::Level;
use crate::outcome::Status;
use crate::report::listing::{self, Health, Standing};
use crate::sandbox::{self, Confinement, LEVELS, Launcher, Unavailable};
use crate::toolchain::{self, DoctorLine, Request, State};

use super::Context;
use super::error::CliError;

/// Runs the command. Exits with 3 when something that grading needs is missing.
pub fn run(context: &Context) -> Result<Status, CliError> {
    let data_dir =
        context.environment.data_dir().map_err(|error| CliError::new(Status::Usage, &error, None))?;
    let request = Request::new(context.environment.clone());
    let mut lines: Vec<Health> = toolchain::doctor(&data_dir, &request).into_iter().map(tools).collect();
    lines.extend(sandbox());
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

/// Says of each level whether it can be had, best first. One that will do is enough, so the others are only warned of.
fn sandbox() -> Vec<Health> {
    let launcher = match Launcher::this_program() {
        Ok(launcher) => launcher,
        Err(error) => {
            let detail = format!("cannot find this program: {error}");
            let label = "sandbox".to_owned();
            return vec![Health { label, standing: Standing::Missing, detail, hint: None }];
        }
    };
    let found: Vec<_> =
        LEVELS.into_iter().map(|level| (level, sandbox::probe(launcher.clone(), level))).collect();
    let floor = Sandbox::default().floor();
    let will_do = |level: &Level, found: &Result<_, _>| *level >= floor && found.is_ok();
    let best = found.iter().position(|(level, found)| will_do(level, found));
    let groups = best.and_then(|best| found[best].1.as_ref().ok()).map(of_groups);
    let levels =
        found.into_iter().enumerate().map(|(rank, (level, found))| of_level(level, found, rank, best));
    levels.chain(groups).collect()
}

/// Says whether the sandboxes of the level that is used have cgroups of their own. They are safe without, so that is a warning.
fn of_groups(confinement: &Confinement) -> Health {
    let (standing, detail, hint) = match confinement.ungrouped() {
        None => (Standing::Ok, "memory and processes of each sandbox are capped".to_owned(), None),
        Some(why) => {
            let detail = format!("none; memory and processes are watched: {why}");
            (Standing::Warning, detail, why.hint_for_groups())
        }
    };
    Health { label: "cgroup".to_owned(), standing, detail, hint }
}

fn of_level(
    level: Level,
    found: Result<Confinement, Unavailable>,
    rank: usize,
    best: Option<usize>,
) -> Health {
    let label = format!("sandbox {}", level.name());
    match found {
        Ok(confinement) => {
            let report = confinement.report();
            let mut detail = report.layers.join(", ");
            if !report.missing.is_empty() {
                detail.push_str(&format!("; {}", report.missing.join("; ")));
            }
            Health { label, standing: Standing::Ok, detail, hint: None }
        }
        Err(why) => {
            let standing = match best {
                Some(best) if best < rank => Standing::Ok,
                Some(_) => Standing::Warning,
                None => Standing::Missing,
            };
            let hint = (standing != Standing::Ok).then(|| why.hint(level)).flatten();
            Health { label, standing, detail: format!("cannot be had: {why}"), hint }
        }
    }
}
