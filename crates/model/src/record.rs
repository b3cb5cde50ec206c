//! What the world says: all contributions of one real visit or event, merged, with an id and a revision.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

use crate::{Event, EventType, Evidence, PartialDate, Period, Timestamp, Visit};

/// Visit or event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A visit.
    Visit,
    /// An event.
    Event,
}

impl Kind {
    /// `visit` or `event`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Visit => "visit",
            Self::Event => "event",
        }
    }
}

/// One article behind a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Article id.
    pub article_id: String,
    /// Where it was published.
    pub url: Option<String>,
    /// Outlet.
    pub source: Option<String>,
    /// Title.
    pub title: Option<String>,
    /// Publication time as given.
    pub published_at: Option<Timestamp>,
    /// The article that this one is a copy of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub near_duplicate_of: Option<String>,
    /// The quotes behind what it says.
    pub evidence: Quotes,
}

/// The quotes behind what an article says: a list of [`Evidence`], kept as the JSON that it is published as, since a
/// record repeats those of its former sources in each revision.
#[derive(Debug, Clone)]
pub struct Quotes(Box<RawValue>);

impl Quotes {
    /// Takes what is written as a list of [`Evidence`]; an error where it cannot be written.
    pub fn new(list: &impl Serialize) -> serde_json::Result<Self> {
        to_raw_value(list).map(Self)
    }

    /// The JSON text.
    pub fn json(&self) -> &str {
        self.0.get()
    }

    /// The quotes; an error where the text is no list of them.
    pub fn list(&self) -> serde_json::Result<Vec<Evidence>> {
        serde_json::from_str(self.json())
    }
}

impl PartialEq for Quotes {
    fn eq(&self, other: &Self) -> bool {
        self.json() == other.json()
    }
}

impl Serialize for Quotes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(s)
    }
}

impl<'de> Deserialize<'de> for Quotes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(d).map(Self)
    }
}

impl JsonSchema for Quotes {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        Vec::<Evidence>::schema_name()
    }

    fn json_schema(g: &mut SchemaGenerator) -> Schema {
        Vec::<Evidence>::json_schema(g)
    }
}

/// An event on a visit's programme.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AgendaItem {
    /// Id of the event's record.
    pub record_id: String,
    /// What it is.
    pub event_type: EventType,
    /// First day.
    pub start: Option<PartialDate>,
    /// What about.
    pub topic: Option<String>,
}

/// One step of the fold's trace in canonical order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct HistoryEntry {
    /// Number of the step, from 1.
    pub revision: u32,
    /// Status after it, in snake case.
    pub status: String,
    /// Period after it.
    pub period: Period,
    /// The article that made it.
    pub article_id: String,
}

/// What a record is a revision of: a merged visit or event.
pub trait RecordBody {
    /// Visit or event.
    const KIND: Kind;
}

impl RecordBody for Visit {
    const KIND: Kind = Kind::Visit;
}

impl RecordBody for Event {
    const KIND: Kind = Kind::Event;
}

/// One revision of a record: the merged mention and what is known about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "{T}Record")]
pub struct Revision<T> {
    /// `visit` or `event`.
    pub record_type: Kind,
    /// Record id (UUIDv5).
    pub id: String,
    /// Counts from 1; a higher one replaces a lower one.
    pub revision: u32,
    /// The article that caused this revision; null where only sources were added.
    pub caused_by: Option<String>,
    /// The publishing fields that moved (`status`, `period`, `sources`, ...).
    pub changed: Vec<String>,
    /// True in the last revision of a record with nothing left; its tombstone follows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub deleted: bool,
    /// The record that this one was found to be; its tombstone follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<String>,
    /// The merged values.
    #[serde(flatten)]
    pub body: T,
    /// Least `published_at`, else `as_of`, of the contributions.
    pub first_seen: Option<String>,
    /// Greatest `published_at`, else `as_of`, of the contributions.
    pub last_seen: Option<String>,
    /// The newest 50 sources in canonical order.
    pub sources: Vec<Arc<Source>>,
    /// Number of articles behind the record.
    pub source_count: u32,
    /// Distinct outlets or credited agencies among the heads of near-duplicate families.
    pub independent_sources: u32,
    /// Events on the visit's programme.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agenda: Vec<AgendaItem>,
    /// What was said before: the newest 200 steps.
    pub history: Vec<HistoryEntry>,
    /// Version of the rules of the newest contribution.
    pub rules_version: String,
    /// Version of the gazetteer of the newest contribution.
    pub gazetteer_version: String,
}

/// A revision of a visit's record.
pub type VisitRecord = Revision<Visit>;
/// A revision of an event's record.
pub type EventRecord = Revision<Event>;

/// A revision of either.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Record {
    /// A visit's record.
    Visit(Box<VisitRecord>),
    /// An event's record.
    Event(Box<EventRecord>),
}

impl Record {
    /// Visit or event.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Visit(_) => Kind::Visit,
            Self::Event(_) => Kind::Event,
        }
    }

    /// Record id.
    pub fn id(&self) -> &str {
        match self {
            Self::Visit(r) => &r.id,
            Self::Event(r) => &r.id,
        }
    }

    /// Revision number.
    pub fn revision(&self) -> u32 {
        match self {
            Self::Visit(r) => r.revision,
            Self::Event(r) => r.revision,
        }
    }
}
