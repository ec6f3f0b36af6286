//! The command line: the real `grade`, in an environment of its own, on small repositories.
//!
//! What is compared is what a user gets: exit code, standard output, standard error. Paths, times and the sandbox's
//! details are redacted, since they are the machine's; whole reports are golden files in `golden/`. The course is the tiny
//! one in `pack/tiny`, quick to grade and with a day for each thing that a day can do.

#[path = "../common/mod.rs"]
mod common;
mod place;
mod runner;
mod terminal;

mod action;
mod actions;
mod bad_input;
mod cache;
mod commands;
mod exit_codes;
mod formats;
mod hint;
mod hook;
mod init;
mod levels;
mod losses;
mod own_tests;
mod pack_new;
mod packs;
mod pager;
mod recall;
mod reports;
mod secrets;
mod shared;
mod shells;
mod shown;
mod start;
mod status;
mod surroundings;
mod targets;
mod together;
mod watch;
mod where_to_look;
