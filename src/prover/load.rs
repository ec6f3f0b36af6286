//! Keeps processors busy, so that a suite that only passes on an idle machine is found out.

use std::hint::black_box;
use std::thread::{Builder, Scope};

/// What goes on beside the gradings that are done side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Load {
    /// Nothing.
    None,
    /// More of them, and what is of no use to anybody where there are none left.
    Busy {
        /// How many of the gradings are to be done under load: the first ones.
        until: usize,
    },
}

impl Load {
    /// Starts what keeps processors busy: as many threads as there are processors but one, and one at the least.
    pub(super) fn spawn<'scope>(
        self,
        scope: &'scope Scope<'scope, '_>,
        work: impl Fn() + Copy + Send + 'scope,
    ) {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = match self {
            Self::None => 0,
            Self::Busy { .. } => processors.saturating_sub(1).max(1),
        };
        for _ in 0..threads {
            // Where there is no thread to be had, the machine is busy enough.
            let _ = Builder::new().name("busy".to_owned()).spawn_scoped(scope, work);
        }
    }

    /// Returns for how many of the gradings, from the first on, processors are kept busy.
    pub(super) fn until(self) -> usize {
        match self {
            Self::None => 0,
            Self::Busy { until } => until,
        }
    }
}

/// Counts until it is over.
pub(super) fn toil(is_over: impl Fn() -> bool) {
    let mut number = 1_u64;
    while !is_over() {
        for _ in 0..100_000 {
            number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
    }
}
