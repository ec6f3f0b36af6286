//! `grade` grades Python learners' work, day by day. The layers, each using only itself and what stands above it:
//!
//! ```text
//! words     day finding outcome command event rel_path         pure; no clock, no disk
//! readers   pack config                                         what packs and settings say
//! world     tree repository snapshot git toolchain kit lay_out  the disk
//!           history                                             what runs came to
//!           watch                                               what changes on the disk
//!           sandbox process zygote                              other processes
//!           tool examiner                                       what is run in them, and what its report means
//! engine    runner prover                                       what runs when
//! faces     report cli                                          what people and machines read
//! ```
//!
//! `runner` and `report` never see each other: they meet in `event`. tests/layers.rs holds this map to the code;
//! docs/ARCHITECTURE.md has the picture of the data's way.

pub mod command;
pub mod config;
pub mod day;
pub mod event;
pub mod examiner;
pub mod finding;
pub mod git;
pub mod history;
pub mod kit;
pub mod lay_out;
pub mod outcome;
pub mod pack;
pub mod process;
pub mod prover;
pub mod rel_path;
pub mod report;
pub mod repository;
pub mod runner;
pub mod sandbox;
pub mod snapshot;
pub mod tool;
pub mod toolchain;
pub mod tree;
pub mod watch;
pub mod zygote;

mod cli;

use std::process::ExitCode;

/// Runs the program: the command that the arguments name or, re-executed as a process of a sandbox, what that does.
pub fn run() -> ExitCode {
    match std::env::args_os().nth(1).and_then(|word| sandbox::main_of(&word)) {
        Some(main) => main(),
        None => cli::run().into(),
    }
}
