//! librdkafka's callbacks. They only mark and forward; what follows happens on the stage's thread.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext, RebalanceProtocol};
use rdkafka::error::{KafkaError, RDKafkaErrorCode};
use rdkafka::message::{DeliveryResult, Message};
use rdkafka::producer::{BaseProducer, NoCustomPartitioner, ProducerContext};
use rdkafka::statistics::Statistics;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use rdkafka::types::RDKafkaRespErr;

use crate::observer::{ClientError, Lag, Observer, Rebalance};

pub(crate) type StageConsumer = BaseConsumer<ConsumerEvents>;
pub(crate) type StageProducer = BaseProducer<ProducerEvents>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// librdkafka's log lines as `tracing` events, under target `librdkafka`.
fn log(client: &'static str, level: RDKafkaLogLevel, facility: &str, line: &str) {
    match level {
        RDKafkaLogLevel::Emerg | RDKafkaLogLevel::Alert | RDKafkaLogLevel::Critical => {
            tracing::error!(target: "librdkafka", client, facility, "{line}");
        }
        // librdkafka calls every lost connection an error; the client heals it.
        RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning if facility == "CONFWARN" => {
            tracing::debug!(target: "librdkafka", client, facility, "{line}");
        }
        RDKafkaLogLevel::Error | RDKafkaLogLevel::Warning => {
            tracing::warn!(target: "librdkafka", client, facility, "{line}");
        }
        RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info => {
            tracing::info!(target: "librdkafka", client, facility, "{line}");
        }
        RDKafkaLogLevel::Debug => tracing::debug!(target: "librdkafka", client, facility, "{line}"),
    }
}

/// What every client's context does: logs, errors.
pub(crate) struct Common {
    client: &'static str,
    observer: Arc<dyn Observer>,
    last_error: Mutex<Option<String>>,
}

impl Common {
    pub(crate) fn new(client: &'static str, observer: Arc<dyn Observer>) -> Self {
        Self { client, observer, last_error: Mutex::new(None) }
    }

    fn error(&self, error: &KafkaError, reason: &str) {
        let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
        if code == RDKafkaErrorCode::PartitionEOF {
            return;
        }
        *lock(&self.last_error) = Some(if reason.is_empty() { error.to_string() } else { reason.to_owned() });
        let event = ClientError { client: self.client, code: format!("{code:?}"), reason: reason.to_owned() };
        self.observer.client_error(&event);
    }
}

/// Context of a client that only reads (restore, metadata).
pub(crate) struct ReaderEvents(pub(crate) Common);

impl ClientContext for ReaderEvents {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        log(self.0.client, level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.0.error(&error, reason);
    }
}

impl ConsumerContext for ReaderEvents {}

/// Context of the group's consumer.
pub(crate) struct ConsumerEvents {
    common: Common,
    topic: Arc<str>,
    changes: Mutex<Vec<Change>>,
    progress: Mutex<BTreeMap<i32, Progress>>,
}

/// How far we are in a partition, as offsets after the last record.
#[derive(Debug, Clone, Copy, Default)]
struct Progress {
    committed: i64,
    taken: i64,
}

/// What happened to the assignment, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Change {
    Rebalance(Rebalance),
    /// librdkafka would not take the assignment.
    Failed(String),
}

impl ConsumerEvents {
    pub(crate) fn new(topic: Arc<str>, observer: Arc<dyn Observer>) -> Self {
        let common = Common::new("consumer", observer);
        Self { common, topic, changes: Mutex::default(), progress: Mutex::default() }
    }

    /// Takes the changes since the last call.
    pub(crate) fn take_changes(&self) -> Vec<Change> {
        std::mem::take(&mut *lock(&self.changes))
    }

    /// librdkafka's last words on an error.
    pub(crate) fn last_error(&self) -> Option<String> {
        lock(&self.common.last_error).clone()
    }

    /// Notes our last committed offset of a partition, which lag is counted from; `None`: no longer ours.
    pub(crate) fn note_committed(&self, partition: i32, next: Option<i64>) {
        let mut progress = lock(&self.progress);
        match next {
            Some(next) => progress.entry(partition).or_default().committed = next,
            None => drop(progress.remove(&partition)),
        }
    }

    /// Notes that a record was taken into a batch; `next` is the offset after it.
    pub(crate) fn note_taken(&self, partition: i32, next: i64) {
        if let Some(progress) = lock(&self.progress).get_mut(&partition) {
            progress.taken = next;
        }
    }
}

impl ClientContext for ConsumerEvents {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        log(self.common.client, level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.common.error(&error, reason);
    }

