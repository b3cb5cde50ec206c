//! A calendar day as the gazetteer needs it: compared and printed, never added to.

use std::fmt;

/// A day of the Gregorian calendar, ordered by time.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(u32);

impl Day {
    /// The day of year `year` (0 to 9999), month 1 to 12, day 1 to 31; values outside are clamped.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        const fn within(value: u32, low: u32, high: u32) -> u32 {
            if value < low {
                low
            } else if value > high {
                high
            } else {
                value
            }
        }
        Self(within(year as u32, 0, 9999) * 10_000 + within(month as u32, 1, 12) * 100 + within(day as u32, 1, 31))
    }

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`; what is missing is the first of its kind. None for any other text.
    pub fn parse_first(text: &str) -> Option<Self> {
        let (year, month, day) = parts(text)?;
        Some(Self::new(year, month.unwrap_or(1), day.unwrap_or(1)))
    }

    /// As [`Day::parse_first`], but what is missing is the last of its kind.
    pub fn parse_last(text: &str) -> Option<Self> {
        let (year, month, day) = parts(text)?;
        let month = month.unwrap_or(12);
        Some(Self::new(year, month, day.unwrap_or(month_length(year, month))))
    }

    /// The year.
    pub const fn year(self) -> u16 {
        (self.0 / 10_000) as u16
    }

    /// The month, 1 to 12.
    pub const fn month(self) -> u8 {
        (self.0 / 100 % 100) as u8
    }

    /// The day of the month, 1 to 31.
    pub const fn day(self) -> u8 {
        (self.0 % 100) as u8
    }

    /// A count of days good for distances: months are taken as 31 days long, so that it is never less than the true one by more
    /// than a few days a year.
    pub const fn rough_number(self) -> i32 {
        self.year() as i32 * 365 + (self.month() as i32 - 1) * 365 / 12 + self.day() as i32
    }
}

const fn month_length(year: u16, month: u8) -> u8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 31,
    }
}

fn parts(text: &str) -> Option<(u16, Option<u8>, Option<u8>)> {
    let mut fields = text.split('-');
    let number = |field: &str, width: usize| -> Option<u16> {
        (field.len() == width && field.bytes().all(|b| b.is_ascii_digit())).then(|| field.parse().ok())?
    };
    let year = number(fields.next()?, 4)?;
    let month = match fields.next() {
        None => None,
        Some(field) => Some(number(field, 2).filter(|m| (1..=12).contains(m))? as u8),
    };
    let day = match fields.next() {
        None => None,
        Some(field) => Some(number(field, 2).filter(|d| (1..=31).contains(d))? as u8),
    };
    fields.next().is_none().then_some((year, month, day))
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

impl fmt::Debug for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coarse_date_is_read_as_its_first_or_last_day() {
        assert_eq!(Day::parse_first("1997-05"), Some(Day::new(1997, 5, 1)));
        assert_eq!(Day::parse_last("1997"), Some(Day::new(1997, 12, 31)));
        assert_eq!(Day::parse_last("2000-02"), Some(Day::new(2000, 2, 29)));
        assert_eq!(Day::parse_last("1997-04"), Some(Day::new(1997, 4, 30)));
        assert_eq!(Day::parse_first("1997-05-17").map(|d| d.to_string()).as_deref(), Some("1997-05-17"));
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "97", "1997-5", "1997-13", "1997-00", "1997-05-32", "1997-05-17-1", "1997-05-", "may 1997"] {
            assert_eq!(Day::parse_first(text), None, "{text}");
        }
    }
}
