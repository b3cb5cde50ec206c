//! `dateline demo`: the real worker over a broker inside this process, and a table of the records as they grow.

mod board;
mod line;
mod wire;

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use dateline_kafka::embedded::Embedded;
use dateline_kafka::{Broker, Drain, Silent};

use crate::config::Settings;
use crate::config::settings::{Role, Switch};
use crate::exit::Exit;
use crate::input::{Source, Text, Windows};
use crate::live::LiveEngine;
use crate::output::{self, Flow};
use crate::service::{Listeners, Service};
use crate::telemetry::table;
use crate::telemetry::tally::{Sink, Tally};
use crate::topics::{Names, specs};
use board::{Board, Screen};
pub(crate) use line::words;
use wire::{Feeder, Tail};

/// The bundled articles, one JSON article a line.
const ARTICLES: &str = include_str!("../../demo/articles.jsonl");
/// Partitions of the topics: one for the articles keeps them in their order.
const PARTITIONS: i32 = 3;
/// Between two bundled articles, so that one can watch the records grow.
const PACE: Duration = Duration::from_millis(350);
/// Beyond so many articles nothing is paced.
const WATCHABLE: u64 = 40;
/// Nothing happened for so long: the demo is stuck.
const STUCK: Duration = Duration::from_secs(60);
/// Articles that may be ahead of the worker: the embedded broker keeps 5 MiB a partition.
const AHEAD: u64 = 200;

const NEXT: &str = "
Try next
  dateline demo --input FILE                                  the same over your own articles (JSONL)
  dateline extract --explain --text FILE --published-at DATE  what one article says, and the rule behind each value
  dateline run --brokers HOST:PORT --create-topics            the service on your own Kafka
";

/// What the stages have committed so far.
#[derive(Debug, Default)]
struct Counts {
    articles: AtomicU64,
    messages: AtomicU64,
    resolved: AtomicU64,
    poison: AtomicU64,
}

impl Sink for Counts {
    fn committed(&self, _: &'static str, tally: &Tally) {
        // Messages first: whoever reads the articles' count knows of all messages that they gave.
        let mentions = tally.sum(&table::MENTIONS) - tally.get(&table::MENTIONS, &["retract"]);
        let retractions = tally.get(&table::MENTIONS, &["retract"]) * PARTITIONS as u64;
        self.messages.fetch_add(mentions + retractions, Ordering::SeqCst);
        self.poison.fetch_add(tally.get(&table::ARTICLES, &["dlq"]), Ordering::SeqCst);
        self.articles.fetch_add(tally.sum(&table::ARTICLES), Ordering::SeqCst);
        self.resolved.fetch_add(tally.sum(&table::MENTIONS_RESOLVED), Ordering::SeqCst);
    }

    fn state(&self, _: &dyn Fn() -> dateline_resolve::Stats) {}
}

impl Counts {
    /// True when everything that was fed has become records.
    fn done(&self, fed: u64) -> bool {
        let resolved = self.resolved.load(Ordering::SeqCst);
        self.articles.load(Ordering::SeqCst) >= fed && resolved >= self.messages.load(Ordering::SeqCst)
    }
}

/// Runs the demo over the bundled articles, or over `input`.
pub fn run(settings: &Settings, input: Option<Source>) -> anyhow::Result<Exit> {
    let mut settings = settings.clone();
    settings.role = Role::All;
    settings.receipts = Switch::Off;
    let names = Names::of(&settings);
    let mut topics = specs(&names, PARTITIONS, 1);
    topics.iter_mut().filter(|t| t.name == names.articles).for_each(|t| t.partitions = 1);
    let broker = Embedded::start(&topics)?;
    broker.brokers().clone_into(&mut settings.kafka.brokers);
    settings.kafka.properties.clear();

    let counts = Arc::new(Counts::default());
    let listeners = Listeners { sink: Arc::clone(&counts) as Arc<dyn Sink>, observer: &|_| Arc::new(Silent) };
    let live = Arc::new(LiveEngine::load(&settings)?);
    let service = Service::build(&settings, "demo", Broker::Embedded, live.extract(), &listeners)?;
    let handles = service.handles();
    let drain = Drain::new();
    let worker = {
        let drain = drain.clone();
        thread::spawn(move || service.run(&drain, &|stage, e| output::message(format!("dateline: {stage}: {e}"))))
    };
    let ready = || handles.iter().all(|(_, handle)| handle.is_ready());
    let shown = show(&settings, &names, input, &counts, &worker, &ready);
    drain.request();
    let exit = worker.join().ok().context("the worker panicked")?;
    let complete = shown?;
    Ok(if complete { exit } else { Exit::Failed })
}

