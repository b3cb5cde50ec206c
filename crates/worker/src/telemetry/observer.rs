//! What the runner of a stage tells, as metrics and log lines.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use dateline_kafka::observer::{BatchReport, Cause, ClientError, Fenced, Lag, Rebalance, RestoreProgress};
use dateline_kafka::{InputRecord, Observer, Poison};
use tracing::{debug, info, warn};

use super::table;
use super::tally::now_ms;
use super::{add, observe, set};

/// Observes one stage.
pub struct StageObserver {
    stage: &'static str,
    topic: String,
    poison: Throttle,
    errors: Throttle,
    restored: Mutex<BTreeMap<i32, u64>>,
    /// Kafka timestamp of the last committed record by partition, ms since the epoch.
    reached_ms: Mutex<BTreeMap<i32, i64>>,
}

impl StageObserver {
    /// An observer of the stage of this name over its input topic.
    pub fn new(stage: &'static str, topic: &str) -> Self {
        Self {
            stage,
            topic: topic.to_owned(),
            poison: Throttle::default(),
            errors: Throttle::default(),
            restored: Mutex::default(),
            reached_ms: Mutex::default(),
        }
    }
}

impl Observer for StageObserver {
    fn committed(&self, batch: &BatchReport) {
        let stage = [self.stage];
        add(&table::BATCHES, &stage, 1);
        set(&table::LAST_COMMIT, &stage, now_ms() as f64 / 1000.0);
        observe(&table::BATCH_RECORDS, &stage, [batch.records as f64]);
        observe(&table::BATCH_BYTES, &stage, [batch.bytes as f64]);
        observe(&table::PROCESS, &stage, [batch.durations.process.as_secs_f64()]);
        let transaction = batch.durations.produce + batch.durations.commit;
        observe(&table::TRANSACTION, &stage, [transaction.as_secs_f64()]);
        if let Ok(mut reached) = self.reached_ms.lock() {
            reached.extend(&batch.timestamps_ms);
        }
        debug!(stage = self.stage, records = batch.records, offsets = ?batch.offsets, durations = ?batch.durations, "committed");
    }

    fn aborted(&self, cause: &Cause) {
        add(&table::ABORTS, &[self.stage], 1);
        warn!(
            stage = self.stage,
            cause = cause.code,
            detail = cause.detail,
            "transaction given up: its batch is read again"
        );
    }

    fn fenced(&self, kind: Fenced) {
        let kind = match kind {
            Fenced::Stalled => "stalled",
            Fenced::Member => "member",
            Fenced::IdTaken => "id_taken",
        };
        add(&table::FENCES, &[self.stage, kind], 1);
        warn!(stage = self.stage, kind, "fenced: what this instance had open was not committed");
    }

    fn rebuilt(&self, cause: &Cause) {
        add(&table::REBUILDS, &[self.stage], 1);
        warn!(stage = self.stage, cause = cause.code, detail = cause.detail, "producer and consumer are made anew");
    }

    fn rebalanced(&self, change: &Rebalance) {
        let (name, partitions) = match change {
            Rebalance::Assigned(p) => ("assigned", p),
            Rebalance::Revoked(p) => ("revoked", p),
            Rebalance::Lost(p) => ("lost", p),
        };
        add(&table::REBALANCES, &[self.stage, name], 1);
        info!(stage = self.stage, ?partitions, "partitions {name}");
        if name != "assigned" {
            for partition in partitions {
                let labels = [self.stage, self.topic.as_str(), &partition.to_string()];
                set(&table::LAG, &labels, 0.0);
                set(&table::LAG_SECONDS, &labels, 0.0);
                if let Ok(mut reached) = self.reached_ms.lock() {
                    reached.remove(partition);
                }
            }
        }
    }

    fn poison(&self, record: &InputRecord, poison: &Poison) {
        add(&table::DLQ, &[self.stage, poison.class], 1);
        let Some(suppressed) = self.poison.pass() else { return };
        let article = record.key.as_deref().map(String::from_utf8_lossy);
        warn!(
            stage = self.stage,
            topic = %record.topic,
            partition = record.partition,
            offset = record.offset,
            article_id = article.as_deref().unwrap_or_default(),
            class = poison.class,
            suppressed,
            "to the dead-letter queue: {}",
            poison.message
        );
    }

    fn lag(&self, lag: &Lag) {
        let labels = [self.stage, self.topic.as_str(), &lag.partition.to_string()];
        set(&table::LAG, &labels, lag.records as f64);
        set(&table::OPEN, &labels, lag.open as f64);
        let reached = self.reached_ms.lock().ok().and_then(|reached| reached.get(&lag.partition).copied());
        // Before the first commit nothing tells how old the input is that waits.
        let age = reached.filter(|_| lag.records > 0).map_or(0.0, |ms| (now_ms() - ms).max(0) as f64 / 1000.0);
        set(&table::LAG_SECONDS, &labels, age);
    }

    fn restore(&self, progress: &RestoreProgress) {
        if let Ok(mut restored) = self.restored.lock() {
            let before = restored.insert(progress.partition, progress.records).unwrap_or(0);
            // A restore that begins anew counts from zero again.
            let more = progress.records.checked_sub(before).unwrap_or(progress.records);
            add(&table::RESTORED, &[self.stage], more);
            if progress.done {
                restored.remove(&progress.partition);
            }
        }
        if progress.done {
            observe(&table::RESTORE_SECONDS, &[self.stage], [progress.elapsed.as_secs_f64()]);
            info!(stage = self.stage, partition = progress.partition, records = progress.records, "state restored");
        } else if progress.behind {
            warn!(
                stage = self.stage,
                partition = progress.partition,
                "the checkpoint is behind the committed offset: waiting for it"
            );
        }
    }

    fn ready(&self) {
        set(&table::READY, &[self.stage], 1.0);
        info!(stage = self.stage, "ready");
    }

    fn client_error(&self, error: &ClientError) {
        add(&table::CLIENT_ERRORS, &[self.stage, error.client], 1);
        if let Some(suppressed) = self.errors.pass() {
            warn!(stage = self.stage, client = error.client, code = error.code, suppressed, "{}", error.reason);
        }
    }
}

/// Lets so many log lines of a kind through in a second; the next one says how many were held back.
#[derive(Default)]
struct Throttle(Mutex<Window>);

#[derive(Default)]
struct Window {
    begin: Option<Instant>,
    passed: u32,
    held: u64,
}

const LINES_A_SECOND: u32 = 10;

impl Throttle {
    /// `Some(n)`: let it through, `n` were held back before it.
    fn pass(&self) -> Option<u64> {
        let mut window = self.0.lock().ok()?;
        if window.begin.is_none_or(|b| b.elapsed() >= Duration::from_secs(1)) {
            window.begin = Some(Instant::now());
            window.passed = 0;
        }
        if window.passed >= LINES_A_SECOND {
            window.held += 1;
            return None;
        }
        window.passed += 1;
        Some(std::mem::take(&mut window.held))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_lines_is_held_back_and_counted() {
        let throttle = Throttle::default();
        assert_eq!((0..15).filter(|_| throttle.pass().is_some()).count(), 10);
        throttle.0.lock().unwrap().begin = None;
        assert_eq!(throttle.pass(), Some(5));
        assert_eq!(throttle.pass(), Some(0));
    }
}
