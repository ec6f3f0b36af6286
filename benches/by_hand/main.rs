//! Compares `grade` with what a learner does by hand today: `pytest`, `ruff check` and `mypy`, one after the other, warm.
//!
//! ```text
//! cargo bench --bench by_hand                     all comparisons, seven rounds each
//! cargo bench --bench by_hand -- --rounds 21      more rounds
//! cargo bench --bench by_hand -- edited           those whose name holds this word
//! ```
//!
//! It reports and never fails for being slow: a time that fails a build fails it on the day that the machine is busy.
//! What is measured and why is in docs/PERFORMANCE.md.

#[path = "../../tests/common/mod.rs"]
mod common;
mod meter;
mod place;
mod statistics;
mod work;

use std::error::Error;
use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;
use grade::command::CommandSpec;
use grade::event::Level;
use grade::toolchain::Toolchain;

use meter::Meter;
use place::Copy;
use statistics::{Compared, Cost, Pair, compare};
use work::{Pytest, Sandboxed, Verdicts, by_hand, git_status, grade as grade_days, hook, ruff};

/// The days that are graded, where the course has them.
const DAYS: [u16; 4] = [0, 2, 4, 5];
/// The light day that is looked at alone.
const LIGHT: u16 = 4;
/// Runs of a small program that are one measurement: one alone is too short for the clocks.
const REPEATS: u32 = 20;

/// Compare grade with what a learner does by hand
#[derive(Debug, Parser)]
struct Args {
    /// Compare only what has this word in its name
    #[arg(default_value = "")]
    word: String,
    /// How often to measure each side
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// Given by `cargo bench`; without it nothing is measured
    #[arg(long)]
    bench: bool,
}

/// One comparison.
struct Comparison<'a> {
    name: &'static str,
    /// What the project aims at, from docs/PERFORMANCE.md.
    aim: &'static str,
    /// Runs in one measurement, by which what it took is divided.
    runs: u32,
    /// Makes both sides ready for a round; not measured.
    ready: Box<dyn Fn(usize) -> io::Result<()> + 'a>,
    other: Box<dyn Fn() -> io::Result<()> + 'a>,
    grade: Box<dyn Fn() -> io::Result<()> + 'a>,
}

/// What every comparison is done with.
struct Bench {
    toolchain: &'static Toolchain,
    days: Vec<u16>,
    /// The copy in which things are done by hand.
    theirs: Copy,
    /// The copy that `grade` grades.
    ours: Copy,
    kept: tempfile::TempDir,
    sandboxed: Sandboxed,
}

fn main() -> ExitCode {
    let args = Args::parse();
    // `cargo test --benches` starts this too, and proves by it that the benchmark still builds.
    let done = if args.bench { run(&args) } else { Ok(()) };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &Args) -> Result<(), Box<dyn Error>> {
    let meter = Meter::open();
    let bench = Bench::new()?;
    let mut out = io::stdout().lock();
    writeln!(out, "{}", bench.preface(&meter, args.rounds))?;
    for comparison in bench.comparisons().iter().filter(|each| each.name.contains(&args.word)) {
        let pairs = measure(&meter, comparison, args.rounds.into())?;
        write!(out, "{}", row(comparison, &pairs))?;
        out.flush()?;
    }
    writeln!(out, "\nload average at the end: {}", load_average())?;
    Ok(())
}

/// Measures both sides in turns, each first in every second round, after a round that warms caches and does not count.
fn measure(meter: &Meter, comparison: &Comparison<'_>, rounds: usize) -> io::Result<Vec<Pair>> {
    let one = |round: usize| {
        (comparison.ready)(round)?;
        let (mut other, mut grade) = (Cost::default(), Cost::default());
        for turn in [round, round + 1] {
            match turn % 2 {
                0 => other = meter.measure(&comparison.other)?,
                _ => grade = meter.measure(&comparison.grade)?,
            }
        }
        let each = |cost: Cost| Cost { wall: cost.wall / comparison.runs, cpu: cost.cpu / comparison.runs };
        Ok(Pair { other: each(other), grade: each(grade) })
    };
    (0..=rounds).map(one).skip(1).collect()
}

impl Bench {
    fn new() -> Result<Self, Box<dyn Error>> {
        let toolchain = common::toolchain();
        let days = place::days_there_are(&DAYS)?;
        Ok(Self {
            toolchain,
            theirs: Copy::new(&days)?,
            ours: Copy::new(&days)?,
            days,
            kept: tempfile::tempdir()?,
            sandboxed: Sandboxed::new(toolchain)?,
        })
    }

