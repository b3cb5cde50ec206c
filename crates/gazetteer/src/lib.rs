//! The knowledge base of Dateline: countries with their codes through time, words of nationality, cities, regions, venues,
//! organisations, recurring events, titles of office, given names, and people with their terms of office.
//!
//! It is data (`config/gazetteer/`), compiled in by default and extended or overridden by an operator's folder. [`Gazetteer`] is
//! immutable once loaded. Names are compared folded ([`fold_token`]); [`Gazetteer::phrases`] gives every name of every entry, so
//! that a caller can build one automaton over all of them.
//!
//! Architecture invariant: this crate reads no article. It knows no sentences, no rules and no clock; a day is always given to it.

mod body;
mod build;
mod country;
mod day;
mod entry;
mod error;
mod fold;
mod gazetteer;
mod given;
mod index;
mod person;
mod place;
mod role;
mod source;

pub use body::{Edition, Event, EventClass, Organisation, OrganisationClass};
pub use country::{Country, Demonym};
pub use day::Day;
pub use entry::{Case, EntryRef, Kind, Phrase};
pub use error::Error;
pub use fold::{fold_name, fold_token};
pub use gazetteer::Gazetteer;
pub use person::{Body, Person, Term};
pub use place::{City, Region, Venue};
pub use role::{Gender, Modifier, Role, RoleClass, RoleId, Title};
