//! `dateline trace ARTICLE_ID`: where an article went.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::ControlFlow;

use anyhow::bail;
use dateline_kafka::letter::Entry;
use dateline_kafka::scan::Cluster;
use dateline_kafka::{Drain, InputRecord};
use dateline_model::{Article, Body, Message, Receipt};
use serde_json::Value;

use super::args::operate::TraceArgs;
use super::broker::ask;
use super::time;
use crate::config::Loaded;
use crate::demo::words;
use crate::exit::Exit;
use crate::output::{self, Progress};
use crate::service::properties;
use crate::topics::Names;

pub(super) fn run(args: &TraceArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let settings = &loaded.settings;
    let names = Names::of(settings);
    let topics = [&names.articles, &names.receipts, &names.mentions, &names.visits, &names.events, &names.dlq];
    let topics: Vec<String> = topics.into_iter().cloned().collect();
    let cluster = Cluster::new(settings.kafka.brokers.clone(), properties(settings), format!("{}-trace", settings.app));
    let (asked, all) = (cluster.clone(), topics.clone());
    let found = ask(loaded, &Drain::new(), move || asked.partitions(&all))?;
    if found.iter().all(Option::is_none) {
        bail!("none of the topics {} exists: correct --brokers or topics.prefix", topics.join(", "));
    }
    let mut trace = Trace::new(&args.article_id, &names);
    for (topic, partitions) in topics.iter().zip(found) {
        let Some(partitions) = partitions else {
            let why = if *topic == names.receipts { " (receipts are off by default)" } else { "" };
            output::message(format!("topic {topic} does not exist: nothing is known from it{why}"));
            continue;
        };
        let extent = cluster.extent(topic, partitions, Some(args.since))?;
        let mut progress = Progress::steps(extent.offsets(), "records");
        cluster.scan(&extent, |record| {
            trace.take(record);
            progress.advance(1, 1);
            ControlFlow::Continue(())
        })?;
        progress.finish();
    }
    let text = trace.text();
    if text.is_empty() {
        output::message(format!(
            "dateline: no trace of article {} since {}: check the id (letters count as written), or look further back with \
             --since 30d",
            args.article_id,
            time(args.since)
        ));
        return Ok(Exit::Failed);
    }
    output::print(&text)?;
    Ok(Exit::Done)
}

/// What is found of one article, topic by topic in the order of its way.
struct Trace<'a> {
    id: &'a str,
    names: &'a Names,
    /// The id as it stands in JSON.
    needles: [Vec<u8>; 2],
    /// An id that was made of the url or the content stands nowhere in the article.
    made: bool,
    lines: Vec<(&'static str, String)>,
    /// Where its versions lie in the articles topic.
    places: BTreeSet<(i32, i64)>,
    retracted: BTreeMap<i64, BTreeSet<i32>>,
    records: BTreeMap<String, Record>,
    letters: Vec<((i32, i64), String)>,
    redriven: BTreeSet<(i32, i64)>,
}

/// What is found of a record that the article is a source of.
#[derive(Default)]
struct Record {
    caused: Vec<String>,
    newest: u64,
    line: String,
}

impl<'a> Trace<'a> {
    fn new(id: &'a str, names: &'a Names) -> Self {
        let escaped = Value::from(id).to_string();
        let needles = [id.as_bytes().to_vec(), escaped.trim_matches('"').as_bytes().to_vec()];
        Self {
            id,
            names,
            needles,
            made: id.len() == 36 && id.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-'),
            lines: vec![],
            places: BTreeSet::new(),
            retracted: BTreeMap::new(),
            records: BTreeMap::new(),
            letters: vec![],
            redriven: BTreeSet::new(),
        }
    }

    fn take(&mut self, record: InputRecord) {
        let names = self.names;
        match &*record.topic {
            t if t == names.articles => self.article(&record),
            t if t == names.receipts => self.receipt(&record),
            t if t == names.mentions => self.mention(&record),
            t if t == names.dlq => self.letter(record),
            _ => self.revision(&record),
        }
    }

    /// Whether the bytes can speak of the article at all.
    fn named(&self, value: Option<&[u8]>) -> bool {
        let Some(value) = value else { return false };
        let contains = |needle: &Vec<u8>| !needle.is_empty() && value.windows(needle.len()).any(|w| w == needle);
        contains(&self.needles[0]) || (self.needles[1] != self.needles[0] && contains(&self.needles[1]))
    }

