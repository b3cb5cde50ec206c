//! The state from its changelog, after a restart and after an aborted batch.

use dateline_model::Kind;
use rustc_hash::FxHashMap;
use uuid::Uuid;

use crate::api::{Draft, Drafted};
use crate::assembly::{self, Told};
use crate::codec::record::Anchored;
use crate::codec::{self, corrupt, open};
use crate::contribution::Contribution;
use crate::journal::Journal;
use crate::merge::Slot;
use crate::partition::{GroupId, Partition, headed};
use crate::shelf::Made;
use crate::{Decided, Publication, StateError, publish, retraction, supersede};

/// Changelog records that are read but not yet built into groups.
#[derive(Default)]
pub(crate) struct Loading {
    contributions: FxHashMap<Vec<u8>, Box<[u8]>>,
    records: FxHashMap<Uuid, Anchored>,
}

/// A record that this build finds to be one with another, where an older build kept them apart.
#[derive(Debug)]
pub(crate) struct Owed {
    winner: Uuid,
    lost: Anchored,
}

pub(crate) fn time_value(ms: i64) -> Vec<u8> {
    let mut w = headed();
    w.signed(ms);
    w.0
}

impl Partition {
    /// Takes over one changelog record, in offset order; `None` deletes the key.
    pub fn restore(&mut self, key: &[u8], value: Option<&[u8]>) -> Result<(), StateError> {
        let (kind, rest) = key.split_first().ok_or_else(|| corrupt("a key is empty"))?;
        if let Some(value) = value {
            open(value)?;
        }
        match (kind, value) {
            (b'c', Some(value)) => _ = self.loading.contributions.insert(key.to_vec(), value.into()),
            (b'c', None) => _ = self.loading.contributions.remove(key),
            (b'r', Some(value)) => {
                let anchored = codec::record::decode(rest, value)?;
                self.stream_time = self.stream_time.max(anchored.standing.last_arrival);
                self.loading.records.insert(anchored.standing.id, anchored);
            }
            (b'r', None) => {
                let id = Uuid::from_slice(rest).map_err(|_| corrupt("the id of a record"))?;
                self.loading.records.remove(&id);
            }
            (b's', Some(value)) => self.strings.restore(rest, value)?,
            (b'x', Some(value)) => {
                let (article, r) = retraction::decode(rest, value)?;
                self.stream_time = self.stream_time.max(r.at);
                self.retractions.put(&article, r);
            }
            (b'x', None) => {
                let article = std::str::from_utf8(rest).map_err(|_| corrupt("an article id is no UTF-8"))?;
                self.retractions.remove(article);
            }
            (b't', Some(value)) => self.stream_time = self.stream_time.max(open(value)?.signed()?),
            (b's' | b't', None) => {}
            _ => return Err(corrupt("an unknown key")),
        }
        Ok(())
    }

    /// The changelog is read to its end: the groups are built.
    pub fn restored(&mut self) -> Result<(), StateError> {
        self.build()?;
        self.committed();
        Ok(())
    }

