//! The last run of each repository, kept so that it can be reported again, in another format, without grading.
//!
//! One file for each repository, named by its root, readable by its owner alone. A run that cannot be kept costs nothing but that.

use std::fs;
use std::io::Read;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};

use crate::event::RunReport;
use crate::lay_out;

/// Raised when what is kept changes.
const FORMAT: u32 = 1;
/// Bytes of the largest run that is kept: a hundred times what a whole course comes to.
const LARGEST: u64 = 32 << 20;
/// Repositories whose last run is kept; whoever grades a class would otherwise fill the disk.
const REPOSITORIES: usize = 100;

/// A run that was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastRun {
    /// When it was over.
    pub at: SystemTime,
    /// What it came to.
    pub report: RunReport,
}

/// There is no run to report.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoRun {
    /// Nothing is kept of this repository.
    #[error("there is no run of `{}` to report", .0.display())]
    None(PathBuf),
    /// What is kept is of another version, or is not whole.
    #[error("the last run of `{}` cannot be read: another version of grade kept it, or it is damaged", .0.display())]
    Unreadable(PathBuf),
}

#[derive(Serialize, Deserialize)]
struct Kept<R> {
    format: u32,
    seconds: u64,
    report: R,
}

/// The folder of last runs.
#[derive(Debug, Clone)]
pub struct LastRuns {
    folder: PathBuf,
}

impl LastRuns {
    /// Returns the last runs below this cache folder, which need not be there.
    pub fn new(cache_dir: &Path) -> Self {
        Self { folder: cache_dir.join("runs") }
    }

    /// Keeps a run as the last one of the repository with this root. One that cannot be kept is forgotten, and the one before it too, since
    /// that is the last no more.
    pub fn put(&self, root: &Path, run: &LastRun) {
        let path = self.path(root);
        let seconds = run.at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_secs();
        let text = serde_json::to_vec(&Kept { format: FORMAT, seconds, report: &run.report }).ok();
        let kept = text
            .filter(|text| text.len() as u64 <= LARGEST)
            .is_some_and(|text| lay_out::replace(&path, &text).is_ok());
        if !kept {
            let _ = fs::remove_file(&path);
        }
        self.forget_oldest();
    }

    /// Returns the last run of the repository with this root.
    ///
    /// # Errors
    ///
    /// When there is none, or none that can be read.
    pub fn get(&self, root: &Path) -> Result<LastRun, NoRun> {
        let file = fs::File::open(self.path(root)).map_err(|_| NoRun::None(root.to_owned()))?;
        let unreadable = || NoRun::Unreadable(root.to_owned());
        let mut text = Vec::new();
        file.take(LARGEST + 1).read_to_end(&mut text).map_err(|_| unreadable())?;
        let kept: Kept<RunReport> = serde_json::from_slice(&text).map_err(|_| unreadable())?;
        let at = SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(kept.seconds));
        let at = at.filter(|_| kept.format == FORMAT).ok_or_else(unreadable)?;
        Ok(LastRun { at, report: kept.report })
    }

    /// Removes the oldest files where there are too many. What cannot be removed stays.
    fn forget_oldest(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else { return };
        let mut files: Vec<(SystemTime, PathBuf)> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                Some((entry.metadata().ok()?.modified().ok()?, entry.path()))
            })
            .collect();
        files.sort();
        for (_, path) in files.iter().take(files.len().saturating_sub(REPOSITORIES)) {
            let _ = fs::remove_file(path);
        }
    }

    fn path(&self, root: &Path) -> PathBuf {
        self.folder.join(format!("{}.json", blake3::hash(root.as_os_str().as_bytes()).to_hex()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Containment, Level, RunInfo};
    use crate::outcome::Verdict;

    fn run() -> LastRun {
        let containment = Containment { level: Level::Full, layers: vec![], missing: vec![], reason: None };
        let info = RunInfo {
            course: "tiny".parse().unwrap(),
            root: "/repo".to_owned(),
            seed: u64::MAX,
            containment,
            days: vec![("day4".parse().unwrap(), 3)],
        };
        let report =
            RunReport { info, days: vec![], elapsed: Duration::from_millis(5), verdict: Verdict::Failed };
        LastRun { at: SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_353_900), report }
    }

    #[test]
    fn a_run_comes_back_as_it_was_and_for_its_own_repository_alone() {
        let folder = tempfile::tempdir().unwrap();
        let runs = LastRuns::new(folder.path());
        runs.put(Path::new("/repo"), &run());
        assert_eq!(runs.get(Path::new("/repo")), Ok(run()));
        assert_eq!(runs.get(Path::new("/other")), Err(NoRun::None("/other".into())));
    }

    #[test]
    fn what_another_version_kept_and_half_a_file_are_told_from_no_run() {
        let folder = tempfile::tempdir().unwrap();
        let (runs, root) = (LastRuns::new(folder.path()), Path::new("/repo"));
        runs.put(root, &run());
        let whole = fs::read_to_string(runs.path(root)).unwrap();
        for text in [&whole[..whole.len() / 2], &whole.replace("\"format\":1", "\"format\":2"), "", "[]"] {
            fs::write(runs.path(root), text).unwrap();
            assert_eq!(runs.get(root), Err(NoRun::Unreadable("/repo".into())), "{text}");
        }
    }

    #[test]
    fn only_so_many_repositories_are_remembered() {
        let folder = tempfile::tempdir().unwrap();
        let runs = LastRuns::new(folder.path());
        for number in 0..REPOSITORIES + 5 {
            runs.put(&PathBuf::from(format!("/repo{number}")), &run());
        }
        assert_eq!(fs::read_dir(&runs.folder).unwrap().count(), REPOSITORIES);
        assert!(runs.get(Path::new(&format!("/repo{}", REPOSITORIES + 4))).is_ok());
    }
}
