//! The runner: sessions one after the other, until the drain or an error that no new session heals.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use rdkafka::consumer::Consumer as _;
use rdkafka::error::KafkaError;
use rdkafka::producer::Producer as _;

use crate::caller::{Caller, drop_within};
use crate::classify::{self, Class, Facts};
use crate::context::{ConsumerEvents, ProducerEvents, StageConsumer, StageProducer};
use crate::core::Core;
use crate::error::{Ended, RunError};
use crate::handle::{Drain, Handle, Phase};
use crate::observer::{Cause, Observer};
use crate::offsets::{self, Topic};
use crate::options::{Broker, Options};
use crate::properties;
use crate::session::{End, Session};
use crate::stage::Stage;
use crate::topics;
use crate::transaction::{GRACE, SLICE, Writer};

/// How long a topic that was there may be unknown to a broker (one that just came up knows less).
const TOPIC_GRACE: Duration = Duration::from_secs(10);
/// How long leaving the group may take, and letting the producer go.
const CONSUMER_CLOSE: Duration = Duration::from_secs(3);
const PRODUCER_CLOSE: Duration = Duration::from_secs(1);

/// Runs one stage exactly once over its input, on the calling thread. Made by [`Options::build`].
pub struct Runner {
    core: Core,
    dlq_limit_known: bool,
}

impl std::fmt::Debug for Runner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runner").field("options", &self.core.options).finish_non_exhaustive()
    }
}

/// The clients of one session.
struct Clients {
    consumer: Arc<StageConsumer>,
    producer: Arc<StageProducer>,
    caller: Arc<Caller>,
}

impl Runner {
    pub(crate) fn new(options: Options, stage: Box<dyn Stage>, observer: Arc<dyn Observer>) -> Self {
        Self { core: Core::new(options, stage, observer), dlq_limit_known: false }
    }

    /// Health and status, from any thread, also after `run`.
    pub fn handle(&self) -> Handle {
        self.core.handle.clone()
    }

    /// Works until `drain` is requested (then: finish the batch, commit, leave the group) or an error stops the stage. Blocks;
    /// give it a thread that is no async runtime's.
    pub fn run(mut self, drain: &Drain) -> Result<Ended, RunError> {
        let mut reached = false;
        let result = loop {
            match self.session(drain, &mut reached) {
                // What a transaction left open is settled by the next producer with the id.
                end @ (End::Drained | End::Rebuild(_)) if drain.requested() => {
                    tracing::debug!(?end, "drained");
                    let status = self.core.handle.status();
                    break Ok(Ended { records: status.records, batches: status.batches });
                }
                End::Drained => {}
                End::Stop(error) => break Err(error),
                End::Rebuild(cause) => {
                    tracing::warn!(group = self.core.options.group_id, %cause, "producer and consumer are made anew");
                    self.core.observer.rebuilt(&cause);
                    let wait = self.core.backoff.next();
                    self.pause(drain, wait);
                }
            }
        };
        self.phase(Phase::Ended);
        result
    }

    fn phase(&self, phase: Phase) {
        self.core.handle.step();
        self.core.handle.update(|status| status.phase = phase);
    }

