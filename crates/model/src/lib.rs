//! The words that all of Dateline shares: article, mention, record, receipt, with their ids, dates and JSON Schemas.
//!
//! Architecture invariant: nothing here decides anything about news. Types are constructed, validated, serialised.

pub mod article;
pub mod date;
pub mod event;
pub mod evidence;
pub mod ids;
pub mod mention;
pub mod receipt;
pub mod record;
pub mod schemas;
pub mod visit;

pub use article::{Article, ArticleError, Decoded, ErrorClass};
pub use date::{PartialDate, Period, Timestamp};
pub use event::{DuringVisit, Event, EventStatus, EventType, Part, Participant};
pub use evidence::{Evidence, Field};
pub use mention::{ArticleRef, Body, Mention, Message, MessageError, Retraction, Sketch, Version};
pub use receipt::{Outcome, Receipt};
pub use record::{
    AgendaItem, EventRecord, HistoryEntry, Kind, Quotes, Record, RecordBody, Revision, Source, VisitRecord,
};
pub use visit::{Actor, Attribution, Certainty, Ordinal, Place, Plover, Visit, VisitKind, VisitStatus, Visitor};

/// Version of the mention and record schemas that this build writes; it reads this one and the one before.
pub const SCHEMA: u32 = 1;
