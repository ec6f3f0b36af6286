//! What to do where a level cannot be had. It explains a refusal that has happened, and decides nothing.
//!
//! What the choice depends on is read once (`Circumstances::read`) and is data from then on. A hint is prose; its lines that
//! begin with four spaces are commands, to be copied whole.

use std::fs;
use std::path::{Path, PathBuf};

use super::bubblewrap;
use super::payload::{LANDLOCK_TRUNCATE, SELF_CHECK};
use super::probe::Unavailable;
use super::sys;
use crate::event::Level;

/// The limits on namespaces, one for each kind: namespaces(7).
const LIMITS: [&str; 7] = ["user", "mnt", "pid", "net", "ipc", "uts", "cgroup"];

/// What the machine says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Circumstances {
    /// Whether `grade` is root's.
    root: bool,
    /// Whether a container holds it, as far as container engines say so.
    container: bool,
    /// Whether somebody has put a seccomp filter in force.
    filtered: bool,
    /// Whether AppArmor keeps all but listed programs from making namespaces.
    apparmor: bool,
    /// Whether only root may make user namespaces.
    only_root: bool,
    /// The limit on namespaces that is 0.
    no_more: Option<&'static str>,
    /// The Landlock ABI, or the kernel's answer to who asks for it.
    landlock: Result<u32, i32>,
    /// The kernel's security modules in their order, where that can be read.
    modules: Option<String>,
    /// Whether the system has bubblewrap.
    bubblewrap: bool,
    /// This program.
    program: Option<PathBuf>,
}

impl Circumstances {
    fn read() -> Self {
        let read = |path: &str| fs::read_to_string(path).ok().map(|text| text.trim().to_owned());
        let sysctl = |name: &str, value: &str| read(&format!("/proc/sys/{name}")).as_deref() == Some(value);
        let is_zero = |kind: &&str| sysctl(&format!("user/max_{kind}_namespaces"), "0");
        Self {
            root: rustix::process::geteuid().is_root(),
            container: ["/.dockerenv", "/run/.containerenv"].iter().any(|file| Path::new(file).exists()),
            filtered: read("/proc/self/status").is_some_and(|status| status.contains("\nSeccomp:\t2")),
            apparmor: sysctl("kernel/apparmor_restrict_unprivileged_userns", "1"),
            only_root: sysctl("kernel/unprivileged_userns_clone", "0"),
            no_more: LIMITS.into_iter().find(is_zero),
            landlock: sys::landlock_version().map_err(|error| error.raw_os_error().unwrap_or_default()),
            modules: read("/sys/kernel/security/lsm").filter(|modules| !modules.is_empty()),
            bubblewrap: bubblewrap::find().is_some(),
            program: std::env::current_exe().ok(),
        }
    }

    /// Returns what helps to this level.
    fn hint(&self, level: Level, Unavailable(why): &Unavailable) -> Option<String> {
        if level == Level::Restricted && !matches!(self.landlock, Ok(LANDLOCK_TRUNCATE..)) {
            return Some(self.landlock());
        }
        if why.step.starts_with(SELF_CHECK) {
            return Some(SELF_CHECK_FAILED.to_owned());
        }
        match level {
            Level::None | Level::Restricted | Level::Limits => {
                (self.root && why.errno == libc::EPERM).then(|| ONE_USER.to_owned())
            }
            Level::FullBwrap if self.root => Some(NOT_AS_ROOT.to_owned()),
            Level::FullBwrap if !self.bubblewrap => self.is_refused_to_some().then(|| INSTALL.to_owned()),
            // bubblewrap keeps the kernel's answer to itself.
            Level::FullBwrap => self.through_bubblewrap(),
            Level::Full => self.namespaces(why.errno),
        }
    }

    /// Returns whether some programs may make namespaces where this one may not.
    fn is_refused_to_some(&self) -> bool {
        (self.apparmor || self.only_root) && !self.filtered && !self.container
    }

