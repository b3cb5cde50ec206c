//! A record as it is published, put together from its contributions.

use dateline_model::{
    Actor, ArticleRef, Attribution, Body, Event, HistoryEntry, Kind, Mention, Participant, Period, Place, Plover,
    Record, Revision, Source, Visit, Visitor,
};

use crate::codec::{self, strings::Strings};
use crate::contribution::ClusterId;
use crate::group::{Cluster, Group};
use crate::merge::{Slot, State};

/// Sources that a record lists at most.
const SOURCES: usize = 50;
/// Steps of history that a record lists at most.
const HISTORY: usize = 200;

/// Contributions of one record, decoded as they are needed.
struct Library<'a> {
    group: &'a Group,
    strings: &'a Strings,
    read: Vec<(Slot, Mention)>,
}

impl<'a> Library<'a> {
    fn new(group: &'a Group, strings: &'a Strings) -> Self {
        Self { group, strings, read: vec![] }
    }

    fn mention(&mut self, slot: Slot) -> &Mention {
        let n = self.read.iter().position(|(s, _)| *s == slot).unwrap_or_else(|| {
            // What is in a slot was encoded, or decoded once, by this build.
            let mention = codec::contribution::decode(&self.group.at(slot).value, self.strings)
                .expect("values in the state decode");
            self.read.push((slot, mention));
            self.read.len() - 1
        });
        &self.read[n].1
    }

    fn visit<T>(&mut self, slot: Option<Slot>, value: impl Fn(&Visit) -> T) -> Option<T> {
        match &self.mention(slot?).body {
            Body::Visit(v) => Some(value(v)),
            Body::Event(_) => None,
        }
    }

