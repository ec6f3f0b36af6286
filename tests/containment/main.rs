//! What hostile code may try, and that it is held: a table of attacks, each tried at every level of containment that this
//! machine offers, and once without any, where it must succeed. So an attack that is broken cannot pass for one that is held.
//!
//! An attack is data (`attack`): Python that says `did it` or `refused: …`, and what is expected of it at each level. It runs
//! in a `world` of its own, which holds secrets, sockets and a process to attack, and which knows whether it was touched. The
//! tables stand in one module for each subject.
//!
//! The numbers are those of the plan of attacks in this order: files 1 to 18, processes 19 to 29, limits 30 to 47, network
//! 48 to 58, the kernel's surface 59 to 65, results 66 to 69, the machinery 70. What is not an attack on the machine is
//! tried elsewhere (`ELSEWHERE`). What Landlock holds is tried with every older version of it too. Everything runs as whoever runs the tests, root or not, and all traffic stays on the loopback.
#![cfg(target_os = "linux")]

#[path = "../common/mod.rs"]
mod common;

mod attack;
mod files;
mod kernel;
mod limits;
mod machinery;
mod mutation;
mod network;
mod processes;
mod summary;
mod trial;
mod world;

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use grade::event::Level;
use grade::sandbox::{Confinement, LEVELS, probe, probe_up_to};
use libtest_mimic::{Arguments, Failed, Trial};

use attack::Attack;

/// Returns every level that confines, with the confinement or why this machine does not offer it.
fn levels() -> Vec<(Level, Result<Confinement, String>)> {
    let probed = |level| match level {
        Level::Limits if !trial::payload_reaches_python() => Err(LACKS[0].to_owned()),
        level => probe(trial::launcher(), level).map_err(|why| why.to_string()),
    };
    LEVELS.into_iter().map(|level| (level, probed(level))).collect()
}

/// Why a machine may lack a level.
pub const LACKS: [&str; 3] = [
    "this Python lies in root's home, where nobody else gets to",
    "failed to use bubblewrap as root: Operation not permitted (os error 1)",
    "failed to find bubblewrap (`/usr/bin/bwrap`): No such file or directory (os error 2)",
];

fn attacks() -> Vec<Attack> {
    [files::attacks(), processes::attacks(), limits::attacks(), network::attacks(), kernel::attacks()]
        .concat()
}

/// Numbers of the plan that no attack here has, and where they are tried.
const ELSEWHERE: [(u8, &str); 13] = [
    (18, "machinery"),
    (21, "machinery"),
    (27, "tests/sandbox.rs: the payload is an ordinary process"),
    (28, "tests/sandbox.rs: orphans are reaped"),
    (29, "machinery"),
    (35, "tests/sandbox.rs: memory that forks share counts once"),
    (44, "every attack on a limit names the limit"),
    (45, "whoever runs the tests, root or not"),
    (54, "tests/sandbox.rs: the loopback is there"),
    (66, "tests/forging"),
    (67, "tests/forging"),
    (69, "tests/forging"),
    (70, "machinery, tests/sandbox.rs, tests/adoption.rs"),
];

fn main() -> ExitCode {
    if let Some(code) = machinery::play_a_part() {
        return code;
    }
    let arguments = Arguments::from_args();
    let is_whole_run = !arguments.list && !arguments.exact;
    let conclusion = libtest_mimic::run(&arguments, trials());
    if is_whole_run {
        report(&summary::text());
    }
    conclusion.exit_code()
}

fn trials() -> Vec<Trial> {
    let attacks: Vec<Arc<Attack>> = attacks().into_iter().map(Arc::new).collect();
    let mut trials = vec![
        Trial::test("every attack of the plan is tried", every_number_is_tried),
        Trial::test("mutation: every layer is left out", mutation::every_layer_is_left_out),
    ];
    trials.extend(
        attacks
            .iter()
            .cloned()
            .map(|attack| Trial::ignorable_test(name("control", &attack), move || trial::control(&attack))),
    );
    trials.extend(machinery::trials_without());
    for (level, confinement) in levels() {
        match confinement {
            Ok(confinement) => trials.extend(trials_at(level, &confinement, &attacks)),
            Err(why) => trials.push(Trial::ignorable_test(
                format!("{}: this machine offers it", level.name()),
                move || trial::skip(&why, &LACKS),
            )),
        }
    }
    trials
}

