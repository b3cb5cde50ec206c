//! Where a record stands: its id and revision, and what was not published yet.

use dateline_model::Kind;
use uuid::Uuid;

use super::bytes::Writer;
use super::{HEAD, corrupt, open};
use crate::StateError;

/// Where a record stands beside what its contributions say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) id: Uuid,
    pub(crate) revision: u32,
    /// Sources that no revision told yet.
    pub(crate) pending: u16,
    /// Stream time of the first of them.
    pub(crate) pending_since: i64,
    /// Stream time of the newest contribution.
    pub(crate) last_arrival: i64,
    /// Sources that a retired record had when it was sealed; 0 for a record that is not retired.
    pub(crate) sealed: u32,
}

/// A record's standing, and the changelog key of one of its contributions, by which it is found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Anchored {
    pub(crate) standing: Standing,
    pub(crate) kind: Kind,
    pub(crate) anchor: Vec<u8>,
}

pub(crate) fn key(id: Uuid) -> Vec<u8> {
    let mut key = vec![b'r'];
    key.extend(id.as_bytes());
    key
}

pub(crate) fn encode(standing: &Standing, anchor: &[u8]) -> Vec<u8> {
    let mut w = Writer(Vec::with_capacity(80));
    w.byte(HEAD);
    w.varint(u64::from(standing.revision));
    w.varint(u64::from(standing.pending));
    w.signed(standing.pending_since);
    w.signed(standing.last_arrival);
    w.varint(u64::from(standing.sealed));
    w.bytes(anchor);
    w.0
}

pub(crate) fn decode(id: &[u8], value: &[u8]) -> Result<Anchored, StateError> {
    let id = Uuid::from_slice(id).map_err(|_| corrupt("the id of a record"))?;
    let mut r = open(value)?;
    let standing = Standing {
        id,
        revision: r.u32()?,
        pending: u16::try_from(r.varint()?).map_err(|_| corrupt("a number is too large"))?,
        pending_since: r.signed()?,
        last_arrival: r.signed()?,
        sealed: r.u32()?,
    };
    let kind = match r.rest().get(1) {
        Some(0) => Kind::Visit,
        Some(1) => Kind::Event,
        _ => return Err(corrupt("a record without a contribution")),
    };
    Ok(Anchored { standing, kind, anchor: r.rest().to_vec() })
}
