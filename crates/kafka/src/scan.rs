//! Reads a bounded part of a topic, outside any group: from a time to the end that it had when it was asked.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::Message as _;
use rdkafka::metadata::MetadataTopic;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::batch::to_record;
use crate::context::{Common, ReaderEvents};
use crate::observer::Silent;
use crate::properties;
use crate::stage::InputRecord;
use crate::topics::TopicsError;

/// How long one question to the brokers may take, and how long a topic may stay silent before its end.
const LIMIT: Duration = Duration::from_secs(15);

/// How a cluster is reached.
#[derive(Debug, Clone)]
pub struct Cluster {
    brokers: String,
    properties: BTreeMap<String, String>,
    group_id: String,
}

/// The part of a topic that is to be read: offsets by partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extent {
    topic: String,
    partitions: BTreeMap<i32, Range<i64>>,
}

/// A topic could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// librdkafka's error.
    #[error("topic {topic}: {call}: {error}: check the broker, the name and the rights of this client")]
    Kafka {
        /// The topic.
        topic: String,
        /// What was asked.
        call: &'static str,
        /// The answer.
        error: KafkaError,
    },
    /// Nothing came for too long.
    #[error("topic {topic}: nothing came for {} s before its end was reached (partitions {missing:?}): try again", LIMIT.as_secs())]
    Stuck {
        /// The topic.
        topic: String,
        /// Partitions whose end was not reached.
        missing: BTreeSet<i32>,
    },
    /// An open transaction hides what was written after it.
    #[error(
        "topic {topic}: a transaction in partition {partition} stayed open for {} s: wait until its producer ends it or the broker gives it up, then try again", .waited.as_secs()
    )]
    Open {
        /// The topic.
        topic: String,
        /// The partition.
        partition: i32,
        /// How long was waited.
        waited: Duration,
    },
}

impl Extent {
    /// Offsets in it: at least as many as records, for the markers of transactions take offsets, too.
    pub fn offsets(&self) -> u64 {
        self.partitions.values().map(|range| (range.end - range.start).max(0) as u64).sum()
    }

    /// The same without what lies before the given offset of each partition; partitions that are not named are left out.
    #[must_use]
    pub fn from(&self, first: &BTreeMap<i32, i64>) -> Self {
        let begin = |(partition, range): (&i32, &Range<i64>)| {
            Some((*partition, range.start.max(*first.get(partition)?)..range.end))
        };
        Self { topic: self.topic.clone(), partitions: self.partitions.iter().filter_map(begin).collect() }
    }
}

impl Cluster {
    /// The cluster at these brokers, with extra librdkafka properties (security). `group_id` names a group that this client
    /// may read; it is never joined.
    pub fn new(brokers: impl Into<String>, properties: BTreeMap<String, String>, group_id: impl Into<String>) -> Self {
        Self { brokers: brokers.into(), properties, group_id: group_id.into() }
    }

    /// Number of partitions of each topic; `None` where there is no such topic.
    pub fn partitions(&self, topics: &[String]) -> Result<Vec<Option<i32>>, TopicsError> {
        let client = self.consumer(true).map_err(|error| TopicsError::Client(error.to_string()))?;
        let one = |topic: &String| {
            let refused = |reason| TopicsError::Broker { call: "metadata", brokers: self.brokers.clone(), reason };
            let metadata = client.fetch_metadata(Some(topic), LIMIT).map_err(|error| refused(error.to_string()))?;
            let found = metadata.topics().iter().find(|found| found.name() == topic);
            match (found.and_then(MetadataTopic::error).map(Code::from), found.map_or(0, |t| t.partitions().len())) {
                (Some(Code::UnknownTopicOrPartition | Code::UnknownTopic), _) => Ok(None),
                (Some(code), _) => Err(refused(code.to_string())),
                (None, 0) => Ok(None),
                (None, partitions) => Ok(Some(partitions as i32)),
            }
        };
        topics.iter().map(one).collect()
    }

    /// What is committed in a topic now, from a time on (ms since the epoch; `None`: from its beginning).
    pub fn extent(&self, topic: &str, partitions: i32, since_ms: Option<i64>) -> Result<Extent, ScanError> {
        let client = self.consumer(true).map_err(failed(topic, "a consumer"))?;
        let mut extent = Extent { topic: topic.to_owned(), partitions: watermarks(&client, topic, partitions)? };
        if let Some(since_ms) = since_ms {
            let mut times = TopicPartitionList::with_capacity(extent.partitions.len());
            for partition in extent.partitions.keys() {
                times
                    .add_partition_offset(topic, *partition, Offset::Offset(since_ms.max(0)))
                    .map_err(failed(topic, "offsets for times"))?;
            }
            let found = client.offsets_for_times(times, LIMIT).map_err(failed(topic, "offsets for times"))?;
            for element in found.elements() {
                element.error().map_err(failed(topic, "offsets for times"))?;
                let Some(range) = extent.partitions.get_mut(&element.partition()) else { continue };
                range.start = match element.offset() {
                    Offset::Offset(offset) => offset.clamp(range.start, range.end),
                    // Nothing is as young as that.
                    _ => range.end,
                };
            }
        }
        Ok(extent)
    }

