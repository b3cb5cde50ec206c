//! `dateline dlq redrive`: letters back to where they came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::ControlFlow;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::bail;
use dateline_kafka::Drain;
use dateline_kafka::letter::{Entry, Letter};
use dateline_kafka::redrive::{RedriveError, Redriver};
use dateline_kafka::scan::Extent;
use signal_hook::consts::{SIGINT, SIGTERM};

use super::queue::{Place, Queue, by_class, place};
use crate::cli::args::operate::FilterArgs;
use crate::config::Loaded;
use crate::exit::Exit;
use crate::output::{self, Progress};
use crate::service::{properties, timeouts};

/// A transaction holds at most so many letters and bytes.
const MAX_LETTERS: usize = 500;
const MAX_BYTES: usize = 4 << 20;
/// So many letters that cannot be sent are named one by one.
const NAMED: usize = 20;

/// How many letters are sent, and how fast.
pub(super) struct Order {
    pub(super) limit: usize,
    pub(super) rate: Option<u32>,
}

/// What is to be sent.
struct Plan {
    extent: Extent,
    /// Place and class of the letters that are to be sent.
    chosen: BTreeMap<Place, String>,
    /// Topics that they came from, with their number of partitions.
    topics: BTreeMap<String, i32>,
    /// Letters that were sent before.
    before: usize,
    /// Letters that cannot be sent, with the reason.
    incomplete: Vec<(Place, String)>,
}

/// Says what would be sent.
pub(super) fn rehearse(queue: &Queue, filter: &FilterArgs, order: &Order) -> anyhow::Result<Exit> {
    let plan = plan(queue, filter, order)?;
    output::print(&report("would be sent", &count(plan.chosen.values()), &plan, queue))?;
    Ok(Exit::Done)
}

pub(super) fn run(queue: &Queue, filter: &FilterArgs, order: &Order, loaded: &Loaded) -> anyhow::Result<Exit> {
    let drain = Drain::new();
    for signal in [SIGTERM, SIGINT] {
        // A second signal ends at once.
        signal_hook::flag::register_conditional_shutdown(signal, Exit::Failed as i32, drain.flag())?;
        signal_hook::flag::register(signal, drain.flag())?;
    }
    let settings = &loaded.settings;
    let timeout = timeouts(settings).transaction;
    let id = format!("{}-dlq-redrive", settings.app);
    let started = Redriver::start(&settings.kafka.brokers, properties(settings), &id, timeout, &queue.topic);
    let redriver = match started {
        Ok(redriver) => redriver,
        Err(e) => return end(e),
    };
    // Only what is decided can be read: a marker behind an open transaction of a worker would be missed.
    queue.cluster.settle(&queue.topic, queue.partitions, timeout + Duration::from_secs(30))?;
    let plan = plan(queue, filter, order)?;
    let mut sending = Sending {
        redriver,
        topics: &plan.topics,
        rate: order.rate,
        drain: &drain,
        begin: Instant::now(),
        batch: vec![],
        bytes: 0,
        sent: BTreeMap::new(),
        total: 0,
        progress: Progress::steps(plan.chosen.len() as u64, "sent again"),
    };
    let mut failed = None;
    queue.cluster.scan(&plan.extent, |record| {
        let at = (record.partition, record.offset);
        let step = match Entry::of(record) {
            Entry::Letter(letter) if plan.chosen.contains_key(&at) => sending.take(letter),
            _ => Ok(()),
        };
        match step {
            Ok(()) if !drain.requested() => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(()),
            Err(e) => {
                failed = Some(e);
                ControlFlow::Break(())
            }
        }
    })?;
    if failed.is_none()
        && let Err(e) = sending.flush()
    {
        failed = Some(e);
    }
    sending.progress.finish();
    output::print(&report("sent again", &sending.sent, &plan, queue))?;
    if let Some(e) = failed {
        return end(e);
    }
    let left = plan.chosen.len() - sending.total;
    if left > 0 {
        output::message(format!("asked to end: {left} letters still wait; the next run sends them"));
    }
    Ok(Exit::Done)
}

fn end(error: RedriveError) -> anyhow::Result<Exit> {
    match error {
        RedriveError::Taken => {
            output::message(format!("dateline: {error}"));
            Ok(Exit::InstanceTaken)
        }
        RedriveError::Kafka { .. } => Err(error.into()),
    }
}

