//! Finds the time expressions of a sentence: prepositions, ranges, and the order in which readings are tried.

use std::ops::Range;

use dateline_text::{Token, TokenKind};

use super::item::{Items, Word};
use super::range::Cores;
use super::value::{Point, Span, TimeExpr, Unit, Value};
use super::vocabulary::{Entry, Role, TimeWord};

/// Finds the time expressions in the tokens of `range`: ordered, without overlaps, each as long as it goes.
///
/// Linear in the number of tokens: every reading looks a bounded number of tokens ahead.
pub(crate) fn find(text: &str, tokens: &[Token], range: Range<usize>) -> Vec<TimeExpr> {
    let word = |t: &Token| (t.kind == TokenKind::Word).then(|| TimeWord::of(t.text(text))).flatten();
    find_known(text, tokens, range, |i| tokens.get(i).and_then(word))
}

/// The same, where it is known which tokens are words of time.
pub(crate) fn find_known(
    text: &str,
    tokens: &[Token],
    range: Range<usize>,
    word: impl Fn(usize) -> Option<TimeWord>,
) -> Vec<TimeExpr> {
    let mut found = Vec::new();
    let Some(items) = Items::read(text, tokens, range, word) else { return found };
    let mut i = 0;
    while i < items.0.len() {
        if !items.opens_at(i) {
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
                if let Some(Ok((Value::Duration { amount, unit } | Value::In { amount, unit }, end))) =
                    self.length_after(j)
                {
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
        let counted = || match self.length(k)? {
            Ok((Value::At(p), end)) => Some((p, end)),
            _ => None,
        };
        // "before the May 7 summit"
        let named = || self.is(k, R::The).then(|| self.point(k + 1))?;
        let (p, end) = self.point(k).or_else(|| self.day_of_month(k, true)).or_else(counted).or_else(named)?;
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
    pub(super) fn day_of_month(&self, i: usize, sure: bool) -> Option<(Point, usize)> {
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
        let free = !matches!(
            self.word(j + 1),
            Word::Other | Word::Hyphen | Word::Entry(Entry::Unit { .. } | Entry::DayPart(_))
        );
        let day_before = matches!(self.role(i.wrapping_sub(1)), Some(R::On | R::Until | R::Since | R::By | R::From));
        (free && (sure || day_before)).then_some((Point::from(Span::DayOfMonth { day, month: None }), j + 1))
    }
}
