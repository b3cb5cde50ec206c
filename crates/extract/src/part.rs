//! One field of an article, tokenised and looked up.

use std::borrow::Cow;

use dateline_gazetteer::{Modifier, fold_token};
use dateline_model::Field;
use dateline_text::{CharOffsets, Sentence, Token, TokenKind, sentences, tokenize};

use crate::chunk::WordClass;
use crate::common::Common;
use crate::lexicon::Lex;
use crate::marks;
use crate::time::TimeWord;
use crate::vocabulary::{Entry, Match, Vocabulary, WordId};

/// Title or text, with tokens, sentences and the phrases found in it.
pub(crate) struct Part<'a> {
    pub field: Field,
    pub text: &'a str,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
    pub offsets: CharOffsets<'a>,
    forms: Forms,
    common: Vec<Common>,
    matches: Vec<Match>,
    /// First match of each token.
    first: Vec<u32>,
    /// What the phrases at each token are.
    marks: Vec<u32>,
    /// Most words are capitalised (a headline): capitals tell nothing.
    pub title_case: bool,
}

impl<'a> Part<'a> {
    /// Reads one field.
    pub(crate) fn new(field: Field, text: &'a str, vocabulary: &Vocabulary) -> Self {
        let tokens = tokenize(text);
        let forms = Forms::of(text, &tokens);
        let (words, common) = look_up(text, &tokens, &forms, vocabulary);
        let matches = vocabulary.scan(text, &tokens, &words);
        let (first, marks) = by_token(&matches, tokens.len());
        let (mut long, mut capital) = (0, 0);
        for t in tokens.iter().filter(|t| t.kind == TokenKind::Word && t.end - t.start > 3) {
            long += 1;
            capital += usize::from(t.capital);
        }
        let sentences = sentences(text, &tokens);
        // A short text about people with long offices has many capitals too: there all words must have one.
        let share = if field == Field::Title { 7 } else { 10 };
        let title_case = long >= 3 && capital * 10 >= long * share && sentences.len() <= 3;
        Self {
            field,
            text,
            tokens,
            sentences,
            offsets: CharOffsets::new(text),
            forms,
            common,
            matches,
            first,
            marks,
            title_case,
        }
    }

    /// The phrases that start at a token, the longest first.
    pub(crate) fn matches_at(&self, token: usize) -> &[Match] {
        match (self.first.get(token), self.first.get(token + 1)) {
            (Some(from), Some(to)) => &self.matches[*from as usize..*to as usize],
            _ => &[],
        }
    }

    /// One of the [`marks`](crate::marks) is on a token.
    pub(crate) fn is(&self, token: usize, marks: u32) -> bool {
        self.marks.get(token).is_some_and(|m| m & marks != 0)
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

    /// The text of a range of tokens in small letters.
    pub(crate) fn lower_slice(&self, from: usize, to: usize) -> Cow<'_, str> {
        let text = self.slice(from, to);
        match self.tokens.get(from) {
            Some(t) if text.is_ascii() => Cow::Borrowed(&self.forms.text[t.start as usize..][..text.len()]),
            _ => Cow::Owned(text.to_lowercase()),
        }
    }

    /// Lower-case text of one token.
    pub(crate) fn lower(&self, token: usize) -> &str {
        self.forms.lower(token)
    }

    /// What the word is by itself.
    pub(crate) fn class(&self, token: usize) -> WordClass {
        self.common.get(token).map(|c| c.class).unwrap_or_default()
    }

    /// The word as one of time.
    pub(crate) fn time_word(&self, token: usize) -> Option<TimeWord> {
        self.common.get(token)?.time
    }

    /// What the word does to the office behind it.
    pub(crate) fn modifier(&self, token: usize) -> Option<Modifier> {
        self.common.get(token)?.modifier
    }

    /// One token as names are compared.
    pub(crate) fn folded(&self, token: usize) -> &str {
        self.forms.folded(token)
    }
}

/// The number of each word, and what it is by itself.
fn look_up(text: &str, tokens: &[Token], forms: &Forms, vocabulary: &Vocabulary) -> (Vec<WordId>, Vec<Common>) {
    let mut words = vec![0; tokens.len()];
    let mut common = vec![Common::default(); tokens.len()];
    for (i, t) in tokens.iter().enumerate() {
        if !matches!(t.kind, TokenKind::Word | TokenKind::Number) {
            continue;
        }
        words[i] = vocabulary.word(&forms.text, forms.at[i].folded);
        let is = vocabulary.common(words[i]);
        common[i] = match t.kind {
            TokenKind::Number => Common { modifier: is.modifier, ..Common::default() },
            _ if forms.same(i) => is,
            // "don't", "Sept."
            _ => {
                Common { class: WordClass::of(forms.lower(i)), time: TimeWord::of(t.text(text)), modifier: is.modifier }
            }
        };
    }
    (words, common)
}

/// For each token its first match, and the marks of all its matches.
fn by_token(matches: &[Match], tokens: usize) -> (Vec<u32>, Vec<u32>) {
    let mut first = Vec::with_capacity(tokens + 1);
    let mut marks = vec![0; tokens];
    for (i, m) in (0..).zip(matches) {
        let start = m.start as usize;
        while first.len() <= start {
            first.push(i);
        }
        marks[start] |= marks::of(m.entry, m.end - m.start);
    }
    first.resize(tokens + 1, matches.len() as u32);
    (first, marks)
}

/// The lower-case and folded forms of all tokens: the text in small letters, behind it what is not a piece of that.
struct Forms {
    text: String,
    at: Vec<Form>,
}

/// Where either form stands; mostly they are the same.
struct Form {
    lower: (u32, u32),
    folded: (u32, u32),
}

impl Forms {
    fn of(text: &str, tokens: &[Token]) -> Self {
        let mut out = Self { text: text.to_ascii_lowercase(), at: Vec::with_capacity(tokens.len()) };
        for t in tokens {
            let word = t.text(text).as_bytes();
            let here = (t.start, t.end);
            let form = if word.iter().all(u8::is_ascii_alphanumeric) {
                Form { lower: here, folded: here }
            } else {
                let lower = if word.is_ascii() { here } else { out.push(&t.text(text).to_lowercase()) };
                let named = matches!(t.kind, TokenKind::Word | TokenKind::Number);
                let folded = if named { out.push(&fold_token(t.text(text))) } else { lower };
                Form { lower, folded }
            };
            out.at.push(form);
        }
        out
    }

    fn push(&mut self, form: &str) -> (u32, u32) {
        let start = self.text.len() as u32;
        self.text.push_str(form);
        (start, self.text.len() as u32)
    }

    /// The folded form is the one in lower case.
    fn same(&self, token: usize) -> bool {
        self.at.get(token).is_some_and(|f| f.lower == f.folded)
    }

    fn lower(&self, token: usize) -> &str {
        self.at.get(token).map_or("", |f| &self.text[f.lower.0 as usize..f.lower.1 as usize])
    }

    fn folded(&self, token: usize) -> &str {
        self.at.get(token).map_or("", |f| &self.text[f.folded.0 as usize..f.folded.1 as usize])
    }
}
