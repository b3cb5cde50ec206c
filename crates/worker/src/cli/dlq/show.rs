//! `dateline dlq show`: whole letters, and what would become of them today.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use dateline_kafka::Header;
use dateline_kafka::letter::Letter;
use dateline_model::{Message, MessageError};

use super::queue::{NO_SOURCE, Queue, place};
use crate::cli::args::operate::FilterArgs;
use crate::cli::{extract, time};
use crate::config::Loaded;
use crate::decide::Decider;
use crate::exit::Exit;
use crate::output;
use crate::topics::Names;

/// So many bytes of a value are shown.
const HEAD: usize = 2_000;
/// So many of a key or a header.
const SHORT: usize = 200;

pub(super) fn run(
    queue: &Queue,
    filter: &FilterArgs,
    limit: usize,
    full: bool,
    loaded: &Loaded,
) -> anyhow::Result<Exit> {
    let mut newest = BTreeMap::new();
    let seen = queue.each(&queue.extent(filter)?, filter, |letter, source| {
        newest.insert((letter.record().timestamp_ms, place(&letter)), (letter, source));
        if newest.len() > limit {
            newest.pop_first();
        }
    })?;
    if newest.is_empty() {
        output::message(format!("{}: no such dead letter", queue.topic));
        return Ok(Exit::Done);
    }
    let decider = extract::decider(&loaded.settings)?;
    let mentions = Names::of(&loaded.settings).mentions;
    let mut text = String::new();
    for (letter, source) in newest.values().rev() {
        let again = if seen.redriven.contains(&place(letter)) {
            "it was sent again".to_owned()
        } else {
            letter.incomplete().map_or_else(|| "it was not sent again".to_owned(), |why| format!("it cannot be: {why}"))
        };
        let today = today(letter, &decider, &mentions);
        page(&mut text, &queue.topic, letter, source.as_deref(), &again, &today, if full { usize::MAX } else { HEAD });
    }
    output::print(&text)?;
    Ok(Exit::Done)
}

/// What this build makes of a letter's bytes.
fn today(letter: &Letter, decider: &Decider, mentions: &str) -> String {
    if letter.incomplete().is_some() {
        return "cannot be told of a part".to_owned();
    }
    let origin = letter.origin();
    let record = letter.record();
    let key = record.key.as_deref().map(std::str::from_utf8);
    let (Some(value), _) = (&record.value, key) else {
        return match key {
            Some(Ok(id)) => format!("would retract article {}", visible(id.as_bytes(), SHORT)),
            _ => "would come here again (bad_key): a tombstone names its article by its key".to_owned(),
        };
    };
    if origin.as_ref().is_some_and(|origin| origin.topic == mentions) {
        return match Message::decode(value) {
            Ok(message) => format!("would be resolved as what article {} says", message.article_id()),
            Err(MessageError::Malformed(why)) => format!("would come here again (bad_mention): {why}"),
            Err(e @ MessageError::Newer(_)) => format!("would stop the worker: its {e}"),
        };
    }
    let timestamp = origin.as_ref().map(|origin| origin.timestamp_ms);
    match decider.json(value, timestamp, origin.map_or(0, |origin| origin.offset)) {
        Err(e) => format!("would come here again ({}): {e}", e.class.as_str()),
        Ok(decided) => {
            let (id, extraction) = (&decided.article.id, &decided.extraction);
            if let Some(class) = extraction.skipped {
                return format!("would be passed by ({}) as article {id}", class.as_str());
            }
            let (visits, events) = (extraction.visits.len(), extraction.events.len());
            format!("would be read as article {id}: {visits} visits, {events} events")
        }
    }
}

