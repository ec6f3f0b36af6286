//! What every run came to: one SQLite file in the user's data folder, written once after a run and read by `grade status`.
//!
//! Nothing in it decides a verdict, so whatever is wrong with it costs the history and nothing else:
//!
//! - Runs at once take turns (`BEGIN IMMEDIATE`, a busy timeout). The journal is SQLite's usual one and not WAL, which does not work
//!   where home folders are on a network (<https://sqlite.org/wal.html>).
//! - A file that is damaged, or that our own statements do not fit, is put aside and begun anew. A lock on a file beside it makes
//!   sure that nobody puts aside what somebody else has just begun.
//! - A file of a newer `grade` is left alone.
//! - Of each repository and course so many runs are kept, those aside that hold a first pass or the last that is known of something.

mod schema;

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior, named_params};

use crate::day::{DayId, RequirementId, Slug};
use crate::event::RunReport;
use crate::outcome::{OutcomeKind, Verdict};

/// The name of the file in the data folder.
pub const FILE_NAME: &str = "history.sqlite";
/// Runs of one repository and course that are kept, give or take a few.
const MOST_RUNS: i64 = 1000;
/// Runs after which it is looked for what need not be kept.
const PRUNED_EVERY: i64 = 50;
/// How long a run waits for another to have written; a verdict has been reached, and a reader waits.
const PATIENCE: Duration = Duration::from_secs(2);
/// Damaged files that are kept.
const MOST_ASIDE: u32 = 9;

/// Why something is not in the history, or not known of it.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// It is another version's.
    #[error("`{}` was written by a newer grade (format {found}; this one knows {})", .path.display(), schema::version())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The version of its schema.
        found: u32,
    },
    /// It cannot be understood.
    #[error("`{}` is damaged ({why})", .path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: rusqlite::Error,
    },
    /// It cannot be read or written now.
    #[error("`{}`: {why}", .path.display())]
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What SQLite says.
        why: rusqlite::Error,
    },
    /// The machine refuses.
    #[error("`{}`: {why}", .path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the machine says.
        why: io::Error,
    },
}

impl HistoryError {
    fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// Returns whether there is no file to open, as is the case where somebody else is just putting a damaged one aside.
    fn is_absence(&self) -> bool {
        matches!(self, Self::Sqlite { why, .. } if why.sqlite_error_code() == Some(ErrorCode::CannotOpen))
    }
}

/// What is known of a day of a run beside its report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graded {
    /// Which day.
    pub day: DayId,
    /// Whether all of its requirements were asked for.
    pub is_whole: bool,
    /// The digest of what was graded, where there was anything.
    pub digest: Option<blake3::Hash>,
}

/// A finished run on its way into the history.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    /// The root of the repository.
    pub root: &'a Path,
    /// What it came to.
    pub report: &'a RunReport,
    /// Its days.
    pub graded: &'a [Graded],
    /// When it was over.
    pub ended: SystemTime,
}

/// What the history knows of a repository in a course.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Past {
    /// How many runs are kept.
    pub runs: usize,
    /// When the first of them was over.
    pub first_run: Option<SystemTime>,
    /// What is known of each day.
    pub days: BTreeMap<DayId, PastDay>,
    /// What is known of each requirement.
    pub requirements: BTreeMap<RequirementId, PastRequirement>,
}

/// What the history knows of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastDay {
    /// When all of it first passed in one run.
    pub first_passed: Option<SystemTime>,
    /// When something of it was last graded.
    pub last_graded: Option<SystemTime>,
    /// The digest of what was graded then; of the last run of all of it, where there was one.
    pub digest: Option<blake3::Hash>,
}

/// What the history knows of a requirement. What was interrupted or is ours counts as not known.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastRequirement {
    /// What it came to last.
    pub last: Option<OutcomeKind>,
    /// When it first passed.
    pub first_passed: Option<SystemTime>,
}

/// The history of a user.
#[derive(Debug, Clone)]
pub struct History {
    path: PathBuf,
}

impl History {
    /// Returns the history in this data folder, which need not be there.
    pub fn new(data_dir: &Path) -> Self {
        Self { path: data_dir.join(FILE_NAME) }
    }

    /// Writes a run down. A run of which everything was known already, and that came to the same as the last, is left out.
    /// Returns where a damaged file was put, if there was one.
    ///
    /// # Errors
    ///
    /// When it cannot be written; the history is then as it was.
    pub fn record(&self, run: &Run<'_>) -> Result<Option<PathBuf>, HistoryError> {
        match self.try_record(run) {
            Err(error) if error.is_damage() || error.is_absence() => self.begin_anew(run),
            recorded => recorded.map(|()| None),
        }
    }

