//! One partition of mentions: its groups, and what each message does to them.

use dateline_model::{Kind, Mention, Message, Record, Retraction};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;
use std::collections::BTreeSet;
use uuid::Uuid;

use crate::articles::{Articles, Place};
use crate::codec::record::{Anchored, Standing};
use crate::codec::strings::Strings;
use crate::codec::{self, HEAD};
use crate::contribution::{ClusterId, Contribution};
use crate::group::{Group, GroupKey};
use crate::journal::Journal;
use crate::merge::Slot;
use crate::people::{Comparisons, People};
use crate::publish::Cause;
use crate::retraction::{self, Retracted, Retractions};
use crate::shelf::{Kept, Made};
use crate::{Applied, Change, Decided, Outcome, Publication, Settings, Stats, assembly, supersede};

/// A group's number in its partition.
pub(crate) type GroupId = u32;

/// All groups of one partition, with what is staged since the last commit.
///
/// ```
/// use dateline_resolve::{Partition, Settings};
///
/// let mut partition = Partition::new(Settings::default());
/// assert!(partition.flush().is_empty());
/// ```
pub struct Partition {
    pub(crate) settings: Settings,
    pub(crate) strings: Strings,
    pub(crate) people: People,
    pub(crate) comparisons: Comparisons,
    pub(crate) groups: Vec<Option<Group>>,
    pub(crate) group_ids: FxHashMap<GroupKey, GroupId>,
    free_groups: Vec<GroupId>,
    /// Where the contributions of each article are.
    pub(crate) articles: Articles,
    pub(crate) retractions: Retractions,
    /// Where each record is.
    pub(crate) records: FxHashMap<Uuid, (GroupId, ClusterId)>,
    pub(crate) shelf: Kept,
    /// Event records by the visitor whose visit they belong to.
    pub(crate) agenda: crate::agenda::Agenda,
    /// When records are looked at again, by stream time.
    pub(crate) timers: BTreeSet<(i64, Uuid)>,
    pub(crate) stream_time: i64,
    pub(crate) journal: Journal,
    /// Changelog records that are read but not yet built into groups.
    pub(crate) loading: crate::restore::Loading,
    /// What a restore found to be one with another record, to be told with the next message.
    pub(crate) owed: Vec<crate::restore::Owed>,
}

