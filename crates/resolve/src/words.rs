//! The word lists of `data/`, read once.

use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

/// Words by which names are taken apart.
pub(crate) struct Words {
    lists: FxHashMap<&'static str, FxHashSet<&'static str>>,
    short: FxHashSet<(&'static str, &'static str)>,
    places: FxHashMap<&'static str, u32>,
}

static WORDS: LazyLock<Words> = LazyLock::new(|| {
    let mut lists: FxHashMap<&str, FxHashSet<&str>> = FxHashMap::default();
    let mut short = FxHashSet::default();
    let mut section = "";
    for line in include_str!("../data/names.txt").lines().filter(|l| !l.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            section = name;
            continue;
        }
        for word in line.split_whitespace() {
            match word.split_once('=') {
                Some(pair) => _ = short.insert(pair),
                None => _ = lists.entry(section).or_default().insert(word),
            }
        }
    }
    let rows = include_str!("../data/places.txt").lines().filter(|l| !l.starts_with('#')).enumerate();
    let places = rows.flat_map(|(row, l)| l.split_whitespace().map(move |name| (name, row as u32))).collect();
    Words { lists, short, places }
});

/// True when the list has the word.
pub(crate) fn is(list: &str, word: &str) -> bool {
    WORDS.lists.get(list).is_some_and(|l| l.contains(word))
}

/// True when one is the short form of the other, or both are of one.
pub(crate) fn short_forms(a: &str, b: &str) -> bool {
    let pair = |x, y| WORDS.short.contains(&(x, y));
    pair(a, b) || pair(b, a) || WORDS.short.iter().any(|(s, long)| *s == a && pair(b, long))
}

/// A number that the spellings of one city share; 0 for no name.
pub(crate) fn city(name: &str) -> u32 {
    let tokens = crate::spelling::fold(name);
    let plain: String =
        tokens.iter().filter(|t| !matches!(t.as_str(), "the" | "el" | "al" | "d" | "of")).map(String::as_str).collect();
    if plain.is_empty() {
        return 0;
    }
    WORDS.places.get(plain.as_str()).map_or_else(|| (crate::spelling::hash(&plain) as u32) | 0x8000_0000, |row| row + 1)
}
