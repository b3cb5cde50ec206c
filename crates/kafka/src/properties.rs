//! librdkafka properties: which the runner sets, which a user may add, which nobody may touch.

use std::collections::BTreeMap;

use rdkafka::ClientConfig;
use rdkafka::config::RDKafkaLogLevel;

use crate::options::Options;

/// Properties that the guarantees rest on, each with the reason why it can't be set.
pub const PROTECTED_PROPERTIES: &[(&str, &str)] = &[
    ("bootstrap.servers", "it is the option `brokers`"),
    ("metadata.broker.list", "it is the option `brokers`"),
    ("group.id", "it is made of the application and the stage; committed offsets belong to it"),
    (
        "group.instance.id",
        "static members keep their partitions while they are away; a drain must hand them on at once",
    ),
    ("group.protocol", "the fencing rule was proved for the classic protocol"),
    ("group.remote.assignor", "it belongs to a group protocol that is not used"),
    ("partition.assignment.strategy", "partitions move incrementally while the others go on: cooperative-sticky"),
    ("transactional.id", "it is made of the application, the stage and the instance; it is what fences a zombie"),
    ("transaction.timeout.ms", "it is the option `timeouts.transaction`; the order of the timeouts is checked"),
    ("session.timeout.ms", "it is the option `timeouts.session`; the order of the timeouts is checked"),
    ("heartbeat.interval.ms", "it is the option `timeouts.heartbeat`; the order of the timeouts is checked"),
    ("max.poll.interval.ms", "it is the option `timeouts.max_poll`; the order of the timeouts is checked"),
    ("isolation.level", "records of aborted transactions must not be read"),
    ("enable.auto.commit", "offsets are committed in the transaction and nowhere else"),
    ("enable.auto.offset.store", "offsets are committed in the transaction and nowhere else"),
    ("auto.commit.interval.ms", "offsets are committed in the transaction and nowhere else"),
    ("auto.offset.reset", "a lost position must stop the stage, not skip records"),
    ("enable.idempotence", "a transactional producer is idempotent"),
    ("acks", "a commit counts only when all in-sync replicas have it"),
    ("request.required.acks", "a commit counts only when all in-sync replicas have it"),
    ("max.in.flight", "more than five requests in flight break the idempotent producer's order"),
    (
        "max.in.flight.requests.per.connection",
        "more than five requests in flight break the idempotent producer's order",
    ),
    ("retries", "a record that is given up early aborts its transaction"),
    ("message.send.max.retries", "a record that is given up early aborts its transaction"),
    ("message.timeout.ms", "it follows the transaction timeout"),
    ("delivery.timeout.ms", "it follows the transaction timeout"),
    ("delivery.report.only.error", "the runner counts deliveries by it"),
    ("partitioner", "records of one key must lie where Java clients look for them: murmur2_random"),
    ("enable.partition.eof", "restores and readers rely on it"),
    ("enable.gapless.guarantee", "it ends the producer where an abort would do"),
    ("statistics.interval.ms", "lag is read from the statistics"),
    ("allow.auto.create.topics", "a topic that nobody created must be an error"),
    ("log.queue", "librdkafka's log lines go through it to `tracing`"),
];

/// A librdkafka property that can't be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PropertyError {
    /// One of [`PROTECTED_PROPERTIES`].
    #[error("librdkafka property {name} cannot be set: {reason}. Remove it")]
    Protected {
        /// Its name.
        name: String,
        /// Why it is protected.
        reason: &'static str,
    },
    /// librdkafka doesn't know it or refuses the value (which is not repeated here: it may be a secret).
    #[error("librdkafka refuses property {name}: {reason}. Correct or remove it")]
    Invalid {
        /// Its name.
        name: String,
        /// librdkafka's words.
        reason: String,
    },
}

/// Checks extra properties: none is protected, librdkafka knows each and takes its value.
pub fn check(properties: &BTreeMap<String, String>) -> Result<(), PropertyError> {
    for (name, value) in properties {
        if let Some((_, reason)) = PROTECTED_PROPERTIES.iter().find(|(protected, _)| protected == name) {
            return Err(PropertyError::Protected { name: name.clone(), reason });
        }
        let mut config = ClientConfig::new();
        config.set(name, value);
        if let Err(error) = config.create_native_config() {
            let reason = match error {
                // librdkafka's own words repeat the value.
                rdkafka::error::KafkaError::ClientConfig(_, words, ..) if value.is_empty() => words,
                rdkafka::error::KafkaError::ClientConfig(_, words, ..) => words.replace(value.as_str(), "<value>"),
                other => other.to_string(),
            };
            return Err(PropertyError::Invalid { name: name.clone(), reason });
        }
    }
    Ok(())
}

fn milliseconds(duration: std::time::Duration) -> String {
    duration.as_millis().to_string()
}

/// What every client of `brokers` shares.
pub(crate) fn base(brokers: &str, properties: &BTreeMap<String, String>, client_id: &str) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set_log_level(RDKafkaLogLevel::Info).set("client.id", client_id);
    for (name, value) in properties {
        config.set(name, value);
    }
    config.set("bootstrap.servers", brokers).set("log.connection.close", "false");
    config
}

