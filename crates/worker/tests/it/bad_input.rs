//! Every bad input of the table: in file mode, and in the extract stage.

use serde::Deserialize;

use crate::program::{command, json_lines, run_with};

#[derive(Deserialize)]
pub(crate) struct Case {
    pub(crate) name: String,
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
    pub(crate) outcome: String,
    pub(crate) class: Option<String>,
    pub(crate) words: Option<String>,
}

impl Case {
    /// The message; `None` is a tombstone.
    pub(crate) fn value(&self) -> Option<Vec<u8>> {
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

    pub(crate) fn key(&self) -> Option<Vec<u8>> {
        match &self.key_hex {
            _ if self.no_key => None,
            Some(hex) => Some(bytes(hex)),
            None => Some(self.key.clone().unwrap_or_else(|| self.name.clone()).into_bytes()),
        }
    }
}

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap()).collect()
}

pub(crate) fn cases() -> Vec<Case> {
    #[derive(Deserialize)]
    struct Table {
        case: Vec<Case>,
    }
    toml::from_str::<Table>(include_str!("../bad_input.toml")).unwrap().case
}

#[test]
fn file_mode_says_the_exact_words_and_reads_the_rest() {
    // Cases that are about keys and tombstones say nothing of a file; the last line shows that the rest goes on.
    let cases: Vec<Case> = cases().into_iter().filter(|c| c.value().is_some()).collect();
    let mut input: Vec<u8> = cases.iter().flat_map(|c| [c.value().unwrap(), b"\n".to_vec()].concat()).collect();
    input.extend_from_slice(br#"{"id": "last", "body": "Nothing happened here today."}"#);
    let ran = run_with(command(&["extract", "-"]), &input);
    let numbered =
        cases.iter().enumerate().filter_map(|(i, c)| c.words.as_ref().map(|w| format!("stdin:{}: {w}", i + 1)));
    let (expected, said): (Vec<_>, Vec<_>) = (numbered.collect(), ran.err.lines().collect());
    assert_eq!(said, expected);
    assert_eq!(ran.code, 1);
    let lines = json_lines(&ran.out);
    let good: Vec<&Case> = cases.iter().filter(|c| c.outcome != "dlq").collect();
    assert_eq!(lines.len(), good.len() + 1);
    for (line, case) in lines.iter().zip(&good) {
        let skipped = if case.outcome == "skipped" { case.class.as_deref() } else { None };
        assert_eq!(line.get("skipped").and_then(|s| s.as_str()), skipped, "{}: {line}", case.name);
        assert_eq!(
            (&line["visits"], &line["events"]),
            (&serde_json::json!([]), &serde_json::json!([])),
            "{}",
            case.name
        );
    }
    assert_eq!(lines.last().unwrap()["article_id"], "last");
}
