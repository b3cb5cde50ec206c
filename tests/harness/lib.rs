//! Harness of the end-to-end tests: a real Kafka broker, its topics and records, and worker processes to start and to kill.
//!
//! A test asks [`requirement`] first and is *ignored* with the reason where a broker can't be had ([`Requirement::Missing`]);
//! in CI (`CI=true`) that is a failure. `DATELINE_TEST_BROKERS=host:port` uses a broker that is there already.

mod admin;
pub mod articles;
mod broker;
mod client;
mod jars;
pub mod ledger;
pub mod log_law;
mod process;
mod proxy;
mod requirement;
mod shared;
pub mod world;

pub use broker::{Cluster, Node};
pub use client::{Client, Record, Sender, unique};
pub use process::{Process, Signal};
pub use proxy::{Network, Proxy};
pub use requirement::{Requirement, needs_broker, requirement};
pub use shared::{end_shared, shared};

/// What keeps a test from running.
#[derive(Debug, thiserror::Error)]
pub enum HarnessError {
    /// A program could not be run, or a file not be written.
    #[error("{what}: {error}")]
    Io {
        /// What was tried.
        what: String,
        /// Why it failed.
        error: std::io::Error,
    },
    /// A program ended badly.
    #[error("{what} failed:\n{output}")]
    Failed {
        /// What was run.
        what: String,
        /// What it printed.
        output: String,
    },
    /// Something did not happen in time.
    #[error("{what} took longer than {seconds} s")]
    Late {
        /// What was waited for.
        what: String,
        /// How long.
        seconds: u64,
    },
}

pub(crate) fn io(what: impl Into<String>) -> impl FnOnce(std::io::Error) -> HarnessError {
    let what = what.into();
    move |error| HarnessError::Io { what, error }
}
