//! What a stage counts of a batch. It is staged beside the batch and told when the transaction has committed, so that a
//! batch that is read again counts once.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use dateline_resolve::Stats;

use super::table::{self, Metric};
use super::{add, observe, set};

/// Counts of one batch.
#[derive(Debug, Default)]
pub struct Tally {
    counts: BTreeMap<(&'static str, Vec<&'static str>), (Metric, u64)>,
    /// When the articles behind the batch were appended, ms since the epoch.
    pub appended_ms: Vec<i64>,
    /// When they were published.
    pub published_ms: Vec<i64>,
    /// Kind and confidence of the mentions of the batch.
    pub confidences: Vec<(&'static str, f32)>,
}

impl Tally {
    /// Counts `n` more.
    pub fn add(&mut self, metric: Metric, labels: &[&'static str], n: u64) {
        let entry = self.counts.entry((metric.name, labels.to_vec())).or_insert((metric, 0));
        entry.1 += n;
    }

    /// The label sets of a metric that were counted.
    pub fn labels(&self, metric: &Metric) -> Vec<Vec<&'static str>> {
        self.counts.keys().filter(|(name, _)| *name == metric.name).map(|(_, labels)| labels.clone()).collect()
    }

    /// The count of a metric over all its labels.
    pub fn sum(&self, metric: &Metric) -> u64 {
        self.counts.iter().filter(|((name, _), _)| *name == metric.name).map(|(_, (_, n))| n).sum()
    }

    /// Takes the counts of another one over.
    pub fn merge(&mut self, other: Self) {
        for (key, (metric, n)) in other.counts {
            self.counts.entry(key).or_insert((metric, 0)).1 += n;
        }
        self.appended_ms.extend(other.appended_ms);
        self.published_ms.extend(other.published_ms);
        self.confidences.extend(other.confidences);
    }

    /// The count of a metric with these labels.
    pub fn get(&self, metric: &Metric, labels: &[&'static str]) -> u64 {
        self.counts.get(&(metric.name, labels.to_vec())).map_or(0, |(_, n)| *n)
    }
}

/// Where stages send their tallies once committed.
pub trait Sink: Send + Sync {
    /// A batch of the stage has committed.
    fn committed(&self, stage: &'static str, tally: &Tally);

    /// The state that resolution keeps may have changed; counting it costs time, so it is asked for when it is wanted.
    fn state(&self, stats: &dyn Fn() -> Stats);
}

/// A sink that turns tallies into metrics.
#[derive(Debug, Default)]
pub struct ToMetrics {
    /// When the state was counted last, ms since the epoch.
    counted_ms: AtomicI64,
}

/// Between two counts of the state.
const STATE_EVERY_MS: i64 = 10_000;

impl Sink for ToMetrics {
    fn committed(&self, stage: &'static str, tally: &Tally) {
        for ((_, labels), (metric, n)) in &tally.counts {
            add(metric, labels, *n);
        }
        let now = now_ms();
        // A clock that is ahead of ours, or an article dated tomorrow, has no negative age.
        let ages = |times: &[i64]| times.iter().map(|t| (now - t).max(0) as f64 / 1000.0).collect::<Vec<_>>();
        observe(&table::APPEND_TO_COMMIT, &[stage], ages(&tally.appended_ms));
        observe(&table::PUBLISHED_TO_COMMIT, &[stage], ages(&tally.published_ms));
        for (kind, confidence) in &tally.confidences {
            observe(&table::CONFIDENCE, &[kind], [f64::from(*confidence)]);
        }
    }

    fn state(&self, stats: &dyn Fn() -> Stats) {
        let now = now_ms();
        if now - self.counted_ms.load(Ordering::Relaxed) < STATE_EVERY_MS {
            return;
        }
        self.counted_ms.store(now, Ordering::Relaxed);
        let s = stats();
        let sizes = [
            ("contributions", s.contributions),
            ("records", s.records),
            ("stubs", s.stubs),
            ("groups", s.groups),
            ("retractions", s.retractions),
        ];
        for (of, n) in sizes {
            set(&table::STATE, &[of], n as f64);
        }
    }
}

/// A sink that drops everything.
#[derive(Debug, Clone, Copy, Default)]
pub struct ToNothing;

impl Sink for ToNothing {
    fn committed(&self, _: &'static str, _: &Tally) {}

    fn state(&self, _: &dyn Fn() -> Stats) {}
}

/// Now, ms since the epoch.
pub(crate) fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis() as i64)
}
