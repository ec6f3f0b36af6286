//! Runs the unit tests of the benchmark's statistics: the benchmark is a program of its own without a test harness.

#[path = "../benches/by_hand/statistics.rs"]
mod statistics;

use std::time::Duration;

use statistics::{Cost, Pair, compare, median};

fn pair(other: u64, grade: u64) -> Pair {
    let cost = |millis| Cost { wall: Duration::from_millis(millis), cpu: Duration::from_millis(2 * millis) };
    Pair { other: cost(other), grade: cost(grade) }
}

#[test]
fn the_median_is_the_middle_one_whatever_the_order() {
    assert_eq!(median(vec![9.0, 1.0, 5.0]), 5.0);
    assert_eq!(median(vec![4.0, 1.0, 3.0, 2.0]), 2.5);
    assert!(median(Vec::new()).is_nan());
}

#[test]
fn a_pair_that_was_disturbed_on_both_sides_does_not_move_the_ratio() {
    let calm = [pair(100, 50), pair(100, 50), pair(100, 50)];
    let disturbed = [pair(100, 50), pair(900, 450), pair(100, 50)];
    let wall = |pairs: &[Pair]| compare(pairs, |cost| cost.wall).ratio;
    assert_eq!(wall(&calm), 0.5);
    assert_eq!(wall(&disturbed), 0.5);
}

#[test]
fn ratios_are_of_neighbours_and_not_of_medians() {
    // The machine is twice as slow in every second round. The medians alone would say 60 : 100.
    let pairs = [pair(100, 50), pair(200, 100), pair(60, 60)];
    let wall = compare(&pairs, |cost| cost.wall);
    assert_eq!((wall.other, wall.grade, wall.ratio), (100.0, 60.0, 0.5));
    assert_eq!(compare(&pairs, |cost| cost.cpu).difference, -100.0);
}
