//! Runs an attack in a world of its own, and judges what came of it.

use std::fs;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use grade::command::CommandSpec;
use grade::outcome::{Exit, Fault};
use grade::process::{Cancel, Finished, Job, run};
use grade::sandbox::{Confinement, Launcher, Limits, Policy};
use libtest_mimic::{Completion, Failed};
use tokio::sync::watch;

use crate::attack::{Attack, Control, Held};
use crate::common;
use crate::summary::{self, Place};
use crate::world::World;
use grade::event::Level;

/// How long a control may take.
const PATIENCE: Duration = Duration::from_secs(60);
const PRELUDE: &str = include_str!("prelude.py");

/// What an attack said of itself.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    DidIt,
    Refused(String),
    Cannot(String),
}

pub fn launcher() -> Launcher {
    Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).expect("the program that is tested can be opened")
}

/// The prefix of a real Python interpreter, and its program.
pub fn python() -> &'static (PathBuf, PathBuf) {
    static FOUND: OnceLock<(PathBuf, PathBuf)> = OnceLock::new();
    FOUND.get_or_init(|| {
        let ask = "import sys; print(sys.base_prefix); print(sys.executable)";
        let output = Command::new("python3").args(["-I", "-c", ask]).output().expect("python3 is there");
        let text = String::from_utf8(output.stdout).expect("its paths are text");
        let (prefix, program) = text.trim().split_once('\n').expect("it answers two lines");
        (prefix.into(), fs::canonicalize(program).expect("its program is there"))
    })
}

/// Returns whether Python can be reached by whoever runs the attacks, which for root is somebody else.
pub fn payload_reaches_python() -> bool {
    use std::os::unix::fs::MetadataExt;
    let is_open = |folder: &Path| fs::metadata(folder).is_ok_and(|metadata| metadata.mode() & 1 != 0);
    !rustix::process::geteuid().is_root() || python().0.ancestors().all(is_open)
}

pub fn never() -> Cancel {
    watch::channel(false).1
}

/// Returns limits that no control runs into.
pub fn generous() -> Limits {
    Limits { processes: 2000, memory: 8 << 30, open_files: 4096, file_size: 1 << 30, ..Limits::default() }
}

pub fn policy(world: &World, limits: Limits) -> Policy {
    Policy {
        read_only: vec![python().0.clone(), world.granted()],
        overlays: vec![world.submission()],
        limits,
    }
}

/// Returns the command that tries an attack. What is marked as a control may say that it cannot be done here.
pub fn command(world: &World, code: &str, is_control: bool) -> std::io::Result<CommandSpec> {
    // What JSON calls a string is one in Python too.
    let script = format!("{PRELUDE}\nbegin({})\n", serde_json::Value::from(code));
    let mut command = CommandSpec::new(&python().1, "/tmp").args(["-I", "-S", "-c", &script]);
    for (name, value) in world.environment()? {
        command = command.env(name, value);
    }
    Ok(if is_control { command.env("WORLD_CONTROL", "yes") } else { command })
}

/// Runs something asynchronous in a runtime of its own.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime can be made").block_on(future)
}

