//! What is asked of bubblewrap, where only it may make namespaces: the same root as `root` builds, as far as it can.
//!
//! It makes the namespaces and shows the files, and then executes our init as pid 1, without any right. The init writes the
//! small files, copies what is laid over, and the rest is as everywhere: rights, Landlock, limits, seccomp, the check.
//! Its options are in bwrap(1). The number of files cannot be limited through it.

use std::ffi::{CString, OsStr, OsString};
use std::fs;
use std::io;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

use super::launch::INIT_WORD;
use super::policy::{HOME, Policy};
use super::root::{BESIDE_USR, FROM_ETC, PAYLOAD_ID, lower};

/// Where the system keeps it; a program of this name anywhere else may be anybody's.
pub(super) const PROGRAM: &str = "/usr/bin/bwrap";
/// Where our own program is inside.
const INIT: &str = "/.grade";

/// Namespaces, ids and lifetime, which are always the same.
const ALWAYS: [&str; 12] = [
    "--unshare-user",
    "--unshare-ipc",
    "--unshare-pid",
    "--unshare-net",
    "--unshare-uts",
    "--unshare-cgroup",
    "--as-pid-1",
    "--die-with-parent",
    "--hostname",
    "grade",
    "--chdir",
    "/",
];

/// Returns bubblewrap's command line, its name first. `program` is ours.
pub(super) fn command_line(policy: &Policy, program: &Path) -> io::Result<Vec<CString>> {
    let mut words = Words::default();
    words.add(["bwrap"]).add(ALWAYS);
    words.add(["--uid", &PAYLOAD_ID.to_string(), "--gid", &PAYLOAD_ID.to_string()]);
    words.bind(Path::new("/usr"), Path::new("/usr"));
    for folder in BESIDE_USR.map(Path::new) {
        match fs::read_link(folder) {
            Ok(target) => words.link(&target, folder),
            Err(_) if folder.exists() => words.bind(folder, folder),
            Err(_) => &mut words,
        };
    }
    words.add(["--dir", "/etc"]);
    for path in FROM_ETC.map(Path::new) {
        if let Ok(real) = fs::canonicalize(path) {
            words.bind(&real, path);
        }
    }
    if let Ok(zone) = fs::read_link("/etc/localtime") {
        words.link(&zone, Path::new("/etc/localtime"));
    }
    words.add(["--proc", "/proc", "--dev", "/dev"]);
    let size = policy.limits.scratch.to_string();
    for (folder, mode) in [("/tmp", "1777"), (HOME, "0755"), ("/dev/shm", "1777")] {
        words.add(["--size", &size, "--perms", mode, "--tmpfs", folder]);
    }
    words.add(["--remount-ro", "/dev"]);
    for path in policy.folders_first() {
        words.bind(&fs::canonicalize(path)?, path);
    }
    for (index, overlay) in policy.overlays.iter().enumerate() {
        words.bind(&fs::canonicalize(&overlay.source)?, &lower(index));
        words.add(["--size", &size, "--perms", "0755", "--tmpfs"]).add([&overlay.inside]);
    }
    words.bind(program, Path::new(INIT)).add(["--", INIT, INIT_WORD]);
    words.finish()
}

#[derive(Default)]
struct Words(Vec<OsString>);

impl Words {
    fn add<T: AsRef<OsStr>>(&mut self, words: impl IntoIterator<Item = T>) -> &mut Self {
        self.0.extend(words.into_iter().map(|word| word.as_ref().to_owned()));
        self
    }

    fn bind(&mut self, source: &Path, inside: &Path) -> &mut Self {
        self.add(["--ro-bind"]).add([source, inside])
    }

    fn link(&mut self, target: &Path, inside: &Path) -> &mut Self {
        self.add(["--symlink"]).add([target, inside])
    }

    fn finish(self) -> io::Result<Vec<CString>> {
        let words = self.0.into_iter().map(|word| CString::new(word.into_vec()).map_err(io::Error::from));
        words.collect()
    }
}

/// Returns where bubblewrap is, if the system has it.
pub(super) fn find() -> Option<PathBuf> {
    let program = PathBuf::from(PROGRAM);
    program.is_file().then_some(program)
}
