//! Sets expressions against the calendar.

use chrono::NaiveDate;
use dateline_model::PartialDate;

use super::calendar::{add_days, add_months, holding};
use super::place::{Frame, MOST, Placed};
use super::value::{Amount, Pick, Point, Resolved, Span, Tense, TimeExpr, TimeKind, Unit, Value};

/// Days in "the coming days", weeks and months when no number is said.
const SOME: i64 = 7;
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
    pub(crate) fn resolve_from(
        &self,
        anchor: Option<NaiveDate>,
        tense: Tense,
        reference: Option<NaiveDate>,
    ) -> Resolved {
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

impl Frame {
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
        Some(
            Placed { start: holding(days).filter(|d| d.precision() < 2), days, relative: true }
                .resolved(TimeKind::Vague),
        )
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

fn kind_of(span: Span) -> TimeKind {
    match span {
        Span::Date { .. }
        | Span::DayOfMonth { .. }
        | Span::Weekday { .. }
        | Span::Today(_)
        | Span::Ambiguous { .. } => TimeKind::Day,
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
