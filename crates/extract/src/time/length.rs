//! Lengths of time: durations, windows ("the past two days"), counts from a day ("three weeks ago"), repetitions.

use super::item::{Items, Word};
use super::value::{Amount, Pick, Point, Span, Unit, Value};
use super::vocabulary::{Entry, Role};

/// Words that may stand between "the second day of his" and "three-day visit".
const BETWEEN: usize = 3;

impl Items {
    /// "three", "a", "twenty-four", "two and a half", "two or three", "several", "a couple of"
    pub(super) fn amount(&self, i: usize) -> Option<(Amount, usize)> {
        use Role as R;
        let number = |j: usize| match self.word(j) {
            Word::Digits { n, width: 1..=3 } => Some((n, j + 1)),
            Word::Entry(Entry::Number(tens @ 20..=90)) => match (self.word(j + 1), self.word(j + 2)) {
                (Word::Hyphen, Word::Entry(Entry::Number(n @ 1..=9))) => Some((tens + n, j + 3)),
                _ => Some((tens, j + 1)),
            },
            Word::Entry(Entry::Number(n)) => Some((n, j + 1)),
            _ => None,
        };
        if let Some((n, j)) = number(i) {
            // "two or three days", "four to six weeks", "two- to three-week"
            let k = j + usize::from(self.word(j) == Word::Hyphen);
            let joined = matches!(self.role(k), Some(R::To | R::Or)) || self.word(j) == Word::Hyphen;
            let k = k + usize::from(matches!(self.role(k), Some(R::To | R::Or)));
            let k = k + usize::from(k > j + 1 && self.word(k) == Word::Hyphen);
            if joined && let Some((m, end)) = number(k).filter(|(m, _)| *m > n) {
                return Some((Amount::About(m), end));
            }
            if self.is(j, R::And) && self.is(j + 1, R::A) && self.is(j + 2, R::Half) {
                return Some((Amount::About(n + 1), j + 3));
            }
            return Some((Amount::Exactly(n), j));
        }
        match self.role(i)? {
            R::A => match self.role(i + 1) {
                Some(R::Some) => Some((Amount::Some, i + 2)),
                Some(R::Couple) => Some((Amount::About(2), self.skip(i + 2, R::Of))),
                Some(R::Half) => Some((Amount::Half, i + 2 + usize::from(self.word(i + 2) == Word::Hyphen))),
                _ => match number(i + 1) {
                    Some((12, j)) => Some((Amount::Exactly(12), j)),
                    Some((100, j)) => Some((Amount::Exactly(100), j)),
                    _ => self.unit(i + 1).map(|_| (Amount::Exactly(1), i + 1)),
                },
            },
            R::Some => Some((Amount::Some, i + 1)),
            R::Couple => Some((Amount::About(2), self.skip(i + 1, R::Of))),
            R::Half => Some((Amount::Half, self.skip(i + 1, R::A))),
            _ => None,
        }
    }

