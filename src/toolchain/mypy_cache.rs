//! mypy's options, and the cache that is primed with them.
//!
//! mypy throws cached modules away when its version, Python's minor version or an option that affects them is not
//! what it was. So priming and every later run take their options from the one list here, and a requirement's own
//! wishes go into per-module sections of the configuration file, which touch no other module's cache.
//!
//! The cache may be copied anywhere; the modules in it are found by the absolute paths of the environment, which
//! must be the same in a sandbox. mypy writes into its cache: give each run a copy.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::time::Duration;

use super::child::Process;
use super::error::SetupError;

/// What the primed modules are: a file of imports.
pub(super) const PRIMER: &str = include_str!("prime.py");
/// The configuration for priming. Later runs add sections such as `[mypy-banking]` below it and nothing else.
pub const BASE_CONFIG: &str = "[mypy]\n";
/// The primer takes 3 to 10 s; a machine that needs more than this is stuck.
const PATIENCE: Duration = Duration::from_secs(600);

/// Returns mypy's arguments, to go after `python -I -m mypy` and before the files.
///
/// `config` is a file that begins with [`BASE_CONFIG`]; `cache` is a copy of the primed cache. Findings are printed
/// as JSON, one object a line; its `column` counts from 0, unlike the text format's. Modules of the environment
/// (pytest, yaml) are found because it is the environment's interpreter that runs mypy.
pub fn mypy_options(config: &Path, cache: &Path) -> Vec<OsString> {
    let mut options: Vec<OsString> = OPTIONS.map(OsString::from).into();
    options.extend(["--config-file".into(), config.into(), "--cache-dir".into(), cache.into()]);
    options
}

/// The options that are the same in every run.
pub(super) const OPTIONS: [&str; 8] = [
    "--sqlite-cache",
    // A missing library is the tests' finding, and its types are not to be had anyway.
    "--ignore-missing-imports",
    "--no-error-summary",
    "--no-color-output",
    "--hide-error-context",
    "--show-column-numbers",
    "--output",
    "json",
];

/// Fills the cache below `root`, by checking the primer.
pub(super) fn prime(python: Process, root: &Path, cache: &Path) -> Result<(), SetupError> {
    let folder = tempfile::Builder::new().prefix("prime-").tempdir_in(root);
    let folder = folder.map_err(SetupError::files("create a folder in", root))?;
    // A name that no learner's module has: the module of this name stays in the cache.
    let primer = folder.path().join("grade_primer.py");
    let config = folder.path().join("mypy.ini");
    fs::write(&primer, PRIMER).map_err(SetupError::files("write", &primer))?;
    fs::write(&config, BASE_CONFIG).map_err(SetupError::files("write", &config))?;
    let mypy = python.args(["-I", "-m", "mypy"]).args(mypy_options(&config, cache)).args([&primer]);
    mypy.cwd(folder.path()).deadline(PATIENCE).run_step("prime mypy's cache")?;
    Ok(())
}
