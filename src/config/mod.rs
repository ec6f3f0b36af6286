//! Where settings come from. So far: the environment.

pub mod env;
