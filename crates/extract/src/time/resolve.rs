//! Sets expressions against the calendar.

use chrono::{Datelike, NaiveDate, Weekday};
use dateline_model::PartialDate;

use super::calendar::{self, Stretch, add_days, add_months, choose, holding};
use super::value::{Amount, Pick, Point, Resolved, Span, Tense, TimeExpr, TimeKind, Unit, Value};

/// Days in "the coming days", weeks and months when no number is said.
const SOME: i64 = 7;
/// Longest count that is still reckoned with.
const MOST: i64 = 3000;

/// What the calendar is read against.
#[derive(Clone, Copy)]
struct Frame {
    anchor: Option<NaiveDate>,
    reference: Option<NaiveDate>,
    tense: Tense,
    /// The point is the end of a range that begins here.
    after: Option<NaiveDate>,
}

impl TimeExpr {
    /// What the expression is, as far as that shows without a calendar.
    pub(crate) fn kind(&self) -> TimeKind {
        match self.value {
            Value::At(p) => kind_of(p.span),
            Value::Since(_) => TimeKind::Since,
            Value::From(_) => TimeKind::From,
            Value::Until(_) => TimeKind::Until,
            Value::By(_) => TimeKind::By,
            Value::Range(..) | Value::NthDay { .. } => TimeKind::Range,
            Value::Duration { .. } => TimeKind::Duration,
            Value::In { amount: Amount::Exactly(_), unit } => kind_of(Span::Shift { unit, n: 1 }),
            Value::Window { lasting: true, amount: Amount::Exactly(_), .. } => TimeKind::Range,
            Value::In { .. } | Value::Window { .. } | Value::Within { .. } | Value::Loose(_) => TimeKind::Vague,
            Value::Set { .. } => TimeKind::Set,
            Value::Clock(_) => TimeKind::Clock,
        }
    }

    /// Sets it against the calendar. Without an anchor only full dates, months with a year and years have a place.
    pub(crate) fn resolve(&self, anchor: Option<NaiveDate>, tense: Tense) -> Resolved {
        self.resolve_from(anchor, tense, None)
    }

    /// The same with the day that "the next day" and "two weeks later" count from.
    pub(crate) fn resolve_from(&self, anchor: Option<NaiveDate>, tense: Tense, reference: Option<NaiveDate>) -> Resolved {
        let frame = Frame { anchor, reference, tense, after: None };
        let ahead = if tense == Tense::Unknown { Tense::Future } else { tense };
        let kind = self.kind();
        let out = match self.value {
            Value::At(p) => frame.point(p).map(|s| s.resolved(kind)),
            Value::Since(p) => {
                let start = Frame { tense: Tense::Past, ..frame }.point(p);
                start.map(|s| Resolved { span: Some(s.days), ..s.resolved(kind) })
            }
            Value::From(p) => frame.point(p).map(|s| s.resolved(kind)),
            Value::Until(p) | Value::By(p) => Frame { tense: ahead, ..frame }.point(p).map(|s| {
                let r = s.resolved(kind);
                Resolved { start: None, end: r.start, ..r }
            }),
            Value::Range(p, q) => frame.range(p, q),
            Value::Duration { amount, unit } => Some(Resolved { days: days_in(amount, unit), ..Resolved::none(kind) }),
            Value::In { amount, unit } if tense == Tense::Past => {
                Some(Resolved { days: days_in(amount, unit), ..Resolved::none(TimeKind::Duration) })
            }
            Value::In { amount: Amount::Exactly(n), unit } => {
                let n = i64::from(n).min(MOST) as i32;
                frame.point(Span::Shift { unit, n }.into()).map(|s| s.resolved(kind))
            }
            Value::In { amount, unit } => frame.window(amount, unit, true),
            Value::Window { amount, unit, forward, lasting } => match (lasting, days_in(amount, unit)) {
                (true, Some(days)) => frame.lasting(days, forward),
                _ => frame.window(amount, unit, forward),
            },
            Value::Within { amount, unit } => frame.window(amount, unit, true),
            Value::NthDay { n, days } => frame.nth_day(n, days),
            Value::Set { .. } | Value::Clock(_) | Value::Loose(_) => None,
        };
        out.unwrap_or_else(|| Resolved { needs_reference: self.needs(reference), ..Resolved::none(kind) })
    }

    fn needs(&self, reference: Option<NaiveDate>) -> bool {
        let counts = |p: Point| matches!(p.span, Span::FromReference { .. });
        reference.is_none()
            && match self.value {
                Value::At(p) | Value::Since(p) | Value::From(p) | Value::Until(p) | Value::By(p) => counts(p),
                Value::Range(p, q) => counts(p) || counts(q),
                _ => false,
            }
    }
}

/// A point in its place.
#[derive(Clone, Copy)]
struct Placed {
    start: Option<PartialDate>,
    days: Stretch,
    relative: bool,
}

impl Placed {
    fn resolved(self, kind: TimeKind) -> Resolved {
        Resolved { start: self.start, span: Some(self.days), relative: self.relative, ..Resolved::none(kind) }
    }
}

