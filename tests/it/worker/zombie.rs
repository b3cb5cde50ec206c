//! Workers that stand still for longer than their group waits, and then go on as if nothing had happened.

use std::collections::BTreeSet;

use dateline_tests::articles::{messages, records};
use dateline_tests::world::{Worker, World, until};
use dateline_tests::{Signal, ledger, log_law};
use libtest_mimic::Trial;

use super::killed::QUICK;
use super::trial;

const PARTITIONS: i32 = 6;

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("a_worker_that_stood_still_with_an_open_transaction_commits_nothing_and_rejoins", open_transaction),
        trial("a_worker_that_stands_still_three_times_rejoins_three_times", three_times),
    ]
}

/// It stops itself after its offsets were sent and before its commit. The partner takes over; then it goes on.
fn open_transaction() {
    const EACH: usize = 300;
    let world = World::with_topics("zombie", PARTITIONS, QUICK);
    let sent = messages(21, EACH * 3);
    let input = world.topic("news.articles");
    let send = |part: usize| {
        let from = part * EACH;
        world.client.produce(&input, records(&sent[from..from + EACH], from));
    };
    let mut zombie = world.start_with("zombie", &[("FAIL_POINT", "extract/AfterSendOffsets/3/stop")]);
    zombie.ready();
    send(0);
    zombie.says("fail point: the process stops here");
    let mut partner = world.start("partner");
    send(1);
    world.until_done(&mut [&mut partner]);
    let mentions = world.topic("dateline.mentions");
    let open: BTreeSet<(i32, i64)> = places(&world.client.read_uncommitted(&mentions));
    let committed = places(&world.client.read(&mentions));
    let aborted: Vec<_> = open.difference(&committed).copied().collect();
    assert!(!aborted.is_empty(), "its last batch lies in the topic");

    zombie.signal(Signal::Continue);
    // The broker ended its transaction long ago, which looks like a stall; the new member gets its share.
    zombie.says("kind=\"stalled\"");
    zombie.says("producer and consumer are made anew");
    zombie.works("extract");
    send(2);
    world.until_done(&mut [&mut zombie, &mut partner]);
    let committed = places(&world.client.read(&mentions));
    assert!(aborted.iter().all(|place| !committed.contains(place)), "what was aborted stays so");
    let metrics = zombie.metrics();
    assert!(metrics.count("dateline_fences_total{stage=\"extract\",kind=\"stalled\"}") >= 1);
    assert_eq!(metrics.sum("dateline_fences_total", &["id_taken"]), 0);
    zombie.stop();
    partner.stop();
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}

fn places(records: &[dateline_kafka::InputRecord]) -> BTreeSet<(i32, i64)> {
    records.iter().map(|record| (record.partition, record.offset)).collect()
}

/// Both of its stages, wherever they are, under load.
fn three_times() {
    const EACH: usize = 250;
    let world = World::with_topics("sleeper", PARTITIONS, QUICK);
    let sent = messages(22, EACH * 7);
    let input = world.topic("news.articles");
    let send = |part: usize| {
        let from = part * EACH;
        world.client.produce(&input, records(&sent[from..from + EACH], from));
    };
    let (mut sleeper, mut partner) = (world.start("sleeper"), world.start("partner"));
    partner.ready();
    sleeper.works("extract");
    let knows = |worker: &mut Worker| {
        let metrics = worker.metrics();
        metrics.sum("dateline_fences_total", &[]) + metrics.sum("dateline_rebalances_total", &["lost"])
    };
    for time in 0..3 {
        let before = knows(&mut sleeper);
        send(2 * time);
        sleeper.signal(Signal::Stop);
        send(2 * time + 1);
        // Longer than its session: the partner has to do all of it.
        world.until_done(&mut [&mut partner]);
        sleeper.signal(Signal::Continue);
        until("it knows that it was away", &mut [], || {
            let now = knows(&mut sleeper);
            if now > before { Ok(()) } else { Err(format!("{now} fences and losses, {before} before")) }
        });
        sleeper.works("extract");
        sleeper.works("resolve");
    }
    send(6);
    world.until_done(&mut [&mut sleeper, &mut partner]);
    sleeper.stop();
    partner.stop();
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}
