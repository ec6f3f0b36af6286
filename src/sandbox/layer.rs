//! The layers of a sandbox by name, and which of them a test leaves out, to see that they are missed.
//!
//! What cannot be switched off cannot be shown to do anything. So each layer is put in force at one place, most through
//! `Omitted::put`; what is no step of its own is left out where it is made: namespaces by `Omitted::namespaces`, the watches in
//! `guard::Watch::new`, the supervisor in `payload::is_supervised`, signals in `landlock::rules`. A test can also have an older Landlock than
//! the kernel's (`Omitted::landlock_up_to`). What is left out travels in the order; an order that says nothing of it leaves out nothing. No setting and no flag leads here, and `Confinement::report` names what is missing.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::wire::SetUpError;

/// Something that holds a payload, and that a test may leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[doc(hidden)]
pub enum Layer {
    /// The user namespace.
    Users,
    /// The mount namespace.
    Mounts,
    /// The pid namespace.
    Processes,
    /// The network namespace.
    Network,
    /// The namespace of SysV IPC.
    Ipc,
    /// The namespace of the host's name.
    Name,
    /// The cgroup namespace.
    Cgroups,
    /// The cgroup of its own.
    Group,
    /// The root that is built from nothing.
    Root,
    /// Landlock. Where it is left out, the payload believes that it is in force.
    Landlock,
    /// That Landlock keeps signals in.
    Signals,
    /// The filter that answers EPERM.
    Refused,
    /// The filter that answers ENOSYS.
    Absent,
    /// The resource limits.
    Limits,
    /// The memory of all processes together.
    MemoryWatch,
    /// The host's folders that may be written to.
    DiskWatch,
    /// No new privileges.
    NoNewPrivileges,
    /// That capabilities are given up.
    Capabilities,
    /// The supervised calls.
    Supervisor,
    /// That a warden kills what is left.
    Killing,
    /// That orphans become a warden's.
    Subreaper,
}

impl Layer {
    /// Every layer.
    pub const ALL: [Self; 21] = [
        Self::Users,
        Self::Mounts,
        Self::Processes,
        Self::Network,
        Self::Ipc,
        Self::Name,
        Self::Cgroups,
        Self::Group,
        Self::Root,
        Self::Landlock,
        Self::Signals,
        Self::Refused,
        Self::Absent,
        Self::Limits,
        Self::MemoryWatch,
        Self::DiskWatch,
        Self::NoNewPrivileges,
        Self::Capabilities,
        Self::Supervisor,
        Self::Killing,
        Self::Subreaper,
    ];

    /// Returns the flag of `clone` that makes this namespace, or 0 where it is none.
    fn flag(self) -> libc::c_int {
        match self {
            Self::Users => libc::CLONE_NEWUSER,
            Self::Mounts => libc::CLONE_NEWNS,
            Self::Processes => libc::CLONE_NEWPID,
            Self::Network => libc::CLONE_NEWNET,
            Self::Ipc => libc::CLONE_NEWIPC,
            Self::Name => libc::CLONE_NEWUTS,
            Self::Cgroups => libc::CLONE_NEWCGROUP,
            _ => 0,
        }
    }
}

/// What a test leaves out: nothing, unless it is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Omitted {
    layers: BTreeSet<Layer>,
    /// Whether the checks look away, so that it can be seen what an attack does then.
    unnoticed: bool,
    /// The newest version of Landlock that is used, where a test stands for an older kernel.
    #[serde(default)]
    landlock: Option<u32>,
}

impl Omitted {
    /// Leaves out this layer too.
    pub(super) fn add(&mut self, layer: Layer) {
        self.layers.insert(layer);
    }

    /// Has the checks look away.
    pub(super) fn look_away(&mut self) {
        self.unnoticed = true;
    }

    /// Uses no newer version of Landlock than this.
    pub(super) fn landlock_up_to(version: u32) -> Self {
        Self { landlock: Some(version), ..Self::default() }
    }

    /// Returns the newest version of Landlock that may be used.
    pub(super) fn newest_landlock(&self) -> u32 {
        self.landlock.unwrap_or(u32::MAX)
    }

    /// Returns whether a process from outside can be taken in all the same: it leaves out what the rules that it is given leave out.
    pub(super) fn is_in_the_rules(&self) -> bool {
        self.layers.iter().all(|layer| *layer == Layer::Signals)
    }

    pub(super) fn layers(&self) -> impl Iterator<Item = Layer> {
        self.layers.iter().copied()
    }

    pub(super) fn has(&self, layer: Layer) -> bool {
        self.layers.contains(&layer)
    }

    /// Puts a layer in force. Where it is left out, nothing is done, and that is what is said to have come of it.
    pub(super) fn put<T>(
        &self,
        layer: Layer,
        without: T,
        put: impl FnOnce() -> Result<T, SetUpError>,
    ) -> Result<T, SetUpError> {
        if self.has(layer) { Ok(without) } else { put() }
    }

    /// Checks, unless something is left out and nobody is to notice.
    pub(super) fn check(&self, check: impl FnOnce() -> Result<(), SetUpError>) -> Result<(), SetUpError> {
        if self.unnoticed && !self.layers.is_empty() { Ok(()) } else { check() }
    }

    /// Returns which of these flags of `clone` remain.
    pub(super) fn namespaces(&self, all: libc::c_int) -> libc::c_int {
        self.layers.iter().fold(all, |flags, layer| flags & !layer.flag())
    }
}

#[cfg(test)]
mod tests {
    use super::super::wire::Order;
    use super::*;

    #[test]
    fn an_order_that_leaves_nothing_out_by_name_leaves_nothing_out() {
        let order = r#"{"payload": "Probe", "policy": {"read_only": [], "overlays": [], "limits": LIMITS},
            "confine": null, "descriptors": [], "grouped": false}"#;
        let limits = serde_json::to_string(&super::super::Limits::default()).unwrap();
        let order: Order = serde_json::from_str(&order.replace("LIMITS", &limits)).unwrap();
        assert_eq!(order.omitted, Omitted::default());
    }

    #[test]
    fn nothing_is_left_out_by_default() {
        let nothing = Omitted::default();
        let all = Layer::ALL.iter().fold(0, |flags, layer| flags | layer.flag());
        assert_eq!(nothing.namespaces(all), all);
        for layer in Layer::ALL {
            assert_eq!(nothing.put(layer, "left out", || Ok("put")).unwrap(), "put");
        }
    }

    #[test]
    fn nobody_looks_away_where_nothing_is_left_out() {
        let refuse = || Err(SetUpError { step: "check".to_owned(), errno: 1 });
        let mut omitted = Omitted::default();
        assert!(omitted.check(refuse).is_err());
        omitted.look_away();
        assert!(omitted.check(refuse).is_err());
        omitted.add(Layer::Limits);
        assert!(omitted.check(refuse).is_ok());
    }
}
