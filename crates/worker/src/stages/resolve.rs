//! Mentions to records, one [`Partition`] of resolution for each partition of the mentions topic.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use dateline_kafka::{Header, InputRecord, OutputRecord, Poison, Processed, Stage, StageError, StateChange, Target};
use dateline_model::{Kind, Message, MessageError, Record, Timestamp};
use dateline_resolve::{Partition, Publication, Settings, StateError, Stats};
use rayon::prelude::*;

use super::headers;
use crate::telemetry::table::{self, BAD_MENTION};
use crate::telemetry::tally::{Sink, Tally};

/// Name of the stage in groups, transactional ids and labels.
pub const NAME: &str = "resolve";

/// Names of the topics that the stage writes.
#[derive(Debug, Clone)]
pub struct Topics {
    /// Visit records.
    pub visits: Arc<str>,
    /// Event records.
    pub events: Arc<str>,
    /// Changelog, for messages.
    pub state: Arc<str>,
}

/// The stage.
pub struct ResolveStage {
    settings: Settings,
    topics: Topics,
    /// `ce_source` of the records.
    source: String,
    partitions: BTreeMap<i32, Partition>,
    /// Partitions that the last batch touched.
    touched: BTreeSet<i32>,
    sink: Arc<dyn Sink>,
    staged: Tally,
}

impl ResolveStage {
    /// A stage without partitions; `source` names this application in the records' headers.
    pub fn new(settings: Settings, topics: Topics, source: String, sink: Arc<dyn Sink>) -> Self {
        let (partitions, touched, staged) = (BTreeMap::new(), BTreeSet::new(), Tally::default());
        Self { settings, topics, source, partitions, touched, sink, staged }
    }

    fn apply(&mut self, record: &InputRecord, message: &Message) -> Processed {
        let settings = self.settings;
        let partition = self.partitions.entry(record.partition).or_insert_with(|| Partition::new(settings));
        let applied = partition.apply(message, record.timestamp_ms);
        self.touched.insert(record.partition);
        self.staged.add(table::MENTIONS_RESOLVED, &[applied.outcome.as_str()], 1);
        let published_at = match message {
            Message::Mention(m) => m.article.published_at.as_ref(),
            Message::Retract(_) => None,
        };
        self.staged.appended_ms.push(headers::appended_ms(record));
        self.staged.published_ms.extend(published_at.map(Timestamp::ms));
        let carried = headers::carried(record);
        let mut outputs = Vec::with_capacity(applied.publications.len());
        for publication in &applied.publications {
            self.publish(record, publication, published_at, &carried, &mut outputs);
        }
        let state = applied.changes.into_iter().map(|c| StateChange { key: c.key, value: c.value }).collect();
        Processed { outputs, state, poison: None }
    }

    fn publish(
        &mut self,
        input: &InputRecord,
        publication: &Publication,
        published_at: Option<&Timestamp>,
        carried: &[Header],
        outputs: &mut Vec<OutputRecord>,
    ) {
        let record = &publication.record;
        self.staged.add(table::RECORDS, &[record.kind().as_str(), outcome(record)], 1);
        if caused_by_copy(record) {
            self.staged.add(table::NEAR_DUPLICATES, &[record.kind().as_str()], 1);
        }
        let topic = match record.kind() {
            Kind::Visit => &self.topics.visits,
            Kind::Event => &self.topics.events,
        };
        let mut all = headers::cloud_event(record, &self.source, published_at, input.timestamp_ms);
        all.extend_from_slice(carried);
        let output = |value, headers| OutputRecord {
            topic: Arc::clone(topic),
            target: Target::ByKey,
            key: Some(record.id().as_bytes().to_vec()),
            value,
            headers,
            timestamp_ms: None,
        };
        outputs.push(output(serde_json::to_vec(record).ok(), all));
        if publication.tombstone_after {
            outputs.push(output(None, carried.to_vec()));
        }
    }

    fn stats(&self) -> Stats {
        let mut sum = Stats::default();
        for stats in self.partitions.values().map(Partition::stats) {
            sum.contributions += stats.contributions;
            sum.records += stats.records;
            sum.stubs += stats.stubs;
            sum.groups += stats.groups;
            sum.retractions += stats.retractions;
        }
        sum
    }

