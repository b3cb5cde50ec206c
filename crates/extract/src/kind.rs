//! The kind of a visit: what the adjectives of its noun state, else the summit that it is made for.

use dateline_model::VisitKind;

use crate::chunk::{Kind, NounNp, Tokens};
use crate::frame::Frame;
use crate::lexicon::AdjKind;
use crate::visit::Reader;

impl Reader<'_> {
    /// A summit in the frame's clause, or in one that hangs on it, that the visitor travels to.
    pub(crate) fn summit_beside(&self, frame: &Frame, country: u32) -> Option<Tokens> {
        use crate::clause::Link;
        let s = &self.doc.sentences[frame.sentence];
        let clause = s.clauses.get(frame.clause?)?;
        let from = frame.span.0.min(frame.span.1);
        let own = clause.chunks.iter().copied().chain(frame.span.0..=frame.span.1);
        // "to attend a summit", "attending a summit", "where he will hold a summit"
        let children = s
            .clauses
            .iter()
            .filter(|c| {
                c.parent == frame.clause
                    && (matches!(c.link, Link::Infinitive | Link::Participle)
                        || (c.link == Link::Relative && c.place.is_some()))
            })
            .flat_map(|c| c.chunks.iter().copied());
        own.chain(children)
            .filter(|c| *c >= from && !self.elsewhere(frame, *c, country))
            .find_map(|c| self.summit_at(frame.sentence, c))
    }

    /// The meeting stands behind "after" or "before", or in a place of another country.
    fn elsewhere(&self, frame: &Frame, c: usize, country: u32) -> bool {
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        let symbols = &self.engine.symbols;
        let apart = (frame.span.0..c).rev().take(3).any(|k| [symbols.after, symbols.before].contains(&chunks[k].sym));
        let place = (c + 1..chunks.len().min(c + 6))
            .take_while(|k| chunks[*k].sym != crate::lexicon::sym::COMMA)
            .find_map(|k| match &chunks[k].kind {
                Kind::Place(p) if symbols.inside.contains(&chunks[k - 1].sym) => Some(p),
                _ => None,
            });
        let there = place.and_then(|p| self.country_of(p));
        apart || there.is_some_and(|t| self.on_the_day(t) != country)
    }

    /// A meeting called a summit, or one of a body of states ("the annual meeting of the BRICS group").
    fn summit_at(&self, sentence: usize, c: usize) -> Option<Tokens> {
        let chunks = &self.doc.sentences[sentence].chunks;
        let tokens = chunks[c].tokens;
        let name = |k: usize| self.engine.lexicon.name_of(chunks[k].sym);
        if chunks[c].sym == self.engine.symbols.summit_noun {
            let text = self.doc.lower(sentence, tokens);
            return (!text.contains("forum")).then_some(tokens);
        }
        let of = chunks.get(c + 1).is_some_and(|k| k.sym == self.engine.symbols.of);
        let body = chunks.get(c + 2).and_then(|k| match &k.kind {
            Kind::Org(o) => Some(*o),
            Kind::Group(g) => g.organisation,
            _ => None,
        });
        // a group of states without a seat meets as a summit
        let states = body.is_some_and(|o| {
            let o = self.engine.gazetteer.organisation(o);
            o.class == dateline_gazetteer::OrganisationClass::International && o.city.is_none()
        });
        (name(c) == "talks.n" && of && states).then_some(tokens)
    }
}

/// Kind that the adjectives of a visit noun state.
pub(crate) fn kind_of(noun: &NounNp) -> Option<(VisitKind, Tokens)> {
    noun.kinds.iter().find_map(|(k, span)| {
        let kind = match k {
            AdjKind::State => VisitKind::State,
            AdjKind::Official => VisitKind::Official,
            AdjKind::Working => VisitKind::Working,
            AdjKind::Private => VisitKind::Private,
            AdjKind::Plain => return None,
        };
        Some((kind, *span))
    })
}

pub(crate) fn kind_by_name(name: &str) -> Option<VisitKind> {
    Some(match name {
        "state" => VisitKind::State,
        "official" => VisitKind::Official,
        "working" => VisitKind::Working,
        "private" => VisitKind::Private,
        "summit" => VisitKind::Summit,
        "transit" => VisitKind::Transit,
        _ => return None,
    })
}