fn reading(config: &mut ClientConfig) {
    config
        .set("enable.auto.commit", "false")
        .set("enable.auto.offset.store", "false")
        .set("allow.auto.create.topics", "false")
        .set("isolation.level", "read_committed");
    // A bound on what is fetched ahead, and no second of rest when it is reached.
    defaults(config, &[("queued.max.messages.kbytes", "32768"), ("fetch.queue.backoff.ms", "20")]);
}

/// Sets what the user has not set.
fn defaults(config: &mut ClientConfig, defaults: &[(&str, &str)]) {
    for (name, value) in defaults {
        if config.get(name).is_none() {
            config.set(*name, *value);
        }
    }
}

/// The group's consumer.
pub(crate) fn consumer(options: &Options) -> ClientConfig {
    let mut config = base(&options.brokers, &options.properties, &options.transactional_id);
    reading(&mut config);
    config
        .set("group.id", &options.group_id)
        .set("group.protocol", "classic")
        .set("partition.assignment.strategy", "cooperative-sticky")
        .set("heartbeat.interval.ms", milliseconds(options.timeouts.heartbeat))
        .set("session.timeout.ms", milliseconds(options.timeouts.session))
        .set("max.poll.interval.ms", milliseconds(options.timeouts.max_poll))
        .set("auto.offset.reset", "error")
        .set("statistics.interval.ms", "1000");
    // The input may get new partitions at any time; the default notices after five minutes. A partition that is resumed
    // waits for the end of the fetch that is under way.
    defaults(&mut config, &[("topic.metadata.refresh.interval.ms", "60000"), ("fetch.wait.max.ms", "100")]);
    patience(&mut config);
    config
}

/// How long a broker may be silent before its connection is given up: one that stands still, or a network that drops everything,
/// keeps a connection open, and librdkafka's default would wait a minute for each answer.
fn patience(config: &mut ClientConfig) {
    defaults(config, &[("socket.timeout.ms", "20000"), ("socket.connection.setup.timeout.ms", "10000")]);
}

/// A consumer that reads assigned partitions to their end and belongs to no group. (librdkafka assigns nothing without a
/// group id; one that never subscribes doesn't join.)
pub(crate) fn reader(
    brokers: &str,
    properties: &BTreeMap<String, String>,
    client_id: &str,
    group_id: &str,
) -> ClientConfig {
    let mut config = base(brokers, properties, client_id);
    reading(&mut config);
    config.set("group.id", group_id).set("auto.offset.reset", "earliest").set("enable.partition.eof", "true");
    // The end of a partition is known when a fetch comes back empty.
    config.set("fetch.wait.max.ms", "10").set("fetch.error.backoff.ms", "50");
    patience(&mut config);
    config
}

/// The transactional producer.
pub(crate) fn producer(options: &Options) -> ClientConfig {
    let mut config = base(&options.brokers, &options.properties, &options.transactional_id);
    let transaction = milliseconds(options.timeouts.transaction);
    config
        .set("transactional.id", &options.transactional_id)
        .set("transaction.timeout.ms", &transaction)
        .set("message.timeout.ms", &transaction)
        .set("enable.idempotence", "true")
        .set("acks", "all")
        .set("partitioner", "murmur2_random")
        .set("delivery.report.only.error", "true");
    // A batch is complete before it is sent, so waiting for more only delays it; a record is as large as its topic allows.
    // Its socket time-out librdkafka itself keeps below the transaction's.
    let setup = ("socket.connection.setup.timeout.ms", "10000");
    defaults(&mut config, &[("linger.ms", "1"), ("message.max.bytes", "16777216"), setup]);
    config
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(name: &str, value: &str) -> BTreeMap<String, String> {
        BTreeMap::from([(name.to_owned(), value.to_owned())])
    }

    #[test]
    fn every_protected_property_is_refused_with_its_reason() {
        for (name, reason) in PROTECTED_PROPERTIES {
            let error = check(&one(name, "1")).unwrap_err();
            assert!(error.to_string().contains(name) && error.to_string().contains(reason), "{error}");
        }
    }

    #[test]
    fn everything_that_the_runner_sets_for_its_guarantees_is_protected() {
        let options = Options::new("localhost:1", "g", "t", "in", "dlq");
        let open = [
            "client.id",
            "queued.max.messages.kbytes",
            "fetch.queue.backoff.ms",
            "fetch.wait.max.ms",
            "linger.ms",
            "message.max.bytes",
            "topic.metadata.refresh.interval.ms",
            "log.connection.close",
            "socket.timeout.ms",
            "socket.connection.setup.timeout.ms",
        ];
        for config in [consumer(&options), producer(&options)] {
            for name in config.config_map().keys().filter(|name| !open.contains(name)) {
                assert!(PROTECTED_PROPERTIES.iter().any(|(protected, _)| protected == name), "{name} is not protected");
            }
        }
    }

    #[test]
    fn an_unknown_property_and_a_bad_value_are_named_and_secrets_are_not_repeated() {
        assert!(check(&one("compression.typo", "zstd")).unwrap_err().to_string().contains("compression.typo"));
        let error = check(&one("security.protocol", "hunter2")).unwrap_err().to_string();
        assert!(error.contains("security.protocol") && !error.contains("hunter2"), "{error}");
        assert_eq!(check(&one("compression.type", "zstd")), Ok(()));
    }
}
