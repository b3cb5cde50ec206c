//! Records pass once, in order, whole; poison goes aside.

use std::time::Duration;

use dateline_kafka::{BatchLimits, Target};
use dateline_tests::{Record, needs_broker, shared};
use libtest_mimic::{Failed, Trial};

use super::support::{PassThrough, Running, World, number, pass_through, text};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        needs_broker("runner::every_record_passes_once_and_in_order", every_record_passes_once_and_in_order),
        needs_broker("runner::a_restart_in_the_middle_loses_and_repeats_nothing", restart_in_the_middle),
        needs_broker("runner::a_batch_whose_stage_failed_is_read_again", a_failed_batch_is_read_again),
        needs_broker("runner::poison_goes_to_the_dlq_as_it_came_and_the_rest_goes_on", poison),
        needs_broker("runner::two_instances_share_partitions_and_one_takes_over", two_instances),
        needs_broker("runner::a_record_for_every_partition_arrives_in_each", every_partition),
        needs_broker("runner::lag_counts_from_the_last_commit_to_the_stable_end", lag),
    ]
}

fn every_record_passes_once_and_in_order() -> Result<(), Failed> {
    let world = World::new(shared()?, "happy", 4);
    world.fill(0, 2_000, 4);
    let headers = vec![("trace".to_owned(), vec![0, 255])];
    let odd = Record { headers, timestamp_ms: Some(1_700_000_000_123), ..Record::new([0xff], [0xfe]).to(3) };
    world.client.produce(&world.input, [odd]);
    let running = Running::start(world.options("0"), pass_through(&world));
    running.until_records(2_001);
    assert!(running.handle.is_ready());
    let ended = running.drain()?;
    assert_eq!(ended.records, 2_001);

    let out = world.client.read(&world.output);
    let marked = out.iter().find(|record| !record.headers.is_empty()).expect("the record with headers");
    assert_eq!(marked.key.as_deref(), Some(&[0xff][..]));
    assert_eq!(marked.value.as_deref(), Some(&[0xfe][..]));
    assert_eq!(marked.headers[0].value.as_deref(), Some(&[0, 255][..]));
    assert_eq!(marked.timestamp_ms, 1_700_000_000_123);
    for partition in 0..4 {
        let numbers: Vec<usize> =
            out.iter().filter(|r| r.partition == partition && r.headers.is_empty()).map(number).collect();
        let expected: Vec<usize> = (0..2_000).filter(|i| i % 4 == partition as usize).collect();
        assert_eq!(numbers, expected, "partition {partition}");
    }
    Ok(())
}

fn restart_in_the_middle() -> Result<(), Failed> {
    let world = World::new(shared()?, "restart", 3);
    world.fill(0, 3_000, 3);
    let slow = PassThrough { each: Duration::from_micros(300), ..pass_through(&world) };
    let first = Running::start(world.options("0"), slow.clone());
    first.until_records(500);
    let ended = first.drain()?;
    assert!(ended.records < 3_000, "it was to be stopped in the middle");
    let second = Running::start(world.options("0"), slow);
    second.until_records(3_000 - ended.records as usize);
    second.drain()?;
    assert_eq!(world.numbers(), (0..3_000).collect::<Vec<_>>());
    Ok(())
}

fn a_failed_batch_is_read_again() -> Result<(), Failed> {
    let world = World::new(shared()?, "failing", 1);
    world.fill(0, 1_000, 1);
    let mut options = world.options("0");
    options.batch = BatchLimits { records: 100, ..BatchLimits::default() };
    let failing = PassThrough { fail_at: Some("750"), ..pass_through(&world) };
    let error = Running::start(options.clone(), failing).ends().expect_err("the stage fails");
    assert_eq!(error.exit_code(), 1);
    assert!(error.to_string().contains("cannot go on at 750"), "{error}");
    let before = world.numbers();
    assert_eq!(before, (0..before.len()).collect::<Vec<_>>());
    assert!((100..=750).contains(&before.len()), "{}", before.len());

    let second = Running::start(options, pass_through(&world));
    second.until_records(1_000 - before.len());
    second.drain()?;
    assert_eq!(world.numbers(), (0..1_000).collect::<Vec<_>>());
    Ok(())
}

