//! The last steps before the learner's code: what the forked child of the init gives up, in which order, and the
//! check that it is really gone.
//!
//! Nothing is taken on trust: after the last layer the child looks at itself from within (`self_check`), and anything
//! unexpected is a fault of ours and no run. Best-effort layers that silently enforce nothing are the commonest bug
//! of sandboxes.

use std::fs::{self, File};
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::{AsFd, OwnedFd, RawFd};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};

use rustix::net::{RecvFlags, SendFlags, recv, send};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, getppid, getrlimit, set_dumpable_behavior, setrlimit, setsid,
    test_kill_process,
};
use rustix::thread::{CapabilitySet, CapabilitySets};

use super::init::say;
use super::landlock;
use super::layer::{Layer, Omitted};
use super::passing::send_with;
use super::policy::{Limits, Policy};
use super::root::{CANARY, PAYLOAD_ID};
use super::seccomp::{self, Program};
use super::supervisor;
use super::sys;
use super::wire::{Command, Facts, Namespaces, Order, Record, SetUpError, Shared, Step};

/// The usual one: what is created is its owner's to write.
pub(super) const UMASK: rustix::fs::Mode = rustix::fs::Mode::from_raw_mode(0o022);
/// Bytes of stack: deep recursion ends in Python's own RecursionError long before.
const STACK: u64 = 64 << 20;

/// The payload's descriptors on their way, each with the number that it will have.
pub(super) struct Descriptors(pub(super) Vec<(OwnedFd, RawFd)>);

impl Descriptors {
    /// Takes over the standard streams and what is passed besides, which lie side by side from `first` on.
    pub(super) fn adopt(first: RawFd, passed: &[RawFd]) -> Result<Self, SetUpError> {
        let numbers = [0, 1, 2].iter().chain(passed).copied();
        let adopted = (first..).zip(numbers).map(|(place, number)| Ok((sys::adopt(place)?, number)));
        adopted.collect::<io::Result<_>>().map(Self).step("find the payload's descriptors")
    }

    /// Gives them their numbers; every other descriptor will be closed on exec.
    fn install(self) -> io::Result<()> {
        sys::close_on_exec_from(3)?;
        self.0.iter().try_for_each(|(descriptor, number)| sys::install(descriptor, *number))
    }
}

/// Sets the limits, as far as they can be set without a sandbox, and becomes the payload. Returns only to complain.
pub(super) fn become_unconfined(order: &Order, descriptors: Descriptors) -> SetUpError {
    let run = || {
        setsid().step("start a session")?;
        descriptors.install().step("pass the payload's descriptors")?;
        let others = processes_of(None).step("count the user's processes")?;
        set_limits(&order.policy.limits, others)?;
        order.payload.command().map_or(Ok(()), execute)
    };
    run().err().unwrap_or_else(|| SetUpError { step: "execute a command".to_owned(), errno: libc::EINVAL })
}

/// Gives everything up, checks that it is gone, says so, and becomes the payload. Returns only to complain, or from a
/// probe, which has no command.
pub(super) fn become_confined(
    order: &Order,
    namespaces: &Namespaces,
    descriptors: Descriptors,
    report: &mut File,
) -> Result<(), SetUpError> {
    setsid().step("start a session")?;
    rustix::process::umask(UMASK);
    volunteer_for_oom()?;
    descriptors.install().step("pass the payload's descriptors")?;
    drop_rights(namespaces.drop_root.then_some(PAYLOAD_ID), CapabilitySet::empty(), &order.omitted)?;
    enter_folder(order)?;
    let facts = Facts { landlock: landlock::restrict_root(order)?, loopback: true };
    order.omitted.put(Layer::Limits, (), || set_limits(&order.policy.limits, 0))?;
    seccomp::install(Program::General, &order.omitted)?;
    order.omitted.check(|| self_check(order, namespaces, &facts).map_err(failed_self_check))?;
    say(report, &Record::Ready(facts)).step("report that all layers are in force")?;
    order.payload.command().map_or(Ok(()), execute)
}

