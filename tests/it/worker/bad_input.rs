//! Bad and odd input at the running worker: a dead letter or a counted skip, in the words of file mode, and the partition goes
//! on.

use std::collections::BTreeMap;

use dateline_model::Outcome;
use dateline_tests::Record;
use libtest_mimic::Trial;
use serde::Deserialize;

use super::trial;
use dateline_tests::ledger::{header, receipts};
use dateline_tests::world::World;

/// The cases that the worker's own tests run, too.
const TABLE: &str = include_str!("../../../crates/worker/tests/bad_input.toml");

pub(super) fn tests() -> Vec<Trial> {
    vec![trial("bad_input_gets_its_class_in_the_words_of_file_mode_and_the_partition_goes_on", bad_input)]
}

#[derive(Deserialize)]
struct Table {
    case: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    name: String,
    value: Option<String>,
    value_hex: Option<String>,
    fill: Option<usize>,
    deep: Option<usize>,
    #[serde(default)]
    null: bool,
    key: Option<String>,
    key_hex: Option<String>,
    #[serde(default)]
    no_key: bool,
    outcome: String,
    class: Option<String>,
    words: Option<String>,
}

impl Case {
    fn value(&self) -> Option<Vec<u8>> {
        if self.null {
            return None;
        }
        if let Some(hex) = &self.value_hex {
            return Some(bytes(hex));
        }
        let mut value = self.value.clone().unwrap_or_else(|| panic!("{}: no value", self.name));
        if let Some(n) = self.fill {
            value = value.replace("FILL", &"x".repeat(n));
        }
        if let Some(n) = self.deep {
            value = value.replace("DEEP", &format!("{}1{}", "[".repeat(n), "]".repeat(n)));
        }
        Some(value.into_bytes())
    }

