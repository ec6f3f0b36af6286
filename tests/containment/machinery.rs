//! What holds for a level as a whole: that nothing stays, that two are apart, and that it holds within other sandboxes too.
//!
//! Some of it needs a process of its own, to be killed or to count what it has open. This program then plays a part, which its
//! first argument names.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use grade::command::CommandSpec;
use grade::outcome::Exit;
use grade::process::{Finished, Job, run};
use grade::sandbox::{Confinement, Limits, Policy};
use libtest_mimic::{Completion, Failed, Trial};

use crate::common::landlock_of;
use crate::processes::{LANDLOCK_SIGNALS, USERS_OWN};
use crate::trial::{block_on, command, launcher, never, policy, python, skip};
use crate::world::World;
use grade::event::Level;

/// Waits in a sandbox, with a daemon, to be killed.
const WAIT: &str = "__wait-to-be-killed";
/// Counts what it has open before and after many sandboxes.
const REPEAT: &str = "__many-in-a-row";
const REMOVE: &str = "__what-is-hard-to-remove";
const MANY: usize = 200;
pub const KILLING: &str = "29 one does not kill another";

pub fn trials(level: Level, confinement: &Confinement) -> Vec<Trial> {
    let name = |name: &str| format!("{}: {name}", level.name());
    let [apart, crowded] = [(); 2].map(|()| confinement.clone());
    let mut trials = vec![
        Trial::test(name("18 what is hard to remove is removed"), move || alone(REMOVE, level)),
        Trial::test(name("21 a killed grader leaves no process behind"), move || kill_the_grader(level)),
        Trial::test(name("46 the user's other processes do not count"), move || beside_many_others(&crowded)),
        Trial::test(name("70 two hundred in a row leave nothing behind"), move || alone(REPEAT, level)),
        Trial::ignorable_test(name("70 it holds within other namespaces"), move || within_namespaces(level)),
    ];
    let killing = confinement.clone();
    trials.push(Trial::ignorable_test(name(KILLING), move || one_kills_another(&killing)));
    // Below, they do reach each other, and everything else of the user's.
    if level >= Level::Restricted {
        let apart = move || two_at_a_time(&apart);
        trials.push(Trial::test(name("29 two at a time do not reach each other"), apart));
    }
    trials
}

/// Returns the trials of what runs without a sandbox.
pub fn trials_without() -> Vec<Trial> {
    vec![Trial::test("none: 18 what is hard to remove is removed", || alone(REMOVE, Level::None))]
}

/// Plays the part that this process was started for, if it was started for one.
pub fn play_a_part() -> Option<ExitCode> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [part, level, word] = &*words else { return None };
    let part: fn(&Confinement, &str) -> Result<(), Failed> = match &**part {
        WAIT => wait_to_be_killed,
        REPEAT => repeat,
        REMOVE => leave_what_is_hard_to_remove,
        _ => return None,
    };
    let none = (Level::None, Ok(Confinement::none(launcher())));
    let mut levels = crate::levels().into_iter().chain([none]);
    let confinement = levels.find(|(found, _)| found.name() == level)?.1.ok()?;
    let played = part(&confinement, word);
    Some(played.map_or(ExitCode::FAILURE, |()| ExitCode::SUCCESS))
}

fn itself(part: &str, level: Level, word: &str) -> Result<Command, Failed> {
    let mut itself = Command::new(std::env::current_exe()?);
    itself.args([part, level.name(), word]).stdout(Stdio::null());
    Ok(itself)
}

fn start(confinement: &Confinement, policy: &Policy, command: &CommandSpec) -> Result<Finished, Failed> {
    let (wall, output_cap) = (Duration::from_secs(60), 1 << 16);
    let (fds, adoptee, report_fd) = (Vec::new(), None, false);
    Ok(block_on(run(
        Job { command, confinement, policy, wall, output_cap, fds, adoptee, report_fd },
        never(),
    ))?)
}

fn shell(code: &str) -> CommandSpec {
    CommandSpec::new("/bin/sh", "/tmp").args(["-c", code]).env("PATH", "/usr/bin:/bin")
}

fn python_code(code: &str) -> CommandSpec {
    CommandSpec::new(&python().1, "/tmp").args(["-I", "-c", code])
}

fn with_python() -> Policy {
    Policy { read_only: vec![python().0.clone()], ..Policy::default() }
}

fn expect(holds: bool, otherwise: impl Into<String>) -> Result<(), Failed> {
    if holds { Ok(()) } else { Err(otherwise.into().into()) }
}

/// Fails unless it ended well and said this.
fn expect_said(finished: &Finished, said: &str) -> Result<(), Failed> {
    let found = String::from_utf8_lossy(&finished.stdout);
    let errors = String::from_utf8_lossy(&finished.stderr);
    expect(
        finished.exit == Exit::Code(0) && found.trim() == said,
        format!("{:?} {found} {errors}", finished.exit),
    )
}

