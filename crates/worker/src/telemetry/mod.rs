//! Metrics, logs and the admin address.

pub mod admin;
pub mod document;
pub mod logs;
pub mod observer;
pub mod table;
pub mod tally;

mod emit;
mod memory;

pub use emit::{Recorder, add, observe, set};
