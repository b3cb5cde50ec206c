//! Topics and records for tests. Everything here panics on failure: a test that can't write its input has failed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dateline_kafka::InputRecord;
use dateline_kafka::reader::{Isolation, Partitions, Reader};
use dateline_kafka::topics::{self, Outcome, TopicSpec};
use rdkafka::client::ClientContext;
use rdkafka::config::ClientConfig;
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _, ProducerContext};

/// A name that no other test and no other run has: topics and groups of a broker that outlives us stay apart.
pub fn unique(name: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let run = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() % 100_000_000;
    format!("{name}-{}-{run}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed))
}

/// A record to write.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Partition; `None`: by the key, as Java clients do.
    pub partition: Option<i32>,
    /// Key bytes.
    pub key: Option<Vec<u8>>,
    /// Value bytes; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// Headers.
    pub headers: Vec<(String, Vec<u8>)>,
    /// Timestamp in milliseconds; `None`: now.
    pub timestamp_ms: Option<i64>,
}

impl Record {
    /// A record of a key and a value.
    pub fn new(key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Self {
        Self { key: Some(key.into()), value: Some(value.into()), ..Self::default() }
    }

    /// In this partition.
    #[must_use]
    pub fn to(mut self, partition: i32) -> Self {
        self.partition = Some(partition);
        self
    }
}

/// Writes and reads at one cluster.
#[derive(Debug, Clone)]
pub struct Client {
    brokers: String,
}

#[derive(Clone, Default)]
struct Deliveries(Arc<Mutex<Vec<KafkaError>>>);

impl ClientContext for Deliveries {}

impl ProducerContext for Deliveries {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, _)) = result {
            self.0.lock().expect("no holder panics").push(error.clone());
        }
    }
}

/// An idempotent producer.
pub struct Sender {
    producer: BaseProducer<Deliveries>,
    deliveries: Deliveries,
}

impl Sender {
    /// Writes records in order and waits until all are acknowledged.
    pub fn produce(&self, topic: &str, records: impl IntoIterator<Item = Record>) {
        for record in records {
            let headers = record.headers.iter().fold(OwnedHeaders::new(), |headers, (name, value)| {
                headers.insert(Header { key: name, value: Some(value) })
            });
            let mut pending = BaseRecord::<[u8], [u8]> {
                topic,
                partition: record.partition,
                payload: record.value.as_deref(),
                key: record.key.as_deref(),
                timestamp: record.timestamp_ms,
                headers: (!record.headers.is_empty()).then_some(headers),
                delivery_opaque: (),
            };
            while let Err((error, back)) = self.producer.send(pending) {
                assert_eq!(error, KafkaError::MessageProduction(RDKafkaErrorCode::QueueFull));
                self.producer.poll(Duration::from_millis(10));
                pending = back;
            }
        }
        // rdkafka's own flush waits in slices of 100 ms.
        let end = Instant::now() + Duration::from_secs(60);
        while self.producer.in_flight_count() > 0 {
            assert!(Instant::now() < end, "{} records are not delivered", self.producer.in_flight_count());
            self.producer.poll(Duration::ZERO);
            thread::sleep(Duration::from_millis(1));
        }
        let errors = self.deliveries.0.lock().expect("no holder panics");
        assert!(errors.is_empty(), "{errors:?}");
    }
}

impl Client {
    /// A client of these brokers.
    pub fn new(brokers: impl Into<String>) -> Self {
        Self { brokers: brokers.into() }
    }

    /// `bootstrap.servers`.
    pub fn brokers(&self) -> &str {
        &self.brokers
    }

    /// Makes topics; they must be new.
    pub fn create(&self, specs: &[TopicSpec]) {
        let outcomes = topics::create(&self.brokers, &BTreeMap::new(), specs).expect("topics are created");
        for (spec, outcome) in specs.iter().zip(outcomes) {
            assert_eq!(outcome, Outcome::Created, "{}", spec.name);
        }
    }

    /// Writes records in order and waits until all are acknowledged.
    pub fn produce(&self, topic: &str, records: impl IntoIterator<Item = Record>) {
        self.sender().produce(topic, records);
    }

    /// A producer to be used more than once: to make one takes half a second.
    pub fn sender(&self) -> Sender {
        let deliveries = Deliveries::default();
        let producer = ClientConfig::new()
            .set("bootstrap.servers", &self.brokers)
            .set("enable.idempotence", "true")
            .set("partitioner", "murmur2_random")
            .set("message.max.bytes", "16777216")
            .set("linger.ms", "5")
            .set("delivery.report.only.error", "true")
            .create_with_context(deliveries.clone())
            .expect("a producer");
        Sender { producer, deliveries }
    }

    /// All committed records, by partition and offset.
    pub fn read(&self, topic: &str) -> Vec<InputRecord> {
        self.read_as(topic, Isolation::Committed)
    }

    /// All records, those of open and aborted transactions too.
    pub fn read_uncommitted(&self, topic: &str) -> Vec<InputRecord> {
        self.read_as(topic, Isolation::Uncommitted)
    }

    fn read_as(&self, topic: &str, isolation: Isolation) -> Vec<InputRecord> {
        Reader::new(self.brokers.clone()).read(topic, Partitions::All, isolation).expect("the topic is read")
    }

    /// Last committed value of each key; deleted keys are not in it.
    pub fn table(&self, topic: &str) -> BTreeMap<Vec<u8>, Vec<u8>> {
        let mut table = BTreeMap::new();
        for record in self.read(topic) {
            let key = record.key.unwrap_or_default();
            match record.value {
                Some(value) => table.insert(key, value),
                None => table.remove(&key),
            };
        }
        table
    }
}
