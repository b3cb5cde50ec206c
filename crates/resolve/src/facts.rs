//! What matching and merging look at: the values of a mention in a form that is small and cheap to compare.

use std::num::NonZeroU32;
use std::sync::Arc;

use dateline_model::{Body, Certainty, Event, EventStatus, Mention, Place, Visit, VisitKind, VisitStatus};

use crate::date::{self, Date, Day};
use crate::identity::Who;
use crate::people::{Parties, People};
use crate::spelling;

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
    given: u8,
    pub(crate) topics: u8,
    pub(crate) delegation: u8,
}

/// One of the values of [`Has`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Value {
    Venue,
    Purpose,
    Attribution,
    Cameo,
    Quote,
    DuringVisit,
    Subtype,
    Place,
}

impl Has {
    fn new(given: &[(Value, bool)]) -> Self {
        let bit = |(value, is): &(Value, bool)| u8::from(*is) << *value as u8;
        Self { given: given.iter().map(bit).fold(0, |all, b| all | b), topics: 0, delegation: 0 }
    }

    pub(crate) fn has(self, value: Value) -> bool {
        self.given & 1 << value as u8 != 0
    }
}

/// "His third trip since May."
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nth {
    pub(crate) n: NonZeroU32,
    pub(crate) since: Option<Date>,
}

/// Hashes of content words, ascending after the zeros that fill it up.
pub(crate) type Theme = [u16; 8];

/// What a mention says, for matching and merging.
#[derive(Debug, Clone)]
pub(crate) struct Facts {
    /// The visitor; an event's participants, principals first.
    pub(crate) who: Arc<Parties>,
    pub(crate) host: Option<Arc<Who>>,
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) ordinal: Option<Nth>,
    /// Number of the city, 0 without one.
    pub(crate) city: u32,
    /// Hash of the visitor whose visit an event belongs to, 0 without one.
    pub(crate) during: u32,
    /// Content words of purpose or topic.
    pub(crate) theme: Theme,
    pub(crate) days: u16,
    pub(crate) status: Status,
    pub(crate) kind: VisitKind,
    pub(crate) certainty: Certainty,
    pub(crate) primary: bool,
    pub(crate) has: Has,
}

impl Facts {
    pub(crate) fn new(mention: &Mention, people: &mut People) -> Self {
        match &mention.body {
            Body::Visit(v) => Self::visit(v, people),
            Body::Event(e) => Self::event(e, people),
        }
    }

    fn visit(v: &Visit, people: &mut People) -> Self {
        let ordinal =
            v.ordinal.and_then(|o| NonZeroU32::new(o.n).map(|n| Nth { n, since: o.since.and_then(Date::new) }));
        let has = Has::new(&[
            (Value::Venue, v.destination.venue.is_some()),
            (Value::Purpose, v.purpose.is_some()),
            (Value::Attribution, v.attribution.is_some()),
            (Value::Cameo, v.cameo.is_some()),
        ]);
        Self {
            who: people.parties([(&v.visitor.actor, v.visitor.named)].into_iter()),
            host: v.host.as_ref().map(|h| people.who(h, true)),
            start: v.period.start.and_then(Date::new),
            end: v.period.end.and_then(Date::new),
            ordinal,
            city: city(Some(&v.destination), people),
            during: 0,
            theme: theme(v.purpose.as_deref(), people),
            days: v.period.days.unwrap_or(0).min(9999) as u16,
            status: v.status.into(),
            kind: v.visit_kind,
            certainty: v.certainty,
            primary: v.primary,
            has: Has { topics: v.topics.len().min(255) as u8, delegation: v.delegation.len().min(255) as u8, ..has },
        }
    }

    fn event(e: &Event, people: &mut People) -> Self {
        let has = Has::new(&[
            (Value::Venue, e.place.as_ref().is_some_and(|p| p.venue.is_some())),
            (Value::Purpose, e.topic.is_some()),
            (Value::Attribution, e.attribution.is_some()),
            (Value::Cameo, e.cameo.is_some()),
            (Value::Quote, e.quote.is_some()),
            (Value::DuringVisit, e.during_visit.is_some()),
            (Value::Subtype, e.subtype.is_some()),
            (Value::Place, e.place.is_some()),
        ]);
        Self {
            who: people.parties(e.participants.iter().take(PARTICIPANTS).map(|p| (&p.actor, true))),
            host: None,
            start: e.period.start.and_then(Date::new),
            end: e.period.end.and_then(Date::new),
            ordinal: None,
            city: city(e.place.as_ref(), people),
            during: e.during_visit.as_ref().map_or(0, |d| crate::agenda::visitor_key(&d.visitor)),
            theme: theme(e.topic.as_deref(), people),
            days: e.period.days.unwrap_or(0).min(9999) as u16,
            status: e.status.into(),
            kind: VisitKind::Unspecified,
            certainty: e.certainty,
            primary: !e.background,
            has: Has { delegation: e.participants.len().min(255) as u8, ..has },
        }
    }

    /// Days that start and end cover, as far as they are known.
    pub(crate) fn interval(&self) -> Option<(Day, Day)> {
        date::interval(self.start, self.end)
    }
}

/// Participants of an event that are looked at.
pub(crate) const PARTICIPANTS: usize = 16;

fn city(place: Option<&Place>, people: &mut People) -> u32 {
    place.and_then(|p| p.city.as_deref()).map_or(0, |name| people.city(name))
}

fn theme(text: Option<&str>, people: &mut People) -> Theme {
    text.map_or(Theme::default(), |text| people.theme(text))
}

/// The content words of a purpose or topic.
pub(crate) fn theme_of(text: &str) -> Theme {
    let mut theme = Theme::default();
    let tokens = spelling::fold(text);
    let content = tokens.iter().filter(|t| t.len() > 3);
    // 0 is for no word.
    let hashes = content.map(|t| (spelling::hash(t.strip_suffix('s').unwrap_or(t)) >> 32) as u16).map(|h| h.max(1));
    for (at, hash) in theme.iter_mut().zip(hashes) {
        *at = hash;
    }
    theme.sort_unstable();
    theme
}
