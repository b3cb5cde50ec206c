//! Where a stage starts, and when it refuses to.

use dateline_kafka::embedded::Embedded;
use dateline_kafka::{Broker, Options, StartFrom};
use dateline_tests::{Client, needs_broker, shared};
use libtest_mimic::{Failed, Trial};

use super::support::{Running, World, counter, pass_through};

pub(super) fn tests() -> Vec<Trial> {
    vec![
        needs_broker("runner::offsets_that_are_gone_stop_the_stage_until_it_is_told_where_to_start", offsets_gone),
        needs_broker("runner::input_that_is_gone_stops_the_stage_until_the_loss_is_accepted", input_gone),
        needs_broker(
            "runner::an_input_that_was_created_anew_stops_the_stage_until_it_is_told_where_to_start",
            input_recreated,
        ),
        needs_broker("runner::a_group_told_to_start_at_the_end_does_so_with_all_partitions", latest_for_all),
        needs_broker("runner::a_topic_that_is_missing_is_named", topic_missing),
        Trial::test("runner::a_broker_that_never_answers_ends_the_start", || {
            unreachable();
            Ok(())
        }),
        Trial::test("runner::the_embedded_broker_serves_both_kinds_of_stages", embedded),
    ]
}

fn offsets_gone() -> Result<(), Failed> {
    let world = World::new(shared()?, "offsets", 2);
    world.fill(0, 50, 2);
    let first = Running::start(world.options("0"), pass_through(&world));
    first.until_records(50);
    first.drain()?;
    world.client.delete_group(&world.app);
    let error = Running::start(world.options("0"), pass_through(&world)).ends().expect_err("it can't know");
    assert_eq!(error.exit_code(), 6);
    let message = error.to_string();
    assert!(message.contains("--from earliest") && message.contains("--from latest"), "{message}");

    let told = Options { from: Some(StartFrom::Latest), ..world.options("0") };
    let second = Running::start(told, pass_through(&world));
    second.until("ready", |running| running.handle.is_ready());
    world.fill(50, 20, 2);
    second.until_records(20);
    second.drain()?;
    assert_eq!(world.numbers(), (0..70).collect::<Vec<_>>());
    Ok(())
}

fn input_gone() -> Result<(), Failed> {
    let world = World::new(shared()?, "cut", 1);
    world.fill(0, 10, 1);
    let first = Running::start(world.options("0"), pass_through(&world));
    first.until_records(10);
    first.drain()?;
    world.fill(10, 30, 1);
    world.client.delete_records(&world.input, 0, 25);

    let error = Running::start(world.options("0"), pass_through(&world)).ends().expect_err("15 records are gone");
    assert_eq!(error.exit_code(), 6);
    let message = error.to_string();
    assert!(message.contains("15 records") && message.contains("--accept-loss"), "{message}");

    let accepted = Options { accept_loss: true, ..world.options("0") };
    let second = Running::start(accepted, pass_through(&world));
    second.until_records(15);
    second.drain()?;
    assert_eq!(world.numbers(), (0..10).chain(25..40).collect::<Vec<_>>());
    Ok(())
}

/// The broker forgets the group's offsets with the topic.
fn input_recreated() -> Result<(), Failed> {
    let world = World::new(shared()?, "anew", 1);
    world.fill(0, 40, 1);
    let first = Running::start(world.options("0"), pass_through(&world));
    first.until_records(40);
    first.drain()?;
    world.client.recreate(&world.specs(1)[0]);
    world.fill(40, 10, 1);
    let error = Running::start(world.options("0"), pass_through(&world)).ends().expect_err("it can't know");
    assert_eq!(error.exit_code(), 6);
    let message = error.to_string();
    assert!(message.contains("no committed offset") && message.contains("--from earliest"), "{message}");
    let told = Options { from: Some(StartFrom::Earliest), ..world.options("0") };
    let second = Running::start(told, pass_through(&world));
    second.until_records(10);
    second.drain()?;
    assert_eq!(world.numbers(), (0..50).collect::<Vec<_>>());
    Ok(())
}

/// The second instance comes when the first has committed where its own partitions start: it must not take the others for new
/// ones, which start at the beginning.
fn latest_for_all() -> Result<(), Failed> {
    let world = World::new(shared()?, "latest", 4);
    world.fill(0, 40, 4);
    let told = |instance: &str| Options { from: Some(StartFrom::Latest), ..world.options(instance) };
    let first = Running::start(told("0"), pass_through(&world));
    let second = Running::start(told("1"), pass_through(&world));
    first.until("the first has its share", |running| running.handle.status().committed.len() == 2);
    second.until("the second has its share", |running| running.handle.status().committed.len() == 2);
    world.fill(40, 40, 4);
    first.until_records(20);
    second.until_records(20);
    first.drain()?;
    second.drain()?;
    assert_eq!(world.numbers(), (40..80).collect::<Vec<_>>());
    Ok(())
}

fn topic_missing() -> Result<(), Failed> {
    let world = World::new(shared()?, "missing", 1);
    let mut options = world.options("0");
    options.output_topics.push("no-such-topic".to_owned());
    let error = Running::start(options, pass_through(&world)).ends().expect_err("there is no such topic");
    assert_eq!(error.exit_code(), 1);
    assert!(error.to_string().contains("no-such-topic"), "{error}");
    Ok(())
}

fn unreachable() {
    let mut options = Options::new("127.0.0.1:1", "g", "t", "in", "dlq");
    options.timeouts.startup = std::time::Duration::from_secs(2);
    let stage = super::support::PassThrough::default();
    let error = Running::start(options, stage).ends().expect_err("nobody is there");
    assert_eq!(error.exit_code(), 1);
    let message = error.to_string();
    assert!(message.contains("127.0.0.1:1") && message.contains("2 s"), "{message}");
}

fn embedded() -> Result<(), Failed> {
    let names = World {
        client: Client::new(""),
        app: "app".into(),
        input: "in".into(),
        output: "out".into(),
        receipts: "receipts".into(),
        dlq: "dlq".into(),
        changelog: "state".into(),
    };
    let broker = Embedded::start(&names.specs(3))?;
    let world = World { client: Client::new(broker.brokers()), ..names };
    let options = |instance: &str| Options { broker: Broker::Embedded, ..world.options(instance) };
    world.fill(0, 300, 3);
    let first = Running::start(options("0"), counter(&world));
    first.until_records(300);
    let ended = first.drain()?;
    assert_eq!(ended.records, 300);
    world.fill(300, 300, 3);
    let second = Running::start(options("0"), counter(&world));
    second.until_records(300);
    second.drain()?;
    assert_eq!(world.client.read(&world.output).len(), 600);
    Ok(())
}
