//! A learner's place: a home, a cache and a repository in a temporary folder, and `grade` run there.

use std::ffi::OsStr;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use grade::config::env::Environment;
use tempfile::TempDir;

use crate::common::{data_dir, golden, toolchain};

/// A home, a cache and a repository.
pub struct Place {
    folder: TempDir,
}

/// What a run of `grade` came to.
#[derive(Debug, PartialEq, Eq)]
pub struct Ran {
    /// The exit code; 128 and the signal where one ended it.
    pub code: i32,
    /// Standard output, as it was.
    pub raw: String,
    /// Standard output, redacted.
    pub stdout: String,
    /// Standard error, redacted.
    pub stderr: String,
}

/// The course that all tests use.
pub fn tiny_pack() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/pack/tiny")
}

impl Place {
    /// Returns a place with an empty repository.
    pub fn new() -> Self {
        toolchain();
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        for name in ["home", "repo/.git"] {
            fs::create_dir_all(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    /// Returns a place with the reference solutions of these days of the tiny course.
    pub fn with(days: &[u16]) -> Self {
        let place = Self::new();
        days.iter().for_each(|day| place.solve(*day));
        place
    }

    /// Puts the reference solution of a day into the repository.
    pub fn solve(&self, day: u16) {
        let folder = match day {
            1 => "day01-greeting",
            2 => "day02-tidy",
            3 => "day03-waiting",
            _ => "day05-counting",
        };
        copy(&tiny_pack().join(folder).join("solutions/plain"), &self.repo());
    }

    /// Returns a folder or file of the place.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Returns the repository.
    pub fn repo(&self) -> PathBuf {
        self.path("repo")
    }

    /// Writes a file of the repository.
    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.repo().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Copies the tiny course, to be spoilt.
    pub fn own_pack(&self) -> PathBuf {
        let pack = self.path("packs/tiny");
        copy(&tiny_pack(), &pack);
        pack
    }

    /// Returns `grade` with these arguments (set apart by spaces) on the tiny course, ready to run in the repository.
    pub fn grade(&self, args: &str) -> Command {
        let mut command = self.bare(args);
        command.arg("--pack").arg(tiny_pack());
        command
    }

    /// Returns `grade` with these arguments and no course.
    pub fn bare(&self, args: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
        command.args(args.split_whitespace());
        self.settle(&mut command);
        command
    }

    /// Returns `grade` with these arguments and no course, where the kernel has no Landlock as far as a program can see.
    pub fn bare_without_landlock(&self, args: &str) -> Command {
        let wrapper = self.wrapper_without_landlock();
        let mut command = Command::new(&wrapper[0]);
        command.args(&wrapper[1..]).arg(env!("CARGO_BIN_EXE_grade")).args(args.split_whitespace());
        self.settle(&mut command);
        command
    }

    /// Returns the words before a command for which the kernel has no Landlock.
    pub fn wrapper_without_landlock(&self) -> Vec<String> {
        let script = self.path("without_landlock.py");
        fs::write(&script, REFUSE_LANDLOCK).unwrap();
        vec![toolchain().python.display().to_string(), "-I".to_owned(), script.display().to_string()]
    }

    /// Gives a command this place's environment and nothing else of ours.
    pub fn settle(&self, command: &mut Command) {
        let ours = Environment::read();
        command.env_clear().current_dir(self.repo()).stdin(Stdio::null());
        command.env("PATH", ours.get("PATH").unwrap_or(OsStr::new("/usr/bin:/bin")));
        command.env("HOME", self.path("home"));
        command.env("GRADE_DATA_DIR", data_dir()).env("GRADE_CACHE_DIR", self.path("cache"));
        if let Some(python) = ours.python() {
            command.env("GRADE_PYTHON", python);
        }
    }

    /// Runs `grade` with these arguments on the tiny course.
    pub fn run(&self, args: &str) -> Ran {
        self.finish(&mut self.grade(args))
    }

    /// Runs a command to its end.
    pub fn finish(&self, command: &mut Command) -> Ran {
        self.ran(&command.output().unwrap())
    }

    /// Returns what a finished command came to.
    pub fn ran(&self, output: &Output) -> Ran {
        let code = output.status.code().unwrap_or_else(|| 128 + output.status.signal().unwrap_or(0));
        let raw = String::from_utf8(output.stdout.clone()).unwrap();
        let stdout = self.redact(&raw);
        Ran { code, raw, stdout, stderr: self.redact(&String::from_utf8(output.stderr.clone()).unwrap()) }
    }

    /// Returns a text without what differs from run to run: paths, times, the machine's layers.
    pub fn redact(&self, text: &str) -> String {
        let own = self.folder.path().canonicalize().unwrap();
        let text = text.replace(&*own.to_string_lossy(), "[PLACE]");
        let text = text.replace(&*tiny_pack().to_string_lossy(), "[PACK]");
        let text = text.replace(&*data_dir().to_string_lossy(), "[DATA]");
        text.split_inclusive('\n').filter(|line| !line.starts_with(CONTAINMENT)).map(redact_line).collect()
    }
}

/// Executes a program under a seccomp filter that answers ENOSYS to landlock_create_ruleset(2), as a kernel without Landlock does.
/// <https://docs.kernel.org/userspace-api/seccomp_filter.html>
const REFUSE_LANDLOCK: &str = r#"import ctypes, errno, os, struct, sys
def instruction(code, k, yes=0, no=0):
    return struct.pack("HBBI", code, yes, no, k)
load, equal, answer = 0x20, 0x15, 0x06
program = b"".join([
    instruction(load, 0),
    instruction(equal, 444, 0, 1),
    instruction(answer, 0x00050000 | errno.ENOSYS),
    instruction(answer, 0x7FFF0000),
])
kept = ctypes.create_string_buffer(program, len(program))
filter = ctypes.create_string_buffer(struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(kept)))
libc = ctypes.CDLL(None, use_errno=True)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, filter, 0, 0) == 0, ctypes.get_errno()
os.execv(sys.argv[1], sys.argv[1:])
"#;

/// How a line begins that says more about the sandbox: which layers there are is the machine's.
const CONTAINMENT: &str = "            but ";

fn redact_line(line: &str) -> String {
    if let Some((before, _)) = line.split_once("sandbox: full (") {
        return format!("{before}sandbox: full\n");
    }
    let line = redact_times(line);
    match (line.find(" ──"), line.rfind("─ ")) {
        (Some(first), Some(last)) if line.starts_with("── ") && first < last => {
            format!("{} ──{}", &line[..first], &line[last + "─".len()..])
        }
        _ => line,
    }
}

/// Puts `[TIME]` for every `0.12 s`.
fn redact_times(line: &str) -> String {
    let is_number = |word: &str| word.contains('.') && word.parse::<f64>().is_ok();
    let mut words: Vec<&str> = line.split(' ').collect();
    let mut index = 0;
    while index + 1 < words.len() {
        if is_number(words[index])
            && words[index + 1].starts_with('s')
            && words[index + 1].trim_end_matches(['.', ',', '\n']) == "s"
        {
            words[index] = "[TIME]";
        }
        index += 1;
    }
    words.join(" ")
}

impl Ran {
    /// Checks the exit code, and says all when it is another.
    #[track_caller]
    pub fn exits_with(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        self
    }

