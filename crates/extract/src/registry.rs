//! The names of people that an article has printed so far: what a lone family name can mean.

use dateline_gazetteer::fold_token;
use rustc_hash::FxHashMap;

/// Folded last names, each with how often it ended a person's full name.
#[derive(Debug, Default)]
pub(crate) struct Registry {
    names: FxHashMap<String, u32>,
}

impl Registry {
    /// Learns the words of a full name; every word that is no particle may stand alone later.
    pub(crate) fn learn(&mut self, name: &str) {
        for word in name.split([' ', '-', '\n']) {
            let folded = fold_token(word);
            if folded.len() > 1 && word.chars().next().is_some_and(char::is_uppercase) {
                *self.names.entry(folded).or_insert(0) += 1;
            }
        }
    }

    /// True when the folded word is part of a person's name in this article.
    pub(crate) fn knows(&self, folded: &str) -> bool {
        self.names.contains_key(folded)
    }
}
