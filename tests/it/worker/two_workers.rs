//! Two workers share the work and nothing is lost or done twice.

use libtest_mimic::Trial;

use super::trial;
use dateline_tests::articles::{messages, records};
use dateline_tests::world::World;
use dateline_tests::{ledger, log_law};

const PARTITIONS: i32 = 12;

pub(super) fn tests() -> Vec<Trial> {
    vec![trial("two_workers_over_twelve_partitions_account_for_every_article_mention_and_poison", two_workers)]
}

fn two_workers() {
    let world = World::with_topics("two-workers", PARTITIONS, &[("BATCH__MAX_RECORDS", "100")]);
    let sent = messages(1, 2_000);
    world.client.produce(&world.topic("news.articles"), records(&sent[..600], 0));
    let (mut a, mut b) = (world.start("a"), world.start("b"));
    for worker in [&mut a, &mut b] {
        worker.ready();
    }
    world.client.produce(&world.topic("news.articles"), records(&sent[600..], 600));
    world.until_done(&mut [&mut a, &mut b]);
    for worker in [&mut a, &mut b] {
        let metrics = worker.metrics();
        for stage in ["extract", "resolve"] {
            let done = metrics.count(&format!("dateline_transactions_committed_total{{stage=\"{stage}\"}}"));
            assert!(done > 0, "both take part in {stage}");
        }
    }
    a.stop();
    b.stop();
    ledger::check(&world, &sent);
    log_law::check(&world, PARTITIONS);
}
