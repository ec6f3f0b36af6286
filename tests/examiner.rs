//! Examinations that share the work of collecting their suite come out as each by itself.
#![cfg(target_os = "linux")]

mod common;

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::time::Duration;

use grade::config::settings::Until;
use grade::examiner::{CandidateConfig, ExamJob, RecordStream, Requests, examine};
use grade::kit::Kit;
use grade::zygote::{Expected, Zygote};
use serde_json::Value;

/// A suite whose tests say what was drawn and look into the submission, which may ask them to kill whoever has started them.
const SUITE: &str = r#"
import os
import signal
import time

import pytest
from grade_kit.suite import requirement

print("this is printed while the suite is collected")


@requirement("numbers")
@pytest.mark.parametrize("place", range(4))
def test_numbers(rng, place):
    assert [place, rng.randrange(1000)] == []


@requirement("file")
def test_file(source):
    assert source.exists("right.py"), "there is a file"


@requirement("file")
def test_other_file(source):
    if source.exists("killer"):
        parent = os.getppid()
        os.kill(parent, signal.SIGKILL)
        while os.getppid() == parent:
            time.sleep(0.001)
    assert not source.exists("wrong.py")
"#;

const CANNOT_BE_COLLECTED: &str = "print('so far')\nraise ValueError('no')\n";
const WITHOUT_REQUIREMENT: &str = "print('so far')\ndef test_it():\n    pass\n";
const WITH_A_BROKEN_FIXTURE: &str = "def test_it(candidate\n";
const WITH_CONFTEST: &str = "def pytest_collection_modifyitems():\n    raise ValueError('no')\n";

