//! Legs of a journey that have days of their own.

use super::{When, time_tense};
use crate::chunk::{Kind, Tokens};
use crate::document::Document;
use crate::frame::Frame;
use crate::time;

/// The days that stand right behind one of several destinations: "Zambia on 9-11 March and Malawi on 12 March".
pub(crate) fn own_days(doc: &Document<'_>, frame: &Frame, place: Tokens) -> Option<When> {
    let sentence = &doc.sentences[frame.sentence];
    let slot = frame.slot("destination");
    let at = slot.iter().position(|c| sentence.chunks[*c].tokens == place)?;
    let day = slot[at + 1..].iter().take(2).take_while(|c| !matches!(sentence.chunks[**c].kind, Kind::Place(_)));
    let tense = match time_tense(frame.verb(doc)) {
        time::Tense::Unknown => time::Tense::Future,
        own => own,
    };
    let mut when = When::default();
    for c in day {
        if let Kind::Time(t) = sentence.chunks[*c].kind {
            when.add(&sentence.times[t].resolve(doc.as_of, tense), (frame.sentence, sentence.chunks[*c].tokens));
        }
    }
    when.close();
    (when.period.start.is_some() || when.period.days.is_some()).then_some(when)
}
