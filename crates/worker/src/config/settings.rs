//! All that can be set, with its default. `config/dateline.toml` documents the same keys for operators.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::units::{Bytes, Limit, Span};

/// The whole configuration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Stages that this worker runs: scale them apart when extraction needs more cores than resolution.
    pub role: Role,
    /// Name of the application in consumer groups and transactional ids; another one reads everything anew.
    pub app: String,
    /// Name of this instance, unique and stable over restarts; empty: the host's name.
    pub instance: String,
    /// The admin address.
    pub admin: Admin,
    /// One message an article in the receipts topic: turn it on to prove that nothing is lost.
    pub receipts: Switch,
    /// Make missing topics at the start instead of ending with an error.
    pub create_topics: bool,
    /// The brokers and how they are talked to.
    pub kafka: Kafka,
    /// Names of the topics.
    pub topics: Topics,
    /// Bounds of an article.
    pub article: Article,
    /// What is extracted, and by which rules.
    pub extract: Extract,
    /// What is known of people and places beside what the build carries.
    pub gazetteer: Gazetteer,
    /// How relative dates are read.
    pub time: Time,
    /// When a batch, and so a transaction, ends.
    pub batch: Batch,
    /// When poison stops the worker.
    pub dlq: Dlq,
    /// How long records are kept open.
    pub resolve: Resolve,
    /// Where to start, and what may be lost by it.
    pub start: Start,
    /// What is logged, and how.
    pub log: Log,
    /// What is counted by name.
    pub telemetry: Telemetry,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            role: Role::All,
            app: "dateline".to_owned(),
            instance: String::new(),
            admin: Admin::default(),
            receipts: Switch::Off,
            create_topics: false,
            kafka: Kafka::default(),
            topics: Topics::default(),
            article: Article::default(),
            extract: Extract::default(),
            gazetteer: Gazetteer::default(),
            time: Time::default(),
            batch: Batch::default(),
            dlq: Dlq::default(),
            resolve: Resolve::default(),
            start: Start::default(),
            log: Log::default(),
            telemetry: Telemetry::default(),
        }
    }
}

/// Stages of a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Both.
    All,
    /// Articles to mentions.
    Extract,
    /// Mentions to records.
    Resolve,
}

impl Role {
    /// The role in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Extract => "extract",
            Self::Resolve => "resolve",
        }
    }

    /// True when this worker extracts.
    pub fn extracts(self) -> bool {
        self != Self::Resolve
    }

    /// True when this worker resolves.
    pub fn resolves(self) -> bool {
        self != Self::Extract
    }
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// `[admin]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Admin {
    /// `HOST:PORT` of `/livez`, `/readyz` and `/metrics`; empty: none.
    pub address: String,
    /// Whoever reaches the address may read rules and gazetteer anew (`POST /reload`).
    pub control: bool,
}

/// `[extract]`
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Extract {
    /// Folder of rule files that add to or override those of the build; empty: none.
    pub rules_dir: String,
    /// Mentions below this confidence are dropped: raise it where a wrong mention costs more than a missed one.
    pub min_confidence: f32,
}

/// `[gazetteer]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Gazetteer {
    /// Folder of gazetteer files that add to or override those of the build; empty: none.
    pub extra_dir: String,
}

/// `[kafka]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kafka {
    /// `HOST:PORT`, several with commas.
    pub brokers: String,
    /// How long a broker may stay out of reach at the first contact; after it brokers are waited for without end.
    pub startup_timeout: Span,
    /// Age at which the broker aborts an open transaction; the runner itself gives up at 0.8 of it.
    pub transaction_timeout: Span,
    /// Silence after which a worker's partitions go to others.
    pub session_timeout: Span,
    /// How often a worker says that it is there.
    pub heartbeat_interval: Span,
    /// Longest time between two polls.
    pub max_poll_interval: Span,
    /// How long a worker may finish its batch after SIGTERM.
    pub drain_timeout: Span,
    /// Any librdkafka property, except those that the guarantees rest on.
    pub properties: BTreeMap<String, Property>,
}

impl Default for Kafka {
    fn default() -> Self {
        Self {
            brokers: String::new(),
            startup_timeout: seconds(30),
            transaction_timeout: seconds(10),
            session_timeout: seconds(20),
            heartbeat_interval: seconds(3),
            max_poll_interval: seconds(60),
            drain_timeout: seconds(15),
            properties: BTreeMap::new(),
        }
    }
}

