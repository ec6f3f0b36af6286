//! Attacks that use up the machine: time, memory, output, files. Each one stops by itself soon, for levels that do not hold it.

use std::time::Duration;

use grade::outcome::{Exit, Limit};
use grade::sandbox::Limits;

use crate::attack::{Attack, attack};
use grade::event::Level;

const MIB: u64 = 1 << 20;

pub fn attacks() -> Vec<Attack> {
    [time(), memory_of_one(), memory_of_many(), output(), disk(), counts()].into_iter().flatten().collect()
}

fn time() -> Vec<Attack> {
    let one_second: fn(&mut Limits) = |limits| limits.cpu = Duration::from_secs(1);
    let short = Duration::from_millis(500);
    vec![
        attack(30, "it computes for ever", spin("")).times_out(short),
        attack(30, "it computes for ever and ignores every signal", spin(IGNORE_ALL)).times_out(short),
        attack(32, "it sleeps for ever", "time.sleep(2)").times_out(short),
        attack(32, "it stops itself for ever", STOP_ITSELF).times_out(short),
        attack(31, "it uses up its processor time", spin(""))
            .limits(one_second)
            .ends(Exit::LimitHit(Limit::Cpu)),
        attack(31, "it uses up its processor time and ignores the signal", spin(IGNORE_ALL))
            .limits(one_second)
            .ends(Exit::LimitHit(Limit::Cpu)),
        attack(31, "it uses up the processor time of four processes", SPIN_BY_FOUR).limits(one_second),
    ]
}

fn spin(first: &str) -> String {
    format!("{first}\nwhile time.process_time() < 2.5: pass")
}

const IGNORE_ALL: &str = "
for number in range(1, 32):
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        signal.signal(number, signal.SIG_IGN)";

const STOP_ITSELF: &str = "
if os.fork() == 0:
    time.sleep(2)
    os.kill(os.getppid(), signal.SIGCONT)
    os._exit(0)
# Whoever lets it go on once has not ended it.
begun = time.monotonic()
while time.monotonic() < begun + 2:
    os.kill(os.getpid(), signal.SIGSTOP)";

const SPIN_BY_FOUR: &str = "
children = []
for _ in range(4):
    child = os.fork()
    if child == 0:
        while time.process_time() < 1.3: pass
        os._exit(0)
    children.append(child)
signals = [os.WTERMSIG(os.waitpid(child, 0)[1]) for child in children]
ensure(0 in signals, f'all are ended by {signals}')";

const TIGHT: u64 = 160 * MIB;

fn memory_of_one() -> Vec<Attack> {
    let takes = |name: &'static str, code: &'static str| {
        attack(33, name, code).limits(|limits| limits.memory = TIGHT)
    };
    vec![
        takes("it takes too much memory at once", "kept = bytes(256 << 20)"),
        takes("it takes too much memory bit by bit", "kept = [bytes(1 << 20) for _ in range(256)]"),
        takes(
            "it maps too much memory that others could share",
            "import mmap; kept = mmap.mmap(-1, 256 << 20)",
        ),
        takes("it raises its limit of memory", RAISE_MEMORY).control_without_grade(),
        takes("it takes a stack of a gigabyte", DEEP),
        attack(42, "it raises the limit of its stack", "raise_limit('STACK', 1 << 30)")
            .control_without_grade(),
    ]
}

const RAISE_MEMORY: &str = "
raise_limit('AS', 8 << 30)
kept = bytes(256 << 20)";

/// Threads have stacks of any size; that of the first thread is bounded by a limit.
const DEEP: &str = "
import threading
threading.stack_size(1 << 30)
try:
    thread = threading.Thread(target=int)
    thread.start()
    thread.join()
except RuntimeError as error:
    raise Refused(error)";

