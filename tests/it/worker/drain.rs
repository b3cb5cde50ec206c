//! Workers that are asked to end, at any time.

use std::thread;
use std::time::{Duration, Instant};

use dateline_tests::articles::{messages, records};
use dateline_tests::world::{Worker, World};
use dateline_tests::{Client, Cluster, Signal, ledger, log_law};
use libtest_mimic::Trial;

use super::trial;

const PARTITIONS: i32 = 6;
/// `kafka.drain_timeout`, and what starting and ending take on a busy machine.
const LIMIT: Duration = Duration::from_secs(15 + 10);

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("a_worker_asked_to_end_at_any_time_ends_in_order_and_in_time", any_time),
        trial("a_worker_asked_to_end_while_its_broker_stands_still_ends_in_time", broker_stopped),
    ]
}

fn end(worker: Worker) {
    let asked = Instant::now();
    worker.stop();
    assert!(asked.elapsed() < LIMIT, "{:?}", asked.elapsed());
}

/// While it starts, joins, restores, works: each time a little later, under load, beside a partner that takes over.
fn any_time() {
    const EACH: usize = 150;
    const TIMES: usize = 7;
    let world = World::with_topics("drain", PARTITIONS, &[("BATCH__MAX_RECORDS", "20")]);
    let sent = messages(61, EACH * (TIMES + 1));
    let mut partner = world.start("partner");
    partner.ready();
    for time in 0..=TIMES {
        let from = time * EACH;
        world.client.produce(&world.topic("news.articles"), records(&sent[from..from + EACH], from));
        if time < TIMES {
            let mut guest = world.start("guest");
            guest.says("starting");
            thread::sleep(Duration::from_millis(250 * time as u64));
            end(guest);
        }
    }
    world.until_done(&mut [&mut partner]);
    end(partner);
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}

/// Transactions are open, and nothing answers: what is open is settled by who comes next.
fn broker_stopped() {
    let mut cluster = Cluster::one().expect("a broker starts");
    assert!(!cluster.nodes().is_empty(), "a broker that is not ours can't be stopped: unset DATELINE_TEST_BROKERS");
    let settings = [("BATCH__MAX_RECORDS", "20")];
    let world = World::of(Client::new(cluster.brokers()), "drain-away", &settings).topics(PARTITIONS);
    let sent = messages(62, 400);
    let mut first = world.start("a");
    first.works("extract");
    world.client.produce(&world.topic("news.articles"), records(&sent, 0));
    cluster.nodes()[0].signal(Signal::Stop);
    thread::sleep(Duration::from_secs(1));
    end(first);
    cluster.nodes()[0].signal(Signal::Continue);
    let mut second = world.start("a");
    world.until_done(&mut [&mut second]);
    end(second);
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}