    /// Waits until everything that was written before this call is decided: committed or given up. Readers of committed records
    /// see nothing that lies behind a transaction which is still open.
    pub fn settle(&self, topic: &str, partitions: i32, limit: Duration) -> Result<(), ScanError> {
        let all = self.consumer(false).map_err(failed(topic, "a consumer"))?;
        let written = watermarks(&all, topic, partitions)?;
        let committed = self.consumer(true).map_err(failed(topic, "a consumer"))?;
        let begin = Instant::now();
        loop {
            let stable = watermarks(&committed, topic, partitions)?;
            let open = written.iter().find(|(partition, range)| stable[partition].end < range.end);
            let Some((partition, _)) = open else { return Ok(()) };
            if begin.elapsed() >= limit {
                return Err(ScanError::Open { topic: topic.to_owned(), partition: *partition, waited: limit });
            }
            thread::sleep(Duration::from_millis(200));
        }
    }

    /// Gives each committed record of the extent to `each`: in offset order within a partition, partitions mixed. `each` may end
    /// it early.
    pub fn scan(&self, extent: &Extent, mut each: impl FnMut(InputRecord) -> ControlFlow<()>) -> Result<(), ScanError> {
        let topic = extent.topic.as_str();
        let mut missing: BTreeMap<i32, i64> =
            extent.partitions.iter().filter(|(_, r)| r.start < r.end).map(|(p, r)| (*p, r.end)).collect();
        let mut list = TopicPartitionList::with_capacity(missing.len());
        for partition in missing.keys() {
            let start = Offset::Offset(extent.partitions[partition].start);
            list.add_partition_offset(topic, *partition, start).map_err(failed(topic, "assign"))?;
        }
        if missing.is_empty() {
            return Ok(());
        }
        let consumer = self.consumer(true).map_err(failed(topic, "a consumer"))?;
        consumer.assign(&list).map_err(failed(topic, "assign"))?;
        let name: Arc<str> = topic.into();
        let mut last = Instant::now();
        while !missing.is_empty() {
            match consumer.poll(Duration::from_millis(200)) {
                Some(Ok(message)) => {
                    last = Instant::now();
                    let (partition, offset) = (message.partition(), message.offset());
                    let Some(end) = missing.get(&partition).copied() else { continue };
                    if offset + 1 >= end {
                        missing.remove(&partition);
                    }
                    if offset < end && each(to_record(&name, &message)).is_break() {
                        return Ok(());
                    }
                }
                // The last offsets of the extent may be markers of transactions: then only the end tells.
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    last = Instant::now();
                    missing.remove(&partition);
                }
                Some(Err(error)) if error.rdkafka_error_code().is_some_and(crate::classify::is_refusal) => {
                    return Err(failed(topic, "fetch")(error));
                }
                Some(Err(_)) | None if last.elapsed() > LIMIT => {
                    let missing = missing.into_keys().collect();
                    return Err(ScanError::Stuck { topic: topic.to_owned(), missing });
                }
                // Connections heal by themselves.
                Some(Err(_)) | None => {}
            }
        }
        Ok(())
    }

    fn consumer(&self, committed: bool) -> Result<BaseConsumer<ReaderEvents>, KafkaError> {
        let mut config = properties::reader(&self.brokers, &self.properties, "dateline-reader", &self.group_id);
        if !committed {
            config.set("isolation.level", "read_uncommitted");
        }
        config.create_with_context(ReaderEvents(Common::new("reader", Arc::new(Silent))))
    }
}

/// First offset and end of each partition; for a client that reads committed records only the end is the last stable offset.
fn watermarks(
    client: &BaseConsumer<ReaderEvents>,
    topic: &str,
    partitions: i32,
) -> Result<BTreeMap<i32, Range<i64>>, ScanError> {
    let one = |partition| {
        let (low, high) =
            client.fetch_watermarks(topic, partition, LIMIT).map_err(failed(topic, "fetch of its ends"))?;
        Ok((partition, low..high))
    };
    (0..partitions).map(one).collect()
}

fn failed(topic: &str, call: &'static str) -> impl FnOnce(KafkaError) -> ScanError {
    let topic = topic.to_owned();
    move |error| ScanError::Kafka { topic, call, error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extent_counts_offsets_and_can_begin_later() {
        let partitions = BTreeMap::from([(0, 5..9), (1, 3..3), (2, 0..10)]);
        let extent = Extent { topic: "t".to_owned(), partitions };
        assert_eq!(extent.offsets(), 14);
        let later = extent.from(&BTreeMap::from([(0, 2), (2, 7)]));
        assert_eq!(later.partitions, BTreeMap::from([(0, 5..9), (2, 7..10)]));
    }
}
