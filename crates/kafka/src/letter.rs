//! Dead letters as they are read back: what they say, and the record that they were made of.

use crate::dlq::{CLASS, CUT_KEY, CUT_VALUE, DROPPED_HEADERS, MESSAGE, OFFSET, PARTITION, TIMESTAMP, TOPIC};
use crate::stage::{Header, InputRecord, OutputRecord, Target};

/// On a record that was sent again: how many times it was.
pub const REDRIVES: &str = "dateline.redrive.count";
/// On a marker: that its value lists the offsets of letters in its partition which were sent again.
pub const MARKER: &str = "dateline.redrive.marker";

/// What a record of the dead-letter topic is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entry {
    /// A dead letter.
    Letter(Letter),
    /// These letters of the marker's partition were sent again.
    Redriven(Vec<i64>),
    /// Neither: somebody else wrote it.
    Foreign,
}

/// A dead letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    record: InputRecord,
    /// So many of its headers are those of the original.
    originals: usize,
    /// Where the error headers begin.
    errors: usize,
}

/// Where a dead letter came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Topic.
    pub topic: String,
    /// Partition.
    pub partition: i32,
    /// Offset.
    pub offset: i64,
    /// Its Kafka timestamp there, ms since the epoch.
    pub timestamp_ms: i64,
}

impl Entry {
    /// Reads a record of the dead-letter topic.
    pub fn of(record: InputRecord) -> Self {
        // A record may have come from another dead-letter topic, with such headers of its own: ours are the last ones.
        let Some(errors) = record.headers.iter().rposition(|header| header.name == TOPIC) else {
            let marker = record.headers.iter().any(|header| header.name == MARKER);
            let offsets = record.value.as_deref().filter(|_| marker).and_then(|value| std::str::from_utf8(value).ok());
            let offsets = offsets.map(|list| list.split(',').map(str::parse).collect::<Result<Vec<i64>, _>>());
            return match offsets {
                Some(Ok(offsets)) => Self::Redriven(offsets),
                _ => Self::Foreign,
            };
        };
        let cut = |header: &Header| {
            let of =
                |part: &str| header.name.strip_prefix(part).is_some_and(|rest| rest == ".length" || rest == ".sha256");
            header.name == DROPPED_HEADERS || of(CUT_KEY) || of(CUT_VALUE)
        };
        let originals = record.headers[..errors].iter().rposition(|header| !cut(header)).map_or(0, |last| last + 1);
        Self::Letter(Letter { record, originals, errors })
    }
}

/// The record that marks letters of a partition as sent again. It lies behind them, so it outlives them.
pub(crate) fn marker(topic: &str, partition: i32, offsets: &[i64]) -> OutputRecord {
    let list: Vec<String> = offsets.iter().map(i64::to_string).collect();
    OutputRecord {
        topic: topic.into(),
        target: Target::Partition(partition),
        key: None,
        value: Some(list.join(",").into_bytes()),
        headers: vec![Header { name: MARKER.to_owned(), value: Some(b"1".to_vec()) }],
        timestamp_ms: None,
    }
}

impl Letter {
    /// The letter as it lies in the dead-letter topic: original key and value, its own place and time.
    pub fn record(&self) -> &InputRecord {
        &self.record
    }

    /// Class of the error.
    pub fn class(&self) -> &str {
        self.said(CLASS).unwrap_or("unknown")
    }

    /// What was wrong, and what to do.
    pub fn message(&self) -> &str {
        self.said(MESSAGE).unwrap_or_default()
    }

    /// Where it came from; `None` where the headers do not say it.
    pub fn origin(&self) -> Option<Origin> {
        let number = |name| self.said(name).and_then(|text| text.parse::<i64>().ok());
        Some(Origin {
            topic: self.said(TOPIC)?.to_owned(),
            partition: number(PARTITION)?.try_into().ok()?,
            offset: number(OFFSET)?,
            timestamp_ms: number(TIMESTAMP).unwrap_or(-1),
        })
    }

