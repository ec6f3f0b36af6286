//! Builds an environment: the steps of set-up, once the lock is held and the folder is empty.
//!
//! It is built where it will stay. An environment cannot be moved as a whole: its scripts' first lines, the file
//! names in compiled modules and the paths in mypy's cache are absolute. What tells a finished one from a half-made
//! one is the manifest, which is written last. Console scripts are never run: their first line breaks when a path
//! has a space in it or is long (<https://www.in-ulm.de/~mascheck/various/shebang/>); `python -m` does not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;

use super::child::Process;
use super::error::SetupError;
use super::manifest::{self, FORMAT, Manifest, Stamp};
use super::python::{self, Interpreter};
use super::{Progress, Request, Toolchain, lock, mypy_cache, permissions};

/// Compiling and importing take about 2 s; a machine that needs more than this is stuck.
const PATIENCE: Duration = Duration::from_secs(600);
/// How long `uv --version` may take. One that does not answer is a shim without a uv behind it.
const UV_PATIENCE: Duration = Duration::from_secs(10);
/// What is not compiled beforehand: mypy is machine code already, and of Pygments a handful of 300 modules is ever
/// imported. Whatever of them is needed is compiled by the imports of the next steps. (0.8 s CPU instead of 2.8.)
const NOT_COMPILED: &str = r"/site-packages/(mypy|mypyc|pygments)/";
const INSPECT: &str = include_str!("inspect.py");

/// Who makes the environment and installs into it.
enum Installer {
    /// uv, by its path.
    Uv(PathBuf),
    /// The interpreter's own `venv` and `pip`.
    Pip,
}

/// One set-up at work.
pub(super) struct Build<'a> {
    pub(super) root: &'a Path,
    pub(super) lock_file: &'a File,
    pub(super) request: &'a Request,
    pub(super) progress: &'a mut dyn Progress,
    done: u64,
}

/// The paths that matter below an environment's folder.
struct Layout {
    env: PathBuf,
    python: PathBuf,
    lock: PathBuf,
    mypy_cache: PathBuf,
    kit: PathBuf,
}

impl Layout {
    fn new(root: &Path) -> Self {
        let env = root.join("env");
        let python = env.join("bin/python");
        let lock = root.join("requirements.lock");
        Self { env, python, lock, mypy_cache: root.join("mypy-cache"), kit: root.join("kit") }
    }
}

/// Steps besides one for each package: Python, environment, compiling, mypy.
const OTHER_STEPS: u64 = 4;

impl<'a> Build<'a> {
    pub(super) fn new(
        root: &'a Path,
        lock_file: &'a File,
        request: &'a Request,
        progress: &'a mut dyn Progress,
    ) -> Self {
        Self { root, lock_file, request, progress, done: 0 }
    }

    /// Builds the environment and writes its manifest.
    pub(super) fn run(mut self) -> Result<Toolchain, SetupError> {
        let layout = Layout::new(self.root);
        self.say("looking for Python");
        let interpreter = python::find(self.request.python.as_deref(), &self.request.environment)?;
        let installer = installer(self.request);
        self.clear(&layout)?;
        self.step("making an environment");
        self.make_environment(&installer, &interpreter, &layout)?;
        self.step("installing the tools");
        self.install(&installer, &layout)?;
        self.reach(OTHER_STEPS - 2 + lock::packages(), "compiling");
        let facts = self.compile_and_inspect(&layout)?;
        self.step("preparing mypy");
        mypy_cache::prime(self.process(&layout.python)?, self.root, &layout.mypy_cache)?;
        self.finish(&layout, facts)
    }

