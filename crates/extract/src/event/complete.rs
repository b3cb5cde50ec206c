//! Who takes part beside those whom an event's own sentence names: the host of the visit around it, its guests, the other
//! one of a call.

use dateline_model::{Actor, Certainty, EventType, Part, Participant, VisitStatus};

use super::EventDraft;
use super::settle::in_days;
use super::story::Story;
use crate::visit::{Draft, Reader};
use crate::words::among;

/// Only with whom is known: "a meeting with the president is planned".
fn with(d: &EventDraft) -> bool {
    d.event.participants.iter().all(|p| p.part == Part::Recipient)
}

impl Reader<'_> {
    /// Completes a draft that lacks a party which the visit around it has: talks with the host, agreements signed there.
    pub(super) fn complete(&self, d: &mut EventDraft, visits: &[Draft], summit: bool, story: &Story) {
        if d.joins || d.event.background {
            return;
        }
        let parties = d.event.participants.len();
        if d.event.event_type == EventType::PhoneCall && parties == 1 {
            if let Some(e) = self.other_principal(d) {
                self.add_party(d, e, Part::Recipient);
            }
            return;
        }
        if d.event.event_type == EventType::Aid && parties == 1 {
            self.other_country(d, story);
        }
        let parties = d.event.participants.len();
        let Some(v) = super::pair::visit_here(d.sentence, visits).filter(|v| in_days(d, v)) else { return };
        let code = &*self.engine.gazetteer.country(v.country).code;
        let there = d.event.place.as_ref().and_then(|p| p.country.as_deref()).is_none_or(|c| c == code);
        if !there {
            return;
        }
        match d.event.event_type {
            EventType::Talks if parties == 1 && (d.open || with(d)) => {
                let only = d.who[0];
                let other = if only == Some(v.visitor) { self.receiver(v) } else { Some(v.visitor) };
                let local = d.event.participants[0].actor.country.as_deref() == Some(code) || only == Some(v.visitor);
                if let Some(e) = other.filter(|_| local || with(d)) {
                    self.add_party(d, e, Part::Recipient);
                } else if only == Some(v.visitor) {
                    self.add_country(d, Some(v.country), v.visitor);
                }
            }
            EventType::Talks
                if parties == 0 && d.definite && !(summit && among(&self.engine.words.sessions, &d.head)) =>
            {
                if let Some(host) = self.receiver(v) {
                    self.add_party(d, v.visitor, Part::Actor);
                    self.add_party(d, host, Part::Recipient);
                }
            }
            // "the delegation will lay flowers": its head
            EventType::Ceremony if parties == 0 && d.event.place.is_some() => {
                self.add_party(d, v.visitor, Part::Attendee);
            }
            EventType::Signing | EventType::Aid if parties < 2 => {
                let only = d.who.first().copied().flatten();
                let ours = only.is_none_or(|e| {
                    e == v.visitor || self.entities.list[e].country == self.entities.list[v.visitor].country
                });
                if only == Some(v.visitor)
                    && let Some(host) = self.receiver(v)
                {
                    self.add_party(d, host, Part::Actor);
                } else if ours {
                    self.add_country(d, self.entities.list[v.visitor].country, v.visitor);
                    self.add_country(d, Some(v.country), v.visitor);
                }
            }
            _ => {}
        }
    }

    fn add_party(&self, d: &mut EventDraft, e: usize, part: Part) {
        if d.who.contains(&Some(e)) {
            return;
        }
        let path = format!("participants.{}", d.event.participants.len());
        let entity = &self.entities.list[e];
        let actor = self.actor(entity, &path, &mut d.quotes);
        d.quotes.add(&format!("{path}.name"), entity.name_at, "coref:visit");
        d.event.participants.push(Participant { actor, part, certainty: Certainty::Stated });
        d.who.push(Some(e));
    }

    /// A country of the visit: its name as the visitor's or the destination's.
    fn add_country(&self, d: &mut EventDraft, country: Option<u32>, visitor: usize) {
        let Some(country) = country else { return };
        let actor: Actor = self.named_country(self.on_the_day(country));
        if d.event.participants.iter().any(|p| p.actor.country == actor.country) {
            return;
        }
        let path = format!("participants.{}", d.event.participants.len());
        let at = self.entities.list[visitor].name_at;
        for field in ["name", "country"] {
            d.quotes.add(&format!("{path}.{field}"), at, "coref:visit");
        }
        d.event.participants.push(Participant { actor, part: Part::Actor, certainty: Certainty::Stated });
        d.who.push(None);
    }

    /// Who is told to travel to a summit is there.
    pub(super) fn guests(&self, d: &mut EventDraft, visits: &[Draft]) {
        if d.event.event_type != EventType::Summit {
            return;
        }
        let country = d.event.place.as_ref().and_then(|p| p.country.clone());
        for v in visits.iter().filter(|v| !matches!(v.status, VisitStatus::Cancelled | VisitStatus::Denied)) {
            let code = &*self.engine.gazetteer.country(v.country).code;
            let city = v.city.map(|c| self.engine.gazetteer.city(c).name.to_string());
            let town =
                d.event.place.as_ref().and_then(|p| p.city.as_ref()).zip(city.as_ref()).is_none_or(|(a, b)| a == b);
            if country.as_deref() == Some(code) && town && v.background == d.event.background && in_days(d, v) {
                self.add_party(d, v.visitor, Part::Attendee);
            }
        }
        if d.event.background || d.event.participants.is_empty() || !d.salient || !(d.summit || d.known.is_some()) {
            return;
        }
        // who heads the country where leaders meet receives them
        let Some(code) = country else { return };
        let local = (0..self.entities.list.len()).find(|e| self.heads(*e, &code) && !d.who.contains(&Some(*e)));
        let met = d.event.participants.iter().any(|p| p.actor.country.as_deref() == Some(&*code) && !p.actor.group);
        if let Some(e) = local.filter(|_| !met) {
            self.add_party(d, e, Part::Attendee);
        }
    }

    /// A named head of state or government of the country with this code.
    fn heads(&self, entity: usize, code: &str) -> bool {
        use dateline_gazetteer::RoleClass::{HeadOfGovernment, HeadOfState};
        let e = &self.entities.list[entity];
        let home = e.country.map(|c| &*self.engine.gazetteer.country(self.on_the_day(c)).code);
        let class = e.role.map(|r| self.engine.gazetteer.role(r).class);
        !e.group
            && !e.anonymous
            && e.named
            && !e.former
            && home == Some(code)
            && matches!(class, Some(HeadOfState | HeadOfGovernment))
    }

    /// Who is helped: the one other country that the text names.
    fn other_country(&self, d: &mut EventDraft, story: &Story) {
        let Some(home) = d.event.participants[0].actor.country.clone() else { return };
        let other = |(x, _): &&(u32, _)| *self.engine.gazetteer.country(*x).code != *home;
        let mut others = story.countries(self).iter().filter(other);
        let (Some((country, at)), None) = (others.next(), others.next()) else { return };
        let actor = self.named_country(self.on_the_day(*country));
        let path = format!("participants.{}", d.event.participants.len());
        for field in ["name", "country"] {
            d.quotes.add(&format!("{path}.{field}"), *at, "coref:story");
        }
        d.event.participants.push(Participant { actor, part: Part::Recipient, certainty: Certainty::Stated });
        d.who.push(None);
    }

    /// Whom one who phones has been named beside: the last office holder of another country before the call.
    fn other_principal(&self, d: &EventDraft) -> Option<usize> {
        let only = d.who[0]?;
        let home = self.entities.list[only].country;
        let principal = |e: &usize| {
            let x = &self.entities.list[*e];
            *e != only && !x.group && !x.anonymous && (x.role.is_some() || x.leader) && x.country != home
        };
        (d.sentence.saturating_sub(2)..=d.sentence)
            .rev()
            .filter(|s| self.doc.sentences[*s].part == self.doc.sentences[d.sentence].part)
            .find_map(|s| {
                let chunks = 0..self.doc.sentences[s].chunks.len();
                chunks.rev().filter_map(|c| self.entities.at((s, c))).find(principal)
            })
    }
}
