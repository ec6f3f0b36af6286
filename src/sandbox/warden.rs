//! The init of a sandbox that shares the host's namespaces.
//!
//! No pid namespace ends what the payload leaves behind, so the warden does: the kernel gives it every orphan (it is their
//! *subreaper*), and when the payload or `grade` ends, it stops and kills whatever descends from it until nothing is left.
//! It is itself out of the payload's reach: another user's, or closed to signals by Landlock.

use std::fs::File;
use std::io;
use std::net::TcpListener;
use std::os::fd::OwnedFd;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rustix::net::{RecvFlags, SendFlags, recv, send};
use rustix::process::{DumpableBehavior, Pid, Signal, WaitOptions, set_dumpable_behavior};

use super::guard::Watch;
use super::init::{self, exit, say};
use super::layer::Layer;
use super::passing::{message_sockets, receive_with};
use super::payload::{self, Descriptors};
use super::supervisor;
use super::sys;
use super::tree::Scope;
use super::wire::{Facts, Order, Record, SetUpError, Shared, Step};
use crate::outcome::Limit;

/// How long the killing may take; the kernel needs milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs the payload, looks after it, and says how it ended.
pub(super) fn run(
    order: &Order,
    shared: &Shared,
    descriptors: Descriptors,
    lifeline: OwnedFd,
    records: &mut File,
) -> Result<(), SetUpError> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).step("hide the warden's memory")?;
    if let Some(path) =
        payload::out_of_reach(&order.policy).filter(|_| shared.user.is_some() && !shared.restricted)
    {
        let step = format!(
            "let another user than root reach `{}` (GRADE_DATA_DIR and a Python outside of root's home would do)",
            path.display()
        );
        return Err(io::Error::from_raw_os_error(libc::EACCES)).step(step);
    }
    let adopt = || rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
    order.omitted.put(Layer::Subreaper, (), || adopt().step("become the orphans' parent"))?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).step("open a port for the self-check")?;
    let outside = listener.local_addr().step("open a port for the self-check")?;
    let (ours, theirs) = message_sockets().step("open a channel to the payload")?;
    let theirs = sys::raise(theirs).step("open a channel to the payload")?;
    let (mut answer, question) = io::pipe().step("open a pipe")?;
    let mut question = File::from(sys::raise(question).step("open a pipe")?);
    let Some(payload) = sys::fork_single_threaded().step("fork the payload")? else {
        // It must hear when the warden is gone, and would not while it has the warden's end too.
        drop(ours);
        let error = payload::become_shared(order, shared, descriptors, &theirs, outside);
        let told = error.err().map_or(Ok(()), |error| say(&mut question, &Record::Failed(error)));
        exit(i32::from(told.is_err()));
    };
    drop((question, descriptors, theirs));
    let watch = Watch::new(Scope::Descendants, order, &shared.writable);
    init::guard(lifeline, records, watch.clone())?.store(payload, Ordering::Release);
    if let Some(facts) = let_go(&ours, payload, order, shared)? {
        say(records, &Record::Ready(facts)).step("report that all layers are in force")?;
    }
    drop(listener);
    init::forward(&mut answer, records)?;
    let ended = init::reap(payload).step("wait for the payload")?;
    order.omitted.put(Layer::Killing, (), || {
        end_all();
        Ok(())
    })?;
    // It may have been quicker than the guard, which looks now and then.
    let last = if watch.is_too_full(&[]) { Record::Limit(Limit::Disk) } else { Record::Ended(ended) };
    say(records, &last).step("report the end")
}

/// Serves the payload while it checks itself, looks at it from outside, and lets it go on. Returns nothing where it has failed.
fn let_go(
    channel: &OwnedFd,
    payload: i32,
    order: &Order,
    shared: &Shared,
) -> Result<Option<Facts>, SetUpError> {
    if payload::is_supervised(order, shared) {
        let received = receive_with(channel, &mut [0]).step("receive the calls to supervise")?;
        let Some(listener) = received.1.into_iter().next() else { return Ok(None) };
        supervisor::start(listener, shared.writable.clone()).step("start the supervisor")?;
    }
    let mut said = [0; 64];
    let (count, _) =
        recv(channel, &mut said[..], RecvFlags::empty()).map_err(io::Error::from).step("hear the payload")?;
    let Ok(facts) = serde_json::from_slice::<Facts>(&said[..count]) else { return Ok(None) };
    order.omitted.check(|| check(payload, order, shared).map_err(payload::failed_self_check))?;
    send(channel, b"go", SendFlags::NOSIGNAL).map_err(io::Error::from).step("let the payload go on")?;
    Ok(Some(facts))
}

/// Looks at the payload from outside, and at this process itself.
fn check(payload: i32, order: &Order, shared: &Shared) -> Result<(), SetUpError> {
    let rights = payload::Rights::of(&order.policy, shared);
    payload::check_status(&format!("/proc/{payload}/status"), &rights)?;
    let adopts = rustix::process::child_subreaper().is_ok_and(|whose| whose.is_some());
    payload::expect(adopts, "orphans become the warden's")
}

/// Kills everything that descends from this process, and reaps it. Without a child there is no descendant: whoever loses its parent
/// becomes a child.
fn end_all() {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        // Most payloads leave nobody, and then nobody is looked for.
        while let Some(reaped) = reap_one() {
            if !reaped {
                return;
            }
        }
        strike();
    }
}

/// Reaps a child that has ended. Returns nothing where all are alive, and `false` where there is none.
fn reap_one() -> Option<bool> {
    match rustix::process::wait(WaitOptions::NOHANG) {
        Ok(Some(_)) => Some(true),
        Ok(None) => None,
        Err(_) => Some(false),
    }
}

/// Kills everything, while the main thread reaps and comes to its end.
pub(super) fn keep_striking() -> ! {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        strike();
        std::thread::sleep(Duration::from_millis(1));
    }
    exit(1)
}

/// Stops and then kills whoever descends from this process: what is stopped forks no more.
fn strike() {
    let found = Scope::Descendants.processes();
    for signal in [Signal::STOP, Signal::KILL] {
        for pid in found.iter().filter_map(|pid| Pid::from_raw(*pid)) {
            let _ = rustix::process::kill_process(pid, signal);
        }
    }
}
