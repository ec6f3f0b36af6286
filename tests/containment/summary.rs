//! Counts what was held at each level, with the kernel's own Landlock and with older ones, and which controls proved it, and says so at the end of a run.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Mutex, PoisonError};

use grade::event::Level;

#[derive(Debug, Default)]
struct Tally {
    held: usize,
    tried: usize,
    open: Vec<String>,
}

/// A level, and the version of Landlock where it is not the kernel's own.
pub type Place = (Level, Option<u32>);

/// How many controls worked, and how many could not be tried here.
static CONTROLS: Mutex<(usize, usize)> = Mutex::new((0, 0));
static TALLIES: Mutex<BTreeMap<Place, Tally>> = Mutex::new(BTreeMap::new());

pub fn control(worked: bool) {
    let mut controls = CONTROLS.lock().unwrap_or_else(PoisonError::into_inner);
    let count = if worked { &mut controls.0 } else { &mut controls.1 };
    *count += 1;
}

pub fn held(place: Place) {
    count(place, |tally| tally.held += 1);
}

pub fn not_held(place: Place) {
    count(place, |_| {});
}

pub fn open(place: Place, name: &str, because: &str) {
    count(place, |tally| tally.open.push(format!("{name}: {because}")));
}

fn count(place: Place, change: impl FnOnce(&mut Tally)) {
    let mut tallies = TALLIES.lock().unwrap_or_else(PoisonError::into_inner);
    let tally = tallies.entry(place).or_default();
    tally.tried += 1;
    change(tally);
}

/// Returns a line for each level, and one for each attack that is known not to be held there.
pub fn text() -> String {
    let (worked, skipped) = *CONTROLS.lock().unwrap_or_else(PoisonError::into_inner);
    let mut text = format!("control: {worked} attacks worked without a sandbox, {skipped} skipped\n");
    for ((level, landlock), Tally { held, tried, open }) in
        &*TALLIES.lock().unwrap_or_else(PoisonError::into_inner)
    {
        let with = landlock.map_or(String::new(), |version| format!(" with Landlock {version}"));
        let _ = writeln!(text, "{}{with}: held {held} of {tried} tried, {} open", level.name(), open.len());
        for known in open {
            let _ = writeln!(text, "    open: {known}");
        }
    }
    text
}
