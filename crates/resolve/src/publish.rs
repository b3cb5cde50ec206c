//! What a consumer is told: a revision where a publishing field moved or a source was taken away or replaced; further
//! sources alone with the next revision, after ten of them, or after a day of stream time.

use dateline_model::{Record, ids};

use crate::api::{Draft, Drafted};
use crate::assembly::{self, Told};
use crate::assign::{Lost, assign};
use crate::codec::record::Standing;
use crate::codec::{self};
use crate::contribution::ClusterId;
use crate::fold::{Before, Update};
use crate::merge::Slot;
use crate::partition::{GroupId, Partition};
use crate::{Change, Decided, Publication};

/// Further sources that make a revision of their own.
const ENOUGH: u16 = 10;
/// Stream time in milliseconds after which fewer make one.
pub(crate) const LONG_ENOUGH: i64 = 24 * 3_600_000;

/// Why records change.
pub(crate) struct Cause<'a> {
    /// The article that the message is of; `None` where stream time is the cause.
    pub(crate) article: Option<&'a str>,
    /// The contribution that arrived.
    pub(crate) arrived: Option<Slot>,
    /// Contributions that it replaces.
    pub(crate) replaced: &'a [(Slot, Slot)],
}

/// A standing as a record is told outside of a revision.
pub(crate) fn told(standing: &Standing) -> Told {
    Told {
        id: standing.id.to_string(),
        revision: standing.revision,
        caused_by: None,
        changed: vec![],
        deleted: false,
        merged_into: None,
    }
}

impl Partition {
    /// Gives the touched records their ids and publishes what is to be told.
    pub(crate) fn publish(&mut self, id: GroupId, update: &Update, cause: &Cause<'_>, out: &mut Decided) {
        let assignment = assign(self.group(id), update, cause.replaced);
        let arrived_in = cause.arrived.and_then(|s| self.group(id).at(s).cluster);
        let mut touched: Vec<ClusterId> = update.after.clone();
        touched.sort_by(|a, b| {
            let key = |c: &ClusterId| (Some(*c) != arrived_in, self.group(id).cluster(*c).members[0]);
            let ((x, m), (y, n)) = (key(a), key(b));
            x.cmp(&y).then_with(|| self.group(id).at(m).order(self.group(id).at(n)))
        });
        for cluster in touched {
            let before = assignment.kept.get(&cluster).map(|n| &update.before[*n]);
            self.go_on(id, cluster, before, cause, out);
        }
        let mut lost: Vec<&Lost> = assignment.lost.iter().collect();
        lost.sort_by_key(|l| update.before[l.before].standing.as_ref().map(|s| s.id));
        for l in lost {
            self.give_up(id, &update.before[l.before], l.into, cause, out);
        }
    }

