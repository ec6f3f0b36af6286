//! The arguments, as clap reads them.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{EnumValueParser, PossibleValue, TypedValueParser};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand, ValueEnum};

use crate::config::settings;
use crate::day::DayId;
use crate::event::Level;
use crate::report::Format;

/// Grade a Python learner's repository, day by day
#[derive(Debug, Parser)]
#[command(max_term_width = 80, name = "grade", version = env!("GRADE_VERSION"), about)]
#[command(after_help = EXAMPLES, override_usage = USAGE)]
pub struct Args {
    #[command(flatten)]
    pub grade: GradeArgs,
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What every command understands.
#[derive(Debug, Clone, clap::Args)]
pub struct Global {
    /// Grade this repository instead of the one around the current folder
    #[arg(long, global = true, value_name = "DIR")]
    pub repo: Option<PathBuf>,
    /// Use the course in this folder instead of a built-in one
    #[arg(long, global = true, value_name = "DIR")]
    pub pack: Option<PathBuf>,
    /// When to use colour
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What to grade and how.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct GradeArgs {
    /// What to grade: day4, 4, day4.retry, week1, day1..day5 or all; the days that you have started otherwise
    #[arg(value_name = "TARGET")]
    pub targets: Vec<String>,
    /// Draw the inputs of the hidden tests from this seed, to repeat a run
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Grade anew even when nothing has changed, and keep no verdict
    #[arg(long)]
    pub no_cache: bool,
    /// Run this many checks side by side [default: from the number of cores]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub jobs: Option<u16>,
    /// Print what fails and nothing else: nothing at all where all is fulfilled
    #[arg(long, short)]
    pub quiet: bool,
    #[command(flatten)]
    pub report: ReportArgs,
    /// Run submissions in this sandbox and no other [default: the best that can be had, from `restricted` up]
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub sandbox: Option<Sandbox>,
    /// Refuse to run submissions (exit code 5) where no sandbox of this level or a better one can be had
    #[arg(long, value_enum, value_name = "LEVEL", conflicts_with = "sandbox")]
    pub require_sandbox: Option<Sandbox>,
    /// Make do with the level `limits`, where files and network are open to the submission
    #[arg(long, conflicts_with_all = ["sandbox", "require_sandbox"])]
    pub allow_weak_sandbox: bool,
}

impl GradeArgs {
    /// Returns the sandbox that is asked for.
    pub fn sandbox(&self) -> settings::Sandbox {
        match (self.sandbox, self.require_sandbox) {
            (Some(level), _) => settings::Sandbox::Exactly(level.into()),
            (None, Some(floor)) => settings::Sandbox::Best(floor.into()),
            (None, None) if self.allow_weak_sandbox => settings::Sandbox::Best(Level::Limits),
            (None, None) => settings::Sandbox::default(),
        }
    }
}

/// How to report, and where to.
#[derive(Debug, Clone, Default, PartialEq, Eq, clap::Args)]
pub struct ReportArgs {
    /// How to report; with =PATH into a file, and then the terminal still shows text. May be given several times
    #[arg(long = "format", value_name = "NAME[=PATH]", value_parser = FormatParser)]
    pub formats: Vec<FormatArg>,
}

/// A format, and the file that it goes to where it does not go to standard output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormatArg {
    /// Which.
    pub format: Format,
    /// Where to.
    pub path: Option<PathBuf>,
}

impl ValueEnum for Format {
    fn value_variants<'a>() -> &'a [Self] {
        Self::ALL
    }

    fn to_possible_value(&self) -> Option<PossibleValue> {
        Some(PossibleValue::new(self.name()).help(self.purpose()))
    }
}

/// Reads `NAME` or `NAME=PATH`; a path need not be UTF-8.
#[derive(Debug, Clone)]
struct FormatParser;

impl TypedValueParser for FormatParser {
    type Value = FormatArg;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<Self::Value, clap::Error> {
        let bytes = value.as_bytes();
        let (name, path) = match bytes.iter().position(|byte| *byte == b'=') {
            Some(at) => (&bytes[..at], Some(OsStr::from_bytes(&bytes[at + 1..]))),
            None => (bytes, None),
        };
        let format = EnumValueParser::new().parse_ref(command, arg, OsStr::from_bytes(name))?;
        if path.is_some_and(OsStr::is_empty) {
            let said =
                format!("`--format {}=` names no file", value.display().to_string().trim_end_matches('='));
            return Err(command.clone().error(ErrorKind::ValueValidation, said));
        }
        Ok(FormatArg { format, path: path.map(PathBuf::from) })
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(Format::ALL.iter().filter_map(ValueEnum::to_possible_value)))
    }
}

