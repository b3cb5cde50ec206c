//! A seeded stream of synthetic mentions in the proportions of the news: half of them about 50 visitors, a fifth of the
//! visits to one country, a fifth of the mentions events of a visit, sixteen quotes of ten places in the article each.

use dateline_model::{
    Actor, ArticleRef, Body, Certainty, DuringVisit, Event, EventStatus, EventType, Evidence, Field, Mention, Message,
    Part, PartialDate, Participant, Period, Place, Plover, Retraction, Sketch, Timestamp, Version, Visit, VisitKind,
    VisitStatus, Visitor,
};

const DAY: i64 = 86_400_000;
const START: i64 = 1_735_689_600_000;
/// Visitors that half of the mentions are about, by rank 1, 1/2, 1/3...
const HOT: u64 = 50;
/// Visitors that the others are about.
const OTHERS: u64 = 20_000;
/// Days from one trip of a visitor to the next.
const EVERY: i64 = 21;

/// SplitMix64: small, seeded, the same everywhere.
pub(crate) struct Random(u64);

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

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// The stream.
pub(crate) struct World {
    random: Random,
    /// Mentions a day.
    rate: u64,
    made: u64,
    sent: Vec<(u64, Version)>,
}

/// A message, its stream time, and whether it is of the group that gets most.
pub(crate) type Sent = (Message, i64, bool);

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

/// Words of made-up headlines and quotes.
fn words(random: &mut Random, least: usize) -> String {
    const WORDS: [&str; 32] = [
        "president",
        "minister",
        "talks",
        "trade",
        "energy",
        "visit",
        "capital",
        "arrives",
        "summit",
        "border",
        "security",
        "deal",
        "gas",
        "pipeline",
        "envoy",
        "leader",
        "three-day",
        "official",
        "signs",
        "treaty",
        "grain",
        "rail",
        "port",
        "defence",
        "students",
        "water",
        "climate",
        "loan",
        "steel",
        "fishing",
        "airport",
        "nuclear",
    ];
    let mut text = String::new();
    while text.len() < least {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(WORDS[random.below(32) as usize]);
    }
    text
}

fn sorted<T: Ord>(n: usize, mut make: impl FnMut() -> T) -> Vec<T> {
    let mut list: Vec<T> = (0..n).map(|_| make()).collect();
    list.sort_unstable();
    list
}

/// A visit of the made-up world.
struct Trip {
    visitor: u64,
    destination: u64,
    start: i64,
    seed: u64,
}

impl Trip {
    /// One that an article of day `day` is about.
    fn choose(random: &mut Random, day: i64) -> Self {
        let visitor = if random.one_in(2) {
            // Rank r has the weight 1 / (r + 1).
            let sum: f64 = (1..=HOT).map(|r| 1.0 / r as f64).sum();
            let mut at = random.below(1 << 30) as f64 / f64::from(1 << 30) * sum;
            (0..HOT - 1)
                .find(|r| {
                    at -= 1.0 / (*r + 1) as f64;
                    at < 0.0
                })
                .unwrap_or(HOT - 1)
        } else {
            HOT + random.below(OTHERS)
        };
        let trip = day / EVERY + random.below(2) as i64;
        let start = trip * EVERY + (visitor % 14) as i64;
        // Some trips have two legs.
        let leg = u64::from(random.one_in(5));
        let seed = Random(visitor << 24 ^ trip.cast_unsigned() << 4 ^ leg).next();
        let destination = if seed.is_multiple_of(5) { 0 } else { 1 + seed / 5 % 180 };
        Self { visitor, destination, start: start + 3 * leg.cast_signed(), seed }
    }
}

impl World {
    /// A stream of so many mentions a day.
    pub(crate) fn new(rate: u64) -> Self {
        Self { random: Random(42), rate: rate.max(1), made: 0, sent: vec![] }
    }

    /// The bytes that the stream itself remembers.
    pub(crate) fn bytes(&self) -> usize {
        self.sent.capacity() * std::mem::size_of::<(u64, Version)>()
    }

    fn recent(&mut self) -> (u64, Version) {
        let back = self.random.below(1000.min(self.sent.len() as u64)) as usize;
        self.sent[self.sent.len() - 1 - back]
    }

    /// The next message: 1% retractions, 1% corrections, both of one of the newest thousand articles; a fifth of the
    /// mentions sort up to two days before the newest.
    pub(crate) fn message(&mut self) -> Sent {
        self.made += 1;
        let now = START + (self.made * DAY.cast_unsigned() / self.rate).cast_signed();
        let kind = if self.sent.len() > 1000 { self.random.below(100) } else { 99 };
        if kind == 0 {
            let (article, v) = self.recent();
            let version = Version { ms: v.ms + 1, offset: v.offset };
            return (Message::Retract(Retraction { id: id_of(article), version }), now, false);
        }
        let late = if self.random.one_in(5) { self.random.below(2 * DAY.cast_unsigned()).cast_signed() } else { 0 };
        let (article, version) = if kind == 1 {
            let (article, v) = self.recent();
            (article, Version { ms: v.ms + 1, offset: v.offset })
        } else {
            let v = Version { ms: now - late, offset: self.made.cast_signed() };
            self.sent.push((self.made, v));
            (self.made, v)
        };
        let mut random = Random(article.wrapping_mul(0x2545_f491_4f6c_dd1d));
        let day = (now - late - START) / DAY;
        let trip = Trip::choose(&mut random, day);
        let event = random.one_in(5);
        let body = if event { event_of(&trip, day, &mut random) } else { visit_of(&trip, day, &mut random) };
        let hottest = !event && trip.visitor == 0 && trip.destination == 0;
        let article = article_of(article, version, now - late, &trip, &mut random);
        let mention = Mention {
            mention_index: 0,
            article,
            extractor: "rules".to_owned(),
            rules_version: "0123456789ab".to_owned(),
            gazetteer_version: "0123456789ab".to_owned(),
            body,
        };
        (Message::Mention(Box::new(mention)), now, hottest)
    }
}

