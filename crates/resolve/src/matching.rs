//! Whether a mention and a record are one: features with weights, and a threshold.
//!
//! The weights were set on worked stories; what each one is for stands beside it. A pair is one when nothing rules it
//! out and its weights add up to [`THRESHOLD`].

use dateline_model::{Kind, VisitKind};
use serde::Serialize;

use crate::date::{Date, Day};
use crate::extent::Extent;
use crate::facts::{Facts, Theme};
use crate::identity::{Sameness, Who};
use crate::merge::{Slot, State};
use crate::people::Comparisons;

/// Least sum of weights at which a mention joins a record.
pub(crate) const THRESHOLD: i32 = 50;

/// What speaks for and against joining, in points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Features {
    /// Who: same name or entity, a variant of it, an office.
    pub identity: i32,
    /// When: overlap, precision, a moved date.
    pub time: i32,
    /// Whether the one can follow the other in the life cycle.
    pub life_cycle: i32,
    /// The city.
    pub city: i32,
    /// The kind of visit.
    pub kind: i32,
    /// The host.
    pub host: i32,
    /// "His third trip".
    pub ordinal: i32,
    /// Words that purpose or topic share; the visit that an event belongs to.
    pub theme: i32,
}

impl Features {
    /// The sum that is held against the threshold.
    pub fn total(&self) -> i32 {
        self.identity + self.time + self.life_cycle + self.city + self.kind + self.host + self.ordinal + self.theme
    }
}

/// What comparing a mention with a record gave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Ruled out, and why.
    Apart(&'static str),
    /// Weighed.
    Weighed(Features),
}

impl Verdict {
    /// The sum of the weights where it reaches the threshold.
    pub(crate) fn joins(&self) -> Option<i32> {
        match self {
            Self::Weighed(f) if f.total() >= THRESHOLD => Some(f.total()),
            _ => None,
        }
    }
}

/// How the days of a mention and a record lie to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fit {
    /// Both have full days that meet within the slack; the gap in days.
    Days(Day),
    /// One covers the other, or they meet at a coarser precision: month (1) or year (0).
    Coarse(u8),
    /// They lie apart by so many days.
    Gap(Day),
    /// The mention, the record or both give no date.
    Undated,
}

/// Days by which two accounts of one visit differ (time zones, departure and arrival).
const SLACK: Day = 2;

fn fit(f: &Facts, x: &State) -> Fit {
    let (Some((a, b)), Some((c, d))) = (f.interval(), x.interval()) else { return Fit::Undated };
    let gap = (c - b).max(a - d).max(0);
    let precision = |s: Option<Date>, e: Option<Date>| s.or(e).map_or(0, Date::precision);
    // "In August, until 1 September": an end that is a full day pins the stay as well.
    let exact = |s: Option<Date>, e: Option<Date>| {
        s.is_some_and(|s| s.precision() == 2) || e.is_some_and(|e| e.precision() == 2)
    };
    let fine = exact(f.start, f.end) && exact(x.start, x.end);
    match gap {
        g if fine && g <= SLACK => Fit::Days(g),
        0 => Fit::Coarse(precision(f.start, f.end).min(precision(x.start, x.end))),
        g => Fit::Gap(g),
    }
}

