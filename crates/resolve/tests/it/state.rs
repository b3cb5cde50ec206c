//! The state on the wire.

use dateline_model::{Message, Sketch, VisitStatus};
use dateline_resolve::{ENCODING, Partition, Settings, StateError};

use crate::copies::edits;
use crate::support::Said;

#[test]
fn a_state_of_a_newer_build_is_told_apart_from_one_that_cannot_be_read() {
    let mut p = Partition::new(Settings::default());
    let newer = p.restore(b"s\0\0\0\0", Some(&[ENCODING as u8 + 1, 0]));
    assert_eq!(newer, Err(StateError::Newer { found: ENCODING + 1, supported: ENCODING }));
    for (key, value) in [(&b"s\0\0\0\0"[..], &[1u8, 9][..]), (b"z", &[1]), (b"r", &[1]), (b"x\xff", &[1, 0, 0, 0])] {
        assert!(matches!(p.restore(key, Some(value)), Err(StateError::Corrupt { .. })), "{key:?}");
    }
}

#[test]
fn cutting_or_changing_a_byte_of_the_state_gives_an_error_and_never_a_panic() {
    let mut p = Partition::new(Settings::default());
    let said = Said {
        start: Some("2025-03-02".into()),
        city: Some("Paris".into()),
        status: VisitStatus::Ongoing,
        ..Said::new("a", "2025-03-02")
    };
    let changes = p.apply(&said.message(), 0).changes;
    for (n, change) in changes.iter().enumerate() {
        let value = change.value.as_ref().unwrap();
        let cut = (0..value.len()).map(|len| value[..len].to_vec());
        let turned = (0..value.len()).flat_map(|i| {
            [1u8, 0x55, 0xff].map(|x| {
                let mut v = value.clone();
                v[i] ^= x;
                v
            })
        });
        for broken in cut.chain(turned) {
            let mut q = Partition::new(Settings::default());
            let result = changes
                .iter()
                .enumerate()
                .try_for_each(|(i, c)| q.restore(&c.key, if i == n { Some(&broken) } else { c.value.as_deref() }));
            // Some changes give another valid state; what matters is that nothing panics.
            let _ = result.and_then(|()| q.restored());
        }
    }
}

type Log = Vec<(Vec<u8>, Vec<u8>)>;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len() / 2).map(|i| u8::from_str_radix(&hex[2 * i..2 * i + 2], 16).unwrap()).collect()
}

/// The changelog that the first encoding wrote, and the records that it told.
fn first() -> (Log, Vec<serde_json::Value>) {
    let (mut log, mut records) = (vec![], vec![]);
    for line in include_str!("encoding_1.txt").lines().filter(|l| !l.starts_with('#')) {
        if line.starts_with('{') {
            records.push(serde_json::from_str(line).unwrap());
        } else {
            let (key, value) = line.split_once(' ').unwrap();
            log.push((bytes(key), bytes(value)));
        }
    }
    (log, records)
}

/// The messages behind [`first`], with their stream times.
fn messages() -> Vec<(Message, i64)> {
    let line = |l: &str| {
        let time = serde_json::from_str::<serde_json::Value>(l).unwrap()["timestamp"].as_i64().unwrap();
        (Message::decode(l.as_bytes()).unwrap(), time)
    };
    include_str!("messages.jsonl").lines().map(line).collect()
}

fn hasty() -> Settings {
    Settings { retire_after_ms: 3_600_000 }
}

fn written(messages: &[(Message, i64)]) -> (Partition, Log) {
    let mut p = Partition::new(hasty());
    let mut log: Log = vec![];
    for (m, time) in messages {
        for c in p.apply(m, *time).changes {
            log.retain(|(key, _)| *key != c.key);
            log.extend(c.value.map(|v| (c.key, v)));
        }
        p.committed();
    }
    (p, log)
}

