//! The state on the wire: compact and versioned. Every value begins with the encoding that it was written in; a
//! newer one is an error of its own, an older one is decoded for good.
//!
//! | key | value |
//! |---|---|
//! | `c`, kind, version, mention index, article id | a contribution ([`contribution`]) |
//! | `r`, record id | where the record stands ([`record`]) |
//! | `s`, number | a string that contributions name by its number |
//! | `x`, article id | a retraction: version and stream time |
//! | `t` | stream time |

pub(crate) mod bytes;
mod codes;
pub(crate) mod contribution;
mod decode;
pub(crate) mod encode;
pub(crate) mod record;
pub(crate) mod strings;
mod text;

use crate::StateError;
use bytes::Reader;

/// The newest encoding of the state, the one that this build writes. 2: contributions have their texts in digrams, their
/// spans once and the sketch's shingles in three bytes.
pub const ENCODING: u16 = 2;

/// The encoding as every value begins with it.
pub(crate) const HEAD: u8 = ENCODING as u8;

/// The first encoding.
pub(crate) const FIRST: u8 = 1;

type Read<T> = Result<T, StateError>;

/// A reader past the head of a value, or why it is not for this build.
pub(crate) fn open(value: &[u8]) -> Read<Reader<'_>> {
    let mut reader = Reader::new(value);
    match u16::try_from(reader.varint()?).unwrap_or(u16::MAX) {
        0 => Err(corrupt("encoding 0")),
        found if found > ENCODING => Err(StateError::Newer { found, supported: ENCODING }),
        _ => Ok(reader),
    }
}

/// A value that cannot be read.
pub(crate) fn corrupt(what: &str) -> StateError {
    StateError::Corrupt { what: what.to_owned() }
}
