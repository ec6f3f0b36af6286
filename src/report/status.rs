//! What `grade status` prints: how far a learner is in a course, for people and as one JSON document, which docs/status.schema.json
//! describes.
//!
//! A day is passed when all of its requirements passed in one run and none has failed since. What a day came to last is put together
//! from the last that is known of each requirement.

use std::collections::BTreeSet;
use std::time::SystemTime;

use serde::Serialize;

use super::calendar::Calendar;
use super::counts::counted;
use super::json::escaped;
use super::page::Page;
use super::style::{Ink, Style};
use crate::day::{DayId, RequirementId};
use crate::event::CheckKind;
use crate::finding::Captured;
use crate::outcome::OutcomeKind;

/// The version of the format. It is raised when a reader of the old one could misunderstand the new one.
const VERSION: u32 = 1;
/// Columns of a day's name and the space after it.
const DAY: usize = 7;
/// Columns of the longest word for how a day stands, and the space after it.
const STANDING: usize = 13;
/// Columns of the longest word for a requirement, and the space after it.
const WORD: usize = 13;
/// Columns of the longest requirement name that is aligned.
const NAME: usize = 20;
/// Columns that a text gets beside a name; where there are fewer, it stands below.
const ROOM: usize = 30;
/// Columns of a label of the summary.
const LABEL: usize = 15;

/// How far a learner is in a course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overview {
    /// The course's name.
    pub course: String,
    /// Its title.
    pub title: String,
    /// The root of the repository.
    pub root: Captured,
    /// Its weeks.
    pub weeks: Vec<Week>,
    /// How many runs there were.
    pub runs: usize,
    /// When the first of them was.
    pub first_run: Option<SystemTime>,
    /// Why nothing is known of what was.
    pub notice: Option<String>,
}

/// A week of the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week {
    /// Its number.
    pub number: u16,
    /// Its title.
    pub title: String,
    /// Its days.
    pub days: Vec<Day>,
}

/// A day of the course.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Day {
    /// One that can be graded.
    Graded(GradedDay),
    /// One that cannot be graded yet.
    NotYet(DayId),
}

/// A day that can be graded, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GradedDay {
    /// Which.
    pub id: DayId,
    /// Its title.
    pub title: String,
    /// Where it is in the repository, if anything of it is.
    pub folder: Option<Captured>,
    /// Its requirements, in the plan's order.
    pub requirements: Vec<Requirement>,
    /// When all of it first passed in one run.
    pub first_passed: Option<SystemTime>,
    /// When something of it was last graded.
    pub last_graded: Option<SystemTime>,
    /// Whether its files are others than those that were last graded, where that is known.
    pub is_changed: Option<bool>,
}

/// A requirement, and how it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// Its name.
    pub id: RequirementId,
    /// What it asks for.
    pub text: String,
    /// How it is verified.
    pub check: CheckKind,
    /// What it came to last; of one that is done by hand, whether it is ticked now.
    pub last: Option<OutcomeKind>,
    /// When it first passed.
    pub first_passed: Option<SystemTime>,
}

/// How a day stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Passed,
    /// Every requirement passed, but never all in one run.
    InParts,
    Failed,
    NeverGraded,
    NotStarted,
    /// There is nothing that a program can judge.
    ByHand,
}

impl Standing {
    fn word(self) -> (&'static str, Ink) {
        match self {
            Self::Passed => ("passed", Ink::Good),
            Self::InParts => ("in parts", Ink::Warn),
            Self::Failed => ("FAILED", Ink::Bad),
            Self::NeverGraded => ("never graded", Ink::Warn),
            Self::NotStarted => ("not started", Ink::Dim),
            Self::ByHand => ("by hand", Ink::Plain),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::InParts => "in-parts",
            Self::Failed => "failed",
            Self::NeverGraded => "never-graded",
            Self::NotStarted => "not-started",
            Self::ByHand => "by-hand",
        }
    }
}

/// How many requirements came to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Tally {
    judged: usize,
    passed: usize,
    by_hand: usize,
    ticked: usize,
}

impl Tally {
    fn of<'a>(requirements: impl IntoIterator<Item = &'a Requirement>) -> Self {
        let mut tally = Self::default();
        for requirement in requirements {
            let came_to = |kind| usize::from(requirement.last == Some(kind));
            if requirement.check == CheckKind::ByHand {
                tally.by_hand += 1;
                tally.ticked += came_to(OutcomeKind::Ticked);
            } else {
                tally.judged += 1;
                tally.passed += came_to(OutcomeKind::Passed);
            }
        }
        tally
    }

    /// Returns what there is to say of what is done by hand, if anything.
    fn by_hand_in_words(self) -> Option<String> {
        (self.by_hand > 0).then(|| format!("by hand: {} of {} ticked", self.ticked, self.by_hand))
    }
}

