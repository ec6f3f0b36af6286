//! Attacks on the kernel: what asks it for more than a learner's program needs.
//!
//! Most of them make a call with nonsense that can do no harm, and succeed if the kernel looked at the nonsense. So a control
//! changes nothing on the machine.

use grade::event::Level;
use libc::c_long;

use crate::attack::{Attack, NO_SUCH_CALL, ONLY_ROOT, attack};

pub fn attacks() -> Vec<Attack> {
    let calls = CALLS.iter().chain(CALLS_HERE).map(|call| {
        let (number, name, call, arguments) = *call;
        attack(number, format!("it calls {name}"), format!("reaches({call}, {arguments})"))
            .unless(ONLY_ROOT)
            .unless(NO_SUCH_CALL)
    });
    calls.chain(namespaces()).chain(other_abis()).chain(terminals()).chain(rest()).collect()
}

/// Number of the plan, name, number of the call, arguments.
type Call = (u8, &'static str, c_long, &'static str);

const CALLS: &[Call] = &[
    (23, "process_vm_readv", libc::SYS_process_vm_readv, "os.getpid(), 0, 0, 0, 0, 0"),
    (23, "process_vm_writev", libc::SYS_process_vm_writev, "os.getpid(), 0, 0, 0, 0, 0"),
    (23, "kcmp", libc::SYS_kcmp, "os.getpid(), os.getpid(), 0, 0, 0"),
    (23, "pidfd_getfd", libc::SYS_pidfd_getfd, "-1, 0, 0"),
    (23, "process_madvise", libc::SYS_process_madvise, "-1, 0, 0, 0, 0"),
    (15, "name_to_handle_at", libc::SYS_name_to_handle_at, "-100, b'/', 0, 0, -1"),
    (15, "open_by_handle_at", libc::SYS_open_by_handle_at, "-1, 0, 0"),
    (15, "fanotify_init", libc::SYS_fanotify_init, "0x200, 0"),
    (15, "fanotify_mark", libc::SYS_fanotify_mark, "-1, 0, 0, 0, 0"),
    (59, "setns", libc::SYS_setns, "-1, 0"),
    (59, "unshare", libc::SYS_unshare, "0"),
    (59, "clone3", libc::SYS_clone3, "0, 0"),
    (60, "mount", libc::SYS_mount, "b'none', b'/', b'no-such-kind', 0, 0"),
    (60, "umount2", libc::SYS_umount2, "b'/no-such-mount', 2"),
    (60, "pivot_root", libc::SYS_pivot_root, "b'/no-such-folder', b'/no-such-folder'"),
    (60, "chroot", libc::SYS_chroot, "b'/no-such-folder'"),
    (60, "open_tree", libc::SYS_open_tree, "-100, b'/no-such-folder', 0"),
    (60, "move_mount", libc::SYS_move_mount, "-1, b'', -1, b'', -1"),
    (60, "fsopen", libc::SYS_fsopen, "b'no-such-kind', 0"),
    (60, "fsconfig", libc::SYS_fsconfig, "-1, 99, 0, 0, 0"),
    (60, "fsmount", libc::SYS_fsmount, "-1, 0, 0"),
    (60, "fspick", libc::SYS_fspick, "-1, b'', 0"),
    (60, "mount_setattr", libc::SYS_mount_setattr, "-1, b'', -1, 0, 0"),
    (60, "statmount", 457, "0, 0, 0, -1"),
    (60, "listmount", 458, "0, 0, 0, -1"),
    (60, "open_tree_attr", 467, "-1, b'', -1, 0, 0"),
    (61, "keyctl", libc::SYS_keyctl, "0, -3, 1"),
    (61, "add_key", libc::SYS_add_key, "b'user', b'mine', b'x', 1, -2"),
    (61, "request_key", libc::SYS_request_key, "0, 0, 0, 0"),
    (61, "bpf", libc::SYS_bpf, "0, 0, 0"),
    (61, "perf_event_open", libc::SYS_perf_event_open, "0, 0, -1, -1, 0"),
    (61, "userfaultfd", libc::SYS_userfaultfd, "1"),
    (61, "io_uring_setup", libc::SYS_io_uring_setup, "1, 0"),
    (61, "io_uring_enter", libc::SYS_io_uring_enter, "-1, 0, 0, 0, 0, 0"),
    (61, "io_uring_register", libc::SYS_io_uring_register, "-1, 0, 0, 0"),
    (61, "memfd_create", libc::SYS_memfd_create, "b'name', 0"),
    (61, "memfd_secret", libc::SYS_memfd_secret, "0"),
    (61, "init_module", libc::SYS_init_module, "0, 0, 0"),
    (61, "finit_module", libc::SYS_finit_module, "-1, b'', 0"),
    (61, "delete_module", libc::SYS_delete_module, "b'no-such-module', 0o4000"),
    (61, "kexec_load", libc::SYS_kexec_load, "0, 1000, 0, -1"),
    (61, "syslog", libc::SYS_syslog, "10, 0, 0"),
    (61, "reboot", libc::SYS_reboot, "1, 2, 3, 0"),
    (61, "swapon", libc::SYS_swapon, "b'/no-such-file', 0"),
    (61, "swapoff", libc::SYS_swapoff, "b'/no-such-file'"),
    (61, "settimeofday", libc::SYS_settimeofday, "1, 0"),
    (61, "clock_settime", libc::SYS_clock_settime, "0, 1"),
    (61, "clock_adjtime", libc::SYS_clock_adjtime, "0, 1"),
    (61, "adjtimex", libc::SYS_adjtimex, "1"),
    (61, "sethostname", libc::SYS_sethostname, "b'x', -1"),
    (61, "setdomainname", libc::SYS_setdomainname, "b'x', -1"),
    (61, "acct", libc::SYS_acct, "b'/no-such-file'"),
    (61, "quotactl", libc::SYS_quotactl, "-1, 0, 0, 0"),
    (61, "quotactl_fd", libc::SYS_quotactl_fd, "-1, -1, 0, 0"),
    (61, "vhangup", libc::SYS_vhangup, ""),
    (61, "mbind", libc::SYS_mbind, "1, 0, 99, 0, 0, -1"),
    (61, "set_mempolicy", libc::SYS_set_mempolicy, "99, 0, 0"),
    (61, "migrate_pages", libc::SYS_migrate_pages, "-1, 0, 0, 0"),
    (61, "move_pages", libc::SYS_move_pages, "0, 0, 0, 0, 0, -1"),
    (61, "set_mempolicy_home_node", 450, "0, 0, 0, -1"),
    (64, "shmget", libc::SYS_shmget, "0, 0, 0o600"),
    (64, "shmat", libc::SYS_shmat, "-1, 0, 0"),
    (64, "shmctl", libc::SYS_shmctl, "-1, 99, 0"),
    (64, "semget", libc::SYS_semget, "0, -1, 0"),
    (64, "semop", libc::SYS_semop, "-1, 0, 0"),
    (64, "semtimedop", libc::SYS_semtimedop, "-1, 0, 0, 0"),
    (64, "semctl", libc::SYS_semctl, "-1, 0, 99, 0"),
    (64, "msgget", libc::SYS_msgget, "0x7ffffff1, 0"),
    (64, "msgsnd", libc::SYS_msgsnd, "-1, 0, 0, 0"),
    (64, "msgrcv", libc::SYS_msgrcv, "-1, 0, 0, 0, 0"),
    (64, "msgctl", libc::SYS_msgctl, "-1, 99, 0"),
    (64, "mq_open", libc::SYS_mq_open, "b'no-such-queue', 0, 0, 0"),
    (64, "mq_unlink", libc::SYS_mq_unlink, "b'no-such-queue'"),
    (65, "personality", libc::SYS_personality, "0x40000"),
];

