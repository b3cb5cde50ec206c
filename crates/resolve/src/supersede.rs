//! Which contributions of an article a newer version of it says anew.

use crate::contribution::Contribution;
use crate::group::Group;
use crate::identity::Sameness;
use crate::merge::Slot;
use crate::people::Comparisons;

/// Sets anew which contributions of one article in one group are superseded. Gives the pairs (superseded now, by the
/// new one). It depends on these contributions alone, not on the order in which they came.
pub(crate) fn settle(group: &mut Group, own: &[Slot], new: Slot, people: &mut Comparisons) -> Vec<(Slot, Slot)> {
    let mut replaced = vec![];
    for old in own {
        let c = group.at(*old);
        let by_new = *old != new && supersedes(group.at(new), c, people);
        let now = c.superseded || by_new || (*old == new && own.iter().any(|o| supersedes(group.at(*o), c, people)));
        if now && !c.superseded && *old != new {
            replaced.push((*old, new));
        }
        group.at_mut(*old).superseded = now;
    }
    replaced
}

/// True when the newer version tells the same visit or event: the same visitor or parties, and the same place in the
/// article or days that meet.
fn supersedes(newer: &Contribution, older: &Contribution, people: &mut Comparisons) -> bool {
    if newer.version <= older.version {
        return false;
    }
    let (a, b) = (&newer.facts, &older.facts);
    let who = a.who.iter().any(|x| b.who.iter().any(|y| people.same(x, y) > Sameness::Different)) || (a.who.is_empty() && b.who.is_empty());
    let days = match (a.interval(), b.interval()) {
        (Some(x), Some(y)) => x.0 <= y.1 && y.0 <= x.1,
        (x, y) => x == y,
    };
    who && (newer.index == older.index || days)
}
