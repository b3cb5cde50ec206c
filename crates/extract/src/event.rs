//! From frames to the events of an article.

use dateline_model::{
    Actor, Attribution, Certainty, DuringVisit, Event, EventStatus, EventType, Part, PartialDate, Participant, Place,
    Plover, VisitStatus,
};

use crate::attribution::attribution;
use crate::chunk::{Kind, Owner, PlaceNp, Tokens};
use crate::entity::{clean_name, resolve_place};
use crate::frame::Frame;
use crate::lexicon::sym;
use crate::modality::{Phase, judge};
use crate::quote::Quotes;
use crate::visit::{Draft, Reader};
use crate::when::period;

/// An event in the making.
#[derive(Debug, Clone)]
pub(crate) struct EventDraft {
    pub event: Event,
    pub quotes: Quotes,
    pub sentence: usize,
    pub principals: Vec<usize>,
    pub weak: bool,
    pub joins: bool,
}

/// PLOVER event, mode and CAMEO code of a type.
fn codes(t: EventType) -> (&'static str, Option<&'static str>, &'static str) {
    match t {
        EventType::Talks => ("CONSULT", Some("multilateral"), "046"),
        EventType::PhoneCall => ("CONSULT", Some("phone"), "041"),
        EventType::Summit => ("CONSULT", Some("multilateral"), "046"),
        EventType::Ceremony => ("CONSULT", Some("visit"), "043"),
        EventType::Signing => ("AGREE", None, "057"),
        EventType::Statement => ("CONSULT", None, "010"),
        EventType::MilitaryExercise => ("MOBILIZE", Some("troops"), "152"),
        EventType::Deployment => ("MOBILIZE", Some("troops"), "154"),
        EventType::Attack => ("ASSAULT", None, "190"),
        EventType::Protest => ("PROTEST", None, "141"),
        EventType::Sanction => ("SANCTION", None, "163"),
        EventType::Aid => ("AID", None, "070"),
        EventType::Project => ("COOPERATE", Some("economic"), "061"),
        EventType::Ceasefire => ("RETREAT", Some("ceasefire"), "0871"),
    }
}

/// The type that a rule makes.
pub(crate) fn type_by_name(name: &str) -> Option<EventType> {
    serde_json::from_value(serde_json::Value::String(name.to_owned())).ok()
}

fn status_of(s: VisitStatus, c: Certainty) -> EventStatus {
    match s {
        VisitStatus::Rumored => EventStatus::Rumored,
        VisitStatus::Planned if c == Certainty::Expected => EventStatus::Expected,
        VisitStatus::Planned | VisitStatus::Confirmed => EventStatus::Planned,
        VisitStatus::Ongoing => EventStatus::Ongoing,
        VisitStatus::Completed => EventStatus::Completed,
        VisitStatus::Postponed => EventStatus::Postponed,
        VisitStatus::Cancelled => EventStatus::Cancelled,
        VisitStatus::Denied => EventStatus::Denied,
    }
}

