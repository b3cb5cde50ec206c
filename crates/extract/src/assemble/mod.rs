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

use crate::Stage;
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
    let runs = |stage: Stage| reader.engine.runs(stage);
    let mut drafts = vec![];
    join::merge(reader, &mut drafts, told);
    if runs(Stage::Grounded) {
        let grounded = reader.grounded(&of_visits, &drafts);
        join::merge(reader, &mut drafts, grounded);
    }
    if drafts.is_empty() {
        return drafts;
    }
    if runs(Stage::PointBack) {
        point::point_back(reader, &of_visits, &mut drafts);
    }
    // what was called off has no departures
    let (firm, other) = pointers.into_iter().partition(|p| p.firm);
    if runs(Stage::Pointers) {
        point::apply(reader, firm, &mut drafts);
    }
    if runs(Stage::Moves) {
        moves::numbered_days(reader, &mut drafts);
        moves::apply(reader, &turns, &mut drafts);
    }
    if runs(Stage::Pointers) {
        point::apply(reader, other, &mut drafts);
    }
    if runs(Stage::Occasion) {
        occasion::apply(reader, &mut drafts);
    }
    if runs(Stage::Settle) {
        settle::settle(reader, &mut drafts);
    }
    if runs(Stage::Sources) {
        said::sources(reader, &mut drafts);
    }
    if runs(Stage::Purposes) {
        purpose::purposes(reader, frames, &mut drafts);
    }
    if runs(Stage::Surroundings) {
        around::surroundings(reader, &mut drafts);
    }
    if runs(Stage::Delegations) {
        party::delegations(reader, &mut drafts);
    }
    if runs(Stage::Topics) {
        topics::topics(reader, &mut drafts);
    }
    drafts
}
