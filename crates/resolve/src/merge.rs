//! What a record says after each of its contributions, in canonical order: the merge precedence.
//!
//! A state holds no values but dates and codes; for everything else it names the contribution that the value is taken
//! from. It is small, can be copied, and two equal states say the same.

use dateline_model::{Certainty, Kind, VisitKind};

use crate::date::{Date, Day};
use crate::facts::{Facts, Status, Value};
use crate::identity::{Sameness, Who};
use crate::lifecycle;
use crate::people::Comparisons;

/// A contribution's slot in its group.
pub(crate) type Slot = std::num::NonZeroU32;

/// The values of a record at one point of its fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) start: Option<Date>,
    pub(crate) end: Option<Date>,
    pub(crate) days: u16,
    pub(crate) status: Status,
    pub(crate) kind: VisitKind,
    pub(crate) certainty: Certainty,
    pub(crate) primary: bool,
    /// Day that the report speaks from which set the status.
    pub(crate) since: Day,
    /// The visitor's fullest name; for an event its longest list of participants.
    pub(crate) who: Slot,
    /// Lists with participants of an event that no list before them has.
    pub(crate) more: [Option<Slot>; 3],
    pub(crate) entity: Option<Slot>,
    pub(crate) role: Option<Slot>,
    pub(crate) city: Option<Slot>,
    pub(crate) venue: Option<Slot>,
    pub(crate) host: Option<Slot>,
    /// Purpose; for an event its topic.
    pub(crate) purpose: Option<Slot>,
    pub(crate) ordinal: Option<Slot>,
    pub(crate) attribution: Option<Slot>,
    pub(crate) topics: Option<Slot>,
    pub(crate) delegation: Option<Slot>,
    pub(crate) quote: Option<Slot>,
    pub(crate) during: Option<Slot>,
    pub(crate) subtype: Option<Slot>,
    pub(crate) cameo: Option<Slot>,
}

impl State {
    /// The state of a record that one contribution opens.
    pub(crate) fn open(slot: Slot, f: &Facts, as_of: Day) -> Self {
        let given = |x: bool| x.then_some(slot);
        let first = f.who.first();
        Self {
            start: f.start,
            end: f.end,
            days: f.days,
            status: f.status,
            kind: f.kind,
            certainty: f.certainty,
            primary: f.primary,
            since: as_of,
            who: slot,
            more: [None; 3],
            entity: given(first.is_some_and(|w| w.entity != 0)),
            role: given(first.is_some_and(|w| w.role != 0)),
            city: given(f.city != 0),
            venue: given(f.has.has(Value::Venue)),
            host: given(f.host.is_some()),
            purpose: given(f.has.has(Value::Purpose)),
            ordinal: given(f.ordinal.is_some()),
            attribution: given(f.has.has(Value::Attribution)),
            topics: given(f.has.topics > 0),
            delegation: given(f.has.delegation > 0),
            quote: given(f.has.has(Value::Quote)),
            during: given(f.has.has(Value::DuringVisit)),
            subtype: given(f.has.has(Value::Subtype)),
            cameo: given(f.has.has(Value::Cameo)),
        }
    }

