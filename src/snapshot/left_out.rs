//! What a snapshot does not hold, and why, in words for the learner.

use crate::finding::Captured;
use crate::rel_path::MAX_LENGTH;
use crate::tree::{MAX_ENTRIES, ReadError};

use super::{MAX_BYTES, MAX_DEPTH, MAX_FILES};

/// One file or folder that was not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Where it lies below the root; a name that is no text has U+FFFD in it.
    pub path: Captured,
    /// Why.
    pub reason: Reason,
}

/// Why something was not copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// It is made by tools and never graded: `__pycache__`, `.git`, `node_modules`, hidden folders.
    Generated,
    /// It is a virtual environment.
    Environment,
    /// It may hold secrets: `.env`.
    Secret,
    /// It is a link to something outside the repository.
    LinkOutside,
    /// It is a link to a folder, to nothing, or to something that is itself left out.
    Link,
    /// It is a FIFO, a socket or a device: this word.
    Special(&'static str),
    /// It has more than so many bytes.
    TooLarge(u64),
    /// There are `MAX_FILES` files already.
    TooManyFiles,
    /// There are `MAX_BYTES` bytes already.
    TooManyBytes,
    /// It lies deeper than `MAX_DEPTH` folders.
    TooDeep,
    /// It is a folder with more than `MAX_ENTRIES` entries.
    TooWide,
    /// Its path has more than `MAX_LENGTH` bytes.
    TooLong,
    /// Its name is not UTF-8, or holds a control character or a backslash.
    Name,
    /// The system refused to read it.
    Unreadable(String),
}

impl Reason {
    /// Returns whether it is left out of every snapshot and says nothing about the learner's work. Such things come and
    /// go with every run (`__pycache__`), so they are not part of the digest.
    pub fn is_routine(&self) -> bool {
        matches!(self, Self::Generated | Self::Environment | Self::Secret)
    }

    /// Returns the reason in words that follow "left out, because".
    pub fn in_words(&self) -> String {
        match self {
            Self::Generated => "it is made by tools".to_owned(),
            Self::Environment => "it is a virtual environment".to_owned(),
            Self::Secret => "it may hold secrets".to_owned(),
            Self::LinkOutside => "it is a link out of the repository".to_owned(),
            Self::Link => "it is a link to something that is not graded".to_owned(),
            Self::Special(what) => format!("it is a {what}"),
            Self::TooLarge(limit) => format!("it is larger than {} MiB", limit >> 20),
            Self::TooManyFiles => format!("there are more than {MAX_FILES} files"),
            Self::TooManyBytes => format!("the files have more than {} MiB together", MAX_BYTES >> 20),
            Self::TooDeep => format!("it lies deeper than {MAX_DEPTH} folders"),
            Self::TooWide => format!("the folder has more than {MAX_ENTRIES} entries"),
            Self::TooLong => format!("its path has more than {MAX_LENGTH} bytes"),
            Self::Name => "its name is not UTF-8 or holds a character that no file name should".to_owned(),
            Self::Unreadable(why) => format!("it could not be read: {why}"),
        }
    }
}

impl From<ReadError> for Reason {
    fn from(error: ReadError) -> Self {
        match error {
            ReadError::TooLarge(limit) => Self::TooLarge(limit),
            ReadError::TooMany => Self::TooWide,
            ReadError::NotRegular => Self::Special("file of an unusual kind"),
            ReadError::Io(error) => Self::Unreadable(error.kind().to_string()),
        }
    }
}
