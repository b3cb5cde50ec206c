//! Points set against the calendar: the stretch of days that each covers.

use chrono::{Datelike, NaiveDate, Weekday};
use dateline_model::PartialDate;

use super::calendar::{self, Stretch, add_days, add_months, choose, holding};
use super::value::{Pick, Point, Resolved, Span, Tense, TimeKind, Unit};

/// Longest count that is still reckoned with.
pub(super) const MOST: i64 = 3000;

/// What the calendar is read against.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    pub(super) anchor: Option<NaiveDate>,
    pub(super) reference: Option<NaiveDate>,
    pub(super) tense: Tense,
    /// The point is the end of a range that begins here.
    pub(super) after: Option<NaiveDate>,
}

/// A point in its place.
#[derive(Clone, Copy)]
pub(super) struct Placed {
    pub(super) start: Option<PartialDate>,
    pub(super) days: Stretch,
    pub(super) relative: bool,
}

impl Placed {
    pub(super) fn resolved(self, kind: TimeKind) -> Resolved {
        Resolved { start: self.start, span: Some(self.days), relative: self.relative, ..Resolved::none(kind) }
    }
}

impl Frame {
    /// Where a point lies.
    pub(super) fn point(self, p: Point) -> Option<Placed> {
        let whole = self.stretch(p.span)?;
        let days = p.part.map_or(whole, |part| calendar::part(whole, part, self.anchor));
        let start = match p.span {
            Span::Month { .. } | Span::WeekOfMonth { .. } | Span::Shift { unit: Unit::Month, .. } => {
                Some(PartialDate::Month(whole.0.year(), whole.0.month()))
            }
            Span::FromReference { unit: Unit::Month, .. } => Some(PartialDate::Month(whole.0.year(), whole.0.month())),
            Span::Year(_)
            | Span::Ambiguous { .. }
            | Span::Quarter { .. }
            | Span::Half { .. }
            | Span::Shift { unit: Unit::Year | Unit::Quarter, .. }
            | Span::FromReference { unit: Unit::Year | Unit::Quarter, .. } => Some(PartialDate::Year(whole.0.year())),
            Span::Season { year: Pick::Given(y), .. } => Some(PartialDate::Year(y)),
            Span::Season { .. } => holding(whole),
            _ => holding(days),
        };
        Some(Placed { start, days, relative: is_relative(p.span) })
    }

    fn stretch(self, span: Span) -> Option<Stretch> {
        let one = |d: NaiveDate| (d, d);
        match span {
            Span::Date { year, month, day, weekday } => self.date(year, month, day, weekday).map(one),
            Span::DayOfMonth { day, month } => self.day_of_month(day, month).map(one),
            Span::Weekday { weekday, week, plus } => self.weekday(weekday, week, plus).map(one),
            Span::Today(n) => add_days(self.anchor?, n.into()).map(one),
            Span::Month { month, year } => self.yearly(year, |y| calendar::month(y, month)),
            Span::Season { season, year } => self.yearly(year, |y| calendar::months(y, 3 + season.min(3) * 3, 3)),
            Span::Quarter { n, year } => self.yearly(year, |y| calendar::months(y, n * 3 - 2, 3)),
            Span::Half { n, year } => self.yearly(year, |y| calendar::months(y, n * 6 - 5, 6)),
            Span::WeekOfMonth { n, month, year } => {
                let (first, last) = self.yearly(year, |y| calendar::month(y, month))?;
                let a = if n == 0 { add_days(last, -6)? } else { add_days(first, i64::from(n - 1) * 7)? };
                Some((a, add_days(a, 6)?.min(last)))
            }
            Span::Weekend { pick } => self.weekend(pick),
            Span::Year(y) | Span::Ambiguous { year: y } => calendar::year(y),
            Span::Years { first, count } => calendar::months(first, 1, count * 12),
            Span::Shift { unit, n } => shifted(self.anchor?, unit, n),
            Span::FromReference { unit, n } => shifted(self.reference?, unit, n),
            Span::WeekOf { year, month, day } => calendar::week(self.date(year, month, day, None)?, 0),
        }
    }

    /// Something of every year: the year is given, counted, or chosen by tense.
    fn yearly(self, year: Pick, at: impl Fn(i32) -> Option<Stretch>) -> Option<Stretch> {
        match year {
            Pick::Given(y) => at(y),
            Pick::Offset(n) => at(self.anchor?.year() + n),
            Pick::This => at(self.anchor?.year()),
            _ => {
                let anchor = self.anchor?;
                let y = anchor.year();
                let near: Vec<Stretch> = (y - 2..=y + 2).filter_map(at).collect();
                if let Some(from) = self.after {
                    return near.into_iter().find(|s| s.1 >= from);
                }
                choose(&near, anchor, year, self.tense)
            }
        }
    }

