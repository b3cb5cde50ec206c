//! Headers of the records that the stages write.

use chrono::{DateTime, SecondsFormat};
use dateline_kafka::{Header, InputRecord};
use dateline_model::{Kind, Record, Timestamp};

/// W3C trace context; carried from article to mention to record.
pub const TRACEPARENT: &str = "traceparent";
/// On a mention: when its article was appended, ms since the epoch.
pub const APPENDED: &str = "dateline.article.timestamp";

/// A header of text.
pub fn text(name: &str, value: impl Into<String>) -> Header {
    Header { name: name.to_owned(), value: Some(value.into().into_bytes()) }
}

/// The trace context of the input, if it has one.
pub fn carried(record: &InputRecord) -> Vec<Header> {
    record.headers.iter().filter(|h| h.name == TRACEPARENT || h.name == "tracestate").cloned().collect()
}

/// When the article behind a mention was appended: as the extract stage noted it, else the mention's own timestamp.
pub fn appended_ms(record: &InputRecord) -> i64 {
    let noted = record.headers.iter().find(|h| h.name == APPENDED).and_then(|h| h.value.as_deref());
    let noted = noted.and_then(|v| std::str::from_utf8(v).ok()).and_then(|v| v.parse().ok());
    noted.unwrap_or(record.timestamp_ms)
}

/// CloudEvents 1.0 in binary mode.
pub fn cloud_event(record: &Record, source: &str, published_at: Option<&Timestamp>, timestamp_ms: i64) -> Vec<Header> {
    let kind = match record.kind() {
        Kind::Visit => "news.visit.v1",
        Kind::Event => "news.event.v1",
    };
    vec![
        text("content-type", "application/json"),
        text("ce_specversion", "1.0"),
        text("ce_id", format!("{}/{}", record.id(), record.revision())),
        text("ce_type", kind),
        text("ce_source", source),
        text("ce_time", time(published_at, timestamp_ms)),
    ]
}

/// RFC 3339: `published_at` as it was given, a bare date at midnight in UTC, else the Kafka timestamp.
fn time(published_at: Option<&Timestamp>, timestamp_ms: i64) -> String {
    match published_at {
        Some(t) if t.as_str().len() > 10 => t.as_str().to_owned(),
        Some(t) => format!("{}T00:00:00Z", t.as_str()),
        None => DateTime::from_timestamp_millis(timestamp_ms)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Millis, true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_that_of_the_publication_else_that_of_the_record() {
        let t = |s| Timestamp::parse(s).unwrap();
        assert_eq!(time(Some(&t("2025-05-05T01:30:00+03:00")), 0), "2025-05-05T01:30:00+03:00");
        assert_eq!(time(Some(&t("2025-05-05")), 0), "2025-05-05T00:00:00Z");
        assert_eq!(time(None, 1_746_403_200_123), "2025-05-05T00:00:00.123Z");
    }
}