impl GradedDay {
    fn tally(&self) -> Tally {
        Tally::of(&self.requirements)
    }

    fn standing(&self) -> Standing {
        let Tally { judged, passed, .. } = self.tally();
        match (&self.folder, self.last_graded, self.first_passed) {
            (None, ..) => Standing::NotStarted,
            _ if judged == 0 => Standing::ByHand,
            (_, None, _) => Standing::NeverGraded,
            (_, _, Some(_)) if passed == judged => Standing::Passed,
            (_, _, None) if passed == judged => Standing::InParts,
            _ => Standing::Failed,
        }
    }
}

/// What to do next.
struct Next {
    day: DayId,
    why: &'static str,
    command: String,
}

/// Days in a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Streak {
    days: usize,
    includes_today: bool,
}

impl Overview {
    fn graded(&self) -> impl Iterator<Item = &GradedDay> {
        self.weeks.iter().flat_map(|week| &week.days).filter_map(|day| match day {
            Day::Graded(day) => Some(day),
            Day::NotYet(_) => None,
        })
    }

    fn listed(&self) -> usize {
        self.weeks.iter().map(|week| week.days.len()).sum()
    }

    fn tally(&self) -> Tally {
        Tally::of(self.graded().flat_map(|day| &day.requirements))
    }

    fn passed(&self) -> usize {
        self.graded().filter(|day| day.standing() == Standing::Passed).count()
    }

    /// Returns the first day that is started and not passed, else the first that is not started.
    fn next(&self) -> Option<Next> {
        let find = |wanted: &[Standing]| self.graded().find(|day| wanted.contains(&day.standing()));
        if let Some(day) = find(&[Standing::InParts, Standing::Failed, Standing::NeverGraded]) {
            let (day, command) = (day.id, format!("grade {}", day.id));
            return Some(Next { day, why: "is started and not passed", command });
        }
        let day = find(&[Standing::NotStarted])?.id;
        Some(Next { day, why: "is not started", command: format!("grade start {day}") })
    }

    /// Counts the days in a row, up to today or yesterday, on which a requirement passed for the first time.
    fn streak(&self, calendar: &Calendar) -> Streak {
        let requirements = self.graded().flat_map(|day| &day.requirements);
        let moments = requirements.filter_map(|requirement| requirement.first_passed);
        let days: BTreeSet<_> = moments.map(|moment| calendar.date(moment)).collect();
        let today = calendar.today();
        let includes_today = days.contains(&today);
        let mut day = if includes_today { Some(today) } else { today.yesterday().ok() };
        let mut streak = Streak { days: 0, includes_today };
        while let Some(date) = day.filter(|date| days.contains(date)) {
            streak.days += 1;
            day = date.yesterday().ok();
        }
        streak
    }
}

/// Returns the course at a glance.
pub fn render(overview: &Overview, calendar: &Calendar, style: &Style) -> String {
    let mut page = Page::new(style);
    page.paragraph("", "", &style.own_line(&overview.title), Ink::Strong);
    notice(&mut page, overview);
    for week in &overview.weeks {
        page.blank();
        let heading = style.own_line(&format!("Week {}: {}", week.number, week.title));
        page.paragraph("", "  ", &heading, Ink::Plain);
        for day in &week.days {
            match day {
                Day::Graded(day) => day_line(&mut page, day, calendar),
                Day::NotYet(day) => {
                    let name = format!("  {:DAY$}", day.to_string());
                    page.paragraph(&name, "", "cannot be graded yet", Ink::Dim);
                }
            }
        }
    }
    page.blank();
    page.heading("so far", "", Ink::Plain);
    page.blank();
    summary(&mut page, overview, calendar);
    next(&mut page, overview);
    page.finish()
}

/// Returns one day, requirement by requirement.
pub fn render_day(overview: &Overview, id: DayId, calendar: &Calendar, style: &Style) -> String {
    let mut page = Page::new(style);
    let Some(day) = overview.graded().find(|day| day.id == id) else { return String::new() };
    page.paragraph("", "", &style.own_line(&format!("{id}  {}", day.title)), Ink::Strong);
    notice(&mut page, overview);
    page.blank();
    day_line(&mut page, day, calendar);
    if let Some(folder) = &day.folder {
        page.hanging(&" ".repeat(2 + DAY), &format!("in {}", style.one_line(folder)), Ink::Dim);
    }
    page.blank();
    let names = day.requirements.iter().map(|requirement| requirement.id.slug.as_str().len());
    let widest = names.max().unwrap_or(0).min(NAME);
    for requirement in &day.requirements {
        requirement_line(&mut page, requirement, widest, calendar);
    }
    page.blank();
    let advice = match day.standing() {
        Standing::NotStarted => format!("To begin:\n    grade start {id}\n"),
        Standing::Passed | Standing::ByHand if day.is_changed != Some(true) => {
            format!("What exactly is asked for:\n    grade show {id}\n")
        }
        _ => format!("To grade it:\n    grade {id}\n"),
    };
    page.advice("", "", &advice, Ink::Plain);
    page.finish()
}

