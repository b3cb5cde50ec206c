//! `dateline topics create|check`.

use std::cell::RefCell;

use dateline_kafka::Drain;
use dateline_kafka::topics::{self, Finding, Outcome, TopicSpec};

use super::args::{TopicsAction, TopicsArgs};
use super::broker::ask;
use crate::config::Loaded;
use crate::exit::Exit;
use crate::output;
use crate::service::properties;
use crate::topics::{Names, PARTITIONS, specs};

pub(super) fn run(args: &TopicsArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    let names = Names::of(&loaded.settings);
    match args.action {
        TopicsAction::Create => {
            let specs = specs(&names, args.partitions.unwrap_or(PARTITIONS), args.replication);
            let lines = RefCell::new(vec![]);
            let exit = create(loaded, &specs, &Drain::new(), &|line| lines.borrow_mut().push(format!("{line}\n")))?;
            output::print(&lines.take().concat())?;
            Ok(exit)
        }
        TopicsAction::Check => {
            let specs = specs(&names, args.partitions.unwrap_or(0), args.replication);
            let mut findings = check(loaded, &specs, &Drain::new())?;
            if args.partitions.is_none() {
                findings = without_partitions(findings, &names);
            } else {
                // Articles may have as many as their producers need.
                findings.retain(|f| !matches!(f, Finding::Partitions { topic, .. } if *topic == names.articles));
            }
            for finding in &findings {
                output::message(format!("dateline: {}: {}", finding, remedy(finding)));
            }
            if findings.is_empty() {
                output::print(&format!("{} topics are as they should be\n", specs.len()))?;
                return Ok(Exit::Done);
            }
            Ok(Exit::Failed)
        }
    }
}

/// Makes the topics that are missing and says what became of each.
pub(super) fn create(loaded: &Loaded, specs: &[TopicSpec], drain: &Drain, say: &dyn Fn(&str)) -> anyhow::Result<Exit> {
    let (brokers, properties, wanted) =
        (loaded.settings.kafka.brokers.clone(), properties(&loaded.settings), specs.to_vec());
    let outcomes = ask(loaded, drain, move || topics::create(&brokers, &properties, &wanted))?;
    let mut exit = Exit::Done;
    for (spec, outcome) in specs.iter().zip(outcomes) {
        match outcome {
            Outcome::Created => say(&format!("{}: created with {} partitions", spec.name, spec.partitions)),
            Outcome::Existed => say(&format!("{}: was there, left as it is", spec.name)),
            Outcome::Failed(why) => {
                exit = Exit::Failed;
                output::message(format!(
                    "dateline: topic {} cannot be made: {why}: see the rights and limits of the broker",
                    spec.name
                ));
            }
        }
    }
    Ok(exit)
}

/// Every difference between the topics and what they should be.
pub(super) fn check(loaded: &Loaded, specs: &[TopicSpec], drain: &Drain) -> anyhow::Result<Vec<Finding>> {
    let (brokers, properties, wanted) =
        (loaded.settings.kafka.brokers.clone(), properties(&loaded.settings), specs.to_vec());
    ask(loaded, drain, move || topics::check(&brokers, &properties, &wanted))
}

/// Where no number is asked for: only mentions and state must have equally many.
pub(super) fn without_partitions(findings: Vec<Finding>, names: &Names) -> Vec<Finding> {
    let have = |name: &str| {
        findings.iter().find_map(|f| match f {
            Finding::Partitions { topic, have, .. } if topic == name => Some(*have),
            _ => None,
        })
    };
    let unequal = match (have(&names.mentions), have(&names.state)) {
        (Some(mentions), Some(state)) if mentions != state => {
            Some(Finding::Partitions { topic: names.state.clone(), want: mentions, have: state })
        }
        _ => None,
    };
    findings.into_iter().filter(|f| !matches!(f, Finding::Partitions { .. })).chain(unequal).collect()
}

/// What to do about it.
pub(super) fn remedy(finding: &Finding) -> &'static str {
    match finding {
        Finding::Missing { .. } => "make it with `dateline topics create`, or start with --create-topics",
        Finding::Partitions { .. } => {
            "the number is fixed at creation: reprocess under another app with output topics of its own"
        }
        Finding::Replication { .. } => "change it with kafka-reassign-partitions.sh",
        Finding::Setting { .. } => "change it with kafka-configs.sh --alter",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Settings;

    #[test]
    fn without_a_number_only_mentions_and_state_must_have_equally_many_partitions() {
        let names = Names::of(&Settings::default());
        let have = |topic: &str, have| Finding::Partitions { topic: topic.to_owned(), want: 0, have };
        let equal = vec![have("news.articles", 3), have("dateline.mentions", 12), have("dateline.state", 12)];
        assert_eq!(without_partitions(equal, &names), []);
        let unequal = vec![have("dateline.mentions", 12), have("dateline.state", 6)];
        let found = Finding::Partitions { topic: "dateline.state".to_owned(), want: 12, have: 6 };
        assert_eq!(without_partitions(unequal, &names), [found]);
    }
}
