//! Topics: made as a list says, and checked against it.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

use rdkafka::admin::{AdminClient, AdminOptions, ConfigSource, NewTopic, ResourceSpecifier, TopicReplication};
use rdkafka::client::DefaultClientContext;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};

use crate::properties;

/// How long an admin request may take.
const LIMIT: Duration = Duration::from_secs(15);

/// A topic as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopicSpec {
    /// Name.
    pub name: String,
    /// Partitions.
    pub partitions: i32,
    /// Replicas of each; -1 is the broker's default.
    pub replication: i32,
    /// Topic settings by name, such as `cleanup.policy`.
    pub configs: BTreeMap<String, String>,
}

impl TopicSpec {
    /// A topic with the broker's default replication and settings.
    pub fn new(name: impl Into<String>, partitions: i32) -> Self {
        Self { name: name.into(), partitions, replication: -1, configs: BTreeMap::new() }
    }

    /// With one more setting.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.configs.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// What became of one topic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created,
    /// It was there (and is left as it is: [`check`] says whether it is right).
    Existed,
    /// The broker refused, with its words.
    Failed(String),
}

/// A topic that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// It doesn't exist.
    #[error("topic {topic} does not exist")]
    Missing {
        /// The topic.
        topic: String,
    },
    /// It has another number of partitions.
    #[error("topic {topic} has {have} partitions instead of {want}")]
    Partitions {
        /// The topic.
        topic: String,
        /// As it should be.
        want: i32,
        /// As it is.
        have: i32,
    },
    /// A partition has fewer or more replicas.
    #[error("topic {topic} has {have} replicas of a partition instead of {want}")]
    Replication {
        /// The topic.
        topic: String,
        /// As it should be.
        want: i32,
        /// Those of its first partition that differs.
        have: i32,
    },
    /// A setting has another value.
    #[error("topic {topic} has {name}={have} instead of {want}")]
    Setting {
        /// The topic.
        topic: String,
        /// The setting.
        name: String,
        /// As it should be.
        want: String,
        /// As it is.
        have: String,
    },
}

/// The broker could not be asked.
#[derive(Debug, thiserror::Error)]
pub enum TopicsError {
    /// No client could be made.
    #[error("librdkafka cannot be set up: {0}: correct the kafka settings")]
    Client(String),
    /// No answer, or a refusal.
    #[error("{call} at {brokers}: {reason}: check the address, that the broker is up, and the rights of this client")]
    Broker {
        /// The request.
        call: &'static str,
        /// `bootstrap.servers`.
        brokers: String,
        /// The client's words.
        reason: String,
    },
}

/// Makes the topics that don't exist and waits until the broker knows them; one outcome a topic, in order.
pub fn create(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    specs: &[TopicSpec],
) -> Result<Vec<Outcome>, TopicsError> {
    let admin = admin(brokers, properties)?;
    let new: Vec<NewTopic<'_>> = specs
        .iter()
        .map(|spec| {
            let topic = NewTopic::new(&spec.name, spec.partitions, TopicReplication::Fixed(spec.replication));
            spec.configs.iter().fold(topic, |topic, (name, value)| topic.set(name, value))
        })
        .collect();
    let options = AdminOptions::new().request_timeout(Some(LIMIT)).operation_timeout(Some(LIMIT));
    let results = wait(admin.create_topics(&new, &options))
        .unwrap_or(Err(KafkaError::AdminOp(Code::OperationTimedOut)))
        .map_err(|error| TopicsError::Broker {
            call: "create topics",
            brokers: brokers.to_owned(),
            reason: error.to_string(),
        })?;
    let outcomes: Vec<Outcome> = results
        .into_iter()
        .map(|result| match result {
            Ok(_) => Outcome::Created,
            Err((_, Code::TopicAlreadyExists)) => Outcome::Existed,
            Err((_, code)) => Outcome::Failed(code.to_string()),
        })
        .collect();
    let there = specs.iter().zip(&outcomes).filter(|(_, outcome)| !matches!(outcome, Outcome::Failed(_)));
    let end = Instant::now() + LIMIT;
    for (spec, _) in there {
        while replicas(&admin, brokers, &spec.name)?.is_none() && Instant::now() < end {
            thread::sleep(Duration::from_millis(50));
        }
    }
    Ok(outcomes)
}

/// Compares topics with what they should be; every difference is a finding of its own.
pub fn check(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    specs: &[TopicSpec],
) -> Result<Vec<Finding>, TopicsError> {
    let admin = admin(brokers, properties)?;
    let mut findings = Vec::new();
    for spec in specs {
        let topic = spec.name.clone();
        let Some(replicas) = replicas(&admin, brokers, &topic)? else {
            findings.push(Finding::Missing { topic });
            continue;
        };
        let have = replicas.len() as i32;
        if have != spec.partitions {
            findings.push(Finding::Partitions { topic: topic.clone(), want: spec.partitions, have });
        }
        let other = replicas.into_iter().find(|have| spec.replication > 0 && *have != spec.replication);
        if let Some(have) = other {
            findings.push(Finding::Replication { topic: topic.clone(), want: spec.replication, have });
        }
        if spec.configs.is_empty() {
            continue;
        }
        let settings = settings(&admin, brokers, &topic)?;
        for (name, want) in &spec.configs {
            let have = settings.get(name).cloned().unwrap_or_default();
            if !same(&have, want) {
                let (topic, name, want) = (topic.clone(), name.clone(), want.clone());
                findings.push(Finding::Setting { topic, name, want, have });
            }
        }
    }
    Ok(findings)
}