fn restored(log: &Log) -> Result<Partition, StateError> {
    let mut p = Partition::new(hasty());
    log.iter().try_for_each(|(key, value)| p.restore(key, Some(value)))?;
    p.restored()?;
    Ok(p)
}

fn told(p: &Partition) -> Vec<serde_json::Value> {
    // Numbers as they are printed.
    p.records().map(|r| serde_json::from_str(&serde_json::to_string(&r).unwrap()).unwrap()).collect()
}

#[test]
fn the_first_encoding_tells_the_records_that_it_told() {
    let (log, records) = first();
    assert!(log.iter().all(|(_, value)| value[0] == 1) && records.len() > 2);
    assert_eq!(told(&restored(&log).unwrap()), records);
    assert_eq!(told(&written(&messages()).0), records, "what the messages tell today");
}

/// Breaks states of all encodings at random, `FUZZ_EXECUTIONS` times, and uses what can be restored.
#[test]
fn a_broken_state_of_any_encoding_is_an_error_or_a_state_never_a_panic() {
    let executions: usize = std::env::var("FUZZ_EXECUTIONS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000);
    let seed = std::env::var("FUZZ_SEED").ok().and_then(|n| n.parse().ok()).unwrap_or(1);
    let messages = messages();
    let logs = [first().0, written(&messages).1];
    let mut random = edits::Random(seed);
    let mut usable = 0;
    for n in 0..executions {
        let mut log = logs[n % 2].clone();
        for _ in 0..=random.below(3) {
            let (donor, at) = (random.below(log.len()), random.below(log.len()));
            let tail: Vec<u8> = log[donor].1[random.below(log[donor].1.len())..].to_vec();
            let value = &mut log[at].1;
            let place = random.below(value.len());
            match random.below(7) {
                0 => value.truncate(place),
                1 => value.splice(place.., tail).for_each(drop),
                2 => value.insert(place, random.below(256) as u8),
                3 => value.splice(place..place, [0xff; 9]).for_each(drop),
                4 => value[0] = random.below(4) as u8,
                5 => _ = (value.len() > 1).then(|| value.remove(place)),
                _ => value[place] ^= 1 << random.below(8),
            }
            if value.is_empty() {
                value.push(1);
            }
        }
        if let Ok(mut p) = restored(&log) {
            usable += 1;
            p.apply(&messages[n % messages.len()].0, 1_800_000_000_000);
            p.records().for_each(drop);
        }
    }
    assert!(
        usable * 100 > executions,
        "only {usable} of {executions} were states: nothing behind the decoder was tried"
    );
}

#[test]
fn a_copy_that_comes_again_as_a_correction_counts_as_one_in_the_living_state_as_in_the_restored_one() {
    let sketch = Some(Sketch { shingles: (1..9).map(|n| n * 8).collect(), numbers: vec![], names: vec![7] });
    let head = Said { sketch: sketch.clone(), ..Said::new("a", "2025-03-01") };
    let copy = Said { start: Some("2025-04-02".into()), sketch, ..Said::new("b", "2025-03-02") };
    let corrected = Said { version: (copy.version.0 + 3_600_000, 9), ..copy.clone() };
    let mut p = Partition::new(Settings::default());
    let start = |p: &Partition| -> Vec<String> {
        p.records().map(|r| serde_json::to_value(r).unwrap()["period"]["start"].to_string()).collect()
    };
    let mut changes = vec![];
    for said in [head, copy] {
        changes.extend(p.apply(&said.message(), 0).changes);
    }
    assert_eq!(start(&p), ["null"], "a copy moves nothing");
    changes.extend(p.apply(&corrected.message(), 1).changes);
    assert_eq!(start(&p), ["\"2025-04-02\""], "a correction does");
    let mut restored = Partition::new(Settings::default());
    for change in changes {
        restored.restore(&change.key, change.value.as_deref()).unwrap();
    }
    restored.restored().unwrap();
    assert_eq!(start(&restored), start(&p));
}