    /// Returns what allows namespaces, where this was the kernel's answer.
    fn namespaces(&self, errno: i32) -> Option<String> {
        match errno {
            libc::ENOSPC => Some(no_more(self.no_more.unwrap_or(LIMITS[0]))),
            libc::ENOSYS | libc::EPERM | libc::EACCES if self.filtered || self.container => {
                Some(CONTAINER.to_owned())
            }
            libc::ENOSYS | libc::EINVAL => Some(OLD_KERNEL.to_owned()),
            libc::EPERM | libc::EACCES if self.apparmor && !self.root => Some(self.apparmor()),
            libc::EPERM | libc::EACCES if self.only_root && !self.root => Some(ONLY_ROOT.to_owned()),
            libc::EPERM | libc::EACCES => Some(UNKNOWN.to_owned()),
            _ => None,
        }
    }

    /// Returns what allows bubblewrap to make namespaces.
    fn through_bubblewrap(&self) -> Option<String> {
        match self.no_more {
            Some(kind) => Some(no_more(kind)),
            None if self.apparmor && !self.filtered && !self.container => Some(NOT_LISTED_EITHER.to_owned()),
            None => self.namespaces(libc::EPERM),
        }
    }

    fn apparmor(&self) -> String {
        let path = self.program.as_deref().and_then(Path::to_str).filter(|path| is_plain(path));
        match path {
            Some(path) => APPARMOR.replace("PROGRAM", path),
            None => format!("{APPARMOR_HEAD}\n{APPARMOR_FOR_ALL}"),
        }
    }

    fn landlock(&self) -> String {
        match self.landlock {
            Ok(version) => format!("this kernel's Landlock is of version {version}; {KERNEL_OF_LANDLOCK}"),
            Err(libc::EOPNOTSUPP) => {
                let modules = self.modules.as_deref().map_or("…", |modules| modules);
                LANDLOCK_OFF.replace("MODULES", modules)
            }
            Err(_) if self.filtered || self.container => CONTAINER_WITHOUT_LANDLOCK.to_owned(),
            Err(_) => format!("this kernel has no Landlock; {KERNEL_OF_LANDLOCK}"),
        }
    }
}

impl Unavailable {
    /// Returns what to do to have this level, where that is known.
    pub fn hint(&self, level: Level) -> Option<String> {
        Circumstances::read().hint(level, self)
    }

    /// Returns what to do to have cgroups, where this says why there are none and it is known.
    pub fn hint_for_groups(&self) -> Option<String> {
        // Both are made by systemd: sd_booted(3), file-hierarchy(7).
        let session = format!("/run/user/{}", rustix::process::geteuid());
        let has_session = Path::new("/run/systemd/system").exists() && Path::new(&session).exists();
        has_session.then(|| SCOPE.to_owned())
    }
}

/// Returns whether a path means itself in a shell's quotes and in AppArmor's, which knows patterns.
fn is_plain(path: &str) -> bool {
    path.starts_with('/') && path.chars().all(|c| c.is_alphanumeric() || "/._-+@ ".contains(c))
}

fn no_more(kind: &str) -> String {
    format!(
        "no more namespaces are allowed; this allows them until the next boot:\n    sudo sysctl -w user.max_{kind}_namespaces=10000"
    )
}

const SCOPE: &str = "in a scope of the user's systemd they can be had:\n    \
    systemd-run --user --scope -p Delegate=yes grade …";
const SELF_CHECK_FAILED: &str =
    "the kernel accepted a layer and does not enforce it; please report this, with the output of `uname -a`";
const OLD_KERNEL: &str =
    "this level needs Linux 5.12 or newer, with user namespaces and overlay file systems";
const ONE_USER: &str = "root needs a second user id here, for submissions; run `grade` as an ordinary user";
const NOT_AS_ROOT: &str = "bubblewrap is for ordinary users, because it gives root's own id to what it confines; run `grade` as one";
const INSTALL: &str = "here only some programs may make namespaces, and bubblewrap may be one of them:\n    \
    sudo apt-get install bubblewrap";
const NOT_LISTED_EITHER: &str = "AppArmor lets bubblewrap make namespaces as little as this program; to list this program gives `full`, which is better";
const APPARMOR_HEAD: &str = "AppArmor lets only listed programs make namespaces.";
/// The profile is what Ubuntu ships for browsers: <https://ubuntu.com/blog/ubuntu-23-10-restricted-unprivileged-user-namespaces>.
const APPARMOR: &str = "AppArmor lets only listed programs make namespaces. This lists this one:\n    \
    printf '%s\\n' 'abi <abi/4.0>,' 'include <tunables/global>' 'profile grade \"PROGRAM\" flags=(unconfined) { userns, }' | sudo tee /etc/apparmor.d/grade\n    \
    sudo apparmor_parser -r /etc/apparmor.d/grade\n\
    And this lists all programs until the next boot, as in a CI job:\n    \
    sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
