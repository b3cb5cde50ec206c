//! From frames to the events of an article: who takes part, where, when, in which state, beside which visit.
//!
//! A frame becomes a draft (`read`), with its participants (`party`, `pair`), place, date and status; drafts of one event
//! are merged (`merge`); what lacks the marks of an event of its type is dropped (`keep`).

mod code;
mod keep;
mod merge;
mod pair;
mod party;
mod place;
mod read;
mod settle;
mod status;
mod topic;
mod when;

use dateline_model::Event;

use crate::frame::Frame;
use crate::quote::Quotes;
use crate::visit::{Draft, Reader};

/// An event in the making.
#[derive(Debug, Clone)]
pub(crate) struct EventDraft {
    pub event: Event,
    pub quotes: Quotes,
    pub sentence: usize,
    /// For each participant the entity behind it; none for a country by its name.
    pub who: Vec<Option<usize>>,
    /// It belongs to an event of its type that is told elsewhere.
    pub joins: bool,
    /// Only its noun is known.
    pub weak: bool,
    /// A headline tells it.
    pub title: bool,
    /// It points to something told ("the meeting", "Thursday's talks").
    pub definite: bool,
    /// The head of its noun, or its verb, in small letters.
    pub head: String,
    /// No slot says with or on whom.
    pub open: bool,
    /// Its noun is "summit", not a conference or forum.
    pub summit: bool,
    /// A gazetteer event ("G20 summit") by its index.
    pub known: Option<u32>,
}

/// The events of an article.
pub(crate) fn events(reader: &Reader<'_>, frames: &[Frame], visits: &[Draft]) -> Vec<Event> {
    let drafts = frames.iter().filter_map(|f| reader.event(f, visits)).collect();
    let mut drafts = merge::merge(reader, drafts);
    settle::lend_parties(&mut drafts);
    let summit = drafts.iter().any(|d| d.event.event_type == dateline_model::EventType::Summit);
    for d in &mut drafts {
        reader.complete(d, visits, summit);
    }
    let settled = merge::again(reader, drafts).into_iter().map(|d| reader.settle(d, visits));
    let standing: Vec<EventDraft> = settled.filter(|d| reader.stands(d)).collect();
    let told: Vec<bool> = standing.iter().map(|d| !keep::repeated(d, &standing, visits)).collect();
    standing
        .into_iter()
        .zip(told)
        .filter_map(|(d, told)| told.then_some(d))
        .map(|d| Event { evidence: d.quotes.finish(reader.doc), ..d.event })
        .collect()
}