fn id_of(article: u64) -> String {
    format!("article-{article}")
}

fn date(day: i64) -> Option<PartialDate> {
    chrono::DateTime::from_timestamp_millis(START + day * DAY).map(|t| PartialDate::Day(t.date_naive()))
}

fn person(n: u64, random: &mut Random) -> Actor {
    let full = name(n);
    let family = full.split(' ').next_back().unwrap_or("").to_owned();
    let short = random.one_in(4);
    Actor {
        name: if short { family } else { full },
        entity_id: (n < 2000 && !short).then(|| format!("Q{n}")),
        country: Some(country(n % 190)),
        role: Some("president".to_owned()),
        ..Actor::default()
    }
}

fn place(trip: &Trip) -> Place {
    Place { country: Some(country(trip.destination + 300)), city: Some("Capital".to_owned()), ..Place::default() }
}

fn purpose(random: &mut Random) -> Option<String> {
    Some(words(&mut Random(random.below(500)), 20)).filter(|_| !random.one_in(3))
}

fn visit_of(trip: &Trip, day: i64, random: &mut Random) -> Body {
    Body::Visit(Box::new(Visit {
        visitor: Visitor { actor: person(trip.visitor, random), named: true },
        host: None,
        destination: place(trip),
        period: Period { start: date(trip.start), end: date(trip.start + 2), days: None },
        visit_kind: VisitKind::Official,
        status: match day - trip.start {
            ..0 => VisitStatus::Planned,
            0..3 => VisitStatus::Ongoing,
            _ => VisitStatus::Completed,
        },
        certainty: Certainty::Stated,
        attribution: None,
        purpose: purpose(random),
        topics: vec![],
        ordinal: None,
        delegation: vec![],
        primary: true,
        plover: Plover { event: "CONSULT".to_owned(), mode: Some("visit".to_owned()) },
        cameo: Some("042".to_owned()),
        confidence: 0.9,
        evidence: evidence(random),
    }))
}

fn event_of(trip: &Trip, day: i64, random: &mut Random) -> Body {
    let host = 40_000 + trip.destination;
    let participant = |actor| Participant { actor, part: Part::Actor, certainty: Certainty::Stated };
    Body::Event(Box::new(Event {
        event_type: [EventType::Talks, EventType::Talks, EventType::Signing, EventType::Ceremony]
            [(trip.seed >> 32 & 3) as usize],
        subtype: None,
        plover: Plover { event: "CONSULT".to_owned(), mode: Some("meet".to_owned()) },
        cameo: Some("036".to_owned()),
        participants: vec![participant(person(trip.visitor, random)), participant(person(host, random))],
        place: Some(place(trip)),
        period: Period { start: date(trip.start + 1), end: None, days: None },
        status: if day < trip.start + 1 { EventStatus::Planned } else { EventStatus::Completed },
        certainty: Certainty::Stated,
        attribution: None,
        topic: purpose(random),
        topic_certainty: None,
        quote: None,
        during_visit: Some(DuringVisit { visitor: name(trip.visitor), country: country(trip.destination + 300) }),
        background: false,
        confidence: 0.8,
        evidence: evidence(random),
    }))
}

fn evidence(random: &mut Random) -> Vec<Evidence> {
    const PATHS: [&str; 16] = [
        "visitor.name",
        "visitor.role",
        "visitor.country",
        "destination.country",
        "destination.city",
        "period.start",
        "period.end",
        "status",
        "purpose",
        "visit_kind",
        "certainty",
        "host.name",
        "host.country",
        "primary",
        "cameo",
        "attribution.source",
    ];
    let mut list: Vec<Evidence> = vec![];
    for (n, path) in PATHS.iter().enumerate() {
        // Six of sixteen values are read from a span that another one is read from, too.
        let (start, text) = match list.last() {
            Some(last) if n % 8 % 3 == 1 => (last.start, last.text.clone()),
            _ => (random.below(900) as u32, words(random, 10)),
        };
        list.push(Evidence {
            path: (*path).to_owned(),
            field: Field::Body,
            start,
            end: start + text.len() as u32,
            text,
            rule: format!("rule-{}", random.below(200)),
        });
    }
    list
}

fn article_of(article: u64, version: Version, published: i64, trip: &Trip, random: &mut Random) -> ArticleRef {
    let printed =
        chrono::DateTime::from_timestamp_millis(published).map(|t| t.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    let published_at = printed.and_then(|t| Timestamp::parse(&t).ok());
    let outlet = format!("outlet-{}.test", random.below(500));
    let title = words(random, 50);
    // One article in five prints a text of an agency.
    let mut text = if random.one_in(5) {
        Random(trip.seed ^ ((published - START) / DAY).cast_unsigned() << 3 ^ random.below(3))
    } else {
        Random(random.next())
    };
    let sketch = Sketch {
        shingles: sorted(64, || text.next() as u32),
        numbers: sorted(10, || text.next() as u16),
        names: sorted(20, || text.next() as u16),
    };
    ArticleRef {
        id: id_of(article),
        url: Some(format!("https://{outlet}/2025/{}", title.replace(' ', "-"))),
        source: Some(outlet),
        title: Some(title),
        as_of: published_at.as_ref().map(|t| PartialDate::Day(t.date())),
        published_at,
        language: Some("en".to_owned()),
        content_hash: format!("{:016x}{:016x}", random.next(), random.next()),
        sketch: Some(sketch),
        version,
    }
}
