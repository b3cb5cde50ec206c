//! Restoring any changelog: no panic; what cannot be read is an error.

use dateline_resolve::{Partition, Settings};

/// Records one after another: length of the key, its bytes, length of the value in two bytes (0: a tombstone), its bytes.
pub fn changelog(mut bytes: &[u8]) {
    let mut partition = Partition::new(Settings::default());
    while let Some((key, rest)) = bytes.split_first().and_then(|(n, rest)| rest.split_at_checked(usize::from(*n))) {
        let Some((length, rest)) = rest.split_at_checked(2) else { break };
        let n = usize::from(length[0]) << 8 | usize::from(length[1]);
        let (value, rest) = rest.split_at(n.min(rest.len()));
        if partition.restore(key, (n > 0).then_some(value)).is_err() {
            return;
        }
        bytes = rest;
    }
    let _ = partition.restored();
}
