//! Words of time: one hash look-up a token, from the file that says which terminal of the grammar a word is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Deserialize;

use super::value::{DayPart, Unit};

/// A terminal that carries no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    The,
    A,
    Of,
    On,
    In,
    At,
    To,
    And,
    Or,
    From,
    Between,
    Through,
    Until,
    Since,
    By,
    Before,
    After,
    Within,
    For,
    During,
    Starting,
    Ending,
    End,
    Begin,
    Middle,
    Early,
    Late,
    Mid,
    Later,
    Earlier,
    Hence,
    Ago,
    Last,
    This,
    Next,
    Coming,
    Past,
    Previous,
    Following,
    Same,
    That,
    Today,
    Yesterday,
    Tomorrow,
    Tonight,
    Overnight,
    Some,
    Couple,
    Half,
    Every,
    Other,
    Time,
    Local,
    Zone,
    Am,
    Pm,
    Final,
    Old,
    Long,
    MidWeek,
    MidYear,
    Latter,
    Part,
    Christmas,
    New,
    Eve,
    Now,
    Recently,
    Recent,
    Soon,
    FrequentDay,
    FrequentWeek,
    FrequentMonth,
    FrequentQuarter,
    FrequentYear,
    Once,
    Quantity,
    His,
    Attack,
    Stay,
    Daylong,
    Weeklong,
    Monthlong,
    Yearlong,
    Fiscal,
    Label,
    Measure,
    Paper,
    Games,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// 1 to 12; a weak one is another word as often.
    Month {
        n: u32,
        weak: bool,
    },
    /// 0 is Monday.
    Weekday {
        n: u8,
        weak: bool,
        plural: bool,
    },
    /// 0 is spring.
    Season {
        n: u32,
        weak: bool,
    },
    Number(u32),
    Ordinal(u32),
    Unit {
        unit: Unit,
        plural: bool,
    },
    DayPart(DayPart),
    Role(Role),
}

/// A word of time, for those who keep it beside the word.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeWord(pub(super) Entry);

impl TimeWord {
    /// Whether a printed word is one of time.
    pub(crate) fn of(word: &str) -> Option<Self> {
        Vocabulary::builtin().get(word).map(Self)
    }

    /// All words of time in small letters, without a final dot.
    pub(crate) fn words() -> impl Iterator<Item = (String, Self)> {
        let text = |key: &u128| String::from_utf8_lossy(&key.to_le_bytes()).trim_end().to_owned();
        Vocabulary::builtin().words.iter().map(move |(key, entry)| (text(key), Self(*entry)))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    months: BTreeMap<String, u32>,
    weekdays: BTreeMap<String, u8>,
    seasons: BTreeMap<String, u32>,
    weak: Weak,
    numbers: BTreeMap<String, u32>,
    ordinals: BTreeMap<String, u32>,
    units: BTreeMap<String, Unit>,
    plural_units: BTreeMap<String, Unit>,
    day_parts: BTreeMap<String, DayPart>,
    roles: BTreeMap<Role, Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Weak {
    words: Vec<String>,
}

/// Longest word in bytes.
const LONGEST: usize = 16;

/// All words of time.
pub(super) struct Vocabulary {
    /// Keyed by the bytes of the folded word.
    words: FxHashMap<u128, Entry>,
    /// For each pair of first letters the set of lengths in use: most words of a text fall out here.
    lengths: Vec<u32>,
}

impl Vocabulary {
    /// The words that the build carries.
    pub(super) fn builtin() -> &'static Self {
        static BUILTIN: LazyLock<Vocabulary> = LazyLock::new(|| {
            Vocabulary::parse(include_str!("../../../../config/rules/time.toml"))
                .expect("a test reads config/rules/time.toml")
        });
        &BUILTIN
    }

    fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let file: File = toml::from_str(toml)?;
        let mut words: FxHashMap<u128, Entry> = FxHashMap::default();
        let mut lengths = vec![0u32; 27 * 27];
        let weak = |w: &str| file.weak.words.iter().any(|x| x == w);
        let mut add = |w: &str, e: Entry| {
            words.entry(key(w.as_bytes())).or_insert(e);
            lengths[pair(w.as_bytes(), w.len())] |= 1 << w.len().min(31);
        };
        for (w, &n) in &file.months {
            add(w, Entry::Month { n, weak: weak(w) });
        }
        for (w, &n) in &file.weekdays {
            add(w, Entry::Weekday { n, weak: weak(w), plural: false });
            if w.len() > 5 {
                add(&format!("{w}s"), Entry::Weekday { n, weak: false, plural: true });
            }
        }
        for (w, &n) in &file.seasons {
            add(w, Entry::Season { n, weak: weak(w) });
        }
        for (w, &n) in &file.numbers {
            add(w, Entry::Number(n));
        }
        for (w, &n) in &file.ordinals {
            add(w, Entry::Ordinal(n));
        }
        for (w, &unit) in &file.units {
            add(w, Entry::Unit { unit, plural: false });
        }
        for (w, &unit) in &file.plural_units {
            add(w, Entry::Unit { unit, plural: true });
        }
        for (w, &part) in &file.day_parts {
            add(w, Entry::DayPart(part));
        }
        for (&role, list) in &file.roles {
            for w in list {
                add(w, Entry::Role(role));
            }
        }
        Ok(Self { words, lengths })
    }

