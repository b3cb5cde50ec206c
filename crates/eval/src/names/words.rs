//! The words of `data/names.toml` and the countries of `data/nations.txt`, read once.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::fold::fold;

type Set = FxHashSet<String>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    sent: Set,
    military: Set,
    bodies: Set,
    people: Set,
    offices: Set,
    filler: Set,
    titles: Set,
    particles: Set,
    state_bodies: Set,
    family_first: Set,
    monarchs: BTreeMap<String, String>,
    organisations: BTreeMap<String, String>,
    short: BTreeMap<String, Vec<String>>,
}

pub(crate) struct Words {
    pub(crate) sent: Set,
    pub(crate) military: Set,
    pub(crate) bodies: Set,
    pub(crate) people: Set,
    /// Offices that one person holds when a name follows.
    pub(crate) offices: Set,
    pub(crate) filler: Set,
    pub(crate) titles: Set,
    pub(crate) particles: Set,
    pub(crate) state_bodies: Set,
    pub(crate) family_first: Set,
    pub(crate) monarchs: BTreeMap<String, String>,
    pub(crate) short: BTreeMap<String, Vec<String>>,
    codes: FxHashMap<String, String>,
}

pub(crate) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| {
        Words::read(include_str!("../../data/names.toml"), include_str!("../../data/nations.txt"))
            .expect("a test reads data/names.toml")
    });
    &WORDS
}

impl Words {
    fn read(names: &str, nations: &str) -> Result<Self, toml::de::Error> {
        let f: File = toml::from_str(names)?;
        let mut codes = FxHashMap::default();
        for (code, list) in nations.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.trim().split_once(": ")) {
            for name in list.split(", ") {
                let folded = fold(name).join(" ");
                codes.insert(format!("{folded}s"), code.to_owned());
                codes.insert(folded, code.to_owned());
            }
        }
        for (name, code) in &f.organisations {
            codes.entry(name.clone()).or_insert_with(|| code.clone());
        }
        let with = |a: &Set, b: &Set| a.union(b).cloned().collect::<Set>();
        let titles = with(&with(&f.titles, &f.people), &f.filler);
        let offices = with(&f.offices, &f.people);
        Ok(Self {
            sent: f.sent,
            military: f.military,
            bodies: f.bodies,
            people: f.people,
            offices,
            filler: f.filler,
            titles,
            particles: f.particles,
            state_bodies: f.state_bodies,
            family_first: f.family_first,
            monarchs: f.monarchs,
            short: f.short,
            codes,
        })
    }
}

/// True for a code that [`with_codes`] put in: folded words have no capitals.
pub(crate) fn is_code(word: &str) -> bool {
    word.chars().any(char::is_uppercase)
}

/// Words with every country or organisation replaced by its code in capitals, the longest name first.
pub(crate) fn with_codes(words_in: &[String]) -> Vec<String> {
    let codes = &words().codes;
    let mut out = Vec::with_capacity(words_in.len());
    let mut i = 0;
    while i < words_in.len() {
        let longest = 5.min(words_in.len() - i);
        let found = (1..=longest).rev().find_map(|n| codes.get(&words_in[i..i + n].join(" ")).map(|c| (n, c)));
        let (n, word) = found.unwrap_or((1, &words_in[i]));
        out.push(word.clone());
        i += n;
    }
    out
}

pub(crate) fn singular(word: &str) -> &str {
    let stem = word.strip_suffix('s').filter(|s| word.chars().count() > 4 && !s.ends_with('s'));
    stem.unwrap_or(word)
}

/// Folded words with codes, the others in the singular.
pub(super) fn content_words(name: &str) -> Vec<String> {
    with_codes(&fold(name)).into_iter().map(|w| if is_code(&w) { w } else { singular(&w).to_owned() }).collect()
}
