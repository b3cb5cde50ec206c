//! A batch on its way: decided by the stage, judged by the limits, written in one transaction, or read again.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::{CommitMode, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{End, Partition, Session, rebuild};
use crate::batch::Batch;
use crate::checkpoint::{self, Checkpoint};
use crate::error::RunError;
use crate::observer::{BatchReport, Cause, Durations, Fenced};
use crate::options::Broker;
use crate::stage::{OutputRecord, Poison, Target};
use crate::transaction::{Committed, Failure, Membership, Writes};

impl Session<'_> {
    pub(super) fn commit(&mut self, batch: &Batch, membership: &Membership) -> Result<(), End> {
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
            if self.consumer.assignment_lost() {
                self.let_go();
                return Ok(());
            }
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
            timestamps_ms: batch.records().iter().map(|record| (record.partition, record.timestamp_ms)).collect(),
            durations: Durations { collect, process, produce: committed.produce, commit: committed.commit },
        };
        for (index, poison) in poison {
            *report.poison.entry(poison.class).or_default() += 1;
            self.core.observer.poison(&batch.records()[*index], poison);
        }
        self.core.observer.committed(&report);
    }

    /// The checkpoints of a transaction that moves these offsets; none without state.
    pub(super) fn checkpoints(&self, offsets: &BTreeMap<i32, i64>) -> Vec<OutputRecord> {
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
    pub(super) fn write(
        &mut self,
        records: &[OutputRecord],
        offsets: &BTreeMap<i32, i64>,
        membership: &Membership,
    ) -> Result<Option<Committed>, End> {
        let writes = Writes { records, topic: &self.core.topic, offsets };
        // The second of the bugs that the ledger must find: see Cargo.toml.
        if cfg!(feature = "bug-early-state") {
            self.core.stage.committed();
        }
        match self.writer.write(&writes, membership) {
            Ok(committed) => {
                self.store_outside(offsets)?;
                Ok(Some(committed))
            }
            Err(Failure::Aborted { cause, fenced }) => {
                self.core.observer.aborted(&cause);
                if let Some(fenced) = fenced {
                    self.core.observer.fenced(fenced);
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
        let end = Instant::now() + self.core.backoff.next();
        while Instant::now() < end {
            self.core.handle.step();
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// The mock cluster keeps no offsets that come in a transaction.
    fn store_outside(&self, offsets: &BTreeMap<i32, i64>) -> Result<(), End> {
        if self.core.options.broker == Broker::Real && !cfg!(feature = "bug-offsets-outside") {
            return Ok(());
        }
        let mut list = TopicPartitionList::with_capacity(offsets.len());
        for (partition, next) in offsets {
            list.add_partition_offset(&self.core.topic, *partition, Offset::Offset(*next))
                .map_err(|error| rebuild("commit_outside", &error))?;
        }
        self.consumer.commit(&list, CommitMode::Sync).map_err(|error| rebuild("commit_outside", &error))
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
