//! A record as it is published, put together from its contributions.

use std::sync::Arc;

use dateline_model::{
    Actor, AgendaItem, Attribution, Body, Event, HistoryEntry, Kind, Participant, Period, Place, Plover, Quotes,
    Record, Revision, Source, Visit, Visitor,
};

use crate::codec::{self, strings::Strings};
use crate::contribution::ClusterId;
use crate::date::Date;
use crate::group::{Cluster, Group};
use crate::identity::{Sameness, Who};
use crate::merge::{Slot, State};
use crate::shelf::Shelf;

/// Sources that a record lists at most.
const SOURCES: usize = 50;
/// Steps of history that a record lists at most.
const HISTORY: usize = 200;
/// Participants that an event lists at most, where several reports are put together.
const MOST_PARTICIPANTS: usize = 32;

/// Contributions of one record, decoded as they are needed.
struct Library<'a> {
    group: &'a Group,
    strings: &'a Strings,
    read: Vec<(Slot, Body)>,
}

impl<'a> Library<'a> {
    fn new(group: &'a Group, strings: &'a Strings) -> Self {
        Self { group, strings, read: vec![] }
    }

    fn body(&mut self, slot: Slot) -> &Body {
        let n = self.read.iter().position(|(s, _)| *s == slot).unwrap_or_else(|| {
            // What is in a slot was encoded, or decoded once, by this build.
            let body = codec::contribution::body(&self.group.at(slot).value, self.strings)
                .expect("values in the state decode");
            self.read.push((slot, body));
            self.read.len() - 1
        });
        &self.read[n].1
    }

    /// True when the state says what one contribution says and nothing else.
    fn is_all_of(&self, s: &State, slot: Slot) -> bool {
        let c = self.group.at(slot);
        *s == State::open(slot, &c.facts, c.as_of)
    }

    /// The contribution that was decoded last.
    fn take(&mut self) -> Option<Body> {
        self.read.pop().map(|(_, body)| body)
    }

    fn visit<T>(&mut self, slot: Option<Slot>, value: impl Fn(&Visit) -> T) -> Option<T> {
        match self.body(slot?) {
            Body::Visit(v) => Some(value(v)),
            Body::Event(_) => None,
        }
    }

    fn event<T>(&mut self, slot: Option<Slot>, value: impl Fn(&Event) -> T) -> Option<T> {
        match self.body(slot?) {
            Body::Event(e) => Some(value(e)),
            Body::Visit(_) => None,
        }
    }

    fn visitor(&mut self, s: &State) -> Visitor {
        let mut visitor = self.visit(Some(s.who), |v| v.visitor.clone()).unwrap_or_default();
        if visitor.actor.entity_id.is_none() {
            visitor.actor.entity_id = self.visit(s.entity, |v| v.visitor.actor.entity_id.clone()).flatten();
        }
        if let Some(role) = self.visit(s.role, |v| v.visitor.actor.role.clone()).flatten() {
            visitor.actor.role = Some(role);
        }
        visitor
    }

    fn place(&mut self, s: &State) -> Option<Place> {
        let place = |body: &Body| match body {
            Body::Visit(v) => Some(v.destination.clone()),
            Body::Event(e) => e.place.clone(),
        };
        let first = self.group.key.kind == Kind::Visit;
        let mut merged = s.city.and_then(|c| place(self.body(c)));
        if merged.is_none() && first {
            let country = self.visit(Some(s.who), |v| v.destination.country.clone()).flatten();
            merged = Some(Place { country, ..Place::default() });
        }
        if let Some(place) = &mut merged {
            place.venue = None;
        }
        if let Some(with_venue) = s.venue.and_then(|v| place(self.body(v))) {
            match &mut merged {
                Some(place) => place.venue = with_venue.venue,
                None => merged = Some(with_venue),
            }
        }
        merged.or_else(|| place(self.body(s.who)))
    }

    fn host(&mut self, s: &State) -> Option<Actor> {
        self.visit(s.host, |v| v.host.clone()).flatten()
    }

    fn purpose(&mut self, s: &State) -> Option<String> {
        let slot = s.purpose?;
        match self.body(slot) {
            Body::Visit(v) => v.purpose.clone(),
            Body::Event(e) => e.topic.clone(),
        }
    }

