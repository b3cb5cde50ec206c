//! One life of a producer and a consumer: from joining the group to the drain, an error, or the need to make both anew.
//!
//! The assignment of each partition:
//! ```text
//!              assigned                state whole, start decided
//!  (not ours) ─────────> Starting ──────────────────────────────────> Running ──┐ batch committed: next offset
//!      ^                 paused; changelog is read,                      │  ^───┘ batch aborted: back to the committed one
//!      │                 offsets are asked for                           │
//!      └────────────────────┴── revoked or lost: state dropped ──────────┤
//!      ^                                                                 │ before or in a commit: the assignment is lost
//!      └───────── the loss arrives by a poll ───────── Lost <────────────┘ (nothing more is taken)
//! ```
//! A rebalance is handled inside `poll` only, and there is no poll from a batch's last one to its commit. The group may rebalance
//! meanwhile without us knowing: then the broker refuses the batch's offsets, by generation (we are still a member: abort, read
//! again) or by member id (we were thrown out).

mod committing;
mod starting;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::batch::{self, Batch};
use crate::caller::Caller;
use crate::classify;
use crate::context::{Change, StageConsumer};
use crate::core::Core;
use crate::error::RunError;
use crate::handle::Drain;
use crate::observer::{Cause, Fenced, Rebalance};
use crate::offsets;
use crate::restore::Restore;
use crate::stage::InputRecord;
use crate::start::Refusal;
use crate::transaction::{Membership, Writer};

/// Longest wait for a record when nothing is to be done: how soon a drain is noticed.
const IDLE: Duration = Duration::from_millis(100);
/// How a session ends.
#[derive(Debug)]
pub(crate) enum End {
    Drained,
    Rebuild(Cause),
    Stop(RunError),
}

impl From<RunError> for End {
    fn from(error: RunError) -> Self {
        Self::Stop(error)
    }
}

enum Partition {
    Starting {
        /// Since when it was refused what may heal by itself.
        refused_since: Option<Instant>,
        /// When that was last told.
        told: Option<Instant>,
    },
    Running {
        /// Next offset to take from a poll.
        next: i64,
        /// Next offset as last committed.
        committed: i64,
    },
    /// Not ours any more, as the next poll will say.
    Lost,
}

pub(crate) struct Session<'a> {
    core: &'a mut Core,
    consumer: Arc<StageConsumer>,
    writer: Writer,
    caller: Arc<Caller>,
    restore: Option<Restore>,
    partitions: BTreeMap<i32, Partition>,
    /// Partitions of the input topic.
    input_partitions: i32,
    assigned_once: bool,
    ask_again: Instant,
    /// Since when the broker has not said where partitions start; and when that was last told.
    unanswered: Option<(Instant, Instant)>,
}

impl<'a> Session<'a> {
    pub(crate) fn new(
        core: &'a mut Core,
        consumer: Arc<StageConsumer>,
        writer: Writer,
        caller: Arc<Caller>,
        input_partitions: i32,
    ) -> Self {
        Self {
            core,
            consumer,
            writer,
            caller,
            restore: None,
            partitions: BTreeMap::new(),
            input_partitions,
            assigned_once: false,
            ask_again: Instant::now(),
            unanswered: None,
        }
    }

    /// Works until the drain, an error, or the need to begin anew. The stage keeps no partition afterwards.
    pub(crate) fn run(&mut self, drain: &Drain) -> End {
        let end = loop {
            if drain.requested() {
                break End::Drained;
            }
            if let Err(end) = self.turn() {
                break end;
            }
        };
        let all: Vec<i32> = self.partitions.keys().copied().collect();
        self.forget(&all);
        end
    }

    fn turn(&mut self) -> Result<(), End> {
        self.core.handle.step();
        self.writer.serve();
        let mut batch = Batch::new(self.core.options.batch);
        self.collect(&mut batch)?;
        if !batch.is_empty() {
            // After the last poll: see Membership::read.
            match Membership::read(&self.consumer) {
                Some(membership) => self.commit(&batch, &membership)?,
                None if self.consumer.assignment_lost() => {
                    self.core.observer.fenced(Fenced::Member);
                    self.let_go();
                }
                None => return Err(End::Rebuild(Cause::new("no_group", "the consumer has no group metadata"))),
            }
        }
        self.start_partitions()
    }

    fn collect(&mut self, batch: &mut Batch) -> Result<(), End> {
        let busy = self.partitions.values().any(|partition| matches!(partition, Partition::Starting { .. }));
        let idle = if busy { Duration::from_millis(1) } else { IDLE };
        let consumer = Arc::clone(&self.consumer);
        while let Some(room) = batch.room() {
            let first = batch.is_empty();
            let polled = consumer.poll(if first { idle } else { room });
            let nothing = polled.is_none();
            match polled {
                Some(Ok(message)) => {
                    let record = batch::to_record(&self.core.topic, &message);
                    self.accept(record, batch);
                }
                Some(Err(error)) => self.poll_error(&error)?,
                None => {}
            }
            let changes = consumer.context().take_changes();
            if !changes.is_empty() {
                self.apply(changes, batch)?;
            }
            if nothing || first && batch.is_empty() {
                break;
            }
        }
        Ok(())
    }

