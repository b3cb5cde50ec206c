//! Where a partition starts: decided of facts, before anything is read.
//!
//! ```text
//!              committed offset?
//!     none ──────────┴────────── some
//!      │                          │
//!  the group has others?     below the log's start: InputLost      (--accept-loss: log's start)
//!   yes: a new partition,    beyond the log's end:  InputRecreated (--accept-loss: log's start)
//!        from the start      else: there
//!   no:  outputs empty: from the start
//!        else: --from says, or WhereToStart
//! ```
//! A stage with state starts only when its checkpoint equals the committed offset ([`crate::checkpoint`]), and nothing was cut off
//! its changelog. (Compaction leaves a log's first offset where it is; only a deletion of records moves it, which brokers refuse for a topic that
//! is only compacted, until someone changes its policy.)

use crate::checkpoint::Checkpoint;
use crate::options::StartFrom;

/// What is known of a partition that was assigned.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts {
    /// Committed offset of the group.
    pub(crate) committed: Option<i64>,
    /// Whether the group has a committed offset for any partition of the topic.
    pub(crate) group_has_any: bool,
    /// The log's first offset and its end (the last stable offset).
    pub(crate) low: i64,
    pub(crate) high: i64,
    /// Whether nothing was ever written to the outputs.
    pub(crate) outputs_empty: bool,
    /// For a stage with state: what its changelog says.
    pub(crate) state: Option<State>,
    pub(crate) from: Option<StartFrom>,
    pub(crate) accept_loss: bool,
}

/// State of a partition as restored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) checkpoint: Option<Checkpoint>,
    /// The changelog's first offset.
    pub(crate) low: i64,
    /// Partitions of the input now.
    pub(crate) partitions: i32,
    /// Newest encoding that the stage knows.
    pub(crate) encoding: u16,
}

/// What follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decision {
    /// Start at the committed offset.
    Go(i64),
    /// Start there, and commit that offset first, so that the group knows this partition from now on.
    GoAndCommit(i64),
    /// Ask again: it may heal by itself; when it doesn't, it is this.
    Wait(Refusal),
    /// Stop.
    Refuse(Refusal),
}

/// Why a partition can't start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    WhereToStart,
    InputLost { committed: i64, start: i64 },
    InputRecreated { committed: i64, end: i64 },
    Mismatch { checkpoint: Option<i64>, committed: Option<i64> },
    ChangelogCut { start: i64 },
    Repartitioned { now: i32, then: i32 },
    NewerState { encoding: u16, known: u16 },
}

pub(crate) fn decide(facts: &Facts) -> Decision {
    if let Some(refused) = facts.state.and_then(|state| check_state(state, facts.committed)) {
        return refused;
    }
    match facts.committed {
        Some(committed) if committed < facts.low => {
            if facts.accept_loss {
                Decision::GoAndCommit(facts.low)
            } else {
                Decision::Refuse(Refusal::InputLost { committed, start: facts.low })
            }
        }
        // A new leader may not know its log's end yet.
        Some(committed) if committed > facts.high => {
            if facts.accept_loss {
                Decision::GoAndCommit(facts.low)
            } else {
                Decision::Wait(Refusal::InputRecreated { committed, end: facts.high })
            }
        }
        Some(committed) => Decision::Go(committed),
        None if facts.group_has_any => Decision::GoAndCommit(facts.low),
        None => match facts.from {
            Some(StartFrom::Earliest) => Decision::GoAndCommit(facts.low),
            Some(StartFrom::Latest) => Decision::GoAndCommit(facts.high),
            None if facts.outputs_empty => Decision::GoAndCommit(facts.low),
            None => Decision::Refuse(Refusal::WhereToStart),
        },
    }
}