    /// The participants of the longest list, then those that only other lists have.
    fn participants(&mut self, s: &State) -> Vec<Participant> {
        let mut all = self.event(Some(s.who), |e| e.participants.clone()).unwrap_or_default();
        let mut known: Vec<Arc<Who>> = self.group.facts(s.who).who.to_vec();
        for slot in s.more.into_iter().flatten() {
            let list = self.event(Some(slot), |e| e.participants.clone()).unwrap_or_default();
            for (who, participant) in self.group.facts(slot).who.iter().zip(list) {
                if all.len() < MOST_PARTICIPANTS && !known.iter().any(|k| k.same(who) >= Sameness::Variant) {
                    known.push(who.clone());
                    all.push(participant);
                }
            }
        }
        all
    }

    fn attribution(&mut self, s: &State) -> Option<Attribution> {
        let slot = s.attribution?;
        match self.body(slot) {
            Body::Visit(v) => v.attribution.clone(),
            Body::Event(e) => e.attribution.clone(),
        }
    }
}

fn period(s: &State) -> Period {
    Period {
        start: s.start.map(Date::partial),
        end: s.end.map(Date::partial),
        days: (s.days > 0).then_some(u32::from(s.days)),
    }
}

/// The publishing fields in which two states differ, by name.
pub(crate) fn changed(group: &Group, before: &State, after: &State, strings: &Strings) -> Vec<String> {
    if before == after {
        return vec![];
    }
    let mut lib = Library::new(group, strings);
    let mut fields: Vec<&str> = vec![];
    let mut note = |name, differs: bool| {
        if differs {
            fields.push(name);
        }
    };
    // What is said for the first time differs from what was not said; anything else is read.
    let first = |a: Option<Slot>, b: Option<Slot>| a.is_some() != b.is_some();
    let place_moved = first(before.city, after.city)
        || (before.city, before.venue) != (after.city, after.venue) && lib.place(before) != lib.place(after);
    let purpose_moved = first(before.purpose, after.purpose)
        || before.purpose != after.purpose && lib.purpose(before) != lib.purpose(after);
    let when = (before.start, before.end, before.days) != (after.start, after.end, after.days);
    match group.kind() {
        Kind::Visit => {
            let who = |s: &State| (s.who, s.entity, s.role);
            let fullness = |s: &State| group.facts(s.who).who.first().map(|w| w.fullness);
            let visitor_moved = first(before.entity, after.entity)
                || fullness(before) != fullness(after)
                || who(before) != who(after) && lib.visitor(before) != lib.visitor(after);
            note("visitor", visitor_moved);
            note("destination", place_moved);
            note("period", when);
            note("status", before.status.visit() != after.status.visit());
            note("visit_kind", before.kind != after.kind);
            let host = (before.host, after.host);
            note("host", first(host.0, host.1) || host.0 != host.1 && lib.host(before) != lib.host(after));
            note("purpose", purpose_moved);
        }
        Kind::Event => {
            let who = |s: &State| (s.who, s.more);
            note("participants", who(before) != who(after) && lib.participants(before) != lib.participants(after));
            note("place", place_moved);
            note("period", when);
            note("status", before.status.event() != after.status.event());
            note("topic", purpose_moved);
        }
    }
    fields.into_iter().map(str::to_owned).collect()
}

/// What of a revision is not read off the contributions.
#[derive(Debug, Clone)]
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) revision: u32,
    pub(crate) caused_by: Option<String>,
    pub(crate) changed: Vec<String>,
    pub(crate) deleted: bool,
    pub(crate) merged_into: Option<String>,
}

/// The revision of a record with contributions.
pub(crate) fn revision(group: &Group, id: ClusterId, told: Told, strings: &Strings, shelf: &mut impl Shelf) -> Record {
    let cluster = group.cluster(id);
    let mut lib = Library::new(group, strings);
    let state = cluster.versions[cluster.versions.len() - 1].1;
    let (sources, confidence) = sources(group, cluster, strings, shelf);
    let (first, last) = group.seen(id);
    let seen = |slot: Slot| codec::contribution::seen(&group.at(slot).value, strings).unwrap_or_default();
    let (rules_version, gazetteer_version) = made_by(group, cluster.members[cluster.members.len() - 1], strings);
    let frame = Frame {
        first_seen: seen(first),
        last_seen: seen(last),
        sources,
        source_count: cluster.members.len() as u32 - cluster.doubles,
        independent_sources: cluster.outlets.len() as u32,
        history: history(group, cluster),
        rules_version,
        gazetteer_version,
    };
    record(&mut lib, &state, cluster.members[0], confidence, frame, told)
}

