//! One trie over the names of the gazetteer and the words of the lexicon: a text is scanned once.

use dateline_gazetteer::{Case, EntryRef, Gazetteer};
use dateline_text::{Token, TokenKind};
use rustc_hash::FxHashMap;

use crate::lexicon::{Lex, Lexicon};

/// What a phrase means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Entry {
    Gaz(EntryRef, Case),
    Lex(Lex),
}

/// A word of the vocabulary; 0 is any other word.
pub(crate) type WordId = u32;

/// A phrase that stands at tokens `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Match {
    pub start: u32,
    pub end: u32,
    pub entry: Entry,
}

/// The compiled vocabulary.
pub(crate) struct Vocabulary {
    /// The word "people", whose possessive is part of names of states.
    people: WordId,
    words: FxHashMap<Box<str>, WordId>,
    edges: FxHashMap<(u32, WordId), u32>,
    entries: Vec<Entry>,
    /// Range of `entries` of each node.
    nodes: Vec<(u32, u32)>,
}

impl Vocabulary {
    /// Compiles gazetteer and lexicon.
    pub(crate) fn new(gazetteer: &Gazetteer, lexicon: &Lexicon) -> Self {
        let mut builder = Builder::default();
        let mut parts = Vec::new();
        for p in gazetteer.phrases_folded() {
            parts.clear();
            parts.extend(p.folded.split(' '));
            builder.add(&parts, Entry::Gaz(p.entry, p.case));
            // "People's" is two tokens of a text
            if parts.contains(&"peoples") {
                parts.iter_mut().filter(|w| **w == "peoples").for_each(|w| *w = "people");
                builder.add(&parts, Entry::Gaz(p.entry, p.case));
            }
        }
        for (phrase, lex) in &lexicon.phrases {
            parts.clear();
            let words: Vec<&str> = phrase.iter().map(String::as_str).collect();
            builder.add(&words, Entry::Lex(*lex));
        }
        builder.finish()
    }

    /// Number of a folded word.
    pub(crate) fn word(&self, folded: &str) -> WordId {
        self.words.get(folded).copied().unwrap_or(0)
    }

    /// Every phrase in a text, by start, the longest first.
    pub(crate) fn scan(&self, text: &str, tokens: &[Token], words: &[WordId]) -> Vec<Match> {
        let mut out = Vec::with_capacity(tokens.len());
        let mut ends: Vec<(u32, u32)> = vec![];
        for start in 0..tokens.len() {
            if words[start] == 0 {
                continue;
            }
            ends.clear();
            let (mut node, mut at) = (0u32, start);
            while let Some(&next) = self.edges.get(&(node, words[at])) {
                node = next;
                if self.nodes[node as usize].0 < self.nodes[node as usize].1 {
                    ends.push((at as u32 + 1, node));
                }
                at += 1;
                let people = words[at - 1] == self.people;
                if tokens
                    .get(at)
                    .is_some_and(|t| t.kind == TokenKind::Hyphen || (people && t.kind == TokenKind::Possessive))
                {
                    at += 1;
                }
                if at >= tokens.len() || words[at] == 0 {
                    break;
                }
            }
            for &(end, node) in ends.iter().rev() {
                let (from, to) = self.nodes[node as usize];
                let fits = |e: &&Entry| match e {
                    Entry::Gaz(_, case) => case_fits(*case, text, tokens, start, end as usize),
                    Entry::Lex(_) => true,
                };
                let found = self.entries[from as usize..to as usize].iter().filter(fits);
                out.extend(found.map(|e| Match { start: start as u32, end, entry: *e }));
            }
        }
        out
    }
}

fn case_fits(case: Case, text: &str, tokens: &[Token], start: usize, end: usize) -> bool {
    let first = &tokens[start];
    match case {
        Case::Any => true,
        Case::Capitalised => first.capital || tokens[end - 1].capital,
        Case::Upper => {
            let word = first.text(text);
            first.upper && (word.len() > 1 || word.contains('.'))
        }
    }
}

#[derive(Default)]
struct Builder {
    words: FxHashMap<Box<str>, WordId>,
    edges: FxHashMap<(u32, WordId), u32>,
    found: Vec<(u32, Entry)>,
    next: u32,
}

impl Builder {
    fn add(&mut self, phrase: &[&str], entry: Entry) {
        if phrase.iter().all(|w| w.is_empty()) {
            return;
        }
        let mut node = 0;
        for word in phrase.iter().filter(|w| !w.is_empty()) {
            let n = self.words.len() as u32 + 1;
            let id = match self.words.get(*word) {
                Some(id) => *id,
                None => *self.words.entry((*word).into()).or_insert(n),
            };
            let next = &mut self.next;
            node = *self.edges.entry((node, id)).or_insert_with(|| {
                *next += 1;
                *next
            });
        }
        self.found.push((node, entry));
    }

    fn finish(mut self) -> Vocabulary {
        self.found.sort_by_key(|(node, _)| *node);
        let mut nodes = vec![(0, 0); self.next as usize + 1];
        for (i, (node, _)) in self.found.iter().enumerate() {
            let range: &mut (u32, u32) = &mut nodes[*node as usize];
            if range.0 == range.1 {
                *range = (i as u32, i as u32);
            }
            range.1 = i as u32 + 1;
        }
        Vocabulary {
            people: self.words.get("people").copied().unwrap_or(WordId::MAX),
            words: self.words,
            edges: self.edges,
            entries: self.found.into_iter().map(|(_, e)| e).collect(),
            nodes,
        }
    }
}
