//! The fold: contributions in canonical order become records.
//!
//! One contribution is decided by the records as they stood before it in canonical order. So a contribution that sorts
//! last is placed at once; for any other change the records that can interact with it are cut back to before it, and
//! what was cut off is placed again. Both ways give what folding the whole group gives.

use std::cmp::Ordering;

use dateline_model::Kind;
use smallvec::smallvec;

use crate::codec::record::Standing;
use crate::contribution::{ClusterId, Contribution};
use crate::extent::Extent;
use crate::group::{Cluster, Group};
use crate::identity::country_key;
use crate::matching::{self, Verdict};
use crate::merge::{Slot, State};
use crate::near_duplicate;
use crate::people::Comparisons;

/// A record that an update touched: what it was before.
#[derive(Debug)]
pub(crate) struct Before {
    pub(crate) cluster: ClusterId,
    pub(crate) standing: Option<Standing>,
    pub(crate) anchor: Slot,
    pub(crate) state: State,
    /// How many members it had.
    pub(crate) len: usize,
    /// Its members that were cut off, in canonical order.
    pub(crate) cut: Vec<Slot>,
}

/// What an update did to a group.
#[derive(Debug, Default)]
pub(crate) struct Update {
    /// Records as they were; without those that the update opened.
    pub(crate) before: Vec<Before>,
    /// Records that have, or may have, other members than before.
    pub(crate) after: Vec<ClusterId>,
}

impl Group {
    pub(crate) fn order(&self, a: Slot, b: Slot) -> Ordering {
        self.at(a).order(self.at(b))
    }

    /// Where a contribution sorts among slots in canonical order. Most sort near the end: the search begins there.
    pub(crate) fn position(&self, slots: &[Slot], c: &Contribution) -> usize {
        let sorts_before = |s: &Slot| self.at(*s).order(c) == Ordering::Less;
        let mut reach = 1;
        while reach < slots.len() && !sorts_before(&slots[slots.len() - reach]) {
            reach *= 2;
        }
        let from = slots.len().saturating_sub(reach);
        from + slots[from..].partition_point(sorts_before)
    }

