//! Frames: what the rules say of clauses and sentences, with the chunks behind every slot.

use dateline_model::EventType;

use crate::Engine;
use crate::chunk::{Chunk, Kind, NounNp, VerbGroup};
use crate::clause::Link;
use crate::document::Document;
use crate::matcher::Runner;
use crate::rules::{Fired, Over};

/// A rule that fired, in terms of chunks.
#[derive(Debug, Clone)]
pub(crate) struct Frame {
    pub rule: usize,
    pub sentence: usize,
    /// The clause that holds it.
    pub clause: Option<usize>,
    /// First and last chunk.
    pub span: (usize, usize),
    pub slots: Vec<(String, Vec<usize>)>,
}

impl Frame {
    /// The chunks of a slot.
    pub(crate) fn slot(&self, name: &str) -> &[usize] {
        self.slots.iter().find(|(n, _)| n == name).map_or(&[], |(_, c)| c)
    }

    /// The noun of the slot `noun`.
    pub(crate) fn noun<'d>(&self, doc: &'d Document<'_>) -> Option<(usize, &'d NounNp)> {
        let at = *self.slot("noun").first()?;
        match &doc.sentences[self.sentence].chunks[at].kind {
            Kind::Noun(n) => Some((at, n)),
            _ => None,
        }
    }

    /// The verb group of its clause.
    pub(crate) fn verb<'d>(&self, doc: &'d Document<'_>) -> Option<&'d VerbGroup> {
        let s = &doc.sentences[self.sentence];
        s.clauses.get(self.clause?)?.group(&s.chunks)
    }
}

/// Every frame of a document, in the order of the text.
pub(crate) fn frames(engine: &Engine, doc: &Document<'_>) -> Vec<Frame> {
    let mut out = vec![];
    let mut runner = Runner::default();
    let mut row = vec![];
    for (s, sentence) in doc.sentences.iter().enumerate() {
        for (k, clause) in sentence.clauses.iter().enumerate() {
            clause.rows(&sentence.chunks, &mut row, |row| {
                for fired in engine.rules.fire(Over::Clause, row, &mut runner) {
                    let at = |i: usize| clause.chunks.get(i).copied();
                    out.extend(frame(engine, &sentence.chunks, s, Some(k), &fired, at));
                }
            });
        }
        row.clear();
        row.extend(sentence.chunks.iter().map(|c| c.sym));
        for fired in engine.rules.fire(Over::Sentence, &row, &mut runner) {
            if let Some(mut f) = frame(engine, &sentence.chunks, s, None, &fired, Some) {
                let anchor = f.slot("noun").first().copied().unwrap_or(f.span.0);
                let verb = f.slot("verb").first().copied();
                f.clause = sentence.clauses.iter().position(|c| match verb {
                    Some(_) => c.verb == verb,
                    None => c.chunks.contains(&anchor) && c.verb.is_some_and(|v| v != anchor),
                });
                // "X, on a visit to Oslo, said": the verb is that of whom the aside stands beside
                f.clause = f.clause.or_else(|| {
                    let aside = sentence.clauses.iter().find(|c| c.link == Link::Aside && c.chunks.contains(&anchor));
                    aside.and_then(|c| c.parent)
                });
                out.push(f);
            }
        }
    }
    out
}

fn frame(
    engine: &Engine,
    chunks: &[Chunk],
    sentence: usize,
    clause: Option<usize>,
    fired: &Fired,
    at: impl Fn(usize) -> Option<usize>,
) -> Option<Frame> {
    let rule = engine.rule(fired.rule);
    let slots = fired
        .found
        .slots
        .iter()
        .map(|(n, (from, to))| (rule.slot(*n).to_owned(), (*from..*to).filter_map(&at).collect()))
        .collect();
    let last = fired.found.span.1.checked_sub(1)?;
    // "welcomed Lula's remarks": the pattern took the owner for the one it speaks of
    // (a blow at what is somebody's is one at him)
    let struck = matches!(rule.event, Some(EventType::Attack | EventType::Sanction));
    let owner = !struck && chunks.get(at(last)? + 1).is_some_and(|c| c.sym == crate::lexicon::sym::POSSESSIVE);
    let party = |name: &str| !matches!(name, "noun" | "topic" | "purpose" | "destination");
    if owner && fired.found.slots.iter().any(|(n, (_, to))| *to == fired.found.span.1 && party(rule.slot(*n))) {
        return None;
    }
    Some(Frame { rule: fired.rule, sentence, clause, span: (at(fired.found.span.0)?, at(last)?), slots })
}
