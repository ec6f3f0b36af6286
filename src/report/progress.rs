//! Shows on a terminal what is going on: one line for every check that runs, and one bar for the whole run.
//!
//! Nothing is left on the screen when the run is over, was cancelled, or the reporter is dropped. Where there is no
//! terminal nothing is written at all: a log wants results, not movement. This is the only home of indicatif.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::style::Style;
use crate::day::DayId;
use crate::event::{CheckId, Event, RunInfo};

/// How often a line moves without news: often enough for seconds to tick.
pub(super) const TICK: Duration = Duration::from_millis(120);

/// Shows the running checks and how far the run is.
pub struct Progress {
    lines: MultiProgress,
    style: Style,
    overall: Option<ProgressBar>,
    checks: BTreeMap<CheckId, ProgressBar>,
    requirements: BTreeMap<DayId, usize>,
}

impl Progress {
    /// Returns a reporter that draws on standard error, or is silent where that is not a terminal.
    pub fn new(is_terminal: bool, style: Style) -> Self {
        let target = if is_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        Self::on(target, style)
    }

    fn on(target: ProgressDrawTarget, style: Style) -> Self {
        Self {
            lines: MultiProgress::with_draw_target(target),
            style,
            overall: None,
            checks: BTreeMap::new(),
            requirements: BTreeMap::new(),
        }
    }

    fn start(&mut self, info: &RunInfo) {
        self.requirements = info.days.iter().copied().collect();
        let total: usize = self.requirements.values().sum();
        let bar = ProgressBar::new(total as u64).with_style(self.bar_style()).with_message("grading");
        let bar = self.lines.add(bar);
        bar.enable_steady_tick(TICK);
        self.overall = Some(bar);
    }

    fn check_started(&mut self, check: CheckId) {
        let line = ProgressBar::new_spinner().with_style(self.line_style());
        let line = match &self.overall {
            Some(overall) => self.lines.insert_before(overall, line),
            None => self.lines.add(line),
        };
        line.set_message(format!("{:<6} {}", check.day.to_string(), check.kind.label()));
        line.enable_steady_tick(TICK);
        self.checks.insert(check, line);
    }

    fn check_finished(&mut self, check: CheckId) {
        if let Some(line) = self.checks.remove(&check) {
            line.finish_and_clear();
            self.lines.remove(&line);
        }
    }

    fn day_finished(&mut self, day: DayId) {
        let requirements = self.requirements.remove(&day).unwrap_or(0);
        if let Some(overall) = &self.overall {
            overall.inc(requirements as u64);
        }
    }

    fn cancel(&mut self) {
        if let Some(overall) = &self.overall {
            overall.set_message(CANCELLING);
        }
    }

    fn clear(&mut self) -> io::Result<()> {
        for line in std::mem::take(&mut self.checks).into_values().chain(self.overall.take()) {
            line.finish_and_clear();
        }
        self.lines.clear()
    }

    fn line_style(&self) -> ProgressStyle {
        let template = if self.style.colour { CHECK_COLOURED } else { CHECK };
        self.dressed(template)
    }

    fn bar_style(&self) -> ProgressStyle {
        let template = if self.style.colour { RUN_COLOURED } else { RUN };
        self.dressed(template)
    }

    fn dressed(&self, template: &str) -> ProgressStyle {
        ProgressStyle::with_template(template)
            .expect("a template of ours is well-formed")
            .tick_chars(self.style.symbol("⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ", "|/-\\ "))
            .progress_chars(self.style.symbol("━━╌", "##-"))
    }
}

impl Progress {
    /// Takes note of an event. Every kind is named, so that a new one is not forgotten.
    ///
    /// # Errors
    ///
    /// Fails when the screen cannot be cleared.
    pub fn event(&mut self, event: &Event) -> io::Result<()> {
        match event {
            Event::RunStarted(info) => self.start(info),
            Event::CheckStarted(check) => self.check_started(*check),
            Event::CheckFinished { check, elapsed: _ } => self.check_finished(*check),
            // A line for each requirement would be as long as the report.
            Event::Answered { day: _, outcomes: _ } => {}
            Event::DayFinished(day) => self.day_finished(day.day),
            Event::Cancelling => self.cancel(),
            Event::RunFinished(_) => self.clear()?,
        }
        Ok(())
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        // A terminal that cannot be written to any more is not worth a panic.
        let _ = self.clear();
    }
}

