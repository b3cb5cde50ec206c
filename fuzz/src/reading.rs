//! Reading any text: no panic, and whatever is found is an exact slice.

use std::sync::LazyLock;

use chrono::{Days, NaiveDate};
use dateline_extract::{Context, Engine, read_times};
use dateline_model::{Article, Field, Timestamp, Version};
use dateline_text::{CharOffsets, html_text, is_english, sentences, tokenize};

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::builtin().expect("the rules compile"));

/// The main text of any page is no longer than the page.
pub fn cleaner(html: &str) {
    assert!(html_text(html).len() <= html.len() + 1, "the text is longer than the page");
}

/// Tokens are spans of the text in order, sentences are ranges of tokens in order.
pub fn tokenizer(text: &str) {
    let tokens = tokenize(text);
    let mut end = 0;
    for t in &tokens {
        assert!(t.start >= end && t.end > t.start, "tokens overlap");
        assert!(text.get(t.start as usize..t.end as usize).is_some(), "a token is no slice");
        end = t.end;
    }
    let mut last = 0;
    for s in sentences(text, &tokens) {
        assert!(s.tokens.start >= last && s.tokens.end <= tokens.len(), "sentences overlap");
        last = s.tokens.end;
    }
    assert_eq!(CharOffsets::new(text).at(text.len() as u32) as usize, text.chars().count());
    is_english(text);
}

/// Words read as times on any day from 1900 on, or on none: each is a slice of the text.
pub fn times(n: u32, text: &str) {
    let day = NaiveDate::from_ymd_opt(1900, 1, 1).and_then(|d| d.checked_add_days(Days::new(u64::from(n % 100_000))));
    let chars: Vec<char> = text.chars().collect();
    for t in read_times(text, day.filter(|_| !n.is_multiple_of(7))) {
        let slice = &chars[t.start as usize..t.end as usize];
        assert!(slice.iter().copied().eq(t.text.chars()), "a time is no slice");
    }
}

/// An article whose first line is its title: every quote is the exact slice, and all can be written.
pub fn extractor(text: &str) {
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
}

/// Any bytes are an article or a named error.
pub fn article(bytes: &[u8]) {
    if let Err(e) = Article::decode(bytes) {
        assert!(!e.to_string().is_empty(), "an error without words");
    }
}
