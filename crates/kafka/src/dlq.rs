//! The dead-letter queue: what a dead letter looks like, and how many of them are an outage.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::stage::{Header, InputRecord, OutputRecord, Poison, Target};

/// Records over which the share of poison is taken; the ratio never trips before so many were seen.
pub const WINDOW: usize = 1_000;

/// `max.message.bytes` taken for the dead-letter topic's where the broker can't be asked.
pub const DEFAULT_MAX_MESSAGE_BYTES: usize = 8 << 20;

/// Headers of a dead letter, as Kafka Connect names them and as we do.
pub(crate) const TOPIC: &str = "__connect.errors.topic";
pub(crate) const PARTITION: &str = "__connect.errors.partition";
pub(crate) const OFFSET: &str = "__connect.errors.offset";
pub(crate) const MESSAGE: &str = "__connect.errors.exception.message";
pub(crate) const CLASS: &str = "dateline.error.class";
pub(crate) const TIMESTAMP: &str = "dateline.record.timestamp";
/// In place of headers that were too large; and before `.length` and `.sha256` of what was cut.
pub(crate) const DROPPED_HEADERS: &str = "dateline.headers.dropped";
pub(crate) const CUT_KEY: &str = "dateline.key";
pub(crate) const CUT_VALUE: &str = "dateline.value";

/// Bytes kept free for our headers and the record batch's own frame.
const OVERHEAD: usize = 4 << 10;

/// Longest error message in a header, in bytes.
const MESSAGE_LIMIT: usize = 1 << 10;

/// Who writes dead letters.
#[derive(Debug, Clone)]
pub(crate) struct Letters {
    pub(crate) topic: Arc<str>,
    /// Largest record that the topic takes.
    pub(crate) max_message_bytes: usize,
    /// Consumer group, for `__connect.errors.connector.name`.
    pub(crate) group: String,
    /// Transactional id, for `__connect.errors.task.id`.
    pub(crate) instance: String,
}

impl Letters {
    /// The dead letter of a record: its bytes, key and headers, then Kafka Connect's error headers (`__connect.errors.*`, as
    /// its dead letter queue reporter names them), then ours. Key, value and headers are cut or left out only where
    /// the topic would not take them; length and SHA-256 of what was cut are in headers.
    ///
    /// It carries no timestamp: an old record's own one could expire it at once.
    pub(crate) fn letter(&self, record: &InputRecord, poison: &Poison) -> OutputRecord {
        let mut headers = Vec::new();
        let mut room = self.max_message_bytes.saturating_sub(OVERHEAD);

        let header_bytes: usize =
            record.headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len)).sum();
        if header_bytes <= room / 4 {
            headers.extend(record.headers.iter().cloned());
            room -= header_bytes;
        } else {
            headers.push(text(DROPPED_HEADERS, record.headers.len().to_string()));
        }
        let key = record.key.as_ref().map(|key| cut(key, room / 4, CUT_KEY, &mut headers));
        room -= key.as_ref().map_or(0, Vec::len);
        let value = record.value.as_ref().map(|value| cut(value, room, CUT_VALUE, &mut headers));

        headers.extend([
            text(TOPIC, record.topic.to_string()),
            text(PARTITION, record.partition.to_string()),
            text(OFFSET, record.offset.to_string()),
            text("__connect.errors.connector.name", self.group.clone()),
            text("__connect.errors.task.id", self.instance.clone()),
            text("__connect.errors.stage", "TRANSFORMATION".to_owned()),
            text("__connect.errors.exception.class.name", poison.class.to_owned()),
            text(MESSAGE, shorten(&poison.message)),
            text(CLASS, poison.class.to_owned()),
            text(TIMESTAMP, record.timestamp_ms.to_string()),
        ]);
        OutputRecord { topic: Arc::clone(&self.topic), target: Target::ByKey, key, value, headers, timestamp_ms: None }
    }
}

fn text(name: &str, value: String) -> Header {
    Header { name: name.to_owned(), value: Some(value.into_bytes()) }
}

fn shorten(message: &str) -> String {
    let mut end = message.len().min(MESSAGE_LIMIT);
    while !message.is_char_boundary(end) {
        end -= 1;
    }
    message[..end].to_owned()
}

