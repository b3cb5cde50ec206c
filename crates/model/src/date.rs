//! Calendar dates as precise as they are known, periods, and timestamps as articles give them.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A date as precise as it is known: `YYYY`, `YYYY-MM` or `YYYY-MM-DD` (ISO 8601, years 1000 to 9999).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PartialDate {
    /// A year.
    Year(i32),
    /// A year and a month, 1 to 12.
    Month(i32, u32),
    /// A full day.
    Day(NaiveDate),
}

/// Why a text is no [`PartialDate`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no date: write YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct DateError(pub String);

impl PartialDate {
    /// The first day that the date covers.
    pub fn first_day(self) -> NaiveDate {
        let (y, m) = match self {
            Self::Year(y) => (y, 1),
            Self::Month(y, m) => (y, m),
            Self::Day(d) => return d,
        };
        NaiveDate::from_ymd_opt(y, m, 1).unwrap_or(NaiveDate::MIN)
    }

    /// The last day that the date covers.
    pub fn last_day(self) -> NaiveDate {
        let next = match self {
            Self::Year(y) => NaiveDate::from_ymd_opt(y + 1, 1, 1),
            Self::Month(y, 12) => NaiveDate::from_ymd_opt(y + 1, 1, 1),
            Self::Month(y, m) => NaiveDate::from_ymd_opt(y, m + 1, 1),
            Self::Day(d) => return d,
        };
        next.and_then(|d| d.checked_sub_days(Days::new(1))).unwrap_or(NaiveDate::MAX)
    }

    /// The day, where the date is a full day.
    pub fn day(self) -> Option<NaiveDate> {
        match self {
            Self::Day(d) => Some(d),
            _ => None,
        }
    }

    /// The year.
    pub fn year(self) -> i32 {
        self.first_day().year()
    }

    /// The same date at month precision (a year stays a year).
    pub fn to_month(self) -> Self {
        match self {
            Self::Day(d) => Self::Month(d.year(), d.month()),
            other => other,
        }
    }

    /// 0 for a year, 1 for a month, 2 for a day.
    pub fn precision(self) -> u8 {
        match self {
            Self::Year(_) => 0,
            Self::Month(..) => 1,
            Self::Day(_) => 2,
        }
    }

    /// True when every day of `other` is covered.
    pub fn contains(self, other: Self) -> bool {
        self.first_day() <= other.first_day() && other.last_day() <= self.last_day()
    }

    /// True when the two share a day.
    pub fn overlaps(self, other: Self) -> bool {
        self.first_day() <= other.last_day() && other.first_day() <= self.last_day()
    }
}

impl fmt::Display for PartialDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Year(y) => write!(f, "{y:04}"),
            Self::Month(y, m) => write!(f, "{y:04}-{m:02}"),
            Self::Day(d) => write!(f, "{}", d.format("%Y-%m-%d")),
        }
    }
}

impl FromStr for PartialDate {
    type Err = DateError;

    fn from_str(s: &str) -> Result<Self, DateError> {
        let bad = || DateError(s.to_owned());
        let number = |t: &str, len: usize| -> Result<u32, DateError> {
            if t.len() == len && t.bytes().all(|b| b.is_ascii_digit()) {
                t.parse().map_err(|_| bad())
            } else {
                Err(bad())
            }
        };
        let mut parts = s.split('-');
        let year = number(parts.next().unwrap_or(""), 4)?;
        if year < 1000 {
            return Err(bad());
        }
        let Some(month) = parts.next() else { return Ok(Self::Year(year.cast_signed())) };
        let month = number(month, 2)?;
        let Some(day) = parts.next() else {
            return if (1..=12).contains(&month) { Ok(Self::Month(year.cast_signed(), month)) } else { Err(bad()) };
        };
        if parts.next().is_some() {
            return Err(bad());
        }
        NaiveDate::from_ymd_opt(year.cast_signed(), month, number(day, 2)?).map(Self::Day).ok_or_else(bad)
    }
}

impl Serialize for PartialDate {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for PartialDate {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = std::borrow::Cow::<'de, str>::deserialize(d)?;
        s.parse().map_err(D::Error::custom)
    }
}

impl JsonSchema for PartialDate {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PartialDate".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "description": "A date as precise as it is known: YYYY, YYYY-MM or YYYY-MM-DD.",
            "pattern": "^[1-9][0-9]{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
        })
    }
}

/// First and last day of something, each as precise as known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
pub struct Period {
    /// First day.
    pub start: Option<PartialDate>,
    /// Last day; null unless stated or computable.
    pub end: Option<PartialDate>,
    /// Length in days, both ends counted, where the article states one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
}

