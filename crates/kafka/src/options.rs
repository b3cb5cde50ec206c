//! What a runner is told: names, limits, timeouts; checked once, before anything is connected.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use crate::observer::Observer;
use crate::properties::{self, PropertyError};
use crate::runner::Runner;
use crate::stage::Stage;

/// Everything a stage's runner needs to know. Start from [`Options::new`] and set what differs.
#[derive(Debug, Clone)]
pub struct Options {
    /// `bootstrap.servers`: `host:port`, several separated by commas.
    pub brokers: String,
    /// What answers at `brokers`.
    pub broker: Broker,
    /// Consumer group; instances that share it share the input's partitions. By convention `<app>-<stage>`.
    pub group_id: String,
    /// Transactional id; unique among the instances alive at one time. By convention `<app>-<stage>-<instance>`.
    pub transactional_id: String,
    /// Topic that is consumed.
    pub input_topic: String,
    /// Topics that the stage writes. That all of them are empty is what proves that a group without offsets is new.
    pub output_topics: Vec<String>,
    /// Dead-letter queue.
    pub dlq: Dlq,
    /// Compacted topic with as many partitions as the input; required when the stage has state.
    pub changelog_topic: Option<String>,
    /// Time limits.
    pub timeouts: Timeouts,
    /// When a batch ends.
    pub batch: BatchLimits,
    /// An input record whose value is larger goes to the dead-letter queue unseen by [`Stage::process`], with class
    /// `too_large`. `None`: no limit but the topic's.
    pub max_record_bytes: Option<usize>,
    /// Extra librdkafka properties for every client; none of [`properties::PROTECTED_PROPERTIES`].
    pub properties: BTreeMap<String, String>,
    /// Where a group starts that has no committed offset although its output topics are not empty.
    pub from: Option<StartFrom>,
    /// Go on at the log's start where committed offsets lie below it (or beyond its end) instead of stopping.
    pub accept_loss: bool,
}

/// What kind of broker is at the other end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Broker {
    /// Apache Kafka or what speaks its whole protocol.
    #[default]
    Real,
    /// [`crate::embedded::Embedded`]. It stores no offsets that come in a transaction: the runner commits them once more
    /// with the consumer, so delivery is at least once, and topic settings are not asked for.
    Embedded,
}

/// Where a group without committed offsets starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StartFrom {
    /// At the log's first record.
    Earliest,
    /// After the log's last record.
    Latest,
}

/// Dead-letter queue: where poison goes, and how much of it is an outage.
#[derive(Debug, Clone)]
pub struct Dlq {
    /// Topic.
    pub topic: String,
    /// Stop when more than this share of the last [`crate::dlq::WINDOW`] records was poison; `None` is off.
    pub max_ratio: Option<f64>,
    /// Stop at this many poison records in a row; `None` is off.
    pub max_consecutive: Option<u64>,
    /// Largest record that the topic takes, in bytes, where the broker can't be asked for its `max.message.bytes`.
    pub max_message_bytes: usize,
}

/// When a batch ends: at whichever limit is reached first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Records.
    pub records: usize,
    /// Bytes of keys and values.
    pub bytes: usize,
    /// Time since the batch's first record.
    pub linger: Duration,
}

/// Time limits. [`Timeouts::check`] says which must be smaller than which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// `heartbeat.interval.ms`.
    pub heartbeat: Duration,
    /// `transaction.timeout.ms`: the broker aborts an older transaction and fences its producer.
    pub transaction: Duration,
    /// `session.timeout.ms`: the group takes the partitions of a member that is silent for longer.
    pub session: Duration,
    /// An asked drain ends within this.
    pub drain: Duration,
    /// `max.poll.interval.ms`: longest time between polls, so also longest time to process a batch.
    pub max_poll: Duration,
    /// A broker not reached for the first time within this is an error.
    pub startup: Duration,
    /// How long, beyond the transaction timeout, a restore waits for a checkpoint that isn't the committed offset.
    pub restore_grace: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            heartbeat: Duration::from_secs(3),
            transaction: Duration::from_secs(10),
            session: Duration::from_secs(20),
            drain: Duration::from_secs(15),
            max_poll: Duration::from_secs(60),
            startup: Duration::from_secs(30),
            restore_grace: Duration::from_secs(30),
        }
    }
}

impl Timeouts {
    /// Checks the order that the guarantees rest on: a transaction is over before its owner's partitions can move, and a
    /// drain can finish the transaction that is open.
    pub fn check(&self) -> Result<(), OptionsError> {
        let rules: [(&'static str, Duration, &'static str, Duration, &'static str); 5] = [
            ("heartbeat", self.heartbeat * 2, "session", self.session, "two heartbeats may be missed"),
            ("heartbeat", self.heartbeat, "transaction", self.transaction, "a lost member is known while it commits"),
            ("transaction", self.transaction, "session", self.session, "a transaction ends before its partitions move"),
            ("transaction", self.transaction, "drain", self.drain, "a drain can finish the open transaction"),
            ("session", self.session, "max_poll", self.max_poll, "a slow batch is not taken for a dead member"),
        ];
        for (smaller, a, larger, b, reason) in rules {
            if a >= b {
                return Err(OptionsError::TimeoutOrder { smaller, larger, reason });
            }
        }
        Ok(())
    }
}

impl Default for BatchLimits {
    fn default() -> Self {
        Self { records: 1_000, bytes: 4 << 20, linger: Duration::from_millis(20) }
    }
}

impl Dlq {
    /// A dead-letter queue with the default limits.
    pub fn new(topic: impl Into<String>) -> Self {
        Self {
            topic: topic.into(),
            max_ratio: Some(0.5),
            max_consecutive: Some(1_000),
            max_message_bytes: crate::dlq::DEFAULT_MAX_MESSAGE_BYTES,
        }
    }
}

impl Options {
    /// Options with every default.
    pub fn new(
        brokers: impl Into<String>,
        group_id: impl Into<String>,
        transactional_id: impl Into<String>,
        input_topic: impl Into<String>,
        dlq_topic: impl Into<String>,
    ) -> Self {
        Self {
            brokers: brokers.into(),
            broker: Broker::Real,
            group_id: group_id.into(),
            transactional_id: transactional_id.into(),
            input_topic: input_topic.into(),
            output_topics: Vec::new(),
            dlq: Dlq::new(dlq_topic),
            changelog_topic: None,
            timeouts: Timeouts::default(),
            batch: BatchLimits::default(),
            max_record_bytes: Some(2 << 20),
            properties: BTreeMap::new(),
            from: None,
            accept_loss: false,
        }
    }