    /// A record goes on, or begins.
    fn go_on(
        &mut self,
        id: GroupId,
        cluster: ClusterId,
        before: Option<&Before>,
        cause: &Cause<'_>,
        out: &mut Decided,
    ) {
        let (old, changed, gained) = match before {
            Some(b) => {
                let (changed, gained) = self.moved(id, cluster, b);
                (b.standing.clone(), changed, gained)
            }
            None => (None, all_fields(self.group(id).kind()), 0),
        };
        let mut standing = match old {
            Some(s) => s,
            None => self.open(id, cluster, cause, out),
        };
        let stub = self.group(id).cluster(cluster).stubs > 0;
        let retires = stub && cause.article.is_none();
        let (changed, gained) = match (retires, stub) {
            (true, _) => (vec![], 0),
            // A retired record is told of only where it is corrected.
            (_, true) => (changed.into_iter().filter(|f| CORRECTIONS.contains(&f.as_str())).collect(), 0),
            _ => (changed, gained),
        };
        if retires {
            let before = before.map_or(0, |b| b.len as u32);
            standing.sealed = if standing.sealed > 0 { standing.sealed + before - 1 } else { before };
        }
        if gained > 0 || before.is_none() || (stub && cause.arrived.is_some()) {
            standing.last_arrival = self.stream_time;
        }
        if gained > 0 {
            if standing.pending == 0 {
                standing.pending_since = self.stream_time;
            }
            standing.pending = standing.pending.saturating_add(gained);
        }
        let tell = !changed.is_empty();
        let enough = standing.pending >= ENOUGH;
        if tell || enough {
            standing.revision += 1;
            standing.pending = 0;
        }
        let group = self.groups[id as usize].as_mut().expect("a group that is being changed");
        // The contribution by which it is found stays the same as long as it is in the record.
        let anchor = before.map(|b| b.anchor).filter(|a| group.at(*a).cluster == Some(cluster));
        let c = group.cluster_mut(cluster);
        c.anchor = anchor.unwrap_or(c.members[0]);
        let same = before.is_some_and(|b| b.standing.as_ref() == Some(&standing)) && anchor.is_some();
        self.records.insert(standing.id, (id, cluster));
        let c = group.cluster_mut(cluster);
        if c.standing.as_ref().is_none_or(|s| s.id != standing.id) {
            // Timers are set for ids: another record's timer is none of this one.
            c.timer = i64::MAX;
        }
        c.standing = Some(standing.clone());
        self.set_timer(id, cluster);
        self.note_event(id, cluster);
        if same {
            return;
        }
        let (group, was) = (self.group(id), before.and_then(|b| Some((b.standing.as_ref()?, b.anchor))));
        let old_value = was.map(|(s, anchor)| codec::record::encode(s, &group.at(anchor).key(group.kind())));
        self.tell_standing(id, cluster, old_value, out);
        if tell || enough {
            let told =
                Told { caused_by: cause.article.filter(|_| tell).map(str::to_owned), changed, ..told(&standing) };
            out.drafts.push(Draft(Drafted::Later { group: id, cluster, told }));
        }
    }

    /// The fields of a record that moved, and how many sources are new.
    fn moved(&self, id: GroupId, cluster: ClusterId, b: &Before) -> (Vec<String>, u16) {
        let group = self.group(id);
        let c = group.cluster(cluster);
        let Some(state) = c.state() else { return (vec![], 0) };
        let mut changed = assembly::changed(group, &b.state, state, &self.strings);
        let gone = b.cut.iter().filter(|s| group.at(**s).cluster != Some(cluster)).count()
            + if b.cluster == cluster { 0 } else { b.len - b.cut.len() };
        if gone > 0 {
            changed.push("sources".to_owned());
        }
        let kept = b.len - gone;
        (changed, (c.members.len() - kept).min(usize::from(u16::MAX)) as u16)
    }

    /// A new record: its id is that of the contribution that opens it.
    fn open(&mut self, id: GroupId, cluster: ClusterId, cause: &Cause<'_>, out: &mut Decided) -> Standing {
        let group = self.groups[id as usize].as_mut().expect("a group that is being changed");
        let kind = group.kind();
        let arrived = cause.arrived.filter(|s| group.at(*s).cluster == Some(cluster));
        let slot = arrived.unwrap_or(group.cluster(cluster).members[0]);
        let c = group.at(slot);
        let article = c.article();
        let (used, p) = (codec::contribution::opened(&c.value), codec::contribution::prefix(&c.value));
        let id_of = |n: u8| ids::record_id(kind, &group.key.partition_key, article, p.version, p.index, u32::from(n));
        // What opened a record that is retired since may come again.
        let n = (used..u8::MAX).find(|n| !self.records.contains_key(&id_of(*n))).unwrap_or(u8::MAX);
        let record = id_of(n);
        let c = group.at_mut(slot);
        let (key, opened) = (c.key(kind), n.saturating_add(1));
        let told = out.changes.iter_mut().rev().find(|change| change.key == key);
        if let Some(Change { value: Some(value), .. }) = told {
            codec::contribution::set_opened(value, opened);
        } else {
            let mut new = c.value.to_vec();
            codec::contribution::set_opened(&mut new, opened);
            self.journal.change(key, Some(c.value.to_vec()), Some(new), &mut out.changes);
        }
        codec::contribution::set_opened(&mut c.value, opened);
        Standing { id: record, revision: 0, pending: 0, pending_since: 0, last_arrival: self.stream_time, sealed: 0 }
    }

