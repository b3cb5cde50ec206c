//! What is left of a record that nobody has told of for long: who, where, when and status, as one contribution.

use dateline_model::{Body, Mention, Record};

use crate::codec;
use crate::contribution::{ClusterId, Contribution};
use crate::merge::Slot;
use crate::partition::{GroupId, Partition};
use crate::publish::{self, Cause};
use crate::{Applied, assembly};

/// The extractor that a stub names.
pub(crate) const EXTRACTOR: &str = "stub";

impl Partition {
    /// Retires a record: one contribution with the values that it is sealed with takes the place of all that it has.
    pub(crate) fn retire(&mut self, id: GroupId, cluster: ClusterId, out: &mut Applied) {
        let Some(seal) = self.seal(id, cluster) else { return };
        let stub = Contribution::new(&seal, 0, &mut self.strings, &mut self.people);
        let group = self.groups[id as usize].as_mut().expect("a group that a record names");
        self.journal.touch(&group.key);
        let kind = group.kind();
        let removes = group.cluster(cluster).members.clone();
        // What they superseded goes with them, or it would count again.
        let outdone = |slot: &Slot| {
            let c = group.at(*slot);
            let list = self.articles.get(&c.article).map(Vec::as_slice).unwrap_or_default();
            let own = list.iter().filter(|(g, s)| *g == id && s != slot).map(|(_, s)| *s);
            own.filter(|s| group.at(*s).superseded && group.at(*s).version < c.version).collect::<Vec<_>>()
        };
        let mut gone: Vec<Slot> = removes.iter().flat_map(outdone).chain(removes.iter().copied()).collect();
        gone.sort_by(|a, b| group.at(*a).order(group.at(*b)));
        gone.dedup();
        for slot in &gone {
            let c = group.at(*slot);
            self.journal.change(c.key(kind), Some(c.value.to_vec()), None, &mut out.changes);
        }
        // After them: a stub that is sealed anew may have the key of the one before.
        self.journal.change(stub.key(kind), None, Some(stub.value.to_vec()), &mut out.changes);
        let article = stub.article.clone();
        let slot = group.insert(stub);
        self.articles.entry(article).or_default().push((id, slot));
        let replaced: Vec<(Slot, Slot)> = removes.iter().map(|old| (*old, slot)).collect();
        let update = group.update(&[slot], &removes, &mut self.comparisons);
        self.publish(id, &update, &Cause { article: None, arrived: Some(slot), replaced: &replaced }, out);
        for slot in gone {
            self.forget(id, slot);
        }
    }

    /// The values that a record is sealed with, in the place of its newest contribution.
    fn seal(&self, id: GroupId, cluster: ClusterId) -> Option<Mention> {
        let group = self.group(id);
        let c = group.cluster(cluster);
        let standing = c.standing.as_ref()?;
        let newest = c.members.last()?;
        let mut m = codec::contribution::decode(&group.at(*newest).value, &self.strings).ok()?;
        let a = &mut m.article;
        a.id = standing.id.to_string();
        // Sealed anew it is another contribution.
        a.version = dateline_model::Version { ms: standing.last_arrival, offset: i64::from(standing.revision) };
        (a.url, a.source, a.title, a.language, a.sketch) = (None, None, None, None, None);
        a.content_hash.clear();
        m.mention_index = 0;
        EXTRACTOR.clone_into(&mut m.extractor);
        m.body = match assembly::revision(group, cluster, publish::told(standing), &self.strings) {
            Record::Visit(r) => {
                let mut v = r.body;
                (v.host, v.attribution, v.purpose, v.ordinal) = (None, None, None, None);
                v.topics.clear();
                v.delegation.clear();
                (v.destination.venue, v.destination.lat, v.destination.lon) = (None, None, None);
                Body::Visit(Box::new(v))
            }
            Record::Event(r) => {
                let mut e = r.body;
                (e.attribution, e.topic, e.topic_certainty, e.quote) = (None, None, None, None);
                if let Some(place) = &mut e.place {
                    (place.venue, place.lat, place.lon) = (None, None, None);
                }
                Body::Event(Box::new(e))
            }
        };
        Some(m)
    }
}
