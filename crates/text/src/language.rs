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
    let sample = text.char_indices().nth(SAMPLE).map_or(text, |(end, _)| &text[..end]);
    if !latin(sample) {
        return false;
    }
    let (mut words, mut english, mut other) = (0usize, 0usize, 0usize);
    let mut count = |word: &[u8]| {
        words += 1;
        let (e, o) = key(word).and_then(|k| FUNCTION_WORDS.get(&k)).copied().unwrap_or_default();
        english += usize::from(e);
        other += usize::from(o);
    };
    if sample.is_ascii() {
        sample.as_bytes().split(|b| !b.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).for_each(&mut count);
    } else {
        let words = sample.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words.for_each(|w| count(w.as_bytes()));
    }
    if english >= 2 && english > other && english * 20 >= words {
        return true;
    }
    if words < LONG {
        return other < 2 || english >= other;
    }
    matches!(whichlang::detect_language(sample), whichlang::Lang::Eng)
}

/// At least half of the letters are of the Latin script.
fn latin(sample: &str) -> bool {
    if sample.is_ascii() {
        return true;
    }
    let (mut letters, mut latin) = (0usize, 0usize);
    for c in sample.chars().filter(|c| c.is_alphabetic()) {
        letters += 1;
        latin += usize::from((c as u32) < 0x250);
    }
    latin * 2 >= letters
}

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

/// A word of letters in any case as a number; none for a word that is longer than all of the lists.
fn key(word: &[u8]) -> Option<u64> {
    let mut bytes = [0u8; 8];
    bytes.get_mut(..word.len())?.copy_from_slice(word);
    bytes.make_ascii_lowercase();
    Some(u64::from_le_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_function_word_is_short_enough_to_have_a_key() {
        assert!(
            ENGLISH.iter().chain(OTHERS).all(|w| key(w.as_bytes()).is_some_and(|k| FUNCTION_WORDS.contains_key(&k)))
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
