//! What people may set, and where: `grade.toml` in the learner's repository.

pub mod file;
