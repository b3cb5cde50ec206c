//! Sentences and paragraphs over tokens.

use std::ops::Range;

use crate::token::{Token, TokenKind};

/// A sentence: a range of tokens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Its tokens.
    pub tokens: Range<usize>,
    /// Number of its paragraph, from 0.
    pub paragraph: u32,
}

/// Longest sentence in tokens; a longer one is cut, so that every later step is bounded.
pub const MAX_TOKENS: usize = 400;

/// Marks that may close one sentence ("...\")"); a longer run of them ends it by itself.
const CLOSING: usize = 16;

/// Splits tokens into sentences: at final marks before something that can begin one, and at line ends that end a
/// paragraph. A line end inside a hard-wrapped sentence does not split.
pub fn sentences(text: &str, tokens: &[Token]) -> Vec<Sentence> {
    let mut out = Vec::with_capacity(tokens.len() / 20 + 2);
    let (mut start, mut paragraph, mut line) = (0, 0u32, 0u32);
    let mut i = 0;
    while i < tokens.len() {
        let t = &tokens[i];
        let mut end = None;
        if t.kind == TokenKind::Newline {
            if ends_paragraph(text, tokens, i, line) {
                end = Some((i, i + 1));
                paragraph += 1;
            }
            line = t.end;
        } else if ends_sentence(text, tokens, i) {
            let close = (i + 1..tokens.len()).take_while(|j| closes(tokens, *j)).count();
            end = Some((i + 1 + close, i + 1 + close));
        } else if i + 1 - start >= MAX_TOKENS {
            end = Some((i + 1, i + 1));
        }
        if let Some((stop, next)) = end {
            if stop > start {
                let of = if t.kind == TokenKind::Newline { paragraph - 1 } else { paragraph };
                out.push(Sentence { tokens: start..stop, paragraph: of });
            }
            start = next;
            i = next;
        } else {
            i += 1;
        }
    }
    if start < tokens.len() {
        out.push(Sentence { tokens: start..tokens.len(), paragraph });
    }
    out
}

/// A quotation mark or bracket right behind the final mark belongs to the sentence.
fn closes(tokens: &[Token], j: usize) -> bool {
    !tokens[j].spaced && matches!(tokens[j].kind, TokenKind::Quote | TokenKind::Punct(')' | ']' | '.' | '!' | '?'))
}

fn ends_sentence(text: &str, tokens: &[Token], i: usize) -> bool {
    let t = &tokens[i];
    let next = || (i + 1..tokens.len().min(i + 1 + CLOSING)).find(|j| !closes(tokens, *j)).map(|j| &tokens[j]);
    match t.kind {
        TokenKind::Punct('.' | '!' | '?' | '…') => next().is_none_or(|n| {
            n.kind == TokenKind::Newline
                || (n.spaced && begins(n))
                || (!n.spaced && n.capital && t.kind == TokenKind::Punct('.'))
        }),
        // an abbreviation's dot may be the sentence's too: "... in the U.S. The ..."
        TokenKind::Word if t.upper && t.end - t.start > 3 && t.text(text).ends_with('.') => {
            next().is_some_and(|n| n.capital && starter(n.text(text)))
        }
        _ => false,
    }
}

fn begins(n: &Token) -> bool {
    n.capital
        || matches!(
            n.kind,
            TokenKind::Quote | TokenKind::Number | TokenKind::Dash | TokenKind::Punct('(' | '[' | '<' | '*' | '•')
        )
}

fn starter(word: &str) -> bool {
    matches!(
        word,
        "The"
            | "A"
            | "An"
            | "He"
            | "She"
            | "It"
            | "They"
            | "In"
            | "On"
            | "At"
            | "But"
            | "And"
            | "This"
            | "That"
            | "His"
            | "Her"
            | "Its"
            | "Their"
            | "We"
            | "I"
            | "If"
            | "After"
            | "For"
    )
}

fn ends_paragraph(text: &str, tokens: &[Token], i: usize, line: u32) -> bool {
    let gap = tokens[i].text(text);
    if gap.matches('\n').count() > 1 || gap.matches("\r\r").count() > 0 {
        return true;
    }
    let (Some(before), Some(after)) = (i.checked_sub(1).map(|j| &tokens[j]), tokens.get(i + 1)) else { return true };
    let finished = matches!(before.kind, TokenKind::Punct('.' | '!' | '?' | ':' | ')' | ';') | TokenKind::Quote);
    let wrapped = tokens[i].start.saturating_sub(line) >= 50;
    let continues = !after.capital && after.kind == TokenKind::Word;
    if finished { begins(after) || !continues } else { !(continues || (wrapped && after.kind == TokenKind::Word)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::token::tokenize;

    fn split(text: &str) -> Vec<String> {
        let tokens = tokenize(text);
        sentences(text, &tokens)
            .iter()
            .map(|s| text[tokens[s.tokens.start].start as usize..tokens[s.tokens.end - 1].end as usize].to_owned())
            .collect()
    }

    #[test]
    fn sentences_read_like_a_specification() {
        let cases: &[(&str, &[&str])] = &[
            ("He left. She stayed.", &["He left.", "She stayed."]),
            ("\"We go.\" He left.", &["\"We go.\"", "He left."]),
            (
                "Mr. Li met Gen. Kim in the U.S. on Monday. He left.",
                &["Mr. Li met Gen. Kim in the U.S. on Monday.", "He left."],
            ),
            ("They met in the U.S. The talks failed.", &["They met in the U.S.", "The talks failed."]),
            ("PARIS 1996-08-22\nHe left.", &["PARIS 1996-08-22", "He left."]),
            (
                "The president will fly to the capital of the country next\nweek for talks.",
                &["The president will fly to the capital of the country next\nweek for talks."],
            ),
            ("It cost 1.5 million. 20 left.", &["It cost 1.5 million.", "20 left."]),
            ("One\n\nTwo", &["One", "Two"]),
            ("John F. Kennedy spoke.", &["John F. Kennedy spoke."]),
        ];
        for (text, expected) in cases {
            assert_eq!(split(text), *expected, "{text}");
        }
    }
}
