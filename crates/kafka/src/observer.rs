//! What a runner tells: the worker turns these events into metrics and log lines.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::stage::{InputRecord, Poison};

/// Receives a runner's events. Called from the stage's thread and (client errors, lag) from where it polls: be quick.
pub trait Observer: Send + Sync {
    /// A transaction has committed.
    fn committed(&self, batch: &BatchReport) {
        let _ = batch;
    }

    /// A batch was given up and will be read again.
    fn aborted(&self, cause: &Cause) {
        let _ = cause;
    }

    /// This instance was fenced: see [`Fenced`].
    fn fenced(&self, kind: Fenced) {
        let _ = kind;
    }

    /// Producer and consumer are made anew.
    fn rebuilt(&self, cause: &Cause) {
        let _ = cause;
    }

    /// Partitions came or went.
    fn rebalanced(&self, change: &Rebalance) {
        let _ = change;
    }

    /// An input record was written to the dead-letter queue (its transaction has committed).
    fn poison(&self, record: &InputRecord, poison: &Poison) {
        let _ = (record, poison);
    }

    /// How far a partition is behind, from librdkafka's statistics.
    fn lag(&self, lag: &Lag) {
        let _ = lag;
    }

    /// A partition's state is being restored, or (with `done`) was.
    fn restore(&self, progress: &RestoreProgress) {
        let _ = progress;
    }

    /// The first assignment is restored.
    fn ready(&self) {}

    /// librdkafka reported an error; most heal by themselves.
    fn client_error(&self, error: &ClientError) {
        let _ = error;
    }
}

/// An observer that drops everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// A bounded code (fit for a metric's label) and the words behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// Bounded code, snake_case.
    pub code: &'static str,
    /// What happened, for a log line.
    pub detail: String,
}

impl Cause {
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

/// A committed batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BatchReport {
    /// Input records.
    pub records: usize,
    /// Bytes of their keys and values.
    pub bytes: usize,
    /// Records for the dead-letter queue, by class.
    pub poison: BTreeMap<&'static str, usize>,
    /// What was written, by topic (dead-letter queue and changelog included).
    pub outputs: BTreeMap<Arc<str>, Written>,
    /// Next input offset by partition.
    pub offsets: BTreeMap<i32, i64>,
    /// Kafka timestamp (ms since the epoch) of the last input record by partition.
    pub timestamps_ms: BTreeMap<i32, i64>,
    /// Time by part.
    pub durations: Durations,
}

/// Count and size of written records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Written {
    /// Records.
    pub records: usize,
    /// Bytes of their keys and values.
    pub bytes: usize,
}

/// Where a batch's time went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Durations {
    /// From its first record to its last.
    pub collect: Duration,
    /// In the stage.
    pub process: Duration,
    /// From the transaction's begin to the last delivery.
    pub produce: Duration,
    /// Offsets and commit.
    pub commit: Duration,
}

/// Who took what from this instance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fenced {
    /// Our transaction was too old: this process (or the broker) stalled, and the broker has ended it or would have. The stage goes
    /// on.
    Stalled,
    /// The group gave our partitions to others while a batch was open (a zombie's fate). The stage rejoins.
    Member,
    /// Another producer took the transactional id: the stage ends.
    IdTaken,
}

/// A change of the assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rebalance {
    /// Partitions were added.
    Assigned(Vec<i32>),
    /// Partitions were handed on in order.
    Revoked(Vec<i32>),
    /// Partitions were lost: the group had given this member up.
    Lost(Vec<i32>),
}

/// Lag of one input partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lag {
    /// Partition.
    pub partition: i32,
    /// Offsets between our last commit and the last stable offset.
    pub records: i64,
    /// Offsets in transactions that are still open upstream: the input is frozen there while `records` is 0.
    pub open: i64,
}

/// Progress of a restore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RestoreProgress {
    /// Partition.
    pub partition: i32,
    /// Changelog records read so far.
    pub records: u64,
    /// Bytes of their keys and values.
    pub bytes: u64,
    /// Next changelog offset to read.
    pub offset: i64,
    /// The changelog's end when the restore began.
    pub end: i64,
    /// Time since the assignment.
    pub elapsed: Duration,
    /// Whether the checkpoint is still behind the committed offset although the changelog was read to its end.
    pub behind: bool,
    /// Whether the partition starts now.
    pub done: bool,
}

/// An error that librdkafka reported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientError {
    /// `consumer`, `producer` or `restore`.
    pub client: &'static str,
    /// librdkafka's code, such as `BrokerTransportFailure`.
    pub code: String,
    /// Its words.
    pub reason: String,
}