/// Gives up what can be given up within the host's namespaces, checks that it is gone, says so on `channel`, and becomes the payload
/// when the warden has had a look. `outside` is a port of the host's that must be out of reach. Returns only to complain, or from a probe.
pub(super) fn become_shared(
    order: &Order,
    shared: &Shared,
    descriptors: Descriptors,
    channel: &OwnedFd,
    outside: SocketAddr,
) -> Result<(), SetUpError> {
    setsid().step("start a session")?;
    rustix::process::umask(UMASK);
    volunteer_for_oom()?;
    descriptors.install().step("pass the payload's descriptors")?;
    let others = processes_of(shared.user).step("count the user's processes")?;
    drop_rights(shared.user, kept(&order.policy, shared), &order.omitted)?;
    // A change of user takes it away: PR_SET_PDEATHSIG(2const).
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).step("end with the warden")?;
    // A change of user has taken it away again, and the supervisor must be able to read what a call says.
    set_dumpable_behavior(DumpableBehavior::Dumpable).step("open the payload's own /proc")?;
    enter_folder(order)?;
    let landlock = if shared.restricted { landlock::restrict_host(order, shared)? } else { 0 };
    order.omitted.put(Layer::Limits, (), || set_limits(&order.policy.limits, others))?;
    if is_supervised(order, shared) {
        let listener = seccomp::listen(supervisor::CALLS).step("put the supervised calls in force")?;
        send_with(channel, b"!", &[listener.as_fd()]).step("pass the supervised calls on")?;
    }
    seccomp::install(Program::of(shared), &order.omitted)?;
    let facts = Facts { landlock, loopback: shared.supervised || !shared.restricted };
    let check = || self_check_shared(order, shared, &facts, outside, others).map_err(failed_self_check);
    order.omitted.check(check)?;
    let step = "report that all layers are in force";
    send(channel, &serde_json::to_vec(&facts).map_err(io::Error::from).step(step)?, SendFlags::NOSIGNAL)
        .map_err(io::Error::from)
        .step(step)?;
    let mut answer = [0; 2];
    let _ = recv(channel, &mut answer[..], RecvFlags::empty())
        .map_err(io::Error::from)
        .step("hear the warden")?;
    expect(&answer == b"go", "hear that all layers are in force")?;
    order.payload.command().map_or(Ok(()), execute)
}

/// Returns whether a supervisor answers calls of the payload.
pub(super) fn is_supervised(order: &Order, shared: &Shared) -> bool {
    shared.supervised && !order.omitted.has(Layer::Supervisor)
}

fn enter_folder(order: &Order) -> Result<(), SetUpError> {
    let folder = order.payload.command().map_or(Path::new("/"), |command| &command.cwd);
    rustix::process::chdir(folder).step(format!("enter `{}`", folder.display()))
}

/// Makes the kernel kill the payload first when the machine runs out of memory, and not the init.
fn volunteer_for_oom() -> Result<(), SetUpError> {
    // The file belongs to this user only while the process is dumpable; nobody else is inside yet.
    set_dumpable_behavior(DumpableBehavior::Dumpable).step("open the payload's own /proc")?;
    fs::write("/proc/self/oom_score_adj", "1000").step("volunteer for the out-of-memory killer")
}

