//! What others may see of a running stage, and how they ask it to end.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Asks runners to end: finish the batch, commit, leave the group. Cheap to clone; all clones are one flag.
#[derive(Debug, Clone, Default)]
pub struct Drain {
    flag: Arc<AtomicBool>,
    seen: Arc<OnceLock<Instant>>,
}

impl Drain {
    /// A flag that is not set.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for the drain.
    pub fn request(&self) {
        self.flag.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked for.
    pub fn requested(&self) -> bool {
        let requested = self.flag.load(Ordering::Relaxed);
        if requested {
            // A signal handler can only set the flag: the time runs from when it was first seen.
            self.seen.get_or_init(Instant::now);
        }
        requested
    }

    /// Whether it was asked for so long ago.
    pub(crate) fn overdue(&self, limit: Duration) -> bool {
        self.requested() && self.seen.get().is_some_and(|seen| seen.elapsed() >= limit)
    }

    /// The flag itself, for a signal handler.
    pub fn flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.flag)
    }
}

/// What a stage is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Phase {
    /// Not run yet, or waiting for the first contact.
    #[default]
    Starting,
    /// Making its clients and joining the group; also after a rebuild.
    Joining,
    /// In the group; some partitions may still restore.
    Running,
    /// Ending after a drain was asked for.
    Draining,
    /// `run` has returned.
    Ended,
}

/// A stage's state at one moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Status {
    /// What it is doing.
    pub phase: Phase,
    /// Partitions that it works on, each with the next offset to read, as last committed.
    pub committed: BTreeMap<i32, i64>,
    /// Partitions that are assigned but not started (their state is restored or their offsets are asked for).
    pub restoring: Vec<i32>,
    /// Input records in committed transactions since the start.
    pub records: u64,
    /// Committed transactions since the start.
    pub batches: u64,
}

/// Health and status of a runner, from any thread.
#[derive(Debug, Clone)]
pub struct Handle(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    start: Instant,
    last_step_ms: AtomicU64,
    ready: AtomicBool,
    status: Mutex<Status>,
}

impl Handle {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Inner {
            start: Instant::now(),
            last_step_ms: AtomicU64::new(0),
            ready: AtomicBool::new(false),
            status: Mutex::new(Status::default()),
        }))
    }

    /// Time since the stage's thread last stepped. Restoring and waiting for a broker are steps.
    pub fn since_step(&self) -> Duration {
        let last = Duration::from_millis(self.0.last_step_ms.load(Ordering::Relaxed));
        self.0.start.elapsed().saturating_sub(last)
    }

    /// Liveness: whether the thread stepped within `limit` (60 s is a good one), or has ended in order.
    pub fn is_alive(&self, limit: Duration) -> bool {
        self.since_step() <= limit || self.status().phase == Phase::Ended
    }

    /// Readiness: true once the first assignment was restored, and ever after, also without partitions.
    pub fn is_ready(&self) -> bool {
        self.0.ready.load(Ordering::Relaxed)
    }

    /// What the stage is doing.
    pub fn status(&self) -> Status {
        self.lock().clone()
    }

    /// Next offset of a partition of the input as last committed; `None` where the stage doesn't work on it.
    pub fn committed(&self, partition: i32) -> Option<i64> {
        self.lock().committed.get(&partition).copied()
    }

    pub(crate) fn step(&self) {
        self.0.last_step_ms.store(self.0.start.elapsed().as_millis() as u64, Ordering::Relaxed);
    }

    pub(crate) fn set_ready(&self) -> bool {
        !self.0.ready.swap(true, Ordering::Relaxed)
    }

    pub(crate) fn update(&self, change: impl FnOnce(&mut Status)) {
        change(&mut self.lock());
    }

    fn lock(&self) -> MutexGuard<'_, Status> {
        self.0.status.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_does_not_step_is_not_alive_until_it_steps_again() {
        let handle = Handle::new();
        std::thread::sleep(Duration::from_millis(30));
        assert!(!handle.is_alive(Duration::from_millis(10)));
        handle.step();
        assert!(handle.is_alive(Duration::from_millis(10)));
    }

    #[test]
    fn a_drain_is_overdue_when_its_time_has_passed_since_it_was_seen() {
        let drain = Drain::new();
        assert!(!drain.overdue(Duration::ZERO));
        drain.flag().store(true, Ordering::Relaxed);
        assert!(!drain.overdue(Duration::from_secs(60)));
        assert!(drain.overdue(Duration::ZERO));
    }

    #[test]
    fn readiness_is_announced_once_and_stays() {
        let handle = Handle::new();
        assert!(!handle.is_ready());
        assert!(handle.set_ready());
        assert!(!handle.set_ready());
        assert!(handle.is_ready());
    }
}
