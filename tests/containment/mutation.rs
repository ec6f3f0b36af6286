//! That each layer is missed: with one left out, no command runs, and if nobody looked, its attacks would succeed.
//!
//! Some layers hold the same attacks, so that one mistake is not the end. Then the others are left out beside, and it is shown first
//! that without *them* the attacks are still held: by this one layer. Attacks are chosen that do no harm outside of their world.

use std::sync::Arc;

use grade::event::Level;
use grade::outcome::Fault;
use grade::process::{Job, run};
use grade::sandbox::Layer::{self, *};
use grade::sandbox::{Confinement, Policy};
use libtest_mimic::{Completion, Failed, Trial};

use crate::LACKS;
use crate::attack::{Attack, ONLY_ROOT};
use crate::common::landlock_of;
use crate::trial::{block_on, control, is_held, never, payload_reaches_python, skip};

/// A layer that is left out, and what is expected to succeed then.
#[derive(Clone, Copy)]
struct Missed {
    level: Level,
    layer: Layer,
    /// What holds these attacks too, and is left out with it.
    beside: &'static [Layer],
    attacks: &'static [&'static str],
}

const fn missed(level: Level, layer: Layer, attacks: &'static [&'static str]) -> Missed {
    Missed { level, layer, beside: &[], attacks }
}

const fn beside(missed: Missed, beside: &'static [Layer]) -> Missed {
    Missed { beside, ..missed }
}

const SECRETS: &[&str] = &["it reads a secret in the home folder", "it lists the home folder"];
const CONTENTS: &[&str] = &["it reads a secret in the home folder", "it reads the token in .git/config"];
const CALLS: &[&str] = &["it calls shmget", "it calls mbind"];
const ABSENT: &[&str] =
    &["it calls memfd_create", "it calls clone3", "it keeps memory in files without a name"];
const LIMITS: &[&str] = &["it opens too many files", "it writes a file that is too large"];
const HOGS: &[&str] = &["it takes too much memory by many processes"];
const RIGHTS: &[&str] = &["it marks its packets", "it changes what root may"];
const DAEMONS: &[&str] = &["it leaves a process behind"];
const UNMAPPED: &[&str] = &["it keeps shared memory of which it has mapped a page"];

const MISSED: &[Missed] = &[
    missed(
        Level::Full,
        Network,
        &["it connects to a service of the host", "it sends a datagram to a service of the host"],
    ),
    // The root shows the processes anew, for which it needs processes of its own.
    beside(missed(Level::Full, Processes, DAEMONS), &[Root]),
    beside(missed(Level::Full, Root, SECRETS), &[Landlock]),
    // It lets every folder be listed, because it lets the root be.
    beside(missed(Level::Full, Landlock, CONTENTS), &[Root]),
    missed(Level::Full, Refused, CALLS),
    missed(Level::Full, Absent, ABSENT),
    missed(Level::Full, Limits, LIMITS),
    missed(Level::Full, MemoryWatch, HOGS),
    missed(Level::Full, Capabilities, RIGHTS),
    missed(Level::Full, Group, UNMAPPED),
    missed(Level::Restricted, Landlock, SECRETS),
    missed(
        Level::Restricted,
        Signals,
        &["it kills another process of the user", "it stops another process of the user"],
    ),
    missed(Level::Restricted, Refused, CALLS),
    missed(Level::Restricted, Absent, ABSENT),
    missed(Level::Restricted, Limits, LIMITS),
    missed(Level::Restricted, MemoryWatch, HOGS),
    missed(Level::Restricted, DiskWatch, &["it fills the home folder"]),
    // Each of the others forbids new privileges for itself.
    beside(
        missed(Level::Restricted, NoNewPrivileges, &["it gets root's rights from a program that gives them"]),
        &[Landlock, Refused, Absent, Supervisor],
    ),
    missed(Level::Restricted, Capabilities, RIGHTS),
    missed(Level::Restricted, Group, UNMAPPED),
    missed(Level::Restricted, Supervisor, &["it changes the times of a secret"]),
    missed(Level::Restricted, Killing, DAEMONS),
    missed(Level::Restricted, Subreaper, DAEMONS),
];

/// Layers without which no attack is tried, and why.
const NOT_ATTACKED: &[(Level, Layer, &str)] = &[
    (Level::Full, Users, "the payload would be some user of the host's"),
    (Level::Full, Mounts, "the mounts of the host would be changed"),
    (
        Level::Full,
        Signals,
        "in its pid namespace is nobody but its init, which takes no deadly signal from inside",
    ),
    (Level::Full, Ipc, "the filters refuse every call that would reach it"),
    (Level::Full, Name, "the filters refuse to change it"),
    (Level::Full, Cgroups, "the host's cgroups are not mounted inside"),
    (Level::Full, NoNewPrivileges, "no mount inside lets programs give rights, and Landlock forbids it too"),
];

