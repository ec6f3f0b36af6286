//! Says when a run was made, for whoever reads it later.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use super::counts::counted;

/// Returns when a run was made and how long ago that is: `run of 2026-11-22 13:05 UTC, 3 minutes ago`.
pub fn of_run(at: SystemTime, now: SystemTime) -> String {
    let when = Timestamp::try_from(at).map(|at| at.strftime("%Y-%m-%d %H:%M UTC").to_string());
    let when = when.unwrap_or_else(|_| "a day that no calendar has".to_owned());
    match now.duration_since(at) {
        Ok(age) => format!("run of {when}, {} ago", in_words(age)),
        // Somebody has set the clock back.
        Err(_) => format!("run of {when}"),
    }
}

fn in_words(age: Duration) -> String {
    let number = |seconds: u64| usize::try_from(age.as_secs() / seconds).unwrap_or(usize::MAX);
    match age.as_secs() {
        0..60 => counted(number(1), "second"),
        60..3_600 => counted(number(60), "minute"),
        3_600..86_400 => counted(number(3_600), "hour"),
        _ => counted(number(86_400), "day"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_says_when_it_was_and_how_long_ago() {
        let at = SystemTime::UNIX_EPOCH + Duration::from_secs(1_795_352_700);
        let after = |seconds| of_run(at, at + Duration::from_secs(seconds));
        assert_eq!(after(185), "run of 2026-11-22 13:05 UTC, 3 minutes ago");
        assert!(after(1).ends_with(", 1 second ago") && after(7_200).ends_with(", 2 hours ago"));
        assert!(after(90_000).ends_with(", 1 day ago"));
        assert_eq!(of_run(at, SystemTime::UNIX_EPOCH), "run of 2026-11-22 13:05 UTC");
    }
}
