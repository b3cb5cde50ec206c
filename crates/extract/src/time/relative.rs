//! Points that are picked from many: "last March", "the end of next week", "the first quarter of 1987".

use super::item::{Items, Word};
use super::point::shift;
use super::value::{DayPart, Part, Pick, Point, Span, Unit, Value};
use super::vocabulary::{Entry, Role};

impl Items {
    /// "last", "this", "next" and the like, and what they pick.
    pub(super) fn picked(&self, i: usize, r: Role, depth: u32) -> Option<(Point, usize)> {
        use Role as R;
        let j = i + 1;
        // "this past Monday", "this coming week"
        if r == R::This && matches!(self.role(j), Some(R::Coming | R::Past)) {
            return self.picked(j, self.role(j)?, depth);
        }
        if r == R::Past && !matches!(self.role(i.wrapping_sub(1)), Some(R::The | R::This)) {
            return None;
        }
        let (pick, n) = match r {
            R::Last | R::Past | R::Previous => (Pick::Last, -1),
            R::This => (Pick::This, 0),
            R::Same | R::That => (Pick::Bare, 0),
            _ => (Pick::Next, 1),
        };
        let by_reference = matches!(r, R::Previous | R::Following | R::Same | R::That);
        match self.word(j) {
            Word::Entry(Entry::Weekday { .. }) if !matches!(r, R::Same | R::That | R::Previous) => {
                self.weekday(j, pick)
            }
            Word::Entry(Entry::Month { n: month, weak }) if !by_reference => self.picked_month(j, month, weak, pick),
            Word::Entry(Entry::Season { n: season, .. }) if !by_reference => {
                Some((Point::from(Span::Season { season, year: pick }), j + 1))
            }
            // "the last week of May" is none of these
            Word::Entry(Entry::Unit { .. }) if r == R::Last && self.is(j + 1, R::Of) => None,
            Word::Entry(Entry::Unit { unit, plural: false }) if self.word(j + 1) != Word::Hyphen => {
                let (unit, n) = if unit == Unit::Fortnight { (Unit::Week, n * 2) } else { (unit, n) };
                match unit {
                    Unit::Second | Unit::Minute | Unit::Hour => None,
                    Unit::Day if r == R::This => None,
                    Unit::Day if r == R::Last => None,
                    Unit::Night if r == R::Last => {
                        Some((Point { day_part: Some(DayPart::Night), ..Point::from(Span::Today(-1)) }, j + 1))
                    }
                    Unit::Night if r == R::This => None,
                    Unit::Day | Unit::Night if r == R::Coming => None,
                    Unit::Day | Unit::Night => Some((Point::from(Span::FromReference { unit: Unit::Day, n }), j + 1)),
                    Unit::Weekend if by_reference => {
                        Some((Point::from(Span::FromReference { unit: Unit::Week, n }), j + 1))
                    }
                    Unit::Weekend => Some((Point::from(Span::Weekend { pick }), j + 1)),
                    _ if by_reference => Some((Point::from(Span::FromReference { unit, n }), j + 1)),
                    _ => Some(self.narrowed(Point::from(Span::Shift { unit, n }), j + 1, depth)),
                }
            }
            Word::Entry(Entry::DayPart(part)) => {
                let span = match r {
                    R::Last if part != DayPart::Midday => Span::Today(-1),
                    R::This => Span::Today(0),
                    R::Next | R::Following => Span::FromReference { unit: Unit::Day, n: 1 },
                    R::Same | R::That => Span::FromReference { unit: Unit::Day, n: 0 },
                    _ => return None,
                };
                Some((Point { day_part: Some(part), ..Point::from(span) }, j + 1))
            }
            Word::Entry(Entry::Role(R::Christmas)) => self.point_at(j, depth),
            _ => None,
        }
    }

    /// The same behind "the": "the next day" counts from another day, "the previous week" too.
    pub(super) fn the_picked(&self, j: usize, depth: u32) -> Option<(Point, usize)> {
        self.picked(j, self.role(j)?, depth)
    }

    fn picked_month(&self, j: usize, month: u32, weak: bool, pick: Pick) -> Option<(Point, usize)> {
        if weak && !self.capital(j) {
            return None;
        }
        if let Some((Value::At(p), end)) = self.date(j) {
            let span = match p.span {
                Span::Date { year: Pick::Bare, month, day, weekday } => Span::Date { year: pick, month, day, weekday },
                Span::Month { year: Pick::Bare, .. } => Span::Month { month, year: pick },
                other => other,
            };
            return Some((Point { span, ..p }, end));
        }
        Some((Point::from(Span::Month { month, year: pick }), j + 1))
    }

    /// "last year in March", "next week on Tuesday"
    fn narrowed(&self, point: Point, end: usize, depth: u32) -> (Point, usize) {
        let Span::Shift { unit, n } = point.span else { return (point, end) };
        let j = self.comma(end);
        match unit {
            Unit::Year if self.is(j, Role::In) => {
                if let Some((p, k)) = self.point_at(j + 1, depth) {
                    match p.span {
                        Span::Month { month, year: Pick::Bare } => {
                            return (Point { span: Span::Month { month, year: Pick::Offset(n) }, ..p }, k);
                        }
                        Span::Season { season, year: Pick::Bare } => {
                            return (Point { span: Span::Season { season, year: Pick::Offset(n) }, ..p }, k);
                        }
                        _ => {}
                    }
                }
            }
            Unit::Week => {
                if let Some((p, k)) = self.weekday(self.skip(j, Role::On), Pick::Offset(n))
                    && let Span::Weekday { .. } = p.span
                    && (self.is(j, Role::On) || j == end)
                {
                    return (p, k);
                }
            }
            _ => {}
        }
        (point, end)
    }

