//! Finds the time expressions of a sentence: prepositions, ranges, and the order in which readings are tried.

use std::ops::Range;

use dateline_text::Token;

use super::item::{Items, Word};
use super::value::{Pick, Point, Span, TimeExpr, Unit, Value};
use super::vocabulary::{Entry, Role};

/// Finds the time expressions in the tokens of `range`: ordered, without overlaps, each as long as it goes.
///
/// Linear in the number of tokens: every reading looks a bounded number of tokens ahead.
pub(crate) fn find(text: &str, tokens: &[Token], range: Range<usize>) -> Vec<TimeExpr> {
    let mut found = Vec::new();
    let Some(items) = Items::read(text, tokens, range) else { return found };
    let mut i = 0;
    while i < items.0.len() {
        if matches!(items.word(i), Word::Other | Word::Stop | Word::Comma | Word::Quote) {
            i += 1;
            continue;
        }
        match items.expression(i) {
            Reading::Time(value, cores, end) => {
                let tokens = items.tokens(i..end);
                found.push(TimeExpr { tokens, value, cores: cores.map(|c| c.map(|(a, b)| items.core(a, b))) });
                i = end;
            }
            Reading::Other(end) => i = end.max(i + 1),
        }
    }
    found
}

/// Items of the one or two calendar expressions inside a reading.
type Cores = [Option<(usize, usize)>; 2];

enum Reading {
    Time(Value, Cores, usize),
    /// Nothing up to here.
    Other(usize),
}

fn one(value: Value, start: usize, end: usize) -> Reading {
    Reading::Time(value, [Some((start, end)), None], end)
}

impl Items {
    fn tokens(&self, items: Range<usize>) -> Range<usize> {
        let (a, b) = self.core(items.start, items.end);
        a as usize..b as usize
    }

    fn core(&self, start: usize, end: usize) -> (u32, u32) {
        let first = self.0.get(start).map_or(0, |x| x.token);
        let last = end.checked_sub(1).and_then(|e| self.0.get(e)).map_or(first, |x| x.token);
        (first, last + 1)
    }

    fn expression(&self, i: usize) -> Reading {
        if let Some(reading) = self.preposition(i) {
            return reading;
        }
        if let Some((value, end)) = self.set(i).or_else(|| self.window(i)) {
            return one(value, i, end);
        }
        match self.length(i) {
            Some(Ok((value, end))) => return one(value, i, end),
            Some(Err(end)) => return Reading::Other(end),
            None => {}
        }
        if let Some((value, end)) = self.unit_alone(i).or_else(|| self.nth_day(i)) {
            return one(value, i, end);
        }
        if let Some((value, cores, end)) = self.stretch(i, false) {
            return Reading::Time(value, cores, end);
        }
        if let Some((point, end)) = self.day_of_month(i, false) {
            return one(Value::At(point), i, end);
        }
        if let Some(reading) = self.last_of(i) {
            return reading;
        }
        if let Some((clock, end)) = self.clock(i).filter(|(_, end)| *end > i + 1 || self.after_at(i)) {
            return one(Value::Clock(clock), i, end);
        }
        match self.role(i) {
            Some(Role::Now) => one(Value::Loose(0), i, i + 1),
            Some(Role::Recently) => one(Value::Loose(-1), i, i + 1),
            Some(Role::Soon) => one(Value::Loose(1), i, i + 1),
            _ => Reading::Other(i + 1),
        }
    }

    fn after_at(&self, i: usize) -> bool {
        use Role as R;
        matches!(
            self.role(i.wrapping_sub(1)),
            Some(R::At | R::By | R::Since | R::Until | R::Before | R::After | R::Between)
        )
    }

