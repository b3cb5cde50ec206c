//! Drafts that tell of the same visit become one.

use dateline_model::{PartialDate, Period, VisitKind, VisitStatus};

use crate::entity::Entity;
use crate::visit::{Draft, Reader};

/// Longest gap in days between two mentions of one visit.
const SLACK: i64 = 4;

/// Merges drafts in the order of the text (the title's come last: a headline only says what the text says better) with those
/// that were merged before.
pub(super) fn merge(reader: &Reader<'_>, out: &mut Vec<Draft>, drafts: Vec<Draft>) {
    let doc = reader.doc;
    let title = |d: &Draft| doc.sentences[d.sentence].part != doc.body;
    let (from_title, from_text): (Vec<Draft>, Vec<Draft>) = drafts.into_iter().partition(|d| title(d));
    for d in from_text.into_iter().chain(from_title) {
        let late = title(&d);
        match out.iter_mut().find(|m| same(reader, m, &d)) {
            Some(m) => {
                let named = |d: &Draft| {
                    let e = &reader.entities.list[d.visitor];
                    !e.anonymous && !e.group
                };
                if !named(m) && named(&d) && m.visitor != d.visitor {
                    m.visitor = d.visitor;
                    m.quotes.drop_path("visitor.name");
                    m.quotes.take(&d.quotes, "visitor.name", "visitor.name");
                }
                join(m, d, late);
            }
            None => out.push(d),
        }
    }
    out.sort_by_key(title);
}

fn same(reader: &Reader<'_>, a: &Draft, b: &Draft) -> bool {
    if a.again != b.again && a.sentence == b.sentence {
        return false;
    }
    let (x, y) = (&reader.entities.list[a.visitor], &reader.entities.list[b.visitor]);
    let one = a.visitor == b.visitor
        || (x.person.is_some() && x.person == y.person)
        || (x.group && y.group && x.country.is_some() && x.country == y.country && !x.military)
        || unnamed(reader, a, b);
    one && a.country == b.country && near(&a.when, &b.when) && !far_apart(a, b)
}

/// A headline's "Norwegian official" or "Cuban delegation", and an office without a name, are whom the text names from there.
fn unnamed(reader: &Reader<'_>, a: &Draft, b: &Draft) -> bool {
    let title = |d: &Draft| reader.doc.sentences[d.sentence].part != reader.doc.body;
    let (x, y) = (&reader.entities.list[a.visitor], &reader.entities.list[b.visitor]);
    let country = x.country.is_none() || y.country.is_none() || x.country == y.country;
    let bare = |d: &Draft, e: &Entity, other: &Entity| {
        (title(d) && (e.anonymous || e.group)) || (e.anonymous && !e.group && e.role.is_some() && e.role == other.role)
    };
    country && (bare(a, x, y) || bare(b, y, x))
}

/// A mention of long ago is no mention of the present visit; what its own sentence adds without a date is.
fn far_apart(a: &Draft, b: &Draft) -> bool {
    let beside = a.sentence == b.sentence && (a.when.start.is_none() || b.when.start.is_none());
    a.background != b.background && !beside
}

fn near(a: &Period, b: &Period) -> bool {
    let (Some(x), Some(y)) = (a.start, b.start) else { return true };
    let first = |p: PartialDate| p.first_day();
    let last = |p: &Period, s: PartialDate| p.end.map_or(s.last_day(), PartialDate::last_day).max(s.last_day());
    let gap = (first(y) - last(a, x)).num_days().max((first(x) - last(b, y)).num_days());
    gap <= SLACK
}

fn join(m: &mut Draft, d: Draft, late: bool) {
    let finer = match (m.when.start, d.when.start) {
        (None, Some(_)) => true,
        (Some(a), Some(b)) => b.precision() > a.precision() && a.contains(b),
        _ => false,
    };
    if finer {
        m.when.start = d.when.start;
        m.span = d.span;
        m.quotes.drop_path("period.start");
    }
    let meets = m.when.start.zip(d.when.start).is_none_or(|(a, b)| a.overlaps(b));
    if m.when.end.is_none()
        && meets
        && d.when.end.is_some_and(|e| m.when.start.is_none_or(|s| s.first_day() <= e.last_day()))
    {
        m.when.end = d.when.end;
    }
    if m.when.days.is_none() {
        m.when.days = d.when.days;
    }
    m.status = status(m, &d, late);
    m.firm |= d.firm;
    m.loose &= d.loose || late;
    m.ended |= d.ended;
    m.passed &= d.passed;
    if m.attribution.is_none() {
        m.attribution.clone_from(&d.attribution);
    }
    if m.kind == VisitKind::Unspecified
        || (m.kind == VisitKind::Summit && matches!(d.kind, VisitKind::State | VisitKind::Official))
    {
        m.kind = d.kind;
    }
    m.city = m.city.or(d.city);
    m.venue = m.venue.or(d.venue);
    m.host = m.host.or(d.host);
    m.ordinal = m.ordinal.or(d.ordinal);
    if m.purpose.is_none() {
        m.purpose = d.purpose;
    }
    m.weight = m.weight.max(d.weight);
    m.background |= d.background;
    m.confidence = 1.0 - (1.0 - m.confidence) * (1.0 - d.confidence * 0.5);
    let taken = |path: &str| path != "period.start" || finer;
    let had: Vec<&str> = [
        "period.start",
        "period.end",
        "period.days",
        "visit_kind",
        "ordinal.n",
        "ordinal.since",
        "purpose",
        "host.name",
        "attribution.source",
        "attribution.reported_on",
    ]
    .into_iter()
    .filter(|p| m.quotes.has(p))
    .collect();
    m.quotes.append(d.quotes, |p| taken(p) && !had.contains(&p));
}

fn status(m: &Draft, d: &Draft, late: bool) -> VisitStatus {
    use VisitStatus::{Cancelled, Completed, Confirmed, Ongoing, Planned, Rumored};
    if m.firm || d.firm {
        return if d.firm && !m.firm { d.status } else { m.status };
    }
    match (m.status, d.status) {
        (Completed, _) if m.ended => return Completed,
        // "had been due on Monday and will now come on Friday"
        (Cancelled, b) if !late => return b,
        (a, Cancelled) => return a,
        (a, _) if late => return a,
        (_, Completed) if d.ended => return Completed,
        _ => {}
    }
    // a verb of the visit's own knows better than the clause around a noun
    match (m.loose, d.loose) {
        (true, false) => return d.status,
        (false, true) => return m.status,
        _ => {}
    }
    match (m.status, d.status) {
        (Planned | Rumored, Confirmed) => Confirmed,
        (Planned | Confirmed, Ongoing) => Ongoing,
        (Ongoing, Completed) | (Completed, Ongoing) => Ongoing,
        (a, _) => a,
    }
}
