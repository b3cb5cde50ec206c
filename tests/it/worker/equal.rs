//! The records on the broker are those of file mode: byte for byte over the same mentions, in content over the same articles.

use std::collections::{BTreeMap, BTreeSet};

use libtest_mimic::Trial;
use serde_json::Value;

use super::articles::{lines, messages, records};
use super::trial;
use super::world::World;

const PARTITIONS: i32 = 12;

pub(super) fn tests() -> Vec<Trial> {
    vec![trial("the_records_are_those_of_file_mode_over_the_mentions_and_over_the_articles", both)]
}

fn both() {
    let world = World::with_topics("equal", PARTITIONS, &[]);
    let sent = messages(3, 600);
    let mut worker = world.start("a");
    world.client.produce(&world.topic("news.articles"), records(&sent, 0));
    world.until_done(&mut [&mut worker]);
    worker.stop();
    let by_mentions = log_law(&world, PARTITIONS);
    set_law(&world, &lines(&sent), &by_mentions);
}

/// Topic and partition of a record, and its key.
type Place = (&'static str, i32);

/// What is published: the values at each place in order, with their keys.
struct Published {
    values: BTreeMap<Place, Vec<(String, String)>>,
    places: BTreeMap<String, Place>,
}

impl Published {
    fn read(world: &World) -> Self {
        let mut published = Self { values: BTreeMap::new(), places: BTreeMap::new() };
        for topic in ["news.visits", "news.events"] {
            for record in world.read(topic) {
                let place = (topic, record.partition);
                let key = String::from_utf8(record.key.unwrap_or_default()).expect("a record's key is UTF-8");
                let before = published.places.insert(key.clone(), place);
                assert!(before.is_none_or(|before| before == place), "{key} lies at {before:?} and {place:?}");
                if let Some(value) = record.value {
                    let value = String::from_utf8(value).expect("a record is UTF-8");
                    published.values.entry(place).or_default().push((key, value));
                }
            }
        }
        published
    }
}

/// The log law: what is published of each partition's mentions is what `dateline resolve --mentions` prints over its committed
/// mentions, byte for byte and in order. File mode alone ends with revisions of records that only gained sources. The last
/// value of each record, with those.
pub(crate) fn log_law(world: &World, partitions: i32) -> Vec<Value> {
    let mut published = Published::read(world);
    let mentions = world.read("dateline.mentions");
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    let mut seen = 0;
    for partition in 0..partitions {
        let mut input = Vec::new();
        for mention in mentions.iter().filter(|mention| mention.partition == partition) {
            let value = mention.value.as_deref().expect("a mention has a value");
            input.extend_from_slice(format!("{{\"timestamp\":{},", mention.timestamp_ms).as_bytes());
            input.extend_from_slice(&value[1..]);
            input.push(b'\n');
        }
        let ran = world.run(&["resolve", "--mentions", "-"], &input);
        assert_eq!(ran.code, 0, "partition {partition}: {}", ran.err);

        let mut expected: BTreeMap<Place, Vec<(String, &str)>> = BTreeMap::new();
        let mut own: BTreeSet<String> = BTreeSet::new();
        for line in ran.out.lines() {
            let revision: Value = serde_json::from_str(line).expect("a record is JSON");
            let id = revision["id"].as_str().expect("an id").to_owned();
            let place = published.places.get(&id).copied();
            let place = place.unwrap_or_else(|| panic!("partition {partition}: nothing is published of {line}"));
            expected.entry(place).or_default().push((id.clone(), line));
            let before = last.insert(id.clone(), revision);
            assert!(before.is_none() || own.contains(&id), "record {id} comes from two partitions of the mentions");
            own.insert(id);
        }
        for (place, expected) in expected {
            let all = published.values.remove(&place).unwrap_or_default();
            let (mine, rest): (Vec<_>, Vec<_>) = all.into_iter().partition(|(id, _)| own.contains(id));
            published.values.insert(place, rest);
            seen += mine.len();
            for (i, ((id, value), (_, line))) in mine.iter().zip(&expected).enumerate() {
                assert!(
                    value == line,
                    "partition {partition} of the mentions, record {id}, number {i} of its revisions at {place:?}:\n\
                     published {value}\nfile mode {line}"
                );
            }
            assert!(mine.len() <= expected.len(), "partition {partition}: more is published at {place:?}: {mine:?}");
            let mut ended = BTreeSet::new();
            for (id, line) in &expected[mine.len()..] {
                let revision: Value = serde_json::from_str(line).expect("a record is JSON");
                let only_sources = revision["changed"] == Value::Array(vec![]) && revision["caused_by"].is_null();
                assert!(only_sources && ended.insert(id), "partition {partition}: {place:?} lacks {line}");
            }
        }
    }
    let rest: Vec<_> = published.values.into_values().flatten().collect();
    assert!(rest.is_empty(), "published, but of no mention: {rest:?}");
    assert!(seen > 0, "nothing is published");
    last.into_values().collect()
}

/// The set law: over the articles themselves, in one process and without Kafka, the same is known in the end. Ids and numbers
/// of revisions depend on the way there, and so does a visit's programme.
fn set_law(world: &World, articles: &[u8], by_mentions: &[Value]) {
    let ran = world.run(&["resolve", "-"], articles);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let mut last: BTreeMap<String, Value> = BTreeMap::new();
    for line in ran.out.lines() {
        let revision: Value = serde_json::from_str(line).expect("a record is JSON");
        last.insert(revision["id"].as_str().expect("an id").to_owned(), revision);
    }
    let by_articles: Vec<Value> = last.into_values().collect();
    let (by_mentions, by_articles) = (contents(by_mentions), contents(&by_articles));
    assert!(by_articles.len() > 50, "only {} records", by_articles.len());
    let lacking = |of: &BTreeMap<String, usize>, other: &BTreeMap<String, usize>| -> Vec<String> {
        of.iter().filter(|(content, n)| other.get(*content) != Some(n)).map(|(content, _)| content.clone()).collect()
    };
    let (worker, file) = (lacking(&by_mentions, &by_articles), lacking(&by_articles, &by_mentions));
    assert!(
        worker.is_empty() && file.is_empty(),
        "{} records of the worker and {} of file mode have no counterpart, for example\nworker    {}\nfile mode {}",
        worker.len(),
        file.len(),
        worker.first().map_or("", String::as_str),
        file.first().map_or("", String::as_str)
    );
}

/// What living records say, each with how many say so.
fn contents(records: &[Value]) -> BTreeMap<String, usize> {
    let mut contents = BTreeMap::new();
    for record in records {
        if record["deleted"] == true || !record["merged_into"].is_null() {
            continue;
        }
        let mut record = record.clone();
        let fields = record.as_object_mut().expect("a record is an object");
        for field in ["id", "revision", "changed", "caused_by", "agenda"] {
            fields.remove(field);
        }
        for step in fields.get_mut("history").and_then(Value::as_array_mut).into_iter().flatten() {
            step.as_object_mut().expect("a step is an object").remove("revision");
        }
        *contents.entry(record.to_string()).or_default() += 1;
    }
    contents
}
