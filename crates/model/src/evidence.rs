//! The exact quote behind one extracted value.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The field of the article that a quote was taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// The title as received.
    Title,
    /// The body as received.
    Body,
    /// The main text of `html`, as `dateline clean` prints it.
    HtmlText,
}

/// The exact quote from an article behind one extracted value: `text` is the slice `[start, end)` of the field as
/// received, in Unicode scalar values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// Path of the value in the mention (`period.start`, `participants.0.name`).
    pub path: String,
    /// Field of the article.
    #[serde(rename = "in")]
    pub field: Field,
    /// First scalar value of the quote.
    pub start: u32,
    /// One past the last scalar value.
    pub end: u32,
    /// The quote.
    pub text: String,
    /// The rule or normaliser that read the value here; `coref:<kind>` for an antecedent.
    pub rule: String,
}
