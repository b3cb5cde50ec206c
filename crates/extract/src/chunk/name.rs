//! The words and names of a noun group, one by one: what gazetteer, lexicon and capitals say of each.

use dateline_gazetteer::{Kind as Gaz, Modifier};
use dateline_text::TokenKind;

use super::PlaceNp;
use super::noun::{Item, Piece};
use super::run::Chunker;
use crate::lexicon::Lex;
use crate::marks;
use crate::vocabulary::Entry;

impl Chunker<'_> {
    pub(super) fn gazetteer_piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
        if !self.part.is(at, marks::NAME) {
            return None;
        }
        let mut best: Option<(usize, Item)> = None;
        let mut cities: Vec<u32> = vec![];
        let mut people: Vec<u32> = vec![];
        let mut longest = 0;
        for m in self.part.matches_at(at) {
            let Entry::Gaz(entry, _) = m.entry else { continue };
            let end = m.end as usize;
            if end > self.end || end < longest || (longest > 0 && end > longest) {
                continue;
            }
            let body_of_people = end == at + 1 && self.part.is(at, marks::ONE_GROUP);
            let adjective = end == at + 1 && self.part.is(at, marks::ONE_ADJECTIVE) && self.noun_follows(end);
            // "a trade delegation": a body of people, no office
            let body_of_people = body_of_people
                || entry.kind == Gaz::Title && {
                    let role = self.engine.gazetteer.title(entry.index).role;
                    &*self.engine.gazetteer.role(role).name == "delegation"
                };
            if entry.kind == Gaz::Title && (body_of_people || adjective) {
                continue;
            }
            longest = end;
            let item = match entry.kind {
                Gaz::Person => {
                    people.push(entry.index);
                    continue;
                }
                Gaz::City => {
                    cities.push(entry.index);
                    continue;
                }
                Gaz::Country => Item::Place(PlaceNp::Country(entry.index)),
                Gaz::Region => Item::Place(PlaceNp::Region(entry.index)),
                Gaz::Venue => Item::Place(PlaceNp::Venue(entry.index)),
                Gaz::Organisation => Item::Org(entry.index),
                Gaz::Event => Item::Event(entry.index),
                Gaz::Demonym => {
                    let d = self.engine.gazetteer.demonym(entry.index);
                    Item::Demonym { country: d.country, noun: d.plural || d.singular }
                }
                Gaz::Title => {
                    let t = self.engine.gazetteer.title(entry.index);
                    if &*self.engine.gazetteer.role(t.role).name == "leader" && !t.plural {
                        Item::Leader
                    } else {
                        Item::Title { role: t.role, plural: t.plural, country: t.country }
                    }
                }
            };
            let rank = |i: &Item| match i {
                Item::Title { .. } | Item::Leader => 5,
                Item::Place(PlaceNp::Country(_)) => 4,
                Item::Demonym { .. } => 3,
                Item::Event(_) => 2,
                _ => 1,
            };
            if best.as_ref().is_none_or(|(_, b)| rank(&item) > rank(b)) {
                best = Some((end, item));
            }
        }
        if longest == 0 {
            return None;
        }
        let after_title = matches!(
            before.last().map(|p| &p.item),
            Some(Item::Title { .. } | Item::Modifier(Modifier::Neutral) | Item::Leader)
        );
        let printed = self.part.tokens[at];
        let capitals = printed.capital || printed.upper;
        if !people.is_empty() && (best.is_none() || after_title) && capitals {
            let end = self.extend_name(longest);
            // "Prem" + "Bahadur Thapa": somebody else than the one who goes by the first name
            let whole = |p: &u32| {
                self.engine.gazetteer.person(*p).names().any(|n| {
                    let known: Vec<String> = n.split([' ', '-']).map(dateline_gazetteer::fold_token).collect();
                    (longest..end)
                        .filter(|k| self.part.tokens[*k].capital)
                        .all(|k| known.iter().any(|w| w == self.part.folded(k)))
                })
            };
            if end > longest && !self.part.title_case {
                people.retain(whole);
            }
            if people.is_empty() {
                return Some(Piece { from: at, to: end, item: Item::Name });
            }
            return Some(Piece { from: at, to: end, item: Item::Person(people) });
        }
        if let Some((end, item)) = best {
            // "President Jordan Smith": a country's name behind a title and before a name is a given name.
            if after_title && matches!(item, Item::Place(_)) && self.capital_at(end) {
                return None;
            }
            if !matches!(item, Item::Title { .. } | Item::Leader) && !capitals {
                return None;
            }
            if matches!(item, Item::Place(_) | Item::Demonym { .. }) && self.compound(end) {
                return Some(Piece { from: at, to: end + 2, item: Item::Word });
            }
            let end = if matches!(item, Item::Title { .. } | Item::Leader) { self.to_be(end) } else { end };
            return Some(Piece { from: at, to: end, item });
        }
        if !cities.is_empty() && capitals && !after_title {
            let gaz = &self.engine.gazetteer;
            let doubtful = cities.iter().any(|c| gaz.city(*c).common_word || gaz.city(*c).person_name);
            let single = longest == at + 1;
            let folded = self.part.folded(at);
            let beside_name = single
                && (self.capital_at(longest) && !self.time_starts(longest) && !self.part.title_case
                    || (self.registry.knows(folded) && doubtful));
            let sentence_start = at == self.start || self.part.title_case;
            let preposition =
                self.out.chunks.last().is_some_and(|c| self.engine.symbols.place_prepositions.contains(&c.sym))
                    && before.is_empty();
            let person_only = single
                && !preposition
                && !self.engine.gazetteer.persons_by_family(folded).is_empty()
                && self.registry.knows(folded);
            if person_only
                || (beside_name && (doubtful || gaz.is_given_name(folded)))
                || (doubtful && sentence_start && !preposition)
            {
                return None;
            }
            if doubtful && gaz.city(cities[0]).common_word && !preposition {
                return None;
            }
            return Some(Piece { from: at, to: longest, item: Item::Place(PlaceNp::Cities(cities)) });
        }
        None
    }

    /// "U.S.-born", "Russian-backed": the word behind the hyphen says that it is no nationality.
    fn compound(&self, at: usize) -> bool {
        at + 1 < self.end
            && self.part.tokens[at].kind == dateline_text::TokenKind::Hyphen
            && matches!(
                self.part.lower(at + 1),
                "born" | "backed" | "led" | "trained" | "educated" | "based" | "appointed" | "brokered" | "sponsored"
            )
    }

    /// "king-to-be": where the office ends.
    fn to_be(&self, end: usize) -> usize {
        let hyphen = |k: usize| self.part.tokens[k].kind == TokenKind::Hyphen;
        let longer = end + 3 < self.end && hyphen(end) && hyphen(end + 2);
        if longer && self.part.lower(end + 1) == "to" && self.part.lower(end + 3) == "be" { end + 4 } else { end }
    }

    /// "London Monday": the capital behind is that of a day.
    fn time_starts(&self, at: usize) -> bool {
        self.out.times.iter().any(|t| t.tokens.start == at)
    }

    pub(super) fn capital_at(&self, at: usize) -> bool {
        at < self.end
            && self.part.tokens[at].kind == TokenKind::Word
            && self.part.tokens[at].capital
            && self.part.tokens[at].spaced
    }

    /// A known name goes on over further capitals ("Lula" + "da Silva").
    pub(super) fn extend_name(&self, mut end: usize) -> usize {
        if self.part.title_case {
            return end;
        }
        let known = end;
        while end < self.end {
            let article = self.hyphened_particle(end);
            let particle = is_particle(self.part.word(end)) && self.capital_at(end + 1);
            let plain = self.capital_at(end) && self.name_word(end);
            let hyphen = self.part.tokens[end].kind == TokenKind::Hyphen
                && end + 1 < self.end
                && (self.part.tokens[end + 1].capital
                    // "Moo-hyun"
                    || end > known
                        && self.part.tokens[end + 1].kind == TokenKind::Word
                        && self.part.word(end + 1).len() < 6
                        && self.part.matches_at(end + 1).is_empty()
                        && !self.compound(end));
            if article {
                end += 3;
            } else if plain || hyphen {
                end += 1;
            } else if particle {
                end += 2;
            } else {
                break;
            }
        }
        end
    }

    /// "al-Harthy": a particle that a hyphen ties to the name.
    fn hyphened_particle(&self, at: usize) -> bool {
        at + 2 < self.end
            && is_particle(self.part.word(at))
            && self.part.tokens[at + 1].kind == TokenKind::Hyphen
            && self.part.tokens[at + 2].capital
    }

    /// A capitalised word that is not something else by itself.
    pub(super) fn name_word(&self, at: usize) -> bool {
        let word = self.part.lower(at);
        !matches!(
            word,
            "the"
                | "a"
                | "in"
                | "on"
                | "at"
                | "for"
                | "but"
                | "and"
                | "his"
                | "her"
                | "he"
                | "she"
                | "it"
                | "they"
                | "this"
                | "that"
                | "with"
                | "from"
                | "after"
        ) && !self.part.is(at, marks::TITLE | marks::COUNTRY | marks::DEMONYM | marks::ORGANISATION | marks::EVENT)
            && !self.out.times.iter().any(|t| t.tokens.start == at)
    }

    pub(super) fn lexicon_piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
        let capital =
            self.part.tokens[at].capital && at > self.start && !self.part.title_case && !self.part.tokens[at].upper;
        let mut found: Option<(usize, Item, u8)> = None;
        for m in self.part.matches_at(at) {
            let end = m.end as usize;
            let Entry::Lex(lex) = m.entry else { continue };
            if end > self.end || found.as_ref().is_some_and(|(e, ..)| end < *e) {
                continue;
            }
            let (item, rank) = match lex {
                Lex::Noun { sym } => (Item::Noun(sym), 4),
                Lex::Group(c) => (Item::Group(c), 3),
                Lex::Adj(k) => (
                    Item::Adjective(k),
                    if self.noun_follows(end) || self.part.is(end, marks::ONE_ADJECTIVE) { 5 } else { 1 },
                ),
                Lex::Source => (Item::Source, 2),
                Lex::Leader => (Item::Leader, 2),
                _ => continue,
            };
            if found.as_ref().is_none_or(|(e, _, r)| end > *e || rank > *r) {
                found = Some((end, item, rank));
            }
        }
        let (to, item, _) = found?;
        // A capitalised common noun inside a name run stays with the name ("Foreign Ministry" is taken, "Peace March" is not).
        if capital
            && matches!(before.last().map(|p| &p.item), Some(Item::Name))
            && !matches!(item, Item::Group(_) | Item::Noun(_) | Item::Source)
        {
            return None;
        }
        Some(Piece { from: at, to, item })
    }

    pub(super) fn name_piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
        let t = self.part.tokens[at];
        if t.kind != TokenKind::Word || !t.capital {
            return None;
        }
        let folded = self.part.folded(at);
        let known = self.registry.knows(folded) || !self.engine.gazetteer.persons_by_family(folded).is_empty();
        let after_title =
            matches!(before.last().map(|p| &p.item), Some(Item::Title { .. } | Item::Modifier(_) | Item::Leader));
        if self.part.title_case && !known && !after_title {
            return None;
        }
        let mut end = at + 1;
        while end < self.end {
            let plain = self.capital_at(end)
                && self.name_word(end)
                && (!self.part.title_case || self.title_case_name(end, after_title));
            let hyphen = self.part.tokens[end].kind == TokenKind::Hyphen
                && end + 1 < self.end
                && self.part.tokens[end + 1].kind == TokenKind::Word;
            let particle = is_particle(self.part.word(end)) && self.capital_at(end + 1);
            if self.hyphened_particle(end) {
                end += 3;
            } else if plain {
                end += 1;
            } else if hyphen || particle {
                end += 2;
            } else {
                break;
            }
            if end - at > 8 {
                break;
            }
        }
        // "Central Asian Affairs Richard Boucher": the portfolio ends before the name
        let from = (at..end.min(self.end)).rev().find(|k| self.part.word(*k) == "Affairs").map_or(at, |k| k + 1);
        if from >= end.min(self.end) {
            return Some(Piece { from: at, to: end.min(self.end), item: Item::Word });
        }
        Some(Piece { from, to: end.min(self.end), item: Item::Name })
    }

    pub(super) fn title_case_name(&self, at: usize, after_title: bool) -> bool {
        let folded = self.part.folded(at);
        self.registry.knows(folded) || (after_title && self.part.matches_at(at).is_empty())
    }
}

fn is_particle(word: &str) -> bool {
    matches!(
        word,
        "bin"
            | "al"
            | "el"
            | "de"
            | "da"
            | "do"
            | "dos"
            | "di"
            | "van"
            | "von"
            | "der"
            | "den"
            | "la"
            | "le"
            | "ibn"
            | "ben"
            | "bint"
            | "del"
            | "du"
            | "ould"
            | "ag"
            | "abu"
            | "ul"
            | "ur"
            | "zu"
    )
}
