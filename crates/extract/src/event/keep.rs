//! Which drafts stand: the marks that an event of each type must have to be told.

use dateline_model::{EventStatus, EventType, Part};

use super::EventDraft;
use crate::visit::Reader;
use crate::words::{Words, among, holds};

/// What is told beside an event that says the same: a statement made in a call or in talks, or of a visit.
pub(super) fn repeated(d: &EventDraft, all: &[EventDraft], visits: &[crate::visit::Draft]) -> bool {
    if d.event.event_type != EventType::Statement {
        return false;
    }
    let shares = |o: &EventDraft| {
        let of = |x: &EventDraft| -> Vec<String> {
            x.event
                .participants
                .iter()
                .flat_map(|p| [Some(p.actor.name.clone()), p.actor.country.clone()])
                .flatten()
                .collect()
        };
        let theirs = of(o);
        of(d).iter().any(|n| theirs.contains(n))
    };
    let within = |o: &EventDraft| {
        let met = matches!(o.event.event_type, EventType::PhoneCall | EventType::Talks | EventType::Signing);
        met && d.who.len() > 1 && d.who.iter().all(|w| o.who.contains(w))
            || (d.weak
                && o.sentence == d.sentence
                && o.event.event_type != d.event.event_type
                && (o.who.is_empty() || d.who.is_empty() || shares(o)))
    };
    let denied = d.title && visits.iter().any(|v| v.status == dateline_model::VisitStatus::Denied);
    let travels = (d.lead || d.weak) && visits.iter().any(|v| v.weight > 1 || (!v.background && d.salient));
    let visit = denied || travels || visits.iter().any(|v| v.sentence == d.sentence || (d.weak && v.weight > 0));
    visit || all.iter().any(within)
}

/// True for a statement of somebody who judges, reports or trades.
fn judges(words: &Words, d: &EventDraft) -> bool {
    d.event.participants.iter().any(|p| {
        let name = p.actor.name.to_lowercase();
        holds(&words.reporters, &name)
    })
}

impl Reader<'_> {
    /// True for a draft that has enough of an event of its type.
    pub(super) fn stands(&self, d: &EventDraft) -> bool {
        let e = &d.event;
        let words = &self.engine.words;
        let parties = e.participants.len();
        let placed = e.place.is_some();
        let dated = e.period.start.is_some();
        let weighty = d.who.iter().any(|w| w.is_none_or(|w| self.weighty(&self.entities.list[w])));
        let met =
            matches!(e.event_type, EventType::Talks | EventType::Summit | EventType::PhoneCall | EventType::Signing);
        if e.background && !(met && parties > 1 && dated && (d.salient || e.event_type != EventType::Signing)) {
            return false;
        }
        if e.status == EventStatus::Denied {
            return parties > 1;
        }
        // what is only mentioned far behind is no news of the text
        if d.weak && !d.salient && Self::passing(d) {
            return false;
        }
        match e.event_type {
            EventType::Talks if !d.salient && !dated && e.during_visit.is_none() && Self::at_home_talks(d) => false,
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
            EventType::Statement if !d.salient && among(&words.asides, &d.head) => false,
            EventType::Statement => {
                (weighty && !judges(words, d))
                    || (!d.weak && placed && parties == 0 && words.texts.iter().any(|t| d.head.contains(t)))
            }
            // a law is signed at home
            EventType::Signing if parties == 1 && holds(&words.laws, &d.head) => false,
            EventType::MilitaryExercise if placed && d.salient && d.head != "drill" => true,
            EventType::Deployment if !(placed || dated || d.salient) => false,
            EventType::Signing | EventType::MilitaryExercise | EventType::Deployment => weighty,
            EventType::Sanction => {
                parties > 1 || (e.participants.first().is_some_and(|p| p.part == Part::Actor) && weighty && !d.weak)
            }
            EventType::Attack => {
                (weighty && (parties > 1 || placed || (dated && !d.weak)))
                    || (placed && (dated || self.in_lead(d.sentence)))
            }
            EventType::Protest if among(&words.races, &d.head) && self.markets(d) => false,
            EventType::Protest => parties > 0 || (placed && !among(&words.races, &d.head)),
            EventType::Aid => weighty && (parties > 1 || placed),
            EventType::Project => weighty && (placed || dated),
            EventType::Ceasefire => parties > 0 || placed,
        }
    }

    /// An attack, protest or sanction that is only named, without a day of its own.
    fn passing(d: &EventDraft) -> bool {
        let dated = d.event.period.start.is_some();
        match d.event.event_type {
            EventType::Attack | EventType::Sanction => !dated,
            EventType::Protest => !dated && d.event.participants.is_empty(),
            _ => false,
        }
    }

    /// Talks of people of one country, as far as their countries are known.
    fn at_home_talks(d: &EventDraft) -> bool {
        let mut countries = d.event.participants.iter().filter_map(|p| p.actor.country.as_deref());
        let first = countries.next();
        countries.all(|c| Some(c) == first)
    }

    /// Prices rally, too.
    fn markets(&self, d: &EventDraft) -> bool {
        holds(&self.engine.words.markets, &self.sentence_text(d.sentence))
    }
}
