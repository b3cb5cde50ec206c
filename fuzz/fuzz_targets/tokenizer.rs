//! Tokens are spans of the text in order, sentences are ranges of tokens in order.
#![no_main]

use dateline_text::{CharOffsets, is_english, sentences, tokenize};

libfuzzer_sys::fuzz_target!(|text: &str| {
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
    let offsets = CharOffsets::new(text);
    assert_eq!(offsets.at(text.len() as u32) as usize, text.chars().count());
    is_english(text);
});
