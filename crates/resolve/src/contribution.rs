//! A mention as resolution keeps it.

use std::cmp::Ordering;
use std::num::NonZeroU32;

use dateline_model::{Kind, Mention, Version};

use crate::codec::bytes::Writer;
use crate::codec::{self, strings::Strings};
use crate::date::{Day, day};
use crate::facts::Facts;
use crate::merge::Slot;
use crate::near_duplicate::{self, Bits};
use crate::partition::GroupId;
use crate::people::People;

/// A record's slot in its group.
pub(crate) type ClusterId = NonZeroU32;

/// A mention as resolution keeps it: what matching and merging look at, and the whole of it, encoded. There are many:
/// each byte counts, and what is seldom asked for is read from the encoding.
#[derive(Debug, Clone)]
pub(crate) struct Contribution {
    /// The changelog's value: the mention, encoded.
    pub(crate) value: Box<[u8]>,
    /// Milliseconds of `published_at`, else the least there is.
    pub(crate) published: i64,
    pub(crate) facts: Facts,
    /// The shingles of its sketch as bits.
    pub(crate) bits: Option<Bits>,
    /// The day that the article speaks from; without one the earliest there is.
    pub(crate) as_of: Day,
    /// Hash of the outlet, or of the agency that it credits.
    pub(crate) outlet: u32,
    /// The record that it is in; set by the fold.
    pub(crate) cluster: Option<ClusterId>,
    /// The head of the near-duplicate family that it is a copy of; set by the fold.
    pub(crate) copy_of: Option<Slot>,
    /// Another contribution of an article with the same hash; kept by [`crate::articles::Articles`].
    pub(crate) next: Option<(GroupId, Slot)>,
    /// True when the version announces a change of the article.
    pub(crate) correction: bool,
    /// True for what stands for a retired record.
    pub(crate) stub: bool,
    /// True while a newer version of its article says the same thing anew.
    pub(crate) superseded: bool,
    /// True when the record has another contribution of the same article before it; set by the fold.
    pub(crate) double: bool,
}

impl Contribution {
    pub(crate) fn new(m: &Mention, strings: &mut Strings, people: &mut People) -> Self {
        let mut w = Writer(strings.scratch());
        codec::encode::contribution(m, 0, strings, &mut w);
        let value = w.0.as_slice().into();
        strings.give_back(w.0);
        Self::with_value(m, value, people)
    }

    pub(crate) fn with_value(m: &Mention, value: Box<[u8]>, people: &mut People) -> Self {
        let a = &m.article;
        let published = a.published_at.as_ref();
        let as_of = a.as_of.map(|d| day(d.first_day())).or(published.map(|p| day(p.date())));
        Self {
            as_of: as_of.unwrap_or(Day::MIN / 2),
            published: published.map_or(i64::MIN, dateline_model::Timestamp::ms),
            facts: Facts::new(m, people),
            bits: codec::contribution::sketch_of(&value).map(Bits::new),
            value,
            outlet: a.source.as_deref().map_or(0, |s| crate::spelling::hash(s) as u32),
            correction: corrects(m),
            stub: m.extractor == crate::stub::EXTRACTOR,
            superseded: false,
            cluster: None,
            copy_of: None,
            next: None,
            double: false,
        }
    }

    pub(crate) fn article(&self) -> &str {
        codec::contribution::article(&self.value)
    }

    pub(crate) fn article_bytes(&self) -> &[u8] {
        codec::contribution::article_bytes(&self.value)
    }

    pub(crate) fn index(&self) -> u32 {
        codec::contribution::prefix(&self.value).index
    }

    pub(crate) fn version(&self) -> Version {
        codec::contribution::prefix(&self.value).version
    }

    /// Canonical order: as_of, published_at, article id, mention index; then version.
    pub(crate) fn order(&self, other: &Self) -> Ordering {
        (self.as_of, self.published)
            .cmp(&(other.as_of, other.published))
            .then_with(|| self.article_bytes().cmp(other.article_bytes()))
            .then_with(|| (self.index(), self.version()).cmp(&(other.index(), other.version())))
    }

    /// True when both are of one article. Its contributions of one day and time lie side by side in canonical order.
    pub(crate) fn same_article(&self, other: &Self) -> bool {
        self.article_bytes() == other.article_bytes()
    }

    /// True when both speak from the same day and time, as all contributions of a version of an article do.
    pub(crate) fn same_time(&self, other: &Self) -> bool {
        (self.as_of, self.published) == (other.as_of, other.published)
    }

    /// True when one article is an edited copy of the other, by their sketches.
    pub(crate) fn copies(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (&self.bits, &other.bits) else { return false };
        let sketch = codec::contribution::sketch_of;
        a.may_copy(b)
            && matches!((sketch(&self.value), sketch(&other.value)), (Some(x), Some(y)) if near_duplicate::copies(x, y))
    }

    /// When it was published, else the day that it speaks from; ties by canonical order.
    pub(crate) fn seen(&self) -> (i64, Day, &[u8], u32) {
        let ms = if self.published == i64::MIN { midnight(self.as_of) } else { self.published };
        (ms, self.as_of, self.article_bytes(), self.index())
    }

    /// Changelog key.
    pub(crate) fn key(&self, kind: Kind) -> Vec<u8> {
        let prefix = codec::contribution::prefix(&self.value);
        codec::contribution::key(kind, prefix.version, prefix.index, prefix.article)
    }
}

/// 1 January 1970 in days since 1 January of year 1.
pub(crate) const EPOCH: i64 = 719_163;

/// Milliseconds since 1970 of a day's midnight in UTC.
pub(crate) fn midnight(day: Day) -> i64 {
    (i64::from(day) - EPOCH) * 86_400_000
}

/// Slot of a contribution by its place in the slab.
pub(crate) fn slot(index: usize) -> Slot {
    NonZeroU32::MIN.saturating_add(index as u32)
}

/// Place in the slab of a slot.
pub(crate) fn index(slot: Slot) -> usize {
    slot.get() as usize - 1
}

/// True when the version announces a change: it is later than the publication, or the title says so.
fn corrects(m: &Mention) -> bool {
    let a = &m.article;
    a.published_at.as_ref().is_some_and(|p| a.version.ms > p.ms())
        || titled_as_correction(a.title.as_deref().unwrap_or(""))
}

fn titled_as_correction(title: &str) -> bool {
    let first = title.trim_start_matches(|c: char| !c.is_alphanumeric());
    let head = first.get(..9).unwrap_or("");
    head.eq_ignore_ascii_case("corrected")
        || head.eq_ignore_ascii_case("correctio")
        || head.eq_ignore_ascii_case("corrects ")
}