/// Drops every capability but those in `kept` for good, and, with `user`, becomes that user.
fn drop_rights(user: Option<u32>, kept: CapabilitySet, omitted: &Omitted) -> Result<(), SetUpError> {
    let step = "drop all rights";
    let all = rustix::thread::capabilities(None).step(step)?.permitted;
    let kept = omitted.put(Layer::Capabilities, all, || Ok(kept))?;
    let sets = CapabilitySets { effective: kept, permitted: kept, inheritable: kept };
    let may_set = rustix::thread::capabilities(None).step(step)?.effective.contains(CapabilitySet::SETPCAP);
    for number in 0..64 {
        let capability = CapabilitySet::from_bits_retain(1 << number);
        let is_bound = rustix::thread::capability_is_in_bounding_set(capability).unwrap_or(false);
        if may_set && is_bound && !kept.contains(capability) {
            rustix::thread::remove_capability_from_bounding_set(capability).step(step)?;
        }
    }
    rustix::thread::clear_ambient_capability_set().step(step)?;
    if let Some(user) = user {
        use rustix::thread::{Gid, Uid, set_thread_groups, set_thread_res_gid, set_thread_res_uid};
        let (uid, gid) = (Uid::from_raw(user), Gid::from_raw(user));
        rustix::thread::set_keep_capabilities(!kept.is_empty()).step(step)?;
        set_thread_groups(&[]).step(step)?;
        set_thread_res_gid(gid, gid, gid).step(step)?;
        set_thread_res_uid(uid, uid, uid).step(step)?;
    }
    rustix::thread::set_capabilities(None, sets).step(step)?;
    for capability in kept.iter() {
        rustix::thread::configure_capability_in_ambient_set(capability, true).step(step)?;
    }
    let forbid = || rustix::thread::set_no_new_privs(true).step("forbid new privileges");
    omitted.put(Layer::NoNewPrivileges, (), forbid)
}

/// What the payload keeps: nothing, or, where it is a user who cannot get to what it is granted, the right to read whatever Landlock
/// lets it.
fn kept(policy: &Policy, shared: &Shared) -> CapabilitySet {
    match shared.restricted && shared.user.is_some() && out_of_reach(policy).is_some() {
        true => CapabilitySet::DAC_READ_SEARCH,
        false => CapabilitySet::empty(),
    }
}

/// Returns the first path that only its owner can get to, as root's home is root's.
pub(super) fn out_of_reach(policy: &Policy) -> Option<&Path> {
    let is_open = |path: &Path| fs::metadata(path).is_ok_and(|metadata| metadata.mode() & 0o001 != 0);
    let is_reachable = |path: &Path| path.ancestors().skip(1).all(is_open);
    policy.read_only.iter().map(PathBuf::as_path).find(|path| !is_reachable(path))
}

/// Sets the resource limits. `others` processes of this user are counted by the kernel and not meant.
fn set_limits(limits: &Limits, others: u64) -> Result<(), SetUpError> {
    bounds(limits, others).into_iter().try_for_each(|(resource, soft, hard)| lower(resource, soft, hard))
}

/// Returns every resource limit, soft and hard.
pub(super) fn bounds(limits: &Limits, others: u64) -> [(Resource, u64, u64); 10] {
    let seconds = limits.cpu.as_secs() + u64::from(limits.cpu.subsec_nanos() > 0);
    [
        (Resource::As, limits.memory, limits.memory),
        (Resource::Data, limits.memory, limits.memory),
        (Resource::Nproc, u64::from(limits.processes) + others, u64::from(limits.processes) + others),
        (Resource::Nofile, limits.open_files.into(), limits.open_files.into()),
        (Resource::Fsize, limits.file_size, limits.file_size),
        // SIGXCPU can be ignored; the hard limit, a second later, cannot.
        (Resource::Cpu, seconds, seconds + 1),
        (Resource::Core, 0, 0),
        (Resource::Memlock, 0, 0),
        (Resource::Msgqueue, 0, 0),
        (Resource::Stack, STACK, STACK),
    ]
}

/// Lowers one limit; a host that allows less than is asked for has its way.
fn lower(resource: Resource, soft: u64, hard: u64) -> Result<(), SetUpError> {
    let ceiling = getrlimit(resource).maximum.unwrap_or(u64::MAX);
    let (soft, hard) = (Some(soft.min(ceiling)), Some(hard.min(ceiling)));
    setrlimit(resource, Rlimit { current: soft, maximum: hard }).step(format!("limit {resource:?}"))
}

