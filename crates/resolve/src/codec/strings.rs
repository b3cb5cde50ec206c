//! Strings that repeat (outlets, rules, paths, versions, codes) are written once and named by number.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::bytes::{Reader, Writer};
use super::{HEAD, corrupt, open};
use crate::{Change, StateError};

/// Longest string that gets a number; longer ones are written out.
const LONGEST: usize = 80;
/// Strings with a number at most: what comes from outside must not grow without bound.
const MOST: usize = 1 << 20;

/// The strings of a partition. Numbers are given in order of first use.
#[derive(Default)]
pub(crate) struct Strings {
    list: Vec<Arc<str>>,
    numbers: FxHashMap<Arc<str>, u32>,
    /// How many the last commit held.
    committed: usize,
    /// How many were told to the changelog.
    told: usize,
    /// A buffer that values are encoded in before their length is known.
    scratch: Vec<u8>,
}

impl Strings {
    /// An empty buffer to encode in.
    pub(crate) fn scratch(&mut self) -> Vec<u8> {
        let mut scratch = std::mem::take(&mut self.scratch);
        scratch.clear();
        scratch
    }

    /// Gives the buffer back, for the next.
    pub(crate) fn give_back(&mut self, scratch: Vec<u8>) {
        self.scratch = scratch;
    }

    /// Writes a text that is likely to repeat: 0 none, 1 written out, else its number and two.
    pub(crate) fn write(&mut self, w: &mut Writer, text: Option<&str>) {
        let Some(text) = text else { return w.varint(0) };
        if let Some(n) = self.numbers.get(text) {
            return w.varint(u64::from(*n) + 2);
        }
        if text.len() > LONGEST || self.list.len() >= MOST {
            w.varint(1);
            return w.text(text);
        }
        let (n, text): (u32, Arc<str>) = (self.list.len() as u32, text.into());
        self.list.push(text.clone());
        self.numbers.insert(text, n);
        w.varint(u64::from(n) + 2);
    }

    pub(crate) fn read<'a>(&'a self, r: &mut Reader<'a>) -> Result<Option<&'a str>, StateError> {
        match r.varint()? {
            0 => Ok(None),
            1 => r.text().map(Some),
            n => {
                let string = usize::try_from(n - 2).ok().and_then(|n| self.list.get(n));
                string.map(|s| Some(&**s)).ok_or_else(|| corrupt("a string that it names is missing"))
            }
        }
    }

    /// Changelog records of the strings that are new since it was last asked.
    pub(crate) fn tell(&mut self, changes: &mut Vec<Change>) {
        for n in self.told..self.list.len() {
            let mut w = Writer(vec![HEAD]);
            w.text(&self.list[n]);
            changes.push(Change { key: key(n as u32), value: Some(w.0) });
        }
        self.told = self.list.len();
    }

    pub(crate) fn restore(&mut self, number: &[u8], value: &[u8]) -> Result<(), StateError> {
        let number = <[u8; 4]>::try_from(number).map_err(|_| corrupt("the number of a string"))?;
        let n = u32::from_be_bytes(number) as usize;
        let text: Arc<str> = open(value)?.text()?.into();
        match self.list.get(n) {
            Some(known) if *known == text => return Ok(()),
            Some(_) => return Err(corrupt("two strings have one number")),
            None if n != self.list.len() => return Err(corrupt("a string is missing")),
            None => {}
        }
        self.numbers.insert(text.clone(), n as u32);
        self.list.push(text);
        (self.committed, self.told) = (self.list.len(), self.list.len());
        Ok(())
    }

    pub(crate) fn commit(&mut self) {
        self.committed = self.list.len();
    }

    pub(crate) fn abort(&mut self) {
        for text in self.list.drain(self.committed..) {
            self.numbers.remove(&text);
        }
        self.told = self.committed;
    }
}

fn key(n: u32) -> Vec<u8> {
    let mut key = vec![b's'];
    key.extend(n.to_be_bytes());
    key
}