    /// Checks that this is an error, that it is all that was written, and what it says.
    #[track_caller]
    pub fn says(self, code: i32, stderr: &str) {
        let ran = self.exits_with(code);
        assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", stderr));
    }

    /// Returns what standard error says, without the line breaks: where they are depends on how long the place's own path is.
    pub fn error(&self) -> String {
        self.stderr.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Checks that a report was written, with nothing on standard error, and that this is in it.
    #[track_caller]
    pub fn reports(self, code: i32, parts: &[&str]) -> Self {
        let ran = self.exits_with(code);
        assert_eq!(ran.stderr, "");
        for part in parts {
            assert!(ran.stdout.contains(part), "no `{part}` in\n{}", ran.stdout);
        }
        ran
    }

    /// Checks that this stands in the report for people, which is not redacted: what is said of the sandbox.
    #[track_caller]
    pub fn names(&self, part: &str) {
        assert!(self.raw.contains(part), "no `{part}` in\n{}", self.raw);
    }

    /// Checks the exit code and a whole report against its golden file; nothing may be on standard error.
    #[track_caller]
    pub fn matches_golden(self, code: i32, name: &str) {
        let ran = self.exits_with(code);
        assert_eq!(ran.stderr, "");
        golden::golden(&format!("tests/cli/golden/{name}.txt"), &ran.stdout);
    }

    /// Reads the report that was written as JSON.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.raw)
            .unwrap_or_else(|error| panic!("{error}: {}\n{}", self.raw, self.stderr))
    }
}

/// Copies what is in a folder.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Replaces a text in a file that has it.
pub fn edit(path: &Path, old: &str, new: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(old), "no `{old}` in {}", path.display());
    fs::write(path, text.replace(old, new)).unwrap();
}
