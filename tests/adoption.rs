//! A fork of the zygote that enters a sandbox is confined as a program that was executed in one, and nobody takes its word for it.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::{IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use grade::config::settings::Until;
use grade::event::Level;
use grade::kit::{Entry, Kit};
use grade::outcome::{Exit, Fault, Limit};
use grade::process::{Cancel, Finished, Job, Running, run, spawn};
use grade::sandbox::{Confinement, Launcher, Layer, Limits, Overlay, Policy, probe};
use grade::tool::facts::Facts;
use grade::tool::{kit_command, own_tests};
use grade::zygote::{Expected, Zygote};
use rustix::net::{AddressFamily, RecvAncillaryBuffer, RecvFlags, SocketFlags, SocketType};
use serde_json::{Value, json};
use tokio::sync::watch;

/// A learner's test that writes what it sees of the machine, and what it may do to it, to the report.
const LOOKS: &str = r#"
import ctypes, json, os, pathlib, socket

libc = ctypes.CDLL(None, use_errno=True)

def attempt(act):
    try:
        return act() or "done"
    except OSError as error:
        return type(error).__name__

def call(function, *args):
    ctypes.set_errno(0)
    if function(*args) == -1:
        raise OSError(ctypes.get_errno(), "refused")

def read(path):
    return pathlib.Path(path).read_text()

def write(path):
    with open(path, "r+b"):
        pass

def test_look():
    status = dict(line.split(":\t", 1) for line in read("/proc/self/status").splitlines() if ":\t" in line)
    told = ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp", "Seccomp_filters", "Uid", "Gid", "Groups", "Threads")
    seen = {
        "status": {name: status.get(name) for name in told},
        # The C library has the two signals above 31 for itself.
        "ignored signals": int(status["SigIgn"], 16) & 0x7FFFFFFF,
        "root": sorted(os.listdir("/")),
        "mounts": sorted(line.split()[4] + " " + line.split()[5] for line in read("/proc/self/mountinfo").splitlines()),
        "processes": sum(name.isdigit() for name in os.listdir("/proc")),
        "parent": os.getppid(),
        "leads its session": os.getsid(0) == os.getpid(),
        "descriptors": [number for number in range(1024) if os.path.lexists(f"/proc/self/fd/{number}") and number < 4],
        "inherited": sorted(os.readlink(f"/proc/self/fd/{number}").split(":")[0] for number in range(4)),
        "high descriptors": [number for number in range(64, 1024) if os.path.lexists(f"/proc/self/fd/{number}")],
        "limits": read("/proc/self/limits"),
        "umask": os.umask(0o022),
        "oom": read("/proc/self/oom_score_adj"),
        "environment": sorted(name for name in os.environ if not name.startswith("PYTEST_")),
        "folder": os.getcwd(),
        "interfaces": [line.split(":")[0].strip() for line in read("/proc/net/dev").splitlines()[2:]],
        "host name": socket.gethostname(),
        "attempts": {
            "the host's passwords": attempt(lambda: read("/etc/shadow") and "read"),
            "the host's root": attempt(lambda: os.listdir("/.host") and "read"),
            "a file of the host": attempt(lambda: read("HOST_FILE") and "read"),
            "the init's memory": attempt(lambda: write("/proc/1/mem")),
            "the init's root": attempt(lambda: os.listdir("/proc/1/root") and "read"),
            "the system": attempt(lambda: write("/usr/bin/env")),
            "namespaces": attempt(lambda: call(libc.unshare, 0x10000000)),
            "mounts": attempt(lambda: call(libc.mount, b"x", b"/tmp", b"tmpfs", 0, None)),
            "keys": attempt(lambda: call(libc.syscall, 250, 0, -3, 1)),
            "root": attempt(lambda: call(libc.setuid, 0)),
        },
    }
    # On whose mount it lies differs, and so may the error; that nobody may change it does not.
    changes = [
        lambda: write("/proc/self/exe"),
        lambda: os.truncate("/proc/self/exe", 0),
        lambda: os.utime("/proc/self/exe", (0, 0)),
        lambda: os.chmod("/proc/self/exe", 0o777),
    ]
    seen["changes to the interpreter"] = [attempt(change) for change in changes].count("done") if TRY_INTERPRETER else 0
    os.write(3, (json.dumps({"seen": seen}) + "\n").encode())
"#;