    /// Records that the contribution could be one with, by the index: a superset.
    pub(crate) fn candidates(&self, c: &Contribution) -> Vec<ClusterId> {
        let extent = Extent::of(self.kind(), &c.facts, c.as_of);
        let mut found: Vec<ClusterId> = vec![];
        let countries = c.facts.who.iter().filter(|_| self.kind() == Kind::Event).map(|w| country_key(w.country));
        let nobody = c.facts.who.is_empty().then_some(NOBODY);
        for key in c.facts.who.iter().flat_map(|w| w.asks.iter().copied()).chain(countries).chain(nobody) {
            let entries = self.index.get(&key).into_iter().flatten();
            found.extend(entries.filter(|e| e.extent.meets(extent)).map(|e| e.cluster));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What the record said just before the contribution in canonical order; `None` where it did not exist then.
    pub(crate) fn state_before(&self, id: ClusterId, c: &Contribution) -> Option<&State> {
        let cluster = self.cluster(id);
        let after = |slot: Slot| self.at(slot).order(c) != Ordering::Less;
        match cluster.versions.last() {
            Some((slot, state)) if !after(*slot) => Some(state),
            _ => {
                let n = cluster.versions.partition_point(|(slot, _)| !after(*slot));
                n.checked_sub(1).map(|n| &cluster.versions[n].1)
            }
        }
    }

    /// Weighs a contribution against a record as it stood before it.
    fn weigh(&self, c: &Contribution, own: Option<Slot>, id: ClusterId, people: &mut Comparisons) -> Option<Verdict> {
        let state = self.state_before(id, c)?;
        if self.same_article(c, own, id) {
            return Some(Verdict::Apart("the article tells them apart"));
        }
        Some(matching::weigh(self.kind(), &c.facts, c.as_of, state, |s| self.facts(s), people))
    }

    /// Weighs a contribution that is not in the group against all candidates: those that it joins first, the best first.
    pub(crate) fn weigh_all(
        &self,
        c: &Contribution,
        people: &mut Comparisons,
    ) -> Vec<(ClusterId, Verdict, Option<i32>)> {
        let total = |v: &Verdict| if let Verdict::Weighed(w) = v { Some(w.total()) } else { None };
        let candidates = self.candidates(c).into_iter();
        let mut all: Vec<_> =
            candidates.filter_map(|id| self.weigh(c, None, id, people).map(|v| (id, v, total(&v)))).collect();
        all.sort_by(|a, b| {
            let opened = |id: ClusterId| self.at(self.cluster(id).members[0]);
            b.2.cmp(&a.2).then_with(|| opened(b.0).order(opened(a.0)))
        });
        all
    }

    /// True when the record has, before the contribution, another one of the same article with other dates.
    fn same_article(&self, c: &Contribution, own: Option<Slot>, id: ClusterId) -> bool {
        let members = &self.cluster(id).members;
        // Contributions of one article on one day lie side by side in canonical order.
        members[..self.position(members, c)]
            .iter()
            .rev()
            .map(|m| (*m, self.at(*m)))
            .take_while(|(_, m)| m.same_time(c) && m.same_article(c))
            .any(|(slot, m)| Some(slot) != own && (m.facts.start.is_none() || m.facts.start != c.facts.start))
    }

    /// The record that a contribution joins: the best that reaches the threshold; of equals the one opened last.
    pub(crate) fn decide(&self, slot: Slot, candidates: &[ClusterId], people: &mut Comparisons) -> Option<ClusterId> {
        let c = self.at(slot);
        let mut best: Option<(i32, Slot, ClusterId)> = None;
        for id in candidates.iter().copied() {
            let Some(score) = self.weigh(c, Some(slot), id, people).and_then(|v| v.joins()) else { continue };
            let opened = self.cluster(id).members[0];
            let better = best.is_none_or(|(top, first, _)| {
                score.cmp(&top).then_with(|| self.order(opened, first)) == Ordering::Greater
            });
            if better {
                best = Some((score, opened, id));
            }
        }
        best.map(|(_, _, id)| id)
    }

    /// Places a contribution that sorts after all members of the records it can join.
    pub(crate) fn place(&mut self, slot: Slot, people: &mut Comparisons) -> ClusterId {
        let joined = self.decide(slot, &self.candidates(self.at(slot)), people);
        self.place_in(joined, slot, people)
    }

    /// Adds a contribution at the end of the record that it joins, or opens one.
    pub(crate) fn place_in(&mut self, joined: Option<ClusterId>, slot: Slot, people: &mut Comparisons) -> ClusterId {
        let (extent, keys) = self.reach_of(slot);
        let id = if let Some(id) = joined {
            self.append(id, slot, people);
            id
        } else {
            let c = self.at(slot);
            let state = State::open(slot, &c.facts, c.as_of);
            let heads = if self.has_sketch(slot) { smallvec![slot] } else { smallvec![] };
            let cluster = Cluster {
                members: smallvec![slot],
                versions: smallvec![(slot, state)],
                heads,
                doubles: 0,
                stubs: 0,
                outlets: smallvec![],
                seen: Some((slot, slot)),
                standing: None,
                timer: i64::MAX,
                anchor: slot,
                extent,
                keys: smallvec![],
            };
            let id = self.add_cluster(cluster);
            let c = self.at_mut(slot);
            (c.cluster, c.copy_of, c.double) = (Some(id), None, false);
            self.count(id, slot, 1);
            id
        };
        self.reach(id, &keys, extent);
        id
    }

    pub(crate) fn reach_of(&self, slot: Slot) -> (Extent, Vec<u32>) {
        let c = self.at(slot);
        let mut keys: Vec<u32> = c.facts.who.iter().flat_map(|w| w.keys.iter().copied()).collect();
        if self.kind() == Kind::Event {
            keys.extend(c.facts.who.iter().map(|w| country_key(w.country)));
        }
        if keys.is_empty() {
            keys.push(NOBODY);
        }
        (Extent::of(self.kind(), &c.facts, c.as_of), keys)
    }

    pub(crate) fn has_sketch(&self, slot: Slot) -> bool {
        self.at(slot).bits.is_some()
    }

    /// Adds a contribution at the end of a record.
    fn append(&mut self, id: ClusterId, slot: Slot, people: &mut Comparisons) {
        let position = self.cluster(id).members.len();
        let (copy_of, double) = self.family(id, slot, position);
        let state = self.cluster(id).versions.last().map(|(_, s)| *s);
        let moved = state.and_then(|s| self.moved(s, slot, copy_of, people));
        let sketched = copy_of.is_none() && self.has_sketch(slot);
        let cluster = self.cluster_mut(id);
        cluster.members.push(slot);
        cluster.doubles += u32::from(double);
        cluster.versions.extend(moved.map(|s| (slot, s)));
        if sketched {
            cluster.heads.push(slot);
        }
        let c = self.at_mut(slot);
        (c.cluster, c.copy_of, c.double) = (Some(id), copy_of, double);
        self.see(id, slot);
        self.count(id, slot, 1);
    }

    /// Counts a member in or out: what it stands for, and its outlet where it is the head of a family.
    pub(crate) fn count(&mut self, id: ClusterId, slot: Slot, by: i32) {
        let c = self.at(slot);
        let (outlet, copy, stub) = (c.outlet, c.copy_of.is_some(), c.stub);
        let cluster = self.cluster_mut(id);
        if stub {
            cluster.stubs = cluster.stubs.saturating_add_signed(by);
        }
        if copy {
            return;
        }
        let outlets = &mut cluster.outlets;
        let at = outlets.partition_point(|(o, _)| *o < outlet);
        match outlets.get_mut(at) {
            Some((o, n)) if *o == outlet => {
                *n = n.saturating_add_signed(by);
                if *n == 0 {
                    outlets.remove(at);
                }
            }
            _ => outlets.insert(at, (outlet, 1)),
        }
    }

    /// Widens the time in which the record was seen.
    pub(crate) fn see(&mut self, id: ClusterId, slot: Slot) {
        let Some((first, last)) = self.cluster(id).seen else { return };
        let earlier = self.at(slot).seen() < self.at(first).seen();
        let later = self.at(slot).seen() > self.at(last).seen();
        self.cluster_mut(id).seen = Some((if earlier { slot } else { first }, if later { slot } else { last }));
    }

    /// The contributions of the least and the greatest time of publication.
    pub(crate) fn seen(&self, id: ClusterId) -> (Slot, Slot) {
        let cluster = self.cluster(id);
        cluster.seen.unwrap_or_else(|| {
            let first = cluster.members[0];
            cluster.members.iter().fold((first, first), |(a, b), m| {
                let at = self.at(*m).seen();
                (if at < self.at(a).seen() { *m } else { a }, if at > self.at(b).seen() { *m } else { b })
            })
        })
    }

    /// The state after a contribution, where it differs. A copy moves nothing unless it is marked as a correction.
    pub(crate) fn moved(
        &self,
        before: State,
        slot: Slot,
        copy_of: Option<Slot>,
        people: &mut Comparisons,
    ) -> Option<State> {
        let c = self.at(slot);
        if copy_of.is_some() && !c.correction {
            return None;
        }
        let after = before.with(self.kind(), slot, c.as_of, |s| self.facts(s), people);
        (after != before).then_some(after)
    }

    /// The family that a contribution at this position of a record belongs to, and whether its article was there before.
    pub(crate) fn family(&self, id: ClusterId, slot: Slot, position: usize) -> (Option<Slot>, bool) {
        let (cluster, c) = (self.cluster(id), self.at(slot));
        let double = cluster.members[..position]
            .iter()
            .rev()
            .map(|m| self.at(*m))
            .take_while(|m| m.same_time(c))
            .any(|m| m.same_article(c));
        if c.bits.is_none() {
            return (None, double);
        }
        let near = cluster.heads[..self.position(&cluster.heads, c)]
            .iter()
            .rev()
            .take_while(|h| self.at(**h).as_of >= c.as_of.saturating_sub(near_duplicate::WINDOW))
            .take(near_duplicate::HEADS);
        // The earliest head that it matches.
        let copy_of = near.filter(|h| self.at(**h).copies(c) && !self.at(**h).same_article(c)).last().copied();
        (copy_of, double)
    }

    /// Adds and removes contributions. Those removed stay readable in their slots until they are freed.
    pub(crate) fn update(&mut self, adds: &[Slot], removes: &[Slot], people: &mut Comparisons) -> Update {
        if let ([slot], []) = (adds, removes)
            && let Some(update) = self.add_quickly(*slot, people)
        {
            return update;
        }
        if let ([], [slot]) = (adds, removes)
            && let Some(update) = self.remove_quickly(*slot)
        {
            return update;
        }
        if let [slot] = adds
            && self.at(*slot).stub
            && let Some(update) = self.seal_quickly(*slot, removes, people)
        {
            return update;
        }
        self.refold(adds, removes, people)
    }

    pub(crate) fn before(&self, id: ClusterId) -> Before {
        let c = self.cluster(id);
        Before {
            cluster: id,
            standing: c.standing.clone(),
            anchor: c.anchor,
            state: c.versions[c.versions.len() - 1].1,
            len: c.members.len(),
            cut: vec![],
        }
    }

    /// Folds everything that is in no record: used where a group is built.
    pub(crate) fn fold(&mut self, people: &mut Comparisons) {
        let mut loose: Vec<Slot> =
            self.slots().filter(|s| self.at(*s).cluster.is_none() && !self.at(*s).superseded).collect();
        loose.sort_by(|a, b| self.order(*a, *b));
        for slot in loose {
            self.place(slot, people);
        }
    }
}

/// Key of events without participants.
const NOBODY: u32 = 0;
