//! The screen of one worker.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::scrape::{Labels, Scrape, quantile};
use crate::telemetry::table::{self, Metric};

/// A health page.
#[derive(Debug, Clone)]
pub(super) struct Health {
    pub(super) well: bool,
    /// A line a stage: `extract: ok (running)`.
    pub(super) body: String,
}

/// All that was seen of a worker.
#[derive(Debug, Clone)]
pub(super) struct Look {
    pub(super) address: String,
    pub(super) live: Health,
    pub(super) ready: Health,
    /// A second before.
    pub(super) before: Scrape,
    pub(super) now: Scrape,
    pub(super) now_ms: i64,
}

/// Partitions and classes that are named one by one.
const NAMED: usize = 3;

pub(super) fn screen(look: &Look) -> String {
    let mut text = String::new();
    let stages = stages(&look.live.body);
    let role = if let [(one, _)] = stages.as_slice() { one.as_str() } else { "all" };
    let build = look.now.series(table::BUILD_INFO.name).find(|(_, value)| *value > 0.0).map(|(labels, _)| labels);
    let version = |name| build.and_then(|labels: &Labels| labels.get(name)).map_or("unknown", String::as_str);
    let health = |health: &Health, well: &str| if health.well { well.to_owned() } else { format!("NOT {well}") };
    let _ = writeln!(
        text,
        "dateline {} at {}: role {role}, {}, {}; rules {}, gazetteer {}\n",
        version("version"),
        look.address,
        health(&look.live, "live"),
        health(&look.ready, "ready"),
        version("rules_version"),
        version("gazetteer_version"),
    );
    text += "STAGE    PHASE      PARTITIONS       LAG    BEHIND     IN/s  COMMITS/s  LAST COMMIT  99% WITHIN  ABORTS\n";
    for (stage, phase) in &stages {
        stage_line(&mut text, look, stage, phase);
    }
    for (stage, _) in &stages {
        waiting(&mut text, look, stage);
    }
    let rate = |metric: &Metric| number(rate(look, metric, &[]));
    let _ = writeln!(
        text,
        "\nout      {} mentions/s, {} record revisions/s",
        rate(&table::MENTIONS),
        rate(&table::RECORDS)
    );
    state(&mut text, look);
    memory(&mut text, look);
    dead_letters(&mut text, look);
    text
}

/// Stages and their phases.
fn stages(body: &str) -> Vec<(String, String)> {
    let one = |line: &str| {
        let (stage, rest) = line.split_once(": ")?;
        Some((stage.to_owned(), rest.split_once('(')?.1.trim_end_matches(')').to_owned()))
    };
    body.lines().filter_map(one).collect()
}

fn stage_line(text: &mut String, look: &Look, stage: &str, phase: &str) {
    let of = [("stage", stage)];
    let now = &look.now;
    let restoring = now.sum(&table::PARTITIONS, &[("stage", stage), ("state", "restoring")]);
    let running = now.sum(&table::PARTITIONS, &[("stage", stage), ("state", "running")]);
    let phase = if phase == "running" && restoring > 0.0 { "restoring" } else { phase };
    let partitions =
        if restoring > 0.0 { format!("{running} of {}", running + restoring) } else { running.to_string() };
    let behind = now.with(&table::LAG_SECONDS, "stage", stage).map(|(_, v)| v).fold(0.0, f64::max);
    let input = if stage == "extract" { &table::ARTICLES } else { &table::MENTIONS_RESOLVED };
    let last = now.sum(&table::LAST_COMMIT, &of);
    let last = if last > 0.0 {
        format!("{} ago", seconds((look.now_ms as f64 / 1000.0 - last).max(0.0)))
    } else {
        "none".to_owned()
    };
    let within = quantile(&now.buckets(&table::APPEND_TO_COMMIT, stage), 0.99);
    let within = match within {
        None => "-".to_owned(),
        Some(bound) if bound.is_finite() => seconds(bound),
        Some(_) => "over 7d".to_owned(),
    };
    let _ = writeln!(
        text,
        "{stage:8} {phase:10} {partitions:>10}  {:>8}  {:>8}  {:>7}  {:>9}  {last:>11}  {within:>10}  {:>6}",
        whole(now.sum(&table::LAG, &of)),
        seconds(behind),
        number(rate(look, input, &[])),
        number(rate(look, &table::BATCHES, &of)),
        whole(now.sum(&table::ABORTS, &of)),
    );
}

