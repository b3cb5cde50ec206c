//! Articles to send: stories told by several outlets, copies, corrections, retractions, and what can't be read.
//! The same seed gives the same articles.

use std::collections::BTreeSet;

use crate::Record;
use serde_json::{Value, json};

/// Written articles of many kinds.
const WRITTEN: &str = include_str!("../data/articles.jsonl");

/// Header that numbers the messages: it says which message a dead letter was.
pub const NUMBER: &str = "test-number";

/// What must become of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is read.
    Read {
        /// Whether it announces a change.
        retracts: bool,
    },
    /// It retracts its article.
    Retraction,
    /// It is passed by, with this class.
    Skipped(&'static str),
    /// It is a dead letter of this class.
    Poison(&'static str),
}

/// A message of the articles topic.
#[derive(Debug, Clone)]
pub struct Sent {
    /// Article id; the key too, except where the key is poison.
    pub id: String,
    /// Message key.
    pub key: Vec<u8>,
    /// Message value; `None` is a tombstone.
    pub value: Option<Vec<u8>>,
    /// What must become of it.
    pub fate: Fate,
}

impl Sent {
    fn article(article: &Value, fate: Fate) -> Self {
        let id = article["id"].as_str().expect("an id").to_owned();
        Self { key: id.clone().into_bytes(), value: Some(article.to_string().into_bytes()), id, fate }
    }

    /// The record to produce, with its number.
    pub fn record(&self, number: usize) -> Record {
        let headers = vec![
            (NUMBER.to_owned(), number.to_string().into_bytes()),
            ("traceparent".to_owned(), trace(number).into_bytes()),
        ];
        Record { key: Some(self.key.clone()), value: self.value.clone(), headers, ..Record::default() }
    }
}

/// The trace context of a message.
pub fn trace(number: usize) -> String {
    format!("00-{:032x}-{:016x}-01", number + 1, number + 1)
}

/// Records to produce.
pub fn records(sent: &[Sent], from: usize) -> impl Iterator<Item = Record> + '_ {
    sent.iter().enumerate().map(move |(i, sent)| sent.record(from + i))
}

/// The lines that file mode gets for the same articles: those that were retracted are not among them.
pub fn lines(sent: &[Sent]) -> Vec<u8> {
    let retracted: BTreeSet<&str> = sent.iter().filter(|s| s.fate == Fate::Retraction).map(|s| s.id.as_str()).collect();
    let kept = |s: &&Sent| !matches!(s.fate, Fate::Poison(_)) && !retracted.contains(s.id.as_str());
    sent.iter().filter(kept).flat_map(|s| [s.value.as_deref().unwrap_or_default(), b"\n"].concat()).collect()
}

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % end as u64) as usize
    }

    fn one_of<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }
}

/// `count` messages of this seed, in the order in which they are sent.
pub fn messages(seed: u64, count: usize) -> Vec<Sent> {
    let mut random = Random(seed);
    let mut sent: Vec<Sent> = Vec::with_capacity(count);
    let mut written = WRITTEN.lines();
    let mut open: Vec<Value> = vec![];
    let mut poison = POISON.iter().cycle();
    let mut skipped = SKIPPED.iter().cycle();
    // Numbers of those that are read.
    let mut read: Vec<usize> = vec![];
    while sent.len() < count {
        let n = sent.len();
        let earlier = |random: &mut Random| (!read.is_empty()).then(|| sent[*random.one_of(&read)].clone());
        let next = match random.below(100) {
            // The same bytes once more, also of what was corrected or retracted meanwhile.
            0..5 => earlier(&mut random),
            5..10 => earlier(&mut random).map(|s| correction(&s, &mut random)),
            10..12 => earlier(&mut random).map(|s| Sent { value: None, fate: Fate::Retraction, ..s }),
            12..15 => poison.next().map(|p| poisoned(n, p)),
            15..17 => skipped.next().map(|(class, body)| {
                Sent::article(&json!({"id": format!("skip-{n}"), "body": body}), Fate::Skipped(class))
            }),
            17..40 => written.next().map(|line| {
                let article: Value = serde_json::from_str(line).expect("a written article");
                Sent::article(&article, Fate::Read { retracts: false })
            }),
            _ => None,
        };
        let next = next.unwrap_or_else(|| {
            if open.is_empty() || random.below(3) == 0 {
                open.push(story(&mut random));
            }
            let told = open.len().min(20);
            let story = &open[open.len() - 1 - random.below(told)];
            Sent::article(&telling(n, story, &mut random), Fate::Read { retracts: false })
        });
        if matches!(next.fate, Fate::Read { .. }) {
            read.push(n);
        }
        sent.push(next);
    }
    sent
}

