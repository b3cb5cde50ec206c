//! Workers that are stopped, started again and killed in the middle of the work.

use libtest_mimic::Trial;

use super::trial;
use dateline_tests::articles::{messages, records};
use dateline_tests::world::{World, until};
use dateline_tests::{ledger, log_law};

const PARTITIONS: i32 = 6;

pub(super) fn tests() -> Vec<Trial> {
    vec![trial("a_stop_a_restart_and_a_kill_in_the_middle_lose_and_repeat_nothing", in_the_middle)]
}

fn in_the_middle() {
    // Small transactions, so that there is a middle.
    let world = World::with_topics("restart", PARTITIONS, &[("BATCH__MAX_RECORDS", "25")]);
    let sent = messages(2, 1_500);
    let input = world.topic("news.articles");
    world.client.produce(&input, records(&sent[..700], 0));
    let progress = world.progress("extract", "news.articles");
    let at_least = |n: usize| {
        let done = progress.count(PARTITIONS);
        if done >= n { Ok(()) } else { Err(format!("{done} articles")) }
    };

    let mut first = world.start("a");
    until("a hundred articles are done", &mut [&mut first], || at_least(100));
    first.stop();
    let stopped = progress.count(PARTITIONS);
    assert!((100..700).contains(&stopped), "it was to be stopped in the middle, but {stopped} of 700 were done");

    let (mut a, mut b) = (world.start("a"), world.start("b"));
    for worker in [&mut a, &mut b] {
        worker.ready();
    }
    world.client.produce(&input, records(&sent[700..], 700));
    until("900 articles are done", &mut [&mut a, &mut b], || at_least(900));
    b.kill();
    let killed = progress.count(PARTITIONS);
    assert!(killed < 1_500, "it was to be killed in the middle");
    let mut b = world.start("b");
    world.until_done(&mut [&mut a, &mut b]);
    b.ready();
    a.stop();
    b.stop();
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}