/// The levels of containment that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Sandbox {
    /// Namespaces, Landlock, seccomp and limits
    Full,
    /// The same, where only bubblewrap may make namespaces
    FullBwrap,
    /// Landlock, seccomp and limits, where nobody may make namespaces
    Restricted,
    /// Seccomp and limits; files and network are open
    Limits,
    /// Run submissions with your own rights; only for code that you trust
    None,
}

impl From<Sandbox> for Level {
    fn from(sandbox: Sandbox) -> Self {
        match sandbox {
            Sandbox::Full => Self::Full,
            Sandbox::FullBwrap => Self::FullBwrap,
            Sandbox::Restricted => Self::Restricted,
            Sandbox::Limits => Self::Limits,
            Sandbox::None => Self::None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a repository for the course, or complete one
    #[command(after_help = INIT_EXAMPLES)]
    Init(InitArgs),
    /// Lay out what a day begins with
    #[command(after_help = START_EXAMPLES)]
    Start(StartArgs),
    /// List the days of the course, and which of them can be graded
    List,
    /// Show what a day asks for: its requirements and its guide
    #[command(after_help = SHOW_EXAMPLES)]
    Show(ShowArgs),
    /// Help with a requirement, one hint more each time
    #[command(after_help = HINT_EXAMPLES)]
    Hint(HintArgs),
    /// Grade what is about to be committed, before every commit
    #[command(after_help = HOOK_EXAMPLES)]
    Hook(HookArgs),
    /// Grade whenever a file is saved, and show what is left to do
    #[command(after_help = WATCH_EXAMPLES)]
    Watch(WatchArgs),
    /// Report the last run of this repository again, in any format, without grading
    #[command(after_help = REPORT_EXAMPLES)]
    Report(ReportArgs),
    /// Show how far you are: every day, what is next, your streak
    #[command(after_help = STATUS_EXAMPLES)]
    Status(StatusArgs),
    /// Set up the Python tools, so that later runs need no network
    Setup,
    /// Say what is there and what is missing: Python, tools, sandbox
    Doctor,
    /// Work on a course: make, prove and read the days of a pack
    #[command(after_help = PACK_EXAMPLES)]
    Pack(PackArgs),
    /// Print what makes a shell complete the words of `grade`
    #[command(after_help = COMPLETIONS_EXAMPLES)]
    Completions(CompletionsArgs),
    /// Print the manual page, or write all of them into a folder
    #[command(after_help = MAN_EXAMPLES)]
    Man(ManArgs),
}

#[derive(Debug, clap::Args)]
pub struct InitArgs {
    /// The folder; it is made where there is none [default: the current one]
    #[arg(value_name = "DIR", conflicts_with = "repo")]
    pub dir: Option<PathBuf>,
    /// Do not ask: also add what is missing to files that are there, and run `git init`
    #[arg(long, conflicts_with = "dry_run")]
    pub yes: bool,
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Also write a workflow that grades on GitHub what is pushed
    #[arg(long)]
    pub workflow: bool,
    /// Write no workflow, and do not ask about it
    #[arg(long, conflicts_with = "workflow")]
    pub no_workflow: bool,
    /// Let the workflow use this action, instead of installing a release of grade from PyPI
    #[arg(long, value_name = "OWNER/REPO@REF", requires = "workflow")]
    pub action: Option<ActionName>,
    /// Also let git grade before every commit, as `grade hook install` does
    #[arg(long)]
    pub hook: bool,
    /// Install no hook, and do not ask about it
    #[arg(long, conflicts_with = "hook")]
    pub no_hook: bool,
}

/// The name of an action as `uses:` has it. It goes into a file as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActionName(String);

impl ActionName {
    /// Returns the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ActionName {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_plain = |part: &str| {
            let known = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            part.starts_with(|c: char| c.is_ascii_alphanumeric()) && part.chars().all(known)
        };
        let names_one = text.split_once('@').is_some_and(|(repository, reference)| {
            repository.split('/').count() >= 2
                && repository.split('/').chain(reference.split('/')).all(is_plain)
        });
        if names_one { Ok(Self(text.to_owned())) } else { Err("an action is named as in `OWNER/grade@v1`") }
    }
}

#[derive(Debug, clap::Args)]
pub struct StartArgs {
    /// The day: day4, 4
    #[arg(value_name = "DAY")]
    pub day: String,
}

#[derive(Debug, clap::Args)]
pub struct ShowArgs {
    /// A day or one of its requirements: day4, day4.retry
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Do not show a long text page by page
    #[arg(long)]
    pub no_pager: bool,
}

