//! One run: a cluster, workers, a load, faults one after the other, and the ledger.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use dateline_tests::articles::messages;
use dateline_tests::ledger::Facts;
use dateline_tests::world::{Progress, Worker, World};
use dateline_tests::{Client, Cluster, Network, Signal, log_law};

use crate::fault::{self, Fault, PARTITIONS, Random, WORKERS};
use crate::load::{Load, RATE};
use crate::report::Report;

/// The work must go on so soon after a fault.
const LIMIT: Duration = Duration::from_secs(60);
/// Rest between two faults, so that most of them meet a pipeline at work.
const REST: Duration = Duration::from_secs(3);

/// Quick sessions, so that an hour holds many faults; small transactions, so that there are many.
const SETTINGS: &[(&str, &str)] = &[
    ("BATCH__MAX_RECORDS", "20"),
    ("KAFKA__HEARTBEAT_INTERVAL", "500ms"),
    ("KAFKA__TRANSACTION_TIMEOUT", "4s"),
    ("KAFKA__SESSION_TIMEOUT", "6s"),
];

struct Run {
    began: Instant,
    cluster: Cluster,
    world: World,
    load: Load,
    extracted: Progress,
    workers: Vec<Worker>,
    random: Random,
    report: Report,
}

/// Runs; whether everything is accounted for.
pub(crate) fn run(time: Duration, seed: u64) -> anyhow::Result<bool> {
    let cluster = Cluster::three().context("three brokers")?;
    let settings: Vec<(&str, &str)> = SETTINGS.iter().copied().chain([("KAFKA__BROKERS", cluster.brokers())]).collect();
    let world = World::of(Client::new(cluster.direct()), "faults", &settings).topics(PARTITIONS);
    let all = Arc::new(messages(seed, RATE * (time.as_secs() as usize + 300)));
    let load = Load::start(world.client.clone(), world.topic("news.articles"), Arc::clone(&all));
    let extracted = world.progress("extract", "news.articles");
    let workers = (0..2).map(|n| world.start(&name(n))).collect();
    let (random, report) = (Random(seed), Report::default());
    let mut run = Run { began: Instant::now(), cluster, world, load, extracted, workers, random, report };
    run.wait_for_work("the start");
    while run.began.elapsed() < time && run.report.problems.len() < 5 {
        let fault = fault::next(&mut run.random);
        run.meet(fault)?;
        thread::sleep(REST);
        run.check_workers();
    }
    let Run { world, load, mut workers, mut report, began, cluster, .. } = run;
    let sent = load.stop()?;
    println!("\n{sent} articles were sent; the rest is worked off");
    let ended = catch_unwind(AssertUnwindSafe(|| {
        world.until_done(&mut workers.iter_mut().collect::<Vec<_>>());
        workers.into_iter().for_each(Worker::stop);
        let facts = Facts::read(&world);
        let differences = facts.differences(&all[..sent]);
        println!(
            "ledger: {} receipts, {} mentions, {} dead letters; {} differences",
            facts.receipts.len(),
            facts.mentions.len(),
            facts.letters.len(),
            differences.len()
        );
        let records = log_law::check(&world, PARTITIONS).len();
        println!("log law: {records} records are those of file mode, byte for byte");
        differences
    }));
    match ended {
        Ok(differences) => report.problems.extend(differences.into_iter().take(20)),
        Err(panic) => {
            let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            report.problem(began.elapsed(), words.unwrap_or("a check failed").to_owned());
        }
    }
    drop(cluster);
    Ok(report.print())
}

fn name(worker: usize) -> String {
    format!("w{worker}")
}

impl Run {
    fn say(&self, words: &str) {
        println!("{:>7.1} s  {words}", self.began.elapsed().as_secs_f64());
    }