fn cut(bytes: &[u8], room: usize, name: &str, headers: &mut Vec<Header>) -> Vec<u8> {
    if bytes.len() <= room {
        return bytes.to_vec();
    }
    let digest = Sha256::digest(bytes).iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    headers.push(text(&format!("{name}.length"), bytes.len().to_string()));
    headers.push(text(&format!("{name}.sha256"), digest));
    bytes[..room].to_vec()
}

/// A dead-letter limit that was reached.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Tripped {
    /// Too large a share of the last records.
    #[error(
        "{poison} of the last {WINDOW} records of {topic} were poison, the limit is dlq.max_ratio {limit}: nothing of this batch was committed; look at the last class ({class}: {message}), correct the producer or raise the limit"
    )]
    Ratio {
        /// Input topic.
        topic: String,
        /// Poison records in the window.
        poison: usize,
        /// The limit.
        limit: f64,
        /// Class of the record that tripped.
        class: &'static str,
        /// Its message.
        message: String,
    },
    /// Too many in a row.
    #[error(
        "{poison} records of {topic} in a row were poison, the limit is dlq.max_consecutive {limit}: nothing of this batch was committed; look at the last class ({class}: {message}), correct the producer or raise the limit"
    )]
    Consecutive {
        /// Input topic.
        topic: String,
        /// Poison records in a row.
        poison: u64,
        /// The limit.
        limit: u64,
        /// Class of the record that tripped.
        class: &'static str,
        /// Its message.
        message: String,
    },
}

/// The dead-letter limits and what was seen so far. A batch is judged on a copy, which takes the original's place when the
/// batch has committed: a batch that is read again doesn't count twice.
#[derive(Debug, Clone)]
pub(crate) struct Limits {
    max_ratio: Option<f64>,
    max_consecutive: Option<u64>,
    window: VecDeque<bool>,
    poison: usize,
    consecutive: u64,
}

impl Limits {
    pub(crate) fn new(max_ratio: Option<f64>, max_consecutive: Option<u64>) -> Self {
        Self { max_ratio, max_consecutive, window: VecDeque::with_capacity(WINDOW + 1), poison: 0, consecutive: 0 }
    }

