//! Whatever the text looks like, the engine reads it to its end, and every quote is the exact slice of the text.
#![allow(clippy::unwrap_used)]

use std::fmt::Write as _;

use dateline_extract::{Context, Engine, Extraction};
use dateline_model::{Article, Evidence, Field, Timestamp, Version};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    text: String,
}

/// The sentences of the tables.
fn sentences() -> Vec<String> {
    let tables = [
        include_str!("tables/attribution.toml"),
        include_str!("tables/delegation.toml"),
        include_str!("tables/host.toml"),
        include_str!("tables/purpose.toml"),
        include_str!("tables/topics.toml"),
    ];
    tables.iter().flat_map(|t| toml::from_str::<Table>(t).unwrap().cases).map(|c| c.text).collect()
}

fn extract(engine: &Engine, title: Option<&str>, body: &str) -> Extraction {
    let article = Article {
        id: "a".to_owned(),
        url: None,
        source: None,
        title: title.map(str::to_owned),
        body: Some(body.to_owned()),
        html: None,
        published_at: Timestamp::parse("2025-05-05").ok(),
        updated_at: None,
        language: Some("en".to_owned()),
    };
    engine.extract(&article, &Context { version: Version { ms: 0, offset: 0 }, anchor: None })
}

/// Reads a text and holds its quotes against it; how many there are.
fn read(engine: &Engine, title: Option<&str>, body: &str) -> usize {
    let found = extract(engine, title, body);
    let has = |list: &[Evidence], path: &str| assert!(list.iter().any(|e| e.path == path), "no {path} in {body}");
    for v in &found.visits {
        for path in ["visitor.name", "destination.country", "status"] {
            has(&v.evidence, path);
        }
    }
    for e in found.events.iter().filter(|e| e.place.as_ref().is_some_and(|p| p.country.is_some())) {
        has(&e.evidence, "place.country");
    }
    let quotes = found.visits.iter().flat_map(|v| &v.evidence).chain(found.events.iter().flat_map(|e| &e.evidence));
    let slice = |e: &Evidence| -> String {
        let text = if e.field == Field::Title { title.unwrap_or_default() } else { body };
        text.chars().skip(e.start as usize).take((e.end - e.start) as usize).collect()
    };
    quotes.inspect(|e| assert_eq!(slice(e), e.text, "{} in {body}", e.path)).count()
}

#[test]
fn every_shape_of_a_text_is_read_to_its_end() {
    let engine = Engine::builtin().unwrap();
    let mut quotes = 0;
    for text in sentences() {
        let half = text.chars().take(text.chars().count() / 2).collect::<String>();
        let shapes = [
            text.to_uppercase(),
            text.to_lowercase(),
            text.replace(['.', ','], ""),
            text.replace(' ', "  \t"),
            text.replace(' ', "\n"),
            text.replace(' ', " 🎌 "),
            text.replace("'s", "’s"),
            half,
        ];
        quotes += read(&engine, Some(&shapes[0]), &text);
        quotes += shapes.iter().map(|s| read(&engine, None, s)).sum::<usize>();
    }
    assert!(quotes > 10_000, "only {quotes} quotes are read");
}

#[test]
fn a_line_without_a_full_stop_is_read_to_its_end() {
    let engine = Engine::builtin().unwrap();
    let mut line = String::new();
    for text in sentences() {
        let _ = write!(line, "{} and ", text.trim_end_matches('.'));
    }
    assert!(line.len() > 20_000);
    assert!(read(&engine, None, &line) > 0);
}

#[test]
fn a_place_that_only_the_dateline_names_is_quoted_from_it() {
    let text = "OSLO, May 5 (Example Wire) - Peruvian President Dina Boluarte arrived on Sunday for talks. Boluarte and \
                Norwegian Prime Minister Jonas Gahr Stoere signed an agreement.";
    let engine = Engine::builtin().unwrap();
    assert!(read(&engine, None, text) > 0);
    let found = extract(&engine, None, text);
    let place = |e: &&Evidence| e.path == "destination.country";
    assert_eq!(found.visits[0].evidence.iter().filter(place).map(|e| e.text.as_str()).collect::<Vec<_>>(), ["OSLO"]);
}

#[test]
fn an_owner_behind_merged_names_is_found() {
    // The offices and names in front become one person each after the owner was numbered.
    let text = "The president of Chile, Gabriel Boric, and the prime minister of Peru, Gustavo Adrianzen, praised Kenya's \
                talks with Uganda in Kampala on Friday.";
    let found = extract(&Engine::builtin().unwrap(), None, text);
    let parties: Vec<&str> = found.events[0].participants.iter().map(|p| p.actor.name.as_str()).collect();
    assert_eq!(parties, ["Kenya", "Uganda"]);
}

/// The sentences one after another until there are so many bytes, each joined by `mark`.
fn long(bytes: usize, mark: &str) -> String {
    let sentences = sentences();
    let mut out = String::with_capacity(bytes + 300);
    for text in sentences.iter().cycle() {
        if out.len() >= bytes {
            break;
        }
        out += text.trim_end_matches('.');
        out += mark;
    }
    out
}

/// The lines again and again until there are so many bytes.
fn lines(bytes: usize, text: &str) -> String {
    text.repeat(bytes / text.len() + 1)
}

/// Seconds that this thread has worked, so that other work on the machine tells nothing; elsewhere than on Linux seconds
/// of the clock.
fn worked() -> f64 {
    let told = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|t| t.split(' ').next()?.parse::<f64>().ok()).filter(|n| *n > 0.0);
    let clock = || std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64();
    nanoseconds.map_or_else(clock, |n| n / 1e9)
}

/// A kind of text by its name, and how one of a given length is made.
type Shape = (&'static str, fn(usize) -> String);

#[test]
fn twice_the_text_takes_about_twice_the_time() {
    let engine = Engine::builtin().unwrap();
    let shapes: [Shape; 8] = [
        ("prose", |n| long(n, ". ")),
        ("one line without a full stop", |n| long(n, " and ")),
        ("headlines in capitals", |n| long(n, ".\n").to_uppercase()),
        ("a table", |n| long(n, " | 12 | 3.5 | -\n")),
        ("emoji and other scripts", |n| long(n, " 🎌 встреча в Москве 会谈 في القاهرة. ")),
        ("the same talks and a row on every line", |n| {
            lines(n, "President William Ruto met President Dina Boluarte in Lima on Sunday.\nPeru | 12 | 3.5 | -\n")
        }),
        ("the same protest on every line", |n| {
            lines(n, "Protesters marched against the government on Sunday.\n7 | -\n")
        }),
        ("help from one state on every line", |n| {
            lines(n, "Japan will provide humanitarian aid to the islands.\n7 | -\n")
        }),
    ];
    for (name, shape) in shapes {
        let time = |n: usize| {
            let text = shape(n);
            let once = || {
                let start = worked();
                extract(&engine, None, &text);
                worked() - start
            };
            (0..3).map(|_| once()).fold(f64::INFINITY, f64::min)
        };
        // both tell every sentence of the tables at least once
        let (short, twice) = (time(40_000), time(80_000));
        // quadratic work would give 4
        assert!(twice < short * 3.3, "{name}: {short:.3} s, twice the text {twice:.3} s");
    }
}

#[test]
fn a_megabyte_is_read_to_its_end_and_tells_no_more_than_it_says() {
    let engine = Engine::builtin().unwrap();
    let found = extract(&engine, None, &long(1 << 20, ". "));
    let said = sentences().len();
    assert!(!found.visits.is_empty());
    assert!(found.visits.len() <= said && found.events.len() <= 4 * said, "{} visits", found.visits.len());
}
