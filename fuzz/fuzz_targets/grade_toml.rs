//! A learner's `grade.toml`: any text is read, or refused with a line that it has.
#![no_main]

use grade::config::file::RepositoryConfig;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Err(error) = RepositoryConfig::parse(text) {
        assert!((1..=text.split('\n').count()).contains(&error.line), "{error}");
        assert!(error.to_string().starts_with("`grade.toml` line "));
    }
});