    /// Sleeps, stepping, until a drain is requested at the latest.
    fn pause(&self, drain: &Drain, wait: Duration) {
        let end = Instant::now() + wait;
        while Instant::now() < end && !drain.requested() {
            self.core.handle.step();
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn session(&mut self, drain: &Drain, reached: &mut bool) -> End {
        self.phase(if *reached { Phase::Joining } else { Phase::Starting });
        let clients = match self.clients(drain) {
            Ok(clients) => clients,
            Err(error) => return End::Stop(error),
        };
        let end = self.with(&clients, drain, reached);
        if drain.requested() {
            self.phase(Phase::Draining);
        }
        Self::dispose(clients);
        end
    }

    fn with(&mut self, clients: &Clients, drain: &Drain, reached: &mut bool) -> End {
        let opened = self
            .reach(clients, drain, reached)
            .and_then(|()| self.topics(clients, drain))
            .and_then(|partitions| self.init_transactions(clients, drain).map(|()| partitions));
        let partitions = match opened {
            Ok(partitions) => partitions,
            Err(end) => return end,
        };
        let topic = Arc::clone(&self.core.topic);
        if let Err(error) = clients.consumer.subscribe(&[&topic]) {
            return End::Stop(RunError::Client(error.to_string()));
        }
        let input_partitions = partitions.get(&topic).copied().unwrap_or(0);
        let writer = Writer::new(
            Arc::clone(&clients.producer),
            Arc::clone(&clients.caller),
            self.core.handle.clone(),
            &self.core.options,
            partitions,
        );
        self.phase(Phase::Running);
        let (consumer, caller) = (Arc::clone(&clients.consumer), Arc::clone(&clients.caller));
        Session::new(&mut self.core, consumer, writer, caller, input_partitions).run(drain)
    }

    fn clients(&self, drain: &Drain) -> Result<Clients, RunError> {
        let client = |error: KafkaError| RunError::Client(error.to_string());
        let observer = || Arc::clone(&self.core.observer);
        let consumer = ConsumerEvents::new(Arc::clone(&self.core.topic), observer());
        let producer = ProducerEvents::new(observer());
        Ok(Clients {
            consumer: Arc::new(properties::consumer(&self.core.options).create_with_context(consumer).map_err(client)?),
            producer: Arc::new(properties::producer(&self.core.options).create_with_context(producer).map_err(client)?),
            caller: Arc::new(
                Caller::start(
                    &self.core.options.group_id,
                    drain,
                    self.core.options.timeouts.drain.saturating_sub(CONSUMER_CLOSE + PRODUCER_CLOSE),
                )
                .map_err(|error| RunError::Client(error.to_string()))?,
            ),
        })
    }

    /// First contact: within the startup timeout. Later ones are waited for without end.
    fn reach(&self, clients: &Clients, drain: &Drain, reached: &mut bool) -> Result<(), End> {
        let began = Instant::now();
        let startup = self.core.options.timeouts.startup;
        while !*reached {
            let asked = Arc::clone(&clients.consumer);
            let topic = self.core.options.input_topic.clone();
            let slice = Duration::from_secs(1).min(startup);
            let answer = clients.caller.call(
                slice + GRACE,
                || self.core.handle.step(),
                move || asked.fetch_metadata(Some(&topic), slice).map(drop),
            );
            // Serves the log and error events that tell why.
            clients.consumer.poll(Duration::ZERO);
            match answer {
                Ok(Ok(())) => *reached = true,
                _ if drain.requested() => return Err(End::Drained),
                Ok(Err(error)) if error.rdkafka_error_code().is_some_and(classify::is_refusal) => {
                    return Err(End::Stop(RunError::Refused { call: "metadata", reason: error.to_string() }));
                }
                other if began.elapsed() >= startup => {
                    let last = clients.consumer.context().last_error();
                    let reason = last.unwrap_or_else(|| match other {
                        Ok(Err(error)) => error.to_string(),
                        _ => "no answer".to_owned(),
                    });
                    let brokers = self.core.options.brokers.clone();
                    return Err(End::Stop(RunError::Unreachable { brokers, waited: startup, reason }));
                }
                _ => self.pause(drain, Duration::from_millis(100)),
            }
        }
        Ok(())
    }

    /// Partitions of every topic that is read or written; all must exist.
    fn topics(&mut self, clients: &Clients, drain: &Drain) -> Result<BTreeMap<Arc<str>, i32>, End> {
        let changelog = self.core.changelog();
        let mut names: Vec<Arc<str>> = vec![Arc::clone(&self.core.topic), Arc::clone(&self.core.letters.topic)];
        names.extend(self.core.options.output_topics.iter().map(|topic| topic.as_str().into()));
        names.extend(changelog.clone());
        let mut partitions = BTreeMap::new();
        for topic in names {
            let count = self.partitions(clients, drain, &topic)?;
            partitions.insert(topic, count);
        }
        if let Some(changelog) = changelog {
            let (have, want) = (partitions[&changelog], partitions[&self.core.topic]);
            if have != want {
                let input = self.core.options.input_topic.clone();
                let changelog = changelog.to_string();
                return Err(End::Stop(RunError::ChangelogPartitions { changelog, have, input, want }));
            }
        }
        if self.core.options.broker == Broker::Real && !self.dlq_limit_known {
            self.dlq_limit_known = true;
            let Options { brokers, properties, dlq, .. } = &self.core.options;
            match topics::setting(brokers, properties, &dlq.topic, "max.message.bytes") {
                Ok(Some(limit)) => self.core.letters.max_message_bytes = limit.parse().unwrap_or(dlq.max_message_bytes),
                Ok(None) => {}
                Err(error) => tracing::info!(topic = dlq.topic, %error, "the topic's limit is not known"),
            }
        }
        Ok(partitions)
    }

    fn partitions(&self, clients: &Clients, drain: &Drain, name: &str) -> Result<i32, End> {
        let mut unknown_since = None;
        loop {
            match offsets::topic(&clients.producer, &clients.caller, name, &self.core.handle)? {
                Topic::Partitions(partitions) => return Ok(partitions),
                Topic::Unknown => {
                    let since = *unknown_since.get_or_insert_with(Instant::now);
                    if since.elapsed() >= TOPIC_GRACE {
                        return Err(End::Stop(RunError::TopicMissing { topic: name.to_owned() }));
                    }
                }
                Topic::Later => {}
            }
            if drain.requested() {
                return Err(End::Drained);
            }
            clients.consumer.poll(Duration::ZERO);
            clients.producer.poll(Duration::ZERO);
            self.pause(drain, Duration::from_millis(200));
        }
    }

    /// Takes the transactional id: the broker aborts what an earlier producer with it left open, and fences that producer.
    fn init_transactions(&self, clients: &Clients, drain: &Drain) -> Result<(), End> {
        loop {
            let producer = Arc::clone(&clients.producer);
            let meanwhile = || {
                self.core.handle.step();
                clients.producer.poll(Duration::ZERO);
            };
            match clients.caller.call(SLICE + GRACE, meanwhile, move || producer.init_transactions(SLICE)) {
                Ok(Ok(())) => return Ok(()),
                Ok(Err(error)) => match Facts::of(&error).class() {
                    Class::Retry => {}
                    Class::Refused => {
                        let reason = clients.producer.context().last_error().unwrap_or_else(|| error.to_string());
                        return Err(End::Stop(RunError::Refused { call: "init_transactions", reason }));
                    }
                    _ => return Err(End::Rebuild(Cause::new("init_transactions", error.to_string()))),
                },
                Err(hung) => return Err(End::Rebuild(Cause::new("call_hung", format!("init_transactions {hung}")))),
            }
            if drain.requested() {
                return Err(End::Drained);
            }
            self.pause(drain, Duration::from_millis(200));
        }
    }

    /// Leaves the group, then lets the producer go. Both can block; neither may hold us.
    fn dispose(clients: Clients) {
        let Clients { consumer, producer, caller } = clients;
        drop(caller);
        if !drop_within(CONSUMER_CLOSE, consumer) {
            tracing::warn!("the consumer did not close in time and is left behind");
        }
        if !drop_within(PRODUCER_CLOSE, producer) {
            tracing::warn!("the producer did not close in time and is left behind");
        }
    }
}
