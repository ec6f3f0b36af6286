//! Properties of everything that takes a stranger's bytes: whatever they are, it ends, is bounded, and nothing is a pass that is
//! none. What is shown of them cannot act on whoever reads it.
//!
//! The inputs are the same in every run, so that a change fails only for what it did itself; `PROPTEST_RNG_SEED` draws others and
//! `PROPTEST_CASES` more of them. `fuzz/` looks further, for as long as it is let.

mod documents;
mod facts;
mod grade_toml;
mod packs;
mod records;
mod shown;
mod tools;
mod trees;
mod wire;

use proptest::test_runner::{Config, RngSeed};

/// The cases of a property where nobody says how many.
const CASES: u32 = 200;

/// Returns how a property is tried, where so many cases are enough.
pub fn config(cases: u32) -> Config {
    let asked = Config::default();
    // proptest's own number where it was told none: https://docs.rs/proptest/latest/proptest/test_runner/struct.Config.html
    let cases = if asked.cases == 256 { cases } else { asked.cases };
    let rng_seed = match asked.rng_seed {
        RngSeed::Random => RngSeed::Fixed(1),
        fixed @ RngSeed::Fixed(_) => fixed,
    };
    Config { cases, rng_seed, failure_persistence: None, ..asked }
}

/// Returns how a property is tried that costs little.
pub fn quick() -> Config {
    config(CASES)
}
