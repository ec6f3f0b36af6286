//! Days of the calendar, as the user's clock has them. What time it is comes from outside, so that a report is the same whenever a
//! test makes it.

use std::time::SystemTime;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Unit, Zoned};

/// Days from which on weeks are counted.
const WEEKS: i32 = 14;
/// Days from which on months are counted.
const MONTHS: i32 = 63;
/// Days from which on years are counted.
const YEARS: i32 = 731;

/// The time that it is, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    now: Zoned,
}

impl Calendar {
    /// Returns the calendar of this machine, at this moment.
    pub fn of_this_machine() -> Self {
        Self { now: Zoned::now() }
    }

    /// Returns the calendar at another moment, so many hours east of Greenwich.
    #[cfg(test)]
    pub(super) fn at(now: SystemTime, hours: i8) -> Self {
        let zone = TimeZone::fixed(jiff::tz::offset(hours));
        Self { now: timestamp(now).to_zoned(zone) }
    }

    /// Returns today.
    pub(super) fn today(&self) -> Date {
        self.now.date()
    }

    /// Returns the day on which a moment was here.
    pub(super) fn date(&self, moment: SystemTime) -> Date {
        self.zoned(moment).date()
    }

    /// Returns a day in words, with how long ago that is: `3 Nov 2026 (2 weeks ago)`.
    pub(super) fn in_words(&self, moment: SystemTime) -> String {
        let date = self.date(moment);
        let shown = date.strftime("%-d %b %Y");
        match self.ago(date) {
            Some(ago) => format!("{shown} ({ago})"),
            None => shown.to_string(),
        }
    }

    /// Returns a moment as programs read it, in local time: <https://www.rfc-editor.org/rfc/rfc3339>.
    pub(super) fn rfc_3339(&self, moment: SystemTime) -> String {
        self.zoned(moment).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    fn zoned(&self, moment: SystemTime) -> Zoned {
        timestamp(moment).to_zoned(self.time_zone())
    }

    fn time_zone(&self) -> TimeZone {
        self.now.time_zone().clone()
    }

    /// Says how long ago a day was; of one that is still to come, as a clock that was wrong may have it, nothing.
    fn ago(&self, date: Date) -> Option<String> {
        let days = self.today().since((Unit::Day, date)).ok()?.get_days();
        if days < 0 {
            return None;
        }
        Some(match days {
            0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            2..WEEKS => format!("{days} days ago"),
            WEEKS..MONTHS => format!("{} weeks ago", days / 7),
            MONTHS..YEARS => format!("{} months ago", days * 12 / 365),
            _ => format!("{} years ago", days * 4 / 1461),
        })
    }
}

fn timestamp(moment: SystemTime) -> Timestamp {
    Timestamp::try_from(moment).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    /// 2026-11-22, 00:30 in UTC.
    const NOW: u64 = 1_795_307_400;
    const DAY: u64 = 86_400;

    fn moment(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn a_day_is_the_users_own_and_not_that_of_greenwich() {
        let here = |hours| Calendar::at(moment(NOW), hours).in_words(moment(NOW - 3600));
        assert_eq!(here(0), "21 Nov 2026 (yesterday)");
        assert_eq!(here(2), "22 Nov 2026 (today)");
        assert_eq!(Calendar::at(moment(NOW), -5).rfc_3339(moment(NOW)), "2026-11-21T19:30:00-05:00");
    }

    #[test]
    fn how_long_ago_is_said_in_the_largest_unit_that_is_still_exact_enough() {
        let calendar = Calendar::at(moment(NOW), 0);
        let ago = |days: u64| calendar.in_words(moment(NOW - days * DAY));
        assert_eq!(ago(13), "9 Nov 2026 (13 days ago)");
        assert_eq!(ago(14), "8 Nov 2026 (2 weeks ago)");
        assert_eq!(ago(60), "23 Sep 2026 (8 weeks ago)");
        assert_eq!(ago(365), "22 Nov 2025 (12 months ago)");
        assert_eq!(ago(1461), "22 Nov 2022 (4 years ago)");
    }

    #[test]
    fn a_day_to_come_is_a_date_and_no_more() {
        assert_eq!(Calendar::at(moment(NOW), 0).in_words(moment(NOW + DAY)), "23 Nov 2026");
    }
}
