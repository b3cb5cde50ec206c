//! Who takes part: what the slots of a frame hold, whose the noun is, which countries its adjectives name.

use dateline_model::{Actor, Certainty, EventType, Part, Participant};

use crate::chunk::{Kind, Owner, PlaceNp, Pronoun, Tokens};
use crate::entity::{Entity, clean_name};
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::quote::Quotes;
use crate::visit::{Draft, Reader};
use crate::words::{among, holds};

/// The participants of one frame, as they sit down.
struct Table<'t, 'a> {
    reader: &'t Reader<'a>,
    frame: &'t Frame,
    kind: EventType,
    visits: &'t [Draft],
    quotes: &'t mut Quotes,
    list: Vec<Participant>,
    who: Vec<Option<usize>>,
}

impl Reader<'_> {
    /// Participants of a frame, actors first, and for each the entity behind it.
    pub(super) fn parties(
        &self,
        frame: &Frame,
        kind: EventType,
        visits: &[Draft],
        quotes: &mut Quotes,
    ) -> (Vec<Participant>, Vec<Option<usize>>) {
        let effects = &self.engine.rule(frame.rule).effects;
        let mut table = Table { reader: self, frame, kind, visits, quotes, list: vec![], who: vec![] };
        let slots: Vec<(Part, &[usize])> = frame
            .slots
            .iter()
            .filter_map(|(slot, chunks)| {
                let part = effects.parts.get(slot).map_or(slot.as_str(), String::as_str);
                Some((part_by_name(part)?, chunks.as_slice()))
            })
            .collect();
        let acts = |p: Part| matches!(p, Part::Actor | Part::Attendee | Part::Contingent);
        if !slots.iter().any(|(p, c)| acts(*p) && !c.is_empty()) {
            table.noun();
            if effects.subject_acts && table.list.is_empty() {
                table.subject();
            }
        }
        let (first, then): (Vec<_>, Vec<_>) = slots.into_iter().partition(|(p, _)| acts(*p));
        let chunks = &self.doc.sentences[frame.sentence].chunks;
        for (part, slot) in first.into_iter().chain(then) {
            for c in slot {
                // "the country's prime minister" is the minister
                let owns = chunks.get(c + 1).is_some_and(|n| n.sym == sym::POSSESSIVE) && slot.contains(&(c + 2));
                // "her host, President Ruto" is the president
                let unnamed = matches!(&chunks[*c].kind, Kind::Person(p) if p.name.is_none())
                    && matches!(chunks.get(c + 2).map(|n| &n.kind), Some(Kind::Person(p)) if p.name.is_some() && self.rank(p.role));
                let apposed = (matches!(chunks[*c].kind, Kind::Noun(_)) || unnamed)
                    && chunks.get(c + 1).is_some_and(|n| n.sym == sym::COMMA)
                    && slot.contains(&(c + 2));
                if !owns && !apposed {
                    table.seat(*c, part);
                }
            }
        }
        (table.list, table.who)
    }

    /// A country as a participant, by its name in the gazetteer.
    pub(super) fn named_country(&self, country: u32) -> Actor {
        let c = self.engine.gazetteer.country(country);
        let code = self.doc.day.map_or(&*c.code, |d| c.code_at(d));
        Actor { name: c.name.to_string(), country: Some(code.to_owned()), group: true, ..Actor::default() }
    }

    /// No office, or one that nobody travels in: "General".
    fn rank(&self, role: Option<dateline_gazetteer::RoleId>) -> bool {
        role.is_none_or(|r| !self.engine.gazetteer.role(r).visitor)
    }

    fn country_actor(&self, place: &PlaceNp, sentence: usize, tokens: Tokens) -> Option<Actor> {
        match place {
            PlaceNp::Country(c) => {
                Some(Actor { name: clean_name(self.doc.slice(sentence, tokens)), ..self.named_country(*c) })
            }
            PlaceNp::Venue(v) => {
                let venue = self.engine.gazetteer.venue(*v);
                venue.government.then(|| self.named_country(venue.country))
            }
            PlaceNp::Cities(list) => {
                let city = self.engine.gazetteer.resolve_city(list, &self.context)?;
                let city = self.engine.gazetteer.city(city);
                city.capital.then(|| self.named_country(city.country))
            }
            _ => None,
        }
    }

    /// Somebody who stands for something: by office, country or body.
    pub(super) fn weighty(&self, e: &Entity) -> bool {
        if e.group {
            let name = e.name.to_lowercase();
            let head = name.split(' ').next_back().unwrap_or_default();
            let list = &self.engine.words.nameless;
            let nameless = among(list, &name) || (e.count.is_some() && among(list, head));
            return e.country.is_some() || e.organisation.is_some() || (e.military && !nameless);
        }
        e.person.is_some()
            || e.role.is_some()
            || e.leader
            || e.organisation.is_some()
            || (e.country.is_some() && !e.weak)
    }

    /// A body of people by a name that is no country: "FNL delegates", "the Houthi negotiators".
    fn titled(e: &Entity) -> bool {
        let capital = |w: &str| w.chars().next().is_some_and(char::is_uppercase);
        let short = |w: &str| w.len() > 1 && w.chars().all(char::is_uppercase);
        e.group && e.name.split(' ').enumerate().any(|(i, w)| if i == 0 { short(w) } else { capital(w) })
    }

    fn suits(&self, kind: EventType, e: &Entity) -> bool {
        match kind {
            EventType::Protest => !e.anonymous,
            EventType::Attack => {
                self.weighty(e) || (!e.group && e.named && !e.anonymous) || (e.military && e.count.is_none())
            }
            EventType::Talks | EventType::PhoneCall => self.weighty(e) || (e.named && !e.group) || Self::titled(e),
            EventType::Ceasefire => self.weighty(e) || Self::titled(e),
            _ => self.weighty(e),
        }
    }
}

