//! What the broker is asked before a partition starts.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use rdkafka::consumer::Consumer as _;
use rdkafka::error::{KafkaError, RDKafkaErrorCode as Code};
use rdkafka::metadata::MetadataTopic;
use rdkafka::producer::Producer as _;
use rdkafka::topic_partition_list::{Offset, TopicPartitionList};

use crate::caller::Caller;
use crate::checkpoint::Checkpoint;
use crate::classify;
use crate::context::{StageConsumer, StageProducer};
use crate::core::Core;
use crate::error::RunError;
use crate::handle::Handle;
use crate::observer::Cause;
use crate::options::StartFrom;
use crate::session::End;
use crate::start::{self, Decision, Facts, State};
use crate::transaction::{GRACE, SLICE};

/// The answer for all partitions that were asked about.
pub(crate) struct Answer {
    pub(crate) input_partitions: i32,
    pub(crate) starts: Vec<Start>,
    /// Where the partitions of other members start that begin with us; see [`ask`].
    pub(crate) others: Vec<(i32, i64)>,
}

pub(crate) struct Start {
    pub(crate) partition: i32,
    pub(crate) decision: Decision,
}

/// Asks for everything that decides where partitions start. `None`: the broker didn't say (yet); ask again.
///
/// A group that starts at the end of its input does so with all partitions at once: the first instance that commits decides for
/// the others, who could not tell the partitions that it left out from partitions that are new.
pub(crate) fn ask(
    core: &Core,
    consumer: &Arc<StageConsumer>,
    producer: &Arc<StageProducer>,
    caller: &Caller,
    partitions: &[i32],
    checkpoint: impl Fn(i32) -> Option<Checkpoint>,
) -> Result<Option<Answer>, End> {
    let topic = &core.options.input_topic;
    let Some(input_partitions) = partition_count(producer, caller, topic, &core.handle)? else { return Ok(None) };
    let ask_committed = || committed(core, consumer, caller, topic, input_partitions);
    let Some(mut committed) = ask_committed()? else { return Ok(None) };
    let mut nothing_written = true;
    if committed.is_empty() && core.options.from.is_none() {
        let Some(empty) = outputs_empty(core, producer, caller)? else { return Ok(None) };
        nothing_written = empty;
        if !empty {
            // Another instance may have begun in between. Whoever writes has committed its starts before.
            let Some(again) = ask_committed()? else { return Ok(None) };
            committed = again;
        }
    }
    let mut others = Vec::new();
    if committed.is_empty() && core.options.from == Some(StartFrom::Latest) && core.changelog().is_none() {
        for partition in (0..input_partitions).filter(|partition| !partitions.contains(partition)) {
            let Some((_, high)) = watermarks(producer, caller, topic, partition, &core.handle)? else {
                return Ok(None);
            };
            others.push((partition, high));
        }
    }
    let mut starts = Vec::with_capacity(partitions.len());
    for partition in partitions.iter().copied() {
        let Some((low, high)) = watermarks(producer, caller, topic, partition, &core.handle)? else { return Ok(None) };
        let state = match (core.stage.state_encoding(), core.changelog()) {
            (Some(encoding), Some(changelog)) => {
                let Some((low, _)) = watermarks(producer, caller, &changelog, partition, &core.handle)? else {
                    return Ok(None);
                };
                Some(State { checkpoint: checkpoint(partition), low, partitions: input_partitions, encoding })
            }
            _ => None,
        };
        let facts = Facts {
            committed: committed.get(&partition).copied(),
            group_has_any: !committed.is_empty(),
            low,
            high,
            outputs_empty: nothing_written,
            state,
            from: core.options.from,
            accept_loss: core.options.accept_loss,
        };
        starts.push(Start { partition, decision: start::decide(&facts) });
    }
    Ok(Some(Answer { input_partitions, starts, others }))
}

