//! Words with a part of their own in a sentence: pronouns, auxiliaries, determiners, numbers. One look-up a token.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::Pronoun;

/// An auxiliary word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Aux {
    Will,
    Would,
    May,
    Must,
    Have,
    Had,
    Be,
    Was,
    Been,
    Do,
    Did,
    Not,
    To,
}

/// A word that says something of the noun group that it opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Opener {
    Definite,
    Indefinite,
    Owner(Pronoun),
    /// Before a number: "over".
    About,
    /// Before "than" and a number.
    More,
    Visiting,
    /// "Mr.": a name follows.
    Honorific,
}

/// What a word is by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct WordClass {
    /// As subject or object.
    pub(super) pronoun: Option<Pronoun>,
    pub(super) aux: Option<Aux>,
    /// The auxiliary in a contraction with "not".
    pub(super) negated: Option<Aux>,
    pub(super) opener: Option<Opener>,
    pub(super) ordinal: Option<u8>,
    pub(super) number: Option<u8>,
}

impl WordClass {
    /// The class of a word in lower case.
    pub(crate) fn of(lower: &str) -> Self {
        if lower.len() > LONGEST {
            return Self::default();
        }
        CLASSES.get(lower).copied().unwrap_or_default()
    }

    /// All words with a class.
    pub(crate) fn words() -> impl Iterator<Item = (&'static str, Self)> {
        CLASSES.iter().map(|(word, class)| (*word, *class))
    }
}

/// Longest word of the lists in bytes.
const LONGEST: usize = 10;

const PRONOUNS: [(Pronoun, &[&str]); 5] = [
    (Pronoun::He, &["he", "him", "himself"]),
    (Pronoun::She, &["she", "herself"]),
    (Pronoun::It, &["it"]),
    (Pronoun::They, &["they", "them"]),
    (Pronoun::We, &["we", "i", "us"]),
];

const AUXILIARIES: [(Aux, &[&str]); 13] = [
    (Aux::Will, &["will", "shall", "wo", "ll"]),
    (Aux::Would, &["would", "should", "wouldn't"]),
    (Aux::May, &["may", "might", "could"]),
    (Aux::Must, &["can", "must", "cannot"]),
    (Aux::Have, &["has", "have", "having"]),
    (Aux::Had, &["had"]),
    (Aux::Be, &["is", "are", "be", "being", "am"]),
    (Aux::Was, &["was", "were"]),
    (Aux::Been, &["been"]),
    (Aux::Do, &["do", "does"]),
    (Aux::Did, &["did"]),
    (Aux::Not, &["not", "never", "n't"]),
    (Aux::To, &["to"]),
];

const CONTRACTED: [(Aux, &[&str]); 9] = [
    (Aux::Will, &["won't", "won’t"]),
    (Aux::Would, &["wouldn't", "wouldn’t"]),
    (Aux::Must, &["can't", "can’t"]),
    (Aux::Have, &["hasn't", "hasn’t", "haven't", "haven’t"]),
    (Aux::Had, &["hadn't", "hadn’t"]),
    (Aux::Be, &["isn't", "isn’t", "aren't", "aren’t"]),
    (Aux::Was, &["wasn't", "wasn’t", "weren't", "weren’t"]),
    (Aux::Do, &["doesn't", "doesn’t", "don't", "don’t"]),
    (Aux::Did, &["didn't", "didn’t"]),
];

const OPENERS: [(Opener, &[&str]); 11] = [
    (Opener::Definite, &["the", "this", "these", "those"]),
    (
        Opener::Indefinite,
        &[
            "a", "an", "another", "some", "any", "several", "other", "many", "no", "each", "every", "all", "both",
            "various", "few",
        ],
    ),
    (Opener::Owner(Pronoun::He), &["his"]),
    (Opener::Owner(Pronoun::She), &["her"]),
    (Opener::Owner(Pronoun::It), &["its"]),
    (Opener::Owner(Pronoun::They), &["their"]),
    (Opener::Owner(Pronoun::We), &["our", "my"]),
    (Opener::About, &["over", "about", "around", "nearly", "almost", "roughly", "than"]),
    (Opener::More, &["more", "less", "fewer"]),
    (Opener::Visiting, &["visiting"]),
    (
        Opener::Honorific,
        &["mr", "mr.", "mrs", "mrs.", "ms", "ms.", "dr", "dr.", "sir", "lord", "lady", "gen.", "sen.", "rep."],
    ),
];

/// From "first".
const ORDINALS: [&str; 12] = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
    "twelfth",
];

const NUMBERS: [(&str, u8); 12] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("dozen", 12),
    ("twenty", 20),
];

static CLASSES: LazyLock<FxHashMap<&'static str, WordClass>> = LazyLock::new(|| {
    let mut classes: FxHashMap<&'static str, WordClass> = FxHashMap::default();
    for (p, words) in PRONOUNS {
        for w in words {
            classes.entry(w).or_default().pronoun = Some(p);
        }
    }
    for (a, words) in AUXILIARIES {
        for w in words {
            classes.entry(w).or_default().aux = Some(a);
        }
    }
    for (a, words) in CONTRACTED {
        for w in words {
            classes.entry(w).or_default().negated = Some(a);
        }
    }
    for (o, words) in OPENERS {
        for w in words {
            classes.entry(w).or_default().opener = Some(o);
        }
    }
    for (n, word) in (1..).zip(ORDINALS) {
        classes.entry(word).or_default().ordinal = Some(n);
    }
    for (word, n) in NUMBERS {
        classes.entry(word).or_default().number = Some(n);
    }
    classes
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_lists_is_found() {
        assert!(CLASSES.keys().all(|w| WordClass::of(w) != WordClass::default() && *w == w.to_lowercase()));
        let her = WordClass::of("her");
        assert_eq!((her.pronoun, her.opener), (None, Some(Opener::Owner(Pronoun::She))));
        assert_eq!(WordClass::of("twelfth").ordinal, Some(12));
        assert_eq!(WordClass::of("ministerial"), WordClass::default());
    }
}
