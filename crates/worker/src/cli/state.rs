//! `dateline state inspect|verify|rebuild`: the state of resolution, from outside.

use std::collections::BTreeMap;

use dateline_kafka::checkpoint::Checkpoint;
use dateline_kafka::store::{self, Kept, Rebuilt, Store, StoreError};
use dateline_model::{Message, MessageError};
use dateline_resolve::{ENCODING, Partition, StateError, Stats};
use serde_json::json;

use super::args::{StateAction, StateArgs};
use super::broker;
use crate::config::Loaded;
use crate::exit::Exit;
use crate::output;
use crate::service::properties;
use crate::stages::resolve;
use crate::topics::Names;

const REBUILD: &str = "stop the resolving workers and run `dateline state rebuild`";

pub(super) fn run(args: &StateArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    broker::required(loaded)?;
    let settings = &loaded.settings;
    let names = Names::of(settings);
    let store = Store {
        brokers: settings.kafka.brokers.clone(),
        properties: properties(settings),
        group_id: format!("{}-{}", settings.app, resolve::NAME),
        input: names.mentions,
        changelog: names.state,
    };
    let resolution = dateline_resolve::Settings { retire_after_ms: settings.resolve.retire_after.0.as_millis() as i64 };
    let state = State { store, resolution };
    match args.action {
        StateAction::Inspect => state.inspect(),
        StateAction::Verify => state.verify(),
        StateAction::Rebuild { accept_new_ids } => state.rebuild(accept_new_ids),
    }
}

struct State {
    store: Store,
    resolution: dateline_resolve::Settings,
}

/// What the mentions make of a partition.
#[derive(Default)]
struct Replayed {
    table: BTreeMap<Vec<u8>, Vec<u8>>,
    newer: Option<MessageError>,
}

impl State {
    fn inspect(&self) -> anyhow::Result<Exit> {
        let committed = self.store.committed()?;
        for partition in 0..self.store.partitions()? {
            let kept = self.store.read(partition)?;
            let bytes: usize = kept.table.iter().map(|(key, value)| key.len() + value.len()).sum();
            let Stats { contributions, records, stubs, groups, retractions } =
                self.restored(&kept).map(|p| p.stats()).unwrap_or_default();
            let line = json!({
                "partition": partition, "next_offset": kept.checkpoint.map(|c| c.next),
                "committed": committed.get(&partition), "partitions": kept.checkpoint.map(|c| c.partitions),
                "encoding": kept.checkpoint.map(|c| c.encoding), "start": kept.start, "keys": kept.table.len(),
                "bytes": bytes, "contributions": contributions, "records": records, "stubs": stubs, "groups": groups,
                "retractions": retractions,
            });
            output::print(&format!("{line}\n"))?;
        }
        Ok(Exit::Done)
    }

    fn verify(&self) -> anyhow::Result<Exit> {
        let committed = self.store.committed()?;
        let partitions = self.store.partitions()?;
        let (mut bad, mut newer, mut replayed) = (0, false, 0);
        for partition in 0..partitions {
            let kept = match self.store.read(partition) {
                Err(StoreError::Unreadable { reason, .. }) => {
                    bad += 1;
                    output::message(format!("dateline: partition {partition}: {reason}: {REBUILD}"));
                    continue;
                }
                other => other?,
            };
            let mut problems = self.problems(&kept, partitions, committed.get(&partition).copied());
            newer |= matches!(self.restored(&kept), Err(StateError::Newer { .. }));
            if let Some(checkpoint) = kept.checkpoint.filter(|_| problems.is_empty())
                && self.store.input_start(partition)? == 0
            {
                replayed += 1;
                let fresh = self.replay(partition, checkpoint.next)?;
                let differing = store::differences(&kept.table, &fresh.table, usize::MAX).len();
                if differing > 0 {
                    problems.push(format!(
                        "{differing} keys differ from what this build makes of the mentions (another build made them?)"
                    ));
                }
            }
            bad += i32::from(!problems.is_empty());
            for problem in problems {
                output::message(format!("dateline: partition {partition}: {problem}: {REBUILD}"));
            }
        }
        if newer {
            return Ok(Exit::NewerData);
        }
        if bad > 0 {
            return Ok(Exit::DataLoss);
        }
        output::print(&format!(
            "{partitions} partitions are whole, {replayed} of them compared with a replay of their mentions\n"
        ))?;
        Ok(Exit::Done)
    }