/// Calls of this architecture only.
#[cfg(target_arch = "x86_64")]
const CALLS_HERE: &[Call] = &[
    (61, "kexec_file_load", libc::SYS_kexec_file_load, "-1, -1, 0, 0, -1"),
    (61, "iopl", libc::SYS_iopl, "4"),
    (61, "ioperm", libc::SYS_ioperm, "-1, -1, 0"),
    (61, "modify_ldt", libc::SYS_modify_ldt, "0, 0, 0"),
    (61, "uselib", libc::SYS_uselib, "b'/no-such-file'"),
];
#[cfg(not(target_arch = "x86_64"))]
const CALLS_HERE: &[Call] = &[];

/// Each kind by every call that makes it. With a user namespace an ordinary user may make the others.
fn namespaces() -> Vec<Attack> {
    let kinds = [
        ("user", 0),
        ("mount", libc::CLONE_NEWNS),
        ("pid", libc::CLONE_NEWPID),
        ("network", libc::CLONE_NEWNET),
        ("ipc", libc::CLONE_NEWIPC),
        ("name", libc::CLONE_NEWUTS),
        ("cgroup", libc::CLONE_NEWCGROUP),
        ("time", 0x80),
    ];
    kinds.into_iter().flat_map(|(kind, flag)| namespace(kind, flag)).collect()
}

fn namespace(kind: &str, flag: i32) -> Vec<Attack> {
    let (flags, unshare) = (flag | libc::CLONE_NEWUSER, libc::SYS_unshare);
    let by = |call: &str, code: String| {
        let attack = attack(59, format!("it makes a {kind} namespace by {call}"), code);
        attack.unless(ONLY_ROOT).unless(NO_SUCH_CALL)
    };
    let clone = CLONE.replace("CLONE", &libc::SYS_clone.to_string());
    let mut attacks = vec![
        by("unshare", format!("only_root(lambda: in_child(lambda: call({unshare}, {flags})))")),
        by("clone3", CLONE3.replace("FLAGS", &flags.to_string())),
    ];
    // The flag of a time namespace is where clone has the signal.
    if kind != "time" {
        attacks.push(by("clone", clone.replace("FLAGS", &(flags | libc::SIGCHLD).to_string())));
    }
    if kind != "user" {
        let code = format!("only_root(lambda: in_child(lambda: call({unshare}, {flag})))");
        attacks.push(by("unshare with the rights that it has", code));
    }
    attacks
}

