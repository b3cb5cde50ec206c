//! A stage's state seen from outside, to look at and to make anew while no instance runs.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer as _};
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::producer::{BaseRecord, DefaultProducerContext, Producer as _, ThreadedProducer};
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::checkpoint::{self, Checkpoint};
use crate::properties;
use crate::reader::{Isolation, Partitions, ReadError, Reader};
use crate::stage::InputRecord;
use crate::topics::{self, TopicsError};

const LIMIT: Duration = Duration::from_secs(30);

/// Where the state of one stage is kept.
#[derive(Debug, Clone)]
pub struct Store {
    /// `bootstrap.servers`.
    pub brokers: String,
    /// Extra librdkafka properties (security).
    pub properties: BTreeMap<String, String>,
    /// The stage's consumer group.
    pub group_id: String,
    /// Its input topic.
    pub input: String,
    /// Its changelog.
    pub changelog: String,
}

/// What a changelog keeps of one partition.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Kept {
    /// The newest checkpoint.
    pub checkpoint: Option<Checkpoint>,
    /// Last value of each key that is not deleted.
    pub table: BTreeMap<Vec<u8>, Vec<u8>>,
    /// The log's first offset; above 0 records were deleted.
    pub start: i64,
}

/// State to be written for one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rebuilt {
    /// Partition.
    pub partition: i32,
    /// All keys with their values.
    pub table: BTreeMap<Vec<u8>, Vec<u8>>,
    /// How far it has come.
    pub checkpoint: Checkpoint,
}

/// The state could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The broker refused or did not answer.
    #[error("{call}: {error}: check the broker, the topics' names and the rights of this client")]
    Kafka {
        /// What was asked for.
        call: &'static str,
        /// librdkafka's error.
        error: KafkaError,
    },
    /// A topic could not be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A topic could not be made anew.
    #[error(transparent)]
    Topics(#[from] TopicsError),
    /// Instances of the stage run.
    #[error("group {group} has {members} members: stop every worker of this stage first")]
    InUse {
        /// The group.
        group: String,
        /// Its members.
        members: usize,
    },
    /// A record that the runner has not written.
    #[error("changelog {changelog}/{partition}: {reason}")]
    Unreadable {
        /// The changelog.
        changelog: String,
        /// Partition.
        partition: i32,
        /// What is wrong.
        reason: String,
    },
}

fn failed(call: &'static str) -> impl FnOnce(KafkaError) -> StoreError {
    move |error| StoreError::Kafka { call, error }
}

impl Store {
    fn config(&self) -> ClientConfig {
        properties::reader(&self.brokers, &self.properties, "state", &self.group_id)
    }

    fn consumer(&self) -> Result<BaseConsumer, StoreError> {
        self.config().create().map_err(failed("a consumer"))
    }

    fn reader(&self) -> Reader {
        Reader::new(&self.brokers).properties(self.properties.clone()).group_id(&self.group_id)
    }

    /// Partitions of the input.
    pub fn partitions(&self) -> Result<i32, StoreError> {
        let metadata = self.consumer()?.fetch_metadata(Some(&self.input), LIMIT).map_err(failed("metadata"))?;
        let found = metadata.topics().iter().find(|topic| topic.name() == self.input);
        match found.map_or(0, |topic| topic.partitions().len()) {
            0 => Err(failed("metadata of the input topic")(KafkaError::MetadataFetch(Code::UnknownTopicOrPartition))),
            partitions => Ok(partitions as i32),
        }
    }

    /// Committed offsets of the group, by partition.
    pub fn committed(&self) -> Result<BTreeMap<i32, i64>, StoreError> {
        let mut list = TopicPartitionList::new();
        for partition in 0..self.partitions()? {
            list.add_partition(&self.input, partition);
        }
        let list = self.consumer()?.committed_offsets(list, LIMIT).map_err(failed("committed offsets"))?;
        let offset = |offset| if let Offset::Offset(offset) = offset { Some(offset) } else { None };
        Ok(list.elements().iter().filter_map(|e| Some((e.partition(), offset(e.offset())?))).collect())
    }

    /// The input's first offset in a partition.
    pub fn input_start(&self, partition: i32) -> Result<i64, StoreError> {
        Ok(self.consumer()?.fetch_watermarks(&self.input, partition, LIMIT).map_err(failed("watermarks"))?.0)
    }

    /// Gives each committed record of an input partition to `each`, in order.
    pub fn each_input(&self, partition: i32, each: impl FnMut(InputRecord)) -> Result<(), StoreError> {
        Ok(self.reader().for_each(&self.input, Partitions::One(partition), Isolation::Committed, each)?)
    }

