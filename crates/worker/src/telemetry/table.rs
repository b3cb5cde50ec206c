//! Every metric: its name, kind, unit, help and labels, and by what each label is bounded.

use dateline_extract::SkipClass;
use dateline_model::{ErrorClass, Outcome, VisitStatus};

/// What a metric is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// Only goes up; its name ends in `_total`.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts by bucket; the upper bounds.
    Histogram(&'static [f64]),
}

/// What a label's values are bounded by.
#[derive(Debug, Clone, Copy)]
pub enum Bound {
    /// A list that is known before the start: these series exist at zero.
    OneOf(fn() -> Vec<&'static str>),
    /// The input topics of this worker's stages.
    Topics,
    /// The partitions of the stage's input.
    Partitions,
    /// The sources of `telemetry.sources`, and `other`.
    Sources,
    /// One value in a process.
    Constant,
}

/// A label.
#[derive(Debug, Clone, Copy)]
pub struct Label {
    /// Its name.
    pub name: &'static str,
    /// What bounds its values.
    pub bound: Bound,
}

/// One metric.
#[derive(Debug, Clone, Copy)]
pub struct Metric {
    /// Name with unit, by Prometheus convention.
    pub name: &'static str,
    /// Kind.
    pub kind: Kind,
    /// Unit in plain words.
    pub unit: &'static str,
    /// What it says.
    pub help: &'static str,
    /// Labels.
    pub labels: &'static [Label],
}

const SECONDS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];
const AGES: &[f64] = &[
    0.05, 0.1, 0.15, 0.2, 0.25, 0.35, 0.5, 0.7, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0, 7200.0, 86_400.0,
    604_800.0,
];
const COUNTS: &[f64] = &[1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, 3000.0];
const SHARES: &[f64] = &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0];
const SIZES: &[f64] = &[1e3, 1e4, 1e5, 5e5, 1e6, 2e6, 4e6, 8e6];

const STAGE: Label = Label { name: "stage", bound: Bound::OneOf(|| vec!["extract", "resolve"]) };
const TOPIC: Label = Label { name: "topic", bound: Bound::Topics };
const SOURCE: Label = Label { name: "source", bound: Bound::Sources };
const PARTITION: Label = Label { name: "partition", bound: Bound::Partitions };

const fn one_of(name: &'static str, values: fn() -> Vec<&'static str>) -> Label {
    Label { name, bound: Bound::OneOf(values) }
}

/// Classes of dead letters: those of articles, and mentions that cannot be read.
pub fn dlq_classes() -> Vec<&'static str> {
    ErrorClass::ALL.iter().map(|c| c.as_str()).chain([BAD_MENTION]).collect()
}

/// Label of the sources that are not counted by name.
pub const OTHER: &str = "other";

/// Class of a message of the mentions topic that cannot be read.
pub const BAD_MENTION: &str = "bad_mention";

