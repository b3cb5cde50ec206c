//! Three brokers, one of them dead, stopped or out of reach at a time: the work goes on.

use std::time::{Duration, Instant};

use dateline_tests::articles::{Sent, messages, records};
use dateline_tests::world::{Worker, World, until};
use dateline_tests::{Client, Cluster, Network, Signal, ledger, log_law};
use libtest_mimic::Trial;

use super::trial;

const PARTITIONS: i32 = 6;
const EACH: usize = 80;

pub(super) fn tests() -> Vec<Trial> {
    vec![
        trial("a_dead_broker_of_three_does_not_stop_the_work", dead),
        trial("a_broker_of_three_that_stands_still_does_not_stop_the_work", stopped),
        trial("a_broker_of_three_out_of_reach_does_not_stop_the_work", unreachable),
    ]
}

/// A cluster with a worker on it, and what it was sent.
struct Site {
    // In this order they are dropped: the worker's last words lie in the folder of the world.
    worker: Worker,
    world: World,
    cluster: Cluster,
    sent: Vec<Sent>,
    done: usize,
}

impl Site {
    fn new(name: &str, seed: u64) -> Self {
        let cluster = Cluster::three().expect("three brokers start");
        let settings = [("KAFKA__BROKERS", cluster.brokers()), ("BATCH__MAX_RECORDS", "20")];
        let world = World::of(Client::new(cluster.direct()), name, &settings).topics(PARTITIONS);
        let sent = messages(seed, EACH * 16);
        let mut worker = world.start("a");
        worker.ready();
        let mut site = Self { cluster, world, worker, sent, done: 0 };
        site.work("at the start");
        site
    }

    fn send(&mut self) {
        let (from, to) = (self.done, self.done + EACH);
        self.world.client.produce(&self.world.topic("news.articles"), records(&self.sent[from..to], from));
        self.done = to;
    }

    /// What is sent now is done within a minute; a worker that ends is a failure.
    fn work(&mut self, when: &str) {
        self.send();
        let began = Instant::now();
        let progress = self.world.progress("extract", "news.articles");
        until(&format!("work goes on {when}"), &mut [&mut self.worker], || {
            let done = progress.count(PARTITIONS);
            if done >= self.done { Ok(()) } else { Err(format!("{done} of {} articles", self.done)) }
        });
        assert!(began.elapsed() < Duration::from_secs(60), "{when}: {:?}", began.elapsed());
    }

    fn end(mut self) {
        self.world.until_done(&mut [&mut self.worker]);
        self.worker.stop();
        let sent = &self.sent[..self.done];
        ledger::check(&self.world, sent);
        log_law::check(&self.world, PARTITIONS);
    }
}

fn dead() {
    let mut site = Site::new("dead", 51);
    for node in 0..3 {
        site.send();
        site.cluster.nodes()[node].kill();
        site.work(&format!("without broker {node}"));
        site.cluster.nodes()[node].restart().expect("it starts again");
        site.work(&format!("with broker {node} again"));
    }
    site.end();
}

fn stopped() {
    let mut site = Site::new("stopped", 52);
    for node in 0..3 {
        site.send();
        site.cluster.nodes()[node].signal(Signal::Stop);
        site.work(&format!("while broker {node} stands still"));
        site.cluster.nodes()[node].signal(Signal::Continue);
        site.work(&format!("with broker {node} again"));
    }
    site.end();
}

/// The brokers see each other all the time, so they do not elect others: the client has to wait until it gets through.
fn unreachable() {
    let mut site = Site::new("unreachable", 53);
    for (node, network) in [(0, Network::Cut), (1, Network::Dead), (2, Network::Slow)] {
        site.send();
        site.cluster.network(node, network);
        std::thread::sleep(Duration::from_secs(12));
        assert!(!site.worker.ended(), "{network:?}: {}", site.worker.log());
        site.cluster.network(node, Network::Whole);
        site.work(&format!("after broker {node} was {network:?}"));
    }
    site.end();
}
