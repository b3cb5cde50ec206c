//! Which events belong to which visit: a view, filled in when a visit's record is put out.

use std::collections::BTreeSet;

use dateline_model::VisitRecord;
use rustc_hash::FxHashMap;
use uuid::Uuid;

use crate::assembly;
use crate::contribution::ClusterId;
use crate::date::Date;
use crate::partition::{GroupId, Partition};
use crate::spelling::{fold, hash, skeleton};

/// Events that an agenda lists at most, and looks at.
const MOST: usize = 32;
const LOOKED_AT: usize = 512;

/// Event records by the visitor whose visit they belong to; some may be gone meanwhile.
pub(crate) type Agenda = FxHashMap<u32, BTreeSet<Uuid>>;

/// Hash by which an event names the visitor whose visit it belongs to: the family name's consonants.
pub(crate) fn visitor_key(name: &str) -> u32 {
    fold(name).last().map_or(0, |t| hash(&skeleton(t)) as u32 | 1)
}

impl Partition {
    /// Notes an event record under the visitor that it names.
    pub(crate) fn note_event(&mut self, id: GroupId, cluster: ClusterId) {
        let Some((record, key)) = self.visitor_of(id, cluster) else { return };
        self.agenda.entry(key).or_default().insert(record);
    }

    fn visitor_of(&self, id: GroupId, cluster: ClusterId) -> Option<(Uuid, u32)> {
        let group = self.group(id);
        let c = group.cluster(cluster);
        let key = group.facts(c.state()?.during?).during;
        Some((c.standing.as_ref()?.id, key)).filter(|_| key != 0)
    }

    /// Fills in the events of a visit: those of its visitor and country whose days meet its own.
    pub(crate) fn fill_agenda(&self, visit: &mut VisitRecord) {
        let key = visitor_key(&visit.body.visitor.actor.name);
        let Some(period) = crate::date::interval(
            visit.body.period.start.and_then(Date::new),
            visit.body.period.end.and_then(Date::new),
        ) else {
            return;
        };
        let noted = self.agenda.get(&key).into_iter().flatten().rev().take(LOOKED_AT);
        for record in noted {
            let Some((id, cluster)) = self.records.get(record).copied() else { continue };
            let state = self.group(id).cluster(cluster).state();
            let meets = state
                .and_then(crate::merge::State::interval)
                .is_some_and(|(first, last)| first <= period.1.saturating_add(1) && period.0 <= last.saturating_add(1));
            if !meets || self.visitor_of(id, cluster).is_none_or(|(_, k)| k != key) {
                continue;
            }
            let Some(state) = self.group(id).cluster(cluster).state() else { continue };
            let item = assembly::agenda_item(self.group(id), state, record.to_string(), &self.strings);
            if let Some((country, item)) = item
                && country == visit.body.destination.country
            {
                visit.agenda.push(item);
            }
        }
        visit.agenda.sort_by(|a, b| (a.start, &a.record_id).cmp(&(b.start, &b.record_id)));
        visit.agenda.truncate(MOST);
    }
}
