//! Ctrl-C: the first one ends the checks and what is known is reported, the second one ends the program.

use std::io;

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
