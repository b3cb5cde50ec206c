//! Two points that make a range: "May 7 to June 2", "Thursday, Friday and Saturday", "2010-2014".

use super::item::{Items, Word};
use super::value::{Pick, Point, Span, Value};
use super::vocabulary::{Entry, Role};

/// Items of the one or two calendar expressions inside a reading.
pub(super) type Cores = [Option<(usize, usize)>; 2];

impl Items {
    /// An end of a range; `open` behind "from" and "between", where a bare day number will do.
    fn endpoint(&self, i: usize, open: bool) -> Option<(Point, usize)> {
        self.point(i).or_else(|| self.day_of_month(i, open)).or_else(|| {
            let day = self.day(self.skip(i, Role::The)).filter(|_| open)?;
            let end = self.skip(i, Role::The) + 1;
            Some((Point::from(Span::DayOfMonth { day, month: None }), end))
        })
    }

    /// A point, or a range of two.
    pub(super) fn stretch(&self, i: usize, open: bool) -> Option<(Value, Cores, usize)> {
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
        let alone = Some((Value::At(p), [Some((i, j)), None], j)).filter(|_| {
            // "from 5 pct": a number alone is no day
            !matches!(p.span, Span::DayOfMonth { month: None, .. }) || matches!(self.word(j - 1), Word::Nth(_))
        });
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
            return alone
                .filter(|_| !matches!(p.span, Span::DayOfMonth { month: None, .. }) || !open || self.is(i, R::The));
        }
        let k = c + 1;
        let Some((q, end)) = self.endpoint(k, open || matches!(p.span, Span::DayOfMonth { .. })) else { return alone };
        let (p2, q2) = share(p, q);
        // "from 5 to 10 pct", "from 5-1/2": numbers alone are no days
        let unnamed = |p: Point| matches!(p.span, Span::DayOfMonth { month: None, .. });
        if unnamed(p2) && unnamed(q2) && !matches!(self.word(j - 1), Word::Nth(_)) {
            return None;
        }
        let fits = if listed {
            matches!(q.span, Span::Weekday { .. })
        } else if and && !(open && self.is(i.wrapping_sub(1), R::Between)) {
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
            gap == 1
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
        (&mut Span::Date { year, month, day: first, .. }, &mut Span::DayOfMonth { day, month: None })
            if day >= first =>
        {
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
