//! Finds out which confinement can be had, by doing all of it once in a throw-away sandbox, and says so.
//!
//! No sysctl or version number decides anything; they are only read to explain a refusal that has happened (`advice`).

use std::fs::File;
use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::bubblewrap;
use super::cgroup::Delegated;
use super::init::namespaces;
use super::launch::{Child, Launcher, Stdio};
use super::layer::{Layer, Omitted};
use super::payload::{LANDLOCK_SIGNALS, LANDLOCK_TRUNCATE};
use super::policy::{Overlay, Policy};
use super::spare::spare_id;
use super::wire::{Confine, Ended, Facts, Namespaces, Order, Payload, Record, SetUpError, Shared, Step};
use crate::event::{Containment, Level};

/// How long a probe may take; it takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// The levels that confine, best first.
pub const LEVELS: [Level; 4] = [Level::Full, Level::FullBwrap, Level::Restricted, Level::Limits];

/// How commands are confined on this machine. Made by `probe`, by `choose`, or by `Confinement::none`.
#[derive(Debug, Clone)]
pub struct Confinement {
    pub(crate) launcher: Launcher,
    level: Level,
    confine: Option<Confine>,
    facts: Facts,
    reason: Option<String>,
    /// Why its sandboxes have no cgroups of their own, where that was tried.
    ungrouped: Option<SetUpError>,
    omitted: Omitted,
}

impl Confinement {
    /// Returns the level without a sandbox: resource limits, a process group, and the user's own rights.
    pub fn none(launcher: Launcher) -> Self {
        let reason = Some("no sandbox was asked for".to_owned());
        Self {
            launcher,
            level: Level::None,
            confine: None,
            facts: Facts::default(),
            reason,
            ungrouped: None,
            omitted: Omitted::default(),
        }
    }

    /// Leaves out a layer, for the tests that show that it is missed. Where bubblewrap makes the namespaces, they stay.
    #[doc(hidden)]
    #[must_use]
    pub fn without(mut self, layer: Layer) -> Self {
        self.omitted.add(layer);
        self
    }

    /// Has the checks look away from what is left out. Where nothing is, they do not.
    #[doc(hidden)]
    #[must_use]
    pub fn unnoticed(mut self) -> Self {
        self.omitted.look_away();
        self
    }

    /// Returns what a test leaves out.
    pub(crate) fn omitted(&self) -> &Omitted {
        &self.omitted
    }

    /// Returns whether each of its sandboxes has a cgroup of its own, in which the kernel caps memory and processes.
    pub fn has_groups(&self) -> bool {
        self.launcher.has_groups()
    }

    /// Returns why its sandboxes have no cgroups of their own, where they could not be had.
    pub fn ungrouped(&self) -> Option<Unavailable> {
        self.ungrouped.clone().map(Unavailable)
    }

    /// Returns the named level.
    pub fn level(&self) -> Level {
        self.level
    }

    /// Returns what the init must know, or `None` without a sandbox.
    pub(crate) fn confine(&self) -> Option<&Confine> {
        self.confine.as_ref()
    }

    /// Returns whether a sandbox may take in a process that was started outside of it.
    ///
    /// The `/proc/self/exe` of such a process leads to its interpreter on the host's own mount. Landlock keeps it from being written
    /// to and, from ABI 3 on, from being truncated; see also `Zygote::may_enter`.
    pub fn adopts(&self) -> bool {
        self.level == Level::Full
            && self.facts.landlock >= LANDLOCK_TRUNCATE
            && self.omitted.is_in_the_rules()
    }

    /// Returns what is in force, for reports.
    pub fn report(&self) -> Containment {
        Containment {
            level: self.level,
            layers: self.layers(),
            missing: self.missing().into_iter().map(str::to_owned).chain(self.left_out()).collect(),
            reason: self.reason.clone(),
        }
    }

    fn layers(&self) -> Vec<String> {
        let namespaces = match self.level {
            Level::Full => Some("namespaces"),
            Level::FullBwrap => Some("namespaces by bubblewrap"),
            Level::None | Level::Limits | Level::Restricted => None,
        };
        let landlock = (self.facts.landlock > 0).then(|| format!("landlock {}", self.facts.landlock));
        let seccomp = (self.level != Level::None).then(|| "seccomp".to_owned());
        let group = self.has_groups().then(|| "cgroup".to_owned());
        let layers = [namespaces.map(str::to_owned), landlock, seccomp, group, Some("limits".to_owned())];
        layers.into_iter().flatten().collect()
    }

