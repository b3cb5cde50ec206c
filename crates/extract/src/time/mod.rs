//! Time: finds the expressions of a sentence and sets them against the calendar.
//!
//! A hand-written matcher over the words of `config/rules/time.toml`; every step looks a bounded number of tokens
//! ahead, so that it is linear. What an expression says ([`Value`]) and what that is on a given day ([`Resolved`]) are
//! kept apart: the caller finds out tense and reference in between.
//!
//! Architecture invariant: no clock. The same text, anchor, tense and reference give the same dates.

// A reading starts at `i` and looks at `j`, `k`, ...; it is an `Option` even where it cannot fail, as the others beside
// it are.
#![allow(clippy::many_single_char_names, clippy::unnecessary_wraps)]

mod calendar;
mod clock;
mod date;
mod find;
mod item;
mod length;
mod period;
mod place;
mod point;
mod range;
mod relative;
mod resolve;
#[cfg(test)]
mod tests;
mod timex;
mod value;
mod vocabulary;

pub(crate) use find::{find, find_known};
pub(crate) use value::{Resolved, Tense, TimeExpr, TimeKind, Value};
pub(crate) use vocabulary::TimeWord;