    /// The headers that the original had.
    pub fn headers(&self) -> &[Header] {
        &self.record.headers[..self.originals]
    }

    /// The headers that say why it is here.
    pub fn error_headers(&self) -> &[Header] {
        &self.record.headers[self.originals..]
    }

    /// How many times it was sent again before it came (back) here.
    pub fn redrives(&self) -> u32 {
        find(self.headers(), REDRIVES).and_then(|text| text.parse().ok()).unwrap_or(0)
    }

    /// What is missing of the original, so that it cannot be sent again: `the value was cut ...`.
    pub fn incomplete(&self) -> Option<String> {
        let cut = &self.record.headers[self.originals..self.errors];
        let what = |name: &str| {
            let length = find(cut, &format!("{name}.length"))?;
            let sha256 = find(cut, &format!("{name}.sha256")).unwrap_or("unknown");
            let part = name.rsplit('.').next().unwrap_or(name);
            Some(format!("the {part} was cut (it had {length} bytes, sha256 {sha256})"))
        };
        let dropped = || find(cut, DROPPED_HEADERS).map(|n| format!("its {n} headers were too large and left out"));
        what(CUT_VALUE).or_else(|| what(CUT_KEY)).or_else(dropped)
    }

    /// The original once more, for the topic and partition that it came from (by its key where that partition is no longer there);
    /// its header counts the redrives. `None` where it is incomplete or does not say where it came from.
    ///
    /// It gets a timestamp of its own: an old one could let it expire before it is read.
    pub fn again(&self, partitions: impl Fn(&str) -> Option<i32>) -> Option<OutputRecord> {
        if self.incomplete().is_some() {
            return None;
        }
        let origin = self.origin()?;
        let there = partitions(&origin.topic).is_some_and(|count| origin.partition < count);
        let mut headers: Vec<Header> = self.headers().iter().filter(|h| h.name != REDRIVES).cloned().collect();
        let count = self.redrives().saturating_add(1);
        headers.push(Header { name: REDRIVES.to_owned(), value: Some(count.to_string().into_bytes()) });
        Some(OutputRecord {
            topic: origin.topic.as_str().into(),
            target: if there { Target::Partition(origin.partition) } else { Target::ByKey },
            key: self.record.key.clone(),
            value: self.record.value.clone(),
            headers,
            timestamp_ms: None,
        })
    }

    fn said(&self, name: &str) -> Option<&str> {
        find(&self.record.headers[self.errors..], name)
    }
}

