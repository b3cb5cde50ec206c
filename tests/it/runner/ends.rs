//! Fencing and limits: who has to stop, stops.

use std::time::Duration;

use dateline_kafka::RunError;
use dateline_tests::{Client, Cluster, Record, Signal, needs_broker, shared};
use libtest_mimic::{Failed, Trial};

use super::support::{PassThrough, Running, World, pass_through};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        needs_broker("runner::a_second_instance_with_the_same_id_ends_the_first_with_exit_code_4", same_id),
        needs_broker("runner::a_member_that_was_thrown_out_commits_nothing_and_rejoins", thrown_out),
        needs_broker("runner::a_broker_that_goes_away_or_stands_still_is_waited_for", broker_away),
        needs_broker("runner::a_flood_of_poison_stops_the_stage_with_exit_code_3", flood),
        needs_broker("runner::three_bad_records_at_the_start_stop_nothing", three_bad),
        needs_broker("runner::an_output_that_its_topic_does_not_take_stops_the_stage", output_too_large),
    ]
}

fn same_id() -> Result<(), Failed> {
    let world = World::new(shared()?, "same-id", 2);
    world.fill(0, 200, 2);
    let first = Running::start(world.options("0"), pass_through(&world));
    first.until_records(200);
    let second = Running::start(world.options("0"), pass_through(&world));
    second.until("the second runs", |running| running.heard.has("Assigned"));
    world.fill(200, 400, 2);
    let error = first.ends().expect_err("its id was taken");
    assert_eq!(error.exit_code(), 4);
    assert!(matches!(error, RunError::IdTaken { .. }), "{error}");
    assert!(error.to_string().contains("--instance"), "{error}");
    second.until_records(400);
    second.drain()?;
    assert_eq!(world.numbers(), (0..600).collect::<Vec<_>>());
    Ok(())
}

fn thrown_out() -> Result<(), Failed> {
    let world = World::new(shared()?, "zombie", 2);
    world.fill(0, 100, 2);
    // Longer in one batch than max_poll: the client leaves the group, the partner takes over, and then the batch goes on.
    let sleepy = PassThrough { slow_at: Some(("77", Duration::from_secs(12))), ..pass_through(&world) };
    let first = Running::start(world.options("0"), sleepy);
    std::thread::sleep(Duration::from_secs(3));
    let second = Running::start(world.options("1"), pass_through(&world));
    second.until("the second has all", |running| running.handle.status().committed.len() == 2);
    second.until_records(100);
    first.until("the first knows", |running| running.heard.has("fenced Member") || running.heard.has("Lost"));
    // Records keep coming until the first has its share: what lies there before it is back, the second may take alone.
    let written = std::cell::Cell::new(100);
    first.until("the first works again", |running| {
        world.fill(written.get(), 20, 2);
        written.set(written.get() + 20);
        std::thread::sleep(Duration::from_millis(200));
        running.handle.status().records > 0
    });
    let done = |running: &Running| running.handle.status().records;
    second.until("all is done", |second| done(&first) + done(second) >= written.get() as u64);
    first.drain()?;
    second.drain()?;
    assert_eq!(world.numbers(), (0..written.get()).collect::<Vec<_>>());
    Ok(())
}

fn broker_away() -> Result<(), Failed> {
    let mut cluster = Cluster::one()?;
    if cluster.nodes().is_empty() {
        return Err("a broker that is not ours can't be stopped: unset DATELINE_TEST_BROKERS".into());
    }
    let world = World::new(Client::new(cluster.brokers()), "away", 2);
    let running = Running::start(world.options("0"), pass_through(&world));
    world.fill(0, 200, 2);
    running.until_records(200);

    // Idle, because kill -9 of an only broker can tear a transaction in Kafka itself: its markers are written after its commit
    // has been answered, and a restarted coordinator may drop them.
    std::thread::sleep(Duration::from_secs(3));
    cluster.nodes()[0].kill();
    std::thread::sleep(Duration::from_secs(3));
    assert!(running.handle.is_alive(Duration::from_secs(2)), "waiting is stepping");
    cluster.nodes()[0].restart()?;
    world.fill(200, 200, 2);
    running.until_records(400);

    // In the middle of work, longer than a transaction may take: the broker ends it itself when it goes on.
    let writer = {
        let world = world.clone();
        std::thread::spawn(move || {
            for part in 0..40 {
                world.fill(400 + part * 50, 50, 2);
                std::thread::sleep(Duration::from_millis(50));
            }
        })
    };
    running.until_records(800);
    cluster.nodes()[0].signal(Signal::Stop);
    std::thread::sleep(Duration::from_secs(5));
    cluster.nodes()[0].signal(Signal::Continue);
    writer.join().map_err(|_| "the writer failed")?;
    running.until_records(2_400);
    running.drain()?;
    assert_eq!(world.numbers(), (0..2_400).collect::<Vec<_>>());
    Ok(())
}

fn flood() -> Result<(), Failed> {
    let world = World::new(shared()?, "flood", 1);
    let mut options = world.options("0");
    options.dlq.max_consecutive = Some(200);
    world.client.produce(&world.input, (0..500).map(|i| Record::new("k", format!("bad {i}")).to(0)));
    let error = Running::start(options, pass_through(&world)).ends().expect_err("a flood");
    assert_eq!(error.exit_code(), 3);
    assert!(error.to_string().contains("200 records"), "{error}");
    assert!(world.client.read(&world.dlq).len() < 200, "the batch that tripped is not committed");
    Ok(())
}

fn three_bad() -> Result<(), Failed> {
    let world = World::new(shared()?, "three-bad", 1);
    world.client.produce(&world.input, (0..3).map(|i| Record::new("k", format!("bad {i}")).to(0)));
    world.fill(0, 100, 1);
    let running = Running::start(world.options("0"), pass_through(&world));
    running.until_records(103);
    running.drain()?;
    assert_eq!(world.client.read(&world.dlq).len(), 3);
    Ok(())
}

fn output_too_large() -> Result<(), Failed> {
    let world = World::new(shared()?, "large-out", 1);
    world.client.produce(&world.input, [Record::new("k", vec![b'x'; 1_500_000]).to(0)]);
    let error = Running::start(world.options("0"), pass_through(&world)).ends().expect_err("1 MB is the limit");
    assert_eq!(error.exit_code(), 1);
    let message = error.to_string();
    assert!(message.contains(&world.output) && message.contains("max.message.bytes"), "{message}");
    Ok(())
}
