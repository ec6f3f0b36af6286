//! The outer end of a sandbox: clones the init into new namespaces, maps its ids, hands it the order, and kills it.
//!
//! ```text
//! grade ── clone ──► child: arranges descriptors, waits for one byte ── execveat ──► init (`grade __sandbox-init`)
//!   │  uid_map, gid_map        ▲
//!   └── one byte ──────────────┘ lifeline: a pipe of which only grade holds the other end
//! ```
//!
//! The *lifeline* says two things. Its one byte: the id maps are written, go on. Its end: grade is gone, however it
//! went, so the init exits, and with pid 1 the kernel kills everything in the pid namespace. `PR_SET_PDEATHSIG` is not
//! used: it fires when the *thread* that cloned ends, and threads of a pool do.
//! The child closes all descriptors but its own at once, so that two children cannot keep each other's lifeline open.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read};
use std::marker::PhantomData;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustix::process::{Pid, Signal};

use super::bubblewrap;
use super::cgroup::{Delegated, Group};
use super::layer::Layer;
use super::sys;
use super::unix::{self, Waited};
use super::wire::{Confine, Order, Record, SetUpError, Step, parse_records};

/// The word that makes `grade` an init: `grade __sandbox-init`.
pub const INIT_WORD: &str = "__sandbox-init";

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

/// `CLONE_INTO_CGROUP` of linux/sched.h; libc's overflows.
const CLONE_INTO_CGROUP: u64 = 0x2_0000_0000;

