//! Looks at what there is to grade, whenever something may have changed: the settings, the days that have been started, their files.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::mpsc::{Receiver, Sender};

use crate::rel_path::RelPath;
use crate::runner::plan::PlannedDay;

use super::super::Context;
use super::super::error::CliError;
use super::super::grade::{self, Plan};
use super::News;

/// What is asked of the planner.
pub enum Wish {
    /// These files changed, or others.
    Changed(BTreeSet<RelPath>),
    /// Grade once more.
    Anew,
    /// It is over.
    Nothing,
}

/// What there is to grade, and why.
pub struct Planned {
    /// The plan.
    pub plan: Result<Plan, CliError>,
    /// What has changed, as far as it is known.
    pub changed: BTreeSet<RelPath>,
    /// Whether verdicts that are known don't count.
    pub anew: bool,
}

impl Planned {
    /// Returns this plan in the place of one that was not taken up: it is about what has changed since before that.
    pub fn after(mut self, waiting: Self) -> Self {
        self.changed.extend(waiting.changed);
        self.anew |= waiting.anew;
        self
    }

    /// Returns what tells this plan from another: of which two are the same, one need not be graded after the other.
    pub fn marks(&self) -> String {
        let Ok(plan) = &self.plan else { return String::new() };
        let mut marks = plan.course.name.to_string();
        for day in &plan.planned {
            let all = std::iter::once(day).chain(day.reviewed.iter().map(AsRef::as_ref));
            all.for_each(|day| mark(&mut marks, day));
        }
        marks
    }
}

fn mark(marks: &mut String, planned: &PlannedDay) {
    let work = planned.work.as_ref().map(|work| (&work.folder, work.snapshot.digest()));
    let PlannedDay { day, wanted, work: _, reviewed: _, names, notices: _ } = planned;
    // A string takes everything.
    let _ = write!(marks, "\n{} {wanted:?} {work:?} {names:?}", day.id);
}

/// Plans whenever it is wished, until nobody wishes any more. Wishes that came meanwhile are one.
pub fn plan(context: &Context, targets: &[String], wishes: &Receiver<Wish>, tell: &Sender<News>) {
    while let Ok(wish) = wishes.recv() {
        let (mut changed, mut anew) = (BTreeSet::new(), false);
        for wish in std::iter::once(wish).chain(wishes.try_iter()) {
            match wish {
                Wish::Changed(paths) => changed.extend(paths),
                Wish::Anew => anew = true,
                Wish::Nothing => return,
            }
        }
        let planned = Planned { plan: grade::plan(context, targets), changed, anew };
        if tell.send(News::Planned(Box::new(planned))).is_err() {
            return;
        }
    }
}
