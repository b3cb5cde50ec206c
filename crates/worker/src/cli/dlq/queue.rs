//! The dead-letter topic as it is read.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use anyhow::bail;
use dateline_kafka::Drain;
use dateline_kafka::letter::{Entry, Letter};
use dateline_kafka::scan::{Cluster, Extent};

use super::source;
use crate::cli::args::operate::FilterArgs;
use crate::cli::broker::ask;
use crate::config::Loaded;
use crate::output::Progress;
use crate::service::properties;
use crate::topics::Names;

/// Partition and offset in the dead-letter topic.
pub(super) type Place = (i32, i64);

/// The dead-letter topic of a deployment.
pub(super) struct Queue {
    pub(super) cluster: Cluster,
    pub(super) topic: String,
    pub(super) partitions: i32,
}

/// What a pass over the topic found beside the letters.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Letters that were sent again.
    pub(super) redriven: BTreeSet<Place>,
    /// Records that are no dead letters.
    pub(super) foreign: u64,
}

impl Queue {
    /// The first contact; an error where there is no such topic.
    pub(super) fn open(loaded: &Loaded) -> anyhow::Result<Self> {
        let settings = &loaded.settings;
        let topic = Names::of(settings).dlq;
        // Named like a group that the worker's rights cover; it is never joined.
        let group = format!("{}-dlq", settings.app);
        let cluster = Cluster::new(settings.kafka.brokers.clone(), properties(settings), group);
        let (asked, name) = (cluster.clone(), topic.clone());
        let found = ask(loaded, &Drain::new(), move || asked.partitions(std::slice::from_ref(&name)))?;
        match found.first() {
            Some(Some(partitions)) => Ok(Self { cluster, topic, partitions: *partitions }),
            _ => bail!(
                "topic {topic} does not exist: correct topics.dlq or topics.prefix, or make it with `dateline topics create`"
            ),
        }
    }

    /// Everything from a time on: markers of letters lie behind them.
    pub(super) fn extent(&self, filter: &FilterArgs) -> anyhow::Result<Extent> {
        Ok(self.cluster.extent(&self.topic, self.partitions, filter.since)?)
    }

    /// Gives the letters that pass the filter to `each`, with their source.
    pub(super) fn each(
        &self,
        extent: &Extent,
        filter: &FilterArgs,
        mut each: impl FnMut(Letter, Option<String>),
    ) -> anyhow::Result<Seen> {
        let mut seen = Seen::default();
        let mut progress = Progress::steps(extent.offsets(), "letters");
        self.cluster.scan(extent, |record| {
            let (partition, mut letters) = (record.partition, 0);
            match Entry::of(record) {
                Entry::Redriven(offsets) => seen.redriven.extend(offsets.into_iter().map(|offset| (partition, offset))),
                Entry::Foreign => seen.foreign += 1,
                Entry::Letter(letter) => {
                    letters = 1;
                    let source = letter.record().value.as_deref().and_then(source::of);
                    if passes(&letter, source.as_deref(), filter) {
                        each(letter, source);
                    }
                }
            }
            progress.advance(1, letters);
            ControlFlow::Continue(())
        })?;
        progress.finish();
        Ok(seen)
    }
}

/// Where a letter lies.
pub(super) fn place(letter: &Letter) -> Place {
    (letter.record().partition, letter.record().offset)
}

/// Whether a letter of this source is wanted.
fn passes(letter: &Letter, source: Option<&str>, filter: &FilterArgs) -> bool {
    let time = letter.record().timestamp_ms;
    filter.since.is_none_or(|since| time >= since)
        && filter.until.is_none_or(|until| time < until)
        && filter.class.as_deref().is_none_or(|class| class == letter.class())
        && filter.source.as_deref().is_none_or(|wanted| wanted == source.unwrap_or(NO_SOURCE))
}

/// Stands for a source that cannot be told.
pub(super) const NO_SOURCE: &str = "-";

/// Letters by class, in words: `bad_date 2, not_json 7`.
pub(super) fn by_class(counts: &BTreeMap<String, usize>) -> String {
    counts.iter().map(|(class, n)| format!("{class} {n}")).collect::<Vec<_>>().join(", ")
}
