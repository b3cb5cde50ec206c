//! Points of the calendar: weekdays, days by name, times of day, years, parts of periods.

use super::item::{Items, Word};
use super::value::{DayPart, Part, Pick, Point, Span, Unit, Value};
use super::vocabulary::{Entry, Role};

/// Points nest ("late on the evening of Friday"); deeper ones than this are not read.
const DEPTH: u32 = 3;

impl Items {
    /// A point of the calendar.
    pub(super) fn point(&self, i: usize) -> Option<(Point, usize)> {
        self.point_at(i, DEPTH)
    }

    pub(super) fn point_at(&self, i: usize, depth: u32) -> Option<(Point, usize)> {
        let depth = depth.checked_sub(1)?;
        if let Some((value, end)) = self.date(i) {
            let Value::At(point) = value else { return None };
            return Some(self.with_hour(point, end));
        }
        match self.word(i) {
            Word::Entry(Entry::Weekday { .. }) => self.weekday(i, Pick::Bare),
            Word::Entry(Entry::Season { n, weak }) => self.season(i, n, weak, Pick::Bare),
            Word::Entry(Entry::DayPart(_)) => self.day_part_of(i, depth),
            Word::Entry(Entry::Unit { unit, plural: false }) => self.unit_point(i, unit),
            Word::Entry(Entry::Ordinal(n)) => self.ordinal(i, n, depth),
            Word::Nth(n) => self.ordinal(i, n, depth),
            Word::Entry(Entry::Role(r)) => self.role_point(i, r, depth),
            Word::Clock { .. } | Word::Digits { .. } => {
                self.clock_first(i, depth).or_else(|| self.quarter_of_year(i)).or_else(|| self.year(i))
            }
            _ => None,
        }
    }

    fn role_point(&self, i: usize, r: Role, depth: u32) -> Option<(Point, usize)> {
        use Role as R;
        match r {
            R::Today => self.named_day(i, 0, None),
            R::Yesterday => self.named_day(i, -1, None),
            R::Tomorrow => self.named_day(i, 1, None),
            R::Tonight => self.named_day(i, 0, Some(DayPart::Night)),
            R::Overnight => Some((Point { day_part: Some(DayPart::Night), ..Point::from(Span::Today(0)) }, i + 1)),
            R::MidWeek => shift(Unit::Week, 0, Some(Part::Mid), i + 1),
            R::MidYear => shift(Unit::Year, 0, Some(Part::Mid), i + 1),
            R::Early | R::Late | R::Mid => self.part_word(i, r, depth),
            R::End | R::Begin | R::Starting | R::Middle | R::Latter => self.part_of(i, r, depth),
            R::Later | R::Earlier => self.later(i, r == R::Later, depth),
            R::Last | R::This | R::Next | R::Coming | R::Past | R::Previous | R::Following | R::Same | R::That => {
                self.picked(i, r, depth)
            }
            R::Christmas if self.plain(i + 1) && self.capital(i + 1) => None, // an island
            R::Christmas => self.feast(i, 12, if self.is(i + 1, R::Eve) { 24 } else { 25 }, i + 1),
            R::New if self.unit(i + 1) == Some((Unit::Year, false)) => {
                let j = i + 2 + usize::from(self.word(i + 2) == Word::Possessive);
                match (self.is(j, R::Eve), self.unit(j)) {
                    (true, _) => self.feast(i, 12, 31, j),
                    (_, Some((Unit::Day, false))) => self.feast(i, 1, 1, j),
                    _ => None,
                }
            }
            R::The => self.the_point(i, depth),
            _ => None,
        }
    }

