//! The worker: one thread a stage, until it is asked to drain or a stage ends with an error.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;

use dateline_kafka::{Broker, Drain, Handle, Observer, Options, OptionsError, RunError, Runner, Stage, StartFrom};

use crate::config::Settings;
use crate::config::settings::{Anchor, From, Switch};
use crate::decide::{Decider, ExtractFn};
use crate::exit::Exit;
use crate::stages::{extract, resolve};
use crate::telemetry::tally::Sink;
use crate::topics::Names;

/// The stages of one worker, made and not yet run.
pub struct Service {
    runners: Vec<(&'static str, Runner)>,
}

/// What the stages tell to whom.
pub struct Listeners<'a> {
    /// Tallies of committed batches.
    pub sink: Arc<dyn Sink>,
    /// Makes the observer of a stage.
    pub observer: &'a dyn Fn(&'static str) -> Arc<dyn Observer>,
}

impl Service {
    /// Makes the stages of the configured role; nothing is connected yet. `instance` is this worker's own name.
    pub fn build(
        settings: &Settings,
        instance: &str,
        broker: Broker,
        extract: ExtractFn,
        listeners: &Listeners<'_>,
    ) -> Result<Self, OptionsError> {
        let names = Names::of(settings);
        let mut runners = vec![];
        if settings.role.extracts() {
            let receipts = (settings.receipts == Switch::On).then(|| names.receipts.as_str().into());
            let topics = extract::Topics { mentions: names.mentions.as_str().into(), receipts };
            let on_record = settings.time.anchor == Anchor::RecordTimestamp;
            let decider = Decider::with(extract, settings.article.max_bytes.0 as usize, on_record)
                .keeping(settings.extract.min_confidence);
            // Labels live as long as the process; their number is bounded by the settings' check.
            let sources = settings.telemetry.sources.iter().map(|s| &*Box::leak(s.clone().into_boxed_str())).collect();
            let stage = extract::ExtractStage::new(decider, topics, sources, Arc::clone(&listeners.sink));
            let mut options = options(settings, extract::NAME, instance, broker, &names.articles, &names);
            options.output_topics = vec![names.mentions.clone()];
            options.output_topics.extend((settings.receipts == Switch::On).then(|| names.receipts.clone()));
            runners.push((extract::NAME, build(options, Box::new(stage), listeners, extract::NAME)?));
        }
        if settings.role.resolves() {
            let topics = resolve::Topics {
                visits: names.visits.as_str().into(),
                events: names.events.as_str().into(),
                state: names.state.as_str().into(),
            };
            let retire_after_ms = settings.resolve.retire_after.0.as_millis() as i64;
            let resolution = dateline_resolve::Settings { retire_after_ms };
            let stage =
                resolve::ResolveStage::new(resolution, topics, settings.app.clone(), Arc::clone(&listeners.sink));
            let mut options = options(settings, resolve::NAME, instance, broker, &names.mentions, &names);
            options.output_topics = vec![names.visits.clone(), names.events.clone()];
            options.changelog_topic = Some(names.state.clone());
            runners.push((resolve::NAME, build(options, Box::new(stage), listeners, resolve::NAME)?));
        }
        Ok(Self { runners })
    }

    /// Handles of the stages, by name.
    pub fn handles(&self) -> Vec<(&'static str, Handle)> {
        self.runners.iter().map(|(name, runner)| (*name, runner.handle())).collect()
    }

    /// Runs all stages. When one ends with an error the others are drained. The first error decides the exit code.
    pub fn run(self, drain: &Drain, failed: &dyn Fn(&'static str, &RunError)) -> Exit {
        let (report, reports) = mpsc::channel();
        let mut running = 0;
        for (name, runner) in self.runners {
            let (report, drain) = (report.clone(), drain.clone());
            let run = move || {
                // A stage that panics must not leave the others running for ever.
                let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| runner.run(&drain)));
                let _ = report
                    .send((name, ended.unwrap_or_else(|_| Err(RunError::Stage("the stage panicked".to_owned())))));
            };
            if thread::Builder::new().name(name.to_owned()).spawn(run).is_ok() {
                running += 1;
            }
        }
        drop(report);
        let mut exit = if running == 0 { Exit::Failed } else { Exit::Done };
        for (name, ended) in reports {
            if let Err(e) = ended {
                failed(name, &e);
                if exit == Exit::Done {
                    exit = exit_of(&e);
                }
                drain.request();
            }
        }
        exit
    }
}

fn build(
    options: Options,
    stage: Box<dyn Stage>,
    listeners: &Listeners<'_>,
    name: &'static str,
) -> Result<Runner, OptionsError> {
    options.build(stage, (listeners.observer)(name))
}

fn options(s: &Settings, stage: &str, instance: &str, broker: Broker, input: &str, names: &Names) -> Options {
    let group = format!("{}-{stage}", s.app);
    let id = format!("{group}-{instance}");
    let mut options = Options::new(s.kafka.brokers.clone(), group, id, input, names.dlq.clone());
    options.broker = broker;
    options.timeouts = timeouts(s);
    options.batch.records = s.batch.max_records;
    options.batch.bytes = s.batch.max_bytes.0 as usize;
    options.batch.linger = s.batch.max_wait.0;
    options.dlq.max_ratio = s.dlq.max_ratio.get();
    options.dlq.max_consecutive = s.dlq.max_consecutive.get();
    // The stage itself refuses what is too large, so that it gets its receipt.
    options.max_record_bytes = None;
    options.properties = properties(s);
    options.from = match s.start.from {
        From::Committed => None,
        From::Earliest => Some(StartFrom::Earliest),
        From::Latest => Some(StartFrom::Latest),
    };
    options.accept_loss = s.start.accept_loss;
    options
}

/// The configured time limits as the runner takes them.
pub fn timeouts(s: &Settings) -> dateline_kafka::Timeouts {
    let k = &s.kafka;
    dateline_kafka::Timeouts {
        heartbeat: k.heartbeat_interval.0,
        transaction: k.transaction_timeout.0,
        session: k.session_timeout.0,
        drain: k.drain_timeout.0,
        max_poll: k.max_poll_interval.0,
        startup: k.startup_timeout.0,
        ..dateline_kafka::Timeouts::default()
    }
}

/// The extra librdkafka properties.
pub fn properties(s: &Settings) -> BTreeMap<String, String> {
    s.kafka.properties.iter().map(|(name, value)| (name.clone(), value.0.clone())).collect()
}

fn exit_of(e: &RunError) -> Exit {
    match e.exit_code() {
        3 => Exit::DlqLimit,
        4 => Exit::InstanceTaken,
        5 => Exit::NewerData,
        6 => Exit::DataLoss,
        _ => Exit::Failed,
    }
}