/// A folder with one test file, the tools that run it, and the zygote.
struct Place {
    folder: tempfile::TempDir,
    kit: Kit,
    zygote: Zygote,
}

impl Place {
    fn new(test: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let host_file = folder.path().join("host-file");
        fs::write(&host_file, "not for learners").unwrap();
        fs::create_dir(folder.path().join("files")).unwrap();
        let toolchain = common::toolchain();
        let kit = Kit::lay_out(toolchain).unwrap();
        let zygote = Zygote::start(toolchain, &kit, Expected::One).unwrap();
        // Where the interpreter is this user's own, the attempts would succeed; that is why forks of it are not used then.
        let try_interpreter = if zygote.may_enter() { "True" } else { "False" };
        let test = test
            .replace("HOST_FILE", host_file.to_str().unwrap())
            .replace("TRY_INTERPRETER", try_interpreter);
        fs::write(folder.path().join("files/test_it.py"), test).unwrap();
        Self { folder, kit, zygote }
    }

    /// Runs the test file, as the process that waits at `adoptee` or as one that is executed.
    async fn run(&self, confinement: &Confinement, adoptee: Option<OwnedFd>) -> Result<Finished, Fault> {
        self.run_within(Limits::default(), confinement, adoptee).await
    }

    async fn run_within(
        &self,
        limits: Limits,
        confinement: &Confinement,
        adoptee: Option<OwnedFd>,
    ) -> Result<Finished, Fault> {
        let toolchain = common::toolchain();
        let facts = Facts::default();
        let how = own_tests::How {
            files: &["test_it.py"],
            path: &["."],
            start: ".",
            virtual_clock: false,
            patience: Duration::from_secs(60),
            until: Until::End,
            trial: None,
        };
        let command = own_tests::command(toolchain, &self.kit, &facts, how);
        let overlay = Overlay { source: self.folder.path().join("files"), inside: "/submission".into() };
        let limits = Limits { cpu: Duration::from_secs(20), ..limits };
        let policy = Policy { read_only: toolchain.mounts.clone(), overlays: vec![overlay], limits };
        let job = Job {
            command: &command,
            confinement,
            policy: &policy,
            wall: Duration::from_secs(20),
            output_cap: 1 << 20,
            fds: Vec::new(),
            adoptee,
            report_fd: true,
        };
        run(job, never()).await
    }
}

fn never() -> Cancel {
    watch::channel(false).1
}

fn launcher() -> Launcher {
    Launcher::new(Path::new(env!("CARGO_BIN_EXE_grade"))).unwrap()
}

fn full() -> Confinement {
    probe(launcher(), Level::Full)
        .unwrap_or_else(|why| panic!("this machine cannot confine: {why} ({:?})", why.hint(Level::Full)))
}

fn seen(finished: &Finished) -> BTreeMap<String, Value> {
    let text = String::from_utf8_lossy(&finished.stdout).into_owned();
    assert_eq!(finished.exit, Exit::Code(0), "{text}{}", String::from_utf8_lossy(&finished.stderr));
    let lines = finished.report.split(|byte| *byte == b'\n');
    let values = lines.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    let mut found = values.filter_map(|value| value.get("seen").cloned());
    serde_json::from_value(found.next().expect("the test reports what it saw")).unwrap()
}

#[tokio::test]
async fn a_fork_that_enters_sees_and_may_do_what_an_executed_program_does() {
    let place = Place::new(LOOKS);
    let executed = seen(&place.run(&full(), None).await.unwrap());
    let adopted =
        seen(&place.run(&full(), Some(place.zygote.offer(Entry::OwnTests).unwrap())).await.unwrap());
    for (name, value) in &executed {
        assert_eq!(adopted.get(name), Some(value), "{name}");
    }
    assert_eq!(adopted["changes to the interpreter"], 0);
    for (what, came) in adopted["attempts"].as_object().unwrap() {
        assert!(!["done", "read"].contains(&came.as_str().unwrap()), "{what}: {came}");
    }
    // The control: the same test, unconfined, sees another machine.
    let unconfined = seen(&place.run(&Confinement::none(launcher()), None).await.unwrap());
    assert_eq!(unconfined["attempts"]["a file of the host"], "read");
    for name in ["status", "root", "mounts", "processes", "host name"] {
        assert_ne!(unconfined[name], executed[name], "{name}");
    }
}