/// Bytes that are no article, with their class.
const POISON: &[(&str, &[u8])] = &[
    ("not_json", b"Xi Jinping will travel to Russia."),
    ("not_json", b"{\"id\": \"cut\", \"body\": \"Xi Jinping will tra"),
    ("invalid_utf8", b"{\"body\": \"\xff\xfe\"}"),
    ("not_an_object", b"[1, 2, 3]"),
    ("wrong_type", b"{\"id\": \"n\", \"body\": 5}"),
    ("bad_date", b"{\"body\": \"x\", \"published_at\": \"20250-05-05T00:00:00Z\"}"),
    ("duplicate_field", b"{\"body\": \"x\", \"body\": \"y\"}"),
    ("missing_content", b"{\"source\": \"example.test\"}"),
    ("not_json", b""),
];

const SKIPPED: &[(&str, &str)] = &[
    ("empty", "  \n "),
    (
        "language",
        "Der Präsident wird in der kommenden Woche nach Kasachstan reisen und dort mit der Regierung über Handel \
         und Energie sprechen, wie das Ministerium am Sonntag mitteilte. Es ist seine zweite Reise in das Land.",
    ),
];

fn poisoned(n: usize, (class, bytes): &(&'static str, &[u8])) -> Sent {
    let mut key = format!("poison-{n}").into_bytes();
    if n.is_multiple_of(3) {
        key.push(0xff);
    }
    Sent { id: format!("poison-{n}"), key, value: Some(bytes.to_vec()), fate: Fate::Poison(class) }
}

const OFFICIALS: &[(&str, &str)] = &[
    ("French President", "Emmanuel Macron"),
    ("Brazilian President", "Luiz Inacio Lula da Silva"),
    ("Turkish Foreign Minister", "Hakan Fidan"),
    ("German Chancellor", "Olaf Scholz"),
    ("Chinese President", "Xi Jinping"),
    ("Indian Prime Minister", "Narendra Modi"),
    ("Japanese Prime Minister", "Shigeru Ishiba"),
    ("Ukrainian President", "Volodymyr Zelensky"),
    ("Italian Prime Minister", "Giorgia Meloni"),
    ("Polish President", "Andrzej Duda"),
    ("Kenyan President", "William Ruto"),
    ("Chilean Foreign Minister", "Rodrigo Almeyda"),
    ("Norwegian Defence Minister", "Ingrid Solberg"),
    ("Egyptian Foreign Minister", "Karim Mansour"),
];

const PLACES: &[(&str, &str)] = &[
    ("Portugal", "Lisbon"),
    ("Egypt", "Cairo"),
    ("Canada", "Ottawa"),
    ("Kazakhstan", "Astana"),
    ("Vietnam", "Hanoi"),
    ("Saudi Arabia", "Riyadh"),
    ("Greece", "Athens"),
    ("Serbia", "Belgrade"),
    ("Indonesia", "Jakarta"),
    ("Armenia", "Yerevan"),
    ("South Africa", "Pretoria"),
    ("Australia", "Canberra"),
    ("Finland", "Helsinki"),
    ("Argentina", "Buenos Aires"),
    ("Thailand", "Bangkok"),
    ("Morocco", "Rabat"),
    ("Ireland", "Dublin"),
    ("Mexico", "Mexico City"),
];

const MONTHS: &[&str] = &["January", "February", "March", "April", "May", "June"];
const OUTLETS: &[&str] = &["courier.test", "herald.test", "wire.test", "gazette.test", "tribune.test"];
const TOPICS: &[&str] = &["trade", "energy", "defence", "climate", "fisheries"];

/// Who goes where and when.
fn story(random: &mut Random) -> Value {
    let ((title, name), (country, city)) = (random.one_of(OFFICIALS), random.one_of(PLACES));
    json!({
        "title": title, "name": name, "country": country, "city": city, "month": random.below(MONTHS.len()),
        "day": 10 + random.below(12), "topic": random.one_of(TOPICS),
    })
}

/// One outlet's article about a story.
fn telling(n: usize, story: &Value, random: &mut Random) -> Value {
    let word = |key: &str| story[key].as_str().unwrap_or_default();
    let number = |key: &str| story[key].as_u64().unwrap_or_default() as usize;
    let (title, name, country, city, topic) =
        (word("title"), word("name"), word("country"), word("city"), word("topic"));
    let (month, day) = (number("month"), number("day"));
    let month_name = MONTHS[month];
    let surname = name.rsplit(' ').next().unwrap_or(name);
    let outlet = random.one_of(OUTLETS);
    let (published, head, body) = match random.below(6) {
        0 => (
            day - 6,
            format!("{name} to visit {country}"),
            format!(
                "{title} {name} will travel to {country} on {month_name} {day} for a state visit, officials said. \
                 {surname} is expected to hold talks on {topic} in {city}."
            ),
        ),
        1 => (
            day - 4,
            format!("{country} expects {surname}"),
            format!(
                "{country} will host {title} {name} from {month_name} {day} to {month_name} {}, the government said.",
                day + 2
            ),
        ),
        2 => (
            day,
            format!("{surname} arrives in {city}"),
            format!(
                "{title} {name} arrived in {city} on {month_name} {day} for a three-day official visit to {country}. \
                 The trip is about {topic}."
            ),
        ),
        3 => (
            day + 3,
            format!("{surname} ends trip"),
            format!(
                "{title} {name} visited {country} from {month_name} {day} to {month_name} {}. In {city}, {surname} \
                 held talks about {topic}.",
                day + 2
            ),
        ),
        4 => (
            day - 2,
            format!("Trip to {country} put off"),
            format!(
                "{title} {name} has postponed a visit to {country}, a spokesman said. It was due on {month_name} {day}."
            ),
        ),
        _ => (
            day - 3,
            format!("Call before trip to {city}"),
            format!(
                "{title} {name} spoke by phone with Ukrainian President Volodymyr Zelensky. {surname} will visit \
                 {country} on {month_name} {day}."
            ),
        ),
    };
    json!({
        "id": format!("story-{n}"), "url": format!("https://{outlet}/2025/{n}"), "source": outlet, "title": head,
        "body": body, "published_at": format!("2025-{:02}-{published:02}T{:02}:00:00Z", month + 1, random.below(24)),
    })
}

/// The same article, changed and said so: half of them move to another country.
fn correction(earlier: &Sent, random: &mut Random) -> Sent {
    let mut article: Value = serde_json::from_slice(earlier.value.as_deref().expect("an article")).expect("JSON");
    if random.below(2) == 0
        && let Some(body) = article["body"].as_str()
        && let Some((country, city)) = PLACES.iter().find(|(country, _)| body.contains(country))
    {
        let (to_country, to_city) = random.one_of(PLACES);
        article["body"] = Value::String(body.replace(country, to_country).replace(city, to_city));
    }
    article["updated_at"] =
        Value::String(format!("2026-06-{:02}T{:02}:00:00Z", 1 + random.below(28), random.below(24)));
    Sent::article(&article, Fate::Read { retracts: true })
}
