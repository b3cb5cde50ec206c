//! Articles to mentions. Stateless: a repeat is extracted again, and resolution counts it as a duplicate.

use std::sync::Arc;

use dateline_kafka::{Header, InputRecord, OutputRecord, Poison, Processed, Stage, StageError, Target};
use dateline_model::{
    Article, ArticleError, Body, ErrorClass, Mention, Message, Outcome, Receipt, Retraction, Version,
};
use rayon::prelude::*;

use super::headers::{self, APPENDED};
use crate::decide::{Decided, Decider};
use crate::telemetry::table;
use crate::telemetry::tally::{Sink, Tally};

/// Name of the stage in groups, transactional ids and labels.
pub const NAME: &str = "extract";

/// Names of the topics that the stage writes.
#[derive(Debug, Clone)]
pub struct Topics {
    /// Mentions.
    pub mentions: Arc<str>,
    /// Receipts, where they are on.
    pub receipts: Option<Arc<str>>,
}

/// The stage.
pub struct ExtractStage {
    decider: Decider,
    topics: Topics,
    /// Sources that are counted by name.
    sources: Vec<&'static str>,
    sink: Arc<dyn Sink>,
    staged: Tally,
}

/// What one article gives: its messages, what to count, and why it is poison.
struct Outputs {
    processed: Processed,
    tally: Tally,
}

impl ExtractStage {
    /// A stage over a decider that counts these sources by name; tallies go to `sink` once committed.
    pub fn new(decider: Decider, topics: Topics, sources: Vec<&'static str>, sink: Arc<dyn Sink>) -> Self {
        Self { decider, topics, sources, sink, staged: Tally::default() }
    }

    fn one(&self, record: &InputRecord) -> Outputs {
        let mut out = Outputs { processed: Processed::default(), tally: Tally::default() };
        let key = record.key.as_deref().map(std::str::from_utf8);
        match (&record.value, key) {
            (Some(value), _) => match self.decider.json(value, Some(record.timestamp_ms), record.offset) {
                Ok(decided) => self.article(record, &decided, &mut out),
                Err(e) => self.poison(record, &e, &mut out),
            },
            (None, Some(Ok(id))) => self.tombstone(record, id, &mut out),
            (None, _) => {
                let problem = "a tombstone whose key is null or no UTF-8: send the article's id as its key";
                self.poison(record, &ArticleError::new(ErrorClass::BadKey, "key", problem), &mut out);
            }
        }
        out
    }

    fn article(&self, record: &InputRecord, decided: &Decided, out: &mut Outputs) {
        let carried = mention_headers(record);
        let extraction = &decided.extraction;
        let mut ids = vec![];
        for mention in extraction.mentions() {
            ids.push(mention.id());
            quality(&mention, &mut out.tally);
            let key = mention.partition_key().into_bytes();
            match Message::Mention(Box::new(mention)).encode() {
                Ok(value) => out.processed.outputs.push(self.to_mentions(Target::ByKey, key, value, &carried)),
                Err(e) => {
                    let problem = format!(
                        "the extractor failed (a mention is no JSON: {e}): report it together with this article"
                    );
                    *out = Outputs { processed: Processed::default(), tally: Tally::default() };
                    return self.poison(
                        record,
                        &ArticleError::new(ErrorClass::ExtractorFailed, "article", problem),
                        out,
                    );
                }
            }
        }
        if let Some(retraction) = decided.retraction() {
            self.retract(retraction, &carried, out);
        }
        let (outcome, reason) = match extraction.skipped {
            Some(class) => (Outcome::Skipped, Some(class.as_str())),
            None if ids.is_empty() => (Outcome::None, None),
            None => (Outcome::Mentions, None),
        };
        if let Some(class) = extraction.skipped {
            out.tally.add(table::ARTICLES_SKIPPED, &[class.as_str()], 1);
        }
        out.tally.add(table::UNKNOWN_FIELDS, &[], u64::from(decided.unknown_fields));
        out.tally.add(table::ARTICLE_KEYS, &[key_match(record.key.as_deref(), &decided.article.id)], 1);
        let source = self.source(decided.article.source.as_deref());
        out.tally.add(table::SOURCE_ARTICLES, &[source], 1);
        out.tally.add(table::SOURCE_MENTIONS, &[source], ids.len() as u64);
        out.tally.published_ms.extend(decided.article.published_at.as_ref().map(dateline_model::Timestamp::ms));
        self.receipt(record, Some(decided.article.id.clone()), outcome, reason, ids, out);
    }

