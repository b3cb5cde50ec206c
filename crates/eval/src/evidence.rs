//! Every value that says something has a quote, and the quote is the exact slice of the article.

use std::collections::BTreeMap;

use dateline_model::{Evidence, Field};
use serde::Serialize;
use serde_json::Value;

use crate::Case;

/// Values that follow from others and so have no quote of their own: codes from type and status, ids and coordinates of a city
/// from its name, flags, links to a visit of the same article.
const DERIVED: [&str; 14] = [
    "plover",
    "cameo",
    "confidence",
    "primary",
    "background",
    "group",
    "named",
    "part",
    "subtype",
    "geonames_id",
    "lat",
    "lon",
    "during_visit",
    "topic_certainty",
];

/// Values that say no more than null.
const NOTHING: [(&str, &str); 2] = [("visit_kind", "unspecified"), ("certainty", "stated")];

/// What was checked, and what fails.
#[derive(Debug, Clone, Default)]
pub struct EvidenceReport {
    /// Values that need a quote.
    pub values: usize,
    /// Those that have one whose slice is its text.
    pub proved: usize,
    /// Quotes.
    pub quotes: usize,
    /// Quotes whose slice is another text, or whose path leads to no value.
    pub bad_quotes: usize,
    /// Values without a quote, by their path without numbers.
    pub unproved: BTreeMap<String, usize>,
    /// `<article id> <kind> <index> <path>: what is wrong`.
    pub problems: Vec<String>,
}

impl EvidenceReport {
    /// Share of the values that have a quote; 1 where there are none.
    pub fn share(&self) -> f64 {
        if self.values == 0 { 1.0 } else { self.proved as f64 / self.values as f64 }
    }
}

/// Checks all mentions of some articles.
pub fn check_evidence(cases: &[Case]) -> EvidenceReport {
    let mut out = EvidenceReport::default();
    for case in cases {
        let texts = Texts::new(case);
        for (i, v) in case.visits.iter().enumerate() {
            check(v, &v.evidence, &texts, &format!("{} visit {i}", case.gold.id), &mut out);
        }
        for (i, e) in case.events.iter().enumerate() {
            check(e, &e.evidence, &texts, &format!("{} event {i}", case.gold.id), &mut out);
        }
    }
    out
}

/// The fields of an article as scalar values.
struct Texts {
    title: Vec<char>,
    text: Vec<char>,
}

impl Texts {
    fn new(case: &Case) -> Self {
        Self { title: case.title.as_deref().unwrap_or("").chars().collect(), text: case.text.chars().collect() }
    }

    fn holds(&self, e: &Evidence) -> bool {
        let field = if e.field == Field::Title { &self.title } else { &self.text };
        let slice = field.get(e.start as usize..e.end as usize);
        slice.is_some_and(|s| !s.is_empty() && s.iter().copied().eq(e.text.chars()))
    }
}

fn check<T: Serialize>(mention: &T, evidence: &[Evidence], texts: &Texts, name: &str, out: &mut EvidenceReport) {
    let json = serde_json::to_value(mention).unwrap_or_default();
    let mut values = vec![];
    leaves(&json, "", &mut values);
    for path in &values {
        out.values += 1;
        if evidence.iter().any(|e| covers(&e.path, path) && texts.holds(e)) {
            out.proved += 1;
        } else {
            let plain: Vec<&str> = path.split('.').filter(|p| p.parse::<usize>().is_err()).collect();
            *out.unproved.entry(plain.join(".")).or_default() += 1;
            out.problems.push(format!("{name} {path}: no quote"));
        }
    }
    for e in evidence {
        out.quotes += 1;
        let problem = if !texts.holds(e) {
            format!("{:?} is not the slice {}..{}", e.text, e.start, e.end)
        } else if !leads_somewhere(&json, &e.path) {
            format!("{:?} proves no value", e.text)
        } else {
            continue;
        };
        out.bad_quotes += 1;
        out.problems.push(format!("{name} {}: {problem}", e.path));
    }
}

/// Evidence under a path stands for all beneath it.
fn covers(evidence: &str, path: &str) -> bool {
    path == evidence || path.strip_prefix(evidence).is_some_and(|rest| rest.starts_with('.'))
}

fn leads_somewhere(json: &Value, path: &str) -> bool {
    let step = |v: &Value, key: &str| -> Option<Value> {
        key.parse::<usize>().ok().and_then(|i| v.get(i)).or_else(|| v.get(key)).cloned()
    };
    path.split('.').try_fold(json.clone(), |v, key| step(&v, key)).is_some_and(|v| !v.is_null())
}

/// Dotted paths of the values that need a quote.
fn leaves(value: &Value, path: &str, into: &mut Vec<String>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Null => {}
        Value::Object(map) => {
            let told = |k: &str| k != "evidence" && !DERIVED.contains(&k);
            map.iter().filter(|(k, _)| told(k)).for_each(|(k, v)| leaves(v, &below(k), into));
        }
        Value::Array(list) => list.iter().enumerate().for_each(|(i, v)| leaves(v, &below(&i.to_string()), into)),
        other => {
            let key = path.rsplit('.').next().unwrap_or(path);
            if !NOTHING.iter().any(|(k, v)| *k == key && other.as_str() == Some(v)) {
                into.push(path.to_owned());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn texts() -> Texts {
        Texts { title: vec![], text: "Ada Quill flew to Bern.".chars().collect() }
    }

    fn quote(path: &str, start: u32, end: u32, text: &str) -> Evidence {
        Evidence { path: path.into(), field: Field::Body, start, end, text: text.into(), rule: "r".into() }
    }

    fn checked(mention: &Value, evidence: &[Evidence]) -> EvidenceReport {
        let mut out = EvidenceReport::default();
        check(mention, evidence, &texts(), "a visit 0", &mut out);
        out
    }

    #[test]
    fn a_value_without_a_quote_is_named() {
        let mention = json!({"visitor": {"name": "Ada Quill", "role": null}, "certainty": "stated", "cameo": "036", "host": {"name": "Bo"}});
        let out = checked(&mention, &[quote("visitor.name", 0, 9, "Ada Quill")]);
        assert_eq!(
            (out.values, out.proved, out.problems.as_slice()),
            (2, 1, ["a visit 0 host.name: no quote".to_owned()].as_slice())
        );
    }

    #[test]
    fn a_quote_that_is_no_slice_proves_nothing() {
        let mention = json!({"visitor": {"name": "Ada Quill"}});
        for bad in [
            quote("visitor.name", 0, 9, "Ada quill"),
            quote("visitor.name", 20, 90, "Ada Quill"),
            quote("visitor.name", 4, 4, ""),
        ] {
            let out = checked(&mention, &[bad]);
            assert_eq!((out.proved, out.bad_quotes), (0, 1));
        }
    }

    #[test]
    fn a_quote_for_a_value_that_is_not_there_is_told() {
        let out = checked(&json!({"visitor": {"name": null}}), &[quote("visitor.name", 0, 9, "Ada Quill")]);
        assert_eq!((out.values, out.bad_quotes), (0, 1));
    }
}
