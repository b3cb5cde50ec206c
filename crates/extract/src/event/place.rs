//! Where an event is, as its own sentence says: beside its noun, in its clause, at the head of the sentence, or where a
//! known summit meets.

use dateline_model::{EventType, Place};

use crate::chunk::{Kind, PlaceNp, Tokens};
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::quote::Quotes;
use crate::rules::Over;
use crate::visit::Reader;
use crate::words::{among, holds};

/// Chunks behind a noun in which its place stands.
const REACH: usize = 6;

impl Reader<'_> {
    pub(super) fn place_of(&self, frame: &Frame, kind: EventType, quotes: &mut Quotes) -> Option<Place> {
        if matches!(kind, EventType::PhoneCall | EventType::Sanction) {
            return None;
        }
        let s = &self.doc.sentences[frame.sentence];
        let mut spots: Vec<(PlaceNp, Tokens)> = vec![];
        let at = |c: usize| match &s.chunks[c].kind {
            // "the Basilica of San Clemente" is no town
            Kind::Place(PlaceNp::Cities(_)) if self.dedicated(frame.sentence, c) => None,
            Kind::Place(p) => Some((p.clone(), s.chunks[c].tokens)),
            Kind::Mark if self.engine.lexicon.name_of(s.chunks[c].sym) == "here" => {
                Some((PlaceNp::Here, s.chunks[c].tokens))
            }
            _ => None,
        };
        spots.extend(frame.slot("place").iter().filter_map(|c| at(*c)));
        if kind == EventType::Attack {
            let town = |p: &PlaceNp| matches!(p, PlaceNp::Cities(_) | PlaceNp::Region(_) | PlaceNp::Venue(_));
            spots.extend(frame.slot("recipient").iter().filter_map(|c| at(*c)).filter(|(p, _)| town(p)));
        }
        let noun = frame.noun(self.doc);
        let settled = matches!(
            kind,
            EventType::Summit | EventType::Ceremony | EventType::Talks | EventType::Protest | EventType::Statement
        );
        if let Some((_, n)) = noun.filter(|_| settled) {
            let cities = n.places.iter().filter(|(p, _)| matches!(p, PlaceNp::Cities(_) | PlaceNp::Venue(_)));
            spots.extend(cities.cloned());
        }
        let local = matches!(kind, EventType::Protest | EventType::Attack | EventType::MilitaryExercise);
        let there = |c: &usize| if local { self.near(frame.sentence, *c) } else { self.inside(frame.sentence, *c) };
        spots.extend(self.place_chunks(frame).into_iter().filter(there).filter_map(at));
        if spots.is_empty()
            && let Some(place) = frame.clause.and_then(|k| s.clauses.get(k)?.place)
        {
            spots.extend(at(place));
        }
        if spots.is_empty() {
            spots.extend(self.place_of_way(frame).and_then(at));
        }
        if spots.is_empty()
            && let Some((_, n)) = noun
            && let Some(event) = n.event
        {
            spots.extend(self.event_place(event, n.head));
        }
        if spots.is_empty() {
            spots.extend(self.place_before(frame).and_then(at));
        }
        if spots.is_empty() && local {
            let speech = |c: &usize| {
                s.clauses.iter().any(|x| {
                    x.chunks.contains(c)
                        && x.group(&s.chunks).is_some_and(|v| v.syms.iter().any(|y| self.engine.speaks(*y)))
                })
            };
            let all = (0..s.chunks.len()).filter(|c| self.near(frame.sentence, *c) && !speech(c));
            spots.extend(all.filter_map(at).take(1));
        }
        self.one_place(frame.sentence, &spots, quotes)
    }

    /// Behind "Church of", "University of": part of a name.
    fn dedicated(&self, sentence: usize, chunk: usize) -> bool {
        let chunks = &self.doc.sentences[sentence].chunks;
        let of = chunk.checked_sub(1).is_some_and(|b| chunks[b].sym == self.engine.symbols.of);
        let Some(what) = chunk.checked_sub(2).filter(|_| of) else { return false };
        let text = self.doc.slice(sentence, chunks[what].tokens);
        holds(&self.engine.words.houses, &text.to_lowercase())
    }

    /// The chunks among which the frame's own place stands, the nearest first.
    fn place_chunks(&self, frame: &Frame) -> Vec<usize> {
        let s = &self.doc.sentences[frame.sentence];
        let clause = frame.clause.and_then(|k| s.clauses.get(k)).map(|c| c.chunks.clone()).unwrap_or_default();
        if self.engine.rule(frame.rule).over == Over::Clause {
            return clause;
        }
        let noun = frame.slot("noun").first().copied().unwrap_or(frame.span.0);
        let tail = noun + 1..(frame.span.1 + REACH).min(s.chunks.len());
        tail.take_while(|c| !super::status::stops(s.chunks[*c].sym)).chain(clause).collect()
    }

    /// "flies to Colombo for the summit": where the subject goes to for it.
    fn place_of_way(&self, frame: &Frame) -> Option<usize> {
        let s = &self.doc.sentences[frame.sentence];
        let noun = *frame.slot("noun").first()?;
        let name = |c: usize| self.engine.lexicon.name_of(s.chunks[c].sym);
        // "for two days of talks"
        let days = noun > 2 && name(noun - 1) == "of" && matches!(s.chunks[noun - 2].kind, Kind::Time(_));
        let head = if days { noun - 2 } else { noun };
        if head == 0 || name(head - 1) != "for" {
            return None;
        }
        let clause = s.clauses.get(frame.clause?)?;
        let place =
            |c: &&usize| **c < noun && matches!(s.chunks[**c].kind, Kind::Place(_)) && **c > 0 && name(**c - 1) == "to";
        clause.chunks.iter().rev().find(place).copied()
    }

    /// "near Gondar", "in Debre Tabor, Amhara", or any place after "in": where an attack or a protest may be.
    fn near(&self, sentence: usize, chunk: usize) -> bool {
        let chunks = &self.doc.sentences[sentence].chunks;
        let name = |c: usize| self.engine.lexicon.name_of(chunks[c].sym);
        let Some(before) = chunk.checked_sub(1).filter(|_| matches!(chunks[chunk].kind, Kind::Place(_))) else {
            return false;
        };
        let preposition = |c: usize| {
            let text = self.doc.lower(sentence, chunks[c].tokens);
            self.engine.symbols.inside.contains(&chunks[c].sym)
                || text == "through"
                || (name(c) == "over" && matches!(&*text, "near" | "outside" | "off" | "across"))
        };
        if preposition(before) {
            return true;
        }
        let joint = chunks[before].sym == sym::COMMA || chunks[before].sym == self.engine.symbols.of;
        // "shelled the port of Berbera", "bombed the capital, Sanaa"
        let named = self.doc.lower(sentence, chunks[chunk].tokens);
        let town = |text: &str| text.split(' ').next_back().is_some_and(|w| among(&self.engine.words.towns, w));
        let apposed = joint && before > 0 && town(&self.doc.lower(sentence, chunks[before - 1].tokens));
        if apposed || named.split_once(" of ").is_some_and(|(front, _)| town(front)) {
            return true;
        }
        // "on the town of Rubkona, South Sudan"
        joint && before > 1 && (preposition(before - 2) || chunks[before - 2].sym == self.engine.symbols.of)
    }

    /// "In Tokyo, he will ...", or the place of the clause that this one goes on from: "met X in Rome and signed ...".
    fn place_before(&self, frame: &Frame) -> Option<usize> {
        let s = &self.doc.sentences[frame.sentence];
        let opens = (1..s.chunks.len().min(3)).find(|c| self.inside(frame.sentence, *c));
        let own = frame.clause.and_then(|k| s.clauses.get(k))?;
        let before = s.clauses.iter().take(frame.clause.unwrap_or(0)).filter(|c| {
            !c.subject.is_empty()
                && c.subject == own.subject
                && c.group(&s.chunks).is_some_and(|v| v.finite && !v.syms.iter().any(|x| self.engine.speaks(*x)))
        });
        let shared = before.flat_map(|c| c.chunks.iter().copied()).filter(|c| self.inside(frame.sentence, *c)).max();
        shared.or(opens)
    }

    /// "in Paris", "at the White House", "here".
    fn inside(&self, sentence: usize, chunk: usize) -> bool {
        let chunks = &self.doc.sentences[sentence].chunks;
        if self.engine.lexicon.name_of(chunks[chunk].sym) == "here" {
            return true;
        }
        let symbols = &self.engine.symbols;
        let Some(before) = chunk.checked_sub(1) else { return false };
        let venue = matches!(chunks[chunk].kind, Kind::Place(PlaceNp::Venue(_)));
        let on = self.engine.lexicon.name_of(chunks[before].sym) == "on";
        // "in the suburbs of Beirut"
        if chunks[before].sym == symbols.of && before > 1 {
            return chunks[before - 1].sym == sym::THING && symbols.inside.contains(&chunks[before - 2].sym);
        }
        let of_what = chunks.get(chunk + 1).is_some_and(|c| c.sym == sym::POSSESSIVE);
        if !(symbols.inside.contains(&chunks[before].sym) || ((venue || of_what) && on)) {
            return false;
        }
        // "the war in Ukraine" is a topic, "the palace in Ankara" is none
        let Some(thing) = before.checked_sub(1).filter(|t| chunks[*t].sym == sym::THING) else { return true };
        thing.checked_sub(1).is_none_or(|p| {
            symbols.inside.contains(&chunks[p].sym)
                || chunks[p].sym == symbols.of
                || matches!(self.engine.lexicon.name_of(chunks[p].sym), "with" | "by" | "between")
                || matches!(chunks[p].kind, Kind::Verb(_) | Kind::Time(_))
        })
    }

    fn one_place(&self, sentence: usize, spots: &[(PlaceNp, Tokens)], quotes: &mut Quotes) -> Option<Place> {
        let mut found: Option<(u32, Option<u32>, Option<u32>)> = None;
        for (p, tokens) in spots {
            let (country, city, venue) = self.resolve(p);
            let Some(country) = country else { continue };
            let known = found.get_or_insert((country, None, None));
            if known.0 != country {
                continue;
            }
            quotes.add("place.country", (sentence, *tokens), "place");
            if let (None, Some(x)) = (known.1, city) {
                known.1 = Some(x);
                quotes.add("place.city", (sentence, *tokens), "place");
            }
            if let (None, Some(x)) = (known.2, venue) {
                known.2 = Some(x);
                quotes.add("place.venue", (sentence, *tokens), "place");
            }
        }
        found.map(|(c, city, venue)| self.place(self.on_the_day(c), city, venue))
    }
}
