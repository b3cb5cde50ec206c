//! The `dateline` program: command line, configuration, the stages as the runner calls them, admin HTTP, telemetry.
//!
//! Architecture invariant: nothing here decides what an article says or which mentions are one record; this crate wires
//! what others decide to files, terminals and Kafka.

pub mod cli;
pub mod config;
pub mod decide;
pub mod demo;
pub mod exit;
pub mod explain;
pub mod input;
pub mod live;
pub mod output;
pub mod panics;
pub mod reload;
pub mod service;
pub mod stages;
pub mod telemetry;
pub mod topics;
