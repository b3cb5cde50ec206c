//! What the values must be to each other.

use dateline_kafka::OptionsError;
use dateline_kafka::properties::{self, PropertyError};

use super::Settings;
use super::settings::{Property, Telemetry};
use super::units::Limit;
use crate::service;

/// `(key, problem)` of everything that does not fit.
pub(super) fn problems(s: &Settings) -> Vec<(String, String)> {
    let mut found = Found(vec![]);
    brokers(s, &mut found);
    names(s, &mut found);
    timeouts(s, &mut found);
    limits(s, &mut found);
    for (name, reason) in protected(s) {
        found.note(&format!("kafka.properties.{name}"), reason);
    }
    let sources = &s.telemetry.sources;
    if sources.len() > Telemetry::MOST_SOURCES {
        let most = Telemetry::MOST_SOURCES;
        found.note(
            "telemetry.sources",
            format!("{} sources: name at most {most}, the others count as other", sources.len()),
        );
    }
    if let Some(twice) = sources.iter().enumerate().find(|(i, s)| s.is_empty() || sources[..*i].contains(s)) {
        found.note("telemetry.sources", format!("{:?} is empty or named twice: name each source once", twice.1));
    }
    if tracing_subscriber::EnvFilter::try_new(&s.log.level).is_err() || s.log.level.trim().is_empty() {
        found.note(
            "log.level",
            "no log level: write error, warn, info, debug, trace or a filter like info,rdkafka=debug",
        );
    }
    found.0
}

struct Found(Vec<(String, String)>);

impl Found {
    fn note(&mut self, key: &str, problem: impl Into<String>) {
        self.0.push((key.to_owned(), problem.into()));
    }
}

fn brokers(s: &Settings, found: &mut Found) {
    let brokers = s.kafka.brokers.split(',').map(str::trim);
    if !s.kafka.brokers.is_empty() && !brokers.clone().all(is_address) {
        found.note("kafka.brokers", "no list of brokers: write HOST:PORT, several with commas");
    }
    if !s.admin.address.is_empty() && !is_address(&s.admin.address) {
        found.note("admin.address", "no address: write HOST:PORT, for example 127.0.0.1:9464 (empty: none)");
    }
}

fn is_address(s: &str) -> bool {
    s.rsplit_once(':').is_some_and(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok())
}

fn names(s: &Settings, found: &mut Found) {
    let legal = |n: &str| n.len() <= 200 && n.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b));
    let words = "may hold letters, digits, '.', '_' and '-' only";
    let t = &s.topics;
    let topics = [
        ("topics.articles", &t.articles),
        ("topics.mentions", &t.mentions),
        ("topics.visits", &t.visits),
        ("topics.events", &t.events),
        ("topics.state", &t.state),
        ("topics.receipts", &t.receipts),
        ("topics.dlq", &t.dlq),
    ];
    for (i, (key, name)) in topics.iter().enumerate() {
        if name.is_empty() || !legal(name) {
            found.note(key, format!("no name of a topic: it {words}"));
        } else if let Some((other, _)) = topics[..i].iter().find(|(_, n)| n == name) {
            found.note(key, format!("is the name of {other} too: give each topic its own"));
        }
    }
    if !legal(&t.prefix) {
        found.note("topics.prefix", words);
    }
    if s.app.is_empty() || !legal(&s.app) {
        found.note("app", format!("no name of an application: it {words}"));
    }
    if !legal(&s.instance) {
        found.note("instance", words);
    }
}

fn timeouts(s: &Settings, found: &mut Found) {
    let key = |name: &str| match name {
        "heartbeat" => "kafka.heartbeat_interval",
        "transaction" => "kafka.transaction_timeout",
        "session" => "kafka.session_timeout",
        "drain" => "kafka.drain_timeout",
        _ => "kafka.max_poll_interval",
    };
    if let Err(OptionsError::TimeoutOrder { smaller, larger, reason }) = service::timeouts(s).check() {
        let problem = format!("must be less than {} so that {reason}: lower it or raise the other", key(larger));
        found.note(key(smaller), problem);
    }
    let k = &s.kafka;
    for (name, span) in
        [("kafka.startup_timeout", k.startup_timeout), ("kafka.heartbeat_interval", k.heartbeat_interval)]
    {
        if span.0.is_zero() {
            found.note(name, "must be more than nothing");
        }
    }
}

