//! `dateline resolve [FILES|-]`: one partition in a process, the stream of its record revisions on stdout.

use std::io::Write as _;

use anyhow::Context as _;
use dateline_model::{Mention, Message, MessageError, Retraction};
use dateline_resolve::{Partition, Publication};
use rayon::prelude::*;
use serde::Deserialize;

use super::args::{ResolveArgs, StreamTime};
use super::articles::for_each;
use super::extract::decider;
use crate::config::{Loaded, Settings};
use crate::decide::Decided;
use crate::exit::Exit;
use crate::input::{Source, Text, Windows};
use crate::output::{Data, Flow, Progress};

/// Longest line of a mention message: the largest message that Dateline's topics take.
const MAX_MENTION: usize = 8 << 20;

pub(super) fn run(args: &ResolveArgs, loaded: &Loaded) -> anyhow::Result<Exit> {
    if args.mentions { mentions(args, &loaded.settings) } else { articles(args, &loaded.settings) }
}

/// The messages of one article, as the extract stage sends them: mentions first, then the retraction of what it said before.
struct Messages {
    mentions: Vec<Mention>,
    retraction: Option<Retraction>,
    published_ms: i64,
}

fn articles(args: &ResolveArgs, settings: &Settings) -> anyhow::Result<Exit> {
    let decider = decider(settings)?;
    let mut resolver = Resolver::new(settings, args.why);
    let ready = |d: Decided| Messages {
        mentions: d.extraction.mentions(),
        retraction: d.retraction(),
        published_ms: d.article.published_at.as_ref().map_or(0, dateline_model::Timestamp::ms),
    };
    let clean = for_each(&args.files, &args.plain, &decider, ready, |articles| {
        for article in articles {
            let now = if args.stream_time == Some(StreamTime::PublishedAt) { article.published_ms } else { 0 };
            let mentions = article.mentions.into_iter().map(|m| Message::Mention(Box::new(m)));
            for message in mentions.chain(article.retraction.map(Message::Retract)) {
                if resolver.apply(&message, now)? == Flow::Closed {
                    return Ok(Flow::Closed);
                }
            }
        }
        resolver.flush()
    })?;
    resolver.finish()?;
    Ok(if clean { Exit::Done } else { Exit::Failed })
}

fn mentions(args: &ResolveArgs, settings: &Settings) -> anyhow::Result<Exit> {
    let sources = Source::of_args(&args.files);
    let names: Vec<String> = sources.iter().map(Source::name).collect();
    let mut progress = Progress::new(sources.iter().map(Source::size).sum());
    let mut resolver = Resolver::new(settings, args.why);
    let mut exit = Exit::Done;
    for window in Windows::new(sources, MAX_MENTION) {
        let read: Vec<Result<(Message, i64), MessageError>> =
            window.items.par_iter().map(|i| read(&i.line.text)).collect();
        for (item, result) in window.items.iter().zip(read) {
            let place = || format!("{}:{}", names[item.source], item.line.number);
            match result {
                Ok((message, now)) => {
                    if resolver.apply(&message, now)? == Flow::Closed {
                        return Ok(Exit::Done);
                    }
                }
                Err(MessageError::Malformed(why)) => {
                    exit = Exit::Failed;
                    progress
                        .message(format!("{}: mention: {why}: send one message of the mentions topic a line", place()));
                }
                Err(e @ MessageError::Newer(_)) => {
                    progress.message(format!("{}: schema: {e}: deploy the newer build", place()));
                    resolver.flush()?;
                    return Ok(Exit::NewerData);
                }
            }
        }
        for (source, why) in &window.failed {
            exit = Exit::Failed;
            progress.message(format!("{}: {why}: name a readable file, or - for stdin", names[*source]));
        }
        progress.advance(window.items.iter().map(|i| i.line.taken).sum(), window.items.len() as u64);
        if resolver.flush()? == Flow::Closed {
            return Ok(Exit::Done);
        }
    }
    progress.finish();
    resolver.finish()?;
    Ok(exit)
}

/// A message and its stream time; without `timestamp` the stream time stands still.
fn read(text: &Text) -> Result<(Message, i64), MessageError> {
    #[derive(Deserialize)]
    struct Clock {
        #[serde(default)]
        timestamp: Option<i64>,
    }
    match text {
        Text::TooLong(len) => Err(MessageError::Malformed(format!("{len} bytes, more than {MAX_MENTION}"))),
        Text::Bytes(bytes) => {
            let message = Message::decode(bytes)?;
            let clock: Clock = serde_json::from_slice(bytes).map_err(|e| MessageError::Malformed(e.to_string()))?;
            Ok((message, clock.timestamp.unwrap_or(0)))
        }
    }
}

/// One partition and where its revisions go.
struct Resolver {
    partition: Partition,
    data: Data,
    why: bool,
}

impl Resolver {
    fn new(settings: &Settings, why: bool) -> Self {
        let retire_after_ms = settings.resolve.retire_after.0.as_millis() as i64;
        let partition = Partition::new(dateline_resolve::Settings { retire_after_ms });
        Self { partition, data: Data::default(), why }
    }

    fn apply(&mut self, message: &Message, now: i64) -> anyhow::Result<Flow> {
        if self.why {
            // before it is applied: what it will be held against; on stderr, for stdout is data only
            writeln!(std::io::stderr(), "{}", self.partition.explain(message))?;
        }
        let applied = self.partition.apply(message, now);
        self.partition.committed();
        self.print(&applied.publications)
    }

    fn print(&mut self, publications: &[Publication]) -> anyhow::Result<Flow> {
        for publication in publications {
            let mut line = serde_json::to_vec(&publication.record).context("a record could not be written as JSON")?;
            line.push(b'\n');
            if self.data.write(&line)? == Flow::Closed {
                return Ok(Flow::Closed);
            }
        }
        Ok(Flow::Open)
    }

    fn flush(&mut self) -> anyhow::Result<Flow> {
        Ok(self.data.flush()?)
    }

    /// The last revisions at the end of input: records that gained sources and nothing else.
    fn finish(mut self) -> anyhow::Result<()> {
        let last = self.partition.flush();
        if self.print(&last)? == Flow::Open {
            self.flush()?;
        }
        Ok(())
    }
}
