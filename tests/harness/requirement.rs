//! Whether a broker can be had, and what becomes of a test when not.

use std::process::{Command, Stdio};
use std::sync::OnceLock;

use libtest_mimic::{Completion, Failed, Trial};

/// Environment variable that names a broker to use instead of our own.
pub(crate) const BROKERS: &str = "DATELINE_TEST_BROKERS";

/// Whether tests with a broker can run here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Requirement {
    /// They can.
    Met,
    /// They can't: what is missing, and what to do.
    Missing(String),
}

/// Looks for Java and Maven, or for `DATELINE_TEST_BROKERS`; once.
pub fn requirement() -> &'static Requirement {
    static REQUIREMENT: OnceLock<Requirement> = OnceLock::new();
    REQUIREMENT.get_or_init(|| {
        if std::env::var_os(BROKERS).is_some() {
            return Requirement::Met;
        }
        let missing: Vec<&str> = [("java", "-version", "Java 17"), ("mvn", "-version", "Maven")]
            .into_iter()
            .filter(|(program, argument, _)| !runs(program, argument))
            .map(|(_, _, name)| name)
            .collect();
        if missing.is_empty() {
            Requirement::Met
        } else {
            let missing = missing.join(" and ");
            Requirement::Missing(format!(
                "{missing} not found: install it to start a broker, or set {BROKERS}=host:port to use one that is there"
            ))
        }
    })
}

fn runs(program: &str, argument: &str) -> bool {
    let status =
        Command::new(program).arg(argument).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// A test that needs a broker: *ignored* with the reason where there can be none, a failure when `CI` is `true`.
pub fn needs_broker(name: impl Into<String>, test: impl FnOnce() -> Result<(), Failed> + Send + 'static) -> Trial {
    Trial::ignorable_test(name, move || match requirement() {
        Requirement::Met => test().map(|()| Completion::Completed),
        Requirement::Missing(reason) if std::env::var("CI").is_ok_and(|ci| ci == "true") => Err(reason.as_str().into()),
        Requirement::Missing(reason) => Ok(Completion::ignored_with(reason)),
    })
}
