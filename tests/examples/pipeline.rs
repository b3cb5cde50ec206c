//! The whole worker beside a bare transactional copy of the same articles: one broker, one run.
//!
//! ```sh
//! cargo build --release && cargo run --release -p dateline-tests --example pipeline -- target/release/dateline [ARTICLES]
//! ```
//! Throughput: from the first receipt to the last record, over articles that wait; the copy works in the same batches of at
//! most 1,000. Latency, at 500 articles a second for 20 seconds: append of an article to the commit of its record, from the
//! worker's own histogram, beside two chained bare copies of the same articles.

mod bare;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use bare::{Load, bare_copy};
use dateline_tests::{Client, Cluster, Record, unique};

const PARTITIONS: i32 = 12;
const RATE: u64 = 500;
const SECONDS: u64 = 20;

/// The worker ends with this program.
struct Worker(Child);

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[expect(clippy::print_stdout, reason = "a program that prints figures")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().ok_or("name the worker: target/release/dateline")?;
    let articles: usize = arguments.next().map_or(Ok(20_000), |n| n.parse())?;
    let texts: Vec<serde_json::Value> =
        include_str!("../data/articles.jsonl").lines().map(serde_json::from_str).collect::<Result<_, _>>()?;

    let cluster = Cluster::one()?;
    let client = Client::new(cluster.brokers());
    let prefix = unique("pipeline");
    let command = |arguments: &[&str]| {
        let mut command = Command::new(&program);
        command.args(arguments).env("DATELINE_KAFKA__BROKERS", cluster.brokers()).env("DATELINE_APP", &prefix);
        command.env("DATELINE_TOPICS__PREFIX", format!("{prefix}.")).env("DATELINE_RECEIPTS", "on");
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let made = command(&["topics", "create", "--partitions", &PARTITIONS.to_string()]).status()?;
    if !made.success() {
        return Err("topics create failed".into());
    }
    let topic = |name: &str| format!("{prefix}.{name}");
    let article = |i: usize| {
        let mut text = texts[i % texts.len()].clone();
        let id = format!("{prefix}-{i}");
        text["id"] = id.clone().into();
        Record::new(id, text.to_string()).to((i % PARTITIONS as usize) as i32)
    };
    client.produce(&topic("news.articles"), (0..articles).map(article));

    let load = Load {
        client: Client::new(cluster.brokers()),
        input: topic("news.articles"),
        output: String::new(),
        records: articles,
        batch: 1_000,
        partitions: PARTITIONS,
    };
    let copy = bare_copy(&load.to("bare-out"))?;
    let copied = articles as f64 / copy.elapsed.as_secs_f64();

    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let admin = format!("127.0.0.1:{port}");
    let _worker = Worker(command(&["run", "--instance", "bench", "--admin", &admin]).spawn()?);
    until(Duration::from_secs(600), || client.read(&topic("dateline.receipts")).len() >= articles)?;
    settled(&client, &topic("news.visits"))?;
    let times = |name: &str| client.read(&topic(name)).iter().map(|r| r.timestamp_ms).collect::<Vec<_>>();
    let (receipts, visits) = (times("dateline.receipts"), times("news.visits"));
    let first = receipts.iter().min().ok_or("no receipt")?;
    let last = receipts.iter().chain(&visits).max().ok_or("no record")?;
    let worked = articles as f64 / ((last - first).max(1) as f64 / 1e3);
    println!("{articles} articles, {PARTITIONS} partitions, at most 1,000 a batch, receipts on");
    let mut commits = copy.commits;
    commits.sort_unstable();
    let commit = commits.get(commits.len() * 95 / 100).map_or(0.0, |c| c.as_secs_f64() * 1e3);
    let cpu = copy.cpu.as_secs_f64() * 1e6 / articles as f64;
    println!(
        "bare copy {copied:>8.0} articles/s, {cpu:.1} us CPU an article, a batch to its commit p95 {commit:.0} ms"
    );
    println!("dateline  {worked:>8.0} articles/s, {:.3} of the copy's", worked / copied);

    let (p50, p95) = chained(&load, &article)?;
    println!("two chained bare copies at {RATE} articles/s: append to commit p50 {p50:.0} ms, p95 {p95:.0} ms");

    let before = buckets(&admin)?;
    steadily(&client, &topic("news.articles"), articles, &article);
    settled(&client, &topic("news.visits"))?;
    let after = buckets(&admin)?;
    let (p50, p95) = (quantile(&before, &after, 0.5), quantile(&before, &after, 0.95));
    println!("append to committed record at {RATE} articles/s: p50 {p50:.0} ms, p95 {p95:.0} ms");
    Ok(())
}

/// Appends articles at a steady rate.
fn steadily(client: &Client, topic: &str, first: usize, article: &impl Fn(usize) -> Record) {
    let (sender, start, share) = (client.sender(), Instant::now(), RATE / 10);
    for tenth in 0..SECONDS * 10 {
        let from = first + (tenth * share) as usize;
        sender.produce(topic, (from..from + share as usize).map(article));
        let due = Duration::from_millis((tenth + 1) * 100);
        std::thread::sleep(due.saturating_sub(start.elapsed()));
    }
}

/// Milliseconds from the append of an article to the commit of the copy of its copy: p50 and p95.
fn chained(load: &Load, article: &impl Fn(usize) -> Record) -> Result<(f64, f64), Box<dyn Error>> {
    let records = (RATE * SECONDS) as usize;
    let first = load.to("chain-in");
    let second = Load { input: first.output, records, ..load.to("chain-middle") };
    let third = Load { input: second.output.clone(), records, ..load.to("chain-out") };
    let copies: Vec<_> = [second.clone(), third]
        .into_iter()
        .map(|load| std::thread::spawn(move || bare_copy(&load).map_err(|error| error.to_string())))
        .collect();
    // Both have joined their groups by then.
    std::thread::sleep(Duration::from_secs(8));
    steadily(&load.client, &second.input, 0, article);
    let mut ages = Vec::new();
    for copy in copies {
        ages = copy.join().map_err(|_| "a copy panicked")??.ages;
    }
    ages.sort_unstable();
    let at = |share: usize| ages.get(ages.len() * share / 100).map_or(0.0, |age| *age as f64);
    Ok((at(50), at(95)))
}

fn until(limit: Duration, done: impl Fn() -> bool) -> Result<(), Box<dyn Error>> {
    let end = Instant::now() + limit;
    while !done() {
        if Instant::now() > end {
            return Err("the worker did not come to its end in time".into());
        }
        std::thread::sleep(Duration::from_millis(500));
    }
    Ok(())
}

/// Waits until a topic has not grown for three seconds.
fn settled(client: &Client, topic: &str) -> Result<(), Box<dyn Error>> {
    let last = std::cell::Cell::new((usize::MAX, Instant::now()));
    until(Duration::from_secs(600), || {
        let n = client.read(topic).len();
        if n != last.get().0 {
            last.set((n, Instant::now()));
        }
        last.get().1.elapsed() > Duration::from_secs(3)
    })
}

/// Upper bounds in microseconds and cumulative counts of the resolve stage's latency histogram.
fn buckets(admin: &str) -> Result<BTreeMap<u64, f64>, Box<dyn Error>> {
    let mut stream = TcpStream::connect(admin)?;
    write!(stream, "GET /metrics HTTP/1.1\r\nHost: {admin}\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    let mut out = BTreeMap::new();
    for line in
        text.lines().filter(|l| l.starts_with("dateline_append_to_commit_seconds_bucket") && l.contains("resolve"))
    {
        let bound = line.split("le=\"").nth(1).and_then(|t| t.split('"').next()).and_then(|t| t.parse::<f64>().ok());
        let count = line.rsplit(' ').next().and_then(|t| t.parse::<f64>().ok());
        if let (Some(bound), Some(count)) = (bound.filter(|b| b.is_finite()), count) {
            out.insert((bound * 1e6) as u64, count);
        }
    }
    Ok(out)
}

/// Milliseconds below which a share of what came between two readings lies, straight within a bucket.
fn quantile(before: &BTreeMap<u64, f64>, after: &BTreeMap<u64, f64>, share: f64) -> f64 {
    let count = |bound: &u64| after.get(bound).copied().unwrap_or(0.0) - before.get(bound).copied().unwrap_or(0.0);
    let total = after.keys().next_back().map_or(0.0, count);
    let (mut low, mut below) = (0.0, 0.0);
    for bound in after.keys() {
        let (high, upto) = (*bound as f64 / 1e3, count(bound));
        if upto >= total * share && upto > below {
            return low + (high - low) * (total * share - below) / (upto - below);
        }
        (low, below) = (high, upto);
    }
    low
}
