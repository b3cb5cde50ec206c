//! Edited copies of the test articles are told, and stories from one template are not taken for copies.

#[path = "../../near_duplicates/src/edits.rs"]
pub(crate) mod edits;

use edits::{KINDS, Kind, Random, Text, edit};

#[test]
fn edited_copies_are_told_and_stories_from_one_template_are_not() {
    let articles = include_str!("../../../../tests/data/articles.jsonl").lines();
    let texts: Vec<Text> = articles
        .map(|line| {
            let json: serde_json::Value = serde_json::from_str(line).unwrap();
            let field = |name: &str| json[name].as_str().unwrap_or("").to_owned();
            Text { title: field("title"), body: field("body") }
        })
        .filter(|t| t.body.split_whitespace().count() >= 80)
        .collect();
    let mut random = Random(7);
    let (mut copies, mut found, mut wrong) = (0, 0, vec![]);
    for n in 0..40 * KINDS.len() {
        let kind = KINDS[n % KINDS.len()];
        let (base, other) = (random.below(texts.len()), random.below(texts.len()));
        let text = if base == other { None } else { edit(kind, &texts[base], &texts[other], &mut random) };
        let Some(text) = text else { continue };
        let sketch = |t: &Text| dateline_resolve::sketch(&t.title, &t.body);
        let told = sketch(&text).zip(sketch(&texts[base])).is_some_and(|(a, b)| dateline_resolve::are_copies(&a, &b));
        if kind.is_copy() {
            copies += 1;
            found += usize::from(told);
        } else if told {
            wrong.push(format!("{kind:?} of {:?}", texts[base].title));
        }
        // What changes no word of the text leaves its sketch's shingles.
        if kind == Kind::Headline {
            assert!(told, "a new headline on {:?}", texts[base].title);
        }
    }
    assert!(copies > 400, "{copies} copies were made");
    assert!(found * 100 >= copies * 95, "{found} of {copies} copies");
    assert!(wrong.is_empty(), "taken for copies: {}", wrong.join("\n"));
}