    /// The state after one more contribution that sorts after all that made this one. `facts` looks others up.
    pub(crate) fn with<'a>(
        mut self,
        kind: Kind,
        slot: Slot,
        as_of: Day,
        facts: impl Fn(Slot) -> &'a Facts,
        people: &mut Comparisons,
    ) -> Self {
        let f = facts(slot);
        let given = |x: bool| x.then_some(slot);
        // "In March", of what was put off into that year, is a new date, too.
        let other = |own: Date, s: Date| !own.overlaps(s) || s.precision() > own.precision();
        let said_other = f.start.is_some_and(|s| self.start.is_none_or(|own| other(own, s)));
        // "It had been put off from March": the day that was left is recalled, nothing is put off again.
        let recalled = f.status == Status::Postponed
            && matches!((f.start, self.start), (Some(said), Some(own)) if said.span().1 < own.span().0);
        if recalled {
            return self;
        }
        let status = lifecycle::next(self.status, f.status, as_of > self.since, said_other);
        let put_off = status == Status::Postponed || self.status == Status::Postponed || f.status == Status::Postponed;
        self.dates(f, put_off);
        if status != self.status {
            (self.status, self.since) = (status, as_of);
            self.certainty = f.certainty;
            self.attribution = given(f.has.has(Value::Attribution)).or(self.attribution);
        }
        self.attribution = self.attribution.or(given(f.has.has(Value::Attribution)));
        self.kind = more_specific(self.kind, f.kind);
        self.primary |= f.primary;
        match kind {
            Kind::Visit => {
                let fullness = |f: &Facts| f.who.first().map(|w| (w.names(), w.fullness));
                if fullness(f) > fullness(facts(self.who)) {
                    self.who = slot;
                }
            }
            Kind::Event => self.participants(slot, &facts, people),
        }
        let first = f.who.first();
        self.entity = self.entity.or(given(first.is_some_and(|w| w.entity != 0)));
        self.role = self.role.or(given(first.is_some_and(|w| w.role != 0)));
        self.city = self.city.or(given(f.city != 0));
        self.venue = self.venue.or(given(f.has.has(Value::Venue)));
        self.host = self.host.or(given(f.host.is_some()));
        self.purpose = self.purpose.or(given(f.has.has(Value::Purpose)));
        self.ordinal = self.ordinal.or(given(f.ordinal.is_some()));
        self.quote = self.quote.or(given(f.has.has(Value::Quote)));
        self.during = self.during.or(given(f.has.has(Value::DuringVisit)));
        self.subtype = self.subtype.or(given(f.has.has(Value::Subtype)));
        self.cameo = self.cameo.or(given(f.has.has(Value::Cameo)));
        let longer = |own: Option<Slot>, count: fn(&Facts) -> u8| {
            let most = own.map_or(0, |o| count(facts(o)));
            if count(f) > most { Some(slot) } else { own }
        };
        self.topics = longer(self.topics, |f| f.has.topics);
        self.delegation = longer(self.delegation, |f| f.has.delegation);
        self
    }

    /// The longest list leads; further lists that have somebody new are kept as long as there is room.
    fn participants<'a>(&mut self, slot: Slot, facts: &impl Fn(Slot) -> &'a Facts, people: &mut Comparisons) {
        let other = if facts(slot).who.len() > facts(self.who).who.len() {
            std::mem::replace(&mut self.who, slot)
        } else {
            slot
        };
        let lists = || std::iter::once(self.who).chain(self.more.into_iter().flatten());
        let mut known = |w: &Who| {
            lists().any(|list| list != other && facts(list).who.iter().any(|k| people.same(k, w) >= Sameness::Variant))
        };
        if !facts(other).who.iter().all(|w| known(w))
            && !self.more.contains(&Some(other))
            && let Some(room) = self.more.iter_mut().find(|m| m.is_none())
        {
            *room = Some(other);
        }
    }

    /// Later dates win; a coarser one only where it contradicts and something was put off; a null never.
    fn dates(&mut self, f: &Facts, put_off: bool) {
        let (before, before_end) = (self.start, self.end);
        // A cancelled or denied visit keeps the dates first stated.
        let keeps = matches!(f.status, Status::Cancelled | Status::Denied);
        let newer = |own: Option<Date>, said: Option<Date>| match (own, said) {
            (None, said) => said,
            (own, None) => own,
            (Some(own), Some(said)) if keeps && !said.overlaps(own) => Some(own),
            (Some(own), Some(said)) => {
                let coarser = said.precision() < own.precision();
                let takes = if coarser { put_off && !said.overlaps(own) } else { true };
                Some(if takes { said } else { own })
            }
        };
        self.start = newer(self.start, f.start);
        self.end = newer(self.end, f.end);
        if f.days > 0 && f.status <= Status::Completed {
            self.days = f.days;
        }
        let (Some(start), Some(end)) = (self.start, self.end) else { return };
        let moved = before.is_some_and(|b| !b.overlaps(start));
        let outlived = end.span().1 < start.span().0;
        // A start that left the old period takes the old end with it.
        let left = moved && f.end.is_none() && before.is_some_and(|b| gap(b.span().0, start.span().0) > 3 || put_off);
        if outlived && f.end.is_some() && f.start.is_none() {
            self.end = before_end;
        } else if outlived || left {
            self.end = None;
            if f.days == 0 {
                self.days = 0;
            }
        }
    }

    /// Days that the period covers, as far as it is known.
    pub(crate) fn interval(&self) -> Option<(Day, Day)> {
        crate::date::interval(self.start, self.end)
    }
}

fn gap(a: Day, b: Day) -> Day {
    (a - b).abs()
}

/// state > official > working > summit > private > transit > not said.
fn more_specific(a: VisitKind, b: VisitKind) -> VisitKind {
    let rank = |k: VisitKind| match k {
        VisitKind::State => 6,
        VisitKind::Official => 5,
        VisitKind::Working => 4,
        VisitKind::Summit => 3,
        VisitKind::Private => 2,
        VisitKind::Transit => 1,
        VisitKind::Unspecified => 0,
    };
    if rank(b) > rank(a) { b } else { a }
}
