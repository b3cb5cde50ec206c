//! Any article: the first line is its title. Every quote is the exact slice, every line can be written.
#![no_main]

use std::sync::LazyLock;

use dateline_extract::{Context, Engine};
use dateline_model::{Article, Field, Timestamp, Version};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().expect("the rules compile"));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (title, body) = text.split_once('\n').unwrap_or(("", text));
    let article = Article {
        id: "f".to_owned(),
        url: None,
        source: None,
        title: Some(title.to_owned()),
        body: Some(body.to_owned()),
        html: None,
        published_at: Timestamp::parse("2025-05-05T12:00:00Z").ok(),
        updated_at: None,
        language: Some("en".to_owned()),
    };
    let context = Context { version: Version { ms: 0, offset: 0 }, anchor: None };
    let found = ENGINE.extract(&article, &context);
    let quotes = found.visits.iter().flat_map(|v| &v.evidence).chain(found.events.iter().flat_map(|e| &e.evidence));
    for e in quotes {
        let field = if e.field == Field::Title { title } else { body };
        let slice = field.chars().skip(e.start as usize).take((e.end - e.start) as usize);
        assert!(slice.eq(e.text.chars()), "{e:?} is no slice");
    }
    ENGINE.annotate(&article, &context);
});