/// What a record says, as the visit or event of a mention.
pub(crate) fn body(group: &Group, id: ClusterId, strings: &Strings) -> Option<Body> {
    let cluster = group.cluster(id);
    let (mut lib, state, first) = (Library::new(group, strings), cluster.state()?, cluster.members[0]);
    let newest = &cluster.members[cluster.members.len().saturating_sub(SOURCES)..];
    let confidence = |m: &Slot| codec::contribution::confidence(&group.at(*m).value, strings).unwrap_or_default();
    let confidence = newest.iter().map(confidence).fold(0.0, f32::max);
    Some(match group.kind() {
        Kind::Visit => Body::Visit(Box::new(visit(&mut lib, state, first, confidence))),
        Kind::Event => Body::Event(Box::new(event(&mut lib, state, first, confidence))),
    })
}

fn made_by(group: &Group, slot: Slot, strings: &Strings) -> (String, String) {
    codec::contribution::made_by(&group.at(slot).value, strings).unwrap_or_default()
}

/// The last revision of a record that has nothing left: what it said before.
pub(crate) fn last_revision(group: &Group, state: &State, anchor: Slot, told: Told, strings: &Strings) -> Record {
    let mut lib = Library::new(group, strings);
    let (rules_version, gazetteer_version) = made_by(group, anchor, strings);
    let frame = Frame {
        first_seen: None,
        last_seen: None,
        sources: vec![],
        source_count: 0,
        independent_sources: 0,
        history: vec![],
        rules_version,
        gazetteer_version,
    };
    record(&mut lib, state, anchor, 0.0, frame, told)
}

/// An event as a visit's agenda lists it, and the country of the visit that it belongs to.
pub(crate) fn agenda_item(
    group: &Group,
    state: &State,
    record_id: String,
    strings: &Strings,
) -> Option<(Option<String>, AgendaItem)> {
    let mut lib = Library::new(group, strings);
    let country = lib.event(state.during, |e| e.during_visit.as_ref().map(|d| d.country.clone()))?;
    let (event_type, topic) = (group.key.event_type?, lib.purpose(state));
    Some((country, AgendaItem { record_id, event_type, start: state.start.map(Date::partial), topic }))
}

/// What a record says about itself, whatever it is a record of.
struct Frame {
    first_seen: Option<String>,
    last_seen: Option<String>,
    sources: Vec<Arc<Source>>,
    source_count: u32,
    independent_sources: u32,
    history: Vec<HistoryEntry>,
    rules_version: String,
    gazetteer_version: String,
}

fn record(lib: &mut Library<'_>, state: &State, first: Slot, confidence: f32, frame: Frame, told: Told) -> Record {
    match lib.group.kind() {
        Kind::Visit => {
            let body = visit(lib, state, first, confidence);
            Record::Visit(Box::new(put(Kind::Visit, body, frame, told)))
        }
        Kind::Event => {
            let body = event(lib, state, first, confidence);
            Record::Event(Box::new(put(Kind::Event, body, frame, told)))
        }
    }
}

fn put<T>(record_type: Kind, body: T, f: Frame, told: Told) -> Revision<T> {
    Revision {
        record_type,
        id: told.id,
        revision: told.revision,
        caused_by: told.caused_by,
        changed: told.changed,
        deleted: told.deleted,
        merged_into: told.merged_into,
        body,
        first_seen: f.first_seen,
        last_seen: f.last_seen,
        sources: f.sources,
        source_count: f.source_count,
        independent_sources: f.independent_sources,
        agenda: vec![],
        history: f.history,
        rules_version: f.rules_version,
        gazetteer_version: f.gazetteer_version,
    }
}