/// The group's committed offsets of a topic. Asked of the group's own `read_committed` consumer: only it waits for the
/// offsets of transactions that are still ending. A time-out, and an error of a single partition, is no "none".
fn committed(
    core: &Core,
    consumer: &Arc<StageConsumer>,
    caller: &Caller,
    topic: &str,
    partitions: i32,
) -> Result<Option<BTreeMap<i32, i64>>, End> {
    let mut list = TopicPartitionList::with_capacity(partitions as usize);
    for partition in 0..partitions {
        list.add_partition(topic, partition);
    }
    let asked = Arc::clone(consumer);
    let answer = caller.call(SLICE + GRACE, || core.handle.step(), move || asked.committed_offsets(list, SLICE));
    let Some(list) = settle("committed_offsets", answer)? else { return Ok(None) };
    let mut committed = BTreeMap::new();
    for element in list.elements() {
        if let Err(error) = element.error() {
            tracing::debug!(%error, partition = element.partition(), "committed offset");
            return Ok(None);
        }
        if let Offset::Offset(offset) = element.offset() {
            committed.insert(element.partition(), offset);
        }
    }
    Ok(Some(committed))
}

/// Whether nothing was ever written to the stage's output topics (markers of aborted transactions count as written).
fn outputs_empty(core: &Core, producer: &Arc<StageProducer>, caller: &Caller) -> Result<Option<bool>, End> {
    for topic in &core.options.output_topics {
        let Some(partitions) = partition_count(producer, caller, topic, &core.handle)? else { return Ok(None) };
        for partition in 0..partitions {
            match watermarks(producer, caller, topic, partition, &core.handle)? {
                Some((_, 0)) => {}
                Some(_) => return Ok(Some(false)),
                None => return Ok(None),
            }
        }
    }
    Ok(Some(true))
}

/// First offset and end (last stable offset) of a partition's log.
pub(crate) fn watermarks(
    producer: &Arc<StageProducer>,
    caller: &Caller,
    topic: &str,
    partition: i32,
    handle: &Handle,
) -> Result<Option<(i64, i64)>, End> {
    let (asked, topic) = (Arc::clone(producer), topic.to_owned());
    let answer =
        caller.call(SLICE + GRACE, || handle.step(), move || asked.client().fetch_watermarks(&topic, partition, SLICE));
    settle("fetch_watermarks", answer)
}

/// What the broker says of a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    Partitions(i32),
    /// It knows no such topic.
    Unknown,
    /// No answer, or one that may change: ask again.
    Later,
}

/// Looks a topic up.
pub(crate) fn topic(producer: &Arc<StageProducer>, caller: &Caller, name: &str, handle: &Handle) -> Result<Topic, End> {
    let (asked, name) = (Arc::clone(producer), name.to_owned());
    let call = move || -> Result<Topic, KafkaError> {
        let metadata = asked.client().fetch_metadata(Some(&name), Duration::from_secs(2))?;
        let found = metadata.topics().iter().find(|topic| topic.name() == name);
        let code = found.and_then(MetadataTopic::error).map(Code::from);
        Ok(match (code, found.map_or(0, |topic| topic.partitions().len())) {
            (Some(Code::UnknownTopicOrPartition | Code::UnknownTopic), _) => Topic::Unknown,
            (Some(code), _) if classify::is_refusal(code) => return Err(KafkaError::MetadataFetch(code)),
            (_, 0) => Topic::Later,
            (_, partitions) => Topic::Partitions(partitions as i32),
        })
    };
    let answer = settle("fetch_metadata", caller.call(SLICE + GRACE, || handle.step(), call))?;
    Ok(answer.unwrap_or(Topic::Later))
}

fn partition_count(
    producer: &Arc<StageProducer>,
    caller: &Caller,
    name: &str,
    handle: &Handle,
) -> Result<Option<i32>, End> {
    Ok(match topic(producer, caller, name, handle)? {
        Topic::Partitions(partitions) => Some(partitions),
        Topic::Unknown | Topic::Later => None,
    })
}

/// A value, or `None` for an error that may pass.
fn settle<T>(
    call: &'static str,
    answer: Result<Result<T, KafkaError>, crate::caller::Abandoned>,
) -> Result<Option<T>, End> {
    match answer {
        Ok(Ok(value)) => Ok(Some(value)),
        Ok(Err(error)) => {
            if error.rdkafka_error_code().is_some_and(classify::is_refusal) {
                return Err(End::Stop(RunError::Refused { call, reason: error.to_string() }));
            }
            tracing::debug!(call, %error, "asked again");
            Ok(None)
        }
        Err(hung) => Err(End::Rebuild(Cause::new("call_hung", format!("{call} {hung}")))),
    }
}
