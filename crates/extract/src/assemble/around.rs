//! Hosts and cities that other sentences name.

use crate::chunk::Kind;
use crate::clause::{Clause, Link};
use crate::lexicon::sym;
use crate::visit::{Draft, Reader};

/// Sentence and chunk.
type At = (usize, usize);

/// The host that other clauses tell: who invites or receives, else the most senior local person met; the city that the
/// visitor's clauses are set in. What is told beside the news (a visit of long ago) has only its own sentence.
pub(super) fn surroundings(reader: &Reader<'_>, drafts: &mut [Draft]) {
    let doc = reader.doc;
    for d in drafts.iter_mut() {
        let mut host: Option<(u8, usize, At)> = None;
        let mut city: Option<(u32, At)> = None;
        for (s, sentence) in doc.sentences.iter().enumerate() {
            if d.background && s != d.sentence {
                continue;
            }
            for clause in &sentence.clauses {
                let here = clause.chunks.iter().any(|c| reader.entities.at((s, *c)) == Some(d.visitor))
                    || (s == d.sentence && clause.link != Link::Main);
                if !here {
                    continue;
                }
                for c in &clause.chunks {
                    match &sentence.chunks[*c].kind {
                        Kind::Person(_) if d.host.is_none() => {
                            if let Some((rank, e)) = host_in(reader, d, clause, (s, *c))
                                && host.is_none_or(|(r, ..)| rank < r)
                            {
                                host = Some((rank, e, (s, *c)));
                            }
                        }
                        Kind::Place(p) if d.city.is_none() && city.is_none() && !d.background => {
                            let (country, found, _) = reader.resolve(p);
                            let inside = c.checked_sub(1).is_some_and(|b| {
                                reader.engine.symbols.place_prepositions.contains(&sentence.chunks[b].sym)
                                    && sentence.chunks[b].sym != sym::COMMA
                            });
                            if country == Some(d.country)
                                && let Some(found) = found
                                && inside
                            {
                                city = Some((found, (s, *c)));
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
        if let Some((_, e, at)) = host {
            d.host = Some(e);
            d.quotes.add("host.name", (at.0, doc.sentences[at.0].chunks[at.1].tokens), "host:met");
            d.quotes.add("host.name", reader.entities.list[e].name_at, "coref:name");
        }
        if let Some((found, at)) = city {
            d.city = Some(found);
            d.quotes.add("destination.city", (at.0, doc.sentences[at.0].chunks[at.1].tokens), "city:clause");
        }
    }
}

/// A person of a clause as host: 0 for who invites or receives, then by rank, later for who is only met.
fn host_in(reader: &Reader<'_>, d: &Draft, clause: &Clause, at: At) -> Option<(u8, usize)> {
    let sentence = &reader.doc.sentences[at.0];
    let e = reader.entities.at(at)?;
    let rank = reader.host_rank(e, d)?;
    let name = |c: usize| reader.engine.lexicon.name_of(sentence.chunks[c].sym);
    let invites = at.1.checked_sub(1).is_some_and(|b| name(b) == "invited");
    if invites {
        return Some((0, e));
    }
    let verb = clause.group(&sentence.chunks);
    let says = verb.is_some_and(|v| v.syms.iter().any(|x| reader.engine.speaks(*x)));
    if says {
        return None;
    }
    let receives = verb.is_some_and(|v| v.syms.iter().any(|x| reader.engine.lexicon.name_of(*x).starts_with("host.v")));
    let subject = clause.subject.contains(&at.1);
    let by = at.1.checked_sub(1).is_some_and(|b| sentence.chunks[b].sym == reader.engine.symbols.by);
    Some((if receives && (subject || by) && rank < 2 { 1 } else { rank + 2 }, e))
}

impl Reader<'_> {
    /// How senior a local person is as a host (0 is most), `None` for anybody else.
    pub(crate) fn host_rank(&self, entity: usize, d: &Draft) -> Option<u8> {
        use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState, Minister};
        let e = &self.entities.list[entity];
        let home = e.country.map(|c| self.doc.day.map_or(c, |day| self.engine.gazetteer.country_at(c, day)));
        if e.group || e.anonymous || !e.named || e.former || entity == d.visitor || home != Some(d.country) {
            return None;
        }
        Some(match e.role.map(|r| self.engine.gazetteer.role(r).class) {
            Some(HeadOfState | HeadOfGovernment) => 0,
            Some(Minister) => 1,
            Some(_) => 2,
            None => return None,
        })
    }
}