/// Weighs a visit mention that speaks from day `as_of` against a visit record.
pub(crate) fn visit<'a>(
    f: &Facts,
    as_of: Day,
    x: &State,
    facts: impl Fn(Slot) -> &'a Facts,
    people: &mut Comparisons,
) -> Verdict {
    let (Some(who), Some(other)) = (f.who.first(), facts(x.who).who.first()) else {
        return Verdict::Apart("nobody is named");
    };
    let fit = fit(f, x);
    let same = same_visitor(who, other, x.entity.and_then(|e| facts(e).who.first()), people);
    let identity = match same {
        Sameness::Different => return Verdict::Apart("another visitor"),
        // "The Omani envoy" is the envoy whom another report names; without a role it may be anyone.
        Sameness::Office if who.role != 0 && who.role == other.role => 20,
        Sameness::Office => 12,
        // Of two who share a name it is the one in the office.
        Sameness::Variant if who.role != 0 && role_of(other, x, &facts) == who.role => 31,
        Sameness::Variant => 30,
        Sameness::Same => 32,
    };
    let sure = matches!(fit, Fit::Days(_));
    let Some(time) = time(f, as_of, x, fit) else { return Verdict::Apart("the dates lie apart") };
    let Some(life_cycle) = life_cycle(f, as_of, x, fit) else {
        return Verdict::Apart("the life cycle does not allow it");
    };
    let city = match x.city.map_or(0, |c| facts(c).city) {
        0 => 0,
        _ if f.city == 0 => 0,
        own if own == f.city => 8,
        // One visit has legs; only where the days do not decide, another city speaks against it.
        _ if sure => -4,
        // One side gives no days: a stay is told by the city that the reporter is in.
        _ if matches!(fit, Fit::Undated) && f.interval().is_some() != x.interval().is_some() => -4,
        _ if matches!(fit, Fit::Coarse(_)) => -8,
        _ => -16,
    };
    let kind = match (f.kind, x.kind) {
        (VisitKind::Unspecified, _) | (_, VisitKind::Unspecified) => 0,
        (a, b) if a == b => 5,
        (a, b) if conflict(a, b) => {
            if sure {
                -10
            } else {
                -25
            }
        }
        _ => 0,
    };
    let host = match (&f.host, x.host.and_then(|h| facts(h).host.as_ref())) {
        (Some(a), Some(b)) if people.same(a, b) >= Sameness::Variant => 4,
        _ => 0,
    };
    let ordinal = match (f.ordinal, x.ordinal.and_then(|o| facts(o).ordinal)) {
        (Some(a), Some(b)) if a.n == b.n => 10,
        (Some(a), Some(b)) if a.since == b.since || a.since.is_none() || b.since.is_none() => {
            if sure {
                -15
            } else {
                -40
            }
        }
        _ => 0,
    };
    let theme = x.purpose.map_or(0, |p| shared(&f.theme, &facts(p).theme)).min(2) * 3;
    Verdict::Weighed(Features { identity, time, life_cycle, city, kind, host, ordinal, theme })
}

/// The role of a record's visitor: by the fullest name, else as first stated.
fn role_of<'a>(named: &Who, x: &State, facts: &impl Fn(Slot) -> &'a Facts) -> u32 {
    if named.role != 0 { named.role } else { x.role.and_then(|r| facts(r).who.first()).map_or(0, |w| w.role) }
}

fn same_visitor(a: &Who, b: &Who, entity: Option<&std::sync::Arc<Who>>, people: &mut Comparisons) -> Sameness {
    let by_name = people.same(a, b);
    match entity {
        Some(e) if a.entity != 0 && e.entity == a.entity => Sameness::Same,
        // Two entities are two people, unless the one name is a variant of the other and one id was a slip.
        Some(e) if a.entity != 0 && e.entity != 0 && e.entity != a.entity => Sameness::Different,
        _ => by_name,
    }
}

fn conflict(a: VisitKind, b: VisitKind) -> bool {
    use VisitKind::{Private, State, Summit, Transit};
    let pair = |x: VisitKind, y: VisitKind| (a, b) == (x, y) || (a, b) == (y, x);
    pair(Summit, State) || (a == Private) != (b == Private) || (a == Transit) != (b == Transit)
}

/// Points of time, `None` where the dates rule it out.
fn time(f: &Facts, as_of: Day, x: &State, fit: Fit) -> Option<i32> {
    let pending = x.status.is_future() || x.status == crate::facts::Status::Postponed;
    let exact = x.start.is_some_and(|s| s.precision() == 2);
    let to_come = x.interval().is_none_or(|(lo, hi)| if exact { lo >= as_of - 1 } else { hi >= as_of - 1 });
    match fit {
        Fit::Days(gap) => {
            let starts = match (f.start, x.start) {
                (Some(a), Some(b)) if a == b => 12,
                _ => 0,
            };
            Some(40 - 6 * gap + starts)
        }
        Fit::Coarse(0) => Some(if f.start == x.start { 26 } else { 20 }),
        Fit::Coarse(_) => Some(if f.start == x.start { 32 } else { 28 }),
        Fit::Undated if f.interval().is_none() && x.interval().is_none() => Some(24),
        Fit::Undated => undated(f, as_of, x),
        Fit::Gap(gap) => {
            let put_off = x.status == crate::facts::Status::Postponed || f.status == crate::facts::Status::Postponed;
            let fine = [f.start, x.start].iter().all(|d| d.is_some_and(|d| d.precision() == 2));
            if put_off && pending && (f.status.is_future() || f.status.is_off()) && gap <= 400 {
                // Put off to another day, or the new day of what had been put off.
                return Some(26);
            }
            if put_off
                && gap <= 400
                && x.status == crate::facts::Status::Postponed
                && f.status <= crate::facts::Status::Completed
            {
                return (f.interval().is_some_and(|(lo, _)| lo >= x.since - 1)).then_some(20);
            }
            if !pending || f.status.is_off() {
                return None;
            }
            // A plan whose day moved: while it was to come, and not far.
            let reach = if fine { 12 } else { 35 };
            let follows = f.status.is_future() && to_come || f.status >= crate::facts::Status::Ongoing && gap <= 7;
            (follows && gap <= reach).then_some(if fine { 30 - gap } else { 20 })
        }
    }
}

