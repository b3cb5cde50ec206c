//! A contribution: a mention in full, so that a record can be told from its contributions alone, in the form in which
//! it lies in memory as well. What is asked for often stands first and is read in place:
//!
//! ```text
//! encoding, records opened | article id, mention index, version | sketch |
//! url, outlet, title, published_at, as_of, confidence, evidence | extractor, versions | visit or event
//! ```
//!
//! Left out is what no record tells and nothing is decided by: the article's language and content hash.

use dateline_model::{Body, Kind, Mention, PartialDate, Source, Timestamp, Version};

use super::bytes::{Reader, Writer};
use super::decode::Decoder;
use super::strings::Strings;
use super::{FIRST, HEAD, Read, corrupt, open};
use crate::near_duplicate::Parts;

/// Changelog key of a contribution.
pub(crate) fn key(kind: Kind, version: Version, index: u32, article: &[u8]) -> Vec<u8> {
    let mut w = Writer(Vec::with_capacity(20 + article.len()));
    w.bytes(&[b'c', kind as u8]);
    w.bytes(&version.ms.to_be_bytes());
    w.bytes(&version.offset.to_be_bytes());
    w.varint(u64::from(index));
    w.bytes(article);
    w.0
}

/// Where the number of records that the contribution opened stands in its value.
const OPENED: usize = 1;

/// Sets the number of records that the contribution opened.
pub(crate) fn set_opened(value: &mut [u8], opened: u8) {
    if let Some(byte) = value.get_mut(OPENED) {
        *byte = opened;
    }
}

/// Number of records that the contribution opened.
pub(crate) fn opened(value: &[u8]) -> u8 {
    value.get(OPENED).copied().unwrap_or(0)
}

/// What a value begins with, and the rest of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Prefix<'a> {
    /// The article's id.
    pub(crate) article: &'a [u8],
    pub(crate) index: u32,
    pub(crate) version: Version,
    /// All that the mention says beside its id and version.
    pub(crate) rest: &'a [u8],
}

fn read_prefix(value: &[u8]) -> Read<Prefix<'_>> {
    let mut r = Reader::new(value.get(OPENED + 1..).unwrap_or_default());
    let article = r.text_bytes()?;
    let index = r.u32()?;
    let version = Version { ms: r.signed()?, offset: r.signed()? };
    Ok(Prefix { article, index, version, rest: r.rest() })
}

/// The beginning of a value that is in the state: such values were decoded once.
pub(crate) fn prefix(value: &[u8]) -> Prefix<'_> {
    read_prefix(value).unwrap_or(Prefix { article: &[], index: 0, version: Version::default(), rest: &[] })
}

/// The bytes of the article id of a value that is in the state, which sort as the id does.
pub(crate) fn article_bytes(value: &[u8]) -> &[u8] {
    Reader::new(value.get(OPENED + 1..).unwrap_or_default()).text_bytes().unwrap_or_default()
}

/// The article id of a value that is in the state.
pub(crate) fn article(value: &[u8]) -> &str {
    std::str::from_utf8(article_bytes(value)).unwrap_or_default()
}

/// The sketch of a value that is in the state, in place: little-endian shingles, numbers, names.
pub(crate) fn sketch_of(value: &[u8]) -> Option<Parts<'_>> {
    sketch_parts(&mut Reader::new(prefix(value).rest), SHINGLE).ok().flatten()
}

/// Bytes of a shingle, and what encoding 1 had.
pub(super) const SHINGLE: usize = 3;
pub(super) const SHINGLE_1: usize = 4;

pub(super) fn sketch_parts<'a>(r: &mut Reader<'a>, shingle: usize) -> Read<Option<Parts<'a>>> {
    if r.byte()? == 0 {
        return Ok(None);
    }
    let [shingles, numbers, names] = [r.byte()?, r.byte()?, r.byte()?].map(usize::from);
    Ok(Some((r.take(shingles * shingle)?, r.take(numbers * 2)?, r.take(names * 2)?)))
}

/// The mention of a value of any encoding.
pub(crate) fn decode(value: &[u8], strings: &Strings) -> Read<Mention> {
    let mut r = open(value)?;
    r.byte()?;
    let mut d = Decoder::new(r, strings);
    let mention = if value.first() == Some(&FIRST) { d.mention_1()? } else { d.mention()? };
    if d.is_done() { Ok(mention) } else { Err(corrupt("there is more than a contribution")) }
}

fn behind_prefix<'a>(value: &'a [u8], strings: &'a Strings) -> Read<Decoder<'a>> {
    let mut r = Reader::new(prefix(value).rest);
    sketch_parts(&mut r, SHINGLE)?;
    Ok(Decoder::new(r, strings))
}

/// The visit or event of a value that is in the state, without its evidence.
pub(crate) fn body(value: &[u8], strings: &Strings) -> Read<Body> {
    let mut d = behind_prefix(value, strings)?;
    d.skip_article()?;
    d.must()?;
    d.must()?;
    d.must()?;
    d.body()
}

/// A value that is in the state as a record's source, and its confidence.
pub(crate) fn source(value: &[u8], strings: &Strings) -> Read<(Source, f32)> {
    behind_prefix(value, strings)?.source(article(value))
}

/// The confidence of a value that is in the state.
pub(crate) fn confidence(value: &[u8], strings: &Strings) -> Read<f32> {
    behind_prefix(value, strings)?.confidence()
}

/// When the article of a value that is in the state was published, else the day that it speaks from.
pub(crate) fn seen(value: &[u8], strings: &Strings) -> Read<Option<String>> {
    behind_prefix(value, strings)?.seen()
}

/// When a value that is in the state was written, and by what: the article's times, the versions of rules and gazetteer.
pub(crate) fn stamp(value: &[u8], strings: &Strings) -> Read<Stamp> {
    let mut d = behind_prefix(value, strings)?;
    d.skip_place_of_publication()?;
    let (published_at, as_of) = d.times()?;
    let (rules_version, gazetteer_version) = made_by(value, strings)?;
    Ok(Stamp { published_at, as_of, rules_version, gazetteer_version })
}

/// What [`stamp`] gives.
pub(crate) struct Stamp {
    pub(crate) published_at: Option<Timestamp>,
    pub(crate) as_of: Option<PartialDate>,
    pub(crate) rules_version: String,
    pub(crate) gazetteer_version: String,
}

/// Versions of rules and gazetteer of a value that is in the state.
pub(crate) fn made_by(value: &[u8], strings: &Strings) -> Read<(String, String)> {
    let mut d = behind_prefix(value, strings)?;
    d.skip_article()?;
    d.must()?;
    Ok((d.must()?, d.must()?))
}

/// A value of an older encoding in the one that is kept in memory, with its mention.
pub(crate) fn upgrade(value: Box<[u8]>, strings: &mut Strings) -> Read<(Mention, Box<[u8]>)> {
    let mention = decode(&value, strings)?;
    if value.first() == Some(&HEAD) {
        return Ok((mention, value));
    }
    let mut w = Writer::default();
    super::encode::contribution(&mention, opened(&value), strings, &mut w);
    Ok((mention, w.0.into()))
}
