//! What the test programs share.
#![allow(dead_code, reason = "each test program uses a part of it")]

pub mod golden;

use std::path::PathBuf;
use std::sync::OnceLock;

use grade::config::env::Environment;
use grade::sandbox::Confinement;
use grade::toolchain::{Request, Toolchain};

/// Returns the environment that all tests share: made by the first that asks, found by the others, other programs
/// and later runs included. The first time needs the network.
pub fn toolchain() -> &'static Toolchain {
    static TOOLCHAIN: OnceLock<Toolchain> = OnceLock::new();
    TOOLCHAIN.get_or_init(|| {
        Toolchain::set_up(&data_dir(), &request(), &mut ()).unwrap_or_else(|error| panic!("{error}"))
    })
}

/// Returns the data folder that all tests share.
pub fn data_dir() -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("grade-data")
}

/// Returns the request of whoever runs the tests.
pub fn request() -> Request {
    Request::new(Environment::read())
}

/// Returns the version of Landlock that is in force, or 0 where there is none.
pub fn landlock_of(confinement: &Confinement) -> u32 {
    let layers = confinement.report().layers;
    layers.iter().find_map(|layer| layer.strip_prefix("landlock ")?.parse().ok()).unwrap_or(0)
}

/// Says aloud that a test proves nothing here, and ends it; under `GRADE_FORBID_SKIP=1` that is a failure.
#[macro_export]
macro_rules! skip {
    ($($why:tt)*) => {{
        $crate::common::skipped(&format!($($why)*));
        return;
    }};
}

/// What `skip!` does before it ends the test.
#[expect(clippy::disallowed_macros, reason = "tests tell a log")]
pub fn skipped(why: &str) {
    assert!(!must_not_skip(), "skipped: {why}");
    eprintln!("skipped: {why}");
}

/// Returns whether a test that cannot do its work is to fail.
#[expect(clippy::disallowed_methods, reason = "tests are told by the environment")]
pub fn must_not_skip() -> bool {
    std::env::var_os("GRADE_FORBID_SKIP").is_some()
}
