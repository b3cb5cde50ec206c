//! Resolution that is restored from its changelog goes on as if it had never stopped; no broker.

use std::collections::BTreeMap;
use std::sync::Arc;

use dateline_extract::Engine;
use dateline_model::{Message, Retraction, Version};
use dateline_resolve::{Change, Partition, Settings};
use dateline_worker::decide::Decider;
use libtest_mimic::{Failed, Trial};

use dateline_tests::articles::messages;

pub(super) fn tests() -> Vec<Trial> {
    vec![
        Trial::test("worker::resolution_restored_in_the_middle_goes_on_as_if_it_had_never_stopped", restored),
        Trial::test("worker::a_batch_that_was_aborted_leaves_no_trace_in_resolution", aborted),
    ]
}

/// Stream time of the first article, and what passes between two, in milliseconds.
const BEGIN: i64 = 1_780_000_000_000;
const STEP: i64 = 10;
/// Messages between two restores.
const EVERY: usize = 40;
/// Seed and number of the articles, and messages between two restores: short and closely, long and now and then.
const LOGS: [(u64, usize, usize); 2] = [(2, 700, EVERY), (13, 2_100, 970)];

/// What the extract stage would write of the generated articles, all in one partition.
fn log(seed: u64, count: usize) -> Vec<(i64, Message)> {
    let engine = Arc::new(Engine::builtin().expect("the rules compile"));
    let decider = Decider::new(engine, 2 << 20, false);
    let mut log = Vec::new();
    for (n, sent) in messages(seed, count).into_iter().enumerate() {
        let (offset, now) = (n as i64, BEGIN + STEP * n as i64);
        let Some(value) = &sent.value else {
            log.push((now, Message::Retract(Retraction { id: sent.id, version: Version { ms: now, offset } })));
            continue;
        };
        let Ok(decided) = decider.json(value, Some(now), offset) else { continue };
        log.extend(decided.extraction.mentions().into_iter().map(|mention| (now, Message::Mention(Box::new(mention)))));
        log.extend(decided.retraction().map(|retraction| (now, Message::Retract(retraction))));
    }
    log
}

/// Applies a message; the revisions that it publishes, and its changelog records.
fn apply(partition: &mut Partition, (now, message): &(i64, Message)) -> (Vec<String>, Vec<Change>) {
    let applied = partition.apply(message, *now);
    let revision = |p: &dateline_resolve::Publication| serde_json::to_string(&p.record).expect("a record is JSON");
    (applied.publications.iter().map(revision).collect(), applied.changes)
}

fn settings() -> Settings {
    Settings { retire_after_ms: 90 * 86_400_000 }
}

fn restored() -> Result<(), Failed> {
    LOGS.into_iter().try_for_each(|(seed, count, every)| restored_in(&log(seed, count), every))
}

fn restored_in(log: &[(i64, Message)], every: usize) -> Result<(), Failed> {
    let mut whole = Partition::new(settings());
    let (mut published, mut changes) = (Vec::new(), Vec::new());
    for message in log {
        let (revisions, changed) = apply(&mut whole, message);
        whole.committed();
        published.push(revisions);
        changes.push(changed);
    }
    for stop in (every..log.len()).step_by(every) {
        // As compaction leaves it: the last value of each key, at its place.
        let written: Vec<&Change> = changes[..stop].iter().flatten().collect();
        let last: BTreeMap<&[u8], usize> = written.iter().enumerate().map(|(i, c)| (c.key.as_slice(), i)).collect();
        let mut partition = Partition::new(settings());
        for (i, change) in written.iter().enumerate() {
            if last[change.key.as_slice()] == i {
                partition.restore(&change.key, change.value.as_deref())?;
            }
        }
        partition.restored()?;
        for (n, message) in log.iter().enumerate().skip(stop) {
            let (revisions, changed) = apply(&mut partition, message);
            partition.committed();
            if (&revisions, &changed) != (&published[n], &changes[n]) {
                return Err(format!(
                    "restored after {stop} messages, then message {n} ({:?}) publishes\n{}\ninstead of\n{}\nand changes the \
                     state by\n{changed:?}\ninstead of\n{:?}",
                    message.1.article_id(),
                    revisions.join("\n"),
                    published[n].join("\n"),
                    changes[n]
                )
                .into());
            }
        }
    }
    Ok(())
}

fn aborted() -> Result<(), Failed> {
    let log = log(2, 700);
    let mut whole = Partition::new(settings());
    let mut published = Vec::new();
    for message in &log {
        published.push(apply(&mut whole, message));
        whole.committed();
    }
    for size in [1, 7, 25, 100] {
        let mut partition = Partition::new(settings());
        for (b, batch) in log.chunks(size).enumerate() {
            // Part of it, then all of it, and only then does the transaction commit.
            for read in [batch.len().div_ceil(2), batch.len()] {
                for message in &batch[..read] {
                    apply(&mut partition, message);
                }
                partition.aborted();
            }
            for (n, message) in batch.iter().enumerate() {
                let n = b * size + n;
                let (revisions, changes) = apply(&mut partition, message);
                if (&revisions, &changes) != (&published[n].0, &published[n].1) {
                    return Err(format!(
                        "in batches of {size}, each aborted before, message {n} ({:?}) publishes\n{}\ninstead of\n{}\nand \
                         changes the state by\n{changes:?}\ninstead of\n{:?}",
                        message.1.article_id(),
                        revisions.join("\n"),
                        published[n].0.join("\n"),
                        published[n].1
                    )
                    .into());
                }
            }
            partition.committed();
        }
    }
    Ok(())
}
