//! A date as precise as it is known, in four bytes.

use std::num::NonZeroU32;

use chrono::{Datelike, NaiveDate};
use dateline_model::PartialDate;

/// Days since 1 January of year 1.
pub(crate) type Day = i32;

/// A [`PartialDate`]: the precision in the two highest bits, below it the year, the month since year 0 or the day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Date(NonZeroU32);

const SHIFT: u32 = 30;

impl Date {
    /// `None` for years before 0, which no date of the contract has.
    pub(crate) fn new(d: PartialDate) -> Option<Self> {
        let (precision, n) = match d {
            PartialDate::Year(y) => (1, y),
            PartialDate::Month(y, m) => (2, y.checked_mul(12)?.checked_add(m.cast_signed() - 1)?),
            PartialDate::Day(d) => (3, day(d)),
        };
        let n = u32::try_from(n).ok().filter(|n| *n < 1 << SHIFT)?;
        NonZeroU32::new(precision << SHIFT | n).map(Self)
    }

    fn number(self) -> i32 {
        (self.0.get() & ((1 << SHIFT) - 1)).cast_signed()
    }

    /// 0 for a year, 1 for a month, 2 for a day.
    pub(crate) fn precision(self) -> u8 {
        (self.0.get() >> SHIFT) as u8 - 1
    }

    /// The date as the contract has it.
    pub(crate) fn partial(self) -> PartialDate {
        let n = self.number();
        match self.precision() {
            0 => PartialDate::Year(n),
            1 => PartialDate::Month(n.div_euclid(12), n.rem_euclid(12).cast_unsigned() + 1),
            _ => PartialDate::Day(NaiveDate::from_num_days_from_ce_opt(n).unwrap_or_default()),
        }
    }

    /// First and last day that it covers.
    pub(crate) fn span(self) -> (Day, Day) {
        if self.precision() == 2 {
            return (self.number(), self.number());
        }
        let d = self.partial();
        (day(d.first_day()), day(d.last_day()))
    }

    /// True when the two share a day.
    pub(crate) fn overlaps(self, other: Self) -> bool {
        let ((a, b), (c, d)) = (self.span(), other.span());
        a <= d && c <= b
    }
}

pub(crate) fn day(d: NaiveDate) -> Day {
    d.num_days_from_ce()
}

/// Days that a period covers, as far as it is known.
pub(crate) fn interval(start: Option<Date>, end: Option<Date>) -> Option<(Day, Day)> {
    match (start.map(Date::span), end.map(Date::span)) {
        (Some((lo, s)), Some((_, e))) => Some((lo, if e < lo { s } else { e })),
        (Some(s), None) => Some(s),
        (None, Some(e)) => Some(e),
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packed_date_is_the_date() {
        for text in ["1000", "9999", "2025", "2025-01", "2025-12", "1987-02-28", "2024-02-29"] {
            let d: PartialDate = text.parse().unwrap();
            let packed = Date::new(d).unwrap();
            assert_eq!(packed.partial(), d);
            assert_eq!((packed.precision(), packed.span()), (d.precision(), (day(d.first_day()), day(d.last_day()))));
        }
    }
}