/// Points where only one side gives a date.
fn undated(f: &Facts, as_of: Day, x: &State) -> Option<i32> {
    let Some((lo, hi)) = f.interval().or(x.interval()) else { return Some(24) };
    // The day from which the undated side speaks.
    let (from, status) = if f.interval().is_none() { (as_of, f.status) } else { (x.since, x.status) };
    use crate::facts::Status::{Completed, Ongoing};
    // What never came about is spoken of after its days.
    if f.interval().is_none() && f.status.is_off() && x.status.is_off() {
        return (hi >= from - 60 && lo <= from + 400).then_some(22);
    }
    match status {
        Ongoing => (lo - 3 <= from && from <= hi + 3).then_some(26),
        Completed => (hi <= from + 1).then_some(if hi >= from - 30 {
            24
        } else if hi >= from - 366 {
            20
        } else {
            8
        }),
        _ => (hi >= from - 1 && lo <= from + 400).then_some(22),
    }
}

/// Points of life-cycle continuity, `None` where it rules the pair out.
fn life_cycle(f: &Facts, as_of: Day, x: &State, fit: Fit) -> Option<i32> {
    use crate::facts::Status::{Cancelled, Completed, Denied, Ongoing, Postponed};
    let sure = matches!(fit, Fit::Days(_));
    let begins = x.interval().map(|(lo, _)| lo);
    let ends = x.interval().map(|(_, hi)| hi);
    if sure {
        // The same days: a stale text or a late report, unless it was called off and arranged afresh.
        let afresh = x.status == Cancelled && f.status.is_future() && as_of > x.since && f.start != x.start;
        return if afresh { None } else { Some(0) };
    }
    match (x.status, f.status) {
        (Cancelled, s) if s.is_future() && as_of > x.since => None,
        (Cancelled, Ongoing | Completed) => None,
        (Cancelled | Denied, s) if s.is_off() => Some(8),
        (Denied, _) => Some(if f.interval().is_none() { -20 } else { 0 }),
        // A visit to come is not one that is under way or over.
        (Ongoing | Completed, s) if s.is_future() => None,
        (Completed, Postponed | Cancelled | Denied) => None,
        (Completed, Ongoing) => ends.is_none_or(|e| e >= as_of - SLACK).then_some(0),
        (Ongoing | Completed, _) => Some(0),
        // What is over or under way is no visit that only begins later.
        (_, Completed | Ongoing) => begins.is_none_or(|b| b <= as_of + SLACK).then_some(0),
        // A plan is not one whose days passed long ago without it.
        (s, t) if s.is_future() && t.is_future() && f.interval().is_none() => {
            ends.is_none_or(|e| e >= as_of - SLACK).then_some(0)
        }
        _ => Some(0),
    }
}

/// Content words that two themes share.
pub(crate) fn shared(a: &Theme, b: &Theme) -> i32 {
    a.iter().filter(|x| **x != 0 && b.contains(x)).count() as i32
}

/// The weigher of a kind of record.
pub(crate) fn weigh<'a>(
    kind: Kind,
    f: &Facts,
    as_of: Day,
    x: &State,
    facts: impl Fn(Slot) -> &'a Facts,
    people: &mut Comparisons,
) -> Verdict {
    // The index finds a record by the days of all its contributions, later ones too; what it says has to be near by itself.
    if !Extent::of(kind, f, as_of).meets(Extent::of_state(kind, x)) {
        return Verdict::Apart("the dates lie apart");
    }
    match kind {
        Kind::Visit => visit(f, as_of, x, facts, people),
        Kind::Event => crate::matching_events::event(f, as_of, x, facts, people),
    }
}
