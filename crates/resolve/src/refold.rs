//! Any change of a group: what can interact with it is cut back to before it, and what was cut off is placed again.

use std::cmp::Ordering;

use crate::contribution::{ClusterId, index};
use crate::extent::Extent;
use crate::fold::{Before, Update};
use crate::group::Group;
use crate::merge::Slot;
use crate::people::Comparisons;

impl Group {
    /// Cuts the records that can interact with a change back to before it, and places again what was cut off.
    pub(crate) fn refold(&mut self, adds: &[Slot], removes: &[Slot], people: &mut Comparisons) -> Update {
        let Some(from) = adds.iter().chain(removes).copied().min_by(|a, b| self.order(*a, *b)) else {
            return Update::default();
        };
        let ids = self.interacting(adds, removes);
        let mut update = Update::default();
        let mut again: Vec<Slot> = adds.to_vec();
        for id in ids {
            let keep = self.position(&self.cluster(id).members, self.at(from));
            let mut before = self.before(id);
            before.cut = self.cut(id, keep);
            again.extend(before.cut.iter().filter(|m| !removes.contains(m)));
            if keep == 0 {
                self.drop_cluster(id);
            } else {
                update.after.push(id);
            }
            update.before.push(before);
        }
        again.sort_by(|a, b| self.order(*a, *b));
        for slot in again {
            let id = self.place(slot, people);
            if !update.after.contains(&id) {
                update.after.push(id);
            }
        }
        // What was neither cut nor joined is as it was.
        let same = |b: &Before| {
            b.cut.is_empty() && self.clusters[index(b.cluster)].as_ref().is_some_and(|c| c.members.len() == b.len)
        };
        let untouched: Vec<ClusterId> = update.before.iter().filter(|b| same(b)).map(|b| b.cluster).collect();
        update.before.retain(|b| !untouched.contains(&b.cluster));
        update.after.retain(|id| !untouched.contains(id));
        update
    }

    /// Cuts a record back to its first members and gives the rest.
    fn cut(&mut self, id: ClusterId, keep: usize) -> Vec<Slot> {
        let cluster = self.cluster_mut(id);
        let cut: Vec<Slot> = cluster.members.drain(keep..).collect();
        let Some(first) = cut.first().copied() else { return cut };
        let (mut versions, mut heads) = (std::mem::take(&mut cluster.versions), std::mem::take(&mut cluster.heads));
        versions.truncate(versions.partition_point(|(s, _)| self.order(*s, first) == Ordering::Less));
        heads.truncate(self.position(&heads, self.at(first)));
        let doubles = cut.iter().filter(|m| self.at(**m).double).count() as u32;
        for m in &cut {
            self.count(id, *m, -1);
            self.at_mut(*m).cluster = None;
        }
        let cluster = self.cluster_mut(id);
        (cluster.versions, cluster.heads) = (versions, heads);
        cluster.doubles -= doubles;
        cluster.seen = None;
        cut
    }

    /// All records that a change of these contributions can reach: those that share an index key and days with them, and
    /// so on.
    fn interacting(&self, adds: &[Slot], removes: &[Slot]) -> Vec<ClusterId> {
        let mut found: Vec<ClusterId> = removes.iter().filter_map(|s| self.at(*s).cluster).collect();
        found.extend(adds.iter().chain(removes).flat_map(|s| self.candidates(self.at(*s))));
        found.sort_unstable();
        found.dedup();
        let mut seen: rustc_hash::FxHashSet<ClusterId> = found.iter().copied().collect();
        let mut next = 0;
        while let Some(id) = found.get(next).copied() {
            next += 1;
            let cluster = self.cluster(id);
            for other in self.reached(&cluster.keys, cluster.extent) {
                if seen.insert(other) {
                    found.push(other);
                }
            }
        }
        found
    }

    /// Records that can meet what stands under these keys within these days.
    pub(crate) fn reached(&self, keys: &[u32], extent: Extent) -> Vec<ClusterId> {
        let mut found: Vec<ClusterId> = vec![];
        for key in keys.iter().flat_map(|k| crate::identity::meets(*k)) {
            let entries = self.index.get(&key).into_iter().flatten();
            found.extend(entries.filter(|e| e.extent.meets(extent)).map(|e| e.cluster));
        }
        found.sort_unstable();
        found.dedup();
        found
    }
}
