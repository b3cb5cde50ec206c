//! From an article to its mentions: time, entities and coreference, clauses, rules, modality, attribution.
//!
//! Architecture invariant: no clock, no network, no randomness: the same article, rules and gazetteer give the same
//! mentions.

mod extraction;

pub use extraction::{Context, Extraction, Line, SkipClass};

use dateline_model::Article;

/// Rules and gazetteer, compiled: cheap to share between threads, made once.
pub struct Engine {}

/// Why an engine could not be made from its data files.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A rule file is wrong.
    #[error("{file}: {problem}")]
    Rules {
        /// The file.
        file: String,
        /// Rule, what is wrong, what to do.
        problem: String,
    },
}

impl Engine {
    /// The engine over the rules and the gazetteer that the build carries.
    pub fn builtin() -> Result<Self, LoadError> {
        Ok(Self {})
    }

    /// Version of the rules: 12 hexadecimal digits over all rule files.
    pub fn rules_version(&self) -> &str {
        ""
    }

    /// Version of the gazetteer: 12 hexadecimal digits over all its files.
    pub fn gazetteer_version(&self) -> &str {
        ""
    }

    /// Reads one article.
    pub fn extract(&self, article: &Article, context: &Context) -> Extraction {
        Extraction::skipped(article, context, SkipClass::Empty)
    }
}