    fn date(self, year: Pick, month: u32, day: u32, weekday: Option<Weekday>) -> Option<NaiveDate> {
        let at = |y| calendar::day(y, month, day).map(|d| (d, d));
        // the weekday proves the year where none is printed
        if let (Pick::Bare, Some(w), Some(anchor)) = (year, weekday, self.anchor) {
            let y = anchor.year();
            let fits = (y - 1..=y + 1).filter_map(|y| calendar::day(y, month, day)).filter(|d| d.weekday() == w);
            if let Some(d) = fits.min_by_key(|d| (*d - anchor).num_days().abs()) {
                return Some(d);
            }
        }
        let leap = month == 2 && day == 29 && matches!(year, Pick::Bare | Pick::Last | Pick::Next);
        if leap && let Some(anchor) = self.anchor {
            let y = anchor.year();
            let near: Vec<Stretch> = (y - 8..=y + 8).filter_map(at).collect();
            return choose(&near, anchor, year, self.tense).map(|s| s.0);
        }
        self.yearly(year, at).map(|s| s.0)
    }

    fn day_of_month(self, day: u32, month: Option<i32>) -> Option<NaiveDate> {
        let anchor = self.anchor?;
        let at = |n| {
            let m = add_months(anchor.with_day(1)?, n)?;
            calendar::day(m.year(), m.month(), day).map(|d| (d, d))
        };
        if let Some(n) = month {
            return at(n).map(|s| s.0);
        }
        let near: Vec<Stretch> = (-2..=2).filter_map(at).collect();
        if let Some(from) = self.after {
            return near.into_iter().find(|s| s.0 >= from).map(|s| s.0);
        }
        choose(&near, anchor, Pick::Bare, self.tense).map(|s| s.0)
    }

    fn weekday(self, weekday: Weekday, week: Pick, plus: i32) -> Option<NaiveDate> {
        let anchor = self.anchor?;
        if plus > 0 {
            let tense = if self.tense == Tense::Past { Tense::Future } else { self.tense };
            let next =
                calendar::weekday(anchor, weekday, week, if tense == Tense::Unknown { Tense::Future } else { tense })?;
            return add_days(next, i64::from(plus) * 7);
        }
        match (self.after, week) {
            (Some(from), Pick::Bare | Pick::This) => calendar::weekday(from, weekday, Pick::Next, Tense::Future),
            _ => calendar::weekday(anchor, weekday, week, self.tense),
        }
    }

    fn weekend(self, pick: Pick) -> Option<Stretch> {
        let anchor = self.anchor?;
        let days = anchor.weekday().num_days_from_monday();
        let back = match (pick, self.tense) {
            (Pick::Next, _) => 1,
            (Pick::Last, _) => -1,
            (_, Tense::Past) => -i64::from(days < 5),
            (Pick::Bare, Tense::Unknown) => -i64::from(days < 2),
            _ => 0,
        };
        let (monday, sunday) = calendar::week(anchor, back)?;
        Some((add_days(monday, 5)?, sunday))
    }
}

/// The unit `n` after that of the day.
fn shifted(day: NaiveDate, unit: Unit, n: i32) -> Option<Stretch> {
    let n = n.clamp(-(MOST as i32), MOST as i32);
    let first = |d: NaiveDate| d.with_day(1);
    match unit {
        Unit::Second | Unit::Minute => Some((day, day)),
        Unit::Hour => add_days(day, i64::from(n / 24)).map(|d| (d, d)),
        Unit::Day | Unit::Night => add_days(day, n.into()).map(|d| (d, d)),
        Unit::Weekend => {
            let (monday, sunday) = calendar::week(day, n.into())?;
            Some((add_days(monday, 5)?, sunday))
        }
        Unit::Week => calendar::week(day, n.into()),
        Unit::Fortnight => calendar::week(day, i64::from(n) * 2),
        Unit::Month => {
            let d = add_months(first(day)?, n)?;
            calendar::month(d.year(), d.month())
        }
        Unit::Quarter => {
            let d = add_months(day.with_day(1)?, n * 3)?;
            calendar::months(d.year(), (d.month() - 1) / 3 * 3 + 1, 3)
        }
        Unit::Year => calendar::year(day.year() + n),
        Unit::Decade => calendar::months((day.year() / 10 + n) * 10, 1, 120),
        Unit::Century => calendar::months((day.year() / 100 + n) * 100 + 1, 1, 1200),
    }
}

fn is_relative(span: Span) -> bool {
    match span {
        Span::Date { year, .. }
        | Span::Month { year, .. }
        | Span::Season { year, .. }
        | Span::Quarter { year, .. }
        | Span::Half { year, .. }
        | Span::WeekOfMonth { year, .. }
        | Span::WeekOf { year, .. } => !matches!(year, Pick::Given(_)),
        Span::Year(_) | Span::Years { .. } | Span::Ambiguous { .. } => false,
        _ => true,
    }
}
