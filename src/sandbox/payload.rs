//! The last steps before the learner's code: what the forked child of the init gives up, in which order, and the
//! check that it is really gone.
//!
//! Nothing is taken on trust: after the last layer the child looks at itself from within (`self_check`), and anything
//! unexpected is a fault of ours and no run. Best-effort layers that silently enforce nothing are the commonest bug
//! of sandboxes.

use std::fs::{self, File};
use std::io;
use std::os::fd::{OwnedFd, RawFd};
use std::os::unix::process::CommandExt;
use std::path::Path;

use landlock::{
    ABI, Access, AccessFs, BitFlags, CompatLevel, Compatible, LandlockStatus, PathBeneath, PathFd, Ruleset,
    RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit, setsid,
};
use rustix::thread::{CapabilitySet, CapabilitySets};

use super::init::say;
use super::policy::{HOME, Limits, Policy};
use super::root::{CANARY, PAYLOAD_ID};
use super::seccomp;
use super::sys;
use super::wire::{Command, Confine, Facts, Order, Record, SetUpError, Step};

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
        // The kernel lets root have as many as it likes.
        let root = rustix::process::getuid().is_root();
        let others = if root { 0 } else { processes_of_this_user().step("count the user's processes")? };
        set_limits(&order.policy.limits, others)?;
        order.payload.command().map_or(Ok(()), execute)
    };
    run().err().unwrap_or_else(|| SetUpError { step: "execute a command".to_owned(), errno: libc::EINVAL })
}

/// Gives everything up, checks that it is gone, says so, and becomes the payload. Returns only to complain, or from a
/// probe, which has no command.
pub(super) fn become_confined(
    order: &Order,
    confine: &Confine,
    descriptors: Descriptors,
    report: &mut File,
) -> Result<(), SetUpError> {
    setsid().step("start a session")?;
    rustix::process::umask(UMASK);
    volunteer_for_oom()?;
    descriptors.install().step("pass the payload's descriptors")?;
    drop_rights(confine.drop_root)?;
    let folder = order.payload.command().map_or(Path::new("/"), |command| &command.cwd);
    rustix::process::chdir(folder).step(format!("enter `{}`", folder.display()))?;
    let facts = Facts { landlock: restrict_files(&order.policy)? };
    set_limits(&order.policy.limits, 0)?;
    seccomp::install()?;
    self_check(&facts)?;
    say(report, &Record::Ready(facts)).step("report that all layers are in force")?;
    order.payload.command().map_or(Ok(()), execute)
}

/// Makes the kernel kill the payload first when the machine runs out of memory, and not the init.
fn volunteer_for_oom() -> Result<(), SetUpError> {
    // The file belongs to this user only while the process is dumpable; nobody else is inside yet.
    set_dumpable_behavior(DumpableBehavior::Dumpable).step("open the payload's own /proc")?;
    fs::write("/proc/self/oom_score_adj", "1000").step("volunteer for the out-of-memory killer")
}

/// Drops every capability for good, and with it the user id of root.
fn drop_rights(root: bool) -> Result<(), SetUpError> {
    let step = "drop all rights";
    for number in 0..64 {
        let capability = CapabilitySet::from_bits_retain(1 << number);
        if rustix::thread::capability_is_in_bounding_set(capability).unwrap_or(false) {
            rustix::thread::remove_capability_from_bounding_set(capability).step(step)?;
        }
    }
    rustix::thread::clear_ambient_capability_set().step(step)?;
    if root {
        use rustix::thread::{Gid, Uid, set_thread_groups, set_thread_res_gid, set_thread_res_uid};
        let (uid, gid) = (Uid::from_raw(PAYLOAD_ID), Gid::from_raw(PAYLOAD_ID));
        set_thread_groups(&[]).step(step)?;
        set_thread_res_gid(gid, gid, gid).step(step)?;
        set_thread_res_uid(uid, uid, uid).step(step)?;
    }
    let none = CapabilitySet::empty();
    let sets = CapabilitySets { effective: none, permitted: none, inheritable: none };
    rustix::thread::set_capabilities(None, sets).step(step)?;
    rustix::thread::set_no_new_privs(true).step("forbid new privileges")
}

