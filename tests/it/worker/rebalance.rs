//! Workers that come and go under load.

use dateline_tests::articles::{messages, records};
use dateline_tests::world::{Worker, World};
use dateline_tests::{ledger, log_law};
use libtest_mimic::Trial;

use super::killed::QUICK;
use super::trial;

const PARTITIONS: i32 = 12;

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("workers_that_join_and_leave_under_load_lose_and_repeat_nothing_and_fence_nobody", both_roles),
        trial("stages_in_workers_of_their_own_come_and_go_under_load", apart),
    ]
}

fn both_roles() {
    come_and_go("churn", 31, &["all"]);
}

fn apart() {
    come_and_go("churn-apart", 32, &["extract", "resolve"]);
}

/// One worker of each role stays; others of the same role join and leave, up to two at a time.
fn come_and_go(name: &str, seed: u64, roles: &[&str]) {
    const EACH: usize = 250;
    const ROUNDS: usize = 4;
    // The usual session, so that a busy machine alone throws nobody out.
    let world = World::with_topics(name, PARTITIONS, &[QUICK[0]]);
    let sent = messages(seed, EACH * (ROUNDS + 1));
    let input = world.topic("news.articles");
    let start = |name: String, role: &str| world.start_with(&name, &[("DATELINE_ROLE", role)]);
    let mut stay: Vec<Worker> = roles.iter().map(|role| start(format!("stays-{role}"), role)).collect();
    stay.iter_mut().for_each(Worker::ready);
    let mut guests: Vec<Worker> = vec![];
    for round in 0..=ROUNDS {
        let from = round * EACH;
        world.client.produce(&input, records(&sent[from..from + EACH], from));
        if round < ROUNDS {
            let mut guest = start(format!("guest-{round}"), roles[round % roles.len()]);
            guest.ready();
            guests.push(guest);
        }
        if guests.len() > 2 || round == ROUNDS {
            guests.remove(0).stop();
        }
    }
    world.until_done(&mut stay.iter_mut().chain(&mut guests).collect::<Vec<_>>());
    for worker in stay.iter_mut().chain(&mut guests) {
        let fences = worker.metrics().sum("dateline_fences_total", &[]);
        assert_eq!(fences, 0, "a rebalance in order fences nobody:\n{}", worker.log());
    }
    stay.into_iter().chain(guests).for_each(Worker::stop);
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}
