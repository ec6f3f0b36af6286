//! `grade [TARGET…]`: grades, and reports while and after it does.

use std::thread;
use std::time::SystemTime;

use crate::config::file::FILE_NAME;
use crate::config::settings::{Limits, Recall, Settings, Until};
use crate::event::{Event, RunReport};
use crate::history::{Graded, History, Run};
use crate::outcome::{Fault, Status};
use crate::pack::Course;
use crate::rel_path::RelPath;
use crate::report::progress::Progress;
use crate::repository::Repository;
use crate::runner::last_run::{LastRun, LastRuns};
use crate::runner::plan::{self, PlannedDay};
use crate::runner::target::{self, Target, Wanted};
use crate::runner::{Events, Grading};
use crate::toolchain::{Request, Toolchain};

use super::Context;
use super::actions::{self, Job};
use super::args::GradeArgs;
use super::deliver::{Delivery, Told};
use super::error::CliError;
use super::setup;

/// Runs the command. A job of GitHub Actions is told more than the text, unless somebody has said what to print.
pub fn run(context: &Context, args: &GradeArgs) -> Result<Status, CliError> {
    let delivery = Delivery::of(&args.report.formats)?.quiet(args.quiet);
    let job = delivery.is_left_to_us().then(|| Job::around(context)).flatten();
    let told = grade(context, args, &delivery, job.as_ref());
    if let (Err(error), Some(job)) = (&told, job) {
        job.refuse(error);
    }
    told
}

fn grade(
    context: &Context,
    args: &GradeArgs,
    delivery: &Delivery,
    job: Option<&Job<'_>>,
) -> Result<Status, CliError> {
    let settings = settings(context, args)?;
    let Plan { repository, course, planned } = plan(context, &args.targets)?;
    let days: Vec<Graded> = planned.iter().map(graded_day).collect();
    let report = graded(context, &course, &repository, &settings, planned)?;
    let run = keep(&settings, &repository, report);
    let folder = actions::folder(&context.environment, repository.root());
    let told = Told { run: &run, note: None, folder };
    let status = match job {
        Some(job) => job.deliver(delivery, &told),
        None => delivery.deliver(&told, |text| text, &context.output),
    };
    if let Some(note) = remember(&settings, &repository, &run, &days) {
        context.output.note(&note);
    }
    Ok(status)
}

/// What is graded, and where it is.
pub struct Plan {
    /// The learner's repository.
    pub repository: Repository,
    /// The course.
    pub course: Course,
    /// The days, as their files are now. There is at least one.
    pub planned: Vec<PlannedDay>,
}

/// Plans what these words name or, where there are none, the days that have been started.
pub fn plan(context: &Context, words: &[String]) -> Result<Plan, CliError> {
    let repository = context.repository()?;
    let course = context.course(Some(&repository))?;
    let targets: Vec<Target> = words
        .iter()
        .map(|word| word.parse().map_err(|error| CliError::target(&error, &course)))
        .collect::<Result<_, _>>()?;
    let selection = match &targets[..] {
        [] => None,
        targets => Some(target::select(&course, targets).map_err(|error| CliError::target(&error, &course))?),
    };
    let planned = plan::plan(&course, &repository, selection)?;
    if planned.is_empty() {
        return Err(nothing_started(&course, &repository));
    }
    Ok(Plan { repository, course, planned })
}

/// Grades what is planned, and shows meanwhile what is going on.
pub fn graded(
    context: &Context,
    course: &Course,
    repository: &Repository,
    settings: &Settings,
    planned: Vec<PlannedDay>,
) -> Result<RunReport, CliError> {
    let request = Request::new(context.environment.clone());
    let toolchain = Toolchain::locate(&settings.data_dir, &request);
    let grading = Grading { course, repository, settings, toolchain };
    let (events, heard) = Events::channel();
    let progress = Progress::new(context.output.shows_progress, context.output.error_style());
    let listening = thread::spawn(move || listen(heard, progress));
    let graded = grading.run(planned, || set_up(context, settings), &events);
    drop(events);
    // The screen is cleared before the report is written.
    let _ = listening.join();
    Ok(graded?)
}

/// Returns what the history keeps of a day beside what it comes to.
pub fn graded_day(planned: &PlannedDay) -> Graded {
    Graded {
        day: planned.day.id,
        is_whole: planned.wanted == Wanted::Whole,
        digest: planned.work.as_ref().map(|work| work.snapshot.digest()),
    }
}

/// Keeps the run for `grade report`, and returns it.
pub fn keep(settings: &Settings, repository: &Repository, report: RunReport) -> RunReport {
    let run = LastRun { at: SystemTime::now(), report };
    LastRuns::new(&settings.cache_dir).put(repository.shown_root(), &run);
    run.report
}

/// Writes the run into the history, and returns what there is to say about that. Where it fails, the run came to the same.
pub fn remember(
    settings: &Settings,
    repository: &Repository,
    report: &RunReport,
    graded: &[Graded],
) -> Option<String> {
    let run = Run { root: repository.shown_root(), report, graded, ended: SystemTime::now() };
    match History::new(&settings.data_dir).record(&run) {
        Ok(None) => None,
        Ok(Some(aside)) => {
            let aside = aside.display();
            Some(format!("the history was damaged and begins anew; the old one is `{aside}`"))
        }
        Err(error) => Some(format!("this run is not in the history: {error}")),
    }
}

/// Shows what is going on until the run is over.
fn listen(mut heard: tokio::sync::mpsc::UnboundedReceiver<Event>, mut progress: Progress) {
    while let Some(event) = heard.blocking_recv() {
        // What cannot be shown costs nobody a verdict.
        let _ = progress.event(&event);
    }
}

/// Returns what the run is done with.
pub fn settings(context: &Context, args: &GradeArgs) -> Result<Settings, CliError> {
    let no_home = |error| CliError::new(Status::Usage, &error, None);
    let cores = thread::available_parallelism().map_or(1, usize::from);
    Ok(Settings {
        seed: args.seed,
        shuffle: false,
        trials: true,
        recall: Recall::Nothing,
        until: Until::End,
        cache: !args.no_cache,
        // One more than there are cores: a check waits for its processes to start and end.
        jobs: args.jobs.map_or(cores + 1, usize::from),
        sandbox: args.sandbox(),
        limits: Limits::default(),
        data_dir: context.environment.data_dir().map_err(no_home)?,
        cache_dir: context.environment.cache_dir().map_err(no_home)?,
    })
}

/// Makes the Python environment, with progress.
pub fn set_up(context: &Context, settings: &Settings) -> Result<Toolchain, Fault> {
    setup::set_up(context, &settings.data_dir).map_err(|error| Fault {
        what: error.headline,
        caused_by: error.causes,
        hint: error.hint,
    })
}

/// Says what to do first, in a repository that nothing was done in yet.
fn nothing_started(course: &Course, repository: &Repository) -> CliError {
    let first = course.days().next().map_or_else(|| "day1".to_owned(), |day| day.to_string());
    let is_made = repository.tree().kind(&RelPath::root().child(FILE_NAME).unwrap_or_default()).is_some();
    let init = if is_made {
        ""
    } else {
        "    grade init          folders, .gitignore and settings, where they are missing\n"
    };
    let start = format!("grade start {first}");
    CliError {
        status: Status::NothingGraded,
        headline: format!("no day has been started in `{}`", repository.root().display()),
        causes: Vec::new(),
        hint: Some(format!(
            "to begin:\n{init}    {start:<18}  what the first day begins with\n    grade list          all days, and where yours are looked for"
        )),
    }
}