    /// Counts one record; `topic` is for the message only.
    pub(crate) fn count(&mut self, topic: &str, poison: Option<&Poison>) -> Result<(), Tripped> {
        self.window.push_back(poison.is_some());
        self.poison += usize::from(poison.is_some());
        if self.window.len() > WINDOW {
            self.poison -= usize::from(self.window.pop_front() == Some(true));
        }
        let Some(Poison { class, message }) = poison else {
            self.consecutive = 0;
            return Ok(());
        };
        self.consecutive += 1;
        if let Some(limit) = self.max_consecutive.filter(|limit| self.consecutive >= *limit) {
            let (topic, message) = (topic.to_owned(), shorten(message));
            return Err(Tripped::Consecutive { topic, poison: self.consecutive, limit, class, message });
        }
        let full = self.window.len() == WINDOW;
        if let Some(limit) = self.max_ratio.filter(|limit| full && self.poison as f64 > limit * WINDOW as f64) {
            let (topic, message) = (topic.to_owned(), shorten(message));
            return Err(Tripped::Ratio { topic, poison: self.poison, limit, class, message });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn poison() -> Poison {
        Poison { class: "not_json", message: "line 1: not JSON".into() }
    }

    /// Feeds a pattern (`x` poison, `.` good) until a limit trips; the index of the record that tripped.
    fn trips(limits: &mut Limits, pattern: impl Iterator<Item = char>) -> Option<(usize, Tripped)> {
        let bad = poison();
        pattern.enumerate().find_map(|(index, record)| {
            limits.count("in", (record == 'x').then_some(&bad)).err().map(|tripped| (index, tripped))
        })
    }

    #[test]
    fn three_bad_records_at_the_start_are_no_outage() {
        assert!(trips(&mut Limits::new(Some(0.5), Some(1_000)), "xxx.".chars()).is_none());
    }

    #[test]
    fn the_thousandth_bad_record_in_a_row_trips() {
        let mut limits = Limits::new(None, Some(1_000));
        let (index, tripped) = trips(&mut limits, std::iter::repeat_n('x', 2_000)).unwrap();
        assert_eq!(index, 999);
        assert!(tripped.to_string().contains("dlq.max_consecutive 1000"), "{tripped}");
    }

    #[test]
    fn a_good_record_starts_the_row_anew() {
        let mut limits = Limits::new(None, Some(3));
        assert!(trips(&mut limits, "xx.xx.xx.".chars()).is_none());
    }

    #[test]
    fn more_than_half_of_the_last_thousand_trips_but_never_before_a_thousand() {
        let mut limits = Limits::new(Some(0.5), None);
        let (index, tripped) = trips(&mut limits, "xx.".chars().cycle().take(5_000)).unwrap();
        assert_eq!(index, 999);
        assert!(tripped.to_string().contains("667 of the last 1000"), "{tripped}");
        assert!(trips(&mut Limits::new(Some(0.5), None), "x.".chars().cycle().take(5_000)).is_none());
    }

    #[test]
    fn limits_that_are_off_never_trip() {
        assert!(trips(&mut Limits::new(None, None), std::iter::repeat_n('x', 5_000)).is_none());
    }

    fn letters(max_message_bytes: usize) -> Letters {
        Letters { topic: "dlq".into(), max_message_bytes, group: "app-stage".into(), instance: "app-stage-0".into() }
    }

    fn record(value: Vec<u8>) -> InputRecord {
        InputRecord {
            topic: "in".into(),
            partition: 3,
            offset: 17,
            timestamp_ms: 1_700_000_000_000,
            key: Some(vec![0xff, 0x00]),
            value: Some(value),
            headers: vec![Header { name: "trace".into(), value: Some(vec![1]) }],
        }
    }

    fn header(letter: &OutputRecord, name: &str) -> String {
        let found = letter.headers.iter().find(|header| header.name == name).unwrap_or_else(|| panic!("no {name}"));
        String::from_utf8(found.value.clone().unwrap()).unwrap()
    }

    #[test]
    fn a_dead_letter_keeps_bytes_key_and_headers_and_says_where_it_comes_from() {
        let letter = letters(1 << 20).letter(&record(vec![0, 159, 146, 150]), &poison());
        assert_eq!(letter.value, Some(vec![0, 159, 146, 150]));
        assert_eq!(letter.key, Some(vec![0xff, 0x00]));
        assert_eq!(letter.headers[0], Header { name: "trace".into(), value: Some(vec![1]) });
        for (name, value) in [
            ("__connect.errors.topic", "in"),
            ("__connect.errors.partition", "3"),
            ("__connect.errors.offset", "17"),
            ("__connect.errors.exception.message", "line 1: not JSON"),
            ("dateline.error.class", "not_json"),
        ] {
            assert_eq!(header(&letter, name), value);
        }
    }

    #[test]
    fn a_value_over_the_limit_is_cut_with_length_and_sha256() {
        let letter = letters(10_000).letter(&record(vec![b'a'; 20_000]), &poison());
        let kept = letter.value.as_ref().unwrap().len();
        assert!((5_000..10_000).contains(&kept), "{kept}");
        assert_eq!(header(&letter, "dateline.value.length"), "20000");
        let sha256 = "cc17faaad36649c4603dda4d8ff97cb149722af0bcac0746305a2134ad2d0b97";
        assert_eq!(header(&letter, "dateline.value.sha256"), sha256);
    }

    #[test]
    fn a_tombstone_stays_a_tombstone() {
        let mut tombstone = record(Vec::new());
        tombstone.value = None;
        assert_eq!(letters(1 << 20).letter(&tombstone, &poison()).value, None);
    }

    #[test]
    fn key_and_headers_that_the_topic_would_not_take_are_cut_too() {
        let mut huge = record(vec![b'v'; 9_000]);
        huge.key = Some(vec![b'k'; 50_000]);
        huge.headers = vec![Header { name: "h".into(), value: Some(vec![0; 50_000]) }];
        let letter = letters(10_000).letter(&huge, &poison());
        let size: usize = letter.key.as_ref().unwrap().len()
            + letter.value.as_ref().unwrap().len()
            + letter.headers.iter().map(|h| h.name.len() + h.value.as_ref().map_or(0, Vec::len)).sum::<usize>();
        assert!(size < 10_000, "{size}");
        assert_eq!(header(&letter, "dateline.key.length"), "50000");
        assert_eq!(header(&letter, "dateline.headers.dropped"), "1");
    }
}
