//! Runs the unit tests of the benchmark's statistics: the benchmark is a program of its own without a test harness.

#[path = "../benches/by_hand/statistics.rs"]
mod statistics;