const CHECK: &str = "   {spinner} {msg}  {elapsed}";
const CHECK_COLOURED: &str = "   {spinner:.cyan} {msg}  {elapsed:.dim}";
const RUN: &str = "   {bar:20} {pos}/{len} requirements  {elapsed}  {wide_msg}";
const RUN_COLOURED: &str = "   {bar:20.cyan/dim} {pos}/{len} requirements  {elapsed:.dim}  {wide_msg}";
const CANCELLING: &str = "cancelling (Ctrl-C again kills)";

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use indicatif::InMemoryTerm;

    use super::*;
    use crate::event::CheckKind;
    use crate::report::canned;

    fn on_screen(screen: &InMemoryTerm) -> Progress {
        let target = ProgressDrawTarget::term_like_with_hz(Box::new(screen.clone()), 255);
        Progress::on(target, Style::plain())
    }

    fn begun(progress: &mut Progress) -> CheckId {
        let run = canned::everything();
        let check = CheckId { day: run.days[0].day, kind: CheckKind::Hidden };
        progress.event(&Event::RunStarted(run.info)).unwrap();
        progress.event(&Event::CheckStarted(check)).unwrap();
        check
    }

    /// Waits until the screen is as wanted: lines are drawn by threads of their own, a tick later.
    fn soon(screen: &InMemoryTerm, wanted: impl Fn(&str) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !wanted(&screen.contents()) {
            assert!(Instant::now() < deadline, "{}", screen.contents());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for more than a tick, since a thread that draws could still be under way.
    fn still_empty(screen: &InMemoryTerm) {
        for _ in 0..2 {
            assert_eq!(screen.contents(), "");
            std::thread::sleep(TICK + TICK / 2);
        }
    }

    #[test]
    fn a_running_check_is_shown_and_goes_when_it_ends() {
        let screen = InMemoryTerm::new(10, 80);
        let mut progress = on_screen(&screen);
        let check = begun(&mut progress);
        soon(&screen, |shown| shown.contains("hidden tests") && shown.contains("0/20 requirements"));
        progress.event(&Event::CheckFinished { check, elapsed: Duration::from_secs(1) }).unwrap();
        soon(&screen, |shown| !shown.contains("hidden tests") && shown.contains("requirements"));
    }

    #[test]
    fn a_finished_day_moves_the_bar_by_its_requirements() {
        let screen = InMemoryTerm::new(10, 80);
        let mut progress = on_screen(&screen);
        begun(&mut progress);
        let day = canned::everything().days.remove(1);
        assert!(day.requirements.len() > 1);
        progress.event(&Event::DayFinished(day.clone())).unwrap();
        assert_eq!(progress.overall.as_ref().unwrap().position(), day.requirements.len() as u64);
    }

    #[test]
    fn cancelling_is_said() {
        let screen = InMemoryTerm::new(10, 80);
        let mut progress = on_screen(&screen);
        begun(&mut progress);
        progress.event(&Event::Cancelling).unwrap();
        soon(&screen, |shown| shown.contains("cancelling") && shown.lines().count() == 2);
    }

    #[test]
    fn nothing_is_left_on_the_screen() {
        let screen = InMemoryTerm::new(10, 80);
        let mut progress = on_screen(&screen);
        begun(&mut progress);
        progress.event(&Event::Cancelling).unwrap();
        soon(&screen, |shown| shown.contains("hidden tests"));
        progress.event(&Event::RunFinished(canned::everything())).unwrap();
        still_empty(&screen);
        let mut dropped = on_screen(&screen);
        begun(&mut dropped);
        soon(&screen, |shown| shown.contains("hidden tests"));
        drop(dropped);
        still_empty(&screen);
    }

    #[test]
    fn without_a_terminal_nothing_is_drawn() {
        let mut progress = Progress::new(false, Style::plain());
        begun(&mut progress);
        assert!(progress.lines.is_hidden());
    }
}