    fn left_out(&self) -> impl Iterator<Item = String> {
        self.omitted.layers().map(|layer| format!("{layer:?}, which a test has left out"))
    }

    fn missing(&self) -> Vec<&'static str> {
        let shared = match &self.confine {
            Some(Confine::Shared(shared)) => Some(shared),
            _ => None,
        };
        let as_root =
            rustix::process::geteuid().is_root() && shared.is_some_and(|shared| shared.user.is_none());
        let restricted = self.level == Level::Restricted;
        let namespaces = [Level::Full, Level::FullBwrap].contains(&self.level);
        let missing = [
            (self.level == Level::None, "files, network and other processes are open to the learner's code"),
            (self.level == Level::Limits, "files and network are open to the learner's code"),
            (
                self.level > Level::None && !self.has_groups(),
                "the memory of all processes is watched, not capped (no cgroup)",
            ),
            (self.level == Level::FullBwrap, "the number of files is not limited"),
            (restricted, "what is written to the disk is watched, not capped"),
            (restricted, "names, sizes and times of the host's files can be seen"),
            (
                restricted && self.facts.landlock < LANDLOCK_SIGNALS,
                "the user's other processes can be sent signals",
            ),
            (as_root, "the submission runs as this root, without its rights"),
            (as_root && !self.has_groups(), "the number of the submission's processes is not limited"),
            (restricted && !self.facts.loopback, "programs inside cannot connect to each other"),
            (
                self.level != Level::None && self.facts.landlock == 1,
                "files cannot be moved from folder to folder (the kernel's Landlock is of version 1)",
            ),
            (namespaces && self.facts.landlock == 0, "this kernel has no Landlock"),
        ];
        missing.into_iter().filter(|(is_so, _)| *is_so).map(|(_, text)| text).collect()
    }
}

/// Why there is no sandbox: the first step that failed, with the kernel's answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to {0}")]
pub struct Unavailable(pub SetUpError);

/// Builds a whole sandbox of this level once, with every layer, and takes it down again. Takes about 5 ms and blocks.
///
/// # Errors
///
/// The first step that failed.
pub fn probe(launcher: Launcher, level: Level) -> Result<Confinement, Unavailable> {
    probe_omitting(launcher, level, Omitted::default())
}

/// Does the same as on a kernel whose Landlock is of this version, or of its own where that is older.
///
/// # Errors
///
/// The first step that failed.
#[doc(hidden)]
pub fn probe_up_to(launcher: Launcher, level: Level, landlock: u32) -> Result<Confinement, Unavailable> {
    probe_omitting(launcher, level, Omitted::landlock_up_to(landlock))
}

fn probe_omitting(launcher: Launcher, level: Level, omitted: Omitted) -> Result<Confinement, Unavailable> {
    let mut rehearsed = Err(SetUpError { step: "know of a way".to_owned(), errno: libc::EOPNOTSUPP });
    for confine in ways(level).map_err(Unavailable)? {
        rehearsed = rehearse(&launcher, &confine, &omitted).map(|facts| (confine, facts));
        if rehearsed.is_ok() {
            break;
        }
    }
    let (mut confine, facts) = rehearsed.map_err(Unavailable)?;
    let (launcher, ungrouped) = match with_groups(&launcher, &confine, &omitted) {
        Ok(dividing) => (dividing, None),
        Err(why) => (launcher, Some(why)),
    };
    if let Confine::Namespaces(own) = &mut confine {
        own.landlock = facts.landlock;
    }
    Ok(Confinement { launcher, level, confine: Some(confine), facts, reason: None, ungrouped, omitted })
}

/// Returns a launcher whose sandboxes have cgroups of their own, after having made such a one of this kind.
fn with_groups(launcher: &Launcher, confine: &Confine, omitted: &Omitted) -> Result<Launcher, SetUpError> {
    let dividing = launcher.clone().dividing(Delegated::find()?);
    rehearse(&dividing, confine, omitted).map(|_| dividing)
}

