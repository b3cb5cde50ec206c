//! Noun groups: titles with names, places, bodies of people, and the nouns that rules know, with what stands before them.

use dateline_gazetteer::{Modifier, RoleId};
use dateline_text::TokenKind;

use super::run::Chunker;
use super::word::Opener;
use super::{Kind, NounNp, PlaceNp, Pronoun};
use crate::lexicon::{AdjKind, Form, GroupClass, Lex, sym};
use crate::marks;
use crate::vocabulary::Entry;

/// One word or phrase of a noun group.
#[derive(Debug, Clone)]
pub(super) enum Item {
    Determiner {
        definite: bool,
    },
    Owner(Pronoun),
    Demonym {
        country: u32,
        noun: bool,
    },
    Place(PlaceNp),
    Org(u32),
    Event(u32),
    Person(Vec<u32>),
    /// A run of capitalised words.
    Name,
    Title {
        role: RoleId,
        plural: bool,
        country: Option<u32>,
    },
    Modifier(Modifier),
    Adjective(AdjKind),
    Ordinal(u32),
    Number(u32),
    Time(usize),
    Noun(u8),
    Group(GroupClass),
    Source,
    Leader,
    Area,
    Visiting,
    Word,
}

#[derive(Clone)]
pub(super) struct Piece {
    pub from: usize,
    pub to: usize,
    pub item: Item,
}