#[tokio::test]
async fn what_a_fork_leaves_running_dies_with_its_sandbox() {
    let word = "left-behind-by-a-fork";
    let test = format!(
        "import subprocess\n\ndef test_it():\n    subprocess.Popen(['/bin/sh', '-c', 'sleep 300; : {word}'], start_new_session=True)\n"
    );
    let place = Place::new(&test);
    let finished = place.run(&full(), Some(place.zygote.offer(Entry::OwnTests).unwrap())).await.unwrap();
    assert_eq!(finished.exit, Exit::Code(0));
    let patience = std::time::Instant::now() + Duration::from_secs(2);
    let alive = || {
        let processes = fs::read_dir("/proc").unwrap().flatten();
        let lines = processes.filter_map(|process| fs::read(process.path().join("cmdline")).ok());
        lines.filter(|line| String::from_utf8_lossy(line).contains(word)).count()
    };
    while alive() > 0 && std::time::Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(alive(), 0);
}

/// The memory of a process that is not dumpable can be looked at by whoever has power over the user namespace that it was executed
/// in, and for a fork of the zygote that is the host's.
#[tokio::test]
async fn a_fork_that_hides_its_memory_is_counted_all_the_same() {
    let place = Place::new(
        "import ctypes, os, time

def test_it():
    assert ctypes.CDLL(None).prctl(4, 0, 0, 0, 0) == 0
    for _ in range(8):
        if os.fork() == 0:
            memory = bytearray(80 << 20)
            memory[::4096] = bytes(len(memory) // 4096)
            time.sleep(5)
            os._exit(0)
    time.sleep(5)
",
    );
    let limits = Limits { memory: 300 << 20, ..Limits::default() };
    for adoptee in [None, Some(place.zygote.offer(Entry::OwnTests).unwrap())] {
        let finished = place.run_within(limits.clone(), &full(), adoptee).await.unwrap();
        assert_eq!(finished.exit, Exit::LimitHit(Limit::Memory));
    }
}

#[tokio::test]
async fn the_exit_code_and_the_signal_of_a_fork_come_through() {
    for (code, exit) in [("os._exit(7)", Exit::Code(7)), ("os.kill(os.getpid(), 15)", Exit::Signal(15))] {
        let place = Place::new(&format!("import os\n\ndef test_it():\n    {code}\n"));
        let finished = place.run(&full(), Some(place.zygote.offer(Entry::OwnTests).unwrap())).await.unwrap();
        assert_eq!(finished.exit, exit);
    }
}

/// Stands in for the zygote: takes the init's order and answers it like this.
fn answering(answer: &'static str) -> OwnedFd {
    let (ours, theirs) =
        rustix::net::socketpair(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)
            .unwrap();
    std::thread::spawn(move || {
        let mut order = vec![0; 256 << 10];
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(64))];
        let mut ancillary = RecvAncillaryBuffer::new(&mut space);
        let received = rustix::net::recvmsg(
            &theirs,
            &mut [IoSliceMut::new(&mut order)],
            &mut ancillary,
            RecvFlags::CMSG_CLOEXEC,
        );
        assert!(received.unwrap().bytes > 0);
        rustix::net::send(&theirs, answer.as_bytes(), rustix::net::SendFlags::NOSIGNAL).unwrap();
        // Holds what came with the order until the init is done with it.
        let _ = rustix::net::recv(&theirs, &mut [0; 16][..], RecvFlags::empty());
    });
    ours
}

