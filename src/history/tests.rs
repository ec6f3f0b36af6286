use std::fs;

use super::*;
use crate::event::{CheckKind, Containment, DayReport, Level, RequirementReport, RunInfo};
use crate::finding::Finding;
use crate::outcome::{Fault, Outcome};

fn failed() -> Outcome {
    Outcome::Failed(Finding::new("it works").into())
}

/// A run of one day, with these outcomes.
fn report(day: u16, outcomes: &[(&str, Outcome)]) -> RunReport {
    let day = DayId::new(day);
    let requirement = |(slug, outcome): &(&str, Outcome)| RequirementReport {
        id: RequirementId { day, slug: slug.parse().unwrap() },
        text: String::new(),
        check: CheckKind::Hidden,
        outcome: outcome.clone(),
    };
    let verdict = Verdict::of_day(outcomes.iter().map(|(_, outcome)| outcome));
    let containment = Containment { level: Level::Full, layers: vec![], missing: vec![], reason: None };
    RunReport {
        info: RunInfo {
            course: course(),
            root: "/repo".to_owned(),
            seed: u64::MAX,
            containment,
            days: vec![(day, outcomes.len())],
        },
        days: vec![DayReport {
            day,
            title: String::new(),
            folder: None,
            verdict,
            cached: false,
            seed: 7,
            elapsed: Duration::ZERO,
            requirements: outcomes.iter().map(requirement).collect(),
            notices: vec![],
        }],
        elapsed: Duration::from_millis(300),
        verdict,
    }
}

fn course() -> Slug {
    "tiny".parse().unwrap()
}

fn at(second: u64) -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(second)
}

/// A history in a folder of its own.
struct Place {
    folder: tempfile::TempDir,
    history: History,
}

impl Place {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let history = History::new(folder.path());
        Self { folder, history }
    }

    fn try_record(
        &self,
        second: u64,
        report: &RunReport,
        contents: &str,
    ) -> Result<Option<PathBuf>, HistoryError> {
        let graded = Graded {
            day: report.days[0].day,
            is_whole: true,
            digest: Some(blake3::hash(contents.as_bytes())),
        };
        let run = Run { root: Path::new("/repo"), report, graded: &[graded], ended: at(second) };
        self.history.record(&run)
    }

    fn record(&self, second: u64, outcomes: &[(&str, Outcome)]) {
        assert_eq!(self.try_record(second, &report(4, outcomes), "x").unwrap(), None);
    }

    fn past(&self) -> Past {
        self.history.past(Path::new("/repo"), &course()).unwrap()
    }

    fn requirement(&self, name: &str) -> PastRequirement {
        self.past().requirements.remove(&name.parse().unwrap()).unwrap_or_default()
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join(FILE_NAME)
    }

    fn sql(&self, sql: &str) {
        Connection::open(self.file()).unwrap().execute_batch(sql).unwrap();
    }
}

#[test]
fn a_first_pass_stays_whatever_comes_later() {
    let place = Place::new();
    place.record(1, &[("retry", failed()), ("cache", Outcome::Passed)]);
    place.record(2, &[("retry", Outcome::Passed), ("cache", Outcome::Passed)]);
    place.record(3, &[("retry", failed()), ("cache", Outcome::Passed)]);
    place.record(4, &[("retry", Outcome::Broken(Fault::new("ours"))), ("cache", Outcome::Cancelled)]);
    let retry = PastRequirement { last: Some(OutcomeKind::Failed), first_passed: Some(at(2)) };
    assert_eq!(place.requirement("day4.retry"), retry);
    assert_eq!(place.requirement("day4.cache").first_passed, Some(at(1)));
    let past = place.past();
    assert_eq!((past.runs, past.first_run), (4, Some(at(1))));
    let day = &past.days[&DayId::new(4)];
    assert_eq!((day.first_passed, day.last_graded), (Some(at(2)), Some(at(3))));
}

#[test]
fn repositories_and_courses_have_pasts_of_their_own() {
    let place = Place::new();
    place.record(1, &[("retry", Outcome::Passed)]);
    assert_eq!(place.history.past(Path::new("/other"), &course()).unwrap(), Past::default());
    assert_eq!(place.history.past(Path::new("/repo"), &"big".parse().unwrap()).unwrap(), Past::default());
    assert_eq!(place.past().runs, 1);
}

#[test]
fn a_run_that_was_known_and_says_nothing_new_is_left_out() {
    let place = Place::new();
    let mut report = report(4, &[("retry", failed())]);
    let record = |report: &RunReport, contents: &str| {
        place.try_record(1, report, contents).unwrap();
        place.past().runs
    };
    report.days[0].cached = true;
    assert_eq!([record(&report, "a"), record(&report, "a"), record(&report, "a")], [1, 1, 1]);
    assert_eq!([record(&report, "b"), record(&report, "a")], [2, 3], "other files, another run");
    report.days[0].cached = false;
    assert_eq!(record(&report, "a"), 4, "what was graded anew is a run");
}