impl Chunker<'_> {
    /// Reads a noun group at `i`, pushes its chunks, and returns where it ends; `None` when there is none.
    pub(super) fn noun_group(&mut self, i: usize) -> Option<usize> {
        let saved = self.time_at;
        let mut pieces = std::mem::take(&mut self.spare);
        let end = self.pieces(i, &mut pieces);
        let found = self.take(&pieces);
        if !found {
            self.time_at = saved;
        }
        pieces.clear();
        self.spare = pieces;
        found.then_some(end)
    }

    /// Pushes the chunks of a noun group; false when its pieces are none.
    fn take(&mut self, pieces: &[Piece]) -> bool {
        let only_time = pieces
            .iter()
            .all(|p| matches!(p.item, Item::Time(_) | Item::Determiner { .. } | Item::Number(_) | Item::Ordinal(_)));
        if let [Piece { item: Item::Owner(p), from, to }] = pieces {
            // "will take her to": an object, not an owner
            self.push(*from, *to, sym::PRONOUN, Kind::Pronoun(*p));
            return true;
        }
        // "the two met": people named before
        if let [
            Piece { item: Item::Determiner { definite: true }, from, .. },
            Piece { item: Item::Number(2), to, .. },
        ] = pieces
        {
            let span = (*from as u32, *to as u32);
            let np = NounNp { head: span, name: span, definite: true, ..NounNp::default() };
            self.push(*from, *to, sym::THING, Kind::Noun(Box::new(np)));
            return true;
        }
        if pieces.is_empty() || only_time {
            return false;
        }
        // "In Lusaka Mr Banda": the town is where, he is who
        let town = |p: &Piece| matches!(p.item, Item::Place(PlaceNp::Cities(_)));
        if let [first, then, ..] = pieces
            && town(first)
            && matches!(then.item, Item::Modifier(Modifier::Neutral) | Item::Title { .. })
            && self.out.chunks.last().is_some_and(|c| self.engine.symbols.inside.contains(&c.sym))
        {
            self.assemble(&pieces[..1]);
            self.assemble(&pieces[1..]);
            return true;
        }
        self.assemble(pieces);
        true
    }

    /// Reads the pieces of a noun group at `start`, and returns where it ends.
    fn pieces(&mut self, start: usize, pieces: &mut Vec<Piece>) -> usize {
        let mut at = start;
        while at < self.end {
            let t = self.part.tokens[at];
            if t.kind == TokenKind::Hyphen || t.kind == TokenKind::Newline {
                at += 1;
                continue;
            }
            if !matches!(t.kind, TokenKind::Word | TokenKind::Number) {
                // A title's quote or comma ends the group.
                break;
            }
            if let Some((time, to)) = self.time_at(at) {
                // A time stands inside only before a noun: "the May 9 parade", "a four-day visit".
                let kind = self.out.times[time].kind();
                let opens = pieces.iter().all(|p| {
                    matches!(
                        p.item,
                        Item::Determiner { .. }
                            | Item::Owner(_)
                            | Item::Adjective(_)
                            | Item::Ordinal(_)
                            | Item::Demonym { .. }
                            | Item::Time(_)
                    )
                });
                let fits = opens && (kind == crate::time::TimeKind::Duration || to > at) && self.noun_follows(to);
                if !fits {
                    break;
                }
                pieces.push(Piece { from: at, to, item: Item::Time(time) });
                at = to;
                continue;
            }
            match self.piece(at, pieces) {
                Some(piece) => {
                    at = piece.to;
                    pieces.push(piece);
                }
                None => break,
            }
            if pieces.len() > 24 {
                break;
            }
        }
        at
    }

    /// A noun that rules know stands within a few words, with nothing but words of a noun group between.
    pub(super) fn noun_follows(&self, from: usize) -> bool {
        let mut at = from;
        for _ in 0..6 {
            while at < self.end && self.part.tokens[at].kind == TokenKind::Hyphen {
                at += 1;
            }
            if at >= self.end || self.part.tokens[at].kind != TokenKind::Word {
                return false;
            }
            if self.part.is(at, marks::NOUN | marks::EVENT) {
                return true;
            }
            let longest = self.part.matches_at(at).first().map_or(at + 1, |m| m.end as usize);
            if self.part.is(at, marks::ONE_WORD | marks::ONE_ADVERB) || self.aux_at(at) {
                return false;
            }
            let verb = self.part.is(at, marks::ONE_VERB);
            let modifier = self.part.is(at, marks::ONE_ADJECTIVE | marks::ONE_GROUP | marks::ONE_NOUN);
            if verb && !modifier {
                return false;
            }
            at = longest.max(at + 1);
        }
        false
    }

    pub(super) fn piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
        let t = self.part.tokens[at];
        let some = |to: usize, item: Item| Some(Piece { from: at, to, item });
        if t.kind == TokenKind::Number {
            let text = self.part.word(at);
            if let Some(n) = text
                .strip_suffix("th")
                .or(text.strip_suffix("st"))
                .or(text.strip_suffix("nd"))
                .or(text.strip_suffix("rd"))
                .and_then(|n| n.parse().ok())
            {
                return some(at + 1, Item::Ordinal(n));
            }
            return some(at + 1, Item::Number(text.replace(',', "").parse().unwrap_or(0)));
        }
        let class = self.part.class(at);
        match class.opener {
            Some(Opener::Definite) => {
                return if before.is_empty() { some(at + 1, Item::Determiner { definite: true }) } else { None };
            }
            Some(Opener::Indefinite) => {
                let ok = before.iter().all(|p| matches!(p.item, Item::Determiner { .. } | Item::Number(_)));
                return if ok { some(at + 1, Item::Determiner { definite: false }) } else { None };
            }
            Some(Opener::Owner(p)) => return if before.is_empty() { some(at + 1, Item::Owner(p)) } else { None },
            Some(Opener::About) if self.number_at(at + 1) => {
                return some(at + 1, Item::Determiner { definite: false });
            }
            Some(Opener::More) if self.part.lower(at + 1) == "than" && self.number_at(at + 2) => {
                return some(at + 1, Item::Determiner { definite: false });
            }
            // "a delegation visiting Goma": behind a head it is a verb
            Some(Opener::Visiting) => {
                let headed = before.iter().any(|p| {
                    matches!(
                        p.item,
                        Item::Group(_)
                            | Item::Person(_)
                            | Item::Name
                            | Item::Title { .. }
                            | Item::Org(_)
                            | Item::Leader
                            | Item::Source
                    )
                });
                return if headed { None } else { some(at + 1, Item::Visiting) };
            }
            Some(Opener::Honorific) => return some(at + 1, Item::Modifier(Modifier::Neutral)),
            _ => {}
        }
        // "Vice Premier He Lifeng"
        let family = matches!(before.last().map(|p| &p.item), Some(Item::Title { .. })) && self.capital_at(at + 1);
        if class.pronoun.is_some() && !t.upper {
            return if family && t.capital { self.name_piece(at, before) } else { None };
        }
        if let Some(n) = class.ordinal
            && before.len() < 4
        {
            return some(at + 1, Item::Ordinal(n.into()));
        }
        if let Some(n) = class.number {
            return some(at + 1, Item::Number(n.into()));
        }
        let longer = self.part.is(at, marks::LONG_NAME);
        if !longer
            && !matches!(before.last().map(|p| &p.item), Some(Item::Name | Item::Person(_)))
            && (at + 1 < self.end && self.part.tokens[at + 1].kind != TokenKind::Punct(','))
            && let Some(m) = self.part.modifier(at)
        {
            return some(at + 1, Item::Modifier(m));
        }
        if t.capital
            && self.part.is(at, marks::AREA)
            && let Some(m) = self.part.matches_at(at).iter().find(|m| matches!(m.entry, Entry::Lex(Lex::Area)))
        {
            return some((m.end as usize).min(self.end), Item::Area);
        }
        if let Some(piece) = self.gazetteer_piece(at, before) {
            return Some(piece);
        }
        if self.boundary(at, before) {
            return None;
        }
        self.lexicon_piece(at, before).or_else(|| self.name_piece(at, before)).or_else(|| some(at + 1, Item::Word))
    }

    pub(super) fn number_at(&self, at: usize) -> bool {
        at < self.end && (self.part.tokens[at].kind == TokenKind::Number || self.part.class(at).number.is_some())
    }

    /// True where a noun group cannot go on: a function word, an auxiliary, a verb behind a complete head.
    pub(super) fn boundary(&self, at: usize, before: &[Piece]) -> bool {
        if self.part.is(at, marks::WORD) || self.aux_at(at) {
            return true;
        }
        let t = self.part.tokens[at];
        if self.is_adverb(at) && !t.capital {
            return true;
        }
        let Some((end, _, form)) = self.verb_reading(at, |_| true) else {
            let word = self.part.word(at);
            let head = before.iter().any(|p| {
                matches!(p.item, Item::Person(_) | Item::Name | Item::Group(_) | Item::Title { .. } | Item::Org(_))
            });
            return head && !t.capital && word.len() > 4 && word.ends_with("ed") && self.part.matches_at(at).is_empty();
        };
        if t.capital && at > self.start && !self.part.title_case && !t.upper {
            return false;
        }
        let nouns = marks::ONE_NOUN | marks::ONE_GROUP | marks::ONE_ADJECTIVE | marks::ONE_SOURCE | marks::ONE_LEADER;
        let noun = self.part.is(at, nouns);
        let last = before.last().map(|p| &p.item);
        let entity = matches!(
            last,
            Some(
                Item::Person(_)
                    | Item::Name
                    | Item::Group(_)
                    | Item::Title { .. }
                    | Item::Org(_)
                    | Item::Source
                    | Item::Leader
                    | Item::Place(_)
            )
        );
        let demonym_noun = matches!(last, Some(Item::Demonym { noun: true, .. }));
        // "a meeting with", "his meeting with", "Silva's meeting with": a noun behind its determiner
        let owned = before.is_empty() && self.out.chunks.last().is_some_and(|c| c.sym == sym::POSSESSIVE);
        let described = owned
            || matches!(
                last,
                Some(
                    Item::Determiner { .. }
                        | Item::Owner(_)
                        | Item::Adjective(_)
                        | Item::Ordinal(_)
                        | Item::Demonym { .. }
                        | Item::Number(_)
                )
            );
        if end > at + 1 && form != Form::Base && !(noun && form == Form::Ing && described) {
            return true;
        }
        match form {
            Form::Past | Form::Participle => {
                // "the planned visit", "his expected arrival" are adjectives; behind a head it is a verb.
                let opening = matches!(
                    last,
                    None | Some(
                        Item::Determiner { .. }
                            | Item::Owner(_)
                            | Item::Adjective(_)
                            | Item::Ordinal(_)
                            | Item::Demonym { .. }
                            | Item::Time(_)
                    )
                );
                !(opening && self.noun_follows(end) || noun && !entity)
            }
            Form::Ing if !noun => !matches!(last, Some(Item::Determiner { .. } | Item::Owner(_))),
            // "Lammy visits settlements"
            Form::Third
                if noun && matches!(last, Some(Item::Person(_) | Item::Name)) && self.third_person_verb(at, end) =>
            {
                true
            }
            // "Shultz's Moscow talks"
            _ if noun && self.out.chunks.last().is_some_and(|c| c.sym == sym::POSSESSIVE) => false,
            _ if noun => (entity || demonym_noun) && self.verb_object(end),
            // "a U.S. trade team"
            Form::Base
                if matches!(last, Some(Item::Place(_) | Item::Org(_) | Item::Demonym { .. }))
                    && self.part.readings(end).any(|l| matches!(l, Lex::Group(_) | Lex::Noun { .. })) =>
            {
                false
            }
            Form::Base | Form::Third => {
                entity
                    || demonym_noun
                    || matches!(last, Some(Item::Noun(_) | Item::Word | Item::Number(_))) && form == Form::Third
                    // "air strikes hit the port"
                    || matches!(last, Some(Item::Noun(_)))
                        && (self.verb_object(end) || self.part.tokens.get(end).is_some_and(|t| t.kind == TokenKind::Quote))
            }
            Form::Ing => entity,
        }
    }

    pub(super) fn verb_object(&self, end: usize) -> bool {
        if end >= self.end {
            return false;
        }
        let t = self.part.tokens[end];
        let word = self.part.lower(end);
        (t.kind == TokenKind::Word
            && (t.capital
                || matches!(
                    word,
                    "the"
                        | "a"
                        | "an"
                        | "his"
                        | "her"
                        | "its"
                        | "their"
                        | "to"
                        | "for"
                        | "off"
                        | "with"
                        | "against"
                        | "new"
                )))
            || t.kind == TokenKind::Number
    }
}
