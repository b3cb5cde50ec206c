//! The usual changes of a group: a contribution that sorts last, or one that comes or goes and moves nothing which comes
//! after it in canonical order. They give what folding the group again gives.

use std::cmp::Ordering;

use crate::contribution::{ClusterId, Contribution};
use crate::fold::{Before, Update};
use crate::group::Group;
use crate::matching;
use crate::merge::{Slot, State};
use crate::near_duplicate::{HEADS, WINDOW};
use crate::people::Comparisons;

impl Group {
    /// Adds a contribution; `None`, and nothing done, where others have to be placed again.
    pub(crate) fn add_quickly(&mut self, slot: Slot, people: &mut Comparisons) -> Option<Update> {
        let c = self.at(slot);
        let candidates = self.candidates(c);
        let joined = self.decide(slot, &candidates, people);
        let ends_before =
            |id: &ClusterId| self.cluster(*id).members.last().is_none_or(|m| self.order(*m, slot) == Ordering::Less);
        if candidates.iter().all(ends_before) {
            // What the record says now may be what a later contribution joins that is no candidate of this one.
            if let Some(id) = joined
                && !self.sorts_last(c)
            {
                let cluster = self.cluster(id);
                if !self.reached(&cluster.keys, cluster.extent).iter().all(ends_before) {
                    return None;
                }
            }
            let before = joined.map(|id| self.before(id)).into_iter().collect();
            let id = self.place_in(joined, slot, people);
            return Some(Update { before, after: vec![id] });
        }
        let id = joined?;
        let cluster = self.cluster(id);
        let position = self.position(&cluster.members, c);
        let (copy_of, double) = self.family(id, slot, position);
        if double || self.moved(*self.state_before(id, c)?, slot, copy_of, people).is_some() {
            return None;
        }
        let later = cluster.members[position..].iter().map(|m| self.at(*m));
        if later.take_while(|m| m.as_of == c.as_of).any(|m| m.same_article(c)) {
            return None;
        }
        let head = (copy_of.is_none() && c.bits.is_some()).then(|| self.position(&cluster.heads, c));
        if head.is_some_and(|rank| !self.new_head_leaves_families(id, c, position, rank)) {
            return None;
        }
        let before = vec![self.before(id)];
        let (extent, keys) = self.reach_of(slot);
        let cluster = self.cluster_mut(id);
        cluster.members.insert(position, slot);
        if let Some(rank) = head {
            cluster.heads.insert(rank, slot);
        }
        let c = self.at_mut(slot);
        (c.cluster, c.copy_of, c.double) = (Some(id), copy_of, false);
        self.see(id, slot);
        self.count(id, slot, 1);
        self.reach(id, &keys, extent);
        Some(Update { before, after: vec![id] })
    }

    /// True when a head that is put in as the one numbered `rank`, before the members from `position` on, changes the
    /// family of none of them: none is a copy of it, and it pushes no head that has a copy out of reach.
    fn new_head_leaves_families(&self, id: ClusterId, c: &Contribution, position: usize, rank: usize) -> bool {
        let cluster = self.cluster(id);
        // Heads between the new one and the member.
        let mut passed = 0;
        for m in cluster.members[position..].iter().map(|m| self.at(*m)) {
            if passed >= HEADS || m.as_of > c.as_of.saturating_add(WINDOW) {
                break;
            }
            if m.bits.is_none() {
                continue;
            }
            if c.copies(m) && !c.same_article(m) {
                return false;
            }
            match m.copy_of {
                Some(head) => {
                    let own = self.position(&cluster.heads, self.at(head));
                    if own < rank && own + HEADS <= rank + passed {
                        return false;
                    }
                }
                None => passed += 1,
            }
        }
        true
    }

