//! docs/metrics.md, made from the table.

use std::fmt::Write as _;

use super::table::{ALL, Bound, Kind, Label};

const HEAD: &str = "# Metrics

Made from the table in crates/worker/src/telemetry/table.rs; `UPDATE_DOCS=1 cargo test -p dateline-worker` writes it anew.

Counters of a batch count when its transaction has committed, so that a batch which is read again counts once. Counters
whose labels are known beforehand exist at zero from the start. Every label is bounded, as the table says.

| metric | kind | labels | what it says |
|---|---|---|---|
";

/// The whole document.
pub fn markdown() -> String {
    let mut text = HEAD.to_owned();
    for m in ALL {
        let kind = match m.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram(_) => "histogram",
        };
        let labels: Vec<String> = m.labels.iter().map(label).collect();
        let _ = writeln!(text, "| `{}` | {kind}, {} | {} | {} |", m.name, m.unit, labels.join("; "), m.help);
    }
    text
}

fn label(label: &Label) -> String {
    let bound = match label.bound {
        Bound::OneOf(values) => values().join(", "),
        Bound::Topics => "the stage's input topic".to_owned(),
        Bound::Partitions => "the partitions that it was given".to_owned(),
        Bound::Sources => "those of `telemetry.sources` (at most 100), other".to_owned(),
        Bound::Constant => "one value".to_owned(),
    };
    format!("`{}`: {bound}", label.name)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    #[test]
    fn the_committed_document_is_that_of_the_table() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/metrics.md");
        let made = super::markdown();
        if std::env::var_os("UPDATE_DOCS").is_some() {
            std::fs::write(&path, &made).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == made, "docs/metrics.md has drifted: UPDATE_DOCS=1 cargo test -p dateline-worker");
    }
}
