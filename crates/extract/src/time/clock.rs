//! Times of day and what they are said of.

use super::item::{Items, Word};
use super::value::{Clock, DayPart, Point, Span, Unit};
use super::vocabulary::Role;

impl Items {
    /// "at 10:30", ", 10 a.m." behind a day.
    pub(super) fn with_hour(&self, point: Point, i: usize) -> (Point, usize) {
        let j = self.skip(self.comma(i), Role::At);
        match self.clock(j) {
            Some((clock, end)) => (Point { clock: Some(clock), ..point }, end),
            None => (point, i),
        }
    }

    /// "10:30", "10.30 a.m.", "7 p.m. local time", "1800 GMT"
    pub(super) fn clock(&self, i: usize) -> Option<(Clock, usize)> {
        use Role as R;
        let (mut minutes, mut sure) = match self.word(i) {
            Word::Clock { minutes, sure } => (minutes, sure),
            Word::Digits { n, width: 1 | 2 }
                if (1..=12).contains(&n) && matches!(self.role(i + 1), Some(R::Am | R::Pm)) =>
            {
                ((n * 60) as Clock, true)
            }
            Word::Digits { n, width: 4 } if n / 100 < 24 && n % 100 < 60 => ((n / 100 * 60 + n % 100) as Clock, false),
            _ => return None,
        };
        let four = matches!(self.word(i), Word::Digits { width: 4, .. });
        let mut j = i + 1;
        match self.role(j) {
            Some(R::Am) if !four => {
                minutes %= 720;
                sure = true;
                j += 1;
            }
            Some(R::Pm) if !four => {
                minutes = minutes % 720 + 720;
                sure = true;
                j += 1;
            }
            _ => {}
        }
        if self.is(j, R::Zone) {
            sure = true;
            j += 1;
        } else if self.is(j, R::Local) && self.is(j + 1, R::Time) {
            sure = true;
            j += 2;
        } else if four && self.unit(j) == Some((Unit::Hour, true)) {
            sure = true;
            j += 1;
        }
        sure.then_some((minutes, j))
    }

    /// "10:30 GMT on Friday", "8 p.m. Monday"
    pub(super) fn clock_first(&self, i: usize, depth: u32) -> Option<(Point, usize)> {
        let (clock, j) = self.clock(i)?;
        let k = self.skip(self.comma(j), Role::On);
        let day = |p: &Point| matches!(p.span, Span::Date { .. } | Span::Weekday { .. } | Span::Today(_));
        let (p, end) = self.point_at(k, depth).filter(|(p, _)| day(p))?;
        Some((Point { clock: Some(clock), ..p }, end))
    }

    /// "the morning of May 7", "noon on Friday"
    pub(super) fn day_part_of(&self, i: usize, depth: u32) -> Option<(Point, usize)> {
        let part = self.day_part(i)?;
        let j = match self.role(i + 1) {
            Some(Role::Of | Role::On) => i + 2,
            _ if part == DayPart::Midday => i + 1,
            _ => return None,
        };
        let (p, end) = self.point_at(j, depth)?;
        matches!(p.span, Span::Date { .. } | Span::Weekday { .. } | Span::Today(_))
            .then_some((Point { day_part: Some(part), ..p }, end))
    }
}
