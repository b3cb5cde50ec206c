//! From an article to its mentions: time, entities and coreference, clauses, rules, modality, attribution.
//!
//! Architecture invariant: no clock, no network, no randomness: the same article, rules and gazetteer give the same
//! mentions.

mod annotate;
mod article;
mod assemble;
mod attribution;
mod builtin;
mod calibration;
mod chunk;
mod clause;
mod common;
mod dateline;
mod dictionary;
mod document;
mod engine;
mod entity;
mod event;
mod examples;
mod extraction;
mod files;
mod filter;
mod frame;
mod ground;
mod kind;
mod lexicon;
mod marks;
mod matcher;
mod merge;
mod modality;
mod ordinal;
mod part;
mod parties;
mod pattern;
mod quote;
mod registry;
mod rules;
mod stage;
mod standing;
mod time;
mod visit;
mod vocabulary;
mod when;
mod words;
mod write;

pub use annotate::{Annotations, EntityAnnotation, TimeAnnotation, read_times};
pub use engine::Engine;
pub use examples::{Checked, Failure};
pub use extraction::{Context, Extraction, Line, SkipClass};
pub use files::Sources;
pub use stage::{Stage, Step};

/// Why an engine could not be made from its data files.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// A rule file is wrong.
    #[error("{file}: {problem}")]
    Rules {
        /// The file, with the line where there is one.
        file: String,
        /// Rule, what is wrong, what to do.
        problem: String,
    },
    /// The gazetteer is wrong.
    #[error("{0}")]
    Gazetteer(String),
}
