//! Which files may be opened, by Landlock: what is granted, and nothing else.

use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use landlock::{
    ABI, Access, AccessFs, AccessNet, BitFlags, CompatLevel, Compatible, LandlockStatus, PathBeneath, PathFd,
    Ruleset, RulesetAttr, RulesetCreated, RulesetCreatedAttr, RulesetStatus, Scope,
};

use super::layer::{Layer, Omitted};
use super::policy::{HOME, Policy};
use super::root::{BESIDE_USR, FROM_ETC};
use super::wire::{Order, SetUpError, Shared, Step};

/// The newest ABI that the library knows; what this kernel lacks is left out, and the status says which remains.
const NEWEST: ABI = ABI::V9;

/// What of `/proc` programs read about the machine, and which says nothing of other processes.
const FROM_PROC: [&str; 7] = [
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/loadavg",
    "/proc/uptime",
    "/proc/version",
    "/proc/sys/kernel/osrelease",
];
/// Small tables of the host that a sandbox with a root of its own has replaced, or does without.
const TABLES: [&str; 14] = [
    "/etc/passwd",
    "/etc/group",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/nsswitch.conf",
    "/etc/localtime",
    "/etc/timezone",
    "/etc/os-release",
    // Libraries read these if they are there, and mind if they cannot.
    "/etc/mime.types",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/ca-certificates",
    "/etc/pki/tls/certs",
    "/etc/pki/ca-trust/extracted",
];
const DEVICES: [&str; 5] = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"];

/// What is granted.
#[derive(Debug, Default)]
struct Grants {
    /// Files and folders to read and to execute, with what is in them.
    read: Vec<PathBuf>,
    /// Files and folders to do anything with but to make devices.
    write: Vec<PathBuf>,
    /// Folders whose names may be listed.
    list: Vec<PathBuf>,
    /// Whether the payload may bind and connect sockets itself.
    network: bool,
}

/// Grants what the root shows, where the payload has one of its own.
fn of_root(policy: &Policy) -> Grants {
    let system = ["/usr", "/etc", "/proc"].iter().chain(&BESIDE_USR).map(PathBuf::from);
    Grants {
        read: system.chain(policy.read_only.iter().cloned()).collect(),
        write: ["/tmp", HOME, "/dev"]
            .map(PathBuf::from)
            .into_iter()
            .chain(policy.overlays.iter().map(|overlay| overlay.inside.clone()))
            .collect(),
        list: vec!["/".into()],
        network: true,
    }
}

/// Grants what such a root would show, and of the host's root nothing else.
fn of_host(policy: &Policy, shared: &Shared) -> Grants {
    let system = ["/usr"].iter().chain(&BESIDE_USR).chain(&FROM_ETC).chain(&TABLES).chain(&FROM_PROC);
    Grants {
        read: system.map(PathBuf::from).chain(policy.read_only.iter().cloned()).collect(),
        write: DEVICES.map(PathBuf::from).into_iter().chain(shared.writable.iter().cloned()).collect(),
        list: Vec::new(),
        network: false,
    }
}

/// Puts the rules for a root of one's own in force. Returns the ABI in force, 0 if there is none.
pub(super) fn restrict_root(order: &Order) -> Result<u32, SetUpError> {
    restrict(&of_root(&order.policy), &order.omitted)
}

/// Puts the rules for the host's root in force. Returns the ABI in force, 0 if there is none.
pub(super) fn restrict_host(order: &Order, shared: &Shared) -> Result<u32, SetUpError> {
    restrict(&of_host(&order.policy, shared), &order.omitted)
}

/// Returns the rules for a root of one's own as what another process can put in force for itself.
pub(super) fn ruleset(order: &Order) -> Result<OwnedFd, SetUpError> {
    let rules = rules(&of_root(&order.policy), &order.omitted)
        .map_err(|_| io::Error::from_raw_os_error(libc::EINVAL));
    let rules: Option<OwnedFd> = rules.step(STEP)?.into();
    rules.ok_or(io::Error::from_raw_os_error(libc::EOPNOTSUPP)).step(STEP)
}

const STEP: &str = "restrict files by Landlock";

fn restrict(grants: &Grants, omitted: &Omitted) -> Result<u32, SetUpError> {
    omitted.put(Layer::Landlock, newest(omitted) as u32, || enforce(grants, omitted))
}

/// Returns the newest ABI that is used.
fn newest(omitted: &Omitted) -> ABI {
    NEWEST.min(i32::try_from(omitted.newest_landlock()).map_or(NEWEST, ABI::from))
}

fn enforce(grants: &Grants, omitted: &Omitted) -> Result<u32, SetUpError> {
    let restrict = || Ok::<_, Box<dyn std::error::Error>>(rules(grants, omitted)?.restrict_self()?);
    let status = restrict().map_err(|_| io::Error::from_raw_os_error(libc::EINVAL)).step(STEP)?;
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. } if status.ruleset != RulesetStatus::NotEnforced => {
            Ok(effective_abi.min(newest(omitted)) as u32)
        }
        LandlockStatus::Available { .. } => {
            Err(io::Error::from_raw_os_error(libc::EPERM)).step("enforce Landlock")
        }
        LandlockStatus::NotEnabled | LandlockStatus::NotImplemented => Ok(0),
    }
}

fn rules(grants: &Grants, omitted: &Omitted) -> Result<RulesetCreated, Box<dyn std::error::Error>> {
    let newest = newest(omitted);
    let (all, read) = (AccessFs::from_all(newest), AccessFs::from_read(newest));
    let ordinary = all & !(AccessFs::MakeChar | AccessFs::MakeBlock);
    let listing: BitFlags<AccessFs> = AccessFs::ReadDir.into();
    let mut ruleset = Ruleset::default().set_compatibility(CompatLevel::BestEffort).handle_access(all)?;
    let sockets = AccessNet::from_all(newest);
    if !grants.network && !sockets.is_empty() {
        ruleset = ruleset.handle_access(sockets)?;
    }
    let scopes = omitted
        .put(Layer::Signals, Scope::from_all(newest) & !Scope::Signal, || Ok(Scope::from_all(newest)))?;
    if !scopes.is_empty() {
        ruleset = ruleset.scope(scopes)?;
    }
    let mut rules = ruleset.create()?;
    let granted = [(&grants.list, listing), (&grants.read, read), (&grants.write, ordinary)];
    for (path, access) in
        granted.into_iter().flat_map(|(paths, access)| paths.iter().map(move |path| (path, access)))
    {
        rules = add(rules, path, access, newest)?;
    }
    Ok(rules)
}

fn add(
    rules: RulesetCreated,
    path: &Path,
    access: BitFlags<AccessFs>,
    newest: ABI,
) -> Result<RulesetCreated, Box<dyn std::error::Error>> {
    let Ok(metadata) = std::fs::metadata(path) else { return Ok(rules) };
    let access = if metadata.is_dir() { access } else { access & AccessFs::from_file(newest) };
    Ok(rules.add_rule(PathBeneath::new(PathFd::new(path)?, access))?)
}
