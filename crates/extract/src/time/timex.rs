//! TIMEX3 types and values, for annotations.

use std::ops::Range;

use chrono::{Datelike, NaiveDate};

use super::value::{Amount, DayPart, Pick, Point, Span, Tense, TimeExpr, Unit, Value};

/// One annotation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Timex {
    /// Indices into the document's tokens, without prepositions.
    pub(crate) tokens: Range<usize>,
    /// DATE, TIME, DURATION or SET.
    pub(crate) kind: &'static str,
    /// The value as ISO 8601 with TIMEX3's additions; X where something is not known.
    pub(crate) value: String,
}

impl TimeExpr {
    /// The annotations of the expression: one, or two for the ends of a range.
    pub(crate) fn timex(&self, anchor: Option<NaiveDate>, tense: Tense, reference: Option<NaiveDate>) -> Vec<Timex> {
        let tokens = |n: usize| self.cores[n].map_or(self.tokens.clone(), |(a, b)| a as usize..b as usize);
        let place = |value: Value| {
            let part = Self { tokens: self.tokens.clone(), value, cores: [None, None] };
            let r = part.resolve_from(anchor, tense, reference);
            r.span.map(|s| s.0)
        };
        let one = |kind, value| vec![Timex { tokens: tokens(0), kind, value }];
        match self.value {
            Value::At(p) | Value::Since(p) | Value::From(p) | Value::Until(p) | Value::By(p) => {
                let since = matches!(self.value, Value::Since(_));
                let day = place(if since { Value::Since(p) } else { Value::At(p) });
                one(kind(p), text(p, day))
            }
            Value::Range(p, q) => {
                let r = self.resolve_from(anchor, tense, reference);
                let first = Timex { tokens: tokens(0), kind: kind(p), value: text(p, r.span.map(|s| s.0)) };
                let end = r.end.map(dateline_model::PartialDate::first_day);
                if self.cores[1].is_none() {
                    return vec![first];
                }
                vec![first, Timex { tokens: tokens(1), kind: kind(q), value: text(q, end) }]
            }
            Value::Duration { amount, unit } | Value::Window { amount, unit, .. } | Value::Within { amount, unit } => {
                one("DURATION", period(amount, unit))
            }
            Value::In { amount: Amount::Exactly(n), unit } if tense != Tense::Past => {
                let p = Point::from(Span::Shift { unit, n: n.min(1000) as i32 });
                one(kind(p), text(p, place(Value::At(p))))
            }
            Value::In { amount, unit } => one("DURATION", period(amount, unit)),
            Value::NthDay { .. } => {
                one("DATE", reference.or(anchor).map_or("XXXX-XX-XX".to_owned(), |d| d.to_string()))
            }
            Value::Set { unit } => one("SET", period(Amount::Exactly(1), unit)),
            Value::Clock(minutes) => {
                one("TIME", anchor.map_or("XXXX-XX-XX".to_owned(), |d| d.to_string()) + &hour(minutes))
            }
            Value::Loose(n) => one(
                "DATE",
                ["PAST_REF", "PRESENT_REF", "FUTURE_REF"][usize::from((n + 1).clamp(0, 2) as u8)].to_owned(),
            ),
        }
    }
}

fn hour(minutes: u16) -> String {
    format!("T{:02}:{:02}", minutes / 60, minutes % 60)
}

fn kind(p: Point) -> &'static str {
    if p.clock.is_some() || p.day_part.is_some() { "TIME" } else { "DATE" }
}

fn text(p: Point, day: Option<NaiveDate>) -> String {
    let mut out = match day {
        Some(d) => placed(p.span, d),
        None => unplaced(p.span),
    };
    if let Some(minutes) = p.clock {
        out += &hour(minutes);
    } else if let Some(part) = p.day_part {
        out += match part {
            DayPart::Morning => "TMO",
            DayPart::Midday => "TMI",
            DayPart::Afternoon => "TAF",
            DayPart::Evening => "TEV",
            DayPart::Night => "TNI",
        };
    }
    out
}