    fn comparisons(&self) -> Vec<Comparison<'_>> {
        vec![
            self.fresh("a day, edited", "0.50, 0.75", &[LIGHT], true, Pytest::AllPlugins),
            self.fresh("a day, edited, pytest bare", "", &[LIGHT], true, Pytest::NoPlugins),
            self.fresh("a day", "0.50, 0.75", &[LIGHT], false, Pytest::AllPlugins),
            self.fresh("all days, edited", "", &self.days, true, Pytest::AllPlugins),
            self.fresh("all days", "", &self.days, false, Pytest::AllPlugins),
            self.unchanged("unchanged day : ruff", "0.5", &[LIGHT]),
            self.unchanged("unchanged days : ruff", "0.5", &self.days),
            self.unrelated_commit("unrelated commit : status", "50 ms"),
            self.sandbox("full : none, true", "+5 ms", Level::Full, CommandSpec::new("/usr/bin/true", "/")),
            self.sandbox("full : none, python", "+5 ms", Level::Full, self.python()),
            self.sandboxed_day("full : none, a day"),
            self.sandbox(
                "restricted : none, true",
                "",
                Level::Restricted,
                CommandSpec::new("/usr/bin/true", "/"),
            ),
            self.sandbox("restricted : none, python", "", Level::Restricted, self.python()),
        ]
    }

    /// Compares verdicts that are reached anew with the tools by hand.
    fn fresh<'a>(
        &'a self,
        name: &'static str,
        aim: &'static str,
        days: &'a [u16],
        edited: bool,
        pytest: Pytest,
    ) -> Comparison<'a> {
        let edit = move |round| {
            days.iter().filter(|_| edited).try_for_each(|day| {
                self.theirs.edit(*day, round)?;
                self.ours.edit(*day, round)
            })
        };
        Comparison {
            name,
            aim,
            runs: 1,
            ready: Box::new(edit),
            other: Box::new(move || {
                days.iter().try_for_each(|day| by_hand(self.toolchain, &self.theirs, *day, pytest))
            }),
            grade: Box::new(move || grade_days(self.toolchain, &self.ours, days, &Verdicts::Anew)),
        }
    }

    /// Compares verdicts that are remembered with ruff alone, which remembers too.
    fn unchanged<'a>(&'a self, name: &'static str, aim: &'static str, days: &'a [u16]) -> Comparison<'a> {
        let verdicts = Verdicts::Kept(self.kept.path().to_owned());
        let folder = move || match days {
            [day] => self.theirs.day(*day),
            _ => Ok(self.theirs.root().to_owned()),
        };
        Comparison {
            name,
            aim,
            runs: REPEATS,
            ready: Box::new(|_| Ok(())),
            other: Box::new(move || (0..REPEATS).try_for_each(|_| ruff(self.toolchain, &folder()?))),
            grade: Box::new(move || {
                (0..REPEATS).try_for_each(|_| grade_days(self.toolchain, &self.ours, days, &verdicts))
            }),
        }
    }

    /// Compares what the hook adds to a commit that is about no day with what git takes to look at its own.
    fn unrelated_commit<'a>(&'a self, name: &'static str, aim: &'static str) -> Comparison<'a> {
        Comparison {
            name,
            aim,
            runs: REPEATS,
            ready: Box::new(|round| self.ours.stage_a_note(round)),
            other: Box::new(|| (0..REPEATS).try_for_each(|_| git_status(self.toolchain, &self.ours))),
            grade: Box::new(|| (0..REPEATS).try_for_each(|_| hook(self.toolchain, &self.ours))),
        }
    }

    /// Compares a confined program with the same program unconfined.
    fn sandbox(
        &self,
        name: &'static str,
        aim: &'static str,
        level: Level,
        program: CommandSpec,
    ) -> Comparison<'_> {
        let confined = program.clone();
        Comparison {
            name,
            aim,
            runs: REPEATS,
            ready: Box::new(|_| Ok(())),
            other: Box::new(move || self.sandboxed.run(&program, Level::None, REPEATS)),
            grade: Box::new(move || self.sandboxed.run(&confined, level, REPEATS)),
        }
    }

    /// Compares a day in sandboxes with the same day without. Only a sandbox can be entered by a fork of the zygote; without one, every
    /// process is executed.
    fn sandboxed_day(&self, name: &'static str) -> Comparison<'_> {
        let day = |verdicts| move || grade_days(self.toolchain, &self.ours, &[LIGHT], &verdicts);
        Comparison {
            name,
            aim: "",
            runs: 1,
            ready: Box::new(|_| Ok(())),
            other: Box::new(day(Verdicts::Unconfined)),
            grade: Box::new(day(Verdicts::Anew)),
        }
    }

    fn python(&self) -> CommandSpec {
        CommandSpec::new(&self.toolchain.python, "/").args(["-I", "-c", "pass"])
    }

    fn preface(&self, meter: &Meter, rounds: u16) -> String {
        let days: Vec<String> = self.days.iter().map(ToString::to_string).collect();
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let tool =
            |name: &str| format!("{name} {}", self.toolchain.tools.get(name).map_or("?", String::as_str));
        format!(
            "a day: {LIGHT}; all days: {}; medians of {rounds} pairs\n\
             Python {}, {}, {}, {}; {cores} cores; load average {}\n\
             CPU by {}\n\n{HEADER}",
            days.join(", "),
            self.toolchain.python_version,
            tool("pytest"),
            tool("ruff"),
            tool("mypy"),
            load_average(),
            meter.method(),
        )
    }
}

fn row(comparison: &Comparison<'_>, pairs: &[Pair]) -> String {
    let wall = compare(pairs, |cost| cost.wall);
    let cpu = compare(pairs, |cost| cost.cpu);
    let both = |quantity: fn(&Compared) -> f64| format!("{:>8.1} {:>8.1}", quantity(&wall), quantity(&cpu));
    format!(
        "{:<27}{} {} {} {:>7.2} {:>6.2}  {}\n",
        comparison.name,
        both(|side| side.other),
        both(|side| side.grade),
        both(|side| side.difference),
        wall.ratio,
        cpu.ratio,
        comparison.aim
    )
}

/// Returns how many processes wanted a core lately, or nothing where that is not known.
fn load_average() -> String {
    let text = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    text.split(' ').take(3).collect::<Vec<_>>().join(" ")
}

const HEADER: &str = "\
wall and CPU, ms             other               grade             difference        ratio          aim
                              wall      cpu     wall      cpu     wall      cpu    wall    cpu";
