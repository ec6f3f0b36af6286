//! `grade pack check` and `grade pack record`: work on a course.

use crate::config::settings::Sandbox;
use crate::config::settings::{Limits, Settings};
use crate::day::DayId;
use crate::outcome::Status;
use crate::pack::{self, Check, Course, Day, PackComplaint};
use crate::prover::{Proof, ProofError, Prover};
use crate::report::matrix;
use crate::report::set_up::Bar;
use crate::runner::GradingError;
use crate::runner::target::{Target, select};
use crate::toolchain::Toolchain;

use super::Context;
use super::args::{PackArgs, PackCheckArgs, PackCommand, PackDaysArgs};
use super::error::CliError;
use super::setup;

/// Runs the command.
pub fn run(context: &Context, args: &PackArgs) -> Result<Status, CliError> {
    match &args.command {
        PackCommand::Check(check) => run_check(context, check),
        PackCommand::Record(days) => run_record(context, days),
    }
}

fn run_check(context: &Context, args: &PackCheckArgs) -> Result<Status, CliError> {
    let course = context.course(None)?;
    let days = days(&course, &args.days)?;
    let (settings, toolchain) = tools(context)?;
    let seed = args.seed.unwrap_or_else(|| u64::from(rand::random::<u32>()));
    let prover =
        Prover { course: &course, settings: &settings, toolchain: &toolchain, repeats: args.repeat, seed };
    let mut complaints = 0;
    for day in &days {
        let proof = check_day(context, &prover, day)?;
        complaints += proof.complaints.len();
        context.output.print(&matrix::render(
            day.id,
            &day.title,
            &proof.kills,
            proof.wrong,
            &proof.complaints,
            &context.output.style,
        ));
    }
    let days = if days.len() == 1 { "1 day".to_owned() } else { format!("{} days", days.len()) };
    context.output.print(&match complaints {
        0 => format!("{days} proved (seed {seed})\n"),
        1 => format!("1 complaint about {days} (seed {seed})\n"),
        many => format!("{many} complaints about {days} (seed {seed})\n"),
    });
    Ok(if complaints == 0 { Status::Passed } else { Status::Failed })
}

fn check_day(context: &Context, prover: &Prover<'_>, day: &Day) -> Result<Proof, CliError> {
    let complaints: Vec<String> = pack::lint_day(day).iter().map(complaint).collect();
    let bar = Bar::new(context.output.shows_progress, context.output.error_style(), &day.id.to_string());
    let mut proof =
        prover.prove(day, &|done, total| bar.set(done as u64, total as u64)).map_err(proof_error)?;
    proof.complaints.splice(0..0, complaints);
    Ok(proof)
}

fn complaint(complaint: &PackComplaint) -> String {
    let line = complaint.line.map(|line| format!(" line {line}")).unwrap_or_default();
    let hint = complaint.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
    format!("`{}`{line}: {}{hint}", complaint.file, complaint.message)
}

fn run_record(context: &Context, args: &PackDaysArgs) -> Result<Status, CliError> {
    let Some(folder) = &context.global.pack else {
        return Err(CliError {
            status: Status::Usage,
            headline: "a built-in pack cannot be recorded".to_owned(),
            causes: Vec::new(),
            hint: Some(
                "name the folder of the course: `grade pack record --pack exercises/python-23`".to_owned(),
            ),
        });
    };
    let course = context.course(None)?;
    let (settings, toolchain) = tools(context)?;
    let prover = Prover { course: &course, settings: &settings, toolchain: &toolchain, repeats: 1, seed: 1 };
    for day in days(&course, args)? {
        if !day.requirements().iter().any(|requirement| requirement.check == Check::Hidden) {
            context.output.print(&format!("{}  has no hidden tests to record\n", day.id));
            continue;
        }
        let expected = prover.record(&day).map_err(proof_error)?;
        let path = folder.join(day.folder()).join("hidden").join("expected.toml");
        crate::lay_out::replace(&path, expected.to_toml().as_bytes()).map_err(|error| {
            CliError::new(Status::Broken, &error, Some(format!("`{}` must be writable", path.display())))
        })?;
        let tests: usize = expected.iter().map(|(_, tests)| tests.len()).sum();
        context.output.print(&format!("{}  {tests} hidden tests recorded\n", day.id));
    }
    Ok(Status::Passed)
}

fn days(course: &Course, args: &PackDaysArgs) -> Result<Vec<Day>, CliError> {
    let targets: Vec<Target> = match &args.days[..] {
        [] => vec![Target::All],
        words => words
            .iter()
            .map(|word| word.parse().map_err(|error| CliError::target(&error, course)))
            .collect::<Result<_, _>>()?,
    };
    let selection = select(course, &targets).map_err(|error| CliError::target(&error, course))?;
    let ids: Vec<DayId> = selection.into_keys().collect();
    ids.into_iter().map(|day| course.day(day).map_err(CliError::from)).collect()
}

fn tools(context: &Context) -> Result<(Settings, Toolchain), CliError> {
    let no_home = |error| CliError::new(Status::Usage, &error, None);
    let settings = Settings {
        seed: None,
        shuffle: true,
        cache: false,
        jobs: std::thread::available_parallelism().map_or(1, usize::from),
        sandbox: Sandbox::default(),
        limits: Limits::default(),
        data_dir: context.environment.data_dir().map_err(no_home)?,
        cache_dir: context.environment.cache_dir().map_err(no_home)?,
    };
    let toolchain = setup::set_up(context, &settings.data_dir)?;
    Ok((settings, toolchain))
}

fn proof_error(error: ProofError) -> CliError {
    match error {
        ProofError::Pack(error) => error.into(),
        ProofError::Plan(error) => error.into(),
        ProofError::Grading(GradingError::Fault(fault)) | ProofError::Fault(fault) => fault.into(),
        ProofError::Grading(error @ GradingError::NoSandbox(_)) => error.into(),
    }
}
