//! Stages and running runners for the tests.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dateline_kafka::observer::{Fenced, Rebalance};
use dateline_kafka::topics::TopicSpec;
use dateline_kafka::{
    Drain, Ended, Handle, Header, InputRecord, Observer, Options, OutputRecord, Poison, Processed, RunError, Stage,
    StageError, StateChange, Target, Timeouts,
};
use dateline_tests::{Client, Record, unique};

/// Topics of one test.
#[derive(Debug, Clone)]
pub(crate) struct World {
    pub(crate) client: Client,
    pub(crate) app: String,
    pub(crate) input: String,
    pub(crate) output: String,
    pub(crate) receipts: String,
    pub(crate) dlq: String,
    pub(crate) changelog: String,
}

impl World {
    pub(crate) fn new(client: Client, name: &str, partitions: i32) -> Self {
        let app = unique(name);
        let topic = |kind: &str| format!("{app}.{kind}");
        let world = Self {
            client,
            input: topic("in"),
            output: topic("out"),
            receipts: topic("receipts"),
            dlq: topic("dlq"),
            changelog: topic("state"),
            app: app.clone(),
        };
        world.client.create(&world.specs(partitions));
        world
    }

    pub(crate) fn specs(&self, partitions: i32) -> Vec<TopicSpec> {
        vec![
            TopicSpec::new(&self.input, partitions).with("max.message.bytes", "8388608"),
            TopicSpec::new(&self.output, partitions),
            TopicSpec::new(&self.receipts, 1),
            TopicSpec::new(&self.dlq, 1).with("max.message.bytes", "1048588"),
            TopicSpec::new(&self.changelog, partitions).with("cleanup.policy", "compact"),
        ]
    }

    pub(crate) fn options(&self, instance: &str) -> Options {
        let brokers = self.client.brokers();
        let mut options = Options::new(brokers, &self.app, format!("{}-{instance}", self.app), &self.input, &self.dlq);
        options.output_topics = vec![self.output.clone(), self.receipts.clone()];
        options.changelog_topic = Some(self.changelog.clone());
        options.timeouts = Timeouts {
            heartbeat: Duration::from_millis(500),
            transaction: Duration::from_secs(3),
            session: Duration::from_secs(6),
            drain: Duration::from_secs(10),
            max_poll: Duration::from_secs(8),
            startup: Duration::from_secs(10),
            restore_grace: Duration::from_secs(1),
        };
        options
    }

    /// Writes `count` records `k<i mod 10>` = `<i>` over the partitions in turn.
    pub(crate) fn fill(&self, from: usize, count: usize, partitions: usize) {
        let record = |i: usize| Record::new(format!("k{}", i % 10), i.to_string()).to((i % partitions) as i32);
        self.client.produce(&self.input, (from..from + count).map(record));
    }

    /// Values of the output, sorted as numbers.
    pub(crate) fn numbers(&self) -> Vec<usize> {
        let mut numbers: Vec<usize> = self.client.read(&self.output).iter().map(number).collect();
        numbers.sort_unstable();
        numbers
    }
}

pub(crate) fn number(record: &InputRecord) -> usize {
    text(record.value.as_deref()).parse().expect("a number")
}

pub(crate) fn text(bytes: Option<&[u8]>) -> String {
    String::from_utf8_lossy(bytes.unwrap_or_default()).into_owned()
}

