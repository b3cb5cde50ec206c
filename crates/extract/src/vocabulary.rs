//! One trie over the names of the gazetteer and the words of the lexicon: a text is scanned once.

use dateline_gazetteer::{Case, EntryRef, Gazetteer};
use dateline_text::{Token, TokenKind};
use rustc_hash::FxHashMap;

use crate::common::Common;
use crate::dictionary::Dictionary;
use crate::filter::Filter;
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
    words: Dictionary,
    /// By number of the word.
    common: Vec<Common>,
    nodes: Vec<Node>,
    /// Further words of phrases with the nodes that they lead to, by word within a node.
    steps: Vec<(WordId, u32)>,
    /// Which word may lead on from which node.
    pairs: Filter,
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
        let words = Common::words(gazetteer);
        let mut common = vec![];
        for (word, is) in words {
            let number = builder.words.number(&word) as usize;
            common.resize(common.len().max(number + 1), Common::default());
            common[number].add(is);
        }
        for word in lexicon.phrases.iter().flat_map(|(phrase, _)| phrase).filter(|w| !w.is_empty()) {
            builder.words.number(word);
        }
        builder.words.close();
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
        builder.words.seal();
        Self { common, ..builder.finish() }
    }

    /// Number of the folded word at bytes `[from, to)` of a text.
    pub(crate) fn word(&self, text: &str, (from, to): (u32, u32)) -> WordId {
        self.words.get(text.as_bytes(), from as usize, to as usize)
    }

    /// What a word is that is printed as it is folded.
    pub(crate) fn common(&self, word: WordId) -> Common {
        self.common.get(word as usize).copied().unwrap_or_default()
    }

    /// The node that a word leads to from a node.
    fn step(&self, from: u32, word: WordId) -> Option<u32> {
        let node = self.nodes[from as usize];
        if node.steps.0 == node.steps.1 || !self.pairs.may_have(pair(from, word)) {
            return None;
        }
        let steps = &self.steps[node.steps.0 as usize..node.steps.1 as usize];
        let at = steps.binary_search_by_key(&word, |(w, _)| *w).ok()?;
        Some(steps[at].1)
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
            let mut next = Some(words[start]);
            while let Some(number) = next {
                let node = self.nodes[number as usize];
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
                next = self.step(number, words[at]);
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

/// Marks a node behind the first word while the number of words is not known.
const INNER: u32 = 1 << 31;

#[derive(Default)]
struct Builder {
    words: Dictionary,
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
        let mut pairs = Filter::new(edges.len());
        for (node, word, _) in &edges {
            pairs.add(pair(*node, *word));
        }
        let steps = edges.into_iter().map(|(_, word, next)| (word, next)).collect();
        let entries = found.into_iter().map(|(_, e)| e).collect();
        let people = self.words.get(b"people", 0, 6);
        Vocabulary { people, words: self.words, common: vec![], nodes, steps, pairs, entries }
    }
}

fn pair(node: u32, word: WordId) -> u64 {
    u64::from(node) << 32 | u64::from(word)
}

/// Takes the next index into a range that is empty or ends there.
fn extend(range: &mut (u32, u32), at: usize) {
    if range.0 == range.1 {
        *range = (at as u32, at as u32);
    }
    range.1 = at as u32 + 1;
}