    /// "the" and what it may stand before.
    fn the_point(&self, i: usize, depth: u32) -> Option<(Point, usize)> {
        use Role as R;
        let j = i + 1;
        if let Some((unit, false)) = self.unit(j) {
            if unit == Unit::Day && matches!(self.role(j + 1), Some(R::After | R::Before)) {
                let sign = if self.is(j + 1, R::After) { 1 } else { -1 };
                return match self.role(j + 2) {
                    Some(R::Tomorrow) if sign == 1 => self.named_day(j + 2, 2, None),
                    Some(R::Yesterday) if sign == -1 => self.named_day(j + 2, -2, None),
                    _ => Some((Point::from(Span::FromReference { unit, n: sign }), j + 2)),
                };
            }
            if unit == Unit::Weekend {
                if self.is(j + 1, R::Of)
                    && let Some((Value::At(p) | Value::Range(p, _), end)) = self.date(j + 2)
                {
                    return Some((p, end)).filter(|(p, _)| matches!(p.span, Span::Date { .. }));
                }
                return Some((Point::from(Span::Weekend { pick: Pick::Bare }), j + 1));
            }
            if unit == Unit::Week {
                let of = self.is(j + 1, R::Of)
                    || (matches!(self.role(j + 1), Some(R::Starting | R::Ending)))
                    || self.is(j + 1, R::From);
                let k = self.skip(self.skip(j + 2, R::On), R::The);
                if of && let Some((Value::At(p) | Value::Range(p, _), end)) = self.date(k) {
                    return Some((Point { span: week_of(p.span)?, ..p }, end));
                }
            }
            if unit == Unit::Year
                && let Some((y, end)) = self.year_number(self.skip(j + 1, R::Of))
            {
                return Some((Point::from(Span::Year(y)), end));
            }
            return None;
        }
        if let Word::Entry(Entry::Season { n, .. }) = self.word(j) {
            return self.season(j, n, false, Pick::Bare).filter(|_| n != 2 || self.season_sure(j));
        }
        match self.role(j) {
            Some(R::Last | R::Next | R::Coming | R::Past | R::Previous | R::Following | R::Same | R::This) => {
                self.the_picked(j, depth)
            }
            Some(R::End | R::Begin | R::Starting | R::Middle | R::Latter | R::Early | R::Late | R::Mid) => {
                self.role_point(j, self.role(j)?, depth)
            }
            _ => match self.word(j) {
                Word::Entry(Entry::Ordinal(n)) | Word::Nth(n) => self.ordinal(j, n, depth),
                Word::Entry(Entry::DayPart(_)) if self.is(j + 1, R::Of) => self.day_part_of(j, depth),
                Word::Digits { width: 4, .. } => self.decade(j),
                _ => None,
            },
        }
    }

    /// "the 1990s"
    fn decade(&self, i: usize) -> Option<(Point, usize)> {
        let Word::Digits { n, width: 4 } = self.word(i) else { return None };
        let s = !self.spaced(i + 1) && (self.plain(i + 1) || self.word(i + 1) == Word::Possessive);
        (s && n % 10 == 0 && (1000..=2100).contains(&n)).then(|| {
            let count = if n % 100 == 0 && n < 1900 { 100 } else { 10 };
            (Point::from(Span::Years { first: n as i32, count }), i + 2)
        })
    }

    /// A year by itself, where it can be nothing else.
    pub(super) fn year(&self, i: usize) -> Option<(Point, usize)> {
        use Role as R;
        if let Some(found) = self.decade(i) {
            return Some(found);
        }
        let (y, end) = self.year_number(i)?;
        let before = self.before(i);
        let prep = match before {
            Word::Entry(Entry::Role(r)) => !matches!(r, R::Label | R::Quantity | R::Some | R::At | R::Once),
            Word::Entry(Entry::Month { .. } | Entry::Season { .. } | Entry::Unit { .. } | Entry::Ordinal(_)) => true,
            // the second of "2010-2014"
            Word::Hyphen => matches!(i.checked_sub(2).map(|j| self.word(j)), Some(Word::Digits { width: 4, .. })),
            _ => false,
        };
        let strong = matches!(
            before,
            Word::Entry(Entry::Role(R::In | R::Since | R::Until | R::During | R::Early | R::Late | R::Mid | R::Fiscal))
        );
        let free = !self.plain(end) || self.word(end) == Word::Possessive;
        let ok = match before {
            Word::Currency | Word::Slash | Word::Figure => false,
            Word::Entry(Entry::Role(R::Label)) => false,
            Word::Entry(Entry::Role(R::Of)) if (1500..1900).contains(&y) => free,
            _ if y < 1900 => strong && free,
            _ => prep || (free && !matches!(before, Word::Entry(Entry::Role(R::At | R::Quantity | R::Some)))),
        };
        (ok && !(self.word(end) == Word::Hyphen && self.plain(end + 1) && !self.spaced(end)))
            .then(|| (Point::from(Span::Year(y)), end))
    }

