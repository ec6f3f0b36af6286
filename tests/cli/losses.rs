//! Nothing is lost: what hostile code does in a probe costs the test that ran it, and no other.
//!
//! The course is made here, out of a table: a requirement for every act, and after each one that asks for something honest.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::place::{Place, Ran};
use crate::skip;

/// What a function of the learner's does, and what comes of it.
#[derive(Clone, Copy)]
struct Act {
    name: &'static str,
    python: &'static str,
    /// Where the kernel can keep signals in.
    fenced: Comes,
    /// Where it cannot.
    unfenced: Comes,
}

/// What comes of a test.
#[derive(Clone, Copy)]
enum Comes {
    /// It fails, and this is said of it.
    Said(&'static str),
    /// It passes: nobody was harmed.
    Passed,
    /// It passes or fails, as it happens.
    Either,
}

const fn act(name: &'static str, python: &'static str, said: &'static str) -> Act {
    Act { name, python, fenced: Comes::Said(said), unfenced: Comes::Said(said) }
}

const fn harmless(name: &'static str, python: &'static str) -> Act {
    Act { name, python, fenced: Comes::Passed, unfenced: Comes::Passed }
}

/// Does harm to who runs it, which some kernels refuse.
const fn refused(name: &'static str, python: &'static str, unfenced: Comes) -> Act {
    Act { name, python, fenced: Comes::Said("it raised PermissionError"), unfenced }
}

/// Does harm to whoever it reaches, who is nobody on some kernels.
const fn reaches_nobody(name: &'static str, python: &'static str) -> Act {
    Act { name, python, fenced: Comes::Passed, unfenced: KILLED }
}

const KILLED: Comes = Comes::Said("it killed or stopped the process that it was running in");
const GARBAGE: &str = "the program that was running your code answered with garbage";
const FLOOD: &str = "it printed without end";
const LATE: &str = "it was still running after 1 s";

const ACTS: &[Act] = &[
    act("exits", "os._exit(0)", "it ended the interpreter (exit code 0)"),
    act("kills-itself", "os.kill(os.getpid(), signal.SIGKILL)", "the interpreter was killed (signal 9)"),
    act("kills-its-group", "os.killpg(0, signal.SIGKILL)", "the interpreter was killed (signal 9)"),
    act("stops-itself", "os.kill(os.getpid(), signal.SIGSTOP)", LATE),
    act("floods-the-output", "while True: os.write(1, b'x' * 65536)", FLOOD),
    act("floods-the-errors", "while True: os.write(2, b'x' * 65536)", FLOOD),
    act("sends-garbage", "shout(b'\\xff\\x00garbage' * 9); os._exit(0)", "exit code 0"),
    act("sends-half-a-frame", "shout(b'\\0\\0\\0\\x64{\"kind\":'); os._exit(0)", "exit code 0"),
    act("announces-4-gib", "shout(b'\\xff\\xff\\xff\\xff'); os._exit(0)", "exit code 0"),
    act("sends-a-frame-of-nothing", "shout(b'\\0\\0\\0\\0')", GARBAGE),
    act("sends-a-frame-that-is-no-json", "shout(b'\\0\\0\\0\\x02{]')", GARBAGE),
    act("sends-a-thousand-frames", "shout(b'\\0\\0\\0\\x02{}', 1000)", GARBAGE),
    act("waits-for-a-lock", "lock = threading.Lock(); lock.acquire(); lock.acquire()", LATE),
    act("spins", "while True: pass", LATE),
    act("closes-all", "os.closerange(0, 1024)", "it ended the interpreter (exit code 70)"),
    harmless("closes-its-output", "os.close(1); os.close(2)"),
    harmless("replaces-its-output", "sys.stdout = sys.stderr = None"),
    act("replaces-os", "os.write = os.read = os._exit = os.fork = lambda *given: 0", LATE),
    act(
        "replaces-builtins",
        "builtins.len = builtins.type = builtins.isinstance = builtins.memoryview = None",
        "exit",
    ),
    harmless("replaces-json", "json.dumps = json.loads = json.JSONEncoder.encode = None"),
    act("crashes", "import ctypes; ctypes.string_at(0)", "the interpreter was ended by signal 11"),
    // Last, because a pipe that nobody reads stays full.
    act("floods-all", "shout(b'x' * 65536, 10 ** 9)", LATE),
];

/// Acts against the processes that run it: its parent is the host, and the parent of that is the keeper.
const KILLS: &[Act] = &[
    refused("kills-the-host", "os.kill(os.getppid(), signal.SIGKILL); time.sleep(30)", KILLED),
    refused("stops-the-host", "os.kill(os.getppid(), signal.SIGSTOP); time.sleep(30)", KILLED),
    refused("kills-the-keeper", "os.kill(keeper(), signal.SIGKILL); time.sleep(30)", KILLED),
    refused("stops-the-keeper", "os.kill(keeper(), signal.SIGSTOP)", Comes::Passed),
    refused(
        "kills-by-a-descriptor",
        "signal.pidfd_send_signal(os.pidfd_open(keeper()), signal.SIGKILL); time.sleep(30)",
        KILLED,
    ),
    reaches_nobody("kills-all", "os.kill(-1, signal.SIGKILL); time.sleep(0.5)"),
    reaches_nobody("stops-all", "os.kill(-1, signal.SIGSTOP); time.sleep(0.5)"),
    Act {
        name: "kills-the-keeper-when-it-has-answered",
        python: "sys.stdout = KillsAtTheEnd(keeper())",
        fenced: Comes::Passed,
        unfenced: Comes::Either,
    },
    Act {
        name: "kills-the-host-when-it-has-answered",
        python: "sys.stdout = KillsAtTheEnd(os.getppid())",
        fenced: Comes::Passed,
        unfenced: Comes::Either,
    },
    Act {
        name: "kills-the-keeper-later",
        python: "target = keeper(); daemon(lambda: kill_later(target))",
        fenced: Comes::Passed,
        unfenced: Comes::Either,
    },
    act("joins-the-keepers-group", "os.setpgid(0, keeper())", "it raised PermissionError"),
    refused("reads-the-hosts-memory", "open(f'/proc/{os.getppid()}/mem', 'rb').close()", Comes::Passed),
    harmless(
        "moves-a-file",
        "os.makedirs('a/b'); open('a/file', 'w').close(); os.rename('a/file', 'a/b/file')",
    ),
];

/// Acts that leave processes behind.
const LEAVES: &[Act] = &[
    act("leaves-a-child-with-the-pipes", "os.fork() or time_really(30); os._exit(3)", "(exit code 3)"),
    act("leaves-a-daemon-with-the-pipes", "daemon(lambda: time_really(30)); os._exit(3)", "(exit code 3)"),
    harmless("leaves-a-daemon-and-answers", "daemon(lambda: time_really(30))"),
    harmless("leaves-children-of-its-group", "[os.fork() or time_really(30) for _ in range(4)]"),
    harmless("leaves-daemons-that-daemons-leave", "daemon(lambda: daemon(lambda: time_really(30)))"),
    harmless("leaves-what-forks-for-ever", "daemon(fork_on)"),
];

const HELPERS: &str = r#"
import builtins, fcntl, json, os, signal, sys, threading, time

time_really = time.sleep


def shout(data, times=1):
    """Writes to every descriptor that there is."""
    for _ in range(times):
        for number in range(256):
            try:
                os.write(number, data)
            except OSError:
                pass


def daemon(work):
    """Leaves a process behind that no group and no parent leads to, and that holds a lock as long as it is there."""
    fcntl.flock(os.open("lock", os.O_CREAT | os.O_WRONLY), fcntl.LOCK_EX)
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            work()
        os._exit(0)
    os.wait()


def fork_on():
    """Is somebody else all the time."""
    while True:
        if os.fork():
            os._exit(0)
        os.setsid()


def keeper():
    return int(open(f"/proc/{os.getppid()}/stat").read().rsplit(")", 1)[1].split()[1])


def kill_later(pid):
    time_really(0.05)
    os.kill(pid, signal.SIGKILL)


class KillsAtTheEnd:
    """Is flushed before the answer and after it."""

