//! A bare transactional copy: what one would write with rdkafka and nothing else.

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dateline_kafka::topics::TopicSpec;
use dateline_tests::{Client, unique};
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::Message as _;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

/// What is copied.
#[derive(Clone)]
pub(crate) struct Load {
    pub client: Client,
    pub input: String,
    pub output: String,
    pub records: usize,
    pub batch: usize,
    pub partitions: i32,
}

impl Load {
    /// The same to a new topic of this name with as many partitions.
    pub(crate) fn to(&self, name: &str) -> Self {
        let output = unique(name);
        self.client.create(&[TopicSpec::new(&output, self.partitions)]);
        Self { output, ..self.clone() }
    }
}

/// One copy of it all.
#[derive(Debug)]
pub(crate) struct Turn {
    pub elapsed: Duration,
    pub cpu: Duration,
    pub commits: Vec<Duration>,
    #[allow(dead_code, reason = "one of the examples reads it")]
    /// From the timestamp of each record to the commit of its copy, in milliseconds.
    pub ages: Vec<i64>,
}

/// CPU time of this process so far (the broker is another one).
pub(crate) fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// Poll a batch, begin, send, wait until all is delivered, send the offsets, commit.
pub(crate) fn bare_copy(load: &Load) -> Result<Turn, Box<dyn Error>> {
    let (output, group) = (load.output.as_str(), unique("bare"));
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", load.client.brokers())
        .set("group.id", &group)
        .set("enable.auto.commit", "false")
        .set("auto.offset.reset", "earliest")
        .set("isolation.level", "read_committed")
        // As the runner's: the defaults rest for a second when enough is fetched ahead.
        .set("queued.max.messages.kbytes", "32768")
        .set("fetch.queue.backoff.ms", "20")
        .create()?;
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", load.client.brokers())
        .set("transactional.id", &group)
        .set("linger.ms", "1")
        .set("delivery.report.only.error", "true")
        .create()?;
    let limit = Duration::from_secs(10);
    producer.init_transactions(limit)?;
    consumer.subscribe(&[&load.input])?;

    let (mut done, mut commits, mut ages) = (0, Vec::new(), Vec::new());
    let mut began: Option<(Instant, Duration)> = None;
    while done < load.records {
        let mut batch = Vec::with_capacity(load.batch);
        let mut first = None;
        while batch.len() < load.batch {
            let waited = first.map_or(Duration::ZERO, |first: Instant| first.elapsed());
            if waited >= Duration::from_millis(20) {
                break;
            }
            // None: no record, or an event that was served.
            if let Some(message) = consumer.poll(Duration::from_millis(20).saturating_sub(waited)) {
                batch.push(message?);
                first.get_or_insert_with(Instant::now);
            }
        }
        if batch.is_empty() {
            continue;
        }
        // Timed from the first record on: joining a group is no part of copying.
        began.get_or_insert_with(|| (Instant::now(), cpu()));
        let start = Instant::now();
        producer.begin_transaction()?;
        let mut offsets = BTreeMap::new();
        for message in &batch {
            producer
                .send(BaseRecord::<[u8], [u8]> {
                    topic: output,
                    partition: Some(message.partition()),
                    payload: message.payload(),
                    key: message.key(),
                    timestamp: message.timestamp().to_millis(),
                    headers: None,
                    delivery_opaque: (),
                })
                .map_err(|(error, _)| error)?;
            offsets.insert(message.partition(), message.offset() + 1);
        }
        while producer.in_flight_count() > 0 {
            producer.poll(Duration::ZERO);
            std::thread::sleep(Duration::from_micros(100));
        }
        let mut list = TopicPartitionList::new();
        for (partition, next) in offsets {
            list.add_partition_offset(&load.input, partition, Offset::Offset(next))?;
        }
        let metadata = consumer.group_metadata().ok_or("no group")?;
        producer.send_offsets_to_transaction(&list, &metadata, limit)?;
        producer.commit_transaction(limit)?;
        commits.push(start.elapsed());
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis() as i64;
        ages.extend(batch.iter().map(|message| now - message.timestamp().to_millis().unwrap_or(now)));
        done += batch.len();
    }
    let (start, used) = began.ok_or("no record")?;
    Ok(Turn { elapsed: start.elapsed(), cpu: cpu().saturating_sub(used), commits, ages })
}
