//! What stream time brings: waiting sources are told, old retractions are forgotten.

use crate::Decided;
use crate::contribution::{ClusterId, midnight};
use crate::partition::{GroupId, Partition};
use crate::publish::LONG_ENOUGH;
use crate::retraction;

/// What a record waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Due {
    /// Its waiting sources are told.
    Sources(i64),
    /// It is retired.
    Retirement(i64),
}

impl Due {
    fn at(self) -> i64 {
        match self {
            Self::Sources(at) | Self::Retirement(at) => at,
        }
    }
}

impl Partition {
    /// The next that a record waits for.
    fn due(&self, id: GroupId, cluster: ClusterId) -> Option<Due> {
        let c = self.group(id).cluster(cluster);
        let standing = c.standing.as_ref()?;
        if standing.pending > 0 {
            return Some(Due::Sources(standing.pending_since.saturating_add(LONG_ENOUGH)));
        }
        let sealed = c.members.len() == 1 && self.group(id).at(c.members[0]).stub;
        let over = c.state()?.interval().map_or(i64::MIN, |(_, last)| midnight(last.saturating_add(1)));
        (!sealed)
            .then(|| Due::Retirement(standing.last_arrival.max(over).saturating_add(self.settings.retire_after_ms)))
    }

    /// Does what is due at the current stream time.
    pub(crate) fn pass_time(&mut self, out: &mut Decided) {
        while let Some((at, record)) = self.timers.first().copied().filter(|(at, _)| *at <= self.stream_time) {
            self.timers.remove(&(at, record));
            let Some((id, cluster)) = self.records.get(&record).copied() else { continue };
            if let Some(group) = self.groups[id as usize].as_mut() {
                group.cluster_mut(cluster).timer = i64::MAX;
            }
            match self.due(id, cluster) {
                // Its turn is by when it is due, not by when the timer was set.
                Some(due) if due.at() > at => self.set_timer(id, cluster),
                Some(Due::Sources(_)) => {
                    self.publish_pending(id, cluster, out);
                    self.set_timer(id, cluster);
                }
                Some(Due::Retirement(_)) => self.retire(id, cluster, out),
                None => {}
            }
        }
        let horizon = self.stream_time.saturating_sub(self.settings.retire_after_ms);
        while let Some(article) = self.retractions.older_than(horizon) {
            let old = self.retractions.get(&article).map(retraction::encode);
            self.journal.change(retraction::key(&article), old, None, &mut out.changes);
            self.retractions.remove(&article);
        }
    }

    /// Sees to it that a record is looked at when something is due, or before: a timer that fires early is set again.
    pub(crate) fn set_timer(&mut self, id: GroupId, cluster: ClusterId) {
        let c = self.group(id).cluster(cluster);
        let (record, set) = (c.standing.as_ref().map(|s| s.id), c.timer);
        if let (Some(due), Some(record)) = (self.due(id, cluster), record)
            && due.at() < set
        {
            self.timers.insert((due.at(), record));
            if let Some(group) = self.groups[id as usize].as_mut() {
                group.cluster_mut(cluster).timer = due.at();
            }
        }
    }
}