    flushed = 0

    def __init__(self, target):
        self.target = target

    def flush(self):
        self.flushed += 1
        if self.flushed == 2:
            os.kill(self.target, signal.SIGKILL)


def honest():
    """Sees to it that whoever ran before is gone."""
    if "SHARED" in globals():
        SHARED["here"] = 1
        return SHARED["here"]
    fcntl.flock(os.open("lock", os.O_CREAT | os.O_WRONLY), fcntl.LOCK_EX | fcntl.LOCK_NB)
    try:
        there = {int(name) for name in os.listdir("/proc") if name.isdigit()}
    except PermissionError:
        return 1
    strangers = there - {1, keeper(), os.getppid(), os.getpid()}
    assert not strangers, [open(f"/proc/{pid}/stat").read() for pid in strangers]
    return 1
"#;

/// Returns a place whose repository does all of these acts, and the course that asks for them.
fn place_of(acts: &[Act]) -> (Place, PathBuf) {
    place_importing("", acts)
}

/// The same, where the import of the module does this too.
fn place_importing(import: &str, acts: &[Act]) -> (Place, PathBuf) {
    let place = Place::new();
    let mut module = format!("{HELPERS}\n\n{import}\n");
    let mut day = DAY.to_owned();
    let mut suite = SUITE.to_owned();
    let mut expected = "[requirements]\n".to_owned();
    for (index, act) in acts.iter().enumerate() {
        let body = act.python.replace("; ", "\n    ");
        write!(module, "\n\ndef act_{index}():\n    {body}\n    return 1\n").unwrap();
        for (slug, function) in [
            (act.name.to_owned(), format!("act_{index}")),
            (format!("after-{}", act.name), "honest".to_owned()),
        ] {
            let test = slug.replace('-', "_");
            write!(
                day,
                "[[requirement]]\nid = \"{slug}\"\ntext = \"{slug}\"\ncheck = \"hidden\"\nbullets = [1]\n"
            )
            .unwrap();
            write!(suite, "\n\n@requirement(\"{slug}\")\ndef test_{test}(candidate):\n    assert candidate.run(call, \"{function}\") == 1\n    assert candidate.run(call, \"honest\") == 1\n").unwrap();
            writeln!(expected, "{slug} = [\"test_acts.py::test_{test}\"]").unwrap();
        }
    }
    place.write("day1/acts.py", module);
    let pack = place.path("hostile");
    let folder = pack.join("day01-acts");
    for below in ["hidden", "solutions/plain/day1"] {
        fs::create_dir_all(folder.join(below)).unwrap();
    }
    fs::write(pack.join("course.toml"), COURSE).unwrap();
    for (path, text) in [
        ("day.toml", day),
        ("hidden/test_acts.py", suite),
        ("hidden/expected.toml", expected),
        ("guide.md", "# Acts\n".to_owned()),
        ("solutions/plain/day1/acts.py", "".to_owned()),
    ] {
        fs::write(folder.join(path), text).unwrap();
    }
    (place, pack)
}

const COURSE: &str = r#"title = "Hostile acts"

[layout]
folders = ["day{day}"]

[[week]]
number = 1
title = "All"
days = [1]
"#;

const DAY: &str = r#"title = "Acts"
build = "Do what you like"
reference = "plain"

[modules]
acts = ["acts.py"]

[limits]
probe = "1s"
import = "5s"

"#;

const SUITE: &str = r#"from grade_kit.suite import probe, requirement


@probe
def call(day, name):
    """{name}()"""
    return getattr(day.acts, name)()
"#;

fn options(pack: &Path, jobs: usize) -> String {
    format!("day1 --format json --no-cache --jobs {jobs} --pack {}", pack.display())
}

/// Returns what is not as it must be: an act that is not seen as what it is, or an honest requirement that is not fulfilled.
fn what_is_wrong(acts: &[Act], ran: &Ran) -> Vec<String> {
    let report = ran.json();
    let of = |slug: &str| {
        let all = report["days"][0]["requirements"].as_array().unwrap();
        all.iter().find(|each| each["id"] == format!("day1.{slug}")).unwrap()["outcome"].clone()
    };
    let is_fenced = landlock_of(&report) >= LANDLOCK_SIGNALS;
    let mut wrong = Vec::new();
    for act in acts {
        let (own, after) = (of(act.name), of(&format!("after-{}", act.name)));
        let is_right = match if is_fenced { act.fenced } else { act.unfenced } {
            Comes::Passed => own["status"] == "passed",
            Comes::Either => ["passed", "failed"].contains(&own["status"].as_str().unwrap()),
            Comes::Said(said) => {
                own["status"] == "failed" && own["findings"][0]["message"].to_string().contains(said)
            }
        };
        if !is_right {
            wrong.push(format!("{}: {own}", act.name));
        }
        if after["status"] != "passed" {
            wrong.push(format!("after {}: {after}", act.name));
        }
    }
    wrong
}

/// The first version that keeps signals in: <https://docs.kernel.org/userspace-api/landlock.html#ipc-scoping-abi-6>.
const LANDLOCK_SIGNALS: u32 = 6;

/// Returns the version of Landlock that a report names, or 0 where it names none.
fn landlock_of(report: &serde_json::Value) -> u32 {
    let layers =
        report["containment"]["layers"].as_array().unwrap().iter().filter_map(|layer| layer.as_str());
    layers.filter_map(|layer| layer.strip_prefix("landlock ")?.parse().ok()).next().unwrap_or(0)
}

#[test]
fn what_a_probe_does_costs_its_own_test_and_no_other() {
    let acts = [KILLS, LEAVES, ACTS].concat();
    let (place, pack) = place_of(&acts);
    let ran = place.finish(&mut place.bare(&options(&pack, 1))).exits_with(1);
    let wrong = what_is_wrong(&acts, &ran);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn where_the_kernel_keeps_no_signals_in_what_a_probe_kills_is_started_again() {
    let acts = [KILLS, LEAVES].concat();
    let (place, pack) = place_of(&acts);
    for jobs in [1, 3] {
        let ran = place.finish(&mut place.bare_without_landlock(&options(&pack, jobs))).exits_with(1);
        assert_eq!(landlock_of(&ran.json()), 0);
        let wrong = what_is_wrong(&acts, &ran);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

#[test]
fn without_namespaces_it_is_the_same() {
    // No process can be found out there but one's parent.
    let findable = KILLS.iter().filter(|act| !act.python.contains("keeper()"));
    let acts: Vec<Act> = findable.chain(LEAVES).copied().collect();
    let (place, pack) = place_of(&acts);
    let ran = place.finish(place.bare(&options(&pack, 1)).args(["--sandbox", "restricted"]));
    if ran.code == 5 {
        skip!("{}", ran.stderr);
    }
    let wrong = what_is_wrong(&acts, &ran.exits_with(1));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What the import of a module leaves running is part of the learner's work, and is there for every probe.
#[test]
fn what_an_import_leaves_running_is_there_for_every_probe() {
    const IMPORTS: [&str; 2] = [
        "import multiprocessing\nSHARED = multiprocessing.Manager().dict()",
        "import subprocess\nSHARED = {'daemon': subprocess.Popen(['sleep', '60'], start_new_session=True)}",
    ];
    for import in IMPORTS {
        let (place, pack) = place_importing(import, LEAVES);
        let options = options(&pack, 1);
        for mut command in [place.bare(&options), place.bare_without_landlock(&options)] {
            let ran = place.finish(&mut command).exits_with(1);
            let wrong = what_is_wrong(LEAVES, &ran);
            assert!(wrong.is_empty(), "{import}\n{}", wrong.join("\n"));
        }
    }
}

#[test]
fn however_often_they_are_killed_others_serve_what_is_asked_for_next() {
    let kills = |number: usize| {
        let who = ["os.getppid()", "keeper()"][number % 2];
        let python = format!("os.kill({who}, signal.SIGKILL); time.sleep(30)");
        refused(format!("kills-{number}").leak(), python.leak(), KILLED)
    };
    let acts: Vec<Act> = (0..24).map(kills).collect();
    let (place, pack) = place_of(&acts);
    for mut command in [place.bare(&options(&pack, 1)), place.bare_without_landlock(&options(&pack, 1))] {
        let ran = place.finish(&mut command).exits_with(1);
        let wrong = what_is_wrong(&acts, &ran);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}