/// Layers that a level does not have.
const NOT_THERE: &[(Level, &[Layer])] = &[
    (Level::Full, &[DiskWatch, Supervisor, Killing, Subreaper]),
    (Level::Restricted, &[Users, Mounts, Processes, Network, Ipc, Name, Cgroups, Root]),
];

/// What is left out, and what is said of it before anything runs: one of these.
struct Noticed {
    level: Level,
    layers: &'static [Layer],
    said: &'static [&'static str],
}

const fn noticed(level: Level, layers: &'static [Layer], said: &'static [&'static str]) -> Noticed {
    Noticed { level, layers, said }
}

const NOTICED: &[Noticed] = &[
    // An ordinary user may make the others only with it.
    noticed(Level::Full, &[Users], &["and not user:", "create namespaces"]),
    noticed(Level::Full, &[Mounts], &["and not mnt:"]),
    noticed(Level::Full, &[Processes], &["and not pid:"]),
    noticed(Level::Full, &[Network], &["and not net:"]),
    noticed(Level::Full, &[Ipc], &["and not ipc:"]),
    noticed(Level::Full, &[Name], &["and not uts:"]),
    noticed(Level::Full, &[Cgroups], &["and not cgroup:"]),
    noticed(Level::Full, &[Root], &["the root is the sandbox's own"]),
    noticed(Level::Full, &[Landlock], &["Landlock refuses what is not granted"]),
    noticed(Level::Full, &[Signals], &["Landlock refuses signals to the init"]),
    noticed(Level::Full, &[Refused], &["seccomp refuses new namespaces", "seccomp refuses to trace"]),
    noticed(Level::Full, &[Absent], &["seccomp hides calls"]),
    noticed(Level::Full, &[Refused, Absent], &["Seccomp is 2"]),
    noticed(Level::Full, &[Limits], &["is limited"]),
    noticed(Level::Full, &[NoNewPrivileges, Landlock, Refused, Absent], &["NoNewPrivs is 1"]),
    noticed(Level::Full, &[Capabilities], &["CapEff is 0"]),
    noticed(Level::Full, &[Group], &["find the init in its cgroup"]),
    noticed(Level::Restricted, &[Landlock], &["Landlock refuses `/`"]),
    noticed(Level::Restricted, &[Signals], &["Landlock refuses signals to the init"]),
    noticed(Level::Restricted, &[Refused], &["no socket but of a connection can be made"]),
    noticed(Level::Restricted, &[Absent], &["seccomp hides calls"]),
    noticed(Level::Restricted, &[Limits], &["is limited"]),
    noticed(
        Level::Restricted,
        &[NoNewPrivileges, Landlock, Refused, Absent, Supervisor],
        &["NoNewPrivs is 1"],
    ),
    noticed(Level::Restricted, &[Capabilities], &["CapEff is 0"]),
    noticed(Level::Restricted, &[Group], &["find the init in its cgroup"]),
    noticed(Level::Restricted, &[Supervisor], &["have a loopback of its own"]),
    noticed(Level::Restricted, &[Subreaper], &["orphans become the warden's"]),
];

/// Layers that act only later, so that there is nothing to look at before.
const ACT_LATER: [Layer; 3] = [MemoryWatch, DiskWatch, Killing];

pub fn trials(level: Level, confinement: &Confinement, attacks: &[Arc<Attack>]) -> Vec<Trial> {
    let missed = MISSED.iter().filter(|row| row.level == level).map(|row| {
        let (confinement, attacks) = (confinement.clone(), attacks.to_vec());
        let name = format!("mutation: {} without {:?} does not hold its attacks", level.name(), row.layer);
        Trial::ignorable_test(name, move || is_missed(row, &confinement, &attacks))
    });
    let noticed = NOTICED.iter().filter(|row| row.level == level).map(|row| {
        let confinement = confinement.clone();
        let name = format!("mutation: {} without {:?} runs nothing", level.name(), row.layers);
        Trial::ignorable_test(name, move || is_noticed(row, &confinement))
    });
    missed.chain(noticed).collect()
}

/// Fails unless each layer of each level is left out, both ways, or is known not to be.
pub fn every_layer_is_left_out() -> Result<(), Failed> {
    for (level, others) in NOT_THERE {
        for layer in Layer::ALL.into_iter().filter(|layer| !others.contains(layer)) {
            let is_known = NOT_ATTACKED.iter().any(|row| (row.0, row.1) == (*level, layer));
            let is_missed = MISSED.iter().any(|row| (row.level, row.layer) == (*level, layer));
            let mut noticed = NOTICED.iter().filter(|row| row.level == *level);
            let is_noticed = noticed.any(|row| row.layers.first() == Some(&layer));
            if is_missed == is_known || is_noticed == ACT_LATER.contains(&layer) {
                return Err(format!("{} without {layer:?}", level.name()).into());
            }
        }
    }
    Ok(())
}

fn without(confinement: &Confinement, layers: &[Layer]) -> Confinement {
    layers.iter().fold(confinement.clone(), |confinement, layer| confinement.without(*layer))
}

/// Why the layer of signals is not missed.
const ROOTS_SIGNALS: &str =
    "what root confines is another user's than the init, and reaches nobody in any case";
const NO_GROUPS: &str = "no part of the cgroup tree is this user's to divide";
const NO_SIGNALS: &str = "this kernel's Landlock keeps no signals in";
/// The first version that does: <https://docs.kernel.org/userspace-api/landlock.html#ipc-scoping-abi-6>.
const LANDLOCK_SIGNALS: u32 = 6;

/// Returns why a machine cannot tell whether these layers are there.
fn lacking(level: Level, confinement: &Confinement, layers: &[Layer]) -> Option<&'static str> {
    let is_root = rustix::process::geteuid().is_root();
    if layers.contains(&Signals) && is_root {
        return Some(ROOTS_SIGNALS);
    }
    if layers.contains(&Signals) && landlock_of(confinement) < LANDLOCK_SIGNALS {
        return Some(NO_SIGNALS);
    }
    if layers.contains(&Group) && !confinement.has_groups() {
        return Some(NO_GROUPS);
    }
    if level == Level::Restricted && layers.contains(&Capabilities) && !is_root {
        return Some(ONLY_ROOT);
    }
    (layers.contains(&Root) && !payload_reaches_python()).then_some(LACKS[0])
}

