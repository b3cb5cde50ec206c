//! How fast mentions become records: a seeded stream of synthetic mentions, half of them about 50 visitors.
//!
//! `cargo run --release -p dateline-resolve --example bench_resolve -- [LIVE] [MEASURED]`

use std::time::{Duration, Instant};

use dateline_model::{
    Actor, ArticleRef, Body, Certainty, Evidence, Field, Mention, Message, Period, Place, Plover, Retraction, Sketch,
    Timestamp, Version, Visit, VisitKind, VisitStatus, Visitor,
};
use dateline_resolve::{Partition, Settings};

const DAY: i64 = 86_400_000;
const START: i64 = 1_735_689_600_000;

/// SplitMix64: small, seeded, the same everywhere.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }
}

struct World {
    random: Random,
    /// Mentions a day.
    rate: u64,
    made: u64,
    sent: Vec<(String, Version)>,
}

fn country(n: u64) -> String {
    let letter = |n: u64| char::from(b'A' + (n % 26) as u8);
    [letter(n / 26), letter(n)].iter().collect()
}

fn name(n: u64) -> String {
    const GIVEN: [&str; 16] = [
        "Adam", "Boris", "Carla", "Dina", "Emil", "Fatma", "Goran", "Hanna", "Igor", "Jana", "Karim", "Lena", "Marko",
        "Nadia", "Omar", "Petra",
    ];
    const SYLLABLE: [&str; 16] =
        ["ka", "ro", "min", "del", "sto", "var", "lin", "che", "bas", "tor", "gul", "fen", "zad", "mor", "hul", "pek"];
    let s = |k: u64| SYLLABLE[(k % 16) as usize];
    let family = format!("{}{}{}{}", s(n), s(n / 16 + 3 * n), s(n / 256 + 7 * n + 5), s(11 * n + 1));
    format!("{} {}{}", GIVEN[(n / 7 % 16) as usize], family[..1].to_uppercase(), &family[1..])
}

impl World {
    fn message(&mut self) -> (Message, i64) {
        self.made += 1;
        let now = START + (self.made * DAY as u64 / self.rate) as i64;
        let kind = self.random.below(100);
        if kind == 0 && self.sent.len() > 1000 {
            let back = self.random.below(1000) as usize;
            let (id, v) = self.sent[self.sent.len() - 1 - back].clone();
            return (Message::Retract(Retraction { id, version: Version { ms: v.ms + 1, offset: v.offset } }), now);
        }
        let late = if self.random.below(5) == 0 { self.random.below(2 * DAY as u64) as i64 } else { 0 };
        let correction = kind == 1 && !self.sent.is_empty();
        let (id, version) = if correction {
            let back = self.random.below(1000.min(self.sent.len() as u64)) as usize;
            let (id, v) = self.sent[self.sent.len() - 1 - back].clone();
            (id, Version { ms: v.ms + 1, offset: v.offset })
        } else {
            let v = Version { ms: now - late, offset: self.made as i64 };
            self.sent.push((format!("article-{}", self.made), v));
            self.sent[self.sent.len() - 1].clone()
        };
        let mut seed = Random(id.bytes().fold(7, |h, b| h * 31 + u64::from(b)));
        // Half of the mentions on 50 visitors; a fifth of all to one country.
        let visitor = if seed.below(2) == 0 { seed.below(50) } else { 50 + seed.below(20_000) };
        let destination = if seed.below(5) == 0 { 0 } else { 1 + (visitor * 7 + seed.below(12)) % 180 };
        let day = (now - late - START) / DAY;
        // A visitor has a trip every few weeks; a mention is about one near its own day.
        let trip = day / 21 + seed.below(2) as i64;
        let start = trip * 21 + (visitor % 14) as i64;
        let date = |d: i64| chrono::DateTime::from_timestamp_millis(START + d * DAY).map(|t| t.date_naive());
        let status = match day - start {
            d if d < 0 => VisitStatus::Planned,
            d if d < 3 => VisitStatus::Ongoing,
            _ => VisitStatus::Completed,
        };
        let published =
            chrono::DateTime::from_timestamp_millis(now - late).map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        let published = published.and_then(|t| Timestamp::parse(&t).ok());
        let visit = Visit {
            visitor: Visitor {
                actor: Actor {
                    name: name(visitor),
                    entity_id: (visitor < 2000).then(|| format!("Q{visitor}")),
                    country: Some(country(visitor % 190)),
                    role: Some("president".to_owned()),
                    ..Actor::default()
                },
                named: true,
            },
            host: None,
            destination: Place {
                country: Some(country(destination + 300)),
                city: Some("Capital".to_owned()),
                ..Place::default()
            },
            period: Period {
                start: date(start).map(dateline_model::PartialDate::Day),
                end: date(start + 2).map(dateline_model::PartialDate::Day),
                days: None,
            },
            visit_kind: VisitKind::Official,
            status,
            certainty: Certainty::Stated,
            attribution: None,
            purpose: Some("talks on trade and energy".to_owned()),
            topics: vec![],
            ordinal: None,
            delegation: vec![],
            primary: true,
            plover: Plover::default(),
            cameo: None,
            confidence: 0.9,
            evidence: [
                "visitor.name",
                "destination.country",
                "destination.city",
                "period.start",
                "period.end",
                "status",
                "purpose",
                "visit_kind",
            ]
            .iter()
            .map(|path| Evidence {
                path: (*path).to_owned(),
                field: Field::Body,
                start: 120,
                end: 144,
                text: "a three-day visit to the".to_owned(),
                rule: "visit.arrives_for".to_owned(),
            })
            .collect(),
        };
        let sketch = Sketch {
            shingles: {
                let mut s: Vec<u32> = (0..64).map(|_| seed.next() as u32).collect();
                s.sort_unstable();
                s
            },
            numbers: {
                let mut s: Vec<u16> = (0..8).map(|_| seed.next() as u16).collect();
                s.sort_unstable();
                s
            },
            names: {
                let mut s: Vec<u16> = (0..12).map(|_| seed.next() as u16).collect();
                s.sort_unstable();
                s
            },
        };
        let mention = Mention {
            mention_index: 0,
            article: ArticleRef {
                url: Some(format!("https://outlet-{}.test/news/{id}", seed.below(500))),
                source: Some(format!("outlet-{}.test", seed.below(500))),
                title: Some("President arrives in the capital for talks on trade and energy".to_owned()),
                as_of: published.as_ref().map(|t| dateline_model::PartialDate::Day(t.date())),
                published_at: published,
                language: Some("en".to_owned()),
                content_hash: format!("{:016x}{:016x}", seed.next(), seed.next()),
                sketch: Some(sketch),
                id,
                version,
            },
            extractor: "rules".to_owned(),
            rules_version: "0123456789ab".to_owned(),
            gazetteer_version: "0123456789ab".to_owned(),
            body: Body::Visit(Box::new(visit)),
        };
        (Message::Mention(Box::new(mention)), now)
    }
}