/// What waits, by partition, the longest first; and what cannot go on.
fn waiting(text: &mut String, look: &Look, stage: &str) {
    let by_partition = |metric| {
        let mut waiting: Vec<(f64, String)> = look
            .now
            .with(metric, "stage", stage)
            .filter(|(_, value)| *value > 1.0)
            .map(|(labels, value)| (value, labels.get("partition").cloned().unwrap_or_default()))
            .collect();
        waiting.sort_by(|a, b| b.0.total_cmp(&a.0));
        waiting
    };
    let named = |list: &[(f64, String)]| {
        let some: Vec<String> = list.iter().take(NAMED).map(|(n, p)| format!("{p} ({})", whole(*n))).collect();
        let more = list.len().saturating_sub(NAMED);
        if more > 0 { format!("{} and {more} more", some.join(", ")) } else { some.join(", ") }
    };
    let lag = by_partition(&table::LAG);
    if !lag.is_empty() {
        let _ = writeln!(text, "         {stage} waits in partition {}", named(&lag));
    }
    let held = by_partition(&table::OPEN);
    if !held.is_empty() {
        let _ =
            writeln!(text, "         {stage} is held by an open transaction upstream in partition {}", named(&held));
    }
    if look.now.sum(&table::PARTITIONS, &[("stage", stage), ("state", "restoring")]) > 0.0 {
        let of = [("stage", stage)];
        let read = whole(look.now.sum(&table::RESTORED, &of));
        let _ = writeln!(
            text,
            "         {stage} restores: {read} records read, {}/s",
            number(rate(look, &table::RESTORED, &of))
        );
    }
}

fn state(text: &mut String, look: &Look) {
    let of = |name| look.now.with(&table::STATE, "of", name).next().map(|(_, value)| value);
    if let (Some(contributions), Some(records)) = (of("contributions"), of("records")) {
        let stubs = whole(of("stubs").unwrap_or(0.0));
        let _ = writeln!(
            text,
            "state    {} contributions in {} records, {stubs} sealed",
            whole(contributions),
            whole(records)
        );
    }
}

fn memory(text: &mut String, look: &Look) {
    let Some(used) = look.now.value(&table::MEMORY) else { return };
    let _ = match look.now.value(&table::MEMORY_LIMIT) {
        Some(limit) if limit > 0.0 => {
            writeln!(text, "memory   {} of {} ({:.0}%)", mebibytes(used), mebibytes(limit), used / limit * 100.0)
        }
        _ => writeln!(text, "memory   {}", mebibytes(used)),
    };
}

fn dead_letters(text: &mut String, look: &Look) {
    let mut classes: BTreeMap<&str, f64> = BTreeMap::new();
    for (labels, count) in look.now.series(table::DLQ.name).filter(|(_, count)| *count > 0.0) {
        *classes.entry(labels.get("class").map_or("unknown", String::as_str)).or_default() += count;
    }
    let mut top: Vec<(&str, f64)> = classes.into_iter().collect();
    top.sort_by(|a, b| b.1.total_cmp(&a.1));
    let total: f64 = top.iter().map(|(_, n)| n).sum();
    let named: Vec<String> = top.iter().take(NAMED).map(|(class, n)| format!("{class} {}", whole(*n))).collect();
    if named.is_empty() {
        text.push_str("dlq      no dead letters since its start\n");
    } else {
        let rate = number(rate(look, &table::DLQ, &[]));
        let _ = writeln!(text, "dlq      {} since its start, {rate}/s: {}", whole(total), named.join(", "));
    }
}

/// Per second; the scrapes are a second apart. After a restart counters begin anew.
fn rate(look: &Look, metric: &Metric, labels: &[(&str, &str)]) -> f64 {
    (look.now.sum(metric, labels) - look.before.sum(metric, labels)).max(0.0)
}

fn number(value: f64) -> String {
    if value < 10.0 && value.fract() != 0.0 { format!("{value:.1}") } else { whole(value) }
}

/// 1,234,567
fn whole(value: f64) -> String {
    // A sum of nothing is -0.
    let digits = format!("{:.0}", value + 0.0);
    let mut text = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(c);
    }
    text
}

fn seconds(value: f64) -> String {
    match value {
        v if v <= 0.0 => "0s".to_owned(),
        v if v < 1.0 => format!("{:.0}ms", v * 1000.0),
        v if v < 120.0 => format!("{v:.0}s"),
        v if v < 7200.0 => format!("{:.0}m", v / 60.0),
        v if v < 172_800.0 => format!("{:.0}h", v / 3600.0),
        v => format!("{:.0}d", v / 86_400.0),
    }
}

