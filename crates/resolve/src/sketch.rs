//! A small summary of a text by which edited copies are told: a bottom sketch of word shingles (Broder 1997), and a
//! guard of its numbers and names.

use dateline_model::Sketch;

use crate::spelling::hash;

/// Words in a shingle.
const SHINGLE: usize = 3;
/// Of the shingles' hashes only those that this divides are kept.
const SAMPLE: u64 = 8;
/// Fewest sampled shingles that say anything.
const FEWEST: usize = 4;

/// Sketch of an article. `None` where there is too little text to tell a copy by.
pub fn sketch(title: &str, text: &str) -> Option<Sketch> {
    let mut shingles: Vec<u32> = vec![];
    let mut numbers: Vec<u16> = vec![];
    let mut names: Vec<u16> = vec![];
    let mut window = [0u64; SHINGLE];
    let mut seen = 0;
    for (n, part) in [title, text].into_iter().enumerate() {
        let mut sentence_starts = true;
        for word in words(part) {
            let plain = any_ascii::any_ascii(word.text).to_ascii_lowercase();
            let h = mix(hash(&plain));
            if plain.bytes().any(|b| b.is_ascii_digit()) {
                numbers.push(h as u16);
            } else if !sentence_starts && n == 1 && word.text.chars().next().is_some_and(char::is_uppercase) {
                names.push(h as u16);
            }
            sentence_starts = word.ends_sentence;
            if n == 0 {
                // A headline changes more freely than the text: it is only in the guard.
                continue;
            }
            window.rotate_left(1);
            window[SHINGLE - 1] = h;
            seen += 1;
            if seen >= SHINGLE {
                let s = mix(window.iter().fold(0, |acc: u64, w| acc.rotate_left(21) ^ w));
                if s.is_multiple_of(SAMPLE) {
                    shingles.push((s >> 3) as u32);
                }
            }
        }
    }
    smallest(&mut shingles, 64);
    smallest(&mut numbers, 32);
    smallest(&mut names, 32);
    (shingles.len() >= FEWEST).then_some(Sketch { shingles, numbers, names })
}

fn smallest<T: Ord>(list: &mut Vec<T>, most: usize) {
    list.sort_unstable();
    list.dedup();
    list.truncate(most);
}

/// The finaliser of SplitMix64: every bit of the input moves every bit of the output.
fn mix(mut h: u64) -> u64 {
    h = (h ^ (h >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    h = (h ^ (h >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    h ^ (h >> 31)
}

struct Word<'a> {
    text: &'a str,
    ends_sentence: bool,
}

fn words(text: &str) -> impl Iterator<Item = Word<'_>> {
    text.split_whitespace().filter_map(|raw| {
        let text = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let ends_sentence = raw.ends_with(['.', '!', '?', ':', '”', '"']) || text.is_empty();
        (!text.is_empty()).then_some(Word { text, ends_sentence })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sketch_is_ascending_small_and_stable() {
        let sentence =
            |n: u32| format!("On day {n} the guest of house {} left Cairo for talk {} on trade. ", n * 7, n * 13);
        let text: String = (0..60).map(sentence).collect();
        let s = sketch("Guest leaves", &text).unwrap();
        assert!(s.shingles.is_sorted() && s.shingles.len() <= 64 && s.numbers.len() <= 32 && s.names.len() <= 32);
        assert_eq!(s, sketch("Guest leaves", &text).unwrap());
        assert_eq!(sketch("Too short", "Nothing here."), None);
    }
}