    fn stats(&self, statistics: Statistics) {
        let Some(topic) = statistics.topics.get(&*self.topic) else { return };
        let lags: Vec<Lag> = {
            let progress = lock(&self.progress);
            let lag = |partition: &rdkafka::statistics::Partition| {
                let Progress { committed, taken } = *progress.get(&partition.partition)?;
                // Markers of transactions take offsets, too: when nothing is left to take and what was taken is committed, what
                // was fetched beyond it held no record.
                let idle = partition.fetchq_cnt == 0 && taken <= committed;
                let next = if idle { committed.max(partition.next_offset) } else { committed };
                (partition.ls_offset >= 0).then(|| Lag {
                    partition: partition.partition,
                    records: (partition.ls_offset - next).max(0),
                    open: (partition.hi_offset - partition.ls_offset).max(0),
                })
            };
            topic.partitions.values().filter_map(lag).collect()
        };
        for lag in &lags {
            self.common.observer.lag(lag);
        }
    }
}

impl ConsumerContext for ConsumerEvents {
    /// Takes new partitions paused, so that nothing is fetched before the stage's thread has said from where, and lets old ones
    /// go. This runs inside `poll`, never while a batch is processed or committed: nothing of a revoked partition is open.
    ///
    /// They are paused first and then assigned at an offset that is no logical one. (Assigned at the end or the beginning, librdkafka
    /// 2.12 asks the broker which offset that is; when a seek overtakes the answer it asks again after 500 ms, and the second
    /// answer takes the place of what was sought.)
    fn rebalance(&self, consumer: &StageConsumer, event: RDKafkaRespErr, list: &mut TopicPartitionList) {
        let partitions: Vec<i32> =
            list.elements().iter().map(rdkafka::topic_partition_list::TopicPartitionListElem::partition).collect();
        let incremental = matches!(consumer.rebalance_protocol(), RebalanceProtocol::Cooperative);
        let (result, change) = if event == RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            let paused = pause(consumer, list);
            let assigned = list
                .set_all_offsets(Offset::Offset(0))
                .and_then(|()| if incremental { consumer.incremental_assign(list) } else { consumer.assign(list) });
            // A partition that the client did not know yet can only be paused now.
            let result = assigned.and_then(|()| if paused { Ok(()) } else { consumer.pause(list) });
            (result, Rebalance::Assigned(partitions))
        } else {
            // Letting go resets the mark, so it is read first.
            let lost = consumer.assignment_lost();
            let result = if incremental { consumer.incremental_unassign(list) } else { consumer.unassign() };
            (result, if lost { Rebalance::Lost(partitions) } else { Rebalance::Revoked(partitions) })
        };
        let mut changes = lock(&self.changes);
        changes.push(Change::Rebalance(change));
        if let Err(error) = result {
            changes.push(Change::Failed(error.to_string()));
        }
    }
}

/// Pauses partitions; whether all are. (On a copy: what the client says of each must not reach the assignment.)
fn pause(consumer: &StageConsumer, list: &TopicPartitionList) -> bool {
    let copy = list.clone();
    copy.count() == 0 || consumer.pause(&copy).is_ok() && copy.elements().iter().all(|element| element.error().is_ok())
}

/// Context of the producer.
pub(crate) struct ProducerEvents {
    common: Common,
    failure: Mutex<Option<DeliveryFailure>>,
}

/// The first record of a transaction that the broker didn't take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DeliveryFailure {
    pub(crate) topic: String,
    pub(crate) code: RDKafkaErrorCode,
}

impl ProducerEvents {
    pub(crate) fn new(observer: Arc<dyn Observer>) -> Self {
        Self { common: Common::new("producer", observer), failure: Mutex::new(None) }
    }

    pub(crate) fn failure(&self) -> Option<DeliveryFailure> {
        lock(&self.failure).clone()
    }

    pub(crate) fn clear_failure(&self) {
        *lock(&self.failure) = None;
    }

    pub(crate) fn last_error(&self) -> Option<String> {
        lock(&self.common.last_error).clone()
    }
}

impl ClientContext for ProducerEvents {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, line: &str) {
        log(self.common.client, level, facility, line);
    }

    fn error(&self, error: KafkaError, reason: &str) {
        self.common.error(&error, reason);
    }
}

impl ProducerContext<NoCustomPartitioner> for ProducerEvents {
    type DeliveryOpaque = ();

    fn delivery(&self, result: &DeliveryResult<'_>, (): ()) {
        if let Err((error, message)) = result {
            let code = error.rdkafka_error_code().unwrap_or(RDKafkaErrorCode::Unknown);
            lock(&self.failure).get_or_insert(DeliveryFailure { topic: message.topic().to_owned(), code });
        }
    }
}
