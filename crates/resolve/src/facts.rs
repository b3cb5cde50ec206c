//! What matching and merging look at: the values of a mention in a form that is cheap to compare.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use dateline_model::{
    Body, Certainty, Event, EventStatus, Mention, Ordinal, PartialDate, Place, Visit, VisitKind, VisitStatus,
};

use crate::identity::Who;
use crate::people::People;
use crate::{spelling, words};

/// Days since 1 January of year 1.
pub(crate) type Day = i32;

/// The life cycle of visits and events on one scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Rumored,
    Expected,
    Planned,
    Confirmed,
    Ongoing,
    Completed,
    Postponed,
    Cancelled,
    Denied,
}

impl Status {
    /// Still to come.
    pub(crate) fn is_future(self) -> bool {
        self <= Self::Confirmed
    }

    /// Postponed, cancelled or denied.
    pub(crate) fn is_off(self) -> bool {
        self >= Self::Postponed
    }
}

impl From<VisitStatus> for Status {
    fn from(s: VisitStatus) -> Self {
        match s {
            VisitStatus::Rumored => Self::Rumored,
            VisitStatus::Planned => Self::Planned,
            VisitStatus::Confirmed => Self::Confirmed,
            VisitStatus::Ongoing => Self::Ongoing,
            VisitStatus::Completed => Self::Completed,
            VisitStatus::Postponed => Self::Postponed,
            VisitStatus::Cancelled => Self::Cancelled,
            VisitStatus::Denied => Self::Denied,
        }
    }
}

impl From<EventStatus> for Status {
    fn from(s: EventStatus) -> Self {
        match s {
            EventStatus::Rumored => Self::Rumored,
            EventStatus::Expected => Self::Expected,
            EventStatus::Planned => Self::Planned,
            EventStatus::Ongoing => Self::Ongoing,
            EventStatus::Completed => Self::Completed,
            EventStatus::Postponed => Self::Postponed,
            EventStatus::Cancelled => Self::Cancelled,
            EventStatus::Denied => Self::Denied,
        }
    }
}

impl Status {
    pub(crate) fn visit(self) -> VisitStatus {
        match self {
            Self::Rumored => VisitStatus::Rumored,
            Self::Expected | Self::Planned => VisitStatus::Planned,
            Self::Confirmed => VisitStatus::Confirmed,
            Self::Ongoing => VisitStatus::Ongoing,
            Self::Completed => VisitStatus::Completed,
            Self::Postponed => VisitStatus::Postponed,
            Self::Cancelled => VisitStatus::Cancelled,
            Self::Denied => VisitStatus::Denied,
        }
    }

    pub(crate) fn event(self) -> EventStatus {
        match self {
            Self::Rumored => EventStatus::Rumored,
            Self::Expected => EventStatus::Expected,
            Self::Planned | Self::Confirmed => EventStatus::Planned,
            Self::Ongoing => EventStatus::Ongoing,
            Self::Completed => EventStatus::Completed,
            Self::Postponed => EventStatus::Postponed,
            Self::Cancelled => EventStatus::Cancelled,
            Self::Denied => EventStatus::Denied,
        }
    }
}

/// Which values a mention has, beside those that [`Facts`] holds itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Has {
    pub(crate) venue: bool,
    pub(crate) purpose: bool,
    pub(crate) attribution: bool,
    pub(crate) cameo: bool,
    pub(crate) quote: bool,
    pub(crate) during_visit: bool,
    pub(crate) subtype: bool,
    pub(crate) topics: u8,
    pub(crate) delegation: u8,
}

/// What a mention says, for matching and merging.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The visitor; an event's participants, principals first.
    pub(crate) who: Box<[Arc<Who>]>,
    pub(crate) host: Option<Arc<Who>>,
    pub(crate) start: Option<PartialDate>,
    pub(crate) end: Option<PartialDate>,
    pub(crate) days: u16,
    pub(crate) status: Status,
    pub(crate) kind: VisitKind,
    pub(crate) certainty: Certainty,
    /// Number of the city, 0 without one.
    pub(crate) city: u32,
    /// Hashes of the content words of purpose or topic, at most 8.
    pub(crate) theme: Box<[u32]>,
    pub(crate) ordinal: Option<Ordinal>,
    /// Hash of the visitor whose visit an event belongs to, 0 without one.
    pub(crate) during: u32,
    pub(crate) primary: bool,
    pub(crate) has: Has,
}

