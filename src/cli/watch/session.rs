//! What a watch knows and does: which run is under way, which plan waits for its end, what is shown.
//!
//! At most one run is under way. A plan that differs from it ends it, and begins when it is over, which takes as long as ending
//! its processes. What an overtaken run came to is shown, kept and remembered nowhere; days that were done before are verdicts of what was there, and
//! stay in the cache.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Range;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::thread::{self, Scope};
use std::time::{Duration, SystemTime};

use tokio::sync::watch;

use crate::config::settings::Settings;
use crate::day::{DayId, RequirementId, Slug};
use crate::event::{CheckId, CheckKind, DayReport, Event, RunReport};
use crate::history::Graded;
use crate::outcome::{Fault, Outcome, Status, Verdict};
use crate::pack::Course;
use crate::rel_path::RelPath;
use crate::report::Style;
use crate::report::hints::Section;
use crate::report::watch::{Pane, Trouble, View, changed, conclusion, frame, troubles};
use crate::repository::Repository;
use crate::runner::cache::Memory;
use crate::runner::last_run::{LastRun, LastRuns};
use crate::runner::{Events, Grading, GradingError, Lookup};

use super::super::Context;
use super::super::deliver::{Delivery, Told};
use super::super::error::CliError;
use super::super::grade::{self, Plan};
use super::super::hint::seen::Seen;
use super::News;
use super::keys::Key;
use super::planner::{Planned, Wish};
use super::screen::Screen;
use super::workshop::Shared;

/// What the session works with.
pub struct Desk<'env> {
    /// What every command works with.
    pub context: &'env Context,
    /// How to grade.
    pub settings: &'env Settings,
    /// Where the last run is kept.
    pub runs: LastRuns,
    /// Where reports go.
    pub delivery: &'env Delivery,
    /// What all runs share.
    pub shared: &'env Shared,
    /// Where runs tell what happens.
    pub tell: Sender<News>,
    /// Where to ask for another plan.
    pub wish: Sender<Wish>,
}

/// What a watch knows.
pub struct Session<'scope, 'env> {
    desk: Desk<'env>,
    scope: &'scope Scope<'scope, 'env>,
    screen: Option<Screen>,
    memory: Memory,
    runs: u64,
    running: Option<Running>,
    next: Option<Box<Planned>>,
    /// The last run that was not overtaken.
    last: Option<RunReport>,
    shown: Shown,
}

/// A run that is under way.
struct Running {
    number: u64,
    marks: String,
    cancel: watch::Sender<bool>,
    is_overtaken: bool,
    is_anew: bool,
    /// Whether anything was run for it.
    has_checked: bool,
    checks: BTreeSet<CheckId>,
    changed: BTreeSet<RelPath>,
    days: Vec<Graded>,
    repository: Arc<Repository>,
}

/// What is shown, and of what.
#[derive(Default)]
struct Shown {
    run: Option<RunReport>,
    at: Option<SystemTime>,
    fault: Option<Fault>,
    looking: Option<String>,
    notes: Vec<String>,
    touched: Vec<DayId>,
    chosen: Option<RequirementId>,
    pane: Pane,
    hint: Option<Hint>,
    top: usize,
    height: usize,
    course: Option<(Arc<Course>, Arc<Repository>)>,
}

/// Hints that are shown.
struct Hint {
    id: RequirementId,
    text: String,
    hints: Vec<String>,
    shown: Range<usize>,
}

/// How a watch ends.
type End = Result<Status, CliError>;

impl<'scope, 'env> Session<'scope, 'env> {
    /// Returns a session of which nothing is known yet.
    pub fn new(desk: Desk<'env>, scope: &'scope Scope<'scope, 'env>, screen: Option<Screen>) -> Self {
        let shown = Shown::default();
        let memory = Memory::default();
        Self { desk, scope, screen, memory, runs: 0, running: None, next: None, last: None, shown }
    }