const APPARMOR_FOR_ALL: &str = "This lists all programs until the next boot:\n    \
    sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
const ONLY_ROOT: &str = "only root may make user namespaces; this allows them to all until the next boot:\n    \
    sudo sysctl -w kernel.unprivileged_userns_clone=1";
const UNKNOWN: &str =
    "something forbids namespaces to this user: a security module, a setting, or whoever started this system";
const CONTAINER: &str = "in a container, namespaces must be allowed from outside; with Docker:\n    \
    docker run --security-opt seccomp=unconfined --security-opt apparmor=unconfined --security-opt systempaths=unconfined …";
const CONTAINER_WITHOUT_LANDLOCK: &str = "in a container, Landlock must be allowed from outside; with Docker:\n    \
    docker run --security-opt seccomp=unconfined …";
const KERNEL_OF_LANDLOCK: &str = "this level needs version 3, which Linux 6.2 and newer have";
const LANDLOCK_OFF: &str = "Landlock is switched off; add this to `GRUB_CMDLINE_LINUX` in /etc/default/grub (or whatever starts the \
    kernel), then `sudo update-grub`, and boot anew:\n    \
    lsm=landlock,MODULES";

#[cfg(test)]
mod tests {
    use super::super::wire::SetUpError;
    use super::*;

    /// An ordinary user's machine on which all could be had.
    fn machine() -> Circumstances {
        Circumstances {
            root: false,
            container: false,
            filtered: false,
            apparmor: false,
            only_root: false,
            no_more: None,
            landlock: Ok(7),
            modules: Some("capability,yama,apparmor".to_owned()),
            bubblewrap: true,
            program: Some("/home/ada/.cargo/bin/grade".into()),
        }
    }

    fn refused(step: &str, errno: i32) -> Unavailable {
        Unavailable(SetUpError { step: step.to_owned(), errno })
    }

    fn namespaces(errno: i32) -> Unavailable {
        refused("create namespaces", errno)
    }

    /// Returns the commands of a hint.
    fn commands(hint: Option<String>) -> Vec<String> {
        let hint = hint.unwrap_or_default();
        hint.lines().filter_map(|line| line.strip_prefix("    ")).map(str::to_owned).collect()
    }

    #[test]
    fn apparmor_is_told_of_this_very_program_or_for_a_while_of_all() {
        let ubuntu = Circumstances { apparmor: true, ..machine() };
        for errno in [libc::EPERM, libc::EACCES] {
            assert_eq!(
                commands(ubuntu.hint(Level::Full, &namespaces(errno))),
                [
                    "printf '%s\\n' 'abi <abi/4.0>,' 'include <tunables/global>' \
                     'profile grade \"/home/ada/.cargo/bin/grade\" flags=(unconfined) { userns, }' | sudo tee /etc/apparmor.d/grade",
                    "sudo apparmor_parser -r /etc/apparmor.d/grade",
                    "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
                ]
            );
        }
        let strange = Circumstances { program: Some("/home/it's/{a,b}/grade".into()), ..ubuntu };
        assert_eq!(
            commands(strange.hint(Level::Full, &namespaces(libc::EPERM))),
            ["sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0"]
        );
    }

    #[test]
    fn a_setting_is_named_only_where_it_can_have_been_the_reason() {
        let debian = Circumstances { only_root: true, ..machine() };
        let hint = |errno| commands(debian.hint(Level::Full, &namespaces(errno)));
        assert_eq!(hint(libc::EPERM), ["sudo sysctl -w kernel.unprivileged_userns_clone=1"]);
        assert_eq!(hint(libc::ENOSPC), ["sudo sysctl -w user.max_user_namespaces=10000"]);
        assert!(hint(libc::EINVAL).is_empty());
        assert_eq!(debian.hint(Level::Full, &namespaces(libc::ENOMEM)), None);
        let none_left = Circumstances { no_more: Some("net"), ..machine() };
        assert_eq!(
            commands(none_left.hint(Level::Full, &namespaces(libc::ENOSPC))),
            ["sudo sysctl -w user.max_net_namespaces=10000"]
        );
        let root = Circumstances { root: true, apparmor: true, only_root: true, ..machine() };
        assert_eq!(root.hint(Level::Full, &namespaces(libc::EPERM)).unwrap(), UNKNOWN);
    }

