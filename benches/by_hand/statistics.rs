//! What is made of measurements: medians of pairs.
//!
//! A machine that is shared speeds up and slows down in the middle of a run. So the two sides of a comparison take turns, a
//! ratio is taken within each pair of neighbours, and the median of the ratios is what is reported: it is not the ratio of
//! the medians, and one pair that was hit by somebody else's build does not move it.

use std::time::Duration;

/// What one piece of work took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Cost {
    /// By the clock on the wall.
    pub wall: Duration,
    /// Processor time, user and system, of all processes that took part.
    pub cpu: Duration,
}

/// The two sides of a comparison, measured one right after the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pair {
    /// What `grade` is compared with.
    pub other: Cost,
    /// What `grade` took.
    pub grade: Cost,
}

/// One quantity of a comparison: medians over all pairs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Compared {
    /// Milliseconds of the other side.
    pub other: f64,
    /// Milliseconds of `grade`.
    pub grade: f64,
    /// `grade` by the other, pair by pair.
    pub ratio: f64,
    /// `grade` less the other in milliseconds, pair by pair.
    pub difference: f64,
}

/// Compares one quantity of the sides of these pairs, of which there is at least one.
pub fn compare(pairs: &[Pair], quantity: impl Fn(&Cost) -> Duration) -> Compared {
    let sides: Vec<(f64, f64)> =
        pairs.iter().map(|pair| (millis(quantity(&pair.other)), millis(quantity(&pair.grade)))).collect();
    let over = |made: &dyn Fn(&(f64, f64)) -> f64| median(sides.iter().map(made).collect());
    Compared {
        other: over(&|(other, _)| *other),
        grade: over(&|(_, grade)| *grade),
        ratio: over(&|(other, grade)| grade / other),
        difference: over(&|(other, grade)| grade - other),
    }
}

/// Returns the middle one of these numbers, or what lies halfway between the two middle ones. None of none is not a number.
pub fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match numbers.len() {
        0 => f64::NAN,
        odd if odd % 2 == 1 => numbers[middle],
        _ => f64::midpoint(numbers[middle - 1], numbers[middle]),
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
