//! What people may set, and where: the environment (`env`), `grade.toml` in the learner's repository (`file`), and the
//! settings of a run that come of them and of the command line (`settings`).

pub mod env;
pub mod file;
pub mod settings;