    /// Looks a word up, whatever its case, with or without a final dot.
    pub(super) fn get(&self, word: &str) -> Option<Entry> {
        let bytes = word.as_bytes();
        let len = if bytes.last() == Some(&b'.') { bytes.len() - 1 } else { bytes.len() };
        if len > LONGEST || self.lengths[pair(bytes, len)] & (1 << len) == 0 {
            return None;
        }
        self.words.get(&key(&bytes[..len])).copied()
    }
}

/// The word in lower case as a number; a word has sixteen bytes at most. Setting the bit that tells the cases apart
/// folds letters, and marks and digits have it already.
fn key(word: &[u8]) -> u128 {
    const CASE: u128 = 0x2020_2020_2020_2020_2020_2020_2020_2020;
    let mut bytes = [0u8; LONGEST];
    let len = word.len().min(LONGEST);
    bytes[..len].copy_from_slice(&word[..len]);
    u128::from_le_bytes(bytes) | CASE
}

/// Number of the first two letters; anything else counts as a 27th.
fn pair(word: &[u8], len: usize) -> usize {
    let letter = |i: usize| match word.get(i) {
        Some(b) if i < len => usize::from((b | 0x20).wrapping_sub(b'a').min(26)),
        _ => 26,
    };
    letter(0) * 27 + letter(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_in_any_case_and_with_its_dot() {
        let v = Vocabulary::builtin();
        assert_eq!(v.get("Sept."), Some(Entry::Month { n: 9, weak: false }));
        assert_eq!((v.get("MONDAY"), v.get("monday")), (v.get("Monday"), v.get("Monday")));
        assert_eq!(v.get("a.m."), Some(Entry::Role(Role::Am)));
        assert_eq!(v.get("A"), Some(Entry::Role(Role::A)));
        assert_eq!((v.get("minister"), v.get(""), v.get("é"), v.get("dayé")), (None, None, None, None));
    }

    #[test]
    fn no_word_is_longer_than_its_key() {
        let file: File = toml::from_str(include_str!("../../../../config/rules/time.toml")).unwrap();
        assert!(file.roles.values().flatten().all(|w| w.len() <= LONGEST && Vocabulary::builtin().get(w).is_some()));
        assert!(Vocabulary::builtin().words.len() > 300);
    }

    #[test]
    fn a_word_stands_in_one_table_only() {
        let file: File = toml::from_str(include_str!("../../../../config/rules/time.toml")).unwrap();
        let mut all: Vec<&str> = file.roles.values().flatten().map(String::as_str).collect();
        all.extend(file.months.keys().chain(file.weekdays.keys()).chain(file.seasons.keys()).map(String::as_str));
        all.extend(file.numbers.keys().chain(file.ordinals.keys()).map(String::as_str));
        all.extend(file.units.keys().chain(file.plural_units.keys()).map(String::as_str));
        let twice = |w: &&&str| all.iter().filter(|x| x == w).count() > 1;
        assert_eq!(all.iter().filter(twice).collect::<Vec<_>>(), Vec::<&&str>::new());
    }
}
