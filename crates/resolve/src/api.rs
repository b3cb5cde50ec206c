//! What a caller of [`crate::Partition`] gets and gives.

use dateline_model::Record;

use crate::assembly::Told;
use crate::contribution::ClusterId;
use crate::partition::GroupId;

/// What may be set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// A record that got nothing new for so many milliseconds of stream time, and whose period is over by as much,
    /// becomes a stub; a retraction is remembered for as long. Lower it to bound memory.
    pub retire_after_ms: i64,
}

impl Default for Settings {
    fn default() -> Self {
        Self { retire_after_ms: 90 * 24 * 3_600_000 }
    }
}

/// What one message did.
#[derive(Debug, Clone, PartialEq)]
pub struct Applied {
    /// Revisions to be written, in this order.
    pub publications: Vec<Publication>,
    /// Changelog records to be written, in this order; no key begins with a zero byte.
    pub changes: Vec<Change>,
    /// What became of the message.
    pub outcome: Outcome,
}

/// What one message did, before its revisions are put together.
#[derive(Debug)]
pub struct Decided {
    /// Revisions to be written, in this order: give them to [`crate::Partition::render`] before the next message.
    pub drafts: Vec<Draft>,
    /// As in [`Applied`].
    pub changes: Vec<Change>,
    /// As in [`Applied`].
    pub outcome: Outcome,
}

/// A revision that is decided but not put together: who only decides has not to pay for it.
#[derive(Debug)]
pub struct Draft(pub(crate) Drafted);

#[derive(Debug)]
pub(crate) enum Drafted {
    /// What its record says as it stands.
    Later { group: GroupId, cluster: ClusterId, told: Told },
    /// It is put together.
    Done(Publication),
}

/// A revision to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// The revision.
    pub record: Record,
    /// True when the record's tombstone follows.
    pub tombstone_after: bool,
}

/// One changelog record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Key; it never begins with a zero byte.
    pub key: Vec<u8>,
    /// New value; `None` deletes the key.
    pub value: Option<Vec<u8>>,
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// A mention opened a record.
    Opened,
    /// A mention joined a record.
    Joined,
    /// A mention took the place of what its article said before.
    Replaced,
    /// A mention that is known already.
    Duplicate,
    /// A mention older than its article's retraction, or older than what its article says now.
    Stale,
    /// A retraction that removed something.
    Retracted,
    /// A retraction of an article that has nothing here.
    NothingToRetract,
}

impl Outcome {
    /// All outcomes, for metrics that exist at zero.
    pub const ALL: [Self; 7] = [
        Self::Opened,
        Self::Joined,
        Self::Replaced,
        Self::Duplicate,
        Self::Stale,
        Self::Retracted,
        Self::NothingToRetract,
    ];

    /// The outcome in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Joined => "joined",
            Self::Replaced => "replaced",
            Self::Duplicate => "duplicate",
            Self::Stale => "stale",
            Self::Retracted => "retracted",
            Self::NothingToRetract => "nothing_to_retract",
        }
    }
}

/// Why a changelog record could not be taken over.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StateError {
    /// It was written by a newer build.
    #[error("state encoding {found} is newer than {supported}, the newest that this build reads")]
    Newer {
        /// Encoding of the record.
        found: u16,
        /// Newest encoding of this build.
        supported: u16,
    },
    /// It cannot be read.
    #[error("the state cannot be read: {what}")]
    Corrupt {
        /// Which record and what is wrong with it.
        what: String,
    },
}

/// Sizes of a partition's state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Stats {
    /// Contributions kept.
    pub contributions: u64,
    /// Records with at least one contribution.
    pub records: u64,
    /// Records that are retired.
    pub stubs: u64,
    /// Groups.
    pub groups: u64,
    /// Retractions remembered.
    pub retractions: u64,
}