fn kill_the_grader(level: Level) -> Result<(), Failed> {
    let word = format!("left-by-a-grader-{}", std::process::id());
    let mut grader = itself(WAIT, level, &word)?.spawn()?;
    let begun = wait_until(Duration::from_secs(20), || daemons(&word) == 3);
    grader.kill()?;
    grader.wait()?;
    expect(begun, "the attack did not begin")?;
    expect(wait_until(Duration::from_secs(2), || daemons(&word) == 0), "there is a survivor")
}

/// Three at a time, which must not keep each other alive. What each leaves behind ignores what asks it to end.
fn wait_to_be_killed(confinement: &Confinement, word: &str) -> Result<(), Failed> {
    let code = format!("(trap '' TERM; setsid sh -c 'sleep 60; : {word}' & ) ; sleep 60");
    let command = shell(&code);
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| start(confinement, &Policy::default(), &command).map(drop));
        }
    });
    Ok(())
}

/// Returns how many daemons have this word in their arguments.
fn daemons(word: &str) -> usize {
    shells("sh", word).len()
}

/// Returns the numbers of the shells that were started by this name and have this word in their arguments.
fn shells(started_as: &str, word: &str) -> Vec<String> {
    let is_one = |line: &[u8]| {
        let line = String::from_utf8_lossy(line);
        line.starts_with(&format!("{started_as}\0-c\0")) && line.contains(word)
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let found = processes.filter(|one| fs::read(one.path().join("cmdline")).is_ok_and(|line| is_one(&line)));
    found.filter_map(|process| process.file_name().into_string().ok()).collect()
}

fn wait_until(patience: Duration, holds: impl Fn() -> bool) -> bool {
    let end = Instant::now() + patience;
    while !holds() {
        if Instant::now() > end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    true
}

/// Folders too deep for a path, folders that nobody may enter, and links to what must stay.
const HARD_TO_REMOVE: &str = "
for place in [SUBMISSION, os.environ['HOME']]:
    os.chdir(place)
    os.symlink(HOST_HOME, 'link-to-a-folder')
    os.symlink(CANARY, 'link-to-a-file')
    os.makedirs('closed/inner')
    os.symlink(HOST_HOME, 'closed/inner/link')
    os.chmod('closed/inner', 0)
    os.chmod('closed', 0)
    for _ in range(1500):
        os.mkdir('deep')
        os.chdir('deep')";

fn leave_what_is_hard_to_remove(confinement: &Confinement, _: &str) -> Result<(), Failed> {
    let world = World::new()?;
    let before = temporary_files()?;
    let command = command(&world, HARD_TO_REMOVE, false)?;
    let finished = start(confinement, &policy(&world, Limits::default()), &command)?;
    expect_said(&finished, "did it")?;
    let traces = world.traces()?;
    expect(traces.is_empty(), traces.join("\n"))?;
    let left: Vec<String> = temporary_files()?.into_iter().filter(|name| !before.contains(name)).collect();
    expect(left.is_empty(), format!("{left:?} are left"))
}

/// Returns what this process has made in the folder of temporary files for commands.
fn temporary_files() -> Result<Vec<String>, Failed> {
    let names = fs::read_dir(std::env::temp_dir())?.flatten().map(|entry| entry.file_name());
    let prefix = format!("grade-{}-", std::process::id());
    Ok(names.filter_map(|name| name.into_string().ok()).filter(|name| name.starts_with(&prefix)).collect())
}

/// Offers what the other could find: a port, a socket without a file, files, itself.
const OFFER: &str = "
import contextlib, os, socket, tempfile, time
server = socket.create_server(('127.0.0.1', PORT))
# What a level does not let it offer, the other cannot find.
with contextlib.suppress(OSError):
    named = socket.socket(socket.AF_UNIX)
    named.bind('\\0WORD')
    named.listen()
for folder in (tempfile.gettempdir(), '/dev/shm'):
    with contextlib.suppress(OSError):
        open(folder + '/WORD', 'x')
time.sleep(1)
found = [os.path.exists(tempfile.gettempdir() + '/WORD')]
server.settimeout(0)
try:
    server.accept()
    found.append('visited')
except BlockingIOError:
    pass
print(found)";

const SEEK: &str = "
import os, socket, tempfile, time
time.sleep(0.5)
def attempt(act):
    try:
        act()
        return True
    except OSError:
        return False
print([
    attempt(lambda: socket.create_connection(('127.0.0.1', PORT), 1)),
    attempt(lambda: socket.socket(socket.AF_UNIX).connect('\\0WORD')),
    attempt(lambda: open(tempfile.gettempdir() + '/WORD')),
    attempt(lambda: open('/dev/shm/WORD')),
])
# If it reached the other, the other would not come to its end.
attempt(lambda: os.kill(-1, 15))";

fn two_at_a_time(confinement: &Confinement) -> Result<(), Failed> {
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port().to_string();
    let word = format!("offered-by-{}", std::process::id());
    let fill = |code: &str| python_code(&code.replace("PORT", &port).replace("WORD", &word));
    let (offer, confined) = (fill(OFFER), confinement.clone());
    let offering = std::thread::spawn(move || start(&confined, &with_python(), &offer));
    let sought = start(confinement, &with_python(), &fill(SEEK))?;
    let offered = offering.join().map_err(|_| "it panicked")??;
    expect_said(&sought, "[False, False, False, False]")?;
    expect_said(&offered, "[True]")
}

/// A process that ends when its time has come, and another sandbox in which somebody knows its number outside.
pub fn one_kills_another(confinement: &Confinement) -> Result<Completion, Failed> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let is_root = rustix::process::geteuid().is_root();
    let is_apart = [Level::Full, Level::FullBwrap].contains(&confinement.level());
    if !is_root && !is_apart && landlock_of(confinement) < LANDLOCK_SIGNALS {
        return skip(USERS_OWN, &[USERS_OWN]);
    }
    let word = format!("victim-{}-{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (victim, confined) = (shell(&format!("sleep 1; : {word}; echo fine")), confinement.clone());
    let ending = std::thread::spawn(move || start(&confined, &Policy::default(), &victim));
    expect(
        wait_until(Duration::from_secs(20), || !shells("/bin/sh", &word).is_empty()),
        "the victim did not begin",
    )?;
    let numbers = shells("/bin/sh", &word).join(" ");
    let killed =
        start(confinement, &Policy::default(), &shell(&format!("kill -9 {numbers} || echo refused")))?;
    let ended = ending.join().map_err(|_| "it panicked")??;
    expect_said(&killed, "refused")?;
    expect_said(&ended, "fine")?;
    Ok(Completion::Completed)
}

/// Processes outside, as many as the limit inside, which is met by as many inside as it says.
fn beside_many_others(confinement: &Confinement) -> Result<(), Failed> {
    const LIMIT: u32 = 30;
    let others: Vec<Child> = (0..LIMIT)
        .map(|_| Command::new("sleep").arg("60").stdout(Stdio::null()).spawn())
        .collect::<Result<_, _>>()?;
    let code = "
import os, time
for _ in range(20):
    if os.fork() == 0:
        time.sleep(30)
os.write(1, b'fine')";
    let mut policy = with_python();
    policy.limits.processes = LIMIT;
    let finished = start(confinement, &policy, &python_code(code));
    for mut other in others {
        other.kill()?;
        other.wait()?;
    }
    expect_said(&finished?, "fine")
}

/// Plays a part in a process of its own, which is the only one that makes temporary files of its name.
fn alone(part: &str, level: Level) -> Result<(), Failed> {
    let output = itself(part, level, "")?.stderr(Stdio::piped()).output()?;
    expect(output.status.success(), String::from_utf8_lossy(&output.stderr))
}

fn repeat(confinement: &Confinement, _: &str) -> Result<(), Failed> {
    let world = World::new()?;
    let policy = Policy { overlays: vec![world.submission()], ..Policy::default() };
    let none = Confinement::none(launcher());
    let once = || {
        let exits =
            [confinement, &none].map(|confinement| Ok(start(confinement, &policy, &shell("exit 3"))?.exit));
        exits.into_iter().collect::<Result<Vec<Exit>, Failed>>()
    };
    once()?;
    let before = inventory()?;
    for _ in 0..MANY {
        let exits = once()?;
        expect(exits == [Exit::Code(3); 2], format!("they ended with {exits:?}"))?;
    }
    let after = inventory()?;
    expect(after == before, format!("{before:?} became {after:?}"))
}

/// Counts descriptors, mounts, temporary files and children of this process, and names its cgroup.
fn inventory() -> Result<(usize, usize, usize, String, String), Failed> {
    let count = |path: &str| Ok::<_, Failed>(fs::read_dir(path)?.count());
    let mounts = fs::read_to_string("/proc/self/mountinfo")?.lines().count();
    // Not every kernel tells of children.
    let children = fs::read_to_string("/proc/thread-self/children").unwrap_or_default();
    let cgroup = fs::read_to_string("/proc/self/cgroup")?;
    Ok((count("/proc/self/fd")?, mounts, temporary_files()?.len(), children, cgroup))
}

/// Runs the attacks by signals once more, in namespaces such as those of a container.
fn within_namespaces(level: Level) -> Result<Completion, Failed> {
    let is_root = fs::metadata("/proc/self")?.uid() == 0;
    // Root must have more ids than its own, of which one becomes the payload's; others keep theirs.
    let user: &[&str] = if is_root { &[] } else { &["--user", "--map-current-user"] };
    let others = ["--mount", "--pid", "--fork", "--mount-proc", "--ipc", "--uts"];
    if !Path::new("/usr/bin/unshare").exists() {
        return skip("there is no unshare here", &["there is no unshare here"]);
    }
    let mut unshare = Command::new("/usr/bin/unshare");
    unshare.args(user).args(others).arg(std::env::current_exe()?);
    let output = unshare.arg(format!("{}: 22", level.name())).output()?;
    let text =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    expect(output.status.success() && text.contains("it kills its parent"), text)?;
    Ok(Completion::Completed)
}
