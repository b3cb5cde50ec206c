//! Reads a topic from its start to its current end, outside any group: for tests, demos and inspection.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::error::KafkaError;
use rdkafka::message::Message as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::batch::to_record;
use crate::context::{Common, ReaderEvents};
use crate::observer::Silent;
use crate::properties;
use crate::stage::InputRecord;

/// Which records are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Those of committed transactions (and those outside any).
    Committed,
    /// All, also those of open and aborted transactions.
    Uncommitted,
}

/// Which partitions are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partitions {
    /// All of the topic.
    All,
    /// One.
    One(i32),
}

/// How a topic is read.
#[derive(Debug, Clone)]
pub struct Reader {
    brokers: String,
    properties: BTreeMap<String, String>,
    group_id: String,
    silence: Duration,
}

/// A topic could not be read to its end.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// librdkafka's error.
    #[error("topic {topic}: {error}: check the broker, the name and the rights of this client")]
    Kafka {
        /// The topic.
        topic: String,
        /// What it was.
        error: KafkaError,
    },
    /// Nothing came for too long.
    #[error("topic {topic}: nothing came for {} s before its end was reached (partitions {missing:?})", .waited.as_secs())]
    Stuck {
        /// The topic.
        topic: String,
        /// Partitions whose end was not reached.
        missing: BTreeSet<i32>,
        /// How long was waited.
        waited: Duration,
    },
}

impl Reader {
    /// A reader of these brokers.
    pub fn new(brokers: impl Into<String>) -> Self {
        Self {
            brokers: brokers.into(),
            properties: BTreeMap::new(),
            // Never joined: see properties::reader.
            group_id: "reader".to_owned(),
            silence: Duration::from_secs(30),
        }
    }

    /// With extra librdkafka properties (security).
    #[must_use]
    pub fn properties(mut self, properties: BTreeMap<String, String>) -> Self {
        self.properties = properties;
        self
    }

    /// With the name of a consumer group that this client may read; it is never joined.
    #[must_use]
    pub fn group_id(mut self, group_id: impl Into<String>) -> Self {
        self.group_id = group_id.into();
        self
    }

    /// All records, partition by partition, in offset order.
    pub fn read(
        &self,
        topic: &str,
        partitions: Partitions,
        isolation: Isolation,
    ) -> Result<Vec<InputRecord>, ReadError> {
        let mut records = Vec::new();
        self.for_each(topic, partitions, isolation, |record| records.push(record))?;
        records.sort_by_key(|record| (record.partition, record.offset));
        Ok(records)
    }

    /// Gives each record to `each`: in offset order within a partition, partitions mixed.
    pub fn for_each(
        &self,
        topic: &str,
        partitions: Partitions,
        isolation: Isolation,
        mut each: impl FnMut(InputRecord),
    ) -> Result<(), ReadError> {
        let failed = |error| ReadError::Kafka { topic: topic.to_owned(), error };
        let context = ReaderEvents(Common::new("reader", Arc::new(Silent)));
        let mut config = properties::reader(&self.brokers, &self.properties, "reader", &self.group_id);
        if isolation == Isolation::Uncommitted {
            config.set("isolation.level", "read_uncommitted");
        }
        let consumer: BaseConsumer<ReaderEvents> = config.create_with_context(context).map_err(failed)?;

        let mut missing: BTreeSet<i32> = match partitions {
            Partitions::One(partition) => BTreeSet::from([partition]),
            Partitions::All => {
                let metadata = consumer.fetch_metadata(Some(topic), self.silence).map_err(failed)?;
                let found = metadata.topics().iter().find(|found| found.name() == topic);
                found.map_or(0..0, |found| 0..found.partitions().len() as i32).collect()
            }
        };
        if missing.is_empty() {
            let unknown = rdkafka::error::RDKafkaErrorCode::UnknownTopicOrPartition;
            return Err(failed(KafkaError::MetadataFetch(unknown)));
        }
        let mut list = TopicPartitionList::with_capacity(missing.len());
        for partition in &missing {
            list.add_partition_offset(topic, *partition, Offset::Beginning).map_err(failed)?;
        }
        consumer.assign(&list).map_err(failed)?;

        let name: Arc<str> = topic.into();
        let mut last = Instant::now();
        while !missing.is_empty() {
            match consumer.poll(Duration::from_millis(200)) {
                Some(Ok(message)) => {
                    last = Instant::now();
                    if missing.contains(&message.partition()) {
                        each(to_record(&name, &message));
                    }
                }
                Some(Err(KafkaError::PartitionEOF(partition))) => {
                    last = Instant::now();
                    missing.remove(&partition);
                }
                Some(Err(_)) | None if last.elapsed() > self.silence => {
                    return Err(ReadError::Stuck { topic: topic.to_owned(), missing, waited: self.silence });
                }
                // Connections heal by themselves.
                Some(Err(_)) | None => {}
            }
        }
        Ok(())
    }
}
