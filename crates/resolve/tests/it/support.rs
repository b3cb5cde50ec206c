//! Mentions made for tests.

use dateline_model::{
    Actor, ArticleRef, Body, Mention, Message, Period, Place, Plover, Retraction, Sketch, Timestamp, Version, Visit,
    VisitKind, VisitStatus, Visitor,
};

/// A visit mention that says as much as a test needs.
#[derive(Debug, Clone)]
pub(crate) struct Said {
    /// Article id.
    pub(crate) article: String,
    /// Mention index.
    pub(crate) index: u32,
    /// Version: milliseconds, offset.
    pub(crate) version: (i64, i64),
    /// Day that the article speaks from and of its publication.
    pub(crate) day: String,
    /// Visitor.
    pub(crate) visitor: String,
    /// Role.
    pub(crate) role: Option<String>,
    /// Country of the visitor.
    pub(crate) country: &'static str,
    /// Country that is visited.
    pub(crate) destination: String,
    /// City there.
    pub(crate) city: Option<String>,
    /// Start, end.
    pub(crate) start: Option<String>,
    pub(crate) end: Option<String>,
    /// Status.
    pub(crate) status: VisitStatus,
    /// Kind.
    pub(crate) kind: VisitKind,
    /// Purpose.
    pub(crate) purpose: Option<&'static str>,
    /// Sketch.
    pub(crate) sketch: Option<Sketch>,
}

impl Said {
    /// A plan of Ann Lee of XA, told by an article of its own.
    pub(crate) fn new(article: &str, day: &str) -> Self {
        Self {
            article: article.to_owned(),
            index: 0,
            version: (Timestamp::parse(day).unwrap().ms(), 0),
            day: day.to_owned(),
            visitor: "Ann Lee".to_owned(),
            role: None,
            country: "XA",
            destination: "FR".to_owned(),
            city: None,
            start: None,
            end: None,
            status: VisitStatus::Planned,
            kind: VisitKind::Unspecified,
            purpose: None,
            sketch: None,
        }
    }

    /// The message.
    pub(crate) fn message(&self) -> Message {
        let visit = Visit {
            visitor: Visitor {
                actor: Actor {
                    name: self.visitor.clone(),
                    role: self.role.clone(),
                    country: Some(self.country.to_owned()),
                    ..Actor::default()
                },
                named: true,
            },
            host: None,
            destination: Place { country: Some(self.destination.clone()), city: self.city.clone(), ..Place::default() },
            period: Period {
                start: self.start.as_deref().map(|d| d.parse().unwrap()),
                end: self.end.as_deref().map(|d| d.parse().unwrap()),
                days: None,
            },
            visit_kind: self.kind,
            status: self.status,
            certainty: dateline_model::Certainty::Stated,
            attribution: None,
            purpose: self.purpose.map(str::to_owned),
            topics: vec![],
            ordinal: None,
            delegation: vec![],
            primary: true,
            plover: Plover::default(),
            cameo: None,
            confidence: 0.9,
            evidence: vec![],
        };
        Message::Mention(Box::new(Mention {
            mention_index: self.index,
            article: ArticleRef {
                id: self.article.clone(),
                version: Version { ms: self.version.0, offset: self.version.1 },
                url: Some(format!("https://{}.test/", self.article)),
                source: Some("example-wire.test".to_owned()),
                title: Some(format!("Title of {}", self.article)),
                published_at: Timestamp::parse(&self.day).ok(),
                as_of: self.day.parse().ok(),
                language: Some("en".to_owned()),
                content_hash: "00ff".repeat(8),
                sketch: self.sketch.clone(),
            },
            extractor: "rules".to_owned(),
            rules_version: "r1".to_owned(),
            gazetteer_version: "g1".to_owned(),
            body: Body::Visit(Box::new(visit)),
        }))
    }
}

/// A retraction of what the article said before the version.
pub(crate) fn retract(article: &str, version: (i64, i64)) -> Message {
    Message::Retract(Retraction { id: article.to_owned(), version: Version { ms: version.0, offset: version.1 } })
}
