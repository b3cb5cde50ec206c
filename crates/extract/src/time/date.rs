//! Dates by day and month, in all orders: "May 7-10, 2025", "7 and 8 May", "2025-05-07", "May of last year".

use super::item::{Items, Word};
use super::value::{Pick, Point, Span, Unit, Value};
use super::vocabulary::{Entry, Role};

/// Days listed behind a month at most ("May 7, 8, 9 and 10").
const LIST: usize = 6;

impl Items {
    /// A date or a run of days in one month.
    pub(super) fn date(&self, i: usize) -> Option<(Value, usize)> {
        match self.word(i) {
            Word::Entry(Entry::Month { n, weak }) => self.month_first(i, n, weak),
            Word::Digits { width: 4, .. } => self.slashed(i),
            Word::Digits { n, width } if width <= 2 => self.slashed(i).or_else(|| self.day_first(i, n)),
            Word::Nth(n) => self.day_first(i, n),
            Word::Entry(Entry::Ordinal(n)) if self.is(i + 1, Role::Of) => self.day_first(i, n),
            Word::Entry(Entry::Role(Role::The)) => match self.word(i + 1) {
                Word::Nth(n) => self.day_first(i + 1, n),
                Word::Entry(Entry::Ordinal(n)) if self.is(i + 2, Role::Of) => self.day_first(i + 1, n),
                _ => None,
            },
            Word::Iso(d) => {
                let (year, month, day) =
                    (chrono::Datelike::year(&d), chrono::Datelike::month(&d), chrono::Datelike::day(&d));
                at(Span::Date { year: Pick::Given(year), month, day, weekday: None }, i + 1)
            }
            Word::Dotted { day, month, year } => {
                at(Span::Date { year: Pick::Given(year), month, day, weekday: None }, i + 1)
            }
            _ => None,
        }
    }

    fn month_first(&self, i: usize, month: u32, weak: bool) -> Option<(Value, usize)> {
        if weak && !self.capital(i) {
            return None;
        }
        // "an April-5-6 summit"
        let glued = usize::from(self.word(i + 1) == Word::Hyphen && !self.spaced(i + 1));
        if let Some((first, last, j)) = self.days(i + 1 + glued) {
            let (year, end) = self.year_behind(j).unwrap_or((Pick::Bare, j));
            let year = if (month, first) == (9, 11) && year == Pick::Bare && self.is(end, Role::Attack) {
                Pick::Given(2001)
            } else {
                year
            };
            return days_of(first, last, month, year, end);
        }
        if let Some((year, end)) = self.year_behind(i + 1) {
            return at(Span::Month { month, year }, end);
        }
        self.month_alone(i, month, weak).then(|| at(Span::Month { month, year: Pick::Bare }, i + 1))?
    }

    fn day_first(&self, i: usize, day: u32) -> Option<(Value, usize)> {
        if !(1..=31).contains(&day) || self.before(i) == Word::Currency {
            return None;
        }
        let (last, j) = self.run(day, i + 1, true);
        let j = self.skip(j, Role::Of);
        let Word::Entry(Entry::Month { n: month, weak }) = self.word(j) else { return None };
        if weak && !self.capital(j) {
            return None;
        }
        let (year, end) = self.year_behind(j + 1).unwrap_or((Pick::Bare, j + 1));
        if year == Pick::Bare && self.day(j + 1).is_some() && last == day {
            return None; // "at least 12 May 5": the number belongs to something else
        }
        days_of(day, last, month, year, end)
    }

    /// The days behind a month: first, last, end.
    fn days(&self, i: usize) -> Option<(u32, u32, usize)> {
        let day = self.day(i)?;
        let (last, end) = self.run(day, i + 1, false);
        Some((day, last, end))
    }

    /// A day number that is no count of something.
    pub(super) fn day(&self, i: usize) -> Option<u32> {
        let n = match self.word(i) {
            Word::Digits { n, width } if width <= 2 => n,
            Word::Nth(n) => n,
            // "June four", as agencies once wrote
            Word::Entry(Entry::Number(n)) if n <= 31 && (self.capital(i) || i > 0 && self.before(i - 1) == ON) => n,
            _ => return None,
        };
        let counted = self.unit(i + 1).is_some()
            || self.is(i + 1, Role::Measure)
            || (self.word(i + 1) == Word::Hyphen && self.unit(i + 2).is_some());
        ((1..=31).contains(&n) && !counted).then_some(n)
    }

    /// What follows the first day of a run: "-10", "to 10", ", 8 and 9"; the last day and the end. Before a month
    /// (`day_first`) any run goes, as the month proves it.
    fn run(&self, first: u32, i: usize, day_first: bool) -> (u32, usize) {
        let mut out = (first, i);
        let (mut last, mut at) = out;
        for _ in 0..LIST {
            let comma = self.word(at) == Word::Comma && !self.is(at + 1, Role::And);
            let joint = self.comma(at);
            let hyphen = matches!(self.word(joint), Word::Hyphen | Word::Slash);
            let joins = matches!(self.role(joint), Some(Role::To | Role::Through | Role::Until | Role::And | Role::Or));
            if !(comma || hyphen || joins) {
                break;
            }
            let next = self.skip(if comma { joint } else { joint + 1 }, Role::The);
            let Some(day) = self.day(next).filter(|d| *d > last) else { break };
            let proved = day_first || hyphen || day == last + 1 || !self.plain(next + 1);
            let own_month = !day_first && self.month_at(next + 1); // "from May 7 to 10 June"
            if !proved || own_month {
                break;
            }
            (last, at) = (day, next + 1);
            if !comma {
                out = (last, at);
                break;
            }
        }
        out
    }