    /// "later this week", "earlier on Friday", "later in the month", "later that day"
    pub(super) fn later(&self, i: usize, later: bool, depth: u32) -> Option<(Point, usize)> {
        let part = Some(if later { Part::Later } else { Part::Earlier });
        let mut j = i + 1;
        if matches!(self.role(j), Some(Role::In | Role::On)) {
            if self.is(j + 1, Role::The)
                && let Some((unit, false)) = self.unit(j + 2)
                && self.word(j + 3) != Word::Hyphen
            {
                return match unit {
                    Unit::Day => Some((Point::from(Span::FromReference { unit, n: 0 }), j + 3)),
                    Unit::Week | Unit::Month | Unit::Year => shift(unit, 0, part, j + 3),
                    _ => None,
                };
            }
            j += 1;
        }
        let (p, end) = self.point_at(j, depth)?;
        let p = match p.span {
            Span::Shift { .. } | Span::Month { .. } | Span::Season { .. } if p.part.is_none() => Point { part, ..p },
            Span::Year(_) | Span::Years { .. } | Span::Half { .. } => return None,
            _ => p,
        };
        Some((p, end))
    }

    /// "early May", "late on Monday", "mid-1987", "early in the week"
    pub(super) fn part_word(&self, i: usize, r: Role, depth: u32) -> Option<(Point, usize)> {
        let part = Some(match r {
            Role::Early => Part::Start,
            Role::Late => Part::End,
            _ => Part::Mid,
        });
        let mut j = i + 1 + usize::from(self.word(i + 1) == Word::Hyphen);
        if let Some((Unit::Hour, true)) = self.unit(j) {
            return if self.is(j + 1, Role::Of) { self.point_at(j + 2, depth) } else { None };
        }
        if matches!(self.role(j), Some(Role::On | Role::In)) {
            j += 1;
        }
        let unit_at = if self.is(j, Role::The) { j + 1 } else { j };
        if let Some((unit @ (Unit::Week | Unit::Month | Unit::Year), false)) = self.unit(unit_at)
            && (unit_at > j || j == i + 2)
            && self.word(unit_at + 1) != Word::Hyphen
        {
            return shift(unit, 0, part, unit_at + 1);
        }
        let (p, end) = self.point_at(j, depth)?;
        let day =
            matches!(p.span, Span::Date { .. } | Span::Weekday { .. } | Span::Today(_) | Span::FromReference { .. });
        Some((if day { p } else { Point { part, ..p } }, end))
    }

    /// "end of May", "the start of next week", "end-1987", "the turn of the year"
    pub(super) fn part_of(&self, i: usize, r: Role, depth: u32) -> Option<(Point, usize)> {
        let (part, mut j) = match r {
            Role::End => (Part::End, i + 1),
            Role::Latter if matches!(self.role(i + 1), Some(Role::Half | Role::Part)) => (Part::End, i + 2),
            Role::Middle => (Part::Mid, i + 1),
            Role::Begin | Role::Starting => (Part::Start, i + 1),
            _ => return None,
        };
        if self.is(j, Role::Of) || (self.word(j) == Word::Hyphen && r != Role::Starting) {
            j += 1;
        } else {
            return None;
        }
        let (p, end) = self.period(j, depth)?;
        Some((Point { part: Some(part), ..p }, end))
    }

    /// A period that has parts; "the year" is the anchor's.
    pub(super) fn period(&self, j: usize, depth: u32) -> Option<(Point, usize)> {
        let k = self.skip(j, Role::The);
        if let Some((unit, false)) = self.unit(k)
            && self.word(k + 1) != Word::Hyphen
        {
            return match unit {
                Unit::Day => Some((Point::from(Span::Today(0)), k + 1)),
                Unit::Week | Unit::Month | Unit::Year | Unit::Quarter | Unit::Decade | Unit::Century
                    if k > j || unit == Unit::Year =>
                {
                    if unit == Unit::Year
                        && let Some((y, end)) = self.year_number(k + 1)
                    {
                        return Some((Point::from(Span::Year(y)), end));
                    }
                    shift(unit, 0, None, k + 1)
                }
                Unit::Weekend if k > j => Some((Point::from(Span::Weekend { pick: Pick::Bare }), k + 1)),
                _ => None,
            };
        }
        self.point_at(j, depth).filter(|(p, _)| !matches!(p.span, Span::FromReference { unit: Unit::Day, .. }))
    }

    /// "year-end", "year's end", "day after tomorrow"
    pub(super) fn unit_point(&self, i: usize, unit: Unit) -> Option<(Point, usize)> {
        if unit == Unit::Day {
            return match (self.role(i + 1), self.role(i + 2)) {
                (Some(Role::After), Some(Role::Tomorrow)) => self.named_day(i + 2, 2, None),
                (Some(Role::Before), Some(Role::Yesterday)) => self.named_day(i + 2, -2, None),
                _ => None,
            };
        }
        // "OPEC's weekend decision"
        if unit == Unit::Weekend && self.plain(i + 1) && !self.is(i.wrapping_sub(1), Role::A) {
            return Some((Point::from(Span::Weekend { pick: Pick::Bare }), i + 1));
        }
        let joined = matches!(self.word(i + 1), Word::Hyphen | Word::Possessive);
        if joined && self.is(i + 2, Role::End) && matches!(unit, Unit::Week | Unit::Month | Unit::Year | Unit::Quarter)
        {
            if unit == Unit::Year
                && let Some((y, end)) = self.year_number(i + 3)
            {
                return Some((Point { part: Some(Part::End), ..Point::from(Span::Year(y)) }, end));
            }
            return shift(unit, 0, Some(Part::End), i + 3);
        }
        None
    }
}
