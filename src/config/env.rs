//! The process's environment, read once and in this one place.
//!
//! Everything else takes an [`Environment`] (or a part of one) as an argument, so that tests can say what the
//! environment is, and so that what `grade` depends on is a list that can be read here.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

/// The environment variables that this process was started with.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    vars: Vec<(OsString, OsString)>,
}

impl Environment {
    /// Reads the environment of this process.
    pub fn read() -> Self {
        std::env::vars_os().collect()
    }

    /// Returns a variable's value; one that is set to nothing counts as not set.
    pub fn get(&self, name: &str) -> Option<&OsStr> {
        let named = self.vars.iter().find(|(key, _)| key == name);
        named.map(|(_, value)| value.as_os_str()).filter(|value| !value.is_empty())
    }

    /// Returns this environment with one variable set to another value.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        let name = name.into();
        self.vars.retain(|(key, _)| *key != name);
        self.vars.push((name, value.into()));
        self
    }

    /// Returns every variable, as a child process would inherit it.
    pub fn vars(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.vars.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    /// Returns the absolute folders in which programs are looked for. Relative ones are left out: they would let
    /// a learner's repository say which program runs.
    pub fn path(&self) -> Vec<PathBuf> {
        let path = self.get("PATH").unwrap_or_default();
        std::env::split_paths(path).filter(|folder| folder.is_absolute()).collect()
    }

    /// Returns where a program is, if it is in one of these folders.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        self.path().into_iter().map(|folder| folder.join(name)).find(|program| program.is_file())
    }

    /// Returns the user's home folder.
    pub fn home(&self) -> Option<PathBuf> {
        self.folder("HOME")
    }

    /// Returns the interpreter that `GRADE_PYTHON` names.
    pub fn python(&self) -> Option<PathBuf> {
        self.get("GRADE_PYTHON").map(PathBuf::from)
    }

    /// Returns whether `NO_COLOR` asks for plain text (<https://no-color.org>).
    pub fn no_color(&self) -> bool {
        self.get("NO_COLOR").is_some()
    }

    /// Returns whether this runs on a build server: `CI` is set by all the usual ones.
    pub fn is_ci(&self) -> bool {
        self.get("CI").is_some_and(|value| value != "false" && value != "0")
    }

    /// Returns whether this runs in a GitHub Actions job
    /// (<https://docs.github.com/en/actions/reference/workflows-and-actions/variables>).
    pub fn is_github_actions(&self) -> bool {
        self.get("GITHUB_ACTIONS").is_some_and(|value| value == "true")
    }

    /// Returns the width in columns that `COLUMNS` asks for.
    pub fn columns(&self) -> Option<usize> {
        self.get("COLUMNS")?.to_str()?.parse().ok().filter(|columns| *columns > 0)
    }

    /// Returns the folder for what is made once and kept: `GRADE_DATA_DIR`, else `grade` in the XDG data folder
    /// (<https://specifications.freedesktop.org/basedir-spec/latest/>).
    ///
    /// # Errors
    ///
    /// When neither `GRADE_DATA_DIR`, `XDG_DATA_HOME` nor `HOME` names a folder by its absolute path.
    pub fn data_dir(&self) -> Result<PathBuf, NoHome> {
        self.own_folder("GRADE_DATA_DIR", "XDG_DATA_HOME", ".local/share")
    }

    /// Returns the folder for what can be made again: `GRADE_CACHE_DIR`, else `grade` in the XDG cache folder.
    ///
    /// # Errors
    ///
    /// When neither `GRADE_CACHE_DIR`, `XDG_CACHE_HOME` nor `HOME` names a folder by its absolute path.
    pub fn cache_dir(&self) -> Result<PathBuf, NoHome> {
        self.own_folder("GRADE_CACHE_DIR", "XDG_CACHE_HOME", ".cache")
    }

    fn own_folder(&self, own: &'static str, xdg: &str, below_home: &str) -> Result<PathBuf, NoHome> {
        let xdg = || self.folder(xdg).or_else(|| Some(self.home()?.join(below_home)));
        let folder = self.folder(own).or_else(|| Some(xdg()?.join("grade")));
        folder.ok_or(NoHome { variable: own })
    }

    // The XDG specification wants relative paths ignored, and ours would depend on where `grade` was started.
    fn folder(&self, name: &str) -> Option<PathBuf> {
        self.get(name).map(PathBuf::from).filter(|folder| folder.is_absolute())
    }
}

/// Shows the names alone: values may be tokens and passwords.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.vars.iter().map(|(name, _)| name)).finish()
    }
}

impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(vars: I) -> Self {
        Self { vars: vars.into_iter().map(|(name, value)| (name.into(), value.into())).collect() }
    }
}

/// No folder of the user's own is known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`HOME` names no folder, so there is no place for grade's own files; set `{variable}` to an absolute path"
)]
pub struct NoHome {
    variable: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(vars: &[(&str, &str)]) -> Environment {
        vars.iter().copied().collect()
    }

    #[test]
    fn the_own_variable_wins_over_xdg_and_xdg_over_home() {
        let all = [("HOME", "/home/kim"), ("XDG_DATA_HOME", "/xdg"), ("GRADE_DATA_DIR", "/own")];
        let expected = ["/home/kim/.local/share/grade", "/xdg/grade", "/own"];
        for (count, expected) in (1..).zip(expected) {
            assert_eq!(environment(&all[..count]).data_dir().unwrap(), PathBuf::from(expected));
        }
        assert_eq!(environment(&all).cache_dir().unwrap(), PathBuf::from("/home/kim/.cache/grade"));
    }

    #[test]
    fn relative_and_empty_folders_count_as_not_set() {
        let vars = [("HOME", "/home/kim"), ("XDG_CACHE_HOME", "cache"), ("GRADE_CACHE_DIR", "")];
        assert_eq!(environment(&vars).cache_dir().unwrap(), PathBuf::from("/home/kim/.cache/grade"));
    }

    #[test]
    fn what_is_printed_for_debugging_holds_no_secret() {
        let text = format!("{:?}", environment(&[("TOKEN", "hunter2")]));
        assert!(text.contains("TOKEN") && !text.contains("hunter2"), "{text}");
    }

    #[test]
    fn without_any_folder_the_error_names_the_variable_to_set() {
        let error = environment(&[("PATH", "/bin")]).data_dir().unwrap_err();
        assert!(error.to_string().contains("set `GRADE_DATA_DIR`"), "{error}");
    }

    #[test]
    fn relative_folders_on_the_path_are_not_searched() {
        assert_eq!(
            environment(&[("PATH", ".:/usr/bin::bin:/bin")]).path(),
            ["/usr/bin", "/bin"].map(PathBuf::from)
        );
    }
}
