//! The ledger: what was sent against receipts, mentions and dead letters, each counted once.

use std::collections::{BTreeMap, BTreeSet};

use dateline_kafka::InputRecord;
use dateline_model::{Message, Outcome, Receipt};
use serde_json::Value;

use crate::articles::{Fate, NUMBER, Sent, trace};
use crate::world::World;

/// What is in the topics.
#[derive(Clone)]
pub struct Facts {
    articles: Vec<InputRecord>,
    /// Receipts.
    pub receipts: Vec<Receipt>,
    /// Mentions and retractions.
    pub mentions: Vec<InputRecord>,
    /// Dead letters.
    pub letters: Vec<InputRecord>,
    /// Revisions of visits.
    pub visits: Vec<InputRecord>,
    events: Vec<InputRecord>,
}

impl Facts {
    /// Everything that is committed.
    pub fn read(world: &World) -> Self {
        Self {
            articles: world.read("news.articles"),
            receipts: receipts(world),
            mentions: world.read("dateline.mentions"),
            letters: world.read("news.articles.dlq"),
            visits: world.read("news.visits"),
            events: world.read("news.events"),
        }
    }

    /// Every difference to what had to become of `sent`.
    pub fn differences(&self, sent: &[Sent]) -> Vec<String> {
        let mut problems = Problems::default();
        let by_number: BTreeMap<usize, &InputRecord> = self.articles.iter().map(|r| (number(r), r)).collect();
        assert_eq!(
            (self.articles.len(), by_number.len()),
            (sent.len(), sent.len()),
            "the topic holds what was sent, once"
        );
        let ledger = Ledger { sent, by_number };
        ledger.receipts(&self.receipts, &mut problems);
        ledger.mentions(&self.receipts, &self.mentions, &mut problems);
        ledger.letters(&self.letters, &mut problems);
        revisions("news.visit.v1", &self.visits, &mut problems);
        revisions("news.event.v1", &self.events, &mut problems);
        problems.0
    }
}

/// Compares everything that was sent with everything that was committed; panics with all differences.
pub fn check(world: &World, sent: &[Sent]) {
    let facts = Facts::read(world);
    let differences = facts.differences(sent);
    let shown: Vec<&str> = differences.iter().take(20).map(String::as_str).collect();
    assert!(differences.is_empty(), "{} differences, the first:\n{}", differences.len(), shown.join("\n"));

    let read = facts.receipts.iter().filter(|receipt| receipt.outcome == Outcome::Mentions).count();
    assert!(read * 2 > sent.len(), "most articles say something, but here {read} of {}", sent.len());
}

/// Position of an article: partition and offset.
type Position = (i32, i64);

fn position(record: &InputRecord) -> Position {
    (record.partition, record.offset)
}

/// The number that the test gave to a message.
fn number(record: &InputRecord) -> usize {
    header(record, NUMBER).parse().expect("a numbered message")
}

/// A header as text; empty when it is missing.
pub fn header<'a>(record: &'a InputRecord, name: &str) -> &'a str {
    let found = record.headers.iter().find(|header| header.name == name).and_then(|header| header.value.as_deref());
    found.map_or("", |value| std::str::from_utf8(value).expect("the header is UTF-8"))
}

/// All receipts.
pub fn receipts(world: &World) -> Vec<Receipt> {
    let decode = |record: InputRecord| {
        let receipt: Receipt =
            serde_json::from_slice(record.value.as_deref().unwrap_or_default()).expect("a receipt is JSON");
        assert_eq!(record.key.as_deref(), receipt.article_id.as_deref().map(str::as_bytes), "key of {receipt:?}");
        receipt
    };
    world.read("dateline.receipts").into_iter().map(decode).collect()
}

#[derive(Default)]
struct Problems(Vec<String>);

impl Problems {
    fn note(&mut self, problem: String) {
        self.0.push(problem);
    }
}

struct Ledger<'a> {
    sent: &'a [Sent],
    by_number: BTreeMap<usize, &'a InputRecord>,
}