    /// One fault, and the time until all that was sent before it (and until it was over) is extracted.
    fn meet(&mut self, fault: Fault) -> anyhow::Result<()> {
        self.say(&format!("{fault:?}"));
        match fault {
            Fault::Kill { worker } => {
                self.replace(worker, Worker::kill);
            }
            Fault::Drain { worker } => {
                self.replace(worker, Worker::stop);
            }
            Fault::Die { stage, point } => self.die(stage, point),
            Fault::Stop { worker, seconds } => {
                self.workers[worker].signal(Signal::Stop);
                thread::sleep(Duration::from_secs(seconds));
                self.workers[worker].signal(Signal::Continue);
            }
            Fault::JoinOrLeave => {
                if self.workers.len() < WORKERS && self.random.below(2) == 0 || self.workers.len() == 2 {
                    self.workers.push(self.world.start(&name(self.workers.len())));
                } else if let Some(worker) = self.workers.pop() {
                    worker.stop();
                }
            }
            Fault::SameId { worker } => self.same_id(worker),
            Fault::KillBroker { broker, seconds } => {
                self.cluster.nodes()[broker].kill();
                thread::sleep(Duration::from_secs(seconds));
                self.cluster.nodes()[broker].restart().context("a broker starts again")?;
            }
            Fault::StopBroker { broker, seconds } => {
                self.cluster.nodes()[broker].signal(Signal::Stop);
                thread::sleep(Duration::from_secs(seconds));
                self.cluster.nodes()[broker].signal(Signal::Continue);
            }
            Fault::Spoil { broker, network, seconds } => {
                self.cluster.network(broker, network);
                thread::sleep(Duration::from_secs(seconds));
                self.cluster.network(broker, Network::Whole);
            }
        }
        let time = self.wait_for_work(&fault.kind());
        self.say(&format!("  over it after {:.1} s", time.as_secs_f64()));
        self.report.recovered(fault.kind(), time);
        Ok(())
    }

    /// Ends a worker and starts it again.
    fn replace(&mut self, worker: usize, end: impl FnOnce(Worker)) {
        end(self.workers.remove(worker));
        let again = self.world.start(&name(worker));
        self.workers.insert(worker, again);
    }

    /// A worker beside the others dies at a point, if it gets there in time.
    fn die(&mut self, stage: &str, point: &str) {
        let nth = 1 + self.random.below(if point == "InRestore" { 50 } else { 5 });
        let fail_point = format!("{stage}/{point}/{nth}");
        let mut dying = self.world.start_with("dying", &[("FAIL_POINT", &fail_point)]);
        let end = Instant::now() + LIMIT;
        while !dying.ended() && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
        }
        if !dying.ended() {
            self.say("  it did not get there, and is killed");
            return dying.kill();
        }
        let log = dying.log();
        if !log.contains("fail point: the process ends here") {
            let words = format!("the worker that was to die at {fail_point} ended by itself:\n{}", tail(&log));
            self.report.problem(self.began.elapsed(), words);
        }
    }

    /// One of the two ends with code 4, the other goes on under the name.
    fn same_id(&mut self, worker: usize) {
        let mut second = self.world.start(&name(worker));
        let end = Instant::now() + LIMIT;
        while Instant::now() < end {
            let first_ended = self.workers[worker].ended();
            if first_ended || second.ended() {
                let mut ended = if first_ended { std::mem::replace(&mut self.workers[worker], second) } else { second };
                let code = ended.code();
                if code != 4 {
                    let words = format!("one of two with an id ended with code {code}:\n{}", tail(&ended.log()));
                    self.report.problem(self.began.elapsed(), words);
                }
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        self.report.problem(self.began.elapsed(), format!("two workers with the id of {} both go on", name(worker)));
        second.kill();
    }

    /// Waits until everything that was sent up to now is extracted and committed.
    fn wait_for_work(&mut self, after: &str) -> Duration {
        let began = Instant::now();
        let wanted = self.load.sent();
        loop {
            let done = self.extracted.count(PARTITIONS);
            if done >= wanted {
                return began.elapsed();
            }
            if began.elapsed() > LIMIT {
                let words = format!("{} s after {after} {done} of {wanted} articles are done", LIMIT.as_secs());
                self.report.problem(self.began.elapsed(), words);
                return began.elapsed();
            }
            thread::sleep(Duration::from_millis(100));
        }
    }

    /// No worker ends by itself.
    fn check_workers(&mut self) {
        for index in 0..self.workers.len() {
            if self.workers[index].ended() {
                let code = self.workers[index].code();
                let words =
                    format!("worker {} ended with code {code}:\n{}", name(index), tail(&self.workers[index].log()));
                self.report.problem(self.began.elapsed(), words);
                self.workers[index] = self.world.start(&name(index));
            }
        }
    }
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
