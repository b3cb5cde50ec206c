//! What a stage is to the runner: a value that turns a batch of input records into output records and state changes.
//! Stages are pure and synchronous: no Kafka, no clock, no network.

use std::sync::Arc;

/// A record header; a value may be absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Header name.
    pub name: String,
    /// Header value as bytes.
    pub value: Option<Vec<u8>>,
}

/// One record as it was read from the input topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputRecord {
    /// Input topic.
    pub topic: Arc<str>,
    /// Partition of the input topic.
    pub partition: i32,
    /// Offset in that partition.
    pub offset: i64,
    /// The record's Kafka timestamp in milliseconds since the epoch.
    pub timestamp_ms: i64,
    /// Key bytes.
    pub key: Option<Vec<u8>>,
    /// Value bytes; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers in order.
    pub headers: Vec<Header>,
}

/// Where an output record goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// By the hash of its key (`murmur2_random`, as Java clients do).
    ByKey,
    /// One partition.
    Partition(i32),
    /// One copy to every partition of the topic.
    Every,
}

/// One record to be written in the batch's transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputRecord {
    /// Output topic (its real name).
    pub topic: Arc<str>,
    /// Which partitions.
    pub target: Target,
    /// Key bytes.
    pub key: Option<Vec<u8>>,
    /// Value bytes; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers in order.
    pub headers: Vec<Header>,
    /// Kafka timestamp in milliseconds; `None`: the producer's clock.
    pub timestamp_ms: Option<i64>,
}

/// One change of the state of the input record's partition; it is written to the changelog in the same transaction.
/// Keys that begin with a zero byte are the runner's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateChange {
    /// Changelog key.
    pub key: Vec<u8>,
    /// New value; `None` deletes the key.
    pub value: Option<Vec<u8>>,
}

/// Why an input record goes to the dead-letter queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Poison {
    /// Bounded class (`not_json`, `too_large`, ...), the value of header `dateline.error.class`.
    pub class: &'static str,
    /// Clear words: the field, what is wrong, what to do.
    pub message: String,
}

/// What a stage decided of one input record.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Processed {
    /// Records to write, in order.
    pub outputs: Vec<OutputRecord>,
    /// State changes of the record's partition, in order.
    pub state: Vec<StateChange>,
    /// When set the runner also writes the input record to the dead-letter queue.
    pub poison: Option<Poison>,
}

/// What stops a stage (never poison).
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A record or a state that is newer than this build.
    #[error("{what} at {topic}/{partition}@{offset} is newer than this build understands: deploy the newer build")]
    Newer {
        /// What is newer, with both versions.
        what: String,
        /// Topic where it lies.
        topic: String,
        /// Partition.
        partition: i32,
        /// Offset (-1 where unknown).
        offset: i64,
    },
    /// The state in the changelog cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// The stage cannot go on.
    #[error("the stage failed: {0}")]
    Failed(String),
}

/// A stage of the pipeline. The runner calls it from one thread.
pub trait Stage: Send {
    /// Decides a batch: one [`Processed`] for each record, in the same order. State changes stay staged until
    /// [`Stage::committed`].
    fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError>;

    /// The runner itself sends a record to the dead-letter queue without showing it to [`Stage::process`] (it is too large).
    /// What the stage wants written about it, such as a receipt, is returned.
    fn refused(&mut self, record: &InputRecord, poison: &Poison) -> Vec<OutputRecord> {
        let _ = (record, poison);
        Vec::new()
    }

    /// The transaction of the last processed batch has committed: what was staged becomes the state.
    fn committed(&mut self) {}

    /// That transaction has aborted: what was staged is dropped.
    fn aborted(&mut self) {}

    /// `Some(encoding)` when the stage has state in the changelog topic; the number is the newest encoding it writes.
    fn state_encoding(&self) -> Option<u16> {
        None
    }

    /// A partition was assigned: its state starts empty.
    fn assigned(&mut self, partition: i32) {
        let _ = partition;
    }

    /// One changelog record while a partition is restored, in offset order; `value` `None` is a deletion.
    fn restore(&mut self, partition: i32, key: &[u8], value: Option<&[u8]>) -> Result<(), StageError> {
        let _ = (partition, key, value);
        Ok(())
    }

    /// The partition's changelog was read to its end.
    fn restored(&mut self, partition: i32) -> Result<(), StageError> {
        let _ = partition;
        Ok(())
    }

    /// A partition was taken away (or lost): its state is dropped.
    fn revoked(&mut self, partition: i32) {
        let _ = partition;
    }
}