/// Starts inits: holds the program that becomes one.
#[derive(Debug, Clone)]
pub struct Launcher {
    program: Arc<OwnedFd>,
    /// Where each sandbox gets a cgroup of its own.
    groups: Option<Delegated>,
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
        Ok(Self { program: Arc::new(sys::open_place(program)?), groups: None })
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
        let null = File::options().read(true).write(true).open("/dev/null").step("open /dev/null")?;
        let null = null.as_fd();
        let head = [null, null, null, order_file.as_fd(), records_in.as_fd(), lifeline_out.as_fd()];
        let groups = self.groups.as_ref().filter(|_| order.grouped && !order.omitted.has(Layer::Group));
        let group = groups.map(|groups| groups.group(&order.policy)).transpose()?;
        let door = group.as_ref().filter(|_| order.adopts()).map(Group::door).transpose()?;
        let streams = [stdio.input, stdio.output, stdio.error];
        let passed = passed.iter().copied().chain(door.as_ref().map(AsFd::as_fd));
        let head = head.into_iter().chain(streams).chain(passed);
        let namespaces = order.confine.as_ref().and_then(Confine::namespaces);
        let ours = namespaces.filter(|own| own.bubblewrap.is_none());
        let (program, command_line) = match namespaces.and_then(|own| own.bubblewrap.as_ref()) {
            Some(bubblewrap) => self.through(bubblewrap, order).step("ask bubblewrap for a sandbox")?,
            None => (None, vec![c"grade".to_owned(), c"__sandbox-init".to_owned()]),
        };
        let program = program.as_ref().map_or(self.program.as_fd(), AsFd::as_fd);
        let flags = ours.map_or(0, |_| order.omitted.namespaces(NAMESPACES));
        let mut plan = Plan::new(head, program, &command_line, flags);
        let (pid, pidfd) = match &group {
            Some(group) => {
                plan.clone_child_into(&group.open()?).step("create namespaces and enter a cgroup")?
            }
            None => plan.clone_child().step("create namespaces")?,
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

    /// Returns bubblewrap and its command line, at the end of which is this program.
    fn through(&self, bubblewrap: &Path, order: &Order) -> io::Result<(Option<OwnedFd>, Vec<CString>)> {
        let own = std::fs::read_link(format!("/proc/self/fd/{}", self.program.as_raw_fd()))?;
        Ok((Some(sys::open_place(bubblewrap)?), bubblewrap::command_line(&order.policy, &own)?))
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

/// Returns a kernel id that nobody has: above all ranges of <https://systemd.io/UIDS-GIDS/>, or, in a container that was
/// given fewer ids, below `nobody`.
pub(super) fn spare_id() -> io::Result<u32> {
    let maps =
        [std::fs::read_to_string("/proc/self/uid_map")?, std::fs::read_to_string("/proc/self/gid_map")?];
    let candidates = [2_147_480_000, 65_530];
    let found = candidates.into_iter().find(|id| maps.iter().all(|map| is_mapped(map, *id)));
    found.ok_or_else(|| io::Error::from_raw_os_error(libc::EPERM))
}

fn is_mapped(map: &str, id: u32) -> bool {
    map.lines().any(|line| {
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        matches!(numbers[..], [first, _, count] if (first..first + count).contains(&id.into()))
    })
}

/// What the cloned child does before it executes the init; made beforehand, as the child may not allocate.
struct Plan<'a> {
    /// The descriptors that become 0, 1, 2, …; the last one is the program.
    descriptors: Vec<RawFd>,
    /// Its command line; a null pointer ends it.
    command_line: Vec<*const libc::c_char>,
    /// The namespaces that it gets, in which it keeps its capabilities.
    namespaces: libc::c_int,
    /// The words of the command line live as long as the plan.
    _words: PhantomData<&'a [CString]>,
}

impl<'a> Plan<'a> {
    fn new(
        head: impl Iterator<Item = BorrowedFd<'a>>,
        program: BorrowedFd<'a>,
        command_line: &'a [CString],
        namespaces: libc::c_int,
    ) -> Self {
        let words = command_line.iter().map(|word| word.as_ptr()).chain([std::ptr::null()]);
        Self {
            descriptors: head.chain([program]).map(|fd| fd.as_raw_fd()).collect(),
            command_line: words.collect(),
            namespaces,
            _words: PhantomData,
        }
    }

    /// Clones, and returns the child's pid and pidfd. The child never returns.
    ///
    /// By `clone`, as containers' filters answer ENOSYS to `clone3`, also where they have nothing against its flags.
    fn clone_child(&mut self) -> io::Result<(i32, OwnedFd)> {
        let mut pidfd: RawFd = -1;
        let flags = (libc::CLONE_PIDFD | self.namespaces | libc::SIGCHLD) as libc::c_long;
        // SAFETY: without CLONE_VM this is a fork: the child has its own copy of everything, its stack too. Other
        // threads may hold locks at this moment, so the child only makes system calls (see `child::run`) and never
        // returns. The kernel stores the pidfd through the third argument, which is a live local.
        let pid = unsafe { libc::syscall(libc::SYS_clone, flags, 0, &raw mut pidfd, 0, 0) };
        // SAFETY: `pid` and `pidfd` come from the clone above.
        unsafe { self.go_on(pid, pidfd) }
    }

    /// Does the same, with a child that is in a cgroup from its first moment: to move it later would wait for the whole machine.
    /// Only `clone3` can do that: clone(2).
    fn clone_child_into(&mut self, group: &OwnedFd) -> io::Result<(i32, OwnedFd)> {
        let mut pidfd: RawFd = -1;
        // SAFETY: an all-zero `clone_args` is a valid value of that plain C struct.
        let mut wanted: libc::clone_args = unsafe { std::mem::zeroed() };
        wanted.flags = (libc::CLONE_PIDFD | self.namespaces) as u64 | CLONE_INTO_CGROUP;
        wanted.pidfd = (&raw mut pidfd) as u64;
        wanted.exit_signal = libc::SIGCHLD as u64;
        wanted.cgroup = group.as_raw_fd() as u64;
        // SAFETY: as in `clone_child`; the struct lives until the call returns, and its size is passed along.
        let pid = unsafe { libc::syscall(libc::SYS_clone3, &raw mut wanted, size_of::<libc::clone_args>()) };
        // SAFETY: `pid` and `pidfd` come from the clone above.
        unsafe { self.go_on(pid, pidfd) }
    }

    /// Goes on after a clone: as the child, which never returns, or with its pid and pidfd.
    ///
    /// # Safety
    ///
    /// To be called at once with what a clone has returned and stored.
    unsafe fn go_on(&mut self, pid: libc::c_long, pidfd: RawFd) -> io::Result<(i32, OwnedFd)> {
        match pid {
            // SAFETY: this is the child of the clone, and the plan was made before it.
            0 => unsafe { child::run(&mut self.descriptors, &self.command_line, self.namespaces != 0) },
            // SAFETY: the kernel stored a new descriptor in `pidfd`, which nobody else owns.
            1.. => Ok((pid as i32, unsafe { OwnedFd::from_raw_fd(pidfd) })),
            _ => Err(io::Error::last_os_error()),
        }
    }
}

/// The cloned child between clone and exec: system calls on memory that was prepared, and nothing else.
mod child {
    use super::{LIFELINE, RECORDS};
    use std::os::fd::RawFd;

    const CAPABILITY_VERSION_3: u32 = 0x2008_0522;

    /// Arranges the descriptors, waits for the go-ahead, keeps its capabilities, executes the init.
    ///
    /// # Safety
    ///
    /// To be called in a freshly cloned child only, with descriptors that were open in the parent, and a command line of C strings that a
    /// null pointer ends.
    pub(super) unsafe fn run(
        descriptors: &mut [RawFd],
        command_line: &[*const libc::c_char],
        namespaces: bool,
    ) -> ! {
        // SAFETY: (the whole body) only async-signal-safe system calls; pointers are to statics, to locals, or to the
        // slice, all of which outlive the calls; no allocation, no lock, no unwinding.
        unsafe {
            let count = descriptors.len() as RawFd;
            // First out of the way of 0, 1, 2, …, then there; a complaint goes to wherever the record pipe is by then.
            let mut records = descriptors[RECORDS as usize];
            for descriptor in descriptors.iter_mut() {
                *descriptor =
                    ok(libc::fcntl(*descriptor, libc::F_DUPFD, count), records, b"arrange descriptors");
            }
            records = descriptors[RECORDS as usize];
            for (number, descriptor) in (0..).zip(descriptors.iter()) {
                ok(libc::dup2(*descriptor, number), records, b"arrange descriptors");
            }
            let closed = libc::syscall(libc::SYS_close_range, count, u32::MAX, 0);
            ok(closed as libc::c_int, RECORDS, b"close inherited descriptors");
            let program = count - 1;
            ok(libc::fcntl(program, libc::F_SETFD, libc::FD_CLOEXEC), RECORDS, b"arrange descriptors");
            let mut go = 0_u8;
            if libc::read(LIFELINE, (&raw mut go).cast(), 1) != 1 {
                libc::_exit(0);
            }
            if namespaces {
                keep_capabilities();
            }
            let argv = command_line;
            let envp = [std::ptr::null::<libc::c_char>()];
            let flags = libc::AT_EMPTY_PATH;
            libc::syscall(libc::SYS_execveat, program, c"".as_ptr(), argv.as_ptr(), envp.as_ptr(), flags);
            fail(RECORDS, b"execute the init");
        }
    }

    /// Makes all capabilities ambient, so that they outlive the exec of a user who is not root inside.
    unsafe fn keep_capabilities() {
        // SAFETY: as in `run`; the capability structs are locals of the size that version 3 prescribes.
        unsafe {
            let mut header = [CAPABILITY_VERSION_3, 0];
            let mut data = [0_u32; 6]; // twice (effective, permitted, inheritable): low, then high words
            let pointer = header.as_mut_ptr();
            ok(
                libc::syscall(libc::SYS_capget, pointer, data.as_mut_ptr()) as libc::c_int,
                RECORDS,
                b"read capabilities",
            );
            (data[2], data[5]) = (data[1], data[4]);
            ok(
                libc::syscall(libc::SYS_capset, pointer, data.as_ptr()) as libc::c_int,
                RECORDS,
                b"keep capabilities",
            );
            for capability in 0..64 {
                let word = data[if capability < 32 { 1 } else { 4 }];
                if word & (1 << (capability % 32)) != 0 {
                    let raise = libc::PR_CAP_AMBIENT_RAISE;
                    ok(
                        libc::prctl(libc::PR_CAP_AMBIENT, raise, capability, 0, 0),
                        RECORDS,
                        b"keep capabilities",
                    );
                }
            }
        }
    }

    unsafe fn ok(result: libc::c_int, records: RawFd, step: &[u8]) -> libc::c_int {
        if result < 0 {
            // SAFETY: as in `run`.
            unsafe { fail(records, step) }
        }
        result
    }

    /// Writes a `Record::Failed` by hand and ends.
    unsafe fn fail(records: RawFd, step: &[u8]) -> ! {
        // SAFETY: as in `run`.
        unsafe {
            let errno = *libc::__errno_location();
            let digits =
                [b'0' + (errno / 100 % 10) as u8, b'0' + (errno / 10 % 10) as u8, b'0' + (errno % 10) as u8];
            let significant = &digits[usize::from(errno < 10) + usize::from(errno < 100)..];
            for part in [&b"{\"Failed\":{\"step\":\""[..], step, b"\",\"errno\":", significant, b"}}\n"] {
                libc::write(records, part.as_ptr().cast(), part.len());
            }
            libc::_exit(127);
        }
    }
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
