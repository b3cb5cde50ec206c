//! What is left of a record that nobody has told of for long: who, where, when and status, as one contribution.

use dateline_model::{ArticleRef, Body, Mention, Version};

use crate::codec;
use crate::contribution::{ClusterId, Contribution};
use crate::merge::Slot;
use crate::partition::{GroupId, Partition};
use crate::publish::Cause;
use crate::{Decided, assembly};

/// The extractor that a stub names.
pub(crate) const EXTRACTOR: &str = "stub";

impl Partition {
    /// Retires a record: one contribution with the values that it is sealed with takes the place of all that it has.
    pub(crate) fn retire(&mut self, id: GroupId, cluster: ClusterId, out: &mut Decided) {
        self.render_before_change(id, out);
        let Some(seal) = self.seal(id, cluster) else { return };
        let stub = Contribution::new(&seal, &mut self.strings, &mut self.people);
        let group = self.group(id);
        let kind = group.kind();
        let removes = group.cluster(cluster).members.to_vec();
        // What they superseded goes with them, or it would count again.
        let outdone = |slot: &Slot| {
            let c = group.at(*slot);
            let list = self.articles.of(&self.groups, c.article());
            let own = list.into_iter().filter(|(g, s)| *g == id && s != slot).map(|(_, s)| s);
            own.filter(|s| group.at(*s).superseded && group.at(*s).version() < c.version()).collect::<Vec<_>>()
        };
        let mut gone: Vec<Slot> = removes.iter().flat_map(outdone).chain(removes.iter().copied()).collect();
        gone.sort_by(|a, b| group.at(*a).order(group.at(*b)));
        gone.dedup();
        let group = self.groups[id as usize].as_ref().expect("a group that a record names");
        self.journal.touch(&group.key);
        for slot in &gone {
            let c = group.at(*slot);
            self.journal.change(c.key(kind), Some(c.value.to_vec()), None, &mut out.changes);
        }
        // After them: a stub that is sealed anew may have the key of the one before.
        self.journal.change(stub.key(kind), None, Some(stub.value.to_vec()), &mut out.changes);
        let slot = self.insert(id, stub);
        let group = self.groups[id as usize].as_mut().expect("a group that a record names");
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
        let stamp = codec::contribution::stamp(&group.at(*newest).value, &self.strings).ok()?;
        let mut body = assembly::body(group, cluster, &self.strings)?;
        match &mut body {
            Body::Visit(v) => {
                (v.host, v.attribution, v.purpose, v.ordinal) = (None, None, None, None);
                v.topics.clear();
                v.delegation.clear();
                (v.destination.venue, v.destination.lat, v.destination.lon) = (None, None, None);
            }
            Body::Event(e) => {
                (e.attribution, e.topic, e.topic_certainty, e.quote) = (None, None, None, None);
                if let Some(place) = &mut e.place {
                    (place.venue, place.lat, place.lon) = (None, None, None);
                }
            }
        }
        let article = ArticleRef {
            id: standing.id.to_string(),
            // Sealed anew it is another contribution.
            version: Version { ms: standing.last_arrival, offset: i64::from(standing.revision) },
            url: None,
            source: None,
            title: None,
            published_at: stamp.published_at,
            as_of: stamp.as_of,
            language: None,
            content_hash: String::new(),
            sketch: None,
        };
        Some(Mention {
            mention_index: 0,
            article,
            extractor: EXTRACTOR.to_owned(),
            rules_version: stamp.rules_version,
            gazetteer_version: stamp.gazetteer_version,
            body,
        })
    }
}
