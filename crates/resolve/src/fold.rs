//! The fold: contributions in canonical order become records.
//!
//! One contribution is decided by the records as they stood before it in canonical order. So a contribution that sorts
//! last is placed at once; for any other change the records that can interact with it are cut back to before it, and
//! what was cut off is placed again. Both ways give what folding the whole group gives.

use std::cmp::Ordering;

use dateline_model::Kind;

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
    fn order(&self, a: Slot, b: Slot) -> Ordering {
        self.at(a).order(self.at(b))
    }

    /// Records that the contribution could be one with, by the index: a superset.
    fn candidates(&self, c: &Contribution) -> Vec<ClusterId> {
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
    fn state_before(&self, id: ClusterId, c: &Contribution) -> Option<&State> {
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
        let at = members.partition_point(|m| self.at(*m).order(c) == Ordering::Less);
        members[..at]
            .iter()
            .rev()
            .map(|m| (*m, self.at(*m)))
            .take_while(|(_, m)| m.as_of == c.as_of && m.published == c.published && m.article == c.article)
            .any(|(slot, m)| Some(slot) != own && (m.facts.start.is_none() || m.facts.start != c.facts.start))
    }

    /// The record that a contribution joins: the best that reaches the threshold; of equals the one opened last.
    fn decide(&self, slot: Slot, people: &mut Comparisons) -> Option<ClusterId> {
        let c = self.at(slot);
        let mut best: Option<(i32, Slot, ClusterId)> = None;
        for id in self.candidates(c) {
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
    fn place(&mut self, slot: Slot, people: &mut Comparisons) -> ClusterId {
        let joined = self.decide(slot, people);
        let (extent, keys) = self.reach_of(slot);
        let id = if let Some(id) = joined {
            self.append(id, slot);
            id
        } else {
            let c = self.at(slot);
            let state = State::open(slot, &c.facts, c.as_of);
            let heads = if self.has_sketch(slot) { vec![slot] } else { vec![] };
            let cluster = Cluster {
                members: vec![slot],
                versions: vec![(slot, state)],
                heads,
                doubles: 0,
                outlets: vec![],
                seen: Some((slot, slot)),
                standing: None,
                timer: i64::MAX,
                anchor: slot,
                extent,
                keys: vec![],
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

    fn reach_of(&self, slot: Slot) -> (Extent, Vec<u32>) {
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

    fn has_sketch(&self, slot: Slot) -> bool {
        self.at(slot).bits.is_some()
    }

    /// Adds a contribution at the end of a record.
    fn append(&mut self, id: ClusterId, slot: Slot) {
        let position = self.cluster(id).members.len();
        let (copy_of, double) = self.family(id, slot, position);
        let state = self.cluster(id).versions.last().map(|(_, s)| *s);
        let moved = state.and_then(|s| self.moved(s, slot, copy_of));
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

    /// Counts the outlet of a family's head in or out.
    fn count(&mut self, id: ClusterId, slot: Slot, by: i32) {
        let c = self.at(slot);
        if c.copy_of.is_some() {
            return;
        }
        let (outlet, outlets) = (c.outlet, &mut self.cluster_mut(id).outlets);
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
    fn see(&mut self, id: ClusterId, slot: Slot) {
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
    fn moved(&self, before: State, slot: Slot, copy_of: Option<Slot>) -> Option<State> {
        let c = self.at(slot);
        if copy_of.is_some() && !c.correction {
            return None;
        }
        let after = before.with(self.kind(), slot, c.as_of, |s| self.facts(s));
        (after != before).then_some(after)
    }

    /// The family that a contribution at this position of a record belongs to, and whether its article was there before.
    fn family(&self, id: ClusterId, slot: Slot, position: usize) -> (Option<Slot>, bool) {
        let (cluster, c) = (self.cluster(id), self.at(slot));
        let double = cluster.members[..position]
            .iter()
            .rev()
            .map(|m| self.at(*m))
            .take_while(|m| m.as_of == c.as_of && m.published == c.published)
            .any(|m| m.article == c.article);
        if c.bits.is_none() {
            return (None, double);
        }
        let before = cluster.heads.partition_point(|h| self.order(*h, slot) == Ordering::Less);
        let near = cluster.heads[..before]
            .iter()
            .rev()
            .take_while(|h| self.at(**h).as_of >= c.as_of.saturating_sub(near_duplicate::WINDOW))
            .take(near_duplicate::HEADS);
        // The earliest head that it matches.
        let copy_of =
            near.filter(|h| self.at(**h).article != c.article).filter(|h| self.at(**h).copies(c)).last().copied();
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
        self.refold(adds, removes, people)
    }

    /// The usual case: a contribution that moves nothing which comes after it in canonical order.
    fn add_quickly(&mut self, slot: Slot, people: &mut Comparisons) -> Option<Update> {
        let candidates = self.candidates(self.at(slot));
        let last =
            |id: &ClusterId| self.cluster(*id).members.last().is_none_or(|m| self.order(*m, slot) == Ordering::Less);
        if candidates.iter().all(last) {
            let joined = self.decide(slot, people);
            let before = joined.map(|id| self.before(id)).into_iter().collect();
            let id = self.place(slot, people);
            return Some(Update { before, after: vec![id] });
        }
        // It sorts before others: it may join quietly where it moves neither values nor families.
        let id = self.decide(slot, people)?;
        let cluster = self.cluster(id);
        let position = cluster.members.partition_point(|m| self.order(*m, slot) == Ordering::Less);
        let (copy_of, double) = self.family(id, slot, position);
        let later = &cluster.members[position..];
        let c = self.at(slot);
        if self.moved(*self.state_before(id, c)?, slot, copy_of).is_some() || double {
            return None;
        }
        if later.iter().take_while(|m| self.at(**m).as_of == c.as_of).any(|m| self.at(*m).article == c.article) {
            return None;
        }
        let head = copy_of.is_none() && self.has_sketch(slot);
        if head && !self.leaves_families(id, slot, later) {
            return None;
        }
        let before = vec![self.before(id)];
        let at = self.cluster(id).heads.partition_point(|h| self.order(*h, slot) == Ordering::Less);
        let (extent, keys) = self.reach_of(slot);
        let cluster = self.cluster_mut(id);
        cluster.members.insert(position, slot);
        if head {
            cluster.heads.insert(at, slot);
        }
        let c = self.at_mut(slot);
        (c.cluster, c.copy_of, c.double) = (Some(id), copy_of, false);
        self.see(id, slot);
        self.count(id, slot, 1);
        self.reach(id, &keys, extent);
        Some(Update { before, after: vec![id] })
    }

    /// True when no later member would be a copy of a new head.
    fn leaves_families(&self, id: ClusterId, slot: Slot, later: &[Slot]) -> bool {
        let c = self.at(slot);
        let until = c.as_of.saturating_add(near_duplicate::WINDOW);
        let window = later.iter().take_while(|m| self.at(**m).as_of <= until);
        let heads = self
            .cluster(id)
            .heads
            .iter()
            .filter(|h| (self.at(**h).as_of - c.as_of).abs() <= near_duplicate::WINDOW)
            .count();
        let near: Vec<_> = window.take(2 * near_duplicate::HEADS + 1).collect();
        heads < near_duplicate::HEADS
            && near.len() <= 2 * near_duplicate::HEADS
            && !near.iter().any(|m| self.at(**m).copies(c))
    }

    /// A contribution that moved neither values nor families leaves quietly.
    fn remove_quickly(&mut self, slot: Slot) -> Option<Update> {
        let c = self.at(slot);
        let id = c.cluster?;
        let cluster = self.cluster(id);
        let position = cluster.members.partition_point(|m| self.order(*m, slot) == Ordering::Less);
        let quiet = cluster.members.len() > 1
            && position > 0
            && cluster.versions.iter().all(|(s, _)| *s != slot)
            && !cluster.heads.contains(&slot)
            && !c.double
            && cluster.members.get(position + 1).is_none_or(|m| self.at(*m).article != c.article)
            && self.at(cluster.members[position - 1]).article != c.article;
        // The article may tell other records apart from this one.
        let alone = self.only_of_its_article(slot);
        if !quiet || !alone {
            return None;
        }
        let before = vec![Before { cut: vec![slot], ..self.before(id) }];
        self.count(id, slot, -1);
        let cluster = self.cluster_mut(id);
        cluster.members.remove(position);
        if cluster.anchor == slot {
            cluster.anchor = cluster.members[0];
        }
        cluster.seen = None;
        self.at_mut(slot).cluster = None;
        Some(Update { before, after: vec![id] })
    }

    fn only_of_its_article(&self, slot: Slot) -> bool {
        let c = self.at(slot);
        self.candidates(c).iter().all(|id| {
            let members = &self.cluster(*id).members;
            let at = members.partition_point(|m| self.order(*m, slot) == Ordering::Less);
            let other = |m: Option<&Slot>| m.is_some_and(|m| *m != slot && self.at(*m).article == c.article);
            let next = if members.get(at) == Some(&slot) { at + 1 } else { at };
            !other(members.get(next)) && !other(at.checked_sub(1).and_then(|n| members.get(n)))
        })
    }

    fn before(&self, id: ClusterId) -> Before {
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

    /// Cuts the records that can interact with a change back to before it, and places again what was cut off.
    fn refold(&mut self, adds: &[Slot], removes: &[Slot], people: &mut Comparisons) -> Update {
        let Some(from) = adds.iter().chain(removes).copied().min_by(|a, b| self.order(*a, *b)) else {
            return Update::default();
        };
        let ids = self.interacting(adds, removes);
        let mut update = Update::default();
        let mut again: Vec<Slot> = adds.to_vec();
        for id in ids {
            let keep = self.cluster(id).members.partition_point(|m| self.order(*m, from) == Ordering::Less);
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
            b.cut.is_empty() && self.clusters[b.cluster as usize].as_ref().is_some_and(|c| c.members.len() == b.len)
        };
        let untouched: Vec<ClusterId> = update.before.iter().filter(|b| same(b)).map(|b| b.cluster).collect();
        update.before.retain(|b| !untouched.contains(&b.cluster));
        update.after.retain(|id| !untouched.contains(id));
        update
    }

    /// Cuts a record back to its first members and gives the rest.
    fn cut(&mut self, id: ClusterId, keep: usize) -> Vec<Slot> {
        let cluster = self.cluster_mut(id);
        let cut = cluster.members.split_off(keep);
        let Some(first) = cut.first().copied() else { return cut };
        let (mut versions, mut heads) = (std::mem::take(&mut cluster.versions), std::mem::take(&mut cluster.heads));
        versions.truncate(versions.partition_point(|(s, _)| self.order(*s, first) == Ordering::Less));
        heads.truncate(heads.partition_point(|h| self.order(*h, first) == Ordering::Less));
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
            for key in cluster.keys.iter().flat_map(|k| crate::identity::meets(*k)) {
                for e in self.index.get(&key).into_iter().flatten() {
                    if e.extent.meets(cluster.extent) && seen.insert(e.cluster) {
                        found.push(e.cluster);
                    }
                }
            }
        }
        found
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