    /// Takes a contribution out; `None`, and nothing done, where others have to be placed again.
    pub(crate) fn remove_quickly(&mut self, slot: Slot) -> Option<Update> {
        let c = self.at(slot);
        let id = c.cluster?;
        let cluster = self.cluster(id);
        let position = self.position(&cluster.members, c);
        if c.double || cluster.versions.iter().any(|(s, _)| *s == slot) || !self.only_of_its_article(slot) {
            return None;
        }
        let head = (c.copy_of.is_none() && c.bits.is_some()).then(|| self.position(&cluster.heads, c));
        if head.is_some_and(|rank| !self.lost_head_leaves_families(id, slot, position, rank)) {
            return None;
        }
        let before = vec![Before { cut: vec![slot], ..self.before(id) }];
        self.count(id, slot, -1);
        let cluster = self.cluster_mut(id);
        cluster.members.remove(position);
        if let Some(rank) = head {
            cluster.heads.remove(rank);
        }
        if cluster.anchor == slot {
            cluster.anchor = cluster.members[0];
        }
        cluster.seen = None;
        self.at_mut(slot).cluster = None;
        Some(Update { before, after: vec![id] })
    }

    /// True when the head numbered `rank`, member `position`, has no copy, and no older head that comes into reach of a
    /// later member has.
    fn lost_head_leaves_families(&self, id: ClusterId, slot: Slot, position: usize, rank: usize) -> bool {
        let (cluster, c) = (self.cluster(id), self.at(slot));
        let mut passed = 0;
        for m in cluster.members[position + 1..].iter().map(|m| self.at(*m)) {
            if passed >= HEADS || m.as_of > c.as_of.saturating_add(WINDOW) {
                break;
            }
            if m.bits.is_none() {
                continue;
            }
            if m.copy_of == Some(slot) {
                return false;
            }
            let older = (rank + passed).checked_sub(HEADS).map(|n| self.at(cluster.heads[n]));
            if older.is_some_and(|h| h.as_of >= m.as_of.saturating_sub(WINDOW) && h.copies(m) && !h.same_article(m)) {
                return false;
            }
            passed += usize::from(m.copy_of.is_none());
        }
        true
    }

    /// True when no record that it could be in has another contribution of its article next to it.
    fn only_of_its_article(&self, slot: Slot) -> bool {
        let c = self.at(slot);
        self.candidates(c).iter().all(|id| {
            let members = &self.cluster(*id).members;
            let at = self.position(members, c);
            let other = |m: Option<&Slot>| m.is_some_and(|m| *m != slot && self.at(*m).same_article(c));
            let next = if members.get(at) == Some(&slot) { at + 1 } else { at };
            !other(members.get(next)) && !other(at.checked_sub(1).and_then(|n| members.get(n)))
        })
    }

    /// Puts what stands for a whole record in its place. Nobody who did not join the record misses it; `None`, and
    /// nothing done, where a later contribution could join the stub, which says less.
    pub(crate) fn seal_quickly(&mut self, stub: Slot, removes: &[Slot], people: &mut Comparisons) -> Option<Update> {
        let id = self.at(*removes.first()?).cluster?;
        let whole = self.cluster(id).members.as_slice() == removes;
        let c = self.at(stub);
        let mut others = self.candidates(c);
        others.retain(|other| *other != id);
        if !whole || self.decide(stub, &others, people).is_some() {
            return None;
        }
        let state = State::open(stub, &c.facts, c.as_of);
        let (extent, keys) = self.reach_of(stub);
        for other in self.reached(&keys, extent).into_iter().filter(|other| *other != id) {
            let members = &self.cluster(other).members;
            for m in members[self.position(members, c)..].iter().map(|m| self.at(*m)) {
                let verdict = matching::weigh(self.kind(), &m.facts, m.as_of, &state, |s| self.facts(s), people);
                if verdict.joins().is_some() {
                    return None;
                }
            }
        }
        let before = Before { cut: removes.to_vec(), ..self.before(id) };
        self.drop_cluster(id);
        for slot in removes {
            self.at_mut(*slot).cluster = None;
        }
        let id = self.place_in(None, stub, people);
        Some(Update { before: vec![before], after: vec![id] })
    }
}