/// Each of the processes is within the limit of one.
fn memory_of_many() -> Vec<Attack> {
    let takes = |number: u8, name: &'static str, each: &'static str, takes: &'static str| {
        let code = HOGS.replace("EACH", each).replace("TAKEN", takes);
        attack(number, name, code).limits(|limits| limits.memory = TIGHT)
    };
    let named = Exit::LimitHit(Limit::Memory);
    let (own, shared) = ("bytearray(60 << 20)", "mmap.mmap(-1, 60 << 20)");
    vec![
        takes(34, "it takes too much memory by many processes", "pass", own).ends(named),
        takes(34, "it takes too much memory by processes that hide it", HIDE, own).ends(named),
        takes(34, "it takes too much memory by processes whose first thread is gone", LEAVE_THREAD, own)
            .ends(named),
        takes(34, "it takes too much memory by processes in sessions of their own", "os.setsid()", own),
        takes(36, "it takes too much shared memory by many processes", "pass", shared).ends(named),
        takes(47, "it takes too much memory by processes that ignore SIGTERM", IGNORE_TERM, own).ends(named),
        attack(36, "it keeps memory in files without a name", "os.memfd_create('name')"),
        buffers("it keeps memory in the buffers of pipes", "os.pipe()").unless(BOUNDED_PIPES),
        buffers("it keeps memory in the buffers of sockets", "socket.socketpair()").ends(named),
        attack(36, "it keeps shared memory of which it has mapped a page", UNMAPPED)
            .limits(|limits| (limits.memory, limits.scratch) = (TIGHT, MIB))
            .ends(named)
            .open_without_group("only a cgroup counts memory that nobody has mapped"),
    ]
}