/// Grants, by Landlock, what the root shows, and nothing else. Returns the ABI in force, 0 if there is none.
fn restrict_files(policy: &Policy) -> Result<u32, SetUpError> {
    let restrict = || Ok::<_, Box<dyn std::error::Error>>(landlock(policy)?.restrict_self()?);
    let status = restrict().map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    let status = status.step("restrict files by Landlock")?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. } => {
            expect(status.ruleset != RulesetStatus::NotEnforced, "enforce Landlock")?;
            Ok(effective_abi as u32)
        }
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => Ok(0),
    }
}

/// Returns the same as rules that another process can put in force for itself.
pub(super) fn ruleset(policy: &Policy) -> Result<OwnedFd, SetUpError> {
    let rules = landlock(policy).map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    let rules: Option<OwnedFd> = rules.step("restrict files by Landlock")?.into();
    rules.ok_or(io::Error::from_raw_os_error(libc::EOPNOTSUPP)).step("restrict files by Landlock")
}

fn landlock(policy: &Policy) -> Result<RulesetCreated, Box<dyn std::error::Error>> {
    // The newest that the library knows; what this kernel lacks is left out, and the status says which ABI remains.
    let abi = ABI::V9;
    let (all, read) = (AccessFs::from_all(abi), AccessFs::from_read(abi));
    let ordinary = all & !(AccessFs::MakeChar | AccessFs::MakeBlock);
    let listing: BitFlags<AccessFs> = AccessFs::ReadDir.into();
    let mut rules = Ruleset::default()
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)?
        .scope(Scope::from_all(abi))?
        .create()?;
    let system = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/etc", "/proc"];
    let system = system.into_iter().map(|path| (Path::new(path), read));
    let writable = ["/tmp", HOME, "/dev"].into_iter().map(|path| (Path::new(path), ordinary));
    let given = policy.read_only.iter().map(|path| (path.as_path(), read));
    let overlays = policy.overlays.iter().map(|overlay| (overlay.inside.as_path(), ordinary));
    let granted =
        [(Path::new("/"), listing)].into_iter().chain(system).chain(writable).chain(given).chain(overlays);
    for (path, access) in granted {
        let Ok(metadata) = fs::metadata(path) else { continue };
        let access = if metadata.is_dir() { access } else { access & AccessFs::from_file(abi) };
        rules = rules.add_rule(PathBeneath::new(PathFd::new(path)?, access))?;
    }
    Ok(rules)
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

/// Counts the threads of this user: without a user namespace, RLIMIT_NPROC counts them all.
fn processes_of_this_user() -> io::Result<u64> {
    let user = rustix::process::getuid().as_raw().to_string();
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

/// Looks at the finished sandbox from within: every layer must answer.
fn self_check(facts: &Facts) -> Result<(), SetUpError> {
    let checked =
        check_status("/proc/self/status").and_then(|()| check_files(facts)).and_then(|()| check_kernel());
    checked.map_err(|error| SetUpError { step: format!("{SELF_CHECK}: {}", error.step), ..error })
}

/// Checks that the process of this status file has no rights, is the payload's user and cannot get rights back.
pub(super) fn check_status(file: &str) -> Result<(), SetUpError> {
    let status = fs::read_to_string(file).step(format!("read {file}"))?;
    let field = |name: &str| {
        status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')).map(str::trim)
    };
    let none = "0000000000000000";
    let ids = "1000\t1000\t1000\t1000";
    let rights = ["CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"].map(|name| (name, none));
    let others = [("Seccomp", "2"), ("NoNewPrivs", "1"), ("Uid", ids), ("Gid", ids)];
    let mut expected = others.into_iter().chain(rights);
    expected.try_for_each(|(name, value)| expect(field(name) == Some(value), format!("{name} is {value}")))
}

fn check_files(facts: &Facts) -> Result<(), SetUpError> {
    let refused = |path: &str, kind| fs::read(path).is_err_and(|error| error.kind() == kind);
    expect(refused("/.host/etc/passwd", io::ErrorKind::NotFound), "the host's root is gone")?;
    let restricted = facts.landlock == 0 || refused(CANARY, io::ErrorKind::PermissionDenied);
    expect(restricted, "Landlock refuses what is not granted")
}

fn check_kernel() -> Result<(), SetUpError> {
    expect(seccomp::refuses_namespaces(), "seccomp refuses new namespaces")?;
    let routes = fs::read_to_string("/proc/net/route").step("read /proc/net/route")?;
    // One line is the heading. The loopback has no line, and interfaces that are down lead nowhere.
    expect(routes.lines().count() <= 1, "no route leads out")
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