    /// The source's own label, or that of all which are not counted by name.
    fn source(&self, source: Option<&str>) -> &'static str {
        self.sources.iter().copied().find(|s| Some(*s) == source).unwrap_or(table::OTHER)
    }

    fn tombstone(&self, record: &InputRecord, id: &str, out: &mut Outputs) {
        let version = Version { ms: record.timestamp_ms, offset: record.offset };
        self.retract(Retraction { id: id.to_owned(), version }, &mention_headers(record), out);
        self.receipt(record, Some(id.to_owned()), Outcome::None, Some("retraction"), vec![], out);
    }

    /// To every partition: the old mentions may lie anywhere.
    fn retract(&self, retraction: Retraction, carried: &[Header], out: &mut Outputs) {
        let key = retraction.id.clone().into_bytes();
        if let Ok(value) = Message::Retract(retraction).encode() {
            out.processed.outputs.push(self.to_mentions(Target::Every, key, value, carried));
            out.tally.add(table::MENTIONS, &["retract"], 1);
        }
    }

    fn poison(&self, record: &InputRecord, error: &ArticleError, out: &mut Outputs) {
        out.processed.poison = Some(Poison { class: error.class.as_str(), message: error.to_string() });
        let own = || record.value.as_deref().and_then(|v| Article::decode(v).ok()).map(|d| d.article.id);
        let read = if error.class == ErrorClass::ExtractorFailed { own() } else { None };
        // Of a body that cannot be read the key is the id.
        let id = read.or_else(|| record.key.as_deref().and_then(|k| std::str::from_utf8(k).ok()).map(str::to_owned));
        self.receipt(record, id, Outcome::Dlq, Some(error.class.as_str()), vec![], out);
    }

    fn receipt(
        &self,
        record: &InputRecord,
        article_id: Option<String>,
        outcome: Outcome,
        reason: Option<&str>,
        mention_ids: Vec<String>,
        out: &mut Outputs,
    ) {
        out.tally.add(table::ARTICLES, &[outcome.as_str()], 1);
        out.tally.appended_ms.push(record.timestamp_ms);
        let Some(topic) = &self.topics.receipts else { return };
        let key = article_id.clone().map(String::into_bytes);
        let (partition, offset, reason) = (record.partition, record.offset, reason.map(str::to_owned));
        let receipt = Receipt { article_id, partition, offset, outcome, reason, mention_ids };
        let value = serde_json::to_vec(&receipt).ok();
        let headers = headers::carried(record);
        out.processed.outputs.push(OutputRecord {
            topic: Arc::clone(topic),
            target: Target::ByKey,
            key,
            value,
            headers,
            timestamp_ms: None,
        });
    }

    fn to_mentions(&self, target: Target, key: Vec<u8>, value: Vec<u8>, headers: &[Header]) -> OutputRecord {
        let (topic, headers) = (Arc::clone(&self.topics.mentions), headers.to_vec());
        OutputRecord { topic, target, key: Some(key), value: Some(value), headers, timestamp_ms: None }
    }
}

impl Stage for ExtractStage {
    fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError> {
        let outputs: Vec<Outputs> = batch.par_iter().map(|record| self.one(record)).collect();
        self.staged = Tally::default();
        Ok(outputs
            .into_iter()
            .map(|o| {
                self.staged.merge(o.tally);
                o.processed
            })
            .collect())
    }

    fn committed(&mut self) {
        self.sink.committed(NAME, &std::mem::take(&mut self.staged));
    }

    fn aborted(&mut self) {
        self.staged = Tally::default();
    }
}

/// What a mention says of the quality of the data.
fn quality(mention: &Mention, tally: &mut Tally) {
    let kind = mention.kind().as_str();
    tally.add(table::MENTIONS, &[kind], 1);
    let confidence = match &mention.body {
        Body::Visit(visit) => {
            let name = match &visit.visitor {
                v if v.actor.entity_id.is_some() => "known",
                v if v.named && !v.actor.group => "unknown",
                _ => "none",
            };
            tally.add(table::VISITOR_NAMES, &[name], 1);
            tally.add(table::VISIT_STATUS, &[visit.status.as_str()], 1);
            visit.confidence
        }
        Body::Event(event) => event.confidence,
    };
    tally.confidences.push((kind, confidence));
}

fn mention_headers(record: &InputRecord) -> Vec<Header> {
    let mut carried = headers::carried(record);
    carried.push(headers::text(APPENDED, record.timestamp_ms.to_string()));
    carried
}

fn key_match(key: Option<&[u8]>, id: &str) -> &'static str {
    match key {
        None => "missing",
        Some(key) if key == id.as_bytes() => "same",
        Some(key) if std::str::from_utf8(key).is_ok() => "differs",
        Some(_) => "not_utf8",
    }
}
