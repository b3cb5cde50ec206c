//! The transactional producer, and one batch's way through it.
//!
//! ```text
//!  begin ─> produce all ─> await every delivery ─> send offsets ─> young enough? ─> commit ─> Committed
//!    │           │                  │                   │               │ no          │
//!    │           └──────────────────┴─ abortable ───────┴───────────────┴─ abortable ─┤
//!    │                                                                                v
//!    │                                                                       abort ─> Aborted (read again)
//!    └─ fatal, or a call that neither succeeds nor fails within the transaction timeout ─> Rebuild
//!       fenced: older than 0.8 x timeout ─> Rebuild (a stall); younger ─> Stop (another instance has the id)
//! ```
//! No abort and no begin ever follows a commit whose outcome is unknown: a new producer with the same id settles it, and its
//! epoch also kills a delayed end of transaction.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::{Consumer as _, ConsumerGroupMetadata};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode as Code};
use rdkafka::message::{Header as NativeHeader, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::caller::{Abandoned, Caller};
use crate::classify::{self, Class, Facts};
use crate::context::{StageConsumer, StageProducer};
use crate::error::RunError;
use crate::fail_point::{self, Point};
use crate::handle::Handle;
use crate::observer::{Cause, Fenced, Written};
use crate::options::Options;
use crate::stage::{OutputRecord, Target};

/// Longest single blocking call; longer waits are made of several, so that liveness steps.
pub(crate) const SLICE: Duration = Duration::from_secs(5);
/// What a call may take beyond its own time-out before it is left behind.
pub(crate) const GRACE: Duration = Duration::from_secs(5);

/// Proof of membership for the offsets of a batch.
pub(crate) struct Membership(Arc<ConsumerGroupMetadata>);

impl Membership {
    /// Reads the group metadata, *then* checks that the assignment is not lost: a member that was thrown out between the two has an
    /// old generation, which the broker refuses; one that was thrown out before is seen here. (Asked the other way round, the
    /// metadata of a consumer that is no member could slip through, and the broker takes such offsets.)
    /// Nothing may be polled between this and the commit. `None`: the assignment is lost.
    pub(crate) fn read(consumer: &StageConsumer) -> Option<Self> {
        let metadata = consumer.group_metadata()?;
        // The third of the bugs that the ledger must find: see Cargo.toml.
        let lost = consumer.assignment_lost() && !cfg!(feature = "bug-lost-unchecked");
        (!lost).then(|| Self(Arc::new(metadata)))
    }
}

/// How a batch failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The transaction is aborted: drop the staged state, rewind, try again.
    Aborted { cause: Cause, fenced: Option<Fenced> },
    /// Producer and consumer must be made anew.
    Rebuild { cause: Cause, fenced: Option<Fenced> },
    /// The stage must end.
    Stop(RunError),
}

/// What is written in one transaction.
pub(crate) struct Writes<'a> {
    pub(crate) records: &'a [OutputRecord],
    pub(crate) topic: &'a str,
    /// Next input offset by partition.
    pub(crate) offsets: &'a BTreeMap<i32, i64>,
}

/// A committed transaction.
#[derive(Debug, Default)]
pub(crate) struct Committed {
    pub(crate) outputs: BTreeMap<Arc<str>, Written>,
    pub(crate) produce: Duration,
    pub(crate) commit: Duration,
}

pub(crate) struct Writer {
    producer: Arc<StageProducer>,
    caller: Arc<Caller>,
    handle: Handle,
    group: String,
    transactional_id: String,
    timeout: Duration,
    /// Partitions of every topic that may be written.
    partitions: BTreeMap<Arc<str>, i32>,
}

/// Why a single step didn't succeed.
enum Trouble {
    Abort { code: &'static str, detail: String, fenced: Option<Fenced> },
    Other(Failure),
}

impl Writer {
    pub(crate) fn new(
        producer: Arc<StageProducer>,
        caller: Arc<Caller>,
        handle: Handle,
        options: &Options,
        partitions: BTreeMap<Arc<str>, i32>,
    ) -> Self {
        let (group, transactional_id) = (options.group_id.clone(), options.transactional_id.clone());
        Self { producer, caller, handle, group, transactional_id, timeout: options.timeouts.transaction, partitions }
    }

    /// Serves the producer's log and error events; transactions do so by themselves.
    pub(crate) fn serve(&self) {
        self.producer.poll(Duration::ZERO);
    }

    /// A client for questions to the broker: it fetches nothing, so no answer waits behind a fetch.
    pub(crate) fn client(&self) -> Arc<StageProducer> {
        Arc::clone(&self.producer)
    }

    /// Writes a batch in one transaction.
    pub(crate) fn write(&self, writes: &Writes<'_>, membership: &Membership) -> Result<Committed, Failure> {
        let began = Instant::now();
        let mut committed = Committed::default();
        match self.steps(writes, membership, began, &mut committed) {
            Ok(()) => Ok(committed),
            // A fenced producer has nothing left to abort; any other one would hold readers back until its time-out.
            Err(Trouble::Other(Failure::Stop(error))) if !matches!(error, RunError::IdTaken { .. }) => {
                let _ = self.abort(began);
                Err(Failure::Stop(error))
            }
            Err(Trouble::Other(failure)) => Err(failure),
            Err(Trouble::Abort { code, detail, fenced }) => {
                self.abort(began)?;
                Err(Failure::Aborted { cause: Cause::new(code, detail), fenced })
            }
        }
    }

