//! The init of a sandbox: pid 1 in its pid namespace, the only trusted process inside.
//!
//! It builds the root (`root`), forks the payload (`payload`), reaps, says how the payload ended, and exits, which
//! kills whatever is left. It has one thread until the payload is forked, so all of it is ordinary Rust. The second
//! thread (`guard`) ends the init when grade is gone, and adds up the memory.
//! Without confinement there is nobody to look after: it sets the limits and becomes the payload.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::{OwnedFd, RawFd};
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

use rustix::process::{DumpableBehavior, getpid, set_dumpable_behavior};

use super::adopt;
use super::guard::{self, Watch};
use super::launch::{LIFELINE, ORDER, RECORDS, STDIO};
use super::layer::{Layer, Omitted};
use super::payload::{self, Descriptors};
use super::root;
use super::sys;
use super::tree::Scope;
use super::unix;
use super::warden;
use super::wire::{Confine, Ended, Namespaces, Order, Payload, Record, SetUpError, Step};

/// Runs the init; `main` comes here before anything else when its first argument is `INIT_WORD`, and so does a clone of the nursery.
pub(super) fn init_main() -> ! {
    // For whoever looks at the host's processes: it was cloned, or executed from a file that has no name.
    let _ = rustix::thread::set_name(c"grade-init");
    let Ok(records) = sys::adopt(RECORDS) else { exit(2) };
    let mut records = File::from(records);
    match serve(&mut records) {
        Ok(()) => exit(0),
        Err(error) => {
            // If even this cannot be said, the missing record says it.
            let _ = say(&mut records, &Record::Failed(error));
            exit(1)
        }
    }
}

fn serve(records: &mut File) -> Result<(), SetUpError> {
    let order = read_order()?;
    let lifeline = sys::adopt(LIFELINE).step("find the lifeline")?;
    let descriptors = Descriptors::adopt(STDIO, &order.descriptors)?;
    match &order.confine {
        Some(Confine::Namespaces(own)) => confined(&order, own, descriptors, lifeline, records),
        Some(Confine::Shared(shared)) => warden::run(&order, shared, descriptors, lifeline, records),
        None => Err(payload::become_unconfined(&order, descriptors)),
    }
}

fn read_order() -> Result<Order, SetUpError> {
    let mut file = File::from(sys::adopt(ORDER).step("find the order")?);
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes).step("read the order")?;
    serde_json::from_slice(&bytes).map_err(io::Error::from).step("read the order")
}

fn confined(
    order: &Order,
    own: &Namespaces,
    descriptors: Descriptors,
    lifeline: OwnedFd,
    records: &mut File,
) -> Result<(), SetUpError> {
    set_dumpable_behavior(DumpableBehavior::NotDumpable).step("hide the init's memory")?;
    check_namespaces(own, &order.omitted)?;
    order.omitted.put(Layer::Root, (), || match &own.bubblewrap {
        // Root's files would stay root's in an overlay, and the payload is somebody else.
        None => root::build(&order.policy, own.drop_root, &order.omitted),
        Some(_) => root::complete(&order.policy),
    })?;
    let watch = Watch::new(Scope::Namespace, order, &[]);
    if let Payload::Adopt(command) = &order.payload {
        let channel = sys::adopt(channel_number(order)).step("find the channel to the payload")?;
        let door = || sys::adopt(channel_number(order) + 1).step("find the cgroup");
        let door = order.grouped.then(door).transpose()?;
        // Before the payload is there, because grade may go while it is waited for.
        let known = guard(lifeline, records, watch)?;
        let payload = adopt::take_in(command, order, own, descriptors, door, &channel.into())?;
        known.store(payload.pid, Ordering::Release);
        say(records, &Record::Ready(payload.facts)).step("report that all layers are in force")?;
        return report_end(payload.pid, records);
    }
    let (mut answer, question) = io::pipe().step("open a pipe")?;
    let mut question = File::from(sys::raise(question).step("open a pipe")?);
    let Some(payload) = sys::fork_single_threaded().step("fork the payload")? else {
        let error = payload::become_confined(order, own, descriptors, &mut question);
        let failed = error.err().map(Record::Failed);
        let told = failed.map_or(Ok(()), |record| say(&mut question, &record));
        exit(i32::from(told.is_err()));
    };
    drop((question, descriptors));
    guard(lifeline, records, watch)?.store(payload, Ordering::Release);
    forward(&mut answer, records)?;
    report_end(payload, records)
}

/// Starts the second thread. Returns where it is told of the payload.
pub(super) fn guard(lifeline: OwnedFd, records: &File, watch: Watch) -> Result<Arc<AtomicI32>, SetUpError> {
    let (payload, step) = (Arc::new(AtomicI32::new(0)), "start the guard");
    let records = records.try_clone().step(step)?;
    guard::start(lifeline, Arc::clone(&payload), watch, records).step(step)?;
    Ok(payload)
}

/// Returns where the launcher has left the channel to a payload that is adopted.
fn channel_number(order: &Order) -> RawFd {
    (STDIO + 3..).nth(order.descriptors.len()).unwrap_or(RawFd::MAX)
}

fn report_end(payload: i32, records: &mut File) -> Result<(), SetUpError> {
    say(records, &Record::Ended(reap(payload).step("wait for the payload")?)).step("report the end")
}

/// Fails unless every namespace is another one than the host's, and this is pid 1.
fn check_namespaces(outside: &Namespaces, omitted: &Omitted) -> Result<(), SetUpError> {
    let own = namespaces("self").step("read the namespaces")?;
    let shared = own.iter().find(|namespace| outside.host_namespaces.contains(namespace));
    let told =
        shared.map(|namespace| format!("enter namespaces of its own, and not {}", namespace.display()));
    let fresh = shared.is_none() && own.len() == outside.host_namespaces.len() && getpid().is_init();
    let step = told.unwrap_or_else(|| "enter namespaces of its own".to_owned());
    omitted.check(|| fresh.then_some(()).ok_or(io::ErrorKind::Other).step(step))
}

/// Returns the names of the namespaces of a process, which is a number or `self`.
pub(super) fn namespaces(process: &str) -> io::Result<Vec<std::ffi::OsString>> {
    let kinds = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"];
    kinds
        .iter()
        .map(|kind| Ok(std::fs::read_link(format!("/proc/{process}/ns/{kind}"))?.into_os_string()))
        .collect()
}

/// Passes on what the payload says until its exec, or its end, closes the pipe.
pub(super) fn forward(from: &mut impl Read, to: &mut File) -> Result<(), SetUpError> {
    let mut said = Vec::new();
    from.read_to_end(&mut said).step("hear the payload")?;
    to.write_all(&said).step("pass on the payload's words")
}

/// Reaps whatever ends until the payload does.
pub(super) fn reap(payload: i32) -> io::Result<Ended> {
    loop {
        let (pid, waited) = unix::wait4(-1)?;
        if pid == payload {
            let cpu_micros = u64::try_from(waited.cpu.as_micros()).unwrap_or(u64::MAX);
            return Ok(Ended { code: waited.code, signal: waited.signal, cpu_micros });
        }
    }
}

/// Writes one record.
pub(super) fn say(to: &mut File, record: &Record) -> io::Result<()> {
    to.write_all(&serde_json::to_vec(record)?)
}

#[expect(clippy::disallowed_methods, reason = "the init is a process of its own and ends here")]
pub(super) fn exit(code: i32) -> ! {
    std::process::exit(code)
}
