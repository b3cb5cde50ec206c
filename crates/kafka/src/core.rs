//! What outlives a rebuild: the stage, its limits, who is told; and what becomes of a batch's decisions.

use std::sync::Arc;
use std::time::Duration;

use crate::backoff::Backoff;
use crate::dlq::{Letters, Limits};
use crate::error::RunError;
use crate::handle::Handle;
use crate::observer::Observer;
use crate::options::Options;
use crate::stage::{InputRecord, OutputRecord, Poison, Processed, Stage, StageError, Target};
use crate::start::Refusal;

pub(crate) struct Core {
    pub(crate) options: Options,
    pub(crate) topic: Arc<str>,
    changelog: Option<Arc<str>>,
    pub(crate) stage: Box<dyn Stage>,
    pub(crate) observer: Arc<dyn Observer>,
    pub(crate) handle: Handle,
    pub(crate) limits: Limits,
    pub(crate) letters: Letters,
    pub(crate) backoff: Backoff,
}

impl Core {
    pub(crate) fn new(options: Options, stage: Box<dyn Stage>, observer: Arc<dyn Observer>) -> Self {
        Self {
            topic: options.input_topic.as_str().into(),
            changelog: options.changelog_topic.as_deref().map(Into::into),
            limits: Limits::new(options.dlq.max_ratio, options.dlq.max_consecutive),
            letters: Letters {
                topic: options.dlq.topic.as_str().into(),
                max_message_bytes: options.dlq.max_message_bytes,
                group: options.group_id.clone(),
                instance: options.transactional_id.clone(),
            },
            handle: Handle::new(),
            backoff: Backoff::default(),
            options,
            stage,
            observer,
        }
    }

    /// The changelog of a stage with state.
    pub(crate) fn changelog(&self) -> Option<Arc<str>> {
        self.stage.state_encoding().and(self.changelog.clone())
    }

    /// Has the stage decide a batch; records over the size limit are decided here.
    pub(crate) fn process(&mut self, records: &[InputRecord]) -> Result<Vec<Processed>, RunError> {
        let limit = self.options.max_record_bytes.unwrap_or(usize::MAX);
        let size = |record: &InputRecord| record.value.as_ref().map_or(0, Vec::len);
        if records.iter().all(|record| size(record) <= limit) {
            let processed = self.stage.process(records)?;
            check_contract(records.len(), &processed)?;
            return Ok(processed);
        }
        let small: Vec<InputRecord> = records.iter().filter(|record| size(record) <= limit).cloned().collect();
        let decided = if small.is_empty() { Vec::new() } else { self.stage.process(&small)? };
        check_contract(small.len(), &decided)?;
        let mut decided = decided.into_iter();
        let decide = |record: &InputRecord| {
            if size(record) <= limit {
                return decided.next().unwrap_or_default();
            }
            let message = format!("value: {} bytes, the limit is {limit}: shorten it or raise the limit", size(record));
            let poison = Poison { class: "too_large", message };
            Processed { outputs: self.stage.refused(record, &poison), state: Vec::new(), poison: Some(poison) }
        };
        Ok(records.iter().map(decide).collect())
    }

    /// What is to be written, in the order of the input: outputs, dead letters, state; and the poison by index.
    #[expect(clippy::type_complexity, reason = "a pair that is taken apart where it arrives")]
    pub(crate) fn outputs(
        &self,
        records: &[InputRecord],
        processed: Vec<Processed>,
    ) -> Result<(Vec<OutputRecord>, Vec<(usize, Poison)>), RunError> {
        let changelog = self.changelog();
        let (mut outputs, mut poisons) = (Vec::new(), Vec::new());
        for (index, (record, processed)) in records.iter().zip(processed).enumerate() {
            outputs.extend(processed.outputs);
            if let Some(poison) = processed.poison {
                outputs.push(self.letters.letter(record, &poison));
                poisons.push((index, poison));
            }
            if processed.state.is_empty() {
                continue;
            }
            let Some(changelog) = &changelog else {
                let error = "the stage changed its state but declares none (state_encoding)";
                return Err(RunError::Stage(error.to_owned()));
            };
            outputs.extend(processed.state.into_iter().map(|change| OutputRecord {
                topic: Arc::clone(changelog),
                target: Target::Partition(record.partition),
                key: Some(change.key),
                value: change.value,
                headers: Vec::new(),
                timestamp_ms: None,
            }));
        }
        Ok((outputs, poisons))
    }

    /// The error for a partition that can't start.
    pub(crate) fn refusal(&self, partition: i32, refusal: Refusal, waited: Option<Duration>) -> RunError {
        let topic = self.options.input_topic.clone();
        let changelog = self.options.changelog_topic.clone().unwrap_or_default();
        let written = |offset: Option<i64>| offset.map_or_else(|| "none".to_owned(), |offset| offset.to_string());
        tracing::debug!(partition, ?refusal, ?waited, "refused");
        match refusal {
            Refusal::WhereToStart => RunError::WhereToStart {
                group: self.options.group_id.clone(),
                topic,
                output: self.options.output_topics.join(", "),
            },
            Refusal::InputLost { committed, start } => {
                RunError::InputLost { topic, partition, committed, start, lost: start - committed }
            }
            Refusal::InputRecreated { committed, end } => RunError::InputRecreated { topic, partition, committed, end },
            Refusal::Repartitioned { now, then } => RunError::Repartitioned { topic, changelog, now, then },
            Refusal::ChangelogCut { start } => RunError::ChangelogCut { changelog, partition, start },
            Refusal::NewerState { encoding, known } => RunError::Newer(StageError::Newer {
                what: format!("state encoding {encoding} (this build knows {known})"),
                topic: changelog,
                partition,
                offset: -1,
            }),
            Refusal::Mismatch { checkpoint, committed } => RunError::CheckpointMismatch {
                changelog,
                partition,
                meaning: match (checkpoint, committed) {
                    (None, _) => "the changelog is missing or was cut",
                    (_, None) => "the group's offsets are gone",
                    (Some(checkpoint), Some(committed)) if checkpoint < committed => {
                        "the state is behind: part of a transaction is missing"
                    }
                    _ => "the state is ahead: offsets were set back",
                },
                checkpoint: written(checkpoint),
                committed: written(committed),
            },
        }
    }
}

/// What the stage decided, checked against its contract.
fn check_contract(records: usize, processed: &[Processed]) -> Result<(), RunError> {
    if processed.len() != records {
        let error =
            format!("the stage decided {} of {records} records: it must decide each, in order", processed.len());
        return Err(RunError::Stage(error));
    }
    let reserved = processed.iter().flat_map(|one| &one.state).any(|change| change.key.first() == Some(&0));
    if reserved {
        let error = "the stage changed a state key that begins with a zero byte: such keys are the runner's";
        return Err(RunError::Stage(error.to_owned()));
    }
    Ok(())
}