    /// "the last week of May", "the last quarter of 1987", "the last three months of the year"
    fn last_of(&self, i: usize) -> Option<Reading> {
        let j = self.skip(i, Role::The);
        if !matches!(self.role(j)?, Role::Last | Role::Final) {
            return None;
        }
        let k = self.amount(j + 1).map_or(j + 1, |(_, k)| k);
        let (unit, _) = self.unit(k)?;
        if unit < Unit::Day || !self.is(k + 1, Role::Of) {
            return None;
        }
        let (point, end) = self.week_of_month(0, k + 2, 3).or_else(|| {
            let (p, end) = self.point(k + 2)?;
            matches!(p.span, Span::Year(_) | Span::Shift { .. }).then_some((p, end))
        })?;
        Some(one(Value::At(point), i, end))
    }

    /// Expressions that open with a preposition which is part of their meaning.
    fn preposition(&self, i: usize) -> Option<Reading> {
        use Role as R;
        let role = self.role(i)?;
        let j = i + 1;
        let wrap: fn(Point) -> Value = match role {
            R::Since => Value::Since,
            R::Until | R::Through => Value::Until,
            R::By | R::Before => Value::By,
            R::From => {
                let (value, cores, end) = self.stretch(j, true)?;
                return match value {
                    Value::Range(..) => Some(Reading::Time(value, cores, end)),
                    Value::At(p) if self.opens(p, end) => Some(Reading::Time(Value::From(p), cores, end)),
                    _ => None,
                };
            }
            R::Between => {
                let (value, cores, end) = self.stretch(j, true)?;
                return matches!(value, Value::Range(..)).then_some(Reading::Time(value, cores, end));
            }
            R::Starting | R::Ending => {
                let k = match self.role(j) {
                    Some(R::On | R::In | R::From | R::At) => j + 1,
                    _ => j,
                };
                let (value, cores, end) = self.stretch(k, false)?;
                return match value {
                    Value::At(p) if role == R::Ending => Some(Reading::Time(Value::Until(p), cores, end)),
                    Value::At(p) => Some(Reading::Time(Value::From(p), cores, end)),
                    Value::Range(..) => Some(Reading::Time(value, cores, end)),
                    _ => None,
                };
            }
            R::Within => {
                if let Some(Ok((Value::Duration { amount, unit } | Value::In { amount, unit }, end))) = self.length_after(j) {
                    return Some(one(Value::Within { amount, unit }, i, end));
                }
                if let Some((unit, true)) = self.unit(j) {
                    return Some(one(Value::Within { amount: super::value::Amount::Some, unit }, i, j + 1));
                }
                return None;
            }
            _ => return None,
        };
        // "until after October 1"
        let k = if role == R::Until && matches!(self.role(j), Some(R::After | R::At)) { j + 1 } else { j };
        if role == R::Before && self.is(k, R::The) && self.is(k + 1, R::Next) {
            return None;
        }
        let (p, end) = self.point(k).or_else(|| self.day_of_month(k, true)).or_else(|| match self.length(k)? {
            Ok((Value::At(p), end)) => Some((p, end)),
            _ => None,
        })?;
        if self.word(end) == Word::Possessive || matches!(p.span, Span::FromReference { .. }) {
            return None;
        }
        Some(Reading::Time(wrap(p), [Some((k, end)), None], end))
    }

    fn length_after(&self, j: usize) -> Option<Result<(Value, usize), usize>> {
        use Role as R;
        let j = if self.is(j, R::The) && matches!(self.role(j + 1), Some(R::Next | R::Coming)) { j + 2 } else { j };
        match self.length(j)? {
            // "within a week" reads no "a day" of rates
            Err(end) if self.is(j, R::A) => {
                let (unit, _) = self.unit(j + 1)?;
                Some(Ok((Value::Duration { amount: super::value::Amount::Exactly(1), unit }, end)))
            }
            other => Some(other),
        }
    }

    /// Is "from Monday" a beginning, and not a source ("from last year's level")?
    fn opens(&self, p: Point, end: usize) -> bool {
        self.word(end) != Word::Possessive
            && !matches!(p.span, Span::FromReference { .. })
            && !matches!(p.span, Span::Shift { n, .. } if n < 0)
    }