impl Partition {
    /// An empty partition.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            strings: Strings::default(),
            people: People::default(),
            comparisons: Comparisons::default(),
            groups: vec![],
            group_ids: FxHashMap::default(),
            free_groups: vec![],
            articles: Articles::default(),
            retractions: Retractions::default(),
            records: FxHashMap::default(),
            shelf: Kept::default(),
            agenda: FxHashMap::default(),
            timers: BTreeSet::new(),
            stream_time: i64::MIN,
            journal: Journal::default(),
            loading: crate::restore::Loading::default(),
            owed: vec![],
        }
    }

    /// Takes one message in. `stream_time_ms` is the message's Kafka timestamp; stream time never goes back.
    pub fn apply(&mut self, message: &Message, stream_time_ms: i64) -> Applied {
        let Decided { drafts, changes, outcome } = self.decide(message, stream_time_ms);
        let publications = drafts.into_iter().map(|draft| self.render(draft)).collect();
        Applied { publications, changes, outcome }
    }

    /// The same without putting the revisions together.
    pub fn decide(&mut self, message: &Message, stream_time_ms: i64) -> Decided {
        let mut out = Decided { drafts: vec![], changes: vec![], outcome: Outcome::Duplicate };
        if stream_time_ms > self.stream_time {
            self.journal.stream_time(self.stream_time);
            self.stream_time = stream_time_ms;
        }
        self.pay(&mut out);
        self.pass_time(&mut out);
        out.outcome = match message {
            Message::Mention(m) => self.mention(m, &mut out),
            Message::Retract(r) => self.retract(r, &mut out),
        };
        if matches!(out.outcome, Outcome::Duplicate | Outcome::Stale | Outcome::NothingToRetract)
            && out.changes.is_empty()
        {
            // Nothing else carries the stream time into the changelog.
            self.journal.change(
                b"t".to_vec(),
                None,
                Some(crate::restore::time_value(self.stream_time)),
                &mut out.changes,
            );
        }
        let mut strings = vec![];
        self.strings.tell(&mut strings);
        out.changes.splice(0..0, strings);
        out
    }

    fn mention(&mut self, m: &Mention, out: &mut Decided) -> Outcome {
        let (a, kind) = (&m.article, m.kind());
        if self.retractions.get(&a.id).is_some_and(|r| r.version > a.version) {
            return Outcome::Stale;
        }
        let known = self.articles.of(&self.groups, &a.id);
        let own = |(group, slot): &&Place| {
            self.group(*group).kind() == kind && self.group(*group).at(*slot).index() == m.mention_index
        };
        let mut own: SmallVec<[Place; 4]> = known.iter().filter(own).copied().collect();
        own.sort_by_key(|(group, slot)| self.group(*group).at(*slot).version());
        if own.iter().any(|(group, slot)| self.group(*group).at(*slot).version() == a.version) {
            return Outcome::Duplicate;
        }
        let c = Contribution::new(m, &mut self.strings, &mut self.people);
        let mut again = None;
        for (group, slot) in &own {
            let old = codec::contribution::prefix(&self.group(*group).at(*slot).value);
            if old.rest == codec::contribution::prefix(&c.value).rest {
                if old.version < a.version {
                    let alone = known.iter().filter(|(g, _)| g == group).count() == 1;
                    let corrects = self.group(*group).at(*slot).correction;
                    if !alone || corrects != c.correction {
                        // Which of its contributions count may change, or what a copy may say, now that it is marked as a
                        // correction: as if it came for the first time.
                        again = Some(*slot);
                        break;
                    }
                    self.renew(*group, *slot, c, out);
                }
                return Outcome::Duplicate;
            }
        }
        let id = self.group_of(m);
        self.render_before_change(id, out);
        let group = self.groups[id as usize].as_mut().expect("a group that was just found");
        self.journal.touch(&group.key);
        self.journal.change(c.key(kind), None, Some(c.value.to_vec()), &mut out.changes);
        let slot = self.insert(id, c);
        let own: SmallVec<[Slot; 4]> =
            known.iter().filter(|(g, s)| *g == id && Some(*s) != again).map(|(_, s)| *s).chain([slot]).collect();
        let group = self.groups[id as usize].as_mut().expect("a group that was just found");
        let mut settled = supersede::settle(group, &own, Some(slot), &mut self.comparisons);
        if let Some(old) = again {
            let c = group.at(old);
            self.journal.change(c.key(kind), Some(c.value.to_vec()), None, &mut out.changes);
            if !c.superseded {
                settled.removes.push(old);
                settled.replaced.push((old, slot));
            }
        }
        let counts = !group.at(slot).superseded;
        let outcome = if !settled.adds.is_empty() || !settled.removes.is_empty() {
            let update = group.update(&settled.adds, &settled.removes, &mut self.comparisons);
            let opened = group.at(slot).cluster.is_some_and(|c| group.cluster(c).members.len() == 1);
            let cause = Cause { article: Some(&a.id), arrived: counts.then_some(slot), replaced: &settled.replaced };
            self.publish(id, &update, &cause, out);
            match (settled.removes.is_empty(), opened) {
                (false, _) => Outcome::Replaced,
                (_, true) => Outcome::Opened,
                _ => Outcome::Joined,
            }
        } else {
            Outcome::Stale
        };
        if let Some(old) = again {
            self.forget(id, old);
            return Outcome::Duplicate;
        }
        if counts { outcome } else { Outcome::Stale }
    }

    /// Puts a contribution in its group, where it counts in no record yet.
    pub(crate) fn insert(&mut self, id: GroupId, c: Contribution) -> Slot {
        let group = self.groups[id as usize].as_mut().expect("a group that was just found");
        let slot = group.insert(c);
        self.articles.add(&mut self.groups, (id, slot));
        slot
    }

    /// The same mention again under a later version: a retraction of what was said before must not take it.
    fn renew(&mut self, id: GroupId, slot: Slot, new: Contribution, out: &mut Decided) {
        let group = self.groups[id as usize].as_mut().expect("a group that an article names");
        let kind = group.kind();
        let old_key = group.at(slot).key(kind);
        let c = group.at_mut(slot);
        let mut value = new.value;
        codec::contribution::set_opened(&mut value, codec::contribution::opened(&c.value));
        let old_value = std::mem::replace(&mut c.value, value);
        self.journal.touch(&group.key);
        let old_anchor = old_key.clone();
        self.journal.change(old_key, Some(old_value.into()), None, &mut out.changes);
        let (key, value) = (group.at(slot).key(kind), group.at(slot).value.to_vec());
        self.journal.change(key, None, Some(value), &mut out.changes);
        if let Some(cluster) = group.at(slot).cluster
            && group.cluster(cluster).anchor == slot
        {
            // Its row names the contribution that the record is found by, under the old version.
            let standing = group.cluster(cluster).standing.as_ref();
            let old = standing.map(|standing| codec::record::encode(standing, &old_anchor));
            self.tell_standing(id, cluster, old, out);
        }
    }

    fn retract(&mut self, r: &Retraction, out: &mut Decided) -> Outcome {
        let before = self.retractions.get(&r.id);
        if before.is_none_or(|b| b.version < r.version) {
            let new = Retracted { version: r.version, at: self.stream_time };
            self.journal.change(
                retraction::key(&r.id),
                before.map(retraction::encode),
                Some(retraction::encode(new)),
                &mut out.changes,
            );
            self.retractions.put(&r.id, new);
        }
        let list = self.articles.of(&self.groups, &r.id);
        let mut gone: Vec<(GroupId, Vec<Slot>)> = vec![];
        for (id, slot) in list {
            if self.group(id).at(slot).version() < r.version {
                match gone.iter_mut().find(|(g, _)| *g == id) {
                    Some((_, slots)) => slots.push(slot),
                    None => gone.push((id, vec![slot])),
                }
            }
        }
        if gone.is_empty() {
            return Outcome::NothingToRetract;
        }
        gone.sort_by(|(a, _), (b, _)| self.group(*a).key.cmp(&self.group(*b).key));
        for (id, mut slots) in gone {
            slots.sort_by(|a, b| self.group(id).at(*a).order(self.group(id).at(*b)));
            self.remove(id, &slots, Some(&r.id), out);
        }
        Outcome::Retracted
    }

    /// Takes contributions out of a group for good.
    pub(crate) fn remove(&mut self, id: GroupId, slots: &[Slot], cause: Option<&str>, out: &mut Decided) {
        self.render_before_change(id, out);
        let group = self.groups[id as usize].as_mut().expect("a group that an article names");
        self.journal.touch(&group.key);
        let kind = group.kind();
        for slot in slots {
            let c = group.at(*slot);
            self.journal.change(c.key(kind), Some(c.value.to_vec()), None, &mut out.changes);
        }
        let live: Vec<Slot> = slots.iter().copied().filter(|s| !group.at(*s).superseded).collect();
        let update = group.update(&[], &live, &mut self.comparisons);
        if let Some(article) = cause {
            self.publish(id, &update, &Cause { article: Some(article), arrived: None, replaced: &[] }, out);
        }
        for slot in slots {
            self.forget(id, *slot);
        }
        if self.group(id).len() == 0 {
            self.drop_group(id);
        }
    }

    pub(crate) fn forget(&mut self, id: GroupId, slot: Slot) {
        self.articles.remove(&mut self.groups, (id, slot));
        self.shelf.forget((id, slot));
        self.groups[id as usize].as_mut().expect("a group that an article names").free(slot);
    }

    pub(crate) fn group(&self, id: GroupId) -> &Group {
        self.groups[id as usize].as_ref().expect("group numbers that are held name groups")
    }

    /// The group of a mention; made where there is none.
    pub(crate) fn group_of(&mut self, m: &Mention) -> GroupId {
        let key = GroupKey::of(m);
        if let Some(id) = self.group_ids.get(&key) {
            return *id;
        }
        let group = Group::new(key.clone());
        let id = if let Some(id) = self.free_groups.pop() {
            self.groups[id as usize] = Some(group);
            id
        } else {
            self.groups.push(Some(group));
            self.groups.len() as GroupId - 1
        };
        self.group_ids.insert(key, id);
        id
    }

    /// Takes a group out of the partition.
    pub(crate) fn drop_group(&mut self, id: GroupId) -> Option<Group> {
        let group = self.groups[id as usize].take()?;
        self.group_ids.remove(&group.key);
        self.free_groups.push(id);
        Some(group)
    }

    /// Writes a record's standing; `old` is what it was, where it was written before.
    pub(crate) fn tell_standing(&mut self, id: GroupId, cluster: ClusterId, old: Option<Vec<u8>>, out: &mut Decided) {
        let group = self.group(id);
        let c = group.cluster(cluster);
        let Some(standing) = &c.standing else { return };
        let anchor = group.at(c.anchor).key(group.kind());
        let (key, value) = (codec::record::key(standing.id), codec::record::encode(standing, &anchor));
        self.journal.change(key, old, Some(value), &mut out.changes);
    }

    /// What was staged since the last commit becomes the state.
    pub fn committed(&mut self) {
        self.journal.clear();
        self.strings.commit();
    }

    /// The last `changed: []` revisions, at the end of input.
    pub fn flush(&mut self) -> Vec<Publication> {
        let mut out = Decided { drafts: vec![], changes: vec![], outcome: Outcome::Duplicate };
        let mut waiting: Vec<(Uuid, GroupId, ClusterId)> = vec![];
        for (record, (id, cluster)) in &self.records {
            let standing = self.group(*id).cluster(*cluster).standing.as_ref();
            if standing.is_some_and(|s| s.pending > 0) {
                waiting.push((*record, *id, *cluster));
            }
        }
        waiting.sort_unstable();
        for (_, id, cluster) in waiting {
            self.publish_pending(id, cluster, &mut out);
        }
        out.drafts.into_iter().map(|draft| self.render(draft)).collect()
    }

    /// All records as they stand, by group and id.
    pub fn records(&self) -> impl Iterator<Item = Record> + '_ {
        let mut ids: Vec<(&GroupKey, Uuid, GroupId, ClusterId)> =
            self.records.iter().map(|(record, (id, cluster))| (&self.group(*id).key, *record, *id, *cluster)).collect();
        ids.sort_unstable();
        ids.into_iter().filter_map(|(_, _, id, cluster)| self.record(id, cluster))
    }

    fn record(&self, id: GroupId, cluster: ClusterId) -> Option<Record> {
        let standing = self.group(id).cluster(cluster).standing.as_ref()?;
        let mut record =
            assembly::revision(self.group(id), cluster, crate::publish::told(standing), &self.strings, &mut Made);
        if let Record::Visit(visit) = &mut record {
            self.fill_agenda(visit);
        }
        Some(record)
    }

    /// Ids of the records that contributions are in, by article and mention index.
    pub fn places(&self) -> std::collections::BTreeMap<(String, u32), String> {
        let mut places = std::collections::BTreeMap::new();
        for group in self.groups.iter().flatten() {
            for slot in group.slots() {
                let c = group.at(slot);
                if let Some(standing) = c.cluster.and_then(|id| group.cluster(id).standing.as_ref()) {
                    places.insert((c.article().to_owned(), c.index()), standing.id.to_string());
                }
            }
        }
        places
    }

    /// Contributions kept.
    pub fn contributions(&self) -> u64 {
        self.groups.iter().flatten().map(|g| g.len() as u64).sum()
    }

    /// Sizes of the state.
    pub fn stats(&self) -> Stats {
        let groups = || self.groups.iter().flatten();
        Stats {
            contributions: groups().map(|g| g.len() as u64).sum(),
            records: self.records.len() as u64,
            stubs: groups().map(|g| g.slots().filter(|s| g.at(*s).stub).count() as u64).sum(),
            groups: groups().count() as u64,
            retractions: self.retractions.len() as u64,
        }
    }

    pub(crate) fn anchored(&self, id: GroupId, cluster: ClusterId) -> Option<(Uuid, Anchored)> {
        let group = self.group(id);
        let c = group.cluster(cluster);
        let standing: &Standing = c.standing.as_ref()?;
        let (kind, anchor): (Kind, Vec<u8>) = (group.kind(), group.at(c.anchor).key(group.kind()));
        Some((standing.id, Anchored { standing: standing.clone(), kind, anchor }))
    }
}

/// The head of a value in the state, for what has no codec of its own.
pub(crate) fn headed() -> codec::bytes::Writer {
    codec::bytes::Writer(vec![HEAD])
}

impl Partition {
    /// Changes that a caller can hold against another partition's: the whole state as changelog records, by key.
    pub fn dump(&self) -> Vec<Change> {
        let mut dump: Vec<Change> = vec![];
        for (id, group) in self.groups.iter().enumerate().filter_map(|(i, g)| g.as_ref().map(|g| (i as GroupId, g))) {
            for slot in group.slots() {
                let c = group.at(slot);
                dump.push(Change { key: c.key(group.kind()), value: Some(c.value.to_vec()) });
            }
            for cluster in group.cluster_ids() {
                if let Some((record, a)) = self.anchored(id, cluster) {
                    dump.push(Change {
                        key: codec::record::key(record),
                        value: Some(codec::record::encode(&a.standing, &a.anchor)),
                    });
                }
            }
        }
        dump.extend(
            self.retractions
                .iter()
                .map(|(article, r)| Change { key: retraction::key(article), value: Some(retraction::encode(r)) }),
        );
        dump.sort_by(|a, b| a.key.cmp(&b.key));
        dump
    }
}