#[derive(Debug, clap::Args)]
pub struct HintArgs {
    /// A requirement, or a day for what of it is not fulfilled: day4.retry, day4
    #[arg(value_name = "TARGET")]
    pub target: String,
    /// Repeat the hints that you have seen, and show no more
    #[arg(long, conflicts_with = "all")]
    pub again: bool,
    /// Show all hints at once
    #[arg(long)]
    pub all: bool,
}

#[derive(Debug, clap::Args)]
pub struct HookArgs {
    #[command(subcommand)]
    pub command: HookCommand,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub enum HookCommand {
    /// Let git grade every commit of this repository; a hook that is there already runs first
    Install,
    /// Take the hook away, and put back what was there before
    Uninstall,
    /// Grade the days that the commit changes, as they are staged; only what fails is printed
    Run,
}

#[derive(Debug, Clone, clap::Args)]
pub struct WatchArgs {
    #[command(flatten)]
    pub grade: GradeArgs,
    /// Look for changes every so often, where nothing tells of them [default: on network and shared folders]
    #[arg(long)]
    pub poll: bool,
}

#[derive(Debug, clap::Args)]
pub struct StatusArgs {
    /// A day, for each of its requirements: day4, 4
    #[arg(value_name = "DAY")]
    pub day: Option<String>,
    /// Write one JSON document, which docs/status.schema.json describes
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct PackArgs {
    #[command(subcommand)]
    pub command: PackCommand,
}

#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Make a new day, and a course around it where there is none: a small example that passes its own check
    #[command(after_help = NEW_EXAMPLES)]
    New(PackNewArgs),
    /// Prove a pack: every solution passes, the starter fails, every wrong solution fails exactly what it names
    #[command(after_help = CHECK_EXAMPLES)]
    Check(PackCheckArgs),
    /// Record which hidden tests the reference solution runs (needs --pack)
    #[command(after_help = RECORD_EXAMPLES)]
    Record(PackDaysArgs),
    /// Print which requirement stands for which bullet of the plan, as Markdown
    #[command(after_help = TABLE_EXAMPLES)]
    Table(PackDaysArgs),
    /// Print what the learner would be told for every wrong solution, as Markdown
    #[command(after_help = FEEDBACK_EXAMPLES)]
    Feedback(PackFeedbackArgs),
}

#[derive(Debug, Clone, clap::Args)]
pub struct PackDaysArgs {
    /// The days; all that can be graded otherwise
    #[arg(value_name = "DAY")]
    pub days: Vec<String>,
    /// The same, as an option; may be repeated
    #[arg(long = "day", value_name = "DAY")]
    pub named: Vec<String>,
}

impl PackDaysArgs {
    /// Returns every day that is named, either way.
    pub fn words(&self) -> impl Iterator<Item = &String> {
        self.days.iter().chain(&self.named)
    }
}

#[derive(Debug, Clone, clap::Args)]
pub struct PackCheckArgs {
    #[command(flatten)]
    pub days: PackDaysArgs,
    /// How often to grade each solution, every time with another seed and order; wrong ones half as often
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub repeat: u16,
    /// Draw the seeds from this one [default: 1; a new one with --fresh]
    #[arg(long, value_name = "NUMBER")]
    pub seed: Option<u64>,
    /// Grade everything anew, with a new seed, and not only what has changed since the last check
    #[arg(long)]
    pub fresh: bool,
    /// Leave nothing out: repeat every check, recall nothing, run every hidden test
    #[arg(long)]
    pub whole: bool,
    /// Also try the hidden tests on mutants of the solutions: on all that can be made, or on so many of each solution
    #[arg(long, value_name = "NUMBER", num_args = 0..=1, require_equals = true, default_missing_value = "0", value_parser = clap::value_parser!(u16))]
    pub mutants: Option<u16>,
    /// Write one JSON document, which docs/pack-check.schema.json describes
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, clap::Args)]
pub struct PackNewArgs {
    /// The folder of the course; a new one is made where there is none
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,
    /// The title of the day, from which its folder gets its name [default: an example]
    #[arg(value_name = "TITLE")]
    pub title: Option<String>,
    /// Its number [default: the first that course.toml lists and that is not there yet; 1 in a new course]
    #[arg(long, value_name = "NUMBER")]
    pub day: Option<DayId>,
}

