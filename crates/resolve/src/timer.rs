//! What stream time brings: waiting sources are told, old retractions are forgotten.

use uuid::Uuid;

use crate::Applied;
use crate::codec::record::Standing;
use crate::contribution::ClusterId;
use crate::fold::Before;
use crate::partition::{GroupId, Partition};
use crate::publish::LONG_ENOUGH;
use crate::retraction;

/// When a record is to be looked at again, where it waits for anything.
fn due(s: &Standing) -> Option<i64> {
    (s.pending > 0).then(|| s.pending_since.saturating_add(LONG_ENOUGH))
}

impl Partition {
    /// Does what is due at the current stream time.
    pub(crate) fn pass_time(&mut self, out: &mut Applied) {
        while let Some((at, record)) = self.timers.first().copied().filter(|(at, _)| *at <= self.stream_time) {
            self.timers.remove(&(at, record));
            let Some((id, cluster)) = self.records.get(&record).copied() else { continue };
            let standing = self.group(id).cluster(cluster).standing.clone();
            match standing.as_ref().and_then(due) {
                Some(due) if due <= at => self.publish_pending(id, cluster, out),
                // It was told meanwhile and waits anew: its turn is by when it is due, not by when it was set.
                Some(later) => _ = self.timers.insert((later, record)),
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

    /// Sets when a record is looked at.
    pub(crate) fn set_timer(&mut self, id: GroupId, cluster: ClusterId) {
        let standing = self.group(id).cluster(cluster).standing.clone();
        if let Some((due, record)) = standing.as_ref().and_then(|s| due(s).map(|d| (d, s.id))) {
            self.timers.insert((due, record));
        }
    }

    pub(crate) fn drop_timer(&mut self, record: Uuid, before: &Before) {
        if let Some(due) = before.standing.as_ref().and_then(due) {
            self.timers.remove(&(due, record));
        }
    }
}
