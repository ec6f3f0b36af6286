//! Durations and sizes as packs write them: `"500ms"`, `"20s"`, `"2m"`; `"64 MiB"`, `"1GiB"`.
//!
//! Whole numbers with one unit each: a limit of "1h 3m 2.5s" would be a mistake, so it is read as one.

use std::time::Duration;

/// Reads a duration of more than nothing and at most an hour.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let (number, unit) = split(text).ok_or_else(|| not_a("duration", text, DURATIONS))?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" | "min" => 60_000,
        _ => return Err(not_a("duration", text, DURATIONS)),
    };
    match number.checked_mul(millis) {
        Some(millis @ 1..=LONGEST_MILLIS) => Ok(Duration::from_millis(millis)),
        _ => Err(format!("`{text}` is not between 1 ms and an hour")),
    }
}

/// Reads a number of bytes between 1 MiB and 1 TiB. Units are binary; `MB` is refused because people disagree
/// on it.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let (number, unit) = split(text).ok_or_else(|| not_a("size", text, SIZES))?;
    let shift = match unit {
        "KiB" => 10,
        "MiB" => 20,
        "GiB" => 30,
        _ => return Err(not_a("size", text, SIZES)),
    };
    match number.checked_mul(1 << shift) {
        Some(bytes @ LEAST_BYTES..=MOST_BYTES) => Ok(bytes),
        _ => Err(format!("`{text}` is not between 1 MiB and 1024 GiB")),
    }
}

/// Returns the number and the unit after it; spaces between the two are fine.
fn split(text: &str) -> Option<(u64, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    Some((number.parse().ok()?, unit.trim_start_matches(' ')))
}

fn not_a(noun: &str, text: &str, examples: &str) -> String {
    format!("`{text}` is not a {noun}; {noun}s are written like {examples}")
}

const DURATIONS: &str = "`500ms`, `20s` or `2m`";
const SIZES: &str = "`512KiB`, `64 MiB` or `1GiB`";
const LONGEST_MILLIS: u64 = 3_600_000;
const LEAST_BYTES: u64 = 1 << 20;
const MOST_BYTES: u64 = 1 << 40;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_in_every_unit() {
        let read = |text| duration(text).unwrap().as_millis();
        assert_eq!(
            [read("500ms"), read("20s"), read("20 s"), read("2m"), read("2min")],
            [500, 20_000, 20_000, 120_000, 120_000]
        );
    }

    #[test]
    fn sizes_are_read_in_binary_units() {
        let read = |text| bytes(text).unwrap();
        assert_eq!([read("2048KiB"), read("64 MiB"), read("1GiB")], [2 << 20, 64 << 20, 1 << 30]);
    }

    #[test]
    fn what_is_not_a_duration_is_refused_with_an_example() {
        for text in ["", "20", "s", "-1s", "1.5s", "1h", "20S", "20s "] {
            let wanted =
                format!("`{text}` is not a duration; durations are written like `500ms`, `20s` or `2m`");
            assert_eq!(duration(text), Err(wanted));
        }
        for text in ["0s", "61m", "18446744073709551615m"] {
            assert_eq!(duration(text), Err(format!("`{text}` is not between 1 ms and an hour")));
        }
    }

    #[test]
    fn what_is_not_a_size_is_refused_with_an_example() {
        for text in ["", "1", "1GB", "1gib", "GiB", "1.5GiB"] {
            let wanted =
                format!("`{text}` is not a size; sizes are written like `512KiB`, `64 MiB` or `1GiB`");
            assert_eq!(bytes(text), Err(wanted));
        }
        for text in ["0MiB", "1023KiB", "1025GiB", "18446744073709551615GiB"] {
            assert_eq!(bytes(text), Err(format!("`{text}` is not between 1 MiB and 1024 GiB")));
        }
    }
}
