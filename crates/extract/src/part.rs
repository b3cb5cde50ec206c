//! One field of an article, tokenised and looked up.

use dateline_gazetteer::fold_token;
use dateline_model::Field;
use dateline_text::{CharOffsets, Sentence, Token, TokenKind, sentences, tokenize};

use crate::lexicon::Lex;
use crate::vocabulary::{Entry, Match, Vocabulary, WordId};

/// Title or text, with tokens, sentences and the phrases found in it.
pub(crate) struct Part<'a> {
    pub field: Field,
    pub text: &'a str,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
    pub offsets: CharOffsets<'a>,
    matches: Vec<Match>,
    /// First match of each token.
    first: Vec<u32>,
    /// Most words are capitalised (a headline): capitals tell nothing.
    pub title_case: bool,
}

impl<'a> Part<'a> {
    /// Reads one field.
    pub(crate) fn new(field: Field, text: &'a str, vocabulary: &Vocabulary) -> Self {
        let tokens = tokenize(text);
        let mut buffer = String::new();
        let words: Vec<WordId> = tokens
            .iter()
            .map(|t| {
                if matches!(t.kind, TokenKind::Word | TokenKind::Number) {
                    word_id(t.text(text), vocabulary, &mut buffer)
                } else if t.text(text) == "&" {
                    vocabulary.word("&")
                } else {
                    0
                }
            })
            .collect();
        let matches = vocabulary.scan(text, &tokens, &words);
        let mut first = vec![0u32; tokens.len() + 1];
        let mut m = 0;
        for (i, f) in first.iter_mut().enumerate() {
            while m < matches.len() && (matches[m].start as usize) < i {
                m += 1;
            }
            *f = m as u32;
        }
        let (mut long, mut capital) = (0, 0);
        for t in tokens.iter().filter(|t| t.kind == TokenKind::Word && t.end - t.start > 3) {
            long += 1;
            capital += usize::from(t.capital);
        }
        let sentences = sentences(text, &tokens);
        // A short text about people with long offices has many capitals too: there all words must have one.
        let share = if field == Field::Title { 7 } else { 10 };
        let title_case = long >= 3 && capital * 10 >= long * share && sentences.len() <= 3;
        Self { field, text, tokens, sentences, offsets: CharOffsets::new(text), matches, first, title_case }
    }

    /// The phrases that start at a token, the longest first.
    pub(crate) fn matches_at(&self, token: usize) -> &[Match] {
        match (self.first.get(token), self.first.get(token + 1)) {
            (Some(from), Some(to)) => &self.matches[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// The lexical readings of a single token.
    pub(crate) fn readings(&self, token: usize) -> impl Iterator<Item = Lex> + '_ {
        let single = move |m: &&Match| m.end as usize == token + 1;
        self.matches_at(token).iter().filter(single).filter_map(|m| match m.entry {
            Entry::Lex(l) => Some(l),
            Entry::Gaz(..) => None,
        })
    }

    /// The text of one token.
    pub(crate) fn word(&self, token: usize) -> &'a str {
        self.tokens.get(token).map_or("", |t| t.text(self.text))
    }

    /// The text of a range of tokens.
    pub(crate) fn slice(&self, from: usize, to: usize) -> &'a str {
        if from >= to || to > self.tokens.len() {
            return "";
        }
        self.text.get(self.tokens[from].start as usize..self.tokens[to - 1].end as usize).unwrap_or("")
    }

    /// Lower-case text of one token.
    pub(crate) fn lower(&self, token: usize) -> String {
        self.word(token).to_lowercase()
    }
}

fn word_id(word: &str, vocabulary: &Vocabulary, buffer: &mut String) -> WordId {
    if word.is_ascii() {
        buffer.clear();
        buffer
            .extend(word.bytes().filter(|b| !matches!(b, b'.' | b'\'' | b'`')).map(|b| b.to_ascii_lowercase() as char));
        return vocabulary.word(buffer);
    }
    vocabulary.word(&fold_token(word))
}
