//! Numbers of words. A word of up to sixteen bytes is its own key: nothing has to be fetched to compare it.

use rustc_hash::FxHashMap;

use crate::filter::{Filter, spread};
use crate::vocabulary::WordId;

/// Numbers of words, from 1.
#[derive(Default)]
pub(crate) struct Dictionary {
    /// Dictionary of up to eight bytes that texts need most, in a table that stays in the nearest cache; the key 0 is free.
    frequent: Vec<(u64, WordId)>,
    short: FxHashMap<u64, WordId>,
    middle: FxHashMap<u128, WordId>,
    long: FxHashMap<Box<str>, WordId>,
    /// All words of up to sixteen bytes.
    known: Filter,
}

impl Dictionary {
    pub(crate) fn len(&self) -> usize {
        self.short.len() + self.middle.len() + self.long.len()
    }

    /// Number of the word at bytes `[from, to)` of a text; 0 when it has none.
    pub(crate) fn get(&self, text: &[u8], from: usize, to: usize) -> WordId {
        let found = match Key::of(text, from, to) {
            Key::Short(k) => match self.frequent(k) {
                Some(id) => return id,
                None if self.known.may_have(k) => self.short.get(&k),
                None => None,
            },
            Key::Middle(k) if self.known.may_have(fold(k)) => self.middle.get(&k),
            Key::Middle(_) => None,
            Key::Long(k) => self.long.get(k),
        };
        found.copied().unwrap_or(0)
    }

    /// Number of a word, a new one where it has none.
    pub(crate) fn number(&mut self, word: &str) -> WordId {
        let next = self.len() as WordId + 1;
        match Key::of(word.as_bytes(), 0, word.len()) {
            Key::Short(k) => *self.short.entry(k).or_insert(next),
            Key::Middle(k) => *self.middle.entry(k).or_insert(next),
            Key::Long(k) => match self.long.get(k) {
                Some(id) => *id,
                None => *self.long.entry(k.into()).or_insert(next),
            },
        }
    }

    /// The words that have a number by now are those that texts need most.
    pub(crate) fn close(&mut self) {
        self.frequent = vec![(0, 0); (self.short.len() * 2).next_power_of_two()];
        for (k, id) in &self.short {
            let mut at = self.slot(*k);
            while self.frequent[at].0 != 0 {
                at = (at + 1) % self.frequent.len();
            }
            self.frequent[at] = (*k, *id);
        }
    }

    /// All words have their number.
    pub(crate) fn seal(&mut self) {
        self.known = Filter::new(self.short.len() + self.middle.len());
        self.short.keys().for_each(|k| self.known.add(*k));
        self.middle.keys().for_each(|k| self.known.add(fold(*k)));
    }

    fn slot(&self, key: u64) -> usize {
        (spread(key) >> 32) as usize & (self.frequent.len() - 1)
    }

    fn frequent(&self, key: u64) -> Option<WordId> {
        let mut at = self.slot(key);
        loop {
            let (k, id) = self.frequent[at];
            if k == key {
                return Some(id);
            }
            if k == 0 {
                return None;
            }
            at = (at + 1) & (self.frequent.len() - 1);
        }
    }
}

fn fold(key: u128) -> u64 {
    (key as u64) ^ spread((key >> 64) as u64)
}

/// The bytes of a word as a number.
enum Key<'a> {
    Short(u64),
    Middle(u128),
    Long(&'a str),
}

impl<'a> Key<'a> {
    fn of(text: &'a [u8], from: usize, to: usize) -> Self {
        let n = to - from;
        // what stands behind the word is read along and masked out
        match n {
            0..=8 => {
                let bits = u64::MAX.checked_shr(64 - 8 * n as u32).unwrap_or(0);
                match text.get(from..from + 8).and_then(|b| b.try_into().ok()) {
                    Some(bytes) => Self::Short(u64::from_le_bytes(bytes) & bits),
                    None => Self::Short(copied(&text[from..to]) as u64),
                }
            }
            9..=16 => {
                let bits = u128::MAX >> (128 - 8 * n as u32);
                match text.get(from..from + 16).and_then(|b| b.try_into().ok()) {
                    Some(bytes) => Self::Middle(u128::from_le_bytes(bytes) & bits),
                    None => Self::Middle(copied(&text[from..to])),
                }
            }
            _ => Self::Long(std::str::from_utf8(&text[from..to]).unwrap_or("")),
        }
    }
}

fn copied(word: &[u8]) -> u128 {
    let mut key = [0; 16];
    key[..word.len()].copy_from_slice(word);
    u128::from_le_bytes(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_has_its_number_wherever_it_stands_and_no_other_word_has_one() {
        let known = ["the", "minister", "presidents", "transcontinental", "intercontinentally", "xi", "of"];
        let mut words = Dictionary::default();
        for (i, w) in known.iter().enumerate() {
            assert_eq!(words.number(w) as usize, i + 1);
            if i == 3 {
                words.close();
            }
        }
        words.seal();
        let text = format!("{} them ministe ministers president transcontinenta x intercontinental", known.join(" "));
        let mut from = 0;
        for w in text.split(' ') {
            let number = known.iter().position(|k| *k == w).map_or(0, |i| i as WordId + 1);
            assert_eq!(words.get(text.as_bytes(), from, from + w.len()), number, "{w}");
            from += w.len() + 1;
        }
        assert_eq!(words.get(b"", 0, 0), 0);
    }
}