/// Levels of which Landlock is a layer, and the oldest version of it that they can do with.
const WITH_LANDLOCK: [(Level, u32); 3] = [(Level::Full, 1), (Level::FullBwrap, 1), (Level::Restricted, 3)];
/// Attacks that are held by Landlock, by their numbers: on secrets, on what may be read, on the repository, by signals, on the network.
const HELD_BY_LANDLOCK: [u8; 11] = [1, 2, 3, 4, 5, 8, 9, 11, 12, 22, 53];

/// Tries a part of the attacks with every Landlock that is older than the kernel's.
fn trials_with_older_landlocks(level: Level, newest: u32, attacks: &[Arc<Attack>]) -> Vec<Trial> {
    let Some((_, oldest)) = WITH_LANDLOCK.into_iter().find(|(with, _)| *with == level) else {
        return Vec::new();
    };
    let with = |version: u32| format!("{} with Landlock {version}", level.name());
    let probed = move |version| probe_up_to(trial::launcher(), level, version);
    let refused = (1..oldest.min(newest)).map(|version| {
        Trial::test(format!("{}: it cannot be had", with(version)), move || match probed(version) {
            Ok(_) => Err("it can".into()),
            Err(_) => Ok(()),
        })
    });
    let held = attacks.iter().filter(|attack| HELD_BY_LANDLOCK.contains(&attack.number));
    let tried = held.flat_map(|attack| {
        (oldest..newest).map(|version| {
            let attack = Arc::clone(attack);
            Trial::ignorable_test(name(&with(version), &attack), move || {
                let confinement = probed(version).map_err(|why| why.to_string())?;
                trial::at((level, Some(version)), &confinement, &attack)
            })
        })
    });
    let killing = (oldest..newest).map(|version| {
        Trial::ignorable_test(format!("{}: {}", with(version), machinery::KILLING), move || {
            machinery::one_kills_another(&probed(version).map_err(|why| why.to_string())?)
        })
    });
    refused.chain(tried).chain(killing).collect()
}

fn trials_at(level: Level, confinement: &Confinement, attacks: &[Arc<Attack>]) -> Vec<Trial> {
    let mut trials: Vec<Trial> = attacks
        .iter()
        .map(|attack| {
            let (attack, confinement) = (Arc::clone(attack), confinement.clone());
            let name = name(level.name(), &attack);
            Trial::ignorable_test(name, move || trial::at((level, None), &confinement, &attack))
        })
        .collect();
    trials.extend(machinery::trials(level, confinement));
    trials.extend(mutation::trials(level, confinement, attacks));
    trials.extend(trials_with_older_landlocks(level, common::landlock_of(confinement), attacks));
    trials
}

fn name(level: &str, attack: &Attack) -> String {
    format!("{level}: {:02} {}", attack.number, attack.name)
}

fn every_number_is_tried() -> Result<(), Failed> {
    let attacks = attacks();
    let names: BTreeSet<&str> = attacks.iter().map(|attack| &*attack.name).collect();
    if names.len() != attacks.len() {
        return Err("two attacks have the same name".into());
    }
    let mut tried: BTreeSet<u8> = attacks.iter().map(|attack| attack.number).collect();
    tried.extend(ELSEWHERE.map(|(number, _)| number));
    let missing: Vec<u8> = (1..=70).filter(|number| !tried.contains(number)).collect();
    if missing.is_empty() { Ok(()) } else { Err(format!("nobody tries {missing:?}").into()) }
}

#[expect(clippy::disallowed_macros, reason = "a test program tells whoever runs it")]
fn report(text: &str) {
    print!("{text}");
}
