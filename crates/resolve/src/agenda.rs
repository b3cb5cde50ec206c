//! Which events belong to which visit.

use crate::spelling::{fold, hash, skeleton};

/// Hash by which an event names the visitor whose visit it belongs to: the family name's consonants.
pub(crate) fn visitor_key(name: &str) -> u32 {
    fold(name).last().map_or(0, |t| hash(&skeleton(t)) as u32 | 1)
}