fn visit(lib: &mut Library<'_>, s: &State, first: Slot, confidence: f32) -> Visit {
    if lib.is_all_of(s, first) {
        let place = lib.place(s).unwrap_or_default();
        if let Some(Body::Visit(mut v)) = lib.take() {
            v.destination = place;
            v.confidence = confidence;
            return *v;
        }
    }
    Visit {
        visitor: lib.visitor(s),
        host: lib.host(s),
        destination: lib.place(s).unwrap_or_default(),
        period: period(s),
        visit_kind: s.kind,
        status: s.status.visit(),
        certainty: s.certainty,
        attribution: lib.attribution(s),
        purpose: lib.purpose(s),
        topics: lib.visit(s.topics, |v| v.topics.clone()).unwrap_or_default(),
        ordinal: lib.visit(s.ordinal, |v| v.ordinal).flatten(),
        delegation: lib.visit(s.delegation, |v| v.delegation.clone()).unwrap_or_default(),
        primary: s.primary,
        plover: lib.visit(Some(first), |v| v.plover.clone()).unwrap_or_default(),
        cameo: lib.visit(s.cameo, |v| v.cameo.clone()).flatten(),
        confidence,
        evidence: vec![],
    }
}

fn event(lib: &mut Library<'_>, s: &State, first: Slot, confidence: f32) -> Event {
    if lib.is_all_of(s, first) {
        let place = lib.place(s);
        if let Some(Body::Event(mut e)) = lib.take() {
            e.place = place;
            e.confidence = confidence;
            return *e;
        }
    }
    let opened = lib.event(Some(first), |e| (e.event_type, e.plover.clone()));
    let (event_type, plover) = opened.unwrap_or((dateline_model::EventType::Statement, Plover::default()));
    Event {
        event_type,
        subtype: lib.event(s.subtype, |e| e.subtype.clone()).flatten(),
        plover,
        cameo: lib.event(s.cameo, |e| e.cameo.clone()).flatten(),
        participants: lib.participants(s),
        place: lib.place(s),
        period: period(s),
        status: s.status.event(),
        certainty: s.certainty,
        attribution: lib.attribution(s),
        topic: lib.purpose(s),
        topic_certainty: lib.event(s.purpose, |e| e.topic_certainty).flatten(),
        quote: lib.event(s.quote, |e| e.quote.clone()).flatten(),
        during_visit: lib.event(s.during, |e| e.during_visit.clone()).flatten(),
        background: !s.primary,
        confidence,
        evidence: vec![],
    }
}

/// The newest sources in canonical order, and the greatest confidence among them.
fn sources(group: &Group, cluster: &Cluster, strings: &Strings, shelf: &mut impl Shelf) -> (Vec<Arc<Source>>, f32) {
    let from = cluster.members.len().saturating_sub(SOURCES);
    let mut list: Vec<Arc<Source>> = Vec::with_capacity(cluster.members.len() - from);
    let mut confidence: f32 = 0.0;
    for slot in &cluster.members[from..] {
        let (source, own) = shelf.source(group, *slot, strings);
        confidence = confidence.max(own);
        match list.last_mut() {
            Some(same) if group.at(*slot).double && same.article_id == source.article_id => {
                let both = [same.evidence.list(), source.evidence.list()].into_iter().flatten().flatten();
                if let Ok(all) = Quotes::new(&both.collect::<Vec<_>>()) {
                    Arc::make_mut(same).evidence = all;
                }
            }
            _ => list.push(source),
        }
    }
    (list, confidence)
}

/// The fold's trace: each step that moved status or period.
fn history(group: &Group, cluster: &Cluster) -> Vec<HistoryEntry> {
    let said = |s: &State| (s.status, s.start, s.end, s.days);
    let mut steps: Vec<(u32, Slot, &State)> = vec![];
    for (slot, s) in &cluster.versions {
        if steps.last().is_none_or(|(.., last)| said(last) != said(s)) {
            steps.push((steps.len() as u32 + 1, *slot, s));
        }
    }
    let newest = steps.len().saturating_sub(HISTORY);
    let entry = |(revision, slot, s): &(u32, Slot, &State)| HistoryEntry {
        revision: *revision,
        status: match group.kind() {
            Kind::Visit => in_snake_case(s.status.visit()),
            Kind::Event => in_snake_case(s.status.event()),
        },
        period: period(s),
        article_id: group.at(*slot).article().to_owned(),
    };
    steps[newest..].iter().map(entry).collect()
}

fn in_snake_case(status: impl serde::Serialize) -> String {
    serde_json::to_value(status).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
