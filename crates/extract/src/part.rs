//! One field of an article, tokenised and looked up.

use dateline_gazetteer::fold_token;
use dateline_model::Field;
use dateline_text::{CharOffsets, Sentence, Token, TokenKind, sentences, tokenize};

use crate::chunk::WordClass;
use crate::lexicon::Lex;
use crate::vocabulary::{Entry, Match, Vocabulary, WordId};

/// Title or text, with tokens, sentences and the phrases found in it.
pub(crate) struct Part<'a> {
    pub field: Field,
    pub text: &'a str,
    pub tokens: Vec<Token>,
    pub sentences: Vec<Sentence>,
    pub offsets: CharOffsets<'a>,
    forms: Forms,
    classes: Vec<WordClass>,
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
        let forms = Forms::of(text, &tokens);
        let words: Vec<WordId> = (0..tokens.len())
            .map(|i| match tokens[i].kind {
                TokenKind::Word | TokenKind::Number => vocabulary.word(forms.folded(i)),
                _ => 0,
            })
            .collect();
        let classes = (0..tokens.len())
            .map(|i| match tokens[i].kind {
                TokenKind::Word => WordClass::of(forms.lower(i)),
                _ => WordClass::default(),
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
        Self {
            field,
            text,
            tokens,
            sentences,
            offsets: CharOffsets::new(text),
            forms,
            classes,
            matches,
            first,
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
    pub(crate) fn lower(&self, token: usize) -> &str {
        self.forms.lower(token)
    }

    /// What the word is by itself.
    pub(crate) fn class(&self, token: usize) -> WordClass {
        self.classes.get(token).copied().unwrap_or_default()
    }

    /// One token as names are compared.
    pub(crate) fn folded(&self, token: usize) -> &str {
        self.forms.folded(token)
    }
}

/// The lower-case and folded forms of all tokens in one string.
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
        let small = text.to_ascii_lowercase();
        let mut out = Self { text: String::with_capacity(text.len()), at: Vec::with_capacity(tokens.len()) };
        for t in tokens {
            let word = t.text(&small);
            let lower = if word.is_ascii() { out.push(word) } else { out.push(&t.text(text).to_lowercase()) };
            let named = matches!(t.kind, TokenKind::Word | TokenKind::Number);
            let folded = if named && !word.bytes().all(|b| b.is_ascii_alphanumeric()) {
                out.push(&fold_token(t.text(text)))
            } else {
                lower
            };
            out.at.push(Form { lower, folded });
        }
        out
    }

    fn push(&mut self, form: &str) -> (u32, u32) {
        let start = self.text.len() as u32;
        self.text.push_str(form);
        (start, self.text.len() as u32)
    }

    fn lower(&self, token: usize) -> &str {
        self.at.get(token).map_or("", |f| &self.text[f.lower.0 as usize..f.lower.1 as usize])
    }

    fn folded(&self, token: usize) -> &str {
        self.at.get(token).map_or("", |f| &self.text[f.folded.0 as usize..f.folded.1 as usize])
    }
}