    /// A record that has nothing left: it was found to be another one, or all its sources were taken back.
    fn give_up(&mut self, id: GroupId, b: &Before, into: Option<ClusterId>, cause: &Cause<'_>, out: &mut Decided) {
        let Some(standing) = &b.standing else { return };
        self.records.remove(&standing.id);
        if let Some(during) = b.state.during {
            let key = self.group(id).facts(during).during;
            if let Some(noted) = self.agenda.get_mut(&key) {
                noted.remove(&standing.id);
                if noted.is_empty() {
                    self.agenda.remove(&key);
                }
            }
        }
        let group = self.group(id);
        let winner = into.and_then(|c| group.cluster(c).standing.as_ref()).map(|s| s.id.to_string());
        let field = if winner.is_some() { "merged_into" } else { "deleted" };
        let told = Told {
            revision: standing.revision + 1,
            caused_by: cause.article.map(str::to_owned),
            changed: vec![field.to_owned()],
            deleted: winner.is_none(),
            merged_into: winner,
            ..told(standing)
        };
        let record = assembly::last_revision(group, &b.state, b.anchor, told, &self.strings);
        let old = codec::record::encode(standing, &group.at(b.anchor).key(group.kind()));
        self.journal.change(codec::record::key(standing.id), Some(old), None, &mut out.changes);
        out.drafts.push(Draft(Drafted::Done(Publication { record, tombstone_after: true })));
    }

    /// A revision that only adds sources.
    pub(crate) fn publish_pending(&mut self, id: GroupId, cluster: ClusterId, out: &mut Decided) {
        let group = self.groups[id as usize].as_mut().expect("a group that a record names");
        self.journal.touch(&group.key);
        let anchor = group.at(group.cluster(cluster).anchor).key(group.kind());
        let Some(standing) = &mut group.cluster_mut(cluster).standing else { return };
        let old = codec::record::encode(standing, &anchor);
        standing.revision += 1;
        standing.pending = 0;
        let told = told(standing);
        self.tell_standing(id, cluster, Some(old), out);
        out.drafts.push(Draft(Drafted::Later { group: id, cluster, told }));
    }

    /// Puts a revision together. It says what its record says now: give drafts here before the next message.
    pub fn render(&mut self, draft: Draft) -> Publication {
        let (id, cluster, told) = match draft.0 {
            Drafted::Done(publication) => return publication,
            Drafted::Later { group, cluster, told } => (group, cluster, told),
        };
        let group = self.groups[id as usize].as_ref().expect("drafts are put together before the next message");
        let mut record = assembly::revision(group, cluster, told, &self.strings, &mut self.shelf.of(id));
        if let Record::Visit(visit) = &mut record {
            self.fill_agenda(visit);
        }
        Publication { record, tombstone_after: false }
    }

    /// Puts the drafts of a group together that is about to change.
    pub(crate) fn render_before_change(&mut self, id: GroupId, out: &mut Decided) {
        for draft in &mut out.drafts {
            if let Drafted::Later { group, cluster, told } = &draft.0
                && *group == id
            {
                let told = told.clone();
                draft.0 = Drafted::Done(self.render(Draft(Drafted::Later { group: id, cluster: *cluster, told })));
            }
        }
    }
}

/// Fields of which a retired record's consumers are told.
const CORRECTIONS: [&str; 6] = ["visitor", "destination", "period", "status", "participants", "place"];

/// What a first revision says that it changed.
fn all_fields(kind: dateline_model::Kind) -> Vec<String> {
    let fields: &[&str] = match kind {
        dateline_model::Kind::Visit => &["visitor", "destination", "period", "status", "visit_kind", "host", "purpose"],
        dateline_model::Kind::Event => &["participants", "place", "period", "status", "topic"],
    };
    fields.iter().map(|f| (*f).to_owned()).collect()
}
