//! One test's topics, worker processes and file-mode runs.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

use crate::{Client, Process, Signal, shared, unique};
use dateline_kafka::InputRecord;
use dateline_kafka::scan::Cluster;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};
use tempfile::TempDir;

/// The worker's program, and a variable that makes it that.
static PROGRAM: OnceLock<(PathBuf, Option<&'static str>)> = OnceLock::new();

/// Says once which program is the worker; `marked`: only with this variable set.
pub fn set_program(path: impl Into<PathBuf>, marked: Option<&'static str>) {
    let _ = PROGRAM.set((path.into(), marked));
}

/// For everything that a test waits for.
const LIMIT: Duration = Duration::from_secs(150);

#[derive(Debug)]
/// A world of its own on the shared broker: a prefix of its own, an application of its own.
pub struct World {
    /// Writes and reads at its brokers.
    pub client: Client,
    name: String,
    folder: TempDir,
    settings: BTreeMap<String, String>,
}

impl World {
    /// A world without topics. `settings` are variables without their `DATELINE_`.
    pub fn new(name: &str, settings: &[(&str, &str)]) -> Self {
        Self::of(shared().expect("the broker starts"), name, settings)
    }

    /// A world without a broker.
    pub fn offline(settings: &[(&str, &str)]) -> Self {
        Self::of(Client::new(""), "offline", settings)
    }

    /// A world at this client's brokers.
    pub fn of(client: Client, name: &str, settings: &[(&str, &str)]) -> Self {
        let name = unique(name);
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut all = BTreeMap::from([
            ("APP".to_owned(), name.clone()),
            ("TOPICS__PREFIX".to_owned(), format!("{name}.")),
            ("KAFKA__BROKERS".to_owned(), client.brokers().to_owned()),
            ("RECEIPTS".to_owned(), "on".to_owned()),
            // A worker that was killed is missed soon.
            ("KAFKA__HEARTBEAT_INTERVAL".to_owned(), "500ms".to_owned()),
            ("KAFKA__TRANSACTION_TIMEOUT".to_owned(), "5s".to_owned()),
            ("KAFKA__SESSION_TIMEOUT".to_owned(), "8s".to_owned()),
        ]);
        all.extend(settings.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        Self { client, name, folder, settings: all }
    }

    /// The same with all topics, made by `dateline topics create`.
    pub fn with_topics(name: &str, partitions: i32, settings: &[(&str, &str)]) -> Self {
        Self::new(name, settings).topics(partitions)
    }

    /// Makes all topics with `dateline topics create`.
    #[must_use]
    pub fn topics(self, partitions: i32) -> Self {
        let world = self;
        let made = world.run(&["topics", "create", "--partitions", &partitions.to_string()], b"");
        assert_eq!(made.code, 0, "{}", made.err);
        world
    }

    /// Its application's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Real name of a topic.
    pub fn topic(&self, name: &str) -> String {
        format!("{}.{name}", self.name)
    }

    /// The program with this world's settings and no others.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let (program, marked) = PROGRAM.get().expect("the worker's program is named");
        let mut command = Command::new(program);
        command.envs(marked.map(|name| (name, "1")));
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("DATELINE_")) {
            command.env_remove(name);
        }
        command.envs(self.settings.iter().map(|(key, value)| (format!("DATELINE_{key}"), value)));
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    /// Runs the program to its end over this standard input.
    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Ran {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("it is piped");
        let output = thread::scope(|scope| {
            // The program may end before it has read everything: that is not this side's error.
            scope.spawn(move || drop(stdin.write_all(input)));
            child.wait_with_output().expect("the program ends")
        });
        Ran {
            code: output.status.code().expect("no signal ended it"),
            out: String::from_utf8(output.stdout).expect("stdout is UTF-8"),
            err: String::from_utf8(output.stderr).expect("stderr is UTF-8"),
        }
    }

    /// Starts `dateline run` as this instance.
    pub fn start(&self, instance: &str) -> Worker {
        self.start_with(instance, &[])
    }

    /// The same with more variables, under their whole names.
    pub fn start_with(&self, instance: &str, variables: &[(&str, &str)]) -> Worker {
        let mut command = self.command(&["run", "--instance", instance, "--admin", "127.0.0.1:0"]);
        command.envs(variables.iter().copied());
        let log = self.folder.path().join(format!("{}.log", unique(instance)));
        let process = Process::spawn(&command, &log).expect("the worker starts");
        Worker { process, instance: instance.to_owned() }
    }

    /// Committed records of a topic, by partition and offset.
    pub fn read(&self, topic: &str) -> Vec<InputRecord> {
        self.client.read(&self.topic(topic))
    }

    /// Waits until every article, and every mention of it, is processed and committed.
    pub fn until_done(&self, workers: &mut [&mut Worker]) {
        for (stage, input) in [("extract", "news.articles"), ("resolve", "dateline.mentions")] {
            let ends = ends(&self.read(input));
            let progress = self.progress(stage, input);
            until(&format!("{stage} has committed {ends:?}"), workers, || {
                let committed = progress.committed(ends.keys().copied());
                if committed == ends { Ok(()) } else { Err(format!("{committed:?}")) }
            });
            self.settled(stage);
        }
    }

    /// Waits until all that a stage has written is decided: the broker answers a commit, and shows the offsets that went with
    /// it, before every partition has its marker, and who reads committed records misses what lies behind a missing one.
    fn settled(&self, stage: &str) {
        let written: &[&str] = match stage {
            "extract" => &["dateline.mentions", "dateline.receipts", "news.articles.dlq"],
            _ => &["news.visits", "news.events", "dateline.state", "news.articles.dlq"],
        };
        let cluster = Cluster::new(self.client.brokers(), BTreeMap::new(), format!("{}-settled", self.name));
        for topic in written.iter().map(|name| self.topic(name)) {
            let partitions = cluster.partitions(std::slice::from_ref(&topic)).expect("the brokers answer");
            let Some(partitions) = partitions[0] else { continue };
            cluster.settle(&topic, partitions, LIMIT).expect("every transaction comes to its end");
        }
    }

    /// Watches what a stage has committed.
    pub fn progress(&self, stage: &str, input: &str) -> Progress {
        let consumer = ClientConfig::new()
            .set("bootstrap.servers", self.client.brokers())
            .set("group.id", format!("{}-{stage}", self.name))
            .create()
            .expect("a consumer");
        Progress { consumer, topic: self.topic(input) }
    }
}

/// The offset after the last record of each partition that has any.
fn ends(records: &[InputRecord]) -> BTreeMap<i32, i64> {
    records.iter().map(|record| (record.partition, record.offset + 1)).collect()
}

/// Reads the committed offsets of one group.
pub struct Progress {
    consumer: BaseConsumer,
    topic: String,
}

impl Progress {
    /// Committed offsets; partitions without one are left out.
    pub fn committed(&self, partitions: impl Iterator<Item = i32>) -> BTreeMap<i32, i64> {
        let mut wanted = TopicPartitionList::new();
        for partition in partitions {
            wanted.add_partition(&self.topic, partition);
        }
        // An answer that doesn't come (a transaction is open) is asked for again by who waits.
        let Ok(list) = self.consumer.committed_offsets(wanted, Duration::from_secs(10)) else { return BTreeMap::new() };
        let offset = |offset| if let Offset::Offset(offset) = offset { Some(offset) } else { None };
        list.elements().iter().filter_map(|e| Some((e.partition(), offset(e.offset())?))).collect()
    }

    /// Input records that are committed, where the input holds no transactions.
    pub fn count(&self, partitions: i32) -> usize {
        self.committed(0..partitions).values().sum::<i64>() as usize
    }
}

/// Waits until `done` is `Ok`; its error says how far it is. A worker that ends meanwhile is a failure.
pub fn until(what: &str, workers: &mut [&mut Worker], mut done: impl FnMut() -> Result<(), String>) {
    let end = Instant::now() + LIMIT;
    loop {
        let Err(state) = done() else { return };
        for worker in &mut *workers {
            let ended = worker.process.ended();
            assert!(ended.is_none(), "worker {} ended with {ended:?} before: {what}", worker.instance);
        }
        assert!(Instant::now() < end, "not in {} s: {what}; it is: {state}", LIMIT.as_secs());
        thread::sleep(Duration::from_millis(50));
    }
}

/// What a run to its end left behind.
pub struct Ran {
    /// Exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

/// A running worker. It is killed when this is dropped; where that happens in a failing test its last words are shown.
pub struct Worker {
    process: Process,
    instance: String,
}

impl Worker {
    /// Sends SIGTERM and expects an orderly end.
    pub fn stop(mut self) {
        self.process.signal(Signal::Term);
        assert_eq!(self.code(), 0, "worker {} drains", self.instance);
    }

    /// Sends SIGKILL and waits for the end.
    pub fn kill(mut self) {
        self.process.signal(Signal::Kill);
        assert_eq!(self.code(), 137, "worker {} was killed", self.instance);
    }

    /// Sends a signal.
    pub fn signal(&self, signal: Signal) {
        self.process.signal(signal);
    }

    /// Waits until its log has `text`.
    pub fn says(&mut self, text: &str) {
        self.process.wait_for(text, LIMIT).unwrap_or_else(|error| panic!("worker {}: {error}", self.instance));
    }

    /// Waits until a stage of it has partitions.
    pub fn works(&mut self, stage: &str) {
        until("it has partitions", &mut [], || {
            let log = self.log();
            if assigned(&log, stage).is_empty() { Err(log) } else { Ok(()) }
        });
    }

    /// Whether it has ended.
    pub fn ended(&mut self) -> bool {
        self.process.ended().is_some()
    }

    /// Waits for its end; the exit code.
    pub fn code(&mut self) -> i32 {
        let status = self.process.wait(LIMIT).expect("the worker ends");
        status.code().expect("the guard tells a code")
    }

    /// What it has logged.
    pub fn log(&self) -> String {
        self.process.log()
    }

    /// Answer of the admin address: status and body.
    pub fn get(&mut self, path: &str) -> (u16, String) {
        let address = self.admin();
        let mut stream = TcpStream::connect(address).expect("the admin address listens");
        write!(stream, "GET {path} HTTP/1.1\r\nHost: worker\r\nConnection: close\r\n\r\n")
            .expect("the request is sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("the answer is UTF-8");
        let (head, body) = answer.split_once("\r\n\r\n").expect("an HTTP answer");
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("an HTTP status");
        (status, body.to_owned())
    }

    /// Waits until its first assignment is restored.
    pub fn ready(&mut self) {
        let end = Instant::now() + LIMIT;
        loop {
            let (status, body) = self.get("/readyz");
            if status == 200 {
                return;
            }
            assert!(self.process.ended().is_none() && Instant::now() < end, "{} is not ready: {body}", self.instance);
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Its metrics now.
    pub fn metrics(&mut self) -> Metrics {
        let (status, text) = self.get("/metrics");
        assert_eq!(status, 200, "{text}");
        Metrics(text)
    }

    /// Where it listens; the log says it.
    pub fn admin(&mut self) -> String {
        const FIELD: &str = "admin=\"";
        self.process.wait_for(FIELD, Duration::from_secs(60)).expect("the worker logs its admin address");
        let log = self.log();
        let from = log.find(FIELD).expect("waited for") + FIELD.len();
        log[from..].split('"').next().unwrap_or_default().to_owned()
    }
}

/// Partitions that a stage has by its log.
fn assigned(log: &str, stage: &str) -> BTreeSet<i32> {
    let stage = format!("stage=\"{stage}\"");
    let mut own = BTreeSet::new();
    for line in log.lines().filter(|line| line.contains(&stage)) {
        let Some((_, list)) = line.split_once("partitions=[") else { continue };
        let list = list.split(']').next().unwrap_or_default();
        let named = list.split(", ").filter_map(|partition| partition.parse::<i32>().ok());
        if line.contains("partitions assigned") {
            own.extend(named);
        } else {
            named.for_each(|partition| _ = own.remove(&partition));
        }
    }
    own
}

/// Metrics in Prometheus' text format.
#[derive(Debug)]
pub struct Metrics(
    /// The text.
    pub String,
);

impl Metrics {
    /// The sum of all series of a metric whose text has each of `labels`.
    pub fn sum(&self, metric: &str, labels: &[&str]) -> usize {
        let of = |line: &&str| {
            line.starts_with(metric) && !line.starts_with('#') && labels.iter().all(|label| line.contains(label))
        };
        let value = |line: &str| line.rsplit(' ').next().and_then(|value| value.parse::<f64>().ok()).unwrap_or(0.0);
        self.0.lines().filter(of).map(value).sum::<f64>() as usize
    }

    /// Whole value of a series as it is printed (`name{label="value"}`); a missing one fails the test.
    pub fn count(&self, series: &str) -> usize {
        let value = self.0.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.unwrap_or_else(|| panic!("no series {series} in\n{}", self.0)).parse().expect("a whole number")
    }
}

impl Drop for Worker {
    #[allow(clippy::print_stderr)] // the words of a worker whose test fails
    fn drop(&mut self) {
        if thread::panicking() {
            let log = self.log();
            let lines: Vec<&str> = log.lines().collect();
            eprintln!("last words of worker {}:", self.instance);
            lines.iter().skip(lines.len().saturating_sub(30)).for_each(|line| eprintln!("  {line}"));
        }
    }
}