/// One setting of a topic, as it is in force.
pub fn setting(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    topic: &str,
    name: &str,
) -> Result<Option<String>, TopicsError> {
    Ok(settings(&admin(brokers, properties)?, brokers, topic)?.remove(name))
}

/// Deletes a topic and makes it again, empty, with as many partitions and replicas and with the settings that were its own.
pub fn recreate(brokers: &str, properties: &BTreeMap<String, String>, topic: &str) -> Result<(), TopicsError> {
    let refused = |call, reason: String| TopicsError::Broker {
        call,
        brokers: brokers.to_owned(),
        reason: format!("{topic}: {reason}"),
    };
    let admin = admin(brokers, properties)?;
    let Some(replicas) = replicas(&admin, brokers, topic)? else {
        return Err(refused("make a topic anew", "it does not exist".to_owned()));
    };
    let spec = TopicSpec {
        name: topic.to_owned(),
        partitions: replicas.len() as i32,
        replication: replicas[0],
        configs: entries(&admin, brokers, topic, |source| source == &ConfigSource::DynamicTopic)?,
    };
    let options = AdminOptions::new().request_timeout(Some(LIMIT)).operation_timeout(Some(LIMIT));
    for result in wait(admin.delete_topics(&[topic], &options))
        .unwrap_or(Err(KafkaError::AdminOp(Code::OperationTimedOut)))
        .map_err(|error| refused("delete topic", error.to_string()))?
    {
        result.map_err(|(_, code)| refused("delete topic", code.to_string()))?;
    }
    // The name is free only when the deletion has gone round.
    let end = Instant::now() + LIMIT;
    loop {
        match create(brokers, properties, std::slice::from_ref(&spec))?.pop() {
            Some(Outcome::Created) => return Ok(()),
            outcome if Instant::now() >= end => return Err(refused("create topic", format!("{outcome:?}"))),
            _ => thread::sleep(Duration::from_millis(200)),
        }
    }
}

/// Lists (`compact,delete`) are compared without regard to order.
fn same(have: &str, want: &str) -> bool {
    let parts = |value: &str| {
        let mut parts: Vec<String> = value.split(',').map(|part| part.trim().to_owned()).collect();
        parts.sort_unstable();
        parts
    };
    parts(have) == parts(want)
}

type Admin = AdminClient<DefaultClientContext>;

fn admin(brokers: &str, properties: &BTreeMap<String, String>) -> Result<Admin, TopicsError> {
    properties::base(brokers, properties, "topics")
        .create()
        .map_err(|error: KafkaError| TopicsError::Client(error.to_string()))
}

/// Replicas of each partition; `None` where the topic doesn't exist.
fn replicas(admin: &Admin, brokers: &str, topic: &str) -> Result<Option<Vec<i32>>, TopicsError> {
    let metadata = admin.inner().fetch_metadata(Some(topic), LIMIT).map_err(|error| TopicsError::Broker {
        call: "metadata",
        brokers: brokers.to_owned(),
        reason: error.to_string(),
    })?;
    let found = metadata.topics().iter().find(|found| found.name() == topic);
    let replicas = found.map(|found| found.partitions().iter().map(|p| p.replicas().len() as i32).collect::<Vec<_>>());
    Ok(replicas.filter(|partitions| !partitions.is_empty()))
}

fn settings(admin: &Admin, brokers: &str, topic: &str) -> Result<BTreeMap<String, String>, TopicsError> {
    entries(admin, brokers, topic, |_| true)
}

/// Settings of a topic that come from such a source.
fn entries(
    admin: &Admin,
    brokers: &str,
    topic: &str,
    from: impl Fn(&ConfigSource) -> bool,
) -> Result<BTreeMap<String, String>, TopicsError> {
    let refused = |reason: String| TopicsError::Broker { call: "describe topic", brokers: brokers.to_owned(), reason };
    let resource = ResourceSpecifier::Topic(topic);
    let options = AdminOptions::new().request_timeout(Some(LIMIT));
    let results = wait(admin.describe_configs([&resource], &options))
        .unwrap_or(Err(KafkaError::AdminOp(Code::OperationTimedOut)))
        .map_err(|error| refused(error.to_string()))?;
    let mut settings = BTreeMap::new();
    for result in results {
        let resource = result.map_err(|code| refused(code.to_string()))?;
        let own = resource.entries.into_iter().filter(|entry| from(&entry.source));
        settings.extend(own.filter_map(|entry| Some((entry.name, entry.value?))));
    }
    Ok(settings)
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// Drives one future of the admin client on this thread; `None` after twice [`LIMIT`] (the client's own limit failed).
fn wait<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let end = Instant::now() + LIMIT * 2;
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return Some(value);
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_in_another_order_are_the_same() {
        for (have, want, expected) in [
            ("compact,delete", "delete, compact", true),
            ("compact", "compact", true),
            ("delete", "compact", false),
            ("compact,delete", "compact", false),
        ] {
            assert_eq!(same(have, want), expected, "{have} {want}");
        }
    }

    #[test]
    fn a_future_is_driven_to_its_value() {
        assert_eq!(wait(async { 7 }), Some(7));
    }
}
