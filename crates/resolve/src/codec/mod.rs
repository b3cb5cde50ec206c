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
pub(crate) mod contribution;
pub(crate) mod record;
pub(crate) mod strings;

use crate::StateError;
use bytes::Reader;

/// The newest encoding of the state, the one that this build writes.
pub const ENCODING: u16 = 1;

/// The encoding as every value begins with it.
pub(crate) const HEAD: u8 = ENCODING as u8;

/// A reader past the head of a value, or why it is not for this build.
pub(crate) fn open(value: &[u8]) -> Result<Reader<'_>, StateError> {
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
