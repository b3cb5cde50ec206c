//! How fast mentions become records, what a contribution takes, and what the group that gets most costs.
//!
//! `cargo run --release -p dateline-resolve --example bench_resolve -- [LIVE] [MEASURED]`
//!
//! Fills a partition until LIVE contributions are kept, and says on the way what a mention costs; then measures.

mod world;

use std::time::Duration;

use dateline_resolve::{Partition, Settings};
use world::{Sent, World};

/// Messages that are made before they are applied, and committed together.
const BATCH: usize = 5_000;

fn first_numbers(path: &str) -> Vec<u64> {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().map_while(|n| n.parse().ok()).collect()
}

/// Bytes of memory that the process holds.
fn resident() -> u64 {
    first_numbers("/proc/self/statm").get(1).copied().unwrap_or(0) * 4096
}

/// Time that this thread had a core: what else runs on the machine does not count, but for the caches that it takes.
fn busy() -> Duration {
    let t = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(t.tv_sec.unsigned_abs(), t.tv_nsec as u32)
}

#[derive(Default)]
struct Measured {
    mentions: usize,
    busy: Duration,
    times: Vec<Duration>,
    hottest: Vec<Duration>,
    revisions: usize,
    changes: usize,
    /// Revisions are put together and written as JSON, too.
    renders: bool,
    json: usize,
}

impl Measured {
    fn run(&mut self, p: &mut Partition, batch: &[Sent]) {
        let from = busy();
        for (message, now, hottest) in batch {
            let began = busy();
            let decided = p.decide(message, *now);
            let took = busy().saturating_sub(began);
            self.times.push(took);
            if *hottest {
                self.hottest.push(took);
            }
            self.revisions += decided.drafts.len();
            self.changes += decided.changes.len();
            if self.renders {
                for draft in decided.drafts {
                    self.json += serde_json::to_vec(&p.render(draft).record).map_or(0, |json| json.len());
                }
            }
        }
        p.committed();
        self.busy += busy().saturating_sub(from);
        self.mentions += batch.len();
    }

    fn per_second(&self) -> f64 {
        self.mentions as f64 / self.busy.as_secs_f64().max(1e-9)
    }
}

fn quantiles(mut times: Vec<Duration>) -> String {
    times.sort_unstable();
    let at = |q: f64| times.get(((times.len().max(1) - 1) as f64 * q) as usize).copied().unwrap_or_default();
    format!("p50 {:?} p99 {:?} p99.9 {:?} max {:?} of {}", at(0.5), at(0.99), at(0.999), at(1.0), times.len())
}

fn main() {
    let arg = |n: usize, default: u64| std::env::args().nth(n).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (live, measured) = (arg(1, 1_000_000), arg(2, 100_000) as usize);
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| _ = std::io::Write::write_all(&mut out, (line + "\n").as_bytes());
    // Nothing retires within the first 85 days: they bring what is to be live.
    let mut world = World::new(live / 83);
    let mut p = Partition::new(Settings::default());
    let before = resident();
    let mut batch: Vec<Sent> = Vec::with_capacity(BATCH);
    let (mut step, mut next) = (Measured::default(), 10_000.min(live));
    while p.stats().contributions < live {
        batch.clear();
        batch.extend((0..BATCH).map(|_| world.message()));
        step.run(&mut p, &batch);
        if p.stats().contributions >= next {
            say(format!("{:>9} live: {:>8.0} mentions/s", p.stats().contributions, step.per_second()));
            (step, next) = (Measured::default(), (next * 2).min(live));
        }
    }
    batch.clear();
    let stats = p.stats();
    let held = resident().saturating_sub(before).saturating_sub(world.bytes() as u64);
    say(format!("{stats:?}"));
    say(format!("{} bytes a contribution", held / stats.contributions.max(1)));
    for renders in [false, true] {
        let mut all = Measured { renders, ..Measured::default() };
        while all.mentions < measured {
            batch.clear();
            batch.extend((0..BATCH).map(|_| world.message()));
            all.run(&mut p, &batch);
        }
        let (what, per_second) = (if renders { "with revisions as JSON" } else { "decided" }, all.per_second());
        say(format!("{what}: {per_second:.0} mentions/s"));
        say(format!(
            "  {} mentions, {} revisions of {} bytes in all, {} changelog records",
            all.mentions, all.revisions, all.json, all.changes
        ));
        if !renders {
            say(format!("  a mention: {}", quantiles(all.times)));
            say(format!("  a mention of the group that gets most: {}", quantiles(all.hottest)));
        }
    }
}