fn is_missed(row: &Missed, confinement: &Confinement, attacks: &[Arc<Attack>]) -> Result<Completion, Failed> {
    let all = [row.beside, &[row.layer]].concat();
    if let Some(why) = lacking(row.level, confinement, &all) {
        return skip(why, &[why]);
    }
    let (held, open) = (without(confinement, row.beside).unnoticed(), without(confinement, &all).unnoticed());
    for name in row.attacks {
        let attack = attacks.iter().find(|attack| attack.name == *name).ok_or("there is no such attack")?;
        if !row.beside.is_empty() && !is_held(row.level, &held, attack)? {
            return Err(format!("{name}: not held without {:?} already", row.beside).into());
        }
        if is_held(row.level, &open, attack)? {
            // Nobody may be able to do this here.
            if let ignored @ Completion::Ignored { .. } = control(attack)? {
                return Ok(ignored);
            }
            return Err(format!("{name}: still held").into());
        }
    }
    Ok(Completion::Completed)
}

fn is_noticed(row: &Noticed, confinement: &Confinement) -> Result<Completion, Failed> {
    if let Some(why) = lacking(row.level, confinement, row.layers).filter(|why| *why != LACKS[0]) {
        return skip(why, &[why]);
    }
    let mutated = without(confinement, row.layers);
    for layer in row.layers {
        let missing = mutated.report().missing;
        if !missing.iter().any(|text| text.starts_with(&format!("{layer:?}, "))) {
            return Err(format!("the report does not name {layer:?}: {missing:?}").into());
        }
    }
    match shell(&mutated) {
        Ok(()) => Err("it ran".into()),
        Err(fault) => {
            let told = format!("{fault:?}");
            match row.said.iter().any(|said| told.contains(said)) {
                true => Ok(Completion::Completed),
                false => Err(format!("it did not say why: {told}").into()),
            }
        }
    }
}

fn shell(confinement: &Confinement) -> Result<(), Fault> {
    let command = grade::command::CommandSpec::new("/bin/sh", "/tmp").args(["-c", "exit 0"]);
    let job = Job {
        command: &command,
        confinement,
        policy: &Policy::default(),
        wall: std::time::Duration::from_secs(20),
        output_cap: 1 << 16,
        fds: Vec::new(),
        adoptee: None,
        report_fd: false,
    };
    block_on(run(job, never())).map(drop)
}
