//! A producer of articles and a reader of records, for the demo only.

use std::time::{Duration, Instant};

use anyhow::Context as _;
use rdkafka::ClientConfig;
use rdkafka::Message as _;
use rdkafka::TopicPartitionList;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use serde_json::Value;

use super::PARTITIONS;

/// Sends articles.
pub(super) struct Feeder {
    producer: BaseProducer,
    topic: String,
}

impl Feeder {
    pub(super) fn new(brokers: &str, topic: &str) -> anyhow::Result<Self> {
        let producer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("message.max.bytes", "8388608")
            .set("linger.ms", "1")
            .create()
            .context("the demo's producer")?;
        Ok(Self { producer, topic: topic.to_owned() })
    }

    /// Sends one article; its key is its id where one can be read.
    pub(super) fn send(&mut self, article: &[u8]) -> anyhow::Result<()> {
        let id = dateline_model::Article::decode(article).map(|d| d.article.id).ok();
        let mut record = BaseRecord::<str, [u8]>::to(&self.topic).payload(article);
        if let Some(id) = &id {
            record = record.key(id);
        }
        self.producer.send(record).map_err(|(e, _)| e).context("an article was not sent")?;
        self.producer.poll(Duration::ZERO);
        Ok(())
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        let _ = self.producer.flush(Duration::from_secs(1));
    }
}

/// One message of a record topic.
#[derive(Debug, Clone)]
pub(super) struct Revision {
    /// Record id.
    pub(super) id: String,
    /// The revision; none for a tombstone.
    pub(super) record: Option<Value>,
}

/// Follows the record topics from their begin.
pub(super) struct Tail(BaseConsumer);

impl Tail {
    pub(super) fn new(brokers: &str, topics: [&str; 2]) -> anyhow::Result<Self> {
        let consumer: BaseConsumer = ClientConfig::new()
            .set("bootstrap.servers", brokers)
            .set("group.id", "demo-reader")
            .set("enable.auto.commit", "false")
            .set("isolation.level", "read_committed")
            .set("fetch.wait.max.ms", "50")
            .create()
            .context("the demo's reader")?;
        let mut list = TopicPartitionList::new();
        for topic in topics {
            for partition in 0..PARTITIONS {
                list.add_partition_offset(topic, partition, rdkafka::Offset::Beginning)?;
            }
        }
        consumer.assign(&list)?;
        Ok(Self(consumer))
    }

    /// What came within `wait`.
    pub(super) fn poll(&mut self, wait: Duration) -> anyhow::Result<Vec<Revision>> {
        let end = Instant::now() + wait.max(Duration::from_millis(5));
        let mut revisions = vec![];
        while let Some(message) = self.0.poll(end.saturating_duration_since(Instant::now())) {
            // The embedded broker's connections heal by themselves.
            let Ok(message) = message else { continue };
            let id = message.key().map(|k| String::from_utf8_lossy(k).into_owned()).unwrap_or_default();
            let record = message.payload().map(serde_json::from_slice).transpose().context("a record is no JSON")?;
            revisions.push(Revision { id, record });
        }
        Ok(revisions)
    }
}