#[derive(Debug, Clone, clap::Args)]
pub struct PackFeedbackArgs {
    #[command(flatten)]
    pub days: PackDaysArgs,
    /// Only this wrong solution (may be given several times)
    #[arg(long, value_name = "NAME", conflicts_with = "write")]
    pub wrong: Vec<String>,
    /// Write it into FEEDBACK.md of every day instead (needs --pack)
    #[arg(long)]
    pub write: bool,
    /// Draw the inputs of the hidden tests from this seed
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, Clone, clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Clone, clap::Args)]
pub struct ManArgs {
    /// The folder; it is made where there is none [default: print grade(1)]
    #[arg(value_name = "DIR")]
    pub dir: Option<PathBuf>,
}

impl Args {
    /// Reads the arguments. Options that only grading knows are refused before a command, where they would do nothing.
    ///
    /// # Errors
    ///
    /// When they cannot be understood, and when help or the version is asked for.
    pub fn read() -> Result<Self, clap::Error> {
        let args = Self::try_parse()?;
        if args.command.is_some() && args.grade != GradeArgs::default() {
            let mut command = Self::command();
            return Err(command.error(ErrorKind::ArgumentConflict, GRADING_ONLY));
        }
        Ok(args)
    }
}

const USAGE: &str = "grade [OPTIONS] [TARGET]...\n       grade [OPTIONS] <COMMAND>";
const GRADING_ONLY: &str = "targets and the options of grading cannot be used with a command";
const EXAMPLES: &str = "\
Examples:
  grade init             make a repository for the course, or complete one
  grade start day4       lay out what day 4 begins with
  grade                  grade the days that you have started
  grade day4             grade day 4
  grade day4.retry       grade one requirement of it
  grade week1            grade the days of week 1
  grade show day4        what day 4 asks for
  grade watch day4       grade day 4 whenever you save
  grade hint day4.retry  help with one requirement, one hint more each time
  grade status           how far you are, and what is next
  grade day4 --format json > report.json
  grade --format junit=report.xml --format html=report.html

Exit codes: 0 passed, 1 failed, 2 usage, 3 something of grade's own is broken,
4 nothing graded, 5 no sandbox of the level that is asked for, 130 interrupted";
const INIT_EXAMPLES: &str = "\
Examples:
  grade init               in the folder that is to be your repository
  grade init my-python     in a folder that is made for it
  grade init --dry-run     see first what it would do
  grade init --workflow --hook

It makes a folder for every week, .gitignore, README.md, settings of ruff and
mypy in pyproject.toml, and grade.toml, and runs `git init`. What is there
stays: before lines are added to a file, you see them and are asked. Where
nobody can be asked, only what is missing is made, unless you say --yes.

A workflow grades on GitHub what you push, a hook what you commit. You get them
if you say so, here or when you are asked; --yes alone is no such word.

Next: grade start, which lays out a day.";
const START_EXAMPLES: &str = "\
Example:
  grade start day4

The files go where grade.toml says that the day is, or beside the days that you
have: into Week1/Day_04 where there is a Week1/Day_03. What is there already is
named and left as it is, so a second time does no harm.";
const SHOW_EXAMPLES: &str = "\
Examples:
  grade show day4              its requirements and its guide
  grade show day4.retry        one requirement
  grade show day4 > day4.txt   as a file

On a terminal, what is longer than the screen goes through $PAGER, or less.";
const HINT_EXAMPLES: &str = "\
Examples:
  grade hint day4.retry          the next hint, more concrete than the last
  grade hint day4.retry --again  those that you have seen
  grade hint day4.retry --all    all of them
  grade hint day4                one for each requirement that day 4 failed last

A hint helps a step further and is never the answer. How many you have seen is
kept on this machine, for each repository, and counts for nothing.";
const WATCH_EXAMPLES: &str = "\
Examples:
  grade watch          the days that you have started, and those that you start
  grade watch day4     day 4
  grade watch --poll   where a save goes unnoticed

Keys: h a hint, n what fails next, a all of it, r grade again, q quit, ? help.
Only days that a save has changed are graded again. A save while something is
being graded ends that and begins anew.

Where no terminal is, every report is appended, after a line that says what has
changed. Formats other than text go into files.
Exit codes: with q that of the last report (4 if there is none); 130 after
Ctrl-C or SIGTERM.";
const REPORT_EXAMPLES: &str = "\
Examples:
  grade report                            the text again
  grade report --format html=report.html  the same run as a page

The exit code is that of the run. docs/FORMATS.md says what a format is for.";
const STATUS_EXAMPLES: &str = "\
Examples:
  grade status          every day: what it came to last, when it first passed
  grade status day4     the same of each requirement of day 4
  grade status --json   for programs

It shows what runs came to on this machine, and runs nothing. What no run can
see and you ticked in grade.toml is shown as ticked.

The streak counts days of the calendar, in your time zone, that follow each
other: on each, at least one requirement passed that had never passed before. It
ends when a whole day goes by without one; today is not over yet.