fn page(text: &mut String, topic: &str, letter: &Letter, source: Option<&str>, again: &str, today: &str, limit: usize) {
    let record = letter.record();
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name:<9}{value}");
    };
    line("letter", &format!("{topic} {}@{}, written {}", record.partition, record.offset, time(record.timestamp_ms)));
    line("class", &format!("{}, source {}", letter.class(), source.unwrap_or(NO_SOURCE)));
    line("error", &visible(letter.message().as_bytes(), usize::MAX));
    if let Some(origin) = letter.origin() {
        let (partition, offset) = (origin.partition, origin.offset);
        line("from", &format!("{} {partition}@{offset}, appended {}", origin.topic, time(origin.timestamp_ms)));
    }
    line(
        "redrive",
        &match letter.redrives() {
            0 => again.to_owned(),
            n => format!("{again}; before that it was sent again {n} times"),
        },
    );
    line("today", today);
    line("key", &record.key.as_deref().map_or_else(|| "none".to_owned(), |key| visible(key, SHORT)));
    let headers = |of: &[Header]| -> Vec<String> {
        let value = |h: &Header| h.value.as_deref().map_or_else(|| "none".to_owned(), |v| visible(v, SHORT));
        of.iter().map(|h| format!("{}: {}", visible(h.name.as_bytes(), SHORT), value(h))).collect()
    };
    for header in headers(letter.headers()) {
        line("header", &header);
    }
    for header in headers(letter.error_headers()) {
        line("added", &header);
    }
    match record.value.as_deref() {
        None => line("value", "none: a tombstone"),
        Some(value) => {
            let kind = if std::str::from_utf8(value).is_ok() { "text" } else { "hex" };
            line("value", &format!("{} bytes, {kind}:", value.len()));
            let _ = writeln!(text, "{}", bytes(value, limit));
        }
    }
    text.push('\n');
}

/// A value as text, or as hex where it is none; at most `limit` bytes of it.
fn bytes(value: &[u8], limit: usize) -> String {
    let Ok(text) = std::str::from_utf8(value) else {
        let shown = &value[..value.len().min(limit)];
        let rows = shown.chunks(16).enumerate().map(|(i, row)| {
            let hex: Vec<String> = row.iter().map(|b| format!("{b:02x}")).collect();
            let printed: String = row.iter().map(|b| if b.is_ascii_graphic() { *b as char } else { '.' }).collect();
            format!("{:08x}  {:<47}  {printed}", i * 16, hex.join(" "))
        });
        return rows.chain(more(value.len() - shown.len())).collect::<Vec<_>>().join("\n");
    };
    let mut end = text.len().min(limit);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lines = text[..end].lines().map(escaped);
    lines.chain(more(text.len() - end)).collect::<Vec<_>>().join("\n")
}

fn more(left: usize) -> Option<String> {
    (left > 0).then(|| format!("... and {left} bytes more: --full shows them"))
}

/// Bytes in one line.
fn visible(bytes: &[u8], limit: usize) -> String {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let hex: Vec<String> = bytes.iter().take(limit).map(|b| format!("{b:02x}")).collect();
        let cut = if bytes.len() > limit { "..." } else { "" };
        return format!("0x{}{cut}", hex.concat());
    };
    let mut shown: String = escaped(&text.chars().take(limit).collect::<String>());
    if text.chars().count() > limit {
        shown.push_str("...");
    }
    shown
}

/// What others wrote must not steer this terminal.
fn escaped(line: &str) -> String {
    let steers =
        |c: char| (c.is_control() && c != '\t') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    line.chars().fold(String::with_capacity(line.len()), |mut out, c| {
        if steers(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_shown_as_text_or_else_as_hex() {
        assert_eq!(bytes(b"{\"body\":\n 5}", 100), "{\"body\":\n 5}");
        let hex = "00000000  7b 22 62 22 3a ff fe 7d                          {\"b\":..}";
        assert_eq!(bytes(b"{\"b\":\xff\xfe}", 100), hex);
        assert_eq!(bytes("ééé".as_bytes(), 3), "é\n... and 4 bytes more: --full shows them");
        assert!(bytes(&[0xff; 20], 16).ends_with("\n... and 4 bytes more: --full shows them"));
    }

    #[test]
    fn what_others_wrote_does_not_steer_the_terminal() {
        assert_eq!(visible(b"a\x1b[2Jb\n", 100), r"a\u{1b}[2Jb\u{a}");
        assert_eq!(bytes("\u{202e}abc".as_bytes(), 100), r"\u{202e}abc");
        assert_eq!(visible(&[0xff, 0], 100), "0xff00");
        assert_eq!(visible("ééé".as_bytes(), 2), "éé...");
    }
}
