//! What the visit around an event tells of it: where and when it is, and which visit it belongs to; else the place where
//! the text is written.

use dateline_model::{Certainty, DuringVisit, EventStatus, EventType, Part, PartialDate, Participant, VisitStatus};

use super::EventDraft;
use super::story::{At, Story};
use crate::chunk::Kind;
use crate::visit::{Draft, Reader};

/// States that are one city.
const CITY_STATES: [&str; 3] = ["SG", "MC", "VA"];

/// Days that an event may lie beside the visit that it belongs to.
const SLACK: i64 = 1;

/// Days after the start in which an event belongs to a visit without an end.
const OPEN: i64 = 7;

impl Reader<'_> {
    /// Gives an event the visit that it belongs to, and the place of it, or of the dateline, where it has none of its own.
    pub(super) fn settle(&self, mut d: EventDraft, visits: &[Draft], story: &Story) -> EventDraft {
        self.guests(&mut d, visits);
        self.victim(&mut d);
        let visit = self.visit_of(&d, visits);
        if let Some(v) = visit {
            d.event.during_visit = Some(DuringVisit {
                visitor: self.entities.list[v.visitor].name.clone(),
                country: self.engine.gazetteer.country(v.country).code.to_string(),
            });
            self.place_of_visit(&mut d, v);
            self.day_of_visit(&mut d, v);
        }
        if d.event.place.is_none() {
            self.place_of_target(&mut d);
        }
        if d.event.place.is_none() && d.event.event_type == EventType::Protest {
            self.place_of_sentence(&mut d);
        }
        let somewhere = d.event.event_type == EventType::Protest
            || (d.event.event_type == EventType::Ceasefire && d.event.participants.is_empty());
        if d.event.place.is_none() && somewhere {
            self.place_of_story(&mut d, story);
        }
        if d.event.place.is_none() {
            self.place_of_text(&mut d);
        }
        self.city_state(&mut d);
        d
    }

    /// A state that is one city: "in Singapore".
    fn city_state(&self, d: &mut EventDraft) {
        let Some(place) = d.event.place.as_mut().filter(|p| p.city.is_none() && p.venue.is_none()) else { return };
        let Some(code) = place.country.as_deref().filter(|c| CITY_STATES.contains(c)) else { return };
        let Some(country) = self.engine.gazetteer.country_by_code(code) else { return };
        if let Some(capital) = self.engine.gazetteer.country(country).capital {
            *place = self.place(country, Some(capital), None);
            let from = d.quotes.clone();
            d.quotes.take(&from, "place.country", "place.city");
        }
    }

    /// A strike in another country is one on it.
    fn victim(&self, d: &mut EventDraft) {
        let [only] = d.event.participants.as_slice() else { return };
        let place = d.event.place.as_ref().and_then(|p| p.country.clone());
        let (Some(home), Some(place)) = (only.actor.country.clone(), place) else { return };
        if d.event.event_type != EventType::Attack || only.part == Part::Recipient || home == place {
            return;
        }
        let Some(country) = self.engine.gazetteer.country_by_code(&place) else { return };
        let from = d.quotes.clone();
        for field in ["name", "country"] {
            d.quotes.take(&from, "place.country", &format!("participants.1.{field}"));
        }
        let actor = self.named_country(country);
        d.event.participants.push(Participant { actor, part: Part::Recipient, certainty: Certainty::Stated });
        d.who.push(None);
    }

    /// What is done on a visit of one day is done on that day, and what is told of one that has just begun, today.
    fn day_of_visit(&self, d: &mut EventDraft, v: &Draft) {
        let (Some(start), None) = (v.when.start, d.event.period.start) else { return };
        let one = v.when.end == Some(start);
        let made = matches!(d.event.status, EventStatus::Completed | EventStatus::Ongoing);
        let today = made && self.doc.as_of_date() == Some(start) && !d.event.background;
        if start.day().is_none() || !(one || today) {
            return;
        }
        d.event.period.start = Some(start);
        d.quotes.take(&v.quotes, "period.start", "period.start");
    }

    fn place_of_visit(&self, d: &mut EventDraft, v: &Draft) {
        let code = &self.engine.gazetteer.country(v.country).code;
        // what is sent to another country is no matter of the visit's
        let sent =
            |p: &Participant| p.part == Part::Recipient && p.actor.country.as_deref().is_some_and(|c| c != &**code);
        if d.event.event_type == EventType::Aid && d.event.participants.iter().any(sent) {
            return;
        }
        let bare = d.event.place.as_ref().is_some_and(|p| p.city.is_none() && p.country.as_deref() == Some(&**code));
        if d.event.place.is_none() || (bare && v.city.is_some()) {
            // the city is the host's, or said where the event is told
            let host = v.host.is_some_and(|h| d.who.contains(&Some(h))) || v.sentence == d.sentence;
            let signed = d.event.event_type == EventType::Signing;
            let city = v.city.filter(|_| host && !signed && !v.quotes.by_rule("destination.city", "city:clause"));
            if bare && city.is_none() {
                return;
            }
            d.event.place = Some(self.place(v.country, city, None));
            let fields: &[&str] = if city.is_some() { &["country", "city"] } else { &["country"] };
            for field in fields {
                d.quotes.take(&v.quotes, &format!("destination.{field}"), &format!("place.{field}"));
            }
        }
    }

    /// A protest told beside one other country than the dateline's is there: "the Georgian parliament".
    fn place_of_sentence(&self, d: &mut EventDraft) {
        let s = d.sentence;
        let mut found: Vec<(u32, At)> = vec![];
        for (c, chunk) in self.doc.sentences[s].chunks.iter().enumerate() {
            let country = match &chunk.kind {
                Kind::Place(p) => self.country_of(p),
                Kind::Noun(n) => n.countries.first().map(|(x, _)| *x),
                _ => self.entities.at((s, c)).and_then(|e| self.entities.list[e].country),
            };
            if let Some(x) = country.filter(|x| !found.iter().any(|(y, _)| y == x)) {
                found.push((x, (s, chunk.tokens)));
            }
        }
        let written = self.doc.dateline.place.as_ref().and_then(|(p, _)| self.country_of(p));
        if let ([(country, at)], Some(home)) = (found.as_slice(), written)
            && *country != home
        {
            d.quotes.add("place.country", *at, "place:sentence");
            d.event.place = Some(self.place(self.on_the_day(*country), None, None));
        }
    }

    /// A protest whose place is not said is in the one country that the headline, or the whole text, names.
    fn place_of_story(&self, d: &mut EventDraft, story: &Story) {
        if self.doc.dateline.place.is_some() {
            return;
        }
        if let Some((country, at)) = story.only(self) {
            d.quotes.add("place.country", at, "place:story");
            d.event.place = Some(self.place(self.on_the_day(country), None, None));
        }
    }

    /// An attack on a country is in it.
    fn place_of_target(&self, d: &mut EventDraft) {
        if d.event.event_type != EventType::Attack {
            return;
        }
        let target = (0..d.who.len()).find(|i| d.who[*i].is_none() && d.event.participants[*i].part == Part::Recipient);
        let Some(i) = target else { return };
        let code = d.event.participants[i].actor.country.clone();
        if let Some(country) = code.and_then(|c| self.engine.gazetteer.country_by_code(&c)) {
            let from = d.quotes.clone();
            d.quotes.take(&from, &format!("participants.{i}.country"), "place.country");
            d.event.place = Some(self.place(country, None, None));
        }
    }

    /// What a local does or says is done where the text is written.
    fn place_of_text(&self, d: &mut EventDraft) {
        let Some((place, tokens)) = &self.doc.dateline.place else { return };
        let protest = d.event.event_type == EventType::Protest;
        let spoken = matches!(
            d.event.event_type,
            EventType::Statement | EventType::Talks | EventType::Attack | EventType::Signing
        ) || protest;
        let made = matches!(d.event.status, EventStatus::Completed | EventStatus::Ongoing);
        let (Some(country), city, _) = self.resolve(place) else { return };
        let country = self.on_the_day(country);
        let code = &*self.engine.gazetteer.country(country).code;
        let native = |p: &Participant| p.actor.country.as_deref() == Some(code);
        let people = &d.event.participants;
        let local = protest
            || match d.event.event_type {
                EventType::Attack => people.iter().any(|p| p.part == Part::Recipient && native(p)),
                EventType::Statement => true,
                EventType::Signing => people.iter().any(native),
                _ => people.first().is_some_and(native),
            };
        let lead = protest || d.title || self.in_lead(d.sentence);
        // a guest sees a local where the text is written
        let ours = people.iter().any(native) && people.iter().any(|p| !native(p));
        if !d.title && d.event.event_type == EventType::Talks && ours && !(made && lead) {
            let at = (self.doc.sentences.iter().position(|s| s.part == self.doc.body).unwrap_or(0), *tokens);
            d.quotes.add("place.country", at, "dateline");
            d.event.place = Some(self.place(country, None, None));
            return;
        }
        if spoken && made && local && lead {
            let at = (self.doc.sentences.iter().position(|s| s.part == self.doc.body).unwrap_or(0), *tokens);
            d.quotes.add("place.country", at, "dateline");
            if city.is_some() {
                d.quotes.add("place.city", at, "dateline");
            }
            d.event.place = Some(self.place(country, city, None));
        }
    }

    /// The visit in whose country and days the event is, and whose visitor or host takes part.
    fn visit_of<'v>(&self, d: &EventDraft, visits: &'v [Draft]) -> Option<&'v Draft> {
        let country = d.event.place.as_ref().and_then(|p| p.country.as_deref());
        let far = matches!(d.event.event_type, EventType::PhoneCall | EventType::Attack);
        let fits = |v: &&Draft| {
            let code = &*self.engine.gazetteer.country(v.country).code;
            let there = country.is_none_or(|c| c == code);
            let dead = matches!(v.status, VisitStatus::Denied | VisitStatus::Cancelled)
                && d.event.status == EventStatus::Completed;
            let late = d.event.status == EventStatus::Completed
                && !matches!(v.status, VisitStatus::Completed | VisitStatus::Ongoing);
            // states sign what their guests agree on
            let deals = matches!(d.event.event_type, EventType::Signing | EventType::Aid) && {
                let home = self.entities.list[v.visitor].country.map(|c| &*self.engine.gazetteer.country(c).code);
                home.is_some() && d.event.participants.iter().any(|p| p.actor.country.as_deref() == home)
            };
            (d.who.contains(&Some(v.visitor)) || deals)
                && there
                && !dead
                && !late
                && v.background == d.event.background
                && in_days(d, v)
        };
        if far {
            return None;
        }
        let met = |v: &Draft| {
            let host = v.host.is_some_and(|h| d.who.contains(&Some(h)));
            let local = d
                .event
                .participants
                .iter()
                .any(|p| p.actor.country.as_deref() == Some(&*self.engine.gazetteer.country(v.country).code));
            let today = self.doc.as_of.filter(|_| d.event.period.start.is_none());
            let now = today.zip(v.when.start).is_some_and(|(a, s)| {
                let end = v.when.end.map_or(s.last_day(), PartialDate::last_day);
                s.first_day() <= a && a <= end
            });
            (host, local, now, v.sentence <= d.sentence, v.weight)
        };
        visits.iter().filter(fits).max_by_key(|v| met(v))
    }
}

/// The event is in the days of the visit, as far as both are known.
pub(super) fn in_days(d: &EventDraft, v: &Draft) -> bool {
    let (Some(e), Some(start)) = (d.event.period.start, v.when.start) else { return true };
    let end = v.when.end.map_or(start.last_day(), PartialDate::last_day);
    let open = if v.when.end.is_none() { OPEN } else { SLACK };
    (start.first_day() - e.last_day()).num_days() <= SLACK && (e.first_day() - end).num_days() <= open
}