The history is one file, history.sqlite in grade's data folder (GRADE_DATA_DIR).
No verdict depends on it: delete it whenever you like.";
const PACK_EXAMPLES: &str = "\
From nothing to a day that is proved:
  grade pack new my-course                   a course of one small day
  grade pack record --pack my-course day1    which hidden tests there are
  grade pack check --pack my-course day1     what is still wrong with it
  grade pack table --pack my-course          what of the plan is graded
  grade pack feedback --pack my-course day1  what learners would read

docs/AUTHORING.md has the whole way.";
const NEW_EXAMPLES: &str = "\
Examples:
  grade pack new my-course                            a new course, with day 1
  grade pack new my-course \"Text statistics\" --day 2  another day of it, which
                                                      course.toml lists already

Nothing that is there is touched.";
const HOOK_EXAMPLES: &str = "\
Examples:
  grade hook install    from now on, `git commit` grades first
  grade hook run        what the hook does; also for the pre-commit framework
  git commit --no-verify  commits without it, once

Graded is what is staged, not what the files have become since; and only days
that the commit changes, or that use what it changes.
Exit codes of `run`: 0 nothing fails, 1 something does. What is grade's own
fault stops no commit.";
const CHECK_EXAMPLES: &str = "\
Examples:
  grade pack check                              prove the built-in course
  grade pack check --pack my-course day2        prove a day of your own
  grade pack check --pack my-course --repeat 1  quicker, with one seed only
  grade pack check --fresh                      as on a new machine

It prints which requirement catches which wrong solution, and every complaint.
Exit codes: 0 nothing to complain about, 1 at least one complaint.";
const RECORD_EXAMPLES: &str = "\
Example:
  grade pack record --pack my-course day2

It writes hidden/expected.toml. Do so whenever a hidden test is new, renamed or
gone: a learner passes only if exactly the recorded tests run.";
const TABLE_EXAMPLES: &str = "\
Examples:
  grade pack table --pack my-course > my-course/README.md   the whole page
  grade pack table --pack my-course day2                    one day of it

The words of the bullets are in day.toml, under [bullets].";
const FEEDBACK_EXAMPLES: &str = "\
Examples:
  grade pack feedback --pack my-course day2               print it
  grade pack feedback --pack my-course day2 --wrong mean  one of them
  grade pack feedback --pack my-course --write            keep it: FEEDBACK.md
                                                          beside every day.toml

Each wrong solution is graded once, which takes a second or two.";
const COMPLETIONS_EXAMPLES: &str = "\
Where to put it, for yourself alone:
  mkdir -p ~/.local/share/bash-completion/completions ~/.zfunc
  grade completions bash > ~/.local/share/bash-completion/completions/grade
  grade completions zsh > ~/.zfunc/_grade
  grade completions fish > ~/.config/fish/completions/grade.fish
  grade completions elvish >> ~/.config/elvish/rc.elv
  grade completions powershell >> $PROFILE

bash needs the package bash-completion. zsh needs, in ~/.zshrc:
  fpath+=~/.zfunc; autoload -Uz compinit; compinit

It takes effect in the next shell that you open. In bash and zsh the days and
requirements of the course are completed too: make the script anew for another
course, or a newer one.";
const MAN_EXAMPLES: &str = "\
Examples:
  grade man | man -l -                  read it
  grade man ~/.local/share/man/man1     keep all; then: man grade-pack-check

Pages of an older version that are there are replaced.";

#[cfg(test)]
mod tests {
    use super::*;

    /// What a terminal of 80 columns would break is broken by us already: clap breaks lines, and joins none.
    #[test]
    fn no_line_of_what_stands_below_the_help_is_wider_than_a_terminal() {
        fn check(command: &clap::Command) {
            let below = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in below.lines() {
                assert!(line.chars().count() <= 80, "grade {}: {line}", command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        check(&Args::command());
    }

    #[test]
    fn an_action_is_named_by_its_repository_and_a_reference_and_nothing_else() {
        for name in
            ["kim/grade@v1", "kim/grade/sub@3d3c42e5aac5ba805825da76410c181273ba90b1", "k/g@feature/x"]
        {
            assert_eq!(name.parse::<ActionName>().map(|name| name.0), Ok(name.to_owned()));
        }
        for name in [
            "grade@v1",
            "kim/grade",
            "kim/grade@",
            "./grade@v1",
            "k/../g@v1",
            "k/g@v1\n- run: x",
            "k/g@v1 #",
            "",
        ] {
            assert!(name.parse::<ActionName>().is_err(), "{name:?}");
        }
    }
}
