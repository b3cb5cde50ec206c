//! One message an article in `dateline.receipts`: the proof that nothing was lost.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What became of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It gave mentions.
    Mentions,
    /// There was nothing in it (or it is a tombstone).
    None,
    /// It went to the dead-letter queue.
    Dlq,
    /// It was passed by (another language, empty).
    Skipped,
}

impl Outcome {
    /// The outcome in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Mentions => "mentions",
            Self::None => "none",
            Self::Dlq => "dlq",
            Self::Skipped => "skipped",
        }
    }
}

/// What the extract stage did with one message of the articles topic; key = article id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Receipt {
    /// Article id; null where none can be read.
    pub article_id: Option<String>,
    /// Partition of the article in the articles topic.
    pub partition: i32,
    /// Its offset there.
    pub offset: i64,
    /// What became of it.
    pub outcome: Outcome,
    /// Class of the skip or error; `retraction` for a tombstone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// One id a mention written.
    pub mention_ids: Vec<String>,
}
