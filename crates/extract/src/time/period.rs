//! Quarters, halves, numbered weeks and seasons, with their years.

use super::item::{Items, Word};
use super::value::{Part, Pick, Point, Span, Unit, Value};
use super::vocabulary::{Entry, Role};

impl Items {
    /// "first quarter of 1987", "second half of the year", "first week of May", "21st century"
    pub(super) fn ordinal(&self, i: usize, n: u32, depth: u32) -> Option<(Point, usize)> {
        let j = i + 1;
        let joined = self.word(j) == Word::Hyphen;
        if let Some((Unit::Quarter, false)) = self.unit(j + usize::from(joined)) {
            let end = j + usize::from(joined) + 1;
            let (year, end) = self.year_of(end).unwrap_or((Pick::Bare, end));
            return (1..=4).contains(&n).then_some((Point::from(Span::Quarter { n, year }), end));
        }
        if let Some((y, k)) = self.year_number_before_quarter(j) {
            return (1..=4).contains(&n).then_some((Point::from(Span::Quarter { n, year: Pick::Given(y) }), k));
        }
        if self.is(j, Role::Half) {
            if let Some((year, end)) = self.year_of(j + 1) {
                return (n <= 2).then_some((Point::from(Span::Half { n, year }), end));
            }
            if self.is(j + 1, Role::Of) {
                let (p, end) = self.period(j + 2, depth)?;
                let part = Some(if n == 1 { Part::Start } else { Part::End });
                return Some((Point { part, ..p }, end));
            }
            return None;
        }
        match self.unit(j) {
            Some((Unit::Century, false)) if (10..=30).contains(&n) => {
                Some((Point::from(Span::Years { first: (n as i32 - 1) * 100 + 1, count: 100 }), j + 1))
            }
            Some((Unit::Week, false)) if self.is(j + 1, Role::Of) || self.is(j + 1, Role::In) => {
                self.week_of_month(n, j + 2, depth)
            }
            Some((Unit::Day, false)) if self.is(j + 1, Role::Of) => match self.date(j + 2)? {
                (Value::At(p), end) => match p.span {
                    Span::Month { month, year } if n <= 31 => {
                        Some((Point::from(Span::Date { year, month, day: n, weekday: None }), end))
                    }
                    _ => None,
                },
                _ => None,
            },
            _ => {
                // "first nine months of 1986"
                let (_, k) = self.amount(j)?;
                let (unit, _) = self.unit(k)?;
                if unit < Unit::Day || !self.is(k + 1, Role::Of) {
                    return None;
                }
                let (p, end) = self.period(k + 2, depth)?;
                Some((Point { part: Some(Part::Start), ..p }, end))
            }
        }
    }

    /// Behind "the last": "week of May", "quarter of 1987", "day of May".
    pub(super) fn week_of_month(&self, n: u32, k: usize, depth: u32) -> Option<(Point, usize)> {
        let (p, end) = self.period(k, depth)?;
        let part = Some(match n {
            0 => Part::End,
            1 => Part::Start,
            _ => Part::Mid,
        });
        match p.span {
            Span::Month { month, year } if n <= 5 => Some((Point::from(Span::WeekOfMonth { n, month, year }), end)),
            Span::Shift { unit: Unit::Month | Unit::Year, .. } => Some((Point { part, ..p }, end)),
            _ => None,
        }
    }

    fn year_number_before_quarter(&self, j: usize) -> Option<(i32, usize)> {
        let Word::Digits { n, width: 4 } = self.word(j) else { return None };
        (self.unit(j + 1) == Some((Unit::Quarter, false)) && (1900..=2100).contains(&n)).then_some((n as i32, j + 2))
    }

    /// "1987 first quarter"
    pub(super) fn quarter_of_year(&self, i: usize) -> Option<(Point, usize)> {
        let (y, j) = self.year_number(i)?;
        let Word::Entry(Entry::Ordinal(n @ 1..=4)) = self.word(j) else { return None };
        let k = j + 1 + usize::from(self.word(j + 1) == Word::Hyphen);
        let year = Pick::Given(y);
        if self.unit(k) == Some((Unit::Quarter, false)) {
            Some((Point::from(Span::Quarter { n, year }), k + 1))
        } else if self.is(k, Role::Half) && n <= 2 {
            Some((Point::from(Span::Half { n, year }), k + 1))
        } else {
            None
        }
    }

    /// "of 1987", "of the year", "1987", "this year", "of fiscal 1987"
    fn year_of(&self, i: usize) -> Option<(Pick, usize)> {
        let of = self.is(i, Role::Of);
        let j = self.skip(i, Role::Of);
        if of
            && self.is(j, Role::The)
            && self.unit(j + 1) == Some((Unit::Year, false))
            && self.word(j + 2) != Word::Hyphen
        {
            return Some((Pick::Offset(0), j + 2));
        }
        let j = self.skip(j, Role::Fiscal);
        self.year_number(j).map(|(y, end)| (Pick::Given(y), end)).or_else(|| self.year_phrase(j))
    }

    /// A season with its year, where it is no fall of prices and no Olympic Games.
    pub(super) fn season(&self, i: usize, n: u32, weak: bool, year: Pick) -> Option<(Point, usize)> {
        use Role as R;
        if self.is(i + 1, R::Games) && self.capital(i) {
            return None;
        }
        if let Some((year, end)) = self.year_of(i + 1) {
            return Some((Point::from(Span::Season { season: n, year }), end));
        }
        if weak && self.is(i + 1, R::Of) {
            return None;
        }
        let before = self.role(i.wrapping_sub(1));
        let sure = match before {
            Some(R::The) => matches!(
                self.role(i.wrapping_sub(2)),
                Some(
                    R::In | R::Since | R::Until | R::By | R::During | R::Before | R::After | R::Of | R::Early | R::Late
                )
            ),
            Some(
                R::In
                | R::Since
                | R::Until
                | R::By
                | R::Early
                | R::Late
                | R::Mid
                | R::Of
                | R::During
                | R::Every
                | R::From
                | R::Last
                | R::This
                | R::Next,
            ) => true,
            _ => self.before(i) == Word::Hyphen && self.role(i.wrapping_sub(2)) == Some(R::Mid),
        };
        (sure || (!weak && !self.capital(i))).then_some((Point::from(Span::Season { season: n, year }), i + 1))
    }

    pub(super) fn season_sure(&self, i: usize) -> bool {
        !self.is(i + 1, Role::Of) || self.year_of(i + 1).is_some()
    }
}