/// Succeeds if all have their memory at the same time, for long enough to be seen.
const HOGS: &str = "
import mmap
reader, writer = os.pipe()
def hog():
    memory = TAKEN
    memory[::4096] = bytes(len(memory) // 4096)
    os.write(writer, b'x')
    stay(2)
for _ in range(6):
    if os.fork() == 0:
        EACH
        hog()
os.close(writer)
taken = 0
while taken < 6 and (said := os.read(reader, 6)):
    taken += len(said)
time.sleep(0.4)
alive = sum(1 for _ in range(6) if os.waitpid(-1, os.WNOHANG) == (0, 0))
ensure(alive == 6, f'{alive} of 6 are left')";

/// Not dumpable: `PR_SET_DUMPABLE`.
const HIDE: &str = "checked(libc.prctl(4, 0, 0, 0, 0))";
const IGNORE_TERM: &str = "signal.signal(signal.SIGTERM, signal.SIG_IGN)";
/// Python would wait for the other thread. The memory is taken once the first is gone.
const LEAVE_THREAD: &str = "
        import threading
        def hog_alone():
            try:
                while ') Z' not in open('/proc/self/stat').read():
                    time.sleep(0.01)
            except PermissionError:
                time.sleep(0.5)
            hog()
        threading.Thread(target=hog_alone).start()
        ctypes.CDLL(None).pthread_exit(None)";

/// The kernel keeps all of a shared mapping for as long as some of it is mapped, and shows only what is mapped.
const UNMAPPED: &str = "
import mmap
def shared():
    return int(open('/proc/meminfo').read().split('Shmem:')[1].split()[0]) >> 10
before, kept = shared(), []
for _ in range(8):
    memory = mmap.mmap(-1, 60 << 20)
    memory[::4096] = bytes(len(memory) // 4096)
    address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
    checked(libc.munmap(ctypes.c_void_p(address + 4096), ctypes.c_size_t((60 << 20) - 4096)))
    kept.append(memory)
time.sleep(0.4)
ensure(shared() - before > 320, f'the machine has {shared() - before} MiB more')";

fn buffers(name: &'static str, pair: &'static str) -> Attack {
    attack(36, name, BUFFERS.replace("PAIR", pair)).limits(|limits| limits.memory = 96 * MIB)
}

/// Succeeds if the kernel holds 120 MiB for as long as it takes to be seen. Pipes are bounded for each user: pipe(7).
const BUFFERS: &str = "
import socket
kept = []
def fill():
    held = 0
    for _ in range(200):
        pair = PAIR
        kept.append(pair)
        writer = pair[1] if isinstance(pair[1], int) else pair[1].fileno()
        os.set_blocking(writer, False)
        try:
            while True: held += os.write(writer, bytes(1 << 12))
        except BlockingIOError:
            pass
    return held
reader, writer = os.pipe()
for _ in range(11):
    if os.fork() == 0:
        os.write(writer, struct.pack('q', fill()))
        stay(2)
os.close(writer)
held = sum(struct.unpack('q', os.read(reader, 8))[0] for _ in range(11)) >> 20
time.sleep(0.8)
control_needs(held >= 120 or 'socket.' in 'PAIR' or has_all_rights(), 'the kernel bounds the pipes of a user')
ensure(held >= 120, f'it holds {held} MiB')";
const BOUNDED_PIPES: &str = "the kernel bounds the pipes of a user";

fn output() -> Vec<Attack> {
    let flooded = Exit::Flooded(1 << 16);
    let writes = |name: &'static str, code: &'static str| attack(38, name, code).ends(flooded);
    // The end of the line is for the control, which then has a line of its own to say how it went.
    vec![
        writes("it writes lines for ever", "for _ in range(100): os.write(1, b'line\\n' * 1000)"),
        writes(
            "it writes a line without an end",
            "for _ in range(500): os.write(1, b'x' * 1000)\nos.write(1, b'\\n')",
        ),
        writes("it writes bytes that are no text", "for _ in range(500): os.write(1, b'\\xff\\0\\n' * 300)"),
        writes("it writes errors for ever", "for _ in range(500): os.write(2, b'x' * 1000)"),
        writes("it lets a child write for ever and ends", CHILD_WRITES),
        attack(47, "it writes for ever and ignores SIGTERM", IGNORING_FLOOD).ends(flooded),
    ]
}

const CHILD_WRITES: &str = "
if os.fork() == 0:
    for _ in range(500): os.write(1, b'x' * 999 + b'\\n')
    os._exit(0)
os.wait()";

const IGNORING_FLOOD: &str = "
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in range(500): os.write(1, b'x' * 999 + b'\\n')";

fn disk() -> Vec<Attack> {
    let small: fn(&mut Limits) = |limits| (limits.scratch, limits.inodes) = (2 * MIB, 100);
    let folders = [
        ("the temporary folder", "'/tmp'"),
        ("the home folder", "os.environ['HOME']"),
        ("the folder of shared memory", "'/dev/shm'"),
        ("the submission", "SUBMISSION"),
    ];
    let fills = |(name, folder): (&str, &str)| {
        let full = attack(40, format!("it fills {name}"), FILL.replace("FOLDER", folder));
        let many =
            attack(41, format!("it makes too many files in {name}"), MANY_FILES.replace("FOLDER", folder));
        let is_own = matches!(folder, "os.environ['HOME']" | "SUBMISSION");
        [full, many]
            .map(|attack| match is_own {
                true => attack
                    .limits(small)
                    .ends_at(&[Level::Restricted, Level::Limits], Exit::LimitHit(Limit::Disk)),
                false => attack.limits(small).open_at(Level::Limits, ON_DISK),
            })
            .map(|attack| match attack.number {
                41 => attack.open_at(Level::FullBwrap, BY_BUBBLEWRAP),
                _ => attack,
            })
    };
    let size: fn(&mut Limits) = |limits| limits.file_size = MIB;
    let sizes = [
        attack(39, "it writes a file that is too large", TOO_LARGE).limits(size),
        attack(39, "it makes a file too large by a hole", HOLE).limits(size),
        attack(39, "it does not hear that a file is too large", format!("{LOUD}{TOO_LARGE}"))
            .limits(size)
            .ends(Exit::LimitHit(Limit::FileSize)),
    ];
    folders.into_iter().flat_map(fills).chain(sizes).collect()
}

const FILL: &str = "
import tempfile
with tempfile.TemporaryFile(dir=FOLDER) as file:
    for _ in range(64):
        file.write(bytes(1 << 16))
        file.flush()
    time.sleep(1.5)";

const MANY_FILES: &str = "
import tempfile
with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
    for number in range(200):
        open(f'{folder}/{number}', 'x').close()
    time.sleep(1.5)";

const TOO_LARGE: &str = "
import tempfile
tempfile.TemporaryFile().write(bytes(1 << 21))";

const HOLE: &str = "
import tempfile
tempfile.TemporaryFile().truncate(1 << 21)";

/// Python ignores the signal, other programs die of it.
const LOUD: &str = "signal.signal(signal.SIGXFSZ, signal.SIG_DFL)";

fn counts() -> Vec<Attack> {
    vec![
        attack(37, "it starts too many threads", THREADS).limits(|limits| limits.processes = 40),
        attack(43, "it opens too many files", "kept = [open('/dev/null') for _ in range(300)]")
            .limits(|limits| limits.open_files = 64),
        attack(43, "it raises its limit of open files", "raise_limit('NOFILE', 300)")
            .limits(|limits| limits.open_files = 64)
            .control_without_grade(),
        attack(46, "it raises its limit of processes", "raise_limit('NPROC', 300)")
            .limits(|limits| limits.processes = 40)
            .control_without_grade(),
    ]
}

const THREADS: &str = "
import threading
done = threading.Event()
threads = [threading.Thread(target=done.wait) for _ in range(100)]
try:
    for thread in threads:
        thread.start()
except RuntimeError as error:
    raise Refused(error)
finally:
    done.set()";

const BY_BUBBLEWRAP: &str = "bubblewrap limits the size of folders, and not the number of files in them";
const ON_DISK: &str = "it is a folder of the host's, and only the size of one file is limited";