    /// Checks the options and makes the runner; nothing is connected before [`Runner::run`].
    pub fn build(self, stage: Box<dyn Stage>, observer: Arc<dyn Observer>) -> Result<Runner, OptionsError> {
        self.check(stage.state_encoding().is_some())?;
        Ok(Runner::new(self, stage, observer))
    }

    fn check(&self, stateful: bool) -> Result<(), OptionsError> {
        let named = [
            ("brokers", &self.brokers),
            ("group_id", &self.group_id),
            ("transactional_id", &self.transactional_id),
            ("input_topic", &self.input_topic),
            ("dlq.topic", &self.dlq.topic),
        ];
        if let Some((option, _)) = named.iter().find(|(_, value)| value.trim().is_empty()) {
            return Err(OptionsError::Empty { option });
        }
        self.timeouts.check()?;
        if stateful && self.changelog_topic.is_none() {
            return Err(OptionsError::NoChangelog);
        }
        if self.batch.records == 0 || self.batch.bytes == 0 {
            return Err(OptionsError::Range { option: "batch", rule: "records and bytes are at least 1" });
        }
        if self.dlq.max_ratio.is_some_and(|ratio| !(0.0..=1.0).contains(&ratio)) {
            return Err(OptionsError::Range { option: "dlq.max_ratio", rule: "from 0 to 1" });
        }
        if self.dlq.max_consecutive == Some(0) {
            return Err(OptionsError::Range { option: "dlq.max_consecutive", rule: "at least 1, or off" });
        }
        properties::check(&self.properties)?;
        Ok(())
    }
}

/// Options that can't work.
#[derive(Debug, thiserror::Error)]
pub enum OptionsError {
    /// A name is empty.
    #[error("option {option} is empty: set it")]
    Empty {
        /// The option.
        option: &'static str,
    },
    /// Two timeouts are in the wrong order.
    #[error("timeout {smaller} must be smaller than {larger} (so that {reason}): raise {larger} or lower {smaller}")]
    TimeoutOrder {
        /// The one that must be smaller.
        smaller: &'static str,
        /// Than this one.
        larger: &'static str,
        /// Why.
        reason: &'static str,
    },
    /// A number is out of its range.
    #[error("option {option} is out of range: {rule}")]
    Range {
        /// The option.
        option: &'static str,
        /// What is allowed.
        rule: &'static str,
    },
    /// The stage has state but there is no changelog topic to keep it.
    #[error("the stage has state but no changelog topic is set: set changelog_topic")]
    NoChangelog,
    /// A librdkafka property can't be set.
    #[error(transparent)]
    Property(#[from] PropertyError),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn default_timeouts_are_in_order() {
        assert!(Timeouts::default().check().is_ok());
    }

    #[test]
    fn timeouts_out_of_order_are_named() {
        let seconds = Duration::from_secs;
        let base = Timeouts::default();
        let table = [
            (Timeouts { transaction: seconds(20), ..base }, ("transaction", "session")),
            (Timeouts { transaction: seconds(16), ..base }, ("transaction", "drain")),
            (Timeouts { heartbeat: seconds(10), ..base }, ("heartbeat", "session")),
            (Timeouts { transaction: seconds(2), ..base }, ("heartbeat", "transaction")),
            (Timeouts { max_poll: seconds(20), ..base }, ("session", "max_poll")),
        ];
        for (timeouts, expected) in table {
            match timeouts.check() {
                Err(OptionsError::TimeoutOrder { smaller, larger, .. }) => assert_eq!((smaller, larger), expected),
                other => panic!("{timeouts:?}: {other:?}"),
            }
        }
    }

    #[test]
    fn what_cannot_work_is_refused_before_anything_is_connected() {
        let good = || Options::new("localhost:9092", "app-stage", "app-stage-0", "in", "dlq");
        let says = |options: Options, stateful| options.check(stateful).map_err(|error| error.to_string());
        assert_eq!(says(good(), false), Ok(()));
        assert!(says(Options { brokers: " ".into(), ..good() }, false).unwrap_err().contains("brokers"));
        assert!(says(good(), true).unwrap_err().contains("changelog_topic"));
        let mut ratio = good();
        ratio.dlq.max_ratio = Some(1.5);
        assert!(says(ratio, false).unwrap_err().contains("dlq.max_ratio"));
        let mut property = good();
        property.properties.insert("isolation.level".into(), "read_uncommitted".into());
        assert!(says(property, false).unwrap_err().contains("isolation.level"));
    }
}