/// Waits for other attacks of its kind, if it must not be tried beside them.
fn wait_for_others(attack: &Attack) -> Option<MutexGuard<'static, ()>> {
    static ALONE: Mutex<()> = Mutex::new(());
    attack.alone.then(|| ALONE.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Tries an attack where nobody holds it: it must succeed.
pub fn control(attack: &Attack) -> Result<Completion, Failed> {
    let _others = wait_for_others(attack);
    let world = World::new()?;
    let said = match &attack.control {
        Control::Same => said(&unconfined(&world, &attack.code)?)?,
        Control::Code(code) => said(&unconfined(&world, code)?)?,
        Control::WithoutGrade => said_plainly(&without_grade(attack, &world)?)?,
    };
    match said {
        Said::Cannot(reason) => {
            summary::control(false);
            skip(&reason, &attack.excuses)
        }
        Said::Refused(why) => Err(format!("even without a sandbox it is refused: {why}").into()),
        Said::DidIt if attack.held == Held::Vanished && world.traces()?.is_empty() => {
            Err("it leaves nothing even without a sandbox, so it proves nothing".into())
        }
        Said::DidIt => {
            summary::control(true);
            Ok(Completion::Completed)
        }
    }
}

/// Says why nothing is proved here, or fails where nothing may be skipped and this is no excuse.
pub fn skip(reason: &str, excuses: &[&str]) -> Result<Completion, Failed> {
    if common::must_not_skip() && !excuses.contains(&reason) {
        return Err(format!("skipped: {reason}").into());
    }
    Ok(Completion::ignored_with(reason))
}

fn unconfined(world: &World, code: &str) -> Result<Finished, Failed> {
    let (policy, command) = (policy(world, generous()), command(world, code, true)?);
    Ok(start(&Confinement::none(launcher()), &policy, &command, PATIENCE, 1 << 20)?)
}

fn without_grade(attack: &Attack, world: &World) -> Result<std::process::Output, Failed> {
    let file = inheritable(world)?;
    let spec = command(world, &attack.code, true)?;
    let mut command = Command::new(&spec.program);
    command.args(&spec.args).envs(&spec.env);
    let output = command.output()?;
    drop(file);
    Ok(output)
}

/// Opens a file as careless code does: whatever is started from now on inherits it.
fn inheritable(world: &World) -> std::io::Result<fs::File> {
    let file = world.open_file()?;
    rustix::io::fcntl_setfd(file.as_fd(), rustix::io::FdFlags::empty())?;
    Ok(file)
}

fn start(
    confinement: &Confinement,
    policy: &Policy,
    command: &CommandSpec,
    wall: Duration,
    output_cap: u64,
) -> Result<Finished, Fault> {
    let job = Job {
        command,
        confinement,
        policy,
        wall,
        output_cap,
        fds: Vec::new(),
        adoptee: None,
        report_fd: false,
    };
    block_on(run(job, never()))
}

/// Runs an attack with its limits.
pub fn attempt(confinement: &Confinement, attack: &Attack, world: &World) -> Result<Finished, Failed> {
    let mut limits = Limits { processes: 64, ..Limits::default() };
    (attack.limits)(&mut limits);
    let command = command(world, &attack.code, false)?;
    let _others = wait_for_others(attack);
    let careless = inheritable(world)?;
    let finished = start(confinement, &policy(world, limits), &command, attack.wall, attack.output_cap)?;
    drop(careless);
    Ok(finished)
}

/// Returns whether an attack is held. That it is broken is an error.
pub fn is_held(level: Level, confinement: &Confinement, attack: &Attack) -> Result<bool, Failed> {
    let world = World::new()?;
    let finished = attempt(confinement, attack, &world)?;
    match judge(attack.held_at(level), &finished).and_then(|()| untouched(&world)) {
        Ok(()) => Ok(true),
        Err(_) if said(&finished)? == Said::DidIt => Ok(false),
        Err(why) => Err(why),
    }
}

/// Tries an attack at a level: it must be held there, unless it is known not to be.
pub fn at(place: Place, confinement: &Confinement, attack: &Attack) -> Result<Completion, Failed> {
    let (level, _) = place;
    let world = World::new()?;
    let finished = attempt(confinement, attack, &world)?;
    let judged = judge(attack.held_at(level), &finished).and_then(|()| untouched(&world));
    match (judged, attack.is_open_at(level, common::landlock_of(confinement), confinement.has_groups())) {
        (Ok(()), _) => summary::held(place),
        (Err(_), Some(because)) => summary::open(place, &attack.name, because),
        (Err(why), None) => {
            summary::not_held(place);
            return Err(why);
        }
    }
    Ok(Completion::Completed)
}

fn judge(held: Held, finished: &Finished) -> Result<(), Failed> {
    let found = match held {
        Held::Ended(exit) if finished.exit == exit => return Ok(()),
        Held::Ended(exit) => return Err(format!("expected {exit:?}, found {}", told(finished)).into()),
        Held::Refused | Held::Vanished => said(finished)?,
    };
    match (held, found) {
        (Held::Refused, Said::Refused(_)) | (Held::Vanished, Said::DidIt) => Ok(()),
        (_, found) => Err(format!("not held, it said {found:?}").into()),
    }
}

fn untouched(world: &World) -> Result<(), Failed> {
    match &*world.traces()? {
        [] => Ok(()),
        traces => Err(format!("it left traces outside:\n{}", traces.join("\n")).into()),
    }
}

/// Reads the last line of an attack; an end without one is a mistake in the attack.
fn said(finished: &Finished) -> Result<Said, Failed> {
    let raised = String::from_utf8_lossy(&finished.stderr).contains("Traceback");
    let is_orderly = finished.exit == Exit::Code(0) && !raised;
    let said = is_orderly.then(|| read(&finished.stdout)).flatten();
    said.ok_or_else(|| format!("the attack is broken: {}", told(finished)).into())
}

fn said_plainly(output: &std::process::Output) -> Result<Said, Failed> {
    read(&output.stdout).ok_or_else(|| format!("the attack is broken: {output:?}").into())
}

/// Reads what stands in the last line, and in no other.
fn read(output: &[u8]) -> Option<Said> {
    let text = String::from_utf8_lossy(output);
    let mut lines = text.strip_suffix('\n')?.lines().rev();
    let said = read_line(lines.next()?)?;
    lines.all(|line| read_line(line).is_none()).then_some(said)
}

fn read_line(line: &str) -> Option<Said> {
    if line == "did it" {
        return Some(Said::DidIt);
    }
    if let Some(reason) = line.strip_prefix("cannot here: ") {
        return Some(Said::Cannot(reason.to_owned()));
    }
    line.strip_prefix("refused: ").map(|why| Said::Refused(why.to_owned()))
}

fn told(finished: &Finished) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(&bytes[..bytes.len().min(2000)]).into_owned();
    format!("{:?}\n{}\n{}", finished.exit, text(&finished.stdout), text(&finished.stderr))
}
