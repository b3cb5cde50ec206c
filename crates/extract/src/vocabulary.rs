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

/// The compiled vocabulary: a trie whose root is a table by word.
pub(crate) struct Vocabulary {
    words: Words,
    /// Node of each word that begins a phrase, 0 for the others.
    root: Vec<u32>,
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
        let mut parts = Vec::new();
        for p in gazetteer.phrases_folded() {
            parts.clear();
            parts.extend(p.folded.split(' '));
            builder.add(&parts, Entry::Gaz(p.entry, p.case));
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
            let mut next = self.root.get(words[start] as usize).map(|n| self.nodes[*n as usize]);
            while let Some(node) = next {
                if node.entries.0 < node.entries.1 {
                    ends.push((at as u32 + 1, node.entries));
                }
                at += 1;
                if tokens.get(at).is_some_and(|t| t.kind == TokenKind::Hyphen) {
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

/// Longest word that is its own key.
const SHORT: usize = 16;

/// Numbers of words, from 1.
#[derive(Default)]
struct Words {
    short: FxHashMap<u128, WordId>,
    long: FxHashMap<Box<str>, WordId>,
}

impl Words {
    fn get(&self, word: &str) -> WordId {
        let found = match key(word) {
            Some(k) => self.short.get(&k),
            None => self.long.get(word),
        };
        found.copied().unwrap_or(0)
    }

    fn number(&mut self, word: &str) -> WordId {
        let next = (self.short.len() + self.long.len()) as WordId + 1;
        match key(word) {
            Some(k) => *self.short.entry(k).or_insert(next),
            None => match self.long.get(word) {
                Some(id) => *id,
                None => *self.long.entry(word.into()).or_insert(next),
            },
        }
    }
}

/// The bytes of a short word as a number.
fn key(word: &str) -> Option<u128> {
    let mut bytes = [0u8; SHORT];
    bytes.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    Some(u128::from_le_bytes(bytes))
}

#[derive(Default)]
struct Builder {
    words: Words,
    edges: FxHashMap<(u32, WordId), u32>,
    found: Vec<(u32, Entry)>,
}

impl Builder {
    fn add(&mut self, phrase: &[&str], entry: Entry) {
        if phrase.iter().all(|w| w.is_empty()) {
            return;
        }
        let mut node = 0;
        for word in phrase.iter().filter(|w| !w.is_empty()) {
            let id = self.words.number(word);
            let next = self.edges.len() as u32 + 1;
            node = *self.edges.entry((node, id)).or_insert(next);
        }
        self.found.push((node, entry));
    }

    fn finish(mut self) -> Vocabulary {
        let mut nodes = vec![Node::default(); self.edges.len() + 1];
        self.found.sort_by_key(|(node, _)| *node);
        for (i, (node, _)) in self.found.iter().enumerate() {
            extend(&mut nodes[*node as usize].entries, i);
        }
        let words = self.words.short.len() + self.words.long.len();
        let mut root = vec![0; words + 1];
        let mut edges: Vec<(u32, WordId, u32)> = self.edges.into_iter().map(|((n, w), next)| (n, w, next)).collect();
        edges.sort_unstable();
        let mut steps = Vec::with_capacity(edges.len());
        for (node, word, next) in edges {
            if node == 0 {
                root[word as usize] = next;
            } else {
                extend(&mut nodes[node as usize].steps, steps.len());
                steps.push((word, next));
            }
        }
        let entries = self.found.into_iter().map(|(_, e)| e).collect();
        Vocabulary { words: self.words, root, nodes, steps, entries }
    }
}

/// Takes the next index into a range that is empty or ends there.
fn extend(range: &mut (u32, u32), at: usize) {
    if range.0 == range.1 {
        *range = (at as u32, at as u32);
    }
    range.1 = at as u32 + 1;
}
