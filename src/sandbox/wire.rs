//! What crosses between `grade` and the init of a sandbox: one `Order` in, a few `Record`s out.
//!
//! The order travels in a sealed memfd and never in argv or the environment, where the payload could read it.
//! Records travel on a pipe that the payload does not have. Both are JSON; both ends are the same program.

use std::ffi::OsString;
use std::io;
use std::os::fd::RawFd;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::layer::Omitted;
use super::policy::Policy;
use crate::command::CommandSpec;
use crate::outcome::Limit;

/// What the init is to do.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    /// Who becomes the payload.
    pub payload: Payload,
    /// What it may see and use.
    pub policy: Policy,
    /// How it is confined, or `None` for limits only.
    pub confine: Option<Confine>,
    /// At which numbers the payload finds the descriptors that are passed to it.
    pub descriptors: Vec<RawFd>,
    /// Whether it has a cgroup of its own. The door to it comes after the channel to a payload that is adopted.
    pub grouped: bool,
    /// What a test leaves out.
    #[serde(default)]
    pub omitted: Omitted,
}

impl Order {
    /// Returns whether the payload comes from outside.
    pub(crate) fn adopts(&self) -> bool {
        matches!(self.payload, Payload::Adopt(_))
    }
}

/// Who becomes the payload of a sandbox.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Payload {
    /// A fork of the init that ends when every layer is in force.
    Probe,
    /// A fork of the init that executes this.
    Execute(Command),
    /// A process that waits at the other end of a channel, enters, and does what this command would. The channel comes to the init
    /// after the descriptors that are passed.
    Adopt(Command),
}

impl Payload {
    /// Returns the command that is to be done, which a probe has not.
    pub(crate) fn command(&self) -> Option<&Command> {
        match self {
            Self::Probe => None,
            Self::Execute(command) | Self::Adopt(command) => Some(command),
        }
    }
}

/// How the init confines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Confine {
    /// In namespaces of its own.
    Namespaces(Namespaces),
    /// In the host's namespaces.
    Shared(Shared),
}

impl Confine {
    /// Returns how its namespaces are made, where it has its own.
    pub(crate) fn namespaces(&self) -> Option<&Namespaces> {
        match self {
            Self::Namespaces(namespaces) => Some(namespaces),
            Self::Shared(_) => None,
        }
    }
}

/// What the init of a sandbox with namespaces of its own must know of the world outside.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Namespaces {
    /// bubblewrap's program, where it makes the namespaces and shows the files, and not we.
    pub bubblewrap: Option<PathBuf>,
    /// Whether init is root inside and the payload must become somebody else.
    pub drop_root: bool,
    /// The host's namespaces (`net:[4026531840]`), none of which may be seen from inside.
    pub host_namespaces: Vec<OsString>,
    /// The Landlock ABI that a probe found in force; 0 before there was one.
    pub landlock: u32,
}

/// What confines a payload that shares the host's namespaces, besides limits and seccomp.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Shared {
    /// Whether Landlock restricts files, and sockets are for the sandbox's own loopback connections at most.
    pub restricted: bool,
    /// Whether a supervisor answers the calls for loopback connections and for the modes and times of files.
    pub supervised: bool,
    /// The user and group that the payload becomes, where `grade` is root's. Each command has one of its own: `spare`.
    pub user: Option<u32>,
    /// The host's folders that it may write to.
    pub writable: Vec<PathBuf>,
}

/// A `CommandSpec` on its way; standard input is a descriptor by now.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Command {
    /// The program's path inside.
    pub program: OsString,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// Its whole environment.
    pub env: Vec<(OsString, OsString)>,
    /// Its working directory inside.
    pub cwd: PathBuf,
}

impl From<CommandSpec> for Command {
    fn from(command: CommandSpec) -> Self {
        let CommandSpec { program, args, env, cwd, stdin: _ } = command;
        Self { program: program.into(), args, env: env.into_iter().collect(), cwd }
    }
}

/// What the init has to say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Record {
    /// A step of the set-up failed; the payload has not run.
    Failed(SetUpError),
    /// Every layer is in force.
    Ready(Facts),
    /// All processes together ran into this limit, and everything was killed.
    Limit(Limit),
    /// The payload has ended.
    Ended(Ended),
}

/// What is in force, as found out inside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Facts {
    /// The Landlock ABI that is enforced; 0 where the kernel has none.
    pub landlock: u32,
    /// Whether the sandbox has a loopback of its own.
    pub loopback: bool,
}

/// How the payload ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Ended {
    /// Its exit code, unless a signal ended it.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Microseconds of processor time of the payload and the children it waited for.
    pub cpu_micros: u64,
}

/// The step that failed, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{step}: {}", io::Error::from_raw_os_error(*errno))]
pub struct SetUpError {
    /// What was to be done, as an imperative: "mount a fresh /proc".
    pub step: String,
    /// The kernel's answer.
    pub errno: i32,
}

/// Names the step that a result belongs to.
pub(crate) trait Step<T> {
    /// Turns an error into a `SetUpError` of this step.
    fn step(self, step: impl Into<String>) -> Result<T, SetUpError>;
}

impl<T, E: Into<io::Error>> Step<T> for Result<T, E> {
    fn step(self, step: impl Into<String>) -> Result<T, SetUpError> {
        // EPROTO stands for what the kernel did not say: malformed data, a library's own error.
        let errno = |error: E| error.into().raw_os_error().unwrap_or(71);
        self.map_err(|error| SetUpError { step: step.into(), errno: errno(error) })
    }
}

/// Reads all records; whatever is not one is dropped, and so its absence is noticed.
pub(crate) fn parse_records(bytes: &[u8]) -> Vec<Record> {
    serde_json::Deserializer::from_slice(bytes).into_iter().map_while(Result::ok).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> impl Strategy<Value = Record> {
        let limit = prop_oneof![Just(Limit::Cpu), Just(Limit::Memory), Just(Limit::Processes)];
        let ended = (any::<Option<i32>>(), any::<Option<i32>>(), any::<u64>());
        prop_oneof![
            (".*", any::<i32>()).prop_map(|(step, errno)| Record::Failed(SetUpError { step, errno })),
            any::<(u32, bool)>().prop_map(|(landlock, loopback)| Record::Ready(Facts { landlock, loopback })),
            limit.prop_map(Record::Limit),
            ended.prop_map(|(code, signal, cpu_micros)| Record::Ended(Ended { code, signal, cpu_micros })),
        ]
    }

    fn written(records: &[Record]) -> Vec<u8> {
        records.iter().flat_map(|record| serde_json::to_vec(record).unwrap()).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn records_that_are_written_are_read(records in prop::collection::vec(record(), 0..5)) {
            prop_assert_eq!(parse_records(&written(&records)), records);
        }

        #[test]
        fn what_comes_after_a_record_and_is_none_changes_nothing(
            records in prop::collection::vec(record(), 0..5),
            garbage in prop::collection::vec(any::<u8>(), 0..40),
        ) {
            prop_assume!(parse_records(&garbage).is_empty());
            let bytes = [written(&records), b"\n".to_vec(), garbage].concat();
            prop_assert_eq!(parse_records(&bytes), records);
        }

        #[test]
        fn a_record_that_is_cut_off_is_not_there(record in record(), kept in any::<prop::sample::Index>()) {
            let bytes = written(std::slice::from_ref(&record));
            prop_assert_eq!(parse_records(&bytes[..kept.index(bytes.len())]), []);
        }
    }
}
