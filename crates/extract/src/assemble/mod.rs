//! One visit for each visitor and destination of an article, with what all its sentences say of it.

mod around;
mod join;
mod moves;
mod occasion;
mod party;
mod point;
mod purpose;
mod said;
mod settle;
mod topics;

use crate::frame::Frame;
use crate::visit::{Draft, Reader};

/// The visits that the frames of an article tell, in the order in which the text first tells them.
pub(crate) fn visits(reader: &Reader<'_>, frames: &[Frame]) -> Vec<Draft> {
    let (turns, of_visits): (Vec<Frame>, Vec<Frame>) = frames
        .iter()
        .filter(|f| reader.engine.rule(f.rule).makes == "visit")
        .cloned()
        .partition(|f| reader.engine.rule(f.rule).effects.moves.is_some());
    let (mut told, mut pointers) = (vec![], vec![]);
    for f in &of_visits {
        let reading = reader.read(f, None);
        told.extend(reading.drafts);
        // "a visit to Rome by the minister was put off" tells of that visit, not of the one before
        let placed = |noun: usize| {
            of_visits.iter().any(|g| {
                g.sentence == f.sentence && g.slot("noun").contains(&noun) && !g.slot("destination").is_empty()
            })
        };
        pointers.extend(reading.pointer.filter(|p| !placed(p.at.1)));
    }
    let mut drafts = vec![];
    join::merge(reader, &mut drafts, told);
    let grounded = reader.grounded(&of_visits, &drafts);
    join::merge(reader, &mut drafts, grounded);
    point::point_back(reader, &of_visits, &mut drafts);
    // what was called off has no departures
    let (firm, other) = pointers.into_iter().partition(|p| p.firm);
    point::apply(reader, firm, &mut drafts);
    moves::numbered_days(reader, &mut drafts);
    moves::apply(reader, &turns, &mut drafts);
    point::apply(reader, other, &mut drafts);
    occasion::apply(reader, &mut drafts);
    settle::settle(reader, &mut drafts);
    said::sources(reader, &mut drafts);
    purpose::purposes(reader, frames, &mut drafts);
    around::surroundings(reader, &mut drafts);
    party::delegations(reader, &mut drafts);
    topics::topics(reader, &mut drafts);
    drafts
}