    /// "2025", ", 2025", "of 1985", "last year", "of this year".
    pub(super) fn year_behind(&self, i: usize) -> Option<(Pick, usize)> {
        let j = self.comma(i);
        if let Some((y, end)) = self.year_number(j) {
            return Some((Pick::Given(y), end));
        }
        let j = self.skip(j, Role::Of);
        if j > i
            && self.is(j - 1, Role::Of)
            && let Some((y, end)) = self.year_number(j)
        {
            return Some((Pick::Given(y), end));
        }
        self.year_phrase(j)
    }

    /// "this year", "last year", "next year", "the same year" is not one.
    pub(super) fn year_phrase(&self, i: usize) -> Option<(Pick, usize)> {
        let n = match self.role(i)? {
            Role::Last => -1,
            Role::This => 0,
            Role::Next => 1,
            _ => return None,
        };
        (self.unit(i + 1) == Some((Unit::Year, false))).then_some((Pick::Offset(n), i + 2))
    }

    /// Four digits that can be a year.
    pub(super) fn year_number(&self, i: usize) -> Option<(i32, usize)> {
        let Word::Digits { n, width: 4 } = self.word(i) else { return None };
        let counted = self.unit(i + 1).is_some()
            || matches!(self.role(i + 1), Some(Role::Measure | Role::Zone))
            || (self.word(i + 1) == Word::Hyphen && self.unit(i + 2).is_some())
            || (self.word(i + 1) == Word::Slash
                && !matches!(self.word(i + 2), Word::Digits { n: m, width: 2 } if (n + 1) % 100 == m));
        ((1000..=2100).contains(&n) && !counted).then_some((n as i32, i + 1))
    }

    /// "07/05/2025", "2025/05/07".
    fn slashed(&self, i: usize) -> Option<(Value, usize)> {
        let number = |j: usize| match self.word(j) {
            Word::Digits { n, width } => Some((n, width)),
            _ => None,
        };
        if self.word(i + 1) != Word::Slash || self.word(i + 3) != Word::Slash {
            return None;
        }
        let ((a, wa), (b, _), (c, wc)) = (number(i)?, number(i + 2)?, number(i + 4)?);
        let (year, month, day) = match (wa, wc) {
            (4, 1 | 2) => (a, b, c),
            (1 | 2, 4) if a > 12 || a == b => (c, b, a),
            (1 | 2, 4) if b > 12 => (c, a, b),
            (1 | 2, 4) => {
                let year = c as i32;
                return ((1..=12).contains(&a) && (1..=12).contains(&b))
                    .then(|| at(Span::Ambiguous { year }, i + 5))?;
            }
            _ => return None,
        };
        let sound = (1..=31).contains(&day) && (1..=12).contains(&month) && (1000..=2100).contains(&year);
        sound.then(|| at(Span::Date { year: Pick::Given(year as i32), month, day, weekday: None }, i + 5))?
    }

    /// A month without day and year: is it a month here, and not a modal verb, a march or a name?
    fn month_alone(&self, i: usize, month: u32, weak: bool) -> bool {
        use Role as R;
        let before = self.before(i);
        let near = i.checked_sub(2).is_some_and(|j| self.month_at(j) || self.day(j).is_some());
        let close = match before {
            Word::Entry(Entry::Role(r)) => match r {
                R::In
                | R::Since
                | R::Until
                | R::By
                | R::From
                | R::Early
                | R::Late
                | R::Mid
                | R::Last
                | R::This
                | R::Next
                | R::During
                | R::Through
                | R::Between
                | R::Coming
                | R::Past
                | R::Starting
                | R::Ending
                | R::Every
                | R::Previous
                | R::Following
                | R::Within
                | R::End => true,
                R::And | R::Or | R::To => near || self.month_at(i + 2),
                R::Of => i
                    .checked_sub(2)
                    .is_some_and(|j| !matches!(self.word(j), Word::Other | Word::Stop | Word::Comma | Word::Quote)),
                R::The | R::A => self.plain(i + 1) && !self.capital(i + 1),
                _ => false,
            },
            Word::Hyphen | Word::Slash => near || i.checked_sub(2).is_some_and(|j| self.mid_word(j)),
            _ => false,
        };
        if self.word(i + 1) == Word::Possessive && weak {
            return matches!(before, Word::Entry(Entry::Role(R::Last | R::This | R::Next | R::Early | R::Late)));
        }
        if weak {
            let joined = matches!(self.word(i + 1), Word::Hyphen | Word::Slash) && self.month_at(i + 2);
            return close || joined;
        }
        // "June Smith", "April Glaspie"
        let given_name = matches!(month, 4 | 6 | 8)
            && self.capital(i)
            && self.plain(i + 1)
            && self.capital(i + 1)
            && !self.upper(i + 1)
            && !matches!(before, Word::Entry(_) | Word::Hyphen);
        close || !given_name
    }

    pub(super) fn month_at(&self, i: usize) -> bool {
        matches!(self.word(i), Word::Entry(Entry::Month { weak, .. }) if !weak || self.capital(i))
    }

    fn mid_word(&self, i: usize) -> bool {
        matches!(self.role(i), Some(Role::Mid | Role::Early | Role::Late | Role::End | Role::Begin))
    }
}

const ON: Word = Word::Entry(Entry::Role(Role::On));

fn at(span: Span, end: usize) -> Option<(Value, usize)> {
    Some((Value::At(Point::from(span)), end))
}

fn days_of(first: u32, last: u32, month: u32, year: Pick, end: usize) -> Option<(Value, usize)> {
    let day = |day| Point::from(Span::Date { year, month, day, weekday: None });
    let value = if first == last { Value::At(day(first)) } else { Value::Range(day(first), day(last)) };
    Some((value, end))
}