    /// Hears of everything that happens, until it is over.
    pub fn hear(&mut self, news: &Receiver<News>) -> End {
        loop {
            self.draw();
            let Ok(first) = news.recv() else { return Ok(Status::Interrupted) };
            for piece in std::iter::once(first).chain(news.try_iter()) {
                if let Some(end) = self.heard(piece) {
                    return end;
                }
            }
        }
    }

    /// Gives the terminal back, with what was known last, and ends the run.
    pub fn close(&mut self) {
        if self.screen.take().is_some()
            && let Some(run) = &self.last
        {
            self.desk.context.output.print(&conclusion(run, &self.desk.context.output.style));
        }
        if let Some(running) = &self.running {
            running.cancel.send_replace(true);
        }
    }

    fn heard(&mut self, news: News) -> Option<End> {
        match news {
            News::Planned(planned) => self.planned(planned),
            News::Looking(why) => self.looking(why.in_words()),
            News::Happened(number, event) => self.happened(number, event),
            News::Over(number, result) => return self.over(number, *result),
            News::Key(key) => return self.key(key),
            News::Resized => {}
            News::Broken(fault) => return Some(Err(fault.into())),
            News::Ended => return Some(Ok(Status::Interrupted)),
        }
        None
    }

    fn looking(&mut self, why: String) {
        if self.screen.is_none() {
            self.desk.context.output.note(&why);
        }
        self.shown.looking = Some(why);
    }

    // ---- runs ----

    fn planned(&mut self, planned: Box<Planned>) {
        if let Some(running) = &mut self.running
            && (planned.anew || planned.marks() != running.marks)
        {
            running.is_overtaken = true;
            running.cancel.send_replace(true);
        }
        // What no run has taken up yet is not forgotten.
        self.next = Some(match self.next.take() {
            Some(waiting) => Box::new(planned.after(*waiting)),
            None => planned,
        });
        self.begin();
    }

    /// Begins what waits, if nothing is under way.
    fn begin(&mut self) {
        if self.running.is_some() {
            return;
        }
        let Some(planned) = self.next.take() else { return };
        let marks = planned.marks();
        let Planned { plan, changed, anew } = *planned;
        match plan {
            Ok(plan) => self.run(plan, marks, changed, anew),
            Err(error) => self.fails(&error),
        }
    }

    fn run(&mut self, plan: Plan, marks: String, changed: BTreeSet<RelPath>, is_anew: bool) {
        self.runs += 1;
        let Plan { repository, course, planned } = plan;
        let (repository, course) = (Arc::new(repository), Arc::new(course));
        let names: Vec<RelPath> = changed.iter().cloned().collect();
        let touched: Vec<DayId> =
            planned.iter().filter(|day| day.is_touched_by(&names)).map(|day| day.day.id).collect();
        if !touched.is_empty() {
            self.shown.touched = touched;
        }
        self.shown.course = Some((Arc::clone(&course), Arc::clone(&repository)));
        let (cancel, cancelled) = watch::channel(false);
        let days = planned.iter().map(grade::graded_day).collect();
        let number = self.runs;
        self.running = Some(Running {
            number,
            marks,
            cancel,
            is_overtaken: false,
            is_anew,
            has_checked: false,
            checks: BTreeSet::new(),
            changed,
            days,
            repository: Arc::clone(&repository),
        });
        let lookup = if is_anew { Lookup::Anew } else { Lookup::Cached };
        let known = (lookup, self.memory.clone());
        let (tell, settings, shared) = (self.desk.tell.clone(), self.desk.settings, self.desk.shared);
        self.scope.spawn(move || {
            let toolchain = Some(shared.toolchain.clone());
            let grading = Grading { course: &course, repository: &repository, settings, toolchain };
            let (events, mut heard) = Events::channel();
            let tell_of_events = tell.clone();
            let passing_on = thread::spawn(move || {
                while let Some(event) = heard.blocking_recv() {
                    let _ = tell_of_events.send(News::Happened(number, event));
                }
            });
            let run = || grading.run_until(cancelled, planned, known, || shared.open(), &events);
            let result = panic::catch_unwind(AssertUnwindSafe(run));
            drop(events);
            let _ = passing_on.join();
            let _ = tell.send(match result {
                Ok(result) => News::Over(number, Box::new(result)),
                // What it says was printed. Nobody waits for an answer that cannot come.
                Err(_) => News::Broken(Fault::new("a run ended early")),
            });
        });
    }

