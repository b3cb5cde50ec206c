//! From frames to the events of an article: who takes part, where, when, in which state, beside which visit.
//!
//! A frame becomes a draft (`read`), with its participants (`party`, `pair`), place, date and status; drafts of one event
//! are merged (`merge`); what lacks the marks of an event of its type is dropped (`keep`).

mod code;
mod complete;
mod keep;
mod lend;
mod merge;
mod pair;
mod party;
mod place;
mod proper;
mod read;
mod settle;
mod status;
mod story;
mod topic;
mod when;

use std::collections::HashSet;

use dateline_model::{Event, EventType};

use self::story::Story;
use crate::frame::Frame;
use crate::quote::Quotes;
use crate::visit::{Draft, Reader};

/// An event in the making.
#[derive(Debug, Clone)]
pub(crate) struct EventDraft {
    pub event: Event,
    pub quotes: Quotes,
    pub sentence: usize,
    /// The chunk of its noun or verb.
    pub at: usize,
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
    /// It counts only in the lead of the text.
    pub lead: bool,
    /// The headline or the first sentences tell of it.
    pub salient: bool,
    /// Who takes part is only the subject of its clause.
    pub by_subject: bool,
    /// The head of its noun, or its verb, in small letters.
    pub head: String,
    /// It only says that people spoke.
    pub spoken: bool,
    /// No slot says with or on whom, or only by office.
    pub open: bool,
    /// Its noun is "summit", not a conference or forum.
    pub summit: bool,
    /// A gazetteer event ("G20 summit") by its index.
    pub known: Option<u32>,
}

/// Each two different people among those who take part, in the order of their numbers.
fn pairs(who: &[Option<usize>]) -> impl Iterator<Item = (usize, usize)> {
    let known = || who.iter().copied().flatten();
    known().flat_map(move |a| known().filter(move |b| a < *b).map(move |b| (a, b)))
}

/// The events of an article.
pub(crate) fn events(reader: &Reader<'_>, frames: &[Frame], visits: &[Draft]) -> Vec<Event> {
    if reader.plays() {
        return vec![];
    }
    let mut drafts: Vec<EventDraft> = frames.iter().filter_map(|f| reader.event(f, visits)).collect();
    let summits: HashSet<(usize, usize)> =
        drafts.iter().filter(|d| d.event.event_type == EventType::Summit).map(|d| (d.sentence, d.at)).collect();
    // the noun of a summit ("the meeting of the leaders") tells no talks beside
    drafts.retain(|d| d.event.event_type != EventType::Talks || !summits.contains(&(d.sentence, d.at)));
    // whom a rule names by a slot goes before the subject of the clause
    let named: HashSet<(usize, usize)> =
        drafts.iter().filter(|d| !d.by_subject && d.event.participants.len() > 1).map(|d| (d.sentence, d.at)).collect();
    drafts.retain(|d| !d.by_subject || !named.contains(&(d.sentence, d.at)));
    // "the leaders also discussed": in the call, at the summit
    let mut met: HashSet<(usize, usize)> = HashSet::new();
    for d in drafts.iter().filter(|d| !d.spoken) {
        met.extend(pairs(&d.who));
    }
    drafts.retain(|d| !(d.spoken && d.event.place.is_none() && pairs(&d.who).any(|p| met.contains(&p))));
    let story = Story::default();
    let mut drafts = merge::merge(reader, drafts);
    lend::lend_parties(&mut drafts);
    let summits: Vec<usize> =
        drafts.iter().filter(|d| d.event.event_type == EventType::Summit).map(|d| d.sentence).collect();
    for d in &mut drafts {
        let summit = summits.iter().any(|s| *s <= d.sentence && d.sentence - s <= 2);
        reader.complete(d, visits, summit, &story);
    }
    let mut settled: Vec<EventDraft> =
        merge::again(reader, drafts).into_iter().map(|d| reader.settle(d, visits, &story)).collect();
    lend::lend_body(&mut settled);
    lend::lend_places(&mut settled);
    let standing: Vec<EventDraft> = settled.into_iter().filter(|d| reader.stands(d)).collect();
    let told: Vec<bool> = standing.iter().map(|d| !keep::repeated(d, &standing, visits)).collect();
    standing
        .into_iter()
        .zip(told)
        .filter_map(|(d, told)| told.then_some(d))
        .map(|d| {
            let confidence = reader.engine.calibration.event(d.event.confidence);
            Event { evidence: d.quotes.finish(reader.doc), confidence, ..d.event }
        })
        .collect()
}