    fn article(&mut self, record: &InputRecord) {
        let by_key = record.key.as_deref() == Some(self.id.as_bytes());
        if !by_key && !self.made && !self.named(record.value.as_deref()) {
            return;
        }
        let what = match record.value.as_deref().map(|value| (value.len(), Article::decode(value))) {
            None if by_key => "a retraction".to_owned(),
            Some((bytes, Ok(decoded))) if decoded.article.id == self.id => {
                let from = decoded.article.source.as_deref().unwrap_or("an unnamed source");
                let published = decoded.article.published_at.as_ref().map_or("without a date", |t| t.as_str());
                format!("{bytes} bytes from {from}, published {published}")
            }
            Some((_, Err(e))) if by_key => format!("cannot be read ({}): {e}", e.class.as_str()),
            _ => return,
        };
        self.places.insert((record.partition, record.offset));
        self.lines.push(("article", format!("{}, appended {}: {what}", place(record), time(record.timestamp_ms))));
    }

    fn receipt(&mut self, record: &InputRecord) {
        if record.key.as_deref() != Some(self.id.as_bytes()) {
            return;
        }
        let Some(Ok(receipt)) = record.value.as_deref().map(serde_json::from_slice::<Receipt>) else { return };
        let reason = receipt.reason.map(|reason| format!(" ({reason})")).unwrap_or_default();
        let mentions = match receipt.mention_ids.len() {
            0 => String::new(),
            n => format!(", {n} of them"),
        };
        let (partition, offset) = (receipt.partition, receipt.offset);
        self.lines.push((
            "receipt",
            format!(
                "{}, of article {partition}@{offset}: {}{reason}{mentions}",
                place(record),
                receipt.outcome.as_str()
            ),
        ));
    }

    fn mention(&mut self, record: &InputRecord) {
        if !self.named(record.value.as_deref()) {
            return;
        }
        let Some(Ok(message)) = record.value.as_deref().map(Message::decode) else { return };
        if message.article_id() != self.id {
            return;
        }
        match message {
            Message::Retract(retraction) => {
                self.retracted.entry(retraction.version.offset).or_default().insert(record.partition);
            }
            Message::Mention(mention) => {
                let body = match &mention.body {
                    Body::Visit(visit) => serde_json::to_value(visit),
                    Body::Event(event) => serde_json::to_value(event),
                };
                let told = words(mention.kind(), &body.unwrap_or_default());
                let offset = mention.article.version.offset;
                self.lines.push((
                    "mention",
                    format!("{} of the article at {offset}, {}: {told}", mention.id(), place(record)),
                ));
            }
        }
    }

    fn revision(&mut self, record: &InputRecord) {
        if !self.named(record.value.as_deref()) {
            return;
        }
        let Some(Ok(value)) = record.value.as_deref().map(serde_json::from_slice::<Value>) else { return };
        let source = value["sources"].as_array().into_iter().flatten().find(|s| s["article_id"] == self.id);
        let caused = value["caused_by"] == self.id;
        if source.is_none() && !caused {
            return;
        }
        let kind =
            if value["record_type"] == "visit" { dateline_model::Kind::Visit } else { dateline_model::Kind::Event };
        let (id, revision) = (value["id"].as_str().unwrap_or_default(), value["revision"].as_u64().unwrap_or(0));
        let list = |v: &Value| {
            let words: Vec<&str> = v.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
            if words.is_empty() { "sources only".to_owned() } else { words.join(", ") }
        };
        let mut told = words(kind, &value);
        if let Some(into) = value["merged_into"].as_str() {
            let _ = write!(told, ", merged into {into}");
        }
        if value["deleted"] == true {
            told.push_str(", deleted");
        }
        if let Some(of) = source.and_then(|s| s["near_duplicate_of"].as_str()) {
            let _ = write!(told, "; the article is a copy of {of}");
        }
        let entry = self.records.entry(format!("{} {id}", kind.as_str())).or_default();
        let (at, changed) = (place(record), list(&value["changed"]));
        if caused {
            entry.caused.push(format!("revision {revision}, {at}, caused by it ({changed}): {told}"));
        }
        if revision >= entry.newest {
            entry.newest = revision;
            let by =
                if caused { String::new() } else { format!("revision {revision}, {at}, names it as a source: {told}") };
            entry.line = by;
        }
    }

    fn letter(&mut self, record: InputRecord) {
        let (partition, offset) = (record.partition, record.offset);
        let by_key = record.key.as_deref() == Some(self.id.as_bytes());
        let named = by_key || self.named(record.value.as_deref());
        match Entry::of(record) {
            Entry::Redriven(offsets) => self.redriven.extend(offsets.into_iter().map(|offset| (partition, offset))),
            Entry::Foreign => {}
            Entry::Letter(letter) => {
                let origin = letter.origin();
                let own = origin
                    .as_ref()
                    .is_some_and(|o| o.topic == self.names.articles && self.places.contains(&(o.partition, o.offset)));
                if !named && !own {
                    return;
                }
                let from = origin.map(|o| format!(", of {} {}@{}", o.topic, o.partition, o.offset)).unwrap_or_default();
                let (at, message) = (place(letter.record()), letter.message());
                let line = format!("{at}, written {}{from}: {message}", time(letter.record().timestamp_ms));
                self.letters.push(((partition, offset), line));
            }
        }
    }

