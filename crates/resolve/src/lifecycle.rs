//! The life cycle goes forward, except to and from postponed, cancelled and denied.

use crate::facts::Status;

/// The status of a record that had `now` when a later report says `said`. `newer`: the report speaks from a later day
/// than the one that set `now`; `moved`: it gives a date that differs from the record's.
pub(crate) fn next(now: Status, said: Status, newer: bool, moved: bool) -> Status {
    use Status::{Cancelled, Completed, Confirmed, Denied, Ongoing, Postponed, Rumored};
    match (now, said) {
        // What is over can no more be put off, called off or denied.
        (Completed, _) => Completed,
        (Ongoing, Postponed | Denied) => Ongoing,
        (Ongoing, Cancelled) => said,
        (Denied, Postponed | Cancelled) | (Cancelled, Denied | Postponed) | (Postponed, Denied) => {
            if newer {
                said
            } else {
                now
            }
        }
        (_, Postponed | Cancelled | Denied) => said,
        // A plan that is repeated does not undo what was put off or called off since, a new date does.
        (Postponed | Cancelled | Denied, Ongoing | Completed) => said,
        (Postponed | Cancelled | Denied, Rumored) => now,
        (Postponed, _) if moved || (newer && said == Confirmed) => said,
        (Cancelled | Denied, _) if newer => said,
        (Postponed | Cancelled | Denied, _) => now,
        (_, _) => now.max(said),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_life_cycle_goes_forward_except_to_and_from_postponed_cancelled_and_denied() {
        use Status::*;
        // now, said, newer day, other date -> then
        let cases = [
            (Rumored, Planned, true, false, Planned),
            (Confirmed, Planned, true, false, Confirmed),
            (Confirmed, Rumored, true, false, Confirmed),
            (Planned, Ongoing, true, false, Ongoing),
            (Ongoing, Planned, true, false, Ongoing),
            (Completed, Ongoing, true, false, Completed),
            (Completed, Cancelled, true, false, Completed),
            (Ongoing, Completed, false, false, Completed),
            (Confirmed, Postponed, true, false, Postponed),
            (Postponed, Planned, true, true, Planned),
            (Postponed, Planned, true, false, Postponed),
            (Postponed, Completed, true, false, Completed),
            (Planned, Cancelled, false, false, Cancelled),
            (Cancelled, Rumored, true, false, Cancelled),
            (Cancelled, Planned, false, false, Cancelled),
            (Rumored, Denied, true, false, Denied),
            (Denied, Rumored, true, false, Denied),
            (Denied, Confirmed, true, false, Confirmed),
            (Denied, Ongoing, false, false, Ongoing),
        ];
        for (now, said, newer, moved, then) in cases {
            assert_eq!(next(now, said, newer, moved), then, "{now:?} {said:?} newer {newer} moved {moved}");
        }
    }
}
