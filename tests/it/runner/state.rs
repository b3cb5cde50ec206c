//! State lives in the changelog and is at the committed offset, or the stage doesn't start.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use dateline_tests::{Record, needs_broker, shared};
use libtest_mimic::{Failed, Trial};

use super::support::{Counter, Running, World, counter, text};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        needs_broker("runner::state_is_restored_from_the_changelog", restored),
        needs_broker("runner::state_moves_with_its_partition", moves),
        needs_broker("runner::a_long_restore_tells_how_far_it_is_and_is_not_ready_before_its_end", long_restore),
        needs_broker("runner::a_changelog_that_is_gone_stops_the_stage", changelog_gone),
        needs_broker("runner::a_changelog_whose_beginning_is_gone_stops_the_stage", changelog_cut),
        needs_broker("runner::input_partitions_that_were_added_stop_a_stage_with_state", repartitioned),
        needs_broker("runner::a_state_of_a_newer_build_stops_the_stage", newer_state),
    ]
}

/// The output says `<key>:1`, `<key>:2`, ... for each key and partition without a gap.
fn assert_counted(world: &World, records: usize) {
    let out = world.client.read(&world.output);
    assert_eq!(out.len(), records);
    let mut counts: BTreeMap<(i32, String), u64> = BTreeMap::new();
    for record in out {
        let value = text(record.value.as_deref());
        let (key, count) = value.split_once(':').expect("key:count");
        let expected = counts.entry((record.partition, key.to_owned())).or_default();
        *expected += 1;
        assert_eq!(count, expected.to_string(), "{key} in partition {}", record.partition);
    }
}

fn restored() -> Result<(), Failed> {
    let world = World::new(shared()?, "restore", 3);
    world.fill(0, 900, 3);
    let first = Running::start(world.options("0"), counter(&world));
    first.until_records(900);
    first.drain()?;

    world.fill(900, 900, 3);
    let stage = counter(&world);
    let restored = Arc::clone(&stage.restored);
    let second = Running::start(world.options("0"), stage);
    second.until_records(900);
    second.drain()?;
    let mut restored = restored.lock().expect("no holder panics").clone();
    restored.sort_unstable();
    assert_eq!(restored, [(0, 10), (1, 10), (2, 10)]);
    assert_counted(&world, 1_800);
    let total: u64 = world.client.table(&world.changelog).iter().filter(|(key, _)| key[0] != 0).count() as u64;
    assert_eq!(total, 10, "ten keys, the same in each partition");
    Ok(())
}

fn long_restore() -> Result<(), Failed> {
    const KEYS: usize = 300_000;
    let world = World::new(shared()?, "long", 1);
    world.fill(0, 10, 1);
    let first = Running::start(world.options("0"), counter(&world));
    first.until_records(10);
    first.drain()?;
    let key = |i: usize| Record::new(format!("other-{i}"), "1").to(0);
    world.client.produce(&world.changelog, (0..KEYS).map(key));

    let stage = counter(&world);
    let restored = Arc::clone(&stage.restored);
    let second = Running::start(world.options("0"), stage);
    second.until("it tells how far it is", |running| running.heard.has("restore 0 "));
    second.until("ready", |running| running.handle.is_ready());
    let heard = second.heard.all();
    let told: Vec<usize> = heard
        .iter()
        .take_while(|word| *word != "ready")
        .filter_map(|word| word.strip_prefix("restore 0 ")?.split(' ').next()?.parse().ok())
        .collect();
    assert!(told.len() > 1 && told.is_sorted() && told[0] < KEYS, "{told:?}");
    second.drain()?;
    assert_eq!(*restored.lock().expect("no holder panics"), [(0, KEYS + 10)]);
    Ok(())
}

fn moves() -> Result<(), Failed> {
    let world = World::new(shared()?, "moves", 4);
    let slow = |world: &World| Counter { each: Duration::from_micros(300), ..counter(world) };
    world.fill(0, 2_000, 4);
    let first = Running::start(world.options("0"), slow(&world));
    first.until_records(400);
    let second = Running::start(world.options("1"), slow(&world));
    second.until("the second has its share", |running| running.handle.status().committed.len() == 2);
    world.fill(2_000, 1_000, 4);
    second.until_records(100);
    first.drain()?;
    second.until("the second has done all", |running| {
        running.handle.status().committed.values().filter(|next| **next >= 750).count() == 4
    });
    second.drain()?;
    assert_counted(&world, 3_000);
    Ok(())
}

fn changelog_gone() -> Result<(), Failed> {
    let world = World::new(shared()?, "gone", 2);
    world.fill(0, 100, 2);
    let first = Running::start(world.options("0"), counter(&world));
    first.until_records(100);
    first.drain()?;

    let mut other = world.clone();
    other.changelog = format!("{}.other", world.changelog);
    world.client.create(&[dateline_kafka::topics::TopicSpec::new(&other.changelog, 2)]);
    let error = Running::start(other.options("0"), counter(&other)).ends().expect_err("there is no state");
    assert_eq!(error.exit_code(), 6);
    let message = error.to_string();
    assert!(message.contains("the changelog is missing") && message.contains("state rebuild"), "{message}");
    Ok(())
}

fn changelog_cut() -> Result<(), Failed> {
    let world = World::new(shared()?, "state-cut", 1);
    world.fill(0, 100, 1);
    let mut options = world.options("0");
    options.batch.records = 10;
    let first = Running::start(options, counter(&world));
    first.until_records(100);
    first.drain()?;
    // The checkpoint is the newest record and stays; what is older is gone.
    world.client.cut_compacted(&world.changelog, 0, 30);
    let error = Running::start(world.options("0"), counter(&world)).ends().expect_err("part of the state is gone");
    assert_eq!(error.exit_code(), 6);
    let message = error.to_string();
    assert!(message.contains("begins at offset 30") && message.contains("state rebuild"), "{message}");
    Ok(())
}

fn repartitioned() -> Result<(), Failed> {
    let world = World::new(shared()?, "grown", 2);
    world.fill(0, 100, 2);
    let mut options = world.options("0");
    options.properties.insert("topic.metadata.refresh.interval.ms".into(), "1000".into());
    let running = Running::start(options, counter(&world));
    running.until_records(100);
    world.client.grow(&world.input, 3);
    let error = running.ends().expect_err("keys have moved");
    assert_eq!(error.exit_code(), 6, "{error}");
    let message = error.to_string();
    assert!(message.contains("3 partitions") && message.contains("made with 2"), "{message}");

    // At a start, before and after the changelog was grown, too.
    let error = Running::start(world.options("0"), counter(&world)).ends().expect_err("the changelog has 2");
    assert_eq!(error.exit_code(), 6, "{error}");
    assert!(error.to_string().contains("go back to 2"), "{error}");
    world.client.grow(&world.changelog, 3);
    let error = Running::start(world.options("0"), counter(&world)).ends().expect_err("keys have moved");
    assert_eq!(error.exit_code(), 6, "{error}");
    assert!(error.to_string().contains("made with 2"), "{error}");
    Ok(())
}

fn newer_state() -> Result<(), Failed> {
    let world = World::new(shared()?, "newer", 1);
    world.fill(0, 10, 1);
    let first = Running::start(world.options("0"), Counter { encoding: Some(2), ..counter(&world) });
    first.until_records(10);
    first.drain()?;
    let error = Running::start(world.options("0"), counter(&world)).ends().expect_err("the state is newer");
    assert_eq!(error.exit_code(), 5);
    assert!(error.to_string().contains("encoding 2"), "{error}");
    Ok(())
}
