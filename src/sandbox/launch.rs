//! The outer end of a sandbox: starts the init in new namespaces, maps its ids, hands it the order, and kills it.
//!
//! ```text
//! grade ── nursery, or execute ──► init, which waits for one byte ──► builds the sandbox
//!   │  uid_map, gid_map             ▲
//!   └── one byte ───────────────────┘ lifeline: a pipe of which only grade holds the other end
//! ```
//!
//! The *lifeline* says two things. Its one byte: the id maps are written, go on. Its end: grade is gone, however it
//! went, so the init exits, and with pid 1 the kernel kills everything in the pid namespace. `PR_SET_PDEATHSIG` is not
//! used: it fires when the *thread* that cloned ends, and threads of a pool do.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustix::process::{Pid, Signal};

use super::bubblewrap;
use super::cgroup::{Delegated, Group};
use super::execute;
use super::layer::Layer;
use super::nursery::Nursery;
use super::spare::spare_id;
use super::sys;
use super::unix::{self, Waited};
use super::wire::{Confine, Order, Record, SetUpError, Step, parse_records};

/// The word that makes `grade` an init: `grade __sandbox-init`.
pub(super) const INIT_WORD: &str = "__sandbox-init";

/// Where the init finds what it needs; the payload's own descriptors follow.
pub(super) const ORDER: RawFd = 3;
pub(super) const RECORDS: RawFd = 4;
pub(super) const LIFELINE: RawFd = 5;
/// The payload's standard input, output and error, then what is passed to it.
pub(super) const STDIO: RawFd = 6;

/// Bytes of records that are read; the init writes a few hundred.
const MAX_RECORDS: u64 = 64 << 10;

/// All namespaces of their own that a confined process gets.
const NAMESPACES: libc::c_int = libc::CLONE_NEWUSER
    | libc::CLONE_NEWNS
    | libc::CLONE_NEWPID
    | libc::CLONE_NEWNET
    | libc::CLONE_NEWIPC
    | libc::CLONE_NEWUTS
    | libc::CLONE_NEWCGROUP;

/// Starts inits: holds the program that becomes one.
#[derive(Debug, Clone)]
pub struct Launcher {
    program: Arc<OwnedFd>,
    /// Where each sandbox gets a cgroup of its own.
    groups: Option<Delegated>,
    /// What inits in namespaces are clones of, from the first one on, where it can be had.
    nursery: Arc<OnceLock<Option<Nursery>>>,
}

impl Launcher {
    /// Returns a launcher that executes this very program, even when its file has been replaced meanwhile.
    ///
    /// # Errors
    ///
    /// `/proc` is not mounted.
    pub fn this_program() -> io::Result<Self> {
        Self::new(Path::new("/proc/self/exe"))
    }

    /// Returns a launcher that executes another build of `grade`: a test's own executable cannot be an init.
    ///
    /// # Errors
    ///
    /// The file cannot be opened.
    pub fn new(program: &Path) -> io::Result<Self> {
        Ok(Self { program: Arc::new(sys::open_place(program)?), groups: None, nursery: Arc::default() })
    }

    /// Returns a launcher that gives each sandbox a cgroup there.
    pub(super) fn dividing(self, groups: Delegated) -> Self {
        Self { groups: Some(groups), ..self }
    }

    /// Returns whether each sandbox gets a cgroup of its own.
    pub(crate) fn has_groups(&self) -> bool {
        self.groups.is_some()
    }

