//! Points of a transaction at which a test has the process die (feature `fail-points`; without it they are nothing).
//!
//! `FAIL_POINT=GROUP/POINT/N`: when the stage of a group whose name ends with GROUP reaches POINT for the Nth time, the process
//! says so in its log and aborts: as with `kill -9`, nothing is finished, closed or left in order. With `/stop` after it the
//! process stops itself (SIGSTOP) instead, and goes on from there when it gets SIGCONT.

/// Where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(not(feature = "fail-points"), expect(dead_code, reason = "read by the feature only"))]
pub(crate) enum Point {
    /// Before a record for every partition of a topic: a correction's retractions, after its mentions.
    BeforeEvery,
    /// Every record is delivered, the offsets are not sent.
    AfterProduce,
    /// The offsets are sent, the transaction is not committed.
    AfterSendOffsets,
    /// The transaction is committed, and nobody here knows it yet.
    AfterCommit,
    /// A record of a changelog was restored.
    InRestore,
}

#[cfg(not(feature = "fail-points"))]
pub(crate) fn reach(_group: &str, _point: Point) {}

#[cfg(feature = "fail-points")]
pub(crate) fn reach(group: &str, point: Point) {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};

    static WANTED: OnceLock<Option<(String, String, u64, bool)>> = OnceLock::new();
    static REACHED: AtomicU64 = AtomicU64::new(0);
    let wanted = WANTED.get_or_init(|| {
        let value = std::env::var("FAIL_POINT").ok()?;
        let mut parts = value.split('/');
        let (group, point, n) = (parts.next()?, parts.next()?, parts.next()?.parse().ok()?);
        Some((group.to_owned(), point.to_owned(), n, parts.next() == Some("stop")))
    });
    let Some((of, at, n, stop)) = wanted else { return };
    if !group.ends_with(of.as_str()) || format!("{point:?}") != *at {
        return;
    }
    if REACHED.fetch_add(1, Ordering::Relaxed) + 1 == *n {
        // What was handed to the client gets the time to reach the broker.
        std::thread::sleep(std::time::Duration::from_millis(50));
        if *stop {
            tracing::warn!(group, ?point, n, "fail point: the process stops here");
            let _ = std::process::Command::new("kill").args(["-STOP", &std::process::id().to_string()]).status();
            // The signal reaches one thread after the other.
            std::thread::sleep(std::time::Duration::from_millis(200));
        } else {
            tracing::warn!(group, ?point, n, "fail point: the process ends here");
            std::process::abort();
        }
    }
}