    /// What would keep a worker from starting with this state.
    fn problems(&self, kept: &Kept, partitions: i32, committed: Option<i64>) -> Vec<String> {
        let mut problems = vec![];
        let words = |offset: Option<i64>| offset.map_or_else(|| "none".to_owned(), |offset| offset.to_string());
        let next = kept.checkpoint.map(|c| c.next);
        if next != committed {
            problems.push(format!(
                "the state is at input offset {}, the group's committed offset is {}",
                words(next),
                words(committed)
            ));
        }
        if kept.start > 0 && next.is_some() {
            problems.push(format!("the changelog was cut: it begins at offset {}", kept.start));
        }
        if let Some(then) = kept.checkpoint.map(|c| c.partitions).filter(|then| *then != partitions) {
            problems.push(format!("the mentions have {partitions} partitions, the state was made with {then}"));
        }
        if let Err(e) = self.restored(kept) {
            problems.push(e.to_string());
        }
        problems
    }

    fn restored(&self, kept: &Kept) -> Result<Partition, StateError> {
        let mut partition = Partition::new(self.resolution);
        for (key, value) in &kept.table {
            partition.restore(key, Some(value))?;
        }
        partition.restored()?;
        Ok(partition)
    }

    /// Resolves the mentions of a partition again, up to an offset. (A mention that cannot be read is a dead letter.)
    fn replay(&self, partition: i32, end: i64) -> anyhow::Result<Replayed> {
        let mut resolved = Partition::new(self.resolution);
        let mut replayed = Replayed::default();
        self.store.each_input(partition, |record| {
            if record.offset >= end || replayed.newer.is_some() {
                return;
            }
            let message = match record.value.as_deref().map(Message::decode) {
                Some(Ok(message)) => message,
                Some(Err(e @ MessageError::Newer(_))) => return replayed.newer = Some(e),
                Some(Err(MessageError::Malformed(_))) | None => return,
            };
            for change in resolved.apply(&message, record.timestamp_ms).changes {
                match change.value {
                    Some(value) => _ = replayed.table.insert(change.key, value),
                    None => _ = replayed.table.remove(&change.key),
                }
            }
            resolved.committed();
        })?;
        Ok(replayed)
    }

    fn rebuild(&self, accept_new_ids: bool) -> anyhow::Result<Exit> {
        self.store.unused()?;
        let committed = self.store.committed()?;
        let partitions = self.store.partitions()?;
        let mut state = vec![];
        let mut lost_offsets = BTreeMap::new();
        for partition in 0..partitions {
            let start = self.store.input_start(partition)?;
            // Where the group's offset is lost the state itself says how far it came.
            let next = match committed.get(&partition) {
                Some(next) => Some(*next),
                None => self.store.read(partition)?.checkpoint.map(|c| c.next),
            };
            let Some(next) = next else { continue };
            if !committed.contains_key(&partition) {
                lost_offsets.insert(partition, next);
            }
            if start > 0 && !accept_new_ids {
                output::message(format!(
                    "dateline: partition {partition}: its first {start} mentions have expired, so records that rest on \
                     them would get new ids: rebuild nevertheless with --accept-new-ids"
                ));
                return Ok(Exit::DataLoss);
            }
            let replayed = self.replay(partition, next)?;
            if let Some(e) = replayed.newer {
                output::message(format!("dateline: partition {partition}: a mention's {e}: deploy the newer build"));
                return Ok(Exit::NewerData);
            }
            state.push(Rebuilt {
                partition,
                table: replayed.table,
                checkpoint: Checkpoint { next, partitions, encoding: ENCODING },
            });
        }
        self.store.replace(&state)?;
        if !lost_offsets.is_empty() {
            self.store.commit(&lost_offsets)?;
        }
        for part in &state {
            output::print(&format!(
                "partition {}: {} keys, as of mention {}\n",
                part.partition,
                part.table.len(),
                part.checkpoint.next
            ))?;
        }
        Ok(Exit::Done)
    }
}
