//! The only place that touches the metrics facade.
#![allow(clippy::disallowed_macros)] // everything else goes through the table

use metrics::{Label, Unit, counter, gauge, histogram};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};

use super::table::{ALL, Bound, Kind, Metric};

/// What renders the metrics.
#[derive(Clone)]
pub struct Recorder(PrometheusHandle);

impl Recorder {
    /// Installs the recorder of the process, with every bounded series at zero. Errors when there is one already.
    pub fn install() -> anyhow::Result<Self> {
        let mut builder = PrometheusBuilder::new();
        for metric in ALL {
            if let Kind::Histogram(buckets) = metric.kind {
                builder = builder.set_buckets_for_metric(Matcher::Full(metric.name.to_owned()), buckets)?;
            }
        }
        let handle = builder.install_recorder()?;
        for metric in ALL {
            describe(metric);
            zero(metric);
        }
        Ok(Self(handle))
    }

    /// The text that Prometheus scrapes.
    pub fn render(&self) -> String {
        if let Some(bytes) = super::memory::resident() {
            set(&super::table::MEMORY, &[], bytes as f64);
        }
        if let Some(bytes) = super::memory::limit() {
            set(&super::table::MEMORY_LIMIT, &[], bytes as f64);
        }
        self.0.render()
    }

    /// To be called every few seconds: bounds what histograms keep between scrapes.
    pub fn upkeep(&self) {
        self.0.run_upkeep();
    }
}

/// Counts up.
pub fn add(metric: &Metric, labels: &[&str], n: u64) {
    debug_assert_eq!(metric.kind, Kind::Counter);
    counter!(metric.name, named(metric, labels)).increment(n);
}

/// Sets a gauge.
pub fn set(metric: &Metric, labels: &[&str], value: f64) {
    debug_assert_eq!(metric.kind, Kind::Gauge);
    gauge!(metric.name, named(metric, labels)).set(value);
}

/// Counts a value into its bucket.
pub fn observe(metric: &Metric, labels: &[&str], values: impl IntoIterator<Item = f64>) {
    debug_assert!(matches!(metric.kind, Kind::Histogram(_)));
    let histogram = histogram!(metric.name, named(metric, labels));
    for value in values {
        histogram.record(value);
    }
}

fn named(metric: &Metric, values: &[&str]) -> Vec<Label> {
    debug_assert_eq!(metric.labels.len(), values.len(), "{}", metric.name);
    metric.labels.iter().zip(values).map(|(label, value)| Label::new(label.name, (*value).to_owned())).collect()
}

fn describe(metric: &Metric) {
    let unit = match metric.unit {
        "seconds" => Unit::Seconds,
        "bytes" => Unit::Bytes,
        _ => Unit::Count,
    };
    match metric.kind {
        Kind::Counter => metrics::describe_counter!(metric.name, unit, metric.help),
        Kind::Gauge => metrics::describe_gauge!(metric.name, unit, metric.help),
        Kind::Histogram(_) => metrics::describe_histogram!(metric.name, unit, metric.help),
    }
}

/// Makes every counter whose labels are known before the start exist at zero.
fn zero(metric: &Metric) {
    if metric.kind != Kind::Counter {
        return;
    }
    let mut sets: Vec<Vec<&str>> = vec![vec![]];
    for label in metric.labels {
        let Bound::OneOf(values) = label.bound else { return };
        let longer =
            |set: &Vec<&'static str>| values().into_iter().map(|v| [set.as_slice(), &[v]].concat()).collect::<Vec<_>>();
        sets = sets.iter().flat_map(longer).collect();
    }
    for set in sets {
        add(metric, &set, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::telemetry::table;

    #[test]
    fn bounded_counters_are_there_at_zero_and_count() {
        let recorder = Recorder::install().unwrap();
        let text = recorder.render();
        assert!(text.contains("dateline_articles_total{outcome=\"dlq\"} 0"), "{text}");
        assert!(text.contains("dateline_dlq_records_total{stage=\"extract\",class=\"too_large\"} 0"), "{text}");
        add(&table::ARTICLES, &["dlq"], 2);
        observe(&table::PROCESS, &["extract"], [0.003]);
        let text = recorder.render();
        assert!(text.contains("dateline_articles_total{outcome=\"dlq\"} 2"), "{text}");
        assert!(text.contains("dateline_process_seconds_bucket{stage=\"extract\",le=\"0.005\"} 1"), "{text}");
        assert!(text.contains("# HELP dateline_process_seconds Time of a batch in the stage itself."), "{text}");
    }
}
