//! Ids of records after a fold: one to one, the largest overlap of contributions first, then the smaller id.

use rustc_hash::FxHashMap;
use uuid::Uuid;

use crate::codec::record::Standing;
use crate::contribution::ClusterId;
use crate::fold::{Before, Update};
use crate::group::Group;
use crate::merge::Slot;

/// A record that has no contributions left under its id.
#[derive(Debug)]
pub(crate) struct Lost {
    pub(crate) before: usize,
    /// The record that has most of what it had; `None` where nothing is left.
    pub(crate) into: Option<ClusterId>,
}

/// What became of the records that an update touched.
#[derive(Debug, Default)]
pub(crate) struct Assignment {
    /// The record of the update's `before` that each record of its `after` goes on with; `None`: it is new.
    pub(crate) kept: FxHashMap<ClusterId, usize>,
    pub(crate) lost: Vec<Lost>,
}

/// Assigns the ids of the touched records. `replaced`: contributions that stand for removed ones.
pub(crate) fn assign(group: &Group, update: &Update, replaced: &[(Slot, Slot)]) -> Assignment {
    let mut assignment = Assignment::default();
    if let ([only], [id]) = (update.before.as_slice(), update.after.as_slice())
        && only.cluster == *id
        && only.len > only.cut.len()
    {
        assignment.kept.insert(*id, 0);
        return assignment;
    }
    let mut pairs: Vec<(u32, Uuid, usize, ClusterId)> = vec![];
    for (n, before) in update.before.iter().enumerate() {
        let Some(Standing { id, .. }) = before.standing else { continue };
        pairs.extend(overlaps(group, before, replaced).into_iter().map(|(cluster, size)| (size, id, n, cluster)));
    }
    let first = |c: ClusterId| group.cluster(c).members[0];
    pairs.sort_by(|a, b| {
        b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then_with(|| group.at(first(a.3)).order(group.at(first(b.3))))
    });
    let mut taken = vec![false; update.before.len()];
    for (_, _, n, cluster) in &pairs {
        if !taken[*n] && !assignment.kept.contains_key(cluster) {
            taken[*n] = true;
            assignment.kept.insert(*cluster, *n);
        }
    }
    for (n, before) in update.before.iter().enumerate().filter(|(n, b)| !taken[*n] && b.standing.is_some()) {
        debug_assert!(before.len > 0);
        assignment.lost.push(Lost { before: n, into: pairs.iter().find(|p| p.2 == n).map(|p| p.3) });
    }
    assignment
}

/// How many contributions of a former record each record has now.
fn overlaps(group: &Group, before: &Before, replaced: &[(Slot, Slot)]) -> Vec<(ClusterId, u32)> {
    let mut sizes: FxHashMap<ClusterId, u32> = FxHashMap::default();
    let stayed = before.len - before.cut.len();
    if stayed > 0 {
        sizes.insert(before.cluster, stayed as u32);
    }
    for slot in &before.cut {
        let stands_for = replaced.iter().find(|(old, _)| old == slot).map_or(*slot, |(_, new)| *new);
        if let Some(cluster) = group.at(stands_for).cluster {
            *sizes.entry(cluster).or_default() += 1;
        }
    }
    sizes.into_iter().collect()
}