#[tokio::test]
async fn a_process_that_only_says_that_it_is_confined_is_not_believed() {
    let place = Place::new("def test_it():\n    assert True\n");
    let cases = [
        // The init itself is in every namespace and has no other layer; a number that is nobody's has none.
        (r#"{"Ready": {"pid": 1}}"#, "NoNewPrivs is 1"),
        (r#"{"Ready": {"pid": 4242}}"#, "read the payload's namespaces"),
        (r#"{"Failed": {"step": "drop all rights", "errno": 1}}"#, "drop all rights"),
        ("nonsense", "hear the process that becomes the payload"),
    ];
    for (answer, why) in cases {
        let fault = place.run(&full(), Some(answering(answer))).await.unwrap_err();
        assert!(fault.caused_by.iter().any(|cause| cause.contains(why)), "{answer}: {fault:?}");
    }
}

/// What root confines is another user's than the init, which takes no signals from it in any case.
#[tokio::test]
async fn a_fork_that_could_send_signals_to_its_init_does_not_go_on() {
    let place = Place::new("def test_it():\n    assert True\n");
    let open = full().without(Layer::Signals);
    let came = place.run(&open, Some(place.zygote.offer(Entry::OwnTests).unwrap())).await;
    if rustix::process::geteuid().is_root() || common::landlock_of(&full()) < 6 {
        assert_eq!(came.unwrap().exit, Exit::Code(0));
    } else {
        let fault = came.unwrap_err();
        let why = "pass the self-check: Landlock refuses signals to the init";
        assert!(fault.caused_by.iter().any(|cause| cause.contains(why)), "{fault:?}");
    }
}

#[tokio::test]
async fn without_landlock_or_a_sandbox_nothing_enters() {
    let place = Place::new("def test_it():\n    assert True\n");
    let fault = place
        .run(&Confinement::none(launcher()), Some(place.zygote.offer(Entry::OwnTests).unwrap()))
        .await
        .unwrap_err();
    assert!(fault.caused_by.iter().any(|cause| cause.contains("no sandbox")), "{fault:?}");
}

/// What a probe sees of the interpreter that it runs in.
const PROBE: &str = r#"
def look(day):
    import sys
    streams = {}
    for name in ("stdin", "stdout", "stderr"):
        stream = getattr(sys, name)
        told = [stream.encoding, stream.errors, stream.line_buffering, stream.fileno(), stream.mode]
        streams[name] = [*told, stream.seekable(), stream is getattr(sys, f"__{name}__")]
    return [sorted(sys.modules), streams, sys.path[:1], sys.argv, sys.flags.isolated, sys.dont_write_bytecode, __name__]
"#;

/// A running candidate, and the examiner's end of its socket.
struct Asked {
    running: Running,
    stream: UnixStream,
}

impl Asked {
    /// Starts a candidate and hears its greeting.
    fn start(place: &Place, entering: bool) -> Self {
        let adoptee = entering.then(|| place.zygote.offer(Entry::Candidate).unwrap());
        let toolchain = common::toolchain();
        let command = kit_command(toolchain, &place.kit, Entry::Candidate, "/submission");
        let overlay = Overlay { source: place.folder.path().join("files"), inside: "/submission".into() };
        let policy = Policy {
            read_only: toolchain.mounts.clone(),
            overlays: vec![overlay],
            limits: Limits::default(),
        };
        let (ours, theirs) = UnixStream::pair().unwrap();
        let job = Job {
            command: &command,
            confinement: &full(),
            policy: &policy,
            wall: Duration::from_secs(20),
            output_cap: 1 << 20,
            fds: vec![(theirs.into(), 3)],
            adoptee,
            report_fd: false,
        };
        let mut asked = Self { running: spawn(job, never()).unwrap(), stream: ours };
        asked.send(&json!({
            "names": {}, "modules": {}, "package": "", "path": ["."], "folder": ".", "clock": "virtual",
            "watched": false, "import_timeout": 10.0, "probe_timeout": 10.0,
        }));
        let greeting: Value = serde_json::from_slice(&frame(&mut asked.stream)).unwrap();
        assert_eq!(greeting["kind"], "imported");
        asked
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        self.stream.write_all(&u32::try_from(body.len()).unwrap().to_be_bytes()).unwrap();
        self.stream.write_all(body.as_bytes()).unwrap();
    }

    /// Sends a probe, as the examiner would.
    fn ask(&mut self, number: u32, source: &str, name: &str) {
        self.ask_importing(&[], number, source, name);
    }

    /// Sends a probe that imports these.
    fn ask_importing(&mut self, imports: &[&str], number: u32, source: &str, name: &str) {
        self.send(&json!({
            "id": number, "probe": source, "source": [source], "imports": imports, "name": name,
            "args": [], "kwargs": {"d": []}, "timeout": 10.0, "shared": false,
        }));
    }

    /// Returns the next reply: the number of its request, and what was observed. Nothing was printed, and it is not the last.
    fn hear(&mut self) -> (u32, Value) {
        let reply = frame(&mut self.stream);
        assert_eq!(reply[4..13], [0; 9]);
        let number = u32::from_be_bytes(reply[..4].try_into().unwrap());
        let observed: Value = serde_json::from_slice(&reply[14..]).unwrap();
        // Every probe has a process of its own; which one a host died of, nobody knows.
        assert_eq!(reply[13] == 1, observed["kind"] != "host-died");
        (number, observed)
    }
}

/// Asks a candidate what a probe sees.
async fn observed(place: &Place, entering: bool) -> Value {
    let mut asked = Asked::start(place, entering);
    let (asked, (number, observed)) = tokio::task::spawn_blocking(move || {
        asked.ask(7, PROBE, "look");
        let heard = asked.hear();
        (asked, heard)
    })
    .await
    .unwrap();
    asked.running.stop().await.unwrap();
    assert_eq!(number, 7);
    observed
}

fn frame(stream: &mut UnixStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut body).unwrap();
    body
}

#[tokio::test]
async fn a_candidate_that_enters_has_imported_what_an_executed_one_has_and_nothing_else() {
    let place = Place::new("");
    let executed = observed(&place, false).await;
    assert_eq!(executed["kind"], "returned", "{executed}");
    assert_eq!(observed(&place, true).await, executed);
}

/// Says which of these have been imported before it runs.
const BEFORE: &str = r#"
def before(day):
    import sys
    return [name for name in ("bisect", "colorsys", "concurrent.futures", "learners") if name in sys.modules]
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_a_probe_imports_of_the_library_is_there_before_it_runs_and_no_file_of_the_learners_by_that_name()
 {
    let place = Place::new("");
    let files = place.folder.path().join("files");
    for name in ["colorsys.py", "concurrent.py", "learners.py"] {
        fs::write(files.join(name), "raise SystemExit('not before a probe asks for it')\n").unwrap();
    }
    let mut asked = Asked::start(&place, true);
    asked.ask_importing(&["bisect", "colorsys", "concurrent.futures", "learners"], 7, BEFORE, "before");
    let (_, observed) = asked.hear();
    assert_eq!(observed["value"], json!(["bisect"]), "{observed}");
    asked.running.stop().await.unwrap();
}

/// Says who runs it: the namespace of its processes, and the number of its parent there.
const WHO: &str = r#"
def who(day):
    import os
    return [os.readlink("/proc/self/ns/pid"), os.getppid()]

def wait(day):
    import select
    select.select([], [], [], 30)
"#;

/// Returns the number that a process has here which has that one in another namespace.
fn number_here(namespace: &str, inside: u64) -> rustix::process::Pid {
    let is_it = |folder: &Path| {
        let there = fs::read_link(folder.join("ns/pid")).is_ok_and(|link| link == Path::new(namespace));
        let status = fs::read_to_string(folder.join("status")).unwrap_or_default();
        let numbers = status.lines().find_map(|line| line.strip_prefix("NSpid:")).unwrap_or_default();
        there && numbers.split_whitespace().next_back() == Some(&inside.to_string())
    };
    let mut folders = fs::read_dir("/proc").unwrap().flatten().map(|entry| entry.path());
    let found = folders.find(|folder| is_it(folder)).unwrap();
    rustix::process::Pid::from_raw(found.file_name().unwrap().to_str().unwrap().parse().unwrap()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn that_a_host_has_died_is_said_of_the_request_it_was_working_at_and_of_no_other() {
    let place = Place::new("");
    let mut asked = Asked::start(&place, true);
    let host = |asked: &mut Asked, number| {
        asked.ask(number, WHO, "who");
        let (heard, observed) = asked.hear();
        assert_eq!((heard, &observed["kind"]), (number, &json!("returned")), "{observed}");
        number_here(observed["value"][0].as_str().unwrap(), observed["value"][1].as_u64().unwrap())
    };
    let kill = |host| {
        // A host whose answer has been heard may not have noted yet that it has given it; one more said of that is passed over.
        std::thread::sleep(Duration::from_millis(100));
        rustix::process::kill_process(host, rustix::process::Signal::KILL).unwrap();
        std::thread::sleep(Duration::from_millis(300));
    };
    // Between two requests: nobody's.
    let first = host(&mut asked, 7);
    kill(first);
    let second = host(&mut asked, 3_000_000_000);
    assert_ne!(first, second);
    // During one: its own.
    asked.ask(8, WHO, "wait");
    std::thread::sleep(Duration::from_millis(300));
    kill(second);
    let (number, observed) = asked.hear();
    assert_eq!((number, observed), (8, json!({"kind": "host-died"})));
    host(&mut asked, 9);
    asked.running.stop().await.unwrap();
}
