//! One complaint about a submission: what should be so, what was run, what came back, and where to look.
//!
//! Whatever a learner's program or file could have written is `Captured`: it has no `Display` and reaches a
//! reader only through `report::sanitize`, which cleans it for the place where it is shown.

use serde::{Deserialize, Serialize};

/// The rule of findings about time that ran out: they may be others when the machine is less busy, so they are not cached.
pub const TIME_OUT: &str = "time-out";

/// Text that a stranger may have written. It cannot be printed as it is: see `report::sanitize`.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Captured(String);

impl Captured {
    /// Takes text of unknown origin.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Takes bytes of unknown origin; what is not UTF-8 becomes U+FFFD.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        Self(String::from_utf8_lossy(bytes).into_owned())
    }

    /// Returns the text uncleaned: for `report::sanitize`, for comparisons and for caches, never for a reader.
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// Returns whether there is nothing but white space.
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl std::fmt::Debug for Captured {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(&self.0, f)
    }
}

impl From<&str> for Captured {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Captured {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

/// A place in the submission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The file, relative to the root of the repository, with `/` between its parts.
    pub path: Captured,
    /// The line, counted from 1.
    pub line: Option<u32>,
    /// The column, counted from 1.
    pub column: Option<u32>,
}

impl Place {
    /// Returns the place that is a whole file.
    pub fn file(path: impl Into<String>) -> Self {
        Self { path: Captured::new(path), line: None, column: None }
    }

    /// Returns the place that is one line of a file.
    pub fn line(path: impl Into<String>, line: u32) -> Self {
        Self { path: Captured::new(path), line: Some(line), column: None }
    }
}

/// One frame of a learner's traceback, innermost last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Frame {
    /// Where.
    pub place: Place,
    /// The function's name.
    pub function: Captured,
    /// The line of source, without its indentation.
    pub code: Captured,
}

/// Something that a file of the submission defines, or the whole file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definition {
    /// Where.
    pub place: Place,
    /// Its name, with that of the class that it is in; none for the whole file.
    pub name: Option<Captured>,
}

impl Definition {
    /// Returns the whole of a file.
    pub fn file(path: impl Into<String>) -> Self {
        Self { place: Place::file(path), name: None }
    }
}

/// One complaint. Only `title` is always there; it is ours and is a sentence about what should be so.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Finding {
    /// What should be so, in our words: "the least recently used key is evicted".
    pub title: String,
    /// What was run: "put 1, 2, get 1, put 3 in a cache of 2: which keys are left".
    pub did: Option<Captured>,
    /// What was wanted, as Python would write it, or as text.
    pub expected: Option<Captured>,
    /// What came back, in the same form as `expected`, so that the two can be compared line by line.
    pub actual: Option<Captured>,
    /// Why it is not so, where expected and actual do not say it: "`Stack.pop` raised `IndexError`: …".
    pub message: Option<Captured>,
    /// Where to look.
    pub place: Option<Place>,
    /// What of the submission it is about, such as the functions that a probe called, first to last: for readers who find no traceback.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub about: Vec<Definition>,
    /// The learner's own frames, innermost last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub trace: Vec<Frame>,
    /// What the learner's program printed meanwhile, capped.
    pub output: Option<Captured>,
    /// The rule of the tool that complained: `F401`, `arg-type`.
    pub rule: Option<String>,
}

impl Finding {
    /// Returns a finding that only says what should be so.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds why it is not so.
    #[must_use]
    pub fn because(mut self, message: impl Into<Captured>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds where to look.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// Adds what of the submission it is about. Where there is no other place it is the last of these: a fault is seen most often in what is done last.
    #[must_use]
    pub fn about(mut self, definitions: Vec<Definition>) -> Self {
        self.place = self.place.or_else(|| definitions.last().map(|definition| definition.place.clone()));
        self.about = definitions;
        self
    }

    /// Adds what the learner's program printed; nothing is added when it printed nothing.
    #[must_use]
    pub fn printing(mut self, output: Captured) -> Self {
        self.output = (!output.is_blank()).then_some(output);
        self
    }
}

/// At least one finding: a failure without a reason cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Finding>", into = "Vec<Finding>")]
pub struct Findings(Vec<Finding>);

impl Findings {
    /// Returns the findings, or `None` when there are none.
    pub fn from_vec(findings: Vec<Finding>) -> Option<Self> {
        (!findings.is_empty()).then_some(Self(findings))
    }

    /// Returns the first finding, which is always there.
    pub fn first(&self) -> &Finding {
        &self.0[0]
    }

    /// Returns all findings in the order in which they are to be read.
    pub fn as_slice(&self) -> &[Finding] {
        &self.0
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        Self(vec![finding])
    }
}

impl TryFrom<Vec<Finding>> for Findings {
    type Error = &'static str;

    fn try_from(findings: Vec<Finding>) -> Result<Self, Self::Error> {
        Self::from_vec(findings).ok_or("a failure needs at least one finding")
    }
}

impl From<Findings> for Vec<Finding> {
    fn from(findings: Findings) -> Self {
        findings.0
    }
}