    fn steps(
        &self,
        writes: &Writes<'_>,
        membership: &Membership,
        began: Instant,
        committed: &mut Committed,
    ) -> Result<(), Trouble> {
        self.producer.context().clear_failure();
        self.producer.begin_transaction().map_err(|error| self.trouble("begin_transaction", &error, began))?;
        for record in writes.records {
            self.produce(record, began, &mut committed.outputs)?;
        }
        self.await_deliveries(began, &committed.outputs)?;
        committed.produce = began.elapsed();
        fail_point::reach(&self.group, Point::AfterProduce);

        let mut offsets = TopicPartitionList::with_capacity(writes.offsets.len());
        for (partition, next) in writes.offsets {
            offsets
                .add_partition_offset(writes.topic, *partition, Offset::Offset(*next))
                .map_err(|error| self.trouble("send_offsets_to_transaction", &error, began))?;
        }
        let (offsets, metadata) = (Arc::new(offsets), Arc::clone(&membership.0));
        // The first of the bugs that the ledger must find: see Cargo.toml.
        if !cfg!(feature = "bug-offsets-outside") {
            self.call("send_offsets_to_transaction", began, move |producer, slice| {
                producer.send_offsets_to_transaction(&offsets, &metadata, slice)
            })?;
        }
        fail_point::reach(&self.group, Point::AfterSendOffsets);

        if began.elapsed() > classify::commit_limit(self.timeout) {
            let detail = format!("{} ms since its begin", began.elapsed().as_millis());
            return Err(Trouble::Abort { code: "too_old", detail, fenced: Some(Fenced::Stalled) });
        }
        self.call("commit_transaction", began, StageProducer::commit_transaction)?;
        fail_point::reach(&self.group, Point::AfterCommit);
        committed.commit = began.elapsed().saturating_sub(committed.produce);
        Ok(())
    }

    fn produce(
        &self,
        record: &OutputRecord,
        began: Instant,
        outputs: &mut BTreeMap<Arc<str>, Written>,
    ) -> Result<(), Trouble> {
        let Some(count) = self.partitions.get(&record.topic).copied() else {
            let error = format!("the stage wrote to topic {}, which is not among its output topics", record.topic);
            return Err(Trouble::Other(Failure::Stop(RunError::Stage(error))));
        };
        let targets: Vec<Option<i32>> = match record.target {
            Target::ByKey => vec![None],
            Target::Partition(partition) => vec![Some(partition)],
            Target::Every => (0..count).map(Some).collect(),
        };
        if record.target == Target::Every {
            fail_point::reach(&self.group, Point::BeforeEvery);
        }
        let bytes = record.key.as_ref().map_or(0, Vec::len) + record.value.as_ref().map_or(0, Vec::len);
        for partition in targets {
            self.send(record, partition, bytes, began)?;
            if let Some(written) = outputs.get_mut(&record.topic) {
                written.records += 1;
                written.bytes += bytes;
            } else {
                outputs.insert(Arc::clone(&record.topic), Written { records: 1, bytes });
            }
        }
        Ok(())
    }

    fn send(&self, record: &OutputRecord, partition: Option<i32>, bytes: usize, began: Instant) -> Result<(), Trouble> {
        let headers = (!record.headers.is_empty()).then(|| {
            record.headers.iter().fold(OwnedHeaders::new_with_capacity(record.headers.len()), |headers, header| {
                headers.insert(NativeHeader { key: &header.name, value: header.value.as_deref() })
            })
        });
        let mut pending = BaseRecord::<[u8], [u8]> {
            topic: &record.topic,
            partition,
            payload: record.value.as_deref(),
            key: record.key.as_deref(),
            timestamp: record.timestamp_ms,
            headers,
            delivery_opaque: (),
        };
        loop {
            match self.producer.send(pending) {
                Ok(()) => return Ok(()),
                Err((KafkaError::MessageProduction(Code::QueueFull), back)) => {
                    if began.elapsed() > classify::commit_limit(self.timeout) {
                        let detail = "the producer's queue stayed full".to_owned();
                        return Err(Trouble::Abort { code: "queue_full", detail, fenced: None });
                    }
                    self.idle();
                    pending = back;
                }
                Err((KafkaError::MessageProduction(Code::MessageSizeTooLarge), _)) => {
                    return Err(too_large(&record.topic, bytes));
                }
                Err((error, _)) => return Err(self.trouble("produce", &error, began)),
            }
        }
    }