/// Chooses the letters: those that pass the filter and were not sent, the oldest first.
fn plan(queue: &Queue, filter: &FilterArgs, order: &Order) -> anyhow::Result<Plan> {
    /// Class, topic that it came from, why it cannot be sent.
    type Told = (String, Option<String>, Option<String>);
    let extent = queue.extent(filter)?;
    let mut letters: BTreeMap<(i64, Place), Told> = BTreeMap::new();
    let seen = queue.each(&extent, filter, |letter, _| {
        let topic = letter.origin().map(|origin| origin.topic);
        let why =
            letter.incomplete().or_else(|| topic.is_none().then(|| "it does not say where it came from".to_owned()));
        letters.insert((letter.record().timestamp_ms, place(&letter)), (letter.class().to_owned(), topic, why));
    })?;
    let (mut chosen, mut topics, mut before, mut incomplete) = (BTreeMap::new(), BTreeSet::new(), 0, vec![]);
    for ((_, at), (class, topic, why)) in letters {
        match (seen.redriven.contains(&at), why) {
            (true, _) => before += 1,
            (false, Some(why)) => incomplete.push((at, why)),
            (false, None) if chosen.len() < order.limit => {
                chosen.insert(at, class);
                topics.extend(topic);
            }
            (false, None) => {}
        }
    }
    let topics: Vec<String> = topics.into_iter().collect();
    let mut there = BTreeMap::new();
    for (topic, partitions) in topics.iter().zip(queue.cluster.partitions(&topics)?) {
        let Some(partitions) = partitions else {
            bail!(
                "letters came from topic {topic}, which does not exist: make it again, or leave them out by --since or --class"
            );
        };
        there.insert(topic.clone(), partitions);
    }
    // The extent ends where it ended now: a letter that fails again comes behind it and waits for the next run.
    let mut first: BTreeMap<i32, i64> = BTreeMap::new();
    for (partition, offset) in chosen.keys() {
        first.entry(*partition).or_insert(*offset);
    }
    Ok(Plan { extent: extent.from(&first), chosen, topics: there, before, incomplete })
}

fn count<'a>(classes: impl Iterator<Item = &'a String>) -> BTreeMap<String, usize> {
    classes.fold(BTreeMap::new(), |mut counts, class| {
        *counts.entry(class.clone()).or_default() += 1;
        counts
    })
}

fn report(what: &str, sent: &BTreeMap<String, usize>, plan: &Plan, queue: &Queue) -> String {
    let total: usize = sent.values().sum();
    let mut text = format!("{what}: {total}");
    if total > 0 {
        let topics: Vec<&str> = plan.topics.keys().map(String::as_str).collect();
        let _ = write!(text, " ({}) to {}", by_class(sent), topics.join(", "));
    }
    text.push('\n');
    let _ = writeln!(text, "sent before: {}", plan.before);
    let _ = writeln!(text, "cannot be sent: {}", plan.incomplete.len());
    for ((partition, offset), why) in plan.incomplete.iter().take(NAMED) {
        let _ = writeln!(text, "  {} {partition}@{offset}: {why}: have its producer send it again", queue.topic);
    }
    if plan.incomplete.len() > NAMED {
        let _ = writeln!(text, "  ... and {} more", plan.incomplete.len() - NAMED);
    }
    text
}

/// Letters on their way.
struct Sending<'a> {
    redriver: Redriver,
    topics: &'a BTreeMap<String, i32>,
    rate: Option<u32>,
    drain: &'a Drain,
    begin: Instant,
    batch: Vec<Letter>,
    bytes: usize,
    sent: BTreeMap<String, usize>,
    total: usize,
    progress: Progress,
}

impl Sending<'_> {
    fn take(&mut self, letter: Letter) -> Result<(), RedriveError> {
        self.bytes += letter.record().value.as_ref().map_or(0, Vec::len);
        self.batch.push(letter);
        let most = self.rate.map_or(MAX_LETTERS, |rate| MAX_LETTERS.min(rate as usize));
        if self.batch.len() >= most || self.bytes >= MAX_BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), RedriveError> {
        if self.batch.is_empty() {
            return Ok(());
        }
        if let Some(rate) = self.rate {
            // What was sent so far takes its time before more is.
            let due = self.begin + Duration::from_secs_f64(self.total as f64 / f64::from(rate));
            while Instant::now() < due && !self.drain.requested() {
                thread::sleep(due.saturating_duration_since(Instant::now()).min(Duration::from_millis(100)));
            }
            if self.drain.requested() {
                return Ok(());
            }
        }
        let sent = self.redriver.send(&self.batch, self.topics)?;
        for letter in self.batch.drain(..) {
            *self.sent.entry(letter.class().to_owned()).or_default() += 1;
        }
        self.bytes = 0;
        self.total += sent;
        self.progress.advance(sent as u64, sent as u64);
        Ok(())
    }
}
