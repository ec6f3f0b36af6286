//! The examiner's report: any bytes end in an outcome, and in a pass only if the recorded test is in them.
#![no_main]

use grade::day::DayId;
use grade::examiner::Records;
use grade::outcome::Outcome;
use grade::pack::ExpectedTests;
use libfuzzer_sys::fuzz_target;

const TEST: &str = "test_lru.py::test_one";

fuzz_target!(|report: &[u8]| {
    let slug = "lru".parse().unwrap();
    let expected: ExpectedTests = [("lru".parse().unwrap(), TEST.parse().unwrap())].into_iter().collect();
    let records = Records::parse(report, 1);
    if records.judge(DayId::new(2), &slug, &expected, None) == Outcome::Passed {
        assert!(records.tests().any(|(of, test)| *of == slug && test == TEST));
    }
});