fn check_state(state: State, committed: Option<i64>) -> Option<Decision> {
    let Some(checkpoint) = state.checkpoint else {
        return committed.map(|_| Decision::Wait(Refusal::Mismatch { checkpoint: None, committed }));
    };
    if checkpoint.encoding > state.encoding {
        let (encoding, known) = (checkpoint.encoding, state.encoding);
        return Some(Decision::Refuse(Refusal::NewerState { encoding, known }));
    }
    if checkpoint.partitions != state.partitions {
        let (now, then) = (state.partitions, checkpoint.partitions);
        return Some(Decision::Refuse(Refusal::Repartitioned { now, then }));
    }
    if state.low > 0 {
        return Some(Decision::Refuse(Refusal::ChangelogCut { start: state.low }));
    }
    let checkpoint = Some(checkpoint.next);
    (checkpoint != committed).then_some(Decision::Wait(Refusal::Mismatch { checkpoint, committed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEW_GROUP: Facts = Facts {
        committed: None,
        group_has_any: false,
        low: 10,
        high: 100,
        outputs_empty: true,
        state: None,
        from: None,
        accept_loss: false,
    };
    const OLD_GROUP: Facts = Facts { group_has_any: true, outputs_empty: false, ..NEW_GROUP };

    fn state(next: Option<i64>) -> State {
        let checkpoint = next.map(|next| Checkpoint { next, partitions: 12, encoding: 1 });
        State { checkpoint, low: 0, partitions: 12, encoding: 1 }
    }

    fn at(committed: i64) -> Facts {
        Facts { committed: Some(committed), ..OLD_GROUP }
    }

    #[test]
    fn a_partition_starts_where_its_group_left_off_or_says_why_it_cannot() {
        use Decision::{Go, GoAndCommit, Refuse, Wait};
        let earliest = Some(StartFrom::Earliest);
        let latest = Some(StartFrom::Latest);
        let table = [
            ("a new group starts at the log's start", NEW_GROUP, GoAndCommit(10)),
            ("a new group may start at the end", Facts { from: latest, ..NEW_GROUP }, GoAndCommit(100)),
            ("a partition newer than its group starts at the log's start", OLD_GROUP, GoAndCommit(10)),
            (
                "--from is not for a new partition of a known group",
                Facts { from: latest, ..OLD_GROUP },
                GoAndCommit(10),
            ),
            (
                "offsets lost although there is output",
                Facts { outputs_empty: false, ..NEW_GROUP },
                Refuse(Refusal::WhereToStart),
            ),
            (
                "offsets lost, the operator says earliest",
                Facts { outputs_empty: false, from: earliest, ..NEW_GROUP },
                GoAndCommit(10),
            ),
            ("a committed offset inside the log", at(50), Go(50)),
            ("at the log's start", at(10), Go(10)),
            ("at the log's end", at(100), Go(100)),
            ("--from does not move a committed offset", Facts { from: latest, ..at(50) }, Go(50)),
            ("input lost", at(3), Refuse(Refusal::InputLost { committed: 3, start: 10 })),
            ("input lost and accepted", Facts { accept_loss: true, ..at(3) }, GoAndCommit(10)),
            ("topic created anew", at(101), Wait(Refusal::InputRecreated { committed: 101, end: 100 })),
            ("topic created anew and accepted", Facts { accept_loss: true, ..at(101) }, GoAndCommit(10)),
        ];
        for (name, facts, expected) in table {
            assert_eq!(decide(&facts), expected, "{name}");
        }
    }

    #[test]
    fn a_state_starts_only_at_the_offset_that_it_was_made_of() {
        use Decision::{Go, GoAndCommit, Refuse, Wait};
        let mismatch = |checkpoint, committed| Wait(Refusal::Mismatch { checkpoint, committed });
        let newer = Some(State { encoding: 0, ..state(Some(50)) });
        let moved = Some(State { partitions: 24, ..state(Some(50)) });
        let cut = |next| Some(State { low: 7, ..state(next) });
        let state = |next| Some(state(next));
        let table = [
            ("nothing committed, nothing restored", Facts { state: state(None), ..NEW_GROUP }, GoAndCommit(10)),
            ("equal", Facts { state: state(Some(50)), ..at(50) }, Go(50)),
            ("checkpoint behind", Facts { state: state(Some(40)), ..at(50) }, mismatch(Some(40), Some(50))),
            ("checkpoint ahead", Facts { state: state(Some(60)), ..at(50) }, mismatch(Some(60), Some(50))),
            ("changelog missing", Facts { state: state(None), ..at(50) }, mismatch(None, Some(50))),
            ("offsets missing", Facts { state: state(Some(50)), ..NEW_GROUP }, mismatch(Some(50), None)),
            (
                "a loss is accepted only for a state that is whole",
                Facts { state: state(Some(2)), accept_loss: true, ..at(3) },
                mismatch(Some(2), Some(3)),
            ),
            (
                "the changelog's beginning is gone",
                Facts { state: cut(Some(50)), ..at(50) },
                Refuse(Refusal::ChangelogCut { start: 7 }),
            ),
            ("a changelog that was emptied for a new group", Facts { state: cut(None), ..NEW_GROUP }, GoAndCommit(10)),
            (
                "state of a newer build",
                Facts { state: newer, ..at(50) },
                Refuse(Refusal::NewerState { encoding: 1, known: 0 }),
            ),
            (
                "partitions were added",
                Facts { state: moved, ..at(50) },
                Refuse(Refusal::Repartitioned { now: 24, then: 12 }),
            ),
        ];
        for (name, facts, expected) in table {
            assert_eq!(decide(&facts), expected, "{name}");
        }
    }
}
