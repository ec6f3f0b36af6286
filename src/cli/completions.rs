//! `grade completions`: a script that makes a shell complete the words of `grade`, on standard output.
//!
//! The days and requirements are written into the script: those of the course at the time it is made. So a shell completes them
//! without starting `grade`, and a newer course asks for a newer script.

use clap::builder::{PossibleValue, PossibleValuesParser};
use clap::{Arg, CommandFactory};

use crate::outcome::Status;
use crate::pack::Course;

use super::Context;
use super::args::{Args, CompletionsArgs};
use super::error::CliError;

/// Runs the command.
pub fn run(context: &Context, args: &CompletionsArgs) -> Result<Status, CliError> {
    let course = context.course(context.repository_if_any()?.as_ref())?;
    let words = Words::of(&course)?;
    let targets = |arg| completed(arg, &[&words.more_than_a_day, &words.days, &words.requirements]);
    let mut command = Args::command()
        .mut_arg("targets", targets)
        .mut_subcommand("watch", |watch| watch.mut_arg("targets", targets))
        .mut_subcommand("show", |show| {
            show.mut_arg("target", |arg| completed(arg, &[&words.days, &words.requirements]))
        })
        .mut_subcommand("hint", |hint| {
            hint.mut_arg("target", |arg| completed(arg, &[&words.days, &words.requirements]))
        })
        .mut_subcommand("start", |start| start.mut_arg("day", |arg| completed(arg, &[&words.days])));
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "grade", &mut script);
    context.output.print(&String::from_utf8_lossy(&script));
    Ok(Status::Passed)
}

/// What can be named of a course. The words are kept until the program ends, which clap asks for and which is soon.
struct Words {
    more_than_a_day: Vec<&'static str>,
    days: Vec<&'static str>,
    requirements: Vec<&'static str>,
}

impl Words {
    fn of(course: &Course) -> Result<Self, CliError> {
        let weeks = course.weeks().iter().map(|week| kept(format!("week{}", week.number)));
        let more_than_a_day = std::iter::once("all").chain(weeks).collect();
        let (mut days, mut requirements) = (Vec::new(), Vec::new());
        for id in course.days() {
            days.push(kept(id.to_string()));
            requirements.extend(course.day(id)?.requirements().iter().map(|it| kept(it.id.to_string())));
        }
        Ok(Self { more_than_a_day, days, requirements })
    }
}

fn kept(word: String) -> &'static str {
    word.leak()
}

fn completed(arg: Arg, words: &[&[&'static str]]) -> Arg {
    let values = words.iter().copied().flatten().map(PossibleValue::new);
    arg.value_parser(PossibleValuesParser::new(values))
}