    #[test]
    fn in_a_container_the_settings_of_its_host_are_no_help() {
        for (filtered, container) in [(true, false), (false, true)] {
            let inside =
                Circumstances { filtered, container, apparmor: true, bubblewrap: false, ..machine() };
            for errno in [libc::EPERM, libc::ENOSYS] {
                let commands = commands(inside.hint(Level::Full, &namespaces(errno)));
                assert!(commands[0].starts_with("docker run --security-opt seccomp=unconfined"));
            }
            let missing = refused("find bubblewrap", libc::ENOENT);
            assert_eq!(inside.hint(Level::FullBwrap, &missing), None);
        }
    }

    #[test]
    fn bubblewrap_is_to_be_installed_only_where_it_may_do_more_than_others() {
        let missing = refused("find bubblewrap", libc::ENOENT);
        let without = Circumstances { bubblewrap: false, ..machine() };
        assert_eq!(without.hint(Level::FullBwrap, &missing), None);
        for (apparmor, only_root) in [(true, false), (false, true)] {
            let restricted = Circumstances { apparmor, only_root, ..without.clone() };
            assert_eq!(
                commands(restricted.hint(Level::FullBwrap, &missing)),
                ["sudo apt-get install bubblewrap"]
            );
        }
        let failed = refused("hear the probe's end", libc::EPROTO);
        let none_left = Circumstances { no_more: Some("user"), ..machine() };
        assert_eq!(
            commands(none_left.hint(Level::FullBwrap, &failed)),
            ["sudo sysctl -w user.max_user_namespaces=10000"]
        );
        let ubuntu = Circumstances { apparmor: true, ..machine() };
        assert_eq!(ubuntu.hint(Level::FullBwrap, &failed).as_deref(), Some(NOT_LISTED_EITHER));
        let root = Circumstances { root: true, ..machine() };
        let hint = root.hint(Level::FullBwrap, &refused("use bubblewrap as root", libc::EPERM));
        assert_eq!(hint.as_deref(), Some(NOT_AS_ROOT));
    }

    #[test]
    fn a_landlock_that_is_old_off_or_absent_is_told_apart_and_only_of_the_level_that_needs_it() {
        let failed = refused("pass the self-check: Landlock is of version 3 or later", libc::EPERM);
        let hint = |landlock, filtered| {
            let machine = Circumstances { landlock, filtered, ..machine() };
            machine.hint(Level::Restricted, &failed).unwrap()
        };
        assert!(hint(Ok(2), false).contains("of version 2; this level needs version 3, which Linux 6.2"));
        assert!(hint(Err(libc::ENOSYS), false).starts_with("this kernel has no Landlock"));
        assert!(hint(Err(libc::ENOSYS), true).contains("docker run"));
        assert_eq!(
            commands(Some(hint(Err(libc::EOPNOTSUPP), false))),
            ["lsm=landlock,capability,yama,apparmor"]
        );
        assert_eq!(hint(Ok(7), false), SELF_CHECK_FAILED);
        let without = Circumstances { landlock: Err(libc::ENOSYS), only_root: true, ..machine() };
        let full = without.hint(Level::Full, &namespaces(libc::EPERM)).unwrap();
        assert!(full.contains("unprivileged_userns_clone"));
    }

    #[test]
    fn root_without_a_second_id_is_sent_to_an_ordinary_user() {
        let root = Circumstances { root: true, ..machine() };
        let failed = refused("find an unused user id", libc::EPERM);
        for level in [Level::Restricted, Level::Limits] {
            assert_eq!(root.hint(level, &failed).as_deref(), Some(ONE_USER));
            assert_eq!(machine().hint(level, &failed), None);
        }
    }
}
