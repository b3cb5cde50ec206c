//! A batch while it is collected.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::message::{BorrowedMessage, Headers as _, Message as _};

use crate::options::BatchLimits;
use crate::stage::{Header, InputRecord};

/// Records in the order in which they were polled.
pub(crate) struct Batch {
    limits: BatchLimits,
    records: Vec<InputRecord>,
    bytes: usize,
    first: Option<Instant>,
}

impl Batch {
    pub(crate) fn new(limits: BatchLimits) -> Self {
        Self { limits, records: Vec::new(), bytes: 0, first: None }
    }

    pub(crate) fn push(&mut self, record: InputRecord) {
        self.first.get_or_insert_with(Instant::now);
        self.bytes += size(&record);
        self.records.push(record);
    }

    /// Takes out the records of partitions that are no longer ours.
    pub(crate) fn purge(&mut self, partitions: &[i32]) {
        self.records.retain(|record| !partitions.contains(&record.partition));
        self.bytes = self.records.iter().map(size).sum();
        if self.records.is_empty() {
            self.first = None;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    pub(crate) fn records(&self) -> &[InputRecord] {
        &self.records
    }

    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Time since the first record.
    pub(crate) fn age(&self) -> Duration {
        self.first.map_or(Duration::ZERO, |first| first.elapsed())
    }

    /// How long the next record may still be waited for; `None`: the batch is complete. Where nothing comes for a quarter of the
    /// linger the input is idle, and to wait on would only delay what is there: while its transaction runs others gather.
    pub(crate) fn room(&self) -> Option<Duration> {
        if self.records.len() >= self.limits.records || self.bytes >= self.limits.bytes {
            return None;
        }
        let left = self.limits.linger.saturating_sub(self.age());
        (!left.is_zero() || self.first.is_none()).then_some(left.min(self.limits.linger / 4))
    }
}

fn size(record: &InputRecord) -> usize {
    record.key.as_ref().map_or(0, Vec::len) + record.value.as_ref().map_or(0, Vec::len)
}

/// A polled message as a record of its own.
pub(crate) fn to_record(topic: &Arc<str>, message: &BorrowedMessage<'_>) -> InputRecord {
    let headers = message.headers().map_or_else(Vec::new, |headers| {
        let own = |index| {
            // rdkafka panics on a header name that is not UTF-8. Such a header is left out; the record counts.
            let header = std::panic::catch_unwind(AssertUnwindSafe(|| headers.try_get(index))).ok().flatten()?;
            Some(Header { name: header.key.to_owned(), value: header.value.map(<[u8]>::to_vec) })
        };
        (0..headers.count()).filter_map(own).collect()
    });
    InputRecord {
        topic: Arc::clone(topic),
        partition: message.partition(),
        offset: message.offset(),
        timestamp_ms: message.timestamp().to_millis().unwrap_or(-1),
        key: message.key().map(<[u8]>::to_vec),
        value: message.payload().map(<[u8]>::to_vec),
        headers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(partition: i32, bytes: usize) -> InputRecord {
        InputRecord {
            topic: "in".into(),
            partition,
            offset: 0,
            timestamp_ms: 0,
            key: None,
            value: Some(vec![0; bytes]),
            headers: Vec::new(),
        }
    }

    fn limits(records: usize, bytes: usize, linger_ms: u64) -> BatchLimits {
        BatchLimits { records, bytes, linger: Duration::from_millis(linger_ms) }
    }

    #[test]
    fn a_batch_is_complete_at_its_records_its_bytes_or_its_time() {
        let mut by_records = Batch::new(limits(2, 1_000, 60_000));
        by_records.push(record(0, 1));
        assert!(by_records.room().is_some());
        by_records.push(record(0, 1));
        assert!(by_records.room().is_none());

        let mut by_bytes = Batch::new(limits(100, 10, 60_000));
        by_bytes.push(record(0, 10));
        assert!(by_bytes.room().is_none());

        let mut by_time = Batch::new(limits(100, 1_000, 1));
        assert!(by_time.room().is_some_and(|room| room <= Duration::from_micros(250)), "an idle input ends it sooner");
        by_time.push(record(0, 1));
        std::thread::sleep(Duration::from_millis(2));
        assert!(by_time.room().is_none());
    }

    #[test]
    fn records_of_a_partition_that_went_leave_the_batch() {
        let mut batch = Batch::new(limits(100, 1_000, 60_000));
        for (partition, bytes) in [(0, 5), (1, 7), (0, 5)] {
            batch.push(record(partition, bytes));
        }
        batch.purge(&[0, 9]);
        assert_eq!((batch.records().len(), batch.bytes()), (1, 7));
        batch.purge(&[1]);
        assert!(batch.is_empty());
        assert_eq!(batch.age(), Duration::ZERO);
    }
}