    /// A weekday with its date, week, part of the day and hour.
    pub(super) fn weekday(&self, i: usize, week: Pick) -> Option<(Point, usize)> {
        use Role as R;
        let Word::Entry(Entry::Weekday { n, weak, plural }) = self.word(i) else { return None };
        if plural || (weak && !self.weekday_abbreviation(i)) || (self.is(i + 1, R::Paper) && self.capital(i + 1)) {
            return None;
        }
        let weekday = chrono::Weekday::try_from(n).ok()?;
        let (day_part, j) = self.day_part_behind(i + 1);
        let k = self.skip(self.comma(j), R::On);
        if let Some((Value::At(p), end)) = self.date(k)
            && let Span::Date { year, month, day, .. } = p.span
        {
            let year = if year == Pick::Bare && matches!(week, Pick::Last | Pick::Next) { week } else { year };
            let point = Point { span: Span::Date { year, month, day, weekday: Some(weekday) }, day_part, ..p };
            return Some(self.with_hour(point, end));
        }
        let (week, plus, end) = match self.week_behind(j) {
            Some((n, end)) => (Pick::Offset(n), 0, end),
            None if self.unit(j) == Some((Unit::Week, false)) && self.word(j + 1) != Word::Hyphen => (week, 1, j + 1),
            None if self.is(j, R::Next) && !self.named_behind(j + 1) => (Pick::Next, 0, j + 1),
            None => (week, 0, j),
        };
        let (mut point, mut end) = self.with_hour(Point::from(Span::Weekday { weekday, week, plus }), end);
        if point.day_part.is_none() {
            let (part, k) = self.day_part_behind(end);
            (point.day_part, end) = (part, k);
        }
        point.day_part = day_part.or(point.day_part);
        Some((point, end))
    }

    fn named_behind(&self, i: usize) -> bool {
        matches!(
            self.word(i),
            Word::Entry(Entry::Unit { .. } | Entry::Weekday { .. } | Entry::Month { .. } | Entry::Season { .. })
        ) || self.plain(i)
    }

    /// "next week", "of last week", "this week"
    fn week_behind(&self, i: usize) -> Option<(i32, usize)> {
        let j = self.skip(i, Role::Of);
        let n = match self.role(j)? {
            Role::Last => -1,
            Role::This => 0,
            Role::Next => 1,
            _ => return None,
        };
        (self.unit(j + 1) == Some((Unit::Week, false)) && self.word(j + 2) != Word::Possessive).then_some((n, j + 2))
    }

    fn weekday_abbreviation(&self, i: usize) -> bool {
        use Role as R;
        let date = matches!(self.word(self.comma(i + 1)), Word::Entry(Entry::Month { .. }) | Word::Digits { .. })
            || self.day_part(i + 1).is_some();
        self.capital(i)
            && (date
                || matches!(
                    self.before(i),
                    Word::Entry(Entry::Role(
                        R::On | R::Last | R::Next | R::Until | R::Since | R::By | R::Early | R::Late
                    ))
                ))
    }

    fn day_part_behind(&self, i: usize) -> (Option<DayPart>, usize) {
        match self.day_part(i) {
            Some(part) if self.word(i + 1) != Word::Hyphen => (Some(part), i + 1),
            _ => (None, i),
        }
    }

    pub(super) fn named_day(&self, i: usize, n: i32, part: Option<DayPart>) -> Option<(Point, usize)> {
        let (behind, j) = self.day_part_behind(i + 1);
        let point = Point { day_part: part.or(behind), ..Point::from(Span::Today(n)) };
        Some(self.with_hour(point, j))
    }

    fn feast(&self, i: usize, month: u32, day: u32, j: usize) -> Option<(Point, usize)> {
        let year = match self.role(i.wrapping_sub(1)) {
            Some(Role::Last) => Pick::Last,
            Some(Role::Next) => Pick::Next,
            _ => Pick::Bare,
        };
        let named = self.is(j, Role::Eve) || self.unit(j) == Some((Unit::Day, false));
        let j = j + usize::from(named);
        let (year, end) = self.year_behind(j).unwrap_or((year, j));
        Some((Point::from(Span::Date { year, month, day, weekday: None }), end))
    }
}

pub(super) fn shift(unit: Unit, n: i32, part: Option<Part>, end: usize) -> Option<(Point, usize)> {
    Some((Point { part, ..Point::from(Span::Shift { unit, n }) }, end))
}

fn week_of(span: Span) -> Option<Span> {
    match span {
        Span::Date { year, month, day, .. } => Some(Span::WeekOf { year, month, day }),
        _ => None,
    }
}
