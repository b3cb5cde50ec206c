//! From a text as received to tokens and sentences. Nothing is rewritten: every token is a span of the text as it came,
//! so that an offset never has to be mapped back.
//!
//! Architecture invariant: no gazetteer, no rules, no calendar; this crate knows letters, not news.

mod html;
mod language;
mod offsets;
mod sentence;
mod token;

pub use html::html_text;
pub use language::is_english;
pub use offsets::CharOffsets;
pub use sentence::{MAX_TOKENS, Sentence, sentences};
pub use token::{Token, TokenKind, tokenize};