/// Feeds the articles and shows the records until all is said. False when an input could not be read.
fn show(
    settings: &Settings,
    names: &Names,
    input: Option<Source>,
    counts: &Counts,
    worker: &thread::JoinHandle<Exit>,
    ready: &dyn Fn() -> bool,
) -> anyhow::Result<bool> {
    let brokers = &settings.kafka.brokers;
    let (mut feeder, mut tail) =
        (Feeder::new(brokers, &names.articles)?, Tail::new(brokers, [&names.visits, &names.events])?);
    let mut board = Board::default();
    let mut screen = Screen::new(std::io::stdout().is_terminal());
    let bundled = input.is_none();
    let about = if bundled { "the bundled articles" } else { "your articles" };
    screen
        .say(&format!("Dateline over {about}: an embedded broker, the real worker, and the records as they grow\n"))?;
    let begin = Instant::now();
    while !ready() && !worker.is_finished() && begin.elapsed() < STUCK {
        thread::sleep(Duration::from_millis(50));
    }
    let mut lines = articles(input);
    let (mut fed, mut complete, mut ended) = (0, true, false);
    let (mut next, mut moved) = (Instant::now(), Instant::now());
    let mut seen = 0;
    loop {
        let ahead = fed - counts.articles.load(Ordering::SeqCst).min(fed);
        if !ended && Instant::now() >= next && ahead < AHEAD {
            match lines.next() {
                None => ended = true,
                Some(Ok(article)) => {
                    feeder.send(&article)?;
                    board.articles.keep_if_read(&article);
                    fed += 1;
                    if bundled || fed < WATCHABLE {
                        next = Instant::now() + PACE;
                    }
                }
                Some(Err(why)) => {
                    complete = false;
                    output::message(format!("dateline: {why}"));
                }
            }
        }
        // What was committed before this look is in the topics when the look is over.
        let done = ended && counts.done(fed);
        let idle = next.saturating_duration_since(Instant::now()).min(Duration::from_millis(100));
        let revisions = tail.poll(if ahead < AHEAD && !ended { idle } else { Duration::from_millis(100) })?;
        for revision in &revisions {
            if let Some(line) = board.take(revision)
                && screen.line(&line)? == Flow::Closed
            {
                return Ok(complete);
            }
        }
        let so_far = counts.articles.load(Ordering::SeqCst);
        if !revisions.is_empty() || so_far != seen {
            (moved, seen) = (Instant::now(), so_far);
        }
        let status = format!("{so_far} of {fed} articles read, {} records", board.len());
        if screen.draw(&board, &status)? == Flow::Closed {
            return Ok(complete);
        }
        if done && revisions.is_empty() {
            break;
        }
        if worker.is_finished() {
            anyhow::bail!("the worker ended early");
        }
        anyhow::ensure!(moved.elapsed() < STUCK, "nothing moved for {} s", STUCK.as_secs());
    }
    let poison = counts.poison.load(Ordering::SeqCst);
    let (fed_word, silent) = (if fed == 1 { "article" } else { "articles" }, board.silent(fed));
    let mut end =
        format!("\n{fed} {fed_word} became {} records; {silent} said nothing of a visit or an event\n", board.len());
    if poison > 0 {
        let _ = writeln!(end, "{poison} could not be read: `dateline extract` says why");
    }
    screen.finish(&board, &(end + NEXT))?;
    Ok(complete)
}

/// The lines of the input, or the bundled ones.
fn articles(input: Option<Source>) -> Box<dyn Iterator<Item = Result<Vec<u8>, String>>> {
    let Some(source) = input else {
        return Box::new(ARTICLES.lines().map(|l| Ok(l.as_bytes().to_vec())));
    };
    let name = source.name();
    let lines = Windows::new(vec![source], 4 << 20).flat_map(move |window| {
        let (read, failed) = (name.clone(), name.clone());
        let lines = window.items.into_iter().map(move |item| match item.line.text {
            Text::Bytes(bytes) => Ok(bytes),
            Text::TooLong(len) => {
                Err(format!("{read}:{}: article: {len} bytes are too much for the demo", item.line.number))
            }
        });
        let failed =
            window.failed.into_iter().map(move |(_, why)| Err(format!("{failed}: {why}: name a readable file")));
        lines.chain(failed).collect::<Vec<_>>()
    });
    Box::new(lines)
}

#[cfg(test)]
mod tests {
    use super::ARTICLES;
    use dateline_model::Article;

    #[test]
    fn the_bundled_articles_can_all_be_read_and_the_seed_comes_first() {
        let articles: Vec<Article> = ARTICLES.lines().map(|l| Article::decode(l.as_bytes()).unwrap().article).collect();
        assert!((10..=20).contains(&articles.len()));
        assert_eq!(articles[0].published_at.as_ref().unwrap().as_str(), "2025-05-05T12:00:00Z");
        assert!(articles.iter().all(|a| a.has_text() && a.url.is_some() && a.source.is_some()));
    }
}