fn placed(span: Span, d: NaiveDate) -> String {
    let (y, m) = (d.year(), d.month());
    let iso_week = || {
        let w = d.iso_week();
        format!("{:04}-W{:02}", w.year(), w.week())
    };
    let unit = match span {
        Span::Month { .. } | Span::WeekOfMonth { .. } => Unit::Month,
        Span::Season { season, .. } => return format!("{y:04}-{}", ["SP", "SU", "FA", "WI"][season.min(3) as usize]),
        Span::Quarter { .. } => Unit::Quarter,
        Span::Half { n, .. } => return format!("{y:04}-H{n}"),
        Span::WeekOf { .. } => Unit::Week,
        Span::Weekend { .. } => Unit::Weekend,
        Span::Year(_) | Span::Ambiguous { .. } => Unit::Year,
        Span::Years { count: 100, .. } => Unit::Century,
        Span::Years { .. } => Unit::Decade,
        Span::Shift { unit, .. } | Span::FromReference { unit, .. } => unit,
        _ => Unit::Day,
    };
    match unit {
        Unit::Week | Unit::Fortnight => iso_week(),
        Unit::Weekend => iso_week() + "-WE",
        Unit::Month => format!("{y:04}-{m:02}"),
        Unit::Quarter => format!("{y:04}-Q{}", (m - 1) / 3 + 1),
        Unit::Year => format!("{y:04}"),
        Unit::Decade => format!("{:03}", y / 10),
        Unit::Century => format!("{:02}", y / 100),
        _ => d.to_string(),
    }
}

fn unplaced(span: Span) -> String {
    let year = |y: Pick| match y {
        Pick::Given(y) => format!("{y:04}"),
        _ => "XXXX".to_owned(),
    };
    match span {
        Span::Date { year: y, month, day, .. } => format!("{}-{month:02}-{day:02}", year(y)),
        Span::WeekOf { year: y, month, day } => format!("{}-{month:02}-{day:02}", year(y)),
        Span::DayOfMonth { day, .. } => format!("XXXX-XX-{day:02}"),
        Span::Weekday { weekday, .. } => format!("XXXX-WXX-{}", weekday.number_from_monday()),
        Span::Month { year: y, month } | Span::WeekOfMonth { year: y, month, .. } => format!("{}-{month:02}", year(y)),
        Span::Season { season, .. } => format!("XXXX-{}", ["SP", "SU", "FA", "WI"][season.min(3) as usize]),
        Span::Quarter { n, year: y } => format!("{}-Q{n}", year(y)),
        Span::Half { n, year: y } => format!("{}-H{n}", year(y)),
        Span::Weekend { .. } => "XXXX-WXX-WE".to_owned(),
        Span::Shift { unit, .. } | Span::FromReference { unit, .. } => match unit {
            Unit::Week | Unit::Fortnight => "XXXX-WXX".to_owned(),
            Unit::Month => "XXXX-XX".to_owned(),
            Unit::Year | Unit::Quarter | Unit::Decade | Unit::Century => "XXXX".to_owned(),
            _ => "XXXX-XX-XX".to_owned(),
        },
        Span::Year(y) | Span::Ambiguous { year: y } => format!("{y:04}"),
        Span::Years { first, count } => {
            if count == 100 {
                format!("{:02}", first / 100)
            } else {
                format!("{:03}", first / 10)
            }
        }
        Span::Today(_) => "XXXX-XX-XX".to_owned(),
    }
}

fn period(amount: Amount, unit: Unit) -> String {
    let n = match amount {
        Amount::Exactly(n) | Amount::About(n) => n.to_string(),
        Amount::Half => "0.5".to_owned(),
        Amount::Some => "X".to_owned(),
    };
    match unit {
        Unit::Second => format!("PT{n}S"),
        Unit::Minute => format!("PT{n}M"),
        Unit::Hour => format!("PT{n}H"),
        Unit::Day => format!("P{n}D"),
        Unit::Night => format!("P{n}D"),
        Unit::Weekend => format!("P{n}WE"),
        Unit::Week => format!("P{n}W"),
        Unit::Fortnight => format!("P{}W", if n == "1" { "2" } else { "X" }),
        Unit::Month => format!("P{n}M"),
        Unit::Quarter => format!("P{n}Q"),
        Unit::Year => format!("P{n}Y"),
        Unit::Decade => format!("P{n}DE"),
        Unit::Century => format!("P{n}CE"),
    }
}