/// Passes records on; `bad...` is poison; may be told to fail or to be slow at a value.
#[derive(Debug, Clone, Default)]
pub(crate) struct PassThrough {
    pub(crate) output: String,
    pub(crate) receipts: Option<String>,
    pub(crate) fail_at: Option<&'static str>,
    pub(crate) slow_at: Option<(&'static str, Duration)>,
    pub(crate) each: Duration,
    pub(crate) to: Option<Target>,
}

pub(crate) fn copy(record: &InputRecord, topic: &str) -> OutputRecord {
    OutputRecord {
        topic: topic.into(),
        target: Target::Partition(record.partition),
        key: record.key.clone(),
        value: record.value.clone(),
        headers: record.headers.clone(),
        timestamp_ms: Some(record.timestamp_ms),
    }
}

impl Stage for PassThrough {
    fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError> {
        thread::sleep(self.each * batch.len() as u32);
        let mut all = Vec::new();
        for record in batch {
            let value = text(record.value.as_deref().map(|value| &value[..value.len().min(20)]));
            if self.fail_at.is_some_and(|at| at == value) {
                return Err(StageError::Failed(format!("cannot go on at {value}")));
            }
            if let Some((_, time)) = self.slow_at.take_if(|(at, _)| *at == value) {
                thread::sleep(time);
            }
            let mut processed = Processed::default();
            if value.starts_with("bad") {
                processed.poison = Some(Poison { class: "bad", message: "value: bad".into() });
            } else {
                let mut output = copy(record, &self.output);
                output.target = self.to.unwrap_or(output.target);
                processed.outputs.push(output);
            }
            processed.outputs.extend(self.receipts.as_deref().map(|topic| receipt(record, topic)));
            all.push(processed);
        }
        Ok(all)
    }

    fn refused(&mut self, record: &InputRecord, _: &Poison) -> Vec<OutputRecord> {
        self.receipts.as_deref().map(|topic| receipt(record, topic)).into_iter().collect()
    }
}

fn receipt(record: &InputRecord, topic: &str) -> OutputRecord {
    OutputRecord {
        topic: topic.into(),
        target: Target::ByKey,
        key: None,
        value: Some(format!("{}@{}", record.partition, record.offset).into_bytes()),
        headers: vec![Header { name: "none".into(), value: None }],
        timestamp_ms: None,
    }
}

/// Counts records by key, in its state, and writes `<key>:<count>`. State survives in the changelog only.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    pub(crate) output: String,
    pub(crate) counts: BTreeMap<(i32, Vec<u8>), u64>,
    pub(crate) staged: BTreeMap<(i32, Vec<u8>), u64>,
    pub(crate) encoding: Option<u16>,
    /// Every restored partition with its number of keys.
    pub(crate) restored: Arc<Mutex<Vec<(i32, usize)>>>,
    pub(crate) each: Duration,
    pub(crate) fail_after: Option<usize>,
}

impl Stage for Counter {
    fn process(&mut self, batch: &[InputRecord]) -> Result<Vec<Processed>, StageError> {
        thread::sleep(self.each * batch.len() as u32);
        if let Some(left) = &mut self.fail_after {
            *left = left.checked_sub(batch.len()).ok_or_else(|| StageError::Failed("enough".into()))?;
        }
        self.staged = self.counts.clone();
        let count = |record: &InputRecord| {
            let key = record.key.clone().unwrap_or_default();
            let count = self.staged.entry((record.partition, key.clone())).or_default();
            *count += 1;
            let value = format!("{}:{count}", String::from_utf8_lossy(&key)).into_bytes();
            Processed {
                outputs: vec![OutputRecord { value: Some(value), ..copy(record, &self.output) }],
                state: vec![StateChange { key, value: Some(count.to_string().into_bytes()) }],
                poison: None,
            }
        };
        Ok(batch.iter().map(count).collect())
    }

    fn committed(&mut self) {
        self.counts = std::mem::take(&mut self.staged);
    }

    fn aborted(&mut self) {
        self.staged.clear();
    }

    fn state_encoding(&self) -> Option<u16> {
        Some(self.encoding.unwrap_or(1))
    }

    fn restore(&mut self, partition: i32, key: &[u8], value: Option<&[u8]>) -> Result<(), StageError> {
        let count = text(value).parse().map_err(|_| StageError::Failed("a state that is no number".into()))?;
        self.counts.insert((partition, key.to_vec()), count);
        Ok(())
    }

    fn restored(&mut self, partition: i32) -> Result<(), StageError> {
        let keys = self.counts.keys().filter(|(of, _)| *of == partition).count();
        self.restored.lock().expect("no holder panics").push((partition, keys));
        Ok(())
    }

    fn revoked(&mut self, partition: i32) {
        self.counts.retain(|(of, _), _| *of != partition);
    }
}

