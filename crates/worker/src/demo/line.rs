//! How a record is told in two short lines.

use std::collections::VecDeque;
use std::fmt::Write as _;

use dateline_model::{Article, Kind};
use dateline_text::{sentences, tokenize};
use serde_json::Value;

/// A record in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Telling {
    pub(super) kind: String,
    pub(super) status: String,
    pub(super) what: String,
    pub(super) when: String,
    pub(super) revision: u64,
    pub(super) sources: u64,
    pub(super) quote: Option<String>,
}

/// A visit or event in one line: who and where, when, its status.
pub(crate) fn words(kind: Kind, body: &Value) -> String {
    let what = match kind {
        Kind::Visit => visit_words(body),
        Kind::Event => format!("{} {}", text(&body["event_type"]).replace('_', " "), event_words(body)),
    };
    format!("{what}, {}, {}", when(&body["period"]), text(&body["status"]))
}

/// Tells a revision of a visit or event; `articles` are those that it may quote.
pub(super) fn tell(record: &Value, articles: &Articles) -> Telling {
    let visit = record["record_type"] == "visit";
    let what = if visit { visit_words(record) } else { event_words(record) };
    Telling {
        kind: if visit { "visit".to_owned() } else { text(&record["event_type"]).replace('_', " ") },
        status: text(&record["status"]),
        what,
        when: when(&record["period"]),
        revision: record["revision"].as_u64().unwrap_or(0),
        sources: record["source_count"].as_u64().unwrap_or(0),
        quote: quote(record, articles),
    }
}

fn visit_words(r: &Value) -> String {
    format!("{} -> {}", actor(&r["visitor"]), place(&r["destination"]).unwrap_or_else(|| "?".to_owned()))
}

fn event_words(r: &Value) -> String {
    let who: Vec<String> = r["participants"].as_array().into_iter().flatten().take(2).map(actor).collect();
    let more = r["participants"].as_array().map_or(0, Vec::len).saturating_sub(2);
    let mut words = who.join(", ");
    if more > 0 {
        let _ = write!(words, " and {more} more");
    }
    match (words.is_empty(), place(&r["place"])) {
        (true, Some(place)) => place,
        (false, Some(place)) => format!("{words} @ {place}"),
        (true, None) => text(&r["topic"]),
        (false, None) => words,
    }
}

fn actor(a: &Value) -> String {
    match a["country"].as_str() {
        Some(country) => format!("{} ({country})", text(&a["name"])),
        None => text(&a["name"]),
    }
}