impl Table<'_, '_> {
    /// Whose the noun is, and the countries of its adjectives: "Israel's attack", "U.S.-China talks".
    fn noun(&mut self) {
        let Some((at, noun)) = self.frame.noun(self.reader.doc) else { return };
        match noun.owner {
            Some(Owner::Chunk(c)) => self.seat(c, Part::Actor),
            Some(Owner::Pronoun(p)) => {
                if let Some(e) = self.reader.entities.recent(self.reader.doc, (self.frame.sentence, at), p) {
                    self.entity(e, noun.head, Part::Actor, "coref:owner");
                }
            }
            None => {}
        }
        if self.kind == EventType::Protest {
            return;
        }
        for (country, span) in noun.countries.iter().take(3) {
            let actor = self.reader.named_country(*country);
            self.country(actor, *span, Part::Actor);
        }
    }

    fn subject(&mut self) {
        let s = &self.reader.doc.sentences[self.frame.sentence];
        let Some(clause) = self.frame.clause.and_then(|k| s.clauses.get(k)) else { return };
        let noun = self.frame.slot("noun").first().copied();
        // "said that talks with": not the speaker; "in talks with her he said": he
        let set = noun.zip(clause.verb).is_some_and(|(n, v)| {
            let before = n.checked_sub(1).map(|b| self.reader.engine.lexicon.name_of(s.chunks[b].sym));
            n < v && matches!(before, Some("during" | "in" | "at" | "after"))
        });
        if !set && clause.group(&s.chunks).is_some_and(|v| v.syms.iter().any(|x| self.reader.engine.speaks(*x))) {
            return;
        }
        for c in clause.subject.iter().filter(|c| Some(**c) != noun) {
            self.seat(*c, Part::Actor);
        }
    }