impl Frame {
    fn point(self, p: Point) -> Option<Placed> {
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
            let next = calendar::weekday(anchor, weekday, week, if tense == Tense::Unknown { Tense::Future } else { tense })?;
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

    fn range(self, p: Point, q: Point) -> Option<Resolved> {
        // a future range may have begun: its end is ahead
        let by_end = matches!(self.tense, Tense::Future | Tense::Present)
            && matches!((p.span, q.span), (Span::Date { year: Pick::Bare, .. }, Span::Date { year: Pick::Bare, .. }));
        let (first, last) = if by_end {
            let last = Frame { tense: Tense::Future, ..self }.point(q)?;
            let first = Frame { anchor: Some(last.days.1), tense: Tense::Past, ..self }.point(p)?;
            (first, last)
        } else {
            let first = self.point(p)?;
            (first, Frame { after: Some(first.days.0), ..self }.point(q)?)
        };
        if last.days.1 < first.days.0 {
            return None;
        }
        let days = match (first.start.and_then(PartialDate::day), last.start.and_then(PartialDate::day)) {
            (Some(a), Some(b)) => u32::try_from((b - a).num_days() + 1).ok(),
            _ => None,
        };
        Some(Resolved {
            kind: TimeKind::Range,
            start: first.start,
            end: last.start,
            days,
            span: Some((first.days.0, last.days.1)),
            relative: first.relative || last.relative,
            needs_reference: false,
        })
    }

    /// Some time in the units ahead or behind.
    fn window(self, amount: Amount, unit: Unit, forward: bool) -> Option<Resolved> {
        let anchor = self.anchor?;
        let n = match amount {
            Amount::Exactly(n) | Amount::About(n) => i64::from(n).min(MOST),
            Amount::Half => 1,
            Amount::Some if unit >= Unit::Month => 6,
            Amount::Some if unit >= Unit::Week => 4,
            Amount::Some => SOME,
        };
        let sign = if forward { 1 } else { -1 };
        let far = match unit {
            Unit::Second | Unit::Minute => anchor,
            Unit::Hour => add_days(anchor, sign * ((n + 23) / 24))?,
            Unit::Day | Unit::Night => add_days(anchor, sign * n)?,
            Unit::Weekend | Unit::Week => add_days(anchor, sign * n * 7)?,
            Unit::Fortnight => add_days(anchor, sign * n * 14)?,
            Unit::Month => add_months(anchor, (sign * n) as i32)?,
            Unit::Quarter => add_months(anchor, (sign * n * 3) as i32)?,
            Unit::Year => add_months(anchor, (sign * n * 12) as i32)?,
            Unit::Decade => add_months(anchor, (sign * n * 120) as i32)?,
            Unit::Century => add_months(anchor, (sign * n * 1200) as i32)?,
        };
        let days = if forward { (anchor, far) } else { (far, anchor) };
        Some(Placed { start: holding(days).filter(|d| d.precision() < 2), days, relative: true }.resolved(TimeKind::Vague))
    }

    /// "for the past two days": all of them, today counted.
    fn lasting(self, days: u32, forward: bool) -> Option<Resolved> {
        let anchor = self.anchor?;
        let rest = i64::from(days.saturating_sub(1)).min(MOST);
        let (a, b) = if forward { (anchor, add_days(anchor, rest)?) } else { (add_days(anchor, -rest)?, anchor) };
        Some(Resolved {
            start: Some(PartialDate::Day(a)),
            end: Some(PartialDate::Day(b)),
            days: Some(days),
            span: Some((a, b)),
            relative: true,
            ..Resolved::none(TimeKind::Range)
        })
    }

    fn nth_day(self, n: u32, days: u32) -> Option<Resolved> {
        let day = self.reference.or(self.anchor)?;
        let n = if n == 0 { days } else { n };
        let start = add_days(day, -i64::from(n.saturating_sub(1)))?;
        let end = if days > 0 { Some(add_days(start, i64::from(days) - 1)?) } else { None };
        Some(Resolved {
            start: Some(PartialDate::Day(start)),
            end: end.map(PartialDate::Day),
            days: (days > 0).then_some(days),
            span: Some((start, end.unwrap_or(day).max(day))),
            relative: true,
            ..Resolved::none(TimeKind::Range)
        })
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

/// A length in days, both ends counted; `None` where no whole number of days is said.
pub(super) fn days_in(amount: Amount, unit: Unit) -> Option<u32> {
    let n = match amount {
        Amount::Exactly(n) => n,
        Amount::Half if unit <= Unit::Day => 1,
        _ => return None,
    };
    match unit {
        Unit::Second | Unit::Minute => Some(1),
        Unit::Hour => Some(n.div_ceil(24).max(1)),
        Unit::Day => Some(n),
        Unit::Night => Some(n + 1),
        Unit::Weekend => Some(2),
        Unit::Week => Some(n * 7),
        Unit::Fortnight => Some(n * 14),
        _ => None,
    }
    .filter(|d| *d > 0 && i64::from(*d) <= MOST)
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

fn kind_of(span: Span) -> TimeKind {
    match span {
        Span::Date { .. } | Span::DayOfMonth { .. } | Span::Weekday { .. } | Span::Today(_) | Span::Ambiguous { .. } => {
            TimeKind::Day
        }
        Span::Month { .. } => TimeKind::Month,
        Span::Season { .. } => TimeKind::Season,
        Span::Quarter { .. } | Span::Half { .. } => TimeKind::Quarter,
        Span::WeekOfMonth { .. } | Span::WeekOf { .. } => TimeKind::Week,
        Span::Weekend { .. } => TimeKind::Weekend,
        Span::Year(_) => TimeKind::Year,
        Span::Years { .. } => TimeKind::Decade,
        Span::Shift { unit, .. } | Span::FromReference { unit, .. } => match unit {
            Unit::Second | Unit::Minute | Unit::Hour | Unit::Day | Unit::Night => TimeKind::Day,
            Unit::Weekend => TimeKind::Weekend,
            Unit::Week | Unit::Fortnight => TimeKind::Week,
            Unit::Month => TimeKind::Month,
            Unit::Quarter => TimeKind::Quarter,
            Unit::Year => TimeKind::Year,
            Unit::Decade | Unit::Century => TimeKind::Decade,
        },
    }
}