    fn key(&self) -> Option<Vec<u8>> {
        match &self.key_hex {
            _ if self.no_key => None,
            Some(hex) => Some(bytes(hex)),
            None => Some(self.key.as_ref().unwrap_or(&self.name).clone().into_bytes()),
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    let byte = |i| u8::from_str_radix(&hex[i..i + 2], 16).expect("hexadecimal digits");
    (0..hex.len()).step_by(2).map(byte).collect()
}

/// An article that says something.
fn good(n: usize) -> Record {
    let article = serde_json::json!({
        "id": format!("good-{n}"), "source": "courier.test", "published_at": "2025-03-03T10:00:00Z",
        "body": "French President Emmanuel Macron will travel to Japan on March 12 for a state visit.",
    });
    Record::new(format!("good-{n}"), article.to_string()).to(PARTITION)
}

/// Everything goes through one partition.
const PARTITION: i32 = 1;

fn bad_input() {
    let cases = toml::from_str::<Table>(TABLE).expect("the table is TOML").case;
    let world = World::with_topics("bad-input", 2, &[]);
    // A good article before each case, and one after the last.
    let origin = vec![("origin".to_owned(), b"crawler 7".to_vec())];
    let bad = |case: &Case| Record {
        partition: Some(PARTITION),
        key: case.key(),
        value: case.value(),
        headers: origin.clone(),
        timestamp_ms: None,
    };
    let pairs = cases.iter().enumerate().flat_map(|(n, case)| [good(n), bad(case)]);
    world.client.produce(&world.topic("news.articles"), pairs.chain([good(cases.len())]));
    let mut worker = world.start("a");
    world.until_done(&mut [&mut worker]);
    let metrics = worker.metrics();
    worker.stop();

    let receipts: BTreeMap<i64, _> = receipts(&world).into_iter().map(|receipt| (receipt.offset, receipt)).collect();
    assert_eq!(receipts.len(), 2 * cases.len() + 1, "one receipt a message");
    for n in 0..=cases.len() {
        let receipt = &receipts[&(2 * n as i64)];
        let id = receipt.article_id.as_deref();
        assert_eq!((receipt.outcome, id), (Outcome::Mentions, Some(format!("good-{n}").as_str())), "{receipt:?}");
    }

    let mut letters = BTreeMap::new();
    for letter in world.read("news.articles.dlq") {
        let offset: i64 = header(&letter, "__connect.errors.offset").parse().expect("a number");
        assert!(letters.insert(offset, letter).is_none(), "two dead letters of the article at {offset}");
    }
    let told = file_mode(&world, &cases);
    for (n, case) in cases.iter().enumerate() {
        let (name, offset) = (&case.name, 2 * n as i64 + 1);
        let receipt = &receipts[&offset];
        let expected = match case.outcome.as_str() {
            "dlq" => (Outcome::Dlq, case.class.as_deref()),
            "skipped" => (Outcome::Skipped, case.class.as_deref()),
            _ => (Outcome::None, case.null.then_some("retraction")),
        };
        assert_eq!((receipt.outcome, receipt.reason.as_deref()), expected, "{name}");
        let Some(letter) = letters.remove(&offset) else {
            assert_ne!(case.outcome, "dlq", "{name}: there is no dead letter");
            continue;
        };
        assert_eq!(case.outcome, "dlq", "{name}: there is a dead letter");
        assert!(letter.value == case.value(), "{name}: its bytes are as they came");
        assert!(letter.key == case.key(), "{name}: its key is as it came");
        assert_eq!(header(&letter, "origin"), "crawler 7", "{name}");
        assert_eq!(header(&letter, "dateline.error.class"), case.class.as_deref().unwrap_or_default(), "{name}");
        assert_eq!(header(&letter, "__connect.errors.topic"), world.topic("news.articles"), "{name}");
        assert_eq!(header(&letter, "__connect.errors.partition"), PARTITION.to_string(), "{name}");
        let words = header(&letter, "__connect.errors.exception.message");
        assert_eq!(Some(words), case.words.as_deref(), "{name}");
        // A file has no keys and no tombstones.
        if !case.null {
            assert_eq!(Some(words), told.get(&n).map(String::as_str), "{name}: file mode says the same");
        }
    }
    assert!(letters.is_empty(), "good articles became dead letters: {letters:?}");

    let count = |of: &dyn Fn(&&Case) -> bool| cases.iter().filter(of).count();
    for outcome in ["dlq", "skipped"] {
        let series = format!("dateline_articles_total{{outcome=\"{outcome}\"}}");
        assert_eq!(metrics.count(&series), count(&|c| c.outcome == outcome), "{series}");
    }
    for class in ["no_text", "empty", "language"] {
        let series = format!("dateline_articles_skipped_total{{class=\"{class}\"}}");
        assert_eq!(metrics.count(&series), count(&|c| c.class.as_deref() == Some(class)), "{series}");
    }
    assert_eq!(metrics.count("dateline_article_unknown_fields_total"), 3, "fields that no contract names");
    for key in ["missing", "not_utf8"] {
        assert_eq!(metrics.count(&format!("dateline_article_keys_total{{key=\"{key}\"}}")), 1, "{key}");
    }
}

/// What `dateline extract` says about the same bytes, by case.
fn file_mode(world: &World, cases: &[Case]) -> BTreeMap<usize, String> {
    let in_file: Vec<(usize, Vec<u8>)> =
        cases.iter().enumerate().filter_map(|(n, case)| Some((n, case.value()?))).collect();
    let input: Vec<u8> = in_file.iter().flat_map(|(_, value)| [value.as_slice(), b"\n"].concat()).collect();
    let ran = world.run(&["extract", "-"], &input);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let said = |line: &str| {
        let (number, words) = line.strip_prefix("stdin:")?.split_once(": ")?;
        let number: usize = number.parse().ok()?;
        Some((in_file[number - 1].0, words.to_owned()))
    };
    ran.err.lines().map(|line| said(line).unwrap_or_else(|| panic!("unexpected on stderr: {line}"))).collect()
}
