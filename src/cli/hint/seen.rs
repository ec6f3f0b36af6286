//! How many hints of each requirement a learner has seen: a small file for each, in the user's own data folder.
//!
//! Files are put in their place whole, so two runs at once do no harm: at the worst both show the same hint. What cannot be read
//! counts as nothing seen.

use std::fs;
use std::io;
use std::path::PathBuf;

use crate::day::RequirementId;
use crate::lay_out;
use crate::outcome::Status;
use crate::pack::Course;
use crate::repository::Repository;

use super::super::Context;
use super::super::error::CliError;

/// What is kept for one repository and one course.
pub struct Seen {
    folder: PathBuf,
}

impl Seen {
    /// Returns what is kept for this repository; without one, for whoever only reads the course.
    pub fn of(context: &Context, repository: Option<&Repository>, course: &Course) -> Result<Self, CliError> {
        let data_dir =
            context.environment.data_dir().map_err(|error| CliError::new(Status::Usage, &error, None))?;
        let root = repository.map(|repository| repository.root().as_os_str().as_encoded_bytes());
        let mut hasher = blake3::Hasher::new();
        hasher.update(course.name.as_str().as_bytes()).update(b"\0").update(root.unwrap_or_default());
        let name = hasher.finalize().to_hex();
        Ok(Self { folder: data_dir.join("hints").join(&name[..32]) })
    }

    /// Returns how many hints of a requirement have been seen.
    pub fn of_requirement(&self, id: &RequirementId) -> usize {
        let text = fs::read_to_string(self.file(id)).unwrap_or_default();
        text.trim().parse().unwrap_or(0)
    }

    /// Notes how many have been seen.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn keep(&self, id: &RequirementId, count: usize) -> io::Result<()> {
        lay_out::replace(&self.file(id), format!("{count}\n").as_bytes())
    }

    fn file(&self, id: &RequirementId) -> PathBuf {
        self.folder.join(id.to_string())
    }
}
