//! The stage runner beside a bare transactional copy: the same records, the same batches, one broker, one run.
//!
//! ```sh
//! cargo run --release -p dateline-tests --example runner -- [RECORDS] [BYTES] [PARTITIONS] [BATCH]   # 200000 2500 12 1000
//! ```
//! The bare copy is what one would write with rdkafka and nothing else: poll a batch, begin, send, wait until all is delivered,
//! send the offsets, commit. Both run alone, in turn, twice; the better turn of each counts.

mod bare;

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use dateline_kafka::observer::BatchReport;
use dateline_kafka::topics::TopicSpec;
use dateline_kafka::{
    BatchLimits, Drain, InputRecord, Observer, Options, OutputRecord, Processed, Stage, StageError, Target,
};
use dateline_tests::{Client, Cluster, Record, unique};

use bare::{Load, Turn, bare_copy, cpu};

#[expect(clippy::print_stdout, reason = "a program that prints a table")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<usize> = std::env::args().skip(1).map(|argument| argument.parse()).collect::<Result<_, _>>()?;
    let argument = |index: usize, default| arguments.get(index).copied().unwrap_or(default);
    let (records, bytes, partitions) = (argument(0, 200_000), argument(1, 2_500), argument(2, 12) as i32);

    let cluster = Cluster::one()?;
    let client = Client::new(cluster.brokers());
    let (input, output) = (unique("in"), String::new());
    let load = Load { client, input, output, records, batch: argument(3, 1_000), partitions };
    load.client.create(&[TopicSpec::new(&load.input, partitions)]);
    let value: Vec<u8> = (0..bytes).map(|i| b'a' + (i % 26) as u8).collect();
    let record = |i: usize| Record::new(i.to_string(), value.clone()).to((i % partitions as usize) as i32);
    load.client.produce(&load.input, (0..records).map(record));

    let (mut bare, mut runner) = (Vec::new(), Vec::new());
    for _ in 0..2 {
        bare.push(bare_copy(&load.to("bare-out"))?);
        runner.push(runner_copy(&load)?);
    }
    println!("{records} records of {bytes} bytes, {partitions} partitions, {} records a batch", load.batch);
    println!(
        "{:<8} {:>10} {:>14} {:>9} {:>12} {:>12}",
        "", "records/s", "CPU us/record", "batches", "commit p50", "commit p95"
    );
    let best = |turns: Vec<Turn>| turns.into_iter().min_by_key(|turn| turn.elapsed);
    let (Some(bare), Some(runner)) = (best(bare), best(runner)) else { return Ok(()) };
    for (name, turn) in [("bare", &bare), ("runner", &runner)] {
        let mut commits = turn.commits.clone();
        commits.sort_unstable();
        let at = |share: f64| commits[((commits.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
        println!(
            "{name:<8} {:>10.0} {:>14.1} {:>9} {:>9.1} ms {:>9.1} ms",
            records as f64 / turn.elapsed.as_secs_f64(),
            turn.cpu.as_secs_f64() * 1e6 / records as f64,
            turn.commits.len(),
            at(0.5),
            at(0.95)
        );
    }
    println!("runner / bare: {:.2} of its records/s", bare.elapsed.as_secs_f64() / runner.elapsed.as_secs_f64());
    Ok(())
}

struct Copy {
    output: Arc<str>,
}

impl Stage for Copy {
    fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError> {
        let copy = |record: &InputRecord| OutputRecord {
            topic: Arc::clone(&self.output),
            target: Target::Partition(record.partition),
            key: record.key.clone(),
            value: record.value.clone(),
            headers: Vec::new(),
            timestamp_ms: Some(record.timestamp_ms),
        };
        Ok(batch.iter().map(|record| Processed { outputs: vec![copy(record)], ..Processed::default() }).collect())
    }
}

#[derive(Default)]
struct Watch(Mutex<Watched>);

#[derive(Default)]
struct Watched {
    records: usize,
    began: Option<(Instant, Duration)>,
    ended: Option<(Instant, Duration)>,
    commits: Vec<Duration>,
    drain: Drain,
    target: usize,
}

impl Observer for Watch {
    fn committed(&self, batch: &BatchReport) {
        let Ok(mut watched) = self.0.lock() else { return };
        let spent = batch.durations;
        let now = (Instant::now(), cpu());
        let spent_all = spent.process + spent.produce + spent.commit;
        watched.began.get_or_insert_with(|| (now.0.checked_sub(spent_all).unwrap_or(now.0), now.1));
        watched.commits.push(spent.produce + spent.commit);
        watched.records += batch.records;
        if watched.records >= watched.target {
            watched.ended = Some(now);
            watched.drain.request();
        }
    }
}

fn runner_copy(load: &Load) -> Result<Turn, Box<dyn Error>> {
    let (output, dlq, group) = (unique("runner-out"), unique("runner-dlq"), unique("runner"));
    load.client.create(&[TopicSpec::new(&output, load.partitions), TopicSpec::new(&dlq, 1)]);
    let mut options = Options::new(load.client.brokers(), &group, &group, &load.input, &dlq);
    options.output_topics = vec![output.clone()];
    options.batch = BatchLimits { records: load.batch, ..BatchLimits::default() };
    let watch = Arc::new(Watch::default());
    let drain = Drain::new();
    if let Ok(mut watched) = watch.0.lock() {
        watched.drain = drain.clone();
        watched.target = load.records;
    }
    let stage = Box::new(Copy { output: output.as_str().into() });
    options.build(stage, Arc::clone(&watch) as Arc<dyn Observer>)?.run(&drain)?;
    let watched = watch.0.lock().map_err(|_| "the observer panicked")?;
    let ((start, used), (end, total)) = watched.began.zip(watched.ended).ok_or("no record")?;
    Ok(Turn {
        elapsed: end - start,
        cpu: total.saturating_sub(used),
        commits: watched.commits.clone(),
        ages: Vec::new(),
    })
}