/// A point in time as an article states it: RFC 3339, or a bare date whose zone is unknown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timestamp {
    text: String,
    date: NaiveDate,
    ms: i64,
}

impl Timestamp {
    /// Parses RFC 3339 or `YYYY-MM-DD`; the error says in plain words what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        if let Ok(PartialDate::Day(date)) = text.parse() {
            return Ok(Self { text: text.to_owned(), date, ms: midnight_ms(date) });
        }
        let t = DateTime::parse_from_rfc3339(text)
            .map_err(|e| format!("{text:?} is no time ({e}): write RFC 3339 (2025-05-04T10:05:00Z) or YYYY-MM-DD"))?;
        if !(1000..=9999).contains(&t.year()) {
            return Err(format!("{text:?} is not in the years 1000 to 9999"));
        }
        Ok(Self { text: text.to_owned(), date: t.date_naive(), ms: t.timestamp_millis() })
    }

    /// A second of UTC as `YYYY-MM-DDThh:mm:ssZ`; `None` outside of the years 1000 to 9999.
    pub fn utc(seconds: i64) -> Option<Self> {
        let date = DateTime::from_timestamp(seconds, 0)?.date_naive();
        let year = u32::try_from(date.year()).ok().filter(|y| (1000..=9999).contains(y))?;
        let second = seconds.rem_euclid(86_400) as u32;
        let fields = [
            (0, 4, year),
            (5, 2, date.month()),
            (8, 2, date.day()),
            (11, 2, second / 3600),
            (14, 2, second / 60 % 60),
            (17, 2, second % 60),
        ];
        let mut text = *b"0000-00-00T00:00:00Z";
        for (at, digits, mut n) in fields {
            for digit in text[at..at + digits].iter_mut().rev() {
                *digit = b'0' + (n % 10) as u8;
                n /= 10;
            }
        }
        let text = std::str::from_utf8(&text).ok()?.to_owned();
        Some(Self { text, date, ms: seconds * 1000 })
    }

    /// The text as it was given.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The calendar day in the offset as written.
    pub fn date(&self) -> NaiveDate {
        self.date
    }

    /// Milliseconds since the epoch; a bare date counts from its midnight in UTC.
    pub fn ms(&self) -> i64 {
        self.ms
    }
}

/// Milliseconds since the epoch of a day's midnight in UTC.
pub fn midnight_ms(day: NaiveDate) -> i64 {
    day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_millis()
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let s = std::borrow::Cow::<'de, str>::deserialize(d)?;
        Self::parse(&s).map_err(D::Error::custom)
    }
}

impl JsonSchema for Timestamp {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Timestamp".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "RFC 3339, or a bare date YYYY-MM-DD whose zone is unknown." })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_reads_and_prints_its_own_form_only() {
        for ok in ["2025", "2025-05", "2025-05-07", "1987-02-28", "2024-02-29"] {
            assert_eq!(ok.parse::<PartialDate>().map(|d| d.to_string()), Ok(ok.to_owned()));
        }
        for bad in
            ["", "20250", "20250-01-01", "2025-13", "2025-5-7", "2025-02-30", "0999", "2025-05-07T00:00:00Z", "+025"]
        {
            assert!(bad.parse::<PartialDate>().is_err(), "{bad}");
        }
    }

    #[test]
    fn a_month_covers_its_days() {
        let m: PartialDate = "2024-02".parse().unwrap();
        assert_eq!(m.last_day().to_string(), "2024-02-29");
        assert!(m.contains("2024-02-01".parse().unwrap()) && !m.contains("2024-03-01".parse().unwrap()));
        assert_eq!("1999".parse::<PartialDate>().unwrap().last_day().to_string(), "1999-12-31");
    }

    #[test]
    fn today_is_the_day_in_the_offset_as_written() {
        let t = Timestamp::parse("2025-05-05T01:30:00+03:00").unwrap();
        assert_eq!((t.date().to_string().as_str(), t.ms()), ("2025-05-05", 1_746_397_800_000));
        assert_eq!(Timestamp::parse("2025-05-05").unwrap().ms(), 1_746_403_200_000);
        assert!(Timestamp::parse("20250-01-01").is_err() && Timestamp::parse("yesterday").is_err());
    }

    #[test]
    fn a_second_of_utc_is_what_its_text_says() {
        for text in ["2025-05-05T01:30:09Z", "1969-12-31T23:59:59Z", "1000-01-01T00:00:00Z", "2024-02-29T12:00:01Z"] {
            let t = Timestamp::parse(text).unwrap();
            assert_eq!(Timestamp::utc(t.ms() / 1000), Some(t), "{text}");
        }
        assert_eq!(Timestamp::utc(i64::MAX), None);
    }
}
