//! Sends dead letters back to where they came from, each exactly once.
//!
//! One transaction holds some originals and, in the dead-letter topic itself, one marker for each partition that lists the
//! letters they were made of. A marker lies behind its letters in the same partition, and retention takes a log's beginning
//! first, so it is there for as long as they are. Who starts a [`Redriver`] fences the one before it and ends what that one
//! had left open; only then are markers read:
//!
//! ```text
//! start (fences, ends open transactions) -> wait until the topic holds nothing undecided -> read letters and markers
//!   -> [ begin -> originals and markers -> commit ]*
//! ```
//! So a letter without a marker was not sent, and nobody else is sending it, whatever was killed before.

use std::collections::{BTreeMap, BTreeSet};
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::message::{Header as NativeHeader, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, DefaultProducerContext, Producer as _};

use crate::classify::{Class, Facts};
use crate::letter::{Letter, marker};
use crate::options::Options;
use crate::properties;
use crate::stage::{OutputRecord, Target};

/// Longest single call.
const SLICE: Duration = Duration::from_secs(5);

/// A transactional sender of dead letters; there is one at a time of each transactional id.
pub struct Redriver {
    producer: BaseProducer<DefaultProducerContext>,
    topic: String,
    timeout: Duration,
}

/// Letters could not be sent.
#[derive(Debug, thiserror::Error)]
pub enum RedriveError {
    /// Another one was started, or the broker gave a transaction up that had taken too long.
    #[error(
        "another redrive was started meanwhile, or this one stood still for longer than a transaction may: it sends nothing more; run it again when no other one runs"
    )]
    Taken,
    /// A broker's or librdkafka's refusal.
    #[error(
        "redrive: {call}: {error}: check the broker and the rights of this client, then run it again: what was sent is marked and is not sent twice"
    )]
    Kafka {
        /// What was called.
        call: &'static str,
        /// The answer.
        error: KafkaError,
    },
}

impl Redriver {
    /// Takes the transactional id over: whoever had it is fenced, and what it had left open is ended. `topic` is the dead-letter
    /// topic, `timeout` that of a transaction.
    pub fn start(
        brokers: &str,
        properties: BTreeMap<String, String>,
        transactional_id: &str,
        timeout: Duration,
        topic: &str,
    ) -> Result<Self, RedriveError> {
        let mut options = Options::new(brokers, transactional_id, transactional_id, topic, topic);
        options.properties = properties;
        options.timeouts.transaction = timeout;
        let producer = properties::producer(&options)
            .create()
            .map_err(|error| RedriveError::Kafka { call: "a producer", error })?;
        let redriver = Self { producer, topic: topic.to_owned(), timeout };
        // An open transaction of the one before may have to be ended first.
        redriver
            .call("init_transactions", redriver.timeout + SLICE * 4, |producer| producer.init_transactions(SLICE))?;
        Ok(redriver)
    }

    /// Sends the originals of these letters and marks them, in one transaction; letters that cannot be sent again are left out.
    /// How many were sent. `partitions`: of the topics that they came from.
    pub fn send(&self, letters: &[Letter], partitions: &BTreeMap<String, i32>) -> Result<usize, RedriveError> {
        let mut done: BTreeMap<i32, BTreeSet<i64>> = BTreeMap::new();
        let mut records = Vec::with_capacity(letters.len() + 1);
        for letter in letters {
            if let Some(record) = letter.again(|topic| partitions.get(topic).copied()) {
                let read = letter.record();
                done.entry(read.partition).or_default().insert(read.offset);
                records.push(record);
            }
        }
        if records.is_empty() {
            return Ok(0);
        }
        let sent = records.len();
        records.extend(
            done.iter().map(|(partition, offsets)| {
                marker(&self.topic, *partition, &offsets.iter().copied().collect::<Vec<_>>())
            }),
        );
        match self.transaction(&records) {
            Ok(()) => Ok(sent),
            Err((error, open)) => {
                if open && !matches!(error, RedriveError::Taken) {
                    // Readers wait for an open transaction; where this fails the broker ends it in time.
                    let _ = self.producer.abort_transaction(SLICE);
                }
                Err(error)
            }
        }
    }

    /// The error says whether the transaction can be aborted: after a commit whose outcome is unknown nothing may follow.
    fn transaction(&self, records: &[OutputRecord]) -> Result<(), (RedriveError, bool)> {
        self.producer.begin_transaction().map_err(|e| (failed("begin_transaction", e), false))?;
        let end = Instant::now() + self.timeout;
        for record in records {
            self.produce(record, end).map_err(|e| (failed("produce", e), true))?;
        }
        while self.producer.in_flight_count() > 0 && Instant::now() < end {
            self.producer.poll(Duration::from_millis(1));
        }
        let limit = self.timeout + SLICE;
        self.call("commit_transaction", limit, |producer| producer.commit_transaction(SLICE)).map_err(|error| {
            let abortable = match &error {
                RedriveError::Kafka { error, .. } => Facts::of(error).requires_abort,
                RedriveError::Taken => false,
            };
            (error, abortable)
        })
    }

    fn produce(&self, record: &OutputRecord, end: Instant) -> Result<(), KafkaError> {
        let headers = record.headers.iter().fold(OwnedHeaders::new(), |headers, header| {
            headers.insert(NativeHeader { key: &header.name, value: header.value.as_deref() })
        });
        let mut pending = BaseRecord::<[u8], [u8]> {
            topic: &record.topic,
            partition: if let Target::Partition(partition) = record.target { Some(partition) } else { None },
            payload: record.value.as_deref(),
            key: record.key.as_deref(),
            timestamp: record.timestamp_ms,
            headers: Some(headers),
            delivery_opaque: (),
        };
        loop {
            match self.producer.send(pending) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(Code::QueueFull), back)) if Instant::now() < end => {
                    self.producer.poll(Duration::from_millis(10));
                    pending = back;
                }
                Err((error, _)) => return Err(error),
            }
        }
    }

    /// A call that is made again while librdkafka says that it may be: it resumes the same operation.
    fn call(
        &self,
        name: &'static str,
        limit: Duration,
        call: impl Fn(&BaseProducer<DefaultProducerContext>) -> Result<(), KafkaError>,
    ) -> Result<(), RedriveError> {
        let begin = Instant::now();
        loop {
            match call(&self.producer) {
                Ok(()) => return Ok(()),
                Err(error) if Facts::of(&error).class() == Class::Retry && begin.elapsed() < limit => {
                    self.producer.poll(Duration::ZERO);
                    thread::sleep(Duration::from_millis(50));
                }
                Err(error) => return Err(failed(name, error)),
            }
        }
    }
}

fn failed(call: &'static str, error: KafkaError) -> RedriveError {
    if Facts::of(&error).class() == Class::Fenced {
        return RedriveError::Taken;
    }
    RedriveError::Kafka { call, error }
}