impl Ledger<'_> {
    /// Each message with its number and its place in the topic.
    fn each(&self) -> impl Iterator<Item = (usize, &Sent, Position)> {
        self.sent.iter().enumerate().map(|(n, sent)| (n, sent, position(self.by_number[&n])))
    }

    /// Every article has one receipt, and it says what had to become of it.
    fn receipts(&self, receipts: &[Receipt], problems: &mut Problems) {
        let mut found: BTreeMap<Position, Vec<&Receipt>> = BTreeMap::new();
        for receipt in receipts {
            found.entry((receipt.partition, receipt.offset)).or_default().push(receipt);
        }
        for (n, sent, place) in self.each() {
            match found.remove(&place).as_deref() {
                Some([receipt]) => {
                    if !fits(sent, receipt) {
                        problems.note(format!("message {n} ({}, {:?}) has {receipt:?}", sent.id, sent.fate));
                    }
                }
                other => problems.note(format!("message {n} ({}) at {place:?} has receipts {other:?}", sent.id)),
            }
        }
        for (place, receipts) in found {
            problems.note(format!("nothing was sent at {place:?}, but there are {receipts:?}"));
        }
    }

    /// Every mention that a receipt names is there once, none other is; a retraction is once in each partition, after the
    /// mentions of its article.
    fn mentions(&self, receipts: &[Receipt], records: &[InputRecord], problems: &mut Problems) {
        let partitions: BTreeSet<i32> = records.iter().map(|record| record.partition).collect();
        let traces: BTreeMap<(String, i64), String> =
            self.each().map(|(n, sent, (_, offset))| ((sent.id.clone(), offset), trace(n))).collect();
        // A mention belongs to the article at this offset: a repeat has the same ids once more.
        let mut named: BTreeMap<(String, i64), i64> = BTreeMap::new();
        for receipt in receipts {
            for id in &receipt.mention_ids {
                *named.entry((id.clone(), receipt.offset)).or_default() += 1;
            }
        }
        let mut retracted: BTreeMap<(String, i64), Vec<i32>> = BTreeMap::new();
        for record in records {
            let value = record.value.as_deref().unwrap_or_default();
            let message = Message::decode(value).expect("the extract stage writes mentions");
            let offset = match &message {
                Message::Mention(mention) => {
                    let offset = mention.article.version.offset;
                    *named.entry((mention.id(), offset)).or_default() -= 1;
                    if let Some(at) = retracted.get(&(mention.article.id.clone(), offset))
                        && at.contains(&record.partition)
                    {
                        problems.note(format!("the retraction came before mention {} at {offset}", mention.id()));
                    }
                    offset
                }
                Message::Retract(retraction) => {
                    let offset = retraction.version.offset;
                    retracted.entry((retraction.id.clone(), offset)).or_default().push(record.partition);
                    offset
                }
            };
            let source = (message.article_id().to_owned(), offset);
            if traces.get(&source).map(String::as_str) != Some(header(record, "traceparent")) {
                problems.note(format!("a mention of {source:?} carries trace {:?}", header(record, "traceparent")));
            }
        }
        for ((id, offset), count) in named.into_iter().filter(|(_, count)| *count != 0) {
            problems.note(format!("mention {id} of the article at offset {offset}: named less written = {count}"));
        }
        for (n, sent, (_, offset)) in self.each() {
            let at = retracted.remove(&(sent.id.clone(), offset)).unwrap_or_default();
            let retracts = matches!(sent.fate, Fate::Retraction | Fate::Read { retracts: true });
            let expected: Vec<i32> = if retracts { partitions.iter().copied().collect() } else { vec![] };
            if at != expected {
                problems.note(format!("message {n} ({}, {:?}): its retraction is in {at:?}", sent.id, sent.fate));
            }
        }
        for (source, at) in retracted {
            problems.note(format!("nothing asked for the retraction of {source:?} in {at:?}"));
        }
    }

    /// Every poison message is once in the dead-letter queue, with its bytes, key and headers.
    fn letters(&self, letters: &[InputRecord], problems: &mut Problems) {
        let mut found: BTreeMap<usize, Vec<&InputRecord>> = BTreeMap::new();
        for letter in letters {
            found.entry(number(letter)).or_default().push(letter);
        }
        for (n, sent, (partition, offset)) in self.each() {
            let Fate::Poison(class) = sent.fate else { continue };
            let letters = found.remove(&n).unwrap_or_default();
            let [letter] = letters.as_slice() else {
                problems.note(format!("poison message {n} ({class}) has {} dead letters", letters.len()));
                continue;
            };
            let original = self.by_number[&n];
            let told = |name: &str| header(letter, name);
            let whole = letter.key == original.key
                && letter.value == original.value
                && letter.headers.starts_with(&original.headers)
                && told("dateline.error.class") == class
                && told("__connect.errors.topic") == &*original.topic
                && told("__connect.errors.partition") == partition.to_string()
                && told("__connect.errors.offset") == offset.to_string();
            if !whole {
                problems.note(format!("poison message {n} ({class}) is not as it was sent: {letter:?}"));
            }
        }
        for (n, letters) in found {
            problems.note(format!("message {n} is no poison, but has {} dead letters", letters.len()));
        }
    }
}