    fn happened(&mut self, number: u64, event: Event) {
        let Some(running) = self.running.as_mut().filter(|running| running.number == number) else { return };
        match event {
            Event::RunStarted(info) => {
                let (days, verdict) = (Vec::new(), Verdict::Undecided);
                let run = RunReport { info: info.clone(), days, elapsed: Duration::ZERO, verdict };
                let run = self.shown.run.get_or_insert(run);
                run.days.retain(|day| info.days.iter().any(|(named, _)| *named == day.day));
                run.info = info;
            }
            Event::CheckStarted(check) => {
                running.has_checked = true;
                running.checks.insert(check);
            }
            Event::CheckFinished { check, elapsed: _ } => {
                running.checks.remove(&check);
            }
            Event::Answered { day, outcomes } if !running.is_overtaken => self.shown.hears(day, outcomes),
            Event::DayFinished(day) if !running.is_overtaken && is_whole(&day) => self.shown.takes(day),
            Event::Answered { .. } | Event::DayFinished(_) | Event::Cancelling | Event::RunFinished(_) => {}
        }
    }

    fn over(&mut self, number: u64, result: Result<RunReport, GradingError>) -> Option<End> {
        let running = self.running.take_if(|running| running.number == number)?;
        match result {
            // It says nothing about what is there now.
            _ if running.is_overtaken => {}
            Ok(run) => {
                if let Err(end) = self.graded(run, &running) {
                    return Some(end);
                }
            }
            Err(error @ GradingError::NoSandbox(_)) => return Some(Err(error.into())),
            Err(error) => {
                self.desk.shared.close();
                self.fails(&error.into());
            }
        }
        self.begin();
        None
    }

    /// Shows, keeps and remembers what a run came to, unless it came to what is known.
    fn graded(&mut self, run: RunReport, running: &Running) -> Result<(), End> {
        if run.verdict == Verdict::Broken || any_is_broken(&run) {
            self.desk.shared.close();
        }
        let is_new = running.is_anew
            || running.has_checked
            || !self.last.as_ref().is_some_and(|last| is_same(last, &run))
            || self.shown.fault.is_some();
        self.shown.fault = None;
        self.shown.notes.clear();
        if is_new {
            let at = SystemTime::now();
            let kept = LastRun { at, report: run };
            self.desk.runs.put(running.repository.root(), &kept);
            let run = kept.report;
            let remembered = grade::remember(self.desk.settings, &running.repository, &run, &running.days);
            self.shown.notes.extend(remembered);
            let told = Told { run: &run, note: None, folder: None };
            if self.screen.is_none() {
                let style = &self.desk.context.output.style;
                let text = self.desk.delivery.text(&told, style);
                let is_said =
                    text.is_empty() || print(&(changed(&running.changed, at, style) + &text + "\n")).is_ok();
                if !is_said {
                    return Err(Ok(run.status()));
                }
            }
            self.shown.notes.extend(self.desk.delivery.publish(&told).iter().map(ToString::to_string));
            self.shown.is_of(&run, at);
            self.last = Some(run);
        } else {
            self.shown.run = Some(run.clone());
            self.last = Some(run);
        }
        if self.screen.is_none() {
            self.shown.notes.drain(..).for_each(|note| self.desk.context.output.note(&note));
        }
        Ok(())
    }

    /// Shows why there is nothing to grade, or no run. What is saved next may change that.
    fn fails(&mut self, error: &CliError) {
        let fault =
            Fault { what: error.headline.clone(), caused_by: error.causes.clone(), hint: error.hint.clone() };
        if self.screen.is_none() && self.shown.fault.as_ref() != Some(&fault) {
            self.desk.context.output.error(error);
        }
        self.shown.fault = Some(fault);
        self.shown.top = 0;
    }