impl Reader<'_> {
    /// The event that one frame tells.
    pub(crate) fn event(&self, frame: &Frame, visits: &[Draft]) -> Option<EventDraft> {
        let rule = self.engine.rule(frame.rule);
        let kind = type_by_name(&rule.makes)?;
        let s = frame.sentence;
        let verb = frame.verb(self.doc);
        let phase = rule.effects.phase.as_deref().and_then(Phase::parse).unwrap_or(Phase::Whole);
        let (status, certainty) = if verb.is_some_and(|v| v.infinitive) {
            (VisitStatus::Planned, Certainty::Stated)
        } else {
            judge(verb, phase, true)?
        };
        let mut status = status_of(status, certainty);
        if let Some(fixed) = &rule.effects.status {
            status = serde_json::from_value(serde_json::Value::String(fixed.clone())).ok()?;
        }
        let mut quotes = Quotes::default();
        let trigger = self.trigger(frame);
        let name = rule.name.as_str();
        quotes.add("event_type", (s, trigger), name);
        quotes.add("status", (s, trigger), name);
        quotes.add("certainty", (s, trigger), name);
        let when = period(self.engine, self.doc, frame, false);
        for (path, at) in [("period.start", when.start_at), ("period.end", when.end_at), ("period.days", when.days_at)]
        {
            if let Some(at) = at {
                quotes.add(path, at, "time");
                if when.relative {
                    quotes.add_dateline(path, "time:dateline");
                }
            }
        }
        let future = when.period.start.is_some_and(|d| self.doc.as_of.is_some_and(|a| d.first_day() > a));
        if future && matches!(status, EventStatus::Completed | EventStatus::Ongoing) {
            status = EventStatus::Planned;
        }
        let (mut participants, principals) = self.participants(frame, &mut quotes);
        for p in participants.iter_mut().filter(|p| p.part == Part::Contingent || rule.effects.joins) {
            p.certainty = certainty;
        }
        let place = self.event_place_of(frame, &mut quotes);
        let topic = self.topic(frame, &mut quotes);
        let topic_certainty = topic.as_ref().filter(|_| rule.effects.joins).map(|_| self.topic_certainty(frame));
        let subtype = rule.effects.subtype.clone().or_else(|| {
            let (_, noun) =
                frame.noun(self.doc).filter(|_| matches!(kind, EventType::Statement | EventType::Ceremony))?;
            Some(self.doc.slice(s, noun.head).to_lowercase())
        });
        let source = attribution(self.engine, self.doc, self.entities, frame);
        if let Some(a) = &source {
            quotes.add("attribution.source", a.at, "attribution");
            if let Some(at) = a.reported_at {
                quotes.add("attribution.reported_on", at, "time");
            }
        }
        let during = self.during(&principals, place.as_ref(), visits);
        let quote = (kind == EventType::Statement).then(|| self.quotation(s, &mut quotes)).flatten();
        let (plover, mode, cameo) = codes(kind);
        let background =
            self.doc.as_of.is_some_and(|a| when.period.start.is_some_and(|d| (a - d.last_day()).num_days() > 45));
        let event = Event {
            event_type: kind,
            subtype,
            plover: Plover { event: plover.to_owned(), mode: mode.map(str::to_owned) },
            cameo: Some(cameo.to_owned()),
            participants,
            place,
            period: when.period,
            status,
            certainty,
            attribution: source.map(|a| Attribution { source: a.text, reported_on: a.reported_on }),
            topic,
            topic_certainty,
            quote,
            during_visit: during,
            background,
            confidence: rule.effects.confidence.unwrap_or(0.7),
            evidence: vec![],
        };
        Some(EventDraft { event, quotes, sentence: s, principals, weak: rule.effects.weak, joins: rule.effects.joins })
    }

    fn participants(&self, frame: &Frame, quotes: &mut Quotes) -> (Vec<Participant>, Vec<usize>) {
        let rule = self.engine.rule(frame.rule);
        let sentence = &self.doc.sentences[frame.sentence];
        let (mut out, mut principals): (Vec<Participant>, Vec<usize>) = (vec![], vec![]);
        for (slot, chunks) in &frame.slots {
            let Some(part) =
                rule.effects.parts.get(slot).map(String::as_str).or(Some(slot.as_str())).and_then(part_by_name)
            else {
                continue;
            };
            for c in chunks {
                let chunk = &sentence.chunks[*c];
                let path = format!("participants.{}", out.len());
                let actor = if let Some(e) = self.entities.at((frame.sentence, *c)) {
                    if principals.contains(&e) {
                        continue;
                    }
                    let entity = &self.entities.list[e];
                    if entity.anonymous && entity.country.is_none() {
                        continue;
                    }
                    principals.push(e);
                    quotes.add(&format!("{path}.name"), (frame.sentence, chunk.tokens), &rule.name);
                    quotes.add(&format!("{path}.name"), entity.name_at, "coref:name");
                    self.actor(entity, &path, quotes)
                } else if let Kind::Place(p) = &chunk.kind {
                    let Some(actor) = self.country_actor(p, frame.sentence, chunk.tokens) else { continue };
                    quotes.add(&format!("{path}.name"), (frame.sentence, chunk.tokens), &rule.name);
                    quotes.add(&format!("{path}.country"), (frame.sentence, chunk.tokens), "country");
                    actor
                } else if let Kind::Noun(n) = &chunk.kind {
                    // "the Chinese visit": the countries that a noun carries
                    let Some((country, span)) = n.countries.first() else { continue };
                    quotes.add(&format!("{path}.name"), (frame.sentence, *span), &rule.name);
                    quotes.add(&format!("{path}.country"), (frame.sentence, *span), "country");
                    self.named_country(*country)
                } else {
                    continue;
                };
                if out.iter().any(|p: &Participant| p.actor.name == actor.name) {
                    continue;
                }
                out.push(Participant { actor, part, certainty: Certainty::Stated });
            }
        }
        // "Russian and Chinese leaders' talks", "U.S.-China talks"
        if out.is_empty()
            && let Some((_, noun)) = frame.noun(self.doc)
        {
            for (country, span) in noun.countries.iter().take(3) {
                let path = format!("participants.{}", out.len());
                quotes.add(&format!("{path}.name"), (frame.sentence, *span), &rule.name);
                quotes.add(&format!("{path}.country"), (frame.sentence, *span), "country");
                out.push(Participant {
                    actor: self.named_country(*country),
                    part: Part::Actor,
                    certainty: Certainty::Stated,
                });
            }
            if let Some(Owner::Chunk(c)) = noun.owner
                && let Some(e) = self.entities.at((frame.sentence, c))
            {
                let entity = &self.entities.list[e];
                let path = format!("participants.{}", out.len());
                quotes.add(&format!("{path}.name"), (frame.sentence, sentence.chunks[c].tokens), &rule.name);
                quotes.add(&format!("{path}.name"), entity.name_at, "coref:name");
                out.push(Participant {
                    actor: self.actor(entity, &path, quotes),
                    part: Part::Actor,
                    certainty: Certainty::Stated,
                });
                principals.push(e);
            }
        }
        (out, principals)
    }

    fn named_country(&self, country: u32) -> Actor {
        let c = self.engine.gazetteer.country(country);
        let code = self.doc.day.map_or(&*c.code, |d| c.code_at(d));
        Actor { name: c.name.to_string(), country: Some(code.to_owned()), group: true, ..Actor::default() }
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

    fn event_place_of(&self, frame: &Frame, quotes: &mut Quotes) -> Option<Place> {
        let s = &self.doc.sentences[frame.sentence];
        let mut found: Option<(u32, Option<u32>, Option<u32>)> = None;
        let mut candidates: Vec<usize> = frame.slot("place").to_vec();
        let sentence_wide = self.engine.rule(frame.rule).over == crate::rules::Over::Sentence;
        let clause = frame
            .clause
            .and_then(|k| s.clauses.get(k))
            .filter(|_| !sentence_wide)
            .map_or_else(|| (frame.span.0..s.chunks.len()).collect(), |c| c.chunks.clone());
        for c in clause {
            let inside = c.checked_sub(1).is_some_and(|b| self.engine.symbols.inside.contains(&s.chunks[b].sym));
            if inside && !candidates.contains(&c) {
                candidates.push(c);
            }
        }
        for c in candidates {
            let chunk = &s.chunks[c];
            let Kind::Place(p) = &chunk.kind else { continue };
            let (country, city, venue) = resolve_place(self.engine, self.doc, p, &self.context);
            let Some(country) = country else { continue };
            let known = found.get_or_insert((country, None, None));
            if known.0 != country {
                continue;
            }
            quotes.add("place.country", (frame.sentence, chunk.tokens), "place");
            if let (None, Some(x)) = (known.1, city) {
                known.1 = Some(x);
                quotes.add("place.city", (frame.sentence, chunk.tokens), "place");
            }
            if let (None, Some(x)) = (known.2, venue) {
                known.2 = Some(x);
                quotes.add("place.venue", (frame.sentence, chunk.tokens), "place");
            }
        }
        found.map(|(c, city, venue)| {
            self.place(self.doc.day.map_or(c, |d| self.engine.gazetteer.country_at(c, d)), city, venue)
        })
    }

    fn topic(&self, frame: &Frame, quotes: &mut Quotes) -> Option<String> {
        let s = &self.doc.sentences[frame.sentence];
        let own = frame.slot("noun").first().copied().filter(|_| {
            !matches!(type_by_name(&self.engine.rule(frame.rule).makes), Some(EventType::Talks | EventType::Statement))
        });
        let slot = frame.slot("topic");
        let (first, last) = (slot.first().copied().or(own)?, slot.last().copied().or(own)?);
        let tokens = (s.chunks[first].tokens.0, s.chunks[last].tokens.1);
        quotes.add("topic", (frame.sentence, tokens), &self.engine.rule(frame.rule).name);
        let text = clean_name(self.doc.slice(frame.sentence, tokens));
        Some(text.strip_prefix("the ").unwrap_or(&text).to_owned())
    }

    /// "One likely topic is": how sure the topic is.
    fn topic_certainty(&self, frame: &Frame) -> Certainty {
        let tokens = &self.doc.sentences[frame.sentence].chunks;
        let text = self.doc.slice(frame.sentence, (tokens[0].tokens.0, tokens[frame.span.1].tokens.1)).to_lowercase();
        if ["likely", "probable", "probably"].iter().any(|w| text.contains(w)) {
            Certainty::Likely
        } else if ["possible", "possibly", "may "].iter().any(|w| text.contains(w)) {
            Certainty::Rumored
        } else if text.contains("expected") {
            Certainty::Expected
        } else {
            Certainty::Stated
        }
    }

    /// The visit that an event with these principals belongs to.
    fn during(&self, principals: &[usize], place: Option<&Place>, visits: &[Draft]) -> Option<DuringVisit> {
        let d = visits.iter().find(|d| {
            let code = &self.engine.gazetteer.country(d.country).code;
            principals.contains(&d.visitor)
                && !d.background
                && place.and_then(|p| p.country.as_deref()).is_none_or(|c| c == &**code)
        })?;
        Some(DuringVisit {
            visitor: self.entities.list[d.visitor].name.clone(),
            country: self.engine.gazetteer.country(d.country).code.to_string(),
        })
    }

    /// The longest words in quotation marks of a sentence.
    fn quotation(&self, s: usize, quotes: &mut Quotes) -> Option<String> {
        let chunks = &self.doc.sentences[s].chunks;
        let marks: Vec<usize> = (0..chunks.len()).filter(|i| chunks[*i].sym == sym::QUOTE).collect();
        let best = marks
            .windows(2)
            .filter(|w| w[1] > w[0] + 3)
            .max_by_key(|w| chunks[w[1]].tokens.0 - chunks[w[0]].tokens.1)?;
        let tokens = (chunks[best[0]].tokens.1, chunks[best[1]].tokens.0);
        if tokens.1 < tokens.0 + 4 {
            return None;
        }
        quotes.add("quote", (s, tokens), "quote");
        Some(clean_name(self.doc.slice(s, tokens)))
    }

    /// Finds an event's place where only the visit says it, and finishes its evidence.
    pub(crate) fn finish(&self, mut d: EventDraft, visits: &[Draft]) -> Event {
        if d.event.place.is_none()
            && let Some(during) = &d.event.during_visit
            && let Some(v) =
                visits.iter().find(|v| self.engine.gazetteer.country(v.country).code.as_ref() as &str == during.country)
        {
            d.event.place = Some(self.place(v.country, v.city, None));
            for field in ["country", "city", "venue"] {
                d.quotes.take(&v.quotes, &format!("destination.{field}"), &format!("place.{field}"));
            }
        }
        d.event.evidence = d.quotes.finish(self.doc);
        d.event
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

/// Events of one type with the same principals and no contradicting day are one.
pub(crate) fn merge(mut drafts: Vec<EventDraft>) -> Vec<EventDraft> {
    let mut out: Vec<EventDraft> = vec![];
    drafts.sort_by_key(|d| (d.joins, d.sentence));
    for d in drafts {
        if d.joins {
            let near = out
                .iter_mut()
                .filter(|m| m.event.event_type == d.event.event_type)
                .min_by_key(|m| (m.sentence > d.sentence, m.sentence.abs_diff(d.sentence)));
            if let Some(m) = near {
                add(m, d);
            }
            continue;
        }
        match out.iter_mut().find(|m| same(m, &d)) {
            Some(m) => join(m, d),
            None => out.push(d),
        }
    }
    out.retain(|d| {
        !d.weak || d.event.participants.len() > 1 || d.event.period.start.is_some() || d.event.place.is_some()
    });
    out
}

fn same(a: &EventDraft, b: &EventDraft) -> bool {
    let days = match (a.event.period.start, b.event.period.start) {
        (Some(PartialDate::Day(x)), Some(PartialDate::Day(y))) => (x - y).num_days().abs() <= 1,
        (Some(x), Some(y)) => x.overlaps(y),
        _ => true,
    };
    let places = match (
        a.event.place.as_ref().and_then(|p| p.country.as_ref()),
        b.event.place.as_ref().and_then(|p| p.country.as_ref()),
    ) {
        (Some(x), Some(y)) => x == y,
        _ => true,
    };
    let names = |d: &EventDraft| d.event.participants.iter().map(|p| p.actor.name.clone()).collect::<Vec<_>>();
    let (x, y) = (names(a), names(b));
    let shared = x.iter().filter(|n| y.contains(n)).count();
    let parties = x.is_empty() || y.is_empty() || shared >= x.len().min(y.len()).min(2);
    let gathering = matches!(a.event.event_type, EventType::Ceremony | EventType::Summit);
    a.event.event_type == b.event.event_type && days && places && (parties || gathering)
}

/// What a joining rule read: participants and topic, nothing of when and whether.
fn add(m: &mut EventDraft, d: EventDraft) {
    take_participants(m, &d);
    if let (Some(p), Some(q)) = (&mut m.event.place, &d.event.place)
        && p.country == q.country
        && p.venue.is_none()
        && q.venue.is_some()
    {
        p.venue.clone_from(&q.venue);
        p.city = p.city.take().or_else(|| q.city.clone());
        m.quotes.append(d.quotes.clone(), |path| path == "place.venue");
    }
    if m.event.topic.is_none() || d.event.topic_certainty.is_some() {
        m.event.topic = d.event.topic.or(m.event.topic.take());
        m.event.topic_certainty = m.event.topic_certainty.or(d.event.topic_certainty);
        m.quotes.append(d.quotes, |p| p == "topic");
    }
}

/// Participants of another mention, with their evidence under their new numbers.
fn take_participants(m: &mut EventDraft, d: &EventDraft) {
    for (i, p) in d.event.participants.iter().enumerate() {
        if m.event.participants.iter().any(|x| x.actor.name == p.actor.name) {
            continue;
        }
        let (from, to) = (format!("participants.{i}."), format!("participants.{}.", m.event.participants.len()));
        m.quotes.take(&d.quotes, &from, &to);
        m.event.participants.push(p.clone());
    }
}

fn join(m: &mut EventDraft, d: EventDraft) {
    take_participants(m, &d);
    let e = &mut m.event;
    if e.period.start.is_none() {
        e.period = d.event.period;
    }
    if e.place.is_none()
        || (e.place.as_ref().is_some_and(|p| p.city.is_none() && p.venue.is_none()) && d.event.place.is_some())
    {
        e.place = d.event.place;
    }
    e.topic = e.topic.take().or(d.event.topic);
    e.quote = e.quote.take().or(d.event.quote);
    e.during_visit = e.during_visit.take().or(d.event.during_visit);
    e.attribution = e.attribution.take().or(d.event.attribution);
    let indexed = |p: &str| p.starts_with("participants.");
    m.quotes.append(d.quotes, |p| !indexed(p));
    m.principals.extend(d.principals);
}
