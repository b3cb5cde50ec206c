//! What the state was before the batch: enough to take the batch back.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::Change;
use crate::group::GroupKey;

/// Changelog records as the last commit left them, for every key that was changed since.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    pub(crate) old: FxHashMap<Vec<u8>, Option<Vec<u8>>>,
    pub(crate) groups: FxHashSet<GroupKey>,
    pub(crate) stream_time: Option<i64>,
}

impl Journal {
    /// Notes a change and what was there before it.
    pub(crate) fn change(
        &mut self,
        key: Vec<u8>,
        old: Option<Vec<u8>>,
        new: Option<Vec<u8>>,
        changes: &mut Vec<Change>,
    ) {
        self.old.entry(key.clone()).or_insert(old);
        changes.push(Change { key, value: new });
    }

    pub(crate) fn touch(&mut self, group: &GroupKey) {
        if !self.groups.contains(group) {
            self.groups.insert(group.clone());
        }
    }

    pub(crate) fn stream_time(&mut self, before: i64) {
        self.stream_time.get_or_insert(before);
    }

    /// Forgets everything: the batch is committed.
    pub(crate) fn clear(&mut self) {
        self.old.clear();
        self.groups.clear();
        self.stream_time = None;
    }

    /// Gives what is noted and forgets it.
    pub(crate) fn take(&mut self) -> Self {
        std::mem::take(self)
    }
}
