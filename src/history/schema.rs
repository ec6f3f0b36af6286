//! The tables of the history, and how an older file comes to have them: `PRAGMA user_version` counts the steps that were taken.
//!
//! The words are those of the reports: a run has days, a day has a verdict, a requirement an outcome.

use rusqlite::{Connection, Transaction};

/// Returns the version that this program writes.
pub(super) fn version() -> u32 {
    u32::try_from(STEPS.len()).unwrap_or(u32::MAX)
}

/// Returns the version of a file; 0 is one without tables.
pub(super) fn found(connection: &Connection) -> rusqlite::Result<u32> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Takes the steps that are missing. In a transaction that is for writing: others wait.
pub(super) fn bring_up(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    let found = usize::try_from(found(transaction)?).unwrap_or(usize::MAX);
    for step in STEPS.iter().skip(found) {
        transaction.execute_batch(step)?;
    }
    if found < STEPS.len() {
        transaction.pragma_update(None, "user_version", version())?;
    }
    Ok(())
}

/// What makes each version of the one before. A step that was released never changes.
const STEPS: &[&str] = &["
CREATE TABLE run (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    ended       INTEGER NOT NULL, -- seconds since 1970, UTC
    root        BLOB    NOT NULL, -- of the repository: a path, which need not be text
    course      TEXT    NOT NULL,
    seed        TEXT    NOT NULL,
    containment TEXT    NOT NULL,
    elapsed_ms  INTEGER NOT NULL,
    verdict     TEXT    NOT NULL,
    version     TEXT    NOT NULL  -- of grade
) STRICT;
CREATE INDEX run_of_repository ON run (root, course, id);
CREATE TABLE day (
    run      INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    day      INTEGER NOT NULL,
    verdict  TEXT    NOT NULL,
    is_whole INTEGER NOT NULL, -- whether all of its requirements were asked for
    digest   BLOB,             -- of the snapshot
    PRIMARY KEY (run, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE requirement (
    run     INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    day     INTEGER NOT NULL,
    name    TEXT    NOT NULL,
    outcome TEXT    NOT NULL,
    PRIMARY KEY (run, day, name)
) STRICT, WITHOUT ROWID;
"];
