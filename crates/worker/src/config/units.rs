//! Values with units as they are written in the configuration.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A length of time: `20ms`, `30s`, `15m`, `12h`, `90d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(pub Duration);

const TIME: [(&str, u64); 5] = [("ms", 1), ("s", 1000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl FromStr for Span {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let bad = || "no length of time: write it as 20ms, 30s, 15m, 12h or 90d".to_owned();
        let (number, unit) = split_unit(s);
        let (_, ms) = TIME.iter().find(|(u, _)| *u == unit).ok_or_else(bad)?;
        let number: u64 = number.parse().map_err(|_| bad())?;
        number.checked_mul(*ms).map(|ms| Self(Duration::from_millis(ms))).ok_or_else(bad)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.0.as_millis() as u64;
        let (unit, size) =
            TIME.iter().rev().find(|(_, size)| ms >= *size && ms.is_multiple_of(*size)).unwrap_or(&TIME[0]);
        write!(f, "{}{unit}", ms / size)
    }
}

/// A number of bytes: `65536`, `64 KiB`, `8 MiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub u64);

const SIZE: [(&str, u64); 4] = [("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl FromStr for Bytes {
    type Err = String;

    fn from_str(s: &str) -> Result<Self, String> {
        let bad = || "no number of bytes: write it as 65536, 64 KiB, 8 MiB or 1 GiB".to_owned();
        let (number, unit) = split_unit(s);
        let (_, size) = SIZE.iter().find(|(u, _)| *u == unit).ok_or_else(bad)?;
        let number: u64 = number.parse().map_err(|_| bad())?;
        number.checked_mul(*size).map(Self).ok_or_else(bad)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (unit, size) =
            SIZE.iter().rev().find(|(_, s)| self.0 >= *s && self.0.is_multiple_of(*s)).unwrap_or(&SIZE[0]);
        if unit.is_empty() { write!(f, "{}", self.0) } else { write!(f, "{} {unit}", self.0 / size) }
    }
}

/// A limit that can be turned `off`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit<T> {
    /// No limit.
    Off,
    /// The limit.
    At(T),
}

impl<T: Copy> Limit<T> {
    /// The limit, where there is one.
    pub fn get(self) -> Option<T> {
        match self {
            Self::Off => None,
            Self::At(t) => Some(t),
        }
    }
}

fn split_unit(s: &str) -> (&str, &str) {
    let end = s.find(|c: char| !c.is_ascii_digit()).unwrap_or(s.len());
    (&s[..end], s[end..].trim())
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(D::Error::custom)
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Written<T> {
    Value(T),
    Text(String),
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match Written::<u64>::deserialize(d) {
            Ok(Written::Value(n)) => Ok(Self(n)),
            Ok(Written::Text(s)) => s.parse().map_err(D::Error::custom),
            Err(_) => "-".parse().map_err(D::Error::custom),
        }
    }
}

impl<T: Serialize> Serialize for Limit<T> {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Off => s.serialize_str("off"),
            Self::At(t) => t.serialize(s),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Limit<T> {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match Written::<T>::deserialize(d) {
            Ok(Written::Value(t)) => Ok(Self::At(t)),
            Ok(Written::Text(s)) if s == "off" => Ok(Self::Off),
            _ => Err(D::Error::custom("no limit: write a number that is not negative, or \"off\"")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_are_printed_as_they_are_best_written() {
        for s in ["20ms", "1500ms", "30s", "15m", "12h", "90d", "0ms"] {
            assert_eq!(s.parse::<Span>().map(|d| d.to_string()), Ok(s.to_owned()));
        }
        for s in ["65537", "64 KiB", "8 MiB", "1 GiB", "0"] {
            assert_eq!(s.parse::<Bytes>().map(|d| d.to_string()), Ok(s.to_owned()));
        }
        assert_eq!("60s".parse::<Span>().unwrap().to_string(), "1m");
        assert_eq!("8MiB".parse::<Bytes>(), Ok(Bytes(8 << 20)));
    }

    #[test]
    fn a_value_without_its_unit_or_beyond_all_bounds_is_refused() {
        for s in ["30", "", "s", "-1s", "1w", "99999999999999999999s", "9999999999999999999d"] {
            assert!(s.parse::<Span>().is_err(), "{s}");
        }
        for s in ["", "8 MB", "-1", "99999999999999 GiB"] {
            assert!(s.parse::<Bytes>().is_err(), "{s}");
        }
    }
}
