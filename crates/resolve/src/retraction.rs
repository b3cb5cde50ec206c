//! Which versions of articles were taken back: remembered for `retire_after`, so that a late older copy stays out.

use std::collections::BTreeSet;
use std::sync::Arc;

use dateline_model::Version;
use rustc_hash::FxHashMap;

use crate::StateError;
use crate::codec::bytes::Writer;
use crate::codec::{HEAD, corrupt, open};

/// A retraction and the stream time at which it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retracted {
    pub(crate) version: Version,
    pub(crate) at: i64,
}

/// The retractions that are remembered.
#[derive(Debug, Default)]
pub(crate) struct Retractions {
    by_article: FxHashMap<Arc<str>, Retracted>,
    by_time: BTreeSet<(i64, Arc<str>)>,
}

impl Retractions {
    pub(crate) fn get(&self, article: &str) -> Option<Retracted> {
        self.by_article.get(article).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, Retracted)> {
        self.by_article.iter().map(|(article, r)| (&**article, *r))
    }

    pub(crate) fn len(&self) -> usize {
        self.by_article.len()
    }

    pub(crate) fn put(&mut self, article: &str, r: Retracted) {
        self.remove(article);
        let article: Arc<str> = article.into();
        self.by_time.insert((r.at, article.clone()));
        self.by_article.insert(article, r);
    }

    pub(crate) fn remove(&mut self, article: &str) {
        if let Some((article, old)) = self.by_article.remove_entry(article) {
            self.by_time.remove(&(old.at, article));
        }
    }

    /// The oldest retraction, where it came before the time.
    pub(crate) fn older_than(&self, time: i64) -> Option<Arc<str>> {
        self.by_time.first().filter(|(at, _)| *at < time).map(|(_, article)| article.clone())
    }
}

pub(crate) fn key(article: &str) -> Vec<u8> {
    [b"x", article.as_bytes()].concat()
}

pub(crate) fn encode(r: Retracted) -> Vec<u8> {
    let mut w = Writer(vec![HEAD]);
    w.signed(r.version.ms);
    w.signed(r.version.offset);
    w.signed(r.at);
    w.0
}

pub(crate) fn decode(article: &[u8], value: &[u8]) -> Result<(String, Retracted), StateError> {
    let mut r = open(value)?;
    let article = std::str::from_utf8(article).map_err(|_| corrupt("an article id is no UTF-8"))?;
    let version = Version { ms: r.signed()?, offset: r.signed()? };
    Ok((article.to_owned(), Retracted { version, at: r.signed()? }))
}