/// Counts the threads of a user, or of this one: without a user namespace, RLIMIT_NPROC counts them all. Of root's it counts none,
/// because the kernel lets root have as many as it likes.
fn processes_of(user: Option<u32>) -> io::Result<u64> {
    let user = user.unwrap_or_else(|| rustix::process::getuid().as_raw());
    if user == 0 {
        return Ok(0);
    }
    let user = user.to_string();
    let threads_of = |status: String| {
        let field =
            |name: &str| status.lines().find_map(|line| line.strip_prefix(name)?.split_whitespace().next());
        (field("Uid:") == Some(&user)).then(|| field("Threads:")?.parse::<u64>().ok()).flatten()
    };
    let statuses =
        fs::read_dir("/proc")?.filter_map(|entry| fs::read_to_string(entry.ok()?.path().join("status")).ok());
    Ok(statuses.filter_map(threads_of).sum())
}

/// What a failed self-check's step begins with.
pub(super) const SELF_CHECK: &str = "pass the self-check";

/// Says of an error that a check has found it.
pub(super) fn failed_self_check(SetUpError { step, errno }: SetUpError) -> SetUpError {
    SetUpError { step: format!("{SELF_CHECK}: {step}"), errno }
}

/// Looks at the finished sandbox from within: every layer must answer.
fn self_check(order: &Order, own: &Namespaces, facts: &Facts) -> Result<(), SetUpError> {
    check_status("/proc/self/status", &Rights::inside())?;
    expect(fs::metadata(CANARY).is_ok(), "the root is the sandbox's own")?;
    // A probe finds out which there is.
    expect(facts.landlock >= own.landlock, "Landlock is the one that was found")?;
    let refused = |path: &str, kind| fs::read(path).is_err_and(|error| error.kind() == kind);
    expect(refused("/.host/etc/passwd", io::ErrorKind::NotFound), "the host's root is gone")?;
    let restricted = facts.landlock == 0 || refused(CANARY, io::ErrorKind::PermissionDenied);
    expect(restricted, "Landlock refuses what is not granted")?;
    let routes = fs::read_to_string("/proc/net/route").step("read /proc/net/route")?;
    // One line is the heading. The loopback has no line, and interfaces that are down lead nowhere.
    expect(routes.lines().count() <= 1, "no route leads out")?;
    check_limits(&order.policy.limits, 0)?;
    check_kernel(facts)
}

/// Looks at the finished sandbox from within, where it shares the host's namespaces.
fn self_check_shared(
    order: &Order,
    shared: &Shared,
    facts: &Facts,
    outside: SocketAddr,
    others: u64,
) -> Result<(), SetUpError> {
    let forbidden = rustix::thread::no_new_privs().step("ask for new privileges")?;
    expect(forbidden, "NoNewPrivs is 1")?;
    if shared.restricted {
        let refused = |path: &str| {
            fs::read_dir(path).is_err_and(|error| error.kind() == io::ErrorKind::PermissionDenied)
        };
        expect(facts.landlock >= LANDLOCK_TRUNCATE, "Landlock is of version 3 or later")?;
        for path in ["/", "/proc", "/etc", "/tmp"] {
            let granted = order.policy.read_only.iter().any(|granted| granted == Path::new(path));
            expect(granted || refused(path), format!("Landlock refuses `{path}`"))?;
        }
        expect(TcpStream::connect(outside).is_err(), "no port of the host can be reached")?;
        expect(UdpSocket::bind(("127.0.0.1", 0)).is_err(), "no socket but of a connection can be made")?;
    }
    if shared.supervised {
        check_loopback().step("have a loopback of its own")?;
    }
    check_limits(&order.policy.limits, others)?;
    check_kernel(facts)
}

/// Connects to a port that this very process listens at.
fn check_loopback() -> io::Result<()> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    TcpStream::connect(listener.local_addr()?).map(drop)
}