fn place(p: &Value) -> Option<String> {
    let city = p["city"].as_str().or(p["venue"].as_str());
    match (city, p["country"].as_str()) {
        (Some(city), Some(country)) => Some(format!("{city} ({country})")),
        (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
        (None, None) => None,
    }
}

fn when(p: &Value) -> String {
    match (p["start"].as_str(), p["end"].as_str()) {
        (Some(a), Some(b)) if a == b => a.to_owned(),
        (Some(a), Some(b)) => {
            // 2025-05-07..10: what both share is said once.
            let shared = if a.len() == b.len() && a.len() == 10 {
                [8, 5].into_iter().find(|n| a[..*n] == b[..*n])
            } else {
                None
            };
            format!("{a}..{}", &b[shared.unwrap_or(0)..])
        }
        (Some(a), None) => a.to_owned(),
        (None, Some(b)) => format!("until {b}"),
        (None, None) => "date open".to_owned(),
    }
}

/// The sentence of the newest source that its status stands in; the evidence alone where the article is not at hand.
fn quote(record: &Value, articles: &Articles) -> Option<String> {
    let sources = record["sources"].as_array()?;
    let source = sources.iter().rev().find(|s| s["evidence"].as_array().is_some_and(|e| !e.is_empty()))?;
    let rank = |e: &&Value| {
        let path = e["path"].as_str().unwrap_or_default();
        let about = ["status", "event_type", "period", "destination", "place"];
        (e["in"] == "title", about.iter().position(|p| path.starts_with(p)).unwrap_or(about.len()))
    };
    let evidence = source["evidence"].as_array()?.iter().min_by_key(rank)?;
    let sentence = source["article_id"].as_str().and_then(|id| articles.sentence(id, evidence));
    let words = sentence.as_deref().or(evidence["text"].as_str())?;
    Some(words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The newest of the articles that were sent, for quotes.
#[derive(Debug, Default)]
pub(super) struct Articles(VecDeque<Article>);

/// Articles that are kept.
const KEPT: usize = 500;

impl Articles {
    pub(super) fn keep_if_read(&mut self, json: &[u8]) {
        if let Ok(decoded) = Article::decode(json) {
            self.keep(decoded.article);
        }
    }

    fn keep(&mut self, article: Article) {
        self.0.push_back(article);
        if self.0.len() > KEPT {
            self.0.pop_front();
        }
    }

    /// The sentence that a piece of evidence stands in.
    fn sentence(&self, id: &str, evidence: &Value) -> Option<String> {
        let article = self.0.iter().rev().find(|a| a.id == id)?;
        let text = match evidence["in"].as_str()? {
            "title" => return article.title.clone(),
            "body" => article.body.as_deref()?,
            _ => return None,
        };
        let start = evidence["start"].as_u64()? as usize;
        let byte = text.char_indices().nth(start)?.0 as u32;
        let tokens = tokenize(text);
        let sentence = sentences(text, &tokens)
            .into_iter()
            .find_map(|s| tokens.get(s.tokens).filter(|t| t.last().is_some_and(|last| last.end > byte)))?;
        let (first, last) = (sentence.first()?, sentence.last()?);
        text.get(first.start as usize..last.end as usize).map(str::to_owned)
    }
}

fn text(v: &Value) -> String {
    v.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_visit_is_told_by_who_where_and_when() {
        let record = json!({
            "record_type": "visit", "status": "confirmed", "revision": 3, "source_count": 2,
            "visitor": {"name": "Xi Jinping", "country": "CN"},
            "destination": {"country": "RU", "city": "Moscow"},
            "period": {"start": "2025-05-07", "end": "2025-05-10"},
            "sources": [{"evidence": [{"path": "visitor.name", "text": "Xi Jinping"}, {"path": "status", "text": "will\ntravel"}]}],
        });
        let told = tell(&record, &Articles::default());
        assert_eq!((told.what.as_str(), told.when.as_str()), ("Xi Jinping (CN) -> Moscow (RU)", "2025-05-07..10"));
        assert_eq!((told.revision, told.sources, told.quote.as_deref()), (3, 2, Some("will travel")));
    }

    #[test]
    fn an_event_is_told_by_its_first_two_participants() {
        let record = json!({
            "record_type": "event", "event_type": "phone_call", "status": "completed", "revision": 1, "source_count": 1,
            "participants": [{"name": "A", "country": "RU"}, {"name": "B"}, {"name": "C"}], "place": null,
            "period": {"start": "2025-12-30", "end": "2026-01-02"}, "sources": [],
        });
        let told = tell(&record, &Articles::default());
        assert_eq!((told.kind.as_str(), told.what.as_str()), ("phone call", "A (RU), B and 1 more"));
        assert_eq!((told.when.as_str(), told.quote), ("2025-12-30..2026-01-02", None));
    }

    #[test]
    fn the_quote_is_the_whole_sentence_where_the_article_is_at_hand() {
        let article = br#"{"id": "a", "title": "T", "body": "First one. Xi is due in Moscow\non Friday. Last one."}"#;
        let mut articles = Articles::default();
        articles.keep(Article::decode(article).unwrap().article);
        let evidence = json!([{"path": "status", "in": "body", "start": 14, "end": 20, "text": "is due"}]);
        let record = |id: &str| json!({"record_type": "visit", "sources": [{"article_id": id, "evidence": evidence}]});
        assert_eq!(tell(&record("a"), &articles).quote.as_deref(), Some("Xi is due in Moscow on Friday."));
        assert_eq!(tell(&record("b"), &articles).quote.as_deref(), Some("is due"));
    }

    #[test]
    fn dates_are_told_as_far_as_they_are_known() {
        let cases = [
            (json!({"start": null, "end": null}), "date open"),
            (json!({"start": "2025-05", "end": null}), "2025-05"),
            (json!({"start": "2025-05-07", "end": "2025-05-07"}), "2025-05-07"),
            (json!({"start": "2025-05-30", "end": "2025-06-02"}), "2025-05-30..06-02"),
            (json!({"start": "2025-05", "end": "2025-06"}), "2025-05..2025-06"),
            (json!({"start": null, "end": "2025-05-10"}), "until 2025-05-10"),
        ];
        for (period, words) in cases {
            assert_eq!(when(&period), words);
        }
    }
}