const CLONE: &str = "
child = only_root(lambda: call(CLONE, FLAGS, 0, 0, 0, 0))
if child == 0:
    os._exit(0)
os.waitpid(child, 0)";

const CLONE3: &str = "
try:
    child = only_root(lambda: call(435, struct.pack('Q24xQ48x', FLAGS, signal.SIGCHLD), 88))
except OSError as error:
    control_needs(error.errno != errno.ENOSYS, NO_SUCH_CALL)
    raise
if child == 0:
    os._exit(0)
os.waitpid(child, 0)";

/// Numbers of other architectures, which a list of this one's does not know.
fn other_abis() -> Vec<Attack> {
    if !cfg!(target_arch = "x86_64") {
        return Vec::new();
    }
    vec![
        attack(62, "it makes a call of the x32 ABI", "reaches(0x40000000 + 39)").unless(NO_SUCH_CALL),
        attack(62, "it makes a call of 32-bit programs", INT_80).unless(NO_32_BIT),
    ]
}

/// Machine code: `mov eax, 20; int 0x80; ret`, which asks for the process id.
const INT_80: &str = r"
import mmap
def ask():
    code = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    code.write(b'\xb8\x14\0\0\0\xcd\x80\xc3')
    address = ctypes.addressof(ctypes.c_char.from_buffer(code))
    answer = ctypes.CFUNCTYPE(ctypes.c_int)(address)()
    if answer != os.getpid():
        raise OSError(errno.ENOSYS, 'another answer')
try:
    in_child(ask)
except Refused:
    control_needs(False, 'this kernel runs no 32-bit programs')
    raise";
const NO_32_BIT: &str = "this kernel runs no 32-bit programs";

fn terminals() -> Vec<Attack> {
    let on_terminal = |name: &'static str, code: &str| attack(63, name, TERMINAL.replace("ACT", code));
    vec![
        on_terminal("it types into its terminal", "type_into()").unless(NO_TYPING),
        on_terminal("it pastes into the console", "reach(0x541C)"),
        on_terminal(
            "it changes the line discipline of its terminal",
            "fcntl.ioctl(0, 0x5423, struct.pack('i', 0))",
        ),
        attack(63, "it opens the terminal of whoever grades", "os.open('/dev/tty', os.O_RDWR)")
            .control(TERMINAL.replace("ACT", "os.open('/dev/tty', os.O_RDWR)")),
        attack(
            63,
            "it opens the terminals of the host",
            "found = set(os.listdir('/dev')) & {'tty0', 'ttyS0', 'console'}
control_needs(found, 'the host has no terminals')
ensure(found, 'none')",
        )
        .unless("the host has no terminals")
        .open_at(Level::Limits, OF_THE_HOST),
    ]
}

/// In a child with a terminal of its own. Kernels may refuse typing for everybody: `dev.tty.legacy_tiocsti`.
const TERMINAL: &str = "
import fcntl, pty, termios
def type_into():
    try:
        fcntl.ioctl(0, termios.TIOCSTI, b'x')
    except OSError as error:
        if error.errno == errno.EIO: os._exit(99)
        raise
def reach(request):
    try:
        fcntl.ioctl(0, request, b'x')
    except OSError as error:
        if error.errno == errno.EPERM: raise
child, terminal = pty.fork()
if child == 0:
    try:
        ACT
    except OSError as error:
        os._exit(error.errno)
    os._exit(0)
code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
control_needs(code != 99, 'nobody may type into terminals here')
ensure(code == 0, errno.errorcode.get(code, code))";
const NO_TYPING: &str = "nobody may type into terminals here";

const OF_THE_HOST: &str = "files are those of the host";

fn rest() -> Vec<Attack> {
    vec![
        attack(65, "it changes which users it may become", "write('/proc/self/uid_map', '0 0 1')")
            .control(MAP_USERS)
            .unless(ONLY_ROOT),
        attack(
            65,
            "it changes how soon the kernel ends it for memory",
            "write('/proc/self/oom_score_adj', '1000')",
        )
        .open_at(Level::Limits, OF_THE_HOST),
        attack(65, "it makes itself the last that the kernel ends for memory", LAST_TO_GO).unless(ONLY_ROOT),
        attack(65, "it changes what root may", "only_root(lambda: checked(libc.prctl(28, 0, 0, 0, 0)))")
            .unless(ONLY_ROOT),
    ]
}

const MAP_USERS: &str = "
users = f'0 {os.getuid()} 1'
only_root(lambda: in_child(lambda: checked(libc.unshare(0x10000000)) or write('/proc/self/uid_map', users)))";

const LAST_TO_GO: &str = "only_root(lambda: write('/proc/self/oom_score_adj', '-1000'))";