    /// Waits until every record is delivered. rdkafka's own flush in `commit_transaction` would wait in slices of 100 ms.
    fn await_deliveries(&self, began: Instant, outputs: &BTreeMap<Arc<str>, Written>) -> Result<(), Trouble> {
        loop {
            self.producer.poll(Duration::ZERO);
            if let Some(failure) = self.producer.context().failure() {
                if failure.code == Code::MessageSizeTooLarge {
                    let largest = outputs.get(failure.topic.as_str()).map_or(0, |written| written.bytes);
                    return Err(too_large(&failure.topic, largest));
                }
                let error = KafkaError::MessageProduction(failure.code);
                return Err(self.trouble("produce", &error, began));
            }
            if self.producer.in_flight_count() == 0 {
                return Ok(());
            }
            if began.elapsed() > classify::commit_limit(self.timeout) {
                let detail = format!("{} records undelivered", self.producer.in_flight_count());
                return Err(Trouble::Abort { code: "undelivered", detail, fenced: None });
            }
            self.idle();
        }
    }

    fn idle(&self) {
        self.handle.step();
        self.producer.poll(Duration::ZERO);
        thread::sleep(Duration::from_micros(100));
    }

    /// Aborts the open transaction. It gets a time of its own; what a fence means is still decided by the transaction's age.
    fn abort(&self, began: Instant) -> Result<(), Failure> {
        match self.call_from("abort_transaction", Instant::now(), began, StageProducer::abort_transaction) {
            Ok(()) => Ok(()),
            Err(Trouble::Other(failure)) => Err(failure),
            Err(Trouble::Abort { code, detail, .. }) => {
                Err(Failure::Rebuild { cause: Cause::new(code, detail), fenced: None })
            }
        }
    }

    /// A call that is made again while librdkafka says that it may be, until the transaction timeout has passed.
    fn call(
        &self,
        name: &'static str,
        began: Instant,
        call: impl Fn(&StageProducer, Duration) -> KafkaResult<()> + Clone + Send + 'static,
    ) -> Result<(), Trouble> {
        self.call_from(name, began, began, call)
    }

    fn call_from(
        &self,
        name: &'static str,
        called: Instant,
        began: Instant,
        call: impl Fn(&StageProducer, Duration) -> KafkaResult<()> + Clone + Send + 'static,
    ) -> Result<(), Trouble> {
        loop {
            let left = self.timeout.saturating_sub(called.elapsed());
            let slice = left.clamp(Duration::from_millis(500), SLICE);
            let (producer, attempt) = (Arc::clone(&self.producer), call.clone());
            let meanwhile = || {
                self.handle.step();
                // In an abort librdkafka waits for the delivery reports of what it purges.
                self.producer.poll(Duration::ZERO);
            };
            match self.caller.call(slice + GRACE, meanwhile, move || attempt(&producer, slice)) {
                Ok(Ok(())) => return Ok(()),
                Err(Abandoned) => return Err(Trouble::Other(rebuild("call_hung", format!("{name} did not return")))),
                Ok(Err(error)) if Facts::of(&error).class() == Class::Retry => {
                    if called.elapsed() >= self.timeout {
                        let detail = format!("{name} did not succeed within the transaction timeout: {error}");
                        return Err(Trouble::Other(rebuild("call_timeout", detail)));
                    }
                    thread::sleep(Duration::from_millis(20));
                }
                Ok(Err(error)) => return Err(self.trouble(name, &error, began)),
            }
        }
    }

    fn trouble(&self, call: &'static str, error: &KafkaError, began: Instant) -> Trouble {
        let detail = format!("{call}: {error}");
        // A delivery report or a local state error may hide what broke the producer.
        let fatal = self.producer.client().fatal_error().map(|(code, _)| code);
        let mut facts = Facts::of(error);
        if let Some(code) = fatal {
            facts = Facts { code, retriable: false, requires_abort: false };
        }
        match facts.class() {
            Class::Abort => Trouble::Abort { code: "abortable", detail, fenced: None },
            Class::AbortMember => Trouble::Abort { code: "member", detail, fenced: Some(Fenced::Member) },
            Class::AbortRebalance => Trouble::Abort { code: "rebalance", detail, fenced: None },
            // The record's own failure; the transaction can only be aborted.
            Class::Retry | Class::Rebuild if fatal.is_none() && call == "produce" => {
                Trouble::Abort { code: "undelivered", detail, fenced: None }
            }
            Class::Retry | Class::Rebuild => Trouble::Other(rebuild("fatal", detail)),
            Class::Refused => Trouble::Other(Failure::Stop(RunError::Refused { call, reason: error.to_string() })),
            Class::Fenced if classify::is_stall(began.elapsed(), self.timeout) => {
                let cause =
                    Cause::new("stalled", format!("{detail}, {} ms after its begin", began.elapsed().as_millis()));
                Trouble::Other(Failure::Rebuild { cause, fenced: Some(Fenced::Stalled) })
            }
            Class::Fenced => {
                Trouble::Other(Failure::Stop(RunError::IdTaken { transactional_id: self.transactional_id.clone() }))
            }
        }
    }
}

fn rebuild(code: &'static str, detail: String) -> Failure {
    Failure::Rebuild { cause: Cause::new(code, detail), fenced: None }
}

fn too_large(topic: &str, bytes: usize) -> Trouble {
    Trouble::Other(Failure::Stop(RunError::OutputTooLarge { topic: topic.to_owned(), bytes }))
}
