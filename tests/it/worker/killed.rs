//! Workers that die in the middle of a transaction, wherever that is.

use dateline_tests::articles::{Sent, messages, records};
use dateline_tests::world::{Worker, World, until};
use dateline_tests::{ledger, log_law};
use libtest_mimic::Trial;

use super::trial;

const PARTITIONS: i32 = 6;

/// Small transactions, so that there are many; a worker that was killed is missed soon.
pub(super) const QUICK: &[(&str, &str)] = &[
    ("BATCH__MAX_RECORDS", "20"),
    ("KAFKA__HEARTBEAT_INTERVAL", "500ms"),
    ("KAFKA__TRANSACTION_TIMEOUT", "3s"),
    ("KAFKA__SESSION_TIMEOUT", "4s"),
];

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("a_worker_that_dies_at_any_step_of_extract_s_transaction_loses_and_repeats_nothing", extract),
        trial("a_worker_that_dies_at_any_step_of_resolve_s_transaction_loses_and_repeats_nothing", resolve),
        trial("workers_killed_at_random_under_load_lose_and_repeat_nothing", random),
    ]
}

fn extract() {
    at_points(
        "die-extract",
        11,
        &["BeforeEvery/2", "AfterProduce/3", "AfterSendOffsets/3", "AfterCommit/3"],
        "extract",
    );
}

fn resolve() {
    at_points("die-resolve", 12, &["AfterProduce/3", "AfterSendOffsets/3", "AfterCommit/3", "InRestore/20"], "resolve");
}

/// One worker works all the time; beside it another one dies at each point in turn, and is started again.
fn at_points(name: &str, seed: u64, points: &[&str], stage: &str) {
    const EACH: usize = 250;
    let world = World::with_topics(name, PARTITIONS, QUICK);
    let sent = messages(seed, EACH * (points.len() + 1));
    let input = world.topic("news.articles");
    let send = |part: usize| {
        let from = part * EACH;
        world.client.produce(&input, records(&sent[from..from + EACH], from));
    };
    send(0);
    let mut partner = world.start("partner");
    partner.ready();
    for (i, point) in points.iter().enumerate() {
        let fail_point = format!("{stage}/{point}");
        let mut dying = world.start_with("dying", &[("FAIL_POINT", &fail_point)]);
        if !point.starts_with("InRestore") {
            dying.works(stage);
        }
        send(i + 1);
        assert_eq!(dying.code(), 134, "{fail_point}");
        assert!(dying.log().contains("fail point: the process ends here"), "{fail_point}:\n{}", dying.log());
    }
    let mut again = world.start("dying");
    world.until_done(&mut [&mut partner, &mut again]);
    partner.stop();
    again.stop();
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}

fn random() {
    const KILLS: usize = 6;
    const EACH: usize = 300;
    let world = World::with_topics("kills", PARTITIONS, QUICK);
    let sent = messages(13, EACH * (KILLS + 1));
    let progress = world.progress("extract", "news.articles");
    let mut workers = [Some(world.start("a")), Some(world.start("b"))];
    for kill in 0..=KILLS {
        let part: &[Sent] = &sent[kill * EACH..(kill + 1) * EACH];
        world.client.produce(&world.topic("news.articles"), records(part, kill * EACH));
        if kill == KILLS {
            break;
        }
        // Somewhere in the middle of this part, another place each time.
        let enough = kill * EACH + 40 * (kill + 1);
        let mut running: Vec<_> = workers.iter_mut().flatten().collect();
        until(&format!("{enough} articles are done"), &mut running, || {
            let done = progress.count(PARTITIONS);
            if done >= enough { Ok(()) } else { Err(format!("{done} articles")) }
        });
        let (at, name) = (kill % 2, ["a", "b"][kill % 2]);
        workers[at].take().expect("it runs").kill();
        workers[at] = Some(world.start(name));
    }
    world.until_done(&mut workers.iter_mut().flatten().collect::<Vec<_>>());
    workers.into_iter().flatten().for_each(Worker::stop);
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}
