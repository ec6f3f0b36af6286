//! Ids that root gives to its sandboxes: each has one of its own, which no user has. So none reaches the processes of another, nor
//! its files, and the kernel counts the processes of each by themselves, where no namespace does that.

use std::io;
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicU32, Ordering};

/// Where ids are looked for, best first: in what nobody gives away, and, in a container that has fewer ids, in what lies free below
/// `nobody`. See <https://systemd.io/UIDS-GIDS/>.
const FREE: [RangeInclusive<u32>; 2] = [0x7000_0000..=0x77FF_FFFF, 65_520..=65_533];
/// How many ids one `grade` takes before it begins anew; it has fewer sandboxes at a time.
const OF_ONE_RUN: u32 = 1024;

/// Returns an id that no user has, and no other sandbox that is there now; where there are few, one may have it after all.
pub(crate) fn spare_id() -> io::Result<u32> {
    static TAKEN: AtomicU32 = AtomicU32::new(0);
    let maps =
        [std::fs::read_to_string("/proc/self/uid_map")?, std::fs::read_to_string("/proc/self/gid_map")?];
    let ours = |ids: &RangeInclusive<u32>| maps.iter().all(|map| is_mapped(map, ids));
    let ids = FREE.into_iter().find(ours).ok_or_else(|| io::Error::from_raw_os_error(libc::EPERM))?;
    let number = TAKEN.fetch_add(1, Ordering::Relaxed) % OF_ONE_RUN;
    Ok(nth_of(&ids, std::process::id().wrapping_mul(OF_ONE_RUN).wrapping_add(number)))
}

fn nth_of(ids: &RangeInclusive<u32>, number: u32) -> u32 {
    ids.start() + number % (ids.end() - ids.start() + 1)
}

/// Returns whether one line of a map, as `user_namespaces(7)` describes it, has all of these ids.
fn is_mapped(map: &str, ids: &RangeInclusive<u32>) -> bool {
    map.lines().any(|line| {
        let numbers: Vec<u64> = line.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [first, _, count] = numbers[..] else { return false };
        [ids.start(), ids.end()].into_iter().all(|id| (first..first + count).contains(&u64::from(*id)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_sandboxes_have_two_ids_also_where_there_are_few() {
        for ids in FREE {
            let [one, other] = [4_194_303_u32, 4_194_304].map(|number| nth_of(&ids, number));
            assert_ne!(one, other);
            assert!(ids.contains(&one) && ids.contains(&other));
        }
    }

    #[test]
    fn ids_are_taken_from_what_a_namespace_has() {
        let [many, few] = FREE;
        let all = "         0          0 4294967295\n";
        assert!(is_mapped(all, &many) && is_mapped(all, &few));
        let container = "0 100000 65536\n";
        assert!(!is_mapped(container, &many) && is_mapped(container, &few));
        let own = "0 1000 1\n";
        assert!(!is_mapped(own, &few));
    }
}
