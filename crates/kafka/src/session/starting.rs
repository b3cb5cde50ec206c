//! How assigned partitions come to run: state restored, start decided, position taken.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use super::{End, Partition, Session, rebuild};
use crate::error::RunError;
use crate::observer::Cause;
use crate::offsets::{self, Start};
use crate::start::{Decision, Refusal};
use crate::transaction::{GRACE, Membership, SLICE};

/// How long one turn may read a changelog before the group's consumer is polled again.
const RESTORE_TURN: Duration = Duration::from_millis(50);
/// How often the log says that a partition waits.
const TELL_EVERY: Duration = Duration::from_secs(10);

impl Session<'_> {
    pub(super) fn start_partitions(&mut self) -> Result<(), End> {
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
            self.tell_unanswered(&candidates);
            return Ok(());
        };
        self.unanswered = None;
        if self.core.changelog().is_some() && answer.input_partitions != self.input_partitions {
            let repartitioned = Refusal::Repartitioned { now: answer.input_partitions, then: self.input_partitions };
            return Err(End::Stop(self.core.refusal(candidates[0], repartitioned, None)));
        }
        self.input_partitions = answer.input_partitions;
        let mut starts = Vec::new();
        let mut fresh: BTreeMap<i32, i64> = answer.others.into_iter().collect();
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

    /// A broker that is away is waited for without end, and so are offsets of a transaction that never ends (a lone broker that was
    /// killed can leave one): every ten seconds the log says so.
    fn tell_unanswered(&mut self, partitions: &[i32]) {
        let now = Instant::now();
        let (since, told) = self.unanswered.get_or_insert((now, now));
        if told.elapsed() >= TELL_EVERY {
            *told = now;
            let (group, waited_s) = (&self.core.options.group_id, since.elapsed().as_secs());
            tracing::warn!(group, ?partitions, waited_s, "the broker does not say yet where these partitions start");
        }
    }

    /// What may heal by itself gets the transaction timeout and the grace to do so.
    fn wait(&mut self, partition: i32, refusal: Refusal) -> Result<(), End> {
        let timeouts = self.core.options.timeouts;
        let Some(Partition::Starting { refused_since, told }) = self.partitions.get_mut(&partition) else {
            return Ok(());
        };
        let since = *refused_since.get_or_insert_with(Instant::now);
        if since.elapsed() > timeouts.transaction + timeouts.restore_grace {
            return Err(End::Stop(self.core.refusal(partition, refusal, Some(since.elapsed()))));
        }
        if told.is_none_or(|told| told.elapsed() >= TELL_EVERY) {
            *told = Some(Instant::now());
            let waited_ms = since.elapsed().as_millis();
            tracing::warn!(partition, ?refusal, waited_ms, "the partition cannot start yet");
            if let Some(restore) = &self.restore {
                restore.report(partition, true, false);
            }
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
    pub(super) fn seek(&self, positions: &[(i32, i64)]) -> Result<Vec<(i32, i64)>, End> {
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
}
