//! Reading a stage's state back from its changelog.
//!
//! A consumer of its own reads the changelog partitions of the partitions that were assigned, while the group's consumer goes on
//! being polled (those partitions paused). What is read goes to the stage in offset order; the newest checkpoint is kept
//! here. Whether the state is whole is not decided by offsets of the changelog (transaction markers take some, too) but by the
//! checkpoint: see [`crate::start`].

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::caller::drop_within;
use crate::checkpoint::{self, Checkpoint, CheckpointError};
use crate::context::{Common, ReaderEvents};
use crate::error::RunError;
use crate::fail_point::{self, Point};
use crate::observer::{Observer, RestoreProgress};
use crate::options::Options;
use crate::properties;
use crate::stage::{Stage, StageError};

/// How often progress is told.
const REPORT_EVERY: Duration = Duration::from_secs(1);

pub(crate) struct Restore {
    consumer: Option<Arc<BaseConsumer<ReaderEvents>>>,
    topic: String,
    group: String,
    observer: Arc<dyn Observer>,
    partitions: BTreeMap<i32, Progress>,
}

struct Progress {
    since: Instant,
    reported: Instant,
    records: u64,
    bytes: u64,
    /// Next offset to read; `None`: from the beginning.
    next: Option<i64>,
    start: i64,
    end: i64,
    at_end: bool,
    checkpoint: Option<Checkpoint>,
}

impl Restore {
    pub(crate) fn new(options: &Options, topic: &str, observer: Arc<dyn Observer>) -> Result<Self, RunError> {
        let context = ReaderEvents(Common::new("restore", Arc::clone(&observer)));
        let client = format!("{}-restore", options.transactional_id);
        let consumer = properties::reader(&options.brokers, &options.properties, &client, &options.group_id)
            .create_with_context(context)
            .map_err(|error: KafkaError| RunError::Client(error.to_string()))?;
        let consumer = Some(Arc::new(consumer));
        let (topic, group) = (topic.to_owned(), options.group_id.clone());
        Ok(Self { consumer, topic, group, observer, partitions: BTreeMap::new() })
    }

    /// Begins with partitions that were assigned.
    pub(crate) fn add(&mut self, partitions: &[i32]) -> Result<(), KafkaError> {
        let now = Instant::now();
        for partition in partitions {
            let progress = Progress {
                since: now,
                reported: now,
                records: 0,
                bytes: 0,
                next: None,
                start: 0,
                end: -1,
                at_end: false,
                checkpoint: None,
            };
            self.partitions.insert(*partition, progress);
        }
        self.assign()
    }

    /// Ends with partitions that were revoked, or that start.
    pub(crate) fn remove(&mut self, partitions: &[i32]) -> Result<(), KafkaError> {
        let mut list = TopicPartitionList::new();
        for partition in partitions {
            if self.partitions.remove(partition).is_some() {
                list.add_partition(&self.topic, *partition);
            }
        }
        match &self.consumer {
            // A new assignment would make the others begin a new fetch.
            Some(consumer) if list.count() > 0 => consumer.pause(&list),
            _ => Ok(()),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.partitions.is_empty()
    }

    /// Whether the changelog was read to its end, at least once.
    pub(crate) fn at_end(&self, partition: i32) -> bool {
        self.partitions.get(&partition).is_some_and(|progress| progress.at_end)
    }

    /// The newest checkpoint that was read.
    pub(crate) fn checkpoint(&self, partition: i32) -> Option<Checkpoint> {
        self.partitions.get(&partition).and_then(|progress| progress.checkpoint)
    }

    fn assign(&self) -> Result<(), KafkaError> {
        let Some(consumer) = &self.consumer else { return Ok(()) };
        let mut list = TopicPartitionList::with_capacity(self.partitions.len());
        for (partition, progress) in &self.partitions {
            let offset = progress.next.map_or(Offset::Beginning, Offset::Offset);
            list.add_partition_offset(&self.topic, *partition, offset)?;
        }
        consumer.assign(&list)?;
        // Assigning does not resume what an earlier restore left paused.
        if list.count() > 0 { consumer.resume(&list) } else { Ok(()) }
    }

    /// Reads for at most `budget`; less when there is nothing to read.
    pub(crate) fn step(&mut self, stage: &mut dyn Stage, budget: Duration) -> Result<(), RunError> {
        let end = Instant::now() + budget;
        let Some(consumer) = self.consumer.clone() else { return Ok(()) };
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match consumer.poll(left) {
                Some(Ok(message)) => self.take(stage, &message)?,
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    if let Some(progress) = self.partitions.get_mut(&partition) {
                        progress.at_end = true;
                    }
                    if self.partitions.values().all(|progress| progress.at_end) {
                        return Ok(());
                    }
                }
                // Errors reach the observer by the context; reading goes on where it was.
                Some(Err(_)) | None => {}
            }
            if left.is_zero() {
                return Ok(());
            }
        }
    }

    fn take(&mut self, stage: &mut dyn Stage, message: &rdkafka::message::BorrowedMessage<'_>) -> Result<(), RunError> {
        let (partition, offset) = (message.partition(), message.offset());
        let Some(progress) = self.partitions.get_mut(&partition) else { return Ok(()) };
        if progress.next.is_some_and(|next| offset < next) {
            return Ok(());
        }
        let (key, value) = (message.key().unwrap_or_default(), message.payload());
        progress.next = Some(offset + 1);
        progress.records += 1;
        progress.bytes += (key.len() + value.map_or(0, <[u8]>::len)) as u64;
        if key == checkpoint::KEY {
            if let Some(value) = value {
                progress.checkpoint = Some(Checkpoint::decode(value).map_err(|error| match error {
                    CheckpointError::Newer(_) => RunError::Newer(StageError::Newer {
                        what: error.to_string(),
                        topic: self.topic.clone(),
                        partition,
                        offset,
                    }),
                    CheckpointError::Malformed => RunError::ChangelogUnreadable {
                        changelog: self.topic.clone(),
                        partition,
                        offset,
                        reason: error.to_string(),
                    },
                })?);
            }
        } else {
            stage.restore(partition, key, value).map_err(|error| match error {
                // What is missing explains it.
                StageError::Unreadable(_) if progress.start > 0 => {
                    RunError::ChangelogCut { changelog: self.topic.clone(), partition, start: progress.start }
                }
                other => RunError::from(other),
            })?;
            fail_point::reach(&self.group, Point::InRestore);
        }
        if progress.records % 1_024 == 0 && progress.reported.elapsed() >= REPORT_EVERY {
            progress.reported = Instant::now();
            self.report(partition, false, false);
        }
        Ok(())
    }

    /// Notes where the changelog begins and ends, for reports.
    pub(crate) fn set_ends(&mut self, partition: i32, start: i64, end: i64) {
        if let Some(progress) = self.partitions.get_mut(&partition) {
            (progress.start, progress.end) = (start, end);
        }
    }

    /// Tells the observer where a partition's restore is.
    pub(crate) fn report(&self, partition: i32, behind: bool, done: bool) {
        if let Some(progress) = self.partitions.get(&partition) {
            self.observer.restore(&RestoreProgress {
                partition,
                records: progress.records,
                bytes: progress.bytes,
                offset: progress.next.unwrap_or(0),
                end: progress.end,
                elapsed: progress.since.elapsed(),
                behind,
                done,
            });
        }
    }
}

impl Drop for Restore {
    fn drop(&mut self) {
        if let Some(consumer) = self.consumer.take() {
            drop_within(Duration::from_secs(1), consumer);
        }
    }
}
