//! Noun groups: titles with names, places, bodies of people, and the nouns that rules know, with what stands before them.

use dateline_gazetteer::{Kind as Gaz, Modifier, RoleId, fold_token};
use dateline_text::TokenKind;

use super::run::{Chunker, pronoun};
use super::{GroupNp, Kind, NounNp, Owner, PersonNp, PlaceNp, Pronoun, Tokens};
use crate::lexicon::{AdjKind, Form, GroupClass, Lex, sym};
use crate::vocabulary::Entry;

/// One word or phrase of a noun group.
#[derive(Debug, Clone)]
enum Item {
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
    Visiting,
    Word,
}

struct Piece {
    from: usize,
    to: usize,
    item: Item,
}

impl Chunker<'_> {
    /// Reads a noun group at `i`, pushes its chunks, and returns where it ends; `None` when there is none.
    pub(super) fn noun_group(&mut self, i: usize) -> Option<usize> {
        let saved = self.time_at;
        let (pieces, end) = self.pieces(i);
        let only_time = pieces
            .iter()
            .all(|p| matches!(p.item, Item::Time(_) | Item::Determiner { .. } | Item::Number(_) | Item::Ordinal(_)));
        if let [Piece { item: Item::Owner(p), from, to }] = pieces.as_slice() {
            // "will take her to": an object, not an owner
            self.push(*from, *to, sym::PRONOUN, Kind::Pronoun(*p));
            return Some(end);
        }
        if pieces.is_empty() || only_time {
            self.time_at = saved;
            return None;
        }
        self.assemble(&pieces);
        Some(end)
    }

    fn pieces(&mut self, start: usize) -> (Vec<Piece>, usize) {
        let mut pieces: Vec<Piece> = vec![];
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
            match self.piece(at, &pieces) {
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
        (pieces, at)
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
            let noun = self.part.matches_at(at).iter().any(|m| {
                matches!(m.entry, Entry::Lex(Lex::Noun { .. }))
                    || matches!(m.entry, Entry::Gaz(e, _) if e.kind == Gaz::Event)
            });
            if noun {
                return true;
            }
            let longest = self.part.matches_at(at).first().map_or(at + 1, |m| m.end as usize);
            if self.part.readings(at).any(|l| matches!(l, Lex::Word(_) | Lex::Adverb)) || self.aux_at(at) {
                return false;
            }
            let verb = self.part.readings(at).any(|l| matches!(l, Lex::Verb { .. }));
            let modifier = self.part.readings(at).any(|l| matches!(l, Lex::Adj(_) | Lex::Group(_) | Lex::Noun { .. }));
            if verb && !modifier {
                return false;
            }
            at = longest.max(at + 1);
        }
        false
    }

    fn piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
        let t = self.part.tokens[at];
        let word = self.part.lower(at);
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
        match word.as_str() {
            "the" | "this" | "these" | "those" => {
                return if before.is_empty() { some(at + 1, Item::Determiner { definite: true }) } else { None };
            }
            "a" | "an" | "another" | "some" | "any" | "several" | "other" | "many" | "no" | "each" | "every"
            | "all" | "both" | "various" | "few" => {
                let ok = before.iter().all(|p| matches!(p.item, Item::Determiner { .. } | Item::Number(_)));
                return if ok { some(at + 1, Item::Determiner { definite: false }) } else { None };
            }
            "his" | "her" | "its" | "their" | "our" | "my" => {
                let p = match word.as_str() {
                    "his" => Pronoun::He,
                    "her" => Pronoun::She,
                    "its" => Pronoun::It,
                    "their" => Pronoun::They,
                    _ => Pronoun::We,
                };
                return if before.is_empty() { some(at + 1, Item::Owner(p)) } else { None };
            }
            "over" | "about" | "around" | "nearly" | "almost" | "roughly" | "than" if self.number_at(at + 1) => {
                return some(at + 1, Item::Determiner { definite: false });
            }
            "more" | "less" | "fewer" if self.part.lower(at + 1) == "than" && self.number_at(at + 2) => {
                return some(at + 1, Item::Determiner { definite: false });
            }
            "visiting" => return some(at + 1, Item::Visiting),
            "mr" | "mr." | "mrs" | "mrs." | "ms" | "ms." | "dr" | "dr." | "sir" | "lord" | "lady" | "gen." | "sen."
            | "rep." => return some(at + 1, Item::Modifier(Modifier::Neutral)),
            _ => {}
        }
        if pronoun(&word).is_some() && !t.upper {
            return None;
        }
        if let Some(n) = ordinal_word(&word)
            && before.len() < 4
        {
            return some(at + 1, Item::Ordinal(n));
        }
        if let Some(n) = number_word(&word) {
            return some(at + 1, Item::Number(n));
        }
        let longer =
            self.part.matches_at(at).iter().any(|m| matches!(m.entry, Entry::Gaz(..)) && m.end as usize > at + 1);
        if !longer
            && let Some(m) = self.engine.gazetteer.modifier(&fold_token(&word))
            && !matches!(before.last().map(|p| &p.item), Some(Item::Name | Item::Person(_)))
            && (at + 1 < self.end && self.part.tokens[at + 1].kind != TokenKind::Punct(','))
            && !self
                .part
                .matches_at(at)
                .iter()
                .any(|x| matches!(x.entry, Entry::Gaz(e, _) if e.kind == Gaz::Title && x.end as usize > at + 1))
        {
            return some(at + 1, Item::Modifier(m));
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
        at < self.end && (self.part.tokens[at].kind == TokenKind::Number || number_word(&self.part.lower(at)).is_some())
    }

    /// True where a noun group cannot go on: a function word, an auxiliary, a verb behind a complete head.
    fn boundary(&self, at: usize, before: &[Piece]) -> bool {
        if self.part.matches_at(at).iter().any(|m| matches!(m.entry, Entry::Lex(Lex::Word(_)))) || self.aux_at(at) {
            return true;
        }
        let t = self.part.tokens[at];
        if self.is_adverb(at) && !t.capital {
            return true;
        }
        let Some((end, _, form, _)) = self.verb_reading(at, |_| true) else {
            let word = self.part.word(at);
            let head = before.iter().any(|p| {
                matches!(p.item, Item::Person(_) | Item::Name | Item::Group(_) | Item::Title { .. } | Item::Org(_))
            });
            return head && !t.capital && word.len() > 4 && word.ends_with("ed") && self.part.matches_at(at).is_empty();
        };
        if t.capital && at > self.start && !self.part.title_case && !t.upper {
            return false;
        }
        let noun = self
            .part
            .readings(at)
            .any(|l| matches!(l, Lex::Noun { .. } | Lex::Group(_) | Lex::Adj(_) | Lex::Source | Lex::Leader));
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
        if end > at + 1 && form != Form::Base {
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
            _ if noun => (entity || demonym_noun) && self.verb_object(end),
            Form::Base | Form::Third => {
                entity
                    || demonym_noun
                    || matches!(last, Some(Item::Noun(_) | Item::Word | Item::Number(_))) && form == Form::Third
            }
            Form::Ing => entity,
        }
    }

    fn verb_object(&self, end: usize) -> bool {
        if end >= self.end {
            return false;
        }
        let t = self.part.tokens[end];
        let word = self.part.lower(end);
        (t.kind == TokenKind::Word
            && (t.capital
                || matches!(
                    word.as_str(),
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

    fn gazetteer_piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
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
            let body_of_people = end == at + 1 && self.part.readings(at).any(|l| matches!(l, Lex::Group(_)));
            let adjective =
                end == at + 1 && self.part.readings(at).any(|l| matches!(l, Lex::Adj(_))) && self.noun_follows(end);
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
            return Some(Piece { from: at, to: end, item });
        }
        if !cities.is_empty() && capitals && !after_title {
            let gaz = &self.engine.gazetteer;
            let doubtful = cities.iter().any(|c| gaz.city(*c).common_word || gaz.city(*c).person_name);
            let single = longest == at + 1;
            let folded = fold_token(self.part.word(at));
            let beside_name = single
                && (self.capital_at(longest) && !self.part.title_case || (self.registry.knows(&folded) && doubtful));
            let sentence_start = at == self.start || self.part.title_case;
            let preposition =
                self.out.chunks.last().is_some_and(|c| self.engine.symbols.place_prepositions.contains(&c.sym))
                    && before.is_empty();
            let person_only = single
                && !preposition
                && !self.engine.gazetteer.persons_by_family(&folded).is_empty()
                && self.registry.knows(&folded);
            if person_only
                || (beside_name && (doubtful || gaz.is_given_name(&folded)))
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

    fn capital_at(&self, at: usize) -> bool {
        at < self.end
            && self.part.tokens[at].kind == TokenKind::Word
            && self.part.tokens[at].capital
            && self.part.tokens[at].spaced
    }

    /// A known name goes on over further capitals ("Lula" + "da Silva").
    fn extend_name(&self, mut end: usize) -> usize {
        if self.part.title_case {
            return end;
        }
        while end < self.end {
            let particle = is_particle(self.part.word(end)) && self.capital_at(end + 1);
            let plain = self.capital_at(end) && self.name_word(end);
            let hyphen = self.part.tokens[end].kind == TokenKind::Hyphen
                && end + 1 < self.end
                && self.part.tokens[end + 1].capital;
            if plain || hyphen {
                end += 1;
            } else if particle {
                end += 2;
            } else {
                break;
            }
        }
        end
    }

    /// A capitalised word that is not something else by itself.
    fn name_word(&self, at: usize) -> bool {
        let word = self.part.lower(at);
        !matches!(word.as_str(), "the" | "a" | "in" | "on" | "at" | "for" | "but" | "and" | "his" | "her" | "he" | "she" | "it" | "they" | "this" | "that" | "with" | "from" | "after")
            && !self.part.matches_at(at).iter().any(|m| matches!(m.entry, Entry::Gaz(e, _) if matches!(e.kind, Gaz::Title | Gaz::Country | Gaz::Demonym | Gaz::Organisation | Gaz::Event)))
            && !self.out.times.iter().any(|t| t.tokens.start == at)
    }

    fn lexicon_piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
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
                    if self.noun_follows(end) || self.part.readings(end).any(|l| matches!(l, Lex::Adj(_))) {
                        5
                    } else {
                        1
                    },
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

    fn name_piece(&self, at: usize, before: &[Piece]) -> Option<Piece> {
        let t = self.part.tokens[at];
        if t.kind != TokenKind::Word || !t.capital {
            return None;
        }
        let folded = fold_token(self.part.word(at));
        let known = self.registry.knows(&folded) || !self.engine.gazetteer.persons_by_family(&folded).is_empty();
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
            if plain {
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

    fn title_case_name(&self, at: usize, after_title: bool) -> bool {
        let folded = fold_token(self.part.word(at));
        self.registry.knows(&folded) || (after_title && self.part.matches_at(at).is_empty())
    }

    // ---- assembling ----

    fn assemble(&mut self, pieces: &[Piece]) {
        let owner = self.owner_before();
        let last_person = pieces.iter().rposition(|p| self.person_piece(p, pieces));
        if let Some(p) = last_person {
            self.person(&pieces[..=p], owner);
            if p + 1 < pieces.len() {
                self.assemble(&pieces[p + 1..]);
            }
            return;
        }
        let head = pieces.iter().rposition(|p| matches!(p.item, Item::Noun(_) | Item::Event(_)));
        // "official details": a weak title in front of a plain word is an adjective
        let bare = |k: usize| match pieces[k].item {
            Item::Title { role, .. } => {
                !matches!(pieces.get(k + 1).map(|p| &p.item), Some(Item::Word)) || !self.weak_title(role)
            }
            _ => !matches!(pieces.get(k + 1).map(|p| &p.item), Some(Item::Word)),
        };
        let title =
            (0..pieces.len()).rev().find(|k| matches!(pieces[*k].item, Item::Title { .. } | Item::Leader) && bare(*k));
        let group = pieces.iter().rposition(|p| matches!(p.item, Item::Group(_) | Item::Source));
        let after = |a: Option<usize>, b: Option<usize>| a.is_some() && a > b;
        if after(head, title) && after(head, group) {
            self.noun(pieces, head.unwrap_or(0), owner);
        } else if after(title, group) {
            let t = title.unwrap_or(0);
            match pieces[t].item {
                Item::Title { plural: true, .. } => self.group(pieces, t, GroupClass::Sent),
                _ => self.person(&pieces[..=t], owner),
            }
            if t + 1 < pieces.len() {
                self.assemble(&pieces[t + 1..]);
            }
        } else if let Some(g) = group {
            let class = match pieces[g].item {
                Item::Group(c) => c,
                _ => GroupClass::Civil,
            };
            self.group(pieces, g, class);
        } else {
            self.places(pieces);
        }
    }

    /// A title that says little by itself, in front of a word that follows at once.
    fn weak_title(&self, role: RoleId) -> bool {
        use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState};
        !matches!(self.engine.gazetteer.role(role).class, HeadOfGovernment | HeadOfState)
    }

    fn person_piece(&self, p: &Piece, pieces: &[Piece]) -> bool {
        match &p.item {
            Item::Person(_) => true,
            Item::Name => {
                let folded = fold_token(self.part.word(p.to - 1));
                let first = fold_token(self.part.word(p.from));
                let titled = pieces.iter().take_while(|x| x.from < p.from).any(|x| {
                    matches!(
                        x.item,
                        Item::Title { plural: false, .. } | Item::Leader | Item::Modifier(Modifier::Neutral)
                    )
                });
                let words = p.to - p.from;
                let people = self.engine.gazetteer.persons_by_family(&folded);
                titled
                    || self.registry.knows(&folded)
                    || (words == 1 && !people.is_empty() && (p.from > self.start || !self.common_start(p.from)))
                    || (words > 1 && (self.engine.gazetteer.is_given_name(&first) || !people.is_empty()))
                    || (words > 1 && words < 5 && !self.organisation_like(p))
            }
            _ => false,
        }
    }

    /// A lone capitalised word at the start of a sentence that the lexicon knows in small letters.
    fn common_start(&self, at: usize) -> bool {
        self.part.readings(at).next().is_some()
    }

    fn organisation_like(&self, p: &Piece) -> bool {
        (p.from..p.to).any(|i| {
            matches!(
                self.part.lower(i).as_str(),
                "inc"
                    | "inc."
                    | "corp"
                    | "corp."
                    | "co"
                    | "co."
                    | "ltd"
                    | "ltd."
                    | "bank"
                    | "university"
                    | "ministry"
                    | "group"
                    | "house"
                    | "court"
                    | "council"
                    | "party"
                    | "times"
                    | "news"
                    | "agency"
                    | "post"
                    | "street"
                    | "square"
                    | "palace"
                    | "airport"
                    | "hotel"
                    | "centre"
                    | "center"
                    | "institute"
                    | "company"
                    | "committee"
                    | "commission"
                    | "union"
                    | "airlines"
                    | "church"
                    | "fund"
                    | "league"
                    | "cup"
                    | "day"
                    | "war"
                    | "act"
                    | "river"
                    | "island"
                    | "islands"
                    | "sea"
                    | "mountain"
                    | "valley"
                    | "lake"
                    | "bay"
                    | "province"
                    | "state"
                    | "city"
                    | "club"
                    | "games"
                    | "world"
                    | "international"
                    | "national"
                    | "united"
                    | "american"
                    | "operation"
                    | "radio"
                    | "herald"
            )
        })
    }

    fn person(&mut self, pieces: &[Piece], owner: Option<Owner>) {
        let mut np = PersonNp::default();
        let Some(last) = pieces.last() else { return };
        match &last.item {
            Item::Person(candidates) => {
                np.name = Some((last.from as u32, last.to as u32));
                np.candidates.clone_from(candidates);
            }
            Item::Name => {
                np.name = Some((last.from as u32, last.to as u32));
                let folded = fold_token(self.part.word(last.to - 1));
                let people = self.engine.gazetteer.persons_by_family(&folded);
                let words = last.to - last.from;
                if words == 1 {
                    np.candidates = people.to_vec();
                }
                let first = fold_token(self.part.word(last.from));
                np.weak = words > 1
                    && !self.engine.gazetteer.is_given_name(&first)
                    && people.is_empty()
                    && !self.registry.knows(&folded);
            }
            _ => {}
        }
        let mut start = pieces.first().map_or(last.from, |p| p.from);
        for (k, p) in pieces.iter().enumerate() {
            let span: Tokens = (p.from as u32, p.to as u32);
            match &p.item {
                Item::Title { role, country, .. } => {
                    if np.role.is_some() && np.role_span.is_some_and(|s| s.1 + 1 < span.0) && np.name.is_none() {
                        np.country = None;
                    }
                    np.role = Some(*role);
                    np.role_span = Some(span);
                    np.weak = false;
                    if country.is_some() {
                        np.country = *country;
                        np.country_span = Some(span);
                    }
                }
                Item::Leader => {
                    np.leader = true;
                    np.weak = false;
                    np.role_span.get_or_insert(span);
                }
                Item::Demonym { country, .. } | Item::Place(PlaceNp::Country(country)) => {
                    np.country = Some(*country);
                    np.country_span = Some(span);
                }
                Item::Place(PlaceNp::Venue(v)) => {
                    let venue = self.engine.gazetteer.venue(*v);
                    np.country = Some(venue.country);
                    np.country_span = Some(span);
                    if np.role.is_none() {
                        np.role = venue.office;
                    }
                }
                Item::Org(o) => np.organisation = Some(*o),
                Item::Modifier(Modifier::Former) => np.former = true,
                Item::Modifier(Modifier::Deputy) => np.deputy = true,
                Item::Modifier(Modifier::Neutral) => np.weak = false,
                Item::Visiting => np.visiting = true,
                Item::Owner(p) => np.owner = Some(*p),
                Item::Determiner { definite } => np.indefinite = !definite,
                // "Jerusalem Mayor", or a second name before: the group began there, the person does not
                Item::Place(_) | Item::Time(_) if k + 1 < pieces.len() && np.role.is_none() => {
                    start = start.max(p.from);
                }
                _ => {}
            }
        }
        if np.name.is_some() && np.role.is_some() {
            np.indefinite = false;
        }
        // "China's president": the possessive before is the country.
        if let Some(Owner::Chunk(c)) = owner {
            let tokens = self.out.chunks[c].tokens;
            match &self.out.chunks[c].kind {
                Kind::Place(PlaceNp::Country(country)) => {
                    np.country = np.country.or(Some(*country));
                    np.country_span = np.country_span.or(Some(tokens));
                    start = tokens.0 as usize;
                    self.out.chunks.truncate(c);
                }
                Kind::Org(o) => {
                    np.organisation = np.organisation.or(Some(*o));
                    start = tokens.0 as usize;
                    self.out.chunks.truncate(c);
                }
                _ => {}
            }
        }
        let symbol = if np.visiting { sym::VISITOR } else { sym::PERSON };
        self.push(start, last.to, symbol, Kind::Person(Box::new(np)));
    }

    fn group(&mut self, pieces: &[Piece], head: usize, class: GroupClass) {
        let mut np = GroupNp {
            class,
            country: None,
            country_span: None,
            organisation: None,
            count: None,
            name: (0, 0),
            visiting: false,
            source: false,
        };
        let mut first = None;
        for p in &pieces[..=head] {
            let span: Tokens = (p.from as u32, p.to as u32);
            match &p.item {
                Item::Demonym { country, .. } | Item::Place(PlaceNp::Country(country)) => {
                    np.country = Some(*country);
                    np.country_span = Some(span);
                }
                Item::Place(PlaceNp::Venue(v)) => np.country = Some(self.engine.gazetteer.venue(*v).country),
                Item::Org(o) => np.organisation = Some(*o),
                Item::Number(n) => np.count = Some(*n).filter(|n| *n > 0),
                Item::Visiting => np.visiting = true,
                Item::Source => np.source = true,
                _ => {}
            }
            let article = matches!(p.item, Item::Determiner { .. })
                && matches!(self.part.lower(p.from).as_str(), "the" | "a" | "an" | "this" | "another" | "some");
            if !article && !matches!(p.item, Item::Owner(_) | Item::Visiting) {
                first.get_or_insert(p.from);
            }
        }
        let mut start = pieces[0].from;
        if let Some(Owner::Chunk(c)) = self.owner_before()
            && let Kind::Place(PlaceNp::Country(country)) = self.out.chunks[c].kind
        {
            np.country = np.country.or(Some(country));
            np.country_span = np.country_span.or(Some(self.out.chunks[c].tokens));
            start = self.out.chunks[c].tokens.0 as usize;
            first = Some(start);
            self.out.chunks.truncate(c);
        }
        let to = pieces[head].to;
        np.name = (first.unwrap_or(start) as u32, to as u32);
        let source = np.source && np.country.is_none() && np.organisation.is_none();
        if source {
            self.push(start, to, sym::SOURCE, Kind::Source);
        } else {
            let symbol = if np.visiting { sym::VISITOR } else { sym::GROUP };
            self.push(start, to, symbol, Kind::Group(Box::new(np)));
        }
        if head + 1 < pieces.len() {
            self.assemble(&pieces[head + 1..]);
        }
    }

    fn noun(&mut self, pieces: &[Piece], head: usize, owner: Option<Owner>) {
        let mut np = NounNp { owner, head: (pieces[head].from as u32, pieces[head].to as u32), ..NounNp::default() };
        let mut symbol = sym::THING;
        let mut first = None;
        for p in &pieces[..=head] {
            let span: Tokens = (p.from as u32, p.to as u32);
            match &p.item {
                Item::Determiner { definite } => np.definite |= *definite,
                Item::Owner(p) => np.owner = Some(Owner::Pronoun(*p)),
                Item::Adjective(k) => np.kinds.push((*k, span)),
                Item::Ordinal(n) => np.ordinal = Some((*n, span)),
                Item::Time(t) => np.times.push(*t),
                Item::Demonym { country, .. } => np.countries.push((*country, span)),
                Item::Place(PlaceNp::Country(c)) => {
                    np.countries.push((*c, span));
                    np.places.push((PlaceNp::Country(*c), span));
                }
                Item::Place(place) => np.places.push((place.clone(), span)),
                Item::Noun(s) => symbol = *s,
                Item::Event(e) => {
                    np.event = Some(*e);
                    if symbol == sym::THING {
                        symbol = self.engine.event_symbol(*e);
                    }
                }
                _ => {}
            }
            if !matches!(p.item, Item::Determiner { .. } | Item::Owner(_)) {
                first.get_or_insert(p.from);
            }
        }
        np.name = (first.unwrap_or(pieces[0].from) as u32, pieces[head].to as u32);
        let start = pieces[0].from;
        self.push(start, pieces[head].to, symbol, Kind::Noun(Box::new(np)));
        if head + 1 < pieces.len() {
            self.assemble(&pieces[head + 1..]);
        }
    }

    /// A group without a known head: its places and organisations, else a thing.
    fn places(&mut self, pieces: &[Piece]) {
        let mut found = false;
        let last = pieces.len().saturating_sub(1);
        for (k, p) in pieces.iter().enumerate() {
            match &p.item {
                Item::Place(place) => {
                    self.push(p.from, p.to, sym::PLACE, Kind::Place(place.clone()));
                    found = true;
                }
                Item::Org(o) => {
                    self.push(p.from, p.to, sym::ORG, Kind::Org(*o));
                    found = true;
                }
                Item::Demonym { country, noun: true } if k == last => {
                    let span = (p.from as u32, p.to as u32);
                    let np = GroupNp {
                        class: GroupClass::Civil,
                        country: Some(*country),
                        country_span: Some(span),
                        organisation: None,
                        count: None,
                        name: span,
                        visiting: false,
                        source: false,
                    };
                    self.push(p.from, p.to, sym::GROUP, Kind::Group(Box::new(np)));
                    found = true;
                }
                _ => {}
            }
        }
        if found {
            return;
        }
        let (Some(first), Some(last)) = (pieces.first(), pieces.last()) else { return };
        let text = self.part.slice(first.from, last.to).to_lowercase();
        let place = match text.as_str() {
            "the capital" | "capital" => Some(PlaceNp::Capital(None)),
            "the country" | "this country" | "the kingdom" | "the republic" | "the nation" => Some(PlaceNp::Here),
            _ => None,
        };
        let capital =
            pieces.iter().find_map(|p| if let Item::Demonym { country, .. } = p.item { Some(country) } else { None });
        let place =
            place.or_else(|| (text.ends_with(" capital") && capital.is_some()).then_some(PlaceNp::Capital(capital)));
        if let Some(place) = place {
            self.push(first.from, last.to, sym::PLACE, Kind::Place(place));
        } else {
            let np = NounNp {
                head: (last.from as u32, last.to as u32),
                name: (first.from as u32, last.to as u32),
                owner: self.owner_before(),
                town: TOWNS.contains(&self.part.lower(last.to - 1).as_str()),
                ..NounNp::default()
            };
            self.push(first.from, last.to, sym::THING, Kind::Noun(Box::new(np)));
        }
    }
}

const TOWNS: [&str; 14] = [
    "town",
    "city",
    "port",
    "village",
    "resort",
    "province",
    "island",
    "district",
    "region",
    "kingdom",
    "republic",
    "state",
    "capital",
    "territory",
];

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

fn ordinal_word(word: &str) -> Option<u32> {
    Some(match word {
        "first" => 1,
        "second" => 2,
        "third" => 3,
        "fourth" => 4,
        "fifth" => 5,
        "sixth" => 6,
        "seventh" => 7,
        "eighth" => 8,
        "ninth" => 9,
        "tenth" => 10,
        "eleventh" => 11,
        "twelfth" => 12,
        _ => return None,
    })
}

fn number_word(word: &str) -> Option<u32> {
    Some(match word {
        "one" => 1,
        "two" => 2,
        "three" => 3,
        "four" => 4,
        "five" => 5,
        "six" => 6,
        "seven" => 7,
        "eight" => 8,
        "nine" => 9,
        "ten" => 10,
        "dozen" => 12,
        "twenty" => 20,
        _ => return None,
    })
}
