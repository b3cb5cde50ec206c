//! The first contact with the brokers.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use dateline_kafka::Drain;
use dateline_kafka::topics::TopicsError;

use crate::config::Loaded;

/// How soon a request to end is seen.
const SLICE: Duration = Duration::from_millis(200);

/// Ends with an error when no broker is configured.
pub(super) fn required(loaded: &Loaded) -> anyhow::Result<()> {
    if loaded.settings.kafka.brokers.is_empty() {
        let remedy = "no broker is named: give --brokers HOST:PORT, DATELINE_KAFKA__BROKERS, or brokers under [kafka]";
        return Err(loaded.problem("kafka.brokers", remedy).into());
    }
    Ok(())
}

/// The user asked to end before the brokers answered.
#[derive(Debug, thiserror::Error)]
#[error("asked to end")]
pub(super) struct Stopped;

/// Asks the brokers something, again and again until they answer, `kafka.startup_timeout` has passed or a drain is
/// requested ([`Stopped`]).
pub(super) fn ask<T: Send + 'static>(
    loaded: &Loaded,
    drain: &Drain,
    question: impl Fn() -> Result<T, TopicsError> + Send + 'static,
) -> anyhow::Result<T> {
    required(loaded)?;
    let limit = loaded.settings.kafka.startup_timeout;
    let end = Instant::now() + limit.0;
    let (send, answers) = mpsc::channel();
    // A question may block for longer than is left: it is asked on a thread of its own, which ends with the process.
    thread::spawn(move || {
        while send.send(question()).is_ok() {
            thread::sleep(Duration::from_millis(500));
        }
    });
    let mut last = String::new();
    loop {
        if drain.requested() {
            return Err(Stopped.into());
        }
        let left = end.saturating_duration_since(Instant::now());
        match answers.recv_timeout(left.min(SLICE)) {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(TopicsError::Broker { reason, .. })) => last = format!(" ({reason})"),
            Ok(Err(e @ TopicsError::Client(_))) => bail!(e),
            Err(RecvTimeoutError::Timeout) if left > SLICE => {}
            Err(_) => {
                let problem = format!(
                    "no broker answered within kafka.startup_timeout ({limit}){last}: check the address, that the broker \
                     is up, and its security settings under [kafka.properties]"
                );
                return Err(loaded.problem("kafka.brokers", problem).into());
            }
        }
    }
}