    /// Everything that was found; empty where nothing was.
    fn text(mut self) -> String {
        for (offset, partitions) in std::mem::take(&mut self.retracted) {
            let n = partitions.len();
            self.lines
                .push(("retract", format!("by the article at {offset}, in {n} partitions of {}", self.names.mentions)));
        }
        for (name, record) in std::mem::take(&mut self.records) {
            let lines = record.caused.into_iter().chain(Some(record.line).filter(|line| !line.is_empty()));
            self.lines.extend(lines.map(|line| ("record", format!("{name}, {line}"))));
        }
        for (at, line) in std::mem::take(&mut self.letters) {
            let again = if self.redriven.contains(&at) { " (it was sent again)" } else { "" };
            self.lines.push(("dlq", format!("{line}{again}")));
        }
        self.lines.iter().fold(String::new(), |mut text, (name, line)| {
            let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
            let _ = writeln!(text, "{name:<9}{line}");
            text
        })
    }
}

fn place(record: &InputRecord) -> String {
    format!("{} {}@{}", record.topic, record.partition, record.offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;
    use dateline_kafka::Header;
    use serde_json::json;

    fn record(topic: &str, partition: i32, offset: i64, key: &str, value: &Value) -> InputRecord {
        InputRecord {
            topic: topic.into(),
            partition,
            offset,
            timestamp_ms: 1_746_489_600_000,
            key: Some(key.as_bytes().to_vec()),
            value: Some(value.to_string().into_bytes()),
            headers: vec![],
        }
    }

    #[test]
    fn the_way_of_an_article_is_told_topic_by_topic() {
        let names = Names::of(&Settings::default());
        let article = json!({"id": "a-1", "source": "courier.test", "body": "x", "published_at": "2025-05-05"});
        let receipt = json!({"article_id": "a-1", "partition": 2, "offset": 7, "outcome": "mentions", "mention_ids": ["a-1/visit/0"]});
        let revision = |revision: u32, caused_by: Option<&str>, changed: &[&str]| {
            json!({
                "record_type": "visit", "id": "r", "revision": revision, "caused_by": caused_by, "changed": changed,
                "status": "planned", "visitor": {"name": "Karin Holm"}, "destination": {"country": "FI"},
                "period": {"start": "2025-06-01"}, "sources": [{"article_id": "a-1", "near_duplicate_of": "a-0"}],
            })
        };
        let mut letter = record("news.articles.dlq", 0, 3, "other", &json!("x"));
        letter.headers = [
            ("__connect.errors.topic", "news.articles"),
            ("__connect.errors.partition", "2"),
            ("__connect.errors.offset", "7"),
            ("__connect.errors.exception.message", "body: wrong"),
        ]
        .map(|(name, value)| Header { name: name.to_owned(), value: Some(value.as_bytes().to_vec()) })
        .into();
        let mut trace = Trace::new("a-1", &names);
        for record in [
            record("news.articles", 2, 7, "a-1", &article),
            record("news.articles", 2, 8, "a-12", &json!({"id": "a-12", "body": "not a-1"})),
            record("dateline.receipts", 0, 1, "a-1", &receipt),
            record("news.visits", 4, 5, "r", &revision(1, Some("a-1"), &["status"])),
            record("news.visits", 4, 6, "r", &revision(2, Some("b"), &["period"])),
            record(
                "news.events",
                4,
                6,
                "e",
                &json!({"record_type": "event", "id": "e", "caused_by": "b", "sources": []}),
            ),
            letter,
        ] {
            trace.take(record);
        }
        let expected = "\
article  news.articles 2@7, appended 2025-05-06T00:00:00Z: 75 bytes from courier.test, published 2025-05-05
receipt  dateline.receipts 0@1, of article 2@7: mentions, 1 of them
record   visit r, revision 1, news.visits 4@5, caused by it (status): Karin Holm -> FI, 2025-06-01, planned; the article is a copy of a-0
record   visit r, revision 2, news.visits 4@6, names it as a source: Karin Holm -> FI, 2025-06-01, planned; the article is a copy of a-0
dlq      news.articles.dlq 0@3, written 2025-05-06T00:00:00Z, of news.articles 2@7: body: wrong
";
        assert_eq!(trace.text(), expected);
        assert_eq!(Trace::new("a-2", &names).text(), "");
    }
}
