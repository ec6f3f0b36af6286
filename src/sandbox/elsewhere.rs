//! The sandbox on systems other than Linux: there is none, and whoever asks is told so.

use std::ffi::OsStr;
use std::io;
use std::path::Path;

use crate::event::{Containment, Level};

/// Starts inits, where there are inits.
#[derive(Debug, Clone)]
pub struct Launcher;

impl Launcher {
    /// Returns a launcher that launches nothing.
    ///
    /// # Errors
    ///
    /// None.
    pub fn this_program() -> io::Result<Self> {
        Ok(Self)
    }

    /// Returns a launcher that launches nothing.
    ///
    /// # Errors
    ///
    /// None.
    pub fn new(_program: &Path) -> io::Result<Self> {
        Ok(Self)
    }
}

/// How commands are confined: not at all.
#[derive(Debug, Clone)]
pub struct Confinement;

impl Confinement {
    /// Returns the level without a sandbox.
    pub fn none(_launcher: Launcher) -> Self {
        Self
    }

    /// Returns the named level.
    pub fn level(&self) -> Level {
        Level::None
    }

    /// Returns that no process can enter a sandbox.
    pub fn adopts(&self) -> bool {
        false
    }

    /// Returns nothing: its lack is told by the level.
    pub fn ungrouped(&self) -> Option<Unavailable> {
        None
    }

    /// Returns what is in force, for reports.
    pub fn report(&self) -> Containment {
        let missing = vec!["everything: there is no sandbox for this system".to_owned()];
        Containment { level: Level::None, layers: Vec::new(), missing, reason: Some(Unavailable.to_string()) }
    }
}

/// Why there is no sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("grade's sandbox needs Linux")]
pub struct Unavailable;

impl Unavailable {
    /// Returns nothing: it is not about groups.
    pub fn hint_for_groups(&self) -> Option<String> {
        None
    }

    /// Returns what to do about it.
    pub fn hint(&self, _level: Level) -> Option<String> {
        Some("run `grade` in WSL2, a virtual machine or a container, or grade code that you trust without a sandbox".to_owned())
    }
}

/// The levels that confine, of which none can be had.
pub const LEVELS: [Level; 4] = [Level::Full, Level::FullBwrap, Level::Restricted, Level::Limits];

/// Says that there is no sandbox.
///
/// # Errors
///
/// Always `Unavailable`.
pub fn probe(_launcher: Launcher, _level: Level) -> Result<Confinement, Unavailable> {
    Err(Unavailable)
}

/// Says that there is no sandbox.
///
/// # Errors
///
/// Always `Unavailable`, of each level from the best down to `floor`.
pub fn choose(_launcher: &Launcher, floor: Level) -> Result<Confinement, Vec<(Level, Unavailable)>> {
    Err(LEVELS.into_iter().filter(|level| *level >= floor).map(|level| (level, Unavailable)).collect())
}

/// Returns nothing: there are no processes of a sandbox.
pub fn main_of(_word: &OsStr) -> Option<fn() -> !> {
    None
}
