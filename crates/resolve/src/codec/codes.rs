//! Codes of the contract's enumerations: the order in which they stand here is part of the encoding.

use dateline_model::{Certainty, EventStatus, EventType, Field, Part, VisitKind, VisitStatus};

use super::corrupt;
use crate::StateError;

/// A type whose values have codes.
pub(super) trait Coded: Copy + PartialEq + 'static {
    /// All values, by code.
    const ALL: &'static [Self];
}

/// The code of a value.
pub(super) fn code<T: Coded>(value: T) -> u8 {
    T::ALL.iter().position(|v| *v == value).unwrap_or_default() as u8
}

/// The value of a code.
pub(super) fn value<T: Coded>(code: u8) -> Result<T, StateError> {
    T::ALL.get(usize::from(code)).copied().ok_or_else(|| corrupt("an unknown code"))
}

impl Coded for VisitStatus {
    const ALL: &'static [Self] = &[
        Self::Rumored,
        Self::Planned,
        Self::Confirmed,
        Self::Ongoing,
        Self::Completed,
        Self::Postponed,
        Self::Cancelled,
        Self::Denied,
    ];
}

impl Coded for EventStatus {
    const ALL: &'static [Self] = &[
        Self::Planned,
        Self::Expected,
        Self::Rumored,
        Self::Ongoing,
        Self::Completed,
        Self::Postponed,
        Self::Cancelled,
        Self::Denied,
    ];
}

impl Coded for Certainty {
    const ALL: &'static [Self] =
        &[Self::Stated, Self::Expected, Self::Likely, Self::Rumored, Self::Denied, Self::Conditional];
}

impl Coded for VisitKind {
    const ALL: &'static [Self] =
        &[Self::State, Self::Official, Self::Working, Self::Private, Self::Summit, Self::Transit, Self::Unspecified];
}

impl Coded for Part {
    const ALL: &'static [Self] = &[Self::Actor, Self::Recipient, Self::Attendee, Self::Contingent];
}

impl Coded for Field {
    const ALL: &'static [Self] = &[Self::Title, Self::Body, Self::HtmlText];
}

impl Coded for EventType {
    const ALL: &'static [Self] = &[
        Self::Talks,
        Self::PhoneCall,
        Self::Summit,
        Self::Ceremony,
        Self::Signing,
        Self::Statement,
        Self::MilitaryExercise,
        Self::Deployment,
        Self::Attack,
        Self::Protest,
        Self::Sanction,
        Self::Aid,
        Self::Project,
        Self::Ceasefire,
    ];
}