    /// Returns what is known of a repository in a course.
    ///
    /// # Errors
    ///
    /// When there is a history that cannot be read.
    pub fn past(&self, root: &Path, course: &Slug) -> Result<Past, HistoryError> {
        if !self.path.exists() {
            return Ok(Past::default());
        }
        // Not for reading alone: what a run that was killed left half written is put right first.
        let connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let read = || -> rusqlite::Result<Option<Past>> {
            Ok(match schema::found(&connection)? {
                0 => Some(Past::default()),
                found if found > schema::version() => None,
                _ => Some(past(&connection, &root_bytes(root), course.as_str())?),
            })
        };
        match read() {
            Ok(Some(past)) => Ok(past),
            Ok(None) => Err(self.newer(schema::found(&connection).unwrap_or_default())),
            Err(error) => Err(self.wrong(error)),
        }
    }

    fn try_record(&self, run: &Run<'_>) -> Result<(), HistoryError> {
        self.make_file().map_err(|why| HistoryError::Io { path: self.path.clone(), why })?;
        let mut connection = self.open(OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let found = schema::found(&connection).map_err(|error| self.wrong(error))?;
        if found > schema::version() {
            return Err(self.newer(found));
        }
        record(&mut connection, run).map_err(|error| self.wrong(error))
    }

    /// Makes the file where there is none, for its owner alone.
    fn make_file(&self) -> io::Result<()> {
        if let Some(folder) = self.path.parent() {
            fs::create_dir_all(folder)?;
        }
        OpenOptions::new().create(true).append(true).mode(0o600).open(&self.path).map(drop)
    }

    fn open(&self, flags: OpenFlags) -> Result<Connection, HistoryError> {
        let open = || {
            let connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            Ok(connection)
        };
        open().map_err(|error| self.wrong(error))
    }

    /// Puts a damaged file aside and writes the run into a new one, unless somebody else has done the first of it. While nobody else
    /// does, the file stays where it is, too.
    fn begin_anew(&self, run: &Run<'_>) -> Result<Option<PathBuf>, HistoryError> {
        let lock_path = self.path.with_extension("lock");
        let locked = File::create(&lock_path).and_then(|lock| lock.lock().map(|()| lock));
        let _lock = locked.map_err(|why| HistoryError::Io { path: lock_path, why })?;
        match self.try_record(run) {
            Err(error) if error.is_damage() => {
                let aside =
                    self.put_aside().map_err(|why| HistoryError::Io { path: self.path.clone(), why })?;
                self.try_record(run).map(|()| Some(aside))
            }
            recorded => recorded.map(|()| None),
        }
    }

    /// Renames the file and, before it, its journal: SQLite would apply that to the new file.
    fn put_aside(&self) -> io::Result<PathBuf> {
        let name = |number: u32| self.path.with_file_name(format!("history-damaged-{number}.sqlite"));
        let number = (1..MOST_ASIDE).find(|number| !name(*number).exists()).unwrap_or(MOST_ASIDE);
        let aside = name(number);
        for ending in ["-journal", "-wal", "-shm"] {
            match fs::rename(with_ending(&self.path, ending), with_ending(&aside, ending)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, &aside)?;
        Ok(aside)
    }

    fn newer(&self, found: u32) -> HistoryError {
        HistoryError::Newer { path: self.path.clone(), found }
    }

    /// Tells what is wrong with the file from what is wrong with the moment.
    fn wrong(&self, why: rusqlite::Error) -> HistoryError {
        let path = self.path.clone();
        let is_damage = match why.sqlite_error_code() {
            // `Unknown` is a statement that does not fit: the statements are ours and fit what is ours.
            Some(code) => {
                matches!(code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase | ErrorCode::Unknown)
            }
            // A value of another type than ours.
            None => true,
        };
        if is_damage { HistoryError::Damaged { path, why } } else { HistoryError::Sqlite { path, why } }
    }
}

fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(ending);
    path.into()
}

fn record(connection: &mut Connection, run: &Run<'_>) -> rusqlite::Result<()> {
    if is_known(run.report) && is_same_as_last(connection, run)? {
        return Ok(());
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    schema::bring_up(&transaction)?;
    let id = insert_run(&transaction, run)?;
    insert_rows(&transaction, id, run)?;
    if id % PRUNED_EVERY == 0 {
        prune(&transaction, run)?;
    }
    transaction.commit()
}

fn insert_run(transaction: &Transaction<'_>, run: &Run<'_>) -> rusqlite::Result<i64> {
    let report = run.report;
    transaction.execute(
        "INSERT INTO run (ended, root, course, seed, containment, elapsed_ms, verdict, version)
         VALUES (:ended, :root, :course, :seed, :containment, :elapsed, :verdict, :version)",
        named_params! {
            ":ended": seconds(run.ended),
            ":root": root_bytes(run.root),
            ":course": report.info.course.as_str(),
            // 64 bits without a sign, which SQLite has no number for.
            ":seed": report.info.seed.to_string(),
            ":containment": report.info.containment.level.name(),
            ":elapsed": i64::try_from(report.elapsed.as_millis()).unwrap_or(i64::MAX),
            ":verdict": verdict(report.verdict),
            ":version": env!("CARGO_PKG_VERSION"),
        },
    )?;
    Ok(transaction.last_insert_rowid())
}

fn insert_rows(transaction: &Transaction<'_>, id: i64, run: &Run<'_>) -> rusqlite::Result<()> {
    let mut insert = transaction
        .prepare("INSERT INTO day (run, day, verdict, is_whole, digest) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for (day, verdict, is_whole, digest) in day_rows(run) {
        insert.execute((id, day, verdict, is_whole, digest))?;
    }
    let mut insert =
        transaction.prepare("INSERT INTO requirement (run, day, name, outcome) VALUES (?1, ?2, ?3, ?4)")?;
    for (day, name, outcome) in requirement_rows(run) {
        insert.execute((id, day, name, outcome))?;
    }
    Ok(())
}

/// Returns whether all of a run was known before it.
fn is_known(report: &RunReport) -> bool {
    report.days.iter().all(|day| day.cached)
}

fn is_same_as_last(connection: &Connection, run: &Run<'_>) -> rusqlite::Result<bool> {
    if schema::found(connection)? != schema::version() {
        return Ok(false);
    }
    let last: Option<i64> = connection.query_one(
        "SELECT MAX(id) FROM run WHERE root = ?1 AND course = ?2",
        (root_bytes(run.root), run.report.info.course.as_str()),
        |row| row.get(0),
    )?;
    let Some(last) = last else { return Ok(false) };
    let mut days = connection.prepare("SELECT day, verdict, is_whole, digest FROM day WHERE run = ?1")?;
    let days = days.query_map([last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?;
    let days: BTreeSet<DayRow> = days.collect::<rusqlite::Result<_>>()?;
    let mut requirements = connection.prepare("SELECT day, name, outcome FROM requirement WHERE run = ?1")?;
    let requirements = requirements.query_map([last], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let requirements: BTreeSet<RequirementRow> = requirements.collect::<rusqlite::Result<_>>()?;
    Ok(days == day_rows(run).collect() && requirements == requirement_rows(run).collect())
}

/// A day, its verdict, whether all of it was asked for, and the digest.
type DayRow = (u16, String, bool, Option<Vec<u8>>);
/// A day, a requirement of it, and what became of that.
type RequirementRow = (u16, String, String);

fn day_rows(run: &Run<'_>) -> impl Iterator<Item = DayRow> {
    run.report.days.iter().map(|day| {
        let graded = run.graded.iter().find(|graded| graded.day == day.day);
        let digest = graded.and_then(|graded| graded.digest).map(|digest| digest.as_bytes().to_vec());
        let is_whole = graded.is_some_and(|graded| graded.is_whole);
        (day.day.number(), verdict(day.verdict).to_owned(), is_whole, digest)
    })
}

fn requirement_rows(run: &Run<'_>) -> impl Iterator<Item = RequirementRow> {
    let requirements = run.report.days.iter().flat_map(|day| &day.requirements);
    requirements.map(|requirement| {
        let kind = OutcomeKind::from(&requirement.outcome);
        (requirement.id.day.number(), requirement.id.slug.to_string(), kind.name().to_owned())
    })
}

/// Takes out the oldest runs, if nothing is known from them alone.
fn prune(transaction: &Transaction<'_>, run: &Run<'_>) -> rusqlite::Result<()> {
    let whose = (root_bytes(run.root), run.report.info.course.as_str(), MOST_RUNS);
    transaction.execute(PRUNE, whose).map(drop)
}

fn past(connection: &Connection, root: &[u8], course: &str) -> rusqlite::Result<Past> {
    let (runs, first) = connection.query_one(
        "SELECT COUNT(*), MIN(ended) FROM run WHERE root = ?1 AND course = ?2",
        (root, course),
        |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Option<i64>>(1)?)),
    )?;
    let mut past = Past {
        runs: usize::try_from(runs).unwrap_or_default(),
        first_run: first.map(moment),
        ..Past::default()
    };
    let mut rows = connection.prepare(FIRST_PASSES)?;
    let mut rows = rows.query((root, course))?;
    while let Some(row) = rows.next()? {
        if let Some(id) = requirement_id(row)? {
            past.requirements.entry(id).or_default().first_passed = Some(moment(row.get(3)?));
        }
    }
    let mut rows = connection.prepare(LAST_OUTCOMES)?;
    let mut rows = rows.query((root, course))?;
    while let Some(row) = rows.next()? {
        if let Some(id) = requirement_id(row)? {
            past.requirements.entry(id).or_default().last = OutcomeKind::named(&row.get::<_, String>(3)?);
        }
    }
    past.days = past_days(connection, root, course)?;
    Ok(past)
}

fn past_days(
    connection: &Connection,
    root: &[u8],
    course: &str,
) -> rusqlite::Result<BTreeMap<DayId, PastDay>> {
    let mut days: BTreeMap<DayId, PastDay> = BTreeMap::new();
    let mut rows = connection.prepare(DAYS)?;
    let mut rows = rows.query((root, course))?;
    let mut whole = BTreeSet::new();
    while let Some(row) = rows.next()? {
        let (id, is_whole): (DayId, bool) = (DayId::new(row.get(0)?), row.get(2)?);
        let (verdict, ended): (String, SystemTime) = (row.get(1)?, moment(row.get(4)?));
        let day = days.entry(id).or_default();
        day.last_graded = Some(ended);
        if is_whole && verdict == self::verdict(Verdict::Passed) && day.first_passed.is_none() {
            day.first_passed = Some(ended);
        }
        if is_whole || !whole.contains(&id) {
            let digest: Option<Vec<u8>> = row.get(3)?;
            day.digest = digest.and_then(|digest| blake3::Hash::from_slice(&digest).ok());
        }
        if is_whole {
            whole.insert(id);
        }
    }
    Ok(days)
}

fn requirement_id(row: &rusqlite::Row<'_>) -> rusqlite::Result<Option<RequirementId>> {
    let (day, name): (u16, String) = (row.get(0)?, row.get(1)?);
    // What a future course calls its requirements is not for an error here.
    Ok(name.parse().ok().map(|slug| RequirementId { day: DayId::new(day), slug }))
}

fn root_bytes(root: &Path) -> Vec<u8> {
    root.as_os_str().as_encoded_bytes().to_vec()
}

fn seconds(moment: SystemTime) -> i64 {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
}

fn moment(seconds: i64) -> SystemTime {
    let seconds = u64::try_from(seconds).unwrap_or_default().min(LAST_SECOND);
    UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Returns the verdict as the file names it.
fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::NotStarted => "not-started",
        Verdict::Broken => "broken",
        Verdict::Cancelled => "cancelled",
        Verdict::Undecided => "undecided",
    }
}

/// The end of the year 9000: no calendar goes on for ever, and what a damaged file says is not a reason to stop.
const LAST_SECOND: u64 = 221_876_841_600;

// A bare column beside MIN or MAX is that of the row which has it: https://sqlite.org/lang_select.html#bareagg.
const FIRST_PASSES: &str = "
SELECT requirement.day, requirement.name, MIN(run.id), run.ended
FROM run JOIN requirement ON requirement.run = run.id
WHERE run.root = ?1 AND run.course = ?2 AND requirement.outcome = 'passed'
GROUP BY requirement.day, requirement.name";
const LAST_OUTCOMES: &str = "
SELECT requirement.day, requirement.name, MAX(run.id), requirement.outcome
FROM run JOIN requirement ON requirement.run = run.id
WHERE run.root = ?1 AND run.course = ?2 AND requirement.outcome NOT IN ('cancelled', 'broken')
GROUP BY requirement.day, requirement.name";
const DAYS: &str = "
SELECT day.day, day.verdict, day.is_whole, day.digest, run.ended
FROM run JOIN day ON day.run = run.id
WHERE run.root = ?1 AND run.course = ?2 AND day.verdict NOT IN ('cancelled', 'broken', 'not-started')
ORDER BY run.id";
const PRUNE: &str = "
WITH own AS (SELECT id FROM run WHERE root = ?1 AND course = ?2)
DELETE FROM run
WHERE id IN (SELECT id FROM own ORDER BY id DESC LIMIT -1 OFFSET ?3)
  AND id NOT IN (SELECT MIN(run) FROM requirement WHERE run IN own AND outcome = 'passed' GROUP BY day, name)
  AND id NOT IN (SELECT MAX(run) FROM requirement WHERE run IN own AND outcome NOT IN ('cancelled', 'broken')
                 GROUP BY day, name)
  AND id NOT IN (SELECT MIN(run) FROM day WHERE run IN own AND verdict = 'passed' AND is_whole GROUP BY day)
  AND id NOT IN (SELECT MAX(run) FROM day WHERE run IN own AND is_whole
                 AND verdict NOT IN ('cancelled', 'broken', 'not-started') GROUP BY day)";

#[cfg(test)]
mod tests;
