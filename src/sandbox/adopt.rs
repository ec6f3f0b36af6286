//! Takes a process from outside in as the payload: a fork of the zygote, which has imported already what an
//! interpreter would spend most of its time on.
//!
//! ```text
//! init                                             the process (`grade_kit.enter`)
//!   │ namespaces, Landlock rules, descriptors,
//!   │ filters, limits, the command ───────────────► enters, gives everything up, checks itself from within
//!   │ looks at it from outside ◄──────────────────── "ready"
//!   └ "go" ────────────────────────────────────────► does what the command says
//! ```
//!
//! The process is trusted until it has heard "go", as the init's own fork is until its exec. It gives the same up in the
//! same order as `payload::become_confined`; what differs is that its interpreter's files are mapped from the host's mounts,
//! which is why this is done only where there is Landlock (`Confinement::adopts`).

use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd, RawFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;

use rustix::net::{RecvFlags, SendFlags, recv, send};
use serde::{Deserialize, Serialize};

use super::init::namespaces;
use super::landlock;
use super::passing::send_with;
use super::payload::{self, Descriptors, Rights, check_status, expect};
use super::root::{CANARY, PAYLOAD_ID};
use super::seccomp::{self, Program};
use super::wire::{Command, Facts, Namespaces, Order, SetUpError, Step};

/// In the order in which they are entered: the user namespace gives the right to enter the others, and the mounts come last,
/// because `/proc` changes with them.
const NAMESPACES: [&str; 7] = ["user", "cgroup", "ipc", "uts", "net", "pid", "mnt"];
/// Bytes of an answer.
const MAX_ANSWER: usize = 4096;

/// A process that has become the payload.
pub(super) struct Adopted {
    /// Its id inside.
    pub(super) pid: i32,
    /// What is in force for it.
    pub(super) facts: Facts,
}

/// What the process is told.
#[derive(Debug, Serialize)]
struct Entry<'a> {
    args: Vec<&'a [u8]>,
    env: Vec<(&'a [u8], &'a [u8])>,
    cwd: &'a [u8],
    umask: u32,
    /// The numbers of the descriptors that come after the namespaces and the Landlock rules.
    descriptors: Vec<RawFd>,
    /// Whether the last descriptor is the `cgroup.procs` of a group that it must enter.
    grouped: bool,
    /// The user and group that root becomes.
    become_user: Option<u32>,
    /// Number, soft and hard value of every resource limit.
    limits: Vec<(u32, u64, u64)>,
    /// Programs for seccomp, the first to be put in force first.
    filters: Vec<Vec<u8>>,
    /// A file that cannot be opened where Landlock is in force.
    canary: &'a str,
    /// Whether Landlock keeps signals in.
    keeps_signals_in: bool,
}

/// What the process answers.
#[derive(Debug, Deserialize)]
enum Answer {
    Ready { pid: i32 },
    Failed(SetUpError),
}

/// Has the process at the other end of `channel` enter and give everything up, and lets it go on.
pub(super) fn take_in(
    command: &Command,
    order: &Order,
    own: &Namespaces,
    descriptors: Descriptors,
    door: Option<OwnedFd>,
    channel: &UnixStream,
) -> Result<Adopted, SetUpError> {
    let step = "hand the sandbox over";
    let namespaces: Vec<File> = NAMESPACES
        .iter()
        .map(|name| File::open(format!("/proc/self/ns/{name}")))
        .collect::<io::Result<_>>()
        .step("open the namespaces")?;
    let rules = landlock::ruleset(order)?;
    let entry = serde_json::to_vec(&entry(command, order, own, &descriptors)?);
    let entry = entry.map_err(io::Error::from).step(step)?;
    let passed: Vec<BorrowedFd<'_>> = namespaces
        .iter()
        .map(AsFd::as_fd)
        .chain([rules.as_fd()])
        .chain(descriptors.0.iter().map(|(descriptor, _)| descriptor.as_fd()))
        .chain(door.as_ref().map(AsFd::as_fd))
        .collect();
    send_with(channel, &entry, &passed).step(step)?;
    drop((namespaces, descriptors, door));
    let pid = hear(channel)?;
    inspect(pid)?;
    send(channel, b"go", SendFlags::NOSIGNAL).map_err(io::Error::from).step("let the payload go on")?;
    Ok(Adopted { pid, facts: Facts { landlock: own.landlock, loopback: true } })
}

fn entry<'a>(
    command: &'a Command,
    order: &Order,
    own: &Namespaces,
    descriptors: &Descriptors,
) -> Result<Entry<'a>, SetUpError> {
    let bytes = |text: &'a OsStr| text.as_bytes();
    let limits = payload::bounds(&order.policy.limits, 0);
    let program = |filter: &seccompiler::BpfProgram| {
        let instruction = |one: &seccompiler::sock_filter| {
            let [c0, c1] = one.code.to_ne_bytes();
            let [k0, k1, k2, k3] = one.k.to_ne_bytes();
            [c0, c1, one.jt, one.jf, k0, k1, k2, k3]
        };
        filter.iter().flat_map(instruction).collect()
    };
    Ok(Entry {
        args: command.args.iter().map(|word| bytes(word)).collect(),
        env: command.env.iter().map(|(name, value)| (bytes(name), bytes(value))).collect(),
        cwd: bytes(command.cwd.as_os_str()),
        umask: payload::UMASK.as_raw_mode(),
        descriptors: descriptors.0.iter().map(|(_, number)| *number).collect(),
        grouped: order.grouped,
        become_user: own.drop_root.then_some(PAYLOAD_ID),
        limits: limits.into_iter().map(|(resource, soft, hard)| (resource as u32, soft, hard)).collect(),
        filters: seccomp::programs(Program::General)?.iter().map(program).collect(),
        canary: CANARY,
        keeps_signals_in: own.landlock >= payload::LANDLOCK_SIGNALS,
    })
}

fn hear(channel: &UnixStream) -> Result<i32, SetUpError> {
    let step = "hear the process that becomes the payload";
    let mut answer = vec![0; MAX_ANSWER];
    let (count, _) =
        recv(channel, &mut answer[..], RecvFlags::empty()).map_err(io::Error::from).step(step)?;
    match serde_json::from_slice(&answer[..count]).map_err(io::Error::from).step(step)? {
        Answer::Ready { pid } => Ok(pid),
        Answer::Failed(error) => Err(error),
    }
}

/// Looks at the process from outside: what can be seen of it must be as it says.
fn inspect(pid: i32) -> Result<(), SetUpError> {
    let inside = namespaces(&pid.to_string()).step("read the payload's namespaces")?;
    let own = namespaces("self").step("read the namespaces")?;
    expect(inside == own, "the payload is in all namespaces")?;
    check_status(&format!("/proc/{pid}/status"), &Rights::inside())?;
    let groups =
        |process: String| std::fs::read(format!("/proc/{process}/cgroup")).step("read the payload's cgroups");
    expect(groups(pid.to_string())? == groups("self".to_owned())?, "the payload is in the init's cgroups")?;
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).step("read the payload's status")?;
    let field = |name: &str| {
        status.lines().find_map(|line| line.strip_prefix(name)).map(str::trim).map(str::to_owned)
    };
    expect(field("PPid:").as_deref() == Some("1"), "the payload is the init's child")?;
    expect(field("Threads:").as_deref() == Some("1"), "the payload has one thread")?;
    // The count is there since Linux 5.9.
    expect(field("Seccomp_filters:").is_none_or(|count| count == "2"), "both seccomp filters are in force")
}
