//! What is found on the way: times with their TIMEX3 type and value, entities with their ids, clauses.

use chrono::NaiveDate;
use dateline_model::{Article, Evidence, Field};
use dateline_text::{CharOffsets, sentences, tokenize};
use serde::Serialize;

use crate::article::main_text;
use crate::document::Document;
use crate::entity::Entities;
use crate::time::{self, Tense};
use crate::when::time_tense;
use crate::{Context, Engine};

/// A time expression with its reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TimeAnnotation {
    /// Field of the article.
    #[serde(rename = "in")]
    pub field: Field,
    /// First scalar value of the field.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The words.
    pub text: String,
    /// TIMEX3 type: DATE, TIME, DURATION or SET.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// TIMEX3 value.
    pub value: String,
}

/// Somebody or some body of people, at the fullest form printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntityAnnotation {
    /// Field of the article.
    #[serde(rename = "in")]
    pub field: Field,
    /// First scalar value of the field.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// The name, or the office of somebody unnamed.
    pub name: String,
    /// Id in the gazetteer.
    pub entity_id: Option<String>,
    /// Country code.
    pub country: Option<String>,
    /// Canonical role.
    pub role: Option<String>,
    /// True for a body of people.
    pub group: bool,
}

/// What the engine found on the way to its mentions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Annotations {
    /// Times in the order of the text.
    pub times: Vec<TimeAnnotation>,
    /// Entities in the order of their first mention.
    pub entities: Vec<EntityAnnotation>,
    /// Clauses: the words of each, chunks in brackets.
    pub clauses: Vec<String>,
}

impl Engine {
    /// Times, entities and clauses of an article, for analysts who ask why a rule does not fire.
    pub fn annotate(&self, article: &Article, context: &Context) -> Annotations {
        let (field, text) = main_text(article);
        let doc = Document::read(self, article, field, &text, context.anchor, &mut |_| ());
        let entities = Entities::read(self, &doc);
        let mut out = Annotations::default();
        for (s, sentence) in doc.sentences.iter().enumerate() {
            for clause in &sentence.clauses {
                let words: Vec<String> =
                    clause.chunks.iter().map(|c| format!("[{}]", doc.slice(s, sentence.chunks[*c].tokens))).collect();
                out.clauses.push(format!("{:?}: {}", clause.link, words.join(" ")));
            }
            let tense = sentence
                .clauses
                .iter()
                .find_map(|c| c.group(&sentence.chunks))
                .map_or(Tense::Unknown, |v| time_tense(Some(v)));
            for t in &sentence.times {
                for x in t.timex(doc.as_of, tense, None) {
                    let Some(at) = span(&doc, s, (x.tokens.start as u32, x.tokens.end as u32)) else { continue };
                    out.times.push(TimeAnnotation {
                        field: at.field,
                        start: at.start,
                        end: at.end,
                        text: at.text,
                        kind: x.kind,
                        value: x.value,
                    });
                }
            }
        }
        for e in &entities.list {
            let Some(at) = span(&doc, e.name_at.0, e.name_at.1) else { continue };
            out.entities.push(EntityAnnotation {
                field: at.field,
                start: at.start,
                end: at.end,
                name: e.name.clone(),
                entity_id: e.person.map(|p| self.gazetteer.person(p).id.to_string()),
                country: e.country.map(|c| self.gazetteer.country(c).code.to_string()),
                role: e.role.map(|r| self.gazetteer.role(r).name.to_string()),
                group: e.group,
            });
        }
        out
    }
}

/// The times of a plain text by themselves, each read against a day; without clauses there is no tense.
pub fn read_times(text: &str, day: Option<NaiveDate>) -> Vec<TimeAnnotation> {
    let tokens = tokenize(text);
    let offsets = CharOffsets::new(text);
    let mut out = vec![];
    for sentence in sentences(text, &tokens) {
        for x in time::find(text, &tokens, sentence.tokens).iter().flat_map(|t| t.timex(day, Tense::Unknown, None)) {
            let (Some(first), Some(last)) =
                (tokens.get(x.tokens.start), x.tokens.end.checked_sub(1).and_then(|i| tokens.get(i)))
            else {
                continue;
            };
            out.push(TimeAnnotation {
                field: Field::Body,
                start: offsets.at(first.start),
                end: offsets.at(last.end),
                text: text.get(first.start as usize..last.end as usize).unwrap_or("").to_owned(),
                kind: x.kind,
                value: x.value,
            });
        }
    }
    out
}

fn span(doc: &Document<'_>, sentence: usize, tokens: (u32, u32)) -> Option<Evidence> {
    crate::quote::slice(doc, doc.sentences.get(sentence)?.part, tokens, "", "")
}

#[cfg(test)]
mod tests {
    use dateline_model::Version;

    use super::*;

    #[test]
    fn times_and_entities_are_told_with_their_places() {
        let engine = Engine::builtin().unwrap();
        let article = Article::decode(
            br#"{"body": "Xi Jinping will fly to Moscow on May 7, 2025.", "published_at": "2025-05-05"}"#,
        )
        .unwrap()
        .article;
        let context = Context { version: Version { ms: 0, offset: 0 }, anchor: None };
        let found = engine.annotate(&article, &context);
        let times: Vec<(&str, u32, &str, &str)> =
            found.times.iter().map(|t| (t.text.as_str(), t.start, t.kind, t.value.as_str())).collect();
        assert_eq!(times, [("May 7, 2025", 33, "DATE", "2025-05-07")]);
        assert_eq!((found.entities[0].name.as_str(), found.entities[0].country.as_deref()), ("Xi Jinping", Some("CN")));
        assert_eq!(found.clauses[0], "Main: [Xi Jinping] [will fly] [to] [Moscow] [on] [May 7, 2025]");
    }
}
