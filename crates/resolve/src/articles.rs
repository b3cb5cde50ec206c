//! Where the contributions of each article are.

use std::hash::BuildHasher as _;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use smallvec::SmallVec;

use crate::contribution::Contribution;
use crate::group::Group;
use crate::merge::Slot;
use crate::partition::GroupId;

/// A contribution's place: its group and its slot there.
pub(crate) type Place = (GroupId, Slot);

/// The groups of a partition.
pub(crate) type Groups = [Option<Group>];

/// A table of the last contribution that came of each article; the others hang on it as a chain through
/// [`Contribution::next`]. It holds no text: an article's id is read in the contributions.
#[derive(Default)]
pub(crate) struct Articles {
    table: HashTable<Place>,
}

fn at(groups: &Groups, (group, slot): Place) -> &Contribution {
    groups[group as usize].as_ref().expect("groups that contributions are in exist").at(slot)
}

fn at_mut(groups: &mut Groups, (group, slot): Place) -> &mut Contribution {
    groups[group as usize].as_mut().expect("groups that contributions are in exist").at_mut(slot)
}

fn hash(article: &[u8]) -> u64 {
    FxBuildHasher.hash_one(article)
}

impl Articles {
    /// All contributions of an article.
    pub(crate) fn of(&self, groups: &Groups, article: &str) -> SmallVec<[Place; 4]> {
        let article = article.as_bytes();
        let mut list = SmallVec::new();
        let mut next = self.table.find(hash(article), |p| at(groups, *p).article_bytes() == article).copied();
        while let Some(place) = next {
            list.push(place);
            next = at(groups, place).next;
        }
        list
    }

    pub(crate) fn add(&mut self, groups: &mut Groups, place: Place) {
        let article = at(groups, place).article_bytes();
        let h = hash(article);
        let known = self.table.find_mut(h, |p| at(groups, *p).article_bytes() == article);
        let first = known.map(|first| std::mem::replace(first, place));
        if first.is_none() {
            self.table.insert_unique(h, place, |p| hash(at(groups, *p).article_bytes()));
        }
        at_mut(groups, place).next = first;
    }

    /// Forgets a contribution, which is still in its slot.
    pub(crate) fn remove(&mut self, groups: &mut Groups, place: Place) {
        let c = at(groups, place);
        let (article, next) = (c.article_bytes(), c.next);
        let Ok(mut entry) = self.table.find_entry(hash(article), |p| at(groups, *p).article_bytes() == article) else {
            return;
        };
        if *entry.get() == place {
            match next {
                Some(next) => *entry.get_mut() = next,
                None => _ = entry.remove(),
            }
        } else {
            let mut before = *entry.get();
            while let Some(other) = at(groups, before).next.filter(|other| *other != place) {
                before = other;
            }
            at_mut(groups, before).next = next;
        }
        at_mut(groups, place).next = None;
    }
}