fn find<'a>(headers: &'a [Header], name: &str) -> Option<&'a str> {
    let found = headers.iter().rfind(|header| header.name == name)?;
    std::str::from_utf8(found.value.as_deref()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dlq::Letters;
    use crate::stage::Poison;

    fn record() -> InputRecord {
        InputRecord {
            topic: "in".into(),
            partition: 3,
            offset: 17,
            timestamp_ms: 1_700_000_000_000,
            key: Some(vec![0xff, 0x00]),
            value: Some(vec![b'v'; 9_000]),
            headers: vec![Header { name: "trace".to_owned(), value: Some(vec![1]) }],
        }
    }

    /// The letter of a record as it is read back from the dead-letter topic.
    fn letter(record: &InputRecord, max_message_bytes: usize) -> Letter {
        let (group, instance) = ("app-stage".to_owned(), "app-stage-0".to_owned());
        let letters = Letters { topic: "dlq".into(), max_message_bytes, group, instance };
        let written = letters.letter(record, &Poison { class: "not_json", message: "no JSON: send JSON".into() });
        let (key, value, headers) = (written.key, written.value, written.headers);
        let read = InputRecord { topic: "dlq".into(), partition: 1, offset: 4, timestamp_ms: 5, key, value, headers };
        match Entry::of(read) {
            Entry::Letter(letter) => letter,
            other => panic!("{other:?}"),
        }
    }

    fn with(headers: &[(&str, &str)]) -> InputRecord {
        let own =
            |(name, value): &(&str, &str)| Header { name: (*name).to_owned(), value: Some(value.as_bytes().to_vec()) };
        InputRecord { headers: headers.iter().map(own).collect(), ..record() }
    }

    #[test]
    fn a_letter_gives_back_the_record_that_it_was_made_of() {
        let nothing: &[(&str, &str)] = &[];
        let foreign = [("__connect.errors.topic", "elsewhere"), ("dateline.error.class", "theirs"), ("x", "y")];
        for headers in [nothing, &[("trace", "1"), ("empty", "")], &foreign] {
            for (key, value) in
                [(None, None), (Some(vec![0xff]), None), (None, Some(vec![])), (Some(vec![]), Some(vec![0]))]
            {
                let original = InputRecord { key, value, ..with(headers) };
                let again = letter(&original, 1 << 20).again(|_| Some(4)).unwrap();
                assert_eq!((&*again.topic, again.target), ("in", Target::Partition(3)));
                assert_eq!((&again.key, &again.value), (&original.key, &original.value));
                let (count, kept) = again.headers.split_last().unwrap();
                assert_eq!(kept, original.headers);
                assert_eq!(find(std::slice::from_ref(count), REDRIVES), Some("1"));
            }
        }
    }

    #[test]
    fn a_letter_says_what_was_wrong_and_where_it_came_from() {
        let letter = letter(&record(), 1 << 20);
        assert_eq!((letter.class(), letter.message(), letter.redrives()), ("not_json", "no JSON: send JSON", 0));
        let origin = Origin { topic: "in".to_owned(), partition: 3, offset: 17, timestamp_ms: 1_700_000_000_000 };
        assert_eq!(letter.origin(), Some(origin));
    }

    #[test]
    fn redrives_are_counted_by_one_header() {
        let again = letter(&with(&[("trace", "1"), (REDRIVES, "2")]), 1 << 20).again(|_| Some(4)).unwrap();
        let counts: Vec<&Header> = again.headers.iter().filter(|h| h.name == REDRIVES).collect();
        assert_eq!(counts, [&Header { name: REDRIVES.to_owned(), value: Some(b"3".to_vec()) }]);
    }

    #[test]
    fn what_was_cut_is_never_sent_again() {
        let huge = |headers, key, value| InputRecord { key: Some(key), value: Some(value), ..with(headers) };
        let long = "x".repeat(9_000);
        let long_headers = [("h", long.as_str())];
        for (record, words) in [
            (huge(&[], vec![1], vec![b'v'; 20_000]), "the value was cut (it had 20000 bytes, sha256 "),
            (huge(&[], vec![b'k'; 9_000], vec![1]), "the key was cut (it had 9000 bytes, sha256 "),
            (huge(&long_headers, vec![1], vec![1]), "its 1 headers were too large and left out"),
        ] {
            let letter = letter(&record, 10_000);
            let why = letter.incomplete().unwrap();
            assert!(why.starts_with(words), "{why}");
            assert_eq!(letter.again(|_| Some(4)), None);
        }
    }

    #[test]
    fn where_the_partition_is_gone_the_key_decides() {
        let letter = letter(&record(), 1 << 20);
        assert_eq!(letter.again(|_| Some(3)).unwrap().target, Target::ByKey);
        assert_eq!(letter.again(|_| None).unwrap().target, Target::ByKey);
    }

    #[test]
    fn a_marker_is_no_letter_and_what_others_wrote_is_neither() {
        let read = |record: OutputRecord| InputRecord {
            key: record.key,
            value: record.value,
            headers: record.headers,
            ..self::record()
        };
        assert_eq!(Entry::of(read(marker("dlq", 2, &[4, 9]))), Entry::Redriven(vec![4, 9]));
        assert_eq!(Entry::of(record()), Entry::Foreign);
    }
}