    fn state_error(&self, partition: i32, e: &StateError) -> StageError {
        match e {
            StateError::Newer { .. } => {
                let topic = self.topics.state.to_string();
                StageError::Newer { what: e.to_string(), topic, partition, offset: -1 }
            }
            StateError::Corrupt { .. } => {
                let remedy = "make it anew from the mentions with `dateline state rebuild`, or by reprocessing under another \
                              app with output topics of its own";
                StageError::Unreadable(format!("{e} ({}/{partition}): {remedy}", self.topics.state))
            }
        }
    }
}

/// What a revision is, for the metric.
fn outcome(record: &Record) -> &'static str {
    let (deleted, merged, changed) = match record {
        Record::Visit(r) => (r.deleted, r.merged_into.is_some(), &r.changed),
        Record::Event(r) => (r.deleted, r.merged_into.is_some(), &r.changed),
    };
    match (merged, deleted) {
        (true, _) => "merged",
        (_, true) => "deleted",
        _ if record.revision() == 1 => "opened",
        _ if changed.is_empty() => "sources",
        _ => "revised",
    }
}

/// True when the article that caused the revision came to the record as a near copy of another source.
fn caused_by_copy(record: &Record) -> bool {
    let (cause, sources) = match record {
        Record::Visit(r) => (&r.caused_by, &r.sources),
        Record::Event(r) => (&r.caused_by, &r.sources),
    };
    cause.as_ref().is_some_and(|id| sources.iter().any(|s| s.article_id == *id && s.near_duplicate_of.is_some()))
}

fn decode(record: &InputRecord) -> Result<Message, MessageError> {
    match &record.value {
        Some(value) => Message::decode(value),
        None => Err(MessageError::Malformed("the value is null".to_owned())),
    }
}

impl Stage for ResolveStage {
    fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError> {
        self.staged = Tally::default();
        let decoded: Vec<Result<Message, MessageError>> = batch.par_iter().map(decode).collect();
        let mut processed = Vec::with_capacity(batch.len());
        for (record, message) in batch.iter().zip(decoded) {
            processed.push(match message {
                Ok(message) => self.apply(record, &message),
                Err(e @ MessageError::Newer(_)) => {
                    let (topic, partition, offset) = (record.topic.to_string(), record.partition, record.offset);
                    return Err(StageError::Newer { what: e.to_string(), topic, partition, offset });
                }
                Err(e @ MessageError::Malformed(_)) => {
                    let message = format!("mention: {e}: only the extract stage writes to this topic");
                    let poison = Some(Poison { class: BAD_MENTION, message });
                    Processed { poison, ..Processed::default() }
                }
            });
        }
        Ok(processed)
    }

    fn committed(&mut self) {
        for id in std::mem::take(&mut self.touched) {
            if let Some(partition) = self.partitions.get_mut(&id) {
                partition.committed();
            }
        }
        self.sink.committed(NAME, &std::mem::take(&mut self.staged));
        self.sink.state(&|| self.stats());
    }

    fn aborted(&mut self) {
        for id in std::mem::take(&mut self.touched) {
            if let Some(partition) = self.partitions.get_mut(&id) {
                partition.aborted();
            }
        }
        self.staged = Tally::default();
    }

    fn state_encoding(&self) -> Option<u16> {
        Some(dateline_resolve::ENCODING)
    }

    fn assigned(&mut self, partition: i32) {
        self.partitions.insert(partition, Partition::new(self.settings));
    }

    fn restore(&mut self, partition: i32, key: &[u8], value: Option<&[u8]>) -> Result<(), StageError> {
        let settings = self.settings;
        let state = self.partitions.entry(partition).or_insert_with(|| Partition::new(settings));
        state.restore(key, value).map_err(|e| self.state_error(partition, &e))
    }

    fn restored(&mut self, partition: i32) -> Result<(), StageError> {
        let Some(state) = self.partitions.get_mut(&partition) else { return Ok(()) };
        state.restored().map_err(|e| self.state_error(partition, &e))?;
        self.sink.state(&|| self.stats());
        Ok(())
    }

    fn revoked(&mut self, partition: i32) {
        self.partitions.remove(&partition);
        self.touched.remove(&partition);
        self.sink.state(&|| self.stats());
    }
}
