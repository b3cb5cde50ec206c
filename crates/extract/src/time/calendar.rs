//! Calendar arithmetic that never overflows, and the choice among dates that are named alike.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};
use dateline_model::PartialDate;

use super::value::{Part, Pick, Tense};

/// First and last day.
pub(super) type Stretch = (NaiveDate, NaiveDate);

/// A past-tense verb and a date just ahead disagree by mistake of the tense, not by most of a year.
const NEAR: i64 = 31;
const FAR: i64 = 300;

pub(super) fn add_days(d: NaiveDate, n: i64) -> Option<NaiveDate> {
    let days = Days::new(n.unsigned_abs());
    let out = if n < 0 { d.checked_sub_days(days) } else { d.checked_add_days(days) }?;
    in_range(out)
}

pub(super) fn add_months(d: NaiveDate, n: i32) -> Option<NaiveDate> {
    let months = Months::new(n.unsigned_abs());
    let out = if n < 0 { d.checked_sub_months(months) } else { d.checked_add_months(months) }?;
    in_range(out)
}

fn in_range(d: NaiveDate) -> Option<NaiveDate> {
    (1000..=9999).contains(&d.year()).then_some(d)
}

pub(super) fn day(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    in_range(NaiveDate::from_ymd_opt(year, month, day)?)
}

pub(super) fn month(year: i32, month: u32) -> Option<Stretch> {
    let first = day(year, month, 1)?;
    Some((first, PartialDate::Month(year, month).last_day()))
}

pub(super) fn months(year: i32, first: u32, count: i32) -> Option<Stretch> {
    let start = day(year, first, 1)?;
    Some((start, add_days(add_months(start, count)?, -1)?))
}

pub(super) fn year(y: i32) -> Option<Stretch> {
    months(y, 1, 12)
}

/// Monday to Sunday of the week `n` weeks after the day's.
pub(super) fn week(d: NaiveDate, n: i64) -> Option<Stretch> {
    let monday = add_days(d, n * 7 - i64::from(d.weekday().num_days_from_monday()))?;
    Some((monday, add_days(monday, 6)?))
}

/// The finest of month and year that holds it all.
pub(super) fn holding((a, b): Stretch) -> Option<PartialDate> {
    if a == b {
        Some(PartialDate::Day(a))
    } else if (a.year(), a.month()) == (b.year(), b.month()) {
        Some(PartialDate::Month(a.year(), a.month()))
    } else {
        (a.year() == b.year()).then_some(PartialDate::Year(a.year()))
    }
}

/// The weekday by tense: today counts either way, as agencies name today by its weekday.
pub(super) fn weekday(anchor: NaiveDate, weekday: Weekday, pick: Pick, tense: Tense) -> Option<NaiveDate> {
    let ahead = i64::from((7 + weekday.num_days_from_monday() - anchor.weekday().num_days_from_monday()) % 7);
    let back = (7 - ahead) % 7;
    let shift = match (pick, tense) {
        (Pick::Offset(n), _) => {
            return add_days(week(anchor, n.into())?.0, weekday.num_days_from_monday().into());
        }
        (Pick::Last, _) => -(if back == 0 { 7 } else { back }),
        (Pick::Next, _) => {
            if ahead == 0 {
                7
            } else {
                ahead
            }
        }
        (_, Tense::Past) => -back,
        (_, Tense::Present | Tense::Future) | (Pick::This, _) => ahead,
        (_, Tense::Unknown) => {
            if back <= 3 {
                -back
            } else {
                ahead
            }
        }
    };
    add_days(anchor, shift)
}

/// The one of some stretches in order of time that tense and pick mean.
pub(super) fn choose(of: &[Stretch], anchor: NaiveDate, pick: Pick, tense: Tense) -> Option<Stretch> {
    let gap = |s: &Stretch| {
        if s.1 < anchor {
            (anchor - s.1).num_days()
        } else if s.0 > anchor {
            (s.0 - anchor).num_days()
        } else {
            0
        }
    };
    let nearest = of.iter().min_by_key(|s| gap(s)).copied();
    let past = of.iter().rev().find(|s| s.0 <= anchor).copied();
    let future = of.iter().find(|s| s.1 >= anchor).copied();
    let by_tense = match (pick, tense) {
        (Pick::Last, _) => return of.iter().rev().find(|s| s.1 < anchor).copied(),
        (Pick::Next, _) => return of.iter().find(|s| s.0 > anchor).copied(),
        (_, Tense::Past) => past,
        (_, Tense::Future) => future,
        _ => nearest,
    };
    match (by_tense, nearest) {
        (Some(t), Some(n)) if t.0 == t.1 && gap(&t) > FAR && gap(&n) <= NEAR => Some(n),
        (None, n) => n,
        (t, _) => t,
    }
}

/// Early, middle, late part of a stretch; later and earlier are cut at the anchor.
pub(super) fn part((a, b): Stretch, part: Part, anchor: Option<NaiveDate>) -> Stretch {
    let len = (b - a).num_days() + 1;
    let third = (len + 1) / 3;
    let cut = match part {
        Part::Start => (Some(a), add_days(a, third - 1)),
        Part::Mid => (add_days(a, third), add_days(b, -third)),
        Part::End => (add_days(b, 1 - third), Some(b)),
        Part::Later => (anchor.and_then(|d| add_days(d, 1)).map(|d| d.clamp(a, b)), Some(b)),
        Part::Earlier => (Some(a), anchor.map(|d| d.clamp(a, b))),
    };
    match cut {
        (Some(x), Some(y)) if x <= y => (x, y),
        _ => (a, b),
    }
}
