//! Attribution: who says so, and how sure the saying is.

use dateline_model::{Certainty, PartialDate};

use crate::Engine;
use crate::chunk::{Chunk, Kind, Tokens};
use crate::clause::Clause;
use crate::document::Document;
use crate::entity::{Entities, clean_name};
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::time;

/// A source of what a frame says.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub text: String,
    pub at: (usize, Tokens),
    pub reported_on: Option<PartialDate>,
    pub reported_at: Option<(usize, Tokens)>,
    /// A government, its spokesman, or an official by name.
    pub official: bool,
    /// "announced", "confirmed".
    pub announced: bool,
    /// "denied that".
    pub denies: bool,
    pub certainty: Certainty,
}

/// The source of a frame: the speaker of the clause that governs it, or that stands in front of or behind it.
pub(crate) fn attribution(engine: &Engine, doc: &Document<'_>, entities: &Entities, frame: &Frame) -> Option<Source> {
    let s = &doc.sentences[frame.sentence];
    if !frame.slot("source").is_empty() {
        return source(engine, doc, entities, frame.sentence, frame.slot("source"), frame.clause);
    }
    let own = frame.clause;
    // up: "the Kremlin said that Xi will ..."
    let mut at = own;
    while let Some(k) = at {
        let clause = s.clauses.get(k)?;
        if Some(k) != own && says(engine, clause, &s.chunks) && !clause.subject.is_empty() {
            return source(engine, doc, entities, frame.sentence, &clause.subject, Some(k));
        }
        at = clause.parent.filter(|p| *p < k);
    }
    // behind: "..., the Kremlin said on Sunday"
    for (k, clause) in s.clauses.iter().enumerate() {
        if Some(k) != own
            && own.is_some_and(|o| k > o)
            && says(engine, clause, &s.chunks)
            && !clause.subject.is_empty()
            && (clause.chunks.len() <= 10 || inserted(clause, &s.chunks))
        {
            let found = source(engine, doc, entities, frame.sentence, &clause.subject, Some(k));
            // what the visitor says beside it is not said of the visit
            let visitor = frame.slot("visitor").iter().find_map(|c| entities.at((frame.sentence, *c)));
            let speaker = clause.subject.iter().find_map(|c| entities.at((frame.sentence, *c)));
            return found.filter(|_| speaker.is_none() || speaker != visitor);
        }
    }
    // "according to sources"
    let mark = s.chunks.iter().position(|c| c.sym == engine.symbols.according)?;
    source(engine, doc, entities, frame.sentence, &[mark + 1], None)
}

/// ", officials said, for talks": the speaker stands behind a comma.
fn inserted(clause: &Clause, chunks: &[Chunk]) -> bool {
    let first = clause.subject.iter().min().copied().unwrap_or(0);
    first > 0 && chunks[first - 1].sym == sym::COMMA && clause.verb.is_some_and(|v| v <= first + 6)
}

fn says(engine: &Engine, clause: &Clause, chunks: &[Chunk]) -> bool {
    clause.group(chunks).is_some_and(|v| !v.passive && v.syms.iter().any(|s| engine.speaks(*s)))
}

/// "two officials in the capital", "a spokesman for the ministry": the head stands before the preposition.
fn head_of(engine: &Engine, chunks: &[Chunk], subject: usize) -> usize {
    let mut first = subject;
    while first >= 2 {
        let link = engine.lexicon.name_of(chunks[first - 1].sym);
        let speaker = matches!(chunks[first - 2].kind, Kind::Person(_) | Kind::Group(_) | Kind::Source | Kind::Org(_));
        if chunks[first - 1].sym == sym::POSSESSIVE
            || (matches!(link, "of" | "for" | "in" | "at" | "from" | "to") && speaker)
        {
            first -= 2;
        } else {
            break;
        }
    }
    first
}

fn source(
    engine: &Engine,
    doc: &Document<'_>,
    entities: &Entities,
    sentence: usize,
    subject: &[usize],
    clause: Option<usize>,
) -> Option<Source> {
    let s = &doc.sentences[sentence];
    let (first, last) = (*subject.first()?, *subject.last()?);
    let first = head_of(engine, &s.chunks, first);
    let chunk = &s.chunks[first];
    let entity = entities.at((sentence, first)).map(|e| &entities.list[e]).filter(|_| first == subject[0]);
    let tokens = (chunk.tokens.0, s.chunks[last].tokens.1);
    let text = match entity {
        Some(e) if e.named && !e.group => e.name.clone(),
        _ => clean_name(doc.slice(sentence, tokens)),
    };
    if matches!(chunk.kind, Kind::Time(_) | Kind::Mark | Kind::Verb(_)) {
        return None;
    }
    let lower = text.to_lowercase();
    let anonymous = [
        "sources",
        "source",
        "media",
        "report",
        "reports",
        "newspaper",
        "newspapers",
        "diplomats",
        "agency",
        "radio",
        "television",
        "daily",
        "familiar",
    ]
    .iter()
    .any(|w| lower.contains(w));
    let mut out = Source {
        text,
        at: (sentence, tokens),
        reported_on: None,
        reported_at: None,
        official: !anonymous && entity.is_none_or(|e| !e.weak),
        announced: false,
        denies: false,
        certainty: Certainty::Stated,
    };
    if let Some(clause) = clause.and_then(|k| s.clauses.get(k)) {
        if let Some(v) = clause.group(&s.chunks) {
            let name = engine.lexicon.name_of(v.syms[0]);
            out.announced = name.starts_with("announce");
            out.denies = name.starts_with("deny") && !v.negated;
            if v.hedged {
                out.certainty = Certainty::Rumored;
            }
        }
        for c in &clause.chunks {
            if let Kind::Time(t) = &s.chunks[*c].kind
                && clause.verb.is_some_and(|v| c.abs_diff(v) <= 2)
            {
                let r = s.times[*t].resolve(doc.as_of, time::Tense::Past);
                if let Some(d @ PartialDate::Day(_)) = r.start {
                    out.reported_on = Some(d);
                    out.reported_at = Some((sentence, s.chunks[*c].tokens));
                }
            }
        }
        // "confirmed Xi's visit on Sunday": the day stands at the end
        if out.reported_on.is_none() && out.announced {
            for c in clause.chunks.iter().rev().take(2) {
                if let Kind::Time(t) = &s.chunks[*c].kind {
                    let r = s.times[*t].resolve(doc.as_of, time::Tense::Past);
                    if let Some(d @ PartialDate::Day(day)) = r.start
                        && doc.as_of.is_none_or(|a| day <= a)
                    {
                        out.reported_on = Some(d);
                        out.reported_at = Some((sentence, s.chunks[*c].tokens));
                    }
                }
            }
        }
    }
    Some(out)
}