    /// Builds what is loaded into groups.
    fn build(&mut self) -> Result<(), StateError> {
        let loading = std::mem::take(&mut self.loading);
        let mut places: FxHashMap<Vec<u8>, (GroupId, Slot)> = FxHashMap::default();
        let mut groups: Vec<GroupId> = vec![];
        for (key, value) in loading.contributions {
            let (m, value) = codec::contribution::upgrade(value, &mut self.strings)?;
            let id = self.group_of(&m);
            let c = Contribution::with_value(&m, value, &mut self.people);
            let slot = self.insert(id, c);
            places.insert(key, (id, slot));
            groups.push(id);
        }
        groups.sort_unstable();
        groups.dedup();
        for id in &groups {
            let several = |slot: Slot| {
                let list = self.articles.of(&self.groups, self.group(*id).at(slot).article());
                let own: Vec<Slot> = list.iter().filter(|(g, _)| g == id).map(|(_, s)| *s).collect();
                (own.len() > 1).then_some(own)
            };
            let together: Vec<Vec<Slot>> = self.group(*id).slots().filter_map(several).collect();
            let Some(group) = self.groups[*id as usize].as_mut() else { continue };
            for own in together {
                supersede::settle(group, &own, None, &mut self.comparisons);
            }
            group.fold(&mut self.comparisons);
        }
        let mut records: Vec<Anchored> = loading.records.into_values().collect();
        records.sort_by_key(|a| a.standing.id);
        for a in records {
            let place = places.get(&a.anchor).copied();
            let cluster = place.and_then(|(id, slot)| self.group(id).at(slot).cluster.map(|c| (id, c, slot)));
            let Some((id, cluster, slot)) = cluster else {
                let why = if place.is_some() { "counts no more" } else { "is missing" };
                return Err(corrupt(&format!("record {}: the contribution that it is found by {why}", a.standing.id)));
            };
            let Some(group) = self.groups[id as usize].as_mut() else { continue };
            let c = group.cluster_mut(cluster);
            if let Some(winner) = &c.standing {
                // An older build told them apart. Consumers learn it with the next message.
                self.owed.push(Owed { winner: winner.id, lost: a });
                continue;
            }
            self.records.insert(a.standing.id, (id, cluster));
            c.standing = Some(a.standing);
            c.anchor = slot;
            self.set_timer(id, cluster);
            self.note_event(id, cluster);
        }
        Ok(())
    }

    /// Tells of records that a restore found to be one with another.
    pub(crate) fn pay(&mut self, out: &mut Decided) {
        for Owed { winner, lost } in std::mem::take(&mut self.owed) {
            let Some((id, cluster)) = self.records.get(&winner).copied() else { continue };
            let told = Told {
                revision: lost.standing.revision + 1,
                changed: vec!["merged_into".to_owned()],
                merged_into: Some(winner.to_string()),
                ..publish::told(&lost.standing)
            };
            let record = assembly::revision(self.group(id), cluster, told, &self.strings, &mut Made);
            let (key, old) =
                (codec::record::key(lost.standing.id), codec::record::encode(&lost.standing, &lost.anchor));
            self.journal.touch(&self.group(id).key.clone());
            self.journal.change(key, Some(old), None, &mut out.changes);
            out.drafts.push(Draft(Drafted::Done(Publication { record, tombstone_after: true })));
        }
    }

    /// What was staged since the last commit is dropped: the groups that it touched are built again as they were.
    pub fn aborted(&mut self) {
        let Journal { old, groups, stream_time } = self.journal.take();
        self.shelf.clear();
        for key in &groups {
            if let Some(id) = self.group_ids.get(key).copied() {
                self.unload(id);
            }
        }
        for (key, value) in old {
            let taken = match (key.first(), &value) {
                // A contribution that is in no unloaded group was removed with its group.
                (Some(b't'), _) => Ok(()),
                (_, value) => self.restore(&key, value.as_deref()),
            };
            debug_assert!(taken.is_ok(), "the journal holds what this build wrote");
        }
        if let Some(before) = stream_time {
            self.stream_time = before;
        }
        let built = self.build();
        debug_assert!(built.is_ok(), "what was folded before folds again");
        self.strings.abort();
    }

    /// Takes a group apart into changelog records.
    fn unload(&mut self, id: GroupId) {
        let clusters: Vec<_> = self.group(id).cluster_ids().collect();
        for cluster in clusters {
            if let Some((record, anchored)) = self.anchored(id, cluster) {
                self.records.remove(&record);
                self.loading.records.insert(record, anchored);
            }
        }
        let kind: Kind = self.group(id).kind();
        let slots: Vec<Slot> = self.group(id).slots().collect();
        for slot in slots {
            self.articles.remove(&mut self.groups, (id, slot));
        }
        let Some(group) = self.drop_group(id) else { return };
        for c in group.into_contributions() {
            self.loading.contributions.insert(c.key(kind), c.value);
        }
    }
}
