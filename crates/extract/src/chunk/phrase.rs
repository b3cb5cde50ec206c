//! The chunks that a noun group becomes, with what stands before its head.

use dateline_gazetteer::{Kind as Gaz, Modifier};

use super::noun::{Item, Piece};
use super::run::Chunker;
use super::{GroupNp, Kind, NounNp, Owner, PersonNp, PlaceNp, Tokens};
use crate::lexicon::{GroupClass, sym};
use crate::vocabulary::Entry;

impl Chunker<'_> {
    /// The organisation with whose name a title begins: "NATO Secretary-General".
    fn organisation_at(&self, title: &Piece) -> Option<u32> {
        self.part.matches_at(title.from).iter().find_map(|m| match m.entry {
            Entry::Gaz(e, _) if e.kind == Gaz::Organisation && m.end as usize <= title.to => Some(e.index),
            _ => None,
        })
    }

    pub(super) fn person(&mut self, pieces: &[Piece], owner: Option<Owner>) {
        let mut np = PersonNp::default();
        let Some(last) = pieces.last() else { return };
        match &last.item {
            Item::Person(candidates) => {
                // "Beatrix of the Netherlands": the country is none of the name
                let to = (last.from + 1..last.to).find(|k| self.part.lower(*k) == "of").unwrap_or(last.to);
                np.name = Some((last.from as u32, to as u32));
                np.candidates.clone_from(candidates);
            }
            Item::Name => {
                np.name = Some((last.from as u32, last.to as u32));
                let folded = self.part.folded(last.to - 1);
                let people = self.engine.gazetteer.persons_by_family(folded);
                let words = last.to - last.from;
                if words == 1 {
                    np.candidates = people.to_vec();
                }
                let first = self.part.folded(last.from);
                np.weak = words > 1
                    && !self.engine.gazetteer.is_given_name(first)
                    && people.is_empty()
                    && !self.registry.knows(folded);
            }
            _ => {}
        }
        let mut start = pieces.iter().map(|p| p.from).min().unwrap_or(last.from);
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
                    np.organisation = np.organisation.or_else(|| self.organisation_at(p));
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

    pub(super) fn group(&mut self, pieces: &[Piece], head: usize, class: GroupClass) {
        let mut np = GroupNp {
            class,
            country: None,
            country_span: None,
            organisation: None,
            role: if let Item::Title { role, .. } = pieces[head].item { Some(role) } else { None },
            leaders: self.part.lower(pieces[head].from) == "leaders",
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
                Item::Place(PlaceNp::Venue(v)) => {
                    np.country = Some(self.engine.gazetteer.venue(*v).country);
                    np.country_span = Some(span);
                }
                Item::Org(o) => np.organisation = Some(*o),
                Item::Number(n) => np.count = Some(*n).filter(|n| *n > 0),
                Item::Visiting => np.visiting = true,
                Item::Source => np.source = true,
                _ => {}
            }
            let article = matches!(p.item, Item::Determiner { .. })
                && matches!(self.part.lower(p.from), "the" | "a" | "an" | "this" | "another" | "some");
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

    pub(super) fn noun(&mut self, pieces: &[Piece], head: usize, owner: Option<Owner>) {
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
    pub(super) fn places(&mut self, pieces: &[Piece]) {
        let mut found = false;
        let last = pieces.len().saturating_sub(1);
        for (k, p) in pieces.iter().enumerate() {
            match &p.item {
                Item::Place(place) => {
                    self.push(p.from, p.to, sym::PLACE, Kind::Place(place.clone()));
                    found = true;
                }
                // "the Australian House of Representatives": the namesake of another country
                Item::Org(o) if self.namesake(*o, pieces[..k].last()).is_some() => {
                    let country = self.namesake(*o, pieces[..k].last());
                    let before = &pieces[k - 1];
                    let np = GroupNp {
                        class: GroupClass::Civil,
                        country,
                        country_span: Some((before.from as u32, before.to as u32)),
                        organisation: None,
                        role: None,
                        leaders: false,
                        count: None,
                        name: (before.from as u32, p.to as u32),
                        visiting: false,
                        source: false,
                    };
                    self.push(before.from, p.to, sym::GROUP, Kind::Group(Box::new(np)));
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
                        role: None,
                        leaders: false,
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
        if matches!(last.item, Item::Area) {
            self.push(first.from, last.to, sym::AREA, Kind::Mark);
            return;
        }
        if let Some(place) = self.common_place(pieces) {
            self.push(first.from, last.to, sym::PLACE, Kind::Place(place));
        } else {
            let np = NounNp {
                head: (last.from as u32, last.to as u32),
                name: (first.from as u32, last.to as u32),
                owner: self.owner_before(),
                town: TOWNS.contains(&self.part.lower(last.to - 1)),
                ..NounNp::default()
            };
            self.push(first.from, last.to, sym::THING, Kind::Noun(Box::new(np)));
        }
    }

    /// The country that the word before a national body says, where it is not the body's own.
    fn namesake(&self, organisation: u32, before: Option<&Piece>) -> Option<u32> {
        let org = self.engine.gazetteer.organisation(organisation);
        match before?.item {
            Item::Demonym { country, .. } => org.country.is_some_and(|c| c != country).then_some(country),
            _ => None,
        }
        .filter(|_| org.class != dateline_gazetteer::OrganisationClass::International)
    }

    /// "the capital", "the Chinese capital", "this country", "the southern African nation".
    fn common_place(&self, pieces: &[Piece]) -> Option<PlaceNp> {
        let (first, last) = (pieces.first()?, pieces.last()?);
        let head = self.part.lower(last.to - 1);
        if !["capital", "city"].contains(&head) && !NATIONS.contains(&head) {
            return None;
        }
        let text = self.part.slice(first.from, last.to).to_lowercase();
        let before = text.strip_suffix(head)?;
        let country =
            pieces.iter().find_map(|p| if let Item::Demonym { country, .. } = p.item { Some(country) } else { None });
        match (before, head) {
            ("the " | "", "capital") => Some(PlaceNp::Capital(None)),
            (_, "capital") if before != "this " => {
                (before.ends_with(' ') && country.is_some()).then_some(PlaceNp::Capital(country))
            }
            ("this ", "country" | "capital" | "city") => Some(PlaceNp::Here),
            (_, "city") => None,
            _ => (before.starts_with("the ") && before.ends_with(' ')).then_some(PlaceNp::Here),
        }
    }
}

/// What "the" makes a country that was named before: "the southern African nation".
const NATIONS: [&str; 7] = ["country", "kingdom", "republic", "nation", "sultanate", "emirate", "island"];

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