/// Suites, submissions and the files in them.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        for (path, text) in [
            ("suite/test_it.py", SUITE),
            ("uncollected/test_first.py", SUITE),
            ("uncollected/test_second.py", CANNOT_BE_COLLECTED),
            ("aimless/test_it.py", WITHOUT_REQUIREMENT),
            ("unreadable/test_it.py", WITH_A_BROKEN_FIXTURE),
            ("unwilling/test_it.py", SUITE),
            ("unwilling/conftest.py", WITH_CONFTEST),
            ("empty/readme", ""),
            ("right/right.py", ""),
            ("wrong/wrong.py", ""),
            ("killer/right.py", ""),
            ("killer/killer", ""),
        ] {
            let path = place.path(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn job(&self, suite: &str, submission: &str) -> ExamJob {
        let candidate = CandidateConfig {
            folder: String::new(),
            path: Vec::new(),
            package: String::new(),
            modules: BTreeMap::new(),
            names: BTreeMap::new(),
            clock: "real",
            watched: false,
            import_timeout: 1.0,
            probe_timeout: 1.0,
        };
        ExamJob {
            suite: self.path(suite),
            seed: 1,
            shuffle: None,
            only: None,
            until: Until::End,
            folder: self.path(submission),
            files: BTreeMap::new(),
            recall: None,
            candidate,
        }
    }

    /// Returns jobs that differ in all that a job can differ in.
    fn jobs(&self) -> Vec<ExamJob> {
        let only = |slug: &str| Some(vec![slug.to_owned()]);
        let mut jobs = Vec::new();
        for submission in ["right", "wrong"] {
            let job = self.job("suite", submission);
            jobs.extend([
                ExamJob { seed: 2, ..job.clone() },
                ExamJob { shuffle: Some(3), ..job.clone() },
                ExamJob { only: only("file"), ..job.clone() },
                ExamJob { only: only("file"), until: Until::FirstFailure, ..job.clone() },
                ExamJob { only: only("nothing"), ..job.clone() },
                ExamJob { until: Until::Verdicts, ..job.clone() },
                job,
            ]);
        }
        for suite in ["uncollected", "aimless", "unreadable", "unwilling", "empty"] {
            let job = self.job(suite, "right");
            jobs.extend([ExamJob { shuffle: Some(4), until: Until::FirstFailure, ..job.clone() }, job]);
        }
        jobs
    }
}

fn zygote(expected: Expected) -> Zygote {
    let toolchain = common::toolchain();
    Zygote::start(toolchain, &Kit::lay_out(toolchain).unwrap(), expected).unwrap()
}

/// An examination that is under way.
struct Examined {
    records: RecordStream,
    candidates: Vec<UnixStream>,
    _requests: Requests,
}

impl Examined {
    fn start(zygote: &Zygote, job: &ExamJob, candidates: usize) -> Self {
        let pairs = (0..candidates).map(|_| UnixStream::pair().unwrap());
        let (ours, theirs): (Vec<_>, Vec<_>) =
            pairs.map(|(ours, theirs)| (ours, OwnedFd::from(theirs))).unzip();
        let (records, requests) = examine(zygote, job, &theirs).unwrap();
        Self { records, candidates: ours, _requests: requests }
    }

    /// Returns its records when it is over: nobody has its pipe and its candidates any more.
    async fn records(mut self) -> Vec<Value> {
        let mut report = Vec::new();
        let read = self.records.read(&mut report, Until::End);
        tokio::time::timeout(Duration::from_mins(1), read).await.expect("it comes to its end").unwrap();
        for mut candidate in self.candidates {
            candidate.set_read_timeout(Some(Duration::from_mins(1))).unwrap();
            assert_eq!(candidate.read(&mut [0]).unwrap(), 0, "nobody holds on to the candidate");
        }
        report.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(record).collect()
    }
}

/// Reads a record, and takes from it what differs from run to run.
fn record(line: &[u8]) -> Value {
    let mut record: Value = serde_json::from_slice(line).unwrap();
    if let Some(output) = record.get_mut("output") {
        let lines = output.as_str().unwrap().lines();
        let timeless = lines.map(|line| line.rsplit_once(" in ").map_or(line, |(before, _)| before));
        *output = timeless.collect::<Vec<_>>().join("\n").into();
    }
    record
}

async fn records(zygote: &Zygote, job: &ExamJob) -> Vec<Value> {
    Examined::start(zygote, job, 1).records().await
}

#[tokio::test]
async fn many_examinations_by_the_same_suite_come_out_as_each_by_itself() {
    let place = Place::new();
    let (alone, many) = (zygote(Expected::One), zygote(Expected::Many));
    let jobs = place.jobs();
    // All at once, so that none must meet another's pipes.
    let together: Vec<_> = jobs.iter().map(|job| Examined::start(&many, job, 1)).collect();
    for (job, together) in jobs.iter().zip(together) {
        let expected = records(&alone, job).await;
        assert!(expected.last().is_some_and(|last| last.get("done").is_some()), "{job:?}: {expected:?}");
        assert_eq!(together.records().await, expected, "{job:?}");
    }
}

#[tokio::test]
async fn where_only_verdicts_are_wanted_no_test_of_a_requirement_runs_after_one_has_failed() {
    let place = Place::new();
    let zygote = zygote(Expected::Many);
    for (submission, ran) in [("right", [1, 2]), ("wrong", [1, 1])] {
        let job = ExamJob { until: Until::Verdicts, shuffle: Some(6), ..place.job("suite", submission) };
        let records = records(&zygote, &job).await;
        let of = |slug: &str| records.iter().filter(|record| record["requirement"] == slug).count();
        assert_eq!(["numbers", "file"].map(of), ran, "{submission}");
        assert_eq!(records.last().unwrap()["done"], 1);
    }
}

#[tokio::test]
async fn an_examination_is_split_among_candidates_whoever_has_collected_its_suite() {
    let place = Place::new();
    let job = ExamJob { shuffle: Some(5), ..place.job("suite", "wrong") };
    let mut reports = Vec::new();
    for expected in [Expected::One, Expected::Many] {
        let mut records = Examined::start(&zygote(expected), &job, 3).records().await;
        assert_eq!(records.iter().filter(|record| record.get("done").is_some()).count(), 3);
        records.sort_by_key(ToString::to_string);
        reports.push(records);
    }
    assert_eq!(reports[0], reports[1]);
}

#[tokio::test]
async fn an_examination_comes_out_the_same_when_those_who_have_collected_its_suite_have_died() {
    let place = Place::new();
    let many = zygote(Expected::Many);
    let job = place.job("suite", "right");
    let expected = records(&many, &job).await;
    // The first takes who has collected it with it, the second who stands in for that, and of the third both are new.
    for _ in 0..3 {
        assert_eq!(records(&many, &place.job("suite", "killer")).await, expected);
        assert_eq!(records(&many, &job).await, expected);
    }
}

#[tokio::test]
async fn those_who_have_collected_a_suite_end_when_grade_does() {
    let place = Place::new();
    let many = zygote(Expected::Many);
    for suite in ["suite", "uncollected"] {
        records(&many, &place.job(suite, "right")).await;
    }
    let who = collector(&place.path("suite")).expect("somebody keeps what was collected");
    let zygote = parent(parent(who).unwrap()).unwrap();
    let there: Vec<u32> = processes().filter(|process| is_below(*process, zygote)).collect();
    // Of the other suite only who stands in.
    assert!(there.len() >= 3, "{there:?}");
    drop(many);
    for _ in 0..500 {
        if !there.iter().any(|process| parent(*process).is_some()) {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("some of {there:?} are still there");
}

/// Returns the process that is at home in a folder, unlike its parent.
fn collector(folder: &Path) -> Option<u32> {
    let folder = folder.canonicalize().unwrap();
    let is_there =
        |process: u32| fs::read_link(format!("/proc/{process}/cwd")).is_ok_and(|place| place == folder);
    processes().find(|process| is_there(*process) && parent(*process).is_some_and(|parent| !is_there(parent)))
}

fn processes() -> impl Iterator<Item = u32> {
    fs::read_dir("/proc").unwrap().filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
}

/// Returns a process's parent, if it has not ended.
fn parent(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    fields.next().filter(|state| *state != "Z")?;
    fields.next()?.parse().ok()
}

fn is_below(process: u32, above: u32) -> bool {
    parent(process).is_some_and(|parent| parent == above || is_below(parent, above))
}