    fn seat(&mut self, chunk: usize, part: Part) {
        let reader = self.reader;
        let s = self.frame.sentence;
        let chunks = &reader.doc.sentences[s].chunks;
        let np = &chunks[chunk];
        let meets =
            !matches!(self.kind, EventType::Attack | EventType::Sanction | EventType::Protest | EventType::Deployment);
        if let Some(pair) = meets.then(|| reader.stands_for(s, chunk, self.visits)).flatten() {
            for e in pair {
                self.entity(e, np.tokens, part, "coref:pair");
            }
            return;
        }
        // "supporters of the president" march, not he
        let of = chunk.checked_sub(1).is_some_and(|b| chunks[b].sym == reader.engine.symbols.of);
        if self.kind == EventType::Protest && of && matches!(np.kind, Kind::Person(_)) {
            return;
        }
        if let Some(e) = reader.entities.at((s, chunk)) {
            let entity = &reader.entities.list[e];
            // "Chad said its planes": Chad's
            if let Some(country) = self.owning(chunk).filter(|_| entity.group && entity.country.is_none()) {
                let actor = reader.named_country(country);
                self.country(actor, np.tokens, part);
                return;
            }
            // "Representatives Reyes and Cruz": both
            let joined = chunk > 1
                && chunks[chunk - 1].sym == reader.engine.symbols.and
                && entity.named
                && !entity.group
                && reader.entities.at((s, chunk - 2)).is_some_and(|b| self.who.contains(&Some(b)));
            if !(entity.anonymous && entity.country.is_none()) && (joined || reader.suits(self.kind, entity)) {
                self.entity(e, np.tokens, part, "");
            }
            return;
        }
        match &np.kind {
            Kind::Place(p) => {
                // "in Moscow" is where, "Moscow" is who
                let where_at = chunk.checked_sub(1).is_some_and(|b| {
                    let symbols = &reader.engine.symbols;
                    let aimed = matches!(
                        reader.engine.lexicon.name_of(chunks[b].sym),
                        "on" | "against" | "to" | "over" | "for"
                    );
                    symbols.inside.contains(&chunks[b].sym)
                        || chunks[b].sym == symbols.from
                        || (aimed && matches!(part, Part::Actor | Part::Attendee))
                });
                // "Lisbon prosecutors" are not Portugal
                let runs_on = matches!(part, Part::Actor)
                    && chunks.get(chunk + 1).is_some_and(|n| n.tokens.0 > np.tokens.1 && n.sym != sym::POSSESSIVE);
                let aside = where_at || (runs_on && !matches!(p, PlaceNp::Country(_)));
                if let Some(mut actor) = reader.country_actor(p, s, np.tokens).filter(|_| !aside) {
                    if self.kind == EventType::Statement && matches!(p, PlaceNp::Venue(_)) {
                        actor.name = clean_name(reader.doc.slice(s, np.tokens));
                    }
                    self.country(actor, np.tokens, part);
                }
            }
            // "Peru said it had struck": Peru
            Kind::Pronoun(Pronoun::It) => {
                let land = |x: &Kind| match x {
                    Kind::Place(PlaceNp::Country(country)) => Some(*country),
                    _ => None,
                };
                if let Some(country) = chunks[..chunk].iter().rev().find_map(|x| land(&x.kind)) {
                    let actor = reader.named_country(country);
                    self.country(actor, np.tokens, part);
                }
            }
            Kind::Noun(n) => {
                // "a Canadian judge" is not Canada
                if holds(&reader.engine.words.private, &reader.doc.slice(s, n.head).to_lowercase()) {
                    return;
                }
                for (country, span) in &n.countries {
                    let actor = reader.named_country(*country);
                    self.country(actor, *span, part);
                }
            }
            _ => {}
        }
    }

