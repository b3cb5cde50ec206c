//! The records on the broker are those of file mode: byte for byte over the same mentions, in content over the same articles.

use std::collections::BTreeMap;

use dateline_tests::articles::{lines, messages, records};
use dateline_tests::log_law;
use dateline_tests::world::World;
use libtest_mimic::Trial;
use serde_json::Value;

use super::trial;

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
    let by_mentions = log_law::check(&world, PARTITIONS);
    set_law(&world, &lines(&sent), &by_mentions);
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
