//! Attacks on files: secrets, what may only be read, ways around, and what is left behind.

use crate::attack::{Attack, NO_SUCH_THING, ONLY_ROOT, attack};
use grade::event::Level;
use grade::sandbox::LEVELS;

pub fn attacks() -> Vec<Attack> {
    let families = [secrets(), metadata(), granted(), system(), ways_around(), repository(), privileges()];
    let attacks = families.into_iter().flatten();
    attacks.map(|attack| attack.open_at(Level::Limits, USERS_OWN).unless(NO_SUCH_THING)).collect()
}

fn secrets() -> Vec<Attack> {
    vec![
        attack(
            1,
            "it reads a secret in the home folder",
            "ensure(open(CANARY).read() == 'secret', 'something else')",
        ),
        attack(2, "it lists the home folder", "ensure('canary' in os.listdir(HOST_HOME), 'not in the list')"),
        attack(3, "it deletes a secret", "os.unlink(CANARY)"),
        attack(3, "it renames a secret", "os.rename(CANARY, HOST_HOME + '/taken')"),
        attack(4, "it empties a secret by truncate", "os.truncate(CANARY, 0)"),
        attack(4, "it overwrites a secret", "open(CANARY, 'w').write('forged')"),
        attack(4, "it creates a file in the home folder", "open(HOST_HOME + '/planted', 'x')"),
        attack(13, "it reads a hidden test", "open(HIDDEN).read()"),
        attack(13, "it overwrites a hidden test", "open(HIDDEN, 'w').write('def test(): pass')"),
    ]
}

/// What Landlock does not see: <https://docs.kernel.org/userspace-api/landlock.html#current-limitations>.
fn metadata() -> Vec<Attack> {
    let attacks = [
        ("changes the mode", "os.chmod({file}, 0o600)"),
        ("changes the owner", "os.chown({file}, os.getuid(), os.getgid())"),
        ("changes the times", "os.utime({file})"),
        ("changes the extended attributes", "os.setxattr({file}, 'user.mark', b'mine')"),
    ];
    let of = |name: &'static str, file: &'static str| {
        attacks.map(|(act, code)| attack(6, format!("it {act} of {name}"), code.replace("{file}", file)))
    };
    let size =
        attack(6, "it learns the size of a secret", "ensure(os.stat(CANARY).st_size == 6, 'something else')");
    [size.open_at(Level::Restricted, STAT)]
        .into_iter()
        .chain(of("a secret", "CANARY"))
        .chain(of("a file that it may read", "READABLE"))
        .collect()
}

/// Attacks on a folder that may be read.
fn granted() -> Vec<Attack> {
    let attacks = [
        ("empties a file that it may read by opening it", "os.open(READABLE, os.O_RDONLY | os.O_TRUNC)"),
        ("empties a file that it may read by truncate", "os.truncate(READABLE, 0)"),
        ("appends to a file that it may read", "open(READABLE, 'a').write('more')"),
        ("deletes a file that it may read", "os.unlink(READABLE)"),
        ("renames a file that it may read", "os.rename(READABLE, GRANTED + '/other')"),
        ("creates a file where it may read", "open(GRANTED + '/new', 'x')"),
        ("makes a folder where it may read", "os.mkdir(GRANTED + '/folder')"),
        ("makes a link where it may read", "os.symlink('/', GRANTED + '/link')"),
        ("makes a file without a name where it may read", "os.open(GRANTED, os.O_TMPFILE | os.O_WRONLY)"),
        ("changes a mode by an open file", "os.fchmod(os.open(READABLE, os.O_RDONLY), 0o600)"),
        (
            "changes a mode by the name of an open file",
            "os.chmod(f'/proc/self/fd/{os.open(READABLE, os.O_RDONLY)}', 0o600)",
        ),
        (
            "opens a file that it has open once more, to write",
            "os.open(f'/proc/self/fd/{os.open(READABLE, os.O_RDONLY)}', os.O_WRONLY)",
        ),
        ("changes the flags of a file that it may read", SET_FLAGS),
        ("writes to a pipe with a name where it may read", "os.open(GRANTED + '/fifo', os.O_RDWR)"),
    ];
    let lock = attack(5, "it locks others out of a file that it may read", LOCK);
    let lock = LEVELS.into_iter().fold(lock, |lock, level| lock.open_at(level, LOCKS));
    let attacks = attacks.map(|(act, code)| attack(5, format!("it {act}"), code));
    attacks.into_iter().chain([lock]).collect()
}

