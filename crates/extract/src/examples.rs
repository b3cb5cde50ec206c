//! The examples in the rule files are their tests: each sentence must be read by its rule, with the values that it gives.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use dateline_model::{Article, Event, Timestamp, Version, Visit};

use crate::rules::Example;
use crate::{Context, Engine};

/// The day on which all examples are published: a Monday.
const PUBLISHED: &str = "2025-05-05";

/// An example that its rule does not read as it says.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: rule {rule}: {text:?}: {problem}")]
pub struct Failure {
    /// The rule file.
    pub file: String,
    /// Line of the example.
    pub line: usize,
    /// Name of the rule.
    pub rule: String,
    /// The sentence.
    pub text: String,
    /// What is missing or different.
    pub problem: String,
}

/// What the examples say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Rules that were looked at.
    pub rules: usize,
    /// Their examples.
    pub examples: usize,
    /// Examples that fail.
    pub failures: Vec<Failure>,
}

impl Engine {
    /// Reads every example of every rule of the files that are wanted (by name).
    pub fn check_examples(&self, wanted: impl Fn(&str) -> bool) -> Checked {
        let mut out = Checked::default();
        for rule in self.rules.list.iter().filter(|r| wanted(&r.file)) {
            out.rules += 1;
            out.examples += rule.examples.len();
            for example in &rule.examples {
                if let Some(problem) = self.check(&rule.name, &rule.makes, example) {
                    out.failures.push(Failure {
                        file: rule.file.clone(),
                        line: example.line,
                        rule: rule.name.clone(),
                        text: example.text.clone(),
                        problem,
                    });
                }
            }
        }
        out
    }

    /// Number of examples that each rule has.
    pub fn example_counts(&self) -> Vec<(&str, usize)> {
        self.rules.list.iter().map(|r| (r.name.as_str(), r.examples.len())).collect()
    }

    fn check(&self, rule: &str, makes: &str, example: &Example) -> Option<String> {
        let article = Article {
            id: "example".to_owned(),
            url: None,
            source: None,
            title: None,
            body: Some(example.text.clone()),
            html: None,
            published_at: Timestamp::parse(PUBLISHED).ok(),
            updated_at: None,
            language: None,
        };
        let context = Context { version: Version { ms: 0, offset: 0 }, anchor: NaiveDate::from_ymd_opt(2025, 5, 5) };
        let found = self.extract(&article, &context);
        let values: Vec<BTreeMap<&str, String>> = if makes == "visit" {
            found.visits.iter().filter(|v| v.evidence.iter().any(|e| e.rule == rule)).map(of_visit).collect()
        } else {
            found.events.iter().filter(|e| e.evidence.iter().any(|x| x.rule == rule)).map(of_event).collect()
        };
        if values.is_empty() {
            return Some("the rule does not read it".to_owned());
        }
        let wrong = |v: &BTreeMap<&str, String>| {
            example
                .gives
                .iter()
                .find(|(k, w)| v.get(k.as_str()) != Some(w))
                .map(|(k, w)| format!("{k} is {:?}, {w:?} expected", v.get(k.as_str())))
        };
        let problems: Vec<Option<String>> = values.iter().map(wrong).collect();
        if problems.iter().any(Option::is_none) { None } else { problems.into_iter().flatten().next() }
    }
}

fn snake<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

fn of_visit(v: &Visit) -> BTreeMap<&'static str, String> {
    let mut out = BTreeMap::from([
        ("visitor", v.visitor.actor.name.clone()),
        ("status", snake(&v.status)),
        ("kind", snake(&v.visit_kind)),
        ("certainty", snake(&v.certainty)),
    ]);
    let optional = [
        ("country", v.destination.country.clone()),
        ("city", v.destination.city.clone()),
        ("host", v.host.as_ref().map(|h| h.name.clone())),
        ("start", v.period.start.map(|d| d.to_string())),
        ("end", v.period.end.map(|d| d.to_string())),
        ("purpose", v.purpose.clone()),
        ("source", v.attribution.as_ref().map(|a| a.source.clone())),
        ("ordinal", v.ordinal.map(|o| o.n.to_string())),
        ("since", v.ordinal.and_then(|o| o.since).map(|d| d.to_string())),
    ];
    out.extend(optional.into_iter().filter_map(|(k, v)| Some((k, v?))));
    out
}

fn of_event(e: &Event) -> BTreeMap<&'static str, String> {
    let names: Vec<&str> = e.participants.iter().map(|p| p.actor.name.as_str()).collect();
    let mut out = BTreeMap::from([
        ("type", snake(&e.event_type)),
        ("status", snake(&e.status)),
        ("participants", names.join("; ")),
    ]);
    let optional = [
        ("country", e.place.as_ref().and_then(|p| p.country.clone())),
        ("city", e.place.as_ref().and_then(|p| p.city.clone())),
        ("start", e.period.start.map(|d| d.to_string())),
        ("topic", e.topic.clone()),
    ];
    out.extend(optional.into_iter().filter_map(|(k, v)| Some((k, v?))));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_reads_its_own_examples() {
        let engine = Engine::builtin().unwrap();
        let failures = engine.check_examples(|_| true).failures;
        let list: Vec<String> = failures.iter().map(ToString::to_string).collect();
        assert!(failures.is_empty(), "{} examples fail:\n{}", list.len(), list.join("\n"));
    }

    /// The seed article and the rules that its mentions cite.
    const SEED: &str = include_str!("../../worker/demo/seed.txt");

    #[test]
    fn no_rule_that_the_seed_article_needs_is_for_the_seed_article_alone() {
        let engine = Engine::builtin().unwrap();
        let (title, body) = SEED.split_once('\n').unwrap();
        let article = Article {
            id: "seed".to_owned(),
            url: None,
            source: None,
            title: Some(title.to_owned()),
            body: Some(body.trim().to_owned()),
            html: None,
            published_at: Timestamp::parse("2025-05-05T12:00:00Z").ok(),
            updated_at: None,
            language: None,
        };
        let found = engine.extract(&article, &Context { version: Version { ms: 0, offset: 0 }, anchor: None });
        let cited: std::collections::BTreeSet<&str> = found
            .visits
            .iter()
            .flat_map(|v| &v.evidence)
            .chain(found.events.iter().flat_map(|e| &e.evidence))
            .map(|e| e.rule.as_str())
            .collect();
        let counts = engine.example_counts();
        let needed: Vec<_> = counts.iter().filter(|(name, _)| cited.contains(name)).collect();
        assert!(needed.len() > 5, "{needed:?}");
        for (name, examples) in needed {
            assert!(*examples >= 3, "{name} has {examples} examples of its own");
        }
    }
}
