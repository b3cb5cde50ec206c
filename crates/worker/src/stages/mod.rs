//! The two stages as the runner calls them: articles to mentions, mentions to records.

pub mod extract;
pub mod headers;
pub mod resolve;
