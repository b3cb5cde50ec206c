//! What words are that a sentence cannot do without: pronouns, auxiliaries, words of time, "former". They have the first
//! numbers of the vocabulary, so that all of it is one look in a small table.

use dateline_gazetteer::{Gazetteer, Modifier};

use crate::chunk::WordClass;
use crate::time::TimeWord;

/// What a word is beside the phrases that it begins.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Common {
    pub class: WordClass,
    pub time: Option<TimeWord>,
    /// What it does to the office behind it.
    pub modifier: Option<Modifier>,
}

impl Common {
    /// Each word in its folded form, which is also its printed one in small letters, with one of the things that it is.
    pub(crate) fn words(gazetteer: &Gazetteer) -> Vec<(String, Self)> {
        let class = WordClass::words().map(|(w, class)| (w.to_owned(), Self { class, ..Self::default() }));
        let time = TimeWord::words().map(|(w, time)| (w, Self { time: Some(time), ..Self::default() }));
        let modifier =
            gazetteer.modifiers().map(|(w, m)| (w.to_owned(), Self { modifier: Some(m), ..Self::default() }));
        let plain = |w: &str| w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        class.chain(time).chain(modifier).filter(|(w, _)| plain(w)).collect()
    }

    /// Takes over what the same word is beside.
    pub(crate) fn add(&mut self, other: Self) {
        if other.class != WordClass::default() {
            self.class = other.class;
        }
        self.time = self.time.or(other.time);
        self.modifier = self.modifier.or(other.modifier);
    }
}