fn notice(page: &mut Page<'_>, overview: &Overview) {
    if let Some(notice) = &overview.notice {
        page.blank();
        let text = page.style.own_line(notice);
        let note = format!("{} ", page.style.paint(Ink::Warn, "note:"));
        page.whole_words(&note, "      ", &text, Ink::Plain);
    }
}

fn day_line(page: &mut Page<'_>, day: &GradedDay, calendar: &Calendar) {
    let (word, ink) = day.standing().word();
    let first = format!(
        "  {:DAY$}{}{}",
        day.id.to_string(),
        page.style.paint(ink, word),
        " ".repeat(STANDING.saturating_sub(word.len()))
    );
    page.hanging(&first, &day_in_words(day, calendar), Ink::Plain);
}

fn day_in_words(day: &GradedDay, calendar: &Calendar) -> String {
    let tally = day.tally();
    let (passed, judged) = (tally.passed, tally.judged);
    let mut words = Vec::new();
    match day.standing() {
        Standing::Passed | Standing::Failed => words.push(format!("{passed} of {judged}")),
        Standing::InParts => words.push(format!("{passed} of {judged}, never all in one run")),
        Standing::NeverGraded | Standing::NotStarted => words.push(counted(judged, "requirement")),
        Standing::ByHand => {}
    }
    words.extend(day.first_passed.map(|moment| format!("first passed {}", calendar.in_words(moment))));
    if day.is_changed == Some(true) {
        words.push("changed since it was graded".to_owned());
    }
    words.extend(tally.by_hand_in_words());
    words.join("; ")
}

fn requirement_line(page: &mut Page<'_>, requirement: &Requirement, widest: usize, calendar: &Calendar) {
    let (word, ink) = match requirement.last {
        None => ("never graded", Ink::Dim),
        Some(OutcomeKind::Passed) => ("passed", Ink::Good),
        Some(OutcomeKind::Failed) => ("FAILED", Ink::Bad),
        Some(OutcomeKind::Blocked) => ("blocked", Ink::Bad),
        Some(OutcomeKind::NotStarted) => ("not started", Ink::Dim),
        Some(OutcomeKind::ByHand) => ("by hand", Ink::Plain),
        Some(OutcomeKind::Ticked) => ("ticked", Ink::Plain),
        Some(OutcomeKind::Cancelled) => ("cancelled", Ink::Warn),
        Some(OutcomeKind::Broken) => ("BROKEN", Ink::Ours),
    };
    let word = format!("  {}{}", page.style.paint(ink, word), " ".repeat(WORD.saturating_sub(word.len())));
    let (name, indent) = (requirement.id.slug.as_str(), " ".repeat(2 + WORD + widest + 2));
    let mut text = page.style.own_line(&requirement.text);
    if let Some(moment) = requirement.first_passed {
        text.push_str(&format!("; first passed {}", calendar.in_words(moment)));
    }
    if name.len() <= widest && page.style.width >= indent.len() + ROOM {
        page.paragraph(&format!("{word}{name:widest$}  "), &indent, &text, Ink::Plain);
    } else {
        page.hanging(&word, name, Ink::Plain);
        let below = if page.style.width >= indent.len() + ROOM { indent } else { " ".repeat(4) };
        page.paragraph(&below, &below, &text, Ink::Plain);
    }
}

fn summary(page: &mut Page<'_>, overview: &Overview, calendar: &Calendar) {
    let mut line = |label: &str, text: &str| page.hanging(&format!("   {label:<LABEL$}"), text, Ink::Plain);
    let (listed, graded) = (overview.listed(), overview.graded().count());
    let yet = if graded < listed { format!("; {graded} can be graded yet") } else { String::new() };
    line("days:", &format!("{} of {listed} passed{yet}", overview.passed()));
    let tally = overview.tally();
    let by_hand = tally.by_hand_in_words().map(|words| format!("; {words}")).unwrap_or_default();
    line("requirements:", &format!("{} of {} passed{by_hand}", tally.passed, tally.judged));
    line("streak:", &streak_in_words(overview.streak(calendar)));
    let first = overview.first_run.map(|moment| format!(", the first on {}", calendar.in_words(moment)));
    line("runs:", &format!("{}{}", overview.runs, first.unwrap_or_default()));
}

fn streak_in_words(Streak { days, includes_today }: Streak) -> String {
    let days_in_a_row = if days == 1 { "1 day".to_owned() } else { format!("{days} days in a row") };
    match (days, includes_today) {
        (0, _) => "none; it begins when something passes for the first time".to_owned(),
        (_, true) => format!("{days_in_a_row}, today included"),
        (_, false) => format!("{days_in_a_row}, up to yesterday"),
    }
}

