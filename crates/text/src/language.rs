//! Is a text English?

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

/// Words that no other language of the Latin script prints often.
const ENGLISH: &[&str] = &[
    "the", "of", "and", "to", "with", "will", "was", "were", "his", "her", "has", "have", "by", "from", "for", "after",
    "that", "which", "who", "their", "said", "says", "on", "at", "be", "been", "not", "it", "its", "as", "is", "are",
    "would", "this", "they", "he", "she",
];

/// Function words of the languages that news in English is most often confused with.
const OTHERS: &[&str] = &[
    "le", "la", "les", "des", "du", "et", "une", "est", "dans", "pour", "sur", "au", "aux", "der", "die", "das", "und",
    "nach", "vom", "bis", "zu", "ein", "eine", "ist", "mit", "el", "los", "las", "que", "en", "por", "con", "una",
    "del", "para", "se", "il", "di", "che", "per", "della", "nel", "sono", "het", "een", "van", "voor", "op", "o",
    "os", "um", "uma", "em", "no", "na", "och", "att", "det", "som", "av", "til", "og", "ve", "bir", "bu", "w", "z",
    "i", "do", "yang", "dan", "di", "untuk",
];

/// Fewest words for which letter statistics tell more than function words.
const LONG: usize = 40;

/// Characters that are looked at.
const SAMPLE: usize = 3000;

/// True when the text is most likely English. A short text full of names is told by its function words: letter statistics
/// (`whichlang`) take a row of Brazilian or Turkish names for the language of their country.
pub fn is_english(text: &str) -> bool {
    let end = if text.len() > SAMPLE { text.char_indices().nth(SAMPLE) } else { None };
    let sample = end.map_or(text, |(end, _)| &text[..end]);
    let Counts { words, english, other, letters, foreign } = Counts::of(sample);
    if foreign * 2 > letters {
        return false;
    }
    if english >= 2 && english > other && english * 20 >= words {
        return true;
    }
    if words < LONG {
        return other < 2 || english >= other;
    }
    matches!(whichlang::detect_language(sample), whichlang::Lang::Eng)
}

/// What a text has of words and letters.
#[derive(Default)]
struct Counts {
    words: usize,
    /// Function words of English, and of others.
    english: usize,
    other: usize,
    letters: usize,
    /// Letters of other scripts than the Latin.
    foreign: usize,
}

impl Counts {
    fn of(text: &str) -> Self {
        let mut out = Self::default();
        let bytes = text.as_bytes();
        let (mut at, mut key, mut length) = (0, 0u64, 0);
        while let Some(b) = bytes.get(at) {
            let small = SMALL[usize::from(*b)];
            if small != 0 {
                key |= u64::from(small).checked_shl(8 * length).unwrap_or(0);
                length += 1;
                out.letters += usize::from(small >= b'a');
                at += 1;
                continue;
            }
            // a word with such a letter is on no list
            let other = (*b >= 0x80).then(|| text[at..].chars().next()).flatten();
            at += other.map_or(1, char::len_utf8);
            if let Some(c) = other.filter(|c| c.is_alphanumeric()) {
                length = TOO_LONG.max(length);
                out.letters += usize::from(c.is_alphabetic());
                out.foreign += usize::from(c.is_alphabetic() && (c as u32) >= 0x250);
            } else if length > 0 {
                out.word(key, length);
                (key, length) = (0, 0);
            }
        }
        if length > 0 {
            out.word(key, length);
        }
        out
    }

    fn word(&mut self, key: u64, length: u32) {
        self.words += 1;
        if length < TOO_LONG {
            let (english, other) = FUNCTION_WORDS.get(&key).copied().unwrap_or_default();
            self.english += usize::from(english);
            self.other += usize::from(other);
        }
    }
}

/// More letters than any word of the lists has.
const TOO_LONG: u32 = 7;

/// ASCII letters in lower case, digits as they are, 0 for all else.
const SMALL: [u8; 256] = {
    let mut out = [0; 256];
    let mut b = 0u8;
    while b < 128 {
        if b.is_ascii_alphanumeric() {
            out[b as usize] = b.to_ascii_lowercase();
        }
        b += 1;
    }
    out
};

/// The words of both lists by key: is it English, is it one of the others?
static FUNCTION_WORDS: LazyLock<FxHashMap<u64, (bool, bool)>> = LazyLock::new(|| {
    let mut words: FxHashMap<u64, (bool, bool)> = FxHashMap::default();
    for k in ENGLISH.iter().filter_map(|w| key(w.as_bytes())) {
        words.entry(k).or_default().0 = true;
    }
    for k in OTHERS.iter().filter_map(|w| key(w.as_bytes())) {
        words.entry(k).or_default().1 = true;
    }
    words
});

/// A word of the lists as a number.
fn key(word: &[u8]) -> Option<u64> {
    let mut bytes = [0u8; 8];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    Some(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_word_is_short_enough_to_have_a_key() {
        assert!(
            ENGLISH
                .iter()
                .chain(OTHERS)
                .all(|w| w.len() < TOO_LONG as usize
                    && key(w.as_bytes()).is_some_and(|k| FUNCTION_WORDS.contains_key(&k)))
        );
    }

    #[test]
    fn english_is_told_from_other_languages() {
        for english in [
            "The president will travel to Russia from May 7th to May 10th for a state visit.",
            "Xi to visit Moscow",
            "TAOISEACH ENDA KENNY VISITS PRESIDENT OF THE UNITED STATES BARACK OBAMA AT THE WHITE HOUSE",
            "Brazilian President Luiz Inacio Lula da Silva visited Hanoi in March.",
            "Ukrainian President Volodymyr Zelensky met French President Emmanuel Macron in Paris on Monday.",
        ] {
            assert!(is_english(english), "{english}");
        }
        for other in [
            "Le président chinois se rendra en Russie du 7 au 10 mai pour une visite d'État, a annoncé le Kremlin.",
            "Der chinesische Präsident reist vom 7. bis 10. Mai zu einem Staatsbesuch nach Russland, teilte der Kreml mit.",
            "El presidente chino viajará a Rusia del 7 al 10 de mayo para una visita de Estado, según el Kremlin.",
            "Il presidente cinese si recherà in Russia dal 7 al 10 maggio per una visita di Stato, ha detto il Cremlino.",
            "Председатель КНР посетит Россию",
            "中国国家主席将对俄罗斯进行国事访问",
        ] {
            assert!(!is_english(other), "{other}");
        }
    }
}