fn seconds(n: u64) -> Span {
    Span(Duration::from_secs(n))
}

/// The value of a librdkafka property: written as string, number or boolean, kept as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Property(pub String);

impl<'de> Deserialize<'de> for Property {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;
        match toml::Value::deserialize(d)? {
            toml::Value::String(s) => Ok(Self(s)),
            v @ (toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_)) => Ok(Self(v.to_string())),
            _ => Err(D::Error::custom("a string, number or boolean expected")),
        }
    }
}

/// `[topics]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Topics {
    /// Put before every name below.
    pub prefix: String,
    /// Articles in.
    pub articles: String,
    /// Mentions, partitioned by country.
    pub mentions: String,
    /// Visit records out.
    pub visits: String,
    /// Event records out.
    pub events: String,
    /// Changelog of resolution.
    pub state: String,
    /// Receipts.
    pub receipts: String,
    /// Dead-letter queue.
    pub dlq: String,
}

impl Default for Topics {
    fn default() -> Self {
        Self {
            prefix: String::new(),
            articles: "news.articles".to_owned(),
            mentions: "dateline.mentions".to_owned(),
            visits: "news.visits".to_owned(),
            events: "news.events".to_owned(),
            state: "dateline.state".to_owned(),
            receipts: "dateline.receipts".to_owned(),
            dlq: "news.articles.dlq".to_owned(),
        }
    }
}

/// `[article]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Article {
    /// Largest JSON of an article; above it the article goes to the dead-letter queue.
    pub max_bytes: Bytes,
}

impl Default for Article {
    fn default() -> Self {
        Self { max_bytes: Bytes(2 << 20) }
    }
}

/// `[time]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Time {
    /// What "tomorrow" is read against where an article has no date of its own.
    pub anchor: Anchor,
}

impl Default for Time {
    fn default() -> Self {
        Self { anchor: Anchor::None }
    }
}

/// The day that relative dates are read against where an article has no date of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// None: such dates stay open.
    None,
    /// The Kafka timestamp: right for a live feed, wrong for an archive.
    RecordTimestamp,
}

/// `[batch]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Batch {
    /// Most records in a batch.
    pub max_records: usize,
    /// Most bytes in a batch.
    pub max_bytes: Bytes,
    /// Longest wait for a batch to fill.
    pub max_wait: Span,
}

impl Default for Batch {
    fn default() -> Self {
        Self { max_records: 1000, max_bytes: Bytes(4 << 20), max_wait: Span(Duration::from_millis(20)) }
    }
}

/// `[dlq]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Dlq {
    /// Share of poison among the last 1,000 articles that stops the worker.
    pub max_ratio: Limit<f64>,
    /// Number of poison articles in a row that stops the worker.
    pub max_consecutive: Limit<u64>,
}

impl Default for Dlq {
    fn default() -> Self {
        Self { max_ratio: Limit::At(0.5), max_consecutive: Limit::At(1000) }
    }
}

/// `[resolve]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Resolve {
    /// Quiet time in the stream's own time after which a record is sealed: the lever on memory.
    pub retire_after: Span,
}

impl Default for Resolve {
    fn default() -> Self {
        Self { retire_after: Span(Duration::from_secs(90 * 86_400)) }
    }
}

/// `[start]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Start {
    /// Where a group without offsets starts when its output already has records.
    pub from: From,
    /// Go on although articles were deleted before they were read.
    pub accept_loss: bool,
}

impl Default for Start {
    fn default() -> Self {
        Self { from: From::Committed, accept_loss: false }
    }
}

/// Where to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum From {
    /// At the committed offsets; where there are none, only if nothing was written before.
    Committed,
    /// At the first record that is there.
    Earliest,
    /// At what comes from now on.
    Latest,
}

/// `[log]`
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// One JSON object a line for machines, or lines for people.
    pub format: LogFormat,
    /// `error`, `warn`, `info`, `debug`, `trace`, or a filter like `info,dateline_kafka=debug`.
    pub level: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Human, level: "info".to_owned() }
    }
}

/// `[telemetry]`
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Telemetry {
    /// Sources whose articles and mentions are counted by name, at most [`Telemetry::MOST_SOURCES`]; all others are "other".
    pub sources: Vec<String>,
}

impl Telemetry {
    /// Each source is two series an instance.
    pub const MOST_SOURCES: usize = 100;
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Human,
    /// One JSON object a line.
    Json,
}
