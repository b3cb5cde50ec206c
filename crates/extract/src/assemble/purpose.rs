//! What visits are for, in the article's words: "for talks on gas", "to open an embassy", "on a peace mission", what they
//! coincide with.

use crate::chunk::{Kind, Tokens};
use crate::clause::{Clause, Link};
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::visit::{Draft, Reader};

/// Fills the purposes that no slot of a rule gave.
pub(super) fn purposes(reader: &Reader<'_>, frames: &[Frame], drafts: &mut [Draft]) {
    let doc = reader.doc;
    for d in drafts.iter_mut().filter(|d| d.purpose.is_none()) {
        let found = in_sentence(reader, d).map(|t| (d.sentence, t)).or_else(|| coincides(reader, d)).or_else(|| {
            let attended = frames.iter().find(|f| {
                f.slot("attendee").iter().any(|c| reader.entities.at((f.sentence, *c)) == Some(d.visitor))
                    && !f.slot("noun").is_empty()
            })?;
            Some((attended.sentence, doc.sentences[attended.sentence].chunks[*attended.slot("noun").first()?].tokens))
        });
        if let Some((s, tokens)) = found {
            d.purpose = Some(crate::entity::clean_name(doc.slice(s, tokens)));
            d.quotes.add("purpose", (s, tokens), "purpose");
        }
    }
}

fn in_sentence(reader: &Reader<'_>, d: &Draft) -> Option<Tokens> {
    let sentence = &reader.doc.sentences[d.sentence];
    let own = |c: &&Clause| {
        c.chunks.iter().any(|k| reader.entities.at((d.sentence, *k)) == Some(d.visitor))
            || c.subject.iter().any(|k| sentence.chunks[*k].sym == reader.engine.symbols.visit_noun)
    };
    let clauses: Vec<&Clause> = sentence.clauses.iter().filter(own).collect();
    let verb =
        |c: &Clause| c.group(&sentence.chunks).map_or("", |v| reader.engine.lexicon.name_of(v.syms[0])).to_owned();
    // "to coincide with", "to attend": what comes behind
    let named = clauses.iter().find(|c| verb(c).starts_with("coincide") || verb(c).starts_with("attend"));
    if let Some(t) = named.and_then(|c| behind(reader, d.sentence, c, c.verb?)) {
        return Some(t);
    }
    clauses
        .iter()
        .find_map(|c| purpose_for(reader, d, c))
        .or_else(|| clauses.iter().find_map(|c| purpose_to(reader, d, c)))
        .or_else(|| mission(reader, d.sentence))
}

/// The noun group behind a verb.
fn behind(reader: &Reader<'_>, s: usize, clause: &Clause, verb: usize) -> Option<Tokens> {
    let chunks = &reader.doc.sentences[s].chunks;
    let first =
        clause.chunks.iter().copied().find(|c| *c > verb && chunks[*c].sym != reader.engine.symbols.inside[0])?;
    let noun = matches!(chunks[first].kind, Kind::Noun(_)) && chunks[first].sym != reader.engine.symbols.visit_noun;
    noun.then(|| group(reader, s, first, Some(0)))
}

/// "for talks on gas": behind the destination, before any other.
fn purpose_for(reader: &Reader<'_>, d: &Draft, clause: &Clause) -> Option<Tokens> {
    let chunks = &reader.doc.sentences[d.sentence].chunks;
    let verb = clause.verb;
    clause.chunks.windows(2).find_map(|w| {
        let (c, noun) = (w[0], w[1]);
        let near = c.checked_sub(1).is_some_and(|b| place_in(reader, d, b));
        let fits = (near || verb.is_some_and(|v| c > v))
            && noun == c + 1
            && reader.engine.lexicon.name_of(chunks[c].sym) == "for"
            && matches!(chunks[noun].kind, Kind::Noun(_))
            && chunks[noun].sym != reader.engine.symbols.visit_noun
            && ours(reader, d, c)
            && !counts(reader, d.sentence, chunks[noun].tokens);
        fits.then(|| group(reader, d.sentence, noun, Some(d.country)))
    })
}

