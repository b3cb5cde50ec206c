//! A group: all contributions that could be one record, and the records that the fold made of them.

use std::cmp::Ordering;
use std::sync::Arc;

use dateline_model::{Body, EventType, Kind, Mention};
use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::codec::record::Standing;
use crate::contribution::{ClusterId, Contribution, index, slot};
use crate::date::Day;
use crate::extent::Extent;
use crate::facts::Facts;
use crate::merge::{Slot, State};

/// What a group is keyed by, read off the mention and nothing else.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct GroupKey {
    pub(crate) kind: Kind,
    pub(crate) event_type: Option<EventType>,
    pub(crate) partition_key: Arc<str>,
    /// Country of the visitor; none is a group of its own.
    pub(crate) country: Option<Arc<str>>,
}

impl GroupKey {
    pub(crate) fn of(m: &Mention) -> Self {
        let (event_type, country) = match &m.body {
            Body::Visit(v) => (None, v.visitor.actor.country.as_deref().map(Into::into)),
            Body::Event(e) => (Some(e.event_type), None),
        };
        Self { kind: m.kind(), event_type, partition_key: m.partition_key().into(), country }
    }
}

/// A record: its contributions in canonical order and what it says after each that moved something.
#[derive(Debug, Clone)]
pub(crate) struct Cluster {
    pub(crate) members: SmallVec<[Slot; 4]>,
    /// The state after the member, for each member that moved it; the first member opens.
    pub(crate) versions: SmallVec<[(Slot, State); 1]>,
    /// Members with a sketch that are no copies, in canonical order.
    pub(crate) heads: SmallVec<[Slot; 4]>,
    /// Members whose article has an earlier member here.
    pub(crate) doubles: u32,
    /// Members that stand for retired records.
    pub(crate) stubs: u32,
    /// Outlets of the heads of near-duplicate families, by hash, with their numbers.
    pub(crate) outlets: SmallVec<[(u32, u32); 2]>,
    /// Members of the least and the greatest time of publication; `None` until it is asked for again.
    pub(crate) seen: Option<(Slot, Slot)>,
    pub(crate) standing: Option<Standing>,
    /// Stream time at which the record is looked at, at the latest; the greatest there is for never.
    pub(crate) timer: i64,
    /// The member by which the standing is found again.
    pub(crate) anchor: Slot,
    pub(crate) extent: Extent,
    pub(crate) keys: SmallVec<[u32; 4]>,
}

impl Cluster {
    pub(crate) fn state(&self) -> Option<&State> {
        self.versions.last().map(|(_, s)| s)
    }
}

/// A record under one of its index keys.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry {
    pub(crate) cluster: ClusterId,
    pub(crate) extent: Extent,
}

/// Makes room for one more: a table that doubles would be half empty.
fn grow_slowly<T>(table: &mut Vec<T>) {
    if table.len() == table.capacity() {
        table.reserve_exact(table.len() / 8 + 1);
    }
}

/// All contributions of one group and its records.
#[derive(Debug)]
pub(crate) struct Group {
    pub(crate) key: GroupKey,
    contributions: Vec<Option<Contribution>>,
    free: Vec<Slot>,
    pub(crate) clusters: Vec<Option<Cluster>>,
    free_clusters: Vec<ClusterId>,
    /// The greatest day and time that a contribution ever had, and whether more than one had it.
    latest: (Day, i64, bool),
    pub(crate) index: FxHashMap<u32, SmallVec<[Entry; 1]>>,
}

impl Group {
    pub(crate) fn new(key: GroupKey) -> Self {
        Self {
            key,
            contributions: vec![],
            free: vec![],
            clusters: vec![],
            free_clusters: vec![],
            latest: (Day::MIN, i64::MIN, false),
            index: FxHashMap::default(),
        }
    }

    pub(crate) fn kind(&self) -> Kind {
        self.key.kind
    }

