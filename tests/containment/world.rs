//! What there is to attack: a throw-away home with a secret, a repository, sockets of the host, a process of the same user.
//!
//! Everything is writable for everybody, so that what refuses is the sandbox and not the mode of a file. A world knows
//! whether it was touched, and ends what an attack left running.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::net::{TcpListener, UdpSocket};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::{SocketAddr, UnixListener};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use grade::sandbox::Overlay;
use rustix::process::{Pid, Signal, kill_process};

pub const SECRET: &str = "secret";

pub struct World {
    folder: tempfile::TempDir,
    victim: Child,
    tcp: [TcpListener; 2],
    udp: UdpSocket,
    by_path: [UnixListener; 2],
    by_name: UnixListener,
    /// How files and the victim were before the attack.
    before: BTreeMap<String, String>,
}

impl World {
    pub fn new() -> io::Result<Self> {
        // Landlock grants what lies below /tmp with it, so the world lies elsewhere.
        let folder = tempfile::Builder::new().prefix("grade-world-").tempdir_in("/var/tmp")?;
        lay_out(folder.path())?;
        let victim = Command::new("sleep")
            .arg0("secret-in-arguments")
            .arg("60")
            .env_clear()
            .env("VICTIM", SECRET)
            .stdin(Stdio::null())
            .spawn()?;
        let name = SocketAddr::from_abstract_name(folder.path().as_os_str().as_encoded_bytes())?;
        let mut world = Self {
            tcp: [listen("127.0.0.1:0")?, listen("[::1]:0")?],
            udp: UdpSocket::bind("127.0.0.1:0")?,
            by_path: [
                UnixListener::bind(folder.path().join("run/docker.sock"))?,
                UnixListener::bind(folder.path().join("granted/socket"))?,
            ],
            by_name: UnixListener::bind_addr(&name)?,
            victim,
            folder,
            before: BTreeMap::new(),
        };
        world.udp.set_nonblocking(true)?;
        for listener in world.by_path.iter().chain([&world.by_name]) {
            listener.set_nonblocking(true)?;
        }
        open_to_everybody(world.folder.path())?;
        world.before = world.state()?;
        Ok(world)
    }

    /// The folder that an attack may read, by the policy.
    pub fn granted(&self) -> PathBuf {
        self.path("granted")
    }

    /// The learner's files, which are laid over.
    pub fn submission(&self) -> Overlay {
        Overlay { source: self.path("repository/files"), inside: "/submission".into() }
    }

