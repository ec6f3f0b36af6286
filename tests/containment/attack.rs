//! An attack: what it tries, how it is shown to work, and what is expected of it at each level.

use std::borrow::Cow;
use std::time::Duration;

use grade::event::Level;
use grade::outcome::Exit;
use grade::sandbox::Limits;

/// How an attack shows that it works where nobody holds it.
#[derive(Debug, Clone)]
pub enum Control {
    /// The same code, without a sandbox and with generous limits.
    Same,
    /// Other code, so that what is done without a sandbox is harmless or bounded.
    Code(Cow<'static, str>),
    /// The same code, started by nothing of `grade`.
    WithoutGrade,
}

/// By what an attack is known to be held.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// It says that it was refused.
    Refused,
    /// It is ended, and the outcome names why.
    Ended(Exit),
    /// It believes that it succeeded, and outside there is nothing of it. Its control must leave something.
    Vanished,
}

/// Something that hostile code may try.
#[derive(Debug, Clone)]
pub struct Attack {
    /// Its number in the plan; see `main`.
    pub number: u8,
    /// What it does, as a sentence.
    pub name: Cow<'static, str>,
    /// Python that runs to its end if the attack succeeds; see prelude.py.
    pub code: Cow<'static, str>,
    pub control: Control,
    pub held: Held,
    /// Where it is known to be held by something else.
    otherwise: Vec<(Level, Held)>,
    /// Where it is known to succeed, and why.
    open: Vec<(Level, &'static str)>,
    /// Why it is known to succeed where sandboxes have no cgroups.
    open_without_group: Option<&'static str>,
    /// Where it is known to succeed below a version of Landlock, and why.
    open_below: Vec<(Level, u32, &'static str)>,
    /// Why its control may be unable to prove anything on some machines.
    pub excuses: Vec<&'static str>,
    /// Whether no other such attack may be tried meanwhile.
    pub alone: bool,
    pub limits: fn(&mut Limits),
    pub wall: Duration,
    pub output_cap: u64,
}

/// Whoever runs the tests lacks the right that the attack needs in the first place.
pub const ONLY_ROOT: &str = "only root with all rights may";
/// Attributes, flags, or files without names.
pub const NO_SUCH_THING: &str = "this file system has no such thing";
/// The kernel was built without it.
pub const NO_SUCH_CALL: &str = "this kernel has no such call";

pub fn attack(number: u8, name: impl Into<Cow<'static, str>>, code: impl Into<Cow<'static, str>>) -> Attack {
    Attack {
        number,
        name: name.into(),
        code: code.into(),
        control: Control::Same,
        held: Held::Refused,
        otherwise: Vec::new(),
        open: Vec::new(),
        open_without_group: None,
        open_below: Vec::new(),
        excuses: Vec::new(),
        alone: false,
        limits: |_| {},
        wall: Duration::from_secs(60),
        output_cap: 1 << 16,
    }
}

impl Attack {
    pub fn control(self, code: impl Into<Cow<'static, str>>) -> Self {
        Self { control: Control::Code(code.into()), ..self }
    }

    pub fn control_without_grade(self) -> Self {
        Self { control: Control::WithoutGrade, ..self }
    }

    pub fn vanishes(self) -> Self {
        Self { held: Held::Vanished, ..self }
    }

    pub fn ends(self, exit: Exit) -> Self {
        Self { held: Held::Ended(exit), ..self }
    }

    /// Is ended at these levels, whatever holds it elsewhere.
    pub fn ends_at(mut self, levels: &[Level], exit: Exit) -> Self {
        self.otherwise.extend(levels.iter().map(|level| (*level, Held::Ended(exit))));
        self
    }

    /// Returns by what it is known to be held at a level.
    pub fn held_at(&self, level: Level) -> Held {
        self.otherwise
            .iter()
            .find_map(|(other, held)| (*other == level).then_some(*held))
            .unwrap_or(self.held)
    }

    /// Is stopped after this long, which is what holds it.
    pub fn times_out(self, wall: Duration) -> Self {
        Self { wall, ..self }.ends(Exit::TimedOut(wall))
    }

    pub fn limits(self, limits: fn(&mut Limits)) -> Self {
        Self { limits, ..self }
    }

    /// Is tried when no other attack of this kind is: where a user's processes are counted together, those that end make room for others.
    pub fn alone(self) -> Self {
        Self { alone: true, ..self }
    }

    /// Says that a level does not hold it, and why that is known and accepted.
    pub fn open_at(mut self, level: Level, because: &'static str) -> Self {
        self.open.push((level, because));
        self
    }

    /// Says that only a cgroup holds it, and why.
    pub fn open_without_group(self, because: &'static str) -> Self {
        Self { open_without_group: Some(because), ..self }
    }

    /// Accepts that the control cannot prove anything where this is so.
    pub fn unless(mut self, reason: &'static str) -> Self {
        self.excuses.push(reason);
        self
    }

    /// Says that a level does not hold it where Landlock is older than this, and why that is known and accepted.
    pub fn open_below(mut self, level: Level, landlock: u32, because: &'static str) -> Self {
        self.open_below.push((level, landlock, because));
        self
    }

    /// Returns why a level with this version of Landlock is not expected to hold it, or `None` where it must.
    pub fn is_open_at(&self, level: Level, landlock: u32, has_groups: bool) -> Option<&'static str> {
        let open = self.open.iter().find_map(|(open, because)| (*open == level).then_some(*because));
        let below = |(open, version, because): &(Level, u32, &'static str)| {
            (*open == level && landlock < *version).then_some(*because)
        };
        let without_group = self.open_without_group.filter(|_| !has_groups);
        open.or_else(|| self.open_below.iter().find_map(below)).or(without_group)
    }
}
