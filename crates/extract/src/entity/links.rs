//! Which entity each chunk means.

use super::At;
use crate::document::Document;

/// How many chunks away an office is still taken for somebody who is named.
const REACH: usize = 5000;

/// The entity that each chunk means.
#[derive(Debug, Default)]
pub(super) struct Links {
    /// Number of the first chunk of each sentence, and of the one behind the last.
    first: Vec<usize>,
    of: Vec<Option<usize>>,
}

impl Links {
    pub(super) fn new(doc: &Document<'_>) -> Self {
        let mut first = vec![0];
        first.extend(doc.sentences.iter().scan(0, |sum, s| {
            *sum += s.chunks.len();
            Some(*sum)
        }));
        let of = vec![None; first.last().copied().unwrap_or(0)];
        Self { first, of }
    }

    fn number(&self, at: At) -> Option<usize> {
        let n = self.first.get(at.0)? + at.1;
        (n < *self.first.get(at.0 + 1)?).then_some(n)
    }

    pub(super) fn get(&self, at: At) -> Option<usize> {
        self.of[self.number(at)?]
    }

    pub(super) fn insert(&mut self, at: At, entity: usize) {
        if let Some(n) = self.number(at) {
            self.of[n] = Some(entity);
        }
    }

    /// Whoever was meant by `old` is `new`.
    pub(super) fn replace(&mut self, old: usize, new: usize) {
        self.of.iter_mut().filter(|e| **e == Some(old)).for_each(|e| *e = Some(new));
    }

    /// How many chunks mean an entity.
    pub(super) fn mentions(&self, entity: usize) -> usize {
        self.of.iter().filter(|e| **e == Some(entity)).count()
    }

    /// The entities of a sentence.
    pub(super) fn of_sentence(&self, sentence: usize) -> impl Iterator<Item = usize> {
        self.of[self.first[sentence]..self.first[sentence + 1]].iter().flatten().copied()
    }

    /// The entities of the sentences before one, the last sentence first, each with its sentence.
    pub(super) fn before(&self, sentence: usize) -> impl Iterator<Item = (usize, usize)> {
        let entities = |s: usize| self.of[self.first[s]..self.first[s + 1]].iter().flatten().map(move |e| (s, *e));
        (0..sentence).rev().flat_map(entities)
    }

    /// The entities before a chunk, the last first, and those after it.
    pub(super) fn around(&self, at: At) -> (impl Iterator<Item = usize>, impl Iterator<Item = usize>) {
        let n = self.number(at).unwrap_or(0);
        let before = self.of[..n].iter().rev().take(REACH).copied().flatten();
        (before, self.of.iter().skip(n + 1).take(REACH).copied().flatten())
    }
}