const LOCK: &str = "import fcntl; fcntl.flock(os.open(READABLE, os.O_RDONLY), fcntl.LOCK_EX)";
/// A lock needs no right but to read, and ends with the sandbox.
const LOCKS: &str = "grade's own locks lie beside what it grants, and never in it";

/// FS_IOC_SETFLAGS with the flags that it has and "no dump": ioctl_iflags(2).
const SET_FLAGS: &str = "
import fcntl
file = os.open(READABLE, os.O_RDONLY)
flags, = ctypes.c_uint.from_buffer_copy(fcntl.ioctl(file, 0x80086601, bytes(8))),
fcntl.ioctl(file, 0x40086602, bytes(ctypes.c_long(flags.value | 0x40)))";

/// Writing is tried with a file that has no name, so that nothing stays where it works.
fn system() -> Vec<Attack> {
    let write = |name: &str, folder: &str| {
        let code = format!("only_root(lambda: os.open({folder}, os.O_TMPFILE | os.O_WRONLY))");
        attack(7, format!("it writes to {name}"), code)
    };
    let open = |name: &str, path: &str, flags: &str| {
        attack(7, format!("it {name}"), format!("only_root(lambda: os.open({path:?}, os.{flags}))"))
    };
    let attacks = [
        write("the folder of programs", "'/usr/bin'"),
        write("the folder of settings", "'/etc'"),
        write("the root folder", "'/'"),
        write("the folder of devices", "'/dev'"),
        write("the interpreter's library", "os.path.dirname(os.__file__)"),
        open("reads the password hashes", "/etc/shadow", "O_RDONLY"),
        open("opens the name of the host's core dumps", "/proc/sys/kernel/core_pattern", "O_WRONLY"),
        open("opens what the host does when it fails", "/proc/sys/kernel/panic", "O_WRONLY"),
        open("opens the kernel's log", "/dev/kmsg", "O_RDONLY"),
        attack(7, "it lists the host's devices and their drivers", "os.listdir('/sys/class')"),
        attack(7, "it lists what the host's services have running", "os.listdir('/run')"),
        attack(7, "it lists the host's own folders", "os.listdir('/var/lib')"),
    ];
    attacks.map(|attack| attack.unless(ONLY_ROOT)).into()
}

fn ways_around() -> Vec<Attack> {
    let by_root = |name: &str, root: &str| {
        let code = format!("only_root(lambda: open({root} + CANARY).read())");
        attack(10, format!("it gets to a secret by {name}"), code).unless(ONLY_ROOT)
    };
    let attacks = [
        attack(8, "it reads a secret through a link in the submission", "open(SUBMISSION + '/leak').read()"),
        attack(
            8,
            "it writes a secret through a link in the submission",
            "open(SUBMISSION + '/leak', 'w').write('x')",
        ),
        attack(8, "it reads a secret through a link of its own", READ_BY_LINK),
        attack(
            9,
            "it makes a secret its own by a second name",
            "os.link(CANARY, os.environ['HOME'] + '/second')",
        )
        .control("os.link(CANARY, SHARED + '/second')"),
        attack(9, "it writes to a file that it may read by a second name", WRITE_BY_SECOND_NAME)
            .control(WRITE_BY_SECOND_NAME.replace("os.environ['HOME']", "SHARED")),
        by_root("its own root", "'/proc/self/root'"),
        attack(10, "it gets to a secret by the root of process 1", ROOT_OF_1)
            .unless(ONLY_ROOT)
            .unless(OTHER_ROOT),
        by_root("its parent's root", "f'/proc/{os.getppid()}/root'"),
        by_root("the root of another process", "f'/proc/{VICTIM}/root'"),
        by_root("its parent's folder", "f'/proc/{os.getppid()}/cwd/../../../../..'"),
        by_root("dots above the root", "'/tmp/../../../../..'"),
        by_root("an open root and dots", "f'/proc/self/fd/{os.open(\"/\", os.O_PATH)}/../..'"),
        by_root("the folders that a new root is made of", "'/.host' if not IS_CONTROL else ''"),
        attack(14, "it reads what the grader happens to have open", READ_INHERITED).control_without_grade(),
        attack(15, "it opens a file by its handle", OPEN_BY_HANDLE).unless(ONLY_ROOT),
    ];
    attacks.into()
}

