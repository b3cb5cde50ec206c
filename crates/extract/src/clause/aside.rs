//! What stands between two commas behind a subject, without a verb.

use super::{Clause, Link, Splitter, is_entity};
use crate::chunk::Kind;
use crate::lexicon::sym;

impl Splitter<'_> {
    /// "X, chairman of the council, arrived", "X, on a tour of Africa, said": what stands between two commas behind the subject
    /// becomes a row of its own.
    pub(super) fn cut_aside(&mut self, i: usize) {
        let cur = &self.clauses[self.current];
        let row = &cur.chunks;
        let comma = |k: usize| matches!(self.chunks[k].sym, sym::COMMA | sym::DASH);
        if !row.last().is_some_and(|last| last + 1 == i && comma(*last)) {
            return;
        }
        let opens = |k: usize| {
            let c = &self.chunks[k];
            match &c.kind {
                Kind::Noun(_) => true,
                Kind::Person(p) => p.name.is_none(),
                Kind::Mark => {
                    c.sym == sym::OTHER
                        || self.engine.symbols.among.contains(&c.sym)
                        || self.engine.symbols.object_prepositions.contains(&c.sym) && c.sym != self.engine.symbols.and
                        || self.engine.symbols.settings.contains(&c.sym)
                }
                _ => false,
            }
        };
        let found = (1..row.len().saturating_sub(2)).rev().find(|k| {
            let free = k.checked_sub(2).is_none_or(|b| {
                let c = &self.chunks[row[b]];
                !matches!(c.kind, Kind::Mark) || c.sym == sym::COMMA || c.sym == self.engine.symbols.and
            });
            comma(row[*k])
                && is_entity(&self.chunks[row[k - 1]])
                && row[k - 1] + 1 == row[*k]
                && opens(row[k + 1])
                && free
        });
        let Some(k) = found else { return };
        let (subject, current) = (row[k - 1], self.current);
        let inner = row[k + 1..row.len() - 1].to_vec();
        self.clauses[current].chunks.truncate(k);
        let mut aside = Clause::new(Link::Aside, Some(current));
        aside.subject = vec![subject];
        aside.chunks = std::iter::once(subject).chain(inner).collect();
        self.clauses.push(aside);
    }
}
