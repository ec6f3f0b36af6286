//! Finds out which confinement can be had, by doing all of it once in a throw-away sandbox, and says so.
//!
//! No sysctl or version number decides anything; they are only read to explain a refusal that has happened.

use std::fs::{self, File};
use std::io;
use std::os::fd::AsFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use super::init::namespaces;
use super::launch::{Child, Launcher, Stdio};
use super::payload::SELF_CHECK;
use super::policy::{Overlay, Policy};
use super::wire::{Confine, Ended, Facts, Order, Payload, Record, SetUpError, Step};
use crate::event::{Containment, Level};

/// How long a probe may take; it takes milliseconds.
const PATIENCE: Duration = Duration::from_secs(20);

/// How commands are confined on this machine. Made by `probe`, or by `Confinement::none`.
#[derive(Debug, Clone)]
pub struct Confinement {
    pub(crate) launcher: Launcher,
    backend: Backend,
}

/// Who confines. Levels between the two will be further backends.
#[derive(Debug, Clone)]
enum Backend {
    /// Nobody: limits only.
    None,
    /// The kernel's namespaces, entered by ourselves.
    Native { confine: Confine, facts: Facts },
}

impl Confinement {
    /// Returns the level without a sandbox: resource limits, a process group, and the user's own rights.
    pub fn none(launcher: Launcher) -> Self {
        Self { launcher, backend: Backend::None }
    }

    /// Returns the named level.
    pub fn level(&self) -> Level {
        match self.backend {
            Backend::None => Level::None,
            Backend::Native { .. } => Level::Full,
        }
    }

    /// Returns what the init must know, or `None` without a sandbox.
    pub(crate) fn confine(&self) -> Option<&Confine> {
        match &self.backend {
            Backend::None => None,
            Backend::Native { confine, .. } => Some(confine),
        }
    }

    /// Returns whether a sandbox may take in a process that was started outside of it.
    ///
    /// The `/proc/self/exe` of such a process leads to its interpreter on the host's own mount. Landlock keeps it from being written
    /// to and, from ABI 3 on, from being truncated; see also `Zygote::may_enter`.
    pub fn adopts(&self) -> bool {
        matches!(&self.backend, Backend::Native { facts, .. } if facts.landlock >= LANDLOCK_TRUNCATE)
    }

    /// Returns what is in force, for reports.
    pub fn report(&self) -> Containment {
        match &self.backend {
            Backend::None => Containment {
                level: Level::None,
                layers: vec!["limits".to_owned()],
                missing: vec!["files, network and other processes are open to the learner's code".to_owned()],
                reason: Some("no sandbox was asked for".to_owned()),
            },
            Backend::Native { facts, .. } => report_native(facts),
        }
    }
}

fn report_native(facts: &Facts) -> Containment {
    let landlock = (facts.landlock > 0).then(|| format!("landlock {}", facts.landlock));
    let layers =
        [Some("namespaces".to_owned()), landlock, Some("seccomp".to_owned()), Some("limits".to_owned())];
    let missing = [
        Some("the memory of all processes is watched, not capped (no cgroup)"),
        (facts.landlock == 0).then_some("this kernel has no Landlock"),
    ];
    Containment {
        level: Level::Full,
        layers: layers.into_iter().flatten().collect(),
        missing: missing.into_iter().flatten().map(str::to_owned).collect(),
        reason: None,
    }
}

/// Why there is no sandbox: the first step that failed, with the kernel's answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("failed to {0}")]
pub struct Unavailable(pub SetUpError);

impl Unavailable {
    /// Returns what to do about it, where that is known.
    pub fn hint(&self) -> Option<String> {
        let sysctl = |name: &str| {
            fs::read_to_string(format!("/proc/sys/{name}")).unwrap_or_default().trim().to_owned()
        };
        let filtered =
            fs::read_to_string("/proc/self/status").is_ok_and(|status| status.contains("\nSeccomp:\t2"));
        let hint = match self.0.errno {
            _ if self.0.step.starts_with(SELF_CHECK) => HINT_SELF_CHECK,
            libc::ENOSYS | libc::EPERM if filtered => HINT_CONTAINER,
            libc::ENOSYS | libc::EINVAL => HINT_OLD_KERNEL,
            _ if sysctl("kernel/apparmor_restrict_unprivileged_userns") == "1" => HINT_APPARMOR,
            _ if sysctl("kernel/unprivileged_userns_clone") == "0" => HINT_USERNS_CLONE,
            _ if sysctl("user/max_user_namespaces") == "0" => HINT_MAX_NAMESPACES,
            libc::EPERM | libc::EACCES => HINT_CONTAINER,
            _ => return None,
        };
        Some(hint.to_owned())
    }
}

