//! A short, seeded run of the checks of the fuzz targets over changed texts: the same inputs in every run.
#![allow(clippy::unwrap_used)]

#[path = "../../../fuzz/src/reading.rs"]
#[allow(unreachable_pub)]
mod reading;

/// SplitMix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) as usize % n.max(1)
    }
}

/// Own sentences, each a line.
fn lines() -> Vec<&'static str> {
    let tables =
        [include_str!("tables/host.toml"), include_str!("tables/quote.toml"), include_str!("tables/certainty.toml")];
    tables
        .into_iter()
        .flat_map(str::lines)
        .filter_map(|l| l.split_once("text = \"")?.1.split_once("\", is"))
        .map(|(t, _)| t)
        .collect()
}

/// Things that texts are broken by.
const ODD: [&str; 14] =
    ["\u{201c}", "\"", "(", ")", " \u{2014} ", "\n\n", "\u{0}", "🎌", "ß", "İ", "م", "<p>", "&amp;", "\u{200b}"];

/// A text with some characters cut out, doubled, turned into capitals or followed by something odd.
fn changed(text: &str, random: &mut Random) -> String {
    let mut chars: Vec<String> = text.chars().map(String::from).collect();
    for _ in 0..=random.below(6) {
        let at = random.below(chars.len());
        match random.below(5) {
            0 => drop(chars.drain(at..(at + random.below(8)).min(chars.len()))),
            1 => chars.truncate(at.max(1)),
            2 => chars.extend_from_within(..at),
            3 => chars.insert(at, ODD[random.below(ODD.len())].to_owned()),
            _ => chars.iter_mut().skip(at).take(9).for_each(|c| *c = c.to_uppercase()),
        }
        if chars.is_empty() {
            break;
        }
    }
    chars.concat()
}

/// Runs a check over so many changed texts.
fn over(seed: u64, n: usize, check: impl Fn(&str, u32)) {
    let (lines, mut random) = (lines(), Random(seed));
    assert!(lines.len() > 150, "{} lines", lines.len());
    for i in 0..n {
        let two = [lines[random.below(lines.len())], lines[random.below(lines.len())]].join("\n");
        check(&changed(&two, &mut random), i as u32 * 37);
    }
}

#[test]
fn any_page_can_be_cleaned() {
    over(1, 3_000, |text, _| reading::cleaner(&format!("<html><body><article><p>{text}</p></article>")));
}

#[test]
fn any_text_can_be_cut_into_tokens_and_sentences() {
    over(2, 3_000, |text, _| reading::tokenizer(text));
}

#[test]
fn any_words_can_be_read_as_times() {
    over(3, 1_500, |text, n| reading::times(n, text));
}

#[test]
fn any_text_can_be_extracted_from() {
    over(4, 400, |text, _| reading::extractor(text));
}

#[test]
fn any_bytes_are_an_article_or_an_error() {
    over(5, 3_000, |text, n| {
        let mut bytes = serde_json::json!({"id": "a", "body": text, "published_at": "2025-05-05", "title": n})
            .to_string()
            .into_bytes();
        let at = n as usize % bytes.len();
        bytes[at] = bytes[at].wrapping_add(n as u8);
        reading::article(&bytes);
    });
}