fn next(page: &mut Page<'_>, overview: &Overview) {
    page.blank();
    let advice = match overview.next() {
        Some(Next { day, why, command }) => format!("Next: {day} {why}.\n    {command}\n"),
        None if overview.graded().any(|day| day.is_changed == Some(true)) => {
            "Every day that can be graded has passed. Some have changed since:\n    grade\n".to_owned()
        }
        None => "Every day that can be graded has passed. Well done!\n".to_owned(),
    };
    page.advice("", "", &advice, Ink::Plain);
}

/// Returns the whole as one JSON document, indented, with a line break at the end; with `only`, of the days that one alone.
pub fn json(overview: &Overview, only: Option<DayId>, calendar: &Calendar) -> String {
    let document = Document::of(overview, only, calendar);
    let json = serde_json::to_string_pretty(&document).expect("plain data with text keys always serialises");
    escaped(&json) + "\n"
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    course: &'a str,
    title: &'a str,
    root: &'a str,
    counts: WireCounts,
    streak: WireStreak,
    runs: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_run: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<WireNext>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notice: Option<&'a str>,
    days: Vec<WireDay<'a>>,
}

#[derive(Serialize)]
struct WireCounts {
    days: usize,
    days_graded: usize,
    days_passed: usize,
    requirements: usize,
    requirements_passed: usize,
    by_hand: usize,
    by_hand_ticked: usize,
}

#[derive(Serialize)]
struct WireStreak {
    days: usize,
    includes_today: bool,
}

#[derive(Serialize)]
struct WireNext {
    day: DayId,
    command: String,
}

#[derive(Serialize)]
struct WireDay<'a> {
    day: DayId,
    week: u16,
    standing: &'static str,
    #[serde(flatten)]
    graded: Option<WireGradedDay<'a>>,
}

#[derive(Serialize)]
struct WireGradedDay<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    folder: Option<&'a str>,
    passed: usize,
    judged: usize,
    by_hand: usize,
    by_hand_ticked: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    changed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_passed: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_graded: Option<String>,
    requirements: Vec<WireRequirement<'a>>,
}

#[derive(Serialize)]
struct WireRequirement<'a> {
    id: &'a RequirementId,
    check: CheckKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    last: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_passed: Option<String>,
}

impl<'a> Document<'a> {
    fn of(overview: &'a Overview, only: Option<DayId>, calendar: &Calendar) -> Self {
        let Streak { days, includes_today } = overview.streak(calendar);
        let days_of = |week: &'a Week| week.days.iter().map(|day| WireDay::of(day, week.number, calendar));
        let wire_days = overview.weeks.iter().flat_map(days_of);
        let tally = overview.tally();
        Self {
            version: VERSION,
            course: &overview.course,
            title: &overview.title,
            root: overview.root.raw(),
            counts: WireCounts {
                days: overview.listed(),
                days_graded: overview.graded().count(),
                days_passed: overview.passed(),
                requirements: tally.judged,
                requirements_passed: tally.passed,
                by_hand: tally.by_hand,
                by_hand_ticked: tally.ticked,
            },
            streak: WireStreak { days, includes_today },
            runs: overview.runs,
            first_run: overview.first_run.map(|moment| calendar.rfc_3339(moment)),
            next: overview.next().map(|next| WireNext { day: next.day, command: next.command }),
            notice: overview.notice.as_deref(),
            days: wire_days.filter(|day| only.is_none_or(|only| day.day == only)).collect(),
        }
    }
}

impl<'a> WireDay<'a> {
    fn of(day: &'a Day, week: u16, calendar: &Calendar) -> Self {
        let day = match day {
            Day::NotYet(day) => {
                return Self { day: *day, week, standing: "cannot-be-graded", graded: None };
            }
            Day::Graded(day) => day,
        };
        let tally = day.tally();
        let requirement = |requirement: &'a Requirement| WireRequirement {
            id: &requirement.id,
            check: requirement.check,
            last: requirement.last.map(OutcomeKind::name),
            first_passed: requirement.first_passed.map(|moment| calendar.rfc_3339(moment)),
        };
        let graded = WireGradedDay {
            title: &day.title,
            folder: day.folder.as_ref().map(Captured::raw),
            passed: tally.passed,
            judged: tally.judged,
            by_hand: tally.by_hand,
            by_hand_ticked: tally.ticked,
            changed: day.is_changed,
            first_passed: day.first_passed.map(|moment| calendar.rfc_3339(moment)),
            last_graded: day.last_graded.map(|moment| calendar.rfc_3339(moment)),
            requirements: day.requirements.iter().map(requirement).collect(),
        };
        Self { day: day.id, week, standing: day.standing().name(), graded: Some(graded) }
    }
}

#[cfg(test)]
mod tests;
