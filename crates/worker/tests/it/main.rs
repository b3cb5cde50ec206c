//! The built program, run as a process.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

mod bad_input;
mod config;
mod demo;
mod eval;
mod extract;
mod operate;
mod program;
mod reload;
mod resolve;
mod stages;
mod usage;
