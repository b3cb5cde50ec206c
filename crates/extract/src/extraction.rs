//! What the engine says of one article.

use dateline_model::{Article, ArticleRef, Body, Event, Mention, PartialDate, Version, Visit, ids};
use serde::Serialize;

/// What the engine is told beside the article itself.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// Version of the article.
    pub version: Version,
    /// The day to read relative expressions against when the article has neither dateline nor `published_at`
    /// (`time.anchor = "record_timestamp"`).
    pub anchor: Option<chrono::NaiveDate>,
}

/// Why an article was passed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SkipClass {
    /// It is in another language.
    Language,
    /// It has a url but no text.
    NoText,
    /// Its text is empty.
    Empty,
}

impl SkipClass {
    /// All classes, for metrics that exist at zero.
    pub const ALL: [Self; 3] = [Self::Language, Self::NoText, Self::Empty];

    /// The class in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Language => "language",
            Self::NoText => "no_text",
            Self::Empty => "empty",
        }
    }
}

/// What the engine says of one article.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The article as its mentions tell it.
    pub article: ArticleRef,
    /// Set when the article was passed by.
    pub skipped: Option<SkipClass>,
    /// Visits in the order of the text.
    pub visits: Vec<Visit>,
    /// Events in the order of the text.
    pub events: Vec<Event>,
    /// Version of the rules.
    pub rules_version: String,
    /// Version of the gazetteer.
    pub gazetteer_version: String,
}

/// One line of `dateline extract`.
#[derive(Debug, Serialize)]
pub struct Line<'a> {
    /// Article id.
    pub article_id: &'a str,
    /// Visits.
    pub visits: &'a [Visit],
    /// Events.
    pub events: &'a [Event],
    /// Set when the article was passed by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub skipped: Option<SkipClass>,
}

impl Extraction {
    /// An article that was passed by.
    pub fn skipped(article: &Article, context: &Context, class: SkipClass) -> Self {
        let as_of = article.published_at.as_ref().map(|t| PartialDate::Day(t.date()));
        let title = article.title.as_deref().unwrap_or("");
        let text = article.body.as_deref().unwrap_or("");
        Self {
            article: ArticleRef {
                id: article.id.clone(),
                version: context.version,
                url: article.url.clone(),
                source: article.source.clone(),
                title: article.title.clone(),
                published_at: article.published_at.clone(),
                as_of,
                language: article.language.clone(),
                content_hash: ids::content_hash(title, text),
                sketch: None,
            },
            skipped: Some(class),
            visits: vec![],
            events: vec![],
            rules_version: String::new(),
            gazetteer_version: String::new(),
        }
    }

    /// The output line of `dateline extract`.
    pub fn line(&self) -> Line<'_> {
        Line { article_id: &self.article.id, visits: &self.visits, events: &self.events, skipped: self.skipped }
    }

    /// The messages of `dateline.mentions`: visits, then events.
    pub fn mentions(&self) -> Vec<Mention> {
        let visits = self.visits.iter().map(|v| Body::Visit(Box::new(v.clone())));
        let events = self.events.iter().map(|e| Body::Event(Box::new(e.clone())));
        let mention = |(i, body): (usize, Body)| Mention {
            mention_index: i as u32,
            article: self.article.clone(),
            extractor: "rules".to_owned(),
            rules_version: self.rules_version.clone(),
            gazetteer_version: self.gazetteer_version.clone(),
            body,
        };
        visits.enumerate().map(mention).chain(events.enumerate().map(mention)).collect()
    }
}