fn resident() -> u64 {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    text.split_whitespace().nth(1).and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) * 4096
}

fn main() {
    let arg = |n: usize, default: u64| std::env::args().nth(n).and_then(|a| a.parse().ok()).unwrap_or(default);
    let (live, measured) = (arg(1, 1_000_000), arg(2, 100_000));
    let mut out = std::io::stdout().lock();
    let mut say = |line: String| _ = std::io::Write::write_all(&mut out, (line + "\n").as_bytes());
    let mut world = World { random: Random(42), rate: live / 85, made: 0, sent: vec![] };
    let mut p = Partition::new(Settings::default());
    let (mut filled, began) = (0, Instant::now());
    let before = resident();
    while p.contributions() < live {
        let batch: Vec<(Message, i64)> = (0..10_000).map(|_| world.message()).collect();
        let t = Instant::now();
        for (m, now) in &batch {
            p.apply(m, *now);
        }
        p.committed();
        filled += batch.len();
        if filled % (live as usize / 10).max(10_000) < 10_000 {
            let s = t.elapsed().as_secs_f64();
            say(format!("{:>9} live: {:>8.0} mentions/s", p.contributions(), 10_000.0 / s));
        }
        if began.elapsed() > Duration::from_secs(300) {
            break;
        }
    }
    let stats = p.stats();
    world.sent.shrink_to_fit();
    let own: usize = world.sent.iter().map(|(s, _)| s.capacity() + std::mem::size_of::<(String, Version)>()).sum();
    let each = (resident() - before).saturating_sub(own as u64) / stats.contributions.max(1);
    say(format!("{stats:?}; {each} bytes a contribution"));
    let batch: Vec<(Message, i64)> = (0..measured).map(|_| world.message()).collect();
    let mut times: Vec<Duration> = Vec::with_capacity(batch.len());
    let (mut published, mut changed) = (0, 0);
    for (n, (m, now)) in batch.iter().enumerate() {
        let t = Instant::now();
        let a = p.apply(m, *now);
        times.push(t.elapsed());
        published += a.publications.len();
        changed += a.changes.len();
        if n % 1000 == 999 {
            p.committed();
        }
    }
    let total: Duration = times.iter().sum();
    times.sort_unstable();
    let at = |q: f64| times[((times.len() - 1) as f64 * q) as usize];
    say(format!(
        "{} mentions in {total:?}: {:.0} mentions/s; p50 {:?} p99 {:?} p99.9 {:?} max {:?}; {published} revisions, {changed} changelog records",
        times.len(),
        times.len() as f64 / total.as_secs_f64(),
        at(0.5),
        at(0.99),
        at(0.999),
        at(1.0)
    ));
}