    /// "the 7th", where only a day can stand; `sure` behind "until" and in ranges.
    fn day_of_month(&self, i: usize, sure: bool) -> Option<(Point, usize)> {
        use Role as R;
        let the = self.is(i, R::The);
        let j = i + usize::from(the);
        let Word::Nth(day @ 1..=31) = self.word(j) else { return None };
        if !the && !sure {
            return None;
        }
        let unit_month = |k: usize| self.unit(k) == Some((Unit::Month, false));
        if self.is(j + 1, R::Of) {
            let n = match self.role(j + 2) {
                Some(R::This) => 0,
                Some(R::Next) => 1,
                Some(R::Last) => -1,
                Some(R::The) => 0,
                _ => return None,
            };
            return unit_month(j + 3).then_some((Point::from(Span::DayOfMonth { day, month: Some(n) }), j + 4));
        }
        let free = !matches!(self.word(j + 1), Word::Other | Word::Hyphen | Word::Entry(Entry::Unit { .. } | Entry::DayPart(_)));
        let day_before = matches!(self.role(i.wrapping_sub(1)), Some(R::On | R::Until | R::Since | R::By | R::From));
        (free && (sure || day_before)).then_some((Point::from(Span::DayOfMonth { day, month: None }), j + 1))
    }

    /// An end of a range; `open` behind "from" and "between", where a bare day number will do.
    fn endpoint(&self, i: usize, open: bool) -> Option<(Point, usize)> {
        self.point(i).or_else(|| self.day_of_month(i, open)).or_else(|| {
            let day = self.day(self.skip(i, Role::The)).filter(|_| open)?;
            let end = self.skip(i, Role::The) + 1;
            Some((Point::from(Span::DayOfMonth { day, month: None }), end))
        })
    }

    /// A point, or a range of two.
    fn stretch(&self, i: usize, open: bool) -> Option<(Value, Cores, usize)> {
        use Role as R;
        if let Some((value @ Value::Range(..), end)) = self.date(i) {
            return Some((value, [Some((i, end)), None], end));
        }
        let first = self.endpoint(i, open);
        if first.is_none() && open {
            // "from three to five days" and the like
            return None;
        }
        let (p, j) = first?;
        let alone = Some((Value::At(p), [Some((i, j)), None], j));
        // "2005-06"
        if let (Span::Year(y), Word::Hyphen | Word::Slash, Word::Digits { n, width: 2 }) =
            (p.span, self.word(j), self.word(j + 1))
            && (y + 1) % 100 == n as i32
        {
            let q = Point::from(Span::Year(y + 1));
            return Some((Value::Range(p, q), [Some((i, j + 2)), None], j + 2));
        }
        // "Thursday, Friday and Saturday"
        let listed = self.word(j) == Word::Comma && self.listed(j + 1);
        let c = if listed { self.comma(j + 2) } else { j };
        let joint = self.role(c);
        let hyphen = self.word(c) == Word::Hyphen && !matches!(p.span, Span::Shift { .. } | Span::Season { .. });
        let and = matches!(joint, Some(R::And | R::Or)) || (self.word(c) == Word::Slash && self.month_at(c + 1));
        if !(hyphen || and || matches!(joint, Some(R::To | R::Through | R::Until))) {
            return alone.filter(|_| !matches!(p.span, Span::DayOfMonth { month: None, .. }) || !open || self.is(i, R::The));
        }
        let k = c + 1;
        let Some((q, end)) = self.endpoint(k, open || matches!(p.span, Span::DayOfMonth { .. })) else { return alone };
        let (p2, q2) = share(p, q);
        let fits = if and && !(open && self.is(i.wrapping_sub(1), R::Between)) {
            adjacent(p2, q2)
        } else {
            class(p2.span) == class(q2.span) || (open && !hyphen)
        };
        let dash = !hyphen || self.word(end) != Word::Hyphen;
        if fits && dash && self.word(end) != Word::Possessive {
            return Some((Value::Range(p2, q2), [Some((i, j)), Some((k, end))], end));
        }
        if fits && dash && class(p2.span) == Class::Day {
            return Some((Value::Range(p2, q2), [Some((i, j)), Some((k, end))], end));
        }
        alone
    }

