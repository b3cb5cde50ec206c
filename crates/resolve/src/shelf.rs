//! Sources of records as they are published, kept for the next revision: a record that is told again has most of the
//! sources that it had before.

use std::sync::Arc;

use dateline_model::Source;
use rustc_hash::FxHashMap;

use crate::articles::Place;
use crate::codec::{self, strings::Strings};
use crate::group::Group;
use crate::merge::Slot;
use crate::partition::GroupId;

/// Sources kept at most; then all are given up. About 1.5 KB each.
const MOST: usize = 1 << 14;

/// Where sources come from.
pub(crate) trait Shelf {
    /// The source that a contribution is, and its confidence.
    fn source(&mut self, group: &Group, slot: Slot, strings: &Strings) -> (Arc<Source>, f32);
}

/// Makes each source anew.
pub(crate) struct Made;

impl Shelf for Made {
    fn source(&mut self, group: &Group, slot: Slot, strings: &Strings) -> (Arc<Source>, f32) {
        let c = group.at(slot);
        let (mut source, confidence) =
            codec::contribution::source(&c.value, strings).expect("values in the state decode");
        source.near_duplicate_of = c.copy_of.map(|head| group.at(head).article().to_owned());
        (Arc::new(source), confidence)
    }
}

/// Sources that were made before.
#[derive(Default)]
pub(crate) struct Kept(FxHashMap<Place, (Arc<Source>, f32)>);

impl Kept {
    /// The shelf of one group.
    pub(crate) fn of(&mut self, group: GroupId) -> KeptOf<'_> {
        KeptOf { kept: &mut self.0, group }
    }

    /// Forgets the source of a contribution that goes.
    pub(crate) fn forget(&mut self, place: Place) {
        self.0.remove(&place);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// Sources of one group that were made before.
pub(crate) struct KeptOf<'a> {
    kept: &'a mut FxHashMap<Place, (Arc<Source>, f32)>,
    group: GroupId,
}

impl Shelf for KeptOf<'_> {
    fn source(&mut self, group: &Group, slot: Slot, strings: &Strings) -> (Arc<Source>, f32) {
        let place = (self.group, slot);
        let copy_of = group.at(slot).copy_of.map(|head| group.at(head).article());
        if let Some((source, confidence)) = self.kept.get(&place)
            && source.near_duplicate_of.as_deref() == copy_of
        {
            return (source.clone(), *confidence);
        }
        if self.kept.len() >= MOST {
            self.kept.clear();
        }
        let made = Made.source(group, slot, strings);
        self.kept.insert(place, made.clone());
        made
    }
}
