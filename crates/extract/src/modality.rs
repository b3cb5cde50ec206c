//! Modality: from tense, chain, negation and phase to status and certainty.

use chrono::NaiveDate;
use dateline_model::{Certainty, PartialDate, Period, VisitStatus};

use crate::chunk::{Tense, VerbGroup};
use crate::lexicon::Chain;

/// Which part of a visit a verb tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// Leaves for, sets off.
    Leave,
    /// Arrives, begins.
    Arrive,
    /// Visits, meets: the whole.
    Whole,
    /// Is there.
    At,
    /// Ends, returns from.
    End,
}

impl Phase {
    /// Reads the phase of a rule's effects.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "leave" => Self::Leave,
            "arrive" => Self::Arrive,
            "whole" => Self::Whole,
            "at" => Self::At,
            "end" => Self::End,
            _ => return None,
        })
    }
}

/// Status and certainty, or `None` where the words say that there is no visit (wanted, refused, negated).
pub(crate) fn judge(v: Option<&VerbGroup>, phase: Phase, says: bool) -> Option<(VisitStatus, Certainty)> {
    let Some(v) = v else { return Some((VisitStatus::Completed, Certainty::Stated)) };
    if v.dropped {
        return Some((VisitStatus::Cancelled, Certainty::Stated));
    }
    if v.negated || v.chain.iter().any(|(c, not)| *not || matches!(c, Chain::Wanted | Chain::Wished | Chain::Refused)) {
        return None;
    }
    if v.unmade {
        return (phase != Phase::End).then_some((VisitStatus::Cancelled, Certainty::Stated));
    }
    let has = |c: Chain| v.chain.iter().any(|(x, _)| *x == c);
    if v.hedged || v.tense == Tense::Possible {
        return Some((VisitStatus::Rumored, Certainty::Rumored));
    }
    if has(Chain::Likely) {
        return Some((VisitStatus::Rumored, Certainty::Likely));
    }
    if has(Chain::Rumored) {
        return Some((VisitStatus::Rumored, Certainty::Rumored));
    }
    if has(Chain::Expected) {
        return Some((VisitStatus::Planned, Certainty::Expected));
    }
    if has(Chain::Planned) {
        return Some((VisitStatus::Planned, Certainty::Stated));
    }
    let status = match v.tense {
        Tense::Future => VisitStatus::Planned,
        Tense::Conditional if says => VisitStatus::Planned,
        Tense::Conditional => return Some((VisitStatus::Planned, Certainty::Conditional)),
        Tense::Possible => VisitStatus::Rumored,
        Tense::Progressive | Tense::Present | Tense::None => match phase {
            Phase::End => VisitStatus::Completed,
            _ => VisitStatus::Ongoing,
        },
        Tense::Past | Tense::Perfect => match phase {
            Phase::Leave | Phase::Arrive | Phase::At => VisitStatus::Ongoing,
            Phase::Whole | Phase::End => VisitStatus::Completed,
        },
    };
    Some((status, Certainty::Stated))
}

/// What the calendar says against a status: what is under way cannot have ended, what is planned lies ahead. `span` are the
/// first and last day of what the start names ("last week").
pub(crate) fn against_calendar(
    status: VisitStatus,
    period: &Period,
    span: Option<(NaiveDate, NaiveDate)>,
    as_of: Option<NaiveDate>,
) -> VisitStatus {
    let Some(day) = as_of else { return status };
    let first = span.map(|s| s.0).or(period.start.map(PartialDate::first_day));
    let last = period.end.map(PartialDate::last_day);
    let over = match (last, span, period.start) {
        (Some(l), ..) => l < day,
        // a week or a month that is past; a day some time ago
        (None, Some((a, b)), _) if a < b => b < day,
        (None, _, Some(s)) => (day - s.last_day()).num_days() > 7,
        _ => false,
    };
    match status {
        VisitStatus::Ongoing if over => VisitStatus::Completed,
        VisitStatus::Ongoing | VisitStatus::Completed if first.is_some_and(|f| f > day) => VisitStatus::Planned,
        _ => status,
    }
}
