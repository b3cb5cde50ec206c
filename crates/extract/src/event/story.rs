//! What the whole text says of where it plays: read once for all events, when the first of them asks.

use std::cell::OnceCell;

use crate::chunk::{Chunk, Kind, PlaceNp, Tokens};
use crate::visit::Reader;

/// Tokens of a sentence.
pub(super) type At = (usize, Tokens);

/// Countries after which nobody asks for more: the home of who helps, and two others.
const ENOUGH: usize = 3;

/// The countries that a text names.
#[derive(Default)]
pub(super) struct Story {
    countries: OnceCell<Vec<(u32, At)>>,
    only: OnceCell<Option<(u32, At)>>,
}

impl Story {
    /// The first countries that are named, or that somebody named is of.
    pub(super) fn countries(&self, reader: &Reader<'_>) -> &[(u32, At)] {
        self.countries.get_or_init(|| {
            reader.first_countries(
                ENOUGH,
                |_| true,
                |s, c, chunk| match &chunk.kind {
                    Kind::Place(p) => reader.country_of(p),
                    Kind::Noun(n) => n.countries.first().map(|(x, _)| *x),
                    _ => reader.entities.at((s, c)).and_then(|e| reader.entities.list[e].country),
                },
            )
        })
    }

    /// The one country that the headline, or else the whole text, names.
    pub(super) fn only(&self, reader: &Reader<'_>) -> Option<(u32, At)> {
        *self.only.get_or_init(|| {
            let of = |title: bool| {
                let part = |s: usize| !title || reader.doc.sentences[s].part != reader.doc.body;
                let found = reader.first_countries(2, part, |_, _, chunk| match &chunk.kind {
                    Kind::Place(PlaceNp::Country(x)) => Some(*x),
                    Kind::Group(g) => g.country,
                    Kind::Noun(n) => n.countries.first().map(|(x, _)| *x),
                    _ => None,
                });
                if let [only] = found.as_slice() { Some(*only) } else { None }
            };
            of(true).or_else(|| of(false))
        })
    }
}

impl Reader<'_> {
    /// The first different countries of the sentences that `part` takes, each where it is named first.
    fn first_countries(
        &self,
        most: usize,
        part: impl Fn(usize) -> bool,
        country: impl Fn(usize, usize, &Chunk) -> Option<u32>,
    ) -> Vec<(u32, At)> {
        let mut found: Vec<(u32, At)> = vec![];
        for (s, sentence) in self.doc.sentences.iter().enumerate().filter(|(s, _)| part(*s)) {
            for (c, chunk) in sentence.chunks.iter().enumerate() {
                if let Some(x) = country(s, c, chunk).filter(|x| !found.iter().any(|(y, _)| y == x)) {
                    found.push((x, (s, chunk.tokens)));
                    if found.len() == most {
                        return found;
                    }
                }
            }
        }
        found
    }
}
