//! Scores extraction against labelled articles: which visits and events were found, which values are right, how far confidence
//! can be trusted, whether every value has its quote.
//!
//! Architecture invariant: pure, and it extracts nothing: whoever calls it brings gold and mentions.

mod board;
mod case;
mod confidence;
mod date;
mod event;
mod evidence;
mod figures;
mod gold;
mod matching;
mod names;
mod roles;
mod swap;
mod tally;
mod visit;

pub use board::{errors, losses, scoreboard};
pub use case::{Case, event_figures, visit_figures};
pub use confidence::{Bin, Calibration, calibration, curve};
pub use evidence::{EvidenceReport, check_evidence};
pub use figures::{Counts, EventFigures, VisitFigures};
pub use gold::{Accepted, GoldArticle, GoldError, GoldEvent, GoldOrdinal, GoldVisit, fnv1a64};
pub use swap::swap;
pub use tally::{RuleTally, by_rule};
pub use visit::Field;