    fn accept(&mut self, record: InputRecord, batch: &mut Batch) {
        // Whatever else arrives was fetched before a seek or a pause; it will come again at its turn.
        if let Some(Partition::Running { next, .. }) = self.partitions.get_mut(&record.partition)
            && record.offset >= *next
        {
            *next = record.offset + 1;
            self.consumer.context().note_taken(record.partition, *next);
            batch.push(record);
        }
    }

    fn poll_error(&self, error: &KafkaError) -> Result<(), End> {
        let code = error.rdkafka_error_code().unwrap_or(Code::Unknown);
        if matches!(error, KafkaError::MessageConsumptionFatal(_)) {
            return Err(End::Rebuild(Cause::new("consumer_fatal", error.to_string())));
        }
        if matches!(code, Code::AutoOffsetReset | Code::OffsetOutOfRange) {
            // The start is decided anew, and says what is lost.
            return Err(End::Rebuild(Cause::new("position_lost", error.to_string())));
        }
        if classify::is_refusal(code) {
            let reason = self.consumer.context().last_error().unwrap_or_else(|| error.to_string());
            return Err(End::Stop(RunError::Refused { call: "consume", reason }));
        }
        // Brokers come back, a member that was too slow rejoins by itself; the observer was told by the context.
        tracing::debug!(%error, "poll");
        Ok(())
    }

    fn apply(&mut self, changes: Vec<Change>, batch: &mut Batch) -> Result<(), End> {
        for change in changes {
            match change {
                Change::Failed(reason) => return Err(End::Rebuild(Cause::new("assignment_failed", reason))),
                Change::Rebalance(rebalance) => {
                    match &rebalance {
                        Rebalance::Assigned(partitions) => self.assigned(partitions)?,
                        Rebalance::Revoked(partitions) | Rebalance::Lost(partitions) => {
                            batch.purge(partitions);
                            self.forget(partitions);
                        }
                    }
                    tracing::debug!(group = self.core.options.group_id, ?rebalance, "assignment");
                    self.core.observer.rebalanced(&rebalance);
                }
            }
        }
        self.note_restoring();
        Ok(())
    }

    fn assigned(&mut self, partitions: &[i32]) -> Result<(), End> {
        self.assigned_once = true;
        self.ask_again = Instant::now();
        if self.core.changelog().is_some()
            && let Some(partition) = partitions.iter().find(|partition| **partition >= self.input_partitions)
        {
            // It has no changelog, and keys have moved.
            let repartitioned = Refusal::Repartitioned { now: partition + 1, then: self.input_partitions };
            return Err(End::Stop(self.core.refusal(*partition, repartitioned, None)));
        }
        for partition in partitions {
            self.partitions.insert(*partition, Partition::Starting { refused_since: None, told: None });
            self.core.stage.assigned(*partition);
        }
        let Some(changelog) = self.core.changelog().filter(|_| !partitions.is_empty()) else { return Ok(()) };
        let restore = match &mut self.restore {
            Some(restore) => restore,
            none => none.insert(Restore::new(&self.core.options, &changelog, Arc::clone(&self.core.observer))?),
        };
        restore.add(partitions).map_err(|error| rebuild("restore", &error))?;
        for partition in partitions {
            let ends =
                offsets::watermarks(&self.writer.client(), &self.caller, &changelog, *partition, &self.core.handle)?;
            // For reports only: one broker that does not answer must not hold up the polling for each partition.
            let Some((low, high)) = ends else { break };
            restore.set_ends(*partition, low, high);
        }
        Ok(())
    }

    /// The assignment is lost, and a later poll will say so. Until then nothing more is taken; whoever has the partitions now reads
    /// the records again.
    fn let_go(&mut self) {
        for partition in self.partitions.values_mut() {
            *partition = Partition::Lost;
        }
    }

    /// Partitions are no longer ours: their state goes.
    fn forget(&mut self, partitions: &[i32]) {
        for partition in partitions {
            if self.partitions.remove(partition).is_some() {
                self.core.stage.revoked(*partition);
            }
            self.consumer.context().note_committed(*partition, None);
        }
        self.core.handle.update(|status| status.committed.retain(|partition, _| !partitions.contains(partition)));
        self.end_restore(partitions);
        self.note_restoring();
    }

    fn end_restore(&mut self, partitions: &[i32]) {
        let Some(restore) = &mut self.restore else { return };
        if let Err(error) = restore.remove(partitions) {
            tracing::warn!(%error, "the changelog reader keeps partitions that it should let go");
        }
        if restore.is_empty() {
            self.restore = None;
        }
    }

    fn note_restoring(&self) {
        let starting = self.starting();
        self.core.handle.update(|status| status.restoring = starting);
    }

    fn starting(&self) -> Vec<i32> {
        let starting = self.partitions.iter().filter(|(_, partition)| matches!(partition, Partition::Starting { .. }));
        starting.map(|(partition, _)| *partition).collect()
    }
}

fn rebuild(code: &'static str, error: &KafkaError) -> End {
    End::Rebuild(Cause::new(code, error.to_string()))
}