#[test]
fn old_runs_go_and_first_passes_stay() {
    let place = Place::new();
    place.record(1, &[("retry", failed())]);
    place.record(2, &[("retry", Outcome::Passed)]);
    place.try_record(3, &report(5, &[("only-once", failed())]), "x").unwrap();
    // Many runs, quickly: one transaction for them all.
    place.sql(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)
         INSERT INTO run (ended, root, course, seed, containment, elapsed_ms, verdict, version)
         SELECT 10 + i, (SELECT root FROM run), 'tiny', '7', 'full', 1, 'failed', '0' FROM n;
         INSERT INTO requirement SELECT id, 4, 'retry', 'failed' FROM run WHERE id > 3;",
    );
    for second in 0..u64::try_from(PRUNED_EVERY).unwrap() {
        place.record(9000 + second, &[("retry", failed())]);
    }
    let runs = i64::try_from(place.past().runs).unwrap();
    assert!((MOST_RUNS..MOST_RUNS + PRUNED_EVERY + 5).contains(&runs), "{runs}");
    assert_eq!(place.requirement("day4.retry").first_passed, Some(at(2)));
    assert_eq!(place.requirement("day5.only-once").last, Some(OutcomeKind::Failed), "the last of its kind");
    assert_eq!(place.past().days[&DayId::new(4)].first_passed, Some(at(2)));
    assert_eq!(place.past().first_run, Some(at(2)), "the very first showed nothing that others do not");
}

#[test]
fn a_damaged_file_is_put_aside_with_its_journal_and_begun_anew() {
    let place = Place::new();
    let damages: [fn(&Place); 4] = [
        |place| {
            fs::write(place.file(), "this was never a database, but it is long enough to be read as one")
                .unwrap();
        },
        |place| {
            let whole = fs::read(place.file()).unwrap();
            fs::write(place.file(), &whole[..whole.len() / 2]).unwrap();
        },
        |place| place.sql("DROP TABLE requirement; CREATE TABLE requirement (other)"),
        |place| place.sql("PRAGMA user_version = 0"),
    ];
    for (number, damage) in (1..).zip(damages) {
        place.record(1, &[("retry", Outcome::Passed)]);
        damage(&place);
        fs::write(place.folder.path().join("history.sqlite-journal"), "stale").unwrap();
        let aside = place.try_record(2, &report(4, &[("retry", failed())]), "x").unwrap().unwrap();
        assert_eq!(aside, place.folder.path().join(format!("history-damaged-{number}.sqlite")));
        assert!(aside.is_file() && !with_ending(&place.file(), "-journal").exists());
        assert_eq!((place.past().runs, place.requirement("day4.retry").first_passed), (1, None));
    }
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let place = Place::new();
    place.record(1, &[("retry", Outcome::Passed)]);
    place.sql("PRAGMA user_version = 99; DROP TABLE requirement");
    let before = fs::read(place.file()).unwrap();
    let error = place.try_record(2, &report(4, &[("retry", failed())]), "x").unwrap_err();
    assert!(matches!(error, HistoryError::Newer { found: 99, .. }), "{error}");
    let error = place.history.past(Path::new("/repo"), &course()).unwrap_err();
    assert!(error.to_string().contains("a newer grade (format 99; this one knows 1)"), "{error}");
    assert_eq!(fs::read(place.file()).unwrap(), before);
}

#[test]
fn many_at_once_are_all_written_even_into_a_file_that_is_not_there_yet_or_is_damaged() {
    for is_damaged in [false, true] {
        let place = Place::new();
        if is_damaged {
            fs::write(place.file(), "no database".repeat(100)).unwrap();
        }
        let aside: usize = std::thread::scope(|scope| {
            let place = &place;
            let record = move |second| {
                let recorded = place.try_record(second, &report(4, &[("retry", failed())]), "x");
                usize::from(recorded.unwrap().is_some())
            };
            let running: Vec<_> = (0..8).map(|second| scope.spawn(move || record(second))).collect();
            running.into_iter().map(|running| running.join().unwrap()).sum()
        });
        assert_eq!((place.past().runs, aside), (8, usize::from(is_damaged)));
    }
}

#[test]
fn who_holds_the_file_for_long_costs_a_run_its_place_and_no_more() {
    let place = Place::new();
    place.record(1, &[("retry", failed())]);
    let holder = Connection::open(place.file()).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let error = place.try_record(2, &report(4, &[("retry", failed())]), "x").unwrap_err();
    assert!(matches!(error, HistoryError::Sqlite { .. }), "{error}");
    drop(holder);
    assert_eq!(place.past().runs, 1);
}
