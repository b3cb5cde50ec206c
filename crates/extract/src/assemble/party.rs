//! Who travels with the visitor: "accompanied by", "his delegation includes", "leading a delegation of 30 executives".

use crate::chunk::{Kind, Owner, Tokens};
use crate::clause::Clause;
use crate::lexicon::sym;
use crate::visit::{Draft, Reader};

/// Adds the companions that the clauses of the visitor name.
pub(super) fn delegations(reader: &Reader<'_>, drafts: &mut [Draft]) {
    let doc = reader.doc;
    for (s, sentence) in doc.sentences.iter().enumerate() {
        for clause in &sentence.clauses {
            for (from, visitor) in companions(reader, s, clause) {
                let found = list(reader, (s, from));
                let Some(d) = of(drafts, s, visitor) else { continue };
                for (e, tokens) in found {
                    if e != d.visitor && Some(e) != d.host && !d.delegation.iter().any(|(x, _)| *x == e) {
                        d.delegation.push((e, (s, tokens)));
                    }
                }
            }
        }
    }
}

/// The visit that a companion belongs to: the visitor's foremost one, the sentence's own first.
fn of(drafts: &mut [Draft], sentence: usize, visitor: Option<usize>) -> Option<&mut Draft> {
    drafts
        .iter_mut()
        .filter(|d| visitor.is_none_or(|v| d.visitor == v) && (!d.background || d.sentence == sentence))
        .max_by_key(|d| (d.sentence == sentence, d.weight, usize::MAX - d.sentence))
}

/// Where lists of companions begin in a clause, and whose they are.
fn companions(reader: &Reader<'_>, s: usize, clause: &Clause) -> Vec<(usize, Option<usize>)> {
    let (doc, engine) = (reader.doc, reader.engine);
    let chunks = &doc.sentences[s].chunks;
    let lower = |c: usize| doc.lower(s, chunks[c].tokens);
    let name = |c: usize| engine.lexicon.name_of(chunks[c].sym);
    let of = |c: &Clause| c.subject.iter().find_map(|c| reader.entities.at((s, *c)));
    let subject = of(clause).or_else(|| of(&doc.sentences[s].clauses[clause.parent?]));
    let mut out = vec![];
    // "accompanied by", "along with"
    for c in &clause.chunks {
        if name(*c) == "with" && lower(*c) != "with" && lower(*c) != "alongside" {
            out.push((c + 1, subject));
        }
    }
    let Some(verb) = clause.verb else { return out };
    // "flew there with his foreign minister": people of his own country
    let moves = ["travel", "arrive", "leave", "visit"].iter().any(|w| name(verb).starts_with(w));
    let home = subject.and_then(|e| reader.entities.list[e].country);
    for c in clause.chunks.iter().filter(|c| moves && **c > verb && lower(**c) == "with" && name(**c) == "with") {
        let who = reader.entities.at((s, c + 1)).map(|e| &reader.entities.list[e]);
        if who.is_some_and(|e| e.country.is_none_or(|x| Some(x) == home) && (!e.group || e.sent)) {
            out.push((c + 1, subject));
        }
    }
    let Kind::Verb(group) = &chunks[verb].kind else { return out };
    let is = |class: &str| group.syms.iter().any(|x| engine.lexicon.name_of(*x).starts_with(class));
    let passive = group.passive || clause.passive;
    if is("accompany") && passive {
        let by = clause.chunks.iter().find(|c| **c > verb && chunks[**c].sym == engine.symbols.by);
        out.extend(by.map(|b| (b + 1, subject)));
    } else if is("accompany") {
        // "his wife accompanied the president"
        let whom = clause.chunks.iter().filter(|c| **c > verb).find_map(|c| reader.entities.at((s, *c)));
        if let (Some(first), Some(w)) = (clause.subject.iter().min(), whom) {
            out.push((*first, Some(w)));
        }
    }
    // "the delegation includes": the subject is the body that travels
    let body = clause.subject.iter().copied().find(|c| {
        let text = lower(*c);
        ["delegation", "party", "entourage", "team", "retinue", "group"].iter().any(|w| text.ends_with(w))
    });
    let includes = ["includ", "compris", "consist", "made up", "count"].iter().any(|w| lower(verb).contains(w));
    if let (Some(body), true) = (body, includes) {
        let owner = match &chunks[body].kind {
            Kind::Noun(n) => match n.owner {
                Some(Owner::Chunk(c)) => reader.entities.at((s, c)),
                Some(Owner::Pronoun(p)) => reader.entities.recent(doc, (s, body), p),
                None => None,
            },
            _ => body
                .checked_sub(2)
                .filter(|_| chunks[body - 1].sym == sym::POSSESSIVE)
                .and_then(|c| reader.entities.at((s, c))),
        };
        out.push((verb + 1, owner));
    }
    // "leading a delegation of 30 executives", "at the head of"
    if is("lead") && !passive {
        let sent = |c: &usize| reader.entities.at((s, *c)).is_some_and(|e| reader.entities.list[e].sent);
        let led =
            clause.chunks.iter().copied().find(|c| *c > verb && matches!(chunks[*c].kind, Kind::Group(_)) && sent(c));
        out.extend(led.filter(|_| subject.is_some()).map(|l| (l, subject)));
    }
    out
}

/// The persons and bodies of a list that begins at a chunk.
fn list(reader: &Reader<'_>, (s, from): (usize, usize)) -> Vec<(usize, Tokens)> {
    let chunks = &reader.doc.sentences[s].chunks;
    let mut out = vec![];
    let mut joined = true;
    for (c, chunk) in chunks.iter().enumerate().skip(from) {
        match &chunk.kind {
            Kind::Person(_) | Kind::Group(_) => {
                if !joined {
                    break;
                }
                if let Some(e) = reader.entities.at((s, c)) {
                    out.push((e, chunk.tokens));
                }
                joined = false;
            }
            // an office in apposition: "Cai Qi, director of the office"
            Kind::Noun(_) | Kind::Org(_) | Kind::Place(_) if joined || c > from => {}
            Kind::Mark if chunk.sym == sym::COMMA || chunk.sym == reader.engine.symbols.and => joined = true,
            Kind::Mark if chunk.sym == reader.engine.symbols.of || chunk.sym == sym::ADVERB => {}
            _ => break,
        }
    }
    out
}