/// The revisions of each record count from 1 without a gap; after the last one of a record that is gone comes its tombstone,
/// and nothing after that.
fn revisions(event_type: &str, records: &[InputRecord], problems: &mut Problems) {
    let mut last: BTreeMap<String, State> = BTreeMap::new();
    for record in records {
        let id = String::from_utf8(record.key.clone().unwrap_or_default()).expect("a record's key is UTF-8");
        let before = last.get(&id).copied().unwrap_or(State::At(0));
        let now = record.value.as_deref().map(|value| {
            let revision: Value = serde_json::from_slice(value).expect("a record is JSON");
            let n = revision["revision"].as_u64().expect("a revision");
            if revision["id"] != id.as_str()
                || header(record, "ce_id") != format!("{id}/{n}")
                || header(record, "ce_type") != event_type
            {
                problems.note(format!("key {id} and headers {:?} are not those of {revision}", record.headers));
            }
            let gone = revision["deleted"] == true || !revision["merged_into"].is_null();
            if gone { State::Ending(n) } else { State::At(n) }
        });
        let right = match (before, now) {
            (State::At(before), Some(State::At(n) | State::Ending(n))) => n == before + 1,
            (State::Ending(_), None) => true,
            _ => false,
        };
        if !right {
            problems.note(format!("{event_type}, record {id}: {now:?} after {before:?}"));
        }
        last.insert(id, now.unwrap_or(State::Gone));
    }
    for (id, state) in last.iter().filter(|(_, state)| matches!(state, State::Ending(_))) {
        problems.note(format!("{event_type}, record {id}: no tombstone after {state:?}"));
    }
}

/// Where the revisions of a record are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    At(u64),
    /// Deleted or merged into another one.
    Ending(u64),
    Gone,
}

fn fits(sent: &Sent, receipt: &Receipt) -> bool {
    let reason = receipt.reason.as_deref();
    let none = receipt.mention_ids.is_empty();
    let id = receipt.article_id.as_deref();
    match sent.fate {
        Fate::Read { .. } => {
            let outcome = if none { Outcome::None } else { Outcome::Mentions };
            receipt.outcome == outcome && reason.is_none() && id == Some(&sent.id)
        }
        Fate::Retraction => {
            receipt.outcome == Outcome::None && reason == Some("retraction") && id == Some(&sent.id) && none
        }
        Fate::Skipped(class) => {
            receipt.outcome == Outcome::Skipped && reason == Some(class) && id == Some(&sent.id) && none
        }
        // Of what can't be read the key is the id, where it is text.
        Fate::Poison(class) => {
            let key = std::str::from_utf8(&sent.key).ok();
            receipt.outcome == Outcome::Dlq && reason == Some(class) && id == key && none
        }
    }
}
