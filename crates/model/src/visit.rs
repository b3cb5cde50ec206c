//! A visit as one article tells it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Evidence, PartialDate, Period};

/// Where a visit stands in its life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitStatus {
    /// Hedged reports only.
    Rumored,
    /// Any unhedged future.
    Planned,
    /// Announced on the record.
    Confirmed,
    /// Set off or arrived, and not over.
    Ongoing,
    /// Over.
    Completed,
    /// Put off, to a new date or to none.
    Postponed,
    /// Called off or refused.
    Cancelled,
    /// A report of it was denied.
    Denied,
}

impl VisitStatus {
    /// All, in the order of the life cycle.
    pub const ALL: [Self; 8] = [
        Self::Rumored,
        Self::Planned,
        Self::Confirmed,
        Self::Ongoing,
        Self::Completed,
        Self::Postponed,
        Self::Cancelled,
        Self::Denied,
    ];

    /// The status in snake case, as in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Rumored => "rumored",
            Self::Planned => "planned",
            Self::Confirmed => "confirmed",
            Self::Ongoing => "ongoing",
            Self::Completed => "completed",
            Self::Postponed => "postponed",
            Self::Cancelled => "cancelled",
            Self::Denied => "denied",
        }
    }
}

/// How an article puts something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// As a fact.
    #[default]
    Stated,
    /// "is expected to".
    Expected,
    /// "is likely to".
    Likely,
    /// "reportedly", "may".
    Rumored,
    /// "denied that".
    Denied,
    /// "if", "would".
    Conditional,
}

/// What kind of visit the article calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum VisitKind {
    /// A state visit.
    State,
    /// An official visit.
    Official,
    /// A working visit.
    Working,
    /// A private or medical trip.
    Private,
    /// Travel to a summit or a meeting of many states.
    Summit,
    /// A stopover without a programme.
    Transit,
    /// Not said.
    #[default]
    Unspecified,
}

/// A person, group or organisation that takes part in something.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Actor {
    /// The fullest name printed, without titles; for a group its wording.
    pub name: String,
    /// Id in the gazetteer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity_id: Option<String>,
    /// ISO 3166-1 alpha-2 as assigned on the day, or XK, EU, UN.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Canonical role ("president", "foreign minister", "delegation").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// True for a body of people.
    #[serde(default)]
    pub group: bool,
    /// How many people, where the article says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u32>,
}

/// Who visits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Visitor {
    /// Name, country and role.
    #[serde(flatten)]
    pub actor: Actor,
    /// False when the article never prints the name and the gazetteer supplied it.
    #[serde(default = "yes")]
    pub named: bool,
}

fn yes() -> bool {
    true
}

/// A place: a country, and within it as much as is known.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Place {
    /// Country code on the ground.
    pub country: Option<String>,
    /// City in its English form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// Venue ("Red Square").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// GeoNames id of the city.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub geonames_id: Option<u32>,
    /// Latitude of the city in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lat: Option<f32>,
    /// Longitude of the city in degrees.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lon: Option<f32>,
}

/// Who says so.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Attribution {
    /// The source as printed ("the Kremlin").
    pub source: String,
    /// The day it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reported_on: Option<PartialDate>,
}

/// "His third trip since February 2022".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ordinal {
    /// Which one; the first ever is 1.
    pub n: u32,
    /// Since when it is counted.
    pub since: Option<PartialDate>,
}

/// PLOVER event type and mode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Plover {
    /// PLOVER event type (`CONSULT`, `AGREE`, ...).
    pub event: String,
    /// PLOVER mode (`visit`, `multilateral`, ...).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
}

impl Default for Plover {
    fn default() -> Self {
        Self { event: "CONSULT".to_owned(), mode: Some("visit".to_owned()) }
    }
}

/// One official's or delegation's visit to one country, as one article tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Visit {
    /// Who visits.
    pub visitor: Visitor,
    /// Who invites or receives.
    pub host: Option<Actor>,
    /// Where to.
    pub destination: Place,
    /// First and last day there.
    pub period: Period,
    /// Kind as the article says it.
    pub visit_kind: VisitKind,
    /// Life cycle as of the article.
    pub status: VisitStatus,
    /// How the article puts it.
    pub certainty: Certainty,
    /// Who says so; null when the article says it itself.
    pub attribution: Option<Attribution>,
    /// What for, in the article's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// What is to be talked about.
    #[serde(default)]
    pub topics: Vec<String>,
    /// "Third trip since".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<Ordinal>,
    /// Companions.
    #[serde(default)]
    pub delegation: Vec<Actor>,
    /// False for background and side mentions.
    pub primary: bool,
    /// PLOVER code; a consultation in the mode of a visit where nothing is said.
    #[serde(default)]
    pub plover: Plover,
    /// CAMEO code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cameo: Option<String>,
    /// How sure the extractor is, 0 to 1.
    pub confidence: f32,
    /// The quotes behind the values; a record keeps them with its sources instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}
