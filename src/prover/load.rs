//! Keeps processors busy, so that a suite that only passes on an idle machine is found out.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{Builder, JoinHandle};

/// Busy threads: as many as there are processors but one, and one at the least. They end when this is dropped.
#[derive(Debug)]
pub(super) struct Load {
    over: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Load {
    /// Starts them.
    pub(super) fn begin() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let over = Arc::new(AtomicBool::new(false));
        let busy = |_| {
            let over = Arc::clone(&over);
            // Where there is no thread to be had, the machine is busy enough.
            Builder::new().name("busy".to_owned()).spawn(move || toil(&over)).ok()
        };
        let threads = (0..processors.saturating_sub(1).max(1)).filter_map(busy).collect();
        Self { over, threads }
    }
}

/// Does what is of no use to anybody until it is told to end.
fn toil(over: &AtomicBool) {
    let mut number = 1_u64;
    while !over.load(Ordering::Relaxed) {
        for _ in 0..10_000 {
            number = black_box(number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1));
        }
    }
}

impl Drop for Load {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // A thread that only counts does not panic.
            let _ = thread.join();
        }
    }
}
