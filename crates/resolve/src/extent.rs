//! The days in which a contribution or a record can meet others: nothing outside can be one with it.

use crate::date::Day;
use crate::facts::{Facts, Status};
use crate::merge::State;
use dateline_model::Kind;

/// Days, first and last. Two that share none cannot be one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Extent {
    lo: Day,
    hi: Day,
}

/// Days by which a visit can be put off, halved: both sides reach as far.
const PUT_OFF: Day = 201;
/// The same for events.
const EVENT_MOVES: Day = 16;
/// Days before a report within which an undated visit that is over is looked for.
pub(crate) const LOOK_BACK: Day = 1100;
/// Days after a report within which an undated visit to come is looked for.
pub(crate) const LOOK_AHEAD: Day = 400;

impl Extent {
    pub(crate) fn of(kind: Kind, f: &Facts, as_of: Day) -> Self {
        Self::around(kind, f.interval(), f.status, as_of)
    }

    /// That of what a record says. It lies inside that of the record's contributions, so what meets it is found by the index.
    pub(crate) fn of_state(kind: Kind, x: &State) -> Self {
        Self::around(kind, x.interval(), x.status, x.since)
    }

    fn around(kind: Kind, interval: Option<(Day, Day)>, status: Status, as_of: Day) -> Self {
        let (back, ahead, around) = match kind {
            Kind::Visit => (LOOK_BACK, LOOK_AHEAD, PUT_OFF),
            Kind::Event => (4, 60, EVENT_MOVES),
        };
        let (lo, hi) = match (interval, status) {
            (Some(days), _) => days,
            (None, Status::Completed) => (as_of.saturating_sub(back), as_of),
            (None, Status::Ongoing) => (as_of.saturating_sub(3), as_of),
            (None, _) => (as_of, as_of.saturating_add(ahead)),
        };
        Self { lo: lo.saturating_sub(around), hi: hi.saturating_add(around) }
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.lo <= other.hi && other.lo <= self.hi
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Self { lo: self.lo.min(other.lo), hi: self.hi.max(other.hi) }
    }
}