    fn listed(&self, i: usize) -> bool {
        matches!(self.word(i), Word::Entry(Entry::Weekday { plural: false, .. }))
            && self.is(self.comma(i + 1), Role::And)
            && matches!(self.word(self.comma(i + 1) + 1), Word::Entry(Entry::Weekday { plural: false, .. }))
    }
}

#[derive(PartialEq, Eq)]
enum Class {
    Day,
    Month,
    Year,
    Season,
    Other,
    Reference,
}

fn class(span: Span) -> Class {
    match span {
        Span::Date { .. } | Span::DayOfMonth { .. } | Span::Weekday { .. } | Span::Today(_) => Class::Day,
        Span::Month { .. } => Class::Month,
        Span::Year(_) => Class::Year,
        Span::Season { .. } => Class::Season,
        Span::FromReference { .. } => Class::Reference,
        _ => Class::Other,
    }
}

/// Two days or months that "and" makes one stretch.
fn adjacent(p: Point, q: Point) -> bool {
    match (p.span, q.span) {
        (Span::Date { month: m, day: d, .. }, Span::Date { month, day, .. }) => {
            (m == month && day == d + 1) || (month == m % 12 + 1 && day == 1 && d >= 28)
        }
        (Span::Weekday { weekday: w, .. }, Span::Weekday { weekday, .. }) => {
            let gap = (7 + weekday.num_days_from_monday() - w.num_days_from_monday()) % 7;
            gap == 1 || gap == 2 && p == q
        }
        (Span::Today(a), Span::Today(b)) => b == a + 1,
        (Span::Month { month: m, .. }, Span::Month { month, .. }) => month == m % 12 + 1,
        (Span::DayOfMonth { day: d, .. }, Span::DayOfMonth { day, .. } | Span::Date { day, .. }) => day > d,
        _ => false,
    }
}

/// Gives either end what only the other says: year, month, week.
fn share(mut p: Point, mut q: Point) -> (Point, Point) {
    match (&mut p.span, &mut q.span) {
        (Span::Date { year: a, month: m, .. }, Span::Date { year: b, month: n, .. })
        | (Span::Month { year: a, month: m }, Span::Month { year: b, month: n }) => share_year(a, *m, b, *n),
        (Span::Season { year: a, .. }, Span::Season { year: b, .. }) => share_year(a, 1, b, 1),
        (Span::Weekday { week: a, .. }, Span::Weekday { week: b @ Pick::Offset(_), .. }) if *a == Pick::Bare => *a = *b,
        (&mut Span::DayOfMonth { day, month: None }, &mut Span::Date { year, month, day: last, .. }) if day <= last => {
            p.span = Span::Date { year, month, day, weekday: None };
        }
        (Span::DayOfMonth { month: a, .. }, Span::DayOfMonth { month: b, .. }) => {
            if a.is_none() {
                *a = *b;
            } else if b.is_none() {
                *b = *a;
            }
        }
        (&mut Span::Date { year, month, day: first, .. }, &mut Span::DayOfMonth { day, month: None }) if day >= first => {
            q.span = Span::Date { year, month, day, weekday: None };
        }
        _ => {}
    }
    (p, q)
}

fn share_year(a: &mut Pick, m: u32, b: &mut Pick, n: u32) {
    let turn = i32::from(m > n);
    match (*a, *b) {
        (Pick::Bare, Pick::Given(y)) => *a = Pick::Given(y - turn),
        (Pick::Bare, Pick::Offset(y)) => *a = Pick::Offset(y - turn),
        (Pick::Given(y), Pick::Bare) => *b = Pick::Given(y + turn),
        (Pick::Offset(y), Pick::Bare) => *b = Pick::Offset(y + turn),
        _ => {}
    }
}
