//! Which drafts stand: the marks that an event of each type must have to be told.

use dateline_model::{EventStatus, EventType, Part};

use super::EventDraft;
use crate::visit::Reader;

/// What is told beside an event that says the same: a statement made in a call or in talks, or of a visit.
pub(super) fn repeated(d: &EventDraft, all: &[EventDraft], visits: &[crate::visit::Draft]) -> bool {
    if d.event.event_type != EventType::Statement {
        return false;
    }
    let within = |o: &EventDraft| {
        let met = matches!(o.event.event_type, EventType::PhoneCall | EventType::Talks | EventType::Signing);
        met && d.who.len() > 1 && d.who.iter().all(|w| o.who.contains(w))
            || (d.weak && o.sentence == d.sentence && o.event.event_type != d.event.event_type)
    };
    let denied = d.title && visits.iter().any(|v| v.status == dateline_model::VisitStatus::Denied);
    let travels = (d.lead || d.weak) && visits.iter().any(|v| v.weight > 1);
    let visit = denied || travels || visits.iter().any(|v| v.sentence == d.sentence || (d.weak && v.weight > 0));
    visit || all.iter().any(within)
}

/// Gatherings that may be races or markets where nobody protests.
const SPORTS: [&str; 4] = ["rally", "rallies", "march", "rallying"];

/// Statements that are texts.
const TEXTS: [&str; 5] = ["declaration", "communique", "statement", "resolution", "text"];

/// Words of speakers whose saying is no event: courts rule, papers report.
const REPORTERS: [&str; 23] = [
    "media",
    "sources",
    "source",
    "unions",
    "companies",
    "television",
    "telecom",
    "spokesman",
    "spokeswoman",
    "court",
    "newspaper",
    "paper",
    "daily",
    "tribunal",
    "analysts",
    "police",
    "prosecutor",
    "prosecutors",
    "study",
    "company",
    "agency",
    "radio",
    "bank",
];

/// True for a statement of somebody who judges, reports or trades.
fn judges(d: &EventDraft) -> bool {
    d.event.participants.iter().any(|p| {
        let name = p.actor.name.to_lowercase();
        name.split(' ').any(|w| REPORTERS.contains(&w.trim_end_matches("'s")))
    })
}

impl Reader<'_> {
    /// True for a draft that has enough of an event of its type.
    pub(super) fn stands(&self, d: &EventDraft) -> bool {
        let e = &d.event;
        let parties = e.participants.len();
        let placed = e.place.is_some();
        let dated = e.period.start.is_some();
        let weighty = d.who.iter().any(|w| w.is_none_or(|w| Self::weighty(&self.entities.list[w])));
        let met =
            matches!(e.event_type, EventType::Talks | EventType::Summit | EventType::PhoneCall | EventType::Signing);
        if e.background && !(met && parties > 1 && dated) {
            return false;
        }
        if e.status == EventStatus::Denied {
            return parties > 1;
        }
        match e.event_type {
            EventType::Talks | EventType::PhoneCall => parties > 1 && weighty,
            EventType::Summit => {
                let heads = d.who.iter().flatten().filter(|e| !self.entities.list[**e].group).count();
                let lead = d.title || self.in_lead(d.sentence.saturating_sub(1));
                weighty
                    && (placed || dated || d.known.is_some())
                    && (d.summit || d.known.is_some() || heads > 1)
                    && (lead || heads > 1 || !d.weak)
            }
            EventType::Ceremony if d.known.is_some() => weighty && !d.weak && (placed || dated),
            EventType::Ceremony => (weighty && (placed || dated)) || (placed && dated),
            EventType::Statement => {
                (weighty && !judges(d))
                    || (!d.weak && placed && parties == 0 && TEXTS.iter().any(|t| d.head.contains(t)))
            }
            EventType::Signing | EventType::MilitaryExercise | EventType::Deployment => weighty,
            EventType::Sanction => {
                parties > 1 || (e.participants.first().is_some_and(|p| p.part == Part::Actor) && weighty && !d.weak)
            }
            EventType::Attack => {
                (weighty && (parties > 1 || placed || (dated && !d.weak)))
                    || (placed && (dated || self.in_lead(d.sentence)))
            }
            EventType::Protest => parties > 0 || (placed && !SPORTS.contains(&d.head.as_str())),
            EventType::Aid => weighty && (parties > 1 || placed),
            EventType::Project => weighty && (placed || dated),
            EventType::Ceasefire => parties > 0 || placed,
        }
    }
}