/// Builds a whole sandbox once, with every layer, and takes it down again. Takes about 5 ms and blocks.
///
/// # Errors
///
/// The first step that the kernel refused.
pub fn probe(launcher: Launcher) -> Result<Confinement, Unavailable> {
    let mut confine = Confine {
        drop_root: rustix::process::geteuid().is_root(),
        host_namespaces: namespaces("self").step("read the host's namespaces").map_err(Unavailable)?,
        landlock: 0,
    };
    let facts = rehearse(&launcher, &confine).map_err(Unavailable)?;
    confine.landlock = facts.landlock;
    Ok(Confinement { launcher, backend: Backend::Native { confine, facts } })
}

fn rehearse(launcher: &Launcher, confine: &Confine) -> Result<Facts, SetUpError> {
    let source = tempfile::tempdir().step("make a temporary folder")?;
    let overlay = Overlay { source: source.path().to_owned(), inside: "/submission".into() };
    let policy = Policy { overlays: vec![overlay], ..Policy::default() };
    let order =
        Order { payload: Payload::Probe, policy, confine: Some(confine.clone()), descriptors: Vec::new() };
    let null = File::options().read(true).write(true).open("/dev/null").step("open /dev/null")?;
    let stdio = Stdio { input: null.as_fd(), output: null.as_fd(), error: null.as_fd() };
    let child = launcher.launch(&order, stdio, &[])?;
    await_end(&child).step("wait for the probe's end")?;
    child.reap().step("wait for the probe's end")?;
    verdict(child.records().step("read the probe's records")?)
}

fn await_end(child: &Child) -> io::Result<()> {
    let pidfd = child.pidfd();
    let timeout = Timespec { tv_sec: PATIENCE.as_secs().cast_signed(), tv_nsec: 0 };
    match poll(&mut [PollFd::new(&pidfd, PollFlags::IN)], Some(&timeout))? {
        0 => Err(io::Error::from_raw_os_error(libc::ETIMEDOUT)),
        _ => Ok(()),
    }
}

/// A pass needs every witness: that all layers were in force, and that the end was orderly.
fn verdict(records: Vec<Record>) -> Result<Facts, SetUpError> {
    let mut facts = None;
    for record in records {
        match record {
            Record::Failed(error) => return Err(error),
            Record::Ready(found) => facts = Some(found),
            Record::Ended(Ended { code: Some(0), .. }) => {
                return facts
                    .ok_or(())
                    .map_err(|()| io::ErrorKind::Other)
                    .step("hear that all layers are in force");
            }
            Record::Limit(_) | Record::Ended(_) => break,
        }
    }
    Err(io::ErrorKind::UnexpectedEof).step("hear the probe's end")
}

/// The first Landlock ABI that can refuse truncation: <https://docs.kernel.org/userspace-api/landlock.html#file-truncation-abi-3>.
const LANDLOCK_TRUNCATE: u32 = 3;

const HINT_SELF_CHECK: &str =
    "the kernel accepted a layer and does not enforce it; please report this, with the output of `uname -a`";
const HINT_OLD_KERNEL: &str =
    "the sandbox needs Linux 5.12 or newer with user namespaces and overlay file systems";
const HINT_APPARMOR: &str = "this system lets only listed programs make namespaces; \
    `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` allows it to all until the next boot";
const HINT_USERNS_CLONE: &str =
    "`sudo sysctl -w kernel.unprivileged_userns_clone=1` allows user namespaces until the next boot";
const HINT_MAX_NAMESPACES: &str =
    "`sudo sysctl -w user.max_user_namespaces=10000` allows user namespaces until the next boot";
const HINT_CONTAINER: &str = "in a container, user namespaces must be allowed from outside: \
    with Docker, `--security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined`";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_not_a_sandbox() {
        assert!(verdict(Vec::new()).is_err());
        assert!(verdict(vec![Record::Ready(Facts::default())]).is_err());
        let ended = Record::Ended(Ended { code: Some(0), signal: None, cpu_micros: 0 });
        assert!(verdict(vec![ended.clone()]).is_err());
        assert!(verdict(vec![Record::Ready(Facts::default()), ended]).is_ok());
    }
}