/// Returns the best level that can be had and is not below `floor`. What kept the better ones away is the confinement's reason.
///
/// # Errors
///
/// What failed of each level from the best down to `floor`.
pub fn choose(launcher: &Launcher, floor: Level) -> Result<Confinement, Vec<(Level, Unavailable)>> {
    let mut failed = Vec::new();
    for level in LEVELS.into_iter().filter(|level| *level >= floor) {
        match probe(launcher.clone(), level) {
            Ok(mut found) => {
                let first = failed.first();
                found.reason = first.map(|(better, why): &(Level, Unavailable)| {
                    format!("{} cannot be had: {why}", better.name())
                });
                return Ok(found);
            }
            Err(why) => failed.push((level, why)),
        }
    }
    Err(failed)
}

/// Returns how a level may be had, best first.
fn ways(level: Level) -> Result<Vec<Confine>, SetUpError> {
    let root = rustix::process::geteuid().is_root();
    let own = |bubblewrap| {
        let host_namespaces = namespaces("self").step("read the host's namespaces")?;
        Ok(vec![Confine::Namespaces(Namespaces {
            bubblewrap,
            drop_root: root,
            host_namespaces,
            landlock: 0,
        })])
    };
    let unavailable = |step: &str, errno| Err(SetUpError { step: step.to_owned(), errno });
    // In a user namespace of one id there is no other; its root has the rights of whoever made it at the most, and the payload has none.
    let user = if root { spare_id().ok() } else { None };
    match level {
        Level::Full => own(None),
        // Its one id would be root's own.
        Level::FullBwrap if root => unavailable("use bubblewrap as root", libc::EPERM),
        Level::FullBwrap => match bubblewrap::find() {
            Some(program) => own(Some(program)),
            None => unavailable(&format!("find bubblewrap (`{}`)", bubblewrap::PROGRAM), libc::ENOENT),
        },
        Level::Restricted => {
            let way = |supervised| {
                Confine::Shared(Shared { restricted: true, supervised, user, writable: Vec::new() })
            };
            Ok(vec![way(true), way(false)])
        }
        Level::Limits => Ok(vec![Confine::Shared(Shared { user, ..Shared::default() })]),
        Level::None => Ok(Vec::new()),
    }
}

fn rehearse(launcher: &Launcher, confine: &Confine, omitted: &Omitted) -> Result<Facts, SetUpError> {
    let source = tempfile::tempdir().step("make a temporary folder")?;
    let overlay = Overlay { source: source.path().to_owned(), inside: "/submission".into() };
    let policy = Policy { overlays: vec![overlay], ..Policy::default() };
    let order = Order {
        payload: Payload::Probe,
        policy,
        confine: Some(confine.clone()),
        descriptors: Vec::new(),
        grouped: launcher.has_groups(),
        omitted: omitted.clone(),
    };
    let null = File::options().read(true).write(true).open("/dev/null").step("open /dev/null")?;
    let stdio = Stdio { input: null.as_fd(), output: null.as_fd(), error: null.as_fd() };
    let child = launcher.launch(&order, stdio, &[])?;
    await_end(&child).step("wait for the probe's end")?;
    child.reap().step("wait for the probe's end")?;
    verdict(child.records().step("read the probe's records")?)
}

fn await_end(child: &Child) -> io::Result<()> {
    let pidfd = child.pidfd();
    let timeout = Timespec { tv_sec: PATIENCE.as_secs().cast_signed(), tv_nsec: 0 };
    match poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&timeout))? {
        0 => Err(io::Error::from_raw_os_error(libc::ETIMEDOUT)),
        _ => Ok(()),
    }
}

/// A pass needs every witness: that all layers were in force, and that the end was orderly.
fn verdict(records: Vec<Record>) -> Result<Facts, SetUpError> {
    let mut facts = None;
    for record in records {
        match record {
            Record::Failed(error) => return Err(error),
            Record::Ready(found) => facts = Some(found),
            Record::Ended(Ended { code: Some(0), .. }) => {
                return facts
                    .ok_or(())
                    .map_err(|()| io::ErrorKind::Other)
                    .step("hear that all layers are in force");
            }
            Record::Limit(_) | Record::Ended(_) => break,
        }
    }
    Err(io::ErrorKind::UnexpectedEof).step("hear the probe's end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_not_a_sandbox() {
        assert!(verdict(Vec::new()).is_err());
        assert!(verdict(vec![Record::Ready(Facts::default())]).is_err());
        let ended = Record::Ended(Ended { code: Some(0), signal: None, cpu_micros: 0 });
        assert!(verdict(vec![ended.clone()]).is_err());
        assert!(verdict(vec![Record::Ready(Facts::default()), ended]).is_ok());
    }
}
