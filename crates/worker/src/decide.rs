//! From the bytes of one article to what the engine says of it, or to the reason why nothing can be said.
//! File mode and the extract stage share it, so that both speak the same words.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate};
use dateline_extract::{Context, Engine, Extraction};
use dateline_model::{Article, ArticleError, ErrorClass, Retraction, Sketch, Version};

use crate::panics;

/// The extractor, as a function: one for all threads.
pub type ExtractFn = Arc<dyn Fn(&Article, &Context) -> Extraction + Send + Sync>;

/// Reads articles: bounded size, decoding, extraction with panics caught.
#[derive(Clone)]
pub struct Decider {
    extract: ExtractFn,
    max_bytes: usize,
    anchor_on_record: bool,
    min_confidence: f32,
    sketches: bool,
}

/// One article, read.
#[derive(Debug)]
pub struct Decided {
    /// The article as received.
    pub article: Article,
    /// What the engine says of it.
    pub extraction: Extraction,
    /// Number of fields that no contract names.
    pub unknown_fields: u32,
}

impl Decided {
    /// The retraction that follows the mentions of an article that announces a change.
    pub fn retraction(&self) -> Option<Retraction> {
        let version = self.extraction.article.version;
        self.article.is_correction().then(|| Retraction { id: self.article.id.clone(), version })
    }
}

impl Decider {
    /// A decider over an engine. `max_bytes` bounds the JSON of one article; with `anchor_on_record` the record's
    /// timestamp stands in where an article has no `published_at`.
    pub fn new(engine: Arc<Engine>, max_bytes: usize, anchor_on_record: bool) -> Self {
        Self::with(Arc::new(move |a, c| engine.extract(a, c)), max_bytes, anchor_on_record)
    }

    /// The same over any extractor.
    pub fn with(extract: ExtractFn, max_bytes: usize, anchor_on_record: bool) -> Self {
        Self { extract, max_bytes, anchor_on_record, min_confidence: 0.0, sketches: true }
    }

    /// Drops mentions below a confidence, 0 to 1.
    pub fn keeping(self, min_confidence: f32) -> Self {
        Self { min_confidence, ..self }
    }

    /// Makes no sketches: for where no mention goes on to resolution.
    pub fn without_sketches(self) -> Self {
        Self { sketches: false, ..self }
    }

    /// The bound of one article in bytes.
    pub fn max_bytes(&self) -> usize {
        self.max_bytes
    }

    /// Reads the JSON of one article. `record_timestamp` is the Kafka timestamp in ms; `offset` is that in the articles
    /// topic, or the number of the line.
    pub fn json(&self, bytes: &[u8], record_timestamp: Option<i64>, offset: i64) -> Result<Decided, ArticleError> {
        if bytes.len() > self.max_bytes {
            return Err(self.too_large(bytes.len() as u64));
        }
        let decoded = Article::decode(bytes)?;
        self.article(decoded.article, decoded.unknown_fields, record_timestamp, offset)
    }

    /// Extracts from an article that is decoded already.
    pub fn article(
        &self,
        article: Article,
        unknown_fields: u32,
        record_timestamp: Option<i64>,
        offset: i64,
    ) -> Result<Decided, ArticleError> {
        let version = Version { ms: article.version_ms(record_timestamp), offset };
        let anchor = record_timestamp.filter(|_| self.anchor_on_record).and_then(utc_day);
        let context = Context { version, anchor };
        let read = || {
            let mut extraction = (self.extract)(&article, &context);
            extraction.visits.retain(|v| v.confidence >= self.min_confidence);
            extraction.events.retain(|e| e.confidence >= self.min_confidence);
            if self.sketches && !(extraction.visits.is_empty() && extraction.events.is_empty()) {
                extraction.article.sketch = sketch(&article);
            }
            extraction
        };
        match panics::catch(read) {
            Ok(extraction) => Ok(Decided { article, extraction, unknown_fields }),
            Err(panic) => {
                let problem = format!("the extractor failed ({panic}): report it together with this article");
                Err(ArticleError::new(ErrorClass::ExtractorFailed, "article", problem))
            }
        }
    }

    /// The error of an article of `len` bytes.
    pub fn too_large(&self, len: u64) -> ArticleError {
        let max = self.max_bytes;
        let problem = format!("{len} bytes, more than article.max_bytes ({max}): send less or raise article.max_bytes");
        ArticleError::new(ErrorClass::TooLarge, "article", problem)
    }
}

/// What near-duplicates are told by. Only articles that say something need it.
fn sketch(article: &Article) -> Option<Sketch> {
    let title = article.title.as_deref().unwrap_or("");
    match (&article.body, &article.html) {
        (Some(body), _) => dateline_resolve::sketch(title, body),
        (None, Some(html)) => dateline_resolve::sketch(title, &dateline_text::html_text(html)),
        (None, None) => dateline_resolve::sketch(title, ""),
    }
}

fn utc_day(ms: i64) -> Option<NaiveDate> {
    DateTime::from_timestamp_millis(ms).map(|t| t.date_naive())
}

#[cfg(test)]
mod tests {
    use super::*;
    use dateline_extract::SkipClass;

    fn decider() -> Decider {
        let extract = |a: &Article, c: &Context| {
            assert!(a.id != "bang", "the engine met its limit");
            Extraction::skipped(a, c, SkipClass::Empty)
        };
        Decider::with(Arc::new(extract), 100, false)
    }

    #[test]
    fn a_panic_of_the_extractor_is_an_error_of_that_article_alone() {
        let e = decider().json(br#"{"id": "bang", "body": "x"}"#, None, 1).unwrap_err();
        assert_eq!(e.class, ErrorClass::ExtractorFailed);
        assert!(e.to_string().starts_with("article: the extractor failed (the engine met its limit at "), "{e}");
        assert!(decider().json(br#"{"id": "a", "body": "x"}"#, None, 2).is_ok());
    }

    #[test]
    fn the_bound_counts_the_bytes_of_the_json() {
        let article = |n: usize| format!(r#"{{"body": "{}"}}"#, "x".repeat(n - 12));
        assert!(decider().json(article(100).as_bytes(), None, 1).is_ok());
        let e = decider().json(article(101).as_bytes(), None, 1).unwrap_err();
        let words = "article: 101 bytes, more than article.max_bytes (100): send less or raise article.max_bytes";
        assert_eq!((e.class, e.to_string().as_str()), (ErrorClass::TooLarge, words));
    }

    #[test]
    fn only_an_article_changed_after_its_publication_retracts_what_it_said_before() {
        let decide = |s: &str| decider().json(s.as_bytes(), None, 7).unwrap().retraction();
        assert_eq!(
            decide(r#"{"id": "a", "body": "x", "published_at": "2025-05-05", "updated_at": "2025-05-05"}"#),
            None
        );
        let r =
            decide(r#"{"id": "a", "body": "x", "published_at": "2025-05-05", "updated_at": "2025-05-06"}"#).unwrap();
        assert_eq!((r.id.as_str(), r.version.ms, r.version.offset), ("a", 1_746_489_600_000, 7));
    }
}