    /// An amount with its unit and what it is counted from. `Err` holds the end of something that is no time: an age.
    pub(super) fn length(&self, i: usize) -> Option<Result<(Value, usize), usize>> {
        use Role as R;
        let (amount, j) = self.amount(i)?;
        let hyphen = self.word(j) == Word::Hyphen;
        let j = j + usize::from(hyphen);
        let (unit, plural) = self.unit(j)?;
        let mut k = j + 1;
        let article = self.is(i, R::A) && j == i + 1;
        // "37-year-old", "three years old"
        let age = k + usize::from(self.word(k) == Word::Hyphen);
        if self.is(age, R::Old) {
            return Some(Err(age + 1));
        }
        if unit == Unit::Quarter && (hyphen || amount == Amount::Half) {
            return Some(Err(k));
        }
        let long = self.word(k) == Word::Hyphen && self.is(k + 1, R::Long);
        if long {
            return Some(Ok((Value::Duration { amount, unit }, k + 2)));
        }
        if hyphen {
            return Some(Ok((Value::Duration { amount, unit }, k)));
        }
        if self.word(k) == Word::Hyphen && !self.spaced(k) {
            return None; // "a day-old", "one week-end"
        }
        if let Some(n) = count(amount) {
            let ahead = |n| Value::At(Point::from(Span::Shift { unit, n }));
            let from = |n| Value::At(Point::from(Span::FromReference { unit, n }));
            let lasting = matches!(self.role(i.wrapping_sub(1)), Some(R::For | R::Quantity | R::During));
            match self.role(k) {
                Some(R::Ago) if sure(amount) => return Some(Ok((ahead(-n), k + 1))),
                Some(R::Hence) if sure(amount) => return Some(Ok((ahead(n), k + 1))),
                Some(R::From) if self.is(k + 1, R::Now) || self.is(k + 1, R::Today) => {
                    return Some(Ok((ahead(n), k + 2)));
                }
                Some(R::Later) if sure(amount) => return Some(Ok((from(n), k + 1))),
                Some(R::Earlier) if sure(amount) => return Some(Ok((from(-n), k + 1))),
                Some(R::After) if sure(amount) && !lasting => return Some(Ok((from(n), k + 1))),
                Some(R::Before) if sure(amount) && !lasting => return Some(Ok((from(-n), k + 1))),
                Some(R::On) if unit == Unit::Week && amount == Amount::Exactly(1) => {
                    if let Some((p, end)) = self.weekday(k + 1, Pick::Bare)
                        && let Span::Weekday { weekday, week, .. } = p.span
                    {
                        return Some(Ok((
                            Value::At(Point { span: Span::Weekday { weekday, week, plus: 1 }, ..p }),
                            end,
                        )));
                    }
                }
                _ => {}
            }
        }
        match self.role(k) {
            // "a few hours ago"
            Some(R::Ago) if unit == Unit::Hour => {
                return Some(Ok((Value::At(Point::from(Span::Today(0))), k + 1)));
            }
            Some(R::Ago) => return Some(Ok((Value::Window { amount, unit, forward: false, lasting: false }, k + 1))),
            Some(R::Later | R::Earlier) => return Some(Ok((Value::Loose(1), k + 1))),
            _ => {}
        }
        let before = self.role(i.wrapping_sub(1));
        // "in two weeks' time"
        if self.word(k) == Word::Possessive && self.is(k + 1, R::Time) {
            return Some(Ok((Value::In { amount, unit }, k + 2)));
        }
        k += usize::from(self.is(k, R::Time));
        match before {
            Some(R::In) => return Some(Ok((Value::In { amount, unit }, k))),
            Some(R::For | R::During | R::Quantity | R::After) => {}
            // "barrels a day", "once a week"
            _ if article && self.word(k) != Word::Possessive => return Some(Err(k)),
            _ => {}
        }
        // "a five day tour", as some print it
        if !plural && unit == Unit::Quarter {
            return None;
        }
        Some(Ok((Value::Duration { amount, unit }, k)))
    }

    /// "days ago", "for months", "year-long", "daylong", "overnight stay"
    pub(super) fn unit_alone(&self, i: usize) -> Option<(Value, usize)> {
        use Role as R;
        let one = |unit| Value::Duration { amount: Amount::Exactly(1), unit };
        match self.role(i) {
            Some(R::Daylong) => return Some((one(Unit::Day), i + 1)),
            Some(R::Weeklong) => return Some((one(Unit::Week), i + 1)),
            Some(R::Monthlong) => return Some((one(Unit::Month), i + 1)),
            Some(R::Yearlong) => return Some((one(Unit::Year), i + 1)),
            Some(R::Overnight) if self.is(i + 1, R::Stay) => return Some((one(Unit::Night), i + 1)),
            Some(_) => return None,
            None => {}
        }
        let (unit, plural) = self.unit(i)?;
        if !plural {
            return (self.word(i + 1) == Word::Hyphen && self.is(i + 2, R::Long)).then(|| (one(unit), i + 3));
        }
        match self.role(i + 1) {
            Some(R::Ago) => Some((Value::Window { amount: Amount::Some, unit, forward: false, lasting: false }, i + 2)),
            Some(R::Later | R::Earlier) => Some((Value::Loose(if self.is(i + 1, R::Later) { 1 } else { -1 }), i + 2)),
            _ => match self.role(i.wrapping_sub(1)) {
                Some(R::For) => Some((Value::Duration { amount: Amount::Some, unit }, i + 1)),
                Some(R::Within) => None,
                _ => None,
            },
        }
    }

    /// "the past two days", "next few weeks", "the coming days", "the past week"
    pub(super) fn window(&self, i: usize) -> Option<(Value, usize)> {
        use Role as R;
        let the = self.is(i, R::The);
        let j = i + usize::from(the);
        let r = self.role(j)?;
        // "will last four days" is a verb
        let verb = r == R::Last
            && !the
            && (self.plain(i.wrapping_sub(1))
                || matches!(self.before(i), Word::Entry(Entry::Role(R::To) | Entry::Month { .. })));
        if verb {
            return None;
        }
        let lasting = self.role(i.wrapping_sub(1)) == Some(R::For);
        let forward = match r {
            R::Last | R::Past | R::Previous => false,
            R::Recent => {
                return self.unit(j + 1).filter(|u| u.1).map(|(unit, _)| {
                    (Value::Window { amount: Amount::Some, unit, forward: false, lasting: false }, j + 2)
                });
            }
            R::Next | R::Coming | R::Following => true,
            _ => return None,
        };
        if r == R::Past && !the && self.unit(j + 1).is_none_or(|(_, plural)| !plural) && self.amount(j + 1).is_none() {
            return None;
        }
        if let Some((unit, plural)) = self.unit(j + 1) {
            let all = plural && matches!(r, R::Coming | R::Past);
            let whole = !plural
                && the
                && matches!(r, R::Past | R::Last | R::Next)
                && unit != Unit::Day
                && unit != Unit::Night
                && !self.is(j + 2, R::Of)
                && (r == R::Past
                    || matches!(self.role(i.wrapping_sub(1)), Some(R::During | R::In | R::For | R::Within)));
            let coming = !plural && r == R::Coming && the && unit != Unit::Day;
            let amount = if plural { Amount::Some } else { Amount::Exactly(1) };
            return (all || whole || coming).then_some((Value::Window { amount, unit, forward, lasting }, j + 2));
        }
        let (amount, k) =
            if self.is(j + 1, R::Couple) { (Amount::About(2), self.skip(j + 2, R::Of)) } else { self.amount(j + 1)? };
        let k = k + usize::from(self.word(k) == Word::Hyphen);
        let (unit, _) = self.unit(k)?;
        if self.is(k + 1, R::Of) {
            return None; // "the last three months of 1986" is a part of it
        }
        Some((Value::Window { amount, unit, forward, lasting }, k + 1))
    }