    pub(crate) fn insert(&mut self, c: Contribution) -> Slot {
        let (day, time, _) = self.latest;
        match (c.as_of, c.published).cmp(&(day, time)) {
            Ordering::Greater => self.latest = (c.as_of, c.published, false),
            Ordering::Equal => self.latest.2 = true,
            Ordering::Less => {}
        }
        if let Some(slot) = self.free.pop() {
            self.contributions[index(slot)] = Some(c);
            return slot;
        }
        grow_slowly(&mut self.contributions);
        self.contributions.push(Some(c));
        slot(self.contributions.len() - 1)
    }

    /// True only when a contribution of the group is the last in canonical order.
    pub(crate) fn sorts_last(&self, c: &Contribution) -> bool {
        (c.as_of, c.published, false) == self.latest
    }

    /// Forgets a contribution that is in no record any more.
    pub(crate) fn free(&mut self, slot: Slot) {
        if self.contributions[index(slot)].take().is_some() {
            self.free.push(slot);
        }
    }

    /// The contribution in a slot. A slot is taken from a record or index of this group, which hold live ones only.
    pub(crate) fn at(&self, slot: Slot) -> &Contribution {
        self.contributions[index(slot)].as_ref().expect("slots of records are filled")
    }

    pub(crate) fn at_mut(&mut self, slot: Slot) -> &mut Contribution {
        self.contributions[index(slot)].as_mut().expect("slots of records are filled")
    }

    pub(crate) fn facts(&self, slot: Slot) -> &Facts {
        &self.at(slot).facts
    }

    pub(crate) fn cluster(&self, id: ClusterId) -> &Cluster {
        self.clusters[index(id)].as_ref().expect("records that contributions name exist")
    }

    pub(crate) fn cluster_mut(&mut self, id: ClusterId) -> &mut Cluster {
        self.clusters[index(id)].as_mut().expect("records that contributions name exist")
    }

    pub(crate) fn slots(&self) -> impl Iterator<Item = Slot> + '_ {
        self.contributions.iter().enumerate().filter(|(_, c)| c.is_some()).map(|(i, _)| slot(i))
    }

    pub(crate) fn cluster_ids(&self) -> impl Iterator<Item = ClusterId> + '_ {
        self.clusters.iter().enumerate().filter(|(_, c)| c.is_some()).map(|(i, _)| slot(i))
    }

    pub(crate) fn len(&self) -> usize {
        self.contributions.len() - self.free.len()
    }

    pub(crate) fn into_contributions(self) -> impl Iterator<Item = Contribution> {
        self.contributions.into_iter().flatten()
    }

    pub(crate) fn add_cluster(&mut self, c: Cluster) -> ClusterId {
        if let Some(id) = self.free_clusters.pop() {
            self.clusters[index(id)] = Some(c);
            return id;
        }
        grow_slowly(&mut self.clusters);
        self.clusters.push(Some(c));
        slot(self.clusters.len() - 1)
    }

    /// Takes a record out of the group and its index.
    pub(crate) fn drop_cluster(&mut self, id: ClusterId) {
        let Some(cluster) = self.clusters[index(id)].take() else { return };
        for key in cluster.keys {
            if let Some(entries) = self.index.get_mut(&key) {
                entries.retain(|e| e.cluster != id);
                if entries.is_empty() {
                    self.index.remove(&key);
                }
            }
        }
        self.free_clusters.push(id);
    }

    /// Puts a record under more keys and widens the days in which it can be met.
    pub(crate) fn reach(&mut self, id: ClusterId, keys: &[u32], extent: Extent) {
        let cluster = self.clusters[index(id)].as_mut().expect("records that contributions name exist");
        let wider = cluster.extent.union(extent);
        if wider != cluster.extent {
            cluster.extent = wider;
            for key in &cluster.keys {
                for entry in self.index.get_mut(key).into_iter().flatten().filter(|e| e.cluster == id) {
                    entry.extent = wider;
                }
            }
        }
        for key in keys {
            if !cluster.keys.contains(key) {
                cluster.keys.push(*key);
                self.index.entry(*key).or_default().push(Entry { cluster: id, extent: wider });
            }
        }
    }
}
