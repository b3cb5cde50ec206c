//! Why a stage ends. Each error says its cause and its remedy, and has the exit code of the process.

use std::time::Duration;

use crate::dlq::Tripped;
use crate::stage::StageError;

/// How [`crate::Runner::run`] ends in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Input records in committed transactions.
    pub records: u64,
    /// Committed transactions.
    pub batches: u64,
}

/// Why a stage stopped. A broker that is away is never a reason after the first contact.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No broker answered within the startup timeout.
    #[error(
        "no broker answered at {brokers} within {} s ({reason}): check the address, that the broker is up, and its listener's security settings",
        .waited.as_secs()
    )]
    Unreachable {
        /// `bootstrap.servers`.
        brokers: String,
        /// How long was waited.
        waited: Duration,
        /// librdkafka's last words.
        reason: String,
    },
    /// A topic doesn't exist.
    #[error("topic {topic} does not exist: create it, or correct its name")]
    TopicMissing {
        /// The topic.
        topic: String,
    },
    /// A topic's number of partitions can't work.
    #[error(
        "changelog {changelog} has {have} partitions and its input {input} has {want}: they must be equal, or a state is not where its keys are; if the number of {input} was changed go back to {have}, or reprocess under another application with topics of its own; if nothing was processed yet, create {changelog} anew with {want}"
    )]
    ChangelogPartitions {
        /// Changelog topic.
        changelog: String,
        /// Its partitions.
        have: i32,
        /// Input topic.
        input: String,
        /// The input's partitions.
        want: i32,
    },
    /// A client could not be made of the options.
    #[error("librdkafka cannot be set up: {0}: correct the kafka settings")]
    Client(String),
    /// The broker refuses what no retry heals: authorization, protocol version, a setting.
    #[error("the broker refuses {call}: {reason}: grant the right or correct the setting")]
    Refused {
        /// What was called.
        call: &'static str,
        /// The broker's words.
        reason: String,
    },
    /// An output record is larger than its topic (or the producer) takes.
    #[error(
        "a record of {bytes} bytes is too large for topic {topic}: raise the topic's max.message.bytes (and the property message.max.bytes)"
    )]
    OutputTooLarge {
        /// The topic.
        topic: String,
        /// Bytes of key and value of the largest record of the batch for that topic.
        bytes: usize,
    },
    /// The stage failed or broke its contract.
    #[error("{0}")]
    Stage(String),
    /// Too much poison.
    #[error("{0}")]
    DlqLimit(Tripped),
    /// Another instance runs with the same transactional id.
    #[error(
        "another instance took the transactional id {transactional_id}: give every instance its own name (--instance)"
    )]
    IdTaken {
        /// The id.
        transactional_id: String,
    },
    /// A record or a state is newer than this build.
    #[error("{0}")]
    Newer(StageError),
    /// The group has no committed offsets, and the outputs are not empty: it can't be told what was done.
    #[error(
        "group {group} has no committed offset for {topic} although {output} is not empty (offsets expired or deleted?): say where to start with --from earliest (records may come twice) or --from latest (records may be missed)"
    )]
    WhereToStart {
        /// Consumer group.
        group: String,
        /// Input topic.
        topic: String,
        /// An output topic that is not empty.
        output: String,
    },
    /// The input no longer has records that were not processed.
    #[error(
        "{lost} records of {topic}/{partition} are gone: the committed offset is {committed}, the log starts at {start} (retention?); go on without them with --accept-loss"
    )]
    InputLost {
        /// Input topic.
        topic: String,
        /// Partition.
        partition: i32,
        /// Committed offset.
        committed: i64,
        /// The log's first offset.
        start: i64,
        /// Offsets between the two.
        lost: i64,
    },
    /// The committed offset lies beyond the log's end.
    #[error(
        "the committed offset {committed} of {topic}/{partition} lies beyond the log's end {end}: the topic was created anew or cut; start it over from its beginning with --accept-loss"
    )]
    InputRecreated {
        /// Input topic.
        topic: String,
        /// Partition.
        partition: i32,
        /// Committed offset.
        committed: i64,
        /// The log's end.
        end: i64,
    },
    /// State and input offsets don't belong together.
    #[error(
        "the state of partition {partition} is at input offset {checkpoint} by changelog {changelog}, the group's committed offset is {committed}: {meaning}; rebuild the state from its input (`state rebuild`), or reprocess under another application with output topics of its own"
    )]
    CheckpointMismatch {
        /// Changelog topic.
        changelog: String,
        /// Partition.
        partition: i32,
        /// The checkpoint's next input offset, or `none`.
        checkpoint: String,
        /// The committed offset, or `none`.
        committed: String,
        /// What that means.
        meaning: &'static str,
    },
    /// Records were deleted from the beginning of a changelog: part of the state is gone.
    #[error(
        "changelog {changelog}/{partition} was cut: it begins at offset {start}, so part of the state is gone; rebuild the state from its input (`state rebuild`), or reprocess under another application with output topics of its own"
    )]
    ChangelogCut {
        /// Changelog topic.
        changelog: String,
        /// Partition.
        partition: i32,
        /// Its first offset.
        start: i64,
    },
    /// The input's number of partitions was changed under a state that is kept by partition.
    #[error(
        "{topic} has {now} partitions, the state in changelog {changelog} was made with {then}: keys have moved; reprocess under another application with output topics of its own, or go back to {then} partitions"
    )]
    Repartitioned {
        /// Input topic.
        topic: String,
        /// Changelog topic.
        changelog: String,
        /// Partitions now.
        now: i32,
        /// Partitions when the checkpoint was written.
        then: i32,
    },
    /// The stage can't read the state that the changelog holds.
    #[error("{0}")]
    StateUnreadable(String),
    /// The changelog has a record that the runner can't read.
    #[error(
        "changelog {changelog}/{partition}@{offset}: {reason}; rebuild the state from its input (`state rebuild`), or reprocess under another application with output topics of its own"
    )]
    ChangelogUnreadable {
        /// Changelog topic.
        changelog: String,
        /// Partition.
        partition: i32,
        /// Offset.
        offset: i64,
        /// What is wrong.
        reason: String,
    },
}

impl RunError {
    /// The exit code of a process that ends for this error: 1 failed start or stage, 3 DLQ limit, 4 instance id taken,
    /// 5 newer data, 6 refused because data would be lost.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unreachable { .. }
            | Self::TopicMissing { .. }
            | Self::Client(_)
            | Self::Refused { .. }
            | Self::OutputTooLarge { .. }
            | Self::Stage(_) => 1,
            Self::DlqLimit(_) => 3,
            Self::IdTaken { .. } => 4,
            Self::Newer(_) => 5,
            Self::WhereToStart { .. }
            | Self::InputLost { .. }
            | Self::InputRecreated { .. }
            | Self::CheckpointMismatch { .. }
            | Self::ChangelogCut { .. }
            | Self::ChangelogPartitions { .. }
            | Self::Repartitioned { .. }
            | Self::ChangelogUnreadable { .. }
            | Self::StateUnreadable(_) => 6,
        }
    }
}

impl From<StageError> for RunError {
    fn from(error: StageError) -> Self {
        match error {
            StageError::Newer { .. } => Self::Newer(error),
            StageError::Unreadable(words) => Self::StateUnreadable(words),
            StageError::Failed(_) => Self::Stage(error.to_string()),
        }
    }
}
