//! Lists of countries: those whose leaders meet, and the legs of a journey.

use super::country_of;
use crate::Engine;
use crate::chunk::{Chunk, Kind, PersonNp};
use crate::lexicon::sym;

/// "The foreign ministers of Sweden and Finland": one for each country.
pub(super) fn office_holders(engine: &Engine, chunks: &mut [Chunk]) {
    for i in 0..chunks.len().saturating_sub(4) {
        let Kind::Group(g) = &chunks[i].kind else { continue };
        let (role, leader) = (g.role, g.leaders);
        let bare = g.country.is_none() && chunks[i + 1].sym == engine.symbols.of;
        if !bare || (role.is_none() && !leader) {
            continue;
        }
        let first = usize::from(country_of(engine, &chunks[i + 2].kind).is_some());
        let more = listed(engine, chunks, i + 3);
        if first == 0 || more == 0 {
            continue;
        }
        let office = chunks[i].tokens;
        for chunk in &mut chunks[i + 2..i + 3 + more] {
            let Some(country) = country_of(engine, &chunk.kind) else { continue };
            let span = chunk.tokens;
            let person = PersonNp {
                role,
                leader,
                role_span: Some(office),
                country: Some(country),
                country_span: Some(span),
                ..PersonNp::default()
            };
            chunk.kind = Kind::Person(Box::new(person));
            chunk.sym = sym::PERSON;
        }
    }
}

/// How many chunks at `from` go on a list of countries: ", Kenya and Mali".
pub(super) fn listed(engine: &Engine, chunks: &[Chunk], from: usize) -> usize {
    let link = |k: usize| chunks.get(k).is_some_and(|c| c.sym == sym::COMMA || c.sym == engine.symbols.and);
    let country = |k: usize| chunks.get(k).is_some_and(|c| country_of(engine, &c.kind).is_some());
    let mut to = from;
    let mut closed = false;
    while link(to) && !closed {
        let and =
            chunks[to].sym == engine.symbols.and || chunks.get(to + 1).is_some_and(|c| c.sym == engine.symbols.and);
        let step = if chunks[to].sym == sym::COMMA && chunks.get(to + 1).is_some_and(|c| c.sym == engine.symbols.and) {
            2
        } else {
            1
        };
        if !country(to + step) {
            break;
        }
        closed = and;
        to += step + 1;
    }
    if closed { to - from } else { 0 }
}

/// A place with its days behind it.
pub(super) fn is_leg(place: &Chunk, day: &Chunk) -> bool {
    matches!(place.kind, Kind::Place(_)) && matches!(day.kind, Kind::Time(_))
}
