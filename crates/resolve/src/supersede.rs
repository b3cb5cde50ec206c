//! Which contributions of an article a newer version of it says anew.

use crate::contribution::Contribution;
use crate::group::Group;
use crate::identity::Sameness;
use crate::merge::Slot;
use crate::people::Comparisons;

/// What changed when a contribution of an article came or went.
#[derive(Debug, Default)]
pub(crate) struct Settled {
    /// Contributions that count now.
    pub(crate) adds: Vec<Slot>,
    /// Contributions that count no more.
    pub(crate) removes: Vec<Slot>,
    /// Those that count no more with what stands for them.
    pub(crate) replaced: Vec<(Slot, Slot)>,
}

/// Sets anew which contributions of one article in one group are superseded; `fresh` did not count yet. It depends on
/// these contributions alone, not on the order in which they came.
pub(crate) fn settle(group: &mut Group, own: &[Slot], fresh: Option<Slot>, people: &mut Comparisons) -> Settled {
    let mut settled = Settled::default();
    for slot in own.iter().copied() {
        let c = group.at(slot);
        let newer = own.iter().filter(|o| supersedes(group.at(**o), c, people));
        // Of one version the one that comes first in the article.
        let rank = |slot: &Slot| (group.at(*slot).version(), std::cmp::Reverse(group.at(*slot).index()));
        let by = newer.max_by_key(|slot| rank(slot)).copied();
        let counted = !c.superseded && Some(slot) != fresh;
        match (counted, by) {
            (true, Some(new)) => {
                settled.removes.push(slot);
                settled.replaced.push((slot, new));
            }
            (false, None) => settled.adds.push(slot),
            _ => {}
        }
        group.at_mut(slot).superseded = by.is_some();
    }
    settled
}

/// True when the newer version tells the same visit or event: the same visitor or parties, and the same place in the
/// article or days that meet.
fn supersedes(newer: &Contribution, older: &Contribution, people: &mut Comparisons) -> bool {
    // What stands for retired records was no article.
    if newer.version() <= older.version() || newer.stub || older.stub {
        return false;
    }
    let (a, b) = (&newer.facts, &older.facts);
    let who = a.who.iter().any(|x| b.who.iter().any(|y| people.same(x, y) > Sameness::Different))
        || (a.who.is_empty() && b.who.is_empty());
    let days = match (a.interval(), b.interval()) {
        (Some(x), Some(y)) => x.0 <= y.1 && y.0 <= x.1,
        (x, y) => x == y,
    };
    who && (newer.index() == older.index() || days)
}