    // ---- keys ----

    fn key(&mut self, key: Key) -> Option<End> {
        let page = self.shown.height.saturating_sub(2).max(1);
        match key {
            Key::Hint => self.hint(),
            Key::Next => self.choose(1),
            Key::Previous => self.choose(-1),
            Key::All => self.shown.turn_to(Pane::All),
            Key::Help => self.shown.turn_to(Pane::Help),
            Key::Back => self.shown.turn_to(Pane::One),
            Key::Again => {
                let _ = self.desk.wish.send(Wish::Anew);
            }
            Key::Down => self.shown.top += 1,
            Key::Up => self.shown.top = self.shown.top.saturating_sub(1),
            Key::PageDown => self.shown.top += page,
            Key::PageUp => self.shown.top = self.shown.top.saturating_sub(page),
            Key::Top => self.shown.top = 0,
            Key::Quit => {
                return Some(Ok(self.last.as_ref().map_or(Status::NothingGraded, RunReport::status)));
            }
            Key::Interrupt => return Some(Ok(Status::Interrupted)),
        }
        None
    }

    fn choose(&mut self, step: isize) {
        let ids = self.shown.troubles();
        let Ok(count) = isize::try_from(ids.len()) else { return };
        if count == 0 {
            return;
        }
        let now = isize::try_from(self.shown.place_of_chosen(&ids)).unwrap_or(0);
        let next = usize::try_from((now + step).rem_euclid(count)).unwrap_or(0);
        // Whoever is at the first one again follows whatever is the first.
        self.shown.chosen = (next > 0).then(|| ids[next].clone()).flatten();
        self.shown.hint = None;
        self.shown.pane = Pane::One;
        self.shown.top = 0;
    }

    /// Shows one more hint, or all where there are no more.
    fn hint(&mut self) {
        let ids = self.shown.troubles();
        let chosen = ids.get(self.shown.place_of_chosen(&ids)).cloned().flatten();
        let (Some(id), Some((course, repository))) = (chosen, self.shown.course.clone()) else { return };
        match self.next_hint(&id, &course, &repository) {
            Ok(hint) => {
                self.shown.hint = Some(hint);
                self.shown.pane = Pane::One;
                self.shown.top = 0;
            }
            Err(error) => self.shown.notes = vec![error.headline],
        }
    }

    fn next_hint(
        &self,
        id: &RequirementId,
        course: &Course,
        repository: &Repository,
    ) -> Result<Hint, CliError> {
        let seen = Seen::of(self.desk.context, Some(repository), course)?;
        let day = course.day(id.day)?;
        let requirement = day.requirement(&id.slug);
        let (text, hints) =
            requirement.map(|each| (each.text.clone(), each.hints.clone())).unwrap_or_default();
        let before = seen.of_requirement(id).min(hints.len());
        let shown = if before < hints.len() { before..before + 1 } else { 0..hints.len() };
        // A hint that is shown once more does no harm.
        let _ = seen.keep(id, shown.end);
        Ok(Hint { id: id.clone(), text, hints, shown })
    }

    // ---- the screen ----