    // After a Python was found: without one nothing better can be made, and the one that is gone may come back (a
    // disk that is not mounted).
    fn clear(&self, layout: &Layout) -> Result<(), SetupError> {
        manifest::remove(self.root).map_err(SetupError::files("remove", &manifest::place(self.root)))?;
        match fs::remove_dir_all(self.root) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(SetupError::files("remove", self.root)(error));
            }
            _ => {}
        }
        fs::create_dir_all(&layout.kit).map_err(SetupError::files("create", &layout.kit))?;
        fs::write(&layout.lock, lock::TEXT).map_err(SetupError::files("write", &layout.lock))
    }

    fn make_environment(
        &self,
        installer: &Installer,
        interpreter: &Interpreter,
        layout: &Layout,
    ) -> Result<(), SetupError> {
        let process = match installer {
            Installer::Uv(uv) => self
                .process(uv)?
                .args(["venv", "--quiet", "--no-project", "--python"])
                .args([&interpreter.executable, &layout.env]),
            Installer::Pip => {
                self.process(&interpreter.executable)?.args(["-I", "-m", "venv"]).args([&layout.env])
            }
        };
        process.run_step("make a virtual environment").map(drop)
    }

    fn install(&mut self, installer: &Installer, layout: &Layout) -> Result<(), SetupError> {
        let process = match installer {
            Installer::Uv(uv) => self
                .process(uv)?
                .args(["pip", "install", "--no-progress", "--link-mode", "copy", "--python"])
                .args([&layout.python]),
            Installer::Pip => self.pip(layout)?.args(PIP_INSTALL),
        };
        self.hear(process.args(INSTALL).args([&layout.lock]))?;
        match installer {
            Installer::Uv(_) => Ok(()),
            Installer::Pip => self.remove_pip(layout),
        }
    }

    // pip names each package as it fetches it; uv is too quick to follow.
    fn hear(&mut self, installer: Process) -> Result<(), SetupError> {
        let (progress, start) = (&mut *self.progress, self.done);
        let mut packages = 0;
        let mut on_line = |line: &str| {
            if let Some(package) = line.trim_start().strip_prefix("Collecting ") {
                packages = lock::packages().min(packages + 1);
                let name = package.split("==").next().unwrap_or(package);
                progress.step(&format!("downloading {name}"), start + packages, steps());
            }
        };
        installer.run_step_and_hear("install the tools", &mut on_line).map(drop)
    }

    // uv leaves neither behind, and what learners can import must not depend on who installed.
    fn remove_pip(&self, layout: &Layout) -> Result<(), SetupError> {
        let process = self.pip(layout)?.args(["uninstall", "--quiet", "--yes", "setuptools", "pip"]);
        process.run_step("remove pip from the environment").map(drop)
    }

    fn compile_and_inspect(&self, layout: &Layout) -> Result<Facts, SetupError> {
        let compile =
            self.process(&layout.python)?.args(COMPILE).args([NOT_COMPILED]).args([&layout.env.join("lib")]);
        compile.deadline(PATIENCE).run_step("compile the tools")?;
        let inspect = self.process(&layout.python)?.args(["-I", "-c", INSPECT]);
        let output = inspect.deadline(PATIENCE).run_step("start the tools")?;
        serde_json::from_str(output.stdout.trim())
            .map_err(|error| SetupError::Unusable(format!("its Python says `{}` ({error})", output.tail)))
    }

    fn finish(mut self, layout: &Layout, facts: Facts) -> Result<Toolchain, SetupError> {
        permissions::open_tree(self.root).map_err(SetupError::files("set permissions below", self.root))?;
        let interpreter = Stamp::of(&layout.python).map_err(SetupError::files("read", &layout.python))?;
        let toolchain = facts.into_toolchain(layout, self.request)?;
        let manifest =
            Manifest { format: FORMAT, lock_digest: lock::digest().to_owned(), interpreter, toolchain };
        manifest::write(self.root, &manifest)
            .map_err(SetupError::files("write", &manifest::place(self.root)))?;
        self.step("ready");
        Ok(manifest.toolchain)
    }

    fn pip(&self, layout: &Layout) -> Result<Process, SetupError> {
        Ok(self.process(&layout.python)?.args([
            "-I",
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--no-input",
        ]))
    }

    // In the environment's own folder: uv reads a `uv.toml` or `pyproject.toml` of the folder where it stands.
    fn process(&self, program: &Path) -> Result<Process, SetupError> {
        let process = Process::new(program, &self.request.environment).holding(self.lock_file);
        Ok(process.map_err(SetupError::files("share the lock of", self.root))?.cwd(self.root))
    }

    fn say(&mut self, text: &str) {
        self.progress.step(text, self.done, steps());
    }

    fn step(&mut self, text: &str) {
        self.reach(self.done + 1, text);
    }

    fn reach(&mut self, done: u64, text: &str) {
        self.done = done;
        self.say(text);
    }
}

fn steps() -> u64 {
    OTHER_STEPS + lock::packages()
}

fn installer(request: &Request) -> Installer {
    uv(request).map_or(Installer::Pip, |(path, _)| Installer::Uv(path))
}

/// Returns the uv on the `PATH` that answers, and its version.
pub(super) fn uv(request: &Request) -> Option<(PathBuf, String)> {
    python::programs(Path::new("uv"), &request.environment).find_map(|path| {
        let process = Process::new(&path, &request.environment).args(["--version"]).deadline(UV_PATIENCE);
        let output = process.run().ok().filter(|output| output.status.success())?;
        let version = output.stdout.split_whitespace().nth(1)?.to_owned();
        Some((path, version))
    })
}