const ROOT_OF_1: &str = "
only_root(lambda: os.listdir('/proc/1/root'))
control_needs(os.path.exists('/proc/1/root' + CANARY), 'process 1 has a root of its own')
open('/proc/1/root' + CANARY).read()";
const OTHER_ROOT: &str = "process 1 has a root of its own";

const READ_BY_LINK: &str = "
link = os.environ['HOME'] + '/link'
os.symlink(CANARY, link)
open(link).read()";

const WRITE_BY_SECOND_NAME: &str = "
second = os.environ['HOME'] + '/second'
os.link(READABLE, second)
open(second, 'a').write('more')";

const READ_INHERITED: &str = "
found = [number for number in range(3, 1024) if os.path.lexists(f'/proc/self/fd/{number}')]
ensure(any(os.pread(number, 16, 0) == b'secret' for number in found), f'of {found} none is it')";

/// The handle is asked for first: where that is refused, it would have to be guessed, which works for small numbers.
const OPEN_BY_HANDLE: &str = "
handle = ctypes.create_string_buffer(8 + 128)
ctypes.c_uint.from_buffer(handle).value = 128
mount = ctypes.c_int()
checked(libc.name_to_handle_at(-100, CANARY.encode(), handle, ctypes.byref(mount), 0))
folder = os.open('/tmp', os.O_RDONLY)
file = only_root(lambda: checked(libc.open_by_handle_at(folder, handle, os.O_RDONLY)))
ensure(os.read(file, 16) == b'secret', 'another file')";

fn repository() -> Vec<Attack> {
    vec![
        attack(11, "it deletes the learner's repository", "import shutil; shutil.rmtree(REPOSITORY)"),
        attack(
            11,
            "it changes a file of the learner's repository",
            "open(REPOSITORY + '/files/day.py', 'a').write('x')",
        ),
        attack(11, "it deletes and forges files of the submission", FORGE_SUBMISSION)
            .control(FORGE_SUBMISSION.replace("SUBMISSION", "(REPOSITORY + '/files')"))
            .vanishes(),
        attack(12, "it reads the token in .git/config", "open(REPOSITORY + '/.git/config').read()"),
        attack(12, "it reads the settings in .env", "open(REPOSITORY + '/.env').read()"),
    ]
}

const FORGE_SUBMISSION: &str = "
os.unlink(SUBMISSION + '/day.py')
open(SUBMISSION + '/day.py', 'x').write('forged')
os.mkdir(SUBMISSION + '/new')
os.chmod(SUBMISSION, 0o700)";

fn privileges() -> Vec<Attack> {
    vec![
        attack(16, "it leaves a program behind that runs with the rights of whoever grades", LEAVE_SETUID),
        attack(16, "it gets root's rights from a program that gives them", RUN_SU).unless(NO_SU),
        attack(16, "it becomes root again", "only_root(lambda: os.setuid(0) or os.setgid(0))")
            .unless(ONLY_ROOT),
        attack(16, "it gives itself groups", "only_root(lambda: os.setgroups([0]))").unless(ONLY_ROOT),
        attack(17, "it makes a device", MAKE_DEVICE).unless(ONLY_ROOT),
    ]
}

const LEAVE_SETUID: &str = "
import shutil
shutil.copy('/bin/sh', SHARED + '/sh')
os.chmod(SHARED + '/sh', 0o4755)";

/// Root becomes somebody else first, or there would be nothing to get. `su` waits for a password meanwhile,
/// and a moment after it has been executed the kernel has not given it its rights yet.
const RUN_SU: &str = "
import shutil, subprocess
program = shutil.which('su', path='/usr/bin:/bin')
control_needs(program and os.stat(program).st_mode & 0o4000, 'there is no su here')
ensure(program, 'there is no su')
if os.geteuid() == 0:
    os.setgroups([]), os.setgid(12345), os.setuid(12345)
child = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
def effective():
    return open(f'/proc/{child.pid}/status').read().split('Uid:')[1].split()[1]
end = time.monotonic() + 0.5
while effective() != '0' and time.monotonic() < end:
    time.sleep(0.01)
user = effective()
child.kill()
child.wait()
ensure(user == '0', f'it runs as {user}')";
const NO_SU: &str = "there is no su here";

/// Character device 1, 3 is /dev/null.
const MAKE_DEVICE: &str = "
import stat
only_root(lambda: os.mknod(os.environ['HOME'] + '/device', stat.S_IFCHR | 0o666, os.makedev(1, 3)))";

const USERS_OWN: &str = "the files are the user's own, and nothing is put before them";
const STAT: &str = "Landlock lets stat through";
