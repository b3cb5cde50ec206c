//! The log law on the broker: what is published of a partition's mentions is what file mode makes of them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::world::World;

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
pub fn check(world: &World, partitions: i32) -> Vec<Value> {
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
        // Who looks for the reason of a difference needs the mentions.
        let kept = std::env::temp_dir().join(format!("{}-{partition}.mentions.jsonl", world.name()));
        let keep =
            || std::fs::write(&kept, &input).map_or_else(|error| error.to_string(), |()| kept.display().to_string());
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
                    "partition {partition} of the mentions ({}), record {id}, number {i} of its revisions at {place:?}:\n\
                     published {value}\nfile mode {line}",
                    keep()
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
