//! Attacks on other processes, and by many of them.

use std::time::Duration;

use crate::attack::{Attack, attack};
use grade::event::Level;

pub fn attacks() -> Vec<Attack> {
    let signals = signals()
        .into_iter()
        .map(|attack| attack.open_below(Level::Restricted, LANDLOCK_SIGNALS, OLD_LANDLOCK));
    let on_others = [signals.collect(), memory(), sight(), settings()];
    let on_others = on_others.into_iter().flatten().map(|attack| attack.open_at(Level::Limits, USERS_OWN));
    on_others.chain(bombs()).chain(daemons()).collect()
}

/// Each process forks as often as it can; the control forks 200 times and clears up.
fn bombs() -> Vec<Attack> {
    let variants = [
        ("of processes", "pass"),
        ("of processes that ignore SIGTERM", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"),
        ("of processes in sessions of their own", "os.setsid()"),
        ("of processes whose parents are gone", "os.fork() and os._exit(0)"),
    ];
    let bomb = |(kind, each): (&str, &str)| {
        attack(19, format!("it is a bomb {kind}"), BOMB.replace("EACH", each))
            .control(BOUNDED_BOMB.replace("EACH", each))
            .times_out(Duration::from_secs(1))
            .limits(|limits| limits.processes = 40)
    };
    let most = attack(19, "it has more processes than it may", MANY).limits(|limits| limits.processes = 40);
    variants.map(bomb).into_iter().chain([most]).map(Attack::alone).collect()
}

/// The count is for levels that do not hold it.
const BOMB: &str = "
import mmap
count = mmap.mmap(-1, 8)
while True:
    try:
        if count[0] < 250 and os.fork() == 0:
            count[0] += 1
            EACH
    except BlockingIOError:
        time.sleep(0.01)";

const BOUNDED_BOMB: &str = "
reader, writer = os.pipe()
for _ in range(200):
    if os.fork() == 0:
        EACH
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
os.close(writer)";

const MANY: &str = "
reader, writer = os.pipe()
for _ in range(100):
    if os.fork() == 0:
        os.close(writer)
        os.read(reader, 1)
        os._exit(0)
os.close(writer)";

fn daemons() -> Vec<Attack> {
    let leaves = |name: &'static str, code: &'static str| attack(20, name, code).vanishes();
    vec![
        leaves("it leaves a process behind", "os.fork() or os.setsid() or stay()"),
        leaves(
            "it leaves a daemon of a daemon behind",
            "os.fork() or os.setsid() or os.fork() and os._exit(0) or stay()",
        ),
        leaves("it leaves a program behind that ignores SIGTERM", LEAVE_PROGRAM),
        leaves("it leaves many process groups behind", LEAVE_MANY),
    ]
}

const LEAVE_PROGRAM: &str = "
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    os.execv('/bin/sh', ['sh', '-c', 'sleep 30 <&- >&- 2>&-'])";

const LEAVE_MANY: &str = "
for _ in range(10):
    if os.fork() == 0:
        os.setpgid(0, 0)
        stay()";

fn signals() -> Vec<Attack> {
    let victim =
        |name: &'static str, signal: &str| attack(22, name, format!("os.kill(int(VICTIM), {signal})"));
    let parent = |name: &'static str, signal: &str| attack(22, name, SIGNAL_PARENT.replace("SIGNAL", signal));
    vec![
        victim("it kills another process of the user", "signal.SIGKILL"),
        victim("it stops another process of the user", "signal.SIGSTOP"),
        victim("it looks whether another process is there", "0"),
        parent("it kills its parent", "signal.SIGKILL"),
        parent("it stops its parent", "signal.SIGSTOP"),
        parent("it ends its parent politely", "signal.SIGTERM"),
        // Where the kernel lets it reach nobody, it says that all went well.
        attack(22, "it sends a signal to everything that it can", "os.kill(-1, 0)\nos.kill(int(VICTIM), 0)"),
        attack(22, "it kills by a descriptor of a process", KILL_BY_DESCRIPTOR),
    ]
}

/// An init takes no deadly signal from inside, and the kernel may answer as if it did. Any other parent is this program.
const SIGNAL_PARENT: &str = "
is_init = os.getppid() == 1
os.kill(os.getppid(), SIGNAL if is_init else 0)
if is_init:
    time.sleep(0.1)
    state = open('/proc/1/stat').read().rsplit(')', 1)[1].split()[0]
    ensure(state in 'TZX', f'sent, but its state is {state}')";

const KILL_BY_DESCRIPTOR: &str = "signal.pidfd_send_signal(os.pidfd_open(int(VICTIM)), signal.SIGKILL)";

fn memory() -> Vec<Attack> {
    let of = |who: &'static str, pid: &'static str| {
        let attacks = [
            (
                "attaches a debugger to",
                format!(
                    "attaching(); checked(libc.ptrace(16, {pid}, 0, 0)); os.waitpid({pid}, 0x40000000); checked(libc.ptrace(17, {pid}, 0, 0))"
                ),
            ),
            ("opens the memory of", format!("attaching(); open(f'/proc/{{{pid}}}/mem', 'rb')")),
            ("lists the open files of", format!("os.listdir(f'/proc/{{{pid}}}/fd')")),
            ("learns the program of", format!("os.readlink(f'/proc/{{{pid}}}/exe')")),
            (
                "reads the map of the memory of",
                format!("ensure(open(f'/proc/{{{pid}}}/maps').read(), 'empty')"),
            ),
            ("reads the environment of", format!("ensure(open(f'/proc/{{{pid}}}/environ').read(), 'empty')")),
        ];
        attacks.map(|(act, code)| attack(23, format!("it {act} {who}"), code).unless(YAMA))
    };
    // To attach to the parent is left out: in a control that would be this program, which would wait for the attack.
    let parent = of("its parent", "os.getppid()").into_iter().skip(1);
    let others = [
        attack(23, "it reads another process's memory by a system call", READ_MEMORY).unless(YAMA),
        attack(23, "it takes a descriptor of another process", TAKE_DESCRIPTOR).unless(YAMA),
        attack(23, "it lets itself be traced by its parent", "checked(libc.ptrace(0, 0, 0, 0))")
            .control("in_child(lambda: checked(libc.ptrace(0, 0, 0, 0)))"),
        attack(68, "it finds a channel that nobody gave it", FIND_CHANNEL).control_without_grade(),
        attack(68, "it opens its parent's channels to write a forged record", OPEN_CHANNELS),
    ];
    of("another process", "int(VICTIM)").into_iter().chain(parent).chain(others).collect()
}

/// From the address at which its stack ends.
const READ_MEMORY: &str = "
attaching()
class Piece(ctypes.Structure):
    _fields_ = [('base', ctypes.c_void_p), ('length', ctypes.c_size_t)]
stack = [line for line in open(f'/proc/{VICTIM}/maps') if '[stack]' in line]
ensure(stack, 'it shows no stack')
end = int(stack[0].split()[0].split('-')[1], 16)
kept = ctypes.create_string_buffer(4096)
local, remote = Piece(ctypes.addressof(kept), 4096), Piece(end - 4096, 4096)
checked(libc.process_vm_readv(int(VICTIM), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0))
ensure(b'VICTIM=secret' in kept.raw, 'another place')";

const TAKE_DESCRIPTOR: &str = "attaching(); call(438, os.pidfd_open(int(VICTIM)), 0, 0)";

const FIND_CHANNEL: &str =
    "ensure(any(os.path.lexists(f'/proc/self/fd/{number}') for number in range(3, 1024)), 'it has none')";

/// Only pipes: in a control the parent also has the program of `grade` open, which cannot be executed while somebody may write to it.
const OPEN_CHANNELS: &str = "
def opened(number):
    path = f'/proc/{os.getppid()}/fd/{number}'
    try:
        return os.open(path, os.O_WRONLY) if stat.S_ISFIFO(os.stat(path).st_mode) else None
    except OSError:
        return None
ensure(any(opened(number) for number in range(3, 256)), 'none can be opened')";

fn sight() -> Vec<Attack> {
    vec![
        attack(
            24,
            "it finds processes that are not its own",
            "ensure(VICTIM in os.listdir('/proc'), 'not in the list')",
        ),
        attack(
            24,
            "it finds many processes",
            "ensure(sum(name.isdigit() for name in os.listdir('/proc')) > 2, 'only its own')",
        ),
        attack(
            25,
            "it finds a secret in the arguments of any process",
            search("cmdline", "b'secret-in-arguments'"),
        ),
        attack(
            25,
            "it finds a secret in the environment of any process",
            search("environ", "b'VICTIM=secret'"),
        ),
    ]
}

fn search(file: &str, word: &str) -> String {
    SEARCH.replace("FILE", file).replace("WORD", word)
}

/// Not in its own arguments, which hold the word that it looks for.
const SEARCH: &str = "
def text(pid):
    try:
        return open(f'/proc/{pid}/FILE', 'rb').read()
    except OSError:
        return b''
others = [name for name in os.listdir('/proc') if name.isdigit() and name != str(os.getpid())]
ensure(any(text(pid).startswith(WORD) for pid in others), 'nowhere')";

fn settings() -> Vec<Attack> {
    let of = |who: &'static str, pid: &'static str| {
        let attacks = [
            (
                "lowers the limits",
                format!("import resource; resource.prlimit({pid}, resource.RLIMIT_CORE, (0, 0))"),
            ),
            (
                "lowers the priority",
                format!("os.setpriority(os.PRIO_PROCESS, {pid}, os.getpriority(os.PRIO_PROCESS, {pid}))"),
            ),
            ("chooses the processors", format!("os.sched_setaffinity({pid}, os.sched_getaffinity({pid}))")),
            (
                "changes the scheduler",
                format!("os.sched_setscheduler({pid}, os.SCHED_OTHER, os.sched_param(0))"),
            ),
            (
                "offers the kernel the memory",
                format!("name = f'/proc/{{{pid}}}/oom_score_adj'; write(name, open(name).read())"),
            ),
        ];
        attacks.map(|(act, code)| attack(26, format!("it {act} of {who}"), code))
    };
    of("another process", "int(VICTIM)").into_iter().chain(of("its parent", "os.getppid()")).collect()
}

/// The first version that keeps signals in: landlock(7).
pub const LANDLOCK_SIGNALS: u32 = 6;
const OLD_LANDLOCK: &str = "the processes are the user's own, and this Landlock keeps no signals in";
pub const USERS_OWN: &str = "the processes are the user's own, and nothing is put before them";
/// <https://docs.kernel.org/admin-guide/LSM/Yama.html>
const YAMA: &str = "Yama lets nobody look at another process";
