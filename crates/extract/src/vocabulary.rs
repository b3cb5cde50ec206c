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

/// The compiled vocabulary: a trie. The node of a word that begins phrases has the number of the word.
pub(crate) struct Vocabulary {
    /// The word "people", whose possessive is part of names of states.
    people: WordId,
    words: Words,
    nodes: Vec<Node>,
    /// Further words of phrases with the nodes that they lead to, by word within a node.
    steps: Vec<(WordId, u32)>,
    entries: Vec<Entry>,
}

#[derive(Clone, Copy, Default)]
struct Node {
    /// Range of `entries`.
    entries: (u32, u32),
    /// Range of `steps`.
    steps: (u32, u32),
}

impl Vocabulary {
    /// Compiles gazetteer and lexicon.
    pub(crate) fn new(gazetteer: &Gazetteer, lexicon: &Lexicon) -> Self {
        let mut builder = Builder::default();
        // common words first: what a text needs most lies close together
        for word in lexicon.phrases.iter().flat_map(|(phrase, _)| phrase).filter(|w| !w.is_empty()) {
            builder.words.number(word);
        }
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
        self.words.get(folded)
    }

    /// The node that a word leads to from a node.
    fn step(&self, node: Node, word: WordId) -> Option<Node> {
        let steps = &self.steps[node.steps.0 as usize..node.steps.1 as usize];
        let at = steps.binary_search_by_key(&word, |(w, _)| *w).ok()?;
        Some(self.nodes[steps[at].1 as usize])
    }

    /// Every phrase in a text, by start, the longest first.
    pub(crate) fn scan(&self, text: &str, tokens: &[Token], words: &[WordId]) -> Vec<Match> {
        let mut out = Vec::with_capacity(tokens.len());
        let mut ends: Vec<(u32, (u32, u32))> = vec![];
        for start in 0..tokens.len() {
            if words[start] == 0 {
                continue;
            }
            ends.clear();
            let mut at = start;
            let mut next = self.nodes.get(words[start] as usize).copied();
            while let Some(node) = next {
                if node.entries.0 < node.entries.1 {
                    ends.push((at as u32 + 1, node.entries));
                }
                at += 1;
                let people = words[at - 1] == self.people;
                if tokens
                    .get(at)
                    .is_some_and(|t| t.kind == TokenKind::Hyphen || (people && t.kind == TokenKind::Possessive))
                {
                    at += 1;
                }
                if node.steps.0 == node.steps.1 || at >= tokens.len() || words[at] == 0 {
                    break;
                }
                next = self.step(node, words[at]);
            }
            for &(end, (from, to)) in ends.iter().rev() {
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

/// Numbers of words, from 1. A word of up to sixteen bytes is its own key: nothing has to be fetched to compare it.
#[derive(Default)]
struct Words {
    short: FxHashMap<u64, WordId>,
    middle: FxHashMap<u128, WordId>,
    long: FxHashMap<Box<str>, WordId>,
}

impl Words {
    fn len(&self) -> usize {
        self.short.len() + self.middle.len() + self.long.len()
    }

    fn get(&self, word: &str) -> WordId {
        let found = match Key::of(word) {
            Key::Short(k) => self.short.get(&k),
            Key::Middle(k) => self.middle.get(&k),
            Key::Long(k) => self.long.get(k),
        };
        found.copied().unwrap_or(0)
    }

    fn number(&mut self, word: &str) -> WordId {
        let next = self.len() as WordId + 1;
        match Key::of(word) {
            Key::Short(k) => *self.short.entry(k).or_insert(next),
            Key::Middle(k) => *self.middle.entry(k).or_insert(next),
            Key::Long(k) => match self.long.get(k) {
                Some(id) => *id,
                None => *self.long.entry(k.into()).or_insert(next),
            },
        }
    }
}

/// The bytes of a word as a number.
enum Key<'a> {
    Short(u64),
    Middle(u128),
    Long(&'a str),
}

impl<'a> Key<'a> {
    fn of(word: &'a str) -> Self {
        let bytes = word.as_bytes();
        match bytes.len() {
            n @ 0..=8 => {
                let mut key = [0; 8];
                key[..n].copy_from_slice(bytes);
                Self::Short(u64::from_le_bytes(key))
            }
            n @ 9..=16 => {
                let mut key = [0; 16];
                key[..n].copy_from_slice(bytes);
                Self::Middle(u128::from_le_bytes(key))
            }
            _ => Self::Long(word),
        }
    }
}

/// Marks a node behind the first word while the number of words is not known.
const INNER: u32 = 1 << 31;

#[derive(Default)]
struct Builder {
    words: Words,
    edges: FxHashMap<(u32, WordId), u32>,
    found: Vec<(u32, Entry)>,
}

impl Builder {
    fn add(&mut self, phrase: &[&str], entry: Entry) {
        let mut words = phrase.iter().filter(|w| !w.is_empty());
        let Some(first) = words.next() else { return };
        let mut node = self.words.number(first);
        for word in words {
            let id = self.words.number(word);
            let next = INNER | self.edges.len() as u32;
            node = *self.edges.entry((node, id)).or_insert(next);
        }
        self.found.push((node, entry));
    }

    fn finish(self) -> Vocabulary {
        let first = self.words.len() as u32 + 1;
        let place = |node: u32| if node & INNER == 0 { node } else { first + (node & !INNER) };
        let mut nodes = vec![Node::default(); first as usize + self.edges.len()];
        let mut found: Vec<(u32, Entry)> = self.found.into_iter().map(|(node, e)| (place(node), e)).collect();
        found.sort_by_key(|(node, _)| *node);
        for (i, (node, _)) in found.iter().enumerate() {
            extend(&mut nodes[*node as usize].entries, i);
        }
        let edges = self.edges.into_iter();
        let mut edges: Vec<(u32, WordId, u32)> = edges.map(|((n, w), next)| (place(n), w, place(next))).collect();
        edges.sort_unstable();
        for (i, (node, ..)) in edges.iter().enumerate() {
            extend(&mut nodes[*node as usize].steps, i);
        }
        let steps = edges.into_iter().map(|(_, word, next)| (word, next)).collect();
        let entries = found.into_iter().map(|(_, e)| e).collect();
        let people = self.words.get("people");
        Vocabulary { people, words: self.words, nodes, steps, entries }
    }
}

/// Takes the next index into a range that is empty or ends there.
fn extend(range: &mut (u32, u32), at: usize) {
    if range.0 == range.1 {
        *range = (at as u32, at as u32);
    }
    range.1 = at as u32 + 1;
}