/// What an observer heard, as short words.
#[derive(Debug, Default)]
pub(crate) struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn note(&self, word: String) {
        self.0.lock().expect("no holder panics").push(word);
    }

    pub(crate) fn has(&self, word: &str) -> bool {
        self.0.lock().expect("no holder panics").iter().any(|heard| heard.starts_with(word))
    }

    pub(crate) fn all(&self) -> Vec<String> {
        self.0.lock().expect("no holder panics").clone()
    }
}

impl Observer for Heard {
    fn aborted(&self, cause: &dateline_kafka::observer::Cause) {
        self.note(format!("aborted {cause}"));
    }

    fn fenced(&self, kind: Fenced) {
        self.note(format!("fenced {kind:?}"));
    }

    fn rebuilt(&self, cause: &dateline_kafka::observer::Cause) {
        self.note(format!("rebuilt {cause}"));
    }

    fn rebalanced(&self, change: &Rebalance) {
        self.note(format!("{change:?}"));
    }

    fn poison(&self, record: &InputRecord, poison: &Poison) {
        self.note(format!("poison {} {}@{}", poison.class, record.partition, record.offset));
    }

    fn lag(&self, lag: &dateline_kafka::observer::Lag) {
        self.note(format!("lag {} {} {}", lag.partition, lag.records, lag.open));
    }

    fn restore(&self, progress: &dateline_kafka::observer::RestoreProgress) {
        self.note(format!("restore {} {} of {}", progress.partition, progress.offset, progress.end));
    }

    fn ready(&self) {
        self.note("ready".to_owned());
    }
}

/// A runner on its thread. Dropping it drains it.
pub(crate) struct Running {
    pub(crate) handle: Handle,
    pub(crate) heard: Arc<Heard>,
    drain: Drain,
    thread: Option<JoinHandle<Result<Ended, RunError>>>,
}

impl Running {
    pub(crate) fn start(options: Options, stage: impl Stage + 'static) -> Self {
        let heard = Arc::new(Heard::default());
        let observer: Arc<dyn Observer> = Arc::clone(&heard) as Arc<dyn Observer>;
        let runner = options.build(Box::new(stage), observer).expect("options are right");
        let (handle, drain) = (runner.handle(), Drain::new());
        let asked = drain.clone();
        let thread = Some(thread::spawn(move || runner.run(&asked)));
        Self { handle, heard, drain, thread }
    }

    /// Waits until `done` says so; fails with what was heard when the runner ends before, or after a minute.
    pub(crate) fn until(&self, what: &str, done: impl Fn(&Self) -> bool) {
        let end = Instant::now() + LIMIT;
        while !done(self) {
            let heard = self.heard.all();
            let ended = self.thread.as_ref().is_none_or(JoinHandle::is_finished) && !done(self);
            assert!(!ended, "{what}: the runner has ended: {heard:?}");
            assert!(Instant::now() < end, "not in time: {what}: {:?} {heard:?}", self.handle.status());
            thread::sleep(Duration::from_millis(20));
        }
    }

    pub(crate) fn until_records(&self, records: usize) {
        self.until(&format!("{records} records"), |running| running.handle.status().records >= records as u64);
    }

    pub(crate) fn drain(mut self) -> Result<Ended, RunError> {
        self.drain.request();
        self.join()
    }

    /// Waits for the runner's own end.
    pub(crate) fn ends(mut self) -> Result<Ended, RunError> {
        wait("the runner's end", || self.thread.as_ref().is_none_or(JoinHandle::is_finished));
        self.join()
    }

    fn join(&mut self) -> Result<Ended, RunError> {
        self.thread.take().expect("joined once").join().expect("the runner does not panic")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.drain.request();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

const LIMIT: Duration = Duration::from_secs(60);

pub(crate) fn wait(what: &str, mut done: impl FnMut() -> bool) {
    let end = Instant::now() + LIMIT;
    while !done() {
        assert!(Instant::now() < end, "not in time: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

pub(crate) fn pass_through(world: &World) -> PassThrough {
    PassThrough { output: world.output.clone(), ..PassThrough::default() }
}

pub(crate) fn counter(world: &World) -> Counter {
    Counter { output: world.output.clone(), ..Counter::default() }
}
