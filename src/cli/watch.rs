//! `grade watch [TARGET…]`: grades whenever a file is saved.
//!
//! ```text
//! changes on the disk ─┐                         ┌─ screen ◄─ keys
//!                      ├─► planner ─► session ◄──┤
//! the key `r` ─────────┘                 │ ▲     └─ signals
//!                                        ▼ │ events, the report
//!                                    a run, which a newer plan ends
//! ```
//!
//! Everything that happens is a piece of news, and the session hears of one after the other; it alone decides. The planner looks at
//! what there is to grade, so that a save that changes nothing of it ends no run. All runs share one workshop, which is
//! opened while the first plan is made. Verdicts come from the cache, so only what a save has changed is graded again.

mod keys;
mod planner;
mod screen;
mod session;
mod workshop;

use std::sync::mpsc;
use std::thread;

use crate::config::settings::Settings;
use crate::event::{Event, RunReport};
use crate::outcome::{Fault, Status};
use crate::report::Format;
use crate::runner::last_run::LastRuns;
use crate::runner::{GradingError, interrupt};
use crate::toolchain::{Request, Toolchain};
use crate::watch::{self, Noticed, Why};

use super::Context;
use super::args::WatchArgs;
use super::deliver::Delivery;
use super::error::CliError;
use super::grade;

use keys::Key;
use planner::{Planned, Wish};
use screen::Screen;
use session::{Desk, Session};
use workshop::Shared;

/// Something that the session hears of.
enum News {
    /// There may be something new to grade.
    Planned(Box<Planned>),
    /// There are no events of the disk.
    Looking(Why),
    /// Something happened in the run with this number.
    Happened(u64, Event),
    /// The run with this number is over.
    Over(u64, Box<Result<RunReport, GradingError>>),
    /// A fault of ours that no other run can mend.
    Broken(Fault),
    /// A key was pressed.
    Key(Key),
    /// The screen has another size.
    Resized,
    /// Ctrl-C, SIGTERM, or the terminal is gone.
    Ended,
}

/// Runs the command.
pub fn run(context: &Context, args: &WatchArgs) -> Result<Status, CliError> {
    let delivery = Delivery::of(&args.grade.report.formats)?.quiet(args.grade.quiet);
    if delivery.printed() != Format::Text {
        return Err(prints_text(delivery.printed()));
    }
    let mut settings = grade::settings(context, &args.grade)?;
    let runs_dir = settings.cache_dir.clone();
    // Without any verdicts, what no save has changed would be graded again and again.
    let no_folder = |error| Fault::from_error("failed to make a temporary folder", &error);
    let own_cache = args.grade.no_cache.then(tempfile::tempdir).transpose().map_err(no_folder)?;
    if let Some(folder) = &own_cache {
        settings.cache = true;
        settings.cache_dir = folder.path().to_owned();
    }
    let root = match grade::plan(context, &args.grade.targets) {
        Ok(plan) => plan.repository.root().to_owned(),
        // The first day may be started at any moment.
        Err(error) if error.status == Status::NothingGraded => context.repository()?.root().to_owned(),
        Err(error) => return Err(error),
    };
    let toolchain = toolchain(context, &settings)?;
    let (tell, news) = mpsc::channel();
    let (wish, wishes) = mpsc::channel();
    let tell_of_signal = tell.clone();
    interrupt::hear(move || tell_of_signal.send(News::Ended).is_ok())
        .map_err(|error| Fault::from_error("failed to heed signals", &error))?;
    let (tell_of_looking, wish_anew) = (tell.clone(), wish.clone());
    let shared = Shared::new(toolchain, settings.sandbox);
    thread::scope(|scope| {
        scope.spawn(|| shared.open().map(drop));
        let tell_of_plans = tell.clone();
        scope.spawn(move || planner::plan(context, &args.grade.targets, &wishes, &tell_of_plans));
        watch::begin(root, args.poll, move |told| match told {
            Noticed::Changed(paths) => wish.send(Wish::Changed(paths)).is_ok(),
            Noticed::Looking(why) => tell_of_looking.send(News::Looking(why)).is_ok(),
        });
        let screen = Screen::open(&context.output, &context.environment, &tell);
        let runs = LastRuns::new(&runs_dir);
        let (delivery, shared, settings) = (&delivery, &shared, &settings);
        let desk = Desk { context, settings, runs, delivery, shared, tell, wish: wish_anew.clone() };
        let mut session = Session::new(desk, scope, screen);
        let told = session.hear(&news);
        session.close();
        let _ = wish_anew.send(Wish::Nothing);
        // From now on a signal ends the program, whatever is still being ended.
        drop(news);
        told
    })
}

/// Returns the Python environment; it is made where there is none.
fn toolchain(context: &Context, settings: &Settings) -> Result<Toolchain, CliError> {
    match Toolchain::locate(&settings.data_dir, &Request::new(context.environment.clone())) {
        Some(toolchain) => Ok(toolchain),
        None => Ok(grade::set_up(context, settings)?),
    }
}

fn prints_text(format: Format) -> CliError {
    let name = format.name();
    CliError {
        status: Status::Usage,
        headline: format!("`grade watch` prints text, one report after the other, and no {name}"),
        causes: Vec::new(),
        hint: Some(format!("give it a file, which every report replaces: `--format {name}=report`")),
    }
}
