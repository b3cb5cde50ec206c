//! What the dates of a whole text say of a visit: lengths give ends, and the calendar decides between planned, ongoing and
//! completed.

use chrono::Days;
use dateline_model::{PartialDate, VisitStatus};

use crate::modality::against_calendar;
use crate::visit::{Draft, Reader};

pub(super) fn settle(reader: &Reader<'_>, drafts: &mut [Draft]) {
    for d in drafts {
        length(d);
        if d.firm {
            continue;
        }
        let mut status = against_calendar(d.status, &d.when, d.span, reader.doc.as_of);
        // what has begun and is not over is under way, whatever has been told of it as done
        if let (VisitStatus::Completed, Some(day), Some(first), Some(last)) =
            (status, reader.doc.as_of, d.when.start, d.when.end)
            && !d.ended
            && first.last_day() <= day
            && last.first_day() > day
        {
            status = VisitStatus::Ongoing;
        }
        d.status = status;
    }
}

/// A start and a length give the end, an end and a length the start.
fn length(d: &mut Draft) {
    let Some(days) = d.when.days.filter(|n| *n > 0).map(|n| Days::new(u64::from(n) - 1)) else { return };
    let own = d.quotes.clone();
    match (d.when.start, d.when.end) {
        (Some(PartialDate::Day(start)), None) => {
            d.when.end = start.checked_add_days(days).map(PartialDate::Day);
            d.quotes.take(&own, "period.days", "period.end");
        }
        (start, Some(PartialDate::Day(end))) if start.is_none_or(|s| s.precision() < 2) => {
            let first = end.checked_sub_days(days).map(PartialDate::Day);
            if let Some(first) = first.filter(|f| start.is_none_or(|s| s.contains(*f))) {
                d.when.start = Some(first);
                d.span = None;
                d.quotes.take(&own, "period.days", "period.start");
            }
        }
        _ => {}
    }
}
