//! Whether an event mention and an event record are one: parties, days, place, topic.

use crate::date::{self, Day};
use crate::facts::{Facts, Status};
use crate::identity::{Class, Sameness, Who};
use crate::matching::{Features, Verdict, shared};
use crate::merge::{Slot, State};
use crate::people::Comparisons;

/// Weighs an event mention against an event record of the same type and partition key.
pub(crate) fn event<'a>(
    f: &Facts,
    as_of: Day,
    x: &State,
    facts: impl Fn(Slot) -> &'a Facts,
    people: &mut Comparisons,
) -> Verdict {
    let others = &facts(x.who).who;
    let matched = f.who.iter().filter(|a| others.iter().any(|b| same_party(a, b, people))).count();
    let least = f.who.len().min(others.len());
    let identity = match (matched, least) {
        (_, 0) => 8,
        (0, _) => return Verdict::Apart("other participants"),
        (m, l) if m == l => 24 + 4 * (m.min(3) as i32 - 1),
        (m, l) if 2 * m >= l => 18,
        _ => 8,
    };
    let said = |start, end, status, from: Day| {
        date::interval(start, end).or(match status {
            Status::Completed | Status::Ongoing => Some((from - 3, from)),
            _ => None,
        })
    };
    let (own, other) = (said(f.start, f.end, f.status, as_of), said(x.start, x.end, x.status, x.since));
    let dated = f.interval().is_some() && x.interval().is_some();
    let time = match (own, other) {
        (Some((a, b)), Some((c, d))) => {
            let gap = (c - b).max(a - d).max(0);
            let wide = (b - a).max(d - c) > 10;
            let to_come = x.status.is_future() || f.status.is_future();
            match gap {
                // A plan for a month gets its days; what was done in a month may have been done more than once.
                0 if wide => {
                    if to_come {
                        22
                    } else {
                        16
                    }
                }
                0 if dated && f.start == x.start => 34,
                0 if dated => 26,
                0 => 22,
                1 if dated && !wide => 14,
                2..=3 if dated && !wide && x.status.is_future() && f.status.is_future() => 14,
                g if g <= 30 && (x.status.is_future() && f.status.is_future() || x.status == Status::Postponed) => 6,
                _ => return Verdict::Apart("the dates lie apart"),
            }
        }
        (None, None) => 14,
        _ => {
            let (lo, hi) = own.or(other).unwrap_or_default();
            let from = if own.is_none() { as_of } else { x.since };
            if from <= hi + 2 && lo <= from + 60 { 14 } else { return Verdict::Apart("the dates lie apart") }
        }
    };
    let life_cycle = match (x.status, f.status) {
        (Status::Completed, s) if s.is_future() && f.start != x.start => {
            return Verdict::Apart("it is over");
        }
        _ => 0,
    };
    let city = match x.city.map_or(0, |c| facts(c).city) {
        0 => 0,
        _ if f.city == 0 => 0,
        own if own == f.city => 8,
        _ => -20,
    };
    let during = x.during.map_or(0, |d| facts(d).during);
    let theme = x.purpose.map_or(0, |p| shared(&f.theme, &facts(p).theme)).min(3) * 4
        + if during != 0 && during == f.during { 8 } else { 0 };
    Verdict::Weighed(Features { identity, time, life_cycle, city, theme, ..Features::default() })
}

/// A country takes part through its people and bodies where the other side names only the country.
fn same_party(a: &Who, b: &Who, people: &mut Comparisons) -> bool {
    if a.country != 0 && b.country != 0 && a.country != b.country {
        return false;
    }
    let bare = |w: &Who| w.class != Class::Person && w.tokens.len() <= 1;
    people.same(a, b) >= Sameness::Office || (a.country != 0 && a.country == b.country && (bare(a) || bare(b)))
}