    /// "the second day of his three-day official visit"
    pub(super) fn nth_day(&self, i: usize) -> Option<(Value, usize)> {
        use Role as R;
        let j = self.skip(i, R::The);
        let n = match self.word(j) {
            Word::Entry(Entry::Ordinal(n)) | Word::Nth(n) => n,
            Word::Entry(Entry::Role(R::Last | R::Final)) => 0,
            _ => return None,
        };
        if self.unit(j + 1) != Some((Unit::Day, false)) || !self.is(j + 2, R::Of) || n > 60 {
            return None;
        }
        let k = j + 3;
        if !matches!(self.role(k), Some(R::A | R::The | R::His | R::This | R::That)) && !self.plain(k) {
            return None;
        }
        for m in k..=k + BETWEEN {
            if let Some((Amount::Exactly(days), after)) = self.amount(m)
                && let Some((unit, _)) = self.unit(after + usize::from(self.word(after) == Word::Hyphen))
                && self.word(after) == Word::Hyphen
            {
                let days = match unit {
                    Unit::Day => days,
                    Unit::Week => days * 7,
                    _ => return None,
                };
                return Some((Value::NthDay { n, days: days.min(400) }, after + 2));
            }
            let passes = self.plain(m)
                || self.is(m, R::Stay)
                || self.word(m) == Word::Possessive
                || matches!(self.role(m), Some(R::A | R::The | R::His | R::This | R::That));
            if !passes {
                break;
            }
        }
        let named =
            matches!(self.role(k), Some(R::A | R::The | R::His)) && (self.plain(k + 1) || self.is(k + 1, R::Stay));
        (n > 0 && named).then_some((Value::NthDay { n, days: 0 }, j + 2))
    }

    /// "every Tuesday", "each year", "every two weeks", "annual", "Mondays"
    pub(super) fn set(&self, i: usize) -> Option<(Value, usize)> {
        use Role as R;
        let unit = match self.word(i) {
            Word::Entry(Entry::Weekday { plural: true, .. }) => return Some((Value::Set { unit: Unit::Week }, i + 1)),
            // a capital is a name: "the Daily Telegraph"
            Word::Entry(Entry::Role(_)) if self.capital(i) && !self.is(i, R::Every) => return None,
            Word::Entry(Entry::Role(r)) => match r {
                R::FrequentDay => Unit::Day,
                R::FrequentWeek => Unit::Week,
                R::FrequentMonth => Unit::Month,
                R::FrequentQuarter => Unit::Quarter,
                R::FrequentYear => Unit::Year,
                R::Every => {
                    let j = self.skip(i + 1, R::Other);
                    let j = match self.word(j) {
                        Word::Entry(Entry::Number(_) | Entry::Ordinal(_)) | Word::Digits { .. } => j + 1,
                        _ => self.skip(j, R::Some),
                    };
                    let unit = match self.word(j) {
                        Word::Entry(Entry::Unit { unit, .. }) => unit,
                        Word::Entry(Entry::Weekday { .. }) => Unit::Week,
                        Word::Entry(Entry::Month { weak: false, .. } | Entry::Season { weak: false, .. }) => Unit::Year,
                        Word::Entry(Entry::DayPart(_)) => Unit::Day,
                        _ => return None,
                    };
                    return Some((Value::Set { unit }, j + 1));
                }
                _ => return None,
            },
            _ => return None,
        };
        Some((Value::Set { unit }, i + 1))
    }
}

/// The number of an amount.
fn count(amount: Amount) -> Option<i32> {
    match amount {
        Amount::Exactly(n) | Amount::About(n) => Some(n.min(1000) as i32),
        _ => None,
    }
}

fn sure(amount: Amount) -> bool {
    matches!(amount, Amount::Exactly(_) | Amount::About(_))
}
