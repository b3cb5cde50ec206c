//! State and offsets that were deleted, cut or made by a newer build: the worker says what is wrong, ends with the code for it, and
//! the remedy that it names works.

use dateline_kafka::checkpoint::{self, Checkpoint};
use dateline_kafka::topics::TopicSpec;
use dateline_tests::articles::{Sent, messages, records};
use dateline_tests::world::{World, until};
use dateline_tests::{Record, ledger, log_law};
use libtest_mimic::Trial;
use rdkafka::config::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer as _};
use std::time::Duration;

use super::trial;

const PARTITIONS: i32 = 3;
const FIRST: usize = 250;
const ALL: usize = 400;

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("a_changelog_that_was_cut_stops_the_worker_and_is_rebuilt", cut),
        trial("a_changelog_that_was_deleted_stops_the_worker_and_is_rebuilt", deleted),
        trial("offsets_that_were_deleted_stop_the_resolving_worker_and_are_taken_from_the_state", offsets),
        trial("a_state_of_a_newer_build_stops_the_worker_with_code_5", newer),
        trial("an_upstream_transaction_left_open_is_waited_for_and_shown", open_upstream),
    ]
}

/// A world whose worker has done the first part and was stopped.
fn halfway(name: &str, seed: u64) -> (World, Vec<Sent>) {
    let world = World::with_topics(name, PARTITIONS, &[("BATCH__MAX_RECORDS", "50")]);
    let sent = messages(seed, ALL);
    world.client.produce(&world.topic("news.articles"), records(&sent[..FIRST], 0));
    let mut worker = world.start("a");
    world.until_done(&mut [&mut worker]);
    worker.stop();
    (world, sent)
}

/// The worker ends with this code and these words.
fn refuses(world: &World, code: i32, words: &[&str]) {
    let mut worker = world.start("a");
    assert_eq!(worker.code(), code, "{}", worker.log());
    let log = worker.log();
    for word in words {
        assert!(log.contains(word), "{word}:\n{log}");
    }
}

/// The rest is done as if nothing had happened.
fn goes_on(world: &World, sent: &[Sent]) {
    let mut worker = world.start("a");
    world.client.produce(&world.topic("news.articles"), records(&sent[FIRST..], FIRST));
    world.until_done(&mut [&mut worker]);
    worker.stop();
    ledger::check(world, sent);
    log_law::check(world, PARTITIONS);
}

fn state(world: &World, action: &str, code: i32) -> String {
    let ran = world.run(&["state", action], b"");
    assert_eq!(ran.code, code, "state {action}: {}{}", ran.out, ran.err);
    ran.out + &ran.err
}

fn cut() {
    let (world, sent) = halfway("cut", 41);
    let whole = state(&world, "verify", 0);
    assert!(whole.contains("3 partitions are whole, 3 of them compared with a replay"), "{whole}");
    let inspected = state(&world, "inspect", 0);
    let holds: i64 = inspected
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).expect("JSON")["contributions"].as_i64().unwrap_or(0)
        })
        .sum();
    assert!(holds > 50, "{inspected}");

    let changelog = world.topic("dateline.state");
    for partition in 0..PARTITIONS {
        world.client.cut_compacted(&changelog, partition, 5);
    }
    let told = state(&world, "verify", 6);
    assert!(told.contains("begins at offset 5") && told.contains("dateline state rebuild"), "{told}");
    refuses(&world, 6, &["begins at offset 5", "part of the state is gone", "state rebuild"]);
    state(&world, "rebuild", 0);
    state(&world, "verify", 0);
    goes_on(&world, &sent);
}

fn deleted() {
    let (world, sent) = halfway("deleted", 42);
    let changelog = world.topic("dateline.state");
    let mentions = world.client.read(&world.topic("dateline.mentions")).len();
    world.client.recreate(&TopicSpec::new(&changelog, PARTITIONS).with("cleanup.policy", "compact"));
    refuses(&world, 6, &["the changelog is missing or was cut", "state rebuild"]);
    assert_eq!(world.client.read(&world.topic("dateline.mentions")).len(), mentions);
    state(&world, "rebuild", 0);
    goes_on(&world, &sent);
}

fn offsets() {
    let (world, sent) = halfway("offsets", 43);
    let group = format!("{}-resolve", world.name());
    world.client.delete_group(&group);
    refuses(&world, 6, &["the group's offsets are gone", "state rebuild"]);
    state(&world, "rebuild", 0);
    state(&world, "verify", 0);
    goes_on(&world, &sent);
}

fn newer() {
    let (world, sent) = halfway("newer", 44);
    let changelog = world.topic("dateline.state");
    let written = world.client.read(&changelog);
    let last = written.iter().rfind(|record| record.key.as_deref() == Some(checkpoint::KEY)).expect("a checkpoint");
    let now = Checkpoint::decode(last.value.as_deref().expect("a value")).expect("a checkpoint");
    let write = |checkpoint: Checkpoint| {
        let record = Record::new(checkpoint::KEY, checkpoint.encode()).to(last.partition);
        world.client.produce(&changelog, [record]);
    };
    write(Checkpoint { encoding: now.encoding + 1, ..now });
    refuses(&world, 5, &["state encoding", "deploy the newer build"]);
    write(now);
    goes_on(&world, &sent);
}

fn open_upstream() {
    let world = World::with_topics("upstream", PARTITIONS, &[]);
    let sent = messages(45, 120);
    let input = world.topic("news.articles");
    let producer: BaseProducer = ClientConfig::new()
        .set("bootstrap.servers", world.client.brokers())
        .set("transactional.id", format!("{}-upstream", world.name()))
        .set("transaction.timeout.ms", "120000")
        .create()
        .expect("a producer");
    let limit = Duration::from_secs(30);
    producer.init_transactions(limit).expect("its id is free");
    producer.begin_transaction().expect("a transaction");
    for partition in 0..PARTITIONS {
        let record = BaseRecord::to(&input).partition(partition).key("never").payload("committed");
        producer.send(record).map_err(|(error, _)| error).expect("it is taken");
    }
    producer.flush(limit).expect("it is delivered");
    // Behind the open transaction.
    world.client.produce(&input, records(&sent, 0));

    let mut worker = world.start("a");
    worker.ready();
    until("the open transaction is shown", &mut [], || {
        let metrics = worker.metrics();
        let labels = ["topic=\"".to_owned() + &input + "\""];
        let (open, lag) = (
            metrics.sum("dateline_consumer_open_records", &[&labels[0]]),
            metrics.sum("dateline_consumer_lag_records", &[&labels[0]]),
        );
        if open >= sent.len() && lag == 0 { Ok(()) } else { Err(format!("open {open}, lag {lag}")) }
    });
    assert_eq!(worker.metrics().sum("dateline_articles_total", &[]), 0, "nothing behind it is read");
    producer.abort_transaction(limit).expect("it is aborted");
    world.until_done(&mut [&mut worker]);
    worker.stop();
    ledger::check(&world, &sent);
}