fn mebibytes(bytes: f64) -> String {
    format!("{} MiB", whole(bytes / f64::from(1 << 20)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(live: &str, before: &str, now: &str) -> Look {
        Look {
            address: "worker:9464".to_owned(),
            live: Health { well: true, body: live.to_owned() },
            ready: Health { well: false, body: String::new() },
            before: Scrape::parse(before),
            now: Scrape::parse(now),
            now_ms: 1_746_489_600_000,
        }
    }

    #[test]
    fn a_worker_that_falls_behind_shows_it() {
        let before = r#"
dateline_articles_total{outcome="mentions"} 1000
dateline_mentions_resolved_total{outcome="opened"} 40
dateline_transactions_committed_total{stage="extract"} 10
dateline_restored_records_total{stage="resolve"} 1000
"#;
        let now = r#"
# HELP dateline_build_info 1
dateline_build_info{version="0.1.0",rules_version="r1",gazetteer_version="g0"} 0
dateline_build_info{version="0.1.0",rules_version="r2",gazetteer_version="g1"} 1
dateline_articles_total{outcome="mentions"} 1034
dateline_articles_total{outcome="dlq"} 2
dateline_mentions_resolved_total{outcome="opened"} 40
dateline_mentions_total{kind="visit"} 3
dateline_transactions_committed_total{stage="extract"} 12
dateline_transactions_aborted_total{stage="extract"} 1
dateline_partitions{stage="extract",state="running"} 12
dateline_partitions{stage="extract",state="restoring"} 0
dateline_partitions{stage="resolve",state="running"} 3
dateline_partitions{stage="resolve",state="restoring"} 2
dateline_restored_records_total{stage="resolve"} 4500
dateline_last_commit_timestamp_seconds{stage="extract"} 1746489597
dateline_last_commit_timestamp_seconds{stage="resolve"} 0
dateline_consumer_lag_records{stage="extract",topic="news.articles",partition="3"} 12000
dateline_consumer_lag_records{stage="extract",topic="news.articles",partition="4"} 345
dateline_consumer_lag_records{stage="extract",topic="news.articles",partition="5"} 0
dateline_consumer_lag_seconds{stage="extract",topic="news.articles",partition="3"} 312.5
dateline_consumer_open_records{stage="resolve",topic="dateline.mentions",partition="0"} 7
dateline_append_to_commit_seconds_bucket{stage="extract",le="0.25"} 980
dateline_append_to_commit_seconds_bucket{stage="extract",le="60"} 1036
dateline_append_to_commit_seconds_bucket{stage="extract",le="+Inf"} 1036
dateline_state_entries{of="contributions"} 1204
dateline_state_entries{of="records"} 230
dateline_state_entries{of="stubs"} 12
dateline_resident_memory_bytes 220200960
dateline_memory_limit_bytes 536870912
dateline_dlq_records_total{stage="extract",class="not_json"} 2
dateline_dlq_records_total{stage="extract",class="bad_date"} 0
"#;
        let expected = "\
dateline 0.1.0 at worker:9464: role all, live, NOT ready; rules r2, gazetteer g1

STAGE    PHASE      PARTITIONS       LAG    BEHIND     IN/s  COMMITS/s  LAST COMMIT  99% WITHIN  ABORTS
extract  running            12    12,345        5m       36          2       3s ago         60s       1
resolve  restoring      3 of 5         0        0s        0          0         none           -       0
         extract waits in partition 3 (12,000), 4 (345)
         resolve is held by an open transaction upstream in partition 0 (7)
         resolve restores: 4,500 records read, 3,500/s

out      3 mentions/s, 0 record revisions/s
state    1,204 contributions in 230 records, 12 sealed
memory   210 MiB of 512 MiB (41%)
dlq      2 since its start, 2/s: not_json 2
";
        let live = "extract: ok (running)\nresolve: ok (running)\n";
        assert_eq!(screen(&look(live, before, now)), expected);
    }

    #[test]
    fn a_worker_with_one_stage_shows_its_role_and_what_it_waits_for() {
        let shown =
            screen(&look("extract: ok (joining)\n", "", "dateline_partitions{stage=\"extract\",state=\"running\"} 0"));
        assert!(shown.contains("role extract,"), "{shown}");
        assert!(shown.contains("extract  joining             0"), "{shown}");
        assert!(shown.contains("no dead letters"), "{shown}");
        assert!(!shown.contains("state  "), "{shown}");
    }

    #[test]
    fn times_and_numbers_are_short() {
        for (value, words) in
            [(0.0, "0s"), (0.25, "250ms"), (59.6, "60s"), (600.0, "10m"), (10_000.0, "3h"), (604_800.0, "7d")]
        {
            assert_eq!(seconds(value), words);
        }
        for (value, words) in [(0.0, "0"), (2.5, "2.5"), (999.0, "999"), (1_234_567.0, "1,234,567")] {
            assert_eq!(number(value), words);
        }
    }
}