    /// Starts an init with its order. It is confined if the order says so.
    pub(crate) fn launch(
        &self,
        order: &Order,
        stdio: Stdio<'_>,
        passed: &[BorrowedFd<'_>],
    ) -> Result<Child, SetUpError> {
        let bytes = serde_json::to_vec(order).map_err(io::Error::from).step("write the sandbox's order")?;
        let order_file = sys::sealed_file("order", &bytes).step("write the sandbox's order")?;
        let (records, records_in) = pipe()?;
        let (lifeline_out, lifeline) = pipe()?;
        let groups = self.groups.as_ref().filter(|_| order.grouped && !order.omitted.has(Layer::Group));
        let group = groups.map(|groups| groups.group(&order.policy)).transpose()?;
        let door = group.as_ref().filter(|_| order.adopts()).map(Group::door).transpose()?;
        let own = [order_file.as_fd(), records_in.as_fd(), lifeline_out.as_fd()];
        let streams = [stdio.input, stdio.output, stdio.error];
        let passed = passed.iter().copied().chain(door.as_ref().map(AsFd::as_fd));
        let place = group.as_ref().map(Group::open).transpose()?;
        let namespaces = order.confine.as_ref().and_then(Confine::namespaces);
        let ours = namespaces.filter(|own| own.bubblewrap.is_none());
        let given = Given {
            namespaces: ours.map_or(0, |_| order.omitted.namespaces(NAMESPACES)),
            group: place.as_ref().map(AsFd::as_fd),
            descriptors: own.into_iter().chain(streams).chain(passed).collect(),
        };
        let cloned = ours.and_then(|_| self.nursery()).map(|nursery| nursery.clone_init(&given));
        let (pid, pidfd) = match cloned.transpose().step(given.step())?.flatten() {
            Some(init) => init,
            None => self.execute(&given, order)?,
        };
        let child = Child {
            pid,
            pidfd,
            records: Mutex::new(records.into()),
            lifeline: Mutex::new(Some(lifeline)),
            end: End::of(order),
            waited: Mutex::new(None),
            stopped: AtomicBool::new(false),
            group,
        };
        order.omitted.check(|| child.is_grouped(order.grouped))?;
        if let Some(own) = ours {
            order.omitted.put(Layer::Users, (), || map_ids(pid, own.drop_root))?;
        }
        child.let_go().step("let the init go on")?;
        Ok(child)
    }

    /// Returns what inits are cloned of.
    fn nursery(&self) -> Option<&Nursery> {
        self.nursery.get_or_init(|| Nursery::start(self.program.as_fd()).ok()).as_ref()
    }

    /// Has an init executed, by bubblewrap if the order says so. Returns its pid and pidfd.
    fn execute(&self, given: &Given<'_>, order: &Order) -> Result<(i32, OwnedFd), SetUpError> {
        let namespaces = order.confine.as_ref().and_then(Confine::namespaces);
        let (program, command_line) = match namespaces.and_then(|own| own.bubblewrap.as_ref()) {
            Some(bubblewrap) => self.through(bubblewrap, order).step("ask bubblewrap for a sandbox")?,
            None => (None, vec![c"grade".to_owned(), c"__sandbox-init".to_owned()]),
        };
        let program = program.as_ref().map_or(self.program.as_fd(), AsFd::as_fd);
        execute::execute_init(given, program, &command_line).step(given.step())
    }

    /// Returns bubblewrap and its command line, at the end of which is this program.
    fn through(&self, bubblewrap: &Path, order: &Order) -> io::Result<(Option<OwnedFd>, Vec<CString>)> {
        let own = std::fs::read_link(format!("/proc/self/fd/{}", self.program.as_raw_fd()))?;
        Ok((Some(sys::open_place(bubblewrap)?), bubblewrap::command_line(&order.policy, &own)?))
    }
}

/// What an init is given at its start.
#[derive(Debug)]
pub(super) struct Given<'a> {
    /// The namespaces that are its own, as clone(2) names them.
    pub(super) namespaces: libc::c_int,
    /// The cgroup that it is in from its first moment.
    pub(super) group: Option<BorrowedFd<'a>>,
    /// Its descriptors from `ORDER` on.
    pub(super) descriptors: Vec<BorrowedFd<'a>>,
}

impl Given<'_> {
    /// Returns what fails where it cannot be started.
    fn step(&self) -> &'static str {
        match self.group {
            Some(_) => "create namespaces and enter a cgroup",
            None => "create namespaces",
        }
    }
}

/// The payload's standard streams.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stdio<'a> {
    pub input: BorrowedFd<'a>,
    pub output: BorrowedFd<'a>,
    pub error: BorrowedFd<'a>,
}

fn pipe() -> Result<(OwnedFd, OwnedFd), SetUpError> {
    rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).step("open a pipe")
}

/// Maps the ids of a cloned child, which waits for it: see `user_namespaces(7)`.
fn map_ids(pid: i32, root: bool) -> Result<(), SetUpError> {
    let write = |file: &str, text: String| {
        std::fs::write(format!("/proc/{pid}/{file}"), text).step(format!("write the sandbox's {file}"))
    };
    if root {
        let spare = spare_id().step("find an unused user id")?;
        write("uid_map", format!("0 0 1\n1000 {spare} 1\n"))?;
        return write("gid_map", format!("0 0 1\n1000 {spare} 1\n"));
    }
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("1000 {} 1\n", rustix::process::geteuid()))?;
    write("gid_map", format!("1000 {} 1\n", rustix::process::getegid()))
}

/// How everything that an init has started comes to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum End {
    /// With its process group, as far as it has stayed in it: there is no init.
    Group,
    /// With the init, which is pid 1.
    Init,
    /// By the init, which is a warden, when its lifeline ends. Killing it would set free what it looks after.
    Warden,
}

