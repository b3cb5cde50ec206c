//! One life of a producer and a consumer: from joining the group to the drain, an error, or the need to make both anew.
//!
//! The assignment of each partition:
//! ```text
//!              assigned                state whole, start decided
//!  (not ours) ─────────> Starting ──────────────────────────────────> Running ──┐ batch committed: next offset
//!      ^                 paused; changelog is read,                      │  ^───┘ batch aborted: back to the committed one
//!      │                 offsets are asked for                           │
//!      └────────────────────┴── revoked or lost: state dropped ──────────┘
//! ```

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::batch::{self, Batch};
use crate::caller::Caller;
use crate::checkpoint::{self, Checkpoint};
use crate::classify;
use crate::context::{Change, StageConsumer};
use crate::core::Core;
use crate::error::RunError;
use crate::handle::Drain;
use crate::observer::{BatchReport, Cause, Durations, Fenced, Rebalance};
use crate::offsets::{self, Start};
use crate::options::Broker;
use crate::restore::Restore;
use crate::stage::{InputRecord, OutputRecord, Poison, Processed, Target};
use crate::start::{Decision, Refusal};
use crate::transaction::{Committed, Failure, GRACE, Membership, SLICE, Writer, Writes};

/// Longest wait for a record when nothing is to be done: how soon a drain is noticed.
const IDLE: Duration = Duration::from_millis(100);
/// How long one turn may read a changelog before the group's consumer is polled again.
const RESTORE_TURN: Duration = Duration::from_millis(50);

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
    },
    Running {
        /// Next offset to take from a poll.
        next: i64,
        /// Next offset as last committed.
        committed: i64,
    },
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
    rest_until: Instant,
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
            rest_until: Instant::now(),
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
                // The loss arrives at the next poll, and whoever has the partitions now reads the records again.
                None => self.core.observer.fenced(Fenced::Member),
            }
        }
        self.start_partitions()
    }

    // --- collecting -------------------------------------------------------------------------------------------------

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
            if first && (nothing || batch.is_empty()) {
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

    // --- the assignment ---------------------------------------------------------------------------------------------

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
        for partition in partitions {
            self.partitions.insert(*partition, Partition::Starting { refused_since: None });
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
            if let Some((_, high)) = ends {
                restore.set_end(*partition, high);
            }
        }
        Ok(())
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

    // --- starting partitions ----------------------------------------------------------------------------------------

    fn start_partitions(&mut self) -> Result<(), End> {
        let starting = self.starting();
        if starting.is_empty() {
            if self.assigned_once && self.core.handle.set_ready() {
                self.core.observer.ready();
            }
            return Ok(());
        }
        if let Some(restore) = &mut self.restore {
            restore.step(self.core.stage.as_mut(), RESTORE_TURN)?;
        }
        let whole = |partition: &i32| self.restore.as_ref().is_none_or(|restore| restore.at_end(*partition));
        let candidates: Vec<i32> = starting.into_iter().filter(whole).collect();
        if candidates.is_empty() || Instant::now() < self.ask_again {
            return Ok(());
        }
        self.ask_again = Instant::now() + Duration::from_millis(200);

        let checkpoints = |partition| self.restore.as_ref().and_then(|restore| restore.checkpoint(partition));
        let Some(answer) =
            offsets::ask(self.core, &self.consumer, &self.writer.client(), &self.caller, &candidates, checkpoints)?
        else {
            return Ok(());
        };
        self.input_partitions = answer.input_partitions;
        let mut starts = Vec::new();
        let mut fresh = BTreeMap::new();
        for Start { partition, decision } in answer.starts {
            match decision {
                Decision::Go(offset) => starts.push((partition, offset)),
                Decision::GoAndCommit(offset) => {
                    fresh.insert(partition, offset);
                    starts.push((partition, offset));
                }
                Decision::Wait(refusal) => self.wait(partition, refusal)?,
                Decision::Refuse(refusal) => return Err(End::Stop(self.core.refusal(partition, refusal, None))),
            }
        }
        if !fresh.is_empty() && !self.commit_starts(&fresh)? {
            return Ok(());
        }
        self.go(&starts)
    }

    /// What may heal by itself gets the transaction timeout and the grace to do so.
    fn wait(&mut self, partition: i32, refusal: Refusal) -> Result<(), End> {
        let timeouts = self.core.options.timeouts;
        let Some(Partition::Starting { refused_since }) = self.partitions.get_mut(&partition) else { return Ok(()) };
        let since = *refused_since.get_or_insert_with(Instant::now);
        if since.elapsed() > timeouts.transaction + timeouts.restore_grace {
            return Err(End::Stop(self.core.refusal(partition, refusal, Some(since.elapsed()))));
        }
        tracing::warn!(partition, ?refusal, waited_ms = since.elapsed().as_millis(), "the partition cannot start yet");
        if let Some(restore) = &self.restore {
            restore.report(partition, true, false);
        }
        Ok(())
    }

    /// Commits where partitions without a committed offset start, so that the group knows them before the first output.
    fn commit_starts(&mut self, fresh: &BTreeMap<i32, i64>) -> Result<bool, End> {
        let Some(membership) = Membership::read(&self.consumer) else { return Ok(false) };
        let records = self.checkpoints(fresh);
        let result = self.write(&records, fresh, &membership)?;
        Ok(result.is_some())
    }

    fn go(&mut self, starts: &[(i32, i64)]) -> Result<(), End> {
        let sought = self.seek(starts)?;
        for (partition, offset) in sought {
            if self.core.stage.state_encoding().is_some() {
                if let Some(restore) = &self.restore {
                    restore.report(partition, false, true);
                }
                self.core.stage.restored(partition).map_err(RunError::from)?;
            }
            tracing::debug!(group = self.core.options.group_id, partition, offset, "the partition starts");
            self.partitions.insert(partition, Partition::Running { next: offset, committed: offset });
            self.consumer.context().note_committed(partition, Some(offset));
            self.core.handle.update(|status| {
                status.committed.insert(partition, offset);
            });
            self.end_restore(&[partition]);
            let mut list = TopicPartitionList::new();
            list.add_partition(&self.core.topic, partition);
            self.consumer.resume(&list).map_err(|error| rebuild("resume", &error))?;
        }
        self.note_restoring();
        Ok(())
    }

    /// Moves the consumer; those partitions of which it took the new position.
    fn seek(&self, positions: &[(i32, i64)]) -> Result<Vec<(i32, i64)>, End> {
        if positions.is_empty() {
            return Ok(Vec::new());
        }
        let mut list = TopicPartitionList::with_capacity(positions.len());
        for (partition, offset) in positions {
            list.add_partition_offset(&self.core.topic, *partition, Offset::Offset(*offset))
                .map_err(|error| rebuild("seek", &error))?;
        }
        let (consumer, handle) = (Arc::clone(&self.consumer), self.core.handle.clone());
        let result = self.caller.call(SLICE + GRACE, || handle.step(), move || consumer.seek_partitions(list, SLICE));
        let list = result
            .map_err(|hung| End::Rebuild(Cause::new("call_hung", format!("seek {hung}"))))?
            .map_err(|error| rebuild("seek", &error))?;
        let taken = |partition: i32| {
            list.find_partition(&self.core.topic, partition).is_some_and(|element| element.error().is_ok())
        };
        Ok(positions.iter().copied().filter(|(partition, _)| taken(*partition)).collect())
    }

    // --- a batch ----------------------------------------------------------------------------------------------------

    fn commit(&mut self, batch: &Batch, membership: &Membership) -> Result<(), End> {
        let collect = batch.age();
        let began = Instant::now();
        let processed = self.core.process(batch.records())?;
        let process = began.elapsed();

        // Judged on a copy: see Limits.
        let mut limits = self.core.limits.clone();
        for (record, processed) in batch.records().iter().zip(&processed) {
            if let Err(tripped) = limits.count(&record.topic, processed.poison.as_ref()) {
                self.core.stage.aborted();
                return Err(End::Stop(RunError::DlqLimit(tripped)));
            }
        }

        let mut offsets = BTreeMap::new();
        for record in batch.records() {
            offsets.insert(record.partition, record.offset + 1);
        }
        let (mut records, poison) = self.core.outputs(batch.records(), processed)?;
        records.extend(self.checkpoints(&offsets));
        let Some(committed) = self.write(&records, &offsets, membership)? else {
            self.core.stage.aborted();
            return self.rewind(&offsets);
        };

        self.core.stage.committed();
        self.core.limits = limits;
        self.core.backoff.reset();
        for (partition, next) in &offsets {
            if let Some(Partition::Running { committed, .. }) = self.partitions.get_mut(partition) {
                *committed = *next;
            }
            self.consumer.context().note_committed(*partition, Some(*next));
        }
        self.core.handle.update(|status| {
            status.records += batch.records().len() as u64;
            status.batches += 1;
            status.committed.extend(&offsets);
        });
        self.report(batch, offsets, &poison, committed, collect, process);
        Ok(())
    }

    fn report(
        &self,
        batch: &Batch,
        offsets: BTreeMap<i32, i64>,
        poison: &[(usize, Poison)],
        committed: Committed,
        collect: Duration,
        process: Duration,
    ) {
        let mut report = BatchReport {
            records: batch.records().len(),
            bytes: batch.bytes(),
            poison: BTreeMap::new(),
            outputs: committed.outputs,
            offsets,
            oldest_timestamp_ms: batch.records().iter().map(|record| record.timestamp_ms).min().unwrap_or(0),
            durations: Durations { collect, process, produce: committed.produce, commit: committed.commit },
        };
        for (index, poison) in poison {
            *report.poison.entry(poison.class).or_default() += 1;
            self.core.observer.poison(&batch.records()[*index], poison);
        }
        self.core.observer.committed(&report);
    }

    /// The checkpoints of a transaction that moves these offsets; none without state.
    fn checkpoints(&self, offsets: &BTreeMap<i32, i64>) -> Vec<OutputRecord> {
        let (Some(changelog), Some(encoding)) = (self.core.changelog(), self.core.stage.state_encoding()) else {
            return Vec::new();
        };
        let record = |(partition, next): (&i32, &i64)| OutputRecord {
            topic: Arc::clone(&changelog),
            target: Target::Partition(*partition),
            key: Some(checkpoint::KEY.to_vec()),
            value: Some(Checkpoint { next: *next, partitions: self.input_partitions, encoding }.encode()),
            headers: Vec::new(),
            timestamp_ms: None,
        };
        offsets.iter().map(record).collect()
    }

    /// One transaction. `None`: it was aborted, and the next one may follow.
    fn write(
        &mut self,
        records: &[OutputRecord],
        offsets: &BTreeMap<i32, i64>,
        membership: &Membership,
    ) -> Result<Option<Committed>, End> {
        let writes = Writes { records, topic: &self.core.topic, offsets };
        match self.writer.write(&writes, membership) {
            Ok(committed) => {
                self.store_embedded(offsets)?;
                Ok(Some(committed))
            }
            Err(Failure::Aborted { cause, member }) => {
                self.core.observer.aborted(&cause);
                if member {
                    self.core.observer.fenced(Fenced::Member);
                }
                self.rest();
                Ok(None)
            }
            Err(Failure::Rebuild { cause, fenced }) => {
                if let Some(fenced) = fenced {
                    self.core.observer.fenced(fenced);
                }
                self.core.stage.aborted();
                Err(End::Rebuild(cause))
            }
            Err(Failure::Stop(error)) => {
                if matches!(error, RunError::IdTaken { .. }) {
                    self.core.observer.fenced(Fenced::IdTaken);
                }
                self.core.stage.aborted();
                Err(End::Stop(error))
            }
        }
    }

    /// After an abort: not at once again, and liveness steps.
    fn rest(&mut self) {
        self.rest_until = Instant::now() + self.core.backoff.next();
        while Instant::now() < self.rest_until {
            self.core.handle.step();
            std::thread::sleep(
                Duration::from_millis(20).min(self.rest_until.saturating_duration_since(Instant::now())),
            );
        }
    }

    /// The mock cluster keeps no offsets that come in a transaction.
    fn store_embedded(&self, offsets: &BTreeMap<i32, i64>) -> Result<(), End> {
        if self.core.options.broker == Broker::Real {
            return Ok(());
        }
        let mut list = TopicPartitionList::with_capacity(offsets.len());
        for (partition, next) in offsets {
            list.add_partition_offset(&self.core.topic, *partition, Offset::Offset(*next))
                .map_err(|error| rebuild("embedded_commit", &error))?;
        }
        self.consumer
            .commit(&list, rdkafka::consumer::CommitMode::Sync)
            .map_err(|error| rebuild("embedded_commit", &error))
    }

    /// Back to the committed offsets of the batch's partitions.
    fn rewind(&mut self, offsets: &BTreeMap<i32, i64>) -> Result<(), End> {
        let mut back = Vec::new();
        for partition in offsets.keys() {
            if let Some(Partition::Running { next, committed }) = self.partitions.get_mut(partition) {
                *next = *committed;
                back.push((*partition, *committed));
            }
        }
        let sought = self.seek(&back)?;
        if sought.len() == back.len() {
            Ok(())
        } else {
            Err(End::Rebuild(Cause::new("seek", "a partition did not take its position")))
        }
    }
}

fn rebuild(code: &'static str, error: &KafkaError) -> End {
    End::Rebuild(Cause::new(code, error.to_string()))
}

/// What the stage decided, checked against its contract.
pub(crate) fn check_contract(records: usize, processed: &[Processed]) -> Result<(), RunError> {
    if processed.len() != records {
        let error =
            format!("the stage decided {} of {records} records: it must decide each, in order", processed.len());
        return Err(RunError::Stage(error));
    }
    let reserved = processed.iter().flat_map(|one| &one.state).any(|change| change.key.first() == Some(&0));
    if reserved {
        let error = "the stage changed a state key that begins with a zero byte: such keys are the runner's";
        return Err(RunError::Stage(error.to_owned()));
    }
    Ok(())
}