    fn event<T>(&mut self, slot: Option<Slot>, value: impl Fn(&Event) -> T) -> Option<T> {
        match &self.mention(slot?).body {
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
        let place = |m: &Mention| match &m.body {
            Body::Visit(v) => Some(v.destination.clone()),
            Body::Event(e) => e.place.clone(),
        };
        let first = self.group.key.kind == Kind::Visit;
        let mut merged = s.city.and_then(|c| place(self.mention(c)));
        if merged.is_none() && first {
            let country = self.visit(Some(s.who), |v| v.destination.country.clone()).flatten();
            merged = Some(Place { country, ..Place::default() });
        }
        if let Some(place) = &mut merged {
            place.venue = None;
        }
        if let Some(with_venue) = s.venue.and_then(|v| place(self.mention(v))) {
            match &mut merged {
                Some(place) => place.venue = with_venue.venue,
                None => merged = Some(with_venue),
            }
        }
        merged.or_else(|| place(self.mention(s.who)))
    }

    fn host(&mut self, s: &State) -> Option<Actor> {
        self.visit(s.host, |v| v.host.clone()).flatten()
    }

    fn purpose(&mut self, s: &State) -> Option<String> {
        let slot = s.purpose?;
        match &self.mention(slot).body {
            Body::Visit(v) => v.purpose.clone(),
            Body::Event(e) => e.topic.clone(),
        }
    }

    fn participants(&mut self, s: &State) -> Vec<Participant> {
        self.event(Some(s.who), |e| e.participants.clone()).unwrap_or_default()
    }

    fn attribution(&mut self, s: &State) -> Option<Attribution> {
        let slot = s.attribution?;
        match &self.mention(slot).body {
            Body::Visit(v) => v.attribution.clone(),
            Body::Event(e) => e.attribution.clone(),
        }
    }
}

fn period(s: &State) -> Period {
    Period { start: s.start, end: s.end, days: (s.days > 0).then_some(u32::from(s.days)) }
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
    let place_moved = (before.city, before.venue) != (after.city, after.venue) && lib.place(before) != lib.place(after);
    let purpose_moved = before.purpose != after.purpose && lib.purpose(before) != lib.purpose(after);
    let when = (before.start, before.end, before.days) != (after.start, after.end, after.days);
    match group.kind() {
        Kind::Visit => {
            let who = |s: &State| (s.who, s.entity, s.role);
            note("visitor", who(before) != who(after) && lib.visitor(before) != lib.visitor(after));
            note("destination", place_moved);
            note("period", when);
            note("status", before.status.visit() != after.status.visit());
            note("visit_kind", before.kind != after.kind);
            note("host", before.host != after.host && lib.host(before) != lib.host(after));
            note("purpose", purpose_moved);
        }
        Kind::Event => {
            note("participants", before.who != after.who && lib.participants(before) != lib.participants(after));
            note("place", place_moved);
            note("period", when);
            note("status", before.status.event() != after.status.event());
            note("topic", purpose_moved);
        }
    }
    fields.into_iter().map(str::to_owned).collect()
}

/// What of a revision is not read off the contributions.
pub(crate) struct Told {
    pub(crate) id: String,
    pub(crate) revision: u32,
    pub(crate) caused_by: Option<String>,
    pub(crate) changed: Vec<String>,
    pub(crate) deleted: bool,
    pub(crate) merged_into: Option<String>,
}

/// The revision of a record with contributions.
pub(crate) fn revision(group: &Group, id: ClusterId, told: Told, strings: &Strings) -> Record {
    let cluster = group.cluster(id);
    let mut lib = Library::new(group, strings);
    let state = cluster.versions[cluster.versions.len() - 1].1;
    let (sources, confidence) = sources(&mut lib, cluster);
    let (first, last) = group.seen(id);
    let seen =
        |a: &ArticleRef| a.published_at.as_ref().map(|t| t.as_str().to_owned()).or(a.as_of.map(|d| d.to_string()));
    let mut frame = Frame {
        first_seen: seen(&lib.mention(first).article),
        last_seen: seen(&lib.mention(last).article),
        sources,
        source_count: cluster.members.len() as u32 - cluster.doubles,
        independent_sources: cluster.outlets.len() as u32,
        history: history(&mut lib, cluster, group.kind()),
        rules_version: String::new(),
        gazetteer_version: String::new(),
    };
    let newest = lib.mention(cluster.members[cluster.members.len() - 1]);
    frame.rules_version.clone_from(&newest.rules_version);
    frame.gazetteer_version.clone_from(&newest.gazetteer_version);
    record(&mut lib, &state, cluster.members[0], confidence, frame, told)
}

/// The last revision of a record that has nothing left: what it said before.
pub(crate) fn last_revision(group: &Group, state: &State, anchor: Slot, told: Told, strings: &Strings) -> Record {
    let mut lib = Library::new(group, strings);
    let m = lib.mention(anchor);
    let frame = Frame {
        first_seen: None,
        last_seen: None,
        sources: vec![],
        source_count: 0,
        independent_sources: 0,
        history: vec![],
        rules_version: m.rules_version.clone(),
        gazetteer_version: m.gazetteer_version.clone(),
    };
    record(&mut lib, state, anchor, 0.0, frame, told)
}

/// What a record says about itself, whatever it is a record of.
struct Frame {
    first_seen: Option<String>,
    last_seen: Option<String>,
    sources: Vec<Source>,
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
fn sources(lib: &mut Library<'_>, cluster: &Cluster) -> (Vec<Source>, f32) {
    let from = cluster.members.len().saturating_sub(SOURCES);
    let mut list: Vec<Source> = Vec::with_capacity(cluster.members.len() - from);
    let mut confidence: f32 = 0.0;
    for slot in &cluster.members[from..] {
        let group = lib.group;
        let c = group.at(*slot);
        let m = codec::contribution::decode(&c.value, lib.strings).expect("values in the state decode");
        let (own, evidence) = match m.body {
            Body::Visit(v) => (v.confidence, v.evidence),
            Body::Event(e) => (e.confidence, e.evidence),
        };
        confidence = confidence.max(own);
        let a = m.article;
        match list.last_mut() {
            Some(same) if c.double && same.article_id == a.id => same.evidence.extend(evidence),
            _ => list.push(Source {
                article_id: a.id,
                url: a.url,
                source: a.source,
                title: a.title,
                published_at: a.published_at,
                near_duplicate_of: c.copy_of.map(|head| group.at(head).article.to_string()),
                evidence,
            }),
        }
    }
    (list, confidence)
}

/// The fold's trace: each step that moved status or period.
fn history(lib: &mut Library<'_>, cluster: &Cluster, kind: Kind) -> Vec<HistoryEntry> {
    let mut steps: Vec<HistoryEntry> = vec![];
    let mut last = None;
    for (slot, s) in &cluster.versions {
        let said = (s.status, s.start, s.end, s.days);
        if last == Some(said) {
            continue;
        }
        last = Some(said);
        let status = match kind {
            Kind::Visit => serde_json::to_value(s.status.visit()),
            Kind::Event => serde_json::to_value(s.status.event()),
        };
        let status = status.ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
        steps.push(HistoryEntry {
            revision: steps.len() as u32 + 1,
            status,
            period: period(s),
            article_id: lib.group.at(*slot).article.to_string(),
        });
    }
    if steps.len() > HISTORY {
        steps.drain(..steps.len() - HISTORY);
    }
    steps
}
