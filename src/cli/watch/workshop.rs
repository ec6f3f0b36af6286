//! The workshop that all runs of a watch share: opened once, and anew when something of ours broke in it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::config::settings::Sandbox;
use crate::runner::{GradingError, Workshop};
use crate::toolchain::Toolchain;

/// The workshop, and what it is opened with.
pub struct Shared {
    /// The Python environment.
    pub toolchain: Toolchain,
    sandbox: Sandbox,
    open: Mutex<Option<Workshop>>,
}

impl Shared {
    /// Returns a workshop that is not open yet.
    pub fn new(toolchain: Toolchain, sandbox: Sandbox) -> Self {
        Self { toolchain, sandbox, open: Mutex::new(None) }
    }

    /// Returns the workshop, open. Whoever comes second waits.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub fn open(&self) -> Result<Workshop, GradingError> {
        let mut open = self.locked();
        if let Some(workshop) = &*open {
            return Ok(workshop.clone());
        }
        let workshop = Workshop::of_many(self.toolchain.clone(), self.sandbox)?;
        *open = Some(workshop.clone());
        Ok(workshop)
    }

    /// Closes it, so that the next run opens another.
    pub fn close(&self) {
        *self.locked() = None;
    }

    fn locked(&self) -> MutexGuard<'_, Option<Workshop>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