    /// What the changelog keeps of a partition.
    pub fn read(&self, partition: i32) -> Result<Kept, StoreError> {
        let (start, _) =
            self.consumer()?.fetch_watermarks(&self.changelog, partition, LIMIT).map_err(failed("watermarks"))?;
        let mut kept = Kept { start, ..Kept::default() };
        let mut unreadable = None;
        self.reader().for_each(&self.changelog, Partitions::One(partition), Isolation::Committed, |record| {
            let key = record.key.unwrap_or_default();
            match record.value {
                Some(value) if key == checkpoint::KEY => match Checkpoint::decode(&value) {
                    Ok(checkpoint) => kept.checkpoint = Some(checkpoint),
                    Err(error) => unreadable = Some(format!("offset {}: {error}", record.offset)),
                },
                Some(value) => _ = kept.table.insert(key, value),
                None => _ = kept.table.remove(&key),
            }
        })?;
        match unreadable {
            Some(reason) => Err(StoreError::Unreadable { changelog: self.changelog.clone(), partition, reason }),
            None => Ok(kept),
        }
    }

    /// Fails when the group has members.
    pub fn unused(&self) -> Result<(), StoreError> {
        let groups = self.consumer()?.fetch_group_list(Some(&self.group_id), LIMIT).map_err(failed("group"))?;
        match groups.groups().iter().map(|group| group.members().len()).sum() {
            0 => Ok(()),
            members => Err(StoreError::InUse { group: self.group_id.clone(), members }),
        }
    }

    /// Commits offsets for the group, which must have no members.
    pub fn commit(&self, offsets: &BTreeMap<i32, i64>) -> Result<(), StoreError> {
        let mut list = TopicPartitionList::new();
        for (partition, next) in offsets {
            list.add_partition_offset(&self.input, *partition, Offset::Offset(*next)).map_err(failed("offsets"))?;
        }
        self.consumer()?.commit(&list, CommitMode::Sync).map_err(failed("commit of offsets"))
    }

    /// Makes the changelog anew (the topic is deleted and made again with its settings) and writes this state. Each checkpoint comes
    /// last: whatever interrupts this leaves a state that no stage starts with.
    pub fn replace(&self, state: &[Rebuilt]) -> Result<(), StoreError> {
        topics::recreate(&self.brokers, &self.properties, &self.changelog)?;
        let mut config = properties::base(&self.brokers, &self.properties, "state");
        config.set("enable.idempotence", "true").set("message.max.bytes", "16777216").set("linger.ms", "5");
        let producer: ThreadedProducer<DefaultProducerContext> =
            config.create().map_err(failed("a producer for the state"))?;
        let send = |partition: i32, key: &[u8], value: &[u8]| {
            let mut record = BaseRecord::to(&self.changelog).partition(partition).key(key).payload(value);
            loop {
                match producer.send(record) {
                    Ok(()) => return Ok(()),
                    Err((KafkaError::MessageProduction(Code::QueueFull), back)) => {
                        std::thread::sleep(Duration::from_millis(10));
                        record = back;
                    }
                    Err((error, _)) => return Err(failed("writing the state")(error)),
                }
            }
        };
        for part in state {
            for (key, value) in &part.table {
                send(part.partition, key, value)?;
            }
        }
        producer.flush(LIMIT * 10).map_err(failed("writing the state"))?;
        for part in state {
            send(part.partition, checkpoint::KEY, &part.checkpoint.encode())?;
        }
        producer.flush(LIMIT).map_err(failed("writing the checkpoints"))?;
        self.check_written(state)
    }

    /// What was written is what is read: a delivery that failed would show here.
    fn check_written(&self, state: &[Rebuilt]) -> Result<(), StoreError> {
        for part in state {
            let end = Instant::now() + LIMIT;
            loop {
                let kept = self.read(part.partition)?;
                if kept.checkpoint == Some(part.checkpoint) && kept.table == part.table {
                    break;
                }
                if Instant::now() >= end {
                    let (changelog, partition) = (self.changelog.clone(), part.partition);
                    let reason = "it does not hold what was just written".to_owned();
                    return Err(StoreError::Unreadable { changelog, partition, reason });
                }
                std::thread::sleep(Duration::from_millis(200));
            }
        }
        Ok(())
    }
}

/// Keys of two tables that differ, at most `limit` of them.
pub fn differences(a: &BTreeMap<Vec<u8>, Vec<u8>>, b: &BTreeMap<Vec<u8>, Vec<u8>>, limit: usize) -> Vec<Vec<u8>> {
    let keys: BTreeSet<&Vec<u8>> = a.keys().chain(b.keys()).collect();
    keys.into_iter().filter(|key| a.get(*key) != b.get(*key)).take(limit).cloned().collect()
}
