//! Metrics in Prometheus' text format, as the screen asks for them.

use std::collections::BTreeMap;

use crate::telemetry::table::Metric;

/// Labels of a series.
pub(super) type Labels = BTreeMap<String, String>;

/// One scrape: values by name and labels.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Scrape(BTreeMap<String, Vec<(Labels, f64)>>);

impl Scrape {
    /// Reads a scrape; lines that are no samples are passed by.
    pub(super) fn parse(text: &str) -> Self {
        let mut scrape = Self::default();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, labels, value)) = sample(line) {
                scrape.0.entry(name.to_owned()).or_default().push((labels, value));
            }
        }
        scrape
    }

    /// The series of a name.
    pub(super) fn series(&self, name: &str) -> impl Iterator<Item = (&Labels, f64)> {
        self.0.get(name).into_iter().flatten().map(|(labels, value)| (labels, *value))
    }

    /// The series of a metric with this label.
    pub(super) fn with<'a>(
        &'a self,
        metric: &Metric,
        label: &'a str,
        value: &'a str,
    ) -> impl Iterator<Item = (&'a Labels, f64)> {
        self.series(metric.name).filter(move |(labels, _)| labels.get(label).is_some_and(|v| v == value))
    }

    /// Sum over the series of a metric with these labels.
    pub(super) fn sum(&self, metric: &Metric, wanted: &[(&str, &str)]) -> f64 {
        let fits = |labels: &Labels| wanted.iter().all(|(name, value)| labels.get(*name).is_some_and(|v| v == value));
        self.series(metric.name).filter(|(labels, _)| fits(labels)).map(|(_, value)| value).sum()
    }

    /// The one series of a metric without labels.
    pub(super) fn value(&self, metric: &Metric) -> Option<f64> {
        self.series(metric.name).next().map(|(_, value)| value)
    }

    /// A histogram's cumulative counts by upper bound for a stage, ascending; the last bound is infinite.
    pub(super) fn buckets(&self, metric: &Metric, stage: &str) -> Vec<(f64, f64)> {
        let of = |(labels, count): (&Labels, f64)| {
            let bound = match labels.get("le")?.as_str() {
                "+Inf" => f64::INFINITY,
                number => number.parse().ok()?,
            };
            (labels.get("stage")? == stage).then_some((bound, count))
        };
        let mut buckets: Vec<(f64, f64)> = self.series(&format!("{}_bucket", metric.name)).filter_map(of).collect();
        buckets.sort_by(|a, b| a.0.total_cmp(&b.0));
        buckets
    }
}

/// The least bound below which a share of what was counted lies.
pub(super) fn quantile(buckets: &[(f64, f64)], share: f64) -> Option<f64> {
    let total = buckets.last()?.1;
    if total <= 0.0 {
        return None;
    }
    buckets.iter().find(|(_, count)| *count >= share * total).map(|(bound, _)| *bound)
}

/// `name{label="value",...} value`
fn sample(line: &str) -> Option<(&str, Labels, f64)> {
    let name_end = line.find(['{', ' '])?;
    let (name, rest) = line.split_at(name_end);
    let mut labels = Labels::new();
    let Some(mut rest) = rest.strip_prefix('{') else {
        return Some((name, labels, rest.trim().parse().ok()?));
    };
    while !rest.starts_with('}') {
        let (label, after) = rest.split_once("=\"")?;
        let mut value = String::new();
        let mut chars = after.char_indices();
        let end = loop {
            match chars.next()? {
                (i, '"') => break i,
                (_, '\\') => match chars.next()?.1 {
                    'n' => value.push('\n'),
                    other => value.push(other),
                },
                (_, c) => value.push(c),
            }
        };
        labels.insert(label.to_owned(), value);
        rest = after[end + 1..].trim_start_matches(',');
    }
    Some((name, labels, rest[1..].trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_read_with_their_labels() {
        let labels =
            |list: &[(&str, &str)]| list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Labels>();
        for (line, expected) in [
            ("up 1", Some(("up", labels(&[]), 1.0))),
            ("a_total{x=\"1\",y=\"b c\"} 2.5", Some(("a_total", labels(&[("x", "1"), ("y", "b c")]), 2.5))),
            (r#"a{s="q\"\\n},"} +Inf"#, Some(("a", labels(&[("s", "q\"\\n},")]), f64::INFINITY))),
            ("a{x=\"1\" 2", None),
            ("nothing", None),
            ("", None),
        ] {
            assert_eq!(sample(line), expected, "{line}");
        }
    }

    #[test]
    fn a_quantile_is_the_bound_that_holds_the_share() {
        let buckets = [(0.1, 90.0), (0.5, 99.0), (1.0, 99.0), (f64::INFINITY, 100.0)];
        assert_eq!(quantile(&buckets, 0.5), Some(0.1));
        assert_eq!(quantile(&buckets, 0.99), Some(0.5));
        assert_eq!(quantile(&buckets, 1.0), Some(f64::INFINITY));
        assert_eq!(quantile(&[(f64::INFINITY, 0.0)], 0.5), None);
        assert_eq!(quantile(&[], 0.5), None);
    }
}