    fn draw(&mut self) {
        let Some(screen) = &mut self.screen else { return };
        let (columns, rows) = screen.size();
        let usual = self.desk.context.output.style;
        let width = Style::resolve(true, false, Some(columns), false).width;
        let checks: Option<BTreeSet<CheckKind>> =
            self.running.as_ref().map(|running| running.checks.iter().map(|check| check.kind).collect());
        let ids = self.shown.troubles();
        let notes: Vec<String> = self.shown.looking.iter().chain(&self.shown.notes).cloned().collect();
        let hint = self.shown.hint.as_ref().map(|hint| Section {
            id: &hint.id,
            text: &hint.text,
            hints: &hint.hints,
            shown: hint.shown.clone(),
        });
        let view = View {
            run: self.shown.run.as_ref(),
            at: self.shown.at,
            grading: checks.as_ref(),
            fault: self.shown.fault.as_ref(),
            notes: &notes,
            touched: &self.shown.touched,
            chosen: self.shown.place_of_chosen(&ids),
            pane: self.shown.pane,
            hint,
            top: self.shown.top,
        };
        let frame = frame(&view, &Style { width, in_actions: false, ..usual }, rows);
        (self.shown.top, self.shown.height) = (frame.top, frame.height);
        if screen.draw(&frame.lines).is_err() {
            let _ = self.desk.tell.send(News::Ended);
        }
    }
}

impl Shown {
    /// Puts what became of some requirements in the place of what was known of them.
    fn hears(&mut self, day: DayId, mut outcomes: BTreeMap<Slug, Outcome>) {
        let days = self.run.iter_mut().flat_map(|run| &mut run.days);
        for known in days.filter(|known| known.day == day) {
            for requirement in &mut known.requirements {
                if let Some(outcome) = outcomes.remove(&requirement.id.slug) {
                    requirement.outcome = outcome;
                }
            }
            known.verdict =
                Verdict::of_day(known.requirements.iter().map(|requirement| &requirement.outcome));
        }
    }

    /// Puts a day in the place of what was known of it.
    fn takes(&mut self, day: DayReport) {
        let Some(run) = &mut self.run else { return };
        run.days.retain(|other| other.day != day.day);
        run.days.push(day);
        run.days.sort_by_key(|day| day.day);
    }

    fn is_of(&mut self, run: &RunReport, at: SystemTime) {
        self.run = Some(run.clone());
        self.at = Some(at);
        let ids = self.troubles();
        if self.place_of_chosen(&ids) == 0 {
            self.chosen = None;
        }
        if ids.is_empty() && self.pane == Pane::All {
            self.pane = Pane::One;
        }
        // Hints stay as long as what they are for is still shown.
        let shown = ids.get(self.place_of_chosen(&ids)).cloned().flatten();
        if self.hint.as_ref().is_some_and(|hint| Some(&hint.id) != shown.as_ref()) {
            self.hint = None;
        }
        self.top = 0;
    }

    /// Returns what is not fulfilled, in the order in which it is gone through.
    fn troubles(&self) -> Vec<Option<RequirementId>> {
        let run = self.run.as_ref();
        run.map(|run| troubles(run, &self.touched).iter().map(Trouble::requirement).collect())
            .unwrap_or_default()
    }

    fn place_of_chosen(&self, ids: &[Option<RequirementId>]) -> usize {
        let chosen = self.chosen.as_ref();
        chosen.and_then(|chosen| ids.iter().position(|id| id.as_ref() == Some(chosen))).unwrap_or(0)
    }

    /// Turns to a part of the report, or back where it is shown already.
    fn turn_to(&mut self, pane: Pane) {
        self.pane = if self.pane == pane { Pane::One } else { pane };
        self.top = 0;
    }
}

/// Returns whether a day was graded to its end.
fn is_whole(day: &DayReport) -> bool {
    !day.requirements.iter().any(|requirement| requirement.outcome == Outcome::Cancelled)
}

fn any_is_broken(run: &RunReport) -> bool {
    let mut requirements = run.days.iter().flat_map(|day| &day.requirements);
    requirements.any(|requirement| matches!(requirement.outcome, Outcome::Broken(_)))
}

/// Returns whether two runs say the same, whenever they were and however long they took.
fn is_same(one: &RunReport, other: &RunReport) -> bool {
    let said = |run: &RunReport| {
        let day = |day: &DayReport| {
            (day.day, day.folder.clone(), day.verdict, day.requirements.clone(), day.notices.clone())
        };
        (run.info.course.clone(), run.days.iter().map(day).collect::<Vec<_>>())
    };
    said(one) == said(other)
}

fn print(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}
