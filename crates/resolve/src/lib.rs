//! Contributions become records: which mentions are one visit or event, what the record says, what is published.
//!
//! Architecture invariant: pure and synchronous. No clock, no network, no randomness: a partition's messages in order
//! determine records, ids and revisions, byte for byte.

// Days, slots and states are compared in pairs: a, b; x, y.
#![allow(clippy::many_single_char_names)]

mod agenda;
mod api;
mod articles;
mod assembly;
mod assign;
mod codec;
mod contribution;
mod date;
mod explain;
mod extent;
mod facts;
mod fold;
mod group;
mod identity;
mod journal;
mod lifecycle;
mod matching;
mod matching_events;
mod merge;
mod near_duplicate;
mod partition;
mod people;
mod publish;
mod quick;
mod refold;
mod restore;
mod retraction;
mod shelf;
mod sketch;
mod spelling;
mod stub;
mod supersede;
mod timer;
mod words;

pub use api::{Applied, Change, Decided, Draft, Outcome, Publication, Settings, StateError, Stats};
pub use codec::ENCODING;
pub use explain::{Candidate, Explanation};
pub use matching::{Features, Verdict};
pub use near_duplicate::are_copies;
pub use partition::Partition;
pub use sketch::sketch;