    /// The country that "its" or "their" in front of a body of people means: the last one named in the sentence.
    fn owning(&self, chunk: usize) -> Option<u32> {
        let (reader, s) = (self.reader, self.frame.sentence);
        let chunks = &reader.doc.sentences[s].chunks;
        let first = reader.doc.part_of(s).lower(chunks[chunk].tokens.0 as usize);
        if !matches!(first, "its" | "their") {
            return None;
        }
        chunks[..chunk].iter().enumerate().rev().find_map(|(c, x)| match &x.kind {
            Kind::Place(PlaceNp::Country(country)) => Some(*country),
            Kind::Person(_) | Kind::Group(_) | Kind::Org(_) => {
                reader.entities.at((s, c)).and_then(|e| reader.entities.list[e].country)
            }
            _ => None,
        })
    }

    fn path(&self) -> String {
        format!("participants.{}", self.list.len())
    }

    fn entity(&mut self, e: usize, at: Tokens, part: Part, coref: &str) {
        if self.who.contains(&Some(e)) {
            return;
        }
        let reader = self.reader;
        let entity = &reader.entities.list[e];
        let path = self.path();
        let name = format!("{path}.name");
        let rule = reader.engine.rule(self.frame.rule).name.as_str();
        let s = self.frame.sentence;
        self.quotes.add(&name, (s, at), if coref.is_empty() { rule } else { coref });
        let mut actor = reader.actor(entity, &path, self.quotes);
        let mut name_at = entity.name_at;
        // "an elite contingent of 50 Syrian soldiers": the Syrian soldiers
        if let Some((sentence, country)) =
            entity.country_at.filter(|(x, _)| *x == name_at.0 && (entity.group || entity.anonymous))
            && name_at.1.0 < country.0
            && country.1 < name_at.1.1
        {
            name_at = (sentence, (country.0, name_at.1.1));
            actor.name = clean_name(reader.doc.slice(sentence, name_at.1));
        }
        // "foreign ministers of the Group of Seven": the Group of Seven
        if entity.group
            && entity.organisation.is_some()
            && let Some(of) = (name_at.1.0..name_at.1.1).find(|t| {
                let part = reader.doc.part_of(name_at.0);
                let head = part.lower((*t as usize).saturating_sub(1));
                part.lower(*t as usize) == "of" && among(&reader.engine.words.people, head)
            })
        {
            let article = u32::from(reader.doc.part_of(name_at.0).lower(of as usize + 1) == "the");
            name_at = (name_at.0, (of + 1 + article, name_at.1.1));
            actor.name = clean_name(reader.doc.slice(name_at.0, name_at.1));
        }
        // "a senior Libyan official": the Libyan official
        if let Some((sentence, country)) = entity.country_at.filter(|(x, _)| *x == name_at.0 && entity.anonymous)
            && country.1 <= name_at.1.0
        {
            name_at = (sentence, (country.0, name_at.1.1));
            actor.name = clean_name(reader.doc.slice(sentence, name_at.1));
        }
        self.quotes.add(&name, name_at, "coref:name");
        if self.list.iter().any(|p| p.actor.name == actor.name) {
            return;
        }
        self.list.push(Participant { actor, part, certainty: Certainty::Stated });
        self.who.push(Some(e));
    }

    fn country(&mut self, actor: Actor, at: Tokens, part: Part) {
        let known = self.list.iter().any(|p| p.actor.name == actor.name)
            || self.list.iter().zip(&self.who).any(|(p, w)| w.is_none() && p.actor.country == actor.country);
        if known {
            return;
        }
        let path = self.path();
        let rule = &self.reader.engine.rule(self.frame.rule).name;
        self.quotes.add(&format!("{path}.name"), (self.frame.sentence, at), rule);
        self.quotes.add(&format!("{path}.country"), (self.frame.sentence, at), "country");
        self.list.push(Participant { actor, part, certainty: Certainty::Stated });
        self.who.push(None);
    }
}

fn part_by_name(name: &str) -> Option<Part> {
    Some(match name {
        "actor" => Part::Actor,
        "recipient" => Part::Recipient,
        "attendee" => Part::Attendee,
        "contingent" => Part::Contingent,
        _ => return None,
    })
}