/// Checks that no limit can be raised above what was asked for.
fn check_limits(limits: &Limits, others: u64) -> Result<(), SetUpError> {
    bounds(limits, others).into_iter().try_for_each(|(resource, _, hard)| {
        let bounded = getrlimit(resource).maximum.is_some_and(|maximum| maximum <= hard);
        expect(bounded || hard == u64::MAX, format!("{resource:?} is limited"))
    })
}

/// Tries what the kernel must refuse.
fn check_kernel(facts: &Facts) -> Result<(), SetUpError> {
    expect(seccomp::refuses_namespaces(), "seccomp refuses new namespaces")?;
    expect(sys::trace_me().is_err(), "seccomp refuses to trace")?;
    expect(seccomp::hides_calls(), "seccomp hides calls")?;
    let parent = getppid().ok_or(io::ErrorKind::NotFound).step("find the init")?;
    let deaf = facts.landlock < LANDLOCK_SIGNALS || test_kill_process(parent).is_err();
    expect(deaf, "Landlock refuses signals to the init")
}

/// The first Landlock ABI that can refuse truncation: <https://docs.kernel.org/userspace-api/landlock.html#file-truncation-abi-3>.
pub(super) const LANDLOCK_TRUNCATE: u32 = 3;
/// The first that keeps signals in: <https://docs.kernel.org/userspace-api/landlock.html#ipc-scoping-abi-6>.
pub(super) const LANDLOCK_SIGNALS: u32 = 6;

/// What `/proc/<pid>/status` must say of a payload.
#[derive(Debug)]
pub(super) struct Rights {
    /// Its user and its group, where they are known beforehand.
    user: Option<u32>,
    /// Whether no program that it executes can get a capability either, which only no-new-privileges sees to otherwise.
    bounded: bool,
    /// What it keeps.
    kept: CapabilitySet,
}

impl Rights {
    /// Returns those in a user namespace of its own.
    pub(super) fn inside() -> Self {
        Self { user: Some(PAYLOAD_ID), bounded: true, kept: CapabilitySet::empty() }
    }

    /// Returns those in the host's.
    pub(super) fn of(policy: &Policy, shared: &Shared) -> Self {
        Self { user: shared.user, bounded: shared.user.is_some(), kept: kept(policy, shared) }
    }
}

/// Checks that the process of this status file has no rights, is the payload's user and cannot get rights back.
pub(super) fn check_status(file: &str, rights: &Rights) -> Result<(), SetUpError> {
    let status = fs::read_to_string(file).step(format!("read {file}"))?;
    let field = |name: &str| {
        status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    };
    let kept = format!("{:016x}", rights.kept.bits());
    let ids = rights.user.map(|user| [user.to_string().as_str(); 4].join("\t"));
    let bounding = rights.bounded.then_some(("CapBnd", &*kept));
    let user = ids.iter().flat_map(|ids| [("Uid", &**ids), ("Gid", &**ids)]);
    let mut expected = [("NoNewPrivs", "1"), ("Seccomp", "2")]
        .into_iter()
        .chain(user)
        .chain(["CapEff", "CapPrm", "CapInh", "CapAmb"].map(|name| (name, &*kept)))
        .chain(bounding);
    expected.try_for_each(|(name, value)| expect(field(name) == Some(value), format!("{name} is {value}")))
}

pub(super) fn expect(holds: bool, what: impl Into<String>) -> Result<(), SetUpError> {
    holds.then_some(()).ok_or_else(|| SetUpError { step: what.into(), errno: libc::EPERM })
}

/// Becomes the command. `exec` also resets the signal mask.
fn execute(command: &Command) -> Result<(), SetUpError> {
    sys::default_signals();
    let mut process = std::process::Command::new(&command.program);
    process.args(&command.args).env_clear().envs(command.env.iter().map(|(name, value)| (name, value)));
    process.current_dir(&command.cwd);
    Err(process.exec()).step(format!("execute `{}`", Path::new(&command.program).display()))
}
