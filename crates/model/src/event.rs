//! An event as one article tells it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::visit::{Actor, Attribution, Certainty, Place, Plover};
use crate::{Evidence, Period};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventType {
    /// Talks, a meeting.
    Talks,
    /// A phone or video call.
    PhoneCall,
    /// A meeting of many states.
    Summit,
    /// A parade, commemoration, funeral, inauguration.
    Ceremony,
    /// The signing of a treaty or deal.
    Signing,
    /// A joint or formal text or speech that is news itself.
    Statement,
    /// A military exercise.
    MilitaryExercise,
    /// Troops or weapons sent, arrived or withdrawn.
    Deployment,
    /// A strike, bombing, clash, capture.
    Attack,
    /// A demonstration, a strike against a government.
    Protest,
    /// An embargo, expulsion, punitive tariff.
    Sanction,
    /// Aid, loans, relief.
    Aid,
    /// A project: pipeline, railway, survey.
    Project,
    /// A ceasefire or truce.
    Ceasefire,
}

/// Where an event stands in its life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum EventStatus {
    /// Scheduled.
    Planned,
    /// "is expected to".
    Expected,
    /// Hedged reports only.
    Rumored,
    /// Under way.
    Ongoing,
    /// Over.
    Completed,
    /// Put off.
    Postponed,
    /// Called off.
    Cancelled,
    /// Denied.
    Denied,
}

/// The part that a participant plays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// Who acts.
    #[default]
    Actor,
    /// Whom it is done to.
    Recipient,
    /// Who is there.
    Attendee,
    /// A body of troops that takes part.
    Contingent,
}

/// Who takes part in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Participant {
    /// Name, country and role.
    #[serde(flatten)]
    pub actor: Actor,
    /// The part played.
    pub part: Part,
    /// How sure the taking part is.
    pub certainty: Certainty,
}

/// The visit that an event belongs to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct DuringVisit {
    /// The visitor's name.
    pub visitor: String,
    /// The visit's destination country.
    pub country: String,
}

/// One event, as one article tells it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Event {
    /// What happened.
    pub event_type: EventType,
    /// Finer type ("warning", "parade").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtype: Option<String>,
    /// PLOVER code.
    pub plover: Plover,
    /// CAMEO code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cameo: Option<String>,
    /// Who takes part, principals first.
    pub participants: Vec<Participant>,
    /// Where.
    pub place: Option<Place>,
    /// When.
    pub period: Period,
    /// Life cycle as of the article.
    pub status: EventStatus,
    /// How the article puts it.
    pub certainty: Certainty,
    /// Who says so.
    pub attribution: Option<Attribution>,
    /// What about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// How sure the topic is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic_certainty: Option<Certainty>,
    /// Words in quotation marks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// The visit that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during_visit: Option<DuringVisit>,
    /// True for what is told as history.
    pub background: bool,
    /// How sure the extractor is, 0 to 1.
    pub confidence: f32,
    /// The quotes behind the values; a record keeps them with its sources instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
}
