//! The worker's own program on the real broker: every article is accounted for, and the records are those of file mode.

mod bad_input;
mod brokers;
mod damage;
mod dead_letters;
mod drain;
mod equal;
mod killed;
mod rebalance;
mod restart;
mod restored;
mod service;
mod terminal;
mod two_workers;
mod zombie;

use dateline_tests::needs_broker;
use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    [
        two_workers::tests(),
        restart::tests(),
        killed::tests(),
        zombie::tests(),
        rebalance::tests(),
        damage::tests(),
        drain::tests(),
        brokers::tests(),
        restored::tests(),
        equal::tests(),
        bad_input::tests(),
        service::tests(),
        dead_letters::tests(),
        terminal::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A test on the real broker that fails by panicking.
fn trial(name: &str, test: fn()) -> Trial {
    needs_broker(format!("worker::{name}"), move || {
        test();
        Ok(())
    })
}