pub(crate) fn day(d: NaiveDate) -> Day {
    d.num_days_from_ce()
}

/// First and last day that a date covers.
pub(crate) fn span(d: PartialDate) -> (Day, Day) {
    (day(d.first_day()), day(d.last_day()))
}

impl Facts {
    pub(crate) fn new(mention: &Mention, people: &mut People) -> Self {
        match &mention.body {
            Body::Visit(v) => Self::visit(v, people),
            Body::Event(e) => Self::event(e, people),
        }
    }

    fn visit(v: &Visit, people: &mut People) -> Self {
        Self {
            who: Box::new([people.who(&v.visitor.actor, v.visitor.named)]),
            host: v.host.as_ref().map(|h| people.who(h, true)),
            start: v.period.start,
            end: v.period.end,
            days: v.period.days.unwrap_or(0).min(9999) as u16,
            status: v.status.into(),
            kind: v.visit_kind,
            certainty: v.certainty,
            city: city(Some(&v.destination)),
            theme: theme(v.purpose.as_deref()),
            ordinal: v.ordinal,
            during: 0,
            primary: v.primary,
            has: Has {
                venue: v.destination.venue.is_some(),
                purpose: v.purpose.is_some(),
                attribution: v.attribution.is_some(),
                cameo: v.cameo.is_some(),
                topics: v.topics.len().min(255) as u8,
                delegation: v.delegation.len().min(255) as u8,
                ..Has::default()
            },
        }
    }

    fn event(e: &Event, people: &mut People) -> Self {
        let during = e.during_visit.as_ref();
        Self {
            who: e.participants.iter().take(16).map(|p| people.who(&p.actor, true)).collect(),
            host: None,
            start: e.period.start,
            end: e.period.end,
            days: e.period.days.unwrap_or(0).min(9999) as u16,
            status: e.status.into(),
            kind: VisitKind::Unspecified,
            certainty: e.certainty,
            city: city(e.place.as_ref()),
            theme: theme(e.topic.as_deref()),
            ordinal: None,
            during: during.map_or(0, |d| crate::agenda::visitor_key(&d.visitor)),
            primary: !e.background,
            has: Has {
                venue: e.place.as_ref().is_some_and(|p| p.venue.is_some()),
                purpose: e.topic.is_some(),
                attribution: e.attribution.is_some(),
                cameo: e.cameo.is_some(),
                quote: e.quote.is_some(),
                during_visit: e.during_visit.is_some(),
                subtype: e.subtype.is_some(),
                topics: 0,
                delegation: e.participants.len().min(255) as u8,
            },
        }
    }

    /// Days that start and end cover, as far as they are known.
    pub(crate) fn interval(&self) -> Option<(Day, Day)> {
        interval(self.start, self.end)
    }
}

/// Days that a period covers, as far as it is known.
pub(crate) fn interval(start: Option<PartialDate>, end: Option<PartialDate>) -> Option<(Day, Day)> {
    match (start.map(span), end.map(span)) {
        (Some((lo, s)), Some((_, e))) => Some((lo, if e < lo { s } else { e })),
        (Some(s), None) => Some(s),
        (None, Some(e)) => Some(e),
        (None, None) => None,
    }
}

fn city(place: Option<&Place>) -> u32 {
    place.and_then(|p| p.city.as_deref()).map_or(0, words::city)
}

fn theme(text: Option<&str>) -> Box<[u32]> {
    let mut hashes: Vec<u32> = text
        .map(spelling::fold)
        .unwrap_or_default()
        .iter()
        .filter(|t| t.len() > 3)
        .map(|t| spelling::hash(t.strip_suffix('s').unwrap_or(t)) as u32)
        .take(8)
        .collect();
    hashes.sort_unstable();
    hashes.into()
}