fn limits(s: &Settings, found: &mut Found) {
    if let Limit::At(ratio) = s.dlq.max_ratio
        && !(ratio > 0.0 && ratio <= 1.0)
    {
        found.note("dlq.max_ratio", "must be above 0 and at most 1, or \"off\"");
    }
    if s.dlq.max_consecutive == Limit::At(0) {
        found.note("dlq.max_consecutive", "must be 1 or more, or \"off\"");
    }
    if !(1..=100_000).contains(&s.batch.max_records) {
        found.note("batch.max_records", "must be 1 to 100000");
    }
    if s.batch.max_bytes.0 == 0 {
        found.note("batch.max_bytes", "must be more than nothing");
    }
    if !(1..=(8 << 20)).contains(&s.article.max_bytes.0) {
        found.note("article.max_bytes", "must be 1 to 8 MiB, the largest message of the topic");
    }
    if !(0.0..=1.0).contains(&s.extract.min_confidence) {
        found.note("extract.min_confidence", "must be 0 to 1");
    }
    if s.resolve.retire_after.0.as_secs() < 86_400 {
        found.note("resolve.retire_after", "must be 1d or more");
    }
}

/// Properties that cannot be set, each with its reason.
fn protected(s: &Settings) -> Vec<(String, String)> {
    let one = |(name, value): (&String, &Property)| match properties::check(&[(name.clone(), value.0.clone())].into())
        .err()?
    {
        PropertyError::Protected { reason, .. } => Some((name.clone(), format!("cannot be set: {reason}"))),
        PropertyError::Invalid { reason, .. } => Some((name.clone(), format!("librdkafka refuses it: {reason}"))),
    };
    s.kafka.properties.iter().filter_map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::units::Span;
    use std::time::Duration;

    fn keys(change: impl FnOnce(&mut Settings)) -> Vec<String> {
        let mut s = Settings::default();
        change(&mut s);
        problems(&s).into_iter().map(|(k, _)| k).collect()
    }

    #[test]
    fn the_defaults_fit() {
        assert_eq!(problems(&Settings::default()), []);
    }

    #[test]
    fn what_does_not_fit_is_named() {
        let s = |n| Span(Duration::from_secs(n));
        assert_eq!(keys(|c| c.kafka.brokers = "localhost".into()), ["kafka.brokers"]);
        assert_eq!(keys(|c| c.kafka.brokers = "a:1, b:99999".into()), ["kafka.brokers"]);
        assert_eq!(keys(|c| c.kafka.brokers = "a:1, b:2".into()), [""; 0]);
        assert_eq!(keys(|c| c.admin.address = "9464".into()), ["admin.address"]);
        assert_eq!(keys(|c| c.topics.dlq = "news.articles".into()), ["topics.dlq"]);
        assert_eq!(keys(|c| c.topics.prefix = "a b".into()), ["topics.prefix"]);
        assert_eq!(keys(|c| c.app = String::new()), ["app"]);
        assert_eq!(keys(|c| c.kafka.transaction_timeout = s(20)), ["kafka.transaction_timeout"]);
        assert_eq!(keys(|c| c.kafka.heartbeat_interval = s(0)), ["kafka.heartbeat_interval"]);
        assert_eq!(keys(|c| c.dlq.max_ratio = Limit::At(1.5)), ["dlq.max_ratio"]);
        assert_eq!(keys(|c| c.batch.max_records = 0), ["batch.max_records"]);
        assert_eq!(keys(|c| c.resolve.retire_after = s(5)), ["resolve.retire_after"]);
        assert_eq!(keys(|c| c.kafka.drain_timeout = s(10)), ["kafka.transaction_timeout"]);
        assert_eq!(keys(|c| c.log.level = "loud=very=much".into()), ["log.level"]);
    }

    #[test]
    fn properties_that_the_guarantees_rest_on_are_refused_with_their_reason() {
        let mut s = Settings::default();
        s.kafka.properties.insert("isolation.level".into(), Property("read_uncommitted".into()));
        s.kafka.properties.insert("no.such.thing".into(), Property("1".into()));
        s.kafka.properties.insert("queued.min.messages".into(), Property("1000".into()));
        let found = problems(&s);
        assert_eq!(found.len(), 2, "{found:?}");
        assert_eq!(found[0].0, "kafka.properties.isolation.level");
        assert_eq!(found[0].1, "cannot be set: records of aborted transactions must not be read");
        assert!(found[1].1.starts_with("librdkafka refuses it: "), "{found:?}");
    }
}