impl End {
    fn of(order: &Order) -> Self {
        match order.confine {
            None => Self::Group,
            Some(Confine::Namespaces(_)) => Self::Init,
            Some(Confine::Shared(_)) => Self::Warden,
        }
    }
}

/// A running init, and with it everything inside its sandbox. Dropping it kills and reaps.
#[derive(Debug)]
pub(crate) struct Child {
    pid: i32,
    pidfd: OwnedFd,
    records: Mutex<File>,
    lifeline: Mutex<Option<OwnedFd>>,
    end: End,
    waited: Mutex<Option<Waited>>,
    stopped: AtomicBool,
    /// Goes last: it is empty when the init has been reaped.
    group: Option<Group>,
}

impl Child {
    /// Returns a descriptor that becomes readable when the init has ended.
    pub(crate) fn pidfd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }

    /// Returns whether it is an init, which says by records how its payload ended.
    pub(crate) fn is_init(&self) -> bool {
        self.end != End::Group
    }

    /// Returns whether it is an init that a payload may reach, where the kernel keeps no signals in.
    pub(crate) fn is_warden(&self) -> bool {
        self.end == End::Warden
    }

    /// Says that the id maps are written.
    fn let_go(&self) -> io::Result<()> {
        let lifeline = self.lifeline.lock().unwrap_or_else(PoisonError::into_inner);
        lifeline.as_ref().map_or(Ok(0), |lifeline| rustix::io::write(lifeline, b"!"))?;
        Ok(())
    }

    /// Kills everything: the sandbox through its init, or, without one, the process group.
    pub(crate) fn kill(&self) {
        self.signal(Signal::KILL);
    }

    /// Kills everything because its owner has no more use for it.
    pub(crate) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
        self.kill();
    }

    /// Returns whether its owner stopped it.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    /// Fails where it should have a cgroup of its own and is not in it.
    fn is_grouped(&self, wanted: bool) -> Result<(), SetUpError> {
        let is_in = self.group.as_ref().is_some_and(|group| group.holds(self.pid));
        let nowhere = || io::Error::from_raw_os_error(libc::ESRCH);
        (is_in || !wanted).then_some(()).ok_or_else(nowhere).step("find the init in its cgroup")
    }

    /// Returns whether the kernel has killed somebody inside because the memory of all was used up.
    pub(crate) fn ran_out_of_memory(&self) -> bool {
        self.group.as_ref().is_some_and(Group::ran_out_of_memory)
    }

    /// Asks an unconfined process group to end; a confined one needs no manners and is killed.
    pub(crate) fn ask_to_end(&self) -> bool {
        self.signal(if self.is_init() { Signal::KILL } else { Signal::TERM });
        !self.is_init()
    }

    fn signal(&self, signal: Signal) {
        if self.end == End::Warden {
            self.lifeline.lock().unwrap_or_else(PoisonError::into_inner).take();
            return;
        }
        let waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        // Not reaped yet, so neither the pid nor the group can be anybody else's. An error says that it is gone.
        if waited.is_none() {
            let _ = rustix::process::pidfd_send_signal(&self.pidfd, signal);
            if self.end == End::Group
                && let Some(group) = Pid::from_raw(self.pid)
            {
                let _ = rustix::process::kill_process_group(group, signal);
            }
        }
    }

    /// Waits for the end, sweeps what is left of the process group, and says how it ended. Can be repeated.
    pub(crate) fn reap(&self) -> io::Result<Waited> {
        if self.end == End::Group {
            self.await_end()?;
            self.kill();
        }
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        match *waited {
            Some(known) => Ok(known),
            None => Ok(*waited.insert(unix::wait4(self.pid)?.1)),
        }
    }

    fn await_end(&self) -> io::Result<()> {
        use rustix::event::{PollFd, PollFlags, poll};
        let mut ends = [PollFd::new(&self.pidfd, PollFlags::IN)];
        loop {
            match poll(&mut ends, None) {
                Err(rustix::io::Errno::INTR) => {}
                result => return Ok(result.map(drop)?),
            }
        }
    }

    /// Returns what the init had to say. To be called after its end.
    pub(crate) fn records(&self) -> io::Result<Vec<Record>> {
        let mut bytes = Vec::new();
        let mut file = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        (&mut *file).take(MAX_RECORDS).read_to_end(&mut bytes)?;
        Ok(parse_records(&bytes))
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
        let _ = self.reap();
    }
}