/// "to open an embassy": an infinitive that hangs on the clause of the journey.
fn purpose_to(reader: &Reader<'_>, d: &Draft, clause: &Clause) -> Option<Tokens> {
    let chunks = &reader.doc.sentences[d.sentence].chunks;
    let (verb, parent) = (clause.verb?, clause.parent?);
    let aimed = reader.doc.slice(d.sentence, chunks[verb].tokens).eq_ignore_ascii_case("aimed");
    let to = clause.link == Link::Infinitive;
    let name = reader.engine.lexicon.name_of(chunks[verb].sym);
    let travels = ["travel", "arrive", "visit", "leave", "return"].iter().any(|w| name.starts_with(w));
    let there = reader.doc.sentences[d.sentence].clauses[parent].chunks.iter().any(|c| place_in(reader, d, *c));
    if !(to || aimed) || travels || !(there || ours(reader, d, verb)) || !ours(reader, d, verb) {
        return None;
    }
    let mut end = chunks[verb].tokens.1;
    for chunk in &chunks[verb + 1..] {
        match chunk.kind {
            Kind::Time(_) => break,
            Kind::Verb(ref v) if v.finite && !aimed => break,
            Kind::Mark if chunk.sym == sym::COMMA || chunk.sym == sym::STOP || chunk.sym == sym::QUOTE => break,
            Kind::Mark => {}
            _ => end = chunk.tokens.1,
        }
    }
    Some((chunks[verb].tokens.0, end))
}

/// "on a peace mission"
fn mission(reader: &Reader<'_>, s: usize) -> Option<Tokens> {
    reader.doc.sentences[s].chunks.iter().find_map(|c| match &c.kind {
        Kind::Noun(n) if n.owner.is_none() && n.name.1 > n.name.0 + 1 => {
            reader.doc.slice(s, n.head).eq_ignore_ascii_case("mission").then_some(n.name)
        }
        _ => None,
    })
}

/// "The visit will coincide with celebrations": another sentence says it of the visit.
fn coincides(reader: &Reader<'_>, d: &Draft) -> Option<(usize, Tokens)> {
    let all = reader.doc.sentences.iter().enumerate().filter(|(s, _)| *s >= d.sentence && *s <= d.sentence + 2);
    for (s, sentence) in all {
        for clause in &sentence.clauses {
            let coincides = clause
                .group(&sentence.chunks)
                .is_some_and(|v| v.syms.iter().any(|x| reader.engine.lexicon.name_of(*x).starts_with("coincide")));
            let visit = clause.subject.iter().any(|c| sentence.chunks[*c].sym == reader.engine.symbols.visit_noun);
            if coincides && visit && !d.background {
                return behind(reader, s, clause, clause.verb?).map(|t| (s, t));
            }
        }
    }
    None
}

/// The last place before a chunk is the visit's, or there is none.
fn ours(reader: &Reader<'_>, d: &Draft, c: usize) -> bool {
    let chunks = &reader.doc.sentences[d.sentence].chunks;
    let last = (0..c).rev().find(|k| matches!(chunks[*k].kind, Kind::Place(_)));
    last.is_none_or(|k| place_in(reader, d, k))
}

fn place_in(reader: &Reader<'_>, d: &Draft, c: usize) -> bool {
    match &reader.doc.sentences[d.sentence].chunks[c].kind {
        Kind::Place(p) => reader.country_of(p).map(|x| reader.on_the_day(x)) == Some(d.country),
        _ => false,
    }
}

/// "the third time", "a week": a count or a length, no purpose.
fn counts(reader: &Reader<'_>, s: usize, tokens: Tokens) -> bool {
    let text = reader.doc.lower(s, tokens);
    ["time", "day", "days", "week", "hours", "life", "good"].iter().any(|w| text.split_whitespace().last() == Some(*w))
}

/// A noun group with what belongs to it: "talks on gas with the minister".
fn group(reader: &Reader<'_>, s: usize, first: usize, home: Option<u32>) -> Tokens {
    let chunks = &reader.doc.sentences[s].chunks;
    let name = |c: usize| reader.engine.lexicon.name_of(chunks[c].sym);
    let start = match &chunks[first].kind {
        Kind::Noun(n) if n.name.0 < n.name.1 => n.name.0,
        _ => chunks[first].tokens.0,
    };
    let mut end = chunks[first].tokens.1;
    let mut c = first + 1;
    while c + 1 < chunks.len() {
        let link = matches!(name(c), "of" | "on" | "with" | "between" | "over" | "against")
            || (name(c) == "in" && home.is_none())
            || chunks[c].sym == sym::POSSESSIVE;
        let part = matches!(
            chunks[c + 1].kind,
            Kind::Noun(_) | Kind::Person(_) | Kind::Group(_) | Kind::Org(_) | Kind::Place(_)
        );
        if !link || !part {
            break;
        }
        end = chunks[c + 1].tokens.1;
        c += 2;
    }
    (start, end)
}