    /// A file of the host that the grader happens to have open.
    pub fn open_file(&self) -> io::Result<fs::File> {
        fs::File::open(self.path("home/canary"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What attacks are told of it.
    pub fn environment(&self) -> io::Result<Vec<(&'static str, String)>> {
        let path = |name| self.path(name).to_string_lossy().into_owned();
        Ok(vec![
            ("WORLD_FOLDER", path("")),
            ("WORLD_HOST_HOME", path("home")),
            ("WORLD_CANARY", path("home/canary")),
            ("WORLD_GRANTED", path("granted")),
            ("WORLD_READABLE", path("granted/readable")),
            ("WORLD_REPOSITORY", path("repository")),
            ("WORLD_HIDDEN", path("hidden/test_hidden.py")),
            ("WORLD_SHARED", path("shared")),
            ("WORLD_DOCKER", path("run/docker.sock")),
            ("WORLD_NAME", self.folder.path().to_string_lossy().into_owned()),
            ("WORLD_TCP", self.tcp[0].local_addr()?.port().to_string()),
            ("WORLD_TCP6", self.tcp[1].local_addr()?.port().to_string()),
            ("WORLD_UDP", self.udp.local_addr()?.port().to_string()),
            ("WORLD_VICTIM", self.victim.id().to_string()),
            ("WORLD_SUBMISSION", "/submission".to_owned()),
            ("HOME", grade::sandbox::HOME.to_owned()),
        ])
    }

    /// Returns everything that an attack has changed or left outside.
    pub fn traces(&self) -> io::Result<Vec<String>> {
        let after = self.state()?;
        let names = self.before.keys().chain(after.keys().filter(|name| !self.before.contains_key(*name)));
        let mut traces: Vec<String> = names
            .filter(|name| self.before.get(*name) != after.get(*name))
            .map(|name| format!("{name}: {:?} became {:?}", self.before.get(name), after.get(name)))
            .collect();
        traces.extend(self.visits());
        if let survivors @ [_, ..] = &*self.survivors() {
            traces.push(format!("processes {survivors:?} are still there"));
        }
        Ok(traces)
    }

    fn state(&self) -> io::Result<BTreeMap<String, String>> {
        let mut state = BTreeMap::from([("the victim".to_owned(), state_of(self.victim.id()))]);
        note_files(self.folder.path(), &mut state)?;
        Ok(state)
    }

    /// Returns the sockets that somebody has come to.
    fn visits(&self) -> impl Iterator<Item = String> {
        let tcp = self.tcp.iter().map(|listener| ("a TCP port", listener.accept().is_ok()));
        let by_path = self.by_path.iter().map(|listener| ("a socket in a folder", listener.accept().is_ok()));
        let others = [
            ("the UDP port", self.udp.recv(&mut [0; 64]).is_ok()),
            ("the abstract socket", self.by_name.accept().is_ok()),
        ];
        let visited = tcp.chain(by_path).chain(others).filter(|(_, visited)| *visited);
        visited.map(|(name, _)| format!("{name} had a visitor"))
    }

    /// Returns the processes of the attack that are still there after a moment, in which the kernel ends what was killed.
    fn survivors(&self) -> Vec<i32> {
        let patience = Instant::now() + Duration::from_secs(1);
        loop {
            let found = self.processes();
            if found.is_empty() || Instant::now() > patience {
                return found;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Returns every process that was told of this world, and what it started.
    fn processes(&self) -> Vec<i32> {
        let mark = format!("WORLD_NAME={}\0", self.folder.path().display());
        let told = |pid: &i32| {
            fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|environ| environ.windows(mark.len()).any(|window| window == mark.as_bytes()))
        };
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(told).collect()
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // A bomb forks while it is swept.
        for _ in 0..100 {
            let left = self.processes();
            if left.is_empty() {
                break;
            }
            for pid in left.into_iter().filter_map(Pid::from_raw) {
                let _ = kill_process(pid, Signal::KILL);
            }
        }
        let _ = self.victim.kill();
        let _ = self.victim.wait();
    }
}

fn lay_out(folder: &Path) -> io::Result<()> {
    for name in ["home", "granted", "repository/.git", "repository/files", "hidden", "run", "shared"] {
        fs::create_dir_all(folder.join(name))?;
    }
    for (name, text) in [
        ("home/canary", SECRET),
        ("granted/readable", "text"),
        ("granted/locked", ""),
        ("repository/.git/config", SECRET),
        ("repository/.env", SECRET),
        ("repository/files/day.py", "x = 1\n"),
        ("hidden/test_hidden.py", SECRET),
    ] {
        fs::write(folder.join(name), text)?;
    }
    rustix::fs::mknodat(
        rustix::fs::CWD,
        folder.join("granted/fifo"),
        rustix::fs::FileType::Fifo,
        0o666.into(),
        0,
    )?;
    symlink(folder.join("home/canary"), folder.join("repository/files/leak"))
}

fn listen(address: &str) -> io::Result<TcpListener> {
    let listener = TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

fn open_to_everybody(path: &Path) -> io::Result<()> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_symlink() {
        return Ok(());
    }
    let mode = if metadata.is_dir() { 0o777 } else { 0o666 };
    fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
    if metadata.is_dir() {
        fs::read_dir(path)?.try_for_each(|entry| open_to_everybody(&entry?.path()))?;
    }
    Ok(())
}

/// Notes everything about files but when they were read. The time of change tells of attributes too.
fn note_files(folder: &Path, state: &mut BTreeMap<String, String>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, metadata) = (entry.path(), entry.metadata()?);
        let text = if metadata.is_file() { fs::read(&path)? } else { Vec::new() };
        let facts = format!(
            "{:o} {}:{} {} links, changed at {}.{}: {:?}",
            metadata.mode(),
            metadata.uid(),
            metadata.gid(),
            metadata.nlink(),
            metadata.ctime(),
            metadata.ctime_nsec(),
            String::from_utf8_lossy(&text)
        );
        state.insert(path.display().to_string(), facts);
        if metadata.is_dir() {
            note_files(&path, state)?;
        }
    }
    Ok(())
}

/// What others could change about a process: whether it runs, its priority, its limits, who traces it.
fn state_of(pid: u32) -> String {
    let read = |file: &str| fs::read_to_string(format!("/proc/{pid}/{file}")).unwrap_or_default();
    let status = read("status");
    let told = status.lines().filter(|line| {
        // Whether it runs, sleeps or waits for the disk is no trace; that it is stopped or dead is.
        let is_ended =
            line.strip_prefix("State:\t").is_some_and(|state| state.starts_with(['T', 't', 'Z', 'X']));
        is_ended || line.starts_with("TracerPid:") || line.starts_with("Cpus_allowed:")
    });
    let stat = read("stat");
    let nice = stat.rsplit(')').next().and_then(|fields| fields.split_whitespace().nth(16)).unwrap_or("?");
    let told = told.collect::<Vec<_>>().join(", ");
    format!("{told}, nice {nice}, {} {}", read("oom_score_adj"), read("limits"))
}
