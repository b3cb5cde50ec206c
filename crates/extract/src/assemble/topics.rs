//! What the talks of a visit are about: "talks on gas and migration", "to discuss trade", "energy will top the agenda".

use crate::chunk::{Kind, Tokens};
use crate::lexicon::sym;
use crate::visit::{Draft, Reader};

/// Most topics of one visit.
const MOST: usize = 8;

/// Adds the topics that the sentences of each visit name.
pub(super) fn topics(reader: &Reader<'_>, drafts: &mut [Draft]) {
    for s in 0..reader.doc.sentences.len() {
        let found = in_sentence(reader, s);
        if found.is_empty() {
            continue;
        }
        let Some(d) = of(reader, drafts, s) else { continue };
        for tokens in found {
            let text = crate::entity::clean_name(reader.doc.slice(s, tokens));
            let known = d.topics.iter().any(|(t, _)| t.eq_ignore_ascii_case(&text));
            if !known && d.topics.len() < MOST && !text.is_empty() {
                d.topics.push((text, (s, tokens)));
            }
        }
    }
}

/// The visit whose talks a sentence tells of: one that it tells itself, else the visit of somebody in it.
fn of<'d>(reader: &Reader<'_>, drafts: &'d mut [Draft], s: usize) -> Option<&'d mut Draft> {
    let there = |e: usize| (0..reader.doc.sentences[s].chunks.len()).any(|c| reader.entities.at((s, c)) == Some(e));
    let named =
        drafts.iter().any(|d| d.sentence == s || (!d.background && (there(d.visitor) || d.host.is_some_and(there))));
    // "His talks will focus on": nobody is named, the visit stands in the sentence before
    let anyone = (0..reader.doc.sentences[s].chunks.len()).any(|c| reader.entities.at((s, c)).is_some());
    let fits = |d: &Draft| {
        if named {
            d.sentence == s || (!d.background && (there(d.visitor) || d.host.is_some_and(there)))
        } else {
            let local = d.host.is_none()
                && (0..reader.doc.sentences[s].chunks.len())
                    .filter_map(|c| reader.entities.at((s, c)))
                    .any(|e| reader.entities.list[e].country == Some(d.country));
            !d.background && d.sentence < s && s <= d.sentence + 2 && (!anyone || local)
        }
    };
    (0..drafts.len())
        .filter(|i| fits(&drafts[*i]))
        .max_by_key(|i| (drafts[*i].sentence == s, drafts[*i].weight, usize::MAX - *i))
        .map(|i| &mut drafts[i])
}

fn in_sentence(reader: &Reader<'_>, s: usize) -> Vec<Tokens> {
    let sentence = &reader.doc.sentences[s];
    let chunks = &sentence.chunks;
    let name = |c: usize| reader.engine.lexicon.name_of(chunks[c].sym);
    let lower = |c: usize| reader.doc.lower(s, chunks[c].tokens);
    let mut out: Vec<Tokens> = vec![];
    for c in 0..chunks.len() {
        // "talks on", "discussions with the king about", "speak about"
        let talks = name(c) == "talks.n" || ["talk.v", "meet.v", "speak.v"].iter().any(|w| name(c).starts_with(w));
        if talks {
            let about = (c + 1..chunks.len().min(c + 8))
                .take_while(|k| !matches!(chunks[*k].kind, Kind::Verb(_)) && chunks[*k].sym != sym::STOP)
                .find(|k| is_about(&lower(*k)));
            if let Some(a) = about {
                out.extend(list(reader, s, a + 1));
            }
        }
        if let Kind::Verb(v) = &chunks[c].kind {
            let text = lower(c);
            let discusses = name(c) == "discuss.v" && !v.passive && !v.negated;
            let focuses = ["focus", "centre", "center", "deal", "touch", "concentrate", "dwell"]
                .iter()
                .any(|w| text.split_whitespace().any(|x| x.starts_with(w)));
            if discusses {
                out.extend(list(reader, s, c + 1));
            } else if focuses && chunks.get(c + 1).is_some_and(|_| matches!(&*lower(c + 1), "on" | "upon" | "with")) {
                out.extend(list(reader, s, c + 2));
            } else if agenda_behind(reader, s, c) || (name(c) == "discuss.vp" && !v.negated) {
                // "energy and defence will be discussed", "trade is on the agenda"
                let subject = sentence.clauses.iter().find(|k| k.verb == Some(c)).map(|k| k.chunks.clone());
                let first = subject.and_then(|x| x.into_iter().find(|k| *k < c && noun(&chunks[*k].kind)));
                out.extend(first.map(|f| list(reader, s, f)).unwrap_or_default());
            } else if name(c) == "be.v" && agenda_before(reader, s, c) {
                out.extend(list(reader, s, c + 1));
            }
        }
    }
    out.dedup();
    out
}

fn is_about(word: &str) -> bool {
    matches!(word, "on" | "about" | "over" | "concerning" | "regarding" | "around")
}

fn noun(kind: &Kind) -> bool {
    matches!(kind, Kind::Noun(_) | Kind::Org(_) | Kind::Place(_))
}

/// "... is on the agenda", "tops the agenda"
fn agenda_behind(reader: &Reader<'_>, s: usize, verb: usize) -> bool {
    let chunks = &reader.doc.sentences[s].chunks;
    (verb + 1..chunks.len().min(verb + 4)).any(|k| reader.engine.lexicon.name_of(chunks[k].sym) == "agenda.n")
}

/// "the main topic is ..."
fn agenda_before(reader: &Reader<'_>, s: usize, verb: usize) -> bool {
    let chunks = &reader.doc.sentences[s].chunks;
    (verb.saturating_sub(5)..verb).any(|k| reader.engine.lexicon.name_of(chunks[k].sym) == "agenda.n")
}

/// The items of a list of noun groups that begins at a chunk; "of", "for" and "between" belong to an item.
fn list(reader: &Reader<'_>, s: usize, from: usize) -> Vec<Tokens> {
    let chunks = &reader.doc.sentences[s].chunks;
    let name = |c: usize| reader.engine.lexicon.name_of(chunks[c].sym);
    let mut out: Vec<Tokens> = vec![];
    let mut open: Option<Tokens> = None;
    for (c, chunk) in chunks.iter().enumerate().skip(from) {
        match &chunk.kind {
            Kind::Noun(n) => {
                let start = if n.name.0 < n.name.1 { n.name.0 } else { chunk.tokens.0 };
                let article = matches!(reader.doc.part_of(s).lower(start as usize), "the" | "a" | "an");
                let start = if article && start + 1 < chunk.tokens.1 { start + 1 } else { start };
                open = Some(open.map_or((start, chunk.tokens.1), |o| (o.0, chunk.tokens.1)));
            }
            Kind::Place(_) | Kind::Org(_) | Kind::Group(_) => {
                open = Some(open.map_or(chunk.tokens, |o| (o.0, chunk.tokens.1)));
            }
            Kind::Mark if chunk.sym == sym::COMMA || chunk.sym == reader.engine.symbols.and => {
                out.extend(open.take());
            }
            Kind::Mark if open.is_some() && matches!(name(c), "of" | "for" | "between" | "to" | "in" | "against") => {}
            Kind::Mark if chunk.sym == sym::POSSESSIVE || chunk.sym == sym::QUOTE => {}
            Kind::Mark if chunk.sym == sym::ADVERB && open.is_none() => {}
            _ => break,
        }
    }
    out.extend(open);
    out
}