macro_rules! metrics {
    ($($id:ident = $name:literal, $kind:expr, $unit:literal, [$($label:expr),*], $help:literal;)*) => {
        $(#[doc = $help] pub const $id: Metric = Metric { name: $name, kind: $kind, unit: $unit, help: $help, labels: &[$($label),*] };)*
        /// The whole table, in the order in which it is documented.
        pub const ALL: &[Metric] = &[$($id),*];
    };
}

metrics! {
    BUILD_INFO = "dateline_build_info", Kind::Gauge, "1", [
        Label { name: "version", bound: Bound::Constant },
        Label { name: "rules_version", bound: Bound::Constant },
        Label { name: "gazetteer_version", bound: Bound::Constant }
    ], "1; its labels say what runs (0: what ran before a reload).";

    RELOADS = "dateline_reloads_total", Kind::Counter, "reloads", [one_of("outcome", || vec!["loaded", "refused"])],
        "Times that rules and gazetteer were read anew: refused = a file was broken and the old ones stay in force.";

    ARTICLES = "dateline_articles_total", Kind::Counter, "articles",
        [one_of("outcome", || [Outcome::Mentions, Outcome::None, Outcome::Dlq, Outcome::Skipped].map(Outcome::as_str).to_vec())],
        "Articles in committed transactions, by what became of them.";
    ARTICLES_SKIPPED = "dateline_articles_skipped_total", Kind::Counter, "articles",
        [one_of("class", || SkipClass::ALL.map(SkipClass::as_str).to_vec())],
        "Articles that were passed by, by class.";
    ARTICLE_KEYS = "dateline_article_keys_total", Kind::Counter, "articles",
        [one_of("key", || vec!["same", "differs", "missing", "not_utf8"])],
        "Articles by how the message key fits the id in the body; the body's id counts.";
    UNKNOWN_FIELDS = "dateline_article_unknown_fields_total", Kind::Counter, "fields", [],
        "Fields of articles that no contract names; they are kept out.";
    MENTIONS = "dateline_mentions_total", Kind::Counter, "messages",
        [one_of("kind", || vec!["visit", "event", "retract"])],
        "Messages written to the mentions topic (a retraction counts once, though it goes to every partition).";
    VISIT_STATUS = "dateline_visit_mentions_total", Kind::Counter, "mentions",
        [one_of("status", || VisitStatus::ALL.map(VisitStatus::as_str).to_vec())],
        "Mentions of visits, by status: a mix that moves without a change in the news is a change in the input.";
    VISITOR_NAMES = "dateline_visitor_names_total", Kind::Counter, "mentions",
        [one_of("name", || vec!["known", "unknown", "none"])],
        "Mentions of visits by their visitor's name: known = in the gazetteer, unknown = printed but not in it, none = an office or a delegation alone.";
    CONFIDENCE = "dateline_mention_confidence_ratio", Kind::Histogram(SHARES), "ratio", [one_of("kind", || vec!["visit", "event"])],
        "Confidence of mentions.";
    SOURCE_ARTICLES = "dateline_source_articles_total", Kind::Counter, "articles", [SOURCE],
        "Articles by source: those of telemetry.sources, all others as other.";
    SOURCE_MENTIONS = "dateline_source_mentions_total", Kind::Counter, "mentions", [SOURCE],
        "Mentions by the source of their article.";
    NEAR_DUPLICATES = "dateline_near_duplicates_total", Kind::Counter, "revisions", [one_of("kind", || vec!["visit", "event"])],
        "Revisions that an article caused which is a near copy of another source of the record.";
    MENTIONS_RESOLVED = "dateline_mentions_resolved_total", Kind::Counter, "messages",
        [one_of("outcome", || dateline_resolve::Outcome::ALL.map(dateline_resolve::Outcome::as_str).to_vec())],
        "Messages of the mentions topic in committed transactions, by what they did.";
    RECORDS = "dateline_records_total", Kind::Counter, "revisions",
        [one_of("kind", || vec!["visit", "event"]), one_of("outcome", || vec!["opened", "revised", "sources", "merged", "deleted"])],
        "Record revisions written, by what they are: sources = only sources were added.";
    DLQ = "dateline_dlq_records_total", Kind::Counter, "records", [STAGE, one_of("class", dlq_classes)],
        "Records written to the dead-letter queue, by class.";

    BATCHES = "dateline_transactions_committed_total", Kind::Counter, "transactions", [STAGE],
        "Transactions committed.";
    LAST_COMMIT = "dateline_last_commit_timestamp_seconds", Kind::Gauge, "seconds", [STAGE],
        "When the last transaction was committed, in seconds since the epoch; missing before the first one.";
    ABORTS = "dateline_transactions_aborted_total", Kind::Counter, "transactions", [STAGE],
        "Transactions given up; their batch is read again.";
    FENCES = "dateline_fences_total", Kind::Counter, "fences", [STAGE, one_of("kind", || vec!["stalled", "member", "id_taken"])],
        "Times that this instance was fenced: stalled = its transaction was too old, member = the group had moved its partitions, id_taken = another instance has its id.";
    REBUILDS = "dateline_client_rebuilds_total", Kind::Counter, "rebuilds", [STAGE],
        "Times that producer and consumer were made anew.";
    REBALANCES = "dateline_rebalances_total", Kind::Counter, "rebalances", [STAGE, one_of("change", || vec!["assigned", "revoked", "lost"])],
        "Changes of the assignment.";
    CLIENT_ERRORS = "dateline_client_errors_total", Kind::Counter, "errors", [STAGE, one_of("client", || vec!["consumer", "producer", "restore"])],
        "Errors that librdkafka reported; most heal by themselves.";

    BATCH_RECORDS = "dateline_batch_records", Kind::Histogram(COUNTS), "records", [STAGE],
        "Input records of a transaction.";
    BATCH_BYTES = "dateline_batch_bytes", Kind::Histogram(SIZES), "bytes", [STAGE],
        "Bytes of the input records of a transaction.";
    PROCESS = "dateline_process_seconds", Kind::Histogram(SECONDS), "seconds", [STAGE],
        "Time of a batch in the stage itself.";
    TRANSACTION = "dateline_transaction_seconds", Kind::Histogram(SECONDS), "seconds", [STAGE],
        "Time from the begin of a transaction to the end of its commit.";
    APPEND_TO_COMMIT = "dateline_append_to_commit_seconds", Kind::Histogram(AGES), "seconds", [STAGE],
        "From the append of an article to the commit of its mentions (extract) or of the records that it changed (resolve).";
    PUBLISHED_TO_COMMIT = "dateline_published_to_commit_seconds", Kind::Histogram(AGES), "seconds", [STAGE],
        "From the publication of an article to the commit of its mentions (extract) or of the records that it changed (resolve).";

    PARTITIONS = "dateline_partitions", Kind::Gauge, "partitions", [STAGE, one_of("state", || vec!["running", "restoring"])],
        "Partitions of the input that this worker has: running = it works on them, restoring = their state or offsets are still awaited.";
    LAG = "dateline_consumer_lag_records", Kind::Gauge, "records", [STAGE, TOPIC, PARTITION],
        "Offsets between the last commit and the last stable offset of the input.";
    LAG_SECONDS = "dateline_consumer_lag_seconds", Kind::Gauge, "seconds", [STAGE, TOPIC, PARTITION],
        "Age of the newest record of the last commit while others wait behind it; 0 where none waits.";
    OPEN = "dateline_consumer_open_records", Kind::Gauge, "records", [STAGE, TOPIC, PARTITION],
        "Offsets held by an upstream transaction that is still open: the input stands still though the lag reads 0.";
    RESTORED = "dateline_restored_records_total", Kind::Counter, "records", [STAGE],
        "Changelog records read in restores.";
    RESTORE_SECONDS = "dateline_restore_seconds", Kind::Histogram(AGES), "seconds", [STAGE],
        "Time from the assignment of a partition to its start.";
    READY = "dateline_ready", Kind::Gauge, "1", [STAGE],
        "1 once the first assignment is restored.";
    STATE = "dateline_state_entries", Kind::Gauge, "entries",
        [one_of("of", || vec!["contributions", "records", "stubs", "groups", "retractions"])],
        "What resolution keeps in memory and in its changelog.";
    MEMORY = "dateline_resident_memory_bytes", Kind::Gauge, "bytes", [],
        "Memory of the process that lies in RAM (Linux; elsewhere the series is missing).";
    MEMORY_LIMIT = "dateline_memory_limit_bytes", Kind::Gauge, "bytes", [],
        "Memory that the process may use: the limit of its control group, else what the machine has.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_follow_the_convention() {
        let mut seen = HashSet::new();
        for m in ALL {
            assert!(seen.insert(m.name), "{} stands twice", m.name);
            assert!(m.name.starts_with("dateline_"), "{}", m.name);
            assert_eq!(m.name.ends_with("_total"), m.kind == Kind::Counter, "{}", m.name);
            if m.unit == "seconds" || m.unit == "bytes" {
                assert!(m.name.contains(m.unit), "{} does not name its unit", m.name);
            }
            assert!(m.help.ends_with('.') && m.help.len() > 15, "{}", m.name);
        }
    }

    #[test]
    fn label_sets_stay_small() {
        for m in ALL {
            let series: usize = m
                .labels
                .iter()
                .map(|l| match l.bound {
                    Bound::OneOf(values) => values().len(),
                    Bound::Topics | Bound::Partitions | Bound::Sources | Bound::Constant => 1,
                })
                .product();
            assert!(series <= 30, "{} has {series} series", m.name);
        }
    }
}