fn poison() -> Result<(), Failed> {
    let world = World::new(shared()?, "poison", 2);
    world.fill(0, 300, 2);
    let bad = Record {
        headers: vec![("source".to_owned(), b"wire".to_vec())],
        ..Record::new([0xff, 0xfe], b"bad \xff\x00 bytes".to_vec()).to(1)
    };
    let large = Record::new("large", vec![b'x'; 3 << 20]).to(0);
    world.client.produce(&world.input, [bad, large]);
    world.fill(300, 300, 2);

    let stage = PassThrough { receipts: Some(world.receipts.clone()), ..pass_through(&world) };
    let running = Running::start(world.options("0"), stage);
    running.until_records(602);
    assert!(running.heard.has("poison bad 1@150"), "{:?}", running.heard.all());
    running.drain()?;

    assert_eq!(world.numbers(), (0..600).collect::<Vec<_>>());
    assert_eq!(world.client.read(&world.receipts).len(), 602, "one receipt a record, the refused one too");
    let letters = world.client.read(&world.dlq);
    assert_eq!(letters.len(), 2);
    let header = |index: usize, name: &str| {
        let found = letters[index].headers.iter().find(|header| header.name == name);
        text(found.unwrap_or_else(|| panic!("no header {name}")).value.as_deref())
    };
    let (bad, large) = if letters[0].value.as_ref().is_some_and(|v| v.len() < 100) { (0, 1) } else { (1, 0) };
    assert_eq!(letters[bad].value.as_deref(), Some(&b"bad \xff\x00 bytes"[..]));
    assert_eq!(letters[bad].key.as_deref(), Some(&[0xff, 0xfe][..]));
    assert_eq!(header(bad, "source"), "wire");
    assert_eq!(header(bad, "dateline.error.class"), "bad");
    assert_eq!(header(bad, "__connect.errors.topic"), world.input);
    assert_eq!(header(bad, "__connect.errors.partition"), "1");
    assert_eq!(header(bad, "__connect.errors.offset"), "150");
    assert_eq!(header(large, "dateline.error.class"), "too_large");
    assert_eq!(header(large, "dateline.value.length"), (3 << 20).to_string());
    let kept = letters[large].value.as_ref().map_or(0, Vec::len);
    assert!((1_000_000..1_048_588).contains(&kept), "cut to what the topic takes: {kept}");
    Ok(())
}

fn two_instances() -> Result<(), Failed> {
    let world = World::new(shared()?, "share", 6);
    let slow = PassThrough { each: Duration::from_micros(200), ..pass_through(&world) };
    let first = Running::start(world.options("0"), slow.clone());
    world.fill(0, 3_000, 6);
    first.until_records(200);
    let second = Running::start(world.options("1"), slow);
    second.until("the second has its share", |running| running.handle.status().committed.len() == 3);
    world.fill(3_000, 3_000, 6);
    second.until_records(500);
    first.drain()?;
    second.until("the second has all", |running| running.handle.status().committed.len() == 6);
    world.fill(6_000, 600, 6);
    let ends: Vec<i64> = vec![1_100; 6];
    second.until("all is done", |running| {
        running.handle.status().committed.values().copied().collect::<Vec<_>>() == ends
    });
    second.drain()?;
    assert_eq!(world.numbers(), (0..6_600).collect::<Vec<_>>());
    Ok(())
}

fn every_partition() -> Result<(), Failed> {
    let world = World::new(shared()?, "every", 3);
    world.fill(0, 5, 1);
    let stage = PassThrough { to: Some(Target::Every), ..pass_through(&world) };
    let running = Running::start(world.options("0"), stage);
    running.until_records(5);
    running.drain()?;
    for partition in 0..3 {
        let out = world.client.read(&world.output);
        let numbers: Vec<usize> = out.iter().filter(|r| r.partition == partition).map(number).collect();
        assert_eq!(numbers, [0, 1, 2, 3, 4], "partition {partition}");
    }
    Ok(())
}

fn lag() -> Result<(), Failed> {
    let world = World::new(shared()?, "lag", 1);
    world.fill(0, 100, 1);
    let stage = PassThrough { slow_at: Some(("50", Duration::from_millis(2_500))), ..pass_through(&world) };
    let mut options = world.options("0");
    options.batch.records = 10;
    let running = Running::start(options, stage);
    running.until_records(100);
    running.until("lag is 0 at the end", |running| running.heard.has("lag 0 0 0"));
    let all = running.heard.all();
    // Told at the first poll after the slow batch: the offsets since that batch's commit.
    let before: Vec<i64> =
        all.iter().filter_map(|heard| heard.strip_prefix("lag 0 ")?.strip_suffix(" 0")?.parse().ok()).collect();
    assert!(before.iter().any(|lag| (1..=50).contains(lag)), "{all:?}");
    running.drain()?;
    Ok(())
}
