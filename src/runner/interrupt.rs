//! Ctrl-C: the first one ends the checks and what is known is reported, the second one ends the program. Whoever does more than one run
//! hears of signals by itself (`hear`).

use std::io;
use std::thread;

use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;

use super::Events;
use crate::event::Event;
use crate::outcome::Status;
use crate::process::Cancel;

/// Watches for Ctrl-C and SIGTERM as long as the runtime lives. To be called within one.
pub fn watch(events: Events) -> Cancel {
    let (cancel, cancelled) = watch::channel(false);
    tokio::spawn(async move {
        // Without a handler Ctrl-C ends the program at once, which is a lesser evil than not grading.
        let _ = heed(&cancel, &events).await;
        // The sender stays: whoever watches must be able to tell "not yet" from "never".
        std::future::pending::<()>().await;
        drop(cancel);
    });
    cancelled
}

/// Tells of Ctrl-C, SIGTERM and the end of the terminal, in a thread of its own, for as long as the program lives. When nobody listens any
/// more, the next one ends the program.
///
/// # Errors
///
/// When no handler can be set.
pub fn hear(mut tell: impl FnMut() -> bool + Send + 'static) -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let signals = {
        let _inside = runtime.enter();
        [SignalKind::interrupt(), SignalKind::terminate(), SignalKind::hangup()].map(signal)
    };
    let [interrupt, terminate, hangup] = signals;
    let (mut interrupt, mut terminate, mut hangup) = (interrupt?, terminate?, hangup?);
    thread::spawn(move || {
        runtime.block_on(async {
            loop {
                tokio::select! {
                    _ = either(&mut interrupt, &mut terminate) => {}
                    _ = hangup.recv() => {}
                }
                if !tell() {
                    end();
                }
            }
        });
    });
    Ok(())
}

async fn heed(cancel: &watch::Sender<bool>, events: &Events) -> io::Result<()> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    either(&mut interrupt, &mut terminate).await;
    events.tell(Event::Cancelling);
    let _ = cancel.send(true);
    either(&mut interrupt, &mut terminate).await;
    end();
}

async fn either(one: &mut Signal, other: &mut Signal) {
    tokio::select! {
        _ = one.recv() => {}
        _ = other.recv() => {}
    }
}

#[expect(clippy::disallowed_methods, reason = "the user asked twice; sandboxes die with this process")]
fn end() -> ! {
    std::process::exit(Status::Interrupted as i32)
}
