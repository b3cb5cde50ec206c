//! Tables of sentences, each with the value that a careful reader takes from it (tests/tables/*.toml). A case that is not
//! read rightly is marked `known`; one that is marked and read rightly fails the test, so that the mark goes.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeSet;

use chrono::NaiveDate;
use dateline_extract::{Context, Engine, Extraction};
use dateline_model::{Article, Timestamp, Version, Visit};
use serde::Deserialize;

/// The day on which a case is published that names none: a Monday.
const PUBLISHED: &str = "2025-05-05";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    field: String,
    cases: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    text: String,
    /// The accepted value; several are parted by " | ".
    is: String,
    #[serde(default)]
    on: Option<String>,
    /// Code of the destination; empty: the first visit.
    #[serde(default)]
    of: String,
    #[serde(default)]
    known: bool,
}

fn read(engine: &Engine, case: &Case) -> Extraction {
    let day = case.on.as_deref().unwrap_or(PUBLISHED);
    let article = Article {
        id: "case".to_owned(),
        url: None,
        source: None,
        title: None,
        body: Some(case.text.clone()),
        html: None,
        published_at: Timestamp::parse(day).ok(),
        updated_at: None,
        language: None,
    };
    engine.extract(&article, &Context { version: Version { ms: 0, offset: 0 }, anchor: day.parse::<NaiveDate>().ok() })
}

fn snake<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).unwrap().as_str().unwrap().to_owned()
}

/// A field of a visit as the tables write it.
fn value(field: &str, v: &Visit) -> String {
    match field {
        "host" => v.host.as_ref().map(|h| h.name.clone()).unwrap_or_default(),
        "purpose" => v.purpose.clone().unwrap_or_default(),
        "topics" => v.topics.join("; "),
        "delegation" => v.delegation.iter().map(|a| a.name.clone()).collect::<Vec<_>>().join("; "),
        "attribution" => v.attribution.as_ref().map(|a| a.source.clone()).unwrap_or_default(),
        "certainty" => format!("{} / {}", snake(&v.certainty), snake(&v.status)),
        "dates" => {
            let date = |d: Option<dateline_model::PartialDate>| d.map_or_else(|| "?".to_owned(), |d| d.to_string());
            format!("{} - {}", date(v.period.start), date(v.period.end))
        }
        "ordinal" => v.ordinal.map_or_else(String::new, |o| match o.since {
            Some(since) => format!("{} since {since}", o.n),
            None => o.n.to_string(),
        }),
        other => panic!("no table can be written of {other:?}"),
    }
}

/// What the engine gives for a case; `None` where it finds no such visit.
fn given(engine: &Engine, field: &str, case: &Case) -> Option<String> {
    let found = read(engine, case);
    if field == "quote" {
        return Some(found.events.iter().find_map(|e| e.quote.clone()).unwrap_or_default());
    }
    let fits = |v: &&Visit| case.of.is_empty() || v.destination.country.as_deref() == Some(&case.of);
    found.visits.iter().find(fits).map(|v| value(field, v))
}

/// Checks one table; prints how many of its cases are right and which are not.
fn check(name: &str, text: &str) {
    let engine = Engine::builtin().unwrap();
    let table: Table = toml::from_str(text).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert!(table.cases.len() >= 60, "{name} has {} cases", table.cases.len());
    let mut seen = BTreeSet::new();
    let (mut right, mut wrong, mut mended) = (0, vec![], vec![]);
    for case in &table.cases {
        let twice = !seen.insert((&case.text, &case.of));
        assert!(!twice, "{name} says twice: {}", case.text);
        let got = given(&engine, &table.field, case);
        let ok = got.as_ref().is_some_and(|g| case.is.split(" | ").any(|w| w == g));
        right += usize::from(ok);
        match (ok, case.known) {
            (false, false) => {
                let of = if case.of.is_empty() { String::new() } else { format!(" [{}]", case.of) };
                wrong.push(format!("{}{of}\n    is {:?}, got {got:?}", case.text, case.is));
            }
            (true, true) => mended.push(case.text.clone()),
            _ => {}
        }
    }
    println!("{name}: {right} of {} right; known to fail:", table.cases.len());
    for case in table.cases.iter().filter(|c| c.known) {
        println!("    {}", case.text);
    }
    assert!(wrong.is_empty(), "{} cases of {name} fail:\n{}", wrong.len(), wrong.join("\n"));
    assert!(mended.is_empty(), "{name}: these pass, take their mark off:\n{}", mended.join("\n"));
}

macro_rules! tables {
    ($($test:ident: $file:literal;)*) => {
        $(#[test]
        fn $test() {
            check($file, include_str!(concat!("tables/", $file, ".toml")));
        })*
    };
}

tables! {
    the_host_is_who_invites_or_receives: "host";
    an_ordinal_counts_the_visits: "ordinal";
    certainty_is_how_the_text_puts_it: "certainty";
    a_source_is_who_says_so_as_printed: "attribution";
    a_purpose_stands_in_the_words_of_the_text: "purpose";
    topics_are_what_is_talked_about: "topics";
    a_delegation_is_who_travels_with_the_visitor: "delegation";
    a_quote_is_what_stands_between_the_marks: "quote";
}
