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
    pub entity: Option<usize>,
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
///
/// What somebody says of his own visit needs no source.
pub(crate) fn attribution(engine: &Engine, doc: &Document<'_>, entities: &Entities, frame: &Frame) -> Option<Source> {
    let found = speaker(engine, doc, entities, frame)?;
    let chunks = &doc.sentences[frame.sentence].chunks;
    let visits = |c: &usize| {
        let named = c.checked_sub(1).is_some_and(|b| chunks[b].sym == engine.symbols.according);
        !named && found.entity.is_some() && entities.at((frame.sentence, *c)) == found.entity
    };
    let own = frame.slots.iter().filter(|(n, _)| n == "visitor").flat_map(|(_, c)| c).any(visits);
    (!own).then_some(found)
}

fn speaker(engine: &Engine, doc: &Document<'_>, entities: &Entities, frame: &Frame) -> Option<Source> {
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
            && (clause.chunks.len() <= 10 || inserted(engine, clause, &s.chunks))
            && aside(doc, frame.sentence, clause)
        {
            return source(engine, doc, entities, frame.sentence, &clause.subject, Some(k));
        }
    }
    // ", said the minister"
    for (k, clause) in s.clauses.iter().enumerate().filter(|(k, c)| Some(*k) != own && says(engine, c, &s.chunks)) {
        let Some(v) = clause.verb.filter(|v| *v > 0 && own.is_some_and(|o| k > o)) else { continue };
        let behind = s
            .chunks
            .get(v + 1)
            .is_some_and(|c| matches!(c.kind, Kind::Person(_) | Kind::Group(_) | Kind::Source | Kind::Org(_)));
        if behind && matches!(s.chunks[v - 1].sym, sym::COMMA | sym::QUOTE) {
            return source(engine, doc, entities, frame.sentence, &[v + 1], Some(k));
        }
    }
    // "according to sources"
    let mark = s.chunks.iter().position(|c| c.sym == engine.symbols.according)?;
    source(engine, doc, entities, frame.sentence, &[mark + 1], None)
}

/// The subject of a clause that announces something.
pub(crate) fn announcer(
    engine: &Engine,
    doc: &Document<'_>,
    entities: &Entities,
    sentence: usize,
    clause: usize,
) -> Option<Source> {
    let s = &doc.sentences[sentence];
    let c = s.clauses.get(clause)?;
    let verb = doc.lower(sentence, s.chunks[c.verb?].tokens);
    let notice = c.chunks.iter().any(|k| doc.lower(sentence, s.chunks[*k].tokens) == "notice");
    let announces = c.group(&s.chunks)?.syms.iter().any(|x| engine.lexicon.name_of(*x) == "announce.v")
        || (notice && ["give", "gives", "gave"].iter().any(|w| verb.ends_with(w)));
    if !announces {
        return None;
    }
    source(engine, doc, entities, sentence, &c.subject, Some(clause))
}

/// ", officials said, for talks": the speaker stands behind a comma.
fn inserted(engine: &Engine, clause: &Clause, chunks: &[Chunk]) -> bool {
    let first = head_of(engine, chunks, clause.subject.iter().min().copied().unwrap_or(0));
    first > 0 && chunks[first - 1].sym == sym::COMMA && clause.verb.is_some_and(|v| v <= first + 8)
}

/// The saying has no object of its own ("promised food aid").
fn aside(doc: &Document<'_>, sentence: usize, clause: &Clause) -> bool {
    let chunks = &doc.sentences[sentence].chunks;
    let Some(verb) = clause.verb else { return false };
    let tells = doc.lower(sentence, chunks[verb].tokens);
    let object = chunks.get(verb + 1).is_some_and(|c| matches!(c.kind, Kind::Noun(_)));
    !object || tells.split_whitespace().any(|w| matches!(w, "told" | "tell" | "tells"))
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
        // "the presidency's protocol department", "the rebel-run capital"
        let compound = matches!(chunks[first].kind, Kind::Noun(_))
            && matches!(chunks[first - 1].kind, Kind::Noun(_) | Kind::Group(_) | Kind::Source | Kind::Org(_))
            && chunks[first - 1].tokens.1 == chunks[first].tokens.0;
        let hyphen = matches!(chunks[first - 1].kind, Kind::Verb(_))
            && chunks[first - 2].tokens.1 + 1 == chunks[first - 1].tokens.0
            && !matches!(chunks[first - 2].kind, Kind::Mark | Kind::Time(_));
        if compound {
            first -= 1;
        } else if hyphen
            || chunks[first - 1].sym == sym::POSSESSIVE
            || (matches!(link, "of" | "for" | "in" | "at" | "from" | "to") && speaker)
            || (matches!(link, "on" | "from" | "in" | "by")
                && matches!(chunks[first - 2].kind, Kind::Noun(_))
                && first == 2)
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
    // the article is printed, too: "the Kremlin"
    let part = doc.part_of(sentence);
    let article = chunk.tokens.0.checked_sub(1).filter(|t| matches!(part.lower(*t as usize), "the" | "a" | "an"));
    let tokens = (article.unwrap_or(chunk.tokens.0), s.chunks[last].tokens.1);
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
        entity: entities.at((sentence, first)).filter(|_| first == subject[0]),
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
