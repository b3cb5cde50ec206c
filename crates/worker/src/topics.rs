//! The topics as they should be.

use dateline_kafka::topics::{Finding, TopicSpec};

use crate::config::Settings;
use crate::config::settings::{Role, Switch};

const HOUR_MS: u64 = 3_600_000;
const DAY_MS: u64 = 24 * HOUR_MS;
/// Largest message of the articles and of the dead-letter queue.
const LARGEST: u64 = 8 << 20;
/// Partitions as `topics create` makes them.
pub const PARTITIONS: i32 = 12;

/// Real names of the topics.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // named as in the configuration
pub struct Names {
    pub articles: String,
    pub mentions: String,
    pub visits: String,
    pub events: String,
    pub state: String,
    pub receipts: String,
    pub dlq: String,
}

impl Names {
    /// The configured names with their prefix.
    pub fn of(settings: &Settings) -> Self {
        let t = &settings.topics;
        let name = |n: &str| format!("{}{n}", t.prefix);
        Self {
            articles: name(&t.articles),
            mentions: name(&t.mentions),
            visits: name(&t.visits),
            events: name(&t.events),
            state: name(&t.state),
            receipts: name(&t.receipts),
            dlq: name(&t.dlq),
        }
    }
}

/// Every topic as `topics create` makes it.
pub fn specs(names: &Names, partitions: i32, replication: i32) -> Vec<TopicSpec> {
    let topic = |name: &String| {
        let mut spec = TopicSpec::new(name.clone(), partitions);
        spec.replication = replication;
        spec
    };
    let records = |name| {
        topic(name)
            .with("cleanup.policy", "compact")
            .with("min.compaction.lag.ms", &DAY_MS.to_string())
            // A slow reader must see `merged_into` before its tombstone goes.
            .with("delete.retention.ms", &(7 * DAY_MS).to_string())
    };
    let kept = |name, days: u64| {
        topic(name).with("cleanup.policy", "delete").with("retention.ms", &(days * DAY_MS).to_string())
    };
    vec![
        topic(&names.articles).with("max.message.bytes", &LARGEST.to_string()),
        kept(&names.mentions, 30).with("message.timestamp.type", "LogAppendTime"),
        records(&names.visits),
        records(&names.events),
        topic(&names.state).with("cleanup.policy", "compact"),
        kept(&names.receipts, 7),
        kept(&names.dlq, 30).with("max.message.bytes", &LARGEST.to_string()),
    ]
}

/// The topics that a worker of this role needs.
pub fn needed(settings: &Settings, names: &Names, mut specs: Vec<TopicSpec>) -> Vec<TopicSpec> {
    let role = settings.role;
    specs.retain(|spec| {
        let n = &spec.name;
        if *n == names.articles || *n == names.receipts {
            role.extracts() && (*n == names.articles || settings.receipts == Switch::On)
        } else if *n == names.visits || *n == names.events || *n == names.state {
            role != Role::Extract
        } else {
            true
        }
    });
    specs
}

/// True when the worker must not start over this difference: the guarantees rest on the setting.
pub fn is_grave(names: &Names, finding: &Finding) -> bool {
    match finding {
        Finding::Missing { .. } => true,
        Finding::Setting { topic, name, .. } => {
            (*topic == names.mentions && name == "message.timestamp.type")
                || (name == "cleanup.policy" && [&names.state, &names.visits, &names.events].contains(&topic))
        }
        Finding::Partitions { .. } | Finding::Replication { .. } => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_moves_all_topics() {
        let mut settings = Settings::default();
        settings.topics.prefix = "x.".to_owned();
        let names = Names::of(&settings);
        assert!(
            specs(&names, 12, -1).iter().all(|s| s.name.starts_with("x.") && s.partitions == 12 && s.replication == -1)
        );
    }

    #[test]
    fn each_role_needs_its_own_topics() {
        let mut settings = Settings::default();
        let names = Names::of(&settings);
        let mut needs = |role, receipts| {
            (settings.role, settings.receipts) = (role, receipts);
            needed(&settings, &names, specs(&names, 12, -1)).into_iter().map(|s| s.name).collect::<Vec<_>>()
        };
        let (articles, mentions, dlq) = ("news.articles", "dateline.mentions", "news.articles.dlq");
        assert_eq!(needs(Role::Extract, Switch::Off), [articles, mentions, dlq]);
        assert_eq!(needs(Role::Extract, Switch::On), [articles, mentions, "dateline.receipts", dlq]);
        assert_eq!(needs(Role::Resolve, Switch::On), [mentions, "news.visits", "news.events", "dateline.state", dlq]);
        assert_eq!(needs(Role::All, Switch::On).len(), 7);
    }

    #[test]
    fn the_worker_does_not_start_over_a_producers_clock_in_the_mentions() {
        let names = Names::of(&Settings::default());
        let setting = |topic: &str, name: &str| Finding::Setting {
            topic: topic.to_owned(),
            name: name.to_owned(),
            want: String::new(),
            have: String::new(),
        };
        assert!(is_grave(&names, &setting("dateline.mentions", "message.timestamp.type")));
        assert!(is_grave(&names, &setting("dateline.state", "cleanup.policy")));
        assert!(!is_grave(&names, &setting("dateline.mentions", "retention.ms")));
    }
}
