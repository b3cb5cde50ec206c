//! How well edited copies are told from other stories, beside a plain MinHash, pair by pair.
//!
//! `cargo run --release --manifest-path crates/resolve/near_duplicates/Cargo.toml -- TEXTS [EDITS]`
//!
//! TEXTS: one JSON object a line with `body` and perhaps `title`. Each edit is held against the text that it was made of
//! and against three others.

mod edits;

use std::collections::BTreeMap;
use std::io::Write;
use std::time::{Duration, Instant};

use edits::{KINDS, Kind, Random, Text, edit};
use gaoya::minhash::{MinHasher, MinHasher32, compute_minhash_similarity};
use gaoya::text::shingle_tokens;

/// Set before any weight was tuned.
const SEED: u64 = 20_250_501;
/// Fewest words of a base text.
const LEAST: usize = 80;
/// Least estimated Jaccard similarity at which MinHash takes two texts for copies.
const JACCARD: f64 = 0.5;

/// Counts of one kind: pairs, found by the sketch, found by MinHash.
type Row = (usize, usize, usize);

fn f1(copies: Row, others: Row, found: fn(Row) -> usize) -> (f64, f64, f64) {
    let right = found(copies) as f64;
    let (precision, recall) = (right / (right + found(others) as f64).max(1.0), right / (copies.0 as f64).max(1.0));
    (precision, recall, 2.0 * precision * recall / (precision + recall).max(1e-9))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let file = args.next().ok_or("a file of texts, please")?;
    let edits: usize = args.next().map_or(Ok(20_000), |n| n.parse())?;
    let mut texts: Vec<Text> = vec![];
    for line in std::fs::read_to_string(file)?.lines() {
        let json: serde_json::Value = serde_json::from_str(line)?;
        let field = |name: &str| json[name].as_str().unwrap_or("").to_owned();
        let text = Text { title: field("title"), body: field("body") };
        if text.body.split_whitespace().count() >= LEAST {
            texts.push(text);
        }
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} texts of {LEAST} words and more, {edits} edits", texts.len())?;
    let (mut spent, mut spent_min_hash) = (Duration::ZERO, Duration::ZERO);
    let mut sketch = |t: &Text| {
        let began = Instant::now();
        let sketch = dateline_resolve::sketch(&t.title, &t.body);
        spent += began.elapsed();
        sketch
    };
    let hasher = MinHasher32::new(128);
    let mut sign = |t: &Text| {
        let began = Instant::now();
        let lower = t.body.to_lowercase();
        let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        let signature = hasher.create_signature(shingle_tokens(&words, 3));
        spent_min_hash += began.elapsed();
        signature
    };
    let known: Vec<_> = texts.iter().map(|t| (sketch(t), sign(t))).collect();
    let mut random = Random(SEED);
    let mut rows: BTreeMap<Kind, Row> = BTreeMap::new();
    let mut unrelated: Row = (0, 0, 0);
    let (mut made, mut turn) = (0, 0);
    while made < edits {
        let kind = KINDS[turn % KINDS.len()];
        let (base, other) = (random.below(texts.len()), random.below(texts.len()));
        let text = if base == other { None } else { edit(kind, &texts[base], &texts[other], &mut random) };
        let Some(text) = text else { continue };
        (made, turn) = (made + 1, turn + 1);
        let (own, signature) = (sketch(&text), sign(&text));
        let hold = |row: &mut Row, n: usize| {
            let copies = own.as_ref().zip(known[n].0.as_ref()).is_some_and(|(a, b)| dateline_resolve::are_copies(a, b));
            let similar = compute_minhash_similarity(&signature, &known[n].1) >= JACCARD;
            *row = (row.0 + 1, row.1 + usize::from(copies), row.2 + usize::from(similar));
        };
        hold(rows.entry(kind).or_default(), base);
        for _ in 0..3 {
            let n = random.below(texts.len());
            if n != base && n != other {
                hold(&mut unrelated, n);
            }
        }
    }
    let add = |a: Row, b: &Row| (a.0 + b.0, a.1 + b.1, a.2 + b.2);
    writeln!(out, "{:<16} {:>6} {:>8} {:>8}", "kind", "pairs", "sketch", "MinHash")?;
    for (name, row) in rows.iter().map(|(k, r)| (format!("{k:?}"), r)).chain([("unrelated".to_owned(), &unrelated)]) {
        let share = |n: usize| n as f64 / row.0.max(1) as f64;
        writeln!(out, "{name:<16} {:>6} {:>8.4} {:>8.4}", row.0, share(row.1), share(row.2))?;
    }
    let copies = rows.iter().filter(|(k, _)| k.is_copy()).fold((0, 0, 0), |a, (_, r)| add(a, r));
    let others = rows.iter().filter(|(k, _)| !k.is_copy()).fold(unrelated, |a, (_, r)| add(a, r));
    for (name, found, spent) in
        [("sketch", (|r: Row| r.1) as fn(Row) -> usize, spent), ("MinHash", |r: Row| r.2, spent_min_hash)]
    {
        let (precision, recall, f1) = f1(copies, others, found);
        let per_second = (texts.len() + edits) as f64 / spent.as_secs_f64().max(1e-9);
        writeln!(
            out,
            "{name}: precision {precision:.4} recall {recall:.4} F1 {f1:.4}, {per_second:.0} texts summed up a second"
        )?;
    }
    Ok(())
}