/// What the new environment's own interpreter says of it.
#[derive(Deserialize)]
struct Facts {
    version: String,
    prefix: PathBuf,
    base_prefix: PathBuf,
    base_exec_prefix: PathBuf,
    site_packages: PathBuf,
    scripts: PathBuf,
    stdlib: PathBuf,
    platstdlib: PathBuf,
    libdir: Option<PathBuf>,
    tools: BTreeMap<String, String>,
}

impl Facts {
    fn into_toolchain(self, layout: &Layout, request: &Request) -> Result<Toolchain, SetupError> {
        self.check_versions()?;
        let mounts = self.mounts(layout, request);
        let toolchain = Toolchain {
            python: layout.python.clone(),
            ruff: self.scripts.join("ruff"),
            python_version: self.version,
            prefix: self.prefix,
            base_prefix: self.base_prefix,
            site_packages: self.site_packages,
            mounts,
            tools: self.tools,
            mypy_cache: layout.mypy_cache.clone(),
            kit: layout.kit.clone(),
            lock_digest: lock::digest().to_owned(),
        };
        let whole = toolchain.is_there();
        whole.then_some(toolchain).ok_or_else(|| SetupError::Unusable("parts of it are missing".to_owned()))
    }

    fn check_versions(&self) -> Result<(), SetupError> {
        for entry in lock::entries().iter().filter(|entry| !entry.is_for_windows()) {
            if self.tools.get(entry.name).map(String::as_str) != Some(entry.version) {
                let problem = format!("`{}` is not installed as version {}", entry.name, entry.version);
                return Err(SetupError::Unusable(problem));
            }
        }
        Ok(())
    }

    fn mounts(&self, layout: &Layout, request: &Request) -> Vec<PathBuf> {
        let private: Vec<_> = request.environment.home().into_iter().chain([layout.env.clone()]).collect();
        let mut mounts =
            vec![layout.env.clone(), layout.kit.clone(), self.stdlib.clone(), self.platstdlib.clone()];
        mounts.extend(open_parts(&self.base_prefix, &private));
        mounts.extend(open_parts(&self.base_exec_prefix, &private));
        mounts.extend(self.libdir.clone().filter(|folder| !contains_any(folder, &private)));
        outermost(mounts)
    }
}

// The base interpreter's own folder, in whole unless that would open the user's files: a Python that was installed
// into `~/.local`, say. Then its programs and libraries only.
fn open_parts(prefix: &Path, private: &[PathBuf]) -> Vec<PathBuf> {
    if contains_any(prefix, private) {
        vec![prefix.join("bin"), prefix.join("lib")]
    } else {
        vec![prefix.to_owned()]
    }
}

fn contains_any(folder: &Path, private: &[PathBuf]) -> bool {
    private.iter().any(|private| private.starts_with(folder))
}

// Links among them are resolved as well, as the interpreter's executable is found through its real path.
fn outermost(mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
    let real: Vec<_> = folders.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
    folders.extend(real);
    folders.retain(|folder| folder.is_dir());
    folders.sort();
    folders.dedup_by(|inner, outer| inner.starts_with(&*outer));
    folders
}

/// For both installers. The lock is the whole tree, so nothing is resolved; and nothing is built from source, for a
/// build would fetch tools that no lock names.
const INSTALL: [&str; 5] = ["--require-hashes", "--no-deps", "--only-binary", ":all:", "--requirement"];
const PIP_INSTALL: [&str; 5] = ["install", "--no-user", "--no-compile", "--progress-bar", "off"];
/// Unchecked: a compiled module stays valid when a copy or a mount changes its source's time. Nobody edits these
/// sources, and a fresh environment is made for every lock.
const COMPILE: [&str; 7] = ["-I", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", "-x"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_folders_within_one_another_the_outermost_is_kept() {
        let folders = ["/usr/lib", "/usr", "/usr/bin", "/does-not-exist"].map(PathBuf::from);
        let kept = outermost(folders.into());
        assert_eq!(kept, [PathBuf::from("/usr")]);
    }

    #[test]
    fn a_python_in_the_users_own_folders_does_not_open_them_to_the_sandbox() {
        let private = ["/home/kim", "/home/kim/.local/share/grade/toolchains/0/env"].map(PathBuf::from);
        let parts = |prefix: &str| open_parts(Path::new(prefix), &private);
        assert_eq!(
            parts("/home/kim/.local"),
            ["/home/kim/.local/bin", "/home/kim/.local/lib"].map(PathBuf::from)
        );
        assert_eq!(parts("/home/kim"), ["/home/kim/bin", "/home/kim/lib"].map(PathBuf::from));
        for whole in ["/usr", "/home/kim/.pyenv/versions/3.12.1", "/home/kim/miniconda3"] {
            assert_eq!(parts(whole), [PathBuf::from(whole)]);
        }
    }
}
