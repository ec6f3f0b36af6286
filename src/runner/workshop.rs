//! What submissions are graded with: the Python environment and what was started in it, the sandbox, a folder for copies.
//!
//! It takes longer to make than a light day to grade. So it is made once, and any number of gradings share it, one after the other or
//! side by side. It holds nothing of a submission: every fork and every sandbox is a fresh one.

use std::collections::BTreeSet;
use std::sync::Arc;

use tempfile::TempDir;

use super::check::Tools;
use super::scratch::Scratch;
use super::{DISK, GradingError, confinement};
use crate::config::settings::Sandbox;
use crate::event::CheckKind;
use crate::outcome::Fault;
use crate::sandbox::Confinement;
use crate::toolchain::Toolchain;
use crate::zygote::Expected;

/// What gradings share.
#[derive(Debug, Clone)]
pub struct Workshop {
    /// The Python environment and what runs in it.
    pub tools: Arc<Tools>,
    /// What the sandbox is.
    pub confinement: Arc<Confinement>,
    scratch: Arc<Scratch>,
}

impl Workshop {
    /// Opens a workshop for many gradings of all kinds.
    ///
    /// # Errors
    ///
    /// When no sandbox that will do can be had, or a process cannot be started.
    pub fn of_many(toolchain: Toolchain, sandbox: Sandbox) -> Result<Self, GradingError> {
        let kinds = super::dispatch::SANDBOXED.into();
        // Started first, because it takes longest.
        let tools = Tools::start(toolchain, &kinds, Expected::Many)?;
        Self::new(tools, confinement(sandbox)?)
    }

    /// Opens a workshop for one run of these kinds of check. `set_up` is asked for the Python environment where it is not there.
    ///
    /// # Errors
    ///
    /// As `of_many`, and when the environment cannot be set up.
    pub fn of_run(
        toolchain: Option<Toolchain>,
        set_up: impl FnOnce() -> Result<Toolchain, Fault>,
        kinds: &BTreeSet<CheckKind>,
        sandbox: Sandbox,
    ) -> Result<Self, GradingError> {
        let start = |toolchain| Tools::start(toolchain, kinds, Expected::One);
        // What is there is started first, because it takes longest. What is not there is set up after the sandbox was found:
        // without one, it would be for nothing.
        let ready = toolchain.map(start).transpose()?;
        let confinement = confinement(sandbox)?;
        Self::new(ready.map_or_else(|| start(set_up()?), Ok)?, confinement)
    }

    fn new(tools: Tools, confinement: Confinement) -> Result<Self, GradingError> {
        let scratch = Scratch::new().map_err(|error| no_folder(&error))?;
        Ok(Self { tools: Arc::new(tools), confinement: Arc::new(confinement), scratch: Arc::new(scratch) })
    }

    /// Makes a folder for the copies of one grading; it is gone when it is dropped.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub fn folder(&self) -> Result<TempDir, Fault> {
        tempfile::tempdir_in(self.scratch.path()).map_err(|error| no_folder(&error))
    }
}

fn no_folder(error: &std::io::Error) -> Fault {
    Fault::from_error("failed to make a temporary folder", error).hint(DISK)
}
